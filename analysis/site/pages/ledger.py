"""The claims of the article: each with its verdict, its figures, its passages, and how its authors may respond."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.display.html_elements import bullets, facts, folded, heading, options, row, slug, table, text
from analysis.reanalysis import claims
from analysis.reanalysis.claims import (
    CONSISTENT,
    DEPENDS,
    ILLUSTRATED,
    NO_PASSAGE,
    NOT_CONSISTENT,
    NOT_TESTABLE,
    RESTATED,
)
from analysis.site.files import markdown_excerpts
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import Fault

#: A sign for each verdict, beside its words and never instead of them; signs differ in shape, not in colour.
SIGNS = {
    CONSISTENT: "●", NOT_CONSISTENT: "✕", DEPENDS: "◐", ILLUSTRATED: "◆", NO_PASSAGE: "○", RESTATED: "=",
    NOT_TESTABLE: "–",
}  # fmt: skip
#: The sections of the article by their titles; those of the two long ones are given in short.
SECTIONS = {
    "abstract": "Abstract",
    "1": "Introduction",
    "3.1": "Empirical context",
    "3.2": "Data collection and analysis",
    "4": "Findings",
    "4.1": "Findings on structures",
    "4.2": "Findings on resources",
    "5": "Discussion",
    "6": "Conclusion",
}
BEARINGS = {
    "illustrates": "Passages that illustrate it",
    "counters": "Passages against it",
    "context": "Passages that give context",
}
BASES = {"wording": "wording alone", "lead-in": "with lead-ins"}
_ANSWER = '<a href="#respond">How the article’s authors can respond.</a>'
#: What a reader must not take a verdict for.
CAUTIONS = {
    NO_PASSAGE: "This does not speak against the claim: passages were chosen to illustrate, and not every claim needed "
    f"one. {_ANSWER}",
    NOT_CONSISTENT: f"This is about what is printed, and about nothing else. {_ANSWER}",
    DEPENDS: f"No reading is taken to be the right one, and a share of readings is not a probability. {_ANSWER}",
    NOT_TESTABLE: f"This says nothing about whether the claim is right. {_ANSWER}",
}


def mark(verdict: str) -> str:
    """Return a verdict in words behind its sign."""
    return f'<span class="verdict"><span aria-hidden="true">{SIGNS[verdict]}</span> {text(verdict)}</span>'


def marked(found: claims.Assessment) -> str:
    """Return the verdict of a finding behind its sign, with the share of readings where it depends on them."""
    return f"{mark(found.verdict)}{text(found.label.removeprefix(found.verdict))}"


def verdict_meanings() -> str:
    """Return what each verdict means, as the description of the data has it; raise SiteError where it lacks one."""
    meanings = {
        verdict: meaning
        for verdict, meaning, *_ in markdown_excerpts.rows(markdown_excerpts.README, "Claims and verdicts")
    }
    for verdict in claims.VERDICTS:
        if verdict not in meanings:
            problem = f"the table under 'Claims and verdicts' does not explain the verdict {verdict!r}"
            raise SiteError(Fault(markdown_excerpts.README, problem, "Add a row for it."))
    entries = "".join(f"<dt>{mark(verdict)}</dt><dd>{text(meanings[verdict])}</dd>" for verdict in claims.VERDICTS)
    return f'<dl class="facts verdicts">{entries}</dl>'


def overview(evidence: Evidence, here: str) -> str:
    """Return how many claims of each kind have which verdict; each figure leads to these claims."""
    kinds = evidence.claims.set_index("claim_id")["kind"]
    found = pd.crosstab(kinds, claims.verdicts(evidence).set_index("claim_id")["verdict"])
    found = found.reindex(index=list(kinds.unique()), columns=list(claims.VERDICTS), fill_value=0)
    page = permalinks.from_page(here, permalinks.CLAIMS)

    def cell(kind: str, verdict: str, count: int) -> str:
        if not count:
            return "0"
        address = f"{page}?kind={slug(kind)}&amp;verdict={slug(verdict)}#all-claims"
        name = f"{count} claim{'' if count == 1 else 's'} of kind {kind}, verdict {verdict}"  # with the figure, as seen
        return f'<a href="{address}" aria-label="{text(name)}">{count}</a>'

    rows = [
        (text(kind), *(cell(kind, *counted) for counted in zip(claims.VERDICTS, row, strict=True)), str(sum(row)))
        for kind, row in zip(found.index, found.to_numpy().tolist(), strict=True)
    ]
    rows.append(("all", *map(str, found.sum()), str(int(found.to_numpy().sum()))))
    return table("Claims by kind and verdict", ("Kind of claim", *claims.VERDICTS, "all"), map(row, rows))


def choices(evidence: Evidence) -> str:
    """Return the form that leaves only the claims of one verdict or kind; the page's script shows and obeys it."""
    kinds = list(evidence.claims["kind"].unique())
    return (
        '<form id="choose-claims" class="choose" hidden>'
        f"{_choice('verdict', 'Verdict', claims.VERDICTS)}{_choice('kind', 'Kind', kinds)}"
        '<button type="reset">Show all</button><p role="status"></p></form>'
    )


