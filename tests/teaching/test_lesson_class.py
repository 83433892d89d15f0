"""Hand-ins of lessons are read piece by piece: what can be used counts, and nothing that somebody did is lost in silence."""

import csv
import io
import json
import resource
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import drawn_classes
import pytest
from command_line import run, run_apart
from drawn_classes import CODES, KEY, LESSON, coded, hand_in

from analysis.support import paths
from analysis.teaching import (
    asked_lessons,
    class_folders,
    lesson_building,
    lesson_classes,
    lesson_exports,
    lesson_hand_ins,
)
from analysis.teaching.asked_lessons import AskedLesson, AskedLessonError
from analysis.teaching.class_folders import ClassFolderError
from analysis.teaching.lesson_answers import Given
from analysis.teaching.lesson_classes import LessonClass
from analysis.teaching.lesson_exports import IdentifiersError

Handed = Mapping[str, Any]


@pytest.fixture(scope="module")
def lesson() -> AskedLesson:
    return asked_lessons.from_data(LESSON, KEY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "class"
    where.mkdir()
    (where / "invented.lesson.json").write_text(json.dumps(LESSON), encoding="utf-8")
    (where / "invented.key.json").write_text(json.dumps(KEY), encoding="utf-8")
    return where


def of(lesson: AskedLesson, *given: Handed) -> LessonClass:
    """Return the class of some hand-ins, whose files are named by their places."""
    read = [lesson_hand_ins.from_text(json.dumps(one), f"{at}.json") for at, one in enumerate(given, 1)]
    assert not any(part.faults for part in read)
    return lesson_classes.of_hand_ins(lesson, [one for part in read for one in part.hand_ins])


def names(found: LessonClass) -> set[str]:
    return {one.pseudonym for one in found.students}


def exercise(found: LessonClass, number: str) -> asked_lessons.Asked:
    one = found.lesson.exercise(number)
    assert one is not None
    return one


def counts(found: LessonClass, number: str) -> dict[str, dict[str, int]]:
    splits = lesson_classes.splits(found, exercise(found, number))
    return {one.item: {answer.label: len(answer.students) for answer in one.answers} for one in splits}


# --- reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\ufeff \n", "the file is empty"),
        ("Dear teacher, I am ill.", "this is not a hand-in"),
        ('{"format": "lesson-hand-in", "version": 1, "les', "it was cut short"),
        ('{"format": "lesson", "version": 1}', "not a hand-in of a lesson"),
        ('{"format": "lesson-hand-in", "version": 2, "lesson": "x"}', "this version of hand-ins is not known"),
        ("PIC1.", "the text is cut short or was changed"),
        ("PIC1.AAAA.00000000", "the text is cut short or was changed"),
        ("[" * 5000, "this is not a hand-in"),
        ('{"a":' * 5000, "it was cut short, changed or damaged"),
        ("x" * (lesson_hand_ins.LARGEST + 1), "too long for a hand-in"),
    ],
    ids=str.strip,
)
def test_what_is_no_hand_in_is_told_and_does_not_stop_the_class(text: str, said: str) -> None:
    found = lesson_hand_ins.from_text(text, "robin.json")
    assert found.hand_ins == ()
    assert said in str(found.faults[0])
    assert str(found.faults[0]).startswith("robin.json")


def test_one_damaged_place_costs_that_place_alone(lesson: AskedLesson) -> None:
    answers = {"9.4": coded({"P1": "resource", "P2": "money"}), "9.1": 7, "9.3": {"x": True, "q": False}}
    one = hand_in("robin", answers, hand_in=-1, saved=3, reviews=[1, {"of": "kim", "exercise": "9.7", "comment": 5}])
    found = of(lesson, one | {"answers": one["answers"] | {"9.2": None, "8.1": {"state": "lost"}}})
    assert counts(found, "9.4") == {"P1": {"Resource power": 1}}
    assert counts(found, "9.3") == {"x": {"yes": 1}}
    (robin,) = found.students
    assert robin.reviews[0].of == "kim"
    assert {fault.field for fault in found.faults} == {
        "hand_in", "saved", "reviews › 1", "reviews › 2 › comment", "answers › 9.4 › P2", "answers › 9.1",
        "answers › 9.3 › q", "answers › 9.2", "answers › 8.1", "answers › 8.1 › state",
    }  # fmt: skip


