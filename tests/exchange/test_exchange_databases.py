"""The databases of QualCoder and RQDA are read: positions, coders, memos, the tree of codes, cases and annotations."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from analysis.exchange import commands, import_report
from analysis.exchange.databases.qualcoder import read_qualcoder
from analysis.exchange.databases.rqda import read_rqda
from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.importing.facets import Choices

TEXT = "We trusted the garden 🙂 at once. It took time."
END, LAST = len(TEXT), TEXT.index("It took")
QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text, codername text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text);
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
    owner text, date text, memo text);
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer,
    cid integer, memo text, date text, owner text);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer);
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
"""
ROWS: dict[str, list[tuple[object, ...]]] = {
    "project": [("v8", "", "About gardens", "QualCoder 3.6", "ann")],
    "source": [
        (1, "A", TEXT, None, "", "ann", "2026-01-01 10:00:00"),
        (2, "plan.jpg", None, "/images/plan.jpg", "", "ann", ""),
    ],
    "code_cat": [(1, "People", "ann", "", "Who", None), (2, "Feelings", "ann", "", "", 1)],
    "code_name": [
        (1, "Trust", "Being sure", 2, "ann", "", "#ff0000"),
        (2, "Time", "", None, "ann", "", "red"),
    ],
    "code_text": [
        (1, 1, 1, TEXT[3:22], 3, 22, "ann", "2026-01-02 03:04:05", "It says so"),
        (2, 1, 1, TEXT[3:22], 3, 22, "ben", "", ""),
        (3, 2, 1, TEXT[LAST:], LAST, END, "ben", "", ""),
    ],
    "code_image": [(1, 2, 10, 20, 30, 40, 2, "", "", "ann")],
    "annotation": [(1, 1, 0, 2, "Who?", "ben", "")],
    "cases": [(1, "P1", "", "ann", "")],
    "case_text": [(1, 1, 1, 0, END, "ann")],
    "attribute": [(1, "age", "case", "40", 1)],
    "journal": [(1, "Day 1", "Began.", "", "ann")],
}
RQDA = """
CREATE TABLE project (memo text);
CREATE TABLE freecode (name text, memo text, owner text, date text, dateM text, id integer, status integer, color text);
CREATE TABLE codecat (name text, cid integer, catid integer, owner text, date text, dateM text, memo text, status integer);
CREATE TABLE treecode (cid integer, catid integer, date text, dateM text, memo text, status integer, owner text);
CREATE TABLE source (name text, id integer, file text, memo text, owner text, date text, dateM text, status integer);
CREATE TABLE coding (cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text,
    date text, memo text);
"""


def database(file: Path, tables: str, rows: Mapping[str, Iterable[tuple[object, ...]]]) -> Path:
    with closing(sqlite3.connect(file)) as made:
        made.executescript(tables)
        for table, found in rows.items():
            for row in found:
                made.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        made.commit()
    return file


def qualcoder(folder: Path, **changed: list[tuple[object, ...]]) -> Path:
    folder.mkdir()
    return database(folder / "data.qda", QUALCODER, ROWS | changed)


def codings(imported: Imported) -> list[tuple[str, str, str]]:
    project = imported.project
    names = {code.guid: code.name for code in project.codes} | {user.guid: user.name for user in project.users}
    return [
        (
            (source.content or "")[slice(*selection.span)] if source.content else source.name,
            names[given.code],
            names[given.coder],
        )
        for source, selection, given in project.codings()
        if selection
    ]


def told(imported: Imported) -> str:
    return "\n".join(import_report.lines(imported))


def test_qualcoders_codings_have_their_words_codes_and_owners(tmp_path: Path) -> None:
    imported = read_qualcoder(qualcoder(tmp_path / "garden.qda"))
    assert codings(imported) == [
        ("trusted the garden ", "Trust", "ann"), ("trusted the garden ", "Trust", "ben"),
        (TEXT[LAST:], "Time", "ben"), ("plan.jpg", "Time", "ann"),
    ]  # fmt: skip
    assert imported.project.name == "garden"
    assert "does not have the words" not in told(imported)
    assert imported.report.counting is not None
    assert imported.report.counting.way.name == "code-points"


