"""Read a project (.qdpx) or codebook (.qdc) of REFI-QDA 1.0, as programs write it."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from analysis.exchange import positions
from analysis.exchange.exchange_errors import ExchangeError, Notices
from analysis.exchange.import_report import Imported, Report
from analysis.exchange.positions import Way
from analysis.exchange.project import Coding, Project, Selection, Source, User
from analysis.exchange.refi_qda import case_references, object_building
from analysis.exchange.refi_qda.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE
from analysis.exchange.refi_qda.parsing import Parsed, parse
from analysis.exchange.refi_qda.qdpx_archives import FOLDER, Archive, Limits, leads_out
from analysis.support import paths, safe_files
from analysis.support.errors import Fault, raise_if_any

USUAL = Limits()
MEDIA = ("picture", "pdf", "audio", "video")
_MANY = 100_000  # objects
_MEND = "Export it anew, or mend it."


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the cycle collector out: hundreds of thousands of objects are made here, and none in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if gc.get_count()[0] > _MANY:
                # They go to the oldest objects at once, so that the next collection need not look through all of them.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@_without_collecting()
def read_project(file: Path, way: Way | None = None, strict: bool = False, limits: Limits = USUAL) -> Imported:
    """Read a project.

    `way` is how positions are counted; without it, that is found out from the texts. `strict` refuses whatever the
    schema of the standard does not allow; else it is mended and reported. Raises ExchangeError for what cannot be
    used: broken or dangerous archives and XML, duplicate GUIDs, codings of unknown codes, selections outside the text.
    """
    with closing(Archive(file, limits)) as archive:
        name = archive.project()
        where = f"{archive.where} ({name})"
        parsed = parse(partial(archive.open, name), where, "Project", object_building.PROJECT, limits.depth)
        report = Report(archive.where, "REFI-QDA project")
        _look_at_departures(parsed, report, PROJECT_NAMESPACE, where, strict)
        project = _with_texts(parsed.built, archive, report)
        if parsed.dangling:
            project = case_references.to_sources(project, archive, report)
    project = _with_annotations(_with_coders(project, where, report), report)
    _report_dangling(project, parsed.dangling, report)
    report.counting = positions.detect(project.texts()) if way is None else positions.Counting(way, "as you said")
    project = placed(project, report.counting.way, report.unusual)
    raise_if_any(ExchangeError, _outside(project, where))
    return Imported(project, report)


@_without_collecting()
def read_codebook(file: Path, strict: bool = False, limits: Limits = USUAL) -> Imported:
    """Read a codebook; it becomes a project that has codes and sets of codes only. Errors as for `read_project`."""
    where = paths.shown(file)
    try:
        parsed = parse(lambda: file.open("rb"), where, "CodeBook", object_building.CODEBOOK, limits.depth)
    except OSError as fault:
        raise ExchangeError(Fault(where, f"cannot be read: {fault.strerror}", safe_files.advice(fault))) from None
    report = Report(where, "REFI-QDA codebook")
    _look_at_departures(parsed, report, CODEBOOK_NAMESPACE, where, strict)
    return Imported(replace(parsed.built, name=file.stem), report)


def _look_at_departures(parsed: Parsed, report: Report, namespace: str, where: str, strict: bool) -> None:
    """Report in what a document departs from its schema, or refuse it for that."""
    if parsed.namespace != namespace:
        report.departures.add(f"the namespace is {parsed.namespace or 'missing'}, not {namespace}")
    report.departures.take(parsed.departures)
    report.lost.take(parsed.unknown)
    if strict:
        told = [*report.departures.lines(), *(f"the standard has no {line}" for line in report.lost.lines())]
        remedy = "Read it without --strict, to have it mended."
        raise_if_any(ExchangeError, (Fault(where, problem, remedy) for problem in told))


def _with_texts(project: Project, archive: Archive, report: Report) -> Project:
    """Give every text its content, and the project the files that are copied as they are."""
    meant: set[str] = set()
    taken: set[str] = set()

    def resolved(source: Source, path: str) -> tuple[str, str | None]:
        """Return a path in the standard's form, and the member of the archive that it means, if there is one."""
        member = archive.find(path)
        if member is not None:
            meant.add(member)
            if not path.startswith("internal://"):
                report.unusual.add("a path within the archive is not written as internal://", source.guid)
            return f"internal://{member.removeprefix(FOLDER)}", member
        if path.startswith("internal:") and leads_out(path.partition(":")[2].lstrip("/")):
            problem = f"a path of source {source.guid} leads out of the archive"
            raise ExchangeError(Fault(archive.where, problem, _MEND, value=path))
        return path, None

    def content(source: Source) -> Source:
        if source.other_path:
            source = replace(source, other_path=resolved(source, source.other_path)[0])
        path, member = resolved(source, source.path) if source.path else ("", None)
        is_text = source.kind not in MEDIA
        if member is None and (source.path or is_text) and source.content is None:
            what = "text" if is_text else source.kind
            report.lost.add(f"a {what} that is not in the archive; it is kept by name", source.name or source.guid)
        if member is not None and is_text:
            taken.add(member)
            if source.content is not None:
                report.unusual.add("a text is given both in the project and in a file, which counts", source.guid)
            return replace(source, path=path, content=archive.text(member))
        return replace(source, path=path)

    project = each_text(project, content)
    media = []
    for medium in archive.media():
        if medium.member not in meant and not medium.member.startswith(FOLDER):
            report.lost.add("a file outside the folder Sources that no source names", medium.member)
        elif medium.member not in taken:
            media.append(medium)
    return replace(project, media=tuple(media))


