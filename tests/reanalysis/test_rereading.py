"""What changes if passages are read otherwise is what a study with their rows changed gives."""

import dataclasses
import io
import json
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from typing import Any

import pandas as pd
import pytest
from command_line import run
from example_counts import examples, some
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from studies import CODES, every_reading, made, studies

from analysis.counting.readings import Settled, settle
from analysis.reanalysis import article_model, claims, derived, rereading, single_rereadings
from analysis.reanalysis.rereading import COLUMNS, RereadingError, asked, reread
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import COUNTERS

MOST = 600  # readings that a test walks through
slow = settings(deadline=None, max_examples=examples(25))


def recoded(study: Evidence, extract: str, facet: str, code: str) -> Evidence:
    """Return the study with the primary row of record of a passage changed, and without its alternatives."""
    codings = study.codings.copy()
    own = codings["extract_id"].eq(extract) & codings["facet"].eq(facet)
    own &= codings["coder_id"].isin(study.study.coding_of_record[facet])
    (primary,) = codings.index[own & codings["role"].eq("primary")]
    given = codings[own & codings["code_id"].eq(code)]
    row = given.iloc[0] if len(given) else codings.loc[primary].replace({"lead-in": "wording", "none": "wording"})
    codings.loc[primary, ["code_id", "stance", "basis"]] = [code, row["stance"], row["basis"]]
    return dataclasses.replace(study, codings=codings[~own | (codings.index == primary)].reset_index(drop=True))


