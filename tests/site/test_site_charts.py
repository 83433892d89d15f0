"""Charts of the site: whole at every width, and on the ground of their page in the dark."""

import base64
from itertools import product
from pathlib import Path
from typing import Any

import browser
import pytest
from example_counts import some

PHONE = 390  # pixels
CHART = ":is(figure img, .drawn, .model)"
#: Pages without the theme that show charts.
ALONE = {"article/power-in-co-production.html", "reuse/example-report.html"}
CHARTED = ["index.html", "claims/model.html", "article/index.html", "notebooks/03-stage-by-power.html", *sorted(ALONE)]


@pytest.mark.parametrize(
    ("place", "width"), some(product(["index.html", "claims/model.html", "article/index.html"], [320, PHONE, 1440]), 4)
)
def test_the_model_is_whole_in_the_page_at_every_width(
    chromium: browser.Browser, site: Path, place: str, width: int
) -> None:
    drawing = "wide" if width > PHONE else "narrow"

    def shown(page: Any) -> list[Any]:
        found: list[Any] = page.evaluate(
            """() => { const model = [...document.querySelectorAll('.drawn, .model')].at(-1), box = model.getBoundingClientRect();
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
        arrow = page.locator(".model a[href$='model.html#step-structural-initiation']").locator("visible=true")
        arrow.focus()
        outline = arrow.evaluate("link => getComputedStyle(link).outlineStyle")
        name = arrow.get_attribute("aria-label")
        page.keyboard.press("Enter")
        page.wait_for_url("**/claims/model.html#*")
        return outline, name, page.evaluate("document.querySelector(':target').id")

    address = (site / "index.html").as_uri()
    outline, name, target = chromium.use(address, follow, allowed=site.as_uri(), width=width)
    assert outline == "solid"
    assert name.startswith("Structural power to initiation: ")
    assert target == "step-structural-initiation"


@pytest.mark.parametrize(("place", "width"), some(product(CHARTED, [PHONE, 1440]), 4))
def test_charts_have_the_ground_of_their_page_in_the_dark(
    chromium: browser.Browser, site: Path, place: str, width: int
) -> None:
    def grounds(page: Any) -> tuple[list[int], list[int]]:
        image = page.locator(CHART).first
        image.scroll_into_view_if_needed()
        page.wait_for_function(f"document.querySelector('{CHART}').naturalWidth !== 0")
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
