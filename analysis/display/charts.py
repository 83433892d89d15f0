"""Charts that any coded study can have: one facet by another, passages per interviewee, codes as they accumulate."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting import crosstabs
from analysis.display import bar_plots, pair_plots, range_plots
from analysis.display.bar_plots import Bar
from analysis.display.drawing import line, number, path, picture, words
from analysis.display.figures import ACCENT, COLUMN, GREY, INK, LARGE, MEDIUM, PALE, PHONE, Figure, drawn
from analysis.statistics import saturation
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import plural
from analysis.support import formatting
from analysis.support.traced_values import drawn_from

if TYPE_CHECKING:
    import altair as alt

_PLACES = 500_000  # interviewees in all orders together that an accumulation is drawn from
BARS = 40  # interviewees at most who get a bar each; more would be a comb without names


def facet_by_facet(
    evidence: Evidence,
    rows: crosstabs.Axis,
    columns: crosstabs.Axis,
    unit: str = "passage",
    counted: pd.DataFrame | None = None,
) -> Figure:
    """Draw a mark for each cell of one facet by another, its place on a scale the count, on a line for the range.

    `counted` is the table of the two facets in that unit, where it is there already.
    """
    cells = cells_by_name(evidence, rows, columns, unit, counted)
    noun, what = plural(unit), f"{columns.facet} by {rows.facet}"
    fixed = (cells["lowest"] == cells["highest"]).all()
    ranged = "" if fixed else ", on lines from the lowest to the highest count over all allowed readings"
    plot = range_plots.Plot(cells)
    return drawn(
        range_plots.wide(plot),
        f"Marks for {what}, counting {noun}{ranged}. {describe_cells(cells)}.",
        f"{what.capitalize()}: {noun} that support both codes{ranged}. A hollow mark is a count of zero.",
        evidence,
        range_plots.narrow(plot),
    )


def codes_of_facet(evidence: Evidence, facet: str, counts: "pd.Series[int]", level: str) -> Figure:
    """Draw a bar for each code of a facet, whose passages are counted by name in `counts`."""
    bars = [Bar(str(name), count, f"{count:,}") for name, count in counts.items()]
    return drawn(
        bar_plots.wide(bars),
        f"Bars of the passages that support each code of {facet}: {_told(bars)}.",
        f"Passages that support each code of {facet} (level: {level}).",
        evidence,
        bar_plots.narrow(bars),
    )


def codes_together(evidence: Evidence, what: str, names: Sequence[str], together: NDArray[np.int64]) -> Figure:
    """Draw a circle for each two codes that occur together, its area the number of passages with both."""
    pairs = ", ".join(
        f"{names[row]} and {names[column]} {together[row, column]:,}"
        for row in range(len(names))
        for column in range(row)
        if together[row, column]
    )
    return drawn(
        pair_plots.wide(names, together),
        f"Circles for pairs of codes {what}, by the passages with both: {pairs}. Other pairs never occur together.",
        f"Codes {what} together: the area of a circle, and its figure, is the number of passages with both codes.",
        evidence,
        pair_plots.narrow(names, together),
    )


def pairs_of_codes(evidence: Evidence, what: str, counts: Sequence[tuple[str, int]]) -> Figure:
    """Draw a bar for each pair of codes, by the passages with both."""
    bars = [Bar(name, count, f"{count:,}") for name, count in counts]
    return drawn(
        bar_plots.wide(bars),
        f"Bars of the passages with both of two codes {what}: {_told(bars)}.",
        f"Codes {what} that occur together in most passages.",
        evidence,
        bar_plots.narrow(bars),
    )


def _told(bars: Sequence[Bar]) -> str:
    return ", ".join(f"{bar.name} {bar.figure}" for bar in bars)


def describe_cells(cells: pd.DataFrame) -> str:
    """Say the count of every cell, with its range, row by row."""
    return "; ".join(
        f"{row}: "
        + ", ".join(
            f"{column} {formatting.count_with_range(count, low, high)}"
            for column, count, low, high in zip(
                part["column"], part["count"], part["lowest"], part["highest"], strict=True
            )
        )
        for row, part in cells.groupby("row", sort=False)
    )


@drawn_from("evidence/extracts.csv")
def passages_per_interviewee(evidence: Evidence) -> Figure:
    """Draw how many passages each interviewee who has some has, most first, BARS of them at most."""
    per = evidence.passages["interviewee"].value_counts().rename_axis("interviewee").reset_index(name="passages")
    everyone = len(per)
    per = per.sort_values(["passages", "interviewee"], ascending=[False, True]).head(BARS)
    cited, quoted = ("cited passages", "quoted") if evidence.study.article else ("passages", "coded")
    counts = ", ".join(f"{row.interviewee} {row.passages}" for row in per.itertuples())
    alternative = f"Bars of {cited} for each {quoted} interviewee: {counts}."
    caption = (
        "Passages cited from each quoted interviewee." if evidence.study.article else "Passages of each interviewee."
    )
    silent = 0
    if everyone > len(per):
        caption += f" The {len(per)} of {everyone} with the most are shown."
    elif evidence.study.interviewed is not None and (silent := evidence.study.interviewed - everyone):
        alternative += f" {silent} interviewees have none."
        caption += f" The other {silent} of {evidence.study.interviewed} interviewees are not {quoted} and have no bar."
    # Nobody looks for an interviewee of an article by key. In a study of their own, researchers do.
    named = not evidence.study.article
    notes = [f"{cited} of each of {len(per)} interviewees"]
    notes += [f"{silent} more interviewees are not {quoted}"] if silent else []
    wide, narrow = (_columns(per, notes, width, named) for width in (COLUMN, PHONE))
    return drawn(wide, alternative, caption, evidence, narrow)


def _columns(per: pd.DataFrame, notes: Sequence[str], width: int, named: bool) -> str:
    """Draw a column with its figure for each interviewee; notes are at the right, where columns are low."""
    step = min(width / len(per), 60)
    longest = max(map(len, per["interviewee"]))
    upright = longest * 7 > step
    tall = 128
    begin = max(0, int(len(per) * (1 - 7 * max(map(len, notes)) / width)))  # the first column under the notes
    under = per["passages"].iloc[begin] / per["passages"].max()
    foot = 150 if under < 0.5 else 200  # where columns are high, they are below the notes
    parts = [words(width - 2, 22 + 20 * n, note, LARGE, GREY, "end") for n, note in enumerate(notes)]
    for n, (interviewee, passages) in enumerate(per.itertuples(index=False)):
        x, high = (n + 0.5) * step, tall * passages / per["passages"].max()
        parts.append(path(f"M{number(x)} {foot}V{number(foot - high)}", stroke=ACCENT, width=round(step * 0.76, 1)))
        parts.append(words(x, foot - high - 6, str(passages), LARGE, INK, "middle", bold=True))
        if named:
            turned = f' transform="rotate(-90 {number(x)} {foot + 8})"' if upright else ""
            name = words(x, foot + (12 if upright else 18), interviewee, MEDIUM, INK, "end" if upright else "middle")
            parts.append(f"<g{turned}>{name}</g>")
    below = 0 if not named else 8 * longest + 10 if upright else 26
    parts.append(line(0, foot, len(per) * step, foot, PALE))
    return picture(parts, width, foot + 2 + below)


def code_accumulation(evidence: Evidence, facet: str = "power", level: str | None = None) -> Figure:
    """Draw how many codes of a level (the top if None) some interviewees have together, over the orders of them."""
    found = saturation.incidence(evidence, facet, level)
    # Of many interviewees, fewer orders are drawn: the band is steady long before there are ten thousand.
    orders = max(min(saturation.ORDERS, _PLACES // len(found)), 1_000)
    accumulation = saturation.over_orders(found, orders=orders)
    curve = accumulation.curve
    quarters = sorted({0, *(len(curve) * part // 4 for part in (1, 2, 3)), len(curve) - 1})
    points = "; ".join(
        f"{n:.0f}: {formatting.rounded(mean, 1)} ({formatting.span(int(lower), int(upper))})"
        for n, mean, lower, upper in curve.iloc[quarters].to_numpy().tolist()
    )
    behind = f"all {accumulation.orders:,}" if accumulation.exact else f"{accumulation.orders:,} random"
    middle = formatting.percent(accumulation.share)
    at = level or code_tree.levels(evidence.codes, facet)[0]
    return drawn(
        _accumulated(curve, len(found.columns), f"codes of {facet}", COLUMN),
        f"Line of the mean number of codes by the number of interviewees, in a band of the middle {middle} of orders. "
        f"Interviewees, mean and band: {points}, of {len(found.columns)} codes.",
        f"Codes of {facet} (level: {at}) that so many interviewees have together: the mean over all orders of "
        f"interviewees (line) and the middle {middle} of {behind} orders (band). {saturation.caveat(evidence)}",
        evidence,
        _accumulated(curve, len(found.columns), f"codes of {facet}", PHONE),
    )


def _accumulated(curve: pd.DataFrame, codes: int, title: str, width: int) -> "alt.LayerChart":
    """Draw the mean number of codes as a line in its band, up to the codes that nobody has."""
    import altair as alt

    axis = alt.Axis(tickMinStep=1, format="d", tickCount=min(codes, 10 if width == COLUMN else 5))
    y = alt.Y("lower:Q", title=title, axis=axis, scale=alt.Scale(domain=[0, codes], nice=False))
    across = alt.Scale(domain=[1, max(len(curve), 2)], nice=False)
    base = alt.Chart(curve).encode(
        x=alt.X("interviewees:Q", title="interviewees", axis=alt.Axis(tickMinStep=1, format="d"), scale=across)
    )
    band = base.mark_area(color=PALE).encode(y=y, y2="upper:Q")
    mean = base.mark_line(color=INK, strokeWidth=2.5).encode(y=alt.Y("mean:Q", axis=axis))
    drawn_together: alt.LayerChart = (band + mean).properties(width=width - 45, height=240)
    return drawn_together


def cells_by_name(
    evidence: Evidence, rows: crosstabs.Axis, columns: crosstabs.Axis, unit: str, counted: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the inner cells of a crosstab under the names of their codes."""
    table = crosstabs.crosstab(evidence, rows, columns, unit) if counted is None else counted
    row, column = (code_tree.names(evidence.codes, axis.facet) for axis in (rows, columns))
    inner = table[table["row"].isin(row.keys()) & table["column"].isin(column.keys())]
    return inner.assign(row=inner["row"].map(row), column=inner["column"].map(column))[
        ["row", "column", "count", "lowest", "highest"]
    ]
