"""Works leave the workbench as projects of REFI-QDA, codebooks and tables, and come back as they were."""

import copy
import hashlib
import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from coded_works import (
    CORE,
    EXCHANGE,
    Work,
    code,
    codebook,
    coding,
    exported,
    guid,
    made,
    read_back,
    simulated,
    text,
    two_coders,
    work,
)
from example_counts import some
from exchanged import reference, schema
from lxml import etree
from page_scripts import SCRIPTS
from pyrefiqda import RefiProject

from analysis.exchange.refi_qda import reading
from analysis.support import paths

PROJECT = "wb.refi.project(works)"
READ = "wb.refi.readProject(bytes)"
CODEBOOK = "new TextEncoder().encode(wb.refi.codebook(works[0]))"
Found = Counter[tuple[str, str, str, str]]


def given(works: list[Work]) -> Found:
    """Return what works gave: coder, words, path of the code in small letters, and memo."""
    found: Found = Counter()
    for one in works:
        codes = {entry["guid"]: entry for entry in one["codes"]}
        texts = {entry["guid"]: entry["content"] for entry in one["texts"]}
        for entry in one["codings"]:
            words = texts[entry["text"]][entry["start"] : entry["end"]]
            found[one["coder"]["name"], words, codes[entry["code"]]["name"].lower(), entry["memo"]] += 1
    return found


def document(project: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(project)) as archive:
        return etree.fromstring(archive.read("project.qde"))


@pytest.fixture
def several() -> list[Work]:
    """Two coders over two odd texts, and two more over a simulated one."""
    return [*two_coders(), *simulated(400, 60, 2)]


# --- projects


def test_works_come_back_from_a_project_as_they_were(chromium: Browser, tmp_path: Path, several: list[Work]) -> None:
    found = read_back(chromium, tmp_path, READ, exported(chromium, tmp_path, PROJECT, several))
    assert found == {"works": several, "notes": []}


def test_codings_of_parts_of_words_come_back_where_they_were(chromium: Browser, tmp_path: Path) -> None:
    """How another program counted is guessed by the edges of words; how the workbench counts is known."""
    talk = text("Parts of words", "x\n" + "ab " * 12)
    codings = [coding(talk, place, place + 3, "part", "ana") for place in range(3, 30, 3)]
    given = [work("ana", [talk], [code("part")], codings=codings)]
    file = tmp_path / "parts.qdpx"
    file.write_bytes(exported(chromium, tmp_path, PROJECT, given))
    assert read_back(chromium, tmp_path, READ, file.read_bytes()) == {"works": given, "notes": []}
    found = [selection.span for _, selection, _ in reading.read_project(file).project.codings() if selection]
    assert found == [(one["start"], one["end"]) for one in codings]


def test_the_same_works_give_the_same_bytes(chromium: Browser, tmp_path: Path, several: list[Work]) -> None:
    first, again = (exported(chromium, tmp_path, PROJECT, works) for works in (several, copy.deepcopy(several)))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_project_has_each_coding_with_coder_time_and_memo_where_programs_look_for_them(
    chromium: Browser, tmp_path: Path, several: list[Work]
) -> None:
    """QualCoder's own import, run without its window, kept all of such a project in December 2026."""
    root = document(exported(chromium, tmp_path, PROJECT, several))
    schema("Project.xsd").assertValid(root)
    of = "{urn:QDA-XML:project:1.0}"
    users = {user.get("guid"): user.get("name") for user in root.iter(f"{of}User")}
    notes = {note.get("guid"): note.findtext(f"{of}PlainTextContent") for note in root.iter(f"{of}Note")}
    selections = list(root.iter(f"{of}PlainTextSelection"))
    assert len(selections) == sum(len(one["codings"]) for one in several)
    for selected in selections:
        (inside,) = selected.findall(f"{of}Coding")
        for name in ("creatingUser", "creationDateTime"):
            assert selected.get(name) == inside.get(name)
        assert users[selected.get("creatingUser")]
        referred = [notes[note.get("targetGUID")] for note in inside.findall(f"{of}NoteRef")]
        assert selected.findtext(f"{of}Description", "") == "".join(str(note) for note in referred)
    assert root.get("origin")
    assert all(note.get("creationDateTime") for note in root.iter(f"{of}Note"))
    names = [note.get("name") for note in root.iter(f"{of}Note") if note.get("plainTextPath")]
    assert len(names) == len(set(names)), "QualCoder stops at a second entry of a name in its journal"


