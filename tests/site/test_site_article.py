"""The article's page: notes beside its sentences, a grid that follows them, and tables that fit a phone."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser
import pytest
from bs4 import BeautifulSoup
from example_counts import some

from analysis.counting import crosstabs
from analysis.reanalysis import article_statements, claims
from analysis.reanalysis.article_numbers import AXES
from analysis.site.pages import article_notes, ledger, rendered_article
from analysis.study.evidence import Evidence
from analysis.support import paths

Use = Callable[..., Any]
STYLES = paths.ROOT / "docs" / "styles" / "article.css"


@pytest.fixture(scope="module")
def notes(study: Evidence) -> dict[str, dict[str, Any]]:
    """What the page knows about each passage and claim."""
    ((place, script),) = article_notes.files(study)
    assert place == "article/notes.js"
    start = "(globalThis.compendium ??= {}).notes = "
    assert script.decode().startswith(start)
    return dict(json.loads(script.decode().removeprefix(start).removesuffix(";\n")))


@pytest.fixture
def use(chromium: browser.Browser, site: Path) -> Use:
    """What a task makes of the article's page, at a width."""
    address = (site / "article" / "index.html").resolve().as_uri()
    return lambda task, width=1440, **how: chromium.use(address, task, site.resolve().as_uri(), width, **how)


# --- what is said


@pytest.mark.parametrize("stem", ["article", "supplement"])
def test_the_page_to_download_is_the_rendered_one_but_for_names_of_files(site: Path, stem: str) -> None:
    """So what is asked of every page of the site in a browser is asked of the rendered ones."""
    name = {"article": "power-in-co-production", "supplement": "power-in-co-production-supplement"}[stem]
    pages = (paths.RENDERED_ARTICLE / f"{stem}.html", site / "article" / f"{name}.html")
    rendered, offered = (page.read_text(encoding="utf-8") for page in pages)
    names = r"\b(?:power-in-co-production-supplement|supplement|power-in-co-production|article)(-code)?\.(html|pdf|docx|xml)\b"
    assert re.sub(names, r"document\1.\2", offered) == re.sub(names, r"document\1.\2", rendered)


def test_the_page_says_what_the_rendered_article_says(site: Path, notes: dict[str, dict[str, Any]]) -> None:
    """Word for word, and with the same places to link to; the notes say it when they are asked for."""
    whole = BeautifulSoup((paths.RENDERED_ARTICLE / "article.html").read_text(encoding="utf-8"), "html.parser").main
    page = BeautifulSoup((site / "article" / "index.html").read_text(encoding="utf-8"), "html.parser").article
    assert whole is not None
    assert page is not None
    for note in whole.select(".key-note"):
        card = BeautifulSoup(notes[str(note["id"]).removeprefix("note-")]["card"], "html.parser")
        first, coded = (" ".join(line.get_text(" ").split()) for line in note("p")[:2])
        said = " ".join(card.get_text().replace("'", "’").split())
        assert first.partition(": ")[2] in said
        assert all(word in said for word in coded.replace(":", "").split())
    whole.select("#evidence-notes")[0].decompose()
    said = " ".join(page.get_text().split())
    for paragraph in whole(["p", "td", "caption"]):
        assert " ".join(paragraph.get_text().split()) in said
    wanted = {element["id"] for element in whole(id=True) if not element["id"].startswith(("page-", "key-"))}
    assert wanted <= {element["id"] for element in page(id=True)}
    assert "data:image" not in str(page)


def test_a_card_of_a_claim_has_its_verdict_and_one_of_a_passage_its_kind_of_power(
    study: Evidence, notes: dict[str, dict[str, Any]]
) -> None:
    assert set(notes) == {*study.extracts["extract_id"], *study.claims["claim_id"]}
    for key, found in claims.find(study).items():
        assert ledger.mark(found.verdict) in notes[key]["card"]
        assert not notes[key]["power"]
    record = study.record[(study.record["facet"] == "power") & (study.record["role"] == "primary")]
    assert {key for key in notes if notes[key]["power"]} == set(record["extract_id"])


