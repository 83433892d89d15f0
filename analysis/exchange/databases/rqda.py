"""Read a project of RQDA, the package of R, from its file (.rqda), which is a database.

Rows that were deleted in RQDA are still there, with the status 0, and are left out. Categories are one level above
codes; a code may be in several, of which the first is taken. The file is not trusted, and every value is checked.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from analysis.exchange.databases import coded_tables, sqlite_files
from analysis.exchange.databases.coded_tables import Attribute, Branch, Given, Link, Remark, Tables, Text
from analysis.exchange.databases.sqlite_files import Row, number, text
from analysis.exchange.import_report import Imported, Report
from analysis.exchange.positions import Way
from analysis.exchange.refi_qda.qdpx_archives import USUAL, Limits

PROGRAM = "RQDA"
SIGN = "freecode"  # a table that only RQDA has
_AGAIN = "Open the project in RQDA, close it, and import it again."
_NEEDED = {
    "source": ("id", "name", "file", "memo", "owner", "date", "status"),
    "freecode": ("id", "name", "memo", "color", "status"),
    "coding": ("fid", "cid", "selfirst", "selend", "seltext", "owner", "date", "memo", "status"),
}
_OTHERS = {
    "project": ("memo",),
    "codecat": ("catid", "name", "memo", "status"),
    "treecode": ("cid", "catid", "status"),
    "coding2": ("status",),
    "cases": ("id", "name", "memo", "status"),
    "caselinkage": ("caseid", "fid", "selfirst", "selend", "status"),
    "caseAttr": ("variable", "value", "caseID", "status"),
    "fileAttr": ("variable", "value", "fileID", "status"),
    "annotation": ("fid", "position", "annotation", "owner", "date", "status"),
    "journal": ("name", "journal", "owner", "date", "status"),
}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


def read_rqda(file: Path, way: Way | None = None, limits: Limits = USUAL) -> Imported:
    """Read a project of RQDA; `way` is how positions are counted, else found out.

    Raises ExchangeError for a file that is broken or not RQDA's.
    """
    report = Report(file, f"{PROGRAM} project")
    with sqlite_files.reading(file, PROGRAM, _AGAIN, limits.member) as database:
        all_rows = partial(database.padded, database.expect(_NEEDED, _OTHERS), _NEEDED | _OTHERS)

        def rows(table: str) -> list[Row]:
            """Return the rows of a table that were not deleted, without their status."""
            return [row[:-1] for row in all_rows(table) if row[-1] in (None, "", 1, "1")]

        memo = next((text(row[0]) for row in all_rows("project")), "")
        tables = Tables(PROGRAM, file.stem, PROGRAM, memo)
        tables.texts = [
            Text(number(key), text(name), text(content), text(about), text(owner), _date(when))
            for key, name, content, about, owner, when in rows("source")
        ]
        tables.categories = [Branch(number(key), text(name), text(about)) for key, name, about in rows("codecat")]
        above = _above(rows("treecode"), {one.key for one in tables.categories}, report)
        tables.codes = [
            Branch(number(key), text(name), text(about), text(colour), above.get(number(key)))
            for key, name, about, colour in rows("freecode")
        ]
        tables.given = [
            Given(
                number(source),
                number(code),
                (number(start), number(end)),
                text(words),
                text(owner),
                _date(when),
                text(about),
            )
            for source, code, start, end, words, owner, when, about in rows("coding")
        ]
        if second := len(rows("coding2")):
            report.lost.add("codings of the table coding2", times=second)
        tables.cases = [Text(number(key), text(name), None, text(about)) for key, name, about in rows("cases")]
        tables.links = [Link(*map(number, row)) for row in rows("caselinkage")]
        tables.attributes = [
            Attribute(text(variable), text(value), of, number(key))
            for table, of in (("caseAttr", "case"), ("fileAttr", "file"))
            for variable, value, key in rows(table)
            if text(value)
        ]
        tables.remarks = [*_remarks(rows("annotation"), rows("journal"))]
    return Imported(coded_tables.project(tables, report, way, limits.depth), report)


def _remarks(annotations: list[Row], journal: list[Row]) -> Iterator[Remark]:
    """Yield what was remarked about places of texts, and what was written into the journal."""
    for n, (source, place, words, owner, when) in enumerate(annotations):
        yield Remark(n, text(words), "", number(source), (number(place), number(place)), text(owner), _date(when))
    for n, (name, words, owner, when) in enumerate(journal):
        yield Remark(n, text(words), text(name), None, (), text(owner), _date(when))


def _above(rows: list[Row], categories: set[int], report: Report) -> dict[int, int]:
    """Return the category of each code that has one."""
    found: dict[int, int] = {}
    for code, category in ((number(code), number(category)) for code, category in rows):
        if category in categories and found.setdefault(code, category) != category:
            report.lost.add("a second category of a code; it is below the first")
    return found


def _date(value: object) -> str:
    """Return a date as R writes it in the form of other databases.

    >>> _date("Mon Oct  8 08:11:36 2019")
    '2019-10-08 08:11:36'
    """
    words = text(value).split()
    if len(words) != 5 or words[1] not in _MONTHS or not words[2].isdecimal():
        return ""
    return f"{words[4]}-{_MONTHS.index(words[1]) + 1:02d}-{int(words[2]):02d} {words[3]}"
