"""How codes accumulate over interviewees, and whether a run of interviewees brings few new ones.

An interviewee *has* a code if one of their passages supports it in the coding of record (a primary code; alternatives,
passages that counter or give context, and documents are left out). Codes are counted at one level of a facet.

On passages that authors selected, none of this is about the collection of data. It then says how the published
passages spread over interviewees: an interviewee who is quoted once can add one code, whatever they said. Nor is the
order of the sources the order of the interviews, unless the study says so. `CAVEAT` says it with every result, and
`caveat` chooses what is to be said of a study whose passages were not selected for an article.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting import frequencies
from analysis.counting.crosstabs import Axis
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError

SEED = 2024
ORDERS = 10_000  # orders of interviewees at most; all of them where there are no more
CAVEAT = (
    "Of passages that authors selected, this says how the published ones spread over interviewees, "
    "not whether the collection of data was saturated."
)
CAVEAT_OF_A_STUDY = (
    "This takes the codes and the interviewees as they are: it says how codes spread over those who have a passage. "
    "Whether the collection of data was saturated also depends on who was asked, in which order, and on where the "
    "codes come from."
)


class SaturationError(CompendiumError):
    """An accumulation or a measure of saturation that is not defined for what it was asked for."""


@dataclass(frozen=True, eq=False)
class Accumulation:
    """How many codes some interviewees have together, over the orders in which they could come.

    Attributes
    ----------
    curve : DataFrame
        For each number of `interviewees`: the `mean` number of codes over all orders, exactly, and `lower` and `upper`,
        between which the middle share of the orders lies.
    share : float
        That share.
    orders : int
        The number of orders behind `lower` and `upper`.
    exact : bool
        Whether these are all orders; otherwise they were drawn with `seed`.
    seed : int or None
        None if exact.
    """

    curve: pd.DataFrame
    share: float
    orders: int
    exact: bool
    seed: int | None


@dataclass(frozen=True, eq=False)
class Saturation:
    """Saturation of one order of interviewees after Guest, Namey and Chen; `str()` gives it in words, with the caveat.

    Attributes
    ----------
    base_size, run_length, threshold
        As asked for; the threshold is a share of the codes of the base.
    base_codes : int
        The number of codes that the first `base_size` interviewees have.
    runs : DataFrame
        A row for each run of `run_length` interviewees after the base, overlapping: its `first` and `last` interviewee
        (from 1), the codes `new` in it, their `share` of the codes of the base (nan where that has none), and whether
        this is `within` the threshold.
    reached : int or None
        The number of interviewees before the first run within the threshold; None where there is none.
    reason : str
        Why it is not reached, empty where it is.
    """

    base_size: int
    run_length: int
    threshold: float
    base_codes: int
    runs: pd.DataFrame
    reached: int | None
    reason: str

    @property
    def notation(self) -> str | None:
        """The point as the authors of the measure write it: interviewees before the run, plus those of the run."""
        return None if self.reached is None else f"{self.reached}+{self.run_length}"

    def __str__(self) -> str:
        if self.reached is None:
            return f"Not reached, because {self.reason}. {CAVEAT}"
        run = self.runs.iloc[self.reached - self.base_size]
        new = int(run["new"])
        return (
            f"Reached at {self.notation}: after {formatting.counted(self.reached, 'interviewee')}, the next "
            f"{formatting.in_words(self.run_length)} brought {formatting.counted(new, 'new code')}, "
            f"{formatting.share(new, self.base_codes)} of the {self.base_codes} in the base of "
            f"{formatting.in_words(self.base_size)} (threshold {formatting.percent(self.threshold)}). {CAVEAT}"
        )


def caveat(evidence: Evidence) -> str:
    """Return what has to be said with a result on a study.

    `CAVEAT` is of passages that were selected: those of an article, and of a simulated study, which is treated as one
    unless it was imported.
    """
    study = evidence.study
    return CAVEAT if study.article or (study.simulated and study.origin is None) else CAVEAT_OF_A_STUDY


def incidence(evidence: Evidence, facet: str, level: str | None = None) -> pd.DataFrame:
    """Return which interviewee has which code.

    Parameters
    ----------
    evidence : Evidence
        The coded study; supporting primary codes of its coding of record count.
    facet, level
        A facet, and a level of its tree, to which codes are rolled up (its top if None).

    Returns
    -------
    DataFrame of bool, shape (interviewees, codes)
        A row for each interviewee with a passage, in the order of the sources; a column for each code of the level, in
        the order of the tree, found or not.

    Raises
    ------
    StructureError
        For an unknown facet or level.
    SaturationError
        Where no interviewee has a passage.
    """
    level = Axis(facet, level).level_in(evidence)
    codes = code_tree.codes_at(evidence.codes, facet, level)
    who = evidence.passages.set_index("extract_id")["interviewee"]
    speakers = set(who.dropna())
    spoke = [source for source in evidence.sources["source_id"] if source in speakers]
    if not spoke:
        raise SaturationError("No interviewee has a passage, so nothing accumulates. Choose a study with interviewees.")
    had = frequencies.supporting(evidence, facet, level)
    table = pd.crosstab(had["extract_id"].map(who), had["code"]).reindex(index=spoke, columns=codes, fill_value=0) > 0
    return table.rename_axis(index="interviewee", columns="code")


def in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Return how codes accumulate in the order of the rows: `interviewee, new, codes` (together so far).

    Parameters
    ----------
    found : DataFrame of bool, shape (interviewees, codes)
        Of `incidence`; its rows may be in another order.

    Examples
    --------
    >>> found = pd.DataFrame({"a": [True, True, False], "b": [False, True, True]}, index=["P1", "P2", "P3"])
    >>> in_order(found)
      interviewee  new  codes
    0          P1    1      1
    1          P2    1      2
    2          P3    0      2
    """
    new = _new_codes(found, np.arange(len(found))[np.newaxis])[0]
    return pd.DataFrame({"interviewee": list(found.index), "new": new, "codes": new.cumsum()})


