"""Charts say in words what they show, and are drawn the same way each time."""

import base64
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

from analysis.counting.crosstabs import Axis, crosstab
from analysis.display import charts, figures
from analysis.display.figures import Figure
from analysis.reanalysis import article_charts, article_model, article_model_drawing, derived
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

DRAWN = [
    article_charts.stage_by_power,
    article_charts.stage_by_power_narrow,
    article_charts.stage_ranges,
    charts.passages_per_interviewee,
    article_charts.documents_and_interviews,
    article_charts.association_over_readings,
    article_model_drawing.draw_article_model,
]


@pytest.fixture(scope="module", params=DRAWN, ids=lambda draw: draw.__name__)
def twice(request: pytest.FixtureRequest, study: Evidence, draw_anew: Callable[[], None]) -> tuple[Figure, Figure]:
    """A chart, drawn two times."""
    first = request.param(study)
    draw_anew()
    return first, request.param(study)


def test_a_chart_is_the_same_picture_each_time(twice: tuple[Figure, Figure]) -> None:
    one, again = twice
    assert one == again
    ET.fromstring(one.svg)  # noqa: S314, well-formed XML of our own


def test_a_chart_in_a_page_has_alternative_text_and_caption(twice: tuple[Figure, Figure]) -> None:
    page = ET.fromstring(twice[0]._repr_html_().replace('"><fig', '"/><fig'))  # noqa: S314
    image, caption = page
    assert len(image.attrib["alt"]) > 100
    assert caption.text


def test_the_alternative_text_gives_every_count(study: Evidence) -> None:
    picture = article_charts.stage_by_power(study, "interviewee")
    table = crosstab(study, Axis("power"), Axis("stage", basis="lead-in"), "interviewee").set_index(["row", "column"])
    names, stages = (code_tree.names(study.codes, facet) for facet in ("power", "stage"))
    for power in code_tree.codes_at(study.codes, "power", "dimension"):
        part = picture.alt.split(f"{names[power]}: ")[1].split(";")[0]
        for stage in code_tree.codes_at(study.codes, "stage", "stage"):
            count, lowest, highest = table.loc[(power, stage), ["count", "lowest", "highest"]]
            assert f"{stages[stage]} {formatting.count_with_range(count, lowest, highest)}" in part.rstrip(".").split(
                ", "
            )
    assert vocabulary.ALL not in picture.svg


def test_every_count_stands_in_the_picture(study: Evidence) -> None:
    drawn = ET.fromstring(charts.passages_per_interviewee(study).svg)  # noqa: S314
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    per_interviewee = study.passages["interviewee"].value_counts()
    assert set(per_interviewee.index) <= set(texts)
    # Beside the marks of the axis (each count once at the most), every bar has its figure.
    figures = [text for text in texts if text and text.isdecimal()]
    axis = list(range(int(per_interviewee.max()) + 1))
    assert sorted(map(int, figures)) == sorted([*axis, *per_interviewee])


def texts(picture: Figure) -> list[str]:
    drawn = ET.fromstring(picture.svg)  # noqa: S314
    return ["".join(element.itertext()) for element in drawn.iter("{http://www.w3.org/2000/svg}text")]


def test_a_drawing_for_narrow_screens_has_the_figures_and_words_of_the_wide_one(study: Evidence) -> None:
    wide, narrow = article_charts.stage_by_power(study), article_charts.stage_by_power_narrow(study)
    assert (narrow.alt, narrow.caption) == (wide.alt, wide.caption)
    figures = [sorted(text for text in texts(one) if text[:1] in "(0123456789") for one in (wide, narrow)]
    assert figures[0] == figures[1]
    width = ET.fromstring(narrow.svg).attrib["width"]  # noqa: S314
    assert float(width) <= 358, "what a phone of 390 pixels has between its margins"


def test_the_model_shows_every_step_with_its_number_and_every_node_with_its_count(study: Evidence) -> None:
    picture = article_model_drawing.draw_article_model(study)
    nodes, steps = article_model.nodes(study), article_model.steps(study)
    figures = sorted(int(text) for text in texts(picture) if text.isdecimal())
    assert figures == sorted([*steps["count"], *(node.passages for node in nodes.values())])
    assert {node.name for node in nodes.values()} <= set(texts(picture))


def test_a_step_that_no_passage_tells_of_is_dashed(study: Evidence) -> None:
    picture = article_model_drawing.draw_article_model(study)
    drawn = ET.fromstring(picture.svg)  # noqa: S314
    lines = [
        path.attrib
        for group in drawn.iter("{http://www.w3.org/2000/svg}g")
        if "mark-line" in group.attrib.get("class", "")
        for path in group.iter("{http://www.w3.org/2000/svg}path")
    ]
    dashed = [line for line in lines if line.get("stroke-dasharray", "1,0") != "1,0"]
    narrated = article_model.steps(study)["count"] > 0
    assert (len(lines), len(dashed)) == (len(narrated), int((~narrated).sum()))
    assert picture.alt.count("no passage describes it") == len(dashed)


def test_arrows_that_run_both_ways_stay_apart() -> None:
    areas = dict.fromkeys(article_model_drawing.PLACES, 2000.0)
    there = article_model_drawing.curve("structural", "structure-enabled-normative", areas, bowed=True)
    back = article_model_drawing.curve("structure-enabled-normative", "structural", areas, bowed=True)
    assert np.hypot(*(there[len(there) // 2] - back[len(back) // 2])) > 50


def test_the_shares_of_the_histogram_are_those_of_all_readings(study: Evidence) -> None:
    row = derived.effect_sizes(study).query("basis == 'lead-in' and stages == 'all'").iloc[0]
    picture = article_charts.association_over_readings(study)
    for figure in ("lowest", "median", "highest", "v"):
        assert formatting.rounded(float(row[figure])) in picture.alt
    assert f"{row['readings']:,}" in picture.alt


def test_a_chart_is_the_same_png_each_time(twice: tuple[Figure, Figure]) -> None:
    one, again = (drawn.png() for drawn in twice)
    assert one.startswith(b"\x89PNG")
    assert one == again


def test_an_article_takes_the_picture_alone_as_svg_and_png(study: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = charts.passages_per_interviewee(study)
    pictures, sizes = figure.picture._repr_mimebundle_()
    assert pictures["image/svg+xml"] == figure.svg
    assert base64.b64decode(pictures["image/png"]) == figure.png()
    assert f'viewBox="0 0 {sizes["image/png"]["width"]} {sizes["image/png"]["height"]}"' in figure.svg
    assert repr(figure.picture) == figure.caption
    monkeypatch.setenv("QUARTO_FIG_FORMAT", "png")  # as Quarto sets it for Word and JATS
    assert list(figure.picture._repr_mimebundle_()[0]) == ["image/png"]
    monkeypatch.setenv("QUARTO_FIG_FORMAT", "pdf")  # and for LaTeX
    ((kind, content),) = figure.picture._repr_mimebundle_()[0].items()
    assert (kind, base64.b64decode(content)[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("colour", [figures.INK, figures.ACCENT, figures.GREY])
def test_colours_of_type_and_figures_stand_out_from_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(figures.INK, figures.PALE) >= 4.5
    assert contrast(figures.PALE, "#ffffff") >= 3


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
