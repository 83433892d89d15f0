"""What is shown of a study: its readings, under keys that a page can use, as far as a browser can count them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

import pandas as pd

from analysis.publishing.explorer_facts import Chart, codings
from analysis.study import overview
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence

MOST_READINGS = 200_000  # of all passages together, over the facets of the explorer
#: What the explorer calls its other controls, and what a list of controls has under names of its own.
_TAKEN = frozenset({"form", "stance", "basis", "unit", "sort", "text", "passages", "alternatives"})
_TAKEN |= {"read", "h", "q", "length", "item", "namedItem", "article"}


def of_pages(evidence: Evidence) -> Evidence:
    """Return a study whose alternatives are those that its coders allowed, or else what another coder chose.

    A facet whose key a page needs for something else has another key.
    """
    return _with_free_keys(evidence if has_alternatives(evidence) else _with_other_coders(evidence))


def has_alternatives(evidence: Evidence) -> bool:
    """Tell whether some passage may be read otherwise than it is coded."""
    return bool((evidence.record["role"] == "alternative").any())


def _with_other_coders(evidence: Evidence) -> Evidence:
    """Return a study in which what named coders chose who are not of record is an alternative."""
    record, given = evidence.record, evidence.codings
    key = ["extract_id", "facet", "code_id"]
    chosen = given["role"].eq("primary") & given["coder_id"].map(is_named).astype(bool)
    others = given[chosen & ~given.index.isin(evidence.by_coders_of_record.index)].drop_duplicates(key)
    of_record = pd.MultiIndex.from_frame(record[key])
    others = others[~pd.MultiIndex.from_frame(others[key]).isin(of_record)]
    # An alternative is another reading of a primary code, where there can be only one.
    coded = pd.MultiIndex.from_frame(record.loc[record["role"] == "primary", key[:2]])
    several = ~others["facet"].map(evidence.facets.set_index("facet")["exclusive"]).astype(bool)
    others = others[several | pd.MultiIndex.from_frame(others[key[:2]]).isin(coded)]
    if others.empty:
        return evidence
    who = {
        facet: (*coders, *dict.fromkeys(others.loc[others["facet"] == facet, "coder_id"]))
        for facet, coders in evidence.study.coding_of_record.items()
    }
    rows = pd.concat([record, others.assign(role="alternative")], ignore_index=True)
    return replace(evidence, codings=rows, study=replace(evidence.study, coding_of_record=who))


def _with_free_keys(evidence: Evidence) -> Evidence:
    keys = {facet: f"{facet}-facet" if facet in _TAKEN else facet for facet in evidence.facets["facet"]}
    tables = {name: _renamed(getattr(evidence, name), keys) for name in ("facets", "codes", "codings")}
    record = {keys[facet]: who for facet, who in evidence.study.coding_of_record.items()}
    return replace(evidence, **tables, study=replace(evidence.study, coding_of_record=record))


def _renamed(table: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(facet=table["facet"].map(keys))


def of_explorer(evidence: Evidence) -> tuple[Evidence, Chart]:
    """Return a study with the facets that the explorer shows, and the two of them that its chart has.

    These are the facets with coded passages, those that most passages have first, as long as a browser can go through
    what all passages may be read as. The chart has the first two in the order of the study.
    """
    facets = overview.facets(evidence)
    facets = facets[facets["coded"] > 0].sort_values("coded", ascending=False, kind="stable")
    ways = {
        extract: {facet: len(found) for facet, found in by_facet.items()}
        for extract, by_facet in codings(evidence).items()
    }
    numbers, kept = dict.fromkeys(ways, 1), list[str]()
    for facet in facets["facet"]:
        more = {extract: number * ways[extract][facet] for extract, number in numbers.items()}
        if not kept or sum(more.values()) <= MOST_READINGS:
            numbers, kept = more, [*kept, facet]
    shown = only(evidence, kept)
    first = list(shown.facets["facet"])[:2]
    return shown, Chart(*first)


def only(evidence: Evidence, facets: Iterable[str]) -> Evidence:
    """Return a study with some of its facets, in its order."""
    wanted = set(facets)
    tables = {
        name: table[table["facet"].isin(wanted)].reset_index(drop=True)
        for name, table in (("facets", evidence.facets), ("codes", evidence.codes), ("codings", evidence.codings))
    }
    record = {facet: who for facet, who in evidence.study.coding_of_record.items() if facet in wanted}
    return replace(evidence, **tables, study=replace(evidence.study, coding_of_record=record))


def other_coders(evidence: Evidence) -> list[str]:
    """Return the coders whose choices are readings although they are not of record."""
    shown = _with_other_coders(evidence).study.coding_of_record
    before = evidence.study.coding_of_record
    return list(dict.fromkeys(chain.from_iterable(shown[facet][len(before[facet]) :] for facet in before)))
