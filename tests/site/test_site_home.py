"""The first page and the page of the model: their numbers are those of the data, and lead to what they count."""

import dataclasses
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import browser
import lxml.html
import pytest

from analysis.display.html_elements import slug
from analysis.reanalysis import article_model, claims
from analysis.reanalysis.article_charts import LOOKS
from analysis.reanalysis.article_numbers import STAGES, ReportedError
from analysis.site.html import permalinks, range_marks
from analysis.site.html.range_marks import Range
from analysis.site.pages import citing, home, model_steps
from analysis.site.pages.ledger import step_id
from analysis.study.evidence import Evidence

HERE = "index.html"


def fragment(html: str) -> Any:
    return lxml.html.fragment_fromstring(html, create_parent="div")


def said(element: Any) -> str:
    return " ".join(element.text_content().split())


# --- verdicts


def test_every_verdict_is_counted_and_leads_to_the_claims_that_have_it(study: Evidence) -> None:
    counts = claims.verdicts(study)["verdict"].value_counts()
    shown = fragment(home.verdict_bar(study, HERE))
    assert len(shown.findall("ul/li")) == len(claims.VERDICTS)
    for verdict, item in zip(claims.VERDICTS, shown.findall("ul/li"), strict=True):
        count = int(counts.get(verdict, 0))
        assert item.find(".//b").text == str(count)
        assert verdict in said(item)
        asked = [parse_qs(urlsplit(link.get("href")).query) for link in item.iter("a")]
        assert asked == ([{"verdict": [slug(verdict)]}] if count else [])


def test_the_parts_of_the_bar_add_up_to_all_claims_and_are_met_once_by_keyboard(study: Evidence) -> None:
    bar = fragment(home.verdict_bar(study, HERE)).find("div")
    widths = [int(re.fullmatch(r"flex-grow: (\d+)", part.get("style"))[1]) for part in bar]
    assert widths == [int(part.text) for part in bar]
    assert sum(widths) == len(study.claims)
    assert bar.get("aria-hidden") == "true"
    assert {part.get("tabindex") for part in bar} == {"-1"}


# --- findings


def test_a_claim_about_a_pattern_is_shown_with_its_range_and_share(study: Evidence) -> None:
    found = claims.find(study)["C71"]
    (pattern,) = (one for one in found.patterns if (one.unit, one.basis) == ("passage", "lead-in"))
    (item,) = fragment(home.claim_ranges(study, HERE, "C71")).iter("li")
    assert item.find("b").text == str(Range(pattern.of_record, pattern.lowest, pattern.highest))
    assert found.share in said(item)
    assert item.find(".//a").get("href") == permalinks.address(study, "C71")


def test_a_claim_about_no_pattern_is_shown_with_its_verdict(study: Evidence) -> None:
    (item,) = fragment(home.claim_ranges(study, HERE, "C77")).iter("li")
    assert said(item).endswith(claims.find(study)["C77"].verdict)
    assert item.find("b") is None


def test_a_kind_of_power_is_counted_by_stage_and_leads_to_its_passages(study: Evidence) -> None:
    cells = home.counted(study)
    items = [*fragment(home.stage_ranges(study, HERE, "resource")).iter("li")]
    assert [item.find("b").text for item in items] == [str(cells["resource", stage]) for stage in STAGES]
    asked = [parse_qs(urlsplit(item.find(".//a").get("href")).query) for item in items]
    assert asked == [{"power": ["resource"], "stage": [stage]} for stage in STAGES]


def test_a_finding_in_words_that_the_evidence_no_longer_supports_stops_the_build(study: Evidence) -> None:
    links = study.claim_evidence.copy()
    links.loc[links["claim_id"].eq("C77") & links["extract_id"].eq("F21"), "bearing"] = "illustrates"
    changed = dataclasses.replace(study, claim_evidence=links)
    assert home.findings_hold(study) == ""
    with pytest.raises(ReportedError, match="no passage reports a changed view of involvement"):
        home.findings_hold(changed)


# --- ranges


def test_ranges_share_a_scale_on_which_more_is_farther_right() -> None:
    ranges = [Range(8, -7, 20), Range(0, 0, 0)]
    zeros, counts = [], []
    for one in range_marks.drawn(ranges):
        drawing = fragment(one).find("svg")
        zero, span = drawing.findall("line")
        zeros.append(zero.get("x1"))
        counts.append(drawing.find("circle"))
        ends = [float(span.get(end).rstrip("%")) for end in ("x1", "x2")]
        place = float(counts[-1].get("cx").rstrip("%"))
        assert 0 < ends[0] <= place <= ends[1] < 100
        assert drawing.get("aria-hidden") == "true"
    assert zeros[0] == zeros[1] == counts[1].get("cx")
    assert [one.get("class") for one in counts] == ["counted", "hollow"]


def test_a_range_says_its_ends_where_readings_differ() -> None:
    assert [str(Range(8, -7, 20)), str(Range(3, 3, 3))] == ["8 (−7 to 20)", "3"]


