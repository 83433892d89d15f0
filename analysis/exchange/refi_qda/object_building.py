"""What the elements of REFI-QDA become: one small function for each kind.

Each takes what its element has to have by subscript, so that a KeyError says what is missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from analysis.exchange.project import (
    Case,
    Code,
    Coding,
    Graph,
    Link,
    Project,
    Selection,
    Set,
    Source,
    SyncPoint,
    User,
    Value,
    Variable,
)
from analysis.exchange.refi_qda.grammar import Builder, Built

Attributes = dict[str, str]
_new = tuple.__new__  # makes a named tuple of all its values in a third of the time


class _Branch(NamedTuple):
    """A code with what lies below it, before every code knows its parent."""

    code: Code
    below: list["_Branch"]


def _described(held: Built) -> str:
    return str(held["Description"][0]) if "Description" in held else ""


def _project(given: Attributes, held: Built) -> Project:
    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(chain.from_iterable(held.get(name, ())))

    get = given.get
    return Project(
        name=given["name"],
        origin=get("origin", ""),
        description=_described(held),
        base_path=get("basePath", ""),
        users=all_of("Users"),
        codes=tuple(code for book in held.get("CodeBook", ()) for code in book.codes),
        variables=all_of("Variables"),
        cases=all_of("Cases"),
        sources=all_of("Sources"),
        notes=tuple(replace(note, kind="note") for note in all_of("Notes")),
        links=all_of("Links"),
        sets=(*(group for book in held.get("CodeBook", ()) for group in book.sets), *all_of("Sets")),
        graphs=all_of("Graphs"),
        own_notes=tuple(held.get("NoteRef", ())),
        author=get("creatingUserGUID", ""),
        created=get("creationDateTime", ""),
        editor=get("modifyingUserGUID", ""),
        edited=get("modifiedDateTime", ""),
    )


def _codebook(given: Attributes, held: Built) -> Project:
    branches, sets = (tuple(chain.from_iterable(held.get(name, ()))) for name in ("Codes", "Sets"))
    codes = tuple(code for branch in branches for code in _flat(branch, ""))
    return Project(origin=given.get("origin", ""), codes=codes, sets=sets)


def _flat(branch: _Branch, parent: str) -> Iterator[Code]:
    yield branch.code._replace(parent=parent)
    for below in branch.below:
        yield from _flat(below, branch.code.guid)


def _code(given: Attributes, held: Built) -> _Branch:
    codable, notes = given["isCodable"] == "true", tuple(held.get("NoteRef", ()))
    code = Code(given["guid"], given["name"], "", codable, given.get("color", ""), _described(held), notes)
    return _Branch(code, held.get("Code", []))


def _coding(given: Attributes, held: Built) -> Coding:
    get, notes = given.get, tuple(held["NoteRef"]) if "NoteRef" in held else ()
    values = given["guid"], held["CodeRef"][0], get("creatingUser", ""), get("creationDateTime", ""), notes
    return _new(Coding, values)


def _selection(kind: str, places: tuple[str, ...], given: Attributes, held: Built) -> Selection:
    return _selected(kind, tuple(int(given[place]) for place in places), given, held)


def _text_selection(given: Attributes, held: Built) -> Selection:
    return _selected("text", (int(given["startPosition"]), int(given["endPosition"])), given, held)


def _transcript_selection(given: Attributes, held: Built) -> Selection:
    return _selected("transcript", (given.get("fromSyncPoint", ""), given.get("toSyncPoint", "")), given, held)


def _selected(kind: str, place: tuple[int | str, ...], given: Attributes, held: Built) -> Selection:
    get = given.get
    values = (
        kind,
        given["guid"],
        place,
        get("name", ""),
        held["Description"][0] if "Description" in held else "",
        tuple(held["Coding"]) if "Coding" in held else (),
        tuple(held["NoteRef"]) if "NoteRef" in held else (),
        tuple(replace(text, kind="representation") for text in held["Source"]) if "Source" in held else (),
        get("creatingUser", ""),
        get("creationDateTime", ""),
        get("modifyingUser", ""),
        get("modifiedDateTime", ""),
    )
    return _new(Selection, values)


def _source(kind: str, within: str, given: Attributes, held: Built) -> Source:
    """Make a source; `within` is the kind of the texts within it."""
    is_text = kind in ("text", "transcript")
    return Source(
        kind=kind,
        guid=given["guid"],
        name=given.get("name", ""),
        description=_described(held),
        content=held["PlainTextContent"][0] if "PlainTextContent" in held else None,
        path=given.get("plainTextPath" if is_text else "path", ""),
        other_path=given.get("richTextPath" if is_text else "currentPath", ""),
        selections=tuple(held.get("Selection", ())),
        texts=tuple(replace(text, kind=within) for text in held.get("Source", held.get("Transcript", ()))),
        codings=tuple(held.get("Coding", ())),
        notes=tuple(held.get("NoteRef", ())),
        values=tuple(held.get("VariableValue", ())),
        sync_points=tuple(held.get("SyncPoint", ())),
        author=given.get("creatingUser", ""),
        created=given.get("creationDateTime", ""),
        editor=given.get("modifyingUser", ""),
        edited=given.get("modifiedDateTime", ""),
    )


def _sync_point(given: Attributes, _: Built) -> SyncPoint:
    time, position = (int(given[key]) if key in given else None for key in ("timeStamp", "position"))
    return SyncPoint(given["guid"], time, position)


def _variable(given: Attributes, held: Built) -> Variable:
    return Variable(given["guid"], given["name"], given["typeOfVariable"], _described(held))


def _variable_value(_: Attributes, held: Built) -> Value:
    kind, value = held["Value"][0] if "Value" in held else ("", "")
    return Value(held["VariableRef"][0], kind, value)


def _case(given: Attributes, held: Built) -> Case:
    return Case(
        given["guid"],
        given.get("name", ""),
        _described(held),
        codes=tuple(held.get("CodeRef", ())),
        values=tuple(held.get("VariableValue", ())),
        sources=tuple(held.get("SourceRef", ())),
        selections=tuple(held.get("SelectionRef", ())),
    )


def _set(given: Attributes, held: Built) -> Set:
    codes, sources, notes = (tuple(held.get(name, ())) for name in ("MemberCode", "MemberSource", "MemberNote"))
    return Set(given["guid"], given["name"], _described(held), codes, sources, notes)


def _link(given: Attributes, held: Built) -> Link:
    keys = ("name", "direction", "color", "originGUID", "targetGUID")
    name, direction, colour, origin, target = (given.get(key, "") for key in keys)
    return Link(given["guid"], name, direction, colour, origin, target, tuple(held.get("NoteRef", ())))


def _graph(given: Attributes, held: Built) -> Graph:
    vertices, edges = (tuple(held.get(name, ())) for name in ("Vertex", "Edge"))
    return Graph(given["guid"], given.get("name", ""), vertices, edges)


def _drawn(first: tuple[str, ...], given: Attributes, _: Built) -> tuple[tuple[str, str], ...]:
    """Make a part of a drawing, the attributes that it has to have first; the others in one order, as XML has none."""
    return tuple((key, given[key]) for key in (*first, *sorted(given.keys() - set(first))))


def _text(given: Attributes, _: Built) -> str:
    return given[""]


def _text_of(kind: str, given: Attributes, _: Built) -> tuple[str, str]:
    return kind, given[""]


def _target(given: Attributes, _: Built) -> str:
    return given["targetGUID"]


def _all_of(name: str) -> Callable[[Attributes, Built], tuple[Any, ...]]:
    def members(_: Attributes, held: Built) -> tuple[Any, ...]:
        return tuple(held.get(name, ()))

    return members


_SELECTIONS = {
    "PictureSelection": ("picture", ("firstX", "firstY", "secondX", "secondY")),
    "PDFSelection": ("pdf", ("page", "firstX", "firstY", "secondX", "secondY")),
    "AudioSelection": ("audio", ("begin", "end")),
    "VideoSelection": ("video", ("begin", "end")),
}
_SOURCES = {
    "TextSource": ("text", ""),
    "PictureSource": ("picture", "description"),
    "PDFSource": ("pdf", "representation"),
    "AudioSource": ("audio", "transcript"),
    "VideoSource": ("video", "transcript"),
    "Transcript": ("transcript", ""),
}
_REFERENCES = ("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef", "MemberCode", "MemberSource",
               "MemberNote")  # fmt: skip
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_CONTAINERS = {
    "Users": "User", "Codes": "Code", "Variables": "Variable", "Cases": "Case", "Sources": "Source",
    "Notes": "Source", "Links": "Link", "Sets": "Set", "Graphs": "Graph",
}  # fmt: skip

PROJECT: dict[str, Builder] = {
    **dict.fromkeys(_REFERENCES, _target),
    **dict.fromkeys(("Description", "PlainTextContent"), _text),
    **{name: partial(_text_of, name) for name in _VALUES},
    **{name: _all_of(member) for name, member in _CONTAINERS.items()},
    **{name: partial(_selection, kind, places) for name, (kind, places) in _SELECTIONS.items()},
    **{name: partial(_source, kind, within) for name, (kind, within) in _SOURCES.items()},
    "Project": _project,
    "CodeBook": _codebook,
    "User": lambda given, _: User(given["guid"], given.get("name", ""), given.get("id", "")),
    "Code": _code,
    "Coding": _coding,
    "PlainTextSelection": _text_selection,
    "TranscriptSelection": _transcript_selection,
    "SyncPoint": _sync_point,
    "Variable": _variable,
    "VariableValue": _variable_value,
    "Case": _case,
    "Set": _set,
    "Link": _link,
    "Graph": _graph,
    "Vertex": partial(_drawn, ("guid", "firstX", "firstY")),
    "Edge": partial(_drawn, ("guid", "sourceVertex", "targetVertex")),
}
CODEBOOK: dict[str, Builder] = {**PROJECT, "MemberCode": lambda given, _: given["guid"]}
