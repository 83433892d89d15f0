"""A lesson's page as students use it: by keyboard, on a phone, with what they record, compare and hand in."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import browser
import pytest
import sample_lessons
from browser import Browser
from example_counts import some
from sample_lessons import Use

from analysis.teaching.lesson_pages import answer_keys, engine_words, lesson_documents

WORDS = engine_words.words("en")
HEAVIEST = 120 * 1024  # bytes, compressed
SLOWEST = 50  # milliseconds in which an answer is judged


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sample lesson, its key, and its German page."""
    made = tmp_path_factory.mktemp("lesson")
    for name, lesson in {
        "sample": sample_lessons.lesson(),
        "later": sample_lessons.lesson(digest="another-version"),
        "german": sample_lessons.lesson("de"),
    }.items():
        (made / f"{name}.html").write_text(lesson_documents.page(lesson), encoding="utf-8")
        (made / f"{name}.key.json").write_text(answer_keys.as_json(lesson), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def use(chromium: Browser, folder: Path) -> Use:
    return sample_lessons.use_of(chromium, folder)


def told(page: Any, number: str) -> str:
    return str(page.inner_text(f"[data-number='{number}'] .lesson-told"))


def press(page: Any, number: str, title: str) -> None:
    page.click(f"[data-number='{number}'] button:text-is('{title}')")


def state_of(page: Any) -> dict[str, Any]:
    """Return the file that the page gives to hand in."""
    with page.expect_download() as given:
        page.click(f"text={WORDS['hand_in']}")
    return {"name": given.value.suggested_filename, **json.loads(Path(given.value.path()).read_text(encoding="utf-8"))}


def code(page: Any, number: str, codes: dict[str, str]) -> None:
    for item, value in codes.items():
        page.check(f"[data-number='{number}'] [data-item='{item}'][value='{value}']")
    press(page, number, WORDS["record"])


ALL = {"P1": "early", "P2": "unclear", "P3": "late"}


def test_closed_exercises_are_checked_with_hints_one_at_a_time(use: Use) -> None:
    def task(page: Any) -> None:
        press(page, "9.1", "Check")
        assert told(page, "9.1") == WORDS["said_not_tried"]
        page.fill("[data-number='9.1'] input", "10")
        page.keyboard.press("Enter")
        assert "You left out two." in told(page, "9.1")
        for shown in (1, 2, 2):
            press(page, "9.1", "Hint")
            assert page.locator("[data-number='9.1'] .lesson-hints li").count() == shown
        assert told(page, "9.1") == WORDS["no_more_hints"]
        page.fill("[data-number='9.1'] input", "12,0")
        page.keyboard.press("Enter")
        assert told(page, "9.1").split("\n\n") == ["Right.", "Ten and two are 12."]
        assert page.evaluate("document.activeElement.dataset.part") == "value"
        page.keyboard.type("5")
        assert told(page, "9.1") == WORDS["said_changed"]
        assert page.inner_text("#lesson-progress") == "0 of 12 exercises done"
        for key, value in {"p": "true", "q": "true", "r": "true"}.items():
            page.check(f"[data-number='9.5'] [data-item='{key}'][value='{value}']")
        press(page, "9.5", "Check")
        assert "2 of 3 are right." in told(page, "9.5")
        assert "q: can two people be wrong together?" in told(page, "9.5")
        page.check("[data-number='9.12'] [data-item='c1']")
        press(
            page, "9.12", "Check"
        )  # of names, those that belong are marked, and no more is said of one that was missed
        assert told(page, "9.12").split("\n\n")[1:] == ["1 of 3 are right.", "Look for one without a row."]
        page.uncheck("[data-number='9.12'] [data-item='c1']")
        press(page, "9.12", "Check")
        assert told(page, "9.12") == WORDS["said_not_tried"]
        page.check("[data-number='9.12'] [data-item='c2']")
        press(page, "9.12", "Check")
        assert told(page, "9.12").startswith("Right.")

    use(task)


def test_solutions_come_from_the_key_that_a_teacher_gave(use: Use, folder: Path) -> None:
    def task(page: Any) -> tuple[dict[str, Any], str]:
        press(page, "9.2", "Solution")
        panel = page.locator("[data-number='9.2'] .lesson-panel:visible")
        assert "sample.key.json" in panel.inner_text()
        page.fill("#lesson-work input[type=text]", "robin")
        assert "9.2" not in state_of(page)["answers"]  # nobody has seen a solution that is not there
        panel.locator("input").set_input_files(folder / "later.key.json")
        page.wait_for_function(
            "() => document.querySelector('.lesson-panel [role=status]').textContent.includes('another')"
        )
        panel.locator("input").set_input_files(folder / "sample.key.json")
        page.wait_for_selector("[data-number='9.2'] .lesson-panel table")
        assert "0.60" in panel.inner_text()
        assert "6 of 10." in panel.inner_text()
        assert page.evaluate("document.activeElement.textContent") == "Solution"
        press(page, "9.5", "Solution")
        assert "Agreement is not truth." in page.inner_text("[data-number='9.5'] .lesson-panel:visible")
        press(page, "9.5", "Solution")
        assert page.locator("[data-number='9.5'] .lesson-panel:visible").count() == 0
        press(page, "9.1", "Solution")
        return state_of(page)["answers"], str(page.inner_text("#lesson-work .lesson-told"))

    answers, handed = use(task)
    assert {number: one["solution"] for number, one in answers.items()} == {"9.1": True, "9.2": True, "9.5": True}
    assert handed.endswith("0 of 12 exercises done.")


def test_judgements_are_recorded_and_then_compared(use: Use, folder: Path) -> None:
    def task(page: Any) -> None:
        press(page, "9.8", WORDS["compare"])
        assert told(page, "9.8") == WORDS["record_first"]
        page.check("[data-number='9.6'] [data-item='P1'][value='early']")
        press(page, "9.6", WORDS["record"])
        assert "Still to do: P2, P3." in told(page, "9.6")
        code(page, "9.6", ALL)
        assert told(page, "9.6").startswith("Recorded.")
        press(page, "9.6", WORDS["compare"])
        assert told(page, "9.6") == WORDS["after_second"]
        press(page, "9.8", WORDS["compare_rounds"])
        assert told(page, "9.8") == WORDS["first_round_hidden"]
        page.fill("[data-number='9.7'] textarea", "A passage is early when it asks for something, not when it shows.")
        press(page, "9.7", WORDS["record"])
        assert "A passage is early when" in page.inner_text("[data-number='9.8'] .lesson-rule")
        code(page, "9.8", {**ALL, "P3": "unclear"})
        press(page, "9.8", WORDS["compare_rounds"])
        rounds = page.inner_text("[data-number='9.8'] .lesson-panel:visible")
        assert "2 of 3 codes are the same" in rounds
        assert "late" in rounds
        press(page, "9.8", WORDS["compare"])
        page.set_input_files("[data-number='9.8'] .lesson-file input", folder / "sample.key.json")
        page.wait_for_selector("#panel-9-8-solution table")
        compared = page.inner_text("#panel-9-8-solution")
        assert "You and the record agree on 2 of 3. On 1 more you chose what the record also allows." in compared
        press(page, "9.6", WORDS["compare"])
        assert "agree on 1 of 3" in page.inner_text("#panel-9-6-solution")
        press(page, "9.7", WORDS["compare"])
        assert "early: Keeps out what has money." in page.inner_text("#panel-9-7-solution")
        for item, name in {"c1": "a", "c2": "b", "c3": "b"}.items():
            page.fill(f"[data-number='9.10'] [data-item='{item}']", name)
        press(page, "9.10", WORDS["record"])
        press(page, "9.10", WORDS["compare"])
        assert "Of 3 pairs, 1 are grouped alike: 0 together in both, 1 apart in both." in page.inner_text(
            "#panel-9-10-solution"
        )

    use(task)


def test_hand_ins_count_up_and_open_again(use: Use, folder: Path) -> None:
    def hand_in(page: Any) -> tuple[dict[str, Any], str]:
        page.click(f"text={WORDS['hand_in']}")
        assert page.inner_text("#lesson-work .lesson-told") == WORDS["pseudonym_wanted"]
        page.keyboard.type("robin")  # the field has the focus
        page.fill("[data-number='9.1'] input", "1O")
        code(page, "9.6", ALL)
        page.fill("[data-number='9.6'] [data-item='P1'][data-part='reason']", "before")
        first, second = state_of(page), state_of(page)
        assert (first["hand_in"], second["hand_in"]) == (1, 2)
        page.click(f"text={WORDS['codes_file']}: 9.8")
        assert page.inner_text("#lesson-work .lesson-told") == WORDS["codes_none"]
        with page.expect_download() as given:
            page.click(f"text={WORDS['codes_file']}: 9.6")
        return second, Path(given.value.path()).read_text(encoding="utf-8")

    handed, table = use(hand_in)
    assert handed.pop("name") == "sample-robin.json"
    assert handed["saved"].endswith("Z")
    assert {name: handed[name] for name in ("format", "version", "lesson", "number", "digest", "language")} == {
        "format": "lesson-hand-in",
        "version": 1,
        "lesson": "sample",
        "number": "9",
        "digest": "0123456789abcdef",
        "language": "en",
    }
    assert handed["answers"]["9.1"] == {
        "value": {"answer": "1O"},
        "state": "not-yet",
        "tries": 0,
        "hints": 0,
        "solution": False,
    }
    assert handed["answers"]["9.6"]["value"] == {
        "P1": {"code": "early", "reason": "before"},
        "P2": {"code": "unclear"},
        "P3": {"code": "late"},
    }
    assert (handed["answers"]["9.6"]["state"], handed["reviews"]) == ("recorded", [])
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["extract_id"], row["coder_id"], row["code_id"], row["hand_in"]) for row in rows] == [
        ("P1", "robin", "early", "2"),
        ("P2", "robin", "unclear", "2"),
        ("P3", "robin", "late", "2"),
    ]
    (folder / "mine.json").write_text(json.dumps(handed), encoding="utf-8")

    def again(page: Any) -> dict[str, Any]:
        page.set_input_files(f"label:has-text('{WORDS['open_file']}') input", folder / "mine.json")
        page.wait_for_function(
            "() => document.querySelector('#lesson-work .lesson-told').textContent.includes('robin')"
        )
        assert page.is_checked("[data-number='9.6'] [data-item='P3'][value='late']")
        return state_of(page)

    reopened = use(again)
    assert (reopened["hand_in"], reopened["answers"]) == (3, handed["answers"])


