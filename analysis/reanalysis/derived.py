"""The tables of `data/derived`: computed from the evidence, written all together, compared cell by cell."""

import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product, zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.agreement import readers
from analysis.counting import crosstabs, frequencies, readings
from analysis.counting.crosstabs import Axis, crosstab_in_units
from analysis.reanalysis import (
    article_model,
    article_tables,
    claims,
    close_reading,
    computed_blocks,
    derived_resources,
    single_rereadings,
)
from analysis.statistics import association, concentration
from analysis.study import code_tree, coders, loading
from analysis.study.evidence import Evidence
from analysis.support import csv_tables, paths, safe_files
from analysis.support.atomic_writes import recover, replace_folder, write_text
from analysis.support.errors import CompendiumError, Fault
from analysis.support.formatting import six_decimals

README = "README.md"  # of the data, some of which is computed
UNDATED = "not-stated"  # the stage of passages that cannot be dated
EFFECT_SIZES = tuple(product(("wording", "lead-in"), ("all", "dated")))  # the basis and the stages of each


class DerivedError(CompendiumError):
    """Derived tables that cannot be read or written."""


@dataclass(frozen=True)
class Difference:
    """One value that is not what the evidence gives; None where a side has no such row, column or table."""

    table: str
    row: str
    column: str
    committed: str | None
    recomputed: str | None

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        committed = "absent" if self.committed is None else repr(self.committed)
        recomputed = "absent" if self.recomputed is None else repr(self.recomputed)
        return f"{place}: committed {committed}, recomputed {recomputed}"


