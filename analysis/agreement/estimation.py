"""Estimates: the coefficients one by one, each with its value, error and interval, or the reason why it has none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.agreement import coefficients, ratings
from analysis.agreement.coefficients import Coefficient
from analysis.agreement.intervals import NO_INTERVAL, Analytic, Bootstrap, Interval
from analysis.agreement.patterns import Patterns, count_patterns
from analysis.agreement.scales import Scale, scale
from analysis.support import formatting

ANALYTIC = Analytic()
#: The usual three: analytic, over passages drawn one by one, over interviewees with all their passages.
INTERVALS: tuple[Analytic | Bootstrap, ...] = (ANALYTIC, Bootstrap(), Bootstrap(over="interviewees"))


@dataclass(frozen=True)
class Estimate:
    """One coefficient of agreement, or why it is not defined.

    Attributes
    ----------
    coefficient, weights, method : str
        What was computed (a name in `COEFFICIENTS`), on which scale, with an interval of which kind: `exact`,
        `analytic`, `bootstrap over units` or `bootstrap over interviewees`.
    value : float or None
        1 for perfect agreement, 0 for what chance would give, below 0 for less than that; percent agreement is a share
        from 0 to 1. None if not defined.
    se, low, high : float or None
        Standard error and the ends of the interval; None if not defined. The error is also None where it is 0 and the
        interval is exact.
    confidence : float
        Of the interval.
    units, paired, coders : int
        Units that somebody coded, units that at least two coders did, and coders.
    left_out : int
        Resamples in which the coefficient was not defined.
    reason : str
        Why the value, the error or the interval is not defined; empty if they are.
    """

    coefficient: str
    weights: str
    method: str
    value: float | None
    se: float | None
    low: float | None
    high: float | None
    confidence: float
    units: int
    paired: int
    coders: int
    left_out: int
    reason: str

    @property
    def label(self) -> str:
        """How the field writes the coefficient: Gwet's is AC1, and with weights AC2."""
        return labelled(self.coefficient, self.weights)

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.label} is not defined, because {self.reason}"
        text = f"{self.label} {formatting.rounded(self.value)}"
        if self.low is None or self.high is None:
            return f"{text}, without an interval, because {self.reason}"
        ends = f"{formatting.rounded(self.low)} to {formatting.rounded(self.high)}"
        return f"{text} ({self.confidence:.0%} interval {ends}, {self.method})"


def estimate(
    given: ratings.Ratings,
    coefficient: str,
    weights: str | Scale | ArrayLike | None = None,
    interval: Analytic | Bootstrap = ANALYTIC,
) -> Estimate:
    """Return one coefficient of agreement.

    Parameters
    ----------
    given : Ratings
        From `from_evidence` or `from_table`.
    coefficient : str
        A name in `COEFFICIENTS`.
    weights : str, Scale or array of shape (codes, codes), optional
        The name of a scale (see `scales.Scale`), or how much each two codes agree, in the order of `given.codes` (see
        `scales.scale`); if None, `ordinal` for ordered codes and `identity` for others.
    interval : Analytic or Bootstrap
        Where standard error and interval come from.

    Raises
    ------
    AgreementError
        For an unknown coefficient or scale, for weights that need an order of codes which nobody gave, or for a
        bootstrap over interviewees that ratings do not name.

    Examples
    --------
    >>> table = pd.DataFrame({"ana": list("xxxyyyyy"), "ben": list("xxyyyyyy")})
    >>> found = estimate(ratings.from_table(table), "cohen-kappa")
    >>> print(found)
    Cohen's kappa 0.71 (95% interval 0.07 to 1.00, analytic)
    >>> print(estimate(ratings.from_table(table.head(2)), "cohen-kappa"))
    Cohen's kappa is not defined, because 'x' is the only code given, so that by chance alone all would agree
    """
    return _estimated(
        coefficients.coefficient(coefficient), given, count_patterns(given), _scale(given, weights), interval
    )


