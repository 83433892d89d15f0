"""Every page of the site, looked at by itself: by far the longest of the tests, so that it has a module of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import browser
import pytest

LONG = 150_000  # bytes of a page


# A scheme changes nothing but colours, and a width no colours but those of what it shows or hides, the same on every
# page. So each is asked for once on the long pages, on which axe takes longest to look at every word's colours, and
# both together on one page of each folder.
@pytest.mark.parametrize(
    ("width", "scheme", "asking", "of_long_pages"),
    [
        (1440, "light", browser.ALL, browser.ALL_BUT_SIZES),
        (1440, "dark", browser.COLOURS, browser.COLOURS),
        (390, "light", browser.ALL, browser.ALL_BUT_SIZES_AND_CONTRAST),
        (390, "dark", browser.COLOURS, None),
    ],
)
def test_every_page_is_quiet_accessible_and_no_wider_than_the_screen(
    chromium: browser.Browser,
    site: Path,
    width: int,
    scheme: str,
    asking: Mapping[str, Any],
    of_long_pages: Mapping[str, Any] | None,
) -> None:
    faults = {}
    pages = sorted(site.rglob("*.html"))
    assert pages
    for page in {page.parent: page for page in pages}.values() if (width, scheme) == (390, "dark") else pages:
        rules = of_long_pages if page.stat().st_size > LONG else asking
        if rules is None:
            continue
        seen = chromium.visit(page, width, scheme, site, rules)
        if seen != browser.Visit():
            faults[page.relative_to(site).as_posix()] = seen
    assert not faults
