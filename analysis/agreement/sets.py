"""Sets of codes: agreement in facets where several codes may hold for one unit.

Every distinct set that a coder gave is taken as one code, and alpha gets a distance between sets, so that two sets with
a code in common are a near miss. `differences.per_code` takes the same ratings, one code at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.agreement import ratings
from analysis.agreement.estimation import ANALYTIC, Estimate, estimate
from analysis.agreement.intervals import Analytic, Bootstrap
from analysis.agreement.ratings import AgreementError, Floats, Ratings
from analysis.agreement.scales import Scale
from analysis.study.evidence import Evidence
from analysis.support import formatting

Set = frozenset[Any]


def from_evidence(evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None) -> Ratings:
    """Return the set of primary codes that each coder gave each passage in a facet.

    Parameters and errors are those of `ratings.from_evidence`, but for facets that are not exclusive as well. The
    evidence has no row for "none of these codes", so a passage without a primary code of a coder counts as not coded by
    that coder; a plain table can tell the two apart (see `from_table`).
    """
    rows = ratings.primary_codes(evidence, facet, coders, level)
    table = of_rows(rows).reindex(index=ratings.coded_passages(evidence, rows), columns=list(coders))
    return from_table(table, evidence.extracts.set_index("extract_id")["source_id"])


def of_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the set of codes that each coder (column) gave each passage (row), of `extract_id, coder_id, code`."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for extract, coder, code in zip(rows["extract_id"], rows["coder_id"], rows["code"], strict=True):
        found[coder][extract].add(code)
    return pd.DataFrame(
        {
            coder: pd.Series(list(map(frozenset, given.values())), index=list(given), dtype=object)
            for coder, given in found.items()
        }
    )


def from_table(table: pd.DataFrame, interviewees: "pd.Series[Any] | Mapping[Any, Any] | None" = None) -> Ratings:
    """Return the ratings in a table of units by coders whose cells are sets (or lists, or tuples) of codes.

    An empty set says that the coder found no code to hold; a missing cell that the coder did not code the unit. Errors
    are those of `ratings.from_table` without `codes`; a cell that is neither missing nor a collection is refused.

    Examples
    --------
    >>> table = pd.DataFrame({"ana": [{"a", "b"}, {"a"}], "ben": [["a"], None]})
    >>> from_table(table).names
    ('a', 'a + b')
    """
    frozen = table.apply(lambda column: pd.Series([_frozen(cell, column.name) for cell in column], dtype=object))
    frozen.index = table.index
    sets: set[Set] = {cell for column in frozen for cell in frozen[column] if cell is not None}
    single = {code for one in sets for code in one}
    ratings.check_alike(frozen, single, "Write them alike.")
    ratings.in_their_order(single)  # refuses codes of different kinds
    in_order: list[Set] = sorted(sets, key=_by_name)
    given = ratings.from_table(frozen, in_order, interviewees=interviewees)
    return replace(given, alphabetical=True)  # sets have no order


def occurring(given: Ratings) -> Ratings:
    """Return ratings whose codes are the sets that occur in them, as `from_table` does.

    >>> both = from_table(pd.DataFrame({"ana": [{"a"}, {"b"}], "ben": [{"a"}, {"c"}]}))
    >>> occurring(both.of(["ben"])).names
    ('a', 'c')
    """
    used = np.unique(given.given[given.given != ratings.MISSING])
    places = np.where(given.given == ratings.MISSING, ratings.MISSING, np.searchsorted(used, given.given))
    return replace(given, codes=tuple(given.codes[place] for place in used), given=places.astype(np.int32))


def jaccard(one: Set, other: Set) -> float:
    """Return the Jaccard distance of two sets: the share of their codes that they do not have in common.

    Two empty sets are the same.

    References
    ----------
    Jaccard, P. (1912). The distribution of the flora in the alpine zone. New Phytologist, 11(2), 37-50.
    https://doi.org/10.1111/j.1469-8137.1912.tb05611.x

    Examples
    --------
    >>> jaccard(frozenset("ab"), frozenset("abc")), jaccard(frozenset("a"), frozenset("b"))
    (0.33333333333333337, 1.0)
    """
    return float(_jaccard(*_sizes(one, other)))


def masi(one: Set, other: Set) -> float:
    r"""Return Passonneau's MASI distance of two sets, in which one being part of the other is a nearer miss.

    Notes
    -----
    One minus Jaccard's similarity times m, which is 1 for the same sets, 2/3 where one is part of the other, 1/3 where
    they overlap, and 0 where they have nothing in common. NLTK rounds m to .67 and .33.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation.
    Proceedings of LREC 2006, 831-836.

    Examples
    --------
    >>> [round(masi(frozenset("ab"), frozenset(other)), 4) for other in ("ab", "abc", "bc", "c")]
    [0.0, 0.5556, 0.8889, 1.0]
    """
    return float(_masi(*_sizes(one, other)))


def _sizes(one: Set, other: Set) -> tuple[Floats, Floats, Floats]:
    return np.array(len(one & other), dtype=float), np.array(len(one), dtype=float), np.array(len(other), dtype=float)


def _jaccard(both: Floats, one: Floats, other: Floats) -> Floats:
    """Return the distance of sets of so many codes each, with so many in common; of all pairs at once, for arrays."""
    either = one + other - both
    return np.asarray(np.where(either == 0, 0.0, 1 - both / np.where(either == 0, 1, either)))


def _masi(both: Floats, one: Floats, other: Floats) -> Floats:
    part = (both == one) | (both == other)
    apart = 1 - (1 - _jaccard(both, one, other)) * np.where(part, 2 / 3, 1 / 3)
    return np.asarray(np.where((both == one) & (both == other), 0.0, apart))


DISTANCES: dict[str, Callable[[Set, Set], float]] = {"masi": masi, "jaccard": jaccard}
#: The same from the numbers of codes that two sets have in common, and that the one and the other have.
_OF_SIZES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {"masi": _masi, "jaccard": _jaccard}


def scale(given: Ratings, distance: str = "masi") -> Scale:
    """Return the scale of a distance between the sets of some ratings; AgreementError for an unknown distance."""
    if distance not in DISTANCES:
        raise AgreementError(
            f"There is no distance {distance!r} between sets. Choose among {formatting.listed(list(DISTANCES))}."
        )
    sets = [code if isinstance(code, frozenset) else frozenset({code}) for code in given.codes]
    every = sorted({code for one in sets for code in one}, key=str)
    has = np.array([[code in one for code in every] for one in sets], dtype=np.float64).reshape(len(sets), len(every))
    sizes = has.sum(axis=1)
    return Scale(distance, _OF_SIZES[distance](has @ has.T, sizes[:, np.newaxis], sizes[np.newaxis]))


def krippendorff_alpha(given: Ratings, distance: str = "masi", interval: Analytic | Bootstrap = ANALYTIC) -> Estimate:
    """Return Krippendorff's alpha of sets of codes.

    Parameters
    ----------
    given : Ratings
        From `from_evidence` or `from_table` of this module.
    distance : {"masi", "jaccard"}
        Between two sets, from 0 to 1.
    interval : Analytic or Bootstrap
        As for `estimation.estimate`.

    Raises
    ------
    AgreementError
        As `estimation.estimate`, and for an unknown distance.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation.
    Proceedings of LREC 2006, 831-836.

    Artstein, R., & Poesio, M. (2008). Inter-coder agreement for computational linguistics. Computational Linguistics,
    34(4), 555-596. https://doi.org/10.1162/coli.07-034-R2

    Examples
    --------
    >>> table = pd.DataFrame({"ana": [{"a", "b"}, {"a"}, {"c"}], "ben": [{"a"}, {"a"}, {"c"}]})
    >>> round(krippendorff_alpha(from_table(table), "jaccard").value, 4)
    0.7368
    """
    return estimate(given, "krippendorff-alpha", scale(given, distance), interval)


def _frozen(cell: Any, coder: Any) -> Set | None:
    if isinstance(cell, (set, frozenset, list, tuple)):
        return frozenset(cell)
    if pd.isna(cell):
        return None
    raise AgreementError(f"Coder {coder}: {cell!r} is not a set of codes. Write {{{cell!r}}}, or leave the cell empty.")


def _by_name(codes: Set) -> list[str]:
    return sorted(map(str, codes))
