"""What both renderers start from: the article read, its cells run once, its references resolved."""

from collections.abc import Callable
from pathlib import Path

from analysis.rendering.article_source import read
from analysis.rendering.bibliography import keys
from analysis.rendering.cross_references import resolve
from analysis.rendering.execution import execute, markdown
from analysis.rendering.formats import Article
from analysis.rendering.normal_form import normal
from analysis.rendering.subset import parsed


def prepare(file: Path, folder: Path, epoch: int, tell: Callable[[str], None]) -> Article:
    """Return an article, whose folder was copied to `folder`, ready to be written; `tell` hears that its cells run.

    Raises ArticleError for what is wrong with it or outside the subset.
    """
    source = read(file)
    found = keys(source, folder, epoch)
    if source.ran:
        tell(f"running the cells of {file.name}")
    executed = execute(source, folder)
    composed = markdown(executed, folder)
    document = normal(parsed(composed, folder, epoch), composed)
    return Article(resolve(document, composed, found), composed, executed, folder, epoch)
