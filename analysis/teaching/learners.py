"""Learners' codings from CSV files: every row is used or reported, and no file is changed.

A file has a row for each code (`extract_id, facet, code_id`, and perhaps `role` and others: the shape of `codings.csv`,
which a coding page gives) or a row for each passage with a column for each facet (`extract_id, stage, power`). Unlike
the evidence, these files may be as spreadsheets write them: with a byte order mark, semicolons or tabs, in UTF-16 or
Windows-1252, with names of codes in place of their ids.
"""

import csv
import io
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis.study.evidence import Evidence
from analysis.support import atomic_writes, csv_tables, formatting, paths, safe_files
from analysis.support.errors import CompendiumError, Fault
from analysis.teaching.exercises import did_you_mean, is_blank, plain
from analysis.teaching.replies import Outcome, Reply

LONG = ("extract_id", "facet", "code_id")
#: Columns that say whose a file is, and which of this coder's hand-ins it is.
CODER, HAND_IN = "coder_id", "hand_in"
ROLES = ("primary", "alternative")
COLUMNS = ["row", "extract_id", "facet", "code_id", "role"]
#: Byte order marks and their encodings.
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
        The pseudonym inside the file, or the file's name without its ending.
    file : str
        The file as messages name it.
    codings : DataFrame
        What can be used: `row, extract_id, facet, code_id, role`, with rows as a spreadsheet counts them.
    faults : tuple of Fault
        What cannot be used, by row, or why the whole file cannot.
    given : int
        How many codings the file has, usable or not.
    coder, number : str, int
        The pseudonym and the number of the hand-in inside the file; empty and 0 if it has none.
    """

    pseudonym: str
    file: str
    codings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    faults: tuple[Fault, ...] = ()
    given: int = 0
    coder: str = ""
    number: int = 0

    def summary(self) -> str:
        """Return a line that says how many codings are used.

        >>> Learner("robin", "robin.csv", given=3).summary()
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
    """Read what one learner handed in; never raises, since what cannot be used is among the faults."""
    where = paths.shown(file)
    try:
        table = _table(_rows(_text(file, where), where), where, evidence)
        swallowed = _swallowed(table, where, evidence)
        table = [(row, cells) for row, cells in table if row not in swallowed]
        coder, number = _coder(table, where), _number(table)
    except LearnersError as error:
        faults = tuple(fault for fault in error.faults if isinstance(fault, Fault))
        return Learner(_hyphenated(file.stem), where, faults=faults)
    learner = _sorted_out(_hyphenated(coder or file.stem), where, list(_typed(table, evidence)), evidence)
    faults = (*swallowed.values(), *learner.faults)
    return replace(learner, faults=faults, given=learner.given + len(swallowed), coder=coder, number=number)


def _hyphenated(name: str) -> str:
    return "-".join(name.split())


def from_answers(pseudonym: str, answers: Mapping[str, object], evidence: Evidence) -> Learner:
    """Return the codings of a notebook's answers: for each facet a table of passage and code, in part left blank."""
    typed = [
        _Coding(row, str(extract), facet, str(code), ROLES[0])
        for facet, table in answers.items()
        if isinstance(table, Mapping)
        for row, (extract, code) in enumerate(table.items(), 1)
        if not is_blank(code)
    ]
    return _sorted_out(pseudonym, "the notebook", typed, evidence)


def save(learner: Learner, folder: Path) -> Path:
    """Write a learner's codings as CSV under the pseudonym, in the shape that `read` takes; return the file.

    No file is overwritten: codings that differ from the latest file get the next number, in the file's name and in the
    file. Raises LearnersError for a pseudonym that cannot be the name of a file.
    """
    if not re.fullmatch(r"[\w-]{1,40}", learner.pseudonym):
        raise LearnersError(
            f"{learner.pseudonym!r} cannot be the name of a file. Use letters, digits, hyphens or underscores."
        )
    number = max(files_of(learner.pseudonym, folder), default=1)
    file, content = _file(learner, folder, number)
    if file.is_file() and file.read_bytes() == content.encode():
        return file
    if files_of(learner.pseudonym, folder):
        file, content = _file(learner, folder, number + 1)
    atomic_writes.write_text(file, content)
    return file


def files_of(pseudonym: str, folder: Path) -> dict[int, str]:
    """Return the names of the files in a folder that have a pseudonym as their name, by the number of the hand-in.

    Small and large letters are the same here, as they are to some systems.
    """
    named = re.compile(rf"{re.escape(pseudonym)}(?:-(\d+))?\.csv", re.IGNORECASE)
    files = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    return {int(found[1] or 1): name for name in files if (found := named.fullmatch(name))}


