"""What another library writes is read without loss, and what is written here is read by it.

`pyrefiqda` makes its models of the schemas of the standard, so that it keeps whatever they allow.
"""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from exchanged import large, reference
from pyrefiqda import RefiCodebook, RefiProject

from analysis.exchange.exporting import project_from_study
from analysis.exchange.project import Project
from analysis.exchange.refi_qda import reading, writing
from analysis.study import loading


def through_pyrefiqda(file: Path, folder: Path) -> Path:
    """Have pyrefiqda load a project and save it with its texts."""
    unpacked = folder / "unpacked"
    loaded = RefiProject.load(str(file), str(unpacked))
    RefiProject.save(loaded, str(folder / "theirs.qdpx"), str(unpacked / "sources"))
    return folder / "theirs.qdpx"


def example(_: Path) -> Project:
    return reading.read_project(reference("spec-example.qdpx")).project


def committed_study(_: Path) -> Project:
    return project_from_study.project_of(loading.load())


def simulated(_: Path) -> Project:
    return large(200, 294, 4)


@pytest.mark.parametrize("made", [example, committed_study, simulated], ids=lambda made: made.__name__)
def test_a_project_comes_through_another_library_without_loss(tmp_path: Path, made: Callable[[Path], Project]) -> None:
    ours = tmp_path / "ours.qdpx"
    writing.write_project(made(tmp_path), ours)
    theirs = through_pyrefiqda(ours, tmp_path)
    with zipfile.ZipFile(theirs) as archive:
        assert "project.qde" in archive.namelist()
    before, after = (reading.read_project(file).project for file in (ours, theirs))
    by_guid = {source.guid: source for source in after.sources}
    assert [by_guid[source.guid] for source in before.sources] == list(before.sources), (
        "texts, selections, codings, coders"
    )
    assert replace(after, sources=()) == replace(before, sources=()), (
        "codes, users, cases, notes, sets, links, drawings"
    )


def test_a_codebook_comes_through_another_library_without_loss(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.qdc", tmp_path / "theirs.qdc"
    writing.write_codebook(committed_study(tmp_path), ours)
    RefiCodebook.save(RefiCodebook.load(str(ours)), str(theirs))
    before, after = (reading.read_codebook(file).project for file in (ours, theirs))
    assert after.codes == before.codes
