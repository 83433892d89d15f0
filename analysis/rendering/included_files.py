"""The lines of an article with those of the files that it includes, each with its place."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.rendering.render_error import ArticleError, read_text
from analysis.support.errors import Fault

FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_INCLUDE = re.compile(r"^\{\{<\s+include\s+(?P<name>\S+)\s+>\}\}\s*$")


class Line(NamedTuple):
    """A line of a text file."""

    file: Path
    number: int
    text: str


def expanded(lines: Sequence[Line], article: Path, within: tuple[Path, ...] = ()) -> Iterator[Line]:
    """Yield lines, those of the named file in the place of `{{< include file.qmd >}}`, except in blocks of code.

    Raises ArticleError for a file that is not in the article's folder, includes itself or has settings of its own.
    """
    within = within or (article.resolve(),)
    texts = [line.text for line in lines]
    n = 0
    while n < len(lines):
        fence, include = FENCE.match(texts[n]), _INCLUDE.match(texts[n])
        end = closing(texts, n, fence) if fence else n
        if include:
            file = _included(include["name"], lines[n], article, within)
            own = read_text(file, "Write it, or correct its name.").split("\n")
            if own[0].rstrip() == "---":
                problem, remedy = "an included file has no settings of its own", "Move them to the article."
                raise ArticleError(Fault(file, problem, remedy, line=1))
            inner = [Line(file, number, text) for number, text in enumerate(own, 1)]
            yield from expanded(inner, article, (*within, file.resolve()))
            yield lines[n]._replace(text="")  # as with Quarto, what follows is a paragraph of its own
        else:
            yield from lines[n : end + 1]
        n = end + 1


def closing(lines: Sequence[str], opening: int, fence: re.Match[str]) -> int:
    """Return the index of the line that closes a fence, or of the end."""
    ticks = fence["ticks"]
    last = re.compile(rf"^\s*{re.escape(ticks[0])}{{{len(ticks)},}}\s*$")
    return next((n for n in range(opening + 1, len(lines)) if last.match(lines[n])), len(lines))


def _included(name: str, line: Line, article: Path, within: tuple[Path, ...]) -> Path:
    """Return the file that a line includes; as with Quarto, its place is counted from the article's folder."""
    file = article.parent / name
    whole = file.resolve()
    if not whole.is_relative_to(article.parent.resolve()):
        problem, remedy = f"'{name}' is outside the article's folder", "Move it there: that folder alone is rendered."
    elif whole in within:
        problem, remedy = f"'{name}' includes itself", "Take this line out of it, or of the file that it includes."
    elif not whole.is_file():
        problem, remedy = f"there is no file '{name}' to include", "Write it, or correct its name."
    else:
        return file
    raise ArticleError(Fault(line.file, problem, remedy, line=line.number))