def test_the_cells_of_a_passage_are_those_that_count_it_and_the_grid_has_the_counts(
    study: Evidence, notes: dict[str, dict[str, Any]]
) -> None:
    counted = crosstabs.crosstab(study, *AXES).set_index(["row", "column"])
    grid = BeautifulSoup(article_notes.grid(study, "article/index.html"), "html.parser")
    cells = grid.select("[data-cell]")
    assert len(cells) == 16
    for cell in cells:
        name = str(cell["data-cell"])
        found = counted.loc[tuple(name.split())]
        assert cell.text == str(found["count"])
        of_passages = [key for key in notes if key[0] in "TF" and name in notes[key]["cells"]]
        assert sorted(of_passages) == sorted(found["extracts"])
    assert notes["C58"]["cells"] == ["resource initiation"]


def test_what_stands_above_figures_is_so(study: Evidence) -> None:
    table = crosstabs.crosstab(study, *AXES).set_index(["row", "column"])
    stages = ["initiation", "operationalization", "dissemination"]
    steps = study.model[["source", "target"]].agg(tuple, axis=1).tolist()
    most = table.loc["resource-enabled-normative"].loc[stages, "count"]
    article_statements.assert_statements_hold(
        {
            "normative power is made from the other two kinds": {
                ("structural", "structure-enabled-normative"),
                ("resource", "resource-enabled-normative"),
            }
            <= set(steps),
            "structural power is early": not table.loc["structural"].loc[stages[1:], "highest"].any(),
            "resource-enabled normative power is late": most.idxmax() == "dissemination",
            "no passage describes how resource power leads to initiation": not (
                study.claim_evidence.query("claim_id == 'C58' and bearing == 'illustrates'").size
            )
            and table.loc[("resource", "initiation"), "count"] == 0,
        }
    )
    assert set(rendered_article.titles(study)) == set(
        re.findall(r'"(fig-[a-z-]+)":', Path(rendered_article.__file__).read_text())
    )


def test_stacked_rows_name_their_columns_as_the_tables_do(site: Path) -> None:
    styles = STYLES.read_text(encoding="utf-8")
    named = re.findall(r"^  (.+) td:nth-child\((\d)\)::before \{ content: \"(.+): \"; \}$", styles, re.M)
    assert len(named) == 8
    pages = [(site / "article" / f"{name}.html").read_text(encoding="utf-8") for name in ("index", "supplement")]
    soup = BeautifulSoup("".join(pages), "html.parser")
    for tables, column, name in named:
        for table in soup.select(tables):
            assert table.select("thead th")[int(column) - 1].text == name


# --- in a browser

LOADED = "() => performance.getEntriesByType('resource').some(one => one.name.endsWith('notes.js'))"
BESIDE = "document.querySelectorAll('.key-cards').length"
#: Pairs of cards, or of a card and a table, that cover each other; cards that are not beside the text; keys twice in a block.
FAULTS = """() => {
  const box = (one) => one.getBoundingClientRect();
  const article = box(document.querySelector('.md-content__inner'));
  const shown = (one) => { const scrolls = one.parentElement.matches('.scrolls') && box(one.parentElement);
    return { left: box(one).left, top: box(one).top, bottom: scrolls ? Math.min(box(one).bottom, scrolls.bottom) : box(one).bottom, name: one.dataset.key }; };
  const cards = [...document.querySelectorAll('.key-cards > .key-card')].map(shown).filter((one) => one.bottom > one.top);
  const wide = [...document.querySelectorAll('article > :is(.wide, figure)')].map(box).filter((one) => one.right > article.right + 1);
  const over = (a, b) => a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const twice = [...document.querySelectorAll('.key-cards')].filter((one) => {
    const names = [...one.children].map((card) => card.dataset.key);
    return new Set(names).size < names.length; });
  return [cards.length,
    cards.flatMap((one, n) => cards.slice(n + 1).filter((other) => over(one, other)).map((other) => [one.name, other.name])),
    cards.filter((one) => wide.some((table) => over(one, table))).map((one) => one.name),
    cards.filter((one) => one.left < article.right).length, twice.length];
}"""
MARKED = "[...document.querySelectorAll('.argument .cited')].map((one) => one.dataset.cell)"
#: The keys of the paragraph on structure-enabled normative power, which is moved to where one reads.
PARAGRAPH = """async () => {
  const found = [...document.querySelectorAll('article p')].find((one) => one.textContent.startsWith('Structure-enabled normative power: '));
  scrollTo(0, scrollY + found.getBoundingClientRect().top - innerHeight * 0.3);
  for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame);
  return [...found.querySelectorAll('a.key')].map((one) => one.textContent);
}"""


