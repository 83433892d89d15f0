"""What lesson files may compute and show of simulated studies; every table and chart says that they are simulated."""

from collections.abc import Mapping
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.display import charts
from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import Figure
from analysis.study import simulated_label
from analysis.support import formatting
from analysis.teaching import simulated_studies, trials
from analysis.teaching.lesson_figures import Drawn
from analysis.teaching.lesson_measures import Measure, MeasureError, Of, Option, Options
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_tables import Shown

Found = TypeVar("Found")

#: Limits between which p-values are counted, so that some of them have to be added up.
_LIMITS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_STUDY = Option(Of.TEXT, f"the simulated study: {formatting.listed(simulated_studies.NAMES)}")
_CAPTION = Option(Of.TEXT, "the caption")


def _named(options: Options) -> str:
    name = str(options["study"])
    if name not in simulated_studies.NAMES:
        raise MeasureError(
            f"There is no simulated study {name!r}. Choose among {formatting.listed(simulated_studies.NAMES)}."
        )
    return name


def _one_of(options: Options, key: str, found: Mapping[str, Found]) -> Found:
    if (name := options[key]) not in found:
        raise MeasureError(f"There is no {key} {name!r} here. Choose among {formatting.listed(list(found))}.")
    return found[name]


# --- measures


def _count(_setting: Setting, options: Options) -> int:
    return len(simulated_studies.study(_named(options)).extracts)


def _units(_setting: Setting, options: Options) -> object:
    return _one_of(options, "unit", simulated_studies.units_of_first_power(_named(options)))


def _most(_setting: Setting, options: Options) -> float:
    most = simulated_studies.most_of_one(_named(options))
    return round(most, int(options["digits"])) if "digits" in options else most


def _diagonal(_setting: Setting, options: Options) -> float:
    study = simulated_studies.study(_named(options))
    return trials.on_the_diagonal(study)


def _on_the_diagonal(_setting: Setting, options: Options) -> int:
    study = simulated_studies.study(_named(options))
    return round(trials.on_the_diagonal(study) * len(study.extracts))


def _false_alarms(_setting: Setting, options: Options) -> int:
    p = _one_of(options, "studies", simulated_studies.p_values())
    return int((p[trials.PASSAGES] < trials.LEVEL).sum())


def _two_by_two(_setting: Setting, options: Options) -> object:
    return _one_of(options, "of", simulated_studies.of_two_by_two(int(options.get("times", 1))))


def _saturation(_setting: Setting, options: Options) -> object:
    measure = simulated_studies.saturated()
    reached = measure.reached or 0
    earliest, latest = simulated_studies.saturated_in_other_orders()
    later = simulated_studies.accumulated()["new"].iloc[reached + measure.run_length :]
    found = {
        "run": measure.run_length,
        "base size": measure.base_size,
        "threshold": measure.threshold,
        "base codes": measure.base_codes,
        "before": reached,
        "notation": measure.notation,
        "later": int(later.sum()),
        "earliest": earliest,
        "latest": latest,
    }
    return _one_of(options, "of", found)


