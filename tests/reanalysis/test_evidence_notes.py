"""What the notes of the article say about a passage and about a claim is what the data say."""

import re

import pytest

from analysis.reanalysis import claims, evidence_notes
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting


@pytest.fixture(scope="module")
def notes(study: Evidence) -> dict[str, list[str]]:
    """The lines of each note, by key."""
    found = re.findall(r"^::: \{#note-(\w+)\}\n(.*?)\n:::$", evidence_notes.as_markdown(study), re.M | re.S)
    assert [key for key, _ in found] == [*study.extracts["extract_id"], *study.claims["claim_id"]]
    return {key: [line.removesuffix("\\") for line in note.split("\n") if line] for key, note in found}


def test_a_note_on_a_passage_gives_its_gist_source_codes_and_other_allowed_stages(
    study: Evidence, notes: dict[str, list[str]]
) -> None:
    several = study.record[(study.record["facet"] == "stage") & (study.record["role"] == "alternative")]
    key = several["extract_id"].iloc[0]
    row = study.extracts.set_index("extract_id").loc[key]
    first, *coded = notes[key]
    assert first.startswith(f"**{key}**, ")
    label = str(study.sources.set_index("source_id").at[row["source_id"], "label"])
    assert first.endswith(f" {label}: {row['gist']}")
    record = study.record[study.record["extract_id"] == key]
    assert len(coded) == record["facet"].nunique() > 1
    for facet, rows in record.groupby("facet"):
        names = code_tree.names(study.codes, facet)
        (said,) = (line for line in coded if line.startswith(f"*{facet.capitalize()}:* "))
        primary, *others = (names[code] for code in rows.sort_values("role", ascending=False)["code_id"])
        assert said.startswith(f"*{facet.capitalize()}:* {primary}")
        assert ("; also allowed: " in said) == bool(others)
        assert all(name in said.partition("; also allowed: ")[2] for name in others)


def test_a_power_code_is_named_with_its_dimension(study: Evidence, notes: dict[str, list[str]]) -> None:
    names, top = code_tree.names(study.codes, "power"), code_tree.rolled_up(study.codes, "power")
    key = study.extracts["extract_id"].iloc[0]
    record = study.record[(study.record["extract_id"] == key) & (study.record["facet"] == "power")]
    code = record["code_id"].iloc[0]
    assert f"*Power:* {names[code]} ({names[str(top[code])]})" in notes[key]


def test_a_note_on_a_claim_gives_its_verdict_share_passages_and_objection(
    study: Evidence, notes: dict[str, list[str]]
) -> None:
    found = claims.find(study)
    dependent = next(key for key, one in found.items() if one.share and one.against and one.passages)
    row = study.claims.set_index("claim_id").loc[dependent]
    kind = "claim" if row["origin"] == "stated" else "implied claim"
    assert notes[dependent] == [
        f"**{dependent}**, {kind}: {row['claim']}",
        f"*Verdict:* {found[dependent].verdict}; holds in {found[dependent].share} of readings",
        f"*For:* {formatting.listed(found[dependent].passages)}",
        f"*Against:* {formatting.listed(found[dependent].against)}",
        f"*Objection:* {row['objection']}",
    ]


def test_a_claim_that_is_not_computed_lists_no_passage_for_it(study: Evidence, notes: dict[str, list[str]]) -> None:
    restated = [key for key, one in claims.find(study).items() if one.verdict in claims.NOT_COMPUTED]
    assert restated
    assert [key for key in restated for line in notes[key] if line.startswith("*For:*")] == []


def test_what_counters_a_code_or_gives_context_and_what_is_implied_says_so(
    study: Evidence, notes: dict[str, list[str]]
) -> None:
    written = "\n".join(line for lines in notes.values() for line in lines)
    stances = study.record[study.record["role"] == "primary"]["stance"]
    assert written.count(", which it counters") == (stances == "counters").sum()
    assert written.count(", as context") == (stances == "context").sum()
    assert written.count("**, implied claim: ") == (study.claims["origin"] == "implied").sum()
