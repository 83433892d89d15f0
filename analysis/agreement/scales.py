"""Scales: how far apart two codes are, and how much two coders agree who gave them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.agreement.ratings import AgreementError, Floats, Ratings
from analysis.support import formatting


@dataclass(frozen=True, eq=False)
class Scale:
    r"""How far apart codes are.

    Attributes
    ----------
    name : str
        `identity`, `linear`, `quadratic`, `ordinal`, `ratio`, the name of a distance between sets, or `matrix`.
    distances : array of shape (codes, codes)
        0 on the diagonal, symmetric.
    farthest : float, optional
        The distance at which two codes do not agree at all; if None, the largest of the distances.

    Notes
    -----
    Between codes at positions :math:`v_k`, with ranks k from 1 to q:

    ========= ============================== ================================
    name      distance                       Krippendorff's alpha calls it
    ========= ============================== ================================
    identity  0 if the same, else 1          nominal
    linear    :math:`|v_k - v_l|`            (has no name for it)
    quadratic :math:`(v_k - v_l)^2`          interval
    ordinal   :math:`\binom{|k - l| + 1}{2}` ordinal, with another distance
    ratio     :math:`((v_k - v_l) /          ratio
              (v_k + v_l))^2`
    ========= ============================== ================================

    Krippendorff's ordinal distance depends on how often each code was given: it is the squared number of ratings
    between two codes, half of each included. Alpha takes that one; every other coefficient takes Gwet's, above.

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics, chapter 3.

    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
    https://repository.upenn.edu/asc_papers/43
    """

    name: str
    distances: Floats
    farthest: float | None = None

    @cached_property
    def weights(self) -> Floats:
        """How much two codes agree, shape (codes, codes): 1 for the same code, 0 for the two that are farthest apart.

        >>> Scale("linear", np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]])).weights.tolist()
        [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
        """
        farthest = self.distances.max(initial=0) if self.farthest is None else self.farthest
        return np.asarray(1 - self.distances / (farthest or 1))

    def distances_of_alpha(self, given: Floats) -> Floats:
        """Return the distances that Krippendorff's alpha takes.

        Parameters
        ----------
        given : array of shape (..., codes)
            How often each code was given.

        Returns
        -------
        array of shape (codes, codes), or (..., codes, codes) where distances depend on what was given
        """
        if self.name != "ordinal":
            return self.distances
        middle = given.cumsum(axis=-1) - given / 2
        return np.asarray((middle[..., :, np.newaxis] - middle[..., np.newaxis, :]) ** 2)


def scale(ratings: Ratings, weights: str | ArrayLike | None = None) -> Scale:
    """Return the scale for the codes of some ratings.

    Parameters
    ----------
    ratings : Ratings
        Whose codes are weighted.
    weights : str or array of shape (codes, codes), optional
        The name of a scale, or how much each two codes agree, in the order of `ratings.codes`: symmetric, 1 on the
        diagonal, from 0 to 1 elsewhere. A DataFrame whose rows and columns are named by the codes may have them in any
        order. If None, `ordinal` for ordered codes and `identity` for others.

    Raises
    ------
    AgreementError
        For an unknown name, a matrix of another kind, a ratio of codes below zero, and for texts that only the alphabet
        orders where the weights depend on the order.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.agreement.ratings import from_table
    >>> table = pd.DataFrame({"ana": ["low", "high"], "ben": ["low", "mid"]})
    >>> ratings = from_table(table, codes=["low", "mid", "high"])
    >>> scale(ratings).name, scale(ratings, "quadratic").weights[0].tolist()
    ('identity', [1.0, 0.75, 0.0])
    >>> scale(ratings, [[1, 0.5, 0], [0.5, 1, 0.25], [0, 0.25, 1]]).weights[1].tolist()
    [0.5, 1.0, 0.25]
    >>> scale(from_table(table), "ordinal")
    Traceback (most recent call last):
    analysis.agreement.ratings.AgreementError: Weights 'ordinal' need the order of the codes, and nobody gave that ...
    """
    if not isinstance(weights, str | None):
        return _of_matrix(ratings, weights)
    name = weights or ("ordinal" if ratings.ordered else "identity")
    if name not in _DISTANCES:
        raise AgreementError(f"There are no weights {name!r}. Choose among {formatting.listed(list(_DISTANCES))}.")
    if name != "identity" and ratings.alphabetical:
        raise AgreementError(f"Weights {name!r} need the order of the codes, and {_without_order(ratings)}")
    if name == "ratio" and (ratings.positions < 0).any():
        raise AgreementError("A ratio of codes below zero is not defined. Choose other weights, such as quadratic.")
    return Scale(name, _DISTANCES[name](ratings.positions))


def _without_order(ratings: Ratings) -> str:
    if any(isinstance(code, frozenset) for code in ratings.codes):
        return "sets of codes have none. Use agreement.sets.krippendorff_alpha, or agreement.sets.scale."
    return (
        f"nobody gave that of {formatting.listed(ratings.names)}. List them as `codes` of from_table in their "
        "order, use ordered Categoricals, or write numbers as numbers."
    )


def _of_matrix(ratings: Ratings, weights: ArrayLike) -> Scale:
    """Return the scale of a matrix of weights; AgreementError for one that is no such matrix."""
    wanted = (len(ratings.codes),) * 2
    if isinstance(weights, pd.DataFrame) and set(weights.index) == set(weights.columns) == set(ratings.codes):
        weights = weights.reindex(index=list(ratings.codes), columns=list(ratings.codes))
    try:
        matrix = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        raise AgreementError(f"The matrix of weights has cells that are not numbers. {_MATRIX}") from None
    if matrix.shape != wanted:
        codes = formatting.listed(ratings.names)
        raise AgreementError(
            f"The matrix of weights has the shape {matrix.shape}, and these codes need {wanted}: {codes}. {_MATRIX}"
        )
    faults = {
        "has cells outside 0 to 1": not ((matrix >= 0) & (matrix <= 1)).all(),
        "is not 1 on the diagonal": not (matrix.diagonal() == 1).all(),
        "is not symmetric": not np.allclose(matrix, matrix.T, rtol=0, atol=1e-12),
    }
    if found := [fault for fault, holds in faults.items() if holds]:
        raise AgreementError(f"The matrix of weights {formatting.listed(found)}. {_MATRIX}")
    return Scale("matrix", 1 - matrix, farthest=1)


_MATRIX = "Give how much each two codes agree: 1 for the same code, from 0 to 1 for two others, the same both ways."


def _differences(positions: Floats) -> Floats:
    return np.abs(positions[:, np.newaxis] - positions)


def _identity(positions: Floats) -> Floats:
    return 1 - np.eye(len(positions))


def _quadratic(positions: Floats) -> Floats:
    return _differences(positions) ** 2


def _ordinal(positions: Floats) -> Floats:
    steps = _differences(np.arange(len(positions), dtype=np.float64))
    return steps * (steps + 1) / 2


def _ratio(positions: Floats) -> Floats:
    sums = positions[:, np.newaxis] + positions
    return (_differences(positions) / np.where(sums == 0, 1, sums)) ** 2


_DISTANCES: dict[str, Callable[[Floats], Floats]] = {
    "identity": _identity,
    "linear": _differences,
    "quadratic": _quadratic,
    "ordinal": _ordinal,
    "ratio": _ratio,
}
