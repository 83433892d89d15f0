"""The archive of a project (.qdpx), opened safely: nothing is unpacked to disk, and everything has a limit."""

import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from analysis.exchange.import_report import ExchangeError
from analysis.exchange.project import Medium
from analysis.support import safe_files
from analysis.support.errors import Fault

FOLDER = "sources/"  # as the standard writes it; NVivo for Windows writes Sources, which is read as well
DEEPEST = 400  # elements within elements, which recursive functions follow
RAISE = "If you trust the file, raise the limits, for example with --limits 10."
_NEW_EXPORT = "Ask for a new export."
_SMALL, _LITTLE = 1 << 20, 64 << 20  # what a member, and all of them, may come to however tightly they are packed
_HEAD = 30  # bytes before the name of a member
_LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of packing that every program uses


@dataclass(frozen=True)
class Limits:
    """How large a file may be before it is taken for an attack; sizes in bytes, unpacked."""

    members: int = 20_000
    member: int = 1 << 30
    total: int = 4 << 30
    ratio: int = 250  # unpacked to packed, of a member over a megabyte
    depth: int = 100  # elements within elements

    def times(self, factor: int) -> "Limits":
        """Return limits that are `factor` times as high, that of depth no higher than DEEPEST."""
        raised = Limits(*(factor * limit for limit in astuple(self)))
        return replace(raised, depth=min(raised.depth, DEEPEST))


USUAL = Limits()
_ANY = sys.maxsize
#: For what this package wrote, which is not packed, so that its size is that on the disk.
OWN = Limits(_ANY, _ANY, _ANY, ratio=1, depth=DEEPEST)
_NONE = Limits(_ANY, _ANY, _ANY, _ANY, DEEPEST)


