"""The slides of a lesson, for its instructor: a source to edit, its pictures, and the PDF."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from analysis.display.captioned_tables import CaptionedTable, index_name
from analysis.rendering.typst_markup import from_markdown, plain, plain_table, quoted
from analysis.teaching import solved_exercises
from analysis.teaching.built_lessons import ExercisePart, FigurePart, Section, TablePart
from analysis.teaching.lesson_pages import answer_keys
from analysis.teaching.lesson_papers import HOUSE, OnPaper, points, strings, typeset

SOURCE, PDF = "slides.typ", "slides.pdf"
#: The most points on a slide.
_POINTS = 5
#: The most characters in the columns of a table on a slide, taken by their longest cells.
_ACROSS = 240
#: The most characters of a table on a slide; a row takes the room of so many at least.
_ON_SLIDE, _LEAST_IN_ROW = 2000, 90
#: The most keys of things to code that are listed on a slide.
_KEYS = 20


def files(paper: OnPaper) -> dict[str, bytes]:
    """Return the slides by the names of their files: PDF, source, the look that it imports, and pictures."""
    pictures = {name: svg.encode() for name, svg in _pictures(paper).items()}
    source = "\n\n".join(_slides(paper)) + "\n"
    made = {SOURCE: source.encode(), HOUSE.name: HOUSE.read_bytes(), **pictures}
    return {PDF: typeset(source, pictures), **made}


def _pictures(paper: OnPaper) -> dict[str, str]:
    parts = (part for section in paper.lesson.sections for part in section.parts)
    figures = [part.figure for part in parts if isinstance(part, FigurePart)]
    return {f"figure-{number}.svg": figure.svg for number, figure in enumerate(figures, 1)}


def _slides(paper: OnPaper) -> Iterator[str]:
    said, lesson = paper.words, paper.lesson
    yield _opening(paper)
    yield from _points(f"{said['objectives']} …", lesson.objectives)
    pictures, seen = iter(_pictures(paper)), set[str]()
    exercises = {one["number"]: one for one in paper.exercises()}
    for section in lesson.sections:
        yield from _section(paper, section, exercises, pictures, seen)
    yield from _points(said["discussion"], lesson.discussion)
    yield f"#divider[{plain(said['solutions'])}]"
    solved = answer_keys.key(lesson)["exercises"]
    for number, exercise in exercises.items():
        if exercise["again"]:
            continue
        text = solved_exercises.markdown(exercise, solved[number], said, with_texts=False)
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


def _points(title: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield points on as few slides as hold them, about as many on each."""
    slides = math.ceil(len(texts) / _POINTS)
    for number in range(slides):
        few = texts[len(texts) * number // slides : len(texts) * (number + 1) // slides]
        yield _slide(title, from_markdown(points(few)))


def _section(
    paper: OnPaper,
    section: Section,
    exercises: Mapping[str, Mapping[str, Any]],
    pictures: Iterator[str],
    seen: set[str],
) -> Iterator[str]:
    """Yield a slide for each table, chart and exercise; a table that comes again is not shown again."""
    for part in section.parts:
        if isinstance(part, TablePart) and part.table.caption not in seen:
            seen.add(part.table.caption)
            yield _slide(section.title, _table(paper, part.table))
        elif isinstance(part, FigurePart):
            shown = part.figure
            parts = ", ".join(map(quoted, (section.title, next(pictures), shown.alt)))
            yield f"#picture({parts}, [{plain(shown.caption)}])"
        elif isinstance(part, ExercisePart):
            exercise = exercises[part.exercise.number]
            yield _slide(f"{exercise['number']} {exercise['title']}", _exercise(paper, exercise))


def _table(paper: OnPaper, shown: CaptionedTable) -> str:
    """Return a table with as many of its columns and rows as can be read from a distance."""
    heads = [index_name(shown.table), *map(str, shown.table.columns)]
    rows = [[str(label), *map(str, row)] for label, row in zip(shown.table.index, shown.table.to_numpy(), strict=True)]
    longest = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    columns = max(2, sum(total <= _ACROSS for total in accumulate(longest)))
    lengths = accumulate(max(_LEAST_IN_ROW, sum(map(len, row[:columns]))) for row in rows)
    down = sum(total <= _ON_SLIDE for total in lengths)
    table = plain_table(heads[:columns], [row[:columns] for row in rows[:down]])
    more = "" if (columns, down) == (len(heads), len(rows)) else f"\n\n#aside[{plain(paper.words['in_full'])}]"
    return f"#caption-and({table.removeprefix('#')}, [{plain(shown.caption)}]){more}"


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
        parts.append(f"#keys({strings(keys)})" if len(keys) <= _KEYS else "")
    if labels := [one["label"] for one in exercise["options"]]:
        parts.append(f"*{plain(said['codes'])}:* #apart({strings(labels)})")
    parts.append(f"#minutes[{plain(said['minutes'].format(n=exercise['minutes']))}]")
    return "\n\n".join(filter(None, parts))


def _slide(title: str, body: str) -> str:
    return f"#slide({quoted(title)})[\n{body}\n]"
