"""The article's model drawn: kinds of power, stages, and steps that are solid only where a passage describes them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.display.figures import ACCENT, INK, Figure, drawn
from analysis.reanalysis import article_model
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.traced_values import drawn_from

if TYPE_CHECKING:
    import altair as alt

Align = Literal["left", "center"]
Baseline = Literal["line-bottom", "middle", "line-top"]
Points = npt.NDArray[np.float64]

WIDTH, HEIGHT = 640, 425  # pixels; places are in the same unit, from the top left
LARGEST = 3600  # area of the largest node, in square pixels
GAP, HEAD = 4.0, 7.0  # between a node and its arrows, and from the tip of an arrow to the middle of its head
BOW = 0.11  # how far an arrow that has one the other way leaves the straight line, as a share of its length


class Place(NamedTuple):
    """Where a node is, and on which side of it its name is."""

    x: float
    y: float
    side: str


# One strand of power is above the stages, the other below.
PLACES = {
    "structural": Place(95, 50, "above"),
    "structure-enabled-normative": Place(430, 50, "right"),
    "initiation": Place(95, 205, "right"),
    "operationalization": Place(300, 205, "right"),
    "dissemination": Place(515, 205, "right"),
    "resource": Place(180, 365, "below"),
    "resource-enabled-normative": Place(430, 365, "right"),
}

# How a name is set off from its node: across, down, and how the text is aligned there.
SIDES: dict[str, tuple[int, int, Align, Baseline]] = {
    "above": (0, -1, "center", "line-bottom"),
    "right": (1, 0, "left", "middle"),
    "below": (0, 1, "center", "line-top"),
}

CAPTION = (
    "The article's model as its text describes it, and what is printed for each of its steps. Circles are kinds of "
    "power, squares are stages; areas and the figures in them give supporting passages as coded, with lead-ins. Arrows "
    "are steps that the article claims: solid, with the number of passages that describe the step, or dashed where "
    "none does. Which claims state a step is our judgement."
)


@drawn_from("derived/model-steps.csv", "derived/stage-by-power.csv", "evidence/codes.csv", trace=("model",))
def draw_article_model(evidence: Evidence) -> Figure:
    """Draw the article's model as a graph: nodes sized by passages, steps solid only where passages describe them."""
    import altair as alt

    nodes, steps = article_model.nodes(evidence), article_model.steps(evidence)
    largest = max(node.passages for node in nodes.values())
    areas = {code: LARGEST * node.passages / largest for code, node in nodes.items()}
    layers = [*_arrows(steps, areas), *_nodes(nodes, areas)]
    return drawn(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), _description(nodes, steps), CAPTION, evidence
    )


