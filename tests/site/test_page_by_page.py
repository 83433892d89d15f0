"""Every page of the site, opened once and looked at in every way that is asked of all of them.

This is by far the longest of the tests, so that it has a module of its own.
"""

import gzip
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import browser
import built_pages
import pytest
import yaml
from example_counts import fewer, some

from analysis.support import paths

HEAVIEST = 120 * 1024  # bytes, compressed, of a page
#: The page for what is missing, which writes itself; and what a page with the theme has.
MISSING = "404.html"
THEMED = '<header class="md-header"'
#: The article and its supplement as they are rendered, with styles of their own.
OF_ARTICLE = {f"article/power-in-co-production{part}.html" for part in ("", "-supplement")}
WIDE, NARROW = 1440, 390  # pixels
VIEWS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]
A4_WITHIN_MARGINS = 642  # pixels: 210 mm without 2 cm on either side
READ = some([(NARROW, "screen"), (A4_WITHIN_MARGINS, "print"), (1100, "screen"), (WIDE, "screen")], 2)

CONTENT = ".md-content"
LOADED = """async () => {
  await document.fonts.ready;
  return performance.getEntriesByType('resource').map(entry => entry.name);
}"""

# Links of the menu that a finger can reach, if need be by moving it: with nothing in front of them.
REACHED = """() => [...document.querySelectorAll('.site-drawer a')].filter(one => {
  one.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  const { x, y, width, height } = one.getBoundingClientRect();
  const front = width && document.elementFromPoint(x + width / 2, y + height / 2);
  return front && (one.contains(front) || front.contains(one)) && one.checkVisibility({ visibilityProperty: true });
}).map(one => one.href)"""

# All details are opened; claims load then what they show, which takes some frames.
OPEN = """async () => {
  document.querySelectorAll('details:not(.site-drawer)').forEach(one => { one.open = true });
  const waiting = () => document.querySelector('details.claim:not([data-complete])');
  for (let frame = 0; waiting() && frame < 600; frame++) await new Promise(requestAnimationFrame);
  return !waiting();
}"""

# Boxes whose content is wider than they are, without a sign of it: an ellipsis, or a shadow, a line and a stop of the Tab key.
# Fields are left out: they scroll as one types. Scripts see new sizes some frames later.
CUT = """async () => {
  const hinted = document.querySelector('.md-header') !== null;
  const cut = () => [...document.querySelectorAll('body *')].filter(one => {
    const style = getComputedStyle(one);
    if (style.overflowX === 'visible' || one.clientWidth < 2 || one.scrollWidth < one.clientWidth + 2) return false;
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('.only-heard, .md-search, input')) return false;
    if (style.textOverflow === 'ellipsis') return false;
    const shadowed = style.backgroundAttachment.includes('local');
    const said = !hinted || getComputedStyle(one, '::before').content.includes('sideways');
    return !(shadowed && said && one.tabIndex === 0);
  }).map(one => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 40)}`);
  for (let frame = 0; cut().length && frame < 30; frame++) await new Promise(requestAnimationFrame);
  return cut();
}"""

DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"

# A press of the theme's switch, if it is needed.
SWITCH = """async ([scheme, name]) => {
  const shown = () => document.body.getAttribute('data-md-color-scheme') === name;
  if (!shown()) document.querySelector(`label[title="Switch to ${scheme}"]`).click();
  while (!shown()) await new Promise(requestAnimationFrame);
}"""

# Elements that a wide screen does not show, and this one does; asked on the wide screen first, where it is none.
ONLY_HERE = """within => {
  const shown = [...document.querySelector(within ?? 'body').querySelectorAll('*')].filter(
    one => one.checkVisibility({ visibilityProperty: true }));
  window.shownWhenWide ??= new Set(shown);
  return shown.filter(one => !window.shownWhenWide.has(one)).length;
}"""

# Links of the tabs and of the strip below them that a wide screen shows.
STRIP = """() => [...document.querySelectorAll(':is(.site-tabs, .site-strip) a')].filter(one => one.checkVisibility()).map(one => one.href)"""

