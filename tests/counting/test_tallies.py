"""Tallies: the same counts from every engine, equal to a loop over sets, with margins that are no sums."""

import importlib.util
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
import simulated_archive
from example_counts import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counting import tallies
from analysis.counting.tallies import Region, TallyError, distinct, tally
from analysis.study.vocabulary import ALL, CONTEXT, COUNTERS, UNITS

Lines = list[tuple[str, str, str, str, str | None]]  # row, column, passage, statement, interviewee
NAMES = ["row", "column", *UNITS]

SMALL: Lines = [
    ("a", "early", "T01", "T01", "P01"),
    ("a", "late", "T02", "T02", "P01"),
    ("b", "early", "T02", "T02", "P01"),  # two codes of one passage
    ("b", "early", "T03", "T01", "P02"),  # the statement of T01 again
    ("b", COUNTERS, "T04", "T04", "P02"),
    ("b", CONTEXT, "T05", "T05", None),  # a document
]


def in_pandas(lines: Lines) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=NAMES)


def in_categories(lines: Lines) -> pd.DataFrame:
    return in_pandas(lines).astype("category")


def in_polars(lines: Lines) -> pl.DataFrame:
    return pl.DataFrame(lines, schema=dict.fromkeys(NAMES, pl.String), orient="row")


def in_lazy_polars(lines: Lines) -> pl.LazyFrame:
    return in_polars(lines).lazy()


def in_duckdb(lines: Lines) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    connection.execute('CREATE TABLE lines ("row" TEXT, "column" TEXT, passage TEXT, statement TEXT, interviewee TEXT)')
    if lines:
        connection.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", lines)
    return connection.table("lines")


ENGINES = [in_pandas, in_categories, in_polars, in_lazy_polars, in_duckdb]


def places(row: str, column: str) -> list[tuple[str, str]]:
    """The cell and the margins in which a position counts, written out."""
    if column in (COUNTERS, CONTEXT):
        return [(row, column), (ALL, column)]
    return [(row, column), (row, ALL), (ALL, column), (ALL, ALL)]


def by_loop(lines: Lines) -> dict[tuple[str, str, str], int]:
    members: dict[tuple[str, str, str], set[str]] = {}
    for row, column, *units in lines:
        for name, unit in zip(UNITS, units, strict=True):
            if unit is not None:
                for place in places(row, column):
                    members.setdefault((name, *place), set()).add(unit)
    return {place: len(units) for place, units in members.items()}


def as_dict(counted: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    lines: Iterable[Any] = counted.itertuples(index=False)
    return {(line.unit, line.row, line.column): line.count for line in lines}


@pytest.mark.parametrize("engine", ENGINES)
def test_units_count_once_in_each_cell_and_margin(engine: Any) -> None:
    counted = as_dict(tally(engine(SMALL)))
    assert counted == by_loop(SMALL)
    assert counted["passage", ALL, ALL] == 3  # T01, T02, T03; neither the counter nor the context
    assert counted["statement", ALL, "early"] == 2  # T01 twice
    assert counted["interviewee", "b", "early"] == 2
    assert ("interviewee", "b", CONTEXT) not in counted  # a document is no interviewee


@pytest.mark.parametrize("engine", ENGINES)
def test_without_margins_the_cells_alone_are_counted(engine: Any) -> None:
    cells = {place: number for place, number in by_loop(SMALL).items() if ALL not in place}
    assert as_dict(distinct(engine(SMALL))) == cells


labels = st.sampled_from(["a", "b", "c'", "é\n"])
columns = st.sampled_from(["early", "late", COUNTERS, CONTEXT])
unit = st.integers(0, 8).map(str)
long_frames = st.lists(st.tuples(labels, columns, unit, unit, st.none() | unit), max_size=30)


@given(lines=long_frames)
@settings(deadline=None, max_examples=examples(60))
def test_every_engine_counts_as_a_loop_over_sets_does(lines: Lines) -> None:
    expected = by_loop(lines)
    tables = [tally(engine(lines)) for engine in ENGINES]
    assert as_dict(tables[0]) == expected
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0], check_dtype=False)


@given(lines=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 90), st.integers(0, 9)), max_size=200))
@settings(deadline=None, max_examples=examples(15))
def test_tables_with_more_cells_than_an_integer_has_bits_count_as_well(lines: list[tuple[int, int, int]]) -> None:
    wide: Lines = [(f"row {r}", f"column {c}", str(u), str(u), str(u)) for r, c, u in lines]
    expected = by_loop(wide)
    for engine in (in_pandas, in_polars, in_duckdb):
        assert as_dict(tally(engine(wide))) == expected


@given(numbers=st.lists(st.integers(-(2**62), 2**62) | st.integers(-5, 5), min_size=1, max_size=30))
@settings(deadline=None)
def test_whole_numbers_are_units_however_far_they_lie_apart(numbers: list[int]) -> None:
    lines = pd.DataFrame({"row": "a", "column": "early", "passage": numbers})
    for frame in (lines, pl.DataFrame({name: lines[name].to_list() for name in lines})):
        assert set(tally(frame, ["passage"])["count"]) == {len(set(numbers))}


