"""Notebook 4, counting: units, selections, tests and their traps, readings, saturation, a report.

What tests and selections do is shown on simulated studies (`analysis.teaching.trials`), where the truth is known and
nobody is accused of anything. The published table is counted and read, and never tested.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd

from analysis.counting import crosstabs, pivot_tables, readings
from analysis.counting.crosstabs import Axis
from analysis.counting.readings import Comparison
from analysis.display.captioned_tables import CaptionedTable
from analysis.statistics import association, saturation
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import ALL
from analysis.support import formatting
from analysis.teaching import passage_texts, simulation, trials
from analysis.teaching.comparisons import Prose
from analysis.teaching.exercises import Figures, Matching, Number
from analysis.teaching.lesson_texts import Answer, Lesson
from analysis.teaching.simulation import Parameters, Preference

POWER, STAGE = Axis("power"), Axis("stage", basis="lead-in")
#: The row of the published table that learners look at: the one with the most passages.
ROW = "resource-enabled-normative"

#: A study of a dozen passages in which one person has more than anybody else.
SMALL_STUDY, SMALL_SEED = Parameters(4, 12, 1.0, trials.EVEN, first_order=1, own_cell=0.4, coders=0), 0
#: A study in which nothing is related, an author who likes a story, and one who does not.
COLLECTED, COLLECTED_SEED = Parameters(48, 480, 0.5, trials.EVEN, own_cell=0.3, coders=0), 1
PUBLISHED, PUBLISHED_SEED = 40, 1
LIKED, BY_CHANCE = Preference(story=4.0), Preference()
#: Interviewees who bring new codes again after the measure of saturation was reached.
INTERVIEWS, INTERVIEWS_SEED = Parameters(12, 60, 0.5, trials.EVEN, own_cell=0.3, coders=0), 2
#: A small table on which three ways to a p-value give results on both sides of 0.05: picked for that, as it says.
TABLE_SEED = 6

_LESSON = Lesson("counting")
#: Comparisons of two regions of the published table, by their keys.
PATTERNS = _LESSON.texts["patterns"]["situations"]
#: The pattern of which the exercises ask what would change it.
TURNING = "a"


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    found = compared(evidence)
    return SimpleNamespace(
        units=_units(),
        margins=_margins(evidence),
        selected=_selected(),
        carries=_carries(),
        alarms=_alarms(),
        expected=_expected(),
        twice=_twice(),
        questions=_LESSON.exercise(Matching, "questions"),
        patterns=_LESSON.exercise(
            Matching,
            "patterns",
            right={key: holds(one.more) for key, one in found.items()},
            sheets=[_over_readings(found)],
        ),
        tipping=_tipping(found[TURNING]),
        saturated=_saturated(),
        report=_report(evidence, found[TURNING]),
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
    passages, people = len(of_first), of_first["interviewee"].nunique()
    cells = len(of_first.drop_duplicates(["interviewee", "column"]))
    most = float(made["interviewee"].value_counts(normalize=True).max())
    return _LESSON.exercise(
        Figures,
        "units",
        {"passages": passages, "people": people, "cells": cells, "most": round(most, 2)},
        figures={
            "passages": Answer(passages),
            "interviewees": Answer(people, mistakes={"passages": passages, "cells": cells}),
            "cells": Answer(cells, mistakes={"people": people}),
            "most": Answer(most, within=0.01),
        },
    )


def published_table(evidence: Evidence, unit: str, show: str = "count") -> CaptionedTable:
    """Return the published table in a unit; `show` as in `analysis.counting.pivot_tables.pivot`."""
    counted = crosstabs.crosstab(evidence, POWER, STAGE, unit)
    noun = {"passage": "passages", "statement": "distinct statements", "interviewee": "interviewees"}[unit]
    ranged = "; in brackets the lowest and highest count over all readings" if show == "range" else ""
    table = pivot_tables.pivot(counted, evidence, "power", "stage", show)
    return CaptionedTable(table, f"Published: stage by power in {noun}{ranged}")


def _margins(evidence: Evidence) -> Figures:
    cells = crosstabs.crosstab_in_units(evidence, POWER, STAGE).set_index(["unit", "row", "column"])["count"]
    stages = [*code_tree.codes_at(evidence.codes, "stage", "stage"), vocabulary.UNCODED]
    repeated = int(cells["passage", ALL, ALL] - cells["statement", ALL, ALL])
    added = int(sum(cells["interviewee", ALL, stage] for stage in stages))
    over = added - int(cells["interviewee", ALL, ALL])
    figures = {"repeated": Answer(repeated), "over": Answer(over, mistakes={"sum": added})}
    return _LESSON.exercise(Figures, "margins", figures=figures)


# --- selected quotations


def collected() -> Evidence:
    """Return the simulated study that an author publishes from."""
    return simulation.study(COLLECTED, COLLECTED_SEED)


def selected(preference: Preference) -> Evidence:
    """Return what is published of it under a preference."""
    return simulation.select(collected(), PUBLISHED, preference, PUBLISHED_SEED)


def _selected() -> Figures:
    studies = {"collected": collected(), "chance": selected(BY_CHANCE), "liked": selected(LIKED)}
    fit = {name: trials.on_the_diagonal(study) for name, study in studies.items()}
    figures = {name: Answer(share, within=0.01) for name, share in fit.items()}
    return _LESSON.exercise(Figures, "selected", {"times": int(1 + LIKED.story), **fit}, figures=figures)


def _carries() -> Prose:
    liked = selected(LIKED)
    fit = round(trials.on_the_diagonal(liked) * len(liked.extracts))
    return _LESSON.exercise(
        Prose, "carries", {"published": len(liked.extracts), "fit": fit, "collected": COLLECTED.passages}
    )


# --- tests and their traps


def assumptions() -> CaptionedTable:
    """Return what chi-square and Cochran's Q need, ask, and are mistaken for."""
    texts = _LESSON.texts["assumptions"]
    columns = {"Chi-square of independence": texts["chi-square"], "Cochran's Q": texts["cochran"]}
    return CaptionedTable(pd.DataFrame(columns).rename_axis("What it needs"), "Two tests, and what they need")


