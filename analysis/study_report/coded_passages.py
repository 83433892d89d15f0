"""The passages of every code, with their gists or, if it was asked for, their private wording."""

import pandas as pd

from analysis.display.html_elements import row, table, text
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked, LeftOut

MOST_ROWS = 400  # rows of a facet; if there are more, each code shows its first ones, and all go into a CSV file
FIRST = 5


def coded(evidence: Evidence, asked: Asked) -> pd.DataFrame:
    """Return a row for each coding of record, in the order of the facets, of their trees and of the evidence.

    Columns `facet, code_id, name, extract_id, source_id, role, stance` and `gist`, or `wording` if it was asked for.
    """
    rows = evidence.record[evidence.record["facet"].isin(asked.facets)]
    rows = rows[["facet", "code_id", "extract_id", "role", "stance"]].merge(
        evidence.extracts[["extract_id", "source_id", "gist"]].reset_index(names="place"), on="extract_id"
    )
    parts = []
    for facet in asked.facets:
        tree = {code: n for n, code in enumerate(code_tree.in_tree_order(evidence.codes, facet))}
        part = rows[rows["facet"] == facet]
        part = part.assign(name=part["code_id"].map(code_tree.names(evidence.codes, facet)))
        parts.append(part.assign(order=part["code_id"].map(tree)).sort_values(["order", "place"]))
    table = pd.concat(parts, ignore_index=True)
    words = "gist" if asked.wording is None else "wording"
    if asked.wording is not None:
        table[words] = table["extract_id"].map(asked.wording).fillna("")
    return table[["facet", "code_id", "name", "extract_id", "source_id", "role", "stance", words]]


def too_many(evidence: Evidence, asked: Asked) -> bool:
    """Tell whether some facet has more passages than a page shows."""
    facets = evidence.record["facet"]
    return bool((facets[facets.isin(asked.facets)].value_counts() > MOST_ROWS).any())


def listed(evidence: Evidence, asked: Asked, file: str) -> str | LeftOut:
    """Return the passages of every code; if they are too many for a page, the first of each, and the file with all."""
    rows = coded(evidence, asked)
    words = rows.columns[-1]
    if not rows[words].any():
        option = "; the option --with-wording makes a private report that shows the wording" if words == "gist" else ""
        return LeftOut(f"no passage has a {words}{option}")
    parts = []
    if too_many(evidence, asked):
        parts.append(
            f"<p>There are too many passages for a page. Of a facet with more than {MOST_ROWS}, the first {FIRST} of "
            f'each code are shown; all are in <a href="{text(file)}">{text(file)}</a>, beside this page. '
            "A text in it that a spreadsheet would take for a formula begins with an apostrophe.</p>"
        )
    for facet, of_facet in rows.groupby("facet", sort=False):
        parts += [f"<h3>Passages by {text(facet)}</h3>", _of_facet(evidence, str(facet), of_facet, asked)]
    return "".join(parts)


def _of_facet(evidence: Evidence, facet: str, rows: pd.DataFrame, asked: Asked) -> str:
    """Return a table with a group of rows for each code."""
    labels = dict(zip(evidence.sources["source_id"], evidence.sources["label"], strict=True))
    some, words = len(rows) > MOST_ROWS, rows.columns[-1]
    heads = ["Passage", "Source", "How", words.capitalize()]
    bodies = []
    for (_, name), of_code in rows.groupby(["code_id", "name"], sort=False):
        shown = of_code.head(FIRST) if some else of_code
        more = f": the first {len(shown)} of {len(of_code):,}" if len(shown) < len(of_code) else ""
        group = f'<th colspan="{len(heads)}" scope="rowgroup" class="group">{text(f"{name}{more}")}</th>'
        bodies.append(f"</tbody><tbody><tr>{group}</tr>")
        columns = ["extract_id", "source_id", "role", "stance", words]
        for extract, source, role, stance, said in shown[columns].to_numpy().tolist():
            how = stance if role == "primary" else f"{stance}, {role}"
            cells = [text(cell) for cell in (extract, labels[source], how, said)]
            bodies.append(row(cells, kinds=["", "", "prose"]))
    caption = f"Passages by {facet}, as they are in the coding of record"
    return table(asked.captioned(evidence, caption), heads, bodies)
