"""The exact distribution of counts, comparisons and statistics over all allowed readings of a crosstab.

Where the words of a passage allow several codes, a count is one of many that the same passages
allow. `analysis.counts` gives its lowest and highest value; here is how many readings give which
value, what share of the readings bears a comparison out, and how few re-readings turn it.

A *reading* of a crosstab chooses for every passage, on both facets, among the codes as they were
coded (an exclusive facet: the primary code or one alternative; another: all primary codes and any
of the alternatives). Choices that cannot change the table of supporting passages are not counted: a
passage that counters or gives context in every reading, and codes that all roll up to one. Each of
them multiplies all numbers of readings alike, so that leaving it out changes no share. Where only
some codes of a passage lead to the same cell, each still counts as a reading, since without it the
shares would change. Passages that a unit leaves out, as interviewees do documents, are read like all
others, so that each distribution is over the same readings.

Readings multiply, but passages are read independently of one another, so nothing here walks through
them. A unit contributes a small polynomial whose exponents are values and whose coefficients are
numbers of readings, and the product over units is the distribution: the generating function of a
Poisson binomial count [1]_ with whole numbers in place of probabilities. Whole tables are built
passage by passage, and equal partial tables are merged on the way, as in the network algorithm for
exact tests [2]_. A share of readings says how far a result hangs on the choice among allowed codes.
It is no probability: nobody says that all readings are equally plausible.

References
----------
.. [1] Y. H. Wang (1993), On the number of successes in independent trials, Statistica Sinica 3.
.. [2] C. R. Mehta and N. R. Patel (1983), A network algorithm for performing Fisher's exact test in
   r x c contingency tables, Journal of the American Statistical Association 78.
.. [3] D. Harvey (2009), Faster polynomial multiplication via multipoint Kronecker substitution,
   Journal of Symbolic Computation 44.
.. [4] R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The American
   Statistician 50.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import counts
from analysis.counts import ALL, CONTEXT, COUNTERS, NO_PRIMARY, UNITS, Axis
from analysis.evidence import Evidence
from analysis.faults import CompendiumError

Cell = tuple[str, str]
#: The cells that a passage counts in under one reading, in the order of the table.
Position = tuple[Cell, ...]
#: The codes that hold for a passage on one axis, each with its stance.
Coding = frozenset[tuple[str, str]]
#: For each of some regions, whether a unit is in it.
Hits = tuple[bool, ...]
#: Passages of one unit, by their place in it, with the position each is read at instead of its own.
Changes = tuple[tuple[int, Position], ...]
#: Coefficients of a polynomial, the constant first.
Polynomial = tuple[int, ...]
Integers = npt.NDArray[Any]  # int64, or Python integers where the numbers of readings outgrow it
Floats = npt.NDArray[np.float64]
Statistic = Callable[[npt.NDArray[np.int64]], Floats]

#: Whole tables are exact as long as no step adds up more pairs of partial tables than this, each
#: pair counted once for every 64 bits that the number of all readings has.
MOST_SUMS = 2**22
#: Readings that are drawn where the tables are too many.
SAMPLES = 20_000
SEED = 20241
_ASIDE = (COUNTERS, CONTEXT)  # columns of passages that support no code
_WORD = 2**63  # an int64 is less
_BATCH = 2**16  # tables handed to a statistic at once
_UNREACHABLE = 2**30


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
        return _number(self.passages, aside=False)


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
    instead, that turns the verdict: from more to not more, or from not more to more. None where no
    reading turns it.
    """

    difference: Distribution
    tipping: dict[str, Position] | None

    @property
    def more(self) -> Fraction:
        """The share of readings in which the first region has more units."""
        return self.difference.share(lambda value: value > 0)

    @property
    def as_many(self) -> Fraction:
        """The share of readings in which both have the same number."""
        return self.difference.share(lambda value: value == 0)

    @property
    def fewer(self) -> Fraction:
        """The share of readings in which the first region has fewer units."""
        return self.difference.share(lambda value: value < 0)


