"""A study as a site of its own: what its pages say, what they never hold, and what stops it from being published."""

import io
import json
import random
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import lxml.html
import pandas as pd
import pytest
from command_line import run
from example_counts import some
from studies import made

from analysis import publishing
from analysis.counting import crosstabs, frequencies
from analysis.counting.crosstabs import Axis
from analysis.exchange import commands
from analysis.publishing import explorer_facts, published_work, shown_study
from analysis.publishing.explorer_facts import Chart
from analysis.rendering import pandoc
from analysis.site.files import example_report
from analysis.study import loading, simulated_label, vocabulary
from analysis.study.evidence import Evidence
from analysis.support import paths

NAME = "Ingeborg Quettenfeld"
PAGES = ("index.html", "codebook.html", "explorer.html", "counts.html", "agreement.html", "data.html")


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up study as its owner has it, with its private part: the wording, and the key to a pseudonym."""
    folder = tmp_path_factory.mktemp("owned") / "library"
    shutil.copytree(paths.EXAMPLE_STUDY, folder)
    private = folder / paths.PRIVATE
    private.mkdir()
    study = commands.coded(commands.read(paths.EXAMPLE_PROJECT), example_report.CHOICES)
    study.wording().to_csv(private / "wording.csv", index=False)
    (private / "names.csv").write_text(f"pseudonym,name\ncoder-a,{NAME}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def published(owned: Path) -> Path:
    into = owned.with_name("published")
    ran = run("study", "publish", owned, "--into", into)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("published/index.html\n")
    return into


def contents(site: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a site, and every file in its archives."""
    for file in sorted(one for one in site.rglob("*") if one.is_file()):
        content = file.read_bytes()
        yield file.relative_to(site).as_posix(), content
        if zipfile.is_zipfile(io.BytesIO(content)):
            archive = zipfile.ZipFile(io.BytesIO(content))
            yield from ((f"{file.name}/{name}", archive.read(name)) for name in archive.namelist())


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


# --- what is there


def test_every_page_says_what_it_is_whose_under_which_licence_and_how_to_cite_it(published: Path) -> None:
    found = {file.name for file in published.glob("*.html")}
    assert found == {*PAGES, "report.html"}
    cited = (published / "citation.txt").read_text(encoding="utf-8").strip()
    assert cited == (
        "Power in co-production contributors (2026). Opening hours of a made-up library (version 1.0.0) "
        "[Simulated coded study]."
    )
    for name in PAGES:
        page = lxml.html.parse(published / name).getroot()
        assert page.findtext(".//title").startswith(f"{simulated_label.MARK}. ")
        assert "It is not evidence." in page.find(".//main").text_content()
        foot = page.find(".//footer").text_content()
        assert all(said in foot for said in (cited, "CC BY 4.0", "version 1.0.0"))
        assert [link.get("href") for link in page.findall(".//nav//a")] == list(PAGES)
        for _, _, address, _ in page.iterlinks():
            place, _, fragment = address.partition("?")[0].partition("#")
            if not address.startswith(("data:", "https://creativecommons.org/")):
                assert (published / (place or name)).is_file(), (name, address)
            if fragment and place.endswith(".html"):
                assert fragment in (published / place).read_text(encoding="utf-8"), (name, address)
    assert "@misc{study" in (published / "citation.bib").read_text(encoding="utf-8")
    assert json.loads((published / "citation.csl.json").read_text(encoding="utf-8"))[0]["version"] == "1.0.0"
    assert loading.load(published / "data").study.simulated
    assert commands.read(published / "codebook.qdc").project.codes


def test_a_citation_with_signs_of_latex_and_line_ends_is_read_as_it_was_written(tmp_path: Path) -> None:
    said = {
        "title": "R&D: 50 % of\n{all} reading_rooms",
        "contributors": [
            {"title": "Reading & Co #1"},
            {"title": "A. Exam~ple", "familyName": "Exam~ple", "givenName": "A"},
        ],
        "licenses": [{"name": "CC-BY-4.0"}],
        "version": "1_0",
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(said), encoding="utf-8")
    cited = dict(published_work.files(published_work.read(tmp_path, simulated=True)))
    (entry,) = json.loads(pandoc.pandoc(tmp_path, 0, cited["citation.bib"].decode(), "--to=csljson", form="bibtex"))
    (csl,) = json.loads(cited["citation.csl.json"])
    assert entry["title"] == csl["title"] == "R&D: 50 % of {all} reading_rooms"
    assert entry["author"] == csl["author"] == [{"literal": "Reading & Co #1"}, {"family": "Exam~ple", "given": "A"}]
    assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in cited["citation.ris"].decode().splitlines())


