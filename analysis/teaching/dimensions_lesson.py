"""The exercises of notebook 2, from quotes to dimensions: labels, groups of labels, groups of groups."""

from dataclasses import dataclass

import pandas as pd

from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import article_tables, close_reading
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.teaching import passage_texts
from analysis.teaching.comparisons import Comparison, Grouping, Judged, PatternHint, Prose
from analysis.teaching.exercises import Number, Selection

#: Passages of Table 2 to be labelled: each under another first-order code, from another source, and one that its label
#: fits without dispute.
TO_LABEL = ("T04", "T05", "T08", "T10", "T12", "T14")
#: Passages of Table 2 to be held against their labels: those that the close reading found to fit another code at least
#: as well, and as many that it found nothing wrong with.
TO_HOLD = ("T02", "T03", "T08", "T09", "T11", "T13")

FITS, ANOTHER, NONE = "fits", "another", "none"
TREE = "The record is the article's tree of codes; the short names of first-order codes are the compendium's."


@dataclass(frozen=True)
class Dimensions:
    """The exercises of the notebook, in its order."""

    labels: Comparison
    second_order: Grouping
    dimensions: Grouping
    unprinted: Selection
    single: Number
    fit: Comparison
    gained: Prose


def exercises(evidence: Evidence) -> Dimensions:
    """Return the exercises, made from the evidence."""
    return Dimensions(
        labels=_labels(evidence),
        second_order=_grouping(evidence, "2.2", "first-order", "second-order"),
        dimensions=_grouping(evidence, "2.3", "second-order", "dimension"),
        unprinted=_unprinted(evidence),
        single=_single(evidence),
        fit=_fit(evidence),
        gained=_gained(),
    )


def _labels(evidence: Evidence) -> Comparison:
    codes = evidence.codes[evidence.codes["facet"] == "power"]
    definitions = dict(zip(codes["code_id"], codes["definition"], strict=True))
    names = code_tree.names(evidence.codes, "power")
    printed = article_tables.table_2(evidence).set_index("extract_id")["first_order"]
    return Comparison(
        "2.1",
        "Labels of your own",
        "Say of each passage in a few words what service users do in it, near to what is said.",
        (
            "Begin with a verb: service users do something.",
            "Leave out words of theory, such as power. They come later, if they earn their place.",
        ),
        {
            one: Judged(names[printed[one]], definitions[printed[one]], passage_texts.shown(evidence, one).text)
            for one in TO_LABEL
        },
        None,
        "Beside them stand the first-order codes under which the article prints the passages, by the compendium's "
        "short names, with its definitions.",
        words=passage_texts.shown(evidence, TO_LABEL[0]).kind,
    )


def codes_to_group(evidence: Evidence, level: str) -> CaptionedTable:
    """Return the codes of a level with their definitions, in alphabetical order so that the tree does not show."""
    codes = evidence.codes
    chosen = codes[(codes["facet"] == "power") & (codes["level"] == level)].sort_values("code_id")
    table = chosen.set_index("code_id")[["name", "definition"]].rename(columns=str.capitalize).rename_axis("Code")
    return CaptionedTable(table, f"Codes to group: {level}")


def _grouping(evidence: Evidence, number: str, level: str, above: str) -> Grouping:
    codes = evidence.codes
    chosen = sorted(code_tree.codes_at(codes, "power", level))
    names, up = code_tree.names(codes, "power"), code_tree.rolled_up(codes, "power", above)
    return Grouping(
        number,
        f"From {level} codes to groups",
        "Put codes that belong together into one group. Give a group any name you like; the same name is the same "
        "group.",
        (
            "Ask of two codes: do they say the same sort of thing about what service users do?",
            "Ask by what means something is done, and on whom or what. Codes that answer alike may belong together.",
        ),
        {code: names[code] for code in chosen},
        {code: names[up[code] or code] for code in chosen},
        TREE,
    )


def _unprinted(evidence: Evidence) -> Selection:
    missing = close_reading.first_order_codes_outside_table_2(evidence)
    names = code_tree.names(evidence.codes, "power")
    record = evidence.record[(evidence.record["facet"] == "power") & (evidence.record["role"] == "primary")]
    under = list(record.loc[record["code_id"].isin(missing), "extract_id"])
    return Selection(
        "2.4",
        "A code without a row",
        "The methods section names a first-order code for which Table 2 prints no passage. Which one is it?",
        (
            "Set the tree of codes beside Table 2, first-order code by first-order code.",
            "Look below resource-enabled normative power.",
        ),
        frozenset(missing),
        dict.fromkeys(sorted(code_tree.codes_at(evidence.codes, "power", "first-order")), ""),
        f"{formatting.listed([names[code] for code in missing])} has no row in Table 2. The Findings have "
        "passages with "
        f"its words: {formatting.listed(under)}. A row there may have been meant to include it; from what is printed, "
        "this cannot be told.",
        "code",
        {code: f"{code}: look for a passage beside it in Table 2." for code in missing},
    )


