"""The pages of lessons on the site: what they show, and the keys that they load when a student asks for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser
import pytest
from example_counts import some

from analysis.teaching import lesson_building, lesson_files
from analysis.teaching.lesson_pages import answer_keys, lesson_assets

Use = Callable[..., Any]
FOLDER = "teaching/lessons"
SHORT = 30  # characters; a shorter text may be said of something else


def test_a_solution_loads_the_key_only_when_it_is_asked_for(chromium: browser.Browser, site: Path) -> None:
    page = site / FOLDER / "agreement.html"

    def task(page: Any) -> tuple[bool, str]:
        before = page.evaluate("Boolean(compendium.lessonKeys)")
        page.click("[data-number='3.1'] button:text-is('Solution')")
        page.wait_for_selector("[data-number='3.1'] .lesson-panel table")
        return before, page.inner_text("[data-number='3.1'] .lesson-panel")

    before, shown = chromium.use(page.as_uri(), task, site.as_uri())
    assert not before
    assert (
        answer_keys.key(lesson_building.bundled("agreement"))["exercises"]["3.1"]["items"]["answer"]["right"] in shown
    )


def test_without_its_key_a_page_asks_for_the_file(chromium: browser.Browser, site: Path) -> None:
    page, key = site / FOLDER / "agreement.html", site / FOLDER / "agreement.key.json"

    def task(page: Any) -> None:
        page.click("[data-number='3.1'] button:text-is('Solution')")
        page.wait_for_selector("[data-number='3.1'] .lesson-panel input")
        page.set_input_files("[data-number='3.1'] .lesson-panel input", key)
        page.wait_for_selector("[data-number='3.1'] .lesson-panel table")

    browser.using_without(chromium, page.as_uri(), "agreement.key.js", task, site.as_uri())


@pytest.mark.parametrize("name", some(lesson_files.bundled(), 2))
def test_every_lesson_has_its_page_its_data_and_its_exercises(chromium: browser.Browser, site: Path, name: str) -> None:
    lesson = lesson_building.bundled(name)
    page = site / FOLDER / f"{name}.html"

    def task(page: Any) -> list[str]:
        page.wait_for_selector("#lesson-work button")
        return [one.get_attribute("data-number") for one in page.locator("section.lesson-exercise").all()]

    assert chromium.use(page.as_uri(), task, site.as_uri()) == list(lesson.exercises())
    content = page.read_text(encoding="utf-8")
    for part in (*lesson_assets.SCRIPTS, lesson_assets.STYLE):
        assert f"/{part}" in content
    # What a key says is in no student's data; a rule to look at again is said with the task.
    data = (page.parent / f"{name}.lesson.json").read_text(encoding="utf-8")
    solved = answer_keys.key(lesson)["exercises"].values()
    said = {one.get("why", "") for exercise in solved for one in exercise["items"].values()}
    secrets = {text for text in said | {one["record"] for one in solved} if len(text) > SHORT}
    assert secrets or name == "text"
    assert [one for one in secrets if one in data and f'"again": "{one}"' not in data] == []
