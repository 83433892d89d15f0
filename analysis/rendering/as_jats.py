"""The article as JATS XML, of the archiving tag set, which asks for no journal."""

import re

from analysis.rendering import tree
from analysis.rendering.formats import (
    TEMPLATES,
    Article,
    as_metadata,
    is_callout,
    pictures,
    with_metadata,
    with_pictures,
)
from analysis.rendering.tree import Element


def jats(article: Article) -> dict[str, str | bytes]:
    """Return the XML file and the pictures it names."""
    content = with_pictures(article, "png")
    files = {name: (article.folder / name).read_bytes() for name in pictures(content)}
    content = with_metadata(tree.replaced(content, _element), front=as_metadata(article.front))
    xml = article.written(content, "jats_archiving+element_citations", f"--template={TEMPLATES / 'article.jats'}")
    return {f"{article.stem}.xml": _labelled(xml, article), **files}


def _element(element: Element) -> Element | list[Element]:
    match element:
        case {"t": "Span", "c": [[_, ["caption-label"], _], _]}:
            return []  # the number goes into a <label>
        case {
            "t": "Figure" | "Table" as kind,
            "c": [attributes, [short, [{"t": form, "c": [{"t": "Space"}, *text]}]], *rest],
        }:
            return {"t": kind, "c": [attributes, [short, [{"t": form, "c": text}]], *rest]}
        case {"t": "Link", "c": [[identifier, classes, _], words, [target, title]]} if kind := _kind(target):
            return {"t": "Link", "c": [[identifier, classes, [["ref-type", kind]]], words, [target, title]]}
        case {"t": "Div", "c": [_, [{"c": title}, *blocks]]} if is_callout(element):
            heading = {"t": "Para", "c": [{"t": "Strong", "c": title}]}
            return tree.div([], [heading, *blocks])
    return element


def _kind(target: str) -> str | None:
    """Return what a link within the article leads to, as JATS calls it."""
    label = re.match(r"#(fig|tbl|sec|eq)-", target)
    return {"tbl": "table", "eq": "disp-formula"}.get(label[1], label[1]) if label else None


def _labelled(xml: str, article: Article) -> str:
    """Return JATS in which what has a number says so in a label, and a table's identifier is on its wrap."""
    for label, target in article.document.targets.items():
        text = f"<label>{target.name}</label>"
        if target.kind == "fig":
            xml = xml.replace(f'<fig id="{label}">', f'<fig id="{label}">\n    {text}')
        elif target.kind == "tbl":
            before, after = xml.split(f'<table id="{label}"')
            above, caption = before.rsplit("<table-wrap>", 1)
            xml = f'{above}<table-wrap id="{label}">\n    {text}{caption}<table{after}'
        elif target.kind == "eq":
            content = rf'<named-content id="{label}" content-type="equation"><disp-formula>(.*?)</named-content>'
            numbered = rf'<disp-formula id="{label}"><label>({target.number})</label>\1'
            xml = re.sub(content, numbered, xml, flags=re.DOTALL)
    return xml
