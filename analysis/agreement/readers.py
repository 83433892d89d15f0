"""How far readers agree on a facet: with each other, and with the coding of record.

Readers are the coders of a facet beyond those of record; a coder who is added and codes a facet joins the comparison.
Only between readers is agreement a question of independent judgement, and only as far as the readers are independent.
The coding of record is compared with each reader because it shows how much of a reading was kept; where it was
reconciled from these very readings, as stage and response were, it is not an independent reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import pandas as pd

from analysis import agreement
from analysis.agreement import Analytic, Bootstrap, Ratings, sets
from analysis.study import code_tree, vocabulary
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence
from analysis.support import formatting

BETWEEN_READERS, WITH_RECORD = "between-readers", "with-record"
#: What is compared: the code that a coder chose, or the set of all that a coder allowed (`role` of the codings).
PRIMARY, ANY = "primary", "any"
#: What is given for each code against the rest; the other coefficients lie between these, or close to one of them.
OF_EACH_CODE = ("percent-agreement", "krippendorff-alpha", "gwet-ac")
INTERVALS_OF_EACH_CODE = (Analytic(), Bootstrap(over="interviewees"))
COLUMNS = (
    "facet", "scope", "coders", "role", "code", "coefficient", "weights", "method", "value", "se", "low", "high",
    "units", "paired", "left_out", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Coders who are compared, and whether they are readers only or a reader and a coder of record."""

    scope: str
    coders: tuple[str, ...]


def independent(evidence: Evidence, facet: str) -> tuple[str, ...]:
    """Return the coders beyond those of record who gave primary codes in a facet, in the order of `coders.csv`.

    Where there are none, it is the coders of record, if they are several: in many studies all coders count.
    """
    found = coders_of(evidence, facet)
    beyond = tuple(one for one in found if one not in evidence.study.coding_of_record[facet])
    return beyond or (tuple(found) if len(found) > 1 else ())


def groups(evidence: Evidence, facet: str) -> list[Group]:
    """Return who is compared on a facet.

    All readers together and, if they are more than two, each pair of them; then each reader with each coder of record.
    """
    found = independent(evidence, facet)
    of_record = [one for one in coders_of(evidence, facet) if one not in found]
    between = [found, *(combinations(found, 2) if len(found) > 2 else [])] if len(found) > 1 else []
    return [
        *(Group(BETWEEN_READERS, tuple(coders)) for coders in between),
        *(Group(WITH_RECORD, (reader, other)) for reader in found for other in of_record),
    ]


def facets(evidence: Evidence) -> list[str]:
    """Return the facets on which somebody can be compared, in the order of `facets.csv`."""
    return [facet for facet in evidence.facets["facet"] if groups(evidence, facet)]


@lru_cache(maxsize=64)  # the parts of a report ask for the same
def chosen(evidence: Evidence, facet: str, coders: tuple[str, ...], level: str | None = None) -> Ratings:
    """Return the primary codes that some coders chose; where several may hold for a passage, the sets of them."""
    take = agreement.from_evidence if exclusive(evidence, facet) else sets.from_evidence
    return take(evidence, facet, coders, level)


@lru_cache(maxsize=64)  # and for the same again
def together(
    evidence: Evidence, facet: str, given: Ratings, intervals: tuple[Analytic | Bootstrap, ...] = agreement.INTERVALS
) -> pd.DataFrame:
    """Return the coefficients for all codes of a facet together, as `agreement.estimates` does.

    Of an exclusive facet these are the usual ones; where several codes may hold, alpha with MASI's distance.
    """
    if exclusive(evidence, facet):
        return agreement.estimates(given, intervals=intervals)
    return agreement.estimates(given, ["krippendorff-alpha"], sets.scale(given), intervals)


def allowed(evidence: Evidence, facet: str, coders: tuple[str, ...]) -> Ratings:
    """Return the set of all codes that each coder allowed for each passage, as primary or as alternative.

    Codes are those at the top of the facet's tree. On these sets, and not on the primary codes alone, rest the ranges
    over all readings.
    """
    return sets.occurring(_allowed_of_all(evidence, facet).of(coders))


@lru_cache(maxsize=4)  # each pair of coders asks for its own
def _allowed_of_all(evidence: Evidence, facet: str) -> Ratings:
    """Return the set of codes that each coder of a facet allowed for each passage, if any."""
    up = code_tree.rolled_up(evidence.codes, facet)
    rows = evidence.codings[evidence.codings["facet"].eq(facet)]
    given = sets.of_rows(rows.assign(code=rows["code_id"].map(up)))
    coded = set(rows["extract_id"])
    ids = [one for one in evidence.extracts["extract_id"] if one in coded]
    table = given.reindex(index=pd.Index(ids, name="extract_id"))
    return sets.from_table(table, evidence.extracts.set_index("extract_id")["source_id"])


@lru_cache(maxsize=4)  # its tables for readers ask for it one by one
def agreement_of_groups(evidence: Evidence) -> pd.DataFrame:
    """Return how far coders agree, for each facet and group of coders.

    Returns
    -------
    DataFrame
        Columns COLUMNS. `scope` says whether readers are compared with each other or one with the coding of record,
        `role` whether by the code chosen or by the set of all that were allowed, `code` which code against the rest
        (`all`: all codes together), `method` where error and interval come from. `units` are passages that somebody
        coded, `paired` those that two did, `left_out` resamples without a value. Where something is not defined it is
        nan, and `reason` says why.
    """
    parts = [part for facet in facets(evidence) for part in _sizes_of_groups(evidence, facet)]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)] if parts else pd.DataFrame(columns=list(COLUMNS))


