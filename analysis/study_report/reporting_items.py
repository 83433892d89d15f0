"""What guidelines ask a report of a qualitative study for: what the data answer, and what is left to the authors.

References
----------
Tong, A., Sainsbury, P., & Craig, J. (2007). Consolidated criteria for reporting qualitative research (COREQ): a 32-item
checklist for interviews and focus groups. International Journal for Quality in Health Care, 19(6), 349-357.
https://doi.org/10.1093/intqhc/mzm042

O'Brien, B. C., Harris, I. B., Beckman, T. J., Reed, D. A., & Cook, D. A. (2014). Standards for reporting qualitative
research: a synthesis of recommendations. Academic Medicine, 89(9), 1245-1251.
https://doi.org/10.1097/ACM.0000000000000388
"""

import math
from collections.abc import Mapping

import pandas as pd

from analysis import agreement
from analysis.agreement import readers
from analysis.display.html_elements import frame, paragraph, text
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.coders import UNKNOWN, is_named
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked
from analysis.support import formatting

_COREQ, _SRQR = 32, 21  # items of each list
_GAP = "[…]"


def guidelines(evidence: Evidence, asked: Asked) -> str:
    """Return the items that the data answer, and a paragraph on methods to start from."""
    coreq, srqr = _answers(evidence, asked)
    return (
        paragraph(
            "Two lists say what a report of a qualitative study should hold: COREQ (Tong, Sainsbury and Craig 2007) "
            "and SRQR (O'Brien and others 2014). The tables have the items that the data answer, wholly or in part. "
            "All others are for the authors: who the researchers are, how people were chosen and asked, consent, "
            "approach, and what the findings mean."
        )
        + _items(evidence, "COREQ", coreq, _COREQ)
        + _items(evidence, "SRQR", srqr, _SRQR)
        + "<h3>A paragraph on methods to start from</h3>"
        + paragraph(
            f"A draft that was filled from the data. {_GAP} is for the authors, who also have to check the rest: "
            "nothing in it says why something was done."
        )
        + f"<blockquote><p><strong>Draft.</strong> {text(draft(evidence, asked))}</p></blockquote>"
    )


def _items(evidence: Evidence, name: str, answers: Mapping[tuple[int, str], str], items: int) -> str:
    numbers = {number for number, _ in answers}
    table = pd.DataFrame(
        {"Item": [item for _, item in answers], "What the data say": list(answers.values())},
        index=pd.Index([str(number) for number, _ in answers], name="No."),
    )
    left = _ranges([number for number in range(1, items + 1) if number not in numbers])
    caption = f"Items of {name} that the data answer, wholly or in part"
    return frame(simulated_label.captioned(evidence, caption), table) + paragraph(
        f"Left to the authors: items {left} of {name}."
    )


