"""The pane of the workbench: a text that can be read, selected and not changed, whatever its characters are."""

import random
from pathlib import Path
from typing import Any

import pytest
import text_pane
from browser import Browser, pause
from text_pane import TEXT, point_of, selected

WORDS = ["🙂👍🏽", "👨‍👩‍👧 came", "cafe\u0301", "नमस्ते", "don’t know"]


def test_selecting_by_mouse_takes_whole_characters(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> list[str]:
        found = []
        for words in WORDS:
            text_pane.drag(page, words, words)
            found.append(selected(page))
        return found

    assert text_pane.use(chromium, tmp_path, task) == WORDS


def test_a_selection_by_mouse_may_go_over_paragraphs_and_begin_outside(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> list[str]:
        text_pane.drag(page, "And then?", "know.")
        across = selected(page)
        page.mouse.move(*point_in(page, "#outside"))
        page.mouse.down()
        page.mouse.move(*point_of(page, "came", at_end=True), steps=5)
        page.mouse.up()
        return [across, selected(page)]

    across, outside = text_pane.use(chromium, tmp_path, task)
    assert across == "And then?\n\nAna: I don’t know."
    assert outside == TEXT[: TEXT.index("came") + 4]


def test_a_part_of_what_is_selected_can_be_selected(chromium: Browser, tmp_path: Path) -> None:
    """Browsers would drag the words, which leaves nothing selected."""

    def task(page: Any) -> list[str]:
        found = []
        for words in ("We said नमस्ते to them.", "said", "said नमस्ते to"):
            text_pane.drag(page, words, words)
            found.append(selected(page))
        return found

    assert text_pane.use(chromium, tmp_path, task) == ["We said नमस्ते to them.", "said", "said नमस्ते to"]


def point_in(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + 5, box["y"] + 5


def test_double_and_triple_clicks_select_words_and_paragraphs(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> list[str]:
        x, y = point_of(page, "asked")
        page.mouse.dblclick(x + 5, y)
        word = selected(page)
        page.mouse.click(x + 5, y, click_count=3)
        return [word, selected(page)]

    assert text_pane.use(chromium, tmp_path, task) == ["asked", "Ana: I don’t know. They never asked us, did they?"]


def test_a_place_is_told_when_the_mouse_is_up_and_null_for_a_caret(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.mouse.move(*point_of(page, "They never"))
        page.mouse.down()
        page.mouse.move(*point_of(page, "asked us", at_end=True), steps=5)
        during = [place for (place,) in text_pane.calls(page, "select") if place]
        page.mouse.up()
        after = text_pane.calls(page, "select")[-1]
        page.mouse.click(*point_of(page, "wrote"))
        return during, after, text_pane.calls(page, "select")[-1]

    start = TEXT.index("They never")
    place = {"start": start, "end": start + len("They never asked us")}
    assert text_pane.use(chromium, tmp_path, task) == ([], [place], [None])


@pytest.mark.parametrize(("keys", "words"), [
    (["Control+Home", "Control+Shift+ArrowRight"], "Interviewer"),
    (["Control+a"], TEXT.strip()),
    (["Control+End", "Shift+Home"], "They wrote it down."),
    (["Control+End", "Home", "Shift+ArrowUp"], "Ana: I don’t know. They never asked us, did they?"),
])  # fmt: skip
def test_selecting_by_keys_works_as_in_any_text(keys: list[str], words: str, chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> str:
        page.focus("#text")
        for key in keys:
            page.keyboard.press(key)
        return selected(page)

    found = text_pane.use(chromium, tmp_path, task)
    assert found.rstrip(":") == words


@pytest.mark.parametrize("content", [TEXT, TEXT * 150], ids=["short", "long"])
def test_random_places_are_what_python_cuts_out(content: str, chromium: Browser, tmp_path: Path) -> None:
    """As places of the content, as ranges of the page, and selected, where browsers cut no character in two either."""
    chance = random.Random(3)  # noqa: S311 - not for secrets
    places = [sorted(chance.sample(range(len(content) + 1), 2)) for _ in range(300)]

    def task(page: Any) -> Any:
        return page.evaluate(
            """places => places.map(([start, end]) => {
                const place = wb.trimmed(given.content, wb.whole(given.content, { start, end }))
                view.select(place, { scroll: false })
                return [view.text({ start, end }), view.range({ start, end }).toString(), getSelection().toString(), place, view.place()]
            })""",
            places,
        )

    compared = 0
    for (start, end), found in zip(places, text_pane.use(chromium, tmp_path, task, content), strict=True):
        text, shown, chosen, place, taken = found
        assert text == content[start:end]
        assert "".join(shown.split("\n")) == "".join(text.split("\n"))
        if place["start"] < place["end"]:
            words = content[place["start"] : place["end"]]
            assert content != TEXT or "".join(chosen.split("\n")) == "".join(words.split("\n"))  # only what is in sight
            assert taken == place
            compared += 1
    assert compared > 290


def test_nothing_changes_the_text(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.keyboard.press("Tab")
        page.focus("#text")
        for key in ["y", "Space", "Backspace", "Control+Delete", "Control+b", "Control+x", "Shift+Enter"]:
            page.keyboard.press("Control+a")
            page.keyboard.press(key)
        page.keyboard.insert_text("typed by an input method")
        page.evaluate("document.execCommand('insertText', false, 'by a command')")
        page.evaluate("document.execCommand('delete')")
        session = page.context.new_cdp_session(page)
        session.send("Input.imeSetComposition", {"text": "かな", "selectionStart": 2, "selectionEnd": 2})
        session.send("Input.insertText", {"text": "仮名"})
        pause(page, 150)
        return page.locator("#text p").all_text_contents(), page.evaluate("document.activeElement.id")

    lines, _ = text_pane.use(chromium, tmp_path, task)
    assert lines == TEXT.split("\n\n")[:3] + TEXT.split("\n\n")[3].splitlines()


def test_what_else_changes_the_page_is_put_right(chromium: Browser, tmp_path: Path) -> None:
    """An extension that wraps words, and a translation."""

    def task(page: Any) -> Any:
        page.evaluate("view.select({ start: 4, end: 9 })")
        page.evaluate("document.querySelector('#text p').innerHTML = '<font>Interviewer: <b>Wie war es?</b></font>'")
        page.evaluate("document.querySelectorAll('#text p')[2].remove()")
        pause(page, 150)
        shown = page.evaluate(
            "[document.querySelectorAll('#text p').length, document.querySelectorAll('#text font').length]"
        )
        return shown, page.evaluate("view.selected()"), page.evaluate("find('text').translate")

    shown, place, translate = text_pane.use(chromium, tmp_path, task)
    assert shown == [5, 0]
    assert (place["start"], place["end"], translate) == (4, 9, False)


def test_the_place_left_is_kept_shown_and_come_back_to(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        text_pane.drag(page, "They never", "asked us")
        page.click("#before")
        page.focus("#search input")
        page.keyboard.type("zebra")
        away = [selected(page), page.evaluate("CSS.highlights.get('transcript-left').size")]
        page.focus("#after")
        page.keyboard.press("Shift+Tab")
        pause(page, 80)
        back = [page.evaluate("document.activeElement.id"), page.evaluate("getSelection().toString()")]
        return away, back, page.evaluate("CSS.highlights.has('transcript-left')")

    words = "They never asked us"
    assert text_pane.use(chromium, tmp_path, task) == ([words, 1], ["text", words], False)


def test_a_dialog_that_is_closed_by_mouse_gives_the_selection_back(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate(
            """() => {
                const close = Object.assign(document.createElement("button"), { textContent: "Close", onclick: () => dialog.close() })
                const dialog = document.body.appendChild(document.createElement("dialog"))
                dialog.append(document.createElement("input"), close)
                addEventListener("keydown", (event) => event.key === "F9" && dialog.showModal())
            }"""
        )
        text_pane.drag(page, "They never", "asked us")
        page.keyboard.press("F9")
        page.keyboard.type("a new code")
        page.click("dialog button")
        pause(page, 80)
        return page.evaluate("[document.activeElement.id, getSelection().toString(), view.selected().start]")

    words = "They never asked us"
    assert text_pane.use(chromium, tmp_path, task) == ["text", words, TEXT.index(words)]


def test_a_click_after_leaving_puts_the_caret_where_it_is(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        text_pane.drag(page, "They never", "asked us")
        page.click("#after")
        page.mouse.click(*point_of(page, "wrote"))
        pause(page, 100)
        return page.evaluate("view.selected()")

    at = TEXT.index("wrote")
    assert text_pane.use(chromium, tmp_path, task) == {"start": at, "end": at, "caret": at}


def test_what_is_copied_is_the_content(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        page.evaluate(
            "addEventListener('copy', event => { window.copied = event.clipboardData.getData('text/plain') })"
        )
        text_pane.drag(page, "And then?", "know.")
        page.keyboard.press("Control+c")
        return page.evaluate("copied")

    assert text_pane.use(chromium, tmp_path, task) == "And then?\n\nAna: I don’t know."


def test_a_text_may_be_empty_or_blank(chromium: Browser, tmp_path: Path) -> None:
    for content in ("", " \n\n"):

        def task(page: Any) -> Any:
            page.focus("#text")
            for key in ["s", "w", "p", "j", "n", "Enter", "i", "x", "r", "1"]:
                page.keyboard.press(key)
            return page.evaluate("[view.place(), said.at(-1)]")

        assert text_pane.use(chromium, tmp_path, task, content)[0] is None


def test_a_text_with_a_line_of_200_000_characters_opens(chromium: Browser, tmp_path: Path) -> None:
    content = "so " * 70_000
    assert (
        text_pane.use(
            chromium, tmp_path, lambda page: page.evaluate("view.text(view.selected() ?? {start: 0, end: 5})"), content
        )
        == "so so"
    )


def test_screen_readers_hear_a_text_field_that_is_read_only(chromium: Browser, tmp_path: Path) -> None:
    def task(page: Any) -> Any:
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        return next(node for node in nodes if node.get("role", {}).get("value") == "textbox")

    node = text_pane.use(chromium, tmp_path, task)
    assert node["name"]["value"] == "Text: Interview 1"
    assert node["description"]["value"].startswith("Read-only text.")
    assert {"name": "multiline", "value": {"type": "boolean", "value": True}} in node["properties"]
