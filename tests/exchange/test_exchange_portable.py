"""An export has what other programs' imports depend on, in the places that the standard has for it.

What QualCoder's import takes from where was read from its source (August 2026); it was run on exports by hand, since
it needs its window's library. The tests here hold the exports to what it needs.
"""

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import run
from exchanged import TEXT, codebook, coding, guid, qdpx, schema, selection, sources, taguette, text, users, xml
from lxml import etree
from test_exchange_peers import through_pyrefiqda

from analysis.exchange import commands
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing.facets import Choices
from analysis.exchange.project import Coding, Project, Selection, Source
from analysis.exchange.refi_qda import portable, reading
from analysis.study import loading
from analysis.support import paths

OF_STANDARD = "{urn:QDA-XML:project:1.0}"
ANN, BEN = guid("ann"), guid("ben")


def of_committed_study(folder: Path) -> Path:
    commands.export_study(paths.DATA, folder / "out.qdpx", False, lambda _: None)
    return folder / "out.qdpx"


def exported(file: Path, folder: Path) -> Path:
    commands.import_study(commands.read(file), Choices(), folder / "study", lambda _: None)
    commands.export_study(folder / "study", folder / "out.qdpx", True, lambda _: None)
    return folder / "out.qdpx"


def of_example(folder: Path) -> Path:
    return exported(paths.EXAMPLE_PROJECT, folder)


def of_table(folder: Path) -> Path:
    (folder / "a.csv").write_text(
        "source,passage,code,coder\nAnn,We came.,joy,ben\nAnn,We came.,joy,cy\nBo,Left.,joy,\n"
    )
    return exported(folder / "a.csv", folder)


def of_taguette(folder: Path) -> Path:
    return exported(taguette(folder / "a.sqlite3"), folder)


def document(file: Path) -> etree._Element:
    with zipfile.ZipFile(file) as archive:
        return etree.fromstring(archive.read("project.qde"))


def as_qualcoder_takes_them(file: Path) -> Counter[tuple[str, int, int, str]]:
    """Return code, place and coder of each coding as QualCoder's import takes them, one for each key of its table."""
    root = document(file)
    names = {user.get("guid"): user.get("name") for user in root.iter(f"{OF_STANDARD}User")}
    found: set[tuple[str, str, int, int, str]] = set()
    for source in root.iter(f"{OF_STANDARD}TextSource"):
        for selected in source.findall(f"{OF_STANDARD}PlainTextSelection"):
            coder = names.get(selected.get("creatingUser") or selected.get("modifyingUser"), "default")
            start, end = int(selected.attrib["startPosition"]), int(selected.attrib["endPosition"])
            for code in selected.iterfind(f"{OF_STANDARD}Coding/{OF_STANDARD}CodeRef"):
                found.add((str(source.get("guid")), code.attrib["targetGUID"], start, end, coder))
    return Counter((code, start, end, coder) for _, code, start, end, coder in found)


EXPORTS = [of_committed_study, of_example, of_table, of_taguette]


