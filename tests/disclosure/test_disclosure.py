"""The disclosure check: what each kind finds and leaves alone, and that a package is looked through as a whole.

Every person, number and address here is made up: telephone numbers are from the ranges that Ofcom keeps for drama, NHS
numbers begin with 999, which is kept for tests, and addresses end in example.org.
"""

import csv
import inspect
import io
import json
import shutil
import string
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from command_line import run
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis import disclosure
from analysis.cli import study_commands
from analysis.disclosure import DisclosureError, Finding, check, identifiers, leaked_wording, small_cells
from analysis.disclosure.identifiers import DATE, EMAIL, HANDLE, NAME, NHS, PHONE, POSTCODE, WEB, direct, masked, names
from analysis.support import paths
from analysis.wording import fingerprints

FOUND = [
    (EMAIL, "kim.alder@example.org"),
    (EMAIL, "kim+trial@mail.example.co.uk"),
    (EMAIL, "kim.alder (at) example.org"),
    (EMAIL, "kim [at] example [dot] org"),
    (WEB, "https://alder.example.org/kim?page=1"),
    (WEB, "www.example.org/kim"),
    (WEB, "kims-group.org.uk"),
    (HANDLE, "@kim_alder"),
    (DATE, "2019-03-14"),
    (DATE, "14/03/2019"),
    (DATE, "3/14/2019"),
    (DATE, "14.3.2019"),
    (DATE, "14/3/62"),
    (DATE, "14 March 2019"),
    (DATE, "3rd of Feb. 1962"),
    (DATE, "March 14, 2019"),
    (DATE, "Sept 1st 2019"),
    (NHS, "999 123 4578"),
    (NHS, "999-123-4578"),
    (NHS, "9991234578"),
    (PHONE, "020 7946 0018"),
    (PHONE, "(01632) 960018"),
    (PHONE, "07700 900123"),
    (PHONE, "07700900123"),
    (PHONE, "+44 (0)7700 900 123"),
    (PHONE, "+44 7700-900-123"),
    (PHONE, "0044 20 7946 0018"),
    (PHONE, "+1 202 555 0143"),
    (POSTCODE, "SW1A 2AA"),
    (POSTCODE, "M1 1AE"),
    (POSTCODE, "ec1v9hx"),
    (POSTCODE, "b33 8tn"),
]

LEFT = [
    "10.1111/padm.13015",  # a DOI
    "https://doi.org/10.1111/padm.13015",
    "https://creativecommons.org/licenses/by/4.0/",
    "evidence/codings.csv and analysis.reanalysis.close_reading",
    "the e-mail was sent @ noon to a list",
    "3.2.1, 1.2.3 and version 26.0.1",
    "31 February 2019, 2019-13-01 and 32/01/2019",  # no days
    "2019, March 2019 and 2019-03",  # no full dates
    "999 123 4579",  # another check digit
    "999 999 9999 and 0000000000",
    "12345678901 and 0123456789abcdef",
    "0.7700900123 and 1077009001234",
    "0000-0002-1825-0097",  # an ORCID
    "ISBN 978-0-19-852663-6",
    "0 1 2 3 4 5 6 7 8 9 10",
    "T01 2AB, F14 4AA and P30 1ST",  # no areas of postcodes
    "m4 2nd, e3 1st and s5 4th floor",
    "48 interviews, 147,000 codings, 2017 to 2018, pages 296–312",
]


@pytest.mark.parametrize(("kind", "value"), FOUND)
@pytest.mark.parametrize("sentence", ["{}", "It says {}, and so on.", "({})", "one\n{}\ntwo", "It is {}."])
def test_an_identifier_is_found_wherever_it_stands(kind: str, value: str, sentence: str) -> None:
    text = sentence.format(value)
    (found,) = direct(text)
    assert found.kind == kind
    assert found.value.strip("()") == value.strip("()")
    assert text[found.start :].startswith(found.value)


@pytest.mark.parametrize("text", LEFT)
def test_what_only_looks_like_an_identifier_is_left_alone(text: str) -> None:
    assert direct(text) == []
    assert direct(f"They say {text}, and so on.") == []


