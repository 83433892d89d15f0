"""Projects are read whole, as the standard has them and as programs write them."""

import re
import zipfile
from pathlib import Path

import pytest
from exchanged import (
    ASKED,
    READ,
    SMALL,
    TEXT,
    codebook,
    coding,
    guid,
    qdpx,
    reference,
    selection,
    small,
    sources,
    text,
    users,
    xml,
)

from analysis.exchange import import_report
from analysis.exchange.import_report import ExchangeError, Imported
from analysis.exchange.positions import BY_NAME
from analysis.exchange.project import Project
from analysis.exchange.refi_qda import reading, writing


def codings_of(project: Project) -> list[tuple[str, tuple[int | str, ...], str, str]]:
    names = {code.guid: code.name for code in project.codes} | {user.guid: user.name for user in project.users}
    return [
        (source.name, found.place if found else (), names[given.code], names.get(given.coder, ""))
        for source, found, given in project.codings()
    ]


EXPECTED = [("Ann", ASKED, "asked", "reader"), ("Ann", READ, "read", "reader"), ("Ann", READ, "asked", "reader")]


def summary(imported: Imported) -> str:
    return "\n".join(import_report.lines(imported))


def test_a_project_is_read_with_its_text_codes_coders_and_codings(tmp_path: Path) -> None:
    imported = reading.read_project(small(tmp_path / "a.qdpx"))
    assert codings_of(imported.project) == EXPECTED
    assert imported.project.sources[0].content == TEXT
    assert "three codings" in summary(imported)
    assert "Departs" not in summary(imported)
    assert "Could not" not in summary(imported)


def test_the_example_of_the_standard_is_read_whole() -> None:
    imported = reading.read_project(reference("spec-example.qdpx"), strict=True)
    project = imported.project
    everything = [selection for source in project.texts() for selection in source.selections]
    kinds = [selection.kind for selection in everything]
    assert [user.name for user in project.users] == ["ATLAS.ti", "Friedrich Markgraf", "Sebastian Petrausch"]
    assert len(project.codes) == 14
    assert [source.kind for source in project.sources].count("text") == 6
    assert kinds.count("text") == 8
    assert [kinds.count(kind) for kind in ("picture", "pdf", "video")] == [1, 4, 2]
    assert len(project.sets) == 16
    assert len(project.notes) == 2
    assert project.links[0].name == "Memo-Quotation Relation"
    assert len(project.graphs[0].vertices) == 3
    assert len(project.graphs[0].edges) == 2
    recording = next(source for source in project.sources if source.name.startswith("1994") and source.kind == "video")
    assert recording.texts[0].sync_points[1][1:] == (2260, 20)
    assert next(code for code in project.codes if code.name == "Coke").description == "the breakfast of champions"
    assert "11 times" in summary(imported), "its archive has none of the texts that it names"


