"""Reading a tagged PDF as a screen reader does: its logical structure as a tree, with text and alternative texts."""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from lxml import etree
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, ContentStream, DictionaryObject, TextStringObject

Marked = dict[
    tuple[int, int], str
]  # the text of each piece of marked content, by object number of its page and its own


def structure(file: Path) -> Any:
    """Return the logical structure of a PDF; the empty tree `Untagged` where it has none.

    Elements are named after the structure types. They carry `alt`, `scope` (of header cells) and, on links,
    `target` ("page 3", or "nowhere") or `address`.
    """
    return _structure(file.read_bytes())


@lru_cache(maxsize=4)  # several checks look at a file, and none changes the tree
def _structure(content: bytes) -> Any:
    reader = PdfReader(io.BytesIO(content))
    root = reader.root_object.get("/StructTreeRoot")
    tree = etree.Element("Untagged")
    if root is None:
        return tree
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1) if page.indirect_reference}
    marked: Marked = {}
    for idnum, n in pages.items():
        for piece, text in _marked(reader.pages[n - 1]):
            marked[idnum, piece] = marked.get((idnum, piece), "") + text
    _Growing(reader, pages, marked).grow(tree, root.get_object()["/K"], 0)
    return tree[0]


class _Growing:
    """What is needed to follow the structure of one file."""

    def __init__(self, reader: PdfReader, pages: dict[int, int], marked: Marked) -> None:
        self.reader, self.pages, self.marked = reader, pages, marked

    def grow(self, parent: Any, kid: Any, page: int) -> None:
        """Add a kid of a structure element, or a list of them, to the tree; `page` is inherited."""
        kid = kid.get_object()
        if isinstance(kid, list):
            for one in kid:
                self.grow(parent, one, page)
        elif isinstance(kid, int):
            _append(parent, self.marked.get((page, int(kid)), ""))
        else:
            page = kid.raw_get("/Pg").idnum if "/Pg" in kid else page
            if kid.get("/Type") == "/OBJR":
                self.point(parent, kid["/Obj"])
            elif kid.get("/Type") == "/MCR":
                _append(parent, self.marked.get((page, int(kid["/MCID"])), ""))
            else:
                self.grow(_element(parent, kid), kid.get("/K", ArrayObject()), page)

    def point(self, link: Any, annotation: Any) -> None:
        """Say where a link leads."""
        action = annotation.get("/A", {})
        if "/URI" in action:
            link.set("address", str(action["/URI"]))
            return
        place = annotation.get("/Dest", action.get("/D"))
        named = self.reader.named_destinations
        if isinstance(place, str):
            found = named[place].page if place in named else None
        else:
            found = place[0] if place else None
        number = self.pages.get(getattr(found, "idnum", -1))
        link.set("target", f"page {number}" if number else "nowhere")


def _element(parent: Any, kid: Any) -> Any:
    element = etree.SubElement(parent, str(kid["/S"]).lstrip("/"))
    if "/Alt" in kid:
        element.set("alt", str(kid["/Alt"]))
    given = kid.get("/A", [])
    for attributes in given if isinstance(given, list) else [given]:
        if "/Scope" in attributes.get_object():
            element.set("scope", str(attributes.get_object()["/Scope"]).lstrip("/"))
    return element


def _append(element: Any, text: str) -> None:
    """Add text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _marked(page: PageObject) -> Iterator[tuple[int, str]]:
    """Yield number and text of the pieces of marked content of a page, in the order in which they are shown."""
    fonts = {
        name: _letters(font.get_object())
        for name, font in cast(DictionaryObject, page["/Resources"]).get("/Font", {}).items()
    }
    letters: dict[bytes, str] = {}
    outer: list[Any] = []  # pieces around the innermost open one
    piece, replaced = None, 0  # that one, and the depth of a replacing text
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if operator == b"BDC" and isinstance(operands[1], dict) else {}
            outer.append(piece)
            piece = properties.get("/MCID", piece)
            if "/ActualText" in properties and not replaced:
                replaced = len(outer)
                if piece is not None:
                    yield int(piece), str(properties["/ActualText"])
        elif operator == b"EMC":
            replaced = 0 if replaced == len(outer) else replaced
            piece = outer.pop()
        elif operator == b"Tf":
            letters = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ") and piece is not None and not replaced:
            yield int(piece), _shown(operands[0], letters)


def _shown(operand: Any, letters: dict[bytes, str]) -> str:
    """Return the text that an operator shows; a glyph that stands for no letter is told as such."""
    parts = operand if isinstance(operand, list) else [operand]
    strings = [part.original_bytes for part in parts if isinstance(part, TextStringObject | ByteStringObject)]
    return "".join(letters.get(code[n : n + 2], "\ufffd") for code in strings for n in range(0, len(code), 2))


def _letters(font: Any) -> dict[bytes, str]:
    """Return what each glyph of a font (two bytes) stands for, as typst writes it: one by one."""
    table = font["/ToUnicode"].get_object().get_data().decode("latin-1") if "/ToUnicode" in font else ""
    return {
        bytes.fromhex(code): bytes.fromhex(letters).decode("utf-16-be")
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S)
        for code, letters in re.findall(r"<(\w+)>\s*<(\w+)>", block)
    }
