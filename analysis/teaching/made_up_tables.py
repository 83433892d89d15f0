"""Tables that a lesson makes up: the codes of a few coders, counted or passage by passage, to work coefficients out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import agreement
from analysis.agreement import Ratings
from analysis.display.captioned_tables import CaptionedTable
from analysis.support import formatting
from analysis.support.errors import CompendiumError

MOST_PASSAGES = 10_000  # of a table: many times what somebody would count


class MadeUpTableError(CompendiumError):
    """A table of a lesson that cannot be."""


@dataclass(frozen=True)
class MadeUp:
    """Codes of some coders; each row is a passage, and holds the code of each coder, None where there is none."""

    name: str
    about: str
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    is_crossed: bool

    def ratings(self) -> Ratings:
        """Return the ratings of the coders."""
        return agreement.from_table(pd.DataFrame(self.rows, columns=list(self.coders)), list(self.codes))

    def shown(self, words: Mapping[str, str]) -> CaptionedTable:
        """Return the table with its sums, or passage by passage; the caption says that it is made up."""
        caption = f"{words['made up']}: {words['table']} {self.name} ({self.about})"
        if not self.is_crossed:
            shown = pd.DataFrame(self.rows, columns=list(self.coders)).fillna("")
            return CaptionedTable(shown.set_axis(pd.RangeIndex(1, len(shown) + 1, name=words["passage"])), caption)
        counts = agreement.confusion(self.ratings(), *self.coders)
        counts[words["all"]] = counts.sum(axis=1)
        counts.loc[words["all"]] = counts.sum()
        first, second = self.coders
        shown = counts.rename(
            index=lambda code: f"{first}: {code}" if code in self.codes else code,
            columns=lambda code: f"{second}: {code}" if code in self.codes else code,
        )
        return CaptionedTable(shown.rename_axis(index=None, columns=None), caption)

    def count(self, row: str = "", column: str = "") -> int:
        """Return how many passages the first coder coded as `row` and the second as `column`; any if empty."""
        wanted = [code for code in (row, column) if code]
        if unknown := [code for code in wanted if code not in self.codes]:
            raise MadeUpTableError(f"Table {self.name} has no code {unknown[0]!r}. {self._choose()}")
        return sum((not row or codes[0] == row) and (not column or codes[1] == column) for codes in self.rows)

    def share(self, code: str, coder: str = "") -> float:
        """Return the share of a code among all codes that were given, or that a coder gave."""
        if code not in self.codes:
            raise MadeUpTableError(f"Table {self.name} has no code {code!r}. {self._choose()}")
        if coder and coder not in self.coders:
            remedy = f"Choose among {formatting.listed(self.coders)}."
            raise MadeUpTableError(f"Table {self.name} has no coder {coder!r}. {remedy}")
        places = [self.coders.index(coder)] if coder else range(len(self.coders))
        given = [one for row in self.rows for place in places if (one := row[place])]
        return given.count(code) / len(given)

    def _choose(self) -> str:
        return f"Choose among {formatting.listed(self.codes)}."


def made_up(name: str, table: Mapping[str, Any]) -> MadeUp:
    """Return the table that a lesson file describes; MadeUpTableError says what does not fit."""
    coders, codes = tuple(table["coders"]), tuple(table["codes"])
    if len(coders) < 2 or len(set(coders)) < len(coders) or len(codes) < 2 or len(set(codes)) < len(codes):
        raise MadeUpTableError("A table takes two coders and two codes at least, all with names of their own.")
    if ("crossed" in table) == ("rows" in table):
        raise MadeUpTableError("A table takes either crossed counts or rows. Give one of the two.")
    rows = _from_counts(coders, codes, table["crossed"]) if "crossed" in table else _from_rows(coders, codes, table)
    if not rows or len(rows) > MOST_PASSAGES:
        raise MadeUpTableError(f"A table takes from one to {MOST_PASSAGES:,} passages.")
    return MadeUp(name, table["about"], coders, codes, tuple(rows), "crossed" in table)


def _from_counts(
    coders: Sequence[str], codes: Sequence[str], counts: Sequence[Sequence[int]]
) -> list[tuple[str | None, ...]]:
    if len(coders) != 2:
        raise MadeUpTableError(f"Crossed counts are of two coders, and there are {len(coders)}. Give rows instead.")
    if len(counts) != len(codes) or any(len(row) != len(codes) for row in counts):
        raise MadeUpTableError(f"Crossed counts have a row and a column for each of {formatting.listed(codes)}.")
    if sum(map(sum, counts)) > MOST_PASSAGES:
        raise MadeUpTableError(f"A table takes from one to {MOST_PASSAGES:,} passages.")
    return [
        (first, second)
        for first, row in zip(codes, counts, strict=True)
        for second, times in zip(codes, row, strict=True)
        for _ in range(times)
    ]


def _from_rows(coders: Sequence[str], codes: Sequence[str], table: Mapping[str, Any]) -> list[tuple[str | None, ...]]:
    for number, row in enumerate(table["rows"], 1):
        if len(row) != len(coders):
            raise MadeUpTableError(f"Row {number} has {len(row)} codes for {len(coders)} coders.")
        if unknown := [code for code in row if code and code not in codes]:
            raise MadeUpTableError(
                f"Row {number} has the code {unknown[0]!r}. Choose among {formatting.listed(codes)}."
            )
    return [tuple(code or None for code in row) for row in table["rows"]]