# what a program writes that the standard does not have, and what is read of it all the same
SPELLINGS = {
    "sources in lower case": (xml(SMALL), {f"sources/{guid('Ann')}.txt": TEXT}, "project.qde", ""),
    "sources in upper case": (xml(SMALL), {f"SOURCES/{guid('Ann')}.TXT": TEXT}, "PROJECT.QDE", ""),
    "another name of the project": (xml(SMALL), None, "My study.qde", ""),
    "an older namespace": (xml(SMALL, "urn:QDA-XML:project:0:4"), None, "project.qde", "project:0:4"),
    "a misspelt namespace": (xml(SMALL, "urn:QDA-XML:project:1:0"), None, "project.qde", "project:1:0"),
    "the namespace of a codebook": (xml(SMALL, "urn:QDA-XML:codebook:1.0"), None, "project.qde", "codebook:1.0"),
    "a code book in the namespace of codebooks": (
        xml(SMALL.replace("<CodeBook>", '<CodeBook xmlns="urn:QDA-XML:codebook:1.0">')), None, "project.qde", "codebook:1.0",
    ),
    "a code book in an older namespace of codebooks": (
        xml(SMALL.replace("<CodeBook>", '<CodeBook xmlns="urn:QDA-XML:codebook:0:4">')), None, "project.qde",
        "an element has the namespace urn:QDA-XML:codebook:0:4, not urn:QDA-XML:project:1.0, 4 times",
    ),
    "a code in the namespace of the first drafts": (
        xml(SMALL.replace("<Code ", '<Code xmlns="http://schema.qdasoftware.org/versions/Codebook/v1.0" ', 1)), None, "project.qde",
        "schema.qdasoftware.org",
    ),
    "sources without a namespace": (
        xml(SMALL.replace("<Sources>", '<Sources xmlns="">')), None, "project.qde", "an element has no namespace",
    ),
    "a namespace within none": (
        xml(SMALL).replace(' xmlns="urn:QDA-XML:project:1.0"', "").replace("<Users>", '<Users xmlns="urn:QDA-XML:project:1.0">'),
        None, "project.qde", "not none as the whole has",
    ),
    "a namespace in small letters": (xml(SMALL, "urn:qda-xml:project:1.0"), None, "project.qde", "urn:qda-xml:project:1.0"),
    "an element of another namespace": (
        xml(SMALL + '<v:Weights xmlns:v="http://example.org/v"/>'), None, "project.qde",
        "element Weights (namespace http://example.org/v) in Project",
    ),
    "no namespace": (xml(SMALL).replace(' xmlns="urn:QDA-XML:project:1.0"', ""), None, "project.qde", "missing"),
    "a prefix": (
        xml(SMALL).replace("xmlns=", "xmlns:q=").replace("</", "</q:").replace("<", "<q:").replace("<q:/q:", "</q:").replace("<q:?", "<?"),
        None, "project.qde", "",
    ),
    "braces around GUIDs": (xml(SMALL.replace(guid("asked"), "{" + guid("asked").lower() + "}")), None, "project.qde", ""),
    "GUIDs in small letters": (
        re.sub("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}(?!.txt)", lambda found: found[0].lower(), xml(SMALL)), None, "project.qde", "",
    ),
    "no internal://": (xml(SMALL.replace("internal://", "")), None, "project.qde", "not written as internal://"),
    "one slash": (xml(SMALL.replace("internal://", "internal:/")), None, "project.qde", "not written as internal://"),
    "the folder in the path": (xml(SMALL.replace("internal://", "internal://Sources/")), None, "project.qde", ""),
    "a byte order mark": ("\ufeff" + xml(SMALL), {f"Sources/{guid('Ann')}.txt": "\ufeff" + TEXT}, "project.qde", ""),
    "UTF-16": (
        xml(SMALL).replace('"utf-8"', '"utf-16"').encode("utf-16"),
        {f"Sources/{guid('Ann')}.txt": TEXT.encode("utf-16")}, "project.qde", "",
    ),
    "members with backslashes": (xml(SMALL), {f"Sources\\{guid('Ann')}.txt": TEXT}, "project.qde", ""),
    "CRLF in the project": (xml(SMALL.replace("><", ">\r\n<")), None, "project.qde", ""),
    "a file nobody names": (
        xml(SMALL), {f"Sources/{guid('Ann')}.txt": TEXT, "read-me.txt": ""}, "project.qde", "no source names (read-me.txt)",
    ),
    "codes in two containers": (
        xml(SMALL.replace(codebook("asked", "read"), codebook("asked") + codebook("read"))), None, "project.qde", "CodeBook is in Project",
    ),
    "two sorts of booleans": (xml(SMALL.replace('isCodable="true"', 'isCodable="1"', 1)), None, "project.qde", ""),
    "a second code in a coding": (
        xml(SMALL.replace("</Coding>", f'<CodeRef targetGUID="{guid("read")}"/></Coding>', 1)), None, "project.qde",
        f"second CodeRef in Coding (line 2, {guid('coding asked reader ')})",
    ),
    "something within a reference": (
        xml(SMALL.replace(f'"{guid("asked")}"/></Coding>', f'"{guid("asked")}"><Why/></CodeRef></Coding>', 1)), None, "project.qde", "element Why in CodeRef",
    ),
    "a coding with a note that is not there": (
        xml(SMALL.replace("</Coding>", f'<NoteRef targetGUID="{guid("gone")}"/></Coding>', 1)), None, "project.qde", f"a coding refers to a note that is not in the project ({guid('coding asked reader ')}, {guid('gone')})",
    ),
    "an unknown sort of variable": (
        xml(SMALL.replace("<Sources>", f'<Variables><Variable guid="{guid("v")}" name="v" typeOfVariable="String"/></Variables><Sources>')),
        None, "project.qde", "typeOfVariable of Variable is not one of",
    ),
    "an empty container": (xml(SMALL + "<Sets/>"), None, "project.qde", "Sets is empty"),
    "elements in another order": (
        xml(SMALL.replace(users("reader"), "") + users("reader")), None, "project.qde", "Users is in Project too late",
    ),
    "an element of its own": (xml(SMALL + "<Weights><Weight>3</Weight></Weights>"), None, "project.qde", "element Weights"),
    "an attribute of its own": (xml(SMALL.replace("<Code ", '<Code weight="3" ')), None, "project.qde", "attribute weight of Code"),
    "a wrong colour": (xml(SMALL.replace("<Code ", '<Code color="red" ')), None, "project.qde", "color of Code is not a colour"),
    "a wrong time": (
        xml(SMALL.replace("<Coding ", '<Coding creationDateTime="today" ')), None, "project.qde", "creationDateTime of Coding",
    ),
    "a coder who is no user": (xml(SMALL.replace(users("reader"), "")), None, "project.qde", "not among the users"),
    "a set of what is not there": (
        xml(SMALL + f'<Sets><Set guid="{guid("set")}" name="Set"><MemberCode targetGUID="{guid("gone")}"/></Set></Sets>'),
        None, "project.qde", "a set has a member",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("project", "files", "qde", "noticed"), SPELLINGS.values(), ids=SPELLINGS)
def test_what_programs_write_is_read(
    tmp_path: Path, project: str | bytes, files: dict[str, str] | None, qde: str, noticed: str
) -> None:
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", project, files, qde))
    names = [(source, place, code) for source, place, code, _ in codings_of(imported.project)]
    assert names == [found[:3] for found in EXPECTED]
    assert imported.project.sources[0].content == TEXT
    assert noticed in summary(imported)
    assert imported.report.counting is not None


@pytest.mark.parametrize(
    "case", ["an older namespace", "an empty container", "an element of its own", "a wrong colour"]
)
def test_what_departs_from_the_schema_is_refused_when_asked(tmp_path: Path, case: str) -> None:
    project, files, qde, _ = SPELLINGS[case]
    with pytest.raises(ExchangeError, match="Read it without --strict"):
        reading.read_project(qdpx(tmp_path / "a.qdpx", project, files, qde), strict=True)


@pytest.mark.parametrize("part", ["<CodeBook>", "<Sources>", "<Code ", "<Coding "])
def test_a_part_of_a_project_in_an_unknown_namespace_is_refused_by_name(tmp_path: Path, part: str) -> None:
    strange = part[:-1] + ' xmlns="http://example.org/x"' + part[-1]
    with pytest.raises(
        ExchangeError, match=r"is in a namespace that is not of REFI-QDA \(found 'http://example.org/x'\)"
    ):
        reading.read_project(qdpx(tmp_path / "a.qdpx", xml(SMALL.replace(part, strange, 1))))


def test_sets_within_the_codebook_of_a_project_are_kept(tmp_path: Path) -> None:
    inside = f'<Sets><Set guid="{guid("set")}" name="Both"><MemberCode guid="{guid("read")}"/></Set></Sets></CodeBook>'
    project = xml(
        SMALL.replace("</CodeBook>", inside).replace("<CodeBook>", '<CodeBook xmlns="urn:QDA-XML:codebook:1.0">')
    )
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", project))
    assert [(group.name, group.codes) for group in imported.project.sets] == [("Both", (guid("read"),))]
    assert "Sets is in CodeBook, as in a codebook" in summary(imported)


@pytest.mark.parametrize(
    "namespace", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4", "urn:QDA-XML:project:1.0", ""]
)
@pytest.mark.parametrize("attribute", ["guid", "targetGUID"])
def test_a_codebook_is_read_in_any_namespace_of_the_standard(tmp_path: Path, namespace: str, attribute: str) -> None:
    code = f'<Codes><Code guid="{guid("a")}" name="a" isCodable="true"/></Codes>'
    group = f'<Sets><Set guid="{guid("s")}" name="s"><MemberCode {attribute}="{guid("a")}"/></Set></Sets>'
    of = f' xmlns="{namespace}"' if namespace else ""
    (tmp_path / "a.qdc").write_text(f"<CodeBook{of}>{code}{group}</CodeBook>", encoding="utf-8")
    project = reading.read_codebook(tmp_path / "a.qdc").project
    assert [code.name for code in project.codes] == ["a"]
    assert project.sets[0].codes == (guid("a"),)


def test_names_that_differ_only_in_case_are_names_of_two_files(tmp_path: Path) -> None:
    inside = sources(text(name="one", path="internal://a.txt"), text(name="two", path="internal://A.txt"))
    files = {"Sources/a.txt": "One.", "Sources/A.txt": "Two."}
    project = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(codebook("a") + inside), files)).project
    assert [source.content for source in project.sources] == ["One.", "Two."]
    assert project.media == ()


