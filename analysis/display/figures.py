"""Drawn charts as static SVG with alternative text, legible in greyscale and on paper.

The colours are those of the site in the light. A chart is drawn for white ground. In the dark, the site gives a drawing
the colours of its own dark scheme; a page to take away inverts it and turns its hues back, which makes the colours on
the right. `tests/display/test_charts.py` computes every ratio.
No meaning rests on colour alone: shape, position or a figure says it too.

    name                 job                                  on white    in the dark, on #16181c
    INK                  words, figures                       #1a1d23 16.9:1    #dfe2e8 13.7:1
    GREY                 secondary words, what is not stated  #525761  7.3:1    #a4a9b3  7.5:1
    PALE                 areas behind ink, edges              #8a8578  3.7:1    #7f7a6d  4.2:1
    ACCENT               counts of any study                  #2f429f  8.7:1    #a5b8ff  9.2:1
    STRUCTURE            structural power                     #0b7680  5.4:1    #4ab5bf  7.3:1
    STRUCTURE_NORMATIVE  structure-enabled normative power    #064a51 10.0:1    #8dd1d8 10.4:1
    RESOURCE             resource power                       #b34f0b  5.2:1    #f38f4b  7.5:1
    RESOURCE_NORMATIVE   resource-enabled normative power     #6f3003 10.0:1    #fabb8e 10.6:1

TRACK and WASH, for hairlines and grounds, carry no meaning. Teal and orange are for structure and resource alone.
"""

import base64
import html
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from analysis.display.drawing import number, picture, words
from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.support import chart_fonts

if TYPE_CHECKING:
    import altair as alt

INK, GREY, PALE, ACCENT = "#1a1d23", "#525761", "#8a8578", "#2f429f"
STRUCTURE, STRUCTURE_NORMATIVE = "#0b7680", "#064a51"
RESOURCE, RESOURCE_NORMATIVE = "#b34f0b", "#6f3003"
TRACK, WASH = "#bdb6a6", "#f3f0e8"
#: The first is what `chart_fonts` has; the next has the signs that it lacks.
FONT = f"{chart_fonts.FAMILY}, DejaVu Sans, Verdana, sans-serif"
NARROW_SCREEN = "(max-width: 36em)"
#: A chart of this width fills a column of 160 mm, where 1 pixel is 0.75 pt; the other is for a phone.
COLUMN, PHONE = 600, 350
#: Sizes of type in a chart of a column's width: 10.5, 9.75 and 9 pt on paper.
LARGE, MEDIUM, SMALL = 14, 13, 12


@dataclass(frozen=True, repr=False)
class Figure:
    """A drawn chart that a notebook shows by itself: SVG, alternative text and caption.

    `narrow` is another drawing of the same, for a screen on which the first would be too small to read.
    """

    svg: str
    alt: str
    caption: str
    narrow: str = ""

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.alt}"

    def png(self, scale: float = 3) -> bytes:
        """Return the chart as PNG, `scale` pixels for each unit of the SVG, for what cannot show SVG."""
        return as_png(self.svg, scale)

    def pdf(self) -> bytes:
        """Return the chart as PDF, for LaTeX."""
        import vl_convert

        _register_fonts()
        return vl_convert.svg_to_pdf(self.svg)

    @property
    def size(self) -> tuple[int, int]:
        """Return the width and height of the chart in units of the SVG."""
        return size(self.svg)

    @property
    def inlined(self) -> str:
        """Return an SVG with both drawings, for a page that holds it itself and not as an image.

        A style sheet shows one of them: `.drawn > .narrow` is not displayed, and takes the shape `--narrow` where it
        is. Alone, as an image or in a PDF, it is the wide one.
        """
        width, height = self.size
        across, down = size(self.narrow or self.svg)
        # The narrow drawing fills the width, and reaches as far above the middle as below it.
        reach = number(width * down / across)
        above = number((height - width * down / across) / 2)
        box = f'x="0" y="{above}" width="{width}" height="{reach}" viewBox="0 0 {across} {down}"'
        other = f'<svg class="narrow" display="none" {box}>{_inside(self.narrow)}</svg>' if self.narrow else ""
        view = re.search(r'viewBox="[^"]*"', self.svg)[0]  # type: ignore[index]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" style="--narrow: {across} / {down}">{chart_fonts.style()}'
            f'<svg class="wide" width="{width}" height="{height}" {view}>{_inside(self.svg)}</svg>{other}</svg>'
        )

    @property
    def picture(self) -> "Picture":
        """Return the chart for a cell of an article, which has a caption and an alternative text of its own."""
        return Picture(self)

    def _repr_html_(self) -> str:
        return (
            f'<figure style="margin: 1em 0; overflow-x: auto" tabindex="0">'
            f"{self.image('max-width: 100%; height: auto; background: white')}"
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )

    def image(self, style: str = "") -> str:
        """Return the chart as an image of HTML that brings its drawings along, the narrow one for narrow screens."""
        styled = f' style="{style}"' if style else ""
        image = f'<img alt="{html.escape(self.alt)}"{styled} src="{_address(self.svg)}">'
        if not self.narrow:
            return image
        return f'<picture><source media="{NARROW_SCREEN}" srcset="{_address(self.narrow)}">{image}</picture>'


