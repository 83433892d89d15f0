"""How often two of some things meet: a circle for each pair, below the diagonal, its area the number."""

import textwrap
from collections.abc import Iterator, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.display.drawing import line, mark, picture, words
from analysis.display.figures import ACCENT, COLUMN, INK, LARGE, MEDIUM, PHONE, SMALL, TRACK

_NAMES, _LETTERS = 180, 26
_MOST, _LEAST = 62, 34  # side of a cell
_FITS = 11  # radius of a circle from which its figure stands in it


def wide(names: Sequence[str], together: NDArray[np.int64]) -> str:
    """Draw the pairs for a column of text: the first thing of a pair down, the other one across, by its number."""
    columns = len(names) - 1
    side = max(_LEAST, min(_MOST, (COLUMN - _NAMES) / columns))
    top = 22.0
    parts = [words(_NAMES + (n + 0.5) * side, 15, str(n + 1), MEDIUM, INK, "middle") for n in range(columns)]
    for row, name in enumerate(names):
        y = top + row * side
        lines = textwrap.wrap(f"{row + 1} {name}", _LETTERS)[:2]
        foot = y + side / 2 + 5 - 8 * (len(lines) - 1)
        parts += [words(0, foot + 16 * n, text, MEDIUM, INK) for n, text in enumerate(lines)]
        for column in range(min(row, columns)):
            x = _NAMES + column * side
            parts += [line(x, y, x + side, y, TRACK), line(x, y, x, y + side, TRACK)]
            parts += _circle(together[row, column], together, x + side / 2, y + side / 2, side)
    return picture(parts, max(COLUMN, _NAMES + columns * side), top + len(names) * side + 2)


def narrow(names: Sequence[str], together: NDArray[np.int64]) -> str:
    """Draw the pairs for a phone: the names below the picture, by their numbers."""
    columns = len(names) - 1
    side = (PHONE - 26) / columns
    parts = [words(26 + (n + 0.5) * side, 15, str(n + 1), LARGE, INK, "middle") for n in range(columns)]
    for row in range(1, len(names)):
        y = 22 + (row - 1) * side
        parts.append(words(2, y + side / 2 + 5, str(row + 1), LARGE, INK))
        for column in range(row):
            x = 26 + column * side
            parts += [line(x, y, x + side, y, TRACK), line(x, y, x, y + side, TRACK)]
            parts += _circle(together[row, column], together, x + side / 2, y + side / 2, side)
    y = 22 + columns * side + 24
    for n, name in enumerate(names):
        for text in textwrap.wrap(f"{n + 1} {name}", 42):
            parts.append(words(0, y, text, LARGE, INK))
            y += 20
    return picture(parts, PHONE, y - 8)


def _circle(met: int, together: NDArray[np.int64], x: float, y: float, side: float) -> Iterator[str]:
    """Yield the circle of a pair with its figure, which is beside it where it is small; nothing of a pair of none."""
    if not met:
        return
    most = int(np.tril(together, -1).max())
    radius = max(2.0, (side / 2 - 2) * sqrt(met / most))
    inside = radius >= _FITS + 2 * (len(f"{met:,}") - 2)
    yield mark("circle", x if inside else x - 5, y, radius / 1.02, ACCENT)
    where = (x, y + 4.5) if inside else (x - 1 + radius, y + 4.5)
    yield words(*where, f"{met:,}", SMALL, "white" if inside else INK, "middle" if inside else "start", bold=True)
