"""In which words learners see passages: a gist, or the wording from their own copy."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.study import gists
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths
from analysis.wording import fingerprints
from analysis.wording.fingerprints import QuotationsError

GIST, WORDING = "Gist", "Wording"
#: The words of our blind gists for those of the gists, which are in the names of codes.
BLIND_WORDS = {"members": "service users", "scholars": "researchers", "citizens": "the public"}


@dataclass(frozen=True)
class Shown:
    """The words in which a passage is shown, and what they are: GIST or WORDING."""

    text: str
    kind: str


def shown(evidence: Evidence, extract: str, file: Path = paths.PRIVATE_WORDING) -> Shown:
    """Return the words in which a passage is shown to be read.

    It is the wording, if it was restored from a copy of the article (`python -m analysis quotations restore COPY`) and
    is the wording that was sealed; otherwise the gist. In what is built for others it is always the gist.
    """
    return _all_shown(evidence, file, _plain(evidence))[extract]


def shown_to_code(evidence: Evidence, extract: str, file: Path = paths.PRIVATE_WORDING) -> Shown:
    """Return the words in which a passage is shown to be coded: as `shown`, with the blind gist for the gist."""
    return _all_shown(evidence, file, gists.to_code_from(evidence))[extract]


def sheet(
    evidence: Evidence, extracts: Sequence[str], caption: str, file: Path = paths.PRIVATE_WORDING
) -> CaptionedTable:
    """Return passages to read as a table for learners; the heading of its one column says what the words are."""
    return _sheet(_all_shown(evidence, file, _plain(evidence)), extracts, caption)


def sheet_to_code(
    evidence: Evidence, extracts: Sequence[str], caption: str, file: Path = paths.PRIVATE_WORDING
) -> CaptionedTable:
    """Return passages to code as a table for learners, as `sheet`, with blind gists for the gists."""
    return _sheet(_all_shown(evidence, file, gists.to_code_from(evidence)), extracts, caption)


def _sheet(found: Mapping[str, Shown], extracts: Sequence[str], caption: str) -> CaptionedTable:
    kind = found[extracts[0]].kind
    table = pd.DataFrame(
        {kind: [found[extract].text for extract in extracts]}, index=pd.Index(extracts, name="Passage")
    )
    return CaptionedTable(table, caption)


def note(evidence: Evidence, file: Path = paths.PRIVATE_WORDING) -> str:
    """Say in a sentence or two which words are shown, and why."""
    wording, problem = _restored(evidence, file)
    if _is_complete(evidence, wording):
        return (
            "You see the wording of the passages, restored from a copy of the article on this machine. Keep it to "
            "yourself: it must not be published with the notebook."
        )
    instead = (
        " If you have a copy of the article, 'python -m analysis quotations restore COPY' puts the wording in their "
        "place."
    )
    return about_gists(evidence) + instead + (f" The restored wording cannot be used: {problem}" if problem else "")


def about_gists(evidence: Evidence) -> str:
    """Say in a sentence or two what the gists of a study are."""
    said = "You see gists: what each passage says, in a sentence or two of the compendium's."
    return f"{said} {about_blind_gists()}" if gists.are_blind(evidence) else said


def about_blind_gists() -> str:
    """Say what the words of blind gists stand for."""
    words = formatting.listed([f"“{blind}” for {plain}" for blind, plain in BLIND_WORDS.items()])
    return f"Where you code, gists avoid the words of the codes. They say {words}."


def _plain(evidence: Evidence) -> dict[str, str]:
    return dict(zip(evidence.extracts["extract_id"].tolist(), evidence.extracts["gist"].tolist(), strict=True))


def _all_shown(evidence: Evidence, file: Path, told: Mapping[str, str]) -> dict[str, Shown]:
    wording, _ = _restored(evidence, file)
    if _is_complete(evidence, wording):  # all or none, so that no table mixes the two
        return {extract: Shown(wording[extract], WORDING) for extract in told}
    return {extract: Shown(gist, GIST) for extract, gist in told.items()}


def _is_complete(evidence: Evidence, wording: Mapping[str, str]) -> bool:
    return set(evidence.extracts["extract_id"]) <= wording.keys()


def _restored(evidence: Evidence, file: Path) -> tuple[Mapping[str, str], str]:
    """Return the restored wording, if it is there and may be shown, or why it cannot be used."""
    if not file.exists() or os.environ.get(paths.GISTS_ONLY):
        return {}, ""
    try:
        return fingerprints.restored(evidence, file), ""
    except QuotationsError as fault:
        return {}, str(fault)
