"""Responses, changes and decisions: pages and the feed have all of them, from the files in which they are written."""

import datetime
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.site.files import markdown_excerpts
from analysis.site.pages import feed, responses
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n### Results\n\n**One** count [moved](a.md).\n\nMore.\n\n## 0.2.0 (2027-01-15)\n\n"
)
CHANGELOG += "### Results\n\n- Two `counts` moved.\n- Three.\n"
RESPONSE = """
- date: 2026-12-24
  from: author
  name: A. Uthor
  about: [C58, F14]
  words: |
    We <see> it otherwise.

    Because.
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A file with one response, which has no answer yet."""
    file = tmp_path / "responses.yml"
    file.write_text(RESPONSE, encoding="utf-8")
    return file


def test_without_responses_the_page_says_so(study: Evidence, tmp_path: Path) -> None:
    (tmp_path / "none.yml").write_text("# nothing\n[]\n")
    assert responses.responses(study, "cite/respond.html", tmp_path / "none.yml") == "No response has come in yet."
    assert responses.all_responses(study) == [], "nobody has responded"


def test_a_response_is_shown_in_full_with_what_it_is_about(study: Evidence, written: Path) -> None:
    shown = responses.responses(study, "cite/respond.html", written)
    assert "There is 1 response." in shown
    assert "24 December 2026: A. Uthor, an author of the article, on C58 and F14 {#response-1}" in shown
    assert "<p>We &lt;see&gt; it otherwise.</p><p>Because.</p>" in shown
    assert 'href="../claims/index.html#C58"' in shown
    assert "not answered yet" in shown


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: text.replace("from: author", "from: ghost"), "from 'ghost'"),
        (lambda text: text.replace("2026-12-24", "soon"), "has no day"),
        (lambda text: text.replace("  words:", "  phrase:"), "words"),
        (lambda text: text.replace("C58", "C999"), "no passage, claim or code 'C999'"),
        (lambda _: "- {", "cannot be read"),
        (lambda _: "", "cannot be read"),
    ],
)  # fmt: skip
def test_a_response_that_cannot_be_read_stops_the_build(
    study: Evidence, written: Path, spoil: object, told: str
) -> None:
    assert callable(spoil)
    written.write_text(spoil(RESPONSE), encoding="utf-8")
    with pytest.raises(SiteError, match=re.escape(told)):
        responses.all_responses(study, written)


def test_each_section_of_the_changelog_is_an_entry_with_the_day_of_its_version() -> None:
    first, second = feed.changes(CHANGELOG)
    assert (first.title, first.place, first.summary) == (
        "Unreleased: Results",
        "cite/changelog.html#results",
        "One count moved.",
    )
    assert (second.place, second.summary) == ("cite/changelog.html#results_1", "Two counts moved.")
    assert second.day == datetime.date(2027, 1, 15)


@pytest.mark.parametrize("address", ["", "https://example.org/power/"])
def test_the_feed_is_atom_with_absolute_links_only_where_the_site_has_an_address(study: Evidence, address: str) -> None:
    ((place, content),) = feed.files(study, address)
    assert place == "feed.xml"
    assert [(place, content)] == list(feed.files(study, address)), "the same each time"
    root = ElementTree.fromstring(content)  # noqa: S314, our own
    for wanted in ("id", "title", "updated", "author/atom:name"):
        assert root.findtext(f"atom:{wanted}", namespaces=ATOM)
    entries = root.findall("atom:entry", ATOM)
    assert len(entries) == len(feed.entries(study)) > 5
    identifiers = [
        root.findtext("atom:id", namespaces=ATOM),
        *(one.findtext("atom:id", namespaces=ATOM) for one in entries),
    ]
    assert len(set(identifiers)) == len(identifiers)
    assert all(identifier and identifier.startswith("urn:uuid:") for identifier in identifiers)
    for one in entries:
        moment = one.findtext("atom:updated", namespaces=ATOM)
        assert moment
        assert datetime.datetime.fromisoformat(moment).tzinfo
        assert one.findtext("atom:title", namespaces=ATOM)
    links = [(link.get("rel"), str(link.get("href"))) for link in root.iter(f"{{{ATOM['atom']}}}link")]
    assert all(href.startswith(address) if address else ":" not in href for _, href in links)
    assert ("self" in dict(links)) is bool(address)


def test_every_decision_is_on_the_page_under_its_number() -> None:
    page = markdown_excerpts.decisions()
    files = sorted(markdown_excerpts.DECISIONS.glob("*.md"))
    assert len(files) > 10
    for number, file in enumerate(files, 1):
        title = file.read_text(encoding="utf-8").splitlines()[0]
        assert f'<span id="decision-{number}"></span>\n\n#{title}\n' in page
    assert not re.search(r"\]\(\d{4}-", page), "decisions that others name are on the same page"


def test_links_of_the_changelog_lead_to_pages() -> None:
    page = markdown_excerpts.changelog()
    assert not page.startswith("# ")
    assert "](decisions.md#decision-12)" in page
    assert "](docs/" not in page


def test_links_of_the_feed_lead_to_places_on_the_site(study: Evidence, site: Path) -> None:
    for one in feed.entries(study):
        page, _, place = one.place.partition("#")
        assert f'id="{place}"' in (site / page).read_text(encoding="utf-8"), one.title
