"""The two schemas of REFI-QDA 1.0 as tables: what each element has in it, in which order, and its attributes.

They say the same as the schemas that REFI publishes, against which the tests check them. With them, a file is checked
while it is read, with the line and the GUID of what is wrong, and nothing has to be installed or downloaded for it.
Elements that have the same content share a kind (a note is a text source to the standard).
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"

Built = dict[str, list[Any]]
Form = Callable[[str], str] | None
Builder = Callable[[dict[str, str], Built], Any]

_BARE_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_GUID = re.compile(rf"\{{({_BARE_GUID})\}}|({_BARE_GUID})").fullmatch
_HEX = b"0123456789ABCDEF"
_MARKS = {8: b"-", 13: b"-", 18: b"-", 23: b"-", 36: b" "}  # of a GUID with a blank behind it
_COLOUR = re.compile(r"#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})").fullmatch
_INTEGER = re.compile(r"[+-]?[0-9]+").fullmatch
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})" + _ZONE).fullmatch
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    + _ZONE
).fullmatch
_SPACE = " \t\r\n"
_LONGEST_NUMBER = 18  # digits; nothing has a position beyond that


class MemoDict(dict[str, str]):
    """The normal forms of values that occur thousands of times: each is worked out once."""

    def __init__(self, normal: Callable[[str], str]) -> None:
        super().__init__()
        self._normal = normal

    def __missing__(self, value: str) -> str:
        normal = self[value] = self._normal(value)
        return normal


def guid(value: str) -> str:
    """Return a GUID in upper case and without braces; raise ValueError for anything else.

    >>> guid("{c32a2bd5-537f-4838-8b17-df9efbafdf4b}")
    'C32A2BD5-537F-4838-8B17-DF9EFBAFDF4B'
    """
    found = _GUID(value.strip(_SPACE))
    if found is None:
        raise ValueError("not a GUID")
    return (found[1] or found[2]).upper()


def are_plain(guids: Sequence[str]) -> bool:
    """Say whether GUIDs are all in their normal form: in capital letters, without braces.

    They are checked as one long text, which takes a fifth of the time of checking each: apart from hexadecimal digits
    it has to have the marks of that many GUIDs and nothing else, and each mark has to be in its place.
    """
    joined = " ".join([*guids, ""]).encode()
    width, marks = max(_MARKS) + 1, b"".join(_MARKS.values())
    return joined.translate(None, _HEX) == marks * len(guids) and all(
        joined[place::width] == mark * len(guids) for place, mark in _MARKS.items()
    )


def _matching(pattern: Callable[[str], re.Match[str] | None], what: str) -> Callable[[str], str]:
    def normal(value: str) -> str:
        bare = value.strip(_SPACE)
        if pattern(bare) is None:
            raise ValueError(f"not {what}")
        return bare

    return normal


def _integer(value: str) -> str:
    if value.isdecimal() and value.isascii() and len(value) <= _LONGEST_NUMBER:
        return value
    bare = value.strip(_SPACE)
    if _INTEGER(bare) is None or len(bare) > _LONGEST_NUMBER:
        raise ValueError("not a whole number")
    return bare


def _dated(pattern: Callable[[str], re.Match[str] | None], what: str) -> Callable[[str], str]:
    matching = _matching(pattern, what)

    def normal(value: str) -> str:
        bare = matching(value)
        datetime.date(int(bare[:4]), int(bare[5:7]), int(bare[8:10]))  # ValueError for a day that does not exist
        return bare

    return normal


time = _dated(_TIME, "a date and time like 2026-01-31T12:00:00Z")


def _one_of(*allowed: str) -> Callable[[str], str]:
    return _matching(re.compile("|".join(allowed)).fullmatch, f"one of {', '.join(allowed)}")


def _types() -> dict[str, Form]:
    """Return the types of values by name; each makes the normal form of a value, or raises ValueError."""
    boolean = _one_of("true", "false", "1", "0")
    often: dict[str, Callable[[str], str]] = {
        "decimal": _matching(_DECIMAL, "a number"),
        "boolean": lambda value: {"1": "true", "0": "false"}.get(bare := boolean(value), bare),
        "colour": _matching(_COLOUR, "a colour like #3366FF"),
        "time": time,
        "date": _dated(_DATE, "a date like 2026-01-31"),
        "direction": _one_of("Associative", "OneWay", "Bidirectional"),
        "variable": _one_of("Text", "Boolean", "Integer", "Float", "Date", "DateTime"),
        "shape": _one_of("Person", "Oval", "Rectangle", "RoundedRectangle", "Star", "LeftTriangle", "RightTriangle",
                         "UpTriangle", "DownTriangle", "Note"),
        "line": _one_of("dotted", "dashed", "solid"),
    }  # fmt: skip
    return {"text": None, "whole": _integer} | {name: MemoDict(normal).__getitem__ for name, normal in often.items()}


@dataclass(eq=False, slots=True)
class Kind:
    """What an element may have.

    `attributes` maps names to what makes the normal forms of their values; `below` maps the name of a child, with its
    namespace, to its place in the order and its kind; `single` has the places that are taken once at most, `needed` the
    children that have to be there; `lacks` says that there has to be some child. An element `has_text`, of which `text`
    makes the normal form, or elements; a `leaf` has neither. One that only `contains` others has no data of its own, so
    that a second is taken together with the first. `build` makes of an element what its parent holds as `held_as`.

    What makes a normal form raises ValueError for a value that is not allowed; None is for text, which may be anything.
    """

    name: str
    attributes: dict[str, Form] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    identified: bool = False
    has_text: bool = False
    text: Form = None
    below: dict[str, tuple[int, "Kind"]] = field(default_factory=dict)
    single: frozenset[int] = frozenset()
    needed: frozenset[str] = frozenset()
    lacks: bool = False
    held_as: str = ""
    leaf: bool = False
    contains: bool = False
    build: Builder = lambda _given, _held: None

    def __post_init__(self) -> None:
        self.held_as = _HELD_AS.get(self.name, self.name)


# What a parent takes together, in the order it came in.
_HELD_AS = {
    **dict.fromkeys(("TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource"), "Source"),
    **dict.fromkeys(("PlainTextSelection", "PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection",
                     "TranscriptSelection"), "Selection"),
    **dict.fromkeys(("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue"), "Value"),
}  # fmt: skip


# Attributes: name:type, with ! where required. Children: ? at most once, 1 once, * any number, + at least one; a | b
# share a place. Element:Kind where the kind has another name than the element.
_IDENTITY = "guid:guid! name:text"
_AUTHORSHIP = "creatingUser:reference creationDateTime:time modifyingUser:reference modifiedDateTime:time"
_SELECTED = "Description? Coding* NoteRef*"
_CODED = "Coding* NoteRef* VariableValue*"
_AREA = "firstX:whole! firstY:whole! secondX:whole! secondY:whole!"
_REFERENCE = ("targetGUID:reference!", "")
_PROJECT = {
    "Project": ("name:text! origin:text creatingUserGUID:reference creationDateTime:time modifyingUserGUID:reference"
                " modifiedDateTime:time basePath:text",
                "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*"),
    "Users": ("", "User+"),
    "User": (f"{_IDENTITY} id:text", ""),
    "CodeBook": ("", "Codes1"),
    "Codes": ("", "Code+"),
    "Code": ("guid:guid! name:text! isCodable:boolean! color:colour", "Description? NoteRef* Code*"),
    "Cases": ("", "Case+"),
    "Case": (_IDENTITY, "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "Variables": ("", "Variable+"),
    "Variable": ("guid:guid! name:text! typeOfVariable:variable!", "Description?"),
    "VariableValue": ("", "VariableRef1 TextValue|BooleanValue|IntegerValue|FloatValue|DateValue|DateTimeValue?"),
    "Sets": ("", "Set+"),
    "Set": ("guid:guid! name:text!", "Description? MemberCode* MemberSource* MemberNote*"),
    "Sources": ("", "TextSource|PictureSource|PDFSource|AudioSource|VideoSource+"),
    "TextSource": (f"{_IDENTITY} richTextPath:text plainTextPath:text {_AUTHORSHIP}",
                   f"Description? PlainTextContent? PlainTextSelection* {_CODED}"),
    "PlainTextSelection": (f"{_IDENTITY} startPosition:whole! endPosition:whole! {_AUTHORSHIP}", _SELECTED),
    "PictureSource": (f"{_IDENTITY} path:text currentPath:text {_AUTHORSHIP}",
                      f"Description? TextDescription:TextSource? PictureSelection* {_CODED}"),
    "PictureSelection": (f"{_IDENTITY} {_AREA} {_AUTHORSHIP}", _SELECTED),
    "PDFSource": (f"{_IDENTITY} path:text currentPath:text {_AUTHORSHIP}",
                  f"Description? PDFSelection* Representation:TextSource? {_CODED}"),
    "PDFSelection": (f"{_IDENTITY} page:whole! {_AREA} {_AUTHORSHIP}",
                     "Description? Representation:TextSource? Coding* NoteRef*"),
    "AudioSource": (f"{_IDENTITY} path:text currentPath:text {_AUTHORSHIP}",
                    f"Description? Transcript* AudioSelection* {_CODED}"),
    "AudioSelection": (f"{_IDENTITY} begin:whole! end:whole! {_AUTHORSHIP}", _SELECTED),
    "VideoSource": (f"{_IDENTITY} path:text currentPath:text {_AUTHORSHIP}",
                    f"Description? Transcript* VideoSelection* {_CODED}"),
    "VideoSelection": (f"{_IDENTITY} begin:whole! end:whole! {_AUTHORSHIP}", _SELECTED),
    "Transcript": (f"{_IDENTITY} richTextPath:text plainTextPath:text {_AUTHORSHIP}",
                   "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*"),
    "TranscriptSelection": (f"{_IDENTITY} fromSyncPoint:reference toSyncPoint:reference {_AUTHORSHIP}", _SELECTED),
    "SyncPoint": ("guid:guid! timeStamp:whole position:whole", ""),
    "Coding": ("guid:guid! creatingUser:reference creationDateTime:time", "CodeRef1 NoteRef*"),
    "Graphs": ("", "Graph+"),
    "Graph": (_IDENTITY, "Vertex* Edge*"),
    "Vertex": (f"{_IDENTITY} representedGUID:reference firstX:whole! firstY:whole! secondX:whole secondY:whole"
               " shape:shape color:colour", ""),
    "Edge": (f"{_IDENTITY} representedGUID:reference sourceVertex:reference! targetVertex:reference! color:colour"
             " direction:direction lineStyle:line", ""),
    "Notes": ("", "Note:TextSource+"),
    "Links": ("", "Link+"),
    "Link": (f"{_IDENTITY} direction:direction color:colour originGUID:reference targetGUID:reference", "NoteRef*"),
} | dict.fromkeys(("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef", "MemberCode", "MemberSource",
                   "MemberNote"), _REFERENCE)  # fmt: skip
_CODEBOOK = {
    "CodeBook": ("origin:text", "Codes1 Sets?"),
    "Codes": ("", "Code+"),
    "Code": ("guid:guid! name:text! isCodable:boolean! color:colour", "Description? Code*"),
    "Sets": ("", "Set+"),
    "Set": ("guid:guid! name:text!", "Description? MemberCode*"),
    "MemberCode": ("guid:reference!", ""),
}
_TEXTS = {
    "Description": "text", "PlainTextContent": "text", "TextValue": "text", "BooleanValue": "boolean",
    "IntegerValue": "whole", "FloatValue": "decimal", "DateValue": "date", "DateTimeValue": "time",
}  # fmt: skip


def document(root: str, namespace: str, builder: Callable[[Kind], Builder], guids: Mapping[str, Form]) -> Kind:
    """Return the kind of a whole document, which has one element: `Project` or `CodeBook`.

    `namespace` is the document's own, which may not be the standard's; `builder` returns what makes something of each
    kind of element; `guids` has what makes the normal forms of the types guid and reference.
    """
    types = {**_types(), **guids}
    table = _PROJECT if root == "Project" else _CODEBOOK
    kinds = {name: Kind(name, has_text=True, text=types[text]) for name, text in _TEXTS.items()}
    kinds |= {name: Kind(name) for name in table}
    for name, (attributes, children) in table.items():
        _give_attributes(kinds[name], attributes, types)
        _give_children(kinds[name], children, kinds, namespace)
    for kind in kinds.values():
        kind.leaf = not kind.below and not kind.has_text
        kind.contains = bool(kind.below) and not kind.attributes
        kind.build = builder(kind)
    whole = Kind("document")
    _give_children(whole, f"{root}1", kinds, namespace)
    return whole


def _give_attributes(kind: Kind, listed: str, types: Mapping[str, Form]) -> None:
    for attribute in listed.split():
        name, _, of_type = attribute.rstrip("!").partition(":")
        kind.attributes[name] = types[of_type]
    kind.required = frozenset(attribute.split(":")[0] for attribute in listed.split() if attribute.endswith("!"))
    kind.identified = "guid:guid!" in listed


def _give_children(kind: Kind, listed: str, kinds: Mapping[str, Kind], namespace: str) -> None:
    single, needed = set(), set()
    for place, group in enumerate(listed.split(), start=1):
        names = [name.partition(":") for name in group[:-1].split("|")]
        for name, _, of_kind in names:
            kind.below[f"{namespace} {name}".lstrip()] = (place, kinds[of_kind or name])
        if group[-1] in "1?":
            single.add(place)
        if group[-1] == "1":
            needed.add(names[0][0])
        kind.lacks = kind.lacks or group[-1] in "1+"
    kind.single, kind.needed = frozenset(single), frozenset(needed)
