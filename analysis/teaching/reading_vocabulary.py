"""What lesson files may compute and show of a table of two facets in all allowed readings."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis.counting import crosstabs, pivot_tables, readings
from analysis.counting.crosstabs import Axis
from analysis.counting.readings import Comparison
from analysis.display import charts
from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.statistics import association
from analysis.study.vocabulary import ALL, UNCODED, UNITS
from analysis.support import formatting
from analysis.teaching.lesson_figures import Drawn
from analysis.teaching.lesson_measures import LEVEL, Measure, MeasureError, Of, Option, Options
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_tables import Shown

_ROW = Option(Of.TEXT, "the code of the row")
_COLUMN = Option(Of.TEXT, "the code of the column; all of them if it is left out", needed=False)
_UNIT = Option(Of.TEXT, "`passage`, `statement` or `interviewee`; passage if it is left out", needed=False)
_CAPTION = Option(Of.TEXT, "the caption")
_CROSSED = {
    "rows": Option(Of.FACET, "the facet of the rows"),
    "columns": Option(Of.FACET, "the facet of the columns"),
    "basis": Option(Of.TEXT, "on what codings of the columns may rest; `any` if it is left out", needed=False),
}
_COMPARED = {
    "of": Option(Of.VALUE, "a value of the measure `comparisons`"),
    "key": Option(Of.TEXT, "the key of the comparison"),
}


def axes(options: Options) -> tuple[Axis, Axis]:
    """Return the rows and the columns of a table; what codings may rest on holds for the columns."""
    return Axis(options["rows"]), Axis(options["columns"], basis=options.get("basis", "any"))


def _counted(setting: Setting, options: Options) -> pd.DataFrame:
    unit = options.get("unit", UNITS[0])
    if unit not in UNITS:
        raise MeasureError(f"There is no unit {unit!r}. Choose among {formatting.listed(UNITS)}.")
    return crosstabs.crosstab(setting.evidence, *axes(options), unit)


def _cell(setting: Setting, options: Options) -> "pd.Series[Any]":
    """Return the cell of a row and a column, or the margin of a row."""
    table = _counted(setting, options).set_index(["row", "column"])
    at = (options.get("row", ALL), options.get("column", ALL))
    if at not in table.index:
        raise MeasureError(f"The table has no cell {at[0]} by {at[1]}. Name a code of each facet.")
    return table.loc[at]


# --- counts


def _count_with_range(setting: Setting, options: Options) -> str:
    cell = _cell(setting, options)
    return formatting.count_with_range(int(cell["count"]), int(cell["lowest"]), int(cell["highest"]))


def _sum_of_columns(setting: Setting, options: Options) -> int:
    table = _counted(setting, options)
    row = table[table["row"].eq(options.get("row", ALL))].set_index("column")["count"]
    _, columns = axes(options)
    return int(row.reindex([*setting.codes(columns.facet), UNCODED]).sum())


def _passages_in(setting: Setting, options: Options) -> list[str]:
    """Return the passages of a row, or those in one of its columns: as coded, or in some reading."""
    of_row = list(_cell(setting, {**options, "column": ALL})["extracts"])
    if "column" not in options:
        return of_row
    cell = _cell(setting, options)
    there = set(cell["possible" if options.get("any_reading") else "extracts"])
    return [one for one in of_row if one in there]


def _why_not_tested(setting: Setting, options: Options) -> str:
    cases = crosstabs.cases(setting.evidence, *axes(options))
    return association.chi_square(cases, setting.evidence.passages).assumptions


# --- comparisons of two regions of a table


def comparisons(setting: Setting, options: Options) -> dict[str, Comparison]:
    """Compare two regions of a table over all allowed readings, for each key."""
    rows, columns = axes(options)
    allowed = readings.allowed_readings(setting.evidence, rows, columns)
    found = {}
    for key, one in options["of"].items():
        if not isinstance(one, Mapping) or not {"first", "second"} <= one.keys() <= {"first", "second", "unit"}:
            raise MeasureError(f"Comparison {key} takes first and second, and perhaps unit. Give these.")
        first, second = (_region(setting, options, one[side]) for side in ("first", "second"))
        found[key] = readings.compare(allowed, first, second, one.get("unit", UNITS[0]))
    return found


def _region(setting: Setting, options: Options, cells: object) -> list[tuple[str, str]]:
    """Return cells of a table, each a code of the rows and one of the columns."""
    known = [[*setting.codes(options[side]), UNCODED] for side in ("rows", "columns")]
    region = []
    for cell in cells if isinstance(cells, list) else [cells]:
        if (
            not isinstance(cell, list)
            or len(cell) != 2
            or any(code not in of for code, of in zip(cell, known, strict=True))
        ):
            raise MeasureError(
                f"{cell} is no cell of the table. Give lists of a code of the rows and one of the columns."
            )
        region.append((cell[0], cell[1]))
    return region


def _compared(options: Options) -> Comparison:
    found = _all_compared(options)
    if options["key"] not in found:
        raise MeasureError(f"There is no comparison {options['key']!r}. Choose among {formatting.listed(list(found))}.")
    return found[options["key"]]


def _all_compared(options: Options) -> dict[str, Comparison]:
    found = options["of"]
    if not isinstance(found, dict) or not all(isinstance(one, Comparison) for one in found.values()):
        raise MeasureError("This takes a value of the measure comparisons. Name one.")
    return found


def in_readings(more: Fraction) -> str:
    """Return in which readings a comparison holds.

    >>> in_readings(Fraction(1)), in_readings(Fraction(1, 3)), in_readings(Fraction(0))
    ('every', 'some', 'none')
    """
    if more == 1:
        return "every"
    return "some" if more else "none"


def _over_readings(_setting: Setting, options: Options) -> CaptionedTable:
    """Return each comparison over all readings: the range first, then what changes it, then the share."""
    rows = {
        key: [
            formatting.signed(one.difference.of_record),
            f"{formatting.signed(one.difference.lowest)} to {formatting.signed(one.difference.highest)}",
            "nothing" if one.tipping is None else formatting.listed(list(one.tipping)),
            formatting.portion(one.more),
        ]
        for key, one in _all_compared(options).items()
    }
    heads = ["Difference as coded", "Over all readings", "Changed by re-reading", "Share of readings"]
    return CaptionedTable(
        pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Statement"),
        "How many more there are, over all allowed readings. The passages are a smallest set, of perhaps several; the "
        "share of readings is that in which there are more, and is not a probability",
    )


MEASURES: dict[str, Measure] = {
    "count-with-range": Measure(
        "A count in the table of one facet by another with its range, as a text: 5 (2–8).",
        {**_CROSSED, "row": _ROW, "column": _COLUMN, "unit": _UNIT},
        _count_with_range,
    ),
    "sum-of-columns": Measure(
        "The counts of all columns of a row added up, which is more than its margin where a unit is in several.",
        {**_CROSSED, "row": Option(Of.TEXT, "the row; all if it is left out", needed=False), "unit": _UNIT},
        _sum_of_columns,
    ),
    "passages-in": Measure(
        "The passages of a row, as they are coded, or those of them that are in a column.",
        {
            **_CROSSED,
            "row": _ROW,
            "column": _COLUMN,
            "any_reading": Option(Of.FLAG, "whether passages count that may be read so", needed=False),
        },
        _passages_in,
    ),
    "why-not-tested": Measure(
        "Which assumptions of a chi-square test the table of one facet by another does not meet.",
        _CROSSED,
        _why_not_tested,
    ),
    "comparisons": Measure(
        "Two regions of a table, compared over all allowed readings, by keys; for other measures and a table.",
        {
            **_CROSSED,
            "of": Option(Of.VALUE, "tables by key with `first` and `second`, lists of cells, and perhaps `unit`"),
        },
        comparisons,
    ),
    "in-readings": Measure(
        "Whether the first region has more than the second in `every` reading, in `some`, or in `none`.",
        _COMPARED,
        lambda _, options: in_readings(_compared(options).more),
    ),
    "share-of-readings": Measure(
        "The share of readings in which the first region has more than the second.",
        _COMPARED,
        lambda _, options: _compared(options).more,
    ),
    "passages-that-turn": Measure(
        "A smallest set of passages that, read differently, turn a comparison; none where nothing turns it.",
        _COMPARED,
        lambda _, options: list(_compared(options).tipping or {}),
    ),
}


# --- tables and a chart


def _shown(setting: Setting, options: Options) -> CaptionedTable:
    show = "range" if options.get("ranges") else "count"
    table = pivot_tables.pivot(_counted(setting, options), setting.evidence, options["rows"], options["columns"], show)
    return CaptionedTable(table, options["caption"])


def _allowed_in_a_row(setting: Setting, options: Options) -> CaptionedTable:
    """Return passages that are, or may be, in a row, with what their words allow."""
    rows, columns = axes(options)
    as_coded = bool(options.get("as_coded"))
    extracts = list(_cell(setting, {**options, "column": ALL})["extracts" if as_coded else "possible"])
    across, down = (crosstabs.options(setting.evidence, axis) for axis in (columns, rows))
    shown = [setting.shown(extract) for extract in extracts]
    name = columns.facet.capitalize()
    table = pd.DataFrame(
        {
            shown[0].kind: [one.text for one in shown],
            f"{name} as coded": _codes(across, extracts, primary=True),
            f"{name} also allowed": _codes(across, extracts, primary=False),
        },
        index=pd.Index(extracts, name=setting.words["passage"]),
    )
    if not as_coded:
        down = down[down["code"].ne(options["row"])]
        table[f"Other {rows.facet} allowed"] = _codes(down, extracts, primary=False)
    return CaptionedTable(table, options["caption"])


def _codes(options: pd.DataFrame, extracts: Sequence[str], primary: bool) -> list[str]:
    chosen = options[options["primary"].eq(primary)]
    return [", ".join(chosen.loc[chosen["extract_id"].eq(extract), "code"]) for extract in extracts]


def _accumulation(setting: Setting, options: Options) -> Figure:
    return charts.code_accumulation(setting.evidence, options["facet"], options.get("level"))


TABLES: dict[str, Shown] = {
    "crossed": Shown(
        "One facet by another, in a unit, with its sums.",
        {
            **_CROSSED,
            "unit": _UNIT,
            "ranges": Option(Of.FLAG, "whether the lowest and highest count are given in brackets", needed=False),
            "caption": _CAPTION,
        },
        _shown,
    ),
    "allowed-in-a-row": Shown(
        "The passages of a row with their words, and the codes that these allow.",
        {
            **_CROSSED,
            "row": _ROW,
            "as_coded": Option(Of.FLAG, "whether only passages are shown that are coded so", needed=False),
            "caption": _CAPTION,
        },
        _allowed_in_a_row,
    ),
    "comparisons": Shown(
        "Comparisons over all allowed readings: the difference and its range, what turns it, the share of readings.",
        {"of": Option(Of.VALUE, "a value of the measure `comparisons`")},
        _over_readings,
    ),
}
FIGURES: dict[str, Drawn] = {
    "accumulation": Drawn(
        "How many codes some interviewees of the study have together.",
        {"facet": Option(Of.FACET, "the facet"), "level": LEVEL},
        _accumulation,
    ),
}
