"""The commands for any coded study: `python -m analysis study …`.

Exit codes as elsewhere: 0 as asked, 1 what was checked does not hold, 2 the input cannot be used.
"""

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from analysis.support import paths
from analysis.support.terminal import say, say_lines, visible

app = typer.Typer(no_args_is_help=True, help="Bring in a coded study of your own, check it, report on it, export it.")

Folder = Annotated[Path, typer.Argument(help="Folder of the study's data package.", show_default=False)]
DespitePlaces = Annotated[
    bool, typer.Option("--despite-places", help="Write it although the check for disclosure found places.")
]


class Positions(Enum):
    """The ways in which programs count positions in a text."""

    code_points = "code-points"
    utf_16 = "utf-16"
    code_points_1 = "code-points-1"
    utf_16_1 = "utf-16-1"
    code_points_2 = "code-points-2"
    utf_16_2 = "utf-16-2"


@app.command("import")
def import_study(
    file: Annotated[
        Path, typer.Argument(help="A .qdpx, a file of Taguette or a CSV table of codings.", show_default=False)
    ],
    into: Annotated[Path, typer.Argument(help="A new or empty folder for the data package.", show_default=False)],
    facet: Annotated[
        list[str] | None,
        typer.Option(help="A branch of the code tree that is a facet, by name or path; * is the whole tree as one."),
    ] = None,
    interviewee: Annotated[str, typer.Option(help="What is one: case, source, none, or a variable's name.")] = "",
    exclusive: Annotated[
        list[str] | None, typer.Option(help="A facet of which a coder gives a passage one code at most.")
    ] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(help="A coder whose coding is counted; FACET=CODER for one facet.", show_default="all of them"),
    ] = None,
    positions: Annotated[
        Positions | None,
        typer.Option(help="How positions are counted (-1, -2: a line break as one, as two).", show_default="found out"),
    ] = None,
    project: Annotated[str | None, typer.Option(help="Which project of a file of Taguette.")] = None,
    separator: Annotated[
        str | None,
        typer.Option(
            help='What separates several codes in a cell of a table: ";" for example, newline, or none.',
            show_default="one code in a cell, if it looks so",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse what the standard's schema does not allow.")] = False,
    limits: Annotated[int, typer.Option(min=1, help="How many times the usual limits of size and depth.")] = 1,
) -> None:
    """Make a data package of a study that was coded in another program, and report what was read and lost."""
    from analysis.exchange import commands, import_report
    from analysis.exchange import positions as counting
    from analysis.exchange.code_cells import SeveralCodesError
    from analysis.exchange.importing.choices import Choices

    way = counting.BY_NAME[positions.value] if positions else None
    try:
        imported = commands.read(file, way, project, strict, limits, separator)
    except SeveralCodesError as several:
        if not sys.stdin.isatty():
            raise
        say_lines(str(several))
        said = _asked("What separates codes in a cell? (none, if each cell is one code)", several.separator)
        imported = commands.read(file, way, project, strict, limits, said)
    for line in import_report.lines(imported):
        say(line)
    chosen = Choices(tuple(facet or ()), tuple(exclusive or ()), interviewee, tuple(record or ()))
    if sys.stdin.isatty():
        chosen = commands.choices_asked(imported.project, chosen, _asked, say)
    for name in commands.import_study(imported, chosen, into, say):
        say(paths.shown(into / name))
    say("Names of sources and coders are in the tables: look through them before you show them to others.")


def _asked(question: str, usual: str) -> str:
    return str(typer.prompt(visible(question), default=usual))


@app.command("export")
def export_study(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="What to write: .qdpx, or .qdc for the codes.", show_default=False)],
    with_wording: Annotated[
        bool, typer.Option("--with-wording", help="With the private texts and wording. The file is then private, too.")
    ] = False,
    positions: Annotated[
        Positions | None,
        typer.Option(
            help="How positions are counted (-1, -2: a line break as one, as two).",
            show_default="as in the file that the study was imported from",
        ),
    ] = None,
    despite_places: DespitePlaces = False,
) -> None:
    """Write a study as a REFI-QDA project or codebook, which other programs read."""
    from analysis.exchange import commands
    from analysis.exchange import positions as counting

    def look() -> None:
        _look_through(folder, despite_places, with_wording)

    way = counting.BY_NAME[positions.value] if positions else None
    commands.export_study(folder, file, with_wording, say, look, way)
    say(f"Written: {paths.shown(file)}{' It holds private wording.' if with_wording else ''}")


