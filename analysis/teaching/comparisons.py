"""Exercises in judgement: what a learner decided is set beside the judgement of record, and never marked wrong.

Their outcome is *yes* as soon as an answer is complete and uses what there is to choose from.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.teaching.exercises import Exercise, coded, is_blank, plain, still_to_do
from analysis.teaching.replies import Outcome, Reply

#: Said under every comparison.
OPEN = (
    "This is a judgement: where you differ, ask which words support either reading, and whether the rule is clear "
    "enough."
)
MOST_PAIRS = 20  # pairs grouped differently that are listed: as many as a person would go through


@dataclass(frozen=True)
class Judged:
    """The judgement of record on one thing: the code, the reason, the words of the thing, and what else is allowed."""

    taken: str
    why: str
    text: str = ""
    allowed: tuple[str, ...] = ()


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
    """

    record: Mapping[str, Judged]
    options: Mapping[str, str] | None
    whose: str
    noun: str = "passage"
    words: str = "Gist"
    withheld: bool = False
    left_out: str = ""

    def _expects(self) -> str:
        if self.left_out:
            return f"some {self.noun}s, each with one of {formatting.listed(list(self.options or ()))}"
        if self.options is None:
            return f"words of your own for each {self.noun}"
        return f"for each {self.noun} one of {formatting.listed(list(dict.fromkeys(self.options.values())))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given, problems = self._given(answer)
        if problems:
            usable = f"{len(given)} of {len(answer if self.left_out else self.record)} can be used so far."
            expected = f"This exercise takes {self._expects()}."
            return self._reply(Outcome.NOT_YET, usable, expected, points=problems)
        sheets = [] if self.withheld else [self._differences(given)]
        return self._reply(Outcome.YES, *self._agreement(given), sheets=sheets)

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


@dataclass(eq=False, repr=False)
class Grouping(Exercise):
    """Things put into groups under any names, compared pair by pair with the groups of record.

    `things` maps each key to its words; `record` maps each key to the name of its group in the record.
    """

    things: Mapping[str, str]
    record: Mapping[str, str]
    whose: str
    noun: str = "code"

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
        return self._reply(Outcome.YES, said, why, self.whose, OPEN, points=more, sheets=sheets)

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
    """The learner's own sentences, set beside those of record, with remarks; any text that is long enough will do."""

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
        return self._reply(Outcome.YES, *self._beside(answer), *think, points=remarks)

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
