"""Every claim has a verdict that its evidence decides, and a ledger that cannot be computed is told."""

import dataclasses
import json
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from example_counts import examples, some
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import SPARE, effect_of_arguments, of_arguments, of_links, of_model, without
from studies import studies

from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import claims
from analysis.reanalysis.claims import (
    CONSISTENT,
    DEPENDS,
    ILLUSTRATED,
    NO_PASSAGE,
    NOT_CONSISTENT,
    NOT_TESTABLE,
    RESTATED,
    ClaimsError,
)
from analysis.study import loading
from analysis.study.evidence import Evidence, EvidenceError
from analysis.support import formatting

Edit = Callable[[str, Callable[[str], str]], None]


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def recoded(study: Evidence, extract: str, facet: str, **changed: str) -> Evidence:
    """Return the study with the primary coding of record of one passage changed."""
    codings = study.codings.copy()
    of_record = codings.index.isin(study.record.index) & codings["role"].eq("primary")
    row = codings.index[of_record & codings["extract_id"].eq(extract) & codings["facet"].eq(facet)]
    for field, value in changed.items():
        codings.loc[row, field] = value
    return dataclasses.replace(study, codings=codings)


def without_alternatives(study: Evidence) -> Evidence:
    return dataclasses.replace(study, codings=study.codings[study.codings["role"] == "primary"].reset_index(drop=True))


# --- the ledger


def test_there_are_at_least_forty_claims_of_every_kind(study: Evidence) -> None:
    ledger = claims.ledger(study).claims
    assert len(ledger) >= 40
    assert set(ledger["kind"]) == {"corpus fact", "structure", "illustration", "pattern", "mechanism"}
    assert ledger["claim"].is_unique


def test_every_claim_has_one_of_the_verdicts(study: Evidence) -> None:
    found = claims.verdicts(study)
    assert list(found["claim_id"]) == list(study.claims["claim_id"])
    assert set(found["verdict"]) <= set(claims.VERDICTS)
    assert found["summary"].str.endswith(".").all()


def test_every_check_is_used(study: Evidence) -> None:
    assert set(study.claims["check"]) == set(claims.CHECKS)


def test_silence_is_never_evidence_against_a_claim(study: Evidence) -> None:
    found = claims.verdicts(study).set_index("claim_id")
    illustrations = study.claims.set_index("claim_id")["check"].isin(["illustrated", "present"])
    assert NOT_CONSISTENT not in set(found.loc[illustrations[illustrations].index, "verdict"])


# --- verdicts follow the evidence


def verdict(study: Evidence, check: str, **args: object) -> str:
    return claims.CHECKS[check](study, **args).verdict


def test_a_pattern_that_holds_in_every_reading_is_consistent(study: Evidence) -> None:
    asked = {
        "rows": ["structural"],
        "columns": ["initiation"],
        "than_rows": ["structural"],
        "than_columns": ["dissemination"],
    }
    assert verdict(study, "more", **asked) == CONSISTENT
    turned = {
        "rows": ["structural"],
        "columns": ["dissemination"],
        "than_rows": ["structural"],
        "than_columns": ["initiation"],
    }
    assert verdict(study, "more", **turned) == NOT_CONSISTENT


def test_a_pattern_that_some_readings_turn_depends_on_them_and_says_which(study: Evidence) -> None:
    asked = {
        "rows": ["resource"],
        "columns": ["operationalization"],
        "than_rows": ["resource"],
        "than_columns": ["initiation"],
    }
    found = claims.more(study, **asked)
    assert found.verdict == DEPENDS
    passages = next(p for p in found.patterns if (p.basis, p.unit) == ("lead-in", "passage"))
    assert passages.lowest <= passages.of_record <= passages.highest
    assert 0 < passages.share < 1
    assert passages.tipping
    # Reading the tipping passages as told does turn it.
    codings = study.codings
    for extract, cell in passages.tipping.items():
        stage = cell.split("/")[1]
        own = codings["extract_id"].eq(extract) & codings["facet"].eq("stage") & codings["coder_id"].eq("compendium")
        codings = codings.assign(role=codings["role"].where(~own, "alternative"))
        codings = codings.assign(role=codings["role"].where(~(own & codings["code_id"].eq(stage)), "primary"))
    turned = claims.more(dataclasses.replace(study, codings=codings), **asked)
    assert next(p for p in turned.patterns if (p.basis, p.unit) == ("lead-in", "passage")).holds != passages.holds