def _file(learner: Learner, folder: Path, number: int) -> tuple[Path, str]:
    """Return the file for a hand-in with this number, and its content."""
    table = learner.codings[list(LONG)].assign(coder_id=learner.pseudonym, hand_in=number)
    name = f"{learner.pseudonym}-{number}.csv" if number > 1 else f"{learner.pseudonym}.csv"
    return folder / name, csv_tables.for_people(table)


def hand_in(pseudonym: str, answers: Mapping[str, object], folder: Path, evidence: Evidence) -> Reply:
    """Save the answers of a notebook for the class, and say where they are; if nothing is filled in, what to do."""
    learner = from_answers(pseudonym.strip(), answers, evidence)
    if not pseudonym.strip() or not len(learner.codings):
        advice = "Code some passages, choose a pseudonym (not your name), and run this cell again."
        return Reply("Nothing handed in yet", (advice,), outcome=Outcome.NOT_TRIED)
    try:
        file = save(learner, folder)
    except LearnersError as error:
        return Reply("Nothing handed in yet", (str(error),), outcome=Outcome.NOT_YET)
    files = files_of(learner.pseudonym, folder)
    others = [files[number] for number in sorted(files) if files[number] != file.name]
    again = (
        f"Your latest hand-in counts. Nothing was overwritten: {formatting.listed(others)} "
        f"{'is' if len(others) == 1 else 'are'} still there. If you did not hand that in, choose another pseudonym."
    )
    where = f"{learner.summary()}; they are in {file.as_posix()}."
    return Reply("Handed in", (where, again) if others else (where,), tuple(map(str, learner.faults)))


# --- from bytes to rows


def _text(file: Path, where: str) -> str:
    try:
        content = safe_files.content(file)
    except OSError as fault:
        problem = f"the file cannot be read: {fault.strerror}"
        raise LearnersError(Fault(where, problem, safe_files.advice(fault))) from None
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise LearnersError(Fault(where, "the file is empty", "Ask for it again."))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise LearnersError(Fault(where, "this is a spreadsheet's own file, not CSV", _AGAIN))
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LearnersError(Fault(where, "the characters cannot be read (not UTF-8, UTF-16 or Windows)", _AGAIN))


def _encodings(content: bytes) -> Iterator[str]:
    """Yield the encodings to try, the likeliest first; Windows-1252 last, since it takes nearly anything."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            yield encoding
            return
    if b"\x00" in content:  # UTF-16 without its mark: every other byte of plain letters is zero
        yield "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
        return
    yield "utf-8"
    yield "cp1252"


def _rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, each with its number as a spreadsheet counts, the header first."""
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?', first.strip("\r \ufeff"), re.IGNORECASE)  # how Excel names its separator
    separator = named[1] if named else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(rest if named else text, newline=""), delimiter=separator)
    try:
        rows = [
            (number, [csv_tables.unguarded(cell.strip()) for cell in row])
            for number, row in enumerate(reader, 2 if named else 1)
        ]
    except csv.Error as fault:
        raise LearnersError(Fault(where, f"not valid CSV: {fault}", _AGAIN, row=reader.line_num)) from None
    return [(number, row) for number, row in rows if any(row)]


# --- from rows to codings as typed


def _table(rows: Sequence[tuple[int, list[str]]], where: str, evidence: Evidence) -> list[tuple[int, dict[str, str]]]:
    """Return the rows below the header with their numbers and cells by column; raise LearnersError without any."""
    number, head = rows[0]
    columns = [plain(name).replace("-", "_") for name in head]
    if "extract_id" not in columns or not (set(LONG) <= set(columns) or set(evidence.facets["facet"]) & set(columns)):
        known = formatting.listed(list(evidence.facets["facet"]))
        remedy = f"The header has to be {','.join(LONG)}; or extract_id and at least one of {known}."
        raise LearnersError(Fault(where, "wrong columns", remedy, number, value=", ".join(head)[:200]))
    if len(rows) == 1:
        raise LearnersError(Fault(where, "there is a header but no row below it", "Ask for it again.", number))
    blanks = [""] * len(columns)  # for rows that end early
    return [(row, dict(zip(columns, [*cells, *blanks], strict=False))) for row, cells in rows[1:]]


def _swallowed(table: Sequence[tuple[int, Mapping[str, str]]], where: str, evidence: Evidence) -> dict[int, Fault]:
    """Return the rows in which an unclosed quotation mark has taken in rows below, each with its fault."""
    known = {plain(one) for one in evidence.extracts["extract_id"]}
    faults = {}
    for row, cells in table:
        at = list(cells).index("extract_id")
        for column, cell in cells.items():
            below = [re.split(r"[,;\t]", line) for line in cell.splitlines()[1:]]
            taken = sum(len(parts) > at and plain(parts[at].strip('"')) in known and len(parts) > 1 for parts in below)
            if taken:
                problem = (
                    f"a quotation mark is not closed, so the cell takes in {formatting.counted(taken, 'more row')}"
                )
                remedy = "Close it or remove it, and hand the file in again."
                faults[row] = Fault(where, problem, remedy, row, column, _short(cell))
    return faults


