"""The command that compares a second run of everything with an earlier one, and writes a certificate of it."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import need_checkout
from analysis.support import paths
from analysis.support.terminal import say


def certificate(
    against: Annotated[Path, typer.Option(help="Folder of the earlier run (its build/), which need not be there.")],
    into: Annotated[Path, typer.Option(help="Folder of the certificate, which it replaces.")],
    by: Annotated[str, typer.Option(help="Name of the person who answers for the check, and will sign.")] = "",
    orcid: Annotated[str, typer.Option(help="ORCID of this person.")] = "",
    number: Annotated[str, typer.Option("--certificate", help="Number from the CODECHECK register: 2026-001.")] = "",
    report: Annotated[str, typer.Option(help="DOI of the published certificate: https://doi.org/10...")] = "",
) -> None:
    """Compare a second run with an earlier one.

    This is the last step of 'nox -s certify', which makes the second run in a new environment. Written are a page to
    sign and a manifest for CODECHECK, with the results they are about.
    """
    need_checkout("certificate")
    from analysis.deposit import certificate_bundle, rerun_comparison
    from analysis.deposit.codecheck_manifest import Statement
    from analysis.support import atomic_writes

    stated = Statement(by.strip(), orcid, number, report)
    stated.check()
    found = rerun_comparison.compare(rerun_comparison.run(paths.BUILD), rerun_comparison.earlier_run(against))
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    repository = os.environ.get("REPO_URL", "")
    files = certificate_bundle.files(found, paths.DERIVED, when, stated, repository)
    atomic_writes.replace_folder(into, files)
    say(found.verdict)
    say(f"The certificate, for a person to sign: {paths.shown(into / certificate_bundle.PAGE)}")
    if not found.holds:
        raise typer.Exit(1)
