"""The files that accompany the pages and are made from the data."""

from collections.abc import Iterator

from analysis.site.files import downloads, example_report, interview_files
from analysis.site.pages import (
    annotated_claims,
    article_notes,
    citing,
    executed_notebooks,
    feed,
    lesson_page,
    rendered_article,
    reread_material,
    teaching_files,
    verdicts_in_full,
)
from analysis.study.evidence import Evidence

#: The folders of pages that show the article and the executed notebooks, and of the files that go with them.
OF_DOCUMENTS = (rendered_article.FOLDER, executed_notebooks.FOLDER)


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield each file that shows what pages show: its place, counted from the root of the site, and its content.

    Those to download and those for which a second process has the time (`beside`) are not among them.
    """
    yield from citing.files()
    yield from verdicts_in_full.files(evidence)
    yield from article_notes.files(evidence)


def to_download() -> dict[str, bytes]:
    """Return the data in other formats and the archive of everything, whose sizes pages show, by their places."""
    return downloads.files()


def with_address(evidence: Evidence, site_url: str) -> Iterator[tuple[str, bytes]]:
    """Yield each file that has the address of the site, where there is one."""
    yield from feed.files(evidence, site_url)
    yield from annotated_claims.files(evidence, site_url)


def beside(evidence: Evidence) -> dict[str, bytes]:
    """Return files by their places of which no page shows more than the place: a second process can make them."""
    return (
        dict(teaching_files.files(evidence))
        | dict(lesson_page.files(evidence))
        | dict(interview_files.files())
        | dict(example_report.files())
        | dict(reread_material.files(evidence))
    )


def of_documents() -> Iterator[tuple[str, bytes]]:
    """Yield each file that goes with the article and the executed notebooks, which have to be there."""
    yield from rendered_article.files()
    yield from executed_notebooks.files()
