"""Agreement of coders of a text as the workbench computes it, against the package, published values and the rule of units."""

from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
import simulated_works as simulated
from browser import Browser
from example_counts import examples
from page_scripts import answer

from analysis import agreement

SCRIPTS = [
    "elements.js",
    "sha256.js",
    *(f"workbench/{name}.js" for name in ("positions", "works", "comparing", "unit-agreement")),
]
CODES = ["a", "b", "c"]
Cells = list[list[list[str] | None]]

#: Units from cells (by unit and coder the codes given, null where the coder is missing), and what agreement says of them.
AGREEMENT = """cases => cases.map(({ cells, lengths, uncoded = true, ...options }) => {
  let start = 0;
  const units = cells.map((row, at) => {
    const unit = { start, end: (start += lengths?.[at] ?? 1), given: new Map(), read: [] };
    row.forEach((codes, who) => {
      if (codes) unit.read.push(who);
      for (const code of codes ?? []) unit.given.set(code, [...(unit.given.get(code) ?? []), who]);
    });
    return unit;
  });
  const found = compendium.workbench.comparing.agreement(units, cells[0].length, options)[uncoded ? 'whole' : 'coded'];
  return { ...found, codes: Object.fromEntries(found.codes) };
})"""


@pytest.fixture
def ask(chromium: Browser, tmp_path: Path) -> Any:
    """Ask a function of the scripts in a blank page."""
    return lambda expression, given=None: answer(chromium, tmp_path, SCRIPTS, expression, given)


def drawn(seed: int) -> dict[str, Any]:
    """Draw units of 2 to 5 coders, some of them missing, each unit with a length."""
    chance = np.random.default_rng(seed)
    coders, units = int(chance.integers(2, 6)), int(chance.integers(1, 15))
    rates, gone = chance.choice([0, 0.1, 0.5, 1], len(CODES)), chance.choice([0, 0.2, 0.6])
    cells: Cells = [
        [
            None
            if chance.random() < gone
            else [one for one, rate in zip(CODES, rates, strict=True) if chance.random() < rate]
            for _ in range(coders)
        ]
        for _ in range(units)
    ]
    return {"cells": cells, "lengths": chance.integers(1, 6, units).tolist(), "keys": CODES}


def sets(cells: Cells) -> agreement.Ratings:
    return agreement.sets.from_table(
        pd.DataFrame([[None if one is None else frozenset(one) for one in row] for row in cells])
    )


def holds(cells: Cells, code: str) -> agreement.Ratings:
    rows = [[None if one is None else "yes" if code in one else "no" for one in row] for row in cells]
    return agreement.from_table(pd.DataFrame(rows), ["no", "yes"])


def specific(cells: Cells, codes: list[str]) -> float | None:
    """Positive agreement: of two coders, twice those with the code from both over all that it was given."""
    found = pd.concat([agreement.prevalence_and_bias(holds(cells, code)) for code in codes])
    found = found[found["code"] == "yes"]
    both, one = found["both"].sum(), (found["first_only"] + found["second_only"]).sum()
    return 2 * both / (2 * both + one) if both + one else None


def expected(cells: Cells) -> dict[str, Any]:
    """What the package says of the same units."""
    per_code = {
        code: {
            "same": agreement.percent_agreement(holds(cells, code)).value,
            "specific": specific(cells, [code]),
            "alpha": agreement.krippendorff_alpha(holds(cells, code)).value,
        }
        for code in CODES
    }
    every = sets(cells)
    overall = {
        "same": agreement.percent_agreement(every).value,
        "specific": specific(cells, CODES),
        "alpha": agreement.sets.krippendorff_alpha(every, "jaccard").value,
    }
    return {**per_code, "overall": overall}


def values(found: dict[str, Any]) -> dict[str, Any]:
    parts = {**found["codes"], "overall": found["overall"]}
    return {name: {kind: part[kind]["value"] for kind in ("same", "specific", "alpha")} for name, part in parts.items()}


def assert_same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name, kinds in wanted.items():
        for kind, value in kinds.items():
            assert found[name][kind] == (value if value is None else pytest.approx(value, abs=1e-12)), (name, kind)


def test_agreement_is_that_of_the_package(ask: Any) -> None:
    cases = [drawn(seed) for seed in range(examples(40))]
    for case, found in zip(cases, ask(AGREEMENT, cases), strict=True):
        assert_same(values(found), expected(case["cells"]))


