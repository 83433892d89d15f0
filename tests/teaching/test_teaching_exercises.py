"""Exercises have three outcomes, say what is off without giving the answer, and never raise."""

import math
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.display.captioned_tables import CaptionedTable
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import passage_texts
from analysis.teaching.comparisons import Comparison, Grouping, Judged, PatternHint, Prose
from analysis.teaching.exercises import Exercise, Figures, Matching, Number, Selection, Wanted
from analysis.teaching.replies import Outcome, Reply
from analysis.wording import fingerprints

NUMBER = Number(
    "9.1", "Count", "How many?", ("One hint.", "Two."), 7, "They are seven.", {9: "Those are interviewees."}
)
SELECTION = Selection(
    "9.2", "Choose", "Which?", ("Look.",), frozenset({"T01", "T02"}), {"T01": "", "T02": "", "F03": "words"}, "Because.",
    remarks={"F03": "F03: look at its stance."},
)  # fmt: skip
MATCHING = Matching(
    "9.3", "Match", "Which code?", ("Read.",), {"a": "A panel.", "b": "A talk."}, {"a": "early", "b": "late"},
    {"a": "rule one", "b": "rule two"}, ("early", "late"),
)  # fmt: skip
COMPARISON = Comparison(
    "9.4", "Code", "Code.", ("Think.",),
    {"T01": Judged("early", "A bid.", "Gist one.", ("late",)), "T02": Judged("late", "A talk.", "Gist two.")},
    {"early": "early", "late": "late", "very late": "late"}, "Ours.",
)  # fmt: skip
GROUPING = Grouping(
    "9.5", "Group", "Group.", ("Think.",), {"a": "Apple", "b": "Pear", "c": "Chair"},
    {"a": "Fruit", "b": "Fruit", "c": "Furniture"}, "Ours.",
)  # fmt: skip
PROSE = Prose(
    "9.6", "Write", "Write.", ("Think.",), "The record.", "Ours:",
    (PatternHint(r"\bnever\b", "Never?"), PatternHint(r"\bprint", "Say what you looked at.", missing=True)), least=3,
)  # fmt: skip
FIGURES = Figures(
    "9.7",
    "Figures",
    "Compute.",
    ("One.", "Two."),
    {
        "people": Wanted("how many people?", 3, "count again.", mistakes={7: "these are passages."}),
        "share": Wanted("which share?", 0.425, "divide again.", within=0.01),
    },
    "So it is.",
    [CaptionedTable(pd.DataFrame({"a": [1]}), "Why")],
)
ALL = (NUMBER, SELECTION, MATCHING, COMPARISON, GROUPING, PROSE, FIGURES)


