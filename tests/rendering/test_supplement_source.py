"""The supplement types no result, has every passage and claim, and is called by its name in the article."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from prose import paragraphs, typed_results

from analysis.reanalysis import supplement_tables
from analysis.rendering import article_source
from analysis.study.evidence import Evidence
from analysis.support import paths

# What of figures and number words may stand in the supplement's prose, by the reason why it may.
ALLOWED = {
    "the number of an item of a checklist": [r"\| \d+ (?=[A-Z])"],
    "a section of the original": [r"\(Sections? \d(?:\.\d)?(?: and \d(?:\.\d)?)?\)"],
    "the theory and levels of the original": [
        r"three dimensions of power",
        r"from one researcher",
        r"first- and second-",
    ],
    "the heading of a plan": [r"Plan of 30 November 2026"],
    "how much there is in the supplement": [
        r"two checklists",
        r"To cite one passage or claim",
        r"each of the two was shown",
    ],
    "how claims were read": [r"from two sides"],
    "what a measure says": [
        r"is 0 when",
        r"and 1 when one determines",
        r"above 0 by chance",
        r"one interviewee at a time",
    ],
    "what the original says of its setting": [r"of one research centre"],
}
PATTERNS = [pattern for patterns in ALLOWED.values() for pattern in patterns]
SECTION = re.compile(r"\[[^\]]*?Sections? (S\d)[^\]]*\]\((?:supplement\.qmd)?#([\w-]+)\)")
HEADING = re.compile(r"^## (S\d) .*\{#([\w-]+)\}$", re.M)


@pytest.fixture(scope="module")
def page(rendered_article: Path) -> BeautifulSoup:
    """The supplement's page."""
    return BeautifulSoup((rendered_article / "supplement.html").read_text(encoding="utf-8"), "html.parser")


def test_the_supplement_types_no_result() -> None:
    assert typed_results(paths.SUPPLEMENT, PATTERNS) == []


def test_every_allowance_of_the_supplement_is_needed() -> None:
    whole = [" ".join(prose.split()) for _, prose in paragraphs(paths.SUPPLEMENT)]
    assert [pattern for pattern in PATTERNS if not any(re.search(pattern, prose) for prose in whole)] == []


def test_the_title_names_the_article() -> None:
    article, supplement = (article_source.read(file).settings for file in (paths.ARTICLE, paths.SUPPLEMENT))
    assert supplement["title"] == f"Supplement to: {article['title']}"


def test_sections_are_numbered_in_their_order_and_called_by_their_numbers() -> None:
    source = paths.SUPPLEMENT.read_text(encoding="utf-8")
    headings = HEADING.findall(source)
    assert [number for number, _ in headings] == [f"S{n}" for n in range(1, len(headings) + 1)]
    called = {name for file in (paths.ARTICLE, paths.SUPPLEMENT) for name in SECTION.findall(file.read_text("utf-8"))}
    assert called <= set(headings)
    assert called


def test_links_can_lead_to_every_passage_and_every_claim_once(page: BeautifulSoup, study: Evidence) -> None:
    places = [str(one["id"]) for one in page.select("td [id]:not(.origin)")]
    assert sorted(places) == sorted([*study.extracts["extract_id"], *study.claims["claim_id"]])
    assert all(one.get_text() == one["id"] for one in page.select("td [id]:not(.origin)"))


def test_a_claim_has_its_verdict_share_passages_and_objection(page: BeautifulSoup, study: Evidence) -> None:
    row = page.find(id="C71").find_parent("tr").get_text(" ", strip=True)
    (claim,) = study.claims[study.claims["claim_id"] == "C71"].to_dict("records")
    for said in (
        claim["claim"],
        "(Implied.)",
        f"Objection: {claim['objection']}",
        "depends on the reading:",
        "%",
        "For:",
    ):
        assert said in row, said


def test_a_passage_has_its_codes_and_what_else_is_allowed(study: Evidence) -> None:
    table = supplement_tables.every_passage(study)
    assert table.loc["F12", ["Source", "Stage"]].tolist() == [
        study.sources.set_index("source_id").at[study.extracts.set_index("extract_id").at["F12", "source_id"], "label"],
        "not stated; or initiation (lead-in); or dissemination (lead-in)",
    ]
    assert table.loc["F03", "Code of power"].endswith("(counters)")


def test_instructions_are_word_for_word(page: BeautifulSoup) -> None:
    text = words(page.get_text(" "))
    readings = paths.DATA / "readings"
    files = [readings / "2026-11-30" / "instruction.md", *(readings / f"gist-check-{n}.md" for n in (1, 2))]
    for file in files:
        for paragraph in re.split(r"\n\s*\n|(?m:^\|.*\n|^- |^\d+\. |^#+ )", file.read_text(encoding="utf-8")):
            assert words(re.sub(r"(?m)^-{3,}$", "", paragraph)) in text, paragraph


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def test_later_checks_of_gists_had_the_instruction_of_the_second_but_for_its_number() -> None:
    ordinals = r"first|second|third|fourth|fifth|sixth|seventh|\d"
    second, *later = (
        re.sub(ordinals, "", (paths.DATA / "readings" / f"gist-check-{n}.md").read_text(encoding="utf-8"))
        for n in range(2, 8)
    )
    assert [text == second for text in later] == [True] * len(later)