def size(svg: str) -> tuple[int, int]:
    """Return the width and height of an SVG in pixels."""
    width, height = (re.search(rf'<svg[^>]*? {side}="([\d.]+)"', svg) for side in ("width", "height"))
    return round(float(width[1])), round(float(height[1]))  # type: ignore[index]


def as_png(svg: str, scale: float) -> bytes:
    """Return an SVG as PNG, `scale` pixels for each unit of it."""
    import vl_convert

    _register_fonts()
    return vl_convert.svg_to_png(svg, scale=scale)


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _inside(svg: str) -> str:
    """Return what an SVG holds, under the font of its root, without the font itself."""
    return f'<g font-family="{FONT}">{chart_fonts.without_font(svg[svg.index(">") + 1 : svg.rindex("</svg>")])}</g>'


@dataclass(frozen=True, repr=False)
class Picture:
    """A chart alone, without its words, as SVG and as PNG: what an article shows can take one of them.

    Quarto shows one picture of a cell in a format that it names in the environment: for LaTeX that is a PDF.
    """

    figure: Figure

    def __repr__(self) -> str:
        return self.figure.caption

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
        form = os.environ.get("QUARTO_FIG_FORMAT")
        if form == "pdf":
            return {"application/pdf": base64.b64encode(self.figure.pdf()).decode()}, {}
        pictures = {"image/png": base64.b64encode(self.figure.png()).decode()}
        # Quarto would take an SVG wherever there is one, and Word and JATS cannot show it.
        if form != "png":
            pictures["image/svg+xml"] = self.figure.inlined
        # Without it, Quarto takes the pixels of the PNG for its size on paper.
        return pictures, {"image/png": dict(zip(("width", "height"), self.figure.size, strict=True))}


@cache
def _register_fonts() -> None:
    import vl_convert

    for folder in chart_fonts.folders():
        vl_convert.register_font_directory(str(folder))


def drawn(
    chart: "alt.TopLevelMixin | str",
    alt_text: str,
    caption: str,
    evidence: Evidence | None = None,
    narrow: "alt.TopLevelMixin | str | None" = None,
) -> Figure:
    """Return a chart (of Altair, or an SVG of `drawing`) as a figure in the house style.

    Where its study is simulated, that is said in the picture and in words. `narrow` is the chart for narrow screens.
    """
    simulated = evidence is not None and simulated_label.is_simulated(evidence)
    if evidence is not None and simulated:
        alt_text, caption = (simulated_label.captioned(evidence, text) for text in (alt_text, caption))
    wide, other = (_svg(one, simulated) if one is not None else "" for one in (chart, narrow))
    return Figure(wide, alt_text, caption, other)


def _svg(chart: "alt.TopLevelMixin | str", simulated: bool) -> str:
    """Return the SVG of a chart with its font, marked if its study is simulated."""
    svg = _labelled(chart, simulated) if isinstance(chart, str) else _from_vega(chart, simulated)
    start = svg.index(">")
    return f'{svg[:start]} font-family="{FONT}">{chart_fonts.style()}{svg[start + 1 :]}'


def _labelled(svg: str, simulated: bool) -> str:
    """Return an SVG of `drawing` with the mark of a simulated study above it."""
    if not simulated:
        return svg
    width, height = size(svg)
    room = 24
    view = re.search(r'viewBox="([^"]*)"', svg)[1]  # type: ignore[index]
    inner = f'<svg y="{room}" width="{width}" height="{height}" viewBox="{view}">{svg[svg.index(">") + 1 :]}'
    return picture([words(0, 16, simulated_label.MARK, LARGE, INK, bold=True), inner], width, height + room)


def _from_vega(chart: "alt.TopLevelMixin", simulated: bool) -> str:
    import vl_convert

    _register_fonts()
    spec = chart.to_dict()
    spec["background"] = "white"
    named = {"labelColor": INK, "titleColor": INK, "labelFontSize": MEDIUM, "titleFontSize": MEDIUM}
    plain = {"titleFontWeight": 400, "grid": False, "domainColor": PALE, "tickColor": PALE, "tickSize": 4}
    spec["config"] = spec.get("config", {}) | {
        "font": FONT,
        "axis": named | plain,
        "legend": named | {"symbolStrokeWidth": 2},
        "title": {"color": INK},
        "view": {"stroke": None},
    }
    if simulated:
        spec["title"] = {"text": simulated_label.MARK, "anchor": "start", "color": INK, "fontSize": LARGE}
    return vl_convert.vegalite_to_svg(spec)
