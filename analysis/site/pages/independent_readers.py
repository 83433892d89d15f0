"""Who coded a facet, where the independent readers differed, and what was settled against most of them."""

from analysis.agreement import agreement_tables, readers
from analysis.display.html_elements import facts, folded, row, table, text
from analysis.site.html.naming import Names
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
    """Say in a sentence or two how far the independent readers of a facet agree, and give a table of their pairs."""
    found = readers.independent(evidence, facet)
    summary = readers.summary(evidence, facet, found)
    said = f"<p>{text(summary[0].upper() + summary[1:])}</p>"
    if len(found) < 3:
        return said
    pairs = agreement_tables.agreement_of_pairs(evidence, readers.BETWEEN_READERS).loc[[facet]]
    rows = [row(list(map(text, cells))) for cells in pairs.to_numpy().tolist()]
    return said + folded(
        f"Each pair of readers: {len(pairs)}", table(f"Pairs of readers: {facet}", pairs.columns, rows)
    )


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
    """Name the passages on which readers split evenly, and where the coding that is counted is not what most chose."""
    own = evidence.codings["facet"].eq(facet) & evidence.codings["coder_id"].isin(readers.independent(evidence, facet))
    names, most = Names(evidence, here), readers.most_chosen(evidence.codings[own])
    split = [extract for extract, codes in most.items() if len(codes) > 1]
    against = [e for e, codes in most.items() if len(codes) == 1 and set(_settled(evidence, facet, e)) != codes]
    return f"<p>Settled against most readers: {names.each(against)}. Split evenly: {names.each(split)}.</p>"


def _settled(evidence: Evidence, facet: str, extract: str) -> list[str]:
    record = evidence.record
    own = record[(record["facet"] == facet) & (record["extract_id"] == extract) & (record["role"] == "primary")]
    return list(own["code_id"])
