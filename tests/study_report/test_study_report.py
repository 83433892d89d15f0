"""A coded study of any shape is checked and reported on; the report is a page that anyone can read by itself."""

import dataclasses
import io
import json
import re
import stat
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import lxml.etree
import lxml.html
import pandas as pd
import pytest
import python_calamine
from browser import Visiting
from command_line import run
from document_checks import _fetched
from example_counts import some
from general import general
from studies import CODES, made

from analysis import study_report
from analysis.agreement import readers
from analysis.counting.crosstabs import Axis, crosstab
from analysis.study import code_tree, coders, evidence, loading, overview, package, simulated_label
from analysis.study.evidence import Evidence
from analysis.study.places import Places
from analysis.study_report import (
    ReportError,
    about,
    asked,
    code_growth,
    coded_passages,
    coded_text,
    coder_agreement,
    coding_structure,
    crossings,
    interviewees,
    other_forms,
)
from analysis.study_report.asked import LeftOut
from analysis.support.errors import CompendiumError
from analysis.teaching import simulation
from analysis.teaching.simulation import Parameters

pytestmark = pytest.mark.slow  # dozens of reports, each with its charts


def page(study: Evidence, **options: object) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(study_report.report(study, asked(study, **options), "a command").html)


PARTS: dict[str, Callable[[Evidence, study_report.Asked], str | LeftOut]] = {
    "study": about.study,
    "reading": about.reading,
    "codes": coding_structure.structures,
    "agreement": coder_agreement.agreements,
    "crossings": crossings.crossings,
    "interviewees": interviewees.spread,
}


def part(key: str, study: Evidence, **options: object) -> lxml.html.HtmlElement:
    """Return one section of a report, made alone; of one that is left out, why."""
    body = PARTS[key](study, asked(study, **options))
    made_alone = f"<p>{body.why}</p>" if isinstance(body, LeftOut) else body
    return lxml.html.fragment_fromstring(made_alone, create_parent="section")


