"""Rules that span rows or tables, which Table Schema cannot express: one named function each.

A rule takes the evidence and yields a `Breach` for every row (or table) that breaks it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ROLES, STANCES
from analysis.support import paths
from analysis.support.errors import Fault

_DATE = "Write a date like 2020-02 or 2020-02-25."
_SEAL = f"Seal the fragments again: {paths.COMMAND} quotations seal COPY."


class Breach(NamedTuple):
    """A row of `table` (its index label, None for the whole table) that breaks a rule."""

    table: str
    row: int | None
    field: str
    problem: str
    remedy: str


def broken(evidence: Evidence, folder: Path) -> Iterator[Fault]:
    """Yield a fault for each breach of the first rule that is broken; `folder` is that of the data package."""
    for rule in RULES:
        breaches = list(rule(evidence))
        for table, row, field, problem, remedy in breaches:
            file = folder / "evidence" / f"{table}.csv"
            if row is None:
                yield Fault(file, problem, remedy, field=field)
            else:
                # The header is row 1, so the row with label 0 is row 2.
                yield Fault(file, problem, remedy, row + 2, field, str(getattr(evidence, table).at[row, field]))
        if breaches:
            return


def _rows(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield the index label of each row, and its cells in some columns."""
    return zip(table.index.tolist(), *(table[column].tolist() for column in columns), strict=True)


def dates_exist(evidence: Evidence) -> Iterator[Breach]:
    """A publication date is a year, a month or a day of the calendar."""
    for row, published in _rows(evidence.sources, "published"):
        if published and not _in_calendar(published):
            yield Breach("sources", row, "published", "there is no such date", _DATE)


