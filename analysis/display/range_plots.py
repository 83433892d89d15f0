"""Counts of one facet by another as marks on small scales, each on a line that spans its range over all readings."""

import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from analysis.display.drawing import Shape, line, mark, picture, words
from analysis.display.figures import ACCENT, COLUMN, GREY, INK, LARGE, MEDIUM, PHONE, SMALL, TRACK
from analysis.support import formatting

_RANGE, _TINT = 6, 0.4  # how thick a range is, and how much of its hue it keeps
_MARK = 5.2
_ROW, _HEAD = 60, 31  # least height of a row, and of the names of columns on one line
_NAMES, _NAME = 132, 18  # room for the names of rows, and their letters on a line
_NARROWEST, _LETTER = 90, 6.2  # of a column; about a letter of a head in bold
_APART = 16  # beside a column that is apart
_ENDS = 13  # on both sides of a scale
_LINE, _HEADING = 24, 34  # heights on a phone
_FROM, _TO = 148, 272  # where its scales begin and end


class Look(NamedTuple):
    """The colour and shape of the marks of a row."""

    colour: str
    shape: Shape


PLAIN = Look(ACCENT, "circle")


class Plot(NamedTuple):
    """Cells to draw (`row, column, count, lowest, highest`, by names), and how they look.

    `apart` are columns set off in grey.
    """

    cells: pd.DataFrame
    looks: Mapping[str, Look] = {}
    apart: Collection[str] = ()

    @property
    def rows(self) -> list[str]:
        """Return the names of rows, in their order."""
        return list(self.cells["row"].unique())

    @property
    def columns(self) -> list[str]:
        """Return the names of columns, in their order."""
        return list(self.cells["column"].unique())

    def look(self, row: str, column: str = "") -> Look:
        """Return how the marks of a cell look."""
        found = self.looks.get(row, PLAIN)
        return found._replace(colour=GREY) if column in self.apart else found


def wide(plot: Plot) -> str:
    """Draw rows and columns as in a table, with a scale in each cell, for a column of text."""
    left, room = _places(plot)
    heads = [_wrapped(name, int(room / _LETTER)) for name in plot.columns]
    top = _HEAD + 15 * (max(map(len, heads)) - 1)
    high = max(_ROW, *(16 * len(_wrapped(row, _NAME)) + 20 for row in plot.rows))
    width, height = left[-1] + room, top + high * len(plot.rows)
    parts = []
    for x, head, name in zip(left, heads, plot.columns, strict=True):
        grey = name in plot.apart
        foot = top - 12 - 15 * (len(head) - 1)
        parts += [words(x, foot + 15 * n, text, MEDIUM, GREY if grey else INK) for n, text in enumerate(head)]
        parts += [line(x - _APART, top - 24, x - _APART, height, TRACK)] if grey else []
    for n, row in enumerate(plot.rows):
        y = top + n * high
        parts += [line(0, y, width, y, TRACK), *_name(plot, row, y + high / 2)]
        for x, column in zip(left, plot.columns, strict=True):
            parts += _cell(plot, row, column, x + 3, x + room - _ENDS, y + 33)
    return picture(parts, width, height)


def _places(plot: Plot) -> tuple[list[float], float]:
    """Return where each column begins, and how wide all are: the column of text, or what the heads need."""
    columns = plot.columns
    longest = max(len(word) for name in columns for word in name.split())
    apart = [_APART * (name in plot.apart) for name in columns]
    room = max(_NARROWEST, longest * _LETTER, (COLUMN - _NAMES - sum(apart)) / len(columns))
    return [_NAMES + n * room + sum(apart[: n + 1]) for n in range(len(columns))], room


def _wrapped(name: str, letters: int) -> list[str]:
    return textwrap.wrap(name, letters) or [""]


def narrow(plot: Plot) -> str:
    """Draw the rows one below the other, each with a line for each column, for a phone."""
    parts, y = [], 0.0
    for row in plot.rows:
        look = plot.look(row)
        parts += [mark(look.shape, 9, y + 17, _MARK, look.colour), words(22, y + 22, row, LARGE + 1, INK, bold=True)]
        y += _HEADING
        for column in plot.columns:
            grey = column in plot.apart
            name = textwrap.shorten(column, 20, placeholder="…")
            parts.append(words(22, y + 16, name, LARGE, GREY if grey else INK))
            parts += _marks(plot, row, column, _FROM, _TO, y + 11)
            count, lowest, highest = _counted(plot, row, column)
            ends = "" if lowest == highest else f" ({formatting.span(lowest, highest)})"
            parts += [words(_TO + 28, y + 16, str(count), LARGE, INK, "end", bold=True)]
            parts += [words(_TO + 30, y + 16, ends, LARGE, GREY)] if ends else []
            y += _LINE
        y += 6
    return picture(parts, PHONE, y)


def _name(plot: Plot, row: str, middle: float) -> Iterator[str]:
    """Yield the name of a row on its lines, behind its mark."""
    look = plot.look(row)
    lines = _wrapped(row, _NAME)
    start = middle + 5 - 8 * (len(lines) - 1)
    yield mark(look.shape, 8, start - 4.5, _MARK, look.colour)
    for n, text in enumerate(lines):
        yield words(21, start + 16 * n, text, MEDIUM, INK, bold=True)


def _cell(plot: Plot, row: str, column: str, left: float, right: float, y: float) -> Iterator[str]:
    """Yield a scale with its range and mark, its count above the mark and the ends of its range below."""
    yield from _marks(plot, row, column, left, right, y)
    count, lowest, highest = _counted(plot, row, column)
    ink = GREY if column in plot.apart else INK
    yield words(_at(plot, count, left, right), y - 11, str(count), LARGE + 1, ink, "middle", bold=True)
    if lowest != highest:
        start, end = _at(plot, lowest, left, right), _at(plot, highest, left, right)
        near = 4 if end - start < 20 else 0  # the figures must not touch
        yield words(start - near, y + 19, str(lowest), SMALL, GREY, "middle")
        yield words(end + near, y + 19, str(highest), SMALL, GREY, "middle")


def _marks(plot: Plot, row: str, column: str, left: float, right: float, y: float) -> Iterator[str]:
    look = plot.look(row, column)
    count, lowest, highest = _counted(plot, row, column)
    yield line(left, y, right, y, TRACK)
    yield line(left, y - 4, left, y + 4, TRACK)
    if lowest != highest:
        start, end = _at(plot, lowest, left, right), _at(plot, highest, left, right)
        yield line(start, y, end, y, tint(look.colour), _RANGE, "round")
    yield mark(look.shape, _at(plot, count, left, right), y, _MARK, look.colour, hollow=count == 0)


def _at(plot: Plot, count: int, left: float, right: float) -> float:
    return left + (right - left) * count / max(int(plot.cells["highest"].max()), 1)


def _counted(plot: Plot, row: str, column: str) -> tuple[int, int, int]:
    found = plot.cells[(plot.cells["row"] == row) & (plot.cells["column"] == column)].iloc[0]
    return int(found["count"]), int(found["lowest"]), int(found["highest"])


def tint(colour: str) -> str:
    """Return the share of a colour that a range keeps, on white.

    >>> tint("#000000")
    '#999999'
    """
    channels = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - _TINT * (255 - channel)):02x}" for channel in channels)
