"""The validated tables of a coded study as one frozen object.

Table Schema constraints live in `datapackage.json` and are checked by frictionless; rules that
span rows are the named functions of `analysis.study.rules`. Checks run from the outside in (file, header,
cells, rules) and stop at the first layer with a fault, so that one mistake gives one message.
"""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.study import origin, packing, rules
from analysis.study.evidence import Evidence, EvidenceError, InvalidEvidenceError, Study
from analysis.support import paths, safe_files, strict_json
from analysis.support.errors import Fault, raise_if_any

DESCRIPTION = "datapackage.json"
#: The tables of every study with the columns that are worked with; a study may describe further ones.
COLUMNS = {
    "sources": ("source_id", "label", "kind", "title", "published"),
    "facets": ("facet", "exclusive", "ordered", "description"),
    "codes": (
        *("facet", "code_id", "level", "parent_id", "position"),
        *("name", "definition", "include", "exclude", "boundary"),
    ),
    "extracts": ("extract_id", "source_id", "section", "form", "repeats", "gist"),
    "fragments": ("owner_id", "n", "words", "fingerprint", "cited_as"),
    "codings": ("extract_id", "coder_id", "facet", "code_id", "role", "stance", "basis", "rationale"),
    "coders": ("coder_id", "kind", "description"),
}
TABLES = tuple(COLUMNS)
#: The columns among these that are no text.
TYPES = {"exclusive": "boolean", "ordered": "boolean", "position": "integer", "n": "integer", "words": "integer"}
CLAIM_TABLES = ("claims", "claim_evidence", "model")  # a study need not have them
_SCHEMA = ("fields", "primaryKey", "foreignKeys", "missingValues")  # of a Table Schema, what is checked
_COPY = "Copy the file itself into the folder of the package, and name it by its path there, like evidence/codes.csv."
MAY_BE_EMPTY = ("fragments", *CLAIM_TABLES)


def load(folder: Path = paths.DATA, sealed: bool = True) -> Evidence:
    """Read and validate the data package in `folder`; without its fingerprints, if these are still to be sealed.

    Raises EvidenceError, which names file, row, field, value and remedy for each fault of the
    first layer that has any. In the archive for students the package is packed into one file.
    """
    if (folder / packing.PACKED).exists() and not (folder / DESCRIPTION).exists():
        with packing.unpacked(folder / packing.PACKED) as unpacked:
            return load(unpacked, sealed)
    package = _read_package(folder)
    described = {resource["name"] for resource in package["resources"]}
    names = [name for name in TABLES if sealed or name != "fragments"]
    tables = _read_tables(folder, package, [*names, *(name for name in CLAIM_TABLES if name in described)])
    if not sealed:
        tables["fragments"] = pd.DataFrame(columns=["owner_id", "n", "words", "fingerprint", "cited_as"])
    evidence = Evidence(study=_study(folder, package), **tables)
    check(evidence, folder)
    return evidence


def check(evidence: Evidence, folder: Path = paths.DATA) -> None:
    """Hold evidence to the rules that span rows and tables; raise EvidenceError for the first one broken."""
    raise_if_any(InvalidEvidenceError, rules.broken(evidence, {name: _place(folder, name) for name in TABLES}))


