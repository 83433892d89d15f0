"""Finding results that were typed by hand: figures and number words in prose."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.rendering.article_source import Cell, Inline, Prose, read

NUMBERS = re.compile(
    r"\b(?:\d[\d.,%]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|none|half|most of)\b", re.I
)

# Figures and number words. In running prose "one" is mostly a pronoun, and "no" is a number too: these count before what
# a study counts.
COUNTED = (
    r"passages?|statements?|interviewees?|persons?|people|claims?|codes?|readings?|readers?|documents?|cases?|cells?"
    r"|researchers?|projects?|stages?|steps?|kinds?|dimensions?|works?"
)
IN_PROSE = re.compile(
    r"\b(?:\d[\d.,%]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|most of"
    rf"|(?:one|no|none of the)(?: \w+)? (?:{COUNTED}))\b",
    re.I,
)


def typed(prose: str, allowed: Iterable[str], numbers: re.Pattern[str] = NUMBERS) -> list[str]:
    """Return the figures and number words of a prose that none of the allowed patterns covers."""
    prose = " ".join(prose.split())
    for pattern in allowed:
        prose = re.sub(pattern, "", prose)
    return numbers.findall(prose)


# What of Markdown is no prose: references and citations with their places, targets of links, attributes, code, comments.
MARKUP = re.compile(
    r"<!--.*?-->|```.*?```|~~~.*?~~~|`[^`]*`|-?@[\w:.-]*\w(?:, (?:pp?|ch|chap|sec)\. [\d–, -]*\d)?"
    r"|(?<=\])\([^)]*\)|\{[^}]*\}|<[^>]*>|^\s*\d+\.(?= )",
    re.S | re.M,
)
PROSE_OPTIONS = ("fig-cap", "fig-alt", "tbl-cap")
PROSE_SETTINGS = ("title", "subtitle", "abstract")


def paragraphs(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the prose of an article by paragraphs, with their place: running text, front matter, captions, strings."""
    source = read(file)
    yield from ((f"setting {name}", source.settings[name]) for name in PROSE_SETTINGS if source.settings.get(name))
    pieces = source.pieces
    text = "".join(piece.text if isinstance(piece, Prose) else "\0" * isinstance(piece, Inline) for piece in pieces)
    stripped = MARKUP.sub(lambda found: "\n" * found[0].count("\n"), text)
    yield from ((piece.strip().split("\n")[0][:60], piece) for piece in re.split(r"\n\s*\n", stripped) if piece.strip())
    for cell in pieces:
        if isinstance(cell, Cell) and cell.options.get("include", True):
            yield from (
                (f"line {cell.line}", str(cell.options[name])) for name in PROSE_OPTIONS if name in cell.options
            )
            yield from ((f"line {cell.first + line - 1}", said) for line, said in sentences(cell.code))


def sentences(code: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of some code that hold more than one word, the parts of f-strings between expressions among them."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value


def typed_results(file: Path, allowed: Iterable[str]) -> list[str]:
    """Return where an article types a result by hand."""
    return [f"{place}: {found}" for place, prose in paragraphs(file) for found in typed(prose, allowed, IN_PROSE)]
