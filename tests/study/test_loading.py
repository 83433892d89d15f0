"""What is wrong with the evidence is reported in one message, with its place and its remedy."""

import gc
import json
import re
import shutil
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from example_counts import some

from analysis.study import checked_tables, loading
from analysis.study.evidence import Evidence, EvidenceError
from analysis.support import paths

Edit = Callable[[str, Callable[[str], str]], None]


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def first_row(column: int, value: str) -> Callable[[str], str]:
    """Put a value into a column of the first row that has no quoted cells."""

    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        cells = lines[1].rstrip("\n").split(",")
        cells[column] = value
        return "".join([lines[0], ",".join(cells) + "\n", *lines[2:]])

    return change


def without_primary(codings: str) -> str:
    """Make the primary stage an alternative, for a passage of which the record has one stage only."""
    of_stage = re.findall(r"^(\w+),compendium,stage,", codings, re.MULTILINE)
    passage = next(extract for extract in of_stage if of_stage.count(extract) == 1)
    return re.sub(rf"^({passage},compendium,stage,[\w-]+),primary", r"\1,alternative", codings, flags=re.MULTILINE)


# name, table, how it is spoiled, what the message has to say; {last} is the number of the last row
FAULTS: list[tuple[str, str, Callable[[str], str], list[str]]] = [
    ("missing column", "sources", replaced(",kind,", ",sort,"), ["sources.csv, row 1, field kind", "missing column kind"]),
    ("columns in another order", "coders", replaced("coder_id,kind", "kind,coder_id"), ["coders.csv, row 1", "order"]),
    ("duplicate key", "coders", lambda text: text + text.splitlines()[1] + "\n", ["coders.csv, row {last}, field coder_id", "'article'", "same key"]),
    ("unknown code", "codings", replaced(",power,required-on-proposal,", ",power,no-such-code,"),
     ["codings.csv, row 2, field facet, code_id", "no-such-code", "codes"]),
    ("unknown facet", "codings", replaced(",power,required-on-proposal,", ",might,required-on-proposal,"),
     ["codings.csv, row 2, field facet", "might", "facets"]),
    ("dangling source", "extracts", replaced("T01,P20", "T01,P99"), ["extracts.csv, row 2, field source_id", "P99"]),
    ("dangling passage", "codings", replaced("T01,article", "T99,article"), ["codings.csv, row 2, field extract_id", "T99"]),
    ("dangling parent", "codes", replaced(",first-order,participating-by-policy,", ",first-order,nowhere,"),
     ["codes.csv, row 4, field parent_id", "nowhere"]),
    ("cycle in the code tree", "codes", replaced("structural,dimension,,", "structural,dimension,required-on-proposal,"),
     ["codes.csv, row 2, field parent_id", "structural > required-on-proposal > participating-by-policy > structural"]),
    ("wrong level", "codes", replaced("structural,dimension", "structural,second-order"), ["codes.csv, row 2, field level", "'second-order'", "level dimension"]),
    ("position taken", "codes", replaced("structure-enabled-normative,dimension,,2", "structure-enabled-normative,dimension,,1"),
     ["codes.csv, row", "field position", "'1'"]),
    ("passage that repeats itself", "extracts", replaced("F23,P31,4.2,inline,F25", "F23,P31,4.2,inline,F23"),
     ["extracts.csv, row", "field repeats", "'F23'", "repeats itself"]),
    ("passage that repeats nothing", "extracts", replaced("F23,P31,4.2,inline,F25", "F23,P31,4.2,inline,F99"),
     ["field repeats", "'F99'", "no such passage"]),
    ("chain of repeats", "extracts", replaced("F22,P30,4.2,inline,", "F22,P30,4.2,inline,F26"),
     ["field repeats", "'F26'", "repeats another one"]),
    ("repeat of somebody else", "extracts", replaced("F23,P31,4.2,inline,F25", "F23,P31,4.2,inline,T14"),
     ["field repeats", "'T14'", "another source"]),
    ("two primary codes", "codings", replaced("T02,reader-a,stage,not-stated,alternative", "T02,reader-a,stage,not-stated,primary"),
     ["codings.csv, row", "field code_id", "T02", "second primary"]),
    ("alternative without primary", "codings", without_primary,
     ["codings.csv, row", "field role", "no primary"]),
    ("bad date", "sources", replaced("2020-02-25", "2020-02-31"), ["sources.csv, row", "field published", "'2020-02-31'", "no such date"]),
    ("malformed date", "sources", replaced("2020-02-25", "25.2.2020"), ["sources.csv, row", "field published", "'25.2.2020'"]),
    ("bad enumeration", "codings", replaced(",primary,supports,label,", ",primary,agrees,label,"),
     ["codings.csv, row", "field stance", "'agrees'", "supports, counters, context"]),
    ("not a number", "codes", replaced("structural,dimension,,1,", "structural,dimension,,first,"),
     ["codes.csv, row 2, field position", "'first'", "integer"]),
    ("gist of three sentences", "extracts", replaced("They must see this by now.", "They must. See this. By now."),
     ["extracts.csv, row 2, field gist", "They must. See this.", "One or two sentences", "Shorten a sentence"]),
    ("sentence of a gist too long", "extracts", replaced("They must see this by now.", f"They must see{' this' * 23}."),
     ["extracts.csv, row 2, field gist", "of at most 25 words", "Shorten a sentence"]),
    ("blind gist too long", "extracts", replaced("scholars will get no funding", f"scholars will get no{' no' * 9} funding"),
     ["extracts.csv, row 2, field blind_gist", "of at most 25 words", "Shorten a sentence"]),
    ("empty cell", "extracts", replaced("T01,P20,3.2,", "T01,P20,,"), ["extracts.csv, row 2, field section"]),
    ("semicolons", "coders", lambda text: text.replace(",", ";"), ["coders.csv, row 1", "semicolons", "commas"]),
    ("a cell too many", "facets", first_row(1, "true,true"), ["facets.csv, row 2", "more cells"]),
    ("a cell too few", "facets", lambda text: text + "mood,true,false\n", ["facets.csv, row {last}", "fewer cells"]),
    ("blank row", "codings", lambda text: text + "\n", ["codings.csv, row {last}", "blank"]),
    ("row of commas", "coders", lambda text: text + ",,\n", ["coders.csv, row {last}", "blank"]),
    ("cut inside a quotation", "codings", lambda text: text[: text.index(', so ')], ["codings.csv, row", "not valid CSV"]),
    ("header without rows", "codings", lambda text: text.splitlines()[0] + "\n", ["codings.csv", "no rows"]),
    ("huge number", "codes", replaced("structural,dimension,,1,", "structural,dimension,,99999999999999999999999,"),
     ["codes.csv", "field position", "cannot be read"]),
    ("undated document", "sources", replaced("2020-02-25", ""), ["sources.csv, row", "field published", "without a date"]),
    ("same code twice of record", "codings", replaced("T09,compendium,power,practical-issues", "T09,compendium,power,accessible-language"),
     ["codings.csv, row", "field code_id", "the same code"]),
    ("unsealed passage", "fragments", lambda text: "".join(line for line in text.splitlines(keepends=True) if not line.startswith("F20,")),
     ["extracts.csv, row", "field extract_id", "'F20'", "not sealed"]),
    ("owner without passage", "fragments", replaced("T01,1,", "T77,1,"), ["fragments.csv, row 2, field owner_id", "'T77'"]),
    ("fragments misnumbered", "fragments", replaced("T01,1,", "T01,2,"), ["fragments.csv, row 2, field n", "'2'"]),
    ("passage without citation", "fragments", replaced(",id 20", ","), ["fragments.csv, row 2, field cited_as"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "spoil", "message"),
    some([fault[1:] for fault in FAULTS], 13),
    ids=some([fault[0] for fault in FAULTS], 13),
)
def test_a_fault_is_reported_with_file_row_field_and_value(
    package: Path, edit: Edit, table: str, spoil: Callable[[str], str], message: list[str]
) -> None:
    edit(table, spoil)
    last = len((package / "evidence" / f"{table}.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(EvidenceError) as raised:
        loading.load(package)
    assert len(raised.value.faults) == 1, "one mistake gives one message"
    for part in message:
        assert part.format(last=last) in str(raised.value)


@pytest.mark.parametrize("table", loading.TABLES)
def test_a_missing_or_empty_table_is_reported(package: Path, table: str) -> None:
    file = package / "evidence" / f"{table}.csv"
    file.write_bytes(b"\n")
    with pytest.raises(EvidenceError, match=rf"{table}\.csv: the file is empty"):
        loading.load(package)
    file.unlink()
    with pytest.raises(EvidenceError, match=rf"{table}\.csv: the file is missing"):
        loading.load(package)


def test_another_encoding_is_reported_with_its_row(package: Path) -> None:
    file = package / "evidence" / "facets.csv"
    file.write_bytes(file.read_text(encoding="utf-8").replace("Our reading", "Our r\xe9ading", 1).encode("latin-1"))
    with pytest.raises(EvidenceError, match=r"facets\.csv, row 3: the file is not UTF-8 .*xe9"):
        loading.load(package)


def test_a_byte_order_mark_is_reported(package: Path) -> None:
    file = package / "evidence" / "facets.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    with pytest.raises(EvidenceError, match=r"facets\.csv, row 1: .*byte order mark"):
        loading.load(package)


def test_a_broken_description_is_reported_with_its_line(package: Path) -> None:
    (package / "datapackage.json").write_text('{\n "name": ,\n}', encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"datapackage\.json, row 2: not valid JSON"):
        loading.load(package)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"interviewsTo": "2018-11"', '"interviewsTo": "Nov 2018"'),
        ('"interviews": 48', '"interviews": "many"'),
        ('"interviews": 48', '"interviews": -1'),
        ('"type": "integer"', '"type": "number of things"'),
        ('"path": "evidence/codes.csv"', '"path": null'),
        ('"power": [\n        "article",\n        "compendium"\n      ]', '"power": []'),
    ],
)
def test_a_malformed_description_is_reported(package: Path, old: str, new: str) -> None:
    file = package / "datapackage.json"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"datapackage\.json: "):
        loading.load(package)