def _read_tables(folder: Path, package: dict[str, Any], names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Read some tables of a data package and validate them against their schemas."""
    resources = {resource["name"]: resource for resource in package["resources"]}
    missing = Fault(paths.shown(folder / DESCRIPTION), "", "Describe this table under 'resources'.")
    raise_if_any(
        EvidenceError,
        (
            dataclasses.replace(missing, problem=f"no resource named {name!r} with a path and a schema")
            for name in names
            if name not in resources
        ),
    )
    rows = {name: _read_rows(folder, resources[name]) for name in names}
    raise_if_any(EvidenceError, _undescribed(folder, [resources[name] for name in names if name in COLUMNS]))
    raise_if_any(
        InvalidEvidenceError, _schema_faults(folder, {"resources": [_bare(resources[name]) for name in names]})
    )
    return {name: _typed(folder, resources[name], rows[name]) for name in names}


def _bare(resource: dict[str, Any]) -> dict[str, Any]:
    """Return what a resource says of its table, without all else that frictionless would follow or fetch."""
    schema = {key: value for key, value in resource["schema"].items() if key in _SCHEMA}
    kind = {"type": "table", "scheme": "file", "format": "csv", "encoding": "utf-8"}
    return {"name": resource["name"], "path": resource["path"], **kind, "schema": schema}


def _undescribed(folder: Path, resources: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    """Yield the columns that are worked with and that a schema does not describe, or as something else."""
    for resource in resources:
        types = {field["name"]: field.get("type", "string") for field in resource["schema"]["fields"]}
        for column in COLUMNS[resource["name"]]:
            if (kind := TYPES.get(column, "string")) != types.get(column):
                problem = f"resource {resource['name']!r} has no field {column!r} of the type {kind}"
                yield Fault(paths.shown(folder / DESCRIPTION), problem, "Describe it; it may be empty in every row.")


def _read_rows(folder: Path, resource: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table below its header, which has to be as described; each as wide as the header."""
    where, name = _place(folder, resource["name"]), resource["name"]
    try:
        text = _read_text(safe_files.inside(folder, resource["path"]))
        expected = [field["name"] for field in resource["schema"]["fields"]]
        if not all(isinstance(column, str) for column in expected):
            raise TypeError("the name of a field has to be a text")
    except (TypeError, KeyError) as fault:
        raise EvidenceError(_malformed(folder, f"resource {name!r} has no proper path or fields ({fault})")) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_header(where, next(reader), expected)
        rows = list(reader)
    except csv.Error as fault:
        remedy = "Check its quotation marks, and save it with ordinary line ends."
        raise EvidenceError(Fault(where, f"not valid CSV: {fault}", remedy, row=reader.line_num)) from None
    raise_if_any(EvidenceError, _width_faults(where, rows, len(expected)))
    if not rows and name not in MAY_BE_EMPTY:
        remedy = "Restore them, for example with 'git checkout'."
        raise EvidenceError(Fault(where, "the table has a header and no rows", remedy))
    return rows


def _width_faults(where: str, rows: list[list[str]], width: int) -> Iterator[Fault]:
    for number, row in enumerate(rows, start=2):
        if not any(row):
            yield Fault(where, "the row is blank", "Remove it.", number)
        elif len(row) != width:
            amount = "more" if len(row) > width else "fewer"
            remedy = "Check its commas, and put quotation marks around a cell that has some."
            yield Fault(where, f"the row has {amount} cells than the header", remedy, number, value=row[0])


def _place(folder: Path, name: str) -> str:
    """Return how a table of a data package is named to a reader."""
    return paths.shown(folder / "evidence" / f"{name}.csv")


def _read_package(folder: Path) -> dict[str, Any]:
    """Return the description of a data package, with those of its resources that have a name, path and schema."""
    file = folder / DESCRIPTION
    if not file.exists():
        remedy = f"Give the folder of a study; '{paths.COMMAND} study import' makes one of a coded project."
        raise EvidenceError(Fault(paths.shown(file), "the file is missing", remedy))
    try:
        package: Any = strict_json.parsed(_read_text(safe_files.not_linked_out(folder, file)))
    except safe_files.UnsafePathError as fault:
        raise EvidenceError(Fault(paths.shown(file), str(fault), _COPY)) from None
    except json.JSONDecodeError as fault:
        raise EvidenceError(
            Fault(paths.shown(file), f"not valid JSON: {fault.msg}", "Correct the syntax at this place.", fault.lineno)
        ) from None
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list):
        raise EvidenceError(Fault(paths.shown(file), "no list of resources", "Describe the tables under 'resources'."))
    raise_if_any(EvidenceError, _unsafe_paths(folder, resources))
    described = [
        r
        for r in resources
        if isinstance(r, dict) and {"path", "schema"} <= r.keys() and isinstance(r.get("name"), str)
    ]
    return {**package, "resources": described}


def _unsafe_paths(folder: Path, resources: Sequence[Any]) -> Iterator[Fault]:
    """Yield the resources whose path may lead out of the package; none of their files is opened."""
    where = paths.shown(folder / DESCRIPTION)
    for place, resource in enumerate(resources):
        if not isinstance(resource, dict) or "path" not in resource:
            continue
        try:
            safe_files.inside(folder, resource["path"])
        except safe_files.UnsafePathError as fault:
            problem = f"the path of resource {resource.get('name', place + 1)!r} cannot be followed: {fault}"
            yield Fault(where, problem, _COPY, value=str(resource["path"])[:200])