def test_a_pasted_text_survives_mail_and_shows_a_cut() -> None:
    texts = [lesson_hand_ins.packed(hand_in(name, {"9.7": {"text": f"ich – {name} ☂"}})) for name in ("kim", "robin")]
    mail = "\n".join(f"Hello,\n> {text[:60]}\n> {text[60:]} \nBye" for text in texts)
    read = lesson_hand_ins.from_text(mail, "mail.txt")
    assert [one.pseudonym for one in read.hand_ins] == ["kim", "robin"]
    assert read.hand_ins[0].answers["9.7"].value == {"text": "ich – kim ☂"}
    for broken in (texts[0][:-3], texts[0][:40] + texts[0][44:], texts[0].replace(".", ",")):
        cut = lesson_hand_ins.from_text(f"{broken} {texts[1]}", "mail.txt")
        assert [one.pseudonym for one in cut.hand_ins][-1:] == ["robin"]
        assert len(cut.hand_ins) + len(cut.faults) >= 1


def test_a_text_that_unpacks_to_far_more_than_a_hand_in_is_refused() -> None:
    read = lesson_hand_ins.from_text(lesson_hand_ins.packed({"x": "0" * (5 * lesson_hand_ins.LARGEST)}), "bomb.txt")
    assert "cut short or was changed" in str(read.faults[0])


def test_half_a_character_is_replaced_and_can_be_shown(lesson: AskedLesson) -> None:
    text = json.dumps(hand_in("robin", {"9.7": {"text": "x \ud800 y 😀", "checklist": []}}))
    (one,) = lesson_hand_ins.from_text(text, "robin.json").hand_ins
    (writing,) = lesson_classes.writings(lesson_classes.of_hand_ins(lesson, [one]), lesson.exercises[6])
    assert writing.text == "x \ufffd y 😀"


def test_a_file_that_is_not_there_or_too_big_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in str(lesson_hand_ins.read(tmp_path / "kim.json").faults[0])
    (tmp_path / "big.json").write_bytes(b"x" * (lesson_hand_ins.LARGEST + 1))
    assert "too long" in str(lesson_hand_ins.read(tmp_path / "big.json").faults[0])


# --- whose hand-in counts


def test_the_latest_hand_in_of_a_pseudonym_counts_and_the_other_is_named(lesson: AskedLesson) -> None:
    given = [hand_in("Robin", {"9.1": {"answer": str(at)}}, hand_in=at) for at in (2, 10, 9)]
    found = of(lesson, *given, hand_in("robin ", {"9.1": {"answer": "10"}}, hand_in=10))
    assert counts(found, "9.1") == {"answer": {"10": 1}}
    assert found.roster.notes == (
        "1.json: 2.json counts in its place.",
        "3.json: 2.json counts in its place.",
        "4.json: the same answers as in 2.json, so they count once.",
    )
    assert found.faults == ()


@pytest.mark.parametrize(
    ("one", "other"), [({"work": "a1"}, {"work": "b2", "hand_in": 3}), ({}, {})], ids=["two works", "one number"]
)
def test_two_students_with_one_pseudonym_both_count_and_are_told(
    lesson: AskedLesson, one: Handed, other: Handed
) -> None:
    found = of(
        lesson,
        hand_in("robin", {"9.1": {"answer": "1"}}, **one),
        hand_in("robin", {"9.1": {"answer": "2"}}, **other),
    )
    assert names(found) == {"robin", "robin (2)"}
    assert counts(found, "9.1") == {"answer": {"1": 1, "2": 1}}
    (told,) = found.faults
    assert "2.json has the same pseudonym and other answers" in str(told)
    assert "remove the files that shall not count" in str(told)