def test_no_file_holds_the_private_wording_or_a_name_from_the_key(published: Path, owned: Path) -> None:
    pieces = [words(text) for text in pd.read_csv(owned / "private" / "wording.csv")["wording"]]
    runs = {" ".join(piece[n : n + 5]) for piece in pieces for n in range(len(piece) - 4)}
    assert len(runs) > 200
    for name, content in contents(published):
        text = content.decode("utf-8", "replace")
        assert NAME not in text, name
        said = words(text)
        assert not runs & {" ".join(said[n : n + 5]) for n in range(len(said) - 4)}, name
        assert "private" not in name


def test_publishing_again_gives_the_same_bytes(published: Path, owned: Path) -> None:
    command = f"{paths.COMMAND} study publish library"
    again = publishing.files(owned, loading.load(owned), command)
    assert dict(again) == {name: content for name, content in contents(published) if not name.startswith("data.zip/")}


def test_the_example_is_what_the_import_gives_with_what_its_owner_wrote() -> None:
    ours = loading.load(paths.EXAMPLE_STUDY)
    imported = commands.coded(commands.read(paths.EXAMPLE_PROJECT), example_report.CHOICES).evidence
    for name in ("sources", "facets", "codes", "codings", "coders"):
        assert getattr(ours, name).to_csv() == getattr(imported, name).to_csv(), name
    assert ours.extracts.drop(columns="gist").equals(imported.extracts.drop(columns="gist"))
    assert (ours.extracts["gist"] != "").all()
    assert (ours.study.origin, ours.study.coding_of_record) == (imported.study.origin, imported.study.coding_of_record)


# --- what stops it


def test_what_is_missing_for_a_citation_is_asked_for_by_name_and_nothing_is_written(
    tmp_path: Path, owned: Path
) -> None:
    study = tmp_path / "study"
    shutil.copytree(owned, study)
    file = study / "datapackage.json"
    bare = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({name: bare[name] for name in ("study", "resources")}), encoding="utf-8")
    ran = run("study", "publish", study, "--into", tmp_path / "site")
    assert ran.returncode == 2
    lines = ran.stderr.splitlines()
    for line, field in zip(lines, ("title", "contributors", "licenses", "version"), strict=True):
        assert f"datapackage.json, field {field}: " in line
        assert f'"{field}": ' in line, "the remedy shows how it is written"
    assert not (tmp_path / "site").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right that few have there")
@pytest.mark.parametrize("path", ["private/names.csv", "linked.csv", "folder/names.csv"])
def test_what_is_private_is_not_published_whatever_leads_to_it(tmp_path: Path, owned: Path, path: str) -> None:
    study = tmp_path / "study"
    shutil.copytree(owned, study)
    (study / "linked.csv").symlink_to("private/names.csv")
    (study / "folder").symlink_to("private")
    file = study / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    package["resources"].append({"name": "more", "path": path, "schema": {"fields": [{"name": "pseudonym"}]}})
    file.write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(publishing.PublishingError, match="a private file is described as a part of the study"):
        dict(publishing.files(study, loading.load(owned), "a command"))


def test_findings_of_the_disclosure_check_stop_it_with_one_message(tmp_path: Path, owned: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(owned, study)
    (study / "disclosure-allowed.csv").unlink()
    asked = ("study", "publish", study, "--into", tmp_path / "site")
    ran = run(*asked)
    assert ran.returncode == 1
    assert "small cells topic by attitude" in ran.stderr
    assert ran.stderr.count("Nothing was written.") == 1
    assert "--with-wording" not in ran.stderr
    extracts = study / "evidence" / "extracts.csv"
    wording = pd.read_csv(study / "private" / "wording.csv")["wording"][0].replace(",", "")
    extracts.write_text(extracts.read_text(encoding="utf-8").replace("Closing time", wording), encoding="utf-8")
    ran = run(*asked, "--ignore-disclosure-findings")
    assert ran.returncode == 1, "private wording is never ignored"
    assert "private wording 13 words" in ran.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("somebody's", "something is there that was not published from a study"),
        ("added", "CNAME was added or changed"),
        ("changed", "index.html was added or changed"),
        ("study", "the study itself is there"),
    ],
)
def test_a_folder_that_is_not_as_it_was_published_is_left_alone(
    tmp_path: Path, owned: Path, published: Path, place: str, told: str
) -> None:
    into = tmp_path / place
    if place == "somebody's":
        into.mkdir()
        (into / "thesis.txt").write_text("years of work", encoding="utf-8")
    else:
        shutil.copytree(owned if place == "study" else published, into)
    if place == "added":
        (into / "CNAME").write_text("example.org", encoding="utf-8")
    if place == "changed":
        (into / "index.html").write_text("edited", encoding="utf-8")
    before = dict(contents(into))
    ran = run("study", "publish", into if place == "study" else owned, "--into", into)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert dict(contents(into)) == before


