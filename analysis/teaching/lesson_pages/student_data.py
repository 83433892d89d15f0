"""What the page of a lesson gets as data: exercises without solutions, and sealed answers by which it judges."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.comparisons import Comparison, Grouping, Prose
from analysis.teaching.exercises import Calculation, Choice, Exercise, Figures, Matching, Number, Selection, Wanted
from analysis.teaching.lesson_pages import engine_words
from analysis.teaching.lesson_pages.sealed_answers import Band, Seal, salt

FORMAT, VERSION = "lesson", 1
#: Cells on either side of the band of a calculation that are near: up to four times its tolerance.
_NEAR = (-3, -2, -1, 2, 3, 4)


def data(lesson: BuiltLesson) -> dict[str, Any]:
    """Return the data of a lesson for students: no solution, record or reference is in them as it is."""
    minutes = lesson.minutes()
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": lesson.name,
        "number": lesson.number,
        "language": lesson.language,
        "title": lesson.title,
        "digest": lesson.digest,
        "study": {"title": lesson.study.title, "invented": lesson.study.invented},
        "words": engine_words.words(lesson.language),
        "exercises": [_exercise(lesson, one, minutes[number]) for number, one in lesson.exercises().items()],
    }


def as_json(lesson: BuiltLesson) -> str:
    """Return the data of a lesson for students as the text of a file."""
    return json.dumps(data(lesson), ensure_ascii=False, indent=1) + "\n"


def _exercise(lesson: BuiltLesson, exercise: Exercise, minutes: int) -> dict[str, Any]:
    return {
        "number": exercise.number,
        "kind": exercise.kind,
        "title": exercise.title,
        "task": exercise.task,
        "minutes": minutes,
        "hints": list(exercise.hints),
        "items": [{"key": key, "text": text} | _asked(exercise, key) for key, text in exercise.items().items()],
        "options": [
            {"value": one.value, "label": one.label, "definition": one.definition} for one in _options(exercise)
        ],
        "noun": getattr(exercise, "noun", ""),
        "checklist": list(exercise.points) if isinstance(exercise, Prose) else [],
        **_asked_of_codes(exercise),
        "judge": judge(exercise, Seal(salt(lesson.digest, exercise.number))),
    }


def _options(exercise: Exercise) -> Sequence[Choice]:
    """Return what can be chosen, with names and meanings where there are some."""
    if isinstance(exercise, Matching):
        return exercise.choices or [Choice(one, one) for one in exercise.options]
    if isinstance(exercise, Comparison) and exercise.options is not None:
        return exercise.choices or [Choice(one, one) for one in dict.fromkeys(exercise.options.values())]
    return ()


def _asked_of_codes(exercise: Exercise) -> dict[str, Any]:
    """Return what is asked for with codes, and which exercises belong together; nothing of this is asked elsewhere."""
    names = {"asks_words": False, "asks_reason": False, "withheld": False, "again": "", "rule": "", "left_out": ""}
    return {name: getattr(exercise, name, nothing) for name, nothing in {**names, "facet": ""}.items()}


def _asked(exercise: Exercise, key: str) -> dict[str, Any]:
    """Return how a number is asked for: whether as a count, and how near it has to be."""
    if isinstance(exercise, Figures):
        within = exercise.figures[key].within
    elif isinstance(exercise, Number):
        within = exercise.tolerance
    else:
        return {}
    return {"form": "figure" if within else "count", "within": 0.0 if isinstance(exercise, Calculation) else within}


def judge(exercise: Exercise, seal: Seal) -> dict[str, Any]:
    """Return what lets a page judge an answer without holding the right one; empty for a judgement."""
    if isinstance(exercise, Prose):
        return {"least": exercise.least, "remarks": _remarks(exercise)}
    if isinstance(exercise, Figures):
        judged = {key: _figure(seal, key, one) for key, one in exercise.figures.items()}
        return _together(seal, judged, exercise.reason)
    if isinstance(exercise, Number):
        return _together(seal, {key: _number(seal, key, exercise) for key in exercise.items()}, exercise.reason)
    if isinstance(exercise, Matching):
        return _together(seal, {key: _matched(seal, key, exercise) for key in exercise.situations}, "")
    if isinstance(exercise, Selection):
        return _together(seal, {key: _stated(seal, key, exercise) for key in exercise.among}, exercise.reason)
    if isinstance(exercise, Comparison):
        return _remarked(seal, exercise)
    return {}


def _remarked(seal: Seal, exercise: Comparison) -> dict[str, Any]:
    """Return what is said of codes that are often chosen by mistake, and digests of the items that it is said of.

    It is not said where the record has or allows the code.
    """
    said = {
        code: [key for key, one in exercise.record.items() if code not in (one.taken, *one.allowed)]
        for code in exercise.feedback
    }
    mistaken = sorted(seal.digest(key, code) for code, keys in said.items() for key in keys)
    return {"salt": seal.salt, "feedback": dict(exercise.feedback), "mistaken": mistaken}


def _together(seal: Seal, judged: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Return sealed items, with the reason for all of them under the secrets that right answers open."""
    secrets = " ".join(seal.secret(key) for key in judged)
    return {"salt": seal.salt, "items": dict(judged), "reason": seal.closed("reason", secrets, reason)}


