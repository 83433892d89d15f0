"""Learners' codings from CSV files, as they come: every row is used or reported, and no file is changed.

A file has a row for each code (`extract_id, facet, code_id`, and `role` and others if they are there: the shape of
`codings.csv`, which a coding page gives) or a row for each passage with a column for each facet (`extract_id, stage,
power`). Here, unlike in the evidence, what spreadsheets make of a CSV file is accepted: a byte order mark, semicolons
or tabs, UTF-16 or Windows-1252, names of codes in place of their ids.
"""

import csv
import io
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis import csv_tables, files, numbers, paths, writing
from analysis.evidence import Evidence
from analysis.faults import CompendiumError, Fault
from analysis.teaching.exercises import meant, plain, untouched
from analysis.teaching.replies import Outcome, Reply

LONG = ("extract_id", "facet", "code_id")
ROLES = ("primary", "alternative")
COLUMNS = ["row", "extract_id", "facet", "code_id", "role"]
#: Byte order marks with the encodings that they announce.
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_AGAIN = "Save it as 'CSV UTF-8' and hand it in again."


class LearnersError(CompendiumError):
    """Learners' codings that cannot be read or kept."""


@dataclass(frozen=True)
class Learner:
    """What one learner handed in.

    Attributes
    ----------
    pseudonym : str
        The file's name without its ending.
    file : str
        How the file is named to a reader.
    codings : DataFrame
        What can be used: `row, extract_id, facet, code_id, role`, `row` as a spreadsheet counts.
    faults : tuple of Fault
        What cannot, by row, or why the file as a whole cannot.
    given : int
        How many codings the file has, usable or not.
    """

    pseudonym: str
    file: str
    codings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    faults: tuple[Fault, ...] = ()
    given: int = 0

    def told(self) -> str:
        """Say in a line how many codings are used.

        >>> Learner("robin", "robin.csv", given=3).told()
        'robin: 0 of 3 codings used'
        """
        return f"{self.pseudonym}: {len(self.codings)} of {self.given} codings used"


@dataclass(frozen=True)
class _Coding:
    """One code as it was typed, with its row."""

    row: int
    extract: str
    facet: str
    code: str
    role: str


def read(file: Path, evidence: Evidence) -> Learner:
    """Read what one learner handed in; nothing is raised, and what cannot be used is among the faults."""
    where = paths.shown(file)
    try:
        rows = _rows(_text(file, where), where)
        typed = list(_typed(rows, where, evidence))
    except LearnersError as error:
        return Learner(file.stem, where, faults=tuple(fault for fault in error.faults if isinstance(fault, Fault)))
    return _sorted_out(file.stem, where, typed, evidence)


def from_answers(pseudonym: str, answers: Mapping[str, object], evidence: Evidence) -> Learner:
    """Take codings from a notebook: for each facet a table of passage and code. Untouched ones are left out."""
    typed = [
        _Coding(row, str(extract), facet, str(code), ROLES[0])
        for facet, table in answers.items()
        if isinstance(table, Mapping)
        for row, (extract, code) in enumerate(table.items(), 1)
        if not untouched(code)
    ]
    return _sorted_out(pseudonym, "the notebook", typed, evidence)


def save(learner: Learner, folder: Path) -> Path:
    """Write a learner's codings as CSV under the pseudonym, in the shape that `read` takes; return the file.

    A file that is there with other codings stays: the new one takes the next free number. Raises LearnersError for a
    pseudonym that cannot name a file.
    """
    if not re.fullmatch(r"[\w-]{1,40}", learner.pseudonym):
        raise LearnersError(
            f"{learner.pseudonym!r} cannot be the name of a file. Use letters, digits, hyphens or underscores."
        )
    content = csv_tables.for_people(learner.codings[list(LONG)])
    file, number = folder / f"{learner.pseudonym}.csv", 1
    while file.exists() and (not file.is_file() or file.read_bytes() != content.encode()):
        number += 1
        file = folder / f"{learner.pseudonym}-{number}.csv"
    if not file.exists():
        writing.write_text(file, content)
    return file


