"""The site on narrow screens: every page has a menu, and nothing is cut without a sign of it."""

import base64
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser
import pytest
import yaml

from analysis.support import paths

PHONE = 390  # pixels
#: Pages without the theme, which have no menu.
ALONE = {"article/power-in-co-production.html", "reuse/example-report.html"}

# Links and labels of the menu that a finger can reach: seen, and with nothing in front of them.
REACHED = """() => [...document.querySelectorAll('.md-nav--primary :is(a, label)')].filter(one => {
  const { x, y, width, height } = one.getBoundingClientRect();
  const front = width && document.elementFromPoint(x + width / 2, y + height / 2);
  return front && (one.contains(front) || front.contains(one)) && one.checkVisibility({ visibilityProperty: true });
}).map(one => one.textContent.trim().replace(/\\s+/g, ' '))"""

# Boxes whose content is wider than they are, without a sign of it: an ellipsis, or a shadow, a line and a stop of the Tab key.
# Fields are left out: they scroll as one types. Scripts see new sizes some frames later.
CUT = """async () => {
  document.querySelectorAll('details').forEach(one => { one.open = true });
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


def navigation() -> list[str]:
    """The names of the parts of the site."""
    found = re.search(r"^nav:\n.*", (paths.ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M | re.S)
    assert found
    return [next(iter(part)) for part in yaml.safe_load(found[0])["nav"]]


def themed(site: Path) -> list[Path]:
    """The pages with a menu."""
    return [page for page in sorted(site.rglob("*.html")) if page.relative_to(site).as_posix() not in ALONE]


def on_each(
    chromium: browser.Browser, site: Path, files: list[Path], look: Callable[[Any], Any], **named: Any
) -> dict[str, Any]:
    """What `look` makes of each of some pages, by their places; none asks others for anything or says anything."""
    places = [file.relative_to(site).as_posix() for file in files]
    looked = chromium.use_each([file.as_uri() for file in files], look, site.as_uri(), **named)
    assert {place: seen for place, (_, seen) in zip(places, looked, strict=True) if seen != browser.Visit()} == {}
    return {place: found for place, (found, _) in zip(places, looked, strict=True)}


def test_the_menu_opens_with_links_on_every_page_and_leads_up_to_every_part(
    chromium: browser.Browser, site: Path
) -> None:
    parts = navigation()

    def walk(page: Any) -> tuple[int, list[str], str]:
        page.click('.md-header__button[for="__drawer"]')
        links = page.evaluate(REACHED)
        for _ in range(2):  # no page is deeper than two levels below the parts
            title = page.locator(".md-nav--primary .md-nav .md-nav__title:visible").last
            if set(parts) <= set(page.evaluate(REACHED)):
                break
            title.click()
        reached = page.evaluate(REACHED)
        page.click('.md-nav--primary a:visible:has-text("Cite")')
        page.wait_for_url("**/cite/index.html")
        return len(links), reached, page.title()

    looked = on_each(chromium, site, themed(site), walk, width=PHONE, reduced_motion="reduce")
    for place, (found, reached, title) in looked.items():
        assert found >= 3, f"{place}: a title and two pages, at least"
        assert set(parts) <= set(reached), place
        assert title.startswith("Cite"), place


def test_a_page_without_a_side_menu_links_to_the_pages_beside_it(chromium: browser.Browser, site: Path) -> None:
    beside = """() => document.querySelector('.md-sidebar--primary').checkVisibility() ? [] :
      [...document.querySelectorAll('.md-nav__item--section > .md-nav a.md-nav__link')].map(one => one.href)"""
    linked = (
        "() => [...document.querySelectorAll('article a')].filter(one => one.checkVisibility()).map(one => one.href)"
    )

    def lost(page: Any) -> set[str]:
        return set(page.evaluate(beside)) - set(page.evaluate(linked))

    looked = on_each(chromium, site, themed(site), lost)
    assert {place: links for place, links in looked.items() if links} == {}


def test_nothing_is_cut_on_a_phone_without_a_sign_and_a_way_to_it(chromium: browser.Browser, site: Path) -> None:
    looked = on_each(
        chromium,
        site,
        sorted(site.rglob("*.html")),
        lambda page: page.evaluate(CUT),
        width=PHONE,
        reduced_motion="reduce",
    )
    assert {place: boxes for place, boxes in looked.items() if boxes} == {}


@pytest.mark.parametrize(("width", "drawing"), [(320, "-narrow"), (PHONE, "-narrow"), (600, ""), (1440, "")])
def test_the_chart_of_the_first_page_is_whole_at_every_width(
    chromium: browser.Browser, site: Path, width: int, drawing: str
) -> None:
    def shown(page: Any) -> tuple[str, float, float, bool]:
        page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
        source, left, right, scrolls = page.evaluate(
            """() => { const image = document.querySelector('.picture img'), box = image.getBoundingClientRect();
              const around = image.closest('.wide');
              return [image.currentSrc, box.left, box.right, around.scrollWidth > around.clientWidth] }"""
        )
        return posixpath.basename(source), left, right, scrolls

    name, left, right, scrolls = chromium.use((site / "index.html").as_uri(), shown, allowed=site.as_uri(), width=width)
    assert name == f"stage-by-power{drawing}.svg"
    assert left >= 0
    assert right <= width
    assert not scrolls


# Words in tables.


LONGEST = 30  # characters without a space; a longer fingerprint or call may be split
# Words of which a table shows parts on different lines, and tables that reach beyond the paper.
SPLIT = """paper => {
  document.querySelectorAll('details').forEach(one => { one.open = true });
  const found = [];
  for (const table of document.querySelectorAll('table')) {
    if (paper && table.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      found.push(`too wide: ${table.textContent.trim().slice(0, 40)}`);
    for (const cell of table.querySelectorAll('td, th')) {
      if (!cell.checkVisibility() || cell.clientWidth < 2 || cell.closest('thead')?.clientWidth === 1) continue;
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode.data;
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
A4_WITHIN_MARGINS = 642  # pixels: 210 mm without 2 cm on either side


@pytest.mark.parametrize(
    ("width", "medium"), [(PHONE, "screen"), (1100, "screen"), (1440, "screen"), (A4_WITHIN_MARGINS, "print")]
)
def test_words_of_tables_are_not_split_between_lines(
    chromium: browser.Browser, site: Path, width: int, medium: str
) -> None:
    def look(page: Any) -> Any:
        page.emulate_media(media=medium)
        return page.evaluate(SPLIT, medium == "print")

    looked = on_each(chromium, site, sorted(site.rglob("*.html")), look, width=width)
    assert {place: words for place, words in looked.items() if words} == {}


# In the dark.


@pytest.mark.parametrize(
    "place",
    ["index.html", "claims/index.html", "article/index.html", "notebooks/03-stage-by-power.html", *sorted(ALONE)],
)
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_charts_have_the_ground_of_their_page_in_the_dark(
    chromium: browser.Browser, site: Path, place: str, width: int
) -> None:
    def grounds(page: Any) -> tuple[list[int], list[int]]:
        image = page.locator("figure img").first
        image.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('figure img').naturalWidth > 0")
        box = image.bounding_box()
        corner = page.screenshot(clip={"x": box["x"] + 1, "y": box["y"] + 1, "width": 1, "height": 1})
        side = page.screenshot(clip={"x": 1, "y": box["y"] + 1, "width": 1, "height": 1})
        return colour(page, corner), colour(page, side)

    corner, side = chromium.use(
        (site / place).as_uri(), grounds, allowed=site.as_uri(), width=width, scheme="dark", seen=browser.Visit()
    )
    assert corner == side
    assert max(corner) < 64


def colour(page: Any, png: bytes) -> list[int]:
    """Red, green and blue of a picture of one pixel, as the browser reads it."""
    found: list[int] = page.evaluate(
        """async source => { const image = new Image(); image.src = source; await image.decode();
          const canvas = new OffscreenCanvas(1, 1).getContext('2d'); canvas.drawImage(image, 0, 0);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3) }""",
        f"data:image/png;base64,{base64.b64encode(png).decode()}",
    )
    return found