def test_a_site_may_be_published_again_into_its_folder(published: Path, owned: Path) -> None:
    publishing.check_place(owned, published)


# --- codebooks, and studies in which nothing is coded

CODEBOOK = """\
facet,code,definition,include
Topic,,What a passage is about.,
Topic,Opening hours,When it is open.,mornings
Topic,Opening hours > Evenings,After work.,
"""


def test_a_codebook_becomes_a_study_whose_report_and_site_show_it(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(CODEBOOK, encoding="utf-8")
    study = tmp_path / "study"
    ran = run("study", "import", tmp_path / "codes.csv", study)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Nothing is coded yet, so nothing can be counted or compared.\n" in ran.stdout
    assert run("study", "report", study, "--into", tmp_path / "report.html").returncode == 0
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(said in report for said in ("Evenings", "After work.", "mornings", "nothing is coded yet"))
    assert run("study", "export", study, tmp_path / "codes.qdc").returncode == 0
    assert run("study", "import", tmp_path / "codes.qdc", tmp_path / "again").returncode == 0
    one, two = loading.load(study), loading.load(tmp_path / "again")
    assert one.codes.equals(two.codes)
    file = study / "datapackage.json"
    cited = {"contributors": [{"title": "A. Coder"}], "licenses": [{"name": "CC0-1.0"}], "version": "1"}
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | cited), encoding="utf-8")
    site = dict(publishing.files(study, loading.load(study), "publish"))
    assert {name for name in site if name.endswith(".html")} == {
        *("index.html", "codebook.html", "data.html"), "report.html"
    }  # fmt: skip
    assert b"When it is open." in site["codebook.html"]
    assert b"Nothing is coded yet" in site["index.html"]


@pytest.mark.parametrize("column", ["passage", "segment", "source"])
def test_a_table_with_codes_and_passages_is_no_codebook(tmp_path: Path, column: str) -> None:
    (tmp_path / "codes.csv").write_text(f"code,definition,{column}\ntrust,Is trusted.,words\n", encoding="utf-8")
    ran = run("study", "import", tmp_path / "codes.csv", tmp_path / "study")
    assert ran.returncode == 2
    assert "there is no column" in ran.stderr or "no coded passages" in ran.stderr


@pytest.mark.parametrize("rows", ["trust,A.\ntrust,B.\n", " , \n,A rule without a code.\n"])
def test_a_codebook_names_each_code_once(tmp_path: Path, rows: str) -> None:
    (tmp_path / "codes.csv").write_text(f"code,definition\n{rows}", encoding="utf-8")
    ran = run("study", "import", tmp_path / "codes.csv", tmp_path / "study")
    assert ran.returncode == 2
    assert "codes.csv, row 3: " in ran.stderr
    assert "Give each code a row of its own." in ran.stderr


# --- in a browser


