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
from example_counts import FEWER

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.study import code_tree, loading
from analysis.study.evidence import Evidence
from analysis.support import paths

pytestmark = pytest.mark.thorough
NOT_COPIED = shutil.ignore_patterns(".*", "build", "private")  # compiled modules are, which saves seconds
# No statement that the article makes in words depends on this one, so a further stage of it changes counts alone.
STAGE = "not-stated"


def append(clone: Path, table: str, *rows: dict[str, str]) -> None:
    """Add rows to a table of evidence."""
    written = io.StringIO()
    csv.DictWriter(written, [*rows[0]], lineterminator="\n").writerows(rows)
    with (clone / "data" / "evidence" / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(written.getvalue())


def of_resource_power(study: Evidence) -> dict[str, str]:
    """Return the coding of the first passage on resource power that some stage is missing from, with that stage.

    No statement that the article makes in words depends on any of these alone.
    """
    coded = crosstabs.cases(study, Axis("power"), Axis("stage"))
    passages = [*coded.loc[coded["row"] == "resource", "extract_id"]]
    stages = study.record[(study.record["facet"] == "stage") & study.record["extract_id"].isin(passages)]
    for _, given in stages.groupby("extract_id", sort=False):
        for code in code_tree.codes_at(study.codes, "stage"):
            if code != STAGE and code not in set(given["code_id"]):
                first = {str(column): str(value) for column, value in given.iloc[0].items()}
                return first | {"code_id": code, "role": "alternative", "basis": "wording"}
    raise AssertionError("every passage on resource power can already be read at every stage")


def of_one_stage(study: Evidence) -> dict[str, str]:
    """Return the coding of the first passage for which the record has one stage, and another than `STAGE`.

    Not of structural power: that its passages lie in initiation in every reading is what a page for instructors says.
    """
    coded = crosstabs.cases(study, Axis("power"), Axis("stage"))
    structural = coded.loc[coded["row"] == "structural", "extract_id"]
    stages = study.record[(study.record["facet"] == "stage") & ~study.record["extract_id"].isin(structural)]
    single = stages[~stages.duplicated("extract_id", keep=False) & (stages["code_id"] != STAGE)]
    return {str(column): str(value) for column, value in single.iloc[0].items()}


def add_alternatives(study: Evidence, clone: Path) -> int:
    """Let two passages be read at one more stage each; return the number of rows."""
    reason = "The moment of this work is left open."
    undated = of_one_stage(study) | {"code_id": STAGE, "role": "alternative", "basis": "none", "rationale": reason}
    dated = of_resource_power(study) | {"rationale": "The wording allows this moment as well."}
    append(clone, "codings", undated, dated)
    return 2


def add_coder(study: Evidence, clone: Path) -> int:
    """Let a further coder read the stage of every passage; return the number of rows."""
    name = "reader-x"
    first = study.codings[(study.codings["coder_id"] == "reader-a") & (study.codings["facet"] == "stage")]
    append(clone, "coders", {"coder_id": name, "kind": "language-model", "description": "A further reader of stages."})
    append(clone, "codings", *first.assign(coder_id=name).to_dict("records"))
    file = clone / "data" / loading.DESCRIPTION  # it names the makers of each table
    makers = re.compile(r'("name": "codings",.*?"madeBy": \[[^]]*)\]', re.DOTALL)
    described, replaced = makers.subn(rf'\1, "{name}"]', file.read_text(encoding="utf-8"), count=1)
    assert replaced
    file.write_text(described, encoding="utf-8")
    return len(first)


def test_further_alternatives_and_a_new_coder_go_through(study: Evidence, tmp_path: Path) -> None:
    clone = Path(shutil.copytree(paths.ROOT, tmp_path / "clone", ignore=NOT_COPIED))
    added = add_alternatives(study, clone) + add_coder(study, clone)
    assert len(loading.load(clone / "data").codings) == len(study.codings) + added
    modules = os.pathsep.join([str(clone), str(clone / "tests" / "helpers")])
    ran = subprocess.run(
        [sys.executable, "-m", "evidence_tests"],
        cwd=clone, env=os.environ | {"PYTHONPATH": modules, FEWER: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
