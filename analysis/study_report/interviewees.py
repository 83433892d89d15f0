"""How passages and codes spread over interviewees: concentration, and how codes accumulate."""

import pandas as pd

from analysis.display import charts
from analysis.display.html_elements import figure, frame, paragraph
from analysis.statistics import concentration
from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked, LeftOut
from analysis.support import formatting

MOST_CURVES = 6  # facets whose accumulation is drawn


def spread(evidence: Evidence, asked: Asked) -> str | LeftOut:
    """Return how unevenly passages come from interviewees, and how codes accumulate over them."""
    people = evidence.passages["interviewee"].nunique()
    if people < 2:
        who = "all passages of interviewees are from one" if people else "no passage is from an interviewee"
        return LeftOut(who)
    return _passages(evidence) + _codes(evidence, asked)


def _passages(evidence: Evidence) -> str:
    table = concentration.concentration(evidence.passages, evidence.study.interviewed)
    table = table.drop_duplicates("interviewees")  # where everybody has a passage, both bases are the same
    top = [column for column in table.columns if column.startswith("top_")]
    columns = pd.DataFrame(
        {
            "Interviewees": table["interviewees"].map("{:,}".format),
            "Passages": table["passages"].map("{:,}".format),
            "Gini": table["gini"].map(formatting.rounded),
            "Gini, corrected": table["gini_corrected"].map(formatting.rounded),
            **{
                f"Share of top {column.removeprefix('top_')}": table[column].map(formatting.whole_percent)
                for column in top
            },
        }
    )
    bases = table["base"].map({"quoted": "those with a passage", "interviewed": "all who were interviewed"})
    caption = simulated_label.captioned(evidence, "How unevenly passages come from interviewees")
    gini = (
        "A Gini coefficient is 0 where all interviewees have equally many passages, and near 1 where one has them "
        "all; the corrected one can reach 1 even if there are few interviewees."
    )
    shown = frame(caption, columns.set_axis(pd.Index(bases, name="Among")))
    return f"<h3>Passages</h3>{paragraph(gini)}{shown}{figure(charts.passages_per_interviewee(evidence))}"


def _codes(evidence: Evidence, asked: Asked) -> str:
    with_codes, without = _given_by(evidence, asked)
    drawn = with_codes[:MOST_CURVES]
    parts = [
        "<h3>Codes</h3>",
        paragraph(
            "The charts show how many codes some interviewees have together, over many orders of them: a curve that "
            "flattens says that more of these interviewees add few codes.",
            "This supposes that any order of the interviewees is as good as any other, and that one interviewee is one "
            "step, however long they spoke. Only codes that are in the tree now are counted: a code that was added "
            "late, or that nobody looked for in the first interviews, makes the curve flatten early or late. And the "
            "curve is about codes; a code that was given can still be poorly understood.",
        ),
    ]
    for facet in drawn:
        level = asked.levels[facet] if asked.by_level else _finest(evidence, facet)
        parts.append(figure(charts.code_accumulation(evidence, facet, level)))
    left_out = with_codes[MOST_CURVES:]
    more = f"Not drawn: {formatting.listed(left_out)}. Name them with the option --facets."
    no_codes = f"Not drawn, since no passage of an interviewee has one of their codes: {formatting.listed(without)}."
    parts.append(paragraph(more if left_out else "", no_codes if without else ""))
    return "".join(parts)


def _given_by(evidence: Evidence, asked: Asked) -> tuple[list[str], list[str]]:
    """Return the facets of which some interviewee has a code, and the others."""
    people = set(evidence.passages.loc[evidence.passages["interviewee"].notna(), "extract_id"])
    rows = evidence.record[evidence.record["role"].eq("primary") & evidence.record["stance"].eq("supports")]
    given = set(rows.loc[rows["extract_id"].isin(people), "facet"])
    return [facet for facet in asked.facets if facet in given], [facet for facet in asked.facets if facet not in given]


def _finest(evidence: Evidence, facet: str) -> str:
    """Return the level of a facet that has most codes: at a coarser one, curves flatten sooner."""
    levels = evidence.codes.loc[evidence.codes["facet"] == facet, "level"].value_counts()
    return str(levels.index[0])
