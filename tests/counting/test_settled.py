"""Passages that are settled, against the study rebuilt with their row changed and a walk through all its readings."""

from fractions import Fraction
from itertools import islice, product
from typing import Any

import pytest
from example_counts import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from studies import CODES, every_reading, made, studies

from analysis.counting.crosstabs import Axis
from analysis.counting.readings import (
    Outcome,
    ReadingsError,
    Settled,
    allowed_readings,
    compare,
    outcomes,
    settle,
    settled_passages,
    share_in_every,
)
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL, CONTEXT, COUNTERS, UNITS

MOST = 1500  # readings that a test walks through
STAGES = ["early", "late", "unsaid"]
slow = settings(deadline=None, max_examples=examples(80))


@st.composite
def settled_studies(draw: st.DrawFn) -> tuple[Evidence, Settled, str, str]:
    """A small study, a passage of it settled as any code, and the level and basis of a table."""
    study = draw(studies())
    facet, code, *_ = draw(st.sampled_from(CODES))
    extract = draw(st.sampled_from(study.extracts["extract_id"].tolist()))
    stance, basis = (
        draw(st.sampled_from(["supports", "counters", "context"])),
        draw(st.sampled_from(["wording", "label"])),
    )
    table = draw(st.sampled_from(["dimension", "second-order"])), draw(st.sampled_from(["wording", "lead-in", "any"]))
    return study, Settled(extract, facet, code, stance, basis), *table


def walked(study: Evidence, level: str, basis: str) -> list[list[tuple[str, str, str]]]:
    found = list(islice(every_reading(study, level, basis), MOST + 1))
    assume(len(found) <= MOST)
    return found


def more_in(study: Evidence, level: str, basis: str, regions: Any, unit: str) -> Outcome:
    """Compare two regions in every reading, one after the other; the first is the reading of record."""
    unit_of = study.passages.set_index("extract_id")[unit].dropna().to_dict()
    found = []
    for reading in walked(study, level, basis):
        counts = [
            len({unit_of[e] for e, *cell in reading if e in unit_of and tuple(cell) in region}) for region in regions
        ]
        found.append(counts[0] - counts[1])
    return Outcome(found[0], Fraction(sum(value > 0 for value in found), len(found)))


@given(asked=settled_studies())
@slow
def test_settling_leaves_one_row_of_record_and_all_other_rows_as_they_are(asked: Any) -> None:
    study, one, *_ = asked
    after = settle(study, [one]).codings
    own = after["extract_id"].eq(one.extract_id) & after["facet"].eq(one.facet)
    assert after.loc[own, list(Settled._fields)].to_numpy().tolist() == [list(one)]
    assert after.loc[own, "role"].tolist() == ["primary"]
    before = study.codings[~(study.codings["extract_id"].eq(one.extract_id) & study.codings["facet"].eq(one.facet))]
    assert after[~own].to_numpy().tolist() == before.to_numpy().tolist()


def test_a_code_that_was_given_keeps_its_coder_and_its_reason() -> None:
    codes = [("T01", "stage", "early", "primary", "supports", "wording")]
    study = made(CODES, [("T01", "P01", "")], [*codes, ("T01", "stage", "late", "alternative", "counters", "lead-in")])
    study.codings.loc[1, ["coder_id", "rationale"]] = ["us", "For a reason."]
    (row,) = settle(study, [Settled("T01", "stage", "late", "counters", "lead-in")]).codings.to_dict("records")
    assert row["rationale"] == "For a reason."
    assert (row["role"], row["stance"], row["basis"]) == ("primary", "counters", "lead-in")


@given(asked=settled_studies())
@slow
def test_a_settled_passage_is_read_as_in_the_study_with_its_row_changed(asked: Any) -> None:
    study, one, level, basis = asked
    axes = Axis("power", level), Axis("stage", basis=basis)
    (found,) = settled_passages(study, *axes, [one])
    (rebuilt,) = (
        passage
        for passage in allowed_readings(settle(study, [one]), *axes).passages
        if passage.extract_id == one.extract_id
    )
    assert found.passage == rebuilt
    assert {(r, c if s == "supports" else s) for r, c, s in found.standing} == set(rebuilt.of_record)


@given(asked=settled_studies(), unit=st.sampled_from(UNITS), data=st.data())
@slow
def test_outcomes_are_those_of_a_walk_through_the_study_with_the_row_changed(asked: Any, unit: str, data: Any) -> None:
    study, one, level, basis = asked
    axes = Axis("power", level), Axis("stage", basis=basis)
    rows = {"dimension": ["a", "b"], "second-order": ["a1", "a2", "b1"]}[level]
    cells = list(product(rows, [*STAGES, COUNTERS, CONTEXT]))
    chosen = data.draw(st.lists(st.sampled_from(cells), unique=True, min_size=1, max_size=6))
    parted = data.draw(st.integers(1, len(chosen)))
    regions = set(chosen[:parted]), set(chosen[parted:])
    (found,) = outcomes(
        allowed_readings(study, *axes), *regions, unit, [settled_passages(study, *axes, [one])[0].passage]
    )
    after = settle(study, [one])
    compared = compare(allowed_readings(after, *axes), *regions, unit)
    assert found == Outcome(compared.difference.of_record, compared.more)
    assert found == more_in(after, level, basis, regions, unit)


@given(table=studies(), level=st.sampled_from(["dimension", "second-order"]))
@slow
def test_every_one_of_some_codes_has_a_passage_in_as_many_readings_as_a_walk_finds(table: Evidence, level: str) -> None:
    codes = {"dimension": ["a", "b"], "second-order": ["a1", "b1"]}[level]
    walk = walked(table, level, "any")
    supported = [{row for _, row, column in reading if column not in (COUNTERS, CONTEXT)} for reading in walk]
    expected = Fraction(sum(set(codes) <= one for one in supported), len(walk))
    allowed = allowed_readings(table, Axis("power", level), Axis("stage"))
    assert share_in_every(allowed, [[(code, ALL)] for code in codes]) == expected


def test_the_share_of_all_readings_is_the_mean_over_the_codes_of_a_passage() -> None:
    codings = [
        (e, facet, code, "primary" if n == 0 else "alternative", "supports", "wording")
        for e, facet, codes in (
            *(("T01", "power", ["a", "b"]), ("T01", "stage", ["early", "late", "unsaid"])),
            *(("T02", "power", ["a"]), ("T02", "stage", ["late", "early"])),
        )
        for n, code in enumerate(codes)
    ]
    study = made(CODES, [("T01", "P01", ""), ("T02", "P02", "")], codings)
    axes = Axis("power"), Axis("stage")
    allowed, regions = allowed_readings(study, *axes), ([("a", "early")], [("a", "late")])
    each = [Settled("T01", "stage", code, "supports", "wording") for code in STAGES]
    passages = [one.passage for one in settled_passages(study, *axes, each)]
    shares = [found.more for found in outcomes(allowed, *regions, "passage", passages)]
    assert sum(shares) / len(shares) == compare(allowed, *regions).more
    assert len(set(shares)) > 1


def test_regions_that_overlap_are_refused() -> None:
    study = made(CODES, [("T01", "P01", "")], [("T01", "power", "a", "primary", "supports", "wording")])
    allowed = allowed_readings(study, Axis("power"), Axis("stage"))
    with pytest.raises(ReadingsError, match="share the cell"):
        outcomes(allowed, [("a", "early")], [("a", "early")], "passage", [])
