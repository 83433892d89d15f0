"""The page judges as the exercises do in Python, without holding an answer; its words are there in every language."""

import csv
import json
import random
import re
import tomllib
from pathlib import Path
from typing import Any

import page_scripts
import pytest
import sample_lessons
from browser import Browser
from example_counts import some

from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import learners, lesson_building, lesson_files
from analysis.teaching.exercises import Exercise, Selection, is_blank
from analysis.teaching.lesson_pages import answer_keys, engine_words, lesson_documents, student_data
from analysis.teaching.lesson_pages.typed_numbers import readings

GERMAN = paths.ROOT / "examples" / "lessons" / "uebereinstimmung.toml"
SCRIPTS = ["sha256.js", "lesson/typed-numbers.js", "lesson/judging.js"]
JUDGED = """([lesson, cases]) => cases.map(([number, value]) => {
  const exercise = lesson.exercises.find((one) => one.number === number);
  return compendium.lessons.judge(exercise, value, lesson.words);
})"""
TYPED = [
    "0.42", "0,42", ".42", ",42", "42 %", "42%", "10/40", "10 / 40", "1,5/3", "−3", "-3", "+3", "1,234", "1.234", "1 234",
    "1.234,5", "1,234,567", "12.", "= 7", "~0.5", "7 ÷ 2", "3/0", "1/2/3", "ten", "", " … ", "12 passages", "0x10", "1e5",
    "NaN", "Infinity", "٣", "½", "9" * 60, "<b>1</b>", "0.30000000000000004", "\u202f12\u00a0%",
]  # fmt: skip


def answers(exercise: Exercise, random_numbers: random.Random) -> list[tuple[Any, Any]]:
    """Return answers as a page has them, each with what Python is given: complete, in part, wrong, empty."""
    keys, kind = list(exercise.items()), exercise.kind
    made = []
    for _ in range(40):
        given = [key for key in keys if random_numbers.random() < random_numbers.choice([0.6, 1, 1, 1])]
        if kind == "numbers":
            typed = {key: number(exercise, key, random_numbers) for key in given}
            value = {key: readings(text)[0] for key, text in typed.items()}
            single = "right" in vars(exercise)
            made.append((typed, value.get(keys[0]) if single else value))
        elif kind == "statements":
            chosen = {key: random_numbers.random() < 0.5 for key in keys}
            made.append((chosen, [key for key, holds in chosen.items() if holds]))
        elif kind in {"matching", "coding"}:
            codes = {key: random_numbers.choice(codes_of(exercise)) for key in given}
            parts: dict[str, Any] = {key: {"code": code} for key, code in codes.items()}
            made.append((parts if kind == "coding" else codes, codes))
        elif kind == "writing":
            text = " ".join(
                random_numbers.choices(["it", "feels", "not", "early", "rule"], k=random_numbers.randrange(14))
            )
            made.append(({"text": text, "checklist": []}, text))
        else:
            words = {key: random_numbers.choice(["one", " two ", "…"]) for key in given}
            made.append((words, words))
    return made


def codes_of(exercise: Any) -> list[str]:
    """Return the codes that can be chosen."""
    return list(dict.fromkeys(exercise.options.values())) if exercise.kind == "coding" else list(exercise.options)


def number(exercise: Any, key: str, random_numbers: random.Random) -> str:
    """Return a number as somebody may type it: right, on an edge, a slip, in per cent, far away."""
    wanted = exercise.figures[key] if hasattr(exercise, "figures") else exercise
    within = wanted.within if hasattr(wanted, "within") else wanted.tolerance
    right = random_numbers.choice([wanted.right, wanted.right, *wanted.mistakes])
    off = random_numbers.choice([0, 0, 1, -1, 0.99, -0.99, 1.01, -1.01, 3, 20, random_numbers.uniform(-5, 5)])
    value = round(right + off * (within or 1), 6)
    shape = random_numbers.choice(["{}", "{}", "comma", "percent", "fraction"])
    if shape == "comma":
        return str(value).replace(".", ",")
    if shape == "percent":
        return f"{value * 100!r} %"
    return f"{value * 8!r}/8" if shape == "fraction" else str(value)


