"""A check of all that a study package makes public for what may disclose a person's identity; it changes nothing.

The UK Data Service lets anonymisation begin with finding and assessing identifiers: direct ones (names, addresses,
numbers), and indirect ones, which identify a person together with others. This check finds candidates for direct ones
in every text of a package, counts that are small enough to single a person out, and wording that is kept private.
Only a reader can see what else in a story a person may be recognised by. What was judged harmless is recorded, with
the reason, in a table of the package, `disclosure-allowed.csv` (`value, reason`). The package says who judged it.

May import: `wording`, `counting`, `study`, `support`.

References
----------
UK Data Service, Anonymisation step-by-step,
https://ukdataservice.ac.uk/learning-hub/research-data-management/anonymisation/anonymisation-step-by-step/

UK Data Service, Anonymisation, https://www.ukdataservice.ac.uk/manage-data/legal-ethical/anonymisation
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd

from analysis.disclosure import identifiers, leaked_wording, public_texts, small_cells
from analysis.disclosure.public_texts import DisclosureError, Text
from analysis.support.errors import Fault, raise_if_any

__all__ = ["ALLOWED", "DisclosureError", "Finding", "by_value", "check", "table"]

ALLOWED = "disclosure-allowed.csv"
ALLOWED_COLUMNS = ["value", "reason"]
UNREAD, SMALL_CELLS, PRIVATE_WORDING = "unread file", "small cells", "private wording"
_DIRECT = "it may name or reach a person directly"
_OUT = "Remove it, or write it more generally."
_IDENTIFIERS = (
    *(identifiers.EMAIL, identifiers.WEB, identifiers.HANDLE, identifiers.DATE),
    *(identifiers.NHS, identifiers.PHONE, identifiers.POSTCODE, identifiers.NAME),
)
#: Why each kind is reported, and what to do about it unless it is harmless.
_WHY: dict[str, tuple[str, str]] = {
    identifiers.EMAIL: (_DIRECT, _OUT),
    identifiers.WEB: ("it may lead to a person or a small organisation", _OUT),
    identifiers.HANDLE: (_DIRECT, _OUT),
    identifiers.DATE: ("a day may identify people who were born, treated or met on it", "Give the month or the year."),
    identifiers.NHS: (_DIRECT, "Remove it."),
    identifiers.PHONE: (_DIRECT, "Remove it."),
    identifiers.POSTCODE: ("it covers a few households", "Give a larger area, or remove it."),
    identifiers.NAME: ("capitals within a sentence may be those of a person or place", _OUT),
    UNREAD: ("this is not text in UTF-8, or too large, so it was not checked", "Read it yourself."),
    SMALL_CELLS: ("the few people in a cell may be recognised", "Join codes, or do not publish such a table."),
    PRIVATE_WORDING: ("the private table has the same words in the same order", "Use other words."),
}


@dataclass(frozen=True)
class Finding:
    """Something in a package that may disclose a person's identity.

    `row` counts as a text editor or spreadsheet does; `field` is a column, or a path in JSON. `value` is what was
    found, for those who have the package, and `shown` the same, masked where it may name or reach a person.
    """

    file: str
    row: int | None
    field: str | None
    kind: str
    shown: str
    why: str
    remedy: str
    value: str

    @property
    def place(self) -> str:
        """Where it is: the file, with row and field where there are any."""
        row = "" if self.row is None else f", row {self.row}"
        field = "" if self.field is None else f", field {self.field}"
        return f"{self.file}{row}{field}"

    def __str__(self) -> str:
        return f"{self.place}: {self.kind} {self.shown}: {self.why}. {self.remedy}"


def check(
    folder: Path, smallest: int = small_cells.SMALLEST, tell: Callable[[str], None] = lambda _: None
) -> list[Finding]:
    """Return everything in a study package that may disclose a person's identity, by kind and file.

    Parameters
    ----------
    folder : Path
        The package. Its folder `private` and hidden files are left out.
    smallest : int
        The fewest interviewees that a cell of two facets may have.
    tell : callable
        Called with each step before it begins.

    Raises
    ------
    DisclosureError
        For a folder that is missing or has no files, and for a faulty table that the check depends on.
    """
    public, unread = public_texts.read(folder)
    allowed = _allowed(folder)
    tell(f"Looking for direct identifiers in {len(public):,} pieces of text")
    found = [
        Finding(file, None, None, UNREAD, file, *_WHY[UNREAD], file) for file in unread if _plain(file) not in allowed
    ]
    cited = public_texts.published(folder)
    ordinary = public_texts.common(piece for piece in public if piece.file != ALLOWED)
    found += _identifiers(public, allowed | cited, ordinary | cited)
    tell("Looking for private wording")
    found += [
        _finding(piece, PRIVATE_WORDING, start, f"{shared} words", run)
        for piece, start, run in leaked_wording.repeated(public, folder)
        if _plain(run) not in allowed and (shared := len(run.split()))
    ]
    tell("Counting interviewees")
    found += [
        Finding(small_cells.TABLE, None, None, SMALL_CELLS, f"{pair}, {cells}", *_WHY[SMALL_CELLS], pair)
        for pair, cells in small_cells.small(folder, smallest)
        if _plain(pair) not in allowed
    ]
    return found


def table(findings: Iterable[Finding], masked: bool = False) -> pd.DataFrame:
    """Return findings as a table: a row for each, a column for each of its fields, without the values if `masked`."""
    columns = [field.name for field in fields(Finding) if not (masked and field.name == "value")]
    return pd.DataFrame(map(asdict, findings), columns=columns)


def by_value(findings: Iterable[Finding], masked: bool = False) -> Iterator[str]:
    """Yield a line for each value that was found, however many places have it: the value, where, why and a remedy."""
    together: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        together.setdefault((finding.kind, _plain(finding.value)), []).append(finding)
    for (kind, _), same in together.items():
        first = same[0]
        shown = first.shown if masked or kind not in _IDENTIFIERS else f"“{first.value}”"
        places = first.place if len(same) == 1 else f"{len(same):,} places, the first of them {first.place}"
        what = f"{kind} in {places}" if kind == UNREAD else f"{kind} {shown} in {places}"
        yield f"{what}: {first.why}. {first.remedy}"


def _identifiers(public: list[Text], allowed: set[str], known: set[str]) -> Iterator[Finding]:
    seen: dict[str, list[identifiers.Identifier]] = {}
    titles = public_texts.names_of_codes_in_title_case(public)
    for piece in public:
        if piece.text not in seen:
            seen[piece.text] = [*identifiers.direct(piece.text), *identifiers.names(piece.text, known)]
        for found in seen[piece.text]:
            is_title = found.kind == identifiers.NAME and piece in titles
            if _plain(found.value) not in allowed and not is_title:
                value = " ".join(found.value.split())
                yield _finding(piece, found.kind, found.start, identifiers.masked(value), value)


def _finding(piece: Text, kind: str, start: int, shown: str, value: str) -> Finding:
    return Finding(piece.file, piece.row_at(start), piece.field, kind, shown, *_WHY[kind], value)


def _plain(value: str) -> str:
    """Return a value in the form in which it is compared with the table of allowed values."""
    return " ".join(value.casefold().split())


def _allowed(folder: Path) -> set[str]:
    """Return the values that were judged harmless."""
    file = folder / ALLOWED
    if not file.is_file():
        return set()
    header, *rows = public_texts.rows(file)
    if header != ALLOWED_COLUMNS:
        remedy = f"The header has to be: {','.join(ALLOWED_COLUMNS)}"
        raise DisclosureError(Fault(file, "wrong columns", remedy, row=1, value=",".join(header)))
    faults = (
        Fault(file, "an allowed value needs a reason", "Fill in these two cells only.", number)
        for number, row in enumerate(rows, start=2)
        if len(row) != len(ALLOWED_COLUMNS) or not all(cell.strip() for cell in row)
    )
    raise_if_any(DisclosureError, faults)
    return {_plain(value) for value, _ in rows}
