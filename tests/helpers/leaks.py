"""Looking through every file that students get for solutions, codes of record and reference codings."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Any

import pypdf

LONG = 30  # characters from which a text of a solution cannot be there by chance
_TABLE = re.compile(r"<table\b.*?</table>", re.S)


@dataclass(frozen=True)
class Judgement:
    """What is recorded of one thing that students judge: its key, its words, what was taken, and all that could be.

    `options` has the names of each thing that could be taken.
    """

    key: str
    words: tuple[str, ...]
    taken: str
    options: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Secrets:
    """What no student's file may have: texts of solutions, and what is recorded of a thing beside its key."""

    texts: tuple[str, ...]
    judgements: tuple[Judgement, ...]

    @cached_property
    def plain_texts(self) -> dict[str, str]:
        """The texts as they are compared: without blanks and markup."""
        return {squeezed(text): text for text in self.texts if len(text) >= LONG}

    @cached_property
    def by_key(self) -> dict[str, list[Judgement]]:
        """The judgements on each thing."""
        found: dict[str, list[Judgement]] = {}
        for one in self.judgements:
            found.setdefault(one.key, []).append(one)
        return found


@dataclass
class Found:
    """What was found: where, and what."""

    leaks: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def squeezed(text: str) -> str:
    """Return text in the form in which it is looked for: letters and digits alone."""
    return re.sub(r"[\W_]+", "", unescape(text)).casefold()


def look(archive: bytes, secrets: Secrets, with_tables: bool = True) -> Found:
    """Look through an archive, and whatever is packed in its files; tables of pages are left out if not `with_tables`."""
    found = Found()
    for place, content in opened(archive, ""):
        found.files.append(place)
        for text in texts(place, content):
            seen = text if with_tables or not place.endswith(".html") else _TABLE.sub("", text)
            found.leaks += [f"{place}: {what}" for what in leaks(seen, secrets)]
    return found


def opened(archive: bytes, place: str) -> Iterator[tuple[str, bytes]]:
    """Yield every file of an archive, of archives in it, and of whatever is packed in a text of base 64."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            where = f"{place}{name}"
            if content[:2] == b"PK":
                yield from opened(content, f"{where}!")
            else:
                yield where, content


def texts(place: str, content: bytes) -> Iterator[str]:
    """Yield what can be read in a file: its text, its rows, the pages of a PDF."""
    if place.endswith(".pdf"):
        yield "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
        return
    text = content.decode("utf-8", errors="replace")
    yield text
    if place.endswith((".json", ".ipynb")):
        yield from _strings(json.loads(text))


def _strings(of: Any) -> Iterator[str]:
    """Yield each object of JSON without others in it as a line, so that what belongs together is looked at together."""
    if isinstance(of, dict):
        yield " ".join(f"{key} {value}" for key, value in of.items() if not isinstance(value, dict | list))
        for key, value in of.items():
            if isinstance(value, list) and all(isinstance(one, str) for one in value):
                yield f"{key} {' '.join(value)}"
            yield from _strings(value)
    elif isinstance(of, list):
        if of and all(isinstance(one, str) for one in of):
            yield "".join(of)
        for one in of:
            yield from _strings(one)


def leaks(text: str, secrets: Secrets) -> Iterator[str]:
    """Yield what a text gives away."""
    plain = squeezed(text)
    yield from (f"says {said[:60]!r}" for short, said in secrets.plain_texts.items() if short in plain)
    for row in _rows(text):
        yield from _beside(row, secrets)


def _rows(text: str) -> Iterable[str]:
    """Return the rows of a text: lines, and in HTML what is in one item, row, field or paragraph."""
    return re.split(r"\n|</?(?:tr|li|fieldset|section|p|div|dd|option)\b", text)


def _beside(row: str, secrets: Secrets) -> Iterator[str]:
    """Yield the judgements that a row about a single thing has beside its key, unless it offers all that could be."""
    keys = set(re.findall(r"(?<![\w-])[A-Za-z][\w-]*", row)) & secrets.by_key.keys()
    if len(keys) != 1:
        return
    for one in secrets.by_key[keys.pop()]:
        rest = _plain(row)
        for words in one.words:
            rest = rest.replace(_plain(words), " ")
        there = set(_named(rest, {name for names in one.options.values() for name in names}))
        offered = {value for value, names in one.options.items() if names & there}
        if one.taken in offered and offered != one.options.keys():
            yield f"has {one.taken!r} beside {one.key}: {row.strip()[:100]!r}"


def _plain(row: str) -> str:
    return re.sub(r"[\W_]+", " ", unescape(row)).casefold().strip()


def _named(row: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the names that a row has; one that is part of a longer one counts where it is by itself."""
    for name in sorted(names, key=len, reverse=True):
        found = re.compile(rf"(?<!\w){re.escape(_plain(name))}(?!\w)")
        if found.search(row):
            yield name
            row = found.sub("|", row)