@pytest.fixture(scope="module")
def judged(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Any:
    lesson = sample_lessons.lesson()
    folder = tmp_path_factory.mktemp("judging")

    def ask(cases: list[Any]) -> Any:
        return page_scripts.answer(chromium, folder, SCRIPTS, JUDGED, [student_data.data(lesson), cases])

    return ask


def test_page_and_python_judge_alike(judged: Any) -> None:
    random_numbers = random.Random(7)  # noqa: S311, to draw answers
    drawn = [(one, *pair) for one in sample_lessons.exercises() for pair in answers(one, random_numbers)]
    found = judged([[one.number, value] for one, value, _ in drawn])
    states = set()
    for (exercise, value, given), said in zip(drawn, found, strict=True):
        expected = exercise.check(given).outcome.value.replace(" ", "-")
        if isinstance(exercise, Selection) and is_blank(given):
            expected = "not-yet"  # to say of each statement that it does not follow is an answer on the page
        assert said["state"] == expected, (exercise.number, value, said)
        states.add((exercise.kind, said["state"]))
    assert {("numbers", "yes"), ("numbers", "not-yet"), ("matching", "yes"), ("statements", "yes")} <= states
    assert {(kind, "recorded") for kind in ("coding", "labels", "groups", "writing")} <= states


def test_page_says_what_a_slip_is(judged: Any) -> None:
    slip, near, percent, far, several, nonsense, feeling, right = judged(
        [
            ["9.1", {"answer": "10"}],
            ["9.2", {"answer": "0,61"}],
            ["9.2", {"answer": "60"}],
            ["9.2", {"answer": "0.1"}],
            ["9.3", {"mean": "39", "all": "7"}],
            ["9.1", {"answer": "a dozen"}],
            ["9.7", {"text": "It is early when it feels early to whoever reads it", "checklist": []}],
            ["9.2", {"answer": "6/10"}],
        ]
    )
    words = engine_words.words("en")
    assert slip["points"] == ["You left out two."]
    assert (near["points"], percent["points"], far["points"]) == (
        [words["near"]],
        [words["percent"]],
        [words["not_right"]],
    )
    assert several["points"] == ["mean: that is the sum.", "all: count the rows."]
    assert "a dozen" in nonsense["points"][0]
    assert feeling["points"] == ["Who feels it?"]
    assert right["said"] == [words["said_yes"], "6 of 10."]


def test_page_reads_numbers_as_python_does(chromium: Browser, tmp_path: Path) -> None:
    script = "(texts) => texts.map((text) => compendium.lessons.readings(text))"
    found = page_scripts.answer(chromium, tmp_path, ["lesson/typed-numbers.js"], script, TYPED)
    assert {text: tuple(one) for text, one in zip(TYPED, found, strict=True)} == {
        text: readings(text) for text in TYPED
    }
    assert readings("0,42") == readings("42 %") == readings(".42") == (0.42,)
    assert readings("ten") == readings("3/0") == readings("1e5") == ()


def test_students_get_no_answer_as_it_is() -> None:
    lesson = sample_lessons.lesson()
    page, key = lesson_documents.page(lesson), answer_keys.as_json(lesson)
    secrets = [
        *("Ten and two are 12.", "6 of 10.", "39 / 8", "Agreement is not truth.", "can two people be wrong"),
        *("It is asked for before", "Keeps out plans", "Coders agreed on six"),
    ]
    assert [one for one in secrets if one not in key] == []
    assert [one for one in (*secrets, "You left out two.", "4.875") if one in page] == []
    matched = next(one for one in student_data.data(lesson)["exercises"] if one["kind"] == "matching")
    assert "early" not in json.dumps(matched["judge"])


def given_by(key: Any, exercise: Any) -> Any:
    """Return the answer of a key to an exercise, as a student may give it."""
    solved = key["exercises"][exercise["number"]]
    if exercise["kind"] == "writing":
        return {"text": solved["record"] or "A rule of eight words or more, of any kind", "checklist": []}
    taken = {name: one.get("right", one.get("taken")) for name, one in solved["items"].items()}
    return (
        {name: {"code": code, "words": "x"} for name, code in taken.items()} if exercise["kind"] == "coding" else taken
    )


@pytest.mark.parametrize("file", some([GERMAN, *lesson_files.bundled().values()], 3), ids=lambda file: file.stem)
def test_answers_of_the_key_are_right_on_the_page(chromium: Browser, tmp_path: Path, file: Path) -> None:
    lesson = lesson_building.built(file)
    data, key = student_data.data(lesson), answer_keys.key(lesson)
    cases = [[one["number"], given_by(key, one)] for one in data["exercises"]]
    found = page_scripts.answer(chromium, tmp_path, SCRIPTS, JUDGED, [data, cases])
    states = {one["number"]: said["state"] for one, said in zip(data["exercises"], found, strict=True)}
    closed = {"numbers", "matching", "statements"}
    assert states == {one["number"]: "yes" if one["kind"] in closed else "recorded" for one in data["exercises"]}


def test_codes_are_saved_as_the_command_for_a_class_reads_them(
    chromium: Browser, tmp_path: Path, study: Evidence
) -> None:
    data = student_data.data(lesson_building.bundled("coding"))
    coded = next(one for one in data["exercises"] if one["facet"] == "power")
    codes = {one["key"]: coded["options"][n % 4]["value"] for n, one in enumerate(coded["items"][:9])}
    value = {key: {"code": code, "words": '"quoted", and', "reason": "=so"} for key, code in codes.items()}
    state = {"pseudonym": "robin", "hand_in": 3, "answers": {coded["number"]: {"value": value}}}
    scripts = ["csv.js", *SCRIPTS, "lesson/lesson-answers.js"]
    saved = "([exercise, state]) => compendium.lessons.answers.codesOf(exercise, state)"
    (tmp_path / "saved.csv").write_text(
        page_scripts.answer(chromium, tmp_path, scripts, saved, [coded, state]), encoding="utf-8"
    )
    learner = learners.read(tmp_path / "saved.csv", study)
    assert (learner.coder, learner.number, learner.faults) == ("robin", 3, ())
    assert learner.codings.set_index("extract_id")["code_id"].to_dict() == codes
    with (tmp_path / "saved.csv").open(encoding="utf-8", newline="") as file:
        assert {row["rationale"] for row in csv.DictReader(file)} == {'“"quoted", and” =so'}


def test_key_has_solutions_records_and_reasons() -> None:
    solved = answer_keys.key(sample_lessons.lesson())["exercises"]
    assert solved["9.2"]["items"] == {"answer": {"right": "0.60", "why": "6 of 10."}}
    assert solved["9.5"]["items"]["q"] == {"right": False, "why": "can two people be wrong together?"}
    assert solved["9.6"]["items"]["P2"] == {"taken": "late", "why": "Results are shown.", "allowed": ["unclear"]}
    assert solved["9.11"]["record"] == "Coders agreed on six of ten."


def test_every_language_has_every_word() -> None:
    english = engine_words.words("en")
    for language in engine_words.LANGUAGES:
        words = engine_words.words(language)
        assert words.keys() == english.keys()
        filled = {
            name
            for name in words
            if set(re.findall(r"\{\w+\}", words[name])) != set(re.findall(r"\{\w+\}", english[name]))
        }
        assert filled == set()
    assert engine_words.LANGUAGES == ("de", "en", "es")
    with pytest.raises(engine_words.WordsError, match=r"the language is 'fr'.*de, en, es"):
        engine_words.words("fr")


def test_files_of_words_name_nothing_twice() -> None:
    for file in engine_words.FOLDER.glob("*.toml"):
        names = re.findall(r"^(\w+) =", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(names) == len(set(names)) == len(tomllib.loads(file.read_text(encoding="utf-8")))


def test_the_same_lesson_gives_the_same_bytes() -> None:
    assert lesson_documents.page(sample_lessons.lesson()) == lesson_documents.page(sample_lessons.lesson())
