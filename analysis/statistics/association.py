"""How strongly two facets go together in published passages, and how that depends on who is quoted.

Cramér's V describes a table of counts; nothing here concludes from it to more than that table. `chi_square` is an
exhibit of what a test would assume and what these data do not meet: its p-value is to be shown together with
`assumptions`, never alone.

Every function takes the long form that `analysis.counting.crosstabs.cases` returns, or plain counts. Cases that are
`uncoded` on a facet are cases like any other: leave them out before, if they are to be left out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.support import formatting
from analysis.support.errors import CompendiumError


class AssociationError(CompendiumError):
    """A measure that is not defined for the counts it was asked for."""


@dataclass(frozen=True)
class Association:
    """The size of the association in one table: its shape, its total and Cramér's V, raw and bias-corrected.

    `v_corrected` is nan where there are no more cases than rows or columns, which leaves nothing to correct with.
    """

    rows: int
    columns: int
    cases: int
    v: float
    v_corrected: float


@dataclass(frozen=True, eq=False)
class ChiSquare:
    """A chi-square test of independence as an exhibit: what it computes, and in `assumptions` why not to rely on it.

    `expected` has the table's rows and columns; `below_5` is the share of its cells that expect fewer than five.
    """

    cases: int
    statistic: float
    degrees_of_freedom: int
    p: float
    expected: pd.DataFrame
    below_5: float
    assumptions: str


def cramers_v(tables: ArrayLike) -> NDArray[np.float64]:
    r"""Return Cramér's V of each table in an array of tables.

    Parameters
    ----------
    tables : array of shape (..., r, c)
        Counts, r and c at least 2.

    Returns
    -------
    array of shape (...)
        V without unit, from 0 (rows are proportional) to 1 (the longer side determines the shorter). It is nan, not
        defined, where a table has an empty row or an empty column, or no cases at all.

    Raises
    ------
    AssociationError
        For a shape with fewer than two rows or columns, and for counts that are negative, missing or infinite.

    Notes
    -----
    .. math:: V = \sqrt{\varphi^2 / \min(r - 1, c - 1)}, \quad
              \varphi^2 = \sum_{ij} \frac{(n n_{ij} - n_{i+} n_{+j})^2}{n^2 n_{i+} n_{+j}}

    without Yates' correction. In small tables V is far above 0 even where rows and columns are independent; see
    `cramers_v_bias_corrected`, whose correction is too small where cases cluster in interviewees. Agrees with
    `vcd::assocstats` in R and `scipy.stats.contingency.association`.

    References
    ----------
    Cramér, H. (1946). Mathematical Methods of Statistics. Princeton University Press, section 21.9.

    Examples
    --------
    >>> cramers_v([[[8, 2], [2, 8]], [[5, 5], [5, 5]], [[5, 5], [0, 0]]])
    array([0.6, 0. , nan])
    """
    counts = _checked_counts(tables)
    room = min(counts.shape[-2:]) - 1
    return np.asarray(np.sqrt(np.minimum(_phi_squared(counts) / room, 1)))


def cramers_v_bias_corrected(tables: ArrayLike) -> NDArray[np.float64]:
    r"""Return Bergsma's bias-corrected Cramér's V of each table in an array of tables.

    Parameters
    ----------
    tables : array of shape (..., r, c)
        Counts, r and c at least 2.

    Returns
    -------
    array of shape (...)
        From 0 to 1, never above `cramers_v`. It is nan where that is, and where a table has no more cases than rows or
        columns.

    Raises
    ------
    AssociationError
        As `cramers_v`.

    Notes
    -----
    .. math:: \tilde V = \sqrt{\frac{\max(0, \varphi^2 - (r - 1)(c - 1) / (n - 1))}
                                    {\min(\tilde r - 1, \tilde c - 1)}}, \quad
              \tilde r = r - \frac{(r - 1)^2}{n - 1}, \quad \tilde c = c - \frac{(c - 1)^2}{n - 1}

    What is subtracted is the expectation of :math:`\varphi^2` for n independent cases. Cases that cluster in
    interviewees inflate :math:`\varphi^2` further, so the correction is too small for them.

    References
    ----------
    Bergsma, W. (2013). A bias-correction for Cramér's V and Tschuprow's T. Journal of the Korean Statistical Society,
    42(3), 323-328. https://doi.org/10.1016/j.jkss.2012.10.002

    Examples
    --------
    >>> cramers_v_bias_corrected([[[8, 2], [2, 8]], [[5, 4], [4, 5]], [[5, 5], [0, 0]]]).round(3)
    array([0.57, 0.  ,  nan])
    """
    counts = _checked_counts(tables)
    r, c = counts.shape[-2:]
    n = counts.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.maximum(_phi_squared(counts) - (r - 1) * (c - 1) / (n - 1), 0)
        room = np.minimum((r - 1) * (n - r), (c - 1) * (n - c)) / (n - 1)  # the corrected r − 1 and c − 1, simplified
        squared = np.where(room > 0, excess / room, np.nan)
    return np.asarray(np.sqrt(np.minimum(squared, 1)))


def contingency(cases: pd.DataFrame) -> pd.DataFrame:
    """Count cases (`row`, `column`) in a table of the rows and columns that occur, both sorted.

    Examples
    --------
    >>> contingency(pd.DataFrame({"row": ["a", "b", "b"], "column": ["late", "early", "late"]})).loc["b"].to_dict()
    {'early': 1, 'late': 1}
    """
    return pd.crosstab(cases["row"], cases["column"])


def association(table: pd.DataFrame) -> Association:
    """Return the size of the association in one table, or say why it has none.

    Parameters
    ----------
    table : DataFrame of shape (r, c)
        Counts, with the names of rows and columns as its labels, as `contingency` returns them.

    Raises
    ------
    AssociationError
        For a table with an empty row or column, named in the message, with fewer than two of either, or with counts
        that are negative, missing or infinite.

    Examples
    --------
    >>> table = pd.DataFrame({"early": [3, 1], "late": [1, 3]}, index=["structural", "resource"])
    >>> found = association(table)
    >>> found.cases, found.v, round(found.v_corrected, 3)
    (8, 0.5, 0.354)
    >>> association(table.assign(unsaid=0))
    Traceback (most recent call last):
    analysis.statistics.association.AssociationError: Cramér's V is not defined: column 'unsaid' is empty. Drop ...
    """
    counts = _checked_counts(table.to_numpy())
    empty = _empty(table)
    if empty:
        raise AssociationError(
            f"Cramér's V is not defined: {formatting.listed(empty)} {'is' if len(empty) == 1 else 'are'} empty. "
            f"Drop {'it' if len(empty) == 1 else 'them'}, or choose another level."
        )
    return Association(
        rows=counts.shape[0],
        columns=counts.shape[1],
        cases=int(counts.sum()),
        v=float(cramers_v(counts)),
        v_corrected=float(cramers_v_bias_corrected(counts)),
    )


# --- who it depends on


def without_each_interviewee(cases: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Return Cramér's V with each interviewee left out in turn.

    Parameters
    ----------
    cases : DataFrame
        `extract_id, row, column`, from `analysis.counting.crosstabs.cases`.
    passages : DataFrame
        `extract_id, interviewee` of every passage, from `Evidence.passages`. Passages of documents, without an
        interviewee, are never left out.

    Returns
    -------
    DataFrame
        A row for each interviewee with a case, sorted: `interviewee, passages` (left out), `v, v_corrected` (of what
        remains, in the rows and columns of the whole table), `emptied` (the rows and columns that nobody else is in;
        where there are any, V is nan: a V of fewer rows or columns would not be comparable).

    Raises
    ------
    AssociationError
        For cases in fewer than two rows or columns, or of passages that are not listed.

    Examples
    --------
    >>> cases = pd.DataFrame({"extract_id": list("ABCDE"), "row": list("aabba"), "column": list("xxyyy")})
    >>> who = pd.DataFrame({"extract_id": list("ABCDE"), "interviewee": ["P1", "P2", "P3", "P3", "P1"]})
    >>> left_out = without_each_interviewee(cases, who)
    >>> left_out[["interviewee", "passages", "v", "v_corrected"]].round(3)
      interviewee  passages      v  v_corrected
    0          P1         2  1.000          1.0
    1          P2         1  0.577          0.0
    2          P3         2    NaN          NaN
    >>> left_out["emptied"].tolist()
    ['', '', "row 'b'"]
    """
    who = _interviewees(cases, passages)
    everyone = sorted(who.dropna().unique())
    row, row_names = pd.factorize(cases["row"], sort=True)
    column, column_names = pd.factorize(cases["column"], sort=True)
    own = np.zeros((len(everyone) + 1, len(row_names), len(column_names)), dtype=np.int64)
    # Code -1, cases without an interviewee, adds to the last table, which is never left out.
    np.add.at(own, (pd.Categorical(who, categories=everyone).codes, row, column), 1)
    remaining = own.sum(axis=0) - own[:-1]
    left_out = cases["extract_id"].groupby(who).nunique()
    return pd.DataFrame(
        {
            "interviewee": everyone,
            "passages": left_out.reindex(everyone).to_numpy(),
            "v": cramers_v(remaining),
            "v_corrected": cramers_v_bias_corrected(remaining),
            "emptied": [", ".join(_empty(pd.DataFrame(t, row_names, column_names))) for t in remaining],
        }
    )


