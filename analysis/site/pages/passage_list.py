"""The passages one by one, in the order in which the article cites them: gist, codes by whom and why, claims on it."""

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.display.html_elements import bullets, facts, folded, heading, slug, text
from analysis.reanalysis import claims
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages.ledger import SECTIONS, marked
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import CONTEXT
from analysis.support import formatting

Row = Mapping[Hashable, Any]

FORMS = {"table": "printed in a table", "block": "set off as a block", "inline": "quoted within a sentence"}


def all_passages(evidence: Evidence, here: str) -> str:
    """Return a section for each passage, under the section of the article that cites it."""
    names = Names(evidence, here)
    order = list(evidence.extracts["extract_id"])
    before, after = (dict(pairwise(way)) for way in (order[::-1], order))
    sections, place = [], ""
    for passage in evidence.extracts.to_dict("records"):
        key = passage["extract_id"]
        if passage["section"] != place:
            place = passage["section"]
            sections.append(heading(2, f"Cited in section {place}, {SECTIONS[place]}", f"section-{slug(place)}"))
        sections.append(heading(3, key, key) + _passage_text(names, passage))
        sections.append(_ways(names, passage, before.get(key), after.get(key)))
    return "".join(sections)


def _passage_text(names: Names, passage: Mapping[Any, Any]) -> str:
    evidence, key = names.evidence, passage["extract_id"]
    codings = _codings(evidence)[key]
    return (
        f'<div class="passage"><p class="gist">{text(passage["gist"])}</p><p class="place">{_place(names, passage)}</p>'
        + facts(
            (
                *((facet.capitalize(), _coded(names, codings, facet)) for facet in evidence.facets["facet"]),
                ("Claims", _claims(names, key)),
            )
        )
        + "</div>"
    )


def _place(names: Names, passage: Mapping[Any, Any]) -> str:
    """Say whose a passage is, where it is printed, what repeats it, and how its wording can be checked."""
    evidence, key = names.evidence, passage["extract_id"]
    source = evidence.sources.set_index("source_id").loc[passage["source_id"]]
    of_source = source["label"] if source["kind"] in source["label"] else f"{source['label']} ({source['kind']})"
    repeated_by = list(evidence.extracts.loc[evidence.extracts["repeats"] == key, "extract_id"])
    parts = [
        f"{text(of_source)}, {FORMS[passage['form']]} in section {text(passage['section'])}",
        f"Repeats {names.to(passage['repeats'])}" if passage["repeats"] else "",
        f"Repeated by {names.each(repeated_by)}" if repeated_by else "",
        _sealed(names, key),
    ]
    return " · ".join(part for part in parts if part)


def _sealed(names: Names, key: str) -> str:
    """Say how long the wording of a passage is, and that its fingerprint can be compared with that of a copy."""
    fragments = names.evidence.fragments
    words = [str(n) for n in fragments.loc[fragments["owner_id"] == key, "words"]]
    if not words:
        return ""
    parts = "" if len(words) == 1 else f" in {formatting.counted(len(words), 'part')}"
    copy = names.at(permalinks.OWN_COPY)
    return (
        f'{formatting.listed(words)} words{parts}; can be checked against <a href="{copy}">your copy</a> of the article'
    )


@lru_cache(maxsize=4)
def _codings(evidence: Evidence) -> dict[str, list[Row]]:
    """Return the codings of each passage by its key, each with whether it is `of_record`."""
    found: dict[str, list[Row]] = {extract: [] for extract in evidence.extracts["extract_id"]}
    flagged = evidence.codings.assign(of_record=evidence.codings.index.isin(evidence.record.index))
    for row in flagged.to_dict("records"):
        found[row["extract_id"]].append(row)
    return found


def _coded(names: Names, codings: Sequence[Row], facet: str) -> str:
    """Return the codes of a passage in one facet: those of record, and folded behind them the independent readings."""
    rows = [row for row in codings if row["facet"] == facet]
    of_record, readings = ([row for row in rows if row["of_record"] == whether] for whether in (True, False))
    said = _readings(names, [row for row in readings if row["role"] == "primary"])
    return _listed(names, of_record) + folded(said, _listed(names, readings))


