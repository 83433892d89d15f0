"""Read a project of Taguette, from the SQLite file that it exports (project.sqlite3) or keeps.

Highlights become selections, tags become codes (a dot in the name of a tag is a level of the tree), and who added a tag
to a highlight is taken from Taguette's log. The log of an export names one person for everything; who coded is only in
the file that Taguette keeps. The file is not trusted, and every value is checked. Codes get the GUIDs that Taguette
gives them in its own codebooks.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

from analysis.exchange.databases import sqlite_files
from analysis.exchange.databases.sqlite_files import Database, Row
from analysis.exchange.import_report import ExchangeError, Imported, Report
from analysis.exchange.project import Code, Coding, Project, Selection, Source, User, as_name, guid_of, text_source
from analysis.exchange.refi_qda.grammar import time
from analysis.exchange.refi_qda.qdpx_archives import RAISE, USUAL, Limits
from analysis.exchange.taguette.html_text import MarkedText
from analysis.support import strict_json, time_limit
from analysis.support.errors import Fault, unreadable

SIGNATURE = b"SQLite format 3\0"
_CODES = UUID("51b2b2b7-27eb-4ecb-9d56-e75b0a0496c2")  # the namespace of GUIDs that Taguette gives to codes
_TABLES = {
    "projects": ("id", "name", "description"),
    "documents": ("id", "name", "description", "contents", "project_id"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "tags": ("id", "path", "description", "project_id"),
    "highlight_tags": ("highlight_id", "tag_id"),
    "commands": ("id", "date", "user_login", "payload", "project_id"),
}
_EXPORT_AGAIN = "Export the project from Taguette again."
_SECONDS, _BYTES_A_SECOND = 20, 100_000  # for the texts of a project, several times what sound HTML takes
_LONGEST = 1_000  # characters of a tag: Taguette allows 200
_ONE_FOR_ALL = "all of it is logged as done by one person, as in every export of Taguette, and there were other members"
_IMPORTED = "what others did before the project was imported into Taguette is logged as done by who imported it"
_BY_AUTHOR = "the log does not name a tag of a highlight; the author of the highlight is taken to have given it"
_EITHER = "the log does not say which of two people gave a tag to a highlight; no coder is named for it"
Given = tuple[str, str]  # by whom, and when
_UNKNOWN: Given = ("", "")


class _Tagged(NamedTuple):
    """An entry of the log: a highlight has these tags now."""

    highlight: int
    tags: frozenset[int]


class _Merged(NamedTuple):
    """An entry of the log: highlights with a tag have another instead; None where the log does not say which.

    When Taguette exports or imports a project, it gives all tags new numbers. In its log, tags that are gone get
    negative ones, and the tag that others were merged into keeps the old one, which may now be that of some other tag.
    """

    tag: int
    into: int | None


def read_taguette(file: Path, name: str | None = None, limits: Limits = USUAL) -> Imported:
    """Read one project of a Taguette file; `name` says which, where it has several.

    Raises ExchangeError for a file that is not Taguette's, is broken, or points out of a document.
    """
    try:
        if file.stat().st_size > limits.member:
            raise ExchangeError(Fault(file, f"the file is larger than {limits.member:,} bytes", RAISE))
        with sqlite_files.opened(file, "Taguette", _EXPORT_AGAIN) as database:
            return _Reading(database, file, limits).project(name)
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None


def levels(path: str) -> list[str]:
    """Return the levels of a tag, which Taguette separates by dots.

    >>> levels("people.trust"), levels("etc.")
    (['people', 'trust'], ['etc.'])
    """
    parts = path.split(".")
    return parts if all(parts) else [path]


class _Reading:
    """A Taguette file being read."""

    def __init__(self, database: Database, file: Path, limits: Limits) -> None:
        self.database, self.file, self.limits = database, file, limits
        self.report = Report(file, "Taguette project")
        self.logins: set[str] = set()
        database.expect(_TABLES)

    def fault(self, problem: str, value: str | None) -> ExchangeError:
        return ExchangeError(Fault(self.file, problem, _EXPORT_AGAIN, value=value))

    def rows(self, table: str, condition: str, *given: int) -> Iterator[Row]:
        """Yield rows of a table; ids and positions have to be numbers, anything else text."""
        columns = _TABLES[table]
        for row in self.database.rows(table, columns, condition, *given):
            for column, value in zip(columns, row, strict=True):
                number = column.endswith(("id", "offset"))
                if not isinstance(value, int if number else str):
                    expected = "a number" if number else "text"
                    raise self.fault(f"{column} in table {table} is not {expected}", repr(value)[:80])
            yield row

    def project(self, name: str | None) -> Imported:
        found = list(self.rows("projects", "1"))
        chosen = [row for row in found if name in (None, row[1])]
        if len(chosen) != 1:
            problem = f"there are {len(chosen)} such projects in the file" if found else "there is no project in it"
            names = ", ".join(row[1] for row in found)
            raise ExchangeError(Fault(self.file, problem, "Name one of them with --project.", value=names or None))
        number, title, description = chosen[0]
        codes, of_tag = self.codes(number)
        seconds = _SECONDS + self.file.stat().st_size / _BYTES_A_SECOND
        try:
            with time_limit.within(seconds):
                sources = tuple(self.sources(number, title, of_tag))
        except time_limit.TakesTooLongError:
            raise self.fault(f"its texts could not be read within {seconds:.0f} seconds", None) from None
        selections = [selection for source in sources for selection in source.selections]
        users = {user for s in selections for user in (s.author, *(coding.coder for coding in s.codings))} - {""}
        project = Project(
            name=self.report.cleaned(title),
            origin="Taguette",
            description=self.report.cleaned(description),
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
            parts = levels(path)
            if len(path) > _LONGEST or len(parts) > self.limits.depth:
                problem = f"a tag has {len(path):,} characters and {len(parts):,} levels, which is too long or too deep"
                raise self.fault(problem, path[:80])
            for depth in range(1, len(parts) + 1):
                here, above = ".".join(parts[:depth]), ".".join(parts[: depth - 1])
                is_tag = depth == len(parts)
                if is_tag or here not in made:
                    text = self.report.cleaned(description) if is_tag else ""
                    name, parent = self.report.cleaned(parts[depth - 1]), _code(above) if above else ""
                    made[here] = Code(_code(here), name, parent, is_tag, "", text)
        return tuple(made.values()), {number: _code(path) for number, path, _, _ in tags}

    def sources(self, project: int, title: str, of_tag: dict[int, str]) -> Iterator[Source]:
        tags: dict[int, list[int]] = defaultdict(list)
        for highlight, tag in self.rows("highlight_tags", "1"):
            tags[highlight].append(tag)
        log = self.log(project)
        for number, name, description, contents, _ in self.rows("documents", "project_id = ?", project):
            guid = guid_of("taguette", title, "document", str(number))
            marked = MarkedText(contents)
            selections = []
            highlights = self.rows("highlights", "document_id = ?", number)
            for row in sorted(highlights, key=lambda row: (row[2], row[0])):
                place = self.place(row, name, marked)
                made, tagged = log.get(row[0], (_UNKNOWN, {}))
                # Tags of one name are one code, and are given once.
                known = [tag for tag in sorted(tags[row[0]]) if tag in of_tag]
                coded = {of_tag[tag]: self.giver(tag, made, tagged, row[0]) for tag in known}
                selections.append(_selection(guid, row[0], place, marked.text, made, coded))
            label, about = self.report.cleaned(name), self.report.cleaned(description)
            yield text_source(guid, label, about, marked.text, selections)

    def place(self, highlight: Row, name: str, marked: MarkedText) -> tuple[int, int]:
        """Return where in the text of its document a highlight lies."""
        number, _, start, end, snippet = highlight
        if not 0 <= start <= end <= marked.size:
            problem = f"highlight {number} is not within the document {name!r} of {marked.size:,} bytes"
            raise self.fault(problem, f"{start} to {end}")
        place = marked.start(start), max(marked.start(start), marked.end(end))
        if "".join(MarkedText(snippet).text.split()) != "".join(marked.text[slice(*place)].split()):
            self.report.unusual.add(
                "a highlight does not have the words that Taguette stored for it", f"highlight {number}"
            )
        return place

    def giver(self, tag: int, made: Given, tagged: dict[int, Given], highlight: int) -> Given:
        """Return who gave a tag to a highlight, and when; the author of the highlight where the log has no such tag."""
        if tag in tagged:
            if not tagged[tag][0]:
                self.report.unusual.add(_EITHER, f"highlight {highlight}")
            return tagged[tag]
        if made[0]:
            self.report.unusual.add(_BY_AUTHOR, f"highlight {highlight}")
        return made[0], ""

    def log(self, project: int) -> dict[int, tuple[Given, dict[int, Given]]]:
        """Return for each highlight who made it and who gave it each of its tags, and when.

        A tag that was removed and given again is from the person who gave it again; one that others were merged into,
        from the person who gave the first of them. Where one of these got a number that the log does not follow, a new
        tag may be that one: no coder is named for it, unless the same person gave both.
        """
        entries = list(self.entries(project))
        became: dict[int, int] = {}
        lost: set[int] = set()
        for change, _ in reversed(entries):
            if isinstance(change, _Merged):
                if change.into is None:
                    lost.add(change.tag)
                else:
                    became[change.tag] = became.get(change.into, change.into)
        found: dict[int, tuple[Given, dict[int, Given]]] = {}
        for change, by in entries:
            if isinstance(change, _Tagged):
                made, before = found.get(change.highlight, (by, {}))
                now = {became.get(tag, tag) for tag in change.tags}
                merged_away = {giver[0] for tag, giver in before.items() if tag in lost and tag not in now}
                new = by if merged_away <= {by[0]} else _UNKNOWN
                found[change.highlight] = made, {tag: before.get(tag, new) for tag in now}
        return found

    def entries(self, project: int) -> Iterator[tuple[_Tagged | _Merged, Given]]:
        """Yield the log's entries on tags of highlights, the oldest first; report who is named in it."""
        members: set[str] = set()
        of_others: set[str] = set()  # logged as done by who imported the project
        for _, date, login, payload, _ in sorted(self.rows("commands", "project_id = ?", project)):
            login = login.strip()
            self.logins.add(login)
            try:
                entry = strict_json.parsed(payload)
                if entry["type"] == "highlight_add":
                    yield _Tagged(_id(entry["highlight_id"]), frozenset(map(_id, entry["tags"]))), (login, _time(date))
                elif entry["type"] == "tag_merge":
                    tag, into = _id(entry["src_tag_id"]), _id(entry["dest_tag_id"])
                    yield _Merged(tag, into if tag > 0 else None), (login, _time(date))
                elif entry["type"] == "member_add":
                    members.add(str(entry["member"]))
                elif entry["type"] == "project_import":
                    of_others |= members - {login}
            except (ValueError, KeyError, TypeError, RecursionError):
                self.report.unusual.add("an entry of the log cannot be read; who coded is not known from it", date[:40])
        others = ", ".join(sorted(members - self.logins))
        if others and len(self.logins) == 1:
            self.report.unusual.add(_ONE_FOR_ALL, others)
        elif of_others:
            self.report.unusual.add(_IMPORTED, ", ".join(sorted(of_others)))


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
    """Return a number of the log, or raise TypeError."""
    if not isinstance(value, int):
        raise TypeError
    return value


def _code(path: str) -> str:
    return str(uuid5(_CODES, path)).upper()


def _user(login: str) -> str:
    return guid_of("taguette", "user", login)


def _time(date: str) -> str:
    """Return a time of Taguette's log, which is in UTC, as the standard writes it; empty if it is not a time."""
    day, _, clock = date.partition(" ")
    try:
        return time(f"{day}T{clock.partition('.')[0]}Z")
    except ValueError:
        return ""
