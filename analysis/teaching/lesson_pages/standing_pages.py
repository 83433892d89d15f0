"""A page of one file, with its style and scripts in it, that asks no other file or host."""

import base64
import hashlib
from collections.abc import Iterable

from analysis.display.html_elements import text
from analysis.teaching.lesson_pages import lesson_assets

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


def page(language: str, title: str, body: str, styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return a page; `styles` come after that of every page that stands alone, and only these `scripts` may run."""
    framed = [f"\n{script}" for script in scripts]
    return _PAGE.format(
        language=language,
        policy=_POLICY.format(hashes=" ".join(map(_hash, framed))),
        title=text(title),
        style="".join(map(lesson_assets.style, (lesson_assets.STYLE_ALONE, *styles))),
        body=body,
        scripts="\n".join(f"<script>{script}</script>" for script in framed),
    )


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
