"""Scripts of the site in a page that has nothing else: what they compute is looked at without building a site."""

import json
from pathlib import Path
from typing import Any

from browser import Browser

from analysis.support import paths

SCRIPTS = paths.ROOT / "docs" / "scripts"


def answer(chromium: Browser, folder: Path, scripts: list[str], expression: str, given: Any = None) -> Any:
    """Return what a JavaScript function makes of some material, after scripts were run one after another.

    `scripts` are named from `docs/scripts`; `expression` is a function, which may be asynchronous, of what is given.
    """
    blank = folder / "blank.html"
    blank.write_text("<!doctype html><html lang=en><meta charset=utf-8><title>Blank</title><body>", encoding="utf-8")

    def ask(frame: Any) -> Any:
        for script in scripts:
            text = (SCRIPTS / script).read_text(encoding="utf-8")
            frame.evaluate(f"{text}\n;0")  # a script that ends with a function would be taken for one to call
        return frame.evaluate(expression, json.loads(json.dumps(given)))

    return chromium.within_blank(blank, ask)