# --- an exhibit of assumptions


def expected_counts(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what each cell of a table would count on average if rows and columns were independent."""
    return np.asarray(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum())


def pearson(counts: NDArray[np.int64], yates: bool = False) -> tuple[float, float]:
    """Return Pearson's chi-square of a table without empty rows and columns, and its p-value: 1 for a single row.

    It is that of `scipy.stats.chi2_contingency` (`correction=yates`). That module and pingouin take seconds to load,
    and a twentieth of the time is enough, which counts where many hundreds of studies are simulated.

    >>> statistic, p = pearson(np.array([[4, 1], [2, 5]]))
    >>> round(statistic, 3), round(p, 3)
    (3.086, 0.079)
    """
    from scipy.special import chdtrc

    expected = expected_counts(counts)
    distance = np.abs(counts - expected)
    if yates:
        distance -= np.minimum(distance, 0.5)
    statistic = float((distance**2 / expected).sum())
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return statistic, float(chdtrc(freedom, statistic)) if freedom else 1.0


def chi_square(cases: pd.DataFrame, passages: pd.DataFrame) -> ChiSquare:
    """Compute a chi-square test of independence, and say which of its assumptions the cases do not meet.

    Parameters
    ----------
    cases, passages : DataFrame
        As for `without_each_interviewee`; one row and one column for each passage.

    Raises
    ------
    AssociationError
        For a passage in several cells, cases in fewer than two rows or columns, or of passages that are not listed.

    Notes
    -----
    Pearson's statistic, without Yates' correction. The rule that few expected counts should be below 5 (at most a fifth
    of them, and none below 1) is Cochran's.

    References
    ----------
    Cochran, W. G. (1954). Some methods for strengthening the common chi-square tests. Biometrics, 10(4), 417-451.
    https://doi.org/10.2307/3001616

    Examples
    --------
    >>> cases = pd.DataFrame({"extract_id": list("ABCDEF"), "row": list("aaabbb"), "column": list("xxyyyx")})
    >>> who = pd.DataFrame({"extract_id": list("ABCDEF"), "interviewee": ["P1", "P1", "P1", "P2", "P3", "P4"]})
    >>> test = chi_square(cases, who)
    >>> round(test.statistic, 3), test.degrees_of_freedom, test.below_5
    (0.667, 1, 1.0)
    >>> print(test.assumptions)
    Independent cases: not met; 3 of 6 cases share an interviewee with others, one interviewee has 3. Expected ...
    """
    _check_one_cell_each(cases)
    who = _interviewees(cases, passages)
    table = contingency(cases)
    _checked_counts(table.to_numpy())
    statistic, p = pearson(table.to_numpy())
    expected = pd.DataFrame(expected_counts(table.to_numpy()), table.index, table.columns)
    return ChiSquare(
        cases=len(cases),
        statistic=statistic,
        degrees_of_freedom=(len(table) - 1) * (len(table.columns) - 1),
        p=p,
        expected=expected,
        below_5=float((expected < 5).to_numpy().mean()),
        assumptions=" ".join([_independence(who), _expectation(expected), _sampling()]),
    )


# --- parts


def _checked_counts(tables: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(tables, dtype=np.float64)
    if counts.ndim < 2 or min(counts.shape[-2:]) < 2:
        rows, columns = counts.shape[-2:] if counts.ndim >= 2 else (1, counts.size)
        raise AssociationError(
            f"Cramér's V is not defined for {formatting.counted(rows, 'row')} and "
            f"{formatting.counted(columns, 'column')}: "
            "it needs two of each. Choose another level, or keep more codes."
        )
    if counts.size and not (counts.min() >= 0 and counts.max() < np.inf):  # neither, where one is missing
        raise AssociationError("Some counts are negative, missing or infinite. Count again.")
    return counts


def _phi_squared(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Pearson's chi-square divided by n; nan where a row or a column is empty.

    The numerator is a difference of products of counts, so that independent tables give exactly 0.
    """
    n = counts.sum(axis=(-2, -1), keepdims=True)
    products = counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True)
    parts = n * counts  # step by step in the same memory: there may be millions of tables
    parts -= products
    parts *= parts
    with np.errstate(divide="ignore", invalid="ignore"):
        parts /= products
        return np.asarray(parts.sum(axis=(-2, -1)) / n[..., 0, 0] ** 2)


