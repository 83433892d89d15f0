"""Limits of the workbench: what it weighs, how fast it is, and that everybody can use each of its views."""

import gzip
import json
from pathlib import Path
from typing import Any

import browser
import coding_desk as desk
import pytest
from coding_desk import Use
from example_counts import some
from lxml import html

HEAVIEST = 200 * 1024  # bytes, compressed: the page with all that it ever loads
SHOWN, OPENED = 50, 300  # milliseconds
#: A text of 2,500 words with 400 overlapping codings by 20 codes, as a file of the page.
LARGE = """count => {
  const wb = compendium.workbench;
  const said = Array.from({ length: 250 }, (_, n) => `${n % 2 ? "Ana" : "Interviewer"}: We sat there and talked about page ${n} again.`);
  const text = wb.textOf("Long talk", said.join("\\n\\n"), { origin: "invented", notice: "Invented for a test." });
  let work = wb.works.begin({ coder: "ana", texts: [text], name: "Long talk" });
  for (let n = 0; n < 20; n++) work = wb.works.addCode(work, { guid: wb.newGuid(), name: `Code ${n}` });
  const codings = Array.from({ length: count }, (_, n) => ({
    guid: wb.newGuid(), text: text.guid, start: n * 30, end: n * 30 + 20 + (n % 7) * 25, code: work.codes[n % 20].guid, memo: "", time: wb.timeNow() }));
  return wb.works.asText({ ...work, codings });
}"""


@pytest.fixture
def use(chromium: browser.Browser, site: Path) -> Use:
    """Open the page and return what a task makes of it; whatever the console says fails the test."""
    return desk.using(chromium, site)


def weight(file: Path) -> int:
    """Return how many bytes a file takes on its way."""
    return len(gzip.compress(file.read_bytes()))


def test_the_page_and_all_that_it_loads_later_is_light(site: Path) -> None:
    """All but the fonts and the search, which the pages of the site share: the largest interview is among it."""
    page = site / "teaching" / "workbench.html"
    tree = html.parse(str(page))
    named = [*tree.xpath("//script/@src"), *tree.xpath("//link[@rel='stylesheet']/@href")]
    files = {(page.parent / name).resolve() for name in named}
    files |= set((site / "scripts" / "workbench").resolve().glob("*.js")) | set(
        (site / "vendor" / "fflate").resolve().glob("*.js")
    )
    interview = max(map(weight, (page.parent / "interviews").glob("*.js")))
    assert sum(map(weight, (page, *files))) + interview < HEAVIEST


@pytest.mark.thorough
def test_a_mark_is_shown_and_a_long_text_opened_at_once(use: Use, tmp_path: Path) -> None:
    file = tmp_path / "long.json"

    def walk(page: Any) -> None:
        file.write_text(page.evaluate(LARGE, 400), encoding="utf-8")
        page.set_input_files("#start .wb-drop input[multiple]", file)
        page.wait_for_selector(desk.TEXT)
        page.wait_for_function("() => document.querySelectorAll('.wb-panel .wb-code').length === 20")
        guid = json.loads(file.read_text(encoding="utf-8"))["guid"]
        # What is asked for in a frame is painted at its end; the words for screen readers come later.
        frames = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
        page.evaluate("compendium.workbench.app.session.flush()")

        def choose() -> None:
            page.keyboard.press("j")  # the next sentence
            page.evaluate(frames)

        def give() -> None:
            page.keyboard.press("5")
            page.evaluate(frames)

        def open_again() -> None:
            page.evaluate("guid => compendium.workbench.app.openKept(guid)", guid)
            page.evaluate(frames)

        page.focus(desk.TEXT)
        shown, at_idle = browser.at_work(page, [choose, give], SHOWN)
        assert max(at_idle) < SHOWN, shown
        opened, at_idle = browser.at_work(page, [open_again], OPENED)
        assert at_idle[0] < OPENED, opened

    use(walk)


def test_of_thousands_of_codes_the_first_are_listed_and_the_others_found(use: Use, tmp_path: Path) -> None:
    file = tmp_path / "codes.json"

    def walk(page: Any) -> None:
        file.write_text(page.evaluate(LARGE.replace("n < 20", "n < 2000"), 1), encoding="utf-8")
        page.set_input_files("#start .wb-drop input[multiple]", file)
        page.wait_for_selector("text=The first 300 codes are listed.")
        assert page.locator(".wb-panel .wb-code").count() == 300
        page.fill(".wb-codebook [type=search]", "code 1999")
        assert page.locator(".wb-panel .wb-code .wb-name").all_inner_texts() == ["Code 1999"]

    use(walk)


@pytest.mark.parametrize(("width", "scheme"), some([(1440, "light"), (390, "dark")], 1))
def test_no_view_or_dialog_shuts_anybody_out(use: Use, width: int, scheme: str) -> None:
    found: dict[str, list[str]] = {}
    known: set[str] = set()

    def look(page: Any, name: str, within: str | None = None) -> None:
        wide = browser.too_wide(page)
        found[name] = browser.violations(page, within, known=known) + ([f"{wide} px too wide"] if wide else [])

    def dialog(page: Any, name: str, button: str) -> None:
        page.locator(button).first.click()
        page.wait_for_selector("dialog[open]")
        look(page, name, "dialog[open]")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")
        assert page.evaluate("document.activeElement !== document.body"), f"the focus is lost after {name}"

    def walk(page: Any) -> None:
        look(page, "start")
        desk.begin(page, codes="set")
        desk.select(page, "It was a letter")
        desk.give(page, "Invitation")
        look(page, "text")
        if width < 500:
            dialog(page, "codes in a sheet", ".wb-bottom button:has-text('Codes')")
            dialog(page, "here in a sheet", ".wb-bottom button:has-text('Here')")
            page.click(".wb-tools > summary")
        else:
            dialog(page, "in vivo", ".wb-tools button:has-text('In-vivo')")
        dialog(page, "add a text", ".wb-tools button:has-text('Add a text')")
        dialog(page, "memo", ".wb-tools button:has-text('Memo')")
        dialog(page, "keys", ".wb-tools button:has-text('Keys')")
        dialog(page, "rename", ".wb-work")
        dialog(page, "files", "#wb-bar button:has-text('Save and export')")
        page.focus(desk.TEXT)
        page.keyboard.press("Enter")
        page.keyboard.type("in")
        look(page, "choose a code")
        page.keyboard.press("Escape")
        page.click("#wb-tabs >> text=Codes")
        page.click("#codes .wb-code:has-text('Invitation')")
        look(page, "codes")
        dialog(page, "merge", "#codes button:has-text('Merge')")
        dialog(page, "remove", "#codes .wb-detail button:has-text('Remove')")
        dialog(page, "version", "#codes button:has-text('New version')")
        dialog(page, "codebook", "#codes button:has-text('Take another')")
        page.click("#wb-tabs >> text=Compare")
        page.wait_for_selector("#compare input[type=file]")
        look(page, "compare")
        page.click("#wb-tabs >> text=Start")
        look(page, "works")
        dialog(page, "remove a work", "#start button:has-text('Remove')")

    use(walk, width=width, scheme=scheme)
    assert {name: faults for name, faults in found.items() if faults} == {}
