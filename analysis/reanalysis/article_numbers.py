"""What the article of the compendium reports: its numbers as words and figures.

`paper/article.qmd` takes every number of its prose from `Reported`, so that none is typed by hand.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import agreement
from analysis.agreement import readers
from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import article_model, claims, close_reading, derived
from analysis.study import code_tree, coders, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError

_INLINE = re.compile(r"`\{python\} ([^`]+)`")
STAGES = ("initiation", "operationalization", "dissemination")
AXES = Axis("power"), Axis("stage", basis="lead-in")


class ReportedError(CompendiumError):
    """A number that the article asks for by a name that nothing has."""


class Reported:
    """The numbers of a study as its article gives them; small counts are words, and so are not repeated in figures.

    Every method raises ReportedError for a name that the study does not have, and for a number that is not defined.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    @property
    def interviews(self) -> str:
        """How many interviews were held."""
        return formatting.in_words(self._interviews)

    @property
    def _interviews(self) -> int:
        if (said := self._evidence.study.interviews) is None:
            raise ReportedError("The study does not say how many interviews it had. Add 'interviews' to its facts.")
        return said

    @property
    def interviewed_from(self) -> str:
        """When the first interviews were held."""
        return formatting.date(self._evidence.study.interviews_from)

    @property
    def interviewed_to(self) -> str:
        """When the last interviews were held."""
        return formatting.date(self._evidence.study.interviews_to)

    def observed(self, name: str) -> str:
        """Return how many there are of what an observation of the close reading counts."""
        return formatting.in_words(int(_at(self._observations, name, "observation")["count"]))

    def which(self, name: str) -> str:
        """Return the passages that an observation of the close reading counts, as a list."""
        return formatting.listed(_at(self._observations, name, "observation")["which"].split())

    def quoted(self) -> str:
        """Return the share of interviewees with at least one cited passage."""
        return formatting.share(len(close_reading.quoted_interviewees(self._evidence)), self._interviews)

    @property
    def not_quoted(self) -> str:
        """How many interviewees have no cited passage."""
        return formatting.in_words(self._interviews - len(close_reading.quoted_interviewees(self._evidence)))

    def from_most_quoted(self, people: int) -> str:
        """Return the share of interviewees' passages that come from the so many most quoted."""
        column = f"top_{people}"
        held = _at(self._concentration, "quoted", "base")
        if column not in held:
            raise ReportedError(f"No share of the {people} most quoted is computed. Take 1, 3 or 5.")
        return f"{float(held[column]):.0%}"

    def codes(self, facet: str, level: str) -> str:
        """Return how many codes a facet has at a level."""
        return formatting.in_words(len(code_tree.codes_at(self._evidence.codes, facet, level)))

    def supporting(self, power: str, unit: str = "passage") -> str:
        """Return how many units support a kind of power as coded, with their noun."""
        margin = _at(self._crosstabs, (unit, power, vocabulary.ALL), "unit and kind of power")
        return formatting.counted(int(margin["count"]), _NOUNS[unit])

    def cell(self, power: str, stage: str, unit: str = "passage") -> str:
        """Return a cell of stage by power, with lead-ins, in words."""
        return formatting.in_words(int(self._cell(unit, power, stage)["count"]))

    def cell_range(self, power: str, stage: str, unit: str = "passage") -> str:
        """Return the lowest and highest count of a cell of stage by power over all readings."""
        cell = self._cell(unit, power, stage)
        return formatting.span(int(cell["lowest"]), int(cell["highest"]))

    def late(self, strand: str) -> str:
        """Return how many of the dated passages on a kind of power are in the later stages, of how many.

        `strand` is a kind of power, or `normative` for both kinds made from others.
        """
        powers = [power for power in code_tree.codes_at(self._evidence.codes, "power") if power.endswith(strand)]
        if not powers:
            raise ReportedError(f"There is no kind of power {strand!r}. Take a dimension, or 'normative'.")
        dated, late = (
            sum(int(self._cell("passage", power, stage)["count"]) for power in powers for stage in stages)
            for stages in (STAGES, STAGES[1:])
        )
        return f"{late} of {dated}"

    def in_cell(self, power: str, stage: str) -> str:
        """Return the passages of a cell of stage by power, with lead-ins, as a list."""
        return formatting.listed(self._cell("passage", power, stage)["extracts"])

    @cached_property
    def all_readings(self) -> str:
        """How many readings can change the table of stage by power, with lead-ins."""
        return f"{readings.number_of_readings(self._evidence, *AXES):,}"

    def association(self, figure: str, basis: str = "lead-in", stages: str = "all") -> str:
        """Return a figure of Cramér's V (a column of the derived table `association`) to two decimals."""
        row = _at(self._association, (basis, stages), "basis and stages")
        return formatting.rounded(float(row[figure]))

    def as_high_as_coded(self, basis: str = "lead-in", stages: str = "all") -> str:
        """Return the share of readings in which Cramér's V is at least as high as it is as coded."""
        row = _at(self._association, (basis, stages), "basis and stages")
        return formatting.portion(Fraction(row["at_least_as_coded"]))

    def same_primary(self, facet: str) -> str:
        """Return on how many passages the independent readers chose the same primary code, of how many."""
        same = coders.side_by_side(self._evidence, facet)["same_primary"]
        return f"{same.sum()} of {len(same)}"

    def readers_of(self, facet: str) -> str:
        """Return how many independent readers coded a facet, in words."""
        return formatting.in_words(len(readers.independent(self._evidence, facet)))

    def only_of_record(self, facet: str) -> str:
        """Return the passages with a code of a facet that is allowed although no reader gave it, as a list."""
        codings = self._evidence.codings[self._evidence.codings["facet"] == facet]
        read = codings[codings["coder_id"].isin(readers.independent(self._evidence, facet))]
        record = self._evidence.record[self._evidence.record["facet"] == facet]
        given, kept = (set(zip(rows["extract_id"], rows["code_id"], strict=True)) for rows in (read, record))
        return formatting.listed(
            sorted({extract for extract, _ in kept - given}, key=self._evidence.places.__getitem__)
        )

    def alpha(self, facet: str) -> str:
        """Return Krippendorff's alpha of the readers' first choices on a facet."""
        chosen = readers.chosen(self._evidence, facet, readers.independent(self._evidence, facet))
        if (value := agreement.estimate(chosen, "krippendorff-alpha").value) is None:
            raise ReportedError(
                f"Krippendorff's alpha is not defined for {facet!r}. Take a facet that two readers coded."
            )
        return formatting.rounded(value)

    @property
    def all_claims(self) -> str:
        """How many claims the ledger has."""
        return formatting.in_words(len(self._verdicts))

    @property
    def computed_claims(self) -> str:
        """How many claims have a verdict that was computed from passages."""
        return formatting.in_words(int((~self._verdicts.isin(claims.NOT_COMPUTED)).sum()))

    def verdicts(self, verdict: str) -> str:
        """Return how many claims have a verdict."""
        if verdict not in claims.VERDICTS:
            raise ReportedError(f"There is no verdict {verdict!r}. There are {formatting.listed(claims.VERDICTS)}.")
        return formatting.in_words(int((self._verdicts == verdict).sum()))

    @property
    def shown_by_one(self) -> str:
        """How many claims are illustrated by a single passage."""
        found = claims.find(self._evidence).values()
        return formatting.in_words(sum(one.verdict == "illustrated" and len(one.passages) == 1 for one in found))

    def with_verdict(self, kind: str, verdict: str) -> str:
        """Return the claims of a kind that have a verdict, as a list."""
        kinds = self._evidence.claims.set_index("claim_id")["kind"]
        return formatting.listed(list(kinds.index[(kinds == kind) & (self._verdicts == verdict)]))

    def illustrating(self, claim: str) -> str:
        """Return the passages for a claim, as a list."""
        return formatting.listed(self._assessment(claim).passages)

    def opposing(self, claim: str) -> str:
        """Return the passages against a claim, as a list."""
        return formatting.listed(self._assessment(claim).against)

    def share(self, claim: str) -> str:
        """Return the share of readings given with a verdict that depends on the reading."""
        if not (share := self._assessment(claim).share):
            raise ReportedError(
                f"The verdict on {claim} does not depend on the reading, so it has no share of readings."
            )
        return share

    def pattern_share(self, claim: str, unit: str = "passage", basis: str = "lead-in") -> str:
        """Return the share of readings in which a claim about a pattern holds."""
        return formatting.portion(self._pattern(claim, unit, basis).share)

    def turned_by(self, claim: str, unit: str = "passage", basis: str = "lead-in") -> str:
        """Return the fewest passages whose re-reading reverses a claim about a pattern, as a list."""
        return formatting.listed(list(self._pattern(claim, unit, basis).tipping or ()))

    def step(self, source: str, target: str) -> str:
        """Return the passages that describe a step of the model, as a list."""
        steps = article_model.steps(self._evidence).set_index(["source", "target"])
        return formatting.listed(_at(steps, (source, target), "step")["extracts"])

    @property
    def all_steps(self) -> str:
        """How many steps the model has."""
        return formatting.in_words(len(article_model.steps(self._evidence)))

    @property
    def narrated_steps(self) -> str:
        """How many steps of the model some passage describes."""
        return formatting.in_words(int((article_model.steps(self._evidence)["count"] > 0).sum()))

    @cached_property
    def _observations(self) -> pd.DataFrame:
        return close_reading.observations(self._evidence).set_index("observation").astype({"which": str})

    @cached_property
    def _concentration(self) -> pd.DataFrame:
        return derived.concentration_of_passages(self._evidence).set_index("base")

    @cached_property
    def _association(self) -> pd.DataFrame:
        return derived.effect_sizes(self._evidence).set_index(["basis", "stages"])

    @cached_property
    def _crosstabs(self) -> pd.DataFrame:
        return crosstabs.crosstab_in_units(self._evidence, *AXES).set_index(["unit", "row", "column"])

    @cached_property
    def _verdicts(self) -> pd.Series:
        return claims.verdicts(self._evidence).set_index("claim_id")["verdict"]

    def _cell(self, unit: str, power: str, stage: str) -> pd.Series:
        return _at(self._crosstabs, (unit, power, stage), "unit, kind of power and stage")

    def _assessment(self, claim: str) -> claims.Assessment:
        findings = claims.find(self._evidence)
        if claim not in findings:
            raise ReportedError(f"There is no claim {claim!r}. Take one of claims.csv.")
        return findings[claim]

    def _pattern(self, claim: str, unit: str, basis: str) -> claims.Pattern:
        for pattern in self._assessment(claim).patterns:
            if (pattern.unit, pattern.basis) == (unit, basis):
                return pattern
        raise ReportedError(
            f"Claim {claim} has no pattern in {unit}s on basis {basis!r}. Take a claim about a pattern."
        )


_NOUNS = {"passage": "passage", "statement": "distinct statement", "interviewee": "interviewee"}


def _at(table: pd.DataFrame, key: Any, what: str) -> pd.Series:
    """Return the row of a table with a key."""
    if key not in table.index:
        raise ReportedError(
            f"There is no {what} {key!r}. There are {formatting.listed([str(k) for k in table.index[:8]])}, …"
        )
    row: pd.Series = table.loc[key]
    return row


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
