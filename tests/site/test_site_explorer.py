"""The evidence explorer: what it shows without scripts, and what its scripts choose, count and hand on in a browser."""

import csv
import io
import re
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import browser
import lxml.html
import pandas as pd
import pytest
from example_counts import some
from studies import made

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis, crosstab
from analysis.counting.readings import settle
from analysis.publishing import explorer_cells, explorer_facts
from analysis.publishing.explorer import chart
from analysis.reanalysis import claims, rereading
from analysis.site.pages.evidence_explorer import EvidenceExplorer, explorer
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.teaching import simulation

HERE = "evidence/index.html"
Task = Callable[[Any], Any]
Look = Callable[..., Any]

KEYS = "[...document.querySelectorAll('#explorer-list > li')].map(row => row.id.slice(4))"
CELLS = """Object.fromEntries([...document.querySelectorAll('.explorer-cells td')].map(
    cell => [`${cell.dataset.row}/${cell.dataset.column}`, cell.textContent.match(/\\d+/g).map(Number)]))"""
RANGED = ["count", "lowest", "highest"]


@pytest.fixture
def look(chromium: browser.Browser, site: Path) -> Look:
    """Open the explorer with an address's query and return what a task makes of it."""

    def opened(task: Task, query: dict[str, str] | str = "", **how: Any) -> Any:
        asked = query if isinstance(query, str) else urlencode(query)
        return chromium.use(f"{(site / HERE).as_uri()}?{asked}", task, site.as_uri(), **how)

    return opened


def keys(page: Any) -> list[str]:
    found: list[str] = page.evaluate(KEYS)
    return found


def go(page: Any, query: dict[str, str] | str) -> None:
    """Go to a view as the buttons of the browser do, which is quicker than to open its address."""
    page.evaluate(
        "query => { history.pushState(null, '', location.pathname + query); dispatchEvent(new PopStateEvent('popstate')) }",
        f"?{query if isinstance(query, str) else urlencode(query)}",
    )


def open_filters(page: Any) -> None:
    page.evaluate("document.querySelector('.explorer-others').open = true")


def as_text(row: Any) -> str:
    """Return a count as the chart writes it: with its range, where readings differ."""
    return f"{row['count']}{explorer_cells.ranged(row['lowest'], row['highest'])}".replace("<small>", "").replace(
        "</small>", ""
    )


def figures(row: Any) -> list[int]:
    """Return the figures that a cell shows: its count, and its range where readings differ."""
    count, lowest, highest = (int(row[name]) for name in RANGED)
    return [count] if lowest == highest else [count, lowest, highest]


