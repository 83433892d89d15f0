"""What the workbench keeps, and where: two tabs, a browser that keeps nothing, texts that stay in it, files that come back."""

import json
from pathlib import Path
from typing import Any

import browser
import coding_desk as desk
import pytest
from coding_desk import Use

FORBIDDEN = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
)
KEPT = "() => document.querySelector('.wb-state').textContent.startsWith('Kept in this browser')"
TALK = "Ana: We were asked late. 🙂 Nobody had read a page.\\r\\n\\r\\nBo: And then?\\r\\nAna: Then we said so."


@pytest.fixture
def use(chromium: browser.Browser, site: Path) -> Use:
    """Open the page and return what a task makes of it; whatever the console says fails the test."""
    return desk.using(chromium, site)


def test_two_tabs_follow_each_other_and_overwrite_nothing(use: Use) -> None:
    def walk(page: Any) -> None:
        desk.paste(page, TALK)
        desk.select(page, "asked late")
        desk.give(page, "Late")
        page.wait_for_function(KEPT)
        other = page.context.new_page()
        other.goto(page.url.split("#")[0])
        other.click("#start button:has-text('Go on')")
        other.wait_for_selector(desk.TEXT)
        desk.select(other, "said so")
        desk.give(other, "Voice")
        other.wait_for_function(KEPT)
        page.wait_for_function(
            "() => document.querySelector('#wb-said').textContent.startsWith('Changed in another tab')"
        )
        assert [code for _, code in desk.coded(desk.work_of(page))] == ["Late", "Voice"]
        # Loaded again, the page goes on where it was.
        other.reload()
        other.wait_for_selector(desk.TEXT)
        assert len(desk.work_of(other)["codings"]) == 2

    use(walk)


def test_start_lists_the_open_work_as_it_is_at_this_moment(use: Use) -> None:
    """And not as it was kept a third of a second ago, which here would be for ever."""
    never = "const wait = setTimeout; setTimeout = (task, time, ...given) => wait(task, time === 300 ? 1e8 : time, ...given);"

    def walk(page: Any) -> None:
        page.add_init_script(never)
        page.reload()
        desk.begin(page, "ana")
        desk.select(page, "It was a letter")
        desk.give(page, "Late")
        assert page.inner_text(".wb-state").startswith("Keeping")
        page.click("#wb-tabs >> text=Start")
        assert "ana, 1 coding" in page.inner_text("#start .wb-works li")
        assert page.evaluate(KEPT)

    use(walk, reduced_motion="reduce")


