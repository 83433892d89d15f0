"""Lessons are built from their files, on the compendium's study and on another one, every kind of exercise among them."""

import contextlib
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import lesson_examples
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import COEFFICIENTS
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import (
    coding_of_record,
    filled_texts,
    formulas,
    lesson_building,
    lesson_files,
    lesson_keys,
    lesson_reference,
    lesson_vocabulary,
    toml_places,
)
from analysis.teaching.built_lessons import BuiltLesson, ExercisePart, TablePart
from analysis.teaching.comparisons import Comparison, Grouping, Prose, Rule
from analysis.teaching.exercises import Calculation, Matching, Selection
from analysis.teaching.formulas import FormulaError
from analysis.teaching.lesson_files import LessonFileError

NAMES = list(lesson_files.bundled())


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> BuiltLesson:
    """The lesson of the page on lesson files, on the made-up library."""
    return lesson_building.built(lesson_examples.written(tmp_path_factory.mktemp("lesson")))


# --- every lesson


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_of_the_compendium_has_every_exercise_once_with_minutes_hints_and_a_number(name: str) -> None:
    lesson = lesson_building.bundled(name)
    numbers = list(lesson.exercises())
    assert numbers == [f"{lesson.number}.{n}" for n in range(1, len(numbers) + 1)]
    assert list(lesson.by_name.values()) == list(lesson.exercises().values())
    assert all(exercise.minutes and exercise.hints and exercise.task for exercise in lesson.exercises().values())
    assert [plan.minutes for plan in lesson.plans] == [50, 90]
    assert all(plan.cut for plan in lesson.plans)
    for plan in lesson.plans:
        assert [step.start for step in plan.steps] == [0, *(step.end for step in plan.steps[:-1])]
        assert plan.steps[-1].end == plan.minutes
    steps = [step for plan in lesson.plans for step in plan.steps]
    done = {number for step in steps for number in (*step.exercises, *step.aloud)}
    said = " ".join(step.text for step in steps)
    assert not [number for number in numbers if number not in done and number not in said], "each is in some plan"


@pytest.mark.parametrize("name", NAMES)
def test_the_short_plan_has_exercises_of_sections_that_belong_to_it(name: str) -> None:
    lesson = lesson_building.bundled(name)
    short = {part.exercise.number for one in lesson.sections if one.in_short for part in one.parts
             if isinstance(part, ExercisePart)}  # fmt: skip
    assert {number for step in lesson.plans[0].steps for number in step.exercises} <= short


@pytest.mark.parametrize("name", NAMES)
def test_open_tasks_have_a_checklist_and_one_has_a_rubric_and_no_text_keeps_a_name_in_braces(name: str) -> None:
    lesson = lesson_building.bundled(name)
    assert any(exercise.rubric for exercise in lesson.exercises().values() if isinstance(exercise, Prose))
    for exercise in lesson.exercises().values():
        if isinstance(exercise, Prose):
            assert len(exercise.points) > 1
        assert not re.search(
            r"\{\w+(:\w*)?\}", f"{exercise!r} {exercise.solution()!r} {exercise.hints} {exercise.note}"
        )


def test_a_lesson_that_there_is_not_is_said_to_be_none() -> None:
    with pytest.raises(LessonFileError, match="did you mean coding"):
        lesson_building.bundled("codings")


def test_the_same_file_and_study_give_the_same_digest_and_another_answer_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson_examples.import_once(monkeypatch)
    first = lesson_building.built(lesson_examples.written(tmp_path))
    again = lesson_building.built(lesson_examples.written(tmp_path))
    hint = lesson_building.built(lesson_examples.written(tmp_path, {"Begin with a verb.": "Use a verb."}))
    task = lesson_building.built(lesson_examples.written(tmp_path, {"what each reader does": "what each one does"}))
    right = lesson_building.built(lesson_examples.written(tmp_path, {"[[12, 3], [1, 4]]": "[[12, 3], [2, 4]]"}))
    assert first.digest == again.digest == hint.digest
    assert len({first.digest, task.digest, right.digest}) == 3
    assert re.fullmatch(r"[0-9a-f]{16}", first.digest)


# --- another study


def test_a_lesson_on_another_study_has_every_kind_of_exercise(example: BuiltLesson) -> None:
    assert {exercise.kind for exercise in example.exercises().values()} == set(lesson_keys.KINDS)
    assert example.study.title == "Opening hours of a made-up library"
    assert example.study.invented


