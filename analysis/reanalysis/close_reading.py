"""What the close reading of the article showed, each point as a function of the data.

`OBSERVATIONS` gives every point a name; `observations` computes them all, for `data/derived` and for
the table in `data/README.md`.
"""

from collections.abc import Callable

import pandas as pd

from analysis.reanalysis import article_tables
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support.stated_purpose import purpose


def cited_passages(evidence: Evidence) -> list[str]:
    """Passages that the article cites to an interviewee or a document."""
    return list(evidence.extracts["extract_id"])


def interviewee_passages(evidence: Evidence) -> list[str]:
    """Cited passages from interviewees."""
    return _from_kind(evidence, "interviewee")


def document_passages(evidence: Evidence) -> list[str]:
    """Cited passages from documents."""
    return _from_kind(evidence, "document")


def sealed_passages(evidence: Evidence) -> list[str]:
    """Passages whose wording is sealed as a fingerprint."""
    sealed = set(evidence.fragments["owner_id"])
    return [extract for extract in evidence.extracts["extract_id"] if extract in sealed]


def quoted_interviewees(evidence: Evidence) -> list[str]:
    """Interviewees with at least one cited passage, out of all that were interviewed."""
    return sorted(evidence.passages["interviewee"].dropna().unique())


def quoted_once(evidence: Evidence) -> list[str]:
    """Interviewees with exactly one cited passage."""
    per_interviewee = evidence.passages["interviewee"].value_counts()
    return sorted(per_interviewee.index[per_interviewee == 1])


def passages_of_most_quoted(evidence: Evidence) -> list[str]:
    """Passages of the interviewee (or interviewees) cited most often."""
    per_interviewee = evidence.passages["interviewee"].value_counts()
    most = per_interviewee.index[per_interviewee == per_interviewee.max()]
    passages = evidence.passages
    return list(passages.loc[passages["interviewee"].isin(most), "extract_id"])


def documents_after_interviews(evidence: Evidence) -> list[str]:
    """Documents of Table 1 that were published after the last interview."""
    table = article_tables.table_1(evidence)
    return list(table.loc[table["after_interviews"], "source_id"])


def documents_never_cited(evidence: Evidence) -> list[str]:
    """Documents of Table 1 from which no passage is cited."""
    table = article_tables.table_1(evidence)
    return list(table.loc[table["passages"] == 0, "source_id"])


def repeated_passages(evidence: Evidence) -> list[str]:
    """Passages whose words another cited passage of the same interviewee also has."""
    extracts = evidence.extracts
    return list(extracts.loc[extracts["repeats"] != "", "extract_id"])


def countering_passages(evidence: Evidence) -> list[str]:
    """Passages that tell against the kind of power under which they stand."""
    power = _power(evidence)
    return list(power.loc[(power["role"] == "primary") & (power["stance"] == "counters"), "extract_id"])


def printed_under_another_label(evidence: Evidence) -> list[str]:
    """Passages of Table 2 whose words fit another code at least as well as the one printed beside them, we find."""
    printed = evidence.extracts.loc[evidence.extracts["form"] == "table", "extract_id"]
    return [extract for extract in power_contested(evidence) if extract in set(printed)]


def power_contested(evidence: Evidence) -> list[str]:
    """Passages whose words allow another power code than the article's, in our judgement."""
    power = _power(evidence)
    contested = set(power.loc[power["role"] == "alternative", "extract_id"])
    return [extract for extract in evidence.extracts["extract_id"] if extract in contested]


def first_order_codes_outside_table_2(evidence: Evidence) -> list[str]:
    """First-order codes that the article names without a row of their own in Table 2: no printed passage has them."""
    return _without(evidence, "first-order", lambda extracts: extracts["form"] == "table")


def first_order_codes_only_in_table_2(evidence: Evidence) -> list[str]:
    """First-order codes to which the Findings cite no passage."""
    return _without(evidence, "first-order", lambda extracts: extracts["form"] != "table")


def second_order_codes_of_one_interviewee(evidence: Evidence) -> list[str]:
    """Second-order codes whose supporting passages all come from one interviewee."""
    power = _power(evidence)
    supporting = power[(power["role"] == "primary") & (power["stance"] == "supports")]
    up = code_tree.rolled_up(evidence.codes, "power", "second-order")
    who = supporting["extract_id"].map(evidence.passages.set_index("extract_id")["interviewee"])
    voices = who.groupby(supporting["code_id"].map(up)).nunique()
    return [code for code in code_tree.codes_at(evidence.codes, "power", "second-order") if voices.get(code) == 1]