def most_chosen(codings: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return for each passage the code that most coders of a facet chose first; several where they split evenly."""
    read = codings[codings["role"] == PRIMARY]
    return {
        str(extract): frozenset(codes.mode()) for extract, codes in read.groupby("extract_id", sort=False)["code_id"]
    }


def differences(
    evidence: Evidence, facet: str, coders: tuple[str, ...], level: str | None = None, most: int | None = None
) -> pd.DataFrame:
    """List the passages on which coders chose differently at a level (the top if None), with the reason of each.

    Of very many passages, the first `most` do.

    Returns
    -------
    DataFrame
        A row for each passage and coder who coded it: `extract_id, coder_id, code_id` (several of a facet that allows
        it), `also` (the coder's alternatives), `basis, rationale`, and `allows_others`: whether the coder allowed, as
        primary or alternative, all that the others chose.
    """
    ids = agreement.disagreements(chosen(evidence, facet, coders, level)).index[:most]
    rows = evidence.codings[evidence.codings["facet"].eq(facet) & evidence.codings["extract_id"].isin(ids)]
    of_passage = {extract: list(found.itertuples()) for extract, found in rows.groupby("extract_id")}
    found = [
        (extract, *_judged(of_passage[extract], coder, coders))
        for extract in ids
        for coder in coders
        if any(row.coder_id == coder and row.role == PRIMARY for row in of_passage[extract])
    ]
    columns = ["extract_id", "coder_id", "code_id", "also", "basis", "rationale", "allows_others"]
    return pd.DataFrame(found, columns=columns)


def summary(evidence: Evidence, facet: str, coders: tuple[str, ...]) -> str:
    """Say in a sentence or two how far coders agree on an exclusive facet, and what lies behind their differences."""
    sizes = agreement.estimates(chosen(evidence, facet, coders)).set_index("coefficient")["value"]
    shares = ["percent-agreement", "unanimous-agreement"]
    corrected = [formatting.rounded(value) for value in sorted(sizes.drop(shares, errors="ignore").dropna())]
    mutual = differences(evidence, facet, coders).groupby("extract_id")["allows_others"].all()
    said = f"first choices differ in {formatting.counted(len(mutual), 'passage')}"
    if corrected:
        spread = (
            f"lie from {corrected[0]} to {corrected[-1]}" if corrected[0] != corrected[-1] else f"are {corrected[0]}"
        )
        said += f"; coefficients that allow for chance {spread}"
    if len(mutual):
        said += f". In {mutual.sum()} of these {len(mutual)}, each coder allows as an alternative what the others chose"
    return f"{said}."


def coders_of(evidence: Evidence, facet: str) -> list[str]:
    """Return everyone who gave primary codes in a facet, in the order of `coders.csv`.

    Codings that nobody is named for are nobody's: some of them may be by one of the others, or by several people.
    """
    rows = evidence.codings[evidence.codings["facet"].eq(facet) & evidence.codings["role"].eq(PRIMARY)]
    given = set(rows["coder_id"])
    return [coder for coder in evidence.coders["coder_id"] if coder in given and is_named(coder)]


def exclusive(evidence: Evidence, facet: str) -> bool:
    """Tell whether one coder gives a passage at most one primary code of a facet."""
    return bool(evidence.facets.set_index("facet").at[facet, "exclusive"])


def _sizes_of_groups(evidence: Evidence, facet: str) -> Iterator[pd.DataFrame]:
    everyone, all_readers = chosen(evidence, facet, tuple(coders_of(evidence, facet))), independent(evidence, facet)
    for group in groups(evidence, facet):
        given = everyone.of(group.coders)
        given = given if exclusive(evidence, facet) else sets.occurring(given)
        # Which code readers disagree on is asked of all of them: of every pair, it would bury the table.
        yield _sizes(evidence, facet, group, given, each_code=group.coders == all_readers)


def _sizes(evidence: Evidence, facet: str, group: Group, given: Ratings, each_code: bool) -> pd.DataFrame:
    sets_of_codes = allowed(evidence, facet, group.coders)
    parts = [
        together(evidence, facet, given).assign(role=PRIMARY, code=vocabulary.ALL),
        agreement.estimates(
            sets_of_codes, ["krippendorff-alpha"], sets.scale(sets_of_codes), agreement.INTERVALS
        ).assign(role=ANY, code=vocabulary.ALL),
    ]
    if each_code:
        parts.append(agreement.per_code(given, OF_EACH_CODE, INTERVALS_OF_EACH_CODE).assign(role=PRIMARY))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(facet=facet, scope=group.scope, coders=" ".join(group.coders))


def _judged(rows: list[Any], coder: str, coders: tuple[str, ...]) -> tuple[str, str, tuple[str, ...], str, str, bool]:
    own = [row for row in rows if row.coder_id == coder]
    first = [row for row in own if row.role == PRIMARY]
    beside = {row.code_id for row in rows if row.coder_id in coders and row.role == PRIMARY}
    return (
        coder,
        "; ".join(row.code_id for row in first),
        tuple(row.code_id for row in own if row.role != PRIMARY),
        "; ".join(dict.fromkeys(row.basis for row in first)),
        " ".join(row.rationale for row in first),
        beside <= {row.code_id for row in own},
    )