def test_what_is_coded_is_the_wording_and_the_record_is_that_of_the_study(example: BuiltLesson) -> None:
    coding = example.by_name["attitude"]
    assert isinstance(coding, Comparison)
    assert coding.items()["E0024"] == "If there were a third colleague I would be the first to say yes."
    assert {key: judged.taken for key, judged in coding.record.items()} == {
        "E0005": "mixed", "E0008": "welcomes", "E0012": "doubts", "E0018": "doubts", "E0024": "mixed",
    }  # fmt: skip
    assert coding.record["E0005"].why == "Would gain, and sees who would lose."
    assert [choice.value for choice in coding.choices] == ["welcomes", "doubts", "mixed"]
    assert coding.choices[0].definition == "Is glad of it, or wants it."
    assert coding.asks_words
    assert coding.asks_reason
    assert coding.withheld


def test_a_second_round_names_the_first_and_the_rule_and_shows_the_record(example: BuiltLesson) -> None:
    again = example.by_name["attitude_again"]
    assert isinstance(again, Comparison)
    assert (again.again, again.rule, again.withheld) == ("1.2", "1.3", False)
    assert list(again.record) == list(example.by_name["attitude"].items())


def test_a_rule_is_compared_with_the_boundary_case_of_the_code_that_it_names(example: BuiltLesson) -> None:
    rule = example.by_name["rule"]
    assert isinstance(rule, Rule)
    reply = rule.check("A passage is mixed when it names a cost and a gain, and not when it names one of them.")
    assert [said for said in reply.said if "“" in said] == [
        "mixed: “A wish that names a condition is mixed if the condition is a cost to others.”"
    ]
    assert rule.codebook["welcomes"] == "Is glad of it, or wants it."


def test_labels_and_groups_are_those_of_the_codebook(example: BuiltLesson) -> None:
    labels, groups = example.by_name["labels"], example.by_name["groups"]
    assert isinstance(labels, Comparison)
    assert isinstance(groups, Grouping)
    assert (labels.options, labels.record["E0011"].taken) == (None, "Quiet")
    assert groups.record == {
        "company": "The place", "evenings": "Opening hours", "families": "The place", "quiet": "The place",
        "weekends": "Opening hours",
    }  # fmt: skip


def test_statements_situations_and_figures_are_judged(example: BuiltLesson) -> None:
    rules, agreement, percent = (example.by_name[name] for name in ("rules", "agreement", "percent"))
    assert isinstance(rules, Matching)
    assert isinstance(agreement, Selection)
    assert isinstance(percent, Calculation)
    assert rules.check({"a": "doubts", "b": "mixed"}).points == (
        "a: does the sentence miss something, or want something? See both definitions.",
    )
    assert agreement.right == frozenset("p")
    assert (percent.right, percent.reason) == (0.8, "(12 + 4) / 20 = 0.80.")
    assert percent.mistakes == {0.6: "They also agree where both said doubts."}


def test_figures_in_the_text_of_a_section_are_those_of_the_study(example: BuiltLesson) -> None:
    texts = [getattr(part, "markdown", "") for section in example.sections for part in section.parts]
    assert any(text.startswith("Two coders coded 30 passages, and differ on E0009, E0010 and E0024.") for text in texts)


def test_captions_follow_the_language_and_figures_its_decimal_comma(tmp_path: Path) -> None:
    german = lesson_building.built(lesson_examples.written(tmp_path, {'language = "en"': 'language = "de"'}))
    captions = [part.table.caption for one in german.sections for part in one.parts if isinstance(part, TablePart)]
    assert captions[:1] == ["Codebuch: attitude"]
    assert captions[-1].startswith("Erfunden: Tabelle A")
    percent = german.by_name["percent"]
    assert isinstance(percent, Calculation)
    assert percent.reason == "(12 + 4) / 20 = 0,80."


def test_a_lesson_on_a_folder_of_a_study_is_the_same_as_on_its_project(tmp_path: Path, example: BuiltLesson) -> None:
    from analysis.exchange import commands
    from analysis.exchange.importing.facets import Choices

    chosen = Choices(exclusive=("Attitude",), record=("coder-a",))
    commands.import_study(commands.read(paths.EXAMPLE_PROJECT), chosen, tmp_path / "study", lambda _: None)
    file = lesson_examples.written(
        tmp_path,
        {
            'study = "library.qdpx"': 'study = "study"',
            'study_import = { exclusive = ["Attitude"], record = ["coder-a"] }\n': "",
        },
    )
    assert lesson_building.built(file).digest == example.digest


# --- the compendium's study


