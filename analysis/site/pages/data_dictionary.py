"""The dictionary of the data: every table with its key and each of its fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.display.html_elements import facts, heading, row, table, text
from analysis.site.files import downloads
from analysis.study.evidence import Evidence


def tables_of_evidence(evidence: Evidence) -> str:
    """Return a section for each table of evidence: who made it, what a row is known by, where it leads, its fields."""
    return _tables(evidence, downloads.EVIDENCE, "Made by")


def derived_tables(evidence: Evidence) -> str:
    """Return the same for each derived table, with the coders from whose work it is computed."""
    return _tables(evidence, downloads.DERIVED, "Computed from the work of")


def _tables(evidence: Evidence, kind: str, by: str) -> str:
    coders = evidence.coders[["coder_id", "kind"]].to_numpy().tolist()
    kinds = {coder: kind.replace("-", " ") for coder, kind in coders}
    return "".join(_table(resource, kinds, by) for resource in downloads.resources(kind))


def _table(resource: Mapping[str, Any], kinds: Mapping[str, str], by: str) -> str:
    name, schema = resource["name"], resource["schema"]
    rows = [
        (
            f"<code>{text(field['name'])}</code>",
            text(field["type"]),
            "; ".join(_constraints(field.get("constraints", {}))),
            text(field["description"]),
        )
        for field in schema["fields"]
    ]
    ids = [f"{name}.{field['name']}" for field in schema["fields"]]
    keys = (
        f"{_columns(key['fields'])} → {_columns(key['reference']['fields'])} of "
        f'<a href="#table-{text(key["reference"]["resource"])}">{text(key["reference"]["resource"])}</a>'
        for key in schema.get("foreignKeys", [])
    )
    return (
        heading(3, resource["title"], f"table-{name}")
        + f"<p>{text(resource['description'])}</p>"
        + facts(
            (
                ("File", f"<code>{text(resource['path'])}</code>"),
                (by, ", ".join(f"{text(coder)} ({text(kinds[coder])})" for coder in resource["madeBy"])),
                ("Key", _columns(schema["primaryKey"])),
                ("Leads to", "; ".join(keys)),
            )
        )
        + table(f"Fields of {name}", ("Field", "Type", "Has to be", "What it says"), map(row, rows, ids))
    )


def _columns(names: Any) -> str:
    return ", ".join(f"<code>{text(name)}</code>" for name in names)


def _constraints(constraints: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a field has to be, in words."""
    if constraints.get("required"):
        yield "there"
    if constraints.get("unique"):
        yield "used once"
    if "enum" in constraints:
        yield "one of " + ", ".join(f"<code>{text(value)}</code>" for value in constraints["enum"])
    if "pattern" in constraints:
        yield f"of the form <code>{text(constraints['pattern'])}</code>"
    if "minimum" in constraints:
        yield f"at least {constraints['minimum']}"
    if "maximum" in constraints:
        yield f"at most {constraints['maximum']}"
