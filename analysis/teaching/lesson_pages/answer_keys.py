"""The key of a lesson: solutions, records and reasons, which no student's file has."""

import json
import math
from typing import Any

from analysis.display.captioned_tables import CaptionedTable, index_name
from analysis.support import formatting
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.comparisons import Comparison, Grouping, Prose, Rule
from analysis.teaching.exercises import Calculation, Exercise, Figures, Matching, Number, Selection

FORMAT, VERSION = "lesson-key", 1
#: What a key does as a script, which a page opened from a folder can load: it hands itself to the page.
_HAND_OVER = "(globalThis.compendium??={}).lessonKeys??={};"


def key(lesson: BuiltLesson) -> dict[str, Any]:
    """Return the key of a lesson: for each exercise its solution or record, with reasons."""
    exercises = {number: _solved(one) for number, one in lesson.exercises().items()}
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": lesson.name,
        "digest": lesson.digest,
        "exercises": exercises,
    }


def as_json(lesson: BuiltLesson) -> str:
    """Return the key of a lesson as the text of a file."""
    return json.dumps(key(lesson), ensure_ascii=False, indent=1) + "\n"


def as_script(lesson: BuiltLesson) -> str:
    """Return the key of a lesson as a script that a page loads when it is asked for a solution."""
    content = json.dumps(key(lesson), ensure_ascii=False, separators=(",", ":"))
    return f"{_HAND_OVER}\ncompendium.lessonKeys[{json.dumps(lesson.name)}]={content};\n"


def _solved(exercise: Exercise) -> dict[str, Any]:
    solved: dict[str, Any] = {"solution": "", "items": {}, "record": "", "tables": [], "rubric": _rubric(exercise)}
    if isinstance(exercise, Comparison | Grouping | Prose):
        return solved | _recorded(exercise)
    if isinstance(exercise, Number):
        solved["items"] = {name: {"right": _written(exercise), "why": exercise.reason} for name in exercise.items()}
    elif isinstance(exercise, Figures):
        solved["items"] = {
            name: {"right": formatting.rounded(one.right, _digits(one.within)), "why": ""}
            for name, one in exercise.figures.items()
        }
        solved |= {"solution": exercise.reason, "tables": [_table(one) for one in exercise.sheets]}
    elif isinstance(exercise, Selection):
        solved["items"] = {
            name: {"right": name in exercise.right, "why": exercise.remarks.get(name, "").removeprefix(f"{name}: ")}
            for name in exercise.among
        }
        solved["solution"] = exercise.reason
    elif isinstance(exercise, Matching):
        solved["items"] = {
            name: {"right": exercise.right[name], "why": exercise.rules[name]} for name in exercise.situations
        }
        solved |= {"solution": "", "tables": [_table(one) for one in exercise.sheets]}
    return solved


def _recorded(exercise: Comparison | Grouping | Prose) -> dict[str, Any]:
    if isinstance(exercise, Comparison):
        judged = {
            name: {"taken": one.taken, "why": one.why, "allowed": list(one.allowed)}
            for name, one in exercise.record.items()
        }
        return {"solution": exercise.whose, "items": judged}
    if isinstance(exercise, Grouping):
        return {"solution": exercise.whose, "items": {name: {"taken": one} for name, one in exercise.record.items()}}
    if isinstance(exercise, Rule):
        notes = {code: {"why": words} for code, words in exercise.codebook.items()}
        return {"solution": exercise.whose, "items": notes}
    return {"solution": exercise.whose, "record": exercise.record}


def _written(exercise: Number) -> str:
    if isinstance(exercise, Calculation):
        return formatting.rounded(exercise.right, exercise.digits)
    return f"{exercise.right:g}"


def _digits(within: float) -> int:
    """Return the decimals of a figure: one more than its tolerance has; a count has none."""
    return math.ceil(-math.log10(within)) if within else 0


def _table(one: CaptionedTable) -> dict[str, Any]:
    rows = zip(one.table.index, one.table.to_numpy().tolist(), strict=True)
    return {
        "caption": one.caption,
        "heads": [index_name(one.table), *map(str, one.table.columns)],
        "rows": [[str(label), *map(str, cells)] for label, cells in rows],
    }


def _rubric(exercise: Exercise) -> list[dict[str, Any]]:
    return [{"points": one.points, "text": one.text} for one in exercise.rubric]
