"""The filters of the list of claims, with the values that the claims have, and the contents of the list."""

from collections import Counter
from collections.abc import Iterable

from analysis.display.html_elements import options, slug, text
from analysis.reanalysis import claims
from analysis.site.pages.ledger import SECTIONS, SHAPES, codes_named, place, shape
from analysis.site.pages.opened_claim import Claim
from analysis.site.pages.verdict_list import IN_FULL, KINDS, kind_id, sections
from analysis.study import code_tree
from analysis.study.evidence import Evidence


def choices(evidence: Evidence) -> str:
    """Return the contents of the list, and the form that leaves only some claims, whose names addresses have.

    Without the page's script there are the contents alone.
    """
    ledger = claims.ledger(evidence).claims.to_dict("records")
    of_verdict = Counter(found.verdict for found in claims.find(evidence).values())
    chips = "".join(_chip(verdict, of_verdict[verdict]) for verdict in SHAPES)
    kinds = [(slug(kind), title) for kind, (title, _) in KINDS.items()]
    used = {section for claim in ledger for section in sections(claim)}
    places = [(slug(section), place(section)) for section in SECTIONS if section in used]
    return (
        '<div class="filters" id="all-claims"><form id="choose-claims" hidden><div class="tools">'
        '<label class="only-heard" for="claims-text">Words or key</label>'
        '<input type="search" name="text" id="claims-text" placeholder="Words or key" '
        'maxlength="200" autocomplete="off">'
        '<button type="button" class="more" aria-expanded="false" aria-controls="claims-panel">Filters</button>'
        '<button type="reset">Show all</button><button type="button" class="open">Open all</button>'
        f'<a href="{IN_FULL}">All in full, to print</a></div><div class="panel" id="claims-panel">'
        f"{_choice('kind', 'Kind', kinds)} {_choice('section', 'Section', places)} "
        f"{_choice('code', 'Power or code', _codes(evidence))}"
        f'<fieldset><legend class="only-heard">Verdict</legend>{chips}</fieldset></div></form>'
        f'{_contents(ledger)}<div role="status"><p class="count"></p><p class="notice" hidden></p></div></div>'
    )


def _contents(ledger: Iterable[Claim]) -> str:
    """Return the kinds of claims as links to their parts of the page, each with its number of claims."""
    of_kind = Counter(claim["kind"] for claim in ledger)
    links = "".join(
        f'<li><a href="#{kind_id(kind)}">{title} <b>{of_kind[kind]}</b></a></li>' for kind, (title, _) in KINDS.items()
    )
    return f'<nav class="kinds" aria-label="Kinds of claims"><ul>{links}</ul></nav>'


def _chip(verdict: str, number: int) -> str:
    return (
        f'<label class="chip"><input type="checkbox" name="verdict" value="{slug(verdict)}">'
        f"{shape(verdict)} {text(verdict)} <b>{number}</b></label>"
    )


def _choice(name: str, label: str, values: Iterable[tuple[str, str]]) -> str:
    return f'<label>{label} <select name="{name}">{options([("", "all"), *values])}</select></label>'


def _codes(evidence: Evidence) -> list[tuple[str, str]]:
    """Return the codes that claims name, in the order of the codebook, each with its name."""
    named = {code for codes in codes_named(evidence).values() for code in codes}
    return [
        (code, name)
        for facet in evidence.facets["facet"]
        for code, name in code_tree.names(evidence.codes, facet).items()
        if code in named
    ]
