"""How far readers agree, with each other and with the coding of record; who joins joins every table."""

import dataclasses
import re
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa
from teaching import shown

from analysis import agreement
from analysis.agreement import agreement_tables, readers
from analysis.display import captioned_tables
from analysis.reanalysis import derived
from analysis.study import coders, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths

A, B, RECORD = "reader-a", "reader-b", "compendium"
NOTEBOOK = paths.NOTEBOOKS / "05-agreement.ipynb"


@pytest.fixture(scope="module")
def study(study: Evidence) -> Evidence:
    """The evidence with the two first readers: these tests are about them, and not about coders who join later."""
    coded_by = ["article", A, B, RECORD]
    return dataclasses.replace(
        study,
        codings=study.codings[study.codings["coder_id"].isin(coded_by)],
        coders=study.coders[study.coders["coder_id"].isin(coded_by)],
    )


agreement_sizes = cache(readers.agreement_of_groups)  # many tests look at those of the two readers


def of_stage(study: Evidence) -> Evidence:
    """The study with the stages alone: half the coefficients."""
    return dataclasses.replace(study, facets=study.facets[study.facets["facet"] == "stage"])


def sizes(study: Evidence, **which: str) -> pd.DataFrame:
    found = agreement_sizes(study)
    for column, value in which.items():
        found = found[found[column] == value]
    return found


def joined_by(study: Evidence, codes: dict[str, str], name: str = "ana") -> Evidence:
    """The study with a further reader, a person, who gave these stages to these passages."""
    rows = pd.DataFrame(
        [
            (extract, name, "stage", code, "primary", "supports", "wording", "So it says.")
            for extract, code in codes.items()
        ],
        columns=study.codings.columns,
    )
    person = pd.DataFrame([(name, "person", "Somebody who joined.")], columns=study.coders.columns)
    return dataclasses.replace(
        study,
        codings=pd.concat([study.codings, rows], ignore_index=True),
        coders=pd.concat([study.coders, person], ignore_index=True),
    )


def as_reader_a(study: Evidence) -> dict[str, str]:
    own = study.codings.query("coder_id == 'reader-a' and facet == 'stage' and role == 'primary'")
    return dict(zip(own["extract_id"], own["code_id"], strict=True))


# --- who is compared


def test_readers_are_the_coders_of_a_facet_beyond_those_of_record(study: Evidence) -> None:
    assert readers.facets(study) == ["stage", "response"]
    assert readers.independent(study, "stage") == readers.independent(study, "response") == (A, B)
    assert readers.independent(study, "power") == ()
    assert readers.groups(study, "power") == []


def test_readers_are_compared_with_each_other_and_each_with_the_record(study: Evidence) -> None:
    assert readers.groups(study, "stage") == [
        readers.Group("between-readers", (A, B)),
        readers.Group("with-record", (A, RECORD)),
        readers.Group("with-record", (B, RECORD)),
    ]


def test_who_joins_is_compared_with_all_together_and_with_each(study: Evidence) -> None:
    groups = readers.groups(joined_by(study, as_reader_a(study)), "stage")
    between = [group.coders for group in groups if group.scope == readers.BETWEEN_READERS]
    assert between == [(A, B, "ana"), (A, B), (A, "ana"), (B, "ana")]
    assert [group.coders for group in groups[4:]] == [(A, RECORD), (B, RECORD), ("ana", RECORD)]


def test_several_readers_get_the_coefficients_for_several(study: Evidence) -> None:
    three = sizes(
        of_stage(joined_by(study, as_reader_a(study))), coders=f"{A} {B} ana", code=vocabulary.ALL, role="primary"
    )
    assert {"fleiss-kappa", "conger-kappa"} <= set(three["coefficient"])
    assert not {"cohen-kappa", "scott-pi"} & set(three["coefficient"])


# --- the table


def test_the_two_readers_agree_as_far_as_statsmodels_says(study: Evidence) -> None:
    crossed = agreement_tables.confusion(study, "stage", A, B).to_numpy()
    kappa = sizes(study, facet="stage", coders=f"{A} {B}", coefficient="cohen-kappa", method="analytic")
    assert np.isclose(kappa["value"].iloc[0], cohens_kappa(crossed, return_results=False))


@pytest.mark.parametrize("facet", ["stage", "response"])
def test_percent_agreement_is_the_share_that_stands_side_by_side_as_the_same(study: Evidence, facet: str) -> None:
    percent = sizes(study, facet=facet, scope="between-readers", coefficient="percent-agreement", code=vocabulary.ALL)
    same = coders.side_by_side(study, facet)["same_primary"]
    assert np.allclose(percent["value"], same.mean())
    assert set(percent["paired"]) == {len(same)}


