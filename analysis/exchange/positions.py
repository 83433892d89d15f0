"""Positions of selections: how a program counted them, found out from the text, and turned into code points and back.

The standard counts Unicode code points from 0, the end exclusive. Some programs count UTF-16 units, in which an emoji
is two, and programs differ in whether a line break is one position or two, whatever is stored. Selections behind a
place where these ways differ show which of them fits: by names that quote the selection, and ends at edges of words.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeVar

from analysis.exchange.project import Project, Selection, Source
from analysis.support.formatting import listed

_BREAKS = re.compile(r"\r\n|\n|\r")
_PAIR = re.compile(r"\r\n")
_SINGLE = re.compile(r"(?<!\r)\n|\r(?!\n)")
_ASTRAL = re.compile(r"[\U00010000-\U0010FFFF]")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)\s*$")
_QUOTED = 8  # letters and digits that a name has to have in common with its selection to be a quotation
_MOST_SELECTIONS, _MOST_TEXTS = 1_000, 20  # that are examined for each thing that is counted differently
T = TypeVar("T")


class Way(NamedTuple):
    """A way to count positions: in UTF-16 units or code points, a line break as stored or as one or two."""

    name: str
    description: str
    utf16: bool
    line_break: int | None


WAYS = (
    Way("code-points", "code points, as the standard says", False, None),
    Way("utf-16", "UTF-16 units", True, None),
    Way("code-points-1", "code points, a line break as one", False, 1),
    Way("utf-16-1", "UTF-16 units, a line break as one", True, 1),
    Way("code-points-2", "code points, a line break as two", False, 2),
    Way("utf-16-2", "UTF-16 units, a line break as two", True, 2),
)
BY_NAME = {way.name: way for way in WAYS}


class Scale:
    """The positions of one text as one way counts them, against code points of the text as it is stored."""

    def __init__(self, text: str, way: Way) -> None:
        self.places: list[int] = []  # code points at which an irregular piece of text begins
        self.counted: list[int] = []  # what the way counts there
        self.widths: list[tuple[int, int]] = []  # how wide it is: in code points, and as counted
        extra = 0
        for start, stored, wide in sorted(_irregular(text, way)):
            self.places.append(start)
            self.counted.append(start + extra)
            self.widths.append((stored, wide))
            extra += wide - stored
        self.end = len(text) + extra

    def place(self, position: int) -> tuple[int, bool]:
        """Return the code point of a position, and whether it lies between two characters rather than within one."""
        before = bisect_left(self.counted, position) - 1
        if before < 0:
            return position, True
        stored, wide = self.widths[before]
        past = position - self.counted[before] - wide
        if past >= 0:
            return self.places[before] + stored + past, True
        return self.places[before], False

    def position(self, place: int) -> int | None:
        """Return the position of a code point as this way counts it; None within what it counts as one."""
        before = bisect_left(self.places, place) - 1
        if before < 0:
            return place
        stored, wide = self.widths[before]
        past = place - self.places[before] - stored
        return self.counted[before] + wide + past if past >= 0 else None


def _irregular(text: str, way: Way) -> Iterator[tuple[int, int, int]]:
    """Yield start, stored width and counted width of what the way does not count as it is stored."""
    if way.utf16 and not text.isascii():
        for found in _ASTRAL.finditer(text):
            yield found.start(), 1, 2
    if way.line_break is not None:
        for found in _BREAKS.finditer(text):
            if len(found[0]) != way.line_break:
                yield found.start(), len(found[0]), way.line_break


class Fit(NamedTuple):
    """How well a way fits some selections: impossible places, names that quote, ends at edges of words.

    `places` are where the selections would be; there is no need to choose between ways that agree in all of them.
    """

    impossible: int
    quoted: int
    edges: int
    ends: int
    places: tuple[int, ...]

    def rank(self) -> tuple[int, int, int]:
        """Return the key by which ways are ranked; a better way has a higher one."""
        return self.quoted - self.impossible, -self.impossible, self.edges


@dataclass(frozen=True)
class Counting:
    """The way in which positions were counted, and how sure that is."""

    way: Way
    sureness: str

    def __str__(self) -> str:
        return f"{self.way.description}; {self.sureness}"


def detect(texts: Iterable[Source]) -> Counting:
    """Find out in which way the positions of selections were counted, all by one program."""
    selected = [text for text in texts if text.content is not None and text.kind != "note" and text.selections]
    with_trait = [
        [(text, place) for text in selected if (place := _first(pattern, text)) >= 0]
        for pattern in (_ASTRAL, _PAIR, _SINGLE)
    ]
    astral, pairs, single = map(bool, with_trait)
    differ = {None: True, 1: pairs, 2: single}
    ways = [way for way in WAYS if differ[way.line_break] and (astral or not way.utf16)]
    if len(ways) == 1:
        return Counting(WAYS[0], "there is no text in which ways of counting differ")
    some = _examined(with_trait)
    fits = {way: fit(some, way) for way in ways}
    best = max(ways, key=lambda way: fits[way].rank())  # the first of equals, so the standard's if it is one
    if not _clearly_better(fits[best], fits[WAYS[0]]):
        best = WAYS[0]  # a person who selects parts of words does not make a program count otherwise
    found = fits[best]
    rivals = [fits[way] for way in ways if fits[way].places != found.places]
    if not rivals:
        return Counting(best, "no selection lies where ways of counting differ")
    if all(rival.rank() == found.rank() for rival in rivals):
        return Counting(best, "the selections fit every way of counting, so that this is not sure")
    return Counting(best, f"{_sureness(found, rivals)}, {_evidence(found, rivals)}")


def _first(pattern: re.Pattern[str], text: Source) -> int:
    """Return where in a text a pattern is found first, or -1."""
    content = text.content or ""
    found = None if pattern is _ASTRAL and content.isascii() else pattern.search(content)
    return found.start() if found else -1


def _examined(with_trait: Iterable[Sequence[tuple[Source, int]]]) -> list[tuple[str, list[Selection]]]:
    """Return some of the texts, with some of the selections that end behind a place where ways begin to differ."""
    chosen: dict[tuple[str, str], tuple[str, dict[str, Selection]]] = {}
    for of_trait in with_trait:
        for source, first in _spread(of_trait, _MOST_TEXTS):
            behind = [one for one in source.selections if one.kind == "text" and one.span[1] > first]
            found = {one.guid: one for one in _spread(behind, _MOST_SELECTIONS // _MOST_TEXTS)}
            chosen.setdefault((source.kind, source.guid), (source.content or "", {}))[1].update(found)
    return [(text, [*found.values()]) for text, found in chosen.values()]


def _spread(found: Sequence[T], most: int) -> Sequence[T]:
    """Return at most so many of a sequence, spread over all of it."""
    return found[:: max(1, -(-len(found) // most))]


def _clearly_better(best: Fit, other: Fit) -> bool:
    """Say whether a way fits clearly better than another, by the ends that the two put in different places."""
    if best.rank()[:2] != other.rank()[:2]:
        return best.rank() > other.rank()
    differ = sum(here != there for here, there in zip(best.places, other.places, strict=True))
    return best.edges - other.edges > max(1, differ // 10)


def _sureness(best: Fit, rivals: list[Fit]) -> str:
    if best.quoted > 2 * max(rival.quoted for rival in rivals):
        return "sure"
    if all(rival.impossible > best.impossible for rival in rivals):
        return "sure"
    return "likely" if all(_clearly_better(best, rival) for rival in rivals) else "not sure"


def _evidence(best: Fit, rivals: list[Fit]) -> str:
    """Return the evidence for the best way, beside that for the next best one."""
    quoted, edges = (max(getattr(rival, what) for rival in rivals) for what in ("quoted", "edges"))
    impossible = min(rival.impossible for rival in rivals)
    evidence = [f"{best.edges:,} of {best.ends:,} ends lie at the edge of a word ({edges:,} in the next best way)"]
    if best.quoted or quoted:
        evidence.insert(0, f"{best.quoted:,} names quote their selection ({quoted:,})")
    if impossible > best.impossible:
        evidence.append(f"{best.impossible:,} places are impossible ({impossible:,})")
    return f"since {listed(evidence)}"


def fit(examined: Iterable[tuple[str, Sequence[Selection]]], way: Way) -> Fit:
    """Return how well a way fits selections of some texts."""
    impossible = quoted = edges = ends = 0
    found: list[int] = []
    for text, selections in examined:
        scale = Scale(text, way)
        for selection in selections:
            (start, start_whole), (end, end_whole) = (scale.place(position) for position in selection.span)
            found += start, end
            if not (0 <= start <= end <= len(text) and start_whole and end_whole):
                impossible += 1
                continue
            quoted += quotes(selection.name, text[start:end])
            edges += _edge(text, start) + _edge(text, end)
            ends += 2
    return Fit(impossible, quoted, edges, ends, tuple(found))


def quotes(name: str, selected: str) -> bool:
    """Say whether a name begins as the selected text does; blanks, and how far the name goes, do not count."""
    quoted = quoted_in(name)
    return bool(quoted) and "".join(selected.split()).startswith(quoted)


def quoted_in(name: str) -> str:
    """Return the words that a name may quote, without blanks; empty where they are too few to tell.

    >>> quoted_in("We were asked…"), quoted_in("Asked")
    ('Wewereasked', '')
    """
    quoted = "".join(_CUT_OFF.sub("", name).split())
    return quoted if len(quoted) >= _QUOTED else ""


def _edge(text: str, place: int) -> bool:
    """Say whether a place of a text is not within a word."""
    return not (text[place - 1 : place].isalnum() and text[place : place + 1].isalnum())


def converted(project: Project, way: Way, convert: Callable[[Source, Scale, int], int]) -> Project:
    """Return a project with `convert` applied to each position that the way does not count in code points as stored.

    Positions are those of text selections and of sync points; `convert` takes their source and its scale.
    """

    def of_source(source: Source) -> Source:
        if source.content is None or not (source.selections or source.sync_points):
            return source
        scale = Scale(source.content, way)
        if not scale.places:
            return source
        to = partial(convert, source, scale)
        selections = (one._replace(place=tuple(map(to, one.span))) if one.kind == "text" else one
                      for one in source.selections)  # fmt: skip
        points = (one if one.position is None else one._replace(position=to(one.position))
                  for one in source.sync_points)  # fmt: skip
        return replace(source, selections=tuple(selections), sync_points=tuple(points))

    return project.with_each_text(of_source)
