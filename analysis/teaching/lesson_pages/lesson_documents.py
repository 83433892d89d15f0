"""A lesson as a page of its own: one file with its style and scripts in it, which asks no other file or host."""

import base64
import hashlib

from analysis.display.html_elements import text
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.lesson_pages import lesson_assets
from analysis.teaching.lesson_pages.engine_words import words
from analysis.teaching.lesson_pages.lesson_blocks import Heading, blocks

_PAGE = """<!doctype html>
<html lang="{language}">
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
{body}
</main>
{scripts}
</body>
</html>
"""
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "script-src {hashes}"
)


def page(lesson: BuiltLesson) -> str:
    """Return the page of a lesson for students, with everything it needs; its key is another file (`answer_keys`)."""
    title = f"{words(lesson.language)['lesson'].format(number=lesson.number)}: {lesson.title}"
    scripts = [f"\n{one}" for one in lesson_assets.scripts()]
    style = lesson_assets.style(lesson_assets.STYLE_ALONE) + lesson_assets.style(lesson_assets.STYLE)
    return _PAGE.format(
        language=lesson.language,
        policy=_POLICY.format(hashes=" ".join(map(_hash, scripts))),
        title=text(title),
        style=style,
        body="\n".join(_block(one) for one in blocks(lesson, to=_elsewhere)),
        scripts="\n".join(f"<script>{one}</script>" for one in scripts),
    )


def _block(block: Heading | str) -> str:
    return f'<h2 id="{block.place}">{text(block.title)}</h2>' if isinstance(block, Heading) else block


def _elsewhere(address: str) -> str:
    """Return an address on the web, and nothing for a page of the site, which is not beside this one."""
    return address if ":" in address or address.startswith("#") else ""


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
