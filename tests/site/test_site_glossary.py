"""The glossary explains terms, once a page, where its text uses them first."""

import re
from pathlib import Path

import pytest

from analysis.reanalysis import claims
from analysis.site.pages import glossary
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence


def explained(study: Evidence, html: str) -> str:
    return glossary.explained(study, "methods/stages.html", html)


def test_the_first_use_of_a_term_leads_to_the_glossary_and_says_what_it_means(study: Evidence) -> None:
    html = explained(study, "<p>Two gists, a gist &amp; one more gist.</p><p>A gist.</p>")
    assert html.count("<a ") == 1
    assert re.match(
        r'<p>Two <a class="term" href="glossary.html#gist" title="What a passage says, [^"]+">gists</a>, a gist', html
    )


def test_a_longer_term_is_not_taken_for_a_shorter_one(study: Evidence) -> None:
    html = explained(study, "<p>Structure-enabled normative power, and normative power. A blind gist.</p>")
    assert re.findall(r"glossary.html#([\w-]+)", html) == [
        "structure-enabled-normative-power",
        "normative-power",
        "blind-gist",
    ]
    assert "<a" not in explained(study, "<p>gisting, re-stance</p>")


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Gist</h2>",
        "<p><a href='x'>the gist</a></p>",
        "<p><code>gist</code></p>",
        "<table><tr><td><p>gist</p></td></tr></table>",
        "<details><p>gist</p></details>",
        "<p data-gist='gist'><script>const gist = '<p>gist</p>'</script><!-- gist --></p>",
        "<div>gist</div>",
        "<svg><text>gist</text></svg>",
    ],
)
def test_headings_links_code_tables_and_what_is_folded_stay_as_they_are(study: Evidence, html: str) -> None:
    assert explained(study, html) == html
    assert explained(study, f"{html}<p>gist</p>").count('class="term"') == 1, "what is left out ends where it ends"


def test_every_term_has_a_meaning_in_the_glossary_and_a_name_of_its_own(study: Evidence) -> None:
    terms = glossary.terms(study)
    assert len({one.place for one in terms}) == len(terms) > 40
    page = glossary.glossary(study, glossary.PAGE)
    for one in terms:
        assert one.means
        assert f"{{#{one.place.partition('#')[2]}}}" in page
    assert set(claims.VERDICTS) <= {one.name for one in terms}
    forms = [form.lower() for one in terms for form in one.in_text]
    assert len(set(forms)) == len(forms)


def test_an_entry_without_a_meaning_stops_the_build(
    study: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "glossary.yml"
    file.write_text("Subject:\n  - term: gist\n    sense: x\n", encoding="utf-8")
    monkeypatch.setattr(glossary, "FILE", file)
    glossary.listed.cache_clear()
    with pytest.raises(SiteError, match="the entry 'gist' cannot be used"):
        glossary.terms.__wrapped__(study)
    glossary.listed.cache_clear()


def test_pages_explain_terms_and_the_glossary_itself_does_not(site: Path) -> None:
    for page in ("methods/counting.html", "methods/integrity.html"):
        html = (site / page).read_text(encoding="utf-8")
        places = re.findall(r'class="?term"? href="?[^" ]*#([\w-]+)', html)
        assert len(places) > 5
        assert len(set(places)) == len(places), "each once"
    assert 'class="term"' not in (site / glossary.PAGE).read_text(encoding="utf-8")
