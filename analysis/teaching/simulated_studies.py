"""The simulated studies of the lesson on counting, by name, with what can be counted on them. Nothing here is evidence.

What tests and selections do is shown on them (`analysis.teaching.trials`), where the truth is known and nobody is
accused of anything.
"""

from collections.abc import Callable, Mapping
from functools import cache

import pandas as pd

from analysis.counting import crosstabs
from analysis.statistics import association, saturation
from analysis.statistics.saturation import Saturation
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.teaching import simulation, trials
from analysis.teaching.simulation import Parameters, Preference

#: A study of a dozen passages in which one person has more than anybody else.
SMALL, _SMALL_SEED = Parameters(4, 12, 1.0, trials.EVEN, first_order=1, own_cell=0.4, coders=0), 0
#: A study in which nothing is related, an author who likes a story, and one who does not.
COLLECTED, _COLLECTED_SEED = Parameters(48, 480, 0.5, trials.EVEN, own_cell=0.3, coders=0), 1
PUBLISHED, PUBLISHED_SEED = 40, 1
WITH_A_STORY, BY_CHANCE = Preference(story=4.0), Preference()
#: Interviewees who bring new codes again after the measure of saturation was reached.
INTERVIEWS, _INTERVIEWS_SEED = Parameters(12, 60, 0.5, trials.EVEN, own_cell=0.3, coders=0), 2
#: A small table on which three ways to a p-value give results on both sides of 0.05: picked for that, as it says.
TABLE_SEED = 6


@cache
def study(name: str) -> Evidence:
    """Return a simulated study by its name, one of NAMES; KeyError for another."""
    return _MADE[name]()


def collected() -> Evidence:
    """Return the simulated study that an author publishes from."""
    return study("collected")


def _chosen(preference: Preference) -> Evidence:
    return simulation.select(collected(), PUBLISHED, preference, PUBLISHED_SEED)


_MADE: Mapping[str, Callable[[], Evidence]] = {
    "small": lambda: simulation.study(SMALL, _SMALL_SEED),
    "collected": lambda: simulation.study(COLLECTED, _COLLECTED_SEED),
    "by chance": lambda: _chosen(BY_CHANCE),
    "with a story": lambda: _chosen(WITH_A_STORY),
    "two by two": lambda: simulation.study(trials.SMALL, TABLE_SEED),
    "interviews": lambda: simulation.study(INTERVIEWS, _INTERVIEWS_SEED),
}
NAMES = tuple(_MADE)


def passages(name: str) -> pd.DataFrame:
    """Return the passages of a study with who speaks, the kind of power and the stage, by their names."""
    made = study(name)
    cases = crosstabs.cases(made, *trials.AXES).set_index("extract_id")
    who = made.passages.set_index("extract_id")["interviewee"]
    return pd.DataFrame(
        {
            "interviewee": who.loc[cases.index],
            "power": cases["row"].map(code_tree.names(made.codes, "power")),
            "stage": cases["column"].map(code_tree.names(made.codes, "stage")),
        }
    ).rename_axis("passage")


def units_of_first_power(name: str) -> dict[str, int]:
    """Return the passages of the first kind of power, the interviewees behind them, and these summed over stages."""
    table = passages(name)
    first = table[table["power"] == "Simulated power 1"]
    return {
        "passage": len(first),
        "interviewee": first["interviewee"].nunique(),
        "cell": len(first.drop_duplicates(["interviewee", "stage"])),
    }


def most_of_one(name: str) -> float:
    """Return the share of passages of the interviewee who has most of them."""
    return float(passages(name)["interviewee"].value_counts(normalize=True).max())


def p_values() -> Mapping[str, pd.DataFrame]:
    """Return the p-values of many studies without a relation: passages of one person are `unrelated` or `alike`."""
    return {
        name: trials.p_values(kind)
        for name, kind in zip(("unrelated", "alike"), trials.WITHOUT_RELATION.values(), strict=True)
    }


def small_cases() -> pd.DataFrame:
    """Return the cases of the table of two by two."""
    return simulation.passages(trials.SMALL, TABLE_SEED)


def of_two_by_two(times: int = 1) -> dict[str, float]:
    """Return what a test needs of the table of two by two, with every passage counted so many times."""
    counts = times * association.contingency(small_cases()).to_numpy()
    expected = association.expected_counts(counts)
    again = trials.copied(small_cases(), [times]).iloc[0]
    return {
        "lowest count": int(counts.min()),
        "lowest expected": float(expected.min()),
        "count where expected is lowest": int(counts.flat[expected.argmin()]),
        "expected below five": int((expected < 5).sum()),
        "chi-square": float(again["statistic"]),
        "v": float(again["v"]),
    }


def accumulated() -> pd.DataFrame:
    """Return how many new codes each interviewee brings, in the order of the interviews: `interviewee, new, codes`."""
    return saturation.in_order(_incidence())


def saturated() -> Saturation:
    """Return where the measure of saturation is reached; SaturationError where it is not."""
    measure = saturation.saturation(accumulated()["new"])
    if measure.reached is None:
        raise saturation.SaturationError(f"{measure.reason}. Choose another simulated study for the exercise.")
    return measure


def saturated_in_other_orders() -> tuple[float, float]:
    """Return after how many interviewees the measure is reached at the earliest and at the latest, over orders."""
    found = saturation.saturation_over_orders(_incidence())["reached"].dropna()
    return float(found.min()), float(found.max())


@cache
def _incidence() -> pd.DataFrame:
    return saturation.incidence(study("interviews"), "power", "first-order")
