"""Files that are broken or meant to do harm are refused with one message, and nothing is written."""

import io
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from exchanged import SMALL, TEXT, codebook, coding, guid, qdpx, selection, small, sources, text, users, xml
from test_command_line import run

from analysis.exchange import commands, reading
from analysis.exchange.archives import Limits
from analysis.exchange.faults import ExchangeError


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def project(inside: str) -> bytes:
    return zipped({"project.qde": xml(inside).encode(), f"Sources/{guid('Ann')}.txt": TEXT.encode()})


def encrypted() -> bytes:
    """An archive whose members say that they are encrypted."""
    content = bytearray(project(SMALL))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(signature)
        (flags,) = struct.unpack_from("<H", content, start + offset)
        struct.pack_into("<H", content, start + offset, flags | 1)
    return bytes(content)


def twice_the_same() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.qde", xml(SMALL))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("project.qde", xml(codebook("other")))
    return out.getvalue()


def with_document_type(declared: str, used: str = "") -> bytes:
    head, _, rest = xml(SMALL.replace("We were asked to come.", used or "name", 1)).partition("\n")
    return zipped({"project.qde": f"{head}\n<!DOCTYPE Project [{declared}]>\n{rest}".encode()})


def nested(depth: int) -> str:
    codes = "".join(f'<Code guid="{guid(f"deep {n}")}" name="c" isCodable="true">' for n in range(depth))
    return f"<CodeBook><Codes>{codes}{'</Code>' * depth}</Codes></CodeBook>"


def lying_about_its_size() -> bytes:
    """An archive whose project is larger than its directory says."""
    content = bytearray(zipped({"project.qde": xml(SMALL + " " * 100_000).encode()}))
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 100)
    return bytes(content)


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BOOK = users("reader") + codebook("asked", "read")
CIRCLE = (
    f'<CodeBook><Codes><Code guid="{guid("a")}" name="a" isCodable="true"><Code guid="{guid("b")}" name="b" isCodable="true">'
    f'<Code guid="{guid("a")}" name="a" isCodable="true"/></Code></Code></Codes></CodeBook>'
)