def why_not_tested(evidence: Evidence) -> str:
    """Say which assumptions of a chi-square test the published table does not meet; the test itself is not shown."""
    return association.chi_square(crosstabs.cases(evidence, POWER, STAGE), evidence.passages).assumptions


def other_ways() -> CaptionedTable:
    """Return how often other ways of testing find something, in studies with a relation and in studies without."""
    designs = {**trials.WITHOUT_RELATION, "Kind of power is related to stage": trials.RELATED}
    return trials.rejection_rates(
        {name: trials.p_values(parameters) for name, parameters in designs.items()},
        [trials.ONE_EACH, trials.Q_INTERVIEWEES, trials.Q_PASSAGES],
        "; only in the last kind of studies is kind of power related to stage",
    )


def _alarms() -> Figures:
    found = {name: trials.p_values(parameters) for name, parameters in trials.WITHOUT_RELATION.items()}
    unrelated, alike = (int((p[trials.PASSAGES] < trials.LEVEL).sum()) for p in found.values())
    usual = round(trials.STUDIES * trials.LEVEL)
    return _LESSON.exercise(
        Figures,
        "alarms",
        {"studies": trials.STUDIES, "level": trials.LEVEL, "usual": usual, "unrelated": unrelated, "alike": alike},
        figures={"unrelated": Answer(unrelated), "alike": Answer(alike)},
        sheets=[trials.rejection_rates(found, [trials.PASSAGES], ", though nothing is related")],
    )


def small_cases() -> pd.DataFrame:
    """Return the cases of the small simulated table."""
    return simulation.passages(trials.SMALL, TABLE_SEED)


def small_table() -> CaptionedTable:
    """Return the small simulated table, with its sums."""
    study = simulation.study(trials.SMALL, TABLE_SEED)
    return trials.stage_by_power(study, f"{trials.SMALL.passages} passages, one of each interviewee")


def three_answers() -> CaptionedTable:
    """Return three p-values of the small table, and how often each gives a false alarm at this size and at another."""
    once = trials.two_by_two(small_cases())
    found = {f"{size} passages": trials.small_p_values(size) for size in (16, trials.SMALL.passages)}
    table = trials.rejection_rates(found, list(once.index), "").table.add_prefix("false alarms, ")
    table.insert(0, "p of the table above", [formatting.rounded(p, 3) for p in once])
    return CaptionedTable(
        table.rename_axis("p-value"),
        f"{simulated_label.MARK}. Three p-values of one table (picked because they differ), and the share of studies "
        f"with p below {trials.LEVEL:g} (95% interval in brackets), though nothing is related",
    )


def _expected() -> Figures:
    from scipy.stats.contingency import expected_freq

    table = association.contingency(small_cases()).to_numpy()
    expected = expected_freq(table)
    lowest = float(expected.min())
    return _LESSON.exercise(
        Figures,
        "expected",
        {"lowest": lowest},
        figures={
            "lowest": Answer(lowest, within=0.05, mistakes={"counted": float(table.min())}),
            "below-five": Answer(int((expected < 5).sum())),
        },
    )


def given_statistics() -> str:
    """Say in a sentence what chi-square and Cramér's V of the small table are."""
    once = trials.copied(small_cases(), [1]).iloc[0]
    statistic, v = formatting.rounded(once["statistic"]), formatting.rounded(once["v"])
    return f"{simulated_label.MARK}. The small table: χ² = {statistic} without correction, Cramér's V = {v}."


