"""Read a coded study from its data package, and check it, step by step.

The steps are the functions of this module, in order: the description (`datapackage.json`), the text of each table, its
header, its cells, its schema (checked by frictionless), its types, the facts of the study, and the rules that span rows
and tables (`analysis.study.rules`). Loading stops at the first step that finds a fault, so that one mistake gives one
message.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.study import checked_tables, origin, packing, rules
from analysis.study.evidence import Evidence, EvidenceError, InvalidEvidenceError, Study
from analysis.support import paths, safe_files, strict_json, time_limit
from analysis.support.errors import Fault, raise_if_any

Resource = dict[str, Any]  # a table as `datapackage.json` describes it
Rows = list[list[str]]

DESCRIPTION = "datapackage.json"
#: The tables of every study with the columns that are worked with; a study may describe further ones.
COLUMNS: dict[str, tuple[str, ...]] = {
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
#: The columns among these that are not text.
TYPES = {"exclusive": "boolean", "ordered": "boolean", "position": "integer", "n": "integer", "words": "integer"}
#: The tables of claims with their columns: a study has all of them or none.
CLAIM_COLUMNS: dict[str, tuple[str, ...]] = {
    "claims": ("claim_id", "section", "kind", "claim", "origin", "quantity", "check", "args", "objection"),
    "claim_evidence": ("claim_id", "extract_id", "bearing", "rationale"),
    "model": ("source", "target", "claim_id", "rationale"),
}
_SCHEMA = ("fields", "primaryKey", "foreignKeys", "missingValues")  # of a Table Schema, what is checked
_COPY = "Copy the file itself into the folder of the package, and name it by its path there, like evidence/codes.csv."
SECONDS = 300.0  # for all tables together: many times what a large study takes
MAY_BE_EMPTY = ("fragments", *CLAIM_COLUMNS)
#: The tables of coding: a study in which nothing is coded yet has nothing in these, and perhaps in those.
OF_CODING, WITHOUT_CODING = ("codings", "coders"), ("codings", "coders", "extracts", "sources")


def load(folder: Path = paths.DATA, sealed: bool = True) -> Evidence:
    """Read and check the data package in `folder`; without its fingerprints if these are still to be sealed.

    Raises EvidenceError, which names file, row, field, value and remedy for each fault of the first step that finds
    any. In the archive for students the package is packed into one file.
    """
    if (folder / packing.PACKED).exists() and not (folder / DESCRIPTION).exists():
        with packing.unpacked(folder / packing.PACKED) as unpacked:
            return load(unpacked, sealed)
    package = _description(folder)
    resources = _resources(folder / DESCRIPTION, package, sealed)
    files = {name: safe_files.inside(folder, resource["path"]) for name, resource in resources.items()}
    texts = {name: _text(file) for name, file in files.items()}
    rows = {name: _rows_below_header(files[name], text, resources[name]) for name, text in texts.items()}
    may_be_empty = (*MAY_BE_EMPTY, *(() if any(rows[name] for name in OF_CODING) else WITHOUT_CODING))
    for name, resource in resources.items():
        raise_if_any(EvidenceError, _cell_faults(files[name], rows[name], resource, may_be_empty))
    _check_schemas(folder, resources, files, texts)
    tables = {name: _typed(files[name], rows[name], resource) for name, resource in resources.items()}
    if not sealed:
        tables["fragments"] = pd.DataFrame(columns=COLUMNS["fragments"])
    evidence = Evidence(study=_study(folder / DESCRIPTION, package, bool(rows["coders"])), **tables)
    check(evidence, folder)
    return evidence


# --- the description


def _description(folder: Path) -> dict[str, Any]:
    """Return the description of a data package; each of its tables is in the folder."""
    file = folder / DESCRIPTION
    if not file.exists():
        remedy = f"Give the folder of a study; '{paths.COMMAND} study import' makes one from a coded project."
        raise EvidenceError(Fault(file, "the file is missing", remedy))
    try:
        package: Any = strict_json.parsed(_text(safe_files.not_linked_out(folder, file)))
    except safe_files.UnsafePathError as fault:
        raise EvidenceError(Fault(file, str(fault), _COPY)) from None
    except json.JSONDecodeError as fault:
        remedy = "Correct the syntax at this place."
        raise EvidenceError(Fault(file, f"not valid JSON: {fault.msg}", remedy, fault.lineno)) from None
    if half := re.search("[\ud800-\udfff]", json.dumps(package, ensure_ascii=False)):
        problem = "half of a character, which no text can have"
        raise EvidenceError(Fault(file, problem, "Write the whole character.", value=half[0]))
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise EvidenceError(Fault(file, "no list of resources", "Describe the tables under 'resources'."))
    raise_if_any(EvidenceError, _unsafe_paths(file, package["resources"]))
    return package


def _unsafe_paths(file: Path, resources: Sequence[Any]) -> Iterator[Fault]:
    """Yield the resources whose path may lead out of the package; none of their files is opened."""
    for number, resource in enumerate(resources, 1):
        if not isinstance(resource, dict) or "path" not in resource:
            continue
        try:
            safe_files.inside(file.parent, resource["path"])
        except safe_files.UnsafePathError as fault:
            problem = f"the path of resource {resource.get('name', number)!r} cannot be followed: {fault}"
            yield Fault(file, problem, _COPY, value=str(resource["path"])[:200])


def _resources(file: Path, package: dict[str, Any], sealed: bool) -> dict[str, Resource]:
    """Return the descriptions of the tables that are read, by name; every column that is needed is described."""
    described = {
        resource["name"]: resource
        for resource in package["resources"]
        if isinstance(resource, dict)
        and "path" in resource
        and "schema" in resource
        and isinstance(resource.get("name"), str)
    }
    needed = [name for name in TABLES if sealed or name != "fragments"]
    needed += CLAIM_COLUMNS if described.keys() & CLAIM_COLUMNS.keys() else ()
    raise_if_any(EvidenceError, _missing_tables(file, [name for name in needed if name not in described]))
    resources = {name: described[name] for name in needed}
    raise_if_any(EvidenceError, (fault for resource in resources.values() for fault in _field_faults(file, resource)))
    return resources


def _missing_tables(file: Path, names: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        problem = f"no resource named {name!r} with a path and a schema"
        yield Fault(file, problem, "Describe this table under 'resources'.")


def _field_faults(file: Path, resource: Resource) -> Iterator[Fault]:
    """Yield the columns that are needed and that a schema does not describe, or describes as another type."""
    try:
        types = {field["name"]: field.get("type", "string") for field in resource["schema"]["fields"]}
        if not all(isinstance(column, str) for column in types):
            raise TypeError("the name of a field has to be a text")
    except (TypeError, KeyError, AttributeError) as fault:
        yield _malformed(file, f"resource {resource['name']!r} has no proper fields ({fault})")
        return
    for column in (COLUMNS | CLAIM_COLUMNS)[resource["name"]]:
        if (kind := TYPES.get(column, "string")) != types.get(column):
            problem = f"resource {resource['name']!r} has no field {column!r} of the type {kind}"
            yield Fault(file, problem, "Describe it; it may be empty in every row.")


def _malformed(file: Path, problem: str) -> Fault:
    return Fault(file, problem, "Restore the file, or correct this part of it.")


# --- the text of a table, its header and its cells


def _text(file: Path) -> str:
    """Return the text of a file that exists, is not empty, and is UTF-8 without a byte order mark."""
    restore = "Restore it, for example with 'git checkout'."
    try:
        content = safe_files.content(file)
    except FileNotFoundError:
        raise EvidenceError(Fault(file, "the file is missing", restore)) from None
    except OSError as fault:
        problem = f"the file cannot be read: {fault.strerror}"
        raise EvidenceError(Fault(file, problem, safe_files.advice(fault))) from None
    if not content.strip():
        raise EvidenceError(Fault(file, "the file is empty", restore))
    if content.startswith(b"\xef\xbb\xbf"):
        problem = "the file starts with a byte order mark"
        raise EvidenceError(Fault(file, problem, "Save it as UTF-8 without BOM.", row=1))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        row = content[: fault.start].count(b"\n") + 1
        found = repr(content[fault.start : fault.end])
        raise EvidenceError(Fault(file, "the file is not UTF-8", "Save it as UTF-8.", row=row, value=found)) from None


def _columns(resource: Resource) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"]]


def _rows_below_header(file: Path, text: str, resource: Resource) -> Rows:
    """Return the rows of a table below its header, which has to be as described."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if header_fault := _header_fault(file, next(reader), _columns(resource)):
            raise EvidenceError(header_fault)
        return list(reader)
    except csv.Error as fault:
        remedy = "Check its quotation marks, and save it with ordinary line ends."
        raise EvidenceError(Fault(file, f"not valid CSV: {fault}", remedy, row=reader.line_num)) from None


