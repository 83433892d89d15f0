"""The kinds of exercises as data files name them, and what each asks for: items, options, a checklist."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.teaching.comparisons import Comparison, Grouping, Prose
from analysis.teaching.exercises import Exercise, Figures, Matching, Number, Selection

#: The item of an exercise that asks for a single number.
SINGLE = "answer"


def kind(exercise: Exercise) -> str:
    """Return the kind of an exercise, as data files name it."""
    if isinstance(exercise, Comparison):
        return "labels" if exercise.options is None else "coding"
    kinds: dict[type[Exercise], str] = {
        Number: "numbers",
        Figures: "numbers",
        Matching: "matching",
        Selection: "statements",
        Grouping: "groups",
        Prose: "writing",
    }
    return next(name for one, name in kinds.items() if isinstance(exercise, one))


def items(exercise: Exercise) -> Mapping[str, str]:
    """Return what is answered one by one, by its keys: a passage, a statement, a figure that is asked for."""
    if isinstance(exercise, Comparison):
        return {key: one.text for key, one in exercise.record.items()}
    if isinstance(exercise, Grouping):
        return exercise.things
    if isinstance(exercise, Figures):
        return {key: one.asked for key, one in exercise.figures.items()}
    if isinstance(exercise, Number):
        return {SINGLE: ""}
    if isinstance(exercise, Matching):
        return exercise.situations
    return exercise.among if isinstance(exercise, Selection) else {}


def options(exercise: Exercise) -> tuple[dict[str, str], ...]:
    """Return what can be chosen: value, label, definition."""
    if isinstance(exercise, Matching):
        values: Iterable[str] = exercise.options
    elif isinstance(exercise, Comparison) and exercise.options is not None:
        values = dict.fromkeys(exercise.options.values())
    else:
        return ()
    defined: Mapping[str, str] = added(exercise, "definitions", {})
    labels: Mapping[str, str] = added(exercise, "labels", {})
    return tuple({"value": one, "label": labels.get(one, one), "definition": defined.get(one, "")} for one in values)


def checklist(exercise: Exercise) -> tuple[str, ...]:
    """Return the points by which a student looks at a text."""
    return tuple(exercise.points) if isinstance(exercise, Prose) else ()


def added(exercise: Exercise, name: str, otherwise: Any) -> Any:
    """Return what only some exercises have."""
    return getattr(exercise, name, otherwise)
