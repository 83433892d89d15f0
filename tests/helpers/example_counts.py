"""How many examples Hypothesis tries: a tenth on Pythons other than the first, and where a change is tried quickly."""

import os

FEWER = "FEWER_EXAMPLES"  # set in the environment by the sessions that ask for fewer


def examples(usual: int) -> int:
    """Return how many examples to try where `usual` are tried in full."""
    return max(usual // 10, 10) if os.environ.get(FEWER) else usual
