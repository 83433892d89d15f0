"""Time and memory of counting 100,000,000 simulated codings, in partitions of Parquet, on every engine.

Run from the checkout: `python tests/bench/bench_large_archive.py`; `--codings 1000000` tries it on fewer, `--record` writes
what was measured into docs/methods/large_archives.json, from which the page takes its table. Spark needs pyspark,
pyarrow and a Java. The archive is simulated into a folder that is removed afterwards, `--below` says where. Each engine has
a process of its own; its memory is the most that this and its children, such as Spark's Java, held at once, and its
processor time what all of them used, asked ten times a second. The engine with the first answer says what the others
have to find.
"""

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))  # where `analysis` is, when run as a script
sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

import simulated_archive

from analysis.counting.tallies import tally
from analysis.support import atomic_writes

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "methods" / "large_archives.json"
PARTS = 20
PROCESSORS, MEMORY = 2, "4GB"  # what DuckDB and Spark may use; DuckDB and Spark write the rest to the disk
PACKAGES = ("duckdb", "polars", "pandas", "pyspark", "narwhals")


def in_duckdb(files: str, folder: str) -> Any:
    settings = {"threads": PROCESSORS, "memory_limit": MEMORY, "temp_directory": folder}
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = false")
    return connection.read_parquet(files, hive_partitioning=True)


def in_spark(files: str, folder: str) -> Any:
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    for name, value in {
        "spark.driver.memory": MEMORY.removesuffix("B").lower(),
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    session = builder.master(f"local[{PROCESSORS}]").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session.read.parquet(str(Path(files).parents[1]))


def in_polars(files: str, _: str) -> Any:
    import polars as pl

    return pl.scan_parquet(files, hive_partitioning=True)


def in_pandas(files: str, folder: str) -> Any:
    lines = in_duckdb(files, folder)
    names = {name: sorted(lines.unique(f'"{name}"').df()[name]) for name in ("row", "column")}
    cast = ", ".join(f'"{name}"::ENUM({str(found)[1:-1]}) AS "{name}"' for name, found in names.items())
    return lines.project(f"{cast}, passage, statement, interviewee").df()


ENGINES: dict[str, Callable[[str, str], Any]] = {
    "DuckDB": in_duckdb,
    "Spark": in_spark,
    "Polars": in_polars,
    "pandas": in_pandas,
}


def counted(engine: str, files: str, folder: str, answer: Any) -> None:
    """Count the archive by one engine, and hand over the time from the first import on, and the counts."""
    start = time.perf_counter()
    found = tally(ENGINES[engine](files, folder))
    answer.send((time.perf_counter() - start, found))


class Measured(NamedTuple):
    """What one engine took, of which memory is in bytes, and what it found."""

    seconds: float
    of_processors: float
    memory: int
    counts: pd.DataFrame


def measured(engine: str, files: str, folder: str) -> Measured:
    spawned = multiprocessing.get_context("spawn")
    mine, theirs = spawned.Pipe()
    process = spawned.Process(target=partial(counted, engine, files, folder, theirs))
    process.start()
    memory, of_processors = 0, 0.0
    while not mine.poll(0.1):
        if not process.is_alive():
            sys.exit(f"{engine}: no answer (exit code {process.exitcode}). What it says is above.")
        held, used = _now(process.pid)
        memory, of_processors = max(memory, held), max(of_processors, used)
    seconds, found = mine.recv()
    process.join()
    return Measured(seconds, of_processors, memory, found)


def _now(pid: int | None) -> tuple[int, float]:
    """Return the memory that a process and its children hold, in bytes, and the processor time they have used."""
    memory, used = 0, 0.0
    for one in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            memory += one.memory_info().rss
            used += sum(one.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return memory, used


def machine() -> dict[str, Any]:
    """Return on what is measured, without a name of the machine."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "packages": packages,
    }


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--codings", type=int, default=100_000_000)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--below", type=Path, help="where the archive is simulated")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.relative_to(ROOT)}")
    return parser.parse_args()


def main() -> None:
    options = asked()
    with tempfile.TemporaryDirectory(dir=options.below) as folder:
        files = simulated_archive.write(Path(folder) / "simulated", options.codings, PARTS)
        stored = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
        print(f"{options.codings:,} simulated codings in {PARTS} partitions, {stored / 2**20:,.0f} MiB", flush=True)
        results: list[dict[str, Any]] = []
        expected: pd.DataFrame | None = None
        for engine in options.engines:
            took = measured(engine, files, folder)
            expected = took.counts if expected is None else expected
            pd.testing.assert_frame_equal(took.counts, expected)
            result = {
                "engine": engine,
                "seconds": round(took.seconds, 1),
                "processor_seconds": round(took.of_processors, 1),
                "peak_mib": round(took.memory / 2**20),
                "other_programs": round(max(0, os.getloadavg()[2] - PROCESSORS), 1),
            }
            print(f"{json.dumps(result)}: counts equal", flush=True)
            results.append(result)
            if options.record:
                atomic_writes.write_text(RECORD, json.dumps(record(options.codings, stored, results), indent=2) + "\n")


def record(codings: int, stored: int, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what was measured, how, when and on what."""
    return {
        "simulated": True,
        "measured_by": "python tests/bench/bench_large_archive.py --record",
        "measured_on": datetime.now(UTC).date().isoformat(),
        "codings": codings,
        "partitions": PARTS,
        "stored_mib": round(stored / 2**20),
        "allowed": {"processors": PROCESSORS, "memory": MEMORY, "to": ["DuckDB", "Spark"]},
        "machine": machine(),
        "results": results,
    }


if __name__ == "__main__":
    main()
