"""Read codings from a plain table: a CSV file with a row for each code that a passage was given.

The columns, in any order; others are reported and left out:

- `source`: who or what the passage is from;
- `passage`: its wording; empty where the whole source was coded;
- `code`: the code that was given; with ` > ` between the levels of a code tree; empty where none was given;
- `coder`: who gave it; the column may be missing, and then nobody is named;
- `facet`: what was coded, a branch of the code tree above `code`; the column may be missing;
- `start`: where in the source the passage is, a number that tells passages of the same wording apart; may be missing.

Columns may be separated by commas, semicolons or tabs. Taguette's table of highlights is such a table, too: its
`document`, `content` and `tag` are read as `source`, `passage` and `code`. A table does not hold whole texts, so the
text of a source is made of its coded passages, each a paragraph, in the order in which they come.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from analysis import files, paths
from analysis.exchange.archives import Limits
from analysis.exchange.faults import ExchangeError
from analysis.exchange.identities import guid_of
from analysis.exchange.parsing import RAISE
from analysis.exchange.project import Code, Coding, Project, Selection, Source, User
from analysis.exchange.reading import USUAL
from analysis.exchange.reports import Imported, Report
from analysis.exchange.wording import as_name, without_impossible
from analysis.faults import Fault

ALSO = {"document": "source", "content": "passage", "tag": "code"}
NEEDED = ("source", "passage", "code")
KNOWN = (*NEEDED, "coder", "facet", "start")
LEVELS = " > "
MADE_OF_PASSAGES = "Made of the coded passages alone, each a paragraph; the text itself was not in the table."
Row = dict[str, str]


def read_table(file: Path, limits: Limits = USUAL) -> Imported:
    """Read codings from a CSV file; ExchangeError names the row that cannot be used."""
    where = paths.shown(file)
    report = Report(where, "table of codings")
    rows = [
        {key: without_impossible(value, report) for key, value in row.items()} for row in _rows(file, report, limits)
    ]
    codes: dict[tuple[str, ...], Code] = {}
    coders: dict[str, User] = {}
    passages: dict[str, dict[tuple[str, str], list[Coding]]] = {}
    for row in rows:
        if row["coder"]:
            coders.setdefault(row["coder"], User(guid_of("table", "coder", row["coder"]), row["coder"]))
        path = tuple(part for part in (row["facet"], *row["code"].split(LEVELS)) if part) if row["code"] else ()
        given = passages.setdefault(row["source"], {}).setdefault((row["start"], row["passage"]), [])
        if path:
            code = _code(path, codes)
            coder = coders[row["coder"]].guid if row["coder"] else ""
            key = (row["source"], row["start"], row["passage"], *path, row["coder"])
            given.append(Coding(guid_of("table", "coding", *key), code, coder))
    sources = tuple(_source(name, found) for name, found in passages.items())
    used = {coding.code for source in sources for coding in _given(source)}
    tree = tuple(code._replace(is_codable=code.guid in used) for code in codes.values())
    return Imported(Project(file.stem, "", "", "", tuple(coders.values()), tree, sources=sources), report)


def _rows(file: Path, report: Report, limits: Limits) -> Iterator[Row]:
    """Yield the rows of a table, a value for every column that is known."""
    where = report.file
    try:
        content = files.content(file)
    except OSError as fault:
        raise ExchangeError(Fault(where, f"cannot be read: {fault.strerror}", files.advice(fault))) from None
    if len(content) > limits.member:
        raise ExchangeError(Fault(where, f"the file is larger than {limits.member:,} bytes", RAISE))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content[: fault.start].count(b"\n") + 1
        raise ExchangeError(Fault(where, "the file is not UTF-8", "Save it as UTF-8.", row=row)) from None
    first = text.partition("\n")[0]
    usual = csv.field_size_limit(len(text))  # a passage may be as long as a whole interview
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        header = [ALSO.get(name.strip().casefold(), name.strip().casefold()) for name in next(reader, [])]
        _check_header(header, where, report)
        seen: set[tuple[str, ...]] = set()
        for cells in reader:
            if any(cells):
                yield _row(header, cells, where, reader.line_num, seen, report)
    except csv.Error as fault:
        remedy = "Check its quotation marks."
        raise ExchangeError(Fault(where, f"not valid CSV: {fault}", remedy, row=reader.line_num)) from None
    finally:
        csv.field_size_limit(usual)


def _check_header(header: list[str], where: str, report: Report) -> None:
    missing = [name for name in NEEDED if name not in header]
    if missing or len(set(header)) < len(header):
        problem = f"there is no column {' or '.join(missing)}" if missing else "two columns have the same name"
        remedy = f"The columns are {', '.join(KNOWN)}; the first three have to be there."
        raise ExchangeError(Fault(where, problem, remedy, row=1, value=",".join(header)[:200]))
    for name in header:
        if name not in KNOWN:
            report.lost.add(f"the column {name or 'without a name'}")


def _row(header: list[str], cells: list[str], where: str, line: int, seen: set[tuple[str, ...]], report: Report) -> Row:
    """Return the cells of a row by column; a row that was there before, and empty ones, count for nothing."""
    if len(cells) != len(header):
        problem = f"the row has {len(cells)} cells, and the header {len(header)}"
        raise ExchangeError(Fault(where, problem, "Put quotation marks around a cell with commas.", row=line))
    row = dict.fromkeys(KNOWN, "") | dict(zip(header, cells, strict=True))
    row = {name: row[name] if name == "passage" else row[name].strip() for name in KNOWN}
    if not row["source"]:
        raise ExchangeError(Fault(where, "the row names no source", "Say where the passage is from.", row=line))
    key = tuple(row.values())
    if key in seen:
        report.unusual.add("the same row stands in the table before, and was read once", f"row {line}")
        row["code"] = ""
    seen.add(key)
    return row


def _code(path: tuple[str, ...], codes: dict[tuple[str, ...], Code]) -> str:
    """Return the GUID of a code; make it, and those above it, where they are not there yet."""
    for depth in range(1, len(path) + 1):
        here = path[:depth]
        above = codes[here[:-1]].guid if here[:-1] else ""
        codes.setdefault(here, Code(guid_of("table", "code", *here), here[-1], above))
    return codes[path].guid


def _source(name: str, passages: dict[tuple[str, str], list[Coding]]) -> Source:
    """Return a source whose text is its passages, each a paragraph."""
    guid = guid_of("table", "source", name)
    pieces, selections, whole, length = [], [], [], 0
    for (start, passage), given in passages.items():
        if not passage:
            whole += given
            continue
        place = (length, length + len(passage))
        selection = Selection("text", guid_of(guid, start, passage), place, as_name(passage), codings=tuple(given))
        selections.append(selection)
        pieces.append(passage)
        length += len(passage) + 1
    return Source(
        "text",
        guid,
        name,
        MADE_OF_PASSAGES,
        content="\n".join(pieces),
        path=f"internal://{guid}.txt",
        selections=tuple(selections),
        codings=tuple(whole),
    )


def _given(source: Source) -> Iterator[Coding]:
    yield from source.codings
    for selection in source.selections:
        yield from selection.codings
