"""Distributions over all readings, against a walk through every reading, known distributions and other libraries."""

import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example_counts import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import contingency
from simulated import AXES, POWERS, STAGES, simulated_study
from studies import CODES, every_reading, made, studies

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis, CountsError, crosstab_in_units
from analysis.counting.readings import (
    AllowedReadings,
    ReadingsError,
    allowed_readings,
    compare,
    count_distribution,
    number_of_readings,
    statistic_distribution,
    statistic_distributions,
)
from analysis.statistics.association import cramers_v
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL, CONTEXT, COUNTERS, UNCODED, UNITS

MOST = 1500  # readings that a test walks through
Cells = set[tuple[str, str]]
Reading = list[tuple[str, str, str]]

ROWS = {"dimension": ["a", "b", UNCODED], "second-order": ["a1", "a2", "b1", UNCODED]}
COLUMNS = ["early", "late", "unsaid", UNCODED]


def axes(level: str, basis: str) -> tuple[Axis, Axis]:
    return Axis("power", level), Axis("stage", basis=basis)


def walked(study: Evidence, level: str, basis: str) -> list[Reading]:
    """Return every reading, or let hypothesis look for a study with fewer."""
    found = list(islice(every_reading(study, level, basis), MOST + 1))
    assume(len(found) <= MOST)
    return found


def units_in(study: Evidence, walk: Sequence[Reading], region: Cells, unit: str) -> list[int]:
    """Return in how many units each reading has a passage in a region."""
    unit_of = study.passages.set_index("extract_id")[unit].dropna().to_dict()
    return [len({unit_of[e] for e, *cell in reading if e in unit_of and tuple(cell) in region}) for reading in walk]


def differences(study: Evidence, walk: Sequence[Reading], first: Cells, second: Cells, unit: str) -> list[int]:
    """Return by how many units each reading has more in one region than in another."""
    pairs = zip(units_in(study, walk, first, unit), units_in(study, walk, second, unit), strict=True)
    return [one - other for one, other in pairs]


def reread(study: Evidence, one: Reading, other: Reading) -> list[str]:
    """Return the passages that two readings place differently, in the order of the evidence."""
    differing = {e for e, *_ in set(one) ^ set(other)}
    return [e for e in study.extracts["extract_id"] if e in differing]


def effects(study: Evidence, walk: list[Reading]) -> list[Counter[frozenset[tuple[str, ...]]]]:
    """Return for each passage how often each set of supporting cells occurs in a walk through every reading."""
    return [
        Counter(frozenset(p[1:] for p in reading if p[0] == e and p[2] not in (COUNTERS, CONTEXT)) for reading in walk)
        for e in study.extracts["extract_id"]
    ]


def shares(numbers: Counter[int] | dict[int, int]) -> dict[int, Fraction]:
    return {value: Fraction(number, sum(numbers.values())) for value, number in numbers.items()}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Evidence, str, str]:
    return draw(studies()), draw(st.sampled_from(sorted(ROWS))), draw(st.sampled_from(["wording", "lead-in", "any"]))


def cells_of(level: str) -> list[tuple[str, str]]:
    return list(product(ROWS[level], [*COLUMNS, COUNTERS, CONTEXT]))


every_table = given(table=tables(), unit=st.sampled_from(UNITS), data=st.data())
slow = settings(deadline=None, max_examples=examples(80))


# --- against a walk through every reading


