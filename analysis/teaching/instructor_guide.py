"""The guide of a lesson for instructors: plan, what students take for true, discussion, rubric and solutions."""

from collections.abc import Iterator
from typing import Any

from analysis.display.captioned_tables import escaped
from analysis.rendering.typst_markup import from_markdown
from analysis.teaching import solved_exercises
from analysis.teaching.built_lessons import BuiltLesson, Plan
from analysis.teaching.lesson_pages import answer_keys, student_data
from analysis.teaching.lesson_papers import OnPaper, typeset, words


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
    yield f"**{said['outcomes']}**\n\n{_points(lesson.objectives)}"
    yield f"**{said['for_whom']}:** {lesson.audience}\n\n**{said['needs']}:** {lesson.needs}"
    exercises = student_data.data(lesson)["exercises"]
    yield _table_of_exercises(lesson, exercises)
    for plan in lesson.plans:
        yield f"## {said['in_minutes'].format(minutes=plan.minutes)}"
        yield _plan(lesson, plan)
    if lesson.discussion:
        yield f"## {said['discussion']}\n\n{_points(lesson.discussion)}"
    if lesson.misconceptions:
        yield f"## {said['misconceptions']}"
        yield "\n".join(f"- **{one.title}** {one.text}" for one in lesson.misconceptions)
    if lesson.key_points:
        yield f"## {said['key_points']}\n\n{_points(lesson.key_points)}"
    yield from _solutions(lesson, exercises)


def _points(texts: tuple[str, ...]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _table_of_exercises(lesson: BuiltLesson, exercises: list[dict[str, Any]]) -> str:
    said = words(lesson.language)
    known = lesson.exercises()
    plans = [said["in_minutes"].format(minutes=plan.minutes) for plan in lesson.plans]
    rows = [
        [
            one["number"],
            escaped(one["title"]),
            said["open" if student_data.is_open(known[one["number"]]) else "closed"],
            str(one["minutes"]),
            *(said["yes"] if _in(plan, one["number"]) else said["left_out"] for plan in lesson.plans),
        ]
        for one in exercises
    ]
    return _table(["", said["title"], said["kind"], said["minute"], *plans], rows)


def _in(plan: Plan, number: str) -> bool:
    return any(number in step.exercises for step in plan.steps)


def _plan(lesson: BuiltLesson, plan: Plan) -> str:
    said = words(lesson.language)
    return _table([said["minute"], said["what"]], [[f"{one.start}–{one.end}", one.text] for one in plan.steps])


def _solutions(lesson: BuiltLesson, exercises: list[dict[str, Any]]) -> Iterator[str]:
    said, solved = words(lesson.language), answer_keys.key(lesson)["exercises"]
    graded = [one for one in exercises if solved[one["number"]]["rubric"]]
    if graded:
        yield f"## {said['rubric']}"
    for one in graded:
        yield f"### {one['number']} {escaped(one['title'])}"
        rows = [[str(row["points"]), row["text"]] for row in solved[one["number"]]["rubric"]]
        yield _table([said["points"], said["what"]], rows)
    yield f"## {said['solutions']}"
    for one in exercises:
        yield f"### {one['number']} {escaped(one['title'])}"
        if one["again"]:
            yield said["as_before"].format(number=one["again"])
        else:
            yield solved_exercises.markdown(one, solved[one["number"]], said)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in [heads, *rows]]
    return "\n".join([lines[0], f"|{'---|' * len(heads)}", *lines[1:]])
