"""The tables of this re-analysis as readers see them: Tables 1 and 2, stage by power, claims, association."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.pivot_tables import MARGIN_LABELS, pivot
from analysis.reanalysis import article_model, article_tables, claims, derived
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting


def table_1(evidence: Evidence) -> pd.DataFrame:
    """Table 1 for readers: the documents with their dates in words."""
    table = article_tables.table_1(evidence)
    return pd.DataFrame(
        {
            "Shortened name": table["label"],
            "Passages cited": table["passages"].astype(str),
            "Title": table["title"],
            "Date published": table["published"].map(formatting.date),
            "Published after the last interview": table["after_interviews"].map({True: "yes", False: "no"}),
        }
    ).set_axis(table["source_id"])


def table_2(evidence: Evidence) -> pd.DataFrame:
    """Table 2 for readers: from the theoretical dimension down to the gist of each printed passage.

    The name of a code is given where it first applies, as in the printed table.
    """
    table = article_tables.table_2(evidence)
    names = code_tree.names(evidence.codes, "power")
    path = table[["dimension", "second_order", "first_order"]]
    shown = path.map(lambda code: names[code]).where(path.ne(path.shift()), "")
    shown.columns = ["Theoretical dimension", "Second-order code", "First-order code"]
    shown["Gist of the passage"] = table["gist"]
    shown["Source"] = table["source_id"]
    return shown.set_axis(table["extract_id"])


def coding_structure(evidence: Evidence) -> pd.DataFrame:
    """The tree of power codes for readers: what supports, counters or gives context to each, in three units."""
    behind = derived.coding_structure(evidence)
    depth = {level: place for place, level in enumerate(code_tree.levels(evidence.codes, "power"))}
    names = code_tree.names(evidence.codes, "power")
    supports = behind[behind["stance"] == "supports"].pivot(index="code_id", columns="unit", values="count")
    others = behind[behind["unit"] == "passage"].pivot(index="code_id", columns="stance", values="count")
    table = (
        supports[list(vocabulary.UNITS)]
        .join(others[[vocabulary.COUNTERS, vocabulary.CONTEXT]])
        .loc[behind["code_id"].unique()]
    )
    table.columns = ["passages", "distinct statements", "interviewees", "counters", "context"]
    level_of = dict(zip(behind["code_id"], behind["level"], strict=True))
    # Indented by em spaces, which survive in HTML and in a terminal.
    return table.set_axis([f"{chr(0x2003) * depth[level_of[code]]}{names[code]}" for code in table.index])


def passages(evidence: Evidence, dimension: str) -> pd.DataFrame:
    """The passages under one dimension of power for readers: code, stage as coded, gist, in the order of the article.

    What does not support its code says so behind the code, a stage that rests on the sentence around the passage behind
    the stage.
    """
    record = evidence.record[evidence.record["role"] == "primary"]
    power, stage = (
        record[record["facet"] == facet].set_index("extract_id")[["code_id", "stance", "basis"]].T.to_dict()
        for facet in ("power", "stage")
    )
    top = code_tree.rolled_up(evidence.codes, "power")
    names, stages = (code_tree.names(evidence.codes, facet) for facet in ("power", "stage"))
    chosen = [e for e in evidence.extracts["extract_id"] if top[power[e]["code_id"]] == dimension]
    stance = {"supports": "", "counters": " (counters)", "context": " (context)"}
    basis = {"lead-in": " (lead-in)"}
    return pd.DataFrame(
        {
            "Code": [names[power[e]["code_id"]] + stance[power[e]["stance"]] for e in chosen],
            "Stage": [stages[stage[e]["code_id"]] + basis.get(stage[e]["basis"], "") for e in chosen],
            "Gist": evidence.extracts.set_index("extract_id").loc[chosen, "gist"],
        },
        index=pd.Index(chosen, name="Key"),
    )


def three_ways(evidence: Evidence) -> pd.DataFrame:
    """Stage by power for readers: on wording alone, with lead-ins, and from lowest to highest over all readings.

    A cell holds passages, distinct statements and interviewees, in this order, or 0 where all are. The kind of
    power is named in the first of its rows. What counters or gives context is left out, and so are the sums of rows.
    """
    ways = {
        "wording alone": _in_every_unit(evidence, "wording", "count"),
        "with lead-ins": _in_every_unit(evidence, "lead-in", "count"),
        "all readings": _in_every_unit(evidence, "lead-in", "span"),
    }
    table = pd.concat(ways, names=["Way"]).swaplevel().fillna("0")
    kinds = list(ways["with lead-ins"].index)
    table = table.reindex([(kind, way) for kind in kinds for way in ways]).reset_index("Way")
    first = pd.Index([name if row % len(ways) == 0 else "" for row, name in enumerate(table.index)])
    beside = [MARGIN_LABELS[column] for column in (vocabulary.ALL, vocabulary.COUNTERS, vocabulary.CONTEXT)]
    return table.drop(columns=beside).set_axis(first.rename("Kind of power"))


def _in_every_unit(evidence: Evidence, basis: str, show: str) -> pd.DataFrame:
    axes = crosstabs.Axis("power"), crosstabs.Axis("stage", basis=basis)
    passage, statement, interviewee = (
        pivot(crosstabs.crosstab(evidence, *axes, unit), evidence, "power", "stage", show) for unit in vocabulary.UNITS
    )
    return (
        (passage + " / " + statement + " / " + interviewee)
        .replace("0 / 0 / 0", "0")
        .drop(MARGIN_LABELS[vocabulary.UNCODED])
    )


def claims_by_kind(evidence: Evidence) -> pd.DataFrame:
    """How many claims of each kind have which verdict, for readers."""
    kinds = evidence.claims.set_index("claim_id")["kind"]
    verdict = claims.verdicts(evidence).set_index("claim_id")["verdict"]
    table = pd.crosstab(kinds, verdict, margins=True, margins_name="all")
    order = [*kinds.unique(), "all"]
    return table.reindex(index=order, columns=[*claims.VERDICTS, "all"], fill_value=0).rename_axis(
        index="Kind of claim", columns=None
    )


def claims_with_verdicts(evidence: Evidence) -> pd.DataFrame:
    """Every claim of the ledger with its section, verdict, and passages for and against it, for readers.

    A verdict that depends on the reading has its share of readings behind it, a claim whether it is implied, and what
    can be held against its verdict. A claim that is only restated has no passages.
    """
    found = claims.find(evidence).values()
    ledger = evidence.claims.set_index("claim_id")
    implied = ledger["origin"].map(lambda origin: "" if origin == "stated" else " (Implied.)")
    objection = ledger["objection"].map(lambda text: f" Objection: {text}" if text else "")
    return pd.DataFrame(
        {
            "What is claimed": ledger["claim"] + implied + objection,
            "Section": ledger["section"],
            "Verdict": [f"{one.verdict}: {one.share}" if one.share else one.verdict for one in found],
            "For": ["" if one.verdict in claims.NOT_COMPUTED else _keys(one.passages) for one in found],
            "Against": [_keys(one.against) for one in found],
        }
    ).rename_axis("Claim")


def patterns(evidence: Evidence, unit: str, basis: str) -> pd.DataFrame:
    """Claims about patterns in one unit on one basis, for readers: as coded, over all readings, and what turns them."""
    found = {
        claim: next((p for p in finding.patterns if (p.unit, p.basis) == (unit, basis)), None)
        for claim, finding in claims.find(evidence).items()
    }
    texts = evidence.claims.set_index("claim_id")["claim"]
    rows = {
        claim: (
            texts[claim],
            formatting.signed(p.of_record),
            f"{formatting.signed(p.lowest)} to {formatting.signed(p.highest)}",
            formatting.portion(p.share),
            _keys(p.tipping or ()) or "none",
        )
        for claim, p in found.items()
        if p is not None
    }
    heads = ["What is claimed", "As coded", "Over all readings", "Holds in", "Turned by"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Claim")


def model_steps(evidence: Evidence) -> pd.DataFrame:
    """The steps of the article's model for readers, with the claims and passages of each."""
    steps, nodes = article_model.steps(evidence), article_model.nodes(evidence)
    return pd.DataFrame(
        {
            "To": [nodes[code].name for code in steps["target"]],
            "Claims": steps["claims"].map(_keys),
            "For": steps["extracts"].map(_keys).replace("", "no passage"),
            "Against": steps["against"].map(_keys),
        }
    ).set_axis(pd.Index([nodes[code].name for code in steps["source"]], name="From"))


