"""Archives for students give no answer away, those for instructors have everything, and the notebooks run in theirs."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import leaks
import pytest
import student_secrets

from analysis.site.files import interview_files
from analysis.site.pages import lesson_releases, teaching_files
from analysis.study import loading, packing
from analysis.study.evidence import Evidence
from analysis.study.packing import PackingError
from analysis.support import deterministic_zip, paths
from analysis.teaching import interviews, lesson_building, lesson_files
from analysis.teaching.built_lessons import TablePart

FOLDER = "power-in-co-production"
#: The archives in which notebooks and commands run.
RUN = (teaching_files.with_notebooks, teaching_files.for_instructors)
#: Lessons that are about codes that lesson 1 asks for, and show them in tables.
SHOW_CODES = {"dimensions", "agreement", "counting", "audit"}
LESSONS = tuple(lesson_files.bundled())


def contents(archive: bytes, folder: str = FOLDER) -> dict[str, bytes]:
    """Return the files of an archive by their places in its one folder."""
    with zipfile.ZipFile(io.BytesIO(archive)) as bundle:
        return {name.removeprefix(f"{folder}/"): bundle.read(name) for name in bundle.namelist()}


@pytest.fixture(scope="module")
def students(site: Path) -> bytes:
    return (site / teaching_files.FOLDER / teaching_files.FOR_STUDENTS).read_bytes()


@pytest.fixture(scope="module")
def released(site: Path) -> dict[str, bytes]:
    """The releases of each lesson on the site, by their names."""
    folder = site / teaching_files.FOLDER / lesson_releases.FOLDER
    return {file.name: file.read_bytes() for file in folder.glob("*.zip")}


@pytest.fixture(scope="module")
def notebooks(site: Path) -> dict[str, bytes]:
    return contents((site / teaching_files.FOLDER / teaching_files.NOTEBOOKS).read_bytes())


# --- the archive for students, which has no answers


def test_no_file_of_the_archive_for_students_has_a_solution_or_the_record(students: bytes) -> None:
    found = leaks.look(students, student_secrets.of_all(), with_tables=False)
    assert found.leaks == []
    kinds = {place.rpartition(".")[2] for place in found.files}
    assert {"html", "json", "pdf", "ipynb", "R", "csv", "docx", "txt", "md", "xml"} - kinds == {"docx"}, (
        "all are opened"
    )
    assert {place.split("/")[2] for place in found.files if "/lessons/" in place} == set(LESSONS)


@pytest.mark.thorough
def test_tables_show_codes_that_are_asked_for_only_in_lessons_that_are_about_these_codes(students: bytes) -> None:
    found = leaks.look(students, student_secrets.of_all())
    assert found.leaks, "they do, and the archive says so"
    assert {leak.split("/")[2] for leak in found.leaks} <= SHOW_CODES
    about = " ".join(contents(students)["README.md"].decode().split())
    assert "so do one lesson after the other" in about


@pytest.mark.parametrize("name", LESSONS)
def test_the_release_of_a_lesson_for_students_has_no_answer_to_it_in_any_table_either(
    released: dict[str, bytes], name: str
) -> None:
    found = leaks.look(released[f"{name}-students.zip"], student_secrets.of_lesson(name))
    assert found.leaks == []
    assert len(found.files) >= 3


@pytest.mark.parametrize("name", LESSONS)
def test_no_table_of_a_lesson_gives_an_answer_away_before_it_is_asked_for(name: str) -> None:
    secrets = student_secrets.of_lesson(name)
    shown = [part.table for section in lesson_building.bundled(name).sections for part in section.parts
             if isinstance(part, TablePart)]  # fmt: skip
    assert [leak for one in shown for leak in leaks.leaks(one._repr_html_(), secrets)] == []


PLANTED = {
    "lessons/coding/coding.lesson.json": '{"exercises": [{"key": "T01", "taken": "initiation", "why": ""}]}',
    "code/data/codes.csv": "extract_id,facet,code_id\nT01,stage,initiation\n",
    "code/tasks.R": 'right <- c(T01 = "initiation")',
    "code/tasks.ipynb": '{"cells": [{"source": ["stage = {\\n", "  \'T01\': \'Initiation\',\\n", "}"]}]}',
    "lessons/coding/coding.html": '<fieldset><legend>T01</legend><input value="initiation" checked></fieldset>',
    "lessons/coding/coding.js": 'key["T08"]="not-stated";',
}


@pytest.mark.parametrize("place", PLANTED)
def test_an_answer_that_is_put_into_a_file_is_found(place: str) -> None:
    planted = deterministic_zip.archive({place: PLANTED[place].encode()})
    packed = deterministic_zip.archive({"a/packed.zip": planted})
    for archive in (planted, packed):
        assert leaks.look(archive, student_secrets.of_all()).leaks


def test_a_solution_that_is_put_into_a_file_is_found_also_on_paper(released: dict[str, bytes]) -> None:
    secrets = student_secrets.of_lesson("coding")
    with_answers = contents(released["coding-instructors.zip"], "coding")
    for place in ("guide.pdf", "slides.pdf", "slides/slides.typ", "coding.key.json"):
        archive = deterministic_zip.archive({place: with_answers[place]})
        assert leaks.look(archive, secrets).leaks, place


def test_fields_that_offer_every_code_beside_a_passage_are_no_answer() -> None:
    offered = "".join(f'<input value="{code}">' for code in ("initiation", "operationalization", "dissemination"))
    every = f'<fieldset><legend>T01</legend>{offered}<input value="not-stated"></fieldset>'
    assert list(leaks.leaks(every, student_secrets.of_lesson("coding"))) == []
    assert list(leaks.leaks(every.replace("operationalization", ""), student_secrets.of_lesson("coding"))) != []


# --- the archive for instructors, and that of the notebooks


@pytest.mark.thorough
@pytest.mark.parametrize("make", RUN, ids=lambda make: make.__name__)
def test_an_archive_runs_and_holds_nothing_private(tmp_path: Path, study: Evidence, make: Callable[..., bytes]) -> None:
    given = (study, paths.ROOT) if make is teaching_files.for_instructors else (paths.ROOT,)
    archive = make(*given)
    assert archive == make(*given), "the same files give the same archive"
    for place, content in contents(archive).items():
        assert not re.search(r"private|codings/|__pycache__|build/", place)
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(content)
    load = "from analysis.study import load; print(len(load().codings))"
    for command in (["-m", "analysis", "teach"], ["-c", load]):
        subprocess.run([sys.executable, *command], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, check=True)
    named = re.findall(
        r"`([\w./-]+/[\w./-]+\.\w+|LICENSE\S*|CITATION.cff)`", (tmp_path / "README.md").read_text(encoding="utf-8")
    )
    assert len(named) > 3
    assert [place for place in named if not (tmp_path / place).is_file()] == []
    written = {file.name for file in (tmp_path / "build" / "teaching").glob("*.ipynb")}
    assert written == {file.name for file in paths.TEACHING.glob("*.ipynb")}


def test_the_archive_of_the_notebooks_has_its_data_packed_and_says_honestly_where_the_answers_are(
    notebooks: dict[str, bytes],
) -> None:
    assert [place for place in notebooks if place.endswith(".csv")] == []
    assert {place for place in notebooks if place.startswith("data/")} == {f"data/{packing.PACKED}"}
    about = " ".join(notebooks["README.md"].decode().split())
    assert "The answers are in this folder" in about
    assert packing.PACKED in about


def test_no_verdict_reason_or_gist_of_the_data_can_be_read_in_the_archive_of_the_notebooks(
    notebooks: dict[str, bytes], study: Evidence
) -> None:
    everything = b"\n".join(notebooks.values()).decode("utf-8", errors="replace")
    asked = {text for name in LESSONS for one in lesson_building.bundled(name).exercises().values()
             for text in one.items().values()}  # fmt: skip
    for text in {*study.codings["rationale"], *study.claim_evidence["rationale"], *study.claims["claim"]} - asked:
        assert len(text) < 30 or text not in everything


@pytest.mark.thorough
def test_the_archive_for_instructors_has_what_students_have_the_answers_and_the_data(
    study: Evidence, students: bytes
) -> None:
    found = contents(teaching_files.for_instructors(study, paths.ROOT))
    same = {"README.md", *(place for place in found if place.endswith("/README.txt")), "interviews/README.md"}
    assert {place for place in contents(students) if place not in same} <= found.keys()
    for name in LESSONS:
        assert {f"lessons/{name}/{file}" for file in ("guide.pdf", "slides.pdf", "class.html")} <= found.keys()
        assert f"lessons/{name}/{name}.key.json" in found
    assert found["data/evidence/codings.csv"] == (paths.DATA / "evidence" / "codings.csv").read_bytes()
    assert {"course.pdf", "code/worked/counting.py", "code/worked/counting.R"} <= found.keys()
    assert "This folder has the answers" in found["README.md"].decode()


def test_releases_on_the_site_are_the_folders_of_the_archives(released: dict[str, bytes], students: bytes) -> None:
    assert released.keys() == {f"{name}-{whose}.zip" for name in LESSONS for whose in ("students", "instructors")}
    whole = contents(students)
    for name in LESSONS:
        alone = contents(released[f"{name}-students.zip"], name)
        assert alone == {place.removeprefix(f"lessons/{name}/"): content for place, content in whole.items()
                         if place.startswith(f"lessons/{name}/")}  # fmt: skip


# --- interviews


def test_no_archive_for_students_has_a_reference_coding_or_a_note_on_what_is_planted(students: bytes) -> None:
    known = interviews.sets()
    of_interviews = contents(interview_files.for_students(known), "interviews-to-code")
    everything = b"\n".join([*of_interviews.values(), *texts_of(of_interviews)])
    told = everything.decode("utf-8", errors="replace")
    for one in (one for of in known for one in of.interviews):
        reasons = (*(given.reason for given in one.codings), *(found.why for found in one.planted))
        assert [reason for reason in reasons if len(reason) > 30 and reason in told] == []
    packed = {
        *of_interviews,
        *(place.removeprefix("interviews/") for place in contents(students) if "interviews/" in place),
    }
    assert not [place for place in packed if re.search(r"instructor|reference|planted|\.qdpx|\.json", place)]
    assert not re.search(rb"reference-[ab]", everything)


def texts_of(files: dict[str, bytes]) -> list[bytes]:
    """Return the parts of the Word documents among some files."""
    packed = [zipfile.ZipFile(io.BytesIO(content)) for place, content in files.items() if place.endswith(".docx")]
    return [document.read(part) for document in packed for part in document.namelist()]


def test_the_archive_of_interviews_for_instructors_has_both_reference_codings_and_what_is_planted() -> None:
    found = contents(interview_files.for_instructors(interviews.sets()), "interviews-to-code")
    for of in interviews.sets():
        given = found[f"{of.name}/for-instructors/reference-codings.csv"].decode()
        planted = found[f"{of.name}/for-instructors/planted.csv"].decode()
        for one in of.interviews:
            assert all(coding.reason.replace('"', '""') in given for coding in one.codings)
            assert all(words.why.replace('"', '""') in planted for words in one.planted)
    assert "Give students the other archive" in found["README.md"].decode()


def test_packed_tables_are_the_tables(notebooks: dict[str, bytes], study: Evidence, tmp_path: Path) -> None:
    (tmp_path / packing.PACKED).write_bytes(notebooks[f"data/{packing.PACKED}"])
    loaded = loading.load(tmp_path)
    for name in loading.TABLES:
        assert getattr(loaded, name).equals(getattr(study, name))


@pytest.mark.parametrize(
    "content", [b"", b"PK", packing.packed({"../evil.csv": b"x"}), packing.packed({"a.py": b""})], ids=range(4)
)
def test_a_damaged_file_of_packed_tables_is_reported(tmp_path: Path, content: bytes) -> None:
    (tmp_path / packing.PACKED).write_bytes(content)
    with pytest.raises(PackingError, match="Download the archive again"):
        loading.load(tmp_path)


def test_the_menu_of_the_site_keeps_pages_for_instructors_apart() -> None:
    menu = (paths.ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("- Teach:")[1].split("- Reuse:")[0]
    of_instructors, of_students = menu.split("- For instructors, with solutions:")[1].split("- Lessons:")
    for_students = ["workbench", "interviews", "students"]
    assert re.findall(r"teaching/([\w-]+)\.md", of_students) == for_students
    assert re.findall(r"teaching/lessons/([\w-]+)\.md", of_students) == list(LESSONS)
    pages = {file.stem for file in (paths.ROOT / "docs" / "teaching").glob("*.md")}
    assert set(re.findall(r"teaching/([\w-]+)\.md", of_instructors)) == pages - {*for_students}
