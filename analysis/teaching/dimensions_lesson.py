"""Notebook 2, from quotes to dimensions: labels, groups of labels, groups of groups."""

from types import SimpleNamespace

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import article_tables, close_reading
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.teaching import passage_texts
from analysis.teaching.comparisons import Comparison, Grouping, Judged, Prose
from analysis.teaching.exercises import Number, Selection
from analysis.teaching.lesson_texts import Lesson

#: Passages of Table 2 to be labelled: each under another first-order code, from another source, and one that its label
#: fits without dispute.
TO_LABEL = ("T04", "T05", "T08", "T10", "T12", "T14")
#: Passages of Table 2 to be compared with their labels: those that the close reading found to fit another code at least
#: as well, and as many with which it found nothing wrong.
TO_COMPARE = ("T02", "T03", "T08", "T09")
FITS, ANOTHER, NONE = "fits", "another", "none"

_LESSON = Lesson("dimensions")


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    labels, words = printed_labels(evidence, TO_LABEL), passage_texts.shown(evidence, TO_LABEL[0]).kind
    return SimpleNamespace(
        labels=_LESSON.exercise(
            Comparison,
            "labels",
            record={extract: Judged(label, why, text) for extract, text, label, why in labels.itertuples(name=None)},
            options=None,
            words=words,
        ),
        second_order=_grouping(evidence, "second_order", "first-order", "second-order"),
        dimensions=_grouping(evidence, "dimensions", "second-order", "dimension"),
        unprinted=_unprinted(evidence),
        single=_single(evidence),
        fit=_fit(evidence),
        gained=_LESSON.exercise(Prose, "gained"),
    )


def codes_to_group(evidence: Evidence, level: str) -> CaptionedTable:
    """Return the codes of a level with their definitions, in alphabetical order so that the tree does not show."""
    codes = evidence.codes
    chosen = codes[(codes["facet"] == "power") & (codes["level"] == level)].sort_values("code_id")
    table = chosen.set_index("code_id")[["name", "definition"]].rename(columns=str.capitalize).rename_axis("Code")
    return CaptionedTable(table, f"Codes to group: {level}")


def printed_labels(evidence: Evidence, extracts: tuple[str, ...] = TO_COMPARE) -> pd.DataFrame:
    """Return passages of Table 2, by default those to be compared, with the label and its definition."""
    definitions = evidence.codes[evidence.codes["facet"] == "power"].set_index("code_id")["definition"]
    names = code_tree.names(evidence.codes, "power")
    printed = article_tables.table_2(evidence).set_index("extract_id")["first_order"]
    words = {one: passage_texts.shown(evidence, one) for one in extracts}
    rows = {one: [words[one].text, names[printed[one]], definitions[printed[one]]] for one in extracts}
    heads = [words[extracts[0]].kind, "Label", "Definition of the label"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Passage")


def _grouping(evidence: Evidence, key: str, level: str, above: str) -> Grouping:
    names, up = code_tree.names(evidence.codes, "power"), code_tree.rolled_up(evidence.codes, "power", above)
    chosen = sorted(code_tree.codes_at(evidence.codes, "power", level))
    things, record = {code: names[code] for code in chosen}, {code: names[up[code] or code] for code in chosen}
    return _LESSON.exercise(Grouping, key, things=things, record=record)


def _unprinted(evidence: Evidence) -> Selection:
    missing = close_reading.first_order_codes_outside_table_2(evidence)
    names = code_tree.names(evidence.codes, "power")
    record = evidence.record[(evidence.record["facet"] == "power") & (evidence.record["role"] == "primary")]
    passages = list(record.loc[record["code_id"].isin(missing), "extract_id"])
    return _LESSON.exercise(
        Selection,
        "unprinted",
        {"names": [names[code] for code in missing], "passages": passages},
        right=frozenset(missing),
        among=dict.fromkeys(sorted(code_tree.codes_at(evidence.codes, "power", "first-order")), ""),
        remarks={code: f"{code}: look for a passage beside it in Table 2." for code in missing},
    )


def _single(evidence: Evidence) -> Number:
    up = code_tree.rolled_up(evidence.codes, "power", "second-order")
    below = pd.Series({code: up[code] for code in code_tree.codes_at(evidence.codes, "power", "first-order")})
    without = below.drop(close_reading.first_order_codes_outside_table_2(evidence))
    right, printed = (int((found.value_counts() == 1).sum()) for found in (below, without))
    every = len(code_tree.codes_at(evidence.codes, "power", "second-order"))
    mistakes = {"printed": printed, "several": every - right, "every": every}
    return _LESSON.exercise(Number, "single", {"right": right, "every": every}, right=right, mistakes=mistakes)


def _fit(evidence: Evidence) -> Comparison:
    labels = printed_labels(evidence)
    record = {
        extract: Judged(*_fitting(evidence, extract), f"{text} — {label}")
        for extract, text, label, _ in labels.itertuples(name=None)
    }
    words = f"{labels.columns[0]} — label"
    options = {option: option for option in (FITS, ANOTHER, NONE)}
    return _LESSON.exercise(Comparison, "fit", record=record, options=options, words=words)


def _fitting(evidence: Evidence, extract: str) -> tuple[str, str]:
    """Return whether the label of a passage fits by the close reading, and why."""
    if extract not in close_reading.printed_under_another_label(evidence):
        return FITS, "The close reading found no code that fits better."
    rows = evidence.record[(evidence.record["facet"] == "power") & (evidence.record["extract_id"] == extract)]
    other = rows[rows["role"] == "alternative"].iloc[0]
    return ANOTHER, f"{code_tree.names(evidence.codes, 'power')[other['code_id']]}: {other['rationale']}"
