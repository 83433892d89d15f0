"""How a report was made: from which data, by which command, with which versions."""

import hashlib

import pandas as pd

from analysis import colophon, simulate
from analysis.evidence import TABLES, Evidence
from analysis.pages import frame


def made(evidence: Evidence, command: str) -> str:
    """Return the colophon of a report."""
    rows = {"Command": command, "Data": f"the tables of evidence, SHA-256 {_digest(evidence)}"}
    table = pd.concat([pd.DataFrame({"Made with": rows}), colophon.colophon()]).rename_axis("What")
    return frame(simulate.captioned(evidence, "What made this report"), table)


def _digest(evidence: Evidence) -> str:
    """Return the first 16 hex digits of a hash over the tables, whatever their files looked like."""
    written = "\f".join(getattr(evidence, name).to_csv(index=False, lineterminator="\n") for name in TABLES)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
