"""What a file is, by its content rather than its name, and what to do with one that cannot be read.

The menus are those that the makers of a program describe; they change between versions.
"""

import re
import zipfile
from enum import Enum, auto
from pathlib import Path

from analysis.exchange.databases import qualcoder, rqda, sqlite_files
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.taguette import project_file
from analysis.support import safe_files
from analysis.support.errors import Fault, unreadable

_START = 4096  # bytes in which the kind of a file shows
_ZIP, _OLE, _PDF = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_ROOT = re.compile(r"<(?:[\w.-]+:)?(Project|CodeBook)\b")
_TABLES = (".csv", ".tsv", ".txt", ".tab")
_REFI = "Export it as a REFI-QDA project (.qdpx)"
_NVIVO = f"{_REFI}: in NVivo for Windows Share, Export Project, REFI-QDA Project; on a Mac File, Export Project."
_MAXQDA = f"{_REFI} in MAXQDA, or the table of coded segments as XLSX."
_ATLAS = f"{_REFI} in ATLAS.ti, or the report of quotations with their codes as XLSX."
_OTHER = {
    r"\.nvpx?": ("NVivo", _NVIVO),
    r"\.(mx\d{1,2}|mex\d{0,2}|mxd|mtr)": ("MAXQDA", _MAXQDA),
    r"\.(atlproj\d*|atlcb|hpr\d?)": ("ATLAS.ti", _ATLAS),
    r"\.ppj": ("QDA Miner", f"{_REFI} in QDA Miner."),
    r"\.json": ("JSON", "Export a table (CSV) instead; Hypothesis offers it beside JSON."),
    r"\.html?": ("a web page", "Export a project (.qdpx), or a table (CSV or XLSX) instead."),
    r"\.(sav|dta|rds|rdata|parquet)": ("a file of a statistics program", "Save it as a table (CSV or XLSX)."),
}
_KNOWN = (
    "Give a REFI-QDA project (.qdpx), a project of QualCoder (.qda), RQDA (.rqda) or Taguette (.sqlite3), or a table "
    "of codings (.csv, .xlsx)."
)
_TEXT = "Give the project that the text was coded in (.qdpx), or a table of its coded passages (CSV or XLSX)."


class Kind(Enum):
    """The kinds of files that are read."""

    TAGUETTE = auto()
    QUALCODER = auto()
    RQDA = auto()
    PROJECT = auto()
    CODEBOOK = auto()
    TABLE = auto()


def kind_of(file: Path) -> Kind:
    """Return what a file is; raise ExchangeError for what cannot be read, named for what it is."""
    try:
        with safe_files.opened(file) as stream:
            start = stream.read(_START)
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None
    suffix = file.suffix.casefold()
    if start.startswith(project_file.SIGNATURE):
        return _database(file)
    if suffix == ".qdpx" or start.startswith(_ZIP):
        return _archive(file, suffix)
    if root := _root(start):
        return Kind.PROJECT if root == "Project" else Kind.CODEBOOK
    if suffix == ".qdc":
        return Kind.CODEBOOK
    if suffix in _TABLES or (start.startswith(_OLE) and suffix == ".xls"):
        return Kind.TABLE
    raise _refusal(file, start)


def _root(start: bytes) -> str:
    """Return the name of the root of an XML document, empty if these bytes do not begin one that is known."""
    utf16 = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = start.decode("utf-16" if utf16 else "utf-8-sig", "ignore").lstrip()
    found = _ROOT.search(text) if text.startswith("<") else None
    return found[1] if found else ""


def _database(file: Path) -> Kind:
    """Return what a database is; refuse one of another program, by its tables or its name."""
    tables = sqlite_files.tables(file)
    for sign, kind in ((qualcoder.SIGN, Kind.QUALCODER), (rqda.SIGN, Kind.RQDA)):
        if sign in tables:
            return kind
    if not tables or "projects" in tables or "highlights" in tables:
        return Kind.TAGUETTE  # which says what is wrong with it
    if refused := _of_other_program(file, ".mex" if "Codewords" in tables else file.suffix.casefold()):
        raise refused
    problem = "this database is not of QualCoder, RQDA or Taguette"
    raise ExchangeError(Fault(file, problem, _KNOWN, value=", ".join(sorted(tables)[:5])))


def _archive(file: Path, suffix: str) -> Kind:
    """Return what an archive is: a project, or a spreadsheet; refuse a text of a word processor."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Kind.PROJECT  # whose reader says what is wrong with it
    if suffix != ".qdpx" and not any(name.casefold().endswith(".qde") for name in names):
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names or suffix == ".ods":
            return Kind.TABLE
        if "word/document.xml" in names or suffix in (".odt", ".docx"):
            raise ExchangeError(Fault(file, "this is a text of a word processor", _TEXT))
        if suffix not in (".zip", ""):
            raise _refusal(file, _ZIP)
    return Kind.PROJECT


def _refusal(file: Path, start: bytes) -> ExchangeError:
    """Return an error that names what a file is, where it shows, and what to export instead."""
    suffix = file.suffix.casefold()
    if start.startswith(_PDF):
        return ExchangeError(Fault(file, "this is a PDF", _TEXT))
    if suffix in (".doc", ".rtf") or start.startswith(b"{\\rtf"):
        return ExchangeError(Fault(file, "this is a text of a word processor", _TEXT))
    unknown = ExchangeError(Fault(file, "this is not a known file of a coded project", _KNOWN))
    return _of_other_program(file, suffix) or unknown


def _of_other_program(file: Path, suffix: str) -> ExchangeError | None:
    """Return the error for a file that another program wrote, None where its name does not tell one."""
    for pattern, (program, remedy) in _OTHER.items():
        if re.fullmatch(pattern, suffix):
            what = program if program == "JSON" or program.startswith("a ") else f"a file of {program}"
            return ExchangeError(Fault(file, f"this is {what}, which cannot be read here", remedy))
    return None
