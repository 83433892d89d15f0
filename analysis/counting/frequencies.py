"""How often each code of one facet was given, at every level of its tree, with the range over the allowed readings.

A code counts with all codes below it. As in tables of two facets (`analysis.counting.crosstabs`), only passages
that support a code count for it; those that counter it, or give context only, are counted apart.
"""

from dataclasses import dataclass, field

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
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
    given = crosstabs.options(evidence, axis)
    taken = given["code"] + "\n" + given["stance"]
    ways = taken.groupby([given["extract_id"], given["slot"]]).transform("nunique")
    given = evidence.in_order(given.assign(certain=ways.eq(1) & ~given["optional"]))
    rows = list(zip(*(given[name] for name in ("extract_id", "code", "stance", "primary", "certain")), strict=True))
    codes = code_tree.codes_at(evidence.codes, axis.facet, axis.level_in(evidence))
    tables = []
    for unit in vocabulary.UNITS:
        counted = _in_unit(evidence, unit, rows)
        cells = [(code, stance, counted.get((code, stance), _Cell())) for code in codes for stance in STANCES]
        tables += [
            (code, axis.level, unit, stance, len(cell.now), len(cell.always), len(cell.ever), tuple(cell.behind))
            for code, stance, cell in cells
        ]
    columns = ["code_id", "level", "unit", "stance", "count", "lowest", "highest", "extracts"]
    return pd.DataFrame(tables, columns=columns)


@dataclass
class _Cell:
    """The units of a code and stance: as it is coded, in every reading, in any; and the passages behind the first."""

    now: set[str] = field(default_factory=set)
    always: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    behind: dict[str, None] = field(default_factory=dict)


def _in_unit(
    evidence: Evidence, unit: str, rows: list[tuple[str, str, str, bool, bool]]
) -> dict[tuple[str, str], _Cell]:
    """Gather the units of one kind by code and stance, in one walk: grouping by pandas takes ten times as long."""
    # A document is not an interviewee, and has no such unit.
    unit_of = dict(evidence.passages[["extract_id", unit]].dropna().to_numpy().tolist())
    cells: dict[tuple[str, str], _Cell] = {}
    for extract, code, stance, primary, certain in rows:
        if extract in unit_of:
            cell = cells.setdefault((code, stance), _Cell())
            cell.ever.add(unit_of[extract])
            if certain:
                cell.always.add(unit_of[extract])
            if primary:
                cell.now.add(unit_of[extract])
                cell.behind[extract] = None
    return cells
