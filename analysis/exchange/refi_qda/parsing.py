"""Streaming XML into objects, safely: every element is checked against the grammar while it is read.

Expat, which comes with Python, is used directly. It reads no other file and knows no entity unless a document type
declares one, and a document type is refused where it begins; so nothing can be expanded or fetched. The memory needed
is that of what is built, not of the file.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol
from xml.parsers import expat

from analysis.exchange.exchange_errors import ExchangeError, Notices
from analysis.exchange.refi_qda.grammar import Builder, Built, Form, Kind, MemoDict, are_plain, document, guid
from analysis.support.errors import Fault

_CHUNK, _LONGEST_TAG = 1 << 20, 16 << 20  # bytes
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")
_NOT_PLAIN = re.compile(rb'guid="(?![0-9A-F-]{36}")').search
_NAMESPACES = ("urn:qda-xml:", "http://schema.qdasoftware.org/", "https://schema.qdasoftware.org/")  # in small letters
_BEHIND = 2  # the place of sets in a codebook: behind the codes
DEEPEST = 400  # elements within elements, which functions follow that call themselves
RAISE = "If you trust the file, raise the limits, for example with --limits 10."
_MEND = "Export it anew, or mend it."
_ALIASES = {("MemberCode", "guid"): "targetGUID", ("MemberCode", "targetGUID"): "guid"}  # of projects and codebooks
_MADE_UP = {"name": "", "isCodable": "true", "typeOfVariable": "Text"}  # what stands for an attribute that is missing


# An element that is open: its kind, the place of the last child in the order, its attributes, and what was built in it.
Frame = tuple[Kind, int, dict[str, str], Built]


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return some more bytes, none at the end."""


@dataclass
class Parsed:
    """What was built of a document, and in what it departs from the standard."""

    built: Any
    namespace: str
    departures: Notices
    unknown: Notices
    dangling: frozenset[str]  # the GUIDs of what is referred to and not there


def parse(
    opened: Callable[[], AbstractContextManager[Readable]],
    where: str,
    root: str,
    builders: Mapping[str, Builder],
    depth: int,
) -> Parsed:
    """Build objects from a document whose root is `Project` or `CodeBook`.

    `opened` opens the document to read from. `builders` maps names of kinds to functions that take the attributes of an
    element, in their normal forms, and what was built of its children by name; text is under the empty name. `depth` is
    how deep elements may be nested. Raises ExchangeError for what is not well-formed, has a document type, or lacks
    what nothing can do without.

    A document is read quickly first, its GUIDs looked at all together in the end. Where anything is wrong with an
    attribute or a GUID, it is read again carefully, with each looked at in its place, so that it can be mended or told.
    """

    def read(careful: bool) -> Parsed:
        with opened() as stream:
            return _Reading(where, root, builders, depth, careful).through(stream)

    with suppress(KeyError, ValueError, ExchangeError):
        return read(careful=False)
    return read(careful=True)