def _twice() -> Figures:
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
    return _LESSON.exercise(
        Figures,
        "twice",
        figures={
            "statistic": Answer(float(again["statistic"]), 0.05, {"once": float(once["statistic"])}),
            "v": Answer(float(again["v"]), 0.01, {"doubled": float(2 * once["v"])}),
        },
        sheets=[CaptionedTable(shown, f"{simulated_label.MARK}. The small table, counted several times")],
    )


# --- readings of the published table


def compared(evidence: Evidence) -> dict[str, Comparison]:
    """Compare the two regions of each of PATTERNS over all allowed readings."""
    allowed = readings.allowed_readings(evidence, POWER, STAGE)
    return {key: readings.compare(allowed, *regions(key), one.get("unit", "passage")) for key, one in PATTERNS.items()}


def regions(key: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the cells of both regions of a pattern, each a kind of power and a stage."""
    first, second = ([(power, stage) for power, stage in PATTERNS[key][region]] for region in ("first", "second"))
    return first, second


def holds(more: Fraction) -> str:
    """Return in which readings a pattern holds.

    >>> holds(Fraction(1)), holds(Fraction(1, 3)), holds(Fraction(0))
    ('every', 'some', 'none')
    """
    if more == 1:
        return "every"
    return "some" if more else "none"


def _over_readings(found: Mapping[str, Comparison]) -> CaptionedTable:
    """Return each pattern over all readings: the range first, then what changes it, then the share."""
    rows = {
        key: [
            PATTERNS[key]["text"],
            formatting.signed(one.difference.of_record),
            f"{formatting.signed(one.difference.lowest)} to {formatting.signed(one.difference.highest)}",
            "nothing" if one.tipping is None else formatting.listed(list(one.tipping)),
            formatting.portion(one.more),
        ]
        for key, one in found.items()
    }
    heads = ["Is there more?", "Difference as coded", "Over all readings", "Changed by re-reading", "Share of readings"]
    return CaptionedTable(
        pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis("Key"),
        "Patterns over all allowed readings. The passages are a smallest set, of perhaps several; the share is not a "
        "probability",
    )


def open_passages(evidence: Evidence) -> CaptionedTable:
    """Return the passages that may be in the row of ROW, with what their words or lead-in allow."""
    cells = crosstabs.crosstab(evidence, POWER, STAGE)
    (extracts,) = cells.loc[cells["row"].eq(ROW) & cells["column"].eq(ALL), "possible"].tolist()
    stage, power = (crosstabs.options(evidence, axis) for axis in (STAGE, POWER))
    shown = [passage_texts.shown(evidence, extract) for extract in extracts]
    table = pd.DataFrame(
        {
            shown[0].kind: [one.text for one in shown],
            "Stage as coded": [_options(stage, one, primary=True) for one in extracts],
            "Stage also allowed": [_options(stage, one, primary=False) for one in extracts],
            "Other power allowed": [_options(power, one, primary=False) for one in extracts],
        },
        index=pd.Index(extracts, name="Passage"),
    )
    return CaptionedTable(table, "Passages of resource-enabled normative power, and what their words or lead-in allow")


def _options(options: pd.DataFrame, extract: str, primary: bool) -> str:
    of_passage = options[options["extract_id"].eq(extract) & options["primary"].eq(primary) & options["code"].ne(ROW)]
    return ", ".join(of_passage["code"])


def _tipping(turning: Comparison) -> Number:
    fewest = list(turning.tipping or {})
    values = {"fewest": len(fewest), "passages": fewest, "share": turning.more, "pattern": PATTERNS[TURNING]["text"]}
    return _LESSON.exercise(Number, "tipping", values, right=len(fewest))


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
    measure = saturation.saturation(new)
    if measure.reached is None:
        raise saturation.SaturationError(f"{measure.reason}. Choose another simulated study for the exercise.")
    end = measure.reached + measure.run_length
    orders = saturation.saturation_over_orders(found)["reached"].dropna()
    return _LESSON.exercise(
        Figures,
        "saturated",
        {
            "run": measure.run_length,
            "base": measure.base_size,
            "threshold": measure.threshold,
            "notation": measure.notation,
            "later": int(new.iloc[end:].sum()),
            "earliest": orders.min(),
            "latest": orders.max(),
        },
        figures={"base": Answer(measure.base_codes), "before": Answer(measure.reached, mistakes={"end": end})},
    )


# --- a report


def _report(evidence: Evidence, turning: Comparison) -> Prose:
    cells = crosstabs.crosstab_in_units(evidence, POWER, STAGE).set_index(["unit", "row", "column"])
    ends = cells[["count", "lowest", "highest"]].T.to_dict("list")
    late, middle, undated = (
        formatting.count_with_range(*ends["passage", ROW, stage])
        for stage in ("dissemination", "operationalization", "not-stated")
    )
    passages, people = (ends[unit, ROW, ALL][0] for unit in ("passage", "interviewee"))
    values = {"passages": passages, "people": people, "late": late, "middle": middle, "undated": undated}
    return _LESSON.exercise(Prose, "report", {**values, "tipping": list(turning.tipping or {})})
