"""What the article says in words holds, and a sentence that the evidence no longer supports is named."""

from dataclasses import replace

import pytest

from analysis.reanalysis import article_statements
from analysis.reanalysis.article_numbers import ReportedError
from analysis.study.evidence import Evidence


def test_what_the_article_says_in_words_holds(study: Evidence) -> None:
    assert [said for said, holds in article_statements.statements(study).items() if not holds] == []
    article_statements.check(study)


@pytest.mark.thorough
def test_sentences_that_new_evidence_makes_false_are_named(study: Evidence) -> None:
    """Here F03 no longer speaks against any claim."""
    links = study.claim_evidence
    (row, *_) = links.index[links["extract_id"].eq("F03") & links["bearing"].eq("counters")]
    changed = replace(study, claim_evidence=links.drop(index=row))
    with pytest.raises(ReportedError, match="The prose says: F03 speaks against C72") as told:
        article_statements.check(changed)
    assert "F03 alone counters" not in str(told.value)


def test_only_statements_that_do_not_hold_are_named() -> None:
    article_statements.assert_statements_hold({"water is wet": True})
    with pytest.raises(ReportedError, match=r"^The prose says: water is dry\. The evidence no longer supports this\."):
        article_statements.assert_statements_hold({"water is wet": True, "water is dry": False})
