"""The distribution of a count, or of the difference of two counts, over all allowed readings."""

import math
import operator
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt

from analysis.counting import crosstabs
from analysis.counting.readings.allowed import AllowedReadings, Cell, Passage, Position, ReadingsError, combinations
from analysis.study.vocabulary import ALL, APART, CONTEXT, COUNTERS

#: For each of some regions, whether a unit is in it.
Hits = tuple[bool, ...]
#: Passages of one unit, by their place in it, with the position each is read at instead of its own.
Changes = tuple[tuple[int, Position], ...]
#: Coefficients of a polynomial, the constant first.
Polynomial = tuple[int, ...]
_UNREACHABLE = 2**30


@dataclass(frozen=True)
class Distribution:
    """How many readings give each value of a count or of a difference, in ascending order of the value."""

    of_record: int
    readings: dict[int, int]

    @property
    def lowest(self) -> int:
        """The lowest value that some reading gives."""
        return min(self.readings)

    @property
    def highest(self) -> int:
        """The highest value that some reading gives."""
        return max(self.readings)

    def share(self, holds: Callable[[int], bool]) -> Fraction:
        """Return the exact share of readings whose value has a property.

        >>> Distribution(1, {0: 1, 1: 2, 2: 1}).share(lambda value: value > 0)
        Fraction(3, 4)
        """
        return Fraction(
            sum(number for value, number in self.readings.items() if holds(value)), sum(self.readings.values())
        )


@dataclass(frozen=True)
class Comparison:
    """Whether one region has more units than another: the difference of their counts over all readings.

    `tipping` is a smallest set of re-readings, passage by passage with the position each is read at
    instead, that reverses the verdict: from more to not more, or from not more to more. None where no
    reading does.
    """

    difference: Distribution
    tipping: dict[str, Position] | None

    @property
    def more(self) -> Fraction:
        """The share of readings in which the first region has more units."""
        return self.difference.share(lambda value: value > 0)


def count_distribution(allowed: AllowedReadings, region: Collection[Cell], unit: str = "passage") -> Distribution:
    """Return how many readings put how many units into a region of the table.

    Parameters
    ----------
    allowed : AllowedReadings
        Of `allowed_readings`.
    region : collection of (row, column)
        Cells of the table. `vocabulary.ALL` means every row, or every column of supporting
        passages. A unit counts once, however many cells of the region it is in.
    unit : one of UNITS
        What is counted.

    Returns
    -------
    Distribution
        The count, its range and its distribution. The numbers of readings add up to `allowed.number`;
        if the region has cells of passages that counter or give context, choices among these count too.

    Raises
    ------
    CountsError
        For an unknown unit.
    ReadingsError
        For a first region without cells, a region with an unknown row or column.
    """
    return _distribution(allowed, (_cells(allowed, region),), unit)


def compare(
    allowed: AllowedReadings, first: Collection[Cell], second: Collection[Cell], unit: str = "passage"
) -> Comparison:
    """Compare the numbers of units in two regions over all readings.

    Parameters
    ----------
    allowed : AllowedReadings
        Of `allowed_readings`.
    first, second : collection of (row, column)
        Two regions without a common cell, as in `count_distribution`. Without a second one (empty),
        the first is compared with nothing: are there any units in it?
    unit : one of UNITS
        What is counted. A unit with passages in both regions counts in both.

    Returns
    -------
    Comparison
        The difference (first less second), and the tipping passages. Of several smallest sets it has
        the units and, within a unit, the passages that come first in the evidence, and of several
        positions of a passage the first in the table.

    Raises
    ------
    CountsError
        For an unknown unit.
    ReadingsError
        For a first region without cells, a region with an unknown row or column, or for regions that overlap.
    """
    regions = regions_of(allowed, first, second)
    difference = _distribution(allowed, regions, unit)
    return Comparison(difference, _tipping(allowed.units[unit], regions, difference.of_record))


# --- counts and differences of counts


def regions_of(
    allowed: AllowedReadings, first: Collection[Cell], second: Collection[Cell]
) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """Return the cells of two regions without margins; raise ReadingsError as `compare` does."""
    regions = _cells(allowed, first), _cells(allowed, second) if second else frozenset[Cell]()
    if common := sorted(regions[0] & regions[1]):
        raise ReadingsError(f"The two regions share the cell {common[0]}. Compare regions that do not overlap.")
    return regions


