"""The claims of the article, one line each with its verdict."""

from collections import Counter
from collections.abc import Iterator

from analysis.display.html_elements import slug, text
from analysis.reanalysis import claims
from analysis.reanalysis.claims import (
    CONSISTENT,
    DEPENDS,
    ILLUSTRATED,
    NO_PASSAGE,
    NOT_COMPUTED,
    NOT_CONSISTENT,
    NOT_TESTABLE,
    RESTATED,
)
from analysis.site.html.naming import Names
from analysis.site.pages import citing
from analysis.site.pages.ledger import SECTIONS, codes_named, mark
from analysis.site.pages.opened_claim import Claim, passages_on
from analysis.study.evidence import Evidence
from analysis.support import formatting

#: Kinds of claims in the order of the page, each with its title and what it is about.
KINDS = {
    "pattern": ("Patterns", "At which stages a kind of power is found, or where there is more of it."),
    "mechanism": ("Mechanisms", "What comes of what, or what matters."),
    "illustration": ("Illustrations", "Something that service users, researchers or funders do or know."),
    "structure": ("Structure", "The codes, and how they hang together."),
    "corpus fact": ("Corpus facts", "The interviews and documents."),
}
#: What one claim with a verdict does, and what several do.
OUTCOMES = {
    CONSISTENT: ("holds in every reading", "hold in every reading"),
    DEPENDS: ("depends on how ambiguous passages are read", "depend on how ambiguous passages are read"),
    NOT_CONSISTENT: ("fails in every reading", "fail in every reading"),
    ILLUSTRATED: ("is illustrated by passages", "are illustrated by passages"),
    NO_PASSAGE: ("is shown by no published passage", "are shown by no published passage"),
    RESTATED: ("only repeats what the article says", "only repeat what the article says"),
    NOT_TESTABLE: ("cannot be tested here", "cannot be tested here"),
}
SHOWN = {"for": 4, "against": 2}  # keys in a line
IN_FULL, OPENED = "in-full.html", "opened.js"  # beside the page: see `verdicts_in_full`


def all_claims(evidence: Evidence, here: str, issues: str = "", scripts: str = "") -> str:
    """Return all claims, by kind.

    `issues` is the address of a repository at which readers can open an issue, `scripts` are those that work on what
    claims show when they are opened, which is loaded before them.
    """
    names = Names(evidence, here)
    parts = []
    for kind, rows in by_kind(evidence):
        title, about = KINDS[kind]
        lines = "".join(_line(names, claim) for claim in rows)
        parts.append(
            f'<h2 id="{kind_id(kind)}">{title}</h2><div class="claims"><p class="kind">{about}</p>{lines}</div>'
        )
    citation = text(citing.of_compendium().replace("*", ""))
    ways = f'data-scripts="{OPENED} {text(scripts)}" data-citation="{citation}" data-issues="{text(issues)}"'
    return f'{"".join(parts)}\n\n<div id="ways" {ways} hidden></div>'


def by_kind(evidence: Evidence) -> Iterator[tuple[str, list[Claim]]]:
    """Yield the claims of each kind, in the order of the page."""
    rows: list[Claim] = list(claims.ledger(evidence).claims.to_dict("records"))
    yield from ((kind, [claim for claim in rows if claim["kind"] == kind]) for kind in KINDS)


def summary_of_verdicts(evidence: Evidence) -> str:
    """Say in a sentence how many claims have which verdict; a verdict that none has is left out."""
    number = Counter(found.verdict for found in claims.find(evidence).values())
    outcomes = [
        f"{formatting.in_words(number[verdict])} {one if number[verdict] == 1 else several}"
        for verdict, (one, several) in OUTCOMES.items()
        if number[verdict]
    ]
    return f"Of {formatting.in_words(number.total())} empirical claims, {formatting.listed(outcomes)}."


def kind_id(kind: str) -> str:
    """Return the id of the part of the page that has the claims of a kind."""
    return f"kind-{slug(kind)}"


def sections(claim: Claim) -> list[str]:
    """Return the sections of the article that make a claim; tables, which some name as well, are left out."""
    return [place for place in claim["section"].split("; ") if place in SECTIONS]


# --- the line of a claim


def _line(names: Names, claim: Claim) -> str:
    key, evidence = claim["claim_id"], names.evidence
    found = claims.find(evidence)[key]
    places = " ".join(map(slug, sections(claim)))
    codes = " ".join(codes_named(evidence)[key])
    # Spaces between the parts keep words apart in the index of the search.
    return (
        f'<details class="claim" data-claim="{key}" data-kind="{slug(claim["kind"])}" '
        f'data-verdict="{slug(found.verdict)}" data-section="{places}" data-code="{codes}"><summary>'
        f'<h3 id="{key}"><span>{key}</span> {text(claim["claim"])}</h3> '
        f'<span class="found">{mark(found.verdict)}{_share(found)}</span> <span class="yours"></span> '
        f"{_side(found, 'for')} {_side(found, 'against')}</summary>"
        f'<div class="inside" data-search-exclude><a href="{IN_FULL}#{key}">{key} in full</a></div></details>'
    )


def _share(found: claims.Assessment) -> str:
    """Return the share of readings in which a claim holds, as figures and as a bar up to its lowest end."""
    if not found.share:
        return ""
    bar = f'<i style="width:{float(found.shares[0]):.1%}"></i>'
    return (
        f' <span class="share"><span class="meter" aria-hidden="true">{bar}</span> '
        f'<span class="only-heard">(holds in</span> {text(found.share)} '
        '<span class="only-heard">of readings)</span></span>'
    )


def _side(found: claims.Assessment, side: str) -> str:
    """Say how many passages are on a side, and which; those of a claim that is not judged show nothing about it."""
    if found.verdict in NOT_COMPUTED:
        return f'<span class="side {side}"></span>'
    passages = passages_on(found, side)
    keys = [*passages[: SHOWN[side]], *(["…"] if len(passages) > SHOWN[side] else [])]
    listed = f" <small>{' '.join(keys)}</small>" if keys else ""
    none = "" if passages else " none"
    return f'<span class="side {side}{none}"><b>{len(passages)} <span>{side}</span></b>{listed}</span>'
