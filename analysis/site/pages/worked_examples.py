"""Worked examples for the pages on methods, each computed from the data when the site is built."""

import math
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis import agreement
from analysis.agreement import agreement_tables, readers
from analysis.counting import crosstabs, readings
from analysis.counting.readings import AllowedReadings
from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis.article_numbers import AXES
from analysis.statistics import association
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.wording import fingerprints

# Invented, so that no wording of a passage is needed to show what a fingerprint does.
_INVENTED = (
    "An invented sentence, quoted nowhere.",
    "“An INVENTED sentence – quoted nowhere”",
    "An invented sentence, quoted somewhere.",
)
# What coefficients of agreement take for chance.
_CHANCE = {
    "percent-agreement": ("percent agreement", "left out"),
    "cohen-kappa": ("Cohen's kappa", "each coder's own proportions"),
    "krippendorff-alpha": ("Krippendorff's alpha", "the proportions of all coders, corrected for few passages"),
    "gwet-ac": ("Gwet's AC1", "blind choices in a part of the ratings only"),
}
#: Pieces of so few words are easily guessed.
SHORT = 2


class Worked:
    """The worked examples of a study: tables with their captions, and single figures as words of prose."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def fingerprints(self) -> CaptionedTable:
        """Return the fingerprints of an invented sentence, of the same in other type, and of a changed one."""
        made = [fingerprints.fingerprint(word.text for word in fingerprints.words(sentence)) for sentence in _INVENTED]
        table = pd.DataFrame({"Fingerprint": made}, index=pd.Index(_INVENTED, name="Sentence"))
        return CaptionedTable(table, "Punctuation and capitals make no difference; a changed word does")

    def sealed(self, extract: str) -> CaptionedTable:
        """Return what is stored of a passage in place of its wording."""
        pieces = self._evidence.fragments[self._evidence.fragments["owner_id"] == extract]
        gist = self._evidence.extracts.set_index("extract_id")["gist"][extract]
        table = pd.DataFrame(
            {
                "Words": pieces["words"],
                "Fingerprint": pieces["fingerprint"],
                "Citation that follows": pieces["cited_as"],
                "Gist": gist,
            }
        ).set_axis(pd.Index([extract] * len(pieces), name="Passage"))
        return CaptionedTable(table, "One passage, as it is stored")

    def short_pieces(self) -> str:
        """Return how many pieces of passages are so short that their fingerprint hides nothing."""
        fragments = self._evidence.fragments
        ours = fragments["owner_id"].isin(self._evidence.extracts["extract_id"])
        return formatting.in_words(int((ours & (fragments["words"] <= SHORT)).sum()))

    def who_read(self, extract: str, facet: str) -> CaptionedTable:
        """Return what every coder of a facet gave a passage, and why."""
        codings = self._evidence.codings
        rows = codings[(codings["extract_id"] == extract) & (codings["facet"] == facet)]
        names = code_tree.names(self._evidence.codes, facet)
        table = pd.DataFrame(
            {
                "Code": rows["code_id"].map(names),
                "As": rows["role"],
                "Rests on": rows["basis"],
                "Reason": rows["rationale"],
            }
        ).set_axis(pd.Index(rows["coder_id"], name="Coder"))
        return CaptionedTable(table, f"What was coded for {extract}, by whom and why")

    def three_units(self, power: str, stage: str) -> CaptionedTable:
        """Return a cell in the three units, with what is counted once in each."""
        cells = crosstabs.crosstab_in_units(self._evidence, *AXES).set_index(["unit", "row", "column"])
        cell: dict[str, Any] = {unit: cells.xs((unit, power, stage)) for unit in vocabulary.UNITS}
        units = self._evidence.passages.set_index("extract_id").loc[list(cell["passage"]["extracts"])]
        alike = units.groupby("statement", sort=False).groups.values()
        counted = {
            "passage": ", ".join(units.index),
            "statement": ", ".join(" = ".join(extracts) for extracts in alike),
            "interviewee": "each person once",
        }
        table = pd.DataFrame(
            {
                "Count": [str(cell[unit]["count"]) for unit in vocabulary.UNITS],
                "Over all readings": [
                    formatting.span(int(cell[unit]["lowest"]), int(cell[unit]["highest"])) for unit in cell
                ],
                "What is counted": [counted[unit] for unit in vocabulary.UNITS],
            },
            index=pd.Index(["passages", "distinct statements", "interviewees"], name="Unit"),
        )
        return CaptionedTable(
            table, f"{self._name('power', power)}, {self._name('stage', stage)}: one cell, counted three ways"
        )

    def people_over_stages(self, power: str) -> str:
        """Return how many interviewees the cells of a kind of power add up to."""
        table = crosstabs.crosstab(self._evidence, *AXES, "interviewee")
        stages = code_tree.codes_at(self._evidence.codes, "stage", code_tree.levels(self._evidence.codes, "stage")[0])
        return formatting.in_words(int(table[(table["row"] == power) & table["column"].isin(stages)]["count"].sum()))

    def ways_into(self, power: str, stage: str) -> CaptionedTable:
        """Return the passages that some reading puts into a cell, and how many of their readings do."""
        cell = (power, stage)
        rows = {
            passage.extract_id: (
                "yes" if cell in passage.of_record else "no",
                str(sum(passage.positions.values())),
                str(sum(number for position, number in passage.positions.items() if cell in position)),
            )
            for passage in self._allowed.passages
            if any(cell in position for position in passage.positions)
        }
        heads = ["In the cell as coded", "Readings of the passage", "of which in the cell"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Passage")
        return CaptionedTable(
            table, f"Passages that some reading puts here: {self._name('power', power)}, {self._name('stage', stage)}"
        )

    def distribution(self, power: str, stage: str) -> CaptionedTable:
        """Return in what share of all readings a cell has which count."""
        found = readings.count_distribution(self._allowed, [(power, stage)])
        rows = {
            str(value): (f"{number:,}", formatting.portion(Fraction(number, self._allowed.number)))
            for value, number in found.readings.items()
        }
        heads = ["Readings", "Share of readings"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Passages in the cell")
        return CaptionedTable(table, f"{self._name('power', power)}, {self._name('stage', stage)}, over all readings")

    def first_choices(self, facet: str) -> CaptionedTable:
        """Return which code the first of the readers chose where the second chose which."""
        one, other = readers.independent(self._evidence, facet)[:2]
        return CaptionedTable(
            agreement_tables.confusion(self._evidence, facet, one, other), f"First choices of two readers: {facet}"
        )

    def same(self, facet: str) -> str:
        """Return for how many passages these two readers chose the same, of how many."""
        one, other = readers.independent(self._evidence, facet)[:2]
        table = agreement_tables.confusion(self._evidence, facet, one, other).to_numpy()
        return f"{table.trace()} of {table.sum()}"

    def chance(self, facet: str) -> CaptionedTable:
        """Return what two readers would agree on if each drew codes at random in his or her own proportions."""
        shares = self._shares(facet)
        table = shares.map(formatting.rounded).assign(product=shares.prod(axis=1).map(lambda share: f"{share:.3f}"))
        table.columns = [*(f"Share of {reader}" for reader in shares.columns), "Both, by chance"]
        names = code_tree.names(self._evidence.codes, facet)
        return CaptionedTable(table.rename(index=names).rename_axis("Code"), "What chance would give, code by code")

    def by_chance(self, facet: str) -> str:
        """Return the agreement that chance would give."""
        return formatting.rounded(float(self._shares(facet).prod(axis=1).sum()))

    def kappa(self, facet: str) -> str:
        """Return Cohen's kappa of the first two readers of a facet."""
        return self._agreement(facet, "cohen-kappa")

    def coefficients(self) -> CaptionedTable:
        """Return how far two readers agree on each facet by coefficients that differ in what they take for chance."""
        table = pd.DataFrame(
            {
                "Chance is": pd.Series({name: chance for name, (_, chance) in _CHANCE.items()}),
                **{
                    f"For {facet}": pd.Series({name: self._agreement(facet, name) for name in _CHANCE})
                    for facet in readers.facets(self._evidence)
                    if len(readers.independent(self._evidence, facet)) > 1
                },
            }
        )
        named = table.rename(index={name: label for name, (label, _) in _CHANCE.items()})
        return CaptionedTable(named.rename_axis("Coefficient"), "Agreement between the two readers")

    def _agreement(self, facet: str, name: str) -> str:
        given = readers.chosen(self._evidence, facet, readers.independent(self._evidence, facet)[:2])
        value = agreement.estimate(given, name).value
        return "not defined" if value is None else formatting.rounded(value)

    def expected(self, power: str, stage: str) -> str:
        """Return the count that a cell would have if kind of power and stage had nothing to do with each other."""
        return formatting.rounded(float(self._expected[stage][power]), 1)

    def margin(self, row: str, column: str) -> str:
        """Return a count of the table of stage by power, margins included."""
        table = crosstabs.crosstab(self._evidence, *AXES).set_index(["row", "column"])
        return str(table.loc[(row, column), "count"])

    def steps_to_v(self) -> CaptionedTable:
        """Return the way from counts to Cramér's V, step by step."""
        found = association.association(self._table)
        square = float(((self._table - self._expected) ** 2 / self._expected).to_numpy().sum())
        most = found.cases * (min(found.rows, found.columns) - 1)
        rows = {
            "passages in the table": str(found.cases),
            "chi-square: (count − expected)² ÷ expected, added over all cells": formatting.rounded(square),
            "the most it could be: passages × (the smaller of rows and columns − 1)": str(most),
            "Cramér's V: the square root of the one divided by the other": formatting.rounded(math.sqrt(square / most)),
        }
        table = pd.DataFrame({"Value": rows}).rename_axis("Step")
        return CaptionedTable(
            table, "Stage by kind of power as coded, with lead-ins and with passages that cannot be dated"
        )

    def _name(self, facet: str, code: str) -> str:
        return code_tree.names(self._evidence.codes, facet)[code]

    @cached_property
    def _allowed(self) -> AllowedReadings:
        return readings.allowed_readings(self._evidence, *AXES)

    @cached_property
    def _table(self) -> pd.DataFrame:
        return association.contingency(crosstabs.cases(self._evidence, *AXES))

    @cached_property
    def _expected(self) -> pd.DataFrame:
        # SciPy has a function for this line, which takes a second to load.
        of_rows, of_columns = self._table.sum(axis=1), self._table.sum()
        return pd.DataFrame(np.outer(of_rows, of_columns), of_rows.index, of_columns.index) / of_rows.sum()

    def _shares(self, facet: str) -> pd.DataFrame:
        """Return how large a part of their first choices the first two readers gave each code."""
        one, other = readers.independent(self._evidence, facet)[:2]
        confusion = agreement.confusion(readers.chosen(self._evidence, facet, (one, other)), one, other)
        given = pd.DataFrame({one: confusion.sum(axis=1), other: confusion.sum(axis=0)})
        return given / given.sum()