class Member:
    """A member of an archive to read from; all errors in reading it become an ExchangeError."""

    def __init__(self, stream: IO[bytes], left: int, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._stream, self._left, self._errors = stream, left, errors

    def read(self, size: int = -1, /) -> bytes:
        """Return some more bytes, without `size` all of them, and none at the end."""
        with self._errors():
            piece = self._stream.read(size)
            self._left -= len(piece)
            if self._left and (size < 0 or not piece):
                raise EOFError(f"it ends {self._left:,} bytes before its end")
        return piece


class Archive:
    """A zip file whose members are checked against the limits before any of them is read.

    Members have the names that the standard would give them: with slashes, and in a folder called sources. A folder
    around all of a project is left out of them, and so is what a Mac or Windows adds to an archive.
    """

    def __init__(self, file: Path, limits: Limits = _NONE) -> None:
        self.file = file
        with self._errors():
            self._zip = zipfile.ZipFile(file)
        try:
            members = self._zip.infolist()
            root = _root(info.filename for info in members)
            for problem, info, remedy in _problems(members, root, self._zip.start_dir, limits):
                raise self._refusal(problem, remedy, info.filename if info else None)
        except ExchangeError:
            self.close()
            raise
        files = (info for info in members if not info.is_dir() and not is_litter(info.filename))
        self._by_name = {_named(info, root): info for info in files}
        self._by_folded = {name.casefold(): name for name in self._by_name}

    def _refusal(self, problem: str, remedy: str, value: str | None = None) -> ExchangeError:
        return ExchangeError(Fault(self.file, problem, remedy, value=value))

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def names(self) -> list[str]:
        """Return the names of the files in it."""
        return list(self._by_name)

    def project(self) -> str:
        """Return the name of the one .qde file, which is at the root or in a folder around the project."""
        found = [name for name in self._by_name if _is_project(name)]
        if len(found) == 1:
            return found[0]
        found = found or [name for name in self._by_name if name.casefold().endswith(".qde")]
        problem = "there are two .qde files" if found else "there is no .qde file at the root of the archive"
        remedy = "Export the project from your program as REFI-QDA project (.qdpx)."
        raise self._refusal(problem, remedy, ", ".join(sorted(found)[:2]) or None)

    def find(self, path: str) -> str | None:
        """Return the member that a path of the project names, such as internal://X.txt; None if there is none.

        The scheme may be missing, and capitals and the folder's name may be wrong; an exact match goes first.
        """
        scheme, _, rest = path.partition(":")
        bare = (rest if scheme.casefold() == "internal" else path).replace("\\", "/").lstrip("/")
        if bare.casefold().startswith(FOLDER.casefold()):
            bare = bare[len(FOLDER) :]
        for name in (FOLDER + bare, bare):
            if found := name if name in self._by_name else self._by_folded.get(name.casefold()):
                return found
        return None

    def media(self) -> Iterator[Medium]:
        """Yield every file beside the project, in the order of the archive."""
        for name, info in self._by_name.items():
            if not _is_project(name):
                yield Medium(name.removeprefix(FOLDER), info.file_size, info.CRC, self.file, name)

    @contextmanager
    def open(self, name: str) -> Iterator[Member]:
        """Open a member to read from."""
        errors = partial(self._errors, name)
        with errors():
            stream = self._zip.open(self._by_name[name])
        with stream:
            yield Member(stream, self._by_name[name].file_size, errors)

    @contextmanager
    def original(self, medium: Medium) -> Iterator[Member]:
        """Open the member that a medium is, which may not have changed."""
        info = self._by_name.get(medium.member)
        if info is None or (info.file_size, info.CRC) != (medium.size, medium.checksum):
            raise self._refusal("the archive has changed since it was read", "Read it again.", medium.member)
        with self.open(medium.member) as member:
            yield member

    def text(self, name: str) -> str:
        """Return a member as text: UTF-8, or what its byte order mark says."""
        with self.open(name) as member:
            content = member.read()
        encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as fault:
            problem = f"the text {name} is not {encoding[:6].rstrip('-').upper()} (byte {fault.start:,})"
            raise self._refusal(problem, "Save it as UTF-8 in your program.") from None

    @contextmanager
    def _errors(self, name: str = "") -> Iterator[None]:
        """Turn all errors in reading a member, or the archive as a whole, into an ExchangeError."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
            problem = f"{name} in it cannot be unpacked" if name else "it is not a whole zip archive"
            raise self._refusal(f"{problem}: {str(fault).rstrip('.')}", _NEW_EXPORT) from None
        except OSError as fault:
            # Of a member, for example because the directory of the archive points outside the file.
            problem = f"{name or 'it'} cannot be read: {fault.strerror or fault}"
            raise self._refusal(problem, safe_files.advice(fault)) from None


def is_litter(name: str) -> bool:
    """Say whether a member is not of a project, but what a Mac or Windows adds to a folder.

    >>> is_litter("__MACOSX/._project.qde"), is_litter("sources/.DS_Store"), is_litter("sources/a.txt")
    (True, True, False)
    """
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in _LITTER


def _root(names: Iterable[str]) -> str:
    """Return the folder that all of a project is in, with a slash behind it; empty where it is in none.

    >>> _root(["study/project.qde", "study/sources/a.txt", "read-me.txt"]), _root(["project.qde", "old/project.qde"])
    ('study/', '')
    """
    projects = [name.replace("\\", "/") for name in names if name.casefold().endswith(".qde") and not is_litter(name)]
    folders = {name.rpartition("/")[0] for name in projects}
    return f"{folders.pop()}/" if len(folders) == 1 and "" not in folders else ""


def _named(info: zipfile.ZipInfo, root: str) -> str:
    """Return the name of a member as the standard would have it."""
    name = info.filename.replace("\\", "/").removeprefix(root)
    return FOLDER + name[len(FOLDER) :] if name.casefold().startswith(FOLDER.casefold()) else name


def _is_project(name: str) -> bool:
    return "/" not in name and name.casefold().endswith(".qde")


Problem = tuple[str, zipfile.ZipInfo | None, str]


def _problems(members: Sequence[zipfile.ZipInfo], root: str, end: int, limits: Limits) -> Iterator[Problem]:
    """Yield what is wrong with an archive, whose members end at `end`: problem, member and remedy."""
    if len(members) > limits.members:
        yield f"{len(members):,} members in the archive, more than {limits.members:,}", None, RAISE
    total, packed = sum(info.file_size for info in members), sum(info.compress_size for info in members)
    if total > limits.total:
        yield f"unpacked, the archive would take {total:,} bytes, more than {limits.total:,}", None, RAISE
    seen: set[str] = set()
    for info in members:
        name = _named(info, root)
        if info.flag_bits & 1:
            yield "a member is encrypted", info, "Export the project without a password."
        if leads_out(info.filename):
            yield "a member's name leads out of the archive", info, _NEW_EXPORT
        if name in seen:
            yield "two members have the same name", info, _NEW_EXPORT
        if info.compress_type not in _METHODS:
            yield "a member is packed in an unusual way", info, "Pack it as a usual zip archive."
        if info.file_size > limits.member:
            yield f"unpacked, a member would take {info.file_size:,} bytes, more than {limits.member:,}", info, RAISE
        if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
            yield f"a member is packed to less than 1/{limits.ratio} of its size", info, RAISE
        seen.add(name)
    yield from _overlapping(members, end)
    if total > max(_LITTLE, limits.ratio * packed):
        yield f"the archive is packed to less than 1/{limits.ratio} of its size", None, RAISE


def _overlapping(members: Sequence[zipfile.ZipInfo], end: int) -> Iterator[Problem]:
    """Yield members that overlap the next one: what is packed once would be unpacked many times."""
    in_order = sorted(members, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in in_order[1:]), end]
    for info, limit in zip(in_order, ends, strict=False):
        if info.header_offset + _HEAD + info.compress_size > limit:
            yield "a member overlaps the next one", info, _NEW_EXPORT


def leads_out(name: str) -> bool:
    r"""Say whether a path in an archive would lead out of the folder that it is unpacked into.

    >>> leads_out("sources/a.txt"), leads_out("../a.txt"), leads_out("/a"), leads_out("C:\\a"), leads_out("a/..\\b")
    (False, True, True, True, True)
    """
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in parts[0] or "\0" in name
