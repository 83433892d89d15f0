"""Ratings: which code each coder gave each unit, from the evidence or from a plain table."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import numbers, structure
from analysis.evidence import Evidence
from analysis.faults import CompendiumError, raise_if_any

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
        A number for whoever said each unit, for resampling that keeps interviewees whole; None if nobody said who.
    """

    units: pd.Index
    coders: tuple[str, ...]
    codes: tuple[Code, ...]
    given: NDArray[np.int32]
    ordered: bool = False
    interviewees: Integers | None = None

    @cached_property
    def positions(self) -> Floats:
        """Where the codes stand on their scale, shape (codes,): numbers are themselves, others 1, 2, 3 and so on."""
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
            raise AgreementError(f"There is no coder {name!r} here. Choose among {numbers.listed(self.coders)}.")
        return self.coders.index(name)


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
        its interviewee; all passages of one document belong together likewise.

    Raises
    ------
    AgreementError
        For a facet that is not exclusive, for a coder who coded nothing in it, or gave a passage two primary codes.
    StructureError
        For an unknown facet or level.
    """
    level = level or structure.levels(evidence.codes, facet)[0]
    if not evidence.facets.set_index("facet").at[facet, "exclusive"]:
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
        codes=structure.codes_at(evidence.codes, facet, level),
        ordered=bool(evidence.facets.set_index("facet").at[facet, "ordered"]),
        interviewees=evidence.extracts.set_index("extract_id")["source_id"],
    )


def primary_codes(evidence: Evidence, facet: str, coders: Sequence[str], level: str) -> pd.DataFrame:
    """Return the primary codes of some coders at a level: `extract_id, coder_id, code`.

    Raises AgreementError for a coder who gave no code in the facet, StructureError for an unknown facet or level.
    """
    up = structure.rolled_up(evidence.codes, facet, level)
    rows = evidence.codings[evidence.codings["facet"].eq(facet) & evidence.codings["role"].eq("primary")]
    known = [coder for coder in evidence.coders["coder_id"] if coder in set(rows["coder_id"])]
    raise_if_any(
        AgreementError,
        (
            f"Coder {coder!r} gave no primary code in facet {facet!r}. Choose among {numbers.listed(known)}."
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
    ordered: bool = False,
    interviewees: "pd.Series[Any] | Mapping[Any, Any] | None" = None,
) -> Ratings:
    """Return the ratings in a plain table of units by coders.

    Parameters
    ----------
    table : DataFrame of shape (units, coders)
        The code that each coder (column) gave each unit (row). A cell that is missing or an empty text is a unit that
        the coder did not code.
    codes : sequence, optional
        All codes that coders could choose from, in their order. Left out, the codes that occur, sorted; but how many
        there were to choose from matters to Gwet's AC1 and to the Brennan-Prediger coefficient.
    ordered : bool
        Whether their order means more and less.
    interviewees : Series or mapping, optional
        Who said each unit, by the table's index. A unit of nobody's stands for itself.

    Raises
    ------
    AgreementError
        For a unit or a coder that is there twice, for a code that is not among `codes`, or for codes named twice.

    Examples
    --------
    >>> codes = {"ana": ["early", "late", None], "ben": ["early", "early", "late"]}
    >>> table = pd.DataFrame(codes, index=["T1", "T2", "T3"])
    >>> ratings = from_table(table)
    >>> ratings.codes, ratings.given.tolist()
    (('early', 'late'), [[0, 0], [1, 0], [-1, 1]])
    >>> from_table(table, codes=["early"])
    Traceback (most recent call last):
    analysis.agreement.ratings.AgreementError: T2, coder ana: there is no code 'late'. Choose among early, or leave ...
    """
    _check_distinct("unit", table.index)
    _check_distinct("coder", table.columns)
    listed: list[Any] = _occurring(table) if codes is None else list(codes)
    known = pd.Index(listed, tupleize_cols=False)
    _check_distinct("code", known)
    given = np.empty(table.shape, dtype=np.int32, order="F")
    for place, coder in enumerate(table.columns):
        given[:, place] = known.get_indexer(pd.Index(table[coder], tupleize_cols=False))
        _check_known(table[coder], given[:, place], known)
    who = None if interviewees is None else _numbered(table.index, interviewees)
    return Ratings(table.index, tuple(map(str, table.columns)), tuple(known), given, ordered, who)


def named(code: Code) -> str:
    """Return a code as a text; a set of codes is joined by plus signs, an empty one is `none`.

    >>> named("early"), named(3), named(frozenset({"b", "a"})), named(frozenset())
    ('early', '3', 'a + b', 'none')
    """
    if isinstance(code, frozenset):
        return " + ".join(sorted(map(str, code))) or "none"
    return str(code)


def _occurring(table: pd.DataFrame) -> list[Code]:
    found: set[Code] = set()
    for coder in table.columns:
        found |= {_whole(code) for code in table[coder].dropna().unique() if code != ""}
    try:
        return sorted(found)  # type: ignore[type-var]
    except TypeError:
        raise AgreementError(
            "Some codes are numbers and some are texts. Write them all alike, or list them as `codes`."
        ) from None


def _whole(code: Code) -> Code:
    """Return a whole number as one: a column of whole numbers with a missing cell holds fractions."""
    return int(code) if isinstance(code, float) and code.is_integer() else code


def _check_distinct(what: str, labels: pd.Index) -> None:
    again = labels[labels.duplicated()].unique()
    raise_if_any(AgreementError, (f"There is more than one {what} {label!r}. Keep one." for label in again))


def _check_known(column: "pd.Series[Any]", given: NDArray[np.int32], known: pd.Index) -> None:
    unknown = column[given == MISSING].dropna()
    raise_if_any(
        AgreementError,
        (
            f"{unit}, coder {column.name}: there is no code {code!r}. "
            f"Choose among {numbers.listed([named(k) for k in known])}, or leave the cell empty."
            for unit, code in unknown.items()
            if code != ""
        ),
    )


def _numbered(units: pd.Index, interviewees: "pd.Series[Any] | Mapping[Any, Any]") -> Integers:
    """Number interviewees in the order of their first unit; a unit of nobody's gets a number of its own."""
    said_by = units.to_series().map(interviewees)
    own = said_by.isna().to_numpy()
    numbered = pd.factorize(said_by)[0].astype(np.int64)
    numbered[own] = numbered.max(initial=-1) + 1 + np.arange(own.sum())
    return numbered
