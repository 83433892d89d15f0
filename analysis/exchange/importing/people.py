"""Interviewees and coders of a project: whose words a passage is, and who coded it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from analysis.exchange.import_report import ExchangeError, Notices
from analysis.exchange.importing.facets import distinct, slug
from analysis.exchange.importing.known_ids import numbered
from analysis.exchange.project import Case, Project, Selection, Source, User, same_name
from analysis.study import coders as study_coders
from analysis.study.coders import ONE_NAME, UNKNOWN
from analysis.support.errors import Fault

BY_CASE, BY_SOURCE, NOBODY = "case", "source", "none"
INTERVIEWEE, DOCUMENT = "interviewee", "document"
KINDS = ("authors", "person", "language-model")  # of coders, where the kind is known
ABOUT_CODER = "Coder "  # how the name of a note on a coder begins
Key = tuple[str, str]
_PRINTED = ("picture", "pdf")


class Speaker(NamedTuple):
    """A source of the study: an interviewee or a document."""

    source_id: str
    kind: str
    label: str


class Coder(NamedTuple):
    """A coder, with a name as id."""

    coder_id: str
    kind: str
    description: str


class Speakers:
    """The interviewees of a project, and which of them each selection is from.

    An interviewee is a case, a source (other than a picture or PDF), or the value of a variable of the source or its
    case; or there are none. Anything else is a document. Raises ExchangeError for a variable that does not exist.
    """

    def __init__(self, project: Project, by: str, unusual: Notices, known: Mapping[str, str] | None = None) -> None:
        self._by, self._unusual = by, unusual
        self._cases: dict[str, list[Case]] = {}
        for case in project.cases:
            for guid in (*case.sources, *case.selections):
                self._cases.setdefault(guid, []).append(case)
        self._variable = "" if by in (BY_CASE, BY_SOURCE, NOBODY) else _variable(project, by)
        labels = dict(self._everybody(project))
        width = max(2, len(str(len(labels))))
        earlier = {key: (known or {}).get(" ".join(key)) for key in labels}
        ids = {
            kind: numbered([one for key, one in earlier.items() if key[0] == kind], letter, width)
            for kind, letter in ((INTERVIEWEE, "P"), (DOCUMENT, "D"))
        }
        self._speakers: dict[Key, Speaker] = {
            key: Speaker(next(ids[key[0]]), key[0], label)
            for key, label in zip(labels, distinct(labels.values(), gap=" "), strict=True)
        }

    def all(self) -> list[Speaker]:
        """Return every source of the study."""
        return list(self._speakers.values())

    def ids(self) -> dict[str, str]:
        """Return the ids of the sources by their kind and GUID, as `KnownIds` has them."""
        return {" ".join(key): speaker.source_id for key, speaker in self._speakers.items()}

    def of(self, source: Source, selection: Selection | None) -> Speaker:
        """Return whom a selection of a source is from, or the whole source."""
        return self._speakers[self._found(source, selection)[0]]

    def _everybody(self, project: Project) -> Iterator[tuple[Key, str]]:
        if self._by == BY_CASE:
            for case in project.cases:
                yield (INTERVIEWEE, case.guid), case.name or case.guid
        for source in project.sources:
            selections = [selection for text in source.within() for selection in text.selections]
            for selection in selections if selections and not source.codings else [None, *selections]:
                yield self._found(source, selection)

    def _found(self, source: Source, selection: Selection | None) -> tuple[Key, str]:
        """Return the key and name of the source of the study that a selection is from."""
        document = (DOCUMENT, source.guid), source.name or source.guid
        if self._by == NOBODY or (self._by == BY_SOURCE and source.kind in _PRINTED):
            return document
        if self._by == BY_SOURCE:
            return (INTERVIEWEE, source.guid), document[1]
        cases = (self._cases.get(selection.guid) if selection else None) or self._cases.get(source.guid, [])
        if self._by == BY_CASE and cases:
            if len(cases) > 1:
                self._unusual.add("a passage is of several cases, the first of which was taken", source.name)
            return (INTERVIEWEE, cases[0].guid), cases[0].name or cases[0].guid
        values = [*source.values, *(value for case in cases for value in case.values)]
        named = [value.value for value in values if value.variable == self._variable and value.value]
        return ((INTERVIEWEE, named[0]), named[0]) if named else document


def _variable(project: Project, name: str) -> str:
    for variable in project.variables:
        if variable.name == name:
            return variable.guid
    remedy = f"Say {BY_CASE}, {BY_SOURCE}, {NOBODY}, or a variable of the project: "
    names = ", ".join(variable.name for variable in project.variables) or "it has none"
    raise ExchangeError(Fault("--interviewee", "the project has no such variable", f"{remedy}{names}.", value=name))


def is_about_coder(note: Source) -> bool:
    """Say whether a note describes a coder."""
    return note.name.startswith(ABOUT_CODER)


def usual(project: Project) -> str:
    """Return what an interviewee is by default: a case if there are any, else a source."""
    return BY_CASE if any(case.sources or case.selections for case in project.cases) else BY_SOURCE


def who_coded(project: Project) -> dict[str, Coder]:
    """Return who gave a code to anything in a project, by GUID."""
    return coders(project, dict.fromkeys(coding.coder for _, _, coding in project.codings()))


def coders(
    project: Project, given: dict[str, None], known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Coder]:
    """Return who gave a code, by GUID, of those in `given`.

    The empty GUID, and a user with neither name nor id, mean that no coder is named; their ids as coders say so.
    The id of a user is taken for the kind of coder where it is one that this package writes. `known` are the ids that
    coders had in an earlier import.
    """
    descriptions = {
        note.name.removeprefix(ABOUT_CODER): note.content or "" for note in project.notes if is_about_coder(note)
    }
    users = [user for user in project.users if user.guid in given]
    names = {user.guid: _name(user) for user in users}
    several = {name for name, times in Counter(map(same_name, names.values())).items() if times > 1}
    ids = distinct(
        (slug(names[user.guid], "coder") if names[user.guid] else study_coders.NOBODY for user in users),
        known=[known.get(user.guid) for user in users],
    )
    found = {}
    for user, coder_id in zip(users, ids, strict=True):
        name = names[user.guid]
        called = f"Called {name!r} in the project{f', {ONE_NAME}' if same_name(name) in several else ''}."
        description = descriptions.get(user.name) or called if name else "Has no name in the project."
        found[user.guid] = Coder(coder_id, user.id if user.id in KINDS else UNKNOWN, description)
    if "" in given:
        *_, coder_id = distinct([*(coder.coder_id for coder in found.values()), study_coders.NOBODY])
        coder_id = known.get("", coder_id)
        found[""] = Coder(coder_id, UNKNOWN, "The project does not say who gave these codes.")
    return found


def name_of(project: Project, guid: str) -> str:
    """Return what the user of a GUID is called in a project, empty for nobody."""
    return next((_name(user) for user in project.users if user.guid == guid), "")


def _name(user: User) -> str:
    """Return the name of a user, else the id that a program gave it."""
    return user.name.strip() or (user.id.strip() if user.id not in KINDS else "")
