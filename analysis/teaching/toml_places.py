"""The line of every key and list item of a TOML text, which `tomllib` does not tell."""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_WITHIN_LINE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)  # the longer quotation marks first
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")  # a date and a time may have a blank between them


def lines(text: str) -> Mapping[Path, int]:
    r"""Return the line of each key, table and list item by its path; the text has to be valid TOML.

    >>> lines('a = 1\n[[b]]\nc = [\n  "x",\n]\n')
    {('a',): 1, ('b', 0): 2, ('b',): 2, ('b', 0, 'c'): 3, ('b', 0, 'c', 0): 4}
    """
    return _Scanner(text).found


class _Scanner:
    """Goes through a valid text once, and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, int] = {}
        self._counted: dict[Path, int] = {}
        self._line, self._line_at = 1, 0
        table: Path = ()
        while self._skip(_BLANK) < len(text):
            if text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
        return self.at

    def _note(self, path: Path) -> None:
        self._line += self.text.count("\n", self._line_at, self.at)
        self._line_at = self.at
        for end in range(len(path), 0, -1):
            self.found.setdefault(path[:end], self._line)

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`; return the path of what stands below it."""
        is_list = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 2 if is_list else 1
        named = self._key()
        self.at = self.text.index("]", self.at) + (2 if is_list else 1)
        end, self.at = self.at, start
        path = self._inside(named, is_list)
        self._note(path)
        self.at = end
        return path

    def _inside(self, named: Path, is_list: bool) -> Path:
        """Return a path with the place in each list of tables that it goes through; a new one if the last is a list."""
        path: Path = ()
        for number, step in enumerate(named, 1):
            path = (*path, step)
            if is_list and number == len(named):
                self._counted[path] = self._counted.get(path, -1) + 1
            if path in self._counted:
                path = (*path, self._counted[path])
        return path

    def _key(self) -> Path:
        """Read a key, which may have dots."""
        steps: list[str] = []
        while True:
            self._skip(_WITHIN_LINE)
            start = self.at
            if self.text[self.at] in "\"'":
                self._skip(_STRING)
                steps.append(self.text[start + 1 : self.at - 1])
            else:
                self._skip(_BARE)
                steps.append(self.text[start : self.at])
            self._skip(_WITHIN_LINE)
            if not self.text.startswith(".", self.at):
                return tuple(steps)
            self.at += 1

    def _pair(self, table: Path) -> None:
        """Read `key = value`."""
        start = self.at
        path = (*table, *self._key())
        after, self.at = self.at, start
        self._note(path)
        self.at = after + 1  # the sign of equality
        self._skip(_WITHIN_LINE)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self.text[self.at] == "[":
            self._several(path, "]")
        elif self.text[self.at] == "{":
            self._several(path, "}")
        elif self.text[self.at] in "\"'":
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _several(self, path: Path, closing: str) -> None:
        """Read a list, or a table between braces."""
        self.at += 1
        number = 0
        while True:
            self._skip(_BLANK)
            if self.text[self.at] == closing:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "}":
                self._pair(path)
            else:
                self._note((*path, number))
                self._value((*path, number))
                number += 1
