"""Writing files so that a reader finds either the old ones or the new ones, never a half.

Who may read them: an ordinary file keeps the permissions of the one that it replaces, and a new one has what the umask
allows. A private file is for its owner alone (0600), and so is a folder that is made for it (0700), whatever the umask
or the old permissions were, and from its first byte on. Windows has no such permissions, and nothing is asked of it.
"""

import contextlib
import ctypes
import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from analysis.support import paths, safe_files
from analysis.support.errors import CompendiumError, Fault

_AT_FDCWD, _EXCHANGE_LINUX = -100, 2  # linux/fcntl.h, linux/fs.h
_EXCHANGE_DARWIN = 2  # RENAME_SWAP in sys/stdio.h
_OWNER_READS, _OWNER_ENTERS = 0o600, 0o700
_NAME_KEPT = 40  # characters of a file's name in that of the file beside it, so that it cannot become too long


class WritingError(CompendiumError):
    """A place that cannot be written to."""


def write_text(file: Path, content: str, private: bool = False) -> None:
    """Replace a file as a whole: the content goes beside it first, then takes its name."""
    with replacing(file, private) as beside:
        beside.write_bytes(content.encode())


@contextlib.contextmanager
def replacing(file: Path, private: bool = False) -> Iterator[Path]:
    """Give a file to write to that takes the place of `file` if all goes well, and else leaves nothing behind.

    A `private` file can be read by its owner alone. Raises WritingError for a place that cannot be written to, and for
    a folder, device or pipe in the place of the file.
    """
    try:
        before = _permissions(file)
        _make_folder(file.parent, private)
        beside = file.with_name(f".{file.name[:_NAME_KEPT]}.{secrets.token_hex(6)}.part")
        _create(beside, private or before is not None)
        try:
            yield beside
            if before is not None and not private:
                beside.chmod(before)
            beside.replace(file)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise _unwritable(file, fault) from None


def _permissions(file: Path) -> int | None:
    """Return the permissions of a file that is to be replaced, None where there is none yet."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise safe_files.IrregularFileError(file)
    return stat.S_IMODE(mode)


def _create(file: Path, private: bool) -> None:
    """Make a new file that is empty; the umask says who may read it, unless it is private."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_READS if private else 0o666))
    if private:
        _narrow(file, _OWNER_READS)  # a umask can take away from the owner, too


def _make_folder(folder: Path, private: bool) -> None:
    """Make a folder with those above it; for a private file new ones are private, and so is one of that name."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=_OWNER_ENTERS if private else 0o777, exist_ok=True)
        if private:
            _narrow(one, _OWNER_ENTERS)
    if private and folder.name == paths.PRIVATE:
        _narrow(folder, _OWNER_ENTERS)


def _narrow(place: Path, permissions: int) -> None:
    """Give a file or folder to its owner alone, where the file system knows of owners and this user is it."""
    with contextlib.suppress(PermissionError):
        place.chmod(permissions)


def replace_folder(folder: Path, contents: Mapping[str, str | bytes | Path]) -> None:
    """Replace a folder and all that is in it by files (name to content), all together or not at all.

    A name may go through sub-folders (`figures/one.svg`); text is written as UTF-8, and of a path its
    file is copied. What is below a folder called `private` is private.

    The new folder is made beside the old one. Of two runs that replace folders in one place, the second waits for the
    first (except on Windows and on drives that know no locks). Where the system can exchange two folders in one step
    (Linux, macOS), a process killed at any moment leaves either the old or the new one. Elsewhere two
    renames take their place; `recover` brings back what a process killed between them left.

    Raises WritingError where the folder is a file or cannot be written; what was there then stays.
    """
    folder = folder.resolve()  # a link to a folder stays a link
    if folder.exists() and not folder.is_dir():
        raise WritingError(Fault(folder, "this is a file and not a folder", "Move it away."))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _unwritable(folder, fault) from None
    with _alone_in(folder.parent):
        _replace(folder, contents)


def _replace(folder: Path, contents: Mapping[str, str | bytes | Path]) -> None:
    staged, previous = _beside(folder, "staged"), _beside(folder, "previous")
    try:
        recover(folder)
        _discard(staged)
        staged.mkdir()
        for name, content in contents.items():
            _write(staged, name, content, _permissions_in(folder, name))
        if not folder.exists():
            staged.rename(folder)
        else:
            staged.chmod(stat.S_IMODE(folder.stat().st_mode) | _OWNER_ENTERS)
            if not _exchange(staged, folder):
                folder.rename(previous)
                staged.rename(folder)
    except OSError as fault:
        _discard(staged)
        recover(folder)
        raise _unwritable(folder, fault) from None
    # The new folder is in its place; what is left of the old one no longer matters.
    _discard(staged)
    _discard(previous)


@contextlib.contextmanager
def _alone_in(parent: Path) -> Iterator[None]:
    """Wait until no other run replaces a folder in this one, as far as the system can say so."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            handle = os.open(parent, os.O_RDONLY)
            held.callback(os.close, handle)  # which lets the next one in, as the end of a killed process does
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _permissions_in(folder: Path, name: str) -> int | None:
    """Return the permissions of a file that was in the folder before; None for anything that is not a file."""
    with contextlib.suppress(OSError):
        return _permissions(folder / name)
    return None


def _write(staged: Path, name: str, content: str | bytes | Path, before: int | None) -> None:
    file, private = staged / name, paths.PRIVATE in PurePosixPath(name).parts[:-1]
    _make_folder(file.parent, private)
    _create(file, private or before is not None)
    if isinstance(content, Path):
        shutil.copyfile(content, file)
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    if before is not None and not private:
        file.chmod(before)


def _discard(folder: Path) -> None:
    """Remove a folder that was made here, write-protected or not, as far as this can be done."""
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def recover(folder: Path) -> None:
    """Bring back the old folder if a process was killed between moving it away and putting the new one there."""
    previous = _beside(folder, "previous")
    if previous.exists():
        if folder.exists():
            _discard(previous)
        else:
            with contextlib.suppress(OSError):
                previous.rename(folder)


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}")


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None
    try:
        if sys.platform == "linux" and libc is not None:
            done = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE_LINUX)
        elif sys.platform == "darwin" and libc is not None:
            done = libc.renamex_np(os.fsencode(one), os.fsencode(other), _EXCHANGE_DARWIN)
        else:
            return False
    except AttributeError:  # a C library without the call
        return False
    return bool(done == 0)


def _unwritable(place: Path, fault: OSError) -> WritingError:
    reason = fault.strerror or str(fault)
    return WritingError(Fault(place, f"cannot be written: {reason}", safe_files.advice(fault)))
