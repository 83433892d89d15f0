"""`lesson build` writes a folder for students and one for instructors, of any lesson, and nothing half."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import leaks
import prepared
import pypdf
import pytest
import student_secrets

from analysis.support import atomic_writes, paths
from analysis.teaching import lesson_release
from analysis.teaching.lesson_papers import OnPaper
from analysis.teaching.lesson_release import ReleaseError

LIBRARY = paths.ROOT / "examples" / "lessons" / "library.toml"
GERMAN = LIBRARY.with_name("uebereinstimmung.toml")


@pytest.fixture(scope="module")
def paper() -> OnPaper:
    """The lesson on the made-up library, which a lecturer could have made."""
    return lesson_release.of_file(LIBRARY, "CC BY 4.0, A. Lecturer")


@pytest.fixture(scope="module")
def built(paper: OnPaper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that it is built into."""
    to = tmp_path_factory.mktemp("built") / "library"
    told: list[str] = []
    lesson_release.write(paper, to, told.append)
    assert len(told) == 4, "it is told what is being made"
    return to


def names(folder: Path) -> set[str]:
    """Return the places of the files in a folder."""
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_students_get_the_page_its_data_and_paper_and_instructors_all_of_that_and_the_answers(built: Path) -> None:
    students, instructors = (names(built / folder) for folder in ("students", "instructors"))
    paper = {f"paper/{name}.pdf" for name in ("cards-a4", "cards-letter", "coding-sheet", "codebook", "glossary")}
    assert students == {"README.txt", "library.html", "library.lesson.json"} | paper
    more = {"class.html", "guide.pdf", "library.key.json", "slides.pdf", "slides/house.typ", "slides/slides.typ"}
    assert instructors == students | more
    for name in students - {"README.txt"}:
        assert (built / "students" / name).read_bytes() == (built / "instructors" / name).read_bytes()


def test_the_folder_for_students_has_no_answer_and_one_with_an_answer_would_be_found(built: Path) -> None:
    from analysis.support import deterministic_zip

    files = {name: (built / "students" / name).read_bytes() for name in names(built / "students")}
    secrets = student_secrets.of_file(LIBRARY)
    assert secrets.judgements
    assert leaks.look(deterministic_zip.archive(files), secrets).leaks == []
    key = (built / "instructors" / "library.key.json").read_bytes()
    assert leaks.look(deterministic_zip.archive(files | {"data.json": key}), secrets).leaks


def test_everything_says_that_it_is_invented_and_under_which_licence(built: Path) -> None:
    for folder in ("students", "instructors"):
        about = (built / folder / "README.txt").read_text(encoding="utf-8")
        assert "Invented for teaching" in about
        assert "CC BY 4.0, A. Lecturer" in about
    for file in built.rglob("*.pdf"):
        text = pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages[-1].extract_text()
        assert "Invented for teaching" in text, file.name
    assert json.loads((built / "students" / "library.lesson.json").read_bytes())["study"]["invented"] is True


def test_the_same_lesson_gives_the_same_bytes_and_takes_the_place_of_an_earlier_one(
    paper: OnPaper, built: Path
) -> None:
    before = {name: (built / name).read_bytes() for name in names(built)}
    (built / "students" / "library.html").write_text("an earlier page", encoding="utf-8")
    lesson_release.write(paper, built, lambda _: None)
    assert {name: (built / name).read_bytes() for name in names(built)} == before


def test_a_folder_with_something_else_in_it_stays_as_it_is(paper: OnPaper, tmp_path: Path) -> None:
    (tmp_path / "marks.csv").write_text("robin,1", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"something else in this folder: marks\.csv"):
        lesson_release.write(paper, tmp_path, lambda _: None)
    assert names(tmp_path) == {"marks.csv"}
    (tmp_path / "mine" / "students").mkdir(parents=True)
    (tmp_path / "mine" / "students" / "list.txt").write_text("robin", encoding="utf-8")
    with pytest.raises(ReleaseError, match="something else in this folder: students"):
        lesson_release.write(paper, tmp_path / "mine", lambda _: None)


def test_nothing_is_written_where_writing_stops_half_way(
    paper: OnPaper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_writes, "_write", stop)
    with pytest.raises(atomic_writes.WritingError, match="No space left"):
        lesson_release.write(paper, tmp_path / "new", lambda _: None)
    assert not (tmp_path / "new").exists()


def test_a_lesson_in_german_is_german_on_paper() -> None:
    files = lesson_release.files(lesson_release.of_file(GERMAN))
    assert "students/paper/glossary.pdf" not in files, "the terms are in English"
    assert "Für Lehrende" in files["instructors/README.txt"].decode()
    guide = pypdf.PdfReader(io.BytesIO(files["instructors/guide.pdf"]))
    text = " ".join(" ".join(page.extract_text() for page in guide.pages).split())
    for word in ("In 50 Minuten", "Wenn die Zeit knapp wird:", "Lösungen", "Übereinstimmung"):
        assert word in text
    assert guide.root_object["/Lang"] == "de"


# --- the command


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[prepared.Running]:
    """A way to run commands in a folder without a checkout."""
    with prepared.commands("import analysis.cli.app", paths.ROOT, tmp_path_factory.mktemp("notes"), {}) as running:
        yield running


@pytest.mark.parametrize(
    ("lesson", "message"),
    [
        ("codin", "There is no lesson 'codin'; did you mean coding?"),
        ("no-such.toml", "the file is missing. Give the path of a lesson file (.toml)."),
    ],
)
def test_a_lesson_that_there_is_not_is_reported(
    run: prepared.Running, tmp_path: Path, lesson: str, message: str
) -> None:
    ran = run("analysis", "lesson", "build", lesson, "--to", str(tmp_path / "new"))
    assert ran.returncode == 2
    assert message in ran.stderr
    assert not (tmp_path / "new").exists()


def test_the_command_says_where_both_folders_are(run: prepared.Running, tmp_path: Path) -> None:
    ran = run("analysis", "lesson", "build", str(LIBRARY), "--to", str(tmp_path / "made"))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.partition(":")[0] for line in ran.stdout.splitlines()[-2:]] == ["For students", "For instructors"]
    assert {one.name for one in (tmp_path / "made").iterdir()} == {"students", "instructors"}
