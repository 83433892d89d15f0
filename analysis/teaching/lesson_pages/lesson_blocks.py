"""The page of a lesson as headings and pieces of HTML, which the site and a page of its own put together."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.display.drawing import number
from analysis.display.figures import Figure
from analysis.display.html_elements import bullets, frame, script, text
from analysis.support.chart_fonts import without_font
from analysis.teaching.built_lessons import BuiltLesson, FigurePart, Part, TablePart, TextPart
from analysis.teaching.lesson_pages import exercise_forms, student_data
from analysis.teaching.lesson_pages.lesson_markdown import as_html, inline

_EMPTY_HEAD = re.compile(r"<th[^>]*></th>")
_OF_PARTS = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_PLACES = re.compile(r' (?:d|transform|points|[xy][12]?|c[xy]|r)="[^"]*"')
_DECIMALS = re.compile(r"-?\d+\.\d{2,}")
#: Where the data of a lesson are on its page.
DATA = "lesson-data"


@dataclass(frozen=True)
class Heading:
    """The title of a section and its place on the page."""

    title: str
    place: str


Block = Heading | str


def blocks(lesson: BuiltLesson, key: str = "", to: Callable[[str], str] = str) -> Iterator[Block]:
    """Yield the parts of a lesson's page in order; `key` is the address of its key as a script, if it has one.

    `to` changes the addresses of links in the lesson's texts.
    """
    data = student_data.data(lesson)
    words, shown = data["words"], {one["number"]: one for one in data["exercises"]}
    spoken = f' lang="{lesson.language}"'
    yield f'<div id="lesson-top" class="lesson"{spoken} data-key="{text(key)}">{_top(lesson, data)}</div>'
    for at, section in enumerate(lesson.sections, start=1):
        yield Heading(section.title, f"part-{at}")
        inside = "".join(_part(part, shown, words, to) for part in section.parts)
        yield f'<div class="lesson"{spoken}>{inside}</div>'
    yield from _end(lesson, words, spoken)
    yield script(DATA, data)


def _top(lesson: BuiltLesson, data: Mapping[str, Any]) -> str:
    words = data["words"]
    invented = words["invented"] if lesson.study.invented else ""
    facts = [
        (words["for_whom"], lesson.audience),
        (words["needs"], lesson.needs),
        (words["about_study"], lesson.study.title),
    ]
    shown = "".join(f"<div><dt>{text(name)}</dt> <dd>{inline(fact)}</dd></div>" for name, fact in facts if fact)
    links = "".join(
        f'<li><a href="#{exercise_forms.place_of(one["number"])}" data-number="{text(one["number"])}">'
        f"{text(one['number'])} {text(one['title'])}</a> <span></span></li>"
        for one in data["exercises"]
    )
    return (
        f'<p class="lede">{inline(lesson.summary)}</p><dl class="lesson-facts">{shown}</dl>'
        f"{f'<p><strong>{text(invented)}</strong></p>' if invented else ''}"
        f"<p>{text(words['objectives'])}</p>{bullets(map(inline, lesson.objectives))}"
        f"<noscript><p><strong>{text(words['no_script'])}</strong></p></noscript>"
        f'<div class="lesson-live lesson-state" hidden><p id="lesson-kept" role="status" tabindex="-1"></p>'
        '<p id="lesson-said" role="status"></p><ul id="lesson-others" hidden></ul>'
        f'<p><progress id="lesson-bar" value="0" aria-labelledby="lesson-progress"></progress> '
        '<span id="lesson-progress"></span></p></div>'
        f'<nav id="lesson-contents" aria-label="{text(words["contents"])}"><ul>{links}</ul></nav>'
    )


def _part(
    part: Part, shown: Mapping[str, Mapping[str, Any]], words: Mapping[str, str], to: Callable[[str], str]
) -> str:
    if isinstance(part, TextPart):
        return as_html(part.markdown, to)
    if isinstance(part, TablePart):
        # A second round shows the table of the first once more; of two regions none may be named as the other.
        table = frame(part.table.caption, part.table.table).replace('role="region"', 'role="group"', 1)
        return _EMPTY_HEAD.sub("<td></td>", table)
    if isinstance(part, FigurePart):
        return f"<figure>{_drawn(part.figure)}<figcaption>{text(part.figure.caption)}</figcaption></figure>"
    return exercise_forms.form(shown[part.exercise.number], words)


def _drawn(figure: Figure) -> str:
    """Return a chart as one picture, without what is said of its parts, and no finer than a screen shows."""
    plain = _OF_PARTS.sub("", without_font(figure.inlined))
    light = _PLACES.sub(lambda place: _DECIMALS.sub(lambda found: number(float(found[0])), place[0]), plain)
    return light.replace("<svg ", f'<svg role="img" aria-label="{text(figure.alt)}" ', 1)


def _end(lesson: BuiltLesson, words: Mapping[str, str], spoken: str) -> Iterator[Block]:
    for title, points in ((words["discussion"], lesson.discussion), (words["key_points"], lesson.key_points)):
        if points:
            yield Heading(title, "key-points" if points is lesson.key_points else "to-discuss")
            yield f'<div class="lesson"{spoken}>{bullets(map(inline, points))}</div>'
    yield Heading(words["your_work"], "your-work")
    yield f'<div class="lesson lesson-work"{spoken} id="lesson-work" hidden></div>'
