"""Whether a study may be published as it is: a summary of the findings of its check, and which of them prevent it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from analysis.disclosure import PRIVATE_WORDING, Finding, by_value
from analysis.support import paths
from analysis.support.formatting import capitalize_first, counted

#: Values that are shown; a command lists all of them.
SHOWN = 5


def blocking(findings: Sequence[Finding], ignore_findings: bool, with_wording: bool) -> list[Finding]:
    """Return the findings that prevent a study from being written.

    What is written with the private wording is private itself, so nothing prevents it. Private wording in a public
    table prevents anything else, and any other finding does unless the user chose to ignore them.
    """
    if with_wording:
        return []
    return [one for one in findings if one.kind == PRIVATE_WORDING or not ignore_findings]


def in_short(findings: Sequence[Finding], folder: str) -> Iterator[str]:
    """Yield the first values that were found, how often there is something of each kind, and how to list all."""
    for line in islice(by_value(findings), SHOWN):
        yield f"  {line}"
    kinds = Counter(finding.kind for finding in findings)
    by_kind = ", ".join(f"{kind} {times:,}" for kind, times in kinds.items())
    number = capitalize_first(counted(len(findings), "finding"))
    yield f"{number} in {folder} that may disclose a person's identity: {by_kind}"
    yield f"The whole list: {paths.COMMAND} disclosure {folder}"


def refusal(blocked: Sequence[Finding], may_be_private: bool = True) -> str:
    """Return the message that nothing was written, with what the user can do; not all can be written as private."""
    options = []
    if all(one.kind != PRIVATE_WORDING for one in blocked):
        options.append("--ignore-disclosure-findings to write it anyway")
    if may_be_private:
        options.append("--with-wording for a private copy")
    correct = "Correct each finding, or record in disclosure-allowed.csv why it is harmless"
    return f"Nothing was written. {correct}{'; or use ' if options else ''}{', or '.join(options)}."
