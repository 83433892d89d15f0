"""The archive of a project (.qdpx), opened safely: nothing is unpacked to disk, and everything has a limit."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from analysis import paths
from analysis.exchange.faults import ExchangeError
from analysis.exchange.parsing import RAISE
from analysis.exchange.project import Medium
from analysis.faults import Fault

_ANEW = "Ask for a new export."
_SMALL = 1 << 20  # what may be packed as tightly as it likes: blank pages and the like
_FOLDER = "sources/"


@dataclass(frozen=True)
class Limits:
    """What an archive may come to before it is taken for an attack; sizes in bytes, unpacked."""

    members: int = 20_000
    member: int = 1 << 30
    total: int = 4 << 30
    ratio: int = 250  # unpacked to packed, of a member over a megabyte
    depth: int = 100  # elements within elements

    def times(self, factor: int) -> "Limits":
        """Return limits that are `factor` times as high."""
        return Limits(*(factor * limit for limit in (self.members, self.member, self.total, self.ratio, self.depth)))


class Archive:
    """A zip file whose members have been held against the limits before anything of them is read."""

    def __init__(self, file: Path, limits: Limits) -> None:
        self.file, self.where = file, paths.shown(file)
        with self._told(""):
            self._zip = zipfile.ZipFile(file)
        members = [info for info in self._zip.infolist() if not info.is_dir()]
        for problem, info, remedy in _problems(members, limits):
            raise ExchangeError(Fault(self.where, problem, remedy, value=info.filename if info else None))
        self._by_name = {info.filename: info for info in members}
        self._by_folded = {info.filename.casefold(): info for info in members}

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def project(self) -> str:
        """Return the name of the one .qde file at the root."""
        found = [name for name in self._by_name if "/" not in name and name.casefold().endswith(".qde")]
        if len(found) == 1:
            return found[0]
        problem = "there is no .qde file at the root of the archive" if not found else "there are two .qde files"
        remedy = "Export the project from your program as REFI-QDA project (.qdpx)."
        raise ExchangeError(Fault(self.where, problem, remedy, value=", ".join(sorted(found)[:2]) or None))

    def find(self, path: str) -> str | None:
        """Return the member that a path of the project means, such as internal://X.txt; None if there is none.

        The scheme may be missing, and neither case nor the folder's name has to be right.
        """
        bare = path.partition(":")[2] if path.casefold().startswith("internal:") else path
        bare = bare.lstrip("/").casefold()
        names = (_FOLDER + bare, bare) if not bare.startswith(_FOLDER) else (bare,)
        return next((self._by_folded[name].filename for name in names if name in self._by_folded), None)

    def media(self) -> Iterator[Medium]:
        """Yield what lies in the folder of sources, in the order of the archive."""
        for name, info in self._by_name.items():
            if name.casefold().startswith(_FOLDER):
                yield Medium(name[len(_FOLDER) :], info.file_size, info.CRC, self.file, name)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member to read from; whatever is wrong with it is told as one message."""
        with self._told(name), self._zip.open(self._by_name[name]) as stream:
            yield stream

    def text(self, name: str) -> str:
        """Return a member as text: UTF-8, or what its byte order mark says."""
        with self.open(name) as stream:
            content = stream.read()
        encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as fault:
            problem = f"the text {name} is not {encoding[:6].rstrip('-').upper()} (byte {fault.start:,})"
            raise ExchangeError(Fault(self.where, problem, "Save it as UTF-8 in your program.")) from None

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        what = f"{name} in it" if name else "it"
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
            problem = f"{what} cannot be unpacked: {fault}" if name else f"it is not a whole zip archive: {fault}"
            raise ExchangeError(Fault(self.where, problem, _ANEW)) from None
        except OSError as fault:
            # Of a member, for example because the directory of the archive leads to a place that is not there.
            problem = f"{name or 'it'} cannot be read: {fault.strerror or fault}"
            raise ExchangeError(Fault(self.where, problem, "Check the path and its permissions.")) from None


def _problems(members: list[zipfile.ZipInfo], limits: Limits) -> Iterator[tuple[str, zipfile.ZipInfo | None, str]]:
    """Yield what is wrong with an archive: problem, member and remedy."""
    if len(members) > limits.members:
        yield f"{len(members):,} members in the archive, more than {limits.members:,}", None, RAISE
    total = sum(info.file_size for info in members)
    if total > limits.total:
        yield f"unpacked, the archive would take {total:,} bytes, more than {limits.total:,}", None, RAISE
    seen: set[str] = set()
    for info in members:
        if info.flag_bits & 1:
            yield "a member is encrypted", info, "Export the project without a password."
        if leads_out(info.filename):
            yield "a member's name leads out of the archive", info, _ANEW
        if info.filename in seen:
            yield "two members have the same name", info, _ANEW
        if info.file_size > limits.member:
            yield f"unpacked, a member would take {info.file_size:,} bytes, more than {limits.member:,}", info, RAISE
        if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
            yield f"a member is packed to less than 1/{limits.ratio} of its size", info, RAISE
        seen.add(info.filename)


def leads_out(name: str) -> bool:
    r"""Say whether a path in an archive would lead out of the folder that it is unpacked into.

    >>> leads_out("Sources/a.txt"), leads_out("../a.txt"), leads_out("/a"), leads_out("C:\\a"), leads_out("a/..\\b")
    (False, True, True, True, True)
    """
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in parts[0] or "\0" in name
