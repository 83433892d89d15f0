"""A lesson on paper: cards, sheets, codebook, glossary, guide and slides, as tagged PDFs that say what they are."""

import dataclasses
import io
import re
from collections.abc import Mapping
from functools import cache

import pypdf
import pytest
import sample_lessons

from analysis.rendering.typst_markup import from_markdown
from analysis.study.evidence import Evidence
from analysis.teaching import instructor_guide, lesson_papers, lesson_slides
from analysis.teaching.built_lessons import BuiltLesson, ExercisePart, Misconception, Plan, PlanStep, Section, TextPart
from analysis.teaching.comparisons import Comparison, Judged
from analysis.teaching.lesson_glossary import glossary, terms
from analysis.teaching.lesson_papers import OnPaper, PaperError

LICENCE = "CC BY 4.0, A. Lecturer"
SIGNS = '= 1. It\'s #1: *no* $x$ <b>bold</b> [a] "b" -- @c ~d _e_ `f` \\g // h'
POINTS_IN_MM = 72 / 25.4


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def words_of(pdf: bytes) -> str:
    """Return the text of a PDF on one line."""
    return " ".join(" ".join(pages(pdf)).split())


def coded(texts: Mapping[str, str], options: Mapping[str, str] = sample_lessons.STAGES) -> Comparison:
    """Return an exercise in which texts are coded."""
    record = {key: Judged("early", "A reason that nobody may see.", text) for key, text in texts.items()}
    return Comparison("9.1", "Code these", "Give each a code.", (), record, options, "The record is made up.")


def lesson_of(*exercises: Comparison) -> BuiltLesson:
    """Return the sample with other exercises."""
    section = Section("A part", tuple(ExercisePart(one, 5) for one in exercises))
    return dataclasses.replace(sample_lessons.lesson(), sections=(section,))


@cache
def sample(study: Evidence) -> OnPaper:
    """Return a lesson with an exercise of each kind, a plan, and what students take for true."""
    step = PlanStep(0, 50, "Everything, in pairs.", ("9.1", "9.6"), ("9.2",))
    lesson = dataclasses.replace(
        sample_lessons.lesson(),
        plans=(Plan(50, (step,), "Leave 9.11 out."),),
        misconceptions=(Misconception("Agreement is truth.", "Two people can be wrong together."),),
    )
    return OnPaper(lesson, study, LICENCE)


@pytest.fixture(scope="module")
def papers(study: Evidence) -> dict[str, bytes]:
    """Every paper of the sample, by its name."""
    paper = sample(study)
    made = lesson_papers.for_students(paper)
    return made | {"guide.pdf": instructor_guide.pdf(paper), "slides.pdf": lesson_slides.files(paper)["slides.pdf"]}


def test_every_paper_is_tagged_and_has_a_title_and_the_language_of_its_lesson(papers: dict[str, bytes]) -> None:
    assert set(papers) == {"cards-a4.pdf", "cards-letter.pdf", "coding-sheet.pdf", "guide.pdf", "slides.pdf"}
    for name, pdf in papers.items():
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        assert reader.root_object["/MarkInfo"]["/Marked"], name
        assert reader.root_object["/Lang"] == "en"
        assert reader.metadata
        assert "sample" in str(reader.metadata.title)
        assert "pdfuaid:part" in reader.root_object["/Metadata"].get_data().decode()  # type: ignore[attr-defined]


def test_every_page_says_that_it_is_invented_its_licence_and_its_number(papers: dict[str, bytes]) -> None:
    for name, pdf in papers.items():
        found = pages(pdf)
        for number, page in enumerate(found, 1):
            assert "Invented for teaching" in page, (name, number)
            assert LICENCE in page
            assert f"{number} / {len(found)}" in page


def test_papers_are_the_same_bytes_each_time(study: Evidence, papers: dict[str, bytes]) -> None:
    paper = sample(study)
    assert lesson_papers.for_students(paper) == {name: papers[name] for name in lesson_papers.for_students(paper)}
    assert lesson_slides.files(paper)["slides.pdf"] == papers["slides.pdf"]


# --- cards


def test_cards_have_key_text_and_room_to_write_eight_on_a_page(study: Evidence) -> None:
    texts = {f"P{number}": f"Text number {number}, which somebody said." for number in range(1, 12)}
    paper = OnPaper(lesson_of(coded(texts)), study, "")
    for size, (width, height) in {"a4": (210, 297), "letter": (215.9, 279.4)}.items():
        pdf = lesson_papers.cards(paper, size)
        first, second = pages(pdf)
        assert (first.count("Text number"), second.count("Text number")) == (8, 3)
        assert first.count("Words that decide") == 8
        box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
        assert [round(float(side) / POINTS_IN_MM, 1) for side in (box.width, box.height)] == [width, height]
    assert "A reason" not in words_of(pdf)


def test_a_long_text_gets_a_larger_card_and_one_for_which_no_card_is_large_enough_is_reported(study: Evidence) -> None:
    texts = {"P1": "Somebody said a great deal. " * 40, "P2": "Short."}
    pdf = lesson_papers.cards(OnPaper(lesson_of(coded(texts)), study, ""), "a4")
    assert words_of(pdf).count("Somebody said a great deal.") == 40
    assert len(pages(pdf)) == 1
    texts["P1"] *= 20
    with pytest.raises(PaperError, match=r"no card can hold a text.*P1 is too long"):
        lesson_papers.cards(OnPaper(lesson_of(coded(texts)), study, ""), "a4")


