"""What the page *A class* makes of hand-ins is what `analysis.teaching` makes of them, on classes drawn by chance."""

import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import drawn_classes
import page_scripts
import pytest
from browser import Browser

from analysis.teaching import asked_lessons, lesson_classes, lesson_exports, lesson_hand_ins
from analysis.teaching.lesson_classes import LessonClass

SCRIPTS = [
    "csv.js", "sha256.js", "hand-ins.js", "agreement.js", "hand-in-codes.js", "lesson/typed-numbers.js",
    "class/lesson-hand-ins.js", "class/lesson-classes.js", "class/lesson-exports.js",
]  # fmt: skip

RESULTS = """async ({ lesson, key, files }) => {
  const { classes } = compendium;
  const plain = value => value instanceof Map ? [...value].map(plain) : Array.isArray(value) ? value.map(plain)
    : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([n, v]) => [n, plain(v)])) : value;
  const start = performance.now();
  const found = [];
  for (const [name, text] of files) found.push(await classes.read(text, name));
  const asked = classes.lesson(lesson, key);
  const of = classes.ofHandIns(asked, found.flatMap(one => one.handIns));
  const results = asked.exercises.map(one => ({
    splits: classes.splits(of, one),
    reasons: [...one.items.keys()].map(item => classes.reasons(of, one, item)),
    agreement: one.choices.size ? classes.agreement(one, of.given.get(one.number)) : null,
    rounds: classes.rounds(of, one),
    writings: classes.writings(of, one),
  }));
  const faults = [...found.flatMap(one => one.faults), ...of.faults, ...of.clashes]
    .map(({ file, problem, remedy, field }) => [file, problem, remedy, field]);
  const csv = [classes.grades(of), classes.grades(of, { canvas: true }), classes.rubric(of), classes.done(of)];
  const took = performance.now() - start;
  return plain({ results, faults, notes: of.notes, csv, took, other: of.other.map(one => one.file),
    students: of.students.map(one => one.pseudonym) });
}"""


def results(found: LessonClass) -> list[dict[str, Any]]:
    """Return the results of a class as the scripts give them."""
    return [
        {
            "splits": [dataclasses.asdict(one) for one in lesson_classes.splits(found, exercise)],
            "reasons": [
                [
                    {"student": at, **dataclasses.asdict(one)}
                    for at, one in lesson_classes.reasons(found, exercise, item)
                ]
                for item in exercise.items
            ],
            "agreement": lesson_classes.agreement(exercise, found.given[exercise.number]) if exercise.choices else None,
            "rounds": lesson_classes.rounds(found, exercise),
            "writings": [dataclasses.asdict(one) for one in lesson_classes.writings(found, exercise)],
        }
        for exercise in found.lesson.exercises
    ]


def read(files: Sequence[tuple[str, str]]) -> tuple[LessonClass, list[list[str | None]]]:
    each = [lesson_hand_ins.from_text(text, name) for name, text in files]
    lesson = asked_lessons.from_data(drawn_classes.LESSON, drawn_classes.KEY)
    found = lesson_classes.of_hand_ins(lesson, [one for part in each for one in part.hand_ins])
    faults = [fault for part in each for fault in part.faults] + list(found.faults)
    return found, [[str(one.file), one.problem, one.remedy, one.field] for one in faults]


def asked(browser: Browser, folder: Path, files: Sequence[tuple[str, str]]) -> Any:
    given = {"lesson": drawn_classes.LESSON, "key": drawn_classes.KEY, "files": files}
    return page_scripts.answer(browser, folder, SCRIPTS, RESULTS, given)


def _as_script(rounds: lesson_classes.Rounds | None) -> Any:
    """Return two rounds as the script gives them, of the exercises their numbers only."""
    if rounds is None:
        return None
    whole = dataclasses.asdict(rounds) | {"first": rounds.first.number, "second": rounds.second.number}
    for item in whole["items"]:
        item["moves"] = [dict(zip(("from", "to", "count"), move, strict=True)) for move in item["moves"]]
    return whole


def _close(one: Any, other: Any) -> bool:
    """Tell whether results are the same but for the last digits of shares and coefficients."""
    if isinstance(one, float) or isinstance(other, float):
        return other is not None and one is not None and bool(one == pytest.approx(other, abs=1e-9))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_close(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_close, one, other))
    return bool(one == other)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_class_comes_to_the_same_in_the_browser(chromium: Browser, tmp_path: Path, seed: int) -> None:
    files = list(drawn_classes.files(drawn_classes.drawn(seed, 40)))
    packed = lesson_hand_ins.packed(drawn_classes.hand_in("pasted", {"9.4": drawn_classes.coded({"P1": "resource"})}))
    files += [
        ("mail.txt", f"Dear teacher,\n> {packed[:50]}\n> {packed[50:]}\nBest, P.\n{packed[:-20]}"),
        ("cut.json", files[0][1][:-30]), ("empty.json", " "), ("nonsense.json", "nonsense"), ("list.json", "[1]"),
        ("other.json", '{"format": "lesson"}'),
    ]  # fmt: skip
    found, faults = read(files)
    seen = asked(chromium, tmp_path, files)
    assert seen["students"] == [one.pseudonym for one in found.students]
    assert "pasted" in seen["students"]
    assert sorted(seen["faults"], key=str) == sorted(faults, key=str)
    assert seen["notes"] == list(found.roster.notes)
    assert seen["other"] == [one.file for one in found.other]
    assert seen["csv"] == [
        *(lesson_exports.grades(found, canvas) for canvas in (False, True)),
        lesson_exports.rubric(found),
        lesson_exports.done(found),
    ]
    for here, there in zip(results(found), seen["results"], strict=True):
        if there["rounds"]:
            there["rounds"] |= {name: there["rounds"][name]["number"] for name in ("first", "second")}
        agreement = here["agreement"] and dataclasses.asdict(here["agreement"])
        expected = here | {"rounds": _as_script(here["rounds"]), "agreement": agreement}
        for name in expected:
            assert _close(json.loads(json.dumps(expected[name])), there[name]), (name, expected[name], there[name])


@pytest.mark.thorough
def test_a_hundred_hand_ins_take_less_than_two_seconds(chromium: Browser, tmp_path: Path) -> None:
    files = list(drawn_classes.files(drawn_classes.drawn(7, 100)))
    start = time.process_time()  # other tests run beside this one
    found, _ = read(files)
    results(found)
    here = time.process_time() - start
    there = asked(chromium, tmp_path, files)["took"] / 1000
    assert len(found.students) > 50
    assert here < 2, f"{here:.2f} s in Python"
    assert there < 2, f"{there:.2f} s in the browser"
