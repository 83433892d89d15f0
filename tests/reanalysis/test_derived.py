"""Derived tables: the same bytes each time, and no change goes unnoticed."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from command_line import run
from moved_tables import REFUSED, moved_by_coding
from mutations import of_codings, of_description, of_values

from analysis.reanalysis import close_reading, derived
from analysis.reanalysis.derived import DerivedError
from analysis.study.evidence import Evidence
from analysis.support import paths


def test_the_committed_tables_are_what_the_evidence_gives(recomputed: dict[str, str]) -> None:
    assert derived.differences(recomputed) == []


def test_the_tables_are_written_byte_by_byte_as_they_are_committed(
    study: Evidence, recomputed: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived, "recompute", lambda _: recomputed)
    derived.write(study, tmp_path / "again")
    written, committed = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in (tmp_path / "again", paths.DERIVED)
    )
    assert written == committed


def test_a_changed_value_is_told_with_its_place(recomputed: dict[str, str], package: Path) -> None:
    file = package / "derived" / "table-1.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",2,true", ",3,true"), encoding="utf-8")
    (moved,) = derived.differences(recomputed, package / "derived")
    assert str(moved) == "table-1.csv, source_id D2, passages: committed '3', recomputed '2'"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "table-1.csv").unlink(), "table-1.csv: committed absent, recomputed 'a table'"),
        (lambda folder: (folder / "more.csv").write_text("a\n"), "more.csv: committed 'a file', recomputed absent"),
        (
            lambda folder: (folder / "table-1.csv").write_text(
                "".join((folder / "table-1.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:-1])
            ),
            "table-1.csv, source_id D4: committed absent, recomputed 'a row'",
        ),
        (
            lambda folder: (folder / "table-1.csv").write_bytes(
                (folder / "table-1.csv").read_bytes().replace(b"\n", b"\r\n")
            ),
            "table-1.csv, order of rows or notation: committed 'another', recomputed 'this'",
        ),
    ],
    ids=["missing table", "table too many", "missing row", "line ends"],
)
def test_whatever_else_differs_is_told(
    recomputed: dict[str, str], package: Path, spoil: Callable[[Path], object], told: str
) -> None:
    spoil(package / "derived")
    assert [str(moved) for moved in derived.differences(recomputed, package / "derived")] == [told]


@pytest.fixture
def recomputing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands on the same codings compute the tables once."""
    recompute = derived.recompute
    made: dict[str, dict[str, str]] = {}

    def once(evidence: Evidence) -> dict[str, str]:
        codings = evidence.codings.to_csv()
        if codings not in made:
            made[codings] = recompute(evidence)
        return made[codings]

    monkeypatch.setattr(derived, "recompute", once)


@pytest.mark.usefixtures("recomputing_once")
def test_verify_says_which_numbers_moved_and_accepts_the_tables_that_derive_writes(
    recomputed: dict[str, str], package: Path
) -> None:
    file = package / "evidence" / "codings.csv"
    text = file.read_text(encoding="utf-8")
    for code in ("T09,article,power,accessible-language", "T09,compendium,stage,operationalization"):
        text = text.replace(f"{code},primary,supports", f"{code},primary,counters")
    file.write_text(text, encoding="utf-8")
    ran = run("verify", "--data", str(package))
    assert ran.returncode == 1
    assert "coding-structure.csv, code_id resource, unit passage, stance supports, count: committed '9'" in ran.stdout
    assert "stage-by-power.csv, unit passage, basis wording, level dimension, power resource" in ran.stdout
    assert ran.stderr == ""
    for path in (package / "derived").iterdir():
        path.write_text("spoiled")
    assert {moved.table for moved in derived.differences(recomputed, package / "derived")} == {*recomputed}
    assert run("derive", "--data", str(package)).returncode == 0
    assert run("verify", "--data", str(package)).returncode == 0


def test_without_derived_tables_verify_says_how_to_get_them(recomputed: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(DerivedError, match="analysis derive"):
        derived.differences(recomputed, tmp_path / "none")


def test_a_notebooks_check_raises_with_what_differs(study: Evidence, package: Path) -> None:
    folder = package / "derived"
    assert "all 24 values" in derived.check("table-1", study, folder)
    (folder / "table-1.csv").write_text("source_id,passages\nD1,7\n")
    with pytest.raises(DerivedError, match=r"source_id D1, passages: committed '7', recomputed '0'"):
        derived.check("table-1", study, folder)


@pytest.mark.thorough
def test_a_sample_of_changed_codings_is_noticed(study: Evidence) -> None:
    changes = list(of_codings(study))
    for name, changed in changes[:: len(changes) // 6]:
        assert changed(), name  # the evidence is refused or some number moves


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        (19, "stance", "counters"),
        (145, "code_id", "operationalization"),
        (211, "role", "alternative"),
        (434, "stance", "context"),
        (569, "code_id", "speaking-academic"),
    ],
)
def test_the_tables_that_a_changed_coding_moves_are_those_of_a_whole_recomputation(
    study: Evidence, recomputed: dict[str, str], row: int, field: str, value: str
) -> None:
    codings = study.codings.copy()
    before, codings.loc[row - 2, field] = codings.at[row - 2, field], value
    assert before != value
    changed = dataclasses.replace(study, codings=codings)
    whole = {name for name, content in derived.recompute(changed).items() if content != recomputed[name]}
    extract, facet, coder = codings.loc[row - 2, ["extract_id", "facet", "coder_id"]]
    assert whole
    found = moved_by_coding(changed, extract, facet, coder in study.study.coding_of_record[facet])
    assert {f"{name}.csv" for name in found} == whole


@pytest.mark.thorough
def test_a_sample_of_changed_facts_in_the_description_is_noticed() -> None:
    changes = dict(of_description())
    assert len(changes) > 250
    for name in [*changes][::80]:
        assert changes[name](), name
    assert changes["datapackage.json, study/interviews: 49"]() == ("claims", "concentration")
    assert changes["datapackage.json, resources/1/path: evidence/sources.csv"]() == REFUSED


@pytest.mark.thorough
def test_a_sample_of_changed_values_is_noticed() -> None:
    changes = list(of_values())
    for _, changed in changes[:: len(changes) // 50]:
        assert changed()


def test_the_table_in_the_data_readme_is_computed(
    study: Evidence, recomputed: dict[str, str], package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme, committed = package / "README.md", (paths.DATA / "README.md").read_text(encoding="utf-8")
    observed: pd.DataFrame = close_reading.observations(study).set_index("observation")
    for observation, row in observed.iterrows():
        assert f"| `{observation}` | {row['count']} |" in committed
    readme.write_text(committed.replace("| `cited-passages` | 41 |", "| `cited-passages` | 40 |"), encoding="utf-8")
    (moved,) = derived.differences(recomputed, package / "derived")
    assert str(moved).startswith("README.md, observations: committed '| `cited-passages` | 40 |")
    monkeypatch.setattr(derived, "recompute", lambda _: recomputed)
    derived.write(study, package / "derived")
    assert readme.read_text(encoding="utf-8") == committed