def test_a_hand_in_without_a_pseudonym_goes_by_its_file() -> None:
    found = lesson_hand_ins.from_text(json.dumps(hand_in(" ", {})), "coding-kim (1).json")
    assert [one.pseudonym for one in found.hand_ins] == ["coding-kim"]
    assert "by its name" in str(found.hand_ins[0].faults[0])


def test_another_version_of_the_lesson_counts_as_far_as_it_asks_the_same(lesson: AskedLesson) -> None:
    old = hand_in("robin", {"9.1": {"answer": "0.42"}, "9.77": {"answer": "1"}}, digest="d0")
    found = of(lesson, old)
    assert counts(found, "9.1") == {"answer": {"0.42": 1}}
    assert ["another version of the lesson" in str(found.faults[0]), found.faults[1].field] == [True, "answers › 9.77"]


def test_numbers_of_students_do_not_follow_their_names(lesson: AskedLesson) -> None:
    given = [hand_in(f"student-{at:02}", {}) for at in range(12)]
    order = [one.pseudonym for one in of(lesson, *given).students]
    assert order != sorted(order)
    assert order == [one.pseudonym for one in of(lesson, *reversed(given)).students]


# --- results


def test_answers_that_say_the_same_are_counted_together(lesson: AskedLesson) -> None:
    typed = ["0.42", "0,42", " .420", "42 %", "21/50", "about half", ""]
    found = of(lesson, *(hand_in(f"s{at}", {"9.1": {"answer": one}}) for at, one in enumerate(typed)))
    assert sorted(counts(found, "9.1")["answer"].values()) == [1, 5]
    labels = [hand_in("a", {"9.5": {"P1": "Trust"}}), hand_in("b", {"9.5": {"P1": " trust "}})]
    assert list(counts(of(lesson, *labels), "9.5")["P1"].values()) == [2]


def test_the_most_divided_item_comes_first_with_its_gist_and_reasons(lesson: AskedLesson) -> None:
    given = [
        hand_in("a", {"9.4": coded({"P1": CODES[0], "P2": CODES[0]}, "because")}),
        hand_in("b", {"9.4": coded({"P1": CODES[0], "P2": CODES[1]})}),
    ]
    found = of(lesson, *given)
    first, second = lesson_classes.splits(found, exercise(found, "9.4"))
    assert (first.item, first.text, first.share) == ("P2", "What P2 says, invented", 0.5)
    assert (second.item, second.share) == ("P1", 1.0)
    ((at, reason),) = lesson_classes.reasons(found, exercise(found, "9.4"), "P2")
    assert found.students[at].pseudonym == "a"
    assert reason == Given(CODES[0], "Structural power", "", "because")


def test_groups_are_compared_by_what_is_together_and_not_by_their_names(lesson: AskedLesson) -> None:
    given = [
        hand_in("a", {"9.6": {"A": "one", "B": "one", "C": "two"}}),
        hand_in("b", {"9.6": {"A": "power", "B": "power", "C": "rest"}}),
        hand_in("c", {"9.6": {"A": "x", "B": "y", "C": "y"}}),
    ]
    assert counts(of(lesson, *given), "9.6") == {
        "A": {"What B says, invented": 2},
        "B": {"What A says, invented": 2, "What C says, invented": 1},
        "C": {"What B says, invented": 1},
    }


def test_where_only_what_belongs_is_named_the_rest_is_left_out_on_purpose(lesson: AskedLesson) -> None:
    found = of(lesson, hand_in("a", {"9.9": coded({"P1": CODES[0]})}), hand_in("b", {"9.9": coded({})}))
    assert counts(found, "9.9") == {"P1": {"Structural power": 1}, "P2": {"none": 1}, "P3": {"none": 1}}


