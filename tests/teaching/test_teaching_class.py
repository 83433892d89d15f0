"""Learners' codings are taken as they come: what can be used is used and counted, the rest is told by file and row."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import agreement
from analysis.cli.app import app
from analysis.display.captioned_tables import CaptionedTable
from analysis.study.evidence import Evidence
from analysis.teaching import class_comparisons, classroom, learners
from analysis.teaching.classroom import ClassroomError
from analysis.teaching.learners import Learner, LearnersError
from analysis.teaching.replies import Outcome, Reply

LONG = "extract_id,facet,code_id\nT01,stage,initiation\nT02,stage,not-stated\nT01,power,structural\n"
WIDE = "extract_id,stage,power\nT01,initiation,structural\nT02,not-stated,\n"

Hand = Callable[..., Learner]


@pytest.fixture
def hand(tmp_path: Path, study: Evidence) -> Hand:
    """Hand in a file and read it."""

    def write(content: str | bytes, name: str = "robin.csv", encoding: str = "utf-8") -> Learner:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        before = file.read_bytes()
        learner = learners.read(file, study)
        assert file.read_bytes() == before, "a learner's file is never changed"
        assert len(learner.codings) <= learner.given
        return learner

    return write


def codes(learner: Learner) -> set[tuple[str, str, str]]:
    return set(learner.codings[["extract_id", "facet", "code_id"]].itertuples(index=False, name=None))


THREE = {("T01", "stage", "initiation"), ("T02", "stage", "not-stated"), ("T01", "power", "structural")}


def test_both_shapes_give_the_same_codings(hand: Hand) -> None:
    long, wide = hand(LONG), hand(WIDE)
    assert codes(long) == codes(wide) == THREE
    assert long.faults == wide.faults == ()
    assert long.given == wide.given == 3
    assert long.summary() == "robin: 3 of 3 codings used"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_make_of_csv_is_accepted(hand: Hand, encoding: str, separator: str, end: str) -> None:
    text = LONG.replace(",", separator).replace("\n", end)
    assert codes(hand(text, encoding=encoding)) == THREE


def test_letters_of_windows_are_read_as_such(hand: Hand) -> None:
    learner = hand("extract_id;stage;Bemerkung\nT01;initiation;Gefühl\n", encoding="cp1252")
    assert codes(learner) == {("T01", "stage", "initiation")}


def test_the_separator_line_of_excel_and_blank_rows_are_passed_over_but_counted_as_rows(hand: Hand) -> None:
    learner = hand("sep=;\r\nextract_id;stage\r\n;\r\nT01;initiation\r\n\r\nT77;initiation\r\n")
    assert codes(learner) == {("T01", "stage", "initiation")}
    assert [fault.row for fault in learner.faults] == [6]


def test_names_headers_and_keys_may_be_written_as_people_do(hand: Hand) -> None:
    learner = hand("Extract ID,Stage,POWER\n t01 ,Not stated,Structural power\n")
    assert codes(learner) == {("T01", "stage", "not-stated"), ("T01", "power", "structural")}


def test_the_table_of_codings_of_one_coder_can_be_read(hand: Hand, study: Evidence) -> None:
    own = study.codings[study.codings["coder_id"] == "reader-a"]
    learner = hand(own.to_csv(index=False))
    assert len(learner.codings) == learner.given == len(own)
    assert set(learner.codings["role"]) == {"primary", "alternative"}


def test_unknown_passages_codes_facets_and_roles_are_told_by_row_and_the_others_kept(hand: Hand) -> None:
    learner = hand(
        "extract_id,facet,code_id,role\nT1,stage,initiation,\nT02,stage,initation,\nT03,stages,initiation,\n"
        "T04,stage,structural,\nT05,stage,initiation,first\nT06,stage,initiation,primary\n"
    )
    assert codes(learner) == {("T06", "stage", "initiation")}
    assert learner.given == 6
    assert [(fault.row, fault.field, fault.value) for fault in learner.faults] == [
        (2, "extract_id", "T1"), (3, "code_id", "initation"), (4, "facet", "stages"), (5, "code_id", "structural"),
        (6, "role", "first"),
    ]  # fmt: skip
    assert "did you mean T01?" in str(learner.faults[0])
    assert "did you mean initiation?" in str(learner.faults[1])
    assert all("robin.csv, row" in str(fault) for fault in learner.faults)


def test_of_two_codes_for_one_passage_and_facet_none_is_used_and_both_are_told(hand: Hand) -> None:
    learner = hand("extract_id,stage\nT01,initiation\nT02,initiation\nT01,dissemination\n")
    assert codes(learner) == {("T02", "stage", "initiation")}
    assert [fault.row for fault in learner.faults] == [2, 4]
    assert "T01 is coded for stage as dissemination and initiation; none is used" in str(learner.faults[0])


def test_a_row_said_twice_counts_once(hand: Hand) -> None:
    learner = hand("extract_id,stage\nT01,initiation\nT01,initiation\n")
    assert codes(learner) == {("T01", "stage", "initiation")}
    assert "row 2 says the same" in str(learner.faults[0])


@pytest.mark.parametrize(
    "text",
    [
        'extract_id,stage,why\nT01,initiation,plain\nT02,"initiation,\nT03,initiation,\n',
        'extract_id,stage,why\nT01,initiation,plain\nT02,initiation,"because\nT03,initiation,\n',
        'extract_id,stage,why\nT01,initiation,plain\nT02,initiation,"because\nT03,initiation,"a reason"\n',
        'extract_id;stage;why\r\nT01;initiation;plain\r\n"T02;initiation;\r\nT03;initiation;\r\n',
    ],
    ids=["code", "reason", "reason closed below", "passage"],
)
def test_rows_that_an_unclosed_quotation_mark_takes_in_are_told(hand: Hand, text: str) -> None:
    learner = hand(text)
    assert codes(learner) == {("T01", "stage", "initiation")}
    (fault,) = learner.faults
    assert fault.row == 3
    assert "a quotation mark is not closed, so the cell takes in one more row" in str(fault)


def test_a_reason_of_several_lines_is_no_fault(hand: Hand) -> None:
    learner = hand('extract_id,stage,why\nT01,initiation,"first,\nthen ""more""\nof it"\nT02,initiation,\n')
    assert len(learner.codings) == 2
    assert learner.faults == ()


def test_an_alternative_beside_a_primary_code_is_kept(hand: Hand) -> None:
    learner = hand("extract_id,facet,code_id,role\nT01,stage,initiation,primary\nT01,stage,not-stated,alternative\n")
    assert list(learner.codings["role"]) == ["primary", "alternative"]
    assert learner.faults == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n", "the file is empty"),
        ("passage,code\nT01,initiation\n", "wrong columns"),
        ("extract_id,facet\nT01,stage\n", "wrong columns"),
        ("T01,stage,initiation\n", "wrong columns"),
        ("extract_id,stage\n", "no row below it"),
        (b"PK\x03\x04rest of a workbook", "a spreadsheet's own file"),
        (b"extract_id,stage\nT01,\x81\x8d\n", "the characters cannot be read"),
        (b"\xff\xfee", "the characters cannot be read"),
        ("extract_id,coder_id,facet,code_id\nT01,a,stage,initiation\nT01,b,stage,initiation\n", "several coders"),
    ],
    ids=["empty", "only a mark", "wrong names", "column missing", "no header", "no rows", "workbook", "bytes", "cut", "coders"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_and_does_not_stop_the_class(
    hand: Hand, content: str | bytes, said: str
) -> None:
    learner = hand(content)
    assert len(learner.codings) == 0
    assert said in str(learner.faults[0])
    assert "robin.csv" in str(learner.faults[0])
    assert learner.pseudonym == "robin"


def test_a_cell_longer_than_csv_allows_is_told_and_a_long_value_is_cut_short(hand: Hand) -> None:
    text = "extract_id,stage\nT01," + "x" * 5_000 + "\n"
    assert len(str(hand(text).faults[0])) < 400
    limit = csv.field_size_limit(1_000)
    try:
        assert "not valid CSV" in str(hand(text).faults[0])
    finally:
        csv.field_size_limit(limit)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, study: Evidence) -> None:
    assert "cannot be read" in str(learners.read(tmp_path / "kim.csv", study).faults[0])


# --- handing in from a notebook


def test_nothing_is_handed_in_without_a_pseudonym_or_a_code(tmp_path: Path, study: Evidence) -> None:
    for pseudonym, answers in (
        ("", {"stage": {"T01": "initiation"}}),
        ("robin", {"stage": {"T01": ""}}),
        ("robin", {}),
    ):
        reply = learners.hand_in(pseudonym, answers, tmp_path / "codings", study)
        assert reply.heading == "Nothing handed in yet"
    assert not (tmp_path / "codings").exists()


def test_what_is_handed_in_can_be_read_again(tmp_path: Path, study: Evidence) -> None:
    answers: dict[str, object] = {"stage": {"T01": "Initiation", "T02": ""}, "power": {"T01": "Structural power"}}
    reply = learners.hand_in("robin", answers, tmp_path, study)
    assert reply.heading == "Handed in"
    assert codes(learners.read(tmp_path / "robin.csv", study)) == {
        ("T01", "stage", "initiation"),
        ("T01", "power", "structural"),
    }


def test_handing_in_again_overwrites_nothing(tmp_path: Path, study: Evidence) -> None:
    first, second = ({"stage": {"T01": code}} for code in ("initiation", "not-stated"))
    for answers in (first, first, second, second):
        learners.hand_in("robin", answers, tmp_path, study)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["robin-2.csv", "robin.csv"]
    assert "initiation" in (tmp_path / "robin.csv").read_text(encoding="utf-8")


def test_going_back_to_earlier_codes_is_a_hand_in_of_its_own_that_counts(tmp_path: Path, study: Evidence) -> None:
    for code in ("initiation", "not-stated", "initiation"):
        reply = learners.hand_in("robin", {"stage": {"T01": code}}, tmp_path, study)
    assert "robin-3.csv" in reply.said[0]
    assert "robin.csv and robin-2.csv are still there" in reply.said[1]
    (robin,) = classroom.read(tmp_path, study).learners
    assert codes(robin) == {("T01", "stage", "initiation")}
    assert robin.number == 3


def test_the_next_hand_in_is_numbered_after_the_highest_even_where_one_is_missing(
    tmp_path: Path, study: Evidence
) -> None:
    for code in ("initiation", "not-stated", "dissemination"):
        learners.hand_in("robin", {"stage": {"T01": code}}, tmp_path, study)
    (tmp_path / "robin-2.csv").unlink()
    learners.hand_in("Robin", {"stage": {"T01": "operationalization"}}, tmp_path, study)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Robin-4.csv", "robin-3.csv", "robin.csv"]


def test_the_same_answers_give_the_same_bytes(tmp_path: Path, study: Evidence) -> None:
    for folder in ("one", "other"):
        learners.hand_in("robin", {"stage": {"T01": "initiation"}}, tmp_path / folder, study)
    expected = b"extract_id,facet,code_id,coder_id,hand_in\nT01,stage,initiation,robin,1\n"
    assert (tmp_path / "one" / "robin.csv").read_bytes() == (tmp_path / "other" / "robin.csv").read_bytes() == expected


@pytest.mark.parametrize("pseudonym", ["../robin", "a/b", "C:robin", "x" * 41, ".robin", "rob in"])
def test_a_pseudonym_cannot_name_a_place_elsewhere(tmp_path: Path, study: Evidence, pseudonym: str) -> None:
    reply = learners.hand_in(pseudonym, {"stage": {"T01": "initiation"}}, tmp_path / "codings", study)
    assert "cannot be the name of a file" in reply.said[0]
    assert not (tmp_path / "codings").exists()
    with pytest.raises(LearnersError, match="Use letters"):
        learners.save(learners.from_answers(pseudonym, {}, study), tmp_path)


# --- a class


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of three, one with a fault, one with Excel's semicolons, and a stray note."""
    where = tmp_path / "class"
    where.mkdir()
    (where / "ana.csv").write_text(
        "extract_id,stage\nT01,initiation\nT02,initiation\nT08,not-stated\n", encoding="utf-8"
    )
    (where / "ben.csv").write_text("extract_id;stage\r\nT01;initiation\r\nT02;not-stated\r\n", encoding="utf-8-sig")
    (where / "cem.csv").write_text(
        "extract_id,stage\nT01,initiation\nT02,dissemination\nT99,initiation\n", encoding="utf-8"
    )
    (where / "empty.csv").write_text("", encoding="utf-8")
    (where / "note.txt").write_text("hello", encoding="utf-8")
    (where / ".hidden").write_text("", encoding="utf-8")
    return where