def _header_fault(file: Path, header: list[str], expected: list[str]) -> Fault | None:
    """Return what is wrong with a header, None if it is as expected."""
    if header == expected:
        return None
    if len(header) == 1 and header[0].count(";") >= len(expected) - 1:
        return Fault(file, "columns are separated by semicolons", "Save it with commas.", row=1, value=header[0])
    missing = ", ".join(name for name in expected if name not in header)
    unexpected = ", ".join(name for name in header if name not in expected)
    problems = [f"missing column {missing}"] * bool(missing) + [f"unexpected column {unexpected}"] * bool(unexpected)
    problem = "; ".join(problems) or "the columns are in another order, or one appears twice"
    remedy = f"The header has to be: {','.join(expected)}"
    return Fault(file, problem, remedy, row=1, field=missing or None, value=",".join(header)[:200])


def _cell_faults(file: Path, rows: Rows, resource: Resource, may_be_empty: Sequence[str]) -> Iterator[Fault]:
    """Yield the rows that are blank or do not have a cell for each column, or that there are no rows."""
    width = len(_columns(resource))
    if not rows and resource["name"] not in may_be_empty:
        yield Fault(file, "the table has a header and no rows", "Restore them, for example with 'git checkout'.")
    for number, row in enumerate(rows, start=2):
        if not any(row):
            yield Fault(file, "the row is blank", "Remove it.", number)
        elif len(row) != width:
            amount = "more" if len(row) > width else "fewer"
            remedy = "Check its commas, and put quotation marks around a cell that contains any."
            yield Fault(file, f"the row has {amount} cells than the header", remedy, number, value=row[0])


