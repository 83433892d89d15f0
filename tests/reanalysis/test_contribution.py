"""A contribution goes through: the rows are added, `derive` is run, and nothing else is edited by hand."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths

pytestmark = pytest.mark.once
FOLDERS = ("study", "counting", "reanalysis", "statistics", "agreement", "display")
#: Long tests that any evidence passes: they spoil a copy of it and ask whether this is noticed.
NOT_RUN = "a_sample or verify or deriving or command_line"
NOT_COPIED = shutil.ignore_patterns(".*", "build", "private", "__pycache__")
# No statement that the article makes in words depends on this one, so a further stage of it changes counts alone.
STAGE = "not-stated"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the checkout, to contribute to."""
    return Path(shutil.copytree(paths.ROOT, tmp_path / "clone", ignore=NOT_COPIED))


def run(clone: Path, *command: str) -> str:
    """Run a module of Python in a clone, which must go well; return what it printed."""
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=clone, env=os.environ | {"PYTHONPATH": str(clone)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def append(clone: Path, table: str, *rows: dict[str, str]) -> None:
    """Add rows to a table of evidence."""
    written = io.StringIO()
    csv.DictWriter(written, [*rows[0]], lineterminator="\n").writerows(rows)
    with (clone / "data" / "evidence" / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(written.getvalue())


def assert_goes_through(clone: Path) -> None:
    assert "data/README.md" in run(clone, "analysis", "derive")
    assert "all equal to the committed ones" in run(clone, "analysis", "verify")
    chosen = ("-p", "evidence_tests", "-m", "not pages and not once", "-k", f"not ({NOT_RUN})")
    run(clone, "pytest", "-p", "no:cacheprovider", *chosen, *(f"tests/{folder}" for folder in FOLDERS))


def of_one_stage(study: Evidence) -> dict[str, str]:
    """Return the coding of the first passage for which the record has one stage, and another than `STAGE`."""
    stages = study.record[study.record["facet"] == "stage"]
    single = stages[~stages.duplicated("extract_id", keep=False) & (stages["code_id"] != STAGE)]
    return {str(column): str(value) for column, value in single.iloc[0].items()}


def test_one_more_alternative_goes_through(study: Evidence, clone: Path) -> None:
    stage = of_one_stage(study)
    reason = "The moment of this work is left open."
    append(clone, "codings", stage | {"code_id": STAGE, "role": "alternative", "basis": "none", "rationale": reason})
    before = len(loading.load(clone / "data").codings)
    assert before == len(study.codings) + 1
    assert_goes_through(clone)


def test_a_new_coder_goes_through(study: Evidence, clone: Path) -> None:
    name = "reader-x"
    first = study.codings[(study.codings["coder_id"] == "reader-a") & (study.codings["facet"] == "stage")]
    append(clone, "coders", {"coder_id": name, "kind": "language-model", "description": "A further reader of stages."})
    append(clone, "codings", *first.assign(coder_id=name).to_dict("records"))
    file = clone / "data" / loading.DESCRIPTION  # it names the makers of each table
    makers = re.compile(r'("name": "codings",.*?"madeBy": \[[^]]*)\]', re.DOTALL)
    described, replaced = makers.subn(rf'\1, "{name}"]', file.read_text(encoding="utf-8"), count=1)
    assert replaced
    file.write_text(described, encoding="utf-8")
    assert_goes_through(clone)
