"""Addresses of earlier versions of the site lead to where their text is now."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import browser
import pytest
import yaml
from built_pages import MOVED

from analysis.site.building import moved_pages
from analysis.site.building.links import Site
from analysis.support import paths

OLD: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("old_addresses.yml").read_text(encoding="utf-8"))


@cache
def moved() -> dict[str, str]:
    """The old addresses in the settings of the site, each with its present one."""
    (listed,) = re.findall(r"^  moved:\n((?:    .*\n)+)", (paths.ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    found: dict[str, str] = yaml.safe_load(listed)
    return found


def now(address: str) -> str:
    """Where an old address leads: as the settings say, or to the place of the same name on the page that they name."""
    page, _, place = address.partition("#")
    new = moved().get(address) or moved().get(page, page)
    return new if not place or address in moved() else f"{new.partition('#')[0]}#{place}"


def test_every_old_address_leads_to_a_page_and_place_that_are_there(site: Path) -> None:
    built = Site(site)
    wanted = list(OLD) + [f"{page}#{place}" for page, places in OLD.items() for place in places]
    assert len(wanted) > 200
    lost = []
    for address in wanted:
        page, _, place = now(address).partition("#")
        if page not in built.files or page in moved() or (place and place not in built.pages[page].names):
            lost.append(address)
    assert lost == []


def test_only_addresses_where_a_page_was_are_led_from_and_no_page_is_replaced(site: Path) -> None:
    assert {address.partition("#")[0] for address in moved()} <= OLD.keys()
    for place in moved():
        assert MOVED in (site / place.partition("#")[0]).read_text(encoding="utf-8"), place


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("kind", ["folder", "server"])
def test_a_browser_goes_on_to_the_new_address(
    chromium: browser.Browser, site: Path, served: str, kind: str, scripts: bool
) -> None:
    root = f"{site.as_uri()}/" if kind == "folder" else served

    def reached(address: str) -> str:
        def arrive(page: Any) -> str:
            page.wait_for_function("document.querySelector('.md-content') !== null")
            return unquote(page.url.removeprefix(root))

        context = {} if scripts else {"java_script_enabled": False}
        found: str = chromium.use(root + address, arrive, allowed=root, **context)
        return found

    assert reached("methods/readings.html") == "methods/counting.html#all-readings"
    if scripts:
        assert reached("methods/readings.html#a-worked-example") == "methods/counting.html#readings-example"
        assert reached("codebook/stage.html?h=x#initiation") == "codebook/stages-and-response.html?h=x#initiation"


def test_a_place_without_scripts_is_a_link_away() -> None:
    (_, content), *_ = moved_pages.files({"a/old.html": "b/new.html", "a/old.html#x&y": "b/other.html#z"})
    assert b'url=../b/new.html"' in content
    assert b'<a id="x&amp;y" href="../b/other.html#z">x&amp;y</a>' in content
