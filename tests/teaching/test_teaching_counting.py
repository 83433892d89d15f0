"""Notebook 4 on counting: what it says of tests, selections and readings holds, and what is simulated says so."""

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.proportion import proportion_confint
from teaching import RIGHT, STORED, cells, shown

from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.statistics import association, saturation
from analysis.statistics.association import AssociationError
from analysis.study.evidence import Evidence
from analysis.study.simulated_label import MARK
from analysis.support import paths
from analysis.teaching import counting_lesson, simulation, trials
from analysis.teaching.exercises import Figures
from analysis.teaching.trials import ALIKE, RELATED, UNRELATED

NOTEBOOK = next(file for file in STORED if file.stem == "04-counting-without-over-claiming")

#: Cells that show simulated data; all others show the published passages, or no data.
SIMULATED = {
    "small-study", "collected", "by-chance", "liked", "selections", "p-histogram", "other-ways", "small-table",
    "three-answers", "interviews", "accumulation-collected", "accumulation-selected",
}  # fmt: skip

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
    assert trials.pearson_p(pd.DataFrame({"row": ["a", "b"], "column": ["x", "x"]})) == 1


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
    for kind in (UNRELATED, ALIKE, counting_lesson.COLLECTED, trials.SMALL):
        truth = np.array(kind.profile)
        assert np.allclose(truth, np.outer(truth.sum(axis=1), truth.sum(axis=0)))
    assert counting_lesson.COLLECTED.own_cell < 1


def test_the_chart_of_p_values_counts_all_studies_and_says_how_many_lie_below_the_line() -> None:
    picture = trials.p_histogram(trials.WITHOUT_RELATION)
    for name, kind in trials.WITHOUT_RELATION.items():
        below = int((trials.p_values(kind)[trials.PASSAGES] < trials.LEVEL).sum())
        assert f"{name}: {below} of {trials.STUDIES} below 0.05" in picture.alt
    assert picture == trials.p_histogram(trials.WITHOUT_RELATION)


# --- small tables


def test_three_p_values_of_a_small_table_are_those_of_pingouin_and_of_fisher() -> None:
    import pingouin

    cases = counting_lesson.small_cases()
    p = trials.two_by_two(cases)
    for name, correction in ((trials.PEARSON, False), (trials.YATES, True)):
        with pytest.warns(UserWarning, match="Low count"):
            _, _, table = pingouin.chi2_independence(cases, x="row", y="column", correction=correction)
        assert p[name] == pytest.approx(table.set_index("test").at["pearson", "pval"])
    # Fisher's own tea: Agresti (2013), Categorical Data Analysis, 3rd ed., section 3.5.1: two-sided p = 0.486.
    tea = pd.DataFrame({"row": [*"mmmmtttt"], "column": [*"mmmtmttt"]})
    assert trials.two_by_two(tea)[trials.FISHER] == pytest.approx(0.486, abs=5e-4)


def test_the_small_table_falls_on_both_sides_of_the_line_and_is_said_to_be_picked() -> None:
    p = trials.two_by_two(counting_lesson.small_cases())
    assert p.min() < trials.LEVEL < p.max()
    assert "picked because they differ" in counting_lesson.three_answers().caption


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
    table = trials.copied(counting_lesson.small_cases())
    assert np.allclose(table["statistic"], table["times"] * table["statistic"].iloc[0])
    assert np.allclose(table["v"], association.cramers_v(association.contingency(counting_lesson.small_cases())))
    assert table["p"].is_monotonic_decreasing


# --- selections


def test_choosing_by_a_story_makes_a_pattern_of_a_study_that_has_none() -> None:
    study = counting_lesson.collected()
    chance, liked = (
        trials.selections(study, counting_lesson.PUBLISHED, preference, times=30)
        for preference in (counting_lesson.BY_CHANCE, counting_lesson.LIKED)
    )
    assert trials.on_the_diagonal(study) == pytest.approx(1 / 3, abs=0.02)
    assert chance["diagonal"].mean() == pytest.approx(1 / 3, abs=0.04)
    assert liked["diagonal"].min() > chance["diagonal"].median()
    assert liked["v"].median() > chance["v"].max()


def test_the_selection_of_the_exercise_is_one_of_those_in_the_chart() -> None:
    study = counting_lesson.collected()
    row = trials.selections(study, counting_lesson.PUBLISHED, counting_lesson.LIKED, times=2).loc[
        counting_lesson.PUBLISHED_SEED
    ]
    chosen = counting_lesson.selected(counting_lesson.LIKED)
    assert row["diagonal"] == trials.on_the_diagonal(chosen)
    cases = crosstabs.cases(chosen, Axis("power"), Axis("stage"))
    assert row["v"] == pytest.approx(association.association(association.contingency(cases)).v)


def test_a_selection_of_one_passage_has_no_effect_size() -> None:
    assert trials.selections(counting_lesson.collected(), 1, counting_lesson.LIKED, times=2)["v"].isna().all()


def test_the_table_of_a_study_adds_up_to_all_its_passages() -> None:
    table = trials.stage_by_power(counting_lesson.collected(), "Whole").table
    assert table.iloc[:-1, :-1].to_numpy().sum() == table.loc["all", "all"] == counting_lesson.COLLECTED.passages


# --- the exercises


def test_the_small_study_tells_units_apart(study: Evidence) -> None:
    figures = counting_lesson.exercises(study).units.figures
    assert figures["passages"].right > figures["cells"].right > figures["interviewees"].right
    assert len(counting_lesson.small_study().table) == counting_lesson.SMALL_STUDY.passages


