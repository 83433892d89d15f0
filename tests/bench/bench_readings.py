"""Time and memory of the distributions over all readings, beside a plain walk through the readings.

Run from the checkout: `python tests/bench/bench_readings.py`. Each case has a process of its own, so that
its peak memory is its own; the first line of the report says what the packages alone take. Two
cases are of simulated studies, which are made anew from a seed and saved nowhere.
"""

import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))  # where `analysis` is, when run as a script

from simulated import AXES, POWERS, STAGES, simulated_study

from analysis.counting import readings
from analysis.counting.crosstabs import Axis
from analysis.statistics.association import cramers_v
from analysis.study import loading
from analysis.study.vocabulary import UNITS

STUDY_POWERS = ["structural", "structure-enabled-normative", "resource", "resource-enabled-normative"]
STUDY_STAGES = ["initiation", "operationalization", "dissemination", "not-stated"]
WALKED = 19  # ambiguous passages that the plain walk gets through in a few seconds


def nothing() -> str:
    return "the packages alone"


def plain_walk(passages: int) -> str:
    """Walk through every reading with plain loops and compute V of each table."""
    allowed = readings.allowed_readings(simulated_study(passages, passages), *AXES)
    places = {cell: n for n, cell in enumerate(product(POWERS, STAGES))}
    choices = [[places[position[0]] for position in passage.positions] for passage in allowed.passages]
    tables = []
    for reading in product(*choices):
        tallied = Counter(reading)
        tables.append([tallied[place] for place in range(len(places))])
    values = cramers_v(np.array(tables).reshape(-1, len(POWERS), len(STAGES)))
    return f"plain walk, simulated: V of {len(values):,} readings of {passages} passages, {spread(values)}"


def exchangeable(passages: int) -> str:
    allowed = readings.allowed_readings(simulated_study(passages, passages), *AXES)
    found = readings.statistic_distribution(allowed, cramers_v, POWERS, STAGES)
    return f"simulated: V of {found.readings:,} readings of {passages} passages, {summary(found)}"


def committed(stages: int) -> str:
    allowed = readings.allowed_readings(loading.load(), Axis("power"), Axis("stage", basis="lead-in"))
    start = time.perf_counter()
    found = readings.statistic_distribution(allowed, cramers_v, STUDY_POWERS, STUDY_STAGES[:stages])
    seconds = time.perf_counter() - start
    return (
        f"the study: V of {found.readings:,} readings of its {len(allowed.passages)} passages, {stages} stages, "
        f"{summary(found)} ({seconds:.2f} s without loading the evidence)"
    )


def large(unit: str) -> str:
    study = simulated_study(2000, 1200, (2, 3))
    start = time.perf_counter()
    allowed = readings.allowed_readings(study, *AXES)
    cell = readings.count_distribution(allowed, [(POWERS[0], STAGES[0])], unit)
    pattern = readings.compare(allowed, [(POWERS[0], s) for s in STAGES[:2]], [(POWERS[0], STAGES[2])], unit)
    seconds = time.perf_counter() - start
    tipping = "none" if pattern.tipping is None else len(pattern.tipping)
    return (
        f"simulated: 2,000 ambiguous passages by {unit}, {allowed.number.bit_length()} bits of readings, "
        f"cell {cell.lowest} to {cell.highest}, difference {pattern.difference.lowest} to "
        f"{pattern.difference.highest}, tipping {tipping} ({seconds:.2f} s without making the study)"
    )


def large_table() -> str:
    allowed = readings.allowed_readings(simulated_study(2000, 1200, (2, 3)), *AXES)
    found = readings.statistic_distribution(allowed, cramers_v, POWERS, STAGES)
    return f"simulated: V of 2,000 ambiguous passages, {summary(found)}"


def spread(values: np.ndarray) -> str:
    return f"{np.nanmin(values):.4f} to {np.nanmax(values):.4f}, median {np.nanquantile(values, 0.5, method='inverted_cdf'):.4f}"


def summary(found: readings.StatisticDistribution) -> str:
    kind = (
        f"exact, {found.tables:,} tables" if found.exact else f"{found.tables:,} readings drawn with seed {found.seed}"
    )
    return f"{found.lowest:.4f} to {found.highest:.4f}, median {found.quantile(0.5):.4f} ({kind})"


def measured(case: Callable[[], str]) -> str:
    start = time.perf_counter()
    outcome = case()
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{seconds:7.2f} s {memory:6.0f} MB  {outcome}"


def main() -> None:
    cases = [
        nothing,
        partial(plain_walk, WALKED),
        partial(exchangeable, WALKED),
        partial(exchangeable, 30),
        partial(committed, 3),
        partial(committed, 4),
        *(partial(large, unit) for unit in UNITS),
        large_table,
    ]
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for line in pool.imap(measured, cases):
            print(line, flush=True)


if __name__ == "__main__":
    main()
