"""The embedded renderer: runs the cells once, then lets pandoc and Typst write the four formats."""

import importlib.metadata
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.rendering.as_docx import docx
from analysis.rendering.as_html import html
from analysis.rendering.as_jats import jats
from analysis.rendering.as_pdf import pdf
from analysis.rendering.execution import Markdown, execute
from analysis.rendering.formats import Article
from analysis.rendering.forms import normal
from analysis.rendering.pandoc import pandoc
from analysis.rendering.references import resolve
from analysis.rendering.source import Source, read
from analysis.rendering.subset import check

# What pandoc has to know of the settings; the rest is dealt with here.
METADATA = {"title", "subtitle", "author", "abstract", "keywords", "lang", "license", "bibliography"}
METADATA |= {"link-citations", "number-sections"}


def files(source: Path, folder: Path, epoch: int, tell: Callable[[str], None]) -> dict[str, str | bytes]:
    """Return the files of an article, whose folder was copied to `folder`, by their names."""
    found = read(source)
    tell(f"running the cells of {source.name}")
    markdown = execute(found, folder)
    parsed = _parsed(markdown, folder, epoch)
    document = normal(check(parsed, markdown), markdown)
    article = Article(resolve(document, markdown, _keys(found, folder, epoch)), markdown, folder, epoch)
    written: dict[str, str | bytes] = {}
    for name, write in (("HTML", html), ("PDF", pdf), ("DOCX", docx), ("JATS", jats)):
        tell(f"writing {name}")
        made = write(article)
        written |= made if isinstance(made, dict) else {f"article.{name.casefold()}": made}
    return written


def version() -> str:
    """Return the versions of what the embedded renderer is made of."""
    return f"pandoc {importlib.metadata.version('pypandoc-binary')}, Typst {importlib.metadata.version('typst')}"


def _parsed(markdown: Markdown, folder: Path, epoch: int) -> dict[str, Any]:
    settings = markdown.source.settings
    metadata = {key: value for key, value in settings.items() if key in METADATA}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    written = pandoc(folder, epoch, markdown.text, "--to=json", "--metadata-file=metadata.json")
    document: dict[str, Any] = json.loads(written)
    return document


def _keys(source: Source, folder: Path, epoch: int) -> set[str]:
    """Return the keys of the bibliography."""
    name = source.settings.get("bibliography")
    if name is None:
        return set()
    bibliography = (folder / name).read_text(encoding="utf-8")
    works = json.loads(pandoc(folder, epoch, bibliography, "--to=csljson", form="biblatex"))
    return {work["id"] for work in works}
