"""What made each figure, table and number of an article, as a page of its own that the article links to."""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from analysis.rendering import tree
from analysis.rendering.article_source import Cell
from analysis.rendering.as_html import page
from analysis.rendering.execution import ORIGIN
from analysis.rendering.formats import Article
from analysis.rendering.origin_map import Origin, Place, as_csv, origins
from analysis.rendering.tree import Element
from analysis.support import formatting

_NUMBERS = "numbers"
_MARK = re.compile(rf"""<span(?=[^>]* id="(?P<id>n\d+)")[^>]* class="{ORIGIN}"[^>]*>(?P<words>.*?)</span>""", re.DOTALL)


def name(article: Article) -> str:
    """Return what the page of code of a document is called."""
    return f"{article.stem}-code.html"


def notebook(article: Article) -> str:
    """Return what the executed notebook of a document is called."""
    return f"{article.stem}.ipynb"


def table(article: Article) -> str:
    """Return what the map of a document is called: the table of what the page shows."""
    return f"{article.stem}-origins.csv"


def with_origins(html: str, article: Article) -> dict[str, str]:
    """Return the files that show where things come from: the article's page with links, the page, the table."""
    found = origins(article)
    return {
        f"{article.stem}.html": with_links(html, article, found),
        name(article): code_page(article, found),
        table(article): as_csv(found),
    }


def code_page(article: Article, found: list[Origin]) -> str:
    """Return the page: the code of every cell with what it draws on, then every number, section by section."""
    meta = article.document.tree["meta"]
    title = f"What made “{tree.text(meta['title'])}”"
    made_by = {one.identifier: one for one in found}
    cells = [block for cell in _cells(article) for block in _section(cell, article, made_by)]
    content = article.document.tree | {
        "meta": {
            "lang": meta["lang"],
            "title": {"t": "MetaInlines", "c": [tree.string(title)]},
            "pagetitle": {"t": "MetaString", "c": title},
        },
        "blocks": [
            *_introduction(article),
            _heading("Figures, tables and other cells"),
            *cells,
            *_numbers(article, found),
        ],
    }
    return page(article, content)


def with_links(html: str, article: Article, found: list[Origin]) -> str:
    """Return the article's page, of either renderer, with a link in each caption of what a cell shows.

    And one on each number. By keyboard the first of each section is reached: where it leads, the others follow.
    """
    for label in filter(None, (_label(cell, article) for cell in _cells(article))):
        place, about = f"{name(article)}#{label}", f"Code of {_named(label, article)}"
        link = f' <a class="code-link" href="{place}" aria-label="{about}">Code</a>'
        before, mark, after = html.partition(f'id="{label}"')
        if caption := re.search("</(fig)?caption>", after):
            html = before + mark + after[: caption.start()] + link + after[caption.start() :]
    marked = _marked(article)
    sections = groupby((one for one in found if one.identifier in marked), key=lambda one: one.section)
    reached = {next(numbers).identifier for _, numbers in sections}
    return _MARK.sub(lambda mark: _as_link(mark["id"], mark["words"], article, mark["id"] in reached), html)


def _as_link(identifier: str, words: str, article: Article, reached: bool) -> str:
    """Return the link of a number; one behind names has no words, which would be copied with them, but a sign."""
    silent = "" if reached else ' tabindex="-1"'
    label = "" if words else ' aria-label="Origin"'
    return f'<a id="{identifier}" class="{ORIGIN}" href="{name(article)}#{identifier}"{silent}{label}>{words}</a>'


def _cells(article: Article) -> Iterator[Cell]:
    return (piece for piece in article.executed.source.pieces if isinstance(piece, Cell) and piece.code.strip())


def _label(cell: Cell, article: Article) -> str | None:
    """Return the label of what a cell shows, if it has a number in the article."""
    label = cell.options.get("label")
    return label if label in article.document.targets else None


def _named(label: str, article: Article) -> str:
    return article.document.targets[label].name


def _marked(article: Article) -> set[str]:
    """Return the identifiers of the numbers that are links in the article."""
    spans = (element for element in tree.elements(article.document.tree) if element["t"] == "Span")
    return {identifier for identifier, classes, _ in map(tree.attributes, spans) if ORIGIN in classes}


