"""Counts, on studies made by hand, against a brute-force loop, and by their properties."""

import dataclasses
from itertools import product

import pandas as pd
import pytest
from example_counts import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import CODES, every_reading, made, studies

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis, CountsError, crosstab
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL, CONTEXT, COUNTERS, UNCODED

SMALL = made(
    CODES,
    passages=[("T01", "P01", ""), ("T02", "P01", ""), ("T03", "P02", ""), ("F01", "P02", "T03"), ("F02", "D1", ""), ("F03", "P03", "")],
    codings=[
        ("T01", "power", "a1", "primary", "supports", "label"),
        ("T01", "stage", "early", "primary", "supports", "wording"),
        ("T02", "power", "a2", "primary", "supports", "label"),
        ("T02", "power", "b1", "alternative", "supports", "wording"),
        ("T02", "stage", "early", "primary", "supports", "wording"),
        ("T03", "power", "b1", "primary", "supports", "label"),
        ("T03", "stage", "late", "primary", "supports", "lead-in"),
        ("T03", "stage", "unsaid", "alternative", "supports", "none"),
        ("F01", "power", "b", "primary", "supports", "lead-in"),
        ("F01", "stage", "late", "primary", "supports", "wording"),
        ("F02", "power", "a1", "primary", "context", "label"),
        ("F02", "stage", "early", "primary", "context", "wording"),
        ("F03", "power", "a", "primary", "counters", "lead-in"),
        ("F03", "stage", "late", "primary", "supports", "wording"),
    ],
)  # fmt: skip


def cell(table: pd.DataFrame, row: str, column: str) -> tuple[int, int, int]:
    found = table[(table["row"] == row) & (table["column"] == column)].iloc[0]
    return found["count"], found["lowest"], found["highest"]


def behind(table: pd.DataFrame, row: str, column: str) -> tuple[str, ...]:
    found: tuple[str, ...] = table[(table["row"] == row) & (table["column"] == column)].iloc[0]["extracts"]
    return found


def test_passages_are_counted_with_their_range() -> None:
    table = crosstab(SMALL, Axis("power"), Axis("stage", basis="lead-in"))
    assert cell(table, "a", "early") == (2, 1, 2)  # T02 may be read as b
    assert cell(table, "b", "early") == (0, 0, 1)
    assert cell(table, "b", "late") == (2, 1, 2)  # T03 may be read as unsaid
    assert cell(table, "b", "unsaid") == (0, 0, 1)
    assert behind(table, "b", "late") == ("T03", "F01")


def test_counters_and_context_have_their_own_columns() -> None:
    table = crosstab(SMALL, Axis("power"), Axis("stage", basis="lead-in"))
    assert behind(table, "a", COUNTERS) == ("F03",)
    assert behind(table, "a", CONTEXT) == ("F02",)
    assert cell(table, "a", ALL) == (2, 1, 2)  # the margin is of supporting passages
    assert cell(table, "a", "late") == (0, 0, 0)


def test_a_code_above_the_level_counts_as_uncoded() -> None:
    table = crosstab(SMALL, Axis("power", "second-order"), Axis("stage", basis="lead-in"))
    assert behind(table, UNCODED, "late") == ("F01",)
    assert behind(table, UNCODED, COUNTERS) == ("F03",)


def test_on_wording_alone_a_stage_from_a_lead_in_is_no_code() -> None:
    table = crosstab(SMALL, Axis("power"), Axis("stage", basis="wording"))
    assert behind(table, "b", "late") == ("F01",)
    assert behind(table, "b", UNCODED) == ("T03",)
    assert cell(table, "b", "unsaid") == (0, 0, 1)


def test_a_countering_passage_without_a_code_on_this_basis_is_still_no_support() -> None:
    table = crosstab(SMALL, Axis("power", basis="wording"), Axis("stage"))
    assert behind(table, UNCODED, COUNTERS) == ("F03",)
    assert behind(table, UNCODED, CONTEXT) == ("F02",)
    assert "F03" not in behind(table, ALL, ALL)


