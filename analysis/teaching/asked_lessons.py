"""What a lesson asks, from its students' data and its key: what hand-ins are read against.

Students' data are JSON (`NAME.lesson.json`) and hold no solution; the key (`NAME.key.json`) is for instructors, and has
the rubric of open tasks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.support import paths, safe_files, strict_json
from analysis.support.errors import CompendiumError, Fault, unreadable

STUDENTS, KEY = ".lesson.json", ".key.json"
#: Kinds of exercises in which answers are among options, so that agreement has a meaning.
WITH_OPTIONS = ("matching", "statements", "coding")
TRUTHS = {"true": "yes", "false": "no"}


class AskedLessonError(CompendiumError):
    """Data of a lesson that hand-ins cannot be read against."""


@dataclass(frozen=True)
class Criterion:
    """A line of the rubric of an open task: for what there are how many points."""

    points: float
    text: str


@dataclass(frozen=True)
class Asked:
    """An exercise: its number, kind and title, items by key, options by value, and what it is the second round of."""

    number: str
    kind: str
    title: str
    task: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    again: str = ""
    left_out: str = ""
    checklist: tuple[str, ...] = ()
    rubric: tuple[Criterion, ...] = ()

    @property
    def choices(self) -> Mapping[str, str]:
        """Options with their labels; empty where any answer may be given."""
        if self.kind == "statements":
            return TRUTHS
        if self.kind not in WITH_OPTIONS:
            return {}
        return {
            **self.options,
            **({self.left_out: self.options.get(self.left_out, self.left_out)} if self.left_out else {}),
        }


@dataclass(frozen=True)
class AskedLesson:
    """A lesson as hand-ins name it, with its exercises."""

    name: str
    number: str
    title: str
    digest: str
    language: str
    exercises: tuple[Asked, ...]

    def exercise(self, number: str) -> Asked | None:
        """Return the exercise of a number."""
        return next((one for one in self.exercises if one.number == number), None)


def read(file: Path) -> AskedLesson:
    """Read students' data, and the key that lies beside them if there is one; raise AskedLessonError."""
    if not file.name.endswith(STUDENTS):
        problem = f"students' data of a lesson have a name that ends in {STUDENTS}"
        raise AskedLessonError(Fault(file, problem, "Build the lesson, and name that file."))
    key = file.with_name(file.name.removesuffix(STUDENTS) + KEY)
    return from_data(_json(file), _json(key) if key.is_file() else None, paths.shown(file))


def from_data(students: Any, key: Any = None, where: str = "the lesson") -> AskedLesson:
    """Return a lesson from students' data and, if there is one, its key; raise AskedLessonError."""
    try:
        _expect(students, "lesson")
        rubrics = _rubrics(key, students["digest"]) if key is not None else {}
        return AskedLesson(
            name=_text(students["name"]),
            number=str(students["number"]),
            title=_text(students["title"]),
            digest=_text(students["digest"]),
            language=_text(students.get("language", "en")),
            exercises=tuple(_asked(one, rubrics) for one in students["exercises"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        problem = f"these are not the data of a lesson ({fault})"
        raise AskedLessonError(Fault(where, problem, "Build the lesson again, and use its file unchanged.")) from None


def _json(file: Path) -> Any:
    try:
        return strict_json.parsed(safe_files.content(file))
    except OSError as fault:
        raise AskedLessonError(unreadable(file, fault)) from None
    except ValueError as fault:
        raise AskedLessonError(Fault(file, f"this is not valid JSON ({fault})", "Build the lesson again.")) from None


def _expect(data: Any, form: str) -> None:
    if data["format"] != form or data["version"] != 1:
        raise ValueError(f"expected the format {form}, version 1")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _asked(one: Mapping[str, Any], rubrics: Mapping[str, tuple[Criterion, ...]]) -> Asked:
    number = _text(one["number"])
    return Asked(
        number=number,
        kind=_text(one["kind"]),
        title=_text(one["title"]),
        task=_text(one.get("task") or ""),
        items={_text(item["key"]): _text(item.get("text") or "") for item in one.get("items") or ()},
        options={_text(item["value"]): _text(item.get("label") or item["value"]) for item in one.get("options") or ()},
        again=_text(one.get("again") or ""),
        left_out=_text(one.get("left_out") or ""),
        checklist=tuple(map(_text, one.get("checklist") or ())),
        rubric=rubrics.get(number, ()),
    )


def _rubrics(key: Any, digest: str) -> dict[str, tuple[Criterion, ...]]:
    _expect(key, "lesson-key")
    if key["digest"] != digest:
        raise ValueError("the key is of another version of the lesson")
    return {
        number: tuple(Criterion(one["points"], _text(one["text"])) for one in exercise.get("rubric") or ())
        for number, exercise in key["exercises"].items()
    }