def _introduction(article: Article) -> list[Element]:
    numbers = "Here is what made each figure and table of the text, and "
    cells = (
        f"The cells of the {article.stem} are in the order in which they run, and each can use what those before it "
    )
    cells += "made. With what they give, they are in the "
    rest = "Tables of data are named by their place in the data package. The same is in "
    return [
        _paragraph(tree.string(numbers), _link("each number", f"#{_NUMBERS}"), tree.string(".")),
        _paragraph(tree.string(cells), _link("executed notebook", notebook(article)), tree.string(".")),
        _paragraph(tree.string(rest), _link("one table", table(article)), tree.string(".")),
    ]


def _section(cell: Cell, article: Article, made_by: dict[str, Origin]) -> list[Element]:
    """Return what the page says of a cell: a heading, the way back to the article, what it draws on, and the code."""
    code = {"t": "CodeBlock", "c": [["", ["python"], []], cell.code.strip("\n")]}
    if (label := _label(cell, article)) is None:
        words = str(cell.options.get("label", f"line {cell.line}"))
        return [_heading(f"Cell “{words}”" if "label" in cell.options else f"Cell of {words}", level=2), code]
    caption = str(cell.options.get("fig-cap") or cell.options.get("tbl-cap")).rstrip(".")
    back = _link(f"{_named(label, article)} in the {article.stem}", f"{article.stem}.html#{label}")
    origin = "".join(f"<p>{line}</p>" for line in _lines(made_by[label])) if label in made_by else ""
    return [
        _heading(_named(label, article), label, level=2),
        _paragraph(tree.string(f"{caption}. "), back),
        tree.raw("html", f'<div class="origin-of">{origin}</div>', block=True),
        code,
    ]


def _numbers(article: Article, found: list[Origin]) -> Iterator[Element]:
    """Yield every number with its origin, under the headings of the article."""
    numbers = [one for one in found if one.kind == "number"]
    if not numbers:
        return
    yield _heading("Numbers", _NUMBERS)
    marked = _marked(article)
    for section, ones in groupby(numbers, key=lambda one: one.section):
        yield _heading(section or "Before the first heading", level=2)
        listed = "".join(_entry(one, article, one.identifier in marked) for one in ones)
        yield tree.raw("html", f'<dl class="origins">{listed}</dl>', block=True)


def _entry(one: Origin, article: Article, linked: bool) -> str:
    shown = escape(one.shown)
    if linked:
        shown = f'<a href="{article.stem}.html#{one.identifier}">{shown}</a>'
    lines = "".join(f"<p>{line}</p>" for line in _lines(one))
    return f'<div id="{one.identifier}"><dt>{shown}</dt><dd>{lines}</dd></div>\n'


def _lines(one: Origin) -> Iterator[str]:
    """Yield what is known of an origin, as HTML: what it is, function, data, trace."""
    if one.meaning:
        yield escape(formatting.capitalize_first(one.meaning.removeprefix("Return ")))
    names = ", ".join(f"<code>{escape(name)}</code>" for name in one.functions)
    called = f"<code>{escape(one.expression)}</code>" if one.kind == "number" else ""
    yield "Made by " + ", called as ".join(part for part in (names, called) if part)
    if one.places:
        yield "Data: " + "; ".join(map(_in_words, one.places))
    if one.trace:
        yield f"Trace: <code>{escape(one.trace)}</code>"


def _in_words(place: Place) -> str:
    column = f", <code>{escape(place.column)}</code>" if place.column else ""
    chosen = ", ".join(f"{escape(key)} is {escape(' or '.join(values))}" for key, values in place.where)
    return f"<code>{escape(place.table)}</code>{column}{' where ' if chosen else ''}{chosen}"


def _paragraph(*inlines: Element) -> Element:
    return {"t": "Para", "c": [*inlines]}


def _link(words: str, target: str) -> Element:
    return {"t": "Link", "c": [["", [], []], [tree.string(words)], [target, ""]]}


def _heading(words: str, identifier: str = "", level: int = 1) -> Element:
    return {"t": "Header", "c": [level, [identifier, ["unnumbered"], []], [tree.string(words)]]}
