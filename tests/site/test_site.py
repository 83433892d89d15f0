"""The site as a whole: every page opened in a real browser, from a folder and from a server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import browser
import pytest
import yaml
from built_pages import pages
from example_counts import some
from pypdf import PdfReader

from analysis.site.pages import metadata
from analysis.support import paths
from analysis.teaching import interviews

ALONE = {
    "404.html",
    "claims/in-full.html",
    "article/power-in-co-production.html",
    "article/power-in-co-production-code.html",
    "article/power-in-co-production-supplement.html",
    "article/power-in-co-production-supplement-code.html",
    "reuse/example-report.html",
}


def alone() -> set[str]:
    """The pages that stand alone, those to read and to print among them: interviews and their codebooks."""
    sets = interviews.sets()
    slugs = [*(f"{one.name}-codebook" for one in sets), *(one.slug for of in sets for one in of.interviews)]
    return ALONE | {f"teaching/interviews/{slug}.html" for slug in slugs}


def of_the_navigation(site: Path) -> list[Path]:
    """The pages but those that stand alone: the one for what is missing, and the article to take away."""
    apart = alone()
    return [page for page in pages(site) if page.relative_to(site).as_posix() not in apart]


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(params=["folder", "server"])
def address(request: pytest.FixtureRequest, site: Path) -> str:
    """Where the site is: in a folder, or on a server."""
    return f"{site.as_uri()}/" if request.param == "folder" else str(request.getfixturevalue("served"))


def test_the_pages_found_are_those_of_the_navigation(site: Path) -> None:
    listed = re.findall(r"^ +- (?:.+: )?([\w./-]+)\.md$", Path("mkdocs.yml").read_text(encoding="utf-8"), re.M)
    notebooks = {f"notebooks/{file.stem}" for file in paths.NOTEBOOKS.glob("*.ipynb")}  # their index leads to them
    expected = {f"{name.replace('README', 'index')}.html" for name in {*listed, *notebooks}} | alone()
    assert {page.relative_to(site).as_posix() for page in pages(site)} == expected


@pytest.mark.thorough
def test_two_builds_are_equal_byte_by_byte(site: Path, tmp_path: Path) -> None:
    code = """
import sys, pathlib
from analysis.site.building import mkdocs_build, second_process
with second_process.making() as made:
    mkdocs_build.build(pathlib.Path(sys.argv[1]), made=made)