def _keys(keys: Iterable[str]) -> str:
    """Return keys of passages or claims as every table lists them."""
    return ", ".join(keys)


def effect_sizes(evidence: Evidence) -> pd.DataFrame:
    """Cramér's V of stage by power for readers, with its range over all readings and without each interviewee."""
    sizes = derived.effect_sizes(evidence)

    def between(low: str, high: str) -> list[str]:
        ends = sizes[[low, high]].astype(float).to_numpy().tolist()
        return [" to ".join(map(formatting.rounded, pair)) for pair in ends]

    return pd.DataFrame(
        {
            "Stages": sizes["stages"].map({"all": "all", "dated": "only those stated"}),
            "Passages": sizes["cases"],
            "V as coded": sizes["v"].astype(float).map(formatting.rounded),
            "Corrected": sizes["v_corrected"].astype(float).map(formatting.rounded),
            "Over all readings": between("lowest", "highest"),
            "Median": sizes["median"].astype(float).map(formatting.rounded),
            "At least as coded in": [formatting.portion(Fraction(share)) for share in sizes["at_least_as_coded"]],
            "Without one interviewee": between("without_lowest", "without_highest"),
        }
    ).set_axis(pd.Index(sizes["basis"].map(vocabulary.BASIS_NAMES), name="Basis"))
