"""The article as a PDF for print, set by Typst."""

import re
from typing import Any

from analysis.rendering import tree, typst_documents
from analysis.rendering.formats import (
    TEMPLATES,
    Article,
    as_metadata,
    is_callout,
    several,
    with_metadata,
    with_pictures,
)
from analysis.rendering.front_matter import as_list
from analysis.rendering.tree import Element
from analysis.rendering.typst_documents import TypesettingError
from analysis.rendering.typst_markup import quoted

# What Typst would take for a heading or a list at the start of a block.
_MARKUP = re.compile(r"^(=+|-|\+|/|\d+\.)$")
_CORRECT = "Correct what it names, in the article or in analysis/rendering/templates/article.typ."


def pdf(article: Article) -> bytes:
    """Return the PDF; raises ArticleError for what Typst warns of."""
    file = article.folder / "article.typ"
    file.write_text(source(article), encoding="utf-8")
    try:
        return typst_documents.pdf(file, article.epoch)
    except TypesettingError as fault:
        raise article.error(str(fault), _CORRECT) from None


def source(article: Article) -> str:
    """Return the article in the language of Typst."""
    content = tree.replaced(with_pictures(article, "svg"), lambda element: _element(element, article))
    margin = article.settings["format"]["typst"]["margin"]
    front = article.front
    content = with_metadata(
        content,
        front=as_metadata(front, _string),
        **{
            "author-strings": several([_string(author["name"]) for author in front["byline"]]),
            "keyword-strings": several([_string(word) for word in as_list(article.settings.get("keywords"))]),
            "running-title": _string(tree.text(content["meta"]["title"])),
            "margin-x": _verbatim(margin["x"]),
            "margin-y": _verbatim(margin["y"]),
        },
    )
    written = article.written(content, "typst-citations-smart", f"--template={TEMPLATES / 'article.typ'}")
    # Under its caption, which begins at the margin.
    return written.replace("align(center)[#table(", "align(left)[#table(")


def _verbatim(text: str) -> dict[str, Any]:
    return {"t": "MetaInlines", "c": [tree.raw("typst", text)]}


def _string(text: str) -> dict[str, Any]:
    return _verbatim(quoted(text))


def _element(element: Element, article: Article) -> Element | list[Element]:
    match element:
        case {"t": "Plain" | "Para", "c": inlines}:
            return element | {"c": _unmistaken(inlines)}
        case {"t": "Image", "c": [_, alt, [file, _]]}:
            # Written out, because pandoc leaves the alternative text behind.
            return tree.raw("typst", f"#box(image({quoted(file)}, alt: {quoted(tree.text(alt))}))")
        case {"t": "Math", "c": [_, tex]}:
            opening = f"#formula({quoted(tex.strip())})["
            return tree.span(["formula"], [tree.raw("typst", opening), element, tree.raw("typst", "]")])
        case {"t": "Span", "c": [[label, ["equation"], _], formula]}:
            number = article.document.targets[label].number
            return [
                tree.raw("typst", f"#numbered([({number})])["),
                *formula,
                tree.raw("typst", f"] <{label}>"),
            ]
        case {"t": "Span", "c": [[_, ["caption-label"], _], label]}:
            return {"t": "Strong", "c": label}
        case {"t": "Div", "c": [_, [title, *blocks]]} if is_callout(element):
            signs = ("#note-box[", "][", "]")
            start, middle, end = (tree.raw("typst", sign, block=True) for sign in signs)
            return [start, title, middle, *blocks, end]
    return element


def _unmistaken(inlines: list[Element]) -> list[Element]:
    """Return a line's words so that its first is never taken for the mark of a heading or a list."""
    starts = [n for n in range(len(inlines)) if n == 0 or inlines[n - 1]["t"] == "LineBreak"]
    return [
        tree.raw("typst", f"\\{inline['c']}")
        if n in starts and inline["t"] == "Str" and _MARKUP.match(inline["c"])
        else inline
        for n, inline in enumerate(inlines)
    ]
