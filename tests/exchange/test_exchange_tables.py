"""Tables of codings are read: a row for each code that a passage was given."""

import csv
from pathlib import Path
from typing import Any

import pytest
from exchanged import ROWS, taguette

from analysis.exchange import csv_table, import_report
from analysis.exchange.code_cells import SeveralCodesError
from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.project import Project
from analysis.exchange.refi_qda.qdpx_archives import Limits
from analysis.exchange.taguette.project_file import read_taguette

FULL = """source,passage,code,coder,facet,start
Ann,"We came, all of us.",early,ben,stage,0
Ann,"We came, all of us.",early,cy,stage,0
Ann,"We came, all of us.",trust > among us,ben,power,0
Ann,We left.,,ben,stage,40
Ann,We left.,late,ben,stage,90
Bo,,late,cy,stage,
"""


def read(tmp_path: Path, content: str | bytes, **options: Any) -> Imported:
    file = tmp_path / "a.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return csv_table.read_table(file, **options)


def rows(imported: Imported) -> list[tuple[str, str, str, str]]:
    project = imported.project
    names = {code.guid: code.name for code in project.codes} | {user.guid: user.name for user in project.users}
    return [
        (source.name, (source.content or "")[slice(*selection.span)] if selection else "", names[c.code], names.get(c.coder, ""))
        for source, selection, c in project.codings()
    ]  # fmt: skip


def test_a_table_becomes_sources_passages_codes_and_coders(tmp_path: Path) -> None:
    imported = read(tmp_path, FULL)
    assert rows(imported) == [
        ("Ann", "We came, all of us.", "early", "ben"),
        ("Ann", "We came, all of us.", "early", "cy"),
        ("Ann", "We came, all of us.", "among us", "ben"),
        ("Ann", "We left.", "late", "ben"),
        ("Bo", "", "late", "cy"),
    ]
    names = {code.guid: code.name for code in imported.project.codes}
    assert [(code.name, names.get(code.parent, ""), code.is_codable) for code in imported.project.codes] == [
        ("stage", "", False), ("early", "stage", True), ("power", "", False), ("trust", "power", False),
        ("among us", "trust", True), ("late", "stage", True),
    ]  # fmt: skip
    assert imported.project.sources[0].content == "We came, all of us.\nWe left.\nWe left.", "told apart by their start"
    assert imported.project.sources[0].description.startswith("Made of the coded passages alone")


def test_the_highlights_of_taguette_are_such_a_table(tmp_path: Path) -> None:
    imported = read(
        tmp_path,
        "id,document,tag,content\n1,Ann,food,soup is hot\n1,Ann,food.hot,soup is hot\n"
        "2,Ann,food,soup is hot\n1,Bo,food,tea\n2,Ann,food,soup is hot\n3,Bo,etc.,tea\n",
    )
    soup = ("Ann", "soup is hot")
    assert rows(imported) == [
        (*soup, "food", ""), (*soup, "hot", ""), (*soup, "food", ""), ("Bo", "tea", "food", ""), ("Bo", "tea", "etc.", ""),
    ]  # fmt: skip
    assert imported.project.sources[0].content == "soup is hot\nsoup is hot", "each highlight by its id"
    names = {code.guid: code.name for code in imported.project.codes}
    assert [(code.name, names.get(code.parent, "")) for code in imported.project.codes] == [
        ("food", ""), ("hot", "food"), ("etc.", ""),
    ]  # fmt: skip
    told = "\n".join(import_report.lines(imported))
    assert "the column id" not in told
    assert "was read once (row 6)" in told


