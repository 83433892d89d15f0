"""What a claim shows when it is opened: its test, the passages for and against it, and how firm its verdict is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis, Option
from analysis.display.html_elements import bullets, facts, folded, row, table, text
from analysis.reanalysis import claims, rereading
from analysis.reanalysis.claims import DEPENDS, ILLUSTRATED, NO_PASSAGE, NOT_COMPUTED, NOT_CONSISTENT, NOT_TESTABLE
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages import responses
from analysis.site.pages.ledger import codes_named, place, step_id
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting

BASES = {"wording": "wording alone", "lead-in": "with lead-ins"}
#: What a reader must not take a verdict for.
CAUTIONS = {
    NO_PASSAGE: "This does not speak against the claim: passages were chosen to illustrate, and not every claim needed "
    "one.",
    NOT_CONSISTENT: "This is about what is printed, and about nothing else.",
    DEPENDS: "No reading is taken to be the right one, and a share of readings is not a probability.",
    NOT_TESTABLE: "This says nothing about whether the claim is right.",
}
Claim = Mapping[Any, Any]


def opened(names: Names, claim: Claim) -> str:
    """Return what a claim shows when it is opened: its test, its passages, how firm its verdict is, and ways on."""
    key = claim["claim_id"]
    found = claims.find(names.evidence)[key]
    caution = CAUTIONS.get(found.verdict, "")
    answers = [one for one in responses.all_responses(names.evidence) if key in one.about]
    answer = f'<a href="{names.at(f"{permalinks.CLAIMS}#respond")}">How the article’s authors can respond.</a>'
    return (
        f"<div><p>{names.within(found.summary)}</p>"
        + (f'<p class="caution">{caution} {answer}</p>' if caution else "")
        + facts(
            (
                ("In the article", text("; ".join(place(section) for section in claim["section"].split("; ")))),
                ("Origin", text("" if claim["origin"] == "stated" else claims.ORIGINS[claim["origin"]])),
                ("Tested as", f"{names.within(claim['quantity'])} {_counting(names, found)}"),
                ("It names", names.each(codes_named(names.evidence)[key], none="")),
                ("In the model", _steps(names, key)),
                ("Responses", "; ".join(f'<a href="{names.at(one.place)}">{text(one.title)}</a>' for one in answers)),
            )
        )
        + _on_a_side(names, key, "for", found)
        + _on_a_side(names, key, "against", found)
        + _open_to_it(names, found)
        + _context(names, key)
        + "</div><aside>"
        + _firmness(names, claim, found)
        + (f"<h4>Objection that remains</h4><p>{names.within(claim['objection'])}</p>" if claim["objection"] else "")
        + _ways(names, key)
        + "</aside>"
    )


def _counting(names: Names, found: claims.Assessment) -> str:
    """Say which passages a comparison counts for a claim, and which against it."""
    if not (asked := found.compared):
        return ""
    counted = f"Counted for it: passages coded as {_region(names, asked.first)}."
    return counted + (f" Against it: {_region(names, asked.second)}." if asked.second else "")


def _region(names: Names, region: claims.Region) -> str:
    """Name the codes of the rows of a region and those of its columns."""
    either = (dict.fromkeys(codes) for codes in zip(*region, strict=True))
    return text(" and ".join(" or ".join(map(names.of_code, codes)) for codes in either))


def _steps(names: Names, claim: str) -> str:
    """Name the steps of the model that a claim states, each as a link to the page of the model, and why."""
    steps = names.evidence.model
    rows = steps[steps["claim_id"] == claim][["source", "target", "rationale"]].to_numpy().tolist()
    return "; ".join(
        f'<a href="{names.at(f"{permalinks.MODEL}#{step_id(source, target)}")}">'
        f"{text(names.of_code(source))} → {text(names.of_code(target))}</a>: {names.within(why)}"
        for source, target, why in rows
    )


def _on_a_side(names: Names, claim: str, side: str, found: claims.Assessment) -> str:
    """List the passages on one side, each with why; those of a claim that is not judged are named and no more."""
    passages = passages_on(found, side)
    if not passages:
        return ""
    if found.verdict in NOT_COMPUTED:
        return folded(f"Passages counted {side} it: {len(passages)}", f"<p>{names.each(passages)}</p>")
    links = names.evidence.claim_evidence
    why = dict(links.loc[links["claim_id"] == claim, ["extract_id", "rationale"]].to_numpy().tolist())
    reasons = ((one, names.within(why[one]) if one in why else text(_cells(names.evidence)[one])) for one in passages)
    units = text(_units(names.evidence, passages))
    items = "".join(_item(names, extract, reason, reread=bool(found.patterns)) for extract, reason in reasons)
    return f'<h4>{side.capitalize()} it <small>{units}</small></h4><ul class="passages">{items}</ul>'


def passages_on(found: claims.Assessment, side: str) -> tuple[str, ...]:
    """Return the passages `for` a claim, or those `against` it."""
    return found.passages if side == "for" else found.against


def _item(names: Names, extract: str, aside: str, reread: bool = False) -> str:
    """Return a passage as an item; its gist is put in by the script, and switches where it can be read otherwise."""
    switches = f'<div data-reread="{extract}"></div>' if reread and extract in _ambiguous(names.evidence) else ""
    return f'<li data-passage="{extract}">{names.to(extract)} <small>{aside}</small>{switches}</li>'


def _units(evidence: Evidence, passages: Sequence[str]) -> str:
    """Say how much evidence is on one side of a claim, in three units."""
    found = evidence.passages[evidence.passages["extract_id"].isin(list(passages))]
    return formatting.listed(
        [
            formatting.counted(len(found), "passage"),
            formatting.counted(found["statement"].nunique(), "distinct statement"),
            formatting.counted(found["interviewee"].nunique(), "interviewee"),
        ]
    )


def _open_to_it(names: Names, found: claims.Assessment) -> str:
    """List the passages that are not counted for a claim as coded, and are in some allowed reading."""
    if not found.compared:
        return ""
    items = [
        _item(names, extract, text(f"as coded: {_cells(names.evidence)[extract]}"), reread=extract not in found.against)
        for extract in could_count(names.evidence, found.compared)
        if extract not in found.passages
    ]
    listed = f'<ul class="passages">{"".join(items)}</ul>'
    return (
        f"<h4>Could also be read this way <small>{formatting.counted(len(items), 'passage')}</small></h4>{listed}"
        if items
        else ""
    )


def could_count(evidence: Evidence, asked: claims.Compared) -> list[str]:
    """Return the passages that some allowed reading puts into the first region of a comparison as support."""
    rows = _options(evidence, Axis("power", asked.level))
    columns = _options(evidence, Axis(asked.facet, basis=claims.BASES[-1]))

    def is_in(one: Option, other: Option) -> bool:
        taken = crosstabs.column_taken("supports", one.stance, other.stance)
        return taken == "supports" and (one.code, other.code) in asked.first

    return [
        extract
        for extract in evidence.extracts["extract_id"]
        if any(is_in(*pair) for pair in product(rows[extract], columns[extract]))
    ]


@lru_cache(maxsize=16)  # many claims ask for the same axis
def _options(evidence: Evidence, axis: Axis) -> Mapping[str, list[Option]]:
    found: dict[str, list[Option]] = defaultdict(list)
    for option in crosstabs.each_option(evidence, axis):
        found[option.extract_id].append(option)
    return found


@lru_cache(maxsize=4)
def _ambiguous(evidence: Evidence) -> frozenset[str]:
    """Return the passages that can be read in more than one way."""
    allowed = Counter((one.extract_id, one.facet) for one in rereading.allowed_codes(evidence))
    return frozenset(extract for (extract, _), codes in allowed.items() if codes > 1)


def _context(names: Names, claim: str) -> str:
    """List the passages that give context only, each with what it lacks."""
    links = names.evidence.claim_evidence
    rows = links[(links["claim_id"] == claim) & (links["bearing"] == "context")]
    items = "".join(
        _item(names, extract, names.within(why))
        for extract, why in zip(rows["extract_id"], rows["rationale"], strict=True)
    )
    listed = f'<ul class="passages">{items}</ul>' if items else ""
    return folded(f"Context: {formatting.counted(len(rows), 'passage')}", listed)


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


# --- how firm a verdict is, and what to do about it


def _firmness(names: Names, claim: Claim, found: claims.Assessment) -> str:
    """Say what would turn a verdict: for a pattern over all readings, for an illustration its passages."""
    if found.patterns:
        hangs = f'<div data-reread-claim="{claim["claim_id"]}"></div>'  # filled by the script for re-reading
        return f"<h4>How firm is it?</h4>{_patterns(claim, found.patterns)}{_turning(names, found.patterns)}{hangs}"
    if found.verdict != ILLUSTRATED:
        return ""
    rests = formatting.counted(len(found.passages), "passage")
    turns = "it does not show the claim" if len(found.passages) == 1 else "none of them shows the claim"
    return f"<h4>How firm is it?</h4><p>It rests on {rests}. The verdict changes if {turns}.</p>"


def _patterns(claim: Claim, patterns: tuple[claims.Pattern, ...]) -> str:
    """Return the figures of a claim about a pattern: on each basis, in each unit, over all readings."""
    difference = ": one side less the other" if claim["check"] == claims.more.__name__ else ""
    rows = [
        (
            text(f"{pattern.unit}s, {BASES[pattern.basis]}"),
            formatting.signed(pattern.of_record),
            f"{formatting.signed(pattern.lowest)} to {formatting.signed(pattern.highest)}",
            formatting.portion(pattern.share),
        )
        for pattern in patterns
    ]
    heads = ("Counted", "As coded", "All readings", "Holds in")
    return table(f"{claim['claim_id']}, counted over all readings{difference}", heads, map(row, rows))


def _turning(names: Names, patterns: tuple[claims.Pattern, ...]) -> str:
    """Say with which fewest re-readings a claim turns, and where it is counted so."""
    turns: dict[tuple[tuple[str, str], ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pattern in patterns:
        if pattern.tipping:
            turns[tuple(pattern.tipping.items())][BASES[pattern.basis]].append(f"{pattern.unit}s")
    if not turns:
        return "<p>No allowed reading turns it.</p>"
    items = (
        f"{'; '.join(_read_as(names, *one) for one in turn)} <small>({_counted(units)})</small>"
        for turn, units in turns.items()
    )
    how = {True: "As coded it holds. It fails", False: "As coded it does not hold. It holds"}
    as_coded = {pattern.holds for pattern in patterns}
    turning = how[as_coded.pop()] if len(as_coded) == 1 else "It turns"
    return f"<p>{turning} if only these passages are read otherwise:</p>{bullets(items, 'turns')}"


def _counted(units: Mapping[str, Sequence[str]]) -> str:
    return text("; ".join(f"{formatting.listed(list(named))}, {basis}" for basis, named in units.items()))


def _read_as(names: Names, extract: str, cells: str) -> str:
    codes = " and ".join(", ".join(names.of_code(code) for code in cell.split("/")) for cell in cells.split("+"))
    return f"{names.to(extract)} as {text(codes)}"


def _ways(names: Names, claim: str) -> str:
    """Say how to compute a verdict again, cite it and dispute it; the page's script adds buttons with the texts."""
    page = names.at(permalinks.CLAIMS)
    return (
        '<h4>Check, cite, dispute</h4><ul class="ways-on">'
        f"<li>Recompute it: <code>python -m analysis trace {claim}</code></li>"
        f'<li>Cite it: <a href="{page}#{claim}">the address of {claim}</a></li>'
        f'<li>Dispute it: <a href="{page}#respond">how to respond</a></li></ul>'
    )
