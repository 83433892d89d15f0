"""Make a coded study in the shape of `data/` from a project: facets, codes, passages, codings, coders.

A passage is a distinct place of a source that was selected, however many selections are there. Its wording goes into a
table of its own, which is private. What the tables cannot hold is reported; the project itself is kept beside them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from analysis.exchange.annotations import (
    FACETS,
    GISTS,
    RULES,
    SIMULATED,
    Manner,
    definition_and_rules,
    is_noted,
    manner,
)
from analysis.exchange.import_report import ExchangeError, Notices
from analysis.exchange.importing import facets, people, pseudonyms
from analysis.exchange.importing.facets import Choices, Facet
from analysis.exchange.importing.known_ids import KnownIds, Names, numbered
from analysis.exchange.importing.people import Coder, Speakers, is_about_coder
from analysis.exchange.project import Coding, Project, Selection, Source
from analysis.study.coders import ONE_NAME, is_named
from analysis.study.evidence import Evidence, Study
from analysis.study.loading import COLUMNS, TYPES
from analysis.support.errors import Fault
from analysis.support.formatting import listed

_ID = re.compile(r"[A-Z]{1,3}[0-9]{1,6}").fullmatch
WHOLE = "whole"  # the form of a passage that is a whole source


class Passage(NamedTuple):
    """A passage of a project: its id, its source, and its selections, none for a whole source."""

    extract_id: str
    source: Source  # at the top of the project
    text: Source  # the text within it that has the selections
    selections: tuple[Selection, ...]
    codings: tuple[Coding, ...]

    @property
    def wording(self) -> str:
        """The selected text, empty where something else was selected."""
        for selection in self.selections:
            if selection.kind == "text" and self.text.content is not None:
                return self.text.content[slice(*selection.span)]
            for text in selection.texts:
                if text.content:
                    return text.content
        return ""

    @property
    def guids(self) -> list[str]:
        """The GUIDs of its selections, or of the source that was coded as a whole."""
        return [selection.guid for selection in self.selections] or [self.source.guid]

    @property
    def form(self) -> str:
        """What kind of passage it is."""
        return self.selections[0].kind if self.selections else WHOLE


@dataclass(frozen=True)
class CodedStudy:
    """A study made of a project, with what links the two and what was lost.

    `codes` has the facet and id of each code by its GUID, `branches` the GUID of the branch that a facet is, empty for
    the top of the tree, `coders` each coder by GUID, `ids` the ids that were given, and `names` the key to pseudonyms.
    """

    evidence: Evidence
    passages: tuple[Passage, ...]
    codes: dict[str, tuple[str, str]]
    branches: dict[str, str]
    coders: dict[str, Coder]
    ids: KnownIds
    lost: Notices
    unusual: Notices = field(default_factory=Notices)
    names: pd.DataFrame | None = None

    def wording(self) -> pd.DataFrame:
        """Return the private wording of the passages: `owner_id, n, wording, cited_as`."""
        labels = self.evidence.sources.set_index("source_id")["label"]
        cited = self.evidence.extracts["source_id"].map(labels)
        rows = [
            (passage.extract_id, 1, wording, label)
            for passage, label in zip(self.passages, cited, strict=True)
            if (wording := passage.wording).strip() and passage.source.description != GISTS
        ]
        return pd.DataFrame(rows, columns=["owner_id", "n", "wording", "cited_as"])


def coded_study(project: Project, choices: Choices) -> CodedStudy:
    """Make a study of a project. Raises ExchangeError for choices that the project does not allow."""
    lost, unusual = Notices(), Notices()
    used = frozenset(coding.code for _, _, coding in project.codings())
    found = facets.facets(project, choices.facets, used, choices.ids)
    if not found:
        raise ExchangeError(Fault("the project", "it has no codes", "Import a project that was coded."))
    codes = {placed.code.guid: (facet.facet, placed.code_id) for facet in found for placed in facet.codes}
    passages = passages_of(project, choices.ids.passages)
    given = dict.fromkeys(coding.coder for passage in passages for coding in passage.codings)
    coders = people.coders(project, given, {} if choices.pseudonyms else choices.ids.coders)
    _report_unclear_coders(coders, passages, unusual)
    speakers = Speakers(project, choices.interviewee or people.usual(project), unusual, choices.ids.sources)
    noted = facets.noted_facets(project)
    record = facets.coders_of_record(found, choices.record, noted, [coder.coder_id for coder in coders.values()])
    exclusive = facets.exclusive_facets(found, choices.exclusive, noted)
    sources = speakers.all()
    tables: dict[str, list[tuple[object, ...]]] = {
        "sources": [(one.source_id, one.label, one.kind, one.label if one.kind == people.DOCUMENT else "", "")
                    for one in sources],
        "facets": [(facet.facet, facet.facet in exclusive, False, facet.description) for facet in found],
        "codes": list(_codes(found)),
        "extracts": [_extract(passage, speakers) for passage in passages],
        "fragments": [],
        "codings": list(_codings(project, passages, (codes, coders), lost, unusual)),
        "coders": list(coders.values()),
    }  # fmt: skip
    frames = {name: _frame(name, rows) for name, rows in tables.items()}
    frames["facets"]["name"] = [facet.title or facet.facet for facet in found]
    frames["coders"]["name"] = [people.name_of(project, guid) or coder.coder_id for guid, coder in coders.items()]
    interviewees = sum(one.kind == people.INTERVIEWEE for one in sources)
    study = Study({}, None, "", "", record, title=project.name, interviewees=interviewees or None,
                  simulated=project.description.startswith(SIMULATED))  # fmt: skip
    _report_what_tables_lack(project, lost)
    of_facets = {facet.facet: facet.branch.guid if facet.branch else "" for facet in found}
    whole, names = Evidence(study=study, **frames), None
    facets.refuse_second_codes(whole, exclusive)
    if choices.pseudonyms:
        renamed = pseudonyms.given(whole, coders, choices.ids.coders)
        whole, coders, names = renamed.evidence, renamed.coders, renamed.key
    ids = KnownIds(
        facets={branch: facet for facet, branch in of_facets.items()},
        passages={guid: passage.extract_id for passage in passages for guid in passage.guids},
        sources=speakers.ids(),
        codes={f"{facet} {guid}": code for guid, (facet, code) in codes.items()},
        coders={guid: coder.coder_id for guid, coder in coders.items()},
    )
    return CodedStudy(whole, passages, codes, of_facets, coders, ids, lost, unusual, names)


def _frame(name: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    columns = COLUMNS[name]
    types = {"string": "str", "integer": "int64", "boolean": "bool"}
    table = pd.DataFrame(rows, columns=list(columns))
    return table.astype({column: types[TYPES.get(column, "string")] for column in columns})


def passages_of(project: Project, known: Names) -> tuple[Passage, ...]:
    """Return the passages of a project with their ids, those that are `known` among them."""
    return tuple(_named(list(_passages(project)), known))


def _passages(project: Project) -> Iterator[Passage]:
    """Yield the passages of a project, without ids: selections in the order of each text, then whole sources."""
    for source in project.sources:
        places: dict[object, list[tuple[Source, Selection]]] = {}
        twins: dict[str, object] = {}
        for text in source.within():
            for selection in sorted(text.selections, key=lambda one: one.span if one.kind == "text" else ()):
                # A part of a PDF and its text share a GUID; selections of the same place are one passage.
                place: object = (text.guid, selection.kind, selection.place)
                place = twins.setdefault(selection.guid, place)
                places.setdefault(place, []).append((text, selection))
        for found in places.values():
            given = tuple(coding for _, selection in found for coding in selection.codings)
            yield Passage("", source, found[0][0], tuple(selection for _, selection in found), given)
        if whole := tuple(coding for text in source.within() for coding in text.codings):
            yield Passage("", source, source, (), whole)


def _named(passages: list[Passage], known: Names) -> Iterator[Passage]:
    """Give passages their ids: those known, the names of their selections where all of these are ids, else numbers."""
    names = [passage.selections[0].name if passage.selections else "" for passage in passages]
    own = not known and len(set(names)) == len(names) and all(_ID(name) for name in names)
    width = max(4, len(str(len(passages))))
    earlier = (next((known[guid] for guid in passage.guids if guid in known), None) for passage in passages)
    for name, passage in zip(names if own else numbered(earlier, "E", width), passages, strict=True):
        yield passage._replace(extract_id=name)


def _extract(passage: Passage, speakers: Speakers) -> tuple[str, ...]:
    selection = passage.selections[0] if passage.selections else None
    gist = passage.wording if passage.source.description == GISTS else ""
    section = passage.source.name if passage.source.description != GISTS else ""
    return passage.extract_id, speakers.of(passage.source, selection).source_id, section, passage.form, "", gist


def _codes(found: tuple[Facet, ...]) -> Iterator[tuple[object, ...]]:
    for facet in found:
        positions: dict[str, int] = {}
        for placed in facet.codes:
            position = positions[placed.parent_id] = positions.get(placed.parent_id, 0) + 1
            texts = definition_and_rules(placed.code.description)
            yield (
                facet.facet,
                placed.code_id,
                f"level-{placed.level}",
                placed.parent_id,
                position,
                placed.code.name or placed.code_id,
                *(texts[name] for name in ("definition", *RULES)),
            )


def _codings(
    project: Project,
    passages: tuple[Passage, ...],
    ids: tuple[dict[str, tuple[str, str]], dict[str, Coder]],
    lost: Notices,
    unusual: Notices,
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of codings: each coder's own, each code once for a passage."""
    codes, coders = ids
    notes = {note.guid: note.content or note.description for note in project.notes}
    names = {code.guid: code.name for code in project.codes}
    for passage in passages:
        seen: set[tuple[str, str]] = set()
        memos = {coding.guid: one.description for one in passage.selections for coding in one.codings}
        for coding in passage.codings:
            if coding.code not in codes:
                lost.add(f"codings with {names[coding.code]!r}, which is in no facet", passage.extract_id)
                continue
            if (coding.coder, coding.code) in seen:
                unusual.add("the same code is given twice to a place by the same coder", passage.extract_id)
                continue
            seen.add((coding.coder, coding.code))
            # QualCoder keeps the text of a note as the memo of the selection.
            memo = [memos[coding.guid]] if is_noted(memos.get(coding.guid, "")) else []
            texts = [notes[note] for note in coding.notes if notes.get(note)] or memo
            how = manner(texts[0]) if texts else Manner()
            rationale = "\n".join([how.rationale, *texts[1:]]).strip("\n")
            coder, (facet, code) = coders[coding.coder].coder_id, codes[coding.code]
            yield passage.extract_id, coder, facet, code, how.role, how.stance, how.basis, rationale


