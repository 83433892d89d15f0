"""The files that accompany the pages and are made from the data."""

from collections.abc import Callable, Iterator

from analysis.site.files import downloads, example_report, still_charts, teaching_files, vega
from analysis.site.pages import citing, executed_notebooks, rendered_article
from analysis.study.evidence import Evidence

READY = (
    "ready"  # among the extra settings of MkDocs: what `files` calls, if the article and notebooks are in the making
)


def files(evidence: Evidence, ready: Callable[[], None] | None) -> Iterator[tuple[str, bytes]]:
    """Yield each file that is made: its place, counted from the root of the site, and its content.

    `ready`, if given, is called before the article and the executed notebooks are taken: it returns once they are
    there.
    """
    yield from downloads.files(evidence)
    yield from still_charts.files(evidence)
    yield from teaching_files.files()
    yield from example_report.files()
    yield from citing.files()
    yield vega.PLACE, vega.runtime()
    if ready:
        ready()
    yield from rendered_article.files()
    yield from executed_notebooks.files()