def test_without_alternatives_nothing_depends_on_the_reading_of_passages(study: Evidence) -> None:
    fixed = without_alternatives(study)
    found = claims.verdicts(fixed)
    # One claim depends on how a row of the printed table is read, which no code of a passage decides, and comparisons
    # on the unit in which they are made.
    depends = found[found["verdict"] == DEPENDS]
    assert set(depends.loc[depends["check"] != "more", "check"]) == {"printed_in_table_2"}
    assert (
        depends.loc[depends["check"] == "more", ["share_lowest", "share_highest"]]
        .isin(["0.000000", "1.000000"])
        .all(axis=None)
    )
    assert set(claims.patterns(fixed)["tipping"]) == {"none"}


def test_presence_without_a_passage_in_any_reading_is_silence(study: Evidence) -> None:
    asked = {"rows": ["structural"], "facet": "stage", "columns": ["dissemination"]}
    assert verdict(study, "present", **asked) == NO_PASSAGE
    moved = recoded(study, "F02", "stage", code_id="dissemination")
    assert verdict(moved, "present", **asked) == ILLUSTRATED


def test_more_than_nothing_in_any_reading_is_silence(study: Evidence) -> None:
    asked = {
        "rows": ["structural"],
        "columns": ["dissemination"],
        "than_rows": ["structural"],
        "than_columns": ["operationalization"],
    }
    assert verdict(study, "more", **asked) == NO_PASSAGE


def test_codes_are_counted_and_each_needs_support(study: Evidence) -> None:
    asked = {"parent": "structural", "number": 2}
    assert verdict(study, "codes_supported", **asked) == RESTATED
    assert verdict(study, "codes_supported", parent="structural", number=3) == NOT_CONSISTENT
    assert verdict(recoded(study, "T01", "power", code_id="knowing-illness"), "codes_supported", **asked) == NO_PASSAGE


def test_support_that_only_some_readings_give_depends_on_them(study: Evidence) -> None:
    """Such a claim was said to have no passage that shows it, while a pattern with the same readings depended on them."""
    elsewhere = recoded(study, "T01", "power", code_id="knowing-illness")
    row = study.codings[study.codings["extract_id"].eq("T01") & study.codings["facet"].eq("power")]
    alternative = row.assign(role="alternative", coder_id="compendium")
    codings = pd.concat([elsewhere.codings, alternative], ignore_index=True)
    some = dataclasses.replace(elsewhere, codings=codings)
    found = claims.codes_supported(some, parent="structural", number=2)
    assert (found.verdict, found.shares) == (DEPENDS, (Fraction(1, 2), Fraction(1, 2)))


def test_documents_published_in_time_are_consistent_and_later_ones_untestable(study: Evidence) -> None:
    assert verdict(study, "published_in_time", sources=["D2"]) == NOT_TESTABLE
    sources = study.sources.replace({"published": {"2021-04-05": "2018-04-05"}})
    assert verdict(dataclasses.replace(study, sources=sources), "published_in_time", sources=["D2"]) == CONSISTENT


def test_a_fact_that_is_only_read_back_is_called_restated(study: Evidence) -> None:
    assert verdict(study, "restated", fact="interviews", value=48) == RESTATED
    assert verdict(study, "restated", fact="interviews", value=47) == NOT_CONSISTENT