def shown_places(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the cells of the chart: those of the table, but for what no reading leaves uncoded or apart."""
    apart = table["column"].isin([vocabulary.COUNTERS, vocabulary.CONTEXT]) & (table["highest"] == 0)
    uncoded = (table["row"] == vocabulary.UNCODED) | (table["column"] == vocabulary.UNCODED)
    return list(table.loc[~apart & ~uncoded, ["row", "column"]].itertuples(index=False, name=None))


# --- what should be chosen, computed in another way than the page does


def chosen(study: Evidence, query: dict[str, str]) -> list[str]:
    """Return the passages of a view by pandas, in the order of the evidence."""
    roles = ("primary", "alternative") if query.get("alternatives") else ("primary",)
    record = study.record[study.record["role"].isin(roles)]
    power, stage, response = (
        record[record["facet"] == facet].set_index("extract_id") for facet in ("power", "stage", "response")
    )
    both = power.merge(stage, how="left", left_index=True, right_index=True, suffixes=("_power", "_stage"))
    readings = both.join(response[["code_id"]]).reset_index()
    readings = readings.merge(study.extracts[["extract_id", "form", "gist"]], on="extract_id")
    readings["stance"] = [
        crosstabs.column_taken("supports", *two)
        for two in zip(readings["stance_power"], readings["stance_stage"], strict=True)
    ]
    if code := query.get("power"):
        level = study.codes.set_index("code_id").at[code, "level"]
        readings = readings[readings["code_id_power"].map(code_tree.rolled_up(study.codes, "power", level)) == code]
    for name, column in {"stage": "code_id_stage", "response": "code_id", "form": "form", "stance": "stance"}.items():
        if value := query.get(name):
            readings = readings[readings[column] == value]
    if basis := query.get("basis"):
        allowed = vocabulary.BASES["wording"] if basis == explorer_facts.WORDING_ALONE else (basis,)
        readings = readings[readings["basis_stage"].isin(allowed)]
    return [extract for extract in study.extracts["extract_id"] if extract in set(readings["extract_id"])]


VIEWS: list[dict[str, str]] = some([
    {},
    {"power": "resource"},
    {"power": "deciding-on-funding"},
    {"power": "building-trust"},
    {"stage": "initiation"},
    {"response": "reported"},
    {"form": "inline"},
    {"stance": "counters"},
    {"stance": "context"},
    {"basis": "lead-in"},
    {"basis": "wording-or-none"},
    {"power": "resource-enabled-normative", "stage": "dissemination", "form": "block"},
    {"power": "structural", "stage": "initiation", "alternatives": "yes"},
    {"stage": "operationalization", "basis": "wording", "alternatives": "yes"},
    {"response": "reported", "stance": "supports", "alternatives": "yes"},
], 8)  # fmt: skip


def test_an_address_and_the_controls_choose_the_passages_coded_so(look: Look, study: Evidence) -> None:
    def visit(page: Any) -> list[tuple[list[str], list[str], str]]:
        found = []
        for view in VIEWS:
            go(page, view)
            by_address = keys(page)
            go(page, {})
            open_filters(page)
            for name, value in view.items():
                if name == "alternatives":
                    page.get_by_label("Also what a passage may be read as").check()
                else:
                    page.select_option(f"#explorer-{name}", value)
            found.append((by_address, keys(page), page.evaluate("location.search")))
        return found

    for view, (by_address, by_controls, address) in zip(VIEWS, look(visit), strict=True):
        expected = chosen(study, view)
        assert expected, view
        assert (by_address, by_controls) == (expected, expected), view
        assert dict(parse_qsl(address[1:])) == view


def test_words_are_sought_in_keys_gists_codes_reasons_and_claims_but_not_in_sources(
    look: Look, study: Evidence
) -> None:
    told = study.extracts.set_index("extract_id")["gist"].str.cat(
        study.record.groupby("extract_id")["rationale"].agg(" ".join), join="left"
    )
    expected = list(told.index[told.str.contains("parking")])
    assert expected

    def sought(page: Any) -> dict[str, list[str]]:
        found = {}
        for words in [
            "PARKING",
            "  parking   Viewpoint ",
            "parking zebra",
            "ID 30",
            "building trust and rel",
            "f06",
            "C71",
        ]:
            page.fill("#explorer-text", words)
            found[words] = keys(page)
        return found

    found = look(sought)
    assert found["PARKING"] == expected
    assert 0 < len(found["  parking   Viewpoint "]) < len(expected)
    assert found["parking zebra"] == []
    speaker = study.extracts.loc[study.extracts["source_id"] == "P30", "extract_id"]
    assert not set(found["ID 30"]) >= set(speaker)
    assert set(found["building trust and rel"]) >= set(chosen(study, {"power": "building-trust"}))
    assert "F06" in found["f06"]
    counted = claims.find(study)["C71"]
    assert set(found["C71"]) >= {*counted.passages, *counted.against}


def test_no_control_chooses_or_orders_by_interviewee(study: Evidence) -> None:
    page = lxml.html.fromstring(explorer(study, HERE))
    offered = {option.get("value") for option in page.iter("option")} | {
        control.get("name") for control in page.iter("select", "input")
    }
    assert not offered & {*study.sources["source_id"], *study.sources["label"], "source", "source_id"}
    assert {"power", "stage", "response", "form", "stance", "basis", "text"} <= offered


def test_the_figure_behind_an_option_is_what_the_option_brings(look: Look) -> None:
    compare = """() => ["power", "stage", "response", "form", "stance", "basis"].flatMap(name => {
        const control = document.getElementById(`explorer-${name}`)
        const choose = value => {
            control.value = value
            control.dispatchEvent(new Event("input", { bubbles: true }))
        }
        const wrong = [...control.options].filter(({ value, text }) => {
            choose(value)
            return value && !text.includes(`(${document.querySelectorAll('#explorer-list > li').length})`)
        })
        choose("")
        return wrong.map(({ text }) => text)
    })"""

    def visit(page: Any) -> list[list[str]]:
        wrong = []
        for query in ({}, {"form": "block", "alternatives": "yes"}, {"text": "study", "stance": "supports"}):
            go(page, query)
            wrong.append(page.evaluate(compare))
        return wrong

    assert look(visit) == [[], [], []]


def test_what_is_chosen_is_a_chip_that_takes_it_back(look: Look, study: Evidence) -> None:
    def visit(page: Any) -> dict[str, Any]:
        chips = page.locator("#explorer-chips .explorer-chip")
        before = chips.count()
        go(page, {"stage": "initiation", "form": "inline", "text": "lay", "alternatives": "yes"})
        texts = chips.all_inner_texts()
        page.click("#explorer-chips [data-field=text]")
        page.click("#explorer-chips [data-field=alternatives]")
        page.click("#explorer-chips [data-field=form]")
        focused = page.evaluate("document.activeElement.dataset.field")
        left = keys(page), page.evaluate("location.search")
        page.click("#explorer-reset")
        return {"before": before, "texts": texts, "focused": focused, "left": left, "all": keys(page)}

    found = look(visit)
    assert found["before"] == 0
    assert [" ".join(text.replace("Remove", "").split()) for text in found["texts"]] == [
        "Stage: initiation ×", "Words, passage or claim: “lay” ×", "Printed: in a sentence ×",
        "Also what a passage may be read as ×", "Clear all",
    ]  # fmt: skip
    assert found["focused"] == "stage"
    assert found["left"] == (chosen(study, {"stage": "initiation"}), "?stage=initiation")
    assert found["all"] == list(study.extracts["extract_id"])


def test_an_empty_list_says_which_chip_to_remove_and_what_it_brings(look: Look, study: Evidence) -> None:
    empty = {"power": "structural", "stage": "dissemination", "form": "table"}
    assert chosen(study, empty) == []

    def visit(page: Any) -> tuple[str, dict[str, int], list[str]]:
        chips = page.locator("#explorer-empty .explorer-chip").all()
        brings = {one.get_attribute("data-field"): int(one.inner_text().split()[-1]) for one in chips}
        text = page.inner_text("#explorer-empty")
        chips[0].click()
        found = keys(page)
        assert page.is_hidden("#explorer-empty")
        go(page, {**empty, "text": "zebra"})
        assert "No single choice is in the way" in page.inner_text("#explorer-empty")
        return text, brings, found

    text, brings, found = look(visit, empty)
    without = {name: chosen(study, {key: empty[key] for key in empty if key != name}) for name in empty}
    assert brings == {name: len(passages) for name, passages in without.items() if passages}
    assert list(brings.values()) == sorted(brings.values(), reverse=True)
    assert found == without[next(iter(brings))]
    assert "No published passage fits all of these." in text


# --- the chart


def test_every_cell_is_that_of_the_counts_in_every_unit_on_every_basis(look: Look, study: Evidence) -> None:
    # Stages rest on nothing but words and lead-ins, so that counting with lead-ins needs no filter.
    filters: dict[str, dict[str, str]] = {"wording": {"basis": explorer_facts.WORDING_ALONE}, "lead-in": {}, "any": {}}
    asked = list(product(vocabulary.UNITS, filters))

    def visit(page: Any) -> list[dict[str, list[int]]]:
        found = []
        for unit, basis in asked:
            go(page, {"unit": unit, **filters[basis]})
            found.append(page.evaluate(CELLS))
        return found

    places = shown_places(crosstab(study, Axis("power"), Axis("stage")))
    inner = [place for place in places if not {*place} & {vocabulary.ALL, *vocabulary.APART}]
    for (unit, basis), cells in zip(asked, look(visit), strict=True):
        table = crosstab(study, Axis("power"), Axis("stage", basis=basis), unit).set_index(["row", "column"])
        assert [*cells] == ["/".join(place) for place in ordered(places)]
        # What a filter leaves out is uncoded in the tables, where it stays in the margins.
        for place in places if basis == "any" else inner:
            assert cells["/".join(place)] == figures(table.loc[place]), (unit, basis, place)


def ordered(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return places as the chart has them: in each group, the total first."""
    rows = list(dict.fromkeys(row for row, _ in places))
    return [
        (row, column)
        for row in rows
        for column in [vocabulary.ALL, *[c for r, c in places if r == row and c != vocabulary.ALL]]
    ]


@pytest.mark.parametrize("allowed", [False, True])
def test_a_cell_brings_the_passages_behind_it_and_a_second_choice_takes_it_back(
    look: Look, study: Evidence, allowed: bool
) -> None:
    table = crosstab(study, Axis("power"), Axis("stage")).set_index(["row", "column"])
    expected = table["possible" if allowed else "extracts"]

    press = f"""[...document.querySelectorAll(".explorer-cells td")].map(cell => {{
        const button = cell.querySelector("button")
        button.click()
        const found = [`${{cell.dataset.row}}/${{cell.dataset.column}}`, button.getAttribute("aria-pressed"), {KEYS}]
        button.click()
        return [...found, location.search]
    }})"""
    pressed = look(lambda page: page.evaluate(press), {"alternatives": "yes"} if allowed else {})
    assert len(pressed) == len(shown_places(table.reset_index()))
    for cell, held, found, after in pressed:
        assert (held, after) == ("true", "?alternatives=yes" if allowed else ""), cell
        assert found == list(expected[tuple(cell.split("/"))]), cell


def test_the_dot_and_the_line_are_drawn_from_the_count_and_its_range(look: Look, study: Evidence) -> None:
    drawn = """([...document.querySelectorAll('.explorer-cells td[style]')].map(cell => {
        const [line, dot] = ['::before', '::after'].map(part => getComputedStyle(cell, part))
        const axis = parseFloat(getComputedStyle(cell).backgroundSize.match(/[\\d.]+(?=px)/))
        const length = cell.clientWidth - axis
        const most = Number(getComputedStyle(cell).getPropertyValue('--most'))
        const at = value => Math.round(parseFloat(value) / length * most * 100) / 100
        return [`${cell.dataset.row}/${cell.dataset.column}`, at(dot.left) + at(dot.width) / 2, at(line.left), at(line.left) + at(line.width)]
    }))"""
    table = crosstab(study, Axis("power"), Axis("stage")).set_index(["row", "column"])
    found = look(lambda page: page.evaluate(drawn))
    assert len(found) >= 16
    for cell, *places in found:
        assert places == pytest.approx([table.loc[tuple(cell.split("/"))][name] for name in RANGED], abs=0.05), cell


def test_a_choice_in_the_chart_brings_its_passages_into_sight(look: Look) -> None:
    seen = "(top => top >= 0 && top < innerHeight * 0.8)(document.querySelector('#explorer-list > li').getBoundingClientRect().top)"

    def choose(page: Any) -> bool:
        page.evaluate("document.getElementById('explorer-chart').open = true")
        cell = page.locator('td[data-row="resource"][data-column="not-stated"] button')
        cell.scroll_into_view_if_needed()
        cell.click()
        browser.pause(page, 100)
        return bool(page.evaluate(seen))

    def from_below(page: Any) -> bool:
        page.evaluate("document.querySelector('#explorer-list > li:last-child').scrollIntoView()")
        assert not page.evaluate(seen)
        return choose(page)

    assert look(choose, width=390)
    assert look(from_below)


def test_a_readers_own_reading_moves_dots_and_leaves_a_ring_as_coded(look: Look, study: Evidence) -> None:
    own = next(
        one
        for one in rereading.allowed_codes(study)
        if one.facet == "stage" and one.stance == "supports" and is_alternative(study, one)
    )
    settled = [{"extract_id": own.extract_id, "facet": own.facet, "code_id": own.code_id}]
    tell = "settled => document.dispatchEvent(new CustomEvent('reread', { detail: { settled } }))"
    rings = """Object.fromEntries([...document.querySelectorAll('.explorer-cells td.reread')].map(
        cell => [`${cell.dataset.row}/${cell.dataset.column}`, Number(cell.style.getPropertyValue('--record'))]))"""

    def visit(page: Any) -> dict[str, Any]:
        page.evaluate(tell, settled)
        found = {
            "cells": page.evaluate(CELLS),
            "rings": page.evaluate(rings),
            "rows": page.evaluate("[...document.querySelectorAll('#explorer-list > li.reread')].map(row => row.id)"),
            "yours": page.locator(".explorer-yours").all_inner_texts(),
            "key": page.inner_text("#explorer-key"),
        }
        go(page, {"read": f"{own.extract_id}={own.code_id}", "stage": own.code_id})
        found["list"] = keys(page)
        page.click("#explorer-reset")
        found["address"] = page.evaluate("location.search"), page.is_hidden("#explorer-notice")
        page.evaluate(tell, [])
        return {**found, "after": page.evaluate(CELLS), "none": page.evaluate(rings)}

    found = look(visit)
    places = shown_places(crosstab(study, Axis("power"), Axis("stage")))
    before, after = (
        crosstab(one, Axis("power"), Axis("stage")).set_index(["row", "column"])["count"]
        for one in (study, settle(study, [own]))
    )
    assert {cell: shown[0] for cell, shown in found["cells"].items()} == {"/".join(p): after[p] for p in places}
    inner = [place for place in places if vocabulary.ALL not in place]
    assert found["rings"] == {"/".join(p): before[p] for p in inner if before[p] != after[p]}
    assert len(found["rings"]) == 2
    assert found["rows"] == [f"row-{own.extract_id}"]
    assert found["yours"] == [f"your reading: {code_tree.names(study.codes, 'stage')[own.code_id]}"]
    assert found["key"].startswith("Dot: your reading. Ring: as coded.")
    assert own.extract_id in found["list"]
    assert found["address"] == (f"?read={own.extract_id}%3D{own.code_id}", True)
    assert ({cell: shown[0] for cell, shown in found["after"].items()}, found["none"]) == (
        {"/".join(p): before[p] for p in places},
        {},
    )


def is_alternative(study: Evidence, one: Any) -> bool:
    same = study.record[(study.record["extract_id"] == one.extract_id) & (study.record["facet"] == one.facet)]
    return bool((same.loc[same["code_id"] == one.code_id, "role"] == "alternative").all())


# --- what is said of a view


def test_totals_are_told_in_three_units_with_documents_left_out(look: Look, study: Evidence) -> None:
    queries: list[dict[str, str]] = [{}, {"stance": "context"}, {"form": "inline"}]

    def visit(page: Any) -> list[str]:
        said = []
        for query in queries:
            go(page, query)
            said.append(page.inner_text("#explorer-totals"))
        return said

    for query, said in zip(queries, look(visit), strict=True):
        units = study.passages[study.passages["extract_id"].isin(chosen(study, query))]
        passages, statements, interviewees = (units[unit].nunique() for unit in vocabulary.UNITS)
        numbers = [int(number) for number in re.findall(r"\d+", said)]
        assert numbers == [passages, *([len(study.extracts)] if query else []), statements, interviewees]


def test_the_outcome_is_announced_once_typing_rests(look: Look) -> None:
    def type_words(page: Any) -> tuple[str, str]:
        page.wait_for_function("document.getElementById('explorer-said').textContent !== ''")
        page.evaluate("document.getElementById('explorer-said').textContent = ''")
        page.type("#explorer-text", "trust")
        at_once = page.text_content("#explorer-said")
        page.wait_for_function("document.getElementById('explorer-said').textContent !== ''")
        assert page.get_attribute("#explorer-said", "aria-live") == "polite"
        return at_once, page.text_content("#explorer-said")

    at_once, later = look(type_words)
    assert at_once == ""
    assert re.match(r"\d+ of 41 passages: \d+ distinct statements?, \d+ interviewees?\.$", later)


# --- addresses


ALL_SET = {
    "power": "resource-enabled-normative", "stage": "not-stated", "response": "not-reported", "form": "block",
    "stance": "supports", "basis": "none", "text": "the speaker & others",
    "unit": "interviewee", "sort": "power", "alternatives": "yes",
}  # fmt: skip


def test_a_cited_address_brings_the_same_view_again(look: Look) -> None:
    def set_all(page: Any) -> tuple[str, str, list[str]]:
        open_filters(page)
        for name, value in ALL_SET.items():
            if name == "text":
                page.fill("#explorer-text", value)
            elif name == "alternatives":
                page.check("[name=alternatives]")
            else:
                page.select_option(f"#explorer-{name}", value)
        assert page.input_value("#explorer-address") == page.evaluate("location.href")
        return page.input_value("#explorer-address"), page.get_attribute("#explorer-copy", "data-copy"), keys(page)

    address, copied, found = look(set_all)
    assert copied == address

    def read(page: Any) -> tuple[dict[str, str], list[str], bool]:
        controls = "Object.fromEntries(new FormData(document.getElementById('explorer-controls')))"
        return page.evaluate(controls), keys(page), page.is_visible("#explorer-form")

    assert look(read, address.partition("?")[2]) == ({**ALL_SET, "passages": ""}, found, True)


#: Go back or forward, and wait until the page has been told.
GO = """step => new Promise(done => {
  addEventListener("popstate", () => setTimeout(done), { once: true });
  history[step]();
})"""


def test_the_buttons_back_and_forward_of_the_browser_go_from_view_to_view(look: Look, study: Evidence) -> None:
    def walk(page: Any) -> list[list[str]]:
        page.select_option("#explorer-stage", "initiation")
        page.type("#explorer-text", "lay")  # one step, however many letters
        found = [keys(page)]
        for step in ("back", "back", "forward"):
            page.evaluate(GO, step)
            found.append(keys(page))
        return found

    both, stage, everything, again = look(walk)
    assert stage == again == chosen(study, {"stage": "initiation"})
    assert everything == list(study.extracts["extract_id"])
    assert 0 < len(both) < len(stage)


NONSENSE = {
    "power=might": ["power=might"],
    "colour=red&stage=initiation": ["colour=red"],
    "stage=initiation&stage=dissemination": ["stage=dissemination"],
    "unit=&alternatives=maybe&sort=source": ["unit=", "alternatives=maybe", "sort=source"],
    "passages=T01,T99": ["passages=T01,T99"],
    "passages=": ["passages="],
    "__proto__=x&constructor=y&%FF%00=%E0%A4%A": ["__proto__=x", "constructor=y"],
    "text=" + "x" * 3000: ["text=xxx"],
    "power=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E": ["power=<img src=x onerror=alert(1)>"],
}


def test_nonsense_in_an_address_is_named_and_left_out(look: Look, study: Evidence) -> None:
    def visit(page: Any) -> list[tuple[str, list[str]]]:
        found = []
        for query in NONSENSE:
            go(page, query)
            found.append((page.inner_text("#explorer-notice"), keys(page)))
        page.select_option("#explorer-stage", "initiation")
        assert page.is_hidden("#explorer-notice"), "a notice goes with the next choice"
        go(page, {"h": "trust", "q": "trust", "read": "T09=initiation", "stage": "initiation"})
        assert page.is_hidden("#explorer-notice"), "what the site's search and re-reading add is no mistake"
        return found

    for (query, named), (notice, found) in zip(NONSENSE.items(), look(visit), strict=True):
        assert all(name in notice for name in named), query
        assert found == chosen(study, {"stage": "initiation"} if "stage=initiation" in query else {})


def test_a_long_word_in_an_address_makes_the_page_no_wider(look: Look) -> None:
    assert look(browser.too_wide, f"text={'x' * 200}&other={'x' * 5000}", width=390) == 0


def test_controls_are_not_shown_where_their_script_does_not_come(chromium: browser.Browser, site: Path) -> None:
    def task(page: Any) -> tuple[bool, int]:
        return page.is_visible("#explorer-controls"), page.locator("#explorer-list > li:visible").count()

    visible, rows = browser.using_without(chromium, (site / HERE).as_uri(), "explorer.js", task, site.as_uri())
    assert not visible
    assert rows


def test_an_address_may_name_passages_as_the_coding_page_does(look: Look) -> None:
    def visit(page: Any) -> tuple[list[str], str, list[str]]:
        found = keys(page), page.inner_text("#explorer-chips [data-field=passages]")
        page.select_option("#explorer-power", "resource")
        return *found, page.evaluate("location.search")

    found, chip, address = look(visit, "passages=T09,F06,T01")
    assert found == ["T01", "T09", "F06"]
    assert "3 chosen passages" in chip
    assert dict(parse_qsl(address[1:])) == {"passages": "T09,F06,T01", "power": "resource"}


def test_the_address_of_a_view_and_the_citation_of_a_passage_are_copied(look: Look) -> None:
    def copy(page: Any) -> tuple[str, str]:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.click("text=Cite or save this view")
        page.click("#explorer-copy")
        page.wait_for_function("document.getElementById('explorer-copy').textContent === 'Copied'")
        address = page.evaluate("navigator.clipboard.readText()")
        page.click("#row-T02 summary")
        page.click("#row-T02 button.copy")
        page.wait_for_function("document.querySelector('#row-T02 button.copy').textContent === 'Copied'")
        return address, page.evaluate("navigator.clipboard.readText()")

    address, citation = look(copy, {"stage": "initiation"})
    assert address.endswith("evidence/index.html?stage=initiation")
    assert citation.startswith("T02, in Power in co-production")


# --- order, export, print


def test_passages_are_ordered_by_the_tree_and_then_as_in_the_article(look: Look, study: Evidence) -> None:
    def visit(page: Any) -> list[list[str]]:
        found = []
        for facet in ("power", "stage"):
            go(page, {"sort": facet})
            found.append(keys(page))
        return found

    for facet, found in zip(("power", "stage"), look(visit), strict=True):
        tree = code_tree.in_tree_order(study.codes, facet)
        record = study.record[(study.record["facet"] == facet) & (study.record["role"] == "primary")]
        code = record.set_index("extract_id")["code_id"]
        assert found == sorted(study.extracts["extract_id"], key=lambda extract: tree.index(code[extract]))


def exported(page: Any) -> tuple[str, bytes]:
    page.evaluate("document.querySelector('.explorer-hand').open = true")
    with page.expect_download() as waiting:
        page.click("#explorer-export")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert b"\r" not in content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def test_the_export_has_the_passages_of_the_view_with_their_coding_of_record(look: Look, study: Evidence) -> None:
    name, content = look(exported, {"power": "resource", "sort": "stage"})
    found = rows_of(content)
    assert name == "passages-resource-stage.csv"
    assert {row["extract_id"] for row in found} == set(chosen(study, {"power": "resource"}))
    assert [row["extract_id"] for row in found] == look(keys, {"power": "resource", "sort": "stage"})
    extracts = study.extracts.set_index("extract_id")
    record = study.record
    for row in found:
        own = extracts.loc[row["extract_id"]]
        assert [row[column] for column in ("source_id", "section", "form", "repeats", "gist")] == [
            own[column] for column in ("source_id", "section", "form", "repeats", "gist")
        ]
        for facet in study.facets["facet"]:
            codings = record[(record["extract_id"] == row["extract_id"]) & (record["facet"] == facet)]
            primary = codings[codings["role"] == "primary"].iloc[0]
            assert (row[facet], row[f"{facet}_stance"], row[f"{facet}_basis"]) == (
                primary["code_id"], primary["stance"], primary["basis"],
            )  # fmt: skip
            assert row[f"{facet}_alternatives"].split() == list(codings[codings["role"] != "primary"]["code_id"])


def test_the_page_says_how_an_export_was_made(look: Look) -> None:
    def made_how(page: Any) -> str:
        exported(page)
        return str(page.inner_text("#explorer-made"))

    said = look(made_how, {"form": "table"})
    assert said.startswith("passages-table.csv has 14 passages")
    assert "index.html?form=table" in said


def test_an_exported_cell_is_no_formula_and_keeps_commas_quotes_and_lines(
    chromium: browser.Browser, site: Path, study: Evidence, tmp_path: Path
) -> None:
    gists = study.extracts["gist"].copy()
    odd = ['=HYPERLINK("http://x")', "+1", "-1", "@x", 'a "quoted", word', "one\ntwo", "<b>no tag</b> & so"]
    gists.iloc[: len(odd)] = odd
    page = copied_site(site, tmp_path, with_extracts(study, gist=gists), study)
    found = rows_of(chromium.use(page.as_uri(), exported, tmp_path.as_uri())[1])
    assert [row["gist"] for row in found][: len(odd)] == [f"'{cell}" for cell in odd[:4]] + odd[4:]


def test_printing_prints_the_passages_and_the_chart_of_the_view(look: Look, study: Evidence) -> None:
    def printed(page: Any) -> tuple[list[str], list[bool]]:
        page.emulate_media(media="print")
        parts = ["#explorer-controls", ".explorer-cells", "#explorer-chips", "#row-T01 .explorer-why"]
        return keys(page), [page.is_visible(part) for part in parts]

    assert look(printed, {"stage": "initiation"}) == (
        chosen(study, {"stage": "initiation"}),
        [False, True, True, False],
    )


# --- keyboard, screen readers, narrow screens, no scripts


def test_everything_is_reached_and_worked_by_keyboard(look: Look, study: Evidence) -> None:
    def keyboard(page: Any) -> dict[str, Any]:
        page.focus("#explorer-power")
        stops = []
        for _ in range(6):
            stops.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
            page.keyboard.press("Tab")
        page.focus("#explorer-stage")
        page.keyboard.press("ArrowDown")
        first = page.input_value("#explorer-stage"), keys(page)
        page.focus("#explorer-reset")
        page.keyboard.press("Enter")
        page.focus("#explorer-chart summary")
        page.keyboard.press("Tab")
        label = "document.activeElement.getAttribute('aria-label')"
        places = [page.evaluate(label)]
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "Home", "ArrowUp", "ArrowDown"):
            page.keyboard.press(key)
            places.append(page.evaluate(label))
        page.keyboard.press("Space")
        pressed = page.evaluate("location.search")
        page.keyboard.press("Enter")
        left = page.evaluate("location.search")
        page.keyboard.press("Tab")
        after = page.evaluate("document.activeElement.textContent")
        return {"stops": stops, "first": first, "places": places, "pressed": pressed, "left": left, "after": after}

    found = look(keyboard)
    fields = [f"explorer-{name}" for name in ("power", "stage", "response", "text")]
    assert found["stops"] == [*fields, "More filters", "Cite or save this view"]
    assert found["first"] == ("initiation", chosen(study, {"stage": "initiation"}))
    assert [place.split(":")[0] for place in found["places"]] == [
        "Structural power",
        "Structural power, initiation",
        "Structural power, operationalization",
        "Structural power, initiation",
        "Every kind of power, gives context only",
        "Every kind of power, gives context only",
        "Structural power",
        "Structural power",
        "Structural power, initiation",
    ]
    assert (found["pressed"], found["left"]) == ("?power=structural&stage=initiation&stance=supports", "")
    assert found["after"] == "T01"  # the chart is one stop