def test_two_rounds_show_who_changed_and_agreement_before_and_after(lesson: AskedLesson) -> None:
    first = [("a", CODES[0]), ("b", CODES[1]), ("c", CODES[1]), ("d", CODES[2])]
    given = [
        hand_in(name, {"9.4": coded({"P1": code, "P2": CODES[0]}), "9.8": coded({"P1": CODES[1], "P2": CODES[0]})})
        for name, code in first[:3]
    ]
    found = of(lesson, *given, hand_in("d", {"9.4": coded({"P1": CODES[2]})}))
    rounds = lesson_classes.rounds(found, exercise(found, "9.8"))
    assert rounds is not None
    assert rounds.students == 3, "who did one round only is not compared"
    assert [(one.item, one.changed, one.both) for one in rounds.items] == [("P1", 1, 3), ("P2", 0, 3)]
    assert rounds.items[0].moves == ((CODES[0], CODES[1], 1),)
    assert rounds.before.percent == pytest.approx((1 / 3 + 1) / 2)
    assert rounds.after.percent == 1
    assert lesson_classes.rounds(found, exercise(found, "9.4")) is None


def test_agreement_that_is_not_defined_says_why(lesson: AskedLesson) -> None:
    found = of(lesson, hand_in("a", {"9.4": coded({"P1": CODES[0]})}))
    one = lesson_classes.agreement(exercise(found, "9.4"), found.given["9.4"])
    assert (one.percent, one.reason) == (None, "fewer than two students answered")


def test_open_answers_come_with_checklists_and_what_partners_say(lesson: AskedLesson) -> None:
    review = {"of": "Robin", "exercise": "9.7", "checklist": [True, True], "comment": "Clear."}
    found = of(
        lesson,
        hand_in("robin", {"9.7": {"text": " Mine. ", "checklist": [True, False]}}),
        hand_in("kim", {"9.7": {"text": " "}}, reviews=[review]),
    )
    (one,) = lesson_classes.writings(found, exercise(found, "9.7"))
    assert (one.text, one.ticked, one.boxes) == ("Mine.", 1, 2)
    ((by, ticked, boxes, comment),) = [(r.by, r.ticked, r.boxes, r.comment) for r in one.reviews]
    assert (found.students[by].pseudonym, ticked, boxes, comment) == ("kim", 2, 2, "Clear.")


# --- tables for other programs


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def two(lesson: AskedLesson) -> LessonClass:
    tried = {"value": {"answer": "1"}, "state": "not-yet", "tries": 3, "hints": 2, "solution": True}
    return of(
        lesson,
        hand_in("=robin", {"9.1": tried, "9.7": {"text": "=1+1", "checklist": []}}),
        hand_in("kim", {"9.7": {"text": "Two\nlines", "checklist": []}, "9.1": {"answer": "1"}}),
    )


def test_a_learning_platform_gets_a_column_for_each_exercise_and_the_total(two: LessonClass) -> None:
    head, *body = rows(lesson_exports.grades(two))
    assert head[:3] == ["Username", "Pseudonym", "An invented lesson 9.1"]
    assert head[-1] == "An invented lesson total"
    assert len(head) == 2 + len(LESSON["exercises"]) + 1
    assert body == [
        ["'=robin", "'=robin", *"000000100", "1"],
        ["kim", "kim", *"100000100", "2"],
    ], "what spreadsheets would run is text"


def test_canvas_gets_its_own_columns_and_the_points_that_are_possible(two: LessonClass) -> None:
    head, possible, *body = rows(lesson_exports.grades(two, canvas=True, identifiers={"kim": "k17@uni.example"}))
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert possible[0].strip() == "Points Possible"
    assert possible[5:] == ["1"] * 9 + ["9"]
    assert [row[0:4:3] for row in body] == [["'=robin", "'=robin"], ["kim", "k17@uni.example"]]


