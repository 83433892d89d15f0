"""Open an SQLite file that is not trusted: its rows are read, and nothing in it is computed.

An SQLite file can hold more than rows: views, generated columns and defaults that compute, and pages that are used many
times. Tables therefore have to be plain, no value may be longer than the file, all values together not much longer
than it, and steps and seconds are limited.
"""

import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from analysis.exchange.import_report import ExchangeError
from analysis.exchange.refi_qda.qdpx_archives import RAISE
from analysis.support.errors import Fault, unreadable

Row = tuple[Any, ...]
_SIZED = (str, bytes)
_STEPS = 200_000_000  # of SQLite's machine, for all queries together: far more than any study needs
_SECONDS = 20  # for one query: a single step may follow a chain of pages through the whole file
_BETWEEN = 1_000  # steps between two checks of the time
_SLACK = 1 << 16  # bytes beyond twice the size of the file: text that is stored in UTF-16 grows in UTF-8
_LONGEST = 2**31 - 1  # bytes of a value: the highest limit that SQLite takes
_STATEMENT = 100_000  # characters of a statement, those that define tables included
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)  # no functions, no recursion, no writing
_LONGEST_MESSAGE = 200  # characters of a message of SQLite, which may quote the file


class Database:
    """An open SQLite file with plain tables."""

    def __init__(self, connection: sqlite3.Connection, file: Path, program: str, remedy: str) -> None:
        self._connection, self._file, self._program, self._remedy = connection, file, program, remedy
        self._left = 2 * file.stat().st_size + _SLACK
        self._steps, self._until = 0, time.monotonic() + _SECONDS
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(self._left, _LONGEST))
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _STATEMENT)
        connection.set_progress_handler(self._is_late, _BETWEEN)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")

    def rows(self, table: str, columns: Sequence[str], condition: str, *given: int) -> list[Row]:
        """Return some columns of the rows of a table for which a condition holds; the condition is never the user's.

        They come in no order: SQLite would collect and sort all of them before it gave the first.
        """
        self._until = time.monotonic() + _SECONDS
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}"  # noqa: S608 - no word is the user's
        found = []
        for row in self._connection.execute(query, given):
            # Each value takes at least a byte in the file, and text one for each character.
            self._left -= len(row)
            for value in row:
                if value.__class__ in _SIZED:
                    self._left -= len(value)
            if self._left < 0:
                raise self._fault(f"table {table} gives more than the file can hold")
            found.append(row)
        return found

    def padded(
        self, there: Mapping[str, Collection[str]], columns: Mapping[str, Sequence[str]], table: str, *more: str
    ) -> list[Row]:
        """Return the rows of a table with its `columns` and `more`; a column that is not `there` is None in each.

        A table that is not there has no rows.
        """
        if table not in there:
            return []
        wanted = [*columns[table], *more]
        known = [column for column in wanted if column in there[table]]
        found = self.rows(table, known, "1") if known else []
        if known == wanted:
            return found
        place = {column: n for n, column in enumerate(known)}
        return [tuple(row[place[column]] if column in place else None for column in wanted) for row in found]

    def _fault(self, problem: str, value: str | None = None) -> ExchangeError:
        return ExchangeError(Fault(self._file, problem, self._remedy, value=value))

    def tables(self) -> set[str]:
        """Return the names of the tables."""
        found = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {str(name) for (name,) in found}

    def expect(self, needed: Mapping[str, Sequence[str]], others: Collection[str] = ()) -> dict[str, set[str]]:
        """Return the columns of the tables that are there, of those that are needed and others.

        Refuse a file in which a needed table or column is missing, or a table is not plain: a view, virtual, computed.
        """
        found = dict(self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        columns: dict[str, set[str]] = {}
        for table in (*needed, *(name for name in others if name in found)):
            if not str(found.get(table, "")).upper().startswith("CREATE TABLE"):
                raise self._fault(f"there is no table {table}, as {self._program} has it")
            columns[table] = set()
            for _, column, *_, hidden in self._connection.execute(f"PRAGMA table_xinfo({table})"):
                if hidden:
                    problem = f"a column of table {table} is computed, which {self._program} never writes"
                    raise self._fault(problem, str(column)[:80])
                columns[table].add(str(column))
            if missing := set(needed.get(table, ())) - columns[table]:
                raise self._fault(f"table {table} has no column {min(missing)}, as {self._program} has it")
        self._connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
        )
        return columns

    def _is_late(self) -> bool:
        self._steps += _BETWEEN
        return self._steps > _STEPS or time.monotonic() > self._until


@contextmanager
def opened(file: Path, program: str, remedy: str) -> Iterator[Database]:
    """Open a file of a program for reading only; all that SQLite finds wrong with it becomes one ExchangeError."""
    try:
        # Immutable: neither locked, nor brought up to date from a journal beside it.
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            yield Database(connection, file, program, remedy)
    except (sqlite3.Error, UnicodeDecodeError) as fault:  # the latter where SQLite quotes what is broken
        reason = "".join(letter if letter.isprintable() else "?" for letter in str(fault))[:_LONGEST_MESSAGE]
        reason = "it takes too long" if reason == "interrupted" else reason
        raise ExchangeError(Fault(file, f"cannot be read as {program}'s SQLite file: {reason}", remedy)) from None


@contextmanager
def reading(file: Path, program: str, remedy: str, largest: int) -> Iterator[Database]:
    """Open a file as `opened` does; a file that is too large, and values of a wrong kind, become an ExchangeError."""
    try:
        if file.stat().st_size > largest:
            raise ExchangeError(Fault(file, f"the file is larger than {largest:,} bytes", RAISE))
        with opened(file, program, remedy) as database:
            yield database
    except OSError as fault:
        raise ExchangeError(unreadable(file, fault)) from None
    except (ValueError, OverflowError) as fault:
        raise ExchangeError(Fault(file, f"a value in it cannot be used ({fault})", remedy)) from None


def tables(file: Path) -> set[str]:
    """Return the names of the tables of a file, which say what program wrote it; none if SQLite cannot read it."""
    try:
        with opened(file, "a program", "Export it again.") as database:
            return database.tables()
    except (ExchangeError, OSError):
        return set()


def text(value: object) -> str:
    """Return a value as text; an empty one for none.

    >>> text(None), text("a"), text(2)
    ('', 'a', '2')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def number(value: object) -> int:
    """Return a value as a whole number, though it may be stored with a point or as text; else raise ValueError.

    >>> number(22.0), number("3")
    (22, 3)
    """
    if isinstance(value, int):
        return value
    if isinstance(value, float | str) and float(value).is_integer():
        return int(float(value))
    raise ValueError(f"{type(value).__name__} in the place of a whole number")


def number_or_none(value: object) -> int | None:
    """Return a value as a whole number, None for an empty one."""
    return None if value in (None, "") else number(value)
