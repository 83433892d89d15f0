"""The charts that a lesson file may show: by name, each a pure function of a setting and its options.

`FIGURES` is the whole vocabulary; a module with further ones adds to it here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis import agreement
from analysis.agreement import Ratings
from analysis.display import figures
from analysis.display.figures import Figure
from analysis.support import formatting
from analysis.teaching.lesson_measures import TABLE, MeasureError, Option, Options
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.made_up_tables import MadeUp

_DRAWN = ["percent-agreement", "gwet-ac", "brennan-prediger", "cohen-kappa"]


@dataclass(frozen=True)
class Drawn:
    """A chart that may be shown: what it has, in words, its options, and the function that draws it."""

    meaning: str
    options: Mapping[str, Option]
    draw: Callable[[Setting, Options], Figure] = field(repr=False)


def by_prevalence(table: MadeUp, made_up: str) -> Figure:
    """Draw coefficients of made-up tables with the same percent agreement, from the first code being rare to usual."""
    import altair as alt

    found = prevalences(table)
    code, other = table.codes
    order = list(dict.fromkeys(found["coefficient"]))
    x = alt.X(
        "share:Q",
        title=f"share of {code} among all codes given",
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[0, 1], nice=False),
    )
    y = alt.Y("value:Q", title="coefficient", scale=alt.Scale(domain=[-0.2, 1], nice=False))
    dash = alt.StrokeDash(
        "coefficient:N", scale=alt.Scale(domain=order, range=[[1, 0], [8, 3], [2, 3], [10, 3, 2, 3]]), legend=None
    )
    lines = alt.Chart(found).mark_line(color=figures.INK, strokeWidth=2.2).encode(x=x, y=y, strokeDash=dash)
    ends = found[found["share"] == found["share"].max()].sort_values("value")
    # Names are written at the ends of their lines, a little apart where these are close.
    ends = ends.assign(value=ends["value"] + 0.035 * ends["value"].diff().lt(0.07))
    names = alt.Chart(ends).mark_text(align="left", dx=8, color=figures.INK, fontSize=13)
    summary = "; ".join(
        f"{name} {formatting.rounded(values.iloc[0])} and {formatting.rounded(values.iloc[len(values) // 2])}"
        for name, values in found.groupby("coefficient", sort=False)["value"]
    )
    agreed = formatting.rounded(found.loc[found["coefficient"] == order[0], "value"].iloc[0])
    return figures.drawn(
        (lines + names.encode(x=x, y=y, text="coefficient:N")).properties(width=440, height=260, title=made_up),
        f"{made_up}. Lines of coefficients over the share of {code}, for tables that all have a percent agreement of "
        f"{agreed}. Where {code} is rarest, and where {code} and {other} are equally frequent: {summary}. Where "
        f"{other} is rare, they are the same as where {code} is rare.",
        f"{made_up}: tables with as many passages and as many differences as table {table.name}, from hardly any "
        f"{code} to hardly any {other}. Percent agreement is {agreed} in all of them.",
    )


def prevalences(table: MadeUp) -> pd.DataFrame:
    """Return coefficients from hardly any of the first code to hardly any of the second: `share, coefficient, value`.

    In each table the two coders differ on as many passages as in the given one. Raises MeasureError for a table of more
    than two coders or codes.
    """
    if len(table.coders) != 2 or len(table.codes) != 2:
        raise MeasureError(f"The chart takes a table of two coders and two codes; {table.name} has more.")
    code, other = table.codes
    both, first, second, neither = (
        table.count(*cell) for cell in ((code, code), (code, other), (other, code), (other, other))
    )
    rows = []
    for times in range(both + neither + 1):
        given = _ratings(table, (times, first, second, both + neither - times))
        share = float((given.given == given.codes.index(code)).mean())
        values = agreement.estimates(given, _DRAWN)["value"]
        labels = [agreement.labelled(name, "identity") for name in _DRAWN]
        rows += [(share, label, value) for label, value in zip(labels, values, strict=True)]
    return pd.DataFrame(rows, columns=["share", "coefficient", "value"])


def _ratings(table: MadeUp, crossed: tuple[int, int, int, int]) -> Ratings:
    code, other = table.codes
    pairs = zip([(code, code), (code, other), (other, code), (other, other)], crossed, strict=True)
    rows = [pair for pair, times in pairs for _ in range(times)]
    return agreement.from_table(pd.DataFrame(rows, columns=list(table.coders)), list(table.codes))


FIGURES: dict[str, Drawn] = {
    "by-prevalence": Drawn(
        "Coefficients of tables that differ from a made-up one only in how often its first code was given.",
        {"table": TABLE},
        lambda setting, options: by_prevalence(setting.tables[options["table"]], setting.words["made up"]),
    ),
}
