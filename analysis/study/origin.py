"""Where a study comes from that was coded in another program: which file, how it was read, how much text there was."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Origin:
    """What a study was imported from.

    Attributes
    ----------
    file, sha256, format : str
        The name of the file, the SHA-256 of its bytes in hex digits, and what kind of file it is.
    positions : str
        How positions were counted, and how sure that is; empty where the file has none.
    way : str
        The name of this way to count, as `--positions` takes it, so that an export counts in the same way.
    interviewee : str
        What was taken for an interviewee: `case`, `source`, `none`, or the name of a variable.
    words, characters, marked : int or None
        How much text the sources have whose text is in the file, and how many of its characters lie in a passage that
        is a part of a text, each counted once; None where the file has no whole texts.
    with_text, without_text : int or None
        How many sources have their text in the file, and how many do not; None where none has, or all have.
    overlaps : int
        Passages that overlap one which another coder marked with another beginning or end.
    """

    file: str
    sha256: str
    format: str
    positions: str
    way: str
    interviewee: str
    words: int | None
    characters: int | None
    marked: int | None
    overlaps: int
    with_text: int | None = None
    without_text: int | None = None

    def facts(self) -> dict[str, str | int]:
        """Return what is known of it, as `datapackage.json` has it."""
        return {
            _NAMES.get(name, name): value for name, value in vars(self).items() if value is not None and value != ""
        }


_NAMES = {
    "marked": "charactersInPassages",
    "way": "positionsCountedAs",
    "with_text": "sourcesWithText",
    "without_text": "sourcesWithoutText",
}
_TEXTS = ("file", "sha256", "format", "positions", "way", "interviewee")
_NUMBERS = ("words", "characters", "marked", "with_text", "without_text")


def problems(facts: Any) -> Iterator[str]:
    """Yield what is wrong with the facts of an origin as `datapackage.json` has them."""
    if not isinstance(facts, dict):
        yield "importedFrom has to be an object"
        return
    for name in (_NAMES.get(name, name) for name in _TEXTS):
        if not isinstance(facts.get(name, ""), str):
            yield f"importedFrom.{name} has to be a text"
    for name in (*(_NAMES.get(name, name) for name in _NUMBERS), "overlaps"):
        if type(facts.get(name, 0)) is not int or facts.get(name, 0) < 0:
            yield f"importedFrom.{name} has to be a number"


def from_facts(facts: dict[str, Any]) -> Origin:
    """Return the origin that such facts describe; what is missing is not known."""
    known: dict[str, Any] = {name: facts.get(_NAMES.get(name, name), "") for name in _TEXTS}
    known |= {name: facts.get(_NAMES.get(name, name)) for name in _NUMBERS}
    return Origin(**known, overlaps=facts.get("overlaps", 0))
