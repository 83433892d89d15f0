"""The command line: the study re-run and looked into, documents and site made, studies of one's own brought in.

Exit codes: 0 as asked, 1 what was checked does not hold, 2 the input cannot be used.
"""

import dataclasses
import io
import json
import shutil
import sys
import time
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Annotated

try:
    import typer
    from typer.exceptions import TyperException
except ModuleNotFoundError:
    sys.exit("analysis: its packages are not installed here. Activate an environment that nox made (.nox/verify).")

from analysis.cli import study_commands
from analysis.support import paths, safe_files
from analysis.support.errors import CompendiumError
from analysis.support.terminal import pass_on, say, say_lines

# The other modules load pandas and more; each command imports what it uses, so that help is instant.

SHOWN_OF_A_TABLE = 8  # differences printed of each table; all of them are in the report

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=(__doc__ or "").splitlines()[0]
)
quotations_app = typer.Typer(no_args_is_help=True, help="Fingerprints of the wording, against a copy of the article.")
app.add_typer(quotations_app, name="quotations")
app.add_typer(study_commands.app, name="study")

Data = Annotated[Path, typer.Option("--data", help="Folder of the data package.", show_default="data")]
Copy = Annotated[Path, typer.Argument(help="Your copy of the article: text, HTML or PDF.", show_default=False)]


@app.command()
def verify(data: Data = paths.DATA) -> None:
    """Recompute every derived table and compare it with the committed one."""
    from analysis.reanalysis import derived
    from analysis.reanalysis.verification_page import page
    from analysis.study import loading
    from analysis.support import atomic_writes, formatting

    loaded = loading.load(data)
    recomputed = derived.recompute(loaded)
    moved = derived.differences(recomputed, data / "derived")
    values = derived.values_in(recomputed)
    target = data.parent / "build" / "report.html"
    for _, of_table in groupby(moved, key=lambda difference: difference.table):
        found = list(of_table)
        for difference in found[:SHOWN_OF_A_TABLE]:
            say(difference)
        if len(found) > SHOWN_OF_A_TABLE:
            say(f"{found[0].table}: … and {len(found) - SHOWN_OF_A_TABLE} more")
    if moved:
        say(
            f"{formatting.counted(len(moved), 'difference')} between the derived tables and what the evidence "
            "gives (all "
            f"in {paths.shown(target)}). If the evidence was meant to change, write the tables anew with "
            "'python -m analysis derive'; if not, restore what was changed."
        )
    else:
        say(
            f"{len(recomputed)} tables with {values:,} values recomputed from the evidence: all equal to the committed "
            "ones."
        )
    # Told first, written then: a folder that cannot be written to hides no difference.
    report = {"tables": list(recomputed), "values": values, "differences": [str(difference) for difference in moved]}
    written = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    atomic_writes.write_text(target.with_name("verification.json"), written)
    atomic_writes.write_text(target, page(loaded, len(recomputed), values, moved))
    if moved:
        raise typer.Exit(1)
    say(f"Claims and verdicts: {paths.shown(target)}")


@app.command()
def derive(data: Data = paths.DATA) -> None:
    """Compute the derived tables and write them, all together or not at all."""
    from analysis.reanalysis import derived
    from analysis.study import loading

    for name in derived.write(loading.load(data), data / "derived"):
        say(f"{paths.shown(data / 'derived' / name)}")


@app.command()
def counts(
    rows: Annotated[str, typer.Argument(help="Facet of the rows.", show_default="the study's first")] = "",
    columns: Annotated[str, typer.Argument(help="Facet of the columns.", show_default="the next one")] = "",
    row_level: Annotated[str | None, typer.Option(help="Level of the row facet.", show_default="its top")] = None,
    column_level: Annotated[str | None, typer.Option(help="Level of the column facet.", show_default="its top")] = None,
    unit: Annotated[str, typer.Option(help="passage, statement or interviewee.")] = "passage",
    basis: Annotated[str, typer.Option(help="What column codes may rest on: wording, lead-in or any.")] = "any",
    passages: Annotated[bool, typer.Option("--passages", help="List the passages behind each cell.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the tidy table as CSV.")] = False,
    data: Data = paths.DATA,
) -> None:
    """Count one facet by another, with the range of each cell over all allowed readings."""
    from analysis.counting import pivot_tables
    from analysis.counting.crosstabs import Axis, crosstab
    from analysis.display import captioned_tables
    from analysis.reanalysis import derived
    from analysis.study import loading, overview
    from analysis.support import csv_tables

    loaded = loading.load(data)
    rows, columns = overview.two_facets(loaded, rows, columns)
    table = crosstab(loaded, Axis(rows, row_level), Axis(columns, column_level, basis), unit)
    if as_csv:
        pass_on(csv_tables.for_people(derived.plain(table)))
        return
    spread = pivot_tables.pivot(table, loaded, rows, columns, "extracts" if passages else "range")
    what = "Passages" if passages else f"Counts ({unit}; in brackets the range over all readings)"
    # Counts stay whole, wrapped by the terminal at worst; lists of passages are wrapped in their columns.
    width = max(shutil.get_terminal_size().columns, 140) if passages else 1000
    say_lines(captioned_tables.as_text(spread, f"{what}, {columns} by {rows}, basis {basis}", width))


