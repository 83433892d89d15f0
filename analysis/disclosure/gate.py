"""Whether a study may go out as it is: the places of its check in short, and which of them stop it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.disclosure import PRIVATE_WORDING, Finding
from analysis.support import paths
from analysis.support.formatting import capitalize_first, counted

#: Places that are told one by one; the command that lists all of them is told as well.
SHOWN = 5


def blocking(places: Sequence[Finding], ignore_findings: bool, with_wording: bool) -> list[Finding]:
    """Return the places that stop a study from going out.

    Private wording in a public table stops it unless the wording was asked for; any other place unless somebody says
    that it may go out despite them.
    """
    return [place for place in places if not (with_wording if place.kind == PRIVATE_WORDING else ignore_findings)]


def in_short(places: Sequence[Finding], folder: str) -> Iterator[str]:
    """Yield the first places, how many there are of each kind, and how all are listed."""
    for place in places[:SHOWN]:
        yield f"  {place}"
    kinds = Counter(place.kind for place in places)
    told = ", ".join(f"{kind} {times:,}" for kind, times in kinds.items())
    yield capitalize_first(f"{counted(len(places), 'place')} in {folder} that may disclose who somebody is: {told}")
    yield f"The whole list: {paths.COMMAND} disclosure {folder}"


def refusal(stopping: Sequence[Finding]) -> str:
    """Say that nothing was written, and what would have it written."""
    kinds = {place.kind for place in stopping}
    lifted_by = {
        "--ignore-disclosure-findings": kinds - {PRIVATE_WORDING},
        "--with-wording": kinds & {PRIVATE_WORDING},
    }
    ways = [option for option, lifted in lifted_by.items() if lifted]
    return (
        "Nothing was written. Mend each place, or record in disclosure-allowed.csv why it is harmless; "
        f"or say {' and '.join(ways)} to write it all the same."
    )
