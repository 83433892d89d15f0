"""Stage by power in the explorer: one table that is the chart, with a dot for each count and a line for its range."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.counting import crosstabs
from analysis.display.html_elements import text
from analysis.site.pages.explorer_facts import COLUMNS, ROWS
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence

_LABELS = {
    vocabulary.ALL: "Every kind of power",
    vocabulary.UNCODED: "uncoded",
    vocabulary.COUNTERS: "tells against its code",
    vocabulary.CONTEXT: "gives context only",
}
_AXES = {ROWS: "row", COLUMNS: "column"}


def cells(evidence: Evidence) -> str:
    """Return the counts of passages as coded, with the lowest and highest over all allowed readings, as HTML.

    A group of rows for each kind of power: its total, then a row for each stage. Scripts make a button of each figure;
    without them it is an ordinary table. What no reading puts anywhere has no row.
    """
    table = _counted(evidence)
    most = int(table.loc[~_of_margins(table), "highest"].max())
    names = _LABELS | code_tree.names(evidence.codes, ROWS) | code_tree.names(evidence.codes, COLUMNS)
    groups = "".join(_group(row, group, names) for row, group in table.groupby("row", sort=False))
    caption = simulated_label.captioned(evidence, "Passages that support a kind of power, by stage")
    return (
        f'<table class="explorer-cells" style="--most:{max(most, 1)}"><caption>{text(caption)}</caption>'
        f'<thead><tr><th scope="col">{ROWS.capitalize()} and {COLUMNS}</th><th scope="col">'
        f"<span data-unit>passages</span> (lowest–highest)</th></tr></thead>{groups}</table>"
    )


def _group(row: Any, group: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the total of a kind of power and the counts of its stages."""
    total = group["column"] == vocabulary.ALL
    ordered = pd.concat([group[total], group[~total]])
    return f'<tbody data-power="{text(row)}">{"".join(_rows(ordered, names))}</tbody>'


def _rows(group: pd.DataFrame, names: dict[str, str]) -> Iterator[str]:
    columns = ["row", "column", "count", "lowest", "highest"]
    for row, column, count, lowest, highest in group[columns].itertuples(index=False):
        is_total = column == vocabulary.ALL
        head = f'<th scope="{"rowgroup" if is_total else "row"}">{text(names[row if is_total else column])}</th>'
        # The dot and the line are drawn from these numbers by the page's style.
        style = "" if vocabulary.ALL in (row, column) else f' style="--n:{count};--low:{lowest};--high:{highest}"'
        yield (
            f'<tr>{head}<td data-row="{text(row)}" data-column="{text(column)}"{style}>'
            f"{count}{ranged(lowest, highest)}</td></tr>"
        )


def ranged(lowest: int, highest: int) -> str:
    """Return the range behind a count, where readings differ.

    >>> ranged(2, 3), ranged(2, 2)
    (' <small>(2–3)</small>', '')
    """
    return f" <small>({lowest}–{highest})</small>" if lowest != highest else ""


def _counted(evidence: Evidence) -> pd.DataFrame:
    """Return the counts of passages on any basis, without the places that are empty in every reading.

    A row or column of uncoded passages, and what does not support, is there only where there is some.
    """
    table = crosstabs.crosstab(evidence, crosstabs.Axis(ROWS), crosstabs.Axis(COLUMNS))
    apart = table["column"].isin([vocabulary.COUNTERS, vocabulary.CONTEXT])
    empty = apart & (table["highest"] == 0)
    for axis in _AXES.values():
        uncoded = table[axis] == vocabulary.UNCODED
        if not table.loc[uncoded, "highest"].any():
            empty |= uncoded
    return table[~empty]


def _of_margins(table: pd.DataFrame) -> pd.Series:
    return (table["row"] == vocabulary.ALL) | (table["column"] == vocabulary.ALL)
