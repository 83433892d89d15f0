"""What both renderers start from: a document read, its cells run once, its references resolved."""

from collections.abc import Callable

from analysis.rendering.article_source import read
from analysis.rendering.bibliography import keys
from analysis.rendering.cross_references import resolve
from analysis.rendering.execution import execute, markdown
from analysis.rendering.formats import Article
from analysis.rendering.normal_form import normal
from analysis.rendering.subset import parsed
from analysis.rendering.two_documents import Unrendered


def prepare(given: Unrendered, epoch: int, tell: Callable[[str], None]) -> Article:
    """Return a document ready to be written; `tell` hears that its cells run.

    Raises ArticleError for what is wrong with it or outside the subset.
    """
    file, folder = given.file, given.folder
    source = read(file)
    found = keys(source, folder, epoch)
    if source.ran:
        tell(f"running the cells of {file.name}")
    executed = execute(source, folder)
    composed = markdown(executed, folder)
    document = normal(parsed(composed, folder, epoch), composed)
    return Article(resolve(document, composed, found), composed, executed, folder, epoch, given.stem)
