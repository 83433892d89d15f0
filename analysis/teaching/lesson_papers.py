"""A lesson on paper, for students: cards, coding sheets, the codebook and the glossary, as tagged PDFs.

All but the rules of the codebook comes from the data that students get, in which no answer stands.
"""

import re
import tempfile
import tomllib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from analysis.rendering import typst_documents
from analysis.rendering.typst_documents import TypesettingError
from analysis.rendering.typst_markup import from_markdown, plain, quoted, table
from analysis.study.evidence import Evidence
from analysis.support.errors import CompendiumError
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.lesson_pages import engine_words, student_data

FOLDER = Path(__file__).with_name("papers")
HOUSE = FOLDER / "house.typ"
#: What is coded on cards and sheets, by the kinds of exercises; and what is written beside it.
CODED: Mapping[str, tuple[str, ...]] = {
    "coding": ("code", "words_that_decide"),
    "labels": ("label", "words_that_decide"),
    "groups": ("group", "reason"),
}
#: Cards across and down a page, from the smallest: the first on which every text fits is taken.
GRIDS = ((2, 4), (2, 2), (1, 2), (1, 1))
# Widths: a key, what it says, and room to write.
_SHEET = ("auto", "5fr", "2.2fr", "3.2fr")
_RULES = ("definition", "include", "exclude", "boundary")


class PaperError(CompendiumError):
    """A lesson that cannot be put on paper."""


@cache
def _all_words() -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def words(language: str) -> Mapping[str, str]:
    """Return the words of papers in a language: those of the pages of lessons, and some of their own."""
    return engine_words.words(language) | _all_words()[language]


@dataclass(frozen=True)
class OnPaper:
    """A lesson to be put on paper: the lesson, its study, and its licence in a few words, empty if none is stated."""

    lesson: BuiltLesson
    evidence: Evidence
    licence: str

    @cached_property
    def material(self) -> Mapping[str, Any]:
        """The lesson as students get it, without answers."""
        return student_data.data(self.lesson)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words of papers in the language of the lesson."""
        return words(self.lesson.language)

    @property
    def name(self) -> str:
        """How papers call the lesson: with its number."""
        return f"{self.words['lesson'].format(number=self.lesson.number)}: {self.lesson.title}"

    @property
    def about(self) -> tuple[str, ...]:
        """What stands in small print: what the texts are, and the licence."""
        return tuple(filter(None, (self.words["invented_mark"] if self.lesson.study.invented else "", self.licence)))

    def exercises(self, *kinds: str) -> list[Mapping[str, Any]]:
        """Return the exercises of some kinds as students get them, of all kinds if none is named."""
        return [one for one in self.material["exercises"] if not kinds or one["kind"] in kinds]

    def opening(self, title: str) -> str:
        """Return the beginning of the source of a paper."""
        return opening(title, self.name, self.lesson.language, self.about)


def for_students(paper: OnPaper) -> dict[str, bytes]:
    """Return the papers for students by the names of their files; a lesson without codes has no codebook."""
    made = {
        "cards-a4.pdf": cards(paper, "a4"),
        "cards-letter.pdf": cards(paper, "letter"),
        "coding-sheet.pdf": coding_sheet(paper),
        "codebook.pdf": codebook(paper),
    }
    return {name: content for name, content in made.items() if content}


def opening(title: str, subtitle: str, language: str, about: Iterable[str]) -> str:
    """Return the beginning of the source of a paper; `about` stands in small print on every page."""
    parts = (
        f"title: {quoted(title)}, subtitle: {quoted(subtitle)}, language: {quoted(language)}, about: {strings(about)}"
    )
    return f'#import "{HOUSE.name}": *\n#show: paper.with({parts})\n\n'


def strings(values: Iterable[str]) -> str:
    """Return strings as an array of Typst."""
    return f"({''.join(f'{quoted(value)}, ' for value in values)})"


def typeset(source: str, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the PDF of a source that may name files beside it.

    Fonts of the project are taken, and fonts of the machine where a text has signs that these lack.
    """
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "paper.typ"
        for name, content in {main.name: source.encode(), HOUSE.name: HOUSE.read_bytes(), **(files or {})}.items():
            (main.parent / name).write_bytes(content)
        try:
            return typst_documents.pdf(main)
        except TypesettingError as fault:
            if "font" not in str(fault):
                raise
            return typst_documents.pdf(main, system_fonts=True)


def on_one_line(text: str) -> str:
    """Return a text that was wrapped as one line, as lists and tables of Markdown need it."""
    return " ".join(text.split())


def points(texts: Iterable[str]) -> str:
    """Return texts as a list in Markdown."""
    return "\n".join(f"- {on_one_line(text)}" for text in texts)


# --- cards


def cards(paper: OnPaper, size: str) -> bytes:
    """Return cards to cut out, eight on a page, or fewer where texts are long; nothing where nothing is coded."""
    items = _items(paper)
    if not items:
        return b""
    for across, down in GRIDS:
        try:
            return typeset(_cards(paper, size, across, down, items))
        except TypesettingError as fault:
            if "is too long" not in str(fault):
                raise
            remedy = str(fault)
    raise PaperError(f"{paper.lesson.name}: no card can hold a text. {remedy}. Shorten it, or code it on the page.")


