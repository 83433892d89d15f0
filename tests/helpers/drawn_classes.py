"""An invented lesson with every kind of exercise, and classes whose answers are drawn by chance."""

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

Data = dict[str, Any]
CODES = ["structural", "resource", "normative"]


def exercise(number: str, kind: str, **more: Any) -> Data:
    return {
        "number": number,
        "kind": kind,
        "title": f"Invented {kind}",
        "task": "Do it.",
        "minutes": 5,
        "hints": [],
    } | more


def items(*keys: str) -> list[Data]:
    return [{"key": key, "text": f"What {key} says, invented" if key != "answer" else ""} for key in keys]


OPTIONS = [{"value": code, "label": f"{code.capitalize()} power", "definition": f"Invented: {code}."} for code in CODES]
PASSAGES = [f"P{number}" for number in range(1, 9)]
LESSON: Data = {
    "format": "lesson",
    "version": 1,
    "name": "invented",
    "number": "9",
    "language": "en",
    "title": "An invented lesson",
    "digest": "d1",
    "study": {"title": "Invented", "invented": True},
    "words": {},
    "exercises": [
        exercise("9.1", "numbers", items=items("answer")),
        exercise("9.2", "matching", items=items("a", "b"), options=OPTIONS),
        exercise("9.3", "statements", items=items("x", "y", "z")),
        exercise("9.4", "coding", items=items(*PASSAGES), options=OPTIONS, asks_words=True),
        exercise("9.5", "labels", items=items("P1", "P2")),
        exercise("9.6", "groups", items=items("A", "B", "C", "D")),
        exercise("9.7", "writing", items=[], checklist=["It names a code", "It has an example"]),
        exercise("9.8", "coding", items=items(*PASSAGES, "P9"), options=OPTIONS, again="9.4"),
        exercise("9.9", "coding", items=items("P1", "P2", "P3"), options=OPTIONS, left_out="none"),
    ],
}
KEY: Data = {
    "format": "lesson-key",
    "version": 1,
    "name": "invented",
    "digest": "d1",
    "exercises": {
        "9.1": {"solution": "Invented", "items": {"answer": {"right": "0.42", "why": "Invented reason"}}},
        "9.4": {"solution": "", "items": {"P1": {"taken": "resource", "why": "Invented why", "allowed": ["normative"]}}},
        "9.7": {"record": "An invented model answer", "rubric": [{"points": 2, "text": "Names a code"}, {"points": 1.5, "text": "Example"}]},
    },
}  # fmt: skip


def hand_in(pseudonym: str, answers: Mapping[str, Any], **more: Any) -> Data:
    """Return a hand-in; an answer is a value, or all of an answer if it has a state."""
    given = {
        number: one
        if isinstance(one, dict) and "state" in one
        else {"value": one, "state": "recorded", "tries": 1, "hints": 0, "solution": False}
        for number, one in answers.items()
    }
    return {
        "format": "lesson-hand-in",
        "version": 1,
        "lesson": LESSON["name"],
        "number": LESSON["number"],
        "title": LESSON["title"],
        "digest": LESSON["digest"],
        "language": "en",
        "pseudonym": pseudonym,
        "hand_in": 1,
        "saved": "2026-11-30T10:00:00Z",
        "answers": given,
        "reviews": [],
    } | more


def coded(codes: Mapping[str, str], reason: str = "") -> Data:
    return {item: {"code": code, "words": "", "reason": reason} for item, code in codes.items()}


TYPED = [
    "0.42",
    "0,42",
    ".42",
    "42 %",
    "21/50",
    "1,5",
    "1.50",
    "about half",
    "",
    "-3",
    "1 234",
    "1e5",
    "ÄÖ",
    "=SUM(A1)",
]
NAMES = ["Trust", "trust", " Money  flows", "time", "", "İstanbul", "ΣΑΣ", "<b>bold</b>", "=1+1"]
SAID = [
    "they let us",
    "“pay” comes first",
    "",
    "  spread\n over lines ",
    '<img src=x onerror="alert(1)">',
    "=HYPERLINK(1)",
]


