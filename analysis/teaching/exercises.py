"""Exercises that check themselves: what all have in common, and those with an answer that can be looked up.

An answer is *yes*, *not yet* or *not tried*. Not yet says what is off without giving the answer away; a wrong kind of
answer is told what is expected and never raises. The idea of an exercise as an object with `check`, `hint` and
`solution` is that of Kaggle's learntools. Open judgements are in `analysis.teaching.comparisons`.
"""

import difflib
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real

from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.teaching.replies import Outcome, Reply


def is_blank(answer: object) -> bool:
    """Tell whether an answer is still as it was found: nothing, dots, blanks, or a table of such.

    >>> is_blank(...), is_blank(""), is_blank({"T01": ""}), is_blank(0)
    (True, True, True, False)
    """
    if answer is None or answer is ...:
        return True
    if isinstance(answer, str):
        return not answer.strip(" .…\n\t")
    if isinstance(answer, Mapping):
        return all(map(is_blank, answer.values()))
    if isinstance(answer, list | tuple | set | frozenset):
        return all(map(is_blank, answer))
    return False


def plain(text: str) -> str:
    """Return a name as it is compared: small letters, words joined by hyphens.

    >>> plain(" Not stated ") == plain("not_stated") == "not-stated"
    True
    """
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: a question for the name it is most like, or a full stop.

    >>> did_you_mean("initation", ["initiation", "dissemination"]), did_you_mean("zzz", ["initiation"])
    ('; did you mean initiation?', '.')
    >>> did_you_mean("T1", ["T14", "T01"])
    '; did you mean T01?'
    """
    # T1 is meant as T01 rather than as T14.
    by_plain = {re.sub(r"(?<=[a-z])0+(?=\d)", "", plain(name)): name for name in known}
    like = difflib.get_close_matches(plain(text), by_plain, n=1)
    return f"; did you mean {by_plain[like[0]]}?" if like else "."


@dataclass(eq=False)
class Exercise(ABC):
    """One task with its hints.

    `number` is that of the notebook and of the exercise in it (1.2); `hints` come one at a time.
    """

    number: str
    title: str
    task: str
    hints: Sequence[str]
    _hints_given: int = field(default=0, init=False, repr=False)

    #: What `check` takes, in words; told when nothing or the wrong kind of thing was given.
    expects = "an answer"

    @property
    def name(self) -> str:
        """How pages and messages call it."""
        return f"Exercise {self.number}"

    def check(self, answer: object = None) -> Reply:
        """Say how far an answer has come; it is never an error."""
        if is_blank(answer):
            return self._told(Outcome.NOT_TRIED, f"Fill in the answer above ({self.expects}) and run both cells.")
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
        """Return the answer with its reasons; for an open judgement, how it was judged before."""

    @abstractmethod
    def _judged(self, answer: object) -> Reply:
        """Judge an answer in which something is filled in."""

    def _told(
        self, outcome: Outcome, *said: str, points: Iterable[str] = (), sheets: Iterable[CaptionedTable] = ()
    ) -> Reply:
        return Reply(f"{self.name}: {outcome.value}", said, tuple(points), tuple(sheets), outcome)

    def _expected(self) -> Reply:
        return self._told(Outcome.NOT_YET, f"This exercise takes {self.expects}.")

    def _repr_html_(self) -> str:
        return self._asked()._repr_html_()

    def __repr__(self) -> str:
        return repr(self._asked())

    def _asked(self) -> Reply:
        return Reply(f"{self.name}: {self.title}", (self.task,))


@dataclass(eq=False, repr=False)
class Number(Exercise):
    """A count that can be looked up. `mistakes` maps numbers that are easily taken for it to what they count."""

    right: int
    reason: str
    mistakes: Mapping[int, str] = field(default_factory=dict)

    expects = "a number, without quotation marks"

    def _judged(self, answer: object) -> Reply:
        if isinstance(answer, bool) or not isinstance(answer, Real):
            return self._expected()
        number = _as_float(answer)  # a float that is not a number is unlike any, so it is "too few"
        if number == self.right:
            return self._told(Outcome.YES, self.reason)
        if number in self.mistakes:
            return self._told(Outcome.NOT_YET, self.mistakes[int(number)])
        return self._told(Outcome.NOT_YET, f"That is too {'many' if number > self.right else 'few'}.")

    def solution(self) -> Reply:
        """Return the number with its reason."""
        return Reply(f"{self.name}, solution: {self.right}", (self.reason,))


@dataclass(eq=False, repr=False)
class Calculation(Exercise):
    """A figure from 0 to 1, worked out by hand: an answer within `tolerance` of it is right, whatever was rounded.

    `working` shows the steps; `mistakes` are figures that slips lead to, each with what to look at again; it is told to
    `digits` decimals.
    """

    right: float
    working: str
    mistakes: Sequence[tuple[float, str]] = ()
    tolerance: float = 0.006
    digits: int = 2

    expects = "a figure such as 0.25, or a sum to be worked out such as 10 / 40"

    def _judged(self, answer: object) -> Reply:
        if isinstance(answer, tuple):
            return self._told(Outcome.NOT_YET, "Write a point and no comma: 0.25.")
        if isinstance(answer, bool) or not isinstance(answer, Real):
            return self._expected()
        figure = _as_float(answer)
        if self._is(figure, self.right):
            return self._told(Outcome.YES, self.working)
        return self._told(Outcome.NOT_YET, self._off(figure))

    def _off(self, figure: float) -> str:
        if self._is(figure / 100, self.right):
            return "That is in per cent. Write it as a share, from 0 to 1."
        for slip, remark in self.mistakes:
            if self._is(figure, slip):
                return remark
        if abs(figure - self.right) <= 4 * self.tolerance:
            return "That is near. Carry more decimals through the steps, and round at the end only."
        return f"That is too {'high' if figure > self.right else 'low'}."

    def _is(self, figure: float, other: float) -> bool:
        return abs(figure - other) <= self.tolerance

    def solution(self) -> Reply:
        """Return the figure with the way to it."""
        return Reply(f"{self.name}, solution: {formatting.rounded(self.right, self.digits)}", (self.working,))


@dataclass(frozen=True)
class Wanted:
    """One of several figures that are asked for.

    `within` says how far an answer may lie from `right`, which is told with the task; 0 for a count. `again` says what
    to look at again, and `mistakes` maps figures that are easily taken for it to what they are.
    """

    asked: str
    right: float
    again: str
    within: float = 0.0
    mistakes: Mapping[float, str] = field(default_factory=dict)

    @property
    def task(self) -> str:
        """What is asked for, with the tolerance where there is one."""
        return f"{self.asked} (within {self.within:g})" if self.within else self.asked

    @property
    def shown(self) -> str:
        """The figure as it is told: with one more decimal than the tolerance has, a count as it is."""
        return formatting.rounded(self.right, math.ceil(-math.log10(self.within)) if self.within else 0)

    def hit(self, number: float, at: float | None = None) -> bool:
        """Tell whether a number is near enough to the right one, or to another.

        >>> Wanted("", 4.875, "", within=0.05).hit(4.9), Wanted("", 3, "").hit(3.1)
        (True, False)
        """
        # What lies exactly on the edge, but for the rounding of decimals, is within.
        return abs(number - (self.right if at is None else at)) <= self.within + 1e-9

    def told(self, number: float) -> str:
        """Say what may be wrong with a number that is not near enough."""
        for taken, why in self.mistakes.items():
            if self.hit(number, taken):
                return why
        if self.within and self.right < 1 < number <= 100 and self.hit(number / 100):
            return "give it as a share from 0 to 1, not in per cent."
        direction = "high" if number > self.right else "low"
        return f"too {direction}; {self.again}" if math.isfinite(number) else self.again


@dataclass(eq=False, repr=False)
class Figures(Exercise):
    """Several figures that can be computed, each by its key.

    `sheets` are shown with a right answer and with the solution.
    """

    figures: Mapping[str, Wanted]
    reason: str
    sheets: Sequence[CaptionedTable] = ()

    @property
    def expects(self) -> str:  # type: ignore[override]
        """What `check` takes, in words."""
        return f"a number, without quotation marks, for each of {formatting.listed(list(self.figures))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given = {key: value for key, value in answer.items() if not is_blank(value)}
        faults = [
            f"{key}: there is no such key here{did_you_mean(str(key), self.figures)}"
            for key in given.keys() - self.figures
        ]
        faults += [f"{key}: this is no number." for key, value in given.items() if not _is_number(value)]
        if open_still := [key for key in self.figures if key not in given]:
            faults.append(f"Still to do: {formatting.listed(open_still)}.")
        if faults:
            return self._told(Outcome.NOT_YET, f"This exercise takes {self.expects}.", points=sorted(faults))
        off = [key for key, figure in self.figures.items() if not figure.hit(_as_float(given[key]))]
        if not off:
            return self._told(Outcome.YES, self.reason, sheets=self.sheets)
        fit = f"{len(self.figures) - len(off)} of {len(self.figures)} are right."
        return self._told(
            Outcome.NOT_YET, fit, points=[f"{key}: {self.figures[key].told(_as_float(given[key]))}" for key in off]
        )

    def solution(self) -> Reply:
        """Return the figures with the reason."""
        right = ", ".join(f"{key} {figure.shown}" for key, figure in self.figures.items())
        return Reply(f"{self.name}, solution: {right}", (self.reason,), sheets=tuple(self.sheets))

    def _asked(self) -> Reply:
        asked = tuple(f"{key}: {figure.task}" for key, figure in self.figures.items())
        return Reply(f"{self.name}: {self.title}", (self.task,), asked)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _as_float(value: Real) -> float:
    """Return a number as a float, infinite where it is beyond all floats."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if abs(value) == value else -math.inf


