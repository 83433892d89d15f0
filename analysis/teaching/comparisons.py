"""Exercises in judgement: what a learner decided is set beside what was decided before, and never marked wrong.

Their outcome is *yes* as soon as an answer is complete and uses what there is to choose from.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.teaching.exercises import Exercise, coded, is_blank, plain
from analysis.teaching.replies import Outcome, Reply

#: Said under every comparison.
OPEN = (
    "This is a judgement: where you differ, ask which words carry either reading, and whether the rule is clear enough."
)


SHOWN = 20  # pairs grouped otherwise that are listed: as many as a person would go through


@dataclass(frozen=True)
class Judged:
    """How one thing was judged before: what it was taken for, why, its words, and what else was allowed."""

    taken: str
    why: str
    text: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(eq=False, repr=False)
class Comparison(Exercise):
    """A code, or words of one's own, for each of some things, compared with those of record.

    Parameters
    ----------
    record : mapping
        Each thing's key and how it was judged before.
    options : mapping or None
        What may be chosen, and what it is compared as (a first-order code as its dimension); None for own words.
    whose : str
        Whose judgement the record is, in a sentence.
    noun, words : str
        What the things are (passage), and what the words that they are shown with are called (Gist).
    withheld : bool
        Whether what the record says waits for a later exercise; then only the number that agree is told.
    left_out : str
        What a thing that the learner leaves out is taken for; empty where all have to be judged.
    """

    record: Mapping[str, Judged]
    options: Mapping[str, str] | None
    whose: str
    noun: str = "passage"
    words: str = "Gist"
    withheld: bool = False
    left_out: str = ""

    @property
    def expects(self) -> str:  # type: ignore[override]
        """What `check` takes, in words."""
        if self.left_out:
            return f"some {self.noun}s, each with one of {formatting.listed(list(self.options or ()))}"
        if self.options is None:
            return f"words of your own for each {self.noun}"
        return f"for each {self.noun} one of {formatting.listed(list(dict.fromkeys(self.options.values())))}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given, faults = self._given(answer)
        if faults:
            counted = f"{len(given)} of {len(answer if self.left_out else self.record)} can be used so far."
            return self._told(Outcome.NOT_YET, counted, f"This exercise takes {self.expects}.", points=faults)
        reply = self._told(Outcome.YES, *self._agreement(given))
        shown = () if self.withheld else (self._beside(given),)
        return Reply(reply.heading, reply.said, (), shown, Outcome.YES)

    def _given(self, answer: Mapping[object, object]) -> tuple[dict[str, str], list[str]]:
        if self.left_out:
            rest = dict.fromkeys(self.record, self.left_out)
            answer = rest | {key: given for key, given in answer.items() if not is_blank(given)}
        if self.options is not None:
            return coded(answer, list(self.record), {plain(name): name for name in self.options})
        given = {key: " ".join(str(answer[key]).split()) for key in self.record if not is_blank(answer.get(key))}
        faults = [f"{key}: there is no such {self.noun} here." for key in answer if key not in self.record]
        open_still = [key for key in self.record if key not in given]
        return given, [*faults, *([f"Still to do: {formatting.listed(open_still)}."] if open_still else [])]

    def _agreement(self, given: Mapping[str, str]) -> tuple[str, ...]:
        if self.options is None:
            return f"All {len(given)} have words of yours. {self.whose}", OPEN
        if self.left_out:
            return self._found(given), self.whose, OPEN
        alike = sum(self.options[given[key]] == judged.taken for key, judged in self.record.items())
        allowed = sum(self.options[given[key]] in judged.allowed for key, judged in self.record.items())
        said = f"You and the record agree on {alike} of {len(given)} {self.noun}s."
        if allowed:
            said += f" On {formatting.counted(allowed, 'other')} you chose what the record allows as well."
        if self.withheld:
            return said, "Where, and why, is told after you have decided a second time. No score is meant: see below."
        return f"{said} {self.whose}", OPEN

    def _found(self, given: Mapping[str, str]) -> str:
        yours = {key for key, code in given.items() if code != self.left_out}
        theirs = {key for key, judged in self.record.items() if judged.taken != self.left_out}
        alike = sum(given[key] == self.record[key].taken for key in yours & theirs)
        return (
            f"{self.noun.capitalize()}s named by you: {len(yours)}; by the record: {len(theirs)}; by both: "
            f"{len(yours & theirs)}, of which {alike} with the same bearing."
        )

    def _beside(self, given: Mapping[str, str]) -> CaptionedTable:
        rows = {
            key: [
                judged.text, self.options[given[key]] if self.options else given[key], judged.taken,
                ", ".join(judged.allowed), judged.why,
            ]
            for key, judged in self.record.items()
            if self.options is None or self.options[given[key]] != judged.taken
        }  # fmt: skip
        return self._table(rows, ["You", "Record", "Also allowed", "Why"], "you and the record differ")

    def _table(self, rows: Mapping[str, Sequence[str]], heads: Sequence[str], what: str) -> CaptionedTable:
        table = pd.DataFrame.from_dict(dict(rows), orient="index", columns=[self.words, *heads])
        empty = [head for head in table.columns if not table[head].astype(bool).any()]
        caption = f"{self.name}: where {what}" if self.options else f"{self.name}: yours and the record's"
        return CaptionedTable(table.drop(columns=empty).rename_axis(self.noun.capitalize()), caption)

    def solution(self) -> Reply:
        """Return how all was judged before, by whom and why."""
        rows = {
            key: [judged.text, judged.taken, ", ".join(judged.allowed), judged.why]
            for key, judged in self.record.items()
            if not self.left_out or judged.taken != self.left_out
        }
        table = self._table(rows, ["Record", "Also allowed", "Why"], "the record stands")
        return Reply(f"{self.name}, the record", (self.whose, OPEN), sheets=(table,))


@dataclass(eq=False, repr=False)
class Grouping(Exercise):
    """Things put into groups under any names, compared by pairs with the groups of record.

    `things` maps each key to its words; `record` maps each key to the name of its group in the record.
    """

    things: Mapping[str, str]
    record: Mapping[str, str]
    whose: str
    noun: str = "code"

    @property
    def expects(self) -> str:  # type: ignore[override]
        """What `check` takes, in words."""
        return f"the name of a group for each {self.noun}"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, Mapping):
            return self._expected()
        given = {key: plain(str(answer[key])) for key in self.record if not is_blank(answer.get(key))}
        faults = [f"{key}: there is no such {self.noun} here." for key in answer if key not in self.record]
        open_still = [key for key in self.record if key not in given]
        if open_still:
            faults.append(f"Still to do: {formatting.listed(open_still)}.")
        if faults:
            return self._told(
                Outcome.NOT_YET, f"{len(given)} of {len(self.record)} have a group so far.", points=faults
            )
        return self._compared(given)

    def _compared(self, given: Mapping[str, str]) -> Reply:
        yours, theirs = pairs(given), pairs(self.record)
        every = len(self.record) * (len(self.record) - 1) // 2
        alike = every - len(yours ^ theirs)
        said = (
            f"You made {formatting.counted(len(set(given.values())), 'group')}, the record has "
            f"{len(set(self.record.values()))}. Of {every} pairs of {self.noun}s, {alike} are grouped alike: "
            f"{len(yours & theirs)} together in both, {every - len(yours | theirs)} apart in both. "
            f"{len(yours - theirs)} are together in yours only, {len(theirs - yours)} in the record only."
        )
        why = "Most pairs are apart in any grouping, so look at the pairs that are together somewhere, not at the sum."
        differing = self._differing(yours, theirs)
        sheet = CaptionedTable(differing.head(SHOWN), f"{self.name}: pairs grouped otherwise")
        rest = len(differing) - SHOWN
        more = [f"The first {SHOWN} are listed; {rest} more are grouped otherwise."] if rest > 0 else []
        return Reply(
            f"{self.name}: {Outcome.YES.value}", (said, why, self.whose, OPEN), tuple(more),
            sheets=(sheet,) if len(sheet.table) else (), outcome=Outcome.YES,
        )  # fmt: skip

    def _differing(self, yours: set[tuple[str, str]], theirs: set[tuple[str, str]]) -> pd.DataFrame:
        rows = [
            (self.things[one], self.things[other], "together" if (one, other) in yours else "apart",
             "together" if (one, other) in theirs else "apart")
            for one, other in combinations(self.record, 2)
            if ((one, other) in yours) != ((one, other) in theirs)
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["One", "Other", "You", "Record"])
        return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="Pair"))

    def solution(self) -> Reply:
        """Return the groups of record."""
        groups: dict[str, list[str]] = {}
        for key, group in self.record.items():
            groups.setdefault(group, []).append(self.things[key])
        points = tuple(f"{group}: {'; '.join(members)}" for group, members in groups.items())
        return Reply(f"{self.name}, the record", (self.whose,), points)


def pairs(groups: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the pairs of keys that share a group, in the order of the keys.

    >>> pairs({"a": "x", "b": "y", "c": "x"})
    {('a', 'c')}
    """
    return {(one, other) for one, other in combinations(groups, 2) if groups[one] == groups[other]}


