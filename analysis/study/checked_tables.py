"""Which tables frictionless found no fault in: recorded for the compendium's own data, so that it is asked once.

The main job reads the evidence in eight processes, and asking frictionless takes most of the time of reading. The
record is a digest of all that its answer depends on. Where anything differs, and for every other study, it is asked.
"""

import contextlib
import hashlib
import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.support import paths
from analysis.support.atomic_writes import WritingError, write_text

RECORD = "checked-tables.txt"  # in build/


def digest(schemas: Mapping[str, Any], tables: Mapping[str, str]) -> str:
    """Return the SHA-256 of what frictionless is given, and of the versions that check it."""
    checkers = [sys.version, *(f"{name} {version(name)}" for name in ("frictionless", "jsonschema"))]
    return hashlib.sha256(json.dumps([checkers, schemas, tables]).encode()).hexdigest()


def known(folder: Path, found: str) -> bool:
    """Return whether the tables in a folder have a digest that is recorded."""
    try:
        return _recorded(folder) and (paths.BUILD / RECORD).read_bytes() == found.encode()
    except OSError:
        return False


def record(folder: Path, found: str) -> None:
    """Record the digest of tables in which no fault was found, if they are the compendium's own."""
    if _recorded(folder):
        with contextlib.suppress(WritingError):  # a checkout that is read-only does without
            write_text(paths.BUILD / RECORD, found)


def _recorded(folder: Path) -> bool:
    return paths.IN_CHECKOUT and folder == paths.DATA
