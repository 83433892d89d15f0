"""Charts say in words what they show, and are drawn the same way each time."""

import base64
import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pandas as pd
import pytest
from PIL import Image

from analysis.counting.crosstabs import Axis, crosstab
from analysis.display import charts, drawing, figures, range_plots
from analysis.display.figures import Figure
from analysis.reanalysis import article_charts, article_model, article_model_drawing, derived
from analysis.study import code_tree, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import formatting

SVG = "{http://www.w3.org/2000/svg}"
WHITE, DARK = "#ffffff", "#16181c"
POINTS_OF_A_COLUMN = 160 / 25.4 * 72
DRAWN = [
    article_charts.stage_by_power,
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


@pytest.mark.thorough
def test_a_chart_is_the_same_picture_each_time(twice: tuple[Figure, Figure]) -> None:
    one, again = twice
    assert one == again
    ET.fromstring(one.svg)  # noqa: S314, well-formed XML of our own


def test_a_chart_in_a_page_has_alternative_text_and_caption(twice: tuple[Figure, Figure]) -> None:
    page = ET.fromstring(re.sub("(<(img|source) [^>]*)>", r"\1/>", twice[0]._repr_html_()))  # noqa: S314
    (image,), caption = [*page.iter("img")], page.find("figcaption")
    assert len(image.attrib["alt"]) > 100
    assert caption is not None
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


def texts(picture: Figure, narrow: bool = False) -> list[str]:
    drawn = ET.fromstring(picture.narrow if narrow else picture.svg)  # noqa: S314
    return ["".join(element.itertext()) for element in drawn.iter(f"{SVG}text")]


def test_every_interviewee_has_a_column_with_its_count_and_none_of_an_article_is_named(study: Evidence) -> None:
    per_interviewee = study.passages["interviewee"].value_counts()
    drawn = texts(charts.passages_per_interviewee(study))
    assert sorted(int(text) for text in drawn if text.isdecimal()) == sorted(per_interviewee)
    assert not set(per_interviewee.index) & set(drawn)


def test_columns_of_a_study_of_ones_own_are_named(study: Evidence) -> None:
    own = dataclasses.replace(study, study=dataclasses.replace(study.study, article={}))
    assert set(study.passages["interviewee"].dropna()) <= set(texts(charts.passages_per_interviewee(own)))


def test_every_count_and_both_ends_of_its_range_are_in_the_picture(study: Evidence) -> None:
    cells = charts.cells_by_name(study, Axis("power"), Axis("stage", basis="lead-in"), "passage")
    ranged = cells[cells["lowest"] != cells["highest"]]
    picture = article_charts.stage_by_power(study)
    figures = sorted(int(text) for text in texts(picture) if text.isdecimal())
    assert figures == sorted([*cells["count"], *ranged["lowest"], *ranged["highest"]])
    ends = [formatting.span(*ends) for ends in ranged[["lowest", "highest"]].to_numpy().tolist()]
    beside = [text for text in texts(picture, narrow=True) if text.startswith(" (")]
    assert beside == [f" ({end})" for end in ends]


def test_what_is_not_stated_is_grey_and_every_kind_of_power_has_a_shape_of_its_own(study: Evidence) -> None:
    looks = article_charts.LOOKS
    assert set(looks) == set(code_tree.codes_at(study.codes, "power", "dimension"))
    assert len({look.shape for look in looks.values()}) == len({look.colour for look in looks.values()}) == len(looks)
    plot = range_plots.Plot(pd.DataFrame(), {"Resource power": looks["resource"]}, apart=["not stated"])
    assert plot.look("Resource power", "not stated") == (figures.GREY, looks["resource"].shape)
    assert plot.look("Resource power", "initiation") == looks["resource"]


def test_a_drawing_for_a_phone_fits_between_its_margins(twice: tuple[Figure, Figure]) -> None:
    if narrow := twice[0].narrow:
        assert figures.size(narrow)[0] <= 358


def test_a_chart_fills_a_column_and_no_type_is_smaller_than_8_points_on_paper(twice: tuple[Figure, Figure]) -> None:
    svg = twice[0].svg
    width = figures.size(svg)[0]
    assert abs(width - figures.COLUMN) <= 3
    units = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)(?:px)?"', svg)}
    assert sizes
    assert min(sizes) * POINTS_OF_A_COLUMN / units >= 8


