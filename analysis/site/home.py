"""What the first page shows of the data: the way from one claim to the words it rests on."""

from analysis import claims, numbers
from analysis.evidence import Evidence
from analysis.site.faults import SiteError
from analysis.site.ledger import mark
from analysis.site.markup import text
from analysis.site.naming import Names


def way_down(evidence: Evidence, here: str, claim: str, extract: str) -> str:
    """Return a claim with its verdict, one of the passages it counts, and the code of that passage, as three steps."""
    names, found = Names(evidence, here), claims.find(evidence)[claim]
    if extract not in found.passages:
        counted = numbers.listed(found.passages)
        raise SiteError(f"The verdict on {claim} does not count {extract}. Show one of those that it counts: {counted}.")
    statement = evidence.claims.set_index("claim_id").at[claim, "claim"]
    gist = evidence.extracts.set_index("extract_id").at[extract, "gist"]
    record = evidence.record
    own = record[(record["extract_id"] == extract) & (record["role"] == "primary")]
    codes = names.each(own.loc[own["facet"].isin(["power", "stage"]), "code_id"])
    return (
        '<ol class="way">'
        f"<li>The claim, in our words: {names.to(claim)} {text(statement)} The verdict: {mark(found.verdict)}.</li>"
        f"<li>A passage that counts for it: {names.to(extract)} {text(gist)}</li>"
        f"<li>Its codes, each with its rule: {codes}.</li></ol>"
    )
