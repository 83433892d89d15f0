"""A lesson is built: of its file and its study come exercises, texts, tables and figures.

`built` checks everything on the way, and reports all faults that it finds together.
"""

import hashlib
import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from analysis.study.evidence import Evidence
from analysis.support.errors import CompendiumError, Fault
from analysis.teaching import lesson_files, lesson_kinds, lesson_settings
from analysis.teaching.built_lessons import (
    BuiltLesson,
    ExercisePart,
    FigurePart,
    Misconception,
    Part,
    Plan,
    PlanStep,
    Section,
    StudyShown,
    TablePart,
    TextPart,
)
from analysis.teaching.exercises import Exercise, did_you_mean
from analysis.teaching.lesson_files import LessonFile, LessonFileError
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_texting import filled, shown_table
from analysis.teaching.lesson_values import Values
from analysis.teaching.lesson_vocabulary import FIGURES, TABLES
from analysis.teaching.made_up_tables import MadeUp, MadeUpTableError, made_up
from analysis.teaching.toml_places import Path as Place

Found = TypeVar("Found")


def built(file: Path, evidence: Evidence | None = None, private: bool = False) -> BuiltLesson:
    """Return the lesson of a file.

    Parameters
    ----------
    file : Path
        A lesson file.
    evidence : Evidence, optional
        The study, if it was loaded; otherwise the one that the file names.
    private : bool
        Whether the wording of the compendium's own passages is shown, where it was restored on this machine. What is
        made for others shows gists.

    Raises LessonFileError with every fault that was found.
    """
    lesson = lesson_files.read(file)
    faults = list(lesson_files.faults(lesson))
    if any(fault.field in (None, "format") and "not a lesson file" in fault.problem for fault in faults):
        raise LessonFileError(*faults)
    made = _Building(lesson, faults, evidence, private).lesson_built()
    if made is None:
        raise LessonFileError(*lesson_files.in_order(faults))
    return made


def bundled(name: str, evidence: Evidence | None = None, private: bool = False) -> BuiltLesson:
    """Return a lesson of the compendium by its name; the same study gives the same lesson, built once."""
    return _bundled(name, evidence or lesson_settings.own_study(), private)


@lru_cache(maxsize=32)
def _bundled(name: str, evidence: Evidence, private: bool) -> BuiltLesson:
    known = lesson_files.bundled()
    if name not in known:
        raise LessonFileError(f"There is no lesson {name!r}{did_you_mean(name, known)}")
    return built(known[name], evidence, private)


