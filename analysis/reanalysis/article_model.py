"""The article's model as a graph: kinds of power, stages, and steps between them with what is printed for each."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import claims
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import CompendiumError, Fault, raise_if_any

TABLE = "evidence/model.csv"
FACETS = ("power", "stage")


class ModelError(CompendiumError):
    """A model whose steps lead from or to something that is not a code."""


class Node(NamedTuple):
    """A kind of power or a stage with the number of passages that support it, as coded with lead-ins."""

    code: str
    name: str
    facet: str
    passages: int


def nodes(evidence: Evidence) -> dict[str, Node]:
    """Return the kinds of power and the stages between which there are steps, by code."""
    table = crosstabs.crosstab(evidence, Axis("power"), Axis("stage", basis="lead-in"))
    margins = {
        "power": table[table["column"] == vocabulary.ALL].set_index("row")["count"],
        "stage": table[table["row"] == vocabulary.ALL].set_index("column")["count"],
    }
    in_steps = {*evidence.model["source"], *evidence.model["target"]}
    return {
        code: Node(code, code_tree.names(evidence.codes, facet)[code], facet, int(margins[facet][code]))
        for facet in FACETS
        for code in code_tree.codes_at(evidence.codes, facet)
        if code in in_steps
    }


def steps(evidence: Evidence) -> pd.DataFrame:
    """Return one row a step: `source, target, claims, count, extracts, against`, in the order of the table.

    `extracts` are the passages that illustrate one of the claims that state the step, by the rows of
    claim_evidence, and `count` is their number. A step without any is claimed, and no printed passage narrates it.
    `against` are the passages against one of these claims; none of them illustrates the step.
    Raises ModelError for a step from or to what is neither a kind of power nor a stage.
    """
    raise_if_any(ModelError, _node_faults(evidence))
    ledger, findings = claims.ledger(evidence), claims.assess(evidence)
    rows = []
    for (source, target), step in evidence.model.groupby(["source", "target"], sort=False):
        opposed = {extract for claim in step["claim_id"] for extract in findings[claim].against}
        narrated = {extract for claim in step["claim_id"] for extract in ledger.linked(claim, "illustrates")} - opposed
        extracts, against = (tuple(sorted(side, key=evidence.places.__getitem__)) for side in (narrated, opposed))
        rows.append((source, target, tuple(step["claim_id"]), len(extracts), extracts, against))
    return pd.DataFrame(rows, columns=["source", "target", "claims", "count", "extracts", "against"])


def on_several_steps(evidence: Evidence) -> dict[str, int]:
    """Return the passages that illustrate more than one step, with the number of their steps, most first.

    Their counts on the arrows are therefore not independent of each other.
    """
    steps_of = Counter(extract for extracts in steps(evidence)["extracts"] for extract in extracts)
    several = {extract: count for extract, count in steps_of.items() if count > 1}
    return dict(sorted(several.items(), key=lambda one: (-one[1], evidence.places[one[0]])))


def counted_repeatedly(evidence: Evidence) -> str:
    """Say which passages are counted on several arrows, or return nothing where there are none."""
    several = [f"{extract} on {count}" for extract, count in on_several_steps(evidence).items()]
    if not several:
        return ""
    several[0] = f"{several[0].replace(' on ', ' is counted on ')} arrows"
    return f"{formatting.listed(several)}."


def _node_faults(evidence: Evidence) -> Iterator[Fault]:
    known = {code for facet in FACETS for code in code_tree.codes_at(evidence.codes, facet)}
    for end in ("source", "target"):
        for row, code in enumerate(evidence.model[end], 2):
            if code not in known:
                remedy = "Name a code of the highest level of power or stage."
                yield Fault(TABLE, "neither a kind of power nor a stage", remedy, row, end, code)
