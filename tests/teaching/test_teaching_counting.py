"""The lesson on counting: what it says of tests, selections and readings holds, and what is simulated says so."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.proportion import proportion_confint

from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.display.captioned_tables import CaptionedTable
from analysis.statistics import association, saturation
from analysis.statistics.association import AssociationError
from analysis.study.evidence import Evidence
from analysis.study.simulated_label import MARK
from analysis.teaching import lesson_building, lesson_files, reading_vocabulary, simulated_studies, simulation, trials
from analysis.teaching.built_lessons import BuiltLesson, FigurePart, Part, TablePart, TextPart
from analysis.teaching.lesson_measures import MeasureError
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_vocabulary import MEASURES, TABLES
from analysis.teaching.trials import ALIKE, RELATED, UNRELATED

POWER, STAGE = Axis("power"), Axis("stage", basis="lead-in")


@pytest.fixture(scope="module")
def lesson(study: Evidence) -> BuiltLesson:
    """The lesson, built once."""
    return lesson_building.bundled("counting", study)


@pytest.fixture(scope="module")
def exercise(lesson: BuiltLesson) -> Mapping[str, Any]:
    """The exercises by name."""
    return lesson.by_name


def table(name: str, **options: object) -> CaptionedTable:
    """Return a table that a lesson may show of simulated studies."""
    return TABLES[name].make(Setting(simulated_studies.collected()), options)


# --- tests on many studies


@pytest.mark.parametrize("seed", [0, 7])
def test_p_values_are_those_of_the_studies_and_of_pingouin(seed: int) -> None:
    import pingouin

    study = simulation.study(ALIKE, seed)
    p = trials.p_values(ALIKE, seed + 1).loc[seed]
    cases = crosstabs.cases(study, Axis("power"), Axis("stage"))
    assert p[trials.PASSAGES] == pytest.approx(association.chi_square(cases, study.passages).p, abs=1e-12)
    once = cases[~study.passages["interviewee"].duplicated().to_numpy()]
    assert len(once) == ALIKE.interviewees
    assert p[trials.ONE_EACH] == pytest.approx(association.chi_square(once, study.passages).p, abs=1e-12)
    held = saturation.incidence(study, "stage").astype(int).reset_index().melt("interviewee")
    by_pingouin = pingouin.cochran(held, dv="value", within="code", subject="interviewee")["p_unc"].iloc[0]
    assert p[trials.Q_INTERVIEWEES] == pytest.approx(by_pingouin, abs=1e-12)


def test_cochrans_q_is_that_of_statsmodels() -> None:
    held = np.random.default_rng(1).random((40, 4)) < [0.2, 0.4, 0.5, 0.6]
    assert trials.cochran_p(held) == pytest.approx(cochrans_q(held.astype(int)).pvalue, abs=1e-12)


def test_cochrans_q_of_codes_that_exclude_each_other_only_asks_whether_they_are_equally_frequent() -> None:
    """With one yes a row, Q is the chi-square of equal shares: nothing in it is related."""
    column = simulation.passages(ALIKE, 3)["column"]
    at = pd.get_dummies(column).to_numpy()
    assert trials.cochran_p(at) == pytest.approx(stats.chisquare(column.value_counts()).pvalue, abs=1e-12)


def test_where_nobody_differs_between_conditions_cochrans_q_finds_nothing() -> None:
    assert trials.cochran_p(np.array([[True, True, True], [False, False, False]])) == 1


def test_a_table_of_one_column_gives_no_alarm() -> None:
    assert association.pearson(np.array([[1], [1]]))[1] == 1


def test_the_interval_of_a_share_of_studies_is_wilsons() -> None:
    table = trials.rejections(pd.DataFrame({"test": np.linspace(0.001, 0.999, 200)}))
    row = table.loc["test"]
    assert row["rejected"] == 10
    assert (row["low"], row["high"]) == pytest.approx(proportion_confint(10, 200, method="wilson"))


def test_dependence_within_interviewees_makes_the_chi_square_give_false_alarms() -> None:
    unrelated, alike = (trials.rejections(trials.p_values(kind)) for kind in (UNRELATED, ALIKE))
    assert unrelated.at[trials.PASSAGES, "low"] < trials.LEVEL < unrelated.at[trials.PASSAGES, "high"]
    assert alike.at[trials.PASSAGES, "low"] > 5 * trials.LEVEL


def test_one_passage_each_or_people_as_rows_keep_the_word_and_passages_as_people_do_not() -> None:
    alike = trials.rejections(trials.p_values(ALIKE))
    assert alike.at[trials.ONE_EACH, "low"] < trials.LEVEL < alike.at[trials.ONE_EACH, "high"]
    assert alike.at[trials.Q_INTERVIEWEES, "low"] < trials.LEVEL
    assert alike.at[trials.Q_PASSAGES, "low"] > 3 * trials.LEVEL


def test_cochrans_q_does_not_see_that_kind_of_power_goes_with_stage() -> None:
    related = trials.rejections(trials.p_values(RELATED))
    assert related.at[trials.ONE_EACH, "share"] > 0.95
    for test in (trials.Q_INTERVIEWEES, trials.Q_PASSAGES):
        assert related.at[test, "low"] < trials.LEVEL < related.at[test, "high"]


def test_more_passages_of_the_same_people_make_it_worse() -> None:
    rates = [
        trials.rejections(trials.p_values(dataclasses.replace(ALIKE, passages=passages), 100)).at[
            trials.PASSAGES, "share"
        ]
        for passages in (96, 240, 480)
    ]
    assert rates == sorted(set(rates))


def test_the_studies_without_a_pattern_have_none() -> None:
    for kind in (UNRELATED, ALIKE, simulated_studies.COLLECTED, trials.SMALL):
        truth = np.array(kind.profile)
        assert np.allclose(truth, np.outer(truth.sum(axis=1), truth.sum(axis=0)))
    assert simulated_studies.COLLECTED.own_cell < 1


def test_the_chart_of_p_values_counts_all_studies_and_says_how_many_lie_below_the_line() -> None:
    picture = trials.p_histogram(trials.WITHOUT_RELATION)
    for name, kind in trials.WITHOUT_RELATION.items():
        below = int((trials.p_values(kind)[trials.PASSAGES] < trials.LEVEL).sum())
        assert f"{name}: {below} of {trials.STUDIES} below 0.05" in picture.alt
    assert picture == trials.p_histogram(trials.WITHOUT_RELATION)


# --- small tables


def test_three_p_values_of_a_small_table_are_those_of_pingouin_and_of_fisher() -> None:
    import pingouin

    cases = simulated_studies.small_cases()
    p = trials.two_by_two(cases)
    for name, correction in ((trials.PEARSON, False), (trials.YATES, True)):
        with pytest.warns(UserWarning, match="Low count"):
            _, _, table = pingouin.chi2_independence(cases, x="row", y="column", correction=correction)
        assert p[name] == pytest.approx(table.set_index("test").at["pearson", "pval"])
    # Fisher's own tea: Agresti (2013), Categorical Data Analysis, 3rd ed., section 3.5.1: two-sided p = 0.486.
    tea = pd.DataFrame({"row": [*"mmmmtttt"], "column": [*"mmmtmttt"]})
    assert trials.two_by_two(tea)[trials.FISHER] == pytest.approx(0.486, abs=5e-4)


def test_the_small_table_falls_on_both_sides_of_the_line_and_is_said_to_be_picked() -> None:
    p = trials.two_by_two(simulated_studies.small_cases())
    assert p.min() < trials.LEVEL < p.max()
    assert "picked because they differ" in table("simulated-three-answers").caption


def test_with_few_passages_correction_and_exact_test_give_fewer_false_alarms_than_allowed() -> None:
    few = trials.rejections(trials.small_p_values(16))
    assert few.loc[[trials.YATES, trials.FISHER], "high"].max() <= trials.LEVEL + 0.005
    assert few.at[trials.PEARSON, "share"] > few.at[trials.FISHER, "share"]


def test_a_study_without_two_rows_and_columns_is_left_out_of_small_tables() -> None:
    found = trials.small_p_values(2, 30)
    assert 0 < len(found) < 30
    assert found.notna().all(axis=None)
    with pytest.raises(AssociationError, match=r"A table of 3 by 3 has no Yates' correction\. Take one of two by two"):
        trials.two_by_two(simulation.passages(UNRELATED, 0))


def test_counting_everything_again_multiplies_chi_square_and_leaves_the_effect_size() -> None:
    table = trials.copied(simulated_studies.small_cases())
    assert np.allclose(table["statistic"], table["times"] * table["statistic"].iloc[0])
    assert np.allclose(table["v"], association.cramers_v(association.contingency(simulated_studies.small_cases())))
    assert table["p"].is_monotonic_decreasing


# --- selections


def test_choosing_by_a_story_makes_a_pattern_of_a_study_that_has_none() -> None:
    study = simulated_studies.collected()
    chance, liked = (
        trials.selections(study, simulated_studies.PUBLISHED, preference, times=30)
        for preference in (simulated_studies.BY_CHANCE, simulated_studies.WITH_A_STORY)
    )
    assert trials.on_the_diagonal(study) == pytest.approx(1 / 3, abs=0.02)
    assert chance["diagonal"].mean() == pytest.approx(1 / 3, abs=0.04)
    assert liked["diagonal"].min() > chance["diagonal"].median()
    assert liked["v"].median() > chance["v"].max()


def test_the_selection_of_the_exercise_is_one_of_those_in_the_chart() -> None:
    study = simulated_studies.collected()
    row = trials.selections(study, simulated_studies.PUBLISHED, simulated_studies.WITH_A_STORY, times=2).loc[
        simulated_studies.PUBLISHED_SEED
    ]
    chosen = simulated_studies.study("with a story")
    assert row["diagonal"] == trials.on_the_diagonal(chosen)
    cases = crosstabs.cases(chosen, Axis("power"), Axis("stage"))
    assert row["v"] == pytest.approx(association.association(association.contingency(cases)).v)


def test_a_selection_of_one_passage_has_no_effect_size() -> None:
    assert (
        trials.selections(simulated_studies.collected(), 1, simulated_studies.WITH_A_STORY, times=2)["v"].isna().all()
    )


def test_the_table_of_a_study_adds_up_to_all_its_passages() -> None:
    table = trials.stage_by_power(simulated_studies.collected(), "Whole").table
    assert table.iloc[:-1, :-1].to_numpy().sum() == table.loc["all", "all"] == simulated_studies.COLLECTED.passages


# --- the exercises


def test_the_small_study_tells_units_apart(exercise: Mapping[str, Any]) -> None:
    figures = exercise["units"].figures
    assert figures["passages"].right > figures["cells"].right > figures["interviewees"].right
    shown = table("simulated-passages", study="small", caption="Small").table
    assert len(shown) == simulated_studies.SMALL.passages


def test_the_published_units_differ_so_that_something_can_be_seen(study: Evidence, exercise: Mapping[str, Any]) -> None:
    figures = exercise["margins"].figures
    assert figures["repeated"].right == len(study.extracts.query("repeats != ''"))
    assert figures["over"].right > 0
    cells = crosstabs.crosstab(study, POWER, STAGE, "interviewee").set_index(["row", "column"])["count"]
    added = sum(cells["all", stage] for stage in study.codes.query("facet == 'stage'")["code_id"])
    assert exercise["margins"].note.endswith(f"add up to {added} interviewees, and there are {cells['all', 'all']}.")


def test_p_values_between_limits_add_up_to_the_false_alarms(exercise: Mapping[str, Any]) -> None:
    shown = table("simulated-p-values").table
    assert shown.sum().tolist() == [trials.STUDIES] * 2
    below = [label for label in shown.index if float(label.split(" to ")[1]) <= trials.LEVEL]
    assert len(below) > 1, "something is left to be added up"
    figures = exercise["alarms"].figures
    assert shown.loc[below].sum().tolist() == [figures["unrelated"].right, figures["alike"].right]


def test_questions_need_every_answer_and_patterns_every_kind_of_reading(exercise: Mapping[str, Any]) -> None:
    for name in ("questions", "patterns"):
        assert set(exercise[name].right.values()) == set(exercise[name].options)
    assert exercise["patterns"].right["b"] != exercise["patterns"].right["c"], "passages and interviewees differ"
    difference = exercise["patterns"].sheets[0].table.loc["f", "Difference as coded"]
    assert int(difference.replace("−", "-")) <= 0, "one that does not hold as coded may hold otherwise"
    assert exercise["patterns"].right["f"] == "some"


def test_the_passages_said_to_turn_the_pattern_turn_it(study: Evidence, exercise: Mapping[str, Any]) -> None:
    first = [("resource-enabled-normative", "dissemination")]
    second = [("resource-enabled-normative", "operationalization")]
    allowed = readings.allowed_readings(study, POWER, STAGE)
    turning = readings.compare(allowed, first, second)
    assert turning.difference.of_record > 0
    assert exercise["tipping"].right == len(turning.tipping or {})
    assert all(passage in exercise["tipping"].reason for passage in turning.tipping or {})
    difference = 0
    for passage in allowed.passages:
        position = (turning.tipping or {}).get(passage.extract_id, passage.of_record)
        assert position in passage.positions
        difference += any(cell in first for cell in position) - any(cell in second for cell in position)
    assert difference <= 0


def test_readings_are_told_range_first_then_tipping_passages_then_share(exercise: Mapping[str, Any]) -> None:
    (sheet,) = exercise["patterns"].sheets
    assert list(sheet.table.columns) == [
        "Difference as coded", "Over all readings", "Changed by re-reading", "Share of readings",
    ]  # fmt: skip
    assert "not a probability" in sheet.caption


def test_a_region_with_a_code_that_there_is_not_is_refused(study: Evidence) -> None:
    options = {"rows": "power", "columns": "stage", "of": {"a": {"first": [["charm", "initiation"]], "second": []}}}
    with pytest.raises(MeasureError, match="is no cell of the table"):
        reading_vocabulary.comparisons(Setting(study), options)


def test_the_published_passages_are_shown_without_who_speaks_and_without_a_test(lesson: BuiltLesson) -> None:
    (shown,) = (part.table for part in tables(lesson) if "what their words or lead-in allow" in part.table.caption)
    assert len(shown.table) > 3
    assert not re.search(r"\bP\d\d\b", repr(shown))
    (told,) = (part.markdown for part in parts(lesson) if isinstance(part, TextPart) and "not met" in part.markdown)
    assert not re.search(r"\bp [=<]|χ²", told)


def test_interviewees_bring_new_codes_after_the_measure_of_saturation_is_reached(exercise: Mapping[str, Any]) -> None:
    assert re.search(r"still bring (one|two|three) new codes?\.", exercise["saturated"].reason)


def test_open_answers_are_asked_what_a_table_cannot_show(exercise: Mapping[str, Any]) -> None:
    said = "This proves that service users tend to do it more often than others, p < 0.05."
    assert len(exercise["report"].check(said).points) >= 4
    assert exercise["report"].check(exercise["report"].record).points == ()
    assert sum(line.points for line in exercise["report"].rubric) == 10


# --- what is simulated says so


def parts(lesson: BuiltLesson) -> list[Part]:
    """Return the parts of the lesson in order."""
    return [part for section in lesson.sections for part in section.parts]


def tables(lesson: BuiltLesson) -> list[TablePart]:
    """Return the tables of the lesson in order."""
    return [part for part in parts(lesson) if isinstance(part, TablePart)]


def of_simulated(file: Path) -> dict[str, list[bool]]:
    """Return for each table and figure of a lesson file, in order, whether its name says that it is simulated."""
    named = [part for section in lesson_files.read(file).data["sections"] for part in section["parts"]]
    return {
        kind: [part[kind].startswith("simulated-") for part in named if kind in part] for kind in ("table", "figure")
    }


def test_every_table_and_chart_of_simulated_data_says_so_and_no_other_does(lesson: BuiltLesson) -> None:
    simulated = of_simulated(lesson_files.bundled()["counting"])
    marked = [part.table.caption.startswith(f"{MARK}. ") for part in tables(lesson)]
    assert marked == simulated["table"]
    assert set(marked) == {True, False}
    figures = [part.figure for part in parts(lesson) if isinstance(part, FigurePart)]
    for figure, is_simulated in zip(figures, simulated["figure"], strict=True):
        assert figure.caption.startswith(f"{MARK}. ") == is_simulated
        assert figure.alt.startswith(f"{MARK}. ") == (f">{MARK}<" in figure.svg) == is_simulated


def test_tables_that_come_with_an_answer_are_marked_as_well(exercise: Mapping[str, Any]) -> None:
    for name in ("alarms", "twice"):
        assert [sheet.caption.startswith(f"{MARK}. ") for sheet in exercise[name].solution().sheets] == [True]
    assert not exercise["patterns"].solution().sheets[0].caption.startswith(MARK)


@pytest.mark.parametrize("name", ["simulated-other-ways", "simulated-three-answers", "simulated-new-codes"])
def test_tables_of_simulated_data_are_the_same_each_time(name: str) -> None:
    assert table(name)._repr_html_() == table(name)._repr_html_()


@pytest.mark.parametrize("wrong", [{"study": "large"}, {"study": "small", "unit": "word"}])
def test_a_simulated_study_or_unit_that_there_is_not_is_refused(study: Evidence, wrong: dict[str, str]) -> None:
    with pytest.raises(MeasureError, match="Choose among"):
        MEASURES["simulated-units"].compute(Setting(study), {"unit": "passage"} | wrong)