def test_a_pattern_that_the_rules_gave_is_restated_and_says_so(study: Evidence) -> None:
    """C57 was consistent, although codes and stage are defined by the same things."""
    asked = {
        "rows": ["structural"],
        "columns": ["initiation"],
        "than_rows": ["structural"],
        "than_columns": ["operationalization", "dissemination"],
    }
    assert verdict(study, "more", **asked) == CONSISTENT
    found = claims.more(study, **asked, defined_alike=True)
    assert found.verdict == claims.find(study)["C57"].verdict == RESTATED
    assert found.summary.startswith("It holds in every reading, as the rules for codes and stage say the same.")
    moved = recoded(study, "F02", "stage", code_id="dissemination")
    assert claims.more(moved, **asked, defined_alike=True).verdict == DEPENDS


def test_no_check_of_what_was_typed_from_the_article_is_called_consistent(study: Evidence) -> None:
    found = claims.verdicts(study)
    as_printed = found["check"].isin(["restated", "tree_complete", "codes_supported"])
    assert set(found.loc[as_printed, "verdict"]) == {RESTATED}


def test_a_claim_says_who_makes_it_and_what_remains_against_it(study: Evidence) -> None:
    ledger = study.claims.set_index("claim_id")
    assert set(ledger["origin"]) == set(claims.ORIGINS)
    # Comparisons that the article does not make, and verdicts that lean on a single passage or on definitions.
    assert set(ledger.loc[["C60", "C61", "C63", "C71"], "origin"]) == {"implied"}
    assert ledger.loc[["C45", "C57", "C58", "C61", "C65", "C67", "C71", "C72", "C84", "C93"], "objection"].ne("").all()


def test_a_cited_source_illustrates_and_a_silent_one_does_not(study: Evidence) -> None:
    assert verdict(study, "sources_cited", sources=["D1", "D2"]) == ILLUSTRATED
    assert verdict(study, "sources_cited", sources=["D1", "D4"]) == NO_PASSAGE


def test_the_printed_table_lacks_a_first_order_code(study: Evidence) -> None:
    assert verdict(study, "printed_in_table_2", level="first-order") == NOT_CONSISTENT
    moved = recoded(study, "T11", "power", code_id="speaking-academic")
    renamed = moved.codes[moved.codes["code_id"] != "adapting-to-researchers"]
    codings = moved.codings[moved.codings["code_id"] != "adapting-to-researchers"]
    whole = dataclasses.replace(moved, codes=renamed, codings=codings)
    assert verdict(whole, "printed_in_table_2", level="first-order") == CONSISTENT


def test_a_row_of_the_printed_table_that_may_include_a_code_makes_two_readings(study: Evidence) -> None:
    """C11 was not consistent, although its quantity allowed a reading in which it holds."""
    open_to = {"speaking-academic": "adapting-to-researchers"}
    found = claims.printed_in_table_2(study, "first-order", may_be_part_of=open_to)
    assert (found.verdict, found.shares) == (DEPENDS, (Fraction(1, 2), Fraction(1, 2)))
    assert claims.find(study)["C11"] == found
    # A row that is not printed itself includes nothing; a code with a row of its own needs no other.
    bare = {"speaking-academic": "speaking-academic"}
    assert verdict(study, "printed_in_table_2", level="first-order", may_be_part_of=bare) == NOT_CONSISTENT
    printed = {"adapting-to-researchers": "building-trust"}
    assert verdict(study, "printed_in_table_2", level="first-order", may_be_part_of=printed) == NOT_CONSISTENT


def test_table_2_is_complete_until_a_printed_passage_loses_its_code(study: Evidence) -> None:
    levels = ["dimension", "second-order", "first-order"]
    assert verdict(study, "tree_complete", levels=levels) == RESTATED
    assert (
        verdict(recoded(study, "T05", "power", code_id="holding-accountable"), "tree_complete", levels=levels)
        == NOT_CONSISTENT
    )
    assert verdict(study, "tree_complete", levels=levels[:2]) == NOT_CONSISTENT


