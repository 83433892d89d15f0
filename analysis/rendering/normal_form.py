"""Bringing what can be written in several ways into one form: headings, callouts, tables, figures, equations."""

import json
import re
from typing import Any

from analysis.rendering import tree
from analysis.rendering.execution import Markdown
from analysis.rendering.tree import Element

# Of letters that are not about as wide as an "n", in bold Arial.
_WIDTHS = dict.fromkeys("fijlrtI.,:;'’", 0.6) | dict.fromkeys("mwMW%", 1.5)
CALLOUTS = {f"callout-{kind}": kind.capitalize() for kind in ("note", "tip", "warning", "important", "caution")}


def normal(document: dict[str, Any], markdown: Markdown) -> dict[str, Any]:
    """Return a document tree in the form that numbering and the writers take.

    The abstract is of paragraphs; headings begin at level 1; a callout is a division `callout` whose first part is
    its title; a table has its label, caption and widths on itself; the description of a figure's image is its
    alternative text; a numbered equation is a piece `equation` with its label. Raises ArticleError where that
    cannot be.
    """
    whole = tree.replaced(document, _callout)
    whole = whole | {"meta": _with_abstract(whole["meta"]), "blocks": _levelled(whole["blocks"], markdown)}
    whole = tree.replaced(whole, lambda element: _float(element, markdown))
    whole = tree.replaced(whole, _roomy)
    changed: dict[str, Any] = tree.replaced(whole, _equation)
    return changed


def _callout(element: Element) -> Element:
    """Return a callout with its title, which is its first heading or `title=`, else its kind."""
    match element:
        case {"t": "Div", "c": [[_, [kind], pairs], blocks]} if kind in CALLOUTS:
            match blocks:
                case [{"t": "Header", "c": [_, _, title]}, *rest]:
                    pass
                case rest:
                    title = [tree.string(dict(pairs).get("title", CALLOUTS[kind]))]
            return tree.div(["callout", kind], [{"t": "Plain", "c": title}, *rest])
    return element


def _with_abstract(meta: dict[str, Any]) -> dict[str, Any]:
    match meta.get("abstract"):
        case {"t": "MetaInlines", "c": inlines}:
            return meta | {"abstract": {"t": "MetaBlocks", "c": [{"t": "Para", "c": inlines}]}}
    return meta


def _levelled(blocks: list[Element], markdown: Markdown) -> list[Element]:
    """Return blocks whose highest headings are of level 1, whether the source begins with # or ##."""
    levels = [element["c"][0] for element in tree.elements(blocks) if element["t"] == "Header"]
    highest = min(levels, default=1)
    if highest > 2:
        raise markdown.fault(r"(?m)^#{3,}", "the highest heading is of level 3 or less", "Begin with # or ##.")

    def change(element: Element) -> Element:
        if element["t"] != "Header":
            return element
        level, *rest = element["c"]
        return {"t": "Header", "c": [level - highest + 1, *rest]}

    levelled: list[Element] = tree.replaced(blocks, change)
    return levelled


def _float(element: Element, markdown: Markdown) -> Element | list[Element]:
    """Return the table that a `tbl-` division holds, with its label and caption; divisions of cells dissolve."""
    match element:
        case {"t": "Div", "c": [[identifier, classes, pairs], blocks]} if identifier.startswith("tbl-"):
            return _table(identifier, dict(pairs), blocks, markdown)
        case {"t": "Div", "c": [[_, ["cell"], _], blocks]}:
            return list(blocks)
        case {"t": "Table", "c": [[identifier, classes, pairs], caption, columns, *rest]} if pairs:
            columns = _widths(columns, dict(pairs).get("tbl-colwidths"))
            return {"t": "Table", "c": [[identifier, classes, []], caption, columns, *rest]}
        case {"t": "Figure", "c": [attributes, caption, [{"t": "Plain", "c": [image]}]]}:
            return {"t": "Figure", "c": [attributes, caption, [{"t": "Plain", "c": [_described(image, markdown)]}]]}
    return element


