"""A visit to a page sees what is wrong with it, and lets nothing out."""

import asyncio
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import browser
import pytest
from browser import Visiting

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Page</title></head><body><main><h1>Page</h1>{}</main></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def test_a_good_page_is_visited_without_a_finding(visit: Visiting, page: Path) -> None:
    page.write_text(PAGE.format("<p>Text.</p>"), encoding="utf-8")
    assert visit(page, 390, "dark") == browser.Visit()


def test_a_visit_sees_what_a_page_asks_of_others_and_does_not_let_it_out(visit: Visiting, page: Path) -> None:
    page.write_text(PAGE.format('<img src="https://example.org/a.png" alt="A picture">'), encoding="utf-8")
    seen = visit(page, 390, "light")
    assert seen.asked == ["https://example.org/a.png"]
    assert any("ERR_NAME_NOT_RESOLVED" in said for said in seen.console)


def test_a_visit_hears_the_console_and_errors_of_scripts(visit: Visiting, page: Path) -> None:
    page.write_text(PAGE.format("<script>console.log('here'); nothing.at.all</script>"), encoding="utf-8")
    said = visit(page, 390, "light").console
    assert said[0] == "log: here"
    assert "nothing is not defined" in said[1]


def test_a_visit_sees_sideways_scrolling(visit: Visiting, page: Path) -> None:
    page.write_text(PAGE.format("<p style='margin: 0; width: 700px'>Text.</p>"), encoding="utf-8")
    assert visit(page, 390, "light").too_wide > 0
    assert visit(page, 1440, "light").too_wide == 0


def test_a_visit_has_axe_look_in_the_colour_scheme_that_was_asked_for(visit: Visiting, page: Path) -> None:
    style = "<style>@media (prefers-color-scheme: dark) { p { color: #cccccc } }</style>"
    page.write_text(PAGE.format(f"{style}<p>Text.</p>"), encoding="utf-8")
    assert visit(page, 390, "light").violations == []
    (found,) = visit(page, 390, "dark").violations
    assert found.startswith("color-contrast")


def test_colours_can_be_asked_about_alone_or_left_out(visit: Visiting, page: Path) -> None:
    page.write_text(PAGE.format("<p style='color: #cccccc'>Text.</p><img src='data:,'>"), encoding="utf-8")

    def told(asking: Mapping[str, Any]) -> list[str]:
        return sorted(found.split(" ")[0] for found in visit(page, 390, "light", asking=asking).violations)

    assert told(browser.ALL) == ["color-contrast", "image-alt"]
    assert told(browser.COLOURS) == ["color-contrast"]
    assert told(browser.ALL_BUT_CONTRAST) == ["image-alt"]


@pytest.mark.parametrize(
    "spoilt",
    [
        "<p style='color: #999'>Text.</p>",
        "<div style='background: #444'><p>Text.</p></div>",
        "<div style='opacity: 0.4'><p>Text.</p></div>",
        "<p style='color: #888; font-size: 2em'>Large enough.</p><p style='color: #888'>Not large enough.</p>",
        "<div style='background: #444; color: #fff'><p>Text.</p><div style='background: #ddd'><p>Text.</p></div></div>",
        "<p>Text with a <a href='#here' style='color: #111; text-decoration: none'>link</a>.</p>",
        "<input value='Typed' aria-label='Field' style='color: #999'>",
    ],
)
def test_of_many_texts_the_one_whose_colours_are_wrong_is_found(visit: Visiting, page: Path, spoilt: str) -> None:
    right = "<p id='here'>Here.</p>" + "<p>Text with a <a href='#here'>link</a>.</p>" * 9
    page.write_text(PAGE.format(right + spoilt + right.replace("id='here'", "")), encoding="utf-8")
    (found,) = visit(page, 1440, "light", asking=browser.COLOURS).violations
    assert found.count(";") == 0, "the others are right"


def test_colours_that_are_known_are_not_asked_about_again_but_wrong_ones_are(
    chromium: browser.Browser, page: Path
) -> None:
    known: set[str] = set()

    def found(text: str) -> list[str]:
        page.write_text(PAGE.format(text), encoding="utf-8")
        address = page.as_uri()
        told: list[str] = chromium.use(address, lambda page: browser.violations(page, known=known), address)
        return [one.split(" ")[0] for one in told]

    assert found("<p>Text.</p>") == []
    assert known
    for _ in range(2):
        assert found("<p>Text.</p><p style='color: #ccc'>Text.</p>") == ["color-contrast"]


def test_targets_that_axe_would_find_fault_with_are_all_asked_about(chromium: browser.Browser, page: Path) -> None:
    """Of many at random places, some under others, those that are left out are none that it finds."""
    at, some = random.Random(3), "position: absolute; padding: 0; left: {}px; top: {}px; width: {}px; height: {}px"  # noqa: S311
    places = [(at.uniform(0, 1300), at.uniform(0, 1600), at.uniform(6, 50), at.uniform(6, 50)) for _ in range(250)]
    buttons = [f"<button id=b{n} style='{some.format(*place)}'>{n}</button>" for n, place in enumerate(places)]
    page.write_text(PAGE.format("".join(buttons)), encoding="utf-8")
    alone = {"runOnly": {"type": "rule", "values": ["target-size"]}}
    every = """async options => {
      axe.configure({ rules: [{ id: 'target-size', selector: '*' }] });
      const [found] = (await axe.run(document, options)).violations;
      return found.nodes.map(one => document.querySelector(one.target[0]).id).sort();
    }"""
    marked = "() => [...document.querySelectorAll('[data-target-at-risk]')].map(one => one.id)"

    def look(tab: Any) -> tuple[list[str], list[str]]:
        assert browser.violations(tab, asking=alone)
        return tab.evaluate(every, alone), tab.evaluate(marked)

    found, asked = chromium.use(page.as_uri(), look, page.as_uri())
    assert 20 < len(found) < len(asked) < len(buttons)
    assert set(found) <= set(asked)


def test_a_visit_finds_nothing_that_another_left(chromium: browser.Browser, page: Path) -> None:
    page.write_text(PAGE.format("<p>Text.</p>"), encoding="utf-8")
    kept = """async () => [localStorage.length, sessionStorage.length, innerWidth, scrollY, location.hash,
        ...['(prefers-color-scheme: dark)', 'print'].map(media => matchMedia(media).matches),
        (await navigator.permissions.query({ name: 'geolocation' })).state]"""

    def leave(page: Any) -> None:
        page.evaluate("localStorage.a = sessionStorage.a = 1; location.hash = 'here'")
        page.emulate_media(media="print")
        page.context.grant_permissions(["geolocation"])
        page.context.new_page()

    def fail(page: Any) -> None:
        leave(page)
        raise RuntimeError

    def find(page: Any) -> tuple[list[Any], int]:
        return page.evaluate(kept), len(page.context.pages)

    address = page.as_uri()
    before = chromium.use(address, find, address)
    chromium.use(address, leave, address, width=390, scheme="dark")
    with pytest.raises(RuntimeError):
        chromium.use(address, fail, address)
    assert chromium.use(address, find, address) == before


@pytest.mark.usefixtures("visit")
def test_notebooks_can_be_executed_while_the_browser_is_open() -> None:
    """`asyncio.run` refuses to work where another event loop runs."""
    asyncio.run(asyncio.sleep(0))


def test_without_chromium_tests_are_skipped_but_fail_where_checks_must_be_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        browser.program()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        browser.program()
