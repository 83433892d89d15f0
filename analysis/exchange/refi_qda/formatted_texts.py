"""The text of a formatted file (DOCX, ODT, RTF, PDF), where a project has no plain text of a source.

Programs count positions in the plain text that they made of such a file, which need not be this one. So it is used only
if it fits: every passage is within it, and where the names of passages quote words of it, they are at their places.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from xml.parsers import expat

from analysis.exchange import positions
from analysis.exchange.project import Selection, Source

SUFFIXES = (".docx", ".odt", ".rtf", ".pdf")
_LARGEST = 256 << 20  # bytes of the XML of a text, unpacked
_DIGITS = 3  # of the number of spaces that one element of ODT stands for
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"


class FormattedTextError(ValueError):
    """A formatted text that cannot be read."""


class _Tags(NamedTuple):
    """What elements of a kind of document mean: text, the ends of paragraphs, and what stands for a character."""

    member: str
    text: frozenset[str]
    ends: frozenset[str]
    characters: dict[str, str]
    unseen: frozenset[str]


_DOCX = _Tags(
    "word/document.xml",
    frozenset((f"{_WORD} t",)),
    frozenset((f"{_WORD} p",)),
    {f"{_WORD} tab": "\t", f"{_WORD} br": "\n", f"{_WORD} cr": "\n", f"{_WORD} noBreakHyphen": "-"},
    frozenset((f"{_COMPATIBLE} Fallback", f"{_WORD} pPr")),
)
_ODT = _Tags(
    "content.xml",
    frozenset((f"{_ODF} p", f"{_ODF} h")),
    frozenset((f"{_ODF} p", f"{_ODF} h")),
    {f"{_ODF} tab": "\t", f"{_ODF} line-break": "\n", f"{_ODF} s": " "},
    frozenset((f"{_OFFICE} annotation", f"{_ODF} tracked-changes", f"{_ODF} note")),
)


def is_formatted(name: str) -> bool:
    """Say whether a file is a formatted text, by its name."""
    return PurePosixPath(name).suffix.casefold() in SUFFIXES


def text_of(name: str, content: bytes) -> str:
    """Return the text of a formatted file, a line for each paragraph. Raises FormattedTextError if it has none."""
    suffix = PurePosixPath(name).suffix.casefold()
    try:
        if suffix in (".rtf", ".pdf"):
            text = _rtf(content) if suffix == ".rtf" else _pdf(content)
        else:
            text = _xml(content, _DOCX if suffix == ".docx" else _ODT)
        return text.encode("utf-8", "replace").decode()
    except (ValueError, KeyError, TypeError, IndexError, OSError, NotImplementedError, zipfile.BadZipFile) as fault:
        raise FormattedTextError(str(fault).rstrip(".")) from None


def _rtf(content: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(content.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, DependencyError) as fault:
        raise FormattedTextError(str(fault)) from None


def _xml(content: bytes, tags: _Tags) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo(tags.member).file_size > _LARGEST:
            raise FormattedTextError(f"it has more than {_LARGEST:,} bytes of text")
        document = archive.read(tags.member)
    pieces: list[str] = []
    depths = {"text": 0, "unseen": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        depths["unseen"] += name in tags.unseen
        depths["text"] += name in tags.text
        if name in tags.characters and not depths["unseen"]:
            times = attributes.get(f"{_ODF} c", "1")
            is_number = times.isdecimal() and len(times) <= _DIGITS
            pieces.append(tags.characters[name] * (int(times) if is_number else 1))

    def end(name: str) -> None:
        depths["text"] -= name in tags.text
        if name in tags.ends and not depths["unseen"]:
            pieces.append("\n")
        depths["unseen"] -= name in tags.unseen

    def characters(data: str) -> None:
        if depths["text"] and not depths["unseen"]:
            pieces.append(data)

    def refuse(*_: object) -> None:
        raise FormattedTextError("it has a document type, which no program writes")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, refuse
    try:
        parser.Parse(document, True)
    except expat.ExpatError as fault:
        raise FormattedTextError(str(fault)) from None
    return "".join(pieces).removesuffix("\n")


def fits(source: Source) -> bool | None:
    """Say whether the passages of a source fit its text; None where no name quotes words that could show it."""
    text = source.content or ""
    of_text = [one for one in source.selections if one.kind == "text"]
    if any(not 0 <= one.span[0] <= one.span[1] <= len(text) for one in of_text):
        return False
    quoting = list(_quoting(text, of_text))
    right = sum(positions.quotes(one.name, text[slice(*one.span)]) for one in quoting)
    return right > len(quoting) / 2 if quoting else None


def _quoting(text: str, selections: list[Selection]) -> Iterator[Selection]:
    """Yield the selections whose name quotes words that are somewhere in the text."""
    words = "".join(text.split())
    for one in selections:
        quoted = positions.quoted_in(one.name)
        if quoted and quoted in words:
            yield one