def test_qualcoders_categories_and_codes_are_one_tree(tmp_path: Path) -> None:
    codes = read_qualcoder(qualcoder(tmp_path / "a.qda")).project.codes
    names = {code.guid: code.name for code in codes}
    assert [(one.name, names.get(one.parent, ""), one.is_codable, one.colour, one.description) for one in codes] == [
        ("People", "", False, "", "Who"), ("Feelings", "People", False, "", ""),
        ("Trust", "Feelings", True, "#ff0000", "Being sure"), ("Time", "", True, "", ""),
    ]  # fmt: skip


def test_memos_cases_values_and_annotations_come_over(tmp_path: Path) -> None:
    file = qualcoder(tmp_path / "a.qda")
    project = read_qualcoder(file).project
    assert {note.name: note.content for note in project.notes if note.name} == {"Day 1": "Began."}
    (case,) = project.cases
    assert (case.name, case.sources, case.values[0].value) == ("P1", (project.sources[0].guid,), "40")
    assert [one.span for one in project.sources[0].selections if one.notes] == [(0, 2)]
    made = commands.coded(commands.read(tmp_path / "a.qda"), Choices())
    first = made.evidence.codings.iloc[0]
    assert (first["coder_id"], first["rationale"]) == ("ann", "It says so")
    assert made.evidence.sources["label"].tolist() == ["P1", "plan.jpg"]


def test_a_case_may_be_a_part_of_a_text(tmp_path: Path) -> None:
    imported = read_qualcoder(qualcoder(tmp_path / "a.qda", case_text=[(1, 1, 1, 0, 30, "ann")]))
    (case,) = imported.project.cases
    spans = {one.guid: one.span for one in imported.project.sources[0].selections}
    assert [spans[guid] for guid in case.selections] == [(0, 2), (3, 22)], (
        "an annotation and a coding, not the last one"
    )


def test_subcodes_of_newer_versions_lie_below_their_code_and_circles_are_cut(tmp_path: Path) -> None:
    file = qualcoder(tmp_path / "a.qda")
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("ALTER TABLE code_name ADD supercid integer")
        opened.execute("UPDATE code_name SET supercid = 1 WHERE cid = 2")
        opened.execute("UPDATE code_cat SET supercatid = 2 WHERE catid = 1")
        opened.commit()
    imported = read_qualcoder(file)
    names = {code.guid: code.name for code in imported.project.codes}
    assert {(code.name, names.get(code.parent, "")) for code in imported.project.codes} == {
        ("People", ""), ("Feelings", "People"), ("Trust", "Feelings"), ("Time", "Trust"),
    }  # fmt: skip
    assert "in a circle of codes" in told(imported)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((1, 1, 1, "other words", 3, 22, "ann", "", ""), "does not have the words that QualCoder stored for it"),
        ((1, 1, 1, "They", 900, 922, "ann", "", ""), "a place that its text does not have"),
        ((1, 1, 9, "We", 0, 2, "ann", "", ""), "a coding of a source that is not in the file"),
        ((1, 9, 1, "We", 0, 2, "ann", "", ""), "a coding with a code that is not in the file"),
    ],
)
def test_what_does_not_agree_is_reported(tmp_path: Path, row: tuple[object, ...], said: str) -> None:
    good = (2, 2, 1, TEXT[LAST:], LAST, END, "ben", "", "")
    imported = read_qualcoder(qualcoder(tmp_path / "a.qda", code_text=[row, good]))
    assert said in told(imported)
    assert (TEXT[LAST:], "Time", "ben") in codings(imported)


def test_words_that_are_next_to_their_place_or_only_at_another_are_taken_from_there(tmp_path: Path) -> None:
    text = "One, two. " + "Yes. " * 50 + "Three, four."
    coding = [
        (1, 1, "two", 6, 9, "ann", "", ""),  # one too far, as after an edit
        (1, 1, "One, two.", -3, 6, "ann", "", ""),  # RQDA counts a whole text so
        (1, 1, "One,", -3, 6, "ben", "", ""),  # another selection, though at the same numbers
        (1, 1, "Three", 6, 11, "ann", "", ""),  # far away, and there alone
        (1, 1, "Yes.", 1, 5, "ann", "", ""),  # next to its place
        (1, 1, "Yes.", 500, 504, "ann", "", ""),  # far away, and at many places
        (1, 1, "four.", len(text) - 5, len(text) + 1, "ann", "", ""),  # the text lost a blank at its end
    ]
    rows = [(*row[:5], 1, *row[5:]) for row in coding]
    tables = {"source": [("A", 1, text, "", "", "", "", 1)], "freecode": [("Trust", "", "", "", "", 1, 1, "")]}
    imported = commands.read(database(tmp_path / "study.rqda", RQDA, tables | {"coding": rows}))
    assert sorted(words for words, _, _ in codings(imported)) == ["One,", "One, two.", "Three", "Yes.", "four.", "two"]
    assert "at another place, which was taken, 5 times" in told(imported)
    assert "a place that its text does not have" in told(imported)


