"""Planned readings are as they were sealed and as codings.csv has them; the record follows readers or says why not."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.agreement import readers
from analysis.reanalysis import article_statements, blind_readings
from analysis.reanalysis.blind_readings import ReadingError
from analysis.study.evidence import Evidence
from analysis.support import paths

READINGS = paths.DATA / "readings"
LOG = (paths.DATA / "coding-log.md").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(READINGS, tmp_path / "readings"))


def test_the_planned_readings_are_as_they_were_written(study: Evidence) -> None:
    assert blind_readings.check(study, READINGS) == 2


def test_a_study_without_planned_readings_has_none(study: Evidence, tmp_path: Path) -> None:
    assert blind_readings.check(study, tmp_path / "readings") == 0


def sealed_again(copy: Path) -> None:
    """A plan that was changed together with its checksums."""
    for plan in copy.glob("*/plan.sha256"):
        names = [line.split()[1] for line in plan.read_text(encoding="utf-8").splitlines()]
        digests = [hashlib.sha256((plan.parent / name).read_bytes()).hexdigest() for name in names]
        plan.write_text("".join(f"{d}  {n}\n" for d, n in zip(digests, names, strict=True)), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "spoil", "told"),
    [
        ("instruction.md", lambda text: text + "\n", r"instruction\.md: it is no longer what plan\.sha256 sealed.*git checkout"),
        ("shown.csv", lambda text: text.replace(",F12,", ",F11,", 1), r"shown\.csv: it is no longer what plan\.sha256 sealed"),
        ("reader-e.csv", lambda text: text.replace("N01,", "N99,", 1), r"reader-e\.csv, row 2, field shown_as: no passage.*'N99'"),
        ("reader-f.csv", lambda text: text.replace("dissemination", "initiation", 1), r"reader-f wrote other codes for T07"),
        ("reader-f.csv", lambda text: text.replace("stage_alternatives", "alternatives", 1), r"reader-f\.csv: the table lacks the column stage_alternatives"),
        ("reader-f.csv", lambda text: text[: text.index("N41,")], r"reader-f wrote other codes for \w+ than codings\.csv has"),
    ],
    ids=["instruction changed", "order changed", "no such number", "another code", "a column lost", "a passage left out"],
)  # fmt: skip
def test_a_reading_that_is_not_as_it_was_is_refused(
    study: Evidence, copy: Path, name: str, spoil: Callable[[str], str], told: str
) -> None:
    (file,) = copy.glob(f"*/{name}")
    before = file.read_text(encoding="utf-8")
    file.write_text(spoil(before), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != before
    with pytest.raises(ReadingError, match=told):
        blind_readings.check(study, copy)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (",F12,", ",F99,", r"shown\.csv, row 2, field extract_id: there is no such passage.*'F99'"),
        ("reader-e,N01", "reader-z,N01", r"shown\.csv, row 2, field coder_id: there is no such coder.*'reader-z'"),
        (
            ",320759bd3a5f5c53,",
            ",0000000000000000,",
            r"row 2, field passage: the wording that was shown is not the one",
        ),
    ],
)
def test_a_plan_that_names_what_there_is_not_is_refused_with_its_row(
    study: Evidence, copy: Path, before: str, after: str, told: str
) -> None:
    (file,) = copy.glob("*/shown.csv")
    file.write_text(file.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    sealed_again(copy)
    with pytest.raises(ReadingError, match=told):
        blind_readings.check(study, copy)


def test_a_reading_that_is_lost_is_told(study: Evidence, copy: Path) -> None:
    next(copy.glob("*/reader-e.csv")).unlink()
    with pytest.raises(ReadingError, match=r"reader-e\.csv: cannot be read"):
        blind_readings.check(study, copy)


def reconciled(study: Evidence, facet: str) -> pd.DataFrame:
    """The codings of the readers who were reconciled; who joins later waits for that."""
    return study.codings[
        study.codings["facet"].eq(facet) & study.codings["coder_id"].isin(article_statements.RECONCILED)
    ]


@pytest.mark.parametrize("facet", ["stage", "response"])
def test_every_code_that_a_reader_gave_is_allowed_or_struck_in_the_log(study: Evidence, facet: str) -> None:
    record = study.record[study.record["facet"] == facet]
    allowed = set(record[["extract_id", "code_id"]].itertuples(index=False, name=None))
    given = set(reconciled(study, facet)[["extract_id", "code_id"]].itertuples(index=False, name=None))
    assert given - allowed  # the log has something to say
    for extract, code in given - allowed:
        assert re.search(rf"Struck as before:[^.]*{extract}\s+{code}\b[^.]*\(", LOG), (extract, code)


@pytest.mark.parametrize("facet", ["stage", "response"])
def test_the_record_is_what_most_readers_chose(study: Evidence, facet: str) -> None:
    record = study.record[(study.record["facet"] == facet) & (study.record["role"] == "primary")]
    settled = dict(record[["extract_id", "code_id"]].to_numpy().tolist())
    for extract, chosen in readers.most_chosen(reconciled(study, facet)).items():
        assert settled[extract] in chosen
