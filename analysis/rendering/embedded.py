"""The embedded renderer: runs the cells once, then lets pandoc and Typst write the four formats."""

import importlib.metadata
import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis import paths
from analysis.faults import Fault
from analysis.rendering.as_docx import docx
from analysis.rendering.as_html import html
from analysis.rendering.as_jats import jats
from analysis.rendering.as_pdf import pdf
from analysis.rendering.execution import execute
from analysis.rendering.faults import ArticleError
from analysis.rendering.formats import Article
from analysis.rendering.forms import normal
from analysis.rendering.pandoc import pandoc, program
from analysis.rendering.references import resolve
from analysis.rendering.source import Source, read
from analysis.rendering.subset import parsed


def files(source: Path, folder: Path, epoch: int, tell: Callable[[str], None]) -> dict[str, str | bytes]:
    """Return the files of an article, whose folder was copied to `folder`, by their names."""
    found = read(source)
    tell(f"running the cells of {source.name}")
    markdown = execute(found, folder)
    document = normal(parsed(markdown, folder, epoch), markdown)
    article = Article(resolve(document, markdown, _keys(found, folder, epoch)), markdown, folder, epoch)
    tell("writing HTML, PDF, DOCX and JATS")
    with ThreadPoolExecutor() as at_once:
        page, leaves = at_once.submit(html, article), at_once.submit(pdf, article)
        office, xml = at_once.submit(docx, article), at_once.submit(jats, article)
    return {
        "article.html": page.result(),
        "article.pdf": leaves.result(),
        "article.docx": office.result(),
        **xml.result(),
    }


def version() -> str:
    """Return the versions of what the embedded renderer is made of."""
    ran = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return f"{ran.stdout.splitlines()[0]}, Typst {importlib.metadata.version('typst')}"


def _keys(source: Source, folder: Path, epoch: int) -> set[str]:
    """Return the keys of the bibliography."""
    name = source.settings.get("bibliography")
    if name is None:
        return set()
    place = paths.shown(source.file.with_name(name))
    if not (folder / name).is_file():
        raise ArticleError(Fault(place, "there is no such bibliography", "Write it, or mend the setting."))
    try:
        works = pandoc(folder, epoch, (folder / name).read_text("utf-8"), "--to=csljson", form="biblatex")
    except ArticleError as error:
        raise ArticleError(Fault(place, f"this is not BibTeX ({error})", "Mend it.")) from None
    return {work["id"] for work in json.loads(works)}
