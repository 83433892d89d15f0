"""The charts of this re-analysis: stage by power, the documents in time, association over readings."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from analysis.counting import crosstabs, readings
from analysis.display import range_plots
from analysis.display.charts import cells_by_name, describe_cells
from analysis.display.figures import (
    COLUMN,
    INK,
    LARGE,
    PALE,
    PHONE,
    RESOURCE,
    RESOURCE_NORMATIVE,
    STRUCTURE,
    STRUCTURE_NORMATIVE,
    Figure,
    drawn,
)
from analysis.display.range_plots import Look, Plot
from analysis.reanalysis import article_tables, derived
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.study.vocabulary import plural
from analysis.support import formatting
from analysis.support.traced_values import drawn_from

if TYPE_CHECKING:
    import altair as alt

#: How kinds of power look. A normative power is the stronger tint of what it is made from, and another shape.
LOOKS = {
    "structural": Look(STRUCTURE, "square"),
    "structure-enabled-normative": Look(STRUCTURE_NORMATIVE, "diamond"),
    "resource": Look(RESOURCE, "circle"),
    "resource-enabled-normative": Look(RESOURCE_NORMATIVE, "triangle"),
}
NOT_STATED = "not-stated"  # the stage of a passage that is tied to none


def _plot(evidence: Evidence, unit: str) -> Plot:
    """Return stage by power, with lead-ins, in the looks of the kinds of power, what is not stated apart."""
    powers, stages = (code_tree.names(evidence.codes, facet) for facet in ("power", "stage"))
    looks = {powers[code]: look for code, look in LOOKS.items() if code in powers}
    apart = [name for code, name in stages.items() if code == NOT_STATED]
    cells = cells_by_name(evidence, crosstabs.Axis("power"), crosstabs.Axis("stage", basis="lead-in"), unit)
    return Plot(cells, looks, apart)


@drawn_from("derived/stage-by-power.csv", trace=("power/stage",))
def stage_by_power(evidence: Evidence, unit: str = "passage") -> Figure:
    """Draw stage by power (with lead-ins): a mark for each count, on a line for its range over all readings."""
    plot, noun = _plot(evidence, unit), plural(unit)
    return drawn(
        range_plots.wide(plot),
        f"Marks for stage by kind of power, counting supporting {noun}, on lines from the lowest to the highest count "
        f"over all readings. {describe_cells(plot.cells)}.",
        f"Published {noun} that support each kind of power, by stage, with lead-ins. Marks and the figures above them "
        "give the count as coded, hollow where it is zero; lines and the figures below them give the lowest and the "
        "highest count over all allowed readings.",
        evidence,
        range_plots.narrow(plot),
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
    y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=300, domain=False, ticks=False))
    # In universal time, so that the picture is the same in every time zone.
    years = alt.Axis(format="%Y", tickCount="year", labelFlush=False)
    base = alt.Chart(rows).encode(
        x=alt.X("from:T", title=None, axis=years, scale=alt.Scale(type="utc", nice="year")), y=y
    )
    bars = base.transform_filter("datum.to != null").mark_bar(height=12, color=PALE).encode(x2="to:T")
    points = base.transform_filter("datum.to == null").mark_point(
        size=110, shape="diamond", filled=True, color=INK, opacity=1
    )
    dates = "; ".join(
        f"{label} {formatting.date(date)}"
        for label, date in zip(documents["label"], documents["published"], strict=True)
    )
    return drawn(
        (bars + points).properties(width=372, height=150),
        f"Time line. Interviews from {formatting.date(study.interviews_from)} to "
        f"{formatting.date(study.interviews_to)}. "
        f"Documents: {dates}.",
        "When the interviews were held (bar) and when the documents of Table 1 were published (diamonds).",
        evidence,
    )


@drawn_from("derived/association.csv", "evidence/codings.csv", trace=("power/stage",))
def association_over_readings(evidence: Evidence) -> Figure:
    """Draw the distribution of Cramér's V of stage by power over all readings, in steps of a fiftieth."""
    spread = derived.v_over_readings(evidence, "lead-in", "all")
    lowest, highest = formatting.rounded(spread.lowest), formatting.rounded(spread.highest)
    median, of_record = formatting.rounded(spread.quantile(0.5)), formatting.rounded(spread.of_record)
    return drawn(
        _histogram(spread, COLUMN),
        f"Histogram of Cramér's V over {spread.readings:,} readings, from {lowest} to {highest}; the median is "
        f"{median}, the value as coded {of_record}.",
        f"Cramér's V of stage by kind of power over all {spread.readings:,} allowed combinations of readings, with "
        "lead-ins. Solid line: as coded; dashed line: median. "
        f"{formatting.portion(spread.at_least_as_coded())} of the readings give a V at least as high as coded.",
        evidence,
        _histogram(spread, PHONE),
    )


def _histogram(spread: readings.StatisticDistribution, width: int) -> "alt.LayerChart | alt.FacetChart":
    """Draw the values of a statistic from 0 to 1 as bars, with named lines for the median and the value as coded."""
    import altair as alt

    bins = _binned(spread, width=0.02)
    # Up to the tenths around all values.
    ends = [np.floor(10 * float(bins["from"].min())) / 10, np.ceil(10 * float(bins["to"].max())) / 10]
    tenths = np.arange(ends[0], ends[1] + 0.05, 0.1).round(1).tolist()
    inner, gap = width - 53, 1.5
    x = alt.X(
        "from:Q",
        title="Cramér's V of stage by kind of power",
        scale=alt.Scale(domain=ends, range=[12, inner - 12], nice=False),
        axis=alt.Axis(values=tenths, format=".1f", zindex=1, labelFlush=False),
    )
    headroom = alt.Scale(domain=[0, float(bins["share"].max()) * 1.3], nice=False)  # for the names of the lines
    steps = alt.Axis(format=".0%", tickCount=3, domain=False, ticks=False)
    y = alt.Y("share:Q", title="share of readings", axis=steps, scale=headroom)
    bars = alt.Chart(bins).mark_bar(color=PALE, x2Offset=-gap).encode(x=x, x2="to:Q", y=y, y2=alt.datum(0))
    layers = [bars]
    for name, value, side in (("median", spread.quantile(0.5), -1), ("as coded", spread.of_record, 1)):
        base = alt.Chart(pd.DataFrame({"v": [value], "words": [f"{name} {formatting.rounded(value)}"]})).encode(x="v:Q")
        dash = [5, 4] if side < 0 else [1, 0]
        align: Literal["left", "right"] = "right" if side < 0 else "left"
        layers.append(base.mark_rule(color=INK, strokeWidth=2, strokeDash=dash))
        layers.append(
            base.mark_text(align=align, dx=6 * side, color=INK, fontSize=LARGE, fontWeight=600).encode(
                text="words:N", y=alt.value(10)
            )
        )
    return alt.layer(*layers).properties(width=inner, height=200)


def _binned(spread: readings.StatisticDistribution, width: float) -> pd.DataFrame:
    """Return the share of readings in each interval of a statistic from 0 to 1: `from, to, share`."""
    edges = np.linspace(0, 1, round(1 / width) + 1)
    share, _ = np.histogram(spread.values, bins=edges, weights=spread.weights.astype(float))
    table = pd.DataFrame({"from": edges[:-1].round(6), "to": edges[1:].round(6), "share": share / share.sum()})
    return table[table["share"] > 0]
