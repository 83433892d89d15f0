"""Changes of the evidence and of derived values, one at a time, each with the tables that it moves.

What nothing is computed from is left alone: reasons, titles, descriptions, and the citation of the article, which a
test holds equal to CITATION.cff. A constraint is made wrong and not taken away, since the data keep it in either case.
"""

import copy
import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
from moved_tables import REFUSED, committed, moved, moved_by_claim, moved_by_coding, moved_by_step

from analysis.reanalysis import derived
from analysis.study import code_tree, loading, rules
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import CompendiumError

# What a change comes to: the tables that moved, REFUSED, or nothing where nothing noticed.
Change = Callable[[], tuple[str, ...]]
Changes = Iterator[tuple[str, Change]]
Path_ = tuple[str | int, ...]  # of a value in JSON: names and places
#: Arguments that a claim could do without: no reading puts a passage where they look, and the rest is counted the same.
SPARE: set[tuple[str, Path_]] = {("C57", ("than_columns", 0)), ("C57", ("than_columns", 1))}


def of_codings(study: Evidence) -> Changes:
    """Yield a name and a change for each code, role and stance of each row of codings.csv."""
    coding: Any
    for row, coding in enumerate(study.codings.itertuples()):
        codes = code_tree.in_tree_order(study.codes, coding.facet)
        # The next code of the tree: the nearest, and so the one most easily missed.
        others = [("code_id", following(coding.code_id, codes))]
        others += [("role", "alternative" if coding.role == "primary" else "primary")]
        others += [("stance", stance) for stance in ("supports", "counters", "context") if stance != coding.stance]
        for field, value in others:
            name = f"codings.csv row {row + 2}, {coding.extract_id} by {coding.coder_id}: {field} {value}"
            yield name, partial(_effect_of_coding, study, row, field, value)


def following(one: str, several: list[str]) -> str:
    """Return the one after another, in a circle."""
    return several[(several.index(one) + 1) % len(several)]


def _effect_of_coding(study: Evidence, row: int, field: str, value: str) -> tuple[str, ...]:
    codings = study.codings.copy()
    codings.loc[row, field] = value
    changed = replace(study, codings=codings)
    key = ["extract_id", "coder_id", "facet", "code_id"]
    if bool(codings.duplicated(key).any()) or next(rules.broken(changed, paths.DATA), None):
        return REFUSED
    extract, facet, coder = (cell(codings, row, field) for field in ("extract_id", "facet", "coder_id"))
    return moved_by_coding(changed, extract, facet, coder in study.study.coding_of_record[facet])


def cell(table: pd.DataFrame, row: int, field: str) -> str:
    """Return a cell of a table of texts."""
    return str(table.at[row, field])


def of_links(study: Evidence) -> Changes:
    """Yield a name and a change for the bearing of each link between a claim and a passage, and for its loss."""
    for row, link in enumerate(study.claim_evidence.itertuples()):
        name = f"claim_evidence.csv row {row + 2}, {link.claim_id} and {link.extract_id}"
        yield f"{name}: lost", partial(_effect_of_link, study, row, None)
        for bearing in ("illustrates", "counters", "context"):
            if bearing != link.bearing:
                yield f"{name}: {bearing}", partial(_effect_of_link, study, row, bearing)


def _effect_of_link(study: Evidence, row: int, bearing: str | None) -> tuple[str, ...]:
    changed = replace(study, claim_evidence=_with_cell(study.claim_evidence, row, "bearing", bearing))
    return moved_by_claim(changed, cell(study.claim_evidence, row, "claim_id"))


def _with_cell(table: pd.DataFrame, row: int, field: str, value: str | None) -> pd.DataFrame:
    """Return a table with another value in a cell, or, for None, without this row."""
    if value is None:
        return table.drop(index=row).reset_index(drop=True)
    table = table.copy()
    table.loc[row, field] = value
    return table


def of_model(study: Evidence) -> Changes:
    """Yield a name and a change for the ends and the claim of each row of model.csv, and for its loss."""
    ends = [code for facet in ("power", "stage") for code in code_tree.codes_at(study.codes, facet)]
    known = {"source": ends, "target": ends, "claim_id": study.claims["claim_id"].tolist()}
    for row in range(len(study.model)):
        yield f"model.csv row {row + 2}: lost", partial(_effect_of_step, study, row, "source", None)
        for field, values in known.items():
            value = following(cell(study.model, row, field), values)
            yield f"model.csv row {row + 2}: {field} {value}", partial(_effect_of_step, study, row, field, value)


def _effect_of_step(study: Evidence, row: int, field: str, value: str | None) -> tuple[str, ...]:
    model = _with_cell(study.model, row, field, value)
    if bool(model.duplicated(["source", "target", "claim_id"]).any()):
        return REFUSED
    tables = [study.model, *([] if value is None else [model])]
    ends = {(cell(table, row, "source"), cell(table, row, "target")) for table in tables}
    return moved_by_step(replace(study, model=model), ends)


def of_arguments(study: Evidence) -> Changes:
    """Yield a name and a change for each value in the column `args` of claims.csv, and for its loss."""
    arguments = [json.loads(text) for text in study.claims["args"]]
    used: dict[str, list[str]] = {}  # the texts that an argument has in some claim
    for name, value in (pair for given in arguments for pair in given.items()):
        used[name] = sorted({*used.get(name, []), *(one for _, one in leaves(value) if isinstance(one, str))})
    for row, given in enumerate(arguments):
        for path, value in leaves(given):
            claim = cell(study.claims, row, "claim_id")
            name = f"claims.csv row {row + 2}, {claim}: {'/'.join(map(str, path))}"
            if (claim, path) not in SPARE:
                yield f"{name} lost", partial(effect_of_arguments, study, row, without(given, path))
            others = [one for one in used[str(path[0])] if one not in json.dumps(given[path[0]])]
            for other in (value + 1, str(value)) if isinstance(value, int) else (*others[:1], f"{value}x", 1):
                yield f"{name} {other!r}", partial(effect_of_arguments, study, row, with_value(given, path, other))