@dataclass(frozen=True, eq=False)
class StatisticDistribution:
    """The distribution of a statistic of the whole table over all readings, or over a sample of them.

    Attributes
    ----------
    of_record : float
        The statistic of the table as it is coded; nan where it is not defined.
    exact : bool
        Whether `values` covers every reading. Otherwise everything but `of_record` and `readings`
        is of a sample, and the true lowest and highest value may lie further out.
    readings : int
        The number of readings there are.
    tables : int
        The number of distinct tables that they give or, if not exact, of readings drawn.
    seed : int or None
        What the sample was drawn with; None if exact.
    values, weights : array of shape (number of tables where the statistic is defined,)
        The values, ascending, and the number of readings (or of draws) behind each. Weights are
        int64, or Python integers where these do not suffice.
    undefined : Fraction
        The share of readings (or of draws) in which the statistic is not defined.
    """

    of_record: float
    exact: bool
    readings: int
    tables: int
    seed: int | None
    values: Floats
    weights: Integers
    undefined: Fraction

    @property
    def lowest(self) -> float:
        """The lowest value, nan where the statistic is never defined."""
        return float(self.values[0]) if len(self.values) else math.nan

    @property
    def highest(self) -> float:
        """The highest value, nan where the statistic is never defined."""
        return float(self.values[-1]) if len(self.values) else math.nan

    def quantile(self, share: float | Fraction) -> float:
        """Return the smallest value that at least this share of the readings with a value does not exceed.

        The inverse of the distribution function, type 1 of Hyndman and Fan [4]_, exact in the numbers
        of readings; a float is taken as the decimal number it prints as. Returns nan where the
        statistic is never defined; raises ReadingsError for a share outside 0 to 1.
        """
        wanted = Fraction(str(share)) if math.isfinite(share) else Fraction(-1)
        if not 0 <= wanted <= 1:
            raise ReadingsError(f"There is no quantile {share}. Choose a share from 0 to 1.")
        if not len(self.values):
            return math.nan
        reached = np.cumsum(self.weights)
        return float(self.values[np.searchsorted(reached, max(1, math.ceil(wanted * int(reached[-1]))))])

    def at_least_as_coded(self) -> Fraction:
        """Return the share of readings (or of draws) in which the statistic is no lower than as coded.

        Readings without a value count in the whole. The share is zero where the statistic is not
        defined as coded.
        """
        if not self.weights.sum():
            return Fraction(0)
        # The same table can give another last digit in a batch of other size.
        as_high = (self.values > self.of_record) | np.isclose(self.values, self.of_record, rtol=1e-12, atol=0)
        reached = int(self.weights[as_high].sum())
        return (1 - self.undefined) * Fraction(reached, int(self.weights.sum()))


def number_of_readings(evidence: Evidence, rows: Axis, columns: Axis) -> int:
    """Return how many readings a crosstab allows: the combinations of the codes as coded that can change it.

    Only the table of supporting passages is meant: what counters or gives context is left out.
    Raises what `allowed_readings` does.
    """
    return allowed_readings(evidence, rows, columns).number


def allowed_readings(evidence: Evidence, rows: Axis, columns: Axis) -> AllowedReadings:
    """Return what every passage can be read as in the table that `counts.crosstab` counts.

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
    counts.check_axes(rows, columns)
    row_names, column_names = counts.labels(evidence, rows, columns)
    order = {cell: place for place, cell in enumerate(product(row_names, column_names))}
    on_rows, on_columns = (_codings(counts.options(evidence, axis)) for axis in (rows, columns))
    passages = {
        extract: _passage(extract, on_rows[extract], on_columns[extract], order)
        for extract in evidence.extracts["extract_id"]
    }
    units = {
        unit: tuple(
            tuple(passages[extract] for extract in extracts)
            for _, extracts in evidence.passages.groupby(unit, sort=False)["extract_id"]
        )
        for unit in UNITS
    }
    return AllowedReadings(tuple(row_names), tuple(column_names), tuple(passages.values()), units)


def count_distribution(allowed: AllowedReadings, region: Collection[Cell], unit: str = "passage") -> Distribution:
    """Return how many readings put how many units into a region of the table.

    Parameters
    ----------
    allowed : AllowedReadings
        Of `allowed_readings`.
    region : collection of (row, column)
        Cells of the table. `counts.ALL` stands for every row, or for every column of supporting
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
    regions = _cells(allowed, first), _cells(allowed, second) if second else frozenset[Cell]()
    if common := sorted(regions[0] & regions[1]):
        raise ReadingsError(f"The two regions share the cell {common[0]}. Compare regions that do not overlap.")
    difference = _distribution(allowed, regions, unit)
    return Comparison(difference, _tipping(allowed.units[unit], regions, difference.of_record))


