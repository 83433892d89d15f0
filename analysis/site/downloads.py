"""Tables to download."""

from collections.abc import Iterator

from analysis import derived
from analysis.evidence import Evidence

FOLDER = "data/tables"


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield each derived table as CSV, as `data/derived` has it: place and content."""
    for name, content in derived.recompute(evidence).items():
        yield f"{FOLDER}/{name}", content.encode()