"""
    again = tmp_path / "again"
    elsewhere = {**os.environ, "PYTHONPATH": str(paths.ROOT), "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-c", code, str(again)], cwd=tmp_path, env=elsewhere, check=True)
    one, other = files(site), files(again)
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


# Search, by real key strokes.


def found(words: str) -> Callable[[Any], tuple[list[str], str]]:
    """Search for words with the keyboard alone; return the addresses found and the one that the first leads to."""

    def search(page: Any) -> tuple[list[str], str]:
        page.keyboard.press("/")
        page.keyboard.type(words)
        page.wait_for_selector(".md-search-result__link")
        links = page.eval_on_selector_all(".md-search-result__link", "all => all.map(link => link.href)")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(links[0])
        return links, page.url

    return search


@pytest.mark.parametrize(
    ("words", "expected"),
    some(
        [
            ("F14", "evidence/passages.html#F14"),
            ("C58", "claims/index.html#C58"),
            ("holding accountable", "codebook/power.html#holding-accountable"),
        ],
        1,
    ),
)
def test_search_finds_passages_claims_and_codes_by_key_strokes(
    chromium: browser.Browser, address: str, words: str, expected: str
) -> None:
    links, reached = chromium.use(f"{address}cite/index.html", found(words), allowed=address)
    without_mark = [re.sub(r"\?h=[^#]*", "", link) for link in links]
    assert f"{address}{expected}" in without_mark[:3]
    assert reached == links[0]


def test_places_that_search_leads_to_are_there(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    places = [entry["location"].partition("#") for entry in index["docs"]]
    assert len(places) > 100
    text = {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in pages(site)}
    lost = [
        f"{place}#{name}" for place, _, name in places if name and f'id="{name}"' not in text[place or "index.html"]
    ]
    assert lost == []


# Without a mouse, and without asking anybody for anything.


def test_the_menu_of_narrow_screens_is_opened_and_left_by_keyboard(chromium: browser.Browser, site: Path) -> None:
    def by_keyboard(page: Any) -> None:
        def focused(key: str) -> str:
            page.keyboard.press(key)
            name: str = page.evaluate(
                "() => { const found = document.activeElement;"
                " return found.checkVisibility({visibilityProperty: true}) ? found.textContent.trim() : 'not to be seen' }"
            )
            return name

        assert focused("Tab") == "Skip to content"
        assert focused("Tab") == "Menu"
        page.keyboard.press("Enter")
        assert focused("Tab") == "Home"
        assert focused("Escape") == "Menu", "which is left where it was opened"
        assert focused("Tab") == "Power in co-production", "with the menu, its links are gone"
        assert focused("Shift+Tab") == "Menu"
        page.keyboard.press("Enter")
        while focused("Tab") != "Glossary":
            assert page.evaluate("document.activeElement.closest('.site-drawer') !== null"), "it was not reached"
        page.keyboard.press("Enter")
        page.wait_for_url("**/methods/glossary.html")

    address = f"{site.as_uri()}/methods/counting.html"
    chromium.use(address, by_keyboard, allowed=site.as_uri(), width=390)


def test_menu_and_contents_are_there_without_scripts(chromium: browser.Browser, site: Path) -> None:
    def opened(page: Any) -> tuple[bool, bool, str]:
        seen = page.locator(".site-drawer a >> text=Glossary").is_visible()
        page.click(".site-drawer > summary")
        page.click(".site-drawer a >> text=Glossary")
        page.wait_for_url("**/methods/glossary.html")
        page.go_back()
        page.click(".site-contents summary")
        return (
            seen,
            page.locator(".site-contents a").first.is_visible(),
            page.get_attribute("body", "data-md-color-scheme"),
        )

    address = f"{site.as_uri()}/methods/counting.html"
    found = chromium.use(address, opened, allowed=site.as_uri(), width=390, java_script_enabled=False)
    assert found == (False, True, "default")


def test_the_contents_stand_beside_the_text_and_mark_where_one_reads(chromium: browser.Browser, site: Path) -> None:
    def read(page: Any) -> list[str]:
        page.evaluate("document.getElementById('what-to-doubt').scrollIntoView()")
        page.wait_for_selector(".site-contents a[aria-current]")
        marked: list[str] = page.eval_on_selector_all(
            ".site-contents a[aria-current]", "all => all.map(one => one.hash)"
        )
        return marked

    address = f"{site.as_uri()}/methods/stages.html"
    assert chromium.use(address, read, allowed=site.as_uri()) == ["#what-to-doubt"]


def test_an_address_within_something_folded_opens_it(chromium: browser.Browser, site: Path) -> None:
    def follow(page: Any) -> bool:
        fold = "<details><summary>Folded</summary><p id=within>Within</p></details>"
        page.eval_on_selector("article", f"at => at.insertAdjacentHTML('beforeend', '{fold}')")
        page.evaluate("location.hash = 'within'")
        page.wait_for_function("document.getElementById('within').closest('details').open")
        shown: bool = page.locator("#within").is_visible()
        return shown

    assert chromium.use(f"{site.as_uri()}/methods/stages.html", follow, allowed=site.as_uri())


def test_scheme_search_and_copying_ask_no_one_for_anything(chromium: browser.Browser, site: Path) -> None:
    def touched(page: Any) -> str:
        page.click('label[title="Switch to dark"]')
        assert page.get_attribute("body", "data-md-color-scheme") == "slate"
        page.click(".highlight > button.copy")
        page.wait_for_function("document.querySelector('.highlight > button.copy').textContent !== 'Copy'")
        page.reload()
        scheme: str = page.get_attribute("body", "data-md-color-scheme")
        return scheme

    students = f"{site.as_uri()}/teaching/students.html"
    assert chromium.use(students, touched, allowed=site.as_uri()) == "slate", "the choice is kept"
    assert (
        chromium.use(students, lambda page: page.get_attribute("body", "data-md-color-scheme"), site.as_uri())
        == "default"
    )


def test_a_reader_whose_system_is_dark_never_sees_the_page_in_the_light(chromium: browser.Browser, site: Path) -> None:
    def first(page: Any) -> list[str]:
        page.add_init_script(
            "window.schemes = []; new MutationObserver(() => document.body &&"
            " schemes.push(document.body.dataset.mdColorScheme + !!document.querySelector('article'))"
            ").observe(document, { attributes: true, childList: true, subtree: true })"
        )
        page.reload()
        shown: list[str] = page.evaluate("schemes.filter(one => one.endsWith('true'))")
        return shown

    home = f"{site.as_uri()}/index.html"
    seen = chromium.use(home, first, allowed=site.as_uri(), scheme="dark", color_scheme="dark")
    assert set(seen) == {"slatetrue"}


def test_the_script_of_the_theme_is_asked_for_only_by_those_who_search(chromium: browser.Browser, served: str) -> None:
    def scripts(page: Any) -> tuple[bool, bool]:
        asked = "performance.getEntriesByType('resource').some(one => /assets.javascripts/.test(one.name))"
        before: bool = page.evaluate(asked)
        page.keyboard.press("/")
        page.wait_for_function(asked)
        return before, True

    assert chromium.use(f"{served}index.html", scripts, allowed=served) == (False, True)


def test_scripts_leave_one_name_among_those_of_all_scripts(chromium: browser.Browser, site: Path) -> None:
    """And are strict: otherwise each of their functions would be a name for all."""

    def names(page: Any) -> set[str]:
        return set(page.evaluate("Object.keys(window)"))

    def of(place: str) -> set[str]:
        found: set[str] = chromium.use(f"{site.as_uri()}/{place}.html", names, allowed=site.as_uri(), width=390)
        return found

    without = of("cite/index")
    for place in ("evidence/index", "evidence/code-it-yourself", "evidence/your-copy", "claims/index"):
        assert of(place) - without == {"compendium"}


def test_those_who_ask_for_less_motion_get_none(chromium: browser.Browser, site: Path) -> None:
    moving = (
        "[...document.querySelectorAll('*')].filter(one => { const style = getComputedStyle(one);"
        " return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0 }).length"
    )

    def count(page: Any) -> int:
        number: int = page.evaluate(moving)
        return number

    home = f"{site.as_uri()}/index.html"
    assert chromium.use(home, count, allowed=site.as_uri()) > 0
    assert chromium.use(home, count, allowed=site.as_uri(), reduced_motion="reduce") == 0


# On paper.


def test_paper_shows_the_text_alone_unfolded_and_black_on_white(
    chromium: browser.Browser, site: Path, tmp_path: Path
) -> None:
    printed = tmp_path / "printed.pdf"

    def to_paper(page: Any) -> tuple[str, str]:
        page.eval_on_selector(
            "article",
            "at => at.insertAdjacentHTML('beforeend', '<details><summary>Folded</summary><p>Within</p></details>')",
        )
        page.emulate_media(media="print")
        page.pdf(path=printed)
        style: list[str] = page.evaluate(
            "[getComputedStyle(document.querySelector('article p')).color, getComputedStyle(document.body).backgroundColor]"
        )
        return style[0], style[1]

    ink, paper = chromium.use(f"{site.as_uri()}/teaching/students.html", to_paper, allowed=site.as_uri(), scheme="dark")
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")
    text = " ".join(page.extract_text() for page in PdfReader(printed).pages)
    assert "Setting up" in text
    assert "Within" in text
    assert "Glossary" not in text
    assert "Previous" not in text


# Pages that are not there, and what the site says of itself.


LOST = ["nothing.html", "nothing/", "claims/nothing.html", "not/at/all.html", "not/claims/at/all/", "404.html"]


def led_back(page: Any) -> tuple[list[str], list[str], str, str]:
    """What a page for a missing page links to and asks for, the colour of its header, and its link on claims."""
    links = page.eval_on_selector_all("a", "all => all.map(link => link.href)")
    styles = page.eval_on_selector_all("link[rel=stylesheet]", "all => all.map(link => link.href)")
    header = page.evaluate("getComputedStyle(document.querySelector('.md-header')).backgroundColor")
    claims = page.locator("article >> text=Findings").evaluate("link => link.href")
    return links, styles, header, claims


@pytest.mark.parametrize(("lost", "below"), some(product(LOST, ["", "under/a path"]), 4))
def test_a_missing_page_leads_back_to_the_site_at_any_depth_below_any_path(
    chromium: browser.Browser, site: Path, lost: str, below: str
) -> None:
    folder = site.parents[len(Path(below).parts) - 1] if below else site
    with browser.serving(folder, missing=site / "404.html") as host:
        root = f"{host}{below.replace(' ', '%20')}/" if below else host
        seen = browser.Visit()
        links, styles, header, claims = chromium.use(root + lost, led_back, allowed=root, seen=seen)
    assert links[0] == f"{root}index.html"
    for asked in [*links, *styles]:
        assert asked.startswith(root)
        assert (site / unquote(asked.removeprefix(root)).partition("#")[0]).is_file(), asked
    assert f"{root}styles/site.css" in styles
    assert header == "rgb(253, 252, 249)", "the header has the colours of the theme"
    assert claims == f"{root}claims/index.html"
    assert seen.asked == []


def test_a_missing_page_can_be_searched_from(chromium: browser.Browser, site: Path) -> None:
    def search(page: Any) -> str:
        page.keyboard.press("/")
        page.keyboard.type("F14")
        link: str = page.wait_for_selector(".md-search-result__link").evaluate("link => link.href")
        return link

    with browser.serving(site.parent, missing=site / "404.html") as host:
        root = f"{host}{site.name.replace(' ', '%20')}/"
        assert chromium.use(f"{root}not/here", search, allowed=root, seen=browser.Visit()).startswith(
            f"{root}evidence/passages.html"
        )


def test_the_page_for_missing_pages_works_from_a_folder_and_says_what_to_do_without_scripts(
    chromium: browser.Browser, site: Path
) -> None:
    page = (site / "404.html").as_uri()

    def follow(page: Any) -> tuple[str, str]:
        home = led_back(page)[0][0]
        page.click("article >> text=Findings")
        page.wait_for_url("**/claims/index.html")
        return home, page.title().split()[0]

    assert chromium.use(page, follow, allowed=site.as_uri()) == (f"{site.as_uri()}/index.html", "Verdicts")

    def text(page: Any) -> str:
        found: str = page.inner_text("main")
        return found

    assert "remove the last parts of the address" in chromium.use(
        page, text, allowed=site.as_uri(), java_script_enabled=False
    )


def meta(page: Path) -> dict[str, str]:
    return dict(re.findall(r'<meta name="([\w.-]+)" content="([^"]*)"', page.read_text(encoding="utf-8")))


def test_every_page_tells_what_it_is_about_and_what_it_is_cited_as(site: Path) -> None:
    cited = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    descriptions = {}
    for page in of_the_navigation(site):
        told = meta(page)
        descriptions[page] = told["description"]
        assert told["citation_title"].endswith(cited["title"])
        assert told["citation_author"] == cited["authors"][0]["name"]
        assert told["DC.source"] == f"https://doi.org/{cited['references'][0]['doi']}"
        assert "generator" not in told
        assert "citation_fulltext_html_url" not in told, "there is no address without SITE_URL"
        assert '<html lang="en"' in page.read_text(encoding="utf-8")
    assert all(descriptions.values())
    assert len(set(descriptions.values())) == len(descriptions), "each its own"
    data = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', (site / "index.html").read_text("utf-8"), re.S
    )
    assert data
    told = json.loads(data[1])
    assert (told["@type"], told["version"]) == ("Dataset", cited["version"])
    assert "url" not in told


def test_a_site_without_an_address_has_no_sitemap_and_no_pictures_for_links(site: Path) -> None:
    assert not list(site.glob("sitemap*"))
    assert not (site / "cards").exists()
    home = (site / "index.html").read_text(encoding="utf-8")
    assert 'property="og:' not in home
    assert "Repository</a>" not in home
    assert 'rel="edit"' not in home


def test_a_description_is_whole_sentences_or_marked_as_cut() -> None:
    long = "First sentence. " + "word " * 100
    assert metadata.description(f"<h1>Title</h1><p>{long}</p>") == "First sentence."
    cut = metadata.description(f"<p>{'word ' * 100}</p>")
    assert cut.endswith("word …")
    assert len(cut) <= metadata.LONGEST + 2
    assert metadata.description("<h1>Title</h1>") == ""
    assert metadata.description("<p>A &amp; <em>B</em></p>") == "A & B"