def value(given: ratings.Ratings, coefficient: str) -> tuple[float | None, str]:
    """Return a coefficient alone, without the work of an interval, or None and why it is not defined.

    >>> value(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")})), "percent-agreement")
    (0.75, '')
    """
    chosen, counted, how = coefficients.coefficient(coefficient), count_patterns(given), _scale(given, None)
    reason = coefficients.undefined(chosen, given, counted, how)
    return (None, reason) if reason else (_value(chosen, _rows(chosen, counted), how), "")


def estimates(
    given: ratings.Ratings,
    names: Sequence[str] | None = None,
    weights: str | Scale | ArrayLike | None = None,
    intervals: Sequence[Analytic | Bootstrap] = (ANALYTIC,),
) -> pd.DataFrame:
    """Return several coefficients of the same ratings as a table, a row for each coefficient and interval.

    Parameters
    ----------
    given, weights
        As for `estimate`.
    names : sequence of str, optional
        Names in `COEFFICIENTS`; if None, those of `usual`.
    intervals : sequence of Analytic or Bootstrap
        Each gives a row.

    Returns
    -------
    DataFrame
        The attributes of `Estimate` as columns. Where something is not defined it is nan, and `reason` says why.

    Examples
    --------
    >>> table = pd.DataFrame({"ana": list("xxxyyyyy"), "ben": list("xxyyyyyy")})
    >>> estimates(ratings.from_table(table))[["coefficient", "value", "se"]].round(3)
              coefficient  value     se
    0   percent-agreement  0.875  0.125
    1         cohen-kappa  0.714  0.274
    2            scott-pi  0.709  0.289
    3  krippendorff-alpha  0.727  0.289
    4             gwet-ac  0.781  0.232
    5    brennan-prediger  0.750  0.250
    """
    counted, how = count_patterns(given), _scale(given, weights)
    chosen = [coefficients.coefficient(name) for name in (usual(given) if names is None else names)]
    found = [_estimated(one, given, counted, how, interval) for one in chosen for interval in intervals]
    columns = {name: [getattr(one, name) for one in found] for name in Estimate.__dataclass_fields__}
    sizes = {name: np.array(columns[name], dtype=np.float64) for name in ("value", "se", "low", "high")}
    return pd.DataFrame(columns | sizes)


def usual(given: ratings.Ratings) -> list[str]:
    """Return the names of the coefficients for as many coders, of two that would be the same the simpler one."""
    two = len(given.coders) == 2
    twins = {"unanimous-agreement", "fleiss-kappa", "conger-kappa"} if two else {"cohen-kappa", "scott-pi"}
    return [name for name in coefficients.COEFFICIENTS if name not in twins]


def labelled(coefficient: str, weights: str) -> str:
    """Return how the field writes a coefficient.

    >>> labelled("gwet-ac", "identity"), labelled("gwet-ac", "linear"), labelled("scott-pi", "identity")
    ("Gwet's AC1", "Gwet's AC2", "Scott's pi")
    """
    label = coefficients.coefficient(coefficient).label
    return f"{label}{1 if weights == 'identity' else 2}" if coefficient == "gwet-ac" else label


def _scale(given: ratings.Ratings, weights: str | Scale | ArrayLike | None) -> Scale:
    return weights if isinstance(weights, Scale) else scale(given, weights)


def _estimated(
    chosen: Coefficient, given: ratings.Ratings, counted: Patterns, how: Scale, interval: Analytic | Bootstrap
) -> Estimate:
    reason = coefficients.undefined(chosen, given, counted, how)
    value, found = (None, NO_INTERVAL._replace(reason=reason)) if reason else _found(chosen, counted, how, interval)
    return Estimate(
        coefficient=chosen.name,
        weights=how.name,
        method="exact" if found.exact else interval.method,
        value=value,
        se=found.se,
        low=found.low,
        high=found.high,
        confidence=interval.confidence,
        units=int(counted.times.sum()),
        paired=int(counted.times @ counted.paired),
        coders=len(given.coders),
        left_out=found.left_out,
        reason=found.reason,
    )


def _found(
    chosen: Coefficient, counted: Patterns, how: Scale, interval: Analytic | Bootstrap
) -> tuple[float, Interval]:
    rows = _rows(chosen, counted)
    value = _value(chosen, rows, how)
    return value, interval.around(value, chosen, rows, how)


