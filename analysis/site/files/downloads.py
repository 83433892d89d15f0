"""Tables to download: as they are stored, as workbooks, and all together with their description."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from analysis.display.html_elements import row, table, text
from analysis.reanalysis import derived, derived_resources
from analysis.site.files import stored_files, workbooks
from analysis.site.files.workbooks import Sheet
from analysis.site.html import permalinks
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.deterministic_zip import archive

#: Where files are on the site: as in the repository, so that the description of the data package finds its tables.
FOLDER = "data"
EVIDENCE, DERIVED = "evidence", "derived"
ARCHIVE = "power-in-co-production-data.zip"
BESIDE = (paths.DATA / "README.md", paths.DATA / "coding-log.md", paths.ROOT / "LICENSE-DATA")


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield every file to download, with its place: tables as CSV, description, workbooks, and an archive of all."""
    stored = _stored(evidence)
    for name, content in stored.items():
        yield f"{FOLDER}/{name}", content
    for kind in (EVIDENCE, DERIVED):
        title, described = f"Power in co-production: {kind}", [*sheets(evidence, kind), _fields(kind)]
        yield f"{FOLDER}/{kind}.xlsx", workbooks.workbook(title, _introduction(), described)
    yield f"{FOLDER}/{ARCHIVE}", archive(stored | {file.name: stored_files.content(file) for file in BESIDE})


def tables_to_download(evidence: Evidence, here: str, kind: str) -> str:
    """Return what there is of a kind of table (`evidence`, `derived`): its file, its rows, what is in it."""
    rows = [
        (
            f'<a href="{permalinks.from_page(here, f"{FOLDER}/{kind}/{one.name}.csv")}" download>{one.name}.csv</a>',
            str(len(one.rows)),
            text(one.description),
        )
        for one in sheets(evidence, kind)
    ]
    return table(f"Tables: {kind}", ("File", "Rows", "What is in it"), map(row, rows))


def sheets(evidence: Evidence, kind: str) -> list[Sheet]:
    """Return the tables of a kind with their descriptions, in the order in which these are given."""
    stored = _stored(evidence)
    return [
        workbooks.sheet(name_of(one), one["description"], stored[one["path"]].decode(), _texts(one))
        for one in resources(kind)
    ]


def name_of(resource: Mapping[str, Any]) -> str:
    """Return the name of a table, as its file has it."""
    return PurePosixPath(resource["path"]).stem


def resources(kind: str) -> list[dict[str, Any]]:
    """Return the descriptions of the tables of a kind (`evidence`, `derived`)."""
    return [one for one in package()["resources"] if derived_resources.is_derived(one) == (kind == DERIVED)]


def package() -> dict[str, Any]:
    """Return the description of the data package, which was read and checked with the evidence."""
    found: dict[str, Any] = json.loads(stored_files.content(paths.DATA / loading.DESCRIPTION))
    return found


def _texts(resource: Mapping[str, Any]) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"] if field["type"] == "string"]


def _fields(kind: str) -> Sheet:
    """Return every field of the tables of a kind with its meaning, as a table."""
    columns = ["table", "field", "type", "description"]
    rows: list[list[workbooks.Cell]] = [
        [name_of(resource), *(field[part] for part in ("name", "type", "description"))]
        for resource in resources(kind)
        for field in resource["schema"]["fields"]
    ]
    return Sheet("fields", "Every column of these tables, and what it says.", columns, rows)


def _introduction() -> str:
    found = package()
    licence = found["licenses"][0]["title"]
    return f"{found['title']}, version {found['version']}. {found['description']} Licence: {licence}."


@lru_cache(maxsize=2)
def _stored(evidence: Evidence) -> dict[str, bytes]:
    """Return the files of the data package: its description, the tables of evidence as stored, the derived ones."""
    of_evidence = [loading.DESCRIPTION, *(resource["path"] for resource in resources(EVIDENCE))]
    return {place: stored_files.content(paths.DATA / place) for place in of_evidence} | {
        f"{DERIVED}/{name}": content.encode() for name, content in derived.recompute(evidence).items()
    }