def _cards(paper: OnPaper, size: str, across: int, down: int, items: Sequence[str]) -> str:
    title = f"{paper.words['cards']}. {paper.name}"
    parts = (
        f"title: {quoted(title)}, language: {quoted(paper.lesson.language)}, size: {quoted(size)}, across: {across}, "
        f"down: {down}, about: {strings(paper.about)}"
    )
    return f'#import "{HOUSE.name}": *\n#cards({parts}, (\n{"".join(items)}))\n'


def _items(paper: OnPaper) -> list[str]:
    """Return a card for each text that is coded, with the numbers of the exercises in which it is."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for exercise in paper.exercises(*CODED):
        for item in exercise["items"]:
            if item["text"]:
                found.setdefault((item["key"], item["text"]), []).append(exercise)
    return [
        f"  ({quoted(key)}, {quoted(' · '.join(one['number'] for one in exercises))}, [{plain(text)}], "
        f"{strings(paper.words[word] for word in CODED[exercises[0]['kind']])}),\n"
        for (key, text), exercises in found.items()
    ]


# --- coding sheets


def coding_sheet(paper: OnPaper) -> bytes:
    """Return a sheet for each exercise in which something is coded; nothing where there is none."""
    exercises = paper.exercises(*CODED)
    if not exercises:
        return b""
    sheets = "\n#pagebreak()\n".join(_sheet(paper, one) for one in exercises)
    return typeset(f"{paper.opening(paper.words['coding_sheet'])}{sheets}")


def _sheet(paper: OnPaper, exercise: Mapping[str, Any]) -> str:
    said = paper.words
    labels = [option["label"] for option in exercise["options"]]
    codes = f"*{plain(said['codes'])}:* #apart({strings(labels)})\n\n" if labels else ""
    blanks = [said[word] for word in CODED[exercise["kind"]]]
    rows = [[f"#strong[{plain(item['key'])}]", plain(item["text"]), "#v(9mm)", ""] for item in exercise["items"]]
    heads = ["", plain(said["says"]), *map(plain, blanks)]
    return (
        f"= {plain(exercise['number'])} {plain(exercise['title'])}\n\n"
        f"#grid(columns: (1fr, 1fr), column-gutter: 6mm, blank({quoted(said['pseudonym'])}), "
        f"blank({quoted(said['date'])}))\n\n"
        f"{from_markdown(exercise['task'], 2)}\n\n{codes}"
        f"#to-write(2)[\n{table(heads, rows, _SHEET)}\n]\n"
    )


# --- the codebook


def codebook(paper: OnPaper) -> bytes:
    """Return the rules of the codes among which students choose; nothing where no code of the study is among them.

    A boundary case is left out where it names a passage, whose code it would reveal.
    """
    sections = [_facet(paper, facet, codes) for facet, codes in _chosen(paper).items()]
    return typeset(paper.opening(paper.words["codebook"]) + "\n".join(sections)) if sections else b""


def _chosen(paper: OnPaper) -> dict[str, list[str]]:
    """Return the codes of the study that are options of the exercises in coding, by their facets."""
    table_of_codes, found = paper.evidence.codes, dict[str, dict[str, None]]()
    for exercise in paper.exercises("coding"):
        options = {option["value"] for option in exercise["options"]}
        for facet, codes in table_of_codes.groupby("facet", sort=False):
            known = [code for code in codes["code_id"] if code in options]
            if options and len(known) == len(options):
                found.setdefault(str(facet), {}).update(dict.fromkeys(known))
                break
    return {facet: [*codes] for facet, codes in found.items()}


def _facet(paper: OnPaper, facet: str, chosen: Sequence[str]) -> str:
    codes = paper.evidence.codes
    rows = {row["code_id"]: row for row in codes[codes["facet"] == facet].to_dict("records")}
    return f"= {plain(_facet_name(paper.evidence, facet))}\n\n" + "".join(
        f"#code({quoted(str(rows[code].get('name') or code))}{_rules(paper, rows[code])})\n" for code in chosen
    )


def _facet_name(evidence: Evidence, facet: str) -> str:
    names = evidence.facets.set_index("facet").get("name") if "name" in evidence.facets else None
    return str(names[facet]) if names is not None and facet in names and names[facet] else facet.capitalize()


def _rules(paper: OnPaper, row: Mapping[Hashable, Any]) -> str:
    said = ((rule, str(row.get(rule) or "")) for rule in _RULES)
    return "".join(
        f", ({quoted(paper.words[rule])}, [{plain(text)}])"
        for rule, text in said
        if text and not (rule == "boundary" and _names_a_passage(paper.evidence, text))
    )


def _names_a_passage(evidence: Evidence, text: str) -> bool:
    return bool(set(re.findall(r"[\w-]+", text)) & set(evidence.extracts["extract_id"]))