def facet_by_power(
    evidence: Evidence, facet: str, bases: tuple[str, ...], levels: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Count a facet by power in every unit, at each level of power (all if none are named), on each basis."""
    tables = [
        crosstab_in_units(evidence, Axis("power", level), Axis(facet, basis=basis)).assign(basis=basis, level=level)
        for basis, level in product(bases, levels or code_tree.levels(evidence.codes, "power"))
    ]
    table = pd.concat(tables, ignore_index=True).rename(columns={"row": "power", "column": facet})
    return table[["unit", "basis", "level", "power", facet, "count", "lowest", "highest", "extracts", "possible"]]


def stage_by_power(evidence: Evidence) -> pd.DataFrame:
    """Stage by power, on wording alone and with lead-ins."""
    return facet_by_power(evidence, "stage", ("wording", "lead-in"))


def response_by_power(evidence: Evidence) -> pd.DataFrame:
    """Whether a researcher's response is reported, by power; a lead-in allows some alternatives, no primary code."""
    return facet_by_power(evidence, "response", ("wording", "lead-in"))


def coding_structure(evidence: Evidence) -> pd.DataFrame:
    """Every power code in the order of the tree with its supporting, countering and context passages."""
    return frequencies.of_codes(evidence, "power")


def effect_sizes(evidence: Evidence) -> pd.DataFrame:
    """Cramér's V of stage by power: as coded, over all readings, and without each interviewee in turn.

    One row for each basis, with and without the code of passages that cannot be dated: `basis, stages,
    cases, v, v_corrected, readings, exact, tables, lowest, median, highest, at_least_as_coded, undefined,
    without_lowest, without_highest`; `at_least_as_coded` is a share of readings. Statistics are written to six
    decimals, which is how far they are compared.
    """
    return pd.DataFrame([effect_size(evidence, basis, stages) for basis, stages in EFFECT_SIZES])


@lru_cache(maxsize=16)  # the article asks for it more than once
def effect_size(evidence: Evidence, basis: str, stages: str) -> dict[str, Any]:
    """Return the row of `effect_sizes` for a basis and for stages, which are all of them or those that are dated."""
    spread = v_over_readings(evidence, basis, stages)
    without = association.without_each_interviewee(_cases(evidence, basis, stages), evidence.passages)["v"]
    return effect_as_coded(evidence, basis, stages) | {
        "exact": spread.exact,
        "tables": spread.tables,
        "lowest": six_decimals(spread.lowest),
        "median": six_decimals(spread.quantile(0.5)),
        "highest": six_decimals(spread.highest),
        "at_least_as_coded": six_decimals(spread.at_least_as_coded()),
        "undefined": six_decimals(spread.undefined),
        "without_lowest": six_decimals(without.min()),
        "without_highest": six_decimals(without.max()),
    }


def effect_as_coded(evidence: Evidence, basis: str, stages: str) -> dict[str, Any]:
    """Return the part of a row of `effect_sizes` for which no readings are counted, a hundredth of the work."""
    size = association.association(association.contingency(_cases(evidence, basis, stages)))
    return {
        "basis": basis,
        "stages": stages,
        "cases": size.cases,
        "v": six_decimals(size.v),
        "v_corrected": six_decimals(size.v_corrected),
        "readings": readings.number_of_readings(evidence, *_table_of(evidence, basis, stages)[2]),
    }


def _cases(evidence: Evidence, basis: str, stages: str) -> pd.DataFrame:
    power, kept, axes = _table_of(evidence, basis, stages)
    cases = crosstabs.cases(evidence, *axes)
    return cases[cases["row"].isin(power) & cases["column"].isin(kept)]


@lru_cache(maxsize=1)  # a chart asks for what a row was made of; one can take 60 MB
def v_over_readings(evidence: Evidence, basis: str, stages: str) -> readings.StatisticDistribution:
    """Return the distribution of Cramér's V of stage by power over all readings, as `effect_size` sums it up."""
    power, kept, axes = _table_of(evidence, basis, stages)
    return readings.statistic_distribution(
        readings.allowed_readings(evidence, *axes), association.cramers_v, power, kept
    )


def _table_of(evidence: Evidence, basis: str, stages: str) -> tuple[list[str], list[str], tuple[Axis, Axis]]:
    """Return kinds of power, stages and axes of the table of an effect size."""
    power, kept = (code_tree.codes_at(evidence.codes, facet) for facet in ("power", "stage"))
    return (
        power,
        [stage for stage in kept if stages == "all" or stage != UNDATED],
        (Axis("power"), Axis("stage", basis=basis)),
    )


def concentration_of_passages(evidence: Evidence) -> pd.DataFrame:
    """How unevenly passages are spread over interviewees, to six decimals (see analysis.statistics.concentration)."""
    table = concentration.concentration(evidence.passages, evidence.study.interviewed)
    return table.map(lambda value: six_decimals(value) if isinstance(value, float) else value)


def agreement_of_coders(evidence: Evidence) -> pd.DataFrame:
    """How far coders agree, to six decimals, or the reason why not defined (see analysis.agreement.readers)."""
    table = readers.agreement_of_groups(evidence).copy()
    sizes = ["value", "se", "low", "high"]
    for size in sizes:
        table[size] = ["" if math.isnan(value) else six_decimals(value) for value in table[size]]
    return table


#: Each table derived from the evidence with its key: the columns that name a row.
TABLES: dict[str, tuple[Callable[[Evidence], pd.DataFrame], tuple[str, ...]]] = {
    "table-1": (article_tables.table_1, ("source_id",)),
    "table-2": (article_tables.table_2, ("extract_id",)),
    "coding-structure": (coding_structure, ("code_id", "unit", "stance")),
    "stage-by-power": (stage_by_power, ("unit", "basis", "level", "power", "stage")),
    "response-by-power": (response_by_power, ("unit", "basis", "level", "power", "response")),
    "codings-by-coder": (coders.tallies, ("coder_id", "facet", "code_id", "role", "stance", "basis")),
    "stage-side-by-side": (lambda evidence: coders.side_by_side(evidence, "stage"), ("extract_id",)),
    "response-side-by-side": (lambda evidence: coders.side_by_side(evidence, "response"), ("extract_id",)),
    "observations": (close_reading.observations, ("observation",)),
    "claims": (claims.verdicts, ("claim_id",)),
    "claim-patterns": (claims.patterns, ("claim_id", "basis", "unit")),
    "model-steps": (article_model.steps, ("source", "target")),
    "rereadings": (single_rereadings.rereadings, ("extract_id", "facet", "code_id", "what", "name", "unit")),
    "pattern-passages": (
        single_rereadings.passages_of_patterns,
        ("claim_id", "unit", "extract_id", "facet", "code_id"),
    ),
    "association": (effect_sizes, ("basis", "stages")),
    "concentration": (concentration_of_passages, ("base",)),
    "agreement": (agreement_of_coders, ("facet", "coders", "role", "code", "coefficient", "method")),
}


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV for programs, each cell as it is."""
    return csv_tables.exact(csv_tables.plain(table))


def recompute(evidence: Evidence) -> dict[str, str]:
    """Compute every derived table; return file names with contents.

    Raises DerivedError for a study without claims: the tables are those of the article's study, and its claims.
    """
    require_claims(evidence)
    return {f"{name}.csv": as_csv(compute(evidence)) for name, (compute, _) in TABLES.items()}


def require_claims(evidence: Evidence) -> None:
    """Raise DerivedError for a study without the claims of an article."""
    if evidence.claims.empty or not evidence.study.article:
        remedy = f"For any other study, '{paths.COMMAND} study report' counts everything afresh each time."
        raise DerivedError(
            f"The derived tables belong to the study in data/, with its claims; this one has none. {remedy}"
        )


def write(evidence: Evidence, folder: Path = paths.DERIVED) -> list[Path]:
    """Replace the folder of derived tables by freshly computed ones, all or none; return the files written.

    Their descriptions in the data package beside the folder, and the computed parts of its README, are written as well.
    Raises WritingError where the folder cannot be written, and DescriptionError where a table breaks its description;
    both leave it as it was.
    """
    tables = recompute(evidence)
    description = folder.parent / loading.DESCRIPTION
    if described := _described(evidence, tables) if description.is_file() else []:
        derived_resources.check(folder.parent, tables, described)
    replace_folder(folder, tables)
    written = [folder / name for name in tables]
    if described:
        write_text(description, derived_resources.filled(_committed(description, folder.parent), described))
        written.append(description)
    if (readme := folder.parent / README).is_file():
        write_text(readme, computed_blocks.filled(_committed(readme, folder.parent), _readme(tables)))
        written.append(readme)
    return written


def _described(evidence: Evidence, tables: dict[str, str]) -> list[loading.Resource]:
    return derived_resources.resources(evidence, tables, {name: key for name, (_, key) in TABLES.items()})


def _readme(tables: dict[str, str]) -> dict[str, str]:
    """Return the computed parts of the README of the data, from the derived tables."""
    observations, by_coder = (
        pd.read_csv(io.StringIO(tables[f"{name}.csv"]), dtype=str, keep_default_na=False)
        for name in ("observations", "codings-by-coder")
    )
    return computed_blocks.computed(observations, sorted(by_coder["coder_id"].unique()))


def differences(recomputed: dict[str, str], folder: Path = paths.DERIVED) -> list[Difference]:
    """Compare the committed tables, and the README that goes with them, with recomputed ones.

    `recomputed` is that of `recompute`. Every value is a count or a text and has to be the same exactly. Raises
    DerivedError where there is no folder of derived tables.
    """
    recover(folder)
    if not folder.is_dir():
        raise DerivedError(Fault(folder, "there are no derived tables", "Write them with 'python -m analysis derive'."))
    found = []
    present = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    for file in sorted(recomputed.keys() | present):
        if file not in recomputed:
            found.append(Difference(file, "", "", "a file", None))
        elif not (folder / file).exists():
            found.append(Difference(file, "", "", None, "a table"))
        else:
            found += table_differences(file, _committed(folder / file, folder.parent), recomputed[file])
    if (readme := folder.parent / README).is_file():
        found += _readme_differences(_committed(readme, folder.parent), _readme(recomputed))
    return found


def description_differences(evidence: Evidence, recomputed: dict[str, str], package: Path) -> list[Difference]:
    """Compare what a data package says of the derived tables with what it has to say.

    Raises DerivedError where the description cannot be read, and DescriptionError for what nothing describes.
    """
    text = _committed(package / loading.DESCRIPTION, package)
    committed = {one["name"]: one for one in json.loads(text)["resources"] if derived_resources.is_derived(one)}
    expected = {one["name"]: one for one in _described(evidence, recomputed)}
    return [
        Difference(loading.DESCRIPTION, name, column, was, now)
        for name in dict.fromkeys([*committed, *expected])
        for column, was, now in _parts_that_differ(committed.get(name), expected.get(name))
    ]


def _parts_that_differ(
    committed: loading.Resource | None, expected: loading.Resource | None
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the fields and other members of a resource that are not as they have to be."""
    if committed is None or expected is None:
        yield "", None if committed is None else "a table", None if expected is None else "a table"
        return
    was, now = (derived_resources.parts(one) for one in (committed, expected))
    for part in dict.fromkeys([*was, *now]):
        if was.get(part) != now.get(part):
            yield part, was.get(part), now.get(part)
    if list(was) != list(now):
        yield "order", " ".join(was), " ".join(now)


def _readme_differences(text: str, expected: dict[str, str]) -> Iterator[Difference]:
    for name, content in computed_blocks.blocks(text).items():
        for was, now in zip_longest(content.splitlines(), expected.get(name, "").splitlines()):
            if was != now:
                yield Difference(README, name, "", was, now)


def check(name: str, evidence: Evidence, folder: Path = paths.DERIVED) -> str:
    """Compare one table with the committed one, as a notebook's last cell does; return the good news.

    Raises DerivedError with the differences.
    """
    file = f"{name}.csv"
    recomputed = as_csv(TABLES[name][0](evidence))
    if moved := table_differences(file, _committed(folder / file, folder.parent), recomputed):
        raise DerivedError(*map(str, moved))
    return f"{paths.shown(folder / file)}: all {values_in({file: recomputed}):,} values are what the evidence gives."


def values_in(tables: dict[str, str]) -> int:
    """Return how many values the tables have."""
    return sum(len(row) for content in tables.values() for row in _rows(content))


def _committed(file: Path, package: Path) -> str:
    """Return the text of a file of a data package."""
    try:
        return safe_files.text(safe_files.not_linked_out(package, file))
    except (OSError, ValueError) as fault:
        problem = f"cannot be read as UTF-8 ({fault})"
        raise DerivedError(Fault(file, problem, "Restore it with 'git checkout'.")) from None


def _rows(content: str) -> list[dict[str, str]]:
    return [
        {column: value or "" for column, value in row.items() if column is not None}
        for row in csv.DictReader(io.StringIO(content))
    ]


def table_differences(file: str, committed: str, recomputed: str) -> list[Difference]:
    """Compare the two contents of one derived table."""
    if committed == recomputed:
        return []
    key = TABLES[file.removesuffix(".csv")][1]
    cells = list(_cell_differences(file, key, _rows(committed), _rows(recomputed)))
    return cells or [Difference(file, "", "order of rows or notation", "another", "this")]


def _cell_differences(
    table: str, key: tuple[str, ...], committed: list[dict[str, str]], recomputed: list[dict[str, str]]
) -> Iterator[Difference]:
    def keyed(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
        return {", ".join(f"{column} {row.get(column, '')}" for column in key): row for row in rows}

    old, new = keyed(committed), keyed(recomputed)
    for row in [*old, *(row for row in new if row not in old)]:
        if row not in new:
            yield Difference(table, row, "", "a row", None)
        elif row not in old:
            yield Difference(table, row, "", None, "a row")
        else:
            for column in [*old[row], *(column for column in new[row] if column not in old[row])]:
                if (was := old[row].get(column)) != (now := new[row].get(column)):
                    yield Difference(table, row, column, was, now)