def said(node: lxml.html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def section(root: lxml.html.HtmlElement, key: str) -> lxml.html.HtmlElement:
    (found,) = root.xpath(f"//section[@aria-labelledby='{key}']")
    return found


def table(root: lxml.html.HtmlElement, caption: str) -> dict[str, dict[str, str]]:
    """Return the cells of a table by the heads of their rows and columns."""
    (found,) = [
        node
        for node in root.iter("table")
        if re.sub(r"^Table \d+\. ", "", said(node.find("caption"))).startswith(caption)
    ]
    heads = [said(th) for th in found.xpath("thead/tr/th")]
    return {
        said(row[0]): dict(zip(heads[1:], [said(cell) for cell in row[1:]], strict=True))
        for row in found.xpath("tbody/tr[count(*) > 1]")
    }


GENERAL, ONE_CODER, DOCUMENTS = "two coders, several codes a passage", "one coder", "documents only"
SIMULATED = simulation.study(Parameters(interviewees=6, passages=30), 1)
SHAPES: dict[str, Callable[[], Evidence]] = {
    "simulated": lambda: SIMULATED,
    GENERAL: general,
    ONE_CODER: lambda: general(coders=1),
    DOCUMENTS: lambda: general(kind="document"),
    "sixty codes": lambda: general(themes=60, passages=40),
    "one passage": lambda: general(passages=1, sources=1, themes=1, coders=1),
    "a facet without codings": lambda: dataclasses.replace(
        general(), codings=general().codings.query("facet != 'tone'").reset_index(drop=True)
    ),
    "a facet without codes": lambda: general(tones=()),
    "an exclusive facet and four coders": lambda: general(exclusive=True, coders=4, passages=20),
    "passages without any coding": lambda: made(CODES, [("T01", "P01", ""), ("T02", "P02", "")], []),
}


@cache
def reported(shape: str) -> study_report.Report:
    """Return the report on a study of a shape with nothing chosen, made once for all tests that look at it."""
    study = SHAPES[shape]()
    return study_report.report(study, asked(study), "a command")


@cache
def document() -> bytes:
    """Return the Word document of a report, made once."""
    return other_forms.document(reported("simulated").html)


def page_of(shape: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(reported(shape).html)


any_shape = pytest.mark.parametrize("shape", SHAPES)


# --- any shape


@any_shape
def test_every_shape_gets_a_report_whose_parts_all_say_something(shape: str) -> None:
    root = page_of(shape)
    assert len(root.xpath("//h1")) == 1
    for part in root.xpath("//section"):
        title = said(part.find("h2"))
        assert len(said(part)) > len(title) + 20, f"{title} says nothing"
    text = said(root.find("body"))
    assert re.search(r"\b(nan|NaN|None|Traceback|inf)\b|[{}]", text) is None


@any_shape
def test_a_report_on_any_shape_asks_for_nothing(shape: str) -> None:
    root = page_of(shape)
    assert list(_fetched(root)) == []
    assert not root.xpath("//script|//iframe|//link[@rel!='icon']")


@pytest.mark.parametrize("shape", some(["simulated", GENERAL, "an exclusive facet and four coders"], 1))
def test_a_report_is_the_same_page_each_time(shape: str, draw_anew: Callable[[], None]) -> None:
    study, first = SHAPES[shape](), reported(shape)
    draw_anew()
    assert study_report.report(study, asked(study), "a command") == first


@any_shape
def test_every_table_has_a_caption_of_its_own_and_heads_with_a_scope(shape: str) -> None:
    root = page_of(shape)
    captions = [said(caption) for caption in root.xpath("//caption")]
    assert [caption.split(".")[0] for caption in captions] == [f"Table {n}" for n in range(1, len(captions) + 1)]
    assert len({caption.split(". ", 1)[1] for caption in captions}) == len(captions)
    assert not root.xpath("//th[not(@scope)]|//th[not(normalize-space())][@scope='row']")
    assert all(image.get("alt") for image in root.xpath("//img"))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in root.xpath("//a[starts-with(@href, '#')]")} <= set(ids)


def test_what_somebody_typed_is_shown_and_not_obeyed() -> None:
    study = general()
    codes = study.codes.assign(definition="<script>alert(1)</script> & more", name=study.codes["name"] + " <b>")
    root = page(dataclasses.replace(study, codes=codes))
    assert not root.xpath("//script")
    assert "<script>alert(1)</script> & more" in said(section(root, "codes"))
    assert said(root.find(".//h1")) == "A study of <any> shape"


@pytest.mark.parametrize(
    ("name", "view"), some(product(["simulated", GENERAL, "sixty codes"], [(1440, "light"), (390, "dark")]), 2)
)
def test_a_report_passes_axe_and_does_not_scroll_sideways(
    visit: Visiting, tmp_path: Path, name: str, view: tuple[int, str]
) -> None:
    file = tmp_path / "report.html"
    file.write_text(reported(name).html, encoding="utf-8")
    seen = visit(file, *view)
    assert (seen.asked, seen.console, seen.violations, seen.too_wide) == ([], [], [], 0)


# --- what it says


@pytest.fixture(scope="module")
def committed(study: Evidence) -> lxml.html.HtmlElement:
    """The report on the committed study."""
    return page(study)


def test_the_committed_study_is_told_as_its_tables_are(
    study: Evidence, committed: lxml.html.HtmlElement, visit: Visiting, tmp_path: Path
) -> None:
    root = committed
    cells = table(root, "Stage by power: passages")
    names = code_tree.names(study.codes, "power") | code_tree.names(study.codes, "stage")
    for row in crosstab(study, Axis("power"), Axis("stage")).itertuples():
        if row.row in names and row.column in names:
            assert cells[names[row.row]][names[row.column]].split(" ")[0] == str(row[3])
    readers = "reader-a, reader-b, reader-c, reader-d, reader-e and reader-f"
    agreed = table(root, f"Agreement of {readers} on stage")
    assert set(agreed) >= {"Percent agreement", "Fleiss' kappa", "Krippendorff's alpha", "Gwet's AC1"}
    text = said(root.find("body"))
    assert "significan" not in text.replace("No test of significance is made", "")
    assert "*" not in text
    file = tmp_path / "report.html"
    file.write_text(lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"), encoding="utf-8")
    assert visit(file, 390, "light").violations == []


def test_counts_are_in_the_units_that_the_study_has_or_in_the_one_that_was_asked_for() -> None:
    codes = "Codes of theme: how many passages support each"
    assert list(table(page_of(GENERAL), codes)["Theme 0"]) == ["Passages", "Interviewees"]
    assert list(table(page_of(DOCUMENTS), codes)["Theme 0"]) == ["Passages"]
    assert list(table(part("codes", general(), unit="interviewee"), codes)["Theme 0"]) == ["Interviewees"]
    with pytest.raises(ReportError, match="No passage is from an interviewee"):
        asked(general(kind="document"), unit="interviewee")


def test_every_unit_that_is_counted_is_explained_and_no_other() -> None:
    units = {"A passage is": "passage", "A distinct statement is": "statement", "An interviewee counts": "interviewee"}
    for study, options in ((general(), {}), (general(kind="document"), {}), (SIMULATED, {"unit": "statement"})):
        told = said(part("reading", study, **options))
        assert {unit for words, unit in units.items() if words in told} == set(asked(study, **options).units)


def test_a_unit_that_would_count_the_same_is_said_to_be_left_out() -> None:
    left_out = "distinct statements would have the same counts"
    study = general()
    assert left_out in said(part("reading", study))
    first, *others = study.extracts["extract_id"]
    repeating = study.extracts.assign(repeats=["", first, *("" for _ in others[1:])])
    assert left_out not in said(part("reading", dataclasses.replace(study, extracts=repeating)))


def test_codes_of_several_coders_of_record_are_said_to_be_put_together() -> None:
    joint = "it has every code that any of them gave it"
    assert joint in said(section(page_of(GENERAL), "study"))
    assert joint not in said(section(page_of(ONE_CODER), "study"))


def test_what_is_compared_and_by_which_distance_is_said() -> None:
    study = general(passages=10)
    some = ~((study.codings["coder_id"] == "Coder_1") & (study.codings["extract_id"] == "x.3"))
    told = said(part("agreement", dataclasses.replace(study, codings=study.codings[some].reset_index(drop=True))))
    assert "10 passages were coded by one of them at least, 9 by two or more. Only these 9 are compared." in told
    assert "not on what to mark" in told
    assert "MASI's distance" in told
    whole = said(part("agreement", general(passages=10, exclusive=True)))
    assert "10 passages were coded, each by two of them at least." in whole
    assert "MASI" not in whole
    assert "not on what to mark" not in whole


def test_a_coder_of_unknown_kind_stands_out_and_is_given_none() -> None:
    study = general()
    unknown = dataclasses.replace(study, coders=study.coders.assign(kind=["unknown", "person"]))
    assert "It is not said what kind of coder Coder_0 is (coders.csv)." in overview.remarks(unknown)
    told = said(part("agreement", unknown))
    assert "This compares Coder_0 and Coder_1 (person)" in told
    assert not any("what kind of coder" in remark for remark in overview.remarks(study))


@any_shape
def test_no_paragraph_is_empty(shape: str) -> None:
    assert [node for node in page_of(shape).iter("p") if not said(node)] == []


def test_a_tree_is_indented_and_counts_with_what_is_below() -> None:
    root = page_of("simulated")
    cells = table(root, "Simulated data. Codes of power: how many")
    first = [code for code in cells if code.startswith("Simulated power 1.")]
    assert int(cells["Simulated power 1"]["Passages"]) == sum(int(cells[code]["Passages"]) for code in first)
    indents = {said(th): th.get("style") for th in section(root, "codes").xpath(".//tbody/tr/th")}
    assert indents["Simulated power 1"] is None
    assert indents["Simulated power 1.1"] == "padding-left: 1em"


def test_the_rules_of_a_code_are_shown_where_it_has_any() -> None:
    study = general()
    codes = study.codes.copy()
    codes.loc[codes["code_id"] == "t1", ["include", "boundary"]] = ["What is promised.", "A joke."]
    root = part("codes", dataclasses.replace(study, codes=codes))
    rules = table(root, "Rules for the codes of theme")
    assert rules == {"Theme 1": {"Include": "What is promised.", "At the edge": "A joke."}}
    assert "Rules for the codes of tone" not in said(root)


def test_levels_and_facets_can_be_chosen() -> None:
    root = part("crossings", SIMULATED, facets=["power", "stage"], levels=["first-order"])
    assert "Simulated power 1.1" in table(root, "Simulated data. Stage by power: passages")
    assert [said(h3) for h3 in part("codes", SIMULATED, facets=["stage"]).iter("h3")] == ["Stage"]
    assert "there is one facet only" in said(part("crossings", SIMULATED, facets=["stage"]))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"facets": ["mood"]}, "no facet 'mood' with codes. Choose among power and stage"),
        ({"levels": ["third-order"]}, "no level 'third-order'. Choose among dimension, first-order and stage"),
        ({"unit": "page"}, "no unit 'page'"),
    ],
)
def test_what_cannot_be_shown_is_told_with_the_choices(options: dict[str, object], told: str) -> None:
    with pytest.raises(CompendiumError, match=told):
        asked(SIMULATED, **options)


