"""The codebook of a published study: every code with its rules and counts, and the way to its passages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from analysis.counting import frequencies
from analysis.display.html_elements import facts, paragraph, text
from analysis.publishing.explorer import anchor
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study_report.coding_structure import HEADS, RULES
from analysis.support import formatting

DEEPEST = 6  # levels of headings that HTML has


def codebook(evidence: Evidence, labels: Mapping[str, str], units: tuple[str, ...], in_explorer: frozenset[str]) -> str:
    """Return the codes of every facet in the order of its tree; counts only where something is coded."""
    parts = []
    for row in evidence.facets.to_dict("records"):
        facet = row["facet"]
        if facet not in set(evidence.codes["facet"]):
            continue
        several = "A passage has one code of it." if row["exclusive"] else "A passage may have several codes of it."
        parts.append(
            f'<section aria-labelledby="{text(facet)}"><h2 id="{text(facet)}">{text(labels[facet])}</h2>'
            f"{paragraph(row['description'], several)}{_codes(evidence, facet, units, facet in in_explorer)}</section>"
        )
    ranged = "In brackets: lowest and highest over all readings." if len(evidence.codings) else "Nothing is coded yet."
    return paragraph("Each code with the rule for giving it.", ranged) + "".join(parts)


def _codes(evidence: Evidence, facet: str, units: tuple[str, ...], is_linked: bool) -> str:
    codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id", drop=False)
    depth = {level: n for n, level in enumerate(code_tree.levels(evidence.codes, facet))}
    counted = frequencies.of_codes(evidence, facet) if len(evidence.codings) else None
    parts = []
    for code in codes.loc[code_tree.in_tree_order(evidence.codes, facet)].to_dict("records"):
        level = min(3 + depth[code["level"]], DEEPEST)
        rules = {"Definition": code["definition"], **{head: code[rule] for rule, head in RULES.items()}}
        said = [(head, text(rule)) for head, rule in rules.items()]
        if counted is not None:
            said.append(("Passages", _counts(counted, code, units, is_linked)))
        parts.append(
            f'<h{level} id="{text(anchor(facet, code["code_id"]))}">{text(code["name"])}</h{level}>{facts(said)}'
        )
    return "".join(parts)


def _counts(counted: pd.DataFrame, code: Mapping[Any, Any], units: tuple[str, ...], is_linked: bool) -> str:
    """Return how often a code is supported, in each unit, and a link to the passages."""
    rows = counted[counted["code_id"].eq(code["code_id"]) & counted["stance"].eq("supports")].set_index("unit")
    said = ", ".join(
        f"{formatting.count_with_range(*rows.loc[unit, ['count', 'lowest', 'highest']])} {HEADS[unit].lower()}"
        for unit in units
    )
    if not is_linked or not rows.loc["passage", "count"]:
        return text(said)
    return f'<a href="explorer.html?{text(urlencode({code["facet"]: code["code_id"]}))}">{text(said)}</a>'