MEASURES: dict[str, Measure] = {
    "simulated-passages": Measure("How many passages a simulated study has.", {"study": _STUDY}, _count),
    "simulated-units": Measure(
        "How many passages of a simulated study are of its first kind of power, or interviewees behind them.",
        {
            "study": _STUDY,
            "unit": Option(Of.TEXT, "`passage`, `interviewee`, or `cell` for interviewees summed over cells"),
        },
        _units,
    ),
    "simulated-most": Measure(
        "The share of passages of the interviewee of a simulated study who has most of them.",
        {"study": _STUDY, "digits": Option(Of.NUMBER, "decimals to which it is rounded", needed=False)},
        _most,
    ),
    "simulated-diagonal": Measure(
        "The share of passages of a simulated study that fit the story: first kind of power at first stage, and so on.",
        {"study": _STUDY},
        _diagonal,
    ),
    "simulated-on-the-diagonal": Measure(
        "How many passages of a simulated study fit the story.", {"study": _STUDY}, _on_the_diagonal
    ),
    "simulated-preference": Measure(
        "How many times as readily an author with a story chooses a passage that fits it.",
        {},
        lambda *_: int(1 + simulated_studies.WITH_A_STORY.story),
    ),
    "simulated-studies": Measure(
        "How many studies of each kind are simulated to be tested.", {}, lambda *_: trials.STUDIES
    ),
    "simulated-level": Measure("The p-value below which a test gives an alarm.", {}, lambda *_: trials.LEVEL),
    "simulated-false-alarms": Measure(
        "In how many of the simulated studies without a relation the chi-square test gives an alarm.",
        {"studies": Option(Of.TEXT, "`unrelated` or `alike`: the passages of one person")},
        _false_alarms,
    ),
    "simulated-two-by-two": Measure(
        "What a chi-square test needs and gives of the simulated table of two by two.",
        {
            "of": Option(Of.TEXT, f"one of {formatting.listed(list(simulated_studies.of_two_by_two()))}"),
            "times": Option(Of.NUMBER, "how often each passage is counted; 1 if it is left out", needed=False),
        },
        _two_by_two,
    ),
    "simulated-saturation": Measure(
        "The measure of saturation of Guest, Namey and Chen on the simulated interviews.",
        {
            "of": Option(
                Of.TEXT,
                "`run`, `base size` or `threshold` as it is set; `base codes`, `before`, `notation`; `later` for "
                "new codes after it; `earliest` or `latest` in other orders",
            )
        },
        _saturation,
    ),
}


# --- tables


def _passages(_setting: Setting, options: Options) -> CaptionedTable:
    name = _named(options)
    table = simulated_studies.passages(name).rename_axis("Passage")
    table.columns = ["Interviewee", "Kind of power", "Stage"]
    return simulated_label.marked(simulated_studies.study(name), CaptionedTable(table, options["caption"]))


def _crossed(_setting: Setting, options: Options) -> CaptionedTable:
    return trials.stage_by_power(simulated_studies.study(_named(options)), options["caption"])


def _counted_p_values(_setting: Setting, _options: Options) -> CaptionedTable:
    """Return how many p-values are between limits, for studies of both kinds without a relation."""
    between = [f"{low:g} to {high:g}" for low, high in pairwise(_LIMITS)]
    # The lower limit of a step belongs to it, and so does the highest limit of all.
    found = {name: np.histogram(p[trials.PASSAGES], _LIMITS)[0] for name, p in simulated_studies.p_values().items()}
    heads = dict(zip(found, trials.WITHOUT_RELATION, strict=True))
    table = pd.DataFrame(found, index=pd.Index(between, name="p-value")).rename(columns=heads)
    caption = f"{simulated_label.MARK}. In how many of {trials.STUDIES} studies of each kind p is between two limits"
    return CaptionedTable(table, f"{caption} (the lower one is included)")


def _false_alarm_rates(_setting: Setting, _options: Options) -> CaptionedTable:
    found = {name: trials.p_values(parameters) for name, parameters in trials.WITHOUT_RELATION.items()}
    return trials.rejection_rates(found, [trials.PASSAGES], ", though nothing is related")


def _other_ways(_setting: Setting, _options: Options) -> CaptionedTable:
    """Return how often other ways of testing find something, in studies with a relation and in studies without."""
    designs = {**trials.WITHOUT_RELATION, "Kind of power is related to stage": trials.RELATED}
    return trials.rejection_rates(
        {name: trials.p_values(parameters) for name, parameters in designs.items()},
        [trials.ONE_EACH, trials.Q_INTERVIEWEES, trials.Q_PASSAGES],
        "; only in the last kind of studies is kind of power related to stage",
    )


