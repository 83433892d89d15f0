"""What students answered, item by item, so that answers can be compared: numbers as numbers, options as options."""

import re
from dataclasses import dataclass
from typing import Any

from analysis.support.errors import Fault
from analysis.teaching.asked_lessons import Asked
from analysis.teaching.lesson_hand_ins import Answer
from analysis.teaching.lesson_pages import typed_numbers

OPEN = "writing"
_BLANKS = re.compile("[ \t\n\r\f\v\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_LONG = 1e15  # numbers from here on are compared as they were typed


@dataclass(frozen=True)
class Given:
    """An answer to an item: what it is compared by and shown as, with the words that decide and the reason."""

    answer: str
    label: str
    words: str = ""
    reason: str = ""


def single(text: str) -> str:
    """Return a text with its blanks made single."""
    return _BLANKS.sub(" ", text).strip(" ")


def by_item(exercise: Asked, answer: Answer, file: str, faults: list[Fault]) -> dict[str, Given]:
    """Return the answers to items of an exercise; what cannot be used is added to the faults."""
    if exercise.kind == OPEN or answer.value is None:
        return {}
    place = f"answers › {exercise.number}"

    def note(where: str, problem: str) -> None:
        faults.append(Fault(file, problem, "It is passed over.", field=where))

    if not isinstance(answer.value, dict):
        note(place, "this is not an answer to this exercise")
        return {}
    found: dict[str, Given] = {}
    for item, value in answer.value.items():
        if item not in exercise.items:
            note(f"{place} › {item}", "the exercise has no such item")
            continue
        one = _one(exercise, value)
        if isinstance(one, str):
            note(f"{place} › {item}", one)
        elif one is not None:
            found[item] = one
    if exercise.left_out and found:  # where only what belongs is named
        rest = Given(exercise.left_out, exercise.choices[exercise.left_out])
        found = dict.fromkeys(exercise.items, rest) | found
    return {item: found[item] for item in exercise.items if item in found}


def _one(exercise: Asked, value: Any) -> Given | str | None:
    """Return the answer to an item, None where there is none, or what is wrong with it."""
    words = reason = ""
    if exercise.kind == "coding" and isinstance(value, dict):
        words, reason = _texts(value, "words"), _texts(value, "reason")
        value = value.get("code")
    if value is None:
        return None
    if isinstance(value, bool) and exercise.kind == "statements":
        value = str(value).lower()
    if not isinstance(value, str):
        return "this is not an answer"
    shown = single(value)
    if not shown:
        return None
    if choices := exercise.choices:
        return Given(shown, choices[shown], words, reason) if shown in choices else "there is no such option"
    return Given(number(shown) if exercise.kind == "numbers" else shown.lower(), shown)


def _texts(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return single(found) if isinstance(found, str) else ""


def number(text: str) -> str:
    """Return a number as it is compared: what it comes to, however it was typed; other text in small letters.

    >>> number("0,50"), number(".5"), number("50 %"), number("1/2"), number("A third")
    ('0.5', '0.5', '0.5', '0.5', 'a third')
    """
    found = typed_numbers.readings(text)
    if not found or abs(found[0]) >= _LONG:
        return text.lower()
    return f"{found[0] + 0.0:.12f}".rstrip("0").rstrip(".")
