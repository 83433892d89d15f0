"""Invented interviews to learn coding on: their texts, codebooks, notes for instructors and reference codings.

A set is a folder of `examples/interviews`: a note and texts (`interviews.toml`, `*.txt`), a codebook of two levels
(`codes.csv`) and two reference codings (`codings.csv`). Places are code points, as slices of Python count.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.disclosure import identifiers
from analysis.support import formatting, paths, safe_files
from analysis.support.errors import CompendiumError, Fault, raise_if_any, unreadable

FOLDER = paths.ROOT / "examples" / "interviews"
NOTE, CODES, CODINGS = "interviews.toml", "codes.csv", "codings.csv"
COLUMNS = {
    CODES: ("parent", "code", "definition", "include", "exclude", "example"),
    CODINGS: ("interview", "coder", "passage", "parent", "code", "reason"),
}
OF_INTERVIEW = ("slug", "name", "language", "about", "file")
OF_PLANTED = ("kind", "words", "why")
#: Who gave the reference codings. Neither is the right answer.
CODERS = ("reference-a", "reference-b")
FEWEST_WORDS, MOST_WORDS = 1800, 2500
#: Every notice begins so, and stands on all that is made of a text.
INVENTED = "Invented for teaching"
LICENCE = "CC BY 4.0"
LEVELS = " > "
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPEAKER = re.compile(r"([^\W\d_][^\n:.?!]{0,30}): (?=\S)")
Row = dict[str, str]


class InterviewError(CompendiumError):
    """Interviews to code that cannot be used as they are stored."""


@dataclass(frozen=True)
class Code:
    """A code of a codebook; `parent` is the name of the code above it, and empty at the top."""

    parent: str
    name: str
    definition: str
    include: str
    exclude: str
    example: str

    @property
    def path(self) -> str:
        """The code with the one above it, as tables of codings name it."""
        return f"{self.parent}{LEVELS}{self.name}" if self.parent else self.name

    @property
    def rules(self) -> dict[str, str]:
        """What the codebook says of it, by the names of the columns; without the empty ones."""
        return {part: said for part in COLUMNS[CODES][2:] if (said := getattr(self, part))}


@dataclass(frozen=True)
class Planted:
    """Words that were put into a text for teaching: of what kind they are, and why they are there."""

    kind: str
    words: str
    why: str
    start: int


@dataclass(frozen=True)
class Coding:
    """A passage to which a coder gave a code (its path), with a reason."""

    coder: str
    start: int
    end: int
    code: str
    reason: str


@dataclass(frozen=True)
class Turn:
    """What one speaker says before another speaks."""

    speaker: str
    start: int
    end: int


@dataclass(frozen=True)
class Interview:
    """An invented interview, with what was planted in it and its reference codings."""

    slug: str
    name: str
    language: str
    about: str
    objectives: tuple[str, ...]
    content: str
    turns: tuple[Turn, ...]
    planted: tuple[Planted, ...]
    codings: tuple[Coding, ...]

    @property
    def words(self) -> int:
        """How many words it has, labels of speakers among them."""
        return len(self.content.split())


@dataclass(frozen=True)
class InterviewSet:
    """Interviews that share a codebook; `name` is that of their folder."""

    name: str
    title: str
    notice: str
    codes: tuple[Code, ...]
    interviews: tuple[Interview, ...]


@cache
def sets(folder: Path = FOLDER) -> tuple[InterviewSet, ...]:
    """Return every set of a folder; InterviewError if one cannot be used, or if two interviews share a slug."""
    found = tuple(load(note.parent) for note in sorted(folder.glob(f"*/{NOTE}")))
    slugs = [(one.name, interview.slug) for one in found for interview in one.interviews]
    raise_if_any(
        InterviewError,
        (
            Fault(folder / of / NOTE, "another set has an interview of this slug", "Rename it.", value=slug)
            for number, (of, slug) in enumerate(slugs)
            if slug in {other for _, other in slugs[:number]}
        ),
    )
    return found


def load(folder: Path) -> InterviewSet:
    """Return the set of interviews in a folder.

    Raises InterviewError with file, line or row and remedy: for files and fields that are missing or unknown, texts
    that are not turns of alternating speakers, too short, too long, or may identify somebody, words and passages that
    do not occur exactly once, codes that are not in the codebook, and interviews that one of the coders left out.
    """
    note = _note(folder / NOTE)
    codes = tuple(Code(row["parent"], *(row[name] for name in COLUMNS[CODES][1:])) for _, row in _rows(folder, CODES))
    raise_if_any(InterviewError, _faults_of_codes(folder / CODES, codes))
    texts = {one["slug"]: _text(folder / one["file"]) for one in note["interview"]}
    for one in note["interview"]:
        raise_if_any(InterviewError, _faults_of_text(folder / one["file"], texts[one["slug"]]))
    rows = _rows(folder, CODINGS)
    raise_if_any(InterviewError, _faults_of_codings(folder / CODINGS, rows, texts, codes))
    raise_if_any(InterviewError, _faults_of_planted(folder / NOTE, note["interview"], texts))
    interviews = tuple(
        _interview(one, texts[one["slug"]], [row for _, row in rows if row["interview"] == one["slug"]])
        for one in note["interview"]
    )
    return InterviewSet(folder.name, note["title"], note["notice"], codes, interviews)


def turns(content: str) -> tuple[Turn, ...]:
    r"""Return the turns of a text, whose paragraphs an empty line separates: one with a label begins a turn.

    >>> [(turn.speaker, turn.start, turn.end) for turn in turns("Interviewer: Why?\n\nAna: Well.\n")]
    [('Interviewer', 0, 17), ('Ana', 19, 29)]
    """
    found: list[Turn] = []
    for paragraph in re.finditer(r"\S(?:.|\n(?!\n))*", content.rstrip("\n")):
        label = _SPEAKER.match(paragraph[0])
        if label or not found:
            found.append(Turn(label[1] if label else "", *paragraph.span()))
        else:
            found[-1] = Turn(found[-1].speaker, found[-1].start, paragraph.end())
    return tuple(found)


def line_of(content: str, start: int) -> int:
    """Return the line of a stored text on which a place is, counted from 1."""
    return content.count("\n", 0, start) + 1


def _interview(one: Mapping[str, Any], content: str, rows: list[Row]) -> Interview:
    slug, name, language, about = (one[part] for part in OF_INTERVIEW[:4])
    planted = (Planted(row["kind"], row["words"], row["why"], content.index(row["words"])) for row in _planted(one))
    codings = (_coding(content, row) for row in rows)
    return Interview(
        slug, name, language, about, tuple(one["objectives"]), content, turns(content), tuple(planted), tuple(codings)
    )


def _planted(one: Mapping[str, Any]) -> list[Row]:
    found: list[Row] = one.get("planted", [])
    return found


def _coding(content: str, row: Row) -> Coding:
    start = content.index(row["passage"])
    return Coding(row["coder"], start, start + len(row["passage"]), _path(row), row["reason"])


def _path(row: Row) -> str:
    return LEVELS.join(filter(None, (row["parent"], row["code"])))


# --- reading


def _text(file: Path) -> str:
    """Return the text of a file in UTF-8, with the ends of lines that it has."""
    try:
        content = safe_files.content(file).decode("utf-8")
    except OSError as error:
        raise InterviewError(unreadable(file, error)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InterviewError(Fault(file, "is not text in UTF-8", "Save it as UTF-8.", line=line)) from None
    if control := _CONTROL.search(content):
        line = content.count("\n", 0, control.start()) + 1
        raise InterviewError(Fault(file, "a control character, which no text has", "Take it out.", line=line))
    return content


def _note(file: Path) -> dict[str, Any]:
    """Return what the note on a set says, which has all that is needed and nothing else."""
    try:
        note = tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise InterviewError(Fault(file, f"is not TOML: {error}", "Correct it.")) from None
    raise_if_any(InterviewError, _faults_of_note(file, note))
    return note


def _faults_of_note(file: Path, note: dict[str, Any]) -> Iterator[Fault]:
    yield from _fields(file, "the set", note, ("title", "notice"), ("interview",))
    if not str(note.get("notice", INVENTED)).startswith(INVENTED):
        yield Fault(file, "the notice does not say that all is invented", f"Begin it with {INVENTED!r}.")
    if LICENCE not in str(note.get("notice", LICENCE)):
        yield Fault(file, "the notice does not name the licence", f"Add {LICENCE!r}.")
    for one in note.get("interview", []):
        name = f"the interview {one.get('slug')!r}"
        yield from _fields(file, name, one, OF_INTERVIEW, ("objectives",), ("planted",))
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", str(one.get("slug"))):
            yield Fault(file, f"{name} has no usable slug", "Use small letters, digits and single hyphens.")
        for planted in one.get("planted", []):
            yield from _fields(file, f"a planted passage of {name}", planted, OF_PLANTED)


def _fields(
    file: Path,
    what: str,
    found: Mapping[str, Any],
    texts: tuple[str, ...],
    lists: tuple[str, ...] = (),
    besides: tuple[str, ...] = (),
) -> Iterator[Fault]:
    """Yield texts and lists that are not there, and fields that are neither and not among those allowed `besides`."""
    for name in texts:
        if not (isinstance(found.get(name), str) and found[name].strip()):
            yield Fault(file, f"{what} has no text {name}", "Add it.", field=name)
    for name in lists:
        if not (isinstance(found.get(name), list) and found[name]):
            yield Fault(file, f"{what} has no list {name}", "Add at least one entry.", field=name)
    for name in sorted(found.keys() - {*texts, *lists, *besides}):
        yield Fault(file, f"{what} has an unknown field", "Remove it, or correct its name.", field=name)


def _rows(folder: Path, name: str) -> list[tuple[int, Row]]:
    """Return the rows of a table with their numbers, the header being row 1."""
    file, columns = folder / name, COLUMNS[name]
    try:
        header, *rows = [*csv.reader(io.StringIO(_text(file), newline=""))] or [[]]
    except csv.Error as error:
        problem, remedy = f"not a valid table ({error})", "Look for a quotation mark that is not closed."
        raise InterviewError(Fault(file, problem, remedy)) from None
    if tuple(header) != columns:
        remedy = f"The header has to be: {','.join(columns)}"
        raise InterviewError(Fault(file, "wrong columns", remedy, row=1, value=",".join(header)))
    numbered = [*enumerate(rows, 2)]
    raise_if_any(
        InterviewError,
        (
            Fault(file, f"{len(row)} cells in place of {len(columns)}", "Look for a comma outside quotation marks.", n)
            for n, row in numbered
            if len(row) != len(columns)
        ),
    )
    return [(number, dict(zip(columns, map(str.strip, row), strict=True))) for number, row in numbered]


# --- what must hold


def _faults_of_codes(file: Path, codes: tuple[Code, ...]) -> Iterator[Fault]:
    tops = {code.name for code in codes if not code.parent}
    seen: set[str] = set()
    for row, code in enumerate(codes, 2):
        if not (code.name and code.definition):
            yield Fault(file, "a code needs a name and a definition", "Fill in both.", row)
        if LEVELS.strip() in code.name:
            yield Fault(file, "the name holds '>', which separates levels", "Reword it.", row, "code", code.name)
        if code.parent and code.parent not in tops:
            remedy = "A parent is a code with an empty parent: a codebook has two levels."
            yield Fault(file, "there is no such code at the top", remedy, row, "parent", code.parent)
        if code.path.casefold() in seen:
            yield Fault(file, "a code is there twice", "Remove one.", row, "code", code.path)
        seen.add(code.path.casefold())


def _faults_of_text(file: Path, content: str) -> Iterator[Fault]:
    if "\r" in content or not content.endswith("\n") or content != f"{content.strip()}\n":
        yield Fault(file, "begins or ends with blanks, or has line ends of Windows", "Use LF, with one at the end.")
    number = len(content.split())
    if not FEWEST_WORDS <= number <= MOST_WORDS:
        yield Fault(file, f"has {number:,} words", f"Bring it to between {FEWEST_WORDS:,} and {MOST_WORDS:,}.")
    before = ""
    for turn in turns(content):
        line = line_of(content, turn.start)
        if not turn.speaker:
            yield Fault(file, "a turn has no speaker", "Begin it with a label such as 'Interviewer: '.", line=line)
        elif turn.speaker == before:
            yield Fault(file, "the same speaker has two turns in a row", "Join them.", line=line, value=turn.speaker)
        before = turn.speaker
    for number, line_text in enumerate(content.splitlines(), 1):
        if line_text != line_text.strip():
            yield Fault(file, "a line begins or ends with blanks", "Remove them.", line=number)
        for found in identifiers.direct(line_text):
            remedy = "Take it out: nothing may point to a person, a place or an address."
            yield Fault(file, f"reads like a {found.kind}", remedy, line=number, value=found.value)


def _once(content: str, words: str) -> str:
    """Return what is wrong with words that should occur exactly once in a text, or nothing."""
    times = content.count(words) if words else 0
    return "" if times == 1 else f"the words occur {formatting.counted(times, 'time')} in the text, not once"


def _faults_of_planted(file: Path, noted: list[dict[str, Any]], texts: Mapping[str, str]) -> Iterator[Fault]:
    for one in noted:
        for row in _planted(one):
            if problem := _once(texts[one["slug"]], row["words"]):
                yield Fault(file, f"{one['slug']}, planted: {problem}", "Quote other words.", value=row["words"])


def _faults_of_codings(
    file: Path, rows: list[tuple[int, Row]], texts: Mapping[str, str], codes: tuple[Code, ...]
) -> Iterator[Fault]:
    known = {code.path for code in codes}
    seen: set[tuple[str, ...]] = set()
    for number, row in rows:
        if row["interview"] not in texts:
            yield Fault(file, "there is no such interview", f"See {NOTE}.", number, "interview", row["interview"])
            continue
        if row["coder"] not in CODERS:
            yield Fault(file, "there is no such coder", f"Choose {' or '.join(CODERS)}.", number, "coder", row["coder"])
        if _path(row) not in known:
            yield Fault(file, f"{CODES} has no such code", "Correct parent and code.", number, "code", _path(row))
        if not row["reason"]:
            yield Fault(file, "a coding has no reason", "Say which words decide.", number, "reason")
        if problem := _once(texts[row["interview"]], row["passage"]):
            yield Fault(file, problem, "Quote more or other words, exactly.", number, "passage", row["passage"])
        key = (row["interview"], row["coder"], row["passage"], _path(row))
        if key in seen:
            yield Fault(file, "the same coding is there twice", "Remove one.", number)
        seen.add(key)
    covered = {(row["interview"], row["coder"]) for _, row in rows}
    for coder in sorted({coder for _, coder in covered} & {*CODERS}):
        for slug in texts:
            if (slug, coder) not in covered:
                yield Fault(file, f"{coder} coded nothing of {slug}", "Each coder has to code every interview.")