@app.command()
def trace(
    name: Annotated[str, typer.Argument(help="A passage, code, claim, cell (power/stage) or observation.")],
    data: Data = paths.DATA,
) -> None:
    """Print the way from a number to the rows it rests on, with their coders and reasons."""
    from analysis.reanalysis import trace
    from analysis.study import loading

    say_lines(trace.trace(loading.load(data), name))


@app.command()
def notebooks() -> None:
    """Execute every notebook into build/notebooks, as notebooks and as web pages."""
    from analysis.rendering import notebooks

    try:
        written = notebooks.execute(tell=say)
    except notebooks.NotebookError as error:
        say_lines(f"analysis: {error}", err=True)
        raise typer.Exit(1) from None
    say(f"{len(written)} files written to {paths.shown(paths.EXECUTED_NOTEBOOKS)}.")


@app.command()
def teach() -> None:
    """Bring the teaching notebooks into build/teaching, where learners write; nothing of theirs is overwritten."""
    from analysis.teaching import working_copy

    for line in working_copy.bring():
        say(line)
    say(f"The notebooks to work in are in {paths.shown(paths.WORKING_COPY)}. The originals stay as they are.")


@app.command("class")
def in_class(
    folder: Annotated[Path, typer.Argument(help="A CSV file of each learner, named by pseudonym.", show_default=False)],
    facet: Annotated[str, typer.Option(help="What was coded.")] = "stage",
    level: Annotated[str | None, typer.Option(help="Level that codes are compared at.", show_default="its top")] = None,
    data: Data = paths.DATA,
) -> None:
    """Set the codings of a class side by side: what was handed in, agreement, by passage and by code."""
    from analysis.study import loading
    from analysis.teaching import classroom

    loaded = loading.load(data)
    everybody = classroom.read(folder, loaded)
    say_lines(repr(classroom.handed_in_table(everybody)))
    for sheet in classroom.results(everybody, loaded, facet, level):
        say_lines(repr(sheet))
    if everybody.notes:
        for line in ("Handed in more than once:", *everybody.notes, ""):
            say(line)
    if problems := classroom.problems(everybody):
        for line in ("Not used:", *problems):
            say(line)
        raise typer.Exit(1)


class Renderer(Enum):
    """Who can render the article."""

    auto = "auto"
    quarto = "quarto"
    embedded = "embedded"


@app.command()
def article(
    source: Annotated[
        Path, typer.Option(help="The article; its folder is copied.", show_default="paper/article.qmd")
    ] = paths.ARTICLE,
    into: Annotated[
        Path, typer.Option(help="Folder of what is written.", show_default="build/article")
    ] = paths.RENDERED_ARTICLE,
    renderer: Annotated[
        Renderer, typer.Option(help="Who renders: auto takes Quarto if it is on the PATH and works.")
    ] = Renderer.auto,
) -> None:
    """Render the article to HTML, PDF, DOCX and JATS XML in build/article."""
    from analysis import rendering

    try:
        rendered = rendering.render(source, into, renderer.value, tell=say)
    except CompendiumError as error:
        say_lines(f"analysis: {error}", err=True)
        raise typer.Exit(1) from None
    for name in rendered.files:
        say(paths.shown(into / name))
    say(f"Rendered by the {rendered.renderer} renderer ({rendered.version}) in {rendered.seconds:.1f} s.")


@app.command()
def site(
    serve: Annotated[bool, typer.Option("--serve", help="Serve it here, and build it anew on every change.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it is served on this machine.")] = 8000,
) -> None:
    """Build the documentation site in build/site."""
    from analysis.site.building import mkdocs_build, serving

    start = time.perf_counter()
    try:
        if serve:
            serving.serve(port)
            return
        say("Building the site from docs and data ...")
        files = mkdocs_build.build()
    except CompendiumError as error:
        say_lines(f"analysis: {error}", err=True)
        raise typer.Exit(1) from None
    say(f"{files} files written to {paths.shown(paths.SITE)} in {time.perf_counter() - start:.1f} s.")


