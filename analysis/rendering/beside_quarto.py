"""What Quarto finds beside an article that it renders: the reference document of Word, and the front matter.

Both are made here for the embedded renderer, too, so that the renderers agree. `render` writes them into
the copy of the article's folder; where Quarto is run by hand, `paper/before_quarto.py` writes them.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.rendering.article_source import read
from analysis.rendering.as_docx import reference_document
from analysis.rendering.front_matter import front_matter
from analysis.rendering.pandoc import pandoc
from analysis.rendering.render_error import ArticleError

# What the name of a document's front matter ends with, as quarto/front.lua looks for it, and what _quarto.yml names.
FRONT, REFERENCE = "front.json", "reference.docx"


def write(folder: Path, stem: str, front: Mapping[str, Any] | None) -> None:
    """Write both into a folder for the document `stem`; without front matter Quarto names the authors, and no more.

    A file that would be the same is left alone: a preview renders again what changes.
    """
    wanted = {REFERENCE: reference_document()}
    if front is None:
        (folder / f"{stem}.{FRONT}").unlink(missing_ok=True)
    else:
        wanted[f"{stem}.{FRONT}"] = json.dumps(front, ensure_ascii=False).encode()
    for name, content in wanted.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)


def write_for(source: Path) -> None:
    """Write both beside an article; of one outside the subset say so, and leave its front matter to Quarto."""
    if not source.is_file():
        return  # the renderer has written both, and gives Quarto a notebook
    front = None
    try:
        settings = read(source).settings
        title = pandoc(source.parent, 0, settings["title"], "--to=plain").strip()
        front = front_matter(settings, title)
    except ArticleError as refused:
        sys.stdout.write(f"{refused}\nQuarto may know it, but the first page will name the authors only.\n")
    write(source.parent, source.stem, front)
