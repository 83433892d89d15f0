"""A coded study as a data package in the shape of `data/`, with a description that asks nothing of an article."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any

from analysis.study import vocabulary
from analysis.study.evidence import Evidence, Study
from analysis.study.loading import COLUMNS, DESCRIPTION, TYPES
from analysis.support import csv_tables, safe_files, strict_json
from analysis.support.atomic_writes import replace_folder, replacing
from analysis.support.errors import CompendiumError, Fault

UNTITLED = "A coded study"
#: What each table holds, and each of its columns.
TABLES = {
    "sources": ("Sources", "Who or what was coded: interviewees, documents and others."),
    "facets": ("Facets", "The questions that were put to every passage."),
    "codes": ("Codebook", "Every code with the rules for its use."),
    "extracts": ("Passages", "Every passage that was coded."),
    "fragments": ("Fingerprints", "The wording of passages as fingerprints, where it was sealed."),
    "codings": ("Codings", "Who gave which passage which code, how firmly, and why."),
    "coders": ("Coders", "Who or what coded."),
}
FIELDS = {
    "source_id": "Key of a source.",
    "label": "How the source is named to readers.",
    "kind": "What the source or coder is; passages of a source of the kind interviewee count in interviewees.",
    "title": "Title of a document.",
    "published": "When a document was published: a year, a month or a day.",
    "facet": "Key of a facet.",
    "exclusive": "Whether one coder gives a passage at most one primary code.",
    "ordered": "Whether all the codes lie on one scale.",
    "description": "What is asked, or what the coder saw and did.",
    "code_id": "Key of a code within its facet.",
    "level": "Level of the code; all codes of one depth share it.",
    "parent_id": "The code one level up; empty at the top.",
    "position": "Place among the codes with the same parent.",
    "name": "Name shown to readers.",
    "definition": "When the code is given.",
    "include": "Signs that speak for it.",
    "exclude": "What is coded elsewhere.",
    "boundary": "A case at the edge, and how it is decided.",
    "extract_id": "Key of a passage.",
    "section": "Where the passage is in its source.",
    "form": "What kind of passage it is.",
    "repeats": "The passage whose words this one says again.",
    "gist": "What is said, in a sentence that can be shown to others.",
    "owner_id": "The passage or code whose wording this is.",
    "n": "Number of the piece.",
    "words": "Number of words in the piece.",
    "fingerprint": "First 16 hex digits of the SHA-256 of the words.",
    "cited_as": "The citation that follows.",
    "coder_id": "Key of a coder.",
    "role": "Primary, or another code that the text allows.",
    "stance": "Whether the passage speaks for the code, counters it, or gives context only.",
    "basis": "What the code rests on.",
    "rationale": "The reason, in the coder's words.",
}
KEYS = {
    "sources": ("source_id",),
    "facets": ("facet",),
    "codes": ("facet", "code_id"),
    "extracts": ("extract_id",),
    "fragments": ("owner_id", "n"),
    "codings": ("extract_id", "coder_id", "facet", "code_id"),
    "coders": ("coder_id",),
}
#: In each table the columns that have to be in another table.
REFERENCES: dict[str, dict[tuple[str, ...], str]] = {
    "codes": {("facet",): "facets"},
    "extracts": {("source_id",): "sources"},
    "codings": {("extract_id",): "extracts", ("coder_id",): "coders", ("facet", "code_id"): "codes"},
}
WORDS = {"role": vocabulary.ROLES, "stance": vocabulary.STANCES, "basis": vocabulary.BASES["any"]}


class PackagesError(CompendiumError):
    """A place where a data package cannot be written."""


def write(evidence: Evidence, folder: Path, others: Mapping[str, str | Path] | None = None) -> list[str]:
    """Write a study into a new or empty folder, all of it or nothing; return the names of its files.

    `others` are further files by name, each its text or a file to copy. The same study gives the same bytes. Raises
    PackagesError where something is in the folder already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackagesError(Fault(folder, "something is there already", "Choose a new or empty folder."))
    columns = _columns(evidence)
    described = json.dumps(description(evidence.study, columns), ensure_ascii=False, indent=2) + "\n"
    tables = {f"evidence/{name}.csv": _csv(evidence, name, columns[name]) for name in COLUMNS}
    files = {DESCRIPTION: described, **tables, **(others or {})}
    replace_folder(folder, files)
    return list(files)


