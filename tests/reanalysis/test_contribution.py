"""A contribution goes through: the rows are added, `derive` is run, and nothing else is edited by hand."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.study import code_tree, loading
from analysis.study.evidence import Evidence
from analysis.support import paths

pytestmark = pytest.mark.once
#: The folders whose tests see the evidence, with the marks of those that run here. What builds the site, renders or
#: starts processes takes minutes, and shows what the others have checked.
FOLDERS = {
    "not pages and not once and not slow": (
        "study", "counting", "reanalysis", "statistics", "agreement", "display", "teaching",
    ),
    "quick": ("study_report", "rendering", "project", "cli", "site"),
}  # fmt: skip
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
    """Run Python in a clone, which must go well; return what it printed."""
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=clone, env=os.environ | {"PYTHONPATH": str(clone), "FEWER_EXAMPLES": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def append(clone: Path, table: str, *rows: dict[str, str]) -> None:
    """Add rows to a table of evidence."""
    written = io.StringIO()
    csv.DictWriter(written, [*rows[0]], lineterminator="\n").writerows(rows)
    with (clone / "data" / "evidence" / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(written.getvalue())


def assert_goes_through(clone: Path, of: Mapping[str, Sequence[str]] = FOLDERS) -> None:
    assert "data/README.md" in run(clone, "-m", "analysis", "derive")
    assert "all equal to the committed ones" in run(clone, "-m", "analysis", "verify")
    run(clone, "-c", statements_of_the_article())
    for marks, folders in of.items():
        chosen = ("-p", "evidence_tests", "-m", marks, "-k", f"not ({NOT_RUN})")
        run(clone, "-m", "pytest", "-p", "no:cacheprovider", *chosen, *(f"tests/{folder}" for folder in folders))


def statements_of_the_article() -> str:
    """Return the code of the article that checks what its prose says in words."""
    article = paths.ARTICLE.read_text(encoding="utf-8")
    cells = re.findall(
        r"^```\{python\}\n#\| label: (?:setup|statements)\n(.*?)^```$", article, re.DOTALL | re.MULTILINE
    )
    assert len(cells) == 2
    return "\n".join(cells)


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


def test_further_alternatives_go_through(study: Evidence, clone: Path) -> None:
    reason = "The moment of this work is left open."
    undated = of_one_stage(study) | {"code_id": STAGE, "role": "alternative", "basis": "none", "rationale": reason}
    dated = of_resource_power(study) | {"rationale": "The wording allows this moment as well."}
    append(clone, "codings", undated, dated)
    assert len(loading.load(clone / "data").codings) == len(study.codings) + 2
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
    # Codings that are not of record change no count.
    assert_goes_through(clone, {"quick": ("study", "agreement", "reanalysis", "site")})