def test_a_tag_has_the_same_levels_in_taguettes_file_and_in_its_table_of_highlights(tmp_path: Path) -> None:
    def tree(project: Project) -> list[tuple[str, str, bool]]:
        names = {code.guid: code.name for code in project.codes}
        return sorted((code.name, names.get(code.parent, ""), code.is_codable) for code in project.codes)

    tags = ["people.trust", "people.time.long", "etc.", "a..b", "time"]
    shown = [(n, 1, tag, "") for n, tag in enumerate(tags, start=1)]
    given = [(1, n) for n in range(1, len(tags) + 1)]
    file = taguette(tmp_path / "a.sqlite3", ROWS | {"tags": shown, "highlight_tags": given, "commands": []})
    table = read(tmp_path, "id,document,tag,content\n" + "".join(f"1,Ann,{tag},noon\n" for tag in tags))
    assert tree(table.project) == tree(read_taguette(file).project)


def passages(imported: Imported) -> list[list[str]]:
    """Return the codes of each passage, those of the same words apart."""
    names = {code.guid: code.name for code in imported.project.codes}
    return [[names[c.code] for c in s.codings] for source in imported.project.sources for s in source.selections]


@pytest.mark.parametrize(
    ("content", "codes", "told"),
    [
        # Each row has its own id: equal rows are of two passages, others may be of one.
        ("id,source,passage,code\n1,A,Yes.,a\n2,A,Yes.,a\n3,A,Yes.,b\n4,A,No.,a\n", [["a", "b"], ["a"], ["a"]], ""),
        # Rows share an id: it is that of a passage, and begins again in each source.
        ("id,source,passage,code\n1,A,Yes.,a\n1,A,Yes.,b\n2,A,Yes.,a\n1,B,Yes.,a\n", [["a", "b"], ["a"], ["a"]], ""),
        ("id,source,passage,code\n1,A,Yes.,a\n1,A,Yes.,a\n2,A,Yes.,a\n", [["a"], ["a"]], "was read once (row 3)"),
        # It is that of a participant, and tells no passages apart.
        ("id,source,passage,code\n7,A,Yes.,a\n7,A,No.,b\n7,A,Yes.,c\n", [["a", "c"], ["b"]], "the column id, since rows"),
        ("source,passage,code\nA,Yes.,a\nA,Yes.,a\n", [["a"]], "only the columns start and id keep passages"),
    ],
)  # fmt: skip
def test_rows_of_the_same_words_are_of_the_passages_that_their_ids_say(
    tmp_path: Path, content: str, codes: list[list[str]], told: str
) -> None:
    imported = read(tmp_path, content)
    assert passages(imported) == codes
    assert told in "\n".join(import_report.lines(imported))
    of_codings = [coding.guid for _, _, coding in imported.project.codings()]
    of_selections = [s.guid for source in imported.project.sources for s in source.selections]
    assert len(set(of_codings) | set(of_selections)) == len(of_codings) + len(of_selections)


def test_two_coders_of_a_passage_code_the_same_passage_though_each_row_has_an_id(tmp_path: Path) -> None:
    imported = read(tmp_path, "id,source,passage,code,coder\n1,A,Yes.,a,ann\n2,A,Yes.,a,ben\n")
    assert passages(imported) == [["a", "a"]]


def test_a_coder_whose_name_is_written_in_two_ways_is_one_and_a_word_for_nobody_is_none(tmp_path: Path) -> None:
    imported = read(
        tmp_path, "source,passage,code,coder\nA,Yes.,a,Ann Lee\nA,Yes.,a,ann  lee\nA,No.,a,ANN LEE\nA,No.,b,n/a\n"
    )
    assert rows(imported) == [
        ("A", "Yes.", "a", "Ann Lee"), ("A", "No.", "a", "Ann Lee"), ("A", "No.", "b", ""),
    ]  # fmt: skip
    told = "\n".join(import_report.lines(imported))
    assert "are read as one, 2 times (first at row 3, 'ann  lee' and 'Ann Lee')" in told
    assert "the coder 'n/a' is read as an unknown coder (row 5)" in told


CELLS = 'source,passage,code\nA,Yes.,"Trust{0}Time"\nA,No.,Trust\nA,Well.,"Time{0}Trust{0}"\n'