def test_results_come_first(look: Look) -> None:
    top = "document.querySelector('#explorer-list > li').getBoundingClientRect().top"
    assert look(lambda page: page.evaluate(top)) < 420
    assert look(lambda page: page.evaluate(top), width=390) < 1.5 * 900


def test_rows_that_were_not_laid_out_yet_do_not_overlap_on_a_phone(look: Look) -> None:
    sizes = {"runOnly": {"type": "rule", "values": ["target-size"]}, "rules": {"target-size": {"enabled": True}}}

    def examine(page: Any) -> list[str]:
        return browser.violations(page, "#explorer", sizes)

    assert look(examine, width=390) == []


#: Passages out of view keep the height that they had, and can lie above each other until they come into view.
ALL_LAID_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".explorer .explorer-list > li { content-visibility: visible !important; }");
  document.adoptedStyleSheets.push(sheet);
}"""


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_in_use_is_accessible_and_no_wider_than_the_screen(look: Look, scheme: str) -> None:
    smallest = """Math.min(...[...document.querySelectorAll('#explorer :is(button, select, input, summary, a.explorer-key)')]
        .filter(element => element.offsetParent).map(element => element.closest('label') ?? element)
        .map(element => element.getBoundingClientRect()).map(box => Math.min(box.width, box.height)))"""

    def examine(page: Any) -> None:
        page.evaluate(ALL_LAID_OUT)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("for (const one of document.querySelectorAll('#explorer details')) one.open = true")
            assert browser.violations(page, "#explorer", browser.asked_in(scheme)) == [], width
            assert (browser.too_wide(page), page.evaluate(smallest) >= 24) == (0, True), width
            go(page, {"power": "structural", "stage": "dissemination"})
            assert browser.violations(page, "#explorer", browser.asked_in(scheme)) == [], width
            go(page, "power=structural&stage=initiation&stance=supports&colour=red")

    look(examine, "power=structural&stage=initiation&stance=supports&colour=red", scheme=scheme)


def test_without_scripts_the_page_is_a_table_and_a_list(look: Look, study: Evidence) -> None:
    def read(page: Any) -> tuple[list[str], int, dict[str, str], bool]:
        visible = page.locator("#explorer :is(button, select, input)").all()
        cells = page.locator(".explorer-cells td").all()
        page.click("#row-T01 summary")
        return (
            [row.get_attribute("id")[4:] for row in page.locator("#explorer-list > li").all()],
            sum(control.is_visible() for control in visible),
            {f"{c.get_attribute('data-row')}/{c.get_attribute('data-column')}": c.inner_text() for c in cells},
            page.is_visible("#row-T01 .explorer-why li"),
        )

    found, controls, cells, reasons = look(read, java_script_enabled=False)
    table = crosstab(study, Axis("power"), Axis("stage")).set_index(["row", "column"])
    assert (found, controls, reasons) == (list(study.extracts["extract_id"]), 0, True)
    assert cells == {cell: as_text(table.loc[tuple(cell.split("/"))]) for cell in cells}
    assert len(cells) == len(shown_places(table.reset_index()))


def test_a_row_tells_gist_codes_bases_alternatives_reasons_claims_and_source(study: Evidence) -> None:
    page = lxml.html.fromstring(explorer(study, HERE))
    names = study.codes.set_index("code_id")["name"]
    labels = study.sources.set_index("source_id")["label"]
    findings = claims.find(study)
    for extract, source, gist in study.extracts[["extract_id", "source_id", "gist"]].itertuples(index=False):
        (row,) = page.xpath(f"//li[@id='row-{extract}']")
        text = " ".join(row.text_content().split())
        codings = study.record[study.record["extract_id"] == extract]
        links = study.claim_evidence.loc[study.claim_evidence["extract_id"] == extract, "claim_id"]
        told = [extract, gist, labels[source], *codings["code_id"].map(names), *codings["rationale"], *links]
        assert [part for part in told if " ".join(part.split()) not in text] == []
        assert row.xpath(f".//a[@href='passages.html#{extract}']")
        assert row.xpath(f".//details//div[@data-reread='{extract}']")
        against = {one.text for one in row.xpath(".//span[starts-with(., 'Against')]/a")}
        countered = links[study.claim_evidence.loc[links.index, "bearing"] == "counters"]
        assert against == {claim for claim, found in findings.items() if extract in found.against} | {*countered}


def test_a_passage_without_a_code_is_shown_and_counted_as_uncoded() -> None:
    study = made(
        [("power", "might", "dimension", ""), ("stage", "early", "stage", "")],
        [("E1", "P1", ""), ("E2", "P1", "")],
        [("E1", "power", "might", "primary", "supports", "wording"), ("E1", "stage", "early", "primary", "supports", "wording"),
         ("E2", "power", "might", "primary", "supports", "wording")],
    )  # fmt: skip
    cells = lxml.html.fromstring(chart(EvidenceExplorer(study, HERE)))
    (uncoded,) = cells.xpath("//td[@data-row='might'][@data-column='uncoded']")
    assert uncoded.text == "1"
    assert not cells.xpath("//td[@data-row='uncoded']")
    (row,) = lxml.html.fromstring(explorer(study, HERE)).xpath("//li[@id='row-E2']")
    assert row.xpath(".//span[@class='of-stage']")[0].text_content() == "uncoded"


# --- many passages


def with_extracts(study: Evidence, **columns: Any) -> Evidence:
    tables = {name: getattr(study, name) for name in study.__dataclass_fields__}
    return Evidence(**{**tables, "extracts": study.extracts.assign(**columns)})


def copied_site(site: Path, into: Path, shown: Evidence, study: Evidence) -> Path:
    """Return the explorer's page with the passages of another study, beside what it needs of the site."""
    page = (site / HERE).read_text(encoding="utf-8")
    own = explorer(study, HERE)
    assert own in page
    for folder in ("assets", "scripts", "styles", "search"):
        (into / folder).symlink_to(site / folder)
    target = into / HERE
    target.parent.mkdir()
    target.write_text(page.replace(own, explorer(shown, HERE)), encoding="utf-8")
    return target


