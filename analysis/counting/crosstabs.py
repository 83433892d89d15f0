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

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.counting import tallies
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL, BASES, CONTEXT, COUNTERS, NO_PRIMARY, UNCODED, UNITS
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
    in_cells = _positions(evidence, rows, columns).merge(evidence.passages, on="extract_id")
    in_places = _with_margins(in_cells)
    grid = pd.MultiIndex.from_product(labels(evidence, rows, columns), names=["row", "column"])
    tallied = {
        "count": _by_place(tallies.tally(in_cells[in_cells["primary"]], units)),
        # What is certain of a margin need not be certain of a cell, so each place is counted by itself.
        "lowest": _by_place(tallies.distinct(in_places[_in_every_reading(in_places)], units)),
        "highest": _by_place(tallies.tally(in_cells, units)),
    }
    tables = []
    for unit in units:
        # A document is no interviewee, so it has no such unit.
        of_unit = in_places[in_places[unit].notna()]
        table = pd.DataFrame(
            {
                **{name: [counts.get((unit, *place), 0) for place in grid] for name, counts in tallied.items()},
                "extracts": _behind(of_unit[of_unit["primary"]], grid),
                "possible": _behind(of_unit, grid),
            },
            index=grid,
        )
        tables.append(table.reset_index().assign(unit=unit))
    table = pd.concat(tables, ignore_index=True)
    return table[["unit", *table.columns.drop("unit")]]


def cases(evidence: Evidence, rows: Axis, columns: Axis) -> pd.DataFrame:
    """Return one row for each supporting passage as it is coded: `extract_id, row, column` (codes or `uncoded`).

    This is the long form that a test of independence would take; crosstab counts the same passages.
    """
    check_axes(rows, columns)
    positions = _positions(evidence, rows, columns)
    supporting = positions["primary"] & ~positions["column"].isin([COUNTERS, CONTEXT])
    return positions.loc[supporting, ["extract_id", "row", "column"]].reset_index(drop=True)


def _by_place(tallied: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Return the counts of a tally by unit, row and column."""
    *places, counts = (tallied[name].tolist() for name in ("unit", "row", "column", "count"))
    return dict(zip(zip(*places, strict=True), counts, strict=True))


def _behind(positions: pd.DataFrame, grid: pd.MultiIndex) -> list[tuple[str, ...]]:
    """List the passages in every place of a grid, in the order of the evidence."""
    behind: dict[tuple[str, str], dict[str, None]] = {}
    for extract, *cell in zip(positions["extract_id"], positions["row"], positions["column"], strict=True):
        behind.setdefault((cell[0], cell[1]), {})[extract] = None
    return [tuple(behind.get(cell, ())) for cell in grid]


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


def options(evidence: Evidence, axis: Axis) -> pd.DataFrame:
    """Return what each passage can be read as on one axis: `extract_id, slot, code, stance, primary, optional`.

    The rows of one slot exclude each other: a reading picks one of them, and may leave an optional
    slot out. The slot NO_PRIMARY, in a facet that is not exclusive, has the alternatives of a passage
    beside `uncoded`: a reading picks any number of the alternatives, and `uncoded` instead of none.

    Raises StructureError for an unknown facet or level.
    """
    facets = evidence.facets.set_index("facet")
    if axis.facet not in facets.index:
        raise code_tree.StructureError(
            f"There is no facet {axis.facet!r}. Choose one of: {', '.join(evidence.facets['facet'])}."
        )
    of_facet = evidence.record[evidence.record["facet"] == axis.facet]
    chosen = of_facet[of_facet["basis"].isin(BASES[axis.basis])]
    up = code_tree.rolled_up(evidence.codes, axis.facet, axis.level_in(evidence))
    coded = pd.DataFrame(
        {
            "extract_id": chosen["extract_id"],
            "code": chosen["code_id"].map(up).astype(object).where(lambda code: code.notna(), UNCODED),
            "stance": chosen["stance"],
            "primary": chosen["role"] == "primary",
        }
    )
    ids = evidence.extracts["extract_id"]
    without = ids[~ids.isin(coded.loc[coded["primary"], "extract_id"])]
    # A code that is left out for its basis leaves its stance: what countered it does not become support.
    primary = of_facet[of_facet["role"] == "primary"]
    left_out = primary.groupby("extract_id")["stance"].agg(set).to_dict()
    uncoded = pd.DataFrame(
        {
            "extract_id": list(without),
            "code": UNCODED,
            "stance": [column_taken("supports", *left_out.get(extract, ())) for extract in without],
            "primary": True,
        },
    ).astype({"extract_id": ids.dtype, "stance": coded["stance"].dtype})
    if facets.at[axis.facet, "exclusive"]:
        return pd.concat([coded, uncoded], ignore_index=True).assign(slot=0, optional=False)
    # Primary codes all hold, alternatives may; without a primary code either no alternative holds or some do.
    lacking = coded["extract_id"].isin(without)
    coded = coded.assign(slot=coded.index.where(~lacking, NO_PRIMARY), optional=~coded["primary"] & ~lacking)
    return pd.concat([coded, uncoded.assign(slot=NO_PRIMARY, optional=False)], ignore_index=True)


def _positions(evidence: Evidence, rows: Axis, columns: Axis) -> pd.DataFrame:
    """Return the position of each passage under each pair of options: `extract_id, row, column, …`.

    Sorted as the evidence is, so that lists of passages come in its order.
    """
    pairs = options(evidence, rows).merge(options(evidence, columns), on="extract_id", suffixes=("_row", "_column"))
    column = [
        column_taken(*taken)
        for taken in zip(pairs["code_column"], pairs["stance_row"], pairs["stance_column"], strict=True)
    ]
    found = pd.DataFrame(
        {
            "extract_id": pairs["extract_id"],
            "slots": list(zip(pairs["extract_id"], pairs["slot_row"], pairs["slot_column"], strict=True)),
            "row": pairs["code_row"],
            "column": column,
            "primary": pairs["primary_row"] & pairs["primary_column"],
            "optional": pairs["optional_row"] | pairs["optional_column"],
        }
    )
    return evidence.in_order(found)


def _with_margins(positions: pd.DataFrame) -> pd.DataFrame:
    """Repeat each position for the margins it counts in; `region` distinguishes the four kinds of region."""
    parts = []
    for number, region in enumerate(tallies.REGIONS):
        places = [region.place(*cell) for cell in zip(positions["row"], positions["column"], strict=True)]
        row, column = zip(*places, strict=True) if places else ((), ())
        parts.append(positions.assign(region=number, row=row, column=column))
    return pd.concat(parts, ignore_index=True)


def _in_every_reading(positions: pd.DataFrame) -> pd.Series:
    """Tell which positions a passage takes whatever is read: its slots leave no other position open."""
    taken = positions["row"] + "\n" + positions["column"]
    open_to = taken.groupby([positions["region"], positions["slots"]]).transform("nunique")
    return (open_to == 1) & ~positions["optional"]
