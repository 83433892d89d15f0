"""Read a project of QualCoder from its database: the file data.qda, in the folder NAME.qda that is the project.

Who coded is the owner of each row. Categories and codes are one tree. The database has had 17 versions; columns that
later ones added may be missing. The file is not trusted, and every value is checked.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from analysis.exchange.databases import coded_tables, sqlite_files
from analysis.exchange.databases.coded_tables import Attribute, Branch, Given, Link, Remark, Tables, Text
from analysis.exchange.databases.sqlite_files import Row, number, number_or_none, text
from analysis.exchange.import_report import Imported, Report
from analysis.exchange.positions import Way
from analysis.exchange.refi_qda.qdpx_archives import USUAL, Limits

PROGRAM = "QualCoder"
NAME = "data.qda"  # of the database in the folder of a project
SIGN = "code_name"  # a table that only QualCoder has
_AGAIN = "Open the project in QualCoder, close it, and import it again."
_NEEDED = {
    "project": ("memo", "about"),
    "source": ("id", "name", "fulltext", "mediapath", "memo", "owner", "date"),
    "code_name": ("cid", "name", "memo", "color", "catid"),
    "code_text": ("fid", "cid", "pos0", "pos1", "seltext", "owner", "date", "memo"),
}
_OTHERS = {
    "code_cat": ("catid", "name", "memo", "supercatid"),
    "code_av": ("id", "cid", "pos0", "pos1", "owner", "date", "memo"),
    "code_image": ("id", "cid", "x1", "y1", "width", "height", "owner", "date", "memo"),
    "cases": ("caseid", "name", "memo"),
    "case_text": ("caseid", "fid", "pos0", "pos1"),
    "attribute": ("name", "value", "attr_type", "id"),
    "annotation": ("anid", "fid", "pos0", "pos1", "memo", "owner", "date"),
    "journal": ("jid", "name", "jentry", "owner", "date"),
}
_KINDS = {"images": "picture", "audio": "audio", "video": "video"}  # of media, by their folder


def read_qualcoder(file: Path, way: Way | None = None, limits: Limits = USUAL) -> Imported:
    """Read a QualCoder project from its database; `way` is how positions are counted, else found out.

    Raises ExchangeError for a file that is broken or not QualCoder's.
    """
    report = Report(file, f"{PROGRAM} project")
    with sqlite_files.reading(file, PROGRAM, _AGAIN, limits.member) as database:
        rows = partial(database.padded, database.expect(_NEEDED, _OTHERS), _NEEDED | _OTHERS)
        memo, about = next(iter(rows("project")), ("", ""))
        name = file.resolve().parent.name if file.name == NAME else file.stem
        tables = Tables(PROGRAM, name.removesuffix(".qda") or PROGRAM, text(about) or PROGRAM, text(memo))
        tables.texts = list(map(_source, rows("source")))
        tables.categories = [
            Branch(number(key), text(title), text(about), "", number_or_none(above))
            for key, title, about, above in rows("code_cat")
        ]
        tables.codes = [
            Branch(number(key), text(title), text(about), text(colour), number_or_none(above), number_or_none(code))
            for key, title, about, colour, above, code in rows("code_name", "supercid")
        ]
        with_text = {one.key for one in tables.texts if one.content is not None}
        tables.given = [
            Given(number(source), number(code), (number(start), number(end)), text(words), *map(text, rest))
            for source, code, start, end, words, *rest in rows("code_text")
        ]
        tables.given += _of_media(rows("code_av"), rows("code_image"), with_text, report)
        tables.cases = [Text(number(key), text(title), None, text(about)) for key, title, about in rows("cases")]
        tables.links = [Link(*map(number, row)) for row in rows("case_text")]
        tables.attributes = [
            Attribute(text(title), text(value), text(of), number(key))
            for title, value, of, key in rows("attribute")
            if text(value)
        ]
        tables.remarks = [
            Remark(number(key), text(words), "", number(source), (number(start), number(end)), *map(text, rest))
            for key, source, start, end, words, *rest in rows("annotation")
        ]
        tables.remarks += [
            Remark(number(key), text(words), text(title), None, (), *map(text, rest))
            for key, title, words, *rest in rows("journal")
        ]
    return Imported(coded_tables.project(tables, report, way, limits.depth), report)


def _source(row: Row) -> Text:
    """Return a source; the folder of its medium says its kind: /images/a.jpg, or images:C:/a.jpg for a link."""
    key, title, content, path, memo, owner, date = row
    folder = text(path).lstrip("/").replace(":", "/", 1).partition("/")[0]
    kind = _KINDS.get(folder, "text")
    words = text(content) if kind == "text" or content else None
    return Text(number(key), text(title), words, text(memo), text(owner), text(date), kind)


def _of_media(recorded: list[Row], drawn: list[Row], with_text: set[int], report: Report) -> Iterator[Given]:
    """Yield codings of recordings and pictures; those of a page of a PDF are lost, since its text is what is kept."""
    for source, code, start, end, *rest in recorded:
        yield Given(number(source), number(code), (number(start), number(end)), "", *map(text, rest))
    for source, code, x, y, width, height, *rest in drawn:
        if number(source) in with_text:
            report.lost.add("a coded area of a page of a PDF, of which the text is kept")
            continue
        left, top = number(x), number(y)
        place = (left, top, left + number(width), top + number(height))
        yield Given(number(source), number(code), place, "", *map(text, rest))
