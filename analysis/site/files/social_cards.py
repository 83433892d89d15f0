"""A picture for each page, which other sites show beside a link to it; drawn where the site has an address."""

from textwrap import wrap

from analysis.display.drawing import line, picture, words
from analysis.display.figures import GREY, INK, RESOURCE, RESOURCE_NORMATIVE, STRUCTURE, STRUCTURE_NORMATIVE, drawn

WIDTH, HEIGHT = 1200, 630  # the shape that the services which show such pictures ask for
SCALE = 2 / 3  # of it, in pixels: twice as quick to draw
_MARGIN, _TYPE = 90, 68
_LINE, _LINES = 29, 3  # characters that fit on a line, and lines


def place(page: str) -> str:
    """Return where the picture of a page is.

    >>> place("claims/index.html")
    'cards/claims/index.png'
    """
    return f"cards/{page.removesuffix('.html')}.png"


def card(site: str, part: str, title: str) -> bytes:
    """Return the picture of a page as PNG: the site's mark and name, the part that the page is in, and its title."""
    lines = wrap(title, _LINE)[:_LINES]
    top = 310 - 0.3 * _TYPE * (len(lines) - 1)
    parts = [
        *_mark(_MARGIN, 80),
        words(_MARGIN + 76, 118, site, 38, INK, bold=True),
        words(_MARGIN, top - _TYPE, part, 32, GREY),
        *(words(_MARGIN, top + 1.2 * _TYPE * at, text, _TYPE, INK, bold=True) for at, text in enumerate(lines)),
        line(_MARGIN, 530, WIDTH - _MARGIN, 530, INK, 3),
        words(_MARGIN, 580, "Every claim linked to the published passages", 30, GREY),
    ]
    return drawn(picture(parts, WIDTH, HEIGHT), title, title).png(SCALE)


def _mark(x: float, y: float) -> list[str]:
    """Return the mark of the site: a bar for each kind of power."""
    hues = ((STRUCTURE, STRUCTURE_NORMATIVE), (RESOURCE, RESOURCE_NORMATIVE))
    return [
        line(x + 32 * across, y + 8 + 24 * down, x + 26 + 32 * across, y + 8 + 24 * down, hue, 16)
        for down, row in enumerate(hues)
        for across, hue in enumerate(row)
    ]
