"""How a report was made: from which data, by which command, with which versions."""

import hashlib
from collections.abc import Mapping

import pandas as pd

from analysis.display.html_elements import bullets, frame, paragraph, text
from analysis.exchange.importing import interpretation
from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.study.loading import TABLES
from analysis.study.origin import Origin
from analysis.study_report.asked import LeftOut
from analysis.support import provenance


def made(evidence: Evidence, command: str, left_out: Mapping[str, LeftOut]) -> str:
    """Return the colophon of a report, and which sections were left out because the study has nothing for them."""
    rows = {
        **_imported(evidence.study.origin),
        "Command": command,
        "Data": f"the tables of evidence, SHA-256 {_digest(evidence)}",
    }
    table = pd.concat([pd.DataFrame({"Made with": rows}), provenance.colophon()]).rename_axis("What")
    absent = bullets(text(f"{title}: {section.why}.") for title, section in left_out.items())
    return (paragraph("Left out, because there is nothing to show:") + absent if absent else "") + frame(
        simulated_label.captioned(evidence, "What made this report"), table
    )


def _imported(origin: Origin | None) -> dict[str, str]:
    """Return where an imported study comes from, and what was chosen that its tables do not show."""
    if origin is None:
        return {}
    rows = {
        "Imported from": f"{origin.file} ({origin.format}), SHA-256 {origin.sha256[:16]}",
        "Interviewees": interpretation.interviewees(origin.interviewee),
    }
    return rows | ({"Positions": origin.positions} if origin.positions else {})


def _digest(evidence: Evidence) -> str:
    """Return the first 16 hex digits of a hash over the tables, whatever their files looked like."""
    written = "\f".join(getattr(evidence, name).to_csv(index=False, lineterminator="\n") for name in TABLES)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