# Words of which a table shows parts on different lines, and tables that reach beyond the paper.
LONGEST = 30  # characters without a space; a longer fingerprint or call may be split
SPLIT = """paper => {
  const found = [];
  for (const table of document.querySelectorAll('table')) {
    if (paper && table.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      found.push(`too wide: ${table.textContent.trim().slice(0, 40)}`);
    for (const cell of table.querySelectorAll('td, th')) {
      if (!cell.checkVisibility() || cell.clientWidth < 2 || cell.closest('thead')?.clientWidth === 1) continue;
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode.data, all = document.createRange();
        all.selectNodeContents(texts.currentNode);
        if (new Set(Array.from(all.getClientRects(), one => Math.round(one.top))).size < 2) continue; // all on one line
        for (const word of text.matchAll(/\\p{L}{2,}/gu)) {
          const [before] = text.slice(0, word.index).match(/\\S*$/), [after] = text.slice(word.index).match(/^\\S*/);
          if (before.length + after.length > LONGEST) continue;
          const range = document.createRange();
          range.setStart(texts.currentNode, word.index);
          range.setEnd(texts.currentNode, word.index + word[0].length);
          const lines = new Set([...range.getClientRects()].filter(one => one.width > 0).map(one => Math.round(one.top)));
          if (lines.size > 1) found.push(word[0]);
        }
      }
    }
  }
  return found;
}""".replace("LONGEST", str(LONGEST))

View = tuple[int, str]


@dataclass
class Look:
    """What was found on a page.

    In each view what axe found and how far it scrolls sideways; what it loaded; the links of tabs and strip, and of the
    menu of a narrow screen; boxes that are cut on a phone; and words that its tables split, if it has any.
    """

    loaded: list[str]
    violations: dict[View, list[str]] = field(default_factory=dict)
    too_wide: dict[View, int] = field(default_factory=dict)
    strip: list[str] = field(default_factory=list)
    menu: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    split: dict[View, list[str]] = field(default_factory=dict)