def test_a_page_holds_both_drawings_in_one_picture_that_is_the_wide_one_alone(study: Evidence) -> None:
    figure = article_charts.stage_by_power(study)
    whole = ET.fromstring(figure.inlined)  # noqa: S314
    wide, narrow = whole.findall(f"{SVG}svg")
    assert (wide.get("class"), narrow.get("class"), narrow.get("display")) == ("wide", "narrow", "none")
    assert "id" not in {name for element in whole.iter() for name in element.attrib}, "two pictures would share it"
    assert dataclasses.replace(figure, svg=figure.inlined).png() == figure.png()


def test_the_model_shows_every_step_and_every_node_with_its_own_kind_of_number(study: Evidence) -> None:
    picture = article_model_drawing.draw_article_model(study)
    nodes, steps = article_model.nodes(study), article_model.steps(study)
    for narrow in (False, True):
        drawn = texts(picture, narrow)
        assert sorted(int(text) for text in drawn if text.isdecimal()) == sorted(steps["count"])
        counted = [text.split()[0] for text in drawn if text.endswith((" passage", " passages"))]
        assert sorted(map(int, counted)) == sorted(node.passages for node in nodes.values())
        assert article_model.counted_repeatedly(study) in drawn


def test_passages_on_several_arrows_are_counted_once_an_arrow(study: Evidence) -> None:
    several = article_model.on_several_steps(study)
    extracts = [extract for step in article_model.steps(study)["extracts"] for extract in step]
    assert several == {extract: extracts.count(extract) for extract in several}
    assert len(extracts) - len(set(extracts)) == sum(several.values()) - len(several)
    assert all(extract in article_model.counted_repeatedly(study) for extract in several)


def test_a_step_that_no_passage_describes_is_dashed(study: Evidence) -> None:
    picture = article_model_drawing.draw_article_model(study)
    described = article_model.steps(study)["count"] > 0
    for svg in (picture.svg, picture.narrow):
        lines = re.findall(r'<path [^>]*class="course"[^>]*>', svg)
        assert (len(lines), sum("stroke-dasharray" in line for line in lines)) == (
            len(described),
            int((~described).sum()),
        )
    assert picture.alt.count("no passage describes it") == int((~described).sum())


def test_each_arrow_and_each_node_of_the_model_is_a_link_that_says_where_it_leads(study: Evidence) -> None:
    picture = article_model_drawing.draw_article_model(
        study, lambda step: f"supplement.html#{step.claims[0]}", lambda code: f"codebook.html#{code}"
    )
    steps, nodes = article_model.steps(study), article_model.nodes(study)
    for svg in (picture.svg, picture.narrow):
        links = [*ET.fromstring(svg).iter(f"{SVG}a")]  # noqa: S314
        assert {link.attrib["href"] for link in links} == {
            *(f"supplement.html#{claims[0]}" for claims in steps["claims"]),
            *(f"codebook.html#{code}" for code in nodes),
        }
        heard = [link.attrib["aria-label"] for link in links]
        assert len(set(heard)) == len(heard) == len(steps) + len(nodes)
        assert heard == [title.text for title in ET.fromstring(svg).iter(f"{SVG}title")]  # noqa: S314
        assert all(claim in " ".join(heard) for claims in steps["claims"] for claim in claims)


def test_a_step_without_a_place_in_the_drawing_is_named(study: Evidence) -> None:
    model = study.model.assign(source="resource", target="structural")
    with pytest.raises(article_model.ModelError, match="the step resource to structural has no place in the drawing"):
        article_model_drawing.draw_article_model(dataclasses.replace(study, model=model))


def test_the_shares_of_the_histogram_are_those_of_all_readings(study: Evidence) -> None:
    row = derived.effect_size(study, "lead-in", "all")
    picture = article_charts.association_over_readings(study)
    for figure in ("lowest", "median", "highest", "v"):
        assert formatting.rounded(float(row[figure])) in picture.alt
    assert f"{row['readings']:,}" in picture.alt


def test_a_chart_is_the_same_png_each_time(twice: tuple[Figure, Figure]) -> None:
    one, again = (drawn.png() for drawn in twice)
    assert one.startswith(b"\x89PNG")
    assert one == again


