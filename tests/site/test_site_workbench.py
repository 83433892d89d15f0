"""The whole way from a text to a report in a real browser: by keyboard alone, by mouse, and by finger on a phone."""

import json
from pathlib import Path
from typing import Any

import browser
import coding_desk as desk
import pytest
from coding_desk import Use

from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.study import loading
from analysis.study_report import report
from analysis.study_report.asked import asked


@pytest.fixture
def use(chromium: browser.Browser, site: Path) -> Use:
    """Open the page and return what a task makes of it; whatever the console says fails the test."""
    return desk.using(chromium, site)


def tab_to(page: Any, wanted: str, key: str = "Tab") -> None:
    """Press the Tab key until something has the focus."""
    for _ in range(80):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press(key)
    pytest.fail(f"the Tab key does not reach {wanted}")


def test_the_whole_way_by_keyboard_alone_leads_to_a_report(use: Use, tmp_path: Path) -> None:
    def walk(page: Any) -> None:
        keys = page.keyboard
        tab_to(page, "#wb-pseudonym")
        keys.type("ana")
        tab_to(page, desk.FIRST)
        keys.press("Enter")
        page.wait_for_function("() => document.activeElement.matches('.transcript')")
        # A sentence has two codes at once, and the next one of the speaker's own words.
        keys.press("j")
        keys.press("s")
        keys.press("Enter")
        page.wait_for_selector("dialog[open] [role=combobox]:focus")
        keys.type("Power > Being asked")
        keys.press("Control+Enter")
        keys.type("Doubt")
        keys.press("Enter")
        page.wait_for_function("() => document.activeElement.matches('.transcript')")
        assert desk.said(page).startswith("Doubt given to")
        keys.press("j")
        keys.press("w")
        keys.press("v")
        keys.press("Enter")
        page.wait_for_selector("dialog[open]", state="detached")
        # A number gives a code again; undo takes it back, redo brings it.
        keys.press("j")
        keys.press("2")
        assert desk.said(page).startswith("Power > Being asked given to")
        keys.press("z")
        assert desk.said(page).startswith("Undone: Power > Being asked")
        keys.press("Z")
        # A memo, from the text and back to it.
        keys.press("m")
        keys.type("she hesitates")
        keys.press("Escape")
        page.wait_for_function("() => document.activeElement.matches('.transcript')")
        keys.press("r")
        assert "Read up to here" in desk.said(page)
        # The codebook: what a code means, a version, and why.
        tab_to(page, "#wb-tabs [href='#codes']", "Shift+Tab")
        keys.press("Enter")
        tab_to(page, "#codes .wb-code")
        keys.press("Enter")
        tab_to(page, "[data-field=definition]")
        keys.type("Somebody lets others take part")
        tab_to(page, "[data-field=include]")
        tab_to(page, "#wb-bar button:last-of-type", "Shift+Tab")
        keys.press("Enter")
        tab_to(page, "dialog[open] .wb-files .wb-button")
        with page.expect_download() as told:
            keys.press("Enter")
        work = json.loads(Path(told.value.path()).read_bytes())
        keys.press("Escape")
        assert [name for _, name in desk.coded(work)][:2] == ["Being asked", "Doubt"]
        assert len(work["codings"]) == 4
        assert "she hesitates" in [one["memo"] for one in work["codings"]]
        assert work["texts"][0]["read"][0][0] == 0
        assert work["codes"][0]["definition"] == "Somebody lets others take part"
        (tmp_path / "ana.qdpx").write_bytes(desk.file_of(page, "Project"))
        (tmp_path / "ana.qdc").write_bytes(desk.file_of(page, "Codebook ("))
        (tmp_path / "ana.json").write_text(json.dumps(work), encoding="utf-8")

    use(walk)
    folder = tmp_path / "study"
    commands.import_study(commands.read(tmp_path / "ana.qdpx"), Choices(), folder, lambda _: None)
    study = loading.load(folder)
    assert len(study.codings) == 4
    assert study.codings["coder_id"].unique().tolist() == ["ana"]
    assert "Being asked" in report(study, asked(study), "study report").html


