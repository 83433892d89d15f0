"""A project that is imported and exported keeps its positions, in whichever way the program counts them."""

import itertools
import re
import zipfile
from pathlib import Path

import pytest
from command_line import run
from example_counts import examples
from exchanged import codebook, coding, guid, qdpx, selection, sources, text, users, xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.exchange import commands, positions
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing.facets import Choices
from analysis.exchange.positions import WAYS, Scale, Way
from analysis.exchange.refi_qda import reading, writing
from analysis.study import loading

#: What ways of counting treat differently, and what none of them does: marks that combine, and a byte order mark.
PIECES = ["We", " came ", "🙂", "👩🏽‍🌾", "e\u0301", "\n", "\r\n", "\r", "\r\n\r\n", "\ufeff", "ein Stück ", "𝄞", "."]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)
QUIET = settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def counted(text: str, way: Way) -> list[tuple[int, int]]:
    """Return each place between two characters with its position, counted piece by piece.

    This is another road than that of the package: it goes through the text and adds up.
    """
    found, position, place = [(0, 0)], 0, 0
    for piece in re.findall("\r\n|[\\s\\S]", text):
        is_break = piece in ("\r\n", "\n", "\r")
        if is_break and way.line_break is not None:
            position += way.line_break
            place += len(piece)
            found.append((place, position))
            continue
        for character in piece:
            position += 2 if way.utf16 and ord(character) > 0xFFFF else 1
            place += 1
            found.append((place, position))
    return found


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@given(content=TEXTS)
@QUIET
def test_every_place_of_a_text_goes_to_its_position_and_back(way: Way, content: str) -> None:
    scale = Scale(content, way)
    for place, position in counted(content, way):
        assert scale.position(place) == position
        assert scale.place(position) == (place, True)