@given(table=tables())
@slow
def test_readings_are_those_of_a_walk_without_the_choices_that_cannot_change_the_table(table: Any) -> None:
    study, level, basis = table
    walk = walked(study, level, basis)
    found = effects(study, walk)
    number = number_of_readings(study, *axes(level, basis))
    assert number == math.prod(sum(each.values()) // math.gcd(*each.values()) for each in found)
    different = math.prod(map(len, found))
    alike = all(len(set(each.values())) == 1 for each in found)
    assert number == different if alike else number > different


def one_passage(*codes: str, source: str = "P01", stance: str = "supports") -> Evidence:
    """A study of one early passage, which may be read as any of some kinds of power."""
    roles = ["primary", *["alternative"] * (len(codes) - 1)]
    power = [("T01", "power", code, role, stance, "wording") for code, role in zip(codes, roles, strict=True)]
    return made(CODES, [("T01", source, "")], [*power, ("T01", "stage", "early", "primary", stance, "wording")])


@pytest.mark.parametrize(
    ("study", "level", "number"),
    [
        (one_passage("a1", "a2"), "dimension", 1),
        (one_passage("a1", "a2"), "second-order", 2),
        (one_passage("a", "b", source="D1", stance="context"), "dimension", 1),
        (one_passage("a", "b", stance="counters"), "dimension", 1),
        # Without one of the first two codes, the share of readings with kind a would be a half.
        (one_passage("a1", "a2", "b"), "dimension", 3),
    ],
    ids=[
        "codes roll up to one",
        "codes of another level",
        "a document",
        "a passage that counters",
        "two codes of three",
    ],
)
def test_a_choice_counts_as_a_reading_only_if_it_can_change_the_table(study: Evidence, level: str, number: int) -> None:
    assert number_of_readings(study, *axes(level, "wording")) == number


def test_leaving_out_what_cannot_matter_changes_no_share() -> None:
    two_of_three = one_passage("a1", "a2", "b")
    found = count_distribution(allowed_readings(two_of_three, *axes("dimension", "wording")), [("a", "early")])
    assert found.share(lambda count: count > 0) == Fraction(2, 3)


@every_table
@slow
def test_a_count_is_distributed_as_in_a_walk_through_every_reading(table: Any, unit: str, data: st.DataObject) -> None:
    study, level, basis = table
    region = data.draw(st.sets(st.sampled_from(cells_of(level)), min_size=1))
    expected = units_in(study, walked(study, level, basis), region, unit)
    allowed = allowed_readings(study, *axes(level, basis))
    found = count_distribution(allowed, region, unit)
    assert shares(found.readings) == shares(Counter(expected))
    if all(column not in (COUNTERS, CONTEXT) for _, column in region):
        assert sum(found.readings.values()) == allowed.number
    assert list(found.readings) == sorted(found.readings)
    assert (found.of_record, found.lowest, found.highest) == (expected[0], min(expected), max(expected))


@st.composite
def two_regions(draw: st.DrawFn, level: str) -> tuple[Cells, Cells]:
    """Two regions of supporting passages; large enough to hold some."""
    sides = {cell: draw(st.integers(0, 2)) for cell in product(ROWS[level], COLUMNS)}
    first, second = ({cell for cell, side in sides.items() if side == wanted} for wanted in (1, 2))
    assume(first and second)
    return first, second


@every_table
@slow
def test_a_comparison_is_what_a_walk_through_every_reading_gives(table: Any, unit: str, data: st.DataObject) -> None:
    study, level, basis = table
    first, second = data.draw(two_regions(level))
    walk = walked(study, level, basis)
    expected = differences(study, walk, first, second, unit)
    found = compare(allowed_readings(study, *axes(level, basis)), first, second, unit)
    assert shares(found.difference.readings) == shares(Counter(expected))
    assert found.difference.of_record == expected[0]
    assert found.more == Fraction(sum(d > 0 for d in expected), len(expected))


@every_table
@settings(deadline=None, max_examples=examples(200))
def test_tipping_passages_are_the_fewest_that_turn_the_verdict(table: Any, unit: str, data: st.DataObject) -> None:
    study, level, basis = table
    first, second = data.draw(two_regions(level))
    walk = walked(study, level, basis)

    more = [difference > 0 for difference in differences(study, walk, first, second, unit)]
    turned = [reading for reading, verdict in zip(walk, more, strict=True) if verdict != more[0]]
    tipping = compare(allowed_readings(study, *axes(level, basis)), first, second, unit).tipping
    if not turned:
        assert tipping is None
        return
    assert tipping is not None
    ids = list(study.extracts["extract_id"])
    smallest = min(
        (reread(study, walk[0], reading) for reading in turned), key=lambda e: (len(e), list(map(ids.index, e)))
    )
    assert len(tipping) == len(smallest)
    if unit == "passage":
        assert sorted(tipping, key=ids.index) == smallest  # of several, what comes first in the evidence
    # The positions that are told belong to one of the readings that turn the verdict.
    told = [place for place in walk[0] if place[0] not in tipping]
    told += [(extract, *cell) for extract, position in tipping.items() for cell in position]
    assert set(told) in [set(reading) for reading in turned]


STATISTICS = {
    "V": cramers_v,
    "weighted": lambda tables: (tables * np.arange(1, tables[0].size + 1).reshape(tables[0].shape)).sum(axis=(1, 2)),
}


@given(table=tables(), name=st.sampled_from(sorted(STATISTICS)), data=st.data())
@slow
def test_a_statistic_is_distributed_as_in_a_walk_through_every_reading(
    table: Any, name: str, data: st.DataObject
) -> None:
    study, level, basis = table
    rows = data.draw(st.lists(st.sampled_from(ROWS[level]), unique=True, min_size=2))
    columns = data.draw(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=2))
    walk = walked(study, level, basis)
    tallies = [
        [[len({e for e, *cell in reading if cell == [row, column]}) for column in columns] for row in rows]
        for reading in walk
    ]
    expected = STATISTICS[name](np.array(tallies))
    found = statistic_distribution(allowed_readings(study, *axes(level, basis)), STATISTICS[name], rows, columns)
    assert found.exact
    assert found.seed is None
    assert found.readings == number_of_readings(study, *axes(level, basis))
    assert found.tables == len({str(tally) for tally in tallies})
    assert found.of_record == pytest.approx(expected[0], nan_ok=True)
    defined = np.sort(expected[~np.isnan(expected)])
    assert found.undefined == Fraction(len(walk) - len(defined), len(walk))
    times, rest = divmod(len(walk), found.readings)
    assert not rest
    assert np.repeat(found.values, found.weights * times) == pytest.approx(defined)
    as_high = sum(value >= expected[0] - 1e-9 for value in defined)
    assert found.at_least_as_coded() == Fraction(int(as_high), len(walk))
    if len(defined):
        assert (found.lowest, found.highest) == pytest.approx((defined[0], defined[-1]))
        for share in (0, 0.025, 0.1, 0.25, 0.5, 0.75, 0.975, 1):
            assert found.quantile(share) == pytest.approx(np.quantile(defined, share, method="inverted_cdf"))
    else:
        assert all(math.isnan(value) for value in (found.lowest, found.highest, found.quantile(0.5)))


