"""Make a project of REFI-QDA from a coded study.

Its texts are the gists of the passages, or their private wording; what the standard has no place for goes into
descriptions and notes. `updating` writes the project of an imported study again instead.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.exchange import annotations
from analysis.exchange.annotations import FACETS, GISTS, RULES, SIMULATED, WORDING, Counted, Manner
from analysis.exchange.importing.people import ABOUT_CODER
from analysis.exchange.project import Case, Code, Coding, Project, Selection, Source, User, guid_of, text_source
from analysis.exchange.refi_qda.portable import ORIGIN
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence

Row = dict[str, Any]


def project_of(evidence: Evidence, wording: Mapping[str, str] | None = None) -> Project:
    """Make a project of a study; its texts are the gists, or the private wording where that is given."""
    name = evidence.study.title or evidence.study.article.get("title", "")
    coders = [row for row in rows_of(evidence.coders) if is_named(row["coder_id"])]
    about = [_note(f"{ABOUT_CODER}{row['coder_id']}", row["description"], name, "coder", row["coder_id"])
             for row in coders if row["description"]]  # fmt: skip
    of_codings = [note for row in rows_of(evidence.codings) if (note := note_of(row, name)) is not None]
    return Project(
        name=name,
        origin=ORIGIN,
        description=f"{SIMULATED}; nothing of it is evidence." if evidence.study.simulated else "",
        users=tuple(new_user(row, name) for row in coders),
        codes=tuple(_codes(evidence, name)),
        cases=tuple(_cases(evidence, name)),
        sources=tuple(_sources(evidence, name, wording)),
        notes=(_about_facets(evidence, name), *about, *of_codings),
        own_notes=(guid_of(name, "note", "facets"),),
    )


def rows_of(table: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a table as dicts."""
    for row in table.to_dict("records"):
        yield {str(column): value for column, value in row.items()}


def code_guid(study: str, facet: str, code: str = "") -> str:
    """Return the GUID of a code of a study, or of the branch that a facet is."""
    return guid_of(study, "code", facet, code)


def _codes(evidence: Evidence, study: str) -> Iterator[Code]:
    """Yield a branch for each facet, with its codes below it."""
    for facet in rows_of(evidence.facets):
        name = facet["facet"]
        yield Code(code_guid(study, name), name, is_codable=False, description=facet["description"])
        yield from (new_code(row, study) for row in rows_of(evidence.codes[evidence.codes["facet"] == name]))


def new_code(row: Row, study: str) -> Code:
    """Return the code of a row of the codebook."""
    guid, parent = (code_guid(study, row["facet"], row[column]) for column in ("code_id", "parent_id"))
    return Code(guid, row["name"], parent, description=description_of(row))


def description_of(row: Row) -> str:
    """Return the definition and rules of a row of the codebook as one text."""
    return annotations.described(row["definition"], {rule: row[rule] for rule in RULES})


def user_guid(coder_id: str, study: str) -> str:
    """Return the GUID of a coder, empty where no coder is named."""
    return guid_of(study, "coder", coder_id) if is_named(coder_id) else ""


def new_user(row: Row, study: str) -> User:
    """Return the user of a row of coders; the id of a user is the kind of coder."""
    return User(guid_of(study, "coder", row["coder_id"]), row["coder_id"], row["kind"])


def _cases(evidence: Evidence, study: str) -> Iterator[Case]:
    for row in rows_of(evidence.sources[evidence.sources["kind"] == "interviewee"]):
        source = guid_of(study, "source", row["source_id"])
        yield Case(guid_of(study, "case", row["source_id"]), row["label"], sources=(source,))


def _about_facets(evidence: Evidence, study: str) -> Source:
    record = evidence.study.coding_of_record
    exclusive = evidence.facets.set_index("facet")["exclusive"]
    counted = {facet: Counted(bool(exclusive[facet]), record[facet]) for facet in evidence.facets["facet"]}
    return _note(FACETS, annotations.facets_noted(counted), study, "facets")


def _note(name: str, text: str, study: str, *key: str) -> Source:
    """Return a note with its text in a file of the archive, which QualCoder requires for a journal entry."""
    guid = guid_of(study, "note", *key)
    return Source("note", guid, name, content=text, path=f"internal://{guid}.txt")


def note_of(row: Row, study: str) -> Source | None:
    """Return the note on how and why a code was given; None where that was in the usual manner, without rationale."""
    how = Manner(row["role"], row["stance"], row["basis"], row["rationale"])
    if how == Manner():
        return None
    key = [row[column] for column in ("extract_id", "coder_id", "facet", "code_id")]
    return Source("note", guid_of(study, "note", *key), f"{key[0]}, {key[1]}: {key[3]}", content=annotations.noted(how))


def new_coding(row: Row, study: str, code: str, coder: str) -> Coding:
    """Return the coding of a row, of the code and by the coder that have these GUIDs."""
    key = [row[column] for column in ("extract_id", "coder_id", "facet", "code_id")]
    note = note_of(row, study)
    return Coding(guid_of(study, "coding", *key), code, coder, notes=(note.guid,) if note else ())


def _sources(evidence: Evidence, study: str, wording: Mapping[str, str] | None) -> Iterator[Source]:
    """Yield the sources, the text of each made of its passages."""
    given = {extract: list(rows_of(rows)) for extract, rows in evidence.codings.groupby("extract_id", sort=False)}
    extracts = {source: list(rows_of(rows)) for source, rows in evidence.extracts.groupby("source_id", sort=False)}
    for row in rows_of(evidence.sources):
        pieces, selections, length = [], [], 0
        for extract in extracts.get(row["source_id"], []):
            key = extract["extract_id"]
            piece = extract["gist"] if wording is None else wording.get(key, "")
            codings = []
            for coding in given.get(key, []):
                code = code_guid(study, coding["facet"], coding["code_id"])
                codings.append(new_coding(coding, study, code, user_guid(coding["coder_id"], study)))
            guid, place = guid_of(study, "passage", key), (length, length + len(piece))
            selections.append(Selection("text", guid, place, key, codings=tuple(codings)))
            pieces.append(piece)
            length += len(piece) + 1
        guid, description = guid_of(study, "source", row["source_id"]), GISTS if wording is None else WORDING
        yield text_source(guid, row["label"], description, "\n".join(pieces), selections)
