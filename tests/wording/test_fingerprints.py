"""Fingerprints find wording in any copy, and only there."""

import csv
import html
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import as_pdf
from pypdf import PdfReader, PdfWriter
from studies import made

from analysis.study.evidence import Evidence
from analysis.wording import copies, fingerprints
from analysis.wording.copies import CopyError
from analysis.wording.fingerprints import QuotationsError

# An article of our own, in which a piece occurs twice, is quoted in two pieces, and is broken by a note.
TEXT = """A Made-up Article

1 Findings

Committees met often. “We were asked, each spring, to read the plans aloud” (ID 1). Nobody minded; as one member put it,
the plans were “a map” (ID 2) and not “the road”. Another called the minutes “a map” of what had been avoided (ID 3).

One member brought “a folder of letters” and hoped to “be read at last” (ID 1).

TABLE. Letters sent by members to the committee
"""
PIECES = [
    ("T01", 1, "We were asked, each spring, to read the plans aloud", "id 1"),
    ("T02", 1, "a map", "ID 2"),
    ("T03", 1, "a map", "(ID 3)"),
    ("T04", 1, "a folder of letters", "id 1"),
    ("T04", 2, "be read at last", "id 1"),
    ("letters", 1, "Letters sent by members to the committee", ""),
]
STUDY = made(
    codes=[("power", "letters", "first-order", ""), ("stage", "now", "stage", "")],
    passages=[("T01", "P01", ""), ("T02", "P02", ""), ("T03", "P03", ""), ("T04", "P01", "")],
    codings=[],
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    file = tmp_path / "copy.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture
def wording(tmp_path: Path) -> Path:
    file = tmp_path / "private" / "wording.csv"
    file.parent.mkdir()
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([fingerprints.WORDING_COLUMNS, *PIECES])
    return file


@pytest.fixture
def sealed(copy: Path, wording: Path) -> Evidence:
    """The small study with its fragments."""
    import dataclasses

    return dataclasses.replace(STUDY, fragments=fingerprints.seal(copy, STUDY, wording))


def answers(findings: list[fingerprints.Match]) -> dict[tuple[str, int], str]:
    return {(finding.owner_id, finding.n): finding.answer for finding in findings}


def as_html(text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    return f"<!DOCTYPE html><html><head><title>Copy</title><script>var a = 'a map (ID 2)';</script></head><body>{paragraphs}</body></html>"


def test_a_copy_has_every_piece(sealed: Evidence, copy: Path) -> None:
    assert set(answers(fingerprints.verify(copy, sealed)).values()) == {"found"}


def test_a_piece_that_occurs_twice_is_settled_by_its_citation(sealed: Evidence, copy: Path) -> None:
    places = {f.owner_id: f.start for f in fingerprints.verify(copy, sealed) if f.owner_id in ("T02", "T03")}
    assert places["T02"] == TEXT.index("a map")
    assert places["T03"] == TEXT.rindex("a map")


def test_a_piece_that_was_found_has_its_place_and_what_is_around_it(sealed: Evidence, copy: Path) -> None:
    found = {(one.owner_id, one.n): one for one in fingerprints.located(copy, sealed)}
    assert set(found) == {(owner, n) for owner, n, *_ in PIECES if owner != "letters"}, "passages, and no labels"
    one = found["T02", 1]
    assert TEXT[one.start : one.end] == one.wording == "a map"
    assert (one.before, one.after[:8]) == ("one member put it, the plans were “"[-fingerprints.AROUND :], "” (ID 2)")
    copy.write_text(TEXT.replace("spring", "autumn"), encoding="utf-8")
    with pytest.raises(QuotationsError, match="piece 1 of T01 is not found"):
        fingerprints.located(copy, sealed)


def test_equally_near_citations_leave_a_piece_ambiguous(sealed: Evidence, tmp_path: Path) -> None:
    twice = tmp_path / "twice.txt"
    twice.write_text(TEXT + "\nThey drew “a map” (ID 2).\nLetters sent by members to the committee", encoding="utf-8")
    found = answers(fingerprints.verify(twice, sealed))
    assert found["T02", 1] == "ambiguous"
    assert found["letters", 1] == "ambiguous"
    assert found["T01", 1] == "found"


def test_a_piece_whose_citation_is_far_or_missing_is_not_found(sealed: Evidence, tmp_path: Path) -> None:
    far = tmp_path / "far.txt"
    far.write_text(TEXT.replace("aloud” (ID 1)", "aloud” " + "and on " * 16 + "(ID 1)"), encoding="utf-8")
    assert answers(fingerprints.verify(far, sealed))["T01", 1] == "not found"
    near = tmp_path / "near.txt"
    near.write_text(TEXT.replace("aloud” (ID 1)", "aloud” " + "and on " * 15 + "(ID 1)"), encoding="utf-8")
    assert answers(fingerprints.verify(near, sealed))["T01", 1] == "found"


def test_a_changed_word_is_not_found(sealed: Evidence, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.replace("spring", "autumn"), encoding="utf-8")
    found = answers(fingerprints.verify(other, sealed))
    assert found.pop(("T01", 1)) == "not found"
    assert set(found.values()) == {"found"}


@pytest.mark.parametrize(
    "altered",
    [
        TEXT.upper(),
        TEXT.replace("“", '"').replace("”", '"').replace(",", " –"),
        TEXT.replace("find", "\ufb01nd").replace(" ", "\u00a0\n"),
        TEXT.replace("committee", "com\u00admittee"),
    ],
    ids=["capitals", "other punctuation", "ligatures and breaks", "soft hyphens"],
)
def test_capitals_punctuation_and_breaks_do_not_matter(sealed: Evidence, tmp_path: Path, altered: str) -> None:
    file = tmp_path / "altered.txt"
    file.write_text(altered, encoding="utf-8")
    assert set(answers(fingerprints.verify(file, sealed)).values()) == {"found"}


def test_a_web_page_and_a_pdf_have_every_piece(sealed: Evidence, tmp_path: Path) -> None:
    page = tmp_path / "copy.html"
    page.write_text(as_html(TEXT).replace("spring", "spr<b>in</b>g"), encoding="utf-8")
    assert set(answers(fingerprints.verify(page, sealed)).values()) == {"found"}
    assert set(answers(fingerprints.verify(as_pdf(TEXT, tmp_path / "copy.pdf"), sealed)).values()) == {"found"}


def test_a_word_divided_at_the_end_of_a_line_is_found(sealed: Evidence, tmp_path: Path) -> None:
    wrapped = tmp_path / "wrapped.txt"
    wrapped.write_text(TEXT.replace("spring", "spr-\ning"), encoding="utf-8")
    assert set(answers(fingerprints.verify(wrapped, sealed)).values()) == {"found"}


def test_restoring_gives_back_the_sealed_wording(sealed: Evidence, copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "restored" / "wording.csv"
    fingerprints.restore(copy, sealed, target)
    restored = pd.read_csv(target)
    assert list(restored["wording"]) == [wording for _, _, wording, _ in PIECES]
    pd.testing.assert_frame_equal(fingerprints.seal(copy, STUDY, target), sealed.fragments)


def test_restoring_writes_nothing_unless_all_is_found(sealed: Evidence, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.replace("spring", "autumn"), encoding="utf-8")
    target = tmp_path / "restored" / "wording.csv"
    with pytest.raises(QuotationsError, match="piece 1 of T01 is not found"):
        fingerprints.restore(other, sealed, target)
    assert not target.exists()


def test_restoring_does_not_overwrite_other_wording(sealed: Evidence, copy: Path, wording: Path) -> None:
    before = wording.read_text(encoding="utf-8")
    fingerprints.restore(copy, sealed, wording)  # the same wording, so nothing is lost
    wording.write_text(before.replace("a folder", "a box"), encoding="utf-8")
    with pytest.raises(QuotationsError, match="other wording is already there"):
        fingerprints.restore(copy, sealed, wording)
    assert "a box" in wording.read_text(encoding="utf-8")


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (replaced("T01", "T99"), r"wording\.csv, row 2, field owner_id.*T99"),
        (replaced("owner_id", "owner"), r"wording\.csv, row 1: wrong columns"),
        (replaced("a folder of letters", "…"), r"wording\.csv, row 5"),
        (replaced("T01,1", "T01,one"), r"wording\.csv, row 2"),
        (replaced("a folder", "a box"), r"piece 1 of T04 is not found in .*copy\.txt"),
    ],
    ids=["unknown owner", "wrong columns", "no words", "no number", "not in the copy"],
)
def test_wording_that_cannot_be_sealed_is_told(
    copy: Path, wording: Path, spoil: Callable[[str], str], told: str
) -> None:
    wording.write_text(spoil(wording.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(QuotationsError, match=told):
        fingerprints.seal(copy, STUDY, wording)


def test_missing_wording_is_told(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(QuotationsError, match="quotations restore COPY"):
        fingerprints.seal(copy, STUDY, tmp_path / "none.csv")


def test_a_page_that_is_not_the_article_is_told(sealed: Evidence, tmp_path: Path) -> None:
    page = tmp_path / "login.html"
    page.write_text("<html><body><p>Please sign in to read this.</p></body></html>", encoding="utf-8")
    with pytest.raises(QuotationsError, match="it is not the article"):
        fingerprints.verify(page, sealed)


def test_an_encrypted_or_broken_pdf_is_told(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(as_pdf(TEXT, tmp_path / "copy.pdf")))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(CopyError, match=r"locked\.pdf: the PDF is encrypted"):
        copies.texts(tmp_path / "locked.pdf")
    (tmp_path / "cut.pdf").write_bytes((tmp_path / "copy.pdf").read_bytes()[:700])
    with pytest.raises(CopyError, match=r"cut\.pdf: the PDF cannot be read"):
        copies.texts(tmp_path / "cut.pdf")


def test_a_file_that_cannot_be_read_as_a_copy_is_told(tmp_path: Path) -> None:
    with pytest.raises(CopyError, match="no such file"):
        copies.texts(tmp_path / "none.txt")
    with pytest.raises(CopyError, match="cannot be read"):
        copies.texts(tmp_path)
    (tmp_path / "empty.txt").write_bytes(b" \n")
    with pytest.raises(CopyError, match="empty"):
        copies.texts(tmp_path / "empty.txt")
    (tmp_path / "latin.txt").write_bytes("Präsenz".encode("latin-1"))
    with pytest.raises(CopyError, match="not UTF-8"):
        copies.texts(tmp_path / "latin.txt")


@given(st.lists(st.text(alphabet="abcßéİﬁ9", min_size=1, max_size=6), min_size=1, max_size=8), st.data())
def test_only_words_and_their_order_enter_a_fingerprint(pieces: list[str], data: st.DataObject) -> None:
    between = st.sampled_from([" ", "\n", ", ", "… ", " – ", "_", "”"])
    one = "".join(piece + data.draw(between) for piece in pieces)
    other = "".join(piece.swapcase() + data.draw(between) for piece in pieces)
    assert [w.text for w in fingerprints.words(one)] == [w.text for w in fingerprints.words(other)]
    for word in fingerprints.words(one):
        assert word.text in [w.text for w in fingerprints.words(one[word.start : word.end])]


# --- the article itself, where a copy of it is at hand


def assert_all_found(copy: Path, study: Evidence) -> None:
    findings = answers(fingerprints.verify(copy, study))
    assert [place for place, answer in findings.items() if answer != "found"] == []
    assert {owner for owner, _ in findings} >= set(study.extracts["extract_id"])


def test_the_article_has_every_passage_and_label(study: Evidence, article: Path) -> None:
    assert_all_found(article, study)


def test_the_article_as_a_web_page_has_every_passage_and_label(study: Evidence, article: Path, tmp_path: Path) -> None:
    page = tmp_path / "article.html"
    page.write_text(as_html(article.read_text(encoding="utf-8")), encoding="utf-8")
    assert_all_found(page, study)


@pytest.mark.slow
def test_the_article_as_a_pdf_has_every_passage_and_label(study: Evidence, article: Path, tmp_path: Path) -> None:
    pdf = as_pdf(article.read_text(encoding="utf-8"), tmp_path / "article.pdf")
    assert len(PdfReader(pdf).pages) > 5, "several pages, so that running heads interrupt passages"
    assert_all_found(pdf, study)


def test_the_committed_fragments_can_be_restored_and_sealed_again(
    study: Evidence, article: Path, tmp_path: Path
) -> None:
    target = tmp_path / "wording.csv"
    fingerprints.restore(article, study, target)
    pd.testing.assert_frame_equal(fingerprints.seal(article, study, target), study.fragments)
    shutil.rmtree(tmp_path)
