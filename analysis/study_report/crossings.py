"""One facet by another: how many passages, statements and interviewees have both of two codes."""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from analysis.counting import crosstabs, pivot_tables
from analysis.display import charts
from analysis.display.html_elements import figure, frame, paragraph, text
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked, LeftOut
from analysis.support import formatting

MOST_CODES = 12  # codes of a facet, up to which its tables are shown without being asked for
MOST_PAIRS = 6  # pairs of facets that are shown without being asked for
MOST_NAMED = 10  # pairs that are named if they are left out; the rest are counted
MOST_CIRCLES = 150  # cells of a chart; larger tables are shown as tables only
Pair = tuple[str, str]  # of facets: that of the rows and that of the columns


def crossings(evidence: Evidence, asked: Asked) -> str | LeftOut:
    """Return the tables of every pair of facets, each with a chart."""
    if len(asked.facets) < 2:
        return LeftOut("there is one facet only")
    size = {facet: len(code_tree.codes_at(evidence.codes, facet, asked.levels[facet])) for facet in asked.facets}
    # Of each pair, the facet with more codes gives the rows.
    every = [pair if size[pair[0]] >= size[pair[1]] else pair[::-1] for pair in combinations(asked.facets, 2)]
    passages = _passages(evidence, asked)
    both = {(rows, columns): len(passages[rows] & passages[columns]) for rows, columns in every}
    filled = sorted((pair for pair in every if both[pair]), key=lambda pair: -both[pair])
    if not filled:
        return LeftOut("no passage has codes of two facets")
    small = filled if asked.named else [pair for pair in filled if max(size[facet] for facet in pair) <= MOST_CODES]
    shown = small if asked.named else small[:MOST_PAIRS]
    cells = paragraph(
        "A cell counts what supports both the code of its row and that of its column; 'all' is what supports the row "
        "in any column, or the column in any row. Codes that no such passage has are left out.",
        "The pairs of facets that most passages have codes of come first." if len(shown) > 1 else "",
    )
    tables_of_pairs = "".join(_crossing(evidence, rows, columns, asked) for rows, columns in shown)
    return (cells if shown else "") + tables_of_pairs + paragraph(*_left_out(every, filled, small, shown))


def _passages(evidence: Evidence, asked: Asked) -> dict[str, set[str]]:
    """Return the passages that support a code of each facet at its level, in some reading of the coding of record."""
    supports = evidence.record[evidence.record["stance"] == "supports"]
    found = {}
    for facet in asked.facets:
        up = code_tree.rolled_up(evidence.codes, facet, asked.levels[facet])
        rows = supports[supports["facet"] == facet]
        found[facet] = set(rows.loc[rows["code_id"].map(up).notna(), "extract_id"])
    return found


def _left_out(every: list[Pair], filled: list[Pair], small: list[Pair], shown: list[Pair]) -> Iterator[str]:
    """Say how many pairs of facets are not shown, and why."""
    empty = [pair for pair in every if pair not in filled]
    large, others = [pair for pair in filled if pair not in small], [pair for pair in small if pair not in shown]
    reasons = {
        ", since no passage has codes of both": empty,
        f" for size, with more than {MOST_CODES} codes in a facet": large,
        ", with no more passages than those above": others,
    }
    for why, pairs in reasons.items():
        if pairs:
            number = formatting.capitalize_first(formatting.counted(len(pairs), "pair"))
            yield f"{number} of facets {'is' if len(pairs) == 1 else 'are'} left out{why}: {_named(pairs)}."
    if large or others:
        yield "The option --facets shows the facets that it names."


def _named(pairs: list[Pair]) -> str:
    """Return the names of pairs of facets, or of the first ones and how many more there are."""
    names = [f"{columns} by {rows}" for rows, columns in pairs]
    more = len(names) - MOST_NAMED
    return formatting.listed([*names[:MOST_NAMED], f"{more:,} more"] if more > 0 else names)


def _crossing(evidence: Evidence, rows: str, columns: str, asked: Asked) -> str:
    axes = asked.axis(rows), asked.axis(columns)
    counted = crosstabs.crosstab_in_units(evidence, *axes, asked.units)
    title = formatting.capitalize_first(f"{columns} by {rows}")
    parts = [f"<h3>{text(title)}</h3>"]
    inner = counted[counted["unit"].eq(asked.units[0]) & ~counted["row"].isin(_MARGINS)]
    inner = inner[~inner["column"].isin(_MARGINS)]
    if not inner["highest"].any():
        return "".join([*parts, paragraph("No passage has a code of both facets.")])
    inner = inner[inner["row"].isin(set(inner.loc[inner["highest"] > 0, "row"]))]
    inner = inner[inner["column"].isin(set(inner.loc[inner["highest"] > 0, "column"]))]
    if len(inner) <= MOST_CIRCLES:
        parts.append(figure(charts.facet_by_facet(evidence, *axes, asked.units[0], inner)))
    for unit, table in counted.groupby("unit", sort=False):
        differs = (table["lowest"] != table["highest"]).any()
        ranged = "; in brackets the lowest and highest over all readings" if differs else ""
        caption = f"{title}: {vocabulary.plural(str(unit))}{ranged}"
        # Every basis is counted, so that a passage without a code has none at all.
        spread = pivot_tables.pivot(_filled(table), evidence, rows, columns, "range")
        named = spread.rename(columns={pivot_tables.NO_CODE: "no code"})
        parts.append(frame(simulated_label.captioned(evidence, caption), named))
    return "".join(parts)


_MARGINS = (vocabulary.UNCODED, vocabulary.ALL, vocabulary.COUNTERS, vocabulary.CONTEXT)


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Return a crosstab without the rows and columns in which no passage is (`pivot` leaves out that of no code)."""
    row, column = (table["highest"].groupby(table[by]).transform("max") for by in ("row", "column"))
    return table[row.gt(0) & (column.gt(0) | table["column"].eq(vocabulary.UNCODED))]