@pytest.mark.parametrize("made", EXPORTS, ids=lambda made: made.__name__)
def test_every_coding_has_its_coder_on_its_selection_and_every_note_a_time(
    tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    file = made(tmp_path)
    root, project = document(file), reading.read_project(file, strict=True).project
    names = {user.guid: user.name for user in project.users}
    expected = Counter(
        (coding.code, *one.span, names.get(coding.coder or one.author, "default"))
        for _, one, coding in project.codings()
        if one is not None
    )
    assert as_qualcoder_takes_them(file) == expected
    assert expected
    assert root.get("origin")
    assert all(note.get("creationDateTime") or note.get("modifiedDateTime") for note in root.iter(f"{OF_STANDARD}Note"))
    memos = portable.memos_of(project)
    for _, one, found in project.codings():
        assert one is None or portable.memo(found.notes, memos) in one.description, "QualCoder takes it for the memo"
    schema("Project.xsd").assertValid(root)


def test_a_study_that_came_from_a_table_names_a_program(tmp_path: Path) -> None:
    assert document(of_table(tmp_path)).get("origin") == portable.ORIGIN


def test_every_coding_of_the_committed_study_has_a_selection_and_the_passages_are_read_once(tmp_path: Path) -> None:
    file = of_committed_study(tmp_path)
    study = loading.load()
    root = document(file)
    selected = list(root.iter(f"{OF_STANDARD}PlainTextSelection"))
    assert [len(one.findall(f"{OF_STANDARD}Coding")) for one in selected] == [1] * len(study.codings)
    commands.import_study(commands.read(file), Choices(), tmp_path / "study", lambda _: None)
    back = loading.load(tmp_path / "study")
    assert sorted(back.extracts["extract_id"]) == sorted(study.extracts["extract_id"])
    columns = ["extract_id", "coder_id", "facet", "role", "stance", "basis", "rationale"]
    assert sorted(back.codings[columns].itertuples(index=False)) == sorted(
        study.codings[columns].itertuples(index=False)
    )


@pytest.mark.parametrize("made", [of_committed_study, of_example, of_table], ids=lambda made: made.__name__)
def test_another_library_reads_the_export_without_loss(tmp_path: Path, made: Callable[[Path], Path]) -> None:
    file = made(tmp_path)
    ours, theirs = (reading.read_project(one).project for one in (file, through_pyrefiqda(file, tmp_path)))
    assert sorted(theirs.sources, key=lambda source: source.guid) == sorted(
        ours.sources, key=lambda source: source.guid
    )
    assert theirs.notes == ours.notes


def project(*selections: Selection, notes: tuple[Source, ...] = ()) -> Project:
    return Project("A", sources=(Source("text", guid("Ann"), "Ann", content=TEXT, selections=selections),), notes=notes)


def given(code: str, coder: str, time: str = "", *notes: str) -> Coding:
    return Coding(guid(f"{code} {coder} {time}"), guid(code), coder, time, notes)


def made_portable(*selections: Selection, notes: tuple[Source, ...] = ()) -> list[Selection]:
    made = portable.portable(project(*selections, notes=notes), portable.UNKNOWN_TIME)
    assert portable.portable(made, portable.UNKNOWN_TIME) == made, "done twice, it is the same"
    return list(made.sources[0].selections)


def test_a_selection_of_two_coders_becomes_one_for_each_at_the_same_place() -> None:
    early, late = "2026-01-02T03:04:05Z", "2026-02-02T03:04:05Z"
    whole = Selection(
        "text", guid("s"), (0, 22), "We", codings=(given("a", ANN, late), given("b", BEN), given("c", ANN, early))
    )
    ann, ben = made_portable(whole)
    assert (ann.guid, ann.author, ann.created, len(ann.codings)) == (guid("s"), ANN, early, 2)
    assert (ben.author, ben.created, ben.place, ben.name) == (BEN, "", (0, 22), "We")
    assert ben.guid != ann.guid


def test_codings_with_other_memos_are_set_apart_and_each_selection_has_its_memo() -> None:
    notes = tuple(Source("note", guid(said), said, content=said) for said in ("Why a.", "Why b."))
    whole = Selection(
        "text", guid("s"), (0, 22), codings=(given("a", ANN, "", guid("Why a.")), given("b", ANN, "", guid("Why b.")))
    )
    found = made_portable(whole, notes=notes)
    assert [(one.description, len(one.codings)) for one in found] == [("Why a.", 1), ("Why b.", 1)]


def test_a_selection_that_says_who_made_it_and_need_not_be_divided_stays_as_it_is() -> None:
    other = Selection("text", guid("s"), (0, 22), "", "A remark.", (given("a", ANN), given("b", ANN)), author=BEN)
    assert made_portable(other) == [other]
    nobody = Selection("text", guid("s"), (0, 22), codings=(given("a", ""), given("b", BEN)), author=BEN)
    assert made_portable(nobody) == [nobody]


def test_a_remark_on_a_selection_is_kept_beside_the_memo_of_its_coding() -> None:
    note = Source("note", guid("why"), "why", content="Why.")
    (found,) = made_portable(
        Selection("text", guid("s"), (0, 9), "", "A remark.", (given("a", ANN, "", guid("why")),)), notes=(note,)
    )
    assert found.description == "A remark.\nWhy."
    assert portable.without(found.description, "Why.") == "A remark."
    assert portable.without("Why.", "Why.") == ""
    assert portable.without("A remark.", "mark.") == "A remark."


def test_a_memo_that_is_a_part_of_another_word_is_not_taken_for_written() -> None:
    note = Source("note", guid("no"), "no", content="no")
    whole = Selection("text", guid("s"), (0, 9), "", "not sure", (given("a", ANN, "", guid("no")),))
    (found,) = made_portable(whole, notes=(note,))
    assert found.description == "not sure\nno"


def test_a_place_with_a_note_and_no_code_says_what_the_note_says() -> None:
    note = Source("note", guid("why"), "why", content="Look\x01here.")
    (found,) = made_portable(Selection("text", guid("s"), (0, 9), notes=(guid("why"),)), notes=(note,))
    assert found.description == "Lookhere.", "without what XML cannot hold"


def test_what_a_program_keeps_as_memo_of_a_selection_alone_is_read_again(tmp_path: Path) -> None:
    """As QualCoder does: it writes a selection for each coding, with the memo in its description, and no note."""
    file = of_committed_study(tmp_path)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    without_references = re.sub(rb'<NoteRef targetGUID="[^"]*"/>(?=</Coding>)', b"", parts.pop("project.qde"))
    back = qdpx(tmp_path / "back.qdpx", without_references, parts)
    commands.import_study(commands.read(back), Choices(), tmp_path / "study", lambda _: None)
    study, read = loading.load(), loading.load(tmp_path / "study")
    columns = ["extract_id", "coder_id", "facet", "role", "stance", "basis", "rationale"]
    assert sorted(read.codings[columns].itertuples(index=False)) == sorted(
        study.codings[columns].itertuples(index=False)
    )


def test_a_rationale_that_is_changed_in_the_tables_is_changed_in_the_next_export(tmp_path: Path) -> None:
    commands.import_study(commands.read(of_committed_study(tmp_path)), Choices(), tmp_path / "study", lambda _: None)
    table = tmp_path / "study" / "evidence" / "codings.csv"
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    was, rows[1][-1] = rows[1][-1], "Read again, and changed."
    with table.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    commands.export_study(tmp_path / "study", tmp_path / "again.qdpx", True, lambda _: None)
    before, after = (document(tmp_path / name) for name in ("out.qdpx", "again.qdpx"))
    memos = [
        Counter(one.findtext(f"{OF_STANDARD}Description") for one in of.iter(f"{OF_STANDARD}PlainTextSelection"))
        for of in (before, after)
    ]
    (gone,), (new,) = (memos[0] - memos[1]), (memos[1] - memos[0])
    assert gone.endswith(was)
    assert new.endswith("Read again, and changed.")
    assert as_qualcoder_takes_them(tmp_path / "out.qdpx") == as_qualcoder_takes_them(tmp_path / "again.qdpx")


def test_no_empty_selection_is_left_where_several_lost_their_codings(tmp_path: Path) -> None:
    commands.import_study(commands.read(of_committed_study(tmp_path)), Choices(), tmp_path / "study", lambda _: None)
    table = tmp_path / "study" / "evidence" / "codings.csv"
    header, first, *rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    kept = [row for row in rows if row[0] != first[0]]
    assert len(rows) - len(kept) > 1
    with table.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, first, *kept])
    commands.export_study(tmp_path / "study", tmp_path / "again.qdpx", True, lambda _: None)
    read = reading.read_project(tmp_path / "again.qdpx").project
    selections = [one for source in read.sources for one in source.selections]
    assert sum(len(one.codings) for one in selections) == len(kept) + 1
    assert [one.name for one in selections if one.name == first[0]] == [first[0]]


