"""The gists of any study: what is coded from where there are blind gists, and where there are none."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from studies import described, made

from analysis.study import gists, loading
from analysis.study.evidence import Evidence

CODES = [("theme", "a", "theme", "")]
PASSAGES = [("T01", "P01", ""), ("T02", "P02", "")]


@pytest.fixture
def small() -> Evidence:
    """Two passages of a study that has gists alone."""
    return made(CODES, PASSAGES, [("T01", "theme", "a", "primary", "supports", "wording")])


def test_a_study_without_blind_gists_is_coded_from_its_gists(small: Evidence) -> None:
    assert gists.to_code_from(small) == {"T01": "Gist T01", "T02": "Gist T02"}
    assert not gists.are_blind(small)


def test_a_passage_without_a_blind_gist_is_coded_from_its_gist(small: Evidence) -> None:
    some = replace(small, extracts=small.extracts.assign(blind_gist=["Blind", ""]))
    assert gists.to_code_from(some) == {"T01": "Blind", "T02": "Gist T02"}
    assert gists.are_blind(some)
    assert not gists.are_blind(replace(small, extracts=small.extracts.assign(blind_gist="")))


def test_the_column_of_blind_gists_may_be_left_out_of_a_package(package: Path) -> None:
    about = described(package)
    (extracts,) = (one for one in about["resources"] if one["name"] == "extracts")
    extracts["schema"]["fields"] = [one for one in extracts["schema"]["fields"] if one["name"] != gists.BLIND]
    (package / loading.DESCRIPTION).write_text(json.dumps(about), encoding="utf-8")
    file = package / "evidence" / "extracts.csv"
    pd.read_csv(file, dtype=str, keep_default_na=False).drop(columns=gists.BLIND).to_csv(file, index=False)
    study = loading.load(package)
    assert gists.to_code_from(study) == dict(study.extracts[["extract_id", "gist"]].to_numpy())


def test_the_fingerprint_of_a_gist_changes_with_a_comma() -> None:
    assert len({gists.fingerprint(one) for one in ("So, it is.", "So it is.", "so it is.")}) == 3
