"""What a lesson file may have computed: measures by name, each a pure function of a setting and its options.

`MEASURES` is the whole vocabulary; a module with further ones adds to it here. A measure gives a number, a text, a list
of names, or things with the judgement of record on each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np

from analysis import agreement
from analysis.agreement import COEFFICIENTS, Bootstrap, Ratings, readers
from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.reanalysis import close_reading
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL
from analysis.support.errors import CompendiumError
from analysis.teaching import passage_texts
from analysis.teaching.comparisons import Judged
from analysis.teaching.lesson_settings import Setting

Options = Mapping[str, Any]


class MeasureError(CompendiumError):
    """A measure that cannot be computed as it was asked for."""


class Of(Enum):
    """What an option names."""

    TABLE = "a table of the lesson"
    FACET = "a facet of the study"
    LEVEL = "a level of the facet"
    CODE = "a code of the facet"
    CODES = "codes of the facet"
    PASSAGES = "passages of the study"
    CODERS = "coders of the study"
    VALUE = "a value of the lesson"
    TEXT = "a text"
    TEXTS = "texts"
    NUMBER = "a number"
    FLAG = "true or false"


@dataclass(frozen=True)
class Option:
    """What an option of a measure names, what it is for, and whether it is needed."""

    of: Of
    meaning: str
    needed: bool = True


@dataclass(frozen=True)
class Measure:
    """A measure: what it gives, in words, its options, and the function that computes it."""

    meaning: str
    options: Mapping[str, Option]
    compute: Callable[[Setting, Options], object] = field(repr=False)


TABLE = Option(Of.TABLE, "the table")
FACET = Option(Of.FACET, "the facet")
LEVEL = Option(Of.LEVEL, "the level; the top one if it is left out", needed=False)


# --- tables that the lesson makes up


def _count(setting: Setting, options: Options) -> int:
    return setting.tables[options["table"]].count(options.get("row", ""), options.get("column", ""))


def _share(setting: Setting, options: Options) -> float:
    return setting.tables[options["table"]].share(options["code"], options.get("coder", ""))


def _paired(setting: Setting, options: Options) -> list[list[str]]:
    """Return the codes of each passage that two coders coded at least."""
    rows = ([code for code in row if code] for row in setting.tables[options["table"]].rows)
    return [row for row in rows if len(row) > 1]


def _paired_codes(setting: Setting, options: Options) -> int:
    codes = [code for row in _paired(setting, options) for code in row]
    return codes.count(options["code"]) if "code" in options else len(codes)


def _unpaired(setting: Setting, options: Options) -> int:
    return len(setting.tables[options["table"]].rows) - len(_paired(setting, options))


def _differing_pairs(setting: Setting, options: Options) -> float:
    """Return how often codes of a passage differ, as Krippendorff's alpha counts it."""
    found = 0.0
    for row in _paired(setting, options):
        same = sum(row.count(code) ** 2 for code in set(row))
        found += (len(row) ** 2 - same) / (len(row) - 1)
    return int(found) if found == int(found) else found


# --- agreement, of a table or of coders of the study


def _ratings(setting: Setting, options: Options) -> Ratings:
    if "table" in options:
        return setting.tables[options["table"]].ratings()
    if not {"facet", "coders"} <= options.keys():
        raise MeasureError("Agreement is that of a table, or of coders on a facet. Give table, or facet and coders.")
    return readers.chosen(setting.evidence, options["facet"], tuple(options["coders"]), options.get("level"))


def _coefficient(name: str) -> Callable[[Setting, Options], object]:
    def compute(setting: Setting, options: Options) -> float:
        end = options.get("end", "value")
        if end not in ("value", "low", "high"):
            raise MeasureError(f"There is no end {end!r}. Choose low or high.")
        if end != "value":
            return _interval(setting, options, name)[end]
        found = agreement.estimates(_ratings(setting, options), [name]).iloc[0]
        if np.isnan(found["value"]):
            raise MeasureError(f"{name} is not defined here: {found['reason']}. Take another table or measure.")
        return float(found["value"])

    return compute


def _interval(setting: Setting, options: Options, name: str) -> Mapping[str, float]:
    """Return both ends of an interval by resampling interviewees."""
    if "table" in options:
        raise MeasureError("A table that is made up has no interviewees to resample. Leave out end.")
    of = options["facet"], tuple(options["coders"]), options.get("level"), name
    return _resampled(setting.evidence, *of)


