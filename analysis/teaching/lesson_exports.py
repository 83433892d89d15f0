"""Tables of a class for other programs: completion for a learning platform, and a rubric to fill in.

Moodle takes any CSV with a row of heads and asks which column names users and which are grades [1]_. Canvas takes the
columns of its own export, finds students by `SIS Login ID`, `ID` or name, and reads a row `Points Possible` [2]_.

References
----------
.. [1] Moodle, Grade import, https://docs.moodle.org/en/Grade_import
.. [2] Instructure, gradebook_importer.rb of canvas-lms, https://github.com/instructure/canvas-lms
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.support import csv_tables, safe_files
from analysis.support.errors import CompendiumError, Fault, unreadable
from analysis.teaching.asked_lessons import Asked, Criterion
from analysis.teaching.hand_ins import key
from analysis.teaching.lesson_answers import OPEN
from analysis.teaching.lesson_classes import DONE, LessonClass, completion, writings

CANVAS_HEADS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]


class IdentifiersError(CompendiumError):
    """A table of identifiers that cannot be read."""


def grades(of: LessonClass, canvas: bool = False, identifiers: Mapping[str, str] | None = None) -> str:
    """Return completion as CSV: 1 for each exercise that is done, 0 for each that is not, and the total.

    With `canvas`, it has the columns of that platform. `identifiers` maps pseudonyms (as `hand_ins.key` writes them) to
    users of the platform; without one, the pseudonym stands in its place.
    """
    exercises = [f"{of.lesson.title} {one.number}" for one in of.lesson.exercises]
    total = f"{of.lesson.title} total"
    rows: list[list[str]] = []
    for student, did in zip(of.students, completion(of), strict=True):
        done = [int(one.state in DONE) for one in did]
        identifier = (identifiers or {}).get(key(student.pseudonym), student.pseudonym)
        rows.append([identifier, student.pseudonym, *map(str, [*done, sum(done)])])
    rows.sort(key=lambda row: [cell.encode("utf-16-be") for cell in row[:2]])
    if not canvas:
        return _csv([["Username", "Pseudonym", *exercises, total], *rows])
    most = ["1"] * len(exercises) + [str(len(exercises))]
    head = [[*CANVAS_HEADS, *exercises, total], ["    Points Possible", "", "", "", "", *most]]
    return _csv([*head, *([pseudonym, "", "", identifier, "", *marks] for identifier, pseudonym, *marks in rows)])


def criteria(exercise: Asked) -> Sequence[Criterion]:
    """Return the rubric of an open task; its checklist, a point each, where there is none."""
    return exercise.rubric or tuple(Criterion(1, text) for text in exercise.checklist) or (Criterion(1, ""),)


def rubric(of: LessonClass) -> str:
    """Return the open answers as CSV with a row for each criterion, for points and comments to be filled in."""
    rows = [["Pseudonym", "Exercise", "Title", "Answer", "Criterion", "Points possible", "Points", "Comment"]]
    for exercise in of.lesson.exercises:
        if exercise.kind != OPEN:
            continue
        for one in writings(of, exercise):
            for line in criteria(exercise):
                head = [of.students[one.student].pseudonym, exercise.number, exercise.title, one.text]
                rows.append([*head, line.text, f"{line.points:g}", "", ""])
    return _csv(rows)


def done(of: LessonClass) -> str:
    """Return who did what as CSV, a row for each student and exercise."""
    rows = [["Pseudonym", "Exercise", "State", "Tries", "Hints", "Solution seen"]]
    for student, did in zip(of.students, completion(of), strict=True):
        for exercise, one in zip(of.lesson.exercises, did, strict=True):
            seen = "yes" if one.solution else "no"
            rows.append([student.pseudonym, exercise.number, one.state, str(one.tries), str(one.hints), seen])
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    """Return rows as CSV for people, the first of them the heads."""
    import pandas as pd

    head, *body = rows
    return csv_tables.for_people(pd.DataFrame(body, columns=list(head), dtype=object))


def read_identifiers(file: Path) -> dict[str, str]:
    """Read a CSV table whose first column has pseudonyms and whose second has identifiers of a learning platform."""
    try:
        text = safe_files.text(file, "utf-8-sig")
    except OSError as fault:
        raise IdentifiersError(unreadable(file, fault)) from None
    except UnicodeDecodeError:
        raise IdentifiersError(Fault(file, "the characters cannot be read", "Save it as CSV UTF-8.")) from None
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            remedy = "Write a pseudonym and an identifier in each row, below a row of heads."
            raise IdentifiersError(Fault(file, "a pseudonym or an identifier is missing", remedy, row=number))
        found[key(row[0])] = csv_tables.unguarded(row[1].strip())
    return found
