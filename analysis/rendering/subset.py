"""Parsing an article, and refusing what is outside the supported subset of Quarto Markdown."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.rendering import tree
from analysis.rendering.article_source import OTHER_KINDS
from analysis.rendering.execution import ORIGIN, Markdown
from analysis.rendering.normal_form import CALLOUTS
from analysis.rendering.pandoc import pandoc
from analysis.rendering.render_error import ArticleError
from analysis.rendering.tree import Element
from analysis.rendering.two_documents import leads_to_the_other
from analysis.support import strict_json

NOTE = "note-"  # before the key that is the identifier of a note, as in evidence-notes.lua
REMEDY = "The docstring of analysis/rendering describes the supported subset."
_ALONE = "Write ![caption](figures/name){#fig-name} in a paragraph of its own."
# What pandoc has to know of the settings; the rest is dealt with elsewhere.
METADATA = {"title", "subtitle", "abstract", "keywords", "lang", "license", "bibliography", "csl"}
METADATA |= {"link-citations", "number-sections"}
# Classes and attributes that an element may have.
CLASSES = {"Header": {"unnumbered", "unlisted"}, "Span": {"smallcaps", "underline", ORIGIN}, "Div": {*CALLOUTS, "cell"}}
PAIRS = {
    "Image": {"fig-alt"},
    "CodeBlock": {"code-fold"},
    "Table": {"tbl-colwidths"},
    "Div": {"title", "tbl-colwidths"},
}

Refusal = tuple[str, str, str]  # a pattern that finds the place, the problem, the remedy


def parsed(markdown: Markdown, folder: Path, epoch: int) -> dict[str, Any]:
    """Return an article as pandoc's tree, without comments; raises ArticleError for what is outside the subset."""
    metadata = {key: value for key, value in markdown.source.settings.items() if key in METADATA}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    try:
        written = pandoc(folder, epoch, markdown.text, "--to=json", "--metadata-file=metadata.json")
    except ArticleError as error:  # say, a division that is not closed
        place = re.search(r"line (\d+)", str(error))
        line = markdown.lines[int(place[1]) - 1] if place else 1
        raise markdown.source.fault(line, str(error), "Correct the Markdown there.") from None
    try:
        found = strict_json.parsed(written)
    except json.JSONDecodeError as error:
        problem = f"too many lists, quotations or brackets are within each other ({error.msg} in pandoc's tree)"
        raise markdown.source.fault(1, problem, "Take some of them out of the others.") from None
    document: dict[str, Any] = tree.replaced(found, _without_comment)
    refusals = [
        *_in_text(markdown),
        *(found for element in tree.elements(document) for found in _in_element(element, markdown.source.file)),
        *_dangling(document),
        *_unknown_keys(document),
    ]
    if refusals:
        raise ArticleError(*(fault for refusal in refusals for fault in markdown.fault(*refusal).faults))
    return document


def _without_comment(element: Element) -> Element | list[Element]:
    if element["t"] in ("RawBlock", "RawInline"):
        form, text = element["c"]
        if form == "html" and re.fullmatch(r"(\s*<!--.*?-->\s*)+", text, re.DOTALL):
            return []
    return element


def _in_text(markdown: Markdown) -> Iterator[Refusal]:
    for found in re.finditer(r"\{\{<.*?>\}\}", markdown.text):
        yield re.escape(found[0]), f"the shortcode {found[0]} is outside the subset", REMEDY


