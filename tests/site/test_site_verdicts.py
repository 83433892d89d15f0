"""The list of claims in a browser: filters that the address keeps, claims that open, and what one can do about a verdict."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import browser
import pytest
from example_counts import some
from pypdf import PdfReader

from analysis.reanalysis import claims
from analysis.site.html import permalinks
from analysis.site.pages import verdict_list, verdicts_in_full
from analysis.study.evidence import Evidence

PHONE, WIDE = 390, 1440  # pixels
MOST_STOPS = 50  # of the Tab key, beside one for each claim
MOST_ELEMENTS = 2500  # before a claim is opened
MOST_PAGES = 25  # on paper

SHOWN = """() => [...document.querySelectorAll('details.claim')].filter(one => one.checkVisibility()).map(one => one.dataset.claim)"""
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(one =>
  one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })).length"""
FILTERS_COVER = """key => {
  const line = document.getElementById(key).getBoundingClientRect();
  return document.querySelector('.filters').getBoundingClientRect().bottom > line.top + 1;
}"""


@pytest.fixture
def opened(chromium: browser.Browser, site: Path) -> Callable[..., Any]:
    """A way to open the list at an address, and return what a task makes of it."""

    def use(asked: str, task: Callable[[Any], Any], **how: Any) -> Any:
        return chromium.use((site / permalinks.CLAIMS).as_uri() + asked, task, allowed=site.as_uri(), **how)

    return use


def shown(page: Any) -> list[str]:
    found: list[str] = page.evaluate(SHOWN)
    return sorted(found)


def status(page: Any) -> str:
    return str(page.locator(".filters [role=status]").inner_text())


def having(study: Evidence, **wanted: str) -> list[str]:
    table = claims.verdicts(study).merge(study.claims[["claim_id", "section"]], on="claim_id")
    for column, value in wanted.items():
        table = table[table[column] == value]
    return sorted(table["claim_id"])


def test_a_line_has_the_key_the_verdict_and_the_passages_on_each_side(
    opened: Callable[..., Any], study: Evidence
) -> None:
    lines = opened(
        "", lambda page: page.eval_on_selector_all(".claim > summary", "all => all.map(one => one.textContent)")
    )
    assert len(lines) == len(study.claims)
    found = claims.find(study)
    for line in lines:
        words = " ".join(line.split())
        key = words.split()[0]
        assert found[key].verdict in words
        assert found[key].share in words
        if found[key].verdict not in claims.NOT_COMPUTED:
            assert f"{len(found[key].passages)} for" in words
            assert f"{len(found[key].against)} against" in words
            assert all(extract in words for extract in found[key].passages[: verdict_list.SHOWN["for"]])


def test_claims_are_chosen_by_keyboard_and_the_address_keeps_the_choice(
    opened: Callable[..., Any], study: Evidence
) -> None:
    def task(page: Any) -> None:
        page.get_by_role("combobox", name="Power or code").press("Tab")
        assert page.evaluate("document.activeElement.name") == "verdict", "the keyboard goes where the eye does"
        page.get_by_role("checkbox", name=claims.DEPENDS).press("Space")
        assert shown(page) == having(study, verdict=claims.DEPENDS)
        page.get_by_role("combobox", name="Kind").focus()
        page.keyboard.type("Mech")
        expected = having(study, verdict=claims.DEPENDS, kind="mechanism")
        assert shown(page) == expected
        assert page.url.endswith("?kind=mechanism&verdict=depends-on-the-reading")
        assert status(page) == f"{len(expected)} of {len(study.claims)} claims are shown."
        assert page.locator(".kinds a:visible").all_inner_texts() == [f"Mechanisms {len(expected)}"]
        page.get_by_role("checkbox", name=claims.NO_PASSAGE).press("Space")
        both = sorted(expected + having(study, verdict=claims.NO_PASSAGE, kind="mechanism"))
        assert shown(page) == both
        page.reload()
        assert shown(page) == both
        page.evaluate("location.assign('?kind=structure#kind-structure')")
        page.wait_for_url("**kind-structure")
        page.go_back()
        page.wait_for_url("**mechanism*")
        assert shown(page) == both
        page.get_by_role("button", name="Show all").press("Enter")
        page.wait_for_function("!location.search")
        assert len(shown(page)) == len(study.claims)

    opened("", task)


