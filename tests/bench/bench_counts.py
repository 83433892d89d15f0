"""Time and memory of counting 10,000,000 passages in three units, beside each engine's own group-by, on simulated lines.

Run from the checkout: `python tests/bench/bench_counts.py`. Each case has a process of its own, so that its peak memory is
its own; the last line of each block is that of the lines alone. An engine's *bare group-by* counts distinct units in
the cells only, and the tally has all margins, too; so group-bys that give the same places are timed as well, and have to
find the same numbers. Lines are simulated anew from a seed and saved nowhere.
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from bench_agreement import Measured, memory, report

sys.path.insert(0, str(Path(__file__).parents[2]))  # where `analysis` is, when run as a script

from analysis.counting import tallies
from analysis.counting.tallies import REGIONS, Region
from analysis.study.vocabulary import ALL, APART, UNITS

PASSAGES = 10_000_000
REPEATED = 0.05  # share of passages that repeat the statement of another
PASSAGES_OF_ONE = 200  # passages of an interviewee
CATEGORIES = "numbers, labels as categories"


def simulated_lines(kind: str) -> pd.DataFrame:
    """Simulate a position for each passage: 6 rows, 4 columns and those apart; units as numbers or as text."""
    chance = np.random.default_rng(1)
    rows = [f"simulated-{n}" for n in range(6)]
    columns = [*(f"simulated-{n}" for n in range(4)), *APART]
    passage = np.arange(PASSAGES)
    repeats = chance.random(PASSAGES) < REPEATED
    table = pd.DataFrame(
        {
            "row": pd.Categorical.from_codes(chance.integers(0, len(rows), PASSAGES, dtype=np.int8), rows),
            "column": pd.Categorical.from_codes(chance.integers(0, len(columns), PASSAGES, dtype=np.int8), columns),
            "passage": passage,
            "statement": np.where(repeats, chance.integers(0, PASSAGES, PASSAGES), passage),
            "interviewee": chance.integers(0, PASSAGES // PASSAGES_OF_ONE, PASSAGES),
        }
    )
    if kind == CATEGORIES:
        return table
    return table.astype(dict.fromkeys(table if kind == "text" else ["row", "column"], str))


def in_polars(table: pd.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({name: table[name].to_numpy() for name in table})


def in_duckdb(table: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("simulated", table)
    connection.execute("CREATE TABLE lines AS SELECT * FROM simulated")
    connection.unregister("simulated")
    return connection.table("lines")


# --- an engine's own group-by for one region of the table


def by_pandas(frame: pd.DataFrame, region: Region) -> pd.DataFrame:
    row, column = frame["row"], frame["column"]
    if region.all_rows:
        row = pd.Series(ALL, index=frame.index)
    if region.all_columns:
        column = column.astype(str).where(column.isin(APART), ALL)
    return frame.groupby([row, column], observed=True)[list(UNITS)].nunique().reset_index()


def by_polars(frame: pl.DataFrame, region: Region) -> pd.DataFrame:
    column = pl.when(pl.col("column").is_in(APART)).then("column").otherwise(pl.lit(ALL))
    placed = frame.lazy().select(
        (pl.lit(ALL) if region.all_rows else pl.col("row")).alias("row"),
        (column if region.all_columns else pl.col("column")).alias("column"),
        *UNITS,
    )
    found = placed.group_by("row", "column").agg(pl.col(*UNITS).n_unique()).collect()
    return pd.DataFrame(found.to_dict(as_series=False))


def by_duckdb(frame: duckdb.DuckDBPyRelation, region: Region) -> pd.DataFrame:
    row = f"'{ALL}'" if region.all_rows else '"row"'
    column = f"""CASE WHEN "column" IN {APART} THEN "column" ELSE '{ALL}' END""" if region.all_columns else '"column"'
    counts = ", ".join(f"count(DISTINCT {unit}) AS {unit}" for unit in UNITS)
    return frame.aggregate(f'{row} AS "row", {column} AS "column", {counts}', f"{row}, {column}").df()


ENGINES: dict[str, tuple[Callable[[pd.DataFrame], Any], Callable[[Any, Region], pd.DataFrame]]] = {
    "pandas": (lambda table: table, by_pandas),
    "Polars": (in_polars, by_polars),
    "DuckDB": (in_duckdb, by_duckdb),
}


# --- cases


def timed(engine: str, kind: str, call: Callable[[Any], int], summary: str, runs: int = 3) -> Measured:
    """Return the fastest of some runs, and the processor time of that run."""
    frame = ENGINES[engine][0](simulated_lines(kind))
    times = []
    for _ in range(runs):
        start, started = time.perf_counter(), time.process_time()
        total = call(frame)
        times.append((time.perf_counter() - start, time.process_time() - started))
    seconds, processor = min(times)
    return Measured(seconds, memory(), f"{summary} ({processor:.1f} s of processors; counts add up to {total:,})")


def tally(frame: Any) -> int:
    return int(tallies.tally(frame)["count"].sum())


def cells_only(frame: Any) -> int:
    return int(tallies.distinct(frame)["count"].sum())


def group_bys(frame: Any, engine: str, regions: Sequence[Region]) -> int:
    tables = pd.concat([ENGINES[engine][1](frame, region) for region in regions])
    return int(tables.drop_duplicates(["row", "column"])[list(UNITS)].to_numpy().sum())


def lines_alone(engine: str, kind: str) -> Measured:
    frame = ENGINES[engine][0](simulated_lines(kind))
    return Measured(0, memory(), f"the packages and {PASSAGES:,} simulated lines in memory ({type(frame).__name__})")


def main() -> None:
    for kind in ("numbers", CATEGORIES, "text"):
        for engine in ENGINES if kind != CATEGORIES else ["pandas"]:
            bare, places = (partial(group_bys, engine=engine, regions=regions) for regions in (REGIONS[:1], REGIONS))
            report(
                f"{PASSAGES:,} passages in three units, {engine}, units as {kind} (memory over the last line)",
                [
                    partial(timed, engine, kind, tally, "this package, cells and margins"),
                    partial(timed, engine, kind, cells_only, "this package, cells only"),
                    partial(timed, engine, kind, bare, "bare group-by, cells only"),
                    partial(timed, engine, kind, places, "group-bys for the same cells and margins", runs=1),
                    partial(lines_alone, engine, kind),
                ],
            )


if __name__ == "__main__":
    main()
