"""Rules that span rows or tables, which Table Schema cannot express: one named function each.

A rule takes the evidence and yields `(table, row label, field, problem, remedy)` for every breach.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import pandas as pd

from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ROLES, STANCES
from analysis.support.errors import Fault


class Breach(NamedTuple):
    """A row of `table` (its index label, None for the whole table) that breaks a rule."""

    table: str
    row: int | None
    field: str
    problem: str
    remedy: str


def broken(evidence: Evidence, places: dict[str, str]) -> Iterator[Fault]:
    """Yield a fault for each breach of the first rule that is broken; `places` names each table's file."""
    for rule in RULES:
        breaches = list(rule(evidence))
        for breach in breaches:
            table: pd.DataFrame = getattr(evidence, breach.table)
            value = None if breach.row is None else str(table.at[breach.row, breach.field])
            # The header is row 1, so the row with label 0 is row 2.
            row = None if breach.row is None else breach.row + 2
            yield Fault(places[breach.table], breach.problem, breach.remedy, row, breach.field, value)
        if breaches:
            return


def dates_exist(evidence: Evidence) -> Iterator[Breach]:
    """A publication date is a year, a month or a day of the calendar."""
    for row, published in enumerate(evidence.sources["published"]):
        if published and not _in_calendar(published):
            yield Breach("sources", row, "published", "there is no such date", "Write 2020-02 or 2020-02-25.")


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
    codes = evidence.codes
    keys = set(zip(codes["facet"], codes["code_id"], strict=True))
    for row, facet, parent in zip(codes.index, codes["facet"], codes["parent_id"], strict=True):
        if parent and (facet, parent) not in keys:
            yield Breach(
                "codes", row, "parent_id", f"facet {facet} has no such code",
                "Name a code of the same facet, or leave it empty.",
            )  # fmt: skip


def tree_has_no_cycle(evidence: Evidence) -> Iterator[Breach]:
    """No code is its own ancestor. Each cycle is told once."""
    codes = evidence.codes
    parents = _parents(codes)
    told: set[tuple[str, str]] = set()
    for row, facet, code in zip(codes.index, codes["facet"], codes["code_id"], strict=True):
        up, at = [code], parents[facet, code]
        while at and at not in up:
            up.append(at)
            at = parents[facet, at]
        if at == code and (facet, code) not in told:
            told |= {(facet, step) for step in up}
            yield Breach(
                "codes", row, "parent_id", f"the tree of facet {facet} runs in a circle: {' > '.join([*up, code])}",
                "Give one of these codes a parent outside the circle, or none.",
            )  # fmt: skip


def levels_follow_the_tree(evidence: Evidence) -> Iterator[Breach]:
    """In each facet, codes of one depth share one level (most of them decide), and no other depth uses its name."""
    codes = evidence.codes
    parents = _parents(codes)

    def depth(facet: str, code: str) -> int:
        parent = parents[facet, code]
        return depth(facet, parent) + 1 if parent else 0

    deep = [depth(facet, code) for facet, code in zip(codes["facet"], codes["code_id"], strict=True)]
    usual = codes.groupby([codes["facet"], deep])["level"].agg(lambda levels: levels.mode()[0])
    for row, facet, level, down in zip(codes.index, codes["facet"], codes["level"], deep, strict=True):
        above = set(usual[facet].loc[: down - 1]) if down else set()
        if level != (expected := usual[facet, down]) or level in above:
            yield Breach(
                "codes", row, "level", f"codes at this depth of facet {facet} are of level {expected}",
                "Give all codes of one depth one level, which no other depth has, or mend parent_id.",
            )  # fmt: skip


def _parents(codes: pd.DataFrame) -> dict[tuple[str, str], str]:
    return dict(zip(zip(codes["facet"], codes["code_id"], strict=True), codes["parent_id"], strict=True))


def positions_are_distinct(evidence: Evidence) -> Iterator[Breach]:
    """Codes with the same parent stand in different places."""
    for row in evidence.codes.index[evidence.codes.duplicated(["facet", "parent_id", "position"])]:
        yield Breach(
            "codes", row, "position", "another code with the same parent has this position", "Number them anew."
        )


def repeats_lead_to_first_tellings(evidence: Evidence) -> Iterator[Breach]:
    """A passage repeats another passage of the same source that repeats none itself."""
    extracts = evidence.extracts
    by_id = extracts.set_index("extract_id")
    told = zip(extracts.index, extracts["extract_id"], extracts["source_id"], extracts["repeats"], strict=True)
    for row, extract, source, repeats in told:
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
        yield Breach(
            "extracts", row, "repeats", problem,
            "Name the fullest passage with these words, which repeats none, or leave it empty.",
        )  # fmt: skip


def exclusive_facets_have_one_primary(evidence: Evidence) -> Iterator[Breach]:
    """In an exclusive facet each coder, and the coding of record, gives a passage one primary code at most."""
    exclusive = set(evidence.facets.loc[evidence.facets["exclusive"], "facet"])
    for rows, who in (
        (evidence.codings, ["extract_id", "facet", "coder_id"]),
        (evidence.by_coders_of_record, ["extract_id", "facet"]),
    ):
        primary = rows[rows["role"].eq("primary") & rows["facet"].isin(exclusive)]
        second = primary[primary.duplicated(who)]
        for row, extract, facet in zip(second.index, second["extract_id"], second["facet"], strict=True):
            yield Breach(
                "codings", row, "code_id", f"{extract} has a second primary code in the exclusive facet {facet}",
                "Keep one primary code and make the other an alternative, or keep one coder in codingOfRecord.",
            )  # fmt: skip
        if not second.empty:
            return  # two rows of one coder would be told again as two of the coding of record


