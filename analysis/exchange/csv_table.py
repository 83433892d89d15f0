"""Read codings from a plain table: a CSV file with a row for each code that a passage was given.

The columns, in any order; others are reported and left out:

- `source`: who or what the passage is from;
- `passage`: its wording; empty where the whole source was coded;
- `code`: the code that was given; with ` > ` between the levels of a code tree; empty where none was given. A cell may
  hold several codes, if the user says what separates them;
- `coder`: who gave it; the column may be missing, and then no coder is named;
- `facet`: what was coded, a branch of the code tree above `code`; the column may be missing;
- `start`: where in the source the passage is, a number that distinguishes passages of the same wording; may be missing;
- `id`: of a passage, where rows share one, else of a row; distinguishes passages of the same wording; may be missing;
- `memo`: why the code was given; may be missing;
- `notice`: that the source is invented; where every source has one, the study counts as simulated; may be missing.

An apostrophe before a sign with which formulas begin was put there for spreadsheets, and is taken away.

Columns may be separated by commas, semicolons or tabs. Taguette's table of highlights is such a table, too: its
`document`, `content` and `tag` are read as `source`, `passage` and `code`, its `id` is that of a highlight, and a dot
in a tag is a level of the code tree. A table does not hold whole texts, so the text of a source is made of its coded
passages, each a paragraph, in the order in which they come.
"""

import csv
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from analysis.exchange import code_cells
from analysis.exchange.annotations import SIMULATED
from analysis.exchange.import_report import ExchangeError, Imported, Report
from analysis.exchange.project import (
    Code,
    Coding,
    Project,
    Selection,
    Source,
    User,
    as_name,
    guid_of,
    same_name,
    text_source,
)
from analysis.exchange.refi_qda.qdpx_archives import RAISE, USUAL, Limits
from analysis.exchange.taguette.project_file import levels
from analysis.support import csv_tables, safe_files
from analysis.support.errors import Fault, unreadable

ALSO = {"document": "source", "content": "passage", "tag": "code"}
NEEDED = ("source", "passage", "code")
KNOWN = (*NEEDED, "coder", "facet", "start", "id", "memo", "notice")
_AS_WRITTEN = ("passage", "memo")  # with blanks at their ends
_UNKNOWN_CODER = ("na", "n/a", "nan", "null", "none", "unknown", "-", "?")
LEVELS = " > "
MADE_OF_PASSAGES = "Made of the coded passages alone, each a paragraph; the text itself was not in the table."
_TWICE = (
    "only the columns start and id keep passages of the same words apart: "
    "the same row is in the table before, and was read once"
)
Row = dict[str, str]
Place = tuple[str, str, str]  # of a passage in its source: start, wording, and what distinguishes it from others


class _Coded(NamedTuple):
    """A row of a table, by column, and its line."""

    line: int
    cells: Row


