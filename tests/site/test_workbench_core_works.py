"""Works of the workbench, in a real browser: codes, codings and texts change, and what was there before does not."""

from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from page_scripts import answer

SCRIPTS = ["sha256.js", "workbench/positions.js", "workbench/works.js"]
# Codes: Power (with Voice and Silence below it), Time (with Voice), Trust. `freeze` makes any change of a state a fault.
BEGIN = """
    const wb = compendium.workbench;
    const works = wb.works;
    const guid = wb.guidOf;
    const freeze = (thing) => {
        if (thing && typeof thing === "object" && !Object.isFrozen(thing)) { Object.freeze(thing); Object.values(thing).forEach(freeze); }
        return thing;
    };
    const text = wb.textOf("Interview", "One two three 🙂 four five six seven.", { guid: guid("text") });
    let work = works.begin({ coder: "ana", texts: [text], name: "Round" });
    const add = (key, name, parent = "", more = {}) =>
        (work = works.addCode(work, { guid: guid(key), name, parent: parent && guid(parent), ...more }));
    add("power", "Power", "", { definition: "Who decides.", memo: "Broad?" });
    add("voice", "Voice", "power", { definition: "Being heard.", include: "Speaking up." });
    add("silence", "Silence", "power");
    add("time", "Time", "", { definition: "How long." });
    add("late voice", "Voice", "time", { definition: "Heard late.", memo: "From page 2" });
    add("trust", "Trust");
    const give = (start, end, code, memo = "") =>
        (work = works.give(work, { text: text.guid, start, end }, guid(code), { guid: guid(code, `${start}-${end}`), memo, time: "2026-12-01T10:00:00Z" }));
    give(0, 3, "power", "first");
    give(4, 7, "voice");
    give(0, 3, "time", "second");
    give(8, 13, "late voice");
    give(4, 7, "late voice", "late");
    give(14, 15, "trust");
    freeze(work);
    const shape = (one) => ({
        codes: one.codes.map((code) => works.path(one, code)),
        codings: one.codings.map(({ start, end, code, memo }) => [works.path(one, code), start, end, memo]),
    });
    const sentence = (task) => { try { task(); return "nothing was refused"; } catch (fault) { return fault.message; } };
"""
CODES = ["Power", "Power > Voice", "Power > Silence", "Time", "Time > Voice", "Trust"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("works")


@pytest.fixture
def after(chromium: Browser, folder: Path) -> Any:
    """Return what the last lines of a function make of the work."""
    return lambda lines, given=None: answer(chromium, folder, SCRIPTS, f"(given) => {{ {BEGIN} {lines} }}", given)


def test_a_work_begins_with_what_the_format_has(after: Any) -> None:
    begun = after("return works.begin({ coder: 'ana', texts: [text] })")
    assert {key: begun[key] for key in ("format", "version", "saved", "round", "memo", "codes", "codings")} == {
        "format": "coded-text",
        "version": 1,
        "saved": 0,
        "round": 1,
        "memo": "",
        "codes": [],
        "codings": [],
    }
    assert begun["coder"]["name"] == "ana"
    assert begun["codebook"] | {"guid": ""} == {"guid": "", "name": "", "version": 1, "changes": []}
    assert begun["guid"] == begun["guid"].lower()


def test_codes_are_listed_as_a_tree_with_counts(after: Any) -> None:
    rows = after("return works.tree(work).map(({ code, depth, own, all }) => [code.name, depth, own, all])")
    assert rows == [
        ["Power", 0, 1, 2],
        ["Voice", 1, 1, 1],
        ["Silence", 1, 0, 0],
        ["Time", 0, 1, 3],
        ["Voice", 1, 2, 2],
        ["Trust", 0, 1, 1],
    ]


def test_codings_are_found_by_code_and_place(after: Any) -> None:
    found = after(
        """return {
            code: works.codingsOf(work, guid("late voice")).map(({ start }) => start),
            at: [0, 3, 14].map((place) => works.at(work, text.guid, place).length),
            over: works.over(work, text.guid, { start: 3, end: 9 }).length,
            other: works.at(work, guid("another text"), 0).length,
        }"""
    )
    assert found == {"code": [4, 8], "at": [2, 0, 1], "over": 3, "other": 0}


def test_a_code_is_found_by_its_name_whatever_its_case(after: Any) -> None:
    found = after(
        """return [works.codeNamed(work, " vOICE ", guid("time")).guid === guid("late voice"),
            works.codeNamed(work, "Voice") ?? null, works.pathKey(work, guid("late voice"))]"""
    )
    assert found == [True, None, "time > voice"]


def test_colours_are_used_evenly_and_then_again(after: Any) -> None:
    counts = after(
        """for (let at = 0; at < 24; at += 1) work = works.addCode(work, { guid: guid(`${at}`), name: `Code ${at}` });
        return works.COLOURS.map((colour) => work.codes.filter((code) => code.colour === colour).length);"""
    )
    assert set(counts) == {3}


@pytest.mark.parametrize(("other", "least"), [("#ffffff", 3), ("#1e2129", 3)])
def test_every_colour_stands_out_from_both_schemes(after: Any, other: str, least: float) -> None:
    def light(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)

    for colour in after("return works.COLOURS"):
        dark, bright = sorted((light(colour), light(other)))
        assert (bright + 0.05) / (dark + 0.05) >= least, colour


REFUSED = [
    (
        "works.addCode(work, { name: 'trust ' })",
        "“Trust” exists already: choose another name, or merge the two codes instead",
    ),
    ("works.addCode(work, { name: 'Voice', parent: guid('power') })", "“Power > Voice” exists already"),
    ("works.addCode(work, { name: '  ' })", "needs a name"),
    ("works.addCode(work, { name: 'A > B' })", "use another sign"),
    ("works.addCode(work, { name: 'A'.repeat(501) })", "at most 500 characters"),
    ("works.addCode(work, { name: 'A', parent: guid('voice') })", "two levels"),
    ("works.addCode(work, { name: 'A', parent: guid('nothing') })", "another code of this codebook"),
    ("works.editCode(work, guid('trust'), { name: 'TIME' })", "merge the two codes instead"),
    ("works.moveCode(work, guid('power'), { parent: guid('time') })", "has codes below it: move those first"),
    ("works.moveCode(work, guid('power'), { parent: guid('power') })", "choose one"),
    ("works.moveCode(work, guid('trust'), { parent: guid('voice') })", "two levels"),
    ("works.moveCode(work, guid('late voice'), { parent: guid('power') })", "“Power > Voice” exists already"),
    ("works.splitCode(work, guid('power'), { code: { name: 'Trust' }, codings: [] })", "“Trust” exists already"),
    ("works.give(work, { text: text.guid, start: 3, end: 3 }, guid('trust'))", "select some words first"),
    ("works.give(work, { text: text.guid, start: 3, end: 38 }, guid('trust'))", "select some words first"),
    ("works.give(work, { text: text.guid, start: 3, end: 4 }, guid('nothing'))", "no longer in this work"),
    ("works.editCoding(work, guid('trust', '14-15'), { end: 14 })", "select some words first"),
]


@pytest.mark.parametrize(("step", "said"), REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(after: Any, step: str, said: str) -> None:
    assert said in after(f"return sentence(() => {step})")


SAME = [
    "works.addText(work, wb.textOf('Another name', text.content))",
    "works.editCode(work, guid('trust'), { name: 'Trust' })",
    "works.editCode(work, guid('nothing'), { name: 'New' })",
    "works.editCode(work, guid('trust'), { guid: guid('x'), parent: guid('power') })",
    "works.removeCode(work, guid('nothing'))",
    "works.mergeCodes(work, guid('trust'), guid('trust'))",
    "works.mergeCodes(work, guid('nothing'), guid('trust'))",
    "works.splitCode(work, guid('nothing'), { code: { name: 'X' }, codings: [] })",
    "works.moveCode(work, guid('trust'), {})",
    "works.moveCode(work, guid('time'), { before: guid('late voice') })",
    "works.moveCode(work, guid('trust'), { before: guid('trust') })",
    "works.give(work, { text: text.guid, start: 0, end: 3 }, guid('power'))",
    "works.editCoding(work, guid('power', '0-3'), { memo: 'first' })",
    "works.editCoding(work, guid('nothing'), { memo: 'first' })",
    "works.take(work, guid('nothing'))",
    "works.markRead(work, text.guid, { start: 3, end: 3 })",
    "works.markRead(work, text.guid, { start: 3, end: 5 }, false)",
    "works.setMemo(work, '')",
    "works.rename(work, { name: 'Round', coder: ' ana' })",
]


@pytest.mark.parametrize("step", SAME)
def test_the_same_work_comes_back_where_nothing_changes(after: Any, step: str) -> None:
    assert after(f"return {step} === work") is True


def test_a_name_has_no_control_characters_and_no_half_of_a_character(after: Any) -> None:
    assert (
        after("return works.addCode(work, { name: ' a\\u0001\\u0000b\\n\\ud800 ' }).codes.at(-1).name") == "a b \ufffd"
    )


def test_a_code_can_be_called_by_its_own_name_in_other_letters(after: Any) -> None:
    assert "TRUST" in after("return shape(works.editCode(work, guid('trust'), { name: ' TRUST ' })).codes")


def test_a_code_is_removed_with_those_below_it_and_their_codings(after: Any) -> None:
    left = after("return shape(works.removeCode(work, guid('time')))")
    assert left["codes"] == ["Power", "Power > Voice", "Power > Silence", "Trust"]
    assert left["codings"] == [["Power", 0, 3, "first"], ["Power > Voice", 4, 7, ""], ["Trust", 14, 15, ""]]


def test_codings_that_would_be_twice_after_merging_become_one_with_both_memos(after: Any) -> None:
    merged = after(
        "const next = works.mergeCodes(work, guid('time'), guid('power')); return { ...shape(next), all: next.codes }"
    )
    assert merged["codes"] == ["Power", "Power > Voice", "Power > Silence", "Trust"]
    assert merged["codings"] == [
        ["Power", 0, 3, "first\nsecond"],
        ["Power > Voice", 4, 7, "late"],
        ["Power > Voice", 8, 13, ""],
        ["Trust", 14, 15, ""],
    ]
    power, voice, _, _ = merged["all"]
    assert power["definition"] == "Who decides.\nFrom “Time”: How long."
    assert power["memo"] == "Broad?\n“Time” was merged into this code."
    assert voice["definition"] == "Being heard.\nFrom “Voice”: Heard late."
    assert voice["include"] == "Speaking up."
    assert voice["memo"] == "“Voice” was merged into this code.\nFrom page 2"


def test_codes_below_a_merged_code_move(after: Any) -> None:
    assert after("return shape(works.mergeCodes(work, guid('power'), guid('trust'))).codes") == [
        "Trust > Voice",
        "Trust > Silence",
        "Time",
        "Time > Voice",
        "Trust",
    ]


def test_a_code_merged_into_one_below_another_gives_its_codes_to_that_other(after: Any) -> None:
    merged = after("return shape(works.mergeCodes(work, guid('time'), guid('silence')))")
    assert merged["codes"] == ["Power", "Power > Voice", "Power > Silence", "Trust"]
    assert [row[0] for row in merged["codings"]] == [
        "Power",
        "Power > Voice",
        "Power > Silence",
        "Power > Voice",
        "Trust",
    ]


def test_a_code_merged_into_one_of_its_own_lifts_that_to_the_top(after: Any) -> None:
    merged = after("return shape(works.mergeCodes(work, guid('power'), guid('voice')))")
    assert merged["codes"] == ["Voice", "Voice > Silence", "Time", "Time > Voice", "Trust"]
    assert merged["codings"][0] == ["Voice", 0, 3, "first"]


def test_a_code_is_not_lifted_beside_one_of_the_same_name(after: Any) -> None:
    said = after("add('top', 'voice'); return sentence(() => works.mergeCodes(work, guid('power'), guid('voice')))")
    assert "“voice” exists already" in said


def test_splitting_moves_the_chosen_codings_to_a_new_code(after: Any) -> None:
    split = after(
        """const chosen = [guid("late voice", "4-7"), guid("trust", "14-15")];
        return shape(works.splitCode(work, guid("late voice"), { code: { guid: guid("new"), name: "Echo" }, codings: chosen }));"""
    )
    assert split["codes"] == [*CODES[:5], "Time > Echo", "Trust"]
    assert ["Time > Echo", 4, 7, "late"] in split["codings"]
    assert ["Time > Voice", 8, 13, ""] in split["codings"]
    assert ["Trust", 14, 15, ""] in split["codings"]  # of another code


def test_a_code_can_be_split_off_below_itself(after: Any) -> None:
    split = after(
        """const code = { name: "Late", parent: guid("trust") };
        return shape(works.splitCode(work, guid("trust"), { code, codings: [guid("trust", "14-15")] }));"""
    )
    assert split["codes"][-1] == "Trust > Late"
    assert split["codings"][-1][0] == "Trust > Late"


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("'trust', { before: guid('power') }", ["Trust", *CODES[:5]]),
        ("'power', {}", [*CODES[1:], "Power"]),
        ("'trust', { parent: guid('time'), before: guid('late voice') }", [*CODES[:4], "Time > Trust", "Time > Voice"]),
        ("'silence', { parent: '' }", [*CODES[:2], *CODES[3:], "Silence"]),
        ("'silence', { before: guid('voice') }", ["Power", "Power > Silence", "Power > Voice", *CODES[3:]]),
    ],
)
def test_codes_move_within_two_levels(after: Any, step: str, codes: list[str]) -> None:
    code, _, rest = step.partition(", ")
    assert after(f"return shape(works.moveCode(work, guid({code}), {rest})).codes") == codes