def test_a_mouse_selects_codes_merges_splits_and_goes_back_to_places(use: Use) -> None:
    def walk(page: Any) -> list[tuple[str, str]]:
        desk.begin(page, codes="set")
        line = page.locator(".transcript p").nth(3)
        box = line.bounding_box()
        page.mouse.move(box["x"] + 70, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 300, box["y"] + 20, steps=5)
        page.mouse.up()
        # One press on a code in the panel gives it; another overlaps.
        page.click(".wb-panel .wb-code >> nth=1")
        assert " given to " in desk.said(page)
        assert page.locator(".wb-definition").inner_text().count("Include")
        page.click(".wb-panel .wb-code >> nth=2")
        assert page.locator(".wb-here-list li").count() == 2
        page.locator(".wb-here-list textarea").first.fill("asked by letter")
        # Longer by dragging: its ends move with the selection.
        page.mouse.move(box["x"] + 70, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 400, box["y"] + 50, steps=5)
        page.mouse.up()
        before = desk.work_of(page)["codings"][0]
        page.locator(".wb-here-list button:has-text('Move its ends')").first.click()
        after = desk.work_of(page)["codings"][0]
        assert (after["start"], after["memo"]) == (before["start"], "asked by letter")
        assert after["end"] > before["end"]
        # All passages of a code: a new code for some of them, and back into one.
        page.click("#wb-tabs >> text=Codes")
        page.click("#codes .wb-code >> nth=1")
        page.check("#codes .wb-passages input")
        page.click("text=Split: give the chosen ones a new code")
        page.fill("dialog[open] input", "By letter")
        page.click("dialog[open] >> text=Split >> nth=-1")
        page.click("#codes .wb-code:has-text('By letter')")
        page.click("#codes button:has-text('Merge')")
        page.select_option("dialog[open] select", index=2)
        assert "1 coding of By letter" in page.inner_text("dialog[open] .wb-preview")
        page.click("dialog[open] .wb-primary")
        page.click("#codes >> text=Show in the text")
        assert page.evaluate("getSelection().toString().length") == after["end"] - after["start"]
        page.click("#wb-bar >> text=Undo")
        page.click("#wb-bar >> text=Undo")
        return desk.coded(desk.work_of(page))

    assert len({words for words, _ in use(walk)}) == 2


PHONE = {"width": 390, "has_touch": True, "is_mobile": True}


def test_a_finger_codes_on_a_phone(use: Use) -> None:
    def walk(page: Any) -> None:
        page.fill("#wb-pseudonym", "bo")
        page.locator(desk.FIRST).first.tap()
        page.wait_for_selector(desk.TEXT)
        desk.select(page, "It was a letter")
        page.tap(".wb-bottom >> text=Give a code")
        page.locator("dialog[open] input").fill("Invitation")
        page.tap("dialog[open] [role=option]")
        page.wait_for_selector("dialog[open]", state="detached")
        assert page.inner_text(".wb-bottom .wb-said") == "Invitation given to 4 words."
        page.tap(".wb-bottom >> text=Here: 1")
        page.locator("dialog[open] textarea").fill("from whom?")
        page.tap("dialog[open] >> text=Close")
        page.wait_for_selector("dialog[open]", state="detached")
        desk.select(page, "the letter came after")
        page.tap(".wb-bottom >> text=Codes")
        page.tap("dialog[open] .wb-code")
        page.wait_for_selector("dialog[open]", state="detached")
        work = desk.work_of(page)
        assert desk.coded(work) == [("It was a letter", "Invitation"), ("the letter came after", "Invitation")]
        assert work["codings"][0]["memo"] == "from whom?"
        small = page.evaluate(
            """() => [...document.querySelectorAll('.wb-bottom button, .wb-tabs a')]
                .filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"""
        )
        assert small == []
        assert browser.too_wide(page) == 0

    use(walk, **PHONE)
