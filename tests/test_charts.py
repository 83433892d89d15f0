"""Charts say in words what they show, and are drawn the same way each time."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from analysis import charts, counts, numbers, structure
from analysis.charts import Picture
from analysis.counts import Axis, crosstab
from analysis.evidence import Evidence

DRAWN = [
    charts.stage_by_power,
    charts.stage_ranges,
    charts.passages_per_interviewee,
    charts.documents_and_interviews,
]


@pytest.mark.parametrize("draw", DRAWN)
def test_a_chart_is_the_same_picture_each_time(draw: Callable[[Evidence], Picture], study: Evidence) -> None:
    picture = draw(study)
    assert picture == draw(study)
    ET.fromstring(picture.svg)  # noqa: S314, well-formed XML of our own


@pytest.mark.parametrize("draw", DRAWN)
def test_a_chart_in_a_page_has_alternative_text_and_caption(
    draw: Callable[[Evidence], Picture], study: Evidence
) -> None:
    page = ET.fromstring(draw(study)._repr_html_().replace('"><fig', '"/><fig'))  # noqa: S314
    image, caption = page
    assert len(image.attrib["alt"]) > 100
    assert caption.text


def test_the_alternative_text_gives_every_count(study: Evidence) -> None:
    picture = charts.stage_by_power(study, "interviewee")
    table = crosstab(study, Axis("power"), Axis("stage", basis="lead-in"), "interviewee").set_index(["row", "column"])
    names = structure.names(study.codes, "power")
    for power in structure.codes_at(study.codes, "power", "dimension"):
        part = picture.alt.split(f"{names[power]}: ")[1].split(";")[0]
        for stage in structure.codes_at(study.codes, "stage", "stage"):
            count, lowest, highest = table.loc[(power, stage), ["count", "lowest", "highest"]]
            assert f"{stage} {numbers.with_span(count, lowest, highest)}" in part.rstrip(".").split(", ")
    assert counts.ALL not in picture.svg


def test_every_count_stands_in_the_picture(study: Evidence) -> None:
    drawn = ET.fromstring(charts.passages_per_interviewee(study).svg)  # noqa: S314
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    per_interviewee = study.passages["interviewee"].value_counts()
    assert set(per_interviewee.index) <= set(texts)
    # Beside the marks of the axis (each count once at the most), every bar has its figure.
    figures = [text for text in texts if text and text.isdecimal()]
    axis = list(range(int(per_interviewee.max()) + 1))
    assert sorted(map(int, figures)) == sorted([*axis, *per_interviewee])
