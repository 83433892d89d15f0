"""Two archives run the teaching notebooks: that for students gives no answers, that for instructors has everything."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.site.files import interview_files, teaching_files
from analysis.study import loading, packing
from analysis.study.evidence import Evidence
from analysis.study.packing import PackingError
from analysis.support import paths
from analysis.teaching import interviews

FOLDER = "power-in-co-production"
BOTH = (teaching_files.for_students, teaching_files.for_instructors)


def contents(archive: bytes, folder: str = FOLDER) -> dict[str, bytes]:
    """Return the files of an archive by their places in its one folder."""
    with zipfile.ZipFile(io.BytesIO(archive)) as bundle:
        return {name.removeprefix(f"{folder}/"): bundle.read(name) for name in bundle.namelist()}


@pytest.fixture(scope="module")
def students() -> dict[str, bytes]:
    return contents(teaching_files.for_students(paths.ROOT))


@pytest.mark.parametrize("make", BOTH, ids=lambda make: make.__name__)
def test_an_archive_runs_and_holds_nothing_private(tmp_path: Path, make: Callable[[Path], bytes]) -> None:
    archive = make(paths.ROOT)
    assert archive == make(paths.ROOT), "the same files give the same archive"
    for place, content in contents(archive).items():
        assert not re.search(r"private|codings/|__pycache__|build/", place)
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(content)
    load = "from analysis.study import load; print(len(load().codings))"
    for command in (["-m", "analysis", "teach"], ["-c", load]):
        subprocess.run([sys.executable, *command], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, check=True)
    named = re.findall(
        r"`([\w./-]+/[\w./-]+|LICENSE\S*|CITATION.cff)`", (tmp_path / "README.md").read_text(encoding="utf-8")
    )
    assert len(named) > 4
    assert [place for place in named if not (tmp_path / place).is_file()] == []
    written = {file.name for file in (tmp_path / "build" / "teaching").glob("*.ipynb")}
    assert written == {file.name for file in paths.TEACHING.glob("*.ipynb")}


def test_the_archive_for_students_has_no_page_for_instructors_and_no_table(students: dict[str, bytes]) -> None:
    assert [place for place in students if place.endswith(".csv")] == []
    assert {place for place in students if place.startswith("docs/")} == {"docs/teaching/students.md"}
    assert {place for place in students if place.startswith("data/")} == {f"data/{packing.PACKED}"}


def test_no_line_of_the_archive_for_students_has_a_code_of_record_beside_its_passage(
    students: dict[str, bytes], study: Evidence
) -> None:
    """A search through the unpacked folder gives no answer of a coding exercise away."""
    record = study.record.groupby("extract_id")["code_id"].agg(set).to_dict()
    told = [
        f"{place}: {line.strip()}"
        for place, content in students.items()
        for line in content.decode("utf-8", errors="replace").splitlines()
        for passage in re.findall(r"\b[TF]\d\d\b", line)
        for code in record.get(passage, ())
        if re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", line)
    ]
    examples = "analysis/reanalysis/trace.py: "  # names that may be asked for, side by side and not as a coding
    assert [line for line in told if not line.startswith(examples)] == []


def test_no_verdict_reason_or_gist_of_the_data_can_be_read_in_the_archive_for_students(
    students: dict[str, bytes], study: Evidence
) -> None:
    everything = b"\n".join(students.values()).decode("utf-8", errors="replace")
    for text in (*study.codings["rationale"], *study.claim_evidence["rationale"], *study.claims["claim"]):
        assert len(text) < 30 or text not in everything


def test_the_archive_for_students_says_honestly_where_the_answers_are(students: dict[str, bytes]) -> None:
    about = " ".join(students["README.md"].decode().split())
    assert "the answers are in this folder" in about
    assert packing.PACKED in about


def test_the_archive_for_instructors_has_the_data_and_the_pages_and_says_so() -> None:
    found = contents(teaching_files.for_instructors(paths.ROOT))
    assert found["data/evidence/codings.csv"] == (paths.DATA / "evidence" / "codings.csv").read_bytes()
    assert "docs/teaching/05-auditing-a-claim.md" in found
    assert "This folder has the answers" in found["README.md"].decode()


def test_no_archive_for_students_has_a_reference_coding_or_a_note_on_what_is_planted(
    students: dict[str, bytes],
) -> None:
    known = interviews.sets()
    of_interviews = contents(interview_files.for_students(known), "interviews-to-code")
    everything = b"\n".join([*students.values(), *of_interviews.values(), *texts_of(of_interviews)])
    told = everything.decode("utf-8", errors="replace")
    for one in (one for of in known for one in of.interviews):
        reasons = (*(given.reason for given in one.codings), *(found.why for found in one.planted))
        assert [reason for reason in reasons if len(reason) > 30 and reason in told] == []
    assert not [place for place in of_interviews if re.search(r"instructor|reference|planted|\.qdpx|\.json", place)]
    assert not re.search(rb"reference-[ab]", b"\n".join([*of_interviews.values(), *texts_of(of_interviews)]))


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


def test_packed_tables_are_the_tables(students: dict[str, bytes], study: Evidence, tmp_path: Path) -> None:
    (tmp_path / packing.PACKED).write_bytes(students[f"data/{packing.PACKED}"])
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
    of_instructors, of_students = menu.split("- For instructors, with solutions:")[1].split("- Code a text:")
    for_students = ["workbench", "interviews", "students"]
    assert re.findall(r"teaching/([\w-]+)\.md", of_students) == for_students
    pages = {file.stem for file in (paths.ROOT / "docs" / "teaching").glob("*.md")}
    assert set(re.findall(r"teaching/([\w-]+)\.md", of_instructors)) == pages - {*for_students}
