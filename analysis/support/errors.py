"""What is wrong with an input: where, what was found, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.support import safe_files
from analysis.support.paths import shown
from analysis.support.terminal import visible

SHOWN = 10  # faults printed at most; the rest are counted
LONGEST_VALUE = 500  # characters of a value that are printed


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, with its place and its remedy.

    `file` may be a path, which is shown from the root of the compendium. `row` counts as a text editor or spreadsheet
    does: the header is row 1. `line` is a line of a text.
    """

    file: Path | str
    problem: str
    remedy: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Return the message on one line, hidden characters of names and values as escapes."""
        place = shown(self.file) if isinstance(self.file, Path) else self.file
        if self.line is not None:
            place += f", line {self.line}"
        if self.row is not None:
            place += f", row {self.row}"
        if self.field is not None:
            place += f", field {self.field}"
        found = "" if self.value is None else f" (found {shortened(self.value)!r})"
        return visible(f"{place}: {self.problem}{found}. {self.remedy}")


def shortened(text: str) -> str:
    """Return the beginning of a text that is longer than a message should be.

    >>> len(shortened("a" * 10_000)), shortened("short")
    (501, 'short')
    """
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def unreadable(file: Path, error: OSError) -> Fault:
    """Return the fault of a file that the system does not let us read."""
    return Fault(file, f"cannot be read: {error.strerror}", safe_files.advice(error))


class CompendiumError(Exception):
    """Base class for errors caused by invalid input or an unusable place; the message is shown to the user."""

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = faults
        super().__init__(self.message())

    def __reduce__(self) -> tuple[type["CompendiumError"], tuple[Fault | str, ...]]:
        """Keep the faults where the error is handed from one process to another."""
        return type(self), self.faults

    def message(self) -> str:
        """Return the message: a line for each of the first SHOWN faults, and how many more there are."""
        lines = [visible(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"… and {len(self.faults) - SHOWN} more like these.")
        return "\n".join(lines)


def raise_if_any(error: type[CompendiumError], faults: Iterable[Fault | str]) -> None:
    """Raise `error` with all `faults`, or return if there are none."""
    if found := tuple(faults):
        raise error(*found)
