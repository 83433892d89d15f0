"""Charts that any coded study can have: one facet by another, passages per interviewee, codes as they accumulate."""

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from analysis.counting import crosstabs
from analysis.statistics import saturation
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.traced_values import drawn_from

if TYPE_CHECKING:
    import altair as alt
from analysis.display.figures import ACCENT, GREY, INK, PALE, Figure, drawn
from analysis.study.vocabulary import plural

# Other names break at spaces into lines of about so many characters; the break is a character that no name has.
_BREAK = "\ue000"
_BROKEN = f"split(datum.label, '{_BREAK}')"
_ROW_NAME, _COLUMN_NAME = 28, 14
_PLACES = 500_000  # interviewees in all orders together that an accumulation is drawn from
BARS = 40  # interviewees at most who get a bar each; more would be a comb without names


def facet_by_facet(evidence: Evidence, rows: crosstabs.Axis, columns: crosstabs.Axis, unit: str = "passage") -> Figure:
    """Draw a circle for each cell of one facet by another, its area the count, with the range over readings beneath."""
    cells = cells_by_name(evidence, rows, columns, unit)
    size = len(cells["row"].unique()), len(cells["column"].unique())
    noun, what = plural(unit), f"{columns.facet} by {rows.facet}"
    ranged = "" if (cells["lowest"] == cells["highest"]).all() else "; in brackets the range over all allowed readings"
    broken = cells.assign(row=_broken(cells["row"], _ROW_NAME), column=_broken(cells["column"], _COLUMN_NAME))
    longest = max(len(word) for name in cells["column"] for word in name.split())
    wide = min(max(115, 8 * longest), 240)  # room for the longest word of a head
    return drawn(
        circles(broken, _BROKEN).properties(width=wide * size[1], height=75 * size[0]),
        f"Circles for {what}, counting {noun}{ranged}. {describe_cells(cells)}.",
        f"{what.capitalize()}: {noun} that support both codes{ranged}. The area of a circle shows the count.",
        evidence,
    )


def _broken(names: pd.Series, width: int) -> list[str]:
    return [_BREAK.join(textwrap.wrap(name, width, break_long_words=False)) for name in names]


