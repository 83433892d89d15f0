"""How much is tried: all of it by the thorough session, and where a change is tried daily, some."""

import os
from collections.abc import Iterable
from typing import TypeVar

FEWER = "FEWER_EXAMPLES"  # set in the environment by the sessions that ask for fewer

T = TypeVar("T")


def fewer() -> bool:
    """Tell whether fewer examples are to be tried."""
    return bool(os.environ.get(FEWER))


def examples(usual: int) -> int:
    """Return how many examples Hypothesis is to try, or how many a test is to draw: all or a tenth."""
    return max(usual // 10, 10) if fewer() else usual


def some(cases: Iterable[T], number: int) -> list[T]:
    """Return all cases, or so many of them, evenly spread from the first one on."""
    every = [*cases]
    return [every[place * len(every) // number] for place in range(number)] if fewer() else every
