"""The report on the made-up study in `examples/`, for those who want to see one before they bring their own study."""

from collections.abc import Iterator
from pathlib import Path

from analysis import study_report
from analysis.exchange import commands
from analysis.exchange.importing import origins
from analysis.exchange.importing.facets import Choices
from analysis.support import paths

PLACE = "reuse/example-report.html"
#: What the page of the example chooses when it imports the project.
CHOICES = Choices(exclusive=("Attitude",), record=("coder-a",))
COMMAND = "python -m analysis study report library"


def files(project: Path = paths.EXAMPLE_PROJECT) -> Iterator[tuple[str, bytes]]:
    """Yield the report: its place and content."""
    imported = commands.read(project)
    made = commands.coded(imported, CHOICES)
    places = origins.places(imported.project, made.passages)
    asked = study_report.asked(made.evidence)
    yield PLACE, study_report.report(made.evidence, asked, COMMAND, places=places).html.encode()