@dataclass(eq=False, repr=False)
class Selection(Exercise):
    """Some of several named things, such as passages or codes.

    `among` maps each to the words it is shown with (or to nothing), `remarks` some that are easily taken to belong, or
    easily missed, to what to look at again.
    """

    right: frozenset[str]
    among: Mapping[str, str]
    reason: str
    noun: str = "passage"
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def expects(self) -> str:  # type: ignore[override]
        """What `check` takes, in words."""
        first, second = list(self.among)[:2]
        return f'a list of {self.noun}s, such as ["{first}", "{second}"]'

    def _judged(self, answer: object) -> Reply:
        chosen = _names(answer)
        if chosen is None:
            return self._expected()
        known = {plain(name): name for name in self.among}
        unknown = [name for name in chosen if plain(name) not in known]
        if unknown:
            told = [f"{name}: there is no such {self.noun} here{did_you_mean(name, self.among)}" for name in unknown]
            return self._told(Outcome.NOT_YET, f"Choose among {formatting.listed(list(self.among))}.", points=told)
        return self._compared(frozenset(known[plain(name)] for name in chosen))

    def _compared(self, chosen: frozenset[str]) -> Reply:
        if chosen == self.right:
            return self._told(Outcome.YES, self.reason)
        belong, wrong, missing = chosen & self.right, chosen - self.right, self.right - chosen
        said = f"{formatting.counted(len(belong), self.noun).capitalize()} of yours {_belong(len(belong))}"
        if wrong:
            said += f"; {formatting.counted(len(wrong), self.noun)} {'does' if len(wrong) == 1 else 'do'} not"
        if missing:
            said += f"; {formatting.in_words(len(missing))} {'is' if len(missing) == 1 else 'are'} missing"
        told = [self.remarks[name] for name in self.among if name in self.remarks and name in wrong | missing]
        return self._told(Outcome.NOT_YET, f"{said}.", points=told)

    def solution(self) -> Reply:
        """Return what belongs, with the reason."""
        right = [name for name in self.among if name in self.right]
        return Reply(f"{self.name}, solution: {formatting.listed(right)}", (self.reason,))

    def _asked(self) -> Reply:
        shown = tuple(f"{name}: {text}" for name, text in self.among.items() if text)
        return Reply(f"{self.name}: {self.title}", (self.task,), shown)