@pytest.mark.parametrize("named", ["talk.mp3", "media/talk.mp3"])
def test_a_medium_outside_the_folder_of_sources_is_kept_where_a_source_names_it(tmp_path: Path, named: str) -> None:
    inside = f'<AudioSource guid="{guid("talk")}" path="internal://{named}"/>'
    project = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(sources(inside)), {named: b"abc"})).project
    assert [(medium.name, medium.size) for medium in project.media] == [(named, 3)]
    writing.write_project(project, tmp_path / "b.qdpx")
    with zipfile.ZipFile(tmp_path / "b.qdpx") as archive:
        assert archive.read(f"sources/{named}") == b"abc"


def test_a_codebook_is_read_with_its_tree_and_sets(tmp_path: Path) -> None:
    file = tmp_path / "a.qdc"
    file.write_text(
        f'\ufeff<CodeBook xmlns="urn:QDA-XML:codebook:1:0" origin="X"><Codes><Code guid="{{{guid("a")}}}" name="a" isCodable="true">'
        f'<Description>All of a</Description><Code guid="{guid("b")}" name="b" isCodable="true" color="#fff"/></Code></Codes>'
        f'<Sets><Set guid="{guid("s")}" name="s"><MemberCode guid="{guid("b")}"/></Set></Sets></CodeBook>',
        encoding="utf-8",
    )
    project = reading.read_codebook(file).project
    assert [(code.name, code.parent, code.description) for code in project.codes] == [
        ("a", "", "All of a"), ("b", guid("a"), ""),
    ]  # fmt: skip
    assert project.sets[0].codes == (guid("b"),)