def examine(page: Any, themed: bool, first: bool, known: set[str]) -> Look:
    """Look at an open page in every way; it is left wide and light.

    `known` are kinds of text whose colours were looked at on the pages before.
    """
    look = Look(loaded=[page.url])
    # A scheme changes nothing but colours. Header, menus and footer are the same in a whole folder: all that they have on
    # narrow screens, and their targets, are asked about once.
    for width, scheme in ((WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")):
        if (width, scheme) == (NARROW, "dark") and not first:
            continue
        resize(page, width)
        show(page, scheme, themed)
        own = CONTENT if themed and not first else None
        within = own if width == NARROW else None
        if (width, scheme) == (WIDE, "light"):  # before axe, which makes the page load more
            look.loaded += page.evaluate(LOADED)
            look.strip = page.evaluate(STRIP) if themed else []
        only_here = scheme == "light" and page.evaluate(ONLY_HERE, within)
        # What a wide screen shows as well was asked about there: a width changes its place and size alone.
        asking = browser.COLOURS if scheme == "dark" else browser.ALL if width == WIDE or only_here else browser.PLACES
        look.violations[width, scheme] = browser.violations(page, within, asking, known, own)
        look.too_wide[width, scheme] = browser.too_wide(page)
    if themed:
        page.click(".site-drawer > summary")
        look.menu = page.evaluate(REACHED)
        page.keyboard.press("Escape")
    assert page.evaluate(OPEN), f"{page.url}: not all claims were opened"
    # Each width and medium lays a long page out anew, so that none comes twice.
    look.cut, shown = page.evaluate(CUT), "screen"
    for width, medium in READ if page.locator("table").count() else ():
        resize(page, width)
        if medium != shown:
            page.emulate_media(media=medium)
            shown = medium
        look.split[width, medium] = page.evaluate(SPLIT, medium == "print")
    resize(page, WIDE)  # as the next page is opened
    return look


def resize(page: Any, width: int) -> None:
    """Give the window of a page a width."""
    if page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": 900})


def show(page: Any, scheme: str, themed: bool) -> None:
    """Show a page in a scheme: the site's theme follows the system on loading only, and its switch afterwards."""
    if page.evaluate(DARK) != (scheme == "dark"):  # to say it again would style the whole page again
        page.emulate_media(color_scheme=scheme)
    if themed:
        page.evaluate(SWITCH, [scheme, {"light": "default", "dark": "slate"}[scheme]])


@cache
def plan() -> dict[str, list[str]]:
    """Return the parts of the site with the addresses of their pages."""
    parts = {name: pages for part in _nav() for name, pages in part.items()}
    return {name: [_address(page) for page in _pages(pages)] for name, pages in parts.items()}


def strips() -> dict[str, list[str]]:
    """Return for each page what the strip shows: the pages of its part, and those of the group that it is in."""
    found: dict[str, list[str]] = {}
    for part in _nav():
        pages = _pages(part)
        beside = next(iter(part.values()))
        of_part = [_address(_pages(one)[0]) for one in beside] if len(pages) > 1 else []
        groups = [one for one in beside if len(pages) > 1 and len(_pages(one)) > 1]
        of_group = {page: [*map(_address, _pages(group))] for group in groups for page in _pages(group)}
        found |= {_address(page): of_part + of_group.get(page, []) for page in pages}
    return found


def _menu(part: Any) -> list[str]:
    """Return what the menu shows of a part or page: where its name leads, and the same of all that it has."""
    inner = [] if isinstance(part, str) else next(iter(part.values()))
    beside = [] if isinstance(inner, str) else [page for one in inner for page in _menu(one)]
    return [_address(_pages(part)[0]), *beside]


def _nav() -> Any:
    found = re.search(r"^nav:\n.*", (paths.ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M | re.S)
    assert found
    return yaml.safe_load(found[0])["nav"]


def _pages(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part
    return [page for one in inner for page in _pages(one)]


def _address(page: str) -> str:
    return page.replace("README.md", "index.md").replace(".md", ".html")


Looks = dict[str, tuple[Look, browser.Visit]]


@pytest.fixture(scope="module")
def looks(chromium: browser.Browser, site: Path, served: str) -> Looks:
    """What was found on each page, and what the page asked others for and said; of fewer, on the first of each folder."""
    texts = {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in built_pages.pages(site)}
    places = list(texts)
    themed = {place for place in places if THEMED in texts[place] or place == MISSING}
    firsts = {*{place.rpartition("/")[0]: place for place in reversed(places) if place in themed}.values(), *OF_ARTICLE}
    assert firsts <= {*places}
    if fewer():
        places = sorted(firsts)

    known: set[str] = set()

    def look(page: Any) -> Look:
        place = unquote(page.url.removeprefix(served))
        return examine(page, place in themed, place in firsts, known)

    found = chromium.use_each([served + place for place in places], look, served, WIDE, reduced_motion="reduce")
    return dict(zip(places, found, strict=True))


def test_every_page_is_looked_at_and_keeps_quiet(looks: Looks) -> None:
    of_the_plan = {page for pages in plan().values() for page in pages}
    assert set(looks) >= of_the_plan if not fewer() else len(set(looks) & of_the_plan) > 7
    assert {place: seen for place, (_, seen) in looks.items() if seen != browser.Visit()} == {}


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_accessible_and_no_wider_than_the_screen(looks: Looks, view: View) -> None:
    looked = {place: look for place, (look, _) in looks.items() if view in look.violations}
    assert len(looked) == len(looks) or (view == (NARROW, "dark") and len(looked) > 8), "one of most folders at least"
    assert {place: look.violations[view] for place, look in looked.items() if look.violations[view]} == {}
    assert {place: look.too_wide[view] for place, look in looked.items() if look.too_wide[view]} == {}


def test_pages_are_light(looks: Looks, site: Path, served: str) -> None:
    compressed: dict[str, int] = {}

    def weight(url: str) -> int:
        place = unquote(urlsplit(url).path.removeprefix(urlsplit(served).path))
        if place not in compressed:
            compressed[place] = len(gzip.compress((site / place).read_bytes()))
        return compressed[place]

    weights = {
        place: sum(weight(url) for url in set(look.loaded) if url.startswith(served))
        for place, (look, _) in looks.items()
        if look.menu and place != MISSING
    }
    assert all(weights.values())
    assert {page: size for page, size in weights.items() if size > HEAVIEST} == {}


def test_the_menu_of_a_narrow_screen_has_every_page_of_the_plan_on_every_page(looks: Looks, served: str) -> None:
    expected = [served + page for part in _nav() for page in _menu(part)]
    menus = {place: look.menu for place, (look, _) in looks.items() if look.menu}
    assert len(menus) > (10 if fewer() else 30)
    assert {place: menu for place, menu in menus.items() if menu != expected} == {}


def test_tabs_lead_to_every_part_and_the_strip_to_every_page_of_this_one(looks: Looks, served: str) -> None:
    tabs = [pages[0] for pages in plan().values()]
    for place in looks.keys() & strips().keys():
        assert looks[place][0].strip == [served + one for one in (*tabs, *strips()[place])], place


def test_nothing_is_cut_on_a_phone_without_a_sign_and_a_way_to_it(looks: Looks) -> None:
    assert {place: look.cut for place, (look, _) in looks.items() if look.cut} == {}


@pytest.mark.parametrize("view", READ)
def test_words_of_tables_are_not_split_between_lines(looks: Looks, view: View) -> None:
    with_tables = {place: look.split[view] for place, (look, _) in looks.items() if look.split}
    assert len(with_tables) > (5 if fewer() else 20)
    assert {place: words for place, words in with_tables.items() if words} == {}
