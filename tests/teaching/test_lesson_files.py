"""A lesson file is checked: every fault has its line and its remedy, and all of them are reported together."""

from pathlib import Path
from typing import Any

import lesson_examples
import pytest

from analysis.support.errors import Fault
from analysis.teaching import lesson_building, lesson_files
from analysis.teaching.lesson_files import LessonFileError


@pytest.fixture
def faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the faults of the example with some texts replaced; its study is read once for all tests."""
    lesson_examples.import_once(monkeypatch)

    def of(changes: dict[str, str]) -> list[Fault]:
        with pytest.raises(LessonFileError) as refused:
            lesson_building.built(lesson_examples.written(tmp_path, changes))
        assert all(isinstance(fault, Fault) and fault.remedy for fault in refused.value.faults)
        return [fault for fault in refused.value.faults if isinstance(fault, Fault)]

    return of


def place(fault: Fault) -> tuple[int | None, str | None]:
    return fault.line, fault.field


#: What somebody may write, the text that replaces it, the text at whose line the fault is, and what the message says.
ONE_FAULT = {
    "a key that there is not": ("summary = ", "sumary = ", "sumary", "did you mean summary?"),
    "a missing text": ('reason = "Agreement', '# reason = "Agreement', "[exercises.agreement]", "the key reason is missing"),
    "an empty text": ('title = "The codebook"', 'title = " "', 'title = " "', "the text is empty"),
    "a number in quotation marks": ("minutes = 25", 'minutes = "25"', 'minutes = "25"', "has to be a whole number"),
    "true in quotation marks": ("words = true", 'words = "true"', 'words = "true"', "has to be true or false"),
    "a text for a list": ('hints = ["Begin with a verb."]', 'hints = "Begin."', 'hints = "Begin."', "a list of texts"),
    "an unknown kind": ('kind = "labels"', 'kind = "label"', 'kind = "label"', "no such kind of exercise"),
    "a passage that there is not": ('"E0003", ', '"E003", ', '"E003"', "did you mean E0003?"),
    "a passage twice": ('"E0003", "E0011"', '"E0011", "E0011"', '"E0011", "E0011"', "the passage is there twice"),
    "a facet that there is not": ('facet = "attitude"\nwords', 'facet = "atitude"\nwords', 'facet = "atitude"', "attitude"),
    "a level that there is not": ('level = "level-2"\nwhose', 'level = "level-9"\nwhose', 'level = "level-9"', "level-2"),
    "a level that is not above": ('above = "level-1"', 'above = "level-2"', 'above = "level-2"', "is not above"),
    "a code that there is not": ('right = "welcomes"', 'right = "welcome"', 'right = "welcome"', "did you mean welcomes?"),
    "feedback to the right code": ("feedback.doubts", "feedback.welcomes", "feedback.welcomes", "not a wrong option"),
    "feedback to no code": ("feedback.mixed", "feedback.misty", "feedback.misty", "none of the options"),
    "statements without a right one": ("right = true", "right = false", "items]]\nkey = \"p\"", "none of the statements"),
    "statements without a wrong one": ("right = false\nfeed", "right = true\nfeed", "items]]\nkey = \"p\"", "all of the"),
    "a key of an item twice": ('key = "q"', 'key = "p"', 'key = "p"\ntext = "The codes on', "a key of its own"),
    "minutes of steps that do not add up": ("minutes = 25", "minutes = 20", "minutes = 20", "the steps take 25 minutes"),
    "exercises that do not fit a step": ("minutes = 6", "minutes = 9", "minutes = 12", "its exercises take 15 minutes"),
    "an exercise in no section": ("    { exercise = \"groups\" },\n", "", "[exercises.groups]", "is in no section"),
    "an exercise in two sections": ('{ exercise = "groups" }', '{ exercise = "labels" }', '{ exercise = "labels" },\n]', "in a section already"),
    "an unknown exercise in a section": ('{ exercise = "groups" }', '{ exercise = "group" }', "", "did you mean groups?"),
    "an unknown exercise in a step": ('"1.2", "1.3"]', '"1.2", "1.33"]', '"1.33"', "there is no such exercise"),
    "a number twice": ('number = "1.5"', 'number = "1.6"', 'number = "1.6"\nminutes = 3\ntitle = "Groups', "this number, too"),
    "a number of another lesson": ('number = "1.5"', 'number = "2.5"', 'number = "2.5"', "begin with that of the lesson"),
    "a first round that there is not": ('again = "1.2"', 'again = "1.9"', 'again = "1.9"', "there is no such exercise"),
    "an exercise like none": ('like = "attitude"', 'like = "attitudes"', 'like = "attitudes"', "did you mean attitude?"),
    "a part that is nothing": ('{ exercise = "labels" }', '{ exercse = "labels" }', "exercse", "one of text, exercise"),
    "a part with two kinds": ('{ exercise = "labels" }', '{ exercise = "labels", text = "x" }', ', text = "x"', "one of text"),
    "a table that there is not": ('{ table = "A" }', '{ table = "Z" }', '{ table = "Z" }', "[tables.Z]"),
    "an option that a table has not": ('"attitude" },\n    { exercise = "rules"', '"attitude", lvl = "x" },\n    { exercise = "rules"', "lvl", "no such option"),
    "a figure that there is not": ('{ table = "A" }', '{ figure = "A" }', '{ figure = "A" }', "there is no such figure"),
    "a figure without its option": ('{ table = "A" }', '{ figure = "by-prevalence" }', '{ figure = "by', "option table is missing"),
    "a measure that there is not": ('measure = "coded"', 'measure = "codes-coded"', "codes-coded", "no such measure"),
    "a coder that there is not": ('"coder-b"] }', '"coder-c"] }', '"coder-c"', "not a coder of the study"),
    "a value that there is not": ("{passages} passages", "{passage} passages", "{passage} passages", "did you mean passages?"),
    "a brace that is not closed": ("{passages} passages", "{passages passages", "{passages passages", "cannot be written"),
    "a value that is not used": ("{passages} passages", "some passages", "passages = { measure", "no text and no formula"),
    "values in a circle": ("all = { measure = \"count\", table = \"A\" }", 'all = { formula = "both + all" }', 'all = { formula', "refer to each other"),
    "a formula that is none": ('formula = "both / all"', 'formula = "both // all"', "both // all", "brackets only"),
    "a formula by zero": ('formula = "both / all"', 'formula = "both / (all - all)"', "all - all", "divides by zero"),
    "a slip that is right": ('formula = "both / all"', 'formula = "(both + neither) / all"', "(both + neither) / all\" }", "the right number"),
    "counts that are no square": ("[[12, 3], [1, 4]]", "[[12, 3], [1]]", "[tables.A]", "a row and a column for each"),
    "a pattern that there is not": ('patterns = ["exclusion"]', 'patterns = ["exclude"]', '["exclude"]', "did you mean exclusion?"),
    "a pattern that cannot be": (r"'\b(not|", r"'\b((not|", r"find = '\b((not|", "cannot be looked for"),
    "a boundary case of no code": ("boundary.mixed", "boundary.mixt", "boundary.mixt", "did you mean mixed?"),
    "an item that divides and is none": ("divides.E0024", "divides.E0025", "divides.E0025", "no such item"),
    "a code that students leave out and is none": ("reasons = true\n", 'reasons = true\nleft_out = "none"\n', "left_out", "none of the options"),
    "a name that no file has": ('name = "library"', 'name = "My lesson"', "name =", "cannot be the name of files"),
    "a language in words": ('language = "en"', 'language = "English"', "language =", "not the code of a language"),
    "words that there are not": ('show = "wording"', 'show = "words"', "show =", "gists or in their wording"),
    "passages and items": ('passages = ["E0003"', 'items = []\npassages = ["E0003"', "items = []", "exclude each other"),
    "nothing that is answered": ('right = { measure = "percent-agreement", table = "A" }', "", "[exercises.percent]", "Give right, or items."),
    "an exercise like another without a number": ('number = "1.4"\n', "", "[exercises.attitude_again]", "the key number is missing"),
    "an empty list of hints": ('hints = ["Begin with a verb."]', "hints = []", "hints = []", "the list is empty"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "at", "said"), ONE_FAULT.values(), ids=ONE_FAULT)
def test_a_fault_is_reported_with_its_line_and_what_to_do(
    faults: Any, tmp_path: Path, before: str, after: str, at: str, said: str
) -> None:
    found = faults({before: after})
    telling = [fault for fault in found if said in str(fault)]
    assert telling, found
    assert telling[0].line == lesson_examples.line_of(tmp_path / "my-lesson.toml", at or after)
    assert f"my-lesson.toml, line {telling[0].line}" in str(telling[0])
    assert len(found) <= 2, "a fault is not reported again by what depends on it"


def test_faults_of_all_kinds_are_reported_together_in_the_order_of_their_lines(faults: Any) -> None:
    found = faults(
        {
            "summary = ": "sumary = ",
            "minutes = 25": "minutes = 26",
            '"E0003", ': '"E003", ',
            "right = true": "right = false",
            "{passages} passages": "{passage} passages",
        }
    )
    assert len(found) == 6
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)


def test_the_messages_on_the_page_are_those_of_the_check(faults: Any) -> None:
    found = faults({'"E0008", "E0012"': '"E003", "E0012"', "minutes = 25": "minutes = 20"})
    page = lesson_examples.PAGE.read_text(encoding="utf-8")
    for fault in found:
        assert f"my-lesson.toml, {str(fault).partition('my-lesson.toml, ')[2]}\n" in page


def test_an_exercise_that_is_like_another_is_not_blamed_for_it(faults: Any) -> None:
    (fault,) = faults({'whose = "The record is that': '# whose = "The record is that'})
    assert fault.field == "exercises.attitude"


def test_a_fault_in_an_inherited_key_is_at_the_line_where_it_stands(faults: Any, tmp_path: Path) -> None:
    found = faults({'"E0005", "E0008"': '"E05", "E0008"'})
    line = lesson_examples.line_of(tmp_path / "my-lesson.toml", '"E05"')
    assert {fault.line for fault in found} == {line}


# --- files that cannot be read


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b'format: "lesson"\n', 1, "equals sign"),
        ('title = “Codes”\n'.encode(), 1, "straight quotation marks"),
        (b'title = "one\nname = "two"\n', 1, "not valid TOML"),
        (b'name = "a"\nname = "b"\n', 2, "there twice"),
        (b"[plans\n", 1, "not valid TOML"),
        (b'text = """never closed\n\n', 2, "not closed"),
        (b'hints = [\n  "a",\n  "b"\n\n# more\nkind = "x"\n', 3, "comma after this line"),
        (b'format = "lesson"\nname = "\xe4"\n', 2, "not UTF-8"),
        (b"", 1, "not a lesson file of version 1"),
        (b'format = "lesson"\nversion = 2\n', 1, "not a lesson file of version 1"),
        (b'[codebook]\nnumber = "1.1"\n', 1, "not a lesson file of version 1"),
        (b"[" * 100_000, 1, "not valid TOML"),
    ],
    ids=lambda part: str(part)[:24],
)  # fmt: skip
def test_what_is_no_lesson_file_is_said_to_be_none(tmp_path: Path, content: bytes, line: int, said: str) -> None:
    file = tmp_path / "lesson.toml"
    file.write_bytes(content)
    with pytest.raises(LessonFileError, match=said) as refused:
        lesson_building.built(file)
    (fault,) = refused.value.faults
    assert isinstance(fault, Fault)
    assert fault.line == line


