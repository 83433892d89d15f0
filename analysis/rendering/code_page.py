"""The code behind each figure and table of an article, as a page of its own that the article links to."""

import re
from collections.abc import Iterator

from analysis.rendering import tree
from analysis.rendering.article_source import Cell
from analysis.rendering.as_html import page
from analysis.rendering.formats import Article
from analysis.rendering.tree import Element


def name(article: Article) -> str:
    """Return what the page of code of a document is called."""
    return f"{article.stem}-code.html"


def notebook(article: Article) -> str:
    """Return what the executed notebook of a document is called."""
    return f"{article.stem}.ipynb"


def code_page(article: Article) -> str:
    """Return the page: the code of every cell in its order, under the name of the figure or table that it shows."""
    meta = article.document.tree["meta"]
    title = f"Code of “{tree.text(meta['title'])}”"
    content = article.document.tree | {
        "meta": {
            "lang": meta["lang"],
            "title": {"t": "MetaInlines", "c": [tree.string(title)]},
            "pagetitle": {"t": "MetaString", "c": title},
        },
        "blocks": [_introduction(article), *(block for cell in _cells(article) for block in _section(cell, article))],
    }
    return page(article, content)


def with_links(html: str, article: Article) -> str:
    """Return the article's page, of either renderer, with a link to its code in each caption of what a cell shows."""
    for label in filter(None, (_label(cell, article) for cell in _cells(article))):
        place, about = f"{name(article)}#{label}", f"Code of {_named(label, article)}"
        link = f' <a class="code-link" href="{place}" aria-label="{about}">Code</a>'
        before, mark, after = html.partition(f'id="{label}"')
        if caption := re.search("</(fig)?caption>", after):
            html = before + mark + after[: caption.start()] + link + after[caption.start() :]
    return html


def _cells(article: Article) -> Iterator[Cell]:
    return (piece for piece in article.executed.source.pieces if isinstance(piece, Cell) and piece.code.strip())


def _label(cell: Cell, article: Article) -> str | None:
    """Return the label of what a cell shows, if it has a number in the article."""
    label = cell.options.get("label")
    return label if label in article.document.targets else None


def _named(label: str, article: Article) -> str:
    return article.document.targets[label].name


def _introduction(article: Article) -> Element:
    words = f"These are the {article.stem}’s cells, in the order in which they run. Each can use what those before "
    words += "it made. With what they give, they are in the "
    return {"t": "Para", "c": [tree.string(words), _link("executed notebook", notebook(article)), tree.string(".")]}


def _section(cell: Cell, article: Article) -> list[Element]:
    """Return what the page says of a cell: a heading, the way back to the article, and the code."""
    code = {"t": "CodeBlock", "c": [["", ["python"], []], cell.code.strip("\n")]}
    if (label := _label(cell, article)) is None:
        words = str(cell.options.get("label", f"line {cell.line}"))
        return [_heading(f"Cell “{words}”" if "label" in cell.options else f"Cell of {words}"), code]
    caption = str(cell.options.get("fig-cap") or cell.options.get("tbl-cap")).rstrip(".")
    back = _link(f"{_named(label, article)} in the {article.stem}", f"{article.stem}.html#{label}")
    return [_heading(_named(label, article), label), {"t": "Para", "c": [tree.string(f"{caption}. "), back]}, code]


def _link(words: str, target: str) -> Element:
    return {"t": "Link", "c": [["", [], []], [tree.string(words)], [target, ""]]}


def _heading(words: str, identifier: str = "") -> Element:
    return {"t": "Header", "c": [1, [identifier, ["unnumbered"], []], [tree.string(words)]]}