def test_large_facets_are_crossed_only_by_name() -> None:
    study = general(themes=crossings.MOST_CODES + 1, passages=30)
    told = said(part("crossings", study))
    assert "One pair of facets is left out for size, with more than 12 codes in a facet: tone by theme." in told
    by_name = part("crossings", study, facets=["theme", "tone"])
    assert "Tone by theme" in [said(h3) for h3 in by_name.iter("h3")]


def with_gists(study: Evidence) -> Evidence:
    return dataclasses.replace(study, extracts=study.extracts.assign(gist="Somebody said something."))


def branches(codings: list[tuple[str, str]], branches: int = 8) -> Evidence:
    """Return a study with facets q1, q2 and so on, of two codes each; codings are passages with a code such as q7-yes."""
    study = general(coders=1)
    ids = [f"q{n}" for n in range(1, branches + 1)]
    given = [
        (extract, "Coder_0", code.partition("-")[0], code, "primary", "supports", "wording", "")
        for extract, code in codings
    ]
    facets = [(facet, False, False, "") for facet in ids]
    codes = [
        (facet, f"{facet}-{name}", facet, "", n, name, "", "", "", "")
        for facet in ids
        for n, name in enumerate(("yes", "no"), start=1)
    ]
    frames = {
        name: pd.DataFrame(rows, columns=getattr(study, name).columns)
        for name, rows in {"codings": given, "facets": facets, "codes": codes}.items()
    }
    record = dict.fromkeys(ids, ("Coder_0",))
    return dataclasses.replace(study, study=dataclasses.replace(study.study, coding_of_record=record), **frames)


