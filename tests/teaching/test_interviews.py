"""Interviews to code are checked as they are loaded: a message says what is wrong, where, and what to do."""

import csv
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import made_up_interviews
import pytest

from analysis import agreement
from analysis.exchange import commands, read_project
from analysis.exchange.importing.facets import Choices
from analysis.site.files import interview_codings
from analysis.teaching import interviews, reference_agreement
from analysis.teaching.interviews import CODERS, InterviewError, InterviewSet

SETS = interviews.sets()
Change = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_up_interviews.written(tmp_path)


def named(of: InterviewSet) -> str:
    return of.name


# --- those that the site offers


def test_six_interviews_are_there_and_every_notice_says_that_they_are_invented() -> None:
    assert [len(of.interviews) for of in SETS] == [3, 3]
    assert all(of.notice.startswith("Invented for teaching") for of in SETS)


@pytest.mark.parametrize("of", SETS, ids=named)
def test_both_reference_coders_read_each_interview_and_overlap_and_differ(of: InterviewSet) -> None:
    for one in of.interviews:
        assert {given.coder for given in one.codings} == {*CODERS}, one.slug
        assert len(one.planted) >= 8, one.slug
        spans = sorted({(given.start, given.end) for given in one.codings if given.coder == CODERS[0]})
        assert any(start < end_before for (_, end_before), (start, _) in pairwise(spans)), one.slug
    value = reference_agreement.overall(reference_agreement.turns_of(of), uncoded=False).value
    assert value is not None
    assert 0 < value < 1


@pytest.mark.parametrize("of", SETS, ids=named)
def test_the_interviewer_speaks_in_turn_with_others_and_much_less(of: InterviewSet) -> None:
    for one in of.interviews:
        said = {turn.speaker: 0 for turn in one.turns}
        for turn in one.turns:
            said[turn.speaker] += turn.end - turn.start
        assert said["Interviewer"] < sum(said.values()) / 3, one.slug


# --- what is read


def test_a_set_is_read_with_places_in_code_points(folder: Path) -> None:
    (one,) = interviews.load(folder).interviews
    assert one.planted[0].start == one.content.index("answer 7")
    assert one.content[one.codings[1].start : one.codings[1].end] == "answer 9 is, well, no"
    assert [given.code for given in one.codings] == ["Waiting", "Waiting > Company", "Waiting", "Bread"]
    assert {turn.speaker for turn in one.turns} == {"Interviewer", "Baker's wife"}
    assert one.words == len(made_up_interviews.content().split())


