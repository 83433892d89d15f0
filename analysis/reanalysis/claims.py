"""The ledger of the article's empirical claims, each with a verdict computed from the evidence.

A claim names one of a handful of CHECKS and its arguments; the verdict, with its figures, is what the
check finds. Every check returns the passages for a claim and those against it apart. In a comparison,
the passages of the other side are against the claim: without one of them, the claim would hold more
easily. What a check may say, and what it may not: the passages were chosen to illustrate, so a
passage can illustrate a claim or counter it, a pattern can hold or fail *in what is printed*,
and where nothing is printed the verdict says so and no more.
"""

import inspect
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

import pandas as pd

from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import article_tables, close_reading
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting, strict_json
from analysis.support.errors import CompendiumError, Fault, raise_if_any

CONSISTENT, NOT_CONSISTENT = "consistent", "not consistent"
DEPENDS, ILLUSTRATED, NO_PASSAGE = "depends on the reading", "illustrated", "no passage shows it"
NOT_TESTABLE, RESTATED = "not testable here", "restated"
VERDICTS = (CONSISTENT, NOT_CONSISTENT, DEPENDS, ILLUSTRATED, NO_PASSAGE, RESTATED, NOT_TESTABLE)
#: Verdicts that no passage could have changed, as they repeat what was typed or defined, or as none could touch them.
NOT_COMPUTED = (RESTATED, NOT_TESTABLE)

#: Who makes a claim: the article in so many words, or we, who infer it from what the article says.
ORIGINS = {"stated": "stated by the article", "implied": "implied, as we read the article"}
BASES = ("wording", "lead-in")  # on which patterns are given; the verdict rests on the wider, the last
#: Cells of a table, each a row and a column.
Region = Sequence[tuple[str, str]]
BEARINGS = ("illustrates", "counters", "context")  # of a passage on a claim; a verdict counts the first two
CLAIMS, LINKS = "evidence/claims.csv", "evidence/claim_evidence.csv"
SILENCE = "Nothing printed shows it; the transcripts may."


class ClaimsError(CompendiumError):
    """A claim that cannot be checked as it is written."""


@dataclass(frozen=True)
class Pattern:
    """One comparison or presence on one basis and in one unit, over all allowed readings.

    `of_record`, `lowest` and `highest` are a count, or the difference of two counts; `holds` says
    whether the claim holds as coded, `share` in which share of readings it does. `tipping` is a
    smallest set of re-readings (passage to cell) that reverses this, None where none does. `passages` are
    those for the claim as coded on this basis, and `against` those against it.
    """

    basis: str
    unit: str
    of_record: int
    lowest: int
    highest: int
    holds: bool
    share: Fraction
    tipping: dict[str, str] | None
    passages: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """What a check about a pattern compares: two regions of a facet by a level of power, or one with nothing."""

    level: str
    facet: str
    first: Region
    second: Region


@dataclass(frozen=True)
class Assessment:
    """What a check came to: the verdict, its figures in a sentence, and the passages for and against the claim.

    `shares` are the lowest and the highest share of readings in which the claim holds, over the units
    that it is counted in; a verdict that depends on the reading always has them. `compared` is what a check about
    a pattern asks.
    """

    verdict: str
    summary: str
    passages: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    shares: tuple[Fraction, ...] = ()
    compared: Compared | None = None

    @property
    def share(self) -> str:
        """The share of readings, for a verdict that depends on them; empty for any other."""
        return _portions(self.shares) if self.verdict == DEPENDS else ""

    @property
    def label(self) -> str:
        """The verdict with that share: what is shown wherever the verdict is."""
        return f"{self.verdict} (share of readings in which it holds: {self.share})" if self.share else self.verdict


