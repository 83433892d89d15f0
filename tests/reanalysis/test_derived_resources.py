"""Derived tables and their descriptions in the data package cannot drift apart, and every row fits."""

import csv
import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from example_counts import some
from frictionless import Package

from analysis.reanalysis import derived, derived_resources
from analysis.reanalysis.derived_dictionary import COMMON, DICTIONARY
from analysis.reanalysis.derived_resources import DescriptionError
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths, safe_files

DESCRIPTION = paths.DATA / loading.DESCRIPTION


def described(file: Path = DESCRIPTION) -> list[dict[str, Any]]:
    resources = json.loads(file.read_text(encoding="utf-8"))["resources"]
    return [one for one in resources if derived_resources.is_derived(one)]


def test_frictionless_finds_every_table_of_the_package_and_every_row_valid() -> None:
    report = Package(str(DESCRIPTION)).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "message"]) == []
    assert {f"derived-{name}" for name in derived.TABLES} < {task.name for task in report.tasks}


def test_the_description_has_every_derived_table_with_its_key_and_its_columns_in_order() -> None:
    assert [one["name"] for one in described()] == [f"derived-{name}" for name in derived.TABLES]
    for one in described():
        with (paths.DATA / one["path"]).open(encoding="utf-8") as file:
            assert [field["name"] for field in one["schema"]["fields"]] == next(csv.reader(file))
        assert tuple(one["schema"]["primaryKey"]) == derived.TABLES[one["name"].removeprefix("derived-")][1]
        assert all(field["description"] for field in one["schema"]["fields"])


def test_the_committed_description_is_the_one_that_derive_writes(study: Evidence, recomputed: dict[str, str]) -> None:
    assert derived.description_differences(study, recomputed, paths.DATA) == []


def test_a_reader_gets_each_column_in_the_type_that_is_described() -> None:
    kinds = {"integer": "i", "number": "f", "boolean": "b"}
    for one in described():
        table = pd.read_csv(paths.DATA / one["path"])
        for field in one["schema"]["fields"]:
            if field["type"] != "string" and table[field["name"]].notna().any():
                assert table[field["name"]].dtype.kind in (kinds[field["type"]], "i"), field["name"]


def test_the_dictionary_describes_no_column_that_no_table_has(recomputed: dict[str, str]) -> None:
    columns = {name: set(recomputed[f"{name}.csv"].partition("\n")[0].split(",")) for name in DICTIONARY}
    assert [one for name, table in DICTIONARY.items() for one in table.columns if one not in columns[name]] == []
    assert set(COMMON) <= {column for name, of in columns.items() for column in of - set(DICTIONARY[name].columns)}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda found: found.update(title="Other"), "derived-table-1, title: committed '\"Other\"'"),
        (lambda found: found.update(madeBy=["reader-a"]), "derived-table-1, madeBy: committed"),
        (lambda found: found["schema"].pop("primaryKey"), "derived-table-1, primaryKey: committed absent"),
        (lambda found: found["schema"]["fields"].pop(), "derived-table-1, field after_interviews: committed absent"),
        (lambda found: found["schema"]["fields"].reverse(), "derived-table-1, order: committed"),
        (
            lambda found: found["schema"]["fields"][4].update(type="string"),
            "derived-table-1, field passages: committed",
        ),
        (lambda found: found.update(name="derived-more"), "derived-more: committed 'a table', recomputed absent"),
    ],
    ids=["title", "makers", "key", "column", "order", "type", "name"],
)
def test_verify_names_what_a_description_has_otherwise(
    study: Evidence, recomputed: dict[str, str], package: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    file = package / loading.DESCRIPTION
    spoiled = json.loads(file.read_text(encoding="utf-8"))
    change(next(one for one in spoiled["resources"] if one["name"] == "derived-table-1"))
    file.write_text(json.dumps(spoiled), encoding="utf-8")
    moved = derived.description_differences(study, recomputed, package)
    assert str(moved[0]).startswith(f"datapackage.json, {told}")
    file.write_text(derived_resources.filled(json.dumps(spoiled), described()), encoding="utf-8")
    assert derived.description_differences(study, recomputed, package) == []


def test_writing_the_descriptions_leaves_all_else_as_it_is_laid_out() -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    assert derived_resources.filled(text, described()) == text
    without = derived_resources.filled(text, [])
    assert without == text.split(',\n    {\n      "name": "derived-')[0] + "\n  ]\n}\n"
    assert derived_resources.filled(without, described()) == text


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    some([
        ("stage-by-power", "count", "-1", "row 2, field count: the value does not fit (found '-1'). Expected: integer"),
        ("stage-by-power", "stage", "later", "row 2, field stage: the value does not fit (found 'later')"),
        ("claim-patterns", "claim_id", "C00", "row 2, field claim_id: table claims has no such row (found 'C00')"),
        ("codings-by-coder", "code_id", "none", "row 2, field facet, code_id: table codes has no such row"),
        ("table-2", "extract_id", "T02", "row 3, field extract_id: an earlier row has the same key (found 'T02')"),
        ("claims", "verdict", "true", "row 2, field verdict: the value does not fit (found 'true')"),
        ("claim-patterns", "share", "1.1", "row 2, field share: the value does not fit (found '1.1')"),
    ], 3),
)  # fmt: skip
def test_a_table_that_breaks_its_description_is_not_written(
    study: Evidence, recomputed: dict[str, str], package: Path, monkeypatch: pytest.MonkeyPatch,
    table: str, column: str, value: str, told: str,
) -> None:  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(recomputed[f"{table}.csv"])))
    rows[0][column] = value
    spoiled = io.StringIO()
    writer = csv.DictWriter(spoiled, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    monkeypatch.setattr(derived, "recompute", lambda _: recomputed | {f"{table}.csv": spoiled.getvalue()})
    before = {path: path.read_bytes() for path in sorted(package.rglob("*")) if path.is_file()}
    with pytest.raises(DescriptionError) as refused:
        derived.write(study, package / "derived")
    assert f"derived/{table}.csv, {told}" in str(refused.value)
    assert {path: path.read_bytes() for path in sorted(package.rglob("*")) if path.is_file()} == before


def test_a_column_that_nothing_describes_is_refused_and_one_of_a_further_coder_is_not(
    study: Evidence, recomputed: dict[str, str]
) -> None:
    keys = {name: key for name, (_, key) in derived.TABLES.items()}
    content = recomputed["stage-side-by-side.csv"].replace("same_primary", "reader-of-this-test,same_primary", 1)
    with pytest.raises(DescriptionError, match="stage-side-by-side: column 'reader-of-this-test' is not described"):
        derived_resources.resources(study, {"stage-side-by-side.csv": content}, keys)
    coders = pd.concat([study.coders, study.coders.iloc[:1].assign(coder_id="reader-of-this-test")], ignore_index=True)
    joined = dataclasses.replace(study, coders=coders)
    (found,) = derived_resources.resources(joined, {"stage-side-by-side.csv": content}, keys)
    assert "reader-of-this-test" in [field["name"] for field in found["schema"]["fields"]]
    with pytest.raises(DescriptionError, match="more: the table is not described"):
        derived_resources.resources(study, {"more.csv": "a\n"}, keys)


def test_loading_a_study_opens_no_derived_table(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    content = safe_files.content

    def noted(file: Path) -> bytes:
        opened.append(file)
        return content(file)

    monkeypatch.setattr(safe_files, "content", noted)
    loading.load(package)
    assert opened
    assert not [file for file in opened if file.parent.name == "derived"]