@pytest.mark.thorough
def test_units_count_by_their_length_as_if_each_character_were_one(ask: Any) -> None:
    cases = [drawn(seed) for seed in range(12)]
    for case, found in zip(cases, ask(AGREEMENT, [{**one, "weighted": True} for one in cases]), strict=True):
        characters = [row for row, length in zip(case["cells"], case["lengths"], strict=True) for _ in range(length)]
        assert_same(values(found), expected(characters))


def test_what_nobody_coded_is_left_out_when_asked(ask: Any) -> None:
    cases = [drawn(seed) for seed in range(12)]
    for case, found in zip(cases, ask(AGREEMENT, [{**one, "uncoded": False} for one in cases]), strict=True):
        coded = [row for row in case["cells"] if any(row)]
        if coded:
            assert_same(values(found), expected(coded))
        else:
            assert found["overall"]["alpha"] == {"value": None, "reason": "no unit was read by two coders"}


def test_alpha_with_missing_codes_is_the_published_one_code_by_code(ask: Any) -> None:
    """Krippendorff's example C of 2011: each of its five values against the rest, as `krippendorff` computes it."""
    cells = [[None if np.isnan(one) else [str(int(one))] for one in row] for row in FOUR_OBSERVERS]
    keys = ["1", "2", "3", "4", "5"]
    (found,) = ask(AGREEMENT, [{"cells": cells, "keys": keys}])
    for key in keys:
        against = np.where(np.isnan(FOUR_OBSERVERS), np.nan, int(key) == FOUR_OBSERVERS).T
        alpha = krippendorff.alpha(reliability_data=against, level_of_measurement="nominal", value_domain=[0, 1])
        assert found["codes"][key]["alpha"]["value"] == pytest.approx(alpha, abs=1e-12)
    # With one code for each unit two sets are the same or have nothing in common, so alpha is the published nominal one.
    assert found["overall"]["alpha"]["value"] == pytest.approx(0.743421, abs=5e-7)
    assert found["overall"]["same"]["value"] == pytest.approx(0.81818, abs=5e-6)