def test_a_short_hand_in_is_shown_as_a_code_to_scan(use: Use) -> None:
    def task(page: Any) -> str:
        page.fill("[data-number='9.1'] input", "12")
        page.fill("#lesson-work input[type=text]", "robin")
        page.click(f"text={WORDS['show_qr']}")
        page.wait_for_selector("svg.qr-code")
        assert browser.violations(page, "#lesson-work") == []
        return str(page.inner_text("#lesson-work .lesson-told"))

    assert use(task).startswith(WORDS["qr_shown"].partition("{")[0])


def test_partners_compare_codes_and_review_texts(use: Use, folder: Path) -> None:
    text = "A passage is late when it shows results to others, not when it plans."
    partner = {
        "format": "lesson-hand-in",
        "version": 1,
        "lesson": "sample",
        "digest": "0123456789abcdef",
        "pseudonym": "kim",
        "answers": {
            "9.6": {"value": {key: {"code": "late", "words": "shown"} for key in ALL}},
            "9.7": {"value": {"text": text}},
        },
    }
    (folder / "kim.json").write_text(json.dumps(partner), encoding="utf-8")

    def task(page: Any) -> dict[str, Any]:
        page.set_input_files(f"label:has-text('{WORDS['open_partner']}') input", folder / "kim.json")
        page.wait_for_selector("[data-number='9.7'] button:has-text('Read the text of kim')")
        press(page, "9.6", "Compare with kim")
        assert told(page, "9.6") == WORDS["record_first"]
        code(page, "9.6", ALL)
        press(page, "9.6", "Compare with kim")
        compared = page.inner_text("#panel-9-6-partner")
        assert "You and kim agree on 1 of 3." in compared
        assert "late · “shown”" in compared
        page.fill("[data-number='9.7'] textarea", text)
        press(page, "9.7", WORDS["record"])
        press(page, "9.7", "Read the text of kim")
        page.check("#panel-9-7-partner input >> nth=1")
        page.fill("#panel-9-7-partner textarea", "Good limits.")
        page.fill("#lesson-work input[type=text]", "robin")
        return state_of(page)

    handed = use(task)
    assert handed["reviews"] == [
        {"of": "kim", "exercise": "9.7", "checklist": [False, True], "comment": "Good limits."}
    ]