def heads(root: lxml.html.HtmlElement) -> list[str]:
    return [said(h3) for h3 in root.iter("h3")]


def test_pairs_of_facets_without_a_passage_are_left_out_and_counted() -> None:
    root = part("crossings", branches([("x.0", "q7-yes"), ("x.0", "q8-no")]))
    assert heads(root) == ["Q8 by q7"]
    told = said(root)
    assert "27 pairs of facets are left out, since no passage has codes of both: q2 by q1" in told
    assert "and 17 more" in told
    none = said(part("crossings", branches([("x.0", "q7-yes"), ("x.1", "q8-no")])))
    assert none == "no passage has codes of two facets"


def test_facets_of_which_a_code_was_given_are_counted_by_each_other_first() -> None:
    study = branches([("x.0", "q7-yes"), ("x.0", "q8-no")])
    assert overview.two_facets(study) == ("q7", "q8")
    assert overview.two_facets(study, rows="q8") == ("q8", "q7")
    assert overview.two_facets(study, rows="q1") == ("q1", "q7")


def test_pairs_of_facets_that_most_passages_have_come_first() -> None:
    chain = [(f"x.{n}", f"q{q}-yes") for q in range(1, 9) for n in range(q, 12)]
    root = part("crossings", branches(chain))
    shown = heads(root)
    assert shown == ["Q2 by q1", "Q3 by q1", "Q3 by q2", "Q4 by q1", "Q4 by q2", "Q4 by q3"]
    assert "22 pairs of facets are left out, with no more passages than those above: q5 by q1" in said(root)
    by_name = part("crossings", branches(chain), facets=["q7", "q8"])
    assert heads(by_name) == ["Q8 by q7"]


def test_accumulation_is_drawn_for_the_facets_that_have_codes() -> None:
    codings = [(f"x.{n}", f"q{q}-yes") for q in (7, 8) for n in range(4)]
    told = said(part("interviewees", branches(codings)))
    assert "since no passage of an interviewee has one of their codes: q1, q2, q3, q4, q5 and q6" in told


def unnamed(study: Evidence, *which: str) -> Evidence:
    """Return a study in which nobody is named for what some coders gave."""
    names = {coder: f"nobody-named{f'-{n}' if n else ''}" for n, coder in enumerate(which)}
    record = {
        facet: tuple(names.get(one, one) for one in coders) for facet, coders in study.study.coding_of_record.items()
    }
    return dataclasses.replace(
        study,
        codings=study.codings.replace({"coder_id": names}),
        coders=study.coders.replace({"coder_id": names}),
        study=dataclasses.replace(study.study, coding_of_record=record),
    )


@pytest.mark.parametrize("which", [["Coder_1"], ["Coder_0", "Coder_1"]])
def test_nobody_is_compared_with_codings_that_nobody_is_named_for(which: list[str]) -> None:
    study = unnamed(general(), *which)
    root = part("agreement", study)
    told = said(root)
    assert "one coder at most is named for every facet" in told
    assert "codings: counted above, and not compared here" in told
    assert not root.xpath(".//table")
    assert readers.agreement_of_groups(study).empty
    assert any(
        "by nobody who is named: counted, and compared with no coder's" in one for one in overview.remarks(study)
    )
    assert "by nobody who is named" in overview.facts(study)["Codings"]


def test_readers_are_compared_without_those_whom_nobody_names() -> None:
    study = unnamed(general(coders=3), "Coder_1")
    assert readers.coders_of(study, "theme") == ["Coder_0", "Coder_2"]
    assert "This compares Coder_0 (person) and Coder_2 (person)" in said(part("agreement", study))
    beside = coders.side_by_side(study, "theme").set_index("extract_id")
    named = beside["Coder_0"] == beside["Coder_2"]
    assert list(beside["same_primary"]) == list(named)


def test_coders_with_one_name_in_the_project_are_said_to_be_one_person_perhaps() -> None:
    study = general()
    told = f"Called 'ann' in the project, {coders.ONE_NAME}."
    study = dataclasses.replace(study, coders=study.coders.assign(description=told))
    assert "The project has one name for Coder_0 and Coder_1." in said(part("agreement", study))
    assert any("one name for Coder_0 and Coder_1" in one for one in overview.remarks(study))


def test_coders_who_share_no_passage_are_not_compared() -> None:
    study = general(passages=10)
    odd = study.codings["extract_id"].str[-1].astype(int) % 2
    apart = (study.codings["coder_id"] == "Coder_1") == (odd == 1)
    told = said(part("agreement", dataclasses.replace(study, codings=study.codings[apart].reset_index(drop=True))))
    assert "0 by two or more" in told
    assert "nothing can be compared" in told