_ = np.nan
FOUR_OBSERVERS = np.array(
    [
        [1, 1, _, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [_, 5, 5, 5], [_, _, 1, 1], [_, _, 3, _],
    ]
)  # fmt: skip


# --- which works count


TALK = "Ana: One here. Two is longer than one.\nBen: Three 🙂 smiles. Four.\n\nAna: Five, and that is all.\n"
VOICE, TIME = simulated.code("Voice"), simulated.code("Time")
BOOK = [VOICE, TIME]
WHOLE = [(0, len(TALK))]


def coded(
    coder: str, *codings: tuple[dict[str, Any], str], read: Any = WHOLE, content: str = TALK, **more: Any
) -> dict[str, Any]:
    """A simulated work on the talk, from codes with the words they were given to."""
    talk = simulated.text(content, read=read)
    given = [simulated.coding(talk, code, words) for code, words in codings]
    return simulated.work(coder, [talk], more.pop("codes", BOOK), given, **more)


#: What a comparison shows of some works, as data; coders are named, so that their order shows.
ALL = """([works, changes]) => {
  const chosen = { answers: new Map(changes.answers), off: new Set(changes.off), readAll: new Set(changes.readAll), kind: changes.kind ?? "sentences", text: "", round: changes.round ?? 0, aliases: changes.aliases ?? [] };
  const { works: used, notes, questions, otherwise, now, rounds } = compendium.workbench.comparing.all(works, chosen);
  const named = (who) => who.map((one) => now.works[one].coder.name);
  const texts = new Map(now.parts.map(({ text, units }) => [text.name, [...text.content]]));
  return {
    coders: used.map((work) => [work.coder.name, work.round, work.saved, work.texts.length]), notes, otherwise, names: now.texts.map(({ name }) => name),
    questions: questions.map(({ id, text, works }) => ({ id, text, works: works.map(({ id }) => id) })),
    units: now.parts.flatMap(({ text, units }) => units.map(({ start, end, given, read }) => ({
      words: texts.get(text.name).slice(start, end).join(""), read: named(read),
      given: Object.fromEntries([...given].map(([key, who]) => [now.matched.list.find((code) => code.key === key).name, named(who)])) }))),
    codes: now.matched.list.map(({ name, names, versions }) => [name, names, versions.map((code) => code?.name ?? null)]),
    passages: now.passages.map(({ from, to, disputed, divided }) => [from, to, disputed.length, divided]),
    overall: now.whole.overall, alone: now.whole.alone, rounds: rounds.map(({ round, works }) => [round, works.length]),
    letters: Object.fromEntries(compendium.workbench.comparing.letters(now.works).map((letter, at) => [now.works[at].coder.name, letter])),
  };
}"""


@pytest.fixture
def compare(ask: Any) -> Any:
    return lambda works, **changes: ask(ALL, [works, changes])


def given(found: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Who gave what, by the words of units that have a code."""
    return {unit["words"]: unit["given"] for unit in found["units"] if unit["given"]}


def test_a_coding_speaks_for_a_unit_of_which_it_covers_half_or_in_which_half_of_it_lies(compare: Any) -> None:
    ana = coded("ana", (VOICE, "Two is longer"), (TIME, "one.\nBen: Three 🙂 smiles. Four"))
    ben = coded("ben", (VOICE, "longer"), (VOICE, "Five, and that is"))
    assert given(compare([ana, ben])) == {
        "Two is longer than one.": {"Voice": ["ana", "ben"]},
        "Three 🙂 smiles.": {"Time": ["ana"]},
        "Four.": {"Time": ["ana"]},
        "Five, and that is all.": {"Voice": ["ben"]},
    }
    turns = compare([ana, ben], kind="turns")
    assert [list(unit["given"]) for unit in turns["units"]] == [["Voice"], ["Time"], ["Voice"]]


def test_read_without_a_code_is_not_the_same_as_not_read(compare: Any) -> None:
    ana = coded("ana", (VOICE, "One here."), read=[(0, TALK.index("Four"))])
    ben = coded("ben", (VOICE, "Four."), read=[])
    units = {unit["words"]: unit["read"] for unit in compare([ana, ben])["units"]}
    assert units["One here."] == ["ana"]
    assert units["Four."] == ["ben"]
    assert units["Five, and that is all."] == []
    found = compare([ana, ben])
    assert found["overall"]["alpha"] == {"value": None, "reason": "no unit was read by two coders"}
    assert found["alone"] == 4
    taken = compare([ana, ben], readAll=[f"{ben['guid']} ben"])
    assert {unit["words"]: unit["read"] for unit in taken["units"]}["One here."] == ["ana", "ben"]


def test_common_segments_are_cut_at_every_end_of_a_coding(compare: Any) -> None:
    ana, ben = coded("ana", (VOICE, "Two is longer")), coded("ben", (VOICE, "longer than one."))
    assert given(compare([ana, ben], kind="segments")) == {
        "Two is": {"Voice": ["ana"]},
        "longer": {"Voice": ["ana", "ben"]},
        "than one.": {"Voice": ["ben"]},
    }


def test_units_with_the_same_codes_from_the_same_coders_are_one_passage(compare: Any) -> None:
    ana, ben = coded("ana", (VOICE, TALK.strip())), coded("ben", (VOICE, "One here."))
    assert compare([ana, ben])["passages"] == [[0, 0, 0, 0], [1, 4, 1, 1]]


def test_codes_are_the_same_by_guid_else_by_path_else_by_an_alias(compare: Any) -> None:
    renamed, other, twin = (
        simulated.code("Being heard", key="Voice"),
        simulated.code("Voice", key="new"),
        simulated.code(" time", key="b"),
    )
    ana, ben = coded("ana", codes=[renamed, other, TIME]), coded("ben", codes=[VOICE, twin])
    names = {name: versions for name, _, versions in compare([ana, ben])["codes"]}
    assert names == {"Being heard": ["Being heard", "Voice"], "Voice": ["Voice", None], "Time": ["Time", " time"]}
    alias = {"from": other["guid"], "to": TIME["guid"]}
    united = compare([ana, ben], aliases=[alias])["codes"]
    assert [name for name, _, _ in united] == ["Being heard", "Time"]


def test_the_order_of_files_changes_nothing(compare: Any) -> None:
    works = [
        coded("ana", (VOICE, "One here.")), coded("ben", (TIME, "One here.")), coded("cleo", (VOICE, "Four."), codes=[simulated.code("voice", key="c")]),
        coded("ana", (VOICE, "Four."), guid=simulated.guid("another")), coded("ben", saved=9), coded("dov", content=TALK + "!"),
    ]  # fmt: skip
    works[2]["codings"][0]["code"] = works[2]["codes"][0]["guid"]
    found = [compare(order) for order in (works, works[::-1], works[3:] + works[:3])]
    assert found[0] == found[1] == found[2]


def test_the_later_state_of_a_work_counts_and_the_same_file_once(compare: Any) -> None:
    early, late, ben = coded("ana"), coded("ana", (VOICE, "Four."), saved=7), coded("ben")
    found = compare([late, early, ben, ben])
    assert found["coders"] == [["ana", 1, 7, 1], ["ben", 1, 1, 1]]
    assert found["notes"] == [
        "one file had nothing that another file did not have.",
        "Of the work of ana the later state counts (7 changes, not 1).",
    ]


def test_two_works_of_one_coder_are_asked_about_and_nobody_is_lost(compare: Any) -> None:
    one, two, ben = coded("ana"), coded("Ana", guid=simulated.guid("two")), coded("ben")
    found = compare([one, two, ben])
    assert sorted(coder for coder, *_ in found["coders"]) == ["Ana", "ana", "ben"]
    (question,) = found["questions"]
    assert question["text"].startswith("2 works of ")
    answered = compare([one, two, ben], answers=[[question["id"], question["works"][1]]])
    assert len(answered["coders"]) == 2


def test_a_class_that_began_from_one_file_stays_a_class(compare: Any) -> None:
    start = coded("teacher")
    works = [
        {**start, "saved": n, "coder": {**start["coder"], "name": name}}
        for n, name in enumerate(["ana", "ben", "cleo"], 2)
    ]
    found = compare(works)
    assert [coder for coder, *_ in found["coders"]] == ["ana", "ben", "cleo"]
    assert "began as one file" in found["questions"][0]["text"]


def test_works_of_one_coder_on_different_texts_are_one_coder(compare: Any) -> None:
    other = "Ana: Another text.\nBen: Yes.\nAna: No.\n"
    twin = simulated.code("voice", key="of the second file")
    second = coded(
        "ana",
        (twin, "Another text."),
        content=other,
        codes=[twin],
        read=[(0, len(other))],
        guid=simulated.guid("second"),
    )
    second["texts"][0]["name"] = "Second talk"
    found = compare([coded("ana", (VOICE, "Four.")), second, coded("ben")])
    assert found["coders"] == [["ana", 1, 1, 2], ["ben", 1, 1, 1]]
    assert [name for name, *_ in found["codes"]] == ["Time", "Voice"]
    assert given(found) == {"Four.": {"Voice": ["ana"]}, "Another text.": {"Voice": ["ana"]}}


def test_versions_of_a_text_are_not_compared_and_the_first_difference_is_shown(compare: Any) -> None:
    changed = TALK.replace("Four", "For")
    found = compare([coded("ana"), coded("ben"), coded("cleo", (VOICE, "For."), content=changed)])
    (fault,) = found["otherwise"]
    assert fault["place"] == [*TALK].index("F") + 2
    assert fault["here"]["before"].endswith("smiles. " + "Four"[:2])
    assert fault["here"]["after"].startswith("r.")
    assert fault["there"]["after"].startswith("ur.")
    assert given(found) == {}


def test_other_texts_of_one_name_are_no_versions(compare: Any) -> None:
    """As where two coders each paste a text of their own, or one of them pastes two."""
    ana, ben = coded("ana"), coded("ben", content="Something else, of which nobody said a word before.\n")
    assert compare([ana, ben])["otherwise"] == []
    both = {**ana, "texts": [*ana["texts"], simulated.text(TALK + "Ana: More.\n")]}
    assert compare([both])["otherwise"] == []
    assert compare([both])["names"] == ["Simulated talk (1)", "Simulated talk (2)"]


def test_rounds_are_compared_beside_each_other(compare: Any) -> None:
    works = [coded(name, round=number) for name in ("ana", "ben") for number in (1, 2)]
    found = compare([*works, coded("cleo", round=3)])
    assert found["rounds"] == [[1, 2], [2, 2]]
    assert found["questions"] == []


def test_letters_do_not_follow_names(compare: Any) -> None:
    names = [f"coder {n:02}" for n in range(30)]
    letters = compare([coded(name) for name in names])["letters"]
    assert sorted(letters.values(), key=lambda one: (len(one), one))[25:28] == ["Z", "AA", "AB"]
    assert [letters[name] for name in names] != sorted(letters.values(), key=lambda one: (len(one), one))
