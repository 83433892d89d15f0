"""The article's model drawn: kinds of power, stages, and steps that are solid only where a passage describes them.

Kinds of power are boxes, stages are arrowheads that follow each other, each with its number of passages in words. The
number of a step is in a circle on its arrow, so that the two kinds of numbers cannot be taken for each other.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from analysis.display.drawing import link, number, path, picture, words
from analysis.display.figures import COLUMN, GREY, INK, PALE, WASH, Figure, drawn
from analysis.reanalysis import article_model
from analysis.reanalysis.article_charts import LOOKS
from analysis.reanalysis.article_model import ModelError, Node
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.support.errors import Fault
from analysis.support.traced_values import drawn_from

_HEAD = "M0 0l-11 -6v12z"  # of an arrow, its tip at zero
_FOOT = 30  # the height of the note below a drawing


class Course(NamedTuple):
    """How an arrow runs: its line, the tip and direction (degrees clockwise from the right) of its head, its circle."""

    line: str
    tip: tuple[float, float, float]
    circle: tuple[float, float]


class Place(NamedTuple):
    """The box of a kind of power or a stage, and after how many letters its name may break."""

    x: float
    y: float
    width: float
    height: float
    letters: int


class Layout(NamedTuple):
    """Where everything is, in units from the top left; `stages` are the outlines of stages."""

    size: tuple[float, float]
    places: Mapping[str, Place]
    stages: Mapping[str, str]
    courses: Mapping[tuple[str, str], Course]
    circle: float
    type_size: float


_STRUCTURE, _STRUCTURE_N = "structural", "structure-enabled-normative"
_RESOURCE, _RESOURCE_N = "resource", "resource-enabled-normative"
_FIRST, _SECOND, _THIRD = "initiation", "operationalization", "dissemination"

# One strand of power is above the stages, the other below.
WIDE = Layout(
    (740, 452),
    {
        _STRUCTURE: Place(22, 50, 190, 66, 20),
        _STRUCTURE_N: Place(500, 50, 218, 66, 20),
        _RESOURCE: Place(22, 292, 190, 66, 20),
        _RESOURCE_N: Place(500, 292, 218, 66, 20),
        _FIRST: Place(22, 178, 198, 52, 20),
        _SECOND: Place(276, 178, 188, 52, 20),
        _THIRD: Place(526, 178, 194, 52, 20),
    },
    {
        _FIRST: "M22 178H212L226 204L212 230H22Z",
        _SECOND: "M262 178H462L476 204L462 230H262L276 204Z",
        _THIRD: "M512 178H718L732 204L718 230H512L526 204Z",
    },
    {
        (_STRUCTURE, _STRUCTURE_N): Course("M212 83H488", (499, 83, 0), (350, 83)),
        (_RESOURCE, _RESOURCE_N): Course("M212 325H488", (499, 325, 0), (350, 325)),
        (_STRUCTURE_N, _STRUCTURE): Course(
            "M640 50C640 14 600 17 560 17H170C130 17 100 17 100 38", (100, 49, 90), (350, 17)
        ),
        (_RESOURCE_N, _RESOURCE): Course(
            "M640 358C640 394 600 391 560 391H170C130 391 100 391 100 370", (100, 359, -90), (350, 391)
        ),
        (_STRUCTURE, _FIRST): Course("M117 116V166", (117, 177, 90), (117, 142)),
        (_RESOURCE, _FIRST): Course("M117 292V242", (117, 231, -90), (117, 266)),
        (_RESOURCE, _SECOND): Course("M179 292C194 258 294 278 326 240", (333, 231, -52), (258, 267)),
        (_STRUCTURE_N, _SECOND): Course("M545 116C530 150 430 130 398 168", (391, 177, 128), (466, 141)),
        (_STRUCTURE_N, _THIRD): Course("M640 116V166", (640, 177, 90), (640, 142)),
        (_RESOURCE_N, _SECOND): Course("M545 292C530 258 430 278 398 240", (391, 231, -128), (466, 267)),
        (_RESOURCE_N, _THIRD): Course("M640 292V242", (640, 231, -90), (640, 266)),
    },
    14,
    15.5,
)
# On a phone, stages follow each other from the top down between the strands.
NARROW = Layout(
    (350, 512),
    {
        _STRUCTURE: Place(1, 14, 84, 90, 11),
        _STRUCTURE_N: Place(1, 304, 84, 120, 10),
        _RESOURCE: Place(265, 14, 84, 90, 11),
        _RESOURCE_N: Place(265, 304, 84, 120, 10),
        _FIRST: Place(126, 30, 98, 58, 14),
        _SECOND: Place(126, 216, 98, 76, 10),
        _THIRD: Place(126, 406, 98, 66, 14),
    },
    {
        _FIRST: "M126 28H224V88L175 100L126 88Z",
        _SECOND: "M126 204L175 216L224 204V280L175 292L126 280Z",
        _THIRD: "M126 392L175 404L224 392V460L175 472L126 460Z",
    },
    {
        (_STRUCTURE, _STRUCTURE_N): Course("M22 104V292", (22, 303, 90), (22, 198)),
        (_STRUCTURE_N, _STRUCTURE): Course("M62 304V116", (62, 105, -90), (62, 198)),
        (_RESOURCE, _RESOURCE_N): Course("M328 104V292", (328, 303, 90), (328, 198)),
        (_RESOURCE_N, _RESOURCE): Course("M288 304V116", (288, 105, -90), (288, 198)),
        (_STRUCTURE, _FIRST): Course("M85 58H114", (125, 58, 0), (100, 58)),
        (_RESOURCE, _FIRST): Course("M265 58H236", (225, 58, 180), (250, 58)),
        (_RESOURCE, _SECOND): Course("M272 104C270 170 250 190 235 215", (227, 225, 128), (257, 166)),
        (_STRUCTURE_N, _SECOND): Course("M76 304C78 272 94 252 115 250", (126, 249, 0), (90, 272)),
        (_RESOURCE_N, _SECOND): Course("M274 304C272 272 256 252 235 250", (224, 249, 180), (260, 272)),
        (_STRUCTURE_N, _THIRD): Course("M50 424C52 456 84 436 114 436", (125, 436, 0), (72, 440)),
        (_RESOURCE_N, _THIRD): Course("M300 424C298 456 266 436 236 436", (225, 436, 180), (278, 440)),
    },
    12,
    14,
)

CAPTION = (
    "The article's model as its text describes it, and what is printed for each of its steps. Boxes are kinds of "
    "power, arrowheads are stages, each with its number of supporting passages as coded, with lead-ins. Arrows are "
    "steps that the article claims: solid, with the number of passages that describe the step in a circle, or dashed "
    "where none does. Which claims state a step is our judgement."
)


class Step(NamedTuple):
    """A step of the model: what leads to what, the claims that state it, the passages that describe it."""

    source: str
    target: str
    claims: tuple[str, ...]
    extracts: tuple[str, ...]


Address = Callable[[Step], str]


@drawn_from("derived/model-steps.csv", "derived/stage-by-power.csv", "evidence/codes.csv", trace=("model",))
def draw_article_model(
    evidence: Evidence, of_step: Address = lambda _: "", of_code: Callable[[str], str] = lambda _: ""
) -> Figure:
    """Draw the article's model as a graph, steps solid only where passages describe them.

    In HTML an arrow leads to the address `of_step`, a kind of power or stage to that `of_code`; an empty address is no
    link. Raises ModelError for a step that has no place in the drawing.
    """
    nodes, steps = _model(evidence)
    note = article_model.counted_repeatedly(evidence)
    wide, narrow = (
        [*_laid_out(layout, nodes, steps, True, of_step, of_code), *_noted(layout, note)] for layout in (WIDE, NARROW)
    )
    # The wide one is as wide as a column, whatever its units.
    return drawn(
        picture(wide, *WIDE.size, COLUMN), _description(nodes, steps), CAPTION, evidence, picture(narrow, *NARROW.size)
    )


@drawn_from("evidence/model.csv", "evidence/codes.csv", trace=("model",))
def draw_claimed_model(evidence: Evidence) -> Figure:
    """Draw the article's model as its text describes it, without what is published for it.

    Raises ModelError for a step that has no place in the drawing.
    """
    nodes, steps = _model(evidence)
    wide, narrow = (_laid_out(layout, nodes, steps, counted=False) for layout in (WIDE, NARROW))
    arrows = "; ".join(f"{nodes[step.source].name} to {nodes[step.target].name}" for step in steps)
    return drawn(
        picture(wide, WIDE.size[0], WIDE.size[1] - _FOOT, COLUMN),
        f"A graph of kinds of power and stages with arrows between them. Steps. {arrows}.",
        "The article's model as its text describes it. Boxes are kinds of power, arrowheads are stages, and arrows are "
        "the steps that the article claims.",
        evidence,
        picture(narrow, NARROW.size[0], NARROW.size[1] - _FOOT),
    )


def _model(evidence: Evidence) -> tuple[dict[str, Node], list[Step]]:
    rows = article_model.steps(evidence)[["source", "target", "claims", "extracts"]]
    steps = [Step(*row) for row in rows.itertuples(index=False)]
    if lost := [step for step in steps if (step.source, step.target) not in WIDE.courses]:
        remedy = "Draw its course in analysis/reanalysis/article_model_drawing.py."
        step = f"{lost[0].source} to {lost[0].target}"
        raise ModelError(Fault(article_model.TABLE, f"the step {step} has no place in the drawing", remedy))
    return article_model.nodes(evidence), steps


def _laid_out(
    layout: Layout,
    nodes: Mapping[str, Node],
    steps: list[Step],
    counted: bool,
    of_step: Address = lambda _: "",
    of_code: Callable[[str], str] = lambda _: "",
) -> Iterator[str]:
    """Yield stages, steps and kinds of power, in this order: a later one covers an earlier one.

    Where they are `counted`, each has its number of passages.
    """
    for code, outline in layout.stages.items():
        if code in nodes:
            shape = path(outline, WASH, PALE)
            yield link([shape, *_lettering(layout, nodes[code], INK, counted)], of_code(code), _of_node(nodes[code]))
    for step in steps:
        yield link(_arrow(layout, step, counted), of_step(step), _of_step(nodes, step))
    for code, node in nodes.items():
        if code in LOOKS:
            x, y, width, height, _ = layout.places[code]
            box = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{LOOKS[code].colour}"/>'
            yield link([box, *_lettering(layout, node, "#ffffff", counted)], of_code(code), _of_node(node))


def _noted(layout: Layout, note: str) -> Iterator[str]:
    if note:
        yield words(layout.places[_STRUCTURE].x, layout.size[1] - 8, note, layout.type_size - 0.5, GREY)


def _arrow(layout: Layout, step: Step, counted: bool) -> Iterator[str]:
    course = layout.courses[step.source, step.target]
    is_solid = bool(step.extracts) or not counted
    colour = LOOKS[step.source].colour if is_solid else PALE
    dashed = 'class="course"' if is_solid else 'class="course" stroke-dasharray="5 5"'
    yield path(course.line, stroke=colour, width=2.5 if is_solid else 2, more=dashed)
    x, y, angle = course.tip
    yield path(_HEAD, colour, more=f'transform="translate({number(x)} {number(y)}) rotate({number(angle)})"')
    if not counted:
        return
    x, y = course.circle
    fill, edge, ink = (colour, "white", "white") if step.extracts else ("white", PALE, GREY)
    ring = f'stroke="{edge}" stroke-width="{2.5 if step.extracts else 1.5}"'
    yield f'<circle cx="{number(x)}" cy="{number(y)}" r="{layout.circle}" fill="{fill}" {ring}/>'
    yield words(x, y + layout.type_size / 3, str(len(step.extracts)), layout.type_size, ink, "middle", bold=True)


def _lettering(layout: Layout, node: Node, ink: str, counted: bool) -> Iterator[str]:
    """Yield the name of a node on its lines, and below them its number of passages."""
    x, y, width, height, letters = layout.places[node.code]
    named = textwrap.wrap(formatting.capitalize_first(_hyphenated(node.name, letters)), letters)
    lines = [*named, _passages(node)] if counted else named
    size, lead = layout.type_size, layout.type_size + 3
    top = y + height / 2 - lead * (len(lines) - 1) / 2 + size / 3
    for n, line in enumerate(lines):
        yield words(x + width / 2, top + n * lead, line, size, ink, "middle", bold=n < len(named))


def _hyphenated(name: str, letters: int) -> str:
    """Return a name whose one long word may break where it has to."""
    return name.replace("operationalization", "operation- alization") if letters < len("operationalization") else name


def _of_node(node: Node) -> str:
    return f"{formatting.capitalize_first(node.name)}: {_passages(node)}"


def _passages(node: Node) -> str:
    return f"{node.passages} {'passage' if node.passages == 1 else 'passages'}"


def _of_step(nodes: Mapping[str, Node], step: Step) -> str:
    found = formatting.listed(step.extracts, "no passage describes it")
    claims = f"{'Claim' if len(step.claims) == 1 else 'Claims'} {formatting.listed(step.claims)}"
    return f"{nodes[step.source].name} to {nodes[step.target].name}: {found}. {claims}."


def _description(nodes: Mapping[str, Node], steps: list[Step]) -> str:
    sizes = "; ".join(f"{node.name}: {formatting.counted(node.passages, 'passage')}" for node in nodes.values())
    arrows = "; ".join(_of_step(nodes, step).partition(". ")[0] for step in steps)
    return f"A graph of kinds of power and stages with arrows between them. {sizes}. Steps. {arrows}."