def test_several_identifiers_are_found_in_the_order_of_the_text() -> None:
    text = "Ring 07700 900123 on 14 March 2019, or write to kim@example.org (999 123 4578, SW1A 2AA)."
    assert [found.kind for found in direct(text)] == [PHONE, DATE, EMAIL, NHS, POSTCODE]


sentences = st.text(string.ascii_lowercase + " ,.", max_size=30)


@given(before=sentences, email=st.emails(), after=sentences)
def test_every_email_address_is_found_in_any_sentence(before: str, email: str, after: str) -> None:
    found = [identifier for identifier in direct(f"{before} {email} {after}") if identifier.kind == EMAIL]
    assert any(email in identifier.value for identifier in found)


@given(
    before=sentences,
    outward=st.from_regex(r"(SW|M|EC|B|ZE)[1-9][0-9]?", fullmatch=True),
    inward=st.from_regex(r"[0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True),
    gap=st.sampled_from(["", " "]),
    lower=st.booleans(),
    after=sentences,
)
def test_every_postcode_is_found_in_any_sentence(
    before: str, outward: str, inward: str, gap: str, lower: bool, after: str
) -> None:
    assume(inward not in {"1ST", "2ND", "3RD"} and not inward.endswith("TH"))
    postcode = (outward + gap + inward).lower() if lower else outward + gap + inward
    assert (POSTCODE, postcode) in [found[:2] for found in direct(f"{before} {postcode} {after}")]


@given(before=sentences, first=st.integers(1, 999_999_999), gap=st.sampled_from(["", " ", "-"]), after=sentences)
def test_every_nhs_number_is_found_and_no_other_last_digit(before: str, first: int, gap: str, after: str) -> None:
    nine = f"{first:09}"
    check_digit = -sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    assume(check_digit < 10 and len(set(nine)) > 1)
    for digit in range(10):
        number = f"{nine}{digit}"
        written = gap.join([number[:3], number[3:6], number[6:]])
        found = (NHS, written) in [identifier[:2] for identifier in direct(f"{before} {written} {after}")]
        assert found == (digit == check_digit)


@given(st.text(min_size=2) | st.emails() | st.sampled_from([value for _, value in FOUND]))
def test_a_masked_value_never_shows_the_whole(value: str) -> None:
    assume(sum(character.isalnum() for character in value) > 1)
    shown = masked(value)
    assert len(shown) == len(value)
    assert sum(map(str.isalnum, shown)) < sum(map(str.isalnum, value))


# --- names

ORDINARY = {"the", "a", "was", "asked", "with", "clinic", "nurse", "public", "standards", "rose"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The clinic asked Kim Alder.", ["Kim Alder"]),
        ("Kim Alder was asked.", ["Kim Alder"]),
        ("The nurse was with O’Brien-Lee and Łukasz.", ["O’Brien-Lee", "Łukasz"]),
        ("asked Ludwig van Beethoven", ["Ludwig van Beethoven"]),
        ("Dr. Rose asked.", ["Rose"]),
        ("with Mrs Rose", ["Rose"]),
        ("it was J. Alder’s", ["J. Alder"]),
        ("The clinic in Alderton", ["Alderton"]),
        ("a line\nbreak in Alderton", ["Alderton"]),
        # What is none, or is not told from what is none:
        ("Kim asked.", []),  # the beginning of a sentence
        ("was asked. Kim was", []),
        ("- Kim\n\nAlder", []),  # points of a list and paragraphs
        ("| Kim | Alder |", []),
        ("“Kim was asked”", []),
        ("a nurse of the NHS, UK and PPI", []),
        ("on Monday in March", []),
        ("the late Thursdays of last winter", []),
        ("the Public Standards", []),  # known in lower case
        ("with Rose", []),
        ("the file README.md of mySite", []),
        ("and I’m asked, I've asked, I was", []),
    ],
)
def test_capitals_within_a_sentence_may_be_a_name(text: str, expected: list[str]) -> None:
    found = list(names(text, ORDINARY))
    assert [identifier.value for identifier in found] == expected
    assert all(
        identifier.kind == NAME and text[identifier.start :].startswith(identifier.value) for identifier in found
    )


