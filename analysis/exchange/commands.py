"""What `study import` and `study export` do: a file of another program becomes a folder, and a folder such a file.

A folder that was imported has a private part, which git ignores: the wording of the passages, the project as it was,
and what was chosen at the import.
"""

import hashlib
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from analysis.exchange import (
    code_cells,
    code_tables,
    csv_table,
    import_report,
    positions,
    recognition,
    table_columns,
    wrappings,
)
from analysis.exchange.databases import qualcoder, rqda
from analysis.exchange.exporting import project_from_study, updating
from analysis.exchange.import_report import ExchangeError, Imported, Notices
from analysis.exchange.importing import again, interpretation, known_ids, origins, people, study_from_project
from analysis.exchange.importing.facets import LEVELS, WHOLE, Choices, branches
from analysis.exchange.importing.study_from_project import CodedStudy
from analysis.exchange.positions import WAYS, Way
from analysis.exchange.project import Project
from analysis.exchange.recognition import Kind
from analysis.exchange.refi_qda import portable, reading, writing
from analysis.exchange.refi_qda.qdpx_archives import OWN, Limits
from analysis.exchange.taguette import project_file
from analysis.study import loading, overview, package
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence
from analysis.study.places import Places
from analysis.support import csv_tables, paths, safe_files, strict_json
from analysis.support.errors import Fault, unreadable
from analysis.support.formatting import capitalize_first, counted, listed
from analysis.wording import fingerprints

PROJECT = "private/project.qdpx"  # the project of an imported study, with all that tables cannot hold
CHOICES = "private/import.json"  # what was chosen when it was imported
WORDING = "private/wording.csv"
NAMES = "private/names.csv"  # the key to pseudonyms
DROPPED = "private/no-longer-in-the-project.csv"  # what was written about it, after an import that came again
EVERYTHING = (
    "# This folder is inside a repository. To keep its tables with git, write private/ in place of the asterisk.\n*\n"
)
IGNORED = "# The wording of the passages and the project as it was imported: never to be made public.\nprivate/\n"
_NAMES = 3  # that are shown of names of several codes
Tell = Callable[[str], None]
Ask = Callable[[str, str], str]


def read(
    file: Path,
    way: Way | None = None,
    name: str | None = None,
    strict: bool = False,
    times: int = 1,
    separator: str | None = None,
    columns: Sequence[str] = (),
) -> Imported:
    """Read a project from a file or folder of any known kind, which its content decides.

    `way` is how positions are counted, `name` which project of several, `times` how much higher limits are, `separator`
    what separates several codes in a cell of a table, and `columns` which column is which (FIELD=NAME).
    Raises ExchangeError for what cannot be used.
    """
    limits = Limits().times(times)
    found = wrappings.unwrapped(file, limits)
    try:
        kind = recognition.kind_of(found.file)
        _refuse_of_tables(kind, {"--separator": separator, "--column": columns or None}, file)
        match kind:
            case Kind.TAGUETTE:
                imported = project_file.read_taguette(found.file, name, limits)
            case Kind.QUALCODER:
                imported = qualcoder.read_qualcoder(found.file, way, limits)
            case Kind.RQDA:
                imported = rqda.read_rqda(found.file, way, limits)
            case Kind.PROJECT:
                imported = reading.read_project(found.file, way, strict, limits)
            case Kind.CODEBOOK:
                imported = reading.read_codebook(found.file, strict, limits)
            case Kind.TABLE:
                codebook = None if columns or separator else code_tables.read_codes(found.file, limits)
                between = separator and code_cells.separator_of(separator)
                named = table_columns.chosen(columns)
                imported = codebook or csv_table.read_table(found.file, limits, between, named)
        with safe_files.opened(file if file.is_file() else found.file) as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except ExchangeError as error:
        found.rename(error)
        raise
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None
    imported.report.file = file
    if found.within:
        imported.report.details.append(f"in {found.within}")
    return replace(imported, sha256=sha256, kept=found.folder)


def _refuse_of_tables(kind: Kind, options: Mapping[str, object], file: Path) -> None:
    """Refuse options that only a table has, for a file of another kind."""
    for option, said in options.items():
        if kind is not Kind.TABLE and said is not None:
            problem = "only a table of codings (.csv, .xlsx) has cells with codes"
            raise ExchangeError(Fault(option, problem, "Leave it out.", value=paths.shown(file)))


