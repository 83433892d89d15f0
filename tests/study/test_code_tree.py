"""The code tree, and Tables 1 and 2, on a small study made by hand and on the real one."""

import dataclasses

import pytest
from studies import made

from analysis.reanalysis import article_tables, tables_for_readers
from analysis.study import code_tree
from analysis.study.code_tree import StructureError
from analysis.study.evidence import Evidence

SMALL = made(
    codes=[
        ("power", "b", "dimension", ""),
        ("power", "a", "dimension", ""),
        ("power", "a2", "second-order", "a"),
        ("power", "b1", "second-order", "b"),
        ("power", "a1", "second-order", "a"),
        ("power", "a2x", "first-order", "a2"),
        ("power", "b1x", "first-order", "b1"),
        ("stage", "now", "stage", ""),
    ],
    passages=[("T01", "P01", ""), ("T02", "D1", ""), ("T03", "P02", ""), ("T04", "P01", "")],
    codings=[
        ("T01", "power", "a2x", "primary", "supports", "label"),
        ("T02", "power", "b1x", "primary", "context", "label"),
        ("T03", "power", "a2x", "primary", "supports", "label"),
        ("T04", "power", "a1", "primary", "supports", "label"),
    ],
)


def test_levels_run_from_the_top_of_the_tree() -> None:
    assert code_tree.levels(SMALL.codes, "power") == ["dimension", "second-order", "first-order"]
    assert code_tree.levels(SMALL.codes, "stage") == ["stage"]


def test_codes_stand_in_the_order_of_the_tree() -> None:
    assert code_tree.in_tree_order(SMALL.codes, "power") == ["b", "b1", "b1x", "a", "a2", "a2x", "a1"]
    assert code_tree.codes_at(SMALL.codes, "power", "second-order") == ["b1", "a2", "a1"]


def test_a_code_rolls_up_to_its_ancestor_and_to_nothing_below_itself() -> None:
    assert code_tree.rolled_up(SMALL.codes, "power", "second-order") == {
        "b": None, "a": None, "a2": "a2", "b1": "b1", "a1": "a1", "a2x": "a2", "b1x": "b1",
    }  # fmt: skip


def test_an_unknown_facet_or_level_names_the_known_ones() -> None:
    with pytest.raises(StructureError, match="power, stage"):
        code_tree.levels(SMALL.codes, "mood")
    with pytest.raises(StructureError, match="dimension, second-order, first-order"):
        code_tree.rolled_up(SMALL.codes, "power", "third-order")


def test_table_2_lists_printed_passages_along_the_tree() -> None:
    table = article_tables.table_2(SMALL)
    assert table.drop(columns="gist").fillna("").values.tolist() == [
        ["b", "b1", "b1x", "T02", "D1"],
        ["a", "a2", "a2x", "T01", "P01"],
        ["a", "a2", "a2x", "T03", "P02"],
        ["a", "a1", "", "T04", "P01"],
    ]


def test_table_1_counts_passages_and_compares_months() -> None:
    sources = SMALL.sources.copy()
    for published, late in (("2018-11", False), ("2018-11-30", False), ("2018-12", True), ("2019-01-01", True)):
        sources.loc[sources["source_id"] == "D1", "published"] = published
        table = article_tables.table_1(dataclasses.replace(SMALL, sources=sources))
        assert table[["source_id", "passages", "after_interviews"]].values.tolist() == [["D1", 1, late]]


def test_the_real_table_2_has_the_printed_shape(study: Evidence) -> None:
    # Counted in the article: 14 quotations, 12 first-order codes, 10 second-order codes, 4 dimensions.
    table = article_tables.table_2(study)
    assert len(table) == 14
    assert [table[level].nunique() for level in ("first_order", "second_order", "dimension")] == [12, 10, 4]
    assert list(table["extract_id"]) == [f"T{number:02d}" for number in range(1, 15)]


def test_the_real_table_1_has_the_printed_dates(study: Evidence) -> None:
    assert list(tables_for_readers.table_1(study)["Date published"]) == [
        "25 February 2020", "5 April 2021", "10 June 2022", "November 2019",
    ]  # fmt: skip


def test_a_repeated_name_is_left_out_as_in_the_printed_table(study: Evidence) -> None:
    shown = tables_for_readers.table_2(study)
    assert (shown["Theoretical dimension"] != "").sum() == 4
    assert (shown["Second-order code"] != "").sum() == 10