# --- the model


def test_the_model_is_described_and_every_arrow_leads_to_its_step(study: Evidence) -> None:
    drawing = fragment(model_steps.model(study, HERE)).find("svg")
    assert drawing.get("role") == "group"
    assert "structural power to initiation" in drawing.get("aria-label").lower()
    wide, narrow = ({link.get("href") for link in part.iter("a")} for part in drawing.findall("svg"))
    steps = article_model.steps(study)[["source", "target"]].to_numpy().tolist()
    assert wide == narrow
    assert {f"{permalinks.MODEL}#{step_id(*ends)}" for ends in steps} <= wide
    assert all(link.get("aria-label") for link in drawing.iter("a"))


@pytest.mark.parametrize("draw", [model_steps.claimed_model, lambda study: model_steps.model(study, HERE)])
def test_the_model_has_the_colours_of_the_scheme(study: Evidence, draw: Any) -> None:
    drawing = fragment(draw(study)).find("svg")
    paints = {one.get(name) for one in drawing.iter() for name in ("fill", "stroke")} - {None, "none"}
    assert paints
    assert all(re.fullmatch(r"var\(--[\w-]+, (#[0-9a-f]{6}|white)\)", paint) for paint in paints)


def test_a_step_has_its_claims_its_passages_and_what_none_shows(study: Evidence) -> None:
    rows = {row.get("id"): row for row in fragment(model_steps.model_steps(study, permalinks.MODEL)).iter("tr")}
    for step in article_model.steps(study).to_dict("records"):
        row = rows[step_id(step["source"], step["target"])]
        stated, described, missing = row.findall("td")
        assert [link.text for link in stated.iter("a")] == list(step["claims"])
        assert [link.text for link in described.iter("a")] == [*step["extracts"], *step["against"]]
        assert ("none published" in said(described)) == (not step["extracts"])
        if not step["extracts"]:
            assert "the step itself" in said(missing)
    shown = rows[step_id("resource", "resource-enabled-normative")].findall("td")[-1]
    assert [link.text for link in shown.iter("a")] == ["C52"]


def test_every_count_of_power_by_stage_leads_to_its_passages(study: Evidence) -> None:
    cells = home.counted(study)
    grid = fragment(model_steps.stage_grid(study, permalinks.MODEL))
    links = [link for cell in grid.iter("td") for link in cell.iter("a")]
    assert len(links) == len(LOOKS) * (len(STAGES) + 1)
    for link in links:
        asked = parse_qs(urlsplit(link.get("href")).query)
        assert link.text == str(cells[asked["power"][0], asked["stage"][0]])
        assert link.get("href").startswith(f"../{permalinks.EXPLORER}?")


# --- in a browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_question_finding_status_and_model_are_on_one_screen(
    chromium: browser.Browser, site: Path, scheme: str
) -> None:
    def ends(page: Any) -> list[float]:
        found: list[float] = page.evaluate(
            """['h1', '.lede', '.status', '.buttons', '.model'].map(one =>
              document.querySelector(one).getBoundingClientRect().bottom)"""
        )
        return found

    bottoms = chromium.use((site / HERE).as_uri(), ends, allowed=site.as_uri(), scheme=scheme)
    assert max(bottoms) <= 900


def test_the_first_page_needs_no_library_of_charts(site: Path) -> None:
    assert "vega" not in (site / HERE).read_text(encoding="utf-8")


def test_a_click_copies_a_citation_and_says_so(chromium: browser.Browser, site: Path) -> None:
    def copy(page: Any) -> tuple[str, str, str]:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = page.get_by_role("button", name="Copy BibTeX").first
        button.click()
        page.wait_for_function("document.querySelector('[role=status].only-heard').textContent === 'Copied'")
        newer: str = page.evaluate("navigator.clipboard.readText()")
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")
        other = page.get_by_role("button", name="Copy the citation").first
        other.click()
        page.wait_for_function("document.querySelector('.copy').textContent === 'Copied'")
        older: str = page.evaluate("navigator.clipboard.readText()")
        focused: str = page.evaluate("document.activeElement.className")
        return newer, older, focused

    newer, older, focused = chromium.use((site / HERE).as_uri(), copy, allowed=site.as_uri())
    assert newer == citing.bibtex_entries()["article"]
    assert older.startswith("Chen, Y., Croft, C., & Currie, G. (2024). ")
    assert older.endswith("https://doi.org/10.1111/padm.13015")
    assert not re.search(r"[*\[]", older)
    assert focused == "copy"


def test_without_scripts_there_is_no_button_and_everything_else(chromium: browser.Browser, site: Path) -> None:
    def seen(page: Any) -> tuple[int, bool, bool]:
        return (
            page.locator(".copy").locator("visible=true").count(),
            page.locator(".model a").locator("visible=true").count() > 0,
            page.locator(".legend a").first.is_visible(),
        )

    address = (site / HERE).as_uri()
    assert chromium.use(address, seen, allowed=site.as_uri(), java_script_enabled=False) == (0, True, True)
