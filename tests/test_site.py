"""The site as a whole: every page opened in a real browser, from a folder and from a server."""

import re
from pathlib import Path

import browser
import pytest

DOWNLOADED = "article/power-in-co-production.html"


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_quiet_accessible_and_no_wider_than_the_screen(
    chromium: browser.Browser, site: Path, width: int, scheme: str
) -> None:
    faults = {}
    for page in pages(site):
        seen = chromium.visit(page, width, scheme, below=site)
        if seen != browser.Visit():
            faults[page.relative_to(site).as_posix()] = seen
    assert not faults


def test_the_pages_found_are_those_of_the_navigation(site: Path) -> None:
    listed = re.findall(r"^ +- (?:.+: )?([\w./-]+)\.md$", Path("mkdocs.yml").read_text(encoding="utf-8"), re.M)
    # The article is also there by itself, to take away.
    expected = {f"{name.replace('README', 'index')}.html" for name in listed} | {"404.html", DOWNLOADED}
    assert {page.relative_to(site).as_posix() for page in pages(site)} == expected