def expected_codes(found: pd.DataFrame) -> NDArray[np.float64]:
    r"""Return the mean number of codes that k of the n interviewees have together, for k from 1 to n, exactly.

    Parameters
    ----------
    found : DataFrame of bool, shape (n, codes)
        Of `incidence`.

    Returns
    -------
    array of shape (n,)
        Never falling; the last value is the number of codes that anyone has.

    Notes
    -----
    The mean over all orders, or over all choices of k interviewees, where :math:`m_c` of the n have code c:

    .. math:: E_k = \sum_c 1 - \binom{n - m_c}{k} \Big/ \binom{n}{k}

    This is the sample-based rarefaction curve of ecology.

    References
    ----------
    Mao, C. X., Colwell, R. K., & Chang, J. (2005). Estimating the species accumulation curve using mixtures.
    Biometrics, 61(2), 433-441. https://doi.org/10.1111/j.1541-0420.2005.00316.x

    Examples
    --------
    >>> expected_codes(pd.DataFrame({"a": [True, True, False], "b": [False, False, True]})).round(3)
    array([1.   , 1.667, 2.   ])
    """
    n, having = len(found), found.to_numpy().sum(axis=0)
    before = np.arange(n)[:, np.newaxis]
    # Nobody among k has the code: each one in turn is one of those without it who are left.
    nobody = np.cumprod(np.maximum(n - having - before, 0) / (n - before), axis=0)
    return np.asarray((1 - nobody).sum(axis=1))


def over_orders(found: pd.DataFrame, share: float = 0.9, orders: int = ORDERS, seed: int = SEED) -> Accumulation:
    """Return how codes accumulate over the orders of the interviewees: the exact mean, and a band.

    Parameters
    ----------
    found : DataFrame of bool, shape (n, codes)
        Of `incidence`.
    share : float
        The share of orders within the band, the middle one, above 0 and below 1.
    orders : int
        All orders are taken if there are no more than this, otherwise so many are drawn.
    seed : int
        What they are drawn with.

    Raises
    ------
    SaturationError
        For a share or a number of orders that is out of range, or no interviewees.
    """
    if not 0 < share < 1:
        raise SaturationError(f"There is no band of a share of {share}. Choose one above 0 and below 1.")
    places, exact = _places(len(found), orders, seed)
    codes = _new_codes(found, places).cumsum(axis=1)
    lower, upper = np.quantile(codes, [(1 - share) / 2, (1 + share) / 2], axis=0, method="inverted_cdf")
    curve = pd.DataFrame(
        {
            "interviewees": np.arange(1, len(found) + 1),
            "mean": expected_codes(found),
            "lower": lower.astype("int64"),
            "upper": upper.astype("int64"),
        }
    )
    return Accumulation(curve, share, len(places), exact, None if exact else seed)


def saturation(
    new: Sequence[int] | pd.Series, base_size: int = 4, run_length: int = 2, threshold: float = 0.05
) -> Saturation:
    """Return where one order of interviewees is saturated after Guest, Namey and Chen, or why it is not.

    Parameters
    ----------
    new : sequence of int, shape (n,)
        How many codes each interviewee adds to those before, as the column `new` of `in_order`.
    base_size : int
        With how many interviewees the comparison begins; the authors of the measure try 4 to 6.
    run_length : int
        How many interviewees in a row have to bring few new codes; they try 2 and 3.
    threshold : float
        How many new codes a run may bring, as a share of the codes of the base; they try 0.05 and 0.

    Raises
    ------
    SaturationError
        For sizes below one, a threshold outside 0 to 1, and numbers of codes below zero.

    Notes
    -----
    Runs overlap: after a base of four, runs of two are the fifth and sixth interviewee, the sixth and seventh, and so
    on. The denominator stays the base. The measure depends on how fine the codes are, and on the order.

    References
    ----------
    Guest, G., Namey, E., & Chen, M. (2020). A simple method to assess and report thematic saturation in qualitative
    research. PLOS ONE, 15(5), e0232076. https://doi.org/10.1371/journal.pone.0232076

    Examples
    --------
    >>> found = saturation([20, 9, 5, 3, 4, 3, 1, 0])
    >>> found.base_codes, found.notation
    (37, '6+2')
    >>> str(found).split(". ")[0]
    'Reached at 6+2: after six interviewees, the next two brought one new code, 3% of the 37 in the base of four (threshold 5%)'
    """  # noqa: E501
    _check_measure(base_size, run_length, threshold)
    added = np.asarray(new, dtype=np.int64)
    if (added < 0).any():
        raise SaturationError("An interviewee adds a negative number of codes. Count again.")
    base, brought, within = _runs(added[np.newaxis], base_size, run_length, threshold)
    first = base_size + 1 + np.arange(brought.shape[1])
    shares = brought[0] / base[0] if base[0] else np.full(brought.shape[1], np.nan)
    runs = pd.DataFrame(
        {"first": first, "last": first + run_length - 1, "new": brought[0], "share": shares, "within": within[0]}
    )
    reached = base_size + int(within[0].argmax()) if within.any() else None
    reason = "" if reached is not None else _reason(len(added), int(base[0]), runs, base_size, run_length, threshold)
    return Saturation(base_size, run_length, threshold, int(base[0]), runs, reached, reason)


