"""The counts of the explorer: one table that is the chart, with a dot for each count and a line for its range."""

from collections.abc import Iterator

import pandas as pd

from analysis.counting import crosstabs, frequencies
from analysis.display.html_elements import text
from analysis.publishing.explorer_facts import Chart
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence

_LABELS = {
    vocabulary.UNCODED: "uncoded",
    vocabulary.COUNTERS: "tells against its code",
    vocabulary.CONTEXT: "gives context only",
}
_AXES = ("row", "column")


def cells(evidence: Evidence, chart: Chart, everything: str, caption: str, head: str) -> str:
    """Return the counts of passages as coded, with the lowest and highest over all allowed readings, as HTML.

    A group of rows for each code of the rows: its total, then a row for each code of the columns. Scripts make a button
    of each figure; without them it is an ordinary table. What no reading puts anywhere has no row. `everything` names
    the rows together, `caption` the table, and `head` what its rows are.
    """
    table = _counted(evidence, chart)
    most = int(table.loc[[_is_drawn(chart, *place) for place in table[[*_AXES]].to_numpy()], "highest"].max())
    rows, columns = ({**_LABELS, **code_tree.names(evidence.codes, facet)} for facet in (chart.rows, chart.facets[-1]))
    rows[vocabulary.ALL] = everything
    groups = "".join(_group(chart, group, rows, columns) for _, group in table.groupby("row", sort=False))
    return (
        f'<table class="explorer-cells" style="--most:{max(most, 1)}">'
        f"<caption>{text(simulated_label.captioned(evidence, caption))}</caption>"
        f'<thead><tr><th scope="col">{text(head)}</th><th scope="col">'
        f"<span data-unit>passages</span> (lowest–highest)</th></tr></thead>{groups}</table>"
    )


def _is_drawn(chart: Chart, row: str, column: str) -> bool:
    """Tell whether a count has a dot and a line: the total of a row only where there are no columns."""
    return row != vocabulary.ALL and (column != vocabulary.ALL or not chart.columns)


def _group(chart: Chart, group: pd.DataFrame, rows: dict[str, str], columns: dict[str, str]) -> str:
    """Return the total of a code of the rows and its counts by columns."""
    total = group["column"] == vocabulary.ALL
    ordered = pd.concat([group[total], group[~total]])
    return f'<tbody data-power="{text(ordered["row"].iloc[0])}">{"".join(_rows(chart, ordered, rows, columns))}</tbody>'


def _rows(chart: Chart, group: pd.DataFrame, rows: dict[str, str], columns: dict[str, str]) -> Iterator[str]:
    for row, column, count, lowest, highest in group[[*_AXES, "count", "lowest", "highest"]].itertuples(index=False):
        is_total = column == vocabulary.ALL
        named = rows[row] if is_total else columns[column]
        head = f'<th scope="{"rowgroup" if is_total else "row"}">{text(named)}</th>'
        # The dot and the line are drawn from these numbers by the page's style.
        style = f' style="--n:{count};--low:{lowest};--high:{highest}"' if _is_drawn(chart, row, column) else ""
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


def _counted(evidence: Evidence, chart: Chart) -> pd.DataFrame:
    """Return the counts of passages on any basis, without the places that are empty in every reading.

    A row or column of uncoded passages, and what does not support, is there only where there is some.
    """
    table = _by_two(evidence, chart) if chart.columns else _by_one(evidence, chart.rows)
    apart = table["column"].isin([vocabulary.COUNTERS, vocabulary.CONTEXT])
    empty = apart & (table["highest"] == 0)
    for axis in _AXES:
        uncoded = table[axis] == vocabulary.UNCODED
        if not table.loc[uncoded, "highest"].any():
            empty |= uncoded
    return table[~empty]


def _by_two(evidence: Evidence, chart: Chart) -> pd.DataFrame:
    return crosstabs.crosstab(evidence, crosstabs.Axis(chart.rows), crosstabs.Axis(chart.columns))


def _by_one(evidence: Evidence, facet: str) -> pd.DataFrame:
    """Return the counts of the codes at the top of a facet, as those of a table without columns."""
    table = frequencies.of_codes(evidence, facet)
    top = code_tree.levels(evidence.codes, facet)[0]
    table = table[table["unit"].eq("passage") & table["level"].eq(top)]
    column = table["stance"].where(table["stance"] != "supports", vocabulary.ALL)
    return table.assign(row=table["code_id"], column=column)
