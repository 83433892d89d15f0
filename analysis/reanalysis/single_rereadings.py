"""Every allowed re-reading of one passage by itself: what it changes, and how much each pattern hangs on it.

`rereadings` says of each alternative what `rereading.reread` does, without assessing the study again for each: the
distributions of patterns are taken apart and put together with the passage settled. Passages that give context only
are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any

import pandas as pd

from analysis.counting import readings
from analysis.counting.crosstabs import Axis
from analysis.counting.readings import AllowedReadings, Outcome, Passage, Settled, SettledPassage
from analysis.reanalysis import article_model, claims, rereading
from analysis.reanalysis.claims import Assessment, Compared
from analysis.reanalysis.rereading import BASIS, EVERY_UNIT, VALUE, VERDICT, Change
from analysis.study import vocabulary
from analysis.study.evidence import Evidence
from analysis.support.formatting import six_decimals

#: The checks that read codes of power, and nothing else of the codings, in a way that is not taken apart here.
_OF_POWER = ("tree_complete", "printed_in_table_2")


def rereadings(evidence: Evidence) -> pd.DataFrame:
    """Return what each allowed re-reading changes: `extract_id, facet, code_id, what, name, unit, before, after`.

    A row for each change, as `rereading.Rereading` has them, shares left out (see `passages_of_patterns`). A re-reading
    that changes nothing has no row.
    """
    found = _single(evidence)
    rows = [
        (*one[:3], *change)
        for place, one in enumerate(found.settled)
        if not found.primary[place]
        for change in rereading.in_order(_changes(evidence, found, place))
    ]
    return pd.DataFrame(rows, columns=["extract_id", "facet", "code_id", *rereading.COLUMNS], dtype=object)


def passages_of_patterns(evidence: Evidence) -> pd.DataFrame:
    """Return the passages of each pattern, ranked by how much its verdict hangs on their reading.

    A row for each claim, unit, passage, facet and code that the passage allows there: `claim_id, unit, rank,
    extract_id, facet, code_id, role, share, difference, tipping`. `share` is the share of all readings with the passage
    settled so in which the claim holds, exact and to six decimals, `difference` the highest less the lowest share of
    the passage on this facet, and `tipping` whether the passage is in the smallest set of re-readings that turns the
    claim. Passages whose reading makes no difference are left out.
    """
    found = _single(evidence)
    rows = []
    for claim, assessed in claims.assess(evidence).items():
        for pattern in (one for one in assessed.patterns if one.basis == BASIS):
            shares = [outcome.more for outcome in found.outcomes[claim][pattern.unit]]
            ranked = _ranked(found.settled, shares)
            for rank, difference, places in ranked:
                for place in places:
                    one = found.settled[place]
                    role = "primary" if found.primary[place] else "alternative"
                    turns = one.extract_id in (pattern.tipping or {})
                    rows.append(
                        (
                            claim,
                            pattern.unit,
                            rank,
                            *one[:3],
                            role,
                            *map(six_decimals, (shares[place], difference)),
                            turns,
                        )
                    )
    columns = ["claim_id", "unit", "rank", "extract_id", "facet", "code_id", "role", "share", "difference", "tipping"]
    return pd.DataFrame(rows, columns=columns).astype({"tipping": bool})


def _ranked(settled: Sequence[Settled], shares: Sequence[Fraction]) -> Iterator[tuple[int, Fraction, list[int]]]:
    """Yield the places of each passage and facet with a difference, the largest first; equal ones share a rank."""
    groups = [list(places) for _, places in groupby(range(len(settled)), lambda place: settled[place][:2])]
    spread = [(max(own) - min(own), places) for places in groups for own in [[shares[place] for place in places]]]
    in_order = sorted((each for each in spread if each[0]), key=lambda each: -each[0])
    for difference, places in in_order:
        yield 1 + sum(larger > difference for larger, _ in in_order), difference, places


# --- each passage settled by itself


@dataclass(frozen=True, eq=False)
class _Single:
    """Passages that allow several codes on a facet, settled by themselves as each: what tables and patterns come to.

    Lists are parallel to `settled`. `tables` are by level of power and facet, with lead-ins; `supporting` are by level,
    on any basis, which is how support for codes is counted; `unsettled` and `support` have the passages of these as
    they are without, by id. `outcomes` are by claim and unit. `checks` are the claims with their checks and arguments,
    `codes` those about support for codes, with these codes, their level and number.
    """

    settled: tuple[Settled, ...]
    primary: tuple[bool, ...]
    tables: dict[tuple[str, str], list[SettledPassage]]
    supporting: dict[str, list[SettledPassage]]
    unsettled: dict[tuple[str, str], dict[str, Passage]]
    support: dict[str, dict[str, Passage]]
    outcomes: dict[str, dict[str, list[Outcome]]]
    checks: dict[str, tuple[str, dict[str, Any]]]
    codes: dict[str, tuple[list[str], str, int]]
    steps: list[dict[Hashable, Any]]


@lru_cache(maxsize=4)  # both tables ask for it
def _single(evidence: Evidence) -> _Single:
    left_out = rereading.context_only(evidence)
    codes = [one for one in rereading.allowed_codes(evidence) if one.extract_id not in left_out]
    several = Counter(one[:2] for one in codes)
    settled = [one for one in codes if several[one[:2]] > 1]
    record = evidence.record[evidence.record["role"] == "primary"]
    primary = set(zip(record["extract_id"], record["facet"], record["code_id"], strict=True))
    tables = {
        (rows.level_in(evidence), columns.facet): readings.settled_passages(evidence, rows, columns, settled)
        for rows, columns in rereading.tables_of(evidence)
    }
    supporting = {
        level: readings.settled_passages(evidence, Axis("power", level), Axis("stage"), settled)
        for level in dict.fromkeys(level for level, _ in tables)
    }
    ledger = (claims.ledger(evidence).claims[name] for name in ("claim_id", "check", "args"))
    checks = {claim: (check, args) for claim, check, args in zip(*ledger, strict=True)}
    asked = {claim: found.compared for claim, found in claims.assess(evidence).items() if found.compared}
    return _Single(
        settled=tuple(settled),
        primary=tuple(one[:3] in primary for one in settled),
        tables=tables,
        supporting=supporting,
        unsettled={table: _by_id(claims.allowed(evidence, *table, BASIS)) for table in tables},
        support={level: _by_id(claims.allowed(evidence, level, "stage", "any")) for level in supporting},
        outcomes={claim: _outcomes(evidence, one, tables[one.level, one.facet]) for claim, one in asked.items()},
        checks=checks,
        codes={claim: _codes(evidence, args) for claim, (check, args) in checks.items() if check == "codes_supported"},
        steps=article_model.steps(evidence).to_dict("records"),
    )


def _outcomes(evidence: Evidence, asked: Compared, settled: Sequence[SettledPassage]) -> dict[str, list[Outcome]]:
    table = claims.allowed(evidence, asked.level, asked.facet, BASIS)
    passages = [one.passage for one in settled]
    return {unit: readings.outcomes(table, asked.first, asked.second, unit, passages) for unit in vocabulary.UNITS}


def _codes(evidence: Evidence, args: Mapping[str, Any]) -> tuple[list[str], str, int]:
    codes = claims.codes_asked(evidence, args.get("codes"), args.get("parent"))
    return codes, claims.level_of(evidence, codes), args["number"]


# --- what a re-reading changes


def _changes(evidence: Evidence, found: _Single, place: int) -> Iterator[Change]:
    again = _assessed_again(evidence, found, place)
    for claim, before in claims.assess(evidence).items():
        verdict = again[claim].verdict if claim in again else _verdict(evidence, found, place, claim)
        yield VERDICT, claim, EVERY_UNIT, before.verdict, verdict
    for claim, before in claims.assess(evidence).items():
        for pattern in (one for one in before.patterns if one.basis == BASIS):
            value = found.outcomes[claim][pattern.unit][place].of_record
            yield VALUE, claim, pattern.unit, str(pattern.of_record), str(value)
    yield from _of_cells(evidence, found, place)
    yield from _of_steps(evidence, found, place, again)


def _assessed_again(evidence: Evidence, found: _Single, place: int) -> dict[str, Assessment]:
    """Return the claims that are assessed whole in the study with the passage settled, which are few."""
    needed = [
        (claim, check, args) for claim, (check, args) in found.checks.items() if _is_whole(found, place, claim, check)
    ]
    after = readings.settle(evidence, [found.settled[place]]) if needed else evidence
    return {claim: claims.CHECKS[check](after, **args) for claim, check, args in needed}


def _is_whole(found: _Single, place: int, claim: str, check: str) -> bool:
    if check == "more":  # nothing on either side makes another verdict than as much on both
        return all(one[place] == Outcome(0, Fraction(0)) for one in found.outcomes[claim].values())
    if check == "codes_supported":  # all that it counts is against it where there are too many codes
        codes, level, number = found.codes[claim]
        return len(codes) != number and _moves_support(found, place, level)
    return check in _OF_POWER and found.settled[place].facet == "power"


def _verdict(evidence: Evidence, found: _Single, place: int, claim: str) -> str:
    before = claims.assess(evidence)[claim]
    check, args = found.checks[claim]
    if before.compared:
        shares = [outcomes[place].more for outcomes in found.outcomes[claim].values()]
        return claims.verdict_of(check, (min(shares), max(shares)), args.get("defined_alike", False))
    if check != "codes_supported":
        return before.verdict
    codes, level, number = found.codes[claim]
    if len(codes) != number or not _moves_support(found, place, level):
        return before.verdict
    table, own = claims.allowed(evidence, level, "stage", "any"), found.supporting[level][place].passage
    passages = tuple(own if one.extract_id == own.extract_id else one for one in table.passages)
    share = claims.share_with_all(replace(table, passages=passages), codes)
    return claims.verdict_of(check, (share, share))


def _moves_support(found: _Single, place: int, level: str) -> bool:
    """Say whether a re-reading changes which codes of power the passage supports, or in which share of readings."""
    own = found.supporting[level][place].passage
    before = found.support[level][own.extract_id]
    return _support(before) != _support(own) or before.of_record != own.of_record


def _support(passage: Passage) -> dict[frozenset[str], Fraction]:
    """Return the share of a passage's readings in which it supports which codes."""
    numbers: dict[frozenset[str], int] = defaultdict(int)
    for position, number in passage.positions.items():
        numbers[frozenset(row for row, column in position if column not in vocabulary.APART)] += number
    return {codes: Fraction(number, sum(numbers.values())) for codes, number in numbers.items()}


