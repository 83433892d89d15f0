"""What somebody has to choose when a project becomes a study, and what comes of choosing nothing."""

from dataclasses import dataclass

from analysis.exchange.annotations import FACETS, Counted, facets_told
from analysis.exchange.exchange_errors import ExchangeError
from analysis.exchange.importing.facets import Facet
from analysis.exchange.importing.people import Coder
from analysis.exchange.project import Project
from analysis.study.evidence import Evidence
from analysis.support.errors import Fault


@dataclass(frozen=True)
class Choices:
    """What somebody has to choose: facets, which of them are exclusive, interviewees, whose coding counts.

    Empty means the usual: each branch at the top of the tree a facet, cases if there are any and else sources as
    interviewees; which facets are exclusive and whose coding counts as a note of the project says that this package
    wrote, and else no facet and every coder's. `record` has ids of coders, with `FACET=` before one for that facet.
    """

    facets: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    interviewee: str = ""
    record: tuple[str, ...] = ()


def told(project: Project) -> dict[str, Counted]:
    """Return what a note of the project says about its facets."""
    return facets_told("\n".join(note.content or "" for note in project.notes if note.name == FACETS))


def exclusive_facets(found: tuple[Facet, ...], chosen: tuple[str, ...], told: dict[str, Counted]) -> set[str]:
    """Return the facets that are exclusive, chosen by their id or the name of their branch."""
    ids = {facet.title: facet.facet for facet in found} | {facet.facet: facet.facet for facet in found}
    for name in chosen:
        if name not in ids:
            remedy = f"The facets are {', '.join(facet.facet for facet in found)}."
            raise ExchangeError(Fault("--exclusive", "there is no such facet", remedy, value=name))
    return {ids[name] for name in chosen or [name for name, facet in told.items() if facet.exclusive and name in ids]}


def coders_of_record(
    found: tuple[Facet, ...], chosen: tuple[str, ...], told: dict[str, Counted], coders: dict[str, Coder]
) -> dict[str, tuple[str, ...]]:
    """Return for each facet the coders whose coding counts: those chosen for it, those noted, or all."""
    known = [coder.coder_id for coder in coders.values()]
    if not known:
        raise ExchangeError(Fault("the project", "nothing in it is coded", "Import a project that was coded."))
    names = [facet.facet for facet in found]
    chosen_for = [(facet, coder) for facet, _, coder in (name.rpartition("=") for name in chosen)]
    for facet, coder in chosen_for:
        if coder not in known or facet not in ("", *names):
            remedy = f"Coded have {', '.join(known)}; the facets are {', '.join(names)}."
            value = f"{facet}={coder}".lstrip("=")
            raise ExchangeError(Fault("--record", "there is no such coder or facet", remedy, value=value))
    record = {}
    for facet in names:
        noted = told[facet].record if facet in told else ()
        of_facet = [coder for name, coder in chosen_for if name in ("", facet)]
        record[facet] = tuple(of_facet or [coder for coder in noted if coder in known] or known)
    return record


def refuse_second_codes(evidence: Evidence, exclusive: set[str]) -> None:
    """Refuse a facet that was called exclusive and is not."""
    primary, of_record = (
        rows[rows["facet"].isin(exclusive) & rows["role"].eq("primary")]
        for rows in (evidence.codings, evidence.by_coders_of_record)
    )
    leave_out = "leave it out of --exclusive."
    for found, who, problem, remedy in (
        (primary, ["coder_id"], "one coder gave passage {} two of its codes", leave_out.capitalize()),
        (of_record, [], "several coders coded passage {}, and all of them count",
         f"Say with --record whose coding counts, or {leave_out}"),
    ):  # fmt: skip
        second = found[found.duplicated(["extract_id", "facet", *who])]
        for extract, facet in zip(second["extract_id"], second["facet"], strict=True):
            told = f"{facet} is not exclusive: {problem.format(extract)}"
            raise ExchangeError(Fault("--exclusive", told, remedy))
