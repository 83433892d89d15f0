"""The origin of an imported study: how its file was read, how much text it has, and which passages overlap."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.exchange.annotations import GISTS
from analysis.exchange.csv_table import MADE_OF_PASSAGES
from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.importing import people
from analysis.exchange.importing.facets import Choices
from analysis.exchange.importing.study_from_project import CodedStudy, Passage
from analysis.exchange.positions import BY_NAME, WAYS, Way
from analysis.exchange.project import Project
from analysis.study.origin import Origin
from analysis.study.places import Places, Span, covered
from analysis.support.errors import Fault

_NO_WHOLE_TEXT = (MADE_OF_PASSAGES, GISTS)


def origin(imported: Imported, made: CodedStudy, choices: Choices, overlaps: int) -> Origin:
    """Return the origin of a study that was made of a project and has so many `overlapping` passages."""
    project, report, counting = imported.project, imported.report, imported.report.counting
    of_sources = _texts(project)
    there = [texts for texts in of_sources if texts]
    texts = {guid: content for found in there for guid, content in found.items()}
    missing = len(of_sources) - len(there)
    marked: dict[str, list[Span]] = defaultdict(list)
    for passage in made.passages:
        marked[passage.text.guid] += [one.span for one in passage.selections if one.kind == "text"]
    return Origin(
        file=report.file.suffix if choices.pseudonyms else report.file.name,
        sha256=imported.sha256,
        format=report.format,
        positions="" if counting is None else f"{counting.way.description}: {counting.sureness}",
        way="" if counting is None else counting.way.name,
        interviewee=choices.interviewee or people.usual(project),
        words=sum(len(text.split()) for text in texts.values()) if texts else None,
        characters=sum(map(len, texts.values())) if texts else None,
        marked=sum(covered(marked[guid]) for guid in texts) if texts else None,
        overlaps=overlaps,
        with_text=len(there) if texts and missing else None,
        without_text=missing if texts and missing else None,
    )


def places(project: Project, passages: Iterable[Passage]) -> Places | None:
    """Return where the passages of a project are in its texts; None where the file has no whole texts."""
    texts = {guid: content for found in _texts(project) for guid, content in found.items()}
    rows = [
        (passage.extract_id, passage.text.guid, *passage.selections[0].span)
        for passage in passages
        if passage.text.guid in texts and passage.selections and passage.selections[0].kind == "text"
    ]
    lengths = {guid: len(content) for guid, content in texts.items()}
    return Places(pd.DataFrame(rows, columns=["extract_id", "text", "start", "end"]), lengths) if texts else None


def _texts(project: Project) -> list[dict[str, str]]:
    """Return for each source its texts that are in the file, by GUID; no sources where texts were made of passages.

    The text of a part of a PDF is left out: where it lies among the others is not known.
    """
    if any(source.description in _NO_WHOLE_TEXT for source in project.sources):
        return []
    return [
        {text.guid: text.content for text in (source, *source.texts) if text.content is not None}
        for source in project.sources
    ]


class _Marked(NamedTuple):
    """A passage with its ends, and the coders who gave it a code."""

    extract_id: str
    start: int
    end: int
    coders: frozenset[str]


def overlapping(passages: Iterable[Passage], unnamed: Collection[str] = ("",)) -> list[str]:
    """Return the passages of text that overlap one of other coders, where neither's coders marked the other's place.

    Coders who are `unnamed` (GUIDs) are left out, since they may be the same people.
    """
    by_text: dict[str, list[_Marked]] = defaultdict(list)
    for passage in passages:
        coders = frozenset(coding.coder for coding in passage.codings).difference(unnamed)
        for selection in passage.selections[:1]:
            if selection.kind == "text":
                by_text[passage.text.guid].append(_Marked(passage.extract_id, *selection.span, coders))
    return [extract for marked in by_text.values() for extract in _overlapping(marked)]


def _overlapping(marked: list[_Marked]) -> Iterator[str]:
    """Yield the passages of one text that overlap one of other coders; few coders form few groups."""
    groups: dict[frozenset[str], list[_Marked]] = defaultdict(list)
    for one in marked:
        groups[one.coders].append(one)
    ends = {
        who: (sorted(one.start for one in found), sorted(one.end for one in found)) for who, found in groups.items()
    }
    others = {mine: [ends[who] for who in groups if who - mine and mine - who] for mine in groups}
    for one in marked:
        # Some overlap it if more of them begin before its end than end before its start.
        if any(bisect_left(starts, one.end) > bisect_right(ended, one.start) for starts, ended in others[one.coders]):
            yield one.extract_id


def way_of(origin: Origin | None, folder: Path) -> Way:
    """Return the way in which the file that a study was imported from counts positions, else the standard's.

    Studies that were imported before the way had a field of its own have it in the sentence on positions. Raises
    ExchangeError for a way that is not known, which names the `folder` of the study.
    """
    if origin is None:
        return WAYS[0]
    name = origin.way or next(
        (way.name for way in WAYS if origin.positions.startswith(f"{way.description}: ")), WAYS[0].name
    )
    if name not in BY_NAME:
        problem = f"positionsCountedAs is {name!r}, which is not one of {', '.join(BY_NAME)}"
        raise ExchangeError(Fault(folder, problem, "Correct it in datapackage.json, or use --positions."))
    return BY_NAME[name]
