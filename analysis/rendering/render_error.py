"""What keeps an article from being rendered."""

from pathlib import Path

from analysis.support import safe_files
from analysis.support.errors import CompendiumError, Fault, unreadable

OUTSIDE = "outside the subset"


class ArticleError(CompendiumError):
    """An article that cannot be rendered as it is."""

    @property
    def outside_subset(self) -> bool:
        """Tell whether nothing is wrong but that the embedded renderer does not know some of it."""
        return all(isinstance(fault, Fault) and OUTSIDE in fault.problem for fault in self.faults)


def read_text(file: Path, remedy: str, named: Path | None = None) -> str:
    """Return the text of a file; raise ArticleError where it is missing, for which there is a `remedy`, or not UTF-8.

    Messages call the file `named`: cells run in a copy of the article's folder.
    """
    place = named or file
    try:
        content = safe_files.content(file)
    except FileNotFoundError:
        raise ArticleError(Fault(place, "there is no such file", remedy)) from None
    except OSError as fault:
        raise ArticleError(unreadable(place, fault)) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise ArticleError(Fault(place, "this is not UTF-8 text", "Save it as UTF-8.", line=line)) from None
