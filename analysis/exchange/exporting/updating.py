"""Bring the project of an imported study up to date with its tables.

What the import makes of the project is made again and compared with the tables as they are now. Codes, coders and
codings that are new are added, those that are gone are taken away, names and rules of codes are renewed, and the rest
of the project (texts, media, notes, sets, times) stays as it was.
"""

from collections import defaultdict
from dataclasses import replace

import pandas as pd

from analysis.exchange.exchange_errors import Notices
from analysis.exchange.exporting.project_from_study import (
    Row,
    code_guid,
    description_of,
    new_code,
    new_coding,
    new_user,
    note_of,
    rows_of,
    user_guid,
)
from analysis.exchange.importing.choices import Choices
from analysis.exchange.importing.study_from_project import CodedStudy, Passage, coded_study
from analysis.exchange.project import Code, Coding, Project, Selection, Source
from analysis.exchange.refi_qda.portable import memo, memos_of, without
from analysis.exchange.refi_qda.reading import each_text
from analysis.study.coders import is_named
from analysis.study.evidence import Evidence

Key = tuple[str, ...]
_KEY = ("extract_id", "coder_id", "facet", "code_id")


def updated(project: Project, choices: Choices, evidence: Evidence, lost: Notices) -> Project:
    """Return the project with the codes, coders and codings that the tables have now.

    A passage that was added to the tables has no place in a text; its codings are noted in `lost`.
    """
    made = coded_study(project, choices)
    was, now = (_by_key(of.codings) for of in (made.evidence, evidence))
    gone = [key for key, row in was.items() if now.get(key) != row]
    added = [row for key, row in now.items() if was.get(key) != row]
    codes, code_guids = _codes(project, made, evidence)
    others = [row for row in rows_of(evidence.coders) if row["coder_id"] not in _coders(made)]
    new = [new_user(row, project.name) for row in others if is_named(row["coder_id"])]
    coder_guids = {row["coder_id"]: user_guid(row["coder_id"], project.name) for row in others} | _coders(made)
    passages = {passage.extract_id: passage for passage in made.passages}

    taken: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for extract, coder, facet, code in gone:
        for target in _targets(passages[extract]):
            taken[target].add((_code_guids(made)[facet, code], coder_guids[coder]))
    given: dict[str, list[Coding]] = defaultdict(list)
    notes = {note.guid: note for note in project.notes}
    for row in added:
        passage = passages.get(row["extract_id"])
        if passage is None:
            lost.add("codings of passages that the project does not have", row["extract_id"])
            continue
        code_guid_now, coder_guid = code_guids[row["facet"], row["code_id"]], coder_guids[row["coder_id"]]
        target = _target(passage, code_guid_now, coder_guid)
        given[target].append(new_coding(row, project.name, code_guid_now, coder_guid))
        if (note := note_of(row, project.name)) is not None:
            notes[note.guid] = note

    memos = memos_of(project)

    def recoded(guid: str, codings: tuple[Coding, ...]) -> tuple[Coding, ...]:
        kept = [coding for coding in codings if (coding.code, coding.coder) not in taken.get(guid, ())]
        return (*kept, *given.get(guid, ()))

    def renewed(selection: Selection) -> Selection:
        now = recoded(selection.guid, selection.codings)
        gone = {memo(coding.notes, memos) for coding in selection.codings if coding not in now}
        description = selection.description
        for said in sorted(gone):  # what repeats the note of a coding goes with it
            description = without(description, said)
        return selection._replace(codings=now, description=description)

    firsts = {_targets(passage)[0] for passage in made.passages}
    referred = {guid for case in project.cases for guid in case.selections}
    referred |= {guid for link in project.links for guid in (link.origin, link.target)}
    referred |= {value for graph in project.graphs for vertex in graph.vertices for _, value in vertex}

    def is_left_over(was: Selection, now: Selection) -> bool:
        """Say whether a selection has lost all its codings, and is only one of several at its place."""
        emptied = bool(was.codings) and not (now.codings or now.notes or now.description or now.texts)
        return emptied and now.guid not in firsts and now.guid not in referred

    def change(source: Source) -> Source:
        guids = {source.guid, *(selection.guid for selection in source.selections)}
        if not guids & (taken.keys() | given.keys()):
            return source
        both = [(selection, renewed(selection)) for selection in source.selections]
        selections = tuple(now for was, now in both if not is_left_over(was, now))
        return replace(source, selections=selections, codings=recoded(source.guid, source.codings))

    users = (*project.users, *new)
    return each_text(replace(project, users=users, codes=codes, notes=tuple(notes.values())), change)


def _by_key(codings: pd.DataFrame) -> dict[Key, Row]:
    return {tuple(row[column] for column in _KEY): row for row in rows_of(codings)}


def _coders(made: CodedStudy) -> dict[str, str]:
    return {coder.coder_id: guid for guid, coder in made.coders.items()}


def _code_guids(made: CodedStudy) -> dict[tuple[str, str], str]:
    return {placed: guid for guid, placed in made.codes.items()}


def _targets(passage: Passage) -> list[str]:
    """Return the GUIDs of what a passage is: its selections, or the source as a whole."""
    return [selection.guid for selection in passage.selections] or [passage.source.guid]


def _target(passage: Passage, code: str, coder: str) -> str:
    """Return the GUID of what gets a coding: the selection in which the coder gave this code, or one by the coder."""
    if not passage.selections:
        return passage.source.guid

    def nearness(selection: Selection) -> tuple[bool, bool]:
        same = any((coding.code, coding.coder) == (code, coder) for coding in selection.codings)
        return same, selection.author == coder

    return max(passage.selections, key=nearness).guid


def _codes(
    project: Project, made: CodedStudy, evidence: Evidence
) -> tuple[tuple[Code, ...], dict[tuple[str, str], str]]:
    """Return the code tree as the tables have it now, and the GUID of each code by facet and id."""
    guids = _code_guids(made)
    was = {(row["facet"], row["code_id"]): row for row in rows_of(made.evidence.codes)}
    now = {(row["facet"], row["code_id"]): row for row in rows_of(evidence.codes)}
    branches = dict(made.branches)
    new: list[Code] = []
    for facet in evidence.facets["facet"]:
        if facet not in branches:
            branches[facet] = code_guid(project.name, facet)
            new.append(Code(branches[facet], facet, is_codable=False))
    for key, row in now.items():
        if key not in guids:
            guids[key] = new_code(row, project.name).guid
            new.append(new_code(row, project.name))
    changed = {guids[key]: row for key, row in now.items() if row != was.get(key)}
    removed = {guids[key] for key in was.keys() - now.keys()} - set(branches.values())

    def renewed(code: Code) -> Code:
        row = changed.get(code.guid)
        if row is None or code.guid in branches.values():
            return code
        parent = guids[row["facet"], row["parent_id"]] if row["parent_id"] else branches[row["facet"]]
        return code._replace(name=row["name"], description=description_of(row), parent=parent)

    return tuple(renewed(code) for code in (*project.codes, *new) if code.guid not in removed), guids
