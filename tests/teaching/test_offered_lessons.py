"""The lesson files that the compendium offers: all can be built, and those that belong together fit together."""

from functools import lru_cache
from pathlib import Path

import pytest

from analysis.support import paths
from analysis.teaching import lesson_building, lesson_files
from analysis.teaching.built_lessons import BuiltLesson, TextPart
from analysis.teaching.exercises import Exercise

EXAMPLES = paths.ROOT / "examples" / "lessons"
OFFERED = {**lesson_files.bundled(), **{file.stem: file for file in sorted(EXAMPLES.glob("*.toml"))}}


@lru_cache
def built(file: Path) -> BuiltLesson:
    """Build a lesson once."""
    return lesson_building.built(file)


@pytest.fixture(params=OFFERED)
def lesson(request: pytest.FixtureRequest) -> BuiltLesson:
    """Each lesson that is offered."""
    return built(OFFERED[request.param])


def test_there_are_six_lessons_and_two_examples() -> None:
    assert len(lesson_files.bundled()) == 6
    assert {"library", "uebereinstimmung"} <= OFFERED.keys()


def test_a_lesson_is_named_after_its_file_and_has_plans_of_50_and_90_minutes(lesson: BuiltLesson) -> None:
    assert OFFERED[lesson.name].stem == lesson.name
    assert [plan.minutes for plan in lesson.plans] == [50, 90]
    assert all(plan.cut for plan in lesson.plans)
    assert all([lesson.misconceptions, lesson.discussion, lesson.key_points])


def test_what_a_short_class_does_is_in_sections_of_the_short_plan(lesson: BuiltLesson) -> None:
    short = {number for step in lesson.plans[0].steps for number in (*step.exercises, *step.aloud)}
    shown = {exercise.number for exercise in _exercises(lesson, in_short=True)}
    assert short <= shown


def test_every_exercise_has_hints_and_texts_have_a_checklist(lesson: BuiltLesson) -> None:
    for exercise in lesson.exercises().values():
        assert len(exercise.hints) > 0, exercise.number
        assert exercise.minutes > 0, exercise.number
        assert exercise.kind != "writing" or len(exercise.points) > 1, exercise.number  # type: ignore[attr-defined]
    assert any(exercise.rubric for exercise in lesson.exercises().values())


def test_no_hint_or_task_has_the_model_answer(lesson: BuiltLesson) -> None:
    for exercise in lesson.exercises().values():
        record = getattr(exercise, "record", None)
        if isinstance(record, str):
            assert not any(record[:60] in text for text in (exercise.task, *exercise.hints))


def test_the_german_lesson_asks_for_the_same_figures_as_the_english_one() -> None:
    german, english = (built(OFFERED[name]).exercises() for name in ("uebereinstimmung", "agreement"))
    assert [one.kind for one in german.values()] == [one.kind for one in english.values()]
    assert [one.title for one in german.values()] != [one.title for one in english.values()]
    right = {number: _right(one) for number, one in german.items() if one.kind == "numbers"}
    assert right == {number: _right(one) for number, one in english.items() if one.kind == "numbers"}
    assert len(right) == 6


def test_the_german_lesson_says_who_translated_it() -> None:
    lesson = built(OFFERED["uebereinstimmung"])
    first = lesson.sections[0].parts[0]
    assert lesson.language == "de"
    assert isinstance(first, TextPart)
    assert "Sprachmodell" in first.markdown


def test_the_sixth_lesson_leads_through_interviews_that_are_there() -> None:
    text = "\n".join(
        part.markdown for section in _text().sections for part in section.parts if isinstance(part, TextPart)
    )
    named = (paths.ROOT / "examples" / "interviews" / "involvement" / "interviews.toml").read_text(encoding="utf-8")
    for name in ("Marian, who marks proposals", "Jude, who is point three", "Noreen, who left"):
        assert f"*{name}*" in text
        assert f'name = "{name}"' in named
    assert _text().study.invented
    assert "Chen" not in _text().study.title


def test_the_library_lesson_goes_the_way_of_the_lesson_that_it_was_copied_from() -> None:
    library, coding = (built(OFFERED[name]) for name in ("library", "coding"))
    assert [one.kind for one in library.exercises().values()] == [one.kind for one in coding.exercises().values()]
    assert library.study.invented
    assert "library" in library.study.title.lower()
    shown = repr([*library.exercises().values(), *library.sections])
    assert "Chen" not in shown


def _text() -> BuiltLesson:
    return built(OFFERED["text"])


def _exercises(lesson: BuiltLesson, in_short: bool) -> list[Exercise]:
    parts = [part for section in lesson.sections if section.in_short or not in_short for part in section.parts]
    return [part.exercise for part in parts if hasattr(part, "exercise")]


def _right(exercise: Exercise) -> float:
    return float(exercise.right)  # type: ignore[attr-defined]