def test_links_decide_an_illustration(study: Evidence) -> None:
    def linked(*bearings: str) -> Evidence:
        rows = [("C01", f"F1{n}", bearing, "why") for n, bearing in enumerate(bearings)]
        return dataclasses.replace(study, claim_evidence=pd.DataFrame(rows, columns=study.claim_evidence.columns))

    assert verdict(linked(), "illustrated", claim_id="C01") == NO_PASSAGE
    assert verdict(linked("context"), "illustrated", claim_id="C01") == NO_PASSAGE
    assert verdict(linked("illustrates"), "illustrated", claim_id="C01") == ILLUSTRATED
    assert verdict(linked("counters"), "illustrated", claim_id="C01") == NOT_CONSISTENT
    both = claims.illustrated(linked("illustrates", "counters"), "C01")
    assert both.verdict == ILLUSTRATED
    assert "Against it: one passage" in both.summary


def test_a_pattern_counts_what_the_crosstab_counts(study: Evidence) -> None:
    asked = {"rows": ["resource"], "facet": "stage", "columns": ["operationalization"]}
    for pattern in claims.present(study, **asked).patterns:
        table = crosstabs.crosstab(study, Axis("power"), Axis("stage", basis=pattern.basis), pattern.unit)
        cell = table[(table["row"] == "resource") & (table["column"] == "operationalization")].iloc[0]
        assert (pattern.of_record, pattern.lowest, pattern.highest) == (cell["count"], cell["lowest"], cell["highest"])


def test_a_share_of_readings_is_exact(study: Evidence) -> None:
    found = claims.present(study, rows=["resource"], facet="stage", columns=["initiation"])
    passages = next(p for p in found.patterns if (p.basis, p.unit) == ("lead-in", "passage"))
    allowed = readings.allowed_readings(study, Axis("power"), Axis("stage", basis="lead-in"))
    assert passages.share == readings.count_distribution(allowed, [("resource", "initiation")]).share(lambda n: n > 0)
    assert isinstance(passages.share, Fraction)


@pytest.mark.thorough
def test_a_sample_of_links_moves_the_rows_of_their_claims(study: Evidence) -> None:
    changes = list(of_links(study))
    for name, changed in changes[::20]:  # all of them in nox -s mutate
        assert changed(), name


@pytest.mark.thorough
def test_a_sample_of_arguments_and_steps_is_noticed_with_what_moves(study: Evidence) -> None:
    arguments, steps = list(of_arguments(study)), list(of_model(study))
    assert len(arguments) > 400
    for name, changed in (*arguments[::30], *steps[::20]):  # all of them in nox -s mutate
        assert changed(), name
    assert dict(steps)["model.csv row 2: lost"]() == ("model-steps",)


def test_an_argument_that_mutate_leaves_out_changes_nothing(study: Evidence) -> None:
    assert SPARE
    for claim, path in SPARE:
        row = study.claims["claim_id"].tolist().index(claim)
        given = json.loads(study.claims.at[row, "args"])
        assert effect_of_arguments(study, row, without(given, path)) == ()


# --- evidence for and against


Region = set[tuple[str, str]]