def test_a_repeated_statement_and_an_interviewee_count_once() -> None:
    statements = crosstab(SMALL, Axis("power"), Axis("stage", basis="lead-in"), "statement")
    assert cell(statements, "b", "late") == (1, 1, 1)  # F01 holds it there whatever T03 is read as
    people = crosstab(SMALL, Axis("power"), Axis("stage", basis="lead-in"), "interviewee")
    assert cell(people, "a", "early") == (1, 1, 1)
    assert cell(people, "a", CONTEXT) == (0, 0, 0)  # a document is no interviewee


def test_several_primary_codes_of_a_facet_that_is_not_exclusive_all_count() -> None:
    both = made(
        CODES,
        passages=[("T01", "P01", ""), ("T02", "P02", "")],
        codings=[
            ("T01", "power", "a1", "primary", "supports", "label"),
            ("T01", "power", "b1", "primary", "supports", "label"),
            ("T01", "stage", "early", "primary", "supports", "wording"),
            ("T02", "power", "a1", "alternative", "supports", "label"),
            ("T02", "stage", "early", "primary", "supports", "wording"),
        ],
        exclusive={"power": False},
    )
    table = crosstab(both, Axis("power"), Axis("stage"))
    assert cell(table, "a", "early") == (1, 1, 2)
    assert cell(table, "b", "early") == (1, 1, 1)
    assert cell(table, UNCODED, "early") == (1, 0, 1)
    assert cell(table, ALL, "early") == (2, 2, 2)


def test_what_cannot_be_counted_is_told_with_the_choices() -> None:
    with pytest.raises(CountsError, match="passage, statement, interviewee"):
        crosstab(SMALL, Axis("power"), Axis("stage"), "page")
    with pytest.raises(CountsError, match="wording, lead-in, any"):
        crosstab(SMALL, Axis("power"), Axis("stage", basis="guess"))
    with pytest.raises(CountsError, match="two different facets"):
        crosstab(SMALL, Axis("power"), Axis("power", "second-order"))


# --- random small studies


