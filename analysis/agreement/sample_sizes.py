r"""How many passages a second coding needs, so that the figure of agreement is as certain as is wanted.

Two coders give a code or do not, independently of each other, and passages are independent. With a code that holds for
a share :math:`\pi` of the passages and an agreement :math:`\kappa` beyond chance (kappa of one common share, which for
many passages is Scott's pi and Krippendorff's alpha), passages fall into three kinds: both give the code,
:math:`\pi^2 + \kappa \pi (1 - \pi)`; neither does, :math:`(1 - \pi)^2 + \kappa \pi (1 - \pi)`; they differ,
:math:`2 \pi (1 - \pi) (1 - \kappa)`.

References
----------
Donner, A., & Eliasziw, M. (1992). A goodness-of-fit approach to inference procedures for the kappa statistic:
confidence interval construction, significance-testing and sample size estimation. Statistics in Medicine, 11(11),
1511-1519. https://doi.org/10.1002/sim.4780111109

Donner, A., & Rotondi, M. A. (2010). Sample size requirements for interval estimation of the kappa statistic for
interobserver agreement studies with a binary outcome and multiple raters. The International Journal of Biostatistics,
6(1). https://doi.org/10.2202/1557-4679.1275
"""

import math

from analysis.agreement.ratings import AgreementError


def passages_needed(expected: float, bound: float, share: float, confidence: float = 0.95) -> int:
    r"""Return how many passages two coders need, so that the interval of kappa is expected to begin at a bound.

    Parameters
    ----------
    expected, bound : float
        The kappa that is expected, and the lower end of its one-sided interval, which is below it.
    share : float
        The share of passages that have the code, between 0 and 1.
    confidence : float
        Of the one-sided interval.

    Raises
    ------
    AgreementError
        For numbers outside these limits.

    Notes
    -----
    With the probabilities :math:`p_i` of the three kinds: :math:`n = \chi^2 / \sum_i (p_i(\kappa) - p_i(\kappa_0))^2 /
    p_i(\kappa_0)`, where :math:`\kappa_0` is the bound and :math:`\chi^2` the quantile of :math:`2 c - 1` with one
    degree of freedom for the confidence c. It is smallest for a share of one half.

    Examples
    --------
    >>> passages_needed(0.8, 0.6, 0.3), passages_needed(0.8, 0.7, 0.3), passages_needed(0.8, 0.6, 0.05)
    (52, 164, 217)
    """
    if not 0 < share < 1:
        raise AgreementError(f"The share of passages with a code is {share}. Give one between 0 and 1.")
    if not 0 <= bound < expected <= 1:
        raise AgreementError(f"The bound {bound} is not from 0 to below the expected kappa {expected}. Choose others.")
    if not 0.5 < confidence < 1:
        raise AgreementError(f"The confidence is {confidence}. Give one between 0.5 and 1.")
    from scipy.special import chdtri

    wanted, least = _kinds(expected, share), _kinds(bound, share)
    distance = sum((share - other) ** 2 / other for share, other in zip(wanted, least, strict=True))
    return math.ceil(float(chdtri(1, 2 * (1 - confidence))) / distance)


def _kinds(kappa: float, share: float) -> tuple[float, float, float]:
    """Return how probable it is that both give a code, that neither does, and that they differ."""
    spread = share * (1 - share)
    return share**2 + kappa * spread, (1 - share) ** 2 + kappa * spread, 2 * spread * (1 - kappa)


def scaled(passages: int, reach: float, wanted: float) -> int:
    """Return how many passages like those compared bring an interval of some reach on each side to a wanted one.

    An interval narrows with the square root of the number of passages.

    >>> scaled(30, 0.2, 0.1)
    120
    """
    return math.ceil(passages * (reach / wanted) ** 2)