@dataclass(frozen=True)
class Ledger:
    """The claims and their evidence, validated.

    `claims` has the columns of claims.csv, `args` as a dict of keyword arguments; `evidence` those of
    claim_evidence.csv.
    """

    claims: pd.DataFrame
    evidence: pd.DataFrame

    def linked(self, claim_id: str, bearing: str) -> list[str]:
        """Return the passages linked to a claim with a bearing, in the order of the ledger."""
        return [*self._linked.get((claim_id, bearing), ())]

    @cached_property
    def _linked(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        columns = (self.evidence[name] for name in ("claim_id", "bearing", "extract_id"))
        for claim_id, bearing, extract in zip(*columns, strict=True):
            found.setdefault((claim_id, bearing), []).append(extract)
        return found


@lru_cache(maxsize=4)
def ledger(study: Evidence) -> Ledger:
    """Return the ledger of a study, its checks and links validated.

    Raises ClaimsError for a check that does not exist or takes other arguments, and for a document that
    is linked as more than context.
    """
    raise_if_any(ClaimsError, _link_faults(study))
    arguments = [_arguments(row, text) for row, text in enumerate(study.claims["args"], 2)]
    found = Ledger(study.claims.assign(args=pd.Series(arguments, dtype=object)), study.claim_evidence)
    raise_if_any(ClaimsError, _check_faults(found.claims))
    return found


def _arguments(row: int, text: str) -> dict[str, Any]:
    try:
        args = strict_json.parsed(text)
    except json.JSONDecodeError as fault:
        problem = f"not valid JSON ({fault.msg})"
    else:
        if isinstance(args, dict):
            return args
        problem = "not a JSON object"
    remedy = 'Write the arguments of the check as {"name": value}.'
    raise ClaimsError(Fault(CLAIMS, problem, remedy, row, "args", text)) from None


def _link_faults(study: Evidence) -> Iterator[Fault]:
    """Yield links that make a document, which shows nobody's conduct, illustrate or counter."""
    speaker = study.passages.set_index("extract_id")["interviewee"]
    links = study.claim_evidence
    for row, (extract, bearing) in enumerate(zip(links["extract_id"], links["bearing"], strict=True), 2):
        if bearing not in BEARINGS:
            yield Fault(
                LINKS, "there is no such bearing", f"Choose one of: {', '.join(BEARINGS)}.", row, "bearing", bearing
            )
        elif bearing != "context" and pd.isna(speaker[extract]):
            remedy = "A document gives context only."
            yield Fault(LINKS, f"{extract} is from a document", remedy, row, "bearing", bearing)


def _check_faults(claims: pd.DataFrame) -> Iterator[Fault]:
    for row, (check, args) in enumerate(zip(claims["check"], claims["args"], strict=True), 2):
        if check not in CHECKS:
            yield Fault(CLAIMS, "there is no such check", f"Choose one of: {', '.join(CHECKS)}.", row, "check", check)
            continue
        takes = [one for one in _parameters(check) if one.name != "claim_id"]
        needed = {parameter.name for parameter in takes if parameter.default is parameter.empty}
        if not needed <= args.keys() <= {parameter.name for parameter in takes}:
            remedy = f"It takes: {', '.join(parameter.name for parameter in takes) or 'nothing'}."
            yield Fault(CLAIMS, f"check {check} takes other arguments", remedy, row, "args", json.dumps(args))
            continue
        for parameter in takes:
            kind, expected = _KINDS[parameter.annotation]
            if parameter.name in args and not kind(args[parameter.name]):
                problem = f"the argument {parameter.name} of check {check} is of another kind"
                yield Fault(CLAIMS, problem, f"Write {expected}.", row, "args", json.dumps(args))
            elif not _are_different(args.get(parameter.name)):
                problem = f"the argument {parameter.name} of check {check} names something twice"
                yield Fault(CLAIMS, problem, "Name each once.", row, "args", json.dumps(args))


def _parameters(check: str) -> list[inspect.Parameter]:
    """Return what a check takes besides the study."""
    return list(inspect.signature(CHECKS[check]).parameters.values())[1:]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _are_different(value: object) -> bool:
    """Say whether a list names each thing once."""
    return not isinstance(value, list) or len(set(value)) == len(value)


def _are_pairs(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_text, (*value, *value.values())))