def _report_unclear_coders(coders: dict[str, Coder], passages: tuple[Passage, ...], unusual: Notices) -> None:
    """Report coders whom the project does not name, or who have the name of another."""
    unnamed = {guid for guid, coder in coders.items() if not is_named(coder.coder_id)}
    notice = "no coder is named for a coding; it is counted, and compared with no coder's"
    for passage in passages:
        if times := sum(coding.coder in unnamed for coding in passage.codings):
            unusual.add(notice, passage.extract_id, times)
    notice = "several users have one name; if they are one person, their agreement means nothing"
    if one_name := [coder.coder_id for coder in coders.values() if coder.description.endswith(f"{ONE_NAME}.")]:
        unusual.add(notice, listed(one_name))


def _report_what_tables_lack(project: Project, lost: Notices) -> None:
    """Report what a project has and the tables of a study do not; it stays in the project that is kept."""
    codings = [coding for _, _, coding in project.codings()]
    known = {note for coding in codings for note in coding.notes}
    known |= {note.guid for note in project.notes if is_about_coder(note) or note.name == FACETS}
    for what, there in (
        ("times of codings", any(coding.time for coding in codings)),
        ("colours of codes", any(code.colour for code in project.codes)),
        ("notes that are not of a coding", any(note.guid not in known for note in project.notes)),
        ("notes on a passage", any(one.description for text in project.texts() for one in text.selections)),
        ("sets", project.sets),
        ("links", project.links),
        ("drawings", project.graphs),
        ("variables and their values", project.variables),
    ):
        if there:
            lost.add(what)