def test_the_projects_importer_reads_every_coding_in_its_place(
    chromium: Browser, tmp_path: Path, several: list[Work]
) -> None:
    file = tmp_path / "works.qdpx"
    file.write_bytes(exported(chromium, tmp_path, PROJECT, several))
    project = reading.read_project(file, strict=True).project
    users, codes = ({one.guid: one.name for one in things} for things in (project.users, project.codes))
    notes = {note.guid: note.content or "" for note in project.notes}
    found: Found = Counter()
    for source, selection, one in project.codings():
        assert source.content is not None
        assert selection is not None
        words, memo = source.content[slice(*selection.span)], "".join(notes[note] for note in one.notes)
        found[users[one.coder], words, codes[one.code].lower(), memo] += 1
    assert found == given(several)


def test_another_library_reads_the_project_without_loss(chromium: Browser, tmp_path: Path, several: list[Work]) -> None:
    ours, theirs = tmp_path / "ours.qdpx", tmp_path / "theirs.qdpx"
    ours.write_bytes(exported(chromium, tmp_path, PROJECT, several))
    loaded = RefiProject.load(str(ours), str(tmp_path / "unpacked"))
    RefiProject.save(loaded, str(theirs), str(tmp_path / "unpacked" / "sources"))
    before, after = (reading.read_project(file).project for file in (ours, theirs))
    assert after.codes == before.codes
    assert after.notes == before.notes
    assert sorted(after.sources, key=lambda one: one.guid) == sorted(before.sources, key=lambda one: one.guid)
    found = read_back(chromium, tmp_path, READ, theirs.read_bytes())
    assert given(found["works"]) == given(several)


def test_codes_of_partners_are_one_by_guid_or_path_and_two_of_one_coder_stay_two(
    chromium: Browser, tmp_path: Path
) -> None:
    of = text("Talk", "We came.")
    ann = work("ann", [of], [code("Trust"), code("Time")])
    other = {**code("trust"), "guid": guid("another trust")}
    renamed = [{**code("Trust"), "name": "Trust in people"}, other, {**code("TIME"), "guid": guid("ben's time")}]
    ben = work("ben", [of], renamed)
    ben["codings"] = [{**coding(of, 0, 2, "Trust", "ben")}, {**coding(of, 3, 7, "x", "ben"), "code": other["guid"]}]
    project = exported(chromium, tmp_path, PROJECT, [ann, ben])
    names = [one.get("name") for one in document(project).iter("{urn:QDA-XML:project:1.0}Code")]
    assert names == ["Trust", "Time", "trust (2)"]
    assert read_back(chromium, tmp_path, READ, project)["works"] == [ann, ben]


def test_two_rounds_of_one_coder_are_two_users(chromium: Browser, tmp_path: Path) -> None:
    first = two_coders()[0]
    second = {**first, "guid": guid("second round"), "round": 3}
    project = exported(chromium, tmp_path, PROJECT, [first, second])
    assert [user.get("name") for user in document(project)[0]] == ["ann", "ann, round 3"]
    assert read_back(chromium, tmp_path, READ, project)["works"] == [first, second]


def test_invented_texts_are_marked_and_own_texts_are_not(chromium: Browser, tmp_path: Path) -> None:
    invented, own = text("Invented", "Nobody said this."), text("Mine", "I said it.", origin="own", notice="")
    for texts, expected in (
        ([invented], "Simulated data: the texts are invented, and nothing here is evidence.\n" + invented["notice"]),
        ([invented, own], "Invented texts: “Invented”.\n" + invented["notice"]),
        ([own], None),
    ):
        root = document(exported(chromium, tmp_path, PROJECT, [work("ann", texts, codebook())]))
        assert root.findtext("{urn:QDA-XML:project:1.0}Description") == expected


def test_a_work_without_codes_or_codings_leaves_and_comes_back(chromium: Browser, tmp_path: Path) -> None:
    empty = work("ann", [text("Talk", "We came.")], [])
    project = exported(chromium, tmp_path, PROJECT, [empty])
    schema("Project.xsd").assertValid(document(project))
    assert read_back(chromium, tmp_path, READ, project)["works"] == [empty]


