"""The passages one by one, in the order in which the article cites them: gist, codes by whom and why, claims on it."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis.display.html_elements import bullets, facts, folded, heading, slug, text
from analysis.reanalysis import claims
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages.ledger import SECTIONS, marked
from analysis.study.evidence import Evidence
from analysis.support import formatting

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
        sections.append(_ways(names, key, before.get(key), after.get(key)))
    return "".join(sections)


def _passage_text(names: Names, passage: Mapping[Any, Any]) -> str:
    evidence, key = names.evidence, passage["extract_id"]
    codings = evidence.codings[evidence.codings["extract_id"] == key]
    return (
        f'<div class="passage"><p class="gist">{text(passage["gist"])}</p>'
        + facts(
            (
                ("Cited", text(_cited(evidence, passage))),
                ("Says again", names.to(passage["repeats"]) if passage["repeats"] else ""),
                ("Said again by", names.each(_repeated_by(evidence, key), none="")),
                ("Its wording", text(_sealed(evidence, key))),
                *((facet.capitalize(), _coded(names, codings, facet)) for facet in evidence.facets["facet"]),
                ("Claims", _claims(names, key)),
                ("To cite it", text(citation(evidence, passage))),
            )
        )
        + "</div>"
    )


def _cited(evidence: Evidence, passage: Mapping[Any, Any]) -> str:
    source = evidence.sources.set_index("source_id").loc[passage["source_id"]]
    place = f"in section {passage['section']}, {FORMS[passage['form']]}"
    return f"to {source['label']} ({source['kind']}), {place}"


def _repeated_by(evidence: Evidence, key: str) -> list[str]:
    extracts = evidence.extracts
    return list(extracts.loc[extracts["repeats"] == key, "extract_id"])


def _sealed(evidence: Evidence, key: str) -> str:
    """Say how the wording of a passage is sealed."""
    words = [str(n) for n in evidence.fragments.loc[evidence.fragments["owner_id"] == key, "words"]]
    if not words:
        return ""
    return f"sealed as {formatting.counted(len(words), 'fingerprint')}, of {formatting.listed(words)} words"


def _coded(names: Names, codings: pd.DataFrame, facet: str) -> str:
    """Return the codes of a passage in one facet: those of record, and folded behind them the independent readings."""
    rows = codings[codings["facet"] == facet]
    of_record = rows.index.isin(names.evidence.record.index)
    readings = rows[~of_record]
    chosen = [
        f"{coder} chose {', '.join(own['code_id'].map(names.of_code))}"
        for coder, own in readings[readings["role"] == "primary"].groupby("coder_id")
    ]
    return _listed(names, rows[of_record]) + folded(f"Read before that: {'; '.join(chosen)}", _listed(names, readings))


def _listed(names: Names, rows: pd.DataFrame) -> str:
    kinds = names.evidence.coders.set_index("coder_id")["kind"].str.replace("-", " ")
    return bullets(
        (
            f"{names.to(row['code_id'])} <small>{row['role']}, {row['stance']}, basis: {row['basis']}; by "
            f"{row['coder_id']} ({kinds[row['coder_id']]}): {names.within(row['rationale'])}</small>"
            for row in rows.to_dict("records")
        ),
        "codings",
    )


def _claims(names: Names, key: str) -> str:
    """List the claims that a passage bears on and why, and name those whose check counts it for or against them."""
    evidence, findings = names.evidence, claims.find(names.evidence)
    statements = evidence.claims.set_index("claim_id")["claim"]
    links = evidence.claim_evidence
    rows = links.loc[links["extract_id"] == key, ["claim_id", "bearing", "rationale"]].to_numpy().tolist()
    items = [
        f"{names.to(claim)} {text(statements[claim])} {marked(findings[claim])} "
        f"<small>{bearing}: {names.within(why)}</small>"
        for claim, bearing, why in rows
    ]
    linked = {claim for claim, *_ in rows}
    for side, found in claims.counted_on(evidence, key).items():
        if counted := [claim for claim in found if claim not in linked]:
            items.append(f"counted {side} {names.each(counted)}")
    return bullets(items, "codings", searched=False)


def citation(evidence: Evidence, passage: Mapping[Any, Any]) -> str:
    """Return how to cite a passage (a row of `extracts`): its address here, and where its wording is."""
    article = evidence.study.article
    authors = formatting.listed([name.split()[-1] for name in article["authors"]])
    key = passage["extract_id"]
    address = permalinks.address(evidence, key)
    return (
        f"{key}, in Power in co-production: a reproducible compendium, {address}; its wording: "
        f"{authors} ({article['year']}), section {passage['section']}, doi {article['doi']}"
    )


def _ways(names: Names, key: str, before: str | None, after: str | None) -> str:
    """Return where one can go from a passage: to its neighbours, and to others with the same codes in the explorer."""
    record = names.evidence.record
    own = record[(record["extract_id"] == key) & (record["role"] == "primary")].set_index("facet")["code_id"]
    others = permalinks.explorer({facet: own[facet] for facet in ("power", "stage") if facet in own.index})
    links = [
        *([names.to(before, f"← {before}")] if before else []),
        f'<a href="{names.at(others)}">Passages with the same power and stage</a>',
        *([names.to(after, f"{after} →")] if after else []),
    ]
    return f'<p class="ways">{" ".join(links)}</p>'
