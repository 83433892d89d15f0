"""What tests do on many simulated studies in which it is known what is related, and what selections from one show.

All studies come from `analysis.teaching.simulation`; every table and chart says so. In a study of UNRELATED or ALIKE,
kind of power is not related to stage: all cells of the table are equally probable. In ALIKE the passages of one
interviewee resemble each other. So whatever a test finds there is a false alarm, and a test whose assumptions hold
finds something in a share of LEVEL of all studies. In RELATED, kind of power is related to stage, so that a test of
that relation should find it.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting import crosstabs
from analysis.counting.crosstabs import Axis
from analysis.display import figures
from analysis.display.captioned_tables import CaptionedTable
from analysis.display.figures import ACCENT, INK, PALE, Figure
from analysis.statistics import association
from analysis.study import code_tree, simulated_label
from analysis.study.evidence import Evidence
from analysis.study.simulated_label import MARK
from analysis.study.vocabulary import ALL
from analysis.support import formatting
from analysis.teaching import simulation
from analysis.teaching.simulation import Integers, Parameters, Preference

LEVEL = 0.05
STUDIES = 200
AXES = Axis("power"), Axis("stage")

EVEN = ((1 / 9,) * 3,) * 3
UNRELATED = Parameters(interviewees=48, passages=240, profile=EVEN, own_cell=0.0, coders=0)
ALIKE = dataclasses.replace(UNRELATED, own_cell=0.5)
RELATED = dataclasses.replace(UNRELATED, profile=((0.25, 0.04, 0.04), (0.04, 0.26, 0.04), (0.04, 0.04, 0.25)))
#: The two kinds of studies on which tests are tried, by how they differ.
WITHOUT_RELATION = {
    "Passages of one person are unrelated": UNRELATED,
    "Passages of one person resemble each other": ALIKE,
}
#: One passage of each interviewee, two kinds of power (0.7 and 0.3) by two stages (0.6 and 0.4), unrelated.
SMALL = Parameters(
    interviewees=40, passages=40, profile=((0.42, 0.28), (0.18, 0.12)), own_cell=0.0, alternatives=(1.0,), coders=0
)

PASSAGES = "chi-square, all passages"
ONE_EACH = "chi-square, one passage of each interviewee"
Q_INTERVIEWEES = "Cochran's Q, interviewees"
Q_PASSAGES = "Cochran's Q, passages as if they were people"
PEARSON, YATES, FISHER = "Pearson", "with Yates' correction", "Fisher, exact"


# --- tables of a study


def stage_by_power(study: Evidence, caption: str) -> CaptionedTable:
    """Return kinds of power by stages with their sums, in passages, marked if the study is simulated."""
    power, stage = _codes(study)
    cells = crosstabs.crosstab(study, *AXES)
    wide = cells.pivot(index="row", columns="column", values="count").loc[[*power, ALL], [*stage, ALL]]
    names = code_tree.names(study.codes, "power") | code_tree.names(study.codes, "stage") | {ALL: "all"}
    shown = wide.rename(index=names, columns=names).rename_axis(index="Kind of power", columns=None)
    return simulated_label.marked(study, CaptionedTable(shown, caption))


def on_the_diagonal(study: Evidence) -> float:
    """Return the share of supporting passages on the diagonal: first kind of power in first stage, and so on."""
    return float(_fits(study)["fits"].mean())


def _fits(study: Evidence) -> pd.DataFrame:
    """Return the cases of kind of power by stage, with whether each is on the diagonal: `extract_id, …, fits`."""
    cases = crosstabs.cases(study, *AXES)
    power, stage = _codes(study)
    return cases.assign(fits=cases["row"].map(power.index) == cases["column"].map(stage.index))


def _codes(study: Evidence) -> list[list[str]]:
    """Return the kinds of power and the stages, in their order."""
    return [
        code_tree.codes_at(study.codes, facet, code_tree.levels(study.codes, facet)[0]) for facet in ("power", "stage")
    ]


# --- tests on many studies


@cache  # a notebook shows, draws and asks for the same studies
def p_values(parameters: Parameters, studies: int = STUDIES) -> pd.DataFrame:
    """Return the p-values of four tests on simulated studies: a row for each seed from 0, a column for each test.

    The tests are Pearson's chi-square of kind of power by stage, on all passages and on the first passage of each
    interviewee, and Cochran's Q, on whether interviewees have a passage at each stage and on whether passages are at
    it, as if a passage were a person.

    Notes
    -----
    Chi-square is without Yates' correction. Where there is nothing to test, since all are at the same stages, p is 1.
    """
    rows, shape = [], (len(parameters.powers), len(parameters.stages))
    for seed in range(studies):
        speakers, power, stage = simulation.cells(parameters, seed)
        first = np.flatnonzero(np.diff(speakers, prepend=-1))  # the passages of a person follow each other
        at = stage[:, np.newaxis] == np.arange(len(parameters.stages))
        held = np.zeros((parameters.interviewees, len(parameters.stages)), dtype=bool)
        np.logical_or.at(held, speakers, at)
        rows.append(
            {
                PASSAGES: association.pearson(_crossed(power, stage, shape))[1],
                ONE_EACH: association.pearson(_crossed(power[first], stage[first], shape))[1],
                Q_INTERVIEWEES: cochran_p(held),
                Q_PASSAGES: cochran_p(at),
            }
        )
    return pd.DataFrame(rows).rename_axis(index="seed")


def _crossed(rows: Integers, columns: Integers, shape: tuple[int, int]) -> Integers:
    """Count cases by the places of their row and column, in a table without empty rows and columns."""
    counts = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)
    return counts[counts.any(axis=1)][:, counts.any(axis=0)]


def cochran_p(held: NDArray[np.bool_]) -> float:
    """Return the p-value of Cochran's Q for who held what, 1 where nobody differs between conditions.

    Parameters
    ----------
    held : array of bool, shape (people, conditions)
        Three conditions or more.

    Notes
    -----
    With k conditions, G yes in each condition and T of each person, Q is (k - 1) (k ΣG² - (ΣG)²) / (k ΣT - ΣT²), and is
    compared with chi-square of k - 1 degrees of freedom. Agrees with `pingouin.cochran`, which takes a table in long
    form and more time.

    References
    ----------
    Cochran, W. G. (1950). The comparison of percentages in matched samples. Biometrika, 37(3/4), 256-266.

    Examples
    --------
    >>> held = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 1, 1]], dtype=bool)
    >>> round(cochran_p(held), 4)
    0.1054
    """
    from scipy.special import chdtrc

    conditions, people = held.shape[1], held.sum(axis=1)
    spread = conditions * people.sum() - (people**2).sum()
    if not spread:
        return 1.0
    yes = held.sum(axis=0)
    q = (conditions - 1) * (conditions * (yes**2).sum() - yes.sum() ** 2) / spread
    return float(chdtrc(conditions - 1, q))


def rejections(p: pd.DataFrame) -> pd.DataFrame:
    """Count in how many studies each test gives a p-value below LEVEL, with Wilson's 95% interval of the share.

    >>> rejections(pd.DataFrame({"a test": [0.01, 0.2, 0.5, 0.9]})).round(3)
            studies  rejected  share    low   high
    a test        4         1   0.25  0.046  0.699
    """
    from scipy.special import ndtri

    table = pd.DataFrame({"studies": p.count(), "rejected": (p < LEVEL).sum()})
    table["share"] = table["rejected"] / table["studies"]
    squared = ndtri(0.975) ** 2
    middle = (table["rejected"] + squared / 2) / (table["studies"] + squared)
    spread = table["rejected"] * (1 - table["share"]) + squared / 4
    half = np.sqrt(squared * spread) / (table["studies"] + squared)
    return table.assign(low=(middle - half).clip(lower=0), high=(middle + half).clip(upper=1))


def rejection_rates(designs: Mapping[str, pd.DataFrame], tests: Sequence[str], caption: str) -> CaptionedTable:
    """Return in what share of the studies of each design (by its name, of `p_values`) tests give p below LEVEL.

    The caption continues: Share of studies with p below 0.05 (95% interval in brackets).
    """
    shown = {
        name: [
            f"{100 * share:.0f}% ({100 * low:.0f} to {100 * high:.0f})"
            for share, low, high in rejections(p[list(tests)])[["share", "low", "high"]].to_numpy().tolist()
        ]
        for name, p in designs.items()
    }
    table = pd.DataFrame(shown, index=pd.Index(tests, name="Test"))
    return CaptionedTable(table, f"{MARK}. Share of studies with p below {LEVEL:g} (95% interval in brackets){caption}")


def p_histogram(designs: Mapping[str, Parameters]) -> Figure:
    """Draw how often the chi-square on all passages gives which p-value, in steps of LEVEL, for each design."""
    import altair as alt

    edges = np.linspace(0, 1, round(1 / LEVEL) + 1)
    bins = pd.concat(
        [
            pd.DataFrame({"design": name, "from": edges[:-1].round(6), "to": edges[1:].round(6), "studies": counts})
            for name, parameters in designs.items()
            for counts in [_in_steps(p_values(parameters)[PASSAGES].to_numpy())]
        ]
    )
    bins["below"] = bins["from"] == 0
    base = alt.Chart().encode(
        x=alt.X("from:Q", title="p-value", scale=alt.Scale(domain=[0, 1], nice=False)),
        y=alt.Y("studies:Q", title="studies", axis=alt.Axis(tickMinStep=1, format="d")),
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(
        x2="to:Q", y2=alt.datum(0), color=alt.condition(alt.datum.below, alt.value(ACCENT), alt.value(PALE))
    )
    expected = alt.Chart().mark_rule(color=INK, strokeDash=[5, 4]).encode(y=alt.datum(STUDIES * LEVEL))
    header = alt.Header(
        labelOrient="top", labelAnchor="start", labelFontSize=13, labelFontWeight="bold", labelColor=INK
    )
    chart = (
        alt.layer(bars, expected, data=bins)
        .properties(width=520, height=120)
        .facet(row=alt.Row("design:N", sort=list(designs), title=None, header=header), spacing=10)
    )
    summary = "; ".join(
        f"{name}: {int(part.loc[part['below'], 'studies'].sum())} of {int(part['studies'].sum())} below {LEVEL:g}"
        for name, part in bins.groupby("design", sort=False)
    )
    return figures.drawn(
        chart,
        f"Histograms of p-values from 0 to 1 in steps of {LEVEL:g}, one for each kind of study, with a dashed line "
        f"at the height that all bars would have on average if the assumptions held. {summary}.",
        f"p-values of a chi-square test on all passages of {STUDIES} studies of each kind, in which nothing is "
        f"related. First bar: p below {LEVEL:g}. Dashed: what each bar would have on average if the assumptions held.",
        simulation.study(next(iter(designs.values())), 0),
    )


def _in_steps(p: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count p-values in steps of LEVEL; one on an edge belongs to the step above, but 1 to the last."""
    steps = round(1 / LEVEL)
    return np.bincount(np.minimum((p * steps).astype(np.int64), steps - 1), minlength=steps)


