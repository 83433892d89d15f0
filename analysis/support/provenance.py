"""What made a document: the commit, the lock and the versions behind it."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.support import paths

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("pandas", "scipy", "pingouin", "altair", "vl-convert-python", "frictionless")
_NO_CLONE = "not known: not made in a clone of the repository"


def colophon() -> "pd.DataFrame":
    """Return the colophon for readers, one row a fact: the same on every machine that has the same of everything."""
    import pandas as pd

    lock = f"requirements.txt, SHA-256 {digest(paths.ROOT / 'requirements.txt')}"
    rows = {
        "Commit": commit(paths.ROOT) if paths.IN_CHECKOUT else _NO_CLONE,
        "Lock": lock if paths.IN_CHECKOUT else _NO_CLONE,
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }
    return pd.DataFrame({"Made with": rows}).rename_axis("What")


def made_on(root: Path) -> dict[str, str]:
    """Return on what a run is made: the Python, the system, and the digest of the lock, and from which commit."""
    library = "-".join(part for part in platform.libc_ver() if part)
    system = " ".join(part for part in (platform.system(), platform.machine(), library) if part)
    lock = digest(root / "requirements.txt")
    return {"python": platform.python_version(), "system": system, "lock": lock, "commit": commit(root)}


def commit(root: Path) -> str:
    """Return the commit that is checked out, and whether anything was changed since; or that none is known."""
    head = _git(root, "rev-parse", "HEAD")
    if not head:
        return _NO_CLONE
    return head if not _git(root, "status", "--porcelain") else f"{head}, with changes that are not committed"


def head(root: Path) -> str:
    """Return the commit that is checked out in a folder, which has to be the top of a clone; nothing otherwise."""
    inside = _git(root, "rev-parse", "--show-prefix")  # empty at the top, and without git
    return "" if inside else _git(root, "rev-parse", "HEAD")


def archive(root: Path, folder: str, added: Mapping[str, str]) -> bytes:
    """Return the committed files as an archive (ZIP) with all in one folder, and files that are `added`: names, texts.

    The same commit gives the same bytes. Nothing is returned where git cannot make it.
    """
    extra = [f"--add-virtual-file={folder}/{name}:{text}" for name, text in added.items()]
    return _output(root, "archive", "--format=zip", "-9", f"--prefix={folder}/", *extra, "HEAD")


def commit_time(root: Path) -> int:
    """Return when the commit was made, in seconds since 1970; for documents that have to bear a date."""
    return int(_git(root, "log", "-1", "--format=%ct") or 0)


def digest(file: Path) -> str:
    """Return the first 16 hex digits of the SHA-256 of a file, whatever its line ends; or that there is none."""
    if not file.is_file():
        return "not known: no such file"
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


def _git(root: Path, *command: str) -> str:
    """Return what git says, or nothing where there is no git or no repository."""
    return _output(root, *command).decode().strip()


def _output(root: Path, *command: str) -> bytes:
    try:
        answer = subprocess.run(  # noqa: S603, a fixed command
            ["git", "-C", str(root), *command],  # noqa: S607, wherever git is installed
            capture_output=True,
            check=True,
            env=os.environ | {"TZ": "UTC"},  # archives have the time of the place
        )
    except (OSError, subprocess.CalledProcessError):
        return b""
    return answer.stdout
