"""Tables 1 and 2 of the article, rebuilt from the data."""

import pandas as pd

from analysis.study.code_tree import in_tree_order, levels, rolled_up
from analysis.study.evidence import Evidence

NEVER = "9999-12"  # the month of the last interview where it is not stated


def table_1(evidence: Evidence) -> pd.DataFrame:
    """Rebuild Table 1: a row for each document, with what the close reading adds.

    Columns `source_id, label, published, title` are the article's; `passages` counts the passages
    cited from the document, `after_interviews` says whether it is later than the last interview.
    """
    documents = evidence.sources[evidence.sources["kind"] == "document"]
    cited = evidence.extracts["source_id"].value_counts()
    return pd.DataFrame(
        {
            "source_id": documents["source_id"],
            "label": documents["label"],
            "published": documents["published"],
            "title": documents["title"],
            "passages": documents["source_id"].map(cited).fillna(0).astype("int64"),
            # Dates are as precise as the article; their common part, the month, decides.
            "after_interviews": documents["published"].str[:7] > (evidence.study.interviews_to or NEVER),
        }
    ).reset_index(drop=True)


def table_2(evidence: Evidence) -> pd.DataFrame:
    """Rebuild Table 2: a row for each passage printed in it, with its path in the code tree.

    Columns `dimension, second_order, first_order` (code ids), `extract_id, source_id, gist`, in the
    order of the tree.
    """
    codes = evidence.codes
    record = evidence.record
    printed = evidence.extracts[evidence.extracts["form"] == "table"]
    coded = record[(record["facet"] == "power") & (record["role"] == "primary")].merge(printed, on="extract_id")
    path = {
        level.replace("-", "_"): coded["code_id"].map(rolled_up(codes, "power", level))
        for level in levels(codes, "power")
    }
    order = {code: place for place, code in enumerate(in_tree_order(codes, "power"))}
    rows = pd.DataFrame({**path, **coded[["extract_id", "source_id", "gist"]]})
    return rows.loc[coded["code_id"].map(order).sort_values(kind="stable").index].reset_index(drop=True)
