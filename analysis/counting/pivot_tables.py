"""Crosstabs spread out for readers: rows and columns under the names of their codes."""

import pandas as pd

from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

MARGIN_LABELS = {
    vocabulary.UNCODED: "uncoded at this level",
    vocabulary.ALL: "all",
    vocabulary.COUNTERS: "counters",
    vocabulary.CONTEXT: "context",
}

NO_CODE = "no code on this basis"  # the head of the column of passages that a column facet gives no code


def pivot(table: pd.DataFrame, evidence: Evidence, rows: str, columns: str, show: str = "count") -> pd.DataFrame:
    """Spread a crosstab out: rows and columns under the names of their codes.

    `show` is `count`, `span` (its lowest and highest over all readings), `range` (both) or
    `extracts`. An uncoded column without a passage is left out; the uncoded row always stays.
    """
    if show == "count":
        cells = table["count"].astype(str)
    elif show == "span":
        ends = zip(table["lowest"], table["highest"], strict=True)
        cells = pd.Series([formatting.span(*pair) for pair in ends], index=table.index)
    elif show == "range":
        cells = pd.Series(
            [
                formatting.count_with_range(*cell)
                for cell in zip(table["count"], table["lowest"], table["highest"], strict=True)
            ],
            index=table.index,
        )
    else:
        cells = table["extracts"].map(" ".join)
    spread = (
        table.assign(cell=cells)
        .pivot(index="row", columns="column", values="cell")
        .reindex(index=table["row"].unique(), columns=table["column"].unique())
    )
    if not table.loc[table["column"] == vocabulary.UNCODED, "highest"].any():
        spread = spread.drop(columns=vocabulary.UNCODED)
    row_names = code_tree.names(evidence.codes, rows) | MARGIN_LABELS
    column_names = code_tree.names(evidence.codes, columns) | MARGIN_LABELS | {vocabulary.UNCODED: NO_CODE}
    return spread.rename(index=row_names, columns=column_names).rename_axis(index=rows, columns=None)
