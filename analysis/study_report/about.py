"""What the study is: what there is in it, who coded what, what stands out, and how the report is to be read."""

import pandas as pd

from analysis.display.html_elements import bullets, frame, paragraph, text
from analysis.study import overview, simulated_label
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked
from analysis.support import formatting


def study(evidence: Evidence, asked: Asked) -> str:
    """Return the facts of a study, its facets and its coders."""
    facts = pd.DataFrame({"How many": overview.facts(evidence)}).rename_axis("What")
    counted = (
        frame(simulated_label.captioned(evidence, "What there is in the study"), facts),
        frame(simulated_label.captioned(evidence, "Facets: what was asked of the passages"), _facets(evidence, asked)),
    )
    if evidence.codings.empty:
        return "".join([*counted, *_what_stands_out(evidence)])
    joint = (evidence.by_coders_of_record.groupby(["extract_id", "facet"])["coder_id"].nunique() > 1).any()
    parts = [
        *counted,
        frame(simulated_label.captioned(evidence, "Coders, and how many passages each coded"), _coders(evidence)),
        paragraph(
            "Counts are based on the coding of record: the codes of the coders who are marked as of record.",
            "Where several of them coded a passage, it has every code that any of them gave it." if joint else "",
            ""
            if overview.coders(evidence).query("passages > 0")["of_record"].all()
            else "The codes of the others are used for agreement between coders, and change no count.",
        ),
    ]
    return "".join([*parts, *_what_stands_out(evidence)])


def _what_stands_out(evidence: Evidence) -> list[str]:
    remarks = overview.remarks(evidence)
    return ["<h3>What stands out</h3>", bullets(map(text, remarks))] if remarks else []


def _facets(evidence: Evidence, asked: Asked) -> pd.DataFrame:
    rows = overview.facets(evidence)
    return pd.DataFrame(
        {
            "What is asked": [description or "not described" for description in rows["description"]],
            "Codes at each level": [
                ", ".join(f"{n:,} at {level}" for level, n in levels.items()) or "none" for levels in rows["levels"]
            ],
            "Codes of a passage": rows["exclusive"].map({True: "one", False: "several"}),
            "Passages with a code": rows["coded"].map("{:,}".format),
            "Of record": rows["of_record"].map(", ".join),
            "Counted here at": [asked.levels.get(facet, "not in this report") for facet in rows["facet"]],
        }
    ).set_axis(pd.Index(rows["facet"], name="Facet"))


def _coders(evidence: Evidence) -> pd.DataFrame:
    counted = overview.coders(evidence)
    counted["passages"] = [
        f"{passages:,}{' (of record)' if of_record and passages else ''}"
        for passages, of_record in zip(counted["passages"], counted["of_record"], strict=True)
    ]
    wide = counted.pivot(index="coder_id", columns="facet", values="passages")
    coders = evidence.coders.set_index("coder_id")
    described = coders[["kind", "description"]].set_axis(["Kind", "Description"], axis=1)
    described = described.drop(columns=[column for column in described if not described[column].any()])
    return described.join(wide[list(evidence.facets["facet"])]).rename_axis("Coder")


def reading(evidence: Evidence, asked: Asked) -> str:
    """Return what readers have to keep in mind, as far as it concerns this study."""
    return bullets(text(caution) for caution in _cautions(evidence, asked) if caution)


def _cautions(evidence: Evidence, asked: Asked) -> list[str]:
    passages = evidence.passages
    most = passages["interviewee"].value_counts().max() if passages["interviewee"].notna().any() else 0
    chosen = (
        "The passages are those that the article's authors chose to print. What is not among them may have been said."
        if evidence.study.article
        else "The passages are those that somebody marked in the sources. What nobody marked is not counted."
    )
    return [
        *(_units(evidence)[unit] for unit in asked.units),
        "No passage is marked as saying again what another says, so distinct statements would have the same counts as "
        "passages; they are not shown."
        if passages["statement"].nunique() == len(passages) and "statement" not in asked.units
        else "",
        "A count says how many passages have a code. It does not say how often something happens, nor how many people "
        "would say it.",
        chosen,
        f"Passages are nested: one interviewee has up to {most:,} of them, so they are not independent cases. This is "
        "why there are counts in interviewees as well. A person with several passages can be in several cells, so "
        "cells of interviewees may add up to more than their margin."
        if most > 1
        else "",
        "A range in brackets is the lowest and the highest count over all readings that the coders allowed by naming "
        "alternatives. It is not a confidence interval, and readings have no probabilities."
        if (evidence.record["role"] == "alternative").any()
        else "",
        "Passages that tell against a code, or that only give context, have columns of their own and support nothing."
        if (evidence.record["stance"] != "supports").any()
        else "",
        "Several codes of a facet may hold for a passage, so its cells may add up to more than their margin."
        if not evidence.facets.loc[evidence.facets["facet"].isin(asked.facets), "exclusive"].all()
        else "",
        "No test of significance is made: what it assumes, independent cases drawn from a population, does not hold.",
        f"With {formatting.counted(len(passages), 'passage')}, a single one can change what a table seems to show."
        if len(passages) < _FEW
        else "",
    ]


def _units(evidence: Evidence) -> dict[str, str]:
    """Say what each unit is."""
    passage = (
        "A passage is what the article cites from a source at one place."
        if evidence.study.article
        else "A passage is a marked place in a source. Places that several coders marked with the same beginning and "
        "end are one passage."
    )
    return {
        "passage": passage,
        "statement": "A distinct statement is counted once, however many passages say it in the same words.",
        "interviewee": "An interviewee counts once for a code, or for two codes together, however many of their "
        "passages support it.",
    }


_FEW = 100  # passages below which a single one is worth a warning