@dataclass(frozen=True)
class PatternHint:
    """Something to look out for in a text: `remark` is told if `pattern` is found, or if it is not (`wanted`)."""

    pattern: str
    remark: str
    wanted: bool = False

    def applies(self, text: str) -> bool:
        """Tell whether the remark is to be made about a text."""
        return bool(re.search(self.pattern, text, re.IGNORECASE)) != self.wanted


@dataclass(eq=False, repr=False)
class Prose(Exercise):
    """Words of one's own, set beside those of record, with what to look out for; anything long enough is an answer."""

    record: str
    whose: str
    look_outs: Sequence[PatternHint] = ()
    least: int = 8
    points: Sequence[str] = field(default_factory=tuple)

    @property
    def expects(self) -> str:  # type: ignore[override]
        """What `check` takes, in words."""
        return f"text in quotation marks, of {self.least} words or more"

    def _judged(self, answer: object) -> Reply:
        if not isinstance(answer, str):
            return self._expected()
        if len(answer.split()) < self.least:
            return self._told(Outcome.NOT_YET, f"A little more, please: this exercise takes {self.expects}.")
        remarks = self._remarks(answer)
        said = [*self._beside(answer), *(["To think over in yours:"] if remarks else [])]
        return self._told(Outcome.YES, *said, points=remarks)

    def _beside(self, _answer: str) -> Iterable[str]:
        """Return what an answer is compared with."""
        return [f"{self.whose} “{self.record}”"]

    def _remarks(self, answer: str) -> list[str]:
        return [look_out.remark for look_out in self.look_outs if look_out.applies(answer)]

    def solution(self) -> Reply:
        """Return the words of record, with what good ones have."""
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
        """Return the codebook's words for each code, with what good rules have."""
        notes = tuple(f"{code}: “{words}”" for code, words in self.codebook.items())
        return Reply(f"{self.name}, the record", (self.record,), (*self.points, *notes))