def _table(label: str, pairs: dict[str, str], blocks: list[Element], markdown: Markdown) -> Element:
    place = rf"\b{re.escape(label)}\b"
    match blocks:
        case [{"t": "Table", "c": [[inner, classes, _], [_, own], columns, *rest]}, {"t": "Para", "c": caption}]:
            if inner or own:
                raise markdown.fault(place, f"'{label}' has two captions or labels", "Leave one of them out.")
            columns = _widths(columns, pairs.get("tbl-colwidths"))
            plain = [{"t": "Plain", "c": caption}]
            return {"t": "Table", "c": [[label, classes, []], [None, plain], columns, *rest]}
    remedy = "A cell with this label shows one table and nothing else, and has '#| tbl-cap'."
    raise markdown.fault(place, f"'{label}' is not one table with a caption", remedy)


def _widths(columns: list[Any], given: str | None) -> list[Any]:
    """Return columns with the widths that are given as percentages."""
    if given is None:
        return columns
    widths = json.loads(given)
    return [[align, {"t": "ColWidth", "c": width / 100}] for (align, _), width in zip(columns, widths, strict=True)]


def _described(image: Element, markdown: Markdown) -> Element:
    """Return a figure's image whose description is its `fig-alt` and no longer its caption."""
    (identifier, classes, pairs), _, target = image["c"]
    alt = dict(pairs).get("fig-alt", "").strip()
    if not alt:
        place = re.escape(target[0])
        raise markdown.fault(place, f"the figure {target[0]} has no alternative text", 'Give it fig-alt="…".')
    others = [pair for pair in pairs if pair[0] != "fig-alt"]
    return {"t": "Image", "c": [[identifier, classes, others], [tree.string(alt)], target]}


def _equation(element: Element) -> Element:
    """Return a paragraph in which displayed math followed by {#eq-…} has become a labelled piece."""
    if element["t"] not in ("Para", "Plain"):
        return element
    inlines: list[Element] = []
    for inline in element["c"]:
        label = re.match(r"\{#(eq-[^}\s]+)\}(.*)$", inline["c"]) if inline["t"] == "Str" else None
        if label and len(inlines) > 1 and inlines[-1]["t"] in ("Space", "SoftBreak") and inlines[-2]["t"] == "Math":
            inlines.pop()
            inlines.append(tree.span(["equation"], [inlines.pop()], label[1]))
            inlines += [tree.string(label[2])] if label[2] else []
        else:
            inlines.append(inline)
    return element | {"c": inlines}


def _roomy(element: Element) -> Element:
    """Return a table none of whose columns is narrower than its longest word, at the expense of the others."""
    if element["t"] != "Table":
        return element
    attributes, caption, columns, *rest = element["c"]
    given = [width.get("c") for _, width in columns]
    if None in given:
        return element
    least = [_least_width(rest, n) for n in range(len(given))]
    slack = [max(0.0, width - floor) for floor, width in zip(least, given, strict=True)]
    factor = max(0.0, min(1.0, (sum(given) - sum(least)) / sum(slack))) if any(slack) else 1.0
    widths = [floor + extra * factor for floor, extra in zip(least, slack, strict=True)]
    too_wide = max(1.0, sum(widths))
    columns = [
        [align, {"t": "ColWidth", "c": round(width / too_wide, 4)}]
        for (align, _), width in zip(columns, widths, strict=True)
    ]
    return {"t": "Table", "c": [attributes, caption, columns, *rest]}


def _least_width(parts: list[Any], column: int) -> float:
    """Return the share of a printed page's width that the longest word of a column takes, at most a quarter."""
    head, bodies, _ = parts
    rows = [*head[1], *(row for body in bodies for row in body[3])]
    cells = [cells[column][4] for _, cells in rows if len(cells) > column]
    longest = max((_letters(word) for cell in cells for word in re.split(r"[\s\-–/]", tree.text(cell))), default=0)
    return min(0.25, 0.022 + 0.011 * longest)


def _letters(word: str) -> float:
    """Return how many small letters of the usual width a word is as wide as."""
    return sum(_WIDTHS.get(letter, 1.3 if letter.isupper() else 1) for letter in word)
