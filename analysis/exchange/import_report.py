"""The report of an import: what was read, what is unusual about it, what could not be taken over, and errors."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from analysis.exchange.positions import Counting
from analysis.exchange.project import NOT_IN_XML, Project
from analysis.support import paths
from analysis.support.errors import CompendiumError
from analysis.support.formatting import counted

_MOST = 100  # notices that are shown of each sort: nobody reads more
_KINDS = {
    "text": "text", "picture": "picture", "pdf": "PDF", "audio": "sound recording", "video": "video",
}  # fmt: skip


class ExchangeError(CompendiumError):
    """A file that cannot be read or written as a coded project."""


class Notices:
    """What a reader should know, each once, with how often it was seen and where first."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def add(self, notice: str, where: str = "", times: int = 1) -> None:
        """Count a notice, seen at a place."""
        seen, first = self._seen.get(notice, (0, where))
        self._seen[notice] = seen + times, first

    def update(self, others: "Notices") -> None:
        """Add all notices of others."""
        for notice, (times, where) in others._seen.items():
            self.add(notice, where, times)

    def __len__(self) -> int:
        return len(self._seen)

    def lines(self) -> Iterator[str]:
        """Yield a line for each notice."""
        for notice, (times, where) in self._seen.items():
            place = f" ({'first at ' if times != 1 else ''}{where})" if where else ""
            often = f", {times:,} times" if times != 1 else ""
            yield f"{notice}{often}{place}"


@dataclass
class Report:
    """What became of a file: its `schema_violations`, what else is `unusual` about it, and what was `lost`.

    `format` says what kind of file it is, in our own words alone, and `details` how it was read, which may name its
    sheets and columns.
    """

    file: Path
    format: str
    details: list[str] = field(default_factory=list)
    schema_violations: Notices = field(default_factory=Notices)
    unusual: Notices = field(default_factory=Notices)
    lost: Notices = field(default_factory=Notices)
    counting: Counting | None = None

    def cleaned(self, text: str) -> str:
        """Return text without the characters that XML cannot hold, and report them as lost."""
        cleaned = NOT_IN_XML.sub("", text)
        if cleaned != text:
            self.lost.add("a control character in a name or description")
        return cleaned


@dataclass(frozen=True)
class Imported:
    """A project that was read, the report of how, and the SHA-256 of the file that it was read from.

    `kept` keeps a temporary copy of the file for as long as this, where there is one.
    """

    project: Project
    report: Report
    sha256: str = ""
    kept: object = field(default=None, compare=False)


def contents(project: Project) -> Iterator[str]:
    """Yield what a project has, a line for each sort of thing."""
    yield counted(len(project.users), "coder")
    top = sum(not code.parent for code in project.codes)
    yield counted(len(project.codes), "code") + (f", {top:,} at the top of the tree" if top else "")
    kinds = Counter(source.kind for source in project.sources)
    by_kind = ", ".join(counted(kinds[kind], name) for kind, name in _KINDS.items() if kinds[kind])
    yield counted(len(project.sources), "source") + (f": {by_kind}" if by_kind else "")
    yield counted(sum(len(source.selections) for source in project.texts()), "selection")
    of_whole = [selection is None for _, selection, _ in project.codings()]
    yield counted(len(of_whole), "coding") + (f", {sum(of_whole):,} of them of a whole source" if any(of_whole) else "")
    for name in ("case", "variable", "note", "set", "link", "graph"):
        if found := getattr(project, f"{name}s"):
            yield counted(len(found), "drawing" if name == "graph" else name)
    if project.media:
        yield f"{counted(len(project.media), 'file')} of media and formatted text, kept as they are"


def lines(imported: Imported) -> Iterator[str]:
    """Yield the report of an import, line by line."""
    report = imported.report
    yield f"Read {paths.shown(report.file)} ({', '.join([report.format, *report.details])})."
    for line in contents(imported.project):
        yield f"  {line}"
    yield from _listed("Departs from the schema of the standard, and was repaired:", report.schema_violations)
    yield from _listed("Unusual, and taken as it is:", report.unusual)
    yield from _listed("Could not be taken over:", report.lost)


def of_tables(lost: Notices, unusual: Notices) -> Iterator[str]:
    """Yield the notices of a project that became tables, or of tables that became a project, line by line."""
    yield from _listed("Unusual about the codings:", unusual)
    yield from _listed("Not in the tables, but in the project that is kept beside them:", lost)


def _listed(title: str, notices: Notices) -> Iterator[str]:
    if len(notices):
        yield title
        for line in islice(notices.lines(), _MOST):
            yield f"  {line}"
    if len(notices) > _MOST:
        yield f"  … and {len(notices) - _MOST:,} more like these."
