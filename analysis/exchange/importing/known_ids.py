"""The ids that an import gave before, so that passages, sources, codes and coders keep theirs in the next one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Names = Mapping[str, str]


@dataclass(frozen=True)
class KnownIds:
    """Ids by what they belong to in a project: the GUID of a selection or source, code or user, or whom a source is.

    A facet is known by the GUID of its branch, empty for codes in no branch; a code by its facet and GUID, and a source
    of a study by its kind and GUID, with a blank between.
    """

    facets: Names = field(default_factory=dict)
    passages: Names = field(default_factory=dict)
    sources: Names = field(default_factory=dict)
    codes: Names = field(default_factory=dict)
    coders: Names = field(default_factory=dict)


def from_facts(facts: Any) -> KnownIds:
    """Return the ids that were noted as JSON; raises ValueError for anything else."""
    if not isinstance(facts, dict) or facts.keys() - vars(KnownIds()).keys():
        raise ValueError("these are not ids")
    return KnownIds(**{name: {str(key): str(one) for key, one in dict(ids).items()} for name, ids in facts.items()})


def numbered(known: Iterable[str | None], letter: str, width: int) -> Iterator[str]:
    """Yield the known ids, and for each that is not known the next number after all those with the letter.

    >>> list(numbered([None, "P02", None], "P", 2)), list(numbered([None, None], "E", 4))
    (['P03', 'P02', 'P04'], ['E0001', 'E0002'])
    """
    given = list(known)
    number = max((int(one[1:]) for one in given if one and one[:1] == letter and one[1:].isdigit()), default=0)
    for one in given:
        if one is None:
            number += 1
        yield f"{letter}{number:0{width}d}" if one is None else one
