"""Read a project of Taguette, from the SQLite file that it exports (project.sqlite3) or keeps.

Highlights become selections, tags become codes (a dot in a tag's name is a level of the tree), and who added a tag to
a highlight is taken from Taguette's log. An export names one person for all in its log; who coded is only in the file
that Taguette keeps. The file is not trusted: it is opened for reading only, has to hold plain tables, and every value
is looked at. Codes get the GUIDs that Taguette gives them in its own codebooks.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from analysis import files, paths
from analysis.exchange.archives import Limits
from analysis.exchange.faults import ExchangeError
from analysis.exchange.grammar import time
from analysis.exchange.identities import guid_of
from analysis.exchange.markup import MarkedText
from analysis.exchange.parsing import RAISE
from analysis.exchange.project import Code, Coding, Project, Selection, Source, User
from analysis.exchange.reading import USUAL
from analysis.exchange.reports import Imported, Report
from analysis.exchange.wording import as_name, without_impossible
from analysis.faults import Fault

SIGNATURE = b"SQLite format 3\0"
_CODES = UUID("51b2b2b7-27eb-4ecb-9d56-e75b0a0496c2")  # what Taguette derives the GUIDs of its codes from
_TABLES = {
    "projects": ("id", "name", "description"),
    "documents": ("id", "name", "description", "contents", "project_id"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "tags": ("id", "path", "description", "project_id"),
    "highlight_tags": ("highlight_id", "tag_id"),
    "commands": ("date", "user_login", "payload", "project_id"),
}
_STEPS = 200_000_000  # of SQLite's machine: far more than any study needs, and an end to what has none
_ANEW = "Export the project from Taguette anew."
_ONE_FOR_ALL = "all of it is logged as done by one person, as in every export of Taguette, and there were other members"
Row = tuple[Any, ...]
Given = tuple[str, str]  # by whom, and when
_UNKNOWN: Given = ("", "")


class _Tagged(NamedTuple):
    """An entry of the log: a highlight has these tags now."""

    highlight: int
    tags: frozenset[int]


class _Merged(NamedTuple):
    """An entry of the log: highlights with a tag have another instead."""

    tag: int
    into: int


def read_taguette(file: Path, name: str | None = None, limits: Limits = USUAL) -> Imported:
    """Read one project of a Taguette file; `name` says which, where it has several.

    Raises ExchangeError for a file that is not Taguette's, is broken, or points out of a document.
    """
    where = paths.shown(file)
    try:
        if file.stat().st_size > limits.member:
            problem = f"the file is larger than {limits.member:,} bytes"
            raise ExchangeError(Fault(where, problem, RAISE))
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return _Reading(database, where, limits).project(name)
    except (sqlite3.Error, UnicodeDecodeError) as fault:  # the latter where SQLite quotes what is broken
        raise ExchangeError(Fault(where, f"cannot be read as Taguette's SQLite file: {fault}", _ANEW)) from None
    except OSError as fault:
        raise ExchangeError(Fault(where, f"cannot be read: {fault.strerror}", files.advice(fault))) from None


class _Reading:
    """A Taguette file being read."""

    def __init__(self, database: sqlite3.Connection, where: str, limits: Limits) -> None:
        self.database, self.where = database, where
        self.report = Report(where, "Taguette")
        self.logins: set[str] = set()
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            database.execute(f"PRAGMA {pragma}")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(limits.member, 2**31 - 1))
        steps = iter(range(_STEPS // 1_000_000))
        database.set_progress_handler(lambda: next(steps, None) is None, 1_000_000)
        self._check_tables()

    def _check_tables(self) -> None:
        """Refuse a file whose tables are missing, or are views that would compute something."""
        found = dict(self.database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        for table in _TABLES:
            if not str(found.get(table, "")).upper().startswith("CREATE TABLE"):
                raise ExchangeError(Fault(self.where, f"there is no table {table}, as Taguette has it", _ANEW))

    def rows(self, table: str, condition: str, *given: int) -> Iterator[Row]:
        """Yield rows of a table: numbers where an id or a position is due, text elsewhere."""
        columns = _TABLES[table]
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}"  # noqa: S608 - no word of it is the user's
        for row in self.database.execute(query, given):
            for column, value in zip(columns, row, strict=True):
                number = column.endswith(("id", "offset"))
                if not isinstance(value, int if number else str):
                    kind = "a number" if number else "text"
                    problem = f"{column} in table {table} is not {kind}"
                    raise ExchangeError(Fault(self.where, problem, _ANEW, value=repr(value)[:80]))
            yield row

    def project(self, name: str | None) -> Imported:
        """Return the project of a name, or the only one."""
        found = list(self.rows("projects", "1"))
        chosen = [row for row in found if name in (None, row[1])]
        if len(chosen) != 1:
            problem = f"there are {len(chosen)} such projects in the file" if found else "there is no project in it"
            names = ", ".join(row[1] for row in found)
            raise ExchangeError(Fault(self.where, problem, "Name one of them with --project.", value=names or None))
        number, title, description = chosen[0]
        codes, of_tag = self.codes(number)
        sources = tuple(self.sources(number, title, of_tag))
        selections = [selection for source in sources for selection in source.selections]
        users = {user for s in selections for user in (s.author, *(coding.coder for coding in s.codings))} - {""}
        project = Project(
            name=self.clean(title),
            origin="Taguette",
            description=self.clean(description),
            users=tuple(User(_user(login), login) for login in sorted(self.logins) if _user(login) in users),
            codes=codes,
            sources=sources,
        )
        return Imported(project, self.report)

    def codes(self, project: int) -> tuple[tuple[Code, ...], dict[int, str]]:
        """Return the code tree, and the code of each tag."""
        tags = sorted(self.rows("tags", "project_id = ?", project), key=lambda row: str(row[1]))
        made: dict[str, Code] = {}
        for _, path, description, _ in tags:
            parts = path.split(".") if all(path.split(".")) else [path]
            for depth in range(1, len(parts) + 1):
                here, above = ".".join(parts[:depth]), ".".join(parts[: depth - 1])
                is_tag = depth == len(parts)
                known = made.get(here)
                if known is None or is_tag:
                    told = self.clean(description) if is_tag else ""
                    parent = _code(above) if above else ""
                    made[here] = Code(_code(here), self.clean(parts[depth - 1]), parent, is_tag, "", told)
        return tuple(made.values()), {number: _code(path) for number, path, _, _ in tags}

    def sources(self, project: int, title: str, of_tag: dict[int, str]) -> Iterator[Source]:
        """Yield the documents of a project with their highlights."""
        tags: dict[int, list[int]] = defaultdict(list)
        for highlight, tag in self.rows("highlight_tags", "1"):
            tags[highlight].append(tag)
        log = self.log(project)
        for number, name, description, contents, _ in self.rows("documents", "project_id = ?", project):
            guid = guid_of("taguette", title, "document", str(number))
            marked = MarkedText(contents)
            selections = []
            for row in self.rows("highlights", "document_id = ? ORDER BY start_offset, id", number):
                place = self.place(row, name, marked)
                given = (tag for tag in sorted(tags[row[0]]) if tag in of_tag)
                # Tags of one name are one code, and are given once.
                made, tagged = log.get(row[0], (_UNKNOWN, {}))
                coded = {of_tag[tag]: tagged.get(tag, _UNKNOWN) for tag in given}
                selections.append(_selection(guid, row[0], place, marked.text, made, coded))
            yield Source(
                "text",
                guid,
                self.clean(name),
                self.clean(description),
                content=marked.text,
                path=f"internal://{guid}.txt",
                selections=tuple(selections),
            )

    def place(self, highlight: Row, name: str, marked: MarkedText) -> tuple[int, int]:
        """Return where in the text of its document a highlight lies."""
        number, _, start, end, snippet = highlight
        if not 0 <= start <= end <= marked.size:
            problem = f"highlight {number} is not within the document {name!r} of {marked.size:,} bytes"
            raise ExchangeError(Fault(self.where, problem, _ANEW, value=f"{start} to {end}"))
        place = marked.start(start), max(marked.start(start), marked.end(end))
        if "".join(MarkedText(snippet).text.split()) != "".join(marked.text[slice(*place)].split()):
            self.report.unusual.add("a highlight is not of the words that Taguette noted for it", f"highlight {number}")
        return place

    def log(self, project: int) -> dict[int, tuple[Given, dict[int, Given]]]:
        """Return of each highlight who made it and who gave it each of its tags, and when.

        A tag that was taken away and given again is from who gave it again; one that others were merged into, from who
        gave the first of them.
        """
        entries = list(self.entries(project))
        became: dict[int, int] = {}
        for change, _ in reversed(entries):
            if isinstance(change, _Merged):
                became[change.tag] = became.get(change.into, change.into)
        found: dict[int, tuple[Given, dict[int, Given]]] = {}
        for change, by in entries:
            if isinstance(change, _Tagged):
                made, before = found.get(change.highlight, (by, {}))
                now = {became.get(tag, tag) for tag in change.tags}
                found[change.highlight] = made, {tag: before.get(tag, by) for tag in now}
        return found

    def entries(self, project: int) -> Iterator[tuple[_Tagged | _Merged, Given]]:
        """Yield what the log says of tags of highlights, the oldest first; take note of who is named in it."""
        members: set[str] = set()
        for date, login, payload, _ in self.rows("commands", "project_id = ? ORDER BY id", project):
            self.logins.add(login)
            try:
                told = json.loads(payload)
                if told["type"] == "highlight_add":
                    yield _Tagged(_id(told["highlight_id"]), frozenset(map(_id, told["tags"]))), (login, _time(date))
                elif told["type"] == "tag_merge":
                    yield _Merged(_id(told["src_tag_id"]), _id(told["dest_tag_id"])), (login, _time(date))
                elif told["type"] == "member_add":
                    members.add(str(told["member"]))
            except (ValueError, KeyError, TypeError, RecursionError):
                self.report.unusual.add("an entry of the log cannot be read; who coded is not known from it", date[:40])
        others = ", ".join(sorted(members - self.logins))
        if others and len(self.logins) == 1:
            self.report.unusual.add(_ONE_FOR_ALL, others)

    def clean(self, text: str) -> str:
        """Return text without the characters that XML cannot hold."""
        return without_impossible(text, self.report)


def _selection(
    source: str, number: int, place: tuple[int, int], text: str, made: Given, coded: dict[str, Given]
) -> Selection:
    guid = guid_of(source, "highlight", str(number))
    codings = tuple(
        Coding(guid_of(guid, code), code, _user(login) if login else "", when) for code, (login, when) in coded.items()
    )
    author, created = (_user(made[0]) if made[0] else "", made[1])
    return Selection("text", guid, place, as_name(text[slice(*place)]), "", codings, author=author, created=created)


def _id(value: object) -> int:
    """Return a number of a log, which is not trusted to be one."""
    if not isinstance(value, int):
        raise TypeError
    return value


def _code(path: str) -> str:
    return str(uuid5(_CODES, path)).upper()


def _user(login: str) -> str:
    return guid_of("taguette", "user", login)


def _time(date: str) -> str:
    """Return a time of Taguette's log, which is in UTC, as the standard writes it; nothing if it is none."""
    day, _, clock = date.partition(" ")
    try:
        return time(f"{day}T{clock.partition('.')[0]}Z")
    except ValueError:
        return ""
