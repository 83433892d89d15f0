"""No text in a CSV file for people becomes a formula, and each reads back as it was."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import made

from analysis import study_report
from analysis.reanalysis import derived
from analysis.study.evidence import Evidence
from analysis.study_report import coded_passages
from analysis.support import csv_tables, paths
from analysis.support.csv_tables import guarded, unguarded
from analysis.teaching import learners

FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "''+1"]
TEXTS = ["", "plain", "'tis so", "a = b", "1-2", "−1", " =1", "'", "’=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXTS)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a1 "), max_size=6) | st.text(max_size=6))
def test_every_text_reads_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_numbers_stay_numbers_and_heads_are_guarded_too() -> None:
    table = pd.DataFrame({"=head": ["=1", "x"], "n": [-1, 2], "share": [-0.5, 1.0]})
    assert csv_tables.for_people(table) == "'=head,n,share\n'=1,-1,-0.5\nx,2,1.0\n"


def test_the_passages_beside_a_report_have_no_formula() -> None:
    codes = [("topic", "a", "topic", "")]
    many = [(f"E{n}", "P01", "") for n in range(coded_passages.MOST_ROWS + 1)]
    study = made(codes, many, [(e, "topic", "a", "primary", "supports", "wording") for e, _, _ in many])
    gists = [FORMULAS[n % len(FORMULAS)] for n in range(len(many))]
    study = Evidence(
        **{**{n: getattr(study, n) for n in study.__dataclass_fields__}, "extracts": study.extracts.assign(gist=gists)}
    )
    asked = study_report.asked(study)
    assert coded_passages.too_many(study, asked)
    written = study_report.report(study, asked, "command").passages
    assert written is not None
    read = [row["gist"] for row in csv.DictReader(io.StringIO(written, newline=""))]
    assert all(cell.startswith("'") for cell in read)
    assert [unguarded(cell) for cell in read] == gists


def test_a_carriage_return_ends_no_row() -> None:
    table = pd.DataFrame(
        {"text": ["a\rb", "c\r\nd", "", None], "n": [1, -2, 3, 4], "share": [0.5, 1.0, float("nan"), 2]}
    )
    rows = list(csv.reader(io.StringIO(csv_tables.exact(table), newline=""), strict=True))
    assert rows == [
        ["text", "n", "share"],
        ["a\rb", "1", "0.5"],
        ["c\r\nd", "-2", "1.0"],
        ["", "3", ""],
        ["", "4", "2.0"],
    ]
    without = table.assign(text="a")
    assert csv_tables.exact(without) == without.to_csv(index=False, lineterminator="\n")


def test_tables_of_the_data_package_stay_exact() -> None:
    table = pd.DataFrame({"text": FORMULAS})
    exact = [row[0] for row in csv.reader(io.StringIO(derived.as_csv(table), newline=""))]
    assert exact == ["text", *FORMULAS]


def test_codings_handed_in_with_guarded_cells_are_read_without_them(study: Evidence, tmp_path: Path) -> None:
    file = tmp_path / "robin.csv"
    file.write_text("extract_id,facet,code_id,role\nT02,stage,'=initiation,primary\n", encoding="utf-8")
    [fault] = learners.read(file, study).faults
    assert fault.value == "=initiation"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the scripts of the pages")
def test_the_scripts_of_the_pages_guard_as_the_package_does() -> None:
    script = (paths.ROOT / "docs" / "scripts" / "csv.js").read_text(encoding="utf-8")
    cells = json.dumps([*FORMULAS, *TEXTS])
    program = (
        f"{script}\nconst cells = {cells};\n"
        "console.log(JSON.stringify([compendium.csv(cells.map((cell) => [cell])), "
        "compendium.csv(cells.map((cell) => [cell])) && cells.map((cell) => compendium.unguarded(cell)), "
        "compendium.csv([[-1, 2]])]))"
    )
    ran = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    written, without, number = json.loads(ran.stdout)
    rows = [row[0] if row else "" for row in csv.reader(io.StringIO(written, newline=""))]
    assert rows == [guarded(cell) for cell in [*FORMULAS, *TEXTS]]
    assert without == [unguarded(cell) for cell in [*FORMULAS, *TEXTS]]
    assert number == "-1,2\n"