def test_a_class_is_read_by_pseudonyms_and_everything_unused_is_named(folder: Path, study: Evidence) -> None:
    everybody = classroom.read(folder, study)
    assert classroom.handed_in(everybody).to_numpy().tolist() == [[3, 3, 0], [2, 2, 0], [3, 2, 1], [0, 0, 1]]
    assert list(classroom.handed_in(everybody).index) == ["ana", "ben", "cem", "empty"]
    problems = classroom.problems(everybody)
    assert any("cem.csv, row 4, field extract_id: there is no such passage" in line for line in problems)
    assert any("empty.csv: the file is empty" in line for line in problems)
    assert "note.txt: not a CSV file, not read." in problems
    assert len(problems) == 3


def test_units_by_coders_leave_missing_what_was_not_coded(folder: Path, study: Evidence) -> None:
    table = classroom.side_by_side(classroom.read(folder, study).learners, study, "stage")
    assert list(table.index) == ["T01", "T02", "T08"]
    assert list(table.columns) == ["ana", "ben", "cem"]
    assert table["ben"].isna().tolist() == [False, False, True]
    with_record = classroom.side_by_side(classroom.read(folder, study).learners, study, "stage", record=True)
    assert with_record[classroom.RECORD].tolist() == ["initiation", "initiation", "not-stated"]


