"""What a lesson's page keeps in a browser: two tabs, another version, full or forbidden storage, damage, and odd files."""

import json
from pathlib import Path
from typing import Any

import browser
import pytest
import sample_lessons
from browser import Browser
from sample_lessons import Use

from analysis.teaching.lesson_pages import answer_keys, engine_words, lesson_documents

WORDS = engine_words.words("en")
DIGEST = "0123456789abcdef"
KEY = f"power-in-co-production: lesson: sample: {DIGEST}"
HAND_IN = {"format": "lesson-hand-in", "version": 1, "lesson": "sample", "title": "A sample", "digest": DIGEST}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keeping")
    for name, digest in {"sample": DIGEST, "later": "another-version"}.items():
        lesson = sample_lessons.lesson(digest=digest)
        (made / f"{name}.html").write_text(lesson_documents.page(lesson), encoding="utf-8")
    (made / "key.json").write_text(answer_keys.as_json(sample_lessons.lesson()), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def use(chromium: Browser, folder: Path) -> Use:
    return sample_lessons.use_of(chromium, folder)


def fill(page: Any, number: str, text: str) -> None:
    page.fill(f"[data-number='{number}'] [data-part]", text)


def kept(page: Any) -> str:
    return str(page.inner_text("#lesson-kept"))


def value(page: Any, number: str) -> str:
    return str(page.input_value(f"[data-number='{number}'] [data-part]"))


def open_file(page: Any, file: Path, label: str = "open_file") -> str:
    """Open a file on the page; return what it says."""
    page.evaluate("document.querySelector('#lesson-work .lesson-told').textContent = ''")
    page.set_input_files(f"label:has-text('{WORDS[label]}') input", file)
    page.wait_for_function("() => document.querySelector('#lesson-work .lesson-told').textContent")
    return str(page.inner_text("#lesson-work .lesson-told"))


def written(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def said(name: str, **values: object) -> str:
    return WORDS[name].format(**values)


def test_answers_are_there_again_when_the_page_is_opened_again(use: Use) -> None:
    def task(page: Any) -> None:
        fill(page, "9.1", "10")
        page.keyboard.press("Enter")
        page.click("[data-number='9.1'] .lesson-hint")
        fill(page, "9.11", "half a sentence")
        page.reload()  # before the time after which answers are kept
        assert (value(page, "9.1"), value(page, "9.11")) == ("10", "half a sentence")
        assert "You left out two." in page.inner_text("[data-number='9.1'] .lesson-told")
        assert page.locator("[data-number='9.1'] .lesson-hints li").count() == 1
        assert page.inner_text("[data-number='9.11'] .lesson-told") == ""

    use(task)


def test_two_tabs_lose_nothing_of_each_other(use: Use) -> None:
    def task(page: Any) -> None:
        other = page.context.new_page()
        other.goto(page.url)
        fill(page, "9.1", "11")
        fill(other, "9.2", "0.3")
        for tab in (page, other):
            tab.evaluate("dispatchEvent(new Event('pagehide'))")
        page.wait_for_function("() => document.querySelector('[data-number=\"9.2\"] [data-part]').value === '0.3'")
        other.wait_for_function("() => document.querySelector('[data-number=\"9.1\"] [data-part]').value === '11'")
        assert page.inner_text("#lesson-said") == WORDS["other_tab"]
        fill(page, "9.2", "0.5")  # the later of two answers counts
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        other.wait_for_function("() => document.querySelector('[data-number=\"9.2\"] [data-part]').value === '0.5'")
        page.fill("#lesson-work input[type=text]", "robin")
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        other.wait_for_function("() => document.querySelector('#lesson-work input[type=text]').value === 'robin'")
        other.close()
        page.reload()
        assert (value(page, "9.1"), value(page, "9.2")) == ("11", "0.5")

    use(task)


FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('no'); } })"


@pytest.mark.parametrize(("storage", "word"), [(FULL, "work_full"), (FORBIDDEN, "work_forbidden")])
def test_page_works_where_nothing_can_be_kept_and_says_so(use: Use, storage: str, word: str) -> None:
    def task(page: Any) -> dict[str, Any]:
        page.add_init_script(storage)
        page.goto(page.url)
        fill(page, "9.1", "12")
        page.keyboard.press("Enter")
        page.wait_for_function("text => document.querySelector('#lesson-kept').textContent === text", arg=WORDS[word])
        assert page.inner_text("[data-number='9.1'] .lesson-told").startswith("Right.")
        page.fill("#lesson-work input[type=text]", "robin")
        with page.expect_download() as given:
            page.click(f"text={WORDS['hand_in']}")
        return dict(json.loads(Path(given.value.path()).read_text(encoding="utf-8"))["answers"])

    assert use(task, reduced_motion="reduce")["9.1"]["state"] == "yes"  # in a tab that is not kept


def test_answers_to_another_version_are_kept_and_taken_over_when_wanted(use: Use, folder: Path) -> None:
    def task(page: Any) -> None:
        fill(page, "9.1", "10")
        page.check("[data-number='9.4'] [data-item='a'][value='early']")
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.goto((folder / "later.html").as_uri())
        assert value(page, "9.1") == ""
        assert "another version" in page.inner_text("#lesson-others")
        fill(page, "9.1", "11")
        page.click(f"text={WORDS['take_over']}")
        assert (value(page, "9.1"), page.inner_text("#lesson-said")) == ("10", said("taken_over", n=2, lost=0))
        assert page.evaluate("document.activeElement.id") == "lesson-kept"
        assert page.locator("#lesson-others li").count() == 2  # the other version, and what was replaced
        with page.expect_download() as given:
            page.click(f"#lesson-others li:has-text('replaced') >> text={WORDS['save_it']}")
        aside = written(folder, "aside.json", Path(given.value.path()).read_text(encoding="utf-8"))
        for _ in range(2):
            page.click(f"#lesson-others >> text={WORDS['remove_it']} >> nth=0")
        assert page.locator("#lesson-others").is_hidden()
        open_file(page, aside)
        assert value(page, "9.1") == "11"

    use(task)