def test_a_whole_source_can_be_coded_and_media_are_kept_by_name(tmp_path: Path) -> None:
    picture = (
        f'<PictureSource guid="{guid("picture")}" name="door.png" path="internal://door.png">'
        f'<PictureSelection guid="{guid("part")}" firstX="1" firstY="2" secondX="3" secondY="4">{coding("asked", "reader", "p")}'
        f"</PictureSelection>{coding('read', 'reader', 'whole')}</PictureSource>"
    )
    away = f'<AudioSource guid="{guid("audio")}" name="talk.mp3" path="relative:///talk.mp3"/>'
    inside = users("reader") + codebook("asked", "read") + sources(text(), picture, away)
    files = {f"Sources/{guid('Ann')}.txt": TEXT, "Sources/door.png": b"\x89PNG", "Sources/notes.docx": b"PK"}
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(inside), files))
    assert codings_of(imported.project) == [
        ("door.png", (1, 2, 3, 4), "asked", "reader"), ("door.png", (), "read", "reader"),
    ]  # fmt: skip
    assert [medium.name for medium in imported.project.media] == ["door.png", "notes.docx"]
    assert "talk.mp3" in summary(imported), "a recording that is not in the archive is named"


# --- positions

EMOJI = "🙂 We came.\nThe door 🙂 was shut, and nobody 🙂 had a key.\nSo we left the place."
WORDS_SELECTED = ["came", "door", "shut", "nobody", "key", "left"]


def annotated(*places: tuple[int, int], referring: int = 1) -> str:
    """Return a project as QualCoder writes it: a note has the place of the text to which it was written."""
    named = "".join(f'<TextSource guid="{guid(f"text {n}")}" name="T{n}" plainTextPath="internal://{guid("Ann")}.txt">'
                    f'<NoteRef targetGUID="{guid("note")}"/></TextSource>' for n in range(referring))  # fmt: skip
    note = f'<Note guid="{guid("note")}"><PlainTextContent>Soup?</PlainTextContent>'
    return f"{sources(text(), named)}<Notes>{note}{''.join(selection(*place) for place in places)}</Note></Notes>"


