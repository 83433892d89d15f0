"""The steps of the article's model as a table: the claims that state a step, the passages for and against it."""

from analysis.display.html_elements import row, table
from analysis.reanalysis import article_model
from analysis.site.html.naming import Names
from analysis.site.pages.ledger import step_id
from analysis.study.evidence import Evidence


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
