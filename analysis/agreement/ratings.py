"""Ratings: which code each coder gave each unit, from the evidence or from a plain table."""

import re
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError, raise_if_any

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
#: A code is a text or a number; where several codes may hold at once, a frozenset of texts.
Code = Hashable

MISSING = -1


class AgreementError(CompendiumError):
    """Ratings or a coefficient that cannot be had as asked."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Which code each coder gave each unit.

    Attributes
    ----------
    units : Index of length (units,)
        What was coded: passages of the evidence, or the index of a table.
    coders : tuple of length (coders,)
        Who coded.
    codes : tuple of length (codes,)
        All codes there were to choose from, used or not, in their order.
    given : array of shape (units, coders)
        The place in `codes` of the code given, `MISSING` where a coder did not code a unit.
    ordered : bool
        Whether the order of the codes means more and less, so that a near miss is better than a far one.
    interviewees : array of shape (units,), or None
        A number for the interviewee of each unit, for resampling that keeps interviewees whole; None if not known.
    alphabetical : bool
        Whether the codes are texts that nobody put in order, so that only the alphabet orders them. Then weights that
        depend on the order are refused.
    """

    units: pd.Index
    coders: tuple[str, ...]
    codes: tuple[Code, ...]
    given: NDArray[np.int32]
    ordered: bool = False
    interviewees: Integers | None = None
    alphabetical: bool = False

    @cached_property
    def positions(self) -> Floats:
        """Where the codes are on their scale, shape (codes,): numbers are themselves, others 1, 2, 3 and so on."""
        if self.codes and all(isinstance(code, Real) for code in self.codes):
            return np.array(self.codes, dtype=np.float64)
        return np.arange(1.0, len(self.codes) + 1)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The codes as texts; a set of codes is joined by plus signs."""
        return tuple(named(code) for code in self.codes)

    def coder(self, name: str) -> int:
        """Return the column of a coder; AgreementError for one who is not among them."""
        if name not in self.coders:
            raise AgreementError(f"There is no coder {name!r} here. Choose among {formatting.listed(self.coders)}.")
        return self.coders.index(name)

    def of(self, coders: Sequence[str]) -> "Ratings":
        """Return what some of the coders gave: the units that one of them coded, and all codes to choose from."""
        given = self.given[:, [self.coder(name) for name in coders]]
        coded = (given != MISSING).any(axis=1)
        who = None if self.interviewees is None else pd.factorize(self.interviewees[coded])[0].astype(np.int64)
        return replace(self, units=self.units[coded], coders=tuple(coders), given=given[coded], interviewees=who)


def from_evidence(evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None) -> Ratings:
    """Return the primary codes that some coders gave in an exclusive facet.

    Parameters
    ----------
    evidence : Evidence
        The coded study.
    facet : str
        An exclusive facet; for another see `sets.from_evidence`.
    coders : sequence of str
        Who is compared; one who coded nothing in the facet is refused.
    level : str, optional
        The level of the facet's tree that codes are rolled up to (the top if None). A code above it counts as missing.

    Returns
    -------
    Ratings
        Units are the passages that at least one of the coders coded, in the order of the evidence. A passage belongs to
        its interviewee; all passages of one document belong together too.

    Raises
    ------
    AgreementError
        For a facet that is not exclusive, for a coder who coded nothing in it, or gave a passage two primary codes.
    StructureError
        For an unknown facet or level.
    """
    known = code_tree.codes_at(evidence.codes, facet, level)
    of_facet = evidence.facets.set_index("facet").loc[facet]
    if not of_facet["exclusive"]:
        raise AgreementError(
            f"Several codes of facet {facet!r} may hold for a passage. Use agreement.sets.from_evidence for it."
        )
    rows = primary_codes(evidence, facet, coders, level)
    second = rows[rows.duplicated(["extract_id", "coder_id"])]
    raise_if_any(
        AgreementError,
        (
            f"Coder {row.coder_id!r} gave {row.extract_id} a second primary code in facet {facet!r}. Keep one."
            for row in second.itertuples()
        ),
    )
    table = rows.pivot(index="extract_id", columns="coder_id", values="code").reindex(columns=list(coders))
    return from_table(
        table.reindex(coded_passages(evidence, rows)),
        codes=known,
        ordered=bool(of_facet["ordered"]),
        interviewees=evidence.extracts.set_index("extract_id")["source_id"],
    )


def primary_codes(evidence: Evidence, facet: str, coders: Sequence[str], level: str | None) -> pd.DataFrame:
    """Return the primary codes of some coders at a level (the top if None): `extract_id, coder_id, code`.

    Raises AgreementError for a coder who gave no code in the facet, StructureError for an unknown facet or level.
    """
    up = code_tree.rolled_up(evidence.codes, facet, level)
    rows = evidence.codings[evidence.codings["facet"].eq(facet) & evidence.codings["role"].eq("primary")]
    given = set(rows["coder_id"])
    known = [coder for coder in evidence.coders["coder_id"] if coder in given]
    raise_if_any(
        AgreementError,
        (
            f"Coder {coder!r} gave no primary code in facet {facet!r}. Choose among {formatting.listed(known)}."
            for coder in coders
            if coder not in known
        ),
    )
    rows = rows[rows["coder_id"].isin(list(coders))]
    return rows.assign(code=rows["code_id"].map(up)).dropna(subset=["code"])[["extract_id", "coder_id", "code"]]


def coded_passages(evidence: Evidence, rows: pd.DataFrame) -> pd.Index:
    """Return the passages that have a row, in the order of the evidence."""
    ids = evidence.extracts["extract_id"]
    coded: list[str] = ids[ids.isin(rows["extract_id"])].tolist()
    return pd.Index(coded, name="extract_id")


def from_table(
    table: pd.DataFrame,
    codes: Sequence[Code] | None = None,
    ordered: bool | None = None,
    interviewees: "pd.Series[Any] | Mapping[Any, Any] | None" = None,
) -> Ratings:
    """Return the ratings in a plain table of units by coders.

    Parameters
    ----------
    table : DataFrame of shape (units, coders)
        The code that each coder (column) gave each unit (row). A cell that is missing or an empty text is a unit that
        the coder did not code. Columns may be pandas Categoricals.
    codes : sequence, optional
        All codes that coders could choose from, in their order. Left out, they are the categories of Categoricals, used
        or not, and the codes that occur in other columns: in the order of ordered Categoricals if there is one, or else
        sorted. How many there were to choose from matters to Gwet's AC1 and to the Brennan-Prediger coefficient.
    ordered : bool, optional
        Whether the order of the codes means more and less. If None, it does where an ordered Categorical gives it.
    interviewees : Series or mapping, optional
        Who said each unit, by the table's index. A unit without an interviewee counts by itself.

    Raises
    ------
    AgreementError
        For a unit or a coder that is there twice, for a code that is not among `codes`, and for codes named twice. If
        `codes` is left out, also for codes of different kinds (texts, numbers, truth values), for codes that only
        look different (`x` and `X`, or `x` with a blank behind), and for ordered Categoricals that leave the order
        open or contradict each other.

    Examples
    --------
    >>> codes = {"ana": ["early", "late", None], "ben": ["early", "early", "late"]}
    >>> table = pd.DataFrame(codes, index=["T1", "T2", "T3"])
    >>> ratings = from_table(table)
    >>> ratings.codes, ratings.given.tolist()
    (('early', 'late'), [[0, 0], [1, 0], [-1, 1]])
    >>> from_table(table.astype(pd.CategoricalDtype(["late", "middle", "early"], ordered=True))).codes
    ('late', 'middle', 'early')
    >>> from_table(table, codes=["early"])
    Traceback (most recent call last):
    analysis.agreement.ratings.AgreementError: T2, coder ana: there is no code 'late'. Choose among early, or leave ...
    """
    _check_distinct("unit", table.index)
    _check_distinct("coder", table.columns)
    in_order = None if codes is None or isinstance(codes, (set, frozenset)) else list(codes)
    if codes is None:
        in_order = _order_of_categoricals(table)
        occurring = _occurring(table)
        check_alike(table, occurring)
        _check_in_order(occurring, in_order)
    else:
        occurring = set(codes)
    listed: list[Any] = in_their_order(occurring) if in_order is None else in_order
    known = pd.Index(listed, tupleize_cols=False)
    _check_distinct("code", known)
    given = np.empty(table.shape, dtype=np.int32, order="F")
    for place, coder in enumerate(table.columns):
        given[:, place] = _places(table[coder], known)
        _check_known(table[coder], given[:, place], known)
    return Ratings(
        units=table.index,
        coders=tuple(map(str, table.columns)),
        codes=tuple(known),
        given=given,
        ordered=(codes is None and in_order is not None) if ordered is None else ordered,
        interviewees=None if interviewees is None else _numbered(table.index, interviewees),
        alphabetical=in_order is None and not all(isinstance(code, Real) for code in listed),
    )


def named(code: Code) -> str:
    """Return a code as a text; a set of codes is joined by plus signs, an empty one is `none`.

    >>> named("early"), named(3), named(frozenset({"b", "a"})), named(frozenset())
    ('early', '3', 'a + b', 'none')
    """
    if isinstance(code, frozenset):
        return " + ".join(sorted(map(str, code))) or "none"
    return str(code)


def in_their_order(codes: Collection[Code]) -> list[Code]:
    """Return codes sorted: numbers by size, texts by the alphabet.

    Raises AgreementError for codes of different kinds, which have no order among each other.

    >>> in_their_order({10, 9}), in_their_order({"10", "9"})
    ([9, 10], ['10', '9'])
    """
    kinds = {_kind(code) for code in codes}
    if len(kinds) > 1:
        raise AgreementError(
            f"Some codes are {' and some are '.join(sorted(kinds))}. Write them all alike, or list them as `codes`."
        )
    return sorted(codes)  # type: ignore[type-var]


def _kind(code: Any) -> str:
    kinds = {bool: "truth values", Real: "numbers", str: "texts"}
    return next((name for kind, name in kinds.items() if isinstance(code, kind)), f"of type {type(code).__name__}")


def _occurring(table: pd.DataFrame) -> set[Code]:
    """Return the categories of Categoricals, and the codes that occur in other columns."""
    found: set[Code] = set()
    kinds: set[str] = set()
    for coder in table.columns:
        categories = _categories(table[coder])
        codes = table[coder].dropna() if categories is None else categories
        own = {_whole(code) for code in _distinct(codes, coder) if not _is_empty(code)}
        found |= own
        kinds |= {_kind(code) for code in own}
    if {"numbers", "truth values"} <= kinds:  # True equals 1, so that a set would keep only one of them
        raise AgreementError("Some codes are numbers and some are truth values. Write them all alike.")
    return found


def _distinct(codes: "pd.Series[Any] | pd.Index", coder: Any) -> Iterable[Code]:
    try:
        return codes.unique()
    except TypeError:
        raise AgreementError(
            f"Coder {coder}: a cell holds a list or a set. Use agreement.sets.from_table for sets of codes."
        ) from None


def _categories(column: "pd.Series[Any]") -> pd.Index | None:
    """Return the categories of a Categorical, used or not, in their order; None for another column."""
    return column.dtype.categories if isinstance(column.dtype, pd.CategoricalDtype) else None


def _order_of_categoricals(table: pd.DataFrame) -> list[Code] | None:
    """Return the codes in the one order that all ordered Categoricals of a table give them; None if there are none."""
    orders = [
        [_whole(code) for code in column.dtype.categories if not _is_empty(code)]
        for _, column in table.items()
        if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered
    ]
    if not orders:
        return None
    before: TopologicalSorter[Code] = TopologicalSorter({code: () for order in orders for code in order})
    steps = dict.fromkeys(step for order in orders for step in pairwise(order))
    for lower, higher in steps:
        before.add(higher, lower)
    try:
        merged = list(before.static_order())
    except CycleError:
        raise AgreementError(f"The coders' ordered Categoricals contradict each other. {_LIST_CODES}") from None
    # An order is the only one if each code is followed by its next one in some Categorical.
    loose = next((step for step in pairwise(merged) if step not in steps), None)
    if loose:
        raise AgreementError(
            f"No coder's ordered Categorical says which is lower, {loose[0]!r} or {loose[1]!r}. {_LIST_CODES}"
        )
    return merged


_LIST_CODES = "List all codes as `codes`, in their order."
_ALIKE = "Write them alike, or list them all as `codes`."


def _check_in_order(occurring: Iterable[Code], in_order: Sequence[Code] | None) -> None:
    without = [] if in_order is None else sorted(set(occurring) - set(in_order), key=str)
    if without:
        codes = formatting.listed([repr(code) for code in without])
        raise AgreementError(f"The ordered Categoricals have no place for {codes}. {_LIST_CODES}")


def check_alike(table: pd.DataFrame, codes: Iterable[Code], remedy: str = _ALIKE) -> None:
    """Raise AgreementError for texts that a reader takes for one code, or for none, and name cells that hold them."""
    looks: dict[str, list[str]] = {}
    for code in sorted(code for code in codes if isinstance(code, str)):
        looks.setdefault(_look(code), []).append(code)
    raise_if_any(
        AgreementError,
        (
            f"{formatting.listed([f'{code!r} ({_first_cell(table, code)})' for code in alike])} look alike "
            f"and would be different codes. {remedy}"
            if look
            else f"{_first_cell(table, alike[0])}: the code {alike[0]!r} is blank. Leave the cell empty, or name it."
            for look, alike in looks.items()
            if len(alike) > 1 or not look
        ),
    )


def _look(code: str) -> str:
    """Return a text without what a reader overlooks: blanks, letter case, invisible signs, how an accent is stored.

    Whole numbers lose a decimal point, which pandas adds to them in a column with gaps.
    """
    shown = "".join(sign for sign in unicodedata.normalize("NFC", code) if unicodedata.category(sign) != "Cf")
    return re.sub(r"^([+-]?\d+)\.0+$", r"\1", " ".join(shown.casefold().split()))


def _first_cell(table: pd.DataFrame, code: Code) -> str:
    """Name the first cell with a code, alone or in a set, and say how many others hold it."""
    held = table.astype(object).map(lambda cell: code in cell if isinstance(cell, frozenset) else cell == code)
    rows, columns = np.nonzero(held.fillna(False).to_numpy(dtype=bool))
    if not len(rows):
        return "a category that no cell holds"
    more = len(rows) - 1
    return f"{table.index[rows[0]]}, coder {table.columns[columns[0]]}" + (
        f", and {formatting.counted(more, 'other cell')}" if more else ""
    )


def _is_empty(code: Code) -> bool:
    return isinstance(code, str) and not code


def _whole(code: Code) -> Code:
    """Return a whole number as one: a column of whole numbers with a missing cell holds fractions.

    Numbers and truth values of numpy become Python's, which look the same in messages.
    """
    code = code.item() if isinstance(code, (np.number, np.bool_)) else code
    return int(code) if isinstance(code, float) and code.is_integer() else code


def _places(column: "pd.Series[Any]", known: pd.Index) -> NDArray[np.int32]:
    """Return the place of each cell's code among those known, `MISSING` where it has none, shape (units,)."""
    categories = _categories(column)
    if categories is None:
        return np.asarray(known.get_indexer(pd.Index(column, tupleize_cols=False)), dtype=np.int32)
    of_categories = known.get_indexer(pd.Index(categories, tupleize_cols=False))
    return np.append(of_categories, MISSING).astype(np.int32)[column.cat.codes]  # a missing cell points to the last


def _check_distinct(what: str, labels: pd.Index) -> None:
    again = labels[labels.duplicated()].unique()
    raise_if_any(AgreementError, (f"There is more than one {what} {label!r}. Keep one." for label in again))


def _check_known(column: "pd.Series[Any]", given: NDArray[np.int32], known: pd.Index) -> None:
    unknown = column[given == MISSING].dropna()
    raise_if_any(
        AgreementError,
        (
            f"{unit}, coder {column.name}: there is no code {code!r}. "
            f"Choose among {formatting.listed([named(k) for k in known])}, or leave the cell empty."
            for unit, code in unknown.items()
            if code != ""
        ),
    )


def _numbered(units: pd.Index, interviewees: "pd.Series[Any] | Mapping[Any, Any]") -> Integers:
    """Number interviewees in the order of their first unit; a unit without one gets a number of its own."""
    said_by = units.to_series().map(interviewees)
    own = said_by.isna().to_numpy()
    numbered = pd.factorize(said_by)[0].astype(np.int64)
    numbered[own] = numbered.max(initial=-1) + 1 + np.arange(own.sum())
    return numbered