@lru_cache(maxsize=32)  # each end asks for it
def _resampled(
    evidence: Evidence, facet: str, coders: tuple[str, ...], level: str | None, name: str
) -> Mapping[str, float]:
    given = readers.chosen(evidence, facet, coders, level)
    found = agreement.estimates(given, [name], intervals=[Bootstrap(over="interviewees")]).iloc[0]
    if np.isnan(found["low"]):
        raise MeasureError(f"{name} has no interval here: {found['reason']}. Leave out end.")
    return {"low": float(found["low"]), "high": float(found["high"])}


_AGREEMENT = {
    "table": Option(Of.TABLE, "the table", needed=False),
    "facet": Option(Of.FACET, "in place of a table: the facet", needed=False),
    "coders": Option(Of.CODERS, "with a facet: who is compared", needed=False),
    "level": LEVEL,
    "end": Option(Of.TEXT, "`low` or `high`: an end of the 95% interval by resampling interviewees", needed=False),
}


def _differing(setting: Setting, options: Options) -> list[str]:
    return list(agreement.disagreements(_ratings(setting, options)).index)


def _coded(setting: Setting, options: Options) -> int:
    return len(_ratings(setting, options).units)


_COMPARED = {key: option for key, option in _AGREEMENT.items() if key != "end"}


# --- codes and passages of the study


def _codes(setting: Setting, options: Options) -> list[str]:
    return sorted(setting.codes(options["facet"], options.get("level")))


def _names(setting: Setting, options: Options) -> list[str]:
    names = code_tree.names(setting.evidence.codes, options["facet"])
    return [names[code] for code in options["codes"]]


def _passages_with(setting: Setting, options: Options) -> list[str]:
    record = setting.evidence.record
    rows = record[(record["facet"] == options["facet"]) & (record["role"] == "primary")]
    found = set(rows.loc[rows["code_id"].isin(options["codes"]), "extract_id"])
    return [extract for extract in setting.passages() if extract in found]


def _crossed(setting: Setting, options: Options) -> int:
    rows, columns = (Axis(options[name], basis=options.get("basis", "any")) for name in ("rows", "columns"))
    unit = options.get("unit", "passage")
    table = crosstabs.crosstab_in_units(setting.evidence, rows, columns, [unit]).set_index(["row", "column"])
    cell, kind = (options.get("row", ALL), options.get("column", ALL)), options.get("end", "count")
    if cell not in table.index:
        raise MeasureError(f"The table has no cell {cell[0]} by {cell[1]}. Name a code of each facet.")
    if kind not in ("count", "lowest", "highest"):
        raise MeasureError(f"There is no end {kind!r}. Choose lowest or highest.")
    return int(table[kind].to_dict()[cell])


def _alone(setting: Setting, options: Options) -> int:
    """Return how many codes of a level have a single code of the level below, some left out."""
    codes, facet = setting.evidence.codes, options["facet"]
    up = code_tree.rolled_up(codes, facet, options["level"])
    below = [code for code in setting.codes(facet, options["below"]) if code not in options.get("without", ())]
    above = [up[code] for code in below]
    return sum(above.count(code) == 1 for code in set(above))


def _how_many(_setting: Setting, options: Options) -> int:
    value = options["of"]
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise MeasureError("Only the names in a list can be counted. Name a value that is a list.")
    return len(value)


def _about_passages(setting: Setting, _options: Options) -> str:
    if setting.wording or not setting.evidence.study.article:
        return ""
    return passage_texts.note(setting.evidence) if setting.private else passage_texts.about_gists(setting.evidence)


# --- what the compendium found in the article


def _codes_without_row(setting: Setting, _options: Options) -> list[str]:
    return list(close_reading.first_order_codes_outside_table_2(setting.evidence))


def _label_fits(setting: Setting, options: Options) -> dict[str, Judged]:
    """Return for passages of Table 2 whether the printed label fits by the close reading, and why."""
    evidence = setting.evidence
    names = code_tree.names(evidence.codes, "power")
    record = evidence.record[evidence.record["facet"] == "power"]
    apart = close_reading.printed_under_another_label(evidence)
    found = {}
    for extract in options["passages"]:
        rows = record[record["extract_id"] == extract]
        label = names[rows.loc[rows["role"] == "primary", "code_id"].iloc[0]]
        text = f"{setting.shown(extract).text} — {label}"
        if extract not in apart:
            found[extract] = Judged(options["fits"], "The close reading found no code that fits better.", text)
        else:
            other = rows[rows["role"] == "alternative"].iloc[0]
            found[extract] = Judged(options["another"], f"{names[other['code_id']]}: {other['rationale']}", text)
    return found


