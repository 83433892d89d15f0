"""Tables of codings are read: a row for each code that a passage was given."""

import csv
from pathlib import Path

import pytest

from analysis.exchange import reading, reports, tables
from analysis.exchange.archives import Limits
from analysis.exchange.faults import ExchangeError
from analysis.exchange.reports import Imported

FULL = """source,passage,code,coder,facet,start
Ann,"We came, all of us.",early,ben,stage,0
Ann,"We came, all of us.",early,cy,stage,0
Ann,"We came, all of us.",trust > among us,ben,power,0
Ann,We left.,,ben,stage,40
Ann,We left.,late,ben,stage,90
Bo,,late,cy,stage,
"""


def read(tmp_path: Path, content: str | bytes, **options: Limits) -> Imported:
    file = tmp_path / "a.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tables.read_table(file, **options)


def rows(imported: Imported) -> list[tuple[str, str, str, str]]:
    project = imported.project
    names = {code.guid: code.name for code in project.codes} | {user.guid: user.name for user in project.users}
    return [
        (source.name, (source.content or "")[slice(*selection.span)] if selection else "", names[c.code], names.get(c.coder, ""))
        for source, selection, c in reading.codings(project)
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
    imported = read(tmp_path, "id,document,tag,content\n1,Ann,food,soup is hot\n1,Ann,food.hot,soup is hot\n")
    assert rows(imported) == [("Ann", "soup is hot", "food", ""), ("Ann", "soup is hot", "food.hot", "")]
    assert "the column id" in "\n".join(reports.lines(imported))


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
    assert "the same row stands in the table before, and was read once (row 3)" in "\n".join(reports.lines(imported))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("source,passage\nAnn,a\n", "row 1: there is no column code"),
        ("", "no column source or passage or code"),
        ("source,passage,code,tag\nAnn,a,b,c\n", "row 1: two columns have the same name"),
        ("source,passage,code\nAnn,a\n", "row 2: the row has 2 cells, and the header 3"),
        ("source,passage,code\n,a,b\n", "row 2: the row names no source"),
        ('source,passage,code\nAnn,"a,b\n', "not valid CSV"),
        (b"source,passage,code\nAnn,a,b\nAnn,caf\xe9,b\n", "row 3: the file is not UTF-8"),
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
        tables.read_table(tmp_path / "nowhere.csv")


def test_a_passage_may_be_as_long_as_an_interview(tmp_path: Path) -> None:
    limit, passage = csv.field_size_limit(), "We came. " * 30_000 + "We left."
    imported = read(tmp_path, f"source,passage,code\nAnn,{passage},a\n")
    assert imported.project.sources[0].content == passage
    assert csv.field_size_limit() == limit, "which is everybody's"


def test_a_control_character_is_left_out_and_told(tmp_path: Path) -> None:
    imported = read(tmp_path, "source,passage,code\nAnn,a\x01b,c\n")
    assert rows(imported) == [("Ann", "ab", "c", "")]
    assert "a control character" in "\n".join(reports.lines(imported))