def check_sides(study: Evidence, found: claims.Assessment, first: Region, second: Region) -> None:
    """Take every passage away in turn: what this does to the difference says on which side it is."""
    units = study.passages.set_index("extract_id")
    for basis in claims.BASES:
        placed = crosstabs.cases(study, Axis("power"), Axis("stage", basis=basis)).to_numpy().tolist()
        sides = [{e for e, *cell in placed if tuple(cell) in region} for region in (first, second)]
        for pattern in (pattern for pattern in found.patterns if pattern.basis == basis):
            unit_of = {str(extract): str(unit) for extract, unit in units[pattern.unit].dropna().items()}

            def difference(without: str, unit_of: dict[str, str] = unit_of, sides: list[set[str]] = sides) -> int:
                ours, theirs = ({unit_of[e] for e in side - {without} if e in unit_of} for side in sides)
                return len(ours) - len(theirs)

            assert difference("") == pattern.of_record
            for extract in study.extracts["extract_id"]:
                moved = difference(extract) - pattern.of_record
                both = extract in pattern.passages and extract in pattern.against
                assert both or moved <= 0 or extract not in pattern.passages
                assert both or moved >= 0 or extract not in pattern.against
                if pattern.unit == "passage" and moved:
                    assert extract in (pattern.passages if moved < 0 else pattern.against)


def test_no_passage_whose_loss_would_help_a_comparison_is_for_it(study: Evidence) -> None:
    """C61 named F13 as its passage, and C63 T06; both are on the other side."""
    ledger = claims.ledger(study).claims
    for claim, args in ledger.loc[ledger["check"] == "more", ["claim_id", "args"]].to_numpy().tolist():
        found = claims.find(study)[claim]
        first = set(product(args["rows"], args["columns"]))
        check_sides(study, found, first, set(product(args["than_rows"], args["than_columns"])))
    assert claims.find(study)["C61"].passages == claims.find(study)["C63"].passages == ()


@given(study=studies(), data=st.data())
@settings(deadline=None, max_examples=examples(25))
def test_both_sides_of_a_comparison_stay_apart_in_any_study(study: Evidence, data: st.DataObject) -> None:
    rows, than_rows = data.draw(st.sampled_from([(["a"], ["a"]), (["a"], ["b"]), (["a", "b"], ["a", "b"])]))
    columns = ["early"]
    than_columns = ["late", "unsaid"]
    found = claims.more(study, rows, columns, than_rows, than_columns)
    check_sides(study, found, set(product(rows, columns)), set(product(than_rows, than_columns)))
    both = set(found.passages) & set(found.against)
    assert all(extract in found.summary for extract in both)
    assert bool(both) == ("On both sides" in found.summary)


def test_a_passage_stands_on_one_side_of_a_claim_only(study: Evidence) -> None:
    for claim, found in claims.find(study).items():
        assert not set(found.passages) & set(found.against), claim
        assert set(claims.ledger(study).linked(claim, "counters")) <= set(found.against)
        assert not set(claims.ledger(study).linked(claim, "illustrates")) & set(found.against)


def test_passages_that_lack_a_code_are_against_a_complete_table(study: Evidence) -> None:
    bare = recoded(study, "T05", "power", code_id="holding-accountable")
    found = claims.tree_complete(bare, ["dimension", "second-order", "first-order"])
    assert found.against == ("T05",)
    assert "T05" not in found.passages


def test_passages_of_more_codes_than_claimed_are_against_the_number(study: Evidence) -> None:
    found = claims.codes_supported(study, parent="structure-enabled-normative", number=2)
    assert not found.passages
    assert found.against


def test_a_passage_that_counters_a_code_is_against_finding_it_there(study: Evidence) -> None:
    asked = {"rows": ["structural"], "facet": "response", "columns": ["reported"]}
    found = claims.present(study, **asked)  # F03 reports how people were dropped
    assert (found.passages, found.against) == ((), ("F03",))
    assert "Against it: one passage" in found.summary


def test_a_passage_that_the_ledger_links_as_countering_is_against_any_claim(study: Evidence) -> None:
    link = pd.DataFrame([("C57", "F03", "counters", "why")], columns=study.claim_evidence.columns)
    links = pd.concat([study.claim_evidence, link], ignore_index=True)
    found = claims.find(dataclasses.replace(study, claim_evidence=links))["C57"]
    assert found.against == ("F03",)
    assert "F03" in found.summary