def test_damaged_entries_are_set_aside_and_can_be_saved(use: Use) -> None:
    def task(page: Any) -> str:
        page.evaluate('key => localStorage.setItem(key, \'{"answers": {"9.1"\')', KEY)
        page.goto(page.url)
        assert "is damaged" in page.inner_text("#lesson-others")
        fill(page, "9.1", "3")
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        with page.expect_download() as given:
            page.click(f"#lesson-others >> text={WORDS['save_it']}")
        return Path(given.value.path()).read_text(encoding="utf-8")

    assert use(task) == '{"answers": {"9.1"'


def test_files_that_do_not_belong_here_are_explained_and_change_nothing(use: Use, folder: Path) -> None:
    def task(page: Any) -> None:
        fill(page, "9.1", "7")
        cases = {
            "cut.json": ('{"format": "lesson-hand-in", "answ', said("file_not_read", file="cut.json")),
            "list.json": ([1, 2], said("file_not_read", file="list.json")),
            "other.json": (
                {**HAND_IN, "lesson": "agreement", "title": "Agreement", "answers": {}},
                said("file_other_lesson", file="other.json", title="Agreement"),
            ),
            "newer.json": ({**HAND_IN, "version": 2, "answers": {}}, said("file_newer", file="newer.json")),
            "big.json": ("x" * 2_000_001, said("file_big", file="big.json")),
        }
        for name, (content, expected) in cases.items():
            assert open_file(page, written(folder, name, content)) == expected
        assert open_file(page, folder / "key.json") == said("file_key", file="key.json")
        own = written(folder, "own.json", {**HAND_IN, "pseudonym": "robin", "answers": {}})
        page.fill("#lesson-work input[type=text]", "robin")
        assert open_file(page, own, "open_partner") == WORDS["partner_self"]
        assert value(page, "9.1") == "7"

    use(task)


def test_a_file_of_another_version_gives_what_fits_and_keeps_what_was_here(use: Use, folder: Path) -> None:
    answers = {
        "9.1": {"value": {"answer": "12"}, "state": "yes", "tries": 2, "hints": 1},
        "9.6": {"value": {"P1": {"code": "early"}, "P2": {"code": "gone"}, "P7": {"code": "late"}}},
        "8.8": {"value": {"answer": "4"}},
        "9.7": {"value": {"text": 5}},
        "9.10": "nonsense",
        "9.5": {"value": {"p": "<img src=x onerror=alert(1)>", "q": False}},
    }
    file = written(folder, "old.json", {**HAND_IN, "digest": "old", "pseudonym": "robin", "answers": answers})

    def task(page: Any) -> None:
        fill(page, "9.1", "7")
        assert (
            open_file(page, file)
            == f"{said('file_other_version', file='old.json', n=4, lost=5)} " + WORDS["file_replaces"]
        )
        assert value(page, "9.1") == "12"
        assert page.is_checked("[data-number='9.6'] [data-item='P1'][value='early']")
        assert page.is_checked("[data-number='9.5'] [data-item='q'][value='false']")
        assert page.locator("[data-number='9.6'] :checked").count() == 1
        assert "replaced" in page.inner_text("#lesson-others")

    use(task)


def test_removing_everything_can_be_undone(use: Use) -> None:
    def task(page: Any) -> None:
        fill(page, "9.1", "12")
        page.keyboard.press("Enter")
        page.click(f"text={WORDS['remove']}")
        assert (value(page, "9.1"), page.inner_text("#lesson-progress")) == ("", "0 of 12 exercises done")
        page.click(f"text={WORDS['undo']}")
        assert (value(page, "9.1"), page.inner_text("#lesson-progress")) == ("12", "1 of 12 exercises done")
        assert page.evaluate("document.activeElement.textContent") == WORDS["remove"]
        page.click(f"text={WORDS['remove']}")
        page.reload()
        assert value(page, "9.1") == ""

    use(task)


def test_nothing_that_is_typed_becomes_markup(use: Use) -> None:
    def task(page: Any) -> int:
        evil = "<img src=x onerror=document.title='no'> and more words so that it is long enough"
        fill(page, "9.1", "<b>1")
        page.keyboard.press("Enter")
        page.fill("[data-number='9.7'] textarea", evil)
        page.click(f"[data-number='9.7'] button:text-is('{WORDS['record']}')")
        assert evil in page.inner_text("[data-number='9.8'] .lesson-rule")
        assert page.title() != "no"
        return int(page.locator("main img, .lesson-told b").count())

    assert use(task) == 0


def test_notices_are_usable_by_everybody(use: Use, folder: Path) -> None:
    def task(page: Any) -> tuple[list[str], int]:
        fill(page, "9.1", "10")
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.goto((folder / "later.html").as_uri())
        fill(page, "9.1", "11")
        page.click(f"text={WORDS['take_over']}")
        return browser.violations(page), browser.too_wide(page)

    assert use(task, width=390) == ([], 0)
