"""Downloads hold what the data hold, cell by cell, and are the same bytes each time."""

import csv
import html
import io
import json
import posixpath
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import lxml.etree
import polars as pl
import pypandoc
import pytest

from analysis.display import workbooks
from analysis.display.workbooks import Cell
from analysis.reanalysis import derived
from analysis.site.files import databases, downloads, source_archive
from analysis.site.pages import citing, data_dictionary, download_tables
from analysis.site.site_error import SiteError
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import deterministic_zip, paths, provenance

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return downloads.files()


class Book:
    """A workbook read by itself, with no library that writes one."""

    def __init__(self, content: bytes) -> None:
        self.parts = zipfile.ZipFile(io.BytesIO(content))
        self.strings = ["".join(one.itertext()) for one in self._part("xl/sharedStrings.xml").iterfind("m:si", MAIN)]
        targets = {one.get("Id"): one.get("Target") for one in self._part("xl/_rels/workbook.xml.rels")}
        self.sheets = {
            sheet.get("name"): self._part(posixpath.join("xl", targets[sheet.get(RELATION)]))
            for sheet in self._part("xl/workbook.xml").iterfind("m:sheets/m:sheet", MAIN)
        }

    def rows(self, name: str) -> list[list[Cell]]:
        """Return the cells of a sheet; empty text where there is none."""
        found = [dict(self._cells(row)) for row in self.sheets[name].iterfind("m:sheetData/m:row", MAIN)]
        width = max(place for row in found for place in row) + 1
        return [[row.get(place, "") for place in range(width)] for row in found]

    def _cells(self, row: Any) -> Iterator[tuple[int, Cell]]:
        for cell in row.iterfind("m:c", MAIN):
            value, kind = cell.findtext("m:v", namespaces=MAIN), cell.get("t")
            if value is not None:
                read: Cell = {"s": lambda v: self.strings[int(v)], "b": lambda v: v == "1"}.get(kind, float)(value)
                yield _column(cell.get("r")), read

    def _part(self, name: str) -> Any:
        return lxml.etree.fromstring(self.parts.read(name))


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", reference):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _as_in_csv(cell: Cell, stored: str) -> str:
    """Return a cell as a table in CSV has it; numbers are compared as numbers."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return stored if float(stored) == cell else str(cell)
    return str(cell)


def tables(files: dict[str, bytes], kind: str) -> dict[str, list[list[str]]]:
    return {
        posixpath.basename(name).removesuffix(".csv"): list(csv.reader(io.StringIO(content.decode())))
        for name, content in files.items()
        if name.startswith(f"data/{kind}/")
    }


def test_every_table_of_the_package_and_every_derived_one_is_there(files: dict[str, bytes]) -> None:
    stored = {file.stem for file in (paths.DATA / "evidence").glob("*.csv")}
    assert tables(files, "evidence").keys() == stored
    assert tables(files, "derived").keys() == derived.TABLES.keys()


def test_tables_of_evidence_are_the_stored_bytes_and_derived_ones_what_the_evidence_gives(
    files: dict[str, bytes], recomputed: dict[str, str]
) -> None:
    for name, content in recomputed.items():
        assert files[f"data/derived/{name}"].decode() == content
    stored = list((paths.DATA / "evidence").glob("*.csv"))
    assert stored
    for file in stored:
        assert files[f"data/evidence/{file.name}"] == file.read_bytes()


def test_the_description_finds_its_tables_on_the_site(files: dict[str, bytes], study: Evidence, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    downloaded = loading.load(tmp_path / "data")
    for table in ("sources", "codes", "extracts", "codings", "claims", "model"):
        assert getattr(downloaded, table).equals(getattr(study, table))


@pytest.mark.parametrize("kind", ["evidence", "derived"])
def test_a_workbook_has_every_cell_of_its_tables(files: dict[str, bytes], kind: str) -> None:
    book = Book(files[f"data/{kind}.xlsx"])
    for name, rows in tables(files, kind).items():
        read = book.rows(name)
        assert len(read) == len(rows)
        for cells, stored in zip(read, rows, strict=True):
            assert [_as_in_csv(*pair) for pair in zip(cells, stored, strict=True)] == stored


def test_what_is_text_in_the_package_stays_text_and_numbers_can_be_counted_with(files: dict[str, bytes]) -> None:
    book = Book(files["data/evidence.xlsx"])
    head, first, *_ = book.rows("extracts")
    assert first[head.index("section")] == "3.2"
    head, first, *_ = book.rows("codes")
    assert first[head.index("position")] == 1.0
    head, first, *_ = book.rows("facets")
    assert first[head.index("exclusive")] is True
    head, *rows = Book(files["data/derived.xlsx"]).rows("claim-patterns")
    assert all(isinstance(row[head.index("share")], float) for row in rows)


@pytest.mark.parametrize("kind", ["evidence", "derived"])
def test_the_first_sheet_describes_the_others_and_every_head_stays_in_view(files: dict[str, bytes], kind: str) -> None:
    book = Book(files[f"data/{kind}.xlsx"])
    about, *others = book.sheets
    introduction, *rows = book.rows(about)[1:]
    assert about == "About"
    assert "Creative Commons Attribution 4.0" in str(introduction[2])
    assert [row[0] for row in rows] == others
    assert [row[1] for row in rows] == [len(book.rows(name)) - 1 for name in others]
    assert all(row[2] for row in rows)
    for sheet in book.sheets.values():
        (pane,) = sheet.iterfind("m:sheetViews/m:sheetView/m:pane", MAIN)
        assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
        assert all(float(column.get("width")) >= workbooks.NARROWEST for column in sheet.iterfind("m:cols/m:col", MAIN))


@pytest.mark.parametrize("kind", ["evidence", "derived"])
def test_every_field_of_a_table_is_explained_in_its_workbook(files: dict[str, bytes], kind: str) -> None:
    rows = Book(files[f"data/{kind}.xlsx"]).rows("fields")[1:]
    described = json.loads(files["data/datapackage.json"])["resources"]
    expected = [
        (r["path"].removeprefix(f"{kind}/").removesuffix(".csv"), f["name"], f["description"])
        for r in described
        for f in r["schema"]["fields"]
        if r["path"].startswith(f"{kind}/")
    ]
    assert [(row[0], row[1], row[3]) for row in rows] == expected


def test_text_that_looks_like_a_formula_a_link_or_a_number_stays_text() -> None:
    given = ["=1+1", "+2", "@SUM(A1)", "https://example.org", "007", "true, or so"]
    sheet = workbooks.sheet("t", "", "cell\n" + "".join(f'"{cell}"\n' for cell in given))
    book = Book(workbooks.workbook("T", "", [sheet]))
    assert [row[0] for row in book.rows("t")[1:]] == given
    for part in book.sheets.values():
        assert part.find(".//m:f", MAIN) is None
        assert part.find(".//m:hyperlink", MAIN) is None


def test_columns_are_numbers_or_truth_values_only_throughout() -> None:
    given = "a,b,c,d,e\n1,1.5,true,x,\n,-2,,1,\n"
    sheet = workbooks.sheet("t", "", given)
    assert sheet.rows == [[1, "1.5", True, "x", ""], ["", "-2", "", "1", ""]]
    assert workbooks.sheet("t", "", given, texts=["a"]).rows[0][0] == "1"


def test_a_row_is_as_high_as_its_texts_and_a_sheet_is_printed_as_wide_as_the_page() -> None:
    long = "some words, and more of them, " * 6
    book = Book(workbooks.workbook("T", "", [workbooks.sheet("t", "", f'text,number\nshort,1\n"{long}",2\n')]))
    part = book.sheets["t"]
    heights = [row.get("ht") for row in part.iterfind(".//m:row", MAIN)]
    assert heights == [None, None, str(3 * workbooks.LINE)]
    assert part.find("m:sheetPr/m:pageSetUpPr", MAIN).get("fitToPage") == "1"
    printed = part.find("m:pageSetup", MAIN)
    assert (printed.get("orientation"), printed.get("fitToHeight")) == ("landscape", "0")


def test_the_archive_holds_all_tables_with_description_log_and_licence(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files[f"data/{downloads.ARCHIVE}"])) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {deterministic_zip.UNDATED}
    tabular = {name.removeprefix("data/") for name in files if name.endswith((".csv", ".json"))}
    assert packed.keys() == tabular | {"README.md", "coding-log.md", "LICENSE-DATA"}
    assert all(packed[name] == files[f"data/{name}"] for name in tabular)
    assert packed["coding-log.md"] == (paths.DATA / "coding-log.md").read_bytes()


def typed(resource: dict[str, Any], content: bytes) -> list[tuple[object, ...]]:
    """The rows of a table in CSV as its description types them, read by polars and not by what writes them."""
    kinds = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    schema = {field["name"]: kinds[field["type"]] for field in resource["schema"]["fields"]}
    return pl.read_csv(content, schema=schema).rows()


@pytest.fixture(scope="module")
def database(files: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(files[f"data/{downloads.DATABASE}"])
        yield opened


def test_the_database_has_every_row_and_every_key(files: dict[str, bytes], database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    for resource in downloads.package()["resources"]:
        table, schema = databases.sql_name(resource["name"]), resource["schema"]
        rows = database.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()  # noqa: S608
        assert rows == typed(resource, files[f"data/{resource['path']}"])
        columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
        assert [name for _, name, *_ in columns] == [field["name"] for field in schema["fields"]]
        key = sorted((place, name) for _, name, _, _, _, place in columns if place)
        assert [name for _, name in key] == schema["primaryKey"]
        led = database.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
        expected_keys = [
            (databases.sql_name(k["reference"]["resource"]), f)
            for k in schema.get("foreignKeys", [])
            for f in k["fields"]
        ]
        assert sorted((row[2], row[3]) for row in led) == sorted(expected_keys)


def test_the_database_describes_itself(database: sqlite3.Connection) -> None:
    described = downloads.package()["resources"]
    fields = database.execute('SELECT "table", field, description FROM dictionary ORDER BY rowid').fetchall()
    assert fields == [
        (databases.sql_name(one["name"]), field["name"], field["description"])
        for one in described
        for field in one["schema"]["fields"]
    ]
    for table, count in database.execute('SELECT "table", "rows" FROM tables').fetchall():
        assert database.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (count,)  # noqa: S608
    about = dict(database.execute("SELECT * FROM about").fetchall())
    assert about["version"] == downloads.package()["version"]
    assert "Attribution 4.0" in about["licence"]


def test_a_question_in_sql_is_answered_across_tables(database: sqlite3.Connection, study: Evidence) -> None:
    asked = (
        "SELECT count(DISTINCT e.source_id) FROM codings c JOIN extracts e USING (extract_id) WHERE c.facet = 'stage'"
    )
    staged = study.codings.loc[study.codings["facet"] == "stage", "extract_id"]
    sources = study.extracts.loc[study.extracts["extract_id"].isin(staged), "source_id"].nunique()
    assert database.execute(asked).fetchone() == (sources,)


def test_a_row_that_leads_nowhere_stops_the_database() -> None:
    key = {"fields": ["b"], "reference": {"resource": "others", "fields": ["b"]}}
    field = {"type": "string", "description": ""}
    described = {"title": "", "description": ""}
    tables = [
        {**described, "name": "ours", "path": "ours", "schema": {"fields": [{**field, "name": "b"}], "primaryKey": ["b"], "foreignKeys": [key]}},
        {**described, "name": "others", "path": "others", "schema": {"fields": [{**field, "name": "b"}], "primaryKey": ["b"]}},
    ]  # fmt: skip
    assert databases.database(tables, {"ours": b"b\n1\n", "others": b"b\n1\n"}, {})
    with pytest.raises(sqlite3.IntegrityError):
        databases.database(tables, {"ours": b"b\n1\n", "others": b"b\n2\n"}, {})


def test_two_other_readers_find_every_cell_in_parquet(files: dict[str, bytes], tmp_path: Path) -> None:
    for resource in downloads.package()["resources"]:
        expected = typed(resource, files[f"data/{resource['path']}"])
        (place,) = (name for name in files if name.endswith(f"{resource['path'].removesuffix('.csv')}.parquet"))
        (tmp_path / "t.parquet").write_bytes(files[place])
        assert pl.read_parquet(io.BytesIO(files[place])).rows() == expected
        assert duckdb.read_parquet(str(tmp_path / "t.parquet")).fetchall() == expected


def test_the_archive_of_everything_is_the_commit_and_says_which(files: dict[str, bytes]) -> None:
    commit = provenance.head(paths.ROOT)
    if not commit:
        pytest.skip("this is no clone of the repository")
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "-z", "--name-only", "HEAD"], cwd=paths.ROOT, capture_output=True, check=True
    )
    committed = set(listed.stdout.decode().strip("\0").split("\0"))
    with zipfile.ZipFile(io.BytesIO(files[source_archive.PLACE])) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        assert names == {f"{source_archive.FOLDER}/{name}" for name in committed | {"ORIGIN.md"}}
        shown = subprocess.run(["git", "show", "HEAD:pyproject.toml"], cwd=paths.ROOT, capture_output=True, check=True)
        assert archive.read(f"{source_archive.FOLDER}/pyproject.toml") == shown.stdout
        origin = archive.read(f"{source_archive.FOLDER}/ORIGIN.md").decode()
    assert f"commit {commit} of {source_archive.day()}" in origin
    assert f"version {downloads.package()['version']}" in origin


def test_there_is_no_archive_without_a_clone_or_in_a_folder_of_another(tmp_path: Path) -> None:
    assert source_archive.archive("1", tmp_path) == b""
    below = tmp_path / "ours"
    below.mkdir()
    (tmp_path / "file").touch()
    made = ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Begin")
    for command in (("init", "-q"), ("add", "file"), made):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    assert source_archive.archive("1", below) == b""
    assert source_archive.archive("1", tmp_path) == source_archive.archive("1", tmp_path) != b""


def test_citations_say_the_same_in_every_format_to_another_reader() -> None:
    """Pandoc reads all three."""
    given = dict(citing.files())
    formats = {citing.BIBTEX: "bibtex", citing.CSL: "csljson", citing.RIS: "ris"}
    read = {
        name: json.loads(pypandoc.convert_text(given[f"cite/{name}"].decode(), "csljson", format=kind))
        for name, kind in formats.items()
    }
    for entries in read.values():
        compendium, article = sorted(entries, key=lambda one: "DOI" in one)
        assert (
            compendium["title"].lower() == "power in co-production: a reproducible compendium"
        )  # Pandoc has its own capitals
        assert article["DOI"] == "10.1111/padm.13015"
        assert [author["family"] for author in article["author"]] == ["Chen", "Croft", "Currie"]
        assert re.split("[-–]", article["page"]) == ["296", "312"]


def test_the_page_says_the_size_of_every_file_and_leads_to_it(files: dict[str, bytes]) -> None:
    here, made = "data/index.html", files | dict(citing.files())
    offered, tables_ = download_tables.offered(here, files), download_tables.tables_to_download(here, files)
    cells = r'<a href="([^"]+)" download>(?:[^<]+</a></th> <td[^>]*>[^<]*</td> <td[^>]*>|\w+,\s)([\d.]+\s[KM]B)'
    linked = [(place, size.replace("\N{NO-BREAK SPACE}", " ")) for place, size in re.findall(cells, offered + tables_)]
    assert len(linked) == len(download_tables.OFFERED) + 2 * len(downloads.package()["resources"])
    for place, size in linked:
        assert size == download_tables.size(len(made[posixpath.normpath(f"data/{place}")]))
    for resource in downloads.package()["resources"]:
        assert html.escape(resource["description"]) in tables_


def test_the_page_says_where_the_archive_comes_from_or_that_there_is_none(files: dict[str, bytes]) -> None:
    if commit := provenance.head(paths.ROOT):
        assert commit[:12] in download_tables.where_from(files)
        assert source_archive.day() in download_tables.where_from(files)
    assert "There is no archive of all files" in download_tables.where_from({})


@pytest.mark.thorough
def test_the_same_data_give_the_same_bytes(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert downloads.files() == files


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("evidence", data_dictionary.tables_of_evidence), ("derived", data_dictionary.derived_tables)],
)
def test_the_dictionary_has_every_table_field_constraint_and_key(
    study: Evidence, kind: str, shown: Callable[[Evidence], str]
) -> None:
    text = shown(study)
    for resource in downloads.resources(kind):
        assert f"{{#table-{resource['name']}}}" in text
        for field in resource["schema"]["fields"]:
            (row,) = re.findall(rf'<tr id="{resource["name"]}\.{field["name"]}">.*?</tr>', text)
            constraints = field.get("constraints", {})
            assert ("there" in re.split("<td[^>]*>", row)[2]) == bool(constraints.get("required"))
            assert all(f"<code>{value}</code>" in row for value in constraints.get("enum", []))
        for key in resource["schema"].get("foreignKeys", []):
            assert f'href="#table-{key["reference"]["resource"]}"' in text


def test_the_dictionary_has_every_derived_table_and_leads_to_tables_that_it_has(study: Evidence) -> None:
    assert [downloads.name_of(one) for one in downloads.resources("derived")] == [*derived.TABLES]
    text = data_dictionary.tables_of_evidence(study) + data_dictionary.derived_tables(study)
    places = re.findall(r"\{#(table-[\w-]+)\}", text)
    assert len(set(places)) == len(places)
    assert set(re.findall(r'href="#(table-[\w-]+)"', text)) <= set(places)


def test_a_file_that_is_missing_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "BESIDE", (tmp_path / "LICENSE-DATA",))
    with pytest.raises(SiteError, match=r"LICENSE-DATA: cannot be read \(No such file"):
        downloads.files()
