"""The rows of a table, whatever it is stored as: CSV in the usual encodings and with the usual marks, or a spreadsheet.

CSV is UTF-8, UTF-16, or else Windows letters of Western Europe, which is reported. Columns are separated by commas,
semicolons or tabs. Spreadsheets (XLSX, XLSB, XLS, ODS) are read by python-calamine; formulas have their stored values.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from analysis.exchange.import_report import ExchangeError, Report
from analysis.exchange.refi_qda.qdpx_archives import RAISE, Archive, Limits
from analysis.support import safe_files
from analysis.support.errors import Fault, unreadable

_SPREADSHEETS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
_SEPARATOR_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's first line, which says what separates columns
_WINDOWS = (
    "the file is not UTF-8, and its letters were read as those of Windows for Western Europe; if some are wrong, save "
    "it as UTF-8"
)


class Line(NamedTuple):
    """A row of a table, and its number in the file."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """The rows of a table; a spreadsheet may have several, each with a name."""

    name: str
    lines: list[Line]


def sheets(file: Path, report: Report, limits: Limits) -> list[Sheet]:
    """Return the tables of a file. Raises ExchangeError for a file that cannot be read as one."""
    try:
        content = safe_files.content(file, limits.member)
    except safe_files.LargeFileError:
        raise ExchangeError(Fault(file, f"the file is larger than {limits.member:,} bytes", RAISE)) from None
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None
    if content.startswith(_SPREADSHEETS):
        return list(_of_spreadsheet(file, content, limits))
    return [Sheet("", _of_csv(file, _text(file, content, report)))]


def _text(file: Path, content: bytes, report: Report) -> str:
    """Return a table as text, in the encoding that its first bytes show, or that it can be read in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content[:64:2].count(0) or content[1:64:2].count(0):
        encoding = "utf-16-le" if content[1:64:2].count(0) else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        row = content[: fault.start].count(b"\n") + 1
        problem = f"the file is not {encoding[:6].rstrip('-').upper()}"
    try:
        text = content.decode("cp1252") if encoding == "utf-8-sig" else ""
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise ExchangeError(Fault(file, problem, "Save it as UTF-8.", row=row))
    report.unusual.add(_WINDOWS, f"row {row}")
    return text


def _of_csv(file: Path, text: str) -> list[Line]:
    said = _SEPARATOR_SAID.match(text)
    text, skipped = (text[said.end() :], 1) if said else (text, 0)
    first = text.partition("\n")[0]
    delimiter = said[1] if said else max(",;\t", key=first.count)
    usual = csv.field_size_limit(len(text) + 1)  # a passage may be as long as a whole interview
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [Line(reader.line_num + skipped, cells) for cells in reader]
    except csv.Error as fault:
        row = reader.line_num + skipped
        raise ExchangeError(Fault(file, f"not valid CSV: {fault}", "Check its quotation marks.", row=row)) from None
    finally:
        csv.field_size_limit(usual)


def _of_spreadsheet(file: Path, content: bytes, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a spreadsheet, each row as wide as the sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    if content.startswith(_SPREADSHEETS[0]):
        with closing(Archive(file, limits)):
            pass  # which has checked that it does not unpack to more than the limits
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for name in workbook.sheet_names:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield Sheet(name, [Line(n, list(map(_cell, row))) for n, row in enumerate(rows, 1)])
    except (CalamineError, OSError, ValueError) as fault:
        problem = f"it cannot be read as a spreadsheet ({fault})"
        raise ExchangeError(Fault(file, problem, "Save it again as XLSX, or as CSV in UTF-8.")) from None


def _cell(value: object) -> str:
    """Return a cell of a spreadsheet as text; whole numbers have no point.

    >>> _cell(2.0), _cell(True), _cell("a"), _cell(datetime.date(2026, 1, 31))
    ('2', 'True', 'a', '2026-01-31')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return str(value)
