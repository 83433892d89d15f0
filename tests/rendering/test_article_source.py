"""The article's source types no result, and cites works that were checked, each of them."""

import re
from pathlib import Path

import pytest
import yaml
from prose import IN_PROSE, paragraphs, typed_results

from analysis.rendering.article_source import read
from analysis.support import paths

REFERENCES = paths.ARTICLE.with_name("references.bib")

# What of these may stand in the article's prose, by the reason why it may.
ALLOWED = {
    "the year of the original": [r"\(2024\)"],
    "the name of a table or figure of the original": [r"Table [12]", r"Figure 1"],
    "the name of a licence": [r"CC BY 4\.0"],
    "what follows or went before in the text": [
        r"four contributions",
        r"Two features of this design",
        r"Four rules carry most of the weight",
    ],
    "the theory, method and model of the original": [
        r"Four kinds of power",
        r"how one kind is turned into another",
        r"one kind becomes another",
        r"one power starts a project",
        r"the three kinds",
        r"coded in three levels",
        r"three stages of a project",
        r"three dimensions of power",
        r"assigns no passage to one",
        r"two stages are compared with one",
    ],
    "how passages and claims were read": [
        r"one reader had no lead-ins",
        r"Two had been asked to read in a role",
        r"Two of our decisions",
        r"no person has signed",
        r"two that were struck",
        r"We accept most of this",
        r"the words alone lead to no stage",
        r"No person has (yet coded|checked)",
        r"twice, each time one for the authors",
        r"\*no passage shows it\*",
    ],
    "what a computed value is of": [
        r"the five most quoted",
        r"what one person said",
    ],
    "how counting was set up": [
        r"A cell with no passage means",
        r"makes no such claim",
    ],
    "held against the evidence by article_statements": [
        r"most of those who are quoted have a single one",
        r"[Nn]o passage reports that a researcher",
        r"no person twice",
        r"any one stage",
        r"counters one of these",
        r"No passage shows, for example",
        r"the two later stages",
        r"Most verdicts rest on one passage or a few",
        r"no claim has either verdict",
        r"no passage that shows such a change",
        r"One passage reports a view",
        r"no passage places it there",
        r"No passage describes resources",
        r"no passage describes a dashed one",
        r"two further arrows",
        r"one passage may show",
        r"No passage shows a changed belief",
    ],
    "a judgement about the published text as a whole": [
        r"Most of the activities described are illustrated, often by one passage",
        r"Most of what service users say",
        r"most of its claims come with a passage",
        r"Most of the method",
        r"No passage follows a project",
        r"no passage gives",
    ],
}

PLAIN = paths.ARTICLE.with_name("plain-language.md")
PATTERNS = [pattern for patterns in ALLOWED.values() for pattern in patterns]


def test_the_article_types_no_result() -> None:
    assert typed_results(paths.ARTICLE, PATTERNS) == []


def main_text() -> str:
    """The words of the article from the first section up to the statements at its end, without captions and keys of works."""
    whole = paths.ARTICLE.read_text(encoding="utf-8")
    main = whole[whole.index("\n## What this article adds") : whole.index("\n## Availability and statements")]
    return re.sub(r"\[@[^\]]*\]|\{#[^}]*\}|^:::.*$", "", re.sub(r"```.*?```", "", main, flags=re.S), flags=re.M)


def test_the_article_keeps_to_its_lengths() -> None:
    abstract = str(read(paths.ARTICLE).settings["abstract"])
    assert 130 <= len(abstract.split()) <= 150
    assert len(re.sub(r"`\{python\}[^`]*`", "value", main_text()).split()) <= 4500
    assert 110 <= len(PLAIN.read_text(encoding="utf-8").split()) <= 130


def test_no_sentence_is_too_long() -> None:
    plain = re.sub(r"`\{python\}[^`]*`", "value", main_text())
    blocks = re.split(r"\n\s*\n|\n(?=- |\d+\. )", plain)
    told = (one for block in blocks for one in re.split(r"(?<=[.:?!])\s", " ".join(block.split())))
    assert [one for one in told if len(one.split()) > 40] == []


def test_the_plain_summary_can_be_read_at_thirteen() -> None:
    """By two formulas that count letters, words and sentences: school year 8 begins at twelve to thirteen years.

    Formulas that count syllables need a list that textstat would download.
    """
    import textstat  # which takes half a second, and every worker of the tests imports this module

    summary = PLAIN.read_text(encoding="utf-8")
    assert textstat.automated_readability_index(summary) <= 8
    assert textstat.coleman_liau_index(summary) <= 8
    hard = "Notwithstanding considerable methodological heterogeneity, interpretative practices presuppose intersubjectivity."
    assert textstat.coleman_liau_index(hard) > 8


def test_every_allowance_is_needed() -> None:
    whole = [" ".join(prose.split()) for _, prose in paragraphs(paths.ARTICLE)]
    assert [pattern for pattern in PATTERNS if not any(re.search(pattern, prose) for prose in whole)] == []


def test_each_setting_is_in_one_place() -> None:
    """Those of a document in its front matter, those of both beside them."""
    front = yaml.safe_load(paths.ARTICLE.read_text(encoding="utf-8").split("\n---\n")[0])
    project = yaml.safe_load(paths.ARTICLE.with_name("_quarto.yml").read_text(encoding="utf-8"))
    assert front.keys() & project.keys() == set()
    assert {"lang", "bibliography", "jupyter", "license"} <= project.keys()