def drawn(seed: int) -> tuple[Evidence, Chart]:
    """Return a small study with alternatives: of one facet or two, exclusive or not."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    facets = ["power", "stage"][: draw.choice([1, 2, 2])]
    codes = [(facet, code, "top", "") for facet in facets for code in "abc"]
    codes += [(facet, "d", "low", "a") for facet in facets]
    passages = [(f"E{n}", f"P{draw.randrange(3)}", "") for n in range(6)]
    exclusive = {facet: draw.random() < 0.5 for facet in facets}
    codings = []
    for extract, _, _ in passages:
        for facet in facets:
            chosen = draw.sample("abcd", draw.randrange(4))
            several = draw.randrange(1, 4) if not exclusive[facet] else 1
            codings += [
                (extract, facet, code, "primary" if n < several else "alternative", draw.choice(STANCES), "wording")
                for n, code in enumerate(chosen)
            ]
    return made(codes, passages, codings, exclusive), Chart(*facets)


STANCES = ("supports", "supports", "supports", "counters", "context")
COUNTED = """([facts, unit]) => {
    const { explorer } = compendium
    const study = explorer.prepared(facts, facts.passages.map(() => ({ searched: "", gist: "" })))
    const answer = explorer.asked(study, { unit, sort: "article", text: "", passages: "", alternatives: "" })
    return Object.fromEntries([...study.cells.keys()].map(cell => {
        const { count, lowest, highest } = answer.cell(...cell.split("/"))
        return [cell, [count, lowest, highest]]
    }))
}"""


def expected(study: Evidence, chart: Chart) -> dict[str, dict[str, list[int]]]:
    """Return the cells of a chart in each unit as the package counts them."""
    if chart.columns:
        table = crosstabs.crosstab_in_units(study, Axis(chart.rows), Axis(chart.columns))
    else:
        table = frequencies.of_codes(study, chart.rows).query("level == 'top'").rename(columns={"code_id": "row"})
        table["column"] = table["stance"].replace("supports", vocabulary.ALL)
    found: dict[str, dict[str, list[int]]] = {unit: {} for unit in vocabulary.UNITS}
    for unit, row, column, *figures in table[["unit", "row", "column", *RANGED]].to_numpy().tolist():
        if any(figures):
            found[unit][f"{row}/{column}"] = figures
    return found


RANGED = ("count", "lowest", "highest")


def test_the_explorer_counts_any_study_as_the_package_does(chromium: browser.Browser, published: Path) -> None:
    studies = [drawn(seed) for seed in range(40)]

    def visit(page: Any) -> list[list[dict[str, list[int]]]]:
        facts = (explorer_facts.facts(study, chart) for study, chart in studies)
        return [[page.evaluate(COUNTED, [one, unit]) for unit in vocabulary.UNITS] for one in facts]

    counted = chromium.use((published / "explorer.html").as_uri(), visit, published.as_uri())
    for (study, chart), in_units in zip(studies, counted, strict=True):
        for cells, (unit, wanted) in zip(in_units, expected(study, chart).items(), strict=True):
            found = {cell: figures for cell, figures in cells.items() if any(figures)}
            if not chart.columns:  # there the package counts codes alone
                found = {cell: figures for cell, figures in found.items() if cell[0] in "abc" and cell[1] == "/"}
            assert found == wanted, (unit, study.codings)


@pytest.mark.parametrize(("width", "scheme"), some([(390, "light"), (1440, "dark")], 1))
def test_every_page_is_as_wide_as_its_screen_and_has_nothing_that_axe_finds(
    chromium: browser.Browser, published: Path, width: int, scheme: str
) -> None:
    def examine(page: Any) -> tuple[int, list[str]]:
        return browser.too_wide(page), browser.violations(page, asking=browser.asked_in(scheme))

    addresses = [(published / name).as_uri() for name in (*PAGES, "report.html")]
    for (wide, found), seen in chromium.use_each(addresses, examine, published.as_uri(), width, scheme):
        assert (wide, found, seen.asked, seen.console) == (0, [], [], [])


def test_a_passage_is_read_as_another_coder_did_by_keyboard_and_the_counts_follow(
    chromium: browser.Browser, published: Path, owned: Path
) -> None:
    shown, chart = shown_study.of_explorer(shown_study.of_pages(loading.load(owned)))
    table = crosstabs.crosstab(shown, Axis(chart.rows), Axis(chart.columns)).set_index(["row", "column"])
    cell = "[data-row=opening-hours][data-column=mixed] button"

    def visit(page: Any) -> tuple[str, str, str, str]:
        page.click("#row-E0009 summary")
        page.focus("#row-E0009 .reread-switch input")
        before = page.get_attribute(cell, "aria-label")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        after = page.get_attribute(cell, "aria-label")
        return before, after, page.inner_text("#reread-summary"), page.evaluate("location.search")

    before, after, summary, address = chromium.use((published / "explorer.html").as_uri(), visit, published.as_uri())
    count, lowest, highest = table.loc[("opening-hours", "mixed"), ["count", "lowest", "highest"]]
    assert f": {count} passages, {lowest} to {highest} over all allowed readings" in before
    assert f": {count + 1} passages, {count} as coded" in after
    assert "topic read as Weekends (as coded: Families)" in summary
    assert "Four counts would change." in summary
    assert "erdict" not in summary
    assert address == "?read=E0009=weekends"