def _in_calendar(published: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", published):
        return False
    try:
        date.fromisoformat((published + "-01-01")[:10])
    except ValueError:
        return False
    return True


def parents_exist(evidence: Evidence) -> Iterator[Breach]:
    """The parent of a code is a code of the same facet."""
    parents = _parents(evidence.codes)
    remedy = "Name a code of the same facet, or leave it empty."
    for row, facet, parent in _rows(evidence.codes, "facet", "parent_id"):
        if parent and (facet, parent) not in parents:
            yield Breach("codes", row, "parent_id", f"facet {facet} has no such code", remedy)


def tree_has_no_cycle(evidence: Evidence) -> Iterator[Breach]:
    """No code is its own ancestor. Each cycle is reported once."""
    parents = _parents(evidence.codes)
    reported: set[tuple[str, str]] = set()
    for row, facet, code in _rows(evidence.codes, "facet", "code_id"):
        up, at = [code], parents[facet, code]
        while at and at not in up:
            up.append(at)
            at = parents[facet, at]
        if at == code and (facet, code) not in reported:
            reported |= {(facet, step) for step in up}
            problem = f"the tree of facet {facet} runs in a circle: {' > '.join([*up, code])}"
            yield Breach("codes", row, "parent_id", problem, "Give one of these codes a parent outside it, or none.")


def levels_follow_the_tree(evidence: Evidence) -> Iterator[Breach]:
    """In each facet, codes of one depth share one level (most of them decide), and no other depth uses its name."""
    codes = evidence.codes
    parents = _parents(codes)

    def depth(facet: str, code: str) -> int:
        parent = parents[facet, code]
        return depth(facet, parent) + 1 if parent else 0

    deep = [depth(facet, code) for _, facet, code in _rows(codes, "facet", "code_id")]
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for (_, facet, level), down in zip(_rows(codes, "facet", "level"), deep, strict=True):
        found[facet, down][level] += 1
    # The most frequent one; of several, the first by name.
    usual = {place: min(levels, key=lambda level: (-levels[level], level)) for place, levels in found.items()}
    remedy = "Give all codes of one depth one level, which no other depth has, or correct parent_id."
    for (row, facet, level), down in zip(_rows(codes, "facet", "level"), deep, strict=True):
        above = {usual[facet, higher] for higher in range(down)}
        if level != (expected := usual[facet, down]) or level in above:
            problem = f"codes at this depth of facet {facet} are of level {expected}"
            yield Breach("codes", row, "level", problem, remedy)


def _parents(codes: pd.DataFrame) -> dict[tuple[str, str], str]:
    return dict(zip(zip(codes["facet"], codes["code_id"], strict=True), codes["parent_id"], strict=True))


def positions_are_distinct(evidence: Evidence) -> Iterator[Breach]:
    """Codes with the same parent have different positions."""
    for row in evidence.codes.index[evidence.codes.duplicated(["facet", "parent_id", "position"])]:
        problem = "another code with the same parent has this position"
        yield Breach("codes", row, "position", problem, "Number them again.")


def repeats_lead_to_the_fullest_passage(evidence: Evidence) -> Iterator[Breach]:
    """A passage repeats another passage of the same source that repeats none itself."""
    by_id = evidence.extracts.set_index("extract_id")
    remedy = "Name the fullest passage with these words, which repeats none, or leave it empty."
    for row, extract, source, repeats in _rows(evidence.extracts, "extract_id", "source_id", "repeats"):
        if not repeats:
            continue
        if repeats == extract:
            problem = "the passage repeats itself"
        elif repeats not in by_id.index:
            problem = "there is no such passage"
        elif by_id.at[repeats, "repeats"]:
            problem = "the passage named here repeats another one"
        elif by_id.at[repeats, "source_id"] != source:
            problem = "the passage named here has another source"
        else:
            continue
        yield Breach("extracts", row, "repeats", problem, remedy)


def _exclusive(evidence: Evidence) -> set[str]:
    """Return the facets that are exclusive."""
    return {facet for _, facet, exclusive in _rows(evidence.facets, "facet", "exclusive") if exclusive}


def exclusive_facets_have_one_primary(evidence: Evidence) -> Iterator[Breach]:
    """In an exclusive facet each coder, and the coding of record, gives a passage one primary code at most."""
    remedy = "Keep one primary code and make the other an alternative, or keep one coder in codingOfRecord."
    exclusive = _exclusive(evidence)
    for rows, who in ((evidence.codings, ("coder_id",)), (evidence.by_coders_of_record, ())):
        primary, second = set(), False
        for row, role, *key in _rows(rows, "role", "extract_id", "facet", *who):
            extract, facet = key[:2]
            if role != "primary" or facet not in exclusive:
                continue
            if tuple(key) in primary:
                second = True
                problem = f"{extract} has a second primary code in the exclusive facet {facet}"
                yield Breach("codings", row, "code_id", problem, remedy)
            primary.add(tuple(key))
        if second:
            return  # two rows of one coder would be reported again as two of the coding of record


def alternatives_have_a_primary(evidence: Evidence) -> Iterator[Breach]:
    """In the coding of record of an exclusive facet, an alternative is another reading of a primary code."""
    exclusive, record = _exclusive(evidence), list(_rows(evidence.record, "extract_id", "facet", "role"))
    has_primary = {(extract, facet) for _, extract, facet, role in record if role == "primary"}
    for row, extract, facet, _ in record:
        if facet in exclusive and (extract, facet) not in has_primary:
            problem = "the passage has alternatives but no primary code in this facet"
            yield Breach("codings", row, "role", problem, "Make one of its codes primary.")


def sources_are_no_more_than_were_interviewed(evidence: Evidence) -> Iterator[Breach]:
    """Where the study says how many people were interviewed, no more of them are among its sources."""
    found, expected = int((evidence.sources["kind"] == "interviewee").sum()), evidence.study.interviewed
    if expected is not None and found > expected:
        remedy = "Correct the number in the member 'study' of datapackage.json, or the kinds of sources."
        yield Breach("sources", None, "kind", f"{found} interviewees, but only {expected} were interviewed", remedy)


def words_are_known(evidence: Evidence) -> Iterator[Breach]:
    """Role, stance and basis of a coding are words that counting knows."""
    for field, known in (("role", ROLES), ("stance", STANCES), ("basis", vocabulary.BASES["any"])):
        problem = f"unknown value; expected {' or '.join(known)}"
        for row in evidence.codings.index[~evidence.codings[field].isin(known)]:
            yield Breach("codings", row, field, problem, "Write one of these.")


def names_are_not_reserved(evidence: Evidence) -> Iterator[Breach]:
    """No code has a name that tables of counts use for something else."""
    reserved = (vocabulary.UNCODED, vocabulary.COUNTERS, vocabulary.CONTEXT, vocabulary.ALL)
    for row, code in _rows(evidence.codes, "code_id"):
        if code in reserved:
            yield Breach("codes", row, "code_id", "tables of counts reserve this name", "Rename the code.")


def documents_are_dated(evidence: Evidence) -> Iterator[Breach]:
    """A document has a date of publication where the study says when its interviews were: the two are compared."""
    if evidence.study.interviews_to:
        for row, kind, published in _rows(evidence.sources, "kind", "published"):
            if kind == "document" and not published:
                yield Breach("sources", row, "published", "a document without a date", _DATE)


def codes_of_record_differ(evidence: Evidence) -> Iterator[Breach]:
    """In the coding of record of an exclusive facet, a passage has a code once, whichever of its coders gave it.

    Elsewhere several coders of record may give a passage the same code, in the same manner; it then counts once.
    """
    exclusive = _exclusive(evidence)
    given: dict[tuple[str, str, str], set[tuple[str, ...]]] = defaultdict(set)
    remedy = "Keep one of the two rows, or one of the coders in codingOfRecord; an alternative has to be another code."
    fields = ("extract_id", "facet", "code_id", "role", "stance", "basis")
    for row, extract, facet, code, *manner in _rows(evidence.by_coders_of_record, *fields):
        before = given[extract, facet, code]
        if before and (facet in exclusive or tuple(manner) not in before):
            yield Breach("codings", row, "code_id", f"another coder of record gave {extract} the same code", remedy)
        before.add(tuple(manner))


def fragments_have_owners(evidence: Evidence) -> Iterator[Breach]:
    """A fragment is a numbered piece of a passage, with its citation, or the label of a code."""
    fragments = evidence.fragments
    passages, codes = set(evidence.extracts["extract_id"]), set(evidence.codes["code_id"])
    for row, owner, cited_as in _rows(fragments, "owner_id", "cited_as"):
        if owner not in passages and owner not in codes:
            yield Breach("fragments", row, "owner_id", "there is no such passage or code", _SEAL)
        elif owner in passages and not re.search(r"\w", cited_as):
            yield Breach("fragments", row, "cited_as", "a passage needs a citation", _SEAL)
    pieces: Counter[str] = Counter()
    for row, owner, n in _rows(fragments, "owner_id", "n"):
        pieces[owner] += 1
        if n != pieces[owner]:
            yield Breach("fragments", row, "n", "the pieces are not numbered from 1 upwards", _SEAL)


def every_passage_is_sealed(evidence: Evidence) -> Iterator[Breach]:
    """Where any wording is sealed, that of every passage is."""
    sealed = set(evidence.fragments["owner_id"])
    for row, extract in _rows(evidence.extracts, "extract_id"):
        if sealed and extract not in sealed:
            yield Breach("extracts", row, "extract_id", "the wording of this passage is not sealed", _SEAL)


def coders_of_record_exist(evidence: Evidence) -> Iterator[Breach]:
    """The coding of record names coders and facets that exist, and leaves no facet out."""
    named, facets = evidence.study.coding_of_record, set(evidence.facets["facet"])
    remedy = "Correct codingOfRecord in datapackage.json."
    for facet in sorted(set(named) ^ facets):
        yield Breach("facets", None, "facet", f"facet {facet} and the coding of record do not match", remedy)
    for coder in sorted({coder for coders in named.values() for coder in coders} - set(evidence.coders["coder_id"])):
        yield Breach("coders", None, "coder_id", f"the coding of record names the unknown coder {coder}", remedy)


RULES: tuple[Callable[[Evidence], Iterator[Breach]], ...] = (
    dates_exist,
    parents_exist,
    tree_has_no_cycle,
    levels_follow_the_tree,
    positions_are_distinct,
    repeats_lead_to_the_fullest_passage,
    sources_are_no_more_than_were_interviewed,
    words_are_known,
    names_are_not_reserved,
    documents_are_dated,
    coders_of_record_exist,
    codes_of_record_differ,
    exclusive_facets_have_one_primary,
    alternatives_have_a_primary,
    fragments_have_owners,
    every_passage_is_sealed,
)