def hand_in(pseudonym: str, answers: Mapping[str, object], folder: Path, evidence: Evidence) -> Reply:
    """Save the answers of a notebook for the class, and say where they are; with nothing filled in, what to do."""
    learner = from_answers(pseudonym.strip(), answers, evidence)
    if not pseudonym.strip() or not len(learner.codings):
        said = (
            "To hand in your codings, code some passages, choose a pseudonym (not your name), and run this cell again."
        )
        return Reply("Nothing handed in yet", (said,), outcome=Outcome.NOT_TRIED)
    try:
        file = save(learner, folder)
    except LearnersError as error:
        return Reply("Nothing handed in yet", (str(error),), outcome=Outcome.NOT_YET)
    return Reply("Handed in", (f"{learner.told()}; they are in {file.as_posix()}.",), tuple(map(str, learner.faults)))


# --- from bytes to rows


def _text(file: Path, where: str) -> str:
    try:
        content = files.content(file)
    except OSError as fault:
        problem = f"the file cannot be read: {fault.strerror}"
        raise LearnersError(Fault(where, problem, files.advice(fault))) from None
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise LearnersError(Fault(where, "the file is empty", "Ask for it again."))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise LearnersError(Fault(where, "this is a spreadsheet's own file and not CSV", _AGAIN))
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LearnersError(Fault(where, "the characters cannot be made out (neither UTF-8, UTF-16 nor Windows)", _AGAIN))


def _encodings(content: bytes) -> Iterator[str]:
    """Yield the encodings to try, the likeliest first; Windows-1252 last, since it takes nearly anything."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            yield encoding
            return
    if b"\x00" in content:  # UTF-16 without its mark: every other byte of plain letters is nought
        yield "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
        return
    yield "utf-8"
    yield "cp1252"


def _rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, each with its number as a spreadsheet counts, the header first."""
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?', first.strip("\r \ufeff"), re.IGNORECASE)  # how Excel names its separator
    separator = told[1] if told else _separator(first)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=separator)
    try:
        rows = [
            (number, [csv_tables.unguarded(cell.strip()) for cell in row])
            for number, row in enumerate(reader, 2 if told else 1)
        ]
    except csv.Error as fault:
        raise LearnersError(Fault(where, f"not valid CSV: {fault}", _AGAIN, row=reader.line_num)) from None
    return [(number, row) for number, row in rows if any(row)]


def _separator(header: str) -> str:
    return max(",;\t", key=header.count)


# --- from rows to codings as typed


def _typed(rows: Sequence[tuple[int, list[str]]], where: str, evidence: Evidence) -> Iterator[_Coding]:
    """Yield every code that a file gives; a cell without a code is a passage that was not coded.

    Raises LearnersError for wrong columns, no rows below the header, or several coders in one file.
    """
    number, head = rows[0]
    columns = [plain(name).replace("-", "_") for name in head]
    facets = [facet for facet in evidence.facets["facet"] if facet in columns]
    if "extract_id" not in columns or not (set(LONG) <= set(columns) or facets):
        known = numbers.listed(list(evidence.facets["facet"]))
        remedy = f"The header has to be {','.join(LONG)}; or extract_id and at least one of {known}."
        raise LearnersError(Fault(where, "wrong columns", remedy, number, value=", ".join(head)[:200]))
    if len(rows) == 1:
        raise LearnersError(Fault(where, "there is a header and no row below it", "Ask for it again.", number))
    table = [(row, dict(zip(columns, cells, strict=False))) for row, cells in rows[1:]]
    coders = {cells.get("coder_id", "") for _, cells in table} - {""}
    if len(coders) > 1:
        problem = f"the codings of several coders are in one file ({numbers.listed(sorted(coders))})"
        raise LearnersError(Fault(where, problem, "Put those of each into a file of their own.", field="coder_id"))
    for row, cells in table:
        if set(LONG) <= set(columns):
            pairs = [(cells.get("facet", ""), cells.get("code_id", ""))]
        else:
            pairs = [(facet, cells.get(facet, "")) for facet in facets]
        for facet, code in pairs:
            if code:
                yield _Coding(row, cells.get("extract_id", ""), facet, code, cells.get("role", "") or ROLES[0])


# --- from codings as typed to those that can be used


