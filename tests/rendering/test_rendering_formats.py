"""One article in four formats: the same numbers, captions and references in each, and each well made."""

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from articles import WHOLE, WHOLE_FRONT, rendered
from bs4 import BeautifulSoup

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders that the same article was rendered into."""
    return [rendered(tmp_path_factory.mktemp("rendered"), WHOLE, WHOLE_FRONT) for _ in range(2)]


@pytest.fixture(scope="module")
def folder(folders: list[Path]) -> Path:
    return folders[0]


@pytest.fixture(scope="module")
def page(folder: Path) -> BeautifulSoup:
    return BeautifulSoup((folder / "article.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def jats(folder: Path) -> ElementTree.Element:
    return ElementTree.parse(folder / "article.xml").getroot()  # noqa: S314 - written by us


@pytest.fixture(scope="module")
def document(folder: Path) -> ElementTree.Element:
    with zipfile.ZipFile(folder / "article.docx") as parts:
        return ElementTree.fromstring(parts.read("word/document.xml"))  # noqa: S314 - written by us


@pytest.fixture(scope="module")
def notes(folder: Path) -> str:
    with zipfile.ZipFile(folder / "article.docx") as parts:
        return re.sub(r"<[^>]+>", "", parts.read("word/footnotes.xml").decode())


@pytest.fixture(scope="module")
def pdf(folder: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO((folder / "article.pdf").read_bytes()))


@pytest.fixture(scope="module")
def texts(
    page: BeautifulSoup, jats: ElementTree.Element, document: ElementTree.Element, notes: str, pdf: pypdf.PdfReader
) -> dict[str, str]:
    """The words of each format, one space between them."""
    spread = {
        "html": page.get_text(),
        "jats": "".join(jats.itertext()),
        "docx": "\n".join("".join(paragraph.itertext()) for paragraph in document.iter(f"{W}p")) + notes,
        "pdf": "\n".join(leaf.extract_text() for leaf in pdf.pages),
    }
    return {form: " ".join(text.split()) for form, text in spread.items()}


FORMATS = ("html", "jats", "docx", "pdf")


def test_the_same_files_are_written_with_what_made_them(folder: Path) -> None:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    formats = {"article.docx", "article.html", "article.pdf", "article.xml", "figures/one.png"}
    beside = {"article.ipynb", "article-code.html", "article-origins.csv", "article-meca.zip", "rendering.json"}
    assert {*names} == formats | beside
    assert '"renderer": "embedded"' in (folder / "rendering.json").read_text(encoding="utf-8")


def test_rendering_twice_gives_the_same_bytes(folders: list[Path]) -> None:
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in folders
    )
    assert one == two


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "said",
    [
        "There are 41 of a *star*, [b] (c), bold, Figure 1, Table 1 and Table 2, Figure 1, number 1.",
        "See Section 2 and Section 2.1, the words, Equation 1.",
        "It is said (Lukes 2005, 3) by Lukes (2005).",
        "“quoted” is quoted",
        "Caption with 41 things.",
        "Counts of things.",
        "By hand, 41 of them.",
        "A footnote with emphasis.",
        "What matters.",
        "Headed",
        "said",
        "Lukes, Steven",
        "A study",
        "By example",
        "Ann Author",
        "Somewhere & Co.",
        "What it is about: power.",
    ],
)
def test_every_format_says_the_same(form: str, said: str, texts: dict[str, str]) -> None:
    found = texts[form].replace("\u00a0", " ")
    if form == "jats":  # which has citations as data
        found = found.replace("LukesSteven", "Lukes, Steven")
    assert said in found


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_unresolved_reaches_a_format(form: str, texts: dict[str, str]) -> None:
    assert not re.search(r"\?@|@fig|@tbl|\{#|\{python\}|lukes2005|fig-alt|a comment|:::", texts[form])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("cell", ["= sign", "- dash", "+ plus", "1. first", "/ slash"])
def test_a_cell_that_looks_like_a_list_or_heading_stays_a_cell(form: str, cell: str, texts: dict[str, str]) -> None:
    assert cell in texts[form]


def test_captions_and_headings_carry_the_same_numbers(
    page: BeautifulSoup, jats: ElementTree.Element, texts: dict[str, str]
) -> None:
    captions = ["Figure 1: Caption with 41 things.", "Table 1: Counts of things.", "Table 2: By hand, 41 of them."]
    shown = [tag.get_text().replace("\u00a0", " ") for tag in page(["figcaption", "caption"])]
    assert [text.removesuffix(" Code") for text in shown] == captions
    labels = [
        (tag.findtext("label") or "").replace("\u00a0", " ") for tag in [*jats.iter("fig"), *jats.iter("table-wrap")]
    ]
    assert labels == ["Figure 1", "Table 1", "Table 2"]
    for caption in captions:
        assert caption in texts["pdf"].replace("\u00a0", " ")
        assert caption in texts["docx"].replace("\u00a0", " ")
    headings = ["1 First", "2 Second", "2.1 Deep", "References"]
    assert [tag.get_text() for tag in page.select("main h2, main h3") if tag.get_text() != "Abstract"] == headings
    assert [
        " ".join(filter(None, (section.findtext("label"), section.findtext("title")))) for section in jats.iter("sec")
    ] == headings[:-1]
    for heading in headings:
        assert heading in texts["pdf"]
    assert "1First" in texts["docx"]


def test_the_page_is_one_file_that_describes_itself(page: BeautifulSoup, folder: Path) -> None:
    assert page.html is not None
    assert page.html["lang"] == "en-GB"
    assert page.title is not None
    assert page.title.get_text() == "A study"
    described = {tag.get("name"): tag.get("content") for tag in page("meta") if tag.get("name")}
    assert described["description"] == "What it is about: power."
    assert described["author"] == "Ann Author"
    assert described["keywords"] == "power, co-production"
    assert page(["script", "iframe"]) == []
    assert [link["rel"] for link in page("link")] == [["icon"]]  # an empty one, so that none is asked for
    assert [tag["src"] for tag in page("img") if not tag["src"].startswith("data:")] == []
    assert "url(" not in (folder / "article.html").read_text(encoding="utf-8").replace("url(data:", "")


def test_the_page_can_be_used_by_keyboard_and_ear(page: BeautifulSoup) -> None:
    assert [tag.name for tag in page.body.find_all(["header", "nav", "main", "footer"], recursive=False)] == [
        "header", "nav", "main", "footer",
    ]  # fmt: skip
    skip = page.body.find("a")
    assert skip["href"] == f"#{page.main['id']}"
    assert len(page("h1")) == 1
    assert [tag["alt"] for tag in page("img")] == ['41 circles, "drawn"']
    assert all(cell.get("scope") == "col" for cell in page("th"))
    regions = page("div", attrs={"class": "wide"})
    assert [region["aria-label"].replace("\u00a0", " ") for region in regions] == ["Table 1", "Table 2"]
    assert all(region["role"] == "region" and region["tabindex"] == "0" for region in regions)
    identifiers = [tag["id"] for tag in page(id=True)]
    assert len(identifiers) == len(set(identifiers))
    assert {tag["href"][1:] for tag in page("a", href=re.compile("^#"))} <= set(identifiers)


def test_the_pdf_is_tagged_and_titled_for_reading_aloud(pdf: pypdf.PdfReader) -> None:
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == ("A study", "Ann Author")
    assert pdf.xmp_metadata is not None
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.trailer["/Root"]["/Metadata"].get_data()
    titles = [item["/Title"] for item in pdf.outline if not isinstance(item, list)]
    assert titles == ["1 First", "2 Second", "References"]


def test_the_pdf_brings_every_font_it_uses(pdf: pypdf.PdfReader) -> None:
    names = set()
    for leaf in pdf.pages:
        for font in leaf["/Resources"]["/Font"].values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(str(descriptor["/FontName"]).split("+")[-1])
    assert any(name.startswith("LibertinusSerif") for name in names)
    assert "DejaVuSans" in names, "signs that the font of charts lacks"


def test_the_word_document_marks_heads_captions_and_alternative_texts(
    document: ElementTree.Element, folder: Path
) -> None:
    styles = [style.get(f"{W}val") for style in document.iter(f"{W}pStyle")]
    for style in ("Title", "Author", "AbstractTitle", "Abstract", "Keywords", "Heading1", "Heading2", "TableCaption",
                  "ImageCaption", "TableHeading", "TableText", "CalloutTitle", "Callout", "Bibliography"):  # fmt: skip
        assert style in styles
    for table in document.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    described = [tag.get("descr") for tag in document.iter() if tag.tag.endswith("}docPr")]
    assert described == ['41 circles, "drawn"']
    with zipfile.ZipFile(folder / "article.docx") as parts:
        core = parts.read("docProps/core.xml").decode()
        defined = parts.read("word/styles.xml").decode()
        assert "word/footer1.xml" in parts.namelist()
    assert "<dc:title>A study</dc:title>" in core
    assert "<dc:creator>Ann Author</dc:creator>" in core
    assert 'w:val="en-GB"' in defined
    assert set(styles) <= set(re.findall(r'w:styleId="(\w+)"', defined)), "every style that is used is defined"


def test_an_empty_cell_of_a_word_table_has_the_style_of_the_others(tmp_path: Path) -> None:
    with zipfile.ZipFile(rendered(tmp_path, "| a | b |\n|---|---|\n| c | |\n") / "article.docx") as parts:
        (table,) = ElementTree.fromstring(parts.read("word/document.xml")).iter(f"{W}tbl")  # noqa: S314 - written by us
    styles = [style.get(f"{W}val") for style in table.iter(f"{W}pStyle")]
    assert styles == ["TableHeading"] * 2 + ["TableText"] * 2


def test_a_column_has_room_for_its_longest_word_with_wide_or_narrow_letters(tmp_path: Path) -> None:
    rows = [[word, word, "words " * 30] for word in ("WWWWWWWW", "----")]
    rows[0][1], rows[1][2] = "illillil", "-" * 60
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    columns = ElementTree.parse(rendered(tmp_path, f"{table}\n") / "article.xml").iter("col")  # noqa: S314 - written by us
    assert [column.get("width") for column in columns] == ["15%", "7%", "77%"]


def test_columns_of_long_words_take_no_more_than_the_page(tmp_path: Path) -> None:
    rows = [[word] * 5 for word in ("operationalization", "-" * 18, "words " * 5)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    columns = ElementTree.parse(rendered(tmp_path, f"{table}\n") / "article.xml").iter("col")  # noqa: S314 - written by us
    assert [column.get("width") for column in columns] == ["20%"] * 5


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_readers_of_every_format_see_the_licence(form: str, texts: dict[str, str]) -> None:
    assert "CC BY 4.0" in texts[form]


def test_jats_has_its_metadata_references_and_pictures(jats: ElementTree.Element, folder: Path) -> None:
    meta = jats.find("front/article-meta")
    assert meta is not None
    assert meta.findtext("title-group/article-title") == "A study"
    assert meta.findtext("contrib-group/contrib/string-name") == "Ann Author"
    assert meta.findtext("contrib-group/contrib/contrib-id") == "https://orcid.org/0000-0002-1825-0097"
    assert [word.text for word in meta.iter("kwd")] == ["power", "co-production"]
    licence = meta.find("permissions/license")
    assert licence is not None
    assert licence.get("{http://www.w3.org/1999/xlink}href") == "https://creativecommons.org/licenses/by/4.0/"
    kinds = {(ref.get("ref-type"), ref.get("rid")) for ref in jats.iter("xref")}
    assert kinds >= {
        ("fig", "fig-one"), ("table", "tbl-one"), ("sec", "sec-second"), ("disp-formula", "eq-sum"),
        ("bibr", "ref-lukes2005"), ("fn", "fn1"),
    }  # fmt: skip
    identifiers = {tag.get("id") for tag in jats.iter() if tag.get("id")}
    assert {rid for _, rid in kinds} <= identifiers
    assert [work.findtext("article-title") for work in jats.iter("element-citation")] == ["Power"]
    for picture in jats.iter("graphic"):
        assert (folder / str(picture.get("{http://www.w3.org/1999/xlink}href"))).is_file()
        assert picture.findtext("alt-text") == '41 circles, "drawn"'


def test_no_file_says_where_or_when_it_was_made(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = str(tmp_path_factory.getbasetemp()).encode()
    files = list(folder.rglob("*.*"))
    assert files
    for file in files:
        assert place not in file.read_bytes()
        assert b"/tmp/" not in file.read_bytes()
