"""Which derived tables a change of the evidence moves: the answer of a whole recomputation in a fraction of its time.

A table is not computed where it reads nothing that was changed, and no further than to the first row that moves.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from analysis import agreement
from analysis.agreement import readers, sets
from analysis.counting import Axis, readings
from analysis.reanalysis import article_model, claims, derived, single_rereadings
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import CompendiumError

REFUSED = ("refused",)  # a number that is not defined any more is reported as such

#: The tables that read the codings of all coders; the others read those of record.
OF_ALL_CODERS = ("codings-by-coder", "stage-side-by-side", "response-side-by-side", "observations", "agreement")
OF_CLAIMS = ("claims", "claim-patterns", "model-steps", "rereadings", "pattern-passages")
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


def moved_by_coding(changed: Evidence, facet: str, of_record: bool) -> tuple[str, ...]:
    """Return the tables that move where a coding of a facet was changed."""
    names = [name for name in (derived.TABLES if of_record else OF_ALL_CODERS) if name not in (*OF_CLAIMS, "agreement")]
    found = moved(changed, [name for name in names if facet in FACETS_READ.get(name, (facet,))])
    agreeing = ("agreement",) if _agreement_moves(changed, facet) else ()
    stated = _moved_of_claims(changed, claims_on(facet), _steps(changed)) if of_record else ()
    return REFUSED if REFUSED in (found, stated) else (*found, *agreeing, *stated)


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


def _effect_sizes(evidence: Evidence) -> Iterator[pd.DataFrame]:
    before = _as_committed()
    others = any(not getattr(evidence, one).equals(getattr(before, one)) for one in ("codes", "extracts", "sources"))
    for row, asked in zip(committed_rows("association"), derived.EFFECT_SIZES, strict=True):
        axes = Axis("power"), Axis("stage", basis=asked[0])
        allowed, known = (readings.allowed_readings(one, *axes).passages for one in (evidence, before))
        as_coded = pd.DataFrame([derived.effect_as_coded(evidence, *asked)])
        # Where the first cells are others, the row has moved, whatever follows them; the same readings give the same row.
        if not row.startswith(f"{lines(as_coded)[0]},"):
            yield as_coded
        else:
            yield pd.DataFrame([derived.effect_size(evidence if others or allowed != known else before, *asked)])


#: Tables that are computed part by part, since the first usually moves.
PARTS: dict[str, Callable[[Evidence], Iterator[pd.DataFrame]]] = {
    "stage-by-power": _on_each_basis("stage"),
    "response-by-power": _on_each_basis("response"),
    "association": _effect_sizes,
}


def _agreement_moves(changed: Evidence, facet: str) -> bool:
    """Say whether the table of agreement moves where codings of one facet were changed.

    It follows from the ratings that coders are compared by. Where these differ, a coefficient for all codes usually
    moves, which needs no resampling.
    """
    before, now = _compared_as_committed(facet), _compared(changed, facet)
    if before.keys() == now.keys() and all(_equal(before[who], now[who]) for who in now):
        return False
    return _values(before) != _values(now) or _moves("agreement", changed)


def _compared(evidence: Evidence, facet: str) -> dict[tuple[str, tuple[str, ...]], agreement.Ratings]:
    """Return the ratings of coders who are compared: the codes that they chose, and all that they allowed.

    The first group is of all readers and the last one of a reader with the record, so that every coder is in one.
    """
    groups = readers.groups(evidence, facet)
    return {
        (role, group.coders): ratings(evidence, facet, group.coders)
        for group in (*groups[:1], *groups[-1:])
        for role, ratings in ((readers.PRIMARY, readers.chosen), (readers.ANY, readers.allowed))
    }


@cache
def _compared_as_committed(facet: str) -> dict[tuple[str, tuple[str, ...]], agreement.Ratings]:
    return _compared(_as_committed(), facet)


def _equal(one: agreement.Ratings, other: agreement.Ratings) -> bool:
    return one.units.equals(other.units) and one.codes == other.codes and bool(np.array_equal(one.given, other.given))


def _values(compared: dict[tuple[str, tuple[str, ...]], agreement.Ratings]) -> list[str]:
    alpha = ["krippendorff-alpha"]
    found = [
        agreement.estimates(given, alpha, None if role == readers.PRIMARY else sets.scale(given))["value"][0]
        for (role, _), given in compared.items()
    ]
    return [f"{value:z.6f}" for value in found]


def moved_by_claim(changed: Evidence, claim: str) -> tuple[str, ...]:
    """Return the tables that move where a claim or its links were changed: its rows, and the steps that it states."""
    steps = changed.model
    stated = set(steps.loc[steps["claim_id"] == claim, ["source", "target"]].itertuples(index=False, name=None))
    return _moved_of_claims(changed, {claim}, stated)


def moved_by_step(changed: Evidence, ends: set[tuple[str, str]]) -> tuple[str, ...]:
    """Return the tables that move where steps of the model were changed."""
    return _moved_of_claims(changed, set(), ends)


def _moved_of_claims(changed: Evidence, own: Collection[str], ends: set[tuple[str, str]]) -> tuple[str, ...]:
    """Return the tables of claims in which rows of some claims, or of steps between some ends, move."""
    model = changed.model
    of_steps = model[[step in ends for step in zip(model["source"], model["target"], strict=True)]]
    needed = changed.claims[changed.claims["claim_id"].isin({*own, *of_steps["claim_id"]})]
    small = replace(changed, claims=needed.reset_index(drop=True), model=of_steps.reset_index(drop=True))
    try:
        tables = {"model-steps": lines(article_model.steps(small))}
        if own:
            tables["claims"] = _of(claims.verdicts(small), own)
            tables["claim-patterns"] = _of(claims.patterns(small), own)
            tables["pattern-passages"] = _of(single_rereadings.passages_of_patterns(small), own)
        names = {*own, *(f"{source}/{target}" for source, target in ends)}
        tables["rereadings"] = _rereadings(lines(single_rereadings.rereadings(small)), names)
    except CompendiumError:
        return REFUSED
    starts = dict.fromkeys(("claims", "claim-patterns", "pattern-passages"), tuple(f"{claim}," for claim in own))
    starts["model-steps"] = tuple(f"{source},{target}," for source, target in ends)
    before = {name: [row for row in committed_rows(name) if row.startswith(some)] for name, some in starts.items()}
    before["rereadings"] = _rereadings(committed_rows("rereadings"), names)
    return tuple(name for name, found in tables.items() if found != before[name])


def _of(table: pd.DataFrame, own: Collection[str]) -> list[str]:
    return lines(table[table["claim_id"].isin(own)])


def _rereadings(rows: Collection[str], names: Collection[str]) -> list[str]:
    """Return the rows of re-readings that are about some claims or steps, or about cells."""
    found = []
    for row in rows:
        what, name = row.split(",")[3:5]
        if name in names or what.endswith("-by-power"):
            found.append(row)
    return found