class _Building:
    """Builds a lesson part by part; what cannot be built adds to the faults, and the rest goes on."""

    def __init__(self, lesson: LessonFile, faults: list[Fault], evidence: Evidence | None, private: bool) -> None:
        self.lesson, self.data, self.faults = lesson, lesson.data, faults
        self.broken = {fault.field or "" for fault in faults}
        self.evidence, self.private = evidence, private

    def values(self) -> Values:
        """Return the values of the lesson, with what it is built on; LessonFileError where there is no study."""
        return Values(self.lesson, self._setting(), self._sound("values", {}), ("values",))

    def lesson_built(self) -> BuiltLesson | None:
        """Return the lesson, or None where there are faults."""
        values = self._try(self.values)
        if values is None:
            return None
        setting = values.setting
        exercises = dict(self._exercises(setting, values))
        sections = tuple(self._sections(values, exercises))
        texts = self._head_texts(values)
        for name in values.unused() if not self.faults else ():  # what is broken may name it
            remedy = "Name it in a text, in braces, or take it out."
            self.faults.append(self.lesson.fault(("values", name), "no text and no formula names this value", remedy))
        if self.faults:
            return None
        return self._whole(setting, exercises, sections, texts)

    def _sound(self, key: str, otherwise: Any) -> Any:
        """Return what a key at the top holds, or something else where it is broken."""
        return otherwise if any(one.split(".")[0] == key for one in self.broken) else self.data.get(key, otherwise)

    def _try(self, make: Callable[..., Found], *given: Any) -> Found | None:
        """Return what is made of something, or None where that adds to the faults."""
        try:
            return make(*given)
        except LessonFileError as error:
            self.faults.extend(fault for fault in error.faults if isinstance(fault, Fault))
            return None

    # --- the setting

    def _setting(self) -> Setting:
        tables = dict(self._tables())
        evidence: Evidence | None = self.evidence
        wording: Mapping[str, str] = {}
        if evidence is None:
            try:
                evidence, wording = lesson_settings.study_of(self.lesson.file, self.data)
            except CompendiumError as error:
                place = ("study",) if "study" in self.data else ("show",)
                first = str(error.faults[0]).rstrip(".") if error.faults else str(error)
                remedy = "Give the path of a study from this file, or leave study out for that of the compendium."
                problem = f"the study cannot be used: {first}"
                raise LessonFileError(self.lesson.fault(place, problem, remedy)) from None
        return Setting(evidence, str(self._sound("language", "en")), tables, wording, self.private)

    def _tables(self) -> Iterator[tuple[str, MadeUp]]:
        for name, table in self._sound("tables", {}).items():
            try:
                if name in TABLES:
                    raise MadeUpTableError(f"{name} is the name of a table that every lesson has. Give it another.")
                yield name, made_up(name, table)
            except MadeUpTableError as error:
                problem, _, remedy = str(error).partition(". ")
                self.faults.append(self.lesson.fault(("tables", name), problem, remedy or "Correct the table."))

    # --- exercises

    def _exercises(self, setting: Setting, values: Values) -> Iterator[tuple[str, Exercise]]:
        for name in self._sound("exercises", {}) if isinstance(self.data.get("exercises"), dict) else ():
            if self._is_broken(name):
                continue
            own = Values(
                self.lesson,
                setting,
                lesson_files.whole(self.lesson, name).get("values", {}),
                self._values_of(name),
                values,
            )
            made = self._try(lesson_kinds.exercise, self.lesson, name, own)
            if made is None:
                continue
            for unused in own.unused():
                place = (*self._values_of(name), unused)
                remedy = "Name it in a text, in braces, or take it out."
                self.faults.append(self.lesson.fault(place, "no text and no formula names this value", remedy))
            yield name, made

    def _values_of(self, name: str) -> Place:
        one = self.data["exercises"][name]
        owner = name if "values" in one or "like" not in one else one["like"]
        return ("exercises", owner, "values")

    def _is_broken(self, name: str) -> bool:
        names = {name, self.data["exercises"][name].get("like")}
        return any(
            field == "exercises" or (field.startswith("exercises.") and _step(field, 1) in names)
            for field in self.broken
        )

    # --- sections

    def _sections(self, values: Values, exercises: Mapping[str, Exercise]) -> Iterator[Section]:
        known = lesson_files.known_as(self.lesson) if "exercises" not in self.broken and exercises else {}
        for number, section in enumerate(self._sound("sections", [])):
            parts: list[Part] = []
            for at, part in enumerate(section["parts"]):
                place = ("sections", number, "parts", at)
                made = self._try(self._part, part, place, values, exercises, known)
                parts.extend([made] if made is not None else [])
            title = self._try(filled, self.lesson, section["title"], ("sections", number, "title"), values)
            yield Section(title or "", tuple(parts), section.get("in_short", True))

    def _part(
        self,
        part: Mapping[str, Any],
        place: Place,
        values: Values,
        exercises: Mapping[str, Exercise],
        known: Mapping[str, str],
    ) -> Part | None:
        if "text" in part:
            text = textwrap.dedent(part["text"]).strip()
            return TextPart(filled(self.lesson, text, (*place, "text"), values))
        if "exercise" in part:
            made = exercises.get(known.get(part["exercise"], ""))
            return None if made is None else ExercisePart(made, made.minutes)
        if "figure" not in part:
            return TablePart(shown_table(self.lesson, part, place, values))
        figure = part["figure"]
        if figure not in FIGURES:
            remedy = f"The figures are on the page on lesson files{did_you_mean(figure, FIGURES)}"
            raise LessonFileError(self.lesson.fault((*place, "figure"), "there is no such figure", remedy, figure))
        options = {key: value for key, value in part.items() if key != "figure"}
        return FigurePart(values.called(FIGURES[figure].draw, FIGURES[figure].options, options, place))

    # --- the whole

    def _head_texts(self, values: Values) -> dict[str, Any]:
        """Return the other texts of the lesson with their figures."""
        keys = (
            "title",
            "study_title",
            "summary",
            "audience",
            "needs",
            "prepare",
            "objectives",
            "discussion",
            "key_points",
        )
        texts: dict[str, Any] = {}
        for key in (*keys, "misconceptions", "plans"):
            given = self._sound(key, None)
            if given is not None:
                texts[key] = self._try(filled, self.lesson, given, (key,), values)
        return texts

    def _whole(
        self,
        setting: Setting,
        exercises: Mapping[str, Exercise],
        sections: tuple[Section, ...],
        texts: Mapping[str, Any],
    ) -> BuiltLesson:
        data, study = self.data, setting.evidence.study
        numbers = {name: one.number for name, one in exercises.items()}
        known = {known: numbers[name] for known, name in lesson_files.known_as(self.lesson).items()}
        in_order = {
            name: exercises[name]
            for part in (part for section in sections for part in section.parts if isinstance(part, ExercisePart))
            for name in [next(name for name, one in exercises.items() if one is part.exercise)]
        }
        return BuiltLesson(
            name=data["name"],
            number=data["number"],
            language=data["language"],
            title=texts["title"],
            summary=texts["summary"],
            audience=texts["audience"],
            needs=texts["needs"],
            objectives=tuple(texts["objectives"]),
            sections=sections,
            plans=tuple(_plan(plan, known) for plan in texts["plans"]),
            misconceptions=tuple(Misconception(one["title"], one["text"]) for one in texts.get("misconceptions", ())),
            discussion=tuple(texts.get("discussion", ())),
            key_points=tuple(texts["key_points"]),
            study=StudyShown(texts.get("study_title", study.title), study.simulated or data.get("invented", False)),
            digest=digest(data["name"], data["language"], list(in_order.values())),
            prepare=texts.get("prepare", ""),
            by_name=in_order,
        )