@every_table
@settings(deadline=None, max_examples=examples(40))
def test_the_order_of_codings_does_not_matter(table: Any, unit: str, data: st.DataObject) -> None:
    study, level, basis = table
    first, second = data.draw(two_regions(level))
    turned = dataclasses.replace(study, codings=study.codings.iloc[::-1].reset_index(drop=True))
    one, other = (allowed_readings(s, *axes(level, basis)) for s in (study, turned))
    assert compare(one, first, second, unit) == compare(other, first, second, unit)


# --- the committed study


@pytest.mark.parametrize("basis", ["wording", "lead-in"])
def test_ranges_of_the_study_are_those_of_the_crosstab(study: Evidence, basis: str) -> None:
    for level in code_tree.levels(study.codes, "power"):
        table = Axis("power", level), Axis("stage", basis=basis)
        allowed = allowed_readings(study, *table)
        for cell in crosstab_in_units(study, *table).itertuples():
            found = count_distribution(allowed, [(cell.row, cell.column)], cell.unit)
            assert (found.of_record, found.lowest, found.highest) == (cell.count, cell.lowest, cell.highest)
            if cell.column not in (COUNTERS, CONTEXT):
                assert sum(found.readings.values()) == allowed.number


def test_readings_of_the_study_are_the_combinations_of_what_supporting_passages_can_be_read_as(study: Evidence) -> None:
    allowed = allowed_readings(study, Axis("power"), Axis("stage", basis="lead-in"))
    top = code_tree.rolled_up(study.codes, "power", "dimension")
    record = study.record[study.record["stance"] == "supports"]
    power = record[record["facet"] == "power"].assign(code=lambda rows: rows["code_id"].map(top))
    stage = record[(record["facet"] == "stage") & record["extract_id"].isin(power["extract_id"])]
    each = [*power.groupby("extract_id")["code"].nunique(), *stage.groupby("extract_id")["code_id"].nunique()]
    assert allowed.number == math.prod(map(int, each))
    # So a share of readings is a share of ways in which passages can be placed.
    assert all(len(set(passage.positions.values())) == 1 for passage in allowed.passages)


