"""Counts of units by row and column of any frame, in memory or in a database, at the size of an archive.

A *long frame* has one line for each position that a passage takes in a table: its row, its column, and the units it
belongs to (passage, distinct statement, interviewee). Any frame that Narwhals takes will do: pandas, Polars, a DuckDB
relation, PyArrow, Spark. The margins are not the sums of their cells: a unit with passages in several cells counts once
in each, and once in the margin.

How. In pandas (and PyArrow, as pandas) units become integer codes, lines are put in the order of their cells, and a
place is counted by marking the codes in it. Every other engine is asked, in one pass for each unit, which *set of
cells* each unit is in, as bits of integers, and how many units share a set: the sets are few, leave the engine
alone, and give all cells and margins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal, NamedTuple, Protocol

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.study.vocabulary import ALL, APART, UNITS
from analysis.support.errors import CompendiumError

# How widely integers may be spread, for each line of the frame, and still serve as codes as they are.
_SPREAD = 4
# A part of the frame with fewer lines than this share of all units is counted by hashing them.
_FEW = 1 / 200
# Cells in one integer of a set; a signed one of 64 bits can hold a bit more, and stays positive with these.
_BITS = 62

_Place = tuple[str, str]
_Counts = dict[_Place, int]


class TallyError(CompendiumError):
    """A frame that cannot be counted."""


class Region(NamedTuple):
    """Whether all rows, or all columns, are counted together: the cells, the two margins, and the corner."""

    all_rows: bool
    all_columns: bool

    def place(self, row: str, column: str) -> _Place:
        """Return where a cell is counted in this region.

        >>> Region(False, True).place("resource", "initiation"), Region(True, True).place("resource", "context")
        (('resource', 'all'), ('all', 'context'))
        """
        return ALL if self.all_rows else row, ALL if self.all_columns and column not in APART else column


#: The cells, the margins and the corner.
REGIONS = tuple(Region(*both) for both in product((False, True), repeat=2))


def tally(frame: Any, units: Sequence[str] = UNITS) -> pd.DataFrame:
    """Count units in every cell and margin of a long frame.

    Parameters
    ----------
    frame : any frame that Narwhals takes
        One line for each position of a passage: `row` and `column` (text) and a column for each unit (text or
        integers; missing where a passage has no such unit, as a document has no interviewee).
    units : names of columns
        What is counted, once in each place however many lines it has there.

    Returns
    -------
    DataFrame
        `unit, row, column, count`, for the places that have any, sorted by name. Row `all` gathers all rows; column
        `all` those that support a code, which `counters` and `context` do not.

    Raises
    ------
    TallyError
        For what is not a frame, for a missing column or label, and for a row or column that is named like a margin.
    """
    engine = _engine(frame, units)
    for kind, named in (("row", [row for row, _ in engine.cells]), ("column", [column for _, column in engine.cells])):
        if ALL in named:
            raise TallyError(f"A {kind} of the frame is called {ALL!r}, which is the name of a margin. Rename it.")
    return _counted(engine, units, REGIONS)


def distinct(frame: Any, units: Sequence[str] = UNITS) -> pd.DataFrame:
    """Count units in every cell of a long frame, and in no margin; otherwise like `tally`."""
    return _counted(_engine(frame, units), units, REGIONS[:1])


class _Engine(Protocol):
    """Something that counts distinct units of a frame; `cells` are those that it has lines in."""

    @property
    def cells(self) -> Sequence[_Place]: ...

    def counts(self, unit: str, places: Mapping[_Place, Sequence[_Place]]) -> _Counts:
        """Return the number of units in each place, given the cells that make it up."""


def _counted(engine: _Engine, units: Sequence[str], regions: Sequence[Region]) -> pd.DataFrame:
    places = _places(engine.cells, regions)
    rows: list[tuple[str, str, str, int]] = []
    for unit in units:
        counts = engine.counts(unit, places) if places else {}
        rows += sorted((unit, *place, number) for place, number in counts.items() if number)
    return pd.DataFrame(rows, columns=["unit", "row", "column", "count"])


def _places(cells: Iterable[_Place], regions: Sequence[Region]) -> dict[_Place, list[_Place]]:
    """Return the cells that are counted together in each place of some regions."""
    together: dict[_Place, dict[_Place, None]] = {}
    for region, cell in product(regions, cells):
        together.setdefault(region.place(*cell), {})[cell] = None
    return {place: list(found) for place, found in together.items()}


def _engine(native: Any, units: Sequence[str]) -> _Engine:
    """Return what counts a frame, which has to have the columns that are counted."""
    try:
        frame: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(native)
    except TypeError:
        raise TallyError(
            f"A {type(native).__name__} is not a frame that can be counted. Give one of pandas, Polars, DuckDB, "
            "PyArrow or Spark."
        ) from None
    columns = frame.collect_schema().names()
    if missing := [name for name in ("row", "column", *units) if name not in columns]:
        raise TallyError(
            f"The frame has no column {', '.join(missing)}; it has {', '.join(columns)}. Rename its columns."
        )
    if isinstance(frame, nw.LazyFrame):
        return _Queried(frame)
    return _Queried(frame.lazy()) if frame.implementation.is_polars() else _Coded(frame.to_pandas())


def _check_labels(kind: str, labels: Iterable[Any]) -> None:
    """Raise TallyError for the label of a row or column that is missing."""
    if any(pd.isna(label) for label in labels):
        raise TallyError(f"A {kind} of the frame is missing. Name it, for example 'uncoded'.")


class _Coded:
    """A frame in memory, as integer codes: lines in the order of their cells, so that a cell is a slice."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        rows, row_labels = pd.factorize(frame["row"], use_na_sentinel=False)
        columns, column_labels = pd.factorize(frame["column"], use_na_sentinel=False)
        _check_labels("row", row_labels)
        _check_labels("column", column_labels)
        grid = list(product(map(str, row_labels), map(str, column_labels)))
        cells = rows * len(column_labels) + columns
        # numpy sorts integers of up to 16 bits by counting them.
        self.order = np.argsort(cells.astype(np.min_scalar_type(len(grid))), kind="stable")
        ends = np.cumsum(np.bincount(cells, minlength=len(grid))).tolist()
        bounds = zip(grid, [0, *ends], ends, strict=False)
        self.slices = {cell: slice(start, end) for cell, start, end in bounds if end > start}
        self.cells = list(self.slices)

    def counts(self, unit: str, places: Mapping[_Place, Sequence[_Place]]) -> _Counts:
        codes, number = _codes(self.frame[unit])
        codes = codes[self.order]
        return {
            place: _different([codes[self.slices[cell]] for cell in cells], number) for place, cells in places.items()
        }


