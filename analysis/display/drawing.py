"""Shapes of SVG from which charts are put together where every place is known: lines, marks, words, links."""

import html
import math
from collections.abc import Iterable
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Shape = Literal["square", "diamond", "circle", "triangle"]

# Outlines of shapes of about the same area, around zero, for a mark of size 1.
_OUTLINES: dict[Shape, str] = {
    "square": "M-.9 -.9H.9V.9H-.9Z",
    "diamond": "M0 -1.28L1.28 0L0 1.28L-1.28 0Z",
    "circle": "M-1.02 0A1.02 1.02 0 1 1 1.02 0A1.02 1.02 0 1 1 -1.02 0Z",
    "triangle": "M0 -1.25L1.3 1H-1.3Z",
}


def number(value: float) -> str:
    """Return a length with one decimal at most.

    >>> number(12.04), number(3.25)
    ('12', '3.2')
    """
    return f"{value:.1f}".removesuffix(".0")


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, cap: str = "butt") -> str:
    """Return a straight line."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}" stroke-linecap="{cap}"/>'


def path(course: str, fill: str = "none", stroke: str = "none", width: float = 1, more: str = "") -> str:
    """Return a path; `more` are further attributes, as text."""
    return f'<path d="{course}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{more and f" {more}"}/>'


def mark(shape: Shape, x: float, y: float, size: float, colour: str, hollow: bool = False) -> str:
    """Return a mark at a place; one that is hollow is an outline, for a count of zero."""
    fill = "white" if hollow else colour
    at = f'transform="translate({number(x)} {number(y)}) scale({size:g})"'
    return path(_OUTLINES[shape], fill, colour, 1.7 / size, at)


def words(
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    anchor: Anchor = "start",
    bold: bool = False,
) -> str:
    """Return words on one line, whose foot is at `y`."""
    weight = ' font-weight="600"' if bold else ""
    aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
    place = f'x="{number(x)}" y="{number(y)}"'
    shown = html.escape(text, quote=False)
    return f'<text {place} font-size="{size:g}" fill="{colour}"{aligned}{weight}>{shown}</text>'


def link(parts: Iterable[str], address: str, name: str) -> str:
    """Return shapes as a link with a name that is heard and shown as a hint; without an address, bare shapes."""
    inner = "".join(parts)
    if not address:
        return f"<g>{inner}</g>"
    title = html.escape(name)
    return f'<a href="{html.escape(address)}" aria-label="{title}"><title>{title}</title>{inner}</a>'


def picture(parts: Iterable[str], width: float, height: float, shown: float | None = None) -> str:
    """Return shapes on white ground as an SVG; `shown` is its width in pixels where that is not `width`."""
    # The view has the shape of whole pixels, lest the edges of a PNG be half transparent.
    wide = round(width if shown is None else shown)
    high = math.ceil(wide * height / width)
    across, down = number(width), f"{high * width / wide:.3f}".removesuffix(".000")
    size = f'width="{wide}" height="{high}" viewBox="0 0 {across} {down}"'
    ground = f'<rect width="{across}" height="{down}" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{"".join(parts)}</svg>'