def _three_answers(_setting: Setting, _options: Options) -> CaptionedTable:
    """Return three p-values of the small table, and how often each gives a false alarm at this size and at another."""
    once = trials.two_by_two(simulated_studies.small_cases())
    found = {f"{size} passages": trials.small_p_values(size) for size in (16, trials.SMALL.passages)}
    table = trials.rejection_rates(found, list(once.index), "").table.add_prefix("false alarms, ")
    table.insert(0, "p of the table above", [formatting.rounded(p, 3) for p in once])
    return CaptionedTable(
        table.rename_axis("p-value"),
        f"{simulated_label.MARK}. Three p-values of one table (picked because they differ), and the share of studies "
        f"with p below {trials.LEVEL:g} (95% interval in brackets), though nothing is related",
    )


def _several_times(_setting: Setting, _options: Options) -> CaptionedTable:
    table = trials.copied(simulated_studies.small_cases())
    shown = pd.DataFrame(
        {
            "Passages": table["cases"],
            "Chi-square": table["statistic"].map(formatting.rounded),
            "p": [formatting.p_value(p).removeprefix("p = ").removeprefix("p ") for p in table["p"]],
            "Cramér's V": table["v"].map(formatting.rounded),
        }
    ).set_axis(pd.Index(table["times"], name="Counted"))
    return CaptionedTable(shown, f"{simulated_label.MARK}. The small table, counted several times")


def _new_codes(_setting: Setting, _options: Options) -> CaptionedTable:
    table = simulated_studies.accumulated().rename(columns={"new": "New codes", "codes": "Codes so far"})
    table = table.set_index("interviewee").rename_axis("Interviewee")
    caption = "Codes in the order of the interviews"
    return simulated_label.marked(simulated_studies.study("interviews"), CaptionedTable(table, caption))


TABLES: dict[str, Shown] = {
    "simulated-passages": Shown(
        "The passages of a simulated study, with who speaks.", {"study": _STUDY, "caption": _CAPTION}, _passages
    ),
    "simulated-crossed": Shown(
        "Kind of power by stage of a simulated study, with sums.", {"study": _STUDY, "caption": _CAPTION}, _crossed
    ),
    "simulated-p-values": Shown(
        "How many p-values of simulated studies without a relation are between which limits.", {}, _counted_p_values
    ),
    "simulated-false-alarms": Shown(
        "In what share of simulated studies without a relation a chi-square test gives an alarm.",
        {},
        _false_alarm_rates,
    ),
    "simulated-other-ways": Shown("How often other tests give an alarm on simulated studies.", {}, _other_ways),
    "simulated-three-answers": Shown("Three p-values of the simulated table of two by two.", {}, _three_answers),
    "simulated-several-times": Shown(
        "What becomes of chi-square, p and Cramér's V if each passage is counted several times.", {}, _several_times
    ),
    "simulated-new-codes": Shown("How many new codes each simulated interviewee brings.", {}, _new_codes),
}


# --- charts


def _selections(_setting: Setting, _options: Options) -> Figure:
    return trials.selections_chart(
        simulated_studies.collected(),
        simulated_studies.PUBLISHED,
        {"by chance": simulated_studies.BY_CHANCE, "with the story in mind": simulated_studies.WITH_A_STORY},
    )


def _accumulation(_setting: Setting, options: Options) -> Figure:
    return charts.code_accumulation(simulated_studies.study(_named(options)), "power", "first-order")


FIGURES: dict[str, Drawn] = {
    "simulated-selections": Drawn(
        "Cramér's V of many selections from one simulated study, by chance and with a story in mind.", {}, _selections
    ),
    "simulated-p-values": Drawn(
        "How often the chi-square test gives which p-value in simulated studies without a relation.",
        {},
        lambda *_: trials.p_histogram(trials.WITHOUT_RELATION),
    ),
    "simulated-accumulation": Drawn(
        "How many codes some interviewees of a simulated study have together.", {"study": _STUDY}, _accumulation
    ),
}
