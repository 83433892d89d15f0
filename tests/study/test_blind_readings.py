"""Readings that wait to become codings: their plan is as it was, and each passage was shown to and coded by each reader."""

import csv
import hashlib
from pathlib import Path

import pytest

from analysis.study.evidence import Evidence
from analysis.support import paths

FOLDERS = sorted((paths.DATA / "readings").glob("*/"))
STAGES = {"initiation", "operationalization", "dissemination", "not-stated"}


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_are_readings() -> None:
    assert FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_plan_is_as_it_was_before_the_reading(folder: Path) -> None:
    lines = (folder / "plan.sha256").read_text(encoding="utf-8").splitlines()
    noted = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert noted.keys() == {"instruction.md", "shown.csv"}
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in noted} == noted


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_reader_was_shown_every_passage_once_in_the_wording_that_is_sealed(folder: Path, study: Evidence) -> None:
    sealed = study.fragments[study.fragments["owner_id"].isin(study.extracts["extract_id"])]
    alone = sealed.groupby("owner_id")["fingerprint"].agg(list).loc[lambda found: found.str.len() == 1].str[0]
    shown = rows(folder / "shown.csv")
    for reader in {row["coder_id"] for row in shown}:
        own = {row["extract_id"]: row["passage"] for row in shown if row["coder_id"] == reader}
        assert own.keys() == {*study.extracts["extract_id"]}
        assert {passage: own[passage] for passage in alone.index} == alone.to_dict()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_reader_coded_every_passage_with_codes_that_there_are(folder: Path) -> None:
    shown = rows(folder / "shown.csv")
    for reader in {row["coder_id"] for row in shown}:
        read = rows(folder / f"{reader}.csv")
        assert [row["shown_as"] for row in read] == [row["shown_as"] for row in shown if row["coder_id"] == reader]
        assert {row["stage"] for row in read} | {
            code for row in read for code in row["stage_alternatives"].split()
        } <= STAGES
        assert all(row["stage"] not in row["stage_alternatives"].split() for row in read)
        assert {row["response"] for row in read} <= {"reported", "not-reported"}
        assert all(row["stage_reason"].strip() and row["response_reason"].strip() for row in read)
