"""Finding results that were typed by hand: figures and number words in prose."""

import re
from collections.abc import Iterable

NUMBERS = re.compile(
    r"\b(?:\d[\d.,%]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|none|half|most of)\b", re.I
)


def typed(prose: str, allowed: Iterable[str], numbers: re.Pattern[str] = NUMBERS) -> list[str]:
    """Return the figures and number words of a prose that none of the allowed patterns covers."""
    prose = " ".join(prose.split())
    for pattern in allowed:
        prose = re.sub(pattern, "", prose)
    return numbers.findall(prose)
