"""Make `made-up-library/library.qdpx` from the texts and tables beside it; all of them are invented.

Run from the root of the project: `python -m examples.made_up_library`, with another file to write as an argument.
"""

import csv
import sys
from pathlib import Path

from analysis.exchange import (
    Case,
    Code,
    Coding,
    Project,
    Selection,
    Source,
    User,
    Value,
    Variable,
    guid_of,
    write_project,
)
from analysis.exchange.annotations import SIMULATED
from analysis.exchange.importing.people import ABOUT_CODER
from analysis.support import paths

FOLDER = paths.EXAMPLE_PROJECT.parent
LEVELS = " > "
Row = dict[str, str]


def project(folder: Path = FOLDER) -> Project:
    """Return the project that the texts and tables of a folder describe."""
    codings = _rows(folder / "codings.csv")
    coders = list(dict.fromkeys(row["coder"] for row in codings))
    visits = _guid("variable", "visits")
    about_coders = tuple(
        Source("note", _guid("about", coder), f"{ABOUT_CODER}{coder}", content="Made up, like all of this study.")
        for coder in coders
    )
    memo = Source("note", _guid("memo"), "Memo", content=(folder / "memo.txt").read_text(encoding="utf-8").rstrip())
    own = (memo.guid, *(note.guid for note in about_coders))
    return Project(
        name="Opening hours of a made-up library",
        origin="Power in co-production, a research compendium",
        description=f"{SIMULATED}: interviews, people and codings are made up; nothing of it is evidence.",
        users=tuple(User(_guid("coder", coder), coder) for coder in coders),
        codes=tuple(map(_code, _rows(folder / "codes.csv"))),
        variables=(Variable(visits, "visits", "Text", "How often somebody comes to the library."),),
        cases=tuple(
            Case(
                _guid("case", row["case"]),
                row["case"],
                values=(Value(visits, "TextValue", row["visits"]),),
                sources=(_guid("interview", row["interview"]),),
            )
            for row in _rows(folder / "cases.csv")
        ),
        sources=tuple(
            _interview(text, [row for row in codings if row["interview"] == text.stem])
            for text in sorted((folder / "interviews").glob("*.txt"))
        ),
        notes=(memo, *about_coders, *(_reason(row) for row in codings if row["note"])),
        own_notes=own,
    )


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _guid(*path: str) -> str:
    return guid_of("made-up library", *path)


def _code(row: Row) -> Code:
    path = [row["facet"], *(row["code"].split(LEVELS) if row["code"] else [])]
    above = _guid("code", *path[:-1]) if path[:-1] else ""
    return Code(_guid("code", *path), path[-1], above, is_codable=bool(row["code"]), description=row["definition"])


def _interview(file: Path, codings: list[Row]) -> Source:
    """Return an interview with its passages, each where its words are in the text."""
    text = file.read_text(encoding="utf-8")
    guid = _guid("interview", file.stem)
    selections = []
    for passage in dict.fromkeys(row["passage"] for row in codings):
        start = text.index(passage)
        given = tuple(_coding(row) for row in codings if row["passage"] == passage)
        place = (start, start + len(passage))
        selections.append(Selection("text", _guid("passage", file.stem, passage), place, codings=given))
    return Source("text", guid, file.stem, content=text, path=f"internal://{guid}.txt", selections=tuple(selections))


def _coding(row: Row) -> Coding:
    code = _guid("code", row["facet"], *row["code"].split(LEVELS))
    notes = (_reason(row).guid,) if row["note"] else ()
    return Coding(_guid("coding", *_key(row)), code, _guid("coder", row["coder"]), notes=notes)


def _reason(row: Row) -> Source:
    """Return the note with the rationale of a coding."""
    return Source("note", _guid("reason", *_key(row)), f"{row['interview']}, {row['coder']}", content=row["note"])


def _key(row: Row) -> tuple[str, ...]:
    return row["interview"], row["passage"], row["coder"], row["facet"], row["code"]


if __name__ == "__main__":
    write_project(project(), Path(sys.argv[1]) if len(sys.argv) > 1 else paths.EXAMPLE_PROJECT)
