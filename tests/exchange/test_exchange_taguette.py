"""Projects of Taguette are read with their offsets, coders and tree, and only the one that was asked for."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from exchanged import ROWS, SOUP, TABLES, taguette

from analysis.exchange import import_report
from analysis.exchange.databases import sqlite_files
from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.refi_qda import reading
from analysis.exchange.refi_qda.qdpx_archives import Limits
from analysis.exchange.taguette import project_file
from analysis.exchange.taguette.html_text import MarkedText
from analysis.exchange.taguette.project_file import read_taguette

Rows = dict[str, list[tuple[Any, ...]]]


def test_highlights_are_of_the_words_that_were_highlighted(tmp_path: Path) -> None:
    imported = read_taguette(taguette(tmp_path / "a.sqlite3"))
    (source,) = imported.project.sources
    assert source.content == "We eat at noon – always 🙂 together.\nThe soup is hot & cheap.\ncrème"
    names = {code.guid: code.name for code in imported.project.codes}
    names |= {user.guid: user.name for user in imported.project.users}
    found = [
        (source.content[slice(*s.span)], [(names[c.code], names.get(c.coder, ""), c.time) for c in s.codings])
        for s in source.selections
    ]
    assert found == [
        ("noon – always 🙂", [("together", "ann", "2026-01-02T03:04:05Z")]),
        ("The soup is", [("food", "ben", "2026-01-02T03:05:00Z"), ("hot", "ann", "2026-01-02T03:06:00Z")]),
        ("crème", [("food", "", "")]),
    ]
    assert len(imported.report.unusual) == 0
    assert [(code.name, names.get(code.parent, ""), code.description) for code in imported.project.codes] == [
        ("food", "", "What they eat"), ("hot", "food", "Warm"), ("together", "", ""),
    ]  # fmt: skip


def test_codes_have_the_guids_of_taguettes_own_codebook(tmp_path: Path) -> None:
    """As `export codebook.qdc` of Taguette 1.5.2 gave them for tags of these names."""
    guids = {code.name: code.guid for code in read_taguette(taguette(tmp_path / "a.sqlite3")).project.codes}
    assert guids == {
        "food": "268DCD70-6F9A-5C7E-BDD9-91A78E580D31",
        "hot": "C6713567-4832-5EFB-A51A-E8EA2F8BEFA6",
        "together": "8FB2010F-DF8A-54B6-94A9-274A20E3B9F0",
    }


def test_a_codebook_as_taguette_writes_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "codebook.qdc"
    file.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5.2"><Codes>'
        '<Code guid="268DCD70-6F9A-5C7E-BDD9-91A78E580D31" name="food" isCodable="true"/></Codes><Sets/></CodeBook>'
    )
    imported = reading.read_codebook(file)
    assert [code.name for code in imported.project.codes] == ["food"]
    assert any("Sets is empty" in line for line in import_report.lines(imported))


def test_levels_of_the_tree_that_are_no_tags_are_no_codes_to_give(tmp_path: Path) -> None:
    rows = ROWS | {"tags": [(1, 1, "food.sweet.soft", ""), (2, 1, "a..b", ""), (3, 1, "food", "")]}
    codes = read_taguette(taguette(tmp_path / "a.sqlite3", rows)).project.codes
    assert [(code.name, code.is_codable) for code in codes] == [
        ("a..b", True), ("food", True), ("sweet", False), ("soft", True),
    ]  # fmt: skip


def test_of_several_projects_one_has_to_be_named_and_nothing_of_the_others_is_read(tmp_path: Path) -> None:
    rows = {table: list(found) for table, found in ROWS.items()}
    rows["projects"].append((2, "Dinner", ""))
    rows["documents"].append((2, "Cy", "", 2, "<p>Other words</p>"))
    rows["tags"].append((4, 2, "food", "Other food"))
    rows["highlights"].append((4, 2, 0, 5, "<p>Other</p>"))
    rows["highlight_tags"].append((4, 4))
    file = taguette(tmp_path / "a.sqlite3", rows)
    with pytest.raises(ExchangeError, match=r"2 such projects in the file \(found 'Lunch, Dinner'\).*--project"):
        read_taguette(file)
    with pytest.raises(ExchangeError, match="0 such projects"):
        read_taguette(file, "Breakfast")
    dinner = read_taguette(file, "Dinner").project
    assert [source.name for source in dinner.sources] == ["Cy"]
    assert [code.description for code in dinner.codes] == ["Other food"]
    assert read_taguette(file, "Lunch").project == read_taguette(taguette(tmp_path / "c.sqlite3")).project


def changed(table: str, row: int, column: int, value: object) -> Callable[[], tuple[Rows, str]]:
    def made() -> tuple[Rows, str]:
        rows = {name: [list(found) for found in given] for name, given in ROWS.items()}
        rows[table][row][column] = value
        return {name: [tuple(found) for found in given] for name, given in rows.items()}, TABLES

    return made


BOMB = "hex(zeroblob(400000000))"  # 800 million characters
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n"
BROKEN: dict[str, tuple[Callable[[], tuple[Rows, str]], str]] = {
    "a highlight behind the document": (changed("highlights", 0, 3, 72), "highlight 1 is not within the document 'Ann' of 71 bytes"),
    "a highlight before the document": (changed("highlights", 0, 2, -1), "found '-1 to 30'"),
    "a position that is text": (changed("highlights", 0, 2, "ten"), "start_offset in table highlights is not a number"),
    "contents that are bytes": (changed("documents", 0, 4, b"\xff"), "contents in table documents is not text"),
    "a table that is missing": (lambda: ({}, TABLES.replace("CREATE TABLE tags", "CREATE TABLE labels")), "no table tags"),
    "a table that is computed": (
        lambda: ({}, TABLES.replace("CREATE TABLE tags", f"CREATE VIEW tags AS {ENDLESS}; CREATE TABLE labels")), "no table tags",
    ),
    "a column that is computed": (
        lambda: ({}, TABLES.replace("contents TEXT NOT NULL", f"contents TEXT AS ({BOMB})")),
        "a column of table documents is computed, which Taguette never writes (found 'contents')",
    ),
    "a column that was computed": (
        lambda: ({}, TABLES.replace("payload TEXT NOT NULL", "payload TEXT AS (upper(date)) STORED")),
        "a column of table commands is computed",
    ),
    "a table of another kind": (
        lambda: ({}, TABLES.replace("CREATE TABLE tags", "CREATE VIRTUAL TABLE tags USING fts5(path); CREATE TABLE labels")),
        "no table tags",
    ),
    "a tag of many levels": (changed("tags", 0, 2, ".".join("a" * 101)), "101 levels, which is too long or too deep"),
    "a very long tag": (changed("tags", 0, 2, "a" * 1001), "a tag has 1,001 characters"),
    "a table without a column": (
        lambda: ({name: ROWS[name] for name in ("projects", "documents")}, TABLES.replace("snippet TEXT", "words TEXT")),
        "table highlights has no column snippet, as Taguette has it",
    ),
    "no project": (lambda: ({}, TABLES), "there is no project in it"),
}  # fmt: skip


@pytest.mark.parametrize(("made", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_one_message(
    tmp_path: Path, made: Callable[[], tuple[Rows, str]], told: str
) -> None:
    file = taguette(tmp_path / "a.sqlite3", *made())
    with pytest.raises(ExchangeError) as raised:
        read_taguette(file)
    assert told in str(raised.value)
    assert len(raised.value.faults) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite3"]


def test_a_file_that_is_cut_off_or_too_large_is_refused(tmp_path: Path) -> None:
    file = taguette(tmp_path / "a.sqlite3")
    with pytest.raises(ExchangeError, match="larger than 100 bytes"):
        read_taguette(file, limits=Limits(member=100))
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(ExchangeError, match="cannot be read as Taguette's SQLite file"):
        read_taguette(file)
    with pytest.raises(ExchangeError, match="No such file"):
        read_taguette(tmp_path / "nowhere.sqlite3")


# Reads a file with 600 MB of memory, and prints what is wrong with it.
READ = """
import resource, sys
from pathlib import Path
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.taguette.project_file import read_taguette
resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
try:
    read_taguette(Path(sys.argv[1]))