@pytest.mark.parametrize("member", ["study", "resources"])
def test_an_incomplete_description_is_reported(package: Path, member: str) -> None:
    file = package / "datapackage.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    del description[member]
    file.write_text(json.dumps(description), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"datapackage\.json"):
        loading.load(package)


def test_a_coder_of_record_has_to_exist(package: Path) -> None:
    file = package / "datapackage.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"stage": [\n        "compendium"', '"stage": [\n        "nobody"')
    )
    with pytest.raises(EvidenceError, match="unknown coder nobody"):
        loading.load(package)


def test_the_command_line_reports_it_without_a_traceback_and_writes_nothing(package: Path, edit: Edit) -> None:
    edit("sources", replaced("2020-02-25", "2020-02-31"))
    before = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    for command in ("verify", "derive", "counts"):
        ran = run(command, "--data", package)
        assert ran.returncode == 2
        assert ran.stderr.count("\n") == 1
        assert "2020-02-31" in ran.stderr
        assert "Traceback" not in ran.stderr
        assert ran.stdout == ""
    assert {path: path.read_bytes() for path in package.rglob("*") if path.is_file()} == before


def test_the_passages_of_a_document_have_no_interviewee(study: Evidence) -> None:
    documents = study.extracts.loc[study.extracts["source_id"].str.startswith("D"), "extract_id"]
    passages = study.passages.set_index("extract_id")
    assert passages.loc[documents, "interviewee"].isna().all()
    assert passages.drop(documents)["interviewee"].notna().all()


