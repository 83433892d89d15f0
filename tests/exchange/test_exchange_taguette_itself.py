"""What Taguette itself exports of a project that two people made in it is read without loss."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import browser
import pytest
from bs4 import BeautifulSoup
from taguette_program import DATABASE, Person, registered, running
from test_exchange_study import comes_back_through_a_study
from test_exchange_writing import comes_back_as_written

from analysis.exchange import csv_table, import_report
from analysis.exchange.import_report import Imported
from analysis.exchange.project import Project
from analysis.exchange.refi_qda import reading
from analysis.exchange.taguette.project_file import read_taguette
from analysis.support import paths

pytestmark = pytest.mark.slow  # another program is started

TALK = """<html><head><meta charset="utf-8"><title>Not read</title></head><body><h1>Ann</h1>
<p>We eat at <b>noon</b> – always 🙂
together, <em>über</em> all.</p>
<ul>
<li>crème <strong>brûlée</strong> 🍮</li>
<li>salt &amp; pepper<ol><li>black</li></ol></li>
</ul><pre>
Two  lines
as typed</pre></body></html>"""
SUBTITLES = "1\n00:00:01,000 --> 00:00:04,000\nBen: Soup is 冷たい.\nNever, <never> 🙂.\n"
KEPT, EXPORTED = "kept.sqlite3", "project.sqlite3"
PROJECT = "Lunch – 🙂"
SEEN = {
    "Ann": [
        "Ann", "We eat at noon – always 🙂 together, über all.", "crème brûlée 🍮", "salt & pepper", "black",
        "Two  lines", "as typed",
    ],
    "Ben": ["00:00:01.000 Ben: Soup is 冷たい.", "Never, <never> 🙂."],
}  # fmt: skip
TAGS = {
    "food": 'What they eat;\r\n"with" lines, <b> & é 🙂',
    "food.hot": "Warm",
    "people.together – 🙂": "",
    "small": "Becomes food.hot",
    "gone": "Is deleted",
}
TOGETHER = "people.together – 🙂"
# From where to where in a document, who made it, and who gave which tags in the end.
HIGHLIGHTS = [
    ("Ann", "noon", "🙂", "noon – always 🙂", "ann", {TOGETHER: "ann"}),
    ("Ann", "always", "über", "always 🙂 together, über", "ben", {"food": "ben"}),
    ("Ann", "all.", "crème", "all.\n\ncrème", "ann", {"food": "ann", "food.hot": "ann"}),
    ("Ann", "brûlée", "🍮", "brûlée 🍮", "ann", {TOGETHER: "ann", "food": "ben"}),
    ("Ann", "pepper", "pepper", "pepper", "ben", {}),
    ("Ann", "lines", "typed", "lines\nas typed", "ann", {"food": "ann"}),
    ("Ben", "冷たい", "Never", "冷たい.\nNever", "ben", {"food.hot": "ben"}),
]
Offsets = dict[tuple[str, str, str], tuple[int, int]]
Found = list[tuple[str, str, str, dict[str, str]]]


@dataclass
class Used:
    """Taguette with its project, and the folder with the file that it keeps and what was exported from it."""

    address: str
    ann: Person
    folder: Path
    offsets: Offsets

    def read(self, file: str) -> Imported:
        return read_taguette(self.folder / file)

    def project(self, file: str) -> Project:
        return self.read(file).project


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    """Taguette, in which Ann and Ben made a project and exported it."""
    folder = tmp_path_factory.mktemp("taguette")
    with running(folder) as address:
        ann, ben = (registered(address, login) for login in ("ann", "ben"))
        offsets = made(ann, ben)
        for file, export in {
            EXPORTED: "project.sqlite3", "codebook.qdc": "codebook.qdc", "codebook.csv": "codebook.csv",
            "highlights.csv": "highlights/.csv",
        }.items():  # fmt: skip
            (folder / file).write_bytes(ann.get(f"/project/1/export/{export}"))
        (folder / KEPT).write_bytes((folder / DATABASE).read_bytes())
        yield Used(address, ann, folder, offsets)


def made(ann: Person, ben: Person) -> Offsets:
    """Make the project as the pages of Taguette do; return where each highlight is, as they count."""
    project = "/api/project/1"
    ann.fill_in("/project/new", name=PROJECT, description="Two made-up talks")
    ann.do(f"{project}/members", {"ben": {"privileges": "TAG"}}, "PATCH")
    for name, file, text in (("Ann", "talk.html", TALK), ("Ben", "talk.srt", f"\ufeff{SUBTITLES}")):
        content = text.replace("\n", "\r\n").encode()
        ann.upload(f"{project}/document/new", file, content, name=name, description=f"About {name}")
    tags = {
        path: ann.do(f"{project}/tag/new", {"path": path, "description": told})["id"] for path, told in TAGS.items()
    }
    documents = {"Ann": f"{project}/document/1", "Ben": f"{project}/document/2"}
    offsets = {(name, first, last): bytes_of(ann, documents[name], first, last) for name, first, last, *_ in HIGHLIGHTS}

    def highlight(who: Person, key: tuple[str, str, str], *given: str, number: int | None = None) -> int:
        start, end = offsets[key]
        told = {"start_offset": start, "end_offset": end, "tags": [tags[path] for path in given]}
        answer = who.do(f"{documents[key[0]]}/highlight/{number or 'new'}", told)
        return int(answer["id"])

    noon, always, all_, brulee, pepper, lines, cold = offsets
    highlight(ann, noon, TOGETHER, "gone")
    highlight(ben, always, "food")
    highlight(ann, all_, "food", "food.hot")
    highlight(ben, pepper)
    highlight(ann, lines, "food")
    highlight(ben, cold, "small")
    several = highlight(ann, brulee, TOGETHER, "food")
    highlight(ben, brulee, TOGETHER, number=several)
    highlight(ben, brulee, TOGETHER, "food", number=several)
    ann.do(f"{project}/tag/merge", {"src": tags["small"], "dest": tags["food.hot"]})
    ann.do(f"{project}/tag/{tags['gone']}", None, "DELETE")
    mistaken = highlight(ben, pepper, "food")
    ben.do(f"{documents['Ann']}/highlight/{mistaken}", None, "DELETE")
    return offsets


def bytes_of(person: Person, document: str, first: str, last: str) -> tuple[int, int]:
    """Return from which to which byte of the text of a document some words go."""
    (chunk,) = json.loads(person.get(f"{document}/contents"))["contents"]
    text = BeautifulSoup(chunk["contents"], "html.parser").get_text()
    start = text.index(first)
    return len(text[:start].encode()), len(text[: text.index(last, start) + len(last)].encode())


def paths_of(project: Project) -> dict[str, str]:
    """Return the path of each code by its GUID."""
    found: dict[str, str] = {}
    for code in project.codes:
        found[code.guid] = f"{found[code.parent]}.{code.name}" if code.parent else code.name
    return found


def highlights_of(project: Project) -> Found:
    names, codes = {user.guid: user.name for user in project.users}, paths_of(project)
    return [
        (
            source.name,
            (source.content or "")[slice(*found.span)],
            names.get(found.author, ""),
            {codes[c.code]: names.get(c.coder, "") for c in found.codings},
        )
        for source in project.sources
        for found in source.selections
    ]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_file_that_it_keeps_has_every_highlight_with_its_words_tags_and_coders(used: Used) -> None:
    expected = [(name, *found) for name, _, _, *found in HIGHLIGHTS]
    imported = used.read(KEPT)
    assert sorted(highlights_of(imported.project), key=repr) == sorted(expected, key=repr)
    assert (len(imported.report.unusual), len(imported.report.lost)) == (0, 0)


def test_its_export_has_the_same_and_names_one_person_for_all(used: Used) -> None:
    expected = [(name, words, "admin", dict.fromkeys(tags, "admin")) for name, _, _, words, _, tags in HIGHLIGHTS]
    imported = used.read(EXPORTED)
    assert sorted(highlights_of(imported.project), key=repr) == sorted(expected, key=repr)
    assert "as in every export of Taguette, and there were other members (ben)" in "\n".join(
        import_report.lines(imported)
    )


@pytest.mark.parametrize("file", [KEPT, EXPORTED])
def test_texts_are_read_as_a_reader_sees_them(used: Used, file: str) -> None:
    project = used.project(file)
    assert (project.name, project.description) == (PROJECT, "Two made-up talks")
    assert {source.name: lines(source.content or "") for source in project.sources} == SEEN
    assert [source.description for source in project.sources] == ["About Ann", "About Ben"]


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def test_codes_are_those_of_its_codebooks_in_a_tree(used: Used) -> None:
    project = used.project(EXPORTED)
    codes = paths_of(project)
    given = {codes[code.guid]: code for code in project.codes if code.is_codable}
    assert {path: code.description for path, code in given.items()} == {
        row["tag"]: row["description"] for row in rows(used.folder / "codebook.csv")
    }
    theirs = reading.read_codebook(used.folder / "codebook.qdc").project
    assert {path: code.guid for path, code in given.items()} == {code.name: code.guid for code in theirs.codes}
    assert [codes[code.guid] for code in project.codes if not code.is_codable] == ["people"]


def test_its_table_of_highlights_has_the_same_codings(used: Used) -> None:
    def words(passage: str) -> str:
        return "".join(passage.split())

    theirs = {(row["document"], words(row["content"]), row["tag"]) for row in rows(used.folder / "highlights.csv")}
    ours = {
        (name, words(passage), tag)
        for name, passage, _, given in highlights_of(used.project(EXPORTED))
        for tag in given
    }
    assert theirs == ours
    read = highlights_of(csv_table.read_table(used.folder / "highlights.csv").project)
    assert {(name, words(passage), tag) for name, passage, _, given in read for tag in given} == ours


@pytest.mark.parametrize("file", [KEPT, EXPORTED])
def test_what_is_written_of_it_is_by_the_schemas_and_comes_back_the_same(used: Used, tmp_path: Path, file: str) -> None:
    comes_back_as_written(used.project(file), tmp_path)


@pytest.mark.parametrize("file", [KEPT, EXPORTED])
def test_it_comes_back_through_a_study_the_same(used: Used, tmp_path: Path, file: str) -> None:
    comes_back_through_a_study(used.folder / file, tmp_path)


def test_it_takes_the_names_of_codes_from_the_table_of_a_study(used: Used) -> None:
    table = paths.DATA / "evidence" / "codes.csv"
    used.ann.fill_in("/project/new", name="Codes", description="")
    form = BeautifulSoup(used.ann.upload("/project/2/import_codebook", table.name, table.read_bytes()), "html.parser")
    offered = {
        str(field["name"]): str(field.get("value", "on")) for field in form.select("form input[name]:not([disabled])")
    }
    used.ann.fill_in("/project/2/import_codebook", **offered)
    taken = used.ann.get("/project/2/export/codebook.csv").decode()
    names = {row["tag"] for row in csv.DictReader(taken.splitlines())}
    assert names - {"interesting"} == {row["name"] for row in rows(table)}


def test_what_it_imports_and_exports_again_after_a_merge_has_the_same_and_the_same_person(
    used: Used, tmp_path: Path
) -> None:
    file, number = used.folder / EXPORTED, "1"
    for again in range(2):
        answer = used.ann.upload("/api/import", EXPORTED, file.read_bytes(), project_id=number)
        file = tmp_path / f"{again}.sqlite3"
        file.write_bytes(used.ann.get(f"/project/{json.loads(answer)['project_id']}/export/project.sqlite3"))
    with closing(sqlite3.connect(file)) as database:
        (payload,) = database.execute("SELECT payload FROM commands WHERE payload LIKE '%tag_merge%'").fetchone()
    assert json.loads(payload)["src_tag_id"] < 0, "the log has lost the tag"
    imported = read_taguette(file)
    assert sorted(highlights_of(imported.project), key=repr) == sorted(highlights_of(used.project(EXPORTED)), key=repr)
    assert [user.name for user in imported.project.users] == ["admin"]
    assert "the author of the highlight is taken to have given it" in "\n".join(import_report.lines(imported))


# Selects some words as a mouse does, and asks Taguette's own script where they are.
SELECTED = """([first, last]) => {
    const text = document.getElementById("doc-offset-0"), start = text.textContent.indexOf(first);
    const place = (wanted) => {
        const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        while (wanted > nodes.nextNode().length) wanted -= nodes.currentNode.length;
        return [nodes.currentNode, wanted];
    };
    const end = text.textContent.indexOf(last, start) + last.length;
    getSelection().setBaseAndExtent(...place(start), ...place(end));
    return describeSelection();
}"""


def test_its_pages_count_and_show_what_is_supposed_here(used: Used, chromium: browser.Browser) -> None:
    seen = browser.Visit()
    for number, name in enumerate(SEEN, start=1):
        wanted = {key: offsets for key, offsets in used.offsets.items() if key[0] == name}

        def look(page: Any, wanted: Offsets = wanted) -> tuple[str, list[list[int]]]:
            text = page.wait_for_selector("#doc-offset-0").inner_text()
            return text, [page.evaluate(SELECTED, [first, last]) for _, first, last in wanted]

        page = f"{used.address}/project/1/document/{number}"
        text, counted = chromium.use(page, look, used.address, seen=seen, storage_state={"cookies": used.ann.shown()})
        assert lines(text) == SEEN[name]
        assert [tuple(offsets) for offsets in counted] == list(wanted.values())
    assert seen.asked == []
