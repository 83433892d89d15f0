"""The exercises of notebook 4 on the published table: its units, and patterns in it over all allowed readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis.counting import crosstabs, pivot_tables, readings
from analysis.counting.crosstabs import Axis
from analysis.counting.readings import Cell, Comparison
from analysis.display.captioned_tables import CaptionedTable
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL
from analysis.support import formatting
from analysis.teaching import passage_texts
from analysis.teaching.exercises import Figures, Matching, Number, Wanted

POWER, STAGE = Axis("power"), Axis("stage", basis="lead-in")
#: The row of the published table that learners look at: the one with the most passages.
ROW = "resource-enabled-normative"

EVERY, SOME, NONE = "every", "some", "none"


@dataclass(frozen=True)
class Pattern:
    """A comparison of two regions of the published table: is there more in the first? Counted in a unit."""

    text: str
    first: tuple[Cell, ...]
    second: tuple[Cell, ...]
    again: str
    unit: str = "passage"


STRUCTURAL = (
    (("structural", "initiation"),),
    (("structural", "operationalization"), ("structural", "dissemination"), ("structural", "not-stated")),
)
PATTERNS = {
    "a": Pattern(
        "More passages of resource-enabled normative power stand in dissemination than in operationalization.",
        ((ROW, "dissemination"),),
        ((ROW, "operationalization"),),
        "the ranges of both cells, which overlap, and which passages can be moved from the one to the other",
    ),
    "b": Pattern(
        "More passages of structural power stand in initiation than everywhere else together (not stated included).",
        *STRUCTURAL,
        "how many passages of structural power can be moved at all",
    ),
    "c": Pattern(
        "The same as b, counted in interviewees.",
        *STRUCTURAL,
        "the ranges in the table of interviewees, and how many people are behind the passages",
        "interviewee",
    ),
    "d": Pattern(
        "More passages of resource-enabled normative power than of resource power stand in dissemination.",
        ((ROW, "dissemination"),),
        (("resource", "dissemination"),),
        "the lowest of the first and the highest of the second",
    ),
    "e": Pattern(
        "More passages of structural power than of resource-enabled normative power stand in dissemination.",
        (("structural", "dissemination"),),
        ((ROW, "dissemination"),),
        "the highest of the first and the lowest of the second",
    ),
    "f": Pattern(
        "More passages of resource power stand in dissemination than in operationalization.",
        (("resource", "dissemination"),),
        (("resource", "operationalization"),),
        "whether it holds as coded, and whether a single passage could change that",
    ),
}
#: The pattern whose tipping passages are asked for.
TURNING = "a"


def table(evidence: Evidence, unit: str, show: str = "count") -> CaptionedTable:
    """Return the published table in a unit; `show` as in `analysis.counting.pivot_tables.pivot`."""
    counted = crosstabs.crosstab(evidence, POWER, STAGE, unit)
    noun = {"passage": "passages", "statement": "distinct statements", "interviewee": "interviewees"}[unit]
    ranged = "; in brackets the lowest and highest count over all readings" if show == "range" else ""
    return CaptionedTable(
        pivot_tables.pivot(counted, evidence, "power", "stage", show), f"Published: stage by power in {noun}{ranged}"
    )


def margins(evidence: Evidence) -> Figures:
    """Return the exercise on the sums of the table in three units."""
    cells = crosstabs.crosstab_in_units(evidence, POWER, STAGE).set_index(["unit", "row", "column"])["count"]
    stages = [*code_tree.codes_at(evidence.codes, "stage", "stage"), vocabulary.UNCODED]
    repeated = int(cells["passage", ALL, ALL] - cells["statement", ALL, ALL])
    people = int(cells["interviewee", ALL, ALL])
    over = int(sum(cells["interviewee", ALL, stage] for stage in stages)) - people
    return Figures(
        "4.2",
        "Sums that do not add up",
        "Look at the row “all” of the three published tables above.",
        (
            "Compare the margin of the first table with that of the second.",
            "In the third table, add up the stages of the row “all”, then compare with its margin.",
        ),
        {
            "repeated": Wanted(
                "how many supporting passages repeat a statement that is printed elsewhere, too?",
                repeated,
                "how do the margins of passages and of distinct statements differ?",
            ),
            "over": Wanted(
                "by how much does the sum of the stages exceed the margin, in interviewees?",
                over,
                "add up the stages; counters and context are no stages.",
                mistakes={over + people: "that is the sum. By how much does it exceed the margin?"},
            ),
        },
        "A statement that is quoted twice is evidence once. And an interviewee with passages at several stages is "
        "in several cells, so that cells of interviewees must not be added up, nor turned into shares of people. "
        "Every table has to say what it counts.",
    )


def compared(evidence: Evidence) -> dict[str, Comparison]:
    """Compare the regions of each of PATTERNS over all allowed readings."""
    allowed = readings.allowed_readings(evidence, POWER, STAGE)
    return {
        key: readings.compare(allowed, pattern.first, pattern.second, pattern.unit) for key, pattern in PATTERNS.items()
    }


def holds(more: Fraction) -> str:
    """Return in which readings a pattern holds: EVERY, SOME or NONE.

    >>> holds(Fraction(1)), holds(Fraction(1, 3)), holds(Fraction(0))
    ('every', 'some', 'none')
    """
    if more == 1:
        return EVERY
    return SOME if more else NONE


def over_readings(evidence: Evidence) -> CaptionedTable:
    """Return each of PATTERNS over all readings: the range first, then what turns it, then the share."""
    return _over_readings(compared(evidence))


def _over_readings(found: Mapping[str, Comparison]) -> CaptionedTable:
    rows = {
        key: [
            PATTERNS[key].text,
            formatting.signed(one.difference.of_record),
            f"{formatting.signed(one.difference.lowest)} to {formatting.signed(one.difference.highest)}",
            "nothing" if one.tipping is None else formatting.listed(list(one.tipping)),
            formatting.portion(one.more),
        ]
        for key, one in found.items()
    }
    heads = ["Is there more?", "Difference as coded", "Over all readings", "Turned by re-reading", "Share of readings"]
    return CaptionedTable(
        pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Key"),
        "Patterns over all allowed readings. The passages are a smallest set, of perhaps several; the share is no "
        "probability",
    )


def open_passages(evidence: Evidence) -> CaptionedTable:
    """Return the passages that may stand in the row of ROW, with what their words or lead-in allow."""
    cells = crosstabs.crosstab(evidence, POWER, STAGE)
    (extracts,) = cells.loc[cells["row"].eq(ROW) & cells["column"].eq(ALL), "possible"].tolist()
    stage, power = (crosstabs.options(evidence, axis) for axis in (STAGE, POWER))
    shown = [passage_texts.shown(evidence, extract) for extract in extracts]
    table = pd.DataFrame(
        {
            shown[0].kind: [one.text for one in shown],
            "Stage as coded": [_options(stage, one, primary=True) for one in extracts],
            "Stage also allowed": [_options(stage, one, primary=False) for one in extracts],
            "Other power allowed": [_options(power, one, primary=False, but=ROW) for one in extracts],
        },
        index=pd.Index(extracts, name="Passage"),
    )
    return CaptionedTable(table, "Passages of resource-enabled normative power, and what their words or lead-in allow")


def _options(options: pd.DataFrame, extract: str, primary: bool, but: str = "") -> str:
    of_passage = options[options["extract_id"].eq(extract) & options["primary"].eq(primary) & options["code"].ne(but)]
    return ", ".join(of_passage["code"])


def patterns(found: Mapping[str, Comparison]) -> Matching:
    """Return the exercise on the readings in which each of PATTERNS holds; `found` is of `compared`."""
    return Matching(
        "4.9",
        "In every reading, in some, in none?",
        f"Each statement is about what is published. Does it hold in {EVERY} allowed reading, in {SOME}, or in {NONE}?",
        (
            "If the ranges of two cells do not overlap, it is settled. If they do, look further: one passage cannot "
            "stand in two cells at once.",
            "As many is not more.",
        ),
        {key: pattern.text for key, pattern in PATTERNS.items()},
        {key: holds(one.more) for key, one in found.items()},
        {key: pattern.again for key, pattern in PATTERNS.items()},
        [EVERY, SOME, NONE],
        "the allowed readings",
        [_over_readings(found)],
    )


def tipping(turning: Comparison) -> Number:
    """Return the exercise on what turns a pattern."""
    fewest = list(turning.tipping or {})
    return Number(
        "4.10",
        "What would turn it?",
        f"{PATTERNS[TURNING].text} It holds as coded. At least how many passages have to be read otherwise so that "
        "it does not?",
        (
            "A passage that moves out of dissemination takes one away there; one that moves into operationalization "
            "adds one. What does a passage do that moves from the one to the other?",
            "As many is not more: it is enough to draw level.",
        ),
        len(fewest),
        f"{formatting.counted(len(fewest), 're-reading').capitalize()} will do, for instance that of "
        f"{formatting.listed(fewest)}. The statement holds in {formatting.portion(turning.more)} of all "
        "allowed readings. "
        "That is no probability: nobody says that all readings are equally plausible. So report the range first, "
        "then what turns it, then the share.",
    )