def test_the_white_ground_of_a_drawing_fills_whole_pixels() -> None:
    """A view of 740 by 452 is 600 by 366.5 pixels: its lowest would be half transparent."""
    view, ground = re.findall(r"<(?:svg|rect)[^>]*>", drawing.picture([], 740, 452, 600))
    assert 'width="600" height="367" viewBox="0 0 740 452.633"' in view
    assert 'width="740" height="452.633"' in ground


def test_no_drawing_has_transparent_edges(twice: tuple[Figure, Figure]) -> None:
    image = Image.open(io.BytesIO(twice[0].png())).convert("RGBA")
    assert image.getchannel("A").getextrema() == (255, 255)


def test_an_article_takes_the_picture_alone_as_svg_and_png(study: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = charts.passages_per_interviewee(study)
    pictures, sizes = figure.picture._repr_mimebundle_()
    assert pictures["image/svg+xml"] == figure.inlined
    assert base64.b64decode(pictures["image/png"]) == figure.png()
    assert f'viewBox="0 0 {sizes["image/png"]["width"]} {sizes["image/png"]["height"]}"' in figure.inlined
    assert repr(figure.picture) == figure.caption
    monkeypatch.setenv("QUARTO_FIG_FORMAT", "png")  # as Quarto sets it for Word and JATS
    assert list(figure.picture._repr_mimebundle_()[0]) == ["image/png"]
    monkeypatch.setenv("QUARTO_FIG_FORMAT", "pdf")  # and for LaTeX
    ((kind, content),) = figure.picture._repr_mimebundle_()[0].items()
    assert (kind, base64.b64decode(content)[:5]) == ("application/pdf", b"%PDF-")


def stated() -> list[tuple[str, str, float, str, float]]:
    """The colours of charts with their ratios, as the docstring of `figures` has them."""
    row = r"^    ([A-Z_]+) .* (#\w{6}) +([\d.]+):1 +(#\w{6}) +([\d.]+):1$"
    return [
        (name, light, float(on_white), dark, float(on_dark))
        for name, light, on_white, dark, on_dark in re.findall(row, figures.__doc__ or "", re.MULTILINE)
    ]


@pytest.mark.parametrize(("name", "light", "on_white", "dark", "on_dark"), stated())
def test_every_colour_has_the_contrast_that_is_written_beside_it(
    name: str, light: str, on_white: float, dark: str, on_dark: float
) -> None:
    assert getattr(figures, name) == light
    assert contrast(light, WHITE) == pytest.approx(on_white, abs=0.05)
    assert contrast(dark, DARK) == pytest.approx(on_dark, abs=0.05)
    assert inverted(light) == dark
    least = 3 if name == "PALE" else 4.5  # PALE is never type
    assert min(on_white, on_dark) >= least


def test_every_colour_of_type_and_marks_is_listed_and_ink_is_read_on_pale_and_wash() -> None:
    named = {name for name, value in vars(figures).items() if name.isupper() and str(value).startswith("#")}
    assert named - {"TRACK", "WASH"} == {name for name, *_ in stated()}
    for change in (str, inverted):
        assert contrast(change(figures.INK), change(figures.PALE)) >= 3, "a line across the bars"
        assert contrast(change(figures.INK), change(figures.WASH)) >= 4.5
        for look in article_charts.LOOKS.values():
            assert contrast(change(look.colour), change(WHITE)) >= 4.5, "white words on its box"


def test_the_two_strands_of_power_differ_in_grey_from_what_is_made_of_them() -> None:
    looks = article_charts.LOOKS
    for kind, normative in (("structural", "structure-enabled-normative"), ("resource", "resource-enabled-normative")):
        assert contrast(looks[kind].colour, looks[normative].colour) >= 1.5
        assert contrast(looks[normative].colour, WHITE) > contrast(looks[kind].colour, WHITE), "the stronger tint"


def inverted(colour: str) -> str:
    """Return what `invert(1) hue-rotate(180deg)` makes of a colour (CSS Filter Effects)."""
    channels = [255 - int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    rotation = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))
    turned = (sum(part * channel for part, channel in zip(row, channels, strict=True)) for row in rotation)
    return "#" + "".join(f"{min(255, max(0, round(channel))):02x}" for channel in turned)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
