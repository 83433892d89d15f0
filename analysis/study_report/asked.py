"""What a report is asked for: which facets, counted in which units, at which levels, with the wording or without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.study import code_tree, overview, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError


class ReportError(CompendiumError):
    """A report that cannot be made as it was asked for."""


class LeftOut(NamedTuple):
    """A section of a report that a study has nothing for, and why."""

    why: str


@dataclass(frozen=True)
class Asked:
    """What a report shows.

    `facets` have codes, and are in the order of the study; if they were not `named`, tables stay small. `units` are
    those of `vocabulary.UNITS` that the study has. `levels` gives the level of each facet, its top unless levels were
    asked for (`by_level`). `wording` is the private wording of passages, if it is to be shown.
    """

    facets: tuple[str, ...]
    named: bool
    units: tuple[str, ...]
    levels: Mapping[str, str]
    by_level: bool
    wording: Mapping[str, str] | None = None

    def captioned(self, evidence: Evidence, caption: str) -> str:
        """Return the caption of a table of passages, which says whether data are simulated and wording private."""
        return simulated_label.captioned(evidence, caption if self.wording is None else f"Private. {caption}")

    def axis(self, facet: str) -> Axis:
        """Return a facet at its level."""
        return Axis(facet, self.levels[facet])


def asked(
    evidence: Evidence,
    facets: Sequence[str] = (),
    unit: str | None = None,
    levels: Sequence[str] = (),
    wording: Mapping[str, str] | None = None,
) -> Asked:
    """Return what to show of a study: by default all facets with codes, in all units that the study has.

    `facets` are keys or names. A facet is shown at its level among `levels` if it has one of them, otherwise at its
    top. Raises ReportError for a facet without codes, a level that no facet has, a unit that the study does not have,
    and a study without any codes; CountsError for an unknown unit.
    """
    known = overview.facets_with_codes(evidence)
    if "name" in evidence.facets:
        keys = dict(zip(evidence.facets["name"], evidence.facets["facet"], strict=True))
        facets = [facet if facet in known else keys.get(facet, facet) for facet in facets]
    if unknown := [facet for facet in facets if facet not in known]:
        raise ReportError(f"There is no facet {unknown[0]!r} with codes. Choose among {formatting.listed(known)}.")
    chosen = tuple(facet for facet in known if facet in facets) if facets else tuple(known)
    of_facets = {facet: code_tree.levels(evidence.codes, facet) for facet in chosen}
    every = list(dict.fromkeys(level for found in of_facets.values() for level in found))
    if strange := [level for level in levels if level not in every]:
        raise ReportError(f"There is no level {strange[0]!r}. Choose among {formatting.listed(every)}.")
    return Asked(
        facets=chosen,
        named=bool(facets),
        units=_units(evidence, unit),
        levels={facet: next((at for at in found if at in levels), found[0]) for facet, found in of_facets.items()},
        by_level=bool(levels),
        wording=wording,
    )


def _units(evidence: Evidence, unit: str | None) -> tuple[str, ...]:
    """Return the units to count: of those that the study has, or the one that was asked for."""
    passages = evidence.passages
    has = {
        "passage": True,
        "statement": passages["statement"].nunique() < len(passages),  # otherwise they are the passages
        "interviewee": passages["interviewee"].notna().any(),
    }
    if unit is None:
        return tuple(one for one in vocabulary.UNITS if has[one])
    crosstabs.check_unit(unit)
    if unit == "interviewee" and not has[unit]:
        raise ReportError("No passage is from an interviewee, so nothing can be counted in interviewees. Use passage.")
    return (unit,)
