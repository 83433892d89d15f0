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
from analysis.support.traced_values import drawn_from


@drawn_from("derived/table-1.csv", trace=("documents-never-cited", "documents-after-interviews"))
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


@drawn_from("derived/table-2.csv", "evidence/codes.csv", trace=("power",))
def table_2(evidence: Evidence) -> pd.DataFrame:
    """Table 2 for readers, in the order in which it is printed: the passage first, then the codes up to the dimension.

    The name of a code is given where it first applies, as in the printed table.
    """
    table = article_tables.table_2(evidence)
    names = code_tree.names(evidence.codes, "power")
    path = table[["first_order", "second_order", "dimension"]]
    shown = path.map(lambda code: names[code]).where(path.ne(path.shift()), "")
    shown.columns = ["First-order code", "Second-order code", "Theoretical dimension"]
    shown.insert(0, "Source", table["source_id"])
    shown.insert(1, "Gist of the passage", table["gist"])
    return shown.set_axis(table["extract_id"])


@drawn_from("derived/model-steps.csv", "evidence/claims.csv", trace=("model",))
def claimed_stages(evidence: Evidence) -> pd.DataFrame:
    """Where the article says that a kind of power works, for readers: one row a kind of power, one column a stage.

    A cell has the claim that says so in general, and the keys of it and of all that say so of an activity.
    """
    steps, nodes = article_model.steps(evidence), article_model.nodes(evidence)
    powers, stages = ([code for code, node in nodes.items() if node.facet == facet] for facet in ("power", "stage"))
    patterns = evidence.claims[evidence.claims["kind"] == "pattern"]
    claimed: dict[str, str] = dict(zip(patterns["claim_id"], patterns["claim"], strict=True))

    def said(keys: tuple[str, ...]) -> str:
        general = [claimed[key].rstrip(".") for key in keys if key in claimed]
        return f"{'. '.join(general)} ({formatting.listed(keys)})"

    cells = steps.set_index(["source", "target"])["claims"].map(said).unstack("target").reindex(powers)[stages]
    table = cells.fillna("").rename(index=lambda code: nodes[code].name, columns=lambda code: nodes[code].name)
    return table.rename_axis(index="Kind of power", columns=None)


@drawn_from("derived/coding-structure.csv", "evidence/codes.csv", trace=("power",))
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


@drawn_from("evidence/extracts.csv", "evidence/codings.csv", "evidence/codes.csv", trace=("power", "stage"))
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


@drawn_from("derived/stage-by-power.csv", trace=("power/stage",))
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


@drawn_from("derived/claims.csv", trace=claims.VERDICTS)
def claims_by_kind(evidence: Evidence) -> pd.DataFrame:
    """How many claims of each kind have which verdict, for readers."""
    kinds = evidence.claims.set_index("claim_id")["kind"]
    verdict = claims.verdicts(evidence).set_index("claim_id")["verdict"]
    table = pd.crosstab(kinds, verdict, margins=True, margins_name="all")
    order = [*kinds.unique(), "all"]
    return table.reindex(index=order, columns=[*claims.VERDICTS, "all"], fill_value=0).rename_axis(
        index="Kind of claim", columns=None
    )


@drawn_from("derived/claim-patterns.csv", "evidence/claims.csv", trace=claims.VERDICTS)
def patterns(evidence: Evidence, unit: str, basis: str) -> pd.DataFrame:
    """Claims about patterns in one unit on one basis, for readers: as coded, over all readings, and what turns them.

    The lowest share is that over every unit and both bases.
    """
    texts = evidence.claims.set_index("claim_id")["claim"]
    rows = {
        claim: (
            texts[claim],
            formatting.signed(p.of_record),
            f"{formatting.signed(p.lowest)} to {formatting.signed(p.highest)}",
            formatting.portion(p.share),
            formatting.portion(min(pattern.share for pattern in finding.patterns)),
            _keys(p.tipping or ()) or "none",
        )
        for claim, finding in claims.find(evidence).items()
        for p in finding.patterns
        if (p.unit, p.basis) == (unit, basis)
    }
    heads = ["What is claimed", "As coded", "Over all readings", "Holds in", "Lowest share", "Turned by"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Claim")


@drawn_from("derived/model-steps.csv", "evidence/codes.csv", trace=("model",))
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


@drawn_from("derived/association.csv", trace=("power/stage",))
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