def test_notes_get_the_time_that_is_set_or_one_that_means_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    told: list[str] = []
    commands.export_study(paths.DATA, tmp_path / "a.qdpx", False, told.append)
    times = {note.get("creationDateTime") for note in document(tmp_path / "a.qdpx").iter(f"{OF_STANDARD}Note")}
    assert times == {"1970-01-01T00:00:00Z"}
    assert any("(not known; set SOURCE_DATE_EPOCH for another), because QualCoder stops" in line for line in told)
    assert not any(
        "creationDateTime" in one.attrib for one in document(tmp_path / "a.qdpx").iter(f"{OF_STANDARD}Coding")
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert portable.time_of_writing() == "2026-01-01T00:00:00Z"
    for wrong in ("soon", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(ExchangeError, match="SOURCE_DATE_EPOCH: it has to be a number of seconds since 1970"):
            portable.time_of_writing()


def test_times_that_are_known_stay(tmp_path: Path) -> None:
    time = "2026-03-04T05:06:07Z"
    timed = coding("joy", "ann").replace("<Coding ", f'<Coding creationDateTime="{time}" ')
    note = f'<Notes><Note guid="{guid("n")}" modifiedDateTime="{time}"><PlainTextContent>x</PlainTextContent></Note></Notes>'
    inside = users("ann") + codebook("joy") + sources(text(selection(0, 22, timed))) + note
    root = document(exported(qdpx(tmp_path / "a.qdpx", xml(inside)), tmp_path))
    (selected,) = root.iter(f"{OF_STANDARD}PlainTextSelection")
    assert selected.get("creationDateTime") == time
    (kept,) = root.iter(f"{OF_STANDARD}Note")
    assert kept.get("creationDateTime") is None, "it has the time of its last change"


def test_codes_of_one_name_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("source,passage,code\nAnn,We came.,joy > other\nAnn,We left.,fear > other\n")
    commands.import_study(commands.read(tmp_path / "a.csv"), Choices(), tmp_path / "study", lambda _: None)
    told: list[str] = []
    commands.export_study(tmp_path / "study", tmp_path / "out.qdpx", True, told.append)
    assert "Several codes have the same name (other): QualCoder shows the codings of the first code alone." in told


def test_the_command_reports_what_it_adds(tmp_path: Path) -> None:
    ran = run("study", "export", "data", tmp_path / "a.qdpx")
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"notes without a time got \S+ \(not known", ran.stdout)
    assert "Positions are counted in code points, as the standard says." in ran.stdout