MEASURES: dict[str, Measure] = {
    "count": Measure(
        "How many passages of a made-up table of two coders got a code from the first and a code from the second.",
        {
            "table": TABLE,
            "row": Option(Of.TEXT, "the code of the first coder; any if it is left out", needed=False),
            "column": Option(Of.TEXT, "the code of the second coder; any if it is left out", needed=False),
        },
        _count,
    ),
    "share": Measure(
        "The share of a code among all codes in a made-up table, or among those of one coder.",
        {
            "table": TABLE,
            "code": Option(Of.TEXT, "the code"),
            "coder": Option(Of.TEXT, "the coder; all of them if it is left out", needed=False),
        },
        _share,
    ),
    "paired-codes": Measure(
        "How many codes a made-up table has in passages that two coders coded at least.",
        {"table": TABLE, "code": Option(Of.TEXT, "only this code", needed=False)},
        _paired_codes,
    ),
    "unpaired": Measure(
        "How many passages of a made-up table fewer than two coders coded.", {"table": TABLE}, _unpaired
    ),
    "differing-pairs": Measure(
        "How often codes of the same passage differ in a made-up table, as Krippendorff's alpha counts it.",
        {"table": TABLE},
        _differing_pairs,
    ),
    **{
        name: Measure(f"{one.label}, of a made-up table or of coders of the study.", _AGREEMENT, _coefficient(name))
        for name, one in COEFFICIENTS.items()
    },
    "coded": Measure("How many passages were coded by those who are compared.", _COMPARED, _coded),
    "differing": Measure("The passages on which those who are compared differ.", _COMPARED, _differing),
    "crossed": Measure(
        "A count in the table of one facet by another, in the coding of record or at an end of its range.",
        {
            "rows": Option(Of.FACET, "the facet of the rows"),
            "columns": Option(Of.FACET, "the facet of the columns"),
            "row": Option(Of.TEXT, "the code of the row; all if it is left out", needed=False),
            "column": Option(Of.TEXT, "the code of the column; all if it is left out", needed=False),
            "unit": Option(Of.TEXT, "`passage`, `statement` or `interviewee`; passage if left out", needed=False),
            "basis": Option(Of.TEXT, "on what codings may rest; `any` if it is left out", needed=False),
            "end": Option(Of.TEXT, "`lowest` or `highest`: an end of the range over all readings", needed=False),
        },
        _crossed,
    ),
    "codes": Measure(
        "The codes of a facet at a level, in the order of the alphabet.", {"facet": FACET, "level": LEVEL}, _codes
    ),
    "names": Measure(
        "The names of codes.", {"facet": FACET, "codes": Option(Of.VALUE, "a value with codes, or a list")}, _names
    ),
    "passages-with": Measure(
        "The passages that have one of some codes in the coding of record.",
        {"facet": FACET, "codes": Option(Of.VALUE, "a value with codes, or a list")},
        _passages_with,
    ),
    "codes-with-one-below": Measure(
        "How many codes of a level have a single code below them.",
        {
            "facet": FACET,
            "level": Option(Of.LEVEL, "the level"),
            "below": Option(Of.LEVEL, "the level below it"),
            "without": Option(Of.VALUE, "a value with codes that are left out, or a list", needed=False),
        },
        _alone,
    ),
    "how-many": Measure("How many names a list has.", {"of": Option(Of.VALUE, "a value that is a list")}, _how_many),
    "about-passages": Measure(
        "A sentence or two on the words in which the passages of the compendium are shown; nothing for other studies.",
        {},
        _about_passages,
    ),
    "codes-without-row": Measure(
        "The first-order codes for which Table 2 of the article prints no passage; for the compendium's study.",
        {},
        _codes_without_row,
    ),
    "label-fits": Measure(
        "For passages of Table 2 whether their label fits, by the compendium's close reading; a record for `coding`.",
        {
            "passages": Option(Of.PASSAGES, "the passages"),
            "fits": Option(Of.TEXT, "the option for a label that fits"),
            "another": Option(Of.TEXT, "the option for a passage that fits another code at least as well"),
        },
        _label_fits,
    ),
}