def told(found: pd.DataFrame, what: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the changes of a kind: before and after by name and unit."""
    rows = found[found["what"] == what]
    return {(name, unit): (before, after) for _, name, unit, before, after in rows.to_numpy().tolist()}


def a_passage_with(study: Evidence, facet: str) -> list[Settled]:
    """Return the codes that some passage allows on a facet, the primary one first."""
    codes = rereading.allowed_codes(study)
    left_out = rereading.context_only(study)
    found = next(one for one in codes[1:] if one.facet == facet and _several(codes, one) and one[0] not in left_out)
    return [one for one in codes if one[:2] == found[:2]]


def _several(codes: list[Settled], one: Settled) -> bool:
    return sum(one[:2] == other[:2] for other in codes) > 1


# --- against the study with its rows changed


@pytest.mark.parametrize("facet", some(["power", "stage", "response"], 1))
def test_changes_are_the_differences_between_the_derived_tables_of_two_studies(study: Evidence, facet: str) -> None:
    primary, other, *_ = a_passage_with(study, facet)
    changed = recoded(study, primary.extract_id, facet, other.code_id)
    found = reread(study, asked(study, [f"{primary.extract_id}={other.code_id}"])).changes
    before, after = (claims.assess(one) for one in (study, changed))
    assert told(found, "verdict") == {
        (claim, "all"): (before[claim].verdict, after[claim].verdict)
        for claim in before
        if before[claim].verdict != after[claim].verdict
    }
    was, now = (figures_of(one) for one in (before, after))
    for what in ("share", "value"):
        assert told(found, what) == {
            place: (was[what][place], now[what][place]) for place in was[what] if was[what][place] != now[what][place]
        }
    for name in ("stage-by-power", "response-by-power"):
        tables = [counted(derived.TABLES[name][0](one), name.partition("-")[0]) for one in (study, changed)]
        assert told(found, name) == {
            (cell, "passage"): (str(count), str(tables[1][cell]))
            for cell, count in tables[0].items()
            if count != tables[1][cell]
        }
    old, new = (article_model.steps(one).to_dict("records") for one in (study, changed))
    for what, side in (("step", "extracts"), ("step against", "against")):
        assert told(found, what) == {
            (f"{step['source']}/{step['target']}", "passage"): (" ".join(step[side]), " ".join(other[side]))
            for step, other in zip(old, new, strict=True)
            if step[side] != other[side]
        }


def figures_of(assessed: dict[str, claims.Assessment]) -> dict[str, dict[tuple[str, str], str]]:
    """Return shares and values of patterns with lead-ins, as they are written, by claim and unit."""
    patterns = {
        (claim, one.unit): one for claim, found in assessed.items() for one in found.patterns if one.basis == "lead-in"
    }
    return {
        "share": {place: f"{float(one.share):.6f}" for place, one in patterns.items()},
        "value": {place: str(one.of_record) for place, one in patterns.items()},
    }


def counted(table: pd.DataFrame, facet: str) -> dict[str, int]:
    """Return the counts of passages with lead-ins in the cells of codes of power."""
    chosen = table[(table["unit"] == "passage") & (table["basis"] == "lead-in")]
    chosen = chosen[~chosen["power"].isin(["all", "uncoded"]) & (chosen[facet] != "all")]
    return {f"{row}/{column}": count for row, column, count in chosen[["power", facet, "count"]].to_numpy().tolist()}


def test_several_passages_are_read_otherwise_together(study: Evidence) -> None:
    (_, one, *_), (_, other, *_) = a_passage_with(study, "stage"), a_passage_with(study, "power")
    changed = recoded(recoded(study, *one[:3]), *other[:3])
    found = reread(study, asked(study, [f"{one.extract_id}={one.code_id}", f"{other.extract_id}={other.code_id}"]))
    assert {claim: each.verdict for claim, each in found.after.items()} == {
        claim: each.verdict for claim, each in claims.assess(changed).items()
    }
    assert found.changes.equals(rereading.changes(study, changed))


def test_a_code_that_the_record_does_not_allow_is_read_and_said_to_be_outside(study: Evidence) -> None:
    codes = a_passage_with(study, "stage")
    extract, allowed = codes[0].extract_id, {one.code_id for one in codes}
    outside = next(code for facet, code, *_ in study.codes.to_numpy() if facet == "stage" and code not in allowed)
    found = reread(study, asked(study, [f"{extract}={outside}"]))
    assert found.outside == found.settled == (Settled(extract, "stage", outside, codes[0].stance, "wording"),)
    assert rereading.in_words(study, found)[0].endswith(": the record does not allow this.")
    changed = recoded(study, extract, "stage", outside)
    assert found.changes.equals(rereading.changes(study, changed))


def test_to_read_a_passage_as_it_is_coded_takes_its_alternatives_away(study: Evidence) -> None:
    primary = a_passage_with(study, "stage")[0]
    found = reread(study, asked(study, [f"{primary.extract_id}={primary.code_id}"]))
    assert not found.outside
    assert set(found.changes["what"]) <= {"share", "verdict"}
    assert "share" in set(found.changes["what"])


def test_a_passage_that_would_count_against_what_it_illustrates_is_named() -> None:
    """The ledger of a study is held to its codings; a re-reading may break what holds between them."""
    rows = [
        ("T01", "power", "b", "primary", "supports", "wording"),
        ("T01", "stage", "early", "primary", "supports", "none"),
    ]
    study = with_claims(made(CODES, [("T01", "P01", "")], rows))
    links = study.claim_evidence.assign(claim_id=["C04", "C08"], bearing="illustrates")
    study = dataclasses.replace(study, claim_evidence=links)
    assert claims.find(study)["C04"].passages == ("T01",)
    found = reread(study, asked(study, ["T01=a"]))
    assert found.contradicted == {"C04": ["T01"]}
    assert "T01 would count against C04, and is linked as illustrating it." in rereading.in_words(study, found)
    assert reread(study, asked(study, ["T01=b"])).contradicted == {}


# --- every single re-reading, and every passage of a pattern


def with_claims(study: Evidence) -> Evidence:
    """Give a small study claims of every kind that reads codings, and a model."""
    asks: list[tuple[str, dict[str, Any]]] = [
        ("present", {"rows": ["a"], "facet": "stage", "columns": ["early"]}),
        ("present", {"rows": ["a1", "b1"], "facet": "stage", "columns": ["late", "unsaid"]}),
        ("more", {"rows": ["a"], "columns": ["early"], "than_rows": ["a"], "than_columns": ["late"]}),
        ("more", {"rows": ["b"], "columns": ["early"], "than_rows": ["a"], "than_columns": ["late", "early"]}),
        ("codes_supported", {"number": 2, "codes": ["a", "b"]}),
        ("codes_supported", {"number": 1, "parent": "a"}),
        ("tree_complete", {"levels": ["dimension", "second-order"]}),
        ("illustrated", {}),
    ]
    ids = [f"C{place:02d}" for place in range(1, len(asks) + 1)]
    checks, args = zip(*asks, strict=True)
    ledger = pd.DataFrame({"claim_id": ids, "section": "4", "kind": "pattern", "claim": "It is so.", "quantity": "n"})
    first = study.extracts["extract_id"].tolist()[0]
    spoken = study.passages.dropna()["extract_id"].tolist()[:1]
    links = [("C03", first, "context"), *(("C08", extract, "illustrates") for extract in spoken)]
    return dataclasses.replace(
        study,
        claims=ledger.assign(check=checks, args=[json.dumps(one) for one in args]),
        claim_evidence=pd.DataFrame([(*one, "why") for one in links], columns=["claim_id", "extract_id", "bearing", "rationale"]),
        model=pd.DataFrame([("a", "early", claim, "why") for claim in ("C03", "C08")] + [("b", "late", "C04", "why")],
                           columns=["source", "target", "claim_id", "rationale"]),
    )  # fmt: skip


def of(table: pd.DataFrame, one: Settled) -> pd.DataFrame:
    """Return the changes of one re-reading in the table of all of them."""
    chosen = (table[["extract_id", "facet", "code_id"]] == list(one[:3])).all(axis=1)
    return table.loc[chosen, list(COLUMNS)].reset_index(drop=True)


def assert_single_rereadings_are_those_of_rebuilt_studies(study: Evidence, chosen: Iterable[Settled]) -> None:
    table = single_rereadings.rereadings(study)
    for one in chosen:
        whole = rereading.changes(study, settle(study, [one]))
        expected = whole[whole["what"] != "share"].reset_index(drop=True)
        pd.testing.assert_frame_equal(of(table, one), expected, check_dtype=False)


def alternatives(study: Evidence) -> list[Settled]:
    primary = study.record[study.record["role"] == "primary"]
    coded = set(primary[["extract_id", "facet", "code_id"]].itertuples(index=False, name=None))
    left_out = rereading.context_only(study)
    codes = rereading.allowed_codes(study)
    several = [one for one in codes if _several(codes, one)]
    return [one for one in several if one[:3] not in coded and one.extract_id not in left_out]


@pytest.mark.thorough
def test_the_table_of_re_readings_has_what_each_changes_in_the_study_rebuilt(study: Evidence) -> None:
    found = alternatives(study)
    assert len(found) > 20
    of_power = [one for one in found if one.facet == "power"]
    assert_single_rereadings_are_those_of_rebuilt_studies(study, [*of_power, *found[:: len(found) // 8]])


@pytest.mark.thorough
@given(drawn=studies())
@slow
def test_so_it_has_in_any_small_study(drawn: Evidence) -> None:
    study = with_claims(drawn)
    assert_single_rereadings_are_those_of_rebuilt_studies(study, alternatives(study))


@pytest.mark.thorough
@given(drawn=studies(), data=st.data())
@slow
def test_the_share_with_a_passage_settled_is_that_of_a_walk_through_the_readings_left(
    drawn: Evidence, data: Any
) -> None:
    study = with_claims(drawn)
    table = single_rereadings.passages_of_patterns(study)
    assume(len(table))
    row = data.draw(st.sampled_from(table.to_dict("records")))
    settled = next(
        one for one in rereading.allowed_codes(study) if one[:3] == (row["extract_id"], row["facet"], row["code_id"])
    )
    compared = claims.assess(study)[row["claim_id"]].compared
    assert compared is not None
    walk = list(islice(every_reading(settle(study, [settled]), compared.level, "lead-in"), MOST + 1))
    assume(len(walk) <= MOST)
    unit_of = study.passages.set_index("extract_id")[row["unit"]].dropna().to_dict()
    more = [
        len({unit_of[e] for e, *cell in reading if e in unit_of and tuple(cell) in compared.first})
        > len({unit_of[e] for e, *cell in reading if e in unit_of and tuple(cell) in compared.second})
        for reading in walk
    ]
    assert row["share"] == f"{float(Fraction(sum(more), len(walk))):.6f}"


def test_passages_are_ranked_by_the_difference_that_their_reading_makes(study: Evidence) -> None:
    table = single_rereadings.passages_of_patterns(study)
    table["size"] = table["difference"].astype(float)
    assert (table["size"] > 0).all()
    for (claim, unit), rows in table.groupby(["claim_id", "unit"]):
        assert rows["rank"].is_monotonic_increasing
        assert rows["size"].is_monotonic_decreasing
        assert rows["rank"].iloc[0] == 1
        spread = rows.groupby(["extract_id", "facet"])["share"].agg(lambda own: float(max(own)) - float(min(own)))
        assert spread.to_dict() == pytest.approx(
            rows.groupby(["extract_id", "facet"])["size"].first().to_dict(), abs=2e-6
        )
        (pattern,) = (one for one in claims.assess(study)[claim].patterns if (one.basis, one.unit) == ("lead-in", unit))
        assert set(rows.loc[rows["tipping"], "extract_id"]) <= set(pattern.tipping or {})


def test_a_passage_that_turns_a_claim_by_itself_makes_a_difference_to_it(study: Evidence) -> None:
    table = single_rereadings.passages_of_patterns(study)
    for claim, found in claims.assess(study).items():
        for pattern in found.patterns:
            if pattern.basis == "lead-in" and pattern.tipping and len(pattern.tipping) == 1:
                own = table[(table["claim_id"] == claim) & (table["unit"] == pattern.unit) & table["tipping"]]
                assert set(own["extract_id"]) == set(pattern.tipping)


def test_documents_are_in_neither_table(study: Evidence) -> None:
    documents = set(study.passages.loc[study.passages["interviewee"].isna(), "extract_id"])
    assert documents
    for table in (single_rereadings.rereadings(study), single_rereadings.passages_of_patterns(study)):
        assert not documents & set(table["extract_id"])


# --- what is asked for


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ([], "No re-reading is named. Write each as PASSAGE=CODE."),
        (["T06"], "'T06' is not a passage and a code with '=' between them. Write each as PASSAGE=CODE."),
        (["=initiation"], "'=initiation' is not a passage and a code"),
        (["T06="], "'T06=' is not a passage and a code"),
        (["T66=initiation"], "There is no passage 'T66'. Did you mean T06?"),
        (["nothing=initiation"], "There is no passage 'nothing'. Passages are, for example, T01, T02 and T03."),
        (["T06=initation"], "There is no code 'initation'. Did you mean initiation?"),
        (["T06=power/initiation"], "There is no code 'power/initiation'."),
        (["T06=initiation", "T06=dissemination"], "T06 is named twice on the facet stage, as initiation and dissemination."),
        (["T03=initiation"], "T03 gives context only, as policy documents do, and so enters no count"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(study: Evidence, written: list[str], message: str) -> None:
    with pytest.raises(RereadingError) as refused:
        asked(study, written)
    assert message in str(refused.value)


def test_codes_of_any_facet_and_level_are_found_and_a_passage_may_be_read_on_several(study: Evidence) -> None:
    found = asked(study, ["T06 = stage/operationalization", "T06=resource", "T06=not-reported"])
    assert [(one.facet, one.code_id) for one in found] == [
        ("stage", "operationalization"),
        ("power", "resource"),
        ("response", "not-reported"),
    ]


def test_a_code_of_two_facets_asks_for_its_facet() -> None:
    study = made([("power", "a", "dimension", ""), ("stage", "a", "stage", "")], [("T01", "P01", "")], [])
    with pytest.raises(RereadingError, match=r"The code 'a' is in the facets power and stage\. Name one: power/a\."):
        asked(study, ["T01=a"])
    (found,) = asked(study, ["T01=stage/a"])
    assert found == Settled("T01", "stage", "a", "supports", "wording")


def test_a_study_without_claims_has_changes_in_its_tables() -> None:
    rows = [
        ("T01", "power", "a", "primary", COUNTERS, "wording"),
        ("T01", "stage", "early", "primary", "supports", "none"),
    ]
    found = reread(made(CODES, [("T01", "P01", "")], rows), [Settled("T01", "stage", "late", "supports", "wording")])
    assert found.changes.empty, "it counters a code, whatever its stage"
    rows[0] = ("T01", "power", "a", "primary", "supports", "wording")
    found = reread(made(CODES, [("T01", "P01", "")], rows), [Settled("T01", "stage", "late", "supports", "wording")])
    assert found.changes[["what", "name", "before", "after"]].to_numpy().tolist() == [
        ["stage-by-power", "a/early", "1", "0"],
        ["stage-by-power", "a/late", "0", "1"],
    ]


# --- the command


@pytest.mark.slow
def test_the_command_shows_verdicts_first_and_gives_all_changes_as_csv(study: Evidence) -> None:
    patterns = set(claims.patterns(study)["claim_id"])
    verdicts = single_rereadings.rereadings(study).query("what == 'verdict'").to_dict("records")
    turning = next(row for row in verdicts if row["name"] in patterns)
    written = f"{turning['extract_id']}={turning['code_id']}"
    shown = run("reread", written)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(
        f"{turning['extract_id']} is read as {turning['code_id']} ({turning['facet']}; coded "
    )
    places = [shown.stdout.index(part) for part in ("Verdicts that change", turning["name"], "Patterns that change")]
    assert places == sorted(places)
    assert f"→ {turning['after']}" in " ".join(shown.stdout.split())
    as_csv = run("reread", written, "--csv")
    table = pd.read_csv(io.StringIO(as_csv.stdout), dtype=str, keep_default_na=False)
    assert list(table.columns) == list(COLUMNS)
    assert table.iloc[0]["what"] == "verdict"
    refused = run("reread", "T66=initiation")
    assert refused.returncode == 2
    assert refused.stderr.strip() == "analysis: There is no passage 'T66'. Did you mean T06?"
