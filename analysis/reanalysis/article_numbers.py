"""What the article of the compendium reports: its numbers as words and figures.

`paper/article.qmd` takes every number of its prose from `Reported`, so that none is typed by hand.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import pandas as pd

from analysis import agreement
from analysis.agreement import readers
from analysis.counting import readings
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import claims, derived
from analysis.study import code_tree, loading, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError
from analysis.support.traced_values import Rows, Traced

_INLINE = re.compile(r"`\{python\} ([^`]+)`")
STAGES = ("initiation", "operationalization", "dissemination")
AXES = Axis("power"), Axis("stage", basis="lead-in")


class ReportedError(CompendiumError):
    """A number that the article asks for by a name that nothing has."""


class Reported:
    """The numbers of a study as its article gives them; small counts are words, and so are not repeated in figures.

    Every number knows the rows of the data package that it is computed from (`Traced`). Every method raises
    ReportedError for a name that the study does not have, and for a number that is not defined.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    @property
    def interviews(self) -> Traced:
        """How many interviews were held."""
        return Traced(formatting.in_words(self._interviews), (_fact("interviews"),))

    @property
    def _interviews(self) -> int:
        if (said := self._evidence.study.interviews) is None:
            raise ReportedError("The study does not say how many interviews it had. Add 'interviews' to its facts.")
        return said

    @property
    def interviewed_from(self) -> Traced:
        """When the first interviews were held."""
        return Traced(formatting.date(self._evidence.study.interviews_from), (_fact("interviewsFrom"),))

    @property
    def interviewed_to(self) -> Traced:
        """When the last interviews were held."""
        return Traced(formatting.date(self._evidence.study.interviews_to), (_fact("interviewsTo"),))

    def observed(self, name: str) -> Traced:
        """Return how many there are of what an observation of the close reading counts."""
        found = self._observation(name, "count")
        return Traced(formatting.in_words(int(found.value)), (found.place,), (name,))

    def which(self, name: str) -> Traced:
        """Return the passages that an observation of the close reading counts, as a list."""
        found = self._observation(name, "which")
        return Traced(formatting.listed(str(found.value).split()), (found.place,), (name,))

    def quoted(self) -> Traced:
        """Return the share of interviewees with at least one cited passage."""
        found = self._observation(_QUOTED, "count")
        share = formatting.share(int(found.value), self._interviews)
        return Traced(share, (found.place, _fact("interviews")), (_QUOTED,))

    def from_most_quoted(self, people: int) -> Traced:
        """Return the share of interviewees' passages that come from the so many most quoted."""
        column = f"top_{people}"
        if column not in _table(self._evidence, "derived/concentration.csv"):
            raise ReportedError(f"No share of the {people} most quoted is computed. Take 1, 3 or 5.")
        found = self._chosen("derived/concentration.csv", column, base="quoted")
        return Traced(formatting.whole_percent(float(found.value)), (found.place,), ("interviewee-passages",))

    def codes(self, facet: str, level: str) -> Traced:
        """Return how many codes a facet has at a level."""
        found = self._chosen("evidence/codes.csv", "code_id", facet=facet, level=level)
        return Traced(formatting.in_words(len(found.values)), (found.place,), tuple(found.values))

    def supporting(self, power: str, unit: str = "passage") -> Traced:
        """Return how many units support a kind of power as coded, with their noun."""
        found = self._cell("count", power, vocabulary.ALL, unit)
        return Traced(formatting.counted(int(found.value), _NOUNS[unit]), (found.place,), (power,))

    def cell(self, power: str, stage: str, unit: str = "passage") -> Traced:
        """Return a cell of stage by power, with lead-ins, in words."""
        found = self._cell("count", power, stage, unit)
        return Traced(formatting.in_words(int(found.value)), (found.place,), (f"{power}/{stage}",))

    def cell_range(self, power: str, stage: str, unit: str = "passage") -> Traced:
        """Return the lowest and highest count of a cell of stage by power over all readings."""
        ends = [self._cell(end, power, stage, unit) for end in ("lowest", "highest")]
        shown = formatting.span(*(int(end.value) for end in ends))
        return Traced(shown, tuple(end.place for end in ends), (f"{power}/{stage}",))

    def late(self, strand: str) -> Traced:
        """Return how many of the dated passages on a kind of power are in the later stages, of how many.

        `strand` is a kind of power, or `normative` for both kinds made from others.
        """
        powers = tuple(one for one in code_tree.codes_at(self._evidence.codes, "power") if one.endswith(strand))
        if not powers:
            raise ReportedError(f"There is no kind of power {strand!r}. Take a dimension, or 'normative'.")
        dated, late = (self._cells("count", powers, stages) for stages in (STAGES, STAGES[1:]))
        return Traced(f"{sum(late.values)} of {sum(dated.values)}", (late.place, dated.place), powers)

    def in_cell(self, power: str, stage: str) -> Traced:
        """Return the passages of a cell of stage by power, with lead-ins, as a list."""
        found = self._cell("extracts", power, stage)
        return Traced(formatting.listed(found.value), (found.place,), (f"{power}/{stage}",))

    @cached_property
    def all_readings(self) -> Traced:
        """How many readings can change the table of stage by power, with lead-ins."""
        readings_of_table = f"{readings.number_of_readings(self._evidence, *AXES):,}"
        place = Rows("derived/association.csv", "readings", _where(basis=AXES[1].basis, stages="all"))
        return Traced(readings_of_table, (place,), (_BOTH,))

    def association(self, figure: str, basis: str = "lead-in", stages: str = "all") -> Traced:
        """Return a figure of Cramér's V (a column of the derived table `association`) to two decimals."""
        found = self._effect_size(figure, basis, stages)
        return Traced(formatting.rounded(float(found.value)), (found.place,), (_BOTH,))

    def as_high_as_coded(self, basis: str = "lead-in", stages: str = "all") -> Traced:
        """Return the share of readings in which Cramér's V is at least as high as it is as coded."""
        found = self._effect_size("at_least_as_coded", basis, stages)
        return Traced(formatting.portion(Fraction(found.value)), (found.place,), (_BOTH,))

    def same_primary(self, facet: str) -> Traced:
        """Return on how many passages the independent readers chose the same primary code, of how many."""
        found = self._chosen(f"derived/{facet}-side-by-side.csv", "same_primary")
        return Traced(f"{sum(found.values)} of {len(found.values)}", (found.place,), (facet,))

    def readers_of(self, facet: str) -> Traced:
        """Return how many independent readers coded a facet, in words."""
        chosen = readers.independent(self._evidence, facet)
        place = Rows("evidence/codings.csv", "coder_id", _where(facet=facet, coder_id=chosen))
        return Traced(formatting.in_words(len(chosen)), (place,), (facet,))

    def only_of_record(self, facet: str) -> Traced:
        """Return the passages with a code of a facet that is allowed although no reader gave it, as a list."""
        codings = self._evidence.codings[self._evidence.codings["facet"] == facet]
        read = codings[codings["coder_id"].isin(readers.independent(self._evidence, facet))]
        record = self._evidence.record[self._evidence.record["facet"] == facet]
        given, kept = (set(zip(rows["extract_id"], rows["code_id"], strict=True)) for rows in (read, record))
        own = tuple(sorted({extract for extract, _ in kept - given}, key=self._evidence.places.__getitem__))
        place = Rows("evidence/extracts.csv", "extract_id", _where(extract_id=own))
        return Traced(formatting.listed(own), (place,), own)

    def alpha(self, facet: str) -> Traced:
        """Return Krippendorff's alpha of the readers' first choices on a facet."""
        coders = readers.independent(self._evidence, facet)
        chosen = readers.chosen(self._evidence, facet, coders)
        if (value := agreement.estimate(chosen, "krippendorff-alpha").value) is None:
            raise ReportedError(
                f"Krippendorff's alpha is not defined for {facet!r}. Take a facet that two readers coded."
            )
        # The whole table takes seconds: it has intervals for every group of coders.
        where = _where(facet=facet, coders=" ".join(coders), role="primary", code="all", method="analytic")
        place = Rows("derived/agreement.csv", "value", {**where, **_where(coefficient="krippendorff-alpha")})
        return Traced(formatting.rounded(value), (place,), (facet,))

    @property
    def all_claims(self) -> Traced:
        """How many claims the ledger has."""
        return self._claims_with(claims.VERDICTS)

    @property
    def computed_claims(self) -> Traced:
        """How many claims have a verdict that was computed from passages."""
        return self._claims_with([verdict for verdict in claims.VERDICTS if verdict not in claims.NOT_COMPUTED])

    def verdicts(self, verdict: str) -> Traced:
        """Return how many claims have a verdict."""
        if verdict not in claims.VERDICTS:
            raise ReportedError(f"There is no verdict {verdict!r}. There are {formatting.listed(claims.VERDICTS)}.")
        return self._claims_with([verdict])

    @property
    def shown_by_one(self) -> Traced:
        """How many claims are illustrated by a single passage."""
        found = self._chosen("derived/claims.csv", "claim_id", verdict="illustrated", passages="1")
        return Traced(formatting.in_words(len(found.values)), (found.place,), ("illustrated",))

    def with_verdict(self, kind: str, verdict: str) -> Traced:
        """Return the claims of a kind that have a verdict, as a list."""
        found = self._chosen("derived/claims.csv", "claim_id", may_be_none=True, kind=kind, verdict=verdict)
        return Traced(formatting.listed(found.values), (found.place,), tuple(found.values))

    def illustrating(self, claim: str) -> Traced:
        """Return the passages for a claim, as a list."""
        found = self._chosen("derived/claims.csv", "extracts", claim_id=claim)
        return Traced(formatting.listed(found.value), (found.place,), (claim,))

    def opposing(self, claim: str) -> Traced:
        """Return the passages against a claim, as a list."""
        found = self._chosen("derived/claims.csv", "extracts_against", claim_id=claim)
        return Traced(formatting.listed(found.value), (found.place,), (claim,))

    def share(self, claim: str) -> Traced:
        """Return the share of readings given with a verdict that depends on the reading."""
        places = [self._chosen("derived/claims.csv", f"share_{end}", claim_id=claim) for end in ("lowest", "highest")]
        if not (share := claims.find(self._evidence)[claim].share):
            raise ReportedError(
                f"The verdict on {claim} does not depend on the reading, so it has no share of readings."
            )
        return Traced(share, tuple(found.place for found in places), (claim,))

    def pattern_share(self, claim: str, unit: str = "passage", basis: str = "lead-in") -> Traced:
        """Return the share of readings in which a claim about a pattern holds."""
        pattern, place = self._pattern("share", claim, unit, basis)
        return Traced(formatting.portion(pattern.share), (place,), (claim,))

    def turned_by(self, claim: str, unit: str = "passage", basis: str = "lead-in") -> Traced:
        """Return the fewest passages whose re-reading reverses a claim about a pattern, as a list."""
        pattern, place = self._pattern("tipping", claim, unit, basis)
        return Traced(formatting.listed(list(pattern.tipping or ())), (place,), (claim,))

    def step(self, source: str, target: str) -> Traced:
        """Return the passages that describe a step of the model, as a list."""
        found, stating = (
            self._chosen("derived/model-steps.csv", column, source=source, target=target)
            for column in ("extracts", "claims")
        )
        return Traced(formatting.listed(found.value), (found.place,), tuple(stating.value))

    @property
    def all_steps(self) -> Traced:
        """How many steps the model has."""
        found = self._chosen("derived/model-steps.csv", "count")
        return Traced(formatting.in_words(len(found.values)), (found.place,), ("model",))

    @property
    def narrated_steps(self) -> Traced:
        """How many steps of the model some passage describes."""
        counts = sorted({*_table(self._evidence, "derived/model-steps.csv")["count"]} - {0})
        found = self._chosen("derived/model-steps.csv", "count", count=(*map(str, counts),))
        return Traced(formatting.in_words(len(found.values)), (found.place,), ("model",))

    def _claims_with(self, verdicts: Sequence[str]) -> Traced:
        found = self._chosen("derived/claims.csv", "claim_id", may_be_none=True, verdict=tuple(verdicts))
        return Traced(formatting.in_words(len(found.values)), (found.place,), tuple(verdicts))

    def _observation(self, name: str, column: str) -> "_Chosen":
        return self._chosen("derived/observations.csv", column, observation=name)

    def _effect_size(self, figure: str, basis: str, stages: str) -> "_Chosen":
        """Return a figure of one row of a table that would take seconds as a whole."""
        if (basis, stages) not in derived.EFFECT_SIZES:  # the message names those that there are
            return self._chosen("derived/association.csv", figure, basis=basis, stages=stages)
        found = derived.effect_size(self._evidence, basis, stages)[figure]
        return _Chosen([found], Rows("derived/association.csv", figure, _where(basis=basis, stages=stages)))

    def _cell(self, column: str, power: str, stage: str, unit: str = "passage") -> "_Chosen":
        return self._cells(column, (power,), (stage,), unit)

    def _cells(self, column: str, powers: tuple[str, ...], stages: tuple[str, ...], unit: str = "passage") -> "_Chosen":
        table, basis = "derived/stage-by-power.csv", AXES[1].basis
        return self._chosen(table, column, unit=unit, basis=basis, level=self._level, power=powers, stage=stages)

    @property
    def _level(self) -> str:
        return AXES[0].level_in(self._evidence)

    def _pattern(self, column: str, claim: str, unit: str, basis: str) -> tuple[claims.Pattern, Rows]:
        place = Rows("derived/claim-patterns.csv", column, _where(claim_id=claim, basis=basis, unit=unit))
        self._chosen("derived/claims.csv", "claim_id", claim_id=claim)
        for pattern in claims.find(self._evidence)[claim].patterns:
            if (pattern.unit, pattern.basis) == (unit, basis):
                return pattern, place
        raise ReportedError(
            f"Claim {claim} has no pattern in {unit}s on basis {basis!r}. Take a claim about a pattern."
        )

    def _chosen(
        self, name: str, column: str, *, may_be_none: bool = False, **where: str | tuple[str, ...]
    ) -> "_Chosen":
        """Return the values of a column in the rows of a table that are chosen by the values of other columns."""
        table, conditions = _table(self._evidence, name), _where(**where)
        for key, values in conditions.items():
            known = table[key].astype(str)
            table = table[known.isin(values)]
            if table.empty and not may_be_none:
                examples = ", ".join(known.unique()[:8])
                raise ReportedError(f"There is no {key} {' or '.join(values)!r} in {name}. Take one of {examples}, …")
        return _Chosen(table[column].tolist(), Rows(name, column, conditions))


