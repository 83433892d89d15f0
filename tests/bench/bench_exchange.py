"""Time and memory of reading and writing a large REFI-QDA project, beside `pyrefiqda`, on a simulated one.

Run from the checkout: `python tests/bench/bench_exchange.py`. The project has 100,000 selections with 147,000 codings over 50
texts; it is simulated from a seed, written once into a temporary folder, and every case reads that same file in a
process of its own, so that its peak memory is its own (that of Python and imported packages included). Every reading here checks all of the document against the
grammar of the standard, which the tests hold against its schema; one case has lxml validate the file by the schema
itself as well, where that lies beside the checkout. Times are of the processor, since each case has one thread, so
that what else the machine does disturbs them less.
"""

import multiprocessing
import resource
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

# Where `analysis` and the helpers of tests are, when run as a script.
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "helpers")]

SELECTIONS, CODINGS, TEXTS = 100_000, 147_000, 50
REPEATS = 3
LEAST = {"reading": 10, "reading strictly and by the schema": 5}  # times as fast as pyrefiqda
MOST_SECONDS = 5  # for a database of QualCoder with 100,000 codings
MOST_MEMORY = 200  # MB
QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text);
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
    owner text, date text, memo text);
"""


class Measured(NamedTuple):
    how: str
    seconds: float
    memory: float  # MB at most, of the whole process


def simulated(file: Path) -> Measured:
    from exchanged import large

    from analysis.exchange.refi_qda import writing

    writing.write_project(large(SELECTIONS, CODINGS, TEXTS), file)
    return Measured("simulating", 0, memory())


def reading(file: Path, strict: bool = False, schema: Path | None = None) -> Measured:
    from analysis.exchange.refi_qda import reading

    start = time.process_time()
    project = reading.read_project(file, strict=strict).project
    if schema is not None:
        by_schema(file, schema)
    seconds = time.process_time() - start
    assert sum(1 for _ in project.codings()) == CODINGS
    how = "reading strictly and by the schema" if schema else "reading strictly" if strict else "reading"
    return Measured(how, seconds, memory())


def by_schema(file: Path, schema: Path) -> None:
    """Have lxml validate the project by the schema of the standard, without keeping it."""
    from lxml import etree

    with zipfile.ZipFile(file) as archive, archive.open("project.qde") as stream:
        validating = etree.XMLSchema(etree.parse(str(schema)))
        for _, element in etree.iterparse(stream, tag="{*}PlainTextSelection", schema=validating, huge_tree=True):
            element.clear()


def writing_again(file: Path) -> Measured:
    from analysis.exchange.refi_qda import reading, writing

    project = reading.read_project(file).project
    start = time.process_time()
    writing.write_project(project, file.with_name("again.qdpx"))
    seconds = time.process_time() - start
    assert file.with_name("again.qdpx").read_bytes() == file.read_bytes()
    return Measured("writing, and reading again to be sure of it", seconds, memory())


def peer(file: Path) -> Measured:
    from pyrefiqda import RefiProject

    with tempfile.TemporaryDirectory() as unpacked:
        start = time.process_time()
        project = RefiProject.load(str(file), unpacked)
        seconds = time.process_time() - start
    assert sum(len(text.plain_text_selection) for text in project.sources.text_source) == SELECTIONS
    return Measured("pyrefiqda, reading", seconds, memory())


def simulated_database(file: Path) -> Measured:
    """Write the first coding of each selection of a simulated project as QualCoder keeps it."""
    from exchanged import large

    project = large(SELECTIONS, CODINGS, TEXTS)
    codes = {code.guid: number for number, code in enumerate(project.codes, start=1)}
    with closing(sqlite3.connect(file)) as database:
        database.executescript(QUALCODER)
        database.execute("INSERT INTO project VALUES ('v8', '', '', 'QualCoder 3.6')")
        for code, number in codes.items():
            database.execute("INSERT INTO code_name VALUES (?, ?, '', NULL, 'ann', '', '')", (number, code))
        for number, text in enumerate(project.sources, start=1):
            content = text.content or ""
            database.execute("INSERT INTO source VALUES (?, ?, ?, NULL, '', 'ann', '')", (number, text.name, content))
            database.executemany(
                "INSERT INTO code_text VALUES (NULL, ?, ?, ?, ?, ?, ?, '2026-01-02 03:04:05', '')",
                (
                    (codes[one.codings[0].code], number, content[slice(*one.span)], *one.span, one.codings[0].coder)
                    for one in text.selections
                ),
            )
        database.commit()
    return Measured("simulating", 0, memory())


def reading_database(file: Path) -> Measured:
    from analysis.exchange import commands

    start = time.process_time()
    project = commands.read(file).project
    seconds = time.process_time() - start
    assert sum(1 for _ in project.codings()) == SELECTIONS
    return Measured(f"reading a database of QualCoder (target: {MOST_SECONDS} s)", seconds, memory())


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(case: Callable[[], Measured]) -> Measured:
    return case()


def alone(case: Callable[[], Measured]) -> Measured:
    """Run a case in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return pool.apply(measured, (case,))


def best(case: Callable[[], Measured]) -> Measured:
    """Return the fastest of some runs, which the rest of the machine disturbed least."""
    return min((alone(case) for _ in range(REPEATS)), key=lambda found: found.seconds)


def main() -> None:
    schema = Path(__file__).parents[3] / "shared" / "refi-qda" / "Project.xsd"
    print(f"A simulated project of {SELECTIONS:,} selections with {CODINGS:,} codings over {TEXTS} texts")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "simulated.qdpx"
        alone(partial(simulated, file))
        theirs = best(partial(peer, file))
        cases = [partial(reading, file), partial(reading, file, strict=True)]
        if schema.is_file():
            cases.append(partial(reading, file, strict=True, schema=schema))
        ours = [best(case) for case in cases]
        for found in [*ours, best(partial(writing_again, file)), theirs]:
            print(line(found, theirs), flush=True)
        database = Path(folder) / "data.qda"
        alone(partial(simulated_database, database))
        print(line(best(partial(reading_database, database)), theirs), flush=True)


def line(found: Measured, theirs: Measured) -> str:
    measured = f"{found.seconds:7.2f} s {found.memory:6.0f} MB  {found.how}"
    least = LEAST.get(found.how)
    if least is None:
        return measured
    ratio = theirs.seconds / found.seconds
    return (
        f"{measured}: {ratio:.1f} times as fast as pyrefiqda (target: {least}), memory (target: under {MOST_MEMORY} MB)"
    )


if __name__ == "__main__":
    main()
