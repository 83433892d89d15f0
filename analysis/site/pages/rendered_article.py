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
    ".pdf": "PDF, to print",
    ".docx": "Word",
    ".xml": "JATS XML, for archives",
    ".html": "one web page with everything in it",
}
#: What goes with them, where the cells of the article were run for both renderers.
COMPANIONS = {
    ".ipynb": "the executed notebook",
    "-code.html": "what made its figures, tables and numbers",
    "-origins.csv": "the same as a table",
    "-meca.zip": "MECA, for journals",
}
_DOWNLOAD = "power-in-co-production"
_PICTURES = "figure"
_ENDINGS = "|".join(map(re.escape, FORMATS | COMPANIONS))
_TO_FILE = re.compile(rf"""(\shref\s*=\s*["']?(?:\./)?)article(?=(?:{_ENDINGS})\b)""")


def as_markdown(evidence: Evidence, here: str, rendered: Path = paths.RENDERED_ARTICLE) -> str:
    """Return the article as Markdown of a page: title, downloads, abstract and text.

    Raises SiteError where it has not been rendered.
    """
    file = rendered / "article.html"
    soup = imported_html.parsed(_page(file))
    title, subtitle = (_words(soup, name) for name in ("h1", ".subtitle"))
    offered = {f"{_DOWNLOAD}{ending}": label for ending, label in _offered(rendered).items()}
    body = imported_html.as_markdown(_body(soup, file), _PICTURES, Names(evidence, here), paths.shown(file), offered)
    links = " · ".join(f"[{label}]({name})" for name, label in offered.items())
    return f"# {title}\n\n{subtitle}\n{{: .subtitle }}\n\nTake it with you: {links}\n\n{body}"


def files(rendered: Path = paths.RENDERED_ARTICLE) -> Iterator[tuple[str, bytes]]:
    """Yield the formats of the article, what goes with them, and its pictures: place and content."""
    for ending in _offered(rendered):
        file = rendered / f"article{ending}"
        yield f"{FOLDER}/{_DOWNLOAD}{ending}", _page(file).encode() if ending.endswith(".html") else _read(file)
    file = rendered / "article.html"
    body = _body(imported_html.parsed(_page(file)), file)
    for name, content in imported_html.pictures(body, _PICTURES, paths.shown(file)):
        yield f"{FOLDER}/{name}", content


def _offered(rendered: Path) -> dict[str, str]:
    """Return the endings of what can be taken, with what the page calls it."""
    return FORMATS | {
        ending: label for ending, label in COMPANIONS.items() if (rendered / f"article{ending}").is_file()
    }


def _page(file: Path) -> str:
    """Return a web page with its links to the other files of the article under the names they have on the site.

    Captions lead to their code. Quarto's page links to the formats in a box, "Other Formats", unless asked not to.
    """
    try:
        page = _read(file).decode()
    except UnicodeDecodeError:
        raise SiteError(Fault(file, "is not text in UTF-8", "Render it again: 'nox -s paper'.")) from None
    return _TO_FILE.sub(rf"\1{_DOWNLOAD}", page)


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
