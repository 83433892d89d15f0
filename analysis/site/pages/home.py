"""What the first page shows of the data: its chart as a table, and the way from one claim to what it rests on."""

from analysis.counting import crosstabs, pivot_tables
from analysis.counting.crosstabs import Axis
from analysis.display.html_elements import folded, row, table, text
from analysis.reanalysis import claims
from analysis.site.html.naming import Names
from analysis.site.pages.ledger import marked
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import formatting


def chart_as_table(evidence: Evidence) -> str:
    """Return the figures of the chart as a table that opens under a line, with what counters and gives context."""
    counted = crosstabs.crosstab(evidence, Axis("power"), Axis("stage", basis="lead-in"))
    shown = pivot_tables.pivot(counted, evidence, "power", "stage", "range")
    rows = (row([*map(text, cells)]) for cells in shown.reset_index().to_numpy().tolist())
    return folded("The same as a table", table("Passages, by power and stage", ("Power", *shown.columns), rows))


def claim_to_passage_example(evidence: Evidence, here: str, claim: str, extract: str) -> str:
    """Return a claim with its verdict, one of the passages it counts, and the code of that passage, as three steps."""
    names, found = Names(evidence, here), claims.find(evidence)[claim]
    if extract not in found.passages:
        counted = formatting.listed(found.passages)
        raise SiteError(
            f"The verdict on {claim} does not count {extract}. Show one of those that it counts: {counted}."
        )
    statement = evidence.claims.set_index("claim_id").at[claim, "claim"]
    gist = evidence.extracts.set_index("extract_id").at[extract, "gist"]
    record = evidence.record
    own = record[(record["extract_id"] == extract) & (record["role"] == "primary")]
    codes = names.each(own.loc[own["facet"].isin(["power", "stage"]), "code_id"])
    return (
        '<ol class="way">'
        f"<li>The claim, in our words: {names.to(claim)} {text(statement)} The verdict: {marked(found)}.</li>"
        f"<li>A passage for it: {names.to(extract)} {text(gist)}</li>"
        f"<li>Its codes, each with its rule: {codes}.</li></ol>"
    )