def test_a_part_with_few_of_many_units_is_counted_like_the_rest() -> None:
    many = pd.DataFrame({"row": "a", "column": "early", "passage": np.arange(100_000) % 50_000})
    few = pd.DataFrame({"row": "b", "column": "late", "passage": [1, 1, 2, 49_999]})
    counted = as_dict(tally(pd.concat([many, few]), ["passage"]))
    assert counted["passage", "a", "early"] == counted["passage", ALL, ALL] == 50_000
    assert counted["passage", "b", "late"] == 3


def test_missing_units_are_counted_nowhere_even_where_few_are() -> None:
    lines = pd.DataFrame({"row": ["b"] + ["a"] * 1000, "column": "early", "passage": [None, *map(str, range(1000))]})
    counted = as_dict(tally(lines, ["passage"]))
    assert ("passage", "b", "early") not in counted
    assert counted["passage", ALL, "early"] == 1000


def test_the_order_and_index_of_lines_do_not_matter() -> None:
    turned = in_pandas(SMALL[::-1]).set_index(pd.Index([7] * len(SMALL)))
    pd.testing.assert_frame_equal(tally(turned), tally(in_pandas(SMALL)))


def test_the_four_kinds_of_place() -> None:
    assert [region.place("a", "early") for region in tallies.REGIONS] == [
        ("a", "early"), ("a", ALL), (ALL, "early"), (ALL, ALL),
    ]  # fmt: skip
    assert Region(False, True).place("a", COUNTERS) == ("a", COUNTERS)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_frame_has_no_counts(engine: Any) -> None:
    counted = tally(engine([]))
    assert counted.empty
    assert list(counted.columns) == ["unit", "row", "column", "count"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ((None, "early", "T01", "T01", "P01"), "A row of the frame is missing"),
        (("a", None, "T01", "T01", "P01"), "A column of the frame is missing"),
        ((ALL, "early", "T01", "T01", "P01"), "A row of the frame is called 'all'"),
        (("a", ALL, "T01", "T01", "P01"), "A column of the frame is called 'all'"),
    ],
)
def test_labels_that_cannot_be_counted_are_told(engine: Any, line: Any, told: str) -> None:
    with pytest.raises(TallyError, match=told):
        tally(engine([*SMALL, line]))


def test_what_is_no_frame_or_lacks_a_column_is_told() -> None:
    with pytest.raises(TallyError, match="list is not a frame that can be counted"):
        tally(SMALL)
    with pytest.raises(TallyError, match="no column passage; it has row, column, statement, interviewee"):
        tally(in_pandas(SMALL).drop(columns="passage"))


# --- a small archive in partitions, as tests/bench/bench_large_archive.py counts a large one


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    simulated_archive.write(folder, codings=20_000, parts=3)
    return folder


@pytest.fixture(scope="module")
def of_archive(archive: Path) -> dict[tuple[str, str, str], int]:
    """What a loop over sets counts in the archive."""
    lines = duckdb.read_parquet(str(archive / "*" / "*.parquet")).project(
        '"row", "column", passage, statement, interviewee'
    )
    return by_loop(lines.fetchall())


def test_an_archive_in_partitions_is_counted_alike_by_every_engine(archive: Path, of_archive: object) -> None:
    files = str(archive / "*" / "*.parquet")
    relation = duckdb.read_parquet(files, hive_partitioning=True)
    assert as_dict(tally(relation)) == of_archive
    assert as_dict(tally(pl.scan_parquet(files, hive_partitioning=True))) == of_archive
    assert as_dict(tally(relation.df())) == of_archive


# --- engines that are not in the lock


def test_arrow_tables_count_alike() -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table({name: [line[n] for line in SMALL] for n, name in enumerate(NAMES)})
    assert as_dict(tally(table)) == by_loop(SMALL)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A local Spark session: `uv pip install pyspark`, and a Java that it runs on, in the environment of the tests."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("pyspark or Java is not installed")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.sql.shuffle.partitions", "1")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore")  # Spark's own, of its own packages
def test_spark_counts_alike(spark: Any) -> None:
    wide: Lines = [(f"row {n % 9}", f"column {n % 11}", str(n % 50), str(n % 40), str(n % 7)) for n in range(300)]
    for lines in (SMALL, wide):
        frame = spark.createDataFrame(lines, schema=", ".join(f"`{name}` string" for name in NAMES))
        assert as_dict(tally(frame)) == by_loop(lines)


@pytest.mark.filterwarnings("ignore")
def test_spark_counts_an_archive_in_partitions_alike(spark: Any, archive: Path, of_archive: object) -> None:
    assert as_dict(tally(spark.read.parquet(str(archive)))) == of_archive
