"""Works of the workbench become studies: from a file of the page to `study import`, `check` and `report`."""

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from coded_works import Work, exported, simulated, two_coders
from command_line import run

from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.study import loading

CALLS = {
    "a.qdpx": "wb.refi.project(works)",
    "a.csv": "new TextEncoder().encode(wb.tables.codings(works))",
    "a.zip": "wb.tables.study(works)",
}


@pytest.fixture
def works() -> list[Work]:
    """Two coders over two texts."""
    return two_coders()


def saved(chromium: Browser, folder: Path, name: str, works: list[Work]) -> Path:
    file = folder / name
    file.write_bytes(exported(chromium, folder, CALLS[name], works))
    return file


def imported(file: Path, folder: Path) -> Path:
    """Return the folder of the study that a file becomes; a study that was saved is only unpacked."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
    else:
        commands.import_study(commands.read(file, strict=True), Choices(), folder, lambda _: None)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def given(folder: Path) -> Counter[tuple[str, ...]]:
    """Return coder, facet, code, reason and words of each coding of a study."""
    words = {row["owner_id"]: row["wording"] for row in rows(folder, "private/wording.csv")}
    return Counter(
        (row["coder_id"], row["facet"], row["code_id"], row["rationale"], words.get(row["extract_id"], ""))
        for row in rows(folder, "evidence/codings.csv")
    )


def test_a_saved_project_is_imported_checked_and_reported(chromium: Browser, tmp_path: Path, works: list[Work]) -> None:
    file, study, report = saved(chromium, tmp_path, "a.qdpx", works), tmp_path / "study", tmp_path / "report.html"
    for arguments, said in (
        (("import", file, study, "--strict"), "nine codings"),
        (("check", study), "is valid"),
        (("report", study, "--into", report, "--ignore-disclosure-findings"), "Report:"),
    ):
        ran = run("study", *arguments)
        assert ran.returncode == 0, ran.stderr
        assert said in ran.stdout
    page = report.read_text(encoding="utf-8")
    for expected in ("Being heard", "ann", "ben", "Simulated data"):
        assert expected in page


@pytest.mark.parametrize("name", CALLS)
def test_every_file_gives_a_study_with_all_codings(
    chromium: Browser, tmp_path: Path, works: list[Work], name: str
) -> None:
    folder = imported(saved(chromium, tmp_path, name, works), tmp_path / "study")
    study = loading.load(folder)
    assert study.study.simulated
    assert sum(given(folder).values()) == sum(len(one["codings"]) for one in works)
    assert ("ann", "voice", "voice", "Why?\nBecause & <so>.", "👍🏽 ") in given(folder)
    assert ("ben", "voice", "being-heard", "", "👍🏽 Tell me.\nAnn: We are 👨") in given(folder)
    if name == "a.zip":
        ran = run("study", "report", folder, "--into", tmp_path / "a.html", "--ignore-disclosure-findings")
        assert ran.returncode == 0, ran.stderr


def test_a_table_says_what_the_project_says(chromium: Browser, tmp_path: Path) -> None:
    works = simulated(400, 60, 2)
    ours, theirs = (imported(saved(chromium, tmp_path, name, works), tmp_path / name[2:]) for name in list(CALLS)[:2])
    assert given(ours) == given(theirs)


def plain(package: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a package without titles and descriptions, and without how its file was read."""
    origin = dict(package["study"]["importedFrom"])
    for known in ("file", "sha256", "positions"):
        del origin[known]
    resources = []
    for resource in package["resources"]:
        fields = [
            {key: value for key, value in field.items() if key != "description"}
            for field in resource["schema"]["fields"]
        ]
        kept = {key: value for key, value in resource.items() if key not in ("title", "description")}
        resources.append({**kept, "schema": {**resource["schema"], "fields": fields}})
    return {**package, "study": {**package["study"], "importedFrom": origin}, "resources": resources}


@pytest.mark.parametrize("made", [two_coders, lambda: simulated(600, 80, 3)], ids=["two coders", "simulated"])
def test_a_saved_study_is_the_one_that_the_importer_makes_of_the_project(
    chromium: Browser, tmp_path: Path, made: Any
) -> None:
    works = made()
    ours = imported(saved(chromium, tmp_path, "a.zip", works), tmp_path / "ours")
    theirs = imported(saved(chromium, tmp_path, "a.qdpx", works), tmp_path / "theirs")
    names = [
        sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
        for folder in (ours, theirs)
    ]
    assert names[0] == names[1]
    for name in names[0]:
        if not name.endswith((".qdpx", "datapackage.json")):
            assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name
    packages = [json.loads((folder / "datapackage.json").read_bytes()) for folder in (ours, theirs)]
    assert plain(packages[0]) == plain(packages[1])


def test_a_saved_study_becomes_a_project_again(chromium: Browser, tmp_path: Path, works: list[Work]) -> None:
    folder = imported(saved(chromium, tmp_path, "a.zip", works), tmp_path / "study")
    commands.export_study(folder, tmp_path / "again.qdpx", True, lambda _: None)
    again = imported(tmp_path / "again.qdpx", tmp_path / "again")
    assert given(again) == given(folder)


def test_cells_that_begin_like_formulas_are_guarded_in_the_table_and_read_as_they_were(
    chromium: Browser, tmp_path: Path, works: list[Work]
) -> None:
    works[0]["codings"][0]["memo"] = "=1+1"
    file = saved(chromium, tmp_path, "a.csv", works)
    cells = [cell for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))) for cell in row]
    assert "'=1+1" in cells
    assert "=1+1" not in cells
    assert "=1+1" in {rationale for _, _, _, rationale, _ in given(imported(file, tmp_path / "study"))}