def statistic_distribution(
    allowed: AllowedReadings, statistic: Statistic, rows: Sequence[str], columns: Sequence[str], seed: int = SEED
) -> StatisticDistribution:
    """Return the distribution of a statistic of the table of supporting passages over all readings.

    Parameters
    ----------
    allowed : AllowedReadings
        Of `allowed_readings`.
    statistic : callable
        Takes integer counts of shape (n tables, rows, columns), returns floats of shape (n tables,),
        nan where it is not defined.
    rows, columns : sequence of str
        The codes (or `counts.UNCODED`) that make the table, in its order. A passage read as anything
        else is not in the table.
    seed : int
        For drawing readings, each as likely as any other, where the tables are too many: see
        MOST_SUMS and SAMPLES.

    Raises
    ------
    ReadingsError
        For an unknown code, a code named twice, no codes, or a statistic of another shape.
    """
    _check_codes("row", rows, [name for name in allowed.rows if name != ALL])
    _check_codes("column", columns, [name for name in allowed.columns if name not in (ALL, COUNTERS, CONTEXT)])
    place = {cell: number for number, cell in enumerate(product(rows, columns))}
    shape = len(rows), len(columns)
    always, exchangeable = _exchangeable(allowed.passages, place)
    of_record = np.zeros((1, len(place)), dtype=np.int64)
    for passage in allowed.passages:
        of_record[0, [place[cell] for cell in passage.of_record if cell in place]] += 1
    exact = _distinct_tables(exchangeable, always)
    tables, weights = exact or ([_drawn_tables(exchangeable, always, seed)], np.ones(SAMPLES, dtype=np.int64))
    values = _evaluated(statistic, tables, shape)
    defined = ~np.isnan(values)
    order = np.argsort(values[defined], kind="stable")
    total, known = int(weights.sum()), int(weights[defined].sum())
    # Passages that cannot change these rows and columns multiply all weights alike.
    common = allowed.number // total if exact else 1
    if common > 1:
        weights = weights * common if allowed.number < _WORD else weights.astype(object) * common
    return StatisticDistribution(
        of_record=float(_evaluated(statistic, [of_record], shape)[0]),
        exact=exact is not None,
        readings=allowed.number,
        tables=len(values),
        seed=None if exact else seed,
        values=values[defined][order],
        weights=weights[defined][order],
        undefined=1 - Fraction(known, total),
    )


# --- what a passage can be read as


def _codings(options: pd.DataFrame) -> dict[str, tuple[Coding, Counter[Coding]]]:
    """Return for each passage its coding of record on one axis, and all others with their numbers of readings."""
    slots: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for extract, slot, option in zip(options["extract_id"], options["slot"], options.itertuples(), strict=True):
        slots[extract][slot].append(option)
    return {extract: (_of_record(of_passage), _ways(of_passage)) for extract, of_passage in slots.items()}


def _of_record(slots: Mapping[int, Sequence[Any]]) -> Coding:
    return frozenset((option.code, option.stance) for slot in slots.values() for option in slot if option.primary)


def _ways(slots: Mapping[int, Sequence[Any]]) -> Counter[Coding]:
    """Choose from each slot what `counts.options` allows, merging equal sets of codes as they arise."""
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