def test_a_browser_that_keeps_nothing_says_so_and_gives_the_file(use: Use) -> None:
    def walk(page: Any) -> None:
        page.add_init_script(FORBIDDEN)
        page.reload()
        assert "keeps nothing" in page.inner_text("#wb-notices")
        desk.paste(page, TALK)
        desk.select(page, "asked late")
        desk.give(page, "Late")
        page.wait_for_selector(".wb-state:has-text('save a file')")
        asked: list[str] = []

        def leave(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.once("dialog", leave)
        with page.expect_event("dialog"):
            page.close(run_before_unload=True)
        assert asked == ["beforeunload"]
        assert desk.coded(desk.work_of(page)) == [("asked late", "Late")]

    use(walk, reduced_motion="reduce")


def test_a_text_of_ones_own_closes_the_tab_off_and_comes_back_from_its_file(use: Use, tmp_path: Path) -> None:
    def walk(page: Any) -> None:
        desk.paste(page, TALK)
        assert page.evaluate("Boolean(document.getElementById('no-connections'))")
        desk.select(page, "🙂 Nobody")
        desk.give(page, "Nobody > Read")
        page.click("text=Save and export")
        assert "text of your own" in page.inner_text("dialog[open]")
        page.keyboard.press("Escape")
        work = desk.work_of(page)
        assert desk.coded(work) == [("🙂 Nobody", "Read")]
        assert "\r" not in work["texts"][0]["content"]
        project = tmp_path / "a.qdpx"
        project.write_bytes(desk.file_of(page, "Project"))
        damaged = tmp_path / "cut.json"
        damaged.write_bytes(desk.file_of(page, "Your work")[:900])
        # Removed with all it has, and brought back.
        page.click("#wb-tabs >> text=Start")
        page.click("#start button:has-text('Remove')")
        page.click("dialog[open] .wb-primary")
        assert page.locator("#start .wb-works li").count() == 0
        page.click("text=Bring it back")
        assert page.locator("#start .wb-works li").count() == 1
        # A damaged file is refused with the reason; the project of other programs comes back as it was.
        files = page.locator("#start .wb-drop input[multiple]")
        files.set_input_files(damaged)
        page.wait_for_function("() => document.querySelector('#wb-notices').textContent.includes('damaged')")
        files.set_input_files(project)
        page.wait_for_selector(desk.TEXT)
        back = desk.work_of(page)
        assert desk.coded(back) == desk.coded(work)
        assert back["texts"][0]["content"] == work["texts"][0]["content"]

    use(walk)


def test_a_packet_is_coded_by_others_compared_and_begun_again_as_round_two(use: Use, tmp_path: Path) -> None:
    def walk(page: Any) -> None:
        files = "#start .wb-drop input[multiple]"
        desk.begin(page, codes="set")
        desk.select(page, "It was a letter")
        desk.give(page, "Invitation")
        ana = tmp_path / "ana.json"
        ana.write_bytes(desk.file_of(page, "Your work"))
        page.click("text=Save and export")
        page.click("dialog[open] >> text=Packet for a class")
        page.locator("dialog[open] input").first.fill("Week 3")
        with page.expect_download() as told:
            page.click("dialog[open] >> text=Save the packet")
        packet = tmp_path / "packet.json"
        told.value.save_as(packet)
        page.keyboard.press("Escape")
        # Another coder opens the packet: all codes, no codings.
        page.click("#wb-tabs >> text=Start")
        page.set_input_files(files, packet)
        page.wait_for_selector("dialog[open] .wbc-packet")
        page.keyboard.type("bo")
        page.keyboard.press("Enter")
        page.wait_for_selector(desk.TEXT)
        assert desk.work_of(page)["codings"] == []
        desk.select(page, "It was a letter")
        desk.give(page, "Post")
        # Opened again another day, it leads back to what was begun.
        page.wait_for_function(KEPT)
        page.click("#wb-tabs >> text=Start")
        page.set_input_files(files, packet)
        page.wait_for_selector("dialog[open] .wbc-packet")
        page.keyboard.type("bo")
        page.keyboard.press("Enter")
        page.click("dialog[open]:has-text('You have begun this packet') >> text=Go on with it")
        page.wait_for_selector(desk.TEXT)
        assert len(desk.work_of(page)["codings"]) == 1
        # A work of somebody else is compared with the open one.
        page.click("#wb-tabs >> text=Start")
        page.set_input_files(files, ana)
        page.click("dialog[open] >> text=Compare it with yours")
        page.wait_for_selector("#compare >> text=1 passage to discuss")
        # A fresh text with the codebook as it is now.
        page.click("#wb-tabs >> text=Start")
        page.check("#start input[value=open]")
        page.locator(desk.FIRST).nth(1).click()
        page.wait_for_selector(desk.TEXT)
        work = desk.work_of(page)
        assert (work["round"], work["codings"]) == (2, [])
        assert "Post" in [code["name"] for code in work["codes"]]

    use(walk)


@pytest.mark.thorough
def test_partners_begin_the_next_round_with_the_version_that_one_of_them_made(use: Use, tmp_path: Path) -> None:
    """Each keeps the work of round 1 as it is, so that agreement before and after can be compared."""
    files = "#start .wb-drop input[multiple]"
    book = tmp_path / "version-2.json"

    def fresh(page: Any, option: str) -> dict[str, Any]:
        assert page.evaluate("document.activeElement.value") == option
        page.locator(desk.FIRST).nth(1).click()
        page.wait_for_selector(".wb-work:has-text('round 2')")
        return desk.work_of(page)

    def walk(page: Any) -> None:
        desk.begin(page, "ana", codes="set")
        desk.select(page, "It was a letter")
        desk.give(page, "Invitation")
        (tmp_path / "ana.json").write_bytes(desk.file_of(page, "Your work"))
        # Before coding, all that the codes mean can be read at once.
        page.click("#wb-tabs >> text=Codes")
        assert page.locator("#codes .wb-all-codes li").count() == len(desk.work_of(page)["codes"])
        # Another coder in another browser takes the version as it comes.
        page.wait_for_function(KEPT)  # what is not kept yet would be, as the page is left
        page.evaluate("localStorage.clear()")
        page.goto(page.url.split("#")[0])
        desk.begin(page, "bo", codes="set")
        desk.select(page, "It was a letter")
        desk.give(page, "Post")
        round_1 = desk.work_of(page)
        page.click("#wb-tabs >> text=Compare")
        page.set_input_files("#wbc-file", tmp_path / "ana.json")
        page.click(".wbc-decide summary >> nth=0")
        page.get_by_label("Change a rule of the codebook").select_option(index=1)
        page.get_by_label("Exclude").fill("A telephone call.")
        page.keyboard.press("Tab")
        with page.expect_download() as told:
            page.click("text=Make version 2")
        told.value.save_as(book)
        page.click("#compare button:has-text('Begin a fresh text')")
        made = fresh(page, "open")
        assert (made["round"], made["codebook"]["version"], made["codings"]) == (2, 2, [])
        # And who opens its file, with the first round open or in a browser that keeps it, comes to the same round.
        page.wait_for_function(KEPT)  # what is not kept yet would be, as the page is left
        page.evaluate("localStorage.clear()")
        page.goto(page.url.split("#")[0])
        page.set_input_files(files, tmp_path / "ana.json")
        page.wait_for_selector(desk.TEXT)
        page.click("#wb-tabs >> text=Start")
        page.set_input_files(files, book)
        page.click("dialog[open] button:has-text('Begin a fresh text')")
        taken = fresh(page, "file")
        assert (taken["round"], taken["codebook"], taken["codings"]) == (2, made["codebook"], [])
        page.click("#wb-tabs >> text=Start")
        assert page.locator("#start .wb-works li").all_inner_texts()[1].count("ana, 1 coding")
        page.reload()
        page.set_input_files(files, book)
        page.wait_for_selector("#start label:has-text('as round 2')")
        assert round_1["round"] == 1

    use(walk)


def test_back_leaves_no_dialog_above_another_view(use: Use) -> None:
    def walk(page: Any) -> None:
        desk.begin(page)
        page.click("text=Save and export")
        page.wait_for_selector("dialog[open]")
        page.go_back()
        page.wait_for_selector("dialog[open]", state="detached")
        assert page.is_visible("#start")
        page.go_forward()
        page.wait_for_selector(desk.TEXT)

    use(walk)


def test_escape_leaves_the_codebook_beside_the_text_and_a_long_dialog_begins_at_its_top(use: Use) -> None:
    def walk(page: Any) -> None:
        desk.begin(page, codes="set")
        page.set_viewport_size({"width": 1440, "height": 500})
        page.keyboard.press("?")
        assert page.evaluate("document.querySelector('dialog[open]').scrollTop") == 0
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")
        page.focus(".wb-codes button")
        page.keyboard.press("Escape")
        page.wait_for_function("() => document.activeElement.matches('.transcript')")

    use(walk)


def test_a_code_made_beside_selected_words_says_how_they_get_it(use: Use) -> None:
    def walk(page: Any) -> None:
        desk.begin(page)
        desk.select(page, "It was a letter")
        page.click(".wb-codebook button:text('New code')")
        page.keyboard.type("Invitation")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]", state="detached")
        assert desk.said(page).endswith("was made. To give it to the selected words, press it in the list.")
        page.click(".wb-panel .wb-code")
        assert desk.said(page).startswith("Invitation given to 4 words")

    use(walk)


