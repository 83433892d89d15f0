"""The text of HTML, and the place in it of each byte that Taguette counts.

Taguette counts the bytes of a document's text in UTF-8, without tags. A reader of plain text needs line breaks where
blocks end, which Taguette does not count; so the start of each piece is stored in both counts. A line break of the HTML
within a paragraph becomes a space.
"""

import re
from bisect import bisect_left, bisect_right
from html.parser import HTMLParser

from analysis.wording.copies import BLOCKS

_BLOCKS = frozenset(BLOCKS)
_UNSEEN = frozenset(("script", "style", "template", "title"))
_LINE_ENDS = re.compile(r"\r\n?")
_SPACE = " \t\n\f"  # in HTML


class MarkedText(HTMLParser):
    """The text of a piece of HTML; nothing in it is executed, followed or fetched."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._starts: list[tuple[int, int]] = [(0, 0)]  # of each piece: bytes as Taguette counts, and code points
        self._contents: list[str] = []
        self.size = self._length = 0  # bytes as Taguette counts, and code points
        self._in_new_block = self._after_pre = False
        self._unseen = self._in_pre = 0
        self.feed(_LINE_ENDS.sub("\n", html))
        self.close()
        self.text = "".join(self._pieces)
        self._bytes = [counted for counted, _ in self._starts[1:]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Start an element."""
        self._in_new_block = self._in_new_block or tag in _BLOCKS
        self._after_pre = tag == "pre"
        self._in_pre += tag == "pre"
        self._unseen += tag in _UNSEEN

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an empty element, such as a line break."""
        self.handle_starttag(tag, attrs)
        self._unseen -= tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        self._in_new_block = self._in_new_block or tag in _BLOCKS
        self._in_pre -= tag == "pre" and self._in_pre > 0
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        if self._unseen:
            return
        if self._after_pre and data.startswith("\n"):
            data = data[1:]  # as every browser does
        self._after_pre = False
        if not data:
            return
        indent = data[: len(data) - len(data.lstrip(_SPACE))] if self._in_new_block else ""
        if self._in_new_block and self._length and not self._pieces[-1].endswith("\n") and "\n" not in indent:
            self._pieces.append("\n")
            self._length += 1
        self._in_new_block = False
        self._starts.append((self.size, self._length))
        self._contents.append(data)
        self._pieces.append(data if self._in_pre else indent + data[len(indent) :].replace("\n", " "))
        self.size += len(data.encode("utf-8", "replace"))
        self._length += len(data)

    def start(self, byte: int) -> int:
        """Return the code point at which a highlight that starts at a byte starts."""
        return self._place(bisect_right(self._bytes, byte) - 1, byte, late=False)

    def end(self, byte: int) -> int:
        """Return the code point at which a highlight that ends at a byte ends."""
        return self._place(bisect_left(self._bytes, byte) - 1, byte, late=True)

    def _place(self, piece: int, byte: int, late: bool) -> int:
        """Return the code point of a byte of a piece; within a character, that before or behind it."""
        if piece < 0:
            return 0
        counted, length = self._starts[piece + 1]
        content = self._contents[piece]
        before = content.encode("utf-8", "replace")[: byte - counted]
        whole = before.decode("utf-8", "ignore")
        cut = late and len(whole.encode("utf-8", "replace")) < len(before)
        return length + len(whole) + cut