def _passage(
    extract_id: str,
    on_rows: tuple[Coding, Counter[Coding]],
    on_columns: tuple[Coding, Counter[Coding]],
    order: Mapping[Cell, int],
) -> Passage:
    """Cross what a passage can be read as on two axes; positions in the order of the table."""

    def position(row_coding: Coding, column_coding: Coding) -> Position:
        cells = {
            (row, counts.column_taken(column, row_stance, column_stance))
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


def _number(passages: Iterable[Passage], aside: bool) -> int:
    """Return the number of readings; `aside` counts those, too, that differ only in what counters or gives context."""
    number = 1
    for passage in passages:
        effects: Counter[Position] = Counter()
        for position, readings in passage.positions.items():
            effects[position if aside else tuple(cell for cell in position if cell[1] not in _ASIDE)] += readings
        number *= sum(effects.values()) // math.gcd(*effects.values())
    return number


# --- counts and differences of counts


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
    return tuple(not region.isdisjoint(position) for region in regions)


def _joined(some: Hits, others: Hits) -> Hits:
    """A unit is in a region as soon as one of its passages is."""
    return tuple(one or other for one, other in zip(some, others, strict=True))


def _value(hits: Hits) -> int:
    """Return what a unit adds to a count (of one region), or to the difference of two."""
    return hits[0] - sum(hits[1:])


def _hits_of_record(unit: Iterable[Passage], regions: Sequence[frozenset[Cell]]) -> Hits:
    hits = (False,) * len(regions)
    for passage in unit:
        hits = _joined(hits, _hits(passage.of_record, regions))
    return hits


def _unit_values(unit: Iterable[Passage], regions: Sequence[frozenset[Cell]]) -> Counter[int]:
    """Return how many readings of the passages of one unit give which value."""
    found: Counter[Hits] = Counter({(False,) * len(regions): 1})
    for passage in unit:
        of_passage: Counter[Hits] = Counter()
        for position, number in passage.positions.items():
            of_passage[_hits(position, regions)] += number
        wider: Counter[Hits] = Counter()
        for (hits, number), (more, further) in product(found.items(), of_passage.items()):
            wider[_joined(hits, more)] += number * further
        found = wider
    values: Counter[int] = Counter()
    for hits, number in found.items():
        values[_value(hits)] += number
    return values


def _distribution(allowed: AllowedReadings, regions: Sequence[frozenset[Cell]], unit: str) -> Distribution:
    """Multiply the polynomials of all units, equal ones at once."""
    counts.check_unit(unit)
    units = allowed.units[unit]
    lowest = 0
    factors: Counter[Polynomial] = Counter()
    for passages in units:
        values = _unit_values(passages, regions)
        start, end = min(values), max(values)
        # Without its common factor and its lowest power, a unit that cannot change is 1, and more units are alike.
        divisor = math.gcd(*values.values())
        factors[tuple(values[value] // divisor for value in range(start, end + 1))] += 1
        lowest += start
    aside = any(column in _ASIDE for region in regions for _, column in region)
    common = _number(allowed.passages, aside) // math.prod(sum(factor) ** times for factor, times in factors.items())
    coefficients = _product([_power(factor, times) for factor, times in factors.items()])
    return Distribution(
        of_record=sum(_value(_hits_of_record(passages, regions)) for passages in units),
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


def _product(polynomials: Sequence[Polynomial]) -> Polynomial:
    """Multiply by halves, so that the factors of each product are of like length."""
    if len(polynomials) <= 1:
        return polynomials[0] if polynomials else (1,)
    half = len(polynomials) // 2
    return _times(_product(polynomials[:half]), _product(polynomials[half:]))


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
    at_first = _value(_hits_of_record(unit, regions))
    moves: dict[int, Changes] = {}
    for hits, changes in _fewest_changes(unit, regions).items():
        gain = direction * (_value(hits) - at_first)
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


# --- whole tables


#: What a passage can add to a table: cells by their number, with the number of readings that do so.
Additions = tuple[tuple[tuple[int, ...], int], ...]


def _check_codes(kind: str, named: Sequence[str], known: Sequence[str]) -> None:
    if not named:
        raise ReadingsError(f"The table has no {kind}s. Choose some of: {', '.join(known)}.")
    for name in named:
        if name not in known:
            raise ReadingsError(f"The table has no {kind} {name!r}. Choose some of: {', '.join(known)}.")
    if len(set(named)) < len(named):
        raise ReadingsError(f"A {kind} is named twice among {', '.join(named)}. Name each once.")


def _exchangeable(
    passages: Iterable[Passage], place: Mapping[Cell, int]
) -> tuple[npt.NDArray[np.int64], list[tuple[Additions, int]]]:
    """Return the counts that no reading changes, and the other passages, those that can add the same together."""
    always = np.zeros(len(place), dtype=np.int64)
    alike: Counter[Additions] = Counter()
    for passage in passages:
        added: Counter[tuple[int, ...]] = Counter()
        for position, number in passage.positions.items():
            added[tuple(place[cell] for cell in position if cell in place)] += number
        if len(added) == 1:
            always[list(*added)] += 1
        else:
            divisor = math.gcd(*added.values())
            alike[tuple(sorted((cells, number // divisor) for cells, number in added.items()))] += 1
    return always, sorted(alike.items())


def _distinct_tables(
    exchangeable: Sequence[tuple[Additions, int]], always: npt.NDArray[np.int64]
) -> tuple[Iterable[npt.NDArray[np.int64]], Integers] | None:
    """Return every table that some reading gives, with numbers of readings up to a common factor.

    The tables come in batches of shape (n, cells), which are decoded one at a time to save memory,
    the numbers as one array. None where the tables are too many, see MOST_SUMS.
    """
    total = math.prod(sum(number for _, number in additions) ** times for additions, times in exchangeable)
    most = MOST_SUMS // (1 + total.bit_length() // 64)
    kind = np.int64 if total < _WORD else object
    radix = _radix(exchangeable, len(always))
    word, value = _places(radix)
    keys = np.zeros((1, word[-1] + 1), dtype=np.int64)
    weights: Integers = np.ones(1, dtype=kind)
    for additions, times in exchangeable:
        added = np.zeros((len(additions), keys.shape[1]), dtype=np.int64)
        for choice, (cells, _) in enumerate(additions):
            for cell in cells:
                added[choice, word[cell]] += value[cell]
        if len(keys) * math.comb(times + len(additions) - 1, times) > most:
            return None
        more, further = _repeated(added, [number for _, number in additions], times, kind)
        keys, weights = _merged(
            (keys[:, None] + more[None]).reshape(-1, keys.shape[1]), np.multiply.outer(weights, further).ravel()
        )
    batches = (
        np.stack([keys[start : start + _BATCH, w] // v % r for w, v, r in zip(word, value, radix, strict=True)], axis=1)
        + always
        for start in range(0, len(keys), _BATCH)
    )
    return batches, weights


def _radix(exchangeable: Sequence[tuple[Additions, int]], cells: int) -> list[int]:
    """Return for each cell one more than the most passages that can come into it."""
    radix = [1] * cells
    for additions, times in exchangeable:
        for cell in {cell for added, _ in additions for cell in added}:
            radix[cell] += times
    return radix


def _places(radix: Sequence[int]) -> tuple[list[int], list[int]]:
    """Lay out a table as the digits of mixed-radix integers: the word of each cell, and its place value there.

    >>> _places([3, 2, 10, 2**60])
    ([0, 0, 0, 1], [1, 3, 6, 1])
    """
    words, values = [], []
    word, value = 0, 1
    for base in radix:
        if value * base > _WORD:
            word, value = word + 1, 1
        words.append(word)
        values.append(value)
        value *= base
    return words, values


def _repeated(
    added: npt.NDArray[np.int64], numbers: Sequence[int], times: int, kind: type
) -> tuple[npt.NDArray[np.int64], Integers]:
    """Let so many passages each make one of the same choices: every composition, with its number of readings.

    That number is the multinomial coefficient of the composition times the product of the numbers
    of readings behind the choices.
    """
    rest = np.array([times])
    keys = np.zeros((1, added.shape[1]), dtype=np.int64)
    weights: Integers = np.ones(1, dtype=kind)
    choose = np.frompyfunc(math.comb, 2, 1)
    for choice, number in enumerate(numbers):
        last = choice == len(numbers) - 1
        each = np.ones_like(rest) if last else rest + 1
        before, rest = np.repeat(np.arange(len(rest)), each), np.repeat(rest, each)
        taken = rest if last else np.arange(len(rest)) - np.repeat(np.cumsum(each) - each, each)
        powers: Integers = np.array([number**power for power in range(times + 1)], dtype=kind)
        weights = weights[before] * choose(rest, taken).astype(kind) * powers[taken]
        keys = keys[before] + taken[:, None] * added[choice]
        rest = rest - taken
    return keys, weights


def _merged(keys: npt.NDArray[np.int64], weights: Integers) -> tuple[npt.NDArray[np.int64], Integers]:
    """Add up the weights of equal keys, rows of shape (n, words)."""
    order = np.lexsort(keys.T)
    keys = keys[order]
    first = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1)))
    return keys[first], np.add.reduceat(weights[order], first)


def _drawn_tables(
    exchangeable: Sequence[tuple[Additions, int]], always: npt.NDArray[np.int64], seed: int
) -> npt.NDArray[np.int64]:
    """Draw SAMPLES readings, each as likely as any other; return their tables, shape (SAMPLES, cells)."""
    generator = np.random.default_rng(seed)
    tables = np.tile(always, (SAMPLES, 1))
    for additions, times in exchangeable:
        total = sum(number for _, number in additions)
        chosen = generator.multinomial(times, [number / total for _, number in additions], size=SAMPLES)
        for (cells, _), passages in zip(additions, chosen.T, strict=True):
            tables[:, list(cells)] += passages[:, None]
    return tables


def _evaluated(statistic: Statistic, batches: Iterable[npt.NDArray[np.int64]], shape: tuple[int, int]) -> Floats:
    """Compute a statistic of tables that come in batches of shape (n, cells)."""
    parts = []
    for batch in batches:
        values = np.asarray(statistic(batch.reshape(-1, *shape)), dtype=np.float64)
        if values.shape != (len(batch),):
            raise ReadingsError(
                f"The statistic gave an array of shape {values.shape} for {len(batch)} tables. "
                "It has to give one number for each table."
            )
        parts.append(values)
    return np.concatenate(parts)
