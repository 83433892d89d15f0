"""The tables of a study packed into one file, so that students do not come upon the answers while they look around.

This hides nothing from anybody who wants to look: a program reads it, so a person can. The exercises need the codings
of record to compare with, and so they have to be in the archive for students in some form.
"""

import json
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analysis.support import safe_files, strict_json
from analysis.support.errors import CompendiumError, Fault

PACKED = "packed-for-the-exercises.bin"
_PLACE = re.compile(r"(?:evidence/)?[\w-]+\.(?:csv|json)")


class PackingError(CompendiumError):
    """A file of packed tables that cannot be read."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return tables and their description, by their places in the data package, as one file.

    >>> list(_texts(packed({"evidence/codes.csv": b"facet"})))
    [('evidence/codes.csv', 'facet')]
    """
    return zlib.compress(json.dumps({place: files[place].decode() for place in sorted(files)}).encode(), level=9)


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """Give a folder with the unpacked tables, which is there only for as long as it is used.

    Raises PackingError for a file that is damaged.
    """
    try:
        texts = dict(_texts(safe_files.content(file)))
    except (OSError, ValueError, zlib.error):
        remedy = "Download the archive again, and unpack it into a new folder."
        raise PackingError(Fault(file, "the packed tables cannot be read", remedy)) from None
    with tempfile.TemporaryDirectory() as folder:
        for place, text in texts.items():
            into = Path(folder) / place
            into.parent.mkdir(exist_ok=True)
            into.write_text(text, encoding="utf-8", newline="")
        yield Path(folder)


def _texts(content: bytes) -> Iterator[tuple[str, str]]:
    found = strict_json.parsed(zlib.decompress(content))
    if not isinstance(found, dict):
        raise ValueError("not a table of places and texts")
    for place, text in found.items():
        if not _PLACE.fullmatch(place) or not isinstance(text, str):
            raise ValueError(place)
        yield place, text