def test_the_published_units_differ_so_that_something_can_be_seen(study: Evidence) -> None:
    figures = counting_lesson.exercises(study).margins.figures
    assert figures["repeated"].right == len(study.extracts.query("repeats != ''"))
    assert figures["over"].right > 0


def test_questions_need_every_answer_and_patterns_every_kind_of_reading(study: Evidence) -> None:
    exercise = counting_lesson.exercises(study)
    for one in (exercise.questions, exercise.patterns):
        assert set(one.right.values()) == set(one.options)
    found = counting_lesson.compared(study)
    assert found["b"].more != found["c"].more, "a pattern may hold in passages and not in interviewees"
    assert found["f"].difference.of_record <= 0 < found["f"].more, "one that does not hold as coded may hold otherwise"


def test_the_passages_said_to_turn_the_pattern_turn_it(study: Evidence) -> None:
    turning = counting_lesson.compared(study)[counting_lesson.TURNING]
    first, second = counting_lesson.regions(counting_lesson.TURNING)
    assert turning.difference.of_record > 0
    allowed = readings.allowed_readings(study, counting_lesson.POWER, counting_lesson.STAGE)
    difference = 0
    for passage in allowed.passages:
        position = (turning.tipping or {}).get(passage.extract_id, passage.of_record)
        assert position in passage.positions
        difference += any(cell in first for cell in position) - any(cell in second for cell in position)
    assert difference <= 0


def test_readings_are_told_range_first_then_tipping_passages_then_share(study: Evidence) -> None:
    (sheet,) = counting_lesson.exercises(study).patterns.sheets
    assert list(sheet.table.columns[1:]) == [
        "Difference as coded", "Over all readings", "Changed by re-reading", "Share of readings",
    ]  # fmt: skip
    assert "not a probability" in sheet.caption


def test_the_published_passages_are_shown_without_who_speaks_and_without_a_test(study: Evidence) -> None:
    assert not re.search(r"\bP\d\d\b", repr(counting_lesson.open_passages(study)))
    told = counting_lesson.why_not_tested(study)
    assert "not met" in told
    assert not re.search(r"\bp [=<]|χ²", told)


def test_interviewees_bring_new_codes_after_the_measure_of_saturation_is_reached(study: Evidence) -> None:
    reason = counting_lesson.exercises(study).saturated.reason
    assert re.search(r"still bring (one|two|three) new codes?\.", reason)


def test_the_record_of_the_report_needs_no_remark(study: Evidence) -> None:
    exercise = counting_lesson.exercises(study)
    for open_one in (exercise.carries, exercise.report):
        assert open_one.check(open_one.record).points == ()
    assert (
        len(
            exercise.report.check(
                "This proves that service users tend to do it more often than others, p < 0.05."
            ).points
        )
        >= 4
    )


# --- the notebook


def test_every_table_and_chart_of_simulated_data_says_so_and_no_other_does() -> None:
    given = shown(NOTEBOOK, RIGHT[NOTEBOOK.stem])
    seen = {cell: one.caption for cell, one in given.items() if isinstance(one, CaptionedTable | Figure)}
    assert {cell for cell, caption in seen.items() if caption.startswith(f"{MARK}. ")} == SIMULATED
    for cell, one in given.items():
        if isinstance(one, Figure):
            assert one.alt.startswith(f"{MARK}. ") == (f">{MARK}<" in one.svg) == (cell in SIMULATED)


def test_tables_that_come_with_an_answer_are_marked_as_well(study: Evidence) -> None:
    exercise = counting_lesson.exercises(study)
    for one in (exercise.alarms, exercise.twice):
        assert [sheet.caption.startswith(f"{MARK}. ") for sheet in one.solution().sheets] == [True]
    assert not exercise.patterns.solution().sheets[0].caption.startswith(MARK)
    assert counting_lesson.given_statistics().startswith(f"{MARK}. ")


@pytest.mark.parametrize(
    "make",
    [
        counting_lesson.other_ways,
        counting_lesson.three_answers,
        counting_lesson.small_study,
        counting_lesson.interviews,
    ],
)
def test_tables_of_simulated_data_are_the_same_each_time(make: Callable[[], CaptionedTable]) -> None:
    assert make()._repr_html_() == make()._repr_html_()


def test_answer_cells_have_a_blank_for_each_figure(study: Evidence) -> None:
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells(NOTEBOOK)}
    for name, exercise in vars(counting_lesson.exercises(study)).items():
        if isinstance(exercise, Figures):
            assert re.findall(r'"([\w-]+)": \.\.\.', sources[f"{name}-answer"]) == list(exercise.figures)


PAGE = (paths.ROOT / "docs" / "teaching" / f"{NOTEBOOK.stem}.md").read_text(encoding="utf-8")


def test_the_page_for_instructors_explains_what_the_evidence_has(study: Evidence) -> None:
    table = counting_lesson.published_table(study, "interviewee").table.loc["all"].astype(int)
    stages = table.iloc[: list(table.index).index("all")].sum()
    assert f"add up to {stages} interviewees, and there are {table['all']}" in PAGE
    fewest = set(counting_lesson.compared(study)[counting_lesson.TURNING].tipping or {})
    (explained,) = re.findall(r"^\*\*4\.10\*\*.*$", PAGE, re.MULTILINE)
    assert set(re.findall(r"\b[TF]\d\d\b", explained)) == fewest


def test_the_page_for_instructors_has_the_matches(study: Evidence) -> None:
    exercises = counting_lesson.exercises(study)
    for exercise in (exercises.questions, exercises.patterns):
        solved = ", ".join(f"{key} {code}" for key, code in exercise.right.items())
        assert f"**{exercise.number}** {solved}" in PAGE