def test_a_double_click_begins_one_work_and_no_number_makes_it_unreadable(use: Use) -> None:
    def walk(page: Any) -> None:
        page.fill("#wb-pseudonym", "ana")
        page.dblclick(desk.FIRST)
        page.wait_for_selector(desk.TEXT)
        page.wait_for_function(KEPT)
        page.click(".wb-work")
        page.fill("dialog[open] input[type=number]", "5000")
        page.click("dialog[open] .wb-primary")
        page.wait_for_function(KEPT)
        page.reload()
        page.wait_for_selector(desk.TEXT)
        assert desk.work_of(page)["round"] == 99
        page.click("#wb-tabs >> text=Start")
        assert page.locator("#start .wb-works li").count() == 1

    use(walk)


def test_tab_goes_from_field_to_field_of_a_code_and_a_click_after_writing_counts(use: Use) -> None:
    def walk(page: Any) -> None:
        desk.begin(page)
        for words, code in [("It was a letter", "Invitation"), ("I was bored", "Boredom")]:
            desk.select(page, words)
            desk.give(page, code)
        page.click("#wb-tabs >> text=Codes")
        page.click("#codes .wb-code:has-text('Boredom')")
        page.fill("[data-field=name]", "Time to fill")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.dataset.field") == "colour"
        assert page.inner_text(".wb-detail h2") == "Time to fill"
        page.fill("[data-field=definition]", "What there was to do")
        page.click(".wb-detail >> text=Move up")
        assert page.locator("#codes .wb-tree .wb-name").all_inner_texts() == ["Time to fill", "Invitation"]
        page.click("#wb-bar >> text=Undo")
        page.click("#wb-bar >> text=Undo")
        assert page.input_value("[data-field=definition]") == ""
        # What was being written when the page was left is there.
        page.focus("[data-field=definition]")
        page.keyboard.type("What there")
        page.reload()
        page.wait_for_selector("#codes .wb-all-codes >> text=What there")

    use(walk)