def test_a_file_that_is_missing_a_folder_or_huge_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(LessonFileError, match="missing"):
        lesson_files.read(tmp_path / "none.toml")
    with pytest.raises(LessonFileError, match="cannot be read"):
        lesson_files.read(tmp_path)
    (tmp_path / "huge.toml").write_bytes(b"#" * (lesson_files.LARGEST + 1))
    with pytest.raises(LessonFileError, match="at most"):
        lesson_files.read(tmp_path / "huge.toml")


def test_a_file_with_a_byte_order_mark_and_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    file = lesson_examples.written(tmp_path)
    plain = lesson_files.read(file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    other = lesson_files.read(file)
    assert (other.data, other.places) == (plain.data, plain.places)


# --- studies that cannot be used


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({'study = "library.qdpx"': 'study = "nowhere"'}, "is missing"),
        ({'study = "library.qdpx"': "study = \"my-lesson.toml\""}, "the study cannot be used"),
        ({'study = "library.qdpx"\n': "", 'study_import = { exclusive = ["Attitude"], record = ["coder-a"] }\n': ""}, "not for publication"),
        ({"coder-a\"] }\nshow": "coder-z\"] }\nshow"}, "the study cannot be used"),
        ({'show = "wording"': 'show = "gist"'}, "no words of this passage to show"),
    ],
    ids=["none", "no study", "the article", "no such coder", "no gists"],
)  # fmt: skip
def test_a_study_that_cannot_be_used_is_reported_at_its_line(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(LessonFileError) as refused:
        lesson_building.built(lesson_examples.written(tmp_path, changes))
    assert said in str(refused.value)
    assert all(isinstance(fault, Fault) and fault.line and fault.line > 1 for fault in refused.value.faults)
