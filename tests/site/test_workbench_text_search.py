"""Finding in the text of the workbench: as one types, without regard to case and accents, and each hit can be coded."""

import re
from pathlib import Path
from typing import Any

import pytest
import text_pane
from browser import Browser, pause
from text_pane import TEXT, selected

CONTENT = "Ana: The café was open. CAFE and cafe\u0301, said “they”.\n\nInterviewer: They don’t\tknow\nthe “Straße”, 🙂 do they?\n"


def found(chromium: Browser, folder: Path, phrase: str, is_exact: bool = False) -> list[str]:
    def task(page: Any) -> Any:
        return page.evaluate(
            "([phrase, exact]) => wb.hitsOf(wb.folded(given.content, exact), phrase, exact)", [phrase, is_exact]
        )

    return [CONTENT[hit["start"] : hit["end"]] for hit in text_pane.use(chromium, folder, task, CONTENT)]


@pytest.mark.parametrize(("phrase", "hits"), [
    ("cafe", ["café", "CAFE", "cafe"]),
    ("CAFÉ", ["café", "CAFE", "cafe"]),
    ("don't know the", ["don’t\tknow\nthe"]),
    ('"they"', ["“they”"]),
    ("they", ["they", "They", "they"]),
    ("  they ", ["they", "They", "they"]),
    ("straße", ["Straße"]),
    ("🙂 do", ["🙂 do"]),
    ("nothing of this", []),
    (" ", []),
])  # fmt: skip
def test_case_accents_quotes_and_blanks_do_not_matter(
    phrase: str, hits: list[str], chromium: Browser, tmp_path: Path
) -> None:
    assert found(chromium, tmp_path, phrase) == hits


def test_case_and_accents_count_where_one_asks_for_it(chromium: Browser, tmp_path: Path) -> None:
    assert found(chromium, tmp_path, "CAFE", is_exact=True) == ["CAFE"]
    assert found(chromium, tmp_path, "café", is_exact=True) == ["café"]


def test_hits_are_shown_while_one_types_and_gone_to_by_enter(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.focus("#text")
        page.keyboard.press("/")
        seen = []
        page.keyboard.type("they")
        seen.append(
            (page.inner_text(".transcript-count"), page.evaluate("CSS.highlights.get('transcript-found').size"))
        )
        for key in ["Enter", "Enter", "Shift+Enter", "F3", "F3", "F3"]:
            page.keyboard.press(key)
            seen.append((page.inner_text(".transcript-count"), page.evaluate("view.selected().start")))
        pause(page, 30)
        places = [place for (place,) in text_pane.calls(page, "select") if place]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.focus("#text")
        pause(page, 80)
        page.keyboard.press("Enter")
        return seen, places[-1], text_pane.calls(page, "give")[-1][0]

    first, second, third = (found.start() for found in re.finditer("they", TEXT, re.I))
    seen, place, given = text_pane.use(chromium, tmp_path, task)
    assert seen == [
        ("1 of 3", 3),
        ("1 of 3", first),
        ("2 of 3", second),
        ("1 of 3", first),
        ("2 of 3", second),
        ("3 of 3", third),
        ("1 of 3", first),
    ]
    assert place == given == {"start": first, "end": first + 4}


def test_escape_returns_to_the_place_where_the_search_began(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        text_pane.drag(page, "How was", "How was")
        pause(page, 30)
        page.keyboard.press("/")
        page.keyboard.type("they")
        page.keyboard.press("Escape")
        pause(page, 80)
        state = "[document.activeElement.id, CSS.highlights.has('transcript-found'), find('search').querySelector('input').value]"
        return selected(page), page.evaluate(state)

    assert text_pane.use(chromium, tmp_path, task) == ("How was", ["text", False, ""])


def test_escape_after_a_hit_was_gone_to_goes_into_the_text_to_that_hit(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        text_pane.drag(page, "How was", "How was")
        pause(page, 30)
        page.keyboard.press("/")
        page.keyboard.type("asked")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        pause(page, 80)
        return selected(page), page.evaluate("document.activeElement.id")

    assert text_pane.use(chromium, tmp_path, task) == ("asked", "text")


def test_escape_in_the_text_takes_the_marks_away_and_leaves_the_hit_selected(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.focus("#text")
        page.keyboard.press("/")
        page.keyboard.type("asked")
        page.keyboard.press("Enter")
        page.evaluate("view.focus()")
        page.keyboard.press("Escape")
        return selected(page), page.evaluate("[CSS.highlights.has('transcript-found'), document.activeElement.id]")

    assert text_pane.use(chromium, tmp_path, task) == ("asked", [False, "text"])


def test_hits_are_said_once_one_stops_typing(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.focus("#search input")
        page.keyboard.type("they")
        pause(page, 900)
        page.keyboard.type("q")
        pause(page, 900)
        return page.evaluate("said")

    assert text_pane.use(chromium, tmp_path, task) == ["1 of 3: They never asked us, did they?", "Not found"]


def test_the_search_of_the_browser_is_left_alone(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push([e.key, e.defaultPrevented]))")
        page.focus("#text")
        page.keyboard.press("Control+f")
        page.focus("#after")
        page.keyboard.press("F3")
        return page.evaluate("heard.filter(([key]) => key !== 'Control')")

    assert text_pane.use(chromium, tmp_path, task) == [["f", False], ["F3", False]]
