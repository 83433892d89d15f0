"""Projects of other programs to test on: small ones written out, a large one that is simulated, and Taguette's tables.

Nothing of other people's is in here: the shapes are those that the standard's example and exports of Taguette 1.5 have.
"""

import random
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from lxml import etree

from analysis.exchange.project import Code, Coding, Project, Selection, Source, User
from analysis.support import paths

REFERENCE = paths.ROOT.parent / "shared" / "refi-qda"
NAMESPACE = "urn:QDA-XML:project:1.0"


def guid(name: str) -> str:
    """Return the GUID of a thing by a name that a person can say."""
    return str(uuid5(UUID(int=1), name)).upper()


def reference(name: str) -> Path:
    """Return a file of the standard, which lies beside the checkout; tests that need one are skipped without it."""
    if not (REFERENCE / name).is_file():
        pytest.skip("the schemas and the example of REFI-QDA do not lie beside this checkout")
    return REFERENCE / name


def schema(name: str) -> etree.XMLSchema:
    """Return a schema of the standard."""
    return etree.XMLSchema(etree.parse(str(reference(name))))


TEXT = "We were asked to come. Nobody had read a page."
ASKED, READ = (0, 22), (23, 46)


def xml(inside: str, namespace: str = NAMESPACE, name: str = "A study") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{namespace}" name="{name}">{inside}</Project>'


def codebook(*names: str) -> str:
    codes = "".join(f'<Code guid="{guid(name)}" name="{name}" isCodable="true"/>' for name in names)
    return f"<CodeBook><Codes>{codes}</Codes></CodeBook>"


def users(*names: str) -> str:
    found = "".join(f'<User guid="{guid(name)}" name="{name}"/>' for name in names)
    return f"<Users>{found}</Users>"


def coding(code: str, coder: str = "", key: str = "") -> str:
    by = f' creatingUser="{guid(coder)}"' if coder else ""
    return f'<Coding guid="{guid(f"coding {code} {coder} {key}")}"{by}><CodeRef targetGUID="{guid(code)}"/></Coding>'


def selection(start: int, end: int, *inside: str, name: str = "", key: str = "") -> str:
    named = f' name="{name}"' if name else ""
    place = f'startPosition="{start}" endPosition="{end}"'
    of = guid(f"selection {key or start}-{end}")
    return f'<PlainTextSelection guid="{of}"{named} {place}>{"".join(inside)}</PlainTextSelection>'


def text(*inside: str, name: str = "Ann", path: str | None = None) -> str:
    where = f"internal://{guid(name)}.txt" if path is None else path
    return f'<TextSource guid="{guid(name)}" name="{name}" plainTextPath="{where}">{"".join(inside)}</TextSource>'


def sources(*inside: str) -> str:
    return f"<Sources>{''.join(inside)}</Sources>"


SMALL = users("reader") + codebook("asked", "read") + sources(text(
    selection(*ASKED, coding("asked", "reader"), name="We were asked to come."),
    selection(*READ, coding("read", "reader"), coding("asked", "reader", "again")),
))  # fmt: skip


def qdpx(
    file: Path, project: str | bytes, files: Mapping[str, str | bytes] | None = None, qde: str = "project.qde"
) -> Path:
    """Write an archive; without `files` it has the text of Ann."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(qde, project)
        for name, content in ({f"Sources/{guid('Ann')}.txt": TEXT} if files is None else files).items():
            archive.writestr(name, content)
    return file


def small(file: Path) -> Path:
    return qdpx(file, xml(SMALL))


# --- Taguette

TABLES = """
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL);
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
    project_id INTEGER NOT NULL, contents TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL,
    start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, path VARCHAR(200) NOT NULL,
    description TEXT NOT NULL);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL, user_login VARCHAR(30) NOT NULL,
    project_id INTEGER NOT NULL, document_id INTEGER, payload TEXT NOT NULL);