# --- a package


@pytest.fixture
def package(package: Path) -> Path:
    """A copy of the committed package that a test may spoil, without the derived tables: they take most of the time."""
    shutil.rmtree(package / "derived")
    return package


@pytest.fixture(scope="module", autouse=True)
def sought_once() -> Iterator[None]:
    """Look for fingerprints in each text once: most texts of the packages below are the same in all of them."""
    search = leaked_wording._of_fingerprints
    found = cache(lambda text, wanted: [*search(text, wanted)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaked_wording, "_of_fingerprints", lambda text, wanted: found(text, frozenset(wanted)))
        yield


def kinds(findings: list[Finding]) -> list[tuple[str, int | None, str | None, str]]:
    return [(finding.file, finding.row, finding.field, finding.kind) for finding in findings]


def test_the_compendiums_own_data_have_nothing_that_was_not_judged_harmless() -> None:
    assert check(paths.DATA) == []


def test_every_value_that_is_allowed_would_be_told_otherwise(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header, *rows = csv.reader(io.StringIO((package / disclosure.ALLOWED).read_text(encoding="utf-8")))
    (package / disclosure.ALLOWED).write_text(",".join(header) + "\n", encoding="utf-8")
    monkeypatch.setattr(identifiers, "masked", lambda value: value)
    told = {finding.shown.casefold().split(", ")[0] for finding in check(package)}
    assert told == {value.casefold() for value, _ in rows}


@pytest.mark.parametrize("table", ["extracts", "codings", "codes", "sources", "coders", "claims"])
def test_an_identifier_in_any_table_is_told_with_its_row_and_field(
    package: Path, edit: Callable[[str, Callable[[str], str]], None], table: str
) -> None:
    def add(text: str) -> str:
        rows = list(csv.reader(io.StringIO(text)))
        rows[2][-1] += " kim@example.org"
        changed = io.StringIO()
        csv.writer(changed).writerows(rows)
        return changed.getvalue()

    edit(table, add)
    header = (package / "evidence" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0]
    (finding,) = check(package)
    assert kinds([finding]) == [(f"evidence/{table}.csv", 3, header.split(",")[-1], EMAIL)]
    assert "kim@example.org" not in str(finding)
    assert "k**@e******.o**" in str(finding)


def test_every_text_file_is_looked_through_and_nothing_is_changed(package: Path) -> None:
    (package / "notes").mkdir()
    (package / "notes" / "visit.md").write_text(
        "# Visits\n\nThe member,\nwas seen on 14 March 2019.\n", encoding="utf-8"
    )
    (package / "notes" / "odd.json").write_text('{"a": [{"b": "ring 07700 900123"}]}', encoding="utf-8")
    (package / "notes" / "broken.json").write_text("{\n'kim@example.org'", encoding="utf-8")
    (package / "notes" / "broken.csv").write_text('a,b\n"kim@example.org,2\n', encoding="utf-8")
    before = {file: file.read_bytes() for file in package.rglob("*") if file.is_file()}
    assert sorted(kinds(check(package))) == sorted(
        [
            ("notes/broken.csv", 2, None, EMAIL),
            ("notes/broken.json", 2, None, EMAIL),
            ("notes/odd.json", None, "a[0].b", PHONE),
            ("notes/visit.md", 4, None, DATE),
        ]
    )
    assert {file: file.read_bytes() for file in package.rglob("*") if file.is_file()} == before


def test_private_and_hidden_files_are_not_looked_into_and_pictures_are_told(package: Path) -> None:
    for folder in (package / "private", package / ".git"):
        folder.mkdir()
        (folder / "people.txt").write_text("kim@example.org", encoding="utf-8")
    (package / "face.png").write_bytes(b"\x89PNG\xff\xfe")
    assert kinds(check(package)) == [("face.png", None, None, "unread file")]


def test_what_is_allowed_is_not_told_again_whatever_its_spaces_and_capitals(package: Path) -> None:
    (package / "notes.md").write_text("seen by Kim\nAlder, then by Kim  Alder, not by Kim Elder", encoding="utf-8")
    assert [finding.shown for finding in check(package)] == ["K** A****", "K** A****", "K** E****"]
    with (package / disclosure.ALLOWED).open("a", encoding="utf-8") as file:
        file.write("kim alder,A name made up for an example.\n")
    assert [finding.shown for finding in check(package)] == ["K** E****"]


def codebook(package: Path, names: list[str]) -> list[tuple[str, str]]:
    """Give the first codes of a package other names, and return what is found in them."""
    file = package / "evidence" / "codes.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table["name"] = [*names, *["plain"] * (len(table) - len(names))]
    table.to_csv(file, index=False)
    return [(finding.kind, finding.shown) for finding in check(package)]


def test_names_of_codes_in_title_case_are_not_those_of_people_where_that_is_the_habit(package: Path) -> None:
    titles = [
        "Quorate Lateness",
        "Being Ratified Too Late",
        "Reports by the Quorum Nobody Ratified",
        "All Minutes Ratified",
    ]
    assert codebook(package, [*titles, "SAYING NO AGAIN"]) == []
    (package / "notes.md").write_text("They met Quorate Lateness there.", encoding="utf-8")
    assert codebook(package, titles) == [(NAME, "Q****** L*******")]  # only codes are called so
    (package / "notes.md").unlink()
    others = ["what was said", "what was not said", "who came first", "who came last"]
    assert codebook(package, [*titles[:2], *others, "letters from Kim"]) == [
        (NAME, "Q****** L*******"), (NAME, "R*******"), (NAME, "K**")]  # fmt: skip
    assert len(codebook(package, ["Kim Alder", "Lee Elder", "Pat Ash"])) == 3


def test_what_people_call_their_relatives_names_nobody() -> None:
    assert [*names("She was with Mum and with Grandad's friend.", set())] == []
    assert [found.value for found in names("She was with Mum Alder.", set())] == ["Alder"]


def test_a_name_is_no_ordinary_word_because_an_address_has_it_in_small_letters(package: Path) -> None:
    (package / "notes.md").write_text("asked Alder, see alder@example.org and alder.txt", encoding="utf-8")
    assert [finding.kind for finding in check(package)] == [EMAIL, NAME]
    (package / "notes.md").write_text("asked Alder under an alder", encoding="utf-8")
    assert check(package) == []


def test_names_and_dates_of_documents_and_authors_are_public(package: Path) -> None:
    (package / "notes.md").write_text("We follow Croft, and what Briefing said on 25 February 2020.", encoding="utf-8")
    assert check(package) == []
    (package / "notes.md").write_text("We follow Alder, and what was said on 26 February 2020.", encoding="utf-8")
    assert [finding.kind for finding in check(package)] == [DATE, NAME]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("value,why\nKim,a reason\n", "disclosure-allowed.csv, row 1: wrong columns"),
        ("value,reason\nKim,\n", "row 2: an allowed value needs a reason"),
        ("value,reason\nKim\n", "row 2: an allowed value needs a reason"),
        ('value,reason\n"Kim,x\n', "not valid CSV"),
        ("", "wrong columns"),
    ],
)
def test_a_faulty_table_of_what_is_allowed_is_told(package: Path, content: str, told: str) -> None:
    (package / disclosure.ALLOWED).write_text(content, encoding="utf-8")
    with pytest.raises(DisclosureError, match=told):
        check(package)


