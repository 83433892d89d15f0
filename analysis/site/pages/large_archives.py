"""How long, and in how much memory, each engine counted a large simulated archive: as a bench recorded it."""

import json
from typing import Any

from analysis.display.html_elements import row, table, text
from analysis.site.files import stored_files
from analysis.support import paths

RECORD = paths.ROOT / "docs" / "methods" / "large_archives.json"


def measured() -> str:
    """Return what was measured as a table, and below it how, when and on what."""
    record: dict[str, Any] = json.loads(stored_files.text(RECORD))
    rows = [
        row(
            [
                text(one["engine"]),
                f"{one['peak_mib'] / 1024:.1f}",
                f"{one['processor_seconds']:,.0f}",
                f"{one['seconds']:,.0f}",
                f"{one['other_programs']:.0f}",
            ],
            kinds=["number"] * 4,
        )
        for one in record["results"]
    ]
    heads = ("Engine", "Memory, GiB", "Processor time, s", "Time that passed, s", "Programs that ran beside it")
    caption = f"Counting {record['codings']:,} simulated codings: three units, all cells and margins"
    return f"{table(caption, heads, rows, ['', *['number'] * 4])}\n<p>{text(_how(record))}</p>"


def _how(record: dict[str, Any]) -> str:
    machine, allowed = record["machine"], record["allowed"]
    engines = [one["engine"] for one in record["results"]]
    lacking = [name for name in ("DuckDB", "Spark", "Polars", "pandas") if name not in engines]
    found = " All found the same counts." if len(engines) > 1 else ""
    found += f" At this size not measured yet: {', '.join(lacking)}." if lacking else ""
    versions = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"Simulated data, {record['partitions']} partitions of Parquet, {record['stored_mib']:,} MiB. "
        f"Measured once, on {record['measured_on']}, by {record['measured_by']}, on {machine['processors']} processors "
        f"and {machine['memory_gib']} GiB ({machine['system']}, Python {machine['python']}; {versions}). "
        f"{' and '.join(allowed['to'])} were allowed {allowed['memory']} and {allowed['processors']} processors. "
        "Memory is the most that the process and its children held. Other programs ran on the machine, so look at "
        f"processor time, not at the time that passed.{found}"
    )
