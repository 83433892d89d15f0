"""Tables as workbooks (XLSX): a sheet for each, behind one that says what is on them; the same bytes each time."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from analysis.support import deterministic_zip

Cell = str | int | float | bool
# Every workbook bears the date that its own parts have.
UNDATED = datetime(*deterministic_zip.UNDATED)  # noqa: DTZ001 - the file format knows no time zones
NARROWEST, WIDEST = 8, 60  # characters
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
        head = book.add_format({"bold": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        about: list[list[Cell]] = [[ABOUT, "", introduction]]
        about += [[one.name, len(one.rows), one.description] for one in sheets]
        _add(book, Sheet(ABOUT, "", ["Sheet", "Rows", "What is in it"], about), head, plain)
        for one in sheets:
            _add(book, one, head, plain)
    return written.getvalue()


def _add(book: Any, given: Sheet, head: Any, plain: Any) -> None:
    page = book.add_worksheet(given.name)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(given.rows), 1), len(given.columns) - 1)
    for place, column in enumerate(given.columns):
        widest = max((len(str(row[place])) for row in given.rows), default=0)
        page.set_column(place, place, min(max(widest, len(column), NARROWEST), WIDEST) + 2)
        page.write_string(0, place, column, head)
    for number, row in enumerate(given.rows, 1):
        for place, cell in enumerate(row):
            if cell != "":
                page.write(number, place, cell, plain)


def _typed(cells: list[str]) -> list[Cell]:
    """Return the cells of a column as numbers or truth values where all that are not empty are such."""
    filled = [cell for cell in cells if cell]
    for pattern, kind in ((r"-?\d+", int), (r"-?\d+\.\d+", float), (r"true|false", "true".__eq__)):
        if filled and all(re.fullmatch(pattern, cell) for cell in filled):
            return [kind(cell) if cell else "" for cell in cells]
    return list(cells)
