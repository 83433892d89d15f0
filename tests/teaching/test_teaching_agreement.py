"""The exercises on agreement: figures worked out by hand, made-up tables that say so, and records that are true."""

import dataclasses
import re

import numpy as np
import pytest

from analysis import agreement
from analysis.agreement import readers
from analysis.display import figures
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import lesson_building, lesson_figures, lesson_files
from analysis.teaching.built_lessons import BuiltLesson, FigurePart, TablePart
from analysis.teaching.comparisons import Prose
from analysis.teaching.exercises import Calculation
from analysis.teaching.made_up_tables import MadeUp, made_up
from analysis.teaching.replies import Outcome

LESSON = lesson_files.read(lesson_files.bundled()["agreement"]).data
TABLES: dict[str, MadeUp] = {name: made_up(name, table) for name, table in LESSON["tables"].items()}
OF_TWO = [name for name, table in TABLES.items() if table.is_crossed]
(CHOICES,) = (part for section in LESSON["sections"] for part in section["parts"] if part.get("table") == "choices")
READERS = tuple(CHOICES["coders"])
#: The points to decide: the facet of each, and what the compendium did.
FACETS: dict[str, str] = dict(zip(CHOICES["passages"], CHOICES["facets"], strict=True))
DECISIONS: dict[str, str] = {one["key"]: one["taken"] for one in LESSON["exercises"]["decide"]["items"]}


@pytest.fixture(scope="module")
def lesson(study: Evidence) -> BuiltLesson:
    """The lesson on agreement."""
    return lesson_building.bundled("agreement", study)


@pytest.fixture
def figure() -> Calculation:
    """A figure of a third, with one slip."""
    return Calculation(
        "9.1", "A third", "How much is 1 / 3?", ("One.", "Two."), 1 / 3, "1 / 3 = 0.33.", {0.5: "A half?"}
    )


# --- figures


@pytest.mark.parametrize("answer", [1 / 3, 0.33, 0.333, 0.3334, np.float64(0.33)])
def test_a_figure_may_be_rounded(figure: Calculation, answer: float) -> None:
    assert figure.check(answer).outcome is Outcome.YES
    assert figure.check(answer).said == ("1 / 3 = 0.33.",)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (33.3, "That is in per cent. Write it as a share, from 0 to 1."),
        ((0, 33), "Write a decimal point, not a comma: 0.25."),
        (0.5, "A half?"),
        (0.35, "That is near. Carry more decimals through the steps, and round at the end only."),
        (0.9, "That is too high."),
        (0, "That is too low."),
        (float("inf"), "That is too high."),
        ("0.33", "This exercise takes a figure such as 0.25, or a calculation such as 10 / 40."),
        (True, "This exercise takes a figure such as 0.25, or a calculation such as 10 / 40."),
    ],
)
def test_another_figure_is_not_yet_and_is_told_what_it_may_be(figure: Calculation, answer: object, told: str) -> None:
    reply = figure.check(answer)
    assert reply.outcome is Outcome.NOT_YET
    assert reply.said == (told,)


def test_a_figure_that_is_no_number_is_not_yet(figure: Calculation) -> None:
    assert figure.check(float("nan")).outcome is Outcome.NOT_YET
    assert figure.check(...).outcome is Outcome.NOT_TRIED


def test_the_figures_are_those_that_a_learner_works_out(lesson: BuiltLesson) -> None:
    """Each by the steps that its hints name, and not by the package."""
    rare = 0.12 * 0.12 + 0.88 * 0.88
    by_hand = {
        "percent": (20 + 20) / 50,
        "chance": 0.5 * 0.5 + 0.5 * 0.5,
        "kappa": (0.8 - 0.5) / (1 - 0.5),
        "skewed": (0.8 - rare) / (1 - rare),
        "ac1": (0.8 - 2 * 0.12 * 0.88) / (1 - 2 * 0.12 * 0.88),
        "gaps": 1 - 9 * 2 / (2 * 4 * 6),
    }
    found = {name: one.right for name, one in lesson.by_name.items() if isinstance(one, Calculation)}
    assert found == pytest.approx(by_hand, abs=1e-12)


def test_no_slip_is_taken_for_the_right_figure_or_told_twice(lesson: BuiltLesson) -> None:
    for exercise in lesson.by_name.values():
        if isinstance(exercise, Calculation):
            for slip, remark in exercise.mistakes.items():
                assert exercise.check(round(slip, 3)).said == (remark,)
            assert all(abs(slip - exercise.right) > exercise.tolerance for slip in exercise.mistakes)


# --- the made-up tables


def picture(lesson: BuiltLesson) -> figures.Figure:
    (found,) = (part.figure for one in lesson.sections for part in one.parts if isinstance(part, FigurePart))
    return found


def test_whatever_is_made_up_says_so(lesson: BuiltLesson) -> None:
    captions = [part.table.caption for one in lesson.sections for part in one.parts if isinstance(part, TablePart)]
    assert len([caption for caption in captions if caption.startswith("Made up: table ")]) == len(TABLES)
    assert len([caption for caption in captions if caption.startswith("Made up: coefficients ")]) == 1
    assert picture(lesson).caption.startswith("Made up")
    assert picture(lesson).alt.startswith("Made up")
    assert ">Made up</text>" in picture(lesson).svg
    assert picture(lesson) == lesson_figures.by_prevalence(TABLES["A"], "Made up")