# name: the file, and what the message has to say
HOSTILE: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "a path that leads out": (lambda: zipped({"project.qde": b"", "../out.txt": b""}), ["leads out", "'../out.txt'"]),
    "an absolute path": (lambda: zipped({"project.qde": b"", "/etc/out": b""}), ["leads out", "'/etc/out'"]),
    "a path of Windows": (lambda: zipped({"project.qde": b"", "C:\\out.txt": b""}), ["leads out", "C:"]),
    "a text outside the archive": (
        lambda: project(BOOK + sources(text(path="internal://../../etc/passwd"))), [guid("Ann"), "leads out", "passwd"],
    ),
    "a bomb": (
        lambda: zipped({"project.qde": xml(SMALL).encode(), "Sources/bomb.txt": bytes(300_000_000)}),
        ["packed to less than 1/250", "Sources/bomb.txt", "--limits"],
    ),
    "a bomb within": (
        lambda: zipped({"project.qde": xml("<Description>" + "a" * 100_000_000 + "</Description>").encode()}),
        ["packed to less than 1/250", "project.qde", "--limits"],
    ),
    "many members": (lambda: zipped({f"Sources/{n}": b"" for n in range(20_001)}), ["20,001 members", "--limits"]),
    "an encrypted member": (encrypted, ["encrypted", "without a password"]),
    "a member twice": (twice_the_same, ["same name", "project.qde"]),
    "two projects": (lambda: zipped({"a.qde": b"", "b.QDE": b""}), ["two .qde files", "a.qde, b.QDE"]),
    "no project": (lambda: zipped({"Sources/a.txt": b""}), ["no .qde file", "Export"]),
    "a project in a folder": (lambda: zipped({"folder/project.qde": b""}), ["no .qde file at the root"]),
    "a file cut off": (lambda: project(SMALL)[:-60], ["not a whole zip archive"]),
    "a member cut off": (lambda: project(SMALL)[:200] + project(SMALL)[400:], ["project.qde", "cannot be read"]),
    "a member larger than it says": (lying_about_its_size, ["project.qde", "cannot be unpacked"]),
    "no archive": (lambda: b"PK\x03\x04 and so on", ["not a whole zip archive"]),
    "entities that expand": (lambda: with_document_type(LAUGHS, "&i;"), ["(project.qde), line 2", "document type"]),
    "an entity from a file": (
        lambda: with_document_type('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), ["line 2", "document type"],
    ),
    "an entity from the network": (
        lambda: with_document_type('<!ENTITY % a SYSTEM "http://localhost:1/a.dtd"> %a;'), ["line 2", "document type"],
    ),
    "a document type without entities": (lambda: with_document_type(""), ["line 2", "document type"]),
    "an entity of nobody": (lambda: project(SMALL.replace("A study", "&x;") + "<Description>&x;</Description>"), ["line 2", "undefined entity"]),
    "XML cut off": (lambda: zipped({"project.qde": xml(SMALL)[:-30].encode()}), ["line 2", "not well-formed"]),
    "an invalid character": (lambda: project(SMALL.replace("We were", "We\x01were")), ["line 2", "not well-formed"]),
    "an invalid character by number": (lambda: project(SMALL.replace("We were", "We&#1;were")), ["line 2", "invalid character number"]),
    "an unusual encoding": (lambda: zipped({"project.qde": xml(SMALL).replace("utf-8", "utf-7").encode()}), ["line 1", "'utf-7'", "UTF-8"]),
    "another encoding than it says": (lambda: zipped({"project.qde": xml(SMALL, name="caf\xe9").encode("latin-1")}), ["not well-formed"]),
    "something else in XML": (lambda: zipped({"project.qde": b"<html/>"}), ["root element is html", "not Project"]),
    "codes too deep": (lambda: project(nested(120)), ["nested more than 100 deep", "--limits"]),
    "codes in a circle": (lambda: project(CIRCLE), [f"Code {guid('a')} lies below itself", "circle"]),
    "a GUID twice": (
        lambda: project(BOOK + sources(text(selection(0, 2, coding("asked"), coding("asked"))))),
        ["line 2", f"second Coding has the GUID {guid('coding asked  ')}"],
    ),
    "a code twice": (lambda: project(codebook("asked", "asked")), [f"second Code has the GUID {guid('asked')}"]),
    "a coding of no code": (
        lambda: project(BOOK + sources(text(selection(0, 2, coding("gone"))))),
        ["project.qde", f"Coding {guid('coding gone  ')}", "not in the codebook", guid("gone")],
    ),
    "a coding without a code": (
        lambda: project(BOOK + sources(text(selection(0, 2, f'<Coding guid="{guid("bare")}"/>')))),
        [f"Coding {guid('bare')} has no CodeRef"],
    ),
    "a selection behind the text": (
        lambda: project(BOOK + sources(text(selection(40, 47, coding("asked"))))),
        [guid("selection 40-47"), "not within the text of 46 characters", "40 to 47", "--positions"],
    ),
    "a selection before the text": (
        lambda: project(BOOK + sources(text(selection(-3, 4, coding("asked"))))), [guid("selection -3-4"), "-3 to 4"],
    ),
    "a selection from back to front": (
        lambda: project(BOOK + sources(text(selection(9, 4, coding("asked"))))), [guid("selection 9-4"), "9 to 4"],
    ),
    "a position that is no number": (
        lambda: project(BOOK + sources(text(selection(0, 2)).replace('"0"', '"1e9"'))), ["startPosition is not a whole number", "1e9"],
    ),
    "a position beyond all numbers": (
        lambda: project(BOOK + sources(text(selection(0, 2)).replace('"2"', f'"{"9" * 5000}"'))), ["endPosition is not a whole number"],
    ),
    "no GUID": (lambda: project(codebook("asked").replace(f'guid="{guid("asked")}" ', "")), ["Code has no guid", "line 2"]),
    "a GUID that is none": (lambda: project(codebook("asked").replace(guid("asked"), "asked")), ["guid is not a GUID", "'asked'"]),
    "a text that is not UTF-8": (
        lambda: zipped({"project.qde": xml(SMALL).encode(), f"Sources/{guid('Ann')}.txt": b"caf\xe9"}), ["not UTF-8", "byte 3"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_project_is_refused_with_one_message(
    tmp_path: Path, made: Callable[[], bytes], told: list[str]
) -> None:
    file = tmp_path / "a.qdpx"
    file.write_bytes(made())
    start = time.perf_counter()
    with pytest.raises(ExchangeError) as raised:
        reading.read_project(file)
    assert time.perf_counter() - start < 10
    assert str(raised.value).startswith(str(file))
    for part in told:
        assert part in str(raised.value)
    assert len(raised.value.faults) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.qdpx"]


@pytest.mark.parametrize("case", ["a path that leads out", "entities that expand", "a selection behind the text"])
def test_the_command_line_tells_it_and_writes_nothing(tmp_path: Path, case: str) -> None:
    file, into = tmp_path / "a.qdpx", tmp_path / "into"
    file.write_bytes(HOSTILE[case][0]())
    ran = run("study", "import", file, into)
    assert ran.returncode == 2
    assert ran.stderr.startswith("analysis: ")
    assert ran.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.qdpx"]


def test_limits_can_be_raised(tmp_path: Path) -> None:
    file = tmp_path / "a.qdpx"
    file.write_bytes(project(nested(120)))
    assert len(reading.read_project(file, limits=Limits().times(2)).project.codes) == 120


@pytest.mark.parametrize(
    ("limits", "told"),
    [(Limits(member=100), "a member would take"), (Limits(total=100), "the archive would take"), (Limits(members=1), "2 members")],
)  # fmt: skip
def test_each_limit_holds(tmp_path: Path, limits: Limits, told: str) -> None:
    with pytest.raises(ExchangeError, match=told):
        reading.read_project(small(tmp_path / "a.qdpx"), limits=limits)


def test_what_is_no_project_at_all_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.docx.bin"
    file.write_bytes(b"\0\1\2")
    with pytest.raises(ExchangeError, match="no file of a coded project"):
        commands.read(file)
    with pytest.raises(ExchangeError, match="No such file"):
        commands.read(tmp_path / "nowhere.qdpx")


def test_a_part_of_a_pdf_may_share_its_guid_with_its_text(tmp_path: Path) -> None:
    """As in the standard's example: the same part once by its area and once by its words."""
    pdf = (
        f'<PDFSource guid="{guid("pdf")}" name="a.pdf" path="internal://a.pdf"><PDFSelection guid="{guid("part")}" page="0"'
        f' firstX="1" firstY="1" secondX="2" secondY="2">{coding("asked", key="area")}</PDFSelection>'
        f'<Representation guid="{guid("words")}" plainTextPath="internal://{guid("Ann")}.txt"><PlainTextSelection'
        f' guid="{guid("part")}" startPosition="0" endPosition="2">{coding("asked", key="words")}</PlainTextSelection>'
        "</Representation></PDFSource>"
    )
    read = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(BOOK + sources(pdf)))).project
    assert len(list(reading.codings(read))) == 2


def test_nothing_is_fetched_or_opened_for_a_project(tmp_path: Path) -> None:
    """Whatever a project names, only the file itself is opened."""
    outside = tmp_path / "outside.txt"
    outside.write_text("not yours")
    names = [outside.as_uri(), str(outside), f"relative:///{outside.name}", "http://localhost:1/a.txt"]
    inside = BOOK + sources(*(text(name=f"n{n}", path=name) for n, name in enumerate(names)))
    file = qdpx(tmp_path / "a.qdpx", xml(inside).replace("<Project ", f'<Project basePath="{tmp_path}" '))
    opened = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    read = reading.read_project(file).project
    assert str(file) in opened
    assert str(outside) not in opened
    assert [source.content for source in read.sources] == [None] * 4
    assert [source.path for source in read.sources] == names
