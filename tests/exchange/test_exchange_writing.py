"""What is written is as the standard has it, is the same every time, and reads back as what it was."""

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from exchanged import SMALL, TEXT, codebook, guid, large, qdpx, reference, schema, small, sources, taguette, text, xml
from lxml import etree
from test_exchange_grammar import with_everything

from analysis.exchange import csv_table
from analysis.exchange.exporting import project_from_study
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.project import Code, Project, Source
from analysis.exchange.refi_qda import reading, writing
from analysis.exchange.taguette.project_file import read_taguette
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import simulation


def of_example(_: Path) -> Project:
    return reading.read_project(reference("spec-example.qdpx")).project


def of_taguette(folder: Path) -> Project:
    return read_taguette(taguette(folder / "a.sqlite3")).project


def of_table(folder: Path) -> Project:
    file = folder / "a.csv"
    file.write_text("source,passage,code,coder\nAnn,We came.,asked > early,ben\nAnn,We left.,,ben\nBo,,late,\n")
    return csv_table.read_table(file).project


def of_committed_study(_: Path) -> Project:
    return project_from_study.project_of(loading.load())


def of_made_up_library(_: Path) -> Project:
    return reading.read_project(paths.ROOT / "examples" / "made-up-library" / "library.qdpx").project


def of_everything(folder: Path) -> Project:
    return reading.read_project(qdpx(folder / "everything.qdpx", with_everything())).project


def of_simulated_study(_: Path) -> Project:
    return project_from_study.project_of(simulation.study(simulation.Parameters(passages=60, interviewees=9), seed=3))


def large_one(_: Path) -> Project:
    return large(300, 441, 5)


PROJECTS = [
    of_example, of_taguette, of_table, of_committed_study, of_made_up_library, of_everything, of_simulated_study, large_one,
]  # fmt: skip


@pytest.mark.parametrize("made", PROJECTS, ids=lambda made: made.__name__)
def test_a_project_is_written_by_the_schema_and_comes_back_the_same(
    tmp_path: Path, made: Callable[[Path], Project]
) -> None:
    comes_back_as_written(made(tmp_path), tmp_path)


def comes_back_as_written(project: Project, folder: Path) -> None:
    """See that a project and its codebook are written by the schemas of the standard, and are read again the same."""
    one, two, book = folder / "one.qdpx", folder / "two.qdpx", folder / "book.qdc"
    writing.write_project(project, one)
    read = reading.read_project(one, strict=True).project
    assert read == writing.settled(project)
    writing.write_project(read, two)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive, archive.open("project.qde") as stream:
        document = etree.parse(stream)
    schema("Project.xsd").assertValid(document)
    empty = [element.tag for element in document.iter() if not (len(element) or element.attrib or element.text)]
    assert not empty, "no container is written that has nothing in it"
    writing.write_codebook(project, book)
    schema("Codebook.xsd").assertValid(etree.parse(str(book)))
    codes = reading.read_codebook(book, strict=True).project.codes
    assert codes == tuple(code._replace(notes=()) for code in read.codes)


@pytest.mark.parametrize("made", [of_taguette, of_table, of_committed_study, of_made_up_library])
def test_guids_that_are_made_here_are_made_of_names(tmp_path: Path, made: Callable[[Path], Project]) -> None:
    """As version 5 of a UUID is, so that the same study gets the same ones anywhere."""
    writing.write_project(made(tmp_path), tmp_path / "a.qdpx")
    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        guids = {UUID(value) for value in re.findall(' guid="(.*?)"', archive.read("project.qde").decode())}
    assert guids
    assert {found.version for found in guids} == {5}


def test_the_same_bytes_come_from_another_process(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests/helpers')\n"
        "from pathlib import Path; from exchanged import large; from analysis.exchange.refi_qda import writing\n"
        "writing.write_project(large(300, 441, 5), Path(sys.argv[1]))\n"
    )
    digests = set()
    for seed in ("0", "1"):
        file = tmp_path / f"{seed}.qdpx"
        environment = {"PYTHONPATH": str(paths.ROOT), "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        subprocess.run([sys.executable, "-c", program, str(file)], cwd=paths.ROOT, env=environment, check=True)
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_media_and_texts_are_copied_as_they_are(tmp_path: Path) -> None:
    odd = "\ufeffline\r\nline\rline\n\t\x0b🙂\x00\uffff"
    inside = SMALL.replace("</Sources>", f'<AudioSource guid="{guid("talk")}" path="internal://talk.mp3"/></Sources>')
    files = {f"Sources/{guid('Ann')}.txt": TEXT, "sources/talk.mp3": bytes(range(256)), "Sources/more/a.docx": b"PK"}
    project = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(inside), files)).project
    source = project.sources[0]
    project = replace(
        project, sources=(*project.sources, replace(source, guid=guid("Bo"), path="", content=odd, selections=()))
    )
    writing.write_project(project, tmp_path / "b.qdpx")
    with zipfile.ZipFile(tmp_path / "b.qdpx") as archive:
        assert archive.read("sources/talk.mp3") == bytes(range(256))
        assert archive.read("sources/more/a.docx") == b"PK"
        assert archive.read(f"sources/{guid('Ann')}.txt").decode() == TEXT
    assert reading.read_project(tmp_path / "b.qdpx").project.sources[-1].content == odd


