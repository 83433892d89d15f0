"""Interviews and their reference codings as programs read them: the page *Code a text*, REFI-QDA, tables."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis import exchange
from analysis.exchange import Coding, Project, Selection, User, annotations
from analysis.exchange.project import Source, as_name, guid_of, text_source
from analysis.support import csv_tables
from analysis.teaching.interviews import CODERS, Code, Interview, InterviewSet

#: As `study import` reads tables, and as the page *Code a text* writes them.
COLUMNS = ("source", "coder", "passage", "code", "memo")
# As the page gives them to new codes: 3:1 or more on the light and the dark ground.
COLOURS = ("#d81b60", "#1e88e5", "#b07800", "#00897b", "#9c5fc9", "#e0541f", "#5c6bc0", "#5a8f29", "#8d6e63", "#0091a5")


def script(of: InterviewSet, one: Interview) -> bytes:
    """Return the script that gives the page an interview with the codebook of its set; it is loaded when chosen."""
    given = {"text": _text(of, one), "codebook": _codebook(of), "codes": _codes(of)}
    said = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return f"((globalThis.compendium ??= {{}}).interviews ??= {{}})[{json.dumps(one.slug)}] = {said};\n".encode()


def work(of: InterviewSet, coder: str) -> bytes:
    """Return the reference codings of a coder as the page on which texts are coded keeps a work."""
    given = {
        "format": "coded-text",
        "version": 1,
        "guid": _guid(of, "work", coder),
        "saved": 1,
        "name": of.title,
        "packet": "",
        "round": 1,
        "coder": {"guid": _guid(of, "coder", coder), "name": coder},
        "memo": f"{of.notice} A reference coding by a session of a language model. It is not the right answer.",
        "codebook": _codebook(of),
        "codes": _codes(of),
        "texts": [_text(of, one) | {"read": [[0, len(one.content)]]} for one in of.interviews],
        "codings": [
            {
                "guid": _guid(of, "coding", *map(str, (one.slug, given.coder, given.start, given.end, given.code))),
                "text": _guid(of, "text", one.slug),
                "start": given.start,
                "end": given.end,
                "code": _guid(of, "code", given.code),
                "memo": given.reason,
                "time": "",
            }
            for one in of.interviews
            for given in one.codings
            if given.coder == coder
        ],
    }
    return f"{json.dumps(given, ensure_ascii=False, indent=1)}\n".encode()


def _guid(of: InterviewSet, *path: str) -> str:
    return guid_of("interviews to code", of.name, *path).lower()


def _text(of: InterviewSet, one: Interview) -> dict[str, Any]:
    return {
        "guid": _guid(of, "text", one.slug),
        "name": one.name,
        "language": one.language,
        "origin": "invented",
        "notice": of.notice,
        "sha256": sha256(one.content.encode()).hexdigest(),
        "content": one.content,
    }


def _codebook(of: InterviewSet) -> dict[str, Any]:
    return {"guid": _guid(of, "codebook"), "name": of.title, "version": 1, "changes": []}


def _codes(of: InterviewSet) -> list[dict[str, str]]:
    return [
        {
            "guid": _guid(of, "code", code.path),
            "parent": _guid(of, "code", code.parent) if code.parent else "",
            "name": code.name,
            "colour": COLOURS[number % len(COLOURS)],
            "definition": code.definition,
            "include": code.include,
            "exclude": code.exclude,
            "example": code.example,
            "memo": "",
        }
        for number, code in enumerate(of.codes)
    ]


# --- for other programs


def codebook(of: InterviewSet) -> bytes:
    """Return a codebook in REFI-QDA (QDC)."""
    return _written(exchange.write_codebook, _project(of))


def project(of: InterviewSet) -> bytes:
    """Return the texts with both reference codings as a project in REFI-QDA (QDPX)."""
    return _written(exchange.write_project, _project(of))


def table(of: InterviewSet) -> bytes:
    """Return both reference codings as a table that `study import` reads, with their reasons in a column beside."""
    rows = [
        (one.name, given.coder, one.content[given.start : given.end], given.code, given.reason)
        for one in of.interviews
        for given in one.codings
    ]
    return as_csv(COLUMNS, rows)


def _project(of: InterviewSet) -> Project:
    codes = tuple(
        exchange.Code(
            known["guid"].upper(), code.name, known["parent"].upper(), True, known["colour"], _described(code)
        )
        for known, code in zip(_codes(of), of.codes, strict=True)
    )
    coders = tuple(User(_guid(of, "coder", coder).upper(), coder) for coder in CODERS)
    sources, notes = zip(*(_source(of, one) for one in of.interviews), strict=True)
    about = f"{annotations.SIMULATED}: {of.notice}"
    return Project(of.title, description=about, users=coders, codes=codes, sources=sources, notes=sum(notes, ()))


def _described(code: Code) -> str:
    said = annotations.described(code.definition, {"include": code.include, "exclude": code.exclude})
    return f"{said}\nExample: {code.example}" if code.example else said


def _source(of: InterviewSet, one: Interview) -> tuple[Source, tuple[Source, ...]]:
    """Return a text with a selection for each coding, and a note with the reason for each."""
    selections, notes = list[Selection](), list[Source]()
    for given in one.codings:
        key = (one.slug, given.coder, str(given.start), str(given.end), given.code)
        note = _guid(of, "reason", *key).upper()
        coding = Coding(
            _guid(of, "coding", *key).upper(),
            _guid(of, "code", given.code).upper(),
            _guid(of, "coder", given.coder).upper(),
            notes=(note,),
        )
        words = as_name(one.content[given.start : given.end])
        place = _guid(of, "selection", *key).upper()
        selections.append(Selection("text", place, (given.start, given.end), words, codings=(coding,)))
        notes.append(Source("note", note, f"{given.coder}: {given.code}", content=given.reason))
    guid = _guid(of, "text", one.slug).upper()
    return text_source(guid, one.name, of.notice, one.content, selections), tuple(notes)


def _written(write: Callable[[Project, Path], None], made: Project) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        write(made, file)
        return file.read_bytes()


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Return rows as a table in CSV, in which a spreadsheet finds no formula."""
    stream = io.StringIO()
    guarded = ([csv_tables.guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    csv.writer(stream, lineterminator="\n").writerows([[*columns], *guarded])
    return stream.getvalue().encode()
