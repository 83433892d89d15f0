"""Exercises in judgement: what a learner decided is set beside the judgement of record, and never marked wrong.

Their outcome is *recorded* as soon as an answer is complete and uses what there is to choose from: nobody says that it
is right. Learners compare it with the record, and check what they wrote by a list of their own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.teaching.exercises import Choice, Exercise, coded, is_blank, plain, still_to_do
from analysis.teaching.replies import Outcome, Reply

#: Said under every comparison.
OPEN = (
    "This is a judgement: where you differ, ask which words support either reading, and whether the rule is clear "
    "enough."
)
MOST_PAIRS = 20  # pairs grouped differently that are listed: as many as a person would go through


@dataclass(frozen=True)
class Judged:
    """The judgement of record on one thing: the code, the reason, the words of the thing, and what else is allowed.

    `blind` are the words that it is judged by, where these are not the same.
    """

    taken: str
    why: str
    text: str = ""
    allowed: tuple[str, ...] = ()
    blind: str = ""

    @property
    def judged_by(self) -> str:
        """The words in which it is shown before it is judged."""
        return self.blind or self.text


@dataclass(eq=False, repr=False)
class Comparison(Exercise):
    """A code, or the learner's own words, for each of several things, compared with the record.

    Parameters
    ----------
    record : mapping
        Each thing's key and the judgement of record.
    options : mapping or None
        What may be chosen, and what it is compared as (a first-order code as its dimension); None for own words.
    whose : str
        Whose judgement the record is, in a sentence.
    noun, words : str
        What the things are (passage), and the heading of the words that they are shown with (Gist).
    withheld : bool
        Whether the record is held back for a later exercise, and the reply says only how many agree.
    left_out : str
        The code of a thing that the learner leaves out; empty if all have to be judged.
    asks_words, asks_reason : bool
        Whether the words that decide, and a reason, are asked for with each code.
    again : str
        The number of the exercise in which the same was coded a first time; empty if there is none.
    rule : str
        The number of the exercise whose text, a rule, is shown beside each thing; empty if there is none.
    feedback : mapping
        What is said of a code that is often chosen by mistake, where the record does not have or allow it.
    choices : sequence
        The codes with their names and definitions, in the order in which they are shown.
    facet : str
        The facet of the study that the codes are of; empty for options of another kind.
    """

    record: Mapping[str, Judged]
    options: Mapping[str, str] | None
    whose: str
    noun: str = "passage"
    words: str = "Gist"
    withheld: bool = False
    left_out: str = ""
    asks_words: bool = False
    asks_reason: bool = False
    again: str = ""
    rule: str = ""
    feedback: Mapping[str, str] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    facet: str = ""

    @property
    def kind(self) -> str:  # type: ignore[override] # own words are another kind of answer than codes
        """What an answer has: codes, or own words."""
        return "labels" if self.options is None else "coding"

    def items(self) -> Mapping[str, str]:
        """Return what is to be judged, in the words that it is judged by."""
        return {key: judged.judged_by for key, judged in self.record.items()}

    def _listed(self) -> Mapping[str, str]:
        return {}  # shown as a table of its own

    def _expects(self) -> str:
        if self.left_out:
            return f"some {self.noun}s, each with one of {formatting.listed(list(self.options or ()))}"
        if self.options is None:
            return f"words of your own for each {self.noun}"
        return f"for each {self.noun} one of {formatting.listed(list(dict.fromkeys(self.options.values())))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        codes = {key: _part(one, "code") for key, one in answer.items()}
        given, problems = self._given(codes)
        if problems:
            usable = f"{len(given)} of {len(codes if self.left_out else self.record)} can be used so far."
            expected = f"This exercise takes {self._expects()}."
            return self._reply(Outcome.NOT_YET, usable, expected, points=problems)
        sheets = [] if self.withheld else [self._differences(given)]
        remarks = [*self._about_words(answer, given), *([] if self.withheld else self._about_codes(given))]
        return self._reply(Outcome.RECORDED, *self._agreement(given), points=remarks, sheets=sheets)

    def _about_words(self, answer: Mapping[object, object], given: Mapping[str, str]) -> list[str]:
        """Say for which things the words that decide are missing, or are not among the words that are shown."""
        if not self.asks_words:
            return []
        words = {key: str(_part(answer.get(key), "words") or "") for key in given if given[key] != self.left_out}
        missing = [key for key, said in words.items() if is_blank(said)]
        strange = [key for key, said in words.items() if not _is_in(said, self.record[key].judged_by)]
        remarks = [f"Which words decide in {formatting.listed(missing)}? Copy them from the {self.noun}."]
        return [
            *(remarks if missing else []),
            *(f"{key}: “{words[key]}” is not in the {self.noun}; copy the words that decide." for key in strange),
        ]

    def _about_codes(self, given: Mapping[str, str]) -> list[str]:
        options = self.options or {}
        codes = {key: options.get(code, code) for key, code in given.items()}
        return [
            f"{key}: {self.feedback[code]}"
            for key, code in codes.items()
            if code in self.feedback and code not in (self.record[key].taken, *self.record[key].allowed)
        ]

    def _given(self, answer: Mapping[object, object]) -> tuple[dict[str, str], list[str]]:
        if self.left_out:
            rest = dict.fromkeys(self.record, self.left_out)
            answer = rest | {key: given for key, given in answer.items() if not is_blank(given)}
        if self.options is not None:
            return coded(answer, list(self.record), {plain(name): name for name in self.options})
        return _in_words(answer, self.record, self.noun)

    def _agreement(self, given: Mapping[str, str]) -> tuple[str, ...]:
        if self.options is None:
            return f"All {len(given)} have words of yours. {self.whose}", OPEN
        if self.left_out:
            return self._named(given), self.whose, OPEN
        codes = {key: self.options[code] for key, code in given.items()}
        same = sum(codes[key] == judged.taken for key, judged in self.record.items())
        allowed = sum(codes[key] in judged.allowed for key, judged in self.record.items())
        said = f"You and the record agree on {same} of {len(given)} {self.noun}s."
        if allowed:
            said += f" On {formatting.counted(allowed, 'other')} you chose what the record also allows."
        if self.withheld:
            return said, "You will see where, and why, after you have coded a second time. This is not a score."
        return f"{said} {self.whose}", OPEN

    def _named(self, given: Mapping[str, str]) -> str:
        yours = {key for key, code in given.items() if code != self.left_out}
        theirs = {key for key, judged in self.record.items() if judged.taken != self.left_out}
        same = sum(given[key] == self.record[key].taken for key in yours & theirs)
        return (
            f"{self.noun.capitalize()}s named by you: {len(yours)}; by the record: {len(theirs)}; by both: "
            f"{len(yours & theirs)}, of which {same} with the same bearing."
        )

    def _differences(self, given: Mapping[str, str]) -> CaptionedTable:
        options = self.options or {}
        yours = {key: options.get(code, code) for key, code in given.items()}
        differ = [key for key, judged in self.record.items() if not options or yours[key] != judged.taken]
        what = "where you and the record differ" if options else "yours and the record's"
        return self._table(differ, what, yours)

    def _table(self, keys: Iterable[str], what: str, yours: Mapping[str, str] | None = None) -> CaptionedTable:
        """Return the judgements of record of some things, beside those of the learner if there are any."""
        rows = [
            (key, one.text, *([yours[key]] if yours else []), one.taken, ", ".join(one.allowed), one.why)
            for key in keys
            for one in [self.record[key]]
        ]
        heads = ["", self.words, *(["You"] if yours else []), "Record", "Also allowed", "Why"]
        table = pd.DataFrame(rows, columns=heads).set_index("").rename_axis(self.noun.capitalize())
        return CaptionedTable(table.loc[:, table.astype(bool).any()], f"{self.name}: {what}")

    def solution(self) -> Reply:
        """Return the judgement of record of everything, with whose it is and why."""
        keys = [key for key, judged in self.record.items() if not self.left_out or judged.taken != self.left_out]
        table = self._table(keys, "the record")
        return Reply(f"{self.name}, the record", (self.whose, OPEN), sheets=(table,))


def _part(one: object, name: str) -> object:
    """Return the code of an answer, or its words or reason, where it has several parts; otherwise it is the code."""
    if isinstance(one, Mapping):
        return one.get(name, "")
    if isinstance(one, tuple | list):
        parts = dict(zip(("code", "words", "reason"), one, strict=False))
        return parts.get(name, "")
    return one if name == "code" else ""


def _is_in(words: str, text: str) -> bool:
    """Tell whether all of some words occur in a text, whatever is between them; nothing is in every text."""
    found, said = (re.findall(r"[^\W_]+", one.casefold()) for one in (text, words))
    return set(said) <= set(found)


@dataclass(eq=False, repr=False)
class Grouping(Exercise):
    """Things put into groups under any names, compared pair by pair with the groups of record.

    `things` maps each key to its words; `record` maps each key to the name of its group in the record.
    """

    kind = "groups"

    things: Mapping[str, str]
    record: Mapping[str, str]
    whose: str
    noun: str = "code"

    def items(self) -> Mapping[str, str]:
        """Return the things to be grouped."""
        return self.things

    def _listed(self) -> Mapping[str, str]:
        return {}  # shown as a table of its own

    def _expects(self) -> str:
        return f"the name of a group for each {self.noun}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given, problems = _in_words(answer, self.record, self.noun)
        if problems:
            usable = f"{len(given)} of {len(self.record)} have a group so far."
            return self._reply(Outcome.NOT_YET, usable, points=problems)
        return self._compared({key: plain(group) for key, group in given.items()})

    def _compared(self, given: Mapping[str, str]) -> Reply:
        yours, theirs = pairs(given), pairs(self.record)
        every = len(self.record) * (len(self.record) - 1) // 2
        said = (
            f"You made {formatting.counted(len(set(given.values())), 'group')}, the record has "
            f"{len(set(self.record.values()))}. Of {every} pairs of {self.noun}s, {every - len(yours ^ theirs)} are "
            f"grouped in the same way: {len(yours & theirs)} together in both, {every - len(yours | theirs)} apart in "
            f"both. {len(yours - theirs)} are together in yours only, {len(theirs - yours)} in the record only."
        )
        why = "Most pairs are apart in any grouping, so look at the pairs that are together somewhere, not at the sum."
        differing = self._differing(yours, theirs)
        sheet = CaptionedTable(differing.head(MOST_PAIRS), f"{self.name}: pairs grouped differently")
        rest = len(differing) - MOST_PAIRS
        more = [f"The first {MOST_PAIRS} are listed; {rest} more are grouped differently."] if rest > 0 else []
        sheets = [sheet] if len(differing) else []
        return self._reply(Outcome.RECORDED, said, why, self.whose, OPEN, points=more, sheets=sheets)

    def _differing(self, yours: set[tuple[str, str]], theirs: set[tuple[str, str]]) -> pd.DataFrame:
        rows = [
            (*map(self.things.get, pair), *("together" if pair in found else "apart" for found in (yours, theirs)))
            for pair in combinations(self.record, 2)
            if pair in yours ^ theirs
        ]
        table = pd.DataFrame(rows, columns=["One", "Other", "You", "Record"])
        return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="Pair"))

    def solution(self) -> Reply:
        """Return the groups of record."""
        groups: dict[str, list[str]] = {}
        for key, group in self.record.items():
            groups.setdefault(group, []).append(self.things[key])
        points = tuple(f"{group}: {'; '.join(members)}" for group, members in groups.items())
        return Reply(f"{self.name}, the record", (self.whose,), points)


def _in_words(answer: Mapping[object, object], keys: Iterable[str], noun: str) -> tuple[dict[str, str], list[str]]:
    """Return the learner's own words for each key, and what keeps the answer from being complete."""
    given = {key: " ".join(str(answer[key]).split()) for key in keys if not is_blank(answer.get(key))}
    unknown = [f"{key}: there is no such {noun} here." for key in answer if key not in set(keys)]
    return given, unknown + still_to_do(keys, given)


