"""The article's model as a drawing whose parts are links, and its steps as a table with claims and passages."""

from analysis.display.figures import without_font
from analysis.display.html_elements import row, table, text
from analysis.reanalysis import article_model, article_model_drawing
from analysis.reanalysis.article_model_drawing import Step
from analysis.site.files import still_charts
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages.ledger import step_id
from analysis.study.evidence import Evidence


def model(evidence: Evidence, here: str) -> str:
    """Return the drawing as a part of the page: arrows lead to their steps in the table, boxes to their codes."""

    def of_step(step: Step) -> str:
        return f"#{step_id(step.source, step.target)}"

    drawn = article_model_drawing.draw_article_model(
        evidence, of_step, lambda code: permalinks.on_page(evidence, here, code)
    )
    described = f'<svg role="group" aria-label="{text(drawn.alt)}" '
    return still_charts.captioned(without_font(drawn.inlined).replace("<svg ", described, 1), drawn)


def model_steps(evidence: Evidence, here: str) -> str:
    """Return each step with links to its claims and passages."""
    names, steps = Names(evidence, here), article_model.steps(evidence)
    rows = [
        (
            f"{names.to(step['source'])} → {names.to(step['target'])}",
            names.each(step["claims"]),
            names.each(step["extracts"], none="none published"),
            names.each(step["against"]),
        )
        for step in steps.to_dict("records")
    ]
    heads = ("Step", "Claims that state it", "Passages that illustrate it", "Passages against one of its claims")
    ids = [step_id(*ends) for ends in steps[["source", "target"]].to_numpy().tolist()]
    return table("Steps of the model", heads, map(row, rows, ids))