def outcome(reply: Reply) -> str:
    assert reply.outcome is not None
    assert f": {reply.outcome.value}" in reply.heading, "the outcome stands in words"
    return reply.outcome.value


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.number)
@pytest.mark.parametrize(
    "answer", [None, ..., "", "  \n", "...", [], {}, {"T01": ""}, {"T01": None}, [""], set()], ids=repr
)
def test_what_nobody_touched_is_not_tried(exercise: Exercise, answer: object) -> None:
    assert outcome(exercise.check(answer)) == "not tried"
    assert outcome(exercise.check()) == "not tried"


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.number)
@pytest.mark.parametrize(
    "answer",
    [
        True,
        1j,
        float("nan"),
        object(),
        b"x",
        [1, "T01"],
        {1: 2},
        [["T01"]],
        pd.Series([1, 2]),
        {"T01": ["early"]},
        print,
        "?",
        10**400,
        {"people": -(10**400), "share": 10**400},
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_a_wrong_kind_of_answer_is_told_what_is_expected_and_raises_nothing(exercise: Exercise, answer: object) -> None:
    reply = exercise.check(answer)
    assert outcome(reply) == "not yet"
    assert reply.said


def test_a_number_is_right_or_told_in_which_direction_to_look() -> None:
    assert outcome(NUMBER.check(7)) == outcome(NUMBER.check(7.0)) == "yes"
    assert "too many" in NUMBER.check(12).said[0]
    assert "too few" in NUMBER.check(1).said[0]
    assert NUMBER.check(9).said == ("Those are interviewees.",)
    assert "without quotation marks" in NUMBER.check("7").said[0]
    assert "7" not in "".join(NUMBER.check(12).said)


@pytest.mark.parametrize(
    "answer", [["T01", "T02"], ("T02", "T01"), {"T01", "T02"}, "T01, T02", "t01 t02", ["T01", "T01", "T02"]]
)
def test_a_selection_is_right_in_any_order_and_form(answer: object) -> None:
    assert outcome(SELECTION.check(answer)) == "yes"


def test_a_selection_says_how_many_are_off_and_where_to_look_but_not_what_is_missing() -> None:
    reply = SELECTION.check(["T01", "F03"])
    assert reply.said == ("One passage belongs; one passage does not; one is missing.",)
    assert reply.points == ("F03: look at its stance.",)
    assert "T02" not in repr(reply)
    unknown = SELECTION.check(["T1"])
    assert outcome(unknown) == "not yet"
    assert "T1: there is no such passage here; did you mean T01?" in unknown.points


def test_matching_names_the_rule_to_read_again() -> None:
    assert outcome(MATCHING.check({"a": " Early ", "b": "late"})) == "yes"
    reply = MATCHING.check({"a": "early", "b": "early"})
    assert reply.said == ("1 of 2 agree with the written rules.",)
    assert reply.points == ("b: look again at rule two.",)
    assert "Still to do: b." in MATCHING.check({"a": "early"}).points


def test_a_judgement_that_differs_everywhere_is_recorded_as_one_that_agrees() -> None:
    assert outcome(COMPARISON.check({"T01": "late", "T02": "early"})) == "recorded"
    assert outcome(COMPARISON.check({"T01": "early", "T02": "Very late"})) == "recorded"


def test_a_comparison_shows_where_and_why_and_what_else_is_allowed() -> None:
    reply = COMPARISON.check({"T01": "late", "T02": "very late"})
    assert reply.said[0].startswith(
        "You and the record agree on 1 of 2 passages. On one other you chose what the record"
    )
    assert list(reply.sheets[0].table.loc["T01"]) == ["Gist one.", "late", "early", "late", "A bid."]
    assert list(reply.sheets[0].table.index) == ["T01"]


def test_an_incomplete_or_invalid_judgement_is_not_yet() -> None:
    assert "Still to do: T02." in COMPARISON.check({"T01": "late"}).points
    reply = COMPARISON.check({"T01": "erly", "T02": "late", "T77": "late"})
    assert outcome(reply) == "not yet"
    assert "T01: there is no code 'erly'; did you mean early?" in reply.points
    assert "T77: there is no such key here." in reply.points


def test_groups_are_compared_by_pairs_whatever_their_names() -> None:
    same = GROUPING.check({"a": "x", "b": "X ", "c": "y"})
    assert outcome(same) == "recorded"
    assert same.sheets == ()
    other = GROUPING.check({"a": "x", "b": "y", "c": "y"})
    assert outcome(other) == "recorded"
    assert "Of 3 pairs of codes, 1 are grouped in the same way: 0 together in both, 1 apart in both" in other.said[0]
    assert other.sheets[0].table.to_numpy().tolist() == [
        ["Apple", "Pear", "apart", "together"],
        ["Pear", "Chair", "together", "apart"],
    ]


def test_of_very_many_pairs_grouped_otherwise_some_are_listed_and_the_rest_counted() -> None:
    things = {f"c{n}": f"Code {n}" for n in range(10)}
    alone = Grouping("9.7", "Group", "Group.", ("Think.",), things, {key: key for key in things}, "Ours.")
    reply = alone.check(dict.fromkeys(things, "one"))
    assert len(reply.sheets[0].table) == 20
    assert reply.points == ("The first 20 are listed; 25 more are grouped differently.",)


def test_prose_is_recorded_with_what_to_think_over_beside_the_record() -> None:
    reply = PROSE.check("It never happens")
    assert outcome(reply) == "recorded"
    assert reply.points == ("Never?", "Say what you looked at.")
    assert "“The record.”" in reply.said[0]
    assert PROSE.check("Nothing printed shows it").points == ()
    assert outcome(PROSE.check("Too short")) == "not yet"


def test_nonsense_is_recorded_and_never_said_to_be_right_and_its_writer_is_given_a_checklist() -> None:
    reply = replace(PROSE, points=("It names what was looked at.",)).check("one two three four five six printed eight")
    assert outcome(reply) == "recorded"
    assert reply.checklist == ("It names what was looked at.",)
    for shown in (repr(reply), Text(reply._repr_html_()).text):
        assert "Now check yours, then a partner's." in shown
        assert "It names what was looked at." in shown


def test_the_words_that_decide_are_asked_for_and_looked_for_in_the_passage() -> None:
    asking = replace(COMPARISON, asks_words=True)
    assert outcome(asking.check({"T01": "early", "T02": "late"})) == "recorded"
    assert asking.check({"T01": "early", "T02": "late"}).points == (
        "Which words decide in T01 and T02? Copy them from the passage.",
    )
    answer = {"T01": {"code": "early", "words": "gist … ONE"}, "T02": ("late", "a lecture", "It is told to others.")}
    assert asking.check(answer).points == ("T02: “a lecture” is not in the passage; copy the words that decide.",)
    assert "Still to do: T01." in asking.check({"T01": {"code": "", "words": "gist"}, "T02": "late"}).points


def test_words_are_looked_for_in_what_a_passage_was_coded_from() -> None:
    record = {"T01": Judged("early", "A bid.", "Members write bids.", blind="People draft papers.")}
    blind = replace(COMPARISON, record=record, asks_words=True)
    assert blind.items() == {"T01": "People draft papers."}
    assert blind.check({"T01": {"code": "early", "words": "draft papers"}}).points == ()
    assert "Members write bids." in repr(blind.check({"T01": {"code": "late", "words": "draft papers"}}).sheets)


def test_a_code_that_is_often_chosen_by_mistake_is_asked_about_unless_the_record_allows_it() -> None:
    asked = replace(COMPARISON, feedback={"late": "Is anything told to others?", "early": "Is there a bid?"})
    assert asked.check({"T01": "late", "T02": "early"}).points == ("T02: Is there a bid?",)
    assert replace(asked, withheld=True).check({"T01": "late", "T02": "early"}).points == ()


def test_a_wrong_match_is_told_what_is_meant_for_it_or_the_rule() -> None:
    told = replace(MATCHING, feedback={"a": {"late": "a panel comes first."}})
    assert told.check({"a": "late", "b": "early"}).points == (
        "a: a panel comes first.",
        "b: look again at rule two.",
    )


class Text(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert "color" not in (dict(attrs).get("style") or ""), "no meaning by colour"

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_reply_says_the_same_as_html_and_as_text_and_obeys_nothing_typed() -> None:
    reply = PROSE.check("<script>alert(1)</script> never printed this, did it")
    unsafe = Reply(
        "A & B", ("<b>one</b>",), ("<i>two</i>",), (CaptionedTable(pd.DataFrame({"<u>": ["<s>"]}, index=["<x>"]), "T"),)
    )
    page = Text(unsafe._repr_html_())
    assert {"b", "i", "u", "s", "x", "script"}.isdisjoint(page.tags)
    for said in ("A & B", "<b>one</b>", "<i>two</i>", "<u>", "<s>", "<x>"):
        assert said in page.text
        assert said in repr(unsafe)
    assert "Exercise 9.6: recorded" in Text(reply._repr_html_()).text
    assert "Exercise 9.6: recorded" in repr(reply)


def test_outcomes_are_told_apart_without_colour() -> None:
    drawn = {Reply("x", outcome=one)._repr_html_().split("0.3em ")[1].split()[0] for one in (*Outcome, None)}
    assert len(drawn) == len(Outcome) + 1


@pytest.mark.parametrize("answer", [None, ..., {}, {"people": ..., "share": ...}, {"people": "", "share": ""}])
def test_figures_that_nobody_filled_in_are_not_tried(answer: object) -> None:
    assert FIGURES.check(answer).outcome is Outcome.NOT_TRIED


@pytest.mark.parametrize("share", [0.425, 0.42, 0.435, np.float64(0.43)])
def test_figures_are_right_within_their_tolerance_and_the_reason_comes_with_its_table(share: float) -> None:
    reply = FIGURES.check({"share": share, "people": np.int64(3)})
    assert reply.outcome is Outcome.YES
    assert reply.said == ("So it is.",)
    assert reply.sheets == FIGURES.solution().sheets != ()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"people": 7, "share": 0.4}, ("people: these are passages.", "share: too low; divide again.")),
        ({"people": 4, "share": 0.4}, ("people: too high; count again.", "share: too low; divide again.")),
        ({"people": 3, "share": 42.5}, ("share: give it as a share from 0 to 1, not in per cent.",)),
        ({"people": 3.01, "share": 0.425}, ("people: too high; count again.",)),
        ({"people": math.nan, "share": math.inf}, ("people: count again.", "share: divide again.")),
        ({"people": 3}, ("Still to do: share.",)),
        ({"people": True, "share": "0.4"}, ("people: this is not a number.", "share: this is not a number.")),
        ({"peple": 3, "people": 3, "share": 0.4}, ("peple: there is no such key here; did you mean people?",)),
        ({3: 3, "people": 3, "share": 0.4}, ("3: there is no such key here.",)),
    ],
)
def test_figures_that_are_off_say_which_and_not_what_is_right(answer: dict[Any, Any], told: tuple[str, ...]) -> None:
    reply = FIGURES.check(answer)
    assert reply.outcome is Outcome.NOT_YET
    assert reply.points == told
    assert "0.42" not in repr(reply)


