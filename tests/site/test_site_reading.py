"""Pages to read at length: the article, notebooks, methods, teaching, reference, citing."""

import doctest
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import browser
import pytest
import yaml
from bs4 import BeautifulSoup
from prose import typed

from analysis import agreement
from analysis.counting import crosstabs
from analysis.reanalysis import article_statements, close_reading
from analysis.reanalysis.article_numbers import AXES, Reported
from analysis.site.building import docstrings
from analysis.site.html import imported_html
from analysis.site.html.naming import Names
from analysis.site.pages import citing, executed_notebooks, literature, numbers_in_prose, rendered_article
from analysis.site.pages.worked_examples import Worked
from analysis.site.site_error import SiteError
from analysis.statistics import association
from analysis.study.evidence import Evidence
from analysis.support import paths

DOCS = paths.ROOT / "docs"
METHODS = sorted((DOCS / "methods").glob("*.md"))
HERE = "article/index.html"
Take = Callable[[str], str]

# What stands around the text of an article in pages of Quarto, as its 1.9 writes them.
QUARTO = """<html><body><nav id="TOC"><a href="#sec-one">One</a></nav><main class="content">
<header id="title-block-header"><h1 class="title">A title</h1><p class="subtitle lead">Under it</p>
<div><div class="abstract"><div class="block-title">Abstract</div><p>In short, F14.</p></div></div></header>
<section id="sec-one" class="level2"><h2 class="anchored"><span>1</span> One &amp; *only*</h2>
<div id="tbl-x"><figure><figcaption>Table 1: Codes</figcaption><div><table class="table"><thead><tr><th>Key</th><th></th></tr></thead>
<tbody><tr><td>C58</td><td>P30</td></tr></tbody></table></div></figure></div></section>
<div id="quarto-appendix"><h2>Reuse</h2></div></main><script>x()</script></body></html>"""


@pytest.fixture
def taken(study: Evidence) -> Take:
    """HTML as a page takes it in."""
    names = Names(study, HERE)
    return lambda html: imported_html.as_markdown(imported_html.parsed(html), "picture", names, "the test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rendered article of four small files, and a supplement that is the same."""
    for ending in rendered_article.FORMATS:
        for stem in ("article", "supplement"):
            (tmp_path / f"{stem}{ending}").write_text(QUARTO, encoding="utf-8")
    return tmp_path


# --- HTML from elsewhere


def test_passages_and_claims_become_links_and_nothing_else_does(taken: Take) -> None:
    shown = taken('<p>F14, C58; not P30, F99, <code>F14</code> or <a href="#x">F14</a>.</p>')
    assert shown == (
        '<p><a href="../evidence/passages.html#F14">F14</a>, <a href="../claims/index.html#C58">C58</a>; not P30, F99, '
        '<code>F14</code> or <a href="#x">F14</a>.</p>'
    )


def test_what_reads_as_markup_stays_text(taken: Take) -> None:
    assert (
        taken("<p>a &lt;b&gt; of F14 &amp; c</p>")
        == '<p>a &lt;b&gt; of <a href="../evidence/passages.html#F14">F14</a> &amp; c</p>'
    )
    assert taken("<h2 id='x'>A *b* [c]</h2>") == r"## A \*b\* \[c\] {: #x }"


def test_pictures_become_files_with_size_and_words(taken: Take) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"></svg>'
    source = "data:image/svg+xml," + svg.replace("<", "%3C").replace(">", "%3E").replace('"', "%22").replace(" ", "%20")
    html = f'<figure><img src="{source}" alt="Bars" role="img" aria-label="Bars"></figure>'
    assert list(imported_html.pictures(imported_html.parsed(html), "picture", "the test")) == [
        ("picture-1.svg", svg.encode())
    ]
    assert taken(html) == (
        '<figure tabindex="0"><img alt="Bars" height="30" loading="lazy" src="picture-1.svg" width="60"/></figure>'
    )
    with pytest.raises(SiteError, match=r"the test: the picture 'Bars' is of kind image/webp\. Give it as SVG"):
        taken('<img src="data:image/webp;base64,AAAA" alt="Bars">')


def test_a_table_scrolls_by_itself_and_has_no_empty_heads(taken: Take) -> None:
    table = BeautifulSoup(
        taken(
            "<table><caption>Codes</caption><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>a</th><td>1</td></tr></tbody></table>"
        ),
        "html.parser",
    )
    box = table.div
    assert box is not None
    assert (box["role"], box["aria-label"], box["tabindex"]) == ("group", "Codes", "0")
    assert [(head.get_text(), head["scope"]) for head in table("th")] == [("n", "col"), ("a", "row")]


def test_a_link_to_a_file_that_the_site_has_not_stops_the_build(taken: Take) -> None:
    with pytest.raises(SiteError, match=r"the test: links to \.\./data/README\.md, a file that the site does not have"):
        taken('<a href="../data/README.md">Data</a>')


# --- the article


def test_an_article_of_quarto_gives_the_same_kind_of_page(study: Evidence, folder: Path) -> None:
    page = rendered_article.article(study, "article/index.html", folder)
    headings = re.findall(r"^#+ .*$", page, re.M)
    assert headings == ["# A title", "## Abstract", r"## 1 One & \*only\* {: #sec-one }".replace("&", r"\&")]
    assert "Under it" in page
    assert '<a href="../evidence/passages.html#F14">F14</a>' in page
    assert 'aria-label="Table 1: Codes"' in page
    assert not re.search(r"script|TOC|Reuse", page)


@pytest.mark.parametrize("ending", rendered_article.FORMATS)
def test_a_missing_format_stops_the_build_and_says_what_to_do(folder: Path, ending: str) -> None:
    (folder / f"article{ending}").unlink()
    with pytest.raises(SiteError, match=rf"article\{ending}: the article has not been rendered\. Run 'nox -s paper'\."):
        list(rendered_article.files(folder))


def test_a_damaged_page_of_the_article_stops_the_build(folder: Path) -> None:
    (folder / "article.html").write_bytes(b"<p>K\xf6ln</p>")
    with pytest.raises(SiteError, match=r"article\.html: is not text in UTF-8\. Render it again: 'nox -s paper'\."):
        list(rendered_article.files(folder))


def test_a_key_that_the_bibliography_has_twice_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "twice.bib").write_text("@book{a,\n  date = {1},\n}\n@book{a,\n  date = {2},\n}\n", encoding="utf-8")
    monkeypatch.setattr(literature, "BIBLIOGRAPHY", tmp_path / "twice.bib")
    literature._bibliography.cache_clear()
    try:
        with pytest.raises(SiteError, match=r"twice\.bib: the key 'a' is given twice"):
            literature.cited("a")
    finally:
        literature._bibliography.cache_clear()


