"""Make a project of the rows of a database: texts, categories, codes, codings, cases, values, annotations, journal.

QualCoder and RQDA keep the same rows in tables with other names. Both store the words that were selected beside the two
positions, so the way in which positions were counted is found out from the words, and what does not have them is
reported.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from analysis.exchange import positions
from analysis.exchange.import_report import Report
from analysis.exchange.positions import Counting, Way
from analysis.exchange.project import (
    Case,
    Code,
    Coding,
    Project,
    Selection,
    Source,
    User,
    Value,
    Variable,
    as_name,
    guid_of,
    text_source,
)
from analysis.exchange.refi_qda.grammar import time
from analysis.exchange.refi_qda.reading import placed, without_collecting

_COLOUR = re.compile("#[A-Fa-f0-9]{6}").fullmatch
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T_](\d{2}:\d{2}:\d{2})")
_CATEGORY, _CODE = "category", "code"
_MARK = "\ufeff"
_NEXT_TO, _NEAR = 100, 10_000  # characters
_FILE, _CASE = "file", "case"
Place = tuple[int, ...]
Key = tuple[str, int]


class Text(NamedTuple):
    """A source: a text, or a picture, recording or PDF of which there is no text (`content` is None)."""

    key: int
    name: str
    content: str | None
    memo: str = ""
    owner: str = ""
    date: str = ""
    kind: str = "text"


class Branch(NamedTuple):
    """A category or code; `category` and `code` are what it lies below, if anything."""

    key: int
    name: str
    memo: str = ""
    colour: str = ""
    category: int | None = None
    code: int | None = None


class Given(NamedTuple):
    """A code that was given to a place of a source; `words` are what was selected, as the program stored it."""

    source: int
    code: int
    place: Place
    words: str = ""
    owner: str = ""
    date: str = ""
    memo: str = ""


class Link(NamedTuple):
    """A case that a part of a source belongs to."""

    case: int
    source: int
    start: int
    end: int


class Attribute(NamedTuple):
    """The value of a variable; `of` says whether `key` is a case or a file."""

    variable: str
    value: str
    of: str
    key: int


class Remark(NamedTuple):
    """An annotation of a place (`source` and `place`), or an entry of a journal, which has a name."""

    key: int
    text: str
    name: str = ""
    source: int | None = None
    place: Place = ()
    owner: str = ""
    date: str = ""


@dataclass
class Tables:
    """The rows of a database; `program` and `name` are the first parts of every GUID."""

    program: str
    name: str
    origin: str = ""
    memo: str = ""
    texts: list[Text] = field(default_factory=list)
    categories: list[Branch] = field(default_factory=list)
    codes: list[Branch] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    cases: list[Text] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def _without_marks(tables: Tables) -> Tables:
    """Return tables whose texts do not begin with a byte order mark, which some programs store and count as a letter.

    Others do not count it, or take it away when they read a text.
    """
    marked = {text.key for text in tables.texts if (text.content or "").startswith(_MARK)}
    if not marked:
        return tables

    def moved(place: Place) -> Place:
        return tuple(max(0, position - 1) for position in place)

    return replace(
        tables,
        texts=[one._replace(content=(one.content or "")[1:]) if one.key in marked else one for one in tables.texts],
        given=[one._replace(place=moved(one.place)) if one.source in marked else one for one in tables.given],
        links=[Link(*one[:2], *moved(one[2:])) if one.source in marked else one for one in tables.links],
        remarks=[one._replace(place=moved(one.place)) if one.source in marked else one for one in tables.remarks],
    )


@without_collecting()
def project(tables: Tables, report: Report, way: Way | None, deepest: int) -> Project:
    """Return the project that rows describe; `way` is how positions are counted, found out if None.

    What the rows do not agree on goes into the report.
    """
    return _Making(_without_marks(tables), report, deepest).project(way)


@cache
def time_of(date: str) -> str:
    """Return a date of a database as the standard writes it; empty if it has no day and time.

    >>> time_of("2021-12-12 21:50:53"), time_of("yesterday")
    ('2021-12-12T21:50:53', '')
    """
    found = _TIME.match(date)
    try:
        return time(f"{found[1]}T{found[2]}") if found else ""
    except ValueError:
        return ""


def _by_words(
    given: list[tuple[int, Given]], noted: list[Remark]
) -> Iterator[tuple[list[tuple[int, Given]], list[Remark]]]:
    """Yield the codings of one place by the words that were stored for them, and its notes with the first of them."""
    groups: dict[str, list[tuple[int, Given]]] = {}
    for one in given if len(given) > 1 else ():
        groups.setdefault(one[1].words or next(iter(groups), ""), []).append(one)
    if len(groups) < 2:
        yield given, noted
        return
    for found in groups.values():
        yield found, noted
        noted = []


def _nearest(words: str, content: str, start: int) -> int | None:
    """Return where words are in a text near a place, if they are next to it or at one place only; else None."""
    start = max(start, 0)
    near = content[max(0, start - _NEAR) : start + len(words) + _NEAR]
    place = start - max(0, start - _NEAR)
    found = (near.rfind(words, 0, place + len(words)), near.find(words, place))
    best = min((one for one in found if one >= 0), key=lambda one: abs(one - place), default=None)
    if best is None or (abs(best - place) > _NEXT_TO and near.count(words) > 1):
        return None
    return best - place + start


class _Making:
    def __init__(self, tables: Tables, report: Report, deepest: int) -> None:
        self.tables, self.report, self.deepest = tables, report, deepest
        self.notes: list[Source] = []
        self.owners: dict[str, str] = {}
        self.words: dict[str, str] = {}  # that were stored for a selection, by its GUID
        self.of_code = {row.key: self.guid(_CODE, row.key) for row in tables.codes}

    def guid(self, *path: object) -> str:
        return guid_of(self.tables.program, self.tables.name, *map(str, path))

    def user(self, owner: str) -> str:
        name = owner.strip()
        if not name:
            return ""
        if name not in self.owners:
            self.owners[name] = guid_of(self.tables.program, "user", name)
        return self.owners[name]

    def project(self, way: Way | None) -> Project:
        tables, cleaned = self.tables, self.report.cleaned
        codes = tuple(self.codes())
        counted = Project(sources=tuple(self.sources()))
        self.report.counting = positions.detect(counted.texts()) if way is None else Counting(way, "as you said")
        sources = tuple(map(self.within, placed(counted, self.report.counting.way, self.report.unusual).sources))
        variables = {
            name: self.guid("variable", name) for name in dict.fromkeys(one.variable for one in tables.attributes)
        }
        values: dict[tuple[str, int], list[Value]] = defaultdict(list)
        for one in tables.attributes:
            values[one.of, one.key].append(Value(variables[one.variable], "TextValue", cleaned(one.value)))
        sources = tuple(
            replace(source, values=tuple(values[_FILE, text.key]))
            for source, text in zip(sources, tables.texts, strict=True)
        )
        for remark in tables.remarks:
            if remark.source is None:
                self.note(remark.text, remark.name, remark.owner, remark.date, "journal", remark.key)
        return Project(
            name=cleaned(tables.name),
            origin=cleaned(tables.origin),
            description=cleaned(tables.memo),
            users=tuple(User(guid, cleaned(name)) for name, guid in sorted(self.owners.items())),
            codes=codes,
            variables=tuple(Variable(guid, cleaned(name), "Text") for name, guid in variables.items()),
            cases=tuple(self.cases(sources, values)),
            sources=sources,
            notes=tuple(self.notes),
        )

    def note(self, text: str, name: str, owner: str, date: str, *key: object) -> tuple[str, ...]:
        """Add a note, if there is anything in it, and return its GUID."""
        if not text.strip():
            return ()
        guid, cleaned = self.guid("note", *key), self.report.cleaned
        author, created = self.user(owner), time_of(date)
        note = Source("note", guid, cleaned(name), "", cleaned(text), author=author, created=created)
        self.notes.append(note)
        return (note.guid,)

    def codes(self) -> Iterator[Code]:
        """Yield categories and codes, each after the one it lies below."""
        rows = {(_CATEGORY, row.key): row for row in self.tables.categories}
        rows |= {(_CODE, row.key): row for row in self.tables.codes}
        below: dict[Key | None, list[Key]] = defaultdict(list)
        for key, above in self.above(rows).items():
            below[above].append(key)

        def tree(top: Key | None) -> Iterator[Code]:
            for key in below[top]:
                row, cleaned = rows[key], self.report.cleaned
                colour = row.colour.strip() if _COLOUR(row.colour.strip()) else ""
                above, is_codable = self.guid(*top) if top else "", key[0] == _CODE
                yield Code(self.guid(*key), cleaned(row.name), above, is_codable, colour, cleaned(row.memo))
                yield from tree(key)

        yield from tree(None)

    def above(self, rows: dict[Key, Branch]) -> dict[Key, Key | None]:
        """Return what each category and code lies below, None at the top; there are no circles."""
        found: dict[Key, Key | None] = {}
        for key, row in rows.items():
            found[key] = None
            if row.code is not None:
                found[key] = (_CODE, row.code)
            elif row.category is not None:
                found[key] = (_CATEGORY, row.category)
            if found[key] is not None and found[key] not in rows:
                self.report.unusual.add("a code lies below a category that is not there; it is at the top", row.name)
                found[key] = None
        for key, row in rows.items():
            above, depth = found[key], 1
            while above is not None and above != key and depth < self.deepest:
                above, depth = found[above], depth + 1
            if above is not None:
                self.report.unusual.add("a code lies in a circle of codes or too deep; it is at the top", row.name)
                found[key] = None
        return found

    def sources(self) -> Iterator[Source]:
        """Yield the sources with their positions as they are counted in the database."""
        places: dict[int, dict[Place, list[tuple[int, Given]]]] = defaultdict(lambda: defaultdict(list))
        remarks: dict[int, dict[Place, list[Remark]]] = defaultdict(lambda: defaultdict(list))
        texts = {text.key for text in self.tables.texts}
        for number, one in enumerate(self.tables.given):
            if one.source not in texts:
                self.report.lost.add("a coding of a source that is not in the file", f"coding {number + 1}")
            elif one.code not in self.of_code:
                self.report.lost.add("a coding with a code that is not in the file", f"coding {number + 1}")
            else:
                places[one.source][one.place].append((number, one))
        for remark in self.tables.remarks:
            if remark.source is not None and remark.text.strip():
                remarks[remark.source][remark.place].append(remark)
        for text in self.tables.texts:
            guid = self.guid("source", text.key)
            selections = [
                self.selection(guid, text, place, given, noted)
                for place in sorted({*places[text.key], *remarks[text.key]})
                for given, noted in _by_words(places[text.key].get(place, []), remarks[text.key].get(place, []))
            ]
            name, about = self.report.cleaned(text.name), self.report.cleaned(text.memo)
            if text.content is None:
                made = Source(text.kind, guid, name, about, selections=tuple(selections))
            else:
                made = text_source(guid, name, about, text.content, selections)
            yield replace(made, author=self.user(text.owner), created=time_of(text.date))

    def selection(
        self, source: str, text: Text, place: Place, given: list[tuple[int, Given]], remarks: list[Remark]
    ) -> Selection:
        words = given[0][1].words if given else ""
        words = (words or next((one.words for _, one in given if one.words), "")).removeprefix(_MARK)
        guid = guid_of(source, *map(str, place))
        if self.words.get(guid, words) != words:  # the text was changed between two codings of one place
            guid = guid_of(source, *map(str, place), words)
        codings = []
        for number, one in given:
            key = guid_of(guid, str(one.code), one.owner, str(number))
            notes = self.note(one.memo, "", one.owner, one.date, "coding", number) if one.memo else ()
            codings.append(Coding(key, self.of_code[one.code], self.user(one.owner), time_of(one.date), notes))
        if words:
            self.words[guid] = words
        noted = [
            note for one in remarks for note in self.note(one.text, "", one.owner, one.date, "annotation", one.key)
        ]
        kind = "text" if text.content is not None else text.kind
        return Selection(kind, guid, place, as_name(words), "", tuple(codings), tuple(noted))

    def within(self, source: Source) -> Source:
        """Return a source whose selections have the words that were stored for them, where its text has these.

        Selections outside the text are left out and reported as lost.
        """
        if source.content is None:
            return source
        kept: dict[Place, Selection] = {}
        for one in source.selections:
            place = self.place_of_words(one, source.content, source.name)
            if not 0 <= place[0] <= place[1] <= len(source.content):
                notice = "a coding or note at a place that its text does not have; was the text changed afterwards?"
                self.report.lost.add(notice, source.name, max(1, len(one.codings)))
            elif place in kept:
                there = kept[place]
                codings, notes = (*there.codings, *one.codings), (*there.notes, *one.notes)
                kept[place] = there._replace(codings=codings, notes=notes)
            else:
                kept[place] = one._replace(place=place)
        return replace(source, selections=tuple(kept[place] for place in sorted(kept)))

    def place_of_words(self, selection: Selection, content: str, name: str) -> tuple[int, int]:
        """Return where the words are that were stored for a selection: at its place, else at the nearest other one.

        Programs change positions when a text is edited, and not all do so without fault. Blanks do not count, nor those
        behind the end of a text that was cut there.
        """
        start, end = selection.span
        words, there = self.words.get(selection.guid), content[start:end] if start >= 0 else ""
        if words is None:
            return start, end
        if words == there or words.split() == there.split():
            return start, min(end, max(start, len(content)))
        where = f"{name}, {start:,} to {end:,}"
        found = _nearest(words, content, start)
        if found is None:
            notice = (
                f"a passage does not have the words that {self.tables.program} stored for it; was the text changed?"
            )
            self.report.unusual.add(notice, where)
            return start, end
        notice = f"the words that {self.tables.program} stored for a passage are at another place, which was taken"
        self.report.unusual.add(notice, where)
        return found, found + len(words)

    def cases(self, sources: tuple[Source, ...], values: dict[tuple[str, int], list[Value]]) -> Iterator[Case]:
        """Yield the cases, each with the sources that are wholly theirs, and the selections in parts of others."""
        by_key = dict(zip((text.key for text in self.tables.texts), sources, strict=True))
        whole: dict[int, dict[str, None]] = defaultdict(dict)
        parts: dict[int, dict[str, None]] = defaultdict(dict)
        for link in self.tables.links:
            source = by_key.get(link.source)
            if source is None:
                continue
            if source.content is None or (link.start <= 0 and link.end >= len(source.content) - 1):
                whole[link.case][source.guid] = None
            else:
                inside = (one for one in source.selections if link.start <= one.span[0] and one.span[1] <= link.end)
                parts[link.case].update(dict.fromkeys(one.guid for one in inside))
        for case in self.tables.cases:
            name, memo = self.report.cleaned(case.name), self.report.cleaned(case.memo)
            found = tuple(values[_CASE, case.key])
            yield Case(
                self.guid("case", case.key), name, memo, (), found, tuple(whole[case.key]), tuple(parts[case.key])
            )
