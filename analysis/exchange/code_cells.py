"""Several codes in one cell of a table: what separates them, and whether cells seem to have several.

The name of a code may have a comma in it, or any other mark. So a mark is a separator only where the user says so;
where the parts between such marks recur in other cells, the user is asked.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.exchange.import_report import ExchangeError
from analysis.support.errors import Fault

NONE, NEWLINE = "none", "newline"  # how a user writes that nothing separates codes, and that line breaks do
_NAMES = {";": "a semicolon", "\n": "a new line", "|": "a bar", ",": "a comma"}
_FEW, _NEARLY = 8, 0.8  # coded rows, and the share of them with a code of their own, from which that is unusual


class SeveralCodesError(ExchangeError):
    """A table whose cells seem to hold several codes; `separator` is what separates them, as a user writes it."""

    def __init__(self, fault: Fault, separator: str) -> None:
        super().__init__(fault)
        self.separator = separator


def separator_of(written: str) -> str:
    r"""Return the separator that a user writes; empty for none.

    >>> separator_of(";"), separator_of("newline"), separator_of(r"\n"), separator_of("none")
    (';', '\n', '\n', '')
    """
    return {NONE: "", NEWLINE: "\n", "\\n": "\n"}.get(written, written)


def named(separator: str) -> str:
    """Return the name of a separator."""
    return _NAMES.get(separator, repr(separator))


def parts(cell: str, separator: str) -> list[str]:
    """Return the codes in a cell, without those that are empty.

    >>> parts("Trust; Time;", ";"), parts("Trust, again", "")
    (['Trust', 'Time'], ['Trust, again'])
    """
    # Spaces around a separator belong to it; those at the end of a cell were stripped before.
    found = cell.split(separator.strip(" ") or separator) if separator else [cell]
    return [part.strip() for part in found if part.strip()]


def likely(cells: Iterable[str]) -> tuple[str, list[str]]:
    """Return what seems to separate codes in some cells, and the cells that it would split; empty for no separator.

    Lines in a cell are separate codes. Other marks separate where a part recurs in a different cell; commas, which are
    common in names, only where every part of a cell recurs.

    >>> likely(["Trust; Time", "Trust"]), likely(["Trust, in people", "Trust"]), likely(["A, B", "A", "B"])
    ((';', ['Trust; Time']), ('', []), (',', ['A, B']))
    """
    best: tuple[str, list[str]] = ("", [])
    for separator, several, recurring in _split(list(dict.fromkeys(cells))):
        enough = all if separator == "," else any
        split = separator == "\n" or any(enough(part in recurring for part in found) for found in several.values())
        if split and len(several) > len(best[1]):
            best = separator, list(several)
    return best


def doubts(cells: Sequence[str]) -> list[str]:
    """Return what is unusual about some cells, each read as one code, perhaps since they have several codes."""
    found = []
    distinct = list(dict.fromkeys(cells))
    for separator, several, recurring in _split(distinct):
        if separator != "," or any(recurring.intersection(some) for some in several.values()):
            found.append(f"a code holds {named(separator)}, and was read as one; --separator splits such cells")
    if len(cells) >= _FEW and len(distinct) >= _NEARLY * len(cells):
        found.append(f"nearly every coded row has a code of its own ({len(distinct):,} codes in {len(cells):,} rows)")
    return found


def ask(file: Path, cells: Sequence[str], rows: Sequence[int]) -> None:
    """Raise SeveralCodesError where cells, in these rows of a file, look as if they held several codes."""
    separator, several = likely(cells)
    if several:
        written = NEWLINE if separator == "\n" else separator
        number = sum(cell in set(several) for cell in cells)
        problem = f"{number:,} of {len(cells):,} cells with codes seem to hold several, separated by {named(separator)}"
        remedy = f'Use --separator "{written}" to split them, or --separator {NONE} if each cell is one code.'
        row = next(row for cell, row in zip(cells, rows, strict=True) if cell in several)
        fault = Fault(file, problem, remedy, row=row, field="code", value=several[0][:80])
        raise SeveralCodesError(fault, written)


def _split(distinct: list[str]) -> Iterable[tuple[str, dict[str, list[str]], set[str]]]:
    """Yield for each separator the cells that it splits, with their parts, and the parts that recur in other cells."""
    for separator in _NAMES:
        split = {cell: parts(cell, separator) for cell in distinct}
        several = {cell: found for cell, found in split.items() if len(found) > 1}
        times = Counter(part for found in split.values() for part in set(found))
        if several:
            yield separator, several, {part for part, n in times.items() if n > 1}
