"""Whatever is in a file, it is read or refused in one way: an ExchangeError, soon, with nothing written.

By default some hundred spoiled files are tried; `EXCHANGE_FUZZ=100000 pytest tests/exchange/test_exchange_fuzz.py` tries more.
What such runs found is in `FOUND`, and stays tested.
"""

import contextlib
import io
import os
import re
import sqlite3
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from example_counts import examples
from exchanged import SMALL, TEXT, guid, taguette, xml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.exchange import commands
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing import study_from_project
from analysis.exchange.importing.facets import Choices
from analysis.exchange.positions import WAYS, Scale, Way
from analysis.exchange.project import Code, Coding, Project, Selection, Set, Source, User
from analysis.exchange.refi_qda import reading, writing
from analysis.exchange.taguette.html_text import MarkedText

TRIED = int(os.environ.get("EXCHANGE_FUZZ", examples(150)))
SLOWEST = 20  # seconds for one file
usual = settings(
    max_examples=TRIED, deadline=None, derandomize="EXCHANGE_FUZZ" not in os.environ, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TOKENS = [b"<", b">", b'"', b"&", b"&#0;", b"]]>", b"<!--", b"<![CDATA[", b"</Code>", b"<Codes>", b"-", b"9" * 30, b"\x00", b"\xff",
          b"<Set/>", b"xmlns=''", b"internal://", b"..", b"{", b"}", b"\r\n", "🙂".encode(), b"true", b"<Description/>"]  # fmt: skip


Edit = tuple[float, int, bytes | None]
# Where a piece is cut out (as a share of the file), how much of it, and what takes its place; None doubles it.
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6), st.none())),
    min_size=1, max_size=4,
)  # fmt: skip
COLUMNS = ["documents.contents", "highlights.start_offset", "highlights.end_offset", "highlights.snippet", "tags.path",
           "commands.payload", "commands.date", "projects.name"]  # fmt: skip
values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False),
    st.binary(max_size=20), st.sampled_from(["[]", "{}", "<p>", "&#xd800;", "<pre>\n"]),
)  # fmt: skip


def spoiled(content: bytes, changes: list[Edit]) -> bytes:
    """Cut, double, exchange or overwrite some pieces of a file."""
    for share, length, piece in changes:
        start = int(share * len(content))
        end = min(len(content), start + length)
        content = content[:start] + (content[start:end] * 2 if piece is None else piece) + content[end:]
    return content


