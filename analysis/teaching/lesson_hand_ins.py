"""Hand-ins of lessons: JSON files and pasted texts, read piece by piece, with what is wrong by file and place.

A pasted text (also that of a QR code) is `PIC1.`, the hand-in as deflated JSON in base64url, a full stop, and the first
eight hexadecimal digits of the SHA-256 of that JSON. Mail programs break and mark its lines; blanks and `>` are passed
over. What cannot be read is a fault, and the rest counts. The page *A class* reads hand-ins in the same way.
"""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.support import safe_files, strict_json
from analysis.support.errors import Fault
from analysis.teaching.hand_ins import without_copy

FORMAT, VERSION, MARK = "lesson-hand-in", 1, "PIC1."
STATES = ("not-tried", "not-yet", "yes", "recorded")
#: Characters of a file, and bytes of what is unpacked from a text. A hand-in with long answers takes a hundredth.
LARGEST = 4_000_000
MOST = 1_000_000  # of tries and the like
AGAIN = "Ask for it again."
_CODE = re.compile(r"([A-Za-z0-9_-]+)\.([0-9a-f]{8})")
_BLANKS = re.compile("[ \t\n\r\f\v>\u00a0\u200b\ufeff]+")


@dataclass(frozen=True)
class Answer:
    """What was done with an exercise. `value` is as the page wrote it, and may be nothing."""

    value: Any = None
    state: str = STATES[0]
    tries: int = 0
    hints: int = 0
    solution: bool = False


@dataclass(frozen=True)
class Review:
    """What somebody says of a partner's open answer: boxes ticked on its checklist, and a comment."""

    of: str
    exercise: str
    checklist: tuple[bool, ...]
    comment: str


@dataclass(frozen=True)
class HandIn:
    """One hand-in, with what is wrong in it. `work` names the work in one browser, so that two people differ."""

    file: str
    lesson: str
    title: str
    digest: str
    pseudonym: str
    number: int
    saved: str
    work: str
    answers: Mapping[str, Answer]
    reviews: tuple[Review, ...]
    faults: tuple[Fault, ...] = ()

    def content(self) -> object:
        """Return what was answered, to be compared with other hand-ins."""
        return (self.lesson, dict(self.answers), self.reviews)


@dataclass(frozen=True)
class Found:
    """Hand-ins of a file or a text, and why others of it cannot be read."""

    hand_ins: tuple[HandIn, ...] = ()
    faults: tuple[Fault, ...] = ()


def read(file: Path) -> Found:
    """Read a file of a hand-in or of pasted texts; never raises, since what cannot be read is among the faults."""
    try:
        with safe_files.opened(file) as stream:
            content = stream.read(LARGEST + 1)
    except OSError as fault:
        return Found(faults=(Fault(file.name, f"the file cannot be read: {fault.strerror}", safe_files.advice(fault)),))
    return from_text(content.decode("utf-8", "replace"), file.name)


def from_text(text: str, where: str) -> Found:
    """Read a hand-in, or the pasted texts of several."""
    text = text.removeprefix("\ufeff").strip()
    if len(text) > LARGEST:
        return Found(faults=(Fault(where, "this is too long for a hand-in", "Check what it is."),))
    if not text:
        return Found(faults=(Fault(where, "the file is empty", AGAIN),))
    if MARK in text and not text.startswith("{"):
        return _pasted(text, where)
    if not text.startswith("{"):
        remedy = "Hand-ins are the files that a page of a lesson saves, or texts that begin with PIC1."
        return Found(faults=(Fault(where, "this is not a hand-in", remedy),))
    return _one(text, where)


def _pasted(text: str, where: str) -> Found:
    parts = text.split(MARK)[1:]
    names = [where if len(parts) == 1 else f"{where}, text {number}" for number in range(1, len(parts) + 1)]
    found = [_unpacked(_BLANKS.sub("", part), name) for part, name in zip(parts, names, strict=True)]
    return Found(tuple(one for each in found for one in each.hand_ins), tuple(f for each in found for f in each.faults))


def _unpacked(code: str, where: str) -> Found:
    cut = Fault(where, "the text is cut short or was changed", "Copy all of it, from PIC1. to its end, or use a file.")
    match = _CODE.match(code)
    if match is None:
        return Found(faults=(cut,))
    try:
        inflater = zlib.decompressobj(-15)
        packed = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
        content = inflater.decompress(packed, LARGEST)
    except (ValueError, zlib.error):
        return Found(faults=(cut,))
    if not inflater.eof or hashlib.sha256(content).hexdigest()[:8] != match[2]:
        return Found(faults=(cut,))
    return _one(content.decode("utf-8", "replace"), where)


