"""A folder of hand-ins of lessons: which files are hand-ins, of which lessons, and where these are known from."""

import contextlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.support import atomic_writes, formatting, paths
from analysis.support.errors import CompendiumError, Fault
from analysis.teaching import asked_lessons, lesson_classes, lesson_hand_ins
from analysis.teaching.asked_lessons import AskedLesson, AskedLessonError
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.lesson_classes import LessonClass
from analysis.teaching.lesson_hand_ins import HandIn

HAND_INS = (".json", ".txt")
_DIGEST = re.compile("[0-9a-f]{8,64}")


class ClassFolderError(CompendiumError):
    """A folder of hand-ins, or a lesson for them, that cannot be used."""


@dataclass(frozen=True)
class ClassFolder:
    """The classes of a folder, one for each lesson, the files that were read, and what could not be used.

    `codings` says whether there are CSV files, which are read elsewhere; `left_out` names what is nothing of all this.
    """

    classes: tuple[LessonClass, ...]
    files: frozenset[str]
    faults: tuple[Fault, ...]
    codings: bool = False
    left_out: tuple[str, ...] = ()

    def only(self) -> LessonClass:
        """Return the class of the one lesson that was handed in; raise ClassFolderError for none or several."""
        if len(self.classes) == 1:
            return self.classes[0]
        names = ", ".join(one.lesson.name for one in self.classes) or "none"
        problem = f"a table is of one lesson, and hand-ins are of {names}"
        raise ClassFolderError(Fault("class", problem, "Name the lesson with --lesson."))


def read(folder: Path, lesson: str | None = None) -> ClassFolder:
    """Read the hand-ins of a folder.

    They are set against the lesson of a name or file; without one, against those whose students' data are in the
    folder, and the lessons of the compendium. Raises ClassFolderError for a folder that is not there.
    """
    if not folder.is_dir():
        remedy = "Create it, and put the hand-ins into it."
        raise ClassFolderError(Fault(folder, "there is no such folder", remedy))
    asked = named(lesson) if lesson else None
    every = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    files = [file for file in every if file.suffix.casefold() in HAND_INS and file.is_file()]
    codings = [file for file in every if file.suffix.casefold() == ".csv" and file.is_file()]
    beside = [file for file in files if file.name.endswith((asked_lessons.STUDENTS, asked_lessons.KEY))]
    found = [lesson_hand_ins.read(file) for file in files if file not in beside]
    hand_ins = [one for part in found for one in part.hand_ins]
    known, faults = _known(beside, hand_ins, asked)
    faults = [*(fault for part in found for fault in part.faults), *faults]
    names = [asked.name] if asked else list(dict.fromkeys(one.lesson for one in hand_ins))
    classes = [lesson_classes.of_hand_ins(known[name], hand_ins) for name in names if name in known]
    unknown = [_unknown(one, asked) for one in hand_ins if one.lesson not in [each.lesson.name for each in classes]]
    return ClassFolder(
        classes=tuple(one for one in classes if one.students),
        files=frozenset(file.name for file in files),
        faults=(*faults, *unknown),
        codings=bool(codings),
        left_out=tuple(
            f"{file.name}/: a folder, not read." if file.is_dir() else f"{file.name}: not a hand-in, not read."
            for file in every
            if file not in files and file not in codings
        ),
    )


def named(lesson: str) -> AskedLesson:
    """Return a lesson by its name in the compendium, its lesson file, or its students' data; raise AskedLessonError."""
    from analysis.teaching import lesson_files

    bundled = lesson_files.bundled()
    if lesson in bundled:
        return _built(bundled[lesson])
    if lesson.endswith(".toml"):
        return _built(Path(lesson))
    if not lesson.endswith(asked_lessons.STUDENTS):
        problem = "there is no such lesson"
        remedy = f"Name a lesson file, NAME{asked_lessons.STUDENTS}, or one of {formatting.listed(list(bundled))}."
        raise AskedLessonError(Fault(lesson, problem, remedy))
    return asked_lessons.read(Path(lesson))


def _built(file: Path) -> AskedLesson:
    from analysis.teaching import lesson_building
    from analysis.teaching.lesson_pages import answer_keys, student_data

    built = lesson_building.built(file)
    return asked_lessons.from_data(student_data.data(built), answer_keys.key(built), file.name)


def _bundled(name: str, file: Path, hand_ins: Sequence[HandIn]) -> AskedLesson:
    """Return a lesson of the compendium. To build one can take seconds, so it is kept in a checkout, by its version."""
    from analysis.teaching import lesson_building
    from analysis.teaching.lesson_pages import answer_keys, student_data

    digests = Counter(one.digest for one in hand_ins if one.lesson == name and _DIGEST.fullmatch(one.digest))
    for digest, _ in digests.most_common(1) if paths.IN_CHECKOUT else ():
        kept = _kept(name, digest)
        if kept.is_file() and kept.stat().st_mtime > file.stat().st_mtime:
            with contextlib.suppress(AskedLessonError):  # it is built again
                return asked_lessons.read(kept)
    built = lesson_building.bundled(name)
    if paths.IN_CHECKOUT:
        with contextlib.suppress(CompendiumError):  # a folder that cannot be written to keeps nothing
            _keep(built)
    return asked_lessons.from_data(student_data.data(built), answer_keys.key(built), file.name)


def _kept(name: str, digest: str) -> Path:
    return paths.BUILD / "lessons" / f"{name}-{digest}{asked_lessons.STUDENTS}"


def _keep(built: BuiltLesson) -> None:
    from analysis.teaching.lesson_pages import answer_keys, student_data

    kept = _kept(built.name, built.digest)
    key = kept.with_name(kept.name.removesuffix(asked_lessons.STUDENTS) + asked_lessons.KEY)
    atomic_writes.write_text(key, answer_keys.as_json(built))
    atomic_writes.write_text(kept, student_data.as_json(built))  # last, since it is what is looked for


def _known(
    beside: Sequence[Path], hand_ins: Sequence[HandIn], lesson: AskedLesson | None
) -> tuple[Mapping[str, AskedLesson], list[Fault]]:
    """Return the lessons of hand-ins by their names, and what is wrong with their files."""
    if lesson:
        return {lesson.name: lesson}, []
    from analysis.teaching import lesson_files

    known: dict[str, AskedLesson] = {}
    faults: list[Fault] = []
    for file in beside:
        if not file.name.endswith(asked_lessons.STUDENTS):
            continue
        try:
            one = asked_lessons.read(file)
        except CompendiumError as error:
            faults += [fault for fault in error.faults if isinstance(fault, Fault)]
        else:
            known[one.name] = one
    wanted = {one.lesson for one in hand_ins} - known.keys()
    for name, file in lesson_files.bundled().items() if wanted else ():
        if name in wanted:
            known[name] = _bundled(name, file, hand_ins)
    return known, faults


def _unknown(one: HandIn, lesson: AskedLesson | None) -> Fault:
    of = f"“{one.title}” ({one.lesson})" if one.title else one.lesson
    if lesson:
        return Fault(one.file, f"this is a hand-in of another lesson, {of}", "Look at that lesson for it.")
    remedy = "Name its file with --lesson, or put its students' data (NAME.lesson.json) into the folder."
    return Fault(one.file, f"the lesson {of} is not known here", remedy)
