"""The exercises of notebook 4, counting: units, selections, tests and their traps, readings, saturation, a report.

What tests and selections do is shown on simulated studies (`analysis.teaching.trials`), where the truth is known and
nobody is accused of anything. The published table is counted and read, and never tested.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.counting import crosstabs
from analysis.counting.readings import Comparison
from analysis.display.captioned_tables import CaptionedTable
from analysis.statistics import saturation
from analysis.study import code_tree, simulated_label
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL
from analysis.support import formatting
from analysis.teaching import chi_square_lesson, published_table_lesson, simulation, trials
from analysis.teaching.comparisons import PatternHint, Prose
from analysis.teaching.exercises import Figures, Matching, Number, Wanted
from analysis.teaching.published_table_lesson import POWER, ROW, STAGE
from analysis.teaching.simulation import Parameters, Preference

#: A study of a dozen passages in which one person has more than anybody else.
SMALL_STUDY, SMALL_SEED = Parameters(4, 12, 1.0, trials.EVEN, first_order=1, own_cell=0.4, coders=0), 0
#: A study in which nothing goes with anything, an author who likes a story, and one who does not.
COLLECTED, COLLECTED_SEED = Parameters(48, 480, 0.5, trials.EVEN, own_cell=0.3, coders=0), 1
PUBLISHED, PUBLISHED_SEED = 40, 1
LIKED, BY_CHANCE = Preference(story=4.0), Preference()
#: Interviewees who bring new codes again after the measure of saturation was reached.
INTERVIEWS, INTERVIEWS_SEED = Parameters(12, 60, 0.5, trials.EVEN, own_cell=0.3, coders=0), 2


#: What to think over in a sentence about selected passages.
_TOO_MUCH = (
    PatternHint(
        r"\b(often|usual\w*|frequent\w*|common\w*|tend\w*|more likely|typical\w*|mostly)\b",
        "Does it speak of how often something happens? What was chosen for print cannot show that.",
    ),
    PatternHint(
        r"\b(significan\w*|prove[sdn]?|confirm\w*|demonstrat\w*)\b|\bp\s*[<=]",
        "Can selected passages carry such a word?",
    ),
    PatternHint(
        r"\b(caus\w+|leads? to|because of|effects?|influenc\w*|sustain\w*)\b",
        "A table shows what stands together, not why.",
    ),
)


@dataclass(frozen=True)
class Counting:
    """The exercises of the notebook, in its order."""

    units: Figures
    margins: Figures
    selected: Figures
    told: Prose
    alarms: Figures
    expected: Figures
    twice: Figures
    questions: Matching
    patterns: Matching
    tipping: Number
    saturated: Figures
    report: Prose


def exercises(evidence: Evidence) -> Counting:
    """Return the exercises, made from the evidence and from simulated studies."""
    found = published_table_lesson.compared(evidence)
    return Counting(
        units=_units(),
        margins=published_table_lesson.margins(evidence),
        selected=_selected(),
        told=_told(),
        alarms=chi_square_lesson.alarms(),
        expected=chi_square_lesson.expected(),
        twice=chi_square_lesson.twice(),
        questions=chi_square_lesson.questions(),
        patterns=published_table_lesson.patterns(found),
        tipping=published_table_lesson.tipping(found[published_table_lesson.TURNING]),
        saturated=_saturated(),
        report=_report(evidence, found[published_table_lesson.TURNING]),
    )


# --- units


def small_study() -> CaptionedTable:
    """Return the passages of the small simulated study, with who speaks."""
    study = simulation.study(SMALL_STUDY, SMALL_SEED)
    cases = crosstabs.cases(study, POWER, STAGE).set_index("extract_id")
    table = pd.DataFrame(
        {
            "Interviewee": study.passages.set_index("extract_id")["interviewee"],
            "Kind of power": cases["row"].map(code_tree.names(study.codes, "power")),
            "Stage": cases["column"].map(code_tree.names(study.codes, "stage")),
        }
    ).rename_axis("Passage")
    return simulated_label.marked(study, CaptionedTable(table, "The passages of a small study"))


def _units() -> Figures:
    made = simulation.passages(SMALL_STUDY, SMALL_SEED)
    of_first = made[made["row"] == SMALL_STUDY.powers[0]]
    people, cells = of_first["interviewee"].nunique(), len(of_first.drop_duplicates(["interviewee", "column"]))
    most = float(made["interviewee"].value_counts(normalize=True).max())
    return Figures(
        "4.1",
        "What is counted?",
        "Count in the small simulated study above.",
        (
            "Go down the table once for the kind of power, and once for who speaks.",
            "A cell is a kind of power at a stage. Who speaks of the first kind of power at two stages is in two "
            "cells.",
        ),
        {
            "passages": Wanted(
                "how many passages are of simulated power 1?", len(of_first), "count rows, at any stage."
            ),
            "interviewees": Wanted(
                "how many interviewees have such a passage?",
                people,
                "each of them once, however much they say.",
                mistakes={len(of_first): "these are the passages again.", cells: "these are people in cells."},
            ),
            "cells": Wanted(
                "count the interviewees in each cell of simulated power 1, and add the cells up.",
                cells,
                "each of them once for each stage at which they speak of it.",
                mistakes={people: "somebody is in more cells than one."},
            ),
            "most": Wanted(
                "which share of all passages is from the interviewee who has most of them?",
                most,
                "divide the passages of that person by all in the table.",
                within=0.01,
            ),
        },
        f"{formatting.counted(len(of_first), 'passage').capitalize()} of {formatting.counted(people, 'interviewee')}: "
        "whoever reads the first figure as people overstates what is there. Cells of interviewees add up to "
        f"{cells}, since one person can be in several of them. Passages are nested in people, and one person gives "
        f"{formatting.percent(round(most, 2))} of these.",
    )


# --- selected quotations


def collected() -> Evidence:
    """Return the simulated study that an author publishes from."""
    return simulation.study(COLLECTED, COLLECTED_SEED)


def selected(preference: Preference) -> Evidence:
    """Return what is published of it under a preference."""
    return simulation.select(collected(), PUBLISHED, preference, PUBLISHED_SEED)


def _selected() -> Figures:
    whole, chance, liked = map(trials.on_the_diagonal, (collected(), selected(BY_CHANCE), selected(LIKED)))
    return Figures(
        "4.3",
        "What a selection does to a table",
        "The story is the diagonal: the first kind of power at the first stage, the second at the second, the third "
        f"at the third. Who likes it takes a passage that fits it {formatting.in_words(int(1 + LIKED.story))} times as "
        "readily as another. Which share of the passages in each of the three simulated tables fits it?",
        (
            "Add up the cells of the diagonal, and divide by all passages of that table.",
            "You may let Python do it: put something like (2 + 3 + 4) / 20 where the dots are.",
        ),
        {
            "collected": Wanted("in the whole study?", whole, "the diagonal has three cells.", within=0.01),
            "chance": Wanted("in what was chosen by chance?", chance, "the diagonal has three cells.", within=0.01),
            "liked": Wanted("in what the author who likes a story chose?", liked, "divide by the chosen ones.", 0.01),
        },
        f"In the whole study {formatting.rounded(whole)} fit the story; with three stages and no pattern at all, a "
        f"third would. Of what was chosen by chance {formatting.rounded(chance)} fit, of what was chosen with "
        "the story "
        f"in mind {formatting.rounded(liked)}. No passage was invented and none was coded wrongly. The pattern comes "
        "from choosing, and nothing in the last table shows that. That does not mean that a published pattern is "
        "always made so; it means that the table cannot tell.",
    )


def _told() -> Prose:
    whole, liked = collected(), selected(LIKED)
    fit = round(trials.on_the_diagonal(liked) * len(liked.extracts))
    return Prose(
        "4.4",
        "What the table carries",
        "Somebody has only the last table: passages chosen by an author, no others. Write the sentence about it "
        "that is true whatever the whole study looks like.",
        (
            "Say what was counted, and who chose it.",
            "What would you have to know before you could speak of the passages that were not published?",
        ),
        f"Of the {len(liked.extracts)} passages that the author chose to publish, {fit} fit the story; how it is "
        f"among all {len(whole.extracts)} that were collected cannot be seen from them.",
        "For comparison, on this simulated study:",
        (
            PatternHint(
                r"\b(publish\w*|print\w*|chos\w+|select\w*|quot\w*)\b", "Say that the passages were chosen.", True
            ),
            *_TOO_MUCH,
        ),
        points=(
            "It names what was counted, and how much.",
            "It says that the passages were chosen.",
            "It says nothing of how common something is.",
        ),
    )  # fmt: skip


# --- saturation


def interviews() -> CaptionedTable:
    """Return how many new codes each interviewee of a simulated study brings, in one order."""
    study = simulation.study(INTERVIEWS, INTERVIEWS_SEED)
    brought = saturation.in_order(saturation.incidence(study, "power", "first-order"))
    table = brought.rename(columns={"new": "New codes", "codes": "Codes so far"}).set_index("interviewee")
    return simulated_label.marked(
        study, CaptionedTable(table.rename_axis("Interviewee"), "Codes in the order of the interviews")
    )


def _saturated() -> Figures:
    found = saturation.incidence(simulation.study(INTERVIEWS, INTERVIEWS_SEED), "power", "first-order")
    new = saturation.in_order(found)["new"]
    reached = saturation.saturation(new)
    if reached.reached is None:
        raise saturation.SaturationError(f"{reached.reason}. Choose another simulated study for the exercise.")
    later = int(new.iloc[reached.reached + reached.run_length :].sum())
    orders = saturation.saturation_over_orders(found)["reached"].dropna()
    return Figures(
        "4.11",
        "Where a measure says: enough",
        f"Guest, Namey and Chen (2020) compare each run of {formatting.in_words(reached.run_length)} interviewees with "
        f"a base of the first {formatting.in_words(reached.base_size)}: it is enough as soon as a run brings no more "
        f"new codes than {formatting.percent(reached.threshold)} of those in the base. Runs overlap. In the order of "
        "the simulated interviews above:",
        (
            f"The base is what stands under “Codes so far” after {formatting.in_words(reached.base_size)} "
            "interviewees.",
            f"{formatting.percent(reached.threshold)} of so few codes is less than one. So look for the first run "
            "without a new one.",
        ),
        {
            "base": Wanted("how many codes has the base?", reached.base_codes, "look up the codes so far."),
            "before": Wanted(
                "how many interviewees come before the first such run?",
                reached.reached,
                "the run itself does not belong to them.",
                mistakes={reached.reached + reached.run_length: "this is the end of the run. How many come before it?"},
            ),
        },
        f"The measure is reached at {reached.notation}, and those who come later still bring "
        f"{formatting.counted(later, 'new code')}. In other orders of the same people it is reached after "
        f"{orders.min()} to {orders.max()} of them. It depends on the order, on how fine the codes are, and on the "
        "base; it says that a run was poor in new codes, not that there are none left.",
    )


# --- a report


def _report(evidence: Evidence, turning: Comparison) -> Prose:
    cells = crosstabs.crosstab_in_units(evidence, POWER, STAGE).set_index(["unit", "row", "column"])
    ends = cells[["count", "lowest", "highest"]].T.to_dict("list")
    late, middle, undated = (
        formatting.count_with_range(*ends["passage", ROW, stage])
        for stage in ("dissemination", "operationalization", "not-stated")
    )
    printed, people = (ends[unit, ROW, ALL][0] for unit in ("passage", "interviewee"))
    return Prose(
        "4.12",
        "A report that claims no more than it has",
        "Write what the published passages say about the stages at which resource-enabled normative power stands. "
        "Two or three sentences, for a reader who sees nothing else.",
        (
            "What was counted, how many of it, from how many people, and who chose it?",
            "Give the range over the readings, and a passage on which the order of the counts turns.",
        ),
        f"Of the {printed} passages of {people} interviewees that the article prints for it, {late} stand in "
        f"dissemination and {middle} in operationalization, with the range over all allowed readings in brackets; "
        f"{undated} cannot be dated. Reading {formatting.listed(list(turning.tipping or {}))} otherwise would make the "
        "two stages level. The passages were chosen to illustrate an argument, so this describes what is printed.",
        "For comparison:",
        (
            PatternHint(
                r"\b(publish\w*|print\w*|chos\w+|select\w*|quot\w*)\b", "Say that the passages were chosen.", True
            ),
            PatternHint(r"\b(passages?|statements?|interviewees?|people|quotations?)\b", "Say what is counted.", True),
            PatternHint(r"\b(read\w*|coded|coding|rang\w*|between)\b", "Say that it depends on the reading.", True),
            *_TOO_MUCH,
            PatternHint(r"\b(probab\w*|chances?)\b", "A share of readings is no probability."),
        ),
        least=15,
        points=(
            "It says what is counted, how many, and from how many people.",
            "It says that the passages were chosen.",
            "It gives a range, and names a passage on which the order turns.",
            "It tells of the passages that cannot be dated.",
        ),
    )  # fmt: skip