def test_disagreements_are_listed_and_capped() -> None:
    study = general(passages=60, coders=2, exclusive=True)
    differ = part("agreement", study).xpath(".//table[contains(caption, 'Differences')]")
    assert len(differ) == 1
    assert "the first 25 of" in said(differ[0].find("caption"))
    assert [said(th) for th in differ[0].xpath("thead/tr/th")] == ["Passage", "Coder_0", "Coder_1"]
    assert len({said(th) for th in differ[0].xpath("tbody/tr/th")}) == len(differ[0].xpath("tbody/tr")) == 25


def test_differences_come_with_gist_and_reason_where_coders_gave_them(committed: lxml.html.HtmlElement) -> None:
    differ, _ = section(committed, "agreement").xpath(".//table[contains(caption, 'Differences')]")
    heads = [said(th) for th in differ.xpath("thead/tr/th")]
    assert heads == ["Passage", "Gist", "Coder", "Chosen", "Also allowed", "Why"]
    assert all(said(th) for th in differ.xpath("tbody/tr/th"))


def test_one_interviewee_or_none_has_nothing_to_spread() -> None:
    assert "from one" in said(part("interviewees", general(sources=1)))
    left_out = said(section(page_of(DOCUMENTS), "made"))
    assert "Interviewees and saturation: no passage is from an interviewee." in left_out


def test_passages_that_are_too_many_for_a_page_go_into_a_file_beside_it() -> None:
    many = with_gists(general(passages=coded_passages.MOST_ROWS))
    assert reported(GENERAL).passages is None
    report = study_report.report(many, asked(many), "a command", "all-of-them.csv")
    assert report.passages is not None
    assert len(report.passages.splitlines()) == 1 + len(many.record)
    root = lxml.html.fromstring(report.html)
    assert root.xpath("//a[@href='all-of-them.csv']")
    shown = root.xpath("//table[contains(caption, 'Passages by theme')]/tbody/tr/th[@scope='row']")
    assert len(shown) == coded_passages.FIRST * 5


def test_a_simulated_study_says_so_everywhere() -> None:
    root = page_of("simulated")
    assert said(root.find(".//title")).startswith("Simulated data. ")
    assert "Simulated data." in said(root.xpath("//header//*[@role='note']")[0])
    for caption in root.xpath("//caption|//figcaption"):
        assert re.match(r"(Table|Figure) \d+\. Simulated data\. ", said(caption))


def test_progress_is_told_section_by_section() -> None:
    lines: list[str] = []
    study = SHAPES["one passage"]()
    study_report.report(study, asked(study), "a command", tell=lines.append)
    assert lines[0] == f"1 of {len(lines)}: The study"


# --- overview


def test_what_stands_out_is_told() -> None:
    study = general(passages=20, themes=5, coders=2)
    codings = study.codings
    few = codings[(codings["coder_id"] == "Coder_0") | (codings["extract_id"] == "x.1")]
    few = few[(few["extract_id"] != "x.0") & (few["code_id"] != "t3")].reset_index(drop=True)
    coders = pd.concat([study.coders, pd.DataFrame([("Idle", "person", "")], columns=study.coders.columns)])
    told = overview.remarks(dataclasses.replace(study, codings=few, coders=coders))
    assert "Seven codes without a definition: Theme 0, Theme 1, Theme 2, Theme 3, Theme 4, Good and Bad." in told
    assert "One code that nobody gave: Theme 3." in told
    assert "One passage without any code: x.0." in told
    assert "Coder Idle coded nothing." in told
    assert any(remark.startswith("Few passages on theme were coded by Coder_1 (1), of ") for remark in told)
    assert any(re.fullmatch(r"Facet tone: the coding of record gives \d+ of 20 passages a code\.", one) for one in told)


def test_a_study_with_nothing_amiss_has_no_remarks() -> None:
    assert overview.remarks(simulation.study(Parameters(interviewees=6, passages=60, first_order=1), 1)) == []


# --- commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    package.write(general(), tmp_path / "mine")
    return tmp_path / "mine"


def test_a_written_study_is_checked(folder: Path) -> None:
    ran = run("study", "check", folder)
    assert ran.returncode == 0
    assert "A study of <any> shape" in ran.stdout
    assert "Facet theme (several codes a passage): codes theme 5; passages coded by Coder_0 12 of record" in ran.stdout
    assert ran.stdout.splitlines()[-1].endswith("mine is valid, with two notes.")


def test_a_study_that_breaks_a_rule_ends_with_1_and_one_that_cannot_be_read_with_2(folder: Path) -> None:
    file = folder / "evidence" / "codings.csv"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(",supports,", ",agrees,", 1), encoding="utf-8")
    ran = run("study", "check", folder)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "codings.csv, row 2, field stance" in ran.stderr
    file.write_text(whole.replace("extract_id,", "passage,", 1), encoding="utf-8")
    ran = run("study", "check", folder)
    assert ran.returncode == 2
    assert "missing column extract_id" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_report_is_written_with_its_passages_and_no_path_of_the_machine(tmp_path: Path) -> None:
    package.write(with_gists(general(passages=coded_passages.MOST_ROWS)), tmp_path / "mine")
    target = tmp_path / "out" / "report.html"
    ran = run("study", "report", tmp_path / "mine", "--into", target, "--facets", "theme, tone", "--unit", "passage",
              "--ignore-disclosure-findings")  # fmt: skip
    assert ran.returncode == 0
    assert sorted(file.name for file in target.parent.iterdir()) == ["report-passages.csv", "report.html"]
    text = target.read_text(encoding="utf-8")
    assert (
        "python -m analysis study report mine --facets theme, tone --unit passage --ignore-disclosure-findings" in text
    )
    assert str(tmp_path) not in text
    assert "1 of 13: The study" in ran.stdout