class _Reading:
    """A document being read, `careful` to mend and tell what else would raise a KeyError or ValueError."""

    def __init__(self, where: str, root: str, builders: Mapping[str, Builder], depth: int, careful: bool) -> None:
        self.where, self.root, self.builders, self.depth, self.careful = where, root, builders, depth, careful
        self.departures, self.unknown = Notices(), Notices()
        self.guids: list[str] = []
        self.seen: set[tuple[str, str]] = set()  # kind and GUID of what was read, where they are looked at one by one
        self.references = MemoDict(guid)
        self.namespace = ""
        self.of_codebooks: dict[tuple[str, str], tuple[int, Kind]] = {}  # by parent and name: what only codebooks have
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_document_type
        self.parser.XmlDeclHandler = self.check_encoding

    def through(self, stream: Readable) -> Parsed:
        built: Built = {}
        self.handle(built)
        try:
            self.feed(stream)
        except expat.ExpatError as fault:
            problem = f"not well-formed XML, column {fault.offset + 1}: {expat.ErrorString(fault.code)}"
            raise ExchangeError(Fault(self.where, problem, _MEND, line=fault.lineno)) from None
        finally:
            del self.parser  # it holds what handles it, and that holds all that was built: a cycle
        guids = frozenset(self.guids)
        if not self.careful and (len(guids) < len(self.guids) or not are_plain(self.guids)):
            raise ValueError("a GUID stands twice, or is not in its normal form")
        dangling = frozenset(self.references.values()) - guids
        return Parsed(built[self.root][0], self.namespace, self.departures, self.unknown, dangling)

    def feed(self, stream: Readable) -> None:
        """Have the parser read a document."""
        fed = 0
        while chunk := stream.read(_CHUNK):
            if not fed and not self.careful and _NOT_PLAIN(chunk):
                raise ValueError("a GUID is not in its normal form")  # and so are others, in all likelihood
            self.parser.Parse(chunk, False)
            fed += len(chunk)
            # A tag is looked at from its start with every piece that comes, until its end has come.
            if fed - self.parser.CurrentByteIndex > _LONGEST_TAG:
                self.refuse(f"a single tag or comment takes more than {_LONGEST_TAG:,} bytes")
        self.parser.Parse(b"", True)

    def check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Refuse encodings that expat would have to ask Python for, some of which it then stumbles over."""
        if encoding and encoding.lower() not in _ENCODINGS:
            self.refuse("the encoding of the file is unusual", "Save it as UTF-8.", encoding)

    def refuse_document_type(self, *_: object) -> None:
        self.refuse("the file declares a document type, which REFI-QDA has no use for and attacks are made of")

    def handle(self, built: Built) -> None:
        """Set the handlers. They run for every element of the file, so they are written to do little.

        An element that holds nothing, such as a reference, is built where it starts, and its end is passed over.
        """
        depth, careful, guids = self.depth, self.careful, self.guids
        kind, place, given, held = Kind("document"), 0, {"": ""}, built
        above: list[Frame] = []
        leaf: Kind | None = None
        skipped = 0  # how deep within an element that is left out
        pieces: list[str] = []

        def start_of_all(name: str, attributes: dict[str, str]) -> None:
            nonlocal kind
            kind = self.open(name)
            self.parser.StartElementHandler = start
            start(name, attributes)

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal kind, place, given, held, skipped, leaf
            found = kind.below.get(name)
            if found is None and not (skipped or leaf):
                found = self.elsewhere(kind, name, attributes)
            if found is None or skipped or leaf:
                skipped += 1
                if skipped == 1:
                    self.unknown.add(f"element {self.shown(name)} in {(leaf or kind).name}", self.place(given))
                return
            at, below = found
            if at <= place and (at < place or at in kind.single):
                if at in kind.single and below.held_as in held and not below.contains:
                    self.unknown.add(f"second {_local(name)} in {kind.name}", self.place(given))
                    skipped = 1
                    return
                self.depart(f"{_local(name)} stands in {kind.name} too late or too often", attributes)
            forms = below.attributes
            try:
                for key, value in attributes.items():
                    if (normal := forms[key]) is not None:
                        attributes[key] = normal(value)
            except (KeyError, ValueError):
                if not careful:
                    raise
                attributes = self.mended(below, attributes)
            if careful:
                self.complete(below, attributes)
                self.look_back(below, attributes, [*above, (kind, place, given, held)])
            if below.identified:
                guids.append(attributes["guid"])
            if below.leaf:
                place, leaf = at, below
                held.setdefault(below.held_as, []).append(below.build(attributes, {}))
                return
            above.append((kind, at, given, held))
            if len(above) > depth:
                remedy = RAISE if depth < DEEPEST else "Trees that are deeper cannot be read; make it flatter."
                self.refuse(f"elements are nested more than {depth} deep", remedy)
            kind, place, given, held = below, 0, attributes, {}

        def end(_: str) -> None:
            nonlocal kind, place, given, held, skipped, leaf
            if skipped:
                skipped -= 1
                return
            if leaf:
                leaf = None
                return
            if kind.has_text:
                given = {"": self.text(kind, "".join(pieces), above[-1][2])}
                pieces.clear()
            elif kind.lacks and not (kind.needed <= held.keys() and held):
                self.lacking(kind, given, held)
            made, held_as = kind.build(given, held), kind.held_as
            kind, place, given, held = above.pop()
            held.setdefault(held_as, []).append(made)

        def characters(data: str) -> None:
            if skipped:
                return
            if kind.has_text:
                pieces.append(data)
            elif leaf or not data.isspace():  # what has nothing in it may not have a blank either
                self.unknown.add(f"text in {(leaf or kind).name}", self.place(given))

        self.parser.StartElementHandler = start_of_all
        self.parser.EndElementHandler = end
        self.parser.CharacterDataHandler = characters

    def open(self, name: str) -> Kind:
        """Return the kind of the document from the name of its root."""
        namespace, _, local = name.rpartition(" ")
        if local != self.root or not _is_of_refi(namespace):
            self.refuse(f"the root element is {local} ({namespace or 'no namespace'}), not {self.root} of REFI-QDA")
        self.namespace = namespace
        guids: dict[str, Form] = {
            "guid": guid if self.careful else None,
            "reference": self.references.__getitem__,
        }
        whole = document(self.root, namespace, self.builders, guids)
        sets = whole.below[name][1].below[f"{namespace} Sets".lstrip()][1] if self.root == "Project" else None
        self.of_codebooks = {("CodeBook", "Sets"): (_BEHIND, sets)} if sets else {}
        return whole

    def elsewhere(self, kind: Kind, name: str, attributes: dict[str, str]) -> tuple[int, Kind] | None:
        """Return what an element is that has a name of the standard, and not the namespace of the document.

        Another namespace of REFI-QDA, or none, is taken for that of the document. Sets of codes within the codebook of
        a project, which the standard has in codebooks alone, are taken for sets of the project. Parts of the project
        in a namespace of something else are refused, since nobody knows what they mean and the rest depends on them.
        """
        namespace, _, local = name.rpartition(" ")
        found = kind.below.get(f"{self.namespace} {local}".lstrip())
        if found is None and _is_of_refi(namespace):
            found = self.of_codebooks.get((kind.name, local))
            if found is not None:
                self.depart(f"{local} stands in {kind.name}, as in a codebook", attributes)
            return found
        if found is not None and _is_of_refi(namespace):
            told = f"the namespace {namespace}" if namespace else "no namespace"
            self.depart(f"an element has {told}, not {self.namespace or 'none as the whole has'}", attributes)
            return found
        if found is not None and (found[1].contains or found[1].identified):
            expected = f"Expected {self.namespace or 'none'}, or another namespace of REFI-QDA. {_MEND}"
            self.refuse(f"{local} is in a namespace that is not of REFI-QDA", expected, namespace)
        return None

    def shown(self, name: str) -> str:
        """Return the name of an element, with its namespace where that is not of REFI-QDA."""
        namespace, _, local = name.rpartition(" ")
        return local if _is_of_refi(namespace) else f"{local} (namespace {namespace})"

    def mended(self, kind: Kind, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that the standard has, in their normal forms; take note of the others."""
        normal = {}
        for given, value in attributes.items():
            key = given
            if key not in kind.attributes and (alias := _ALIASES.get((kind.name, key), "")) in kind.attributes:
                self.depart(f"{kind.name} has {key}, not {alias}", attributes)
                key = alias
            if key not in kind.attributes:
                # Attributes of other namespaces, such as where the schema is, are nobody's data.
                if " " not in key:
                    self.unknown.add(f"attribute {key} of {kind.name}", self.place(attributes))
                continue
            try:
                form = kind.attributes[key]
                normal[key] = value if form is None else form(value)
            except ValueError as fault:
                if key in kind.required and key not in _MADE_UP:
                    self.refuse(f"{_named(kind.name, attributes)}: {key} is {fault}", value=value[:80])
                self.depart(f"{key} of {kind.name} is {fault}", attributes)
        return normal

    def complete(self, kind: Kind, attributes: dict[str, str]) -> None:
        """Add the attributes that are missing, where nothing depends on them; refuse the rest."""
        for key in sorted(kind.required - attributes.keys()):
            if key not in _MADE_UP:
                self.refuse(f"{_named(kind.name, attributes)} has no {key}")
            attributes[key] = _MADE_UP[key]
            self.depart(f"{kind.name} has no {key}", attributes)

    def lacking(self, kind: Kind, attributes: dict[str, str], held: Built) -> None:
        """Take note of an element that lacks a child; refuse a reference to nothing."""
        lacks = sorted(kind.needed - held.keys())
        if kind.name in ("Coding", "VariableValue"):
            self.refuse(f"{_named(kind.name, attributes)} has no {lacks[0]}")
        self.depart(f"{kind.name} has no {lacks[0]}" if lacks else f"{kind.name} is empty", attributes)

    def look_back(self, kind: Kind, attributes: dict[str, str], above: list[Frame]) -> None:
        """Refuse a second element of the same kind with the same GUID; one of another kind may stand for the first."""
        guid = attributes["guid"] if kind.identified else ""
        if (kind.name, guid) in self.seen:
            if any(over.name == kind.name and given.get("guid") == guid for over, _, given, _ in above):
                self.refuse(f"{kind.name} {guid} lies below itself, so that the tree runs in a circle")
            self.refuse(f"a second {kind.name} has the GUID {guid}")
        if guid:
            self.seen.add((kind.name, guid))

    def text(self, kind: Kind, found: str, attributes: dict[str, str]) -> str:
        """Return the text of an element in its normal form, nothing where it has none."""
        try:
            return found if kind.text is None else kind.text(found)
        except ValueError as fault:
            self.depart(f"{kind.name} is {fault}", attributes)
            return ""

    def depart(self, told: str, attributes: dict[str, str]) -> None:
        self.departures.add(told, self.place(attributes))

    def place(self, attributes: Mapping[str, str]) -> str:
        line = f"line {self.parser.CurrentLineNumber:,}"
        return f"{line}, {attributes['guid']}" if "guid" in attributes else line

    def refuse(self, problem: str, remedy: str = _MEND, value: str | None = None) -> NoReturn:
        raise ExchangeError(Fault(self.where, problem, remedy, line=self.parser.CurrentLineNumber, value=value))


def _is_of_refi(namespace: str) -> bool:
    """Say whether a namespace is one of REFI-QDA, of any version and part of it, or none at all."""
    return not namespace or namespace.casefold().startswith(_NAMESPACES)


def _named(name: str, attributes: Mapping[str, str]) -> str:
    return f"{name} {attributes['guid']}" if "guid" in attributes else name


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
