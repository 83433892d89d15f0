"""Walking pandoc's document tree: nested lists and dictionaries, an element being a dictionary with a kind `t`."""

from collections.abc import Callable, Iterator
from typing import Any

Element = dict[str, Any]

PLACES = {"Header": 1, "CodeBlock": 0, "Code": 0, "Div": 0, "Span": 0, "Link": 0, "Image": 0, "Table": 0, "Figure": 0}


def elements(node: Any) -> Iterator[Element]:
    """Yield every element of a tree, outer before inner, in the order of the text."""
    waiting = [node]  # no recursion: through each level of it every element would be handed up
    while waiting:
        match waiting.pop():
            case list() as inner:
                waiting += reversed(inner)
            case dict() as outer:
                if "t" in outer:
                    yield outer
                waiting += reversed(outer.values())


def replaced(node: Any, change: Callable[[Element], Element | list[Element]]) -> Any:
    """Return a tree with every element changed, inner before outer; a list takes the place of one element."""
    if isinstance(node, list):
        whole: list[Any] = []
        for inner in node:
            new = replaced(inner, change)
            spliced = isinstance(new, list) and isinstance(inner, dict)
            whole += new if spliced else [new]
        return whole
    if isinstance(node, dict):
        inner = {key: replaced(value, change) for key, value in node.items()}
        return change(inner) if "t" in inner else inner
    return node


def text(node: Any) -> str:
    """Return the words of a tree, as they are read."""
    parts = []
    for element in elements(node):
        match element:
            case {"t": "Str", "c": words}:
                parts.append(words)
            case {"t": "Code" | "Math", "c": [_, words]}:
                parts.append(words)
            case {"t": "Space" | "SoftBreak" | "LineBreak"}:
                parts.append(" ")
    return "".join(parts)


def attributes(element: Element) -> list[Any]:
    """Return the attributes of an element that can have some: identifier, classes, pairs."""
    found: list[Any] = element["c"][PLACES[element["t"]]]
    return found


def string(words: str) -> Element:
    """Return text as one element; spaces in it are kept as they are."""
    return {"t": "Str", "c": words}


def raw(form: str, words: str, block: bool = False) -> Element:
    """Return text in the language of one format."""
    return {"t": "RawBlock" if block else "RawInline", "c": [form, words]}


def div(classes: list[str], blocks: list[Element], identifier: str = "", **pairs: str) -> Element:
    """Return a division."""
    return {"t": "Div", "c": [[identifier, classes, [[key, value] for key, value in pairs.items()]], blocks]}


def span(classes: list[str], inlines: list[Element], identifier: str = "") -> Element:
    """Return a piece of text with an identifier or classes."""
    return {"t": "Span", "c": [[identifier, classes, []], inlines]}