def _by_id(table: AllowedReadings) -> dict[str, Passage]:
    return {one.extract_id: one for one in table.passages}


def _of_cells(evidence: Evidence, found: _Single, place: int) -> Iterator[Change]:
    """Yield the cells that the passage leaves, and those that it comes into."""
    for rows, columns in rereading.tables_of(evidence):
        level = rows.level_in(evidence)
        unsettled, own = found.unsettled[level, columns.facet], found.tables[level, columns.facet][place].passage
        was, now = set(unsettled[own.extract_id].of_record), set(own.of_record)
        if not (moved := was ^ now):
            continue
        table = claims.allowed(evidence, level, columns.facet, BASIS)
        for row, column in sorted(moved, key=lambda cell: (table.rows.index(cell[0]), table.columns.index(cell[1]))):
            if row not in rereading.NO_CODE:
                count = sum((row, column) in one.of_record for one in table.passages)
                after = count + (1 if (row, column) in now else -1)
                yield rereading.name_of_table(rows, columns), f"{row}/{column}", "passage", str(count), str(after)


def _of_steps(evidence: Evidence, found: _Single, place: int, again: Mapping[str, Assessment]) -> Iterator[Change]:
    """Yield the steps of the model whose passages change: only the settled passage can come or go."""
    assessed, ledger = claims.assess(evidence), claims.ledger(evidence)
    for step in found.steps:
        opposed = {one for claim in step["claims"] for one in _against(evidence, found, place, claim, again)}
        if opposed != {one for claim in step["claims"] for one in assessed[claim].against}:
            narrated = {one for claim in step["claims"] for one in ledger.linked(claim, "illustrates")} - opposed
            sides = (sorted(side, key=evidence.places.__getitem__) for side in (narrated, opposed))
            yield from rereading.of_step(step, *sides)


def _against(
    evidence: Evidence, found: _Single, place: int, claim: str, again: Mapping[str, Assessment]
) -> Iterable[str]:
    """Return the passages against a claim once the passage is settled."""
    before, linked = claims.assess(evidence)[claim], claims.ledger(evidence).linked(claim, "counters")
    if claim in again:
        return {*again[claim].against, *linked}
    if before.compared is None:
        return before.against
    asked, extract = before.compared, found.settled[place].extract_id
    sides = {*((*cell, "supports") for cell in asked.second), *((*cell, vocabulary.COUNTERS) for cell in asked.first)}
    is_against = not sides.isdisjoint(found.tables[asked.level, asked.facet][place].standing) or extract in linked
    return {*before.against} - {extract} | ({extract} if is_against else set())
