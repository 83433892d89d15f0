"""How far the two reference codings of invented interviews agree, turn by turn: what coders of texts can compare.

A coding speaks for a turn of which it covers half, or in which half of the coding lies, as on the page *Code a text*.
"""

import pandas as pd

from analysis import agreement
from analysis.agreement import Estimate
from analysis.teaching.interviews import CODERS, Coding, Interview, InterviewSet, Turn

Given = frozenset[str]


def speaks_for(coding: Coding, turn: Turn) -> bool:
    """Tell whether a coding speaks for a turn.

    >>> coding, long = Coding("a", 0, 8, "Trust", ""), Turn("Ana", 0, 100)
    >>> speaks_for(coding, long), speaks_for(coding, Turn("Ben", 5, 9)), speaks_for(coding, Turn("Ben", 6, 11))
    (True, True, False)
    """
    shared = min(coding.end, turn.end) - max(coding.start, turn.start)
    return shared > 0 and 2 * shared >= min(turn.end - turn.start, coding.end - coding.start)


def by_turn(one: Interview) -> pd.DataFrame:
    """Return the codes (their paths) that each reference coder gave each turn, an empty set where none."""
    given = {
        coder: [
            frozenset(coding.code for coding in one.codings if coding.coder == coder and speaks_for(coding, turn))
            for turn in one.turns
        ]
        for coder in CODERS
    }
    return pd.DataFrame(given, index=[f"{one.slug} {number}" for number in range(1, len(one.turns) + 1)])


def turns_of(of: InterviewSet) -> pd.DataFrame:
    """Return the same of all interviews of a set."""
    return pd.concat([by_turn(one) for one in of.interviews])


def overall(given: pd.DataFrame, *, uncoded: bool) -> Estimate:
    """Return Krippendorff's alpha between the sets of codes of turns, with Jaccard's distance.

    `uncoded` says whether turns count to which neither coder gave a code.
    """
    counted = given if uncoded else given[given.map(bool).any(axis=1)]
    return agreement.sets.krippendorff_alpha(agreement.sets.from_table(counted), "jaccard")


def per_code(of: InterviewSet) -> pd.DataFrame:
    """Return for each code that was given: `code`, the turns of each coder and of `both`, and `alpha`.

    Alpha is Krippendorff's for yes or no in every turn, and not a number where it is not defined.
    """
    given = turns_of(of)
    alphas = agreement.per_code(agreement.sets.from_table(given), ["krippendorff-alpha"]).set_index("code")["value"]
    rows = []
    for code in (code.path for code in of.codes if code.path in alphas):
        holds = given.map(lambda codes, code=code: code in codes)
        rows.append({"code": code, **holds.sum(), "both": holds.all(axis=1).sum(), "alpha": alphas[code]})
    return pd.DataFrame(rows)