@pytest.mark.parametrize("lacking", list(loading.CLAIM_COLUMNS))
def test_a_study_with_one_table_of_claims_has_all_of_them(package: Path, lacking: str) -> None:
    file = package / loading.DESCRIPTION
    described = json.loads(file.read_text(encoding="utf-8"))
    described["resources"] = [one for one in described["resources"] if one["name"] != lacking]
    file.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(EvidenceError, match=f"no resource named '{lacking}'"):
        loading.load(package)


def test_a_table_of_claims_has_the_columns_that_are_worked_with(package: Path) -> None:
    file, table = package / loading.DESCRIPTION, package / "evidence" / "model.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"name": "source",', '"name": "origin",'), encoding="utf-8"
    )
    table.write_text(table.read_text(encoding="utf-8").replace("source,target", "origin,target"), encoding="utf-8")
    with pytest.raises(EvidenceError, match="'model' has no field 'source' of the type string"):
        loading.load(package)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarm")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # an alarm that a library caught
def test_a_pattern_that_would_be_looked_for_without_end_is_given_up(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = package / loading.DESCRIPTION
    described = json.loads(file.read_text(encoding="utf-8"))
    (coders,) = (one for one in described["resources"] if one["name"] == "coders")
    coders["schema"]["fields"][-1]["constraints"]["pattern"] = "(.|[^z])*§"
    file.write_text(json.dumps(described), encoding="utf-8")
    monkeypatch.setattr(loading, "SECONDS", 1)
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(EvidenceError, match=r"datapackage\.json: .* within 1 seconds\. Look for a pattern"):
        loading.load(package)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()  # closes the table that was being read, which would otherwise warn in another test


# --- tables that frictionless has checked before


@pytest.fixture
def own(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders in which frictionless was asked, with a copy of the package as the compendium's own data."""
    asked, faults = [], loading.schema_faults

    def asking(folder: Path, *given: Any) -> Any:
        asked.append(folder)
        return faults(folder, *given)

    monkeypatch.setattr(paths, "DATA", package)
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    monkeypatch.setattr(loading, "schema_faults", asking)
    return asked


def test_frictionless_is_asked_once_about_the_compendiums_own_tables(own: list[Path], package: Path) -> None:
    one, two = loading.load(package), loading.load(package)
    assert own == [package]
    assert one.codings.equals(two.codings)


@pytest.mark.parametrize("table", ["codings", "sources"])
def test_it_is_asked_again_when_a_byte_changes(own: list[Path], package: Path, table: str) -> None:
    loading.load(package)
    file = package / "evidence" / f"{table}.csv"
    before = file.read_bytes()
    file.write_bytes(before.replace(b"compendium", b"compendiun", 1).replace(b"interviewee", b"intervievee", 1))
    for _ in range(2):
        with pytest.raises(EvidenceError, match=rf"{table}\.csv, row \d+"):
            loading.load(package)
    assert own == [package] * 3, "a fault is never recorded"
    file.write_bytes(before)
    loading.load(package)
    assert own == [package] * 3


def test_it_is_asked_again_when_a_schema_or_its_own_version_changes(
    own: list[Path], package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading.load(package)
    description = package / "datapackage.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace("P[0-9]{2}|D[0-9]+", "P[0-9]{2}", 1), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"sources\.csv, row \d+, field source_id"):
        loading.load(package)
    description.write_text(text, encoding="utf-8")
    monkeypatch.setattr(checked_tables, "version", lambda _: "another")
    loading.load(package)
    assert own == [package] * 3


def test_other_studies_and_spoiled_records_are_checked_each_time(
    own: list[Path], package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shutil.copytree(package, other)
    loading.load(other)
    assert not paths.BUILD.exists()
    loading.load(package)
    (paths.BUILD / checked_tables.RECORD).write_bytes(b"\xff")
    loading.load(package)
    loading.load(other)
    assert own == [other, package, package, other]
    monkeypatch.setattr(paths, "BUILD", tmp_path / "file" / "build")  # where nothing can be written
    (tmp_path / "file").write_text("")
    loading.load(package)
    loading.load(package)
    assert own[4:] == [package, package]


def test_tables_that_change_while_they_are_checked_are_not_recorded(
    own: list[Path], package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, faults = package / "evidence" / "coders.csv", loading.schema_faults

    def slow(*given: Any) -> Any:
        file.write_bytes(file.read_bytes().replace(b".", b"!", 1))
        return faults(*given)

    monkeypatch.setattr(loading, "schema_faults", slow)
    loading.load(package)
    assert own == [package]
    assert not paths.BUILD.exists()
