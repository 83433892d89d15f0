"""Objects of a project made from elements of REFI-QDA, and elements made from objects.

The grammar says which attributes and children an element has, and in which order; `_FIELDS` says which fields of an
object they are. Only what has another shape, or is read many thousands of times, has a function of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

from analysis.exchange import project
from analysis.exchange.project import Code, Coding, Project, Selection, Source, SyncPoint, Value
from analysis.exchange.refi_qda.grammar import Builder, Built, Kind, document

Attributes = dict[str, str]

#: The field that an attribute or a child is, with a dot where that holds within one element only. Any other attribute
#: is the field of its name, and any other child the plural of its name in small letters.
_FIELDS = {
    "creatingUser": "author", "creatingUserGUID": "author", "creationDateTime": "created",
    "modifyingUser": "editor", "modifyingUserGUID": "editor", "modifiedDateTime": "edited",
    "plainTextPath": "path", "richTextPath": "other_path", "currentPath": "other_path", "basePath": "base_path",
    "color": "colour", "isCodable": "is_codable", "typeOfVariable": "kind", "timeStamp": "time",
    "originGUID": "origin", "targetGUID": "target",
    "Coding.creatingUser": "coder", "Coding.creationDateTime": "time", "Coding.CodeRef": "code",
    "Sources.Source": "sources", "Notes.Source": "notes", "Source": "texts", "Transcript": "texts",
    "Description": "description", "PlainTextContent": "content", "CodeBook": "codes", "SyncPoint": "sync_points",
    "VariableValue": "values", "VariableValue.VariableRef": "variable", "VariableValue.Value": "value",
    "CodeRef": "codes", "SourceRef": "sources", "SelectionRef": "selections", "NoteRef": "notes",
    "MemberCode": "codes", "MemberSource": "sources", "MemberNote": "notes", "Project.NoteRef": "own_notes",
    "Vertex": "vertices",
}  # fmt: skip
#: The kind of each source, and that of the texts within it.
_SOURCES = {
    "TextSource": ("text", ""),
    "PictureSource": ("picture", "description"),
    "PDFSource": ("pdf", "representation"),
    "AudioSource": ("audio", "transcript"),
    "VideoSource": ("video", "transcript"),
    "Transcript": ("transcript", ""),
}
#: The kind of each selection, and the attributes that are its place.
_SELECTIONS = {
    "PlainTextSelection": ("text", ("startPosition", "endPosition")),
    "TranscriptSelection": ("transcript", ("fromSyncPoint", "toSyncPoint")),
    "PictureSelection": ("picture", ("firstX", "firstY", "secondX", "secondY")),
    "PDFSelection": ("pdf", ("page", "firstX", "firstY", "secondX", "secondY")),
    "AudioSelection": ("audio", ("begin", "end")),
    "VideoSelection": ("video", ("begin", "end")),
}
_new = tuple.__new__  # makes a named tuple of all its values in a third of the time


@cache
def _field(of: str, name: str) -> str:
    """Return the field that an attribute or a child of an element is."""
    found = _FIELDS.get(f"{of}.{name}") or _FIELDS.get(name)
    return found or (name if name[0].islower() else f"{name.lower().removesuffix('s')}s")


# --- elements become objects


class _Branch(NamedTuple):
    """A code with what lies below it, before every code knows its parent."""

    code: Code
    below: tuple["_Branch", ...]


def builder(kind: Kind) -> Builder:
    """Return what makes something of an element of a kind: of its attributes, and of what was made of its children.

    It takes what its element has to have by subscript, so that a KeyError says what is missing.
    """
    name = kind.name
    if name in _BUILDERS:
        return _BUILDERS[name]
    if kind.has_text:
        return partial(_typed_text, name) if name.endswith("Value") else _text
    if kind.leaf and len(kind.attributes) == 1:
        (target,) = kind.attributes
        return lambda given, _: given[target]
    if name in ("Vertex", "Edge"):
        return partial(_drawn, tuple(key for key in kind.attributes if key in kind.required))
    if name in _SELECTIONS:
        return partial(_selection, *_SELECTIONS[name])
    if _is_container(kind):
        return lambda _, held: tuple(chain.from_iterable(held.values()))
    make = _MAKERS.get(name) or (partial(_source, *_SOURCES[name]) if name in _SOURCES else getattr(project, name))
    return _object_builder(kind, make)


def _is_container(kind: Kind) -> bool:
    return kind.contains and kind.name.endswith("s")


def _object_builder(kind: Kind, make: Callable[..., Any]) -> Builder:
    """Return what makes an object of an element with the same parts."""
    of = kind.name

    def build(given: Attributes, held: Built) -> Any:
        if not kind.required <= given.keys():
            raise KeyError(of)
        found: dict[str, Any] = {_field(of, key): value for key, value in given.items()}
        for name, values in held.items():
            if name in ("Description", "PlainTextContent"):
                found[_field(of, name)] = values[0]
            else:
                found[_field(of, name)] = tuple(chain.from_iterable(values) if name.endswith("s") else values)
        return make(**found)

    return build


def _project(
    codes: tuple[Project, ...] = (), sets: tuple[project.Set, ...] = (), notes: tuple[Source, ...] = (), **found: Any
) -> Project:
    """Make a project, whose codes and some of whose sets are in its codebook."""
    return Project(
        codes=tuple(code for book in codes for code in book.codes),
        sets=(*(group for book in codes for group in book.sets), *sets),
        notes=tuple(replace(note, kind="note") for note in notes),
        **found,
    )


def _codebook(codes: tuple[_Branch, ...] = (), **found: Any) -> Project:
    return Project(codes=tuple(code for branch in codes for code in _flat(branch, "")), **found)


def _flat(branch: _Branch, parent: str) -> Iterator[Code]:
    yield branch.code._replace(parent=parent)
    for below in branch.below:
        yield from _flat(below, branch.code.guid)


def _branch(is_codable: str, codes: tuple[_Branch, ...] = (), **found: Any) -> _Branch:
    return _Branch(Code(is_codable=is_codable == "true", **found), codes)


def _source(kind: str, within: str, texts: tuple[Source, ...] = (), **found: Any) -> Source:
    """Make a source; `within` is the kind of the texts within it."""
    return Source(kind, texts=tuple(replace(text, kind=within) for text in texts), **found)


def _sync_point(guid: str, time: str | None = None, position: str | None = None) -> SyncPoint:
    return SyncPoint(guid, int(time) if time else None, int(position) if position else None)


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


def _variable_value(_: Attributes, held: Built) -> Value:
    kind, value = held["Value"][0] if "Value" in held else ("", "")
    return Value(held["VariableRef"][0], kind, value)


def _drawn(first: tuple[str, ...], given: Attributes, _: Built) -> tuple[tuple[str, str], ...]:
    """Make a part of a drawing, the attributes that it has to have first; the others in one order, as XML has none."""
    return tuple((key, given[key]) for key in (*first, *sorted(given.keys() - set(first))))


def _text(given: Attributes, _: Built) -> str:
    return given[""]


def _typed_text(kind: str, given: Attributes, _: Built) -> tuple[str, str]:
    return kind, given[""]


_MAKERS: Mapping[str, Callable[..., Any]] = {
    "Project": _project, "CodeBook": _codebook, "Code": _branch, "SyncPoint": _sync_point,
}  # fmt: skip
_BUILDERS: Mapping[str, Builder] = {
    "Coding": _coding,
    "PlainTextSelection": _text_selection,
    "TranscriptSelection": _transcript_selection,
    "VariableValue": _variable_value,
}


# --- objects become elements


class Element(NamedTuple):
    """An element with what is in it: text, or elements, which may still have to be made."""

    name: str
    attributes: Mapping[str, str]
    content: "str | Iterator[Element]"


class _Plan(NamedTuple):
    """How an object becomes an element: the fields that are its attributes, and those that are its children.

    Of a selection, attributes without a field are its place. Children that share a place in the order are together.
    """

    attributes: tuple[tuple[str, str | None], ...]
    children: tuple[tuple[str, tuple[tuple[str, Kind], ...]], ...]


def element(whole: Project, root: str = "Project") -> Element:
    """Return a project as its element, or with the root `CodeBook` its codes, and its sets of codes, as a codebook."""
    if root == "CodeBook":
        whole = replace(whole, sets=tuple(group for group in whole.sets if group.codes))
    return _element(root, _kind_of_root(root), whole)


@cache
def _kind_of_root(root: str) -> Kind:
    return document(root, "", lambda _: _text, {"guid": None, "reference": None}).below[root][1]


@cache
def _plan(kind: Kind) -> _Plan:
    places = _SELECTIONS[kind.name][1] if kind.name in _SELECTIONS else ()
    attributes = tuple((key, None if key in places else _field(kind.name, key)) for key in kind.attributes)
    groups: dict[int, list[tuple[str, Kind]]] = {}
    for name, (place, child) in kind.below.items():
        if not child.name == kind.name == "Code":  # see `_tree`
            groups.setdefault(place, []).append((name, child))
    children = tuple((_field(kind.name, group[0][1].held_as), tuple(group)) for group in groups.values())
    return _Plan(attributes, children)


def _element(name: str, kind: Kind, thing: Any) -> Element:
    return Element(name, _attributes(kind, thing), _children(kind, thing))


def _attributes(kind: Kind, thing: Any) -> Attributes:
    """Return the attributes of an element, without those that are empty and not required."""
    found, place = {}, iter(getattr(thing, "place", ()))
    for key, field in _plan(kind).attributes:
        value = next(place) if field is None else getattr(thing, field)
        if value not in ("", None) or key in kind.required:
            found[key] = value if isinstance(value, str) else str(value).lower()
    return found


def _children(kind: Kind, thing: Any) -> Iterator[Element]:
    for field, options in _plan(kind).children:
        (name, child), value = options[0], getattr(thing, field)
        if child.held_as == "Value":
            if thing.kind:
                yield Element(thing.kind, {}, value)
        elif name == "PlainTextContent":
            if value is not None and not thing.path:
                yield Element(name, {}, value)
        elif not value:
            continue
        elif child.has_text:
            yield Element(name, {}, value)
        elif name == "Code":
            yield from _tree(child, thing.codes_below(), "")
        elif child.leaf and len(child.attributes) == 1:
            (target,) = child.attributes
            for guid in (value,) if isinstance(value, str) else value:
                yield Element(name, {target: guid}, iter(()))
        elif _is_container(child) or name == "CodeBook":
            yield Element(name, {}, _children(child, thing))
        else:
            yield from _objects(options, value)


def _objects(options: tuple[tuple[str, Kind], ...], things: tuple[Any, ...]) -> Iterator[Element]:
    """Yield the elements of several objects, each by the name that its kind has."""
    by_kind = {_SOURCES[name][0]: (name, child) for name, child in options} if len(options) > 1 else {}
    for thing in things:
        name, child = by_kind[thing.kind] if by_kind else options[0]
        if child.name in ("Vertex", "Edge"):
            yield Element(name, dict(thing), iter(()))
        else:
            yield _element(name, child, thing)


def _tree(kind: Kind, below: Mapping[str, list[Code]], parent: str) -> Iterator[Element]:
    for code in below.get(parent, ()):
        yield Element("Code", _attributes(kind, code), chain(_children(kind, code), _tree(kind, below, code.guid)))