def read_table(file: Path, limits: Limits = USUAL, separator: str | None = None) -> Imported:
    """Read codings from a CSV file.

    `separator` separates several codes in a cell, and is empty if a cell is one code, None if the user did not say.
    Raises ExchangeError, which names the row that cannot be used; SeveralCodesError where cells look as if they held
    several codes and the user did not say.
    """
    report = Report(file, "table of codings")
    header, rows = _rows(file, report, limits)
    of_taguette = set(ALSO) <= set(header)
    _distinguish_passages(rows, of_taguette, report)
    _name_coders(rows, report)
    if separator or not of_taguette:
        _check_cells([row for row in rows if row.cells["code"]], separator, report)
    codes: dict[tuple[str, ...], Code] = {}
    passages: dict[str, dict[Place, list[Coding]]] = {}
    memos: list[Source] = []
    seen: set[tuple[str, ...]] = set()
    for line, row in rows:
        place = row["start"], row["passage"], row["id"]
        given = passages.setdefault(row["source"], {}).setdefault(place, [])
        for name in dict.fromkeys(code_cells.parts(row["code"], separator or "")):
            path = (*filter(None, [row["facet"]]), *(levels(name) if of_taguette else filter(None, name.split(LEVELS))))
            if len(path) > limits.depth:
                raise ExchangeError(Fault(file, f"a code of more than {limits.depth} levels", RAISE, row=line))
            key = (row["source"], *place, *path, row["coder"])
            if key in seen:
                report.unusual.add(_TWICE, f"row {line}")
            elif path:
                memo = _memo(row["memo"], key)
                memos += memo
                guid, notes = guid_of("table", "coding", *key), tuple(note.guid for note in memo)
                given.append(Coding(guid, _code(path, codes), _coder(row["coder"]), notes=notes))
            seen.add(key)
    coders = dict.fromkeys(row["coder"] for _, row in rows if row["coder"])
    project = Project(
        file.stem,
        users=tuple(User(_coder(name), name) for name in coders),
        sources=tuple(_source(name, found) for name, found in passages.items()),
        notes=tuple(memos),
        description=_invented(rows),
    )
    used = {coding.code for _, _, coding in project.codings()}
    tree = tuple(code._replace(is_codable=code.guid in used) for code in codes.values())
    return Imported(replace(project, codes=tree), report)


def _memo(text: str, key: tuple[str, ...]) -> list[Source]:
    """Return the note of a coding, none for an empty one."""
    return [Source("note", guid_of("table", "memo", *key), "Memo of a coding", content=text)] if text.strip() else []


def _invented(rows: list[_Coded]) -> str:
    """Return the description of a table whose sources all have a notice that they are invented, else none."""
    noticed = {row["source"] for _, row in rows if row["notice"]}
    if noticed != {row["source"] for _, row in rows}:
        return ""
    return "\n".join([f"{SIMULATED}.", *dict.fromkeys(row["notice"] for _, row in rows if row["notice"])])


def _coder(name: str) -> str:
    return guid_of("table", "coder", name) if name else ""


def _distinguish_passages(rows: list[_Coded], of_taguette: bool, report: Report) -> None:
    """Leave in the column id what distinguishes passages of the same place and wording, and else nothing.

    Where rows share an id and have the same passage, an id is that of a passage. Where every row has its own, rows that
    are otherwise equal are of different passages. Other ids (of a participant, for example) are left out.
    """
    places: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for _, row in rows:
        if row["id"]:
            places.setdefault((row["source"], row["id"]), []).append((row["start"], row["passage"]))
    of_rows = all(len(found) == 1 for found in places.values())
    of_passages = not of_rows and all(len(set(found)) == 1 for found in places.values())
    if of_taguette or of_passages:
        return
    if not of_rows:
        report.lost.add("the column id, since rows with the same id are of different passages")
    times: Counter[tuple[str, ...]] = Counter()
    for _, row in rows:
        has_own = of_rows and bool(row["id"])
        row["id"] = ""
        if has_own:
            equal = tuple(row[name] for name in KNOWN if name not in ("memo", "notice"))
            times[equal] += 1
            row["id"] = str(times[equal]) if times[equal] > 1 else ""


def _name_coders(rows: list[_Coded], report: Report) -> None:
    """Give each coder one name, and an empty one to words for an unknown coder."""
    names: dict[str, str] = {}
    for line, row in rows:
        name = row["coder"]
        if same_name(name) in _UNKNOWN_CODER:
            report.unusual.add(f"the coder {name!r} is read as an unknown coder", f"row {line}")
            row["coder"] = ""
        elif name:
            row["coder"] = names.setdefault(same_name(name), name)
            if row["coder"] != name:
                notice = "coders whose names differ in capitals or spaces alone are read as one"
                report.unusual.add(notice, f"row {line}, {name!r} and {row['coder']!r}")


