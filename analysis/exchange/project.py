"""A coded project, whatever program it was coded in: users, codes, sources, selections, codings, cases, notes.

The shape is that of REFI-QDA 1.0, so that all of a project can be held and written again. Identifiers are GUIDs in
capital letters and without braces; times are as they were written; an empty string or tuple means that there is none.
Users, codes, codings and selections, of which a project may have 100,000, are named tuples, which are created several
times as fast as frozen dataclasses.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 cannot hold these
_LONGEST_NAME = 80
# The namespace of this package's GUIDs, so that no other program's can be the same by chance.
_NAMESPACE = UUID("0f3c9a4e-6d0b-5d86-9a53-2f0f2f1a7c11").bytes
_VARIANT = dict(zip("0123456789ABCDEF", "89AB" * 4, strict=True))  # of a digit, with the mark of all GUIDs


def guid_of(*path: str) -> str:
    """Return the GUID of a thing by its path, such as study, table and key; the same path always has the same GUID.

    >>> guid_of("codes", "trust") == guid_of("codes", "trust"), guid_of("codes", "trust") == guid_of("codes/trust")
    (True, False)
    >>> from uuid import uuid5
    >>> guid_of("codes") == str(uuid5(UUID(bytes=_NAMESPACE), "codes")).upper()
    True
    """
    # As uuid5 makes them, in a seventh of its time: a project may need 200,000.
    text = sha1(_NAMESPACE + "\x1f".join(path).encode(), usedforsecurity=False).hexdigest().upper()
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:32]}"


def as_name(passage: str) -> str:
    """Return a passage as the name of its selection: on one line, and cut off at a word where it is long.

    >>> as_name("We asked" + chr(10) + "them to come."), as_name("word " * 40)[-12:]
    ('We asked them to come.', 'd word word…')
    """
    line = " ".join(NOT_IN_XML.sub("", passage).split())
    if len(line) <= _LONGEST_NAME:
        return line
    return f"{line[:_LONGEST_NAME].rpartition(' ')[0] or line[:_LONGEST_NAME]}…"


def same_name(name: str) -> str:
    """Return a name as it is compared: without differences in capitals and spaces.

    >>> same_name("Ann  Lee ") == same_name("ann lee")
    True
    """
    return " ".join(name.casefold().split())


class User(NamedTuple):
    """A person who coded or wrote."""

    guid: str
    name: str = ""
    id: str = ""


class Code(NamedTuple):
    """A code of the code tree; `parent` is the code above it, empty at the top."""

    guid: str
    name: str
    parent: str = ""
    is_codable: bool = True
    colour: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()


class Coding(NamedTuple):
    """A code given to a selection or to a whole source, by whom and when."""

    guid: str
    code: str
    coder: str = ""
    time: str = ""
    notes: tuple[str, ...] = ()


class SyncPoint(NamedTuple):
    """A point of a transcript that belongs to a time of its recording (milliseconds)."""

    guid: str
    time: int | None
    position: int | None


class Value(NamedTuple):
    """The value of a variable; `kind` is the name of its element, for example TextValue, or empty for none."""

    variable: str
    kind: str = ""
    value: str = ""


class Selection(NamedTuple):
    """A part of a source, with its codings.

    `place` depends on the kind of selection: text (start, end), audio and video (begin, end) in milliseconds, picture
    (x, y, x, y), pdf (page, x, y, x, y), transcript (the GUIDs of two sync points, where there are any). Text is
    counted in code points of the text as it is stored, from 0, the end exclusive. `texts` has the text that represents
    the part of a PDF.
    """

    kind: str
    guid: str
    place: tuple[int | str, ...]
    name: str = ""
    description: str = ""
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()
    texts: tuple["Source", ...] = ()
    author: str = ""
    created: str = ""
    editor: str = ""
    edited: str = ""

    @property
    def span(self) -> tuple[int, int]:
        """Start and end of a selection of text."""
        return self.place  # type: ignore[return-value]  # true of selections of text, the only ones asked


@dataclass(frozen=True, slots=True)
class Source:
    """A text, picture, PDF or recording, or a text that represents a part of one, or a note.

    `kind` is text, picture, pdf, audio, video, note, or for a text within another source: description (of a picture),
    representation (of a PDF), transcript (of a recording). `content` is None where the text is not in the file.
    `path` is where the content or the medium is kept, `other_path` where its formatted or original form is.
    """

    kind: str
    guid: str
    name: str = ""
    description: str = ""
    content: str | None = None
    path: str = ""
    other_path: str = ""
    selections: tuple[Selection, ...] = ()
    texts: tuple["Source", ...] = ()
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sync_points: tuple[SyncPoint, ...] = ()
    author: str = ""
    created: str = ""
    editor: str = ""
    edited: str = ""

    def within(self) -> Iterator["Source"]:
        """Yield this source and every text within it, those of its selections included."""
        yield self
        for text in (*self.texts, *(text for selection in self.selections for text in selection.texts)):
            yield from text.within()


def text_source(
    guid: str, name: str, about: str, content: str, selections: Iterable[Selection], codings: Iterable[Coding] = ()
) -> Source:
    """Return a text with a file of its own in the archive, and a description of it."""
    path = f"internal://{guid}.txt"
    return Source("text", guid, name, about, content, path, "", tuple(selections), codings=tuple(codings))


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of cases or sources; `kind` is Text, Boolean, Integer, Float, Date or DateTime."""

    guid: str
    name: str
    kind: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case, for example a person: its codes, values, sources and selections."""

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Set:
    """A set of codes, sources and notes."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link between any two things that have a GUID."""

    guid: str
    name: str = ""
    direction: str = ""
    colour: str = ""
    origin: str = ""
    target: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing; its vertices and edges are kept as the pairs of names and values that they came in."""

    guid: str
    name: str = ""
    vertices: tuple[tuple[tuple[str, str], ...], ...] = ()
    edges: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Medium:
    """A file of an archive that is copied as it is: a picture, PDF, recording or formatted text.

    `name` is its name in the folder of sources; `archive` and `member` are where it is read from.
    """

    name: str
    size: int
    checksum: int
    archive: Path = field(compare=False)
    member: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Project:
    """A coded project. A codebook is a project that has nothing but codes and sets of codes."""

    name: str = ""
    origin: str = ""
    description: str = ""
    base_path: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Source, ...] = ()
    links: tuple[Link, ...] = ()
    sets: tuple[Set, ...] = ()
    graphs: tuple[Graph, ...] = ()
    own_notes: tuple[str, ...] = ()
    author: str = ""
    created: str = ""
    editor: str = ""
    edited: str = ""
    media: tuple[Medium, ...] = ()

    def texts(self) -> Iterator[Source]:
        """Yield every source and note, with the texts within them."""
        for source in (*self.sources, *self.notes):
            yield from source.within()

    def codings(self) -> Iterator[tuple[Source, Selection | None, Coding]]:
        """Yield every coding with its source, and its selection unless the whole source was coded."""
        for source in self.texts():
            for selection in source.selections:
                for coding in selection.codings:
                    yield source, selection, coding
            for coding in source.codings:
                yield source, None, coding

    def codes_below(self) -> dict[str, list[Code]]:
        """Return the codes below each code, and under the empty GUID those at the top."""
        below: dict[str, list[Code]] = defaultdict(list)
        for code in self.codes:
            below[code.parent].append(code)
        return below

    def with_each_text(self, change: Callable[[Source], Source]) -> "Project":
        """Return a project with every source, note and text within one changed, the innermost first."""

        def changed(source: Source) -> Source:
            if source.texts:
                source = replace(source, texts=tuple(map(changed, source.texts)))
            if any(selection.texts for selection in source.selections):
                selections = (one._replace(texts=tuple(map(changed, one.texts))) for one in source.selections)
                source = replace(source, selections=tuple(selections))
            return change(source)

        sources, notes = (tuple(map(changed, texts)) for texts in (self.sources, self.notes))
        return replace(self, sources=sources, notes=notes)
