"""The commands for a class: the teaching notebooks to work in, and what a class handed in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.options import need_checkout
from analysis.support import paths
from analysis.support.terminal import say, say_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.study.evidence import Evidence
    from analysis.teaching.class_folders import ClassFolder


def teach() -> None:
    """Copy the teaching notebooks into build/teaching.

    Learners write there. Nothing that they wrote is overwritten.
    """
    need_checkout("teach")
    from analysis.teaching import working_copy

    for line in working_copy.bring():
        say(line)
    say(f"The notebooks to work in are in {paths.shown(paths.WORKING_COPY)}. The originals stay as they are.")


def in_class(
    folder: Annotated[Path, typer.Argument(help="Hand-ins: JSON, pasted texts, CSV of codings.", show_default=False)],
    facet: Annotated[str, typer.Option(help="What was coded, for CSV of codings.")] = "stage",
    level: Annotated[str | None, typer.Option(help="Level that codes are compared at.", show_default="its top")] = None,
    lesson: Annotated[str | None, typer.Option(help="Lesson of JSON files, by its name or file.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Show pseudonyms and not numbers.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write who did what for a learning platform.")] = None,
    canvas: Annotated[bool, typer.Option("--canvas", help="Write it as Canvas reads it.")] = False,
    users: Annotated[Path | None, typer.Option(help="CSV of pseudonyms and users of the platform.")] = None,
    rubric: Annotated[Path | None, typer.Option(help="Write open answers, with points to fill in.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the data package.", show_default="data")] = None,
) -> None:
    """Show what a class handed in.

    Shown are who did what, how answers split and why, rounds and agreement. Students are numbers unless you ask for
    names, so that the class can look at it.
    """
    from analysis.study import loading
    from analysis.teaching import class_folders

    # A folder that is not a study is reported before anything else.
    loaded = None if data is None else loading.load(data)
    found = class_folders.read(folder, lesson)
    _write_tables(found, csv, rubric, users, canvas=canvas)
    problems = [*_say_lessons(found, names=names)]
    if found.codings or not found.files:
        problems += _say_codings(folder, facet, level, loaded, found.files)
    else:
        problems += found.left_out
    if problems:
        for line in ("Not used, or unclear:", *problems):
            say(line)
        raise typer.Exit(1)


def _write_tables(
    found: "ClassFolder", csv: Path | None, rubric: Path | None, users: Path | None, *, canvas: bool
) -> None:
    """Write the tables that were asked for; nothing is written if one of them cannot be made."""
    if not csv and not rubric:
        return
    from analysis.support import atomic_writes
    from analysis.teaching import lesson_exports

    of = found.only()
    tables = []
    if csv:
        identifiers = lesson_exports.read_identifiers(users) if users else {}
        tables.append((csv, lesson_exports.grades(of, canvas=canvas, identifiers=identifiers)))
    if rubric:
        tables.append((rubric, lesson_exports.rubric(of)))
    for file, content in tables:
        atomic_writes.write_text(file, content)
        say(f"Written: {paths.shown(file)}")


def _say_lessons(found: "ClassFolder", *, names: bool) -> list[str]:
    """Show the classes of lessons; return what could not be used."""
    from analysis.teaching.lesson_reports import Shown

    if found.files and not found.classes:
        say("Nobody has handed in a lesson yet.")
    for of in found.classes:
        for part in Shown(of, names).parts():
            say_lines(part if isinstance(part, str) else repr(part))
        _say_notes(of.roster.notes)
    return [str(fault) for fault in (*found.faults, *(fault for of in found.classes for fault in of.faults))]


def _say_codings(
    folder: Path, facet: str, level: str | None, study: "Evidence | None", read: "Collection[str]"
) -> list[str]:
    """Show the codings of CSV files, of a study or else that of the checkout; return what could not be used."""
    if study is None:
        need_checkout("class", ", or give --data")
    from analysis.study import loading
    from analysis.teaching import classroom

    loaded = study or loading.load()
    everybody = classroom.read(folder, loaded, elsewhere=read)
    say_lines(repr(classroom.handed_in_table(everybody)))
    for sheet in classroom.results(everybody, loaded, facet, level):
        say_lines(repr(sheet))
    _say_notes(everybody.notes)
    return classroom.problems(everybody)


def _say_notes(notes: "Sequence[str]") -> None:
    if notes:
        for line in ("Handed in more than once:", *notes, ""):
            say(line)
