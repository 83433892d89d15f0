"""The rendered article as a page of the site, whichever renderer made it, and its formats to download."""

import re
from collections.abc import Iterator
from pathlib import Path

from bs4.element import Tag

from analysis.site.html import imported_html
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import Fault

FOLDER = "article"
#: The formats by their endings, as the page names them.
FORMATS = {
    "pdf": "PDF, to print",
    "docx": "Word",
    "xml": "JATS XML, for archives",
    "html": "one web page with everything in it",
}
_DOWNLOAD = "power-in-co-production"
_PICTURES = "figure"
_TO_FORMAT = re.compile(rf"""(\shref\s*=\s*["']?(?:\./)?)article(?=\.(?:{"|".join(FORMATS)})\b)""".encode())


def as_markdown(evidence: Evidence, here: str, rendered: Path = paths.RENDERED_ARTICLE) -> str:
    """Return the article as Markdown of a page: title, downloads, abstract and text.

    Raises SiteError where it has not been rendered.
    """
    file = rendered / "article.html"
    soup = _parsed(file)
    title, subtitle = (_words(soup, name) for name in ("h1", ".subtitle"))
    body = imported_html.as_markdown(_body(soup, file), _PICTURES, Names(evidence, here), paths.shown(file))
    formats = " · ".join(f"[{label}]({_DOWNLOAD}.{ending})" for ending, label in FORMATS.items())
    return f"# {title}\n\n{subtitle}\n{{: .subtitle }}\n\nTake it with you: {formats}\n\n{body}"


def files(rendered: Path = paths.RENDERED_ARTICLE) -> Iterator[tuple[str, bytes]]:
    """Yield the formats and the pictures of the article: place and content."""
    for ending in FORMATS:
        content = _read(rendered / f"article.{ending}")
        yield f"{FOLDER}/{_DOWNLOAD}.{ending}", _renamed(content) if ending == "html" else content
    file = rendered / "article.html"
    for name, content in imported_html.pictures(_body(_parsed(file), file), _PICTURES, paths.shown(file)):
        yield f"{FOLDER}/{name}", content


def _renamed(page: bytes) -> bytes:
    """Return the web page with its links to the other formats, if it has any, under the names they have on the site.

    Quarto's page links to them in a box, "Other Formats", unless it is asked not to.
    """
    return _TO_FORMAT.sub(rf"\1{_DOWNLOAD}".encode(), page)


def _parsed(file: Path) -> Tag:
    try:
        return imported_html.parsed(_read(file).decode())
    except UnicodeDecodeError:
        raise SiteError(Fault(file, "is not text in UTF-8", "Render it again: 'nox -s paper'.")) from None


def _body(soup: Tag, file: Path) -> Tag:
    """Return the abstract and text of the article; Quarto has its abstract above the text, and a licence below."""
    main, abstract = soup.find("main"), soup.select_one(".abstract")
    if not isinstance(main, Tag) or abstract is None:
        raise SiteError(Fault(file, "has no text or no abstract", "Render it again: 'nox -s paper'."))
    abstract.extract()
    for aside in main.select("#title-block-header, #quarto-appendix, .quarto-alternate-formats"):
        aside.decompose()
    for head in abstract.select(".block-title"):
        head.name = "h2"
    abstract.name = "section"
    main.insert(0, abstract)
    return main


def _words(soup: Tag, selector: str) -> str:
    found = soup.select_one(selector)
    return found.get_text(" ", strip=True) if found else ""


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise SiteError(Fault(file, "the article has not been rendered", "Run 'nox -s paper'."))
    return file.read_bytes()
