"""Archives (ZIP) to download: the same files give the same bytes, on whatever system and day they are packed."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

UNDATED = (1980, 1, 1, 0, 0, 0)  # the earliest date that the format can hold
_UNIX = 3
_READABLE, _EXECUTABLE = 0o644 << 16, 0o755 << 16


def archive(content: Mapping[str, bytes], seconds: int | None = None) -> bytes:
    """Return files, by their places in the archive, as one archive that holds them in this order.

    All of them have one time, in `seconds` since 1970, or none. A script with an interpreter in its first line can be
    executed where the system that unpacks it knows this.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for place, data in content.items():
            entry = member(place)
            if seconds is not None:
                entry.date_time = _date_time(seconds)
            if data.startswith(b"#!"):
                entry.external_attr = _EXECUTABLE
            into.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def member(name: str) -> zipfile.ZipInfo:
    """Return the entry of a file in an archive, the same on every system and at any time."""
    entry = zipfile.ZipInfo(name, UNDATED)
    entry.create_system, entry.external_attr = _UNIX, _READABLE
    return entry


def _date_time(seconds: int) -> tuple[int, int, int, int, int, int]:
    """Return a time as archives have it, in UTC, since the format knows no time zones."""
    time = datetime.fromtimestamp(seconds, UTC)
    return time.year, time.month, time.day, time.hour, time.minute, time.second