# --- the notebooks


def notebook(folder: Path, name: str, source: str) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["two <lines>\n", "F14\n"]}
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "Words on F14.\n", "\n", "## Part"]},
        {"cell_type": "code", "source": source, "outputs": [output]},
    ]
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_a_notebook_is_words_code_and_outputs(study: Evidence, tmp_path: Path) -> None:
    for where in ("executed", "stored"):
        notebook(tmp_path / where, "one.ipynb", "print(1)\n\nprint(2)")
    page = executed_notebooks.as_markdown(
        study, "notebooks/one.html", "one", tmp_path / "executed", tmp_path / "stored"
    )
    assert page.startswith("# Title\n\nTake it with you: [with outputs](one-executed.ipynb)")
    assert '<p>Words on <a href="../evidence/passages.html#F14">F14</a>.</p>' in page
    assert "\n\n## Part\n\n" in page
    assert '???+ quote "Code"\n\n    ```` python\n    print(1)\n\n    print(2)\n    ````' in page
    assert page.endswith('<pre tabindex="0">two &lt;lines&gt;\nF14\n</pre>')


@pytest.mark.parametrize(
    ("missing", "told"),
    [("stored", "there is no such notebook"), ("executed", r"has not been executed\. Run 'nox -s notebooks'")],
)
def test_a_missing_notebook_stops_the_build(study: Evidence, tmp_path: Path, missing: str, told: str) -> None:
    for where in ("executed", "stored"):
        notebook(tmp_path / where, "one.ipynb", "1")
    (tmp_path / missing / "one.ipynb").unlink()
    with pytest.raises(SiteError, match=rf"one\.ipynb: .*{told}"):
        executed_notebooks.as_markdown(study, "notebooks/one.html", "one", tmp_path / "executed", tmp_path / "stored")


