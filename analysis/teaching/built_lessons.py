"""A lesson with everything that is computed for it: what pages, paper, notebooks and class views are made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.teaching.exercises import Exercise


@dataclass(frozen=True)
class TextPart:
    """A text between exercises, in Markdown."""

    markdown: str


@dataclass(frozen=True)
class TablePart:
    """A table that is shown."""

    table: CaptionedTable


@dataclass(frozen=True)
class FigurePart:
    """A chart that is shown."""

    figure: Figure


@dataclass(frozen=True)
class ExercisePart:
    """An exercise, with the minutes that it takes."""

    exercise: Exercise
    minutes: int


Part = TextPart | TablePart | FigurePart | ExercisePart


@dataclass(frozen=True)
class Section:
    """A part of a lesson under a heading; `in_short` tells whether it belongs to the short plan."""

    title: str
    parts: tuple[Part, ...]
    in_short: bool = True


@dataclass(frozen=True)
class PlanStep:
    """What a class does from one minute to another, and the numbers of the exercises that belong to it.

    Exercises that are only talked about are `aloud`.
    """

    start: int
    end: int
    text: str
    exercises: tuple[str, ...] = ()
    aloud: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The course of a class of some minutes, and what to leave out when time runs short."""

    minutes: int
    steps: tuple[PlanStep, ...]
    cut: str = ""


@dataclass(frozen=True)
class Misconception:
    """What students often take for true, and what to say to it."""

    title: str
    text: str


@dataclass(frozen=True)
class StudyShown:
    """The study that a lesson is about, and whether it is invented."""

    title: str
    invented: bool


@dataclass(frozen=True)
class BuiltLesson:
    """A lesson as its file and the study give it; `digest` changes whenever its exercises do.

    `prepare` is what instructors prepare, and `by_name` has the exercises by the names that the file gives them.
    """

    name: str
    number: str
    language: str
    title: str
    summary: str
    audience: str
    needs: str
    objectives: tuple[str, ...]
    sections: tuple[Section, ...]
    plans: tuple[Plan, ...]
    misconceptions: tuple[Misconception, ...]
    discussion: tuple[str, ...]
    key_points: tuple[str, ...]
    study: StudyShown
    digest: str
    prepare: str = ""
    by_name: Mapping[str, Exercise] = field(default_factory=dict)

    def exercises(self) -> Mapping[str, Exercise]:
        """Return the exercises by number, in order."""
        return {part.exercise.number: part.exercise for part in self._exercise_parts()}

    def minutes(self) -> Mapping[str, int]:
        """Return the minutes of the exercises by number."""
        return {part.exercise.number: part.minutes for part in self._exercise_parts()}

    def _exercise_parts(self) -> Iterator[ExercisePart]:
        for section in self.sections:
            yield from (part for part in section.parts if isinstance(part, ExercisePart))