#: What the annotation of an argument asks of its value in JSON. A value of another kind could turn a verdict: the text
#: "D1" is a sequence of texts to Python, and true is the number 1.
_KINDS: dict[Any, tuple[Callable[[object], bool], str]] = {
    str: (_is_text, "a text"),
    int: (lambda value: type(value) is int, "a whole number"),
    bool: (lambda value: type(value) is bool, "true or false"),
    int | str: (lambda value: type(value) is int or _is_text(value), "a whole number or a text"),
    Sequence[str]: (_are_texts, "a list of at least one text"),
    str | None: (lambda value: value is None or _is_text(value), "a text"),
    Sequence[str] | None: (lambda value: value is None or _are_texts(value), "a list of at least one text"),
    Mapping[str, str] | None: (lambda value: value is None or _are_pairs(value), 'texts as {"code": "row"}'),
}


# --- the checks: (study, **arguments) -> Assessment; one that asks for a claim_id is given it


def restated(study: Evidence, fact: str, value: int | str) -> Assessment:
    """Read back a fact of the study that we typed from the same sentence: no finding.

    Raises ClaimsError where the study has no such fact, or one of another kind.
    """
    known = getattr(study.study, fact, None)
    if known is None:
        raise ClaimsError(f"no fact of the study is named {fact!r}")
    if type(known) is not type(value):
        raise ClaimsError(f"the fact {fact} is not of the kind of {value!r}")
    if known != value:
        return Assessment(NOT_CONSISTENT, f"The data package says {known}.")
    return Assessment(RESTATED, "Taken over from the article as it is.")


def beyond_print(study: Evidence) -> Assessment:
    """Say that no published passage could speak for or against the claim."""
    del study
    return Assessment(NOT_TESTABLE, "No published passage could speak for it or against it.")


def sources_cited(study: Evidence, sources: Sequence[str]) -> Assessment:
    """Ask which of some sources are cited with a passage."""
    _known(sources, study.sources["source_id"], "source")
    extracts = study.extracts
    cited = set(extracts["source_id"])
    silent = [source for source in sources if source not in cited]
    passages = tuple(extracts.loc[extracts["source_id"].isin(list(sources)), "extract_id"])
    summary = f"{len(sources) - len(silent)} of {len(sources)} are cited."
    if silent:
        summary += f" From {formatting.listed(silent)} no passage is printed."
    return Assessment(ILLUSTRATED if passages else NO_PASSAGE, summary, passages)


def published_in_time(study: Evidence, sources: Sequence[str]) -> Assessment:
    """Ask whether documents were published before the interviews ended, by month."""
    _known(sources, study.sources["source_id"], "source")
    published = study.sources.set_index("source_id")["published"]
    late = [source for source in sources if published[source][:7] > study.study.interviews_to]
    dates = formatting.listed([f"{source} {formatting.date(published[source])}" for source in sources])
    summary = f"Published: {dates}; last interviews: {formatting.date(study.study.interviews_to)}."
    if late:
        summary += " The cited edition is later than the interviews; what an earlier one said cannot be seen here."
        return Assessment(NOT_TESTABLE, summary)
    passages = tuple(study.extracts.loc[study.extracts["source_id"].isin(list(sources)), "extract_id"])
    return Assessment(CONSISTENT, summary, passages)


def tree_complete(study: Evidence, levels: Sequence[str]) -> Assessment:
    """Ask whether every passage printed in Table 2 has one code of each level: as printed, and so restated."""
    table = article_tables.table_2(study)
    if (known := code_tree.levels(study.codes, "power")) != list(levels):
        return Assessment(NOT_CONSISTENT, f"The tree has the levels {formatting.listed(known)}.")
    columns = [level.replace("-", "_") for level in levels]
    bare = table[columns].isna().any(axis=1)
    summary = f"{len(table) - bare.sum()} of {len(table)} printed passages have a code of each level."
    complete, lacking = (tuple(table.loc[chosen, "extract_id"]) for chosen in (~bare, bare))
    return Assessment(NOT_CONSISTENT if lacking else RESTATED, summary, complete, lacking)


