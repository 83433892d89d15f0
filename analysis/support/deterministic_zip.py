"""Archives (ZIP) to download: the same files give the same bytes, on whatever system and day they are packed."""

import io
import zipfile
from collections.abc import Mapping

UNDATED = (1980, 1, 1, 0, 0, 0)  # the earliest date that the format can hold
_UNIX = 3
_READABLE = 0o644 << 16


def archive(content: Mapping[str, bytes]) -> bytes:
    """Return files, by their places in the archive, as one archive that holds them in this order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for place, data in content.items():
            into.writestr(member(place), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def member(name: str) -> zipfile.ZipInfo:
    """Return the entry of a file in an archive, the same on every system and at any time."""
    entry = zipfile.ZipInfo(name, UNDATED)
    entry.create_system, entry.external_attr = _UNIX, _READABLE
    return entry
