"""How strongly two facets go together in published passages, how that depends on who is quoted, and on how few.

Cramér's V describes a table of counts; nothing here concludes from it to more than that table. `chi_square` and
`exchange_interviewees` are exhibits of what a test would assume and what these data do not meet: their p-values are
to be shown together with `assumptions`, never alone.

Every function takes the long form that `analysis.counts.cases` returns, or plain counts. Cases that are `uncoded` on a
facet are cases like any other: leave them out before, if they are to be left out.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial, prod

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis import numbers
from analysis.faults import CompendiumError

SEED = 2024
ROUNDING = 1e-12  # two V of the same table, summed in another order, differ by less


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


@dataclass(frozen=True, eq=False)
class Exchange:
    """A permutation that keeps interviewees whole, as an exhibit: what it computes, and its limits in `assumptions`.

    `permuted` holds V after each random exchange, shape (permutations,); `p` is the share of them, the observed table
    included, with a V at least as large as the observed one. `movable` interviewees have a partner with as many cases;
    `movable_cases` are theirs. `arrangements` counts the ways to exchange them, the observed one included.
    """

    v: float
    p: float
    permuted: NDArray[np.float64]
    seed: int
    interviewees: int
    movable: int
    cases: int
    movable_cases: int
    arrangements: int
    assumptions: str


# --- Cramér's V


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
    `cramers_v_bias_corrected`. Agrees with `vcd::assocstats` in R and `scipy.stats.contingency.association`.

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
    analysis.association.AssociationError: Cramér's V is not defined: column 'unsaid' is empty. Drop it, or choose ...
    """
    counts = _checked_counts(table.to_numpy())
    empty = _empty(table)
    if empty:
        raise AssociationError(
            f"Cramér's V is not defined: {numbers.listed(empty)} {'is' if len(empty) == 1 else 'are'} empty. "
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
        `extract_id, row, column`, from `analysis.counts.cases`.
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


# --- exhibits of assumptions


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
    Pearson's statistic by `pingouin.chi2_independence`, without Yates' correction. The rule that few expected counts
    should be below 5 (at most a fifth of them, and none below 1) is Cochran's.

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
    _checked_counts(contingency(cases).to_numpy())
    import pingouin  # takes seconds to import

    with warnings.catch_warnings():
        # pingouin warns of low counts; `below_5` and `assumptions` tell of them instead.
        warnings.simplefilter("ignore")
        expected, _, tests = pingouin.chi2_independence(cases, x="row", y="column", correction=False)
    pearson = tests.set_index("test").loc["pearson"]
    return ChiSquare(
        cases=len(cases),
        statistic=float(pearson["chi2"]),
        degrees_of_freedom=int(pearson["dof"]),
        p=float(pearson["pval"]),
        expected=expected,
        below_5=float((expected < 5).to_numpy().mean()),
        assumptions=" ".join([_independence(who), _expectation(expected), _sampling()]),
    )


def exchange_interviewees(
    cases: pd.DataFrame, passages: pd.DataFrame, permutations: int = 9_999, seed: int = SEED
) -> Exchange:
    r"""Permute column labels between interviewees as wholes, and say how little that can move.

    Parameters
    ----------
    cases, passages : DataFrame
        As for `chi_square`.
    permutations : int
        How many random exchanges to draw.
    seed : int
        Seed of numpy's default generator; the same seed gives the same result.

    Raises
    ------
    AssociationError
        For a passage in several cells, for fewer than one permutation, for cases in fewer than two rows or columns, or
        of passages that are not listed.

    Notes
    -----
    Whole-block exchange (Winkler et al. 2015): an interviewee is a block. The column labels of one interviewee go, all
    together and in the order of the evidence, to another with as many cases, whose row labels stay where they are; so
    whatever makes the labels of one person alike stays together. Both margins of the table stay as they are.

    The null hypothesis is that interviewees with as many cases could have had one another's column labels. Drawn
    exchanges may repeat; counting the observed table among them keeps `p` above 0 (Phipson and Smyth 2010).

    Its weakness here: blocks have to be of one size to be exchanged. Interviewees quoted much are few and have no
    partner, so their cases, the ones that make clustering a problem, stay paired as observed in every permutation,
    and most of what moves are interviewees with a single case. That pulls V after an exchange towards the observed
    one. Which case of one interviewee meets which of the other follows the order of the evidence, which is arbitrary.
    And no permutation mends a selection. V after exchanges (`permuted`) shows something else well: how far above 0 it
    lies where labels are matched at random. Drawing adds an error of about :math:`\sqrt{p (1 - p) / permutations}`.

    References
    ----------
    Winkler, A. M., Webster, M. A., Vidaurre, D., Nichols, T. E., & Smith, S. M. (2015). Multi-level block permutation.
    NeuroImage, 123, 253-268. https://doi.org/10.1016/j.neuroimage.2015.05.092

    Phipson, B., & Smyth, G. K. (2010). Permutation P-values should never be zero: calculating exact P-values when
    permutations are randomly drawn. Statistical Applications in Genetics and Molecular Biology, 9(1), 39.
    https://doi.org/10.2202/1544-6115.1585

    Examples
    --------
    >>> cases = pd.DataFrame({"extract_id": list("ABCDEF"), "row": list("aaabbb"), "column": list("xxyyyx")})
    >>> who = pd.DataFrame({"extract_id": list("ABCDEF"), "interviewee": ["P1", "P1", "P1", "P2", "P3", "P4"]})
    >>> shuffled = exchange_interviewees(cases, who, permutations=99)
    >>> shuffled.interviewees, shuffled.movable, shuffled.movable_cases, shuffled.arrangements
    (4, 3, 3, 6)
    """
    _check_one_cell_each(cases)
    if permutations < 1:
        raise AssociationError(f"{permutations} permutations were asked for. Ask for at least one.")
    who = _interviewees(cases, passages)
    row, row_names = pd.factorize(cases["row"], sort=True)
    column, column_names = pd.factorize(cases["column"], sort=True)
    shape = (len(row_names), len(column_names))
    blocks = _blocks_by_size(who)
    exchanged = column[_exchanges(blocks, len(cases), permutations, np.random.default_rng(seed))]
    observed = float(cramers_v(_tables(row, column[np.newaxis], shape))[0])
    permuted = cramers_v(_tables(row, exchanged, shape))
    as_large = int((permuted >= observed - ROUNDING).sum())
    movable = sum(len(same_size) for same_size in blocks)
    movable_cases = sum(same_size.size for same_size in blocks)
    people = who.nunique()
    return Exchange(
        v=observed,
        p=(as_large + 1) / (permutations + 1),
        permuted=permuted,
        seed=seed,
        interviewees=people,
        movable=movable,
        cases=len(cases),
        movable_cases=movable_cases,
        arrangements=prod(factorial(len(same_size)) for same_size in blocks),
        assumptions=" ".join(
            [
                f"Blocks of one size: met for {movable} of {people} interviewees, who have {movable_cases} of "
                f"{len(cases)} cases; the others stay as they are in every permutation.",
                "Exchangeable interviewees: cannot be checked; it supposes that those with equally many cases differ "
                "by chance only.",
                _sampling(),
            ]
        ),
    )


# --- concentration


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
    AssociationError
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
        raise AssociationError("The corrected Gini coefficient needs at least two units. Use gini for a single one.")
    return gini(counts) * n / (n - 1)


def top_share(counts: ArrayLike, k: int) -> float:
    """Return the share, from 0 to 1, that the k units with the most hold together (all of it, where k is n or more).

    Raises AssociationError for k below 1 and for what `gini` refuses.

    Examples
    --------
    >>> top_share([7, 5, 4, 4], 1), top_share([7, 5, 4, 4], 2)
    (0.35, 0.6)
    """
    if k < 1:
        raise AssociationError(f"The share of the top {k} is not defined. Choose at least the top 1.")
    held = np.sort(_checked_holdings(counts))
    return float(held[-k:].sum() / held.sum())


def concentration(passages: pd.DataFrame, interviewed: int, top: Sequence[int] = (1, 3, 5)) -> pd.DataFrame:
    """Return how unevenly passages are spread over interviewees: those quoted, and all who were interviewed.

    Parameters
    ----------
    passages : DataFrame
        `extract_id, interviewee` of every passage, from `Evidence.passages`; those without an interviewee are left out.
    interviewed : int
        The number of people interviewed, quoted or not (`evidence.study.interviews`).
    top : sequence of int
        For how many of the most quoted to give the share of passages.

    Returns
    -------
    DataFrame
        Two rows, `base` quoted and interviewed, with `interviewees, passages` (numbers), `gini, gini_corrected` and a
        share `top_k` for each k. The shares are the same in both rows; the Gini coefficients are not.

    Raises
    ------
    AssociationError
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
    if len(held) > interviewed:
        raise AssociationError(
            f"{numbers.counted(len(held), 'interviewee')} are quoted but only {interviewed} were interviewed. "
            "Correct the number of interviews, or the sources."
        )
    bases = {"quoted": held, "interviewed": np.pad(held, (0, interviewed - len(held)))}
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


# --- parts


def _checked_counts(tables: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(tables, dtype=np.float64)
    if counts.ndim < 2 or min(counts.shape[-2:]) < 2:
        rows, columns = counts.shape[-2:] if counts.ndim >= 2 else (1, counts.size)
        raise AssociationError(
            f"Cramér's V is not defined for {numbers.counted(rows, 'row')} and {numbers.counted(columns, 'column')}: "
            "it needs two of each. Choose another level, or keep more codes."
        )
    _check_nonnegative(counts)
    return counts


def _checked_holdings(counts: ArrayLike) -> NDArray[np.float64]:
    held = np.asarray(counts, dtype=np.float64)
    _check_nonnegative(held)
    if not held.sum() > 0:
        raise AssociationError("The units hold nothing, so concentration is not defined. Choose units that do.")
    return held


def _check_nonnegative(counts: NDArray[np.float64]) -> None:
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise AssociationError("Some counts are negative, missing or infinite. Count again.")


def _phi_squared(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Pearson's chi-square divided by n; nan where a row or a column is empty.

    The numerator is a difference of products of counts, so that independent tables give exactly 0.
    """
    n = counts.sum(axis=(-2, -1), keepdims=True)
    products = counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(((n * counts - products) ** 2 / (n**2 * products)).sum(axis=(-2, -1)))


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
            f"No passage is listed for {numbers.listed(unknown)}. Take cases and passages from the same evidence."
        )
    return cases["extract_id"].map(who)


