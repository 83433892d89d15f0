"""What is said of the file that a study was made of: how it was read, how much text it has, who marked apart."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.exchange.annotations import GISTS
from analysis.exchange.csv_table import MADE_OF_PASSAGES
from analysis.exchange.exchange_errors import ExchangeError
from analysis.exchange.import_report import Imported
from analysis.exchange.importing import people
from analysis.exchange.importing.choices import Choices
from analysis.exchange.importing.study_from_project import CodedStudy, Passage
from analysis.exchange.positions import BY_NAME, WAYS, Way
from analysis.exchange.project import Project
from analysis.study.origin import Origin
from analysis.support.errors import Fault

Span = tuple[int, int]
_NO_WHOLE_TEXT = (MADE_OF_PASSAGES, GISTS)


def origin(imported: Imported, made: CodedStudy, choices: Choices, overlaps: int) -> Origin:
    """Return where a study comes from that was made of a project and has so many `overlapping` passages."""
    project, report, counting = imported.project, imported.report, imported.report.counting
    of_sources = _texts(project)
    there = [texts for texts in of_sources if texts]
    texts = {guid: content for found in there for guid, content in found.items()}
    missing = len(of_sources) - len(there)
    marked = _marked(made.passages)
    return Origin(
        file=Path(report.file).name,
        sha256=imported.sha256,
        format=report.format,
        positions="" if counting is None else f"{counting.way.told}: {counting.sureness}",
        way="" if counting is None else counting.way.name,
        interviewee=choices.interviewee or people.usual(project),
        words=sum(len(text.split()) for text in texts.values()) if texts else None,
        characters=sum(map(len, texts.values())) if texts else None,
        marked=sum(covered(marked[guid]) for guid in texts) if texts else None,
        overlaps=overlaps,
        with_text=len(there) if texts and missing else None,
        without_text=missing if texts and missing else None,
    )


def _texts(project: Project) -> list[dict[str, str]]:
    """Return for each source its texts that are in the file, by GUID; no sources where texts were made of passages.

    A text that stands for a part of a PDF is no text of the source: where it lies among the others is not known.
    """
    if any(source.description in _NO_WHOLE_TEXT for source in project.sources):
        return []
    return [
        {text.guid: text.content for text in (source, *source.texts) if text.content is not None}
        for source in project.sources
    ]


def _marked(passages: Iterable[Passage]) -> dict[str, list[Span]]:
    """Return where the passages of each text lie."""
    found: dict[str, list[Span]] = defaultdict(list)
    for passage in passages:
        found[passage.text.guid] += [one.span for one in passage.selections if one.kind == "text"]
    return found


def covered(spans: Iterable[Span]) -> int:
    """Return how many characters lie in at least one of some spans.

    >>> covered([(0, 5), (3, 8), (20, 22)])
    10
    """
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def overlapping(passages: Iterable[Passage], unnamed: Collection[str] = ("",)) -> list[str]:
    """Return the passages of text that overlap one of other coders, where neither's coders marked the other's place.

    Coders who are `unnamed` (GUIDs) are left out: whether they are others is not known.
    """
    by_text: dict[str, list[Place]] = defaultdict(list)
    for passage in passages:
        coders = frozenset(coding.coder for coding in passage.codings).difference(unnamed)
        for selection in passage.selections[:1]:
            if selection.kind == "text":
                by_text[passage.text.guid].append(Place(passage.extract_id, *selection.span, coders))
    return [extract for places in by_text.values() for extract in _apart(places)]


class Place(NamedTuple):
    """A passage with its ends, and the coders who gave it a code."""

    extract_id: str
    start: int
    end: int
    coders: frozenset[str]


def _apart(places: list[Place]) -> Iterator[str]:
    """Yield the places of a text that overlap one which others marked; with few coders, few groups of them marked."""
    groups: dict[frozenset[str], list[Place]] = defaultdict(list)
    for place in places:
        groups[place.coders].append(place)
    ends = {
        who: (sorted(place.start for place in found), sorted(place.end for place in found))
        for who, found in groups.items()
    }
    for place in places:
        others = [ends[who] for who in groups if who - place.coders and place.coders - who]
        # Some overlap it if more of them begin before its end than end before its start.
        if any(bisect_left(starts, place.end) > bisect_right(over, place.start) for starts, over in others):
            yield place.extract_id


def way_of(origin: Origin | None, where: str) -> Way:
    """Return the way in which the file counts positions that a study was imported from, the standard's for any other.

    Studies that were imported before the way had a field of its own have it in the sentence on positions. `where` is
    the study, named in the ExchangeError for a way that is not known.
    """
    if origin is None:
        return WAYS[0]
    name = origin.way or next((way.name for way in WAYS if origin.positions.startswith(f"{way.told}: ")), WAYS[0].name)
    if name not in BY_NAME:
        problem = f"positionsCountedAs is {name!r}, which is none of {', '.join(BY_NAME)}"
        raise ExchangeError(Fault(where, problem, "Correct it in datapackage.json, or use --positions."))
    return BY_NAME[name]
