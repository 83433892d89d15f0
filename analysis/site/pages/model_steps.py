"""The article's model: drawings whose parts are links, its steps with claims and passages, power by stage in ranges."""

import re
from collections.abc import Mapping
from typing import Any

from analysis.display import figures
from analysis.display.figures import Figure
from analysis.display.html_elements import bullets, row, table, text
from analysis.reanalysis import article_model, article_model_drawing, claims
from analysis.reanalysis.article_charts import LOOKS, NOT_STATED
from analysis.reanalysis.article_model_drawing import Step
from analysis.reanalysis.article_numbers import STAGES
from analysis.reanalysis.claims import NO_PASSAGE
from analysis.site.html import permalinks, range_marks
from analysis.site.html.naming import Names
from analysis.site.pages import home
from analysis.site.pages.ledger import marked, step_id
from analysis.study.evidence import Evidence
from analysis.support.chart_fonts import without_font

#: Which colour of the style sheet takes the place of each colour of a drawing, so that it follows the scheme.
_TOKENS = {
    figures.STRUCTURE: "structure", figures.STRUCTURE_NORMATIVE: "structure-n", figures.RESOURCE: "resource",
    figures.RESOURCE_NORMATIVE: "resource-n", figures.INK: "ink", figures.GREY: "ink-2", figures.PALE: "edge",
    figures.WASH: "wash", "white": "paper", "#ffffff": "paper",
}  # fmt: skip
#: Where the script that re-reads passages says what another reading makes of a claim.
_YOURS = '<span class="yours"></span>'
_PAINTED = re.compile(rf'(fill|stroke)="({"|".join(_TOKENS)})"')


def model(evidence: Evidence, here: str) -> str:
    """Return the drawing with the evidence: arrows lead to their steps, kinds of power and stages to their codes."""
    drawn = article_model_drawing.draw_article_model(
        evidence, lambda step: _address(here, step), lambda code: permalinks.on_page(evidence, here, code)
    )
    return _inlined(drawn, "group")


def claimed_model(evidence: Evidence) -> str:
    """Return the drawing of what the article claims, without the evidence."""
    return _inlined(article_model_drawing.draw_claimed_model(evidence), "img")


def _address(here: str, step: Step) -> str:
    return permalinks.from_page(here, f"{permalinks.MODEL}#{step_id(step.source, step.target)}")


def _inlined(drawn: Figure, role: str) -> str:
    """Return a drawing as part of a page, in the colours of its style sheet."""
    painted = _PAINTED.sub(lambda one: f'{one[1]}="var(--{_TOKENS[one[2]]}, {one[2]})"', without_font(drawn.inlined))
    return painted.replace('class="drawn"', f'class="model" role="{role}" aria-label="{text(drawn.alt)}"', 1)


def model_steps(evidence: Evidence, here: str) -> str:
    """Return each step with its claims and their verdicts, the passages that describe it, and what no passage shows."""
    names = Names(evidence, here)
    heads = ("Step", "Claims that state it, with their verdicts", "Passages that describe it", "What no passage shows")
    rows = [
        row(
            (
                f"{names.to(step['source'])} → {names.to(step['target'])}",
                *map(_cell, heads[1:], (_claims(names, step), _passages(names, step), _not_shown(names, step))),
            ),
            step_id(step["source"], step["target"]),
        )
        for step in article_model.steps(evidence).to_dict("records")
    ]
    return f'<div class="steps stacked">{table("Steps of the model", heads, rows)}</div>'


def _cell(head: str, content: str) -> str:
    """Return a cell that says what it is where a narrow screen shows rows as cards; an empty one stays empty."""
    return f'<span class="at">{text(head)}</span> {content}' if content else ""


def _claims(names: Names, step: Mapping[Any, Any]) -> str:
    found, statements = claims.find(names.evidence), names.evidence.claims.set_index("claim_id")["claim"]
    return bullets(
        f'<span data-claim="{key}">{names.to(key)} {text(statements[key])} {marked(found[key])} {_YOURS}</span>'
        for key in step["claims"]
    )


def _passages(names: Names, step: Mapping[Any, Any]) -> str:
    against = f" Against one of its claims: {names.each(step['against'])}." if step["against"] else ""
    return f"{names.each(step['extracts'], none='none published')}{against}"


def _not_shown(names: Names, step: Mapping[Any, Any]) -> str:
    found = claims.find(names.evidence)
    if not step["extracts"]:
        return "the step itself"
    return names.each([key for key in step["claims"] if found[key].verdict == NO_PASSAGE], none="")


def stage_grid(evidence: Evidence, here: str) -> str:
    """Return kinds of power by stage as coded, with lead-ins: each count on its range, as a link to its passages."""
    names, cells = Names(evidence, here), home.counted(evidence)
    stages = (*STAGES, NOT_STATED)
    placed = [(power, stage) for power in LOOKS for stage in stages]
    drawings = dict(zip(placed, range_marks.drawn(cells[one] for one in placed), strict=True))

    def cell(power: str, stage: str) -> str:
        shown = str(cells[power, stage])
        address = names.at(home.in_explorer(power, stage))
        name = text(f"{shown} passages: {names.of_code(power)}, {names.of_code(stage)}")
        counted = f'{drawings[power, stage]}<a href="{address}" aria-label="{name}">{text(shown)}</a>'
        return _cell(home.named(names, stage), counted)

    rows = [
        row((names.to(power), *(cell(power, stage) for stage in stages)), kinds=[f"power-{power}"] * len(stages))
        for power in LOOKS
    ]
    heads = ("Kind of power", *(home.named(names, stage) for stage in stages))
    caption = "Passages that support each kind of power, by stage"
    return f'<div class="stage-grid stacked">{table(caption, heads, rows)}</div>'