def test_a_text_that_is_coded_in_two_exercises_has_one_card_which_names_both(study: Evidence) -> None:
    assert "9.6 · 9.8 · 9.9" in words_of(lesson_papers.cards(sample(study), "a4"))


@pytest.mark.parametrize("put", ["card", "markdown"])
def test_signs_that_mean_something_to_typst_are_shown_as_they_are(study: Evidence, put: str) -> None:
    if put == "card":
        pdf = lesson_papers.cards(OnPaper(lesson_of(coded({"P1": SIGNS})), study, ""), "a4")
        assert SIGNS in words_of(pdf)
    else:
        source = '#set document(title: "x")\n#set smartquote(enabled: false)\n'
        pdf = lesson_papers.typeset(source + from_markdown("It's #1, $x$ <b>x</b> @c ~d \\\\g // h; *a*(b) **c**; [d]"))
        assert "It's #1, $x$ <b>x</b> @c ~d \\g // h; a(b) c; [d]" in words_of(pdf)


# --- sheets and the codebook


def test_a_coding_sheet_has_every_text_the_codes_and_nothing_of_the_record(papers: dict[str, bytes]) -> None:
    said = words_of(papers["coding-sheet.pdf"])
    for one in sample_lessons.exercises():
        if isinstance(one, Comparison):
            assert all(judged.text in said and judged.why not in said for judged in one.record.values())
    assert "early · late · unclear" in said
    assert "Made-up groups" not in said


def test_the_codebook_has_the_rules_of_the_codes_to_choose_from_and_no_case_that_names_a_passage(
    study: Evidence,
) -> None:
    codes = study.codes[study.codes["level"] == "dimension"].set_index("code_id")
    options = dict.fromkeys(codes.index, "")
    paper = OnPaper(lesson_of(coded({"T01": "x"}, {code: code for code in options})), study, "")
    said = words_of(lesson_papers.codebook(paper))
    assert all(" ".join(text.split()) in said for text in (*codes["definition"], *codes["exclude"]))
    assert all(re.search(r"\bF\d\d\b", text) for text in codes["boundary"]), "these name passages"
    assert "Boundary case" not in said
    assert not re.search(r"\b[TF]\d\d\b", said)
    assert lesson_papers.codebook(sample(study)) == b"", "codes of no study have no rules"


# --- the glossary


def test_a_glossary_has_the_terms_that_the_lesson_uses_as_they_are_meant_in_its_study(study: Evidence) -> None:
    text = TextPart("A coder reads a gist, and agreement is a share. Kappa takes chance off.")
    lesson = dataclasses.replace(sample_lessons.lesson(), sections=(Section("A part", (text,)),))
    ours = terms(OnPaper(lesson, study, ""))
    assert {"coder", "gist", "agreement", "kappa"} <= ours.keys()
    assert not {"memo", "verdict", "segment"} & ours.keys()
    assert "article’s authors" in ours["coder"]
    other = dataclasses.replace(study, study=dataclasses.replace(study.study, article={}))
    assert "article" not in terms(OnPaper(lesson, other, ""))["coder"]
    assert glossary(OnPaper(dataclasses.replace(lesson, language="de"), study, "")) == b"", "it has no German terms"
    assert "Kappa" not in words_of(glossary(OnPaper(lesson, study, ""))).split("Glossary")[0]


# --- guide and slides


def test_the_guide_has_the_plan_where_to_cut_what_students_take_for_true_and_every_solution(
    papers: dict[str, bytes],
) -> None:
    said = words_of(papers["guide.pdf"])
    for text in ("In 50 minutes", "Everything, in pairs.", "Leave 9.11 out.", "Two people can be wrong together.",
                 "Ten and two are 12.", "It is asked for before there is money.", "Coders agreed on six of ten."):  # fmt: skip
        assert text in said
    assert re.search(r"9\.2 A share closed \d+ aloud", said), "what is only talked about is not in the plan"


def test_no_solution_is_on_a_slide_before_the_one_that_announces_them(papers: dict[str, bytes]) -> None:
    found = [" ".join(page.split()) for page in pages(papers["slides.pdf"])]
    (at,) = (number for number, page in enumerate(found) if page.startswith("Solutions"))
    before, after = " ".join(found[:at]), " ".join(found[at:])
    for text in ("Ten and two are 12.", "It is asked for before there is money.", "Agreement is not truth."):
        assert text in after
        assert text not in before
    assert "Which stage?" in before
    assert "What is a test?" in before
    assert len([page for page in found if page.startswith("Key points")]) == 1


def test_slides_come_with_a_source_that_gives_the_same_slides(study: Evidence) -> None:
    made = lesson_slides.files(sample(study))
    pictures = {name: content for name, content in made.items() if name.endswith(".svg")}
    assert lesson_papers.typeset(made["slides.typ"].decode(), pictures) == made["slides.pdf"]
    assert made["house.typ"] == lesson_papers.HOUSE.read_bytes()


@pytest.mark.parametrize(("language", "word"), [("de", "Kodierbogen"), ("es", "Hoja de codificación")])
def test_papers_speak_the_language_of_the_lesson(study: Evidence, language: str, word: str) -> None:
    pdf = lesson_papers.coding_sheet(OnPaper(sample_lessons.lesson(language), study, ""))
    assert word in words_of(pdf)
    assert pypdf.PdfReader(io.BytesIO(pdf)).root_object["/Lang"] == language


def test_the_words_of_papers_are_there_in_every_language() -> None:
    known = {language: lesson_papers.words(language) for language in ("en", "de", "es")}
    assert len({frozenset(words) for words in known.values()}) == 1
