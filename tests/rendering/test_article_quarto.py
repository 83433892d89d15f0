"""Quarto gives what the embedded renderer gives, and its files hold what those of the embedded renderer have to hold."""

from pathlib import Path

import lxml.html
import pytest
from browser import Visiting
from document_checks import (
    common,
    differences,
    fonts,
    jats_faults,
    page_faults,
    pdf_faults,
    reference_faults,
    type_faults,
    word_faults,
)
from documents import numbers, read

from analysis.rendering import ArticleError, quarto, render
from analysis.support import paths

pytestmark = pytest.mark.skipif(quarto.found() is None, reason="there is no quarto on the PATH")

STEMS = ("article", "supplement")
OF_FORMATS = {".html": page_faults, ".pdf": pdf_faults, ".docx": word_faults, ".xml": jats_faults}
CHECKS = {f"{stem}{ending}": check for stem in STEMS for ending, check in OF_FORMATS.items()}
PARTS = ["title", "language", "headings", "captions", "tables", "pictures", "notes", "references", "entries", "body"]


@pytest.fixture(scope="session")
def by_quarto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the article, rendered by Quarto; tests are skipped where it is too old."""
    try:
        quarto.version()
    except ArticleError as fault:
        pytest.skip(str(fault))
    folder = tmp_path_factory.mktemp("quarto") / "article"
    rendered = render(paths.ARTICLE, folder, renderer="quarto", tell=lambda _: None)
    assert rendered.renderer == "quarto"
    return folder


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", CHECKS)
def test_both_renderers_give_the_same(rendered_article: Path, by_quarto: Path, name: str, part: str) -> None:
    assert differences(read(rendered_article / name), read(by_quarto / name), part) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_rendering_by_quarto_resolves_describes_and_numbers_everything(by_quarto: Path, name: str) -> None:
    assert common(by_quarto / name) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_rendering_by_quarto_holds_what_its_format_asks_for(by_quarto: Path, name: str) -> None:
    assert CHECKS[name](by_quarto / name) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("stem", STEMS)
def test_the_page_by_quarto_is_accessible_quiet_and_fits_its_window(
    by_quarto: Path, visit: Visiting, stem: str, width: int, scheme: str
) -> None:
    seen = visit(by_quarto / f"{stem}.html", width, scheme)
    assert seen.asked == []
    assert seen.console == []
    assert seen.violations == []
    assert seen.too_wide <= 0


@pytest.mark.parametrize("stem", STEMS)
def test_jats_by_quarto_follows_its_document_type(by_quarto: Path, jats_types: Path, stem: str) -> None:
    assert type_faults(by_quarto / f"{stem}.xml", jats_types) == []


@pytest.mark.parametrize("stem", STEMS)
def test_references_of_jats_by_quarto_are_taken_apart(by_quarto: Path, stem: str) -> None:
    entries = read(by_quarto / f"{stem}.html").entries
    assert reference_faults(by_quarto / f"{stem}.xml", entries) == []
    assert "<element-citation" in (by_quarto / f"{stem}.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHECKS)
def test_both_renderers_make_files_of_about_the_same_size(rendered_article: Path, by_quarto: Path, name: str) -> None:
    one, other = ((folder / name).stat().st_size for folder in (rendered_article, by_quarto))
    assert other < 1.2 * one


@pytest.mark.parametrize("stem", STEMS)
def test_both_renderers_set_text_and_charts_in_the_same_fonts(
    rendered_article: Path, by_quarto: Path, stem: str
) -> None:
    assert fonts(by_quarto / f"{stem}.pdf") == fonts(rendered_article / f"{stem}.pdf")


def test_there_are_numbers_to_compare(by_quarto: Path) -> None:
    """Guards the comparisons above: parts that both renderers leave out are the same."""
    document = read(by_quarto / "article.html")
    assert len(numbers(cell for table in document.tables for row in table.rows for cell in row)) > 100
    assert len(numbers(document.captions)) >= len(document.captions)
    assert len(numbers([document.body])) > 50


def test_both_renderers_link_the_same_keys_to_the_same_notes(rendered_article: Path, by_quarto: Path) -> None:
    def linked(folder: Path) -> list[tuple[str, ...]]:
        root = lxml.html.parse(str(folder / "article.html")).getroot()
        keys = [(a.get("id", ""), a.get("href"), a.text) for a in root.xpath("//a[@class='key']")]
        notes = root.xpath("//section[@id='evidence-notes']/div")
        return [*keys, *((note.get("id"), " ".join(note.text_content().split())) for note in notes)]

    assert linked(rendered_article)
    assert linked(rendered_article) == linked(by_quarto)