def test_the_tables_of_two_agree_as_often_and_their_coefficients_part() -> None:
    sizes = {name: agreement.estimates(TABLES[name].ratings()).set_index("coefficient")["value"] for name in OF_TWO}
    assert {round(one["percent-agreement"], 12) for one in sizes.values()} == {0.8}
    assert sizes["A"]["cohen-kappa"] > sizes["D"]["cohen-kappa"] > sizes["B"]["cohen-kappa"]
    assert sizes["B"]["gwet-ac"] > sizes["A"]["gwet-ac"]
    assert sizes["D"]["cohen-kappa"] > sizes["D"]["krippendorff-alpha"] > sizes["D"]["scott-pi"]


def test_the_picture_runs_through_table_a_and_names_every_line(lesson: BuiltLesson) -> None:
    found = lesson_figures.prevalences(TABLES["A"])
    middle = found[np.isclose(found["share"], 0.5)].set_index("coefficient")["value"]
    table = agreement.estimates(TABLES["A"].ratings()).set_index("coefficient")["value"]
    assert middle["Cohen's kappa"] == pytest.approx(table["cohen-kappa"])
    for name in found["coefficient"].unique():
        assert name in picture(lesson).svg
        assert name in picture(lesson).alt


# --- what is said of coefficients


def test_only_gwets_coefficient_of_those_to_choose_from_counts_a_code_that_nobody_used() -> None:
    given = TABLES["B"].ratings()
    wider = dataclasses.replace(given, codes=(*given.codes, "perhaps"))
    names = ["percent-agreement", "cohen-kappa", "krippendorff-alpha", "gwet-ac"]
    before, after = (agreement.estimates(one, names)["value"].to_numpy() for one in (given, wider))
    assert [name for name, moved in zip(names, ~np.isclose(before, after), strict=True) if moved] == ["gwet-ac"]


def test_alpha_draws_two_codes_without_putting_the_first_back() -> None:
    both, first, second, neither = (count for row in LESSON["tables"]["B"]["crossed"] for count in row)
    yes, no = 2 * both + first + second, 2 * neither + first + second
    differ_by_chance = 2 * yes * no / ((yes + no) * (yes + no - 1))
    differ = (first + second) / (both + first + second + neither)
    alpha = agreement.krippendorff_alpha(TABLES["B"].ratings()).value
    assert alpha == pytest.approx(1 - differ / differ_by_chance)


# --- the readers


def test_the_points_to_decide_are_those_of_the_coding_log() -> None:
    log = (paths.DATA / "coding-log.md").read_text(encoding="utf-8")
    section = log.partition("## 3.")[2].partition("## 4.")[0]
    assert set(re.findall(r"^\| ([TF]\d\d) \| (\w+) \|", section, re.M)) == set(FACETS.items())
    assert list(DECISIONS) == list(FACETS)


def chosen(study: Evidence, extract: str, coder: str, role: str) -> set[str]:
    rows = study.codings.set_index(["extract_id", "coder_id", "role", "facet"]).sort_index()
    key = (extract, coder, role, FACETS[extract])
    return set(rows.loc[[key], "code_id"]) if key in rows.index else set()


@pytest.mark.parametrize("extract", FACETS)
def test_what_was_decided_is_what_the_codings_show(study: Evidence, extract: str) -> None:
    first, second = (chosen(study, extract, reader, "primary") for reader in READERS)
    record, also = (chosen(study, extract, "compendium", role) for role in ("primary", "alternative"))
    allowed = {code for reader in READERS for code in chosen(study, extract, reader, "alternative")}
    if DECISIONS[extract] == "keep-both":
        assert first != second
        assert first | second <= record | also
    elif DECISIONS[extract] == "clarify-rule":
        assert first == second != record
    else:
        assert first == second == record
        assert allowed - (record | also)


def test_each_point_comes_with_both_readers_choices_and_reasons(lesson: BuiltLesson) -> None:
    tables = [part.table for one in lesson.sections for part in one.parts if isinstance(part, TablePart)]
    (shown,) = (one.table for one in tables if one.caption == CHOICES["caption"])
    assert list(shown["Reader"]) == [*READERS] * len(FACETS)
    assert shown["Why"].astype(bool).all()
    assert [one for one in shown.index if one] == list(FACETS)


def test_the_report_gives_the_figures_of_the_evidence_and_says_what_they_do_not_show(
    study: Evidence, lesson: BuiltLesson
) -> None:
    report = lesson.by_name["report"]
    assert isinstance(report, Prose)
    row = readers.agreement_of_groups(study).query(
        "facet == 'stage' and coders == 'reader-a reader-b' and role == 'primary' and code == 'all' and "
        "coefficient == 'krippendorff-alpha' and method == 'bootstrap over interviewees'"
    )
    value, low, high = row[["value", "low", "high"]].iloc[0]
    assert f"alpha {value:.2f}, 95% interval {low:.2f} to {high:.2f}" in report.record
    assert "39 of 41 passages" in report.record
    assert "differed on T11 and F27" in report.record
    assert report.check(report.record).points == ()


def test_what_a_report_leaves_out_or_overdoes_is_asked_for(lesson: BuiltLesson) -> None:
    report = lesson.by_name["report"]
    said = report.check("Agreement was substantial and shows that our coding is valid and our results are reliable.")
    assert said.outcome is Outcome.RECORDED
    assert {"By which measure?", "Say who, or what, the readers were."} <= set(said.points)
    assert any("good enough for" in point for point in said.points)
