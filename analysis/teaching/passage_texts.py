"""Which passages learners code, and in which words they see them: the gist, or the wording from their own copy."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.wording import fingerprints
from analysis.wording.fingerprints import QuotationsError

#: The twelve passages of the first exercise. Each is from another source, so that nobody's words are collected. Every
#: dimension of power has three; every stage has two or more; all can be dated without the article's sentences around
#: them. There is something to disagree about: in T02, T06, T09, T10 and T11 the words allow more than one stage, on T11
#: the two independent readers differed, in T09, T11 and F25 the words allow another code of power than the printed one
#: (in F25 of another dimension), and F03 tells against its kind of power.
TWELVE = ("T01", "T02", "T06", "T08", "T09", "T10", "T11", "T13", "F03", "F06", "F08", "F25")

GIST, WORDING = "Gist", "Wording"


@dataclass(frozen=True)
class Shown:
    """The words in which a passage is shown, and what they are: GIST or WORDING."""

    text: str
    kind: str


def shown(evidence: Evidence, extract: str, file: Path = paths.PRIVATE_WORDING) -> Shown:
    """Return the words in which a passage is shown.

    It is the wording, if it was restored from a copy of the article (`python -m analysis quotations restore COPY`) and
    is the wording that was sealed; otherwise the gist. In what is built for others it is always the gist.
    """
    return _all_shown(evidence, file)[extract]


def sheet(
    evidence: Evidence, extracts: Sequence[str], caption: str, file: Path = paths.PRIVATE_WORDING
) -> CaptionedTable:
    """Return passages as a table for learners; the heading of its one column says what the words are."""
    found = _all_shown(evidence, file)
    kind = found[extracts[0]].kind
    table = pd.DataFrame(
        {kind: [found[extract].text for extract in extracts]}, index=pd.Index(extracts, name="Passage")
    )
    return CaptionedTable(table, caption)


def note(evidence: Evidence, file: Path = paths.PRIVATE_WORDING) -> str:
    """Say in a sentence or two which words are shown, and why."""
    if next(iter(_all_shown(evidence, file).values())).kind == WORDING:
        return (
            "You see the wording of the passages, restored from a copy of the article on this machine. Keep it to "
            "yourself: it must not be published with the notebook."
        )
    gists = (
        "You see gists: a faithful sentence for each passage, in the compendium's words. If you have a copy of the "
        "article, 'python -m analysis quotations restore COPY' puts the wording in their place."
    )
    _, problem = _restored(evidence, file)
    return f"{gists} The restored wording cannot be used: {problem}" if problem else gists


def _all_shown(evidence: Evidence, file: Path) -> dict[str, Shown]:
    gists = dict(zip(evidence.extracts["extract_id"], evidence.extracts["gist"], strict=True))
    wording, _ = _restored(evidence, file)
    if gists.keys() <= wording.keys():  # all or none, so that no table mixes the two
        return {extract: Shown(wording[extract], WORDING) for extract in gists}
    return {extract: Shown(gist, GIST) for extract, gist in gists.items()}


def _restored(evidence: Evidence, file: Path) -> tuple[Mapping[str, str], str]:
    """Return the restored wording, if it is there and may be shown, or why it cannot be used."""
    if not file.exists() or os.environ.get(paths.GISTS_ONLY):
        return {}, ""
    try:
        return fingerprints.restored(evidence, file), ""
    except QuotationsError as fault:
        return {}, str(fault)
