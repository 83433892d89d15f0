"""Keys of the pane where a text is coded: they select, move, speak and ask; and no other key of the site reacts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import text_pane
from browser import Browser, pause
from text_pane import TEXT, coding, selected

GOOD = coding(TEXT, "Good", "voice")
KNOW = coding(TEXT, "I don’t know.", "heard", memo="Why?")
KNOW_TOO = coding(TEXT, "I don’t know.", "money")
ALL = coding(TEXT, "I don’t know. They never asked us, did they?", "left-out")
CODINGS = [KNOW, GOOD, KNOW_TOO, ALL]


Pressed = tuple[str, list[str], list[Any]]


def press(chromium: Browser, folder: Path, keys: str, at: str = "", content: str = TEXT) -> Pressed:
    """Press keys in the text, from the beginning of some words; return what is selected, what is said, what is asked for."""
    (found,) = press_each(chromium, folder, [(keys, at)], content)
    return found


def press_each(chromium: Browser, folder: Path, each: Sequence[tuple[str, str]], content: str = TEXT) -> list[Pressed]:
    """Press some keys and then others, from other words; return the same of each."""

    def pressed(page: Any, keys: str, at: str) -> Pressed:
        page.focus("#text")
        start = content.index(at)
        page.evaluate("start => view.select({ start, end: start })", start)
        pause(page, 30)
        page.evaluate("calls.length = said.length = 0")
        for key in keys.split():
            page.keyboard.press(key)
        pause(page, 30)
        asked = [call for call in page.evaluate("calls") if call[0] != "select"]
        return selected(page), page.evaluate("said"), asked

    found: list[Pressed] = text_pane.use(
        chromium, folder, lambda page: [pressed(page, *one) for one in each], content, codings=CODINGS
    )
    return found


LETTERS = [
    ("s", "know", "I don’t know."),
    ("s s", "know", "I don’t know. They never asked us, did they?"),
    ("s s S", "know", "I don’t know."),
    ("s s s S S S", "know", "I don’t know."),
    ("w", "never", "never"),
    ("w w w", "never", "never asked us"),
    ("w w W", "never", "never"),
    ("w", "नमस्ते", "नमस्ते"),
    ("p", "wrote", "Ana: I don’t know. They never asked us, did they?\nThey wrote it down."),
    ("p p", "How was", TEXT[: TEXT.index("\n\nInterviewer: And")]),
    ("s w", "know", "I don’t know"),
    ("w s", "never", "They never asked us, did they?"),
]


def test_letters_select_sentences_words_and_turns(chromium: Browser, tmp_path: Path) -> None:
    found = press_each(chromium, tmp_path, [(keys, at) for keys, at, _ in LETTERS])
    assert [words for words, *_ in found] == [words for *_, words in LETTERS]


def test_what_is_selected_is_said_with_its_codes(chromium: Browser, tmp_path: Path) -> None:
    _, said, _ = press(chromium, tmp_path, "s s S", "know")
    codes = "coded Voice > Heard, Money, Voice > Left out"
    assert said == [
        f"Selected: I don’t know. (3 words, {codes})",
        f"Added: They never asked us, did they? (9 words, {codes})",
        f"Now: I don’t know. (3 words, {codes})",
    ]


def test_j_and_k_go_from_sentence_to_sentence_and_read_them(chromium: Browser, tmp_path: Path) -> None:
    words, said, _ = press(chromium, tmp_path, "j j k", "And then?")
    assert said == [
        "I don’t know. (coded Voice > Heard, Money, Voice > Left out)",
        "They never asked us, did they? (coded Voice > Left out)",
        "I don’t know. (coded Voice > Heard, Money, Voice > Left out)",
    ]
    assert words == "I don’t know."


def test_n_and_b_go_from_coding_to_coding_those_of_the_same_words_too(chromium: Browser, tmp_path: Path) -> None:
    words, said, calls = press(chromium, tmp_path, "n n n n n b")
    guids = [one["guid"] for one in (GOOD, KNOW, KNOW_TOO, ALL, KNOW_TOO)]
    assert [call for call in calls if call[0] == "coding"] == [["coding", guid] for guid in guids]
    assert said == [
        "Voice: Good",
        "Voice > Heard (1 of 2 on these words, with a memo): I don’t know.",
        "Money (2 of 2 on these words): I don’t know.",
        "Voice > Left out: I don’t know. They never asked us, did they?",
        "No more codings this way.",
        "Money (2 of 2 on these words): I don’t know.",
    ]
    assert words == "I don’t know."


@pytest.mark.parametrize("key", ["x", "Delete"])
def test_x_removes_the_coding_that_was_gone_to_or_the_only_one(key: str, chromium: Browser, tmp_path: Path) -> None:
    tried = [(f"n n n {key}", ""), (key, "Good"), (key, "know"), (key, "wrote")]
    gone_to, only, several, none = press_each(chromium, tmp_path, tried)
    assert gone_to[2][-1] == ["take", KNOW_TOO]
    assert only[2] == [["take", GOOD]]
    _, said, calls = several
    assert (calls, said[-1].endswith("go to the one to remove with n or b, then press x.")) == ([], True)
    _, said, calls = none
    assert (calls, said) == ([], ["No coding here to remove."])


def test_codes_go_to_the_sentence_where_nothing_is_selected(chromium: Browser, tmp_path: Path) -> None:
    start = TEXT.index("They wrote")
    place = {"start": start, "end": start + len("They wrote it down.")}
    words, _, calls = press(chromium, tmp_path, "Enter 3 v m", "wrote")
    expected = [["give", place], ["giveNumber", 3, place], ["invivo", place], ["memo"]]
    assert (words, calls) == ("They wrote it down.", expected)


def test_other_letters_ask_for_what_they_mean(chromium: Browser, tmp_path: Path) -> None:
    keys = "z Shift+Z Control+z Control+Shift+z Control+y ? c r Shift+R"
    _, _, calls = press(chromium, tmp_path, keys, "know")
    end = TEXT.index("They never") - 1
    assert [call[0] for call in calls[:-2]] == ["undo", "redo", "undo", "redo", "redo", "help", "codes"]
    assert calls[-2:] == [["read", {"start": 0, "end": end}], ["unread", {"start": 0, "end": end}]]


def test_a_letter_without_meaning_says_where_the_keys_are(chromium: Browser, tmp_path: Path) -> None:
    _, said, calls = press(chromium, tmp_path, "y", "know")
    assert (said, calls) == (["The text cannot be changed. y is no key here: press ? for the keys."], [])


def test_keys_mean_nothing_outside_the_text_nor_with_other_keys(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.focus("#after")
        for key in ["s", "n", "x", "z", "1", "Delete"]:
            page.keyboard.press(key)
        page.focus("#text")
        pause(page, 80)
        for key in ["Control+j", "Alt+s", "Alt+1", "Meta+n", "Control+Enter"]:
            page.keyboard.press(key)
        return page.evaluate("said"), [call for call in page.evaluate("calls") if call[0] != "select"]

    assert text_pane.use(chromium, tmp_path, task, codings=CODINGS) == ([], [])


def test_keys_of_the_site_do_not_react_in_the_text(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate("window.heard = []; addEventListener('keydown', event => heard.push(event.key))")
        page.focus("#text")
        for key in ["s", "n", "p", "f", "/", "Enter", "q"]:
            page.focus("#text")
            page.keyboard.press(key)
        page.focus("#text")
        page.keyboard.press("Tab")
        return page.evaluate("heard"), page.evaluate("document.activeElement.id")

    assert text_pane.use(chromium, tmp_path, task) == (["Tab"], "after")


def test_the_list_of_keys_has_each_key(chromium: Browser, tmp_path: Path) -> None:
    listed = text_pane.use(chromium, tmp_path, lambda page: page.evaluate("wb.textKeys.keys.flat().join(' ')"))
    for key in [
        "s",
        "S",
        "w",
        "W",
        "p",
        "P",
        "j",
        "k",
        "n",
        "b",
        "Enter",
        "v",
        "i",
        "m",
        "c",
        "x",
        "Delete",
        "r",
        "R",
        "/",
        "z",
        "Z",
        "?",
        "Tab",
    ]:
        assert key in listed.replace(",", "").split(), key
