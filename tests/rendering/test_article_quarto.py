"""The embedded renderer gives what Quarto gives: the same numbers, cells, captions, references and bibliography."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from document_checks import common, differences, reference_faults
from documents import Document, Table, numbers, read

from analysis.rendering import ArticleError, quarto, render
from analysis.support import paths

pytestmark = pytest.mark.skipif(quarto.found() is None, reason="there is no quarto on the PATH")

FILES = ["article.html", "article.pdf", "article.docx", "article.xml"]


@pytest.fixture(scope="module")
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


def alike(document: Document) -> Document:
    """Return a document without the shapes of its quotation marks, which Typst guesses, and the icons of callouts."""

    def plain(text: str) -> str:
        marked = re.sub("[‘’']", "'", re.sub('[“”"]', '"', text))
        return " ".join(word for word in marked.split() if re.search(r"\w", word))

    def each(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(plain, texts))

    return replace(
        document,
        headings=each(document.headings),
        captions=each(document.captions),
        tables=tuple(Table(tuple(map(each, table.rows)), table.header_rows) for table in document.tables),
        pictures=each(document.pictures),
        notes=each(document.notes),
        entries=each(document.entries),
        body=plain(document.body),
    )


@pytest.mark.parametrize("part", ["title", "headings", "captions", "tables", "notes", "references", "body"])
@pytest.mark.parametrize("name", FILES)
def test_both_renderers_give_the_same(rendered_article: Path, by_quarto: Path, name: str, part: str) -> None:
    one, other = (alike(read(folder / name)) for folder in (rendered_article, by_quarto))
    assert differences(one, other, part) == []


@pytest.mark.parametrize("name", ["article.html", "article.pdf", "article.docx"])
def test_both_renderers_give_the_same_bibliography(rendered_article: Path, by_quarto: Path, name: str) -> None:
    """JATS apart, where Quarto sets references as text and the embedded renderer takes them apart."""
    one, other = (alike(read(folder / name)) for folder in (rendered_article, by_quarto))
    assert differences(one, other, "entries") == []
    assert reference_faults(rendered_article / "article.xml", other.entries) == []


@pytest.mark.parametrize("name", ["article.html", "article.pdf"])
def test_both_renderers_describe_pictures_alike(rendered_article: Path, by_quarto: Path, name: str) -> None:
    """In HTML and PDF; Quarto loses alternative texts on the way to DOCX and JATS."""
    one, other = (alike(read(folder / name)) for folder in (rendered_article, by_quarto))
    assert differences(one, other, "pictures") == []


@pytest.mark.parametrize("name", FILES)
def test_quarto_leaves_nothing_unresolved(by_quarto: Path, name: str) -> None:
    assert [fault for fault in common(by_quarto / name) if fault.startswith("left unresolved")] == []


def test_there_are_numbers_to_compare(by_quarto: Path) -> None:
    """Guards the comparisons above: parts that both renderers leave out are the same."""
    document = read(by_quarto / "article.html")
    assert len(numbers(cell for table in document.tables for row in table.rows for cell in row)) > 100
    assert len(numbers(document.captions)) > len(document.captions)
    assert len(numbers([document.body])) > 50
