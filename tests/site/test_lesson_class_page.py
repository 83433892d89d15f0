"""The page *A class* in a real browser: hand-ins are dropped or pasted, split, projected without names, and exported."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import browser
import drawn_classes
import pytest
from browser import Browser
from drawn_classes import CODES, KEY, LESSON, coded, hand_in
from example_counts import some

from analysis.teaching import class_documents, lesson_hand_ins

Use = Callable[..., Any]
NAMES = ["Ana Nguyen", "ben", "cleo", "dov"]
PROJECTOR = ".projector"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("class")
    (made / "class.html").write_text(class_documents.page([LESSON]), encoding="utf-8")
    (made / "site.html").write_text(
        class_documents.page([]).replace(
            class_documents.place([]), class_documents.place([{"data": LESSON, "keyScript": "invented.key.js"}])
        ),
        encoding="utf-8",
    )
    script = f"(globalThis.compendium??={{}}).lessonKeys??={{}};compendium.lessonKeys.invented={json.dumps(KEY)};"
    (made / "invented.key.js").write_text(script, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def use(chromium: Browser, folder: Path) -> Use:
    """Return a way to use the page, which fails where the console says anything or something is asked for."""

    def used(task: Callable[[Any], Any], name: str = "class", **given: Any) -> Any:
        return chromium.use((folder / f"{name}.html").as_uri(), task, folder.as_uri(), **given)

    return used


def file(name: str, content: Any) -> dict[str, Any]:
    text = content if isinstance(content, str) else json.dumps(content)
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def drop(page: Any, *files: dict[str, Any]) -> None:
    page.set_input_files("input[type=file]", list(files))
    page.wait_for_selector(".class-drop[aria-busy='false']")


def small_class(**more: Any) -> list[dict[str, Any]]:
    """The hand-ins of four students: two rounds of a coding, and an open answer."""
    reason = "because <img src=x onerror=alert(1)>"
    first = [CODES[0], CODES[0], CODES[1], CODES[1]]
    made: list[dict[str, Any]] = []
    for name, code in zip(NAMES, first, strict=True):
        answers = {
            "9.1": {"answer": "0,42"},
            "9.4": coded({"P1": code, "P2": CODES[0]}, reason),
            "9.8": coded({"P1": CODES[1], "P2": CODES[0]}),
            "9.7": {"text": f"A rule with reasons, by number {len(made)}.", "checklist": [True, False]},
        }
        review = {"of": NAMES[0], "exercise": "9.7", "checklist": [True, True], "comment": "Clear to me."}
        made.append(hand_in(name, answers, reviews=[review] if name == "ben" else [], **more))
    return [file(f"invented-{one['pseudonym']}.json", one) for one in made]


def said(page: Any) -> str:
    return str(page.inner_text(".class-said"))


def texts(page: Any, selector: str) -> Sequence[str]:
    return [" ".join(one.split()) for one in page.locator(selector).all_inner_texts()]


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('.lesson-class details').forEach(one => one.open = true)")


def test_a_class_is_shown_by_items_with_their_texts_and_without_names(use: Use) -> None:
    def look(page: Any) -> None:
        drop(page, *small_class())
        assert "4 files read" in said(page)
        unfold(page)
        whole = page.inner_text("#lesson-class")
        assert not [name for name in NAMES if name in whole]
        first = page.locator("#class-exercise-9\\.4 .class-item").first
        assert "What P1 says, invented" in first.inner_text()
        assert "2 of 4 (50%)" in first.inner_text()
        assert "because <img src=x onerror=alert(1)>" in first.inner_text()
        assert "Percent agreement 0.67, on 2 items; Krippendorff’s α" in whole
        assert "Before: Percent agreement 0.67" in whole
        assert "After: Percent agreement 1.00" in whole
        assert "ticks 2 of 2 points. Clear to me." in whole
        page.get_by_label("Show pseudonyms on this page").check()
        unfold(page)
        assert texts(page, "#class-who tbody tr")[0].startswith("Ana Nguyen recorded")

    use(look)


def test_the_projector_goes_by_keys_and_shows_reasons_and_the_key_on_demand_alone(use: Use) -> None:
    def look(page: Any) -> None:
        drop(page, *small_class(), file("invented.key.json", KEY))
        page.get_by_role("button", name="Show the class on the projector").click()
        shown = page.locator(PROJECTOR)
        seen = []
        for _ in range(99):
            seen.append(shown.inner_text())
            assert not shown.get_by_text("Invented why").count()
            if page.get_by_role("button", name="Next →").is_disabled():
                break
            page.keyboard.press("ArrowRight")
        assert not [name for name in NAMES if name in "".join(seen)]
        assert any("2 of 4 changed: Structural power → Resource power (2)." in one for one in seen)
        assert any("A rule with reasons, by number 0." in one for one in seen)
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert "9.4 Invented coding · P1 · 2 of" in shown.inner_text()
        assert "because" not in shown.inner_text()
        page.keyboard.press("r")
        assert "Student 1: because <img src=x onerror=alert(1)>" in shown.inner_text()
        page.keyboard.press("s")
        shown.get_by_text("The record: Resource power").wait_for()
        assert "Also allowed: Normative power" in shown.inner_text()
        assert "Invented why" in shown.inner_text()
        assert browser.violations(page, PROJECTOR) == []
        page.keyboard.press("PageDown")
        assert "because" not in shown.inner_text()
        page.keyboard.press("Escape")
        shown.wait_for(state="detached")
        assert page.evaluate("document.activeElement.textContent") == "Show the class on the projector"

    use(look)


def test_on_the_site_the_key_is_loaded_when_somebody_asks_for_it(chromium: Browser, folder: Path) -> None:
    seen = browser.Visit()

    def look(page: Any) -> None:
        drop(page, *small_class())
        assert page.evaluate("typeof compendium.lessonKeys") == "undefined"
        page.get_by_role("button", name="Show the class on the projector").click()
        page.keyboard.press("s")
        page.locator(PROJECTOR).get_by_text("Right: 0.42").wait_for()

    page = (folder / "site.html").read_text(encoding="utf-8")
    start, end = page.index('<meta http-equiv="Content'), page.index("<title>")
    (folder / "open.html").write_text(page[:start] + page[end:], encoding="utf-8")  # the site has a policy of its own
    chromium.use((folder / "open.html").as_uri(), look, folder.as_uri(), seen=seen)
    assert (seen.asked, seen.console) == ([], [])


def test_what_cannot_be_used_is_explained_and_nothing_is_lost(use: Use) -> None:
    packed = lesson_hand_ins.packed(hand_in("mia", {"9.1": {"answer": "0.4"}}))

    def look(page: Any) -> None:
        whole = json.dumps(hand_in("robin", {"9.1": {"answer": "0.42"}}))
        drop(
            page,
            file("cut.json", whole[:-20]),
            file("empty.json", ""),
            file("notes.txt", "Dear teacher"),
            file("other.json", hand_in("kim", {}, lesson="dimensions", title="Second lesson")),
            file("old.json", hand_in("lee", {"9.1": {"answer": "7"}, "8.8": {}}, digest="older")),
            file("codes.csv", "extract_id,stage\nT01,initiation\n"),
        )
        unfold(page)
        told = " ".join(texts(page, ".class-faults li"))
        for words in (
            "cut.json: this is not complete",
            "empty.json: the file is empty",
            "notes.txt: this is not a hand-in",
            "other.json: the lesson “Second lesson” is not known here. Drop its file dimensions.lesson.json",
            "old.json, field digest: this was made with another version of the lesson",
        ):
            assert words in told, told
        assert "1 student." in page.inner_text("#lesson-class")
        page.fill("textarea", f"From mail:\n> {packed[:30]}\n> {packed[30:]}")
        page.get_by_role("button", name="Add the text").click()
        page.locator(".class-said", has_text="The text was added.").wait_for()
        assert page.input_value("textarea") == ""
        page.fill("textarea", packed[:-5])
        page.get_by_role("button", name="Add the text").click()
        page.locator(".class-said", has_text="cut short").wait_for()
        assert page.input_value("textarea") == packed[:-5], "what was pasted stays to be looked at"
        assert "2 students." in page.inner_text("#lesson-class")
        drop(page, file("dimensions.lesson.json", LESSON | {"name": "dimensions", "title": "Second lesson"}))
        page.get_by_label("Lesson", exact=True).select_option("dimensions")
        assert "Second lesson" in texts(page, "#lesson-class h2")
        assert "1 student." in page.inner_text("#lesson-class")
        page.get_by_role("button", name="Remove all hand-ins").click()
        assert "Your files are as they were" in said(page)

    use(look)


def test_later_files_count_and_two_people_with_one_pseudonym_are_asked_about(use: Use) -> None:
    def answer(name: str, number: str, **more: Any) -> dict[str, Any]:
        return file(name, hand_in("robin", {"9.1": {"answer": number}}, **more))

    def look(page: Any) -> None:
        drop(
            page,
            answer("a.json", "1", work="w1"),
            answer("b.json", "2", work="w1", hand_in=2),
            answer("b (1).json", "2", work="w1", hand_in=2),
            answer("c.json", "3", work="w2"),
        )
        unfold(page)
        whole = page.inner_text("#lesson-class")
        assert "a.json: b.json counts in its place." in whole
        assert "2 students." in whole
        assert "have one pseudonym and different answers" in whole
        assert "the same file as b.json, so it counts once" in said(page)
        page.get_by_role("button", name="One person: c.json counts").click()
        unfold(page)
        assert "1 student." in page.inner_text("#lesson-class")
        assert texts(page, "#class-exercise-9\\.1 .class-answer") == ["3 1 of 1 (100%)"]
        page.get_by_role("button", name="Two people: count all").click()
        assert "2 students." in page.inner_text("#lesson-class")

    use(look)


def test_a_key_of_another_version_is_named_and_not_shown(use: Use) -> None:
    def look(page: Any) -> None:
        drop(page, *small_class(), file("invented.key.json", KEY | {"digest": "other"}))
        assert "the key of another version of the lesson “An invented lesson”, so it is not used" in said(page)
        page.get_by_role("button", name="Show the class on the projector").click()
        assert not page.get_by_role("button", name="Show the key").count()

    use(look)


def test_tables_for_other_programs_are_saved(use: Use) -> None:
    def saved(page: Any, title: str) -> tuple[str, str]:
        with page.expect_download() as given:
            page.get_by_role("button", name=title).click()
        return given.value.suggested_filename, Path(given.value.path()).read_text(encoding="utf-8")

    def look(page: Any) -> None:
        drop(page, *small_class(), file("users.csv", "pseudonym;login\nben;b17\n"))
        assert "3 students without a user in your table" in page.inner_text("#lesson-class")
        name, content = saved(page, "For Moodle and others")
        assert name == "invented-moodle.csv"
        assert "b17,ben,1,0,0,1,0,0,1,1,0,4" in content.splitlines()
        assert saved(page, "For Canvas")[1].startswith("Student,ID,SIS User ID,SIS Login ID,Section,")
        assert "ben,9.4,recorded,1,0,no" in saved(page, "Who did what")[1].splitlines()
        assert "Invented writing" in saved(page, "Rubric to fill in")[1]

    use(look)


@pytest.mark.parametrize(("width", "scheme"), some([(1440, "light"), (390, "dark")], 1))
def test_the_page_fits_and_can_be_used_by_everyone(use: Use, width: int, scheme: str) -> None:
    def look(page: Any) -> None:
        assert browser.violations(page, asking=browser.asked_in(scheme)) == []
        drop(page, *small_class(), file("c.json", hand_in("ben", {"9.1": {"answer": "9"}})), file("cut.json", "{"))
        unfold(page)
        assert browser.too_wide(page) <= 0
        assert browser.violations(page, asking=browser.asked_in(scheme)) == []
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Show the class on the projector").focus()
        page.keyboard.press("Enter")
        assert page.locator(PROJECTOR).is_visible()
        assert browser.violations(page, PROJECTOR, asking=browser.asked_in(scheme)) == []

    use(look, width=width, scheme=scheme)


def test_a_hundred_hand_ins_are_shown_within_two_seconds(use: Use) -> None:
    files = [file(name, text) for name, text in drawn_classes.files(drawn_classes.drawn(7, 100))]

    def look(page: Any) -> None:
        so_far = browser.time_at_work(page)
        before = so_far()
        drop(page, *files)
        page.wait_for_selector("#class-who")
        took = so_far() - before
        slower = max(1, page.evaluate(browser.WORK) / browser.IDLE)  # other work on this machine
        assert took / slower < 2000, f"{took:.0f} ms, on a machine {slower:.1f} times as slow"

    use(look)
