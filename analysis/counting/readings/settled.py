"""Readings in which passages are settled: what a table and a comparison come to if one code is all that they allow."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.counting.readings.allowed import AllowedReadings, Cell, Passage, Ways, codings_in, passage
from analysis.counting.readings.count_distributions import hits_of_record, product_of, regions_of, unit_values, value_of
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import BASES, UNCODED


class Settled(NamedTuple):
    """A passage that is read as one code on a facet, which is its primary code, and keeps no alternative there."""

    extract_id: str
    facet: str
    code_id: str
    stance: str
    basis: str


@dataclass(frozen=True)
class SettledPassage:
    """What a settled passage can be read as in a table, and where it is as coded: row, column and stance of each."""

    passage: Passage
    standing: tuple[tuple[str, str, str], ...]


class Outcome(NamedTuple):
    """A comparison once a passage is settled: the difference as coded, and the share of readings with more."""

    of_record: int
    more: Fraction


def settle(evidence: Evidence, settled: Iterable[Settled]) -> Evidence:
    """Return the study with passages settled: all other codings of record of the passage and facet are left out.

    A code that was coded already keeps its coder and reason; any other is given by the first coder of record.
    """
    wanted, of_record = {one[:2]: one for one in settled}, evidence.study.coding_of_record
    codings = evidence.codings
    columns = (codings[name].tolist() for name in ("extract_id", "facet", "code_id", "coder_id", "rationale"))
    own, given = [], dict[tuple[str, str, str], tuple[str, str]]()
    for extract, facet, code, coder, reason in zip(*columns, strict=True):
        own.append((extract, facet) in wanted and coder in of_record[facet])
        if own[-1]:
            given.setdefault((extract, facet, code), (coder, reason))
    rows = []
    for one in wanted.values():
        coder, reason = given.get(one[:3], (of_record[one.facet][0], ""))
        rows.append(one._asdict() | {"coder_id": coder, "role": "primary", "rationale": reason})
    if rows:
        kept = codings[~np.array(own, dtype=bool)]
        codings = pd.concat([kept, pd.DataFrame(rows)[list(codings.columns)]], ignore_index=True)
    return replace(evidence, codings=codings)


def settled_passages(evidence: Evidence, rows: Axis, columns: Axis, settled: Sequence[Settled]) -> list[SettledPassage]:
    """Return what each passage can be read as in a table once it is settled by itself, all others left as they are.

    It is what `allowed_readings` gives for the study that `settle` returns. Raises what `allowed_readings` does.
    """
    table = codings_in(evidence, rows, columns)
    on_rows, on_columns = (
        _ways(evidence, axis, settled, allowed)
        for axis, allowed in ((rows, table.on_rows), (columns, table.on_columns))
    )
    return [
        _settled(extract, row_ways, column_ways, table.order)
        for (extract, *_), row_ways, column_ways in zip(settled, on_rows, on_columns, strict=True)
    ]


def _ways(evidence: Evidence, axis: Axis, settled: Iterable[Settled], allowed: Mapping[str, Ways]) -> list[Ways]:
    """Return what settled passages can be read as on an axis: one code, or on another facet all that they could be."""
    up = code_tree.rolled_up(evidence.codes, axis.facet, axis.level_in(evidence))
    found = []
    for one in settled:
        code = up[one.code_id] if axis.facet == one.facet and one.basis in BASES[axis.basis] else None
        coding = frozenset({(code or UNCODED, one.stance)})
        found.append((coding, Counter({coding: 1})) if axis.facet == one.facet else allowed[one.extract_id])
    return found


def _settled(extract_id: str, on_rows: Ways, on_columns: Ways, order: Mapping[Cell, int]) -> SettledPassage:
    standing = tuple(
        (row, column, crosstabs.column_taken("supports", row_stance, column_stance))
        for (row, row_stance), (column, column_stance) in product(sorted(on_rows[0]), sorted(on_columns[0]))
    )
    return SettledPassage(passage(extract_id, on_rows, on_columns, order), standing)


def outcomes(
    allowed: AllowedReadings,
    first: Collection[Cell],
    second: Collection[Cell],
    unit: str,
    settled: Sequence[Passage],
) -> list[Outcome]:
    """Compare the numbers of units in two regions, once for each passage that is settled by itself.

    Parameters
    ----------
    allowed : AllowedReadings
        Of `allowed_readings`.
    first, second, unit
        As for `compare`.
    settled : sequence of Passage
        Passages of the same table, each in place of the one with its id.

    Returns
    -------
    list of Outcome
        What `compare` gives where the passage is exchanged: the polynomial of its unit is divided out of the product
        of all units, and that of the unit with the settled passage is put in its place. Exact, as all of it is in whole
        numbers.

    Raises
    ------
    CountsError, ReadingsError
        As `compare`.
    """
    regions = regions_of(allowed, first, second)
    crosstabs.check_unit(unit)
    units, unsettled = allowed.units[unit], {one.extract_id: one for one in allowed.passages}
    place = {one.extract_id: number for number, passages in enumerate(units) for one in passages}
    values = [unit_values(passages, regions) for passages in units]
    as_coded = [value_of(hits_of_record(passages, regions)) for passages in units]
    offset, whole = sum(map(min, values)), product_of([_polynomial(one) for one in values])
    all_units = Outcome(sum(as_coded), Fraction(sum(whole[max(0, 1 - offset) :]), sum(whole)))
    found = []
    for one in settled:
        # A document is in no interviewee, and a passage that is settled on another facet may be read here as before.
        if one.extract_id not in place or one == unsettled[one.extract_id]:
            found.append(all_units)
            continue
        number = place[one.extract_id]
        exchanged = [one if other.extract_id == one.extract_id else other for other in units[number]]
        own, rest = unit_values(exchanged, regions), _divided(whole, _polynomial(values[number]))
        start = offset - min(values[number])
        more = sum(times * sum(rest[max(0, 1 - value - start) :]) for value, times in own.items())
        of_record = all_units.of_record - as_coded[number] + value_of(hits_of_record(exchanged, regions))
        found.append(Outcome(of_record, Fraction(more, sum(own.values()) * sum(rest))))
    return found


def _polynomial(values: Counter[int]) -> tuple[int, ...]:
    """Return numbers of readings by value as coefficients without common factor, that of the lowest value first."""
    divisor = math.gcd(*values.values())
    return tuple(values[value] // divisor for value in range(min(values), max(values) + 1))


def _divided(product: Sequence[int], factor: Sequence[int]) -> list[int]:
    """Return a polynomial without one of its factors, the constant of which is not zero.

    >>> _divided((1, 3, 3, 1), (1, 1))
    [1, 2, 1]
    """
    quotient: list[int] = []
    for power in range(len(product) - len(factor) + 1):
        known = sum(factor[back] * quotient[power - back] for back in range(1, min(power, len(factor) - 1) + 1))
        quotient.append((product[power] - known) // factor[0])
    return quotient