def test_the_record_of_a_lesson_is_the_coding_of_record(study: Evidence) -> None:
    lesson = lesson_building.bundled("coding", study)
    for facet in ("stage", "power"):
        coding = lesson.by_name[facet]
        assert isinstance(coding, Comparison)
        tops = code_tree.rolled_up(study.codes, facet)
        for extract, judged in coding.record.items():
            rows = study.record[(study.record["extract_id"] == extract) & (study.record["facet"] == facet)]
            primary = rows.loc[rows["role"] == "primary", "code_id"].iloc[0]
            others = {tops[code] for code in rows.loc[rows["role"] == "alternative", "code_id"]} - {tops[primary]}
            assert (judged.taken, set(judged.allowed)) == (tops[primary], others)
            assert judged.why


def test_passages_to_code_are_shown_blind_and_no_page_has_restored_wording(
    study: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = dict(zip(study.extracts["extract_id"], study.extracts["blind_gist"], strict=True))
    monkeypatch.setattr(
        "analysis.teaching.passage_texts.shown", lambda *_: pytest.fail("private wording was asked for")
    )
    lesson = lesson_building.built(lesson_files.bundled()["coding"], replace(study))
    stage = lesson.by_name["stage"].items()
    assert stage == {extract: blind[extract] for extract in stage}


def test_no_boundary_case_that_names_a_passage_is_shown_with_a_codebook(study: Evidence) -> None:
    lesson = lesson_building.bundled("coding", study)
    shown = [part.table for one in lesson.sections for part in one.parts if isinstance(part, TablePart)]
    assert any("Boundary" in one.table for one in shown)
    assert not [one.caption for one in shown if re.search(r"\b[TF]\d\d\b", one.table.to_string())]
    rule = lesson.by_name["rule"]
    assert isinstance(rule, Rule)
    assert not re.search(r"\b[TF]\d\d\b", " ".join(rule.codebook.values()))


def test_the_twelve_passages_are_from_as_many_sources_and_divide_readers(study: Evidence) -> None:
    stage = lesson_building.bundled("coding", study).by_name["stage"]
    assert isinstance(stage, Comparison)
    sources = study.extracts.set_index("extract_id")["source_id"]
    assert len({sources[extract] for extract in stage.record}) == len(stage.record) == 12
    assert set(stage.divides) <= set(stage.record)
    assert sum(bool(judged.allowed) for judged in stage.record.values()) >= 6
    assert {judged.taken for judged in stage.record.values()} == {choice.value for choice in stage.choices}


def test_whose_the_record_is_stands_in_one_place() -> None:
    stage = lesson_building.bundled("coding").by_name["stage"]
    assert isinstance(stage, Comparison)
    assert coding_of_record.whose("stage") == stage.whose
    assert "language model" in stage.whose


# --- measures, formulas, texts


def test_every_coefficient_is_a_measure_and_every_option_is_described() -> None:
    assert COEFFICIENTS.keys() <= lesson_vocabulary.MEASURES.keys()
    for found in (lesson_vocabulary.MEASURES, lesson_vocabulary.TABLES, lesson_vocabulary.FIGURES):
        for name, one in found.items():
            assert one.meaning.endswith("."), name
            assert all(option.meaning for option in one.options.values()), name


names = st.sampled_from("abc")
numbers = st.integers(0, 20).map(str) | names
calculations = st.recursive(
    numbers, lambda part: st.tuples(part, st.sampled_from("+-*/"), part).map(lambda of: f"({of[0]} {of[1]} {of[2]})"),
    max_leaves=8,
)  # fmt: skip


@given(calculations, st.fixed_dictionaries({name: st.integers(-9, 9) for name in "abc"}))
def test_a_formula_is_worked_out_as_python_does(formula: str, values: dict[str, int]) -> None:
    try:
        expected = eval(formula, {"__builtins__": {}}, dict(values))  # noqa: S307 - numbers, three names and + - * /
    except ZeroDivisionError:
        with pytest.raises(FormulaError, match="divides by zero"):
            formulas.worked_out(formula, values)
        return
    assert formulas.worked_out(formula, values) == expected
    assert set(formulas.names(formula)) == set(formula) & set("abc")


@given(
    st.text(max_size=60)
    | st.sampled_from(["__import__('os')", "a.b", "a[0]", "f(1)", "9**9**9", "1 if a else 2", "a := 1"])
)
def test_whatever_else_a_formula_is_it_is_refused_and_nothing_is_run(text: str) -> None:
    with contextlib.suppress(FormulaError):
        assert isinstance(formulas.worked_out(text, {"a": 1}), int | float)


def test_figures_are_written_as_a_text_asks() -> None:
    values = {"n": 3, "all": 11, "share": 0.25, "set": 0.05, "exact": Fraction(1, 3), "who": ["T01", "T02"]}
    text = "{n:passage} of {all:words}, {n} in all: {share}, {share:4}, {set:%}, {exact} and {who}; {{n}}."
    written = filled_texts.Writer(values)
    assert written.fill(text) == "Three passages of 11, 3 in all: 0.25, 0.2500, 5%, 33.3% and T01 and T02; {n}."
    assert written.used == set(values)
    assert filled_texts.Writer(values, "de").fill("{share} und {exact}") == "0,25 und 33,3%"


def test_a_text_cannot_reach_into_a_value() -> None:
    with pytest.raises(KeyError):
        filled_texts.Writer({"n": np.float64(1)}).fill("{n.real}")


# --- lines


keys = st.text("abcXYZ019_-", min_size=1, max_size=5)
quoted = st.sampled_from(['""', '"a # b"', "'c:\\x'", '"""\na = 1\n[b]\n"""', "'''\n]\n'''", '"\\" {"'])
scalars = quoted | st.sampled_from(["1", "-2.5e3", "true", "2026-12-01 09:00:00", "0x1f"])
values_of = st.recursive(scalars, lambda part: st.lists(part, max_size=3).map(
    lambda items: "[\n  " + ",  # note ]\n  ".join(items) + "\n]"), max_leaves=5)  # fmt: skip


@given(st.lists(st.tuples(keys, values_of), max_size=5, unique_by=lambda pair: pair[0]), st.booleans())
def test_every_key_and_item_of_a_text_has_the_line_where_it_begins(
    pairs: list[tuple[str, str]], in_table: bool
) -> None:
    lines = ["# a note", "[[of.it]]" if in_table else ""]
    expected: dict[tuple[Any, ...], int] = {}
    for key, value in pairs:
        expected["of", "it", 0, key] = len(lines) + 1
        lines += f"{key} = {value}".split("\n")
    found = toml_places.lines("\n".join(lines))
    for path, line in expected.items():
        assert found[path if in_table else path[3:]] == line


@pytest.mark.parametrize(
    "file", [*lesson_files.bundled().values(), paths.ROOT / "pyproject.toml"], ids=lambda file: file.stem
)
def test_every_place_of_a_real_file_has_a_line(file: Path) -> None:
    lesson = lesson_files.read(file)
    text = file.read_text(encoding="utf-8").splitlines()

    def places(part: Any, path: tuple[Any, ...]) -> None:
        for step, below in (
            part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        ):
            assert (*path, step) in lesson.places
            if isinstance(step, str):
                assert step in text[lesson.places[(*path, step)] - 1]
            places(below, (*path, step))

    places(lesson.data, ())


# --- the page and the command


def test_the_page_shows_every_key_measure_table_and_figure() -> None:
    page = lesson_examples.PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r'lesson_keys\("(\w+)"\)', page)) == set(lesson_reference.PARTS)
    for macro in ("lesson_measures()", "lesson_tables()", "lesson_figures()"):
        assert f"{{{{ {macro} }}}}" in page
    for part, known in lesson_reference.PARTS.items():
        rows = lesson_reference.lesson_keys_of(part).splitlines()
        assert [row.split("`")[1] for row in rows[2:]] == list(known)
    with pytest.raises(lesson_reference.LessonReferenceError, match="did you mean step"):
        lesson_reference.lesson_keys_of("steps")


