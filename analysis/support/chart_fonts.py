"""The fonts of charts and of the site, so that they look the same on every machine.

Power Sans is Source Sans 3 and Power Serif is Source Serif 4, cut down to Latin signs and renamed, as their licence
(`fonts/OFL.txt`) asks. The files for charts and paper were made with fontTools from the Latin subset of
`@fontsource/source-sans-3` 5.3.1. Signs that a chart needs and Power Sans lacks are taken from DejaVu Sans. The files
for browsers were made with fontTools from `@fontsource-variable/source-sans-3` and
`@fontsource-variable/source-serif-4` 5.3.1: the sans with weights from 400 to 700, the serif at 600, at 400 and in its
italic at 400.
"""

import base64
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Power Sans"
FOLDER = Path(__file__).with_name("fonts")
_FOR_BROWSERS = FOLDER / "power-sans-400-700.woff2"


@cache
def folders() -> tuple[Path, Path]:
    """Return the folders of Power Sans and of DejaVu Sans.

    The latter comes with matplotlib, which pingouin brings along; it is found without importing it.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
    return FOLDER, Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def for_browsers() -> list[Path]:
    """Return the files that a site serves: each face as WOFF2, and the licence."""
    return [*sorted(FOLDER.glob("*.woff2")), FOLDER / "OFL.txt"]


@cache
def face() -> str:
    """Return the rule of CSS with which an SVG brings Power Sans along into a browser."""
    font = base64.b64encode(_FOR_BROWSERS.read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{font}) format('woff2')"
    return f"@font-face{{font-family:'{FAMILY}';font-weight:400 700;src:{source}}}"


def font_once(page: str) -> str:
    """Return a page of which the first drawing alone brings the font along, for all others."""
    before, face, after = page.partition(style())
    return before + face + without_font(after)


def without_font(page: str) -> str:
    """Return drawings in a page without the font: the style sheet of the page names others of its width."""
    return page.replace(style(), "")


def style() -> str:
    """Return the style with which each drawing begins."""
    return f"<style>{face()}</style>"
