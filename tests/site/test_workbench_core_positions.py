"""Places in texts of the workbench, in a real browser: code points as Python counts them, and the pieces of a text."""

from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import pytest
from browser import WORK, Browser
from page_scripts import answer

SCRIPTS = ["sha256.js", "workbench/positions.js", "workbench/works.js"]
FAMILY, THUMB, FLAG = "👨‍👩‍👧", "👍🏽", "🇳🇱"
SIGNS = ["a", "Z", " ", ".", "? ", "\n", "\n\n", "Anna: ", "e\u0301", "ü", "u\u0308", "🙂", THUMB, FAMILY, FLAG, "𝔊"]
SIGNS += ["नमस्ते", "क्षि", "한국", "\u1112\u1161\u11ab", "\u0600١", "☝\ufe0f", "你好", "שָׁלוֹם", "\u00a0", "\u200d", "\t"]


class Place(TypedDict, total=False):
    """A piece of a text, with the speaker of a turn."""

    start: int
    end: int
    speaker: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("positions")


def some_texts(count: int) -> list[str]:
    """Return texts of all kinds of characters, the same ones every time."""
    chance = np.random.default_rng(18)
    return ["", *("".join(chance.choice(SIGNS, size=chance.integers(1, 60))) for _ in range(count))]


def pieces_of(chromium: Browser, folder: Path, text: str, kind: str, language: str = "en") -> list[Place]:
    """Return the pieces of one kind."""
    ask = "([text, kind, language]) => compendium.workbench.pieces(text, language)[kind]"
    found: list[Place] = answer(chromium, folder, SCRIPTS, ask, [text, kind, language])
    return found


def words_of(text: str, places: list[Place]) -> list[str]:
    return [text[place["start"] : place["end"]] for place in places]


def test_places_are_those_of_python_slices(chromium: Browser, folder: Path) -> None:
    texts = some_texts(150)
    chance = np.random.default_rng(3)
    given: list[tuple[str, int, int]] = []
    for text in texts:
        start, end = sorted(int(place) for place in chance.integers(0, len(text) + 1, size=2))
        given.append((text, start, end))
    found = answer(
        chromium,
        folder,
        SCRIPTS,
        """given => given.map(([text, start, end]) => {
            const { points, toPoints, toUnits } = compendium.workbench.positions(text);
            const all = Array.from({ length: points + 1 }, (_, place) => place);
            return { points, words: text.slice(toUnits(start), toUnits(end)), back: all.every((p) => toPoints(toUnits(p)) === p) };
        })""",
        given,
    )
    wanted = [{"points": len(text), "words": text[start:end], "back": True} for text, start, end in given]
    assert found == wanted


def test_a_place_within_a_character_is_its_start(chromium: Browser, folder: Path) -> None:
    ask = "() => [0, 1, 2, 3].map(compendium.workbench.positions('a🙂b').toPoints)"
    assert answer(chromium, folder, SCRIPTS, ask) == [0, 1, 1, 2]


def test_all_line_ends_become_line_feeds_and_broken_characters_a_sign(chromium: Browser, folder: Path) -> None:
    ask = "() => compendium.workbench.textOf('T', 'a\\r\\nb\\rc\\n\\r\\nd' + '\\ud800' + 'e').content"
    assert answer(chromium, folder, SCRIPTS, ask) == "a\nb\nc\n\nd\ufffde"


def test_a_widened_place_cuts_no_character_that_readers_see(chromium: Browser, folder: Path) -> None:
    """The reference goes through all characters from the start; ours asks for those at the two ends."""
    found = answer(
        chromium,
        folder,
        SCRIPTS,
        """texts => texts.flatMap((text) => {
            const wb = compendium.workbench;
            const { points, toPoints } = wb.positions(text);
            const edges = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map((one) => toPoints(one.index));
            edges.push(points);
            const wrong = [];
            for (let start = 0; start < points; start += 1)
                for (const end of [start + 1, Math.min(points, start + 7), points]) {
                    const place = wb.whole(text, { start, end });
                    const wanted = [edges.findLast((edge) => edge <= start), edges.find((edge) => edge >= end)];
                    if (place.start !== wanted[0] || place.end !== wanted[1]) wrong.push([text, start, end, place, wanted]);
                }
            return wrong;
        })""",
        some_texts(60),
    )
    assert found == []