def archive(project: bytes, text: bytes = TEXT.encode()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", project)
        made.writestr(f"Sources/{guid('Ann')}.txt", text)
        made.writestr("Sources/talk.mp3", b"sound")
    return out.getvalue()


@cache
def database() -> bytes:
    """Return a file of Taguette."""
    with tempfile.TemporaryDirectory() as folder:
        return taguette(Path(folder) / "a.sqlite3").read_bytes()


def database_with(column: str, value: object) -> bytes:
    """Return a file of Taguette with another value in all rows of a column."""
    table, name = column.split(".")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.sqlite3"
        file.write_bytes(database())
        with closing(sqlite3.connect(file)) as opened:
            opened.execute("PRAGMA synchronous = OFF")  # not to wait for the disk
            opened.execute(f"UPDATE {table} SET {name} = ?", (value,))  # noqa: S608
            opened.commit()
        return file.read_bytes()


def survives(name: str, content: bytes) -> bool:
    """Read a file, make a study of it and write it, as far as it lets; say whether it could be read."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        try:
            imported = commands.read(file)
        except ExchangeError:
            assert [path.name for path in Path(folder).iterdir()] == [name]
            return False
        with contextlib.suppress(ExchangeError):  # not every project is a study
            study_from_project.coded_study(imported.project, Choices())
        out = Path(folder) / "out.qdpx"
        refused = ""
        try:
            writing.write_project(imported.project, out)
        except ExchangeError as error:
            refused = str(error)
        if refused:  # media are looked at when they are copied; nothing else may be wrong by then
            assert imported.project.media
            assert re.search("cannot be (unpacked|read)", refused)
            assert [path.name for path in Path(folder).iterdir()] == [name]
            return False
        assert reading.read_project(out, strict=True).project == writing.settled(imported.project)
    assert time.perf_counter() - start < SLOWEST
    return True


answers: dict[str, set[bool]] = {"projects": set(), "archives": set(), "databases": set(), "values": set()}


@usual
@given(edits, st.one_of(st.just(TEXT.encode()), st.binary(max_size=80)))
def test_a_spoiled_project_is_read_or_refused(changes: list[Edit], text: bytes) -> None:
    answers["projects"].add(survives("a.qdpx", archive(spoiled(xml(SMALL).encode(), changes), text)))


@usual
@given(edits)
def test_a_spoiled_archive_is_read_or_refused(changes: list[Edit]) -> None:
    answers["archives"].add(survives("a.qdpx", spoiled(archive(xml(SMALL).encode()), changes)))


@usual
@given(edits)
def test_a_spoiled_database_is_read_or_refused(changes: list[Edit]) -> None:
    answers["databases"].add(survives("a.sqlite3", spoiled(database(), changes)))


@usual
@given(st.sampled_from(COLUMNS), values)
def test_a_database_with_any_value_is_read_or_refused(column: str, value: object) -> None:
    answers["values"].add(survives("a.sqlite3", database_with(column, value)))


@pytest.mark.thorough  # fewer examples need not have both
def test_some_spoiled_files_were_read_and_some_refused() -> None:
    if not any(answers.values()):
        pytest.skip("the tests above were not run")
    assert answers == {kind: {True, False} for kind in answers}


@usual
@given(st.text(max_size=200), st.sampled_from(["source,passage,code,coder\n", ""]))
@example("Ann,\ufeffa,b,c\n", "source,passage,code,coder\n")
@example("Ann,a\rb,c,d\n", "source,passage,code,coder\n")
def test_a_table_of_anything_is_read_or_refused(rows: str, header: str) -> None:
    survives("a.csv", (header + rows).encode("utf-8", "replace"))


# What longer runs found, each mended since: file name and content.
FOUND: dict[str, tuple[str, Callable[[], bytes]]] = {
    "two tags of one name on a highlight": ("a.sqlite3", lambda: database_with("tags.path", "")),
    "a database whose faults SQLite cannot quote": (
        "a.sqlite3",
        lambda: spoiled(database(), [(0.08831263916344058, 3, b"\x00\x01\x80")]),
    ),
    "a text that begins with a second byte order mark": (
        "a.qdpx", lambda: archive(xml(SMALL).encode(), b"\xef\xbb\xbf" * 2 + TEXT.encode()),
    ),
    "a medium that is shorter than the archive says": (
        "a.qdpx", lambda: archive(xml(SMALL).encode()).replace(struct.pack("<II", 5, 16), struct.pack("<II", 9, 16)),
    ),
    "a passage that begins with a byte order mark": ("a.csv", lambda: "source,passage,code\nAnn,\ufeffa,b\n".encode()),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content"), FOUND.values(), ids=FOUND)
def test_what_was_found_stays_mended(name: str, content: Callable[[], bytes]) -> None:
    survives(name, content())


names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32)] + ["\ufffe", "\uffff"]),
    max_size=12,
)


@st.composite
def coded_projects(draw: st.DrawFn) -> Project:
    """A project of any codes, texts, selections and codings."""
    count = draw(st.integers(1, 5))
    codes: list[Code] = []
    for n in range(count):
        parent = draw(st.sampled_from(["", *(code.guid for code in codes)]))
        codes.append(
            Code(
                guid(f"c{n}"),
                draw(names),
                parent,
                draw(st.booleans()),
                draw(st.sampled_from(["", "#fff"])),
                draw(names),
            )
        )
    coders = [User(guid(f"u{n}"), draw(names)) for n in range(draw(st.integers(0, 3)))]
    found = []
    for n in range(draw(st.integers(0, 3))):
        content = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
        selections = []
        for m in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(content)))
            end = draw(st.integers(start, len(content)))
            given_codes = draw(st.lists(st.sampled_from(codes), max_size=2, unique=True))
            coder = draw(st.sampled_from(["", *(user.guid for user in coders)]))
            codings = tuple(Coding(guid(f"k{n}{m}{code.guid}"), code.guid, coder) for code in given_codes)
            selections.append(Selection("text", guid(f"s{n}{m}"), (start, end), draw(names), draw(names), codings))
        found.append(Source("text", guid(f"t{n}"), draw(names), draw(names), content, "", "", tuple(selections)))
    sets = (Set(guid("set"), draw(names), draw(names), tuple(code.guid for code in codes[:2])),)
    return Project(draw(names), users=tuple(coders), codes=tuple(codes), sources=tuple(found), sets=sets)


@usual
@given(coded_projects())
def test_any_project_is_written_and_read_back_the_same(project: Project) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one.qdpx", Path(folder) / "two.qdpx"
        writing.write_project(project, one)
        read = reading.read_project(one, WAYS[0], strict=True).project
        assert read == writing.settled(project)
        writing.write_project(read, two)
        assert one.read_bytes() == two.read_bytes()


@usual
@given(st.text(max_size=60), st.data())
def test_bytes_of_html_lead_into_its_text(html: str, data: st.DataObject) -> None:
    marked = MarkedText(html)
    start = data.draw(st.integers(0, marked.size))
    end = data.draw(st.integers(start, marked.size))
    assert 0 <= marked.start(start) <= len(marked.text)
    assert 0 <= marked.end(end) <= len(marked.text)
    counted = marked.text[marked.start(start) : max(marked.start(start), marked.end(end))].encode("utf-8", "replace")
    assert len(counted) <= end - start + 6 + marked.text.count("\n"), "no more than was highlighted, and ends of blocks"


@usual
@given(st.text(st.sampled_from("a \r\n🙂é"), max_size=30), st.sampled_from(WAYS))
def test_every_place_of_a_text_is_found_from_its_position(text: str, way: Way) -> None:
    """Against counting one character after the other."""
    scale, position, place = Scale(text, way), 0, 0
    while place < len(text):
        pair = text[place : place + 2] == "\r\n"
        assert scale.place(position) == (place, True)
        if pair and way.line_break is not None:
            stored, width = 2, way.line_break
        elif text[place] in "\r\n" and way.line_break is not None:
            stored, width = 1, way.line_break
        else:
            stored, width = 1, 2 if way.utf16 and ord(text[place]) > 0xFFFF else 1
        for within in range(1, width):
            if width != stored:
                assert scale.place(position + within) == (place, False)
        position, place = position + width, place + stored
    assert scale.place(position) == (len(text), True)
