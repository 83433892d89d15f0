"""What a lesson is handed out as: a folder for students, which has no answers, and one for instructors."""

from collections.abc import Callable, Mapping
from pathlib import Path

from analysis.rendering.typst_documents import TypesettingError
from analysis.study.evidence import Evidence
from analysis.support import atomic_writes, formatting
from analysis.support.errors import CompendiumError, Fault
from analysis.teaching import (
    class_documents,
    instructor_guide,
    lesson_building,
    lesson_files,
    lesson_papers,
    lesson_settings,
    lesson_slides,
)
from analysis.teaching.lesson_glossary import glossary
from analysis.teaching.lesson_pages import answer_keys, lesson_documents, student_data
from analysis.teaching.lesson_papers import OnPaper

STUDENTS, INSTRUCTORS = "students", "instructors"
#: The licence of the compendium's own lessons.
OWN_LICENCE = "CC BY 4.0"
_README = "README.txt"


class ReleaseError(CompendiumError):
    """A lesson that cannot be built, or a folder that it cannot be built into."""


def named(lesson: str, licence: str = "") -> OnPaper:
    """Return the lesson of a file, or one of the compendium by its name, with its study."""
    file = Path(lesson)
    return of_file(file, licence) if file.suffix == ".toml" or file.exists() else bundled(lesson)


def of_file(file: Path, licence: str = "") -> OnPaper:
    """Return the lesson of a file with its study; raises LessonFileError for a file that cannot be used."""
    lesson = lesson_building.built(file)
    evidence, _ = lesson_settings.study_of(file, lesson_files.read(file).data)
    is_own = bool(evidence.study.article)
    return OnPaper(lesson, evidence, licence or (OWN_LICENCE if is_own else ""))


def bundled(name: str, evidence: Evidence | None = None) -> OnPaper:
    """Return a lesson of the compendium with its study, which is read unless it is given."""
    study = evidence or lesson_settings.own_study()
    return OnPaper(lesson_building.bundled(name, study), study, OWN_LICENCE)


def write(paper: OnPaper, to: Path, tell: Callable[[str], None]) -> None:
    """Write both folders into a folder that is new, empty, or was built before; all of it or nothing.

    Raises ReleaseError for a folder in which something else is, and for a lesson that cannot be set.
    """
    _refuse_others(to)
    try:
        made = files(paper, tell)
    except TypesettingError as fault:
        problem, remedy = f"cannot be put on paper: {fault}", "Look for unusual signs in its texts."
        raise ReleaseError(Fault(paper.lesson.name, problem, remedy)) from None
    atomic_writes.replace_folder(to, made)


def _refuse_others(to: Path) -> None:
    """Stop where a folder has anything that no build put there."""
    if not to.is_dir():
        return
    others = {one.name for one in to.iterdir()} - {STUDENTS, INSTRUCTORS}
    others |= {one.name for one in to.iterdir() if not (one / _README).is_file()}
    if others:
        problem = f"there is something else in this folder: {formatting.listed(sorted(others)[:3])}"
        raise ReleaseError(Fault(to, problem, "Name a new folder, so that nothing of yours is replaced."))


def files(paper: OnPaper, tell: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    """Return both folders: each file by its place. `tell` is called with what is being made."""
    students = for_students(paper, tell)
    instructors = students | for_instructors(paper, tell)
    return {f"{STUDENTS}/{place}": content for place, content in students.items()} | {
        f"{INSTRUCTORS}/{place}": content for place, content in instructors.items()
    }


def for_students(paper: OnPaper, tell: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    """Return what students get: the page, its data, and paper; no solution, record or reference coding."""
    lesson = paper.lesson
    tell("Page")
    page = lesson_documents.page(lesson).encode()
    tell("Cards, coding sheets, codebook and glossary")
    printed = lesson_papers.for_students(paper) | {"glossary.pdf": glossary(paper)}
    return {
        _README: _about(paper, "about_students"),
        f"{lesson.name}.html": page,
        f"{lesson.name}.lesson.json": student_data.as_json(lesson).encode(),
    } | {f"paper/{name}": content for name, content in printed.items() if content}


def for_instructors(paper: OnPaper, tell: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    """Return what instructors get besides: the key, the guide, the slides, and the page for a class."""
    tell("Guide for instructors")
    guide = instructor_guide.pdf(paper)
    tell("Slides")
    slides: Mapping[str, bytes] = lesson_slides.files(paper)
    return {
        _README: _about(paper, "about_instructors"),
        f"{paper.lesson.name}.key.json": answer_keys.as_json(paper.lesson).encode(),
        "class.html": class_documents.page([student_data.data(paper.lesson)]).encode(),
        "guide.pdf": guide,
        lesson_slides.PDF: slides[lesson_slides.PDF],
    } | {f"slides/{name}": content for name, content in slides.items() if name != lesson_slides.PDF}


def _about(paper: OnPaper, name: str) -> bytes:
    invented = f"\n{paper.words['invented_mark']}.\n" if paper.lesson.study.invented else ""
    licence = f"\n{paper.licence}\n" if paper.licence else ""
    text = paper.words[name].format(title=paper.name, name=paper.lesson.name, invented=invented, licence=licence)
    return f"{text.strip()}\n".encode()