def _single(evidence: Evidence) -> Number:
    codes = evidence.codes
    up = code_tree.rolled_up(codes, "power", "second-order")
    missing = close_reading.first_order_codes_outside_table_2(evidence)
    below = pd.Series({code: up[code] for code in code_tree.codes_at(codes, "power", "first-order")})
    right, printed = (int((found.value_counts() == 1).sum()) for found in (below, below.drop(missing)))
    every = len(code_tree.codes_at(codes, "power", "second-order"))
    return Number(
        "2.5",
        "How broad is the middle level?",
        "How many second-order codes gather a single first-order code?",
        (
            "Look at the tree of codes, and count first-order codes under each second-order code.",
            "Count the code that Table 2 lacks, too.",
        ),
        right,
        f"{right} of {every} second-order codes gather a single first-order code. There, the step up gives a new "
        "name, but brings nothing together.",
        {
            printed: "That is what Table 2 shows. The tree has one first-order code more.",
            every - right: "So many gather more than one.",
            every: "That is the number of all second-order codes.",
        },
    )


def _fit(evidence: Evidence) -> Comparison:
    names = code_tree.names(evidence.codes, "power")
    printed = article_tables.table_2(evidence).set_index("extract_id")["first_order"]
    return Comparison(
        "2.6",
        "Does the label fit?",
        f"Hold each passage against the first-order code printed beside it. Say {FITS} if it fits, {ANOTHER} if "
        f"another code of the tree fits at least as well, {NONE} if no code of the tree does.",
        (
            "Read the definition, then the passage, and ask which words of the one answer to which of the other.",
            "Go through the other first-order codes before you say that it fits.",
        ),
        {
            one: Judged(*_fitting(evidence, one), f"{passage_texts.shown(evidence, one).text} — {names[printed[one]]}")
            for one in TO_HOLD
        },
        {option: option for option in (FITS, ANOTHER, NONE)},
        "The record is the compendium's close reading, and no part of the article. Nobody says that the codes are "
        "wrong for the transcripts, which have more words around a passage.",
        words=f"{passage_texts.shown(evidence, TO_HOLD[0]).kind} — label",
    )


def _fitting(evidence: Evidence, extract: str) -> tuple[str, str]:
    rows = evidence.record[(evidence.record["facet"] == "power") & (evidence.record["extract_id"] == extract)]
    other = rows[rows["role"] == "alternative"]
    if extract not in close_reading.printed_under_another_label(evidence):
        return FITS, "The close reading found no code that fits better."
    names = code_tree.names(evidence.codes, "power")
    code, reason = other[["code_id", "rationale"]].to_numpy().tolist()[0]
    return ANOTHER, f"{names[code]}: {reason}"


def _gained() -> Prose:
    return Prose(
        "2.7",
        "What is gained, what is lost",
        "Follow a passage of your choice from its words up to the dimension. What does each step let you see, and what "
        "does it leave behind?",
        (
            "Compare two passages under one dimension that share hardly a word.",
            "Look in the tree at how many passages, and how many interviewees, stand under each code.",
        ),
        "Going up, passages can be compared that share no words, and a claim can be made about them. Who said it, on "
        "what occasion and how surely is left behind, and a dimension looks equally solid whether many people stand "
        "behind a code or a single one.",
        "The compendium's answer:",
        (
            PatternHint(
                r"\b(gain\w*|see|show\w*|compar\w*|together|pattern\w*)\b", "What can be seen only from above?", True
            ),
            PatternHint(r"\b(los[est]\w*|leav\w*|left|behind|miss\w*|gone|context)\b", "What stays below?", True),
            PatternHint(r"\b(prove[sdn]?|proof|objective\w*)\b", "Would another coder have to come to the same tree?"),
        ),
        points=(
            "It names something that only the higher level shows.",
            "It names something that the higher level hides.",
            "It does not take the tree for the only one possible.",
        ),
    )


def printed_labels(evidence: Evidence) -> pd.DataFrame:
    """Return the passages to be held against their labels, with the label and its definition."""
    codes = evidence.codes[evidence.codes["facet"] == "power"]
    definitions = dict(zip(codes["code_id"], codes["definition"], strict=True))
    names = code_tree.names(evidence.codes, "power")
    printed = article_tables.table_2(evidence).set_index("extract_id")["first_order"]
    words = {one: passage_texts.shown(evidence, one) for one in TO_HOLD}
    rows = {one: [words[one].text, names[printed[one]], definitions[printed[one]]] for one in TO_HOLD}
    heads = [words[TO_HOLD[0]].kind, "Label", "Definition of the label"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Passage")