@pytest.mark.parametrize("character", [FAMILY, THUMB, FLAG, "e\u0301", "\u1112\u1161\u11ab", "☝\ufe0f"])
def test_characters_of_several_code_points_stay_whole(chromium: Browser, folder: Path, character: str) -> None:
    text = f"ab {character} cd"
    ask = "([text, start]) => compendium.workbench.whole(text, { start, end: start + 1 })"
    place = answer(chromium, folder, SCRIPTS, ask, [text, 3 + len(character) - 1])
    assert text[place["start"] : place["end"]] == character


def test_a_very_long_character_stays_whole(chromium: Browser, folder: Path) -> None:
    character = "e" + "\u0301" * 300
    ask = "text => [3, 200, 301].map((start) => compendium.workbench.whole(text, { start, end: start + 1 }))"
    found = answer(chromium, folder, SCRIPTS, ask, f"ab{character}cd")
    assert found == [{"start": 2, "end": 303}] * 3


def test_a_caret_goes_before_the_character_that_it_is_in(chromium: Browser, folder: Path) -> None:
    ask = "text => [1, 2, 6, 7].map((start) => compendium.workbench.whole(text, { start, end: start }))"
    found = answer(chromium, folder, SCRIPTS, ask, f"a{FAMILY}b")
    assert found == [{"start": place, "end": place} for place in (1, 1, 6, 7)]


def test_without_rules_of_the_browser_characters_and_pieces_are_nearly_the_same(
    chromium: Browser, folder: Path
) -> None:
    text = f"Anna: Well… I don't know. Is it 3.5?\nTh{FAMILY}e end e\u0301.\nBo: Yes"
    found = answer(
        chromium,
        folder,
        SCRIPTS,
        """text => {
            const kept = Intl.Segmenter;
            delete Intl.Segmenter;
            try {
                const wb = compendium.workbench;
                const { sentences, words } = wb.pieces(text, "en");
                return { sentences, words, whole: [wb.whole(text, { start: 41, end: 42 }), wb.whole(text, { start: 51, end: 52 })] };
            } finally { Intl.Segmenter = kept; }
        }""",
        text,
    )
    sentences = ["Well…", "I don't know.", "Is it 3.5?", f"Th{FAMILY}e end e\u0301.", "Yes"]
    assert words_of(text, found["sentences"]) == sentences
    assert words_of(text, found["words"])[:5] == ["Anna", "Well", "I", "don't", "know"]
    assert words_of(text, found["whole"]) == [FAMILY, "e\u0301"]


def test_blanks_at_the_ends_are_no_part_of_a_place(chromium: Browser, folder: Path) -> None:
    text = "🙂 \n\u00a0 two words\u3000\t 🙂"
    ask = "text => [[1, 17], [1, 5], [0, 5]].map(([start, end]) => compendium.workbench.trimmed(text, { start, end }))"
    found = answer(chromium, folder, SCRIPTS, ask, text)
    assert words_of(text, found) == ["two words", "", "🙂"]


INTERVIEW = """Interviewer: How was it? Did you like it?

Anna (ward 3): Well. I … you know.
It took long.

And one thing: they never asked.

INTERVIEWER: Never?
Dr. Okafor: No. See https://example.org for 10:30.
"""


def test_turns_begin_with_a_speaker_and_go_on_until_the_next(chromium: Browser, folder: Path) -> None:
    turns = pieces_of(chromium, folder, INTERVIEW, "turns")
    assert [turn["speaker"] for turn in turns] == ["Interviewer", "Anna (ward 3)", "INTERVIEWER", "Dr. Okafor"]
    assert words_of(INTERVIEW, turns)[1].startswith("Anna (ward 3): Well.")
    assert words_of(INTERVIEW, turns)[1].endswith("they never asked.")