def drawn(random_seed: int, students: int) -> list[Data]:
    """Return the hand-ins of a class, with later ones, copies, faults and shared pseudonyms among them."""
    chance = random.Random(random_seed)  # noqa: S311 - the same each time
    numbers = [at if chance.random() < 0.8 else chance.randrange(at + 1) for at in range(students)]
    return [_drawn(chance, f"student {number}" if number % 3 else f"Läser-{number}") for number in numbers]


def _drawn(chance: random.Random, name: str) -> Data:
    makers = {one["number"]: _VALUES[one["kind"]] for one in LESSON["exercises"]}
    answers = {
        number: {
            "value": make(chance, one),
            "state": chance.choice(["not-tried", "not-yet", "yes", "recorded"]),
            "tries": chance.randrange(5),
            "hints": chance.randrange(3),
            "solution": chance.random() < 0.2,
        }
        for one in LESSON["exercises"]
        if chance.random() < 0.9
        for number, make in [(one["number"], makers[one["number"]])]
    }
    reviews = [
        {"of": f"student {chance.randrange(9)}", "exercise": "9.7", "checklist": [chance.random() < 0.5, True], "comment": chance.choice(SAID)}
        for _ in range(chance.randrange(3))
    ]  # fmt: skip
    made = hand_in(
        name, answers, reviews=reviews, hand_in=chance.randrange(1, 4), work=chance.choice(["", "", "w1", "w2"])
    )
    return _spoiled(chance, made) if chance.random() < 0.2 else made


def _spoiled(chance: random.Random, made: Data) -> Data:
    """Spoil one place of a hand-in."""
    wrong: list[tuple[str, Any]] = [
        ("digest", "d0"), ("pseudonym", ""), ("pseudonym", "student 1"), ("hand_in", "two"), ("saved", 5),
        ("answers", []), ("reviews", {}), ("reviews", [1, {"of": "student 1"}]), ("lesson", "another"), ("version", 2),
    ]  # fmt: skip
    name, value = chance.choice(wrong)
    if chance.random() < 0.5:
        number = chance.choice([*made["answers"], "9.99"])
        spoiled = [{"value": {"Q7": "x", "P1": {"code": "unheard of"}, "a": True}, "state": "perhaps", "tries": -1}, 7]
        return made | {"answers": made["answers"] | {number: chance.choice(spoiled)}}
    return made | {name: value}


def _each(one: Data, chance: random.Random, choose: list[Any]) -> Data:
    return {item["key"]: chance.choice(choose) for item in one["items"] if chance.random() < 0.85}


def _code(chance: random.Random, one: Data) -> Data:
    codes = [*CODES, CODES[0], ""]
    return {
        item: {"code": code, "words": chance.choice(SAID), "reason": chance.choice(SAID)}
        for item, code in _each(one, chance, codes).items()
    }


_VALUES: dict[str, Any] = {
    "numbers": lambda chance, one: _each(one, chance, TYPED),
    "matching": lambda chance, one: _each(one, chance, [*CODES, ""]),
    "statements": lambda chance, one: _each(one, chance, [True, False, None]),
    "coding": _code,
    "labels": lambda chance, one: _each(one, chance, NAMES),
    "groups": lambda chance, one: _each(one, chance, ["one", "two", "One", ""]),
    "writing": lambda chance, one: {
        "text": " ".join(chance.choices(SAID, k=3)),
        "checklist": [chance.random() < 0.5, True],
    },
}


def files(hand_ins: list[Data]) -> Iterator[tuple[str, str]]:
    """Yield names of files with their texts; some names as browsers make them."""
    for at, one in enumerate(hand_ins):
        copy = " (1)" if at % 10 == 9 else ""
        yield f"invented-{at:03}{copy}.json", json.dumps(one, ensure_ascii=False)
