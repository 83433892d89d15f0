"""Stage by power in the explorer: a table whose figures become buttons, and the same as an interactive chart."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from analysis.counting import crosstabs
from analysis.display.html_elements import text
from analysis.site.pages.explorer_facts import COLUMNS, ROWS
from analysis.study import code_tree, simulated_label, vocabulary
from analysis.study.evidence import Evidence

if TYPE_CHECKING:
    import altair as alt

_ROW_HEIGHT = 76
_LARGEST_CIRCLE = 900  # square pixels
_LABELS = {
    vocabulary.ALL: "all",
    vocabulary.UNCODED: "uncoded",
    vocabulary.COUNTERS: "tells against",
    vocabulary.CONTEXT: "context",
}


def cells(evidence: Evidence) -> str:
    """Return the table of supporting passages, with its margins and what does not support, as HTML.

    Scripts make a button of each figure; until then, and without them, it is an ordinary table.
    """
    table = _counted(evidence).set_index(["row", "column"])["count"]
    rows, columns = (list(dict.fromkeys(table.index.get_level_values(level))) for level in (0, 1))
    names = _names(evidence)
    head = "".join(f'<th scope="col">{text(names[column])}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{text(names[row])}</th>'
        + "".join(
            f'<td data-row="{text(row)}" data-column="{text(column)}">{table[row, column]}</td>' for column in columns
        )
        + "</tr>"
        for row in rows
    )
    caption = simulated_label.captioned(evidence, f"{ROWS.capitalize()} by {COLUMNS}")
    return (
        f'<table class="explorer-cells"><caption>{text(caption)}: <span data-unit>passages</span> that support '
        f'their code</caption><thead><tr><th scope="col">{ROWS.capitalize()}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def chart(evidence: Evidence) -> dict[str, Any]:
    """Return the chart as a Vega-Lite specification, its data the inner cells under the name `cells`.

    The page adds width and colours. Areas of circles are the same for the same count whatever is chosen: the largest is
    that of the highest count that any reading gives a cell.
    """
    import altair as alt

    table = _counted(evidence)
    codes = {facet: [code for code in table[axis].unique() if code not in _MARGINS] for facet, axis in _AXES.items()}
    inner = table[table["row"].isin(codes[ROWS]) & table["column"].isin(codes[COLUMNS])]
    names = _names(evidence)
    values = inner[["row", "column", "count"]].assign(
        row_name=inner["row"].map(names),
        column_name=inner["column"].map(names),
        first=inner["column"] == codes[COLUMNS][0],
        chosen=False,
    )
    base = alt.Chart(alt.InlineData(values=values.to_dict("records"), name="cells")).encode(
        x=alt.X(
            "column_name:N",
            scale=alt.Scale(domain=[names[code] for code in codes[COLUMNS]]),
            axis=alt.Axis(orient="top", title=None, domain=False, ticks=False),
        ),
        y=alt.Y("row_name:N", scale=alt.Scale(domain=[names[code] for code in codes[ROWS]]), axis=None),
    )
    drawn = alt.layer(*_marks(base, int(inner["highest"].max()))).properties(height=_ROW_HEIGHT * len(codes[ROWS]))
    if simulated_label.is_simulated(evidence):
        drawn = drawn.properties(title=simulated_label.MARK)
    spec: dict[str, Any] = json.loads(drawn.to_json(indent=None))
    return spec


def _marks(base: "alt.Chart", highest: int) -> Iterator["alt.Chart"]:
    """Yield what is drawn of each cell: its area, circle and figure, and at the left the name of its row."""
    import altair as alt

    # The area of a cell takes the click. What is chosen has a frame, so that no colour is needed.
    yield base.mark_rect(fill="transparent", cursor="pointer").encode(
        strokeWidth=alt.condition("datum.chosen", alt.value(3), alt.value(1)),
        strokeOpacity=alt.condition("datum.chosen", alt.value(1), alt.value(0.15)),
    )
    size = alt.Size("count:Q", legend=None, scale=alt.Scale(domain=[0, max(highest, 1)], range=[0, _LARGEST_CIRCLE]))
    yield base.mark_circle(opacity=1, cursor="pointer", yOffset=9).encode(size=size)
    yield base.mark_text(fontWeight="bold", fontSize=14, dx=20, dy=9, align="left", cursor="pointer").encode(
        text="count:Q"
    )
    yield (
        base.transform_filter("datum.first")
        .mark_text(align="left", baseline="top", fontSize=13, dx=6, dy=6 - _ROW_HEIGHT / 2)
        .encode(x=alt.value(0), text="row_name:N")
    )


_AXES = {ROWS: "row", COLUMNS: "column"}
_MARGINS = (vocabulary.ALL, vocabulary.COUNTERS, vocabulary.CONTEXT)


def _counted(evidence: Evidence) -> Any:
    """Return the counts of passages on any basis; rows and columns of uncoded passages only where there are some."""
    table = crosstabs.crosstab(evidence, crosstabs.Axis(ROWS), crosstabs.Axis(COLUMNS))
    for axis in _AXES.values():
        uncoded = table[axis] == vocabulary.UNCODED
        if not table.loc[uncoded, "highest"].any():
            table = table[~uncoded]
    return table


def _names(evidence: Evidence) -> dict[str, str]:
    return _LABELS | code_tree.names(evidence.codes, ROWS) | code_tree.names(evidence.codes, COLUMNS)
