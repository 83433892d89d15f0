"""Charts of the site: whole at every width, and on the ground of their page in the dark."""

import base64
import posixpath
from pathlib import Path
from typing import Any

import browser
import pytest

PHONE = 390  # pixels
#: Pages without the theme that show charts.
ALONE = {"article/power-in-co-production.html", "reuse/example-report.html"}


@pytest.mark.parametrize(("width", "drawing"), [(320, "-narrow"), (PHONE, "-narrow"), (600, ""), (1440, "")])
def test_the_chart_of_the_first_page_is_whole_at_every_width(
    chromium: browser.Browser, site: Path, width: int, drawing: str
) -> None:
    def shown(page: Any) -> tuple[str, float, float]:
        page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
        source, left, right = page.evaluate(
            """() => { const image = document.querySelector('.picture img'), box = image.getBoundingClientRect();
              return [image.currentSrc, box.left, box.right] }"""
        )
        return posixpath.basename(source), left, right

    name, left, right = chromium.use((site / "index.html").as_uri(), shown, allowed=site.as_uri(), width=width)
    assert name == f"stage-by-power{drawing}.svg"
    assert left >= 0
    assert right <= width


@pytest.mark.parametrize(("width", "drawing"), [(PHONE, "narrow"), (1440, "wide")])
@pytest.mark.parametrize("place", ["claims/index.html", "article/index.html"])
def test_the_model_is_whole_in_the_page_at_every_width(
    chromium: browser.Browser, site: Path, place: str, width: int, drawing: str
) -> None:
    def shown(page: Any) -> list[Any]:
        found: list[Any] = page.evaluate(
            """() => { const model = [...document.querySelectorAll('.drawn')].at(-1), box = model.getBoundingClientRect();
              const seen = [...model.querySelectorAll(':scope > svg')].filter(one => one.getClientRects().length);
              const parts = seen[0].getBoundingClientRect();
              return [seen.map(one => one.className.baseVal), box.left >= 0, box.right <= innerWidth,
                      Math.abs(parts.width - box.width) + Math.abs(parts.height - box.height) < 2] }"""
        )
        return found

    seen = chromium.use((site / place).as_uri(), shown, allowed=site.as_uri(), width=width)
    assert seen == [[drawing], True, True, True]


@pytest.mark.parametrize("width", [PHONE, 1440])
def test_an_arrow_of_the_model_leads_by_keyboard_to_its_step(chromium: browser.Browser, site: Path, width: int) -> None:
    def follow(page: Any) -> tuple[str, str, str]:
        arrow = page.locator(".drawn a[href='#step-structural-initiation']").locator("visible=true")
        arrow.focus()
        outline = arrow.evaluate("link => getComputedStyle(link).outlineStyle")
        name = arrow.get_attribute("aria-label")
        page.keyboard.press("Enter")
        return outline, name, page.evaluate("document.querySelector(':target').id")

    outline, name, target = chromium.use(
        (site / "claims/index.html").as_uri(), follow, allowed=site.as_uri(), width=width
    )
    assert outline == "solid"
    assert name.startswith("Structural power to initiation: ")
    assert target == "step-structural-initiation"


@pytest.mark.parametrize(
    "place",
    ["index.html", "claims/index.html", "article/index.html", "notebooks/03-stage-by-power.html", *sorted(ALONE)],
)
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_charts_have_the_ground_of_their_page_in_the_dark(
    chromium: browser.Browser, site: Path, place: str, width: int
) -> None:
    def grounds(page: Any) -> tuple[list[int], list[int]]:
        image = page.locator("figure :is(img, .drawn)").first
        image.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('figure :is(img, .drawn)').naturalWidth !== 0")
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
