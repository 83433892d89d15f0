"""The text of a reader's own copy of the article: a text file, a saved web page, or a PDF."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from analysis.support import safe_files
from analysis.support.errors import CompendiumError, Fault, unreadable

# A hyphen at the end of a line may divide a word or belong to it; a soft one always divides.
_SOFT = "\u00ad"
_HYPHEN_AT_LINE_END = re.compile(r"(?<=\w)([-\u00ad\u2010\u2011])\s*\n\s*(?=(\w+))")
_COMPOUND = re.compile(r"\w+(?:[-\u2010\u2011]\w+)*")
_LONGEST_WORD = 100
#: Elements of HTML that are on lines of their own.
BLOCKS = [
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
]  # fmt: skip


class CopyError(CompendiumError):
    """A file that cannot be read as a copy of the article."""


def texts(file: Path) -> list[str]:
    """Return the text of a copy, in each way in which it can be read.

    Such a copy as a PDF, or a text wrapped like one, may have up to three texts: with lines joined where the rest of
    the text does not write the word with a hyphen, with all of them joined, and as it is. Raises CopyError for a file
    that is missing, empty, in another encoding, or an encrypted or damaged PDF.
    """
    try:
        content = safe_files.content(file)
    except FileNotFoundError:
        raise CopyError(Fault(file, "there is no such file", "Give the path of a copy.")) from None
    except OSError as fault:
        raise CopyError(unreadable(file, fault)) from None
    if not content.strip():
        raise CopyError(Fault(file, "the file is empty", "Give a complete copy of the article."))
    if content.lstrip()[:5] == b"%PDF-":
        text = _pdf_text(file)
    elif file.suffix.lower() in (".html", ".htm", ".xhtml") or re.match(rb"\s*<(!doctype html|html)", content, re.I):
        text = _html_text(content)
    else:
        text = _plain_text(file, content)
    readings = (_divides(text), lambda _: True, lambda hyphen: hyphen[1] == _SOFT)
    return list(dict.fromkeys(_joined(text, divides) for divides in readings))


def _divides(text: str) -> Callable[[re.Match[str]], bool]:
    """Return what tells whether a hyphen divides a word: unless the text has it with one inside a line, more often."""
    counts: Counter[str] = Counter()
    for word in _COMPOUND.findall(text):
        parts = re.split(r"[-\u2010\u2011]", word.lower())
        counts.update(map("-".join, pairwise(parts)))
        if len(parts) == 1:
            counts.update(parts)

    def divides(hyphen: re.Match[str]) -> bool:
        before = re.search(r"\w+\Z", text[max(0, hyphen.start() - _LONGEST_WORD) : hyphen.start()])
        one, after = before[0].lower() if before else "", hyphen[2].lower()
        return hyphen[1] == _SOFT or counts[f"{one}-{after}"] <= counts[one + after]

    return divides


def _joined(text: str, divides: Callable[[re.Match[str]], bool]) -> str:
    """Return a text with those of its lines joined whose hyphen divides a word."""
    return _HYPHEN_AT_LINE_END.sub(lambda hyphen: "" if divides(hyphen) else hyphen[0], text)


def _plain_text(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = "the file is not UTF-8 text"
        raise CopyError(Fault(file, problem, "Save the copy as UTF-8 text, HTML or PDF.")) from None


def _html_text(content: bytes) -> str:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(content, "html.parser")  # finds the encoding itself
    for hidden in page(["script", "style", "noscript", "template"]):
        hidden.decompose()
    # Inline markup must not split a word, block markup must not join two.
    for block in page(BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    return page.get_text()


def _pdf_text(file: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise CopyError(_encrypted(file))
        pages = [page.extract_text() for page in reader.pages]
    except DependencyError:  # newer encryption is not even opened
        raise CopyError(_encrypted(file)) from None
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, OSError, NotImplementedError) as fault:
        remedy = "Download it again, or save the page as HTML."
        raise CopyError(Fault(file, f"the PDF cannot be read ({fault})", remedy)) from None
    return "\n".join(_without_furniture([page.splitlines() for page in pages]))


def _encrypted(file: Path) -> Fault:
    return Fault(file, "the PDF is encrypted", "Print or save it as a PDF without a password first.")


def _without_furniture(pages: list[list[str]]) -> list[str]:
    """Drop running heads and feet: lines at the edges that, apart from digits, recur on at least half of the pages."""

    def edges(lines: list[str]) -> set[int]:
        return set(range(min(2, len(lines)))) | set(range(max(0, len(lines) - 2), len(lines)))

    def masked(line: str) -> str:
        return re.sub(r"\d+", "#", line).strip()

    recurring = Counter(key for lines in pages for key in {masked(lines[place]) for place in edges(lines)})
    furniture = {key for key, pages_with_it in recurring.items() if pages_with_it >= max(2, len(pages) / 2)}
    return [
        line
        for lines in pages
        for place, line in enumerate(lines)
        if place not in edges(lines) or masked(line) not in furniture
    ]
