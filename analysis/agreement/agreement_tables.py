"""Agreement between coders as readers see it: coefficients with their intervals, and where coders differ."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis import agreement
from analysis.agreement import readers
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

# Where an interval comes from, as a column is headed.
_METHODS = {
    "analytic": "Analytic interval",
    "bootstrap over units": "Passages resampled",
    "bootstrap over interviewees": "Interviewees resampled",
}


def agreement_sizes(evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None) -> pd.DataFrame:
    """How far some coders agree on a facet, for readers: each coefficient with its three intervals.

    The standard error is in brackets after each interval, and `exact` where the interval is exact and not analytic.
    Where something is not defined, a last column says why.
    """
    return sizes_for_readers(readers.together(evidence, facet, readers.chosen(evidence, facet, tuple(coders), level)))


def sizes_for_readers(sizes: pd.DataFrame) -> pd.DataFrame:
    """Return the coefficients of `readers.together`, for readers (see `agreement_sizes`)."""
    return _coefficients(sizes.assign(label=_labelled(sizes)), ["label"]).rename_axis("Coefficient")


def confusion(evidence: Evidence, facet: str, first: str, second: str, level: str | None = None) -> pd.DataFrame:
    """How many passages got which code from each of two coders, for readers: the first down, the second across."""
    table = agreement.confusion(readers.chosen(evidence, facet, (first, second), level), first, second)
    names = code_tree.names(evidence.codes, facet)
    shown = table.rename(index=names, columns=lambda code: f"{second}: {names.get(code, code)}")
    return shown.rename_axis(index=first, columns=None)


def agreement_of_pairs(evidence: Evidence, scope: str) -> pd.DataFrame:
    """How far each pair of coders agrees, for readers: the share of passages with the same first choice, and kappa.

    `scope` is one of those in `readers`. The interval of the share is exact, that of kappa from interviewees resampled.
    """
    found = readers.agreement_of_groups(evidence)
    found = found[found["scope"].eq(scope) & found["code"].eq(vocabulary.ALL)]
    found = found[found["coders"].str.count(" ").eq(1)]
    kinds = {"percent-agreement": "exact", "cohen-kappa": "bootstrap over interviewees"}
    columns = {
        name: found[found["coefficient"].eq(name) & found["method"].eq(method)]
        .set_index(["facet", "coders"])[["value", "low", "high", "reason"]]
        .apply(lambda row: with_interval(*row), axis=1)
        for name, method in kinds.items()
    }
    table = pd.DataFrame(columns, columns=list(kinds)).set_axis(["Same first choice", "Cohen's kappa"], axis=1)
    table.insert(0, "Coders", table.index.get_level_values("coders").str.replace(" ", ", "))
    return table.set_axis(pd.Index(table.index.get_level_values("facet"), name="Facet"))


def first_choices(evidence: Evidence, facet: str) -> pd.DataFrame:
    """How many independent readers chose each code of a facet first, for readers, where they differ; and what is coded.

    A row for each passage on which they differ, a column for each code at the top of the tree, and `settled as`, the
    primary code of record.
    """
    primary = evidence.codings["facet"].eq(facet) & evidence.codings["role"].eq(readers.PRIMARY)
    read = evidence.codings[primary & evidence.codings["coder_id"].isin(readers.independent(evidence, facet))]
    record = evidence.record[evidence.record["facet"].eq(facet) & evidence.record["role"].eq(readers.PRIMARY)]
    names = code_tree.names(evidence.codes, facet)
    table = pd.crosstab(read["extract_id"], read["code_id"]).reindex(
        columns=code_tree.codes_at(evidence.codes, facet), fill_value=0
    )
    table = table[table.gt(0).sum(axis=1) > 1].rename(columns=names)
    settled = record.set_index("extract_id")["code_id"].map(names).reindex(table.index)
    return table.assign(**{"settled as": settled}).rename_axis("Passage").rename_axis(None, axis=1)


def reader_differences(
    evidence: Evidence, facet: str, coders: Sequence[str], level: str | None = None, most: int | None = None
) -> pd.DataFrame:
    """The passages on which some coders chose differently, for readers: whose choice, what else was allowed, and why.

    Passage and gist are given in the first row of each; `most` limits the passages.
    """
    found = readers.differences(evidence, facet, tuple(coders), level, most)
    names = code_tree.names(evidence.codes, facet)
    gists = evidence.extracts.set_index("extract_id")["gist"]
    first = ~found["extract_id"].duplicated()
    return pd.DataFrame(
        {
            "Gist": found["extract_id"].map(gists).where(first, ""),
            "Coder": found["coder_id"],
            "Chosen": found["code_id"].map(lambda codes: "; ".join(names[code] for code in codes.split("; "))),
            "Also allowed": found["also"].map(lambda codes: "; ".join(names[code] for code in codes)),
            "Why": found["rationale"],
        }
    ).set_axis(pd.Index(found["extract_id"].where(first, ""), name="Passage"))


def _labelled(sizes: pd.DataFrame) -> list[str]:
    return [agreement.labelled(*one) for one in zip(sizes["coefficient"], sizes["weights"], strict=True)]


def _coefficients(sizes: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Spread estimates out: a row for each key, the value, and a column for each kind of interval."""
    ends = zip(sizes["low"], sizes["high"], sizes["se"], sizes["method"], strict=True)
    sizes = sizes.assign(interval=[_between(*one) for one in ends], method=sizes["method"].replace("exact", "analytic"))
    first = sizes.drop_duplicates(key).set_index(key)
    table = first[["value"]].map(_defined).set_axis(["Value"], axis=1)
    for method, head in _METHODS.items():
        if method in set(sizes["method"]):
            table[head] = sizes[sizes["method"] == method].set_index(key)["interval"]
    if sizes["reason"].any():
        reasons = sizes[sizes["reason"] != ""].groupby(key)["reason"].unique().map("; ".join)
        table["Not defined, because"] = reasons.reindex(first.index).fillna("")
    return table


def _defined(value: float) -> str:
    return "not defined" if math.isnan(value) else formatting.rounded(value)


def _between(low: float, high: float, se: float, method: str) -> str:
    behind = [*([] if math.isnan(se) else [formatting.rounded(se)]), *(["exact"] if method == "exact" else [])]
    ends = f"{formatting.rounded(low)} to {formatting.rounded(high)} ({', '.join(behind)})"
    return "not defined" if math.isnan(low) else ends


def with_interval(value: float, low: float, high: float, reason: str) -> str:
    """Return a value with the ends of its interval, or why they are not defined."""
    if math.isnan(value):
        return f"not defined: {reason}"
    if math.isnan(low):
        return f"{formatting.rounded(value)} (no interval: {reason})"
    return f"{formatting.rounded(value)} ({formatting.rounded(low)} to {formatting.rounded(high)})"
