"""The passages one by one: a compact record each, on few pages of paper."""

from pathlib import Path
from typing import Any

import browser
import lxml.html
import pytest
from pypdf import PdfReader

from analysis.site.pages import passage_list
from analysis.study.evidence import Evidence

HERE = "evidence/passages.html"
MOST_PAGES = 15


@pytest.fixture(scope="module")
def records(study: Evidence) -> dict[str, Any]:
    """The record of each passage, as HTML."""
    made = lxml.html.fromstring(f"<div>{passage_list.all_passages(study, HERE)}</div>")
    return dict(zip(study.extracts["extract_id"], made.xpath("//div[@class='passage']"), strict=True))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_a_record_says_how_long_the_wording_is_and_where_it_can_be_checked(
    records: dict[str, Any], study: Evidence
) -> None:
    for key, record in records.items():
        lengths = study.fragments.loc[study.fragments["owner_id"] == key, "words"]
        place = record.find_class("place")[0]
        assert all(str(length) in words(place) for length in lengths), key
        assert words(place).endswith("can be checked against your copy of the article"), key
        assert place.xpath(".//a/@href")[-1] == "your-copy.html"


def test_what_independent_readers_chose_is_one_line_above_their_reasons(
    records: dict[str, Any], study: Evidence
) -> None:
    names = study.codes.set_index("code_id")["name"]
    apart = study.codings[~study.codings.index.isin(study.record.index)]
    alike = 0
    for (key, facet), rows in apart[apart["facet"] != "power"].groupby(["extract_id", "facet"]):
        (dd,) = records[str(key)].xpath(f".//dt[. = '{str(facet).capitalize()}']/following-sibling::dd[1]")
        said, reasons = words(dd.find(".//summary")), words(dd.find(".//details"))
        chosen = rows.loc[rows["role"] == "primary", ["coder_id", "code_id"]]
        assert all(names[code] in said for code in chosen["code_id"]), key
        assert all(" ".join(reason.split()) in reasons for reason in rows["rationale"]), key
        most = chosen["code_id"].mode()
        if chosen["code_id"].nunique() == 1:
            alike += 1
            assert said.endswith(f"readings: {names[most[0]]}")
            assert said.startswith(("All", "Both"))
        else:
            fewest = chosen["code_id"].value_counts().index[-1]
            assert all(one in said for one in chosen.loc[chosen["code_id"] == fewest, "coder_id"]), key
    assert alike > len(records)


def test_a_passage_that_gives_a_claim_context_only_is_not_listed_as_its_evidence(
    records: dict[str, Any], study: Evidence
) -> None:
    links = study.claim_evidence
    for key, record in records.items():
        (dd,) = record.xpath(".//dt[. = 'Claims']/following-sibling::dd[1]") or [None]
        own = links[links["extract_id"] == key]
        shown = set(dd.xpath("./ul/li/a[1]/text()")) if dd is not None else set()
        assert set(own.loc[own["bearing"] != "context", "claim_id"]) <= shown
        folded = dd.xpath("./details/ul/li/a[1]/text()") if dd is not None else []
        assert folded == list(own.loc[own["bearing"] == "context", "claim_id"])


@pytest.mark.thorough
def test_all_passages_print_on_few_pages_and_each_is_cited_with_one_click(
    chromium: browser.Browser, site: Path, study: Evidence, tmp_path: Path
) -> None:
    printed = tmp_path / "passages.pdf"

    def to_paper(page: Any) -> list[str]:
        cited: list[str] = page.locator("button.copy:visible").evaluate_all("all => all.map(one => one.dataset.copy)")
        page.emulate_media(media="print")
        page.pdf(path=printed, format="A4")
        return cited

    cited = chromium.use((site / HERE).as_uri(), to_paper, site.as_uri())
    assert [text.split(",")[0] for text in cited] == list(study.extracts["extract_id"])
    pages = PdfReader(printed).pages
    assert len(pages) <= MOST_PAGES
    text = " ".join(page.extract_text() for page in pages)
    assert [key for key in study.extracts["extract_id"] if key not in text] == []
