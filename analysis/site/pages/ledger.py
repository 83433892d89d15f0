"""Verdicts as every page shows them: by shape and word, what each means, and which codes a claim names."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from analysis.display.html_elements import bullets, slug, text
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
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support.errors import Fault

_RING = '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>'
_DASH = '<path d="M1 6.5h14v3H1z"/>'
#: A shape for each verdict, before its words: circles were counted over readings, squares were asked of the passages, a
#: dash was not judged. In the order in which pages list them.
SHAPES = {
    CONSISTENT: '<circle cx="8" cy="8" r="7.5"/>',
    DEPENDS: f'{_RING}<path d="M8 1.5a6.5 6.5 0 0 0 0 13z"/>',
    NOT_CONSISTENT: f'{_RING}<path d="M3.4 3.4l9.2 9.2" stroke="currentColor" stroke-width="2.4"/>',
    ILLUSTRATED: '<rect x="1" y="1" width="14" height="14" rx="1.5"/>',
    NO_PASSAGE: '<rect x="2" y="2" width="12" height="12" rx="1" fill="none" stroke="currentColor" stroke-width="2"/>',
    RESTATED: _DASH,
    NOT_TESTABLE: _DASH,
}
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


def place(section: str) -> str:
    """Return a section of the article by its number and title."""
    title = SECTIONS.get(section)
    if title is None:
        return section  # a table
    return title if section == "abstract" else f"{section} {title}"


def mark(verdict: str) -> str:
    """Return a verdict in words behind its shape."""
    return f'<span class="verdict">{shape(verdict)} {text(verdict)}</span>'


def shape(verdict: str) -> str:
    """Return the shape of a verdict, which is never shown without its words; `records.css` has the colours."""
    return (
        f'<svg class="mark {slug(verdict)}" viewBox="0 0 16 16" width="12" height="12" fill="currentColor" '
        f'aria-hidden="true">{SHAPES[verdict]}</svg>'
    )


def marked(found: claims.Assessment) -> str:
    """Return the verdict of a finding behind its shape, with the share of readings where it depends on them."""
    return f"{mark(found.verdict)}{text(found.label.removeprefix(found.verdict))}"


def verdict_meanings(*verdicts: str) -> str:
    """Return what verdicts mean, by default all of them, as a list that pages show."""
    found = meanings()
    entries = "".join(f"<dt>{mark(verdict)}</dt><dd>{text(found[verdict])}</dd>" for verdict in verdicts or SHAPES)
    return f'<dl class="facts verdicts">{entries}</dl>'


def meanings() -> dict[str, str]:
    """Return what each verdict means, as the description of the data has it; raise SiteError where it lacks one."""
    return {verdict: meaning for verdict, (meaning, _) in _explained().items()}


def meanings_in_short() -> dict[str, str]:
    """Return the same in a few words, from the same table."""
    return {verdict: in_short for verdict, (_, in_short) in _explained().items()}


def _explained() -> dict[str, list[str]]:
    """Return each verdict's meaning at length and in short; raise SiteError where the description lacks one."""
    found = {
        verdict: said for verdict, *said in markdown_excerpts.rows(markdown_excerpts.README, "Claims and verdicts")
    }
    for verdict in claims.VERDICTS:
        if not (len(found.get(verdict, [])) == 2 and all(found[verdict])):
            problem = f"the table under 'Claims and verdicts' does not explain the verdict {verdict!r}"
            raise SiteError(Fault(markdown_excerpts.README, problem, "Add a row for it."))
    return found


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


def step_id(source: str, target: str) -> str:
    """Return the id of a step of the model in the table of steps."""
    return f"step-{source}-{target}"


def listed(names: Names, found: list[str]) -> str:
    """Return some claims as a list, each with its verdict."""
    statements = names.evidence.claims.set_index("claim_id")["claim"]
    findings = claims.find(names.evidence)
    items = (f"{names.to(claim)} {text(statements[claim])} {marked(findings[claim])}" for claim in found)
    return bullets(items, searched=False)