def _codes(units: pd.Series) -> tuple[np.ndarray, int]:
    """Return units as integers from zero and the number these stay below; only missing ones have that number itself."""
    if isinstance(units.dtype, np.dtype) and units.dtype.kind in "iu" and len(units):
        lowest, highest = int(units.min()), int(units.max())
        if highest - lowest < _SPREAD * len(units):
            return _short(units.to_numpy() - lowest, highest - lowest + 1), highest - lowest + 1
    codes, values = pd.factorize(units)
    codes[codes < 0] = len(values)
    return _short(codes, len(values)), len(values)


def _short(codes: np.ndarray, number: int) -> np.ndarray:
    """Return codes in half the memory, if they fit: they are moved about in less than half the time."""
    return codes.astype(np.int32) if number < np.iinfo(np.int32).max else codes


def _different(parts: Sequence[np.ndarray], number: int) -> int:
    """Count the different codes below a number."""
    codes = parts[0] if len(parts) == 1 else np.concatenate(parts)
    if len(codes) < number * _FEW:
        return int(np.count_nonzero(pd.unique(codes) < number))
    seen = np.zeros(number + 1, dtype=bool)
    seen[codes] = True
    return int(np.count_nonzero(seen[:number]))


class _Queried:
    """A frame of an engine that groups by itself; only labels and counts leave it."""

    def __init__(self, frame: nw.LazyFrame[Any]) -> None:
        self.frame = frame
        # Into what the engine's answer comes without a further package.
        self.backend: Literal["polars", "pandas"] = "polars" if frame.implementation.is_polars() else "pandas"
        found = frame.group_by("row", "column").agg(nw.len().alias("lines")).collect(self.backend)
        self.rows, self.columns = (sorted(set(found[name].to_list()), key=str) for name in ("row", "column"))
        _check_labels("row", self.rows)
        _check_labels("column", self.columns)
        self.cells = [(str(row), str(column)) for row, column in zip(found["row"], found["column"], strict=True)]

    def counts(self, unit: str, places: Mapping[_Place, Sequence[_Place]]) -> _Counts:
        words = list(_words(self.rows, self.columns))
        names = [f"word{n}" for n in range(len(words))]
        bits = {
            name: _either("row", rows) * _either("column", columns)
            for name, (rows, columns) in zip(names, words, strict=True)
        }
        lines = self.frame.select(unit=nw.col(unit), **bits).filter(~nw.col("unit").is_null())
        shared = _sets(lines, names).group_by(*names).agg(nw.len().alias("units")).collect(self.backend)
        sets = [shared[name].to_numpy() for name in names]
        units = shared["units"].to_numpy()
        bit_of = {
            (str(row), str(column)): (n, row_bit * column_bit)
            for n, (rows, columns) in enumerate(words)
            for (row, row_bit), (column, column_bit) in product(rows.items(), columns.items())
        }
        counts: _Counts = {}
        for place, cells in places.items():
            there = np.zeros(len(units), dtype=bool)
            for n, bit in map(bit_of.__getitem__, cells):
                there |= (sets[n] & bit) != 0
            counts[place] = int(units[there].sum())
        return counts


