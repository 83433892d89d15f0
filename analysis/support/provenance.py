"""What made a document: the commit, the lock and the versions behind it."""

import hashlib
import platform
import subprocess
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


def commit(root: Path) -> str:
    """Return the commit that is checked out, and whether anything was changed since; or that none is known."""
    head = _git(root, "rev-parse", "HEAD")
    if not head:
        return _NO_CLONE
    return head if not _git(root, "status", "--porcelain") else f"{head}, with changes that are not committed"


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
    try:
        answer = subprocess.run(  # noqa: S603, a fixed command
            ["git", "-C", str(root), *command],  # noqa: S607, wherever git is installed
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()
