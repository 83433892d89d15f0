"""Time and memory of coefficients of agreement, beside `krippendorff` and a plain loop, on simulated ratings.

Run from the checkout: `python tests/bench/bench_agreement.py`. Each case has a process of its own, so that its peak memory is
its own; the first line says what the packages alone take. A slow loop is run on some of the resamples only, and its
time scaled to all of them, as its line says. Ratings are simulated anew from a seed and saved nowhere.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

import krippendorff
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))  # where `analysis` is, when run as a script

from analysis import agreement
from analysis.agreement.coefficients import ALPHA, COEFFICIENTS
from analysis.agreement.patterns import Patterns, count_patterns
from analysis.agreement.scales import scale

CODES = 10
RESAMPLES = 1_000
LOOPED = 10  # resamples that the loops go through
AGREED = 1e-12


class Measured(NamedTuple):
    seconds: float  # for everything that was asked, a loop scaled up
    memory: float  # MiB at most
    summary: str


def simulated_ratings(units: int, coders: int, missing: float) -> pd.DataFrame:
    """Simulate coders who find the same one of ten codes for three units in four."""
    chance = np.random.default_rng(1)
    truth = chance.integers(0, CODES, (units, 1))
    codes = np.where(chance.random((units, coders)) < 0.7, truth, chance.integers(0, CODES, (units, coders)))
    table = pd.DataFrame(codes, columns=[f"simulated-{n}" for n in range(coders)])
    return table.mask(chance.random(codes.shape) < missing) if missing else table


def seconds_of(call: Callable[[], object], repeats: int = 1) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


# --- alpha with 1,000 resamples of 10,000 units by 3 coders


def resampled() -> tuple[agreement.Ratings, Patterns, np.ndarray]:
    """Return ratings, their patterns, and the first resamples that the bootstrap draws of them."""
    ratings = agreement.from_table(simulated_ratings(10_000, 3, missing=0.05))
    counted = count_patterns(ratings).regardless_of_coder
    return ratings, counted, next(iter(agreement.Bootstrap(RESAMPLES).draws(counted)))[:LOOPED]


def written_out(counted: Patterns, times: np.ndarray) -> np.ndarray:
    """Return the units of one resample as coders by units, nan where a code is missing."""
    rows = np.repeat(counted.given, times.astype(int), axis=0)
    return np.where(rows < 0, np.nan, rows).T


def bootstrap_of_patterns(from_table: bool) -> Measured:
    table = simulated_ratings(10_000, 3, missing=0.05)
    ratings, interval = agreement.from_table(table), agreement.Bootstrap(RESAMPLES)

    def alpha() -> agreement.Estimate:
        given = agreement.from_table(table) if from_table else ratings
        return agreement.krippendorff_alpha(given, interval=interval)

    alpha()  # what is imported late
    start = "a pandas table" if from_table else "ratings"
    return Measured(seconds_of(alpha, 15), memory(), f"this package, value and bootstrap from {start} on")


def loop_over_krippendorff(by_counts: bool) -> Measured:
    ratings, counted, times = resampled()
    ours = ALPHA.values(counted, times, scale(ratings))
    took, farthest = 0.0, 0.0
    for drawn, own in zip(times, ours, strict=True):
        data = written_out(counted, drawn)
        counts = np.stack([(data == code).sum(axis=0) for code in range(CODES)], axis=1)
        given = {"value_counts": counts} if by_counts else {"reliability_data": data}
        start = time.perf_counter()
        theirs = krippendorff.alpha(**given, level_of_measurement="nominal")
        took += time.perf_counter() - start
        farthest = max(farthest, abs(theirs - own))
    return looped(took, f"krippendorff.alpha({next(iter(given))})", farthest)


def plain_loop() -> Measured:
    ratings, counted, times = resampled()
    ours = ALPHA.values(counted, times, scale(ratings))
    units = written_out(counted, times[0]).T.tolist()
    start = time.perf_counter()
    theirs = plain_alpha(units)
    return looped((time.perf_counter() - start) * LOOPED, "a plain loop (one resample)", abs(theirs - ours[0]))


def plain_alpha(units: list[list[float]]) -> float:
    """Compute nominal alpha pair by pair."""
    apart, given = 0.0, [0] * CODES
    for unit in units:
        codes = [int(code) for code in unit if code == code]
        if len(codes) < 2:
            continue
        for code in codes:
            given[code] += 1
        apart += sum(one != other for one, other in permutations(codes, 2)) / (len(codes) - 1)
    total = sum(given)
    return 1 - (total - 1) * apart / (total**2 - sum(number**2 for number in given))


def looped(took: float, what: str, farthest: float) -> Measured:
    assert farthest < AGREED
    summary = f"{what} on the same draws, {LOOPED} of {RESAMPLES:,} and scaled; farthest apart {farthest:.0e}"
    return Measured(took / LOOPED * RESAMPLES, memory(), summary)


# --- all coefficients of 1,000,000 units by 2 coders


def every_coefficient(from_table: bool) -> Measured:
    table = simulated_ratings(1_000_000, 2, missing=0)
    names = list(COEFFICIENTS)
    ratings = agreement.from_table(table, codes=range(CODES))

    def all_of_them() -> pd.DataFrame:
        given = agreement.from_table(table, codes=range(CODES)) if from_table else ratings
        return agreement.estimates(given, names)

    alpha: Any = all_of_them().set_index("coefficient").at["krippendorff-alpha", "value"]
    took = seconds_of(all_of_them, 7)
    what = "from a pandas table on" if from_table else "from ratings on"
    return Measured(took, memory(), f"this package, {len(names)} coefficients with errors {what}; alpha {alpha:.12f}")


def alpha_of_krippendorff() -> Measured:
    data = simulated_ratings(1_000_000, 2, missing=0).to_numpy(dtype=float).T
    start = time.perf_counter()
    alpha = krippendorff.alpha(data, level_of_measurement="nominal")
    return Measured(time.perf_counter() - start, memory(), f"krippendorff.alpha, one coefficient; alpha {alpha:.12f}")


def the_ratings_alone() -> Measured:
    table = simulated_ratings(1_000_000, 2, missing=0)
    return Measured(0, memory(), f"the packages and {len(table):,} simulated units in memory")


# --- the report


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(case: Callable[[], Measured]) -> Measured:
    return case()


def report(title: str, cases: list[Callable[[], Measured]]) -> None:
    """Print a line for each case with its time over that of the first; the last case is the floor of memory."""
    print(title)
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        found = list(pool.imap(measured, cases))
    floor = found[-1].memory
    for case in found:
        ratio = f"{case.seconds / found[0].seconds:8,.1f} ×" if case.seconds else " " * 10
        print(f"{case.seconds:9.4f} s {ratio} {case.memory - floor:+7.0f} MB  {case.summary}", flush=True)


def main() -> None:
    report(
        f"Alpha of 10,000 units, 3 coders, {CODES} codes, with {RESAMPLES:,} resamples (memory over the last line)",
        [
            partial(bootstrap_of_patterns, from_table=False),
            partial(bootstrap_of_patterns, from_table=True),
            partial(loop_over_krippendorff, by_counts=False),
            partial(loop_over_krippendorff, by_counts=True),
            plain_loop,
            nothing,
        ],
    )
    report(
        f"All coefficients of 1,000,000 units, 2 coders, {CODES} codes (memory over the last line)",
        [
            partial(every_coefficient, from_table=False),
            partial(every_coefficient, from_table=True),
            alpha_of_krippendorff,
            the_ratings_alone,
        ],
    )


def nothing() -> Measured:
    return Measured(0, memory(), "the packages alone")


if __name__ == "__main__":
    main()
