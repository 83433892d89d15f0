r"""Standard errors and confidence intervals of coefficients: exact, analytic after Gwet, or by resampling.

An interval contains the value and stays within the range of the coefficient. Otherwise there is none, and a reason:

- The units that two coders or more coded are too few. An interval of confidence c takes as many of them as have
  :math:`2 / (1 - c)` different resamples, one for each tail: n units have :math:`\binom{2n - 1}{n}` (Hall 1992), so
  that it takes five at 95%. A bootstrap over interviewees takes as many interviewees. The analytic error is an
  approximation for many units and does not work with fewer than a bootstrap. R's irrCAC gives intervals from two units.
- They show no spread: all resamples have the same value, or all units deviate from it in the same way, most often
  because coders agree on each of them. Then the error is 0, whatever the coders would do with other units.
- The value lies outside the range, which it can only where some units have a single code, or outside the percentiles of
  a bootstrap.

The share of units on which coders agree has an exact interval (see `Analytic`), however few units there are.

References
----------
Hall, P. (1992). The Bootstrap and Edgeworth Expansion. Springer, appendix I.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import comb, sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from analysis.agreement.coefficients import Coefficient
from analysis.agreement.patterns import Patterns
from analysis.agreement.ratings import AgreementError, Floats
from analysis.agreement.scales import Scale
from analysis.support import formatting

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SEED = 2024
# Resamples are drawn some at a time: about so many cells, which stay in the processor's cache and are too few for
# linear algebra to be split over threads, but so many resamples at least, whatever the number of patterns.
_CELLS, _RESAMPLES = 2**14, 16
_KEPT = 2**17


@dataclass(frozen=True)
class Analytic:
    r"""Standard error by linearisation, and an interval from Student's t; of a share of units, an exact interval.

    Attributes
    ----------
    confidence : float
        Between 0 and 1.

    Notes
    -----
    With the deviations :math:`d_i` of n units (see `coefficients`), the squared standard error is
    :math:`\sum_i d_i^2 / (n (n - 1))`, and the interval takes t with as many degrees of freedom as there are units with
    a code, less one. It is cut off at the ends of the coefficient's range. Coders are taken as given, and units as
    drawn one by one from very many; neither holds for passages that authors chose to print, so it describes how far the
    value depends on single units.

    Errors and intervals agree with R's irrCAC 1.4, its functions for raw ratings (`gwet.ac1.raw` and so on), which do
    not cut off the lower end. Its functions for tables of two coders (`gwet.ac1.table`) have n in place of n - 1, and
    `krippen.alpha.dist` lacks the factor 2 of the term for chance (read in irrCAC 1.0), so their errors differ.

    Percent agreement is a share of units where a unit counts in full or not at all: two coders, without weights. So is
    unanimous agreement, for any number of coders. Such a share has the exact interval of Clopper and Pearson, which
    supposes that units are independent, and the method is `exact`: 41 of 41 units give .914 to 1. Percent agreement of
    several coders is a mean over pairs of coders and not a share of units, so it has the interval from Student's t.

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapter 5.

    Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika, 26(4), 404-413. https://doi.org/10.1093/biomet/26.4.404
    """

    confidence: float = 0.95

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)

    @property
    def method(self) -> str:
        """How a table names it."""
        return "analytic"

    def around(self, value: float, coefficient: Coefficient, patterns: Patterns, scale: Scale) -> "Interval":
        """Return the standard error and the interval of a value."""
        from scipy.special import stdtrit

        off, units = coefficient.deviations(patterns, scale)
        se = sqrt(float(patterns.times @ off**2) / (units * (units - 1))) if units > 1 else None
        if share := coefficient.share(patterns, scale):
            exact = _exact(*share, self.confidence)
            if se is None or se < _NOTHING:
                return exact._replace(
                    reason="the units show no spread, and so no standard error; the interval is exact"
                )
            return exact._replace(se=se)
        if too_few := _too_few(patterns, "units", self.confidence):
            return NO_INTERVAL._replace(reason=too_few)
        if np.ptp(off[patterns.paired > 0]) < _NOTHING or se is None:
            return NO_INTERVAL._replace(reason="the units that two coders or more coded show no spread")
        reach = se * float(stdtrit(patterns.times.sum() - 1, (1 + self.confidence) / 2))
        return _within(value - reach, value + reach, value, coefficient.lowest(scale.weights), se)


@dataclass(frozen=True)
class Bootstrap:
    r"""Standard error and percentile interval from resamples of units, or of interviewees with all their units.

    Attributes
    ----------
    resamples : int
        How many to draw, two at least.
    over : {"units", "interviewees"}
        What is resampled with replacement, as many as there are.
    seed : int
        Seed of numpy's default generator: the same seed and ratings give the same interval.
    confidence : float
        Between 0 and 1.

    Notes
    -----
    A resample of units is a multinomial draw of how many units have each pattern of codes, so that none is ever written
    out. Resamples in which a coefficient is not defined are left out and counted. Units of one interviewee are often
    coded with the same ease; resampling interviewees allows for that, but needs many of them: with under twenty or so,
    percentile intervals are too narrow. This is not the bootstrap of Hayes and Krippendorff (2007), which resamples
    pairs of codes.

    References
    ----------
    Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall, chapter 13.

    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap Methods and their Application. Cambridge University Press,
    section 3.8 (resampling of clusters).
    """

    resamples: int = 1_000
    over: Literal["units", "interviewees"] = "units"
    seed: int = SEED
    confidence: float = 0.95

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)
        if self.resamples < 2:
            raise AgreementError(f"{self.resamples} resamples have no spread. Draw two at least, better 1,000.")
        if self.over not in ("units", "interviewees"):
            raise AgreementError(f"There is no bootstrap over {self.over!r}. Choose units or interviewees.")

    @property
    def method(self) -> str:
        """How a table names it."""
        return f"bootstrap over {self.over}"

    def around(self, value: float, coefficient: Coefficient, patterns: Patterns, scale: Scale) -> "Interval":
        """Return the standard error and the interval of a value."""
        if not coefficient.by_coder:
            patterns = patterns.regardless_of_coder
        if too_few := _too_few(patterns, self.over, self.confidence):
            return NO_INTERVAL._replace(reason=too_few)
        values = self.values(coefficient, patterns, scale)
        defined = values[np.isfinite(values)]
        left_out = len(values) - len(defined)
        if len(defined) < 2:
            return NO_INTERVAL._replace(reason="the coefficient is not defined in the resamples", left_out=left_out)
        if np.ptp(defined) < _NOTHING:
            return NO_INTERVAL._replace(reason="all resamples have the same value", left_out=left_out)
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(defined, [tail, 1 - tail]).tolist()
        se = float(defined.std(ddof=1))
        return _within(low, high, value, coefficient.lowest(scale.weights), se, left_out)

    def values(self, coefficient: Coefficient, patterns: Patterns, scale: Scale) -> Floats:
        """Return the coefficient in each resample, shape (resamples,); nan where it is not defined."""
        return np.concatenate([coefficient.values(patterns, times, scale) for times in self.draws(patterns)])

    def draws(self, patterns: Patterns) -> Iterable[Floats]:
        """Return how many units have each pattern in some resamples at a time, shape (resamples, patterns).

        Raises AgreementError for a bootstrap over interviewees where ratings do not say who is which.
        """
        # Each coefficient asks for the same ones; they are kept where they take little room.
        few = self.resamples * len(patterns.times) <= _KEPT
        return _drawn(self, patterns) if few else self._draws(patterns)

    def _draws(self, patterns: Patterns) -> Iterator[Floats]:
        generator = np.random.default_rng(self.seed)
        number = _resampled(patterns, self.over)
        shares = np.full(number, 1 / number) if self.over == "interviewees" else patterns.times / number
        owned = _owned(patterns) if self.over == "interviewees" else None
        batch = max(_RESAMPLES, _CELLS // max(len(shares), len(patterns.times), 1))
        for start in range(0, self.resamples, batch):
            drawn = generator.multinomial(number, shares, size=min(batch, self.resamples - start)).astype(np.float64)
            yield drawn if owned is None else np.asarray(drawn @ owned)


class Interval(NamedTuple):
    """A standard error and the ends of a confidence interval, or why there are none.

    `left_out` counts the resamples in which the coefficient was not defined. `exact` says whether the ends come from
    the binomial distribution, and not from the error, which is missing where it is 0.
    """

    se: float | None
    low: float | None
    high: float | None
    reason: str = ""
    left_out: int = 0
    exact: bool = False


NO_INTERVAL = Interval(None, None, None)
_NOTHING = 1e-12  # what rounding leaves of a spread of 0


def least(confidence: float) -> int:
    """Return how many units an interval takes at least, so that their resamples can show both of its tails.

    >>> least(0.95), least(0.99)
    (5, 6)
    """
    return next(n for n in count(2) if comb(2 * n - 1, n) >= 2 / (1 - confidence))


def _too_few(patterns: Patterns, over: str, confidence: float) -> str:
    """Say that there are too few units or interviewees for an interval, or return an empty text if there are enough."""
    coded = patterns.times @ patterns.paired if over == "units" else ((_owned(patterns) @ patterns.paired) > 0).sum()
    number, enough = int(coded), least(confidence)
    if number >= enough:
        return ""
    which = "units that" if over == "units" else "interviewees with a unit that"
    there = "is one" if number == 1 else f"are {formatting.in_words(number)}"
    return f"an interval takes {formatting.in_words(enough)} {which} two coders or more coded, and there {there}"


def _within(low: float, high: float, value: float, lowest: float, se: float, left_out: int = 0) -> Interval:
    """Cut an interval off at the ends of a range, or say why there is none around a value."""
    reason = ""
    if value < lowest - _NOTHING:
        reason = f"the value lies below the range from {lowest:g} to 1"
    elif not low - _NOTHING <= value <= high + _NOTHING:
        reason = "the percentiles of the resamples leave out the value"
    if reason:
        return NO_INTERVAL._replace(reason=reason, left_out=left_out)
    return Interval(se, min(max(low, lowest), value), max(min(high, 1.0), value), left_out=left_out)


def _exact(agreed: int, units: int, confidence: float) -> Interval:
    """Return the interval of Clopper and Pearson for a share of units.

    >>> [round(end, 3) for end in _exact(41, 41, 0.95)[1:3]]
    [0.914, 1.0]
    """
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(agreed, units - agreed + 1, tail)) if agreed else 0.0
    high = float(betaincinv(agreed + 1, units - agreed, 1 - tail)) if agreed < units else 1.0
    return Interval(None, low, high, exact=True)


def _resampled(patterns: Patterns, over: str) -> int:
    """Return how many units or interviewees there are to draw from."""
    return int(_owned(patterns).shape[0] if over == "interviewees" else patterns.times.sum())


@lru_cache(maxsize=8)
def _drawn(bootstrap: Bootstrap, patterns: Patterns) -> tuple[Floats, ...]:
    return tuple(bootstrap._draws(patterns))


@lru_cache(maxsize=8)
def _owned(patterns: Patterns) -> "csr_array":
    """Return how many units of each interviewee have each pattern, shape (interviewees, patterns)."""
    if patterns.owners is None:
        raise AgreementError("The ratings do not say who said what. Give `interviewees`, or resample units instead.")
    from scipy.sparse import csr_array

    shape = patterns.owners[0].max(initial=-1) + 1, len(patterns.times)
    return csr_array((np.ones(len(patterns.owners[0])), patterns.owners), shape=shape)


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise AgreementError(f"A confidence of {confidence} makes no interval. Choose one between 0 and 1, like 0.95.")