def choices_asked(project: Project, choices: Choices, ask: Ask, tell: Tell) -> Choices:
    """Return the choices, with one question for each that was left open."""
    found = branches(project)
    if not choices.facets and found:
        tell(f"Branches of the code tree: {', '.join(found)}.")
        tops = ", ".join(path for path in found if LEVELS not in path)
        answer = ask(f"Which are facets? (with commas between, or {WHOLE} for the whole tree as one)", tops)
        choices = replace(choices, facets=_listed(answer))
    if not choices.interviewee:
        known = [people.BY_CASE, people.BY_SOURCE, people.NOBODY, *(one.name for one in project.variables)]
        answer = ask(f"What is an interviewee? ({listed(known)})", people.usual(project))
        choices = replace(choices, interviewee=answer.strip())
    if not choices.exclusive:
        answer = ask("Which facets give a passage one code at most? (with commas between; empty for none)", "")
        choices = replace(choices, exclusive=_listed(answer))
    coders = [coder.coder_id for coder in people.who_coded(project).values()]
    if not choices.record and len(coders) > 1:
        answer = ask(f"Whose codes are counted? ({listed(coders)}; with commas between; empty for everybody's)", "")
        choices = replace(choices, record=_listed(answer))
    return choices


def _listed(answer: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in answer.split(",") if name.strip())


def coded(imported: Imported, choices: Choices) -> CodedStudy:
    """Return the study that a project becomes, with its origin; a codebook becomes a study without sources.

    Raises ExchangeError for a project without codes, and for choices that the project does not allow.
    """
    made = study_from_project.coded_study(imported.project, choices)
    unnamed = {"", *(guid for guid, coder in made.coders.items() if not is_named(coder.coder_id))}
    if apart := origins.overlapping(made.passages, unnamed):
        notice = "a passage overlaps one that another coder marked with other ends, and the two are not compared"
        made.unusual.add(notice, apart[0], len(apart))
    study = replace(made.evidence.study, origin=origins.origin(imported, made, choices, len(apart)))
    return replace(made, evidence=replace(made.evidence, study=study))


@reading.without_collecting()
def import_study(imported: Imported, choices: Choices, folder: Path, tell: Tell) -> list[str]:
    """Write a project as a data package into a new or empty folder, all of it or nothing; return the files.

    Raises ExchangeError for choices that the project does not allow, PackagesError for a folder with something in it.
    """
    if (folder / PROJECT).is_file():
        remedy = "Use --again to bring it up to date, or choose another folder."
        raise ExchangeError(Fault(folder, "a project was imported into this folder before", remedy))
    tell("Making the tables …")
    made = coded(imported, choices)
    loading.check(made.evidence, folder)
    with _private_files(imported.project, made, choices, tell) as private:
        inside = _would_be_added(folder)
        private[".gitignore"] = EVERYTHING if inside else IGNORED
        written = package.write(made.evidence, folder, private)
    _report(imported, made, choices, tell)
    if inside:
        where = paths.shown(folder)
        tell(f"{where} is inside a repository, so git ignores all of it. Its .gitignore says how to change that.")
    return written


@reading.without_collecting()
def import_again(imported: Imported, choices: Choices, folder: Path, tell: Tell) -> list[str]:
    """Write a project that was imported before into its folder again; return the files that were written.

    Ids stay, and so does what was written into the tables since then; `choices` that are left open are as before.
    Raises ExchangeError for a folder that no import wrote, and for choices that the project does not allow.
    """
    if not (folder / PROJECT).is_file():
        remedy = "Leave out --again to import into a new folder."
        raise ExchangeError(Fault(folder, "no project was imported into this folder", remedy))
    before = _choices(folder)
    chosen = before.completing(choices)
    tell("Making the tables …")
    as_imported = reading.read_project(_private(folder, PROJECT), WAYS[0], limits=OWN).project
    earlier = study_from_project.coded_study(as_imported, before)
    ids = again.known_ids(earlier, study_from_project.coded_study(imported.project, chosen))
    chosen = replace(chosen, ids=ids)
    made = coded(imported, chosen)
    kept = again.kept(earlier.evidence, loading.load(folder), made.evidence)
    loading.check(kept.evidence, folder)
    cells, rows = counted(kept.cells, "cell"), counted(kept.rows, "added row")
    with _private_files(imported.project, made, replace(chosen, ids=made.ids), tell) as private:
        if len(kept.dropped):
            private[DROPPED] = csv_tables.exact(kept.dropped)
        written = package.write_again(kept.evidence, folder, private)
    _report(imported, made, chosen, tell)
    tell(f"Kept of what was written into the tables since the earlier import: {cells} and {rows}.")
    if len(kept.dropped):
        tell(f"{capitalize_first(counted(len(kept.dropped), 'cell'))} about what the project no longer has: {DROPPED}.")
    return written


