"""Data that a page carries for its scripts."""

import json
from typing import Any


def script(name: str, data: Any) -> str:
    r"""Return data as a script element that is not run, on one line, which Markdown leaves as it is.

    >>> script("codes", {"gist": "a < b & </script>"})
    '<script type="application/json" id="codes">{"gist":"a \\u003c b \\u0026 \\u003c/script>"}</script>'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/json" id="{name}">{escaped(text)}</script>'


def escaped(text: str) -> str:
    """Return JSON in which a page sees no markup: these two signs stand in its strings only."""
    return text.replace("<", "\\u003c").replace("&", "\\u0026")