#: A card that is open, and the key that opened it: what is the same while they are closed is asked on every page.
OPENED = "article :has(> :is(.key-card[open], a.key[aria-expanded=true]))"
#: Scroll through the page, so that each block comes near.
READ_THROUGH = """async () => {
  const frames = async (number) => { for (let n = 0; n < number; n++) await new Promise(requestAnimationFrame); };
  for (let place = 0; place < document.body.scrollHeight; place += 700) { scrollTo(0, place); await frames(2); }
  await frames(12);
}"""
#: What scripts change within some frames in which a reader does nothing.
CHANGES = """async () => {
  let changes = 0;
  const seen = new MutationObserver((records) => { changes += records.length; });
  seen.observe(document.body, { attributes: true, childList: true, subtree: true });
  for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
  seen.disconnect();
  return changes;
}"""


def to_powers(page: Any) -> None:
    page.evaluate("document.querySelector('#sec-powers').scrollIntoView()")
    page.wait_for_selector(".key-cards .key-card")


def test_notes_stand_beside_their_sentences_without_covering_anything(use: Use) -> None:
    def walk(page: Any) -> None:
        assert not page.evaluate(LOADED), "the first screen needs no note"
        to_powers(page)
        key = page.locator("article p > a.key").first
        card = page.locator(".key-cards .key-card").first
        assert abs(key.bounding_box()["y"] - card.bounding_box()["y"]) < 12
        page.evaluate(READ_THROUGH)
        count, *faults = page.evaluate(FAULTS)
        assert count > 100
        assert faults == [[], [], 0, 0]
        assert page.evaluate(CHANGES) == 0, "the page comes to rest"
        for place in (0, 20_000):
            page.evaluate(f"scrollTo(0, {place})")
            contents, grid = (page.locator(one).bounding_box() for one in (".site-contents", ".argument"))
            assert contents["y"] + contents["height"] <= grid["y"]
            assert grid["y"] + grid["height"] <= page.viewport_size["height"]
        assert browser.too_wide(page) == 0
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_function(f"{BESIDE} === 0")
        assert page.locator(".key-card").count() == 0

    use(walk)


@pytest.mark.parametrize("width", some([1440, 390], 1))
def test_a_key_opens_its_card_which_leads_to_the_passage(use: Use, width: int, study: Evidence) -> None:
    """Beside the sentence in a wide window, after the sentence on a phone; by mouse and by keyboard."""

    def walk(page: Any) -> None:
        to_powers(page) if width == 1440 else None
        text = page.locator("article p:has(> a.key)").first
        said = text.inner_text()
        key = text.locator("a.key").nth(1)
        name = key.inner_text()
        key.press("Enter")
        page.wait_for_selector(f".key-card[open][data-key={name}]")
        card = page.locator(f".key-card[data-key={name}]").first
        gist = study.extracts.set_index("extract_id").at[name, "gist"]
        assert gist in card.inner_text()
        assert (card.bounding_box()["x"] > text.bounding_box()["x"] + text.bounding_box()["width"]) == (width == 1440)
        assert key.get_attribute("aria-expanded") == "true"
        assert browser.too_wide(page) == 0
        assert browser.violations(page, OPENED) == []
        key.press("Escape")
        page.wait_for_selector(f"a.key[aria-expanded=false]:has-text('{name}')")
        assert page.evaluate("document.activeElement.textContent") == name
        assert text.inner_text() == said, "the text is as it was"
        key.click()
        page.locator(f".key-card[open][data-key={name}] a", has_text="in full").click()
        page.wait_for_load_state()
        assert page.url.endswith(f"evidence/passages.html#{name}")

    use(walk, width)


