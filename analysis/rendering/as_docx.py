"""The article as a Word document."""

from analysis.rendering.formats import Article, with_pictures


def docx(article: Article) -> bytes:
    """Return the document."""
    target = article.folder / "article.docx"
    article.written(with_pictures(article, "png"), "docx", "--output=article.docx")
    return target.read_bytes()