def _noted(choices: Choices) -> dict[str, object]:
    """Return choices as they are noted: pseudonyms and ids only where there are any, as a first import has none."""
    facts = asdict(choices)
    optional = {"pseudonyms": choices.pseudonyms, "ids": any(asdict(choices.ids).values())}
    return {name: fact for name, fact in facts.items() if optional.get(name, True)}


def _would_be_added(folder: Path) -> bool:
    """Tell whether a folder is inside a repository that does not ignore it, so that git would add its tables."""
    repository = next((above for above in folder.resolve().parents if (above / ".git").exists()), None)
    if repository is None:
        return False
    asked = ["git", "-C", str(repository), "check-ignore", "--quiet", str(folder.resolve())]
    try:
        return subprocess.run(asked, capture_output=True, check=False).returncode != 0  # noqa: S603
    except OSError:  # without git nobody adds anything here, though somebody may elsewhere
        return True


@contextmanager
def _private_files(project: Project, made: CodedStudy, choices: Choices, tell: Tell) -> Iterator[dict[str, str | Path]]:
    """Give the private files of a study: its wording, the project and what was chosen."""
    with tempfile.TemporaryDirectory() as beside:
        kept = Path(beside) / "project.qdpx"
        tell("Keeping the project …")
        writing.write_project(project, kept)
        private: dict[str, str | Path] = {
            WORDING: csv_tables.exact(made.wording()),
            CHOICES: json.dumps(_noted(choices), ensure_ascii=False, indent=2) + "\n",
            PROJECT: kept,
        }
        if made.names is not None:
            private[NAMES] = csv_tables.exact(made.names)
        yield private


def _report(imported: Imported, made: CodedStudy, choices: Choices, tell: Tell) -> None:
    """Report what a project was taken to be, and what the tables made of it cannot hold."""
    _report_formulas(made)
    if made.evidence.codings.empty:
        tell(overview.NOTHING_CODED)
    for line in (
        *interpretation.lines(made, choices, imported.report.counting),
        *import_report.of_tables(made.lost, made.unusual),
    ):
        tell(line)
    if made.evidence.sources.empty:
        return
    if made.names is None:
        tell("Names of sources and coders are in the tables (--pseudonyms replaces them): look before you show them.")
    else:
        tell(f"The key to the pseudonyms is {NAMES}. Names in memos and definitions stay: look for them.")


def _report_formulas(made: CodedStudy) -> None:
    """Report cells that a spreadsheet would run; the tables are for programs, and hold each text as it is."""
    for name in loading.COLUMNS:
        table = getattr(made.evidence, name)
        for column in table.columns:
            cells = Counter(table[column].tolist())  # many are the same: ids, levels, nothing
            if found := sum(
                n for cell, n in cells.items() if isinstance(cell, str) and csv_tables.guarded(cell) != cell
            ):
                notice = "a text begins like a formula: open the table as text, should you open it in a spreadsheet"
                made.unusual.add(notice, f"{column} of {name}", found)


def export_study(
    folder: Path,
    file: Path,
    with_wording: bool,
    tell: Tell,
    before_writing: Callable[[], None] = lambda: None,
    way: Way | None = None,
) -> None:
    """Write a study as a project (.qdpx) or its codes as a codebook (.qdc), all of it or nothing.

    `with_wording` writes a study that was imported from the project that was kept, brought up to date with the tables,
    and any other with its private wording. Without it, the texts are the gists of the passages. `before_writing` is
    called once everything else has succeeded, and may raise an error to stop it. `way` is how positions are counted;
    without it, as in the file that the study was imported from.
    """
    is_codebook = _is_codebook(folder, file)
    loaded, lost = loading.load(folder), Notices()
    is_updated = (folder / PROJECT).is_file() and (with_wording or is_codebook)
    if is_updated:
        as_imported = reading.read_project(_private(folder, PROJECT), WAYS[0], limits=OWN).project
        project = updating.updated(as_imported, _choices(folder), loaded, lost)
    else:
        project = _new_project(folder, loaded, with_wording, is_codebook, tell)
    for line in import_report.of_tables(lost, Notices()):
        tell(line)
    if is_codebook:
        before_writing()
        writing.write_codebook(replace(project, origin=project.origin or portable.ORIGIN), file)
        return
    time = portable.time_of_writing()
    made = portable.portable(project, time, each=not is_updated)
    chosen = way or origins.way_of(loaded.study.origin, folder)
    for line in (*_remarks_for_qualcoder(project, time), *_counted(loaded, made, chosen, way is not None)):
        tell(line)
    before_writing()
    writing.write_project(made, file, chosen, private=with_wording)