def _choice(name: str, label: str, values: Sequence[str]) -> str:
    choices = [("", "all"), *((slug(value), value) for value in values)]
    return f'<label>{label} <select name="{name}">{options(choices)}</select></label>'


def all_claims(evidence: Evidence, here: str) -> str:
    """Return a section for each claim, under the first section of the article that makes it."""
    names = Names(evidence, here)
    ledger = claims.ledger(evidence).claims
    first = ledger["section"].str.split("; ").str[0]
    sections = []
    for place in SECTIONS:
        found = ledger[first == place].to_dict("records")
        if found:
            sections.append(heading(2, _place(place), f"section-{slug(place)}"))
        sections += [
            heading(3, f"{claim['claim_id']} {claim['claim']}", claim["claim_id"]) + _claim_text(names, claim)
            for claim in found
        ]
    return "".join(sections)


def _claim_text(names: Names, claim: Mapping[Any, Any]) -> str:
    key = claim["claim_id"]
    found = claims.find(names.evidence)[key]
    caution = CAUTIONS.get(found.verdict, "")
    return (
        f'<div class="claim" data-kind="{slug(claim["kind"])}" data-verdict="{slug(found.verdict)}">'
        f"<p>{marked(found)}. {names.within(found.summary)}</p>"
        + (f'<p class="caution">{caution}</p>' if caution else "")
        + facts(
            (
                ("In the article", text("; ".join(_place(place) for place in claim["section"].split("; ")))),
                ("Kind", text(claim["kind"])),
                ("Origin", text("" if claim["origin"] == "stated" else claims.ORIGINS[claim["origin"]])),
                ("Tested as", names.within(claim["quantity"])),
                ("It names", names.each(codes_named(names.evidence)[key], none="")),
                ("In the model", _steps(names, key)),
                ("For it", _units(names.evidence, found.passages)),
                ("Against it", _units(names.evidence, found.against)),
                ("Objection that remains", names.within(claim["objection"])),
            )
        )
        + _patterns(names, key, found.patterns)
        + "".join(_linked(names, key, bearing, label) for bearing, label in BEARINGS.items())
        + _counted(names, key, "for", found)
        + _counted(names, key, "against", found)
        + "</div>"
    )


def _place(section: str) -> str:
    """Return a section of the article by its number and title."""
    title = SECTIONS.get(section)
    if title is None:
        return section  # a table
    return title if section == "abstract" else f"{section} {title}"


@lru_cache(maxsize=4)
def codes_named(evidence: Evidence) -> dict[str, list[str]]:
    """Return for each claim the codes that its check is given, in the order in which it is given them."""
    known = set(evidence.codes["code_id"])
    ledger = claims.ledger(evidence).claims
    named = {}
    for claim, args in zip(ledger["claim_id"], ledger["args"], strict=True):
        named[claim] = list(dict.fromkeys(one for one in _given(args) if one in known))
    return named