# --- small tables


def two_by_two(cases: pd.DataFrame) -> pd.Series:
    """Return the p-values of a table of two by two: Pearson's, with Yates' correction, Fisher's exact one.

    Raises AssociationError for a table of another shape.

    >>> rows = pd.DataFrame({"row": [*"aaaabbbb"], "column": [*"xxxyxyyy"]})
    >>> two_by_two(rows).round(3).to_dict()
    {'Pearson': 0.157, "with Yates' correction": 0.48, 'Fisher, exact': 0.486}
    """
    table = association.contingency(cases).to_numpy()
    if table.shape != (2, 2):
        raise association.AssociationError(
            f"A table of {table.shape[0]} by {table.shape[1]} has no Yates' correction. Take one of two by two."
        )
    return pd.Series(_three_p_values(table))


def _three_p_values(table: Integers) -> dict[str, float]:
    return {
        PEARSON: association.pearson(table)[1],
        YATES: association.pearson(table, yates=True)[1],
        FISHER: _fisher_p(table),
    }


def _fisher_p(table: Integers) -> float:
    """Return the two-sided p-value of Fisher's exact test of a table of two by two: that of all tables as rare.

    It is counted in whole numbers, so that tables which are equally probable are found to be so.
    """
    (first, other), column = table.sum(axis=1).tolist(), int(table[:, 0].sum())
    ways = {
        n: math.comb(first, n) * math.comb(other, column - n)
        for n in range(min(first, column) + 1)
        if column - n <= other
    }
    observed = ways[int(table[0, 0])]
    return sum(number for number in ways.values() if number <= observed) / math.comb(first + other, column)


