"""Reading files that others name: regular files only, and none outside the folder that they belong to."""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path, PurePosixPath

#: What to do about a file that cannot be read or written, by the reason that the system gives.
_ADVICE = {
    errno.ENOSPC: "Free some space on the disk.",
    errno.EDQUOT: "Free some space: your quota on this disk is used up.",
    errno.EFBIG: "Write to another disk, or raise the limit on the size of files.",
    errno.EROFS: "The disk is read-only: choose another place.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EILSEQ: "Choose a name without unusual characters.",
    errno.EISDIR: "Name a file, not a folder.",
    errno.EEXIST: "Look at the path: a part of it is a file, not a folder.",
    errno.ENOTDIR: "Look at the path: a part of it is a file, not a folder.",
    errno.ENOENT: "Check the path.",
    errno.ELOOP: "Check the path: its links lead in a circle.",
    errno.ENOTEMPTY: "Look at what is in this folder, and try again.",
    errno.EBUSY: "Close the program that uses it, and try again.",
    errno.ETXTBSY: "Close the program that uses it, and try again.",
    errno.EMFILE: "Close other programs, and try again.",
    errno.ENFILE: "Close other programs, and try again.",
    errno.EIO: "Check the disk or the network drive.",
    errno.ESTALE: "Check the network drive.",
    errno.EINVAL: "Check the path.",
    errno.EACCES: "Check the permissions there.",
    errno.EPERM: "Check the permissions there.",
}
_IN_USE = (32, 33)  # ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows, which errno calls EACCES
LARGEST = 1 << 30  # bytes that are read at once; in memory they take several times as many
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # of a URL, or the letter of a drive


class IrregularFileError(OSError):
    """A device, pipe or socket in the place of a file; reading one may never end."""

    def __init__(self, file: Path) -> None:
        super().__init__(errno.EINVAL, "it is a device, pipe or socket and not a file", str(file))


class LargeFileError(OSError):
    """A file with more bytes than are read at once."""

    def __init__(self, file: Path, largest: int) -> None:
        super().__init__(errno.EFBIG, f"it has more than {largest:,} bytes", str(file))


class UnsafePathError(ValueError):
    """A path that leads, or may lead, out of the folder that it belongs to."""


@contextlib.contextmanager
def opened(file: Path) -> Iterator[BufferedReader]:
    """Open a regular file to read from; raise OSError for all that is none, without waiting for a pipe."""
    # Neither opening nor reading may block; what was opened is looked at, so that nothing can change in between.
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:  # a name that the system, or its locale, cannot have
        raise OSError(errno.EILSEQ, os.strerror(errno.EILSEQ), str(file)) from None
    with open(handle, "rb") as stream:  # noqa: PTH123 - a descriptor and not a path
        kind = os.fstat(handle).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        if not stat.S_ISREG(kind):
            raise IrregularFileError(file)
        yield stream


def content(file: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file; errors as `opened`, or LargeFileError."""
    with opened(file) as stream:
        if os.fstat(stream.fileno()).st_size > largest:
            raise LargeFileError(file, largest)
        return stream.read()


def text(file: Path, encoding: str = "utf-8") -> str:
    """Return the text of a regular file with its line ends as they are; errors as `content`, or UnicodeDecodeError."""
    return content(file).decode(encoding)


def advice(fault: OSError) -> str:
    """Say what a person can do about a file that cannot be read or written.

    >>> advice(OSError(errno.ENOSPC, "No space left on device"))
    'Free some space on the disk.'
    """
    if getattr(fault, "winerror", None) in _IN_USE:
        return _ADVICE[errno.EBUSY]
    if isinstance(fault, LargeFileError):
        return "Look whether this is the right file."
    return _ADVICE.get(fault.errno or 0, "Check the path, its permissions and the disk.")


def inside(folder: Path, path: object) -> Path:
    """Return the file that a path of a package means; raise UnsafePathError if it may be outside of the folder.

    Parameters
    ----------
    folder : Path
        The folder of the package; it may itself be a link.
    path : object
        A relative path with slashes, as the package gives it.

    Notes
    -----
    Data Package v2 (https://datapackage.org/standard/data-resource/#path-or-data) forbids absolute paths, `..` and
    hidden folders. Refused as well are addresses, home folders (`~`), backslashes, which are separators on Windows
    only, and links that lead out. No file is opened.
    """
    if not isinstance(path, str) or not path.strip():
        raise UnsafePathError("the path has to be one text with the name of a file")
    if _SCHEME.match(path):
        raise UnsafePathError("the path is an address or has the letter of a drive")
    if "\\" in path or any(ord(character) < 32 for character in path):
        raise UnsafePathError("the path has a backslash or a control character")
    parts = PurePosixPath(path).parts
    if path.startswith(("/", "~")) or ".." in parts:
        raise UnsafePathError("the path leads out of the folder")
    if any(part.startswith(".") for part in parts):
        raise UnsafePathError("the path leads to a hidden file or folder")
    return not_linked_out(folder, folder.joinpath(*parts))


def not_linked_out(folder: Path, file: Path) -> Path:
    """Return a file of a folder; raise UnsafePathError if a link on the way to it leads out of the folder."""
    try:
        leads_out = not file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        leads_out = True
    if leads_out:
        raise UnsafePathError("a link leads out of the folder")
    return file