def _empty(table: pd.DataFrame) -> list[str]:
    """Name the empty rows and columns of a table."""
    rows = table.index[table.sum(axis=1) == 0]
    columns = table.columns[table.sum(axis=0) == 0]
    return [f"row {name!r}" for name in rows] + [f"column {name!r}" for name in columns]


def _interviewees(cases: pd.DataFrame, passages: pd.DataFrame) -> pd.Series:
    """Return the interviewee of each case, missing for a document."""
    who = passages.set_index("extract_id")["interviewee"]
    unknown = sorted(set(cases["extract_id"]) - set(who.index))
    if unknown:
        raise AssociationError(
            f"No passage is listed for {formatting.listed(unknown)}. Take cases and passages from the same evidence."
        )
    return cases["extract_id"].map(who)


def _check_one_cell_each(cases: pd.DataFrame) -> None:
    several = sorted(cases.loc[cases["extract_id"].duplicated(), "extract_id"].unique())
    if several:
        raise AssociationError(
            f"{formatting.listed(several)} {'is' if len(several) == 1 else 'are'} in several cells, so cases are not "
            "passages. Choose facets of which a passage has one code."
        )


def _independence(who: pd.Series) -> str:
    sizes = who.value_counts()
    shared = sizes[sizes > 1]
    if shared.empty:
        return "Independent cases: no interviewee has more than one case."
    return (
        f"Independent cases: not met; {shared.sum()} of {len(who)} cases share an interviewee with "
        f"others, one interviewee has {shared.max()}."
    )


def _expectation(expected: pd.DataFrame) -> str:
    below = int((expected < 5).to_numpy().sum())
    lowest = float(expected.to_numpy().min())
    met = below <= expected.size / 5 and lowest >= 1
    return (
        f"Expected counts of at least 5 in four of five cells and 1 in all: {'met' if met else 'not met'}; {below} of "
        f"{expected.size} are below 5, the lowest is {formatting.rounded(lowest, 1)}."
    )


def _sampling() -> str:
    return (
        "Cases drawn at random: not met by passages that authors chose to quote; a choice that suits an argument can "
        "make an association by itself."
    )
