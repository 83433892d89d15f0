"""Which codes occur together: how many passages have both of two codes.

A passage has a code if it supports it in the coding of record (alternatives, passages that counter or give context are
left out). Codes are rolled up to a level of their facet, so that a code is never paired with its own
parent. Two passages that overlap without being the same are different passages here.

That two codes occur together does not say why. Where both are common they will meet often; `jaccard` relates the
passages with both to all passages with either.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.counting import frequencies
from analysis.counting.crosstabs import Axis
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence


def incidence(evidence: Evidence, axes: Sequence[Axis]) -> pd.DataFrame:
    """Return which passage has which code.

    Parameters
    ----------
    evidence : Evidence
        The coded study.
    axes : sequence of Axis
        One or more facets, each at a level of its tree (the top if None).

    Returns
    -------
    DataFrame of bool, shape (passages, codes)
        A row for each passage, in the order of the evidence; a column (facet, code) for each code of the levels, in the
        order of the trees, given or not.

    Raises
    ------
    StructureError
        For an unknown facet or level.
    """
    levels = {axis.facet: axis.level_in(evidence) for axis in axes}
    keys = pd.MultiIndex.from_tuples(
        [(facet, code) for facet, level in levels.items() for code in code_tree.codes_at(evidence.codes, facet, level)],
        names=["facet", "code"],
    )
    rows = pd.Index(evidence.extracts["extract_id"], name="passage")
    found = np.zeros((len(rows), len(keys)), dtype=bool)
    for facet, level in levels.items():
        had = frequencies.supporting(evidence, facet, level)
        columns = keys.get_indexer(pd.MultiIndex.from_arrays([[facet] * len(had), had["code"]]))
        found[rows.get_indexer(had["extract_id"]), columns] = True
    return pd.DataFrame(found, rows, keys)


def matrix(found: pd.DataFrame) -> pd.DataFrame:
    """Count the passages that have both of two codes.

    Parameters
    ----------
    found : DataFrame of bool, shape (passages, codes)
        Of `incidence`.

    Returns
    -------
    DataFrame of int, shape (codes, codes)
        Symmetric; on the diagonal the passages that have the code.

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
    r"""Return Jaccard's index of every two codes: passages with both, as a share of those with either.

    Parameters
    ----------
    together : DataFrame of int, shape (codes, codes)
        Of `matrix`.

    Returns
    -------
    DataFrame of float, shape (codes, codes)
        From 0 (never together) to 1 (never apart); nan where no passage has either.

    Notes
    -----
    With :math:`n_{ab}` passages that have both codes and :math:`n_a`, :math:`n_b` that have each:
    :math:`J = n_{ab} / (n_a + n_b - n_{ab})`. It is one minus the distance of `agreement.sets.jaccard`, of the passages
    with the one code and those with the other.

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


def pairs(evidence: Evidence, axes: Sequence[Axis]) -> pd.DataFrame:
    """List the pairs of codes that some passage has together, those that meet most often first.

    Parameters
    ----------
    evidence, axes
        As for `incidence`.

    Returns
    -------
    DataFrame
        `facet, code, other_facet, other_code`; `first, second`, the passages with the one code and with the other;
        `passage, statement, interviewee`, the passages with both, and the distinct statements and interviewees with
        such a passage; `jaccard`. Pairs that meet equally often are in the order of the trees.
    """
    found = incidence(evidence, axes)
    units = {unit: pd.factorize(evidence.passages[unit])[0] for unit in vocabulary.UNITS}
    had, together = found.to_numpy(), matrix(found).to_numpy()
    index = jaccard(matrix(found)).to_numpy()
    rows = []
    for first, second in combinations(range(len(together)), 2):
        if together[first, second]:
            both = had[:, first] & had[:, second]
            # A document is not an interviewee: its number is -1.
            of_units = [len(set(units[unit][both].tolist()) - {-1}) for unit in vocabulary.UNITS]
            single = together[first, first], together[second, second]
            rows.append((*found.columns[first], *found.columns[second], *single, *of_units, index[first, second]))
    columns = ["facet", "code", "other_facet", "other_code", "first", "second", *vocabulary.UNITS, "jaccard"]
    return pd.DataFrame(rows, columns=columns).sort_values("passage", ascending=False, kind="stable", ignore_index=True)