def test_quarto_that_is_run_by_hand_renders_both_documents_and_nothing_that_they_include() -> None:
    project = yaml.safe_load(paths.ARTICLE.with_name("_quarto.yml").read_text(encoding="utf-8"))["project"]
    assert project["render"] == sorted(file.name for file in paths.ARTICLE.parent.glob("*.qmd"))


ARTICLE = """---
title: "Small{title}"
lang: en-GB
---

## Heading{heading}

`{{python}} n` passages[^a] by @one2001, p. 3, see [@two2002, pp. 4–5; @tbl-x] and [words](page-12.html){prose}. F14, `code 7`.

[^a]: A note{note}.

| cell{table} |
|---|
| a |

: Caption {{#tbl-x}}

```{{python}}
#| label: tbl-y
#| tbl-cap: "Caption{caption}"
x = 17
print(f"there are {{x}} of them{string}")
print("{{:.2f}}".format(x))
```
"""


def an_article(folder: Path, **said: str) -> Path:
    places = ("title", "heading", "prose", "note", "table", "caption", "string")
    file = folder / "article.qmd"
    file.write_text(ARTICLE.format(**(dict.fromkeys(places, "") | said)), encoding="utf-8")
    return file


def test_values_references_citations_and_code_are_no_typed_results(tmp_path: Path) -> None:
    assert typed_results(an_article(tmp_path), []) == []


@pytest.mark.parametrize("place", ["title", "heading", "prose", "note", "table", "caption", "string"])
@pytest.mark.parametrize(
    "said", [" of 41 people", " in six cases", " with Half of them", " at 12%", " of one passage", " of no other claim"]
)
def test_a_typed_result_is_found_wherever_it_stands(tmp_path: Path, place: str, said: str) -> None:
    (found,) = typed_results(an_article(tmp_path, **{place: said}), [])
    assert IN_PROSE.search(said)[0] in found
    assert typed_results(an_article(tmp_path, **{place: said}), [r"(of|in|with|at) \S+ ?.*"]) == []


# The bibliography -----------------------------------------------------------------------------------------------------

ENTRY = re.compile(r"(?P<before>(?:^%[^\n]*\n)*)^@(?P<kind>\w+)\{(?P<key>[^,]+),(?P<fields>.*?)^\}", re.M | re.S)
CITED = re.compile(r"(?<![\w.])@(?!fig-|tbl-|sec-|eq-)([\w:.-]*\w)")


def bibliography_faults(references: str, article: str) -> list[str]:
    """Return entries that were not checked, hold a DOI that was not seen, are not cited or stand twice, and keys without an entry."""
    entries = list(ENTRY.finditer(references))
    keys = [entry["key"] for entry in entries]
    cited = set(CITED.findall(re.sub(r"(?ms)^```.*?^```", "", article)))
    found = [f"stands twice: {key}" for key in sorted(set(keys)) if keys.count(key) > 1]
    found += [f"not cited: {key}" for key in keys if key not in cited]
    found += [f"cited and not there: {key}" for key in sorted(cited - set(keys))]
    for entry in entries:
        checked = re.search(r"^% checked: \S+.*; seen: (?P<seen>.+)$", entry["before"], re.M)
        if checked is None:
            found.append(f"not said where it was checked: {entry['key']}")
        elif re.search(r"^\s*doi\s*=", entry["fields"], re.M) and not re.search(r"\bdoi\b", checked["seen"]):
            found.append(f"a DOI that was not seen: {entry['key']}")
    return found


def test_every_work_cited_is_in_the_bibliography_and_was_checked_against_a_record() -> None:
    references, *documents = (
        file.read_text(encoding="utf-8") for file in (REFERENCES, paths.ARTICLE, paths.SUPPLEMENT)
    )
    assert len(ENTRY.findall(references)) == len(re.findall(r"^\s*@", references, re.M)) > 0
    assert bibliography_faults(references, "\n".join(documents)) == []


CHECKED = """% checked: the publisher's page; seen: author, title, doi
@article{one2001,
  title = {A work},
  doi = {10.1/1},
}
"""


@pytest.mark.parametrize(
    ("references", "article", "fault"),
    [
        (
            CHECKED.replace("% checked: the publisher's page; seen: author, title, doi\n", ""),
            "@one2001",
            "not said where",
        ),
        (CHECKED.replace("the publisher's page; ", ""), "@one2001", "not said where it was checked: one2001"),
        (CHECKED.replace("title, doi", "title"), "@one2001", "a DOI that was not seen: one2001"),
        (CHECKED, "[see @two2002]", "cited and not there: two2002"),
        (CHECKED, "one2001 and a@one2001.org", "not cited: one2001"),
        (CHECKED * 2, "@one2001", "stands twice: one2001"),
    ],
)
def test_a_fault_of_the_bibliography_is_found(references: str, article: str, fault: str) -> None:
    assert any(told.startswith(fault) for told in bibliography_faults(references, article))


def test_a_checked_and_cited_bibliography_has_no_fault() -> None:
    assert bibliography_faults(CHECKED, "As @one2001 and [-@one2001, p. 3] say in @tbl-x.") == []
