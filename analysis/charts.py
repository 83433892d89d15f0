"""Charts of the counts, drawn as static SVG with alternative text, legible in greyscale and on paper.

Colours: ink #1b1b1b on white has a contrast of 17:1, the one accent #1f5a94 of 7:1, grey #6b6b6b of 5:1, and pale
#919191, for areas behind ink, of 3:1. No meaning rests on colour alone: shape, position or a figure says it too.
"""

import base64
import html
import textwrap
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import association, counts, numbers, readings, saturation, simulate, structure
from analysis.evidence import Evidence

if TYPE_CHECKING:
    import altair as alt

INK, ACCENT, GREY, PALE = "#1b1b1b", "#1f5a94", "#6b6b6b", "#919191"
FONT = "DejaVu Sans, Verdana, sans-serif"  # the first is what `fonts` has; a browser without it takes the next
# The long names of kinds of power, on two lines, so that type stays large on paper.
_TWO_LINES = "split(replace(datum.label, '-enabled ', '-enabled|'), '|')"
# Other names break at spaces into lines of about so many characters; the break is a character that no name has.
_BREAK = "\ue000"
_BROKEN = f"split(datum.label, '{_BREAK}')"
_ROW_NAME, _COLUMN_NAME = 28, 14
_PLACES = 500_000  # interviewees in all orders together that an accumulation is drawn from
BARS = 40  # interviewees at most who get a bar each; more would be a comb without names
BASIS_NAMES = {"wording": "wording alone", "lead-in": "with lead-ins"}


@dataclass(frozen=True, repr=False)
class Picture:
    """A drawn chart that a notebook shows by itself: SVG, alternative text and caption."""

    svg: str
    alt: str
    caption: str

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.alt}"

    def png(self, scale: float = 3) -> bytes:
        """Return the chart as PNG, `scale` pixels for each unit of the SVG, for what cannot show SVG."""
        import vl_convert

        _register_fonts()
        return vl_convert.svg_to_png(self.svg, scale=scale)

    def _repr_html_(self) -> str:
        source = base64.b64encode(self.svg.encode()).decode()
        return (
            f'<figure style="margin: 1em 0; overflow-x: auto" tabindex="0"><img alt="{html.escape(self.alt)}" '
            f'style="min-width: 30em; max-width: 100%; background: white" src="data:image/svg+xml;base64,{source}">'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )


def stage_by_power(evidence: Evidence, unit: str = "passage") -> Picture:
    """Draw a circle for each cell of stage by power (with lead-ins), its area the count, with the range beneath."""
    cells = _cells(evidence, counts.Axis("power"), counts.Axis("stage", basis="lead-in"), unit)
    noun = plural(unit)
    return drawn(
        _circles(cells, _TWO_LINES).properties(width=460, height=300),
        f"Circles for stage by kind of power, counting supporting {noun}; in brackets the range over all readings. "
        f"{_cells_told(cells)}.",
        f"Published {noun} that support each kind of power, by stage, with lead-ins; in brackets the lowest and "
        "highest count over all allowed readings.",
        evidence,
    )


def stage_by_power_narrow(evidence: Evidence, unit: str = "passage") -> Picture:
    """Draw `stage_by_power` for a narrow screen: each name above its circles, each range below its figure."""
    import altair as alt

    wide = stage_by_power(evidence, unit)
    cells = _labelled(_cells(evidence, counts.Axis("power"), counts.Axis("stage", basis="lead-in"), unit))
    slanted = alt.Axis(labelAngle=-30, labelAlign="left", orient="top", ticks=False, domain=False)
    base = alt.Chart().encode(x=alt.X("column:N", sort=None, title=None, axis=slanted))
    circles = base.mark_circle(color=ACCENT, opacity=1).encode(size=_area(cells, largest=900))
    figures = base.mark_text(color=INK, fontSize=14, fontWeight="bold", dx=20, align="left").encode(text="figure:N")
    ranges = base.mark_text(color=GREY, fontSize=12, dx=20, dy=15, align="left").encode(text="range:N")
    header = alt.Header(labelOrient="top", labelAnchor="start", labelFontSize=13, labelColor=INK, labelPadding=2)
    chart = (
        alt.layer(circles, figures, ranges, data=cells)
        .properties(width=300, height=44)
        .facet(row=alt.Row("row:N", sort=list(cells["row"].unique()), title=None, header=header), spacing=8)
    )
    return drawn(chart, wide.alt, wide.caption, evidence)


