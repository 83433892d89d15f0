"""All allowed readings of a crosstab: what every passage can be read as, and how many readings there are."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis, Option
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import APART, NO_PRIMARY, UNITS
from analysis.support.errors import CompendiumError

Cell = tuple[str, str]
#: The cells that a passage counts in under one reading, in the order of the table.
Position = tuple[Cell, ...]
#: The codes that hold for a passage on one axis, each with its stance.
Coding = frozenset[tuple[str, str]]
#: A passage's coding of record on one axis, and all that it can be read as there with their numbers of readings.
Ways = tuple[Coding, Counter[Coding]]


class ReadingsError(CompendiumError):
    """A question about readings that cannot be answered as asked."""


@dataclass(frozen=True)
class Passage:
    """What one passage can be read as: each position with the number of readings of the passage that lead to it.

    The numbers have no common factor: a choice that leaves every position as it is is not counted.
    """

    extract_id: str
    of_record: Position
    positions: dict[Position, int]


@dataclass(frozen=True)
class AllowedReadings:
    """All allowed readings of a crosstab.

    `rows` and `columns` are the names of the table, margins included; `passages` are in the order
    of the evidence, and `units` groups them for each of UNITS, by the first passage of a unit.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    passages: tuple[Passage, ...]
    units: dict[str, tuple[tuple[Passage, ...], ...]]

    @property
    def number(self) -> int:
        """The number of readings that can differ in the table of supporting passages."""
        return combinations(self.passages, aside=False)


def number_of_readings(evidence: Evidence, rows: Axis, columns: Axis) -> int:
    """Return how many readings a crosstab allows: the combinations of the codes as coded that can change it.

    Passages that counter or give context are left out.
    Raises what `allowed_readings` does.
    """
    return allowed_readings(evidence, rows, columns).number


def allowed_readings(evidence: Evidence, rows: Axis, columns: Axis) -> AllowedReadings:
    """Return what every passage can be read as in the table that `crosstabs.crosstab` counts.

    Parameters
    ----------
    evidence : Evidence
        The coded study; its coding of record is read.
    rows, columns : Axis
        Two different facets.

    Raises
    ------
    CountsError
        For an unknown basis, or the same facet twice.
    StructureError
        For an unknown facet or level.
    """
    table = codings_in(evidence, rows, columns)
    passages = {
        extract: passage(extract, table.on_rows[extract], table.on_columns[extract], table.order)
        for extract in evidence.extracts["extract_id"]
    }
    units = {unit: _grouped(passages, crosstabs.unit_of_each(evidence, unit)) for unit in UNITS}
    return AllowedReadings(tuple(table.rows), tuple(table.columns), tuple(passages.values()), units)


def _grouped(passages: Mapping[str, Passage], unit_of: Mapping[str, str | None]) -> tuple[tuple[Passage, ...], ...]:
    """Return the passages of each unit; those without one are left out."""
    units: dict[str, list[Passage]] = {}
    for extract, unit in unit_of.items():
        if unit is not None:
            units.setdefault(unit, []).append(passages[extract])
    return tuple(map(tuple, units.values()))


# --- what a passage can be read as


@dataclass(frozen=True)
class Codings:
    """What each passage can be read as on the two axes of a table, whose cells have an `order`."""

    rows: list[str]
    columns: list[str]
    order: dict[Cell, int]
    on_rows: dict[str, Ways]
    on_columns: dict[str, Ways]


@lru_cache(maxsize=8)  # those who settle passages ask for it again and again
def codings_in(evidence: Evidence, rows: Axis, columns: Axis) -> Codings:
    """Return what each passage can be read as on the axes of a table; raise what `allowed_readings` does."""
    crosstabs.check_axes(rows, columns)
    row_names, column_names = crosstabs.labels(evidence, rows, columns)
    order = {cell: place for place, cell in enumerate(product(row_names, column_names))}
    on_rows, on_columns = (_codings(crosstabs.each_option(evidence, axis)) for axis in (rows, columns))
    return Codings(row_names, column_names, order, on_rows, on_columns)


def _codings(options: Iterable[Option]) -> dict[str, Ways]:
    slots: dict[str, dict[int, list[Option]]] = defaultdict(lambda: defaultdict(list))
    for option in options:
        slots[option.extract_id][option.slot].append(option)
    return {extract: (_of_record(of_passage), _ways(of_passage)) for extract, of_passage in slots.items()}


def _of_record(slots: Mapping[int, Sequence[Option]]) -> Coding:
    return frozenset((option.code, option.stance) for slot in slots.values() for option in slot if option.primary)


def _ways(slots: Mapping[int, Sequence[Option]]) -> Counter[Coding]:
    """Choose from each slot what `crosstabs.options` allows, merging equal sets of codes as they arise."""
    ways: Counter[Coding] = Counter({frozenset(): 1})
    for slot, alike in slots.items():
        held = [frozenset({(option.code, option.stance)}) for option in alike]
        if slot == NO_PRIMARY:
            for option, alone in zip(alike, held, strict=True):
                if not option.primary:
                    ways = _either(ways, [frozenset(), alone])
            ways[_of_record(slots)] += ways.pop(frozenset())
        else:
            ways = _either(ways, [*held, frozenset()] if alike[0].optional else held)
    return ways


def _either(ways: Counter[Coding], choices: Iterable[Coding]) -> Counter[Coding]:
    wider: Counter[Coding] = Counter()
    for (held, number), more in product(ways.items(), choices):
        wider[held | more] += number
    return wider


def passage(extract_id: str, on_rows: Ways, on_columns: Ways, order: Mapping[Cell, int]) -> Passage:
    """Cross what a passage can be read as on two axes; positions in the order of the table."""

    def position(row_coding: Coding, column_coding: Coding) -> Position:
        cells = {
            (row, crosstabs.column_taken(column, row_stance, column_stance))
            for (row, row_stance), (column, column_stance) in product(row_coding, column_coding)
        }
        return tuple(sorted(cells, key=order.__getitem__))

    found: Counter[Position] = Counter()
    for (row_coding, row_ways), (column_coding, column_ways) in product(on_rows[1].items(), on_columns[1].items()):
        found[position(row_coding, column_coding)] += row_ways * column_ways
    in_order = sorted(found, key=lambda cells: [order[cell] for cell in cells])
    repeated = math.gcd(*found.values())
    positions = {cells: found[cells] // repeated for cells in in_order}
    return Passage(extract_id, position(on_rows[0], on_columns[0]), positions)


def combinations(passages: Iterable[Passage], aside: bool) -> int:
    """Return the number of readings; `aside` counts those, too, that differ only in what counters or gives context."""
    number = 1
    for passage in passages:
        effects: Counter[Position] = Counter()
        for position, readings in passage.positions.items():
            effects[position if aside else tuple(cell for cell in position if cell[1] not in APART)] += readings
        number *= sum(effects.values()) // math.gcd(*effects.values())
    return number