def _in_element(element: Element, file: Path) -> Iterator[Refusal]:
    """Yield what is refused of one element of the document `file`."""
    match element:
        case {"t": "RawBlock" | "RawInline", "c": [form, text]}:
            first = text.strip().split("\n")[0]
            yield re.escape(first), f"raw {form.upper()} ({first}) is outside the subset", "Write it in Markdown."
        case {"t": "OrderedList", "c": [[_, {"t": "Example"}, _], _]}:
            problem = "a paragraph that begins with a reference and a full stop"
            yield r"(?m)^\(?@[\w-]*[.)]", problem, "Put a word first."
        case {"t": "Str", "c": text} if found := re.search(r"\[\^[^\]]+\]", text):
            yield re.escape(found[0]), f"the footnote {found[0]} has no text", "Write it, or correct its name."
        case {"t": "Str", "c": text} if "{#" in text and not text.startswith("{#eq-"):
            yield re.escape(text), f"the label {text} is not on anything", "Write it right after what it labels."
        case {"t": "Code", "c": [_, text]} if text.startswith("{python}"):
            yield re.escape(text), "an inline expression that is not run", "Front matter and options take none."
        case {"t": "CodeBlock", "c": [_, text]} if found := re.search(r"(?m)(#|//|--)\s*<\d+>\s*$", text):
            yield re.escape(found[0]), "an annotation of code is outside the subset", REMEDY
        case {"t": "Image", "c": [_, _, [target, _]]} if re.match(r"[a-z]+:|/", target):
            yield re.escape(target), f"the picture {target} is not a file of the article", "Save it beside the article."
        case {"t": "Link", "c": [_, _, [target, _]]} if not re.match(r"https?://|mailto:|#", target):
            if not leads_to_the_other(target, file):
                problem = f"the link to {target} leads nowhere from the outputs"
                yield re.escape(target), problem, "Link to a web address."
    if element["t"] in tree.PLACES:
        yield from _in_attributes(element)


def _in_attributes(element: Element) -> Iterator[Refusal]:
    """Yield identifiers, classes and attributes that are refused."""
    kind = element["t"]
    identifier, classes, pairs = tree.attributes(element)
    place = rf"#{re.escape(identifier)}\b"
    # A heading's identifier may come from its words: `tip-of-the-iceberg` is no label.
    if kind != "Header" and identifier.split("-")[0] in OTHER_KINDS and "-" in identifier:
        yield place, f"the label '{identifier}' is of a kind outside the subset", REMEDY
    if kind == "Div" and identifier.startswith(("fig-", "sec-", "eq-")):
        yield place, f"a division with the label '{identifier}' is outside the subset", "Label the thing itself."
    if kind == "Div" and identifier and set(classes) & CALLOUTS.keys():
        yield place, f"the label '{identifier}' on a callout is outside the subset", REMEDY
    if kind == "Image" and identifier.startswith(("fig-", "tbl-")):
        yield place, f"'{identifier}' has no caption, or is in a paragraph with words", _ALONE
    # A block of code names its language by a class.
    refused = set() if kind in ("Code", "CodeBlock") else set(classes) - CLASSES.get(kind, set())
    there = f"on a {kind.casefold()} is outside the subset"
    for name in sorted(refused, key=classes.index):
        yield rf"(\.|:::\s*){re.escape(name)}\b", f"the class .{name} {there}", REMEDY
    for key in (key for key, _ in pairs if key not in PAIRS.get(kind, set())):
        yield rf"\b{re.escape(key)}\s*=", f"the attribute '{key}' {there}", REMEDY


def _dangling(document: dict[str, Any]) -> Iterator[Refusal]:
    """Yield links to places that are not there."""
    places = {tree.attributes(element)[0] for element in tree.elements(document) if element["t"] in tree.PLACES}
    labels = re.findall(r"\{#(eq-[^}\s]+)\}", tree.text(document))
    for element in tree.elements(document):
        match element:
            case {"t": "Link", "c": [_, _, [target, _]]} if target.startswith("#"):
                if target[1:] not in places | set(labels):
                    yield rf"\({re.escape(target)}\)", f"the link to {target} leads nowhere", "Correct the link."


def _unknown_keys(document: dict[str, Any]) -> Iterator[Refusal]:
    """Yield words that look like keys of notes (one of their letters, two digits or more) and have none."""
    identifiers = (tree.attributes(element)[0] for element in tree.elements(document) if element["t"] == "Div")
    keys = {identifier.removeprefix(NOTE) for identifier in identifiers if identifier.startswith(NOTE)}
    if not keys:
        return
    shape = re.compile(rf"\b[{''.join(sorted({key[0] for key in keys}))}][0-9]{{2,}}\b")
    for key in sorted(set(shape.findall(" ".join(_words(document)))) - keys):
        yield rf"\b{key}\b", f"{key} is the key of no passage or claim", "Correct it, or write it as code: `like this`."


def _words(node: Any) -> Iterator[str]:
    """Yield the words of a tree outside links, citations and code."""
    match node:
        case {"t": "Str", "c": str() as words}:
            yield words
        case {"t": "Link" | "Cite"}:
            return
        case dict():
            yield from (words for inner in node.values() for words in _words(inner))
        case list():
            yield from (words for inner in node for words in _words(inner))