def test_finer_codes_are_rolled_up_and_coarser_ones_are_missing(study: Evidence) -> None:
    given = {"power": {"T01": "required-on-proposal", "T02": "structural"}}
    learner = learners.from_answers("ana", given, study)
    assert classroom.side_by_side([learner], study, "power")["ana"].tolist() == ["structural", "structural"]
    finer = classroom.side_by_side([learner], study, "power", "second-order")
    assert finer["ana"].to_dict() == {"T01": "participating-by-policy"}


def test_passages_are_told_with_their_modal_code_the_most_divided_first(folder: Path, study: Evidence) -> None:
    table = classroom.side_by_side(classroom.read(folder, study).learners, study, "stage")
    stages = ["initiation", "operationalization", "dissemination", "not-stated"]
    told = classroom.by_passage(table, stages)
    assert list(told.index) == ["T02", "T01", "T08"]
    assert told.at["T02", "modal"] == ("initiation", "dissemination", "not-stated")
    assert told["share"].round(3).tolist() == [0.333, 1.0, 1.0]
    assert told["coders"].tolist() == [3, 3, 1]
    used = classroom.by_code(table, stages)
    assert used.loc["initiation"].tolist() == [4, 3, 2, 1]
    assert used.loc["operationalization"].tolist() == [0, 0, 0, 0]
    assert used.loc["not-stated"].tolist() == [2, 2, 2, 0], "a code that one coder alone gave is nothing agreed on"