def _given(value: Any) -> Iterator[Any]:
    """Yield every single value in the arguments of a check, the keys of a mapping included."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _given(part)
    elif isinstance(value, list):
        for part in value:
            yield from _given(part)
    else:
        yield value


def _units(evidence: Evidence, passages: Sequence[str]) -> str:
    """Say how much evidence is on one side of a claim, in three units."""
    found = evidence.passages[evidence.passages["extract_id"].isin(list(passages))]
    units = [
        formatting.counted(len(found), "passage"),
        formatting.counted(found["statement"].nunique(), "distinct statement"),
        formatting.counted(found["interviewee"].nunique(), "interviewee"),
    ]
    return text(formatting.listed(units)) if passages else ""


def _patterns(names: Names, claim: str, patterns: tuple[claims.Pattern, ...]) -> str:
    """Return the figures of a claim about a pattern: on each basis, in each unit, over all readings."""
    heads = ("Counted", "As coded", "Over all readings", "Holds in", "Would flip if you read")
    ledger = claims.ledger(names.evidence).claims.set_index("claim_id")
    difference = ": one side less the other" if ledger.at[claim, "check"] == claims.more.__name__ else ""
    rows = [
        (
            text(f"{pattern.unit}s, {BASES[pattern.basis]}"),
            formatting.signed(pattern.of_record),
            f"{formatting.signed(pattern.lowest)} to {formatting.signed(pattern.highest)}",
            formatting.portion(pattern.share),
            "; ".join(_turning(names, *turn) for turn in pattern.tipping.items()) if pattern.tipping else "none",
        )
        for pattern in patterns
    ]
    return table(f"{claim}, counted over all readings{difference}", heads, map(row, rows)) if rows else ""


def _turning(names: Names, extract: str, cells: str) -> str:
    codes = " and ".join(", ".join(names.of_code(code) for code in cell.split("/")) for cell in cells.split("+"))
    return f"{names.to(extract)} as {text(codes)}"


def _linked(names: Names, claim: str, bearing: str, label: str) -> str:
    """List the passages that bear on a claim in one way, each with why and, if it is on a side, with its gist."""
    links = names.evidence.claim_evidence
    rows = links[(links["claim_id"] == claim) & (links["bearing"] == bearing)]
    # What gives context is many, and says in its reason what it lacks: its gist is one click away.
    items = [
        f"{names.to(extract)} {names.within(why)}"
        if bearing == "context"
        else names.with_gist(extract, names.within(why))
        for extract, why in rows[["extract_id", "rationale"]].to_numpy().tolist()
    ]
    return f"<p><strong>{label}</strong></p>{bullets(items, 'passages', searched=False)}" if items else ""


def _counted(names: Names, claim: str, side: str, found: claims.Assessment) -> str:
    """List the passages that a check counts on one side and that no row of claim_evidence links to the claim.

    Those of a claim that is only restated are named and no more: they show nothing about it.
    """
    passages = found.passages if side == "for" else found.against
    links = names.evidence.claim_evidence
    linked = set(links.loc[links["claim_id"] == claim, "extract_id"])
    cells = _cells(names.evidence)
    if found.verdict == RESTATED:
        named = [extract for extract in passages if extract not in linked]
        return folded(f"Passages counted {side} it: {len(named)}", f"<p>{names.each(named)}</p>") if named else ""
    items = [names.with_gist(extract, text(cells[extract])) for extract in passages if extract not in linked]
    return folded(f"Passages counted {side} it: {len(items)}", bullets(items, "passages", searched=False))


@lru_cache(maxsize=4)
def _cells(evidence: Evidence) -> dict[str, str]:
    """Return for each passage its kind of power and its stage, as coded: which side of a comparison it is on."""
    record = evidence.record[evidence.record["role"] == "primary"]
    found: dict[str, list[str]] = {}
    for facet in ("power", "stage"):
        top = code_tree.rolled_up(evidence.codes, facet, code_tree.levels(evidence.codes, facet)[0])
        names = code_tree.names(evidence.codes, facet)
        rows = record.loc[record["facet"] == facet, ["extract_id", "code_id"]]
        for extract, code in rows.to_numpy().tolist():
            found.setdefault(extract, []).append(names[top[code] or code])
    return {extract: ", ".join(codes) for extract, codes in found.items()}


def _steps(names: Names, claim: str) -> str:
    """Name the steps of the model that a claim states, each as a link to the table of steps, and why."""
    steps = names.evidence.model
    rows = steps[steps["claim_id"] == claim][["source", "target", "rationale"]].to_numpy().tolist()
    return "; ".join(
        f'<a href="{names.at(step_address(source, target))}">{text(names.of_code(source))} → '
        f"{text(names.of_code(target))}</a>: {names.within(why)}"
        for source, target, why in rows
    )


def step_address(source: str, target: str) -> str:
    """Return the place of a step of the model, counted from the root of the site."""
    return f"{permalinks.MODEL}#{step_id(source, target)}"


def step_id(source: str, target: str) -> str:
    """Return the id of a step of the model in the table of steps."""
    return f"step-{source}-{target}"


def listed(names: Names, found: list[str]) -> str:
    """Return some claims as a list, each with its verdict."""
    statements = names.evidence.claims.set_index("claim_id")["claim"]
    findings = claims.find(names.evidence)
    items = (f"{names.to(claim)} {text(statements[claim])} {marked(findings[claim])}" for claim in found)
    return bullets(items, searched=False)