def effect_of_arguments(study: Evidence, row: int, given: dict[str, Any]) -> tuple[str, ...]:
    changed = replace(study, claims=_with_cell(study.claims, row, "args", json.dumps(given)))
    return moved_by_claim(changed, cell(study.claims, row, "claim_id"))


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield each value of JSON that is no list or object, with the way to it."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, name))
    else:
        yield path, value


def without(value: Any, path: Path_) -> Any:
    """Return JSON without one of its values."""
    changed = copy.deepcopy(value)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def with_value(value: Any, path: Path_, other: Any) -> Any:
    """Return JSON with another of its values."""
    changed = copy.deepcopy(value)
    _at(changed, path[:-1])[path[-1]] = other
    return changed


def _at(value: Any, path: Path_) -> Any:
    for name in path:
        value = value[name]
    return value


def of_description() -> Changes:
    """Yield a name and a change for each fact of datapackage.json that the study is read by."""
    described = json.loads((paths.DATA / loading.DESCRIPTION).read_text(encoding="utf-8"))
    for path, other in (*_facts(described["study"]), *_resources(described["resources"])):
        place = "/".join(map(str, path))
        if other is None:
            yield f"datapackage.json, {place}: lost", partial(_effect_of_description, without(described, path))
        else:
            changed = with_value(described, path, other)
            yield f"datapackage.json, {place}: {other}", partial(_effect_of_description, changed)


def _facts(study: dict[str, Any]) -> Iterator[tuple[Path_, Any]]:
    """Yield the way to each fact of a study with another value, None for its loss."""
    for name in study:
        yield ("study", name), None
    for name in ("interviews", "interviewsFrom", "interviewsTo"):
        later = study[name] + 1 if name == "interviews" else f"{study[name][:-1]}{int(study[name][-1]) - 1}"
        yield ("study", name), later
    for facet, coders in study["codingOfRecord"].items():
        yield ("study", "codingOfRecord", facet), None
        yield ("study", "codingOfRecord", facet), ["reader-a"]
        yield ("study", "codingOfRecord", facet), [*coders, "nobody"]


def _resources(resources: list[dict[str, Any]]) -> Iterator[tuple[Path_, Any]]:
    """Yield the way to each fact of the tables that the study is read by, with a wrong value, None for its loss."""
    for number, resource in enumerate(resources):
        if resource["name"] not in loading.COLUMNS | loading.CLAIM_COLUMNS:
            continue
        here: Path_ = ("resources", number)
        yield from ((here, None), ((*here, "name"), "other"), ((*here, "path"), resources[number - 1]["path"]))
        keys = resource["schema"].get("foreignKeys", [])
        for place, key in enumerate(keys):
            reference = (*here, "schema", "foreignKeys", place, "reference")
            yield (*reference, "resource"), "other"
            yield (*reference, "fields", len(key["fields"]) - 1), "other"
        yield (*here, "schema", "primaryKey"), ["other"]
        for place, field in enumerate(resource["schema"]["fields"]):
            at = (*here, "schema", "fields", place)
            yield from ((at, None), ((*at, "name"), "other"), ((*at, "type"), "date"))
            for constraint, value in field.get("constraints", {}).items():
                wrong = {"pattern": "[^ -~]+", "minimum": 10**6, "enum": ["other"]}.get(constraint)
                if wrong:
                    yield (*at, "constraints", constraint), wrong
                if constraint == "enum":
                    yield (*at, "constraints", "enum"), value[1:]


def _effect_of_description(described: dict[str, Any]) -> tuple[str, ...]:
    package = _copied_package()
    (package / loading.DESCRIPTION).write_text(json.dumps(described), encoding="utf-8")
    try:
        changed = loading.load(package)
    except CompendiumError:
        return REFUSED
    if _same(changed, _as_loaded()):
        return ()
    return moved(changed)


@cache
def _copied_package() -> Path:
    """Return a copy of the evidence of which this process may change the description."""
    folder = Path(tempfile.mkdtemp(prefix="mutate-"))
    shutil.copytree(paths.DATA / "evidence", folder / "evidence")
    return folder


@cache
def _as_loaded() -> Evidence:
    return loading.load()


def _same(one: Evidence, other: Evidence) -> bool:
    """Say whether two studies have the same facts and tables."""
    tables = [field.name for field in fields(Evidence) if field.name != "study"]
    return one.study == other.study and all(getattr(one, name).equals(getattr(other, name)) for name in tables)


def of_values() -> Changes:
    """Yield a name and a change for each value of each derived table."""
    for table, content in committed().items():
        header, *rows = csv.reader(io.StringIO(content))
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                other = str(int(value) + 1) if value.isdecimal() else value + "x"
                name = f"{table}.csv row {number + 2}, {header[place]}: {other}"
                yield name, partial(_effect_of_value, table, header, row, place, other)


def _effect_of_value(table: str, header: list[str], row: list[str], place: int, value: str) -> tuple[str, ...]:
    changed = [*row[:place], value, *row[place + 1 :]]
    # The row and the header suffice: rows are compared one by one.
    noticed = derived.table_differences(f"{table}.csv", _csv(header, changed), _csv(header, row))
    return (table,) if noticed else ()


def _csv(*rows: list[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
