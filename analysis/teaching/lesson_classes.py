"""A class and a lesson: who did what, how answers to each item split and with which reasons, and rounds 1 and 2.

All coefficients are those of `analysis.agreement`. Agreement says how similarly people answer. It does not say who is
right or how good a student is. The page *A class* computes the same; tests hold the two equal.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.support.errors import Fault
from analysis.teaching.asked_lessons import Asked, AskedLesson
from analysis.teaching.hand_ins import key
from analysis.teaching.lesson_answers import Given, by_item, single
from analysis.teaching.lesson_hand_ins import Answer, HandIn
from analysis.teaching.lesson_rosters import Roster, of_lesson

DONE = ("yes", "recorded")


@dataclass(frozen=True)
class Answered:
    """An answer to an item with the places of the students who gave it."""

    answer: str
    label: str
    students: tuple[int, ...]


@dataclass(frozen=True)
class Split:
    """How answers to an item split: the commonest first; `share` of `tried` gave that one, or agree on it."""

    item: str
    text: str
    tried: int
    answers: tuple[Answered, ...]
    share: float


@dataclass(frozen=True)
class Moves:
    """An item in two rounds, of students who answered it in both; `moves` has who changed: from, to, and how many."""

    item: str
    text: str
    both: int
    changed: int
    before: Split
    after: Split
    moves: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Agreement:
    """Percent agreement and Krippendorff's alpha, or why there is none, on items that `paired` counts."""

    percent: float | None
    alpha: float | None
    paired: int
    reason: str = ""


@dataclass(frozen=True)
class Rounds:
    """Two rounds of an exercise: agreement before and after of those who did both, and each item."""

    first: Asked
    second: Asked
    students: int
    before: Agreement
    after: Agreement
    items: tuple[Moves, ...]


@dataclass(frozen=True)
class Reviewed:
    """A partner's review: whose (None if not in the class), how many boxes of how many, and the comment."""

    by: int
    ticked: int
    boxes: int
    comment: str


@dataclass(frozen=True)
class Writing:
    """An open answer with the boxes that its writer ticked, and reviews by partners."""

    student: int
    text: str
    ticked: int
    boxes: int
    reviews: tuple[Reviewed, ...]


