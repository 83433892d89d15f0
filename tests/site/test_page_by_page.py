"""Every page of the site, looked at by itself: by far the longest of the tests, so that it has a module of its own."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import browser
import pytest

LONG = 150_000  # bytes of a page
HEAVIEST = 120 * 1024  # bytes, compressed, of a page without an interactive chart
WITH_CHART = {"evidence/index.html"}
#: Pages without the theme, and the one for what is missing.
ALONE = {"404.html", "article/power-in-co-production.html", "reuse/example-report.html"}
WIDE, NARROW = 1440, 390  # pixels
VIEWS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]
CONTENT = ".md-content"  # without header, menus and footer, which are the same on every page

# The addresses that a page has loaded, once none is added any more. (The state "networkidle" may never come on a busy machine.)
LOADED = """async () => {
  const names = () => performance.getEntriesByType('resource').map(entry => entry.name);
  for (let before = -1; before !== names().length;) {
    before = names().length;
    await new Promise(done => setTimeout(done, 250));
  }
  return names();
}"""

View = tuple[int, str]


@dataclass
class Look:
    """What was found on a page: what it loaded, and in each view what axe found and how far it scrolls sideways."""

    loaded: list[str] = field(default_factory=list)
    violations: dict[View, list[str]] = field(default_factory=dict)
    too_wide: dict[View, int] = field(default_factory=dict)


# A width changes no colours but those of what it shows or hides, and a scheme changes nothing but colours, both the same
# on every page of a folder. So contrast on a narrow screen, and in the dark that of header, menus and footer, are asked
# about on one page of each folder, unless all are long: sizes and colours of thousands of words take axe a minute.
def rules(view: View, long: bool, first: bool) -> Mapping[str, Any] | None:
    """Return the rules of axe to ask about a page that is long, or the first of its folder, or neither."""
    if view == (NARROW, "dark"):
        return browser.COLOURS if first else None
    if view == (WIDE, "dark"):
        return browser.COLOURS
    if view == (NARROW, "light"):
        return browser.ALL_BUT_SIZES_AND_CONTRAST if long else browser.ALL if first else browser.ALL_BUT_CONTRAST
    return browser.ALL_BUT_SIZES if long else browser.ALL


def examine(page: Any, long: bool, first: bool) -> Look:
    """Look at an open page in every view, changing its width and scheme; it is left wide and light."""
    look = Look()
    themed = page.locator(CONTENT).count() > 0
    for width, scheme in ((WIDE, "light"), (NARROW, "light"), (NARROW, "dark"), (WIDE, "dark")):
        asking = rules((width, scheme), long, first)
        if asking is None:
            continue
        page.set_viewport_size({"width": width, "height": 900})
        show(page, scheme, themed)
        within = CONTENT if themed and scheme == "dark" and not first else None
        look.violations[width, scheme] = browser.violations(page, within, asking)
        look.too_wide[width, scheme] = browser.too_wide(page)
        if not look.loaded:
            look.loaded = [page.url, *page.evaluate(LOADED)]
    show(page, "light", themed)
    return look


def show(page: Any, scheme: str, themed: bool) -> None:
    """Show a page in a scheme: the site's theme follows the system on loading only, and its switch afterwards."""
    page.emulate_media(color_scheme=scheme)
    name = {"light": "default", "dark": "slate"}[scheme]
    if themed and page.get_attribute("body", "data-md-color-scheme") != name:
        page.click(f'label[title="Switch to {scheme}"]')
        page.wait_for_selector(f'body[data-md-color-scheme="{name}"]')


@pytest.fixture(scope="module")
def looks(chromium: browser.Browser, site: Path, served: str) -> dict[str, tuple[Look, browser.Visit]]:
    """What was found on each page, and what the page asked others for and said."""
    pages = {page.relative_to(site).as_posix(): page for page in sorted(site.rglob("*.html"))}
    long = {place for place, page in pages.items() if page.stat().st_size > LONG}
    firsts = {page.parent: place for place, page in reversed(pages.items()) if place not in long}.values()

    def look(page: Any) -> Look:
        place = unquote(page.url.removeprefix(served))
        return examine(page, place in long, place in firsts)

    found = chromium.use_each([served + place for place in pages], look, served, WIDE, reduced_motion="reduce")
    return dict(zip(pages, found, strict=True))


def test_every_page_is_looked_at_and_keeps_quiet(looks: dict[str, tuple[Look, browser.Visit]], site: Path) -> None:
    assert len(looks) == len(list(site.rglob("*.html"))) > 50
    assert {place: seen for place, (_, seen) in looks.items() if seen != browser.Visit()} == {}


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_accessible_and_no_wider_than_the_screen(
    looks: dict[str, tuple[Look, browser.Visit]], view: View
) -> None:
    looked = {place: look for place, (look, _) in looks.items() if view in look.violations}
    assert len(looked) == len(looks) or (view == (NARROW, "dark") and len(looked) > 8), "one of most folders at least"
    assert {place: look.violations[view] for place, look in looked.items() if look.violations[view]} == {}
    assert {place: look.too_wide[view] for place, look in looked.items() if look.too_wide[view]} == {}


def test_pages_are_light(looks: dict[str, tuple[Look, browser.Visit]], site: Path, served: str) -> None:
    compressed: dict[str, int] = {}

    def weight(url: str) -> int:
        place = unquote(urlsplit(url).path.removeprefix(urlsplit(served).path))
        if place not in compressed:
            compressed[place] = len(gzip.compress((site / place).read_bytes()))
        return compressed[place]

    weights = {
        place: sum(weight(url) for url in set(look.loaded) if url.startswith(served))
        for place, (look, _) in looks.items()
        if place not in ALONE
    }
    assert all(weights.values())
    assert {page: size for page, size in weights.items() if size > HEAVIEST and page not in WITH_CHART} == {}
