"""The made-up study in `examples/` as a site and a report, for those who want to see one before they bring their own.

The study is what an import of `library.qdpx` gives, with the gists, authors and licence that its owner would add.
"""

from collections.abc import Iterator

from analysis import publishing
from analysis.exchange import commands
from analysis.exchange.importing import origins
from analysis.exchange.importing.facets import Choices
from analysis.publishing.study_pages import REPORT
from analysis.study import loading
from analysis.study.places import Places
from analysis.support import paths

PLACE, SITE = "reuse/example-report.html", "reuse/example-study"
#: What the page of the example chooses when it imports the project.
CHOICES = Choices(exclusive=("Attitude",), record=("coder-a",))
COMMAND = "python -m analysis study publish examples/library-study"


def files() -> Iterator[tuple[str, bytes]]:
    """Yield the report and the files of the site: place and content."""
    study = loading.load(paths.EXAMPLE_STUDY)
    published = dict(publishing.files(paths.EXAMPLE_STUDY, study, COMMAND, places=places()))
    yield PLACE, published[REPORT]
    yield from ((f"{SITE}/{place}", content) for place, content in published.items())


def places() -> Places | None:
    """Return where the passages of the study are in the texts of the project, which are made up like all of it."""
    imported = commands.read(paths.EXAMPLE_PROJECT)
    return origins.places(imported.project, commands.coded(imported, CHOICES).passages)
