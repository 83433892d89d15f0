"""Drawn charts as static SVG with alternative text, legible in greyscale and on paper.

Colours: ink #1b1b1b on white has a contrast of 17:1, the one accent #1f5a94 of 7:1, grey #6b6b6b of 5:1, and pale
#919191, for areas behind ink, of 3:1. No meaning rests on colour alone: shape, position or a figure says it too.
"""

import base64
import html
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.support import chart_fonts

if TYPE_CHECKING:
    import altair as alt

INK, ACCENT, GREY, PALE = "#1b1b1b", "#1f5a94", "#6b6b6b", "#919191"
FONT = "DejaVu Sans, Verdana, sans-serif"  # the first is what `chart_fonts` has; a browser without it takes the next


@dataclass(frozen=True, repr=False)
class Figure:
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

    def pdf(self) -> bytes:
        """Return the chart as PDF, for LaTeX."""
        import vl_convert

        _register_fonts()
        return vl_convert.svg_to_pdf(self.svg)

    @property
    def size(self) -> tuple[int, int]:
        """Return the width and height of the chart in units of the SVG."""
        width, height = (re.search(rf'<svg[^>]* {side}="(\d+)"', self.svg) for side in ("width", "height"))
        return int(width[1]), int(height[1])  # type: ignore[index]

    @property
    def picture(self) -> "Picture":
        """Return the chart for a cell of an article, which has a caption and an alternative text of its own."""
        return Picture(self)

    def _repr_html_(self) -> str:
        source = base64.b64encode(self.svg.encode()).decode()
        return (
            f'<figure style="margin: 1em 0; overflow-x: auto" tabindex="0"><img alt="{html.escape(self.alt)}" '
            f'style="min-width: 30em; max-width: 100%; background: white" src="data:image/svg+xml;base64,{source}">'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )


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
            pictures["image/svg+xml"] = self.figure.svg
        # Without it, Quarto takes the pixels of the PNG for its size on paper.
        return pictures, {"image/png": dict(zip(("width", "height"), self.figure.size, strict=True))}


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(chart_fonts.folder()))


def drawn(chart: "alt.TopLevelMixin", alt_text: str, caption: str, evidence: Evidence | None = None) -> Figure:
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
    if evidence is not None and simulated_label.is_simulated(evidence):
        spec["title"] = {"text": simulated_label.MARK, "anchor": "start", "color": INK, "fontSize": 14}
        alt_text, caption = (simulated_label.captioned(evidence, text) for text in (alt_text, caption))
    return Figure(vl_convert.vegalite_to_svg(spec), alt_text, caption)
