"""Streaming XML into objects, safely: every element is checked against the grammar while it is read.

Expat, which comes with Python, is used directly. It reads no other file and knows no entity unless a document type
declares one, and a document type is refused where it begins; so nothing can be expanded or fetched. The memory needed
is that of what is built, not of the file.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol
from xml.parsers import expat

from analysis.exchange.import_report import ExchangeError, Notices
from analysis.exchange.refi_qda import mapping
from analysis.exchange.refi_qda.grammar import Built, Form, Kind, MemoDict, are_plain, document, guid
from analysis.exchange.refi_qda.qdpx_archives import DEEPEST, RAISE
from analysis.support.errors import Fault

_CHUNK, _LONGEST_TAG = 1 << 20, 16 << 20  # bytes
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")
_NOT_PLAIN = re.compile(rb'guid="(?![0-9A-F-]{36}"|[0-9A-F-]*\Z)').search  # a chunk may end within a GUID
_NAMESPACES = ("urn:qda-xml:", "http://schema.qdasoftware.org/", "https://schema.qdasoftware.org/")  # in small letters
_AFTER_CODES = 2  # the place of sets in a codebook
REPAIR = "Export it again, or repair it."
_ALIASES = {("MemberCode", "guid"): "targetGUID", ("MemberCode", "targetGUID"): "guid"}  # of projects and codebooks
_DEFAULTS = {"name": "", "isCodable": "true", "typeOfVariable": "Text"}  # of required attributes that may be missing

# An element that is open: its kind, the place of the last child in the order, its attributes, and what was built in it.
Frame = tuple[Kind, int, dict[str, str], Built]


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return some more bytes, none at the end."""


@dataclass
class Parsed:
    """What was built of a document, and where it violates the schema of the standard."""

    built: Any
    namespace: str
    schema_violations: Notices
    unknown: Notices
    dangling: frozenset[str]  # the GUIDs that are referred to and that nothing has


def parse(opened: Callable[[], AbstractContextManager[Readable]], where: Path | str, root: str, depth: int) -> Parsed:
    """Build objects from a document whose root is `Project` or `CodeBook`.

    `opened` opens the document to read from, `where` names it in messages, and `depth` is how deep elements may be
    nested. Raises ExchangeError for what is not well-formed, has a document type, or lacks something essential.

    A document is read quickly first, and all its GUIDs are checked together at the end. Where anything is wrong with an
    attribute or a GUID, it is read again and they are checked one by one, so that they can be repaired or reported.
    """

    def read(one_by_one: bool) -> Parsed:
        with opened() as stream:
            return _Reading(where, root, depth, one_by_one).parsed(stream)

    with suppress(KeyError, ValueError, ExchangeError):
        return read(one_by_one=False)
    return read(one_by_one=True)


