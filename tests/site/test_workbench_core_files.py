"""Files of the workbench, in a real browser: what may be opened, and the sentence that refuses what may not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from page_scripts import answer

SCRIPTS = ["sha256.js", "workbench/positions.js", "workbench/works.js", "workbench/work-files.js"]
WORK = """() => {
    const wb = compendium.workbench, works = wb.works, guid = wb.guidOf;
    const texts = ["One 🙂 two.", "Three."].map((words, at) => wb.textOf(`Interview ${at + 1}`, words, { guid: guid("text", at) }));
    let work = works.begin({ coder: { guid: guid("coder"), name: "Ana Lucía / x" }, texts, name: "First round", codebook: { guid: guid("book"), name: "", version: 1, changes: [] } });
    work = works.addCode({ ...work, guid: guid("work") }, { guid: guid("power"), name: "Power" });
    work = works.addCode(work, { guid: guid("voice"), name: "Voice", parent: guid("power") });
    work = works.give(work, { text: texts[0].guid, start: 4, end: 5 }, guid("voice"), { guid: guid("coding"), time: "2026-12-01T10:00:00Z" });
    return works.markRead(works.newVersion(work, { what: "First", why: "", time: "2026-12-01T11:00:00Z" }), texts[0].guid, { start: 0, end: 5 });
}"""
Data = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def sound(chromium: Browser, folder: Path) -> Data:
    """Return a work of two texts, two codes and a coding."""
    work: Data = answer(chromium, folder, SCRIPTS, WORK)
    return work


@pytest.fixture
def fault(chromium: Browser, folder: Path) -> Callable[[Any], str]:
    """Return what is wrong with data, which goes in as text and is parsed there, as a file is."""
    ask = "text => compendium.workbench.works.fault(JSON.parse(text))"
    return lambda data: str(answer(chromium, folder, SCRIPTS, ask, data if isinstance(data, str) else json.dumps(data)))


def changed(work: Data, path: list[str | int], value: Any) -> Data:
    """Return a work with another value at a path; without the field where the value is `...`."""
    other = copy.deepcopy(work)
    inner: Any = other
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return other


def test_a_work_codebook_or_packet_of_this_page_has_no_fault(sound: Data, fault: Callable[[Any], str]) -> None:
    codebook = {"codebook": sound["codebook"], "codes": sound["codes"], "version": 1}
    packet = {"guid": sound["guid"], "name": "Class", "note": "", "round": 1, "texts": sound["texts"], "tasks": []}
    assert fault(sound) == ""
    assert fault({"format": "codebook", **codebook}) == ""
    assert fault({"format": "coding-packet", **codebook, **packet}) == ""


WRONG: list[tuple[list[str | int], Any, str]] = [
    (["guid"], ..., "“guid” should be a GUID and is missing"),
    (["guid"], "1234", '“guid” should be a GUID and is "1234"'),
    (["saved"], -1, "“saved” should be a number from 0"),
    (["saved"], 1.5, "“saved” should be a number from 0"),
    (["round"], "1", "“round” should be a number from 1"),
    (["memo"], None, "“memo” should be a text"),
    (["coder"], "ana", "“coder” should be a record"),
    (["coder", "name"], 7, "“name” of “coder” should be a text"),
    (["coder", "name"], "a" * 501, "“name” of “coder” should be a text of at most 500 characters"),
    (["codebook", "version"], 0, "“version” of “codebook”"),
    (["codebook", "changes"], {}, "“changes” of “codebook” should be a list"),
    (["codebook", "changes", 0, "time"], "yesterday", "“time” of entry 1 of “changes” of “codebook” should be a time"),
    (["codes"], "none", "“codes” should be a list"),
    (["codes", 1], [], "entry 2 of “codes” should be a record"),
    (["codes", 1, "colour"], "red", '“colour” of entry 2 of “codes” should be a colour such as #1e88e5 and is "red"'),
    (["codes", 1, "colour"], "#1e88e5;background:url(x)", "should be a colour"),
    (["codes", 1, "name"], " ", "“name” of entry 2 of “codes” should be a name"),
    (["codes", 1, "definition"], ..., "“definition” of entry 2 of “codes” should be a text"),
    (
        ["codes", 1, "parent"],
        "00000000-0000-4000-8000-000000000000",
        "“parent” of the code “Voice” should be a code at the top",
    ),
    (["texts", 0, "content"], "One\r\ntwo", "with line feeds only"),
    (["texts", 0, "content"], "One \ud800", "with line feeds only"),
    (["texts", 0, "content"], "One 🙂 too.", "The text “Interview 1” is not the one that was coded"),
    (["texts", 0, "sha256"], "0" * 64, "The text “Interview 1” is not the one that was coded"),
    (["texts", 0, "language"], "en<script>", "“language” of entry 1 of “texts” should be the code of a language"),
    (["texts", 0, "origin"], "stolen", "should be “invented” or “own”"),
    (
        ["texts", 0, "read"],
        [[0, 5], [4, 6]],
        "“read” of the text “Interview 1” should be ranges of the text in their order",
    ),
    (["texts", 0, "read"], [[0, 11]], "“read” of the text “Interview 1”"),
    (["texts", 0, "read"], [[3, 3]], "“read” of the text “Interview 1”"),
    (["texts", 0, "read"], [[0, 5, 6]], "entry 1 of “read” of entry 1 of “texts” should be a start and an end"),
    (["codings", 0, "end"], 11, "entry 1 of “codings” should be a place in its text and is [4,11]"),
    (["codings", 0, "start"], 5, "entry 1 of “codings” should be a place in its text"),
    (["codings", 0, "start"], "4", "“start” of entry 1 of “codings” should be a number"),
    (
        ["codings", 0, "code"],
        "00000000-0000-4000-8000-000000000000",
        "“code” of entry 1 of “codings” should be a code of the codebook",
    ),
    (
        ["codings", 0, "text"],
        "00000000-0000-4000-8000-000000000000",
        "“text” of entry 1 of “codings” should be a text of the work",
    ),
    (["codings", 0, "time"], "2026-12-01", "“time” of entry 1 of “codings” should be a time"),
    (["version"], 0, "“version” should be 1"),
    (["version"], "1", "“version” should be 1"),
    (["version"], 2, "made by a later version of this page (format 2, here 1): reload the page"),
    (["format"], "coded-passages", "This file was not made by this page"),
    (["format"], ..., "This file was not made by this page"),
    (["format"], "__proto__", "This file was not made by this page"),
]


@pytest.mark.parametrize(("path", "value", "said"), WRONG)
def test_a_fault_says_what_is_wrong_where_and_what_to_do(
    sound: Data, fault: Callable[[Any], str], path: list[str | int], value: Any, said: str
) -> None:
    found = fault(changed(sound, path, value))
    assert said in found
    assert found.endswith(".")
    assert any(remedy in found for remedy in ("open an earlier copy", "reload the page", "choose a work"))


@pytest.mark.parametrize("what", ["codes", "texts", "codings"])
def test_no_two_things_have_the_same_guid(sound: Data, fault: Callable[[Any], str], what: str) -> None:
    twin = copy.deepcopy(sound[what][0])
    twin["guid"] = twin["guid"].upper()
    rows = [*sound[what], twin]
    assert f"“guid” of entry {len(rows)} of “{what}” should be different" in fault(changed(sound, [what], rows))


def test_a_code_is_not_below_itself_or_below_a_code_below_another(sound: Data, fault: Callable[[Any], str]) -> None:
    power, voice = (code["guid"] for code in sound["codes"])
    assert "code at the top" in fault(changed(sound, ["codes", 0, "parent"], power))
    assert "code at the top" in fault(changed(sound, ["codes", 0, "parent"], voice))


@pytest.mark.parametrize(
    "text", ["null", "7", '"coded-text"', "[]", "{}", '{"__proto__": {"format": "coded-text", "version": 1}}']
)
def test_data_of_any_kind_gets_a_sentence(fault: Callable[[Any], str], text: str) -> None:
    assert "was not made by this page" in fault(text)


def test_what_another_page_of_the_site_stored_is_known(fault: Callable[[Any], str]) -> None:
    stored = {"version": 1, "edition": "1", "pseudonym": "ana", "facets": ["stage"], "codes": {}}
    assert "stored coding of another page, “Code it yourself”" in fault(stored)


def test_no_change_of_a_file_gets_past_the_check_and_breaks_the_page(
    chromium: Browser, folder: Path, sound: Data
) -> None:
    """Values anywhere in a work are replaced or removed: each such file is refused, or can be worked with."""
    ask = """work => {
        const { works } = compendium.workbench;
        let seed = 5;
        const random = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
        const JUNK = [null, undefined, -1, 3, 1e99, "", "x", "\\ud800", [], {}, [[]], [0, 1], true, "__proto__", { length: 3 }];
        const places = (value, path = []) =>
            typeof value === "object" && value !== null ? Object.keys(value).flatMap((key) => [[...path, key], ...places(value[key], [...path, key])]) : [];
        const all = places(work);
        const found = { refused: 0, opened: 0, wrong: [] };
        for (let round = 0; round < 3_000; round += 1) {
            const data = structuredClone(work);
            const path = all[random(all.length)];
            const junk = JUNK[random(JUNK.length)];
            path.slice(0, -1).reduce((within, key) => within[key], data)[path.at(-1)] = structuredClone(junk);
            try {
                const fault = works.fault(data);
                if (fault) { found.refused += 1; if (!fault.endsWith(".")) found.wrong.push(fault); continue; }
                const read = works.tidy(data);
                works.tree(read); works.asText(read); works.fileName(read);
                for (const code of read.codes) works.codingsOf(read, works.path(read, code) && code);
                for (const text of read.texts) works.markRead(read, text.guid, { start: 0, end: 3 });
                found.opened += 1;
            } catch (fault) { found.wrong.push([path, String(junk), fault.message]); }
        }
        return found;
    }"""
    found = answer(chromium, folder, SCRIPTS, ask, sound)
    assert found["wrong"] == []
    assert found["refused"] > 1_000
    assert found["opened"] > 0


def test_nothing_inherited_counts_and_nothing_unknown_stays(chromium: Browser, folder: Path, sound: Data) -> None:
    """A file can name `__proto__` as a field, which must not become the prototype of anything."""
    text = json.dumps({**sound, "extra": 1}).replace('"memo": ""', '"memo": "", "__proto__": {"polluted": true}')
    assert "polluted" in text
    ask = """text => {
        const data = JSON.parse(text);
        const { works } = compendium.workbench;
        const tidy = works.tidy(data);
        return [works.fault(data), ({}).polluted ?? "", tidy.polluted ?? "", tidy.codes[0].polluted ?? "", Object.keys(tidy)];
    }"""
    found = answer(chromium, folder, SCRIPTS, ask, text)
    assert found[:4] == ["", "", "", ""]
    assert found[4] == list(sound)


def test_required_fields_are_not_taken_from_a_prototype(fault: Callable[[Any], str], sound: Data) -> None:
    text = json.dumps(changed(sound, ["coder"], ...))[:-1] + ', "__proto__": {"coder": {"guid": "", "name": ""}}}'
    assert "“coder” should be a record and is missing" in fault(text)


def test_guids_are_read_in_any_case_and_kept_in_lower_case(chromium: Browser, folder: Path, sound: Data) -> None:
    upper = copy.deepcopy(sound)
    upper["guid"] = upper["guid"].upper()
    upper["codes"][1]["parent"] = upper["codes"][1]["parent"].upper()
    upper["codings"][0]["code"] = upper["codings"][0]["code"].upper()
    ask = "data => { const { works } = compendium.workbench; return [works.fault(data), works.tidy(data)]; }"
    assert answer(chromium, folder, SCRIPTS, ask, upper) == ["", sound]


def test_a_work_goes_through_its_file(chromium: Browser, folder: Path, sound: Data) -> None:
    ask = """work => {
        const { works } = compendium.workbench;
        const shuffled = Object.fromEntries(Object.entries(work).reverse());
        return [works.asText(work), works.asText(shuffled)];
    }"""
    text, same = answer(chromium, folder, SCRIPTS, ask, sound)
    assert json.loads(text) == sound
    assert text == same
    assert text.endswith("}\n")


def test_a_codebook_has_a_file_of_its_own(
    chromium: Browser, folder: Path, sound: Data, fault: Callable[[Any], str]
) -> None:
    text = answer(chromium, folder, SCRIPTS, "work => compendium.workbench.works.codebookAsText(work)", sound)
    assert fault(text) == ""
    assert set(json.loads(text)) == {"format", "version", "codebook", "codes"}


@pytest.mark.parametrize(
    ("coder", "name", "file"),
    [
        ("Ana Lucía / x", "First round", "ana-lucía-x-first-round-round-1.json"),
        ("", "", "coder-round-1.json"),
        ("../..", "a\\b:c*", "coder-a-b-c-round-1.json"),
        ("नमस्ते", "", "नमस्ते-round-1.json"),
        ("x" * 90, "y", "x" * 40 + "-y-round-1.json"),
    ],
)
def test_the_name_of_a_file_says_who_and_what(
    chromium: Browser, folder: Path, sound: Data, coder: str, name: str, file: str
) -> None:
    work = {**sound, "coder": {**sound["coder"], "name": coder}, "name": name}
    assert answer(chromium, folder, SCRIPTS, "work => compendium.workbench.works.fileName(work)", work) == file