def spans(content: str, way: Way) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return all stretches of a text: in code points, and as counted."""
    places = counted(content, way)
    return [((one[0], two[0]), (one[1], two[1])) for one, two in itertools.combinations(places, 2)][:20]


def written(file: Path, content: str, way: Way, mark: str = "") -> Path:
    """Write a project as another program would that counts in a way, with a note that has positions of its own."""
    found = [span for _, span in spans(content, way)]
    inside = "".join(selection(*span, coding("joy", "ann", str(n)), key=str(n)) for n, span in enumerate(found))
    selected = "".join(selection(*span, key=f"note {n}") for n, span in enumerate(found[:3]))
    note = f'<Note guid="{guid("note")}" name="N" plainTextPath="internal://{guid("note")}.txt">{selected}</Note>'
    project = xml(users("ann") + codebook("joy") + sources(text(inside)) + f"<Notes>{note}</Notes>")
    stored = (mark + content).encode()
    return qdpx(file, project, {f"Sources/{guid(name)}.txt": stored for name in ("Ann", "note")})


def stored_positions(file: Path) -> list[tuple[str, ...]]:
    """Return GUID, start and end of every selection as they stand in a file."""
    pattern = r'<PlainTextSelection guid="(.*?)".*? startPosition="(.*?)" endPosition="(.*?)"'
    with zipfile.ZipFile(file) as archive:
        return sorted(re.findall(pattern, archive.read("project.qde").decode()))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@given(content=TEXTS, mark=st.sampled_from(["", "\ufeff"]))
@QUIET
def test_what_is_read_in_a_way_is_written_in_it_with_the_same_words(
    tmp_path: Path, way: Way, content: str, mark: str
) -> None:
    content = content.lstrip("\ufeff") or "a"  # what stands first would be taken for the mark
    file, out = written(tmp_path / "a.qdpx", content, way, mark), tmp_path / "out.qdpx"
    project = reading.read_project(file, way).project
    writing.write_project(project, out, way)
    assert stored_positions(out) == stored_positions(file)
    again = reading.read_project(out, way).project
    places = [place for place, _ in spans(content, way)]
    for source, found in ((again.sources[0], places), (again.notes[0], places[:3])):
        words = [(source.content or "")[slice(*one.span)] for one in source.selections]
        assert words == [content[slice(*place)] for place in found]


EMOJI = "🙂🙂🙂 At first\r\nwe came, and then 🙂 we left.\nNobody stayed."


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("chosen", [WAYS[0], WAYS[3]], ids=lambda way: way.name)
def test_a_study_is_exported_as_it_was_imported_or_as_is_chosen(tmp_path: Path, way: Way, chosen: Way) -> None:
    file = written(tmp_path / "a.qdpx", EMOJI, way)
    read = commands.read(file, way)
    commands.import_study(read, Choices(), tmp_path / "study", lambda _: None)
    origin = loading.load(tmp_path / "study").study.origin
    assert origin is not None
    assert origin.way == way.name
    told: list[str] = []
    commands.export_study(tmp_path / "study", tmp_path / "b.qdpx", True, told.append)
    assert stored_positions(tmp_path / "b.qdpx") == stored_positions(file)
    assert f"Positions are counted in {way.description} (as in the file that was imported)." in told
    if way.line_break is None and chosen.line_break == 1:
        with pytest.raises(ExchangeError, match=r"within a line break.*Choose another way with --positions"):
            commands.export_study(tmp_path / "study", tmp_path / "c.qdpx", True, told.append, way=chosen)
        return
    commands.export_study(tmp_path / "study", tmp_path / "c.qdpx", True, told.append, way=chosen)
    assert f"Positions are counted in {chosen.description} (as you said)." in told
    one, other = (
        reading.read_project(tmp_path / f"{name}.qdpx", of).project for name, of in (("b", way), ("c", chosen))
    )
    assert one == other


def test_an_export_without_the_kept_project_counts_as_the_imported_file(tmp_path: Path) -> None:
    way = positions.BY_NAME["utf-16"]
    commands.import_study(
        commands.read(written(tmp_path / "a.qdpx", EMOJI, way), way), Choices(), tmp_path / "study", print
    )
    (tmp_path / "study" / "private" / "project.qdpx").unlink()
    commands.export_study(tmp_path / "study", tmp_path / "b.qdpx", True, lambda _: None)
    read = reading.read_project(tmp_path / "b.qdpx", way).project
    words = {(source.content or "")[slice(*one.span)] for source in read.sources for one in source.selections}
    said = {EMOJI[slice(*place)] for place, _ in spans(EMOJI, way)}
    assert {" ".join(one.split()) for one in words} - {""} == {" ".join(one.split()) for one in said} - {""}


def test_a_study_imported_before_the_way_was_kept_by_name_is_exported_in_it(tmp_path: Path) -> None:
    way = positions.BY_NAME["utf-16"]
    file = written(tmp_path / "a.qdpx", EMOJI, way)
    commands.import_study(commands.read(file, way), Choices(), tmp_path / "study", lambda _: None)
    description = tmp_path / "study" / "datapackage.json"
    described = description.read_text(encoding="utf-8")
    line = '      "positionsCountedAs": "utf-16",\n'
    assert line in described
    description.write_text(described.replace(line, ""), encoding="utf-8")
    commands.export_study(tmp_path / "study", tmp_path / "b.qdpx", True, lambda _: None)
    assert stored_positions(tmp_path / "b.qdpx") == stored_positions(file)
    description.write_text(described.replace(line, line.replace("utf-16", "inches")), encoding="utf-8")
    with pytest.raises(ExchangeError, match="positionsCountedAs is 'inches', which is not one of code-points, utf-16"):
        commands.export_study(tmp_path / "study", tmp_path / "b.qdpx", True, lambda _: None)


def test_sync_points_of_a_transcript_are_counted_as_its_text(tmp_path: Path) -> None:
    point = f'<SyncPoint guid="{guid("point")}" timeStamp="5" position="7"/>'
    transcript = (
        f'<Transcript guid="{guid("t")}"><PlainTextContent>🙂🙂🙂 We came.</PlainTextContent>{point}</Transcript>'
    )
    audio = f'<AudioSource guid="{guid("talk")}" path="internal://a.mp3">{transcript}</AudioSource>'
    way = positions.BY_NAME["utf-16"]
    file = qdpx(tmp_path / "a.qdpx", xml(sources(audio)), {"Sources/a.mp3": b"x"})
    project = reading.read_project(file, way).project
    assert project.sources[0].texts[0].sync_points[0].position == 4
    writing.write_project(project, tmp_path / "b.qdpx", way)
    with zipfile.ZipFile(tmp_path / "b.qdpx") as archive:
        assert b'timeStamp="5" position="7"' in archive.read("project.qde")


def test_a_position_within_a_character_is_reported(tmp_path: Path) -> None:
    project = xml(users("ann") + codebook("joy") + sources(text(selection(1, 5, coding("joy", "ann")))))
    file = qdpx(tmp_path / "a.qdpx", project, {f"Sources/{guid('Ann')}.txt": "🙂 We came."})
    imported = reading.read_project(file, positions.BY_NAME["utf-16"])
    assert "a position within a character or line break, which was moved to before it (1 in Ann)" in [
        *imported.report.unusual.lines()
    ]


def test_an_export_whose_texts_do_not_show_the_way_says_what_an_import_needs(tmp_path: Path) -> None:
    inside = selection(1, 3, coding("joy", "ann"))
    project = xml(users("ann") + codebook("joy") + sources(text(inside)))
    file = qdpx(tmp_path / "a.qdpx", project, {f"Sources/{guid('Ann')}.txt": "🙂aaaaaaaaaaaaaaaaaa"})
    commands.import_study(commands.read(file), Choices(), tmp_path / "study", lambda _: None)
    told: list[str] = []
    commands.export_study(tmp_path / "study", tmp_path / "b.qdpx", True, told.append, way=positions.BY_NAME["utf-16"])
    assert "The texts do not show this, so import the file with --positions utf-16." in told


def test_the_command_takes_the_way_of_an_export(tmp_path: Path) -> None:
    file = written(tmp_path / "a.qdpx", EMOJI, positions.BY_NAME["utf-16"])
    assert run("study", "import", file, tmp_path / "study", "--positions", "utf-16").returncode == 0
    out = tmp_path / "b.qdpx"
    ran = run(
        "study",
        "export",
        tmp_path / "study",
        out,
        "--with-wording",
        "--ignore-disclosure-findings",
        "--positions",
        "code-points",
    )
    assert ran.returncode == 0, ran.stderr
    assert "Positions are counted in code points, as the standard says (as you said)." in ran.stdout
    assert reading.read_project(out, WAYS[0]).project.sources[0].selections[0].span == (0, 1)