def _ranges(numbers: list[int]) -> str:
    """Return numbers with runs of three or more as ranges.

    >>> _ranges([1, 2, 3, 5, 7, 8])
    '1–3, 5, 7 and 8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [
        part
        for run in runs
        for part in ([formatting.span(run[0], run[-1])] if len(run) > 2 else [str(number) for number in run])
    ]
    return formatting.listed(shown)


def _answers(evidence: Evidence, asked: Asked) -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """Return what the data say to items of COREQ and of SRQR, each by its number and subject."""
    sample, coders, tree = _sample(evidence), _coders(evidence), _tree(evidence, asked)
    software, twice = _software(evidence), _twice(evidence, asked)
    keys = "Every passage has a key that leads to its source; see the passages by code, and the tables of the study."
    coreq = {
        (12, "Sample size"): sample,
        (
            22,
            "Data saturation",
        ): "In part: new codes, source by source, in this report. What was meant by saturation is for the authors.",
        (24, "Number of data coders"): coders,
        (25, "Description of the coding tree"): f"{tree} The coding structure in this report has all codes.",
        (27, "Software"): software,
        (29, "Quotations presented"): f"In part. {keys}",
    }
    srqr = {
        (12, "Units of study"): sample,
        (13, "Data processing"): f"In part: {software}",
        (14, "Data analysis"): f"In part: {coders} {tree}",
        (15, "Techniques to enhance trustworthiness"): f"In part: {twice}",
        (17, "Links to empirical data"): f"In part: {keys}",
    }
    return coreq, srqr


def _sample(evidence: Evidence) -> str:
    passages, kinds = evidence.passages, evidence.sources["kind"].value_counts(sort=False)
    study = evidence.study
    sources = formatting.listed([formatting.counted(n, str(kind)) for kind, n in kinds.items()])
    asked = f"{formatting.counted(study.interviews, 'interview')} held; " if study.interviews else ""
    people = passages["interviewee"].nunique()
    return f"{asked}{sources}; {len(passages):,} passages" + (f" from {people:,} interviewees." if people else ".")


def _coders(evidence: Evidence) -> str:
    given = set(evidence.codings["coder_id"])
    rows = evidence.coders[evidence.coders["coder_id"].isin(given)]
    rows = rows[rows["coder_id"].map(is_named).astype(bool)]
    if rows.empty:
        return "Nobody is named as a coder."
    kinds = rows["kind"].value_counts(sort=False)
    named = formatting.listed(
        [f"{n:,} {'of a kind not stated' if kind == UNKNOWN else kind}" for kind, n in kinds.items()]
    )
    return f"{formatting.capitalize_first(formatting.counted(len(rows), 'coder'))} ({named})."


def _tree(evidence: Evidence, asked: Asked) -> str:
    parts = []
    for facet in asked.facets:
        levels = code_tree.levels(evidence.codes, facet)
        codes = int((evidence.codes["facet"] == facet).sum())
        parts.append(f"{facet} ({formatting.counted(codes, 'code')}, {formatting.counted(len(levels), 'level')})")
    return f"{formatting.capitalize_first(formatting.counted(len(parts), 'facet'))}: {formatting.listed(parts)}."


def _software(evidence: Evidence) -> str:
    origin = evidence.study.origin
    coded = f"coded in {_GAP}" + (f" (kind of file: {origin.format})" if origin else "")
    own = "counts, agreement and this report by Power in co-production (see the last table)."
    return f"{formatting.capitalize_first(coded)}; {own}"


def _twice(evidence: Evidence, asked: Asked) -> str:
    """Say how much was coded twice, and what agreement came of it."""
    found = [line for facet in asked.facets if (line := _agreed(evidence, facet, asked.levels[facet]))]
    return "; ".join(found) + "." if found else "no passage was coded by two coders independently."


def _agreed(evidence: Evidence, facet: str, level: str) -> str:
    coders = readers.independent(evidence, facet)
    if len(coders) < 2:
        return ""
    given = readers.chosen(evidence, facet, coders, level)
    paired = int(((given.given != agreement.MISSING).sum(axis=1) > 1).sum())
    if not paired:
        return ""
    sizes = readers.together(evidence, facet, given)
    alpha = sizes[sizes["coefficient"].eq("krippendorff-alpha") & sizes["method"].eq(agreement.Analytic().method)]
    value, low, high = alpha[["value", "low", "high"]].to_numpy().tolist()[0]
    counted = f"{formatting.counted(paired, 'passage')} coded by two or more"
    if math.isnan(value):
        return f"{facet}: {counted}"
    interval = "" if math.isnan(low) else f" (95% interval {formatting.rounded(low)} to {formatting.rounded(high)})"
    return f"{facet}: {counted}, Krippendorff's alpha {formatting.rounded(value)}{interval}"


def draft(evidence: Evidence, asked: Asked) -> str:
    """Return a paragraph on methods that is filled from the data, with gaps for what only the authors know."""
    twice = _twice(evidence, asked)
    record = {coder for facet in asked.facets for coder in evidence.study.coding_of_record[facet]}
    counted = f"Counts are based on the codes of {formatting.listed(sorted(record))}. " if record else ""
    units = formatting.listed([vocabulary.plural(unit) for unit in asked.units])
    return (
        f"We analysed {_sample(evidence)} People were chosen by {_GAP} and asked about {_GAP}. The material was coded "
        f"following {_GAP}. {_coders(evidence)} {_tree(evidence, asked)} The codes were developed by {_GAP}. "
        f"{counted}Of what was coded twice: {twice} Differences were settled by {_GAP}. {_software(evidence)} We count "
        f"{units}, and report counts as descriptions of the coded material, not as frequencies in a population."
    )
