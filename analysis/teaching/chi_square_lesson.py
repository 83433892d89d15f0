"""The exercises of notebook 4 on tests: what chi-square and Cochran's Q need, and what they do without it.

What tests do is shown on simulated studies (`analysis.teaching.trials`); of the published table is only told which
assumptions it does not meet.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.counting import crosstabs
from analysis.display.captioned_tables import CaptionedTable
from analysis.statistics import association
from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.teaching import simulation, trials
from analysis.teaching.exercises import Figures, Matching, Wanted
from analysis.teaching.published_table_lesson import POWER, STAGE
from analysis.teaching.simulation import Parameters

#: A small table on which three ways to a p-value fall on both sides of a line: picked for that, and said to be.
TABLE_SEED = 6

COCHRAN, CHI_SQUARE, NEITHER = "cochran", "chi-square", "neither"

#: Made up to practise on: what is asked, which test asks it, and what to look at again.
QUESTIONS = {
    "a": (
        "Thirty people, drawn at random, are each asked before, during and after a study whether they spoke up. Do "
        "equally many say so each time?",
        COCHRAN,
        "what gives each row of the table, and how often it is asked",
    ),
    "b": (
        "Two hundred people, drawn at random, are each asked once which role they had, and in which phase they "
        "spoke up first. Does phase go with role?",
        CHI_SQUARE,
        "how many answers each person gives",
    ),
    "c": (
        "An article prints fifty passages that illustrate its argument. Does kind of power go with stage among service "
        "users?",
        NEITHER,
        "how the cases came to be in the table",
    ),
    "d": (
        "Two hundred statements of twelve people are counted by topic and by phase. Does topic go with phase?",
        NEITHER,
        "whether one case tells something about another",
    ),
    "e": (
        "Three readers say of each of a hundred people's stories, one story each, whether a response is reported. "
        "Does one of them say so more often than another?",
        COCHRAN,
        "what gives each row of the table, and how often it is judged",
    ),
    "f": (
        "The same three readers and stories. How far do they agree on which stories report one?",
        NEITHER,
        "whether equal totals mean that the same ones are meant",
    ),
}


def assumptions() -> CaptionedTable:
    """Return what chi-square and Cochran's Q need, ask, and are taken for."""
    table = pd.DataFrame(
        {
            "Chi-square of independence": (
                "people (or other cases) of whom none tells anything about another",
                "one row and one column",
                "drawn without regard to what is tested, and enough that cells expect about five or more",
                "Do rows and columns go together?",
                "the strength of what goes together; a proof that one brings about the other",
            ),
            "Cochran's Q": (
                "people (or other cases) of whom none tells anything about another",
                "a yes or no under each of the same conditions: related samples",
                "drawn without regard to what is tested, and enough of them who differ between conditions",
                "Are there equally many yes under each condition?",
                "agreement; whether conditions go with some further thing, such as a kind of power",
            ),
        },
        index=pd.Index(["A row is", "Each gives", "They are", "It asks", "It is misread as"], name="What it needs"),
    )
    return CaptionedTable(table, "Two tests, and what they need")


def why_not_tested(evidence: Evidence) -> str:
    """Say which assumptions of a chi-square test the published table does not meet; the test itself is not shown."""
    cases = crosstabs.cases(evidence, POWER, STAGE)
    return association.chi_square(cases, evidence.passages).assumptions


def kinds_of_studies() -> Mapping[str, Parameters]:
    """Return the two kinds of studies on which tests are tried, by what tells them apart."""
    return {
        "Passages of one person are unrelated": trials.UNRELATED,
        "Passages of one person resemble each other": trials.ALIKE,
    }


def other_ways() -> CaptionedTable:
    """Return how often other ways of testing such studies find something, and in studies where there is something."""
    kinds = {**kinds_of_studies(), "Kind of power goes with stage": trials.RELATED}
    found = {name: trials.p_values(parameters) for name, parameters in kinds.items()}
    return trials.rejection_rates(
        found,
        [trials.ONE_EACH, trials.Q_INTERVIEWEES, trials.Q_PASSAGES],
        "; only in the last kind of studies does kind of power go with stage",
    )


def alarms() -> Figures:
    """Return the exercise on false alarms where passages of one person resemble each other."""
    found = {name: trials.p_values(parameters) for name, parameters in kinds_of_studies().items()}
    unrelated, alike = (int((p[trials.PASSAGES] < trials.LEVEL).sum()) for p in found.values())
    usual = round(trials.STUDIES * trials.LEVEL)
    return Figures(
        "4.5",
        "False alarms",
        f"In none of these {trials.STUDIES} and {trials.STUDIES} simulated studies does kind of power go with stage. "
        f"In how many of each kind does the chi-square test on all passages give a p-value below {trials.LEVEL:g}?",
        (
            f"If the assumptions held, about {usual} of {trials.STUDIES} would.",
            f"Set the line in the cell above to {trials.LEVEL:g}, and run it again.",
        ),
        {
            "unrelated": Wanted("where passages of one person are unrelated?", unrelated, "count p below the line."),
            "alike": Wanted("where passages of one person resemble each other?", alike, "count p below the line."),
        },
        f"{unrelated} and {alike}, where about {usual} are to be expected. The arithmetic of the test is the same; "
        "only the assumption that one passage tells nothing about another fails in the second kind. People repeat "
        "themselves, so passages of one person count as more evidence than they are. More passages of the same "
        "people make it worse.",
        [trials.rejection_rates(found, [trials.PASSAGES], ", though nothing goes with anything")],
    )


