"""Where the passages of a study are in its texts: what is known of a study whose file had whole texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

Span = tuple[int, int]


@dataclass(frozen=True)
class Places:
    """Where passages begin and end in their texts, in characters, without any wording.

    Attributes
    ----------
    passages : DataFrame
        `extract_id, text, start, end`: a row for each passage that is a part of a whole text.
    lengths : mapping
        The number of characters of each text, those without a passage included, in the order of the sources.
    """

    passages: pd.DataFrame
    lengths: Mapping[str, int]


def covered(spans: Iterable[Span]) -> int:
    """Return how many characters lie in at least one of some spans.

    >>> covered([(0, 5), (3, 8), (20, 22)])
    10
    """
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
