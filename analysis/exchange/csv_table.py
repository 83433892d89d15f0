"""Read codings from a table: a CSV file or spreadsheet with a row for each code that a passage was given.

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

`table_files` says what a table may be stored as, and `table_columns` which other names its columns may have: those of
the tables of MAXQDA, ATLAS.ti, NVivo, Dedoose, QualCoder, Taguette and Hypothesis, and those that a user says. In
Taguette's table of highlights `id` is that of a highlight, and a dot in a tag is a level of the code tree. A table does
not hold whole texts, so the text of a source is made of its coded passages, each a paragraph, in the order in which
they come.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from analysis.exchange import code_cells, table_columns, table_files
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
from analysis.exchange.table_columns import KNOWN
from analysis.support import csv_tables
from analysis.support.errors import Fault

_AS_WRITTEN = ("passage", "memo")  # with blanks at their ends
_HEADER_WITHIN = 20  # rows: a report may have a title and a date above its header
_UNKNOWN_CODER = ("na", "n/a", "nan", "null", "none", "unknown", "-", "?")
MADE_OF_PASSAGES = "Made of the coded passages alone, each a paragraph; the text itself was not in the table."
_TWICE = (
    "only the columns start and id keep passages of the same words apart: "
    "the same row is in the table before, and was read once"
)
Row = dict[str, str]
Place = tuple[str, str, str]  # of a passage in its source: start, wording, and what distinguishes it from others


class _Coded(NamedTuple):
    """A row of a table, by column, its line, and all of its cells."""

    line: int
    cells: Row
    all_cells: Sequence[str]


def read_table(
    file: Path, limits: Limits = USUAL, separator: str | None = None, columns: Mapping[str, str] | None = None
) -> Imported:
    """Read codings from a CSV file or spreadsheet.

    `separator` separates several codes in a cell, and is empty if a cell is one code, None if the user did not say.
    `columns` has the names of columns by what they are, where the user said so. Raises ExchangeError, which names the
    row that cannot be used; SeveralCodesError where cells look as if they held several codes and the user did not say.
    """
    report = Report(file, "table of codings")
    layout, rows = _rows(file, report, limits, columns or {})
    _distinguish_passages(rows, layout, report)
    _name_coders(rows, report)
    coded = [row for row in rows if row.cells["code"]]
    # Where what a program writes between codes is nowhere, somebody may have written the cells again.
    is_unseen = layout.separator and not any(layout.separator in row.cells["code"] for row in coded)
    if separator or layout.separator is None or (separator is None and is_unseen):
        _check_cells(coded, separator, report)
    between = (layout.separator or "") if separator is None else separator
    _compare_numbers(coded, layout.number, between, report)
    codes: dict[tuple[str, ...], Code] = {}
    passages: dict[str, dict[Place, list[Coding]]] = {}
    memos: list[Source] = []
    seen: dict[tuple[str, ...], str] = {}  # rows, with their memos
    for line, row, cells in rows:
        place = row["start"], row["passage"], row["id"]
        given = passages.setdefault(row["source"], {}).setdefault(place, [])
        names = code_cells.parts(row["code"], between)
        for below in dict.fromkeys(layout.paths(names, cells)):
            path = tuple(map(report.cleaned, (*filter(None, [row["facet"]]), *below)))
            if len(path) > limits.depth:
                raise ExchangeError(Fault(file, f"a code of more than {limits.depth} levels", RAISE, row=line))
            key = (row["source"], *place, *path, row["coder"])
            if key in seen:
                report.unusual.add(_TWICE, f"row {line}")
                if row["memo"].strip() not in ("", seen[key].strip()):
                    report.lost.add("another memo of the same row", f"row {line}")
            elif path:
                memo = _memo(row["memo"], key)
                memos += memo
                guid, notes = guid_of("table", "coding", *key), tuple(note.guid for note in memo)
                given.append(Coding(guid, code_at(path, codes), _coder(row["coder"]), notes=notes))
            seen.setdefault(key, row["memo"])
    coders = dict.fromkeys(row.cells["coder"] for row in rows if row.cells["coder"])
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
    noticed = {row.cells["source"] for row in rows if row.cells["notice"]}
    if not rows or noticed != {row.cells["source"] for row in rows}:
        return ""
    return "\n".join([f"{SIMULATED}.", *dict.fromkeys(row.cells["notice"] for row in rows if row.cells["notice"])])


def _coder(name: str) -> str:
    return guid_of("table", "coder", name) if name else ""


def _distinguish_passages(rows: list[_Coded], layout: table_columns.Layout, report: Report) -> None:
    """Leave in the column id what distinguishes passages of the same place and wording, and else nothing.

    Where rows share an id and have the same passage, an id is that of a passage. Where every row has its own, or is
    known to be a coding of its own, rows that are otherwise equal are of different passages. Other ids (of a
    participant, for example) are left out.
    """
    places: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for _, row, _ in rows:
        if row["id"]:
            places.setdefault((row["source"], row["id"]), []).append((row["start"], row["passage"]))
    of_rows = all(len(found) == 1 for found in places.values())
    of_passages = not of_rows and all(len(set(found)) == 1 for found in places.values())
    if (layout.is_passage_id and places) or of_passages:
        return
    if not of_rows:
        report.lost.add("the column id, since rows with the same id are of different passages")
    times: Counter[tuple[str, ...]] = Counter()
    for _, row, _ in rows:
        has_own = layout.is_coding or (of_rows and bool(row["id"]))
        row["id"] = ""
        if has_own:
            equal = tuple(row[name] for name in KNOWN if name not in ("memo", "notice"))
            times[equal] += 1
            row["id"] = str(times[equal]) if times[equal] > 1 else ""


def _name_coders(rows: list[_Coded], report: Report) -> None:
    """Give each coder one name, and an empty one to words for an unknown coder."""
    names: dict[str, str] = {}
    for line, row, _ in rows:
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
        report.details.append(f"with several codes in a cell separated by {name}")
        split = [row for row in coded if len(code_cells.parts(row.cells["code"], separator)) > 1]
        if split:
            report.unusual.add(f"a cell was split at {name}", f"row {split[0].line}", len(split))
        else:
            report.unusual.add(f"no cell has two codes with {name} between them")


def _compare_numbers(coded: list[_Coded], column: int | None, separator: str, report: Report) -> None:
    """Report cells that do not have as many codes as the table says in another column."""
    if column is None:
        return
    for line, row, cells in coded:
        written = cells[column].strip()
        if written.isdecimal() and int(written) != len(code_cells.parts(row["code"], separator)):
            notice = "a cell was not read as the number of codes that the table says it has; a code may hold the mark"
            report.unusual.add(notice, f"row {line}, which says {written}")


def _rows(
    file: Path, report: Report, limits: Limits, chosen: Mapping[str, str]
) -> tuple[table_columns.Layout, list[_Coded]]:
    """Return how a table is laid out, and its rows, with a value for every known column."""
    sheets = table_files.sheets(file, report, limits)
    for sheet in sheets:
        for place, line in enumerate(sheet.lines[:_HEADER_WITHIN]):
            layout = table_columns.recognized(line.cells, chosen)
            if layout and not table_columns.is_ambiguous(line.cells, layout):
                if layout.program:
                    report.format += f" as {layout.program} writes it"
                if len(sheets) > 1:
                    report.details.append(f"sheet {sheet.name!r}")
                _report_columns(line.cells, layout, report)
                width = len(line.cells)
                rows = (one for one in sheet.lines[place + 1 :] if any(map(str.strip, one.cells)))
                return layout, [_row(layout, width, one, report) for one in rows]
    lines = [line for sheet in sheets for line in sheet.lines if any(line.cells)]
    first = lines[0] if lines else table_files.Line(1, [])
    raise table_columns.refuse(file, first.cells, first.number, chosen)


def _report_columns(header: Sequence[str], layout: table_columns.Layout, report: Report) -> None:
    """Report which columns were read as what, where they have other names, and which were left out."""
    other = [
        f"{name} is {header[place].strip()!r}"
        for name, place in layout.places.items()
        if header[place].strip().casefold() != name
    ]
    report.details += other
    if layout.applied:
        report.details.append(f"codes are the {len(layout.applied):,} columns 'Code: … Applied'")
    used = layout.used()
    for name in (name.strip() for place, name in enumerate(header) if place not in used):
        if layout.applied and name.casefold().startswith("code:"):
            report.lost.add("a column with the range or weight of a code", name)
        else:
            report.lost.add(f"the column {name.casefold() or 'without a name'}")


def _row(layout: table_columns.Layout, width: int, line: table_files.Line, report: Report) -> _Coded:
    if len(line.cells) != width:
        problem = f"the row has {len(line.cells)} cells, and the header {width}"
        remedy = "Put quotation marks around a cell with commas."
        raise ExchangeError(Fault(report.file, problem, remedy, row=line.number))
    row = {name: layout.cell(name, line.cells) for name in KNOWN}
    row = {name: value if name in _AS_WRITTEN else value.strip() for name, value in row.items()}
    if not row["source"]:
        remedy = "Say where the passage is from."
        raise ExchangeError(Fault(report.file, "the row names no source", remedy, row=line.number))
    cleaned = {name: report.cleaned(csv_tables.unguarded(value)) for name, value in row.items()}
    # The text that is made of passages has line ends of one kind: of two, other programs count one as two characters.
    cleaned["passage"] = re.sub("\r\n?", "\n", cleaned["passage"])
    return _Coded(line.number, cleaned, line.cells)


def code_at(path: tuple[str, ...], codes: dict[tuple[str, ...], Code]) -> str:
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
