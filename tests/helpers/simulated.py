"""Simulated studies, for benchmarks and for sizes at which the result is known. Nothing here is evidence."""

from analysis.counting.crosstabs import Axis
from analysis.study.evidence import Evidence
from analysis.teaching import simulation
from analysis.teaching.simulation import Parameters

EVEN = ((1 / 12,) * 3,) * 4  # four kinds of power by three stages, all as likely
POWERS, STAGES = Parameters(profile=EVEN).powers, Parameters(profile=EVEN).stages
AXES = Axis("power"), Axis("stage")


def simulated_study(passages: int, interviewees: int, allowed: tuple[int, ...] = (2,), seed: int = 1) -> Evidence:
    """Simulate passages that each allow some of the stages, as many as one of `allowed` says."""
    alternatives = tuple(allowed.count(stages) / len(allowed) for stages in range(1, max(allowed) + 1))
    asked = Parameters(interviewees, passages, 0, EVEN, first_order=1, own_cell=0, alternatives=alternatives, coders=0)
    return simulation.study(asked, seed)
