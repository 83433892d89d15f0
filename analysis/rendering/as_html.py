"""The article as one web page: self-contained, accessible, light and dark."""

from html import escape
from pathlib import Path
from typing import Any

from analysis.rendering import tree
from analysis.rendering.formats import TEMPLATES, Article, as_metadata, is_callout, with_metadata, with_pictures, words
from analysis.rendering.tree import Element


def html(article: Article) -> str:
    """Return the page."""
    content = tree.replaced(with_pictures(article, "svg", marked=True), lambda element: _element(element, article))
    options = article.settings["format"]["html"]
    meta = content["meta"]
    content = with_metadata(
        content,
        pagetitle=words(tree.text(meta["title"])),
        front=as_metadata(article.front),
        **{"description-meta": words(tree.text(meta.get("abstract", [])))},
    )
    toc = ["--toc", f"--toc-depth={options['toc-depth']}"] if options["toc"] else []
    return page(article, content, *toc)


def page(article: Article, content: dict[str, Any], *options: str) -> str:
    """Return a document tree as a page in the look of the article."""
    return article.written(
        content,
        "html5",
        f"--template={TEMPLATES / 'article.html'}",
        f"--css={TEMPLATES / 'article.css'}",
        "--embed-resources",
        "--mathml",
        "--syntax-highlighting=none",
        "--section-divs",
        "--shift-heading-level-by=1",  # the title is the one heading of the first level
        *options,
    )


def _element(element: Element, article: Article) -> Element | list[Element]:
    match element:
        case {"t": "Table", "c": [[label, *_] as attributes, caption, columns, head, *rest]}:
            target = article.document.targets.get(label)
            name = target.name if target else tree.text(caption) or "Table"
            table = {"t": "Table", "c": [attributes, caption, columns, _scoped(head), *rest]}
            # A wide table scrolls by itself, and can be reached by keyboard to do so.
            return tree.div(["wide"], [table], tabindex="0", role="region", **{"aria-label": name})
        case {"t": "Span", "c": [[label, ["equation"], _], [math]]}:
            number = tree.span(["number"], [tree.string(f"({article.document.targets[label].number})")])
            return tree.span(["equation"], [math, number], label)
        case {"t": "CodeBlock", "c": [[identifier, [*classes], pairs], code]} if "cell-code" in classes:
            fold = dict(pairs).get("code-fold", article.settings["format"]["html"]["code-fold"])
            block = {"t": "CodeBlock", "c": [[identifier, classes, []], code]}
            return block if fold in (False, "false") else _folded(block, is_open=fold == "show")
        case {"t": "Image", "c": [_, alt, [file, _]]} if file.endswith(".svg"):
            return _inlined(article.folder / file, tree.text(alt)) or element
        case {"t": "Link", "c": [[identifier, classes, _], *rest]}:
            return {"t": "Link", "c": [[identifier, classes, []], *rest]}
        case {"t": "Div", "c": [[_, classes, _], [title, *blocks]]} if is_callout(element):
            pairs = {"role": "note", "aria-label": tree.text(title)}
            return tree.div(classes, [tree.div(["callout-title"], [title]), *blocks], **pairs)
    return element


def _inlined(file: Path, alt: str) -> Element | None:
    """Return a chart of `Figure.inlined` as a part of the page itself, where its links work; None for another SVG."""
    svg = file.read_text(encoding="utf-8")
    if 'class="drawn"' not in svg[: svg.index(">")]:
        return None
    role = "group" if "<a " in svg else "img"
    return tree.raw("html", svg.replace("<svg ", f'<svg role="{role}" aria-label="{escape(alt)}" ', 1))


def _folded(block: Element, is_open: bool) -> list[Element]:
    opening = f"<details{' open' if is_open else ''}><summary>Code</summary>"
    return [tree.raw("html", opening, block=True), block, tree.raw("html", "</details>", block=True)]


def _scoped(head: list[Any]) -> list[Any]:
    """Return the head of a table whose cells say that they are heads of columns."""
    attributes, rows = head
    scope = ["scope", "col"]
    return [
        attributes,
        [
            [row, [[[identifier, classes, [*pairs, scope]], *cell] for (identifier, classes, pairs), *cell in cells]]
            for row, cells in rows
        ],
    ]
