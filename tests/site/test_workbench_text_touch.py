"""The pane by touch: a long press and handles select, the browser's own menu is left alone, bars are large enough."""

from pathlib import Path
from typing import Any

import text_pane
from browser import Browser, pause
from text_pane import TEXT, coding, point_of, selected

PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "width": 390}


def touch(session: Any, kind: str, *at: float) -> None:
    points = [{"x": at[0], "y": at[1]}] if at else []
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def long_press(page: Any, words: str) -> None:
    """Touch and hold words. Chromium without a window selects nothing then, so a script selects as a phone would."""
    x, y = point_of(page, words)
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", x + 6, y)
    pause(page, 500)
    place = {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}
    page.evaluate(
        """place => { const range = view.range(place).cloneRange()
        getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset) }""",
        place,
    )
    touch(session, "touchEnd")


def test_a_word_that_is_held_is_told_once_the_selection_has_settled(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        long_press(page, "asked")
        soon = text_pane.calls(page, "select")
        pause(page, 500)
        return soon, [place for (place,) in text_pane.calls(page, "select")], selected(page)

    start = TEXT.index("asked")
    assert text_pane.use(chromium, tmp_path, task, **PHONE) == ([], [{"start": start, "end": start + 5}], "asked")


#: Move a handle seven times once the finger is up, by the clock of the page, and note what has been told by then.
MOVE = """() => addEventListener("touchend", () => {
  let moves = 0;
  const moving = setInterval(() => {
    const { focusNode, focusOffset } = getSelection();
    if (moves++ < 7) return getSelection().extend(focusNode, focusOffset + 1);
    window.during = calls.filter(([name]) => name === "select").length;
    clearInterval(moving);
  }, 60);
}, { once: true })"""


def test_a_selection_that_handles_change_is_told_once(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate(MOVE)
        long_press(page, "asked")
        page.wait_for_function("() => 'during' in window")
        pause(page, 500)
        return page.evaluate("during"), len(text_pane.calls(page, "select")), selected(page)

    assert text_pane.use(chromium, tmp_path, task, **PHONE) == (0, 1, "asked us, di")


def test_a_tap_puts_the_caret_and_brings_no_keyboard(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate("view.select({ start: 0, end: 11 })")
        page.focus("#before")
        page.touchscreen.tap(*point_of(page, "wrote"))
        pause(page, 500)
        return page.evaluate("[document.activeElement.id, view.selected().start, find('text').inputMode]")

    found = text_pane.use(chromium, tmp_path, task, **PHONE)
    assert found[0] == "text"
    assert abs(found[1] - TEXT.index("wrote")) <= 1
    assert found[2] == "none"


def test_menus_and_scrolling_by_touch_are_left_to_the_browser(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate(
            """() => { window.refused = []
            for (const name of ["contextmenu", "touchstart", "touchmove", "touchend", "pointerdown"])
                addEventListener(name, event => { if (event.defaultPrevented) refused.push(name) }) }"""
        )
        long_press(page, "asked")
        page.touchscreen.tap(*point_of(page, "wrote"))
        return page.evaluate("refused")

    assert text_pane.use(chromium, tmp_path, task, **PHONE) == []


def test_a_tap_beside_a_bar_goes_to_its_coding(chromium: Browser, tmp_path: Path) -> None:
    codings = [coding(TEXT, "They wrote it down.", "money")]

    def task(page: Any) -> Any:
        box = page.locator(".transcript-bar").bounding_box()
        page.touchscreen.tap(box["x"] + 14, box["y"] + box["height"] / 2)
        pause(page, 400)
        return text_pane.calls(page, "coding"), selected(page)

    went, words = text_pane.use(chromium, tmp_path, task, codings=codings, **PHONE)
    assert (went, words) == ([[codings[0]["guid"]]], "They wrote it down.")