def small_p_values(passages: int, studies: int = STUDIES) -> pd.DataFrame:
    """Return the p-values of `two_by_two` on simulated studies with one passage of each of so many people (see SMALL).

    Studies in which a kind of power or a stage does not occur have no such table and are left out.
    """
    parameters = dataclasses.replace(SMALL, interviewees=passages, passages=passages)
    made = {seed: _crossed(*simulation.cells(parameters, seed)[1:], (2, 2)) for seed in range(studies)}
    found = {seed: _three_p_values(table) for seed, table in made.items() if table.shape == (2, 2)}
    return pd.DataFrame.from_dict(found, orient="index").rename_axis(index="seed")


def copied(cases: pd.DataFrame, times: Sequence[int] = (1, 2, 4, 8)) -> pd.DataFrame:
    """Return what becomes of chi-square, p and Cramér's V if every case is counted several times.

    >>> rows = pd.DataFrame({"row": [*"aaaabbbb"], "column": [*"xxxyxyyy"]})
    >>> copied(rows, [1, 2]).round(3)
       times  cases  statistic      p    v
    0      1      8        2.0  0.157  0.5
    1      2     16        4.0  0.046  0.5
    """
    table = association.contingency(cases).to_numpy()
    rows = []
    for n in times:
        statistic, p = association.pearson(n * table)
        rows.append((n, int(n * table.sum()), statistic, p, float(association.cramers_v(n * table))))
    return pd.DataFrame(rows, columns=["times", "cases", "statistic", "p", "v"])


