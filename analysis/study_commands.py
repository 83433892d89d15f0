"""The commands for any coded study: `python -m analysis study …`.

Exit codes as elsewhere: 0 as asked, 1 what was checked does not hold, 2 the input cannot be used.
"""

from pathlib import Path
from typing import Annotated

import typer

from analysis import paths

app = typer.Typer(no_args_is_help=True, help="Check a coded study of your own, and report on it.")

Folder = Annotated[Path, typer.Argument(help="Folder of the study's data package.", show_default=False)]


@app.command()
def check(folder: Folder) -> None:
    """Validate a study, and say what there is in it and what stands out."""
    from analysis import evidence, numbers, overview

    try:
        loaded = evidence.load(folder)
    except evidence.InvalidEvidenceError as error:
        typer.echo(f"analysis: {error}", err=True)
        raise typer.Exit(1) from None
    for line in overview.told(loaded):
        typer.echo(line)
    remarks = overview.remarks(loaded)
    for remark in remarks:
        typer.echo(f"  note: {remark}")
    typer.echo(f"{paths.shown(folder)} is valid, with {numbers.counted(len(remarks), 'note')}.")


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
) -> None:
    """Write a report on a study as one self-contained page."""
    from analysis import evidence, quotations, study_report, writing

    loaded = evidence.load(folder)
    wording = quotations.restored(loaded, folder / "private" / "wording.csv") if with_wording else None
    asked = study_report.asked(loaded, _listed(facets), unit, _listed(level), wording)
    target = into or _named(folder, loaded.study.simulated, with_wording)
    beside = target.with_name(f"{target.stem}-passages.csv")
    # Disclosure: here, before anything is computed and written, the study is looked through for identifiers.
    options = {"--facets": facets, "--unit": unit, "--level": level}
    said = [f"{name} {value}" for name, value in options.items() if value] + ["--with-wording"] * with_wording
    command = " ".join(["python -m analysis study report", folder.resolve().name, *said])
    made = study_report.report(loaded, asked, command, beside.name, tell=typer.echo)
    if made.passages is not None:
        writing.write_text(beside, made.passages)
        typer.echo(f"All passages: {paths.shown(beside)}")
    writing.write_text(target, made.html)
    typer.echo(f"Report: {paths.shown(target)}")


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _named(folder: Path, simulated: bool, with_wording: bool) -> Path:
    """Return where a report goes that nobody gave a place; its name says what it holds."""
    name = folder.resolve().name
    if simulated and "simulated" not in name:
        name += "-simulated"
    return paths.STUDY_REPORTS / f"{name}{'-with-wording' if with_wording else ''}.html"