TARGET = 50

# A choice, until the page that it changed has been laid out and painted: the frame after the change begins
# (requestAnimationFrame), and the message posted in it is heard once that frame is done.
ANSWERED = """async ([id, value]) => {
    const control = document.getElementById(id)
    await new Promise(frame => requestAnimationFrame(frame))
    control.value = value
    control.dispatchEvent(new Event("input", { bubbles: true }))
    await new Promise(painted => requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = painted
        channel.port2.postMessage(null)
    }))
}"""


@pytest.mark.thorough
def test_a_filter_of_5000_simulated_passages_answers_within_50_ms(
    chromium: browser.Browser, site: Path, study: Evidence, tmp_path: Path
) -> None:
    many = simulation.study(simulation.Parameters(interviewees=400, passages=5000, coders=0), seed=1)
    many_page = copied_site(site, tmp_path, many, study)
    powers, stages = (
        code_tree.codes_at(many.codes, f, level) for f, level in (("power", "dimension"), ("stage", "stage"))
    )
    steps = [("text", "simul"), ("power", powers[0]), ("stage", stages[1]), ("power", ""), ("sort", "stage"),
             ("unit", "interviewee"), ("stage", ""), ("sort", "article"), ("text", ""), ("power", powers[2])]  # fmt: skip

    def measure(page: Any) -> tuple[list[float], list[float], int, dict[str, list[int]], str]:
        page.goto(many_page.as_uri(), timeout=120_000)  # which lays out all passages before the scripts take most away
        chosen = [partial(page.evaluate, ANSWERED, [f"explorer-{name}", value]) for name, value in steps]
        best, at_idle = browser.at_work(page, chosen, TARGET)
        shown = len(keys(page))
        page.press("#explorer-more", "Enter")  # rows laid out while one scrolls would move it from under a pointer
        assert len(keys(page)) == 2 * shown
        return best, at_idle, shown, page.evaluate(CELLS), page.inner_text("#explorer")

    best, at_idle, shown, cells, text = chromium.use("data:text/html,", measure, tmp_path.as_uri())
    print(f"milliseconds: {[round(time, 1) for time in best]}; on an idle core: {[round(time, 1) for time in at_idle]}")
    assert simulated_label.MARK in text
    assert shown == 50
    table = crosstab(many, Axis("power"), Axis("stage"), "interviewee").set_index(["row", "column"])
    assert all(shown == figures(table.loc[tuple(cell.split("/"))]) for cell, shown in cells.items())
    assert max(at_idle) < TARGET