def facet_by_facet(evidence: Evidence, rows: counts.Axis, columns: counts.Axis, unit: str = "passage") -> Picture:
    """Draw a circle for each cell of one facet by another, its area the count, with the range over readings beneath."""
    cells = _cells(evidence, rows, columns, unit)
    size = len(cells["row"].unique()), len(cells["column"].unique())
    noun, what = plural(unit), f"{columns.facet} by {rows.facet}"
    ranged = "" if (cells["lowest"] == cells["highest"]).all() else "; in brackets the range over all allowed readings"
    broken = cells.assign(row=_broken(cells["row"], _ROW_NAME), column=_broken(cells["column"], _COLUMN_NAME))
    longest = max(len(word) for name in cells["column"] for word in name.split())
    wide = min(max(115, 8 * longest), 240)  # room for the longest word of a head
    return drawn(
        _circles(broken, _BROKEN).properties(width=wide * size[1], height=75 * size[0]),
        f"Circles for {what}, counting {noun}{ranged}. {_cells_told(cells)}.",
        f"{what.capitalize()}: {noun} that support both codes{ranged}. The area of a circle shows the count.",
        evidence,
    )


def _broken(names: pd.Series, width: int) -> list[str]:
    return [_BREAK.join(textwrap.wrap(name, width, break_long_words=False)) for name in names]


