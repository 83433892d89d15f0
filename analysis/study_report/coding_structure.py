"""The coding structure: every code with its definition and how often it was given."""

import pandas as pd

from analysis.counting import frequencies
from analysis.display import charts
from analysis.display.html_elements import figure, frame, paragraph, text
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked
from analysis.support import formatting

MOST_BARS = 30  # codes of a facet that are drawn
HEADS = {"passage": "Passages", "statement": "Distinct statements", "interviewee": "Interviewees"}
#: The rules of a code besides its definition, so that other coders can give it.
RULES = {"include": "Include", "exclude": "Exclude", "boundary": "At the edge"}
#: Shown in passages, since these have a stance.
STANCES = {vocabulary.COUNTERS: "Counters", vocabulary.CONTEXT: "Context"}


def structures(evidence: Evidence, asked: Asked) -> str:
    """Return the code tree of each facet with counts."""
    return "".join(_facet(evidence, facet, asked) for facet in asked.facets)


def _facet(evidence: Evidence, facet: str, asked: Asked) -> str:
    table = frequencies.of_codes(evidence, facet)
    primary = evidence.record[evidence.record["facet"].eq(facet) & evidence.record["role"].eq("primary")]
    without = len(evidence.extracts) - primary["extract_id"].nunique()
    deep = len(code_tree.levels(evidence.codes, facet)) > 1
    ranged = (
        "; in brackets the lowest and highest over all readings" if (table["lowest"] != table["highest"]).any() else ""
    )
    caption = f"Codes of {facet}: how many passages support each{ranged}"
    codes = _codes(evidence, facet, table, asked.units)
    none = f"{without:,} of {formatting.counted(len(evidence.extracts), 'passage')} have no code of this facet."
    below = "A code counts together with the codes below it."
    return (
        f"<h3>{text(formatting.capitalize_first(facet))}</h3>"
        + paragraph(below if deep else "", none if without else "")
        + _picture(evidence, facet, table, asked)
        + frame(simulated_label.captioned(evidence, caption), codes)
        + _rules(evidence, facet)
    )


def _picture(evidence: Evidence, facet: str, table: pd.DataFrame, asked: Asked) -> str:
    """Return bars for the codes of a facet at its level, those with most passages if they are many."""
    level = asked.levels[facet]
    given = table[table["unit"].eq("passage") & table["stance"].eq("supports") & table["level"].eq(level)]
    counts = given[given["count"] > 0].set_index("code_id")["count"]
    if len(counts) > MOST_BARS:
        counts = counts.sort_values(ascending=False, kind="stable").head(MOST_BARS)
    counts = counts.rename(index=code_tree.names(evidence.codes, facet))
    return figure(charts.codes_of_facet(evidence, facet, counts, level)) if len(counts) > 1 else ""


def _rules(evidence: Evidence, facet: str) -> str:
    """Return the rules of the codes that have any, in the order of the tree."""
    codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
    rules = codes.loc[code_tree.in_tree_order(evidence.codes, facet), list(RULES)]
    rules = rules.loc[(rules != "").any(axis=1), (rules != "").any()]
    if rules.empty:
        return ""
    rules = rules.rename(index=code_tree.names(evidence.codes, facet), columns=RULES).rename_axis("Code")
    return frame(simulated_label.captioned(evidence, f"Rules for the codes of {facet}, for other coders"), rules)


def _codes(evidence: Evidence, facet: str, table: pd.DataFrame, units: tuple[str, ...]) -> pd.DataFrame:
    """Return a row for each code, indented by its depth; columns without an entry are left out."""
    table = table.assign(
        cell=[formatting.count_with_range(*one) for one in table[["count", "lowest", "highest"]].to_numpy().tolist()]
    )
    codes = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")
    depth = {level: place for place, level in enumerate(code_tree.levels(evidence.codes, facet))}
    order = code_tree.in_tree_order(evidence.codes, facet)
    shown = pd.DataFrame({"Definition": codes.loc[order, "definition"]})
    for unit in units:
        supports = table[table["unit"].eq(unit) & table["stance"].eq("supports")].set_index("code_id")
        shown[HEADS[unit]] = supports.loc[order, "cell"]
    for stance, head in STANCES.items():
        other = table[table["unit"].eq("passage") & table["stance"].eq(stance)].set_index("code_id")
        if other["highest"].any():
            shown[head] = other.loc[order, "cell"]
    if not codes["definition"].any():
        shown = shown.drop(columns="Definition")
    # Indented by em spaces, as in tables of notebooks.
    names = code_tree.names(evidence.codes, facet)
    labels = [f"{chr(0x2003) * depth[str(codes.at[code, 'level'])]}{names[code]}" for code in order]
    return shown.set_axis(pd.Index(labels, name="Code"))