@pytest.mark.parametrize("answer", [3, "3", [3, 0.4], {3, 0.4}, object()])
def test_figures_of_another_kind_are_told_what_is_expected(answer: object) -> None:
    assert FIGURES.check(answer).said == (
        "This exercise takes a number, without quotation marks, for each of people and share.",
    )


def test_a_tolerance_is_told_with_the_task() -> None:
    assert "share: which share? (within 0.01)" in repr(FIGURES)
    assert FIGURES.solution().heading == "Exercise 9.7, solution: people 3, share 0.43"


# --- the words that are shown


def test_gists_are_shown_without_a_copy_of_the_article(study: Evidence, tmp_path: Path) -> None:
    nowhere = tmp_path / "wording.csv"
    gist = study.extracts.set_index("extract_id").at["T01", "gist"]
    assert passage_texts.shown(study, "T01", nowhere) == passage_texts.Shown(gist, "Gist")
    assert "You see gists" in passage_texts.note(study, nowhere)
    assert list(passage_texts.sheet(study, ["T01", "F03"], "Two", nowhere).table.columns) == ["Gist"]


def test_passages_to_code_are_shown_as_blind_gists_with_what_their_words_stand_for(
    study: Evidence, tmp_path: Path
) -> None:
    nowhere = tmp_path / "wording.csv"
    blind = study.extracts.set_index("extract_id")["blind_gist"]
    assert passage_texts.shown_to_code(study, "T01", nowhere) == passage_texts.Shown(blind["T01"], "Gist")
    sheet = passage_texts.sheet_to_code(study, ["T01", "F03"], "Two", nowhere)
    assert sheet.table["Gist"].tolist() == [blind["T01"], blind["F03"]]
    assert "They say “members” for service users, “scholars” for researchers" in passage_texts.note(study, nowhere)


