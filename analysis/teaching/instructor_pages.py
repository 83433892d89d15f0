"""The solutions on the pages for instructors that change with the evidence: written by `derive`."""

from pathlib import Path

from analysis.reanalysis import computed_blocks
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.atomic_writes import write_text
from analysis.teaching import lesson_building

#: The lesson of each page with such solutions. A computed part of a page has the name of its exercise.
LESSONS = {paths.ROOT / "docs" / "teaching" / "05-auditing-a-claim.md": "audit"}


def write(evidence: Evidence) -> list[Path]:
    """Write the computed solutions on the pages that there are; return the pages."""
    pages = [page for page in LESSONS if page.is_file()]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        exercises = lesson_building.bundled(LESSONS[page], evidence).by_name
        solutions = {
            name: exercises[name].solution().heading.partition("solution: ")[2] for name in computed_blocks.blocks(text)
        }
        write_text(page, computed_blocks.filled(text, solutions))
    return pages
