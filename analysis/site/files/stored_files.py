"""Files of the repository that the site takes in: what is in them, or a message that says how to get them back."""

from pathlib import Path

from analysis.site.site_error import SiteError
from analysis.support import safe_files
from analysis.support.errors import Fault

RESTORE = "Restore it, for example with 'git checkout'."


def content(file: Path) -> bytes:
    """Return the bytes of a file; raise SiteError where it cannot be read."""
    try:
        return safe_files.content(file)
    except OSError as fault:
        raise SiteError(Fault(file, f"cannot be read ({fault.strerror})", RESTORE)) from None


def text(file: Path) -> str:
    """Return the text of a file in UTF-8; raise SiteError where it cannot be read as that."""
    try:
        return content(file).decode("utf-8")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise SiteError(Fault(file, "is not text in UTF-8", RESTORE, line=line)) from None
