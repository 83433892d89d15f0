"""Every item of every standard has a place where it is answered, or a reason why not; facts are looked up."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.site.pages import annotated_claims, citing, fair_and_reporting
from analysis.site.pages.fair_and_reporting import MET, items
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths, provenance

ITEMS = {
    "fair": "F1 F2 F3 F4 A1 A1.1 A1.2 A2 I1 I2 I3 R1 R1.1 R1.2 R1.3",
    "fair4rs": "F1 F1.1 F1.2 F2 F3 F4 A1 A1.1 A1.2 A2 I1 I2 R1 R1.1 R1.2 R2 R3",
}
#: How the supplement says that there is nothing to lead to.
REASONS = re.compile(r"not applicable|no\b.*|none\b.*|.*`data/coding-log\.md`")


@pytest.mark.parametrize("name", ["fair", "fair4rs", "top"])
def test_each_item_is_there_once_with_a_link_a_file_or_a_reason(name: str) -> None:
    found = items(name)
    assert [one["item"] for one in found] == ITEMS[name].split() if name in ITEMS else len(found) == 7 + 2 + 4
    assert {one["met"] for one in found} <= set(MET)
    assert fair_and_reporting.standard(name).count("\n") == len(found) + 1
    for one in found:
        led = "](" in one["answer"] or "`" in one["answer"]
        assert led or one["met"] in ("no", "not needed", "disclosed"), one["item"]


@pytest.mark.parametrize(("section", "number"), [("coreq", 32), ("srqr", 21)])
def test_the_supplement_answers_each_item_of_a_reporting_guideline_or_says_why_not(section: str, number: int) -> None:
    rows = fair_and_reporting.reporting_rows(section)
    assert [row[0] for row in rows] == list(range(1, number + 1))
    assert fair_and_reporting.reporting_counted(section).startswith(f"{number} items")
    assert not [row for row in rows if not re.search(r"\]\(|@tbl-", row[2]) and not REASONS.fullmatch(row[2])]


@pytest.mark.parametrize("name", ["fair", "fair4rs", "top"])
def test_every_file_that_an_item_names_is_in_the_repository_or_the_archive(name: str) -> None:
    named = set(re.findall(r"`([^`]+)`", " ".join(one["answer"] for one in items(name))))
    assert not [one for one in named if not (paths.ROOT / one).exists() and one not in provenance.ADDED]


def test_what_depends_on_a_doi_is_met_once_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cited: dict[str, Any] = citing.read_citation(citing.CITATION)
    monkeypatch.setattr(citing, "citation", lambda: {key: value for key, value in cited.items() if key != "doi"})
    without = {one["item"] for one in items("fair") if one["met"] == "no"}
    monkeypatch.setattr(citing, "citation", lambda: cited | {"doi": "10.1234/invented"})
    assert without == {"F1", "F3", "F4", "A1", "A2"}
    assert not [one for one in items("fair") if one["met"] == "no"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"met": "perhaps"}, r"invented.yml, field met: there is no such word for how an item is met.*perhaps"),
        ({"answer": None}, r"does not have the texts answer, asks, item, met"),
        ({"met": "doi"}, r"and 'otherwise', where met is a fact"),
        ({"otherwise": "An invented place"}, r"and 'otherwise', where met is a fact"),
    ],
)
def test_a_row_that_cannot_be_shown_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    row = {"item": "Z9", "asks": "An invented question", "met": "yes", "answer": "An invented place"} | change
    (tmp_path / "invented.yml").write_text(yaml.safe_dump([row]), encoding="utf-8")
    with pytest.raises(SiteError, match=said):
        items("invented", tmp_path)


def test_annotations_have_addresses_only_where_the_site_has_one(study: Evidence) -> None:
    for address in ("", "https://example.org/power/"):
        ((place, content),) = annotated_claims.files(study, address)
        assert place == "claims/annotations.jsonld"
        assert (b"https://example.org/power/claims/index.html#C58" in content) is bool(address)
