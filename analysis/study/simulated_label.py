"""The mark of simulated data: every table, figure and page of a simulated study carries it."""

import dataclasses
from typing import Any, ClassVar, Protocol, TypeVar

from analysis.study.evidence import Evidence

MARK = "Simulated data"


# --- the mark


class Captioned(Protocol):
    """Something shown with a caption: a Figure or a CaptionedTable."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def caption(self) -> str:
        """What is said with it."""


Shown = TypeVar("Shown", bound=Captioned)


def is_simulated(evidence: Evidence) -> bool:
    """Tell whether a study is simulated, or a selection from one."""
    return evidence.study.simulated


def captioned(evidence: Evidence, caption: str) -> str:
    """Return a caption that begins with the mark where the study is simulated, and the caption as it is elsewhere."""
    return f"{MARK}. {caption}" if is_simulated(evidence) and not caption.startswith(MARK) else caption


def marked(evidence: Evidence, shown: Shown) -> Shown:
    """Return a table or picture of a study with the mark in its caption where the study is simulated."""
    return dataclasses.replace(shown, caption=captioned(evidence, shown.caption))
