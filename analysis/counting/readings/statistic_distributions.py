"""The distribution of a statistic of the whole table over all allowed readings, or a sample of them."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.counting.readings.allowed import AllowedReadings, Cell, Passage, ReadingsError
from analysis.study.vocabulary import ALL, CONTEXT, COUNTERS

Integers = npt.NDArray[Any]  # int64, or Python integers where the numbers of readings outgrow it
Floats = npt.NDArray[np.float64]
Statistic = Callable[[npt.NDArray[np.int64]], Floats]

#: Whole tables are exact as long as no step adds up more pairs of partial tables than this, each
#: pair counted once for every 64 bits that the number of all readings has.
MOST_SUMS = 2**23
#: Readings that are drawn where the tables are too many.
SAMPLES = 20_000
SEED = 20241
_WORD = 2**63  # an int64 is less
_BATCH = 2**12  # tables handed to a statistic at once: they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class StatisticDistribution:
    """The distribution of a statistic of the whole table over all readings, or over a sample of them.

    Attributes
    ----------
    of_record : float
        The statistic of the table as it is coded; nan where it is not defined.
    exact : bool
        Whether `values` covers every reading. Otherwise everything but `of_record` and `readings`
        is of a sample, and the true lowest and highest value may be further out.
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
        The codes (or `vocabulary.UNCODED`) that make the table, in its order. A passage read as anything
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
    order = np.argsort(values)[: np.count_nonzero(defined)]  # those that are not defined come last
    total, known = int(weights.sum()), int(weights.sum(where=defined, initial=0))
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
        values=values[order],
        weights=weights[order],
        undefined=1 - Fraction(known, total),
    )


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
    none = np.zeros((1, word[-1] + 1), dtype=np.int64), np.ones(1, dtype=kind)
    parts: list[tuple[npt.NDArray[np.int64], Integers]] = []
    for group in _sharing_cells(exchangeable):
        found, numbers = none
        for additions, times in group:
            added = np.zeros((len(additions), word[-1] + 1), dtype=np.int64)
            for choice, (cells, _) in enumerate(additions):
                for cell in cells:
                    added[choice, word[cell]] += value[cell]
            if len(found) * math.comb(times + len(additions) - 1, times) > most:
                return None
            more, further = _repeated(added, [number for _, number in additions], times, kind)
            found, numbers = _merged(*_added_up(more, further, found, numbers))
        parts.append((found, numbers))
        if math.prod(len(keys) for keys, _ in parts) > most:
            return None
    inner, outer = none, none
    for part in sorted(parts, key=lambda part: len(part[0])):
        if len(inner[0]) * len(part[0]) <= _BATCH:
            inner = _added_up(*part, *inner)
        else:
            outer = _added_up(*part, *outer)
    tables = _batches(outer[0], inner[0], lambda keys: _digits(keys, word, radix), always)
    return tables, np.multiply.outer(outer[1], inner[1]).ravel()


def _batches(
    outer: npt.NDArray[np.int64],
    inner: npt.NDArray[np.int64],
    decode: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]],
    always: npt.NDArray[np.int64],
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield all sums of an outer and an inner table, given by their keys, and of what no reading changes."""
    inside = decode(inner) + always[:, None]
    step = _BATCH // len(inner)
    for start in range(0, len(outer), step):
        # Cell by cell in memory, so that sums over the few cells of many tables are quick.
        yield (decode(outer[start : start + step])[:, :, None] + inside[:, None]).reshape(len(always), -1).T


def _sharing_cells(exchangeable: Sequence[tuple[Additions, int]]) -> list[list[tuple[Additions, int]]]:
    """Part passages so that those of different groups share no cell: each sum of their tables is another table.

    >>> _sharing_cells([((((0,), 1), ((1,), 1)), 1), ((((2,), 1), ((), 1)), 1), ((((1,), 1), ((3,), 1)), 1)])
    [[((((2,), 1), ((), 1)), 1)], [((((0,), 1), ((1,), 1)), 1), ((((1,), 1), ((3,), 1)), 1)]]
    """
    groups: list[tuple[set[int], list[tuple[Additions, int]]]] = []
    for alike in exchangeable:
        cells = {cell for added, _ in alike[0] for cell in added}
        joined = [group for group in groups if group[0] & cells]
        groups = [group for group in groups if not group[0] & cells]
        together = [one for _, alike_ones in joined for one in alike_ones]
        groups.append((cells.union(*(of_group for of_group, _ in joined)), [*together, alike]))
    return [group for _, group in groups]


def _added_up(
    more: npt.NDArray[np.int64], further: Integers, keys: npt.NDArray[np.int64], weights: Integers
) -> tuple[npt.NDArray[np.int64], Integers]:
    """Add each of some tables to each of others, by their keys, with the numbers of readings of both."""
    return (more[:, None] + keys[None]).reshape(-1, keys.shape[1]), np.multiply.outer(further, weights).ravel()


def _digits(keys: npt.NDArray[np.int64], word: Sequence[int], radix: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return the digits of mixed-radix integers, laid out as by `_places`: shape (cells, n)."""
    digits = np.empty((len(radix), len(keys)), dtype=np.int64)
    rest = list(keys.T)
    for cell, (place, base) in enumerate(zip(word, radix, strict=True)):
        higher = rest[place] // base
        np.subtract(rest[place], higher * base, out=digits[cell])
        rest[place] = higher
    return digits


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
    # They come in runs that are sorted already, which a stable sort merges.
    order = np.argsort(keys[:, 0], kind="stable") if keys.shape[1] == 1 else np.lexsort(keys.T)
    keys = keys.take(order, axis=0)
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
