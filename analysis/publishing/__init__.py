"""A coded study as a site of its own: pages that open from a folder, with codebook, explorer, counts, agreement, data.

Only what a study makes public is read. It fits any study, so it may not import `reanalysis`.
May import: `study_report`, `exchange`, `display`, `counting`, `study`, `support`.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis import study_report
from analysis.exchange.exporting import project_from_study
from analysis.exchange.refi_qda import writing
from analysis.publishing import published_work
from analysis.publishing.published_work import PublishingError, Work
from analysis.publishing.study_pages import REPORT, Pages
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.study.loading import DESCRIPTION
from analysis.study.places import Places
from analysis.support import atomic_writes, paths, provenance, safe_files, strict_json
from analysis.support.deterministic_zip import archive
from analysis.support.errors import Fault

__all__ = ["CHECKSUMS", "PublishingError", "check_place", "files", "publish", "work_of"]

CHECKSUMS = "checksums.txt"
DATA, ARCHIVE, CODEBOOK, PASSAGES = "data", "data.zip", "codebook.qdc", "report-passages.csv"


def work_of(folder: Path, evidence: Evidence) -> Work:
    """Return the work that a study is; raise PublishingError that names everything that is missing."""
    return published_work.read(folder, evidence.study.simulated)


def publish(
    folder: Path, evidence: Evidence, into: Path, command: str, tell: Callable[[str], None], places: Places | None
) -> None:
    """Write the site of a study into a folder, all of it or nothing; in place of an earlier one that nobody changed.

    Raises PublishingError for a study that lacks what a citation needs, and for a folder that has anything else.
    """
    made = dict(files(folder, evidence, command, tell, places))
    check_place(folder, into)
    atomic_writes.replace_folder(into, made)


def check_place(folder: Path, into: Path) -> None:
    """Raise PublishingError where a site must not go: into the study itself, or over what nobody made here."""
    if into.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise PublishingError(Fault(into, "the study itself is there", "Choose a folder outside the study."))
    if into.is_dir() and any(into.iterdir()) and (problem := _not_ours(into)):
        raise PublishingError(Fault(into, problem, "Choose a new folder, or move away what is there."))


def _not_ours(folder: Path) -> str:
    """Say what in a folder is not as it was published, if anything."""
    listed = folder / CHECKSUMS
    if not listed.is_file():
        return "something is there that was not published from a study"
    known = provenance.sums(listed.read_text(encoding="utf-8", errors="replace"))
    for file in sorted(one for one in folder.rglob("*") if not one.is_dir()):
        name = file.relative_to(folder).as_posix()
        if name != CHECKSUMS and known.get(name) != provenance.sha256(file):
            return f"{name} was added or changed since the study was published"
    return ""


def files(
    folder: Path,
    evidence: Evidence,
    command: str,
    tell: Callable[[str], None] = lambda _: None,
    places: Places | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the site of a study, which was loaded from a folder: place and content.

    `places` is where passages are in their texts, if that is known. The same study, command and versions give the same
    bytes. Raises PublishingError for a study that lacks what a citation needs.
    """
    work = work_of(folder, evidence)
    tell("Making the report …")
    report = study_report.report(evidence, study_report.asked(evidence), command, PASSAGES, places=places)
    tell("Making the files to download …")
    downloads = dict(_downloads(folder, evidence, work, report))
    tell("Making the pages …")
    described = [(place, _about(place, evidence), len(content)) for place, content in downloads.items()]
    made = dict(Pages(evidence, work, report).files(described)) | downloads
    yield from made.items()
    yield CHECKSUMS, provenance.listed_sums(made)


def _downloads(
    folder: Path, evidence: Evidence, work: Work, report: study_report.Report
) -> Iterator[tuple[str, bytes]]:
    tables = dict(_package(folder))
    yield ARCHIVE, archive(tables)
    yield from ((f"{DATA}/{name}", content) for name, content in tables.items())
    with tempfile.TemporaryDirectory() as beside:
        file = Path(beside) / CODEBOOK
        # From the tables alone: a project that was imported has more, which stays private.
        writing.write_codebook(project_from_study.project_of(evidence), file)
        yield CODEBOOK, file.read_bytes()
    yield REPORT, report.html.encode()
    if report.passages is not None:
        yield PASSAGES, report.passages.encode()
    yield from published_work.files(work)


def _package(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the data package that its description names, without what is private; and the description."""
    yield DESCRIPTION, safe_files.content(folder / DESCRIPTION)
    for resource in _resources(folder):
        name = str(resource["path"])
        file = safe_files.inside(folder, name)
        # Links are followed; where a file system takes capitals and small letters for the same, so is the name.
        if paths.PRIVATE in map(str.casefold, file.resolve().relative_to(folder.resolve()).parts):
            problem = "a private file is described as a part of the study"
            remedy = "Take it out of the resources."
            raise PublishingError(Fault(folder / DESCRIPTION, problem, remedy, value=name))
        yield name, safe_files.content(file)


def _resources(folder: Path) -> Iterator[Mapping[str, Any]]:
    described = strict_json.parsed(safe_files.text(folder / DESCRIPTION))["resources"]
    yield from (one for one in described if isinstance(one, dict) and isinstance(one.get("path"), str))


def _about(place: str, evidence: Evidence) -> str:
    """Say what a file to download holds."""
    named = {
        ARCHIVE: "all tables with their description",
        f"{DATA}/{DESCRIPTION}": "the description of the tables",
        CODEBOOK: "the codes for other programs (REFI-QDA codebook)",
        REPORT: "the whole report as one page, to print or send",
        PASSAGES: "all passages of the report, a row for each coding",
        "citation.txt": "the citation as text",
        "citation.bib": "the citation for BibTeX",
        "citation.csl.json": "the citation for Zotero and Pandoc (CSL-JSON)",
        "citation.ris": "the citation for EndNote and Mendeley (RIS)",
    }
    name = Path(place).stem
    rows = len(getattr(evidence, name)) if name in loading.TABLES else None
    return named.get(place) or (f"table, {rows:,} rows" if rows is not None else "table")
