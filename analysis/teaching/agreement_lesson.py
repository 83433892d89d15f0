"""Notebook 3, agreement: the exercises, tables and chart of its lesson file, and the coefficients of a class."""

from types import SimpleNamespace

from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.study.evidence import Evidence
from analysis.teaching import classroom, lesson_building, lesson_files, lesson_settings
from analysis.teaching.built_lessons import FigurePart
from analysis.teaching.classroom import Classroom
from analysis.teaching.replies import Outcome, Reply


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    return SimpleNamespace(**lesson_building.bundled("agreement", evidence, private=True).by_name)


def table(name: str) -> CaptionedTable:
    """Return a made-up table, A to D."""
    return lesson_building.shown("agreement", name, lesson_settings.own_study())


def beside() -> CaptionedTable:
    """Return all coefficients of the made-up tables of two coders, with prevalence and bias of yes."""
    return lesson_building.shown("agreement", "coefficients", lesson_settings.own_study())


def by_prevalence() -> Figure:
    """Draw coefficients of made-up tables with the same percent agreement, from yes being rare to being usual."""
    sections = lesson_building.bundled("agreement").sections
    return next(part.figure for section in sections for part in section.parts if isinstance(part, FigurePart))


def disputed(evidence: Evidence) -> CaptionedTable:
    """Return the points to be decided: each reader's choice, what the reader also allowed, and why."""
    return lesson_building.shown("agreement", "choices", evidence)


def of_readers(evidence: Evidence) -> tuple[CaptionedTable, CaptionedTable]:
    """Return which codes of one reader the other coded as which, and every coefficient."""
    return (
        lesson_building.shown("agreement", "first-choices", evidence),
        lesson_building.shown("agreement", "agreement", evidence),
    )


def compared_readers() -> tuple[str, ...]:
    """Return the readers of the study whom the lesson compares."""
    lesson = lesson_files.read(lesson_files.bundled()["agreement"])
    _, section, _, part = lesson_files.place_of_table(lesson, "agreement")
    return tuple(lesson.data["sections"][section]["parts"][part]["coders"])


def of_class(everybody: Classroom, evidence: Evidence, facet: str) -> CaptionedTable | Reply:
    """Return every coefficient of a class's codings of a facet, or say that there is nothing to compare yet."""
    coded = classroom.side_by_side(everybody.learners, evidence, facet)
    if len(coded.columns) < 2:
        said = f"This needs the codings of {facet} of two people, handed in with notebook 1."
        return Reply("Nothing to compare yet", (said,), outcome=Outcome.NOT_TRIED)
    found = classroom.agreed(coded, evidence, facet, names=None)
    return CaptionedTable(classroom.agreement_table(found), f"Agreement of the class on {facet}")
