"""What a project is wrapped in: a folder, an archive around it, or nothing where there should be an archive.

People have projects as a folder on the disk, zipped again for a deposit, or unpacked. What is wrapped is copied into a
temporary folder, which lasts as long as what was read from it.
"""

import shutil
import tempfile
import weakref
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from analysis.exchange.databases import qualcoder
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.refi_qda.qdpx_archives import FOLDER, RAISE, Archive, Limits, is_litter
from analysis.support import paths, safe_files
from analysis.support.errors import Fault, unreadable

PROJECTS = (".qdpx", ".qda", ".rqda", ".sqlite3", ".qde")
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".qdc")
_DEEPEST = 3  # archives within archives
_ONE = "Give one of these files."
_NONE = "Give a REFI-QDA project (.qdpx), a project of QualCoder (.qda), RQDA or Taguette, or a table of codings."


class _Folder:
    """A temporary folder, which is removed with the last thing that needs it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp())
        self._removal = weakref.finalize(self, shutil.rmtree, self.path, True)


@dataclass(frozen=True)
class Unwrapped:
    """A file to read, which the user gave or which lay `within` what the user gave; `folder` keeps it there."""

    given: Path
    file: Path
    within: str = ""
    folder: object = None

    def rename(self, error: ExchangeError) -> None:
        """Let an error name what the user gave instead of a temporary copy."""
        if self.folder is not None:
            faults = tuple(self._renamed(fault) if isinstance(fault, Fault) else fault for fault in error.faults)
            error.faults = faults
            error.args = (error.message(),)

    def _renamed(self, fault: Fault) -> Fault:
        name = f"{paths.shown(self.given)}{f' ({self.within})' if self.within else ''}"
        if isinstance(fault.file, Path):
            return replace(fault, file=name if fault.file == self.file else fault.file)
        return replace(fault, file=fault.file.replace(paths.shown(self.file), name))


def unwrapped(given: Path, limits: Limits) -> Unwrapped:
    """Return the file of a project that is a folder, an archive or a bare .qde file, or any other file as it is.

    Raises ExchangeError for a folder or archive with no project or several, and for one that breaks the limits.
    """
    if given.is_dir():
        return _of_folder(given, limits)
    if given.suffix.casefold() == ".qde":
        return _packed(given, given, limits)
    found = Unwrapped(given, given)
    for _ in range(_DEEPEST):
        inner = _inner(found, limits)
        if inner is None:
            break
        found = inner
    return found


def _of_folder(given: Path, limits: Limits) -> Unwrapped:
    """Return the project in a folder: of QualCoder, an unpacked REFI-QDA project, or the one file of a project."""
    if (given / qualcoder.NAME).is_file():
        return Unwrapped(given, given / qualcoder.NAME, qualcoder.NAME)
    found = sorted(file for file in given.iterdir() if file.is_file() and not is_litter(file.name))
    for suffixes in (PROJECTS, TABLES):
        files = [file for file in found if file.suffix.casefold() in suffixes]
        if len(files) == 1:
            inner = unwrapped(files[0], limits)
            return replace(inner, given=given, within=files[0].name)
        if files:
            names = ", ".join(file.name for file in files)
            raise ExchangeError(Fault(given, "the folder has several files that may be a project", _ONE, value=names))
    raise ExchangeError(Fault(given, "there is no file of a coded project in this folder", _NONE))


def _packed(given: Path, qde: Path, limits: Limits) -> Unwrapped:
    """Return a bare .qde file as an archive, with the folder sources that may be beside it."""
    folder = _Folder()
    archive = folder.path / "project.qdpx"
    try:
        beside = [one for one in qde.resolve().parent.iterdir() if one.name.casefold() == FOLDER[:-1].casefold()]
        files = [file for one in beside if one.is_dir() for file in sorted(one.rglob("*")) if file.is_file()]
        size = sum(file.stat().st_size for file in (qde, *files))
        if size > limits.total or len(files) > limits.members:
            raise ExchangeError(Fault(given, f"{len(files) + 1:,} files with {size:,} bytes are too many", RAISE))
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
            target.writestr("project.qde", safe_files.content(qde, limits.total))
            for file in files:
                name = FOLDER + file.relative_to(beside[0]).as_posix()
                inside = safe_files.not_linked_out(beside[0], file)
                target.writestr(name, safe_files.content(inside, limits.total))
    except OSError as fault:
        raise ExchangeError(unreadable(given, fault)) from None
    except safe_files.UnsafePathError as fault:
        raise ExchangeError(Fault(given, str(fault), "Copy the file itself there.")) from None
    return Unwrapped(given, archive, "", folder)


def _inner(outer: Unwrapped, limits: Limits) -> Unwrapped | None:
    """Return the one file of a project in an archive that is none itself; None for what is no such archive."""
    if outer.file.suffix.casefold() == ".qdpx" or not _is_archive(outer.file):
        return None
    with closing(Archive(outer.file, limits)) as archive:
        names = archive.names()
        if any(name.casefold().endswith(".qde") for name in names) or _is_document(names):
            return None
        for suffixes in (PROJECTS, TABLES):
            found = [name for name in names if PurePosixPath(name).suffix.casefold() in suffixes]
            if len(found) == 1:
                return _copied(outer, archive, found[0])
            if found:
                problem, value = "the archive has several files that may be a project", ", ".join(sorted(found))
                raise ExchangeError(Fault(outer.given, problem, f"Unpack it. {_ONE}", value=value))
    raise ExchangeError(Fault(outer.given, "there is no file of a coded project in this archive", _NONE))


def _is_archive(file: Path) -> bool:
    """Say whether a regular file is an archive that can be opened; its readers say what else is wrong with it."""
    try:
        with safe_files.opened(file) as stream:
            return stream.read(4) == b"PK\3\4" and zipfile.is_zipfile(stream)
    except OSError:
        return False


def _is_document(names: list[str]) -> bool:
    """Say whether these are the members of a spreadsheet or text, which is an archive, too."""
    return "[Content_Types].xml" in names or ("mimetype" in names and "content.xml" in names)


def _copied(outer: Unwrapped, archive: Archive, name: str) -> Unwrapped:
    folder, path = _Folder(), PurePosixPath(name)
    # A database of QualCoder has the name of the folder that it is in.
    beside = folder.path / path.parent.name if path.name == qualcoder.NAME and path.parent.name else folder.path
    beside.mkdir(exist_ok=True)
    file = beside / path.name
    with archive.open(name) as member, file.open("wb") as target:
        shutil.copyfileobj(member, target)
    within = f"{outer.within}, {name}" if outer.within else name
    return Unwrapped(outer.given, file, within, (outer.folder, folder))
