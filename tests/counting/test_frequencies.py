"""The codes of one facet count as a walk through every reading says."""

from itertools import product

import pandas as pd
import pytest
from example_counts import examples
from general import general
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import every_reading, studies

from analysis.counting import frequencies
from analysis.counting.crosstabs import Axis, crosstab_in_units
from analysis.study import code_tree, vocabulary
from analysis.study.code_tree import StructureError
from analysis.study.evidence import Evidence


@settings(deadline=None, max_examples=examples(60))
@given(studies(), st.sampled_from(["dimension", "second-order"]))
def test_counts_and_ranges_are_those_of_a_walk_through_every_reading(study: Evidence, level: str) -> None:
    # Stances of the other facet would send a passage elsewhere: all of them support.
    study.codings.loc[study.codings["facet"] == "stage", "stance"] = "supports"
    units = study.passages.set_index("extract_id")[list(vocabulary.UNITS)].to_dict()
    readings = []
    for reading in every_reading(study, level, "any"):
        found: dict[tuple[str, str, str], set[str]] = {}
        for extract, code, column in reading:
            for unit, unit_of in units.items():
                if not pd.isna(unit_of[extract]):
                    stance = column if column in ("counters", "context") else "supports"
                    found.setdefault((code, stance, unit), set()).add(unit_of[extract])
        readings.append({place: len(members) for place, members in found.items()})
    table = frequencies.of_codes(study, "power")
    for row in table[table["level"] == level].rename(columns={"count": "now"}).itertuples():
        counts = [reading.get((row.code_id, row.stance, row.unit), 0) for reading in readings]
        assert (row.now, row.lowest, row.highest) == (counts[0], min(counts), max(counts))


def test_the_margin_of_every_table_is_what_its_codes_count_alone(study: Evidence) -> None:
    for facet, other in (("power", "stage"), ("power", "response"), ("stage", "response")):
        alone = frequencies.of_codes(study, facet).set_index(["code_id", "unit", "stance"])
        for level in code_tree.levels(study.codes, facet):
            margins = crosstab_in_units(study, Axis(facet, level), Axis(other)).set_index(["row", "unit", "column"])
            for code, unit in product(code_tree.codes_at(study.codes, facet, level), vocabulary.UNITS):
                own = alone.loc[(code, unit, "supports")]
                margin = margins.loc[(code, unit, vocabulary.ALL)]
                assert own["count"] <= margin["count"] + margins.loc[(code, unit, vocabulary.CONTEXT), "count"]
                if other != "response" and facet == "power":
                    assert tuple(own[["count", "lowest", "highest", "extracts"]]) == tuple(
                        margin[["count", "lowest", "highest", "extracts"]]
                    )


def test_a_passage_that_two_coders_of_record_gave_the_same_code_counts_once() -> None:
    study = general(passages=20, themes=2)
    table = frequencies.of_codes(study, "theme")
    assert set(table.loc[table["unit"].eq("passage") & table["stance"].eq("supports"), "count"]) == {20}


def test_an_unknown_facet_is_told(study: Evidence) -> None:
    with pytest.raises(StructureError, match="no facet 'mood'"):
        frequencies.of_codes(study, "mood")
