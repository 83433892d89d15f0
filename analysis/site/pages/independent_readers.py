"""Who coded a facet, where the independent readers differed, and what was settled against both."""

from analysis.agreement import readers
from analysis.display.html_elements import facts, row, table, text
from analysis.site.html.naming import Names
from analysis.study import coders
from analysis.study.evidence import Evidence
from analysis.support import formatting


def who_coded(evidence: Evidence, facet: str) -> str:
    """Return who gave the codes of a facet, of what kind each is, and whose codes are counted."""
    given = evidence.codings.loc[evidence.codings["facet"] == facet, "coder_id"]
    of_record = evidence.study.coding_of_record[facet]
    return facts(
        (
            f"{coder}{' (counted)' if coder in of_record else ''}",
            f"{text(kind.replace('-', ' '))}. {text(description)}",
        )
        for coder, kind, description in evidence.coders[["coder_id", "kind", "description"]].to_numpy().tolist()
        if coder in set(given)
    )


def how_far_readers_agree(evidence: Evidence, facet: str) -> str:
    """Say in a sentence or two how far the independent readers of a facet agree."""
    summary = readers.summary(evidence, facet, readers.independent(evidence, facet))
    return f"<p>{text(summary[0].upper() + summary[1:])}</p>"


def where_readers_differ(evidence: Evidence, here: str, facet: str) -> str:
    """Return the passages on which the readers chose differently, with their reasons and what was settled."""
    names, found = Names(evidence, here), readers.differences(evidence, facet, readers.independent(evidence, facet))
    rows = [
        (
            f"{names.to(row['extract_id'])}, {text(row['coder_id'])}",
            formatting.listed([names.to(code) for code in row["code_id"].split("; ")]),
            names.each(row["also"]),
            names.within(row["rationale"]),
            names.each(_settled(evidence, facet, row["extract_id"])),
        )
        for row in found.to_dict("records")
    ]
    if not rows:
        return "<p>Their first choices are the same for every passage.</p>"
    heads = ("Passage and reader", "Chose", "Also allowed", "Why", "Settled as")
    return table(f"Where readers of the facet {facet} differ", heads, map(row, rows))


def settled_against_readers(evidence: Evidence, here: str, facet: str) -> str:
    """Name the passages on which the readers chose alike and the coding that is counted chose otherwise."""
    side_by_side = coders.side_by_side(evidence, facet)
    alike = side_by_side.loc[side_by_side["same_primary"], "extract_id"]
    rows = evidence.codings[(evidence.codings["facet"] == facet) & (evidence.codings["role"] == "primary")]
    reader = readers.independent(evidence, facet)[0]
    chosen = rows[rows["coder_id"] == reader].set_index("extract_id")["code_id"]
    against = [e for e in alike if _settled(evidence, facet, e) != [chosen.get(e)]]
    return f"<p>Settled against all readers: {Names(evidence, here).each(against)}.</p>"


def _settled(evidence: Evidence, facet: str, extract: str) -> list[str]:
    record = evidence.record
    own = record[(record["facet"] == facet) & (record["extract_id"] == extract) & (record["role"] == "primary")]
    return list(own["code_id"])
