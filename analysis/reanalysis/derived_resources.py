"""Derived tables as resources of the data package: described, written into `datapackage.json`, and held to it.

The descriptions are made from `analysis.reanalysis.derived_dictionary` and the study: which codes a column may have,
and which coders a table rests on. `derive` writes them and refuses tables that break them; `verify` compares them.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.reanalysis.derived_dictionary import COMMON, DICTIONARY, Column, Table
from analysis.study import code_tree, loading
from analysis.study.evidence import Evidence
from analysis.study.loading import Resource
from analysis.support import safe_files
from analysis.support.errors import CompendiumError, Fault, raise_if_any

FOLDER = "derived"
PREFIX = "derived-"  # of the names of resources: a package has no two of one name, and evidence has `claims`, too
_LAST = "\n  ]\n}"  # how the description ends: its resources are its last member


class DescriptionError(CompendiumError):
    """A derived table that its description does not fit."""


def resources(evidence: Evidence, tables: Mapping[str, str], keys: Mapping[str, tuple[str, ...]]) -> list[Resource]:
    """Return the description of each derived table.

    Parameters
    ----------
    evidence : Evidence
        The study that the tables were computed from.
    tables : mapping of str to str
        File names with contents, as `analysis.reanalysis.derived.recompute` returns them.
    keys : mapping of str to tuple of str
        The columns that name a row of each table.

    Raises
    ------
    DescriptionError
        For a table or a column that the dictionary does not have.
    """
    names = {file.removesuffix(".csv"): _header(content) for file, content in tables.items()}
    if unknown := [name for name in names if name not in DICTIONARY]:
        raise DescriptionError(Fault(unknown[0], "the table is not described", "Describe it in derived_dictionary."))
    return [_resource(evidence, name, columns, keys[name]) for name, columns in names.items()]


def is_derived(resource: Mapping[str, Any]) -> bool:
    """Say whether a resource is a derived table."""
    return str(resource.get("path", "")).startswith(f"{FOLDER}/")


def parts(resource: Resource) -> dict[str, str]:
    """Return each field of a resource, and each other member, as text by its name."""
    schema = resource.get("schema", {})
    fields = {f"field {one.get('name')}": one for one in schema.get("fields", [])}
    others = {name: part for name, part in schema.items() if name != "fields"}
    members = {name: part for name, part in resource.items() if name != "schema"}
    return {name: json.dumps(part, ensure_ascii=False) for name, part in (members | fields | others).items()}


def filled(text: str, described: list[Resource]) -> str:
    """Return the text of `datapackage.json` with other derived tables; all else stays as it is written."""
    package = json.loads(text)
    kept = [resource for resource in package["resources"] if not is_derived(resource)]
    package["resources"] = [*kept, *described]
    head = text.split(f',\n    {{\n      "name": "{PREFIX}', 1)[0].rstrip().removesuffix(_LAST)
    written = json.dumps(described, ensure_ascii=False, indent=2)[2:-2].replace("\n", "\n  ").strip()
    joined = ",\n    ".join([head, *([written] if described else [])]) + f"{_LAST}\n"
    # A description that is laid out in another way is written whole.
    if _parsed(joined) == package:
        return joined
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def check(folder: Path, tables: Mapping[str, str], described: list[Resource]) -> None:
    """Raise DescriptionError, with table, row and field, where a table breaks its description.

    `folder` is the data package, whose evidence some columns refer to.
    """
    package = json.loads((folder / loading.DESCRIPTION).read_text(encoding="utf-8"))
    of_evidence = [resource for resource in package["resources"] if not is_derived(resource)]
    with tempfile.TemporaryDirectory() as copied:
        copy = Path(copied)
        contents = {f"{FOLDER}/{file}": content for file, content in tables.items()}
        contents |= {one["path"]: safe_files.text(safe_files.inside(folder, one["path"])) for one in of_evidence}
        for place, content in contents.items():
            (copy / place).parent.mkdir(parents=True, exist_ok=True)
            (copy / place).write_text(content, encoding="utf-8", newline="")
        by_name = {one["name"]: one for one in (*of_evidence, *described)}
        files = {name: Path(one["path"]) for name, one in by_name.items()}
        raise_if_any(DescriptionError, loading.schema_faults(copy, by_name, files))


def _header(content: str) -> list[str]:
    return content.split("\n", 1)[0].split(",")


def _resource(evidence: Evidence, name: str, columns: list[str], key: tuple[str, ...]) -> Resource:
    table = DICTIONARY[name]
    described = {column: _described(evidence, name, column) for column in columns}
    return {
        "name": f"{PREFIX}{name}",
        "title": table.title,
        "description": table.description,
        "madeBy": makers(evidence, table),
        "computedBy": "python -m analysis derive",
        "path": f"{FOLDER}/{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(evidence, column, one, column in key) for column, one in described.items()],
            "primaryKey": list(key),
            **_foreign_keys(described),
            "missingValues": [""],
        },
    }


def makers(evidence: Evidence, table: Table) -> list[str]:
    """Return the coders whose work a table is computed from, in the order of `coders.csv`.

    The coders of record of stage and response made the passages, claims and links as well.
    """
    record = evidence.study.coding_of_record
    own = {coder for facet in table.facets for coder in record[facet]}
    own |= {coder for facet, coders in record.items() for coder in coders if facet != "power"}
    own |= set(evidence.codings["coder_id"]) if table.everyone else set()
    return [coder for coder in evidence.coders["coder_id"] if coder in own]


def _described(evidence: Evidence, name: str, column: str) -> Column:
    table = DICTIONARY[name]
    found = table.columns.get(column) or COMMON.get(column)
    if found is None and column in set(evidence.coders["coder_id"]):
        found = table.of_each_coder
    if found is None:
        raise DescriptionError(Fault(name, f"column {column!r} is not described", "Describe it in derived_dictionary."))
    return found


def _field(evidence: Evidence, name: str, column: Column, in_key: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required or in_key else {}
    constraints |= column.constraints
    if column.codes_of:
        constraints["enum"] = list(dict.fromkeys([*_codes(evidence, column.codes_of), *column.others]))
    field = {"name": name, "type": column.type, "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def _codes(evidence: Evidence, of: tuple[str, ...]) -> Iterator[str]:
    for facet, _, level in (one.partition("/") for one in of):
        known = code_tree.levels(evidence.codes, facet)
        for one in [level] if level in known else known:
            yield from code_tree.codes_at(evidence.codes, facet, one)


def _foreign_keys(columns: Mapping[str, Column]) -> dict[str, Any]:
    keys = [
        {"fields": list(fields), "reference": {"resource": resource, "fields": list(fields)}}
        for resource, fields in (column.references for column in columns.values() if column.references)
    ]
    return {"foreignKeys": keys} if keys else {}