def _readings(names: Names, chosen: Sequence[Row]) -> str:
    """Say what the independent readers chose; of those who differ from most, which they are."""
    readers_of: dict[str, list[str]] = {}
    for row in chosen:
        readers_of.setdefault(row["code_id"], []).append(row["coder_id"])
    by_code = [(names.of_code(code), readers) for code, readers in readers_of.items()]
    by_code.sort(key=lambda one: -len(one[1]))
    if len(by_code) == 1:
        ((code, readers),) = by_code
        every = "Both readings" if len(readers) == 2 else f"All {formatting.counted(len(readers), 'reading')}"
        return f"{every}: {code}"
    (most, first), *others = by_code or [("", [])]
    apart = "; ".join(f"{code} ({formatting.listed(readers)})" for code, readers in others)
    return f"{formatting.counted(len(chosen), 'reading').capitalize()}: {most} ({len(first)}); {apart}"


@lru_cache(maxsize=4)
def _kinds(evidence: Evidence) -> dict[str, str]:
    return {coder: kind.replace("-", " ") for coder, kind in evidence.coders[["coder_id", "kind"]].to_numpy().tolist()}


def _listed(names: Names, rows: Sequence[Row]) -> str:
    kinds = _kinds(names.evidence)
    return bullets(
        (
            f"{'' if row['role'] == 'primary' else 'or '}{names.to(row['code_id'])} <small>{row['stance']}, basis: "
            f"{row['basis']}; by {row['coder_id']} ({kinds[row['coder_id']]}): {names.within(row['rationale'])}</small>"
            for row in rows
        ),
        "codings",
    )


def _claims(names: Names, key: str) -> str:
    """List the claims that a passage bears on and why; those that it gives context for, or is counted for, by name."""
    evidence, findings = names.evidence, claims.find(names.evidence)
    statements = evidence.claims.set_index("claim_id")["claim"]
    links = evidence.claim_evidence
    own = links[links["extract_id"] == key]
    rows = own.loc[own["bearing"] != CONTEXT, ["claim_id", "bearing", "rationale"]].to_numpy().tolist()
    items = [
        f"{names.to(claim)} {text(statements[claim])} {marked(findings[claim])} "
        f"<small>{bearing}: {names.within(why)}</small>"
        for claim, bearing, why in rows
    ]
    linked = set(own["claim_id"])
    for side, found in claims.counted_on(evidence, key).items():
        if counted := [claim for claim in found if claim not in linked]:
            items.append(f"counted {side} {names.each(counted)}")
    return bullets(items, "codings", searched=False) + _as_context(names, own[own["bearing"] == CONTEXT])


def _as_context(names: Names, links: pd.DataFrame) -> str:
    """Return the claims that a passage gives context for, folded, with the reasons."""
    if links.empty:
        return ""
    reasons = (
        f"{names.to(claim)} <small>{names.within(why)}</small>"
        for claim, why in links[["claim_id", "rationale"]].itertuples(index=False)
    )
    return folded(f"context for {formatting.listed(links['claim_id'])}", bullets(reasons, "codings", searched=False))


def citation(evidence: Evidence, passage: Mapping[Any, Any]) -> str:
    """Return how to cite a passage (a row of `extracts`): its address here, and where its wording is."""
    key, article = passage["extract_id"], evidence.study.article
    here = f"{key}, in Power in co-production: a reproducible compendium, {permalinks.address(evidence, key)}"
    if not article:
        return here
    authors = formatting.listed([name.split()[-1] for name in article["authors"]])
    return f"{here}; its wording: {authors} ({article['year']}), section {passage['section']}, doi {article['doi']}"


def _ways(names: Names, passage: Mapping[Any, Any], before: str | None, after: str | None) -> str:
    """Return where one can go from a passage: to its neighbours, to others with the same codes; and how to cite it."""
    key = passage["extract_id"]
    record = names.evidence.record
    own = record[(record["extract_id"] == key) & (record["role"] == "primary")].set_index("facet")["code_id"]
    others = permalinks.explorer({facet: own[facet] for facet in ("power", "stage") if facet in own.index})
    links = [
        *([names.to(before, f"← {before}")] if before else []),
        f'<a href="{names.at(others)}">Passages with the same power and stage</a>',
        *([names.to(after, f"{after} →")] if after else []),
        f'<button type="button" class="copy" data-copy="{text(citation(names.evidence, passage))}" hidden>'
        f"Copy a citation of {key}</button>",
    ]
    return f'<p class="ways">{" ".join(links)}</p>'
