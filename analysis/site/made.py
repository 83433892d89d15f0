"""The files that stand beside the pages and are made from the data."""

from collections.abc import Iterator

from analysis.evidence import Evidence
from analysis.site import (
    citing,
    downloads,
    example_report,
    executed_notebooks,
    pictures,
    rendered_article,
    teaching_files,
    vega,
)


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield each file that is made: its place, counted from the root of the site, and its content."""
    yield from downloads.files(evidence)
    yield from pictures.files(evidence)
    yield from rendered_article.files()
    yield from executed_notebooks.files()
    yield from teaching_files.files()
    yield from example_report.files()
    yield from citing.files()
    yield vega.PLACE, vega.runtime()
