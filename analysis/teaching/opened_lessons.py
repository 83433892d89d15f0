"""A lesson as a notebook works with it: tables, charts, and exercises by number, which remember what was answered.

A hint comes with a single run of its cell, and a notebook that is run from top to bottom gives none: where a cell for
hints is run straight after an exercise was found untouched, or solved, it only says that there are hints. The same
holds for the cell for the solution where it is run straight after those above it. A further run of the same cell gives
it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.teaching import class_comparisons, classroom, learners, lesson_building, lesson_files, passage_texts
from analysis.teaching.built_lessons import BuiltLesson, FigurePart, TablePart
from analysis.teaching.exercises import Exercise, did_you_mean
from analysis.teaching.replies import Outcome, Reply

#: The rounds of a coding, and the folder of each, beside the notebook.
ROUNDS = {"first": Path("codings/first"), "second": Path("codings/second")}


def open_lesson(name: str) -> "OpenedLesson":
    """Return a lesson of the compendium to work with in a notebook; say so if it shows wording in place of gists."""
    evidence = loading.load()
    note = passage_texts.note(evidence)
    if not note.startswith(passage_texts.about_gists(evidence)):
        print(note)  # noqa: T201 - shown above the lesson
    return OpenedLesson(lesson_building.bundled(name, evidence, private=True), evidence)


class OpenedLesson:
    """A lesson that is worked on; nothing that it is asked for raises an error."""

    def __init__(self, built: BuiltLesson, evidence: Evidence) -> None:
        self._built, self._evidence = built, evidence
        self._exercises: Mapping[str, Exercise] = built.exercises()
        self._answers: dict[str, object] = {}
        self._outcomes: dict[str, Outcome | None] = {}
        self._last = ("", "")

    def __repr__(self) -> str:
        return f"Lesson {self._built.number}: {self._built.title}"

    # --- what is shown

    def table(self, number: int) -> CaptionedTable | Reply:
        """Return a table of the lesson, by its number from 1 on."""
        tables = [part.table for part in parts(self._built) if isinstance(part, TablePart)]
        return tables[number - 1] if 0 < number <= len(tables) else _none("table", number, len(tables))

    def figure(self, number: int) -> Figure | Reply:
        """Return a chart of the lesson, by its number from 1 on."""
        figures = [part.figure for part in parts(self._built) if isinstance(part, FigurePart)]
        return figures[number - 1] if 0 < number <= len(figures) else _none("chart", number, len(figures))

    # --- exercises

    def check(self, number: str, *given: object) -> Reply:
        """Say how far an answer to an exercise has come, and remember it; a decimal comma makes two answers of one."""
        exercise = self._exercises.get(number)
        if exercise is None:
            return self._unknown(number)
        answer = given[0] if len(given) == 1 else given or None
        reply = exercise.check(answer)
        self._answers[number], self._outcomes[number] = answer, reply.outcome
        self._last = (number, "check")
        return reply

    def hint(self, number: str) -> Reply:
        """Return the next hint of an exercise, or in passing that there are some."""
        exercise = self._exercises.get(number)
        if exercise is None:
            return self._unknown(number)
        in_passing = self._last == (number, "check") and self._outcomes[number] is not Outcome.NOT_YET
        self._last = (number, "hint")
        if in_passing:
            hints = formatting.counted(len(exercise.hints), "hint")
            return Reply(f"{exercise.name} has {hints}", (f"Run this cell again for {_first(exercise)}.",))
        return exercise.hint()

    def solution(self, number: str) -> Reply:
        """Return the solution of an exercise, or in passing that there is one."""
        exercise = self._exercises.get(number)
        if exercise is None:
            return self._unknown(number)
        in_passing = self._last in ((number, "check"), (number, "hint"))
        self._last = (number, "solution")
        if in_passing:
            return Reply(f"{exercise.name} has a solution", ("Run this cell again to see it.",))
        return exercise.solution()

    def answer(self, number: str) -> Reply:
        """Return what was answered to an exercise, such as a rule, so that it can be shown again."""
        exercise = self._exercises.get(number)
        if exercise is None:
            return self._unknown(number)
        if self._outcomes.get(number, Outcome.NOT_TRIED) is Outcome.NOT_TRIED:
            return Reply(f"{exercise.name}: {Outcome.NOT_TRIED.value}", ("Nothing is filled in there yet.",))
        return Reply(f"{exercise.name}, your answer", (" ".join(str(self._answers[number]).split()),))

    def _unknown(self, number: object) -> Reply:
        problem = f"There is no exercise {number!r}{did_you_mean(str(number), self._exercises)}"
        return Reply("Not an exercise of this lesson", (problem,), outcome=Outcome.NOT_TRIED)

    # --- a class

    def hand_in(self, pseudonym: str, which: str = "first") -> Reply:
        """Write the codings of a round into a file for the class, and say where it is."""
        return learners.hand_in(pseudonym, self._codings(which), ROUNDS[which], self._evidence)

    def compare(self, pseudonym: str, which: str = "first") -> Reply:
        """Set the codings of a round beside the record's and those of partners; the second beside the first as well."""
        rounds = {}
        for one in [*ROUNDS][: [*ROUNDS].index(which) + 1]:
            partners = classroom.read_if_there(ROUNDS[one], self._evidence, without=pseudonym)
            rounds[f"{one} time"] = (self._codings(one), partners)
        return class_comparisons.compared(self._evidence, rounds)

    def whole_class(self, which: str = "first") -> Reply:
        """Show what a class handed in, how far it agrees, and the passages on which it is most divided."""
        everybody = classroom.read_if_there(ROUNDS[which], self._evidence)
        return class_comparisons.whole_class(self._evidence, everybody, list(self._coded(which)))

    def class_coefficients(self) -> Reply:
        """Show every coefficient of a class that handed in codings with the lesson *Code the passages*."""
        everybody = classroom.read_if_there(ROUNDS["first"], self._evidence)
        return class_comparisons.coefficients(self._evidence, everybody, ["stage", "power"])

    def _codings(self, which: str) -> dict[str, object]:
        """Return the codes that were given in a round, by facet."""
        return {facet: _codes(self._answers.get(number)) for facet, number in self._coded(which).items()}

    def _coded(self, which: str) -> Mapping[str, str]:
        """Return the number of the exercise in which each facet is coded in a round."""
        return coded_in(self._built.name)[which]