@pytest.mark.parametrize("separator", [";", "; ", "|", "\n", ",", " / "])
def test_a_cell_is_split_at_the_separator_that_is_given_and_the_report_says_so(tmp_path: Path, separator: str) -> None:
    imported = read(tmp_path, CELLS.format(separator), separator=separator)
    assert passages(imported) == [["Trust", "Time"], ["Trust"], ["Time", "Trust"]]
    assert "separated by" in imported.report.details[0]
    assert "a cell was split at" in "\n".join(import_report.lines(imported))


@pytest.mark.parametrize(("separator", "said"), [(";", ";"), ("|", "|"), ("\n", "newline"), (", ", ",")])
def test_cells_that_seem_to_hold_several_codes_are_refused_until_it_is_said(
    tmp_path: Path, separator: str, said: str
) -> None:
    with pytest.raises(SeveralCodesError) as raised:
        read(tmp_path, CELLS.format(separator))
    assert raised.value.separator == said
    assert "2 of 3 cells with codes" in str(raised.value)
    assert f'Use --separator "{said}" to split them, or --separator none' in str(raised.value)
    whole = read(tmp_path, CELLS.format(separator), separator="")
    assert [len(codes) for codes in passages(whole)] == [1, 1, 1]


def test_a_name_with_a_comma_is_one_code_and_what_may_be_two_is_reported(tmp_path: Path) -> None:
    imported = read(tmp_path, 'source,passage,code\nA,Yes.,"Trust, in people"\nA,No.,"Trust, in money"\nA,Well.,Time\n')
    assert passages(imported) == [["Trust, in people"], ["Trust, in money"], ["Time"]]
    assert "a code holds a comma, and was read as one; --separator splits" in "\n".join(import_report.lines(imported))
    quiet = read(tmp_path, 'source,passage,code\nA,Yes.,"Trust, in people"\nA,No.,Time\n')
    assert "holds a comma" not in "\n".join(import_report.lines(quiet))


def test_a_code_of_its_own_for_nearly_every_row_is_reported(tmp_path: Path) -> None:
    many = "".join(f"A,Passage {n}.,code {n} + more\n" for n in range(9))
    imported = read(tmp_path, f"source,passage,code\n{many}A,Passage 10.,code 1 + more\n")
    assert "a code of its own (9 codes in 10 rows)" in "\n".join(import_report.lines(imported))
    few = "".join(f"A,Passage {n}.,code {n % 2}\n" for n in range(10))
    assert "of its own" not in "\n".join(import_report.lines(read(tmp_path, f"source,passage,code\n{few}")))


def test_taguettes_tags_are_one_to_a_row_whatever_they_hold(tmp_path: Path) -> None:
    imported = read(tmp_path, "id,document,tag,content\n1,A,Trust; Time,Yes.\n2,A,Trust,No.\n")
    assert passages(imported) == [["Trust; Time"], ["Trust"]]


def test_a_code_of_very_many_levels_is_refused(tmp_path: Path) -> None:
    deep = " > ".join(["a"] * 200)
    with pytest.raises(ExchangeError, match="row 2: a code of more than 100 levels"):
        read(tmp_path, f"source,passage,code\nA,Yes.,{deep}\n")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_columns_may_be_separated_otherwise(tmp_path: Path, separator: str) -> None:
    content = (
        "\ufeff"
        + separator.join(["Source", "PASSAGE", "code", "coder"])
        + "\r\n"
        + separator.join(["Ann", "We, too", "a", "ben"])
    )
    assert rows(read(tmp_path, content)) == [("Ann", "We, too", "a", "ben")]


