"""One facet by another: how many passages, statements and interviewees have both of two codes."""

from itertools import combinations

import pandas as pd

from analysis import charts, counts, numbers, simulate, structure, tables
from analysis.evidence import Evidence
from analysis.pages import figure, frame, paragraph, text
from analysis.study_report.asked import Asked

MOST_CODES = 12  # codes of a facet, up to which its tables are shown without being asked for
MOST_PAIRS = 6  # pairs of facets that are shown without being asked for
MOST_CIRCLES = 150  # cells of a chart; larger tables are shown as tables only


def crossings(evidence: Evidence, asked: Asked) -> str:
    """Return the tables of every pair of facets, each with a chart."""
    pairs, left_out = _pairs(evidence, asked)
    if not pairs and not left_out:
        return paragraph("There is one facet only, so there is nothing to cross it with.")
    parts = [
        paragraph(
            "A cell counts what supports both the code of its row and that of its column; 'all' is what supports the "
            "row in any column, or the column in any row."
        ),
        *(_crossing(evidence, rows, columns, asked) for rows, columns in pairs),
    ]
    if left_out:
        named = numbers.listed([f"{columns} by {rows}" for rows, columns in left_out])
        parts.append(
            paragraph(
                f"Not shown, for their size or their number: {named}.",
                "Name facets with the option --facets to see them.",
            )
        )
    return "".join(parts)


def _pairs(evidence: Evidence, asked: Asked) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs of facets that are shown and those that are not: of each, the one with more codes as rows."""
    size = {facet: len(structure.codes_at(evidence.codes, facet, asked.levels[facet])) for facet in asked.facets}
    every = [(one, other) if size[one] >= size[other] else (other, one) for one, other in combinations(asked.facets, 2)]
    small = every if asked.named else [pair for pair in every if max(size[facet] for facet in pair) <= MOST_CODES]
    shown = small if asked.named else small[:MOST_PAIRS]
    return shown, [pair for pair in every if pair not in shown]


def _crossing(evidence: Evidence, rows: str, columns: str, asked: Asked) -> str:
    axes = asked.axis(rows), asked.axis(columns)
    counted = counts.crosstabs(evidence, *axes, asked.units)
    title = numbers.at_start(f"{columns} by {rows}")
    parts = [f"<h3>{text(title)}</h3>"]
    inner = counted[counted["unit"].eq(asked.units[0]) & ~counted["row"].isin(_MARGINS)]
    inner = inner[~inner["column"].isin(_MARGINS)]
    if not inner["highest"].any():
        return "".join([*parts, paragraph("No passage has a code of both facets.")])
    if len(inner) <= MOST_CIRCLES:
        parts.append(figure(charts.facet_by_facet(evidence, *axes, asked.units[0])))
    for unit, table in counted.groupby("unit", sort=False):
        differs = (table["lowest"] != table["highest"]).any()
        ranged = "; in brackets the lowest and highest over all readings" if differs else ""
        caption = f"{title}: {charts.plural(str(unit))}{ranged}"
        # Every basis is counted, so that a passage without a code has none at all.
        spread = tables.wide(_filled(table), evidence, rows, columns, "range").rename(
            columns={tables.NO_CODE: "no code"}
        )
        parts.append(frame(simulate.captioned(evidence, caption), spread))
    return "".join(parts)


_MARGINS = (counts.UNCODED, counts.ALL, counts.COUNTERS, counts.CONTEXT)


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Return a crosstab without the row and the columns of no code that nothing is in."""
    row, column = (table.groupby(by)["highest"].sum() for by in ("row", "column"))
    empty_row = table["row"].eq(counts.UNCODED) & table["row"].map(row).eq(0)
    empty_column = table["column"].isin([counts.COUNTERS, counts.CONTEXT]) & table["column"].map(column).eq(0)
    return table[~empty_row & ~empty_column]
