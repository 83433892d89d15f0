"""A coded study: its facts and its tables, as one frozen object."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.study.origin import Origin
from analysis.support.errors import CompendiumError


class EvidenceError(CompendiumError):
    """The evidence cannot be used."""


class InvalidEvidenceError(EvidenceError):
    """The tables can be read, and do not hold what their description or a rule asks of them."""


@dataclass(frozen=True)
class Study:
    """Facts about the study itself, from the `study` member of `datapackage.json`.

    `coding_of_record` names for each facet the coders whose rows are counted. `article` is empty where the passages are
    not those that an article cites; the numbers of interviews and interviewees are None, and their months empty, where
    they are not stated. A study is `simulated` that `analysis.teaching.simulation` made, or a project that says
    so of itself; whatever shows one says so. One that was imported knows its `origin`.
    """

    article: dict[str, Any]
    interviews: int | None
    interviews_from: str
    interviews_to: str
    coding_of_record: dict[str, tuple[str, ...]]
    simulated: bool = False
    title: str = ""
    interviewees: int | None = None
    origin: Origin | None = None

    @property
    def interviewed(self) -> int | None:
        """How many people were interviewed: as many as there were interviews, where only these were counted."""
        return self.interviews if self.interviewees is None else self.interviewees


@dataclass(frozen=True, eq=False)  # compared by identity, so that what is computed from it can be cached
class Evidence:
    """A coded study: its facts and its tables, one row a fact, validated.

    Every column is text except `exclusive`, `ordered` (bool), `position`, `n`, `words` (int).
    Empty cells are empty strings. The tables of claims have no columns where the study has none.
    """

    study: Study
    sources: pd.DataFrame
    facets: pd.DataFrame
    codes: pd.DataFrame
    extracts: pd.DataFrame
    fragments: pd.DataFrame
    codings: pd.DataFrame
    coders: pd.DataFrame
    claims: pd.DataFrame = field(default_factory=pd.DataFrame)
    claim_evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    model: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def passages(self) -> pd.DataFrame:
        """One row a passage: `extract_id, passage, statement, interviewee`, the units it counts in.

        A passage that repeats another belongs to the same distinct statement. The interviewee is
        missing for a document, which no one said.
        """
        spoken = self.sources.set_index("source_id")["kind"].eq("interviewee")
        extracts = self.extracts
        return pd.DataFrame(
            {
                "extract_id": extracts["extract_id"],
                "passage": extracts["extract_id"],
                "statement": extracts["repeats"].where(extracts["repeats"] != "", extracts["extract_id"]),
                "interviewee": extracts["source_id"].where(extracts["source_id"].map(spoken)),
            }
        )

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each passage in the evidence, from 0, by its `extract_id`; passages are listed in this order."""
        return {extract: place for place, extract in enumerate(self.extracts["extract_id"].tolist())}

    @cached_property
    def record(self) -> pd.DataFrame:
        """The codings that are counted: for each facet the rows of its coders of record.

        Where several of them gave a passage the same code, it is there once, as the first of them gave it.
        """
        return self.by_coders_of_record.drop_duplicates(["extract_id", "facet", "code_id"])

    @cached_property
    def by_coders_of_record(self) -> pd.DataFrame:
        """Every row of the coders of record of its facet."""
        of_record = {(facet, coder) for facet, coders in self.study.coding_of_record.items() for coder in coders}
        rows = zip(self.codings["facet"].tolist(), self.codings["coder_id"].tolist(), strict=True)
        return self.codings[np.array([row in of_record for row in rows], dtype=bool)]
