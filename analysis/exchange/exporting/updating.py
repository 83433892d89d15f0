"""Bring the project of an imported study up to date with its tables.

The study is made from the project again and compared with the tables as they are now. Codes, coders and codings that
are new are added, those that are gone are removed, names and rules of codes are updated, and the rest of the project
(texts, media, notes, sets, times) stays as it was.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.exchange.exporting import project_from_study as tables
from analysis.exchange.exporting.project_from_study import Row, rows_of
from analysis.exchange.import_report import Notices
from analysis.exchange.importing.facets import Choices
from analysis.exchange.importing.study_from_project import CodedStudy, Passage, coded_study
from analysis.exchange.project import Code, Coding, Project, Selection, Source
from analysis.exchange.refi_qda.portable import memo, memos_of, without
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence

Key = tuple[str, ...]
_KEY = ("extract_id", "coder_id", "facet", "code_id")


def updated(project: Project, choices: Choices, evidence: Evidence, lost: Notices) -> Project:
    """Return the project with the codes, coders and codings that the tables have now.

    A passage that was added to the tables has no place in a text; its codings are reported in `lost`.
    """
    made = coded_study(project, choices)
    codes, code_guids = _codes(project, made, evidence)
    coder_guids = {coder.coder_id: guid for guid, coder in made.coders.items()}
    others = [row for row in rows_of(evidence.coders) if row["coder_id"] not in coder_guids]
    users = (*project.users, *(tables.new_user(row, project.name) for row in others if is_named(row["coder_id"])))
    coder_guids |= {row["coder_id"]: tables.user_guid(row["coder_id"], project.name) for row in others}

    was, now = (_by_key(of.codings, _KEY) for of in (made.evidence, evidence))
    recoding = _Recoding(memos_of(project), set(_referred_to(project, made)))
    passages = {passage.extract_id: passage for passage in made.passages}
    old_guids = _code_guids(made)
    for extract, coder, facet, code in (key for key, row in was.items() if now.get(key) != row):
        for target in passages[extract].guids:
            recoding.removed[target].add((old_guids[facet, code], coder_guids[coder]))
    notes = {note.guid: note for note in project.notes}
    for row in (row for key, row in now.items() if was.get(key) != row):
        passage = passages.get(row["extract_id"])
        if passage is None:
            lost.add("codings of passages that the project does not have", row["extract_id"])
            continue
        code, coder = code_guids[row["facet"], row["code_id"]], coder_guids[row["coder_id"]]
        recoding.added[_target(passage, code, coder)].append(tables.new_coding(row, project.name, code, coder))
        if (note := tables.note_of(row, project.name)) is not None:
            notes[note.guid] = note
    whole = replace(project, users=users, codes=codes, notes=tuple(notes.values()))
    return whole.with_each_text(recoding.of_source)


@dataclass
class _Recoding:
    """The codings that are removed and added, by the GUID of their selection or source.

    `memos` are the texts of notes; a selection in `referred_to` stays even if it loses all its codings.
    """

    memos: dict[str, str]
    referred_to: set[str]
    removed: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))  # code and coder
    added: dict[str, list[Coding]] = field(default_factory=lambda: defaultdict(list))

    def of_source(self, source: Source) -> Source:
        """Return a source with its codings, and those of its selections, as they are now."""
        guids = {source.guid, *(selection.guid for selection in source.selections)}
        if not guids & (self.removed.keys() | self.added.keys()):
            return source
        both = [(selection, self._of_selection(selection)) for selection in source.selections]
        selections = tuple(now for was, now in both if not self._is_left_over(was, now))
        return replace(source, selections=selections, codings=self._codings(source.guid, source.codings))

    def _codings(self, guid: str, codings: tuple[Coding, ...]) -> tuple[Coding, ...]:
        kept = [coding for coding in codings if (coding.code, coding.coder) not in self.removed.get(guid, ())]
        return (*kept, *self.added.get(guid, ()))

    def _of_selection(self, selection: Selection) -> Selection:
        now = self._codings(selection.guid, selection.codings)
        description = selection.description
        # A description that repeats the note of a coding loses that when the coding goes.
        for text in sorted({memo(coding.notes, self.memos) for coding in selection.codings if coding not in now}):
            description = without(description, text)
        return selection._replace(codings=now, description=description)

    def _is_left_over(self, was: Selection, now: Selection) -> bool:
        """Say whether a selection has lost all its codings, and is only one of several at its place."""
        emptied = bool(was.codings) and not (now.codings or now.notes or now.description or now.texts)
        return emptied and now.guid not in self.referred_to


def _referred_to(project: Project, made: CodedStudy) -> Iterator[str]:
    """Yield the GUIDs of selections that come first in their passages, or that something in the project refers to."""
    yield from (passage.guids[0] for passage in made.passages)
    yield from (guid for case in project.cases for guid in case.selections)
    yield from (guid for link in project.links for guid in (link.origin, link.target))
    yield from (value for graph in project.graphs for vertex in graph.vertices for _, value in vertex)


def _by_key(table: pd.DataFrame, key: tuple[str, ...]) -> dict[Key, Row]:
    return {tuple(row[column] for column in key): row for row in rows_of(table)}


def _code_guids(made: CodedStudy) -> dict[Key, str]:
    return {placed: guid for guid, placed in made.codes.items()}


def _target(passage: Passage, code: str, coder: str) -> str:
    """Return the GUID that a coding goes to: the selection in which the coder gave this code, or one by the coder."""
    if not passage.selections:
        return passage.source.guid

    def nearness(selection: Selection) -> tuple[bool, bool]:
        same = any((coding.code, coding.coder) == (code, coder) for coding in selection.codings)
        return same, selection.author == coder

    return max(passage.selections, key=nearness).guid


def _codes(project: Project, made: CodedStudy, evidence: Evidence) -> tuple[tuple[Code, ...], dict[Key, str]]:
    """Return the code tree as the tables have it now, and the GUID of each code by facet and id."""
    guids = _code_guids(made)
    was, now = (_by_key(of.codes, ("facet", "code_id")) for of in (made.evidence, evidence))
    branches = dict(made.branches)
    new: list[Code] = []
    for facet in evidence.facets["facet"]:
        if facet not in branches:
            branches[facet] = tables.code_guid(project.name, facet)
            new.append(Code(branches[facet], facet, is_codable=False))
    for key, row in now.items():
        if key not in guids:
            guids[key] = tables.new_code(row, project.name).guid
            new.append(tables.new_code(row, project.name))
    changed = {guids[key]: row for key, row in now.items() if row != was.get(key)}
    removed = {guids[key] for key in was.keys() - now.keys()} - set(branches.values())

    def renewed(code: Code) -> Code:
        row = changed.get(code.guid)
        if row is None or code.guid in branches.values():
            return code
        parent = guids[row["facet"], row["parent_id"]] if row["parent_id"] else branches[row["facet"]]
        return code._replace(name=row["name"], description=tables.description_of(row), parent=parent)

    return tuple(renewed(code) for code in (*project.codes, *new) if code.guid not in removed), guids
