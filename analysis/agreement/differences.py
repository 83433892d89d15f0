"""Where coders differ: code by code, pair by pair, and unit by unit."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.agreement.estimation import ANALYTIC, estimates
from analysis.agreement.intervals import Analytic, Bootstrap
from analysis.agreement.ratings import MISSING, Code, Integers, Ratings, in_their_order, named

REST = "any other"


def confusion(given: Ratings, rows: str, columns: str) -> pd.DataFrame:
    """Count the units that two coders both coded, by the code of each.

    Parameters
    ----------
    given : Ratings
        Of these two coders and any others.
    rows, columns : str
        Two coders.

    Returns
    -------
    DataFrame of shape (codes, codes)
        Codes of the first coder down, of the second across, in their order, used or not.

    Raises
    ------
    AgreementError
        For a coder who is not among those of the ratings.

    Examples
    --------
    >>> from analysis.agreement.ratings import from_table
    >>> table = pd.DataFrame({"ana": list("xxyz"), "ben": ["x", "y", "y", None]})
    >>> confusion(from_table(table), "ana", "ben").loc["x"].to_dict()
    {'x': 1, 'y': 1, 'z': 0}
    """
    counts = _crossed(given, given.coder(rows), given.coder(columns))
    return pd.DataFrame(counts, pd.Index(given.names, name=rows), pd.Index(given.names, name=columns))


def disagreements(given: Ratings) -> pd.DataFrame:
    """List the units on which coders differ: a row for each, a column with the code of each coder.

    A coder's cell is empty where the coder did not code the unit. Units that fewer than two coders coded are no
    disagreements. In the order of the ratings.

    Examples
    --------
    >>> from analysis.agreement.ratings import from_table
    >>> table = pd.DataFrame({"ana": list("xxyz"), "ben": ["x", "y", "y", None]}, index=["T1", "T2", "T3", "T4"])
    >>> disagreements(from_table(table))
       ana ben
    T2   x   y
    """
    lowest = np.where(given.given == MISSING, len(given.codes), given.given).min(axis=1, initial=len(given.codes))
    differ = lowest < given.given.max(axis=1, initial=MISSING)
    names = np.array([*given.names, ""], dtype=object)  # the last is what MISSING points to
    return pd.DataFrame(names[given.given[differ]], given.units[differ], list(given.coders))


def prevalence_and_bias(given: Ratings) -> pd.DataFrame:
    r"""Return how unevenly each pair of coders gave each code: prevalence index and bias index.

    Parameters
    ----------
    given : Ratings
        Of two coders or more.

    Returns
    -------
    DataFrame
        A row for each pair and code: `first, second, code`; of the units that both coded, how many got the code from
        both, from one or the other, from neither (`both, first_only, second_only, neither`); `prevalence` and `bias`,
        from -1 to 1, nan for a pair without a common unit, with a `reason`.

    Notes
    -----
    Of n units, a with the code from both coders, d from neither, b and c from the first or the second alone:
    :math:`PI = (a - d) / n` and :math:`BI = (b - c) / n`. They tie kappa to PABAK:
    :math:`\kappa = (PABAK - PI^2 + BI^2) / (1 - PI^2 + BI^2)`. The farther prevalence is from 0, the lower is kappa for
    the same percent agreement; the farther bias is, the higher.

    References
    ----------
    Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology, 46(5),
    423-429. https://doi.org/10.1016/0895-4356(93)90018-V

    Examples
    --------
    >>> from analysis.agreement.ratings import from_table
    >>> found = prevalence_and_bias(from_table(pd.DataFrame({"ana": list("xxyy"), "ben": list("xyyy")})))
    >>> found[["code", "both", "first_only", "second_only", "neither", "prevalence", "bias"]]
      code  both  first_only  second_only  neither  prevalence  bias
    0    x     1           1            0        2       -0.25  0.25
    1    y     2           0            1        1        0.25 -0.25
    """
    parts = [
        _prevalence_of_pair(given, first, second).assign(first=given.coders[first], second=given.coders[second])
        for first, second in combinations(range(len(given.coders)), 2)
    ]
    counts = ["both", "first_only", "second_only", "neither"]
    columns = ["first", "second", "code", *counts, "prevalence", "bias", "reason"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def per_code(
    given: Ratings,
    names: Sequence[str] | None = None,
    intervals: Sequence[Analytic | Bootstrap] = (ANALYTIC,),
) -> pd.DataFrame:
    """Return coefficients for each code against the rest, that is, of whether coders agree that this code holds.

    Parameters
    ----------
    given : Ratings
        Where its codes are sets, a unit has every code of its set.
    names, intervals
        As for `estimates`.

    Returns
    -------
    DataFrame
        That of `estimates`, with first columns `code` and `share` (of all ratings that gave it; nan without ratings).

    Examples
    --------
    >>> from analysis.agreement.ratings import from_table
    >>> table = pd.DataFrame({"ana": list("xxyyz"), "ben": list("xyyyz")})
    >>> found = per_code(from_table(table), ["percent-agreement", "cohen-kappa"])
    >>> found[["code", "share", "coefficient", "value"]].round(3)
      code  share        coefficient  value
    0    x    0.3  percent-agreement  0.800
    1    x    0.3        cohen-kappa  0.545
    2    y    0.5  percent-agreement  0.800
    3    y    0.5        cohen-kappa  0.615
    4    z    0.2  percent-agreement  1.000
    5    z    0.2        cohen-kappa  1.000
    """
    coded = given.given[given.given != MISSING]
    parts = []
    for code, holds in _holding(given).items():
        table = estimates(_against_rest(given, code, holds), names, "identity", intervals)
        table.insert(0, "code", code)
        table.insert(1, "share", holds[coded].mean() if len(coded) else np.nan)
        parts.append(table)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["code", "share"])


def _crossed(given: Ratings, first: int, second: int) -> Integers:
    codes = len(given.codes)
    pair = given.given[:, [first, second]].astype(np.int64)
    pair = pair[(pair != MISSING).all(axis=1)]
    return np.bincount(pair @ [codes, 1], minlength=codes**2).reshape(codes, codes)


def _prevalence_of_pair(given: Ratings, first: int, second: int) -> pd.DataFrame:
    crossed = _crossed(given, first, second)
    units = int(crossed.sum())
    both = crossed.diagonal()
    first_only, second_only = crossed.sum(axis=1) - both, crossed.sum(axis=0) - both
    neither = units - both - first_only - second_only
    return pd.DataFrame(
        {
            "code": list(given.names),
            "both": both,
            "first_only": first_only,
            "second_only": second_only,
            "neither": neither,
            "prevalence": (both - neither) / units if units else np.nan,
            "bias": (first_only - second_only) / units if units else np.nan,
            "reason": "" if units else "the two have no unit in common",
        }
    )


def _holding(given: Ratings) -> dict[str, NDArray[np.bool_]]:
    """Return for each single code whether it holds where each of `given.codes` was given, shape (codes,)."""
    sets = [code if isinstance(code, frozenset) else frozenset({code}) for code in given.codes]
    single: dict[Code, None] = {}
    for code in given.codes:
        single.update(dict.fromkeys(in_their_order(code) if isinstance(code, frozenset) else [code]))
    return {named(code): np.array([code in one for one in sets]) for code in single}


def _against_rest(given: Ratings, code: str, holds: NDArray[np.bool_]) -> Ratings:
    binary = np.where(given.given == MISSING, MISSING, holds[given.given]).astype(np.int32)
    return Ratings(given.units, given.coders, (REST, code), binary, interviewees=given.interviewees)
