"""A project that is imported again: ids stay, what was written into the tables is kept, names can be replaced."""

import csv
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from command_line import run
from exchanged import TEXT, coding, guid, qdpx, selection, sources, text, users, xml
from test_exchange_study import TREE

from analysis.exchange import commands
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing.facets import Choices
from analysis.study import loading
from analysis.study.evidence import Evidence

EARLY = selection(0, 22, coding("early", "ann"), coding("feeling", "ann"))
LATE = selection(23, 46, coding("late", "ann", "2"), coding("relief", "ben"))


def project(file: Path, *inside: str, tree: str = TREE) -> Path:
    """Write a project with some selections in the text of one interviewee."""
    files = {f"Sources/{guid('Ann')}.txt": TEXT}
    return qdpx(file, xml(users("ann", "ben") + tree + sources(text(*inside))), files)


def imported(file: Path, folder: Path, again: bool = False, **choices: object) -> list[str]:
    said: list[str] = []
    made = commands.import_again if again else commands.import_study
    made(commands.read(file), Choices(**choices), folder, said.append)
    return said


def written(folder: Path, table: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of a table as somebody does who opens it."""
    file = folder / "evidence" / f"{table}.csv"
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    columns = list(rows[0])
    change(rows)
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def rows(study: Evidence, table: str, *columns: str) -> list[tuple[object, ...]]:
    return list(getattr(study, table)[list(columns)].itertuples(index=False, name=None))


def test_what_was_taken_is_said_with_the_option_that_changes_it(tmp_path: Path) -> None:
    said = imported(project(tmp_path / "a.qdpx", EARLY, LATE), tmp_path / "study", exclusive=("stage",))
    taken = [line.strip() for line in said if "(--" in line and line.startswith("  ")]
    assert [line.rpartition("(")[2] for line in taken] == [
        "--facet)", "--interviewee)", "--exclusive)", "--record)", "--positions)",
    ]  # fmt: skip
    assert "facets: stage (two codes), feeling (three codes) and codes (one code)" in taken[0]
    assert "each source, except pictures and PDFs, 1 in all" in taken[1]
    assert "in stage" in taken[2]
    assert "ann and ben" in taken[3]


def test_a_new_passage_before_the_others_leaves_their_ids_and_gists(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", LATE), folder)
    written(folder, "extracts", lambda found: found[0].update(gist="Somebody was relieved."))
    said = imported(project(tmp_path / "b.qdpx", EARLY, LATE), folder, again=True)
    study = loading.load(folder)
    assert rows(study, "extracts", "extract_id", "gist") == [("E0002", ""), ("E0001", "Somebody was relieved.")]
    assert set(rows(study, "codings", "extract_id", "code_id")) == {
        ("E0002", "early"), ("E0002", "feeling"), ("E0001", "late"), ("E0001", "relief"),
    }  # fmt: skip
    assert any("one cell and no added rows" in line for line in said)
    again = imported(project(tmp_path / "b.qdpx", EARLY, LATE), folder, again=True)
    assert rows(loading.load(folder), "extracts", "extract_id", "gist") == rows(study, "extracts", "extract_id", "gist")
    assert any("one cell and no added rows" in line for line in again), "a third import still knows what was written"


def test_a_passage_is_known_by_its_words_where_the_program_gave_it_another_id(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", EARLY), folder)
    written(folder, "extracts", lambda found: found[0].update(gist="It began."))
    anew = selection(0, 22, coding("late", "ann"), key="another")
    imported(project(tmp_path / "b.qdpx", selection(4, 9, coding("early", "ben")), anew), folder, again=True)
    assert ("E0001", "It began.") in rows(loading.load(folder), "extracts", "extract_id", "gist")


def test_what_people_write_into_any_table_stays_and_the_project_brings_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", EARLY, LATE), folder)
    written(folder, "coders", lambda found: found[0].update(kind="person", description="The first author."))
    written(folder, "codes", lambda found: found[0].update(definition="Before the money."))
    written(folder, "codings", lambda found: found.pop(0))
    renamed = TREE.replace('name="late"', 'name="very late"')
    imported(project(tmp_path / "b.qdpx", EARLY, LATE, tree=renamed), folder, again=True)
    study = loading.load(folder)
    assert ("ann", "person", "The first author.") in rows(study, "coders", "coder_id", "kind", "description")
    assert rows(study, "codes", "code_id", "name", "definition")[:2] == [
        ("early", "early", "Before the money."),
        ("late", "very late", ""),
    ], "a code that was renamed keeps its id"
    assert ("E0001", "early") not in rows(study, "codings", "extract_id", "code_id"), "what was taken out stays out"


def test_what_was_written_about_a_passage_that_is_gone_is_kept_apart(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", EARLY, LATE), folder)
    written(folder, "extracts", lambda found: found[1].update(gist="Somebody was relieved."))
    said = imported(project(tmp_path / "b.qdpx", EARLY), folder, again=True)
    assert rows(loading.load(folder), "extracts", "extract_id") == [("E0001",)]
    assert "extracts,E0002,gist,Somebody was relieved." in (folder / commands.DROPPED).read_text(encoding="utf-8")
    assert said[-1] == f"One cell about what the project no longer has: {commands.DROPPED}."


def test_columns_and_descriptions_of_ones_own_stay(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", EARLY, LATE), folder)
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described["contributors"] = [{"title": "A. Researcher"}]
    described["study"]["title"] = "Singing together"
    extracts = next(one for one in described["resources"] if one["name"] == "extracts")
    extracts["schema"]["fields"].append({"name": "blind_gist", "type": "string", "description": "For exercises."})
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    file = folder / "evidence/extracts.csv"
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([f"{head},blind_gist", *(f"{line},hidden" for line in lines)]) + "\n", encoding="utf-8")
    imported(project(tmp_path / "b.qdpx", EARLY, selection(4, 9, coding("late", "ann")), LATE), folder, again=True)
    study = loading.load(folder)
    assert rows(study, "extracts", "extract_id", "blind_gist") == [
        ("E0001", "hidden"), ("E0003", ""), ("E0002", "hidden"),
    ]  # fmt: skip
    assert study.study.title == "Singing together"
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["contributors"]


def test_choices_of_the_first_import_hold_unless_others_are_made(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    file = project(tmp_path / "a.qdpx", EARLY, LATE)
    imported(file, folder, facets=("Stage",), record=("ann",))
    imported(file, folder, again=True)
    assert rows(loading.load(folder), "facets", "facet") == [("stage",)]
    imported(file, folder, again=True, facets=("Stage", "Feeling"))
    assert rows(loading.load(folder), "facets", "facet") == [("stage",), ("feeling",)]
    assert loading.load(folder).study.coding_of_record == {"stage": ("ann",), "feeling": ("ann",)}


def test_a_folder_of_no_import_and_a_faulty_project_leave_everything_as_it_is(tmp_path: Path) -> None:
    file = project(tmp_path / "a.qdpx", EARLY)
    with pytest.raises(ExchangeError, match="no project was imported into this folder"):
        imported(file, tmp_path / "none", again=True)
    folder = tmp_path / "study"
    imported(file, folder)
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    with pytest.raises(ExchangeError, match="the code tree has no such branch"):
        imported(file, folder, again=True, facets=("Nothing",))
    assert {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()} == before


def coded_words(folder: Path) -> set[tuple[str, object]]:
    """Return the words that were coded, each with its code."""
    with (folder / "private/wording.csv").open(newline="", encoding="utf-8") as opened:
        words = {row["owner_id"]: row["wording"] for row in csv.DictReader(opened)}
    return {(words[str(one)], code) for one, code in rows(loading.load(folder), "codings", "extract_id", "code_id")}


def test_an_export_after_a_second_import_has_every_coding_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", LATE), folder)
    imported(project(tmp_path / "b.qdpx", EARLY, LATE), folder, again=True)
    commands.export_study(folder, tmp_path / "out.qdpx", True, lambda _: None)
    imported(tmp_path / "out.qdpx", tmp_path / "back")
    assert coded_words(folder) == coded_words(tmp_path / "back")


# --- pseudonyms


def all_text(folder: Path, *left_out: str) -> str:
    files: Sequence[Path] = [one for one in folder.rglob("*") if one.is_file() and one.parent.name not in left_out]
    return "\n".join(one.read_text(encoding="utf-8") for one in files)


def test_names_of_people_and_files_are_only_in_the_private_key(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "ann-2024.qdpx", EARLY, LATE), folder, pseudonyms=True, record=("ben",))
    public = all_text(folder, "private").casefold()
    assert "ann" not in public.replace("announced", "")
    assert '"ben"' not in public
    study = loading.load(folder)
    assert rows(study, "sources", "source_id", "label") == [("P01", "Interviewee 1")]
    assert rows(study, "coders", "coder_id") == [("coder-a",), ("coder-b",)]
    assert study.study.coding_of_record["stage"] == ("coder-b",)
    key = (folder / commands.NAMES).read_text(encoding="utf-8")
    assert "coders,coder-b,ben" in key
    assert "sources,Interviewee 1,Ann" in key


def test_pseudonyms_stay_when_a_project_comes_again(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    only_ben = selection(0, 22, coding("early", "ben"))
    imported(project(tmp_path / "a.qdpx", only_ben), folder, pseudonyms=True)
    imported(project(tmp_path / "b.qdpx", only_ben, LATE), folder, again=True)
    assert set(rows(loading.load(folder), "codings", "coder_id", "code_id")) == {
        ("coder-a", "early"), ("coder-b", "late"), ("coder-a", "relief"),
    }  # fmt: skip


def test_a_study_with_pseudonyms_goes_back_into_its_project_with_the_names(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    imported(project(tmp_path / "a.qdpx", EARLY, LATE), folder, pseudonyms=True)
    commands.export_study(folder, tmp_path / "out.qdpx", True, lambda _: None)
    back = commands.read(tmp_path / "out.qdpx").project
    assert [user.name for user in back.users] == ["ann", "ben"]
    assert len(list(back.codings())) == 4


# --- inside a repository


def test_inside_a_repository_git_ignores_the_study(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    said = imported(project(tmp_path / "a.qdpx", EARLY), tmp_path / "study")
    status = ["git", "-C", tmp_path, "status", "--short", "--", "study"]
    assert subprocess.run(status, capture_output=True, check=True).stdout == b""
    assert any("git ignores all of it" in line for line in said)


def test_the_command_keeps_what_was_written(tmp_path: Path) -> None:
    file, folder = project(tmp_path / "a.qdpx", EARLY), tmp_path / "study"
    assert run("study", "import", file, folder).returncode == 0
    refused = run("study", "import", file, folder)
    assert refused.returncode != 0
    assert "Use --again to bring it up to date" in refused.stderr
    again = run("study", "import", file, folder, "--again")
    assert again.returncode == 0
    assert "no cells and no added rows" in again.stdout


# --- names in a report


def test_a_report_has_the_names_of_the_project_in_any_script_and_the_title_asked_for(tmp_path: Path) -> None:
    tree = TREE.replace('name="Stage"', 'name="Стадия работы"')
    file = qdpx(
        tmp_path / "a.qdpx",
        xml(users("ann", "ben").replace('name="ann"', 'name="李 雪"') + tree + sources(text(EARLY, LATE))),
        {f"Sources/{guid('Ann')}.txt": TEXT},
    )
    imported(file, tmp_path / "study")
    ran = run(
        "study", "report", tmp_path / "study", "--with-wording", "--into", tmp_path / "out.html",
        "--title", "Songs & power", "--facets", "Стадия работы",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Songs &amp; power</h1>" in page
    assert "<h3>Стадия работы</h3>" in page
    assert "李 雪" in page
    assert "стадия-работы" not in page
