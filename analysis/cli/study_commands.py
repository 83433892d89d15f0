"""The commands for your own coded study: import, check, report, export, and the check for disclosure."""

import shlex
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import AsCsv, from_checkout
from analysis.support import paths
from analysis.support.terminal import pass_on, say, say_lines, visible

Folder = Annotated[Path, typer.Argument(help="Folder of the study's data package.", show_default=False)]
IgnoreFindings = Annotated[
    bool,
    typer.Option("--ignore-disclosure-findings", help="Write the file even if the disclosure check finds problems."),
]


class Positions(Enum):
    """The ways in which programs count positions in a text."""

    code_points = "code-points"
    utf_16 = "utf-16"
    code_points_1 = "code-points-1"
    utf_16_1 = "utf-16-1"
    code_points_2 = "code-points-2"
    utf_16_2 = "utf-16-2"


def import_study(
    file: Annotated[
        Path,
        typer.Argument(
            help="A REFI-QDA project, a project of QualCoder, RQDA or Taguette, or a table of codings.",
            show_default=False,
        ),
    ],
    into: Annotated[Path, typer.Argument(help="A folder for the data package, new or empty.", show_default=False)],
    facet: Annotated[
        list[str] | None,
        typer.Option(help="Code-tree branch to import as a facet (name or path; '*' for the whole tree)."),
    ] = None,
    interviewee: Annotated[
        str, typer.Option(help="What counts as one: case, source, none, or a variable's name.")
    ] = "",
    exclusive: Annotated[
        list[str] | None, typer.Option(help="A facet in which a coder gives a passage at most one code.")
    ] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(help="A coder whose codes are counted; FACET=CODER for one facet.", show_default="all coders"),
    ] = None,
    positions: Annotated[
        Positions | None,
        typer.Option(help="How positions are counted (-1, -2: a line break as one, as two).", show_default="detected"),
    ] = None,
    project: Annotated[str | None, typer.Option(help="The project to import from a Taguette file.")] = None,
    separator: Annotated[
        str | None,
        typer.Option(
            help='What separates several codes in a table cell: for example ";", newline, or none.',
            show_default="one code a cell, unless it looks otherwise",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help='Which column of a table is which, as in passage="Text Content"; again for another.',
            show_default="recognized",
        ),
    ] = None,
    pseudonyms: Annotated[
        bool,
        typer.Option("--pseudonyms", help="Replace the names of people and files in the tables; the key is private."),
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Import into the folder of an earlier import, and keep what you wrote there."),
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse files that break the standard's schema.")] = False,
    limits: Annotated[int, typer.Option(min=1, help="Multiply the size and nesting limits by this factor.")] = 1,
) -> None:
    """Make a data package of a coded project.

    The project comes from another program: NVivo, MAXQDA or ATLAS.ti as .qdpx, QualCoder as .qda, RQDA as .rqda,
    Taguette as .sqlite3; or as a table (CSV, XLSX) of coded passages. It may be in a folder or archive. The command
    reports what was read and what the tables cannot hold.
    """
    from analysis.exchange import commands, import_report
    from analysis.exchange import positions as counting
    from analysis.exchange.code_cells import SeveralCodesError
    from analysis.exchange.importing.facets import Choices

    way = counting.BY_NAME[positions.value] if positions else None
    try:
        imported = commands.read(file, way, project, strict, limits, separator, column or ())
    except SeveralCodesError as several:
        if not sys.stdin.isatty():
            raise
        say_lines(str(several))
        said = _asked("What separates codes in a cell? (none, if each cell is one code)", several.separator)
        imported = commands.read(file, way, project, strict, limits, said, column or ())
    for line in import_report.lines(imported):
        say(line)
    chosen = Choices(tuple(facet or ()), tuple(exclusive or ()), interviewee, tuple(record or ()), pseudonyms)
    if sys.stdin.isatty() and not again:
        chosen = commands.choices_asked(imported.project, chosen, _asked, say)
    for name in (commands.import_again if again else commands.import_study)(imported, chosen, into, say):
        say(paths.shown(into / name))


def _asked(question: str, usual: str) -> str:
    return str(typer.prompt(visible(question), default=usual))


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
    ignore_disclosure_findings: IgnoreFindings = False,
) -> None:
    """Write a study as REFI-QDA for other programs.

    A .qdpx holds the whole project, a .qdc the codes alone.
    """
    from analysis.exchange import commands
    from analysis.exchange import positions as counting

    def look() -> None:
        _look_through(folder, ignore_disclosure_findings, with_wording)

    way = counting.BY_NAME[positions.value] if positions else None
    commands.export_study(folder, file, with_wording, say, look, way)
    say(f"Written: {paths.shown(file)}{'. It holds private wording.' if with_wording else ''}")


def check(folder: Folder) -> None:
    """Validate a study and summarise it.

    Notes point out what stands out: codes without a definition, for example, or coders who coded little.
    """
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