def test_a_table_of_users_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("Pseudonym;Login\r\nKim ;k17@uni.example\r\n;\r\n", encoding="utf-8-sig")
    assert lesson_exports.read_identifiers(file) == {"kim": "k17@uni.example"}
    file.write_text("pseudonym,login\nkim,\n", encoding="utf-8")
    with pytest.raises(IdentifiersError, match=r"users.csv, row 2: a pseudonym or an identifier is missing"):
        lesson_exports.read_identifiers(file)
    with pytest.raises(IdentifiersError, match="cannot be read"):
        lesson_exports.read_identifiers(tmp_path / "nowhere.csv")


def test_the_rubric_has_a_row_for_each_criterion_with_points_to_fill_in(two: LessonClass) -> None:
    head, *body = rows(lesson_exports.rubric(two))
    assert head == ["Pseudonym", "Exercise", "Title", "Answer", "Criterion", "Points possible", "Points", "Comment"]
    assert {tuple(row[4:]) for row in body} == {("Names a code", "2", "", ""), ("Example", "1.5", "", "")}
    assert {row[3] for row in body} == {"'=1+1", "Two\nlines"}


def test_without_a_key_the_checklist_is_the_rubric() -> None:
    bare = asked_lessons.from_data(LESSON)
    texts = [one.text for one in lesson_exports.criteria(bare.exercises[6])]
    assert texts == ["It names a code", "It has an example"]


# --- the command


def write(folder: Path, *given: Handed) -> None:
    for one in given:
        (folder / f"invented-{one['pseudonym']}.json").write_text(json.dumps(one), encoding="utf-8")


def test_the_command_shows_a_class_without_names(folder: Path) -> None:
    write(folder, *(hand_in(name, {"9.4": coded({"P1": code})}) for name, code in zip("ab", CODES, strict=False)))
    (folder / "mail.txt").write_text(lesson_hand_ins.packed(hand_in("kim", {"9.4": coded({"P1": CODES[1]}, "so")})))
    ran = run("class", folder)
    assert ran.returncode == 0, ran.stderr
    for said in ("Student 1", "What P1 says, invented", "Resource power 2, Structural power 1", "Krippendorff's alpha"):
        assert said in ran.stdout
    assert "kim" not in ran.stdout
    assert "kim: so" in run("class", folder, "--names").stdout


def test_the_command_tells_what_it_cannot_use_and_loses_nothing(folder: Path) -> None:
    write(folder, hand_in("robin", {"9.1": {"answer": "1"}}), hand_in("kim", {}, lesson="unheard-of", title="Second"))
    (folder / "cut.json").write_text('{"format": "les', encoding="utf-8")
    (folder / "ana.csv").write_text("extract_id,stage\nT01,initiation\n", encoding="utf-8")
    (folder / "notes.docx").write_text("hello", encoding="utf-8")
    ran = run("class", folder)
    assert ran.returncode == 1
    for said in (
        "cut.json: this is not complete",
        "invented-kim.json: the lesson “Second” (unheard-of) is not known here",
        "notes.docx: not a CSV file, not read",
        "Handed in",
    ):
        assert said in ran.stdout
    assert "robin.json" not in ran.stdout


def test_what_is_no_hand_in_is_named_where_there_are_no_codings_either(folder: Path) -> None:
    write(folder, hand_in("robin", {"9.1": {"answer": "1"}}))
    (folder / "notes.docx").write_text("hello", encoding="utf-8")
    (folder / "old").mkdir()
    said = run("class", folder).stdout
    assert "notes.docx: not a hand-in, not read." in said
    assert "old/: a folder, not read." in said
    assert "Handed in" not in said, "no table of codings where there are none"


def test_a_class_that_has_not_handed_in_yet_is_no_fault(folder: Path) -> None:
    ran = run("class", folder)
    assert (ran.returncode, ran.stdout) == (0, "Nobody has handed in a lesson yet.\n")