def test_a_paragraph_without_a_label_belongs_to_the_turn_before() -> None:
    content = "Ana: So.\n\nAnd then: nothing. It was late.\n\nBen: At 10:30?\n"
    assert [(turn.speaker, content[turn.start : turn.end]) for turn in interviews.turns(content)] == [
        ("Ana", "Ana: So."),
        ("And then", "And then: nothing. It was late."),
        ("Ben", "Ben: At 10:30?"),
    ]
    assert len(interviews.turns("Ana: So.\n\nIt was late. Then: nothing.\n")) == 1


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("interviews.toml", lambda text: f"[{text}", r"interviews\.toml: is not TOML"),
        ("interviews.toml", lambda text: text.replace("Invented for", "For"), "does not say that all is invented"),
        ("interviews.toml", lambda text: text.replace(" CC BY 4.0.", ""), "does not name the licence"),
        ("interviews.toml", lambda text: text.replace("about =", "of =", 1), "field of: .* unknown field"),
        ("interviews.toml", lambda text: text.replace('slug = "queue"', 'slug = "The Queue"'), "has no usable slug"),
        ("interviews.toml", lambda text: text.replace("answer 7", "answer 70"), r"occur no times in the text.*answer 70"),
        ("interviews.toml", lambda text: text.replace("answer 7 is", "is"), "occur 67 times in the text"),
        ("interviews.toml", lambda text: text.replace("01-queue", "02-queue"), r"02-queue\.txt: cannot be read"),
        ("01-queue.txt", lambda text: text[: len(text) // 2].rpartition("\n\n")[0] + "\n", r"txt: has .* words.*1,800"),
        ("01-queue.txt", lambda text: text + text, r"words.* between 1,800 and 2,500"),
        ("01-queue.txt", lambda text: text.removesuffix("\n"), "Use LF, with one at the end"),
        ("01-queue.txt", lambda text: text.replace("Interviewer: So, question 2?\n\n", ""), "line 5: the same speaker has"),
        ("01-queue.txt", lambda text: text.replace("Interviewer: So, question 1?", "So?"), "line 1: a turn has no speaker"),
        ("01-queue.txt", lambda text: text.replace("That was 3.", "Mail kim@example.org."), "line 11: .*e-mail address"),
        ("01-queue.txt", lambda text: text.replace("That was 3.", "That was 3. "), "line 11: .*blanks"),
        ("codes.csv", lambda text: text.replace("definition", "meaning"), "codes.csv, row 1: wrong columns"),
        ("codes.csv", lambda text: text.replace("Cake.", "Cake., and tea"), "row 4: 7 cells in place of 6"),
        ("codes.csv", lambda text: text.replace("Waiting,Company", "Rest,Company"), "row 3, field parent: there is no such"),
        ("codes.csv", lambda text: text.replace("What is bought.", ""), "row 4: a code needs a name and a definition"),
        ("codes.csv", lambda text: text + ",bread,What is eaten.,,,\n", "row 5, field code: a code is there twice"),
        ("codings.csv", lambda text: text.replace(",Bread,", ",Cake,"), "row 5, field code: codes.csv has no such code"),
        ("codings.csv", lambda text: text.replace("answer 9 is", "answer 90 is"), "row 3, field passage: .*no times"),
        ("codings.csv", lambda text: text.replace("queue,reference-b", "que,reference-b", 1), "row 4, field interview"),
        ("codings.csv", lambda text: text.replace("reference-b", "reference-c"), "row 4, field coder"),
        ("codings.csv", lambda text: text.replace(made_up_interviews.WHY_B, ""), "row 5, field reason"),
        ("codings.csv", lambda text: text + text.splitlines()[1] + "\n", "row 6: the same coding is there twice"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_place(folder: Path, file: str, change: Change, told: str) -> None:
    before = (folder / file).read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the test has to change something"
    (folder / file).write_text(after, encoding="utf-8", newline="")
    with pytest.raises(InterviewError, match=told):
        interviews.load(folder)


def test_a_text_in_another_encoding_is_reported_with_its_line(folder: Path) -> None:
    text = folder / "01-queue.txt"
    text.write_bytes(text.read_bytes().replace("🙂".encode(), b"\xff"))
    with pytest.raises(InterviewError, match=r"01-queue\.txt, line 3: is not text in UTF-8"):
        interviews.load(folder)


@pytest.mark.parametrize(
    ("added", "told"), [("a\0b\n", "a control character"), ('"' + "x" * 140_000, "not a valid table")]
)
def test_a_table_that_no_program_reads_is_reported(folder: Path, added: str, told: str) -> None:
    file = folder / interviews.CODINGS
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    limit = csv.field_size_limit(131_072)  # the usual one, which other packages raise for all
    try:
        with pytest.raises(InterviewError, match=told):
            interviews.load(folder)
    finally:
        csv.field_size_limit(limit)


def test_an_interview_that_one_coder_left_out_is_reported(folder: Path) -> None:
    note = folder / "interviews.toml"
    text = note.read_text(encoding="utf-8")
    second = text[text.index("[[interview]]") : text.index("[[interview.planted]]")]
    note.write_text(text + second.replace('"queue"', '"crust"'), encoding="utf-8")
    with pytest.raises(InterviewError, match="reference-a coded nothing of crust"):
        interviews.load(folder)


def test_two_interviews_of_one_slug_are_reported(tmp_path: Path) -> None:
    made_up_interviews.written(tmp_path).rename(tmp_path / "mill")
    made_up_interviews.written(tmp_path)
    with pytest.raises(
        InterviewError, match=r"mill/interviews\.toml: another set has an interview of this slug.*queue"
    ):
        interviews.sets(tmp_path)


# --- how far the reference coders agree


def test_agreement_of_reference_coders_is_that_of_their_sets_of_codes_by_turn(folder: Path) -> None:
    of = interviews.load(folder)
    given = reference_agreement.turns_of(of)
    assert given.loc["queue 14"].tolist() == [{"Waiting"}, {"Waiting"}]
    assert given.loc["queue 18"].tolist() == [{"Waiting > Company"}, {"Bread"}]
    assert reference_agreement.overall(given, uncoded=True).units == 134
    assert reference_agreement.overall(given, uncoded=False).units == 2
    table = reference_agreement.per_code(of).set_index("code")
    assert table.loc["Waiting", ["reference-a", "reference-b", "both", "alpha"]].tolist() == [1, 1, 1, 1.0]
    assert table.loc["Bread", ["reference-a", "reference-b", "both"]].tolist() == [0, 1, 0]


# --- a study of them


@pytest.mark.parametrize("of", SETS, ids=named)
def test_reference_codings_become_a_study_in_which_agreement_is_computed(of: InterviewSet, tmp_path: Path) -> None:
    table, project = tmp_path / "codings.csv", tmp_path / "codings.qdpx"
    table.write_bytes(interview_codings.table(of))
    project.write_bytes(interview_codings.project(of))
    number = sum(len(one.codings) for one in of.interviews)
    for file in (table, project):
        study = commands.coded(commands.read(file), Choices()).evidence
        assert set(study.coders["coder_id"]) == {*CODERS}
        assert len(study.codings) == number
        facet = study.codings["facet"].value_counts().index[0]
        found = agreement.sets.krippendorff_alpha(agreement.sets.from_evidence(study, facet, CODERS))
        assert found.paired > 0, "both marked some passages with the same beginning and end"
        assert found.value is not None or found.reason
    assert len([*read_project(project).project.codings()]) == number