except ExchangeError as error:
    print(error)
"""


def bomb_of_a_column(file: Path) -> None:
    taguette(file, {}, TABLES.replace("contents TEXT NOT NULL", f"contents TEXT AS ({BOMB})"))


def bomb_of_a_default(file: Path) -> None:
    """Write short rows that lack a column, whose default is long: some bytes each in the file, 90,000 when they are read."""
    rows = {**ROWS, "highlights": [], "highlight_tags": [], "commands": []}
    taguette(file, rows, TABLES.replace(", payload TEXT NOT NULL", ""))
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN")
        database.executemany("INSERT INTO commands VALUES (?, '', '', 1, 1)", ((n,) for n in range(20_000)))
        database.execute("COMMIT")
        database.execute("PRAGMA writable_schema=ON")
        long = f", payload TEXT DEFAULT '{'a' * 90_000}')"
        changed = "UPDATE sqlite_master SET sql = substr(sql, 1, length(sql) - 1) || ? WHERE name = 'commands'"
        database.execute(changed, [long])


@pytest.mark.parametrize(
    ("write", "told"),
    [(bomb_of_a_column, "is computed"), (bomb_of_a_default, "table commands gives more than the file can hold")],
)
def test_a_small_file_that_grows_when_it_is_read_is_refused_at_once(
    tmp_path: Path, write: Callable[[Path], None], told: str
) -> None:
    file = tmp_path / "a.sqlite3"
    write(file)
    assert file.stat().st_size < 1_000_000
    found = subprocess.run(
        [sys.executable, "-c", READ, str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    assert told in found.stdout
    assert len(found.stdout.splitlines()) == 1


def test_what_takes_sqlite_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_files, "_SECONDS", 0)
    with pytest.raises(ExchangeError, match="it takes too long"):
        read_taguette(taguette(tmp_path / "a.sqlite3", {**ROWS, "highlight_tags": [(n, 1) for n in range(2_000)]}))


def test_html_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_file, "_SECONDS", 1)
    monkeypatch.setattr(project_file, "_BYTES_A_SECOND", 10**9)
    slow = [(1, "Ann", "", 1, f"{SOUP}{'<a ' * 400_000}")]
    with pytest.raises(ExchangeError, match="its texts could not be read within 1 seconds"):
        read_taguette(taguette(tmp_path / "a.sqlite3", {**ROWS, "documents": slow}))


def test_a_highlight_of_other_words_than_taguette_noted_is_reported(tmp_path: Path) -> None:
    rows, _ = changed("highlights", 0, 2, 11)()
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert "a highlight does not have the words that Taguette stored for it (highlight 1)" in "\n".join(
        import_report.lines(imported)
    )


def test_a_log_that_cannot_be_read_leaves_the_coder_open(tmp_path: Path) -> None:
    rows, _ = changed("commands", 0, 5, "{" * 100_000)()
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert imported.project.sources[0].selections[0].codings[0].coder == ""
    assert "an entry of the log cannot be read" in "\n".join(import_report.lines(imported))


def logged(*entries: tuple[str, dict[str, object]]) -> Rows:
    """Return the rows with another log: who did what, a minute apart."""
    log = [(n, f"2026-01-02 03:{n:02d}:00", login, 1, 1, json.dumps(done)) for n, (login, done) in enumerate(entries)]
    return ROWS | {"commands": log}


def tagged(highlight: object, *tags: object) -> dict[str, object]:
    return {"type": "highlight_add", "highlight_id": highlight, "tags": tags}


def makers(imported: Imported) -> list[tuple[str, str]]:
    """Return by whom and when each highlight was made."""
    names = {user.guid: user.name for user in imported.project.users} | {"": ""}
    return [(names[s.author], s.created[11:16]) for s in imported.project.sources[0].selections]


def coders(imported: Imported) -> list[list[tuple[str, str]]]:
    """Return by whom and when each highlight was given its codes."""
    names = {user.guid: user.name for user in imported.project.users} | {"": ""}
    return [[(names[c.coder], c.time[11:16]) for c in s.codings] for s in imported.project.sources[0].selections]


MERGED = {"type": "tag_merge", "src_tag_id": 8, "dest_tag_id": 9}
THEN = {"type": "tag_merge", "src_tag_id": 9, "dest_tag_id": 3}


def test_a_tag_that_was_taken_away_and_given_again_is_from_who_gave_it_again(tmp_path: Path) -> None:
    rows = logged(("ann", tagged(1, 3)), ("ben", tagged(1)), ("ben", tagged(1, 3)), ("ann", tagged(1, 3)))
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert coders(imported)[0] == [("ben", "03:02")]


def test_a_highlight_is_by_who_made_it_whoever_tagged_it(tmp_path: Path) -> None:
    rows = logged(("ann", tagged(1)), ("ben", tagged(1, 3)), ("ben", tagged(2)), ("cy", MERGED))
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert makers(imported) == [("ann", "03:00"), ("ben", "03:02"), ("", "")]
    assert coders(imported)[0] == [("ben", "03:01")]
    assert [user.name for user in imported.project.users] == ["ann", "ben"], "who did something else is no user"


# As Taguette 1.5.2 leaves a log behind when it exports or imports: tags that are gone have negative numbers, and the
# number of the tag which they were merged into is the old one.
LOST = {"type": "tag_merge", "src_tag_id": -8, "dest_tag_id": 111}
TAKEN = {"type": "tag_merge", "src_tag_id": -8, "dest_tag_id": 2}


def test_a_tag_whose_number_the_log_does_not_know_is_from_who_made_the_highlight(tmp_path: Path) -> None:
    rows = logged(("ann", tagged(1, -8)), ("ben", tagged(2, -8, 2)), ("cy", LOST))
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert coders(imported) == [[("ann", "")], [("ben", ""), ("ben", "03:01")], [("", "")]]
    told = "\n".join(import_report.lines(imported))
    assert "the author of the highlight is taken to have given it, 2 times (first at highlight 1)" in told
    assert [user.name for user in imported.project.users] == ["ann", "ben"]


def test_the_old_number_of_a_tag_is_not_taken_for_the_tag_that_has_it_now(tmp_path: Path) -> None:
    """Tags 1 and 2 are of highlight 2. Ann gave what has become 1, and the log says 2, which Ben gave."""
    rows = logged(("ann", tagged(2, -8)), ("ann", TAKEN), ("ben", tagged(2, -8, 2)))
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert coders(imported)[1] == [("ann", ""), ("ben", "03:02")]


def test_nobody_is_named_for_a_tag_that_either_of_two_people_may_have_given(tmp_path: Path) -> None:
    rows = logged(("ann", tagged(2, -8)), ("ann", LOST), ("ben", tagged(2, 1, 2)))
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert coders(imported)[1] == [("", ""), ("", "")]
    assert "which of two people gave a tag to a highlight; no coder is named" in "\n".join(
        import_report.lines(imported)
    )
    alone = logged(("ann", tagged(2, -8)), ("ann", LOST), ("ann", tagged(2, 1, 2)))
    assert coders(read_taguette(taguette(tmp_path / "b.sqlite3", alone)))[1] == [("ann", "03:02"), ("ann", "03:02")]


def test_what_others_did_before_an_import_into_taguette_is_reported(tmp_path: Path) -> None:
    joined = {"type": "member_add", "member": "cy"}
    rows = logged(("ann", joined), ("ann", tagged(1, 3)), ("ann", {"type": "project_import"}), ("ben", tagged(2, 1)))
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", rows))
    assert "is logged as done by who imported it (cy)" in "\n".join(import_report.lines(imported))


def test_tags_that_were_merged_are_from_who_gave_them(tmp_path: Path) -> None:
    rows = logged(("ann", tagged(1, 8)), ("ben", tagged(2, 1, 2)), ("cy", MERGED), ("ben", tagged(1, 9)), ("cy", THEN))
    assert coders(read_taguette(taguette(tmp_path / "a.sqlite3", rows))) == [
        [("ann", "03:00")], [("ben", "03:01"), ("ben", "03:01")], [("", "")],
    ]  # fmt: skip


def test_a_log_that_names_one_person_for_several_is_reported(tmp_path: Path) -> None:
    def told(*who: str) -> str:
        rows = logged((who[0], {"type": "member_add", "member": "ben"}), *((login, tagged(1, 3)) for login in who))
        return "\n".join(import_report.lines(read_taguette(taguette(tmp_path / f"{len(who)}.sqlite3", rows))))

    assert "done by one person, as in every export of Taguette, and there were other members (ben)" in told("admin")
    assert "one person" not in told("ann", "ben")


@pytest.mark.parametrize("done", [tagged([1], 3), tagged(1, "3"), MERGED | {"src_tag_id": {}}, [], "type"], ids=repr)
def test_an_entry_of_the_log_of_another_shape_leaves_the_others(tmp_path: Path, done: Any) -> None:
    imported = read_taguette(taguette(tmp_path / "a.sqlite3", logged(("ann", tagged(1, 3)), ("ben", done))))
    assert coders(imported)[0] == [("ann", "03:00")]
    assert "an entry of the log cannot be read" in "\n".join(import_report.lines(imported))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a <b>b</b><i>c</i></p>\n<p>d</p>", "a bc\nd"),
        ("<pre>\n a</pre>", " a"),
        ("a&lt;b&#128578;&nbsp;c &unknown; d&amp", "a<b🙂\xa0c &unknown; d&"),
        ("a<script>alert('b')</script><style>c</style>d<!-- e -->f", "adf"),
        ("<p>a\r\nb</p>", "a b"),
        ("<p>a\n<b>b</b>\n<i>c\nd</i></p>\n<p>e<br>\nf</p><pre>\ng\n h</pre>", "a b c d\ne\nf\ng\n h"),
        ("", ""),
    ],
)
def test_the_text_of_html_is_what_a_reader_sees(html: str, text: str) -> None:
    assert MarkedText(html).text == text


def test_bytes_lead_to_the_places_of_their_characters() -> None:
    marked = MarkedText(SOUP)
    counted = 0
    for place, character in enumerate(marked.text):
        if character == "\n" and marked.text[place + 1 : place + 2] == "T":
            continue  # the end of a block, which Taguette does not count
        assert marked.start(counted) == place
        counted += len(character.encode())
        assert marked.end(counted) == place + 1
    assert counted == marked.size
    inside = len(b"We eat at noon ") + 1  # in the middle of the dash
    assert marked.text[marked.start(inside) : marked.end(inside)] == "–"
