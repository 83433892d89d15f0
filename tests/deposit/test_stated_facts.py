"""What the compendium says of itself is stated once, and no file contradicts it."""

import json
from pathlib import Path
from typing import Any

import pytest
from small_repository import STATING, replace

from analysis.deposit import catalogue_records, stated_facts
from analysis.deposit.stated_facts import DepositError, Facts
from analysis.support import paths

CITATION = "CITATION.cff"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that state something, which a test may spoil."""
    for name in STATING:
        if (paths.ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((paths.ROOT / name).read_bytes())
    return tmp_path


@pytest.fixture(scope="module")
def facts() -> Facts:
    return stated_facts.facts(paths.ROOT)


def test_no_committed_file_contradicts_the_citation_file() -> None:
    assert stated_facts.faults(paths.ROOT) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("data/datapackage.json", '"version": "', '"version": "9', "data/datapackage.json, field version: contradicts"),
        ("data/datapackage.json", '"volume": 103', '"volume": 104', "field study.article.volume: contradicts .* says 103"),
        ("data/datapackage.json", '"name": "CC-BY-4.0"', '"name": "CC0-1.0"', "field licenses: contradicts"),
        ("data/datapackage.json", '"title": "Power in co-production contributors"', '"title": "X"', "field contributors"),
        ("paper/_quarto.yml", "date: 20", "date: 19", "paper/_quarto.yml, field date: contradicts CITATION.cff"),
        ("paper/_quarto.yml", "container-title: \"Power", "container-title: \"Might", "field citation.container-title"),
        ("paper/_quarto.yml", "name: Power in", "name: Might in", "field author: contradicts"),
        ("pyproject.toml", 'license = "MIT"', 'license = "ISC"', "pyproject.toml, field license: contradicts"),
        ("LICENSE", "MIT License", "No licence", "LICENSE: does not say 'MIT License'"),
        (CITATION, "  - MIT\n", "  - MIT\n  - GPL-3.0-only\n", "has no file here: GPL-3.0-only. Name MIT or CC-BY-4.0"),
        (CITATION, "date-released: ", "date-released: about ", "date-released is not a day"),
        (CITATION, "abstract: >-", "comment: >-", "does not say: abstract. Add it"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named_with_its_file_and_place(
    folder: Path, file: str, before: str, after: str, said: str
) -> None:
    replace(folder / file, before, after)
    with pytest.raises(DepositError, match=said):
        stated_facts.facts(folder)


def test_a_licence_that_is_missing_is_named(folder: Path) -> None:
    (folder / "LICENSE-DATA").unlink()
    with pytest.raises(
        DepositError, match=r"LICENSE-DATA: is missing: it is the licence of data and text \(CC-BY-4.0\)"
    ):
        stated_facts.facts(folder)


def test_zenodo_is_given_what_it_requires(facts: Facts) -> None:
    """As https://developers.zenodo.org/#representation lists it; the names are those of its vocabularies."""
    record = catalogue_records.zenodo(facts)
    required = {"upload_type", "publication_date", "title", "creators", "description", "access_right", "license"}
    assert required <= record.keys()
    assert record["upload_type"] == "dataset"
    assert record["access_right"] == "open"
    assert record["license"] == "CC-BY-4.0"
    assert "Code: MIT License (LICENSE)" in record["notes"]
    (related,) = record["related_identifiers"]
    assert related["identifier"] == facts.article["doi"]
    assert len(record["language"]) == 3


def test_a_doi_and_people_with_names_come_into_every_record(facts: Facts) -> None:
    orcid = "https://orcid.org/0000-0002-1825-0097"  # that of Josiah Carberry, an invented person
    person = {"family-names": "Invented", "given-names": "Ada", "orcid": orcid}
    signed = Facts(facts.cited | {"doi": "10.5281/zenodo.1", "authors": [person]}, facts.project)
    texts: dict[str, Any] = {name: json.loads(text) for name, text in catalogue_records.records(signed).items()}
    datacite, zenodo, codemeta = texts.values()
    assert datacite["doi"] == zenodo["doi"] == "10.5281/zenodo.1"
    assert codemeta["identifier"] == "https://doi.org/10.5281/zenodo.1"
    assert datacite["creators"][0]["name"] == zenodo["creators"][0]["name"] == "Invented, Ada"
    assert datacite["creators"][0]["nameIdentifiers"][0]["nameIdentifier"] == orcid
    assert zenodo["creators"][0]["orcid"] == orcid.rpartition("/")[2]
    assert codemeta["author"] == [{"id": orcid, "type": "Person", "givenName": "Ada", "familyName": "Invented"}]