def places(folder: Path) -> Places | None:
    """Return where the passages of a study are in its texts; None of a study that was not imported with whole texts."""
    if not (folder / PROJECT).is_file():
        return None
    as_imported = reading.read_project(_private(folder, PROJECT), WAYS[0], limits=OWN).project
    return origins.places(as_imported, study_from_project.passages_of(as_imported, _choices(folder).ids.passages))


def _is_codebook(folder: Path, file: Path) -> bool:
    """Say whether a file to write is a codebook rather than a project, by its ending; ExchangeError for any other."""
    suffix = file.suffix.casefold()
    if suffix not in (".qdpx", ".qdc"):
        remedy = "Name a file that ends in .qdpx (project) or .qdc (codebook)."
        raise ExchangeError(Fault(file, "the ending of the file is neither .qdpx nor .qdc", remedy))
    if file.resolve() == (folder / PROJECT).resolve():
        problem = "this is the project as it was imported, which the study needs"
        raise ExchangeError(Fault(file, problem, "Name another file."))
    return suffix == ".qdc"


def _new_project(folder: Path, loaded: Evidence, with_wording: bool, is_codebook: bool, tell: Tell) -> Project:
    """Return a project made of a study, with the private wording or the gists of its passages."""
    if with_wording:
        return project_from_study.project_of(loaded, fingerprints.restored(loaded, folder / WORDING))
    if not (is_codebook or loaded.extracts["gist"].any()):
        problem = "the passages have no gists, and their wording is private"
        remedy = "Write the wording with --with-wording; the file is then private, too."
        raise ExchangeError(Fault(folder, problem, remedy))
    tell("Texts are made of the gists of the passages.")
    return project_from_study.project_of(loaded)


def _remarks_for_qualcoder(project: Project, time: str) -> Iterator[str]:
    """Yield what QualCoder cannot import as it is: notes without a time, and codes that have the same name."""
    if undated := sum(not (note.created or note.edited) for note in project.notes):
        meaning = " (not known; set SOURCE_DATE_EPOCH for another)" if time == portable.UNKNOWN_TIME else ""
        notes = capitalize_first(counted(undated, "note"))
        yield f"{notes} without a time got {time}{meaning}, because QualCoder stops at a note without one."
    names = Counter(code.name for code in project.codes if code.is_codable)
    if repeated := [name for name, times in names.items() if times > 1]:
        shown = f"{listed(repeated[:_NAMES])}{', for example' if len(repeated) > _NAMES else ''}"
        yield f"Several codes have the same name ({shown}): QualCoder shows the codings of the first code alone."


def _counted(study: Evidence, made: Project, way: Way, is_chosen: bool) -> Iterator[str]:
    """Yield how positions are counted in a project that is written, and whether that can be seen from its texts."""
    is_known = study.study.origin is not None and study.study.origin.positions  # not of tables, which have none
    why = " (as you said)" if is_chosen else " (as in the file that was imported)" if is_known else ""
    yield f"Positions are counted in {way.description}{why}."
    written = writing.counted_in(made, way)
    found = positions.detect(written.texts()).way
    if found != way and reading.placed(written, found, Notices()) != made:
        yield f"The texts do not show this, so import the file with --positions {way.name}."


def _private(folder: Path, name: str) -> Path:
    """Return a file of an imported study; ExchangeError where a link leads elsewhere."""
    try:
        return safe_files.not_linked_out(folder, folder / name)
    except safe_files.UnsafePathError as fault:
        raise ExchangeError(Fault(folder / name, str(fault), "Copy the file itself there.")) from None


def _choices(folder: Path) -> Choices:
    try:
        given = strict_json.parsed(safe_files.text(safe_files.not_linked_out(folder, folder / CHOICES)))
        facets, exclusive, record = (tuple(map(str, given[name])) for name in ("facets", "exclusive", "record"))
        ids = known_ids.from_facts(given.get("ids", {}))
        return Choices(facets, exclusive, str(given["interviewee"]), record, bool(given.get("pseudonyms")), ids)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        problem = f"what was chosen at the import cannot be read ({fault})"
        raise ExchangeError(Fault(folder / CHOICES, problem, "Import the project again.")) from None
