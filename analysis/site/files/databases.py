"""Tables as files for programs: one database (SQLite) of all, and Parquet; cells are typed as they are described.

Both are the same bytes each time. An empty cell becomes NULL.
"""

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

Resource = Mapping[str, Any]  # as the data package describes a table
Value = str | int | float | bool | None

_READ: Mapping[str, Callable[[str], Value]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": "true".__eq__,
}
_IN_SQLITE = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_IN_PANDAS = {"string": "object", "integer": "Int64", "number": "float64", "boolean": "boolean"}
#: Tables of the database that describe the others.
_ABOUT = """
CREATE TABLE "about" ("what" TEXT PRIMARY KEY, "value" TEXT NOT NULL);
CREATE TABLE "tables" ("table" TEXT PRIMARY KEY, "title" TEXT NOT NULL, "description" TEXT NOT NULL,
  "rows" INTEGER NOT NULL);
CREATE TABLE "dictionary" ("table" TEXT NOT NULL REFERENCES "tables" ("table"), "position" INTEGER NOT NULL,
  "field" TEXT NOT NULL, "type" TEXT NOT NULL, "required" INTEGER NOT NULL, "description" TEXT NOT NULL,
  PRIMARY KEY ("table", "field"));
"""


def rows(resource: Resource, content: bytes) -> list[list[Value]]:
    """Return the rows of a table in CSV, typed as it is described; None for an empty cell."""
    _, *cells = csv.reader(io.StringIO(content.decode()))
    kinds = [_READ[field["type"]] for field in resource["schema"]["fields"]]
    return [[read(cell) if cell else None for read, cell in zip(kinds, row, strict=True)] for row in cells]


def database(resources: Sequence[Resource], stored: Mapping[str, bytes], about: Mapping[str, str]) -> bytes:
    """Return all tables as one SQLite database, with primary and foreign keys, and with tables that describe them.

    Raises sqlite3.IntegrityError where a row breaks a key.
    """
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("PRAGMA foreign_keys = ON")
        made.executescript(_ABOUT + "".join(map(_creation, resources)))
        with made:
            made.execute("PRAGMA defer_foreign_keys = ON")  # a table may come before one that it leads to
            _fill(made, "about", sorted(about.items()))
            for one in resources:
                table, content = sql_name(one["name"]), rows(one, stored[one["path"]])
                _fill(made, "tables", [[table, one["title"], one["description"], len(content)]])
                _fill(made, "dictionary", _described(table, one))
                _fill(made, table, content)
        return made.serialize()


def parquet(resource: Resource, content: bytes) -> bytes:
    """Return a table in CSV as a Parquet file."""
    import fastparquet

    fields = resource["schema"]["fields"]
    columns = list(zip(*rows(resource, content), strict=True)) or [()] * len(fields)
    series = {
        field["name"]: pd.Series(list(column), dtype=_IN_PANDAS[field["type"]])
        for field, column in zip(fields, columns, strict=True)
    }
    kinds = {field["name"]: "utf8" for field in fields if field["type"] == "string"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.parquet"
        fastparquet.write(str(file), pd.DataFrame(series), write_index=False, object_encoding=kinds, has_nulls=True)
        return file.read_bytes()


def sql_name(name: str) -> str:
    """Return the name of a table as it needs no quotation marks in SQL."""
    return name.replace("-", "_")


def _creation(resource: Resource) -> str:
    """Return the statement that creates a table with its keys."""
    schema = resource["schema"]
    parts = [*map(_column, schema["fields"]), f"PRIMARY KEY ({_names(schema['primaryKey'])})"]
    for key in schema.get("foreignKeys", []):
        there = key["reference"]
        place = f'"{sql_name(there["resource"])}" ({_names(there["fields"])})'
        parts.append(f"FOREIGN KEY ({_names(key['fields'])}) REFERENCES {place}")
    return f'CREATE TABLE "{sql_name(resource["name"])}" (\n  ' + ",\n  ".join(parts) + "\n);\n"


def _column(field: Mapping[str, Any]) -> str:
    needed = " NOT NULL" if field.get("constraints", {}).get("required") else ""
    truth = f' CHECK ("{field["name"]}" IN (0, 1))' if field["type"] == "boolean" else ""
    return f'"{field["name"]}" {_IN_SQLITE[field["type"]]}{needed}{truth}'


def _described(table: str, resource: Resource) -> Iterator[list[Value]]:
    for position, field in enumerate(resource["schema"]["fields"], 1):
        required = bool(field.get("constraints", {}).get("required"))
        yield [table, position, field["name"], field["type"], required, field["description"]]


def _names(names: Iterable[str]) -> str:
    return ", ".join(json.dumps(name) for name in names)


def _fill(made: sqlite3.Connection, table: str, content: Iterable[Sequence[Value]]) -> None:
    filled = list(content)
    if filled:
        places = ", ".join("?" * len(filled[0]))
        made.executemany(f'INSERT INTO "{table}" VALUES ({places})', filled)  # noqa: S608, names are those of our tables