def test_a_key_in_a_table_opens_its_card_below_the_table(use: Use) -> None:
    def walk(page: Any) -> None:
        page.locator("#tbl-claimed a.key").first.click()
        page.wait_for_selector("#tbl-claimed a.key[aria-expanded=true]")
        card = page.locator(".wide:has(#tbl-claimed) + .key-card")
        assert card.get_attribute("data-key") == page.locator("#tbl-claimed a.key").first.inner_text()
        card.locator("summary").click()
        page.wait_for_function("!document.querySelector('.wide + .key-card')")

    use(walk)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cards_and_grid_are_accessible(use: Use, scheme: str) -> None:
    def walk(page: Any) -> list[str]:
        page.evaluate(PARAGRAPH)
        page.wait_for_function(f"{MARKED}.length")
        return browser.violations(page, "article", browser.asked_in(scheme))

    assert use(walk, scheme=scheme) == []


def test_the_grid_marks_what_a_paragraph_cites_and_stands_still_where_motion_is_not_wanted(
    use: Use, notes: dict[str, dict[str, Any]]
) -> None:
    def walk(page: Any) -> tuple[list[str], list[str]]:
        to_powers(page)
        keys = page.evaluate(PARAGRAPH)
        page.evaluate(PARAGRAPH)
        return keys, page.evaluate(MARKED)

    keys, marked = use(walk)
    assert len(keys) > 3
    assert set(marked) == {cell for key in keys for cell in notes[key]["cells"]} != set()
    assert use(walk, reduced_motion="reduce") == (keys, [])


def test_without_scripts_a_key_leads_to_its_page_and_the_grid_has_the_counts(use: Use) -> None:
    def walk(page: Any) -> tuple[bool, str]:
        seen = page.locator(".argument [data-cell]").first.is_visible()
        page.locator("#sec-powers ~ p a", has_text="T01").first.click()
        return seen, page.url.rpartition("/")[2]

    assert use(walk, java_script_enabled=False) == (True, "passages.html#T01")


def test_a_key_leads_to_its_page_where_the_notes_cannot_be_had(use: Use) -> None:
    def walk(page: Any) -> str:
        page.evaluate("Object.defineProperty(compendium, 'notes', { get: () => undefined, set: () => {} })")
        page.locator("#sec-powers ~ p a.key", has_text="T01").first.click()
        page.wait_for_url("**/passages.html#T01")
        return str(page.url.rpartition("/")[2])

    assert use(walk, 390) == "passages.html#T01"


def test_on_a_phone_a_verdict_stands_beside_its_claim_and_nothing_scrolls_off(
    chromium: browser.Browser, site: Path
) -> None:
    def look(page: Any) -> tuple[bool, bool, int]:
        cells = page.locator("#tbl-claims-resources tbody tr").first.locator("td").all()
        key, verdict = (cells[column].bounding_box() for column in (0, 2))
        level = abs(key["y"] - verdict["y"]) < 8 and verdict["x"] + verdict["width"] <= 390
        fits = "one => one.scrollWidth <= one.clientWidth"
        return level, page.locator(".wide:has(#tbl-claims-resources)").evaluate(fits), browser.too_wide(page)

    address = (site / "article" / "supplement.html").resolve().as_uri()
    assert chromium.use(address, look, site.resolve().as_uri(), width=390) == (True, True, 0)
