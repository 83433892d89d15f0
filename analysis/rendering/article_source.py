"""Reading an article's source: settings, cells with options, the prose between; every piece knows its line."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.rendering.article_settings import SWITCH, TEXT, checked, settings
from analysis.rendering.render_error import ArticleError, read_text
from analysis.support.errors import Fault

_INLINE = re.compile(r"(?<!`)`\{(\w+)\}[ \t]([^`]+)`")
_FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_SUBSET = "The docstring of analysis/rendering describes the supported subset."


CELL_OPTIONS = {
    "label": TEXT,
    "fig-cap": TEXT,
    "fig-alt": TEXT,
    "tbl-cap": TEXT,
    "tbl-colwidths": lambda value: isinstance(value, list) and all(isinstance(part, int) for part in value),
    "echo": SWITCH,
    "include": SWITCH,
    "output": lambda value: value in (True, False, "asis"),
    "warning": SWITCH,
}
# What a cell with a label of this kind has to have.
NEEDED = {"fig": ("fig-cap", "fig-alt"), "tbl": ("tbl-cap",)}
# Prefixes of Quarto's other kinds of cross-reference.
OTHER_KINDS = {"alg", "cau", "cnj", "cor", "def", "exm", "exr", "imp", "lem", "lst", "nte", "prf", "prp", "rem"}
OTHER_KINDS |= {"sol", "thm", "tip", "vid", "wrn"}


@dataclass(frozen=True)
class Prose:
    """Markdown as it is written, from a line of the source on."""

    line: int
    text: str


@dataclass(frozen=True)
class Inline:
    """An expression in prose whose value is set there."""

    line: int
    expression: str


@dataclass(frozen=True)
class Cell:
    """A code cell with its options; `line` is that of its opening fence, `first` that of its first line of code."""

    line: int
    first: int
    code: str
    options: dict[str, Any]


Piece = Prose | Inline | Cell


@dataclass(frozen=True)
class Source:
    """An article's source, read; `front` is its front matter as it is written."""

    file: Path
    front: str
    settings: dict[str, Any]
    pieces: tuple[Piece, ...]

    @property
    def ran(self) -> list[Cell | Inline]:
        """Return what runs, in its order."""
        return [piece for piece in self.pieces if not isinstance(piece, Prose)]

    def fault(self, line: int, problem: str, remedy: str = _SUBSET) -> ArticleError:
        """Return an error about a line of the source."""
        return ArticleError(Fault(self.file, problem, remedy, line=line))


def read(file: Path) -> Source:
    """Read an article; raises ArticleError for what is outside the supported subset."""
    lines = read_text(file, "Name the article's source.").split("\n")
    end = _end_of_front_matter(lines, file)
    front = "\n".join(lines[1:end])
    source = Source(file, front, settings(front, file), tuple(_pieces(lines, end + 1, file)))
    _check_labels(source)
    return source


def _end_of_front_matter(lines: list[str], file: Path) -> int:
    if lines[0].rstrip() == "---":
        for n, line in enumerate(lines[1:], 1):
            if line.rstrip() in ("---", "..."):
                return n
    remedy = "Begin with a line '---', the settings, and another '---'."
    raise ArticleError(Fault(file, "there is no YAML front matter", remedy, line=1))


def _pieces(lines: list[str], start: int, file: Path) -> Iterator[Piece]:
    """Yield prose, inline expressions and cells in their order."""
    n = begun = start
    while n < len(lines):
        fence = _FENCE.match(lines[n])
        if not fence:
            n += 1
            continue
        end = _closing(lines, n, fence)
        yield from _prose(lines[begun:n], begun + 1, file)
        if _is_cell(fence, n + 1, file):
            if end == len(lines):
                raise _outside(file, n + 1, "this cell has no closing fence", "Close it with ```.")
            yield _cell(lines[n + 1 : end], n + 1, file)
            yield Prose(end + 1, "\n")
        else:
            yield Prose(n + 1, "\n".join(lines[n : end + 1]) + "\n")
        n = begun = end + 1
    yield from _prose(lines[begun:], begun + 1, file)


