"""A study whose facets and coders are known by their names in place of their keys, as a report shows them."""

from collections import Counter
from dataclasses import replace

import pandas as pd

from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked


def named(evidence: Evidence, asked: Asked) -> tuple[Evidence, Asked]:
    """Return a study, and what is asked of it, with names in place of the keys of facets and coders.

    A name that is empty, or that several have, does not take the place of the key.
    """
    facets, coders = names(evidence.facets, "facet"), names(evidence.coders, "coder_id")
    record = {
        facets[facet]: tuple(coders.get(coder, coder) for coder in who)
        for facet, who in evidence.study.coding_of_record.items()
    }
    shown = replace(
        evidence,
        study=replace(evidence.study, coding_of_record=record),
        facets=_renamed(evidence.facets, facet=facets),
        codes=_renamed(evidence.codes, facet=facets),
        codings=_renamed(evidence.codings, facet=facets, coder_id=coders),
        coders=_renamed(evidence.coders, coder_id=coders),
    )
    levels = {facets[facet]: level for facet, level in asked.levels.items()}
    return shown, replace(asked, facets=tuple(facets[facet] for facet in asked.facets), levels=levels)


def names(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return the name of each key of a table, which is the key itself where the table has no name for it alone."""
    keys = table[key].tolist()
    given = table["name"].tolist() if "name" in table else keys
    times = Counter(given)
    return {own: name if name and times[name] == 1 else own for own, name in zip(keys, given, strict=True)}


def _renamed(table: pd.DataFrame, **by_key: dict[str, str]) -> pd.DataFrame:
    return table.assign(**{column: table[column].map(found) for column, found in by_key.items()})