@dataclass(eq=False, repr=False)
class Matching(Exercise):
    """Things to be matched with codes where a written rule decides.

    `situations` maps a key to what is described, `right` to its code, and `rules` to the rule to read again; `decides`
    says what kind of rules they are. `sheets` are shown with a right answer and with the solution.
    """

    situations: Mapping[str, str]
    right: Mapping[str, str]
    rules: Mapping[str, str]
    options: Sequence[str]
    decides: str = "the written rules"
    sheets: Sequence[CaptionedTable] = ()

    @property
    def expects(self) -> str:  # type: ignore[override]
        """What `check` takes, in words."""
        return f"a code for each of {formatting.listed(list(self.situations))}: {formatting.listed(list(self.options))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given, faults = coded(answer, list(self.situations), {plain(option): option for option in self.options})
        if faults:
            return self._told(Outcome.NOT_YET, f"This exercise takes {self.expects}.", points=faults)
        off = [key for key in self.situations if given[key] != self.right[key]]
        if not off:
            return self._told(Outcome.YES, f"All as {self.decides} have it.", sheets=self.sheets)
        fit = f"{len(self.situations) - len(off)} of {len(self.situations)} are as {self.decides} have it."
        return self._told(Outcome.NOT_YET, fit, points=[f"{key}: read again {self.rules[key]}." for key in off])

    def solution(self) -> Reply:
        """Return the code of each situation, with the rule that decides."""
        points = tuple(f"{key}: {self.right[key]}; see {self.rules[key]}." for key in self.situations)
        return Reply(f"{self.name}, solution", points=points, sheets=tuple(self.sheets))

    def _asked(self) -> Reply:
        situations = tuple(f"{key}: {described}" for key, described in self.situations.items())
        return Reply(f"{self.name}: {self.title}", (self.task,), situations)


def coded(
    answer: Mapping[object, object], items: Sequence[str], options: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Read a table of items and codes: what was given, and what keeps it from being complete and valid.

    `options` maps names as `plain` gives them to codes.
    """
    given: dict[str, str] = {}
    faults = [f"{key}: there is no such key here." for key in answer if key not in items]
    for item in items:
        value = answer.get(item)
        if is_blank(value):
            continue
        if not isinstance(value, str):
            faults.append(f"{item}: write the code as text, in quotation marks.")
        elif plain(value) not in options:
            faults.append(f"{item}: there is no code {value!r}{did_you_mean(value, options.values())}")
        else:
            given[item] = options[plain(value)]
    open_still = [item for item in items if is_blank(answer.get(item))]
    if open_still:
        faults.append(f"Still to do: {formatting.listed(open_still)}.")
    return given, faults


def _names(answer: object) -> list[str] | None:
    """Return the names in a list, set or text; None for anything else."""
    if isinstance(answer, str):
        return [name for name in re.split(r"[\s,;]+", answer) if name]
    if not isinstance(answer, list | tuple | set | frozenset):
        return None
    names = [name for name in answer if isinstance(name, str)]
    return names if len(names) == len(answer) else None


def _belong(n: int) -> str:
    return "belongs" if n == 1 else "belong"
