"""The certificate as a folder to keep or deposit: its page, its manifest, and the results that it is about."""

import json
from pathlib import Path
from typing import Any

from analysis.deposit import certificate_page, codecheck_manifest
from analysis.deposit.codecheck_manifest import Statement
from analysis.deposit.rerun_comparison import FOLDERS, REPORT, Comparison
from analysis.site.pages import citing

PAGE, RECORD = "codecheck/certificate.html", "codecheck/certificate.json"


def files(
    comparison: Comparison, derived: Path, when: str, stated: Statement, repository: str = ""
) -> dict[str, str | Path]:
    """Return the files of the certificate, by place; a path is that of a file to copy.

    `derived` is the folder of the tables that were recomputed, `when` the time at which the run ended.
    """
    cited = citing.citation()
    results = _results(comparison, derived)
    summary = (
        f"{comparison.verdict} Re-run by a program, nox -s certify, from commit {comparison.run.made_on['commit']}."
    )
    return {
        codecheck_manifest.NAME: codecheck_manifest.manifest(cited, results, summary, when, stated, repository),
        PAGE: certificate_page.page(comparison, cited["title"], str(cited["version"]), when, stated),
        RECORD: json.dumps(_record(comparison, when, stated), ensure_ascii=False, indent=2) + "\n",
        **results,
    }


def _results(comparison: Comparison, derived: Path) -> dict[str, Path]:
    """Return what the manifest lists; the site, of hundreds of files, is compared and not packed."""
    tables = {f"data/derived/{file.name}": file for file in sorted(derived.glob("*.csv"))}
    packed = (REPORT, *FOLDERS[:2])
    return tables | {place: file for place, file in comparison.run.files.items() if place.startswith(packed)}


def _record(comparison: Comparison, when: str, stated: Statement) -> dict[str, Any]:
    return {
        "verdict": comparison.verdict,
        "holds": comparison.holds,
        "ended": when,
        "run_by": "a program (nox -s certify)",
        "named": stated.name or None,
        "signed": None,
        "made_on": dict(comparison.run.made_on),
        "earlier_made_on": dict(comparison.earlier.made_on) if comparison.earlier else None,
        "made_otherwise": comparison.made_otherwise,
        "values": comparison.run.verification["values"],
        "tables": list(comparison.run.verification["tables"]),
        "differences": comparison.run.differences,
        "files": dict(comparison.outcomes),
    }