def test_two_texts_that_name_one_file_get_two(tmp_path: Path) -> None:
    project = reading.read_project(small(tmp_path / "a.qdpx")).project
    (source,) = project.sources
    other = replace(source, guid=guid("Bo"), content="Something else.", selections=())
    writing.write_project(replace(project, sources=(source, other)), tmp_path / "b.qdpx")
    read = reading.read_project(tmp_path / "b.qdpx").project
    assert [source.content for source in read.sources] == [TEXT, "Something else."]


def test_containers_that_would_be_empty_are_left_out(tmp_path: Path) -> None:
    writing.write_project(Project("Nothing"), tmp_path / "a.qdpx")
    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        assert archive.read("project.qde").decode().splitlines()[1:] == [
            '<Project xmlns="urn:QDA-XML:project:1.0" name="Nothing"/>'
        ]


@pytest.mark.parametrize(
    ("project", "told"),
    [
        (Project("a", codes=(Code(guid("a"), "a\x01"),)), ["name of Code", guid("a"), "XML cannot hold", r"found '\x01'"]),
        (Project("a", description="\ud800"), ["the text of Description", "XML cannot hold"]),
        (Project("a", codes=(Code(guid("a"), "a", colour="red"),)), ["color of Code is not a colour", "Nothing was written"]),
        (Project("a", codes=(Code("a", "a"),)), ["guid is not a GUID", "Nothing was written"]),
        (Project("a", created="yesterday"), ["creationDateTime of Project is not a date", "Nothing was written"]),
        (Project("a", codes=(Code(guid("a"), "a", guid("b")), Code(guid("b"), "b", guid("a")))), ["below itself"]),
        (Project("a", notes=(Source("note", guid("a").lower(), content="x"),)), ["would not read back", "notes"]),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_told_and_leaves_the_old_file(
    tmp_path: Path, project: Project, told: list[str]
) -> None:
    file = tmp_path / "a.qdpx"
    file.write_text("somebody's")
    with pytest.raises(ExchangeError) as raised:
        writing.write_project(project, file)
    for part in told:
        assert part in str(raised.value)
    assert file.read_text() == "somebody's"
    assert [path.name for path in tmp_path.iterdir()] == ["a.qdpx"]


def test_a_codebook_without_codes_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="needs a code"):
        writing.write_codebook(Project("a"), tmp_path / "a.qdc")


def test_a_medium_that_has_changed_since_it_was_read_is_told(tmp_path: Path) -> None:
    file, inside = tmp_path / "a.qdpx", xml(codebook("a") + sources(text()))
    project = reading.read_project(qdpx(file, inside, {"Sources/a.mp3": b"x"})).project
    qdpx(file, inside, {"Sources/a.mp3": b"y"})
    with pytest.raises(ExchangeError, match=r"a\.qdpx: the archive has changed since it was read"):
        writing.write_project(project, tmp_path / "b.qdpx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.qdpx"]


def test_a_text_does_not_take_the_place_of_a_file_that_is_kept(tmp_path: Path) -> None:
    inside = f'<TextSource guid="{guid("Ann")}"><PlainTextContent>Said.</PlainTextContent></TextSource>'
    files = {f"Sources/{guid('Ann')}.txt": "Another text, which no source names."}
    project = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(codebook("a") + sources(inside)), files)).project
    writing.write_project(project, tmp_path / "b.qdpx")
    read = reading.read_project(tmp_path / "b.qdpx").project
    assert [source.content for source in read.sources] == ["Said."]
    assert [(medium.name, medium.size) for medium in read.media] == [(f"{guid('Ann')}.txt", 36)]


def test_a_medium_that_has_gone_is_told(tmp_path: Path) -> None:
    files = {"Sources/a.mp3": b"x"}
    project = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(codebook("a") + sources(text())), files)).project
    (tmp_path / "a.qdpx").unlink()
    with pytest.raises(ExchangeError, match=r"a\.qdpx: it cannot be read"):
        writing.write_project(project, tmp_path / "b.qdpx")
    assert list(tmp_path.iterdir()) == []


def test_a_simulated_study_stays_marked(tmp_path: Path) -> None:
    project = of_simulated_study(tmp_path)
    assert project.description.startswith("Simulated data")


def test_the_committed_study_is_exported_with_all_its_codings(study: Evidence) -> None:
    project = project_from_study.project_of(study)
    names = {code.guid: code.name for code in project.codes} | {user.guid: user.name for user in project.users}
    written = {
        (selection.name, names[coding.coder], names[coding.code])
        for _, selection, coding in project.codings()
        if selection is not None
    }
    of_code = study.codes.set_index(["facet", "code_id"])["name"]
    rows = study.codings[["extract_id", "coder_id", "facet", "code_id"]].itertuples(index=False)
    assert written == {(e, coder, of_code[facet, code]) for e, coder, facet, code in rows}
    gists = dict(zip(study.extracts["extract_id"], study.extracts["gist"], strict=True))
    for source in project.sources:
        for selection in source.selections:
            assert (source.content or "")[slice(*selection.span)] == gists[selection.name]