def saturation_over_orders(
    found: pd.DataFrame,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    orders: int = ORDERS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return where the measure of `saturation` is reached over the orders in which the interviewees could come.

    Parameters
    ----------
    found : DataFrame of bool, shape (n, codes)
        Of `incidence`.
    base_size, run_length, threshold
        As in `saturation`.
    orders, seed
        As in `over_orders`.

    Returns
    -------
    DataFrame
        `reached` (interviewees before the run; missing where an order does not reach it, last) and `orders`, how many
        of the orders reach it there.

    Raises
    ------
    SaturationError
        For what `saturation` and `over_orders` refuse.
    """
    _check_measure(base_size, run_length, threshold)
    places, _ = _places(len(found), orders, seed)
    _, _, within = _runs(_new_codes(found, places), base_size, run_length, threshold)
    reached = within.any(axis=1)
    at, orders_there = np.unique([base_size + run.argmax() for run in within[reached]], return_counts=True)
    never = [] if reached.all() else [int((~reached).sum())]
    return pd.DataFrame(
        {
            "reached": pd.array([*at.tolist(), *(pd.NA for _ in never)], dtype="Int64"),
            "orders": np.array([*orders_there.tolist(), *never], dtype=np.int64),
        }
    )


def _places(n: int, orders: int, seed: int) -> tuple[NDArray[np.int64], bool]:
    """Return the place of each of n interviewees in some orders, shape (orders, n), and whether these are all."""
    if n < 1 or orders < 1:
        raise SaturationError("There are no interviewees, or no orders of them. Take at least one of each.")
    if n <= 20 and math.factorial(n) <= orders:  # beyond 20 the factorial outgrows any number of orders
        return np.array(list(permutations(range(n))), dtype=np.int64), True
    keys = np.random.Generator(np.random.PCG64(seed)).random((orders, n))
    return np.argsort(keys, axis=1, kind="stable"), False


def _new_codes(found: pd.DataFrame, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many codes the interviewee at each place of each order adds, shape (orders, n)."""
    new = np.zeros(places.shape, dtype=np.int64)
    every = np.arange(len(places))
    for having in found.to_numpy(dtype=bool).T:
        if having.any():
            new[every, places[:, having].min(axis=1)] += 1  # the first of those who have the code
    return new


def _runs(
    new: NDArray[np.int64], base_size: int, run_length: int, threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return of each order the codes of its base, (orders,), those new in each run and which runs suffice, (orders, r).

    A base without codes has no share of new ones, so that no run suffices.
    """
    together = np.pad(new.cumsum(axis=1), ((0, 0), (1, 0)))
    base = together[:, min(base_size, new.shape[1])]
    brought = together[:, base_size + run_length :] - together[:, base_size : max(new.shape[1] + 1 - run_length, 0)]
    # Division rounds correctly, so a share of exactly the threshold is within it.
    with np.errstate(divide="ignore", invalid="ignore"):
        within = (base[:, np.newaxis] > 0) & (brought / base[:, np.newaxis] <= threshold)
    return base, brought, within


def _reason(n: int, base: int, runs: pd.DataFrame, base_size: int, run_length: int, threshold: float) -> str:
    if runs.empty:
        return f"a base and a run need {base_size + run_length} interviewees, and there are only {n}"
    if not base:
        return f"the base of {formatting.in_words(base_size)} has no code to compare with"
    lowest = formatting.share(int(runs["new"].min()), base)
    return (
        f"no run of {formatting.in_words(run_length)} brought as few new codes as "
        f"{formatting.percent(threshold)} of the "
        f"{base} in the base of {formatting.in_words(base_size)} (the fewest: {lowest})"
    )


def _check_measure(base_size: int, run_length: int, threshold: float) -> None:
    if base_size < 1 or run_length < 1:
        raise SaturationError(
            f"A base of {base_size} and a run of {run_length} are not a measure. Take at least one each."
        )
    if not 0 <= threshold <= 1:
        raise SaturationError(f"There is no threshold {threshold}. Choose a share from 0 to 1.")