def test_claims_are_chosen_by_section_code_and_words(opened: Callable[..., Any], study: Evidence) -> None:
    def task(page: Any) -> None:
        own = study.claims[study.claims["section"].str.split("; ").map(lambda places: "3.1" in places)]
        page.get_by_role("combobox", name="Section").select_option("3-1")
        assert shown(page) == sorted(own["claim_id"])
        page.get_by_role("button", name="Show all").click()
        page.get_by_role("combobox", name="Power or code").select_option("resource")
        assert "C58" in shown(page)
        assert "C57" not in shown(page)
        page.get_by_role("button", name="Show all").click()
        words = str(study.claims.set_index("claim_id").at["C58", "objection"])[:40]
        page.get_by_role("searchbox", name="Words or key").fill(words)
        page.wait_for_function("document.querySelectorAll('details.claim:not([hidden])').length === 1")
        assert shown(page) == ["C58"]

    opened("", task)


def test_a_choice_that_nothing_fits_says_what_to_take_away(opened: Callable[..., Any], study: Evidence) -> None:
    def task(page: Any) -> None:
        assert shown(page) == []
        without = len(having(study, kind="pattern"))
        button = page.get_by_role("button", name=re.compile(f"“{claims.NOT_TESTABLE}”.*{without}"))
        button.press("Enter")
        assert shown(page) == having(study, kind="pattern")
        assert page.evaluate("document.activeElement.value") == "not-testable-here"

    assert not having(study, kind="pattern", verdict=claims.NOT_TESTABLE)
    opened("?kind=pattern&verdict=not-testable-here", task)


def test_an_address_opens_its_claim_and_shows_it_below_the_filters(opened: Callable[..., Any], study: Evidence) -> None:
    def task(page: Any) -> None:
        page.wait_for_selector("[data-claim=C58] .gist")
        assert page.locator("[data-claim=C58]").get_attribute("open") is not None
        assert not page.evaluate(FILTERS_COVER, "C58")
        assert shown(page) == sorted([*having(study, verdict=claims.ILLUSTRATED), "C58"])
        assert "C58 does not fit the filters" in status(page)
        page.evaluate("location.hash = 'C57'")
        page.wait_for_selector("[data-claim=C57] .ways-on")
        assert "C57" in shown(page)
        assert "C58" not in shown(page)

    for width in (WIDE, PHONE):
        opened("?verdict=illustrated#C58", task, width=width)


def test_a_claim_that_was_opened_before_its_script_had_come_is_filled(opened: Callable[..., Any]) -> None:
    def late(route: Any) -> None:
        time.sleep(0.2)
        route.continue_()

    def task(page: Any) -> None:
        page.route("**/claims.js", late)
        page.reload()
        page.wait_for_selector("[data-claim=C58] .gist")
        page.unroute("**/claims.js")

    opened("#C58", task)


@pytest.mark.parametrize(
    ("asked", "notice"),
    some(
        [
            ("?verdict=splendid&%F0=1#%E0%A4%A", "verdict=splendid"),
            ("?kind=constructor&code=__proto__", "kind=constructor, code=__proto__"),
            ("#C999", "There is no claim C999"),
            ("#findings-of-yesterday", "There is no claim findings-of-yesterday"),
            (f"?text={'x' * 5000}", f"text={'x' * 200}"),
        ],
        2,
    ),
)
def test_an_address_that_asks_for_nonsense_gets_a_notice_and_all_claims(
    opened: Callable[..., Any], study: Evidence, asked: str, notice: str
) -> None:
    told, claims_shown = opened(asked, lambda page: (status(page), shown(page)))
    assert notice in told
    assert len(claims_shown) == len(study.claims)


@pytest.mark.parametrize("asked", [f"?text={'x' * 200}", f"?other={'x' * 5000}"], ids=["fits", "unknown"])
def test_a_long_word_in_an_address_makes_the_page_no_wider(opened: Callable[..., Any], asked: str) -> None:
    assert opened(asked, browser.too_wide, width=PHONE) == 0


def test_what_cannot_be_loaded_is_said_as_long_as_the_page_is_open(chromium: browser.Browser, site: Path) -> None:
    def task(page: Any) -> None:
        page.get_by_text("could not be loaded").wait_for()
        page.fill("#claims-text", "structural")
        page.wait_for_function("location.search === '?text=structural'")
        assert "could not be loaded" in status(page)
        assert shown(page), "words are sought in what is there"

    address = f"{(site / permalinks.CLAIMS).as_uri()}?text=power"
    browser.using_without(chromium, address, "opened.js", task, site.as_uri())


