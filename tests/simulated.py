"""Simulated studies, for benchmarks and for sizes at which the result is known. Nothing here is evidence."""

import random

import numpy as np
import numpy.typing as npt
from conftest import made

from analysis.counts import Axis
from analysis.evidence import Evidence

POWERS = ["simulated-a", "simulated-b", "simulated-c", "simulated-d"]
STAGES = ["simulated-early", "simulated-middle", "simulated-late"]
AXES = Axis("power"), Axis("stage")


def simulated_study(passages: int, interviewees: int, allowed: tuple[int, ...] = (2,), seed: int = 1) -> Evidence:
    """Simulate passages that each allow some of the stages, as many as one of `allowed` says."""
    chance = random.Random(seed)  # noqa: S311
    ids = [f"S{n:05d}" for n in range(passages)]
    codings = []
    for extract in ids:
        codings.append((extract, "power", chance.choice(POWERS), "primary", "supports", "wording"))
        for n, stage in enumerate(chance.sample(STAGES, chance.choice(allowed))):
            codings.append((extract, "stage", stage, "alternative" if n else "primary", "supports", "wording"))
    codes = [("power", code, "power", "") for code in POWERS] + [("stage", code, "stage", "") for code in STAGES]
    # Everyone says something; whoever is drawn again says more.
    speakers = [*range(interviewees), *(chance.randrange(interviewees) for _ in range(passages - interviewees))]
    return made(codes, [(e, f"P{speaker:05d}", "") for e, speaker in zip(ids, speakers, strict=True)], codings)


def cramers_v(tables: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Cramér's V of each table without correction, nan where a row or column is empty.

    Tests hold it to `scipy.stats.contingency.association`.
    """
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    total = tables.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = rows[:, :, None] * columns[:, None, :] / total[:, None, None]
        chi2 = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
        v: npt.NDArray[np.float64] = np.sqrt(chi2 / total / (min(tables.shape[1:]) - 1))
    return v