def brute_force(study: Evidence, level: str, basis: str, unit: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Count every cell by walking through every reading, one passage at a time, with plain loops."""
    unit_of = study.passages.set_index("extract_id")[unit].to_dict()
    tallies = []
    for reading in every_reading(study, level, basis):
        members: dict[tuple[str, str], set[str]] = {}
        for extract, row, column in reading:
            if pd.isna(unit_of[extract]):
                continue
            columns = [column] if column in (COUNTERS, CONTEXT) else [column, ALL]
            for place in product([row, ALL], columns):
                members.setdefault(place, set()).add(unit_of[extract])
        tallies.append({place: len(units) for place, units in members.items()})
    return {
        place: (tallies[0].get(place, 0), min(t.get(place, 0) for t in tallies), max(t.get(place, 0) for t in tallies))
        for place in {place for tally in tallies for place in tally}
    }


every_table = given(
    study=studies(),
    level=st.sampled_from(["dimension", "second-order"]),
    basis=st.sampled_from(["wording", "lead-in", "any"]),
    unit=st.sampled_from(vocabulary.UNITS),
)


@every_table
@settings(deadline=None, max_examples=examples(80))
def test_counts_and_ranges_equal_a_loop_over_every_reading(study: Evidence, level: str, basis: str, unit: str) -> None:
    table = crosstab(study, Axis("power", level), Axis("stage", basis=basis), unit)
    expected = brute_force(study, level, basis, unit)
    counted = {(row.row, row.column): (row.count, row.lowest, row.highest) for row in table.itertuples()}
    assert {place: found for place, found in counted.items() if found != (0, 0, 0)} == expected


@every_table
@settings(deadline=None, max_examples=examples(40))
def test_margins_are_of_the_units_in_the_cells(study: Evidence, level: str, basis: str, unit: str) -> None:
    table = crosstab(study, Axis("power", level), Axis("stage", basis=basis), unit)
    inner = table[~table["column"].isin([ALL, COUNTERS, CONTEXT]) & (table["row"] != ALL)]
    for name, part in inner.groupby("row"):
        count, lowest, highest = cell(table, str(name), ALL)
        assert part["count"].max() <= count <= part["count"].sum()
        if unit == "passage" and study.facets["exclusive"].all():
            assert count == part["count"].sum()
        assert part["lowest"].sum() <= lowest or unit != "passage"
        assert highest <= part["highest"].sum()
    assert (table["lowest"] <= table["count"]).all()
    assert (table["count"] <= table["highest"]).all()
    assert (table["count"] <= table["extracts"].map(len)).all()


@every_table
@settings(deadline=None, max_examples=examples(40))
def test_the_order_of_rows_does_not_matter(study: Evidence, level: str, basis: str, unit: str) -> None:
    axes = Axis("power", level), Axis("stage", basis=basis), unit
    turned = dataclasses.replace(study, codings=study.codings.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(crosstab(study, *axes), crosstab(turned, *axes))


@every_table
@settings(deadline=None, max_examples=examples(40))
def test_other_names_give_the_same_counts(study: Evidence, level: str, basis: str, unit: str) -> None:
    renamed = {"early": "zeta", "late": "alpha", "unsaid": "mid"}
    other = dataclasses.replace(
        study,
        codes=study.codes.replace({"code_id": renamed}),
        codings=study.codings.replace({"code_id": renamed}),
    )
    axes = Axis("power", level), Axis("stage", basis=basis), unit
    expected = crosstab(study, *axes).replace({"column": renamed})
    pd.testing.assert_frame_equal(crosstab(other, *axes), expected)


@every_table
@settings(deadline=None, max_examples=examples(40))
def test_another_alternative_never_lowers_a_maximum_or_raises_a_minimum(
    study: Evidence, level: str, basis: str, unit: str
) -> None:
    axes = Axis("power", level), Axis("stage", basis=basis), unit
    before = crosstab(study, *axes)
    coded = study.codings[(study.codings["facet"] == "stage") & (study.codings["role"] == "primary")]
    for extract in coded["extract_id"]:
        used = study.codings[(study.codings["extract_id"] == extract) & (study.codings["facet"] == "stage")]["code_id"]
        for code in {"early", "late", "unsaid"} - set(used):
            added = pd.DataFrame(
                [(extract, "us", "stage", code, "alternative", "supports", "wording", "")],
                columns=study.codings.columns,
            )
            after = crosstab(
                dataclasses.replace(study, codings=pd.concat([study.codings, added], ignore_index=True)), *axes
            )
            assert (after["highest"] >= before["highest"]).all()
            assert (after["lowest"] <= before["lowest"]).all()
            assert (after["count"] == before["count"]).all()


@every_table
@settings(deadline=None, max_examples=examples(25))
def test_rows_and_columns_can_change_places(study: Evidence, level: str, basis: str, unit: str) -> None:
    power, stage = Axis("power", level), Axis("stage", basis=basis)
    inner = [UNCODED, ALL, "early", "late", "unsaid", "a", "b", "a1", "a2", "b1"]
    columns = ["count", "lowest", "highest"]
    one = crosstab(study, power, stage, unit).set_index(["row", "column"])[columns]
    other = crosstab(study, stage, power, unit).set_index(["column", "row"])[columns].rename_axis(["row", "column"])
    for place in one.index:
        if place[0] in inner and place[1] in inner:
            assert one.loc[place].equals(other.loc[place])


def test_cases_are_the_passages_that_the_cells_count(study: Evidence) -> None:
    axes = Axis("power"), Axis("stage", basis="lead-in")
    listed = crosstabs.cases(study, *axes).groupby(["row", "column"]).size()
    table = crosstab(study, *axes).set_index(["row", "column"])["count"]
    assert listed.sum() == table[(ALL, ALL)]
    for place, number in listed.items():
        assert table[place] == number