def test_words_that_the_search_marks_and_a_re_reading_stay_in_the_address(opened: Callable[..., Any]) -> None:
    def task(page: Any) -> None:
        assert "not there" not in status(page)
        page.get_by_role("checkbox", name=claims.RESTATED).press("Space")
        assert parse_qs(urlsplit(page.url).query) == {
            "h": ["power"],
            "read": ["T09=initiation"],
            "verdict": ["restated"],
        }

    opened("?h=power&read=T09=initiation", task)


def test_an_opened_claim_has_each_gist_once_and_ways_to_check_cite_and_dispute_it(
    opened: Callable[..., Any], study: Evidence
) -> None:
    gists = study.extracts.set_index("extract_id")["gist"]

    def task(page: Any) -> None:
        claim = page.locator("[data-claim=C72]")
        claim.locator("summary").first.press("Enter")
        page.wait_for_selector("[data-claim=C72] .gist")
        for extract in claims.find(study)["C72"].passages:
            assert claim.locator(f"[data-passage={extract}] .gist").inner_text() == gists[extract]
        copied = claim.locator(".copy").evaluate_all("all => all.map(one => one.dataset.copy)")
        assert copied[0] == "python -m analysis trace C72"
        assert "Claim C72" in copied[1]
        assert "Verdict: illustrated" in copied[1]
        assert copied[1].endswith("claims/index.html#C72"), "and no place on this machine"
        assert copied[2].startswith("C72: ")
        (mail,) = claim.locator("a[href^='mailto:?']").evaluate_all("all => all.map(one => one.href)")
        assert (
            parse_qs(urlsplit(mail).query)["body"] == [copied[2].strip()]
            or copied[2] in parse_qs(urlsplit(mail).query)["body"][0]
        )
        assert not browser.violations(page, "[data-claim=C72]")

    for width, scheme in some([(WIDE, "light"), (PHONE, "dark")], 1):
        opened("", task, width=width, scheme=scheme)


def test_what_claims_show_is_loaded_only_when_it_is_wanted(chromium: browser.Browser, served: str) -> None:
    def task(page: Any) -> tuple[int, bool, int, bool]:
        loaded = "performance.getEntriesByType('resource').some(one => one.name.endsWith('/opened.js'))"
        stops, before = page.evaluate(STOPS), page.evaluate(loaded)
        elements = page.evaluate("document.querySelectorAll('*').length")
        page.get_by_role("button", name="Open all").click()
        page.wait_for_selector("[data-claim=C72] .gist")
        return stops - page.locator(".claim > summary").count(), before, elements, page.evaluate(loaded)

    stops, before, elements, after = chromium.use(f"{served}{permalinks.CLAIMS}", task, allowed=served)
    assert (before, after) == (False, True)
    assert stops <= MOST_STOPS
    assert elements <= MOST_ELEMENTS


def test_without_scripts_all_claims_are_there_and_lead_to_what_they_rest_on(
    opened: Callable[..., Any], study: Evidence
) -> None:
    def task(page: Any) -> None:
        assert len(shown(page)) == len(study.claims)
        assert not page.locator("#choose-claims").is_visible()
        page.locator("[data-claim=C58] summary").first.press("Enter")
        page.get_by_role("link", name="C58 in full").click()
        assert page.url.endswith(f"{verdicts_in_full.PLACE}#C58")
        assert page.locator("section:has(#C58) table").is_visible()

    opened("", task, java_script_enabled=False)


def test_an_address_of_the_model_from_when_it_was_on_this_page_leads_to_its_own(opened: Callable[..., Any]) -> None:
    step = "#step-resource-initiation"
    assert opened(step, lambda page: page.wait_for_url(f"**/{permalinks.MODEL}{step}") or page.url)


@pytest.mark.thorough
def test_all_verdicts_are_printed_on_few_pages(chromium: browser.Browser, site: Path, tmp_path: Path) -> None:
    printed = tmp_path / "printed.pdf"

    def to_paper(page: Any) -> None:
        page.emulate_media(media="print")
        page.pdf(path=printed, format="A4")

    chromium.use((site / verdicts_in_full.PLACE).as_uri(), to_paper, allowed=site.as_uri())
    assert 10 < len(PdfReader(printed).pages) <= MOST_PAGES