def alternatives_stand_beside_a_primary(evidence: Evidence) -> Iterator[Breach]:
    """In the coding of record of an exclusive facet, an alternative is another reading of a primary code."""
    exclusive = set(evidence.facets.loc[evidence.facets["exclusive"], "facet"])
    record = evidence.record[evidence.record["facet"].isin(exclusive)]
    has_primary = record["role"].eq("primary").groupby([record["extract_id"], record["facet"]]).transform("any")
    for row in record.index[~has_primary]:
        yield Breach(
            "codings", row, "role", "the passage has alternatives but no primary code in this facet",
            "Make one of its codes primary.",
        )  # fmt: skip


def sources_are_no_more_than_were_interviewed(evidence: Evidence) -> Iterator[Breach]:
    """Where the study says how many people were interviewed, no more of them are among its sources."""
    found, said = int((evidence.sources["kind"] == "interviewee").sum()), evidence.study.interviewed
    if said is not None and found > said:
        remedy = "Mend the number in the member 'study' of datapackage.json, or the kinds of sources."
        yield Breach("sources", None, "kind", f"{found} interviewees, and {said} were interviewed", remedy)


def words_are_known(evidence: Evidence) -> Iterator[Breach]:
    """Role, stance and basis of a coding are words that counting knows."""
    for field, known in (("role", ROLES), ("stance", STANCES), ("basis", vocabulary.BASES["any"])):
        for row in evidence.codings.index[~evidence.codings[field].isin(known)]:
            yield Breach("codings", row, field, "counting does not know this word", f"Write {' or '.join(known)}.")


def names_are_not_reserved(evidence: Evidence) -> Iterator[Breach]:
    """No code has a name that tables of counts use for something else."""
    reserved = (vocabulary.UNCODED, vocabulary.COUNTERS, vocabulary.CONTEXT, vocabulary.ALL)
    for row, code in enumerate(evidence.codes["code_id"]):
        if code in reserved:
            yield Breach("codes", row, "code_id", "tables of counts use this name for themselves", "Rename the code.")


def documents_are_dated(evidence: Evidence) -> Iterator[Breach]:
    """A document has a date of publication, where the study says when its interviews were: the two are compared."""
    if not evidence.study.interviews_to:
        return
    for row, (kind, published) in enumerate(zip(evidence.sources["kind"], evidence.sources["published"], strict=True)):
        if kind == "document" and not published:
            yield Breach("sources", row, "published", "a document without a date", "Write 2020-02 or 2020-02-25.")


def codes_of_record_differ(evidence: Evidence) -> Iterator[Breach]:
    """In the coding of record of an exclusive facet, a passage has a code once, whoever of its coders gave it.

    Elsewhere several coders of record may give a passage the same code, in the same manner; it then counts once.
    """
    rows, key = evidence.by_coders_of_record, ["extract_id", "facet", "code_id"]
    exclusive = rows["facet"].isin(evidence.facets.loc[evidence.facets["exclusive"], "facet"])
    as_before = rows.duplicated([*key, "role", "stance", "basis"])
    again = rows[rows.duplicated(key) & (exclusive | ~as_before)]
    for row, extract in zip(again.index, again["extract_id"], strict=True):
        remedy = (
            "Keep one of the two rows, or one of the coders in codingOfRecord; an alternative has to be another code."
        )
        yield Breach("codings", row, "code_id", f"another coder of record gave {extract} the same code", remedy)


def fragments_have_owners(evidence: Evidence) -> Iterator[Breach]:
    """A fragment is a numbered piece of a passage, with its citation, or the label of a code."""
    fragments = evidence.fragments
    passages, codes = set(evidence.extracts["extract_id"]), set(evidence.codes["code_id"])
    remedy = "Seal the fragments again: python -m analysis quotations seal COPY."
    for row, owner, cited_as in zip(fragments.index, fragments["owner_id"], fragments["cited_as"], strict=True):
        if owner not in passages | codes:
            yield Breach("fragments", row, "owner_id", "there is no such passage or code", remedy)
        elif owner in passages and not re.search(r"\w", cited_as):
            yield Breach("fragments", row, "cited_as", "a passage is always cited to someone", remedy)
    order = fragments.groupby("owner_id").cumcount() + 1
    for row in fragments.index[fragments["n"] != order]:
        yield Breach("fragments", row, "n", "the pieces are not numbered from 1 upwards", remedy)


def every_passage_is_sealed(evidence: Evidence) -> Iterator[Breach]:
    """Where any wording is sealed, that of every passage is."""
    sealed = set(evidence.fragments["owner_id"])
    for row, extract in enumerate(evidence.extracts["extract_id"]):
        if sealed and extract not in sealed:
            remedy = "Seal the fragments again: python -m analysis quotations seal COPY."
            yield Breach("extracts", row, "extract_id", "the wording of this passage is not sealed", remedy)


def coders_of_record_exist(evidence: Evidence) -> Iterator[Breach]:
    """The coding of record names coders and facets that are there, and leaves no facet out."""
    named, facets = evidence.study.coding_of_record, set(evidence.facets["facet"])
    remedy = "Mend codingOfRecord in datapackage.json."
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
    repeats_lead_to_first_tellings,
    sources_are_no_more_than_were_interviewed,
    words_are_known,
    names_are_not_reserved,
    documents_are_dated,
    coders_of_record_exist,
    codes_of_record_differ,
    exclusive_facets_have_one_primary,
    alternatives_stand_beside_a_primary,
    fragments_have_owners,
    every_passage_is_sealed,
)
