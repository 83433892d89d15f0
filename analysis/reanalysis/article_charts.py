"""The charts of this re-analysis: stage by power, its ranges, the documents in time, association over readings."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.counting import crosstabs, readings
from analysis.display.charts import area, cells_by_name, circles, describe_cells, labelled
from analysis.display.figures import ACCENT, GREY, INK, PALE, Figure, drawn
from analysis.reanalysis import article_tables
from analysis.statistics import association
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import BASIS_NAMES, plural
from analysis.support import formatting
from analysis.support.traced_values import drawn_from

# The long names of kinds of power, on two lines, so that type stays large on paper.
_TWO_LINES = "split(replace(datum.label, '-enabled ', '-enabled|'), '|')"


def _cells(evidence: Evidence, unit: str, basis: str = "lead-in") -> pd.DataFrame:
    return cells_by_name(evidence, crosstabs.Axis("power"), crosstabs.Axis("stage", basis=basis), unit)


@drawn_from("derived/stage-by-power.csv", trace=("power/stage",))
def stage_by_power(evidence: Evidence, unit: str = "passage") -> Figure:
    """Draw a circle for each cell of stage by power (with lead-ins), its area the count, with the range beneath."""
    cells, noun = _cells(evidence, unit), plural(unit)
    return drawn(
        circles(cells, _TWO_LINES).properties(width=460, height=300),
        f"Circles for stage by kind of power, counting supporting {noun}; in brackets the range over all readings. "
        f"{describe_cells(cells)}.",
        f"Published {noun} that support each kind of power, by stage, with lead-ins; in brackets the lowest and "
        "highest count over all allowed readings.",
        evidence,
    )


def stage_by_power_narrow(evidence: Evidence, unit: str = "passage") -> Figure:
    """Draw `stage_by_power` for a narrow screen: each name above its circles, each range below its figure."""
    import altair as alt

    wide = stage_by_power(evidence, unit)
    cells = labelled(_cells(evidence, unit))
    slanted = alt.Axis(labelAngle=-30, labelAlign="left", orient="top", ticks=False, domain=False)
    base = alt.Chart().encode(x=alt.X("column:N", sort=None, title=None, axis=slanted))
    circles = base.mark_circle(color=ACCENT, opacity=1).encode(size=area(cells, largest=900))
    figures = base.mark_text(color=INK, fontSize=14, fontWeight="bold", dx=20, align="left").encode(text="figure:N")
    ranges = base.mark_text(color=GREY, fontSize=12, dx=20, dy=15, align="left").encode(text="range:N")
    layers = alt.layer(circles, figures, ranges, data=cells).properties(width=300, height=44)
    return drawn(_for_each_power(layers, cells, labelPadding=2), wide.alt, wide.caption, evidence)


def _for_each_power(layers: Any, cells: pd.DataFrame, **label: Any) -> Any:
    """Repeat a chart for each kind of power, with its name above."""
    import altair as alt

    header = alt.Header(labelOrient="top", labelAnchor="start", labelFontSize=13, labelColor=INK, **label)
    return layers.facet(row=alt.Row("row:N", sort=list(cells["row"].unique()), title=None, header=header), spacing=8)


def stage_ranges(evidence: Evidence, unit: str = "passage") -> Figure:
    """Draw, for each kind of power and stage, the range over all readings and the two point counts."""
    import altair as alt

    cells = pd.concat([_cells(evidence, unit, basis).assign(basis=name) for basis, name in BASIS_NAMES.items()])
    widest = cells[cells["basis"] == BASIS_NAMES["lead-in"]]
    noun = plural(unit)
    y = alt.Y("column:N", sort=None, title=None)
    x = alt.X("lowest:Q", title=f"supporting {noun}", axis=alt.Axis(tickMinStep=1, format="d", grid=True))
    shapes = alt.Scale(domain=list(BASIS_NAMES.values()), range=["circle", "cross"])
    shape = alt.Shape("basis:N", title="count", scale=shapes, legend=alt.Legend(orient="bottom"))
    rules = alt.Chart().mark_rule(color=GREY, strokeWidth=3).encode(x=x, x2="highest:Q", y=y)
    points = alt.Chart().mark_point(size=90, strokeWidth=2, color=INK).encode(x="count:Q", y=y, shape=shape)
    layers = alt.layer(
        rules.transform_filter(alt.datum.basis == BASIS_NAMES["lead-in"]), points, data=cells
    ).properties(width=520, height=88)
    ranges = "; ".join(
        f"{power}, {stage}: {formatting.span(lowest, highest)}"
        for power, stage, _, lowest, highest, _ in widest.to_numpy().tolist()
    )
    return drawn(
        _for_each_power(layers, widest, labelFontWeight="bold"),
        f"Bars from the lowest to the highest count of supporting {noun} over all readings, with marks for the count "
        f"on wording alone and with lead-ins. Ranges: {ranges}.",
        f"How far the counts of {noun} depend on reading: bars span all allowed readings with lead-ins, marks show "
        "the coding of record on wording alone (circle) and with lead-ins (cross).",
        evidence,
    )


def documents_and_interviews(evidence: Evidence) -> Figure:
    """Draw the time of the interviews and the publication of the documents of Table 1 on one line of time."""
    import altair as alt

    study = evidence.study
    documents = article_tables.table_1(evidence)
    rows = pd.DataFrame(
        {
            "what": ["Interviews", *documents["label"]],
            # A date that is given as a month is drawn at its first day.
            "from": [f"{date}-01"[:10] for date in (study.interviews_from, *documents["published"])],
            "to": [pd.Period(study.interviews_to).end_time.date().isoformat(), *[None] * len(documents)],
        }
    )
    y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=300))
    # In universal time, so that the picture is the same in every time zone.
    years = alt.Axis(format="%Y", tickCount="year")
    base = alt.Chart(rows).encode(
        x=alt.X("from:T", title=None, axis=years, scale=alt.Scale(type="utc", nice="year")), y=y
    )
    bars = base.transform_filter("datum.to != null").mark_bar(height=12, color=ACCENT).encode(x2="to:T")
    points = base.transform_filter("datum.to == null").mark_point(
        size=110, shape="diamond", filled=True, color=INK, opacity=1
    )
    dates = "; ".join(
        f"{label} {formatting.date(date)}"
        for label, date in zip(documents["label"], documents["published"], strict=True)
    )
    return drawn(
        (bars + points).properties(width=460, height=160),
        f"Time line. Interviews from {formatting.date(study.interviews_from)} to "
        f"{formatting.date(study.interviews_to)}. "
        f"Documents: {dates}.",
        "When the interviews were held (bar) and when the documents of Table 1 were published (diamonds).",
        evidence,
    )


@drawn_from("derived/association.csv", "evidence/codings.csv", trace=("power/stage",))
def association_over_readings(evidence: Evidence) -> Figure:
    """Draw the distribution of Cramér's V of stage by power over all readings, in steps of a fiftieth."""
    import altair as alt

    power, stage = (code_tree.codes_at(evidence.codes, facet) for facet in ("power", "stage"))
    allowed = readings.allowed_readings(evidence, crosstabs.Axis("power"), crosstabs.Axis("stage", basis="lead-in"))
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
    # Each name is at the top of its line, on the outer side.
    named = base.encode(text="what:N", y=alt.value(8))
    style: dict[str, Any] = {"color": INK, "fontSize": 13}
    left = named.transform_filter(alt.datum.what == marks["what"][0]).mark_text(align="right", dx=-6, **style)
    right = named.transform_filter(alt.datum.what == marks["what"][1]).mark_text(align="left", dx=6, **style)
    lowest, highest = formatting.rounded(spread.lowest), formatting.rounded(spread.highest)
    return drawn(
        alt.layer(bars, rules, left, right).properties(width=560, height=220),
        f"Histogram of Cramér's V over {spread.readings:,} readings, from {lowest} to {highest}; the median is "
        f"{formatting.rounded(spread.quantile(0.5))}, the value as coded {formatting.rounded(spread.of_record)}.",
        f"Cramér's V of stage by kind of power over all {spread.readings:,} allowed combinations of readings, with "
        "lead-ins. Solid line: as coded; dashed line: median. "
        f"{formatting.portion(spread.at_least_as_coded())} of the readings give a V at least as high as coded.",
        evidence,
    )


def _binned(spread: readings.StatisticDistribution, width: float) -> pd.DataFrame:
    """Return the share of readings in each interval of a statistic from 0 to 1: `from, to, share`."""
    edges = np.linspace(0, 1, round(1 / width) + 1)
    share, _ = np.histogram(spread.values, bins=edges, weights=spread.weights.astype(float))
    table = pd.DataFrame({"from": edges[:-1].round(6), "to": edges[1:].round(6), "share": share / share.sum()})
    return table[table["share"] > 0]