def _cells(allowed: AllowedReadings, region: Collection[Cell]) -> frozenset[Cell]:
    """Return the cells of a region without margins."""
    if not region:
        raise ReadingsError("The region names no cell. Give at least one (row, column).")
    supporting = [name for name in allowed.columns if name not in (ALL, COUNTERS, CONTEXT)]
    cells: set[Cell] = set()
    for row, column in region:
        for kind, name, known in (("row", row, allowed.rows), ("column", column, allowed.columns)):
            if name not in known:
                raise ReadingsError(f"The table has no {kind} {name!r}. Choose one of: {', '.join(known)}.")
        rows = [name for name in allowed.rows if name != ALL] if row == ALL else [row]
        cells.update(product(rows, supporting if column == ALL else [column]))
    return frozenset(cells)


def _hits(position: Position, regions: Sequence[frozenset[Cell]]) -> Hits:
    return tuple([not region.isdisjoint(position) for region in regions])  # a generator would take twice as long


def _joined(some: Hits, others: Hits) -> Hits:
    """A unit is in a region as soon as one of its passages is."""
    return tuple(map(operator.or_, some, others))


def value_of(hits: Hits) -> int:
    """Return what a unit adds to a count (of one region), or to the difference of two."""
    return hits[0] - sum(hits[1:])


def hits_of_record(unit: Iterable[Passage], regions: Sequence[frozenset[Cell]]) -> Hits:
    """Return in which of some regions a unit is as coded."""
    hits = (False,) * len(regions)
    for passage in unit:
        hits = _joined(hits, _hits(passage.of_record, regions))
    return hits


def unit_values(unit: Iterable[Passage], regions: Sequence[frozenset[Cell]]) -> Counter[int]:
    """Return how many readings of the passages of one unit give which value."""
    values: Counter[int] = Counter()
    for hits, number in unit_hits(unit, regions).items():
        values[value_of(hits)] += number
    return values


def unit_hits(unit: Iterable[Passage], regions: Sequence[frozenset[Cell]]) -> Counter[Hits]:
    """Return how many readings of the passages of one unit put it into which of some regions."""
    found: Counter[Hits] = Counter()
    for passage in unit:
        of_passage: Counter[Hits] = Counter()
        for position, number in passage.positions.items():
            of_passage[_hits(position, regions)] += number
        if not found:  # most units have one passage
            found = of_passage
            continue
        wider: Counter[Hits] = Counter()
        for (hits, number), (more, further) in product(found.items(), of_passage.items()):
            wider[_joined(hits, more)] += number * further
        found = wider
    return found or Counter({(False,) * len(regions): 1})


def share_in_every(allowed: AllowedReadings, regions: Sequence[Collection[Cell]]) -> Fraction:
    """Return the share of readings in which every one of some regions has a passage.

    Raises ReadingsError as `count_distribution` does.
    """
    # All passages together are in a region as soon as one of them is, like the passages of one unit.
    found = unit_hits(allowed.passages, [_cells(allowed, region) for region in regions])
    return Fraction(found[(True,) * len(regions)], sum(found.values()))