def _rows(chosen: Coefficient, counted: Patterns) -> Patterns:
    # Fewer rows, and the same ones that a bootstrap resamples.
    return counted if chosen.by_coder else counted.regardless_of_coder


def _value(chosen: Coefficient, rows: Patterns, how: Scale) -> float:
    return min(float(chosen.values(rows, rows.times, how)), 1.0)  # rounding can leave it a little above


# --- the coefficients by their names


def percent_agreement(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return the share of pairs of coders who agree on a unit, on average over units that two coders or more coded.

    Parameters and errors are those of `estimate`; with weights, a near miss counts in part. For three coders or more
    it is thus a mean over pairs of coders, Holsti's average, and not the share of units on which all agree (see
    `unanimous_agreement`).

    Notes
    -----
    With :math:`r_{ik}` of the :math:`r_i` coders of unit i giving code k, of n' units with :math:`r_i \ge 2`:

    .. math:: p_a = \frac{1}{n'} \sum_i \sum_k \frac{r_{ik} (r_{ik} - 1)}{r_i (r_i - 1)}

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapter 2.

    Holsti, O. R. (1969). Content Analysis for the Social Sciences and Humanities. Addison-Wesley, chapter 6.

    Examples
    --------
    >>> percent_agreement(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")}))).value
    0.75
    """
    return estimate(given, "percent-agreement", weights, interval)


def unanimous_agreement(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    """Return the share of units to which all coders gave the same code, of those that two coders or more coded.

    Parameters and errors are those of `estimate`; weights make no difference. For two coders it is percent agreement.
    The more coders a unit has, the less often they all agree.

    Examples
    --------
    >>> table = pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy"), "eva": ["x", "x", "y", None]})
    >>> unanimous_agreement(ratings.from_table(table)).value
    0.75
    """
    return estimate(given, "unanimous-agreement", weights, interval)


def cohen_kappa(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return Cohen's kappa of two coders, weighted if asked for.

    Parameters and errors are those of `estimate`. For several coders it is not defined; see `conger_kappa`.

    Notes
    -----
    Chance agreement draws a code from each coder's own shares: :math:`p_e = \sum_{kl} w_{kl} p_{1k} p_{2l}`. So two
    coders who use the codes unequally often have less to expect from chance. Agrees with
    `statsmodels.stats.inter_rater.cohens_kappa`, whose asymptotic error is the one here times
    :math:`\sqrt{(n - 1) / n}`.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement, 20(1),
    37-46. https://doi.org/10.1177/001316446002000104

    Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted kappa.
    Psychological Bulletin, 72(5), 323-327. https://doi.org/10.1037/h0028106

    Examples
    --------
    >>> cohen_kappa(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")}))).value
    0.5
    """
    return estimate(given, "cohen-kappa", weights, interval)


def scott_pi(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return Scott's pi of two coders.

    Parameters and errors are those of `estimate`. For several coders it is not defined; see `fleiss_kappa`.

    Notes
    -----
    Chance agreement draws both codes from the shares of the two coders together:
    :math:`p_e = \sum_{kl} w_{kl} \pi_k \pi_l`. Unequal use of the codes is disagreement.

    References
    ----------
    Scott, W. A. (1955). Reliability of content analysis: the case of nominal scale coding. Public Opinion Quarterly,
    19(3), 321-325. https://doi.org/10.1086/266577

    Examples
    --------
    >>> round(scott_pi(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")}))).value, 4)
    0.4667
    """
    return estimate(given, "scott-pi", weights, interval)


def fleiss_kappa(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return Fleiss' kappa of several coders, who need not be the same for every unit.

    Parameters and errors are those of `estimate`. For two coders it is Scott's pi.

    Notes
    -----
    :math:`p_e = \sum_{kl} w_{kl} \pi_k \pi_l` with :math:`\pi_k` the mean over units of the share of coders who gave
    code k. Without missing codes it agrees with `statsmodels.stats.inter_rater.fleiss_kappa`.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin, 76(5), 378-382.
    https://doi.org/10.1037/h0031619

    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapter 2 (missing codes).

    Examples
    --------
    >>> table = pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy"), "eva": ["x", "x", "y", None]})
    >>> round(fleiss_kappa(ratings.from_table(table)).value, 4)
    0.6571
    """
    return estimate(given, "fleiss-kappa", weights, interval)


def conger_kappa(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return Conger's kappa of several coders who each have shares of their own.

    Parameters and errors are those of `estimate`. For two coders it is Cohen's kappa.

    Notes
    -----
    Chance agreement is the mean over all pairs of coders of Cohen's, each coder's shares taken over the units that the
    coder coded.

    References
    ----------
    Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. Psychological Bulletin, 88(2),
    322-328. https://doi.org/10.1037/0033-2909.88.2.322

    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapter 2 (missing codes).

    Examples
    --------
    >>> table = pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy"), "eva": ["x", "x", "y", None]})
    >>> round(conger_kappa(ratings.from_table(table)).value, 4)
    0.6842
    """
    return estimate(given, "conger-kappa", weights, interval)


def krippendorff_alpha(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return Krippendorff's alpha, for any number of coders, missing codes, and any scale.

    Parameters and errors are those of `estimate`. Weights `identity`, `ordinal`, `quadratic` and `ratio` give alpha for
    nominal, ordinal, interval and ratio data; with `ordinal` the distances are Krippendorff's own (see `scales.Scale`).

    Notes
    -----
    With :math:`n_k` codes k among the n codes of units that two coders or more coded, and distances
    :math:`\delta_{kl}`:

    .. math:: \alpha = 1 - (n - 1) \frac{\sum_i \sum_{kl} r_{ik} r_{il} \delta_{kl} / (r_i - 1)}
                                        {\sum_{kl} n_k n_l \delta_{kl}}

    The factor n - 1, for n, corrects for small samples: it sets alpha a little above Fleiss' kappa. The analytic error
    takes the distances as known; a bootstrap computes ordinal ones again in each resample.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
    https://repository.upenn.edu/asc_papers/43

    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapters 2 and 5.

    Examples
    --------
    >>> round(krippendorff_alpha(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")}))).value, 4)
    0.5333
    """
    return estimate(given, "krippendorff-alpha", weights, interval)


def gwet_ac(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return Gwet's AC1, or AC2 where weights are asked for.

    Parameters and errors are those of `estimate`.

    Notes
    -----
    With q codes to choose from, :math:`p_e = \frac{\sum_{kl} w_{kl}}{q (q - 1)} \sum_k \pi_k (1 - \pi_k)`. Coders agree
    by chance only where they guess, and guess less the more one code prevails. So it is high where a code prevails and
    kappa is low; and it depends on q, codes that nobody used included.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British
    Journal of Mathematical and Statistical Psychology, 61(1), 29-48. https://doi.org/10.1348/000711006X126600

    Examples
    --------
    >>> round(gwet_ac(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")}))).value, 4)
    0.5294
    """
    return estimate(given, "gwet-ac", weights, interval)


def brennan_prediger(
    given: ratings.Ratings, weights: str | Scale | ArrayLike | None = None, interval: Analytic | Bootstrap = ANALYTIC
) -> Estimate:
    r"""Return the Brennan-Prediger coefficient: for two codes and two coders it is PABAK, kappa adjusted for both.

    Parameters and errors are those of `estimate`.

    Notes
    -----
    Chance agreement is that of codes given blindly: :math:`p_e = \sum_{kl} w_{kl} / q^2` for q codes to choose from,
    codes that nobody used included. For two codes it is :math:`2 p_a - 1`.

    References
    ----------
    Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: some uses, misuses, and alternatives. Educational and
    Psychological Measurement, 41(3), 687-699. https://doi.org/10.1177/001316448104100307

    Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology, 46(5),
    423-429. https://doi.org/10.1016/0895-4356(93)90018-V

    Examples
    --------
    >>> brennan_prediger(ratings.from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")}))).value
    0.5
    """
    return estimate(given, "brennan-prediger", weights, interval)