def _sorted_out(pseudonym: str, where: str, typed: Sequence[_Coding], evidence: Evidence) -> Learner:
    """Sort codings into those that can be used and those that cannot, with the reason."""
    known = _Known.of(evidence)
    faults: list[Fault] = []
    good: list[_Coding] = []
    for coding in typed:
        fault = known.fault(where, coding)
        if fault is None:
            good.append(known.tidy(coding))
        else:
            faults.append(fault)
    kept = _once(where, good, known.exclusive, faults)
    table = pd.DataFrame([(c.row, c.extract, c.facet, c.code, c.role) for c in kept], columns=COLUMNS)
    in_order = tuple(sorted(faults, key=lambda fault: fault.row or 0))
    return Learner(pseudonym, where, table, in_order, len(typed))


@dataclass(frozen=True)
class _Known:
    """What the study has, under the names that learners may use."""

    extracts: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]  # facet to ids and names, and these to ids
    exclusive: frozenset[str]

    @classmethod
    def of(cls, evidence: Evidence) -> "_Known":
        codes: dict[str, dict[str, str]] = {facet: {} for facet in evidence.facets["facet"]}
        for facet, code, name in evidence.codes[["facet", "code_id", "name"]].to_numpy().tolist():
            codes[facet] |= {plain(name): code, plain(code): code}
        exclusive = evidence.facets.loc[evidence.facets["exclusive"], "facet"]
        return cls({plain(one): one for one in evidence.extracts["extract_id"]}, codes, frozenset(exclusive))

    def fault(self, where: str, coding: _Coding) -> Fault | None:
        """Return why a coding cannot be used, or None."""
        if plain(coding.extract) not in self.extracts:
            like = meant(coding.extract, self.extracts.values())
            return Fault(
                where, f"there is no such passage{like.rstrip('.')}", "Mend it, and hand it in again.",
                coding.row, "extract_id", _short(coding.extract),
            )  # fmt: skip
        if plain(coding.facet) not in self.codes:
            remedy = f"Write one of: {', '.join(self.codes)}."
            return Fault(where, "there is no such facet", remedy, coding.row, "facet", _short(coding.facet))
        options = self.codes[plain(coding.facet)]
        if plain(coding.code) not in options:
            problem = f"{coding.facet} has no such code{meant(coding.code, options.values()).rstrip('.')}"
            return Fault(where, problem, "See the codebook.", coding.row, "code_id", _short(coding.code))
        if plain(coding.role) not in ROLES:
            return Fault(
                where, "there is no such role", f"Write {' or '.join(ROLES)}.", coding.row, "role", coding.role
            )
        return None

    def tidy(self, coding: _Coding) -> _Coding:
        """Return a coding that has no fault under the names of the study."""
        facet = plain(coding.facet)
        code = self.codes[facet][plain(coding.code)]
        return _Coding(coding.row, self.extracts[plain(coding.extract)], facet, code, plain(coding.role))


def _short(text: str) -> str:
    return textwrap.shorten(text, 60, placeholder=" …") or f"{text[:60]}…"


def _once(where: str, codings: Sequence[_Coding], exclusive: frozenset[str], faults: list[Fault]) -> Iterator[_Coding]:
    """Yield codings of which each says something of its own; the others join the faults.

    Of rows that say the same the first is used. Of different primary codes in an exclusive facet none is: which was
    meant cannot be told, and a guess would be a coding of ours.
    """
    said: dict[tuple[str, str, str], int] = {}
    chosen: dict[tuple[str, str], set[str]] = {}
    for coding in codings:
        if coding.role == ROLES[0] and coding.facet in exclusive:
            chosen.setdefault((coding.extract, coding.facet), set()).add(coding.code)
    for coding in codings:
        again = said.setdefault((coding.extract, coding.facet, coding.code), coding.row)
        several = chosen.get((coding.extract, coding.facet), set())
        if coding.role == ROLES[0] and len(several) > 1:
            problem = f"{coding.extract} is coded for {coding.facet} as {numbers.listed(sorted(several))}; none is used"
            remedy = "Keep one, or mark the others as alternative."
        elif again != coding.row:
            problem, remedy = f"row {again} says the same of {coding.extract}", "Nothing is lost by it."
        else:
            yield coding
            continue
        faults.append(
            Fault(where, problem, remedy, coding.row, "extract_id, facet", f"{coding.extract}, {coding.facet}")
        )
