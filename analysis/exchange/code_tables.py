"""Read a codebook from a table: a CSV file or spreadsheet with a row for each code and its definition.

The columns, in any order: `code`, with ` > ` between the levels of the code tree; `definition` (or `description`); and,
where they are there, `facet`, the branch above the code, `include`, `exclude` and `boundary`. A row with a facet and no
code has the definition of the facet. A table that names sources or passages is no codebook.
"""

from collections.abc import Sequence
from pathlib import Path

from analysis.exchange import annotations, csv_table, table_columns, table_files
from analysis.exchange.annotations import RULES
from analysis.exchange.import_report import ExchangeError, Imported, Report
from analysis.exchange.project import Code, Project
from analysis.exchange.refi_qda.qdpx_archives import RAISE, USUAL, Limits
from analysis.exchange.table_columns import LEVELS
from analysis.support import csv_tables
from analysis.support.errors import Fault

_DEFINITION = ("definition", "description")
_KNOWN = ("code", "facet", *_DEFINITION, *RULES)


def read_codes(file: Path, limits: Limits = USUAL) -> Imported | None:
    """Read a codebook from a table; None for a table that is none.

    Raises ExchangeError, which names the row, for a code that is there twice or that lies too deep.
    """
    report = Report(file, "table of codes")
    lines = next((sheet.lines for sheet in table_files.sheets(file, report, limits) if _is_codebook(sheet.lines)), None)
    if lines is None:
        return None
    header, codes = table_columns.numbered(lines[0].cells), dict[tuple[str, ...], Code]()
    described: set[tuple[str, ...]] = set()
    for name in header:
        if name not in _KNOWN:
            report.lost.add(f"the column {name or 'without a name'}")
    for number, cells in (line for line in lines[1:] if any(map(str.strip, line.cells))):
        if len(cells) != len(header):
            problem = f"the row has {len(cells)} cells, and the header {len(header)}"
            raise ExchangeError(Fault(file, problem, "Put quotation marks around a cell with commas.", row=number))
        texts = [report.cleaned(csv_tables.unguarded(cell.strip())) for cell in cells]
        row = dict(zip(header, texts, strict=True))
        path = tuple(filter(None, [row.get("facet", ""), *(part.strip() for part in row["code"].split(LEVELS))]))
        if not path or path in described:
            problem = "the code is in an earlier row" if path else "the row names no code"
            raise ExchangeError(Fault(file, problem, "Give each code a row of its own.", row=number, value=row["code"]))
        if len(path) > limits.depth:
            raise ExchangeError(Fault(file, f"a code of more than {limits.depth} levels", RAISE, row=number))
        described.add(path)
        csv_table.code_at(path, codes)
        text = annotations.described(_definition(row), {rule: row.get(rule, "") for rule in RULES})
        codes[path] = codes[path]._replace(description=text)
    return Imported(Project(file.stem, codes=tuple(codes.values())), report)


def _definition(row: dict[str, str]) -> str:
    return next((row[name] for name in _DEFINITION if row.get(name)), "")


def _is_codebook(lines: Sequence[table_files.Line]) -> bool:
    """Tell whether a table has codes with definitions, and neither sources nor passages."""
    columns = set(table_columns.numbered(lines[0].cells)) if lines else set()
    of_codings = {"source", "passage", "coder", *table_columns.OF_PASSAGES, *table_columns.OF_SOURCES}
    return "code" in columns and not columns.isdisjoint(_DEFINITION) and columns.isdisjoint(of_codings)
