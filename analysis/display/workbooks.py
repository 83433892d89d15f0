"""Tables as workbooks (XLSX): a sheet for each, behind one that says what is on them; the same bytes each time."""

import csv
import io
import re
import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from analysis.support import deterministic_zip

Cell = str | int | float | bool
# Every workbook bears the date that its own parts have.
UNDATED = datetime(*deterministic_zip.UNDATED)  # noqa: DTZ001 - the file format knows no time zones
NARROWEST, WIDEST = 8, 60  # characters
LINE, HIGHEST = 15, 409  # points; no row can be higher
A4 = 9  # as workbooks number kinds of paper
ABOUT = "About"


class Sheet(NamedTuple):
    """A table for a workbook: what it is called, what it holds, the names of its columns and its rows."""

    name: str
    description: str
    columns: list[str]
    rows: list[list[Cell]]


def sheet(name: str, description: str, content: str, texts: Sequence[str] = ()) -> Sheet:
    """Make a sheet of a table in CSV; columns that hold numbers or truth values throughout become such, not `texts`."""
    columns, *rows = csv.reader(io.StringIO(content))
    typed = [
        cells if column in texts else _typed(cells)
        for column, cells in zip(columns, ([row[place] for row in rows] for place in range(len(columns))), strict=True)
    ]
    return Sheet(name, description, columns, [list(row) for row in zip(*typed, strict=True)])


def workbook(title: str, introduction: str, sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook of some sheets behind one that describes them; text is never taken for a formula or a link."""
    import xlsxwriter

    written = io.BytesIO()
    as_given = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, {"in_memory": True, **as_given}) as book:
        book.set_properties({"title": title, "created": UNDATED})
        formats = _Formats(
            head=book.add_format({"bold": True, "valign": "top", "bottom": 1, "align": "left", "indent": 1}),
            head_of_numbers=book.add_format({"bold": True, "valign": "top", "bottom": 1, "align": "right"}),
            text=book.add_format({"text_wrap": True, "valign": "top", "align": "left", "indent": 1}),
            number=book.add_format({"valign": "top"}),
        )
        about: list[list[Cell]] = [[ABOUT, "", introduction]]
        about += [[one.name, len(one.rows), one.description] for one in sheets]
        _add(book, Sheet(ABOUT, "", ["Sheet", "Rows", "What is in it"], about), formats)
        for one in sheets:
            _add(book, one, formats)
    return written.getvalue()


class _Formats(NamedTuple):
    """How cells are shown; texts are indented, so that they keep apart from numbers on their left."""

    head: Any
    head_of_numbers: Any
    text: Any
    number: Any


def _add(book: Any, given: Sheet, formats: _Formats) -> None:
    page = book.add_worksheet(given.name)
    page.freeze_panes(1, 0)
    # Printed, a sheet is as wide as the page, with its head on each.
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.autofilter(0, 0, max(len(given.rows), 1), len(given.columns) - 1)
    widths = []
    for place, column in enumerate(given.columns):
        cells = [row[place] for row in given.rows if row[place] != ""]
        widest = max((len(str(cell)) for cell in cells), default=0)
        widths.append(min(max(widest, len(column), NARROWEST), WIDEST))
        page.set_column(place, place, widths[-1] + 3)  # with the indent
        has_texts = not cells or any(isinstance(cell, str) for cell in cells)
        page.write_string(0, place, column, formats.head if has_texts else formats.head_of_numbers)
    for number, row in enumerate(given.rows, 1):
        # LibreOffice does not make rows higher by itself.
        lines = max(_lines(str(cell), width) for cell, width in zip(row, widths, strict=True))
        if lines > 1:
            page.set_row(number, min(lines * LINE, HIGHEST))
        for place, cell in enumerate(row):
            if cell != "":
                page.write(number, place, cell, formats.text if isinstance(cell, str) else formats.number)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of some digits' width; letters are narrower by a tenth or more."""
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(len(textwrap.wrap(line, width + width // 10)) or 1 for line in text.split("\n"))


def _typed(cells: list[str]) -> list[Cell]:
    """Return the cells of a column as numbers or truth values where all that are not empty are such."""
    filled = [cell for cell in cells if cell]
    for pattern, kind in ((r"-?\d+", int), (r"-?\d+\.\d+", float), (r"true|false", "true".__eq__)):
        if filled and all(re.fullmatch(pattern, cell) for cell in filled):
            return [kind(cell) if cell else "" for cell in cells]
    return list(cells)