def test_a_folder_that_cannot_be_checked_is_told(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="no such folder"):
        check(tmp_path / "nowhere")
    with pytest.raises(DisclosureError, match="has no files"):
        check(tmp_path)
    for content, told in (
        ("{", "not valid JSON"),
        ("[]", "does not describe a package"),
        ('{"study": 1}', "does not describe a package"),
    ):
        (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
        with pytest.raises(DisclosureError, match=told):
            check(tmp_path)


# --- private wording

SAID = "We were asked at the very end, when all of it had long been settled by others"


def with_wording(package: Path, *pieces: str) -> None:
    (package / "private").mkdir()
    with (package / "private" / "wording.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[f"T{n:02}", "1", piece, ""] for n, piece in enumerate(pieces, start=1)]
        csv.writer(file).writerows([fingerprints.WORDING_COLUMNS, *rows])


@pytest.mark.parametrize(
    ("public", "shown"),
    [
        (f"They said: {SAID.upper()}.", ["17 words"]),
        ("asked — at the very end: when all of it … was", ["9 words"]),
        ("asked at the very end when all", []),  # seven words
        ("we had been asked at the end of all of it by others", []),
        ("no notice was given at all", ["6 words"]),  # the whole of a short piece
        ("no notice was given, at least", []),
        ("never again", []),  # too short to tell
    ],
)
def test_runs_of_leaked_wording_are_found_in_public(package: Path, public: str, shown: list[str]) -> None:
    with_wording(package, SAID, "No notice was given at all.", "Never again.")
    (package / "notes.md").write_text(f"a line\n{public}\n", encoding="utf-8")
    findings = check(package)
    assert [finding.shown for finding in findings] == shown
    assert all(kinds([finding]) == [("notes.md", 2, None, "private wording")] for finding in findings)


def test_without_the_wording_its_fingerprints_find_whole_pieces(
    package: Path, edit: Callable[[str, Callable[[str], str]], None]
) -> None:
    words = [word.text for word in fingerprints.words(SAID)]
    sealed = f"T01,9,{len(words)},{fingerprints.fingerprint(words)},\n"
    edit("fragments", lambda text: text + sealed)
    (package / "notes.md").write_text(f"They said:\n{SAID}.\nAnd: {SAID[:40]}", encoding="utf-8")
    assert [(*kind, finding.shown) for finding in check(package) for kind in kinds([finding])] == [
        ("notes.md", 2, None, "private wording", "17 words")
    ]


def test_a_faulty_private_table_is_told(package: Path) -> None:
    with_wording(package, SAID)
    (package / "private" / "wording.csv").write_text("owner_id,n\nT01,1\n", encoding="utf-8")
    with pytest.raises(DisclosureError, match="needs a column 'wording'"):
        check(package)


# --- small cells


def study(folder: Path, people: dict[str, list[tuple[str, str]]], kind: str = "interviewee") -> None:
    """Write the tables of a study in which each of some people has passages coded by two facets."""
    passages = [(person, *codes) for person, coded in people.items() for codes in coded]
    codings = [
        (f"T{n:02}", "us", facet, code, "primary", "supports", "wording", "")
        for n, (_, *codes) in enumerate(passages)
        for facet, code in zip(("place", "age"), codes, strict=True)
    ]
    codes = sorted({(coding[2], coding[3]) for coding in codings})
    tables = {
        "sources": [("source_id", "kind"), *((person, kind) for person in people)],
        "extracts": [("extract_id", "source_id"), *((f"T{n:02}", person) for n, (person, *_) in enumerate(passages))],
        "codes": [
            ("facet", "code_id", "level", "parent_id", "position"),
            *((facet, code, "top", "", n) for n, (facet, code) in enumerate(codes, start=1)),
        ],
        "codings": [
            ("extract_id", "coder_id", "facet", "code_id", "role", "stance", "basis", "rationale"),
            *codings,
        ],
    }
    (folder / "evidence").mkdir()
    for name, rows in tables.items():
        with (folder / "evidence" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


PEOPLE = {
    "P01": [("town", "old"), ("town", "old")],
    "P02": [("town", "old")],
    "P03": [("town", "old"), ("town", "young")],
    "P04": [("town", "young")],
}


def test_cells_of_fewer_people_than_asked_for_are_told(tmp_path: Path) -> None:
    study(tmp_path, PEOPLE)
    (finding,) = check(tmp_path)
    assert finding.kind == "small cells"
    assert finding.shown == "place by age, 1 of 2 cells with fewer than 3 interviewees"  # young: P03 and P04
    assert check(tmp_path, smallest=2) == []
    assert check(tmp_path, smallest=4)[0].shown.startswith("place by age, 2 of 2 cells")
    (tmp_path / disclosure.ALLOWED).write_text("value,reason\nPlace by age,It is simulated.\n", encoding="utf-8")
    assert check(tmp_path) == []


def test_cells_are_of_the_coders_of_record_where_the_package_names_them(tmp_path: Path) -> None:
    study(tmp_path, PEOPLE)
    with (tmp_path / "evidence" / "codings.csv").open("a", encoding="utf-8") as file:
        file.write("T00,them,age,young,primary,supports,wording,\n")  # P01 would be the third
    assert check(tmp_path) == []
    record = {"study": {"codingOfRecord": {"place": ["us"], "age": ["us"]}}}
    (tmp_path / "datapackage.json").write_text(json.dumps(record), encoding="utf-8")
    assert [finding.shown for finding in check(tmp_path)] == [
        "place by age, 1 of 2 cells with fewer than 3 interviewees"
    ]


def test_documents_are_nobody_in_a_cell(tmp_path: Path) -> None:
    study(tmp_path, PEOPLE, kind="document")
    assert check(tmp_path) == []


def test_codings_that_cannot_be_counted_are_told(tmp_path: Path) -> None:
    study(tmp_path, PEOPLE)
    (tmp_path / "evidence" / "codes.csv").write_text("facet,code_id\nplace,town\n", encoding="utf-8")
    with pytest.raises(DisclosureError, match="its codings cannot be counted"):
        check(tmp_path)


# --- the whole of it


@pytest.mark.thorough
def test_ten_thousand_passages_are_checked_in_five_seconds(tmp_path: Path) -> None:
    gist = (
        "The speaker, seen with {} others, holds that panels ought to be asked before an award and not after it ({})."
    )
    study(tmp_path, {f"P{n:05}": [("town", "old"), ("town", "young")] for n in range(5_000)})
    with (tmp_path / "evidence" / "gists.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("gist", "reason"), *((gist.format(n, n % 7), gist.format(n, "so")) for n in range(10_000))]
        )
    with_wording(tmp_path, *(f"{SAID} {n} times, {n} being a number" for n in range(10_000)))

    def taken() -> float:
        start = time.process_time()
        assert check(tmp_path) == []
        return time.process_time() - start

    # Other work on the machine slows a core down, so one of some rounds has to be quick.
    assert any(taken() < 5 for _ in range(3))


def test_the_command_asks_for_as_many_people_as_the_check_does() -> None:
    default = inspect.signature(study_commands.disclosure).parameters["smallest"].default
    assert default == small_cells.SMALLEST


@pytest.mark.slow
def test_the_command_lists_places_and_its_exit_code_says_whether_there_are_any(package: Path) -> None:
    clean = run("disclosure", package)
    assert clean.returncode == 0
    assert clean.stdout.startswith("No findings in ")
    (package / "notes.md").write_text("seen on 14 March 2019", encoding="utf-8")
    listed = run("disclosure", package)
    assert listed.returncode == 1
    first, last = listed.stdout.splitlines()
    assert first.startswith("full date “14 March 2019” in notes.md, row 1: ")
    assert last.startswith("One finding in ")
    assert "Looking for direct identifiers" in listed.stderr
    assert run("disclosure", package, "--masked").stdout.startswith("full date 1* M**** 2*** in notes.md, row 1: ")
    assert "14 March 2019" in run("disclosure", package, "--csv").stdout
    table = run("disclosure", package, "--csv", "--masked")
    assert table.returncode == 1
    header, row = csv.reader(table.stdout.splitlines())
    assert header == ["file", "row", "field", "kind", "shown", "why", "remedy"]
    assert row[:5] == ["notes.md", "1", "", "full date", "1* M**** 2***"]
    missing = run("disclosure", package / "nowhere")
    assert missing.returncode == 2
    assert missing.stderr.count("\n") == 1