def pairs(groups: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the pairs of keys that share a group, in the order of the keys.

    >>> pairs({"a": "x", "b": "y", "c": "x"})
    {('a', 'c')}
    """
    return {pair for pair in combinations(groups, 2) if groups[pair[0]] == groups[pair[1]]}


@dataclass(frozen=True)
class PatternHint:
    """A remark on a learner's text: made if the pattern is found, or, with `missing`, if it is not found."""

    find: str
    say: str
    missing: bool = False

    def applies(self, text: str) -> bool:
        """Tell whether the remark is to be made about a text."""
        return bool(re.search(self.find, text, re.IGNORECASE)) != self.missing


@dataclass(eq=False, repr=False)
class Prose(Exercise):
    """The learner's own sentences, set beside those of record, with remarks; learners check them by `points`.

    A text of fewer than `least` words is asked for more. No program can say whether a longer one is good.
    """

    kind = "writing"

    record: str
    whose: str
    patterns: Sequence[PatternHint] = ()
    least: int = 8
    points: Sequence[str] = ()

    def _expects(self) -> str:
        return f"text in quotation marks, of {self.least} words or more"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, str):
            return self._expected()
        if len(answer.split()) < self.least:
            return self._reply(Outcome.NOT_YET, f"A little more, please: this exercise takes {self._expects()}.")
        remarks = self._remarks(answer)
        think = ["To think over in yours:"] if remarks else []
        return self._reply(Outcome.RECORDED, *self._beside(answer), *think, points=remarks, checklist=self.points)

    def _beside(self, _answer: str) -> Iterable[str]:
        """Return what an answer is compared with."""
        return [f"{self.whose} “{self.record}”"]

    def _remarks(self, answer: str) -> list[str]:
        return [pattern.say for pattern in self.patterns if pattern.applies(answer)]

    def solution(self) -> Reply:
        """Return the sentences of record, and what good sentences have."""
        return Reply(f"{self.name}, the record", (f"{self.whose} “{self.record}”",), tuple(self.points))


