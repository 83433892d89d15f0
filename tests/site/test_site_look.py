"""The colours of the site's style sheet have the contrast that it states."""

import re
from pathlib import Path

import pytest

from analysis.display import figures
from analysis.support import paths

STYLE = (paths.ROOT / "docs" / "styles" / "site.css").read_text(encoding="utf-8")
STATED = re.findall(r"^ +(--[\w-]+) +(--[\w-]+) +([\d.]+):1 +([\d.]+):1", STYLE, re.M)
FOR_TEXT, FOR_MARKS = 4.5, 3  # WCAG 2.2, 1.4.3 and 1.4.11


def colours(selector: str) -> dict[str, str]:
    """The colours that a rule of the style sheet sets."""
    (rule,) = re.findall(rf"{re.escape(selector)} \{{(.*?)\}}", STYLE, re.S)
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", rule))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard_for_its_extremes() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the best known grey that just fails


@pytest.mark.parametrize(("scheme", "column"), [("default", 2), ("slate", 3)])
def test_every_stated_contrast_is_that_of_its_colours_and_enough_for_text(scheme: str, column: int) -> None:
    given = colours(f'[data-md-color-scheme="{scheme}"]')
    grounds = {"--paper", "--card", "--wash", "--rule"}
    assert {row[0] for row in STATED} == set(given) - grounds
    for row in STATED:
        found = contrast(given[row[0]], given[row[1]])
        assert f"{found:.1f}" == row[column], row
        assert found >= (FOR_MARKS if row[0] == "--edge" else FOR_TEXT), row


def test_the_page_for_missing_pages_has_the_colours_of_the_others() -> None:
    page = (paths.ROOT / "docs" / "theme" / "404.html").read_text(encoding="utf-8")
    used = set(re.findall(r"#[0-9a-f]{6}", page))
    assert used == {
        colours(f'[data-md-color-scheme="{scheme}"]')[name]
        for scheme in ("default", "slate")
        for name in ("--ink", "--paper", "--link")
    }


def test_drawings_take_the_token_of_each_of_their_colours() -> None:
    """What a drawing has in the light is the colour of its token, so that the dark shows the same token."""
    given = colours('[data-md-color-scheme="default"]')
    house = {name: colour for name, colour in vars(figures).items() if re.fullmatch("#[0-9a-f]{6}", str(colour))}
    assert len(house) == 10
    for part in ("fill", "stroke"):
        taken = dict(re.findall(rf'\.drawn \[{part}="(#[0-9a-f]{{6}})"\] \{{ {part}: var\((--[\w-]+)\); \}}', STYLE))
        for name, colour in house.items():
            if (name, part) == ("WASH", "stroke"):
                continue  # a ground has no line
            assert name == "TRACK" or given[taken[colour]] == colour, (name, part)
            assert colour in taken, (name, part)


def test_the_style_sheet_of_the_theme_has_what_pages_and_search_use_and_little_else(site: Path) -> None:
    (sheet,) = site.glob("assets/stylesheets/*.css")
    kept = sheet.read_text(encoding="utf-8")
    assert ".md-typeset pre>code{" in kept
    assert ".md-search-result__link{" in kept, "which the script of the search gives"
    assert not re.search(r"\.md-(version|tooltip|banner|source)\b", kept)
    assert len(kept) < 50_000


def test_the_licence_of_the_fonts_goes_with_them(site: Path) -> None:
    fonts = site / "styles" / "fonts"
    assert len(list(fonts.glob("*.woff2"))) == 4
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text(encoding="utf-8")
    assert "Reserved Font Name" in (fonts / "OFL.txt").read_text(encoding="utf-8")
