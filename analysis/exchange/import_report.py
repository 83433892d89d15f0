"""The report of an import: what was read, what is unusual about it, and what could not be taken over."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from analysis.exchange.exchange_errors import Notices
from analysis.exchange.positions import Counting
from analysis.exchange.project import Project
from analysis.support.formatting import counted


@dataclass
class Report:
    """What became of a file: `departures` from the schema, what else is `unusual` about it, and what was `lost`."""

    file: str
    format: str
    departures: Notices = field(default_factory=Notices)
    unusual: Notices = field(default_factory=Notices)
    lost: Notices = field(default_factory=Notices)
    counting: Counting | None = None


@dataclass(frozen=True)
class Imported:
    """A project that was read, with the report of how, and the SHA-256 of the file that it was read from."""

    project: Project
    report: Report
    sha256: str = ""


_MOST = 100  # things that are told of each sort: more of them nobody reads
_KINDS = {
    "text": "text", "picture": "picture", "pdf": "PDF", "audio": "sound recording", "video": "video",
}  # fmt: skip


def contents(project: Project) -> Iterator[str]:
    """Yield what a project has, a line for each sort of thing."""
    yield counted(len(project.users), "coder")
    top = sum(not code.parent for code in project.codes)
    yield f"{counted(len(project.codes), 'code')}, {top:,} of them at the top of the tree"
    kinds = Counter(source.kind for source in project.sources)
    told = ", ".join(counted(kinds[kind], name) for kind, name in _KINDS.items() if kinds[kind])
    yield counted(len(project.sources), "source") + (f": {told}" if told else "")
    selections = codings = whole = 0
    for source in project.texts():
        selections += len(source.selections)
        codings += sum(len(selection.codings) for selection in source.selections)
        whole += len(source.codings)
    yield counted(selections, "selection")
    yield f"{counted(codings + whole, 'coding')}, {whole:,} of them of a whole source"
    for name, found in (
        ("case", project.cases),
        ("variable", project.variables),
        ("note", project.notes),
        ("set", project.sets),
        ("link", project.links),
        ("drawing", project.graphs),
    ):
        if found:
            yield counted(len(found), name)
    if project.media:
        yield f"{counted(len(project.media), 'file')} of media and formatted text, kept as they are"


def lines(imported: Imported) -> Iterator[str]:
    """Yield the report of an import, line by line."""
    report = imported.report
    yield f"Read {report.file} ({report.format})."
    for line in contents(imported.project):
        yield f"  {line}"
    if report.counting is not None:
        yield str(report.counting)
    yield from _noticed("Departs from the schema of the standard, and was mended:", report.departures)
    yield from _noticed("Unusual, and taken as it is:", report.unusual)
    yield from _noticed("Could not be taken over:", report.lost)


def of_tables(lost: Notices, unusual: Notices) -> Iterator[str]:
    """Yield what was noticed when a project became tables, or tables a project, line by line."""
    yield from _noticed("Unusual about the codings:", unusual)
    yield from _noticed("Not in the tables, but in the project that is kept beside them:", lost)


def _noticed(title: str, notices: Notices) -> Iterator[str]:
    if len(notices):
        yield title
        for line in islice(notices.lines(), _MOST):
            yield f"  {line}"
    if len(notices) > _MOST:
        yield f"  … and {len(notices) - _MOST:,} more like these."
