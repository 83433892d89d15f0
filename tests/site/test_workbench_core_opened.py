"""Files that readers open in the workbench, in a real browser: each is known by its content, and refused with the reason."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from page_scripts import answer

PARTS = ("positions", "works", "work-files", "opened-files")
SCRIPTS = ["sha256.js", "docx-text.js", *(f"workbench/{part}.js" for part in PARTS)]
SAID = "Interviewer: Wie wär’s?\n\nAna: “Naïve” 🙂 नमस्ते.\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Open = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("opened")


@pytest.fixture
def opened(chromium: Browser, folder: Path) -> Open:
    """Return what the page makes of the bytes of a file, or `refused`; `before` is done with `wb` before."""

    def look(content: bytes, name: str = "file.txt", before: str = "") -> dict[str, Any]:
        ask = f"""async ([coded, name]) => {{
            const wb = compendium.workbench;
            {before}
            const bytes = Uint8Array.from(atob(coded), (sign) => sign.charCodeAt(0));
            try {{ return await wb.openFile(new File([bytes], name)); }} catch (fault) {{ return {{ refused: fault.message }}; }}
        }}"""
        coded = base64.b64encode(content).decode()
        found: dict[str, Any] = answer(chromium, folder, SCRIPTS, ask, [coded, name])
        return found

    return look


def packed(files: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return archive.getvalue()


def document(*paragraphs: str) -> bytes:
    """Return a Word document with paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    return packed({"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'})


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_are_read_in_their_encoding(opened: Open, mark: str) -> None:
    found = opened(SAID.encode(mark), "Interview 7.txt")
    assert found["kind"] == "text"
    assert found["notes"] == []
    assert found["text"]["content"] == SAID
    assert found["text"]["name"] == "Interview 7"
    assert found["text"]["origin"] == "own"


def test_the_byte_order_of_utf_16_is_known_by_its_mark(opened: Open) -> None:
    assert opened(b"\xfe\xff" + SAID.encode("utf-16-be"))["text"]["content"] == SAID


def test_windows_line_ends_are_line_feeds(opened: Open) -> None:
    assert opened(SAID.replace("\n", "\r\n").encode())["text"]["content"] == SAID


def test_an_older_encoding_of_windows_is_read_and_said(opened: Open) -> None:
    words = "Ana: “Naïve” – wie wär’s?"
    found = opened(words.encode("cp1252"))
    assert found["text"]["content"] == words
    assert "was read as Windows-1252" in found["notes"][0]
    assert "save it as UTF-8" in found["notes"][0]


def test_an_older_text_whose_last_letter_is_accented_keeps_it(opened: Open) -> None:
    assert opened("Ana: café".encode("cp1252"))["text"]["content"] == "Ana: café"


def test_a_text_cut_short_within_a_character_is_read_as_far_as_it_goes(opened: Open) -> None:
    found = opened(SAID.encode()[:-3])
    assert found["text"]["content"].endswith("नमस्त")
    assert "ends within a character" in found["notes"][0]


def test_a_word_document_is_a_text_whatever_its_name(opened: Open) -> None:
    found = opened(document("Interviewer: How?", "", "Ana: Well &amp; good 🙂."), "upload.bin")
    assert found["kind"] == "text"
    assert found["text"]["content"] == "Interviewer: How?\n\nAna: Well & good 🙂."


def test_a_text_named_as_a_document_is_a_text(opened: Open) -> None:
    assert opened(b"Ana: Well.", "interview.docx")["text"]["content"] == "Ana: Well."


def test_two_hundred_thousand_words_are_opened(opened: Open) -> None:
    found = opened(b"Ana: nine words that are said over and over.\n" * 23_000)
    assert len(found["text"]["content"].split()) > 200_000


REFUSED = [
    (b"", "is empty"),
    (b" \n\t\n", "There is no text in"),
    (b"a" * 2_000_001, "has 2,000,001 characters, and 2,000,000 can be coded as one text: split it"),
    (b"%PDF-1.7 ...", "is a PDF, whose lines and pages would cut the text: copy its text and paste it here"),
    (b"\x89PNG\r\n\x1a\n", "is a picture"),
    (b"\xff\xd8\xff\xe0", "is a picture"),
    (b"RIFF\0\0\0\0WAVE", "is a recording: transcribe it first"),
    (b"\0\0\0\x18ftypM4A ", "is a recording"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a Word file of the old kind: open it in Word or LibreOffice, save it as .docx"),
    (b"{\\rtf1 Well}", "rich text"),
    (b"SQLite format 3\0", "export a REFI-QDA project"),
    (b"\x1f\x8b\x08", "unpack it"),
    (b"MZ\x90\0\x03\0\0\0", "is no text that this page can read"),
    ("Ana: Well.".encode("utf-16-le"), "is no text that this page can read"),  # without a mark
    (b"\xff\xfe" + b"\x00\xd8A\x00", "is damaged"),
    ("Ana".encode("utf-32"), "is no text that this page can read"),
    (b"<!DOCTYPE html><p>Well", "is a page or data (HTML or XML)"),
    (b"extract_id,coder_id,facet,code_id\nE1,ana,stage,x\n", "is a hand-in of “Code it yourself”"),
    (b'{"a": 1}', "This file was not made by this page"),
    (b'{"format": "coded-text", "version": 1, "gui', "is damaged, or not all of it is there"),
    (b'{"format": "coded-text", "version": 3}', "made by a later version of this page"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED)
def test_what_cannot_be_coded_is_refused_with_the_reason(opened: Open, content: bytes, said: str) -> None:
    found = opened(content, "brought.txt")
    assert said in found["refused"]
    assert "brought" in found["refused"]
    assert found["refused"].endswith(".")


def test_an_open_document_is_refused_with_the_way_out(opened: Open) -> None:
    content = packed({"mimetype": "application/vnd.oasis.opendocument.text"}, zipfile.ZIP_STORED)
    assert "is an OpenDocument file: open it in LibreOffice" in opened(content)["refused"]


def test_a_text_that_begins_with_a_brace_is_a_text(opened: Open) -> None:
    assert opened(b"{laughs} Ana: Well.")["text"]["content"] == "{laughs} Ana: Well."


KINDS = """
    wb.need = async (group) => {
        if (group === "compare") return;
        wb.archiveKind = (bytes) => {
            if (bytes.length < 100) throw new Error("The archive is damaged.");
            const names = new TextDecoder("latin1").decode(bytes);
            return names.includes("project.qde") ? "project" : names.includes("datapackage.json") ? "study" : "";
        };
        const works = [wb.works.begin({ coder: "bo", texts: [wb.textOf("T", "Well.")] })];
        wb.refi = { readProject: () => ({ works, notes: ["A note."] }), readCodebook: () => ({ codebook: {}, codes: [], notes: [] }) };
        wb.tables = { read: () => ({ works, notes: [] }) };
    };
"""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (packed({"project.qde": "<Project/>" * 9}), "project"),
        (packed({"study/datapackage.json": "{}"}), "table"),
        (b'<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0"/>', "project"),
        (b'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', "codebook"),
        (b"Source;Passage;Code;coder\nA;b;c;d\n", "table"),
        (b'"id","document","content","tag"\n1,A,b,c\n', "table"),
    ],
)
def test_projects_codebooks_and_tables_go_to_their_readers(opened: Open, content: bytes, kind: str) -> None:
    found = opened(content, "x", KINDS)
    assert found["kind"] == kind
    assert isinstance(found["notes"], list)
    assert [work["name"] for work in found.get("works", [])] == (
        ["x"] if kind == "table" else [""] * (kind == "project")
    )


def test_what_a_reader_of_projects_gets_wrong_goes_no_further(opened: Open) -> None:
    before = "wb.archiveKind = () => 'project'; wb.refi = { readProject: () => ({ works: [{ format: 'coded-text', version: 1 }] }) };"
    found = opened(packed({"project.qde": "<Project/>"}), "bo.qdpx", before)
    assert "bo.qdpx: The file is damaged" in found["refused"]


def test_other_and_damaged_archives_are_refused(opened: Open) -> None:
    archive = packed({"a.txt": "Well", "b.txt": "Well " * 50})
    assert "without a text, project or study" in opened(archive, "a.zip", KINDS)["refused"]
    assert opened(document("Well")[:40], "a.docx", KINDS)["refused"] == "a.docx: The archive is damaged."


def test_a_work_and_a_codebook_are_opened_again(chromium: Browser, folder: Path, opened: Open) -> None:
    ask = """() => {
        const { works, textOf } = compendium.workbench;
        const work = works.addCode(works.begin({ coder: "ana", texts: [textOf("T", "Well 🙂")] }), { name: "Power" });
        return [work, works.asText(work), works.codebookAsText(work)];
    }"""
    work, text, codebook = answer(chromium, folder, SCRIPTS, ask)
    assert opened(text.encode(), "ana.txt") == {"kind": "work", "work": work, "notes": []}
    assert opened(text.replace("\n", "\r\n").encode("utf-16"), "ana.txt")["work"] == work
    found = opened(codebook.encode())
    assert (found["kind"], found["codes"]) == ("codebook", work["codes"])
    cut = opened(text.encode()[:-9], "ana.json")
    assert "not all of it is there: open an earlier copy" in cut["refused"]


def test_a_packet_and_a_resolution_go_on_to_the_class(chromium: Browser, folder: Path, opened: Open) -> None:
    ask = """() => {
        const { works, textOf, newGuid } = compendium.workbench;
        const { codebook, codes, texts } = works.begin({ coder: "ana", texts: [textOf("T", "Well 🙂")] });
        return { format: "coding-packet", version: 1, guid: newGuid(), name: "Class", note: "", round: 1, codebook, codes, texts, tasks: [] };
    }"""
    packet = answer(chromium, folder, SCRIPTS, ask)
    found = opened(json.dumps(packet).encode())
    assert (found["kind"], found["packet"]) == ("packet", packet)
    before = "wb.packets = { fault: () => 'It was changed.' };"
    assert opened(json.dumps(packet).encode(), "class.json", before)["refused"] == "class.json: It was changed."
    assert opened(b'{"format": "coding-resolution"}')["kind"] == "resolution"


def test_a_file_that_cannot_be_read_is_said(chromium: Browser, folder: Path) -> None:
    ask = """() => compendium.workbench.openFile({ name: "folder", size: 1, arrayBuffer: () => Promise.reject(new Error("x")) })
        .catch((fault) => fault.message)"""
    assert "folder could not be read: choose it again" in answer(chromium, folder, SCRIPTS, ask)


def test_what_the_page_exports_is_opened_again(chromium: Browser, folder: Path) -> None:
    """With the real readers, from the bytes of each export."""
    exchange = ["archives", "refi-xml", "refi-codebook", "refi-project", "position-counting", "refi-reading"]
    scripts = ["csv.js", "elements.js", *SCRIPTS, "../vendor/fflate/fflate.js"]
    scripts += [f"workbench/{part}.js" for part in (*exchange, "coded-tables", "study-tables")]
    ask = """async (said) => {
        const { works, textOf, refi, tables, openFile } = compendium.workbench;
        const text = textOf("Interview", said);
        let work = works.addCode(works.begin({ coder: "ana", texts: [text], name: "Round" }), { name: "Power" });
        work = works.give(work, { text: text.guid, start: 25, end: 38 }, work.codes[0].guid, { memo: "why" });
        const exports = [refi.project([work], { name: "Round" }), refi.codebook(work), tables.codings([work]), tables.study([work], { name: "Round" })];
        const found = [];
        for (const bytes of exports) {
            const { kind, works: read, codes } = await openFile(new File([bytes], "export"));
            const words = ({ texts, codings: [{ start, end }] }) => [...texts[0].content].slice(start, end).join("");
            found.push([kind, read ? words(read[0]) : codes.map(({ name }) => name)]);
        }
        return found;
    }"""
    passage = SAID[25:38]
    assert answer(chromium, folder, scripts, ask, SAID) == [
        ["project", passage],
        ["codebook", ["Power"]],
        ["table", passage],
        ["table", passage],
    ]