# --- the schemas and types


def _check_schemas(
    folder: Path, resources: Mapping[str, Resource], files: Mapping[str, Path], texts: Mapping[str, str]
) -> None:
    """Raise InvalidEvidenceError for tables that do not follow their schemas, unless they are known to do so."""
    bare = _bared(resources)
    if checked_tables.known(folder, digest := checked_tables.digest(bare, texts)):
        return
    raise_if_any(InvalidEvidenceError, schema_faults(folder, resources, files))
    # frictionless read the files again: what it has checked is what we have read only if that is still there.
    if {name: _text(file) for name, file in files.items()} == texts:
        checked_tables.record(folder, digest)


def _bared(resources: Mapping[str, Resource]) -> dict[str, Any]:
    """Return the description that frictionless is given: paths and schemas alone."""
    return {"resources": [_bare(resource) for resource in resources.values()]}


def schema_faults(folder: Path, resources: Mapping[str, Resource], files: Mapping[str, Path]) -> Iterator[Fault]:
    """Yield what frictionless finds against the Table Schema of each resource, whose path has to be checked before.

    `resources` are found below `folder`; `files` are their names in messages.
    """
    from frictionless import FrictionlessException, Package, system

    file, bare = folder / DESCRIPTION, _bared(resources)
    try:
        # The paths have been checked: frictionless may follow them, wherever the folder is.
        with system.use_context(trusted=True), time_limit.within(SECONDS):
            report = Package.from_descriptor(bare, basepath=str(folder)).validate()
    except (FrictionlessException, KeyError, TypeError, ValueError, AttributeError, re.error) as fault:
        yield _malformed(file, f"the tables cannot be validated by it ({fault})")
        return
    except time_limit.TakesTooLongError:
        remedy = "Look for a pattern that repeats what it repeats, like (a+)+, and write a simpler one."
        yield Fault(file, f"the tables could not be validated by it within {SECONDS:g} seconds", remedy)
        return
    for error in report.errors:
        yield _malformed(file, error.message)
    for task in report.tasks:
        reported: set[tuple[int, str]] = set()
        for found in (error.to_dict() for error in task.errors):
            # A key of several fields cannot be right where one of them is wrong already.
            places = {(found.get("rowNumber", 0), name) for name in found.get("fieldNames", [])}
            if not places & reported:
                yield _schema_fault(files[task.name], resources[task.name]["schema"], found)
            reported |= places


def _bare(resource: Resource) -> Resource:
    """Return what a resource says of its table, without all else that frictionless would follow or fetch."""
    schema = {key: value for key, value in resource["schema"].items() if key in _SCHEMA}
    kind = {"type": "table", "scheme": "file", "format": "csv", "encoding": "utf-8"}
    return {"name": resource["name"], "path": resource["path"], **kind, "schema": schema}


