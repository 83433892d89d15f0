"""An import of a project that was imported before: ids stay, and so does what was written into the tables since.

The tables are compared with those of the earlier import. A cell that differs was written by somebody, and stays; any
other is as the project has it now. So is a row that was added; a coding that was taken out stays out. What was written
about something that the project no longer has goes into a table of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from analysis.exchange.importing.known_ids import KnownIds
from analysis.exchange.importing.study_from_project import CodedStudy, Passage
from analysis.study.evidence import Evidence, Study
from analysis.study.loading import COLUMNS
from analysis.study.package import KEYS, REFERENCES

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Kept:
    """A study with what was written into its tables: how many `cells` and `rows` were kept, and what was `dropped`.

    `dropped` has a row for each row of a table that has no place any more: `table, key, column, written`.
    """

    evidence: Evidence
    cells: int
    rows: int
    dropped: pd.DataFrame


def known_ids(earlier: CodedStudy, made: CodedStudy) -> KnownIds:
    """Return the ids of an earlier import, also for passages that a project knows by another GUID now.

    `made` is the project as it is now, with any ids. A passage is the same if its GUID is, or else if it is the one
    with these words in this source, counted from the beginning.
    """
    by_words = dict(zip(_words(earlier.passages), earlier.passages, strict=True))
    passages = dict(earlier.ids.passages)
    given = {passages[guid] for one in made.passages for guid in one.guids if guid in passages}
    for words, passage in zip(_words(made.passages), made.passages, strict=True):
        same = by_words.get(words)
        if same and same.extract_id not in given and not any(guid in passages for guid in passage.guids):
            passages |= dict.fromkeys(passage.guids, same.extract_id)
    labels = _by_label(earlier.ids.sources, earlier.evidence)
    here = {guid: source for label, guid in _guids(made) if (source := labels.get(label))}
    return replace(earlier.ids, passages=passages, sources=here | dict(earlier.ids.sources))


def _words(passages: Iterable[Passage]) -> Iterator[tuple[str, str, int]]:
    """Yield for each passage its source, its words, and how often both were there before."""
    times: dict[tuple[str, str], int] = defaultdict(int)
    for passage in passages:
        key = passage.source.name, passage.wording
        yield *key, times[key]
        times[key] += 1


def _by_label(ids: Mapping[str, str], evidence: Evidence) -> dict[tuple[str, str], str]:
    """Return the ids of sources by what they are and are called."""
    rows = evidence.sources[["source_id", "kind", "label"]].to_numpy().tolist()
    return {(kind, label): source for source, kind, label in rows if source in set(ids.values())}


def _guids(made: CodedStudy) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what each source is and is called, with its kind and GUID."""
    rows = made.evidence.sources.set_index("source_id")[["kind", "label"]]
    for guid, source in made.ids.sources.items():
        yield (str(rows.at[source, "kind"]), str(rows.at[source, "label"])), guid


def kept(earlier: Evidence, written: Evidence, made: Evidence) -> Kept:
    """Return a study that was made again, with what was `written` into the tables since the earlier import."""
    tables, cells, rows = {}, 0, 0
    dropped: list[tuple[str, str, str, Any]] = []
    for name in COLUMNS:
        merged = _Merged(name, *(_by_key(of, name) for of in (earlier, written, made)))
        tables[name] = pd.DataFrame(list(merged.rows()), columns=list(getattr(written, name).columns))
        cells, rows = cells + merged.cells, rows + merged.added
        dropped += merged.dropped
    tables = {name: _typed(table, getattr(written, name)) for name, table in tables.items()}
    _leave_out_unfounded(tables, dropped)
    study = _facts(earlier.study, written.study, made.study)
    whole = replace(written, study=study, **tables)
    return Kept(whole, cells, rows, pd.DataFrame(dropped, columns=["table", "key", "column", "written"]))


@dataclass
class _Merged:
    """The rows of a table by their keys: of the earlier import, as they are written, and as they were made again."""

    table: str
    earlier: dict[Key, Row]
    written: dict[Key, Row]
    made: dict[Key, Row]

    def __post_init__(self) -> None:
        self.cells = self.added = 0
        self.dropped: list[tuple[str, str, str, Any]] = []

    def rows(self) -> Iterator[Row]:
        """Yield the rows that the table has from now on."""
        for key, row in self.made.items():
            if key in self.written:
                yield self._cells(key, row)
            elif key not in self.earlier or self.table != "codings":
                yield row
        for key, row in self.written.items():
            if key in self.made:
                continue
            if key not in self.earlier:
                self.added += 1
                yield row
            else:
                self.dropped += [(self.table, " ".join(map(str, key)), *one) for one in self._own(key)]

    def _own(self, key: Key) -> list[tuple[str, Any]]:
        """Return the cells of a row that differ from those of the earlier import."""
        was = self.earlier.get(key, {})
        return [(column, cell) for column, cell in self.written[key].items() if cell != was.get(column, "")]

    def _cells(self, key: Key, row: Row) -> Row:
        own = dict(self._own(key)) if key in self.earlier else self.written[key]
        self.cells += len(own)
        return row | own


def _by_key(evidence: Evidence, name: str) -> dict[Key, Row]:
    rows = getattr(evidence, name).to_dict("records")
    return {tuple(row[column] for column in KEYS[name]): row for row in rows}


def _typed(table: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the types of another; a cell that a row does not have is empty."""
    texts = [column for column in like if str(like[column].dtype) not in ("bool", "int64")]
    return table.fillna(dict.fromkeys(texts, "")).astype(dict(like.dtypes))


def _leave_out_unfounded(tables: dict[str, pd.DataFrame], dropped: list[tuple[str, str, str, Any]]) -> None:
    """Leave out added rows whose passage, code or coder the study does not have any more."""
    for name, references in REFERENCES.items():
        for columns, other in references.items():
            there = set(tables[other][list(columns)].itertuples(index=False, name=None))
            has = [row in there for row in tables[name][list(columns)].itertuples(index=False, name=None)]
            for row in tables[name][[not one for one in has]].to_dict("records"):
                key = " ".join(str(row[column]) for column in KEYS[name])
                dropped += [(name, key, str(column), cell) for column, cell in row.items() if cell not in ("", None)]
            tables[name] = tables[name][has].reset_index(drop=True)
    owners = set(tables["extracts"]["extract_id"]) | set(tables["codes"]["code_id"])
    sealed = tables["fragments"]
    tables["fragments"] = sealed[sealed["owner_id"].isin(owners)].reset_index(drop=True)


def _facts(earlier: Study, written: Study, made: Study) -> Study:
    """Return the facts of the study as the project has them now, but for those that somebody wrote."""
    own = {
        one.name: getattr(written, one.name)
        for one in fields(Study)
        if one.name != "origin" and getattr(written, one.name) != getattr(earlier, one.name)
    }
    return replace(made, **own)
