"""Simulated studies, for benchmarks and for sizes at which the result is known. Nothing here is evidence."""

import random

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
