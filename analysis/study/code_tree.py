"""The code tree of a facet: its levels, its order, and codes rolled up to a level."""

from typing import Any

import pandas as pd

from analysis.support.errors import CompendiumError


class StructureError(CompendiumError):
    """A facet or level that the study does not have."""


def levels(codes: pd.DataFrame, facet: str) -> list[str]:
    """Return the levels of a facet from the top of its tree to the bottom.

    Raises StructureError for a facet without codes.
    """
    return _levels(_ancestors(codes, facet), _column(codes, facet, "level"))


def known_level(codes: pd.DataFrame, facet: str, level: str | None) -> str:
    """Return a level, the top one if None; raise StructureError for a facet or level that the study does not have."""
    return _known(levels(codes, facet), facet, level)


def codes_at(codes: pd.DataFrame, facet: str, level: str | None = None) -> list[str]:
    """Return the codes of one level (the top if None) in the order of the tree."""
    paths_up, level_of = _ancestors(codes, facet), _column(codes, facet, "level")
    level = _known(_levels(paths_up, level_of), facet, level)
    return [code for code in _in_tree_order(paths_up, codes, facet) if level_of[code] == level]


def in_tree_order(codes: pd.DataFrame, facet: str) -> list[str]:
    """Return every code of a facet, each parent before its children, siblings by position."""
    return _in_tree_order(_ancestors(codes, facet), codes, facet)


def rolled_up(codes: pd.DataFrame, facet: str, level: str | None = None) -> dict[str, str | None]:
    """Map every code of a facet to its ancestor (or itself) at a level (the top if None), None for a code above it."""
    paths_up, level_of = _ancestors(codes, facet), _column(codes, facet, "level")
    level = _known(_levels(paths_up, level_of), facet, level)
    return {code: next((step for step in up if level_of[step] == level), None) for code, up in paths_up.items()}


def names(codes: pd.DataFrame, facet: str) -> dict[str, str]:
    """Map the codes of a facet to their names; codes that share a name get their ids in brackets."""
    of_facet = codes[codes["facet"] == facet]
    shared = of_facet["name"].duplicated(keep=False)
    distinct = of_facet["name"].where(~shared, of_facet["name"] + " [" + of_facet["code_id"] + "]")
    return dict(zip(of_facet["code_id"], distinct, strict=True))


def _levels(paths_up: dict[str, list[str]], level_of: dict[str, str]) -> list[str]:
    depth = {level: len(paths_up[code]) for code, level in level_of.items()}
    return sorted(depth, key=depth.__getitem__)


def _known(levels: list[str], facet: str, level: str | None) -> str:
    if level and level not in levels:
        raise StructureError(f"Facet {facet!r} has no level {level!r}. Choose one of: {', '.join(levels)}.")
    return level or levels[0]


def _in_tree_order(paths_up: dict[str, list[str]], codes: pd.DataFrame, facet: str) -> list[str]:
    position = _column(codes, facet, "position")
    return sorted(paths_up, key=lambda code: [position[step] for step in paths_up[code]])


def _column(codes: pd.DataFrame, facet: str, name: str) -> dict[str, Any]:
    """Return what a column says of each code of a facet; lists are many times faster than a frame that is filtered."""
    columns = (codes[column].tolist() for column in ("facet", "code_id", name))
    return {code: value for of, code, value in zip(*columns, strict=True) if of == facet}


def _ancestors(codes: pd.DataFrame, facet: str) -> dict[str, list[str]]:
    """Map every code of a facet to its path from the top of the tree, itself last."""
    parent = _column(codes, facet, "parent_id")
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