def printed_in_table_2(study: Evidence, level: str, may_be_part_of: Mapping[str, str] | None = None) -> Assessment:
    """Ask whether every code of a level has a row in Table 2, over all readings of its rows.

    `may_be_part_of` names codes without a row of their own and, for each, the row that may be meant to
    include it. Each of them makes two readings of the table: the row includes the code, or it does not.
    Raises ClaimsError for another level than `first-order`, and for a code that is not one of that level.
    """
    if level != "first-order":
        raise ClaimsError("only first-order codes have rows in Table 2")
    missing = close_reading.first_order_codes_outside_table_2(study)
    open_to = dict(may_be_part_of or {})
    _known(
        [*open_to, *open_to.values()], pd.Series(code_tree.codes_at(study.codes, "power", level)), "first-order code"
    )
    names = code_tree.names(study.codes, "power")
    readable = {code: row for code, row in open_to.items() if code in missing and row not in missing}
    if not missing:
        return Assessment(CONSISTENT, "All are printed there.")
    summary = f"Without a row of their own: {formatting.listed([names[code] for code in missing])}."
    holds = [
        set(missing) <= {code for code, taken in zip(readable, choice, strict=True) if taken}
        for choice in product((False, True), repeat=len(readable))
    ]
    if not any(holds):
        return Assessment(NOT_CONSISTENT, summary)
    rows = [f"{names[row]} includes {names[code]}" for code, row in readable.items()]
    share = Fraction(sum(holds), len(holds))
    return Assessment(
        DEPENDS,
        f"{summary} The claim holds if the row {formatting.listed(rows)}, in {formatting.in_words(sum(holds))} of "
        f"{formatting.in_words(len(holds))} readings of the table.",
        shares=(share, share),
    )


def codes_supported(
    study: Evidence,
    number: int,
    codes: Sequence[str] | None = None,
    parent: str | None = None,
) -> Assessment:
    """Ask whether there are as many codes as claimed (those named, or those below one) and each has support.

    The codes and the passages under them are the article's own, so that a claim which holds is restated. Raises
    ClaimsError where both codes and a parent are named, or neither, and for a code that is not one of power.
    """
    chosen = codes_asked(study, codes, parent)
    level = level_of(study, chosen)
    margin = _supporting(study, level).loc[chosen]
    passages = tuple(extract for extracts in margin["extracts"] for extract in extracts)
    support = formatting.listed(
        [formatting.count_with_range(*cell) for cell in margin[["count", "lowest", "highest"]].to_numpy().tolist()]
    )
    summary = f"There are {formatting.in_words(len(chosen))}, with {support} supporting passages."
    if len(chosen) > number:
        return Assessment(NOT_CONSISTENT, summary, against=passages)
    if len(chosen) < number:
        return Assessment(NOT_CONSISTENT, summary, passages)
    share = share_with_all(allowed(study, level, "stage", "any"), chosen)
    verdict = verdict_of("codes_supported", (share, share))
    if verdict == NO_PASSAGE:
        return Assessment(verdict, f"{summary} {SILENCE}", passages)
    if verdict == RESTATED:
        return Assessment(verdict, summary, passages)
    summary = f"{summary} Share of readings in which each has one: {formatting.portion(share)}."
    return Assessment(verdict, summary, passages, shares=(share, share))


def codes_asked(study: Evidence, codes: Sequence[str] | None = None, parent: str | None = None) -> list[str]:
    """Return the power codes that are named, or those below one; raise ClaimsError as `codes_supported` does."""
    power = study.codes[study.codes["facet"] == "power"]
    if (codes is None) == (parent is None):
        raise ClaimsError("name either codes or a parent")
    _known([parent] if codes is None else codes, power["code_id"], "power code")
    return list(power.loc[power["parent_id"] == parent, "code_id"]) if codes is None else list(codes)


def illustrated(study: Evidence, claim_id: str) -> Assessment:
    """Count the passages that the ledger links to the claim as illustrating or countering it."""
    passages = ledger(study).linked(claim_id, "illustrates")
    against = ledger(study).linked(claim_id, "counters")
    summary = f"{_evidence_in_words(study, passages)}.".capitalize() if passages else SILENCE
    if against:
        summary = (
            f"{summary} Against it: {_evidence_in_words(study, against)}." if passages else "Only evidence against it."
        )
    silent = NOT_CONSISTENT if against else NO_PASSAGE
    return Assessment(ILLUSTRATED if passages else silent, summary, tuple(passages), tuple(against))


