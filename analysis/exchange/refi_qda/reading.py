"""Read a project (.qdpx) or codebook (.qdc) of REFI-QDA 1.0, as programs write it."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from analysis.exchange import positions
from analysis.exchange.import_report import ExchangeError, Imported, Notices, Report
from analysis.exchange.positions import Scale, Way
from analysis.exchange.project import Case, Project, Selection, Source, User
from analysis.exchange.refi_qda.formatted_texts import FormattedTextError, fits, is_formatted, text_of
from analysis.exchange.refi_qda.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE
from analysis.exchange.refi_qda.parsing import REPAIR, Parsed, parse
from analysis.exchange.refi_qda.qdpx_archives import FOLDER, USUAL, Archive, Limits, leads_out
from analysis.support import paths
from analysis.support.errors import Fault, raise_if_any, unreadable

MEDIA = {"picture": "a picture", "pdf": "a PDF", "audio": "a sound recording", "video": "a video"}
WORKBENCH = "Power in co-production, coding workbench"  # the program that the page “Code a text” names in its files
_MANY = 100_000  # objects


@contextmanager
def without_collecting() -> Iterator[None]:
    """Pause the cycle collector: hundreds of thousands of objects are made here, and none in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if gc.get_count()[0] > _MANY:
                # They count as the oldest objects at once, so that the next collection need not examine all of them.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@without_collecting()
def read_project(file: Path, way: Way | None = None, strict: bool = False, limits: Limits = USUAL) -> Imported:
    """Read a project.

    `way` is how positions are counted; without it, that is found out from the texts. `strict` refuses whatever the
    schema of the standard does not allow; otherwise it is repaired and reported. Raises ExchangeError for what cannot
    be used: broken or dangerous archives and XML, duplicate GUIDs, codings of unknown codes, selections outside the
    text.
    """
    with closing(Archive(file, limits)) as archive:
        name = archive.project()
        where = f"{paths.shown(file)} ({name})"
        parsed = parse(partial(archive.open, name), where, "Project", limits.depth)
        report = Report(file, "REFI-QDA project")
        _report_violations(parsed, report, PROJECT_NAMESPACE, where, strict)
        contents = _Contents(archive, report)
        project = contents.added_to(parsed.built)
        if parsed.dangling:
            project = _with_cases(project, archive, report)
    project = _with_annotations(_with_coders(project, where, report), report)
    if parsed.dangling:
        _report_dangling(project, parsed.dangling, report)
    report.counting = _counting(project, way)
    project = placed(project, report.counting.way, report.unusual)
    project = project.with_each_text(contents.with_fitting_text) if contents.formatted else project
    raise_if_any(ExchangeError, _outside(project, where))
    return Imported(project, report)


def _counting(project: Project, way: Way | None) -> positions.Counting:
    """Return how positions were counted: as was said, as our own workbench counts, or as the texts show."""
    if way is not None:
        return positions.Counting(way, "as you said")
    if project.origin == WORKBENCH and not any("\r" in (text.content or "") for text in project.texts()):
        return positions.Counting(positions.WAYS[0], "“Code a text” wrote the file")
    return positions.detect(project.texts())


@without_collecting()
def read_codebook(file: Path, strict: bool = False, limits: Limits = USUAL) -> Imported:
    """Read a codebook; it becomes a project that has codes and sets of codes only.

    Raises ExchangeError for what cannot be used, as `read_project` does.
    """
    try:
        parsed = parse(lambda: file.open("rb"), file, "CodeBook", limits.depth)
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None
    report = Report(file, "REFI-QDA codebook")
    _report_violations(parsed, report, CODEBOOK_NAMESPACE, file, strict)
    return Imported(replace(parsed.built, name=file.stem), report)


def _report_violations(parsed: Parsed, report: Report, namespace: str, where: Path | str, strict: bool) -> None:
    """Report where a document violates its schema, or refuse it for that."""
    if parsed.namespace != namespace:
        report.schema_violations.add(f"the namespace is {parsed.namespace or 'missing'}, not {namespace}")
    report.schema_violations.update(parsed.schema_violations)
    report.lost.update(parsed.unknown)
    if strict:
        problems = [*report.schema_violations.lines(), *(f"the standard has no {line}" for line in report.lost.lines())]
        remedy = "Read it without --strict, to have it repaired."
        raise_if_any(ExchangeError, (Fault(where, problem, remedy) for problem in problems))