def _closing(lines: list[str], opening: int, fence: re.Match[str]) -> int:
    """Return the index of the line that closes a fence, or of the end."""
    ticks = fence["ticks"]
    closing = re.compile(rf"^\s*{re.escape(ticks[0])}{{{len(ticks)},}}\s*$")
    return next((n for n in range(opening + 1, len(lines)) if closing.match(lines[n])), len(lines))


def _is_cell(fence: re.Match[str], line: int, file: Path) -> bool:
    """Tell whether a fence opens a Python cell; refuse other languages, raw blocks and options on the fence."""
    info = fence["info"].strip()
    if info == "{python}":
        if fence["indent"]:
            raise _outside(file, line, "an indented cell is outside the subset", "Begin its fence at the margin.")
        return True
    if re.match(r"\{\s*[.#]|[^{]|$", info):
        return False
    if info.startswith("{="):
        raise _outside(file, line, f"the raw block {info} is outside the subset", "Write it in Markdown.")
    remedy = (
        "A cell begins with ```{python}, its options follow as lines '#| key: value'; code to be shown with ```python."
    )
    raise _outside(file, line, f"the block {info} is outside the subset", remedy)


def _cell(lines: list[str], line: int, file: Path) -> Cell:
    count = next((n for n, text in enumerate(lines) if not text.startswith("#|")), len(lines))
    options = checked("\n".join(text[2:].removeprefix(" ") for text in lines[:count]), file, CELL_OPTIONS, line)
    _check_options(options, line, file)
    return Cell(line, line + 1 + count, "\n".join(lines[count:]), options)


def _check_options(options: dict[str, Any], line: int, file: Path) -> None:
    """Raise ArticleError for options that do not go together."""
    for key, value in options.items():
        if isinstance(value, str) and _INLINE.search(value):
            raise _outside(file, line, f"the option '{key}' holds an inline expression", "Compute it in the cell.")
    kind = str(options.get("label", "")).partition("-")[0]
    for key in options:
        if key.startswith(("fig-", "tbl-")) and key[:3] != kind:
            raise _outside(file, line, f"'{key}' without a label '{key[:3]}-…'", "Give the cell such a label.")
    for key in NEEDED.get(kind, ()):
        if not str(options.get(key, "")).strip():
            raise _outside(file, line, f"the cell '{options['label']}' has no '{key}'", f"Set '#| {key}: …'.")
    if kind in OTHER_KINDS and "-" in options["label"]:
        raise _outside(file, line, f"the label '{options['label']}' is of a kind outside the subset", _SUBSET)


def _check_labels(source: Source) -> None:
    """Raise ArticleError for two cells with one label."""
    seen: set[str] = set()
    for cell in source.pieces:
        if isinstance(cell, Cell) and (label := cell.options.get("label")):
            if label in seen:
                raise source.fault(cell.line, f"the label '{label}' is given twice", "Labels have to differ.")
            seen.add(label)


def _prose(lines: list[str], line: int, file: Path) -> Iterator[Piece]:
    """Yield prose with the inline expressions cut out; the prose keeps its line endings."""
    text = "".join(f"{part}\n" for part in lines)
    end = 0
    for found in _INLINE.finditer(text):
        yield Prose(line + text.count("\n", 0, end), text[end : found.start()])
        yield _inline(found, line + text.count("\n", 0, found.start()), file)
        end = found.end()
    if text[end:]:
        yield Prose(line + text.count("\n", 0, end), text[end:])


def _inline(found: re.Match[str], line: int, file: Path) -> Inline:
    language, expression = found[1], found[2].strip()
    if language != "python":
        raise _outside(file, line, f"an inline expression in {language} is outside the subset", "Write it in Python.")
    try:
        ast.parse(f"({expression}\n)", mode="eval")
    except SyntaxError:
        raise _outside(file, line, f"'{expression}' is not a Python expression", "Correct it.") from None
    return Inline(line, expression)


def _outside(file: Path, line: int, problem: str, remedy: str) -> ArticleError:
    return ArticleError(Fault(file, problem, remedy, line=line))