def test_a_lesson_of_the_compendium_is_known_by_its_name_and_built_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    tmp_path = tmp_path / "class"
    tmp_path.mkdir()
    lesson = class_folders.named("coding")
    one = next(each for each in lesson.exercises if each.kind == "coding" and each.again)
    code = next(iter(one.options))
    answers = {number: coded(dict.fromkeys(one.items, code)) for number in (one.again, one.number)}
    write(tmp_path, hand_in("robin", answers, lesson=lesson.name, digest=lesson.digest))
    ran = run("class", tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert f"{one.again} and {one.number}: two rounds, by one student" in ran.stdout
    monkeypatch.setattr(lesson_building, "built", None)
    monkeypatch.setattr(lesson_building, "bundled", None)
    assert run("class", tmp_path).stdout == ran.stdout
    with pytest.raises(AskedLessonError, match="there is no such lesson"):
        class_folders.named("codng")


def test_a_lesson_can_be_named_by_its_file(folder: Path, tmp_path: Path) -> None:
    elsewhere = folder.rename(tmp_path / "lesson")
    klass = tmp_path / "handed in"
    klass.mkdir()
    write(klass, hand_in("robin", {"9.7": {"text": "Mine", "checklist": []}}), hand_in("kim", {}, lesson="other"))
    ran = run("class", klass, "--lesson", elsewhere / "invented.lesson.json", "--csv", tmp_path / "out.csv", "--rubric", tmp_path / "points.csv")  # fmt: skip
    assert "this is a hand-in of another lesson" in ran.stdout
    assert rows((tmp_path / "out.csv").read_text(encoding="utf-8"))[1][0] == "robin"
    assert rows((tmp_path / "points.csv").read_text(encoding="utf-8"))[1][3:6] == ["Mine", "Names a code", "2"]


def test_tables_of_no_lesson_or_of_several_are_refused_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    for options in (["--csv"], ["--rubric"]):
        ran = run("class", folder, *options, tmp_path / "out.csv")
        assert ran.returncode == 2
        assert "Name the lesson with --lesson" in ran.stderr
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(ClassFolderError, match="there is no such folder"):
        class_folders.read(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", "[]", '{"format": "lesson", "version": 1}', "{"], ids=repr)
def test_data_of_a_lesson_that_cannot_be_used_are_told(folder: Path, content: str) -> None:
    file = folder / "invented.lesson.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(AskedLessonError, match=r"invented\.lesson\.json"):
        asked_lessons.read(file)
    write(folder, hand_in("robin", {}))
    assert "invented.lesson.json" in run("class", folder).stdout


def test_a_key_of_another_version_is_not_used(folder: Path) -> None:
    (folder / "invented.key.json").write_text(json.dumps(KEY | {"digest": "other"}), encoding="utf-8")
    with pytest.raises(AskedLessonError, match="the key is of another version of the lesson"):
        asked_lessons.read(folder / "invented.lesson.json")


IDLE = 0.24  # seconds of a fixed piece of work on an idle core of the machine that targets are for


def slowness() -> float:
    """Return how many times longer a fixed piece of work takes here and now, at least once (as in `browser.at_work`)."""
    before, total = time.process_time(), 0
    for number in range(3_000_000):
        total += number * number % 7
    return max(1.0, (time.process_time() - before) / IDLE)


@pytest.mark.thorough
def test_a_class_of_a_hundred_takes_less_than_two_seconds(folder: Path) -> None:
    for name, text in drawn_classes.files(drawn_classes.drawn(11, 100)):
        (folder / name).write_text(text, encoding="utf-8")
    took = []
    for _ in range(5):  # other tests run beside this one: the quickest run is what the command takes
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "Student 60" in run_apart("class", folder).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / slowness())
        if took[-1] < 2:
            return
    pytest.fail(f"seconds of the processor: {took}")
