"""Scales: how far apart two codes are, and how much two coders agree who gave them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis import numbers
from analysis.agreement.ratings import AgreementError, Floats, Ratings


@dataclass(frozen=True, eq=False)
class Scale:
    r"""How far apart codes are.

    Attributes
    ----------
    name : str
        `identity`, `linear`, `quadratic`, `ordinal`, `ratio`, or the name of a distance between sets.
    distances : array of shape (codes, codes)
        0 on the diagonal, symmetric.

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

    @cached_property
    def weights(self) -> Floats:
        """How much two codes agree, shape (codes, codes): 1 for the same code, 0 for the two that are farthest apart.

        >>> Scale("linear", np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]])).weights.tolist()
        [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
        """
        farthest = self.distances.max(initial=0)
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


def scale(ratings: Ratings, name: str | None = None) -> Scale:
    """Return the scale of a name for the codes of some ratings: `ordinal` if None and they are ordered, or `identity`.

    Raises AgreementError for an unknown name, and for a ratio of codes below zero.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.agreement.ratings import from_table
    >>> table = pd.DataFrame({"ana": ["low", "high"], "ben": ["low", "mid"]})
    >>> ratings = from_table(table, codes=["low", "mid", "high"])
    >>> scale(ratings).name, scale(ratings, "quadratic").weights[0].tolist()
    ('identity', [1.0, 0.75, 0.0])
    """
    name = name or ("ordinal" if ratings.ordered else "identity")
    if name not in _DISTANCES:
        raise AgreementError(f"There are no weights {name!r}. Choose among {numbers.listed(list(_DISTANCES))}.")
    if name == "ratio" and (ratings.positions < 0).any():
        raise AgreementError("A ratio of codes below zero is not defined. Choose other weights, such as quadratic.")
    return Scale(name, _DISTANCES[name](ratings.positions))


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
