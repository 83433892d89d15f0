"""A count on a line that spans its range over all readings, small enough for a list or a cell of a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.display.drawing import number
from analysis.support import formatting

_EDGE = 5  # per cent of the width that keep a dot at either end whole


@dataclass(frozen=True)
class Range:
    """A count or difference of counts as coded, and its lowest and highest value over all readings."""

    count: int
    lowest: int
    highest: int

    def __str__(self) -> str:
        ends = "" if self.lowest == self.highest else f" ({_to(self.lowest, self.highest)})"
        return f"{formatting.signed(self.count)}{ends}"


def _to(lowest: int, highest: int) -> str:
    return f"{formatting.signed(lowest)} to {formatting.signed(highest)}"


def drawn(ranges: Iterable[Range]) -> list[str]:
    """Return each range as a drawing of SVG on the scale that fits all of them and zero.

    A drawing has no words: show the numbers (`str` of a range) beside it. Its colours are those of the style sheet.
    """
    given = list(ranges)
    least, most = min(0, *(one.lowest for one in given), 0), max(1, *(one.highest for one in given), 1)

    def place(value: int) -> str:
        return f"{number(_EDGE + (100 - 2 * _EDGE) * (value - least) / (most - least))}%"

    return [
        '<svg class="range" aria-hidden="true">'
        f'<line class="zero" x1="{place(0)}" x2="{place(0)}" y1="0" y2="100%"/>'
        f'<line class="span" x1="{place(one.lowest)}" x2="{place(one.highest)}" y1="50%" y2="50%"/>'
        f'<circle class="{"counted" if one.count else "hollow"}" cx="{place(one.count)}" cy="50%" r="5.5"/></svg>'
        for one in given
    ]