def test_giving_editing_and_taking_codings(after: Any) -> None:
    codings = after(
        """give(16, 20, "trust", "new");
        work = works.editCoding(work, guid("trust", "16-20"), { start: 14, end: 20, memo: "longer" });
        work = works.take(work, guid("trust", "14-15"));
        return shape(work).codings.slice(-1);"""
    )
    assert codings == [["Trust", 14, 20, "longer"]]


def test_a_coding_that_is_changed_into_another_becomes_one_with_it(after: Any) -> None:
    codings = after("return shape(works.editCoding(work, guid('time', '0-3'), { code: guid('power') })).codings")
    assert [row for row in codings if row[1] == 0] == [["Power", 0, 3, "first\nsecond"]]


def test_a_new_coding_has_a_name_of_its_own_and_a_time(after: Any) -> None:
    made = after("return works.give(work, { text: text.guid, start: 0, end: 36 }, guid('trust')).codings.at(-1)")
    assert made["memo"] == ""
    assert made["time"].endswith("Z")
    assert len(made["guid"]) == 36


@pytest.mark.parametrize(
    ("steps", "read"),
    [
        ([[0, 5, True], [10, 20, True]], [[0, 5], [10, 20]]),
        ([[10, 20, True], [0, 5, True]], [[0, 5], [10, 20]]),
        ([[0, 5, True], [5, 9, True]], [[0, 9]]),  # they touch
        ([[0, 5, True], [10, 20, True], [3, 12, True]], [[0, 20]]),
        ([[0, 20, True], [5, 7, False]], [[0, 5], [7, 20]]),
        ([[0, 20, True], [0, 20, False]], []),
        ([[0, 5, True], [10, 20, True], [3, 12, False]], [[0, 3], [12, 20]]),
    ],
)
def test_ranges_that_were_read_are_united_and_cut(after: Any, steps: list[list[Any]], read: list[list[int]]) -> None:
    lines = """for (const [start, end, isRead] of given) work = works.markRead(work, text.guid, { start, end }, isRead);
        return work.texts[0].read;"""
    assert after(lines, steps) == read


