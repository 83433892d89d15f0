"""Numbers and references: sections, figures, tables and equations are counted, references to them resolved."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from analysis.rendering import tree
from analysis.rendering.article_source import OTHER_KINDS
from analysis.rendering.execution import Markdown
from analysis.rendering.tree import Element

NAMES = {"fig": "Figure", "tbl": "Table", "sec": "Section", "eq": "Equation"}
_LABEL = re.compile(r"^([A-Za-z]+)-(.+)$")
_DEFINE = "Give it a label, or correct the reference."


@dataclass(frozen=True)
class Target:
    """Something that can be referred to."""

    kind: str
    number: str

    @property
    def name(self) -> str:
        """Return what it is called, as `Figure 1`, with a space that does not break."""
        return f"{NAMES[self.kind]}\u00a0{self.number}"


@dataclass(frozen=True)
class Document:
    """An article as pandoc's tree, with every number in its place, and what can be referred to."""

    tree: dict[str, Any]
    targets: dict[str, Target]


def resolve(document: dict[str, Any], markdown: Markdown, keys: Collection[str]) -> Document:
    """Return the document with numbered captions and resolved references.

    `keys` are those of the bibliography. Raises ArticleError for a reference to nothing, a label given
    twice or to the wrong thing, and a caption, alternative text or number that is missing.
    """
    targets = _targets(document["blocks"], markdown)
    whole = tree.replaced(document, lambda element: _reference(element, targets, markdown, keys))
    whole = tree.replaced(whole, lambda element: _captioned(element, targets))
    return Document(whole, targets)


def _targets(blocks: list[Element], markdown: Markdown) -> dict[str, Target]:
    """Return everything with a label, numbered in the order of the text."""
    targets: dict[str, Target] = {}
    counts: Counter[str] = Counter()
    numbers = _section_numbers(blocks) if markdown.source.settings["number-sections"] else {}
    for kind, label, captioned in _labelled(blocks):
        place = rf"(#|label: *[\"']?){re.escape(label)}\b"
        prefix = label.split("-")[0]
        if label in targets:
            raise markdown.fault(place, f"the label '{label}' is given twice", "Labels have to differ.")
        if prefix in NAMES and prefix != kind:
            problem = f"the label '{label}' is on a {NAMES[kind].casefold()}"
            raise markdown.fault(place, problem, f"A {NAMES[kind].casefold()} has a label '{kind}-…'.")
        if prefix != kind:
            continue
        if not captioned:
            raise markdown.fault(place, f"'{label}' has no caption", "Whatever has a number has a caption.")
        counts[kind] += 1
        targets[label] = Target(kind, numbers.get(label, "") if kind == "sec" else str(counts[kind]))
    return targets


def _labelled(blocks: list[Element]) -> Iterator[tuple[str, str, bool]]:
    """Yield the kind, label and presence of a caption of everything that can be numbered."""
    for element in tree.elements(blocks):
        match element:
            case {"t": "Header", "c": [_, [label, _, _], _]} if label:
                yield "sec", label, True
            case {"t": "Figure", "c": [[label, _, _], [_, caption], _]} if label:
                yield "fig", label, bool(tree.text(caption).strip())
            case {"t": "Table", "c": [[label, _, _], [_, caption], *_]} if label:
                yield "tbl", label, bool(tree.text(caption).strip())
            case {"t": "Span", "c": [[label, ["equation"], _], _]}:
                yield "eq", label, True


def _section_numbers(blocks: list[Element]) -> dict[str, str]:
    """Return the numbers of numbered sections, as pandoc counts them."""
    numbers, count = {}, [0] * 6
    for element in tree.elements(blocks):
        if element["t"] == "Header" and "unnumbered" not in tree.attributes(element)[1]:
            level = element["c"][0]
            count[level - 1 :] = [count[level - 1] + 1, *[0] * (6 - level)]
            numbers[tree.attributes(element)[0]] = ".".join(map(str, count[:level]))
    return numbers


def _reference(
    element: Element, targets: dict[str, Target], markdown: Markdown, keys: Collection[str]
) -> Element | list[Element]:
    """Return links in the place of references to numbered things; citations stay, once their keys are known."""
    if element["t"] != "Cite":
        return element
    citations, _ = element["c"]
    ours = [_kind(citation["citationId"], keys) for citation in citations]
    place = rf"@{re.escape(citations[0]['citationId'])}\b"
    if not any(ours):
        for citation in citations:
            if citation["citationId"] not in keys:
                key = citation["citationId"]
                other = key.split("-")[0] in OTHER_KINDS and "-" in key
                problem = f"'@{key}' is {'a reference outside the subset' if other else 'in no bibliography'}"
                raise markdown.fault(
                    rf"@\{{?{re.escape(key)}", problem, "Add it to the bibliography, or correct the key."
                )
        return element
    if not all(ours) or any(c["citationPrefix"] or c["citationSuffix"] for c in citations):
        problem = "a reference together with a citation or other words in brackets"
        remedy = "Put a word between, or write them apart: Quarto would drop the citation."
        raise markdown.fault(place, problem, remedy)
    return _links(citations, targets, markdown)


def _kind(key: str, keys: Collection[str]) -> str | None:
    """Return the kind that a key refers to, or None for the key of a work."""
    found = _LABEL.match(key)
    if key in keys or not found:
        return None
    return found[1] if found[1].casefold() in NAMES else None


def _links(citations: list[dict[str, Any]], targets: dict[str, Target], markdown: Markdown) -> list[Element]:
    links: list[Element] = []
    for n, citation in enumerate(citations):
        key = citation["citationId"]
        label = key[0].casefold() + key[1:]
        place = rf"@{re.escape(key)}\b"
        if label not in targets:
            raise markdown.fault(place, f"'@{key}' refers to nothing", _DEFINE)
        target = targets[label]
        if not target.number:
            remedy = "Set 'number-sections: true' and number this section, or link to it: [words](#label)."
            raise markdown.fault(place, f"'@{key}' refers to a section without a number", remedy)
        text = target.number if citation["citationMode"]["t"] == "SuppressAuthor" else target.name
        links += [tree.string(","), {"t": "Space"}] if n else []
        links.append({"t": "Link", "c": [["", ["xref"], []], [tree.string(text)], [f"#{label}", ""]]})
    return links


def _captioned(element: Element, targets: dict[str, Target]) -> Element:
    """Return a figure or table whose caption begins with its number."""
    match element:
        case {"t": "Figure" | "Table" as kind, "c": [[label, *_] as attributes, [short, blocks], *rest]}:
            if label in targets:
                first, *others = blocks
                number = tree.span(["caption-label"], [tree.string(f"{targets[label].name}:")])
                numbered = first | {"c": [number, {"t": "Space"}, *first["c"]]}
                return {"t": kind, "c": [attributes, [short, [numbered, *others]], *rest]}
    return element