def test_a_row_that_is_there_twice_counts_once_and_is_told(tmp_path: Path) -> None:
    imported = read(tmp_path, "source,passage,code,coder\nAnn,We came.,a,ben\nAnn,We came.,a,ben\n\n")
    assert len(rows(imported)) == 1
    assert "the same row is in the table before, and was read once (row 3)" in "\n".join(import_report.lines(imported))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("source,passage\nAnn,a\n", "row 1: there is no column code"),
        ("", "no column source or passage or code"),
        ("source,passage,code,Code\nAnn,a,b,c\n", "row 1: two columns have the same name"),
        ("source,passage,code\nAnn,a\n", "row 2: the row has 2 cells, and the header 3"),
        ("source,passage,code\n,a,b\n", "row 2: the row names no source"),
        ('source,passage,code\nAnn,"a,b\n', "not valid CSV"),
        (b"source,passage,code\nAnn,a,b\nAnn,caf\x81,b\n", "row 3: the file is not UTF-8"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_row(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(ExchangeError) as raised:
        read(tmp_path, content)
    assert told in str(raised.value)
    assert len(raised.value.faults) == 1


def test_a_table_that_is_too_large_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="larger than 10 bytes"):
        read(tmp_path, FULL, limits=Limits(member=10))
    with pytest.raises(ExchangeError, match="No such file"):
        csv_table.read_table(tmp_path / "nowhere.csv")


def test_a_passage_may_be_as_long_as_an_interview(tmp_path: Path) -> None:
    limit, passage = csv.field_size_limit(), "We came. " * 30_000 + "We left."
    imported = read(tmp_path, f"source,passage,code\nAnn,{passage},a\n")
    assert imported.project.sources[0].content == passage
    assert csv.field_size_limit() == limit, "which is everybody's"


def test_a_control_character_is_left_out_and_told(tmp_path: Path) -> None:
    imported = read(tmp_path, "source,passage,code\nAnn,a\x01b,c\n")
    assert rows(imported) == [("Ann", "ab", "c", "")]
    assert "a control character" in "\n".join(import_report.lines(imported))


def test_a_memo_becomes_the_reason_of_its_coding(tmp_path: Path) -> None:
    lines = "Ann,We came.,joy,ann, Why?\nAnn,We came.,joy,ben,\nAnn,We left.,joy,ann,Because.\n"
    project = read(tmp_path, f"source,passage,code,coder,memo\n{lines}").project
    notes = {note.guid: note.content for note in project.notes}
    assert [[notes[note] for note in coding.notes] for _, _, coding in project.codings()] == [
        [" Why?"],
        [],
        ["Because."],
    ]


def test_a_table_whose_sources_are_all_invented_is_simulated(tmp_path: Path) -> None:
    lines = ["Ann,We came.,joy,Invented.", "Bo,We left.,joy,Invented.", "Cy,Late.,joy,"]
    for table, said in ((lines[:2], "Simulated data.\nInvented."), (lines, "")):
        assert read(tmp_path, "\n".join(["source,passage,code,notice", *table])).project.description == said


def test_an_apostrophe_that_guards_a_cell_is_taken_away(tmp_path: Path) -> None:
    project = read(tmp_path, "source,passage,code\nAnn,'- We came.,'=joy\nAnn,'tis late.,joy\n").project
    assert [code.name for code in project.codes] == ["=joy", "joy"]
    assert project.sources[0].content == "- We came.\n'tis late."


def test_a_second_memo_of_the_same_row_is_told_and_an_empty_table_is_not_simulated(tmp_path: Path) -> None:
    head = "source,passage,code,coder,memo,notice"
    imported = read(tmp_path, f"{head}\nA,Yes.,a,ana,One.,\nA,Yes.,a,ana,Two.,\n")
    assert "another memo of the same row (row 3)" in "\n".join(import_report.lines(imported))
    assert read(tmp_path, f"{head}\n").project.description == ""


def test_a_text_that_is_made_of_passages_has_line_ends_of_one_kind(tmp_path: Path) -> None:
    """QualCoder counts CR LF as one character, or as two where all are CR LF, so that of two kinds it loses places."""
    imported = read(tmp_path, 'source,passage,code\nA,"One.\r\nTwo.",x\nA,"Three.\nFour.\rFive.",x\n')
    assert [row[1] for row in rows(imported)] == ["One.\nTwo.", "Three.\nFour.\nFive."]
    assert "\r" not in (imported.project.sources[0].content or "")