@dataclass(eq=False, repr=False)
class Rule(Prose):
    """A rule for coding in the learner's own words, compared with the codebook's words for the codes that it names.

    `codebook` maps each code to these words; `record` introduces them in the solution.
    """

    codebook: Mapping[str, str] = field(default_factory=dict)

    def named(self, answer: str) -> list[str]:
        """Return the codes that a rule names, in the order of the codebook."""
        longest_first = sorted(self.codebook, key=len, reverse=True)  # "resource" also begins a longer code
        found = re.findall(rf"(?<![a-z])({'|'.join(longest_first)})(?![a-z])", plain(answer))
        return [code for code in self.codebook if code in found]

    def _beside(self, answer: str) -> Iterable[str]:
        notes = [f"{code}: “{self.codebook[code]}”" for code in self.named(answer)]
        return [self.whose, *notes] if notes else []

    def _remarks(self, answer: str) -> list[str]:
        unnamed = "Which code does the rule decide? Name it, and the rule is compared with the codebook's words for it."
        return [*([] if self.named(answer) else [unnamed]), *super()._remarks(answer)]

    def solution(self) -> Reply:
        """Return the codebook's words for each code, and what good rules have."""
        notes = tuple(f"{code}: “{words}”" for code, words in self.codebook.items())
        return Reply(f"{self.name}, the record", (self.record,), (*self.points, *notes))
