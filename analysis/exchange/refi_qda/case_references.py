"""Repair references of cases that name a file where the standard requires the source.

QualCoder gives each source a GUID and its file another, and names the file in its cases. Most often a source names its
file; a plain text has two files of the same words, of which it names one.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from analysis.exchange.import_report import ExchangeError, Report
from analysis.exchange.project import Case, Project
from analysis.exchange.refi_qda.qdpx_archives import Archive


def to_sources(project: Project, archive: Archive, report: Report) -> Project:
    """Return a project whose cases refer to sources, also those that named the file of one."""
    known = {source.guid for source in project.texts()}
    unknown = {guid for case in project.cases for guid in case.sources} - known
    if not unknown:
        return project
    source_of = dict(_by_words(project, archive, unknown)) | dict(_by_path(project, unknown))

    def repaired(case: Case) -> Case:
        sources = tuple(dict.fromkeys(source_of.get(guid, guid) for guid in case.sources))
        if sources != case.sources:
            report.unusual.add("a case names the file of a source instead of the source", case.name or case.guid)
        return replace(case, sources=sources)

    return replace(project, cases=tuple(repaired(case) for case in project.cases))


def _by_path(project: Project, unknown: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the GUIDs of files that sources name as theirs, with those of the sources."""
    for source in project.sources:
        for path in (source.path, source.other_path):
            if (file := _name(path)) in unknown:
                yield file, source.guid


def _by_words(project: Project, archive: Archive, unknown: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the GUIDs of files that have the words of one source, and of no other, with those of the sources."""
    of_words: dict[str, list[str]] = {}
    for source in project.sources:
        if source.content:
            of_words.setdefault(_words(source.content), []).append(source.guid)
    for medium in project.media:
        if (file := _name(medium.name)) in unknown:
            try:
                found = of_words.get(_words(archive.text(medium.member)), [])
            except ExchangeError:  # a picture, for example
                continue
            if len(found) == 1:
                yield file, found[0]


def _name(path: str) -> str:
    return PurePosixPath(path.rpartition("/")[2]).stem.upper()


def _words(text: str) -> str:
    return " ".join(text.split())