@pytest.mark.parametrize("text", ["{", "null", '{"cells": null}', '{"cells": [1]}', '{"cells": [{"source": "x"}]}'])
def test_a_file_that_is_no_notebook_stops_the_build(tmp_path: Path, text: str) -> None:
    for where in ("executed", "stored"):
        notebook(tmp_path / where, "one.ipynb", "1")
    (tmp_path / "executed" / "one.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=r"one\.ipynb: is not a notebook\. Restore it, or execute it again"):
        list(executed_notebooks.files(tmp_path / "executed", tmp_path / "stored"))


def test_a_notebook_that_changed_since_it_was_executed_stops_the_build(tmp_path: Path) -> None:
    notebook(tmp_path / "executed", "one.ipynb", "1")
    notebook(tmp_path / "stored", "one.ipynb", "2")
    with pytest.raises(SiteError, match=r"was executed from another version of .*one\.ipynb\. Run 'nox -s notebooks'"):
        list(executed_notebooks.files(tmp_path / "executed", tmp_path / "stored"))


def test_every_notebook_has_a_page() -> None:
    pages = {file.stem for file in (DOCS / "notebooks").glob("0*.md")}
    assert pages == {file.stem for file in paths.NOTEBOOKS.glob("*.ipynb")}


# --- methods


@pytest.fixture(scope="module")
def worked(study: Evidence) -> Worked:
    return Worked(study)


def test_the_steps_to_v_and_to_kappa_end_where_the_package_does(study: Evidence, worked: Worked) -> None:
    found = association.association(association.contingency(crosstabs.cases(study, *AXES)))
    assert worked.steps_to_v().table["Value"].iloc[-1] == f"{found.v:.2f}"
    ratings = agreement.from_evidence(study, "stage", ["reader-a", "reader-b"])
    observed, kappa = (agreement.estimate(ratings, name).value for name in ("percent-agreement", "cohen-kappa"))
    assert observed is not None
    assert kappa is not None
    chance = float(worked.by_chance("stage"))
    assert (observed - chance) / (1 - chance) == pytest.approx(kappa, abs=0.005)


def test_a_distribution_adds_up_to_all_readings(study: Evidence, worked: Worked) -> None:
    table = worked.distribution("resource", "initiation").table
    readings = sum(int(number.replace(",", "")) for number in table["Readings"])
    assert f"{readings:,}" == Reported(study).all_readings
    # By hand, from the other table: the cell stays empty if every passage is kept out.
    ways = worked.ways_into("resource", "initiation").table
    empty = 1.0
    for readings_of, inside in zip(ways.iloc[:, 1].astype(int), ways.iloc[:, 2].astype(int), strict=True):
        empty *= (readings_of - inside) / readings_of
    assert int(table.loc["0", "Readings"].replace(",", "")) == round(empty * readings)


def test_units_of_a_cell_are_counted_as_listed(worked: Worked) -> None:
    table = worked.three_units("resource-enabled-normative", "not-stated").table
    listed = table["What is counted"]
    assert int(table.loc["passages", "Count"]) == len(listed["passages"].split(", "))
    assert int(table.loc["distinct statements", "Count"]) == len(listed["distinct statements"].split(", "))
    assert not re.search(r"P\d\d", " ".join(listed)), "no page collects what one interviewee said"


def test_an_unknown_example_is_told(study: Evidence) -> None:
    with pytest.raises(SiteError, match="no number or example 'nonesuch'"):
        numbers_in_prose.worked(study, HERE, "nonesuch")


def test_what_the_methods_say_in_words_is_so(study: Evidence) -> None:
    codings = study.codings[(study.codings["facet"] == "stage") & (study.codings["extract_id"] == "T11")]
    given = codings.groupby(["coder_id", "role"])["code_id"].agg(set)
    table = crosstabs.crosstab(study, *AXES).set_index(["row", "column"])
    expected = Worked(study)._expected
    article_statements.assert_statements_hold(
        {
            "T11 is disputed": "T11" in close_reading.stage_disputed(study),
            "the first two split, and each allowed the other's choice": given["reader-a", "primary"]
            == given["reader-b", "alternative"]
            and given["reader-b", "primary"] == given["reader-a", "alternative"],
            "of those who came later, most chose initiation": [
                given[f"reader-{one}", "primary"] == {"initiation"} for one in "cdef"
            ].count(True)
            > 2,
            "T11 is initiation, not stated and operationalization remain": given["compendium", "primary"]
            == {"initiation"}
            and given["compendium", "alternative"] == {"not-stated", "operationalization"},
            "the stage of F12 has rows to show": {"initiation", "dissemination"}
            <= set(study.record.loc[study.record["extract_id"] == "F12", "code_id"]),
            "no supporting passage on resource power lies in initiation": table.loc[("resource", "initiation"), "count"]
            == 0,
            "no passage on structural power can be read as later": not table.loc["structural"]
            .loc[["operationalization", "dissemination"], "highest"]
            .any(),
            "several passages can provide C58": table.loc[("resource", "initiation"), "highest"] > 1,
            "a single re-reading turns C58": " " not in Reported(study).turned_by("C58"),
            "C57 holds in all readings": Reported(study).pattern_share("C57") == "all",
            "most readings give a lower V than the coding of record": float(
                Reported(study).as_high_as_coded().strip("%")
            )
            < 50,
            "most cells expect fewer than five": (expected < 5).to_numpy().mean() > 0.5,
        }
    )


# "One" is mostly a pronoun on these pages.
NUMBERS = re.compile(
    r"\b(?:\d[\d.,%]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|most of)\b", re.I
)
# Figures and number words that are no results: of what the pages set themselves, and names.
ALLOWED = [
    r"(?:Notebook|notebook|decision) \[?\d+|\[(?:decision )?\d\d?\b",  # names
    r"C\d\d|SHA-256|AC1",
    r"\b\d\. (?=\*\*|that|[Ii]ts|[Tt]he|Passages|They)",  # lists
    r"three (?:units|counts answer three questions|outcomes|verdicts|things)|safest of the three|of three kinds|[Ff]our rules|Four matter most|Three things|the three, because|All three codings",
    r"[Tt]wo (?:readers|questions|minds|of the readers)|[Tt]he (?:first|last) two|in one or two sentences|at most 25 words|(?:If the|makes it) two|at two stages is in two cells|two people would|link between the two|Two \[derived tables|one or two words",
    r"in nine tenths of all readings|not 90% likely",  # an example that is made up
    r"three coders or more|two of three agree counts one third|of two coders|three reasons for",  # how agreement is defined
    r"At 1, all agree; at 0|from 1 to 1|below 1 where|kappa would be 1|below −1|an error of 0|from two units",
    r"two tails of 2\.5%|at least 40 different|Four passages have 35 and five have 126|five (?:passages|interviewees)|two\s+(?:coders coded|passages)",
    r"V is 0 when kind of power|and 1 when one determines|is well above 0 even if",  # the scale of V
    r"\*n\* − 1|factor of 2|irrCAC 1\.0|\(1992\)|95% interval",
]


@pytest.mark.parametrize("page", METHODS, ids=lambda page: page.stem)
def test_no_result_is_typed_by_hand(page: Path) -> None:
    text = page.read_text(encoding="utf-8").split("---\n", 2)[-1]
    text = re.sub(r"\{\{.*?\}\}|```.*?```|<math.*?</math>|`[^`]*`|\]\([^)]*\)", "", text, flags=re.S)
    assert typed(text, ALLOWED, NUMBERS) == []


def test_literature_is_cited_by_author_and_year_with_its_address() -> None:
    assert literature.cited("krippendorff2019") == "Krippendorff ([2019](https://doi.org/10.4135/9781071878781))"
    assert literature.cited("oconnor2020").startswith("O'Connor and Joffe ([2020](")
    assert literature.cited("cramer1946") == "Cramér (1946)", "no address is known"
    with pytest.raises(SiteError, match=r"references\.bib: has no entry 'nobody1999'"):
        literature.cited("nobody1999")


# --- teaching


@pytest.mark.parametrize("page", sorted((DOCS / "teaching").glob("*.md")), ids=lambda page: page.stem)
def test_lists_of_teaching_pages_are_lists_on_the_site_too(page: Path) -> None:
    """Python-Markdown wants an empty line before a list, which others do without."""
    lines = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S).splitlines()
    item = re.compile(r"(?:[-*]|\d+\.) ")
    for before, line in pairwise(lines):
        if item.match(line):
            assert not before or item.match(before) or before.startswith(" "), f"no empty line before: {line}"


