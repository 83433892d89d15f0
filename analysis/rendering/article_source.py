"""Reading an article's source: settings, cells with options, the prose between; every piece knows its line."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.rendering import stored_cells
from analysis.rendering.article_settings import FOLD, SWITCH, TEXT, Kind, checked, one_of, settings
from analysis.rendering.included_files import FENCE, Line, closing, expanded
from analysis.rendering.render_error import ArticleError, read_text
from analysis.support.errors import Fault

if TYPE_CHECKING:
    from nbformat import NotebookNode

_INLINE = re.compile(r"(?<!`)`\{(\w+)\}[ \t]([^`]+)`")
# Where a value can be no link: headings, rows of narrow tables (whose columns pandoc measures by the length of their
# lines), attributes, links, math, tags.
_CLOSED = re.compile(r"^#.*$|^[|+].{0,72}$|\{[^{}]*\}|\[[^\[\]]*\]\([^()]*\)|\$[^$\n]+\$|<[^<>]*>", re.M)
_EMBED = re.compile(r"^\{\{<\s+embed\s+(?P<notebook>[^\s#]+\.ipynb)#(?P<cell>\S+)(?P<echo>\s+echo=true)?\s+>\}\}\s*$")
_SUBSET = "The docstring of analysis/rendering describes the supported subset."


CELL_OPTIONS = {
    "label": TEXT,
    "fig-cap": TEXT,
    "fig-alt": TEXT,
    "tbl-cap": TEXT,
    "tbl-colwidths": [Kind("a list of whole percentages", lambda value: type(value) is int)],
    "code-fold": FOLD,
    "echo": SWITCH,
    "include": SWITCH,
    "output": one_of(True, False, "asis"),
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
    """An expression in prose whose value is set there, the values counted from 1 in the order of the text.

    It is `open` where the value can be a link.
    """

    line: int
    expression: str
    open: bool
    number: int = 0

    @property
    def identifier(self) -> str:
        """Return the identifier of the value in the article and its map."""
        return f"n{self.number}"


@dataclass(frozen=True)
class Cell:
    """A code cell with its options; `line` is that of its opening fence, `first` that of its first line of code."""

    line: int
    first: int
    code: str
    options: dict[str, Any]


@dataclass(frozen=True)
class StoredCell(Cell):
    """A cell of a notebook, embedded with the outputs that it has there; `line` is that of the article."""

    outputs: tuple["NotebookNode", ...]


Piece = Prose | Inline | Cell
Places = tuple[Line, ...]


@dataclass(frozen=True)
class Source:
    """An article's source, read; `front` is its front matter as it is written.

    Its lines are counted with those of the files it includes, in their `places`.
    """

    file: Path
    front: str
    settings: dict[str, Any]
    pieces: tuple[Piece, ...]
    places: Places

    @property
    def ran(self) -> list[Cell | Inline]:
        """Return what runs, in its order."""
        return [piece for piece in self.pieces if not isinstance(piece, Prose | StoredCell)]

    def fault(self, line: int, problem: str, remedy: str = _SUBSET) -> ArticleError:
        """Return an error about a line of the source, in the file in which it stands."""
        return _outside(self.places, line, problem, remedy)


def read(file: Path) -> Source:
    """Read an article; raises ArticleError for what is outside the supported subset."""
    lines = read_text(file, "Name the article's source.").split("\n")
    end = _end_of_front_matter(lines, file)
    front = "\n".join(lines[1:end])
    own = tuple(Line(file, number, text) for number, text in enumerate(lines, 1))
    places = (*own[: end + 1], *expanded(own[end + 1 :], file))
    source = Source(file, front, settings(front, file), tuple(_numbered(_pieces(places, end + 1))), places)
    _check_labels(source)
    return source


def _end_of_front_matter(lines: list[str], file: Path) -> int:
    if lines[0].rstrip() == "---":
        for n, line in enumerate(lines[1:], 1):
            if line.rstrip() in ("---", "..."):
                return n
    remedy = "Begin with a line '---', the settings, and another '---'."
    raise ArticleError(Fault(file, "there is no YAML front matter", remedy, line=1))


def _pieces(places: Places, start: int) -> Iterator[Piece]:
    """Yield prose, inline expressions and cells in their order."""
    lines = [place.text for place in places]
    n = begun = start
    while n < len(lines):
        fence, embed = FENCE.match(lines[n]), _EMBED.match(lines[n])
        if not fence and not embed:
            n += 1
            continue
        end = closing(lines, n, fence) if fence else n
        yield from _prose(lines[begun:n], begun + 1, places)
        if embed:
            yield _stored(embed, n + 1, places)
            yield Prose(n + 1, "\n")
        elif fence and _is_cell(fence, n + 1, places):
            if end == len(lines):
                raise _outside(places, n + 1, "this cell has no closing fence", "Close it with ```.")
            yield _cell(lines[n + 1 : end], n + 1, places)
            yield Prose(end + 1, "\n")
        else:
            yield Prose(n + 1, "\n".join(lines[n : end + 1]) + "\n")
        n = begun = end + 1
    yield from _prose(lines[begun:], begun + 1, places)


def _numbered(pieces: Iterator[Piece]) -> Iterator[Piece]:
    number = 0
    for piece in pieces:
        if isinstance(piece, Inline):
            number += 1
            piece = replace(piece, number=number)
        yield piece


def _is_cell(fence: re.Match[str], line: int, places: Places) -> bool:
    """Tell whether a fence opens a Python cell; refuse other languages, raw blocks and options on the fence."""
    info = fence["info"].strip()
    if info == "{python}":
        if fence["indent"]:
            raise _outside(places, line, "an indented cell is outside the subset", "Begin its fence at the margin.")
        return True
    if re.match(r"\{\s*[.#]|[^{]|$", info):
        return False
    if info.startswith("{="):
        raise _outside(places, line, f"the raw block {info} is outside the subset", "Write it in Markdown.")
    remedy = (
        "A cell begins with ```{python}, its options follow as lines '#| key: value'; code to be shown with ```python."
    )
    raise _outside(places, line, f"the block {info} is outside the subset", remedy)


def _cell(lines: list[str], line: int, places: Places) -> Cell:
    text, code = _options_and_code(lines)
    options = checked("\n".join(text), places[line - 1].file, CELL_OPTIONS, places[line - 1].number)
    _check_options(options, line, places)
    return Cell(line, line + 1 + len(text), "\n".join(code), options)


def _options_and_code(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the options of a cell, as lines of YAML, and its code."""
    count = next((n for n, text in enumerate(lines) if not text.startswith("#|")), len(lines))
    return [text[2:].removeprefix(" ") for text in lines[:count]], lines[count:]


