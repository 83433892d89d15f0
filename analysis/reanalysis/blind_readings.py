"""Planned blind readings: the plan is as it was sealed, and the codings are what each reader wrote.

Each folder of `data/readings` holds one plan: `instruction.md` and `shown.csv` (which passage each reader saw under
which number), their checksums as they were before anybody read (`plan.sha256`), and a table of what each reader wrote.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from analysis.study.evidence import Evidence
from analysis.support import safe_files
from analysis.support.errors import CompendiumError, Fault, raise_if_any, unreadable

PLAN, SHOWN = "plan.sha256", "shown.csv"
FACETS = ("stage", "response")  # of which each reader gave a code, and others that could be defended
_RESTORE = "Restore it with 'git checkout': a plan is never changed after its reading."
Row = dict[str, str]
#: Facet, role and code of a coding.
Given = tuple[str, str, str]


class ReadingError(CompendiumError):
    """A planned reading that is not as it was, or not what the codings say."""


def check(evidence: Evidence, folder: Path) -> int:
    """Return how many readers of planned readings there are; none where the study has no such folder.

    Raises ReadingError for a plan that no longer has its checksum, a number or a passage that is unknown or missing,
    and for codings that differ from what a reader wrote.
    """
    readers = 0
    for plan in sorted(found for found in folder.glob("*") if found.is_dir()):
        raise_if_any(ReadingError, _plan_faults(plan))
        shown = _rows(plan / SHOWN, "coder_id", "shown_as", "extract_id", "passage")
        raise_if_any(ReadingError, _shown_faults(evidence, plan / SHOWN, shown))
        for reader in dict.fromkeys(row["coder_id"] for row in shown):
            passages = {row["shown_as"]: row["extract_id"] for row in shown if row["coder_id"] == reader}
            raise_if_any(ReadingError, _reading_faults(evidence, plan / f"{reader}.csv", reader, passages))
            readers += 1
    return readers


def _plan_faults(plan: Path) -> Iterator[Fault]:
    for line in _text(plan / PLAN).splitlines():
        noted, _, name = line.partition("  ")
        if hashlib.sha256(_text(plan / name).encode()).hexdigest() != noted:
            yield Fault(plan / name, f"it is no longer what {PLAN} sealed before the reading", _RESTORE)


def _shown_faults(evidence: Evidence, file: Path, shown: list[Row]) -> Iterator[Fault]:
    """Yield passages and coders that there are not, and passages whose sealed wording is not the one that was shown."""
    known, coders = set(evidence.extracts["extract_id"]), set(evidence.coders["coder_id"])
    pieces = evidence.fragments.groupby("owner_id")["fingerprint"].agg(list)
    for row, cells in enumerate(shown, 2):
        extract, coder = cells["extract_id"], cells["coder_id"]
        if extract not in known:
            yield Fault(file, "there is no such passage", "Name a passage of extracts.csv.", row, "extract_id", extract)
        elif len(pieces[extract]) == 1 and pieces[extract] != [cells["passage"]]:
            problem, remedy = (
                "the wording that was shown is not the one that is sealed",
                "Look which of the two is right.",
            )
            yield Fault(file, problem, remedy, row, "passage", cells["passage"])
        if coder not in coders:
            yield Fault(file, "there is no such coder", "Add the reader to coders.csv.", row, "coder_id", coder)


def _reading_faults(evidence: Evidence, file: Path, reader: str, passages: dict[str, str]) -> Iterator[Fault]:
    written: dict[str, set[Given]] = {}
    columns = [f"{facet}{part}" for facet in FACETS for part in ("", "_alternatives")]
    for row, cells in enumerate(_rows(file, "shown_as", *columns), 2):
        extract = passages.get(cells["shown_as"])
        if extract is None:
            remedy = f"Write a number that {SHOWN} has for {reader}."
            yield Fault(file, "no passage was shown under this number", remedy, row, "shown_as", cells["shown_as"])
        else:
            written[extract] = set(_given(cells))
    codings = evidence.codings[(evidence.codings["coder_id"] == reader) & evidence.codings["facet"].isin(FACETS)]
    recorded: dict[str, set[Given]] = {}
    for extract, *given in codings[["extract_id", "facet", "role", "code_id"]].to_numpy().tolist():
        recorded.setdefault(extract, set()).add(tuple(given))
    for extract in passages.values():
        if written.get(extract) != recorded.get(extract):
            problem = f"{reader} wrote other codes for {extract} than codings.csv has"
            yield Fault(file, problem, "Copy the reading into codings.csv as it was written.")


def _given(cells: Row) -> Iterator[Given]:
    for facet in FACETS:
        yield facet, "primary", cells[facet]
        for code in cells[f"{facet}_alternatives"].split():
            yield facet, "alternative", code


def _rows(file: Path, *columns: str) -> list[Row]:
    table = csv.DictReader(io.StringIO(_text(file)))
    if lacking := [column for column in columns if column not in (table.fieldnames or ())]:
        raise ReadingError(Fault(file, f"the table lacks the column {lacking[0]}", _RESTORE))
    return [{column: cell or "" for column, cell in row.items()} for row in table]


def _text(file: Path) -> str:
    try:
        return safe_files.text(file)
    except OSError as fault:
        raise ReadingError(unreadable(file, fault)) from None
    except UnicodeError as fault:
        raise ReadingError(Fault(file, f"cannot be read as UTF-8 ({fault})", _RESTORE)) from None
