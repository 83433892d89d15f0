"""The rendered article and its supplement as pages of the site, whichever renderer made them, and their formats."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bs4.element import Tag

from analysis.reanalysis import evidence_notes
from analysis.reanalysis.article_numbers import Reported
from analysis.site.html import imported_html
from analysis.site.html.naming import Names
from analysis.site.pages import article_notes
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.chart_fonts import without_font
from analysis.support.errors import Fault

FOLDER = "article"
#: The formats by their endings, as the page names them.
FORMATS = {
    ".pdf": "PDF, to print",
    ".docx": "Word",
    ".xml": "JATS XML, for archives",
    ".html": "one web page with everything in it",
}
#: What goes with them, where the cells were run for both renderers.
COMPANIONS = {
    ".ipynb": "the executed notebook",
    "-code.html": "what made its figures, tables and numbers",
    "-origins.csv": "the same as a table",
    "-meca.zip": "MECA, for journals",
}
ARTICLE, SUPPLEMENT = "article", "supplement"
#: What the names of their files begin with on the site, and those of their pages and pictures.
_DOWNLOADS = {ARTICLE: "power-in-co-production", SUPPLEMENT: "power-in-co-production-supplement"}
_PAGES = {ARTICLE: "index.html", SUPPLEMENT: "supplement.html"}
_PICTURES = {ARTICLE: "figure", SUPPLEMENT: "supplement-figure"}
#: What is seen in the figures of the article, in a sentence above each. A test holds them to the data.
_SEEN = {
    "fig-model": "In the article’s model, normative power is made from the other two kinds",
    "fig-concentration": "The three most quoted interviewees have {} of the passages from interviewees",
    "fig-stage-by-power": "As coded, structural power comes early and resource-enabled normative power late",
    "fig-steps": "No passage describes how resource power leads to initiation",
}
#: Formats of the article with links to the supplement in the same format, under the name that `nox -s paper` gives it.
_LINKED = (".pdf", ".docx")
_ENDINGS = "|".join(map(re.escape, FORMATS | COMPANIONS))
_TO_FILE = re.compile(
    rf"""(?P<before>\shref\s*=\s*["']?(?:\./)?)(?P<stem>{ARTICLE}|{SUPPLEMENT})(?P<ending>{_ENDINGS})\b"""
)


def article(evidence: Evidence, here: str, rendered: Path = paths.RENDERED_ARTICLE) -> str:
    """Return the article as Markdown of a page: title, downloads, the grid that follows the text, abstract and text.

    Raises SiteError where it has not been rendered.
    """
    return _as_markdown(evidence, here, rendered, ARTICLE, article_notes.grid(evidence, here))


def supplement(evidence: Evidence, here: str, rendered: Path = paths.RENDERED_ARTICLE) -> str:
    """Return the supplement as Markdown of a page, as `article` does."""
    return _as_markdown(evidence, here, rendered, SUPPLEMENT)


def _as_markdown(evidence: Evidence, here: str, rendered: Path, stem: str, beside: str = "") -> str:
    file = rendered / f"{stem}.html"
    soup = imported_html.parsed(_page(file, on_site=True))
    title, subtitle = (_words(soup, name) for name in ("h1", ".subtitle"))
    offered = {f"{_DOWNLOADS[stem]}{ending}": label for ending, label in _offered(rendered, stem).items()}
    there = {*offered, *_PAGES.values()}
    main = _body(soup, file)
    _lead_to_pages(main)
    if stem == ARTICLE:
        _title_figures(main, titles(evidence))
    body = imported_html.as_markdown(main, _PICTURES[stem], Names(evidence, here), paths.shown(file), there)
    links = " · ".join(f"[{label}]({name})" for name, label in offered.items())
    below = f"{subtitle}\n{{: .subtitle }}\n\n" if subtitle else ""
    return f"# {title}\n\n{below}Take it with you: {links}\n{{: .formats }}\n\n{beside}\n\n{body}"


def titles(evidence: Evidence) -> dict[str, str]:
    """Return for each figure of the article, by its identifier, a sentence on what is seen in it."""
    most = str(Reported(evidence).from_most_quoted(3))
    return {figure: title.format(most) for figure, title in _SEEN.items()}


def _title_figures(main: Tag, titles: Mapping[str, str]) -> None:
    for identifier, title in titles.items():
        if isinstance(figure := main.find(id=identifier), Tag):
            figure.insert(0, Tag(name="p", attrs={"class": "seen"}))
            figure.p.string = title  # type: ignore[union-attr]


def _lead_to_pages(main: Tag) -> None:
    """Take the notes away, with the links to them: here, keys lead to the pages of passages and claims."""
    for note in main.select(f"#{evidence_notes.SECTION}"):
        note.decompose()
    for key in main.select("a.key"):
        key.replace_with(key.get_text())
    main.smooth()


def files(rendered: Path = paths.RENDERED_ARTICLE) -> Iterator[tuple[str, bytes]]:
    """Yield the formats of article and supplement, what goes with them, and pictures: place and content."""
    for stem, download in _DOWNLOADS.items():
        for ending in _offered(rendered, stem):
            file = rendered / f"{stem}{ending}"
            yield f"{FOLDER}/{download}{ending}", _page(file).encode() if ending.endswith(".html") else _read(file)
            if stem == SUPPLEMENT and ending in _LINKED:
                yield f"{FOLDER}/{stem}{ending}", _read(file)
        file = rendered / f"{stem}.html"
        if imported_html.has_images(page := _page(file)):
            body = _body(imported_html.parsed(page), file)
            for name, content in imported_html.pictures(body, _PICTURES[stem], paths.shown(file)):
                yield f"{FOLDER}/{name}", content


def _offered(rendered: Path, stem: str) -> dict[str, str]:
    """Return the endings of what can be taken, with what the page calls it."""
    return FORMATS | {ending: label for ending, label in COMPANIONS.items() if (rendered / f"{stem}{ending}").is_file()}


def _page(file: Path, on_site: bool = False) -> str:
    """Return a web page with its links to other files of article and supplement under the names they have on the site.

    Captions lead to their code. Pages to take away lead to each other, and those of the site to pages of the site.
    Quarto's page links to the formats in a box, "Other Formats", unless asked not to.
    """

    def renamed(found: re.Match[str]) -> str:
        to_page = on_site and found["ending"] == ".html"
        name = _PAGES[found["stem"]] if to_page else f"{_DOWNLOADS[found['stem']]}{found['ending']}"
        return f"{found['before']}{name}"

    try:
        page = _read(file).decode()
    except UnicodeDecodeError:
        raise SiteError(Fault(file, "is not text in UTF-8", "Render it again: 'nox -s paper'.")) from None
    return _TO_FILE.sub(renamed, without_font(page) if on_site else page)


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