def test_a_byte_order_mark_is_no_letter_of_a_text(tmp_path: Path) -> None:
    rows = [(1, 1, 1, f"\ufeff{TEXT[:2]}", 0, 3, "ann", "", ""), (2, 2, 1, TEXT[3:22], 4, 23, "ben", "", "")]
    source = [(1, "A", f"\ufeff{TEXT}", None, "", "", "")]
    imported = read_qualcoder(qualcoder(tmp_path / "a.qda", source=source, code_text=rows, code_image=[]))
    assert imported.project.sources[0].content == TEXT
    assert codings(imported) == [(TEXT[:2], "Trust", "ann"), (TEXT[3:22], "Time", "ben")]
    assert [len(case.sources) for case in imported.project.cases] == [1], "all of the text is the case's"


def test_positions_in_utf_16_are_found_out_from_the_stored_words(tmp_path: Path) -> None:
    places = [(TEXT.index("at once"), LAST - 1), (LAST, END), (TEXT.index("took"), END)]
    rows = [(n, 1, 1, TEXT[start:end], start + 1, end + 1, "ann", "", "") for n, (start, end) in enumerate(places)]
    imported = read_qualcoder(qualcoder(tmp_path / "a.qda", code_text=rows, annotation=[]))
    assert {words for words, _, _ in codings(imported)} >= {TEXT[start:end] for start, end in places}
    assert "does not have the words" not in told(imported)


def test_a_value_of_a_wrong_kind_and_a_missing_table_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="a value in it cannot be used"):
        read_qualcoder(qualcoder(tmp_path / "a.qda", code_text=[(1, 1, 1, "We", "here", 2, "ann", "", "")]))
    file = database(tmp_path / "b.qda", "CREATE TABLE code_name (cid integer);", {})
    with pytest.raises(ExchangeError, match="there is no table project, as QualCoder has it"):
        commands.read(file)


def test_rqda_is_read_without_what_was_deleted_in_it(tmp_path: Path) -> None:
    file = database(
        tmp_path / "study.rqda",
        RQDA,
        {
            "project": [("About",)],
            "source": [("A", 1, TEXT, "", "ann", "", "", 1)],
            "freecode": [("Trust", "", "ann", "", "", 1, 1, ""), ("Gone", "", "ann", "", "", 2, 0, "")],
            "codecat": [("People", None, 1, "ann", "", "", "", 1)],
            "treecode": [(1, 1, "", "", "", 1, "ann")],
            "coding": [
                (1, 1, TEXT[3:21], 3.0, 21.0, 1, "ann", "Mon Oct  8 08:11:36 2019", ""),
                (1, 1, TEXT[LAST:], LAST, END, 0, "ann", "", ""),
            ],
        },
    )
    imported = commands.read(file)
    assert codings(imported) == [("trusted the garden", "Trust", "ann")]
    names = {code.guid: code.name for code in imported.project.codes}
    assert [(code.name, names.get(code.parent, "")) for code in imported.project.codes] == [
        ("People", ""),
        ("Trust", "People"),
    ]
    (given,) = (given for _, _, given in imported.project.codings())
    assert given.time == "2019-10-08T08:11:36"
    assert imported.report.format == read_rqda(file).report.format == "RQDA project"


def test_another_database_is_named_by_its_tables(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"not of QualCoder, RQDA or Taguette \(found 'moz_places'\)"):
        commands.read(database(tmp_path / "places.sqlite3", "CREATE TABLE moz_places (id integer);", {}))
    for name, table in (("study.mx24", "moz_places"), ("study.sqlite", "Codewords")):  # MAXQDA's are databases, too
        with pytest.raises(ExchangeError, match=r"this is a file of MAXQDA.*coded segments as XLSX"):
            commands.read(database(tmp_path / name, f"CREATE TABLE {table} (id integer);", {}))