@lru_cache(maxsize=64)  # prose and what holds in words ask for the same
def _table(evidence: Evidence, name: str) -> pd.DataFrame:
    """Return a table of the data package, computed if it is a derived one."""
    folder, _, stem = name.removesuffix(".csv").partition("/")
    if folder == "evidence":
        table: pd.DataFrame = getattr(evidence, stem)
        return table
    if stem == "stage-by-power":  # of which the article needs one level on one basis
        level = AXES[0].level_in(evidence)
        return derived.facet_by_power(evidence, "stage", (AXES[1].basis,), (level,))
    return derived.TABLES[stem][0](evidence)


class _Chosen(NamedTuple):
    """The values of a column in chosen rows of a table, and how the rows are chosen."""

    values: list[Any]
    place: Rows

    @property
    def value(self) -> Any:
        """The value of the first row, which is the only one where a key chose it."""
        return self.values[0]


_NOUNS = {"passage": "passage", "statement": "distinct statement", "interviewee": "interviewee"}
_QUOTED = "quoted-interviewees"
_BOTH = "/".join(axis.facet for axis in AXES)


def _where(**values: str | tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {column: (value,) if isinstance(value, str) else value for column, value in values.items()}


def _fact(name: str) -> Rows:
    """Return the place of a fact about the study as a whole."""
    return Rows(loading.DESCRIPTION, f"study.{name}")


def mentions(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield the places in the source of an article where a name is given: line and, for a number, its expression.

    A name is a passage or claim (`F14`), or what a number is asked for by (`cited-passages`,
    `resource/initiation`).
    """
    wanted = [f'"{part}"' for part in name.split("/")]
    for line, content in enumerate(text.splitlines(), 1):
        asked = [inline for inline in _INLINE.findall(content) if ", ".join(wanted) in inline]
        yield from ((line, inline) for inline in asked)
        if not asked and re.search(rf"\b{re.escape(name)}\b", _INLINE.sub("", content)):
            yield line, ""