def test_each_code_and_each_kind_of_interval_is_there(study: Evidence) -> None:
    found = sizes(study, facet="stage", scope="between-readers")
    assert set(found["code"]) == {vocabulary.ALL, "initiation", "operationalization", "dissemination", "not-stated"}
    whole = found[(found["code"] == vocabulary.ALL) & (found["role"] == "primary")]
    assert set(whole.groupby("coefficient")["method"].nunique()) == {3}
    assert whole["coefficient"].nunique() == 6


def test_the_key_names_a_row_once(study: Evidence) -> None:
    table = agreement_sizes(study)
    assert not table.duplicated(list(derived.TABLES["agreement"][1])).any()


def test_figures_have_six_decimals_and_what_is_not_defined_a_reason(study: Evidence) -> None:
    table = derived.agreement_of_coders(of_stage(joined_by(study, {"T01": "initiation", "T03": "initiation"})))
    figures = table[["value", "se", "low", "high"]]
    assert figures.map(lambda text: bool(re.fullmatch(r"(-?\d\.\d{6})?", text))).all(axis=None)
    assert (figures.ne("").all(axis=1) | table["reason"].ne("")).all()
    one_code = table[(table["coders"] == f"{A} ana") & (table["coefficient"] == "krippendorff-alpha")].iloc[0]
    assert one_code["value"] == ""
    assert "only code given" in one_code["reason"]
    assert "-0.000000" not in derived.as_csv(table)


def test_a_reader_of_other_passages_is_told_to_share_none(study: Evidence) -> None:
    only = study.codings.query("not (coder_id == 'reader-b' and extract_id == 'T01')")
    apart = joined_by(dataclasses.replace(study, codings=only), {"T01": "initiation"})
    told = sizes(of_stage(apart), facet="stage", coders=f"{B} ana", code=vocabulary.ALL)
    assert set(told["reason"]) == {"no unit was coded by two coders"}
    assert told["value"].isna().all()


def test_a_facet_that_is_not_exclusive_is_compared_by_sets(study: Evidence) -> None:
    several = dataclasses.replace(study, facets=study.facets.assign(exclusive=False))
    found = sizes(of_stage(several), scope="between-readers", role="primary", code=vocabulary.ALL)
    assert set(zip(found["coefficient"], found["weights"], strict=True)) == {("krippendorff-alpha", "masi")}


def test_a_study_without_readers_has_an_empty_table(study: Evidence) -> None:
    alone = dataclasses.replace(study, codings=study.codings[study.codings["coder_id"] == "article"])
    assert derived.as_csv(derived.agreement_of_coders(alone)) == ",".join(readers.COLUMNS) + "\n"


def test_an_alternative_of_one_reader_alone_is_a_difference_in_what_is_allowed(study: Evidence) -> None:
    assert list(agreement.disagreements(readers.allowed(study, "response", (A, B))).index) == ["T13"]
    assert list(agreement.disagreements(readers.allowed(study, "stage", (A, B))).index) == ["T04", "T05", "F14"]


# --- where and why they differ


def test_differences_come_with_each_readers_reason_and_whether_it_allows_the_others_choice(study: Evidence) -> None:
    found = readers.differences(study, "stage", (A, B))
    assert found["extract_id"].tolist() == ["T11", "T11", "F27", "F27"]
    assert found["allows_others"].all()
    assert found["rationale"].str.len().min() > 20
    assert readers.differences(study, "response", (A, B)).empty


def test_a_reader_who_left_a_passage_out_has_no_row_for_it(study: Evidence) -> None:
    found = readers.differences(joined_by(study, {"F27": "dissemination"}), "stage", (A, B, "ana"))
    assert found.groupby("extract_id")["coder_id"].agg(list).to_dict() == {"T11": [A, B], "F27": [A, B, "ana"]}
    assert not found.set_index(["extract_id", "coder_id"]).at[("F27", "ana"), "allows_others"]


def test_no_interval_has_no_width_and_every_missing_one_a_reason(study: Evidence) -> None:
    table = agreement_sizes(study)
    missing = table["low"].isna()
    assert (table.loc[~missing, "low"] < table.loc[~missing, "high"]).all()
    assert table["reason"].ne("").eq(table[["value", "se", "low", "high"]].isna().any(axis=1)).all()
    share = table["coefficient"].eq("percent-agreement") & ~table["method"].str.startswith("bootstrap")
    assert table["method"].eq("exact").eq(share).all()