def test_a_study_without_blind_gists_is_coded_from_its_gists(study: Evidence, tmp_path: Path) -> None:
    nowhere, plain = tmp_path / "wording.csv", replace(study, extracts=study.extracts.drop(columns="blind_gist"))
    assert passage_texts.shown_to_code(plain, "T01", nowhere) == passage_texts.shown(study, "T01", nowhere)
    assert "members" not in passage_texts.note(plain, nowhere)


def test_restored_wording_takes_the_place_of_gists_and_says_so(
    study: Evidence, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.GISTS_ONLY, raising=False)
    file = tmp_path / "wording.csv"
    fingerprints.restore(article, study, file)
    pieces = study.fragments["owner_id"].value_counts()
    (in_pieces, number) = next((one, pieces[one]) for one in study.extracts["extract_id"] if pieces[one] > 1)
    found = passage_texts.shown(study, in_pieces, file)
    assert found.kind == "Wording"
    assert found == passage_texts.shown_to_code(study, in_pieces, file)
    assert found.text.count("[…]") == number - 1
    assert "must not be published" in passage_texts.note(study, file)
    assert list(passage_texts.sheet(study, ["T01", "F03"], "Two", file).table.columns) == ["Wording"]
    monkeypatch.setenv(paths.GISTS_ONLY, "1")
    assert passage_texts.shown(study, in_pieces, file).kind == "Gist"


def test_wording_that_is_not_what_was_sealed_is_not_shown(
    study: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.GISTS_ONLY, raising=False)
    file = tmp_path / "wording.csv"
    file.write_text("owner_id,n,wording,cited_as\nT01,1,made up,id 20\n", encoding="utf-8")
    assert passage_texts.shown(study, "T01", file).kind == "Gist"
    assert "not the wording that was sealed" in passage_texts.note(study, file)


def test_a_study_without_sealed_wording_has_gists(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.GISTS_ONLY, raising=False)
    loaded = loading.load(package, sealed=False)
    assert passage_texts.shown(loaded, "T01", package / "private" / "wording.csv").kind == "Gist"