def _words(rows: Sequence[Any], columns: Sequence[Any]) -> Iterator[tuple[dict[Any, int], dict[Any, int]]]:
    """Divide the cells of a table among integers: the bits of the rows and of the columns, to be multiplied."""
    for first in range(0, len(columns), _BITS):
        some = columns[first : first + _BITS]
        high = _BITS // len(some)
        for top in range(0, len(rows), high):
            row_bits = {row: 2 ** (n * len(some)) for n, row in enumerate(rows[top : top + high])}
            yield row_bits, {column: 2**n for n, column in enumerate(some)}


def _either(column: str, values: Mapping[Any, int]) -> nw.Expr:
    """Return the integer for the label in a column, zero where none does."""
    chosen: nw.Expr = nw.lit(0)
    for label, value in values.items():
        chosen = nw.when(nw.col(column) == label).then(nw.lit(value)).otherwise(chosen)
    return chosen.cast(nw.Int64)


def _sets(lines: nw.LazyFrame[Any], words: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return one line for each unit, with the bits of all its lines put together.

    Narwhals has no such aggregation. The engines that have one are asked for it in their own words; of another,
    the bits of different lines are added.
    """
    native, engine = lines.to_native(), lines.implementation
    if engine.is_polars():
        column = engine.to_native_namespace().col
        united = native.group_by("unit").agg(column(word).bitwise_or() for word in words)
    elif engine.is_duckdb():
        united = native.aggregate(", ".join(["unit", *(f"bit_or({word}) AS {word}" for word in words)]), "unit")
    elif engine.is_pyspark():
        from pyspark.sql.functions import expr

        united = native.groupBy("unit").agg(*(expr(f"bit_or({word})").alias(word) for word in words))
    else:
        return lines.unique().group_by("unit").agg(*(nw.col(word).sum() for word in words))
    both: nw.LazyFrame[Any] = nw.from_native(united)
    return both
