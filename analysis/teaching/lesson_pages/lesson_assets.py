"""The scripts and styles of a lesson's page: in `docs` of a checkout, beside this module in an installed package."""

from collections.abc import Iterator
from pathlib import Path

from analysis.support import paths
from analysis.support.errors import CompendiumError

#: In the order in which they run, as they are named in `docs/scripts`.
SCRIPTS = (
    "elements.js",
    "csv.js",
    "sha256.js",
    "lesson/typed-numbers.js",
    "lesson/judging.js",
    "lesson/lesson-answers.js",
    "lesson/lesson-store.js",
    "lesson/answer-fields.js",
    "lesson/lesson-comparing.js",
    "lesson/lesson-key.js",
    "lesson/exercise-view.js",
    "lesson/lesson-work.js",
    "lesson/lesson.js",
)
#: What packs a hand-in as a text and draws a QR code: the site loads it when it is wanted; a page by itself has it.
LATE = ("hand-in-codes.js", "../vendor/lean-qr/lean-qr.js")
#: For any page, and what a page by itself needs besides; named in `docs/styles`.
STYLE, STYLE_ALONE = "lesson.css", "lesson-alone.css"
_INSTALLED = Path(__file__).parent / "assets"


def script(name: str) -> str:
    """Return a script of the page."""
    return _read("scripts", name)


def scripts() -> Iterator[str]:
    """Yield the scripts of a page by itself in order."""
    return map(script, (*LATE, *SCRIPTS))


def style(name: str) -> str:
    """Return a style sheet of the page."""
    return _read("styles", name)


def _read(folder: str, name: str) -> str:
    places = (paths.ROOT / "docs" / folder / name, _INSTALLED / folder / name)
    for place in places:
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise CompendiumError(f"{name}: this part of the page of a lesson is missing. Install the package again.")
