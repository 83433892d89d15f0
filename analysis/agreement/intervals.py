"""Standard errors and confidence intervals of coefficients: analytic after Gwet, or by redrawing what was coded."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from analysis.agreement.coefficients import Coefficient
from analysis.agreement.patterns import Patterns
from analysis.agreement.ratings import AgreementError, Floats
from analysis.agreement.scales import Scale

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SEED = 2024
# Resamples are drawn some at a time: about so many cells, which stay in the processor's cache and are too few for
# linear algebra to be split over threads, but so many resamples at least, whatever the number of patterns.
_CELLS, _RESAMPLES = 2**14, 16


@dataclass(frozen=True)
class Analytic:
    r"""Standard error by linearisation, and an interval from Student's t.

    Attributes
    ----------
    confidence : float
        Between 0 and 1.

    Notes
    -----
    With the deviations :math:`d_i` of n units (see `coefficients`), the squared standard error is
    :math:`\sum_i d_i^2 / (n (n - 1))`, and the interval takes t with as many degrees of freedom as there are units with
    a code, less one. Its upper end is cut off at 1, the lower of percent agreement at 0. Coders are taken as given, and
    units as drawn one by one from very many; neither holds for passages that authors chose to print, so it
    describes how far the value hangs on single units. Agrees with R's irrCAC 1.4.

    Where all coders agree on all units the error is 0 and the interval has no width. That tells of the formula, not of
    certainty.

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapter 5.
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
        if units < 2:
            return NO_INTERVAL
        se = sqrt(float(patterns.times @ off**2) / (units * (units - 1)))
        reach = se * float(stdtrit(patterns.times.sum() - 1, (1 + self.confidence) / 2))
        return Interval(se, max(value - reach, coefficient.lowest), min(value + reach, 1.0))


@dataclass(frozen=True)
class Bootstrap:
    r"""Standard error and percentile interval from resamples of units, or of interviewees with all their units.

    Attributes
    ----------
    resamples : int
        How many to draw, two at least.
    over : {"units", "interviewees"}
        What is redrawn with replacement, as many as there are.
    seed : int
        Seed of numpy's default generator: the same seed and ratings give the same interval.
    confidence : float
        Between 0 and 1.

    Notes
    -----
    A resample of units is a multinomial draw of how many units have each pattern of codes, so that none is ever written
    out. Resamples in which a coefficient is not defined are left out and counted. Units of one interviewee are often
    coded with the same ease; redrawing interviewees takes that in, but needs many of them: with under twenty or so,
    percentile intervals come out too narrow. This is not the bootstrap of Hayes and Krippendorff (2007), which redraws
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

    def around(self, _value: float, coefficient: Coefficient, patterns: Patterns, scale: Scale) -> "Interval":
        """Return the standard error and the interval of a value."""
        if not coefficient.by_coder:
            patterns = patterns.regardless_of_coder
        if _redrawn(patterns, self.over) < 2:
            return NO_INTERVAL._replace(reason=f"one of the {self.over} alone cannot be redrawn")
        values = self.values(coefficient, patterns, scale)
        defined = values[np.isfinite(values)]
        left_out = len(values) - len(defined)
        if len(defined) < 2:
            return NO_INTERVAL._replace(reason="the coefficient is not defined in the resamples", left_out=left_out)
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return Interval(float(defined.std(ddof=1)), float(low), float(high), left_out=left_out)

    def values(self, coefficient: Coefficient, patterns: Patterns, scale: Scale) -> Floats:
        """Return the coefficient in each resample, shape (resamples,); nan where it is not defined."""
        return np.concatenate([coefficient.values(patterns, times, scale) for times in self.draws(patterns)])

    def draws(self, patterns: Patterns) -> Iterator[Floats]:
        """Yield how many units have each pattern in some resamples at a time, shape (resamples, patterns).

        Raises AgreementError for a bootstrap over interviewees where ratings do not say who is which.
        """
        generator = np.random.default_rng(self.seed)
        number = _redrawn(patterns, self.over)
        shares = np.full(number, 1 / number) if self.over == "interviewees" else patterns.times / number
        owned = _owned(patterns) if self.over == "interviewees" else None
        batch = max(_RESAMPLES, _CELLS // max(len(shares), len(patterns.times), 1))
        for start in range(0, self.resamples, batch):
            drawn = generator.multinomial(number, shares, size=min(batch, self.resamples - start)).astype(np.float64)
            yield drawn if owned is None else np.asarray(drawn @ owned)


class Interval(NamedTuple):
    """A standard error and the ends of a confidence interval, or why there are none.

    `left_out` counts the resamples in which the coefficient was not defined.
    """

    se: float | None
    low: float | None
    high: float | None
    reason: str = ""
    left_out: int = 0


NO_INTERVAL = Interval(None, None, None, "a single unit shows no spread")


def _redrawn(patterns: Patterns, over: str) -> int:
    """Return how many units or interviewees there are to draw from."""
    return int(_owned(patterns).shape[0] if over == "interviewees" else patterns.times.sum())


def _owned(patterns: Patterns) -> "csr_array":
    """Return how many units of each interviewee have each pattern, shape (interviewees, patterns)."""
    if patterns.owners is None:
        raise AgreementError("The ratings do not say who said what. Give `interviewees`, or redraw units instead.")
    from scipy.sparse import csr_array

    shape = patterns.owners[0].max(initial=-1) + 1, len(patterns.times)
    return csr_array((np.ones(len(patterns.owners[0])), patterns.owners), shape=shape)


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise AgreementError(f"A confidence of {confidence} makes no interval. Choose one between 0 and 1, like 0.95.")