def test_coefficients_that_allow_for_chance_do_not_include_shares_of_passages(study: Evidence) -> None:
    several = (A, B)
    given = agreement.estimates(readers.chosen(study, "stage", several)).set_index("coefficient")["value"]
    corrected = given.drop(["percent-agreement", "unanimous-agreement"], errors="ignore")
    lowest, highest = formatting.rounded(corrected.min()), formatting.rounded(corrected.max())
    assert lowest != highest
    assert f"allow for chance lie from {lowest} to {highest}" in readers.summary(study, "stage", several)


def test_readers_of_the_notebook_are_told_in_words(study: Evidence) -> None:
    assert readers.summary(study, "stage", (A, B)) == (
        "first choices differ in two passages; coefficients that allow for chance lie from 0.93 to 0.94. In 2 of "
        "these 2, each coder allows as an alternative what the others chose."
    )
    alike = readers.summary(study, "response", (A, B))
    assert alike == "first choices differ in no passages; coefficients that allow for chance are 1.00."


# --- the notebook and the article


def test_tables_whose_captions_begin_alike_have_ids_of_their_own(study: Evidence) -> None:
    table = agreement_tables.confusion(study, "stage", A, B)
    one, other = (
        captioned_tables.CaptionedTable(table, f"Kept in the coding of record, stage: {coder}")._repr_html_()
        for coder in (A, B)
    )
    ids = [set(re.findall(r'id="(\w+)"', page)) for page in (one, other)]
    assert not ids[0] & ids[1]


def test_the_notebook_takes_in_who_joins(study: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    joined = joined_by(study, as_reader_a(study) | {"T01": "dissemination"})
    shutil.copytree(paths.DATA, tmp_path / "data")
    for name in ("codings", "coders"):
        getattr(joined, name).to_csv(tmp_path / "data" / "evidence" / f"{name}.csv", index=False)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setattr("analysis.study.load", lambda: joined)
    with pd.option_context(
        "display.max_rows", 60, "display.max_colwidth", 50
    ):  # the notebook sets them for the process
        given = shown(NOTEBOOK, {"pair": f"first, second = {A!r}, {B!r}", "check-values": "", "check": ""})
    assert list(given["who"].table.index) == [A, B, "ana"]
    assert {*given["pairs"].index, *given["pairs"].columns} == {A, B, "ana"}
    assert "ana" in set(given["differences"].table.loc["T01", "coder_id"])
    assert given["record"].loc["ana"].notna().tolist() == [True, False]


def test_the_article_gives_one_coefficient_with_what_it_does_not_show() -> None:
    text = " ".join(paths.ARTICLE.read_text(encoding="utf-8").split())
    assert not re.search(r"\b(kappa|AC1)\b", text)
    (alpha,) = re.finditer(r"\br\.alpha\b", text)
    assert "but this is not a reliability" in text[alpha.end() : alpha.end() + 60]


def test_pairs_of_readers_have_the_share_and_kappa_of_the_table(study: Evidence) -> None:
    joined = of_stage(joined_by(study, as_reader_a(study)))
    pairs = agreement_tables.agreement_of_pairs(joined, readers.BETWEEN_READERS).set_index("Coders")
    assert list(pairs.index) == [f"{A}, {B}", f"{A}, ana", f"{B}, ana"]
    assert pairs.at[f"{A}, {B}", "Same first choice"] == "0.95 (0.83 to 0.99)"  # 39 of 41, Clopper and Pearson
    assert pairs.at[f"{A}, ana", "Cohen's kappa"].startswith("1.00 (no interval: ")


def test_only_all_readers_together_are_compared_code_by_code(study: Evidence) -> None:
    joined = agreement_sizes(of_stage(joined_by(study, as_reader_a(study))))
    each = joined[joined["code"] != vocabulary.ALL]
    assert set(each["coders"]) == {f"{A} {B} ana"}


def test_several_codes_are_most_chosen_where_readers_split_evenly(study: Evidence) -> None:
    def most(study: Evidence) -> dict[str, frozenset[str]]:
        own = study.codings["facet"].eq("stage") & study.codings["coder_id"].isin(readers.independent(study, "stage"))
        return readers.most_chosen(study.codings[own])

    assert most(study)["T11"] == {"initiation", "not-stated"}
    assert most(study)["T01"] == {"initiation"}
    assert most(joined_by(study, {"T11": "initiation"}))["T11"] == {"initiation"}
