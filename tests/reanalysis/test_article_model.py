"""The steps of the article's model rest on claims and on the passages that illustrate these."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import article_model, claims
from analysis.reanalysis.article_model import ModelError
from analysis.study import loading, vocabulary
from analysis.study.evidence import Evidence, EvidenceError


def test_a_step_has_the_passages_that_illustrate_one_of_its_claims(study: Evidence) -> None:
    links = study.claim_evidence[study.claim_evidence["bearing"] == "illustrates"]
    for step in article_model.steps(study).itertuples():
        told = links.loc[links["claim_id"].isin(step.claims), "extract_id"]
        assert set(step.extracts) == set(told)
        assert step.count == told.nunique()


def test_a_step_whose_link_is_only_context_is_not_told_of(study: Evidence) -> None:
    links = study.claim_evidence.copy()
    links.loc[links["claim_id"] == "C84", "bearing"] = "context"
    spoiled = dataclasses.replace(study, claim_evidence=links)
    before, after = (
        steps.set_index(["source", "target"])["count"]
        for steps in (article_model.steps(study), article_model.steps(spoiled))
    )
    back = ("resource-enabled-normative", "resource")
    assert (before[back], after[back]) == (1, 0)
    pd.testing.assert_series_equal(before.drop([back]), after.drop([back]))


def test_a_passage_against_a_claim_of_a_step_does_not_illustrate_the_step(study: Evidence) -> None:
    links = study.claim_evidence.copy()
    links.loc[links["claim_id"].eq("C22") & links["extract_id"].eq("T01"), "extract_id"] = "T02"
    links.loc[links["claim_id"].eq("C22") & links["extract_id"].eq("T02"), "bearing"] = "counters"
    step = article_model.steps(dataclasses.replace(study, claim_evidence=links)).set_index(["source", "target"])
    extracts, against = step.loc[("structural", "initiation"), ["extracts", "against"]]
    assert (extracts, against) == (("F02",), ("T02",))  # T02 also illustrates C24


def test_a_node_counts_what_supports_it(study: Evidence) -> None:
    table = crosstabs.crosstab(study, Axis("power"), Axis("stage", basis="lead-in")).set_index(["row", "column"])[
        "count"
    ]
    nodes = article_model.nodes(study)
    assert nodes["resource"].passages == table["resource", vocabulary.ALL]
    assert nodes["dissemination"].passages == table[vocabulary.ALL, "dissemination"]


def test_every_pattern_that_places_one_kind_of_power_in_one_stage_is_a_step(study: Evidence) -> None:
    """So that no such claim of the ledger is missing from the picture."""
    ledger = claims.ledger(study).claims
    placed = {
        claim
        for claim, args in zip(ledger["claim_id"], ledger["args"], strict=True)
        if args.get("facet") == "stage" and len(args["rows"]) == len(args["columns"]) == 1
    }
    assert len(placed) > 3
    assert placed <= set(study.model["claim_id"])


def test_a_step_from_nowhere_is_told(study: Evidence) -> None:
    spoiled = dataclasses.replace(study, model=study.model.replace({"source": {"structural": "structure"}}))
    with pytest.raises(ModelError, match=r"model\.csv, row 2, field source: .*'structure'"):
        article_model.steps(spoiled)


def test_a_step_of_an_unknown_claim_is_told(package: Path, edit: Callable[[str, Callable[[str], str]], None]) -> None:
    edit("model", lambda text: text.replace("initiation,C22", "initiation,C999"))
    with pytest.raises(EvidenceError, match=r"model\.csv, row 2, field claim_id.*'C999'"):
        loading.load(package)