def _distribution(allowed: AllowedReadings, regions: Sequence[frozenset[Cell]], unit: str) -> Distribution:
    """Multiply the polynomials of all units, equal ones at once."""
    crosstabs.check_unit(unit)
    units = allowed.units[unit]
    lowest = 0
    factors: Counter[Polynomial] = Counter()
    for passages in units:
        values = unit_values(passages, regions)
        start, end = min(values), max(values)
        # Without its common factor and its lowest power, a unit that cannot change is 1, and more units are alike.
        divisor = math.gcd(*values.values())
        factors[tuple(values[value] // divisor for value in range(start, end + 1))] += 1
        lowest += start
    aside = any(column in APART for region in regions for _, column in region)
    common = combinations(allowed.passages, aside) // math.prod(
        sum(factor) ** times for factor, times in factors.items()
    )
    coefficients = product_of([_power(factor, times) for factor, times in factors.items()])
    return Distribution(
        of_record=sum(value_of(hits_of_record(passages, regions)) for passages in units),
        readings={lowest + power: common * number for power, number in enumerate(coefficients) if number},
    )


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    """Multiply two polynomials without negative coefficients as two integers (Kronecker substitution [3]_).

    Every coefficient of the product gets as many bytes as the largest can need, so that the fast
    multiplication of long integers does all the work.

    >>> _times((1, 1), (1, 2, 1))
    (1, 3, 3, 1)
    """
    width = (sum(one) * sum(other)).bit_length() // 8 + 1
    size = (len(one) + len(other) - 1) * width
    digits = (_packed(one, width) * _packed(other, width)).to_bytes(size, "little")
    return tuple(int.from_bytes(digits[start : start + width], "little") for start in range(0, size, width))


def _packed(polynomial: Polynomial, width: int) -> int:
    return int.from_bytes(b"".join(number.to_bytes(width, "little") for number in polynomial), "little")


def _power(polynomial: Polynomial, exponent: int) -> Polynomial:
    """Raise a polynomial to a positive power by squaring.

    >>> _power((1, 1), 4)
    (1, 4, 6, 4, 1)
    """
    if exponent == 1:
        return polynomial
    half = _power(polynomial, exponent // 2)
    squared = _times(half, half)
    return _times(squared, polynomial) if exponent % 2 else squared


def product_of(polynomials: Sequence[Polynomial]) -> Polynomial:
    """Multiply by halves, so that the factors of each product are of like length."""
    if len(polynomials) <= 1:
        return polynomials[0] if polynomials else (1,)
    half = len(polynomials) // 2
    return _times(product_of(polynomials[:half]), product_of(polynomials[half:]))


# --- tipping passages


def _tipping(
    units: Iterable[Sequence[Passage]], regions: Sequence[frozenset[Cell]], of_record: int
) -> dict[str, Position] | None:
    """Find a smallest set of re-readings that turns a difference (above zero or not), or None.

    Units are independent and each moves the difference by one or two at most, so that the fewest
    re-readings among the units from the i-th on, for each distance still to go, follow from those
    from the next unit on; reading this table forwards gives the set.
    """
    direction, distance = (-1, of_record) if of_record > 0 else (1, 1 - of_record)
    movable = [(unit, moves) for unit in units if len(moves := _moves(unit, regions, direction)) > 1]
    left = np.arange(distance + 1)
    fewest = np.full((len(movable) + 1, distance + 1), _UNREACHABLE, dtype=np.int32)
    fewest[-1, 0] = 0

    def through(place: int, gain: int) -> npt.NDArray[np.int32]:
        """Return the fewest re-readings if this unit gains so much, for each distance."""
        after: npt.NDArray[np.int32] = fewest[place + 1, np.maximum(left - gain, 0)]
        return after + np.int32(len(movable[place][1][gain]))

    for place in reversed(range(len(movable))):
        fewest[place] = np.min([through(place, gain) for gain in movable[place][1]], axis=0)
    if fewest[0, distance] >= _UNREACHABLE:
        return None
    found: dict[str, Position] = {}
    for place, (unit, moves) in enumerate(movable):
        best = [gain for gain in moves if through(place, gain)[distance] == fewest[place, distance]]
        # As far as possible with the units that come first, but no further than needed.
        gain = min(best, key=lambda gain: (max(distance - gain, 0), gain))
        found.update((unit[member].extract_id, position) for member, position in moves[gain])
        distance = max(distance - gain, 0)
    return found


def _moves(unit: Sequence[Passage], regions: Sequence[frozenset[Cell]], direction: int) -> dict[int, Changes]:
    """Return the fewest re-readings of one unit for each gain, in one direction, that it allows (none included)."""
    at_first = value_of(hits_of_record(unit, regions))
    moves: dict[int, Changes] = {}
    for hits, changes in _fewest_changes(unit, regions).items():
        gain = direction * (value_of(hits) - at_first)
        if gain >= 0 and (gain not in moves or _rank(changes) < _rank(moves[gain])):
            moves[gain] = changes
    return moves


def _fewest_changes(unit: Sequence[Passage], regions: Sequence[frozenset[Cell]]) -> dict[Hits, Changes]:
    """Return the fewest re-readings of the passages of one unit for each combination of regions it can be in."""
    found: dict[Hits, Changes] = {(False,) * len(regions): ()}
    for member, passage in enumerate(unit):
        # The coding of record goes first, then the first position in the table for each combination of regions.
        ways: dict[Hits, Changes] = {_hits(passage.of_record, regions): ()}
        for position in passage.positions:
            ways.setdefault(_hits(position, regions), ((member, position),))
        wider: dict[Hits, Changes] = {}
        for (hits, changes), (more, change) in product(found.items(), ways.items()):
            joined, candidate = _joined(hits, more), changes + change
            if joined not in wider or _rank(candidate) < _rank(wider[joined]):
                wider[joined] = candidate
        found = wider
    return found


def _rank(changes: Changes) -> tuple[int, list[int]]:
    """Fewer re-readings go first, then those of earlier passages."""
    return len(changes), [member for member, _ in changes]