def present(study: Evidence, rows: Sequence[str], facet: str, columns: Sequence[str]) -> Assessment:
    """Ask whether any supporting passage of some power codes is in some columns, over all readings."""
    asked = Compared(level_of(study, rows), facet, tuple(product(rows, columns)), ())
    patterns = _patterns(study, asked)
    passages, against, shares = patterns[-1].passages, patterns[-1].against, _shares(patterns)
    summary = (
        f"{_evidence_in_words(study, passages)} as coded.".capitalize()
        if passages
        else "No passage supports it as coded."
    )
    verdict = verdict_of("present", shares)
    if verdict == NO_PASSAGE:
        summary = SILENCE
    elif verdict == DEPENDS:
        summary = f"{summary} {_shares_in_words(patterns)}"
    if against:
        summary = f"{summary} Against it: {_evidence_in_words(study, against)}.{_on_both_sides(passages, against)}"
    return Assessment(verdict, summary, passages, against, patterns, shares, asked)


def more(
    study: Evidence,
    rows: Sequence[str],
    columns: Sequence[str],
    than_rows: Sequence[str],
    than_columns: Sequence[str],
    defined_alike: bool = False,
) -> Assessment:
    """Ask whether there is more evidence in some cells of stage by power than in others, over all readings.

    The verdict is the same in passages, statements and interviewees, or it depends on the reading. What is in the other
    cells is against the claim. Where rows and columns are `defined_alike`, a claim that holds in every reading is
    restated: the rules gave the result.
    """
    level = level_of(study, [*rows, *than_rows])
    first, second = tuple(product(rows, columns)), tuple(product(than_rows, than_columns))
    asked = Compared(level, "stage", first, second)
    patterns = _patterns(study, asked)
    passages, against, shares = patterns[-1].passages, patterns[-1].against, _shares(patterns)
    if not passages and not against and all(p.lowest == p.highest == 0 for p in patterns if p.basis == BASES[-1]):
        return Assessment(NO_PASSAGE, SILENCE, passages, against, patterns, shares, asked)
    summary = (
        f"As coded, {_evidence_in_words(study, passages) if passages else 'no passages'} against "
        f"{_evidence_in_words(study, against) if against else 'none'}.{_on_both_sides(passages, against)} "
        f"{_undated_in_words(study, level, {*rows, *than_rows})}"
    )
    verdict = verdict_of("more", shares, defined_alike)
    if verdict == RESTATED:
        summary = f"It holds in every reading, as the rules for codes and stage say the same. {summary}"
    if verdict == DEPENDS:
        summary = f"{summary} {_shares_in_words(patterns)}"
    return Assessment(verdict, summary, passages, against, patterns, shares, asked)


#: The verdicts of checks over readings: where a claim holds in every reading, and where in none.
ALWAYS_AND_NEVER = {
    "codes_supported": (RESTATED, NO_PASSAGE),
    "present": (ILLUSTRATED, NO_PASSAGE),
    "more": (CONSISTENT, NOT_CONSISTENT),
}


def verdict_of(check: str, shares: tuple[Fraction, Fraction], defined_alike: bool = False) -> str:
    """Return the verdict of a check over readings from the lowest and highest share of those in which a claim holds.

    A claim whose rows and columns are `defined_alike` is restated where it holds in every reading.
    """
    always, never = ALWAYS_AND_NEVER[check]
    always = RESTATED if defined_alike else always
    return always if shares[0] == 1 else never if shares[1] == 0 else DEPENDS


CHECKS: dict[str, Callable[..., Assessment]] = {
    check.__name__: check
    for check in (
        restated, beyond_print, sources_cited, published_in_time, tree_complete, printed_in_table_2,
        codes_supported, illustrated, present, more,
    )
}  # fmt: skip


@lru_cache(maxsize=4)
def find(study: Evidence) -> dict[str, Assessment]:
    """Return the finding of every claim, by its id, in the order of the ledger.

    Raises ClaimsError, with the row of claims.csv, where a check cannot be computed from the evidence, and with the row
    of claim_evidence.csv where a check counts against a claim what the ledger links as illustrating it.
    """
    findings = assess(study)
    raise_if_any(ClaimsError, _opposed_links(study, findings))
    return findings


