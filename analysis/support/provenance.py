"""What made a document: the commit, the lock and the versions behind it."""

import hashlib
import io
import os
import platform
import re
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.support import paths

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("pandas", "scipy", "pingouin", "altair", "vl-convert-python", "frictionless")
ORIGIN = "ORIGIN.md"  # in archives: the commit, and its time
SUMS = "SHA256SUMS"  # in archives to deposit: the digest of every other file, as sha256sum writes it
#: What an archive to deposit has beside the files of a commit and what was made from them.
ADDED = (ORIGIN, SUMS, "datacite.json", ".zenodo.json", "codemeta.json", "ro-crate-metadata.json")
_OF_COMMIT = re.compile(r"\bcommit ([0-9a-f]{40})\s+of\s+(\d{4}-\d\d-\d\dT[\d:]+Z)")
_SUM = re.compile(r"^([0-9a-f]{64})  (.+)$", re.M)
_NO_CLONE = "not known: not made in a clone of the repository"


def colophon() -> "pd.DataFrame":
    """Return the colophon for readers, one row a fact: the same on every machine that has the same of everything."""
    import pandas as pd

    lock = f"requirements.txt, SHA-256 {digest(paths.ROOT / 'requirements.txt')}"
    rows = {
        "Commit": commit(paths.ROOT) if paths.IN_CHECKOUT else _NO_CLONE,
        "Lock": lock if paths.IN_CHECKOUT else _NO_CLONE,
        "Python": platform.python_version(),
        "Packages": _packages(),
    }
    return pd.DataFrame({"Made with": rows}).rename_axis("What")


def _packages() -> str:
    """Return the versions of packages; one lock can have others of a package for other Pythons."""
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES)


def made_on(root: Path) -> dict[str, str]:
    """Return on what a run is made: Python, system, the digest of the lock, versions of packages, and the commit."""
    library = "-".join(part for part in platform.libc_ver() if part)
    system = " ".join(part for part in (platform.system(), platform.machine(), library) if part)
    lock = digest(root / "requirements.txt")
    versions = {"python": platform.python_version(), "system": system, "lock": lock, "packages": _packages()}
    return versions | {"commit": commit(root)}


def commit(root: Path) -> str:
    """Return the commit that is checked out or archived and whether anything changed since, or that none is known."""
    if found := head(root):
        return found if not _git(root, "status", "--porcelain") else f"{found}, with changes that are not committed"
    if not (archived := _archived(root)):
        return _NO_CLONE
    return archived[0] if not changed_since(root) else f"{archived[0]}, with changes since it was archived"


def _archived(root: Path) -> tuple[str, int] | None:
    """Return the commit of an archive that was unpacked in a folder, and its time; nothing where it does not say."""
    if not ((root / ORIGIN).is_file() and (root / SUMS).is_file()):
        return None
    return stated_commit((root / ORIGIN).read_text(encoding="utf-8", errors="replace"))


def stated_commit(origin: str) -> tuple[str, int] | None:
    """Return the commit that the text of ORIGIN.md states, and its time in seconds since 1970."""
    said = _OF_COMMIT.search(origin)
    return (said[1], int(datetime.fromisoformat(said[2]).timestamp())) if said else None


def listed_sums(files: Mapping[str, bytes]) -> bytes:
    """Return the digests of files, by their places, as `sha256sum` writes them."""
    return "".join(f"{hashlib.sha256(files[one]).hexdigest()}  {one}\n" for one in sorted(files)).encode()


def sums(text: str) -> dict[str, str]:
    """Return the digest of each file, by its place, of a list as `sha256sum` writes it; other lines are left out."""
    return {found[2]: found[1] for found in _SUM.finditer(text)}


def changed_since(root: Path) -> bool:
    """Say whether a file of an unpacked archive is not as it was packed, beside those that every run makes."""
    listed = sums((root / SUMS).read_text(encoding="utf-8"))
    return any(not _is_made(place) and digest != sha256(root / place) for place, digest in listed.items())


def _is_made(place: str) -> bool:
    return place.startswith("build/")


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file, or nothing where there is no file."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def head(root: Path) -> str:
    """Return the commit that is checked out in a folder, which has to be the top of a clone; nothing otherwise."""
    inside = _git(root, "rev-parse", "--show-prefix")  # empty at the top, and without git
    return "" if inside else _git(root, "rev-parse", "HEAD")


def committed(root: Path) -> dict[str, bytes] | None:
    """Return the files of the commit, by their places; None where it is not known, or an archive was changed."""
    if head(root):
        with tarfile.open(fileobj=io.BytesIO(_output(root, "archive", "--format=tar", "HEAD"))) as found:
            return {one.name: file.read() for one in found if (file := found.extractfile(one)) is not None}
    if not _archived(root) or changed_since(root):
        return None
    listed = sums((root / SUMS).read_text(encoding="utf-8"))
    return {place: (root / place).read_bytes() for place in listed if place not in ADDED and not _is_made(place)}


def uncommitted(root: Path) -> list[str]:
    """Return the files that were changed since the commit, or that are neither committed nor ignored."""
    return [line[3:].strip('"') for line in _output(root, "status", "--porcelain").decode().splitlines()]


def commit_time(root: Path) -> int:
    """Return when the commit was made, in seconds since 1970; for documents that have to bear a date."""
    if not head(root):
        return archived[1] if (archived := _archived(root)) else 0
    return int(_git(root, "log", "-1", "--format=%ct"))


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