def _number(seal: Seal, key: str, exercise: Number) -> dict[str, Any]:
    near = _NEAR if isinstance(exercise, Calculation) else ()
    bands = _bands(seal, key, exercise.right, exercise.tolerance, exercise.mistakes, near)
    return {**bands, "again": ""}


def _figure(seal: Seal, key: str, one: Wanted) -> dict[str, Any]:
    return {**_bands(seal, key, one.right, one.within, one.mistakes), "again": one.again}


def _bands(
    seal: Seal, key: str, right: float, tolerance: float, mistakes: Mapping[float, str], near: tuple[int, ...] = ()
) -> dict[str, Any]:
    cells = dict.fromkeys((0, 1), f"yes {seal.secret(key)}") | dict.fromkeys(near, "near")
    slips = [Band.around(slip, tolerance).sealed(seal, key, {0: why, 1: why}) for slip, why in mistakes.items()]
    return {"right": Band.around(right, tolerance).sealed(seal, key, cells), "slips": slips}


def _matched(seal: Seal, key: str, exercise: Matching) -> dict[str, Any]:
    wrong: Mapping[str, str] = exercise.feedback.get(key, {})
    right = exercise.right[key]
    others = [one for one in exercise.options if one != right]
    return _choice(seal, key, right, {one: wrong.get(one, "") for one in others}) | {"again": exercise.rules[key]}


def _stated(seal: Seal, key: str, exercise: Selection) -> dict[str, Any]:
    right = key in exercise.right
    remark = exercise.remarks.get(key, "").removeprefix(f"{key}: ")
    return _choice(seal, key, _said(right), {_said(not right): remark}) | {"again": ""}


def _said(value: bool) -> str:
    return "true" if value else "false"


def _choice(seal: Seal, key: str, right: str, remarks: Mapping[str, str]) -> dict[str, Any]:
    return {"cells": _closed(seal, key, {right: f"yes {seal.secret(key)}", **remarks})}


def _closed(seal: Seal, key: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts that answers to an item open, in an order that says nothing."""
    closed = {seal.digest(key, name): seal.closed(key, name, text) for name, text in texts.items() if text}
    return dict(sorted(closed.items()))


def _remarks(exercise: Prose) -> list[dict[str, Any]]:
    return [{"find": one.find, "say": one.say, "missing": one.missing} for one in exercise.patterns]


def is_open(exercise: Exercise) -> bool:
    """Tell whether an exercise is a judgement, which is recorded and compared, and never marked."""
    return isinstance(exercise, Comparison | Grouping | Prose)