# --- reference and reuse


@pytest.mark.parametrize(("page", "examples"), [("index.md", 11), ("your-study.md", 4)])
def test_examples_of_the_pages_on_reuse_hold(page: str, examples: int) -> None:
    text = re.sub(r"```(?:pycon)?\n", "", (DOCS / "reuse" / page).read_text(encoding="utf-8"))
    test = doctest.DocTestParser().get_doctest(text, {}, "reuse", f"docs/reuse/{page}", 0)
    assert len(test.examples) >= examples
    told: list[str] = []
    assert doctest.DocTestRunner().run(test, out=told.append).failed == 0, "".join(told)


def test_docstrings_become_markdown() -> None:
    given = "Count.\n\n.. math:: a = b \\\n          + c\n\nAs in :math:`x` [1]_.\n\n.. [1] A. Author (1999).\n\n>>> 1 + 1\n2"
    assert docstrings.as_markdown(given) == (
        "Count.\n\n```text\na = b \\\n          + c\n```\n\nAs in `x` (reference 1).\n\n1. A. Author (1999).\n\n"
        "Examples\n--------\n>>> 1 + 1\n2"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("reference", "analysis.counting.crosstabs.crosstab"),
        ("reference", "analysis.counting.readings.allowed_readings"),
        ("reference-agreement", "analysis.agreement.estimation.cohen_kappa"),
        ("reference-agreement", "analysis.agreement.sets.masi"),
        ("reference-agreement", "analysis.teaching.simulation.study"),
    ],
)
def test_the_reference_shows_examples_as_code(site: Path, name: str, shown: str) -> None:
    page = BeautifulSoup((site / "reuse" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    assert page.find(id=shown)
    assert not [quote for quote in page("blockquote") if quote.find("blockquote")], (
        "an example was taken for a quotation"
    )
    assert not re.search(r":math:|\.\. math::", page.get_text())


# --- citing


def test_citations_say_what_the_citation_file_says() -> None:
    told = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert told["title"] in citing.of_compendium()
    assert f"version {told['version']}" in citing.of_compendium()
    assert citing.of_article() == (
        "Chen, Y., Croft, C., & Currie, G. (2024). Leveraging normative power in co-production to redress power imbalances. "
        "*Public Administration*, *103*(1), 296–312. [https://doi.org/10.1111/padm.13015](https://doi.org/10.1111/padm.13015)"
    )
    assert "author = {Chen, Yaru and Croft, Charlotte and Currie, Graeme}" in citing.bibtex()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("title: [", r"CITATION\.cff: is not YAML"),
        ("date-released: 2026-11-31\n", r"CITATION\.cff: is not YAML: day is out of range for month"),
        (
            "title: A title\nversion: 1\n",
            r"CITATION\.cff: does not say: date-released, authors, license, keywords, references\. Add it\.",
        ),
        ("- a list\n", r"does not say: title"),
    ],
)
def test_a_citation_that_cannot_be_told_stops_the_build(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "CITATION.cff").write_text(content, encoding="utf-8")
    with pytest.raises(SiteError, match=told):
        citing.citation(tmp_path / "CITATION.cff")