# --- selections


def selections(study: Evidence, how_many: int, preference: Preference, times: int = 100) -> pd.DataFrame:
    """Return what selections of so many passages from one simulated study show: a row for each seed from 0.

    Columns `diagonal`, the share of its passages on the diagonal, and `v`, Cramér's V of stage by power, nan where all
    are of one kind or at one stage.
    """
    cases = _fits(study).set_index("extract_id").loc[study.extracts["extract_id"]]
    (row, powers), (column, stages), fits = (
        *map(pd.factorize, (cases["row"], cases["column"])),
        cases["fits"].to_numpy(),
    )
    rows = []
    for chosen in simulation.chosen_places(study, how_many, preference, range(times)):
        table = _crossed(row[chosen], column[chosen], (len(powers), len(stages)))
        v = float(association.cramers_v(table)) if min(table.shape) > 1 else np.nan
        rows.append((float(fits[chosen].mean()), v))
    return pd.DataFrame(rows, columns=["diagonal", "v"], index=pd.RangeIndex(times, name="seed"))


def selections_chart(study: Evidence, how_many: int, preferences: Mapping[str, Preference]) -> Figure:
    """Draw Cramér's V of many selections from one study under each preference, beside that of the whole study."""
    import altair as alt

    found = {name: selections(study, how_many, preference) for name, preference in preferences.items()}
    rows = pd.concat([table.assign(chosen=name) for name, table in found.items()]).dropna()
    whole = association.association(association.contingency(crosstabs.cases(study, *AXES))).v
    y = alt.Y("chosen:N", sort=list(found), title=None, axis=alt.Axis(labelLimit=300))
    x = alt.X("v:Q", title="Cramér's V of kind of power by stage", scale=alt.Scale(domain=[0, 1], nice=False))
    ticks = alt.Chart(rows).mark_tick(color=ACCENT, thickness=1.5, height=30, opacity=0.7).encode(x=x, y=y)
    line = (
        alt.Chart(pd.DataFrame({"v": [whole]})).mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=2).encode(x="v:Q")
    )
    summary = "; ".join(
        f"{name}: {formatting.rounded(table['v'].min())} to {formatting.rounded(table['v'].max())}, median "
        f"{formatting.rounded(table['v'].median())}"
        for name, table in found.items()
    )
    return figures.drawn(
        (ticks + line).properties(width=460, height=130),
        f"Ticks for Cramér's V of each of {len(next(iter(found.values())))} selections of {how_many} passages. "
        f"{summary}. A dashed line marks the whole study, {formatting.rounded(whole)}.",
        f"Cramér's V in selections of {how_many} of {len(study.extracts)} passages of one study, by how they were "
        "chosen; each tick is a selection. Dashed: the whole study.",
        study,
    )
