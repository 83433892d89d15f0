"""From any name to the rows behind it, and all of it on one page."""

from functools import cache
from html.parser import HTMLParser

import pytest
from general import general

from analysis.counting import frequencies
from analysis.reanalysis import article_model, claims, close_reading, trace, verification_page
from analysis.reanalysis.derived import Difference
from analysis.reanalysis.trace import TraceError
from analysis.study.evidence import Evidence
from analysis.support import formatting


def test_a_passage_leads_to_its_codings_and_claims(study: Evidence) -> None:
    told = trace.trace(study, "F14")
    assert study.extracts.set_index("extract_id").loc["F14", "gist"] in told
    for coding in study.codings[study.codings["extract_id"] == "F14"].to_dict("records"):
        assert coding["rationale"] in told
        assert f"by {coding['coder_id']}" in told
    for claim in study.claim_evidence.loc[study.claim_evidence["extract_id"] == "F14", "claim_id"]:
        assert f"claim {claim}" in told


def test_a_cell_leads_to_its_count_and_the_rows_behind_it(study: Evidence) -> None:
    told = trace.trace(study, "resource/operationalization")
    assert "passages: 3" in told
    assert "as coded: T09, T10 and F14" in told
    assert "by article" in told
    assert "by compendium" in told


def test_a_code_a_claim_and_an_observation_lead_to_what_they_rest_on(study: Evidence) -> None:
    assert "boundary: " in trace.trace(study, "practical-issues")
    assert "supporting interviewees: " in trace.trace(study, "initiation")
    for claim, verdict in claims.verdicts(study)[["claim_id", "verdict"]].to_numpy().tolist():
        assert f"verdict: {verdict}" in trace.trace(study, claim)
    assert "D1 D4" in trace.trace(study, "documents-never-cited")


def test_passages_for_a_claim_and_against_it_are_traced_and_reported_apart(study: Evidence) -> None:
    told = trace.trace(study, "C71")
    share = claims.find(study)["C71"].share
    assert f"verdict: {claims.DEPENDS} (share of readings in which it holds: {share})." in told
    assert "F06 counted for it: " in told
    assert "F13 counted against it: " in told
    assert "; implied, as we read the article)" in told.splitlines()[0]
    assert any(line.startswith("  objection that remains: ") for line in told.splitlines())
    passage = trace.trace(study, "F13").splitlines()
    assert any(line.startswith("  counted against ") and "C61" in line for line in passage)
    assert not any(line.startswith("  counted for ") and "C61" in line for line in passage)
    row = verification_page.page(study, 1, 1, []).split('<tr id="C71">')[1].split("</tr>")[0]
    assert share in row
    assert "<td>T09 T10 F13 F14</td>" in row


def test_every_passage_code_claim_and_observation_has_a_trace(study: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each trace counts the whole study again, which a user waits for once.
    for module, counts in ((frequencies, "of_codes"), (close_reading, "observations")):
        monkeypatch.setattr(module, counts, cache(getattr(module, counts)))
    names = [*study.extracts["extract_id"], *study.codes["code_id"], *close_reading.observations(study)["observation"]]
    for name in names:
        assert trace.trace(study, name).startswith(name)


def test_a_facet_a_table_a_verdict_and_the_model_list_what_is_in_them(study: Evidence) -> None:
    stage = study.codings[study.codings["facet"] == "stage"]
    facet = trace.trace(study, "stage").splitlines()
    assert sum(line.startswith("    stage: ") for line in facet) == len(stage)
    cells = trace.trace(study, "power/stage")
    assert "  resource/initiation  " in cells
    assert "F24: " in cells
    illustrated = trace.trace(study, "illustrated").splitlines()
    assert illustrated[0].split()[1] == formatting.in_words((claims.verdicts(study)["verdict"] == "illustrated").sum())
    model = trace.trace(study, "model")
    assert model.count(" → ") == len(article_model.steps(study))


def test_an_unknown_name_is_told_with_the_most_alike(study: Evidence) -> None:
    with pytest.raises(TraceError, match="practical-issues"):
        trace.trace(study, "practical-issue")
    with pytest.raises(TraceError, match="F14, resource/initiation and C01"):
        trace.trace(study, "§§§")


def test_a_study_of_no_article_is_traced_in_its_own_terms() -> None:
    study = general()
    with pytest.raises(
        TraceError,
        match=r"those of passages, codes, facets and cells and their table \(theme/tone\); for example x.0 and t0",
    ):
        trace.trace(study, "§§§")
    with pytest.raises(TraceError, match="those of passages, codes and facets; "):
        trace.trace(general(tones=()), "§§§")
    told = [trace.trace(study, name) for name in ("x.0", "t0", "t0/good")]
    assert not any(line.endswith((" ", ": ")) for text in told for line in text.splitlines())
    assert "definition" not in told[1]
    assert "lead-ins" not in told[2]


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_report_gives_every_claim_and_fetches_nothing(study: Evidence) -> None:
    page = verification_page.page(study, 3, 1234, [Difference("table-1.csv", "source_id D1", "passages", "1", "<2>")])
    outline = Outline(page).tags
    tags = [tag for tag, _ in outline]
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert {"html", "title", "main", "h1", "h2", "caption"} <= set(tags)
    assert dict(outline)["html"]["lang"] == "en"
    identifiers = [attrs["id"] for _, attrs in outline if "id" in attrs]
    assert set(study.claims["claim_id"]) <= set(identifiers)
    assert len(identifiers) == len(set(identifiers))
    assert "1,234 values in 3 tables" in page
    assert "&lt;2&gt;" in page


def test_the_report_says_at_the_top_how_many_claims_are_computable(study: Evidence) -> None:
    verdicts = claims.verdicts(study)["verdict"]
    computed = (~verdicts.isin(claims.NOT_COMPUTED)).sum()
    page = verification_page.page(study, 1, 1, [])
    assert f"Of {len(verdicts)} claims, {computed} could be computed" in page
    assert page == verification_page.page(study, 1, 1, [])
