"""Streaming XML into objects, safely: every element is checked against the grammar while it is read.

Expat, which comes with Python, is used directly. It reads no other file and knows no entity unless a document type
declares one, and a document type is refused where it begins; so nothing can be expanded or fetched. The memory needed
is that of what is built, not of the file.
"""

import gc
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, NoReturn
from xml.parsers import expat

from analysis.exchange.faults import ExchangeError, Notices
from analysis.exchange.grammar import Builder, Built, Forms, Kept, Kind, are_plain, document, guid, unkept
from analysis.faults import Fault

_CHUNK = 1 << 20
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")
_IN_SMALL_LETTERS = re.compile(rb'[gG][uU][iI][dD]="\{?[0-9-]*[a-f]')
_NAMESPACES = ("urn:QDA-XML:", "http://schema.qdasoftware.org/")
RAISE = "If you trust the file, raise the limits, for example with --limits 10."
_MEND = "Export it anew, or mend it."


@dataclass
class Parsed:
    """What was built of a document, in what it departs from the standard, and the GUIDs that it has."""

    built: Any
    namespace: str
    departures: Notices
    unknown: Notices
    guids: frozenset[str] = field(repr=False)
    dangling: bool  # whether something refers to what is not there


def parse(
    opened: Callable[[], AbstractContextManager[IO[bytes]]],
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

    GUIDs are looked at all together in the end, which is a good deal faster. Where one is not in its normal form, or
    stands twice, the document is read again with each looked at in its place, so that it can be put
    right or told.
    """
    for careful in (False, True):
        with opened() as stream:
            reading = _Reading(where, root, builders, depth, careful)
            parsed = reading.through(stream)
        if careful or reading.plain(parsed.guids):
            break
    return parsed


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the cycle collector out: hundreds of thousands of objects are made here, and none in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Reading:
    """A document being read."""

    def __init__(self, where: str, root: str, builders: Mapping[str, Builder], depth: int, careful: bool) -> None:
        self.where, self.root, self.builders, self.depth, self.careful = where, root, builders, depth, careful
        self.departures, self.unknown = Notices(), Notices()
        self.guids: list[str] = []
        self.seen: dict[str, str] = {}  # the kind of what has each GUID, where they are looked at one by one
        self.references = Kept(guid)
        self.identities: Forms = unkept(guid)
        self.namespace = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_document_type
        self.parser.XmlDeclHandler = self.check_encoding

    def through(self, stream: IO[bytes]) -> Parsed:
        built: Built = {}
        self.handle(built)
        try:
            chunk = stream.read(_CHUNK)
            if not self.careful:
                # Some programs write GUIDs in small letters, and then all of them.
                self.identities = unkept(str.upper) if _IN_SMALL_LETTERS.search(chunk) else None
            self.parser.Parse(chunk, False)
            while chunk := stream.read(_CHUNK):
                self.parser.Parse(chunk, False)
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            problem = f"not well-formed XML, column {fault.offset + 1}: {expat.ErrorString(fault.code)}"
            raise ExchangeError(Fault(self.where, problem, _MEND, line=fault.lineno)) from None
        guids = frozenset(self.guids)
        dangling = not guids >= set(self.references.values())
        return Parsed(built[self.root][0], self.namespace, self.departures, self.unknown, guids, dangling)

    def plain(self, distinct: frozenset[str]) -> bool:
        """Say whether all GUIDs are in their normal form, and each has one owner."""
        return len(distinct) == len(self.guids) and are_plain(self.guids)

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
        above: list[tuple[Kind, int, dict[str, str], Built]] = []
        in_leaf = False
        skipped = 0  # how deep within an element that the standard does not have
        pieces: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal kind, place, given, held, skipped, in_leaf
            if not kind.below and not above:
                kind = self.open(name)
            found = kind.below.get(name)
            if found is None or skipped or in_leaf:
                skipped += 1
                if skipped == 1:
                    self.unknown.add(f"element {_local(name)} in {kind.name}", self.line())
                return
            at, below = found
            if at <= place and (at < place or at in kind.single):
                self.depart(f"{_local(name)} stands in {kind.name} too late or too often", attributes)
            forms = below.attributes
            try:
                for key, value in attributes.items():
                    if (normal := forms[key]) is not None:
                        attributes[key] = normal[value]
                if below.identified:
                    guids.append(attributes["guid"])
            except (KeyError, ValueError):
                attributes = self.completed(below, self.mended(below, attributes))
                if below.identified:
                    guids.append(attributes["guid"])
            if careful and below.identified:
                self.look_back(attributes["guid"], below.name, above, given)
            if below.leaf:
                place, in_leaf = at, True
                try:
                    made = below.build(attributes, {})
                except KeyError:
                    made = below.build(self.completed(below, attributes), {})
                held.setdefault(below.held_as, []).append(made)
                return
            above.append((kind, at, given, held))
            if len(above) > depth:
                self.refuse(f"elements are nested more than {depth} deep", RAISE)
            kind, place, given, held = below, 0, attributes, {}

        def end(_: str) -> None:
            nonlocal kind, place, given, held, skipped, in_leaf
            if skipped:
                skipped -= 1
                return
            if in_leaf:
                in_leaf = False
                return
            if kind.has_text:
                given = {"": self.text(kind, "".join(pieces), above[-1][2])}
                pieces.clear()
            elif kind.lacks and not (kind.needed <= held.keys() and held):
                self.lacking(kind, given, held)
            try:
                made, held_as = kind.build(given, held), kind.held_as
            except KeyError:  # an attribute is missing that has to be there
                made, held_as = kind.build(self.completed(kind, given), held), kind.held_as
            kind, place, given, held = above.pop()
            held.setdefault(held_as, []).append(made)

        def characters(data: str) -> None:
            if skipped or (data.isspace() and kind.below and not in_leaf):
                return
            if kind.has_text:
                pieces.append(data)
            else:
                self.depart(f"text stands in {kind.name}, or in what stands there", given)

        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end
        self.parser.CharacterDataHandler = characters

    def open(self, name: str) -> Kind:
        """Return the kind of the document from the name of its root."""
        namespace, _, local = name.rpartition(" ")
        if local != self.root or (namespace and not namespace.startswith(_NAMESPACES)):
            self.refuse(f"the root element is {local} ({namespace or 'no namespace'}), not {self.root} of REFI-QDA")
        self.namespace = namespace
        guids = {"guid": self.identities, "reference": self.references}
        return document(self.root, namespace, self.builders, guids)

    def mended(self, kind: Kind, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that the standard has, in their normal forms; take note of the others."""
        normal = {}
        for key, value in attributes.items():
            if key not in kind.attributes:
                # Attributes of other namespaces, such as where the schema is, are nobody's data.
                if " " not in key:
                    self.unknown.add(f"attribute {key} of {kind.name}", self.line())
                continue
            try:
                forms = kind.attributes[key]
                normal[key] = value if forms is None else forms[value]
            except ValueError as fault:
                if key in kind.required and key != "isCodable":
                    self.refuse(f"{_named(kind.name, attributes)}: {key} is {fault}", value=value[:80])
                self.depart(f"{key} of {kind.name} is {fault}", attributes)
        return normal

    def completed(self, kind: Kind, attributes: dict[str, str]) -> dict[str, str]:
        """Return attributes with those that are missing, where nothing depends on them; refuse the rest."""
        for key in sorted(kind.required - attributes.keys()):
            if key == "name":
                attributes[key] = ""
            elif key == "isCodable":
                attributes[key] = "true"
            elif key == "typeOfVariable":
                attributes[key] = "Text"
            else:
                self.refuse(f"{_named(kind.name, attributes)} has no {key}")
            self.depart(f"{kind.name} has no {key}", attributes)
        return attributes

    def lacking(self, kind: Kind, attributes: dict[str, str], held: Built) -> None:
        """Take note of an element that lacks a child; refuse a reference to nothing."""
        lacks = sorted(kind.needed - held.keys())
        if kind.name in ("Coding", "VariableValue"):
            self.refuse(f"{_named(kind.name, attributes)} has no {lacks[0]}")
        self.depart(f"{kind.name} has no {lacks[0]}" if lacks else f"{kind.name} is empty", attributes)

    def look_back(self, guid: str, name: str, above: list[Any], parent: dict[str, str]) -> None:
        """Refuse a second element of the same kind with the same GUID; one of another kind may stand for the first."""
        if guid in self.seen:
            if any(attributes.get("guid") == guid for *_, attributes, _ in above) or parent.get("guid") == guid:
                self.refuse(f"{name} {guid} lies below itself, so that the tree runs in a circle")
            if self.seen[guid] == name:
                self.refuse(f"a second {name} has the GUID {guid}")
        self.seen[guid] = name

    def text(self, kind: Kind, found: str, attributes: dict[str, str]) -> str:
        """Return the text of an element in its normal form, nothing where it has none."""
        try:
            return found if kind.text is None else kind.text[found]
        except ValueError as fault:
            self.depart(f"{kind.name} is {fault}", attributes)
            return ""

    def depart(self, told: str, attributes: dict[str, str]) -> None:
        guid = attributes.get("guid")
        self.departures.add(told, f"{self.line()}, {guid}" if guid else self.line())

    def line(self) -> str:
        return f"line {self.parser.CurrentLineNumber:,}"

    def refuse(self, problem: str, remedy: str = _MEND, value: str | None = None) -> NoReturn:
        raise ExchangeError(Fault(self.where, problem, remedy, line=self.parser.CurrentLineNumber, value=value))


def _named(name: str, attributes: Mapping[str, str]) -> str:
    return f"{name} {attributes['guid']}" if "guid" in attributes else name


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
