"""The embedded renderer: pandoc and Typst write the four formats."""

import importlib.metadata
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from analysis.rendering.as_docx import docx
from analysis.rendering.as_html import html
from analysis.rendering.as_jats import jats
from analysis.rendering.as_pdf import pdf
from analysis.rendering.formats import Article
from analysis.rendering.pandoc import program


def files(article: Article, tell: Callable[[str], None]) -> dict[str, str | bytes]:
    """Return the files of an article by their names."""
    tell(f"writing {article.stem} as HTML, PDF, DOCX and JATS")
    with ThreadPoolExecutor() as at_once:
        page, leaves = at_once.submit(html, article), at_once.submit(pdf, article)
        office, xml = at_once.submit(docx, article), at_once.submit(jats, article)
    return {
        f"{article.stem}.html": page.result(),
        f"{article.stem}.pdf": leaves.result(),
        f"{article.stem}.docx": office.result(),
        **xml.result(),
    }


def version() -> str:
    """Return the versions of what the embedded renderer is made of."""
    ran = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return f"{ran.stdout.splitlines()[0]}, Typst {importlib.metadata.version('typst')}"