def test_a_document_that_came_too_late_is_on_no_side(study: Evidence) -> None:
    found = claims.find(study)["C05"]
    assert (found.passages, found.against) == ((), ())


def test_only_lead_ins_put_the_opposing_passages_of_c61_where_they_are_and_it_says_so(study: Evidence) -> None:
    found = claims.find(study)["C61"]
    sides = {pattern.basis: pattern.against for pattern in found.patterns}
    assert sides == {"wording": (), "lead-in": ("F13",)}
    assert "There, F13 against it drops out: its code rests on a lead-in." in found.summary


def test_a_verdict_that_depends_on_the_reading_has_its_share_beside_it(study: Evidence) -> None:
    table = claims.verdicts(study).set_index("claim_id")
    for claim, found in claims.find(study).items():
        assert (found.verdict == DEPENDS) == bool(found.share)
        assert found.share in found.label
        if found.verdict == DEPENDS:
            lowest, highest = (Fraction(table.at[claim, f"share_{end}"]) for end in ("lowest", "highest"))
            assert 0 <= lowest <= highest <= 1
            assert lowest < 1
            assert highest > 0
    found = claims.find(study)["C71"]
    widest = [pattern.share for pattern in found.patterns if pattern.basis == claims.BASES[-1]]
    assert found.share == f"{formatting.portion(min(widest))} to {formatting.portion(max(widest))}"


# --- bad input


def test_a_passage_that_is_linked_as_illustrating_and_counted_against_is_refused(study: Evidence) -> None:
    link = pd.DataFrame([("C61", "F13", "illustrates", "why")], columns=study.claim_evidence.columns)
    links = pd.concat([study.claim_evidence, link], ignore_index=True)
    with pytest.raises(
        ClaimsError, match=rf"claim_evidence\.csv, row {len(links) + 1}, field bearing.*F13 against C61"
    ):
        claims.find(dataclasses.replace(study, claim_evidence=links))


@pytest.mark.parametrize(
    ("table", "spoil", "told"),
    some([
        ("claims", replaced(",restated,", ",recited,"), r"claims\.csv, row 2, field check.*'recited'.*Choose one of: restated"),
        ("claims", replaced('""value"": 48', '""amount"": 48'), r"claims\.csv, row 2, field args: .*other arguments.*It takes: fact, value"),
        ("claims", replaced('{""fact"": ""interviews""', '{""fact"": ""dreams""'), r"claims\.csv, row 2, field args: .*'dreams'"),
        ("claims", replaced('{""fact""', '[""fact""'), r"claims\.csv, row 2, field args: not valid JSON"),
        ("claims", replaced('""parent"": ""structural""', '""parent"": ""structured""'), r"claims\.csv, row \d+, field args: .*no power code structured"),
        ("claims", replaced('""rows"": [""structural""]', '""rows"": [""structural"", ""knowing-illness""]'), r"not of one level"),
        ("claims", replaced('""columns"": [""initiation""]', '""columns"": [""beginning""]'), r"claims\.csv, row \d+.*no column 'beginning'"),
        ("claim_evidence", replaced("F05,context", "F05,illustrates"), r"claim_evidence\.csv, row \d+, field bearing.*document"),
    ], 4),
    ids=some(["no such check", "other arguments", "no such fact", "not JSON", "no such code", "mixed levels", "no such column", "document"], 4),
)  # fmt: skip
def test_a_claim_that_cannot_be_checked_is_told_with_row_and_remedy(
    package: Path, edit: Edit, table: str, spoil: Callable[[str], str], told: str
) -> None:
    edit(table, spoil)
    with pytest.raises(ClaimsError, match=told):
        claims.find(loading.load(package))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (replaced("C04,T03", "C04,T99"), r"claim_evidence\.csv, row 2, field extract_id.*'T99'"),
        (replaced("C04,T03", "C999,T03"), r"claim_evidence\.csv, row 2, field claim_id.*'C999'"),
        (replaced("Cited to the notes for researchers.", ""), r"claim_evidence\.csv, row 2, field rationale.*not empty"),
        (replaced("T03,context", "T03,proves"), r"claim_evidence\.csv, row 2, field bearing.*illustrates, counters, context"),
        (lambda text: text + text.splitlines()[1] + "\n", r"an earlier row has the same key"),
    ],
    ids=["no such passage", "no such claim", "no rationale", "no such bearing", "twice"],
)  # fmt: skip
def test_a_link_that_does_not_hold_is_told(package: Path, edit: Edit, spoil: Callable[[str], str], told: str) -> None:
    edit("claim_evidence", spoil)
    with pytest.raises(EvidenceError, match=told):
        loading.load(package)


