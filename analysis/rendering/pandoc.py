"""Calling the pandoc that the lock installs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from analysis.rendering.render_error import ArticleError

#: The environment of a program written in Haskell: pandoc reads names of files as the locale spells them, and in the
#: locale C it cannot read all of them.
UTF_8 = {"LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}
# HTML is seen as such, to be refused; settings were read before.
_MARKDOWN = "markdown-yaml_metadata_block-native_divs-native_spans"

SECONDS = 300  # many times what an article takes; brackets deep within each other take for ever


def pandoc(folder: Path, epoch: int, content: str | dict[str, Any], *options: str, form: str = "") -> str:
    """Run pandoc in `folder` on Markdown or on a document tree and return what it writes.

    `epoch` is the time that pandoc takes for now. A warning is an error, because something was lost.
    """
    given = content if isinstance(content, str) else json.dumps(content)
    form = form or (_MARKDOWN if isinstance(content, str) else "json")
    try:
        ran = subprocess.run(  # noqa: S603
            [program(), f"--from={form}", "--wrap=none", *options],
            cwd=folder,
            env=os.environ | UTF_8 | {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC"},
            input=given.encode(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        problem = f"pandoc did not end within {SECONDS} seconds; look for brackets that are deep within each other"
        raise ArticleError(problem) from None
    if ran.returncode < 0:
        raise ArticleError(f"pandoc was ended by signal {-ran.returncode}")
    output = ran.stderr.decode(errors="replace").partition("HasCallStack backtrace")[0].strip()
    if ran.returncode or output:
        raise ArticleError(f"pandoc says: {' '.join(output.split()).removeprefix('[WARNING] ')}")
    return ran.stdout.decode()


def program() -> str:
    """Return the pandoc that came with the locked package, whatever else is on the PATH."""
    import pypandoc

    name = "pandoc.exe" if sys.platform == "win32" else "pandoc"
    return str(Path(pypandoc.__file__).parent / "files" / name)