def packed(hand_in: Mapping[str, Any]) -> str:
    """Return a hand-in as a text to be pasted."""
    content = json.dumps(hand_in, ensure_ascii=False, separators=(",", ":")).encode()
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    code = base64.urlsafe_b64encode(deflater.compress(content) + deflater.flush()).decode().rstrip("=")
    return f"{MARK}{code}.{hashlib.sha256(content).hexdigest()[:8]}"


def _one(text: str, where: str) -> Found:
    try:
        value = _well_formed(strict_json.parsed(text))
    except ValueError:
        problem = "this is not complete: it was cut short, changed or damaged"
        return Found(faults=(Fault(where, problem, AGAIN),))
    if fault := _not_ours(value, where):
        return Found(faults=(fault,))
    return Found((_hand_in(value, where),))


def _well_formed(value: Any) -> Any:
    """Return a value without halves of characters, which JSON can have and files cannot."""
    written = json.dumps(value, ensure_ascii=False)
    if written.isascii() or not re.search("[\ud800-\udfff]", written):
        return value
    return json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _not_ours(value: Any, where: str) -> Fault | None:
    if not isinstance(value, dict) or value.get("format") != FORMAT or not isinstance(value.get("lesson"), str):
        return Fault(where, "this is not a hand-in of a lesson", "Ask for the file that the lesson's page saves.")
    if value.get("version") != VERSION:
        remedy = "It was made with another version of these pages. Use the version of the class for it."
        return Fault(where, "this version of hand-ins is not known here", remedy, field="version")
    return None


class _Reading:
    """Reads fields, each of which may be missing or of another kind, and notes what is wrong."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.faults: list[Fault] = []

    def note(self, place: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.where, problem, remedy, field=place))

    def text(self, of: Mapping[str, Any], name: str, place: str = "") -> str:
        value = of.get(name)
        if value is not None and not isinstance(value, str):
            self.note(place + name, "this is not a text", "It is passed over.")
        return value if isinstance(value, str) else ""

    def count(self, of: Mapping[str, Any], name: str, place: str = "") -> int:
        value = of.get(name, 0)
        if type(value) is int and 0 <= value <= MOST:
            return value
        self.note(place + name, "this is not a count", "It is taken as 0.")
        return 0


def _hand_in(value: Mapping[str, Any], where: str) -> HandIn:
    reading = _Reading(where)
    pseudonym = reading.text(value, "pseudonym").strip()
    if not pseudonym:
        pseudonym = without_copy(Path(where).stem)
        reading.note("pseudonym", "there is no pseudonym", f"It counts as that of {pseudonym}, by its name.")
    return HandIn(
        file=where,
        lesson=value["lesson"],
        title=reading.text(value, "title"),
        digest=reading.text(value, "digest"),
        pseudonym=pseudonym,
        number=reading.count(value, "hand_in"),
        saved=reading.text(value, "saved"),
        work=reading.text(value, "work"),
        answers=dict(_answers(value.get("answers"), reading)),
        reviews=tuple(_reviews(value.get("reviews"), reading)),
        faults=tuple(reading.faults),
    )


def _answers(answers: object, reading: _Reading) -> Iterator[tuple[str, Answer]]:
    if not isinstance(answers, dict):
        reading.note("answers", "there are no answers", AGAIN)
        return
    for number, given in answers.items():
        if isinstance(given, dict):
            yield number, _answer(given, f"answers › {number} › ", reading)
        else:
            reading.note(f"answers › {number}", "this is not an answer", "It is passed over.")


def _answer(given: Mapping[str, Any], place: str, reading: _Reading) -> Answer:
    state = given.get("state")
    if state not in STATES:
        reading.note(f"{place}state", "this state is not known", "It is taken as not yet right.")
        state = "not-yet"
    counts = {name: reading.count(given, name, place) for name in ("tries", "hints")}
    return Answer(given.get("value"), state, solution=given.get("solution") is True, **counts)


def _reviews(reviews: object, reading: _Reading) -> Iterator[Review]:
    if reviews is not None and not isinstance(reviews, list):
        reading.note("reviews", "these are not reviews", "They are passed over.")
        return
    for at, one in enumerate(reviews or (), 1):
        if isinstance(one, dict) and isinstance(one.get("of"), str) and isinstance(one.get("exercise"), str):
            ticked = one.get("checklist")
            boxes = tuple(box is True for box in ticked) if isinstance(ticked, list) else ()
            yield Review(one["of"], one["exercise"], boxes, reading.text(one, "comment", f"reviews › {at} › "))
        else:
            reading.note(f"reviews › {at}", "this is not a review", "It is passed over.")
