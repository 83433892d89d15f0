"""Decisions of coders as data: what is kept of them, how records are joined, and the version of the codebook that they make."""

from pathlib import Path
from typing import Any

import pytest
import simulated_works as simulated
from browser import Browser
from page_scripts import answer

SCRIPTS = [
    "elements.js",
    "sha256.js",
    *(
        f"workbench/{name}.js"
        for name in ("positions", "works", "work-files", "comparing", "unit-agreement", "resolving")
    ),
]
TALK = "Ana: One here. Two is longer than one.\nBen: Three smiles. Four.\n"
VOICE, TIME = simulated.code("Voice", definition="Speaking up."), simulated.code("Time")
PLACE = {"text": "digest", "start": 5, "end": 14, "words": "One here."}


@pytest.fixture
def ask(chromium: Browser, tmp_path: Path) -> Any:
    """Ask a function of `compendium.workbench`, named `wb`, in a blank page."""
    return lambda body, *given: answer(
        chromium, tmp_path, SCRIPTS, f"(given) => {{ const wb = compendium.workbench; {body} }}", given
    )


def work(coder: str, codes: list[dict[str, Any]], *given: tuple[dict[str, Any], str]) -> dict[str, Any]:
    talk = simulated.text(TALK, read=[(0, len(TALK))])
    return simulated.work(coder, [talk], codes, [simulated.coding(talk, code, words) for code, words in given])


def resolution(**more: Any) -> dict[str, Any]:
    """A record of decisions with nothing in it but what is said."""
    blank: dict[str, Any] = {name: [] for name in ("works", "aliases", "decisions", "rules", "added")}
    return {"format": "coding-resolution", "version": 1, "guid": simulated.guid("r"), "time": "", **blank, **more}


def decision(decided: str = "all", why: str = "", **more: Any) -> dict[str, Any]:
    return {**PLACE, "decided": decided, "coder": "", "codes": [], "why": why, **more}


def test_a_later_decision_on_a_passage_takes_the_place_of_the_earlier_one(ask: Any) -> None:
    made = ask(
        "return given[1].reduce((now, one) => wb.resolving.decide(now, one), given[0])",
        resolution(),
        [decision("all"), decision("none", start=0, end=4), decision("keep", coder="ana")],
    )
    assert [(one["start"], one["decided"]) for one in made["decisions"]] == [(0, "none"), (5, "keep")]
    emptied = ask("return wb.resolving.decide(given[0], given[1])", made, decision(""))
    assert [one["start"] for one in emptied["decisions"]] == [0]


def test_a_rule_that_says_what_the_codebook_says_is_no_change(ask: Any) -> None:
    changed = ask("return wb.resolving.rule(given[0], given[1], { definition: ' Asking. ' })", resolution(), VOICE)
    assert changed["rules"] == [{"code": VOICE["guid"], "name": "Voice", "definition": "Asking."}]
    back = ask("return wb.resolving.rule(given[0], given[1], { definition: 'Speaking up.' })", changed, VOICE)
    assert back["rules"] == []


def test_the_next_version_has_the_rules_and_codes_that_were_decided(ask: Any) -> None:
    parent = simulated.code("Being heard")
    child = simulated.code("Asked", parent=parent["guid"])
    decided = resolution(
        rules=[{"code": VOICE["guid"].upper(), "name": "Voice", "definition": "Asking."}],
        added=[child, parent],
        decisions=[decision(why="She asks."), decision(why="She asks.", start=0, end=4)],
    )
    made, same = ask(
        "const made = wb.resolving.applied(given[0], given[1], { time: 'now' });"
        "return [made, wb.resolving.applied(given[0], { ...made }, {}).codebook]",
        decided,
        work("ana", [VOICE, TIME]),
    )
    assert [(one["name"], one["parent"]) for one in made["codes"]] == [
        ("Voice", ""),
        ("Time", ""),
        ("Being heard", ""),
        ("Asked", parent["guid"]),
    ]
    assert made["codes"][0]["definition"] == "Asking."
    change = {
        "version": 2,
        "time": "now",
        "what": "Being heard: added; Being heard > Asked: added; Voice: definition changed",
        "why": "She asks.",
    }
    assert made["codebook"]["changes"] == [change]
    assert same == made["codebook"]  # to apply it again changes nothing


def test_records_are_joined_and_those_of_the_file_come_first(ask: Any) -> None:
    here = resolution(decisions=[decision("none"), decision("open", start=0, end=4)])
    file = resolution(decisions=[decision("keep", coder="ben")], added=[TIME])
    joined = ask("return wb.resolving.joined(given[0], given[1])", here, file)
    assert [one["decided"] for one in joined["decisions"]] == ["open", "keep"]
    assert joined["added"] == [TIME]


def test_the_agreed_codes_are_those_of_all_and_those_that_were_decided(ask: Any) -> None:
    heard = simulated.code("Being heard")
    ana = work("ana", [VOICE, TIME], (VOICE, "One here."), (TIME, "Four."), (TIME, "Two is longer than one."))
    ben = work("ben", [heard, TIME], (heard, "One here."), (TIME, "Four."))
    digest = ana["texts"][0]["sha256"]
    decided = decision("codes", text=digest, codes=[heard["guid"]], why="Others listen.")
    agreed, fault = ask(
        "const chosen = { answers: new Map(), off: new Set(), readAll: new Set(), kind: 'sentences', text: '', aliases: [] };"
        "const { now } = wb.comparing.all(given[0], chosen);"
        "const made = wb.resolving.agreed(given[1], { now, base: given[0][0], name: 'agreed', time: '2026-12-01T11:00:00Z' });"
        "return [made, wb.works.fault(made.work)]",
        [ana, ben],
        resolution(decisions=[decided]),
    )
    names = {one["guid"]: one["name"] for one in agreed["work"]["codes"]}
    given = [(TALK[one["start"] : one["end"]], names[one["code"]], one["memo"]) for one in agreed["work"]["codings"]]
    assert given == [("One here.", "Being heard", "Others listen."), ("Four.", "Time", "")]
    assert agreed["open"] == 1
    assert agreed["work"]["texts"][0]["read"] == [[5, len(TALK) - 1]]
    assert fault == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"format": "other"}, "This file is not a record of decisions."),
        (resolution(version=2), "This record of decisions is of version 2"),
        (resolution(decisions=[decision(decided="win")]), "The record of decisions is damaged"),
        (resolution(decisions=[{**decision(), "end": 1}]), "The record of decisions is damaged"),
        (resolution(decisions=None), "The record of decisions is damaged"),
        (resolution(decisions=[decision()]), ""),
    ],
)
def test_a_record_that_is_not_well_made_is_refused_with_the_reason(ask: Any, data: dict[str, Any], said: str) -> None:
    assert ask("return wb.resolving.fault(given[0])", data).startswith(said)