def test_the_table_of_record_is_the_one_that_the_cases_make(study: Evidence) -> None:
    table = Axis("power"), Axis("stage", basis="lead-in")
    rows = code_tree.codes_at(study.codes, "power", "dimension")
    columns = ["initiation", "operationalization", "dissemination"]
    cases = crosstabs.cases(study, *table)
    expected = pd.crosstab(cases["row"], cases["column"]).loc[rows, columns]
    found = statistic_distribution(allowed_readings(study, *table), cramers_v, rows, columns)
    assert found.of_record == pytest.approx(contingency.association(expected, method="cramer"))
    assert found.lowest <= found.of_record <= found.highest
    assert int(found.weights.sum()) == found.readings


# --- sizes that no walk reaches


def coin_study(passages: int) -> Evidence:
    """Simulate passages of one power, each of which may as well be early as late."""
    ids = [f"S{n:04d}" for n in range(passages)]
    codings = [
        coding
        for e in ids
        for coding in [
            (e, "power", "a", "primary", "supports", "wording"),
            (e, "stage", "early", "primary", "supports", "wording"),
            (e, "stage", "late", "alternative", "supports", "wording"),
        ]
    ]
    return made(CODES, [(e, "P01", "") for e in ids], codings)


def simulated(study: Evidence) -> AllowedReadings:
    return allowed_readings(study, *AXES)


def test_passages_that_may_as_well_be_early_as_late_are_binomial() -> None:
    coins = simulated(coin_study(300))
    assert count_distribution(coins, [("a", "early")]).readings == {n: math.comb(300, n) for n in range(301)}
    found = compare(coins, [("a", "early")], [("a", "late")])
    assert found.difference.readings == {2 * n - 300: math.comb(300, n) for n in range(301)}
    assert found.tipping is not None
    assert list(found.tipping) == [f"S{n:04d}" for n in range(150)]
    # One interviewee is early unless everything is late.
    assert count_distribution(coins, [("a", "early")], "interviewee").readings == {0: 1, 1: 2**300 - 1}


def test_no_more_is_reread_than_turns_the_verdict_and_what_comes_first_goes_first() -> None:
    coins = simulated(coin_study(3))
    # Each re-reading moves the difference from three by two, so that the second goes further than needed.
    assert compare(coins, [("a", "early")], [("a", "late")]).tipping == dict.fromkeys(
        ["S0000", "S0001"], (("a", "late"),)
    )
    # Any of the three passages would bring their interviewee in.
    assert compare(coins, [("a", "late")], [("b", "late")], "interviewee").tipping == {"S0000": (("a", "late"),)}


def test_weights_of_tables_outgrow_64_bits() -> None:
    found = statistic_distribution(
        simulated(coin_study(100)), lambda t: t[:, 0, 0].astype(float), ["a"], ["early", "late"]
    )
    assert found.exact
    assert list(found.values) == list(range(101))
    assert list(found.weights) == [math.comb(100, n) for n in range(101)]
    assert found.quantile(Fraction(1, 2**100)) == 0
    assert found.quantile(Fraction(2, 2**100)) == 1


def test_tables_that_one_integer_cannot_hold_are_merged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = simulated(simulated_study(12, 12, (2, 3)))
    one = statistic_distribution(allowed, cramers_v, POWERS, STAGES)
    monkeypatch.setattr(statistic_distributions, "_WORD", 12)
    other = statistic_distribution(allowed, cramers_v, POWERS, STAGES)
    assert other.tables == one.tables
    assert list(other.weights) == list(one.weights)
    assert list(other.values) == list(one.values)


