"""The passages of every code, with their gists or, if it was asked for, their private wording."""

import pandas as pd

from analysis import structure
from analysis.evidence import Evidence
from analysis.pages import paragraph, table, text
from analysis.study_report.asked import Asked

MOST_ROWS = 400  # rows of a facet; of more, each code shows its first ones, and all of them go into a CSV file
FIRST = 5
_SAID = {"supports": "", "counters": "counters", "context": "context"}


def coded(evidence: Evidence) -> pd.DataFrame:
    """Return the passages of every code as they are coded: a row for each coding of record.

    Columns `facet, code_id, name, extract_id, source_id, role, stance, gist`, in the order of the facets, of their trees
    and of the evidence.
    """
    place = {extract: n for n, extract in enumerate(evidence.extracts["extract_id"])}
    tree, name = {}, {}
    for n, facet in enumerate(evidence.facets["facet"]):
        if facet in set(evidence.codes["facet"]):
            tree |= {(facet, code): (n, m) for m, code in enumerate(structure.in_tree_order(evidence.codes, facet))}
            name |= {(facet, code): told for code, told in structure.names(evidence.codes, facet).items()}
    rows = evidence.record[["facet", "code_id", "extract_id", "role", "stance"]]
    keys = list(zip(rows["facet"], rows["code_id"], strict=True))
    order = sorted(range(len(rows)), key=lambda row: (*tree[keys[row]], place[rows["extract_id"].iloc[row]]))
    rows = rows.assign(name=[name[key] for key in keys]).iloc[order]
    rows = rows.merge(evidence.extracts[["extract_id", "source_id", "gist"]], on="extract_id", how="left")
    return rows[["facet", "code_id", "name", "extract_id", "source_id", "role", "stance", "gist"]]


def listed(evidence: Evidence, asked: Asked, file: str) -> tuple[str, pd.DataFrame | None]:
    """Return the passages of every code, and what goes into `file` where they are too many for a page."""
    rows = coded(evidence)
    rows = rows[rows["facet"].isin(asked.facets)]
    said = "Gist"
    if asked.wording is not None:
        said = "Wording"
        rows = rows.assign(gist=rows["extract_id"].map(asked.wording).fillna(""))
    sizes = rows.groupby("facet").size()
    many = bool((sizes > MOST_ROWS).any())
    parts = []
    if not rows["gist"].any():
        parts.append(
            paragraph(
                "No passage of this study has a gist, so keys and sources are shown.",
                "The option --with-wording makes a private report that shows the wording.",
            )
        )
    if many:
        parts.append(
            f"<p>There are too many passages for a page. Of a facet with more than {MOST_ROWS}, the first {FIRST} of each "
            f'code are shown; all of them are in <a href="{text(file)}">{text(file)}</a>, beside this page.</p>'
        )
    for facet in asked.facets:
        of_facet = rows[rows["facet"] == facet]
        if of_facet.empty:
            parts.append(paragraph(f"No passage has a code of {facet}."))
            continue
        parts += [f"<h3>Passages by {text(facet)}</h3>", _of_facet(evidence, facet, of_facet, said, asked)]
    return "".join(parts), rows.rename(columns={"gist": said.lower()}) if many else None


def _of_facet(evidence: Evidence, facet: str, rows: pd.DataFrame, said: str, asked: Asked) -> str:
    """Return a table with a group of rows for each code."""
    labels = evidence.sources.set_index("source_id")["label"]
    some = len(rows) > MOST_ROWS
    heads = ["Passage", "Source", "How", said] if rows["gist"].any() else ["Passage", "Source", "How"]
    bodies = []
    for (_, name), of_code in rows.groupby(["code_id", "name"], sort=False):
        shown = of_code.head(FIRST) if some else of_code
        more = f": the first {len(shown)} of {len(of_code):,}" if len(shown) < len(of_code) else ""
        bodies.append(
            f'</tbody><tbody><tr><th colspan="{len(heads)}" scope="rowgroup" class="group">{text(name + more)}</th></tr>'
        )
        for extract, source, role, stance, gist in (
            shown[["extract_id", "source_id", "role", "stance", "gist"]].to_numpy().tolist()
        ):
            how = ", ".join(part for part in (_SAID[stance], "" if role == "primary" else role) if part)
            cells = [labels[source], how or "supports", gist][: len(heads) - 1]
            bodies.append(
                f'<tr><th scope="row">{text(extract)}</th>{"".join(f"<td>{text(cell)}</td>" for cell in cells)}</tr>'
            )
    caption = f"Passages by {facet}, as they are in the coding of record"
    return table(asked.captioned(evidence, caption), heads, bodies)
