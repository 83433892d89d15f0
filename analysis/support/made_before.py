"""Whether what an earlier run made still stands: the same files and the same machine would make it again.

A digest of what something was made from and of what was made is kept in `build/made-from`. If any byte of either is
another one since, it no longer stands.
"""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from analysis.support import paths, provenance
from analysis.support.atomic_writes import write_text

#: Variables of the environment that change a page or a document.
_VARIABLES = ("SOURCE_DATE_EPOCH", "SITE_URL", "REPO_URL", "QUARTO_FIG_FORMAT")


def stands(name: str, given: str, made: Path) -> bool:
    """Tell whether the folder `made` is as an earlier run left it, and was made from what has the digest `given`."""
    note = _note(name)
    return note.is_file() and note.read_text(encoding="utf-8") == digest([made], given)


def keep(name: str, given: str, made: Path) -> None:
    """Note what a folder was made from, and what is in it."""
    write_text(_note(name), digest([made], given))


def _note(name: str) -> Path:
    return paths.BUILD / "made-from" / name


def digest(places: Iterable[Path], *facts: str) -> str:
    """Return the SHA-256 of facts, and of the names and contents of all files in some places."""
    contents = [(str(file), hashlib.sha256(file.read_bytes()).hexdigest()) for place in places for file in files(place)]
    return hashlib.sha256(json.dumps([facts, contents]).encode()).hexdigest()


def files(place: Path) -> list[Path]:
    """Return a file, or the files of a folder in order, without compiled modules and what is hidden."""
    if place.is_file():
        return [place]
    hidden = ("__pycache__", ".")
    found = (file for file in place.rglob("*") if file.is_file())
    return sorted(file for file in found if not any(part.startswith(hidden) for part in file.relative_to(place).parts))


def sources(*left_out: str) -> list[Path]:
    """Return what is in the checkout beside what is hidden, what is built and what is left out, by its names."""
    inside = sorted(paths.ROOT.iterdir())
    return [one for one in inside if one.name not in (paths.BUILD.name, *left_out) and not one.name.startswith(".")]


def machine() -> tuple[str, ...]:
    """Return what else makes a difference: Python, system, installed packages, commit, variables."""
    installed = sorted(one.name for folder in map(Path, sys.path) for one in folder.glob("*.dist-info"))
    known = platform.python_version(), sys.executable, platform.platform(), provenance.commit(paths.ROOT)
    return *known, *installed, *(f"{name}={os.environ.get(name)}" for name in _VARIABLES)