def test_the_place_of_a_note_in_another_text_is_given_to_that_text(tmp_path: Path) -> None:
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(annotated(READ, (0, 4)))))
    (note,), source = imported.project.notes, imported.project.sources[1]
    assert [(found.place, found.notes) for found in source.selections] == [(READ, (guid("note"),))]
    assert (note.content, [found.place for found in note.selections]) == ("Soup?", [(0, 4)])
    assert f"a note has its place in the text of the source that refers to it ({guid('note')})" in summary(imported)
    writing.write_project(imported.project, tmp_path / "b.qdpx")
    assert reading.read_project(tmp_path / "b.qdpx").project == writing.settled(imported.project)


@pytest.mark.parametrize("referring", [0, 2])
def test_a_note_that_does_not_say_in_which_text_its_place_is_is_kept_without_it(tmp_path: Path, referring: int) -> None:
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(annotated(READ, referring=referring))))
    assert not any(source.selections for source in imported.project.texts())
    assert [note.content for note in imported.project.notes] == ["Soup?"]
    assert f"does not say in which text; the note is kept ({guid('note')})" in summary(imported)


def test_a_coded_place_outside_a_note_is_refused(tmp_path: Path) -> None:
    coded = annotated(READ).replace("</PlainTextSelection>", f"{coding('asked')}</PlainTextSelection>")
    with pytest.raises(ExchangeError, match="is not within the text of 5 characters"):
        reading.read_project(qdpx(tmp_path / "a.qdpx", xml(codebook("asked") + coded)))


def with_case(*texts: str) -> str:
    """Return a project with a case that names a file, as QualCoder writes it."""
    case = f'<Case guid="{guid("case")}" name="A person"><SourceRef targetGUID="{guid("file")}"/></Case>'
    return xml(f"<Cases>{case}</Cases>{sources(*texts)}")


def test_a_case_that_names_the_file_of_a_source_is_of_that_source(tmp_path: Path) -> None:
    rich = text().replace(" plainText", f' richTextPath="internal://{guid("file").lower()}.docx" plainText')
    files = {f"Sources/{guid('Ann')}.txt": f"\ufeff{TEXT}", f"Sources/{guid('Bo')}.txt": "We sang."}
    for name, ann, twin in (
        ("path", rich, {f"Sources/{guid('file').lower()}.docx": b"PK"}),
        ("words", text(), {f"Sources/{guid('file')}.txt": TEXT.replace(" ", "\r\n"), "Sources/a.txt": b"\xff"}),
    ):
        imported = reading.read_project(
            qdpx(tmp_path / f"{name}.qdpx", with_case(text(name="Bo"), ann), {**files, **twin})
        )
        assert imported.project.cases[0].sources == (guid("Ann"),)
        assert "a case names the file of a source instead of the source (A person)" in summary(imported)


@pytest.mark.parametrize("twin", [TEXT, "Other words.", b"\xff"], ids=["two texts", "no text", "no words"])
def test_a_case_that_names_nothing_that_is_known_stays_as_it_is(tmp_path: Path, twin: str | bytes) -> None:
    files = {f"Sources/{guid(name)}.txt": TEXT for name in ("Ann", "Bo")} | {f"Sources/{guid('file')}.txt": twin}
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", with_case(text(), text(name="Bo")), files))
    assert imported.project.cases[0].sources == (guid("file"),)
    assert "a case has a code, source or selection that is not in the project" in summary(imported)