def each_text(project: Project, change: Callable[[Source], Source]) -> Project:
    """Return a project with every source, note and text within one changed, the innermost first."""

    def changed(source: Source) -> Source:
        if source.texts:
            source = replace(source, texts=tuple(changed(text) for text in source.texts))
        if any(selection.texts for selection in source.selections):
            selections = tuple(
                selection._replace(texts=tuple(changed(text) for text in selection.texts))
                for selection in source.selections
            )
            source = replace(source, selections=selections)
        return change(source)

    sources, notes = (tuple(changed(text) for text in texts) for texts in (project.sources, project.notes))
    return replace(project, sources=sources, notes=notes)


def _with_annotations(project: Project, report: Report) -> Project:
    """Return a project in which no note has places of another text: they are moved to the source that the note is of.

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
    """Return the selections of a note, and those of another text: uncoded, and outside its own however counted."""
    if note.content is None or not note.selections:
        return note.selections, ()
    end = max(positions.Scale(note.content, way).end for way in positions.WAYS)
    parts: tuple[list[Selection], list[Selection]] = [], []
    for selection in note.selections:
        parts[selection.kind == "text" and not selection.codings and selection.span[1] > end].append(selection)
    return tuple(parts[0]), tuple(parts[1])


def placed(project: Project, way: Way, unusual: Notices) -> Project:
    """Return a project with its positions, which were counted in a way, in code points; take note of odd ones."""

    def in_place(source: Source) -> Source:
        scale = positions.scaled(source, way)
        if scale is None:
            return source

        def to(position: int) -> int:
            place, is_between = scale.place(position)
            if not is_between:
                found = "a position within a character or line break, which was moved to before it"
                unusual.add(found, f"{position:,} in {source.name or source.guid}")
            return place

        return positions.moved(source, to)

    return each_text(project, in_place)


def _with_coders(project: Project, where: str, report: Report) -> Project:
    """Add users whom codings name and the project does not; refuse codings of unknown codes."""
    codes, known = {code.guid for code in project.codes}, {"", *(user.guid for user in project.users)}
    unknown: dict[str, str] = {}
    faults = []
    for _, _, coding in codings(project):
        if coding.code not in codes:
            problem = f"Coding {coding.guid} is of a code that is not in the codebook"
            faults.append(Fault(where, problem, _MEND, value=coding.code))
        if coding.coder not in known:
            unknown.setdefault(coding.coder, coding.guid)
    raise_if_any(ExchangeError, faults)
    for guid, coded in unknown.items():
        report.unusual.add(f"the coder {guid} is not among the users, and has no name", f"Coding {coded}")
    return replace(project, users=(*project.users, *map(User, unknown)))


def _outside(project: Project, where: str) -> Iterator[Fault]:
    """Yield a fault for each selection that is not within its text."""
    for source in project.texts():
        if source.content is None:
            continue
        length = len(source.content)
        for selection in source.selections:
            if selection.kind != "text":
                continue
            start, end = selection.span
            if not 0 <= start <= end <= length:
                problem = f"selection {selection.guid} of {source.name or source.guid} is not within the text"
                remedy = "Say how positions are counted with --positions, or export it anew."
                yield Fault(where, f"{problem} of {length:,} characters", remedy, value=f"{start} to {end}")


def codings(project: Project) -> Iterator[tuple[Source, Selection | None, Coding]]:
    """Yield every coding with its source, and its selection unless it is of the whole source."""
    for source in project.texts():
        for selection in source.selections:
            for coding in selection.codings:
                yield source, selection, coding
        for coding in source.codings:
            yield source, None, coding


def _report_dangling(project: Project, dangling: frozenset[str], report: Report) -> None:
    """Report references to what is not in the project; they are kept, since nothing is counted by them."""

    def look(guids: Iterable[str], what: str, where: str) -> None:
        for guid in (guid for guid in guids if guid in dangling):
            report.unusual.add(f"{what} that is not in the project", f"{where}, {guid}")

    if not dangling:
        return
    for source in project.texts():
        look(source.notes, "a source refers to a note", source.guid)
        look((value.variable for value in source.values), "a source has a value of a variable", source.guid)
        for selection in source.selections:
            look(selection.notes, "a selection refers to a note", selection.guid)
    for _, _, coding in codings(project):
        look(coding.notes, "a coding refers to a note", coding.guid)
    for code in project.codes:
        look(code.notes, "a code refers to a note", code.guid)
    for case in project.cases:
        look((*case.codes, *case.sources, *case.selections), "a case has a code, source or selection", case.guid)
        look((value.variable for value in case.values), "a case has a value of a variable", case.guid)
    for group in project.sets:
        look((*group.codes, *group.sources, *group.notes), "a set has a member", group.guid)
    for link in project.links:
        look((link.origin, link.target), "a link leads to something", link.guid)
    look(project.own_notes, "the project refers to a note", project.name)
