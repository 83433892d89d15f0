"""A project of another program becomes a study that the rest of the package runs on, and goes back with its codings."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from command_line import run
from exchanged import (
    TEXT,
    codebook,
    coding,
    guid,
    qdpx,
    reference,
    selection,
    small,
    sources,
    taguette,
    text,
    users,
    xml,
)
from test_exchange_reading import codings_of

from analysis.counting.crosstabs import Axis, crosstab
from analysis.exchange import commands, import_report
from analysis.exchange.exporting import project_from_study
from analysis.exchange.import_report import ExchangeError
from analysis.exchange.importing import study_from_project
from analysis.exchange.importing.facets import Choices
from analysis.exchange.project import Case, Project, Value, Variable
from analysis.exchange.refi_qda import reading, writing
from analysis.study import loading, package
from analysis.study.evidence import Evidence
from analysis.support.errors import CompendiumError
from analysis.wording import fingerprints

TREE = (
    f'<CodeBook><Codes><Code guid="{guid("stage")}" name="Stage" isCodable="false"><Description>When it was.</Description>'
    f'<Code guid="{guid("early")}" name="early" isCodable="true"/><Code guid="{guid("late")}" name="late" isCodable="true"/></Code>'
    f'<Code guid="{guid("feeling")}" name="Feeling" isCodable="true"><Code guid="{guid("joy")}" name="joy" isCodable="true">'
    f'<Code guid="{guid("relief")}" name="relief" isCodable="true"/></Code></Code>'
    f'<Code guid="{guid("loose")}" name="loose" isCodable="true"/></Codes></CodeBook>'
)


def project(tmp_path: Path) -> Project:
    """Read a project with two coders, a tree of three branches and two sources."""
    ann = text(
        selection(0, 22, coding("early", "ann"), coding("early", "ben"), coding("feeling", "ann")),
        selection(23, 46, coding("late", "ann", "2"), coding("relief", "ben"), coding("loose", "ben")),
        selection(23, 29),
    )
    bo = text(selection(0, 2, coding("joy", "ben"), key="bo"), name="Bo")
    files = {f"Sources/{guid('Ann')}.txt": TEXT, f"Sources/{guid('Bo')}.txt": "We sang."}
    file = qdpx(tmp_path / "tree.qdpx", xml(users("ann", "ben") + TREE + sources(ann, bo)), files)
    return reading.read_project(file).project


def rows(made: Evidence, table: str, *columns: str) -> list[tuple[object, ...]]:
    return list(getattr(made, table)[list(columns)].itertuples(index=False, name=None))


def made(tmp_path: Path, **choices: object) -> Evidence:
    return study_from_project.coded_study(project(tmp_path), Choices(**choices)).evidence


def test_each_branch_at_the_top_is_a_facet_unless_others_are_chosen(tmp_path: Path) -> None:
    study = made(tmp_path)
    assert rows(study, "facets", "facet", "description") == [
        ("stage", "When it was."),
        ("feeling", "Which of the codes below 'Feeling' a passage has."),
        ("codes", "The codes that are in no branch."),
    ]
    assert rows(study, "codes", "facet", "code_id", "level", "parent_id") == [
        ("stage", "early", "level-1", ""),
        ("stage", "late", "level-1", ""),
        ("feeling", "joy", "level-1", ""),
        ("feeling", "relief", "level-2", "joy"),
        ("feeling", "feeling", "level-1", ""),
        ("codes", "loose", "level-1", ""),
    ], "a branch that was itself given stands beside its codes"
    loading.check(study)


def test_branches_are_chosen_by_name_or_path_and_the_rest_is_told(tmp_path: Path) -> None:
    coded = study_from_project.coded_study(project(tmp_path), Choices(facets=("Feeling > joy",)))
    assert rows(coded.evidence, "codes", "facet", "code_id") == [("joy", "relief"), ("joy", "joy")]
    assert "codings with 'early', which is in no facet, 2 times (first at E0001)" in list(coded.lost.lines())
    whole = made(tmp_path, facets=("*",))
    assert rows(whole, "codes", "facet", "code_id", "level")[:3] == [
        ("codes", "stage", "level-1"), ("codes", "early", "level-2"), ("codes", "late", "level-2"),
    ]  # fmt: skip
    with pytest.raises(
        ExchangeError,
        match=r"--facet: the code tree has no such branch \(found 'Mood'\). It has: Stage, Feeling, Feeling > joy",
    ):
        made(tmp_path, facets=("Mood",))


def test_what_is_noted_with_a_passage_is_told_not_to_be_in_the_tables(tmp_path: Path) -> None:
    noted = selection(0, 2, "<Description>See the next line.</Description>", coding("asked"))
    for inside, told in ((noted, True), (selection(0, 2, coding("asked")), False)):
        file = qdpx(tmp_path / "a.qdpx", xml(codebook("asked") + sources(text(inside))))
        lost = study_from_project.coded_study(reading.read_project(file).project, Choices()).lost
        assert ("notes on a passage" in list(lost.lines())) == told


def test_a_passage_is_a_distinct_place_with_each_coders_own_codes(tmp_path: Path) -> None:
    study = made(tmp_path)
    assert rows(study, "extracts", "extract_id", "section", "form") == [
        ("E0001", "Ann", "text"), ("E0002", "Ann", "text"), ("E0003", "Ann", "text"), ("E0004", "Bo", "text"),
    ]  # fmt: skip
    assert rows(study, "codings", "extract_id", "coder_id", "code_id") == [
        ("E0001", "ann", "early"), ("E0001", "ben", "early"), ("E0001", "ann", "feeling"),
        ("E0003", "ann", "late"), ("E0003", "ben", "relief"), ("E0003", "ben", "loose"), ("E0004", "ben", "joy"),
    ]  # fmt: skip


def test_two_selections_of_one_place_are_one_passage(tmp_path: Path) -> None:
    inside = text(selection(0, 22, coding("early", "ann")), selection(0, 22, coding("late", "ben"), key="again"))
    read = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(users("ann", "ben") + TREE + sources(inside)))).project
    study = study_from_project.coded_study(read, Choices()).evidence
    assert rows(study, "codings", "extract_id", "coder_id", "code_id") == [
        ("E0001", "ann", "early"),
        ("E0001", "ben", "late"),
    ]


def test_an_interviewee_is_a_source_a_case_or_whom_a_variable_names(tmp_path: Path) -> None:
    plain = project(tmp_path)
    variable = Variable(guid("speaker"), "Speaker", "Text")
    value = Value(variable.guid, "TextValue", "Dee")
    case = Case(guid("case"), "Person A", sources=(guid("Ann"),), values=(value,))
    cased = replace(plain, cases=(case,), variables=(variable,))

    def speakers(of: Project, by: str = "") -> list[tuple[object, ...]]:
        return rows(
            study_from_project.coded_study(of, Choices(interviewee=by)).evidence,
            "sources",
            "source_id",
            "kind",
            "label",
        )

    assert speakers(plain) == [("P01", "interviewee", "Ann"), ("P02", "interviewee", "Bo")]
    assert speakers(plain, "none") == [("D01", "document", "Ann"), ("D02", "document", "Bo")]
    assert speakers(cased) == [("P01", "interviewee", "Person A"), ("D01", "document", "Bo")]
    assert speakers(cased, "Speaker") == [("P01", "interviewee", "Dee"), ("D01", "document", "Bo")]
    assert speakers(cased, "source") == speakers(plain)
    with pytest.raises(
        ExchangeError, match=r"--interviewee: the project has no such variable \(found 'Age'\).*Speaker"
    ):
        speakers(cased, "Age")


def test_whose_coding_counts_and_which_facets_are_exclusive_is_chosen(tmp_path: Path) -> None:
    assert made(tmp_path).study.coding_of_record["stage"] == ("ann", "ben")
    study = made(tmp_path, record=("stage=ann", "feeling=ben"), exclusive=("Stage",))
    assert study.study.coding_of_record == {"stage": ("ann",), "feeling": ("ben",), "codes": ("ann", "ben")}
    assert rows(study, "facets", "facet", "exclusive")[0] == ("stage", True)


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"record": ("cy",)}, r"--record: there is no such coder or facet \(found 'cy'\). The coders are ann, ben"),
        ({"record": ("mood=ann",)}, r"found 'mood=ann'"),
        (
            {"exclusive": ("mood",)},
            r"--exclusive: there is no such facet \(found 'mood'\). The facets are stage, feeling, codes",
        ),
        (
            {"exclusive": ("stage",)},
            r"stage is not exclusive: several coders coded passage E0001, and all of them count. Say with --record",
        ),
    ],
)
def test_a_choice_that_cannot_be_made_is_told(tmp_path: Path, choices: dict[str, object], told: str) -> None:
    with pytest.raises(ExchangeError, match=told):
        made(tmp_path, **choices)


def test_one_coder_with_two_codes_of_a_facet_makes_it_not_exclusive(tmp_path: Path) -> None:
    inside = text(selection(0, 22, coding("early", "ann"), coding("late", "ann")))
    read = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(users("ann") + TREE + sources(inside)))).project
    with pytest.raises(
        ExchangeError, match=r"one coder gave passage E0001 two of its codes. Leave it out of --exclusive"
    ):
        study_from_project.coded_study(read, Choices(exclusive=("stage",)))


def test_a_project_without_codes_is_no_study() -> None:
    with pytest.raises(ExchangeError, match="it has no codes"):
        study_from_project.coded_study(Project("a"), Choices())


def test_a_project_in_which_nothing_is_coded_is_imported_reported_and_filled_by_a_later_import(tmp_path: Path) -> None:
    inside = text(selection(0, 22))
    bare = qdpx(tmp_path / "bare.qdpx", xml(users("ann") + TREE + sources(inside)))
    ran = run("study", "import", bare, tmp_path / "study")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Nothing is coded yet, so nothing can be counted or compared.\n" in ran.stdout
    assert "coders whose codes are counted: none (--record)" in ran.stdout
    checked = run("study", "check", tmp_path / "study")
    assert "Codings: none yet\n" in checked.stdout
    assert run("study", "report", tmp_path / "study", "--into", tmp_path / "report.html").returncode == 0
    assert "nothing is coded yet" in (tmp_path / "report.html").read_text(encoding="utf-8")
    coded = text(selection(0, 22, coding("early", "ann")))
    later = qdpx(tmp_path / "later.qdpx", xml(users("ann") + TREE + sources(coded)))
    assert run("study", "import", later, tmp_path / "study", "--again").returncode == 0
    study = loading.load(tmp_path / "study")
    assert list(study.record["coder_id"]) == ["ann"]
    wrong = run("study", "import", bare, tmp_path / "other", "--record", "ann")
    assert wrong.returncode == 2
    assert "The coders are none" in wrong.stderr


# --- folders


def imported(file: Path, folder: Path, **choices: object) -> Path:
    commands.import_study(commands.read(file), Choices(**choices), folder, lambda _: None)
    return folder


def test_the_folder_is_a_study_that_everything_runs_on(tmp_path: Path) -> None:
    project(tmp_path)
    folder = imported(tmp_path / "tree.qdpx", tmp_path / "study")
    study = loading.load(folder)
    counted = crosstab(study, Axis("feeling"), Axis("stage"), "passage").set_index(["row", "column"])["count"]
    assert counted["feeling", "early"] == 1
    assert counted["joy", "late"] == 1
    wording = fingerprints.restored(study, folder / "private" / "wording.csv")
    assert wording["E0001"] == TEXT[:22]
    assert study.extracts["gist"].eq("").all(), "no wording is in a table that may be shown"
    for name in package.TABLES:
        assert "We were asked" not in (folder / "evidence" / f"{name}.csv").read_text(encoding="utf-8")


def test_a_passage_without_a_letter_has_its_wording(tmp_path: Path) -> None:
    """A message in a chat may be a sign alone."""
    table = tmp_path / "chat.csv"
    table.write_text("source,passage,code\nA,\N{THUMBS UP SIGN},Approval\nA,?!,Doubt\n", encoding="utf-8")
    folder = imported(table, tmp_path / "study")
    wording = fingerprints.restored(loading.load(folder), folder / "private" / "wording.csv")
    assert list(wording.values()) == ["\N{THUMBS UP SIGN}", "?!"]


def test_git_leaves_the_private_part_alone(tmp_path: Path) -> None:
    folder = imported(small(tmp_path / "a.qdpx"), tmp_path / "study")
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    added = subprocess.run(["git", "ls-files"], cwd=folder, capture_output=True, text=True, check=True).stdout.split()
    assert "evidence/codings.csv" in added
    assert not [name for name in added if name.startswith("private")]
    assert sorted(path.name for path in (folder / "private").iterdir()) == [
        "import.json",
        "project.qdpx",
        "wording.csv",
    ]


def of_example(_: Path) -> Path:
    return reference("spec-example.qdpx")


def of_taguette(folder: Path) -> Path:
    return taguette(folder / "a.sqlite3")


def of_tree(folder: Path) -> Path:
    project(folder)
    return folder / "tree.qdpx"


def of_table(folder: Path) -> Path:
    (folder / "a.csv").write_text("source,passage,code,coder\nAnn,We came.,asked > early,ben\nBo,We left.,late,cy\n")
    return folder / "a.csv"


def of_committed_study(folder: Path) -> Path:
    writing.write_project(project_from_study.project_of(loading.load()), folder / "a.qdpx")
    return folder / "a.qdpx"


@pytest.mark.parametrize(
    "made_of", [of_example, of_taguette, of_tree, of_table, of_committed_study], ids=lambda made: made.__name__
)
def test_export_import_export_gives_the_same_bytes_and_loses_nothing(
    tmp_path: Path, made_of: Callable[[Path], Path]
) -> None:
    comes_back_through_a_study(made_of(tmp_path), tmp_path)


def comes_back_through_a_study(file: Path, folder: Path) -> None:
    """See that a project is the same once it was imported, exported, and both again."""
    one, two = folder / "one.qdpx", folder / "two.qdpx"
    commands.export_study(imported(file, folder / "first"), one, with_wording=True, tell=lambda _: None)
    commands.export_study(imported(one, folder / "second"), two, with_wording=True, tell=lambda _: None)
    assert one.read_bytes() == two.read_bytes()
    before, after = commands.read(file).project, commands.read(two).project
    assert sorted(codings_of(before)) == sorted(codings_of(after))
    assert [source.content for source in before.sources] == [source.content for source in after.sources]
    assert [code.name for code in before.codes] == [code.name for code in after.codes]
    assert [user.name for user in before.users] == [user.name for user in after.users]


def test_the_committed_study_comes_back_as_it_was(tmp_path: Path, study: Evidence) -> None:
    back = loading.load(imported(of_committed_study(tmp_path), tmp_path / "study"))
    names = {(of, code): name for of, code, name in rows(study, "codes", "facet", "code_id", "name")}
    back_names = {(of, code): name for of, code, name in rows(back, "codes", "facet", "code_id", "name")}
    columns = ("extract_id", "coder_id", "facet", "role", "stance", "basis", "rationale", "code_id")

    def compared(of: Evidence, named: dict[tuple[object, object], object]) -> set[tuple[object, ...]]:
        return {(*row[:-1], named[row[2], row[-1]]) for row in rows(of, "codings", *columns)}

    assert compared(back, back_names) == compared(study, names)
    rules = ("name", "definition", "include", "exclude", "boundary")
    assert set(rows(back, "codes", *rules)) == set(rows(study, "codes", *rules))
    assert set(rows(back, "extracts", "extract_id", "gist")) == set(rows(study, "extracts", "extract_id", "gist"))
    assert set(rows(back, "coders", *study.coders.columns)) == set(rows(study, "coders", *study.coders.columns))
    assert set(rows(back, "facets", "facet", "exclusive")) == set(rows(study, "facets", "facet", "exclusive"))
    assert back.study.coding_of_record == study.study.coding_of_record
    of_people = study.sources["kind"] == "interviewee"
    assert set(back.sources.loc[back.sources["kind"] == "interviewee", "label"]) == set(
        study.sources.loc[of_people, "label"]
    )


def edited(folder: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    file = folder / "evidence" / f"{table}.csv"
    change(pd.read_csv(file, dtype=str, keep_default_na=False)).to_csv(file, index=False, lineterminator="\n")


def appended(**row: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: pd.concat([table, pd.DataFrame([dict.fromkeys(table.columns, "") | row])], ignore_index=True)


def test_what_was_changed_in_the_tables_is_exported(tmp_path: Path) -> None:
    folder = imported(of_tree(tmp_path), tmp_path / "study")
    how = {"role": "primary", "stance": "counters", "basis": "wording", "rationale": "Not yet."}
    edited(folder, "codings", lambda table: table[~((table["coder_id"] == "ben") & (table["code_id"] == "early"))])
    edited(folder, "codes", lambda table: table.replace({"name": {"joy": "gladness"}}))
    edited(
        folder,
        "codes",
        appended(facet="stage", code_id="never", level="level-1", position="3", name="never", definition="Not at all."),
    )
    edited(folder, "coders", appended(coder_id="cy", kind="person", description="New."))
    edited(folder, "codings", appended(extract_id="E0004", coder_id="cy", facet="stage", code_id="never", **how))
    edited(folder, "extracts", appended(extract_id="E0099", source_id="P01"))
    edited(folder, "codings", appended(extract_id="E0099", coder_id="cy", facet="stage", code_id="never", **how))
    told: list[str] = []
    commands.export_study(folder, tmp_path / "out.qdpx", with_wording=True, tell=told.append)
    read = reading.read_project(tmp_path / "out.qdpx", strict=True).project
    before = reading.read_project(tmp_path / "tree.qdpx").project
    expected = [found for found in codings_of(before) if found[2:] != ("early", "ben")]
    expected = [(source, place, code.replace("joy", "gladness"), coder) for source, place, code, coder in expected]
    assert codings_of(read) == [*expected, ("Bo", (0, 2), "never", "cy")]
    assert next(code for code in read.codes if code.name == "never").parent == guid("stage")
    assert read.notes[0].content == "role: primary; stance: counters; basis: wording\nNot yet."
    assert any("codings of passages that the project does not have (E0099)" in line for line in told)
    again = imported(tmp_path / "out.qdpx", tmp_path / "again")
    assert ("never", "cy", "counters", "Not yet.") in rows(
        loading.load(again), "codings", "code_id", "coder_id", "stance", "rationale"
    )


def test_wording_is_exported_only_when_asked(tmp_path: Path) -> None:
    folder = imported(of_tree(tmp_path), tmp_path / "study")
    with pytest.raises(ExchangeError, match=r"no gists, and their wording is private.*--with-wording"):
        commands.export_study(folder, tmp_path / "out.qdpx", with_wording=False, tell=lambda _: None)
    edited(folder, "extracts", lambda table: table.assign(gist=[f"Gist {n}." for n in range(len(table))]))
    commands.export_study(folder, tmp_path / "out.qdpx", with_wording=False, tell=lambda _: None)
    exported = (tmp_path / "out.qdpx").read_bytes()
    assert b"Gist 1." in exported
    assert b"asked" not in exported
    commands.export_study(folder, tmp_path / "out.qdc", with_wording=False, tell=lambda _: None)
    assert [code.name for code in reading.read_codebook(tmp_path / "out.qdc").project.codes][:2] == ["Stage", "early"]
    (folder / "private" / "project.qdpx").unlink()
    commands.export_study(folder, tmp_path / "out.qdpx", with_wording=True, tell=lambda _: None)
    assert TEXT[:22].encode() in (tmp_path / "out.qdpx").read_bytes()


def test_an_export_does_not_take_the_place_of_the_imported_project(tmp_path: Path) -> None:
    folder = imported(of_tree(tmp_path), tmp_path / "study")
    kept = folder / "private" / "project.qdpx"
    before = kept.read_bytes()
    with pytest.raises(ExchangeError, match=r"project\.qdpx: this is the project as it was imported"):
        commands.export_study(
            folder, tmp_path / "study" / "." / "private" / kept.name, with_wording=True, tell=lambda _: None
        )
    assert kept.read_bytes() == before


def test_nothing_is_written_where_something_is(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.txt").write_text("mine")
    with pytest.raises(CompendiumError, match="something is there already"):
        imported(small(tmp_path / "a.qdpx"), tmp_path / "study")
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["mine.txt"]


def test_choices_that_were_spoiled_are_told(tmp_path: Path) -> None:
    folder = imported(small(tmp_path / "a.qdpx"), tmp_path / "study")
    for spoiled in ("{", "[]", '{"facets": 1}'):
        (folder / "private" / "import.json").write_text(spoiled)
        with pytest.raises(ExchangeError, match=r"import\.json: what was chosen at the import cannot be read"):
            commands.export_study(folder, tmp_path / "out.qdpx", with_wording=True, tell=lambda _: None)


# --- the command line


def test_the_command_imports_reports_and_exports(tmp_path: Path) -> None:
    project(tmp_path)
    ran = run("study", "import", tmp_path / "tree.qdpx", tmp_path / "study", "--facet", "Stage", "--exclusive", "stage",
              "--record", "ann", "--interviewee", "none", "--positions", "code-points")  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    for told in (
        "two coders",
        "seven codings",
        "as you said",
        "which is in no facet",
        "study/evidence/codings.csv",
        "look before you show them",
    ):
        assert told in ran.stdout
    description = json.loads((tmp_path / "study" / "datapackage.json").read_text())
    assert description["study"]["codingOfRecord"] == {"stage": ["ann"]}
    assert run("study", "check", tmp_path / "study").returncode == 0
    ran = run(
        "study", "export", tmp_path / "study", tmp_path / "out.qdpx", "--with-wording", "--ignore-disclosure-findings"
    )
    assert ran.returncode == 0, ran.stderr
    assert "It holds private wording." in ran.stdout
    assert len(codings_of(reading.read_project(tmp_path / "out.qdpx").project)) == 7


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["import", "nowhere.qdpx", "into"], "nowhere.qdpx: cannot be read: No such file"),
        (["export", "data", "out.docx"], "out.docx: the ending of the file is neither .qdpx nor .qdc"),
        (["export", "nowhere", "out.qdpx"], "nowhere/datapackage.json: the file is missing"),
        (["check", "nowhere"], "'python -m analysis study import' makes one"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_message(command: list[str], told: str) -> None:
    ran = run("study", *command)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_what_is_left_open_is_asked(tmp_path: Path) -> None:
    questions: list[tuple[str, str]] = []
    answers = iter(["Stage, Feeling", "none", "stage", "ann, feeling=ben"])

    def ask(question: str, usual: str) -> str:
        questions.append((question, usual))
        return next(answers)

    told: list[str] = []
    chosen = commands.choices_asked(project(tmp_path), Choices(), ask, told.append)
    assert chosen == Choices(("Stage", "Feeling"), ("stage",), "none", ("ann", "feeling=ben"))
    assert [usual for _, usual in questions] == ["Stage, Feeling", "source", "", ""]
    assert "ann and ben" in questions[-1][0]
    assert told == ["Branches of the code tree: Stage, Feeling, Feeling > joy."]
    answered = Choices(("Stage",), ("stage",), "source", ("ben",))
    assert commands.choices_asked(project(tmp_path), answered, ask, told.append) == answered


def test_whose_codes_are_counted_is_not_asked_where_one_coder_coded(tmp_path: Path) -> None:
    inside = users("ann", "ben") + codebook("joy") + sources(text(selection(0, 22, coding("joy", "ann"))))
    read = reading.read_project(qdpx(tmp_path / "a.qdpx", xml(inside))).project
    asked: list[str] = []

    def ask(question: str, usual: str) -> str:
        asked.append(question)
        return usual

    assert commands.choices_asked(read, Choices(), ask, asked.append).record == ()
    assert not any("Whose" in question for question in asked)


def test_a_report_of_an_import_is_of_what_was_read(tmp_path: Path) -> None:
    read = commands.read(small(tmp_path / "a.qdpx"))
    lines = list(import_report.lines(read))
    assert lines[0] == f"Read {tmp_path / 'a.qdpx'} (REFI-QDA project)."
    assert lines[1:6] == [
        "  one coder", "  two codes, 2 at the top of the tree", "  one source: one text", "  two selections",
        "  three codings",
    ]  # fmt: skip
