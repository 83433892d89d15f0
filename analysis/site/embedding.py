"""Data that a page carries for its scripts."""

import json
from typing import Any


def script(name: str, data: Any) -> str:
    r"""Return data as a script element that is not run, on one line, which Markdown leaves as it is.

    >>> script("codes", {"gist": "a < b & </script>"})
    '<script type="application/json" id="codes">{"gist":"a \\u003c b \\u0026 \\u003c/script>"}</script>'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/json" id="{name}">{_escaped(text)}</script>'


def _escaped(text: str) -> str:
    # In JSON these two stand in strings only; a page's HTML must not see them as markup.
    return text.replace("<", "\\u003c").replace("&", "\\u0026")
