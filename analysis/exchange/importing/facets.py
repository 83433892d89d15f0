"""Branches of a code tree as facets, and what a person has to choose when a project becomes a study."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from analysis.exchange.annotations import FACETS, Counted, facets_from_note
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing.known_ids import KnownIds
from analysis.exchange.project import Code, Project
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.support.errors import Fault

WHOLE = "*"  # the whole tree as one facet
LEVELS = " > "
_CODES = "codes"  # the facet of codes that are in no branch
_RESERVED = (vocabulary.UNCODED, vocabulary.COUNTERS, vocabulary.CONTEXT, vocabulary.ALL)


@dataclass(frozen=True)
class Choices:
    """What a person has to choose: facets, which of them are exclusive, interviewees, whose coding counts.

    Empty means the default: each branch at the top of the tree is a facet; cases are interviewees if there are any,
    else sources; which facets are exclusive and whose coding counts is as in a note of the project that this package
    wrote, else no facet and every coder's. `record` has ids of coders, with `FACET=` before one for that facet.
    With `pseudonyms`, names of people and files are replaced. `ids` are those of an earlier import.
    """

    facets: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    interviewee: str = ""
    record: tuple[str, ...] = ()
    pseudonyms: bool = False
    ids: KnownIds = field(default_factory=KnownIds)

    def completing(self, said: "Choices") -> "Choices":
        """Return what was `said` now, and these choices where nothing was."""
        return Choices(
            said.facets or self.facets,
            said.exclusive or self.exclusive,
            said.interviewee or self.interviewee,
            said.record or self.record,
            said.pseudonyms or self.pseudonyms,
            self.ids,
        )


@dataclass(frozen=True)
class Placed:
    """A code of a project in a facet: its id there, its level from 1, and the id of the code above it there."""

    code: Code
    code_id: str
    level: int
    parent_id: str


@dataclass(frozen=True)
class Facet:
    """A facet with its codes, each after the one it lies below; `branch` is the code that they are a branch of."""

    facet: str
    title: str
    description: str
    branch: Code | None
    codes: tuple[Placed, ...]


def slug(name: str, otherwise: str = "code") -> str:
    """Return a name as an id: its letters in lower case, digits and hyphens, beginning with a letter.

    Letters of English lose their accents; those of other scripts stay as they are, with the marks that belong to them.

    >>> slug("Coke::diet Coke"), slug("Überblick (2)"), slug("3 weeks"), slug("参加"), slug("विश्वास: 2"), slug("…")
    ('coke-diet-coke', 'uberblick-2', 'code-3-weeks', '参加', 'विश्वास-2', 'code')
    """
    apart = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    foreign = any(letter.isalpha() and not letter.isascii() for letter in plain)
    kept = (unicodedata.normalize("NFKC", name) if foreign else plain).lower()
    words = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in kept).split()
    if not words or not words[0][0].isalpha():
        words.insert(0, otherwise)
    return "-".join(words)


def distinct(
    names: Iterable[str], reserved: Iterable[str] = (), gap: str = "-", known: Iterable[str | None] = ()
) -> Iterator[str]:
    """Yield names, and add a number to each that occurred before or is reserved; those `known` stand for themselves.

    >>> list(distinct(["trust", "all", "trust"], ["all"]))
    ['trust', 'all-2', 'trust-2']
    >>> list(distinct(["trust", "hope"], known=[None, "trust"]))
    ['trust-2', 'trust']
    """
    given = list(known)
    taken = {*reserved, *filter(None, given)}
    for name, own in zip_longest(names, given):
        if own is not None:
            yield own
            continue
        number, free = 2, name
        while free in taken:
            free, number = f"{name}{gap}{number}", number + 1
        taken.add(free)
        yield free


def branches(project: Project) -> dict[str, Code]:
    """Return the codes that have codes below them, by their path from the top."""
    below = project.codes_below()

    def tree(parent: str, above: str) -> Iterator[tuple[str, Code]]:
        for code in below.get(parent, ()):
            path = f"{above}{LEVELS}{code.name}" if above else code.name
            if code.guid in below:
                yield path, code
            yield from tree(code.guid, path)

    return dict(tree("", ""))


def facets(project: Project, chosen: tuple[str, ...], used: frozenset[str], ids: KnownIds) -> tuple[Facet, ...]:
    """Return the facets of a project.

    `chosen` names branches, each by its name or its path from the top; `WHOLE` is the whole tree. Without it, each
    code at the top with codes below it is a facet, and the others at the top are one facet together. `used` are the
    codes that were given to anything: a branch that was itself given becomes a code of its facet, beside those below
    it, and `ids` those of an earlier import. Raises ExchangeError for a name that no branch has, or several.
    """
    below = project.codes_below()
    if chosen == (WHOLE,) or not any(code.guid in below for code in below[""]):
        whole = (_CODES, "All codes of the project.", None, below[""])
        return (_facet(*whole, below, used, ids),) if project.codes else ()
    named = [_branch(project, name) for name in chosen] or [code for code in below[""] if code.guid in below]
    found = [
        _facet(facet, code.description or f"Which of the codes below {code.name!r} a passage has.", code,
               below[code.guid], below, used, ids)
        for facet, code in zip(
            distinct((slug(code.name, "facet") for code in named), known=[ids.facets.get(code.guid) for code in named]),
            named, strict=True)
    ]  # fmt: skip
    alone = [code for code in below[""] if code.guid not in below]
    if alone and not chosen:
        *_, name = distinct([*(facet.facet for facet in found), _CODES])
        found.append(_facet(name, "The codes that are in no branch.", None, alone, below, used, ids))
    return tuple(found)


def _branch(project: Project, name: str) -> Code:
    by_path = branches(project)
    found = [code for path, code in by_path.items() if path == name] or [
        code for code in by_path.values() if code.name == name
    ]
    if len(found) != 1:
        problem = "several branches of the code tree have this name" if found else "the code tree has no such branch"
        remedy = f"It has: {', '.join(by_path) or 'none'}."
        raise ExchangeError(Fault("--facet", problem, remedy, value=name))
    return found[0]


def _facet(
    facet: str,
    description: str,
    branch: Code | None,
    tops: list[Code],
    below: dict[str, list[Code]],
    used: frozenset[str],
    known: KnownIds,
) -> Facet:
    walked: list[tuple[Code, int, str]] = []

    def walk(codes: list[Code], level: int, parent: str) -> None:
        for code in codes:
            walked.append((code, level, parent))
            walk(below.get(code.guid, []), level + 1, code.guid)

    walk(tops, 1, "")
    if branch is not None and branch.guid in used:
        walked.append((branch, 1, ""))
    earlier = [known.codes.get(f"{facet} {code.guid}") for code, _, _ in walked]
    slugs = distinct((slug(code.name) for code, _, _ in walked), _RESERVED, known=earlier)
    ids = dict(zip((code.guid for code, _, _ in walked), slugs, strict=True))
    placed = tuple(Placed(code, ids[code.guid], level, ids.get(parent, "")) for code, level, parent in walked)
    return Facet(facet, branch.name if branch else "", description, branch, placed)


def noted_facets(project: Project) -> dict[str, Counted]:
    """Return how a note of the project says that its facets are counted."""
    return facets_from_note("\n".join(note.content or "" for note in project.notes if note.name == FACETS))


def exclusive_facets(found: tuple[Facet, ...], chosen: tuple[str, ...], noted: dict[str, Counted]) -> set[str]:
    """Return the facets that are exclusive, chosen by their id or the name of their branch.

    Raises ExchangeError where there is no such facet.
    """
    ids = {facet.title: facet.facet for facet in found} | {facet.facet: facet.facet for facet in found}
    for name in chosen:
        if name not in ids:
            remedy = f"The facets are {', '.join(facet.facet for facet in found)}."
            raise ExchangeError(Fault("--exclusive", "there is no such facet", remedy, value=name))
    return {ids[name] for name in chosen or [name for name, facet in noted.items() if facet.exclusive and name in ids]}


def coders_of_record(
    found: tuple[Facet, ...], chosen: tuple[str, ...], noted: dict[str, Counted], coders: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return for each facet the coders whose coding counts: those chosen for it, those in the note, or all.

    Where nothing is coded there are none. Raises ExchangeError where there is no such coder or facet.
    """
    names = [facet.facet for facet in found]
    chosen_for = [(facet, coder) for facet, _, coder in (name.rpartition("=") for name in chosen)]
    for facet, coder in chosen_for:
        if coder not in coders or facet not in ("", *names):
            remedy = f"The coders are {', '.join(coders) or 'none'}; the facets are {', '.join(names)}."
            value = f"{facet}={coder}".lstrip("=")
            raise ExchangeError(Fault("--record", "there is no such coder or facet", remedy, value=value))
    record = {}
    for facet in names:
        in_note = [coder for coder in (noted[facet].record if facet in noted else ()) if coder in coders]
        record[facet] = tuple([coder for name, coder in chosen_for if name in ("", facet)] or in_note or coders)
    return record


def refuse_second_codes(evidence: Evidence, exclusive: set[str]) -> None:
    """Raise ExchangeError for a facet that was called exclusive and is not."""
    primary, of_record = (
        rows[rows["facet"].isin(exclusive) & rows["role"].eq("primary")]
        for rows in (evidence.codings, evidence.by_coders_of_record)
    )
    leave_out = "leave it out of --exclusive."
    for rows, key, problem, remedy in (
        (primary, ["coder_id"], "one coder gave passage {} two of its codes", leave_out.capitalize()),
        (of_record, [], "several coders coded passage {}, and all of them count",
         f"Say with --record whose coding counts, or {leave_out}"),
    ):  # fmt: skip
        second = rows[rows.duplicated(["extract_id", "facet", *key])]
        for extract, facet in second[["extract_id", "facet"]].to_numpy()[:1]:
            raise ExchangeError(Fault("--exclusive", f"{facet} is not exclusive: {problem.format(extract)}", remedy))
