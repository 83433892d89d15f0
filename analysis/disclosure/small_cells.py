"""Cells of a study's tables with so few interviewees that these may be recognised.

References
----------
OECD, Glossary of statistical terms, Threshold rule, https://stats.oecd.org/glossary/detail.asp?ID=7010: some agencies
want at least three respondents in a cell, some five.

CeLSIUS, Advice from the Office for National Statistics, http://celsius.lshtm.ac.uk/onscell.html: results of the ONS
Longitudinal Study that rest on fewer than ten people are looked at one by one.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.counting import tallies
from analysis.disclosure import public_texts
from analysis.disclosure.public_texts import DisclosureError
from analysis.study import code_tree
from analysis.support.errors import CompendiumError, Fault

#: The fewest interviewees that a cell may have, unless something else is asked for.
SMALLEST = 3
TABLE = "evidence/codings.csv"
_TABLES = ("sources", "extracts", "codes", "codings")


def small(folder: Path, smallest: int = SMALLEST) -> Iterator[tuple[str, str]]:
    """Yield each pair of facets (`power by stage`) with cells of too few interviewees, and how many such cells it has.

    The counts are of the primary codes of supporting passages at the top level of each facet, by the coders of record,
    or by all coders where the package names none. A folder without the tables of a study has no cells. Raises
    DisclosureError for tables that cannot be counted.
    """
    files = {name: folder / "evidence" / f"{name}.csv" for name in _TABLES}
    if not all(file.is_file() for file in files.values()):
        return
    try:
        record = public_texts.description(folder).get("study", {}).get("codingOfRecord", {})
        tables = {name: public_texts.rows(file) for name, file in files.items()}
        coded = _coded({name: pd.DataFrame(rows, columns=header) for name, (header, *rows) in tables.items()}, record)
    except (KeyError, TypeError, ValueError, AttributeError, CompendiumError) as fault:
        remedy = "Correct it until it can be loaded, then check it again."
        raise DisclosureError(Fault(folder, f"its codings cannot be counted ({fault})", remedy)) from None
    facets = list(dict.fromkeys(coded["facet"]))
    for rows, columns in combinations(facets, 2):
        pairs = coded[coded["facet"] == rows].merge(coded[coded["facet"] == columns], on=["extract_id", "interviewee"])
        frame = pairs.rename(columns={"code_x": "row", "code_y": "column"})
        counted = tallies.distinct(frame, ["interviewee"])["count"]
        if few := int((counted < smallest).sum()):
            yield f"{rows} by {columns}", f"{few} of {len(counted)} cells with fewer than {smallest} interviewees"


def _coded(tables: dict[str, pd.DataFrame], record: dict[str, list[str]]) -> pd.DataFrame:
    """Return `extract_id, facet, code, interviewee`: the top-level codes of interviewees' passages."""
    codes, sources = tables["codes"].astype({"position": "int64"}), tables["sources"]
    interviewees = sources.loc[sources["kind"] == "interviewee", "source_id"]
    said_by = tables["extracts"].set_index("extract_id")["source_id"]
    codings = tables["codings"].assign(interviewee=lambda given: given["extract_id"].map(said_by))
    supporting = codings["role"].eq("primary") & codings["stance"].eq("supports")
    of_record = [
        coder in record.get(facet, [coder]) for facet, coder in zip(codings["facet"], codings["coder_id"], strict=True)
    ]
    chosen = codings[supporting & codings["interviewee"].isin(interviewees) & np.array(of_record, dtype=bool)]
    tops: dict[tuple[str, str], str] = {}
    for facet in dict.fromkeys(chosen["facet"]):
        top = code_tree.levels(codes, facet)[0]
        tops |= {(facet, code): up for code, up in code_tree.rolled_up(codes, facet, top).items() if up is not None}
    given = pd.Series(list(zip(chosen["facet"], chosen["code_id"], strict=True)), index=chosen.index, dtype=object)
    return (
        chosen.assign(code=given.map(tops))[["extract_id", "facet", "code", "interviewee"]].dropna().drop_duplicates()
    )
