"""The article as JATS XML, of the archiving tag set."""

from analysis.rendering.formats import Article, with_pictures, pictures


def jats(article: Article) -> dict[str, str | bytes]:
    """Return the XML file and the pictures it names."""
    content = with_pictures(article, "png")
    xml = article.written(content, "jats_archiving+element_citations")
    files = {name: (article.folder / name).read_bytes() for name in pictures(content)}
    return {"article.xml": xml, **files}
