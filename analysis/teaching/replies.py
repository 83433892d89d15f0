"""What an exercise says to a learner: in words first, as HTML in a notebook and as plain text elsewhere."""

import html
from dataclasses import dataclass
from enum import Enum

from analysis.display.captioned_tables import CaptionedTable
from analysis.support.terminal import visible


class Outcome(Enum):
    """How far an answer has come."""

    YES = "yes"
    RECORDED = "recorded"
    NOT_YET = "not yet"
    NOT_TRIED = "not tried"


# The words say the outcome; the line beside them only repeats it, by its kind, since not everybody sees colours.
_LINES = {
    Outcome.YES: "solid",
    Outcome.RECORDED: "groove",
    Outcome.NOT_YET: "dashed",
    Outcome.NOT_TRIED: "dotted",
    None: "double",
}

CHECK = "Now check yours, then a partner's. Which of these hold?"


@dataclass(frozen=True)
class Reply:
    """A heading in words, paragraphs, points of a list, what learners check for themselves, and tables.

    `outcome` is that of a check, and None for a task, hint or solution. All text is plain.
    """

    heading: str
    said: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    sheets: tuple[CaptionedTable, ...] = ()
    outcome: Outcome | None = None
    checklist: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        line = f"border-left: 0.3em {_LINES[self.outcome]} currentColor; padding: 0.1em 1em"
        parts = [f'<div role="group" aria-label="{html.escape(self.heading)}" style="{line}">']
        parts.append(f"<p><strong>{html.escape(self.heading)}</strong></p>")
        parts.extend(f"<p>{html.escape(paragraph)}</p>" for paragraph in self.said)
        if self.points:
            parts.append(_list(self.points))
        if self.checklist:
            parts.extend([f"<p>{html.escape(CHECK)}</p>", _list(self.checklist)])
        parts.extend(sheet._repr_html_() for sheet in self.sheets)
        return "\n".join([*parts, "</div>"])

    def __repr__(self) -> str:
        points = "\n".join(f"- {visible(point)}" for point in self.points)
        checks = "\n".join([CHECK, *(f"- {visible(point)}" for point in self.checklist)]) if self.checklist else ""
        parts = [visible(self.heading), *map(visible, self.said), points, checks, *map(repr, self.sheets)]
        return "\n\n".join(part for part in parts if part)


def _list(points: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{html.escape(point)}</li>' for point in points)}</ul>"