"""
SOUP = "<p>We eat at noon – always 🙂 together.</p><p>The soup <b>is hot</b> &amp; cheap.</p>\n<ul><li>crème</li></ul>"
ROWS: dict[str, list[tuple[object, ...]]] = {
    "projects": [(1, "Lunch", "Two made-up talks")],
    "documents": [(1, "Ann", "", 1, SOUP)],
    # Bytes of the text without its tags: – is three, 🙂 four, è two.
    "highlights": [
        (1, 1, 10, 30, "<p>noon – always 🙂</p>"),
        (2, 1, 40, 51, "<p>The soup <b>is</b></p>"),
        (3, 1, 65, 71, "<li>crème</li>"),
    ],
    "tags": [(1, 1, "food", "What they eat"), (2, 1, "food.hot", "Warm"), (3, 1, "together", "")],
    "highlight_tags": [(1, 3), (2, 1), (2, 2), (3, 1)],
    "commands": [
        (1, "2026-01-02 03:04:05.678901", "ann", 1, 1, '{"type": "highlight_add", "highlight_id": 1, "tags": [3]}'),
        (2, "2026-01-02 03:05:00", "ben", 1, 1, '{"type": "highlight_add", "highlight_id": 2, "tags": [1]}'),
        (3, "2026-01-02 03:06:00", "ann", 1, 1, '{"type": "highlight_add", "highlight_id": 2, "tags": [1, 2]}'),
    ],
}  # fmt: skip


def taguette(file: Path, rows: Mapping[str, Iterable[tuple[object, ...]]] = ROWS, tables: str = TABLES) -> Path:
    """Write a file with the tables that Taguette has, as far as a project needs them."""
    database = sqlite3.connect(file)
    database.executescript(tables)
    for table, found in rows.items():
        for row in found:
            database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    database.commit()
    database.close()
    return file


# --- a large project, simulated

WORDS = "study people member panel money rule voice meeting paper draft travel clinic talk plan question answer".split()  # noqa: SIM905


def large(selections: int, codings: int, texts: int, seed: int = 1) -> Project:
    """Simulate a project of many selections, each of them of some words, some with two codes. Nothing is evidence."""
    chance = random.Random(seed)  # noqa: S311
    codes = [Code(guid(f"code {n}"), f"simulated code {n}", colour="#336699") for n in range(120)]
    coders = [User(guid(f"coder {n}"), f"simulated coder {n}") for n in range(3)]
    each = selections // texts
    twice = set(chance.sample(range(selections), codings - selections))
    return Project(
        "Simulated study",
        "simulated",
        "Simulated data; nothing of it is evidence.",
        users=tuple(coders),
        codes=tuple(codes),
        sources=tuple(
            _text(n, each, range(n * each, (n + 1) * each), chance, codes, coders, twice) for n in range(texts)
        ),
    )


def _text(
    number: int, each: int, keys: range, chance: random.Random, codes: list[Code], coders: list[User], twice: set[int]
) -> Source:
    of = guid(f"text {number}")
    words = chance.choices(WORDS, k=12 * each)
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    # A paragraph ends after every fourth selection, so that ways of counting differ.
    content = "".join(f"{word}{chr(10) if n % 48 == 0 else ' '}" for n, word in enumerate(words, start=1))
    selections = []
    for place, key in enumerate(keys):
        start, end = starts[12 * place], starts[12 * place + 10] - 1
        coder, time = chance.choice(coders).guid, f"2026-01-02T03:04:{key % 60:02d}Z"
        given = tuple(
            Coding(guid(f"{key} {n}"), code.guid, coder, time)
            for n, code in enumerate(chance.sample(codes, 2 if key in twice else 1))
        )
        name = content[start:end]
        selections.append(
            Selection("text", guid(f"selection {key}"), (start, end), name, "", given, (), (), coder, time, coder, time)
        )
    return Source(
        "text",
        of,
        f"simulated text {number}",
        content=content,
        path=f"internal://{of}.txt",
        selections=tuple(selections),
    )
