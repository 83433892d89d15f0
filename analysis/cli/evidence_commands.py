"""The commands for a data package: recompute its derived tables, count, compare coders, trace a number."""

import json
import shutil
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.options import AsCsv, Data
from analysis.support import paths
from analysis.support.terminal import pass_on, say, say_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.reanalysis.derived import Difference

SHOWN_OF_A_TABLE = 8  # differences printed of each table; all of them are in the report


def verify(data: Data = paths.DATA) -> None:
    """Recompute the derived tables and compare them.

    Each table in derived/ is computed again from the evidence and compared with the committed one. Planned readings
    have to be as they were sealed. A report goes to build/report.html beside the data package.
    """
    from analysis.reanalysis import blind_readings, derived
    from analysis.reanalysis.verification_page import page
    from analysis.study import loading
    from analysis.support import atomic_writes, provenance

    loaded = loading.load(data)
    blind_readings.check(loaded, data / "readings")
    recomputed = derived.recompute(loaded)
    moved = derived.differences(recomputed, data / "derived")
    moved += derived.description_differences(loaded, recomputed, data)
    values = derived.values_in(recomputed)
    target = data.parent / "build" / "report.html"
    # First the message, then the files: a folder that cannot be written to hides no difference.
    if moved:
        _say_differences(moved, paths.shown(target))
    else:
        say(
            f"{len(recomputed)} tables with {values:,} values recomputed from the evidence: all equal to the committed "
            "ones."
        )
    report = {
        "tables": list(recomputed),
        "values": values,
        "differences": [str(difference) for difference in moved],
        "made_on": provenance.made_on(paths.ROOT),
    }
    written = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    atomic_writes.write_text(target.with_name("verification.json"), written)
    atomic_writes.write_text(target, page(loaded, len(recomputed), values, moved))
    if moved:
        raise typer.Exit(1)
    say(f"Claims and verdicts: {paths.shown(target)}")


def _say_differences(moved: "Sequence[Difference]", report: str) -> None:
    from analysis.support import formatting

    for table, of_table in groupby(moved, key=lambda difference: difference.table):
        found = list(of_table)
        for difference in found[:SHOWN_OF_A_TABLE]:
            say(difference)
        if len(found) > SHOWN_OF_A_TABLE:
            say(f"{table}: … and {len(found) - SHOWN_OF_A_TABLE} more")
    say(
        f"{formatting.counted(len(moved), 'difference')} between the derived tables and what the evidence gives "
        f"(all in {report}). If you meant to change the evidence, write the tables again with "
        f"'{paths.COMMAND} derive'; if not, restore what was changed."
    )


def derive(data: Data = paths.DATA) -> None:
    """Compute the derived tables and write them.

    All are written, or none. What pages and teaching notebooks take from them is written as well.
    """
    from analysis.reanalysis import derived, documented_examples
    from analysis.study import loading
    from analysis.teaching import lesson_notebooks

    study, folder = loading.load(data), data / "derived"
    files = derived.write(study, folder)
    if folder.resolve() == paths.DERIVED.resolve():  # the pages are about the evidence of the checkout
        files += [*documented_examples.write(), *lesson_notebooks.write(study)]
    for file in files:
        say(paths.shown(file))


def counts(
    rows: Annotated[str, typer.Argument(help="Facet of the rows.", show_default="the study's first")] = "",
    columns: Annotated[str, typer.Argument(help="Facet of the columns.", show_default="the next one")] = "",
    row_level: Annotated[str | None, typer.Option(help="Level of the row facet.", show_default="its top")] = None,
    column_level: Annotated[str | None, typer.Option(help="Level of the column facet.", show_default="its top")] = None,
    unit: Annotated[str, typer.Option(help="passage, statement or interviewee.")] = "passage",
    basis: Annotated[str, typer.Option(help="What column codes may rest on: wording, lead-in or any.")] = "any",
    passages: Annotated[bool, typer.Option("--passages", help="List the passages behind each cell.")] = False,
    as_csv: AsCsv = False,
    data: Data = paths.DATA,
) -> None:
    """Count one facet by another, with ranges.

    The range of each cell is its lowest and highest count over all allowed readings.
    """
    from analysis.counting import pivot_tables
    from analysis.counting.crosstabs import Axis, crosstab
    from analysis.display import captioned_tables
    from analysis.study import loading, overview
    from analysis.support import csv_tables

    loaded = loading.load(data)
    rows, columns = overview.two_facets(loaded, rows, columns)
    table = crosstab(loaded, Axis(rows, row_level), Axis(columns, column_level, basis), unit)
    if as_csv:
        pass_on(csv_tables.for_people(csv_tables.plain(table)))
        return
    spread = pivot_tables.pivot(table, loaded, rows, columns, "extracts" if passages else "range")
    what = "Passages" if passages else f"Counts ({unit}; in brackets the range over all readings)"
    # Counts stay whole, wrapped by the terminal at worst; lists of passages are wrapped in their columns.
    width = max(shutil.get_terminal_size().columns, 140) if passages else 1000
    say_lines(captioned_tables.as_text(spread, f"{what}, {columns} by {rows}, basis {basis}", width))