class _Reading:
    """A document being read; `one_by_one` repairs or reports what would raise KeyError or ValueError otherwise.

    The handlers run for every element of the file, so they do little. An element without content, such as a reference,
    is built where it starts, and its end is passed over.
    """

    def __init__(self, where: Path | str, root: str, depth: int, one_by_one: bool) -> None:
        self.where, self.root, self.depth, self.one_by_one = where, root, depth, one_by_one
        self.schema_violations, self.unknown = Notices(), Notices()
        self.guids: list[str] = []
        self.seen: set[tuple[str, str]] = set()  # kind and GUID of what was read, where they are checked one by one
        self.references = MemoDict(guid)
        self.namespace = ""
        self.codebook_only: dict[tuple[str, str], tuple[int, Kind]] = {}  # by parent and name: what only codebooks have
        # The element that is open: its kind, the place of its last child in the order, attributes, and what it holds.
        self.kind, self.order, self.given, self.held = Kind("document"), 0, {"": ""}, Built()
        self.above: list[Frame] = []
        self.leaf: Kind | None = None
        self.skipped = 0  # how deep within an element that is left out
        self.pieces: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_document_type
        self.parser.XmlDeclHandler = self.check_encoding
        self.parser.StartElementHandler = self.start_of_root
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def parsed(self, stream: Readable) -> Parsed:
        try:
            self.feed(stream)
        except expat.ExpatError as fault:
            problem = f"not well-formed XML, column {fault.offset + 1}: {expat.ErrorString(fault.code)}"
            raise ExchangeError(Fault(self.where, problem, REPAIR, line=fault.lineno)) from None
        finally:
            del self.parser  # it holds its handlers, and these hold all that was built: a cycle
        guids = frozenset(self.guids)
        if not self.one_by_one and (len(guids) < len(self.guids) or not are_plain(self.guids)):
            raise ValueError("a GUID occurs twice, or is not in its normal form")
        dangling = frozenset(self.references.values()) - guids
        return Parsed(self.held[self.root][0], self.namespace, self.schema_violations, self.unknown, dangling)

    def feed(self, stream: Readable) -> None:
        fed = 0
        while chunk := stream.read(_CHUNK):
            if not fed and not self.one_by_one and _NOT_PLAIN(chunk):
                raise ValueError("a GUID is not in its normal form")  # and so are others, in all likelihood
            self.parser.Parse(chunk, False)
            fed += len(chunk)
            # The parser scans a tag from its start with every chunk, until its end has come.
            if fed - self.parser.CurrentByteIndex > _LONGEST_TAG:
                self.refuse(f"a single tag or comment takes more than {_LONGEST_TAG:,} bytes")
        self.parser.Parse(b"", True)

    def check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Refuse encodings for which expat would have to ask Python, as it fails with some of them."""
        if encoding and encoding.lower() not in _ENCODINGS:
            self.refuse("the encoding of the file is unusual", "Save it as UTF-8.", encoding)

    def refuse_document_type(self, *_: object) -> None:
        self.refuse("the file declares a document type, which REFI-QDA does not need and attacks use")

    def start_of_root(self, name: str, attributes: dict[str, str]) -> None:
        self.kind = self.open(name)
        self.parser.StartElementHandler = self.start
        self.start(name, attributes)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        found = self.kind.below.get(name)
        if found is None or self.skipped or self.leaf:
            found = self.unexpected(name, attributes)
            if found is None:
                return
        order, kind = found
        if order <= self.order and (order < self.order or order in self.kind.single):
            if self.is_skipped_second(order, kind, name):
                return
            self.violation(f"{_local(name)} is in {self.kind.name} too late or too often", attributes)
        forms = kind.attributes
        try:
            for key, value in attributes.items():
                if (normal := forms[key]) is not None:
                    attributes[key] = normal(value)
        except (KeyError, ValueError):
            if not self.one_by_one:
                raise
            attributes = self.repaired(kind, attributes)
        if self.one_by_one:
            self.complete(kind, attributes)
            self.refuse_second(kind, attributes)
        if kind.identified:
            self.guids.append(attributes["guid"])
        if kind.leaf:
            self.order, self.leaf = order, kind
            self.held.setdefault(kind.held_as, []).append(kind.build(attributes, {}))
            return
        self.above.append((self.kind, order, self.given, self.held))
        if len(self.above) > self.depth:
            remedy = RAISE if self.depth < DEEPEST else "Trees that are deeper cannot be read; make it flatter."
            self.refuse(f"elements are nested more than {self.depth} deep", remedy)
        self.kind, self.order, self.given, self.held = kind, 0, attributes, {}

    def end(self, _: str) -> None:
        if self.leaf and not self.skipped:
            self.leaf = None
            return
        if self.skipped:
            self.skipped -= 1
            return
        kind, held = self.kind, self.held
        if kind.has_text:
            self.given = {"": self.text(kind, "".join(self.pieces), self.above[-1][2])}
            self.pieces.clear()
        elif kind.lacks and not (kind.needed <= held.keys() and held):
            self.lacking(kind, self.given, held)
        built = kind.build(self.given, held)
        self.kind, self.order, self.given, self.held = self.above.pop()
        self.held.setdefault(kind.held_as, []).append(built)

    def characters(self, data: str) -> None:
        if self.skipped:
            return
        if self.kind.has_text:
            self.pieces.append(data)
        elif self.leaf or not data.isspace():  # an empty element may not have a blank either
            self.unknown.add(f"text in {(self.leaf or self.kind).name}", self.position(self.given))

    def unexpected(self, name: str, attributes: dict[str, str]) -> tuple[int, Kind] | None:
        """Return what an element is that the grammar does not have here under its name; None for one to leave out."""
        found = None if self.skipped or self.leaf else self.of_other_namespace(self.kind, name, attributes)
        if found is None:
            self.skipped += 1
            if self.skipped == 1:
                namespace, _, local = name.rpartition(" ")
                shown = local if _is_of_refi(namespace) else f"{local} (namespace {namespace})"
                self.unknown.add(f"element {shown} in {(self.leaf or self.kind).name}", self.position(self.given))
        return found

    def is_skipped_second(self, order: int, kind: Kind, name: str) -> bool:
        """Leave out a second element of a kind that may occur once, unless it can be taken together with the first."""
        if order not in self.kind.single or kind.held_as not in self.held or kind.contains:
            return False
        self.unknown.add(f"second {_local(name)} in {self.kind.name}", self.position(self.given))
        self.skipped = 1
        return True

    def open(self, name: str) -> Kind:
        """Return the kind of the document from the name of its root."""
        namespace, _, local = name.rpartition(" ")
        if local != self.root or not _is_of_refi(namespace):
            self.refuse(f"the root element is {local} ({namespace or 'no namespace'}), not {self.root} of REFI-QDA")
        self.namespace = namespace
        guids: dict[str, Form] = {"guid": guid if self.one_by_one else None, "reference": self.references.__getitem__}
        whole = document(self.root, namespace, mapping.builder, guids)
        if self.root == "Project":
            _, sets = whole.below[name][1].below[f"{namespace} Sets".lstrip()]
            self.codebook_only = {("CodeBook", "Sets"): (_AFTER_CODES, sets)}
        return whole

    def of_other_namespace(self, kind: Kind, name: str, attributes: dict[str, str]) -> tuple[int, Kind] | None:
        """Return what an element is that has a name of the standard, but not the namespace of the document.

        Another namespace of REFI-QDA, or none, is taken for that of the document. Sets of codes within the codebook of
        a project, which the standard has in codebooks alone, are taken for sets of the project. Parts of the project
        in any other namespace are refused, since their meaning is unknown and the rest depends on them.
        """
        namespace, _, local = name.rpartition(" ")
        found = kind.below.get(f"{self.namespace} {local}".lstrip())
        if not _is_of_refi(namespace):
            if found is not None and (found[1].contains or found[1].identified):
                expected = f"Expected {self.namespace or 'none'}, or another namespace of REFI-QDA. {REPAIR}"
                self.refuse(f"{local} is in a namespace that is not of REFI-QDA", expected, namespace)
            return None
        if found is not None:
            has = f"the namespace {namespace}" if namespace else "no namespace"
            self.violation(f"an element has {has}, not {self.namespace or 'none as the whole has'}", attributes)
        elif found := self.codebook_only.get((kind.name, local)):
            self.violation(f"{local} is in {kind.name}, as in a codebook", attributes)
        return found

    def repaired(self, kind: Kind, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that the standard has, in their normal forms; report the others."""
        normal = {}
        for given, value in attributes.items():
            key = given
            if key not in kind.attributes and (alias := _ALIASES.get((kind.name, key), "")) in kind.attributes:
                self.violation(f"{kind.name} has {key}, not {alias}", attributes)
                key = alias
            if key not in kind.attributes:
                if " " not in key:  # attributes of other namespaces, such as where the schema is, are not data
                    self.unknown.add(f"attribute {key} of {kind.name}", self.position(attributes))
                continue
            try:
                form = kind.attributes[key]
                normal[key] = value if form is None else form(value)
            except ValueError as fault:
                if key in kind.required and key not in _DEFAULTS:
                    self.refuse(f"{_named(kind.name, attributes)}: {key} is {fault}", value=value[:80])
                self.violation(f"{key} of {kind.name} is {fault}", attributes)
        return normal

    def complete(self, kind: Kind, attributes: dict[str, str]) -> None:
        """Add the missing attributes that have defaults; refuse an element that lacks another."""
        for key in sorted(kind.required - attributes.keys()):
            if key not in _DEFAULTS:
                self.refuse(f"{_named(kind.name, attributes)} has no {key}")
            attributes[key] = _DEFAULTS[key]
            self.violation(f"{kind.name} has no {key}", attributes)

    def lacking(self, kind: Kind, attributes: dict[str, str], held: Built) -> None:
        """Report an element that lacks a child; refuse a reference to nothing."""
        lacks = sorted(kind.needed - held.keys())
        if kind.name in ("Coding", "VariableValue"):
            self.refuse(f"{_named(kind.name, attributes)} has no {lacks[0]}")
        self.violation(f"{kind.name} has no {lacks[0]}" if lacks else f"{kind.name} is empty", attributes)

    def refuse_second(self, kind: Kind, attributes: dict[str, str]) -> None:
        """Refuse a second element of the same kind with the same GUID; one of another kind may represent the first."""
        guid = attributes["guid"] if kind.identified else ""
        if (kind.name, guid) in self.seen:
            open_elements = [*self.above, (self.kind, self.order, self.given, self.held)]
            if any(over.name == kind.name and given.get("guid") == guid for over, _, given, _ in open_elements):
                self.refuse(f"{kind.name} {guid} lies below itself, so that the tree runs in a circle")
            self.refuse(f"a second {kind.name} has the GUID {guid}")
        if guid:
            self.seen.add((kind.name, guid))

    def text(self, kind: Kind, found: str, attributes: dict[str, str]) -> str:
        """Return the text of an element in its normal form, empty where it has none."""
        try:
            return found if kind.text is None else kind.text(found)
        except ValueError as fault:
            self.violation(f"{kind.name} is {fault}", attributes)
            return ""

    def violation(self, notice: str, attributes: dict[str, str]) -> None:
        self.schema_violations.add(notice, self.position(attributes))

    def position(self, attributes: Mapping[str, str]) -> str:
        line = f"line {self.parser.CurrentLineNumber:,}"
        return f"{line}, {attributes['guid']}" if "guid" in attributes else line

    def refuse(self, problem: str, remedy: str = REPAIR, value: str | None = None) -> NoReturn:
        raise ExchangeError(Fault(self.where, problem, remedy, line=self.parser.CurrentLineNumber, value=value))


def _is_of_refi(namespace: str) -> bool:
    """Say whether a namespace is one of REFI-QDA, of any version and part of it, or none at all."""
    return not namespace or namespace.casefold().startswith(_NAMESPACES)


def _named(name: str, attributes: Mapping[str, str]) -> str:
    return f"{name} {attributes['guid']}" if "guid" in attributes else name


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
