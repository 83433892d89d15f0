"""Simulated studies are what their parameters say, the same for the same seed, and marked wherever they are shown."""

import dataclasses
import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from example_counts import examples, some
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.display import captioned_tables, charts, figures
from analysis.display.figures import Figure
from analysis.reanalysis import article_charts
from analysis.statistics import concentration, saturation
from analysis.study import code_tree, coders, loading, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.teaching import simulation
from analysis.teaching.simulation import Parameters, Preference, SimulateError

TABLES = ("sources", "facets", "codes", "extracts", "fragments", "codings", "coders")
READERS = ["simulated-reader-1", "simulated-reader-2"]


def as_text(study: Evidence) -> str:
    return "\n".join(getattr(study, name).to_csv(lineterminator="\n") for name in TABLES)


def as_read_by(study: Evidence, coder: str) -> Evidence:
    """Return a study with the codings of one coder as those of record, so that counts are counts of that reading."""
    of_record = dict.fromkeys(study.study.coding_of_record, (coder,))
    return dataclasses.replace(study, study=dataclasses.replace(study.study, coding_of_record=of_record))


def primary(study: Evidence, coder: str, facet: str) -> pd.Series:
    """Return the primary code that a coder gives each passage."""
    rows = study.codings[study.codings["coder_id"].eq(coder) & study.codings["facet"].eq(facet)]
    return rows[rows["role"] == "primary"].set_index("extract_id")["code_id"]


def cells(study: Evidence, parameters: Parameters) -> np.ndarray:
    """Return of each passage of record the places of its kind of power and of its stage, shape (passages, 2)."""
    codes = [primary(study, simulation.RECORD, facet) for facet in ("power", "stage")]
    up = code_tree.rolled_up(study.codes, "power", "dimension")
    return np.stack(
        [codes[0].map(up).map(parameters.powers.index), codes[1].map(parameters.stages.index)], axis=1
    ).astype(int)


def shares(study: Evidence, parameters: Parameters) -> np.ndarray:
    """Return the share of passages of record in each cell, as the truth has them."""
    counted = np.zeros((len(parameters.powers), len(parameters.stages)))
    np.add.at(counted, tuple(cells(study, parameters).T), 1)
    return counted / counted.sum()


def alike(study: Evidence) -> float:
    """Return the share of pairs of passages of one interviewee that are in one cell."""
    table = pd.DataFrame(cells(study, Parameters()), columns=["power", "stage"])
    table["who"] = study.passages["interviewee"]

    def pairs(sizes: pd.Series) -> int:
        return int((sizes * (sizes - 1)).sum())

    return pairs(table.groupby(["who", "power", "stage"]).size()) / pairs(table.groupby("who").size())


# --- what a study is


@st.composite
def parameters(draw: st.DrawFn) -> Parameters:
    interviewees = draw(st.integers(1, 8))
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    weights = np.array(draw(st.lists(st.integers(0, 9), min_size=rows * columns, max_size=rows * columns)), dtype=float)
    weights[0] += 1
    error = st.floats(0, 1)
    return Parameters(
        interviewees=interviewees,
        passages=interviewees + draw(st.integers(0, 30)),
        unevenness=draw(st.floats(0, 3)),
        profile=tuple(map(tuple, (weights / weights.sum()).reshape(rows, columns).tolist())),
        first_order=draw(st.integers(1, 3)),
        own_cell=draw(st.floats(0, 1)),
        alternatives=draw(st.sampled_from([(1.0,), (0.5, 0.5), (0.0, 1.0)])),
        coders=draw(st.integers(0, 3)),
        power_error=draw(error),
        stage_error=tuple(draw(st.lists(error, min_size=columns, max_size=columns))),
        missing=draw(st.floats(0, 1)),
    )