def test_paragraphs_are_all_lines_and_sentences_leave_labels_out(chromium: Browser, folder: Path) -> None:
    paragraphs = pieces_of(chromium, folder, INTERVIEW, "paragraphs")
    assert words_of(INTERVIEW, paragraphs) == INTERVIEW.split("\n")
    sentences = words_of(INTERVIEW, pieces_of(chromium, folder, INTERVIEW, "sentences"))
    assert sentences[:3] == ["How was it?", "Did you like it?", "Well."]
    assert "Never?" in sentences


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("One.\n\nTwo: three.\n\nFour.", ["", "", ""]),  # one is none
        ("Notes.\n\nP1: Yes.\n\nMore.\n\nP2: No.", ["", "P1", "P2"]),  # what is before the first speaker is by itself
        ("[00:01] Ana: Yes.\n[00:12] Bo: No.", ["Ana", "Bo"]),  # with times
        ("second coder: Yes.\nx: a\nsecond coder: No.", ["second coder"] * 2),  # small letters, if they come again
        ("I told her this. Then: no.\nWhy? I said: so.", ["", ""]),  # sentences
        ("访谈者：你好。\n安娜：好。", ["访谈者", "安娜"]),  # the colon of another script
        ("A" * 41 + ": Yes.\n" + "A" * 41 + ": No.", ["", ""]),  # too long for a name
        ("", []),
        ("\n \n", []),
    ],
)
def test_what_is_a_speaker(chromium: Browser, folder: Path, text: str, speakers: list[str]) -> None:
    assert [turn["speaker"] for turn in pieces_of(chromium, folder, text, "turns")] == speakers


def test_a_language_that_no_browser_knows_is_taken_for_english(chromium: Browser, folder: Path) -> None:
    text = "One. Two."
    assert words_of(text, pieces_of(chromium, folder, text, "sentences", "not_a_language")) == ["One.", "Two."]


def test_pieces_lie_in_their_lines_in_order(chromium: Browser, folder: Path) -> None:
    ask = """texts => texts.map((text) => {
        const { paragraphs, turns, sentences, words } = compendium.workbench.pieces(text, "en");
        return { paragraphs, turns, sentences, words };
    })"""
    texts = some_texts(80)
    for text, found in zip(texts, answer(chromium, folder, SCRIPTS, ask, texts), strict=True):
        assert words_of(text, found["paragraphs"]) == text.split("\n")
        for kind in ("sentences", "words"):
            ends = [end for place in found[kind] for end in (place["start"], place["end"])]
            assert ends == sorted(ends)
            assert all(words and "\n" not in words and words == words.strip() for words in words_of(text, found[kind]))


@pytest.mark.thorough
def test_two_hundred_thousand_words_are_cut_within_a_second(chromium: Browser, folder: Path) -> None:
    ask = """work => {
        const wb = compendium.workbench;
        const content = `Anna: Well, I said that 🙂 nobody had asked us about it before. Not once!\\n\\n`.repeat(14_300) + Math.random();
        const slowness = Math.max(1, (0, eval)(work)() / 10.5);
        const clock = (task) => { const start = performance.now(); task(); return (performance.now() - start) / slowness; };
        let pieces;
        return {
            cut: clock(() => { pieces = wb.pieces(content, "en"); void [pieces.turns, pieces.sentences, pieces.words]; }),
            words: pieces.words.length,
            converted: clock(() => { for (let at = 0; at < 1e5; at += 1) wb.positions(content).toUnits(at * 11); }),
            widened: clock(() => { for (let at = 0; at < 100; at += 1) wb.whole(content, { start: at * 9000, end: at * 9000 + 5 }); }),
        };
    }"""
    times: list[dict[str, Any]] = [answer(chromium, folder, SCRIPTS, ask, f"({WORK})") for _ in range(3)]
    assert times[0]["words"] > 200_000
    assert min(one["cut"] for one in times) < 1_000
    assert min(one["converted"] for one in times) < 200
    assert min(one["widened"] for one in times) < 200
