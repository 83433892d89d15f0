"""The files of the interviews to code: each text in several forms, and archives for students and instructors."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from analysis.site.files import interview_codings, interview_pages, stored_files, word_documents
from analysis.site.files.interview_codings import as_csv
from analysis.site.files.word_documents import Document, heading, paragraph
from analysis.support import deterministic_zip, paths
from analysis.teaching import interviews
from analysis.teaching.interviews import CODERS, INVENTED, Interview, InterviewSet

FOLDER = "teaching/interviews"
FOR_STUDENTS, FOR_INSTRUCTORS = "interviews-for-students.zip", "interviews-for-instructors.zip"
SHEET = "coding-sheet"
#: The forms in which an interview can be had, by the ending of the file.
FORMS = {"txt": "plain text", "docx": "Word, with room for notes", "html": "to read and print"}
_SHEET_COLUMNS = (("Line", 1100), ("Words that decide", 3600), ("Code", 2300), ("Why", 2298))
_PACKED_IN = "interviews-to-code"
_ABOUT = """# Interviews to code

**{notice}** Nobody said any of this. It is not evidence of anything. Licence: CC BY 4.0 (`LICENSE-DATA`).

Texts and codebooks were written by sessions of a language model, for classes on coding.

- Each folder is a set of interviews that share a codebook. Every interview comes as plain text, and as a Word document
  with a wide margin and numbered lines.
- `codebook.html` is the codebook to read and print, `codebook.csv` the same as a table, and `codebook.qdc` is for
  programs that read REFI-QDA.
- `{sheet}.docx` is a sheet for coding on paper, `{sheet}.csv` one for a spreadsheet. `study import` reads the second.
{more}"""
_ABOUT_INSTRUCTORS = """- In `for-instructors` of each folder: what was planted where (`planted.csv`), and two reference
  codings as a table, as a REFI-QDA project, and as files that the page *Code a text* compares with those of a class.
  Sessions of a language model made both. Neither is the right answer.

**Give students the other archive**, `interviews-for-students.zip`. It has no codings and no notes.
"""


def files(folder: Path = interviews.FOLDER) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the interviews: its place on the site, and its content."""
    known = interviews.sets(folder)
    for of in known:
        yield f"{FOLDER}/{of.name}-codebook.qdc", interview_codings.codebook(of)
        yield f"{FOLDER}/{of.name}-codebook.html", interview_pages.codebook(of).encode()
        for one in of.interviews:
            yield f"{FOLDER}/{one.slug}.js", interview_codings.script(of, one)
            yield from ((f"{FOLDER}/{one.slug}.{form}", make(of, one)) for form, make in _MADE.items())
    yield f"{FOLDER}/{FOR_STUDENTS}", for_students(known)
    yield f"{FOLDER}/{FOR_INSTRUCTORS}", for_instructors(known)


def for_students(known: Iterable[InterviewSet]) -> bytes:
    """Return an archive of texts, codebooks and coding sheets, with no coding and no note on what was planted."""
    return _archive(known, _for_all, "")


def for_instructors(known: Iterable[InterviewSet]) -> bytes:
    """Return the same archive with what was planted where, and the reference codings."""
    return _archive(known, lambda of: _for_all(of) | _with_answers(of), _ABOUT_INSTRUCTORS)


# --- the text


def plain(of: InterviewSet, one: Interview) -> bytes:
    """Return an interview as plain text under its notice."""
    return f"[{of.notice}]\n\n{one.content}".encode()


def word(of: InterviewSet, one: Interview) -> bytes:
    """Return an interview as a Word document: headings, speakers in bold, numbered lines, and a margin for notes."""
    blocks = [heading(1, one.name), paragraph(one.about, style="Note"), heading(2, "Interview")]
    for turn in one.turns:
        first, *others = one.content[turn.start : turn.end].split("\n\n")
        label = f"{turn.speaker}:"
        blocks += [paragraph(first.removeprefix(label).strip(), label), *map(paragraph, others)]
    return word_documents.written(Document(one.name, one.language, of.notice, blocks, for_notes=True))


def page(of: InterviewSet, one: Interview) -> bytes:
    """Return an interview as a page of its own."""
    return interview_pages.interview(of, one).encode()


_MADE: dict[str, Callable[[InterviewSet, Interview], bytes]] = {"txt": plain, "docx": word, "html": page}


# --- the archives


def _for_all(of: InterviewSet) -> dict[str, bytes]:
    codes = [(code.parent, code.name, code.definition, code.include, code.exclude, code.example) for code in of.codes]
    texts = {f"{one.slug}.{form}": _MADE[form](of, one) for one in of.interviews for form in ("txt", "docx")}
    return texts | {
        "codebook.csv": as_csv(interviews.COLUMNS[interviews.CODES], codes),
        "codebook.html": interview_pages.codebook(of).encode(),
        "codebook.qdc": interview_codings.codebook(of),
    }


def _with_answers(of: InterviewSet) -> dict[str, bytes]:
    planted = [
        (one.name, interview_pages.line_at(one, found.start), found.kind, found.words, found.why)
        for one in of.interviews
        for found in one.planted
    ]
    made = {
        "planted.csv": as_csv(("interview", "line", "kind", "words", "why"), planted),
        "reference-codings.csv": interview_codings.table(of),
        "reference-codings.qdpx": interview_codings.project(of),
    } | {f"{coder}.json": interview_codings.work(of, coder) for coder in CODERS}
    return {f"for-instructors/{name}": content for name, content in made.items()}


def _archive(known: Iterable[InterviewSet], made: Callable[[InterviewSet], dict[str, bytes]], more: str) -> bytes:
    contents = {
        "LICENSE-DATA": stored_files.content(paths.ROOT / "LICENSE-DATA"),
        "README.md": _ABOUT.format(notice=f"{INVENTED}.", sheet=SHEET, more=more).encode(),
        f"{SHEET}.csv": as_csv(interview_codings.COLUMNS, []),
        f"{SHEET}.docx": sheet(),
    }
    contents |= {f"{of.name}/{name}": content for of in known for name, content in made(of).items()}
    return deterministic_zip.archive({f"{_PACKED_IN}/{name}": contents[name] for name in sorted(contents)})


def sheet() -> bytes:
    """Return the sheet for coding on paper."""
    asked = "Interview, round, pseudonym (not your name):"
    blocks = [heading(1, "Coding sheet"), paragraph(asked), word_documents.empty_table(_SHEET_COLUMNS, 14)]
    return word_documents.written(Document("Coding sheet", "en", "Interviews to code: invented for teaching.", blocks))