def _stored(embed: re.Match[str], line: int, places: Places) -> StoredCell:
    """Return the cell of a notebook that a shortcode embeds, without its code unless that is asked for."""

    def fault(problem: str, remedy: str) -> ArticleError:
        return _outside(places, line, problem, remedy)

    found = stored_cells.find(embed["notebook"], embed["cell"], places[0].file, fault)
    text, code = _options_and_code(found.source.split("\n"))
    options = checked("\n".join(text), places[0].file.parent / embed["notebook"], CELL_OPTIONS)
    _check_options(options, line, places)
    return StoredCell(line, line, "\n".join(code), options | {"echo": bool(embed["echo"])}, tuple(found.outputs))


def _check_options(options: dict[str, Any], line: int, places: Places) -> None:
    """Raise ArticleError for options that do not go together."""
    for key, value in options.items():
        if isinstance(value, str) and _INLINE.search(value):
            raise _outside(places, line, f"the option '{key}' holds an inline expression", "Compute it in the cell.")
    kind = str(options.get("label", "")).partition("-")[0]
    for key in options:
        if key.startswith(("fig-", "tbl-")) and key[:3] != kind:
            raise _outside(places, line, f"'{key}' without a label '{key[:3]}-…'", "Give the cell such a label.")
    for key in NEEDED.get(kind, ()):
        if not str(options.get(key, "")).strip():
            raise _outside(places, line, f"the cell '{options['label']}' has no '{key}'", f"Set '#| {key}: …'.")
    if kind in OTHER_KINDS and "-" in options["label"]:
        raise _outside(places, line, f"the label '{options['label']}' is of a kind outside the subset", _SUBSET)


def _check_labels(source: Source) -> None:
    """Raise ArticleError for two cells with one label."""
    seen: set[str] = set()
    for cell in source.pieces:
        if isinstance(cell, Cell) and (label := cell.options.get("label")):
            if label in seen:
                raise source.fault(cell.line, f"the label '{label}' is given twice", "Labels have to differ.")
            seen.add(label)


def _prose(lines: list[str], line: int, places: Places) -> Iterator[Piece]:
    """Yield prose with the inline expressions cut out; the prose keeps its line endings."""
    text = "".join(f"{part}\n" for part in lines)
    # Expressions have braces of their own.
    closed = [found.span() for found in _CLOSED.finditer(_INLINE.sub(lambda found: "x" * len(found[0]), text))]
    end = 0
    for found in _INLINE.finditer(text):
        yield Prose(line + text.count("\n", 0, end), text[end : found.start()])
        start = found.start()
        is_open = text[start - 1 : start] not in ("^", "!") and not any(a <= start < b for a, b in closed)
        yield _inline(found, line + text.count("\n", 0, start), places, is_open)
        end = found.end()
    if text[end:]:
        yield Prose(line + text.count("\n", 0, end), text[end:])


def _inline(found: re.Match[str], line: int, places: Places, is_open: bool) -> Inline:
    language, expression = found[1], found[2].strip()
    if language != "python":
        raise _outside(places, line, f"an inline expression in {language} is outside the subset", "Write it in Python.")
    try:
        ast.parse(f"({expression}\n)", mode="eval")
    except SyntaxError:
        raise _outside(places, line, f"'{expression}' is not a Python expression", "Correct it.") from None
    return Inline(line, expression, is_open)


def _outside(places: Places, line: int, problem: str, remedy: str) -> ArticleError:
    place = places[line - 1]
    return ArticleError(Fault(place.file, problem, remedy, line=place.number))
