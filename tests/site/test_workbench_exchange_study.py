"""Works of the workbench become studies: from a file of the page to `study import` and `study report`."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from browser import Browser
from coded_works import Work, exported, two_coders
import pytest

from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.study import loading


def imported(file: Path, folder: Path, **options: Any) -> Path:
    commands.import_study(commands.read(file, **options), Choices(), folder, lambda _: None)
    return folder


def test_tables_are_those_that_the_importer_makes_of_the_project(chromium: Browser, tmp_path: Path) -> None:
    works = two_coders()
    archive = zipfile.ZipFile(io.BytesIO(exported(chromium, tmp_path, "wb.tables.study(works)", works)))
    archive.extractall(tmp_path / "ours")
    (tmp_path / "a.qdpx").write_bytes(exported(chromium, tmp_path, "wb.refi.project(works)", works))
    theirs = imported(tmp_path / "a.qdpx", tmp_path / "theirs")
    assert loading.load(tmp_path / "ours").study.simulated
    names = sorted(str(file.relative_to(theirs)) for file in theirs.rglob("*") if file.is_file())
    assert sorted(archive.namelist()) == names
    for name in names:
        if name.endswith((".csv", ".gitignore", "import.json")):
            assert (tmp_path / "ours" / name).read_text() == (theirs / name).read_text(), name
    ours, other = (json.loads((folder / "datapackage.json").read_text()) for folder in (tmp_path / "ours", theirs))
    for package in (ours, other):
        for known in ("file", "sha256", "positions"):
            del package["study"]["importedFrom"][known]
        for resource in package["resources"]:
            resource.pop("title", None), resource.pop("description", None)
            for field in resource["schema"]["fields"]:
                field.pop("description", None)
    assert ours == other