@lru_cache(maxsize=8)
def assess(study: Evidence) -> dict[str, Assessment]:
    """Return what `find` does, and do not mind links that a check contradicts: `contradicted` names them."""
    claims = ledger(study).claims
    findings = {}
    for row, (claim, check, args) in enumerate(
        zip(claims["claim_id"], claims["check"], claims["args"], strict=True), 2
    ):
        known = {"claim_id": claim} if any(one.name == "claim_id" for one in _parameters(check)) else {}
        try:
            found = CHECKS[check](study, **known, **args)
        except (CompendiumError, TypeError) as fault:
            remedy = "Correct the arguments of the check, or the codes they name."
            problem = f"check {check} cannot be computed: {fault}"
            raise ClaimsError(Fault(CLAIMS, problem, remedy, row, "args", json.dumps(args))) from fault
        findings[claim] = _with_links(study, claim, found)
    return findings


def contradicted(study: Evidence, findings: Mapping[str, Assessment]) -> dict[str, list[str]]:
    """Return, by claim, the passages linked as illustrating it that its check counts against it."""
    opposed = {
        claim: [one for one in ledger(study).linked(claim, "illustrates") if one in found.against]
        for claim, found in findings.items()
    }
    return {claim: passages for claim, passages in opposed.items() if passages}


def _opposed_links(study: Evidence, findings: Mapping[str, Assessment]) -> Iterator[Fault]:
    links = ledger(study).evidence
    for claim, opposed in contradicted(study, findings).items():
        own = links[(links["claim_id"] == claim) & links["extract_id"].isin(opposed)]
        problem = f"the check counts {formatting.listed(opposed)} against {claim}"
        remedy = "Link it as context, or correct its codes."
        yield Fault(LINKS, problem, remedy, int(own.index[0]) + 2, "bearing", "illustrates")


def _with_links(study: Evidence, claim_id: str, found: Assessment) -> Assessment:
    """Add to what a check finds against a claim the passages that the ledger links as countering it."""
    linked = [one for one in ledger(study).linked(claim_id, "counters") if one not in found.against]
    if not linked:
        return found
    summary = f"{found.summary} Against it: {formatting.listed(linked)}.{_on_both_sides(found.passages, linked)}"
    return replace(found, summary=summary, against=(*found.against, *linked))


@lru_cache(maxsize=4)  # every claim's place on the site asks for it
def verdicts(study: Evidence) -> pd.DataFrame:
    """Return a row for each claim: its verdict, the evidence for it in three units, and what is against it.

    Columns `claim_id, kind, origin, check, verdict, share_lowest, share_highest, summary, passages, statements,
    interviewees, from_most_quoted, against, context, extracts, extracts_against`. The shares are those of
    the readings in which a claim holds, to six decimals, empty where readings do not enter.
    `from_most_quoted` is the number of its passages from the interviewee whom the article quotes most.
    `against` counts the passages against the claim, `context` those linked as context only.
    """
    units = study.passages.set_index("extract_id")
    most_quoted = units["interviewee"].mode()[0] if units["interviewee"].notna().any() else None
    found_ledger, findings = ledger(study), find(study)
    rows = []
    for claim, kind, origin, check in found_ledger.claims[["claim_id", "kind", "origin", "check"]].to_numpy().tolist():
        found = findings[claim]
        used = units.loc[list(found.passages)]
        rows.append(
            {
                "claim_id": claim,
                "kind": kind,
                "origin": origin,
                "check": check,
                "verdict": found.verdict,
                "share_lowest": "".join(map(formatting.six_decimals, found.shares[:1])),
                "share_highest": "".join(map(formatting.six_decimals, found.shares[-1:])),
                "summary": found.summary,
                "passages": len(used),
                "statements": used["statement"].nunique(),
                "interviewees": used["interviewee"].nunique(),
                "from_most_quoted": int((used["interviewee"] == most_quoted).sum()),
                "against": len(found.against),
                "context": len(found_ledger.linked(claim, "context")),
                "extracts": found.passages,
                "extracts_against": found.against,
            }
        )
    return pd.DataFrame(rows)