@dataclass(frozen=True)
class LessonClass:
    """A lesson and the hand-ins that count, with all that could not be used.

    Results name students by their places in `students`. `given` has the answers by exercise, student and item; `other`
    are hand-ins of other lessons.
    """

    lesson: AskedLesson
    roster: Roster
    given: Mapping[str, Sequence[Mapping[str, Given]]]
    other: tuple[HandIn, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def students(self) -> Sequence[HandIn]:
        """Students with the hand-ins that count."""
        return self.roster.students

    def answer(self, student: HandIn, exercise: Asked) -> Answer:
        """Return what a student did with an exercise."""
        return student.answers.get(exercise.number, Answer())


def of_hand_ins(lesson: AskedLesson, hand_ins: Iterable[HandIn]) -> LessonClass:
    """Return the class of a lesson; hand-ins of other lessons are kept apart in `other`."""
    everything = list(hand_ins)
    roster = of_lesson([one for one in everything if one.lesson == lesson.name])
    known = {one.number for one in lesson.exercises}
    faults: list[Fault] = []
    for student in roster.students:
        faults += [*student.faults, *_of_another_version(student, lesson, known)]
    given = {
        one.number: [
            by_item(one, student.answers.get(one.number, Answer()), student.file, faults) for student in roster.students
        ]
        for one in lesson.exercises
    }
    other = tuple(one for one in everything if one.lesson != lesson.name)
    return LessonClass(lesson, roster, given, other, (*faults, *roster.clashes))


def _of_another_version(student: HandIn, lesson: AskedLesson, known: Collection[str]) -> Iterator[Fault]:
    if student.digest != lesson.digest:
        problem = "this was made with another version of the lesson"
        remedy = "What this version asks as well counts. Give the whole class the same files."
        yield Fault(student.file, problem, remedy, field="digest")
    for number in student.answers:
        if number not in known:
            yield Fault(
                student.file,
                "the lesson has no such exercise",
                "The answer is passed over.",
                field=f"answers › {number}",
            )


# --- results


def completion(of: LessonClass) -> list[list[Answer]]:
    """Return what each student (row) did with each exercise (column)."""
    return [[of.answer(student, exercise) for exercise in of.lesson.exercises] for student in of.students]


def splits(of: LessonClass, exercise: Asked) -> list[Split]:
    """Return how answers to each item split, the most divided item first; items without an answer are left out."""
    given = of.given[exercise.number]
    make = _together if exercise.kind == "groups" else _split
    found = [make(exercise, item, given) for item in exercise.items]
    return sorted((one for one in found if one.tried), key=lambda one: one.share)


def _split(
    exercise: Asked, item: str, given: Sequence[Mapping[str, Given]], among: Collection[int] | None = None
) -> Split:
    who: dict[str, list[int]] = defaultdict(list)
    labels: dict[str, str] = {}
    for at, answers in enumerate(given):
        if item in answers and (among is None or at in among):
            who[answers[item].answer].append(at)
            labels.setdefault(answers[item].answer, answers[item].label)
    order = {option: at for at, option in enumerate(exercise.choices)}
    by = sorted(who, key=lambda answer: (-len(who[answer]), order.get(answer, 0), answer.encode("utf-16-be")))
    tried = sum(map(len, who.values()))
    return Split(
        item,
        exercise.items[item],
        tried,
        tuple(Answered(answer, labels[answer], tuple(who[answer])) for answer in by),
        len(who[by[0]]) / tried if tried else 0.0,
    )


def _together(exercise: Asked, item: str, given: Sequence[Mapping[str, Given]]) -> Split:
    """Return which other items were put into a group with an item; names of groups differ, and do not matter."""
    tried = [at for at, answers in enumerate(given) if item in answers]
    rows, shares = [], []
    for other, text in exercise.items.items():
        both = [at for at in tried if other in given[at]]
        if other == item or not both:
            continue
        same = tuple(at for at in both if given[at][other].answer == given[at][item].answer)
        shares.append(max(len(same), len(both) - len(same)) / len(both))
        if same:
            rows.append(Answered(other, text or other, same))
    rows.sort(key=lambda one: -len(one.students))
    share = sum(shares) / len(shares) if shares else 1.0
    return Split(item, exercise.items[item], len(tried), tuple(rows), share)


def reasons(of: LessonClass, exercise: Asked, item: str) -> list[tuple[int, Given]]:
    """Return the answers to an item with words that decide or a reason, by student."""
    rows = [(at, answers[item]) for at, answers in enumerate(of.given[exercise.number]) if item in answers]
    return [(at, one) for at, one in rows if one.words or one.reason]


def agreement(
    exercise: Asked, given: Sequence[Mapping[str, Given]], among: Mapping[str, Collection[int]] | None = None
) -> Agreement:
    """Return how far students agree on an exercise with options.

    `among` names the students whose answers to each item are compared; those of all if left out.
    """
    import numpy as np
    import pandas as pd

    from analysis import agreement as coefficients

    items = list(exercise.items) if among is None else list(among)
    who = [at for at, answers in enumerate(given) if any(item in answers for item in items)]
    if len(who) < 2:
        return Agreement(None, None, 0, "fewer than two students answered")
    place = {code: at for at, code in enumerate(exercise.choices)}
    cells = [
        [
            place[given[at][item].answer]
            if item in given[at] and (among is None or at in among[item])
            else coefficients.MISSING
            for at in who
        ]
        for item in items
    ]
    ratings = coefficients.Ratings(
        pd.Index(items), tuple(map(str, who)), tuple(exercise.choices), np.array(cells, dtype=np.int32)
    )
    paired = sum(sum(code != coefficients.MISSING for code in row) > 1 for row in cells)
    percent, why = coefficients.value(ratings, "percent-agreement")
    alpha, why_not = coefficients.value(ratings, "krippendorff-alpha")
    return Agreement(percent, alpha, paired, why or why_not)


def rounds(of: LessonClass, second: Asked) -> Rounds | None:
    """Return two rounds beside each other, by those who answered an item in both; None for what is no second round."""
    first = of.lesson.exercise(second.again) if second.again else None
    if first is None or not first.choices or not second.choices:
        return None
    early, late = of.given[first.number], of.given[second.number]
    both = {
        item: [at for at in range(len(of.students)) if item in early[at] and item in late[at]]
        for item in second.items
        if item in first.items
    }
    before, after = agreement(first, early, both), agreement(second, late, both)
    items = [_moves(of, first, second, item, who) for item, who in both.items() if who]
    items.sort(key=lambda one: (-one.changed / one.both, one.after.share))
    return Rounds(first, second, len({at for who in both.values() for at in who}), before, after, tuple(items))


def _moves(of: LessonClass, first: Asked, second: Asked, item: str, who: Sequence[int]) -> Moves:
    early, late = of.given[first.number], of.given[second.number]
    pairs = [(early[at][item].answer, late[at][item].answer) for at in who]
    counts = Counter(pair for pair in pairs if pair[0] != pair[1])
    ordered = sorted(counts, key=lambda pair: (-counts[pair], *(name.encode("utf-16-be") for name in pair)))
    return Moves(
        item,
        second.items[item],
        len(who),
        sum(counts.values()),
        _split(first, item, early, set(who)),
        _split(second, item, late, set(who)),
        tuple((*pair, counts[pair]) for pair in ordered),
    )


def writings(of: LessonClass, exercise: Asked) -> list[Writing]:
    """Return the open answers to an exercise, by student, with what partners say of them."""
    found = []
    for at, student in enumerate(of.students):
        value = of.answer(student, exercise).value
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not single(text):
            continue
        ticked = value.get("checklist") if isinstance(value, dict) else None
        boxes = [box is True for box in ticked] if isinstance(ticked, list) else []
        found.append(Writing(at, text.strip(), sum(boxes), len(boxes), _reviews(of, exercise, student)))
    return found


def _reviews(of: LessonClass, exercise: Asked, student: HandIn) -> tuple[Reviewed, ...]:
    return tuple(
        Reviewed(by, sum(one.checklist), len(one.checklist), single(one.comment))
        for by, partner in enumerate(of.students)
        for one in partner.reviews
        if one.exercise == exercise.number and key(one.of) == key(student.pseudonym)
    )