def positioned(tmp_path: Path, stored: str, counted: str, named: bool, utf16: bool = False) -> Path:
    """Write a project whose positions are those of words in `counted`, in UTF-16 units or code points."""

    def count(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2 if utf16 else len(part)

    found = []
    for word in WORDS_SELECTED:
        start = count(counted[: counted.index(word)])
        name = quoted(counted, word) if named else ""
        rest = counted[counted.index(word) :]
        selected = rest[: rest.index(".")] if named else word
        found.append(selection(start, start + count(selected), coding("asked", key=word), name=name, key=word))
    project = xml(codebook("asked") + sources(text(*found)))
    return qdpx(tmp_path / "a.qdpx", project, {f"Sources/{guid('Ann')}.txt": stored})


def quoted(text: str, word: str) -> str:
    rest = text[text.index(word) :]
    return rest[: rest.index(".")].replace("\r\n", " ").replace("\n", " ")


WAYS = {
    "code-points": (EMOJI, EMOJI, False),
    "utf-16": (EMOJI, EMOJI, True),
    "code-points-1": (EMOJI.replace("\n", "\r\n"), EMOJI, False),
    "utf-16-1": (EMOJI.replace("\n", "\r\n"), EMOJI, True),
    "code-points-2": (EMOJI, EMOJI.replace("\n", "\r\n"), False),
    "utf-16-2": (EMOJI, EMOJI.replace("\n", "\r\n"), True),
}


@pytest.mark.parametrize("named", [False, True], ids=["by edges of words", "by names that quote"])
@pytest.mark.parametrize("way", WAYS)
def test_how_positions_are_counted_is_found_from_the_text(tmp_path: Path, way: str, named: bool) -> None:
    stored, counted, utf16 = WAYS[way]
    imported = reading.read_project(positioned(tmp_path, stored, counted, named, utf16))
    counting = imported.report.counting
    assert counting is not None
    assert counting.way.name == way
    assert counting.sureness.startswith("sure") or not named
    (source,) = imported.project.sources
    assert source.content == stored
    selected = [(source.content or "")[slice(*found.span)] for found in source.selections]
    assert [part[: len(word)] for part, word in zip(selected, WORDS_SELECTED, strict=True)] == WORDS_SELECTED


def test_how_positions_are_counted_can_be_said(tmp_path: Path) -> None:
    file = positioned(tmp_path, EMOJI, EMOJI, named=False, utf16=False)
    imported = reading.read_project(file, BY_NAME["utf-16"])
    (source,) = imported.project.sources
    assert (source.content or "")[slice(*source.selections[1].span)] != "door"
    assert "as you said" in str(imported.report.counting)


def test_where_no_way_of_counting_differs_it_is_the_standards_and_certain(tmp_path: Path) -> None:
    assert "no text in which ways of counting differ" in str(
        reading.read_project(small(tmp_path / "a.qdpx")).report.counting
    )


EARLY, ODD = "We came 🙂", "🙂 ... ... ..."


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [(EARLY, (0, 2), "no selection lies where ways of counting differ"), (ODD, (3, 5), "so that this is not sure")],
)
def test_where_nothing_tells_ways_apart_that_is_said(
    tmp_path: Path, content: str, place: tuple[int, int], said: str
) -> None:
    inside = codebook("asked") + sources(text(selection(*place, coding("asked"))))
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(inside), {f"Sources/{guid('Ann')}.txt": content}))
    assert imported.report.counting is not None
    assert imported.report.counting.way.name == "code-points"
    assert said in str(imported.report.counting)


def test_a_program_is_not_said_to_count_otherwise_for_a_few_parts_of_words(tmp_path: Path) -> None:
    """Found by fuzzing: the standard's way stands where another has one more end at the edge of a word."""
    content = "ab cd\nef gh ij kl mn"
    inside = codebook("asked") + sources(text(selection(7, 9, coding("asked")), selection(12, 14, key="other")))
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(inside), {f"Sources/{guid('Ann')}.txt": content}))
    assert imported.report.counting is not None
    assert imported.report.counting.way.name == "code-points"
    assert "not sure" in imported.report.counting.sureness


@pytest.mark.parametrize("odd", ["🙂", "\r\n"])
def test_how_positions_are_counted_is_found_from_the_one_text_that_tells(tmp_path: Path, odd: str) -> None:
    """Among many texts, and late in it, since only what lies behind an odd character shows how it was counted."""
    plain = "Some words.\n" * 300
    texts = {f"n{n}": plain for n in range(60)} | {"n37": f"{plain}Odd {odd} then clear words at the end.\n"}
    off = 1 if odd == "🙂" else -1
    words = {word: texts["n37"].rindex(word) + off for word in ("then", "clear", "words", "end")}
    late = [selection(start, start + len(word), coding("asked", key=word), key=word) for word, start in words.items()]
    found = [
        text(*(selection(12 * m, 12 * m + 4, coding("asked", key=f"{name} {m}"), key=f"{name} {m}") for m in range(300)),
             *(late if name == "n37" else []), name=name)
        for name in texts
    ]  # fmt: skip
    files = {f"Sources/{guid(name)}.txt": content for name, content in texts.items()}
    imported = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(codebook("asked") + sources(*found)), files))
    assert imported.report.counting is not None
    assert imported.report.counting.way.name == ("utf-16" if odd == "🙂" else "code-points-1")
    source = imported.project.sources[37]
    assert [(source.content or "")[slice(*late.span)] for late in source.selections[-4:]] == [*words]