@pytest.mark.slow
def test_a_work_of_usual_size_is_saved_at_once(chromium: Browser, tmp_path: Path) -> None:
    """It takes about 60 ms; other tests on the same processors may make it some times as long."""
    timed = """(works) => Math.min(...[1, 2, 3, 4].map(() => {
        const before = performance.now();
        compendium.workbench.refi.project(works);
        return performance.now() - before;
    }))"""
    assert made(chromium, tmp_path, timed, simulated(2_500, 400)) < 600


# --- codebooks


def test_a_codebook_comes_back_as_it_was_and_its_file_is_valid(chromium: Browser, tmp_path: Path) -> None:
    one = work("ann", [], codebook())
    book = exported(chromium, tmp_path, CODEBOOK, [one])
    schema("Codebook.xsd").assertValid(etree.fromstring(book))
    found = read_back(chromium, tmp_path, "wb.refi.readCodebook(bytes)", book)
    assert found == {"codebook": one["codebook"], "codes": one["codes"], "notes": []}
    (tmp_path / "a.qdc").write_bytes(book)
    codes = reading.read_codebook(tmp_path / "a.qdc", strict=True).project.codes
    assert [(entry.name, entry.colour) for entry in codes][:2] == [
        (entry["name"], entry["colour"]) for entry in codebook()[:2]
    ]


@pytest.mark.parametrize(
    "said",
    some(
        [
            {"definition": "Include: only this", "include": "a\nExclude: b"},
            {"definition": "", "exclude": "  Example: x", "example": "Include: y"},
            {"definition": "\n", "include": "\n\nline", "memo": "Memo: twice\n Memo: thrice"},
            {"definition": "a\r\nb \t", "example": "=1+1 ]]> <b> & “”"},
        ],
        2,
    ),
)
def test_what_a_code_says_is_taken_apart_as_it_was(chromium: Browser, tmp_path: Path, said: dict[str, str]) -> None:
    one = work("ann", [text("Talk", "We came.")], [code("Trust", **said)])
    for call, read in ((CODEBOOK, "wb.refi.readCodebook(bytes)"), (PROJECT, "wb.refi.readProject(bytes).works[0]")):
        assert read_back(chromium, tmp_path, read, exported(chromium, tmp_path, call, [one]))["codes"] == one["codes"]


def test_a_codebook_that_no_work_could_keep_is_refused(chromium: Browser, tmp_path: Path) -> None:
    given = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code name="%s" isCodable="true"/></Codes></CodeBook>'
    ours = '<?coding-workbench {"codebook":{"guid":"x","name":{},"version":"y","changes":[1]},"codes":[null]}?>'
    read = "[wb.refi.readCodebook(bytes).codebook.version]"
    assert read_back(chromium, tmp_path, read, (given % "a" + ours).encode()) == [1]
    refused = "(() => { try { wb.refi.readCodebook(bytes); } catch (fault) { return fault.message; } })()"
    assert "at most 500 characters" in str(read_back(chromium, tmp_path, refused, (given % ("a" * 501)).encode()))


@pytest.mark.thorough
def test_a_codebook_of_ten_thousand_codes_is_read_in_seconds(chromium: Browser, tmp_path: Path) -> None:
    codes = "".join(f'<Code name="Code {number}" isCodable="true"/>' for number in range(10_000))
    whole = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{codes}</Codes></CodeBook>'
    assert read_back(chromium, tmp_path, "wb.refi.readCodebook(bytes).codes.length", whole.encode()) == 10_000


def test_a_codebook_of_another_program_becomes_two_levels(chromium: Browser, tmp_path: Path) -> None:
    book = f"""<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>
        <Code guid="{{{guid("a").upper()}}}" name="A" isCodable="false" color="#1af">
          <Description>First.</Description>
          <Code guid="{guid("b")}" name="B > b" isCodable="true">
            <Code guid="{guid("c")}" name="C" isCodable="true"/></Code>
        </Code><Code guid="{guid("d")}" name="a" isCodable="true"/></Codes>
        <Sets><Set guid="{guid("s")}" name="S"/></Sets></CodeBook>"""
    found = read_back(chromium, tmp_path, "wb.refi.readCodebook(bytes)", book.encode())
    assert [(one["guid"], one["parent"], one["name"]) for one in found["codes"]] == [
        (guid("a"), "", "A"),
        (guid("b"), guid("a"), "B › b"),
        (guid("c"), guid("a"), "B › b / C"),
        (guid("d"), "", "a (2)"),
    ]
    assert found["codes"][0]["colour"] == "#11aaff"
    assert found["codes"][0]["definition"] == "First."
    assert len(found["notes"]) == 2
    assert "one code of deeper levels keeps the rest of the path in the name" in found["notes"][0]


