"""Patterns: the table of counts that every coefficient is computed from.

Units to which the coders gave the same codes are alike to every coefficient. So ratings are first counted: a row for
each distinct row of codes, with the number of units that have it. Two coders with ten codes make 121 rows at most,
however many units there are, and a resample of the units is nothing but other numbers for the same rows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.agreement.ratings import MISSING, Floats, Integers, Ratings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: As long as the coders could have given no more rows of codes than this, units are counted without sorting them.
MOST_CELLS = 2**22
MOST_DENSE = 128  # codes, up to which linear algebra is faster on full tables


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct rows of codes, and how many units have each; units that nobody coded are left out.

    Attributes
    ----------
    given : array of shape (patterns, coders)
        Places of codes, `MISSING` where a coder gave none; rows sorted.
    times : array of shape (patterns,)
        How many units have the row.
    codes : int
        How many codes there were to choose from.
    owners : pair of arrays of shape (units,), or None
        For each unit that somebody coded the interviewee who said it, numbered from 0, and its pattern.
    """

    given: NDArray[np.int32]
    times: Floats
    codes: int
    owners: tuple[Integers, Integers] | None = None

    @cached_property
    def counts(self) -> Floats:
        """How many coders gave each code, shape (patterns, codes)."""
        counts = np.zeros((len(self.given), self.codes))
        for column in self.given.T:
            coded = np.flatnonzero(column != MISSING)
            counts[coded, column[coded]] += 1
        return counts

    @cached_property
    def sizes(self) -> Floats:
        """How many coders gave a code, shape (patterns,)."""
        return np.asarray((self.given != MISSING).sum(axis=1, dtype=np.float64))

    @cached_property
    def paired(self) -> Floats:
        """1 where at least two coders gave a code, else 0, shape (patterns,)."""
        return np.asarray(self.sizes >= 2, dtype=np.float64)

    @cached_property
    def paired_counts(self) -> "Floats | csr_array":
        """How many coders gave each code, where at least two gave one, shape (patterns, codes); sparse for many codes.

        Sets of codes can be thousands, of which a unit has as many as it has coders.
        """
        if self.codes <= MOST_DENSE:
            return self.counts * self.paired[:, np.newaxis]
        from scipy.sparse import csr_array

        rows, coders = np.nonzero((self.given != MISSING) & (self.paired[:, np.newaxis] > 0))
        shape = len(self.given), self.codes
        return csr_array((np.ones(len(rows)), (rows, self.given[rows, coders])), shape=shape)  # repeats add up

    @cached_property
    def by_coder(self) -> Floats:
        """1 where a coder gave a code, else 0, shape (patterns, coders, codes)."""
        return np.asarray(self.given[:, :, np.newaxis] == np.arange(self.codes), dtype=np.float64)

    @cached_property
    def regardless_of_coder(self) -> "Patterns":
        """The same units counted in fewer rows: those merged that differ only in who gave which code."""
        given, place = np.unique(np.sort(self.given, axis=1), axis=0, return_inverse=True)
        place = place.reshape(-1)
        times = np.bincount(place, self.times, minlength=len(given))
        owners = None if self.owners is None else (self.owners[0], place[self.owners[1]])
        return Patterns(given, times.astype(np.float64), self.codes, owners)


def count_patterns(ratings: Ratings) -> Patterns:
    """Count the distinct rows of codes among the units that somebody coded.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.agreement.ratings import from_table
    >>> found = count_patterns(from_table(pd.DataFrame({"ana": [1, 1, 2, 1], "ben": [1, 2, None, 2]})))
    >>> found.given.tolist(), found.times.tolist()
    ([[0, 0], [0, 1], [1, -1]], [1.0, 2.0, 1.0])
    >>> found.counts.tolist()
    [[2.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    """
    who = ratings.interviewees
    rows, times, place = _distinct(ratings.given, len(ratings.codes), placed=who is not None)
    blank = int((rows[:1] == MISSING).all(axis=1).sum())  # rows are sorted: that of units nobody coded is the first
    owners = None
    if who is not None:
        coded = place >= blank
        owners = np.unique(who[coded], return_inverse=True)[1], place[coded] - blank
    return Patterns(rows[blank:], times[blank:].astype(np.float64), len(ratings.codes), owners)


def _distinct(given: NDArray[np.int32], codes: int, placed: bool) -> tuple[NDArray[np.int32], Integers, Integers]:
    """Return the distinct rows, sorted, how often each occurs, and, if `placed`, which of them each row is."""
    shape = (codes + 1,) * given.shape[1]
    if len(shape) > 31 or np.prod([float(side) for side in shape]) > MOST_CELLS:
        rows, place, times = np.unique(given, axis=0, return_inverse=True, return_counts=True)
        return rows, times, place.reshape(-1)
    cell = np.zeros(len(given), dtype=np.int32)
    for column in given.T:
        cell *= codes + 1
        cell += column + 1
    times = np.bincount(cell)
    found = np.flatnonzero(times)
    rows = np.stack(np.unravel_index(found, shape), axis=1).astype(np.int32) - 1 if shape else given[:1]
    return rows, times[found], np.searchsorted(found, cell) if placed else np.empty(0, dtype=np.int64)
