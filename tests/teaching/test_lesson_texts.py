"""The texts of the exercises fit what is computed for them: nothing is missing, nothing is left over."""

import re
import string
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from analysis.study.evidence import Evidence
from analysis.teaching import (
    agreement_lesson,
    audit_lesson,
    coding_lesson,
    counting_lesson,
    dimensions_lesson,
    lesson_texts,
)
from analysis.teaching.exercises import Figures, Number
from analysis.teaching.lesson_texts import Answer, Lesson, LessonError

LESSONS = {
    "coding": coding_lesson,
    "dimensions": dimensions_lesson,
    "agreement": agreement_lesson,
    "counting": counting_lesson,
    "audit": audit_lesson,
}
EXERCISE = '[seven]\nnumber = "9.1"\ntitle = "Count"\ntask = "How many?"\nhints = ["One.", "Two."]\n'


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a lesson of one exercise and some more lines."""
    monkeypatch.setattr(lesson_texts, "FOLDER", tmp_path)

    def write(more: str) -> Lesson:
        (tmp_path / "made-up.toml").write_text(EXERCISE + more, encoding="utf-8")
        return Lesson("made-up")

    return write


def texts(part: Any) -> Iterator[str]:
    """Yield every text at any depth."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for below in part.values() if isinstance(part, dict) else part:
            yield from texts(below)


def test_every_file_is_the_texts_of_one_lesson() -> None:
    assert {file.stem for file in lesson_texts.FOLDER.glob("*")} == set(LESSONS)


@pytest.mark.parametrize("name", LESSONS)
def test_a_file_has_every_exercise_of_its_notebook_in_order_and_no_other(name: str, study: Evidence) -> None:
    exercises = vars(LESSONS[name].exercises(study))
    written = Lesson(name).texts
    assert [key for key, one in written.items() if "number" in one] == list(exercises)
    numbers = [exercise.number for exercise in exercises.values()]
    assert numbers == [f"{numbers[0].split('.')[0]}.{n}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("name", LESSONS)
def test_every_pattern_compiles_and_is_looked_for(name: str) -> None:
    written = Lesson(name).texts
    patterns = written.get("pattern", {})
    assert set(patterns) == {
        one for exercise in written.values() for one in exercise.get("patterns", ()) if "number" in exercise
    }
    for pattern in patterns.values():
        re.compile(pattern["find"])


@pytest.mark.parametrize(("name", "module"), LESSONS.items(), ids=LESSONS)
def test_no_text_reaches_a_student_with_a_name_in_braces(name: str, module: ModuleType, study: Evidence) -> None:
    named = [field for text in texts(Lesson(name).texts) for _, field, _, _ in string.Formatter().parse(text) if field]
    for exercise in vars(module.exercises(study)).values():
        shown = f"{exercise!r} {exercise.solution()!r} {exercise.hints}"
        assert not [field for field in named if f"{{{field}" in shown]


def test_figures_are_written_as_a_text_asks(lesson: Any) -> None:
    reason = "{n:passage} of {all:words}, {n} in all: {share}, {share:4}, {set:%}, {exact} and {who}."
    made = lesson(f'reason = "{reason}"').exercise(
        Number,
        "seven",
        {"n": 3, "all": 11, "share": 0.25, "set": 0.05, "exact": Fraction(1, 3), "who": ["T01", "T02"]},
        right=3,
    )
    assert made.reason == "Three passages of 11, 3 in all: 0.25, 0.2500, 5%, 33.3% and T01 and T02."


def test_a_text_may_be_wrapped_anywhere(lesson: Any) -> None:
    assert lesson('reason = """\nIt is\n  so.\n"""').exercise(Number, "seven", right=7).reason == "It is so."


def test_an_exercise_like_another_has_its_texts_but_for_its_own(lesson: Any) -> None:
    made = lesson('reason = "So."\n[again]\nlike = "seven"\nnumber = "9.2"').exercise(Number, "again", right=7)
    assert (made.number, made.title, made.reason) == ("9.2", "Count", "So.")


@pytest.mark.parametrize(
    ("more", "kind", "computed", "problem"),
    [
        ('reason = "{m}"', Number, {"right": 7}, "'m'"),
        ('reason = "So."', Number, {"right": 7, "values": {"n": 7}}, "no text names n"),
        ('reason = "{n:.x}"', Number, {"right": 7, "values": {"n": 0.5}}, "invalid literal"),
        ('reason = "So."\nreasons = "So."', Number, {"right": 7}, "unexpected keyword argument 'reasons'"),
        ('title2 = "So."', Number, {"right": 7}, "title2"),
        ("", Number, {"right": 7}, "missing 1 required positional argument: 'reason'"),
        ('reason = "So."\nmistakes.a = "A."', Number, {"right": 7, "mistakes": {"b": 9}}, "texts for a, and figures for b"),
        ('reason = "So."\nfigures.a.asked = "A?"', Figures, {"figures": {"a": Answer(1)}}, "'again'"),
    ],
)  # fmt: skip
def test_texts_and_figures_that_do_not_fit_are_refused(
    lesson: Any, more: str, kind: type[Number], computed: dict[str, Any], problem: str
) -> None:
    with pytest.raises(LessonError, match=r"^made-up\.toml, seven: ") as refused:
        lesson(more).exercise(kind, "seven", **computed)
    assert problem in str(refused.value)