def _schema_fault(file: Path, schema: dict[str, Any], found: dict[str, Any]) -> Fault:
    """Put a fault that frictionless found into our words."""
    row, kind = found.get("rowNumber"), found["type"]
    if kind in ("type-error", "constraint-error"):
        name, cell = found["fieldName"], found["cell"]
        field = next(field for field in schema["fields"] if field["name"] == name)
        return Fault(file, "the value does not fit", f"Expected: {_expected(field)}", row, name, cell)
    if kind == "foreign-key":
        names, target = ", ".join(found["fieldNames"]), found["referenceName"]
        cells = ", ".join(str(cell) for cell in found["fieldCells"])
        remedy = f"Use a row of {target}, or add this one there."
        return Fault(file, f"table {target} has no such row", remedy, row, names, cells)
    if kind == "primary-key":
        key, columns = schema["primaryKey"], [field["name"] for field in schema["fields"]]
        cells = ", ".join(str(found["cells"][columns.index(name)]) for name in key)
        remedy = "Remove one of the two or rename it."
        return Fault(file, "an earlier row has the same key", remedy, row, ", ".join(key), cells)
    return Fault(file, found["message"], "Correct this place.", row, found.get("fieldName"), found.get("cell"))


def _expected(field: dict[str, Any]) -> str:
    constraints = field.get("constraints", {})
    parts = [
        field["type"],
        *(["not empty"] if constraints.get("required") else []),
        *(["not used twice"] if constraints.get("unique") else []),
        *([f"one of {', '.join(map(str, constraints['enum']))}"] if "enum" in constraints else []),
        *([f"of the form {constraints['pattern']}"] if "pattern" in constraints else []),
        *([f"at least {constraints['minimum']}"] if "minimum" in constraints else []),
    ]
    return f"{'; '.join(parts)}. {field.get('description', '')}".rstrip()


def _typed(file: Path, rows: Rows, resource: Resource) -> pd.DataFrame:
    """Return a table as text, with the integer and boolean fields of its schema converted."""
    table = pd.DataFrame(rows, columns=_columns(resource), dtype=str)
    for name, kind in ((field["name"], field["type"]) for field in resource["schema"]["fields"]):
        if kind == "boolean":
            table[name] = table[name].isin(["true", "True", "TRUE", "1"])
        elif kind == "integer":
            try:
                table[name] = table[name].astype("int64")
            except (ValueError, OverflowError) as fault:
                problem = f"a number cannot be read ({fault})"
                raise EvidenceError(Fault(file, problem, "Write it in digits.", field=name)) from None
    return table


# --- the facts of the study


def _study(file: Path, package: dict[str, Any], has_coders: bool) -> Study:
    """Return the facts of a study; it has the title of the package where it has none of its own."""
    try:
        facts = {"title": package.get("title", ""), **package["study"]}
        for problem in (*_fact_problems(facts), *_record_problems(facts["codingOfRecord"], has_coders)):
            raise ValueError(problem)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise EvidenceError(_malformed(file, f"the member 'study' is incomplete or malformed ({fault})")) from None
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


def _fact_problems(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the facts of a study, its coding of record apart."""
    kinds = {"title": (str, "a text"), "article": (dict, "an object"), "simulated": (bool, "true or false")}
    for name, (kind, expected) in kinds.items():
        if name in facts and not isinstance(facts[name], kind):
            yield f"{name} has to be {expected}"
    for name in ("interviews", "interviewees"):
        if name in facts and (type(facts[name]) is not int or facts[name] < 1):
            yield f"{name} has to be a number of at least one"
    months = [facts[name] for name in ("interviewsFrom", "interviewsTo") if name in facts]
    if len(months) == 1 or not all(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) for month in months):
        yield "interviewsFrom and interviewsTo have to be months like 2017-04"
    if article := facts.get("article"):
        if not _is_cited(article):
            yield "article has to have authors (a list of names), title, doi (texts) and year (a number)"
        if not ("interviews" in facts and months):
            yield "the study of an article says how many interviews it had, from when to when"
    yield from origin.problems(facts.get("importedFrom", {}))


def _record_problems(coding_of_record: dict[str, Any], has_coders: bool) -> Iterator[str]:
    for coders in coding_of_record.values():
        if not isinstance(coders, list) or (has_coders and not coders):
            yield "codingOfRecord has to list coders for each facet"
        elif not all(isinstance(coder, str) for coder in coders):
            yield "codingOfRecord has to name each coder by a text"


def _is_cited(article: Any) -> bool:
    """Say whether an article has what a citation of it needs."""
    names = article.get("authors") if isinstance(article, dict) else None
    texts = [*names, article.get("title"), article.get("doi")] if isinstance(names, list) and names else [None]
    return all(isinstance(text, str) and text.strip() for text in texts) and type(article.get("year")) is int


# --- the rules


def check(evidence: Evidence, folder: Path = paths.DATA) -> None:
    """Check evidence against the rules that span rows and tables; raise EvidenceError for the first one broken."""
    raise_if_any(InvalidEvidenceError, rules.broken(evidence, folder))