def agreement(
    facet: Annotated[str, typer.Option(help="What was coded.", show_default="the first that two coders coded")] = "",
    coders: Annotated[
        str,
        typer.Option(help="Coders to compare, with commas between.", show_default="all but the coder of record"),
    ] = "",
    level: Annotated[str | None, typer.Option(help="Level to compare codes at.", show_default="its top")] = None,
    as_csv: AsCsv = False,
    data: Data = paths.DATA,
) -> None:
    """Measure how far coders agree on a facet.

    Each coefficient comes with its 95% intervals: an analytic one, and from resampled passages and interviewees.
    """
    from analysis.agreement import AgreementError, agreement_tables, readers
    from analysis.display import captioned_tables
    from analysis.study import code_tree, loading, simulated_label
    from analysis.support import csv_tables, formatting

    loaded = loading.load(data)
    facet = facet or next(iter(readers.facets(loaded)), loaded.facets["facet"].iloc[0])
    level = level or code_tree.levels(loaded.codes, facet)[0]
    coded = readers.coders_of(loaded, facet)
    independent = readers.independent(loaded, facet)
    named = [name.strip() for name in coders.split(",") if name.strip()]
    compared = tuple(named or (independent if len(independent) > 1 else coded))
    if len(set(compared)) < 2:
        found = formatting.listed(coded) or "nobody"
        remedy = "Name at least two with --coders, separated by commas, or another facet with --facet."
        raise AgreementError(f"Facet {facet!r} was coded by {found}; agreement needs two coders. {remedy}")
    if as_csv:
        sizes = readers.together(loaded, facet, readers.chosen(loaded, facet, compared, level))
        pass_on(csv_tables.for_people(sizes))
        return
    table = agreement_tables.agreement_sizes(loaded, facet, compared, level)
    caption = f"Agreement of {formatting.listed(list(compared))} on {facet} (level {level}), with 95% intervals"
    say_lines(captioned_tables.as_text(table, simulated_label.captioned(loaded, caption), 1000))


def reread(
    readings: Annotated[list[str], typer.Argument(help="Passages with codes, each PASSAGE=CODE.", show_default=False)],
    as_csv: AsCsv = False,
    data: Data = paths.DATA,
) -> None:
    """Show what changes if passages are read otherwise.

    Each passage that is named is settled: the code given is its primary code, and it keeps no alternative on that
    facet. All others keep all their allowed readings. Verdicts that change are listed first, then patterns, cells of
    the tables, and steps of the model, each before and after.
    """
    from analysis.display import captioned_tables
    from analysis.reanalysis import rereading
    from analysis.study import loading
    from analysis.support import csv_tables

    loaded = loading.load(data)
    found = rereading.reread(loaded, rereading.asked(loaded, readings))
    if as_csv:
        pass_on(csv_tables.for_people(found.changes))
        return
    say_lines("\n".join(rereading.in_words(loaded, found)))
    width = max(shutil.get_terminal_size().columns, 140)
    for caption, table in rereading.as_tables(loaded, found).items():
        say_lines(captioned_tables.as_text(table, caption, width))


def trace(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME...",
            help="Passages, codes, facets, claims, verdicts, cells (resource/initiation), their table (power/stage) or "
            "observations.",
        ),
    ],
    data: Data = paths.DATA,
) -> None:
    """Show the codings and reasons behind a number."""
    from analysis.reanalysis import trace
    from analysis.study import loading

    study = loading.load(data)
    say_lines("\n".join(trace.trace(study, name) for name in names))
