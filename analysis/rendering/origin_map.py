"""The map of an article: of each number, table and figure the place, the function, the rows of data and the trace."""

import csv
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.rendering.article_source import Cell, Inline, Piece, Prose
from analysis.rendering.execution import value
from analysis.rendering.formats import Article
from analysis.support import paths
from analysis.support.traced_values import MIME

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*(?:\{[^{}]*\})?[ \t]*$", re.M)
_MARKUP = re.compile(r"\\(.)")
_COLUMNS = ("id", "kind", "name", "section", "file", "line", "shown", "expression", "function", "meaning")
COLUMNS = (*_COLUMNS, "table", "column", "rows", "trace")


@dataclass(frozen=True)
class Place:
    """A table of the data package, the column that is read, and the values of columns by which its rows are chosen."""

    table: str
    column: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def rows(self) -> str:
        """Return how the rows are chosen, as `unit=passage, stage=initiation`; of several values one has to be there.

        >>> Place("derived/claims.csv", "claim_id", (("kind", ("pattern",)), ("verdict", ("a", "b")))).rows
        'kind=pattern, verdict=a|b'
        """
        return ", ".join(f"{column}={'|'.join(values)}" for column, values in self.where)


@dataclass(frozen=True)
class Origin:
    """Where a number, table or figure of an article comes from.

    `name` is what the article calls a table or figure, `shown` the number or the caption, `expression` an inline
    value's or a cell's code. The first of the `functions` is the innermost; `meaning` is the first line of its
    docstring. `names` are those that the command `trace` takes.
    """

    identifier: str
    kind: str
    name: str
    section: str
    file: str
    line: int
    shown: str
    expression: str
    functions: tuple[str, ...]
    meaning: str
    places: tuple[Place, ...]
    names: tuple[str, ...] = ()

    @property
    def trace(self) -> str:
        """Return the command that shows every row of evidence behind a number, or nothing."""
        return f"{paths.COMMAND} trace {shlex.join(self.names)}" if self.names else ""


def origins(article: Article) -> list[Origin]:
    """Return the origins of what an article shows, in the order of its text."""
    return list(_origins(article))


def as_csv(found: list[Origin]) -> str:
    """Return a map as CSV: a row for each column of data that is read, so that a number may have several."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in found:
        place = (one.identifier, one.kind, one.name, one.section, one.file, one.line, one.shown, one.expression)
        for data in one.places or (Place(""),):
            rows.writerow(
                [*place, "; ".join(one.functions), one.meaning, data.table, data.column, data.rows, one.trace]
            )
    return written.getvalue()


def _origins(article: Article) -> Iterator[Origin]:
    executed, section = article.executed, ""
    for piece, outputs, functions in zip(executed.source.pieces, executed.outputs, executed.functions, strict=True):
        match piece:
            case Prose():
                headings = _HEADING.findall(piece.text) if not piece.text.lstrip().startswith(("```", "~~~")) else []
                section = _MARKUP.sub(r"\1", headings[-1]) if headings else section
            case Inline():
                shown = _MARKUP.sub(r"\1", value(executed.source, piece, outputs))
                yield _of_number(article, piece, shown, section, outputs[0]["data"].get(MIME), functions)
            case Cell() if (label := piece.options.get("label")) in article.document.targets:
                yield _of_cell(article, piece, str(label), section, functions)


def _of_number(
    article: Article,
    piece: Inline,
    shown: str,
    section: str,
    traced: dict[str, Any] | None,
    functions: list[dict[str, Any]],
) -> Origin:
    rows = traced["rows"] if traced else []
    places = tuple(
        Place(row["table"], row["column"], tuple((column, tuple(values)) for column, values in row["where"].items()))
        for row in rows
    )
    names = tuple(traced["names"]) if traced else ()
    place = _place(article, piece)
    named = _named(functions)
    return Origin(piece.identifier, "number", "", section, *place, shown, piece.expression, *named, places, names)


def _of_cell(article: Article, piece: Cell, label: str, section: str, functions: list[dict[str, Any]]) -> Origin:
    target = article.document.targets[label]
    return Origin(
        label,
        {"fig": "figure", "tbl": "table"}[target.kind],
        target.name.replace("\u00a0", " "),
        section,
        *_place(article, piece),
        str(piece.options.get("fig-cap") or piece.options.get("tbl-cap")),
        piece.code.strip(),
        *_named([function for function in functions if function["tables"]] or functions),
        tuple(map(Place, dict.fromkeys(table for function in functions for table in function["tables"]))),
        tuple(dict.fromkeys(name for function in functions for name in function["names"])),
    )


def _named(functions: list[dict[str, Any]]) -> tuple[tuple[str, ...], str]:
    return tuple(function["name"] for function in functions), functions[0]["meaning"] if functions else ""


def _place(article: Article, piece: Piece) -> tuple[str, int]:
    line = article.executed.source.places[piece.line - 1]
    return line.file.name, line.number