def _check_one_cell_each(cases: pd.DataFrame) -> None:
    several = sorted(cases.loc[cases["extract_id"].duplicated(), "extract_id"].unique())
    if several:
        raise AssociationError(
            f"{numbers.listed(several)} {'is' if len(several) == 1 else 'are'} in several cells, so cases are not "
            "passages. Choose facets of which a passage has one code."
        )


def _blocks_by_size(who: pd.Series) -> list[NDArray[np.int64]]:
    """Return the places of interviewees' cases: an array (interviewees, cases of each) for each shared number of cases.

    Interviewees who alone have their number of cases are left out.
    """
    places = pd.Series(np.arange(len(who))).groupby(who.to_numpy()).agg(list)
    return [
        np.array(same_size.tolist(), dtype=np.int64)
        for _, same_size in places.groupby(places.map(len))
        if len(same_size) > 1
    ]


def _exchanges(
    blocks: list[NDArray[np.int64]], cases: int, permutations: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Return where each case takes its column label from, shape (permutations, cases)."""
    source = np.tile(np.arange(cases), (permutations, 1))
    for places in blocks:
        order = random.permuted(np.tile(np.arange(len(places)), (permutations, 1)), axis=1)
        source[:, places.ravel()] = places[order].reshape(permutations, -1)
    return source


def _tables(row: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    """Count tables from row codes, shape (cases,), and column codes, shape (tables, cases)."""
    cell = row * shape[1] + columns
    table = np.arange(len(columns))[:, np.newaxis] * (shape[0] * shape[1])
    counts = np.bincount((cell + table).ravel(), minlength=len(columns) * shape[0] * shape[1])
    return counts.reshape(len(columns), *shape)


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
        f"{expected.size} are below 5, the lowest is {numbers.rounded(lowest, 1)}."
    )


def _sampling() -> str:
    return (
        "Cases drawn at random: not met by passages that authors chose to quote; a choice that suits an argument can "
        "make an association by itself."
    )