def not_coded_to_first_order(evidence: Evidence) -> list[str]:
    """Passages for which the article states no first-order code."""
    power = _power(evidence)
    primary = power[power["role"] == "primary"]
    up = code_tree.rolled_up(evidence.codes, "power", "first-order")
    return list(primary.loc[primary["code_id"].map(up).isna(), "extract_id"])


def stage_disputed(evidence: Evidence) -> list[str]:
    """Passages for which the independent readers did not all choose the same stage."""
    return _disputed(evidence, "stage")


def response_disputed(evidence: Evidence) -> list[str]:
    """Passages for which the independent readers did not all say the same on whether a response is reported."""
    return _disputed(evidence, "response")


def stage_open(evidence: Evidence) -> list[str]:
    """Passages whose words, or their lead-in, allow more than one stage in the reconciled coding."""
    record = evidence.record
    others = record[(record["facet"] == "stage") & (record["role"] == "alternative")]
    return [extract for extract in evidence.extracts["extract_id"] if extract in set(others["extract_id"])]


def stage_rests_on_lead_in(evidence: Evidence) -> list[str]:
    """Passages whose stage rests on the article's sentence around them rather than on the wording."""
    record = evidence.record
    stage = record[(record["facet"] == "stage") & (record["role"] == "primary")]
    return list(stage.loc[stage["basis"] == "lead-in", "extract_id"])


def responses_reported(evidence: Evidence) -> list[str]:
    """Passages that report how a researcher answered what service users contributed, countering ones among them."""
    record = evidence.record
    chosen = record[(record["facet"] == "response") & (record["role"] == "primary")]
    return list(chosen.loc[chosen["code_id"] == "reported", "extract_id"])


def _from_kind(evidence: Evidence, kind: str) -> list[str]:
    sources = evidence.sources
    of_kind = set(sources.loc[sources["kind"] == kind, "source_id"])
    return list(evidence.extracts.loc[evidence.extracts["source_id"].isin(of_kind), "extract_id"])


def _power(evidence: Evidence) -> pd.DataFrame:
    return evidence.record[evidence.record["facet"] == "power"]


def _without(evidence: Evidence, level: str, where: Callable[[pd.DataFrame], pd.Series]) -> list[str]:
    """Codes of a level to which no passage chosen by `where` is coded as primary."""
    chosen = set(evidence.extracts.loc[where(evidence.extracts), "extract_id"])
    power = _power(evidence)
    primary = power[(power["role"] == "primary") & power["extract_id"].isin(chosen)]
    used = set(primary["code_id"].map(code_tree.rolled_up(evidence.codes, "power", level)).dropna())
    return [code for code in code_tree.codes_at(evidence.codes, "power", level) if code not in used]


def _disputed(evidence: Evidence, facet: str) -> list[str]:
    from analysis.study import coders

    table = coders.side_by_side(evidence, facet)
    return list(table.loc[~table["same_primary"], "extract_id"])


OBSERVATIONS: tuple[Callable[[Evidence], list[str]], ...] = (
    cited_passages,
    interviewee_passages,
    document_passages,
    sealed_passages,
    quoted_interviewees,
    quoted_once,
    passages_of_most_quoted,
    documents_after_interviews,
    documents_never_cited,
    repeated_passages,
    countering_passages,
    printed_under_another_label,
    power_contested,
    first_order_codes_outside_table_2,
    first_order_codes_only_in_table_2,
    second_order_codes_of_one_interviewee,
    not_coded_to_first_order,
    stage_disputed,
    response_disputed,
    stage_open,
    stage_rests_on_lead_in,
    responses_reported,
)

OF_ONE_INTERVIEWEE = ("passages-of-most-quoted",)


def observations(evidence: Evidence) -> pd.DataFrame:
    """Compute every observation: `observation, count, which, meaning`, `which` naming what was counted.

    The passages of one interviewee are counted and not listed: no table collects what one person said.
    """
    found = {observe.__name__.replace("_", "-"): observe(evidence) for observe in OBSERVATIONS}
    return pd.DataFrame(
        {
            "observation": list(found),
            "count": [len(which) for which in found.values()],
            "which": ["" if name in OF_ONE_INTERVIEWEE else " ".join(which) for name, which in found.items()],
            "meaning": [purpose(observe).splitlines()[0] for observe in OBSERVATIONS],
        }
    )