def _arrows(steps: pd.DataFrame, areas: Mapping[str, float]) -> Iterator["alt.Chart"]:
    """Yield lines, heads and figures of the steps."""
    import altair as alt

    both_ways = set(zip(steps["target"], steps["source"], strict=True))
    ends = list(zip(steps["source"], steps["target"], strict=True))
    curves = [curve(source, target, areas, bowed=(source, target) in both_ways) for source, target in ends]
    points = pd.DataFrame(
        [
            (step, place, x, y, count > 0)
            for step, (line, count) in enumerate(zip(curves, steps["count"], strict=True))
            for place, (x, y) in enumerate(line)
        ],
        columns=["step", "place", "x", "y", "narrated"],
    )
    dash = alt.condition(alt.datum.narrated, alt.value([1, 0]), alt.value([6, 5]))
    yield (
        alt.Chart(points)
        .mark_line(color=INK, strokeWidth=2)
        .encode(x=_across("x"), y=_down("y"), detail="step:N", order="place:Q", strokeDash=dash)
    )
    tips = pd.DataFrame([_tip(line) for line in curves], columns=["x", "y", "angle"])
    yield (
        alt.Chart(tips)
        .mark_point(shape="triangle", size=110, filled=True, color=INK, opacity=1)
        .encode(
            x=_across("x"), y=_down("y"), angle=alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360]))
        )
    )
    middles = pd.DataFrame([line[len(line) // 2] for line in curves], columns=["x", "y"])
    middles["figure"] = steps["count"].astype(str).to_numpy()
    base = alt.Chart(middles).encode(x=_across("x"), y=_down("y"), text="figure:N")
    yield base.mark_circle(size=420, color="white", opacity=1).encode(text=alt.Undefined)
    yield base.mark_text(color=INK, fontSize=14, fontWeight="bold")


def _nodes(nodes: Mapping[str, article_model.Node], areas: Mapping[str, float]) -> Iterator["alt.Chart"]:
    """Yield shapes, figures and names of the nodes."""
    import altair as alt

    table = pd.DataFrame([node._asdict() for node in nodes.values()])
    table["x"], table["y"] = ([PLACES[code][axis] for code in table["code"]] for axis in (0, 1))
    table["area"] = table["code"].map(areas)
    base = alt.Chart(table).encode(x=_across("x"), y=_down("y"))
    shape = alt.Shape(
        "facet:N", scale=alt.Scale(domain=list(article_model.FACETS), range=["circle", "square"]), legend=None
    )
    yield base.mark_point(filled=True, color=ACCENT, opacity=1).encode(
        shape=shape, size=alt.Size("area:Q", scale=None, legend=None)
    )
    yield base.mark_text(color="white", fontSize=14, fontWeight="bold").encode(text="passages:Q")
    for side, (across, down, align, baseline) in SIDES.items():
        named = table[[PLACES[code].side == side for code in table["code"]]].copy()
        named["x"] += across * (named["area"].map(_radius) + 6)
        named["y"] += down * (named["area"].map(_radius) + 6)
        text = alt.Chart(named).mark_text(color=INK, fontSize=14, align=align, baseline=baseline)
        yield text.encode(x=_across("x"), y=_down("y"), text="name:N")


def curve(source: str, target: str, areas: Mapping[str, float], bowed: bool) -> Points:
    """Return points along the arrow between two nodes, from the rim of one to near the rim of the other.

    A bowed arrow leaves the straight line to its left, so that two that run opposite ways stay apart.
    """
    start, end = (np.array(PLACES[code][:2]) for code in (source, target))
    along = end - start
    control = (start + end) / 2 + (2 * BOW * np.array([along[1], -along[0]]) if bowed else 0)
    t = np.linspace(0, 1, 201)[:, None]
    line = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    outside = np.hypot(*(line - start).T) > _radius(areas[source]) + GAP
    short = np.hypot(*(line - end).T) > _radius(areas[target]) + GAP + HEAD
    kept: Points = line[outside & short]
    # The ends are exact. Between them, every fourth point draws the same arrow in a file half as large.
    return np.vstack([kept[:-1:4], kept[-1:]])


def _radius(area: float) -> float:
    # Of a circle; a square of the same area reaches a little further at its corners, where no arrow ends.
    return float(np.sqrt(area / np.pi))


def _tip(line: Points) -> tuple[float, float, float]:
    """Return the end of an arrow and where it points, in degrees clockwise from upwards."""
    (x, y), (dx, dy) = line[-1], line[-1] - line[-2]
    return x, y, float(np.degrees(np.arctan2(dx, -dy)) % 360)


def _across(field: str) -> "alt.X":
    import altair as alt

    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))


def _down(field: str) -> "alt.Y":
    import altair as alt

    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[HEIGHT, 0], nice=False))


def _description(nodes: Mapping[str, article_model.Node], steps: pd.DataFrame) -> str:
    sizes = "; ".join(f"{node.name}: {formatting.counted(node.passages, 'passage')}" for node in nodes.values())
    arrows = "; ".join(
        f"{nodes[source].name} to {nodes[target].name}: {formatting.listed(extracts, 'no passage describes it')}"
        for source, target, extracts in steps[["source", "target", "extracts"]].to_numpy().tolist()
    )
    return f"A graph of kinds of power and stages with arrows between them. {sizes}. Steps. {arrows}."