def test_file_of_somebody_else_takes_the_place_of_all_answers_which_are_kept(use: Use, folder: Path) -> None:
    head = {"format": "lesson-hand-in", "version": 1, "lesson": "sample", "digest": "0123456789abcdef"}
    others = {"pseudonym": "kim", "answers": {"9.2": {"value": {"answer": "0.6"}}}}
    (folder / "of-kim.json").write_text(json.dumps(head | others), encoding="utf-8")

    def opened(page: Any, said: str) -> None:
        page.set_input_files(f"label:has-text('{WORDS['open_file']}') input", folder / "of-kim.json")
        page.wait_for_function("said => document.querySelector('#lesson-work').textContent.includes(said)", arg=said)

    def task(page: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        page.fill("#lesson-work input[type=text]", "robin")
        page.fill("[data-number='9.1'] input", "12")
        press(page, "9.1", WORDS["check"])
        page.evaluate("() => { globalThis.setItem = Storage.prototype.setItem; }")
        page.evaluate(
            "() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }"
        )
        opened(page, WORDS["no_room_aside"])
        assert page.input_value("[data-number='9.1'] input") == "12"
        page.evaluate("() => { Storage.prototype.setItem = globalThis.setItem; }")
        opened(page, WORDS["file_replaces"])
        kims = state_of(page)
        page.click(f"#lesson-others button:text-is('{WORDS['take_over']}')")
        return kims, state_of(page)

    kims, robins = use(task)
    assert (kims["pseudonym"], list(kims["answers"])) == ("kim", ["9.2"])
    assert (robins["pseudonym"], robins["answers"]["9.1"]["value"]) == ("robin", {"answer": "12"})
    assert "9.2" not in robins["answers"]


def test_page_is_done_by_keyboard_alone(use: Use) -> None:
    def task(page: Any) -> list[str]:
        page.focus("[data-number='9.4'] input >> nth=0")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        assert told(page, "9.4").startswith("Right.")
        seen = []
        page.focus("[data-number='9.6'] input >> nth=0")
        for _ in range(40):
            seen.append(page.evaluate("document.activeElement.closest('[data-number]')?.dataset.number ?? 'work'"))
            page.keyboard.press("Tab")
        return seen

    walked = use(task)
    order = list(dict.fromkeys(walked))
    assert order[:4] == ["9.6", "9.7", "9.8", "9.9"]


@pytest.mark.parametrize(("width", "scheme"), some([(390, "light"), (1440, "dark"), (390, "dark")], 1))
def test_page_is_usable_by_everybody(use: Use, width: int, scheme: str) -> None:
    def task(page: Any) -> tuple[list[str], int]:
        press(page, "9.1", "Hint")
        page.fill("[data-number='9.3'] [data-item='mean']", "x")
        press(page, "9.3", "Check")
        code(page, "9.6", ALL)
        code(page, "9.8", ALL)
        press(page, "9.8", WORDS["compare_rounds"])
        press(page, "9.2", "Solution")
        return browser.violations(page, asking=browser.ALL), browser.too_wide(page)

    assert use(task, width=width, scheme=scheme) == ([], 0)


def test_page_speaks_the_language_of_its_lesson(use: Use) -> None:
    def task(page: Any) -> str:
        page.fill("[data-number='9.2'] input", "0,6")
        page.keyboard.press("Enter")
        assert told(page, "9.2").startswith("Richtig.")
        assert page.inner_text("[data-number='9.3'] small") == "auf 0,05 genau"
        return str(page.get_attribute("html", "lang"))

    assert use(task, "german") == "de"


def test_page_can_be_read_and_printed_without_scripts(use: Use) -> None:
    def task(page: Any) -> tuple[int, int, bool]:
        assert WORDS["no_script"] in page.inner_text("main")
        page.emulate_media(media="print")
        return (
            page.locator("input[type=radio]:visible").count(),
            page.locator("textarea:visible").count(),
            page.locator("button:visible").count() == 0,
        )

    assert use(task, java_script_enabled=False) == (2 * 3 + 3 * 2 + 2 * 3 * 3, 2, True)


def test_page_is_light_and_judges_at_once(use: Use, folder: Path) -> None:
    assert len(gzip.compress((folder / "sample.html").read_bytes())) < HEAVIEST

    def task(page: Any) -> list[float]:
        for key in ("mean", "all"):
            page.fill(f"[data-number='9.3'] [data-item='{key}']", "39")
        page.fill("[data-number='9.7'] textarea", "It feels early and obvious to all of us. " * 200)
        steps = [lambda: page.keyboard.press("Enter"), lambda: press(page, "9.7", WORDS["record"])]
        page.focus("[data-number='9.3'] input >> nth=0")
        steps[0] = lambda: page.evaluate("document.querySelector('#exercise-9-3 form').requestSubmit()")
        steps[1] = lambda: page.evaluate("document.querySelector('#exercise-9-7 form').requestSubmit()")
        return browser.at_work(page, steps, SLOWEST)[1]

    assert max(use(task)) < SLOWEST