def test_too_many_tables_are_sampled_and_the_result_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = simulated(simulated_study(20, 20, (2, 3)))
    exact = statistic_distribution(allowed, cramers_v, POWERS[:2], STAGES)
    monkeypatch.setattr(statistic_distributions, "MOST_SUMS", 10)
    drawn, again, otherwise = (
        statistic_distribution(allowed, cramers_v, POWERS[:2], STAGES, seed=seed) for seed in (7, 7, 8)
    )
    assert (drawn.exact, drawn.seed, drawn.tables) == (False, 7, statistic_distributions.SAMPLES)
    assert drawn.readings == exact.readings
    assert drawn.of_record == exact.of_record
    assert list(drawn.values) == list(again.values)
    assert list(drawn.values) != list(otherwise.values)
    assert exact.lowest <= drawn.lowest <= drawn.highest <= exact.highest
    # Four standard errors of a share among 20,000 draws are less than 0.015.
    for share in (0.1, 0.5, 0.9):
        assert exact.quantile(share - 0.015) <= drawn.quantile(share) <= exact.quantile(share + 0.015)
    assert float(drawn.undefined) == pytest.approx(float(exact.undefined), abs=0.015)


def test_two_thousand_ambiguous_passages_are_counted_exactly() -> None:
    study = simulated_study(2000, 1200, (2, 3))
    allowed = simulated(study)
    each = study.codings[study.codings["facet"] == "stage"].groupby("extract_id").size()
    region = [(POWERS[0], STAGES[0])]
    for unit in UNITS:
        found = count_distribution(allowed, region, unit)
        assert sum(found.readings.values()) == allowed.number == math.prod(map(int, each))
        # The mean of a sum is the sum of the means, whatever depends on what.
        share = Fraction(0)
        for passages in allowed.units[unit]:
            out = [
                Fraction(sum(n for p, n in q.positions.items() if p != (region[0],)), sum(q.positions.values()))
                for q in passages
            ]
            share += 1 - math.prod(out)
        assert Fraction(sum(value * n for value, n in found.readings.items()), allowed.number) == share


def test_compared_with_nothing_a_region_has_units_or_not(study: Evidence) -> None:
    allowed = allowed_readings(study, Axis("power"), Axis("stage", basis="lead-in"))
    region = [("resource", "initiation")]
    alone, counted = compare(allowed, region, []), count_distribution(allowed, region)
    assert alone.difference == counted
    assert alone.more == counted.share(lambda count: count > 0)
    assert alone.tipping is not None
    assert len(alone.tipping) == 1, "one passage read as initiation is enough"


# --- what cannot be answered


def test_what_cannot_be_answered_is_told_with_the_choices() -> None:
    allowed = simulated(coin_study(2))
    early, late = [("a", "early")], [("a", "late")]
    with pytest.raises(ReadingsError, match=r"no row 'c'\. Choose one of: a, b, uncoded, all"):
        count_distribution(allowed, [("c", "early")])
    with pytest.raises(ReadingsError, match="no column 'soon'"):
        compare(allowed, early, [("a", "soon")])
    with pytest.raises(ReadingsError, match="names no cell"):
        compare(allowed, [], early)
    with pytest.raises(ReadingsError, match="share the cell"):
        compare(allowed, early, [("a", ALL)])
    with pytest.raises(CountsError, match="passage, statement, interviewee"):
        compare(allowed, early, late, "page")
    with pytest.raises(CountsError, match="two different facets"):
        number_of_readings(coin_study(1), Axis("power"), Axis("power"))
    with pytest.raises(ReadingsError, match="no rows"):
        statistic_distribution(allowed, cramers_v, [], ["early"])
    with pytest.raises(ReadingsError, match="no column 'counters'"):
        statistic_distribution(allowed, cramers_v, ["a"], ["early", COUNTERS])
    with pytest.raises(ReadingsError, match="named twice"):
        statistic_distribution(allowed, cramers_v, ["a", "a"], ["early"])
    with pytest.raises(ReadingsError, match="one number for each table"):
        statistic_distribution(allowed, lambda tables: tables[:, 0, :].astype(float), ["a"], ["early", "late"])
    found = statistic_distribution(allowed, lambda tables: tables[:, 0, 0].astype(float), ["a"], ["early"])
    for share in (1.5, -0.1, math.nan):
        with pytest.raises(ReadingsError, match="from 0 to 1"):
            found.quantile(share)


# --- the statistic of these tests


def test_cramers_v_of_the_tests_is_that_of_scipy() -> None:
    drawn = np.random.default_rng(1).integers(1, 9, size=(50, 4, 3))
    expected = [contingency.association(table, method="cramer") for table in drawn]
    assert cramers_v(drawn) == pytest.approx(expected)
