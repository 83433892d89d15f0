"""The page *A class* by itself: one file for instructors with its style, scripts and lessons, which asks no host."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.display.html_elements import text
from analysis.teaching.lesson_pages import lesson_assets, standing_pages

#: In the order in which they run, as they are named in `docs/scripts`; also those of the site's page.
SCRIPTS = (
    "elements.js",
    "csv.js",
    "sha256.js",
    "hand-ins.js",
    "agreement.js",
    "hand-in-codes.js",
    "projector.js",
    "lesson/typed-numbers.js",
    "lesson/lesson-key.js",
    "class/lesson-hand-ins.js",
    "class/lesson-classes.js",
    "class/lesson-exports.js",
    "class/class-slides.js",
    "class/class-page.js",
)
STYLES = ("projector.css", "class.css")
#: What of an exercise's data a class needs: neither how a page judges, nor hints.
_NEEDED = ("number", "kind", "title", "task", "items", "options", "again", "left_out", "checklist")
_TITLE = "A class"
_ABOUT = (
    "Drop the files that students handed in. You see who did what, how the class split and why, and show it without "
    "names on the projector. Everything stays on this computer: nothing is sent, and nothing is kept when you close "
    "this page."
)
_WITHOUT = "This page needs JavaScript. Without it, use <code>python -m analysis class FOLDER</code>."


def page(lessons: Iterable[Mapping[str, Any]] = ()) -> str:
    """Return the page with the students' data of some lessons; others, and keys, are dropped onto it as files."""
    body = f"<p>{text(_ABOUT)}</p>\n{place({'data': one, 'keyScript': ''} for one in lessons)}"
    return standing_pages.page("en", _TITLE, body, STYLES, map(lesson_assets.script, SCRIPTS))


def place(lessons: Iterable[Mapping[str, Any]]) -> str:
    """Return the place of the page that scripts fill, with lessons: `data` and `keyScript`, the address of the key."""
    known = [{"data": _needed(one["data"]), "keyScript": one["keyScript"]} for one in lessons]
    written = json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f"<noscript><p>{_WITHOUT}</p></noscript>\n"
        '<div id="lesson-class" class="lesson-class" hidden></div>\n'
        f'<script type="application/json" id="lesson-class-lessons">{written}</script>'
    )


def _needed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return of students' data what a class needs."""
    exercises = [{name: one[name] for name in _NEEDED if one.get(name)} for one in data["exercises"]]
    return {name: value for name, value in data.items() if name != "words"} | {"exercises": exercises}
