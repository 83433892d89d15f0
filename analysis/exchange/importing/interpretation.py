"""What an import took a project to be, in a few lines, each with the option that changes it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from analysis.exchange.importing import people
from analysis.exchange.importing.facets import WHOLE, Choices
from analysis.exchange.importing.study_from_project import CodedStudy
from analysis.exchange.positions import Counting
from analysis.study.coders import is_named
from analysis.support.formatting import counted, listed

_NAMES = 5  # that are shown of facets or coders
#: What was taken as an interviewee, by the choice at the import.
_INTERVIEWEES = {
    people.BY_CASE: "each case of the project",
    people.BY_SOURCE: "each source, except pictures and PDFs",
    people.NOBODY: "nobody",
}


def interviewees(chosen: str) -> str:
    """Say what was taken as an interviewee.

    >>> interviewees("case"), interviewees("role")
    ('each case of the project', "whom the variable 'role' names")
    """
    return _INTERVIEWEES.get(chosen, f"whom the variable {chosen!r} names")


def lines(made: CodedStudy, choices: Choices, counting: Counting | None) -> Iterator[str]:
    """Yield what a project was taken to be, line by line.

    `counting` is how positions were counted, None for a file without positions.
    """
    study = made.evidence.study
    origin = study.origin
    yield "It was taken as follows. The option in brackets changes it; import into another folder, or with --again."
    facets = made.evidence.facets
    codes = Counter(made.evidence.codes["facet"])
    named = [f"{facet} ({counted(codes[facet], 'code')})" for facet in facets["facet"]]
    whole = ", the whole code tree" if choices.facets == (WHOLE,) else ""
    yield f"  facets: {_some(named)}{whole} (--facet)"
    by = f"{interviewees(origin.interviewee)}, " if origin else ""
    yield f"  interviewees: {by}{study.interviewees or 0:,} in all (--interviewee)"
    exclusive = list(facets.loc[facets["exclusive"], "facet"])
    yield f"  one code a passage: {'in ' + _some(exclusive) if exclusive else 'in no facet'} (--exclusive)"
    coders = [coder.coder_id for coder in made.coders.values()]
    yield f"  coders whose codes are counted: {_of_record(study.coding_of_record, coders)} (--record)"
    if counting is not None:
        yield f"  positions: {counting} (--positions)"


def _of_record(record: Mapping[str, Sequence[str]], coders: Sequence[str]) -> str:
    """Say whose codes are counted: once where all facets have the same coders."""
    if len({tuple(who) for who in record.values()}) <= 1:
        who = list(next(iter(record.values()), coders))
        every = len(who) == len(coders) > 2
        names = [name if is_named(name) else f"{name} (no coder is named)" for name in who]
        return f"all {len(who):,} ({_some(names)})" if every else _some(names)
    return "; ".join(f"{facet}: {_some(list(who))}" for facet, who in record.items())


def _some(names: Sequence[str]) -> str:
    """List names, or the first of them and how many more there are."""
    more = len(names) - _NAMES
    return listed([*names[:_NAMES], f"{more:,} more"] if more > 0 else list(names))