def report(
    folder: Folder,
    into: Annotated[
        Path | None,
        typer.Option(help="The page to write.", show_default="FOLDER.html in study-reports"),
    ] = None,
    title: Annotated[str, typer.Option(help="The title of the report.", show_default="that of the study")] = "",
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
    docx: Annotated[bool, typer.Option("--docx", help="Write it as a Word document as well.")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Write its tables as a workbook as well.")] = False,
    ignore_disclosure_findings: IgnoreFindings = False,
) -> None:
    """Write a report on a study as one web page, which can be printed; if asked for, in other forms beside it."""
    from analysis import study_report
    from analysis.exchange import commands
    from analysis.study import loading
    from analysis.study_report import other_forms
    from analysis.wording import fingerprints

    forms = {"docx": other_forms.document} if docx else {}
    forms |= {"xlsx": other_forms.workbook} if xlsx else {}
    for form in forms:
        other_forms.check(form)
    loaded = loading.load(folder)
    if title:
        loaded = replace(loaded, study=replace(loaded.study, title=title))
    wording = fingerprints.restored(loaded, folder / "private" / "wording.csv") if with_wording else None
    asked = study_report.asked(loaded, _listed(facets), unit, _listed(level), wording)
    target = into or _named(folder, loaded.study.simulated, with_wording)
    beside = target.with_name(f"{target.stem}-passages.csv")
    _look_through(folder, ignore_disclosure_findings, with_wording)
    options = {"--title": title and shlex.quote(title), "--facets": facets, "--unit": unit, "--level": level}
    said = [f"{name} {value}" for name, value in options.items() if value]
    said += [f"--{form}" for form in forms]
    said += ["--with-wording"] * with_wording + ["--ignore-disclosure-findings"] * ignore_disclosure_findings
    command = " ".join([f"{paths.COMMAND} study report", folder.resolve().name, *said])
    made = study_report.report(loaded, asked, command, beside.name, tell=say, places=commands.places(folder))
    files = {beside: made.passages.encode()} if made.passages is not None else {}
    for form, write in forms.items():
        say(f"Making the {form.upper()} …")
        files[target.with_suffix(f".{form}")] = write(made.html)
    _write_all({**files, target: made.html.encode()}, with_wording)
    for file in files:
        say(f"{'All passages' if file == beside else 'Beside it'}: {paths.shown(file)}")
    say(f"Report: {paths.shown(target)}")


def publish(
    folder: Folder,
    into: Annotated[
        Path | None,
        typer.Option(
            help="The folder of the site, new or published before.", show_default="FOLDER in published-studies"
        ),
    ] = None,
    ignore_disclosure_findings: IgnoreFindings = False,
) -> None:
    """Make a website of a study: codebook, explorer, counts, agreement, data and citation.

    The pages open from a folder and can be put on any web server. They never hold the private wording.
    """
    from analysis import publishing
    from analysis.exchange import commands
    from analysis.study import loading

    loaded = loading.load(folder)
    publishing.work_of(folder, loaded)
    target = into or paths.published_studies() / _in_name(folder, loaded.study.simulated)
    publishing.check_place(folder, target)
    _look_through(folder, ignore_disclosure_findings)
    said = " --ignore-disclosure-findings" * ignore_disclosure_findings
    command = f"{paths.COMMAND} study publish {folder.resolve().name}{said}"
    publishing.publish(folder, loaded, target, command, say, commands.places(folder))
    say(f"Published: {paths.shown(target / 'index.html')}")


def _write_all(files: Mapping[Path, bytes], private: bool) -> None:
    """Write all files or none: no table is left beside a page that cannot be written."""
    from analysis.support import atomic_writes

    with ExitStack() as stack:
        for file, content in files.items():
            stack.enter_context(atomic_writes.replacing(file, private=private)).write_bytes(content)


def _look_through(folder: Path, ignore_findings: bool, with_wording: bool | None = None) -> None:
    """Report what may disclose who somebody is, before anything is written; exit with 1 if that stops it.

    `with_wording` is None for what can never have it.
    """
    from analysis import disclosure
    from analysis.disclosure import gate

    findings = disclosure.check(folder, tell=lambda what: say(f"{what} …"))
    blocked = gate.blocking(findings, ignore_findings, bool(with_wording))
    if findings:
        for line in gate.in_short(findings, paths.shown(folder)):
            say(line, err=bool(blocked))
    if blocked:
        say(gate.refusal(blocked, with_wording is not None), err=True)
        raise typer.Exit(1)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _named(folder: Path, simulated: bool, with_wording: bool) -> Path:
    """Return where a report goes by default; its name says what it holds."""
    name = _in_name(folder, simulated)
    return paths.study_reports() / f"{name}{'-with-wording' if with_wording else ''}.html"


def _in_name(folder: Path, simulated: bool) -> str:
    name = folder.resolve().name
    return f"{name}-simulated" if simulated and "simulated" not in name else name


def disclosure(
    folder: Annotated[
        Path, typer.Argument(help="Folder of the data package.", show_default="data", callback=from_checkout)
    ] = paths.DATA,
    smallest: Annotated[int, typer.Option(min=1, help="The fewest interviewees that a cell may have.")] = 3,
    masked: Annotated[
        bool, typer.Option("--masked", help="Mask what was found, for a list that others will see.")
    ] = False,
    as_csv: AsCsv = False,
) -> None:
    """Find what may disclose who somebody is.

    Run it before you publish a data package or a report. Nothing is changed.
    """
    from analysis import disclosure
    from analysis.support import csv_tables, formatting

    findings = disclosure.check(folder, smallest, tell=lambda what: say(f"{what} …", err=True))
    if as_csv:
        pass_on(csv_tables.for_people(disclosure.table(findings, masked)))
    else:
        for line in disclosure.by_value(findings, masked):
            say(line)
        remedy = f"A person has to look at each: correct it, or record in {disclosure.ALLOWED} why it is harmless."
        proof = "This does not prove anonymity: a person has to read it as well."
        counted = formatting.capitalize_first(formatting.counted(len(findings), "finding"))
        say(f"{counted} in {paths.shown(folder)}. {remedy if findings else proof}")
    if findings:
        raise typer.Exit(1)
