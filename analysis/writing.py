"""Writing files so that a reader finds either the old ones or the new ones, never a half."""

import contextlib
import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis import paths
from analysis.faults import CompendiumError, Fault

_AT_FDCWD, _EXCHANGE_LINUX = -100, 2  # linux/fcntl.h, linux/fs.h
_EXCHANGE_DARWIN = 2  # RENAME_SWAP in sys/stdio.h


class WritingError(CompendiumError):
    """A place that cannot be written to."""


def write_text(file: Path, content: str) -> None:
    """Replace a file as a whole: the content goes beside it first, then takes its name."""
    with replacing(file) as beside:
        beside.write_bytes(content.encode())


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a file to write to that takes the place of `file` if all goes well, and else leaves nothing behind."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        os.close(handle)
        beside = Path(name)
        try:
            yield beside
            beside.chmod(0o644)
            beside.replace(file)
        except BaseException:
            beside.unlink()
            raise
    except OSError as fault:
        raise _unwritable(file, fault) from None


def replace_folder(folder: Path, files: Mapping[str, str | bytes | Path]) -> None:
    """Replace a folder and all that is in it by `files` (name to content), all together or not at all.

    A name may go through sub-folders (`figures/one.svg`); text is written as UTF-8, and of a path its
    file is copied.

    The new folder is made beside the old one. Where the system can exchange two folders in one step
    (Linux, macOS), a process killed at any moment leaves either the old or the new one. Elsewhere two
    renames take their place; `recover` mends what a process killed between them left.
    """
    folder = folder.resolve()  # a link to a folder stays a link
    staged, previous = _beside(folder, "staged"), _beside(folder, "previous")
    if folder.exists() and not folder.is_dir():
        raise WritingError(Fault(paths.shown(folder), "this is a file and not a folder", "Move it away."))
    try:
        recover(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _discard(staged)
        staged.mkdir()
        for name, content in files.items():
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, staged / name)
            else:
                (staged / name).write_bytes(content.encode() if isinstance(content, str) else content)
        if not folder.exists():
            staged.rename(folder)
        elif not _exchange(staged, folder):
            folder.rename(previous)
            staged.rename(folder)
    except OSError as fault:
        _discard(staged)
        recover(folder)
        raise _unwritable(folder, fault) from None
    # The new folder is in its place; what is left of the old one no longer matters.
    _discard(staged)
    _discard(previous)


def _discard(folder: Path) -> None:
    """Remove a folder of ours, write-protected or not, as far as this can be done."""
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
    return WritingError(
        Fault(paths.shown(place), f"cannot be written: {reason}", "Check the permissions and the free space there.")
    )
