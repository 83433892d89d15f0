"""How often each code of one facet was given, at every level of its tree, with the range over the allowed readings.

A code counts with all codes below it. As in tables of two facets (`analysis.counting.crosstabs`), only passages
that support a code count for it; those that counter it, or give context only, are counted apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis, Option
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence

STANCES = ("supports", vocabulary.COUNTERS, vocabulary.CONTEXT)


def of_codes(evidence: Evidence, facet: str, basis: str = "any") -> pd.DataFrame:
    """Count the codes of a facet in every unit.

    Parameters
    ----------
    evidence : Evidence
        The coded study; its coding of record is counted.
    facet : str
        Which facet, at all of its levels.
    basis : one of vocabulary.BASES
        What codings may rest on.

    Returns
    -------
    DataFrame
        A row for each code, unit and stance, in the order of the tree: `code_id, level, parent_id, unit, stance, count,
        lowest, highest, extracts`. `lowest` and `highest` are taken over all readings of the facet, as in
        `crosstabs.crosstab`; `extracts` lists the passages behind the count in the order of the evidence.

    Raises
    ------
    StructureError
        For a facet that the study does not have, or that has no codes.
    """
    frames = [_at_level(evidence, Axis(facet, level, basis)) for level in code_tree.levels(evidence.codes, facet)]
    table = pd.concat(frames, ignore_index=True)
    order = {code: place for place, code in enumerate(code_tree.in_tree_order(evidence.codes, facet))}
    parents = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")["parent_id"]
    table = table.sort_values("code_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)
    table.insert(2, "parent_id", table["code_id"].map(parents))
    return table


def supporting(evidence: Evidence, facet: str, level: str) -> pd.DataFrame:
    """Return which passage supports which code of a level in the coding of record: `extract_id, code`, each pair once.

    Alternatives are left out, and codes that lie above the level. Raises StructureError for an unknown facet or level.
    """
    record = evidence.record
    chosen = record[record["facet"].eq(facet) & record["role"].eq("primary") & record["stance"].eq("supports")]
    up = code_tree.rolled_up(evidence.codes, facet, level)
    codes = pd.DataFrame({"extract_id": chosen["extract_id"], "code": chosen["code_id"].map(up)})
    return codes.dropna().drop_duplicates(ignore_index=True)


def _at_level(evidence: Evidence, axis: Axis) -> pd.DataFrame:
    """Count the codes of one level, in each unit and stance."""
    given = sorted(crosstabs.each_option(evidence, axis), key=lambda option: evidence.places[option.extract_id])
    ways: dict[tuple[str, int], set[tuple[str, str]]] = defaultdict(set)
    for option in given:
        ways[option.extract_id, option.slot].add((option.code, option.stance))
    options = {
        "count": [option for option in given if option.primary],
        "lowest": [one for one in given if len(ways[one.extract_id, one.slot]) == 1 and not one.optional],
        "highest": given,
    }
    codes = code_tree.codes_at(evidence.codes, axis.facet, axis.level_in(evidence))
    rows = []
    for unit in vocabulary.UNITS:
        unit_of = crosstabs.unit_of_each(evidence, unit)
        found = [_passages(some, unit_of) for some in options.values()]
        for cell in product(codes, STANCES):
            counts = [len(set(each.get(cell, {}).values())) for each in found]
            rows.append((cell[0], axis.level, unit, cell[1], *counts, tuple(found[0].get(cell, ()))))
    return pd.DataFrame(rows, columns=["code_id", "level", "unit", "stance", *options, "extracts"])


def _passages(
    options: Iterable[Option], unit_of: Mapping[str, str | None]
) -> dict[tuple[str, str], dict[str, str | None]]:
    """Return for each code and stance the passages that have a unit, with it."""
    found: dict[tuple[str, str], dict[str, str | None]] = defaultdict(dict)
    for option in options:
        if unit_of[option.extract_id] is not None:  # a document is not an interviewee
            found[option.code, option.stance][option.extract_id] = unit_of[option.extract_id]
    return found
