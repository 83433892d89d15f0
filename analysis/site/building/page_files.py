"""Pages as they are written: where in their Markdown a link stands, and whether it can be read."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import yaml

from analysis.support import paths
from analysis.support.errors import Fault

PAGES = paths.ROOT / "docs"

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.S)


def source_of(built: str) -> Path | None:
    """Return the Markdown file of a built page (`claims/index.html`), or None where it has none."""
    place = PurePosixPath(built)
    names = [f"{place.stem}.md", *(["README.md"] if place.stem == "index" else [])]
    return next((PAGES / place.parent / name for name in names if (PAGES / place.parent / name).is_file()), None)


def line_with(text: str, wanted: Iterable[str]) -> int | None:
    r"""Return the number of the first line that has the first of some pieces of text that any line has.

    >>> line_with("one\n[two](two.md)", ["two.html", "two.md"])
    2
    """
    lines = text.splitlines()
    found = (number for piece in wanted if piece for number, line in enumerate(lines, 1) if piece in line)
    return next(found, None)


def lines_before_text(text: str) -> int:
    """Return how many lines the front matter takes, with the empty ones below it."""
    found = _FRONT_MATTER.match(text)
    rest = text[found.end() :].lstrip("\n") if found else text
    return text.count("\n") - rest.count("\n")


def reading_fault(file: Path) -> Fault | None:
    """Return why a page cannot be read; broken front matter would be shown as text of the page."""
    try:
        found = _FRONT_MATTER.match(file.read_text(encoding="utf-8"))
        told = yaml.safe_load(found[1]) if found else {}
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Fault(paths.shown(file), "the page is not text in UTF-8", "Save it in that encoding.", line=line)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return Fault(paths.shown(file), f"the front matter is not YAML: {error.problem}", "Correct it.", line=line)
    if isinstance(told, dict):
        return None
    return Fault(paths.shown(file), "the front matter does not consist of names and values", "Correct it.", line=1)
