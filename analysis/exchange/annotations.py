"""What a data package has and REFI-QDA has no place for, as text that people and this package can read.

The rules of a code go into its description; role, stance, basis and rationale of a coding into a note of its own. Both
are read back, so that a study that goes through another program keeps them as far as that program keeps text.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from analysis.study import vocabulary

SIMULATED = "Simulated data"  # how the description of a simulated project begins
RULES = {"include": "Include", "exclude": "Exclude", "boundary": "Boundary"}
GISTS = "Made of the gists of the passages, each a paragraph; it is not what was said or written."
WORDING = "Made of the wording of the passages, each a paragraph; the text between them is not here."
FACETS = "Facets and coding of record"  # the name of the note on which facets are exclusive and whose coding counts
_FACET = re.compile("(\\S+): (exclusive|not exclusive); counted are the codes of (\\S+(?:, \\S+)*)").fullmatch
_RULE = re.compile(rf"^(?:{'|'.join(RULES.values())}): ", re.MULTILINE)
_HEAD = re.compile(
    "role: ({}); stance: ({}); basis: ({})(?:\n|$)".format(
        *("|".join(words) for words in (vocabulary.ROLES, vocabulary.STANCES, vocabulary.BASES["any"]))
    )
)


class Manner(NamedTuple):
    """How a code was given: its role, the stance of the passage, what the coding is based on, and why."""

    role: str = "primary"
    stance: str = "supports"
    basis: str = "wording"
    rationale: str = ""


def described(definition: str, rules: dict[str, str]) -> str:
    """Return the definition of a code with its rules as one text."""
    parts = [definition, *(f"{RULES[name]}: {rule}" for name, rule in rules.items() if rule)]
    return "\n".join(part for part in parts if part)


def definition_and_rules(description: str) -> dict[str, str]:
    """Return what `described` was given, `definition` and rules by their names; other text is a definition.

    >>> definition_and_rules(described("Is heard.", {"include": "votes", "exclude": "", "boundary": "seats"}))
    {'definition': 'Is heard.', 'include': 'votes', 'exclude': '', 'boundary': 'seats'}
    """
    first = _RULE.search(description)
    rest = description[first.start() :] if first else ""
    found = {"definition": description.removesuffix(rest).rstrip("\n")} | dict.fromkeys(RULES, "")
    starts = [*(match.start() for match in _RULE.finditer(rest)), len(rest)]
    for start, end in pairwise(starts):
        title, _, rule = rest[start:end].rstrip("\n").partition(": ")
        found[title.lower()] = rule
    return found


def noted(manner: Manner) -> str:
    """Return how a code was given as the text of a note.

    >>> print(noted(Manner(stance="counters", rationale="A seat without a say.")))
    role: primary; stance: counters; basis: wording
    A seat without a say.
    """
    head = f"role: {manner.role}; stance: {manner.stance}; basis: {manner.basis}"
    return f"{head}\n{manner.rationale}" if manner.rationale else head


def manner(note: str) -> Manner:
    """Return how a code was given from its note; a note of another form is the rationale.

    >>> manner(noted(Manner("alternative", "supports", "label", "Because."))), manner("My doubt.").rationale
    (Manner(role='alternative', stance='supports', basis='label', rationale='Because.'), 'My doubt.')
    """
    head = _HEAD.match(note)
    return Manner(rationale=note) if head is None else Manner(head[1], head[2], head[3], note[head.end() :])


def is_noted(text: str) -> bool:
    """Say whether a text has the form in which `noted` writes how a code was given."""
    return _HEAD.match(text) is not None


class Counted(NamedTuple):
    """Whether a facet is exclusive and whose coding counts."""

    exclusive: bool
    record: tuple[str, ...]


def facets_noted(facets: dict[str, Counted]) -> str:
    """Return how facets are counted as the text of a note."""
    return "\n".join(
        f"{facet}: {'exclusive' if exclusive else 'not exclusive'}; counted are the codes of {', '.join(record)}"
        for facet, (exclusive, record) in facets.items()
    )


def facets_from_note(note: str) -> dict[str, Counted]:
    """Return how facets are counted from the text of a note; other lines are passed over.

    >>> facets_from_note(facets_noted({"stage": Counted(True, ("ann", "ben"))}))
    {'stage': Counted(exclusive=True, record=('ann', 'ben'))}
    """
    found = [match for match in map(_FACET, note.split("\n")) if match]
    return {match[1]: Counted(match[2] == "exclusive", tuple(match[3].split(", "))) for match in found}