def write_again(evidence: Evidence, folder: Path, others: Mapping[str, str | Path]) -> list[str]:
    """Write a study into its folder again, all of it or nothing; return the names of the files that were written.

    What the description says beyond the facts of the study stays, and so do columns that only it describes.
    """
    described = strict_json.parsed(safe_files.text(folder / DESCRIPTION))
    described["study"] = description(evidence.study)["study"]
    paths = {one["name"]: one["path"] for one in described["resources"] if one.get("name") in COLUMNS}
    tables = {path: _csv(evidence, name, tuple(getattr(evidence, name))) for name, path in paths.items()}
    files = {DESCRIPTION: json.dumps(described, ensure_ascii=False, indent=2) + "\n", **tables, **others}
    with ExitStack() as together:
        for name, content in files.items():
            staged = together.enter_context(replacing(folder / name, private=name.startswith("private/")))
            staged.write_bytes(content.read_bytes() if isinstance(content, Path) else content.encode())
    return list(files)


def description(study: Study, columns: Mapping[str, Sequence[str]] = MappingProxyType(COLUMNS)) -> dict[str, Any]:
    """Return the description of a study's data package, whose tables have some `columns`."""
    facts = {
        "title": study.title,
        "article": study.article,
        "interviews": study.interviews,
        "interviewees": study.interviewees,
        "interviewsFrom": study.interviews_from,
        "interviewsTo": study.interviews_to,
        "simulated": study.simulated,
        "importedFrom": study.origin.facts() if study.origin else {},
    }
    known = {name: fact for name, fact in facts.items() if fact}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "simulated-study" if study.simulated else "coded-study",
        "title": study.title or UNTITLED,
        "study": known | {"codingOfRecord": {facet: list(who) for facet, who in study.coding_of_record.items()}},
        "resources": [_resource(name, columns[name]) for name in COLUMNS],
    }


def _columns(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table: those that every study has, and further ones that are described here."""
    return {
        name: (*columns, *(one for one in getattr(evidence, name) if one not in columns and one in FIELDS))
        for name, columns in COLUMNS.items()
    }


def _resource(name: str, columns: Sequence[str]) -> dict[str, Any]:
    title, described = TABLES[name]
    fields = [_field(name, column) for column in columns]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(KEYS[name])}
    if name in REFERENCES:
        schema["foreignKeys"] = [
            {"fields": list(fields), "reference": {"resource": table, "fields": list(fields)}}
            for fields, table in REFERENCES[name].items()
        ]
    return {
        "name": name,
        "title": title,
        "description": described,
        "path": f"evidence/{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(table: str, column: str) -> dict[str, Any]:
    kind = TYPES.get(column, "string")
    constraints: dict[str, Any] = {}
    if column in KEYS[table] or kind != "string" or (table, column) == ("codes", "level"):
        constraints["required"] = True
    if kind == "integer":
        constraints["minimum"] = 1
    if column in WORDS:
        constraints |= {"required": True, "enum": list(WORDS[column])}
    field = {"name": column, "type": kind, "description": FIELDS[column]}
    return field | ({"constraints": constraints} if constraints else {})


def _csv(evidence: Evidence, name: str, columns: Sequence[str]) -> str:
    table = getattr(evidence, name)[list(columns)]
    truths = [column for column in table if TYPES.get(column) == "boolean"]
    plain = table.assign(**{column: table[column].map({True: "true", False: "false"}) for column in truths})
    return csv_tables.exact(plain)
