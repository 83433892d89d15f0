"""Interviews to code, on the site: files in several forms, all marked as invented, and pages that offer them."""

import csv
import io
import json
import re
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import browser
import lxml.etree
import lxml.html
import made_up_interviews
import page_scripts
import pytest

from analysis.exchange import read_codebook
from analysis.site.files import interview_codings, interview_files, interview_pages
from analysis.site.pages import offered_interviews as shown
from analysis.site.site_error import SiteError
from analysis.teaching import interviews, reference_agreement
from analysis.teaching.interviews import InterviewSet

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOLDER = "teaching/interviews"
HERE = "teaching/interviews.html"


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> InterviewSet:
    return interviews.load(made_up_interviews.written(tmp_path_factory.mktemp("interviews")))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(interview_files.files())


def part(document: bytes, name: str) -> Any:
    """Return a part of a Word document, parsed."""
    with zipfile.ZipFile(io.BytesIO(document)) as packed:
        return lxml.etree.fromstring(packed.read(name))


def written(node: Any) -> str:
    return "".join(node.itertext())


# --- files


def test_each_interview_comes_in_every_form_and_each_set_with_its_codebook(made: dict[str, bytes]) -> None:
    slugs = [one.slug for known in interviews.sets() for one in known.interviews]
    forms = {f"{FOLDER}/{slug}.{form}" for slug in slugs for form in ("txt", "docx", "html", "js")}
    books = {f"{FOLDER}/{known.name}-codebook.{form}" for known in interviews.sets() for form in ("html", "qdc")}
    archives = {f"{FOLDER}/interviews-for-{whom}.zip" for whom in ("students", "instructors")}
    assert set(made) == forms | books | archives


def test_the_same_texts_give_the_same_bytes(made: dict[str, bytes]) -> None:
    assert dict(interview_files.files()) == made


def test_every_file_bears_the_notice(made: dict[str, bytes]) -> None:
    for known in interviews.sets():
        for one in known.interviews:
            assert made[f"{FOLDER}/{one.slug}.txt"].decode() == f"[{known.notice}]\n\n{one.content}"
            assert json.dumps(known.notice) in made[f"{FOLDER}/{one.slug}.js"].decode()
            assert known.notice in lxml.html.fromstring(made[f"{FOLDER}/{one.slug}.html"]).text_content()
            assert known.notice in written(part(made[f"{FOLDER}/{one.slug}.docx"], "word/header.xml"))
        assert known.notice in made[f"{FOLDER}/{known.name}-codebook.html"].decode()


def test_a_word_document_has_headings_bold_speakers_numbered_lines_and_room_for_notes(of: InterviewSet) -> None:
    (one,) = of.interviews
    document = interview_files.word(of, one)
    body = part(document, "word/document.xml")[0]
    styles = [node.get(f"{W}val") for node in body.iter(f"{W}pStyle")]
    assert styles[:4] == ["Heading1", "Note", "Heading2", "Normal"]
    turns = [node for node in body.iter(f"{W}p") if node.find(f".//{W}b") is not None]
    assert [written(node) for node in turns[:2]] == one.content.split("\n\n")[:2]
    assert [written(node.find(f".//{W}t")) for node in turns[:2]] == ["Interviewer:", "Baker's wife:"]
    assert body.find(f".//{W}lnNumType").get(f"{W}restart") == "continuous"
    margins = body.find(f".//{W}pgMar")
    assert int(margins.get(f"{W}right")) > 2 * int(margins.get(f"{W}left"))
    assert part(document, "word/styles.xml").find(f".//{W}lang").get(f"{W}val") == "en"
    assert "The queue" in written(part(document, "docProps/core.xml"))
    ends = {node.get("Target") for node in part(document, "word/_rels/document.xml.rels")}
    assert ends == {f"{name}.xml" for name in ("styles", "settings", "header", "footer")}


