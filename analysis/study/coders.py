"""What each coder did, and where the independent readers differ."""

import re
from collections import defaultdict

import pandas as pd

from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ROLES

UNKNOWN = "unknown"  # the kind of a coder whose kind is not stated
NOBODY = "nobody-named"  # begins the id of a coder for codings without a named coder
ONE_NAME = "which has several users of this name"  # in the description of coders who may be one person
_NOBODY = re.compile(rf"{NOBODY}(-[0-9]+)?").fullmatch


def is_named(coder_id: str) -> bool:
    """Say whether a coder is somebody, and so can agree with others, or marks codings without a named coder.

    >>> is_named("ann"), is_named("nobody-named"), is_named("nobody-named-2")
    (True, False, False)
    """
    return _NOBODY(coder_id) is None


def tallies(evidence: Evidence) -> pd.DataFrame:
    """Count codings: `coder_id, facet, code_id, role, stance, basis, passages`, one row for each combination found."""
    keys = ["coder_id", "facet", "code_id", "role", "stance", "basis"]
    return evidence.codings.groupby(keys, sort=True)["extract_id"].nunique().rename("passages").reset_index()


def side_by_side(evidence: Evidence, facet: str) -> pd.DataFrame:
    """Set the codings of a facet side by side: a row for each passage, a column for each coder.

    A cell holds the primary code, and behind a bar the alternatives in alphabetical order; it is
    empty where the coder did not code the passage. `same_primary` says whether all coders of the
    facet other than those of record chose one primary code (of all coders where there are no others);
    codings that nobody is named for are compared with none.
    """
    rows = evidence.codings[evidence.codings["facet"] == facet]
    coders = [coder for coder in evidence.coders["coder_id"] if coder in set(rows["coder_id"])]
    named = [coder for coder in coders if is_named(coder)]
    independent = [coder for coder in named if coder not in evidence.study.coding_of_record[facet]] or named
    given: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    columns = (rows[name].tolist() for name in ("role", "coder_id", "extract_id", "code_id"))
    for *key, code in zip(*columns, strict=True):
        given[*key].append(code)
    chosen = {key: "; ".join(sorted(codes)) for key, codes in given.items()}
    table, extracts = evidence.extracts[["extract_id"]].copy(), evidence.extracts["extract_id"].tolist()
    for coder in coders:
        both = ([chosen.get((role, coder, one), "") for one in extracts] for role in ROLES)
        cells = [f"{first} | {more}" if more else first for first, more in zip(*both, strict=True)]
        table[coder] = pd.Series(cells, index=table.index, dtype="str")
    primary = ({chosen.get(("primary", coder, one)) for coder in independent} for one in extracts)
    table["same_primary"] = [len(codes) == 1 for codes in primary]
    return table
