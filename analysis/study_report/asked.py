"""What a report is asked for: which facets, counted in which units, at which levels, with the wording or without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.study import code_tree, overview, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError


class ReportError(CompendiumError):
    """A report that cannot be made as it was asked for."""


@dataclass(frozen=True)
class Asked:
    """What a report shows.

    Attributes
    ----------
    facets : tuple of str
        Which facets, in the order of the study; each has codes.
    named : bool
        Whether they were asked for by name; otherwise tables stay small.
    units : tuple of str
        What is counted, those of `counts.UNITS` that the study has.
    levels : mapping of str to str
        The level of each facet.
    by_level : bool
        Whether levels were asked for; otherwise each facet is shown at its top.
    wording : mapping of str to str, or None
        The private wording of passages, if it is to be shown.
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
    """Return what to show of a study.

    Parameters
    ----------
    evidence : Evidence
        The coded study.
    facets : sequence of str
        Which facets; all that have codes if none are named.
    unit : one of counts.UNITS, or None
        What to count; all that the study has if None.
    levels : sequence of str
        Names of levels. A facet that has one of them is shown at it, others at their top.
    wording : mapping of str to str, or None
        The private wording of passages, to be shown.

    Raises
    ------
    ReportError
        For a facet without codes, a level that none of the facets has, a unit that the study does not have, and a study
        without any codes.
    CountsError
        For an unknown unit.
    """
    known = overview.facets_with_codes(evidence)
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