def test_the_page_of_an_interview_has_all_of_it_in_lines_that_are_numbered(of: InterviewSet) -> None:
    (one,) = of.interviews
    page = lxml.html.fromstring(interview_pages.interview(of, one))
    lines = [line.text_content() for line in page.find_class("line")]
    assert " ".join(lines).split() == one.content.split()
    assert max(map(len, lines)) <= interview_pages.WIDTH
    numbers = [int(line.get("data-line")) for line in page.find_class("line") if line.get("data-line")]
    assert numbers == [*range(5, len(lines) + 1, 5)]
    found = one.planted[0]
    assert "answer 7 is" in lines[interview_pages.line_at(one, found.start) - 1]
    assert [one.text for one in page.xpath("//strong")][:2] == ["Interviewer:", "Baker's wife:"]


def test_a_codebook_is_read_back_with_its_rules(of: InterviewSet, tmp_path: Path) -> None:
    file = tmp_path / "codebook.qdc"
    file.write_bytes(interview_codings.codebook(of))
    codes = read_codebook(file).project.codes
    assert {code.name: code.description for code in codes} == {
        "Waiting": "Time in the queue.\nInclude: Cold feet.\nExample: I stood there",
        "Company": "Others in the queue.",
        "Bread": "What is bought.\nExclude: Cake.",
    }
    assert {code.name: code.parent for code in codes}["Company"] == codes[0].guid


def test_the_script_of_an_interview_gives_its_text_and_codebook_and_no_coding(
    chromium: browser.Browser, of: InterviewSet, tmp_path: Path
) -> None:
    (one,) = of.interviews
    script = tmp_path / "queue.js"
    script.write_bytes(interview_codings.script(of, one))
    found = page_scripts.answer(chromium, tmp_path, [str(script)], "() => compendium.interviews.queue")
    assert set(found) == {"text", "codebook", "codes"}
    assert found["text"]["content"] == one.content
    assert found["text"]["sha256"] == sha256(one.content.encode()).hexdigest()
    assert (found["text"]["origin"], found["text"]["notice"]) == ("invented", of.notice)
    parents = {code["name"]: code["parent"] for code in found["codes"]}
    assert parents == {"Waiting": "", "Company": found["codes"][0]["guid"], "Bread": ""}
    assert made_up_interviews.WHY_PLANTED not in script.read_text(encoding="utf-8")


def test_reference_codings_are_works_that_keep_places_and_reasons(of: InterviewSet) -> None:
    (one,) = of.interviews
    work = json.loads(interview_codings.work(of, "reference-b"))
    (text,) = work["texts"]
    assert text["read"] == [[0, len(one.content)]]
    names = {code["guid"]: code["name"] for code in work["codes"]}
    given = [
        (names[each["code"]], text["content"][each["start"] : each["end"]], each["memo"]) for each in work["codings"]
    ]
    assert given[1] == ("Bread", "answer 9 is, well, no", made_up_interviews.WHY_B)
    assert "not the right answer" in work["memo"]


def test_a_coding_sheet_has_the_columns_that_an_import_reads(made: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made[f"{FOLDER}/{interview_files.FOR_STUDENTS}"])) as packed:
        sheet = packed.read("interviews-to-code/coding-sheet.csv").decode()
        heads = written(lxml.etree.fromstring(zipfile.ZipFile(io.BytesIO(packed.read("interviews-to-code/coding-sheet.docx"))).read("word/document.xml")))  # fmt: skip
    assert next(csv.reader(io.StringIO(sheet))) == ["source", "coder", "passage", "code", "memo"]
    assert "Words that decide" in heads


# --- pages


def test_the_page_on_which_texts_are_coded_has_the_list_of_interviews() -> None:
    listed = json.loads(re.sub(r"<.*?>", "", shown.workbench_interviews("teaching/workbench.html")))
    assert [one["slug"] for one in listed] == [one.slug for of in interviews.sets() for one in of.interviews]
    assert all(one["script"] == f"interviews/{one['slug']}.js" and one["words"] > 1000 for one in listed)
    assert {"name", "set", "about", "codes"} <= set(listed[0])


def test_each_interview_is_offered_with_its_files_and_to_be_coded() -> None:
    page = shown.offered(HERE)
    for one in (one for of in interviews.sets() for one in of.interviews):
        assert f'href="workbench.html#start={one.slug}"' in page
        assert {f'href="interviews/{one.slug}.{form}"' in page for form in interview_files.FORMS} == {True}
        assert f"{one.words:,}" in page