@app.command()
def disclosure(
    folder: Annotated[Path, typer.Argument(help="Folder of the data package.", show_default="data")] = paths.DATA,
    smallest: Annotated[int, typer.Option(min=1, help="The fewest interviewees that a cell may have.")] = 3,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the places as CSV.")] = False,
) -> None:
    """List what may disclose who somebody is, before a package or a report is published; nothing is changed."""
    from analysis import disclosure
    from analysis.support import csv_tables, formatting

    places = disclosure.check(folder, smallest, tell=lambda what: say(f"{what} …", err=True))
    if as_csv:
        pass_on(csv_tables.for_people(disclosure.table(places)))
    else:
        for place in places:
            say(place)
        remedy = f"A person has to look at each: mend it, or record in {disclosure.ALLOWED} why it is harmless."
        proof = "That is no proof: a person has to read it as well."
        counted = formatting.capitalize_first(formatting.counted(len(places), "place"))
        say(f"{counted} in {paths.shown(folder)}. {remedy if places else proof}")
    if places:
        raise typer.Exit(1)


@quotations_app.command("verify")
def verify_quotations(copy: Copy, data: Data = paths.DATA) -> None:
    """Look for every fragment of passages and first-order labels in a copy of the article."""
    from analysis.study import loading
    from analysis.wording import fingerprints

    loaded = loading.load(data)
    findings = fingerprints.verify(copy, loaded)
    for finding in findings:
        if finding.answer != "found":
            say(f"{finding.owner_id}, piece {finding.n}: {finding.answer}")
    whole = True
    passages = set(loaded.extracts["extract_id"])
    for what, owners in (
        ("passages", list(loaded.extracts["extract_id"])),
        ("first-order labels", sorted({f.owner_id for f in findings} - passages)),
    ):
        answers = {owner: [f.answer for f in findings if f.owner_id == owner] for owner in owners}
        found = sum(bool(given) and set(given) == {"found"} for given in answers.values())
        say(f"{found} of {len(owners)} {what} found with every piece.")
        whole = whole and found == len(owners)
    if not whole:
        raise typer.Exit(1)


@quotations_app.command()
def restore(copy: Copy, data: Data = paths.DATA) -> None:
    """Write the wording, cut out of your copy, to the private table, which git ignores."""
    from analysis.study import loading
    from analysis.wording import fingerprints

    target = data / "private" / "wording.csv"
    table = fingerprints.restore(copy, loading.load(data), target)
    say(f"{len(table)} pieces of wording written to {paths.shown(target)}. Keep them to yourself.")


@quotations_app.command()
def seal(copy: Copy, data: Data = paths.DATA) -> None:
    """Fingerprint the private wording, checked against a copy, into evidence/fragments.csv."""
    from analysis.study import loading
    from analysis.support import atomic_writes, csv_tables
    from analysis.wording import fingerprints

    loaded = loading.load(data, sealed=False)
    fragments = fingerprints.seal(copy, loaded, data / "private" / "wording.csv")
    loading.check(dataclasses.replace(loaded, fragments=fragments), data)
    target = data / "evidence" / "fragments.csv"
    atomic_writes.write_text(target, csv_tables.exact(fragments))
    say(f"{len(fragments)} fragments sealed in {paths.shown(target)}.")


def main() -> None:
    """Run the command line; say what is wrong with an input in one message, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal need not have every character that a name has
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as refused:
        _refuse(refused)
        sys.exit(refused.exit_code)
    except typer.Abort:
        sys.exit("analysis: stopped, as you asked.")
    except CompendiumError as error:
        say_lines(f"analysis: {error}", err=True)
    except ModuleNotFoundError as missing:
        say(
            f"analysis: the package {missing.name!r} is not installed here. Run the task with nox, or activate an "
            "environment that nox made (.nox/verify, .nox/notebooks, .nox/site).",
            err=True,
        )
    except OSError as fault:
        say(f"analysis: {fault.filename or 'a file'}: {fault.strerror}. {safe_files.advice(fault)}", err=True)
    sys.exit(2)


def _refuse(refused: TyperException) -> None:
    """Say what is wrong with the command itself; Typer would print what was typed as it is, for a terminal to obey."""
    if message := refused.format_message():  # none where the help was asked for by saying nothing, and was shown
        context = getattr(refused, "ctx", None)
        remedy = f" Try '{context.command_path} --help'." if context else ""
        say(f"analysis: {message.rstrip('.')}.{remedy}", err=True)


if __name__ == "__main__":
    main()