def parts(built: BuiltLesson) -> list[object]:
    """Return the parts of a lesson in order."""
    return [part for section in built.sections for part in section.parts]


@cache
def coded_in(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return for each round the number of the exercise in which passages are coded by a facet, by facet.

    Only exercises that are coded twice belong to a round.
    """
    lesson = lesson_files.read(lesson_files.bundled()[name])
    whole = {one: lesson_files.whole(lesson, one) for one in lesson.data["exercises"]}
    known = lesson_files.known_as(lesson)
    again = {number: known[exercise["again"]] for number, exercise in whole.items() if "again" in exercise}
    return {
        "first": {whole[one]["facet"]: whole[one]["number"] for one in again.values()},
        "second": {whole[one]["facet"]: whole[one]["number"] for one in again},
    }


def _codes(answer: object) -> object:
    """Return the codes of an answer, without the words that decided."""
    if not isinstance(answer, Mapping):
        return answer
    return {key: one.get("code", "") if isinstance(one, Mapping) else one for key, one in answer.items()}


def _first(exercise: Exercise) -> str:
    return "the first one" if len(exercise.hints) > 1 else "it"


def _none(what: str, number: object, last: int) -> Reply:
    there = f"They go from 1 to {last}." if last else "It has none."
    return Reply(f"The lesson has no {what} {number!r}", (there,), outcome=Outcome.NOT_TRIED)
