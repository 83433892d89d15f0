"""Files that are broken or meant to do harm are refused with one message, and nothing is written."""

import io
import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import run
from example_counts import some
from exchanged import SMALL, TEXT, codebook, coding, guid, qdpx, selection, small, sources, text, users, xml

from analysis.exchange import commands, import_report
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing.facets import Choices
from analysis.exchange.refi_qda import reading
from analysis.exchange.refi_qda.qdpx_archives import OWN, Limits
from analysis.support import paths


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def stored(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
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


def packed_otherwise(way: int) -> bytes:
    """An archive that is packed in a way in which REFI-QDA is not, and broken within."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        archive.writestr("project.qde", xml(SMALL))
    content = bytearray(out.getvalue())
    content[80:120] = b"\xff" * 40
    return bytes(content)


def claiming_to_be_packed_less() -> bytes:
    """A bomb whose directory says that it is packed in a tenth of its size."""
    content = bytearray(zipped({"project.qde": xml(SMALL).encode(), f"Sources/{guid('Ann')}.txt": bytes(50_000_000)}))
    struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 20, 5_000_000)
    return bytes(content)


def overlapping(entries: int) -> bytes:
    """An archive in which one packed piece belongs to many members, each of which takes in the heads of those behind."""
    names = [f"Sources/{n:03d}.txt".encode() for n in range(entries)]
    plain, packed = bytes(1_000_000), zlib.compress(bytes(1_000_000), 9, -15)
    within, directory = packed, []
    for name in reversed(names):
        about = (zlib.crc32(plain), len(packed), len(plain), len(name))
        head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, *about, 0) + name
        directory.append((name, about, len(head) + len(within)))
        within = head + within
        quoted = struct.pack("<BHH", 0, len(head), len(head) ^ 0xFFFF)  # the head as a block that is stored
        plain, packed, within = head + plain, quoted + head + packed, quoted + within
    before = zipped({"project.qde": xml(SMALL).encode()})
    start = before.index(b"PK\1\2")
    body = before[:start] + within[5:]
    entry = before[start : before.index(b"PK\5\6")]
    for name, about, behind in directory:
        place = len(body) - behind
        entry += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 33, *about, 0, 0, 0, 0, 0, place) + name
    counted = entries + 1
    return body + entry + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, counted, counted, len(entry), len(body), 0)


def with_two_of_a_folder() -> bytes:
    """An archive that has the same text twice, if the case of the folder's name does not count."""
    return zipped({"project.qde": xml(SMALL).encode(), "Sources/a.txt": b"one", "sources/a.txt": b"two"})


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
    "many little bombs": (
        lambda: zipped({"project.qde": xml(SMALL).encode()} | {f"Sources/{n}": bytes(1 << 20) for n in range(70)}),
        ["the archive is packed to less than 1/250", "--limits"],
    ),
    "a bomb that claims to be none": (claiming_to_be_packed_less, ["overlaps the next one", guid("Ann")]),
    "a bomb of members that overlap": (lambda: overlapping(100), ["overlaps the next one", "Sources/000.txt"]),
    "a member packed by LZMA": (lambda: packed_otherwise(zipfile.ZIP_LZMA), ["packed in an unusual way", "project.qde"]),
    "a member packed by bzip2": (lambda: packed_otherwise(zipfile.ZIP_BZIP2), ["packed in an unusual way", "project.qde"]),
    "an encrypted member": (encrypted, ["encrypted", "without a password"]),
    "a member twice": (twice_the_same, ["same name", "project.qde"]),
    "two folders of one name": (with_two_of_a_folder, ["same name", "sources/a.txt"]),
    "two projects": (lambda: zipped({"a.qde": b"", "b.QDE": b""}), ["two .qde files", "a.qde, b.QDE"]),
    "no project": (lambda: zipped({"Sources/a.txt": b""}), ["no .qde file", "Export"]),
    "a project in each of two folders": (lambda: zipped({"a/b.qde": b"", "c/d.qde": b""}), ["there are two .qde files"]),
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
    "a tag without end": (
        lambda: stored({"project.qde": xml("", name="a" * (20 << 20)).encode()}), ["line 2", "single tag", "16,777,216 bytes"],
    ),
    "something else in XML": (lambda: zipped({"project.qde": b"<html/>"}), ["root element is html", "not Project"]),
    "codes too deep": (lambda: project(nested(120)), ["nested more than 100 deep", "--limits"]),
    "codes in a circle": (lambda: project(CIRCLE), [f"Code {guid('a')} lies below itself", "circle"]),
    "a GUID twice": (
        lambda: project(BOOK + sources(text(selection(0, 2, coding("asked"), coding("asked"))))),
        ["line 2", f"second Coding has the GUID {guid('coding asked  ')}"],
    ),
    "a code twice": (lambda: project(codebook("asked", "asked")), [f"second Code has the GUID {guid('asked')}"]),
    "a GUID twice with another between": (
        lambda: project(BOOK + sources(text(
            selection(0, 2, key="one"), selection(0, 2, f'<Coding guid="{guid("selection one-2")}"><CodeRef targetGUID="{guid("asked")}"/></Coding>'),
            selection(3, 2, key="one"),
        ))), [f"second PlainTextSelection has the GUID {guid('selection one-2')}"],
    ),
    "a GUID twice, once in braces": (
        lambda: project(codebook("asked", "asked").replace(guid("asked"), "{" + guid("asked") + "}", 1)), [f"second Code has the GUID {guid('asked')}"],
    ),
    "a GUID that is short beside one that is long": (
        lambda: project(codebook("asked", "read").replace(guid("asked"), guid("asked")[:-4]).replace(guid("read"), "0000" + guid("read"))),
        ["line 2", "guid is not a GUID", guid("asked")[:-4]],
    ),
    "a GUID of letters that become others": (
        lambda: project(codebook("asked").replace(guid("asked"), "\ufb00" + guid("asked")[2:])), ["guid is not a GUID", "\ufb00"],
    ),
    "a selection without a start, on several lines": (
        lambda: project(BOOK + sources(text(selection(0, 2, "\n\n", coding("asked")).replace('startPosition="0"', "")))),
        ["line 2", f"PlainTextSelection {guid('selection 0-2')} has no startPosition"],
    ),
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


def test_limits_can_be_raised_and_what_was_let_in_comes_out_again(tmp_path: Path) -> None:
    """Through the import, which keeps the project, and the export of what was kept."""
    file, folder, out = tmp_path / "a.qdpx", tmp_path / "study", tmp_path / "b.qdpx"
    scan = {f"Sources/{guid('Ann')}.txt": TEXT.encode(), "Sources/scan.tif": bytes(3_000_000)}
    inside = users("reader") + nested(120) + sources(text(selection(0, 2, coding("deep 0", "reader"))))
    file.write_bytes(zipped({"project.qde": xml(inside).encode(), **scan}))
    for refused in (Limits(), Limits(ratio=5_000)):
        with pytest.raises(ExchangeError, match="--limits 10"):
            reading.read_project(file, limits=refused)
    commands.import_study(commands.read(file, times=10), Choices(), folder, lambda _: None)
    commands.export_study(folder, out, with_wording=True, tell=lambda _: None)
    commands.export_study(folder, tmp_path / "b.qdc", with_wording=False, tell=lambda _: None)
    read = reading.read_project(out, limits=OWN).project
    assert len(read.codes) == 120
    assert [(medium.name, medium.size) for medium in read.media] == [("scan.tif", 3_000_000)]


def test_no_limit_lets_in_what_could_not_be_followed(tmp_path: Path) -> None:
    file = tmp_path / "a.qdpx"
    file.write_bytes(project(nested(2_000)))
    with pytest.raises(ExchangeError, match=r"nested more than 400 deep\. Trees that are deeper cannot be read"):
        commands.read(file, times=1_000)


def test_what_is_kept_of_an_import_may_not_be_a_bomb_either(tmp_path: Path) -> None:
    """A study may come from somebody else, and this package never packs what it keeps."""
    folder = tmp_path / "study"
    commands.import_study(commands.read(small(tmp_path / "a.qdpx")), Choices(), folder, lambda _: None)
    content = {"project.qde": xml(SMALL).encode(), "Sources/scan.tif": bytes(3_000_000)}
    (folder / commands.PROJECT).write_bytes(zipped(content))
    with pytest.raises(ExchangeError, match="packed to less than 1/1 of its size"):
        commands.export_study(folder, tmp_path / "b.qdpx", with_wording=True, tell=lambda _: None)
    assert not (tmp_path / "b.qdpx").exists()


def test_a_medium_that_ends_early_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    content = bytearray(
        zipped(
            {"project.qde": xml(SMALL).encode(), f"Sources/{guid('Ann')}.txt": TEXT.encode(), "Sources/a.mp3": b"abc"}
        )
    )
    struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 24, 9)
    file = tmp_path / "a.qdpx"
    file.write_bytes(content)
    imported = commands.read(file)
    with pytest.raises(ExchangeError, match=r"sources/a\.mp3 in it cannot be unpacked: it ends 6 bytes before its end"):
        commands.import_study(imported, Choices(), tmp_path / "into", lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.qdpx"]


def test_thousands_of_unknown_things_do_not_make_thousands_of_lines(tmp_path: Path) -> None:
    own = "".join(f"<own{n}/>" for n in range(5_000))
    told = list(import_report.lines(reading.read_project(qdpx(tmp_path / "a.qdpx", xml(SMALL + own)))))
    assert len(told) < 120
    assert told[-1] == "  … and 4,900 more like these."


@pytest.mark.parametrize("what", some(["import", "export"], 1))
def test_a_command_that_is_killed_leaves_nothing_half_written(tmp_path: Path, what: str) -> None:
    """Killed in the midst of its writing, as `kill -9` does it, a command leaves what was there, and can be run again."""
    file, folder, out = tmp_path / "a.qdpx", tmp_path / "study", tmp_path / "out.qdpx"
    talk = {f"Sources/{guid('Ann')}.txt": TEXT.encode(), "Sources/talk.mp3": bytes(100_000_000)}
    file.write_bytes(stored({"project.qde": xml(SMALL).encode(), **talk}))
    command = ["study", "import", str(file), str(folder)]
    if what == "export":
        assert run(*command).returncode == 0
        command = ["study", "export", "--with-wording", "--ignore-disclosure-findings", str(folder), str(out)]
        out.write_text("somebody's")
    before = {path.name for path in tmp_path.iterdir()}
    whole = [sys.executable, "-m", "analysis", *command]
    for _ in range(9):  # on a busy machine, the kill may come after the writing
        running = subprocess.Popen(whole, cwd=paths.ROOT, stdout=subprocess.DEVNULL)
        while running.poll() is None and {path.name for path in tmp_path.iterdir()} == before:
            time.sleep(0.001)
        running.kill()
        running.wait()
        was_written = folder.exists() if what == "import" else out.stat().st_size > 100
        if not was_written:
            break
        if what == "import":
            shutil.rmtree(folder)
        else:
            out.write_text("somebody's")
    assert running.returncode == -signal.SIGKILL, "it was writing beside the target when it was killed"
    after = {path.name for path in tmp_path.iterdir()}
    assert all(name.startswith(".") for name in after - before)
    assert what == "import" or out.read_text() == "somebody's"
    assert run(*command).returncode == 0
    assert len(reading.read_project(out if what == "export" else folder / commands.PROJECT).project.media) == 1


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
    with pytest.raises(ExchangeError, match="not a known file of a coded project"):
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
    assert len(list(read.codings())) == 2


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