def test_agreement_of_a_class_is_that_of_the_agreement_package(folder: Path, study: Evidence) -> None:
    table = classroom.side_by_side(classroom.read(folder, study).learners, study, "stage")
    found = classroom.agreed(table, study, "stage").set_index("coefficient")["value"]
    given = agreement.from_table(table, ["initiation", "operationalization", "dissemination", "not-stated"])
    assert found["percent-agreement"] == agreement.percent_agreement(given).value == 0.5
    assert found["krippendorff-alpha"] == agreement.krippendorff_alpha(given).value


def test_agreement_that_is_not_defined_says_why(study: Evidence) -> None:
    table = pd.DataFrame({"ana": ["initiation"] * 3, "ben": ["initiation"] * 3}, index=["T01", "T02", "T03"])
    (told,) = classroom.agreement_table(
        classroom.agreed(table, study, "stage", names=["krippendorff-alpha"])
    ).to_numpy()[0]
    assert told.startswith("not defined: ")


FIRST, LATER = ("extract_id,stage\nT01,initiation\n", "extract_id,stage\nT01,dissemination\n")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("robin.csv", "robin-2.csv"), ("robin.csv", "robin (1).csv"), ("robin (1).csv", "robin (2).csv"),
        ("robin-9.csv", "robin-10.csv"), ("robin.csv", "Robin (1).CSV"), ("robin .csv", "robin-2.csv"),
        ("zo\u00eb.csv", "zoe\u0308 (1).csv"), ("robin.csv", "robin copy 2.csv"), ("rob in.csv", "rob_in (1).csv"),
        ("robin.csv", "robin - Kopie (2).csv"), ("robin (1).csv", "robin-2.csv"), ("robin-2.csv", "robin-2 (1).csv"),
    ],
    ids=str,
)  # fmt: skip
def test_of_several_files_of_one_learner_the_latest_counts(
    tmp_path: Path, study: Evidence, earlier: str, later: str
) -> None:
    (tmp_path / earlier).write_text(FIRST, encoding="utf-8")
    (tmp_path / later).write_text(LATER, encoding="utf-8")
    if earlier == "robin-9.csv":  # a number belongs to the hand-in only where somebody is called so without it
        (tmp_path / "robin.csv").write_text(FIRST, encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    (learner,) = everybody.learners
    assert codes(learner) == {("T01", "stage", "dissemination")}
    assert classroom.problems(everybody) == []
    assert any(earlier in note and f"{later} counts in its place" in note for note in everybody.notes)
    assert list(classroom.side_by_side(everybody.learners, study, "stage").columns) == [learner.pseudonym]


@pytest.mark.parametrize(
    "name", ["Robin.csv", "robin .csv", "Copy of robin.csv", "robin - Kopie.csv", "robin copy.csv", "robin.csv.csv"]
)
def test_a_copy_is_the_same_learner_and_counts_once(tmp_path: Path, study: Evidence, name: str) -> None:
    for one in ("robin.csv", name):
        (tmp_path / one).write_text(FIRST, encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    assert [one.pseudonym.casefold() for one in everybody.learners] == ["robin"]
    assert "so they count once" in everybody.notes[0]
    assert classroom.problems(everybody) == []
    assert classroom.read(tmp_path, study, without="robin").learners == ()


def test_the_pseudonym_inside_a_file_counts_and_not_the_files_name(tmp_path: Path, study: Evidence) -> None:
    header = "extract_id,coder_id,facet,code_id\n"
    for name, coder in (("homework.csv", "robin"), ("robin.csv", "kim"), ("kim-2.csv", "kim-2")):
        (tmp_path / name).write_text(f"{header}T01,{coder},stage,initiation\n", encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    assert [one.pseudonym for one in everybody.learners] == ["kim", "kim-2", "robin"]
    assert [one.pseudonym for one in classroom.read(tmp_path, study, without="Robin").learners] == ["kim", "kim-2"]


def test_numbered_pseudonyms_stay_different_learners(tmp_path: Path, study: Evidence) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"student-{number}.csv").write_text(FIRST, encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    assert [one.pseudonym for one in everybody.learners] == ["student-1", "student-2", "student-3"]
    assert everybody.notes == ()


def test_two_people_with_one_pseudonym_are_told(tmp_path: Path, study: Evidence) -> None:
    for folder, code in (("one", "initiation"), ("other", "dissemination")):
        learners.hand_in("robin", {"stage": {"T01": code}}, tmp_path / folder, study)
    (tmp_path / "other" / "robin.csv").rename(tmp_path / "one" / "robin (1).csv")
    everybody = classroom.read(tmp_path / "one", study)
    assert [one.pseudonym for one in everybody.learners] == ["robin"]
    (told,) = classroom.problems(everybody)
    assert "has the same pseudonym and other codings" in told
    assert "let one choose another pseudonym" in told
    partner_of = classroom.read(tmp_path / "one", study, without="robin")
    assert partner_of.learners == ()
    assert classroom.problems(partner_of) == [told], "a partner with the own pseudonym is not passed over in silence"


def test_a_facet_that_was_handed_in_by_itself_joins_the_others(tmp_path: Path, study: Evidence) -> None:
    (tmp_path / "robin.csv").write_text("extract_id,coder_id,stage\nT01,robin,initiation\n", encoding="utf-8")
    (tmp_path / "robin (1).csv").write_text("extract_id,coder_id,power\nT01,robin,structural\n", encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    (robin,) = everybody.learners
    assert codes(robin) == {("T01", "stage", "initiation"), ("T01", "power", "structural")}
    assert (robin.given, classroom.problems(everybody)) == (2, [])
    assert "stage counts from" in everybody.notes[0]


def test_a_later_file_that_cannot_be_read_is_told_and_takes_nobodys_place(tmp_path: Path, study: Evidence) -> None:
    (tmp_path / "robin.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "robin-2.csv").write_text("", encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    assert codes(everybody.learners[0]) == {("T01", "stage", "initiation")}
    assert len(everybody.learners) == 1
    assert "the file is empty" in classroom.problems(everybody)[0]


def test_copies_in_folders_below_are_named_and_left_alone(tmp_path: Path, study: Evidence) -> None:
    (tmp_path / "old").mkdir()
    for name in ("robin.csv", "old/robin.csv"):
        (tmp_path / name).write_text(FIRST, encoding="utf-8")
    everybody = classroom.read(tmp_path, study)
    assert [one.pseudonym for one in everybody.learners] == ["robin"]
    assert classroom.problems(everybody) == ["old/: a folder, not read."]


def test_a_hand_in_is_no_partner_of_the_same_learner(tmp_path: Path, study: Evidence) -> None:
    for code in ("initiation", "not-stated"):
        learners.hand_in("robin", {"stage": {"T01": code}}, tmp_path, study)
    learners.hand_in("kim", {"stage": {"T01": "initiation"}}, tmp_path, study)
    assert [one.pseudonym for one in classroom.read(tmp_path, study, without=" robin").learners] == ["kim"]


def test_agreement_without_an_interval_says_why(study: Evidence) -> None:
    table = pd.DataFrame({"ana": ["initiation"] * 3, "ben": ["initiation"] * 3}, index=["T01", "T02", "T03"])
    alike, chance = classroom.agreement_table(
        classroom.agreed(table, study, "stage", names=["percent-agreement", "gwet-ac"])
    ).iloc[:, 0]
    assert alike == "1.00 (0.29 to 1.00)"
    assert (
        chance == "1.00 (no interval: an interval takes five units that two coders or more coded, and there are three)"
    )


def test_a_class_has_the_weights_of_an_ordered_facet_wherever_it_sees_agreement(folder: Path, study: Evidence) -> None:
    ordered = replace(study, facets=study.facets.assign(ordered=True))
    everybody = classroom.read(folder, ordered)
    table = classroom.side_by_side(everybody.learners, ordered, "stage")
    every = class_comparisons.of_class(everybody, ordered, "stage")
    assert isinstance(every, CaptionedTable)
    two = classroom.agreement_table(classroom.agreed(table, ordered, "stage"))
    assert two.isin(every.table).all(axis=None)
    assert every.table.loc[two.index].equals(two)


def test_a_learner_can_be_left_out_of_the_partners(folder: Path, study: Evidence) -> None:
    assert [one.pseudonym for one in classroom.read(folder, study, without="ana").learners] == ["ben", "cem", "empty"]


def test_a_folder_that_is_not_there_is_told_or_an_empty_class(tmp_path: Path, study: Evidence) -> None:
    with pytest.raises(ClassroomError, match="there is no such folder"):
        classroom.read(tmp_path / "nowhere", study)
    nobody = classroom.read_if_there(tmp_path / "nowhere", study)
    assert nobody.learners == ()
    assert [reply.heading for reply in classroom.results(nobody, study, "stage")] == [
        "Nobody has handed in codings of stage yet"
    ]
    assert repr(classroom.handed_in_table(nobody)) == "Nobody has handed in yet"


def test_before_and_after_are_compared_with_the_record_and_with_partners(folder: Path, study: Evidence) -> None:
    partners = classroom.read(folder, study, without="ana")
    first, second = {"T01": "initiation", "T02": "not stated"}, {"T01": "initiation", "T02": "initiation"}
    sheet = class_comparisons.agreement_with(
        study, "stage", {"first time": (first, partners), "second time": (second, partners)}
    )
    rows = sheet.table["Percent agreement"].str.split().str[0]
    assert rows["first time, with the record"] == "0.50"
    assert rows["second time, with the record"] == "1.00"
    assert rows["first time, with ben"] == "1.00"
    assert not any("empty" in row for row in rows.index)


def test_passages_that_partners_coded_differently_and_will_code_again_are_listed_with_blind_gists(
    folder: Path, study: Evidence
) -> None:
    partners = classroom.read(folder, study, without="ana")
    sheet = class_comparisons.differing(study, "stage", {"T01": "initiation", "T02": "initiation", "T08": ""}, partners)
    assert list(sheet.table.index) == ["T02"]
    gist = study.extracts.set_index("extract_id").at["T02", "blind_gist"]
    assert sheet.table.loc["T02"].tolist() == [gist, "initiation", "not-stated", "dissemination"]
    alike = class_comparisons.differing(study, "stage", {"T01": "initiation"}, partners)
    assert "gave the same codes of stage" in repr(alike)
    assert "No partner" in repr(class_comparisons.differing(study, "power", {"T01": "structural"}, partners))


def test_the_passages_of_a_class_come_with_their_gists(folder: Path, study: Evidence) -> None:
    _, by_passage, _ = classroom.results(classroom.read(folder, study), study, "stage")
    assert by_passage.table["gist"].tolist() == [
        study.extracts.set_index("extract_id").at[one, "gist"] for one in by_passage.table.index
    ]


def test_the_command_prints_the_class_and_what_was_not_used(folder: Path) -> None:
    ran = CliRunner().invoke(app, ["class", str(folder)])
    for said in ("Handed in", "Krippendorff's alpha", "Stage by passage", "Stage by code", "cem.csv, row 4"):
        assert said in ran.output
    assert ran.exit_code == 1, "something in the files is at fault"
    for name in ("cem.csv", "empty.csv", "note.txt"):
        (folder / name).unlink()
    (folder / "ana (1).csv").write_text("extract_id,stage\nT01,initiation\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["class", str(folder)])
    assert ran.exit_code == 0
    assert "Handed in more than once" in ran.output


# --- every coefficient of a class


def hand_in(folder: Path, codes: dict[str, dict[str, str]]) -> None:
    for pseudonym, given in codes.items():
        rows = "".join(f"{extract},{stage}\n" for extract, stage in given.items())
        (folder / f"{pseudonym}.csv").write_text(f"extract_id,stage\n{rows}", encoding="utf-8")


def test_a_class_sees_every_coefficient_for_as_many_as_it_has(study: Evidence, tmp_path: Path) -> None:
    codes = {"T01": "initiation", "T02": "not-stated", "T06": "initiation"}
    hand_in(tmp_path, {"wren": codes, "robin": codes | {"T02": "initiation"}})
    two = class_comparisons.of_class(classroom.read(tmp_path, study), study, "stage")
    hand_in(tmp_path, {"finch": {"T01": "dissemination"}})
    three = class_comparisons.of_class(classroom.read(tmp_path, study), study, "stage")
    assert not isinstance(two, Reply)
    assert not isinstance(three, Reply)
    assert {"Cohen's kappa", "Krippendorff's alpha"} <= set(two.table.index)
    assert {"Conger's kappa", "Fleiss' kappa"} <= set(three.table.index)


def test_a_class_of_one_has_nothing_to_compare(study: Evidence, tmp_path: Path) -> None:
    hand_in(tmp_path, {"wren": {"T01": "initiation"}})
    reply = class_comparisons.of_class(classroom.read(tmp_path, study), study, "stage")
    assert isinstance(reply, Reply)
    assert reply.outcome is Outcome.NOT_TRIED
