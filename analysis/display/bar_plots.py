"""Horizontal bars with their figures, each behind its name; on a phone, each below it."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.display.drawing import line, number, path, picture, words
from analysis.display.figures import ACCENT, COLUMN, INK, LARGE, MEDIUM, PALE, PHONE

_NAMES, _LETTERS = 230, 34  # room for names, and their letters on a line
_ROW, _BAR = 24, 13
_FIGURES = 7.5  # room for a digit behind a bar
_TOP = 4


class Bar(NamedTuple):
    """A bar: its name, its length, what is written behind it, a part that is dark, if it has one, and the rest."""

    name: str
    length: float
    figure: str
    part: float | None = None
    rest: str = PALE


def wide(bars: Sequence[Bar], longest: float | None = None) -> str:
    """Draw bars for a column of text; `longest` is what a full bar stands for."""
    room = COLUMN - _NAMES - max(len(bar.figure) for bar in bars) * _FIGURES - 12
    most = longest or max(bar.length for bar in bars) or 1
    parts: list[str] = []
    y = float(_TOP)
    for bar in bars:
        lines = textwrap.wrap(bar.name, _LETTERS) or [""]
        middle = y + _ROW / 2 + 8 * (len(lines) - 1)
        for n, text in enumerate(lines):
            parts.append(words(0, y + 17 + 16 * n, text, MEDIUM, INK))
        parts += _bar(bar, _NAMES, middle, room / most)
        y += _ROW + 16 * (len(lines) - 1)
    parts.append(line(_NAMES, _TOP, _NAMES, y, PALE))
    return picture(parts, COLUMN, y + 4)


def narrow(bars: Sequence[Bar], longest: float | None = None) -> str:
    """Draw bars for a phone, each below its name."""
    room = PHONE - max(len(bar.figure) for bar in bars) * (_FIGURES + 1) - 12
    most = longest or max(bar.length for bar in bars) or 1
    parts: list[str] = []
    y = 0.0
    for bar in bars:
        for text in textwrap.wrap(bar.name, 40) or [""]:
            parts.append(words(0, y + 18, text, LARGE, INK))
            y += 18
        parts += _bar(bar, 1, y + 14, room / most)
        y += 28
    return picture(parts, PHONE, y + 2)


def _bar(bar: Bar, x: float, y: float, scale: float) -> Iterator[str]:
    end = x + bar.length * scale
    if bar.length:
        yield _stroke(x, end, y, ACCENT if bar.part is None else bar.rest)
    if bar.part:
        yield _stroke(x, x + bar.part * scale, y, ACCENT)
    yield words(end + 6, y + 5, bar.figure, MEDIUM, INK, bold=True)


def _stroke(start: float, end: float, y: float, colour: str) -> str:
    return path(f"M{number(start)} {number(y)}H{number(end)}", stroke=colour, width=_BAR)
