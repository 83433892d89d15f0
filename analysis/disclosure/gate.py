"""Whether a study may be published as it is: a summary of the findings of its check, and which of them prevent it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.disclosure import PRIVATE_WORDING, Finding
from analysis.support import paths
from analysis.support.formatting import capitalize_first, counted

#: Findings that are shown; a command lists all of them.
SHOWN = 5


def blocking(findings: Sequence[Finding], ignore_findings: bool, with_wording: bool) -> list[Finding]:
    """Return the findings that prevent a study from being written.

    Private wording in a public table prevents it unless the wording was asked for; any other finding unless the user
    chose to ignore them.
    """
    return [one for one in findings if not (with_wording if one.kind == PRIVATE_WORDING else ignore_findings)]


def in_short(findings: Sequence[Finding], folder: str) -> Iterator[str]:
    """Yield the first findings, how many there are of each kind, and the command that lists all."""
    for finding in findings[:SHOWN]:
        yield f"  {finding}"
    kinds = Counter(finding.kind for finding in findings)
    by_kind = ", ".join(f"{kind} {times:,}" for kind, times in kinds.items())
    number = capitalize_first(counted(len(findings), "finding"))
    yield f"{number} in {folder} that may disclose a person's identity: {by_kind}"
    yield f"The whole list: {paths.COMMAND} disclosure {folder}"


def refusal(blocked: Sequence[Finding]) -> str:
    """Return the message that nothing was written, with what the user can do."""
    kinds = {finding.kind for finding in blocked}
    lifted_by = {
        "--ignore-disclosure-findings": kinds - {PRIVATE_WORDING},
        "--with-wording": kinds & {PRIVATE_WORDING},
    }
    options = [option for option, lifted in lifted_by.items() if lifted]
    return (
        "Nothing was written. Correct each finding, or record in disclosure-allowed.csv why it is harmless; "
        f"or use {' and '.join(options)} to write it anyway."
    )
