"""Each check finds the fault that it is there for, and finds none in an article without faults."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sample_article
import typst
from document_checks import (
    UNRESOLVED,
    common,
    differences,
    jats_faults,
    page_faults,
    pdf_faults,
    reference_faults,
    type_faults,
    word_faults,
)
from documents import read
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

KINDS = ["html", "pdf", "docx", "xml"]
OWN_CHECKS = {".html": page_faults, ".pdf": pdf_faults, ".docx": word_faults, ".xml": jats_faults}
PARTS = ("title", "language", "headings", "captions", "tables", "pictures", "notes", "entries", "references", "body")


def faults(folder: Path, kind: str, old: str = "", new: str = "") -> list[str]:
    """Return what the checks find in the small article after one replacement."""
    file = sample_article.write(folder / f"a.{kind}", lambda text: text.replace(old, new) if old else text)
    return common(file) + OWN_CHECKS[file.suffix](file)


@pytest.mark.parametrize("kind", KINDS)
def test_an_article_without_faults_passes(tmp_path: Path, kind: str) -> None:
    assert faults(tmp_path, kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_formats_are_read_into_the_same_parts(tmp_path: Path, kind: str) -> None:
    document = read(sample_article.write(tmp_path / f"a.{kind}"))
    assert document.title == "A small article"
    assert document.language == "en-GB"
    assert document.headings == ("1 Bars", "References")
    assert document.captions == ("Figure 1: Two bars", "Table 1: Their heights")
    assert [(table.rows, table.header_rows) for table in document.tables] == [
        ((("bar", "height"), ("left", "2"), ("right", "3")), 1)
    ]
    assert document.pictures == ("Bars, 2 and 3 high",)
    assert document.notes == ("They stand.",)
    assert document.entries == ("One, A. 2001. A Work.",)
    assert document.references == ("Figure 1", "One 2001", "Table 1")
    assert document.body == "There is Figure 1, and there is Table 1 (One 2001)."


SPOILED = [
    # in every format: what is replaced, by what, and what is then found
    *((kind, "There is ", "There is ?@fig-gone ", r"left unresolved: \?@fig-gone") for kind in KINDS if kind != "pdf"),
    ("pdf", "There is ", "There is ?\\@fig-gone ", r"left unresolved: \?@fig-gone"),
    *((kind, "Their heights", "", "not a numbered caption: 'Table 1") for kind in ("html", "docx")),
    ("xml", "<p>Their heights</p>", "", "not a numbered caption: 'Table 1"),
    ("pdf", "caption: [Their heights]", "", "1 of kind table, but 0 captions"),
    *((kind, "Figure 1: Two", "Figure 2: Two", "Figure 2 stands where number 1 is due") for kind in ("html", "docx")),
    ("xml", "<label>Figure 1", "<label>Figure 2", "Figure 2 stands where number 1 is due"),
    ("pdf", "#title()", "#counter(figure.where(kind: image)).update(1)", "Figure 2 stands where number 1 is due"),
    ("html", ' alt="Bars, 2 and 3 high"', "", "picture 1 has no alternative text"),
    ("docx", ' descr="Bars, 2 and 3 high"', "", "picture 1 has no alternative text"),
    ("xml", "<alt-text>Bars, 2 and 3 high</alt-text>", "", "picture 1 has no alternative text"),
    ("pdf", 'alt: "Bars, 2 and 3 high", ', "", "picture 1 has no alternative text"),
    ("html", '<th scope="col">height</th>', "<td>height</td>", "table 1 has no header row"),
    ("docx", "<w:tblHeader/>", "", "table 1 has no header row"),
    ("xml", "<th>height</th>", "<td>height</td>", "table 1 has no header row"),
    ("pdf", "table.header([bar], [height])", "[bar], [height]", "table 1 has no header row"),
    ("html", "<title>A small article</title>", "", "there is no title"),
    ("docx", "<dc:title>A small article</dc:title>", "", "there is no title"),
    ("xml", "<article-title>A small article", "<article-title>", "there is no title"),
    ("pdf", "#title()", "#set document(title: none)", "there is no title"),
    ("html", ' lang="en-GB"', "", "there is no language"),
    ("docx", '<w:lang w:val="en-GB"/>', "", "there is no language"),
    ("xml", ' xml:lang="en-GB"', "", "there is no language"),
    # web pages
    ("html", "<h1>A small article</h1>", "", "0 headings of the first level"),
    ("html", "<h2><span>1</span> Bars</h2>", "<h3><span>1</span> Bars</h3>", "a heading of level 3 follows one of level 1"),
    ("html", '<th scope="col">bar', "<th>bar", "a header cell without scope: 'bar'"),
    ("html", ' id="tbl-bars"', "", "a link to nothing: #tbl-bars"),
    ("html", 'role="region" ', "", "the table tbl-bars is in no region"),
    ("html", "</body>", "<script>1</script></body>", "a script"),
    ("html", ' id="tbl-bars"', ' id="fig-bars"', "the id fig-bars stands twice"),
    ("html", 'name="description"', 'name="other"', "no meta description"),
    ("html", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", "figures/bars.svg", "fetches figures/bars.svg"),
    ("html", "margin: 0", "background: url('https://example.org/p.png')", r"fetches https://example\.org/p\.png"),
    ("html", "<style>", "<link rel='stylesheet' href='https://example.org/s.css'><style>", "fetches https"),
    ("html", "p { margin: 0 }", "@import 'https://example.org/s.css';", "fetches https"),
    # PDF
    ("pdf", "#title()", "#pagebreak()", "page 1 holds no text"),
    ("pdf", "#title()", '#text(font: "New Computer Modern")[1]', "an unexpected font: NewCM"),
    ("pdf", "#title()", "#set heading(bookmarked: false)", "the bookmarks are not the headings"),
    ("pdf", ', keywords: "bars"', "", "no /Keywords among the properties"),
    ("pdf", 'alt: "Bars, 2 and 3 high", ', "", "the file is not marked as PDF/UA-1"),
    ("pdf", "= Bars", "#pagebreak()\n= Bars", "page 2 of 2 has no running head"),
    # Word
    ("docx", "<w:cantSplit/>", "", "table 1 has 3 rows that may be divided between pages"),
    ("docx", 'w:gridCol w:w="4000"', 'w:gridCol w:w="100"', "column 1 of table 1 is too narrow for the word 'right'"),
    ("docx", 'w:val="TableText"', 'w:val="Bibliography"', r"table 1 has cells in the styles \['Bibliography'\]"),
    ("docx", '<w:bookmarkStart w:id="3" w:name="tbl-bars"/>', "", "a link to nothing: tbl-bars"),
    ("docx", '<w:style w:styleId="Bibliography"/>', "", "a style that is not defined: Bibliography"),
    ("docx", "<dc:creator>A. Person</dc:creator>", "", "no creator among the properties"),
    ("docx", "<dc:language>en-GB", "<dc:language>en-US", r"languages of text and properties differ: \['en-GB', 'en-US'\]"),
    # JATS
    ("xml", "<abstract><p>Small.</p></abstract>", "", "front has no article-meta/abstract/p"),
    ("xml", "<p>Small.</p>", "<p></p>", "an empty p in front"),
    ("xml", ' dtd-version="1.2"', "", "article has no dtd-version"),
    ("xml", "<label>Table 1</label>", "", "a table-wrap has no label"),
    ("xml", '<sec id="sec-bars">', "<sec>", "a section has no @id"),
    ("xml", "thead>", "tbody>", "the table tbl-bars has no table/thead"),
    ("xml", 'xlink:href="bars.png"', 'xlink:href="gone.png"', r"the picture gone\.png is not there"),
    ("xml", "table-wrap", "boxed-text", "a table of tbl-bars lies outside a table-wrap"),
    ("xml", 'rid="tbl-bars"', 'rid="tbl-gone"', "a cross-reference to nothing: tbl-gone"),
    ("xml", 'ref-type="table"', 'ref-type="fig"', "a cross-reference of type fig to the table-wrap tbl-bars"),
    ("xml", 'ref-type="bibr"', 'ref-type="sec"', "not cited: ref-one"),
    ("xml", "<mixed-citation>One, A. 2001. <italic>A Work</italic>.", "<mixed-citation>", "an empty reference: ref-one"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "fault"), SPOILED, ids=lambda value: value[:30])
def test_a_fault_is_found(tmp_path: Path, kind: str, old: str, new: str, fault: str) -> None:
    found = faults(tmp_path, kind, old, new)
    assert any(re.search(fault, told) for told in found), found


def spoiled_pdf(folder: Path, spoil: Callable[[PdfWriter], None]) -> Path:
    """Return the small article as a PDF in which something was changed that Typst would not write."""
    writer = PdfWriter(clone_from=sample_article.write(folder / "whole.pdf"))
    spoil(writer)
    writer.write(folder / "spoiled.pdf")
    return folder / "spoiled.pdf"


def without(key: str) -> Callable[[PdfWriter], None]:
    """Return a way to take an entry out of everything in a PDF."""

    def spoil(writer: PdfWriter) -> None:
        things: list[Any] = writer._objects  # the public ways do not lead to all of them
        for thing in things:
            for held in [thing, *(thing.get("/A", []) if isinstance(thing, dict) else [])]:
                if isinstance(held, dict):
                    held.pop(key, None)

    return spoil


def misled(writer: PdfWriter) -> None:
    annotations: Any = writer.pages[0]["/Annots"]
    for annotation in annotations:
        annotation.get_object()[NameObject("/Dest")] = TextStringObject("gone")


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (without("/MarkInfo"), "the file is not tagged"),
        (without("/Scope"), "a header cell without scope: bar"),
        (without("/FontFile3"), "a font that is not in the file: LibertinusSerif"),
        (misled, "a link to nothing: Figure"),
    ],
)
def test_a_fault_that_typst_does_not_make_is_found(
    tmp_path: Path, spoil: Callable[[PdfWriter], None], fault: str
) -> None:
    found = pdf_faults(spoiled_pdf(tmp_path, spoil))
    assert any(told.startswith(fault) for told in found), found


def test_a_pdf_that_is_only_written_anew_has_no_fault(tmp_path: Path) -> None:
    assert pdf_faults(spoiled_pdf(tmp_path, lambda writer: None)) == []


def test_tables_that_only_place_things_are_no_tables(tmp_path: Path) -> None:
    """As Quarto places figures, tables and callouts in Word files."""

    def placed(text: str) -> str:
        cell = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
        text = re.sub(r"<w:tbl>.*</w:tbl>", lambda found: cell.format(found[0]), text, flags=re.DOTALL)
        return re.sub(r"<w:p><w:r><w:drawing>.*?</w:p>", lambda found: cell.format(found[0]), text)

    one = read(sample_article.write(tmp_path / "one.docx"))
    other = read(sample_article.write(tmp_path / "other.docx", placed))
    assert one == other


def test_an_untagged_pdf_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    typst.compile(sample_article.TYPST.encode(), output=str(file), ignore_system_fonts=True, pdf_tags=False)
    assert "the file is not tagged" in pdf_faults(file)


@pytest.mark.parametrize(
    "text",
    [
        "?@tbl-x",
        "(chen2024?)",
        "see Unable to resolve",
        "??",
        "{python} n",
        "@sec-x",
        "{{< video",
        "{#fig-a}",
        "{.note}",
        ":::",
    ],
)
def test_what_was_left_unresolved_is_recognised(text: str) -> None:
    assert UNRESOLVED.search(text)


@pytest.mark.parametrize("text", ["Who counts? (n = 3)", "a ratio 1:1", "(How many?)", "a@b.org", "{2, 3}"])
def test_ordinary_text_is_not_taken_for_unresolved(text: str) -> None:
    assert UNRESOLVED.search(text) is None


@pytest.mark.parametrize("part", PARTS)
def test_a_difference_between_two_renderings_is_found(tmp_path: Path, part: str) -> None:
    changes = {
        "title": ("<title>A small article", "<title>A large article"),
        "language": ('lang="en-GB"', 'lang="en-US"'),
        "headings": ("</span> Bars</h2>", "</span> Columns</h2>"),
        "captions": ("Two\nbars", "Two columns"),
        "tables": ("<td>3</td>", "<td>4</td>"),
        "pictures": ("2 and 3 high", "2 and 4 high"),
        "notes": ("They stand.", "They fall."),
        "entries": ("One, A. 2001.", "One, A. 2002."),
        "references": (">One 2001</a>", ">One 2002</a>"),
        "body": ("and there is", "and there was"),
    }
    one = read(sample_article.write(tmp_path / "a.pdf"))
    other = read(sample_article.write(tmp_path / "a.html", lambda text: text.replace(*changes[part])))
    assert differences(one, other, part)
    touched = {part, "body"} if part == "references" else {part}
    assert all(not differences(one, other, same) for same in PARTS if same not in touched)


TAKEN_APART = (
    "<element-citation><name><surname>One</surname></name><source>A work</source><year>2001</year></element-citation>"
)


@pytest.mark.parametrize(
    "reference", ["<mixed-citation>One, A. 2001. <italic>A Work</italic>.</mixed-citation>", TAKEN_APART]
)
def test_references_are_held_against_the_bibliography(tmp_path: Path, reference: str) -> None:
    whole = sample_article.JATS.split('<ref id="ref-one">')[1].split("</ref>")[0]
    file = sample_article.write(tmp_path / "a.xml", lambda text: text.replace(whole, reference))
    assert reference_faults(file, ["One, A. 2001. A Work."]) == []
    assert "0 entries fit the reference ref-one" in reference_faults(file, ["One, A. 2002. A Work."])[0]
    assert reference_faults(file, ["One, A. 2001. A Work.", "Two"]) == ["no reference for the entry 'Two'"]


def test_a_fault_against_the_document_type_is_found(tmp_path: Path, jats_types: Path) -> None:
    assert type_faults(sample_article.write(tmp_path / "a.xml"), jats_types) == []
    spoiled = sample_article.write(tmp_path / "b.xml", lambda text: text.replace("<p>They stand.</p>", "They stand."))
    (fault,) = type_faults(spoiled, jats_types)
    assert "Element fn content does not follow the DTD" in fault
    unknown = sample_article.write(tmp_path / "c.xml", lambda text: text.replace("v1.2 20190208", "v9"))
    assert type_faults(unknown, jats_types)[0].startswith("an unknown document type")