# --- tables


def test_codings_come_back_from_a_table(chromium: Browser, tmp_path: Path, several: list[Work]) -> None:
    table = exported(chromium, tmp_path, "new TextEncoder().encode(wb.tables.codings(works))", several)
    found = read_back(chromium, tmp_path, "wb.tables.read(bytes)", table)
    assert given(found["works"]) == given(several)
    assert all(one["origin"] == "invented" for entry in found["works"] for one in entry["texts"])
    assert len(found["notes"]) == 1
    assert (
        made(chromium, tmp_path, "(works) => works.map(compendium.workbench.works.fault)", found["works"]) == [""] * 4
    )


def test_a_study_comes_back_as_the_works_that_it_was_made_of(
    chromium: Browser, tmp_path: Path, several: list[Work]
) -> None:
    study = exported(chromium, tmp_path, "wb.tables.study(works)", several)
    assert read_back(chromium, tmp_path, "wb.tables.read(bytes)", study) == {"works": several, "notes": []}


@pytest.mark.parametrize("last", [b"Talk,Nobody rea", b'Talk,Nobody read it,Late,"ana, the fir'])
def test_a_table_that_ends_within_a_row_is_refused(chromium: Browser, tmp_path: Path, last: bytes) -> None:
    table = b"source,passage,code,coder\nTalk,Asked late,Late,ana\n" + last
    read = "(() => { try { wb.tables.read(bytes); } catch (fault) { return fault.message; } })()"
    assert "ends within a row" in str(read_back(chromium, tmp_path, read, table))


def test_a_table_of_another_program_is_read_and_one_without_codes_is_refused(chromium: Browser, tmp_path: Path) -> None:
    table = '\ufeffDocument;Content;Tag\r\nAnn;\'- We came.;joy\r\nAnn;"It; was\r\nlate.";time > late > night\r\n'
    found = read_back(chromium, tmp_path, "wb.tables.read(bytes)", table.encode())
    (one,) = found["works"]
    assert given([one]) == {
        ("nobody named", "- We came.", "joy", ""): 1,
        ("nobody named", "It; was\nlate.", "late / night", ""): 1,
    }
    said = read_back(chromium, tmp_path, "wb.tables.read(bytes)", b"name,age\nAnn,3\n")
    assert said == "The table has no column source or passage or code: its first row has to name them."


# --- the library


def test_the_library_is_the_published_file_and_the_scripts_ask_for_nothing_else() -> None:
    _, _, published = (SCRIPTS / "../vendor/fflate/fflate.js").read_bytes().split(b"\n", 2)
    digest = "462ef8041fc970e3615a20a9dd2b2e3047a073b2da729ef4f02b634bba8b7b83"
    assert hashlib.sha256(published).hexdigest() == digest
    scripts = "".join((SCRIPTS / name).read_text(encoding="utf-8") for name in (*CORE, *EXCHANGE[1:]))
    assert not re.search(r"\b(?:innerHTML|fetch\(|XMLHttpRequest|import\()", scripts)


@pytest.mark.parametrize("name", ["spec-example.qdpx", "made-up"])
def test_examples_of_other_programs_are_read_or_refused_with_the_reason(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    file = paths.EXAMPLE_PROJECT if name == "made-up" else reference(name)
    found: Any = read_back(chromium, tmp_path, READ, file.read_bytes())
    if name != "made-up":
        assert found.startswith("There is no text in this project that can be read here. Not read, as the words are")
        return
    project = reading.read_project(file).project
    users = {user.guid: user.name for user in project.users}
    expected = Counter(
        (users[one.coder], str(source.content)[slice(*selection.span)])
        for source, selection, one in project.codings()
        if selection is not None
    )
    assert Counter((coder, words) for coder, words, _, _ in given(found["works"]).elements()) == expected
    assert any(note == "Not read: six cases, one variable." for note in found["notes"])