def test_instructors_see_all_that_is_planted_and_both_readings_side_by_side() -> None:
    page = lxml.html.fromstring(f"<div>{shown.for_instructors('teaching/coding-text.html')}</div>")
    said = page.text_content()
    for one in (one for of in interviews.sets() for one in of.interviews):
        assert all(found.why in said for found in one.planted)
        assert all(given.reason in said for given in one.codings)
    assert not page.xpath("//table[not(ancestor::*[@data-search-exclude])]"), "the search does not lead to solutions"


def test_unknown_names_in_pages_stop_the_build() -> None:
    with pytest.raises(SiteError, match="There is no interview 'nobody'"):
        shown.opening("nobody", 2)
    with pytest.raises(SiteError, match="No count of 'rooms' is known"):
        shown.counted("rooms")


def test_places_for_instructors_have_the_turn_as_the_page_on_which_it_is_coded_numbers_it(of: InterviewSet) -> None:
    (one,) = of.interviews
    page = lxml.html.fromstring(f"<div>{shown.for_instructors('teaching/coding-text.html')}</div>")
    assert {head.text for head in page.xpath("//tr/th[2]")} == {"Line"}
    for row in page.xpath("//table[contains(caption, 'Planted')]/tbody/tr"):
        assert int(row[0].text) <= int(row[1].text)  # a turn has a line or more
    first = shown._place(one, one.turns[2].start)
    assert first == ("3", str(interview_pages.line_at(one, one.turns[2].start)))


def test_only_pages_and_archives_for_instructors_say_what_is_planted(site: Path) -> None:
    for_instructors = {"teaching/coding-text.html", f"{FOLDER}/{interview_files.FOR_INSTRUCTORS}"}
    reasons = [
        reason
        for one in (one for of in interviews.sets() for one in of.interviews)
        for reason in (one.planted[0].why, one.codings[0].reason)
    ]
    texts = [file for ending in ("html", "js", "json", "txt", "qdc") for file in site.rglob(f"*.{ending}")]
    told = {
        file.relative_to(site).as_posix()
        for file in texts
        if any(reason in re.sub(r"&(quot|#x27|#39);", "'", file.read_text(encoding="utf-8")) for reason in reasons)
    }
    assert told <= for_instructors


def test_an_interview_reads_well_on_a_phone_and_prints_with_its_lines(chromium: browser.Browser, site: Path) -> None:
    def look(page: Any) -> list[Any]:
        number = "getComputedStyle(document.querySelector('[data-line]'), '::before').content"
        narrow = page.evaluate(f"[document.documentElement.scrollWidth, {number}]")
        page.emulate_media(media="print")
        return [*narrow, page.evaluate(number)]

    address = (site / FOLDER / "night-nurse.html").resolve().as_uri()
    assert chromium.use(address, look, site.resolve().as_uri(), width=390) == [390, "none", '"5"']


AGREED = """works => {
  const wb = compendium.workbench;
  const { list, keys } = wb.comparing.codes(works);
  const units = works[0].texts.flatMap((text) => wb.comparing.units(works, text, "turns"));
  const { whole, coded } = wb.comparing.agreement(units, 2);
  const alphas = [whole, coded].map(({ overall }) => overall.alpha.value);
  return { faults: works.map(wb.works.fault), units: units.length, codes: list.length, alphas };
}"""


@pytest.mark.parametrize("of", interviews.sets(), ids=lambda of: of.name)
def test_the_page_reads_reference_codings_and_finds_the_agreement_that_is_printed(
    chromium: browser.Browser, tmp_path: Path, of: InterviewSet
) -> None:
    names = ("positions", "works", "work-files", "comparing", "unit-agreement")
    scripts = ["elements.js", "sha256.js", *(f"workbench/{name}.js" for name in names)]
    works = [json.loads(interview_codings.work(of, coder)) for coder in interviews.CODERS]
    found = page_scripts.answer(chromium, tmp_path, scripts, AGREED, works)
    given = reference_agreement.turns_of(of)
    assert (found["faults"], found["units"], found["codes"]) == (["", ""], len(given), len(of.codes))
    printed = [reference_agreement.overall(given, uncoded=uncoded).value for uncoded in (True, False)]
    assert found["alphas"] == pytest.approx(printed)
