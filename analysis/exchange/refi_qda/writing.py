"""Write a project (.qdpx) or codebook (.qdc) of REFI-QDA 1.0: the same project gives the same bytes.

What was written is read again, strictly, before the file gets its name: it appears only if the standard allows all of
it and nothing of the project was lost. Members of the archive are stored, not packed, because packed bytes depend on
the machine's zlib.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from analysis.exchange import positions
from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.positions import WAYS, Scale, Way
from analysis.exchange.project import NOT_IN_XML, Code, Medium, Project, Source
from analysis.exchange.refi_qda import mapping, reading
from analysis.exchange.refi_qda.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE
from analysis.exchange.refi_qda.mapping import Element
from analysis.exchange.refi_qda.qdpx_archives import FOLDER, OWN, Archive
from analysis.support.atomic_writes import replacing
from analysis.support.deterministic_zip import member
from analysis.support.errors import Fault

_SPECIAL = re.compile('[&<>"\r\n\t\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTE = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;"}
_ON_ONE_LINE = frozenset(("PlainTextSelection", "Coding", "VariableValue"))  # with all that is in them
_PIECES = 20_000  # pieces of XML that are written at once
_CHUNK = 1 << 20
_UNWRITTEN = "Nothing was written."


def write_project(project: Project, file: Path, way: Way = WAYS[0], private: bool = False) -> None:
    """Write a project as .qdpx, all of it or nothing, with positions counted in a `way`.

    A `private` file can be read by its owner alone. Raises ExchangeError for what cannot be written.
    """
    whole = settled(project)
    counted = counted_in(whole, way)
    texts = {source.path: source for source in whole.texts() if source.content is not None and source.path}
    with replacing(file, private) as beside:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            with archive.open(member("project.qde"), "w", force_zip64=True) as stream:
                write_xml(mapping.element(counted), PROJECT_NAMESPACE, stream)
            for name, source in sorted((path.partition("://")[2], source) for path, source in texts.items()):
                archive.writestr(member(FOLDER + name), _encoded(source))
            for medium in whole.media:
                _copy(medium, archive)
        _read_back(file, whole, lambda: reading.read_project(beside, way, strict=True, limits=OWN))


def write_codebook(project: Project, file: Path) -> None:
    """Write the codes of a project, and its sets of codes, as .qdc, all of it or nothing; errors as above."""
    whole = settled(project)
    if not whole.codes:
        raise ExchangeError(Fault(file, "a codebook needs a code", _UNWRITTEN))
    with replacing(file) as beside:
        with beside.open("wb") as stream:
            write_xml(mapping.element(whole, "CodeBook"), CODEBOOK_NAMESPACE, stream)
        bare = replace(whole, codes=tuple(code._replace(notes=()) for code in whole.codes))
        _read_back(file, bare, lambda: reading.read_codebook(beside, strict=True, limits=OWN), ("codes",))


def counted_in(project: Project, way: Way) -> Project:
    """Return a project with its positions, which are in code points, as a way counts them.

    Raises ExchangeError for a position within what the way counts as one, such as the two characters of a line break.
    """

    def to_position(source: Source, scale: Scale, place: int) -> int:
        position = scale.position(place)
        if position is None:
            where = f"the text of {source.name or source.guid}"
            problem = f"a selection begins or ends within a line break, which {way.description} cannot express"
            raise ExchangeError(Fault(where, problem, "Choose another way with --positions.", value=f"{place:,}"))
        return position

    return positions.converted(project, way, to_position)


def settled(project: Project) -> Project:
    """Return a project as it reads back: codes in the order of the tree, texts with a place in the archive.

    The text of a source gets a file of its own, since XML cannot hold every character. Other texts, such as notes, stay
    within the project unless they have such characters.
    """
    # The content of each file of the archive: a text, or None for a medium, whose file no text can share.
    names: dict[str, str | None] = {f"internal://{medium.name}".casefold(): None for medium in project.media}

    def placed(source: Source) -> Source:
        fits = source.content is not None and NOT_IN_XML.search(source.content) is None
        if source.content is None or (not source.path and source.kind != "text" and fits):
            return source
        path = source.path if source.path.startswith("internal://") else f"internal://{source.guid}.txt"
        if names.setdefault(path.casefold(), source.content) != source.content:
            path = f"internal://{source.guid}-{source.kind}.txt"  # two texts cannot share a file
            names[path.casefold()] = source.content
        return replace(source, path=path)

    media = tuple(sorted(project.media, key=lambda medium: medium.name))
    return replace(project.with_each_text(placed), codes=tuple(_in_order(project)), media=media)


def _in_order(project: Project) -> Iterator[Code]:
    """Yield codes with each parent before what lies below it; ExchangeError for codes that are not in the tree."""
    below = project.codes_below()

    def tree(parent: str) -> Iterator[Code]:
        for code in below.pop(parent, ()):
            yield code
            yield from tree(code.guid)

    yield from tree("")
    for code, *_ in below.values():
        problem = f"the code {code.name!r} ({code.guid}) lies below no top of the tree, or below itself"
        raise ExchangeError(Fault("the code tree", problem, "Correct the parents of the codes."))


def _encoded(source: Source) -> bytes:
    """Return the text of a source in UTF-8, with a byte order mark before one that begins with that character."""
    content = source.content or ""
    try:
        return content.encode("utf-8-sig" if content.startswith("\ufeff") else "utf-8")
    except UnicodeEncodeError as fault:
        problem = f"the text of {source.guid} has half a character at {fault.start:,}"
        raise ExchangeError(Fault("the project", problem, "Remove it.")) from None


def _copy(medium: Medium, archive: zipfile.ZipFile) -> None:
    with (
        closing(Archive(medium.archive)) as source,
        source.original(medium) as stream,
        archive.open(member(FOLDER + medium.name), "w", force_zip64=True) as target,
    ):
        while chunk := stream.read(_CHUNK):
            target.write(chunk)


def _read_back(
    file: Path, written: Project, read: Callable[[], Imported], parts: tuple[str, ...] = Project.__slots__
) -> None:
    """Refuse to write a file that does not read back as it was written, under the name that it would have had."""
    try:
        found = read().project
    except ExchangeError as error:
        problems = "; ".join(fault.problem if isinstance(fault, Fault) else fault for fault in error.faults[:3])
        problem = f"it would not be as the standard requires: {problems}"
        raise ExchangeError(Fault(file, problem, _UNWRITTEN)) from None
    if changed := [name for name in parts if getattr(found, name) != getattr(written, name)]:
        problem = f"these parts would not read back as they are: {', '.join(changed)}"
        raise ExchangeError(Fault(file, problem, _UNWRITTEN))


def write_xml(root: Element, namespace: str, stream: IO[bytes]) -> None:
    """Write an element and all that is in it, an element a line."""
    stream.write(b'<?xml version="1.0" encoding="utf-8"?>\n')
    pieces: list[str] = []
    for piece in _lines(root._replace(attributes={"xmlns": namespace, **root.attributes}), ""):
        pieces.append(piece)
        if len(pieces) == _PIECES:
            stream.write("".join(pieces).encode())
            pieces.clear()
    stream.write("".join(pieces).encode())


def _lines(element: Element, indent: str, end: str = "\n") -> Iterator[str]:
    """Yield the pieces of an element, each line with its `end`; a selection is on one line with its codings."""
    name, attributes, content = element
    opened = [f"{indent}<{name}"]
    for key, value in attributes.items():
        opened.append(f' {key}="{value if _SPECIAL.search(value) is None else _escaped(value, element, key)}"')
    head = "".join(opened)
    if isinstance(content, str):
        yield f"{head}>{content if _SPECIAL.search(content) is None else _escaped(content, element)}</{name}>{end}"
        return
    on_one_line = not end or name in _ON_ONE_LINE
    within, between = ("", "") if on_one_line else (f"{indent} ", end)
    empty = True
    for inside in content:
        if empty:
            yield f"{head}>{between}"
            empty = False
        yield from _lines(inside, within, between)
    yield f"{head}/>{end}" if empty else f"{'' if on_one_line else indent}</{name}>{end}"


def _escaped(value: str, element: Element, attribute: str = "") -> str:
    found = NOT_IN_XML.search(value)
    if found is not None:
        what = f"{attribute} of {element.name}" if attribute else f"the text of {element.name}"
        guid = element.attributes.get("guid", "")
        problem = f"{what}{f' {guid}' if guid else ''} has a character that XML cannot hold"
        raise ExchangeError(Fault("the project", problem, "Remove it.", value=found[0]))
    return escape(value, _IN_ATTRIBUTE if attribute else _IN_TEXT)
