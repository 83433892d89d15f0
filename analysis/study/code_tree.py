"""The code tree of a facet: its levels, its order, and codes rolled up to a level."""

from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from analysis.support.errors import CompendiumError


class StructureError(CompendiumError):
    """A facet or level that the study does not have."""


def levels(codes: pd.DataFrame, facet: str) -> list[str]:
    """Return the levels of a facet from the top of its tree to the bottom.

    Raises StructureError for a facet without codes.
    """
    return list(_depths(_codes_of(codes, facet)))


def known_level(codes: pd.DataFrame, facet: str, level: str | None) -> str:
    """Return a level, the top one if None; raise StructureError for a facet or level that the study does not have."""
    return _known_level(_codes_of(codes, facet), facet, level)


def codes_at(codes: pd.DataFrame, facet: str, level: str | None = None) -> list[str]:
    """Return the codes of one level (the top if None) in the order of the tree."""
    of_facet = _codes_of(codes, facet)
    level = _known_level(of_facet, facet, level)
    return [code for code in _in_tree_order(of_facet) if of_facet[code].level == level]


def in_tree_order(codes: pd.DataFrame, facet: str) -> list[str]:
    """Return every code of a facet, each parent before its children, siblings by position."""
    return _in_tree_order(_codes_of(codes, facet))


def rolled_up(codes: pd.DataFrame, facet: str, level: str | None = None) -> dict[str, str | None]:
    """Map every code of a facet to its ancestor (or itself) at a level (the top if None), None for a code above it."""
    of_facet = _codes_of(codes, facet)
    level = _known_level(of_facet, facet, level)
    return {
        code: next((step for step in up if of_facet[step].level == level), None)
        for code, up in _paths_up(of_facet).items()
    }


def names(codes: pd.DataFrame, facet: str) -> dict[str, str]:
    """Map the codes of a facet to their names; codes that share a name get their ids in brackets."""
    of_facet = codes[codes["facet"] == facet]
    shared = of_facet["name"].duplicated(keep=False)
    distinct = of_facet["name"].where(~shared, of_facet["name"] + " [" + of_facet["code_id"] + "]")
    return dict(zip(of_facet["code_id"], distinct, strict=True))


class _Code(NamedTuple):
    level: str
    parent: str
    position: int


# Rows as tuples: a table of codes is small, and each selection in pandas would take longer than all of this.
def _codes_of(codes: pd.DataFrame, facet: str) -> dict[str, _Code]:
    """Return the codes of a facet by their ids; raise StructureError where it has none."""
    columns = (codes[name].tolist() for name in ("facet", "code_id", "level", "parent_id", "position"))
    found = {code: _Code(*where) for of, code, *where in zip(*columns, strict=True) if of == facet}
    if not found:
        known = ", ".join(codes["facet"].unique())
        raise StructureError(f"There is no facet {facet!r} with codes. Choose one of: {known}.")
    return found


def _known_level(of_facet: Mapping[str, _Code], facet: str, level: str | None) -> str:
    known = _depths(of_facet)
    if level and level not in known:
        raise StructureError(f"Facet {facet!r} has no level {level!r}. Choose one of: {', '.join(known)}.")
    return level or next(iter(known))


def _depths(of_facet: Mapping[str, _Code]) -> dict[str, int]:
    """Return how deep each level of a facet lies, from the top."""
    depths = {of_facet[code].level: len(up) for code, up in _paths_up(of_facet).items()}
    return dict(sorted(depths.items(), key=itemgetter(1)))


def _in_tree_order(of_facet: Mapping[str, _Code]) -> list[str]:
    paths_up = _paths_up(of_facet)
    return sorted(paths_up, key=lambda code: [of_facet[step].position for step in paths_up[code]])


def _paths_up(of_facet: Mapping[str, _Code]) -> dict[str, list[str]]:
    """Map every code of a facet to its path from the top of the tree, itself last."""
    paths_up = {}
    for code in of_facet:
        up = [code]
        while parent := of_facet[up[0]].parent:
            up.insert(0, parent)
        paths_up[code] = up
    return paths_up
