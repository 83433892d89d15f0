"""Which codes stand together in passages, within a facet and across facets."""

import pandas as pd

from analysis import cooccurrence, numbers, simulate, structure
from analysis.counts import Axis
from analysis.evidence import Evidence
from analysis.pages import frame, paragraph, text
from analysis.study_report.asked import Asked
from analysis.study_report.codebook import HEADS

MOST_CODES = 12  # codes of a facet whose matrix fits a page; of more, the pairs that meet most often are listed
MOST_PAIRS = 20


def cooccurring(evidence: Evidence, asked: Asked) -> str:
    """Return a matrix or a list for each facet in which several codes may hold, and a list across facets."""
    exclusive = evidence.facets.set_index("facet")["exclusive"]
    several = [facet for facet in asked.facets if not exclusive[facet]]
    parts = [
        paragraph(
            "Two codes stand together where the same passage supports both; passages that merely overlap are different "
            "passages here.",
            "Jaccard's index is the share of those with either code that have both, from 0 (never together) to 1 (never "
            "apart).",
            "Common codes meet often for no other reason than being common.",
        )
    ]
    for facet in several:
        parts += [f"<h3>Within {text(facet)}</h3>", _within(evidence, asked.axis(facet), asked.units[0])]
    if len(asked.facets) > 1:
        axes = [asked.axis(facet) for facet in asked.facets]
        parts += ["<h3>Across facets</h3>", _listed(evidence, axes, asked.units, across=True)]
    elif not several:
        parts.append(paragraph("There is one facet only, and it gives a passage one code, so no codes stand together."))
    return "".join(parts)


def _within(evidence: Evidence, axis: Axis, unit: str) -> str:
    codes = structure.codes_at(evidence.codes, axis.facet, axis.level_in(evidence))
    if len(codes) > MOST_CODES:
        return _listed(evidence, [axis], (unit,), across=False)
    together = cooccurrence.matrix(cooccurrence.incidence(evidence, [axis], unit))
    index = cooccurrence.jaccard(together).to_numpy()
    both = together.to_numpy()
    names = structure.names(evidence.codes, axis.facet)
    cells = [
        [
            f"{both[row, column]:,}"
            if row == column or not both[row, column]
            else f"{both[row, column]:,} ({numbers.rounded(index[row, column])})"
            for column in range(len(codes))
        ]
        for row in range(len(codes))
    ]
    labels = [names[code] for code in codes]
    caption = f"Codes of {axis.facet} together: {HEADS[unit].lower()} with both, in brackets Jaccard's index; on the "
    caption += "diagonal, with the code"
    table = pd.DataFrame(cells, pd.Index(labels, name="Code"), labels)
    return frame(simulate.captioned(evidence, caption), table)


def _listed(evidence: Evidence, axes: list[Axis], units: tuple[str, ...], across: bool) -> str:
    """List the pairs that meet most often in the first unit; `across` leaves out those within a facet."""
    pairs = {unit: cooccurrence.pairs(cooccurrence.incidence(evidence, axes, unit)) for unit in units}
    found = pairs[units[0]]
    if across:
        found = found[found["facet"] != found["other_facet"]]
    if found.empty:
        return paragraph("No two codes stand together.")
    key = ["facet", "code", "other_facet", "other_code"]
    shown = found.head(MOST_PAIRS)
    names = {axis.facet: structure.names(evidence.codes, axis.facet) for axis in axes}
    first, second = (
        [f"{names[facet][code]}{f' ({facet})' if across else ''}" for facet, code in shown[two].to_numpy().tolist()]
        for two in (key[:2], key[2:])
    )
    table = pd.DataFrame({"and": second}, index=pd.Index(first, name="Code"))
    for unit in units:
        both = shown[key].merge(pairs[unit], on=key, how="left")
        table[f"{HEADS[unit]} with both"] = both["both"].fillna(0).astype("int64").map("{:,}".format).to_list()
    table["With the first"] = shown["first"].map("{:,}".format).to_list()
    table["With the second"] = shown["second"].map("{:,}".format).to_list()
    table["Jaccard"] = shown["jaccard"].map(numbers.rounded).to_list()
    where = "of different facets" if across else f"of {axes[0].facet}"
    number = f"the {MOST_PAIRS} of {len(found):,} pairs" if len(found) > MOST_PAIRS else "the pairs"
    caption = (
        f"Codes {where} together: {number} that meet most often, index and single counts in {HEADS[units[0]].lower()}"
    )
    return frame(simulate.captioned(evidence, caption), table, ["and"])