def counted_on(study: Evidence, extract: str) -> dict[str, list[str]]:
    """Return the claims whose check counts a passage, those that it is "for" and those that it is "against"."""
    findings = find(study).items()
    return {
        "for": [claim for claim, found in findings if extract in found.passages],
        "against": [claim for claim, found in findings if extract in found.against],
    }


def patterns(study: Evidence) -> pd.DataFrame:
    """Return a row for each claim, basis and unit of a pattern: its figures over all readings, and what tips it.

    `share` is the share of readings in which the claim holds, to six decimals; `tipping` lists the fewest
    re-readings that reverse it, "none" where no reading does. `extracts` are the passages for the claim as
    coded on this basis, `extracts_against` those against it.
    """
    columns = [
        "claim_id", "basis", "unit", "of_record", "lowest", "highest", "holds", "share", "tipping", "extracts",
        "extracts_against",
    ]  # fmt: skip
    rows = [
        (
            claim, p.basis, p.unit, p.of_record, p.lowest, p.highest, p.holds,
            formatting.six_decimals(p.share), _tipping_in_words(p), p.passages, p.against,
        )
        for claim, found in find(study).items()
        for p in found.patterns
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _tipping_in_words(pattern: Pattern) -> str:
    if pattern.tipping is None:
        return "none"
    return " ".join(f"{extract}→{cell}" for extract, cell in pattern.tipping.items())


def _patterns(study: Evidence, asked: Compared) -> tuple[Pattern, ...]:
    """Compare two regions (or one with nothing) on each basis and in each unit; the widest basis comes last."""
    patterns = []
    for basis in BASES:
        sides = (asked.first, "supports"), (asked.first, vocabulary.COUNTERS), (asked.second, "supports")
        passages, denied, other = (
            _passages(study, asked.level, asked.facet, basis, region, stance) for region, stance in sides
        )
        against = tuple(dict.fromkeys((*other, *denied)))
        table = allowed(study, asked.level, asked.facet, basis)
        patterns += [
            _pattern(basis, unit, readings.compare(table, asked.first, asked.second, unit), passages, against)
            for unit in vocabulary.UNITS
        ]
    return tuple(patterns)


def _pattern(
    basis: str, unit: str, found: readings.Comparison, passages: tuple[str, ...], against: tuple[str, ...]
) -> Pattern:
    difference, tipping = found.difference, None
    if found.tipping is not None:
        tipping = {
            extract: "+".join("/".join(cell) for cell in position) for extract, position in found.tipping.items()
        }
    return Pattern(
        basis, unit, difference.of_record, difference.lowest, difference.highest,
        difference.of_record > 0, found.more, tipping, passages, against,
    )  # fmt: skip


def allowed(study: Evidence, level: str, facet: str, basis: str) -> readings.AllowedReadings:
    """Return all readings of a facet by a level of power."""
    return table_of(study, Axis("power", level), Axis(facet, basis=basis))


@lru_cache(maxsize=32)  # many claims ask of the same table
def table_of(study: Evidence, rows: Axis, columns: Axis) -> readings.AllowedReadings:
    """Return all readings of a table."""
    return readings.allowed_readings(study, rows, columns)


def share_with_all(table: readings.AllowedReadings, codes: Sequence[str]) -> Fraction:
    """Return the share of readings in which every one of some power codes has a supporting passage."""
    return readings.share_in_every(table, [[(code, vocabulary.ALL)] for code in codes])


@lru_cache(maxsize=16)
def _supporting(study: Evidence, level: str) -> pd.DataFrame:
    """Return how many passages support each power code of a level, as `crosstabs.crosstab` does, by code."""
    table = crosstabs.crosstab(study, Axis("power", level), Axis("stage"))
    return table[table["column"] == vocabulary.ALL].set_index("row")


@lru_cache(maxsize=16)
def _standing(study: Evidence, level: str, facet: str, basis: str) -> tuple[tuple[str, str, str, str], ...]:
    """Return where each passage is as coded: its id, row, column and stance, in the order of the evidence."""
    on_rows, on_columns = (
        [option for option in crosstabs.each_option(study, axis) if option.primary]
        for axis in (Axis("power", level), Axis(facet, basis=basis))
    )
    columns: dict[str, list[crosstabs.Option]] = defaultdict(list)
    for option in on_columns:
        columns[option.extract_id].append(option)
    standing = [
        (one.extract_id, one.code, other.code, crosstabs.column_taken("supports", one.stance, other.stance))
        for one in on_rows
        for other in columns[one.extract_id]
    ]
    return tuple(sorted(standing, key=lambda at: study.places[at[0]]))


def _passages(study: Evidence, level: str, facet: str, basis: str, region: Region, stance: str) -> tuple[str, ...]:
    """Return the passages in a region as coded that support its codes, or counter them."""
    standing = _standing(study, level, facet, basis)
    placed = (extract for extract, *cell, shown in standing if shown == stance and tuple(cell) in region)
    return tuple(dict.fromkeys(placed))


def _shares(patterns: Sequence[Pattern], basis: str = BASES[-1]) -> tuple[Fraction, Fraction]:
    """Return the lowest and the highest share of readings in which a claim holds on one basis, over the units."""
    shares = [pattern.share for pattern in patterns if pattern.basis == basis]
    return min(shares), max(shares)


def _portions(shares: Sequence[Fraction]) -> str:
    return " to ".join(dict.fromkeys(formatting.portion(share) for share in shares))


def _on_both_sides(passages: Sequence[str], against: Sequence[str]) -> str:
    """Name the passages that are on both sides, as a passage with several codes can."""
    both = [one for one in passages if one in against]
    return f" On both sides: {formatting.listed(both)}." if both else ""


def _shares_in_words(patterns: Sequence[Pattern]) -> str:
    """Say in which share of readings a claim holds on wording alone, and which passages drop out there."""
    alone = _portions(_shares(patterns, BASES[0]))
    only = {side: _only_with_lead_ins(patterns, side) for side in ("for", "against")}
    dropped = [f"{formatting.listed(passages)} {side} it" for side, passages in only.items() if passages]
    one = sum(map(len, only.values())) == 1
    falls = "drops out: its code rests on a lead-in" if one else "drop out: their codes rest on lead-ins"
    leaves = f" There, {' and '.join(dropped)} {falls}." if dropped else ""
    return f"Share on wording alone: {alone}.{leaves}"


def _only_with_lead_ins(patterns: Sequence[Pattern], side: str) -> list[str]:
    alone, widest = (pattern.passages if side == "for" else pattern.against for pattern in (patterns[0], patterns[-1]))
    return [extract for extract in widest if extract not in alone]


def _undated_in_words(study: Evidence, level: str, rows: set[str]) -> str:
    """Say how many supporting passages of some power codes have no stage, as coded."""
    standing = _standing(study, level, "stage", BASES[-1])
    own = [column for _, row, column, stance in standing if row in rows and stance == "supports"]
    undated = sum(column in ("not-stated", vocabulary.UNCODED) for column in own)
    if not undated:
        return f"All of their {len(own)} supporting passages can be dated."
    return f"{formatting.in_words(undated).capitalize()} of their {len(own)} supporting passages cannot be dated."


def _evidence_in_words(study: Evidence, passages: Sequence[str]) -> str:
    units = study.passages.set_index("extract_id").loc[list(passages)]
    said = formatting.counted(len(units), "passage")
    return f"{said} from {formatting.counted(units['interviewee'].nunique(), 'interviewee')}"


def level_of(study: Evidence, codes: Sequence[str]) -> str:
    """Return the one level that some power codes share; raise ClaimsError where there is none."""
    power = study.codes[study.codes["facet"] == "power"]
    _known(codes, power["code_id"], "power code")
    found = set(power.loc[power["code_id"].isin(list(codes)), "level"])
    if len(found) != 1:
        raise ClaimsError(f"the codes {formatting.listed(list(codes))} are not of one level")
    return str(found.pop())


def _known(wanted: Sequence[str | None], known: pd.Series, what: str) -> None:
    unknown = [str(one) for one in wanted if one not in set(known)]
    if unknown:
        raise ClaimsError(f"there is no {what} {formatting.listed(unknown)}")
