"""What the theme does on every page, in a browser that refuses what others give."""

from pathlib import Path
from typing import Any

import browser
import pytest
from example_counts import some

REFUSING = """for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException('No', 'SecurityError') } })"""
SEARCHED = "document.querySelectorAll('.md-search-result__item').length > 0"
SCHEME = "document.body.dataset.mdColorScheme"
NARROW = 320  # pixels: 1280 at four times the size, WCAG 2.2, 1.4.10
GLOSSED = "methods/limits.html"
PLACES = ("index.html", "teaching/index.html", "cite/changelog.html", "data/coding-log.html")


def test_a_browser_that_keeps_nothing_shows_the_scheme_of_the_system_and_searches(
    chromium: browser.Browser, site: Path
) -> None:
    def task(page: Any) -> list[str]:
        page.add_init_script(REFUSING)
        page.reload()
        before = page.evaluate(SCHEME)
        page.locator(".md-option:checked + label").click()
        page.evaluate("document.activeElement.blur()")  # keys typed into a field are of the field
        page.keyboard.press("/")
        page.keyboard.type("tokenism")
        page.wait_for_function(SEARCHED)
        return [before, page.evaluate(SCHEME)]

    address = (site / "index.html").as_uri()
    found = chromium.use(address, task, site.as_uri(), scheme="dark", reduced_motion="reduce")
    assert found == ["slate", "default"]


MEANING = """() => { const [meaning, term] = [document.getElementById('meaning'), document.querySelector('a.term')];
    return meaning.checkVisibility() && meaning.innerText.startsWith(term.title) }"""


def test_a_keyboard_is_shown_what_a_term_means_and_closes_it_again(chromium: browser.Browser, site: Path) -> None:
    def task(page: Any) -> list[bool]:
        page.evaluate("document.querySelector('a.term').scrollIntoView({ block: 'center' })")
        page.keyboard.press("Tab")  # so that the browser knows of a keyboard
        page.locator("a.term").first.focus()
        found = [page.evaluate(MEANING)]
        page.keyboard.press("Escape")
        found.append(page.evaluate(MEANING))
        page.locator("a.term").nth(1).focus()
        page.locator("a.term").first.focus()
        found.append(page.evaluate(MEANING))
        page.keyboard.press("Tab")
        return [*found, page.evaluate(MEANING)]

    assert chromium.use((site / GLOSSED).as_uri(), task, site.as_uri()) == [True, False, True, False]


def test_a_tap_shows_what_a_term_means_and_a_second_one_leads_to_the_glossary(
    chromium: browser.Browser, site: Path
) -> None:
    def task(page: Any) -> tuple[list[bool], str]:
        term = page.locator("a.term").first
        found = []
        for place in (term, page.locator("h1"), term):
            place.tap()
            found.append(page.evaluate(MEANING))
        width, edge = page.evaluate(
            "[document.documentElement.clientWidth, document.getElementById('meaning').getBoundingClientRect().right]"
        )
        assert edge <= width
        term.tap()
        page.wait_for_url("**/glossary.html#*")
        return found, str(page.url)

    found, led = chromium.use((site / GLOSSED).as_uri(), task, site.as_uri(), width=390, has_touch=True)
    assert found == [True, False, True]
    assert "glossary.html#" in led


@pytest.mark.parametrize(
    "kept", some(["{", "null", '{"index": 9, "color": {"scheme": "of-an-older-version"}}', "5"], 2)
)
def test_a_scheme_kept_by_another_version_does_no_harm(chromium: browser.Browser, site: Path, kept: str) -> None:
    def task(page: Any) -> str:
        page.evaluate("kept => localStorage.setItem(`${__md_scope.pathname}.__palette`, kept)", kept)
        page.reload()
        assert page.locator(".md-option:checked").count() == 1
        return str(page.evaluate(SCHEME))

    assert chromium.use((site / "index.html").as_uri(), task, site.as_uri()) == "default"


@pytest.mark.parametrize("place", some(["F999", "%E0%A4%A", "<b>bold</b>"], 2))
def test_an_address_that_leads_nowhere_on_its_page_gets_a_notice(
    chromium: browser.Browser, site: Path, place: str
) -> None:
    def task(page: Any) -> str:
        told = str(page.inner_text(".nowhere"))
        page.evaluate("location.hash = 'F14'")
        page.wait_for_selector(".nowhere", state="detached")
        return told

    told = chromium.use(f"{(site / 'evidence/passages.html').as_uri()}#{place}", task, site.as_uri())
    assert f"This page has no place “{place}”" in told


@pytest.mark.parametrize("scripts", [True, False])
def test_no_page_is_wider_than_a_narrow_screen(chromium: browser.Browser, site: Path, scripts: bool) -> None:
    addresses = [(site / place).as_uri() for place in PLACES]
    visits = chromium.use_each(addresses, browser.too_wide, site.as_uri(), width=NARROW, java_script_enabled=scripts)
    assert [too_wide for too_wide, _ in visits] == [0] * len(PLACES)


def test_enter_in_the_search_opens_the_claim_that_was_typed(chromium: browser.Browser, site: Path) -> None:
    def task(page: Any) -> bool:
        page.keyboard.press("/")
        page.keyboard.type("c58")
        page.wait_for_function(SEARCHED)
        page.keyboard.press("Enter")
        page.wait_for_url("**/claims/index.html#C58")
        return bool(page.evaluate("document.getElementById('C58').closest('details').open"))

    assert chromium.use((site / "index.html").as_uri(), task, site.as_uri())