def test_read_ranges_are_those_of_sets(after: Any) -> None:
    """The reference keeps every place that was read, one by one."""
    found = after(
        """let seed = 7;
        const random = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
        const places = new Set();
        for (let step = 0; step < 300; step += 1) {
            const start = random(34), end = start + random(5), isRead = random(3) > 0;
            for (let place = start; place < Math.min(end, 37); place += 1) isRead ? places.add(place) : places.delete(place);
            work = works.markRead(work, text.guid, { start, end: Math.min(end, 37) }, isRead);
            const { read } = work.texts[0];
            const all = read.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at));
            if (all.join() !== [...places].sort((a, b) => a - b).join()) return { step, read };
            if (read.some(([from, to], at) => from >= to || (at && read[at - 1][1] >= from))) return { step, read };
        }
        return "as it should be";"""
    )
    assert found == "as it should be"


def test_a_new_version_says_what_changed_and_why(after: Any) -> None:
    codebook = after(
        """const time = "2026-12-02T09:00:00Z";
        return works.newVersion(work, { what: "Merged A into B", why: "One idea", time }).codebook;"""
    )
    assert codebook["version"] == 2
    assert codebook["changes"] == [
        {"version": 2, "time": "2026-12-02T09:00:00Z", "what": "Merged A into B", "why": "One idea"}
    ]


