"""Projects from anywhere: what can be read is read, the rest is named, and nothing dangerous is opened."""

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from coded_works import ODD, exported, read_back, two_coders
from example_counts import some
from exchanged import TEXT, codebook, coding, guid, selection, sources, text, users, xml

READ = "wb.refi.readProject(bytes)"
DAMAGED = "The archive is damaged, or not all of it is there. Export or download it again."


def archive(project: str | bytes, files: Mapping[str, str | bytes] | None = None, qde: str = "project.qde") -> bytes:
    """Return an archive with a project; without `files` it has the text of Ann."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(qde, project)
        for name, content in ({f"Sources/{guid('Ann')}.txt": TEXT} if files is None else files).items():
            made.writestr(name, content)
    return packed.getvalue()


def project(*selections: str, notes: str = "", before: str = "") -> str:
    return xml(users("ann", "ben") + codebook("joy", "fear") + sources(before, text(*selections)) + notes)


def words(found: Any) -> list[tuple[str, str, str]]:
    """Return coder, words and code of each coding."""
    return [
        (work["coder"]["name"], of["content"][one["start"] : one["end"]], code["name"])
        for work in found["works"]
        for one in work["codings"]
        for of in work["texts"]
        for code in work["codes"]
        if of["guid"] == one["text"] and code["guid"] == one["code"]
    ]


def read(chromium: Browser, folder: Path, content: bytes) -> Any:
    """Return what is made of an archive; every work that is read can be opened."""
    checked = f"((found) => [found, ...found.works.map(wb.works.fault)])({READ})"
    answer = read_back(chromium, folder, checked, content)
    assert not isinstance(answer, str), answer
    found, *faults = answer
    assert faults == [""] * len(found["works"])
    return found


# --- how positions are counted


@pytest.mark.parametrize("line_break", some(["\n", "\r\n"], 4))
@pytest.mark.parametrize(
    ("way", "described"),
    [
        ("code-points", ""),
        ("utf-16", "UTF-16 units"),
        ("code-points-1", "code points, a line break as one"),
        ("utf-16-1", "UTF-16 units, a line break as one"),
        ("utf-16-2", "UTF-16 units, a line break as two"),
    ],
)
def test_positions_are_found_however_they_were_counted(
    chromium: Browser, tmp_path: Path, way: str, described: str, line_break: str
) -> None:
    content, stored = "\n".join(ODD * 3), line_break.join(ODD * 3)
    width = {"1": 1, "2": 2}.get(way[-1], len(line_break))

    def counted(place: int) -> int:
        before = content[:place]
        units = len(before.encode("utf-16-le")) // 2 if way.startswith("utf-16") else len(before)
        return units + (width - 1) * before.count("\n")

    places = [(at, at + len(word)) for word in ("Kraków", "Nobody", "Tell me") for at in (content.rfind(word),)]
    selections = [
        selection(counted(start), counted(end), coding("joy", "ann", f"{start}"), name=content[start:end])
        for start, end in places
    ]
    for other in ("Interviewer: And", "nobody read = a page"):
        at = content.rfind(other)
        made = coding("fear", "ann", other)
        selections.append(selection(counted(at), counted(at + len(other)), made, name=other))
    found = read(chromium, tmp_path, archive(project(*selections), {f"sources/{guid('Ann')}.txt": stored}))
    expected = ["Kraków", "Nobody", "Tell me", "Interviewer: And", "nobody read = a page"]
    assert [said for _, said, _ in words(found)] == expected
    same = way.startswith("utf-16") is False and width == len(line_break)
    in_units = way.startswith("utf-16") and width == len(line_break)
    notes = [] if same else [f"Positions were counted as {'UTF-16 units' if in_units else described}."]
    assert found["notes"] == notes


def test_selections_outside_the_text_are_left_out_and_named(chromium: Browser, tmp_path: Path) -> None:
    inside, outside = selection(0, 22, coding("joy", "ann")), selection(40, 900, coding("fear", "ann"))
    found = read(chromium, tmp_path, archive(project(inside, outside, selection(9, 9, coding("joy", "ann", "e")))))
    assert words(found) == [("ann", "We were asked to come.", "joy")]
    length = len(TEXT)
    assert found["notes"] == [
        f"Left out, as outside the words of “Ann” ({length} characters): two selections, the first from 40 to 900."
    ]


# --- what is read, and what is only named


def test_each_coder_gets_a_work_and_codings_of_nobody_too(chromium: Browser, tmp_path: Path) -> None:
    both = selection(0, 22, coding("joy", "ann"), coding("fear", "ben"), coding("joy"))
    found = read(chromium, tmp_path, archive(project(both)))
    said = "We were asked to come."
    assert words(found) == [("ann", said, "joy"), ("ben", said, "fear"), ("nobody named", said, "joy")]
    assert read(chromium, tmp_path, archive(project(both))) == found, "the same file gives the same works"


def test_memos_are_found_on_the_coding_and_on_the_selection_once(chromium: Browser, tmp_path: Path) -> None:
    note = f'<Notes><Note guid="{guid("n")}"><PlainTextContent>Why.</PlainTextContent></Note></Notes>'
    reference = f'<NoteRef targetGUID="{guid("n").lower()}"/>'
    noted = coding("joy", "ann").replace("</Coding>", f"{reference}</Coding>")
    described = selection(0, 5, "<Description>Only here.</Description>", coding("fear", "ann", "d"))
    twice = selection(0, 22, "<Description>Why.</Description>", noted)
    found = read(chromium, tmp_path, archive(project(twice, described, notes=note)))
    assert [one["memo"] for one in found["works"][0]["codings"]] == ["Why.", "Only here."]


def test_a_coding_of_a_whole_text_is_one_of_all_its_words(chromium: Browser, tmp_path: Path) -> None:
    found = read(chromium, tmp_path, archive(project(coding("joy", "ann"))))
    assert words(found) == [("ann", TEXT, "joy")]
    assert found["notes"] == ["one coding of the whole of “Ann”: now of all its words."]


def test_other_media_and_texts_that_are_not_there_are_named(chromium: Browser, tmp_path: Path) -> None:
    others = (
        f'<PDFSource guid="{guid("p")}" name="Report.pdf" path="internal://p.pdf"/>'
        f'<AudioSource guid="{guid("a")}" name="Talk" path="internal://a.mp3"/>'
        f'<TextSource guid="{guid("t")}" name="Lost" richTextPath="internal://lost.docx"/>'
    )
    links = f'<Links><Link guid="{guid("l")}"/></Links>'
    content = project(selection(0, 22, coding("joy", "ann")), selection(0, 5, key="bare"), notes=links, before=others)
    found = read(chromium, tmp_path, archive(content))
    assert found["notes"] == [
        "Not read, as the words are not in the project as plain text: “Lost”.",
        "Not read, since only texts are coded here: “Report.pdf” (PDF), “Talk” (sound recording).",
        "Not read: one link, one uncoded selection.",
    ]


def test_archives_as_macs_and_deposits_make_them_are_read(chromium: Browser, tmp_path: Path) -> None:
    content = project(selection(0, 22, coding("joy", "ann")))
    words_of = {f"Study/Sources/{guid('Ann').lower()}.TXT": TEXT, "__MACOSX/Study/._project.qde": b"\0\5"}
    in_folder = archive(content, words_of, "Study/project.qde")
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as made:
        made.writestr("deposit/a.qdpx", archive(content))
    expected = read(chromium, tmp_path, archive(content))
    for found in (in_folder, again.getvalue()):
        assert words(read(chromium, tmp_path, found)) == words(expected)
        assert read_back(chromium, tmp_path, "wb.archiveKind(bytes)", found) == "project"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_documents_in_other_encodings_are_read(chromium: Browser, tmp_path: Path, encoding: str) -> None:
    named = "iso-8859-1" if encoding == "latin-1" else "utf-8" if encoding == "utf-8-sig" else "utf-16"
    content = project(selection(0, 22, coding("joy", "ann"))).replace('"joy" is', '"Überdruss" is')
    found = read(chromium, tmp_path, archive(content.replace("utf-8", named).encode(encoding)))
    assert [code for _, _, code in words(found)] == ["Überdruss"]


def test_what_another_program_added_since_joins_the_works_as_they_were(chromium: Browser, tmp_path: Path) -> None:
    """Codings and codes of ann that only the project has are hers; what she had read stays."""
    works = two_coders()
    with zipfile.ZipFile(io.BytesIO(exported(chromium, tmp_path, "wb.refi.project(works)", works))) as made:
        content = {name: made.read(name) for name in made.namelist()}
    new = f'<Code guid="{guid("new")}" name="Later" isCodable="true"/>'
    ann = works[0]["coder"]["guid"]
    one = f'<Coding guid="{guid("later")}" creatingUser="{ann}"><CodeRef targetGUID="{guid("new")}"/></Coding>'
    document = content.pop("project.qde").decode()
    document = document.replace("\n</Codes>", f"{new}</Codes>").replace(
        "\n</TextSource>", f"{selection(0, 11, one)}</TextSource>", 1
    )
    found = read(chromium, tmp_path, archive(document, content))
    first, second = found["works"]
    assert second == works[1]
    assert [code["name"] for code in first["codes"]] == [*(code["name"] for code in works[0]["codes"]), "Later"]
    assert len(first["codings"]) == len(works[0]["codings"]) + 1
    assert first["texts"] == works[0]["texts"]


def test_what_was_kept_for_the_workbench_may_be_damaged(chromium: Browser, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(chromium, tmp_path, "wb.refi.project(works)", two_coders()))) as made:
        content = {name: made.read(name) for name in made.namelist()}
    document = content.pop("project.qde").decode()
    head, _, kept = document.partition("<?coding-workbench ")
    for damage in ("", "{", "null", '{"works":[null,{}]}', kept.replace('"round":2', '"round":"two"')[:-3]):
        found = read(chromium, tmp_path, archive(f"{head}<?coding-workbench {damage}?>", content))
        assert [work["coder"]["name"] for work in found["works"]] == ["ann", "ben"]
        assert [len(work["codings"]) for work in found["works"]] == [5, 4]


# --- what is refused


@pytest.mark.parametrize(
    ("packed", "said"),
    some([
        (lambda: b"PK\3\4" + b"\0" * 40, DAMAGED),
        (lambda: archive(project())[:-60], DAMAGED),
        (lambda: archive(project(), qde="readme.txt"), "There is no project in this archive."),
        (lambda: archive("<Project"), "The file is not well-formed XML"),
        (lambda: archive("<html/>"), "The file is not REFI-QDA: it begins with html instead of Project."),
        (lambda: archive('<!DOCTYPE Project [<!ENTITY a "aaaa">]>' + project()[40:]), "The file declares a document type"),
        (lambda: archive("<!-- <a> --><!DOCTYPE Project><Project/>"), "The file declares a document type"),
        (lambda: archive(xml("")), "There is no text in this project"),
        (lambda: archive(b" " * 3_000_000 + project().encode()), "Unpacked, the archive would be too large"),
        (lambda: archive(project(), {f"{n}.TXT": b"\0" * 240_000_000 for n in range(1)}), "Unpacked, the archive would be"),
        (lambda: archive('<?xml version="1.0" encoding="ebcdic-x"?><Project/>'), "The file is in the encoding ebcdic-x"),
    ], 4),
    ids=some(["no zip", "cut short", "no project", "cut xml", "a page", "entities", "doctype", "empty", "dense", "bomb",
         "encoding"], 4),
)  # fmt: skip
def test_what_cannot_be_opened_is_refused_with_the_reason(
    chromium: Browser, tmp_path: Path, packed: Callable[[], bytes], said: str
) -> None:
    found = read_back(chromium, tmp_path, READ, packed())
    assert isinstance(found, str)
    assert found.startswith(said)


def test_two_files_of_one_name_are_refused(chromium: Browser, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("project.qde", project())
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("project.qde", project())
    assert read_back(chromium, tmp_path, READ, packed.getvalue()).startswith("Two files in the archive have the same")


def test_damaged_files_are_read_or_refused_in_a_sentence(chromium: Browser, tmp_path: Path) -> None:
    """No byte that changes makes a script fail in any other way."""
    draw = random.Random(7)  # noqa: S311
    whole = exported(chromium, tmp_path, "wb.refi.project(works, { stored: true })", two_coders())
    damaged = []
    for _ in range(60):
        other = bytearray(whole)
        for at in draw.sample(range(len(other)), 3):
            other[at] = draw.randrange(256)
        damaged.append(list(other))
    call = """(files => files.map((file) => {
        try { return wb.refi.readProject(Uint8Array.from(file)).works.map(wb.works.fault).join(""); }
        catch (fault) { return fault.constructor === Error ? "" : fault.stack; }
    }))(JSON.parse(new TextDecoder().decode(bytes)))"""
    answers = read_back(chromium, tmp_path, call, str(damaged).encode())
    assert [answer for answer in answers if answer] == []
