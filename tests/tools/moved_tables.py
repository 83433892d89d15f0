"""Which derived tables a change of the evidence moves: the answer of a whole recomputation in a fraction of its time.

A table is not computed where it reads nothing that was changed, and no further than to the first row that moves.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

import numpy as np
import pandas as pd

from analysis import agreement
from analysis.agreement import readers, sets
from analysis.counting import Axis
from analysis.reanalysis import claims, close_reading, derived
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import CompendiumError

REFUSED = ("refused",)  # a number that is not defined any more is reported as such

#: The tables that read the codings of all coders; the others read those of record.
OF_ALL_CODERS = ("codings-by-coder", "stage-side-by-side", "response-side-by-side", "observations", "agreement")
OF_CLAIMS = ("claims", "claim-patterns", "model-steps", "rereadings", "pattern-passages")
#: The observations that read the codings of all coders on a facet, for which the others need not be made.
OBSERVED_OF_READERS = {"stage": close_reading.stage_disputed, "response": close_reading.response_disputed}
_TABLE_2 = ("tree_complete", "printed_in_table_2")
#: The facets whose codings a table reads, where these are not all.
FACETS_READ = {
    "table-2": ("power",),
    "coding-structure": ("power",),
    "stage-by-power": ("power", "stage"),
    "association": ("power", "stage"),
    "response-by-power": ("power", "response"),
    "stage-side-by-side": ("stage",),
    "response-side-by-side": ("response",),
}


@cache
def committed() -> dict[str, str]:
    """Return the committed tables, which verify holds equal to what the unchanged evidence gives."""
    return {name: (paths.DERIVED / f"{name}.csv").read_text(encoding="utf-8") for name in derived.TABLES}


@cache
def committed_rows(name: str) -> tuple[str, ...]:
    """Return the rows of a committed table as they are written, without its header."""
    return tuple(committed()[name].splitlines()[1:])


def lines(table: pd.DataFrame) -> list[str]:
    """Return the rows of a table as they are written."""
    return derived.as_csv(table).splitlines()[1:]


def moved(changed: Evidence, names: Sequence[str] = tuple(derived.TABLES)) -> tuple[str, ...]:
    """Return the tables, of some, that changed evidence moves."""
    try:
        derived.require_claims(changed)
        return tuple(name for name in names if _moves(name, changed))
    except CompendiumError:
        return REFUSED


def moved_by_coding(changed: Evidence, extract: str, facet: str, of_record: bool) -> tuple[str, ...]:
    """Return the tables that move where a coding of a passage on a facet was changed."""
    apart = {*OF_CLAIMS, "agreement"} | (set() if of_record else {"observations"})
    names = [name for name in (derived.TABLES if of_record else OF_ALL_CODERS) if name not in apart]
    found = moved(changed, [name for name in names if facet in FACETS_READ.get(name, (facet,))])
    observed = OBSERVED_OF_READERS.get(facet) if not of_record else None
    if observed and observed(changed) != _observed_as_committed(facet):
        found = (*found, "observations")
    agreeing = ("agreement",) if _agreement_moves(changed, facet) else ()
    first = claims_on(facet) & _claims_with(extract)
    parts = ((first, set()), (claims_on(facet) - first, _steps(changed))) if of_record else ()
    stated = _moved_of_claims(changed, *parts)
    return REFUSED if REFUSED in (found, stated) else (*found, *agreeing, *stated)


@cache
def _observed_as_committed(facet: str) -> list[str]:
    return OBSERVED_OF_READERS[facet](_as_committed())


@cache
def _claims_with(extract: str) -> frozenset[str]:
    """Return the claims that a passage is linked to, or whose check counts it."""
    before = _as_committed()
    linked = before.claim_evidence.loc[before.claim_evidence["extract_id"] == extract, "claim_id"]
    hanging = (row.split(",")[0] for row in committed_rows("pattern-passages") if f",{extract}," in row)
    return frozenset(chain(linked, hanging, *claims.counted_on(before, extract).values()))


@cache
def claims_on(facet: str) -> frozenset[str]:
    """Return the claims whose check reads the codings of a facet."""
    reading = {"power": {"present", "more", "codes_supported", *_TABLE_2}, "stage": {"more", "codes_supported"}}
    found = _as_committed().claims
    return frozenset(
        claim
        for claim, check, args in zip(found["claim_id"], found["check"], found["args"], strict=True)
        if check in reading.get(facet, set()) or f'"facet": "{facet}"' in args
    )


def _steps(evidence: Evidence) -> set[tuple[str, str]]:
    return set(zip(evidence.model["source"], evidence.model["target"], strict=True))


@cache
def _as_committed() -> Evidence:
    return loading.load()


def _moves(name: str, changed: Evidence) -> bool:
    if name == "association":
        return _effect_sizes_move(changed)
    expected = iter(committed_rows(name))
    for part in PARTS.get(name, _whole(name))(changed):
        if any(line != next(expected, None) for line in lines(part)):
            return True
    return next(expected, None) is not None  # rows are gone


def _whole(name: str) -> Callable[[Evidence], Iterator[pd.DataFrame]]:
    def compute(evidence: Evidence) -> Iterator[pd.DataFrame]:
        yield derived.TABLES[name][0](evidence)

    return compute


def _on_each_basis(facet: str) -> Callable[[Evidence], Iterator[pd.DataFrame]]:
    def compute(evidence: Evidence) -> Iterator[pd.DataFrame]:
        for basis in ("wording", "lead-in"):
            yield derived.facet_by_power(evidence, facet, (basis,))

    return compute


def _effect_sizes_move(evidence: Evidence) -> bool:
    """Say whether a row of effect sizes moves: first what needs no readings, then the rows with the fewest of them."""
    rows, before = dict(zip(derived.EFFECT_SIZES, committed_rows("association"), strict=True)), _as_committed()

    def is_coded_alike(asked: tuple[str, str]) -> bool:
        (as_coded,) = lines(pd.DataFrame([derived.effect_as_coded(evidence, *asked)]))
        return rows[asked].startswith(f"{as_coded},")

    if not all(map(is_coded_alike, rows)):
        return True
    others = any(not getattr(evidence, one).equals(getattr(before, one)) for one in ("codes", "extracts", "sources"))

    def is_read_otherwise(basis: str) -> bool:
        axes = Axis("power"), Axis("stage", basis=basis)
        return claims.table_of(evidence, *axes).passages != claims.table_of(before, *axes).passages

    read_otherwise = {basis: others or is_read_otherwise(basis) for basis, _ in rows}
    # The same readings give the same row.
    asked_again = [asked for asked in rows if read_otherwise[asked[0]]]
    return any(
        lines(pd.DataFrame([derived.effect_size(evidence, *asked)])) != [rows[asked]]
        for asked in sorted(asked_again, key=lambda asked: asked[1] == "all")
    )


#: Tables that are computed part by part, since the first usually moves.
PARTS: dict[str, Callable[[Evidence], Iterator[pd.DataFrame]]] = {
    "stage-by-power": _on_each_basis("stage"),
    "response-by-power": _on_each_basis("response"),
}


def _agreement_moves(changed: Evidence, facet: str) -> bool:
    """Say whether the table of agreement moves where codings of one facet were changed.

    It follows from the ratings that coders are compared by. Where these differ, a coefficient for all codes usually
    moves, which needs no resampling.
    """
    before, others = _compared_as_committed(facet), False
    for who, given in _compared(changed, facet):
        if who not in before or not _equal(before[who], given):
            if who in before and _alpha(who, before[who]) != _alpha(who, given):
                return True
            others = True
    return others and _moves("agreement", changed)


#: Whose codes are compared: those that were chosen or all that were allowed (`role`), of some coders.
Whose = tuple[str, tuple[str, ...]]


def _compared(evidence: Evidence, facet: str) -> Iterator[tuple[Whose, agreement.Ratings]]:
    """Yield the ratings of coders who are compared: the codes that they chose, and all that they allowed.

    The first group is of all readers and the last one of a reader with the record, so that every coder is in one.
    """
    groups = readers.groups(evidence, facet)
    for group in (*groups[:1], *groups[-1:]):
        yield (readers.PRIMARY, group.coders), readers.chosen(evidence, facet, group.coders)
        yield (readers.ANY, group.coders), readers.allowed(evidence, facet, group.coders)


@cache
def _compared_as_committed(facet: str) -> dict[Whose, agreement.Ratings]:
    return dict(_compared(_as_committed(), facet))


def _equal(one: agreement.Ratings, other: agreement.Ratings) -> bool:
    return one.units.equals(other.units) and one.codes == other.codes and bool(np.array_equal(one.given, other.given))


def _alpha(who: Whose, given: agreement.Ratings) -> str:
    scale = None if who[0] == readers.PRIMARY else sets.scale(given)
    return f"{agreement.estimates(given, ['krippendorff-alpha'], scale)['value'][0]:z.6f}"


def moved_by_claim(changed: Evidence, claim: str) -> tuple[str, ...]:
    """Return the tables that move where a claim or its links were changed: its rows, and the steps that it states."""
    steps = changed.model
    stated = set(steps.loc[steps["claim_id"] == claim, ["source", "target"]].itertuples(index=False, name=None))
    return _moved_of_claims(changed, ({claim}, stated))


def moved_by_step(changed: Evidence, ends: set[tuple[str, str]]) -> tuple[str, ...]:
    """Return the tables that move where steps of the model were changed."""
    return _moved_of_claims(changed, (set(), ends))


#: What a part of a change is about: claims, and steps of the model by their ends.
Part = tuple[Collection[str], Collection[tuple[str, str]]]


def _moved_of_claims(changed: Evidence, *parts: Part) -> tuple[str, ...]:
    """Return the tables of claims that move, in the rows of some claims and steps, those that are likely to move first."""
    found: set[str] = set()
    try:
        for own, ends in parts:
            reads = dict.fromkeys(OF_CLAIMS, own) | {"model-steps": ends, "rereadings": (*own, *ends)}
            names = {name for name in OF_CLAIMS if reads[name]} - found
            found |= _moved_in(changed, own if names - {"model-steps"} else (), ends, names)
    except CompendiumError:
        return REFUSED
    return tuple(name for name in OF_CLAIMS if name in found)


def _moved_in(
    changed: Evidence, own: Collection[str], ends: Collection[tuple[str, str]], names: Collection[str]
) -> set[str]:
    """Return which of some tables move in the rows of some claims, and of steps between some ends."""
    model = changed.model
    of_steps = model[[step in ends for step in zip(model["source"], model["target"], strict=True)]]
    needed = changed.claims[changed.claims["claim_id"].isin({*own, *of_steps["claim_id"]})]
    small = replace(changed, claims=needed.reset_index(drop=True), model=of_steps.reset_index(drop=True))
    steps = [f"{source},{target}," for source, target in ends]
    begins = {name: tuple(steps if name == "model-steps" else [f"{claim}," for claim in own]) for name in names}
    about = {*own, *(f"{source}/{target}" for source, target in ends)}

    def rows(name: str, table: Collection[str]) -> list[str]:
        if name == "rereadings":  # of which some are about cells
            named = ((row, *row.split(",")[3:5]) for row in table)
            return [row for row, what, which in named if which in about or what.endswith("-by-power")]
        return [row for row in table if row.startswith(begins[name])]

    return {
        name for name in names if rows(name, lines(derived.TABLES[name][0](small))) != rows(name, committed_rows(name))
    }
