"""An archive of simulated codings in partitions of Parquet, of any size. Nothing in it is evidence, and each label says so."""

from pathlib import Path

import duckdb

ROWS, COLUMNS = 6, ("simulated-early", "simulated-middle", "simulated-late", "counters", "context")
PASSAGES_OF_ONE = 200  # passages of an interviewee; of every fiftieth two hundred, a document, which has none
CODINGS_OF_TWO = 5  # codings of two passages: passages have two or three

# Made by arithmetic on the number of a line, so that a partition needs no memory and no state of a generator. Each coding
# takes its row and column by the digest of its number, and one passage in twenty repeats the statement of another.
_LINES = f"""
    SELECT 'simulated-' || (hash(line * 3 + 1) % {ROWS}) AS "row",
           {list(COLUMNS)!r}[1 + (hash(line * 3 + 2) % {len(COLUMNS)})::BIGINT] AS "column",
           passage,
           CASE WHEN hash(passage) % 20 = 0 THEN (hash(-passage) % passages::UBIGINT)::BIGINT ELSE passage END AS statement,
           CASE WHEN (passage // {PASSAGES_OF_ONE}) % 50 > 0 THEN passage // {PASSAGES_OF_ONE} END AS interviewee
    FROM (SELECT range AS line, range * 2 // {CODINGS_OF_TWO} AS passage, ? * 2 // {CODINGS_OF_TWO} AS passages
          FROM range(?, ?))
"""  # noqa: S608, numbers and names of this module


def write(folder: Path, codings: int, parts: int) -> str:
    """Write simulated codings into `part=…` below a folder, one after the other; return the pattern of their files."""
    with duckdb.connect() as connection:
        for part in range(parts):
            into = folder / f"part={part:02}"
            into.mkdir(parents=True)
            ends = [codings, codings * part // parts, codings * (part + 1) // parts]
            connection.execute(f"COPY ({_LINES}) TO '{into / 'simulated-codings.parquet'}' (FORMAT parquet)", ends)
    return str(folder / "*" / "*.parquet")
