"""A project as elements of REFI-QDA 1.0, in the order of the standard and without empty containers.

An element is its name, its attributes, and what stands in it: elements or text. Attributes that are empty and not
required are left out by `element`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

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
    User,
    Value,
    Variable,
)

_TEXTS = {
    "text": "TextSource", "note": "Note", "description": "TextDescription", "representation": "Representation",
    "transcript": "Transcript",
}  # fmt: skip
_MEDIA = {"picture": "PictureSource", "pdf": "PDFSource", "audio": "AudioSource", "video": "VideoSource"}
_AREA = ("firstX", "firstY", "secondX", "secondY")
_PLACES = {
    "text": ("PlainTextSelection", ("startPosition", "endPosition")),
    "transcript": ("TranscriptSelection", ("fromSyncPoint", "toSyncPoint")),
    "picture": ("PictureSelection", _AREA),
    "pdf": ("PDFSelection", ("page", *_AREA)),
    "audio": ("AudioSelection", ("begin", "end")),
    "video": ("VideoSelection", ("begin", "end")),
}


class Element(NamedTuple):
    """An element with what stands in it: text, or elements, which may still have to be made."""

    name: str
    attributes: Mapping[str, str]
    content: "str | Iterable[Element]" = ()


def element(name: str, content: str | Iterable[Element] = (), **attributes: str) -> Element:
    """Make an element without its empty attributes; `name_` is the attribute that is called name."""
    return Element(name, {key.rstrip("_"): value for key, value in attributes.items() if value}, content)


def project(whole: Project) -> Element:
    """Return a project as its element."""

    def inside() -> Iterator[Element]:
        for name, found in (
            ("Users", [_user(user) for user in whole.users]),
            ("CodeBook", [element("Codes", list(_codes(whole.codes, "")))] if whole.codes else []),
            ("Variables", [_variable(variable) for variable in whole.variables]),
            ("Cases", [_case(case) for case in whole.cases]),
        ):
            yield from _container(name, found)
        if whole.sources:
            yield element("Sources", map(_source, whole.sources))
        for name, found in (
            ("Notes", [_text(note) for note in whole.notes]),
            ("Links", [_link(link) for link in whole.links]),
            ("Sets", [_set(group) for group in whole.sets]),
            ("Graphs", [_graph(graph) for graph in whole.graphs]),
        ):
            yield from _container(name, found)
        yield from _description(whole.description)
        yield from _references("NoteRef", whole.own_notes)

    made = element(
        "Project",
        inside(),
        origin=whole.origin,
        creatingUserGUID=whole.author,
        creationDateTime=whole.created,
        modifyingUserGUID=whole.editor,
        modifiedDateTime=whole.edited,
        basePath=whole.base_path,
    )
    return made._replace(attributes={"name": whole.name, **made.attributes})


def codebook(whole: Project) -> Element:
    """Return the codes of a project, and its sets of codes, as a codebook. Notes have no place in one."""

    def inside() -> Iterator[Element]:
        bare = tuple(code._replace(notes=()) for code in whole.codes)
        yield element("Codes", list(_codes(bare, "")))
        yield from _container("Sets", [_set_of_codes(group) for group in whole.sets if group.codes])

    return element("CodeBook", inside(), origin=whole.origin)


def _container(name: str, found: list[Element]) -> Iterator[Element]:
    if found:
        yield element(name, found)


def _description(told: str) -> Iterator[Element]:
    if told:
        yield Element("Description", {}, told)


def _references(name: str, targets: Iterable[str]) -> Iterator[Element]:
    for target in targets:
        yield Element(name, {"targetGUID": target})


def _user(user: User) -> Element:
    return element("User", guid=user.guid, name_=user.name, id=user.id)


def _codes(codes: tuple[Code, ...], parent: str) -> Iterator[Element]:
    """Yield the codes below a parent with what lies below them."""
    below: dict[str, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent, []).append(code)

    def tree(of: str) -> Iterator[Element]:
        for code in below.get(of, ()):
            inside = [*_description(code.description), *_references("NoteRef", code.notes), *tree(code.guid)]
            attributes = {
                "guid": code.guid, "name": code.name, "isCodable": "true" if code.is_codable else "false",
            }  # fmt: skip
            yield Element("Code", attributes | ({"color": code.colour} if code.colour else {}), inside)

    yield from tree(parent)


def _variable(variable: Variable) -> Element:
    attributes = {"guid": variable.guid, "name": variable.name, "typeOfVariable": variable.kind}
    return Element("Variable", attributes, list(_description(variable.description)))


def _values(values: Iterable[Value]) -> Iterator[Element]:
    for value in values:
        given = [Element(value.kind, {}, value.value)] if value.kind else []
        yield Element("VariableValue", {}, [Element("VariableRef", {"targetGUID": value.variable}), *given])


def _case(case: Case) -> Element:
    inside = [
        *_description(case.description),
        *_references("CodeRef", case.codes),
        *_values(case.values),
        *_references("SourceRef", case.sources),
        *_references("SelectionRef", case.selections),
    ]
    return element("Case", inside, guid=case.guid, name_=case.name)


def _source(source: Source) -> Element:
    if source.kind == "text":
        return _text(source)
    texts, selections = map(_text, source.texts), map(_selection, source.selections)

    def inside() -> Iterator[Element]:
        yield from _description(source.description)
        # A PDF has its selections before its text, everything else the other way round.
        for part in (selections, texts) if source.kind == "pdf" else (texts, selections):
            yield from part
        yield from _coded(source)

    return _authored(_MEDIA[source.kind], source, inside(), path=source.path, currentPath=source.other_path)


def _text(source: Source) -> Element:
    def inside() -> Iterator[Element]:
        yield from _description(source.description)
        if source.content is not None and not source.path:
            yield Element("PlainTextContent", {}, source.content)
        for point in source.sync_points:
            time, position = ("" if value is None else str(value) for value in (point.time, point.position))
            yield element("SyncPoint", guid=point.guid, timeStamp=time, position=position)
        yield from map(_selection, source.selections)
        yield from _coded(source)

    return _authored(_TEXTS[source.kind], source, inside(), richTextPath=source.other_path, plainTextPath=source.path)


def _coded(source: Source) -> Iterator[Element]:
    yield from map(_coding, source.codings)
    yield from _references("NoteRef", source.notes)
    yield from _values(source.values)


def _authored(name: str, of: Source | Selection, inside: Iterable[Element], **where: str) -> Element:
    """Make an element of something that has a place and authors."""
    return element(
        name,
        inside,
        guid=of.guid,
        name_=of.name,
        **where,
        creatingUser=of.author,
        creationDateTime=of.created,
        modifyingUser=of.editor,
        modifiedDateTime=of.edited,
    )


def _selection(selection: Selection) -> Element:
    name, keys = _PLACES[selection.kind]
    inside: list[Element] = [*_description(selection.description), *map(_text, selection.texts)]
    inside += map(_coding, selection.codings)
    inside += _references("NoteRef", selection.notes)
    places = dict(zip(keys, map(str, selection.place), strict=True))
    return _authored(name, selection, inside, **places)


def _coding(coding: Coding) -> Element:
    inside = [Element("CodeRef", {"targetGUID": coding.code}), *_references("NoteRef", coding.notes)]
    return element("Coding", inside, guid=coding.guid, creatingUser=coding.coder, creationDateTime=coding.time)


def _set(group: Set) -> Element:
    inside = [
        *_description(group.description),
        *_references("MemberCode", group.codes),
        *_references("MemberSource", group.sources),
        *_references("MemberNote", group.notes),
    ]
    return Element("Set", {"guid": group.guid, "name": group.name}, inside)


def _set_of_codes(group: Set) -> Element:
    members = [Element("MemberCode", {"guid": code}) for code in group.codes]
    return Element("Set", {"guid": group.guid, "name": group.name}, [*_description(group.description), *members])


def _link(link: Link) -> Element:
    return element(
        "Link",
        list(_references("NoteRef", link.notes)),
        guid=link.guid,
        name_=link.name,
        direction=link.direction,
        color=link.colour,
        originGUID=link.origin,
        targetGUID=link.target,
    )


def _graph(graph: Graph) -> Element:
    inside = [Element("Vertex", dict(vertex)) for vertex in graph.vertices]
    inside += [Element("Edge", dict(edge)) for edge in graph.edges]
    return element("Graph", inside, guid=graph.guid, name_=graph.name)