def circles(cells: pd.DataFrame, label: str) -> "alt.LayerChart | alt.FacetChart":
    """Return circles for the cells of a table, with figures; `label` is how the names of axes break into lines."""
    import altair as alt

    cells = labelled(cells)
    base = alt.Chart(cells).encode(
        x=alt.X("column:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, orient="top", labelExpr=label)),
        y=alt.Y("row:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelExpr=label)),
    )
    circles = base.mark_circle(color=ACCENT, opacity=1).encode(size=area(cells, largest=1500))
    # A figure inside a small circle would be unreadable: all figures are beside them, in ink.
    figures = base.mark_text(color=INK, fontSize=14, fontWeight="bold", dx=30, align="left").encode(text="figure:N")
    ranges = base.mark_text(color=GREY, fontSize=12, dx=30, dy=16, align="left").encode(text="range:N")
    return alt.layer(circles, figures, ranges)


def labelled(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the words beside their circles: `figure`, and `range` where it is more than a point."""
    return cells.assign(
        figure=cells["count"].astype(str),
        range=[
            "" if low == high else f"({formatting.span(low, high)})"
            for low, high in zip(cells["lowest"], cells["highest"], strict=True)
        ],
    )


def area(cells: pd.DataFrame, largest: int) -> "alt.Size":
    """Return the count of a cell as the area of its circle, in square pixels up to `largest`."""
    import altair as alt

    most = max(int(cells["count"].max()), 1)
    return alt.Size("count:Q", legend=None, scale=alt.Scale(domain=[0, most], range=[0, largest]))


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
    import altair as alt

    per = evidence.passages["interviewee"].value_counts().rename_axis("interviewee").reset_index(name="passages")
    everyone = len(per)
    per = per.sort_values(["passages", "interviewee"], ascending=[False, True]).head(BARS)
    cited, quoted = ("cited passages", "quoted") if evidence.study.article else ("passages", "coded")
    base = alt.Chart(per).encode(
        x=alt.X("interviewee:N", sort=None, title=None, axis=alt.Axis(labelAngle=-45)),
        y=alt.Y("passages:Q", title=cited, axis=alt.Axis(tickMinStep=1, format="d")),
    )
    chart = (
        base.mark_bar(color=ACCENT) + base.mark_text(dy=-8, color=INK, fontSize=12).encode(text="passages:Q")
    ).properties(width=max(560, 24 * len(per)), height=200)
    counts = ", ".join(f"{row.interviewee} {row.passages}" for row in per.itertuples())
    alternative = f"Bars of {cited} for each {quoted} interviewee: {counts}."
    caption = (
        "Passages cited from each quoted interviewee." if evidence.study.article else "Passages of each interviewee."
    )
    if everyone > len(per):
        caption += f" The {len(per)} of {everyone} with the most are shown."
    elif evidence.study.interviewed is not None and (silent := evidence.study.interviewed - everyone):
        alternative += f" {silent} interviewees have none."
        caption += f" The other {silent} of {evidence.study.interviewed} interviewees are not {quoted} and have no bar."
    return drawn(chart, alternative, caption, evidence)


def code_accumulation(evidence: Evidence, facet: str = "power", level: str | None = None) -> Figure:
    """Draw how many codes of a level (the top if None) some interviewees have together, over the orders of them."""
    import altair as alt

    found = saturation.incidence(evidence, facet, level)
    # Of many interviewees, fewer orders are drawn: the band is steady long before there are ten thousand.
    orders = max(min(saturation.ORDERS, _PLACES // len(found)), 1_000)
    accumulation = saturation.over_orders(found, orders=orders)
    curve = accumulation.curve
    ticks = alt.Axis(tickMinStep=1, format="d", tickCount=min(len(found.columns), 10))
    y = alt.Y(
        "lower:Q",
        title=f"codes of {facet}",
        axis=ticks,
        scale=alt.Scale(domain=[0, len(found.columns)], nice=False),  # up to the codes that nobody has
    )
    base = alt.Chart(curve).encode(
        x=alt.X(
            "interviewees:Q",
            title="interviewees",
            axis=alt.Axis(tickMinStep=1, format="d"),
            scale=alt.Scale(domain=[1, max(len(found), 2)], nice=False),
        )
    )
    band = base.mark_area(color=PALE).encode(y=y, y2="upper:Q")
    line = base.mark_line(color=INK, strokeWidth=2.5).encode(y=alt.Y("mean:Q", axis=ticks))
    quarters = sorted({0, *(len(curve) * part // 4 for part in (1, 2, 3)), len(curve) - 1})
    points = "; ".join(
        f"{n:.0f}: {formatting.rounded(mean, 1)} ({formatting.span(int(lower), int(upper))})"
        for n, mean, lower, upper in curve.iloc[quarters].to_numpy().tolist()
    )
    behind = f"all {accumulation.orders:,}" if accumulation.exact else f"{accumulation.orders:,} random"
    middle = formatting.percent(accumulation.share)
    at = level or code_tree.levels(evidence.codes, facet)[0]
    return drawn(
        (band + line).properties(width=560, height=240),
        f"Line of the mean number of codes by the number of interviewees, in a band of the middle {middle} of orders. "
        f"Interviewees, mean and band: {points}, of {len(found.columns)} codes.",
        f"Codes of {facet} (level: {at}) that so many interviewees have together: the mean over all orders of "
        f"interviewees (line) and the middle {middle} of {behind} orders (band). {saturation.caveat(evidence)}",
        evidence,
    )


def cells_by_name(evidence: Evidence, rows: crosstabs.Axis, columns: crosstabs.Axis, unit: str) -> pd.DataFrame:
    """Return the inner cells of a crosstab under the names of their codes."""
    table = crosstabs.crosstab(evidence, rows, columns, unit)
    row, column = (code_tree.names(evidence.codes, axis.facet) for axis in (rows, columns))
    inner = table[table["row"].isin(row.keys()) & table["column"].isin(column.keys())]
    return inner.assign(row=inner["row"].map(row), column=inner["column"].map(column))[
        ["row", "column", "count", "lowest", "highest"]
    ]
