"""Counts of any two facets, at any level, in three units, with their range over the allowed readings.

How a passage is counted. Each passage takes a *position* in a table: a row (the code of the row
facet, rolled up to a level) and a column (in the same way). A passage that counters a code, or gives
context only, takes the column `counters` or `context` of its row instead, so that it never enters a
cell of supporting passages. Where a facet gives no code at the level, or none on the basis asked
for, the row or column is `uncoded`.

A *reading* of an exclusive facet picks, for each passage, its primary code or one of its
alternatives; of a facet that is not exclusive, all primary codes and any of the alternatives. The
lowest and highest count of a cell are taken over all readings of both facets, exactly: passages are
read independently of one another, so a unit is in a cell in every reading if and only if one of its
passages is, and in some reading if and only if one of its passages can be.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import pandas as pd

from analysis.counting import tallies
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL, APART, BASES, CONTEXT, COUNTERS, NO_PRIMARY, UNCODED, UNITS
from analysis.support.errors import CompendiumError


class CountsError(CompendiumError):
    """A table that cannot be counted as asked."""


@dataclass(frozen=True)
class Axis:
    """The rows or columns of a table: a facet, a level of its tree (the top if None), and a basis.

    Codings that rest on anything else than `basis` (a key of BASES) are left out.
    """

    facet: str
    level: str | None = None
    basis: str = "any"

    def level_in(self, evidence: Evidence) -> str:
        """Return the level asked for, or the top level of the facet."""
        return code_tree.known_level(evidence.codes, self.facet, self.level)


def crosstab(evidence: Evidence, rows: Axis, columns: Axis, unit: str = "passage") -> pd.DataFrame:
    """Count units by two facets.

    Parameters
    ----------
    evidence : Evidence
        The coded study; its coding of record is counted.
    rows, columns : Axis
        Two different facets.
    unit : one of UNITS
        What is counted once however many passages it has.

    Returns
    -------
    DataFrame
        One row for each cell and margin, in the order of the code trees: `row, column, count,
        lowest, highest, extracts, possible`. Rows are the codes, `uncoded`, and `all` (the margin);
        columns the codes, `uncoded`, `all` (supporting passages in any column), `counters` and
        `context`. `extracts` lists the passages behind the count, `possible` those that some reading
        puts there, both in the order of the evidence.

    Raises
    ------
    CountsError
        For an unknown unit or basis, or the same facet twice.
    StructureError
        For an unknown facet or level.
    """
    return crosstab_in_units(evidence, rows, columns, (unit,)).drop(columns="unit")


def crosstab_in_units(evidence: Evidence, rows: Axis, columns: Axis, units: Sequence[str] = UNITS) -> pd.DataFrame:
    """Count several units at once: the tables of `crosstab` one below the other, with a first column `unit`."""
    check_axes(rows, columns)
    for unit in units:
        check_unit(unit)
    positions = _positions(evidence, rows, columns)
    of_record = [position for position in positions if position.primary]
    units_of = {unit: unit_of_each(evidence, unit) for unit in units}
    count = tallies.tally(_frame(of_record, units_of), units)
    tallied = dict.fromkeys(("count", "lowest", "highest"), count)
    if not _has_one_reading(positions):
        # What is certain of a margin need not be certain of a cell, so each place is counted by itself.
        tallied["lowest"] = tallies.distinct(_frame(_in_every_reading(positions), units_of), units)
        tallied["highest"] = tallies.tally(_frame(positions, units_of), units)
    grid = list(product(*labels(evidence, rows, columns)))
    tables = []
    for unit, unit_of in units_of.items():
        table = pd.DataFrame(grid, columns=["row", "column"])
        for name, counted in tallied.items():
            table[name] = _of_unit(counted, unit, grid)
        table["extracts"] = _behind(of_record, unit_of, grid)
        table["possible"] = table["extracts"] if of_record == positions else _behind(positions, unit_of, grid)
        table.insert(0, "unit", unit)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def cases(evidence: Evidence, rows: Axis, columns: Axis) -> pd.DataFrame:
    """Return one row for each supporting passage as it is coded: `extract_id, row, column` (codes or `uncoded`).

    This is the long form that a test of independence would take; crosstab counts the same passages.
    """
    check_axes(rows, columns)
    supporting = [
        (position.extract_id, position.row, position.column)
        for position in _positions(evidence, rows, columns)
        if position.primary and position.column not in APART
    ]
    return pd.DataFrame(supporting, columns=["extract_id", "row", "column"], dtype=str)


def labels(evidence: Evidence, rows: Axis, columns: Axis) -> tuple[list[str], list[str]]:
    """Return the names of the rows and of the columns of a table, margins included, in its order.

    Raises StructureError for an unknown facet or level.
    """
    codes = [code_tree.codes_at(evidence.codes, axis.facet, axis.level_in(evidence)) for axis in (rows, columns)]
    return [*codes[0], UNCODED, ALL], [*codes[1], UNCODED, ALL, COUNTERS, CONTEXT]


def check_unit(unit: str) -> None:
    """Raise CountsError for a unit that is none of UNITS."""
    if unit not in UNITS:
        raise CountsError(f"There is no unit {unit!r}. Choose one of: {', '.join(UNITS)}.")


def check_axes(rows: Axis, columns: Axis) -> None:
    """Raise CountsError for an unknown basis, or for rows and columns of the same facet."""
    for basis in (rows.basis, columns.basis):
        if basis not in BASES:
            raise CountsError(f"There is no basis {basis!r}. Choose one of: {', '.join(BASES)}.")
    if rows.facet == columns.facet:
        raise CountsError(f"Rows and columns are both the facet {rows.facet!r}. Choose two different facets.")


def column_taken(column: str, *stances: str) -> str:
    """Return the column that a passage counts in: its code's, or that of a stance which does not support.

    Context wins over counters, since a policy text neither supports nor counters.
    """
    return next((stance for stance in (CONTEXT, COUNTERS) if stance in stances), column)


class Option(NamedTuple):
    """Something that a passage can be read as on one axis; `options` says what its slot is."""

    extract_id: str
    code: str
    stance: str
    primary: bool
    slot: int
    optional: bool


def options(evidence: Evidence, axis: Axis) -> pd.DataFrame:
    """Return what each passage can be read as on one axis: `extract_id, code, stance, primary, slot, optional`.

    The rows of one slot exclude each other: a reading picks one of them, and may leave an optional
    slot out. The slot NO_PRIMARY, in a facet that is not exclusive, has the alternatives of a passage
    beside `uncoded`: a reading picks any number of the alternatives, and `uncoded` instead of none.

    Raises StructureError for an unknown facet or level.
    """
    return pd.DataFrame(each_option(evidence, axis), columns=list(Option._fields))


# Rows as tuples here and below: joining and grouping frames takes many times as long for all but the largest studies.
def each_option(evidence: Evidence, axis: Axis) -> list[Option]:
    """Return the rows of `options`."""
    exclusive = dict(zip(evidence.facets["facet"], evidence.facets["exclusive"], strict=True))
    if axis.facet not in exclusive:
        raise code_tree.StructureError(
            f"There is no facet {axis.facet!r}. Choose one of: {', '.join(evidence.facets['facet'])}."
        )
    up = code_tree.rolled_up(evidence.codes, axis.facet, axis.level_in(evidence))
    chosen: list[tuple[str, str, str, bool]] = []
    left_out: dict[str, set[str]] = defaultdict(set)
    columns = (evidence.record[name].tolist() for name in ("facet", "basis", "extract_id", "code_id", "role", "stance"))
    for facet, basis, extract, code, role, stance in zip(*columns, strict=True):
        if facet != axis.facet:
            continue
        primary = role == "primary"
        if basis in BASES[axis.basis]:
            chosen.append((extract, up[code] or UNCODED, stance, primary))
        elif primary:
            # A code that is left out for its basis leaves its stance: what countered it does not become support.
            left_out[extract].add(stance)
    coded = {extract for extract, _, _, primary in chosen if primary}
    shared = 0 if exclusive[axis.facet] else NO_PRIMARY
    found = []
    for number, option in enumerate(chosen):
        # Where a facet is not exclusive, primary codes all hold, alternatives may; without a primary code either no
        # alternative holds or some do.
        alone = not exclusive[axis.facet] and option[0] in coded
        found.append(Option(*option, slot=number if alone else shared, optional=alone and not option[-1]))
    for extract in evidence.extracts["extract_id"].tolist():
        if extract not in coded:
            stance = column_taken("supports", *left_out[extract])
            found.append(Option(extract, UNCODED, stance, primary=True, slot=shared, optional=False))
    return found


class _Position(NamedTuple):
    """The place that a passage takes under two options, one of each axis."""

    extract_id: str
    row: str
    column: str
    primary: bool
    optional: bool
    slots: tuple[int, int]


def _positions(evidence: Evidence, rows: Axis, columns: Axis) -> list[_Position]:
    """Return the position of each passage under each pair of options.

    Sorted as the evidence is, so that lists of passages come in its order.
    """
    on_columns: dict[str, list[Option]] = defaultdict(list)
    for option in each_option(evidence, columns):
        on_columns[option.extract_id].append(option)
    positions: dict[str, list[_Position]] = {extract: [] for extract in evidence.extracts["extract_id"].tolist()}
    for one in each_option(evidence, rows):
        positions[one.extract_id] += [
            _Position(
                one.extract_id,
                one.code,
                column_taken(other.code, one.stance, other.stance),
                one.primary and other.primary,
                one.optional or other.optional,
                (one.slot, other.slot),
            )
            for other in on_columns[one.extract_id]
        ]
    return [position for of_passage in positions.values() for position in of_passage]


def _has_one_reading(positions: list[_Position]) -> bool:
    """Tell whether nothing is left open: each slot has one place, which is that of record."""
    slots = {(position.extract_id, position.slots) for position in positions}
    return len(slots) == len(positions) and all(one.primary and not one.optional for one in positions)


def _in_every_reading(positions: Iterable[_Position]) -> list[_Position]:
    """Return the places, in cells and margins, that a passage takes whatever is read.

    Its slots leave no other place of the kind of region open there.
    """
    open_to: dict[tuple[object, ...], dict[tuple[str, str], _Position]] = defaultdict(dict)
    for position in positions:
        for region in tallies.REGIONS:
            place = region.place(position.row, position.column)
            open_to[region, position.extract_id, position.slots][place] = position
    return [
        _Position(position.extract_id, row, column, *position[3:])  # four times as fast as its _replace
        for places in open_to.values()
        if len(places) == 1
        for (row, column), position in places.items()
        if not position.optional
    ]


def unit_of_each(evidence: Evidence, unit: str) -> dict[str, str | None]:
    """Return the unit of each passage: None where it has no such unit, as a document is not an interviewee."""
    of_passages = evidence.passages[unit]
    missing = of_passages.isna().tolist()
    named = (None if lacks else name for name, lacks in zip(of_passages.tolist(), missing, strict=True))
    return dict(zip(evidence.passages["extract_id"].tolist(), named, strict=True))


def _frame(positions: Sequence[_Position], units_of: Mapping[str, Mapping[str, str | None]]) -> pd.DataFrame:
    """Return the long frame of some positions, as `tallies` counts it."""
    columns = {
        "row": [position.row for position in positions],
        "column": [position.column for position in positions],
        **{unit: [unit_of[one.extract_id] for one in positions] for unit, unit_of in units_of.items()},
    }
    return pd.DataFrame(columns, dtype=object)


def _of_unit(tallied: pd.DataFrame, unit: str, grid: Iterable[tuple[str, str]]) -> list[int]:
    """Return the counts of one unit in every place of a grid."""
    columns = (tallied[name].tolist() for name in ("unit", "row", "column", "count"))
    counts = {(row, column): count for of, row, column, count in zip(*columns, strict=True) if of == unit}
    return [counts.get(place, 0) for place in grid]


def _behind(
    positions: Iterable[_Position], unit_of: Mapping[str, str | None], grid: Iterable[tuple[str, str]]
) -> list[tuple[str, ...]]:
    """List the passages that have a unit in every place of a grid, in the order of the evidence."""
    behind: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for position in positions:
        if unit_of[position.extract_id] is not None:
            for region in tallies.REGIONS:
                behind[region.place(position.row, position.column)][position.extract_id] = None
    return [tuple(behind.get(place, ())) for place in grid]