def _circles(cells: pd.DataFrame, label: str) -> "alt.LayerChart | alt.FacetChart":
    """Return circles for the cells of a table, with figures; `label` is how the names of axes break into lines."""
    import altair as alt

    cells = _labelled(cells)
    base = alt.Chart(cells).encode(
        x=alt.X("column:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, orient="top", labelExpr=label)),
        y=alt.Y("row:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelExpr=label)),
    )
    circles = base.mark_circle(color=ACCENT, opacity=1).encode(size=_area(cells, largest=1500))
    # A figure inside a small circle would be unreadable: all figures stand beside, in ink.
    figures = base.mark_text(color=INK, fontSize=14, fontWeight="bold", dx=30, align="left").encode(text="figure:N")
    ranges = base.mark_text(color=GREY, fontSize=12, dx=30, dy=16, align="left").encode(text="range:N")
    return alt.layer(circles, figures, ranges)


def _labelled(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the words beside their circles: `figure`, and `range` where it is more than a point."""
    return cells.assign(
        figure=cells["count"].astype(str),
        range=[
            "" if low == high else f"({numbers.span(low, high)})"
            for low, high in zip(cells["lowest"], cells["highest"], strict=True)
        ],
    )


def _area(cells: pd.DataFrame, largest: int) -> "alt.Size":
    """Return the count of a cell as the area of its circle, in square pixels up to `largest`."""
    import altair as alt

    most = max(int(cells["count"].max()), 1)
    return alt.Size("count:Q", legend=None, scale=alt.Scale(domain=[0, most], range=[0, largest]))


def _cells_told(cells: pd.DataFrame) -> str:
    """Say the count of every cell, with its range, row by row."""
    return "; ".join(
        f"{row}: "
        + ", ".join(
            f"{column} {numbers.with_span(count, low, high)}"
            for column, count, low, high in zip(
                part["column"], part["count"], part["lowest"], part["highest"], strict=True
            )
        )
        for row, part in cells.groupby("row", sort=False)
    )


def stage_ranges(evidence: Evidence, unit: str = "passage") -> Picture:
    """Draw, for each kind of power and stage, the range over all readings and the two point counts."""
    import altair as alt

    cells = pd.concat(
        [
            _cells(evidence, counts.Axis("power"), counts.Axis("stage", basis=basis), unit).assign(basis=name)
            for basis, name in BASIS_NAMES.items()
        ]
    )
    widest = cells[cells["basis"] == BASIS_NAMES["lead-in"]]
    noun = plural(unit)
    y = alt.Y("column:N", sort=None, title=None)
    header = alt.Header(
        labelOrient="top", labelAnchor="start", labelFontSize=13, labelFontWeight="bold", labelColor=INK
    )
    x_axis = alt.Axis(tickMinStep=1, format="d", grid=True)
    rules = (
        alt.Chart()
        .mark_rule(color=GREY, strokeWidth=3)
        .encode(x=alt.X("lowest:Q", title=f"supporting {noun}", axis=x_axis), x2="highest:Q", y=y)
        .transform_filter(alt.datum.basis == BASIS_NAMES["lead-in"])
    )
    points = (
        alt.Chart()
        .mark_point(size=90, strokeWidth=2, color=INK)
        .encode(
            x="count:Q",
            y=y,
            shape=alt.Shape(
                "basis:N",
                title="count",
                scale=alt.Scale(domain=list(BASIS_NAMES.values()), range=["circle", "cross"]),
                legend=alt.Legend(orient="bottom"),
            ),
        )
    )
    chart = (
        alt.layer(rules, points, data=cells)
        .properties(width=520, height=88)
        .facet(row=alt.Row("row:N", sort=list(widest["row"].unique()), title=None, header=header), spacing=8)
    )
    told = "; ".join(
        f"{power}, {stage}: {numbers.span(lowest, highest)}"
        for power, stage, _, lowest, highest, _ in widest.to_numpy().tolist()
    )
    return drawn(
        chart,
        f"Bars from the lowest to the highest count of supporting {noun} over all readings, with marks for the count "
        f"on wording alone and with lead-ins. Ranges: {told}.",
        f"How far the counts of {noun} depend on reading: bars span all allowed readings with lead-ins, marks show "
        "the coding of record on wording alone (circle) and with lead-ins (cross).",
        evidence,
    )


def passages_per_interviewee(evidence: Evidence) -> Picture:
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
    told = ", ".join(f"{row.interviewee} {row.passages}" for row in per.itertuples())
    alternative = f"Bars of {cited} for each {quoted} interviewee: {told}."
    caption = (
        "Passages cited from each quoted interviewee." if evidence.study.article else "Passages of each interviewee."
    )
    if everyone > len(per):
        caption += f" The {len(per)} of {everyone} with the most are shown."
    elif evidence.study.interviewed is not None and (silent := evidence.study.interviewed - everyone):
        alternative += f" {silent} interviewees have none."
        caption += f" The other {silent} of {evidence.study.interviewed} interviewees are not {quoted} and have no bar."
    return drawn(chart, alternative, caption, evidence)


def documents_and_interviews(evidence: Evidence) -> Picture:
    """Draw the time of the interviews and the publication of the documents of Table 1 on one line of time."""
    import altair as alt

    study = evidence.study
    documents = structure.table_1(evidence)
    rows = pd.DataFrame(
        {
            "what": ["Interviews", *documents["label"]],
            # A date that is given as a month stands at its first day.
            "from": [f"{date}-01"[:10] for date in (study.interviews_from, *documents["published"])],
            "to": [pd.Period(study.interviews_to).end_time.date().isoformat(), *[None] * len(documents)],
        }
    )
    y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=300))
    # In universal time, so that the picture is the same in every time zone.
    x = alt.X(
        "from:T", title=None, axis=alt.Axis(format="%Y", tickCount="year"), scale=alt.Scale(type="utc", nice="year")
    )
    bars = (
        alt.Chart(rows)
        .transform_filter("datum.to != null")
        .mark_bar(height=12, color=ACCENT)
        .encode(x=x, x2="to:T", y=y)
    )
    points = (
        alt.Chart(rows)
        .transform_filter("datum.to == null")
        .mark_point(size=110, shape="diamond", filled=True, color=INK, opacity=1)
        .encode(x=x, y=y)
    )
    told = "; ".join(
        f"{label} {numbers.date(date)}" for label, date in zip(documents["label"], documents["published"], strict=True)
    )
    return drawn(
        (bars + points).properties(width=460, height=160),
        f"Time line. Interviews from {numbers.date(study.interviews_from)} to {numbers.date(study.interviews_to)}. "
        f"Documents: {told}.",
        "When the interviews were held (bar) and when the documents of Table 1 were published (diamonds).",
        evidence,
    )


def association_over_readings(evidence: Evidence) -> Picture:
    """Draw the distribution of Cramér's V of stage by power over all readings, in steps of a fiftieth."""
    import altair as alt

    power, stage = (
        structure.codes_at(evidence.codes, facet, structure.levels(evidence.codes, facet)[0])
        for facet in ("power", "stage")
    )
    allowed = readings.allowed_readings(evidence, counts.Axis("power"), counts.Axis("stage", basis="lead-in"))
    spread = readings.statistic_distribution(allowed, association.cramers_v, power, stage)
    bins = _binned(spread, width=0.02)
    marks = pd.DataFrame(
        {"v": [spread.quantile(0.5), spread.of_record], "what": ["median of all readings", "as coded"]}
    )
    x = alt.X("from:Q", title="Cramér's V of stage by kind of power", scale=alt.Scale(domain=[0, 1], nice=False))
    headroom = alt.Scale(domain=[0, float(bins["share"].max()) * 1.2], nice=False)  # for the names of the lines
    y = alt.Y("share:Q", title="share of readings", axis=alt.Axis(format=".0%"), scale=headroom)
    bars = (
        alt.Chart(bins).mark_bar(color=PALE, stroke="white", strokeWidth=1).encode(x=x, x2="to:Q", y=y, y2=alt.datum(0))
    )
    base = alt.Chart(marks).encode(x="v:Q")
    dash = alt.StrokeDash("what:N", scale=alt.Scale(domain=list(marks["what"]), range=[[5, 4], [1, 0]]), legend=None)
    rules = base.mark_rule(color=INK, strokeWidth=2).encode(strokeDash=dash)
    # The names stand beside the top of their lines, outwards.
    named = base.encode(text="what:N", y=alt.value(8))
    left = named.transform_filter(alt.datum.what == marks["what"][0]).mark_text(
        align="right", dx=-6, color=INK, fontSize=13
    )
    right = named.transform_filter(alt.datum.what == marks["what"][1]).mark_text(
        align="left", dx=6, color=INK, fontSize=13
    )
    lowest, highest = numbers.rounded(spread.lowest), numbers.rounded(spread.highest)
    return drawn(
        alt.layer(bars, rules, left, right).properties(width=560, height=220),
        f"Histogram of Cramér's V over {spread.readings:,} readings, from {lowest} to {highest}; the median is "
        f"{numbers.rounded(spread.quantile(0.5))}, the value as coded {numbers.rounded(spread.of_record)}.",
        f"Cramér's V of stage by kind of power over all {spread.readings:,} allowed combinations of readings, with "
        "lead-ins. Solid line: as coded; dashed line: median. "
        f"{numbers.portion(spread.at_least_as_coded())} of the readings give a V at least as high as coded.",
        evidence,
    )


def code_accumulation(evidence: Evidence, facet: str = "power", level: str | None = None) -> Picture:
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
    told = "; ".join(
        f"{n:.0f}: {numbers.rounded(mean, 1)} ({numbers.span(int(lower), int(upper))})"
        for n, mean, lower, upper in curve.iloc[quarters].to_numpy().tolist()
    )
    behind = f"all {accumulation.orders:,}" if accumulation.exact else f"{accumulation.orders:,} random"
    middle = numbers.percent(accumulation.share)
    at = level or structure.levels(evidence.codes, facet)[0]
    return drawn(
        (band + line).properties(width=560, height=240),
        f"Line of the mean number of codes by the number of interviewees, in a band of the middle {middle} of orders. "
        f"Interviewees, mean and band: {told}, of {len(found.columns)} codes.",
        f"Codes of {facet} (level: {at}) that so many interviewees have together: the mean over all orders of "
        f"interviewees (line) and the middle {middle} of {behind} orders (band). {saturation.caveat(evidence)}",
        evidence,
    )


def _binned(spread: readings.StatisticDistribution, width: float) -> pd.DataFrame:
    """Return the share of readings in each interval of a statistic from 0 to 1: `from, to, share`."""
    edges = np.linspace(0, 1, round(1 / width) + 1)
    share, _ = np.histogram(spread.values, bins=edges, weights=spread.weights.astype(float))
    table = pd.DataFrame({"from": edges[:-1].round(6), "to": edges[1:].round(6), "share": share / share.sum()})
    return table[table["share"] > 0]


def _cells(evidence: Evidence, rows: counts.Axis, columns: counts.Axis, unit: str) -> pd.DataFrame:
    """Return the inner cells of a crosstab under the names of their codes."""
    table = counts.crosstab(evidence, rows, columns, unit)
    row, column = (structure.names(evidence.codes, axis.facet) for axis in (rows, columns))
    inner = table[table["row"].isin(row.keys()) & table["column"].isin(column.keys())]
    return inner.assign(row=inner["row"].map(row), column=inner["column"].map(column))[
        ["row", "column", "count", "lowest", "highest"]
    ]


def plural(unit: str) -> str:
    """Return what a unit is called where there are several of it."""
    return {"passage": "passages", "statement": "distinct statements", "interviewee": "interviewees"}[unit]


@cache
def fonts() -> Path:
    """Return the folder of the font that charts are set in, so that they look the same on every machine.

    DejaVu Sans comes with matplotlib, which pingouin brings along; it is found without importing it.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(fonts()))


def drawn(chart: "alt.TopLevelMixin", alt_text: str, caption: str, evidence: Evidence | None = None) -> Picture:
    """Draw a chart to SVG in the house style, marked in the picture and in words where its study is simulated."""
    import vl_convert

    _register_fonts()
    spec = chart.to_dict()
    spec["background"] = "white"
    spec["config"] = spec.get("config", {}) | {
        "font": FONT,
        "axis": {
            "labelColor": INK,
            "titleColor": INK,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "gridColor": "#dddddd",
        },
        "legend": {
            "labelColor": INK,
            "titleColor": INK,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "symbolStrokeWidth": 2,
        },
        "view": {"stroke": None},
    }
    if evidence is not None and simulate.is_simulated(evidence):
        spec["title"] = {"text": simulate.MARK, "anchor": "start", "color": INK, "fontSize": 14}
        alt_text, caption = (simulate.captioned(evidence, text) for text in (alt_text, caption))
    return Picture(vl_convert.vegalite_to_svg(spec), alt_text, caption)
