"""Names and texts are text in all that makes HTML: tables, replies, charts, reports and pages."""

import re
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis import study_report
from analysis.display import figures, html_elements
from analysis.display.captioned_tables import CaptionedTable
from analysis.publishing import explorer
from analysis.publishing.published_work import Author, Work
from analysis.publishing.study_pages import PublishedExplorer
from analysis.reanalysis.verification_page import page
from analysis.site.files import downloads
from analysis.site.pages import code_it_yourself, data_dictionary
from analysis.site.pages.evidence_explorer import EvidenceExplorer
from analysis.study.evidence import Evidence
from analysis.teaching.replies import Reply

HOSTILE = "<b>&\"'</b><img src=x onerror=alert(1)>"


WORK = Work(HOSTILE, HOSTILE, (Author(HOSTILE),), HOSTILE, HOSTILE, HOSTILE, HOSTILE, simulated=False)


def tags(made: str) -> set[str]:
    return {element.name for element in BeautifulSoup(made, "html.parser").find_all()}


def hostile(study: Evidence, **tables: dict[str, Any]) -> Evidence:
    """Return the study with a hostile text in columns of its tables."""
    changed = {
        name: getattr(study, name).assign(**{column: getattr(study, name)[column] + HOSTILE for column in columns})
        for name, columns in tables.items()
    }
    return Evidence(**{**{name: getattr(study, name) for name in study.__dataclass_fields__}, **changed})


@pytest.fixture(scope="module")
def spoiled(study: Evidence) -> Evidence:
    return hostile(
        study,
        sources=("label", "title"),
        codes=("name", "definition", "include", "exclude", "boundary"),
        extracts=("gist",),
        codings=("rationale",),
        facets=("description",),
        coders=("description",),
        claims=("claim", "quantity"),
    )


def test_a_sheet_shows_its_caption_and_every_name_as_text() -> None:
    for named in (HOSTILE, None):
        index, columns = pd.Index([HOSTILE], name=HOSTILE), pd.Index([HOSTILE], name=named)
        made = CaptionedTable(pd.DataFrame([[HOSTILE]], index=index, columns=columns), HOSTILE)._repr_html_()
        assert not {"b", "img"} & tags(made)
        found = BeautifulSoup(made, "html.parser")
        assert found.caption is not None
        assert found.caption.get_text() == HOSTILE
        assert found.get_text().count(HOSTILE) >= 4
    several = pd.DataFrame(
        [[1]], index=pd.MultiIndex.from_tuples([(HOSTILE, "a")], names=[HOSTILE, "x"]), columns=["n"]
    )
    assert not {"b", "img"} & tags(CaptionedTable(several, "T")._repr_html_())


def test_replies_pictures_and_pieces_of_pages_show_names_as_text() -> None:
    table = pd.DataFrame({HOSTILE: [HOSTILE]}, index=pd.Index([HOSTILE], name=HOSTILE))
    picture = figures.Figure("<svg xmlns='http://www.w3.org/2000/svg'/>", HOSTILE, HOSTILE)
    for made in (
        Reply(HOSTILE, (HOSTILE,), (HOSTILE,), (CaptionedTable(table, HOSTILE),))._repr_html_(),
        picture._repr_html_(),
        html_elements.figure(picture).replace("<img ", "<picture ", 1),
        html_elements.frame(HOSTILE, table),
        html_elements.bullets([html_elements.text(HOSTILE)]),
        html_elements.paragraph(HOSTILE),
    ):
        found = BeautifulSoup(made, "html.parser")
        assert not found.find_all("b")
        assert not found.find_all(attrs={"onerror": True})


def test_the_report_of_verify_shows_names_as_text(spoiled: Evidence) -> None:
    made = page(spoiled, 1, 1, [])
    assert HOSTILE in BeautifulSoup(made, "html.parser").get_text()
    assert not {"b", "img"} & tags(made)


def test_the_report_on_a_study_shows_names_as_text(spoiled: Evidence) -> None:
    made = study_report.report(spoiled, study_report.asked(spoiled), HOSTILE, HOSTILE).html
    found = BeautifulSoup(made, "html.parser")
    assert HOSTILE in found.get_text()
    assert not found.find_all("b")
    assert not found.find_all(attrs={"onerror": True})


def test_pages_of_the_site_show_names_as_text(spoiled: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    package = downloads.package()
    for resource in package["resources"]:
        resource["path"] = f"{resource['path'].partition('/')[0]}/{HOSTILE}"
        resource["description"] = resource["title"] = HOSTILE
        for field in resource["schema"]["fields"]:
            field["name"] = field["description"] = HOSTILE
    monkeypatch.setattr(downloads, "package", lambda: package)
    for made in (
        explorer.chart(EvidenceExplorer(spoiled, "evidence/index.html")),
        explorer.passages(EvidenceExplorer(spoiled, "evidence/index.html")),
        explorer.passages(PublishedExplorer(spoiled, WORK)),
        code_it_yourself.choices(spoiled),
        data_dictionary.tables_of_evidence(spoiled),
        data_dictionary.derived_tables(spoiled),
    ):
        without_headings = re.sub(r"\n#+ .*\n", "", made)  # these are Markdown, in which each sign is escaped
        assert not {"b", "img"} & tags(without_headings)
