"""What there is to download: tables as they are stored, as workbooks, database and Parquet, and archives of all."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from analysis.display import workbooks
from analysis.display.workbooks import Sheet
from analysis.reanalysis import derived_resources
from analysis.site.files import databases, source_archive, stored_files
from analysis.study import loading
from analysis.support import paths
from analysis.support.deterministic_zip import archive

#: Where files are on the site: as in the repository, so that the description of the data package finds its tables.
FOLDER = "data"
EVIDENCE, DERIVED = "evidence", "derived"
ARCHIVE = "power-in-co-production-data.zip"
DATABASE = "power-in-co-production.sqlite"
PARQUETS = "power-in-co-production-parquet.zip"
BESIDE = (paths.DATA / "README.md", paths.DATA / "coding-log.md", paths.ROOT / "LICENSE-DATA")


def files() -> dict[str, bytes]:
    """Return every file to download by its place: the tables in each format, their description, and archives."""
    stored = _stored()
    contents = dict(stored)
    for kind in (EVIDENCE, DERIVED):
        title, described = f"Power in co-production: {kind}", [*sheets(kind), _fields(kind)]
        contents[f"{kind}.xlsx"] = workbooks.workbook(title, _introduction(), described)
    parquets = {
        in_parquet(kind, name_of(one)): databases.parquet(one, stored[one["path"]])
        for kind in (EVIDENCE, DERIVED)
        for one in resources(kind)
    }
    contents |= parquets
    contents[DATABASE] = databases.database(package()["resources"], stored, _about())
    beside = {file.name: stored_files.content(file) for file in BESIDE}
    contents[ARCHIVE] = archive(stored | beside)
    contents[PARQUETS] = archive(parquets | beside)
    return {f"{FOLDER}/{place}": content for place, content in contents.items()} | dict(
        source_archive.files(package()["version"])
    )


def in_parquet(kind: str, name: str) -> str:
    """Return the place of a table in Parquet, below the folder of all downloads."""
    return f"parquet/{kind}/{name}.parquet"


def _about() -> dict[str, str]:
    """Return what the database says of itself."""
    found = package()
    parts = {name: str(found[name]) for name in ("title", "version", "description")}
    return parts | {"licence": found["licenses"][0]["title"], "article": found["sources"][0]["title"]}


def sheets(kind: str) -> list[Sheet]:
    """Return the tables of a kind with their descriptions, in the order in which these are given."""
    stored = _stored()
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


def _stored() -> dict[str, bytes]:
    """Return the files of the data package: its description and its tables.

    Derived tables are taken as they are committed. That they are what the evidence gives is for `verify` to say, with
    which the main job begins: to compute them here would take two fifths of the time that the site takes.
    """
    places = [loading.DESCRIPTION, *(resource["path"] for resource in package()["resources"])]
    return {place: stored_files.content(paths.DATA / place) for place in places}
