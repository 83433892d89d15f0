"""The teaching notebooks, made from the lesson files: one for each lesson, without outputs and without solutions.

An exercise has a cell with its task, one to answer and check, one for hints and one for the solution. Everything is
asked of the opened lesson (`analysis.teaching.opened_lessons`) by the number of the exercise.
"""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths
from analysis.support.atomic_writes import write_text
from analysis.teaching import lesson_building, notebook_cells, opened_lessons, track_data, tracks
from analysis.teaching.built_lessons import BuiltLesson, ExercisePart, FigurePart, Section, TablePart, TextPart
from analysis.teaching.comparisons import Comparison, Prose
from analysis.teaching.exercises import Calculation, Exercise, Figures, Matching, Number, Selection
from analysis.teaching.notebook_cells import Cell, code, markdown

#: The lessons that have a notebook, and the name of its file.
STEMS = {
    "coding": "01-code-the-passages",
    "dimensions": "02-from-quotes-to-dimensions",
    "agreement": "03-agreement",
    "counting": "04-counting-without-over-claiming",
    "audit": "05-auditing-a-claim",
}
_WIDTH = 110

_HOW = """
Run a cell with Shift and Enter. Fill in an answer and run its cell: the exercise says how far you have come. Where
nothing is filled in yet, it says *not tried*. What can be looked up is judged; judgements are recorded and compared,
and never marked wrong.

Below each answer are two short cells. **Run the first for a hint**; every further run gives the next one. The second
has the solution, or what the record says. If you run straight through the notebook, they only say what they have: run
such a cell again to see it.
"""
_SETUP = '''
import sys
from pathlib import Path

# Finds the package `analysis` when the notebook was opened in some other way than with `nox -s teach`.
sys.path[:0] = [str(up) for up in Path.cwd().resolve().parents if (up / "analysis" / "teaching").is_dir()][:1]


class NotHereError(ImportError):
    """Something that the notebook needs is missing; this is shown in one line."""

    def _render_traceback_(self):
        return [str(self)]


try:
    from analysis.teaching.opened_lessons import open_lesson
except ModuleNotFoundError as missing:
    raise NotHereError(
        f"This notebook needs {missing.name!r}, which is not here. Open it in the folder of the archive for students, "
        "with the packages of notebooks/teaching/requirements.txt (docs/teaching/students.md says how), or do the "
        "lesson as a page, which needs nothing."
    ) from None

lesson = open_lesson("NAME")
'''
_HAND_IN = {
    "first": """
Your codings go into a file in the folder `codings/first` beside this notebook, for your partner or the class. Nothing
is overwritten; your latest hand-in counts. Put the file of a partner into the same folder, and run the second cell:
you are compared with each other as well.
""",
    "second": "The same for the second coding, in the folder `codings/second`.",
}
_CLASS = """
## The whole class

If your teacher has put everybody's files into `codings/first`, this shows the class: what was handed in, how far you
agree, and the passages on which you are most divided.
"""
_COEFFICIENTS = """
## Your class

If your teacher has put everybody's codings from the lesson *Code the passages* into `codings/first`, here is every
coefficient of the class. Which of them are close together, and why?
"""


def files(evidence: Evidence | None = None) -> dict[Path, str]:
    """Return everything that is made for students who write code: notebooks, tracks in pandas and R, and their data."""
    study = evidence or loading.load()
    made = {
        paths.TEACHING / f"{stem}.ipynb": notebook(lesson_building.bundled(name, study)) for name, stem in STEMS.items()
    }
    for worked in sorted([*tracks.WORKED.glob("*.py"), *tracks.WORKED.glob("*.R")]):
        name, content = tracks.for_students(worked, lesson_building.bundled(worked.stem, study).exercises())
        made[tracks.FOLDER / name] = content
    return made | {tracks.FOLDER / "data" / name: content for name, content in track_data.files(study).items()}


def write(evidence: Evidence | None = None) -> list[Path]:
    """Write all of `files` that are not there, or are not the same; return those."""
    changed = {
        file: content
        for file, content in files(evidence).items()
        if not file.is_file() or file.read_bytes() != content.encode()
    }
    for file, content in changed.items():
        write_text(file, content)
    return list(changed)


def notebook(lesson: BuiltLesson) -> str:
    """Return the notebook of a lesson; the same lesson gives the same bytes."""
    return notebook_cells.notebook(lesson.title, _cells(lesson))


def _cells(lesson: BuiltLesson) -> Iterator[Cell]:
    yield markdown("title", _title(lesson))
    yield code("setup", _SETUP.replace("NAME", lesson.name), folded=True)
    names = {exercise.number: name for name, exercise in lesson.by_name.items()}
    shown = {"table": 0, "figure": 0}
    after = _rounds(lesson)
    for number, section in enumerate(lesson.sections, 1):
        yield from _section(section, number, names, shown, after.get(number - 1, ""))
    if after:
        yield markdown("class-text", _CLASS)
        yield code("class", "lesson.whole_class()")
    if lesson.name == "agreement":
        yield markdown("class-text", _COEFFICIENTS)
        yield code("class", "lesson.class_coefficients()")
    yield markdown("key-points", "\n".join(["## Key points", "", *(f"- {point}" for point in lesson.key_points)]))


