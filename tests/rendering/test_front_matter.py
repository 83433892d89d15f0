"""Authors, places, day, DOI, funding and citation are in all formats, and what is wrong with them has its line."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from articles import rendered
from bs4 import BeautifulSoup
from document_checks import jats_faults, page_faults, type_faults, word_faults

from analysis.rendering import ArticleError
from analysis.rendering.front_matter import front_matter

FRONT = """author:
  - name: Ann Author
    orcid: 0000-0002-1825-0097
    email: ann@example.org
    corresponding: true
    roles: [conceptualization, Software, tea]
    affiliations:
      - ref: uni
      - name: The Other Institute
        city: Graz
  - name: Bob Brown
    affiliation: Somewhere & Co.
    roles: writing
  - Cleo Clark
affiliations:
  - id: uni
    name: A University
    department: Department of Power
    city: Durham
    country: United Kingdom
date: 2026-11-30
doi: 10.1000/182_a
keywords: power
funding:
  - The tea was free.
  - awards:
      - id: '17'
        source: A Foundation
        recipient:
          - name: Ann Author
          - ref: uni
citation:
  type: article-journal
  container-title: A Journal
  volume: 3
  issue: 1
  page: 4-9
abstract: Short.
"""
SAID = [
    "Ann Author",
    "Department of Power, A University, Durham, United Kingdom",
    "The Other Institute, Graz",
    "Somewhere & Co.",
    "corresponding author",
    "ann@example.org",
    "ORCID 0000-0002-1825-0097",
    "Cleo Clark",
    "30 November 2026",
    "Ann Author: conceptualization, Software, tea; Bob Brown: writing – original draft",
    "The tea was free; A Foundation, award 17, to Ann Author and Department of Power, A University",
    "Ann Author, Bob Brown and Cleo Clark (2026). A study. A Journal, 3(1), 4-9.",
    "10.1000/182_a",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("front"), "As @lukes2005 says.\n\n# Words\n\nWords.\n", FRONT)


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    """The words of the formats that people read, one space between them."""
    with zipfile.ZipFile(folder / "article.docx") as parts:
        paragraphs = re.findall(r"<w:p>.*?</w:p>", parts.read("word/document.xml").decode(), re.S)
    page = BeautifulSoup((folder / "article.html").read_text(encoding="utf-8"), "html.parser")
    spread = {
        "html": page.get_text(),
        "docx": "\n".join(re.sub(r"<[^>]+>", "", paragraph).replace("&amp;", "&") for paragraph in paragraphs),
        "pdf": "\n".join(leaf.extract_text() for leaf in pypdf.PdfReader(folder / "article.pdf").pages),
    }
    return {form: " ".join(text.split()) for form, text in spread.items()}


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
@pytest.mark.parametrize("said", SAID)
def test_readers_of_every_format_see_what_stands_before_the_text(form: str, said: str, texts: dict[str, str]) -> None:
    assert said in texts[form]


def test_documents_with_much_before_their_text_are_well_made(folder: Path, jats_types: Path) -> None:
    assert type_faults(folder / "article.xml", jats_types) == []
    assert jats_faults(folder / "article.xml") == ["front has no article-meta/permissions/license/license-p"]
    assert page_faults(folder / "article.html") == []
    assert word_faults(folder / "article.docx") == []


def test_catalogues_read_it_from_the_page_and_from_jats(folder: Path) -> None:
    page = BeautifulSoup((folder / "article.html").read_text(encoding="utf-8"), "html.parser")
    told = [(tag["name"], tag["content"]) for tag in page("meta") if tag.get("name")]
    assert [content for name, content in told if name == "author"] == ["Ann Author", "Bob Brown", "Cleo Clark"]
    assert {("dcterms.date", "2026-11-30"), ("citation_doi", "10.1000/182_a"), ("keywords", "power")} <= {*told}
    front = ElementTree.parse(folder / "article.xml").getroot()[0]  # noqa: S314 - written by us
    ann, bob, cleo = front.iter("contrib")
    assert (ann.get("corresp"), bob.get("corresp")) == ("yes", None)
    assert [tag.get("rid") for tag in ann.iter("xref")] == ["aff-1", "aff-2"]
    assert [(tag.get("vocab"), tag.text) for tag in ann.iter("role")] == [
        ("credit", "conceptualization"), ("credit", "Software"), (None, "tea"),
    ]  # fmt: skip
    assert [tag.tag for tag in cleo] == ["string-name"]
    asked = {
        "article-meta/contrib-group/contrib/email": "ann@example.org",
        "article-meta/aff[@id='aff-1']/institution[@content-type='department']": "Department of Power",
        "article-meta/aff[@id='aff-1']/country": "United Kingdom",
        "article-meta/pub-date/month": "11",
        "article-meta/article-id[@pub-id-type='doi']": "10.1000/182_a",
        "journal-meta/journal-title-group/journal-title": "A Journal",
        "article-meta/volume": "3",
        "article-meta/lpage": "9",
        "article-meta/funding-group/funding-statement": "The tea was free.",
        "article-meta/funding-group/award-group/award-id": "17",
        "article-meta/funding-group/award-group/funding-source": "A Foundation",
    }
    assert {path: front.findtext(path) for path in asked} == asked


def test_an_affiliation_that_several_authors_have_is_there_once() -> None:
    places = {"Ann": {"id": "a", "name": "Here"}, "Bob": "Here", "Cleo": {"ref": "a"}}
    authors = [{"name": name, "affiliation": place} for name, place in places.items()]
    found = front_matter({"author": authors}, "A study")
    assert [place["text"] for place in found["places"]] == ["Here"]
    assert [[place["identifier"] for place in author["places"]] for author in found["byline"]] == [["aff-1"]] * 3


REFUSED = {
    "date: today": "line 7: 'date' has to be a day, say 2026-11-30: 'today' and the like would change",
    "date: 2026-02-30": "line 7: 'date' has to be a day",
    "date: 30 November 2026": "line 7: 'date' has to be a day",
    "doi: https://doi.org/10.1000/182": "line 7: 'doi' has to be a DOI without an address",
    "csl: ../style.csl": "line 7: 'csl' has to be the name of a file beside the article",
    "csl: style.csl": "style.csl: there is no such file. Save it beside the article",
    "funding: 3": "line 7: 'funding' has to be text or a mapping of statement, awards (found '3')",
    "funding:\n  - source: A Foundation": "line 8: 'funding.source' is outside the subset",
    "funding:\n  - awards:\n      - id: 17": "line 9: 'funding.awards.id' has to be text, a number in quotation marks",
    "citation: false": "line 7: 'citation' has to be true or a mapping of type, container-title",
    "citation:\n  doi: here": "line 8: 'citation.doi' has to be a DOI",
    "author: 7": "line 7: 'author' has to be text or a mapping of name, orcid, email",
    "author:\n  - name: ' '": "line 8: 'author.name' has to be text",
    "author:\n  - email: a@b.org": "line 8: 'author' has no 'name'",
    "author:\n  - name: Ann\n    email: ann": "line 9: 'author.email' has to be an email address (found 'ann')",
    "author:\n  - name: Ann\n    orcid: https://orcid.org/1": "line 9: 'author.orcid' has to be an ORCID iD without",
    "author:\n  - name: Ann\n    corresponding: often": "line 9: 'author.corresponding' has to be true or false",
    "author:\n  - name: Ann\n    affiliation:\n      - ref: uni": "line 10: 'ref: uni' is the id of no affiliation",
    "affiliations:\n  - name: Here": "line 8: 'affiliations' has no 'id'",
    "keywords: [1]": "line 7: 'keywords' has to be text (found '1')",
}


@pytest.mark.parametrize("setting", REFUSED)
def test_a_setting_of_the_wrong_kind_is_refused_with_its_line_and_what_it_has_to_be(
    setting: str, tmp_path: Path
) -> None:
    with pytest.raises(ArticleError) as refused:
        rendered(tmp_path, "Words.\n", f"{setting}\n")
    assert REFUSED[setting] in str(refused.value)
    assert str(refused.value).count("\n") == 0
    assert not (tmp_path / "out").exists()


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>S</title><id>s</id><updated>2026-01-01T00:00:00+00:00</updated>{more}</info>
<citation><layout prefix="[" suffix="]"><text variable="citation-number"/></layout></citation>
<bibliography><layout><text variable="citation-number"/><text variable="title" prefix=". "/></layout></bibliography>
</style>
"""


def with_style(folder: Path, style: str) -> Path:
    (folder / "paper").mkdir()
    (folder / "paper" / "own.csl").write_text(style, encoding="utf-8")
    return rendered(folder, "As they say [@lukes2005].\n\n::: {#refs}\n:::\n", "csl: own.csl\n")


def test_citations_and_references_follow_the_style_beside_the_article(tmp_path: Path) -> None:
    out = with_style(tmp_path, STYLE.format(more=""))
    page = BeautifulSoup((out / "article.html").read_text(encoding="utf-8"), "html.parser").get_text()
    leaf = pypdf.PdfReader(out / "article.pdf").pages[0].extract_text()
    assert "As they say [1]." in page
    assert "As they say [1]." in leaf
    assert "1. Power" in " ".join(page.split())


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("<style", r"own\.csl: this is not a style of citations \(.*\)\. Save it again"),
        (
            STYLE.format(more='<link href="http://x/" rel="independent-parent"/>'),
            r"own\.csl: .* rules from another one",
        ),
    ],
)
def test_a_style_that_cannot_be_used_is_refused(style: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=told):
        with_style(tmp_path, style)