def test_the_colophon_names_the_packages_of_the_site(study: Evidence) -> None:
    assert re.search(r"mkdocs 1\.\d.*, mkdocs-material 9\.", citing.made_with(study, "cite/index.html"))


# --- in a browser


def test_a_reader_goes_from_the_article_over_the_supplement_to_a_claim_and_downloads(
    chromium: browser.Browser, site: Path
) -> None:
    def walk(page: Any) -> tuple[str, str, str]:
        page.locator("article a[href$='article/index.html#sec-claims'], nav a[href='#sec-claims']").first.click()
        there = page.evaluate("location.hash")
        with page.expect_download() as saved:
            page.get_by_role("link", name="Word").click()
        page.locator("article a[href='supplement.html#sec-ledger']").first.click()
        page.locator("#tbl-claims-findings a", has_text="C58").first.click()
        page.wait_for_load_state()
        return there, saved.value.suggested_filename, page.url.removeprefix(site.resolve().as_uri())

    address = (site / "article" / "index.html").resolve().as_uri()
    assert chromium.use(address, walk, site.resolve().as_uri()) == (
        "#sec-claims",
        "power-in-co-production.docx",
        "/claims/index.html#C58",
    )


def test_a_wide_table_can_be_scrolled_with_the_keyboard(chromium: browser.Browser, site: Path) -> None:
    def scroll(page: Any) -> int:
        page.locator(".wide:has(#tbl-association)").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")
        return int(page.evaluate("document.activeElement.scrollLeft"))

    address = (site / "article" / "supplement.html").resolve().as_uri()
    assert chromium.use(address, scroll, site.resolve().as_uri(), width=390) > 0


def test_code_of_a_notebook_is_shown_until_it_is_folded_away(chromium: browser.Browser, site: Path) -> None:
    def look(page: Any) -> list[bool]:
        code = page.locator("details .highlight").first
        before = code.is_visible()
        page.locator("article details summary").first.focus()
        page.keyboard.press("Enter")
        return [before, code.is_visible()]

    address = (site / "notebooks" / "03-stage-by-power.html").resolve().as_uri()
    assert chromium.use(address, look, site.resolve().as_uri()) == [True, False]
