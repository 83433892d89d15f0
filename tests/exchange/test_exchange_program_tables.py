"""Tables are read as programs write them, in their encodings, as CSV and as spreadsheets, or as the user says."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from test_exchange_tables import read, rows

from analysis.disclosure import identifiers
from analysis.exchange import commands, csv_table, import_report
from analysis.exchange.import_report import ExchangeError, Imported

PLAIN = "source,passage,code\r\nA,We trusted them – all.,Trust\r\n"
EXPECTED = [("A", "We trusted them – all.", "Trust", "")]


def spreadsheet(file: Path, *sheets: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(file) as workbook:
        for cells in sheets:
            sheet = workbook.add_worksheet()
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    return file


def tree(imported: Imported) -> set[tuple[str, str]]:
    names = {code.guid: code.name for code in imported.project.codes}
    return {(code.name, names.get(code.parent, "")) for code in imported.project.codes}


@pytest.mark.parametrize(
    ("header", "line", "expected", "codes"),
    [
        (  # ATLAS.ti: a line of the cell is a code
            "Number;Reference;Name;Text Content;Document;Codes;Number of Codes;Comment",
            '1:1;¶ 4;;We trusted them.;A;"People: Trust\nTime";2;',
            [("A", "We trusted them.", "People: Trust", ""), ("A", "We trusted them.", "Time", "")],
            {("People: Trust", ""), ("Time", "")},
        ),
        (
            "ID,Document,Document Groups,Quotation Name,Quotation Content,Codes,Reference,Created by",
            "1:1,A,,,We trusted them.,Trust,,ann",
            [("A", "We trusted them.", "Trust", "")],  # who made the quotation need not have coded it
            {("Trust", "")},
        ),
        (  # MAXQDA
            "Color,Document group,Document name,Code,Beginning,End,Weight score,Segment,Created by,Created",
            "1,G,A,People > Trust,1,1,0,We trusted them.,ann,2026-01-01",
            [("A", "We trusted them.", "Trust", "ann")],
            {("People", ""), ("Trust", "People")},
        ),
        (  # in German, with the name of the document once more among its variables
            "Farbe;Dokumentgruppe;Dokumentname;Code;Anfang;Ende;Gewicht;Segment;Erstellt von;Dokumentname",
            "1;G;A;Menschen\\Vertrauen;1;1;0;Wir vertrauen.;ann;A",
            [("A", "Wir vertrauen.", "Vertrauen", "ann")],
            {("Menschen", ""), ("Vertrauen", "Menschen")},
        ),
        (
            "Grupo de documentos;Nombre del documento;Código;Inicio;Final;Segmento;Autor",
            "G;A;Confianza;1;1;Confiamos.;ana",
            [("A", "Confiamos.", "Confianza", "ana")],
            {("Confianza", "")},
        ),
        (  # in Polish
            "Color;Komentarz;Nazwa dokumentu;Kod;Początek;Koniec;Fragment;Autor",
            "1;Bo;A;Zaufanie;1;1;Ufamy.;ann",
            [("A", "Ufamy.", "Zaufanie", "ann")],
            {("Zaufanie", "")},
        ),
        (  # RQDA's table of codings
            "rowid,fid,codename,filename,seltext,selfirst,selend,owner",
            "1,1,Trust,A,We trusted them.,0,16,ann",
            [("A", "We trusted them.", "Trust", "ann")],
            {("Trust", "")},
        ),
        (  # Dedoose: a column for each code, whose names may have commas
            "Media Title,Excerpt Range,Excerpt Creator,Excerpt Copy,Codes Applied Combined,"
            '"Code: Trust, early Applied",Code: People\\Time Applied,Code: People\\Time Weight',
            'A,0-15,ann,We trusted them.,"Trust, early, Time",True,False,',
            [("A", "We trusted them.", "Trust, early", "ann")],
            {("Trust, early", "")},
        ),
        (
            "Media Title,Excerpt Copy,Codes Applied Combined", 'A,We trusted them.,"Trust, Time"',
            [("A", "We trusted them.", "Trust", ""), ("A", "We trusted them.", "Time", "")],
            {("Trust", ""), ("Time", "")},
        ),
        (  # NVivo: the second name is that of the file
            "Hierarchical Name,Coded Text,Hierarchical Name,Folder Location,User Name",
            "Nodes\\\\People\\Trust,We trusted them.,Files\\\\A,Files,ann",
            [("Files\\\\A", "We trusted them.", "Trust", "ann")],
            {("People", ""), ("Trust", "People")},
        ),
        (  # QualCoder: categories from the nearest to the top
            "File,Coder,Coded,Id,Codename,Coded_Memo,Category,Category",
            "A,ann,We trusted them.,7,Trust,,Feelings,People",
            [("A", "We trusted them.", "Trust", "ann")],
            {("People", ""), ("Feelings", "People"), ("Trust", "Feelings")},
        ),
        (
            "Created at,Author,Page,URL,Group,Type,Quote/description,Comment,Tags",
            '2026-01-01,ann,,A,Public,Annotation,We trusted them.,,"Trust,Time"',
            [("A", "We trusted them.", "Trust", "ann"), ("A", "We trusted them.", "Time", "ann")],
            {("Trust", ""), ("Time", "")},
        ),
    ],
    ids=["atlas", "atlas-report", "maxqda", "maxqda-de", "maxqda-es", "maxqda-pl", "rqda", "dedoose", "dedoose-old", "nvivo", "qualcoder", "hypothesis"],
)  # fmt: skip
def test_tables_of_programs_are_recognized_by_their_columns(
    tmp_path: Path, header: str, line: str, expected: list[tuple[str, ...]], codes: set[tuple[str, str]]
) -> None:
    imported = read(tmp_path, f"{header}\r\n{line}\r\n")
    assert rows(imported) == expected
    assert tree(imported) == codes
    assert " writes it, source is " in next(import_report.lines(imported))
    assert not list(identifiers.names(imported.report.format, known=())), "the program is taken for a person"


def test_equal_quotations_of_atlas_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    imported = read(tmp_path, "ID,Document,Quotation Content,Codes\n1:1,A,Yes.,Trust\n1:2,A,Yes.,Time\n")
    assert len(imported.project.sources[0].selections) == 2


@pytest.mark.parametrize(
    "table",
    [
        "Document name,Code,Beginning,Segment,Created\nA,Trust,3,Yes.,10:00\nA,Trust,3,Yes.,10:05\n",  # MAXQDA
        "document,tag,content\nA,Trust,Yes.\nA,Trust,Yes.\n",  # Taguette, in which a highlight has a tag once
    ],
)
def test_equal_rows_are_two_passages_where_a_program_writes_each_coding_once(tmp_path: Path, table: str) -> None:
    assert rows(read(tmp_path, table)) == 2 * [("A", "Yes.", "Trust", "")]


def test_a_table_of_anybody_with_document_and_code_is_not_taken_for_one_of_maxqda(tmp_path: Path) -> None:
    imported = read(tmp_path, "Document,Quotation,Code\nA,Yes.,Trust\nA,Yes.,Trust\n", columns={"passage": "Quotation"})
    assert rows(imported) == [("A", "Yes.", "Trust", "")]
    assert "MAXQDA" not in next(import_report.lines(imported))
    with pytest.raises(ExchangeError, match=r"no column source or passage \(found .* --column source=\"NAME\""):
        read(tmp_path, "Document,Quotation,Code\nA,Yes.,Trust\n")


def test_codes_that_atlas_separates_by_commas_are_asked_for_and_counted(tmp_path: Path) -> None:
    header = "Number,Document,Text Content,Codes,Number of Codes\n"
    table = header + '1:1,A,Yes.,"Trust, Time",2\n1:2,A,No.,"Time, Trust",1\n1:3,A,So.,Trust,1\n1:4,A,Or.,Time,1\n'
    with pytest.raises(ExchangeError, match=r'separated by a comma .*--separator ","'):
        read(tmp_path, table)
    imported = read(tmp_path, table, separator=",")
    assert len(rows(imported)) == 6
    assert "not read as the number of codes that the table says it has" in "\n".join(import_report.lines(imported))


def test_the_column_with_all_codes_of_an_excerpt_of_dedoose_is_not_asked_about(tmp_path: Path) -> None:
    """Their names are those of the columns, as written, also where two differ in capitals alone."""
    header = (
        "Media Title,Excerpt Copy,Codes Applied Combined,Code: Trust Applied,Code: TRUST Applied,Code: Time Applied"
    )
    imported = read(tmp_path, f"{header}\nA,Yes.,Trust; Time,True,False,True\nA,No.,TRUST; Time,False,True,True\n")
    assert [row[2] for row in rows(imported)] == ["Trust", "Time", "TRUST", "Time"]
    assert "Codes Applied Combined" not in next(import_report.lines(imported))


def test_a_table_without_its_passages_is_named_for_its_program(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"a table of Dedoose, but there is no column source or passage .*--column"):
        read(tmp_path, "Excerpt Range,Excerpt Creator,Codes Applied Combined,Code: Trust Applied\n0-5,ann,Trust,True\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1252"])
def test_a_table_may_be_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    imported = read(tmp_path, PLAIN.replace(",", "\t").encode(encoding))
    assert rows(imported) == EXPECTED
    assert ("those of Windows for Western Europe" in "\n".join(import_report.lines(imported))) == (encoding == "cp1252")


def test_bytes_that_no_encoding_has_are_refused_with_their_row(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"row 3: the file is not UTF-8\. Save it as UTF-8"):
        read(tmp_path, PLAIN.encode() + b"A,\x81\x8d,Trust\r\n")


def test_excel_may_say_what_separates_columns(tmp_path: Path) -> None:
    assert rows(read(tmp_path, "sep=|\r\n" + PLAIN.replace(",", "|"))) == EXPECTED


def test_a_spreadsheet_is_read_below_its_title_and_from_the_sheet_that_has_codings(tmp_path: Path) -> None:
    file = spreadsheet(
        tmp_path / "segments.xlsx",
        [["Notes"]],
        [
            ["Coded segments"],
            [],
            ["Document name", "Code", "Segment", "Created by", "Beginning"],
            ["A", "Trust", "Yes.", "ann", 3],
        ],
    )
    imported = commands.read(file)
    assert rows(imported) == [("A", "Yes.", "Trust", "ann")]
    assert "as MAXQDA writes it, sheet 'Sheet2'" in next(import_report.lines(imported))


def test_the_user_says_which_column_is_which(tmp_path: Path) -> None:
    content = "Interview,Zitat,Thema,Wer\nA,We trusted them – all.,Trust,ann\n"
    with pytest.raises(ExchangeError, match=r"no column source or passage or code .*--column source=\"NAME\""):
        read(tmp_path, content)
    columns = {"source": "interview", "passage": "Zitat", "code": "Thema", "coder": "Wer"}
    assert rows(read(tmp_path, content, columns=columns)) == [(*EXPECTED[0][:3], "ann")]
    with pytest.raises(ExchangeError, match="there is no column 'Kode', which --column names"):
        read(tmp_path, content, columns=columns | {"code": "Kode"})
    with pytest.raises(ExchangeError, match="names no field and column"):
        commands.read(tmp_path / "a.csv", columns=["Zitat=passage"])


def test_a_named_column_goes_before_that_of_a_program(tmp_path: Path) -> None:
    header = "ID,Document,Quotation Content,Codes,Created by\n1:1,A,Yes.,Trust,ann\n"
    assert rows(read(tmp_path, header, columns={"coder": "Created by"})) == [("A", "Yes.", "Trust", "ann")]


def test_a_codebook_in_a_spreadsheet_is_named_for_what_it_is(tmp_path: Path) -> None:
    file = spreadsheet(tmp_path / "codes.xlsx", [["Code", "Memo"], ["Trust", "Being sure"]])
    with pytest.raises(ExchangeError, match="has codes, and no coded passages, as a codebook"):
        csv_table.read_table(file)
