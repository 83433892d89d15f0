"""Who is in a class, from hand-ins of a lesson: the latest of each pseudonym counts, and each other file is named.

Two people may have chosen one pseudonym. Hand-ins name the work that they are from (a random name, one for a browser):
works that differ, and different hand-ins with the same number, count as two students, and a fault asks which is so.
Nobody's work is dropped in silence. Students are numbered in an order that has nothing to do with their pseudonyms.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.support import formatting
from analysis.support.errors import Fault
from analysis.teaching.hand_ins import key
from analysis.teaching.lesson_hand_ins import HandIn


@dataclass(frozen=True)
class Roster:
    """The hand-ins that count, a student each, notes on the other files, and pseudonyms that may be two people's."""

    students: tuple[HandIn, ...] = ()
    notes: tuple[str, ...] = ()
    clashes: tuple[Fault, ...] = ()

    def label(self, at: int) -> str:
        """Return what a student is called where names are hidden."""
        return f"Student {at + 1}"

    def find(self, pseudonym: str) -> int | None:
        """Return the place of a student, or None."""
        wanted = key(pseudonym)
        return next((at for at, one in enumerate(self.students) if key(one.pseudonym) == wanted), None)


def of_lesson(hand_ins: Sequence[HandIn]) -> Roster:
    """Return who is in a class by the hand-ins of one lesson."""
    groups: dict[str, list[HandIn]] = defaultdict(list)
    for one in sorted(hand_ins, key=_order):
        groups[key(one.pseudonym)].append(one)
    students: list[HandIn] = []
    notes: list[str] = []
    clashes: list[Fault] = []
    for name in sorted(groups):
        counting = _counting(groups[name])
        students += _apart(counting)
        notes += _notes(groups[name], counting)
        clashes += _clashes(counting)
    return Roster(tuple(sorted(students, key=_shuffled)), tuple(notes), tuple(clashes))


def _order(one: HandIn) -> tuple[int, str, str]:
    return one.number, one.saved, one.file


def _counting(in_order: Sequence[HandIn]) -> list[HandIn]:
    """Return the latest hand-in of each work; several where the same number is on different ones."""
    counting: list[HandIn] = []
    for work in dict.fromkeys(one.work for one in in_order):
        theirs = [one for one in in_order if one.work == work]
        for one in (one for one in theirs if one.number == theirs[-1].number):
            if not any(one.content() == other.content() for other in counting):
                counting.append(one)
    return counting


def _apart(counting: Sequence[HandIn]) -> list[HandIn]:
    """Return hand-ins under pseudonyms that differ."""
    return [
        one if at == 1 else replace(one, pseudonym=f"{counting[0].pseudonym} ({at})")
        for at, one in enumerate(counting, 1)
    ]


def _notes(in_order: Sequence[HandIn], counting: Sequence[HandIn]) -> Iterator[str]:
    for one in in_order:
        if any(one is other for other in counting):
            continue
        if same := next((other for other in counting if other.content() == one.content()), None):
            yield f"{one.file}: the same answers as in {same.file}, so they count once."
        else:
            latest = next(other for other in reversed(counting) if other.work == one.work)
            yield f"{one.file}: {latest.file} counts in its place."


def _clashes(counting: Sequence[HandIn]) -> Iterator[Fault]:
    if len(counting) < 2:
        return
    first, *others = counting
    problem = f"{formatting.listed([one.file for one in others])} has the same pseudonym and other answers"
    remedy = "All count, as different students. If they are from one person, remove the files that shall not count."
    yield Fault(first.file, problem, remedy, field="pseudonym", value=first.pseudonym)


def _shuffled(one: HandIn) -> tuple[str, str]:
    return hashlib.sha256(f"{one.lesson} {one.pseudonym}".encode()).hexdigest(), one.pseudonym