def _study(folder: Path, package: dict[str, Any]) -> Study:
    """Return the facts of a study; of a title, that of the package will do."""
    try:
        facts = {"title": package.get("title", ""), **package["study"]}
        for problem in _problems(facts):
            raise ValueError(problem)
        return Study(
            article=facts.get("article", {}),
            interviews=facts.get("interviews"),
            interviews_from=facts.get("interviewsFrom", ""),
            interviews_to=facts.get("interviewsTo", ""),
            coding_of_record={facet: tuple(coders) for facet, coders in facts["codingOfRecord"].items()},
            simulated=facts.get("simulated", False),
            title=facts["title"],
            interviewees=facts.get("interviewees"),
            origin=origin.from_facts(facts["importedFrom"]) if "importedFrom" in facts else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise EvidenceError(_malformed(folder, f"the member 'study' is incomplete or malformed ({fault})")) from None


def _problems(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the facts of a study."""
    kinds = {"title": (str, "a text"), "article": (dict, "an object"), "simulated": (bool, "true or false")}
    for name, (kind, told) in kinds.items():
        if name in facts and not isinstance(facts[name], kind):
            yield f"{name} has to be {told}"
    for name in ("interviews", "interviewees"):
        if name in facts and (type(facts[name]) is not int or facts[name] < 1):
            yield f"{name} has to be a number of at least one"
    months = [facts[name] for name in ("interviewsFrom", "interviewsTo") if name in facts]
    if len(months) == 1 or not all(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) for month in months):
        yield "interviewsFrom and interviewsTo have to be months like 2017-04"
    if facts.get("article") and not _is_cited(facts["article"]):
        yield "article has to have authors (a list of names), title, doi (texts) and year (a number)"
    if facts.get("article") and not ("interviews" in facts and months):
        yield "the study of an article says how many interviews it had, from when to when"
    yield from origin.problems(facts.get("importedFrom", {}))
    if not all(isinstance(given, list) and given for given in facts["codingOfRecord"].values()):
        yield "codingOfRecord has to list coders for each facet"
    elif not all(isinstance(coder, str) for given in facts["codingOfRecord"].values() for coder in given):
        yield "codingOfRecord has to name each coder by a text"


def _is_cited(article: Any) -> bool:
    """Say whether an article has what a citation of it needs."""
    names = article.get("authors") if isinstance(article, dict) else None
    texts = [*names, article.get("title"), article.get("doi")] if isinstance(names, list) and names else [None]
    return all(isinstance(text, str) and text.strip() for text in texts) and type(article.get("year")) is int


def _malformed(folder: Path, problem: str) -> Fault:
    return Fault(paths.shown(folder / DESCRIPTION), problem, "Restore it, or mend this part of the description.")


def _read_text(file: Path) -> str:
    """Return the text of a file that is there, not empty, UTF-8 and without a byte order mark."""
    where = paths.shown(file)
    try:
        content = safe_files.content(file)
    except FileNotFoundError:
        raise EvidenceError(
            Fault(where, "the file is missing", "Restore it, for example with 'git checkout'.")
        ) from None
    except OSError as fault:
        raise EvidenceError(
            Fault(where, f"the file cannot be read: {fault.strerror}", safe_files.advice(fault))
        ) from None
    if not content.strip():
        raise EvidenceError(Fault(where, "the file is empty", "Restore it, for example with 'git checkout'."))
    if content.startswith(b"\xef\xbb\xbf"):
        raise EvidenceError(
            Fault(where, "the file starts with a byte order mark", "Save it as UTF-8 without BOM.", row=1)
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        row = content[: fault.start].count(b"\n") + 1
        raise EvidenceError(
            Fault(
                where,
                "the file is not UTF-8",
                "Save it as UTF-8.",
                row=row,
                value=repr(content[fault.start : fault.end]),
            )
        ) from None


def _check_header(where: str, header: list[str], expected: list[str]) -> None:
    if header == expected:
        return
    if len(header) == 1 and header[0].count(";") >= len(expected) - 1:
        raise EvidenceError(
            Fault(where, "columns are separated by semicolons", "Save it with commas.", row=1, value=header[0])
        )
    missing = [name for name in expected if name not in header]
    unexpected = [name for name in header if name not in expected]
    problem = "; ".join(
        ([f"missing column {', '.join(missing)}"] if missing else [])
        + ([f"unexpected column {', '.join(unexpected)}"] if unexpected else [])
    )
    raise EvidenceError(
        Fault(
            where,
            problem or "the columns are in another order, or one stands twice",
            f"The header has to be: {','.join(expected)}",
            row=1,
            field=", ".join(missing) or None,
            value=",".join(header)[:200],
        )
    )


def _typed(folder: Path, resource: dict[str, Any], rows: list[list[str]]) -> pd.DataFrame:
    """Return a table as text, with the integer and boolean fields of its schema converted."""
    fields = resource["schema"]["fields"]
    table = pd.DataFrame(rows, columns=[field["name"] for field in fields], dtype=str)
    for name, kind in ((column["name"], column["type"]) for column in fields):
        try:
            if kind == "integer":
                table[name] = table[name].astype("int64")
        except (ValueError, OverflowError) as fault:
            where = _place(folder, resource["name"])
            raise EvidenceError(
                Fault(where, f"a number cannot be read ({fault})", "Write it in digits.", field=name)
            ) from None
        if kind == "boolean":
            table[name] = table[name].isin(["true", "True", "TRUE", "1"])
    return table


def _schema_faults(folder: Path, package: dict[str, Any]) -> Iterator[Fault]:
    """Yield what frictionless finds against the Table Schema of each resource."""
    from frictionless import FrictionlessException, Package, system

    try:
        # A package that is trusted to name files of its own folder, wherever the folder lies.
        with system.use_context(trusted=True):
            report = Package.from_descriptor(package, basepath=str(folder)).validate()
    except (FrictionlessException, KeyError, TypeError, ValueError, AttributeError, re.error) as fault:
        yield _malformed(folder, f"the tables cannot be validated by it ({fault})")
        return
    for error in report.errors:
        yield _malformed(folder, error.message)
    resources = {resource["name"]: resource for resource in package["resources"]}
    for task in report.tasks:
        resource = resources[task.name]
        told: set[tuple[int, str]] = set()
        for found in (error.to_dict() for error in task.errors):
            # A key of several fields cannot be right where one of them is wrong already.
            places = {(found.get("rowNumber", 0), name) for name in found.get("fieldNames", [])}
            if not places & told:
                yield _schema_fault(_place(folder, task.name), resource["schema"], found)
            told |= places


def _schema_fault(file: str, schema: dict[str, Any], found: dict[str, Any]) -> Fault:
    """Put a fault that frictionless found into the words of this compendium."""
    row, kind = found.get("rowNumber"), found["type"]
    if kind in ("type-error", "constraint-error"):
        name, cell = found["fieldName"], found["cell"]
        field = next(field for field in schema["fields"] if field["name"] == name)
        return Fault(file, "the value does not fit", f"Expected: {_expected(field)}", row, name, cell)
    if kind == "foreign-key":
        names = ", ".join(found["fieldNames"])
        target = found["referenceName"]
        cells = ", ".join(str(cell) for cell in found["fieldCells"])
        return Fault(
            file, f"table {target} has no such row", f"Use what {target} has, or add it there.", row, names, cells
        )
    if kind == "primary-key":
        key, columns = schema["primaryKey"], [field["name"] for field in schema["fields"]]
        cells = ", ".join(str(found["cells"][columns.index(name)]) for name in key)
        return Fault(
            file, "an earlier row has the same key", "Remove one of the two or rename it.", row, ", ".join(key), cells
        )
    return Fault(file, found["message"], "Mend this place.", row, found.get("fieldName"), found.get("cell"))


def _expected(field: dict[str, Any]) -> str:
    constraints = field.get("constraints", {})
    parts = [field["type"]]
    if constraints.get("required"):
        parts.append("not empty")
    if constraints.get("unique"):
        parts.append("not used twice")
    if "enum" in constraints:
        parts.append("one of " + ", ".join(map(str, constraints["enum"])))
    if "pattern" in constraints:
        parts.append("of the form " + constraints["pattern"])
    if "minimum" in constraints:
        parts.append(f"at least {constraints['minimum']}")
    return f"{'; '.join(parts)}. {field.get('description', '')}".rstrip()
