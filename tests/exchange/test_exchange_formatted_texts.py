"""A text that is in the archive as DOCX, ODT, RTF or PDF alone is taken out of that, if its passages fit it."""

import io
import zipfile
from pathlib import Path

import pytest
from exchanged import ASKED, codebook, coding, guid, qdpx, selection, sources, users, xml

from analysis.exchange import import_report
from analysis.exchange.import_report import Imported
from analysis.exchange.refi_qda import reading, writing
from analysis.exchange.refi_qda.formatted_texts import FormattedTextError, text_of

WORDS = ["We were asked to come.", "Nobody had read\ta page."]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_O = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'


def _zipped(name: str, content: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


def docx(before: str = "") -> bytes:
    return _zipped(
        "word/document.xml",
        f"{before}<w:document {_W}><w:body><w:p><w:r><w:t>We were asked </w:t></w:r><w:r><w:t>to come.</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Nobody had read</w:t><w:tab/><w:t>a page.</w:t></w:r></w:p></w:body></w:document>",
    )


def odt() -> bytes:
    return _zipped(
        "content.xml",
        f"<office:document-content {_O}><office:body><text:p>We were<text:s/><text:span>asked</text:span> to come.</text:p>"
        "<text:p>Nobody had read<text:tab/>a page.<office:annotation><text:p>Who?</text:p></office:annotation></text:p>"
        "</office:body></office:document-content>",
    )


RTF = rb"{\rtf1\ansi We were asked to come.\par Nobody had read\tab a page.}"


@pytest.mark.parametrize(("name", "content"), [("a.docx", docx()), ("a.odt", odt()), ("a.RTF", RTF)])
def test_paragraphs_are_lines_and_tabs_are_tabs(name: str, content: bytes) -> None:
    assert text_of(name, content).strip().split("\n") == WORDS


@pytest.mark.parametrize("content", [b"", b"PK", docx('<!DOCTYPE a [<!ENTITY b "c">]>'), _zipped("other.xml", "")])
def test_a_file_that_cannot_be_read_is_one_error(content: bytes) -> None:
    with pytest.raises(FormattedTextError):
        text_of("a.docx", content)


def project(tmp_path: Path, *selections: str, content: bytes | None = None) -> Imported:
    source = f'<TextSource guid="{guid("source")}" name="Ann" richTextPath="internal://ann.docx">{"".join(selections)}</TextSource>'
    inside = users("reader") + codebook("asked") + sources(source)
    return reading.read_project(qdpx(tmp_path / "a.qdpx", xml(inside), {"Sources/ann.docx": content or docx()}))


def told(imported: Imported) -> str:
    return "\n".join(import_report.lines(imported))


def test_a_docx_alone_gives_the_words_of_passages_that_their_names_confirm(tmp_path: Path) -> None:
    imported = project(tmp_path, selection(*ASKED, coding("asked", "reader"), name="We were asked…"))
    (source,) = imported.project.sources
    assert source.content == "\n".join(WORDS)
    assert "the names of its passages quote it (Ann)" in told(imported)
    writing.write_project(imported.project, tmp_path / "again.qdpx")
    assert reading.read_project(tmp_path / "again.qdpx").project.sources[0].content == source.content


def test_without_names_the_user_is_asked_to_look(tmp_path: Path) -> None:
    assert "no name of a passage quotes it, so look at some" in told(
        project(tmp_path, selection(0, 10, coding("asked", "reader")))
    )


@pytest.mark.parametrize("wrong", [selection(20, 40, name="We were asked…"), selection(0, 4_000)])
def test_a_text_that_the_passages_do_not_fit_is_kept_by_name(tmp_path: Path, wrong: str) -> None:
    imported = project(tmp_path, wrong)
    assert imported.project.sources[0].content is None
    assert "only there as .docx, which the positions of its passages do not fit" in told(imported)


def test_a_docx_that_cannot_be_read_is_kept_by_name(tmp_path: Path) -> None:
    imported = project(tmp_path, selection(0, 4), content=b"PK\3\4")
    assert imported.project.sources[0].content is None
    assert "cannot be read" in told(imported)
