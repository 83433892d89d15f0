"""Codes stand together as a walk over passages with plain sets says."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from example_counts import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from studies import CODES, ROLLED, made, studies

from analysis.agreement import sets
from analysis.counting import cooccurrence
from analysis.counting.cooccurrence import incidence, jaccard, matrix, pairs
from analysis.counting.crosstabs import Axis
from analysis.study.code_tree import StructureError
from analysis.study.evidence import Evidence

BOTH = [Axis("power"), Axis("stage")]


def walked(study: Evidence, level: str) -> dict[str, set[tuple[str, str]]]:
    """Return the codes of each passage, from plain loops over the codings."""
    had: dict[str, set[tuple[str, str]]] = {extract: set() for extract in study.extracts["extract_id"]}
    for row in study.codings.itertuples():
        code = ROLLED[row.code_id].get(level) if row.facet == "power" else row.code_id
        if (row.role, row.stance) == ("primary", "supports") and code:
            had[row.extract_id].add((row.facet, code))
    return had


@settings(deadline=None, max_examples=examples(60))
@given(studies(), st.sampled_from(["dimension", "second-order"]))
def test_a_passage_has_the_codes_that_it_supports(study: Evidence, level: str) -> None:
    found = incidence(study, [Axis("power", level), Axis("stage")])
    expected = walked(study, level)
    assert list(found.index) == list(study.extracts["extract_id"])
    assert {
        extract: {code for code in found.columns if found.loc[extract, code]} for extract in found.index
    } == expected


@settings(deadline=None, max_examples=examples(60))
@given(studies())
def test_pairs_are_those_of_a_walk_over_passages(study: Evidence) -> None:
    had = walked(study, "dimension")
    units = study.passages.set_index("extract_id")
    listed = {
        ((row.facet, row.code), (row.other_facet, row.other_code)): row for row in pairs(study, BOTH).itertuples()
    }
    every = list(incidence(study, BOTH).columns)
    for one, other in combinations(every, 2):
        both = [extract for extract, codes in had.items() if {one, other} <= codes]
        if not both:
            assert (one, other) not in listed
            continue
        row = listed[one, other]
        assert row.passage == len(both)
        assert row.statement == units.loc[both, "statement"].nunique()
        assert row.interviewee == units.loc[both, "interviewee"].nunique()
        with_one, with_other = ({e for e, codes in had.items() if code in codes} for code in (one, other))
        assert (row.first, row.second) == (len(with_one), len(with_other))
        assert row.jaccard == pytest.approx(1 - sets.jaccard(frozenset(with_one), frozenset(with_other)))


@settings(deadline=None)
@given(npst.arrays(np.bool_, st.tuples(st.integers(0, 8), st.integers(1, 5))))
def test_a_matrix_is_symmetric_and_no_pair_meets_more_often_than_either_code(found: np.ndarray) -> None:
    together = matrix(pd.DataFrame(found)).to_numpy()
    assert (together == together.T).all()
    assert list(together.diagonal()) == list(found.sum(axis=0))
    assert (together <= np.minimum.outer(together.diagonal(), together.diagonal())).all()
    index = jaccard(pd.DataFrame(together)).to_numpy()
    assert (np.isnan(index) == (np.add.outer(together.diagonal(), together.diagonal()) == 0)).all()
    assert ((index >= 0) & (index <= 1) | np.isnan(index)).all()
    assert (
        (index == 1) == ((together == together.diagonal()) & (together.diagonal() == together.T).T & (together > 0))
    ).all()


def test_pairs_that_meet_most_often_come_first_and_others_in_the_order_of_the_trees() -> None:
    passages = [("T01", "P01", ""), ("T02", "P01", ""), ("T03", "D1", "")]
    codings = [
        (extract, facet, code, "primary", "supports", "wording")
        for extract, codes in (("T01", "a late"), ("T02", "b early"), ("T03", "a late"))
        for facet, code in zip(("power", "stage"), codes.split(), strict=True)
    ]
    found = pairs(made(CODES, passages, codings), BOTH)
    assert found[["code", "other_code", "passage", "interviewee"]].to_numpy().tolist() == [
        ["a", "late", 2, 1],
        ["b", "early", 1, 1],
    ]


def test_in_an_exclusive_facet_no_codes_stand_together(study: Evidence) -> None:
    assert pairs(study, [Axis("stage")]).empty
    together = matrix(incidence(study, [Axis("stage")])).to_numpy()
    assert together.sum() == together.diagonal().sum() > 0


def test_pairs_across_facets_are_the_cells_of_their_crosstab(study: Evidence) -> None:
    from analysis.counting.crosstabs import crosstab

    found = pairs(study, BOTH).set_index(["code", "other_code"])
    for unit in ("passage", "statement", "interviewee"):
        cells = crosstab(study, BOTH[0], BOTH[1], unit).set_index(["row", "column"])["count"]
        for codes in found.index:
            if unit != "interviewee":
                assert found.loc[codes, unit] == cells[codes]
            else:
                assert found.loc[codes, unit] <= cells[codes]


def test_an_unknown_facet_or_level_is_told(study: Evidence) -> None:
    with pytest.raises(StructureError, match="no facet 'mood'"):
        cooccurrence.incidence(study, [Axis("mood")])
    with pytest.raises(StructureError, match="no level 'third-order'"):
        cooccurrence.pairs(study, [Axis("power", "third-order")])
