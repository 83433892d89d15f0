"""A report as a Word document and its tables as a workbook; both are made of the page, so they hold what it holds."""

import base64
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.display import figures, workbooks
from analysis.display.workbooks import Cell, Sheet
from analysis.study_report.asked import ReportError
from analysis.support import paths

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_LIBRARIES = {"docx": ("pypandoc", "pypandoc-binary"), "xlsx": ("xlsxwriter", "xlsxwriter")}
_LINE = 36  # characters of a cell from which it does not get more room
_WHOLE_TEXT = 200  # characters from which a cell is a text to read, which gets twice as much
_PAGE = 453  # points that a table has on an A4 page
_SIZE, _LEAST_SIZE = 11, 6.5  # points: letters of the document, and the smallest in a table with many columns
# Points: the widths of letters of that size, and what is left free beside a cell.
_LETTERS = dict.fromkeys("fijlrtI.,:;()[]'’-– ", 4.5) | dict.fromkeys("mMwW%@", 11.0)
_LETTER, _CAPITAL, _MARGINS = 6.2, 8.2, 10
_SHORT = 9  # characters of a cell that stays on one line
_ROOM = 500  # pixels for a picture on an A4 page, where it is indented on both sides
_UNDATED = 315532800  # 1980, the first year that a ZIP archive knows
_NUMBER = re.compile(r"−?[0-9]{1,3}(,[0-9]{3})+|−?[0-9]+(\.[0-9]+)?")


def check(form: str) -> None:
    """Raise ReportError if a form, docx or xlsx, needs a library that is not installed."""
    module, package = _LIBRARIES[form]
    if find_spec(module) is None:
        raise ReportError(
            f"--{form} needs the package {package}, which is not installed. Add it (with pipx: pipx inject "
            f"{paths.PROGRAM} {package}), or leave --{form} out."
        )


def document(page: str) -> bytes:
    """Return a report as a Word document (DOCX), with its pictures as PNG."""
    from bs4 import BeautifulSoup

    from analysis.rendering import as_docx
    from analysis.rendering.pandoc import pandoc

    root = BeautifulSoup(page, "html.parser")
    for gone in root.select("nav, a.skip, style, picture source, header h1"):
        gone.decompose()
    for part in root.find_all(["header", "main"]):  # pandoc would drop the header, with the warnings that it holds
        part.name = "div"
    sizes = [_with_widths(root, table) for table in root.find_all("table")]
    for image in root.find_all("img"):
        _as_png(image)
    for indented in root.select('th[style*="padding-left"]'):
        indented.insert(0, "\u2003" * round(float(re.findall(r"[\d.]+", str(indented["style"]))[0])))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "reference.docx").write_bytes(as_docx.reference_document())
        options = ("--to=docx", "--reference-doc=reference.docx", "--output=report.docx")
        pandoc(Path(folder), _UNDATED, str(root), *options, form="html-auto_identifiers")
        return as_docx.with_whole_rows((Path(folder) / "report.docx").read_bytes(), sizes)


def _with_widths(root: "BeautifulSoup", table: "Tag") -> float:
    """Give each column of a table the room of its longest word, and share what is left by how much text it has.

    Returned is the size of letters, in points, with which the longest words have that room on the page.
    """
    rows = [[_said(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    columns = max(map(len, rows))
    rows = [row for row in rows if len(row) == columns]
    longest = [max(_width(part) for row in rows for part in _unbroken(row[n])) for n in range(columns)]
    text = [max(len(row[n]) for row in rows) for n in range(columns)]
    most = [_LETTER * min(whole, _LINE if whole < _WHOLE_TEXT else 2 * _LINE) for whole in text]
    more = [max(line - width, 1) for line, width in zip(most, longest, strict=True)]
    room = _PAGE - columns * _MARGINS
    size = max(_LEAST_SIZE / _SIZE, min(1, room / sum(longest)))
    spare = max(0, room - size * sum(longest))
    widths = [size * width + spare * wanted / sum(more) + _MARGINS for width, wanted in zip(longest, more, strict=True)]
    group = root.new_tag("colgroup")
    for width in widths:
        group.append(root.new_tag("col", style=f"width: {100 * width / sum(widths):.1f}%"))
    caption = table.find("caption")
    (caption.insert_after if caption else table.insert_before)(group)
    return _SIZE * size


def _unbroken(cell: str) -> list[str]:
    """Return what a line of a cell has to hold whole: the cell if it is short, otherwise each of its words."""
    return [cell] if len(cell) <= _SHORT else re.split(r"\s+|(?<=-)", cell)


def _width(part: str) -> float:
    """Return about how wide a column has to be for a word, in points, without its margins."""
    return sum(_LETTERS.get(letter, _CAPITAL if letter.isupper() else _LETTER) for letter in part)


def _as_png(image: "Tag") -> None:
    """Put a PNG in the place of an SVG, as wide as the page at the most."""
    svg = base64.b64decode(str(image["src"]).partition(",")[2]).decode()
    width, _ = figures.size(svg)
    drawn = base64.b64encode(figures.as_png(svg, 2)).decode()
    image["src"] = f"data:image/png;base64,{drawn}"
    image["width"] = str(min(_ROOM, width))


def workbook(page: str) -> bytes:
    """Return the tables of a report as a workbook (XLSX), a sheet for each."""
    from bs4 import BeautifulSoup

    root = BeautifulSoup(page, "html.parser")
    title = root.find("h1")
    sheets = [_sheet(table) for table in root.find_all("table")]
    warnings = " ".join(_said(note) for note in root.select("header [role=note]"))
    introduction = f"Every table of the report, as it is there. {warnings}".strip()
    return workbooks.workbook(_said(title) if title else "", introduction, sheets)


def _sheet(table: "Tag") -> Sheet:
    """Return a table as a sheet that is called as its caption numbers it; a row above a group becomes a column."""
    caption = table.find("caption")
    label, _, description = _said(caption).partition(". ") if caption else ("Table", "", "")
    heads = [_said(head) for head in table.select("thead th")]
    rows: list[list[Cell]] = []
    group, grouped = "", False
    for row in table.select("tbody tr"):
        cells = row.find_all(["th", "td"])
        if len(cells) == 1 and cells[0].get("scope") == "rowgroup":
            group, grouped = _said(cells[0]), True
        else:
            rows.append([group, *(_typed(_said(cell)) for cell in cells)])
    columns = [_distinct(heads, n) for n in range(len(heads))]
    if grouped:
        return Sheet(label, description, ["Group", *columns], rows)
    return Sheet(label, description, columns, [row[1:] for row in rows])


def _distinct(heads: list[str], place: int) -> str:
    return heads[place] or f"Column {place + 1}"


def _said(node: "Tag") -> str:
    return " ".join(node.get_text().split())


def _typed(cell: str) -> Cell:
    """Return a cell as a number where it is one.

    >>> _typed("1,204"), _typed("−0.25"), _typed("3 (2–5)")
    (1204, -0.25, '3 (2–5)')
    """
    if not _NUMBER.fullmatch(cell):
        return cell
    plain = cell.replace(",", "").replace("−", "-")
    return float(plain) if "." in plain else int(plain)
