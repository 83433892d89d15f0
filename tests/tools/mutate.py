"""Change every coding and every derived value, one at a time: does verify notice each?

Run as `nox -s mutate`. A change of the evidence counts as noticed where the evidence is refused or
some derived number moves; what moves, or the refusal, is what `verify` would print.
"""

import csv
import dataclasses
import io
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import Any

from analysis.reanalysis import claims, derived
from analysis.study import code_tree, loading, rules
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import CompendiumError

SECONDS_BETWEEN_WORDS = 5

# What a change came to: the first table that moved, "refused", or None where nothing noticed.
Change = Callable[[], str | None]


@cache
def committed() -> dict[str, str]:
    """Return the committed tables, which verify holds equal to what the unchanged evidence gives."""
    return {f"{name}.csv": (paths.DERIVED / f"{name}.csv").read_text(encoding="utf-8") for name in derived.TABLES}


def mutated_codings(study: Evidence) -> Iterator[tuple[str, Change]]:
    """Yield a name and a change for each code, role and stance of each row of codings.csv."""
    coding: Any
    for row, coding in enumerate(study.codings.itertuples()):
        codes = code_tree.in_tree_order(study.codes, coding.facet)
        # The next code of the tree: the nearest, and so the one most easily missed.
        other_code = codes[(codes.index(coding.code_id) + 1) % len(codes)]
        other_role = "alternative" if coding.role == "primary" else "primary"
        others = [("code_id", other_code), ("role", other_role)]
        others += [("stance", stance) for stance in ("supports", "counters", "context") if stance != coding.stance]
        for field, value in others:
            name = f"codings.csv row {row + 2}, {coding.extract_id} by {coding.coder_id}: {field} {value}"
            yield name, partial(_effect_of_coding, study, row, field, value)


def _effect_of_coding(study: Evidence, row: int, field: str, value: str) -> str | None:
    codings = study.codings.copy()
    codings.loc[row, field] = value
    changed = dataclasses.replace(study, codings=codings)
    key = ["extract_id", "coder_id", "facet", "code_id"]
    if bool(codings.duplicated(key).any()) or next(rules.broken(changed, paths.DATA), None):
        return "refused"
    try:
        for name, (compute, _) in derived.TABLES.items():
            if derived.as_csv(compute(changed)) != committed()[f"{name}.csv"]:
                return f"{name}.csv"  # the first table that moves; others may too
    except CompendiumError:  # a number that is not defined any more is told as such
        return "refused"
    return None


def mutated_links(study: Evidence) -> Iterator[tuple[str, Change]]:
    """Yield a name and a change for the bearing of each link between a claim and a passage, and for its loss."""
    for row, link in enumerate(study.claim_evidence.itertuples()):
        name = f"claim_evidence.csv row {row + 2}, {link.claim_id} and {link.extract_id}"
        yield f"{name}: lost", partial(_effect_of_link, study, row, None)
        for bearing in ("illustrates", "counters", "context"):
            if bearing != link.bearing:
                yield f"{name}: {bearing}", partial(_effect_of_link, study, row, bearing)


def _effect_of_link(study: Evidence, row: int, bearing: str | None) -> str | None:
    links = study.claim_evidence.drop(index=row).reset_index(drop=True)
    if bearing is not None:
        links = study.claim_evidence.copy()
        links.loc[row, "bearing"] = bearing
    # Its own claim suffices: the rows of others are found without the link.
    claim = study.claims[study.claims["claim_id"] == study.claim_evidence.at[row, "claim_id"]].reset_index(drop=True)
    changed = dataclasses.replace(study, claims=claim, claim_evidence=links)
    try:
        _, found = derived.as_csv(claims.verdicts(changed)).splitlines()
    except CompendiumError:
        return "refused"
    return None if found in committed()["claims.csv"].splitlines() else "claims.csv"


def mutated_values() -> Iterator[tuple[str, Change]]:
    """Yield a name and a change for each value of each derived table."""
    for file, content in committed().items():
        header, *rows = csv.reader(io.StringIO(content))
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                other = str(int(value) + 1) if value.isdecimal() else value + "x"
                name = f"{file} row {number + 2}, {header[place]}: {other}"
                yield name, partial(_effect_of_value, file, header, row, place, other)


def _effect_of_value(file: str, header: list[str], row: list[str], place: int, value: str) -> str | None:
    changed = [*row[:place], value, *row[place + 1 :]]
    # The row and the header suffice: rows are compared one by one.
    return file if derived.table_differences(file, _csv(header, changed), _csv(header, row)) else None


def _csv(*rows: list[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def main() -> int:
    """Try every change, with progress; return 1 if one went unnoticed."""
    study = loading.load()
    effects: Counter[str] = Counter()
    unnoticed = []
    told = time.monotonic()
    with ProcessPoolExecutor() as pool:
        for what, changes in (
            ("links of claims", list(mutated_links(study))),
            ("codings", list(mutated_codings(study))),
            ("derived values", list(mutated_values())),
        ):
            names, functions = zip(*changes, strict=True)
            tried = pool.map(_call, functions, chunksize=20)
            for done, (name, effect) in enumerate(zip(names, tried, strict=True), start=1):
                if effect is None:
                    unnoticed.append(name)
                    print(f"UNNOTICED: {name}")
                effects[effect or "unnoticed"] += 1
                if time.monotonic() - told > SECONDS_BETWEEN_WORDS or done == len(names):
                    print(f"{what}: {done:,} of {len(names):,} changes tried, {len(unnoticed)} unnoticed", flush=True)
                    told = time.monotonic()
    for effect, number in effects.most_common():
        print(f"  {effect}: {number:,}")
    print("None went unnoticed." if not unnoticed else f"{len(unnoticed)} went unnoticed.")
    return 1 if unnoticed else 0


def _call(change: Change) -> str | None:
    return change()


if __name__ == "__main__":
    sys.exit(main())
