"""How unevenly published passages are spread over interviewees."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.support import formatting
from analysis.support.errors import CompendiumError


class ConcentrationError(CompendiumError):
    """A measure of concentration that is not defined for the counts it was asked for."""


def gini(counts: ArrayLike) -> float:
    r"""Return the Gini coefficient of how counts are spread over units.

    Parameters
    ----------
    counts : array of shape (n,)
        What each unit holds, zero for a unit that holds nothing.

    Returns
    -------
    float
        0 where all hold the same, :math:`(n - 1) / n` where one holds everything.

    Raises
    ------
    ConcentrationError
        For no units, for units that hold nothing together, and for counts that are negative, missing or infinite.

    Notes
    -----
    Half the mean absolute difference of all :math:`n^2` ordered pairs, relative to the mean, with n units as the whole
    population:

    .. math:: G = \frac{\sum_i \sum_j |x_i - x_j|}{2 n^2 \bar x}
                = \frac{2 \sum_i i \, x_{(i)}}{n \sum_i x_i} - \frac{n + 1}{n}

    Counts are whole: 38 passages cannot be spread evenly over 48 people, and spread at random they are not even
    either. So 0 is not what chance would give. Agrees with `laeken::gini` in R (there in per cent).

    References
    ----------
    Cowell, F. A. (2011). Measuring Inequality (3rd ed.). Oxford University Press, section 2.3 and appendix A.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 5]), gini([1, 2, 3])
    (0.0, 0.75, 0.2222222222222222)
    """
    held = np.sort(_checked_holdings(counts))
    n = len(held)
    # (2 i - n - 1) sums to zero over i, so that equal counts give exactly 0.
    return float(((2 * np.arange(1, n + 1) - n - 1) * held).sum() / (n * held.sum()))


def gini_corrected(counts: ArrayLike) -> float:
    r"""Return the Gini coefficient times n/(n - 1), so that one unit that holds everything gives 1 at any n.

    Takes and raises what `gini` does, and needs at least two units.

    Notes
    -----
    The mean difference is taken over the :math:`n (n - 1)` pairs of different units. This removes the first-order
    bias of a small random sample; over a selection it only makes groups of different size comparable.

    References
    ----------
    Deltas, G. (2003). The small-sample bias of the Gini coefficient: results and implications for empirical research.
    Review of Economics and Statistics, 85(1), 226-234. https://doi.org/10.1162/rest.2003.85.1.226

    Examples
    --------
    >>> gini_corrected([0, 0, 0, 5]), gini_corrected([1, 1])
    (1.0, 0.0)
    """
    n = len(_checked_holdings(counts))
    if n < 2:
        raise ConcentrationError("The corrected Gini coefficient needs at least two units. Use gini for a single one.")
    return gini(counts) * n / (n - 1)


def top_share(counts: ArrayLike, k: int) -> float:
    """Return the share, from 0 to 1, that the k units with the most hold together (all of it, where k is n or more).

    Raises ConcentrationError for k below 1 and for what `gini` refuses.

    Examples
    --------
    >>> top_share([7, 5, 4, 4], 1), top_share([7, 5, 4, 4], 2)
    (0.35, 0.6)
    """
    if k < 1:
        raise ConcentrationError(f"The share of the top {k} is not defined. Choose at least the top 1.")
    held = np.sort(_checked_holdings(counts))
    return float(held[-k:].sum() / held.sum())


def concentration(passages: pd.DataFrame, interviewed: int | None, top: Sequence[int] = (1, 3, 5)) -> pd.DataFrame:
    """Return how unevenly passages are spread over interviewees: those quoted, and all who were interviewed.

    Parameters
    ----------
    passages : DataFrame
        `extract_id, interviewee` of every passage, from `Evidence.passages`; those without an interviewee are left out.
    interviewed : int or None
        The number of people interviewed, quoted or not (`evidence.study.interviewed`); None if not stated.
    top : sequence of int
        For how many of the most quoted to give the share of passages.

    Returns
    -------
    DataFrame
        Two rows, `base` quoted and interviewed (only the first where `interviewed` is None), with `interviewees,
        passages` (numbers), `gini, gini_corrected` and a share `top_k` for each k. The shares are the same in both
        rows; the Gini coefficients are not.

    Raises
    ------
    ConcentrationError
        Where more are quoted than were interviewed, and for what `gini_corrected` and `top_share` refuse.

    Examples
    --------
    >>> who = pd.DataFrame({"extract_id": list("ABCD"), "interviewee": ["P1", "P1", "P1", "P2"]})
    >>> concentration(who, interviewed=4, top=[1]).round(3)
              base  interviewees  passages   gini  gini_corrected  top_1
    0       quoted             2         4  0.250           0.500   0.75
    1  interviewed             4         4  0.625           0.833   0.75
    """
    held = passages["interviewee"].value_counts().to_numpy()
    bases = {"quoted": held}
    if interviewed is not None and len(held) > interviewed:
        raise ConcentrationError(
            f"{formatting.counted(len(held), 'interviewee')} are quoted but only {interviewed} were interviewed. "
            "Correct the number of interviews, or the sources."
        )
    if interviewed is not None:
        bases["interviewed"] = np.pad(held, (0, interviewed - len(held)))
    return pd.DataFrame(
        [
            {
                "base": base,
                "interviewees": len(counts),
                "passages": int(counts.sum()),
                "gini": gini(counts),
                "gini_corrected": gini_corrected(counts),
                **{f"top_{k}": top_share(counts, k) for k in top},
            }
            for base, counts in bases.items()
        ]
    )


def _checked_holdings(counts: ArrayLike) -> NDArray[np.float64]:
    held = np.asarray(counts, dtype=np.float64)
    if not (np.isfinite(held) & (held >= 0)).all():
        raise ConcentrationError("Some counts are negative, missing or infinite. Count again.")
    if not held.sum() > 0:
        raise ConcentrationError("The units hold nothing, so concentration is not defined. Choose units that do.")
    return held
