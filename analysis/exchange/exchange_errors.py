"""What is wrong with a file from another program, and what is merely unusual about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.support.errors import CompendiumError


class ExchangeError(CompendiumError):
    """A file that cannot be read or written as a coded project."""


@dataclass
class Notices:
    """Things that a reader should be told, each once, with how often it was seen and where first."""

    _seen: dict[str, list[int | str]] = field(default_factory=dict)

    def add(self, told: str, where: str = "", times: int = 1) -> None:
        """Take note of something, seen at a place."""
        found = self._seen.setdefault(told, [0, where])
        found[0] = int(found[0]) + times

    def take(self, others: "Notices") -> None:
        """Take over what was noticed elsewhere."""
        for told, (times, where) in others._seen.items():
            self.add(told, str(where), int(times))

    def __len__(self) -> int:
        return len(self._seen)

    def lines(self) -> Iterator[str]:
        """Yield a line for each thing."""
        for told, (times, where) in self._seen.items():
            place = f" ({'first at ' if times != 1 else ''}{where})" if where else ""
            often = f", {times:,} times" if times != 1 else ""
            yield f"{told}{often}{place}"