def _check_cells(coded: list[_Coded], separator: str | None, report: Report) -> None:
    """Report what is unusual about the cells with codes, or how they were split; ask the user where that is unclear."""
    cells = [row.cells["code"] for row in coded]
    if separator is None:
        code_cells.ask(report.file, cells, [row.line for row in coded])
        for doubt in code_cells.doubts(cells):
            report.unusual.add(doubt)
    elif separator:
        name = code_cells.named(separator)
        report.format += f", with several codes in a cell separated by {name}"
        split = [row for row in coded if len(code_cells.parts(row.cells["code"], separator)) > 1]
        if split:
            report.unusual.add(f"a cell was split at {name}", f"row {split[0].line}", len(split))
        else:
            report.unusual.add(f"no cell has two codes with {name} between them")


def _rows(file: Path, report: Report, limits: Limits) -> tuple[list[str], list[_Coded]]:
    """Return the names of a table's columns as they are written, and its rows, with a value for every known column."""
    try:
        content = safe_files.content(file)
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None
    if len(content) > limits.member:
        raise ExchangeError(Fault(file, f"the file is larger than {limits.member:,} bytes", RAISE))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content[: fault.start].count(b"\n") + 1
        raise ExchangeError(Fault(file, "the file is not UTF-8", "Save it as UTF-8.", row=row)) from None
    first = text.partition("\n")[0]
    usual = csv.field_size_limit(len(text))  # a passage may be as long as a whole interview
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        header = [ALSO.get(name, name) for name in names]
        missing = [name for name in NEEDED if name not in header]
        if missing or len(set(header)) < len(header):
            problem = f"there is no column {' or '.join(missing)}" if missing else "two columns have the same name"
            remedy = f"The columns are {', '.join(KNOWN)}; the first three are required."
            raise ExchangeError(Fault(file, problem, remedy, row=1, value=",".join(header)[:200]))
        for name in header:
            if name not in KNOWN:
                report.lost.add(f"the column {name or 'without a name'}")
        return names, [_row(header, found, reader.line_num, report) for found in reader if any(found)]
    except csv.Error as fault:
        remedy = "Check its quotation marks."
        raise ExchangeError(Fault(file, f"not valid CSV: {fault}", remedy, row=reader.line_num)) from None
    finally:
        csv.field_size_limit(usual)


def _row(header: list[str], found: list[str], line: int, report: Report) -> _Coded:
    if len(found) != len(header):
        problem = f"the row has {len(found)} cells, and the header {len(header)}"
        raise ExchangeError(Fault(report.file, problem, "Put quotation marks around a cell with commas.", row=line))
    row = dict.fromkeys(KNOWN, "") | dict(zip(header, found, strict=True))
    row = {name: row[name] if name in _AS_WRITTEN else row[name].strip() for name in KNOWN}
    if not row["source"]:
        raise ExchangeError(Fault(report.file, "the row names no source", "Say where the passage is from.", row=line))
    return _Coded(line, {name: report.cleaned(csv_tables.unguarded(value)) for name, value in row.items()})


def _code(path: tuple[str, ...], codes: dict[tuple[str, ...], Code]) -> str:
    """Return the GUID of a code; make it, and those above it, where they are not there yet."""
    for depth in range(1, len(path) + 1):
        here = path[:depth]
        above = codes[here[:-1]].guid if here[:-1] else ""
        codes.setdefault(here, Code(guid_of("table", "code", *here), here[-1], above))
    return codes[path].guid


def _source(name: str, passages: dict[Place, list[Coding]]) -> Source:
    """Return a source whose text is its passages, each a paragraph."""
    guid = guid_of("table", "source", name)
    selections, length = [], 0
    for (start, passage, number), given in passages.items():
        if passage:
            own, place = guid_of(guid, start, passage, number), (length, length + len(passage))
            selections.append(Selection("text", own, place, as_name(passage), codings=tuple(given)))
            length += len(passage) + 1
    text = "\n".join(passage for _, passage, _ in passages if passage)
    of_whole = (coding for (_, passage, _), given in passages.items() if not passage for coding in given)
    return text_source(guid, name, MADE_OF_PASSAGES, text, selections, of_whole)
