"""Several files of one learner: whose a file is, and which of them counts.

A learner is known by the pseudonym inside the file (`coder_id`). Only a file without one is known by its name, without
what browsers and systems add to the name of a copy. The latest hand-in counts, facet by facet: the file with the
highest number inside (`hand_in`, which the notebook writes), or else the highest number in its name. The dates of files
are not used, so the same files always give the same class.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pandas as pd

from analysis.support import formatting
from analysis.support.errors import Fault
from analysis.teaching.exercises import plain
from analysis.teaching.learners import LONG, Learner

_COPY = "copy|copie|copia|kopie|kopia|kopi"
#: What is added to the name of a copy: "Copy of x", "Kopie von x"; "x (1)"; "x copy 2", "x - Kopie (2)"; "x (copy)".
_ADDED = re.compile(
    rf"^(?:{_COPY})(?: \(\d+\))? (?:of|von|de|di|van|av|af) | ?\(\d+\)$| (?:- )?(?:{_COPY})(?: \d+| ?\(\d+\))?$"
    rf"| ?\((?:[\w ]* )?(?:{_COPY})(?: [\w ]*)?\)$|\.csv$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"-\d+$")  # as the notebook numbers hand-ins


@dataclass(frozen=True)
class HandedIn:
    """Learners with the codings that count, notes on their files, and pseudonyms that may be two people's."""

    learners: tuple[Learner, ...]
    notes: tuple[str, ...]
    clashes: tuple[Fault, ...]


@lru_cache(maxsize=4096)  # a class compares each with each
def key(pseudonym: str) -> str:
    """Return a pseudonym as it is compared: small letters, one form of each letter, words joined by hyphens."""
    return plain(unicodedata.normalize("NFKC", pseudonym))


def without_copy(stem: str) -> str:
    """Return the name of a file without what is added to the name of a copy.

    >>> [without_copy(name) for name in ("robin (1)", "robin - Kopie (2)", "Copy of robin", "robin copy 2", "kopie-7")]
    ['robin', 'robin', 'robin', 'robin', 'kopie-7']
    """
    name = " ".join(unicodedata.normalize("NFKC", stem).split())
    while (shorter := _ADDED.sub("", name).strip()) != name:
        name = shorter
    return name or stem


def sorted_out(files: Sequence[tuple[Path, Learner]], known: Collection[str] = ()) -> HandedIn:
    """Return one learner for each pseudonym of some files, with the latest codings of each facet.

    A file with a number after its name may also belong to one of the further pseudonyms `known`.
    """
    owners = _owners(files, {key(name) for name in known} - {""})
    learners: list[Learner] = []
    notes: list[str] = []
    clashes: list[Fault] = []
    for owner in sorted(set(owners)):
        theirs = sorted((file for file, whose in zip(files, owners, strict=True) if whose == owner), key=_order)
        in_order = [learner for _, learner in theirs]
        counting = _latest(in_order)
        pseudonym = next((one.pseudonym for one in in_order if key(one.pseudonym) == owner), owner)
        learners.append(replace(_together(in_order, counting), pseudonym=pseudonym))
        notes += _notes(in_order, counting)
        clashes += _clashes(theirs)
    return HandedIn(tuple(learners), tuple(notes), tuple(clashes))


def _owners(files: Sequence[tuple[Path, Learner]], known: Collection[str]) -> list[str]:
    """Return whose each file is; a number after a name is a hand-in's only if somebody has the name without it."""
    names = [key(learner.coder or without_copy(file.stem)) for file, learner in files]
    known = {*known, *names}
    return [
        base if not learner.coder and (base := _NUMBERED.sub("", name)) in known else name
        for name, (_, learner) in zip(names, files, strict=True)
    ]


def _order(handed_in: tuple[Path, Learner]) -> tuple[int, list[int], str]:
    file, learner = handed_in
    return learner.number, _numbers(file, learner), file.name


def _numbers(file: Path, learner: Learner) -> list[int]:
    """Return the numbers in a file's name that do not belong to the pseudonym."""
    rest = key(file.stem).removeprefix(key(learner.coder))
    return [int(number[:9]) for number in re.findall(r"(?:\(|-)(\d+)\)?(?=$|-)", rest)]


def _latest(in_order: Sequence[Learner]) -> dict[str, Learner]:
    """Return the file that counts for each facet; of files without any coding the last, under no facet."""
    latest = {facet: learner for learner in in_order for facet in learner.codings["facet"]}
    return latest or {"": in_order[-1]}


def _together(in_order: Sequence[Learner], counting: Mapping[str, Learner]) -> Learner:
    """Return one learner with the codings that count, and with all faults except those of earlier hand-ins."""
    names = {one.file for one in counting.values()}
    used = [one for one in in_order if one.file in names]
    parts = [one.codings[one.codings["facet"] == facet] for facet, one in counting.items()]
    codings = pd.concat(parts, ignore_index=True) if len(used) > 1 else used[-1].codings
    faults = [fault for one in in_order if one.file in names or not len(one.codings) for fault in one.faults]
    unused = sum(one.given - len(one.codings) for one in used)
    return replace(used[-1], codings=codings, faults=tuple(faults), given=len(codings) + unused)


def _codings(learner: Learner, facet: str = "") -> set[tuple[str, ...]]:
    rows = learner.codings if not facet else learner.codings[learner.codings["facet"] == facet]
    return set(rows[[*LONG, "role"]].itertuples(index=False, name=None))


def _notes(in_order: Sequence[Learner], counting: Mapping[str, Learner]) -> Iterator[str]:
    used = list(dict.fromkeys(learner.file for learner in counting.values()))
    if len(used) > 1:
        parts = [f"{facet} counts from {learner.file}" for facet, learner in counting.items()]
        yield f"{in_order[-1].pseudonym} handed in several files: {formatting.listed(parts)}."
    for learner in in_order:
        if learner.file in used or not len(learner.codings):
            continue
        if same := next((one for one in counting.values() if _codings(one) == _codings(learner)), None):
            yield f"{learner.file}: the same codings as in {same.file}, so they count once."
        else:
            yield f"{learner.file}: {formatting.listed(used)} counts in its place."


def _clashes(theirs: Sequence[tuple[Path, Learner]]) -> Iterator[Fault]:
    """Yield the files that differ although nothing says which is later: they may be from two people."""
    for (file, learner), (other_file, other) in combinations(theirs, 2):
        facets = [facet for facet in dict.fromkeys(other.codings["facet"]) if facet in set(learner.codings["facet"])]
        differing = [facet for facet in facets if _codings(learner, facet) != _codings(other, facet)]
        if learner.number and other.number:
            one_is_later = learner.number != other.number
        else:
            one_is_later = _numbers(file, learner) != _numbers(other_file, other)
        if differing and not one_is_later:
            problem = (
                f"{other.file} has the same pseudonym and other codings of {formatting.listed(differing)}, and "
                "nothing in the two files says which is later"
            )
            remedy = "If they are from two people, let one choose another pseudonym. If not, remove the older file."
            yield Fault(learner.file, problem, remedy, value=learner.pseudonym)
