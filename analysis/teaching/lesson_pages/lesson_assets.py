"""The scripts and styles of a lesson's page."""

from collections.abc import Iterator

from analysis.support import page_parts

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


def script(name: str) -> str:
    """Return a script of the page."""
    return page_parts.text("scripts", name)


def scripts() -> Iterator[str]:
    """Yield the scripts of a page by itself in order."""
    return map(script, (*LATE, *SCRIPTS))


def style(name: str) -> str:
    """Return a style sheet of the page."""
    return page_parts.text("styles", name)