def _coder(table: Sequence[tuple[int, Mapping[str, str]]], where: str) -> str:
    """Return the pseudonym inside a file, or nothing; raise LearnersError where there are several."""
    coders = {" ".join(cells.get(CODER, "").split()) for _, cells in table} - {""}
    if len({plain(coder) for coder in coders}) > 1:
        problem = f"the codings of several coders are in one file ({formatting.listed(sorted(coders))})"
        raise LearnersError(Fault(where, problem, "Put the codings of each into a file of their own.", field=CODER))
    return min(coders, default="")


def _number(table: Sequence[tuple[int, Mapping[str, str]]]) -> int:
    """Return the number of the hand-in inside a file, or 0."""
    given = [cells.get(HAND_IN, "") for _, cells in table]
    return max((int(number) for number in given if re.fullmatch("[0-9]{1,9}", number)), default=0)


def _typed(table: Sequence[tuple[int, Mapping[str, str]]], evidence: Evidence) -> Iterator[_Coding]:
    """Yield every code that a file gives; an empty cell is a passage that was not coded."""
    for row, cells in table:
        if set(LONG) <= cells.keys():
            pairs = [(cells.get("facet", ""), cells.get("code_id", ""))]
        else:
            pairs = [(facet, cells[facet]) for facet in evidence.facets["facet"] if facet in cells]
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
        found = known.matched(where, coding)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            good.append(found)
    kept = [
        (one.row, one.extract, one.facet, one.code, one.role) for one in _once(where, good, known.exclusive, faults)
    ]
    in_order = tuple(sorted(faults, key=lambda fault: fault.row or 0))
    return Learner(pseudonym, where, pd.DataFrame(kept, columns=COLUMNS), in_order, len(typed))


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

    def matched(self, where: str, coding: _Coding) -> _Coding | Fault:
        """Return a coding under the names of the study, or why it cannot be used."""
        facet, code = plain(coding.facet), plain(coding.code)
        extract, codes = self.extracts.get(plain(coding.extract)), self.codes.get(facet, {})
        if extract is None:
            problem = f"there is no such passage{_like(coding.extract, self.extracts.values())}"
            field, value, remedy = "extract_id", coding.extract, "Correct it, and hand it in again."
        elif facet not in self.codes:
            problem, remedy = "there is no such facet", f"Write one of: {', '.join(self.codes)}."
            field, value = "facet", coding.facet
        elif code not in codes:
            problem = f"{coding.facet} has no such code{_like(coding.code, codes.values())}"
            field, value, remedy = "code_id", coding.code, "See the codebook."
        elif plain(coding.role) not in ROLES:
            problem, remedy = "there is no such role", f"Write {' or '.join(ROLES)}."
            field, value = "role", coding.role
        else:
            return _Coding(coding.row, extract, facet, codes[code], plain(coding.role))
        return Fault(where, problem, remedy, coding.row, field, _short(value))


def _like(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known).rstrip(".")


def _short(text: str) -> str:
    return textwrap.shorten(text, 60, placeholder=" …") or f"{text[:60]}…"


def _once(where: str, codings: Sequence[_Coding], exclusive: frozenset[str], faults: list[Fault]) -> Iterator[_Coding]:
    """Yield codings that say something of their own; add the others to the faults.

    Of rows that say the same, the first is used. Of different primary codes in an exclusive facet, none is: a guess at
    which was intended would be our coding, not the learner's.
    """
    first: dict[tuple[str, str, str], int] = {}
    chosen: dict[tuple[str, str], set[str]] = {}
    for coding in codings:
        if coding.role == ROLES[0] and coding.facet in exclusive:
            chosen.setdefault((coding.extract, coding.facet), set()).add(coding.code)
    for coding in codings:
        row = first.setdefault((coding.extract, coding.facet, coding.code), coding.row)
        several = chosen.get((coding.extract, coding.facet), set())
        if coding.role == ROLES[0] and len(several) > 1:
            codes = formatting.listed(sorted(several))
            problem = f"{coding.extract} is coded for {coding.facet} as {codes}; none is used"
            remedy = "Keep one, or mark the others as alternative."
        elif row != coding.row:
            problem, remedy = f"row {row} says the same of {coding.extract}", "Nothing is lost."
        else:
            yield coding
            continue
        value = f"{coding.extract}, {coding.facet}"
        faults.append(Fault(where, problem, remedy, coding.row, "extract_id, facet", value))