OTHER = """
    const codebook = { guid: guid("theirs"), name: "Bo", version: 3, changes: [] };
    const code = (key, name, parent = "") =>
        ({ guid: guid(key), parent: parent && guid(parent), name, colour: "#123456", definition: "Theirs", include: "", exclude: "", example: "", memo: "" });
"""


def test_codings_follow_to_another_codebook_by_guid_and_by_path(after: Any) -> None:
    found = after(
        f"""{OTHER}
        const codes = [code("time", "Duration"), code("b", "POWER"), code("c", "voice", "b"), code("d", "Voice", "time")];
        const next = works.withCodebook(work, {{ codebook, codes }});
        return {{ ...shape(next.work), lost: next.lost, memo: next.work.memo, codebook: next.work.codebook, first: next.work.codes[0] }};"""
    )
    assert found["codebook"]["version"] == 3
    assert found["first"]["definition"] == "Theirs"
    assert found["codings"] == [
        ["POWER", 0, 3, "first"],
        ["POWER > voice", 4, 7, ""],
        ["Duration", 0, 3, "second"],
    ]
    assert [one["path"] for one in found["lost"]] == ["Time > Voice", "Time > Voice", "Trust"]


def test_codes_that_the_other_codebook_does_not_have_are_in_the_memo_with_their_codings(after: Any) -> None:
    memo = after(
        f"{OTHER} return works.withCodebook(works.setMemo(work, 'Mine.'), {{ codebook, codes: [] }}).work.memo"
    )
    assert memo.splitlines() == [
        "Mine.",
        "Not in codebook “Bo”, version 3:",
        "“Power”: Who decides.",
        "Broad?",
        "– Interview, characters 0 to 3: first",
        "“Power > Voice”: Being heard.",
        "– Interview, characters 4 to 7",
        "“Power > Silence”",
        "“Time”: How long.",
        "– Interview, characters 0 to 3: second",
        "“Time > Voice”: Heard late.",
        "From page 2",
        "– Interview, characters 4 to 7: late",
        "– Interview, characters 8 to 13",
        "“Trust”",
        "– Interview, characters 14 to 15",
    ]


def test_codes_of_two_names_that_are_one_in_the_other_codebook_give_one_coding(after: Any) -> None:
    found = after(
        f"""{OTHER}
        work = works.addCode(work, {{ guid: guid("another"), name: "Hope" }});
        give(14, 15, "another", "too");
        const next = works.withCodebook(work, {{ codebook, codes: [code("another", "Trust")] }});
        return shape(next.work).codings;"""
    )
    assert found == [["Trust", 14, 15, "too"]]


def test_no_name_is_longer_than_a_file_may_have(after: Any) -> None:
    found = after(
        """const next = works.rename(work, { name: "n".repeat(600), coder: "c".repeat(600) });
        return [next.name, next.coder.name, wb.textOf("t".repeat(600), "").name].map((name) => name.length);"""
    )
    assert found == [500, 500, 500]


def test_guids_are_lower_case_and_a_path_always_has_the_same(after: Any) -> None:
    one, same, other, new = after("return [wb.guidOf('a', 'b'), wb.guidOf('a', 'b'), wb.guidOf('ab'), wb.newGuid()]")
    assert one == same != other
    assert one == one.lower()
    assert new == new.lower()
    assert [len(part) for part in new.split("-")] == [8, 4, 4, 4, 12]