@settings(deadline=None, max_examples=examples(60))
@given(parameters(), st.integers(0, 2**64))
def test_whatever_fits_makes_a_valid_study_of_the_size_asked_for(asked: Parameters, seed: int) -> None:
    study = simulation.study(asked, seed)  # which is held to every rule of evidence
    assert len(study.extracts) == asked.passages
    assert len(study.sources) == study.study.interviews == asked.interviewees
    assert study.passages["interviewee"].nunique() == asked.interviewees, "everyone says something"
    assert len(study.coders) == 1 + asked.coders
    assert len(primary(study, simulation.RECORD, "power")) == asked.passages
    assert code_tree.codes_at(study.codes, "power", "dimension") == asked.powers
    assert code_tree.codes_at(study.codes, "stage", "stage") == asked.stages
    impossible = np.array(asked.profile) == 0
    assert not shares(study, asked)[impossible].any(), "no passage falls into an impossible cell"
    assert simulated_label.is_simulated(study)
    published = simulation.select(study, 1 + seed % asked.passages, Preference(1, 1), seed)
    loading.check(published)
    assert simulated_label.is_simulated(published)


def test_tables_have_the_columns_and_types_of_evidence(study: Evidence) -> None:
    simulated = simulation.study(Parameters(), 1)
    for name in TABLES:
        if name != "fragments":
            expected = getattr(study, name)[list(loading.COLUMNS[name])].dtypes  # all but what a study may do without
            found = getattr(simulated, name).dtypes
            pd.testing.assert_series_equal(found, expected)
    assert list(simulated.fragments) == list(study.fragments)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_study() -> None:
    one, again, other = (as_text(simulation.study(Parameters(), seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_a_study_has_these_bytes_on_every_platform() -> None:
    study = simulation.select(simulation.study(Parameters(missing=0.1), 1), 100, Preference(2, 1), 1)
    digest = hashlib.sha256(as_text(study).encode()).hexdigest()[:16]
    assert digest == "3132029ee4b4db9a"


def test_the_passages_are_the_same_whoever_reads_them() -> None:
    one = simulation.study(Parameters(), 1)
    other = simulation.study(Parameters(coders=4, power_error=0.5, missing=0.2), 1)
    pd.testing.assert_frame_equal(one.extracts, other.extracts)
    pd.testing.assert_frame_equal(one.record.reset_index(drop=True), other.record.reset_index(drop=True))


@settings(deadline=None, max_examples=examples(30))
@given(parameters(), st.integers(0, 2**64))
def test_the_passages_alone_are_those_of_the_study(asked: Parameters, seed: int) -> None:
    study, alone = simulation.study(asked, seed), simulation.passages(asked, seed)
    pd.testing.assert_frame_equal(
        alone[["extract_id", "row", "column"]], crosstabs.cases(study, Axis("power"), Axis("stage")), check_dtype=False
    )
    assert list(alone["interviewee"]) == list(study.passages["interviewee"])


def test_passages_fall_into_cells_as_often_as_the_truth_says() -> None:
    asked = Parameters(interviewees=2_000, passages=20_000, own_cell=0.5)
    truth = np.array(asked.profile)
    assert truth.sum() == pytest.approx(1)
    # Even if the passages of a person were all alike, four standard errors would be below 0.04.
    assert np.abs(shares(simulation.study(asked, 1), asked) - truth).max() < 0.04


def test_first_order_codes_are_as_common_as_one_over_their_rank() -> None:
    study = simulation.study(Parameters(interviewees=20_000, passages=20_000, first_order=3), 1)
    ranks = primary(study, simulation.RECORD, "power").str[-1].value_counts(normalize=True)
    assert ranks.loc[["1", "2", "3"]].to_numpy() == pytest.approx(np.array([6, 3, 2]) / 11, abs=0.02)


def test_the_more_uneven_the_more_passages_gather_in_few_interviewees() -> None:
    found = []
    for unevenness in (0, 0.5, 1, 2):
        study = simulation.study(Parameters(unevenness=unevenness), 1)
        found.append(concentration.concentration(study.passages, study.study.interviews)["gini"].iloc[0])
    assert found == sorted(found)
    assert found[-1] > found[0] + 0.3


def test_who_sticks_to_an_own_cell_makes_passages_of_one_person_alike() -> None:
    none, some, most, only = (
        alike(simulation.study(Parameters(passages=5_000, own_cell=share), 1)) for share in (0, 0.3, 0.6, 1)
    )
    by_chance = (np.array(Parameters().profile) ** 2).sum()
    assert none == pytest.approx(by_chance, abs=0.01)
    assert none < some < most < only == 1, "in the end all passages of a person are in the own cell"


def test_the_words_of_a_passage_allow_as_many_other_stages_as_asked() -> None:
    study = simulation.study(Parameters(passages=10_000, alternatives=(0.5, 0.3, 0.2)), 1)
    stage = study.record[study.record["facet"] == "stage"]
    assert not stage.duplicated(["extract_id", "code_id"]).any()
    allowed = stage["extract_id"].value_counts().value_counts(normalize=True)
    assert allowed.loc[[1, 2, 3]].to_numpy() == pytest.approx([0.5, 0.3, 0.2], abs=0.02)
    two = simulation.study(Parameters(interviewees=3, passages=9, alternatives=(0.0, 1.0)), 1)
    assert readings.number_of_readings(two, Axis("power"), Axis("stage")) == 2**9


# --- readers


def test_readers_without_error_agree_with_each_other_and_with_the_record() -> None:
    study = simulation.study(Parameters(power_error=0, stage_error=0, coders=3), 1)
    for facet in ("power", "stage"):
        assert coders.side_by_side(study, facet)["same_primary"].all()
        assert primary(study, READERS[0], facet).equals(primary(study, simulation.RECORD, facet))


def test_readers_err_on_each_code_as_often_as_asked_and_independently() -> None:
    errors = (0.0, 0.1, 0.4)
    study = simulation.study(Parameters(passages=30_000, stage_error=errors), 1)
    of_record = primary(study, simulation.RECORD, "stage")
    wrong = {reader: primary(study, reader, "stage") != of_record for reader in READERS}
    for stage, error in zip(Parameters().stages, errors, strict=True):
        here = of_record == stage
        for reader in READERS:
            assert wrong[reader][here].mean() == pytest.approx(error, abs=0.02)
        both = wrong[READERS[0]] & wrong[READERS[1]]
        assert both[here].mean() == pytest.approx(error**2, abs=0.02)
    taken = primary(study, READERS[0], "stage")[wrong[READERS[0]] & (of_record == Parameters().stages[2])]
    assert taken.value_counts(normalize=True).to_numpy() == pytest.approx([0.5, 0.5], abs=0.03)


def test_a_reader_who_sees_the_kind_of_power_sees_its_first_order_code() -> None:
    study = simulation.study(Parameters(passages=2_000, power_error=0.3), 1)
    up = code_tree.rolled_up(study.codes, "power", "dimension")
    of_record, read = (primary(study, coder, "power") for coder in (simulation.RECORD, READERS[0]))
    same = of_record.map(up) == read.map(up)
    assert (of_record[same] == read[same]).all()


def test_readers_leave_as_many_passages_uncoded_as_asked_and_the_record_none() -> None:
    study = simulation.study(Parameters(passages=10_000, missing=0.2), 1)
    for reader, facet in product(READERS, ("power", "stage")):
        assert len(primary(study, reader, facet)) == pytest.approx(8_000, abs=200)
    assert len(primary(study, simulation.RECORD, "stage")) == 10_000


def test_counts_can_be_those_of_one_reader() -> None:
    study = simulation.study(Parameters(missing=0.2), 1)
    table = crosstabs.crosstab(as_read_by(study, READERS[1]), Axis("power"), Axis("stage"))
    margin = table[table["row"] == vocabulary.ALL].set_index("column")["count"]
    read = primary(study, READERS[1], "stage").value_counts()
    assert margin.loc[read.index].to_dict() == read.to_dict()
    assert margin[vocabulary.UNCODED] == len(study.extracts) - read.sum()


# --- selection by an author


AUTHORS = 100


def mean_published(study: Evidence, how_many: int, preference: Preference) -> np.ndarray:
    """Return the share of each cell in what is published, as the mean over many authors."""
    cell = pd.DataFrame(cells(study, Parameters()), index=study.extracts["extract_id"])
    made = simulation.selections(study, how_many, preference, range(AUTHORS))
    published = [selected.extracts["extract_id"] for selected in made]
    counted = np.zeros((3, 3))
    np.add.at(counted, tuple(cell.loc[pd.concat(published)].to_numpy().T), 1)
    return counted / counted.sum()


def test_many_selections_are_each_the_one_of_its_seed() -> None:
    study, preference = simulation.study(Parameters(passages=50), 1), Preference(2, 1)
    for seed, published in enumerate(simulation.selections(study, 20, preference, range(3))):
        assert as_text(published) == as_text(simulation.select(study, 20, preference, seed))


def test_without_a_preference_what_is_published_is_the_study_on_average() -> None:
    study = simulation.study(Parameters(passages=200), 1)
    # A share of 60 passages has a standard error below 0.05, the mean of 100 of them one of 0.005 at most.
    assert np.abs(mean_published(study, 60, Preference()) - shares(study, Parameters())).max() < 0.02


@pytest.mark.thorough
def test_the_truth_is_met_on_average_over_studies_and_authors_without_a_preference() -> None:
    asked = Parameters(passages=150, coders=0)
    each = [shares(simulation.select(simulation.study(asked, seed), 60, seed=seed), asked) for seed in range(AUTHORS)]
    # With the own cells a share has a standard error below 0.07, the mean of 100 of them one below 0.007.
    assert np.abs(np.mean(each, axis=0) - np.array(asked.profile)).max() < 0.028


def test_a_preferred_story_is_published_too_often_and_the_more_the_stronger() -> None:
    study = simulation.study(Parameters(passages=200), 1)
    whole = shares(study, Parameters())
    mild, strong = (mean_published(study, 60, Preference(story=story)) - whole for story in (1, 4))
    assert 0.05 < np.trace(mild) < np.trace(strong) - 0.05
    assert (strong[~np.eye(3, dtype=bool)] < 0).all(), "at the cost of every other cell"


def test_a_story_weighs_as_much_as_asked() -> None:
    # One passage is published; it fits the story with the odds of the study times the weight.
    study = simulation.study(Parameters(passages=200), 1)
    fits = np.trace(shares(study, Parameters()))
    assert np.trace(mean_published(study, 1, Preference(story=9))) == pytest.approx(
        10 * fits / (10 * fits + 1 - fits), abs=0.15
    )


def test_an_author_who_prefers_eloquent_people_quotes_fewer_of_them() -> None:
    study = simulation.study(Parameters(unevenness=0), 1)
    quoted = [
        np.mean(
            [
                len(published.sources)
                for published in simulation.selections(study, 60, Preference(eloquence=e), range(20))
            ]
        )
        for e in (0, 1, 2)
    ]
    assert quoted == sorted(quoted, reverse=True)


def test_a_selection_keeps_whole_passages_and_says_how_many_were_interviewed() -> None:
    study = simulation.study(Parameters(), 1)
    published = simulation.select(study, 20, seed=3)
    chosen = list(published.extracts["extract_id"])
    assert chosen == sorted(chosen), "in the order of the study"
    for table in ("extracts", "codings"):
        whole = getattr(study, table)
        kept = whole[whole["extract_id"].isin(chosen)].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(published, table), kept)
    assert set(published.sources["source_id"]) == set(published.extracts["source_id"])
    assert published.study == study.study
    assert as_text(simulation.select(study, 20, seed=3)) == as_text(published)
    assert as_text(simulation.select(study, 20, seed=4)) != as_text(published)
    assert as_text(simulation.select(study, len(study.extracts))) == as_text(study), "whoever takes all selects nothing"


def test_a_selection_from_one_reading_leaves_passages_that_it_leaves_uncoded_at_weight_one() -> None:
    study = as_read_by(simulation.study(Parameters(missing=0.5), 1), READERS[0])
    assert len(simulation.select(study, 100, Preference(story=2), 1).extracts) == 100


def test_no_author_selects_from_evidence(study: Evidence) -> None:
    with pytest.raises(SimulateError, match=r"not simulated.*Make one"):
        simulation.select(study, 10)


@pytest.mark.parametrize("how_many", [0, 481])
def test_a_selection_of_none_or_of_more_than_there_are_is_refused(how_many: int) -> None:
    with pytest.raises(SimulateError, match=f"{how_many} passages cannot be published of 480 passages"):
        simulation.select(simulation.study(Parameters(), 1), how_many)


# --- the mark


def charts_of_studies() -> Iterator[Callable[..., Figure]]:
    """Yield every public function of the package that draws a picture of a study."""
    for module in pkgutil.walk_packages(analysis.__path__, "analysis."):
        if module.name.endswith("__main__"):
            continue
        for _, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ != module.name or function.__annotations__.get("return") is not Figure:
                continue
            if "evidence" in function.__annotations__ and function is not figures.drawn:
                yield function


CHARTS = list(charts_of_studies())
#: What a chart is asked for beside the evidence, where it has to be.
ASKED: dict[Callable[..., Figure], tuple[object, ...]] = {
    charts.facet_by_facet: (crosstabs.Axis("power"), crosstabs.Axis("stage")),
    charts.codes_of_facet: ("power", pd.Series({"Structural": 3, "Resource": 2}), "dimension"),
    charts.codes_together: ("of power", ["Structural", "Resource"], np.array([[0, 2], [2, 0]])),
    charts.pairs_of_codes: ("of power", [("Structural and Resource", 2)]),
}


@pytest.mark.slow
@pytest.mark.parametrize("draw", some(CHARTS, 4), ids=lambda draw: draw.__name__)
def test_every_chart_of_a_simulated_study_says_so_in_picture_caption_and_alternative_text(
    draw: Callable[..., Figure], study: Evidence
) -> None:
    # The evidence itself, said to be simulated: every chart can be drawn of it.
    facts = dataclasses.replace(study.study, simulated=True)
    asked = ASKED.get(draw, ())
    marked, plain = draw(dataclasses.replace(study, study=facts), *asked), draw(study, *asked)
    assert marked.caption == f"Simulated data. {plain.caption}"
    assert marked.alt == f"Simulated data. {plain.alt}"
    assert ">Simulated data<" in marked.svg
    assert "imulated" not in plain.svg + plain.caption + plain.alt


def test_there_are_charts_to_be_marked() -> None:
    assert {article_charts.stage_by_power, charts.code_accumulation} <= set(CHARTS)
    assert len(CHARTS) >= 7


def test_charts_are_drawn_of_simulated_studies() -> None:
    study = simulation.study(Parameters(interviewees=12, passages=40), 1)
    for draw in (
        article_charts.stage_by_power,
        charts.passages_per_interviewee,
        charts.code_accumulation,
    ):
        assert draw(study).caption.startswith("Simulated data. ")
        assert draw(simulation.select(study, 20)).caption.startswith("Simulated data. ")


def test_the_alternative_text_of_an_accumulation_gives_its_begin_and_end(study: Evidence) -> None:
    picture = charts.code_accumulation(study, "power", "first-order")
    found = saturation.incidence(study, "power", "first-order")
    total = int(found.to_numpy().any(axis=0).sum())
    assert f"{len(found)}: {total}.0 ({total}), of {len(found.columns)} codes." in picture.alt
    assert saturation.CAVEAT in picture.caption


def test_a_table_is_marked_once_if_its_study_is_simulated(study: Evidence) -> None:
    sheet = captioned_tables.CaptionedTable(pd.DataFrame({"a": [1]}), "A table")
    simulated = simulation.study(Parameters(), 1)
    once = simulated_label.marked(simulated, sheet)
    assert once.caption == "Simulated data. A table"
    assert simulated_label.marked(simulated, once).caption == once.caption
    assert simulated_label.marked(study, sheet).caption == "A table"


def test_all_that_has_a_name_in_a_simulated_study_says_so() -> None:
    study = simulation.study(Parameters(), 1)
    assert study.extracts["extract_id"].str.startswith("S").all()
    assert study.sources["source_id"].str.startswith("S").all()
    for table, column in (
        ("sources", "label"), ("facets", "description"), ("codes", "code_id"), ("codes", "name"),
        ("extracts", "gist"), ("extracts", "section"), ("coders", "coder_id"), ("coders", "kind"),
        ("codings", "rationale"),
    ):  # fmt: skip
        assert getattr(study, table)[column].str.contains("simulated", case=False).all()
    assert "Simulated" in study.study.title


def test_the_evidence_is_not_simulated(study: Evidence) -> None:
    assert not simulated_label.is_simulated(study)


# --- what does not fit


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"interviewees": 0}, "interviewees is 0. Choose a whole number from 1"),
        ({"passages": 50.5}, "passages is 50.5. Choose a whole number"),
        ({"passages": 10}, "passages is 10 for 48 interviewees. Choose at least as many"),
        ({"first_order": 0}, "first_order is 0"),
        ({"coders": -1}, "coders is -1. Choose a whole number from 0"),
        ({"unevenness": -1}, "unevenness is -1. Choose 0 for none"),
        ({"unevenness": float("inf")}, "unevenness is inf"),
        ({"own_cell": 1.1}, "own_cell is 1.1. Choose a probability"),
        ({"missing": float("nan")}, "missing is nan"),
        ({"profile": ((0.5, 0.4), (0.1, 0.1))}, "profile adds up to 1.1. Choose probabilities"),
        ({"profile": ((0.5, 0.6), (-0.1, 0.0))}, "profile adds up to 1. Choose probabilities from 0 upwards"),
        ({"profile": ((0.5, 0.5),)}, "profile is not a table. Give it two or more rows"),
        ({"profile": ((0.5, 0.25), (0.25,))}, "profile is not a table"),
        ({"profile": ((0.5,), (0.5,))}, "profile is not a table"),
        ({"profile": ()}, "profile is not a table"),
        ({"alternatives": ()}, "alternatives adds up to 0"),
        ({"alternatives": (0.7, 0.1, 0.1, 0.1)}, "alternatives has 4 probabilities. Choose 3 at most"),
        ({"power_error": 1.5}, "power_error is 1.5"),
        ({"stage_error": (0.1, 0.1)}, "stage_error is (0.1, 0.1). Choose a probability from 0 to 1, or one for each of 3"),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_are_told_in_one_sentence(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(SimulateError) as told:
        Parameters(**asked)
    assert str(told.value).startswith(why)
    assert "\n" not in str(told.value)


def test_several_parameters_that_do_not_fit_are_told_at_once() -> None:
    with pytest.raises(SimulateError) as told:
        Parameters(own_cell=2, coders=-1)
    assert len(told.value.faults) == 2


@pytest.mark.parametrize("asked", [{"story": -1}, {"eloquence": float("nan")}])
def test_a_preference_below_none_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(SimulateError, match=f"{next(iter(asked))} is .* Choose 0 for none"):
        Preference(**asked)


def test_a_seed_below_zero_is_refused() -> None:
    with pytest.raises(SimulateError, match="no seed -1"):
        simulation.study(Parameters(), -1)