class _Contents:
    """The files of an archive that texts have their content in, and those that are copied as they are."""

    def __init__(self, archive: Archive, report: Report) -> None:
        self.archive, self.report = archive, report
        self.named: set[str] = set()
        self.read: set[str] = set()
        self.formatted: dict[str, str] = {}  # the file that the text of a source was taken out of, by its GUID

    def added_to(self, project: Project) -> Project:
        """Return a project with the content of every text, and the files that are copied as they are."""
        project = project.with_each_text(self.with_content)
        media = []
        for medium in self.archive.media():
            if medium.member not in self.named and not medium.member.startswith(FOLDER):
                self.report.lost.add("a file outside the folder sources that no source names", medium.member)
            elif medium.member not in self.read:
                media.append(medium)
        return replace(project, media=tuple(media))

    def with_content(self, source: Source) -> Source:
        """Return a source with its content, if it is a text, and its paths in the standard's form."""
        if source.other_path:
            source = replace(source, other_path=self.resolved(source, source.other_path)[0])
        path, member = self.resolved(source, source.path) if source.path else ("", None)
        is_text = source.kind not in MEDIA
        formatted = self.formatted_text(source, member) if is_text else None
        if formatted is not None:
            return formatted
        if member is None and (source.path or is_text) and source.content is None:
            notice = f"{'a text' if is_text else MEDIA[source.kind]} that is not in the archive; it is kept by name"
            self.report.lost.add(notice, source.name or source.guid)
        if member is None or not is_text:
            return replace(source, path=path)
        self.read.add(member)
        if source.content is not None:
            self.report.unusual.add("a text is both in the project and in a file, which was taken", source.guid)
        return replace(source, path=path, content=self.archive.text(member))

    def formatted_text(self, source: Source, member: str | None) -> Source | None:
        """Return a text with the content of its formatted file, if that is all there is and it can be read."""
        if source.content is not None or (member is not None and not is_formatted(member)):
            return None
        name = member or (self.archive.find(source.other_path) if source.other_path else None)
        if name is None or not is_formatted(name):
            return None
        kind = PurePosixPath(name).suffix
        try:
            with self.archive.open(name) as opened:
                content = text_of(name, opened.read())
        except FormattedTextError as fault:
            self.report.lost.add(f"a text that is only there as {kind} and cannot be read ({fault})", source.name)
            return replace(source, path="", other_path=f"internal://{name.removeprefix(FOLDER)}")
        self.formatted[source.guid] = kind
        path = f"internal://{source.guid}.txt"
        return replace(source, content=content, path=path, other_path=f"internal://{name.removeprefix(FOLDER)}")

    def with_fitting_text(self, source: Source) -> Source:
        """Return a source without the text that was taken out of a formatted file, if its passages do not fit that."""
        if source.guid not in self.formatted:
            return source
        name, kind = source.name or source.guid, self.formatted[source.guid]
        fitting = fits(source)
        if fitting is False:
            notice = f"a text that is only there as {kind}, which the positions of its passages do not fit"
            self.report.lost.add(f"{notice}; it is kept by name", name)
            return replace(source, content=None, path="")
        checked = "the names of its passages quote it" if fitting else "no name of a passage quotes it, so look at some"
        self.report.unusual.add(f"a text is only there as {kind}, and was taken out of that; {checked}", name)
        return source

    def resolved(self, source: Source, path: str) -> tuple[str, str | None]:
        """Return a path in the standard's form, and the member of the archive that it names, if there is one."""
        member = self.archive.find(path)
        if member is not None:
            self.named.add(member)
            if not path.startswith("internal://"):
                self.report.unusual.add("a path within the archive is not written as internal://", source.guid)
            return f"internal://{member.removeprefix(FOLDER)}", member
        if path.startswith("internal:") and leads_out(path.partition(":")[2].lstrip("/")):
            problem = f"a path of source {source.guid} leads out of the archive"
            raise ExchangeError(Fault(self.archive.file, problem, REPAIR, value=path))
        return path, None


def _with_cases(project: Project, archive: Archive, report: Report) -> Project:
    """Return a project whose cases refer to sources, also those that named the file of one.

    QualCoder gives each source a GUID and its file another, and names the file in its cases. Most often a source names
    its file; a plain text has two files of the same words, of which it names one.
    """
    unknown = {guid for case in project.cases for guid in case.sources} - {source.guid for source in project.texts()}
    source_of = dict(_files_by_words(project, archive, unknown))
    for source in project.sources:
        source_of |= {
            file: source.guid for file in map(_file_guid, (source.path, source.other_path)) if file in unknown
        }

    def repaired(case: Case) -> Case:
        sources = tuple(dict.fromkeys(source_of.get(guid, guid) for guid in case.sources))
        if sources != case.sources:
            report.unusual.add("a case names the file of a source instead of the source", case.name or case.guid)
        return replace(case, sources=sources)

    return replace(project, cases=tuple(map(repaired, project.cases)))


