"""Tables as CSV: exact ones for programs, and ones for people, in which a spreadsheet finds no formula.

Spreadsheets run a cell that begins like a formula, and what it says may come from a stranger's interview or file name.
Such a text gets an apostrophe, which spreadsheets take for "this is text"; `unguarded` takes it away again, so that
each text reads back as it was. Numbers are not texts: a negative one stays a number.

Tables that programs read (`evidence/` and `derived/` of a data package, the private wording) are not guarded: there
each cell is exactly what it says, and XLSX files have cells of the kind text instead.

References
----------
OWASP, CSV injection, https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from typing import Any

import pandas as pd

# The wide forms of the signs are taken for the signs by spreadsheets set to East Asian languages.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """Return text as a spreadsheet shows it and does not run it.

    >>> guarded("=1+1"), guarded("'=1"), guarded("1 = 1")
    ("'=1+1", "''=1", '1 = 1')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return the text that was guarded.

    >>> unguarded(guarded("'=1")), unguarded("'tis")
    ("'=1", "'tis")
    """
    return cell[1:] if _GUARDED.match(cell) else cell


def exact(table: pd.DataFrame) -> str:
    """Return a table as CSV with each cell as it is; the index is left out."""
    written = str(table.to_csv(index=False, lineterminator="\n"))
    if "\r" not in written:
        return written
    # pandas puts no quotation marks around a carriage return, and a reader would take it for the end of the row.
    cells = table.astype(object).where(table.notna(), "").to_numpy().tolist()
    return "".join(map(_line, [list(table.columns), *cells]))


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as CSV has it: lists of texts joined by spaces, truth values as true and false."""
    plain = table.copy()
    for column in plain:
        if plain[column].map(type).isin([tuple]).any():
            plain[column] = plain[column].map(" ".join)
        elif plain[column].dtype == bool:
            plain[column] = plain[column].map({True: "true", False: "false"})
    return plain


def _line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # what ends a line is quoted within a cell
    return f"{line.getvalue().removesuffix(chr(13) + chr(10))}\n"


def for_people(table: pd.DataFrame) -> str:
    """Return a table as CSV for people, its texts and the names of its columns guarded; the index is left out."""

    def safe(cell: Any) -> Any:
        return guarded(cell) if isinstance(cell, str) else cell

    return exact(table.map(safe).rename(columns=safe))
