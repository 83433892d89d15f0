"""What the notes of the article say about a passage and about a claim is what the data say."""

from analysis.reanalysis import claims, evidence_notes
from analysis.study import code_tree
from analysis.study.evidence import Evidence


def test_a_note_on_a_passage_gives_its_gist_source_codes_and_other_allowed_stages(study: Evidence) -> None:
    several = study.record[(study.record["facet"] == "stage") & (study.record["role"] == "alternative")]
    key = several["extract_id"].iloc[0]
    note = next(note for note in evidence_notes.passages(study) if note.key == key)
    row = study.extracts.set_index("extract_id").loc[key]
    assert (note.source, note.gist) == (row["source_id"], row["gist"])
    record = study.record[study.record["extract_id"] == key]
    for coded in note.codings:
        names = code_tree.names(study.codes, coded.facet)
        rows = record[record["facet"] == coded.facet]
        primary = rows[rows["role"] == "primary"].iloc[0]
        assert coded.code.startswith(names[primary["code_id"]])
        assert coded.stance == primary["stance"]
        others = [names[code] for code in rows.loc[rows["role"] == "alternative", "code_id"]]
        assert len(coded.allowed) == len(others)
        assert all(shown.startswith(name) for shown, name in zip(coded.allowed, others, strict=True))
    assert {coded.facet for coded in note.codings} == set(record["facet"])


def test_a_power_code_is_named_with_its_dimension(study: Evidence) -> None:
    names, top = code_tree.names(study.codes, "power"), code_tree.rolled_up(study.codes, "power")
    note = evidence_notes.passages(study)[0]
    record = study.record[(study.record["extract_id"] == note.key) & (study.record["facet"] == "power")]
    code = record["code_id"].iloc[0]
    assert note.codings[0].code == f"{names[code]} ({names[str(top[code])]})"


def test_a_note_on_a_claim_gives_its_verdict_share_passages_and_objection(study: Evidence) -> None:
    found = claims.find(study)
    dependent = next(key for key, one in found.items() if one.share and one.against)
    note = next(note for note in evidence_notes.claims_made(study) if note.key == dependent)
    row = study.claims.set_index("claim_id").loc[dependent]
    assert (note.claim, note.origin, note.objection) == (row["claim"], row["origin"], row["objection"])
    assert (note.verdict, note.share) == (found[dependent].verdict, found[dependent].share)
    assert (note.passages, note.against) == (found[dependent].passages, found[dependent].against)


def test_a_claim_that_is_not_computed_lists_no_passage_for_it(study: Evidence) -> None:
    verdicts = claims.find(study)
    restated = [n for n in evidence_notes.claims_made(study) if verdicts[n.key].verdict in claims.NOT_COMPUTED]
    assert restated
    assert {note.passages for note in restated} == {()}


def test_what_counters_a_code_or_gives_context_and_what_is_implied_says_so(study: Evidence) -> None:
    written = evidence_notes.as_markdown(study)
    stances = study.record[study.record["role"] == "primary"]["stance"]
    assert written.count(", which it counters") == (stances == "counters").sum()
    assert written.count(", as context") == (stances == "context").sum()
    assert written.count("**, implied claim: ") == (study.claims["origin"] == "implied").sum()


def test_every_passage_and_claim_has_a_note_under_its_key(study: Evidence) -> None:
    written = evidence_notes.as_markdown(study)
    for key in [*study.extracts["extract_id"], *study.claims["claim_id"]]:
        assert written.count(f"::: {{#note-{key}}}\n**{key}**") == 1