def _files_by_words(project: Project, archive: Archive, unknown: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the GUIDs of files that have the words of one source, and of no other, with those of the sources."""
    of_words: dict[str, list[str]] = {}
    for source in project.sources:
        if source.content:
            of_words.setdefault(" ".join(source.content.split()), []).append(source.guid)
    for medium in project.media:
        if (file := _file_guid(medium.name)) in unknown:
            with suppress(ExchangeError):  # of a picture, for example
                found = of_words.get(" ".join(archive.text(medium.member).split()), [])
                if len(found) == 1:
                    yield file, found[0]


def _file_guid(path: str) -> str:
    return PurePosixPath(path.rpartition("/")[2]).stem.upper()


def _with_annotations(project: Project, report: Report) -> Project:
    """Return a project in which no note has selections of another text: these are moved to the source of the note.

    QualCoder writes the annotation of a place as a note that has the place, to which the annotated source refers.
    """
    sources = {source.guid: source for source in project.sources}
    referring: dict[str, list[str]] = {}
    for source in project.sources:
        for guid in source.notes:
            referring.setdefault(guid, []).append(source.guid)
    notes = []
    for note in project.notes:
        kept, moved = _here_and_elsewhere(note)
        notes.append(replace(note, selections=kept) if moved else note)
        if moved and len(referring.get(note.guid, ())) == 1:
            source = sources[referring[note.guid][0]]
            with_note = tuple(selection._replace(notes=(*selection.notes, note.guid)) for selection in moved)
            sources[source.guid] = replace(source, selections=(*source.selections, *with_note))
            report.unusual.add("a note has its place in the text of the source that refers to it", note.guid)
        elif moved:
            report.lost.add("where a note belongs, since it does not say in which text; the note is kept", note.guid)
    return replace(project, sources=tuple(sources.values()), notes=tuple(notes))


def _here_and_elsewhere(note: Source) -> tuple[tuple[Selection, ...], tuple[Selection, ...]]:
    """Return the selections of a note, and those of another text: uncoded, and outside its own in every way."""
    if note.content is None or not note.selections:
        return note.selections, ()
    end = max(Scale(note.content, way).end for way in positions.WAYS)

    def is_elsewhere(selection: Selection) -> bool:
        return selection.kind == "text" and not selection.codings and selection.span[1] > end

    here = tuple(selection for selection in note.selections if not is_elsewhere(selection))
    return here, tuple(filter(is_elsewhere, note.selections))


def placed(project: Project, way: Way, unusual: Notices) -> Project:
    """Return a project with its positions, which were counted in a way, in code points; odd ones are reported."""

    def to_place(source: Source, scale: Scale, position: int) -> int:
        place, is_between = scale.place(position)
        if not is_between:
            notice = "a position within a character or line break, which was moved to before it"
            unusual.add(notice, f"{position:,} in {source.name or source.guid}")
        return place

    return positions.converted(project, way, to_place)


def _with_coders(project: Project, where: str, report: Report) -> Project:
    """Add users whom codings name and the project does not; refuse codings of unknown codes."""
    codes, known = {code.guid for code in project.codes}, {"", *(user.guid for user in project.users)}
    unknown: dict[str, str] = {}
    faults = []
    for _, _, coding in project.codings():
        if coding.code not in codes:
            problem = f"Coding {coding.guid} is of a code that is not in the codebook"
            faults.append(Fault(where, problem, REPAIR, value=coding.code))
        if coding.coder not in known:
            unknown.setdefault(coding.coder, coding.guid)
    raise_if_any(ExchangeError, faults)
    for guid, coded in unknown.items():
        report.unusual.add(f"the coder {guid} is not among the users, and has no name", f"Coding {coded}")
    return replace(project, users=(*project.users, *map(User, unknown)))


def _outside(project: Project, where: str) -> Iterator[Fault]:
    """Yield a fault for each selection that is not within its text."""
    remedy = "Say how positions are counted with --positions, or export it again."
    for source in project.texts():
        length = len(source.content or "")
        for selection in source.selections if source.content is not None else ():
            if selection.kind == "text" and not 0 <= selection.span[0] <= selection.span[1] <= length:
                problem = f"selection {selection.guid} of {source.name or source.guid} is not within the text"
                value = f"{selection.span[0]} to {selection.span[1]}"
                yield Fault(where, f"{problem} of {length:,} characters", remedy, value=value)


def _report_dangling(project: Project, dangling: frozenset[str], report: Report) -> None:
    """Report references to what is not in the project; they are kept, since nothing is counted by them."""
    for guids, what, where in _references(project):
        for guid in (guid for guid in guids if guid in dangling):
            report.unusual.add(f"{what} that is not in the project", f"{where}, {guid}")


def _references(project: Project) -> Iterator[tuple[Iterable[str], str, str]]:
    """Yield the GUIDs that something in a project refers to, what that is, and its own GUID."""
    for source in project.texts():
        yield source.notes, "a source refers to a note", source.guid
        yield (value.variable for value in source.values), "a source has a value of a variable", source.guid
        for selection in source.selections:
            yield selection.notes, "a selection refers to a note", selection.guid
    for _, _, coding in project.codings():
        yield coding.notes, "a coding refers to a note", coding.guid
    for code in project.codes:
        yield code.notes, "a code refers to a note", code.guid
    for case in project.cases:
        yield (*case.codes, *case.sources, *case.selections), "a case has a code, source or selection", case.guid
        yield (value.variable for value in case.values), "a case has a value of a variable", case.guid
    for group in project.sets:
        yield (*group.codes, *group.sources, *group.notes), "a set has a member", group.guid
    for link in project.links:
        yield (link.origin, link.target), "a link leads to something", link.guid
    yield project.own_notes, "the project refers to a note", project.name
