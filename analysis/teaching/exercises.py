"""Exercises that check themselves: what all have in common, and those with an answer that can be looked up.

A check says *yes*, *not yet* or *not tried*, or of a judgement *recorded*. *Not yet* says what is off without giving
the answer away. A check never raises: it answers a wrong kind of answer by saying what is expected. The idea of an
exercise as an object with `check`, `hint` and `solution` is that of Kaggle's learntools. Judgements are in
`analysis.teaching.comparisons`.
"""

import difflib
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import ClassVar

from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.teaching.replies import Outcome, Reply


def is_blank(answer: object) -> bool:
    """Tell whether nothing was filled in: nothing, dots, blanks, or a table of these.

    >>> is_blank(...), is_blank(""), is_blank({"T01": ""}), is_blank(0)
    (True, True, True, False)
    """
    if answer is None or answer is ...:
        return True
    if isinstance(answer, str):
        return not answer.strip(" .…\n\t")
    if isinstance(answer, Mapping):
        return all(map(is_blank, answer.values()))
    return isinstance(answer, list | tuple | set | frozenset) and all(map(is_blank, answer))


def plain(text: str) -> str:
    """Return a name in the form in which names are compared: small letters, words joined by hyphens.

    >>> plain(" Not stated ") == plain("not_stated") == "not-stated"
    True
    """
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: a question about the most similar name, or a full stop.

    >>> did_you_mean("initation", ["initiation", "dissemination"]), did_you_mean("zzz", ["initiation"])
    ('; did you mean initiation?', '.')
    >>> did_you_mean("T1", ["T14", "T01"])
    '; did you mean T01?'
    """
    # Without its zeros, T01 is more similar to T1 than T14 is.
    by_plain = {re.sub(r"(?<=[a-z])0+(?=\d)", "", plain(name)): name for name in known}
    like = difflib.get_close_matches(plain(text), by_plain, n=1)
    return f"; did you mean {by_plain[like[0]]}?" if like else "."


@dataclass(frozen=True)
class Choice:
    """Something that may be chosen: its value in an answer, how it is named, and what it means."""

    value: str
    label: str
    definition: str = ""


@dataclass(frozen=True)
class RubricLine:
    """What a text is given points for, by a person who reads it."""

    points: int
    text: str


@dataclass(eq=False)
class Exercise(ABC):
    """A task with its hints.

    `number` is that of the lesson and of the exercise in it (1.2); `hints` are given one at a time. For instructors
    there are `minutes`, a `note`, what may divide students on an item (`divides`), and a `rubric` for open tasks.
    """

    kind: ClassVar[str]

    number: str
    title: str
    task: str
    hints: Sequence[str]
    minutes: int = field(default=0, kw_only=True)
    note: str = field(default="", kw_only=True)
    divides: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    rubric: Sequence[RubricLine] = field(default=(), kw_only=True)
    _hints_given: int = field(default=0, init=False, repr=False)

    @abstractmethod
    def _expects(self) -> str:
        """Return what `check` takes, in words."""

    @property
    def name(self) -> str:
        """How pages and messages refer to it."""
        return f"Exercise {self.number}"

    def check(self, answer: object = None) -> Reply:
        """Say how far an answer has come; never raises."""
        if is_blank(answer):
            return self._reply(Outcome.NOT_TRIED, f"Fill in the answer ({self._expects()}) and run the cell.")
        return self._judged(answer)

    def hint(self) -> Reply:
        """Return the next hint; after the last one, all of them."""
        self._hints_given += 1
        if self._hints_given > len(self.hints):
            return Reply(f"{self.name}, all hints", points=tuple(self.hints))
        counted = f"{self._hints_given} of {len(self.hints)}"
        return Reply(f"{self.name}, hint {counted}", (self.hints[self._hints_given - 1],))

    @abstractmethod
    def solution(self) -> Reply:
        """Return the answer with its reasons; for a judgement, the judgement of record."""

    @abstractmethod
    def _judged(self, answer: object) -> Reply:
        """Judge an answer in which something is filled in."""

    def _reply(
        self,
        outcome: Outcome,
        *said: str,
        points: Iterable[str] = (),
        sheets: Iterable[CaptionedTable] = (),
        checklist: Iterable[str] = (),
    ) -> Reply:
        return Reply(f"{self.name}: {outcome.value}", said, tuple(points), tuple(sheets), outcome, tuple(checklist))

    def _expected(self, points: Iterable[str] = ()) -> Reply:
        return self._reply(Outcome.NOT_YET, f"This exercise takes {self._expects()}.", points=points)

    def items(self) -> Mapping[str, str]:
        """Return what is to be answered, by its keys, in the words in which it is shown."""
        return {}

    def _listed(self) -> Mapping[str, str]:
        """Return what the task lists, by its keys."""
        return self.items()

    def _asked(self) -> Reply:
        points = tuple(f"{key}: {text}" for key, text in self._listed().items() if text)
        return Reply(f"{self.name}: {self.title}", (self.task,), points)

    def _repr_html_(self) -> str:
        return self._asked()._repr_html_()

    def __repr__(self) -> str:
        return repr(self._asked())


@dataclass(eq=False, repr=False)
class Number(Exercise):
    """A count that can be looked up. `mistakes` maps numbers that are easily taken for it to what they are."""

    kind = "numbers"

    right: float
    reason: str
    mistakes: Mapping[float, str] = field(default_factory=dict)

    tolerance = 0.0

    def items(self) -> Mapping[str, str]:
        """Return the one number that is asked for; the task says which it is."""
        return {"answer": ""}

    def _expects(self) -> str:
        return "a number, without quotation marks"

    def _judged(self, answer: object) -> Reply:
        number = _as_float(answer)
        if number is None:
            return self._expected()
        if self._near(number, self.right):
            return self._reply(Outcome.YES, self.reason)
        slips = (remark for slip, remark in self.mistakes.items() if self._near(number, slip))
        return self._reply(Outcome.NOT_YET, next(slips, None) or self._off(number))

    def _near(self, number: float, other: float) -> bool:
        return abs(number - other) <= self.tolerance + 1e-9

    def _off(self, number: float) -> str:
        return f"That is too {'many' if number > self.right else 'few'}."

    def solution(self) -> Reply:
        """Return the number with its reason."""
        return Reply(f"{self.name}, solution: {self.right}", (self.reason,))


@dataclass(eq=False, repr=False)
class Calculation(Number):
    """A figure from 0 to 1, worked out by hand; an answer within `tolerance` of it is right, however it was rounded.

    `reason` shows the steps; `mistakes` maps figures that slips lead to to what to look at again.
    """

    tolerance: float = 0.006
    digits: int = 2

    def _expects(self) -> str:
        return "a figure such as 0.25, or a calculation such as 10 / 40"

    def _judged(self, answer: object) -> Reply:
        if isinstance(answer, tuple):
            return self._reply(Outcome.NOT_YET, "Write a decimal point, not a comma: 0.25.")
        return super()._judged(answer)

    def _off(self, number: float) -> str:
        if self._near(number / 100, self.right):
            return "That is in per cent. Write it as a share, from 0 to 1."
        if abs(number - self.right) <= 4 * self.tolerance:
            return "That is near. Carry more decimals through the steps, and round at the end only."
        return f"That is too {'high' if number > self.right else 'low'}."

    def solution(self) -> Reply:
        """Return the figure with the way to it."""
        return Reply(f"{self.name}, solution: {formatting.rounded(self.right, self.digits)}", (self.reason,))


@dataclass(frozen=True)
class Wanted:
    """One of several figures that are asked for.

    `within` says how far an answer may be from `right` (0 for a count), and is shown with the task. `again` says what
    to look at again, and `mistakes` maps figures that are easily taken for it to what they are.
    """

    asked: str
    right: float
    again: str
    within: float = 0.0
    mistakes: Mapping[float, str] = field(default_factory=dict)

    def near(self, number: float, other: float | None = None) -> bool:
        """Tell whether a number is near enough to the right one, or to another.

        >>> Wanted("", 4.875, "", within=0.05).near(4.9), Wanted("", 3, "").near(3.1)
        (True, False)
        """
        # A number exactly on the edge, but for the rounding of decimals, is within.
        return abs(number - (self.right if other is None else other)) <= self.within + 1e-9

    def remark(self, number: float) -> str:
        """Say what may be wrong with a number that is not near enough."""
        for mistake, why in self.mistakes.items():
            if self.near(number, mistake):
                return why
        if self.within and self.right < 1 < number <= 100 and self.near(number / 100):
            return "give it as a share from 0 to 1, not in per cent."
        direction = "high" if number > self.right else "low"
        return f"too {direction}; {self.again}" if math.isfinite(number) else self.again


@dataclass(eq=False, repr=False)
class Figures(Exercise):
    """Several figures to be computed, each by its key; `sheets` are shown with a right answer and with the solution."""

    kind = "numbers"

    figures: Mapping[str, Wanted]
    reason: str
    sheets: Sequence[CaptionedTable] = ()

    def items(self) -> Mapping[str, str]:
        """Return what is asked of each figure."""
        return {key: one.asked for key, one in self.figures.items()}

    def _expects(self) -> str:
        return f"a number, without quotation marks, for each of {formatting.listed(list(self.figures))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given = {key: _as_float(value) for key, value in answer.items() if not is_blank(value)}
        numbers = {key: number for key, number in given.items() if number is not None}
        problems = [f"{key}: this is not a number." for key in given if key not in numbers]
        problems += [
            f"{key}: there is no such key here{did_you_mean(str(key), self.figures)}"
            for key in given.keys() - self.figures
        ]
        problems += still_to_do(self.figures, given)
        if problems:
            return self._expected(sorted(problems))
        off = [f"{key}: {one.remark(numbers[key])}" for key, one in self.figures.items() if not one.near(numbers[key])]
        if not off:
            return self._reply(Outcome.YES, self.reason, sheets=self.sheets)
        right = f"{len(self.figures) - len(off)} of {len(self.figures)} are right."
        return self._reply(Outcome.NOT_YET, right, points=off)

    def solution(self) -> Reply:
        """Return the figures with the reason."""
        # A figure has one more decimal than its tolerance, a count has none.
        digits = {key: math.ceil(-math.log10(one.within)) if one.within else 0 for key, one in self.figures.items()}
        right = ", ".join(f"{key} {formatting.rounded(one.right, digits[key])}" for key, one in self.figures.items())
        return Reply(f"{self.name}, solution: {right}", (self.reason,), sheets=tuple(self.sheets))

    def _listed(self) -> Mapping[str, str]:
        within = {key: f" (within {one.within:g})" if one.within else "" for key, one in self.figures.items()}
        return {key: one.asked + within[key] for key, one in self.figures.items()}


@dataclass(eq=False, repr=False)
class Selection(Exercise):
    """Some of several named things, such as passages or codes.

    `among` maps each to the words that it is shown with (or to nothing), `remarks` those that are easily chosen by
    mistake, or easily missed, to what to look at again.
    """

    kind = "statements"

    right: frozenset[str]
    among: Mapping[str, str]
    reason: str
    noun: str = "passage"
    remarks: Mapping[str, str] = field(default_factory=dict)

    def _expects(self) -> str:
        first, second = list(self.among)[:2]
        return f'a list of {self.noun}s, such as ["{first}", "{second}"]'

    def _judged(self, answer: object) -> Reply:
        names = _names(answer)
        if names is None:
            return self._expected()
        known = {plain(name): name for name in self.among}
        if unknown := [name for name in names if plain(name) not in known]:
            points = [f"{name}: there is no such {self.noun} here{did_you_mean(name, self.among)}" for name in unknown]
            return self._reply(Outcome.NOT_YET, f"Choose among {formatting.listed(list(self.among))}.", points=points)
        chosen = {known[plain(name)] for name in names}
        if chosen == self.right:
            return self._reply(Outcome.YES, self.reason)
        wrong, missing = chosen - self.right, self.right - chosen
        counts = [
            (len(chosen & self.right), f" {self.noun} belongs", f" {self.noun}s belong"),
            (len(wrong), f" {self.noun} does not", f" {self.noun}s do not"),
            (len(missing), " is missing", " are missing"),
        ]
        shown = counts[:1] + [count for count in counts[1:] if count[0]]
        said = "; ".join(formatting.in_words(n) + (one if n == 1 else more) for n, one, more in shown)
        remarks = [self.remarks[name] for name in self.among if name in self.remarks and name in wrong | missing]
        return self._reply(
            Outcome.NOT_YET, f"{formatting.capitalize_first(said)}.", points=list(dict.fromkeys(remarks))
        )

    def solution(self) -> Reply:
        """Return what belongs, with the reason."""
        right = [name for name in self.among if name in self.right]
        return Reply(f"{self.name}, solution: {formatting.listed(right)}", (self.reason,))

    def items(self) -> Mapping[str, str]:
        """Return what is chosen among."""
        return self.among


@dataclass(eq=False, repr=False)
class Matching(Exercise):
    """Situations to be matched with codes by a written rule.

    `situations` maps a key to what is described, `right` to its code, and `rules` to the rule to look at again;
    `decides` says what kind of rules they are. `feedback` maps a key and a wrong code to what is said of it, where that
    is more than the rule. `choices` are the options with what they mean. `sheets` are shown with a right answer and
    with the solution.
    """

    kind = "matching"

    situations: Mapping[str, str]
    right: Mapping[str, str]
    rules: Mapping[str, str]
    options: Sequence[str]
    decides: str = "the written rules"
    sheets: Sequence[CaptionedTable] = ()
    feedback: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    choices: Sequence[Choice] = ()

    def _expects(self) -> str:
        return f"a code for each of {formatting.listed(list(self.situations))}: {formatting.listed(list(self.options))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given, problems = coded(answer, list(self.situations), {plain(option): option for option in self.options})
        if problems:
            return self._expected(problems)
        off = [self._remark(key, given[key]) for key in self.situations if given[key] != self.right[key]]
        if not off:
            return self._reply(Outcome.YES, f"All agree with {self.decides}.", sheets=self.sheets)
        right = f"{len(self.situations) - len(off)} of {len(self.situations)} agree with {self.decides}."
        return self._reply(Outcome.NOT_YET, right, points=off)

    def _remark(self, key: str, code: str) -> str:
        if said := self.feedback.get(key, {}).get(code):
            return f"{key}: {said}"
        return f"{key}: look again at {self.rules[key]}."

    def solution(self) -> Reply:
        """Return the code of each situation, with the rule that decides."""
        points = tuple(f"{key}: {self.right[key]}; see {self.rules[key]}." for key in self.situations)
        return Reply(f"{self.name}, solution", points=points, sheets=tuple(self.sheets))

    def items(self) -> Mapping[str, str]:
        """Return the situations."""
        return self.situations


def coded(
    answer: Mapping[object, object], items: Sequence[str], options: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the codes that an answer gives, and what keeps it from being complete and valid.

    `options` maps names as `plain` writes them to codes.
    """
    given: dict[str, str] = {}
    problems = [f"{key}: there is no such key here." for key in answer if key not in items]
    for item in items:
        value = answer.get(item)
        if is_blank(value):
            continue
        if not isinstance(value, str):
            problems.append(f"{item}: write the code as text, in quotation marks.")
        elif plain(value) not in options:
            problems.append(f"{item}: there is no code {value!r}{did_you_mean(value, options.values())}")
        else:
            given[item] = options[plain(value)]
    return given, problems + still_to_do(items, [item for item in items if not is_blank(answer.get(item))])


def still_to_do(wanted: Iterable[str], given: Iterable[object]) -> list[str]:
    """Return a sentence about what is not filled in yet, or nothing."""
    there = set(given)
    missing = [key for key in wanted if key not in there]
    return [f"Still to do: {formatting.listed(missing)}."] if missing else []


def _names(answer: object) -> list[str] | None:
    """Return the names in a list, set or text; None for anything else."""
    if isinstance(answer, str):
        return [name for name in re.split(r"[\s,;]+", answer) if name]
    if not isinstance(answer, list | tuple | set | frozenset):
        return None
    names = [name for name in answer if isinstance(name, str)]
    return names if len(names) == len(answer) else None


def _as_float(value: object) -> float | None:
    """Return a number as a float, infinite if it is beyond all floats; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if abs(value) == value else -math.inf
