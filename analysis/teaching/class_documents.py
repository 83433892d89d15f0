"""The page *A class* by itself: one file for instructors with its style, scripts and lessons, which asks no host."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.display.html_elements import text
from analysis.teaching.lesson_pages import lesson_assets

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
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main class="md-typeset">
<h1>{title}</h1>
<p>{about}</p>
{body}
</main>
{scripts}
</body>
</html>
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src {hashes}"


def page(lessons: Iterable[Mapping[str, Any]] = ()) -> str:
    """Return the page with the students' data of some lessons; others, and keys, are dropped onto it as files."""
    scripts = [f"\n{lesson_assets.script(one)}" for one in SCRIPTS]
    style = [lesson_assets.style(one) for one in (lesson_assets.STYLE_ALONE, *STYLES)]
    return _PAGE.format(
        policy=_POLICY.format(hashes=" ".join(map(_hash, scripts))),
        title=text(_TITLE),
        about=text(_ABOUT),
        style="".join(style),
        body=place({"data": one, "keyScript": ""} for one in lessons),
        scripts="\n".join(f"<script>{one}</script>" for one in scripts),
    )


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


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