def _title(lesson: BuiltLesson) -> str:
    short = min(plan.minutes for plan in lesson.plans)
    longest = max(plan.minutes for plan in lesson.plans)
    left_out = [section.title for section in lesson.sections if not section.in_short]
    without = f" (without {formatting.listed([f'*{title}*' for title in left_out])})" if left_out else ""
    goals = "; ".join(lesson.objectives)
    return "\n\n".join(
        [
            f"# {lesson.title}",
            f"**Afterwards you can** {goals}.",
            f"**You need:** {lesson.needs} **Time:** {short} minutes{without} or {longest} minutes.",
            _HOW.strip(),
        ]
    )


def _section(
    section: Section, number: int, names: Mapping[str, str], shown: dict[str, int], handed_in: str
) -> Iterator[Cell]:
    """Yield the cells of a section; where a round is handed in, these cells come after its first text."""
    heading = f"## {section.title}"
    for at, part in enumerate(section.parts, 1):
        if isinstance(part, TextPart):
            yield markdown(f"text-{number}-{at}", f"{heading}\n\n{part.markdown}" if heading else part.markdown)
            heading = ""
            if handed_in:
                yield from _handing_in(handed_in)
                handed_in = ""
            continue
        if heading:
            yield markdown(f"heading-{number}", heading)
            heading = ""
        if isinstance(part, TablePart | FigurePart):
            kind = "table" if isinstance(part, TablePart) else "figure"
            shown[kind] += 1
            yield code(f"{kind}-{shown[kind]}", f"lesson.{kind}({shown[kind]})")
        elif isinstance(part, ExercisePart):
            yield from _exercise(part, names[part.exercise.number])


def _rounds(lesson: BuiltLesson) -> dict[int, str]:
    """Return which round is handed in in which section, by its place: the one after the last exercise of the round."""
    rounds = opened_lessons.coded_in(lesson.name)
    places = {
        part.exercise.number: place
        for place, section in enumerate(lesson.sections)
        for part in section.parts
        if isinstance(part, ExercisePart)
    }
    return {max(places[number] for number in coded.values()) + 1: turn for turn, coded in rounds.items() if coded}


def _handing_in(which: str) -> Iterator[Cell]:
    yield markdown(f"hand-in-text-{which}", _HAND_IN[which])
    if which == "first":
        yield code("pseudonym", 'pseudonym = ""  # choose one, not your name', tags=["answer"])
    argument = f', "{which}"' if which != "first" else ""
    yield code(f"hand-in-{which}", f"lesson.hand_in(pseudonym{argument})")
    yield code(f"compare-{which}", f"lesson.compare(pseudonym{argument})")


# --- an exercise


def _exercise(part: ExercisePart, name: str) -> Iterator[Cell]:
    exercise, key = part.exercise, name.replace("_", "-")
    asked = "\n".join(_asked(exercise))
    yield markdown(
        f"{key}-ask", f"### {exercise.number} {exercise.title} ({part.minutes} minutes)\n\n{exercise.task}\n\n{asked}"
    )
    if isinstance(exercise, Comparison) and exercise.rule:
        yield code(f"{key}-rule", f'lesson.answer("{exercise.rule}")')
    lines = list(_blanks(exercise))
    begin = f'lesson.check("{exercise.number}", '
    yield code(f"{key}-answer", "\n".join([begin + lines[0], *lines[1:]]) + ")", tags=["answer"])
    yield code(f"{key}-hint", f'lesson.hint("{exercise.number}")')
    yield code(f"{key}-solution", f'lesson.solution("{exercise.number}")')


def _asked(exercise: Exercise) -> Iterator[str]:
    """Yield what an exercise lists with its task: figures with their tolerance, statements, or options."""
    if isinstance(exercise, Figures):
        for key, one in exercise.figures.items():
            yield f"- `{key}`: {one.asked}{f' (within {one.within:g})' if one.within else ''}"
    elif isinstance(exercise, Selection):
        yield from (f"- `{key}`: {text}" if text else f"- `{key}`" for key, text in exercise.among.items())
    elif isinstance(exercise, Matching | Comparison) and exercise.choices:
        left_out = exercise.left_out if isinstance(exercise, Comparison) else ""
        for choice in (one for one in exercise.choices if one.value != left_out):
            meaning = f": {choice.definition}" if choice.definition else ""
            yield f"- `{choice.value}`{meaning}"


def _blanks(exercise: Exercise) -> Iterator[str]:
    """Yield the lines of an answer with nothing filled in, after the number of the exercise."""
    if isinstance(exercise, Number | Calculation):
        yield "..."
    elif isinstance(exercise, Selection):
        yield "[]"
    elif isinstance(exercise, Prose):
        yield from ('"""', '"""')
    else:
        yield "{"
        yield from textwrap.indent("\n".join(_entries(exercise)), "    ").splitlines()
        yield "}"


def _entries(exercise: Exercise) -> Iterator[str]:
    """Yield an entry for each thing that is to be answered, with its words above it."""
    if isinstance(exercise, Figures):
        yield from (f'"{key}": ...,' for key in exercise.figures)
    elif isinstance(exercise, Comparison) and exercise.left_out:
        yield f"# The key of a {exercise.noun}, a colon, and how it bears on the claim, as often as you like."
        yield '"": "",'
    else:
        blank = _blank(exercise)
        for key, text in exercise.items().items():
            if text and text != key:
                yield from textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ")
            yield f'"{key}": {blank},'


def _blank(exercise: Exercise) -> str:
    if isinstance(exercise, Comparison) and (exercise.asks_words or exercise.asks_reason):
        asked = ["code", *(["words"] if exercise.asks_words else []), *(["reason"] if exercise.asks_reason else [])]
        return "{" + ", ".join(f'"{part}": ""' for part in asked) + "}"
    return '""'
