"""The guide of a lesson for instructors: plan, what students take for true, discussion, rubric and solutions."""

from collections.abc import Iterator
from typing import Any

from analysis.rendering.typst_markup import from_markdown
from analysis.teaching import solved_exercises
from analysis.teaching.built_lessons import BuiltLesson, Plan
from analysis.teaching.lesson_pages import answer_keys, student_data
from analysis.teaching.lesson_papers import OnPaper, on_one_line, points, typeset, words
from analysis.teaching.solved_exercises import table


def pdf(paper: OnPaper) -> bytes:
    """Return the guide on paper."""
    title = f"{paper.words['for_instructors']}: {paper.lesson.title}"
    return typeset(paper.opening(title) + from_markdown(markdown(paper.lesson)))


def markdown(lesson: BuiltLesson) -> str:
    """Return the guide in Markdown, with headings of the second level."""
    return "\n\n".join(_parts(lesson))


def _parts(lesson: BuiltLesson) -> Iterator[str]:
    said = words(lesson.language)
    yield lesson.summary
    if lesson.study.invented:
        yield f"**{said['invented_mark']}.**"
    yield f"**{said['outcomes']}**\n\n{points(lesson.objectives)}"
    about = {"for_whom": lesson.audience, "needs": lesson.needs, "prepare": lesson.prepare}
    yield "\n\n".join(f"**{said[name]}:** {text}" for name, text in about.items() if text)
    exercises = student_data.data(lesson)["exercises"]
    yield _table_of_exercises(lesson, exercises)
    for plan in lesson.plans:
        yield f"## {said['in_minutes'].format(minutes=plan.minutes)}"
        yield table([said["minute"], said["what"]], [[f"{one.start}–{one.end}", one.text] for one in plan.steps])
        if plan.cut:
            yield f"**{said['cut']}** {plan.cut}"
    if lesson.discussion:
        yield f"## {said['discussion']}\n\n{points(lesson.discussion)}"
    if lesson.misconceptions:
        yield f"## {said['misconceptions']}"
        yield "\n".join(f"- **{one.title}** {on_one_line(one.text)}" for one in lesson.misconceptions)
    if lesson.key_points:
        yield f"## {said['key_points']}\n\n{points(lesson.key_points)}"
    yield from _rubrics(lesson, exercises)
    yield from _solutions(lesson, exercises)


def _table_of_exercises(lesson: BuiltLesson, exercises: list[dict[str, Any]]) -> str:
    said, known = words(lesson.language), lesson.exercises()
    rows = [
        [
            one["number"],
            one["title"],
            said["open" if student_data.is_open(known[one["number"]]) else "closed"],
            str(one["minutes"]),
            *(said[_in(plan, one["number"])] for plan in lesson.plans),
        ]
        for one in exercises
    ]
    plans = [said["in_minutes"].format(minutes=plan.minutes) for plan in lesson.plans]
    return table([said["number_head"], said["title"], said["kind"], said["minute"], *plans], rows)


def _in(plan: Plan, number: str) -> str:
    """Return the name of the word that says whether an exercise is in a plan, or only talked about."""
    if any(number in step.exercises for step in plan.steps):
        return "yes"
    return "aloud" if any(number in step.aloud for step in plan.steps) else "left_out"


def _rubrics(lesson: BuiltLesson, exercises: list[dict[str, Any]]) -> Iterator[str]:
    said, known = words(lesson.language), lesson.exercises()
    graded = [one for one in exercises if known[one["number"]].rubric]
    if graded:
        yield f"## {said['rubric']}"
    for one in graded:
        yield f"### {one['number']} {one['title']}"
        rows = [[str(row.points), row.text] for row in known[one["number"]].rubric]
        yield table([said["points"], said["what"]], rows)


def _solutions(lesson: BuiltLesson, exercises: list[dict[str, Any]]) -> Iterator[str]:
    said, known, solved = words(lesson.language), lesson.exercises(), answer_keys.key(lesson)["exercises"]
    yield f"## {said['solutions']}"
    for one in exercises:
        exercise = known[one["number"]]
        yield f"### {one['number']} {one['title']}"
        if exercise.note:
            yield exercise.note
        if exercise.divides and not one["again"]:
            yield table([said["item"], said["divides"]], [[key, text] for key, text in exercise.divides.items()])
        if one["again"]:
            yield said["as_before"].format(number=one["again"])
        else:
            yield solved_exercises.markdown(one, solved[one["number"]], said)
