"""Which codes stand together: how many passages, statements or interviewees have both of two codes.

A unit has a code if one of its passages supports it in the coding of record (alternatives, passages that counter or
give context are left out). Codes are rolled up to a level of their facet, so that a code never stands beside its own
parent. Two passages that overlap without being the same are different passages here.

That two codes stand together says nothing of why. Where both are common they will meet often; `jaccard` sets their
meetings against all units that have either.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis import counts, frequencies, structure
from analysis.counts import Axis
from analysis.evidence import Evidence


def incidence(evidence: Evidence, axes: Sequence[Axis], unit: str = "passage") -> pd.DataFrame:
    """Return which unit has which code.

    Parameters
    ----------
    evidence : Evidence
        The coded study.
    axes : sequence of Axis
        One or more facets, each at a level of its tree (the top if None).
    unit : one of counts.UNITS
        What has codes.

    Returns
    -------
    DataFrame of bool, shape (units, codes)
        A row for each unit with a code, in the order of the evidence; a column (facet, code) for each code of the
        levels, in the order of the trees, found or not.

    Raises
    ------
    CountsError
        For an unknown unit.
    StructureError
        For an unknown facet or level.
    """
    counts.check_unit(unit)
    units = evidence.passages.set_index("extract_id")[unit]
    levels = {axis.facet: axis.level_in(evidence) for axis in axes}
    columns = [(facet, code) for facet, at in levels.items() for code in structure.codes_at(evidence.codes, facet, at)]
    had = pd.concat(
        [frequencies.supporting(evidence, facet, level).assign(facet=facet) for facet, level in levels.items()],
        ignore_index=True,
    )
    had["unit"] = had["extract_id"].map(units)
    had = had.dropna(subset=["unit"])  # a document is no interviewee
    rows = pd.Index(units.dropna().unique(), name=unit)
    rows = rows[rows.isin(had["unit"])]
    keys = pd.MultiIndex.from_tuples(columns, names=["facet", "code"])
    found = np.zeros((len(rows), len(keys)), dtype=bool)
    found[rows.get_indexer(had["unit"]), keys.get_indexer(pd.MultiIndex.from_frame(had[["facet", "code"]]))] = True
    return pd.DataFrame(found, rows, keys)


def matrix(found: pd.DataFrame) -> pd.DataFrame:
    """Count the units that have both of two codes.

    Parameters
    ----------
    found : DataFrame of bool, shape (units, codes)
        Of `incidence`.

    Returns
    -------
    DataFrame of int, shape (codes, codes)
        Symmetric; on the diagonal the units that have the code.

    Examples
    --------
    >>> matrix(pd.DataFrame({"a": [True, True, False], "b": [True, False, True]}))
       a  b
    a  2  1
    b  1  2
    """
    had = found.to_numpy(dtype=np.float64)  # linear algebra is fast on floats, and exact far beyond any archive
    return pd.DataFrame(np.rint(had.T @ had).astype(np.int64), found.columns, found.columns)


def jaccard(together: pd.DataFrame) -> pd.DataFrame:
    r"""Return Jaccard's index of every two codes: units with both, as a share of those with either.

    Parameters
    ----------
    together : DataFrame of int, shape (codes, codes)
        Of `matrix`.

    Returns
    -------
    DataFrame of float, shape (codes, codes)
        From 0 (never together) to 1 (never apart); nan where no unit has either.

    Notes
    -----
    With :math:`n_{ab}` units that have both codes and :math:`n_a`, :math:`n_b` that have each:
    :math:`J = n_{ab} / (n_a + n_b - n_{ab})`.

    References
    ----------
    Jaccard, P. (1912). The distribution of the flora in the alpine zone. New Phytologist, 11(2), 37-50.
    https://doi.org/10.1111/j.1469-8137.1912.tb05611.x

    Examples
    --------
    >>> jaccard(matrix(pd.DataFrame({"a": [True, True, False], "b": [True, False, True]}))).round(3)
           a      b
    a  1.000  0.333
    b  0.333  1.000
    """
    both = together.to_numpy(dtype=np.float64)
    each = both.diagonal()
    either = each[:, np.newaxis] + each - both
    shares = np.divide(both, either, out=np.full_like(both, np.nan), where=either > 0)
    return pd.DataFrame(shares, together.index, together.columns)


def pairs(found: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of codes that some unit has together, those that meet most often first.

    Parameters
    ----------
    found : DataFrame of bool, shape (units, codes)
        Of `incidence`.

    Returns
    -------
    DataFrame
        `facet, code, other_facet, other_code`; `both, first, second`, the units with both codes, with the one and with
        the other; `jaccard`. Pairs that meet as often stand in the order of the trees.
    """
    together = matrix(found)
    index = jaccard(together).to_numpy()
    both = together.to_numpy()
    rows = [
        (
            *found.columns[one],
            *found.columns[other],
            both[one, other],
            both[one, one],
            both[other, other],
            index[one, other],
        )
        for one, other in combinations(range(len(both)), 2)
        if both[one, other]
    ]
    columns = ["facet", "code", "other_facet", "other_code", "both", "first", "second", "jaccard"]
    return pd.DataFrame(rows, columns=columns).sort_values("both", ascending=False, kind="stable", ignore_index=True)
