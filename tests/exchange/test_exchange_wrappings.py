"""A project is read where people have it: in a folder, zipped again, unpacked; what is none is named for what it is."""

import json
import zipfile
from pathlib import Path

import pytest
from exchanged import SMALL, qdpx, small, xml
from test_exchange_databases import qualcoder

from analysis.exchange import commands, import_report
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing.facets import Choices


def zipped(file: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def unpacked(file: Path) -> dict[str, str | bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def number_of_codings(file: Path) -> int:
    return sum(1 for _ in commands.read(file).project.codings())


def test_what_a_mac_adds_to_an_archive_is_not_of_the_project(tmp_path: Path) -> None:
    litter = {"__MACOSX/._project.qde": b"\0", "._project.qde": b"\0", "Sources/.DS_Store": b"\0"}
    again = zipped(tmp_path / "again.qdpx", unpacked(small(tmp_path / "a.qdpx")) | litter)
    imported = commands.read(again)
    assert imported.project == commands.read(tmp_path / "a.qdpx").project
    assert "outside the folder Sources" not in "\n".join(import_report.lines(imported))


def test_a_folder_around_the_project_is_left_out(tmp_path: Path) -> None:
    inside = {f"study/{name}": content for name, content in unpacked(small(tmp_path / "a.qdpx")).items()}
    assert commands.read(zipped(tmp_path / "b.zip", inside)).project == commands.read(tmp_path / "a.qdpx").project


def test_an_archive_within_an_archive_is_read_and_imported(tmp_path: Path) -> None:
    inner = qdpx(tmp_path / "study.qdpx", xml(SMALL), {"Sources/picture.png": b"\x89PNG"})
    outer = zipped(tmp_path / "deposit.zip", {"data/study.qdpx": inner.read_bytes(), "README.md": "Read me."})
    outermost = zipped(tmp_path / "all.zip", {"deposit.zip": outer.read_bytes()})
    with pytest.raises(ExchangeError, match="no file of a coded project in this archive"):
        commands.read(outermost)
    imported = commands.read(outer)
    assert "in data/study.qdpx" in next(import_report.lines(imported))
    commands.import_study(imported, Choices(), tmp_path / "out", lambda _: None)
    assert b"\x89PNG" in unpacked(tmp_path / "out" / "private" / "project.qdpx").values(), (
        "copied from the inner archive"
    )
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert "deposit.zip" in json.dumps(package)


def test_several_projects_are_named_and_one_is_asked_for(tmp_path: Path) -> None:
    content = small(tmp_path / "a.qdpx").read_bytes()
    both = zipped(tmp_path / "both.zip", {"one.qdpx": content, "two.qdpx": content})
    with pytest.raises(ExchangeError, match=r"several files .* \(found 'one.qdpx, two.qdpx'\). Unpack it"):
        commands.read(both)
    (tmp_path / "folder").mkdir()
    for name in ("one.qdpx", "two.qdpx"):
        (tmp_path / "folder" / name).write_bytes(content)
    with pytest.raises(ExchangeError, match="the folder has several files"):
        commands.read(tmp_path / "folder")
    (tmp_path / "folder" / "two.qdpx").unlink()
    assert number_of_codings(tmp_path / "folder") == 3
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExchangeError, match="no file of a coded project in this folder"):
        commands.read(tmp_path / "empty")


def test_a_qde_file_is_read_alone_and_with_the_sources_beside_it(tmp_path: Path) -> None:
    for name, content in unpacked(small(tmp_path / "a.qdpx")).items():
        file = tmp_path / "unpacked" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    expected = commands.read(tmp_path / "a.qdpx").project
    assert commands.read(tmp_path / "unpacked" / "project.qde").project == expected
    assert commands.read(tmp_path / "unpacked").project == expected
    (tmp_path / "broken.qde").write_text("<Project")
    with pytest.raises(ExchangeError) as error:
        commands.read(tmp_path / "broken.qde")
    assert "broken.qde" in str(error.value)
    assert "project.qdpx" not in str(error.value), "not the temporary copy"


def test_a_project_of_qualcoder_is_read_as_folder_and_as_archive(tmp_path: Path) -> None:
    file = qualcoder(tmp_path / "garden.qda")
    again = zipped(
        tmp_path / "garden.zip", {"garden.qda/data.qda": file.read_bytes(), "garden.qda/documents/a.docx": b""}
    )
    assert commands.read(tmp_path / "garden.qda").project == commands.read(file).project == commands.read(again).project


@pytest.mark.parametrize(
    ("name", "content", "what", "remedy"),
    [
        ("a.nvp", b"TAPE", "a file of NVivo", "Share, Export Project, REFI-QDA Project"),
        ("a.nvpx", b"\0", "a file of NVivo", "on a Mac File, Export Project"),
        ("a.mx24", b"\0", "a file of MAXQDA", "coded segments as XLSX"),
        ("a.atlproj23", b"\0", "a file of ATLAS.ti", "report of quotations"),
        ("a.json", b"[]", "this is JSON", "Export a table"),
        ("a.html", b"<html>", "a web page", "Export a project"),
        ("a.pdf", b"%PDF-1.7", "this is a PDF", "table of its coded passages"),
        ("a.rtf", b"{\\rtf1", "a text of a word processor", "table of its coded passages"),
        ("a.bin", b"\1\2", "not a known file", ".rqda"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_export(
    tmp_path: Path, name: str, content: bytes, what: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ExchangeError) as error:
        commands.read(tmp_path / name)
    assert what in str(error.value)
    assert remedy in str(error.value)


def test_a_word_file_is_named_and_a_broken_spreadsheet_too(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": "<Types/>"}
    with pytest.raises(ExchangeError, match="a text of a word processor"):
        commands.read(zipped(tmp_path / "codebook.docx", parts | {"word/document.xml": "<document/>"}))
    with pytest.raises(ExchangeError, match="cannot be read as a spreadsheet"):
        commands.read(zipped(tmp_path / "segments.xlsx", parts | {"xl/workbook.xml": "<workbook/>"}))