def test_a_study_without_claims_has_none(package: Path) -> None:
    file = package / "datapackage.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    description["resources"] = [r for r in description["resources"] if r["name"] not in loading.CLAIM_COLUMNS]
    file.write_text(json.dumps(description), encoding="utf-8")
    for name in loading.CLAIM_COLUMNS:
        (package / "evidence" / f"{name}.csv").unlink()
    assert loading.load(package).claims.empty


@pytest.mark.parametrize(
    ("claim", "args"),
    [
        ("C01", {"fact": "interviews", "value": "48"}),
        ("C01", {"fact": "interviews", "value": 48.0}),
        ("C01", {"fact": "interviews", "value": True}),
        ("C01", {"fact": "interviews", "value": [48]}),
        ("C01", {"fact": ["interviews"], "value": 48}),
        ("C02", {"fact": "interviews_from", "value": 2017}),
        ("C04", {"sources": "D1"}),
        ("C04", {"sources": {"D1": 1}}),
        ("C04", {"sources": []}),
        ("C04", {"sources": [["D1"]]}),
        ("C04", {"sources": ["D1", "D1"]}),
        ("C04", {"sources": None}),
        ("C10", {"levels": "dimension"}),
        ("C11", {"level": ["first-order"]}),
        ("C12", {"codes": ["structural"], "number": "1"}),
        ("C12", {"codes": ["structural"], "number": 1.0}),
        ("C12", {"codes": ["structural"], "number": True}),
        ("C12", {"codes": ["structural", "structural"], "number": 2}),
        ("C12", {"codes": "structural", "number": 1}),
        ("C14", {"parent": ["structural"], "number": 2}),
        ("C14", {"parent": "", "number": 0}),
        (
            "C57",
            {
                "rows": ["structural"],
                "columns": ["initiation"],
                "than_rows": ["structural"],
                "than_columns": ["dissemination"],
                "defined_alike": "true",
            },
        ),
        ("C58", {"rows": ["resource"], "facet": None, "columns": ["initiation"]}),
        ("C58", {"rows": ["resource"], "facet": "stage", "columns": "initiation"}),
        ("C58", {"rows": ["resource"], "facet": "stage", "columns": []}),
    ],
)
def test_an_argument_of_another_kind_turns_no_verdict(study: Evidence, claim: str, args: dict[str, object]) -> None:
    ledger = study.claims.copy()
    ledger.loc[ledger["claim_id"] == claim, "args"] = json.dumps(args)
    with pytest.raises(ClaimsError, match=r"claims\.csv, row \d+, field args: ") as error:
        claims.find(dataclasses.replace(study, claims=ledger))
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "args", ["[" * 5000 + "]" * 5000, '{"sources": NaN}', '{"sources": ["D1"], "sources": ["D2"]}']
)
def test_arguments_that_are_unusable_json_are_refused(study: Evidence, args: str) -> None:
    ledger = study.claims.copy()
    ledger.loc[ledger["claim_id"] == "C04", "args"] = args
    with pytest.raises(ClaimsError, match=r"claims\.csv, row 5, field args: not valid JSON"):
        claims.find(dataclasses.replace(study, claims=ledger))