@app.command()
def check(folder: Folder) -> None:
    """Validate a study, and say what there is in it and what stands out."""
    from analysis.study import evidence, loading, overview
    from analysis.support import formatting

    try:
        loaded = loading.load(folder)
    except evidence.InvalidEvidenceError as error:
        say_lines(f"analysis: {error}", err=True)
        raise typer.Exit(1) from None
    for line in overview.summary(loaded):
        say(line)
    remarks = overview.remarks(loaded)
    for remark in remarks:
        say(f"  note: {remark}")
    say(f"{paths.shown(folder)} is valid, with {formatting.counted(len(remarks), 'note')}.")


@app.command()
def report(
    folder: Folder,
    into: Annotated[
        Path | None, typer.Option(help="The page to write.", show_default="build/study/FOLDER.html")
    ] = None,
    facets: Annotated[
        str, typer.Option(help="The facets to show, with commas between.", show_default="all with codes")
    ] = "",
    unit: Annotated[
        str | None, typer.Option(help="What to count: passage, statement or interviewee.", show_default="all there are")
    ] = None,
    level: Annotated[
        str, typer.Option(help="Levels to count codes at, with commas between.", show_default="the top of each facet")
    ] = "",
    with_wording: Annotated[
        bool, typer.Option("--with-wording", help="Show the private wording. The report is then private, too.")
    ] = False,
    despite_places: DespitePlaces = False,
) -> None:
    """Write a report on a study as one self-contained page."""
    from analysis import study_report
    from analysis.study import loading
    from analysis.support import atomic_writes
    from analysis.wording import fingerprints

    loaded = loading.load(folder)
    wording = fingerprints.restored(loaded, folder / "private" / "wording.csv") if with_wording else None
    asked = study_report.asked(loaded, _listed(facets), unit, _listed(level), wording)
    target = into or _named(folder, loaded.study.simulated, with_wording)
    beside = target.with_name(f"{target.stem}-passages.csv")
    _look_through(folder, despite_places, with_wording)
    options = {"--facets": facets, "--unit": unit, "--level": level}
    said = [f"{name} {value}" for name, value in options.items() if value]
    said += ["--with-wording"] * with_wording + ["--despite-places"] * despite_places
    command = " ".join(["python -m analysis study report", folder.resolve().name, *said])
    made = study_report.report(loaded, asked, command, beside.name, tell=say)
    # Both or none: no table is left beside a page that cannot be written.
    with atomic_writes.replacing(target, private=with_wording) as page:
        page.write_bytes(made.html.encode())
        if made.passages is not None:
            atomic_writes.write_text(beside, made.passages, private=with_wording)
    if made.passages is not None:
        say(f"All passages: {paths.shown(beside)}")
    say(f"Report: {paths.shown(target)}")


def _look_through(folder: Path, despite_places: bool, with_wording: bool) -> None:
    """Tell what may disclose who somebody is, before anything is written; end with 1 where that stops it."""
    from analysis import disclosure
    from analysis.disclosure import gate

    places = disclosure.check(folder, tell=lambda what: say(f"{what} …"))
    stopping = gate.blocking(places, despite_places, with_wording)
    if places:
        for line in gate.in_short(places, paths.shown(folder)):
            say(line, err=bool(stopping))
    if stopping:
        say(gate.refusal(stopping), err=True)
        raise typer.Exit(1)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _named(folder: Path, simulated: bool, with_wording: bool) -> Path:
    """Return where a report goes that nobody gave a place; its name says what it holds."""
    name = folder.resolve().name
    if simulated and "simulated" not in name:
        name += "-simulated"
    return paths.STUDY_REPORTS / f"{name}{'-with-wording' if with_wording else ''}.html"