def _step(field: str, number: int) -> str:
    steps = field.split(".")
    return steps[number] if len(steps) > number else ""


def _plan(plan: Mapping[str, Any], known: Mapping[str, str]) -> Plan:
    steps, start = [], 0
    for step in plan["steps"]:
        end = start + step["minutes"]
        exercises, aloud = (tuple(known[one] for one in step.get(key, ())) for key in ("exercises", "aloud"))
        steps.append(PlanStep(start, end, step["text"], exercises, aloud))
        start = end
    return Plan(plan["minutes"], tuple(steps), plan.get("cut", ""))


def digest(name: str, language: str, exercises: Sequence[Exercise]) -> str:
    """Return 16 hex digits that change whenever the exercises of a lesson do, or what is right in them."""
    described = [
        {key: value for key, value in vars(one).items() if key not in _NOT_OF_AN_ANSWER} | {"kind": one.kind}
        for one in exercises
    ]
    text = json.dumps([name, language, described], sort_keys=True, ensure_ascii=False, default=_described)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


#: What is not answered: changes in it leave a student's answers as good as they were.
_NOT_OF_AN_ANSWER = (
    "_hints_given",
    "hints",
    "minutes",
    "note",
    "divides",
    "rubric",
    "sheets",
    "feedback",
    "remarks",
    "mistakes",
)


def _described(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return list(value)
    return {key: one for key, one in vars(value).items() if key not in _NOT_OF_AN_ANSWER}