def small_cases() -> pd.DataFrame:
    """Return the cases of the small simulated table."""
    return simulation.passages(trials.SMALL, TABLE_SEED)


def small_table() -> CaptionedTable:
    """Return the small simulated table, with its sums."""
    return trials.stage_by_power(
        simulation.study(trials.SMALL, TABLE_SEED), f"{trials.SMALL.passages} passages, one of each interviewee"
    )


def three_answers() -> CaptionedTable:
    """Return three p-values of the small table, and how often each gives a false alarm, at its size and at another."""
    once = trials.two_by_two(small_cases())
    names = {size: f"{size} passages" for size in (16, trials.SMALL.passages)}
    found = {name: trials.small_p_values(size) for size, name in names.items()}
    table = trials.rejection_rates(found, list(once.index), "").table.add_prefix("false alarms, ")
    table.insert(0, "p of the table above", [formatting.rounded(p, 3) for p in once])
    return CaptionedTable(
        table.rename_axis("p-value"),
        f"{simulated_label.MARK}. Three p-values of one table (picked because they differ), and the share of "
        "studies with p "
        f"below {trials.LEVEL:g} (95% interval in brackets), though nothing goes with anything",
    )


def expected() -> Figures:
    """Return the exercise on expected counts."""
    from scipy.stats.contingency import expected_freq

    table = association.contingency(small_cases())
    frequencies = expected_freq(table.to_numpy())
    lowest, few = float(frequencies.min()), int((frequencies < 5).sum())
    return Figures(
        "4.6",
        "Too few for a test?",
        "A chi-square test compares each count with the one that is expected if rows and columns had nothing to do "
        "with each other: the sum of its row times the sum of its column, divided by all. Its p-value is an "
        "approximation for tables in which few cells expect fewer than five. Compute for the small simulated table "
        "above:",
        (
            "Begin with the row and the column with the smallest sums: their cell expects least.",
            "It is about what is expected, not about what was counted.",
        ),
        {
            "lowest": Wanted(
                "the lowest expected count",
                lowest,
                "row sum times column sum, divided by all.",
                within=0.05,
                mistakes={float(table.to_numpy().min()): "this is the lowest count, not the lowest expected one."},
            ),
            "below-five": Wanted("how many cells expect fewer than five?", few, "compute all four."),
        },
        f"The lowest is {formatting.rounded(lowest)}. A large count does not help where a row or a column is rare, and "
        "a small one does no harm by itself.",
    )


def given_statistics() -> str:
    """Say in a sentence what chi-square and Cramér's V of the small table are."""
    once = trials.copied(small_cases(), [1]).iloc[0]
    return (
        f"{simulated_label.MARK}. The small table: χ² = {formatting.rounded(once['statistic'])} without "
        "correction, Cramér's V = "
        f"{formatting.rounded(once['v'])}."
    )


def twice() -> Figures:
    """Return the exercise on effect size and p-value of a table that is counted again."""
    table = trials.copied(small_cases())
    once, again = table.iloc[0], table.iloc[1]
    shown = pd.DataFrame(
        {
            "Cases": table["cases"].astype(str),
            "χ²": table["statistic"].map(formatting.rounded),
            "p-value": table["p"].map(formatting.p_value),
            "Cramér's V": table["v"].map(formatting.rounded),
        }
    ).set_axis(pd.Index(table["times"].astype(str), name="Times counted"), axis=0)
    return Figures(
        "4.7",
        "Said twice, counted twice",
        "Suppose that every passage of the small simulated table had been printed a second time, and counted again. "
        "What would become of the two figures above?",
        (
            "All counts and all expected counts double. Chi-square adds up (count − expected)² / expected.",
            "Cramér's V divides chi-square by the number of cases before it takes the root.",
        ),
        {
            "statistic": Wanted(
                "chi-square", float(again["statistic"]), "what happens to (count − expected)² / expected?", within=0.05,
                mistakes={float(once["statistic"]): "it changes: there seem to be more cases."},
            ),
            "v": Wanted(
                "Cramér's V", float(again["v"]), "are the shares in the table any different?", within=0.01,
                mistakes={float(2 * once["v"]): "V would double if the shares in the table did. Do they?"},
            ),
        },
        "Chi-square doubles, V stays. An effect size says how strongly rows and columns go together in a table. A "
        "p-value also says how many cases there seem to be, and so it falls with every repetition although nobody "
        "has said anything new.",
        [CaptionedTable(shown, f"{simulated_label.MARK}. The small table, counted several times")],
    )  # fmt: skip


def questions() -> Matching:
    """Return the exercise on which test asks which question."""
    return Matching(
        "4.8",
        "Which test asks this?",
        f"Match each made-up question with {CHI_SQUARE}, {COCHRAN}, or {NEITHER}.",
        (
            "First ask what a row of the table is, and whether rows tell anything about each other.",
            "Then ask whether the question is about totals under several conditions, about what goes with what, or "
            "about something else.",
        ),
        {key: text for key, (text, _, _) in QUESTIONS.items()},
        {key: test for key, (_, test, _) in QUESTIONS.items()},
        {key: again for key, (_, _, again) in QUESTIONS.items()},
        [CHI_SQUARE, COCHRAN, NEITHER],
        decides="the assumptions of the tests",
    )
