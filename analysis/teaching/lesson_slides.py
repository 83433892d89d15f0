"""The slides of a lesson, for its instructor: a source to edit, its pictures, and the PDF."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.display.captioned_tables import index_name
from analysis.rendering.typst_markup import from_markdown, plain, plain_table, quoted
from analysis.teaching import solved_exercises
from analysis.teaching.built_lessons import ExercisePart, FigurePart, Section, TablePart
from analysis.teaching.lesson_pages import answer_keys
from analysis.teaching.lesson_papers import HOUSE, OnPaper, strings, typeset

SOURCE, PDF = "slides.typ", "slides.pdf"
#: The most points on a slide.
_POINTS = 5


def files(paper: OnPaper) -> dict[str, bytes]:
    """Return the slides by the names of their files: PDF, source, the look that it imports, and pictures."""
    pictures = {name: svg.encode() for name, svg in _pictures(paper).items()}
    source = "\n\n".join(_slides(paper)) + "\n"
    made = {SOURCE: source.encode(), HOUSE.name: HOUSE.read_bytes(), **pictures}
    return {PDF: typeset(source, pictures), **made}


def _pictures(paper: OnPaper) -> dict[str, str]:
    figures = [part.figure for section in paper.lesson.sections for part in section.parts if _is_figure(part)]
    return {f"figure-{number}.svg": figure.svg for number, figure in enumerate(figures, 1)}


def _is_figure(part: object) -> bool:
    return isinstance(part, FigurePart)


def _slides(paper: OnPaper) -> Iterator[str]:
    said, lesson = paper.words, paper.lesson
    yield _opening(paper)
    yield from _points(f"{said['objectives']} …", lesson.objectives)
    numbers = iter(range(1, 1 + len(_pictures(paper))))
    exercises = {one["number"]: one for one in paper.exercises()}
    for section in lesson.sections:
        yield from _section(paper, section, exercises, numbers)
    yield from _points(said["discussion"], lesson.discussion)
    yield f"#divider[{plain(said['solutions'])}]"
    solved = answer_keys.key(lesson)["exercises"]
    for number, exercise in exercises.items():
        if exercise["again"]:
            continue
        text = solved_exercises.markdown(exercise, solved[number], said)
        yield _slide(f"{number} {exercise['title']}", from_markdown(text, 2))
    yield from _points(said["key_points"], lesson.key_points)


def _opening(paper: OnPaper) -> str:
    lesson = paper.lesson
    shown = {
        "title": quoted(lesson.title),
        "subtitle": quoted(paper.words["lesson"].format(number=lesson.number)),
        "language": quoted(lesson.language),
        "about": strings(paper.about),
        "more": quoted(paper.words["more"]),
        "summary": f"[{from_markdown(lesson.summary)}]",
    }
    parts = ",\n  ".join(f"{name}: {value}" for name, value in shown.items())
    return f'#import "{HOUSE.name}": *\n#show: slides.with(\n  {parts},\n)'


def _points(title: str, texts: tuple[str, ...]) -> Iterator[str]:
    for start in range(0, len(texts), _POINTS):
        few = texts[start : start + _POINTS]
        yield _slide(title, from_markdown("\n".join(f"- {text}" for text in few)))


def _section(
    paper: OnPaper, section: Section, exercises: Mapping[str, Mapping[str, Any]], numbers: Iterator[int]
) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, TablePart):
            shown = part.table.table
            heads = [index_name(shown), *map(str, shown.columns)]
            rows = [[str(label), *map(str, row)] for label, row in zip(shown.index, shown.to_numpy(), strict=True)]
            yield _slide(section.title, f"#caption-and({plain_table(heads, rows)[1:]}, [{plain(part.table.caption)}])")
        elif isinstance(part, FigurePart):
            figure = part.figure
            image = f"figure-{next(numbers)}.svg"
            yield f"#picture({quoted(section.title)}, {quoted(image)}, {quoted(figure.alt)}, [{plain(figure.caption)}])"
        elif isinstance(part, ExercisePart):
            exercise = exercises[part.exercise.number]
            yield _slide(f"{exercise['number']} {exercise['title']}", _exercise(paper, exercise))


def _exercise(paper: OnPaper, exercise: Mapping[str, Any]) -> str:
    """Return a task with what is asked; passages are on cards, sheets and the page."""
    said = paper.words
    parts = [plain(exercise["task"])]
    if exercise["kind"] in {"numbers", "matching", "statements"}:
        parts.append(
            "\n".join(f"/ {plain(one['key'])}: {plain(one['text'])}" for one in exercise["items"] if one["text"])
        )
    if exercise["kind"] in {"coding", "labels", "groups"}:
        keys = [one["key"] for one in exercise["items"]]
        parts.append(f"#keys({strings(keys)})")
    if labels := [one["label"] for one in exercise["options"]]:
        parts.append(f"*{plain(said['codes'])}:* #apart({strings(labels)})")
    parts.append(f"#minutes[{plain(said['minutes'].format(n=exercise['minutes']))}]")
    return "\n\n".join(filter(None, parts))


def _slide(title: str, body: str) -> str:
    return f"#slide({quoted(title)})[\n{body}\n]"
