"""Which codes occur together in passages, within a facet and across facets."""

import pandas as pd

from analysis.counting import cooccurrence
from analysis.counting.crosstabs import Axis
from analysis.display import charts
from analysis.display.html_elements import figure, frame, paragraph, text
from analysis.study import code_tree, simulated_label
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked, LeftOut
from analysis.study_report.coding_structure import HEADS
from analysis.support import formatting

MOST_CODES = 12  # codes of a facet whose matrix fits a page; if there are more, the most frequent pairs are listed
MOST_PAIRS = 20


def cooccurring(evidence: Evidence, asked: Asked) -> str | LeftOut:
    """Return a picture with a matrix or a list for each facet with several codes, and a list across facets."""
    exclusive = evidence.facets.set_index("facet")["exclusive"]
    several = [facet for facet in asked.facets if not exclusive[facet]]
    together = cooccurrence.pairs(evidence, [asked.axis(facet) for facet in asked.facets])
    if together.empty:
        return LeftOut("no passage has two codes")
    parts = [
        paragraph(
            "Two codes occur together where the same passage supports both; passages that merely overlap are different "
            "passages here.",
            "Jaccard's index is the share of the passages with either code that have both, from 0 (never together) to "
            "1 (never apart).",
            "Common codes occur together often simply because they are common.",
        )
    ]
    within = together[together["facet"] == together["other_facet"]]
    for facet in several:
        found = within[within["facet"] == facet]
        if len(found):
            parts += [f"<h3>Within {text(facet)}</h3>", _within(evidence, asked.axis(facet), found, asked.units)]
    across = together[together["facet"] != together["other_facet"]]
    if len(across):
        parts += ["<h3>Across facets</h3>", _listed(evidence, across, asked.units, "of different facets")]
    return "".join(parts)


def _within(evidence: Evidence, axis: Axis, found: pd.DataFrame, units: tuple[str, ...]) -> str:
    """Return the matrix of those codes of a facet that meet another or, if they are many, the most frequent pairs."""
    meet = {*found["code"], *found["other_code"]}
    codes = [code for code in code_tree.codes_at(evidence.codes, axis.facet, axis.level_in(evidence)) if code in meet]
    if len(codes) > MOST_CODES:
        return _listed(evidence, found, units, f"of {axis.facet}")
    every = cooccurrence.matrix(cooccurrence.incidence(evidence, [axis]))
    keys = [(axis.facet, code) for code in codes]
    together = every.loc[keys, keys]
    index, both = cooccurrence.jaccard(together).to_numpy(), together.to_numpy()
    cells = [
        [
            f"{met:,}{f' ({formatting.rounded(index[row, column])})' if met and row != column else ''}"
            for column, met in enumerate(line)
        ]
        for row, line in enumerate(both.tolist())
    ]
    labels = [code_tree.names(evidence.codes, axis.facet)[code] for code in codes]
    caption = (
        f"Codes of {axis.facet} together: passages with both, in brackets Jaccard's index; on the diagonal, those with "
        "the code"
    )
    table = pd.DataFrame(cells, pd.Index(labels, name="Code"), labels)
    drawing = figure(charts.codes_together(evidence, f"of {axis.facet}", labels, both))
    return drawing + frame(simulated_label.captioned(evidence, caption), table)


def _listed(evidence: Evidence, found: pd.DataFrame, units: tuple[str, ...], where: str) -> str:
    """List the most frequent pairs, in the units that are counted, with bars."""
    shown = found.head(MOST_PAIRS)
    table = pd.DataFrame(
        {
            "and": _named(evidence, shown, "other_facet", "other_code"),
            **{f"{HEADS[unit]} with both": shown[unit].map("{:,}".format).to_list() for unit in units},
            "Passages with the first": shown["first"].map("{:,}".format).to_list(),
            "Passages with the second": shown["second"].map("{:,}".format).to_list(),
            "Jaccard": shown["jaccard"].map(formatting.rounded).to_list(),
        },
        index=pd.Index(_named(evidence, shown, "facet", "code"), name="Code"),
    )
    number = f"the {MOST_PAIRS} of {len(found):,} pairs" if len(found) > MOST_PAIRS else "the pairs"
    caption = f"Codes {where} together: {number} that occur in most passages"
    both = zip(table.index, table["and"], shown["passage"], strict=True)
    drawing = charts.pairs_of_codes(evidence, where, [(f"{code} and {other}", count) for code, other, count in both])
    return figure(drawing) + frame(simulated_label.captioned(evidence, caption), table)


def _named(evidence: Evidence, shown: pd.DataFrame, facet: str, code: str) -> list[str]:
    """Return the names of codes, each followed by its facet."""
    names = {given: code_tree.names(evidence.codes, given) for given in shown[facet].unique()}
    return [f"{names[given][key]} ({given})" for given, key in shown[[facet, code]].to_numpy().tolist()]
