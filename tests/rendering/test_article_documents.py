"""The four renderings of the article, and of its supplement, hold the same, resolve everything, and can be read by everyone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from document_checks import (
    common,
    differences,
    jats_faults,
    page_faults,
    pdf_faults,
    reference_faults,
    type_faults,
    word_faults,
)
from documents import Document, read

from analysis.rendering import article_source, render
from analysis.support import paths

STEMS = ("article", "supplement")
ENDINGS = (".html", ".pdf", ".docx", ".xml")
FILES = [f"{stem}{ending}" for stem in STEMS for ending in ENDINGS]


@pytest.fixture(scope="session")
def documents(rendered_article: Path) -> dict[str, Document]:
    """The four renderings of each document, read."""
    return {name: read(rendered_article / name) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_rendering_resolves_describes_and_numbers_everything(rendered_article: Path, name: str) -> None:
    assert common(rendered_article / name) == []


@pytest.mark.parametrize(
    "part", ["title", "language", "headings", "captions", "tables", "pictures", "notes", "references", "body"]
)
@pytest.mark.parametrize("ending", ENDINGS[1:])
@pytest.mark.parametrize("stem", STEMS)
def test_all_renderings_hold_the_same(documents: dict[str, Document], stem: str, ending: str, part: str) -> None:
    assert differences(documents[f"{stem}.html"], documents[f"{stem}{ending}"], part) == []


@pytest.mark.parametrize("name", FILES)
def test_a_rendering_names_title_authors_and_keywords_and_gives_the_abstract(
    documents: dict[str, Document], name: str
) -> None:
    front = article_source.read(paths.ARTICLE.with_name(Path(name).with_suffix(".qmd").name)).settings
    given = [*(author["name"] for author in front["author"]), *front["keywords"]]
    text = words(documents[name].text)
    for said in [front["title"], front.get("subtitle", ""), front["abstract"], *given]:
        assert words(said) in text, said


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
@pytest.mark.parametrize("stem", STEMS)
def test_all_renderings_have_the_same_bibliography(documents: dict[str, Document], stem: str, ending: str) -> None:
    assert documents[f"{stem}.html"].entries
    assert differences(documents[f"{stem}.html"], documents[f"{stem}{ending}"], "entries") == []


@pytest.mark.parametrize("stem", STEMS)
def test_the_references_of_jats_are_those_of_the_bibliography(
    rendered_article: Path, documents: dict[str, Document], stem: str
) -> None:
    assert reference_faults(rendered_article / f"{stem}.xml", documents[f"{stem}.html"].entries) == []


def test_the_article_has_the_tables_and_figures_that_it_is_about(documents: dict[str, Document]) -> None:
    """Guards the comparisons: parts that are empty everywhere are the same everywhere."""
    read_page = documents["article.html"]
    for part in ("headings", "captions", "tables", "pictures", "references", "entries"):
        assert len(getattr(read_page, part)) >= 4, part
    assert len(read_page.body.split()) > 1000


@pytest.mark.parametrize("stem", STEMS)
def test_the_page_has_one_outline_marks_its_header_cells_and_fetches_nothing(rendered_article: Path, stem: str) -> None:
    assert page_faults(rendered_article / f"{stem}.html") == []


@pytest.mark.parametrize("stem", STEMS)
def test_the_pdf_is_tagged_bookmarked_and_brings_its_fonts(rendered_article: Path, stem: str) -> None:
    assert pdf_faults(rendered_article / f"{stem}.pdf") == []


@pytest.mark.parametrize("stem", STEMS)
def test_the_word_file_has_properties_styles_and_links_that_hold(rendered_article: Path, stem: str) -> None:
    assert word_faults(rendered_article / f"{stem}.docx") == []


@pytest.mark.parametrize("stem", STEMS)
def test_jats_has_what_journals_look_for_and_its_references_fit(rendered_article: Path, stem: str) -> None:
    assert jats_faults(rendered_article / f"{stem}.xml") == []


@pytest.mark.parametrize("stem", STEMS)
def test_jats_follows_its_document_type(rendered_article: Path, jats_types: Path, stem: str) -> None:
    assert type_faults(rendered_article / f"{stem}.xml", jats_types) == []


@pytest.mark.thorough
def test_rendering_the_article_again_gives_the_same_bytes(rendered_article: Path, tmp_path: Path) -> None:
    render(paths.ARTICLE, tmp_path / "again", renderer="embedded", tell=lambda _: None)
    one, two = (contents(folder) for folder in (rendered_article, tmp_path / "again"))
    assert one.keys() == two.keys() >= set(FILES)
    assert [name for name in one if one[name] != two[name]] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.usefixtures("article")
def test_no_rendering_repeats_the_wording_of_the_article(documents: dict[str, Document], tmp_path: Path) -> None:
    """By the look-out that lies beside the checkout with its copy of the article; it reads files of a git folder."""
    tool = paths.ROOT.parent / "shared" / "tools" / "prose_overlap.py"
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for name, document in documents.items():
        cells = [cell for table in document.tables for row in table.rows for cell in row]
        pieces = [document.body, *document.captions, *document.notes, *document.entries, *document.pictures, *cells]
        said = " – next – ".join(pieces)  # names of codes side by side in a table are no sentence
        (tmp_path / f"{name}.txt").write_text(said, encoding="utf-8")
    ran = subprocess.run([sys.executable, tool, tmp_path], capture_output=True, text=True, check=False)
    assert ran.stdout == f"0 passages in {len(FILES)} files repeat the article's wording\n"
