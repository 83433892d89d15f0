"""Every exercise accepts its own solution, knows a wrong answer, and says when nothing was filled in."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from analysis.teaching import lesson_building, lesson_files
from analysis.teaching.comparisons import Comparison, Grouping, Prose, Rule
from analysis.teaching.exercises import Calculation, Exercise, Figures, Matching, Number, Selection
from analysis.teaching.replies import Outcome

LESSONS = list(lesson_files.bundled())
#: Judgements and texts are recorded; what can be looked up is right or not.
RECORDED = (Comparison, Grouping, Prose)


@cache
def exercises(lesson: str) -> tuple[Exercise, ...]:
    """Return the exercises of a lesson."""
    return tuple(lesson_building.bundled(lesson).by_name.values())


def rule() -> Rule:
    """Return the exercise in which a rule is written."""
    (found,) = (one for one in exercises("coding") if isinstance(one, Rule))
    return found


def shown(exercise: Exercise) -> str:
    """Return what the heading of a solution gives as the answer."""
    return exercise.solution().heading.partition("solution: ")[2]


def solution(exercise: Exercise) -> Any:
    """Return the solution of an exercise as a learner would type it after reading it."""
    if isinstance(exercise, Number | Calculation):
        return float(shown(exercise))
    if isinstance(exercise, Figures):
        return {key: float(value) for key, value in (part.rsplit(" ", 1) for part in shown(exercise).split(", "))}
    if isinstance(exercise, Selection):
        return shown(exercise).replace(" and ", ", ")
    if isinstance(exercise, Matching):
        return {key: rest.split(";")[0] for key, rest in (one.split(": ", 1) for one in exercise.solution().points)}
    if isinstance(exercise, Comparison):
        return {key: judged.taken for key, judged in exercise.record.items()}
    if isinstance(exercise, Grouping):
        return dict(exercise.record)
    assert isinstance(exercise, Prose)
    return exercise.record


def wrong(exercise: Exercise) -> Any:
    """Return the solution with a fault in it."""
    answer = solution(exercise)
    if isinstance(answer, float):
        return answer + 1
    if isinstance(answer, str):
        return " ".join(answer.split()[:2]) if isinstance(exercise, Prose) else f"{answer}, T77"
    first = next(iter(answer))
    return answer | {first: answer[first] + 1 if isinstance(answer[first], float) else ""} | {"no such key": "x"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_exercise_accepts_its_own_solution(lesson: str) -> None:
    for exercise in exercises(lesson):
        reply = exercise.check(solution(exercise))
        expected = Outcome.RECORDED if isinstance(exercise, RECORDED) else Outcome.YES
        assert reply.outcome is expected, reply
        if isinstance(exercise, Prose) and not isinstance(exercise, Rule):
            assert reply.points == (), f"{exercise.name}: the model answer has what is asked of learners"
        if isinstance(exercise, Comparison) and exercise.options and not exercise.withheld:
            assert len(reply.sheets[0].table) == 0, f"{exercise.name}: the record does not differ from itself"


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_exercise_knows_a_wrong_answer_and_an_untouched_one(lesson: str) -> None:
    for exercise in exercises(lesson):
        assert exercise.check(wrong(exercise)).outcome is Outcome.NOT_YET, exercise.name
        answer = solution(exercise)
        untouched = dict.fromkeys(answer, "") if isinstance(answer, Mapping) else ""
        assert exercise.check(untouched).outcome is Outcome.NOT_TRIED, exercise.name


@pytest.mark.parametrize(
    "code", ["initiation", "dissemination", "resource", "resource-enabled-normative", "not-stated"]
)
def test_a_rule_is_compared_with_the_codebooks_words_for_the_code_that_it_names(code: str) -> None:
    reply = rule().check(
        f"A passage is coded as {code} when it names a bid, and not when it names nothing of the kind."
    )
    assert [said for said in reply.said if "“" in said] == [f"{code}: “{rule().codebook[code]}”"]
    assert reply.points == ()


def test_the_codebooks_own_rules_pass_the_check_of_a_rule() -> None:
    for code, words in rule().codebook.items():
        reply = rule().check(f"{code}: {words}")
        assert (reply.outcome, reply.points) == (Outcome.RECORDED, ())
        assert words in " ".join(reply.said)
        assert any(words in point for point in rule().solution().points)


def test_a_rule_that_names_no_code_is_asked_for_it() -> None:
    reply = rule().check("Whatever names a bid belongs here, and what names an audience does not belong.")
    assert reply.outcome is Outcome.RECORDED
    assert "Which code does the rule decide?" in reply.points[0]
    assert "“" not in " ".join(reply.said)
