"""The code tree of a facet: its levels, its order, and codes rolled up to a level.

Counts ask for these hundreds of times, so each is found once for a table of codes, which nobody changes in place.
"""

import weakref
from collections import Counter
from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from analysis.support.errors import CompendiumError

Given = ParamSpec("Given")
Found = TypeVar("Found")
Question = tuple[Any, ...]
#: What was found in each table of codes, by its identity, as long as there is the table.
_KNOWN: dict[int, tuple["weakref.ref[pd.DataFrame]", dict[Question, Any]]] = {}


class StructureError(CompendiumError):
    """A facet or level that the study does not have."""


def _once(find: Callable[Concatenate[pd.DataFrame, Given], Found]) -> Callable[Concatenate[pd.DataFrame, Given], Found]:
    """Have something found once in a table of codes; each caller is given a copy."""

    @wraps(find)
    def known(codes: pd.DataFrame, /, *given: Given.args, **named: Given.kwargs) -> Found:
        key = id(codes)
        if key not in _KNOWN:
            _KNOWN[key] = weakref.ref(codes, lambda _: _KNOWN.pop(key, None)), {}
        answers, question = _KNOWN[key][1], (find, given, *named.items())
        if question not in answers:
            answers[question] = find(codes, *given, **named)
        found: Found = copy(answers[question])
        return found

    return known


@_once
def levels(codes: pd.DataFrame, facet: str) -> list[str]:
    """Return the levels of a facet from the top of its tree to the bottom.

    Raises StructureError for a facet without codes.
    """
    paths_up = _ancestors(codes, facet)
    depth = {level: len(paths_up[code]) for code, level in _of(codes, facet, "level").items()}
    return sorted(depth, key=depth.__getitem__)


def known_level(codes: pd.DataFrame, facet: str, level: str | None) -> str:
    """Return a level, the top one if None; raise StructureError for a facet or level that the study does not have."""
    known = levels(codes, facet)
    if level and level not in known:
        raise StructureError(f"Facet {facet!r} has no level {level!r}. Choose one of: {', '.join(known)}.")
    return level or known[0]


@_once
def codes_at(codes: pd.DataFrame, facet: str, level: str | None = None) -> list[str]:
    """Return the codes of one level (the top if None) in the order of the tree."""
    level = known_level(codes, facet, level)
    of = _of(codes, facet, "level")
    return [code for code in in_tree_order(codes, facet) if of[code] == level]


@_once
def in_tree_order(codes: pd.DataFrame, facet: str) -> list[str]:
    """Return every code of a facet, each parent before its children, siblings by position."""
    position, paths_up = _of(codes, facet, "position"), _ancestors(codes, facet)
    return sorted(paths_up, key=lambda code: [position[step] for step in paths_up[code]])


@_once
def rolled_up(codes: pd.DataFrame, facet: str, level: str | None = None) -> dict[str, str | None]:
    """Map every code of a facet to its ancestor (or itself) at a level (the top if None), None for a code above it."""
    at_level = set(codes_at(codes, facet, level))
    return {
        code: next((step for step in up if step in at_level), None) for code, up in _ancestors(codes, facet).items()
    }


def names(codes: pd.DataFrame, facet: str) -> dict[str, str]:
    """Map the codes of a facet to their names; codes that share a name get their ids in brackets."""
    named = _of(codes, facet, "name")
    used = Counter(named.values())
    return {code: name if used[name] == 1 else f"{name} [{code}]" for code, name in named.items()}


@_once
def _of(codes: pd.DataFrame, facet: str, column: str) -> dict[str, Any]:
    """Map the codes of a facet to what they have in a column."""
    rows = zip(*(codes[name].tolist() for name in ("facet", "code_id", column)), strict=True)
    return {code: value for of, code, value in rows if of == facet}


@_once
def _ancestors(codes: pd.DataFrame, facet: str) -> dict[str, list[str]]:
    """Map every code of a facet to its path from the top of the tree, itself last."""
    parent = _of(codes, facet, "parent_id")
    if not parent:
        known = ", ".join(codes["facet"].unique())
        raise StructureError(f"There is no facet {facet!r} with codes. Choose one of: {known}.")
    paths_up = {}
    for code in parent:
        up = [code]
        while parent[up[0]]:
            up.insert(0, parent[up[0]])
        paths_up[code] = up
    return paths_up