def test_a_report_that_cannot_be_made_leaves_what_was_there(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("an earlier one")
    ran = run("study", "report", folder, "--into", target, "--facets", "mood")
    assert ran.returncode == 2
    assert ran.stderr.startswith("analysis: There is no facet 'mood'")
    assert target.read_text() == "an earlier one"


def in_all_forms(page: Path) -> list[str]:
    """Return what is in a page, in the Word document and in the workbook beside it."""
    parts = [page.read_text(encoding="utf-8")]
    for end in (".docx", ".xlsx"):
        with zipfile.ZipFile(page.with_suffix(end)) as archive:
            parts.append("".join(archive.read(name).decode(errors="replace") for name in archive.namelist()))
    return parts


def test_the_wording_is_shown_only_when_asked_for_and_then_marked(folder: Path, tmp_path: Path) -> None:
    private = folder / "private"
    private.mkdir()
    (private / "wording.csv").write_text(
        "owner_id,n,wording,cited_as\nx.0,1,Said in so many words.,\n", encoding="utf-8"
    )
    target = tmp_path / "report.html"
    without = ("--docx", "--xlsx", "--ignore-disclosure-findings")
    assert run("study", "report", folder, "--into", target, *without).returncode == 0
    assert not any("in so many words" in form for form in in_all_forms(target))
    private_forms = ("--with-wording", "--docx", "--xlsx")
    ran = run("study", "report", folder, "--into", target, *private_forms, "--ignore-disclosure-findings")
    assert ran.returncode == 0
    if sys.platform != "win32":
        modes = {stat.S_IMODE(target.with_suffix(end).stat().st_mode) for end in (".html", ".docx", ".xlsx")}
        assert modes == {0o600}, "their owner alone may read them"
    assert all("Said in so many words." in form for form in in_all_forms(target))
    root = lxml.html.fromstring(target.read_text(encoding="utf-8"))
    assert "Said in so many words." in said(section(root, "passages"))
    assert said(root.find(".//title")).startswith("Private. ")
    assert "do not share or publish" in said(root.find(".//header"))
    assert root.xpath("//caption[contains(., 'Private. Passages by theme')]")


@pytest.mark.parametrize("command", ["verify", "derive"])
def test_what_belongs_to_the_articles_study_says_so_of_another_and_writes_nothing(folder: Path, command: str) -> None:
    before = sorted(folder.parent.rglob("*"))
    ran = run(command, "--data", folder)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "belong to the study in data/, with its claims; this one has none" in ran.stderr
    assert "study report" in ran.stderr
    assert sorted(folder.parent.rglob("*")) == before


def test_the_first_two_facets_are_counted_where_none_is_named(folder: Path, tmp_path: Path) -> None:
    ran = run("counts", "--data", folder, "--csv")
    assert ran.returncode == 0
    assert ran.stdout == run("counts", "theme", "tone", "--data", folder, "--csv").stdout
    assert overview.two_facets(general(), "tone") == ("tone", "theme")
    package.write(general(tones=()), tmp_path / "one")
    ran = run("counts", "--data", tmp_path / "one")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "one facet, theme, and none to count it by" in ran.stderr


def test_wording_that_is_not_there_is_told(folder: Path, tmp_path: Path) -> None:
    ran = run("study", "report", folder, "--into", tmp_path / "report.html", "--with-wording")
    assert ran.returncode == 2
    assert "wording.csv: the private wording is not here" in ran.stderr
    assert not (tmp_path / "report.html").exists()


# --- packages


def test_a_written_study_is_read_as_it_was(folder: Path) -> None:
    study, read = general(), loading.load(folder)
    assert read.study == study.study
    for name in loading.TABLES:
        assert (
            getattr(read, name).astype(str).to_numpy().tolist() == getattr(study, name).astype(str).to_numpy().tolist()
        )


def test_a_simulated_study_is_read_as_simulated(tmp_path: Path) -> None:
    package.write(SIMULATED, tmp_path / "simulated-one")
    read = loading.load(tmp_path / "simulated-one")
    assert simulated_label.is_simulated(read)
    assert read.study == SIMULATED.study
    assert read.codings.equals(SIMULATED.codings.astype(read.codings.dtypes))
    again = tmp_path / "simulated-two"
    package.write(read, again)
    files = list(again.rglob("*.*"))
    assert files
    for file in files:
        assert file.read_bytes() == (tmp_path / "simulated-one" / file.relative_to(again)).read_bytes()


def test_nothing_that_is_there_is_written_over(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*.csv")}
    with pytest.raises(package.PackagesError, match="something is there already"):
        package.write(general(passages=3), folder)
    assert {file: file.read_bytes() for file in folder.rglob("*.csv")} == before


# --- rules that are those of an article, and rules that are not


def changed(folder: Path, facts: dict[str, object]) -> Path:
    file = folder / "datapackage.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    description["study"] |= facts
    file.write_text(json.dumps(description), encoding="utf-8")
    return folder


def test_a_study_of_an_article_says_when_its_interviews_were(folder: Path) -> None:
    article = {"authors": ["Ann Author"], "title": "An article", "doi": "10.1000/1", "year": 2020}
    with pytest.raises(evidence.EvidenceError, match="the study of an article says how many interviews"):
        loading.load(changed(folder, {"article": article}))


@pytest.mark.parametrize(
    "facts",
    [{"title": 3}, {"simulated": "yes"}, {"interviewees": 0}, {"interviewsFrom": "2020-01"}, {"article": "An article"}],
)
def test_facts_that_are_malformed_are_told(folder: Path, facts: dict[str, object]) -> None:
    with pytest.raises(evidence.EvidenceError, match="the member 'study' is incomplete or malformed"):
        loading.load(changed(folder, facts))


def test_no_more_interviewees_are_sources_than_were_interviewed(folder: Path) -> None:
    assert loading.load(changed(folder, {"interviewees": 4})).study.interviewed == 4
    with pytest.raises(
        evidence.EvidenceError, match=r"sources\.csv, field kind: 4 interviewees, but only 3 were interviewed"
    ):
        loading.load(changed(folder, {"interviewees": 3}))


def test_a_document_needs_a_date_only_where_interviews_have_one(tmp_path: Path) -> None:
    package.write(general(kind="document"), tmp_path / "mine")
    loading.load(tmp_path / "mine")
    with pytest.raises(evidence.EvidenceError, match="a document without a date"):
        loading.load(changed(tmp_path / "mine", {"interviewsFrom": "2020-01", "interviewsTo": "2020-02"}))


def test_coders_of_record_may_give_the_same_code_but_not_in_another_manner(tmp_path: Path) -> None:
    study = general(themes=1)
    assert len(study.by_coders_of_record) > len(study.record)
    codings = study.codings.copy()
    codings.loc[codings["coder_id"] == "Coder_1", "stance"] = "counters"
    package.write(dataclasses.replace(study, codings=codings), tmp_path / "mine")
    with pytest.raises(evidence.InvalidEvidenceError, match=r"another coder of record gave x\.0 the same code"):
        loading.load(tmp_path / "mine")


def test_two_coders_of_record_who_both_coded_an_exclusive_facet_are_refused(tmp_path: Path) -> None:
    study = general(exclusive=True)
    facts = dataclasses.replace(
        study.study, coding_of_record=study.study.coding_of_record | {"theme": ("Coder_0", "Coder_1")}
    )
    package.write(dataclasses.replace(study, study=facts), tmp_path / "mine")
    with pytest.raises(evidence.InvalidEvidenceError, match=r"Keep one .*codingOfRecord"):
        loading.load(tmp_path / "mine")


def test_words_that_counting_does_not_know_are_refused_whatever_the_schema_allows(folder: Path) -> None:
    file = folder / "datapackage.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    for resource in description["resources"]:
        for field in resource["schema"]["fields"]:
            field.get("constraints", {}).pop("enum", None)
    file.write_text(json.dumps(description), encoding="utf-8")
    codings = folder / "evidence" / "codings.csv"
    codings.write_text(codings.read_text(encoding="utf-8").replace(",primary,", ",main,", 1), encoding="utf-8")
    with pytest.raises(
        evidence.InvalidEvidenceError,
        match=r"row 2, field role: unknown value; expected primary or alternative .*'main'",
    ):
        loading.load(folder)


def test_a_column_that_is_not_described_is_told(folder: Path) -> None:
    file = folder / "datapackage.json"
    described = file.read_text(encoding="utf-8")
    file.write_text(described.replace('"boundary"', '"edge"'), encoding="utf-8")
    codes = folder / "evidence" / "codes.csv"
    codes.write_text(codes.read_text(encoding="utf-8").replace("boundary", "edge"), encoding="utf-8")
    with pytest.raises(evidence.EvidenceError, match="resource 'codes' has no field 'boundary' of the type string"):
        loading.load(folder)


# --- texts, segments and other forms


def marked_freely() -> tuple[Evidence, Places]:
    """Return a study whose two coders marked eight texts with other ends, and where its passages are."""
    study = general(passages=32, sources=8)
    who = ["Coder_0", "Coder_1"]
    owner = dict(zip(study.extracts["extract_id"], (who[n // 8 % 2] for n in range(32)), strict=True))
    own = [owner[one] == coder for one, coder in study.codings[["extract_id", "coder_id"]].to_numpy().tolist()]
    rows = [(one, f"text {n % 8}", 100 * (n // 16) + 5 * (n // 8 % 2), 100 * (n // 16) + 60 + n)
            for n, one in enumerate(study.extracts["extract_id"])]  # fmt: skip
    places = Places(
        pd.DataFrame(rows, columns=["extract_id", "text", "start", "end"]), {f"text {n}": 400 for n in range(8)}
    )
    return dataclasses.replace(study, codings=study.codings[own].reset_index(drop=True)), places


def test_coders_who_marked_freely_are_compared_on_segments() -> None:
    study, places = marked_freely()
    root = lxml.html.fromstring(study_report.report(study, asked(study), "a command", places=places).html)
    sizes = table(section(root, "agreement"), "Agreement of Coder_0 and Coder_1 on segments of theme")
    assert [row["Written"] for row in sizes.values()] == ["|uα", "uα", "cuα"]
    assert all(re.fullmatch(r"−?\d\.\d\d \(−?\d\.\d\d to −?\d\.\d\d\)", row["Alpha"]) for row in sizes.values())
    assert "on the eight texts in which each of them coded something" in said(root)


def test_each_character_counts_once_in_the_share_of_a_text_that_is_coded() -> None:
    study, places = marked_freely()
    coverage = coded_text.coverage(study, places)
    for one, (name, length) in zip(coverage, places.lengths.items(), strict=True):
        spans = places.passages[places.passages["text"] == name][["start", "end"]].to_numpy().tolist()
        assert one.coded == len({place for start, end in spans for place in range(start, end)}) < length


def test_new_codes_add_up_to_the_codes_that_were_given() -> None:
    study = general(sources=6, passages=18)
    found = code_growth.new_codes(study, ("theme", "tone"))
    given = set(zip(study.record["facet"], study.record["code_id"], strict=True))
    assert found["so_far"].iloc[-1] == found["new"].map(len).sum() == len(given)
    assert found["passages"].sum() == len(study.extracts)


def test_guidelines_get_what_the_data_answer_and_a_draft_with_gaps() -> None:
    root = section(page_of(GENERAL), "guidelines")
    coreq = table(root, "Items of COREQ")
    assert coreq["24"]["What the data say"] == "Two coders (2 person)."
    assert "theme (five codes, one level)" in coreq["25"]["What the data say"]
    assert "Left to the authors: items 1–11, 13–21, 23, 26, 28 and 30–32 of COREQ." in said(root)
    draft = said(root.find(".//blockquote"))
    assert draft.startswith("Draft.")
    assert "[…]" in draft


def test_other_forms_hold_what_the_page_holds_and_are_the_same_each_time() -> None:
    page = reported("simulated").html
    book = other_forms.workbook(page)
    assert (book, document()) == (other_forms.workbook(page), other_forms.document(page))
    root = page_of("simulated")
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert sheets.sheet_names == ["About", *(f"Table {n}" for n in range(1, len(root.xpath("//table")) + 1))]
    codes = pd.DataFrame(sheets.get_sheet_by_name("Table 4").to_python()[1:])
    shown = table(root, "Simulated data. Codes of power: how many")
    assert [str(int(count)) for count in codes[2]] == [row["Passages"] for row in shown.values()]
    with zipfile.ZipFile(io.BytesIO(document())) as archive:
        words = lxml.etree.fromstring(archive.read("word/document.xml")).xpath("string()")
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert "Made up, for teaching and trials. It is not evidence." in words
    assert len(pictures) == len(set(root.xpath("//img/@src")))


def test_no_heading_of_the_document_has_a_colour() -> None:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(document())) as archive:
        styles = lxml.etree.fromstring(archive.read("word/styles.xml"))
    plain = {style.get(f"{w}styleId") for style in styles.iter(f"{w}style") if style.find(f".//{w}color") is None}
    assert {"Heading1", "Heading2", "Heading3", "Heading4"} <= plain


def test_no_column_of_the_document_is_narrower_than_its_longest_word() -> None:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(document())) as archive:
        body = lxml.etree.fromstring(archive.read("word/document.xml"))
    letter, margins = 0.44, 8.5  # an average one, as a part of the size, and the points that are free beside a cell
    narrow = []
    tables = [found for found in body.iter(f"{w}tbl") if not found.xpath(".//*[local-name() = 'drawing']")]
    for n, found in enumerate(tables, start=1):
        (size,) = {int(one.get(f"{w}val")) / 2 for one in found.iter(f"{w}sz")}
        widths = [int(column.get(f"{w}w")) / 20 for column in found.iter(f"{w}gridCol")]
        for line in found.iter(f"{w}tr"):
            cells = [" ".join(cell.itertext()) for cell in line.iter(f"{w}tc")]
            if len(cells) == len(widths):
                longest = [max(map(len, re.split(r"\s+|(?<=-)", cell))) for cell in cells]
                narrow += [
                    (n, cell)
                    for cell, word, width in zip(cells, longest, widths, strict=True)
                    if word * letter * size + margins > width
                ]
    assert narrow == []