def test_a_third_level_is_refused_where_the_code_is_written(use: Use) -> None:
    def walk(page: Any) -> None:
        desk.begin(page)
        desk.select(page, "It was a letter")
        page.keyboard.press("Enter")
        page.keyboard.type("Ways > in > by post")
        page.keyboard.press("Enter")
        assert "two levels" in page.inner_text("dialog[open] .wb-told")

    use(walk)


def test_where_there_is_no_room_another_text_is_opened_and_the_last_changes_can_be_saved(use: Use) -> None:
    fill = """() => { for (const size of [200_000, 1_000, 1])
        for (let n = 0; ; n += 1) try { localStorage.setItem(`other ${size} ${n}`, "x".repeat(size)); } catch { break; } }"""

    def walk(page: Any) -> None:
        desk.paste(page, TALK)
        page.wait_for_function(KEPT)
        page.evaluate(fill)
        desk.select(page, "asked late")
        desk.give(page, "Late")
        page.wait_for_function("() => document.querySelector('.wb-state').textContent.includes('full')")
        page.click("#wb-tabs >> text=Start")
        desk.begin(page)
        assert "has not kept your last changes to A talk" in page.inner_text("#wb-notices")
        with page.expect_download() as told:
            page.click("#wb-notices button:has-text('Save a file')")
        assert desk.coded(json.loads(Path(told.value.path()).read_bytes())) == [("asked late", "Late")]
        page.evaluate("localStorage.clear()")

    use(walk)
