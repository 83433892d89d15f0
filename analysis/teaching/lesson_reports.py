"""A class and a lesson as tables for a terminal: who did what, how answers split and why, rounds, open answers.

Students are numbers unless names are asked for, so that the tables can be shown to the class.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.teaching import lesson_classes
from analysis.teaching.asked_lessons import Asked
from analysis.teaching.lesson_answers import OPEN
from analysis.teaching.lesson_classes import Agreement, LessonClass, Moves, Rounds, Split
from analysis.teaching.lesson_hand_ins import Answer

STATES = {"not-tried": "–", "not-yet": "not yet", "yes": "right", "recorded": "recorded"}


@dataclass(frozen=True)
class Shown:
    """A class as it is shown: under pseudonyms, or as numbered students."""

    of: LessonClass
    names: bool = False

    def student(self, at: int) -> str:
        """Return what a student is called."""
        return self.of.students[at].pseudonym if self.names else self.of.roster.label(at)

    def parts(self) -> Iterator[CaptionedTable | str]:
        """Yield the tables of a class, exercise by exercise, and words and reasons as text."""
        yield self.completion()
        if (agreed := self.agreement()) is not None:
            yield agreed
        for exercise in self.of.lesson.exercises:
            if found := lesson_classes.splits(self.of, exercise):
                yield _split(exercise, found)
                yield from self.reasons(exercise, found)
            if (rounds := lesson_classes.rounds(self.of, exercise)) and rounds.items:
                yield _rounds(rounds)
            if exercise.kind == OPEN and (texts := self.writings(exercise)) is not None:
                yield texts

    def completion(self) -> CaptionedTable:
        """Return who did what: state, tries and hints of each student in each exercise."""
        rows = [[_did(one) for one in did] for did in lesson_classes.completion(self.of)]
        index = pd.Index([self.student(at) for at in range(len(rows))], name="student")
        table = pd.DataFrame(rows, index=index, columns=[one.number for one in self.of.lesson.exercises], dtype=object)
        done = [sum(one.state in lesson_classes.DONE for one in did) for did in lesson_classes.completion(self.of)]
        reviews = [len(student.reviews) for student in self.of.students]
        table = table.assign(done=done, **{"reviews of partners": reviews} if any(reviews) else {})
        return CaptionedTable(table, f"{self.of.lesson.title}: who did what")

    def agreement(self) -> CaptionedTable | None:
        """Return how far the class agrees, by exercise; None where nothing can be compared."""
        found = [
            (one, lesson_classes.agreement(one, self.of.given[one.number]))
            for one in self.of.lesson.exercises
            if one.choices
        ]
        rows = {f"{exercise.number} {exercise.title}": _agreed(agreed) for exercise, agreed in found}
        if not rows:
            return None
        heads = ["items compared", "percent agreement", "Krippendorff's alpha"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("exercise")
        return CaptionedTable(table, "Agreement of the class, which does not say who is right")

    def reasons(self, exercise: Asked, found: list[Split]) -> Iterator[str]:
        """Yield the words that decide and the reasons, item by item and answer by answer."""
        lines: list[str] = []
        for one in found:
            by: dict[str, list[str]] = defaultdict(list)
            for at, given in lesson_classes.reasons(self.of, exercise, one.item):
                words = f"“{given.words}”" if given.words else ""
                said = " ".join(filter(None, [words, given.reason]))
                by[given.label].append(f"    {self.student(at)}: {said}")
            for label, told in by.items():
                lines += [f"  {one.item}, {label}:", *told]
        if lines:
            yield "\n".join([f"{exercise.number}, words that decide and reasons:", *lines, ""])

    def writings(self, exercise: Asked) -> CaptionedTable | None:
        """Return the open answers with the points ticked by their writers and by partners; None without any."""
        rows = [
            (
                self.student(one.student),
                one.text,
                f"{one.ticked} of {len(exercise.checklist)}",
                "; ".join(
                    f"{self.student(review.by)}: {review.ticked} of {len(exercise.checklist)} {review.comment}".strip()
                    for review in one.reviews
                ),
            )
            for one in lesson_classes.writings(self.of, exercise)
        ]
        if not rows:
            return None
        table = pd.DataFrame(rows, columns=["student", "text", "points met, by the writer", "by partners"])
        return CaptionedTable(table.set_index("student"), f"{exercise.number} {exercise.title}")


def _did(one: Answer) -> str:
    more = [
        f"{one.tries} tries" if one.tries > 1 else "",
        f"{one.hints} hint{'s' if one.hints > 1 else ''}" if one.hints else "",
        "solution" if one.solution else "",
    ]
    return ", ".join(filter(None, [STATES[one.state], *more]))


def _split(exercise: Asked, found: list[Split]) -> CaptionedTable:
    """Return how answers to each item split, the most divided item first."""
    rows = {one.item: [one.text, _counts(one), formatting.whole_percent(one.share)] for one in found}
    share = "share grouped alike" if exercise.kind == "groups" else "share of the commonest"
    answers = "together with" if exercise.kind == "groups" else "answers"
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["text", answers, share])
    table = table.loc[:, table.astype(bool).any()].rename_axis("item")
    return CaptionedTable(table, f"{exercise.number} {exercise.title}")


def _counts(one: Split) -> str:
    return ", ".join(f"{answer.label} {len(answer.students)}" for answer in one.answers)


def _agreed(one: Agreement) -> list[str]:
    values = [one.percent, one.alpha]
    return [
        str(one.paired),
        *(f"not defined: {one.reason}" if value is None else formatting.rounded(value) for value in values),
    ]


def _rounds(rounds: Rounds) -> CaptionedTable:
    def line(moves: Moves) -> list[str]:
        labels = dict(rounds.first.choices) | dict(rounds.second.choices)
        return [
            moves.text,
            _counts(moves.before),
            _counts(moves.after),
            f"{moves.changed} of {moves.both}",
            ", ".join(f"{labels[start]} → {labels[end]}: {count}" for start, end, count in moves.moves),
        ]

    rows = {moves.item: line(moves) for moves in rounds.items}
    before, after = _agreed(rounds.before), _agreed(rounds.after)
    rows["agreement"] = ["percent", before[1], after[1], "", ""]
    rows["alpha"] = ["Krippendorff's", before[2], after[2], "", ""]
    columns = ["text", "first round", "second round", "changed", "from and to"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("item")
    who = formatting.counted(rounds.students, "student")
    return CaptionedTable(table, f"{rounds.first.number} and {rounds.second.number}: two rounds, by {who} who did both")