def test_a_table_of_the_page_has_as_many_cells_in_every_row() -> None:
    for table in (
        lesson_reference.lesson_measures(),
        lesson_reference.lesson_tables(),
        lesson_reference.lesson_figures(),
    ):
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()} == {4}


def test_the_command_lists_what_a_valid_lesson_has_and_what_its_study_offers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from analysis.cli import lesson_commands

    file = lesson_examples.written(tmp_path)
    lesson_commands.check(file)
    said = capsys.readouterr().out
    assert "  1.2 Attitude, a first time: coding, six minutes\n" in said
    assert said.endswith("my-lesson.toml is valid: eight exercises.\n")
    lesson_commands.study(file)
    said = capsys.readouterr().out
    _, welcomes, doubts, mixed = said[said.index("  facet attitude, level level-1:") :].splitlines()[:4]
    assert [line.split(":")[0].strip() for line in (welcomes, doubts, mixed)] == ["welcomes", "doubts", "mixed"]
    assert "Weighs both" in mixed, "with what each code means"
    assert "  E0002: So for me it is open only on paper.\n" in said


def test_the_study_of_an_incomplete_lesson_can_be_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from analysis.cli import lesson_commands

    shutil.copy(paths.EXAMPLE_PROJECT, tmp_path)
    (tmp_path / "begun.toml").write_text('study = "library.qdpx"\n', encoding="utf-8")
    lesson_commands.study(tmp_path / "begun.toml")
    said = capsys.readouterr().out
    assert "  E0002: (no words that may be shown)\n" in said
    assert 'With show = "wording" in the lesson file' in said
