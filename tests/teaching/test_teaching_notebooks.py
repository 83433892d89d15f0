"""Teaching notebooks are what the lesson files make of them, and run with nothing, right and wrong answers filled in."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
import one_kernel
import pytest
from example_counts import some
from teaching import RIGHT, STORED, WRONG, cells, shown

from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import lesson_building, lesson_files, lesson_notebooks, opened_lessons, passage_texts
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.comparisons import Comparison
from analysis.teaching.exercises import Exercise
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_tables import codebook
from analysis.teaching.replies import Outcome, Reply

NAMES = {stem: name for name, stem in lesson_notebooks.STEMS.items()}
RUN = some(STORED, 2)
RECORDED = (Outcome.YES, Outcome.RECORDED)
ANSWERED = {"right": (RIGHT, RECORDED), "wrong": (WRONG, (Outcome.NOT_YET,))}


def lesson(study: Evidence, file: Path) -> BuiltLesson:
    return lesson_building.bundled(NAMES[file.stem], study)


def exercises(study: Evidence, stem: str) -> Mapping[str, Exercise]:
    return lesson_building.bundled(NAMES[stem], study).by_name


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the teaching notebooks of `RUN` executed by a kernel, nothing filled in."""
    folder = tmp_path_factory.mktemp("teaching")
    left_out = shutil.ignore_patterns(*(file.name for file in STORED if file not in RUN))
    shutil.copytree(paths.TEACHING, folder / "stored", ignore=left_out)
    one_kernel.execute(folder / "stored", folder / "executed")
    return folder / "executed"


def test_notebooks_tracks_and_their_data_are_as_the_lesson_files_make_them(study: Evidence) -> None:
    """A changed lesson needs `python -m analysis derive`, which writes them."""
    made = lesson_notebooks.files(study)
    kept = {file: file.read_text(encoding="utf-8") if file.is_file() else "" for file in made}
    assert [file.name for file in made if made[file] != kept[file]] == []
    assert {file.stem for file in STORED} == set(NAMES)
    there = {file for file in (paths.TEACHING / "code").rglob("*") if file.is_file() and file.parent.name != "worked"}
    assert there - set(made) <= {paths.TEACHING / "code" / "README.md"}


def test_a_notebook_that_was_changed_is_written_again_and_others_are_left(
    study: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {tmp_path / "one.ipynb": "{}\n", tmp_path / "two.R": "NA\n"}
    monkeypatch.setattr(lesson_notebooks, "files", lambda _: made)
    assert lesson_notebooks.write(study) == list(made)
    (tmp_path / "two.R").write_text("changed", encoding="utf-8")
    assert lesson_notebooks.write(study) == [tmp_path / "two.R"]
    assert (tmp_path / "two.R").read_bytes() == b"NA\n"


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_notebook_is_valid_and_has_every_exercise_with_a_cell_each_to_answer_for_hints_and_the_solution(
    study: Evidence, file: Path
) -> None:
    nbformat.validate(nbformat.read(file, as_version=4))
    code = [
        ("".join(cell["source"]), cell["metadata"].get("tags", []))
        for cell in cells(file)
        if cell["cell_type"] == "code"
    ]
    asked = [source for source, _ in code if source.startswith("lesson.")]
    for number in lesson(study, file).exercises():
        (answer,) = (
            source for source, tags in code if source.startswith(f'lesson.check("{number}", ') and tags == ["answer"]
        )
        place = asked.index(answer)
        assert asked[place + 1 : place + 3] == [f'lesson.hint("{number}")', f'lesson.solution("{number}")']


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_no_solution_stands_in_a_notebook(study: Evidence, file: Path) -> None:
    text = json.dumps(cells(file), ensure_ascii=False)
    for exercise in lesson(study, file).exercises().values():
        if isinstance(exercise, Comparison):
            for judged in exercise.record.values():
                assert len(judged.why) < 40 or judged.why not in text
        for said in exercise.solution().said:
            assert len(said) < 40 or said not in text or said in getattr(exercise, "whose", "")


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_every_table_and_chart_of_the_lesson_is_shown_in_its_order(study: Evidence, file: Path) -> None:
    source = "\n".join("".join(cell["source"]) for cell in cells(file) if cell["cell_type"] == "code")
    for kind, what in (("table", "TablePart"), ("figure", "FigurePart")):
        there = [part for part in opened_lessons.parts(lesson(study, file)) if type(part).__name__ == what]
        assert re.findall(rf"^lesson\.{kind}\((\d+)\)$", source, re.M) == [str(n) for n in range(1, len(there) + 1)]


@pytest.mark.slow
@pytest.mark.parametrize("file", RUN, ids=lambda file: file.stem)
def test_a_kernel_runs_an_untouched_notebook_and_sees_no_hint_and_no_solution(
    executed: Path, study: Evidence, file: Path
) -> None:
    said = texts_of(executed / file.name)
    for exercise in exercises(study, file.stem).values():
        assert f"{exercise.name}: {Outcome.NOT_TRIED.value}" in said
        assert f"{exercise.name} has a solution" in said
        assert not re.search(rf"{re.escape(exercise.name)}, (hint|all hints|solution|the record)", said)
        assert not any(hint in said for hint in exercise.hints)


def texts_of(file: Path) -> str:
    outputs = [output for cell in cells(file) for output in cell.get("outputs", [])]
    return " ".join("".join(output.get("data", {}).get("text/plain", "")) for output in outputs)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, marks=[pytest.mark.thorough] * file.stem.startswith("04"), id=file.stem)
        for file in some(STORED, 3)
    ],
)
@pytest.mark.parametrize("how", ANSWERED)
def test_every_exercise_of_an_answered_notebook_says_how_far_it_has_come(study: Evidence, file: Path, how: str) -> None:
    answers, outcomes = ANSWERED[how]
    given = shown(file, answers[file.stem])
    for name, exercise in exercises(study, file.stem).items():
        reply = given[f"{name.replace('_', '-')}-answer"]
        assert reply.outcome in outcomes, exercise.name


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_answers_are_to_be_filled_into_tagged_cells_and_nowhere_else(file: Path) -> None:
    tagged = {cell["id"] for cell in cells(file) if "answer" in cell["metadata"].get("tags", [])}
    assert tagged - {"pseudonym"} == set(RIGHT[file.stem]) == set(WRONG[file.stem])


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_answer_cells_list_just_what_their_exercise_asks_for(study: Evidence, file: Path) -> None:
    """Somebody who fills in every blank has answered in full."""
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells(file)}
    for name, exercise in exercises(study, file.stem).items():
        blanks = re.findall(r'^ +"([\w-]+)": (?:""|\.\.\.|\{)', sources[f"{name.replace('_', '-')}-answer"], re.M)
        if exercise.kind in ("matching", "coding", "labels", "groups") and not getattr(exercise, "left_out", ""):
            assert blanks == list(exercise.items())
        if exercise.kind == "numbers" and blanks:
            assert blanks == list(exercise.items())


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_passage_stands_beside_each_answer_that_is_about_it(study: Evidence, file: Path) -> None:
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells(file)}
    for name, exercise in exercises(study, file.stem).items():
        if isinstance(exercise, Comparison) and not exercise.left_out:
            written = " ".join(sources[f"{name.replace('_', '-')}-answer"].replace("#", " ").split())
            for key, text in exercise.items().items():
                assert f'{text} "{key}":' in written


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_notebook_states_what_is_learnt_how_long_it_takes_and_how_to_get_a_hint(study: Evidence, file: Path) -> None:
    first = "".join(cells(file)[0]["source"])
    assert "**Afterwards you can**" in first
    assert re.search(r"\*\*Time:\*\* 50 minutes .*90 minutes", first)
    assert "**Run the first for a hint**" in first
    assert all(point in "".join(cells(file)[-1]["source"]) for point in lesson(study, file).key_points)


# --- a notebook that was downloaded alone


def test_a_notebook_without_its_package_says_in_one_line_what_is_missing_and_stops(tmp_path: Path) -> None:
    setup = "".join(next(cell for cell in cells(STORED[0]) if cell["id"] == "setup")["source"])
    (tmp_path / "alone.py").write_text(
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        f"shell.run_cell({setup!r})\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-I", "alone.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    (line,) = done.stdout.strip().splitlines()
    assert line.startswith("This notebook needs 'analysis', which is not here. Open it in the folder of the archive")
    assert "or do the lesson as a page, which needs nothing" in line


# --- hints and solutions in an opened lesson


@pytest.fixture
def opened(study: Evidence) -> opened_lessons.OpenedLesson:
    """A lesson that is opened afresh, with exercises that have given no hint yet."""
    built = lesson_building.built(lesson_files.bundled()["agreement"], study)
    return opened_lessons.OpenedLesson(built, study)


def walk(opened: opened_lessons.OpenedLesson, number: str, answer: object) -> list[Reply]:
    """Run the three cells of an exercise, one after the other."""
    return [opened.check(number, answer), opened.hint(number), opened.solution(number)]


def test_running_straight_through_gives_no_hint_and_no_solution_however_often(
    opened: opened_lessons.OpenedLesson,
) -> None:
    for _ in range(3):
        for number in ("3.1", "3.2"):
            check, hint, solution = walk(opened, number, ...)
            assert check.outcome is Outcome.NOT_TRIED
            assert hint.heading == f"Exercise {number} has two hints"
            assert solution.heading == f"Exercise {number} has a solution"


def test_a_hint_comes_with_one_run_of_its_cell_and_the_next_one_with_another(
    opened: opened_lessons.OpenedLesson,
) -> None:
    walk(opened, "3.1", ...)
    hints = [opened.hint("3.1").heading for _ in range(3)]
    assert hints == ["Exercise 3.1, hint 1 of 2", "Exercise 3.1, hint 2 of 2", "Exercise 3.1, all hints"]


def test_a_wrong_answer_is_followed_by_a_hint_and_a_right_one_is_not(opened: opened_lessons.OpenedLesson) -> None:
    assert walk(opened, "3.1", 0.7)[1].heading == "Exercise 3.1, hint 1 of 2"
    assert walk(opened, "3.1", 0.8)[1].heading == "Exercise 3.1 has two hints"


def test_a_solution_comes_when_its_cell_is_run_again(opened: opened_lessons.OpenedLesson) -> None:
    walk(opened, "3.1", ...)
    assert opened.solution("3.1").heading.startswith("Exercise 3.1, solution: 0.80")
    walk(opened, "3.2", ...)
    assert opened.solution("3.1").heading.startswith("Exercise 3.1, solution")


@pytest.mark.parametrize("name", some(["check", "hint", "solution", "answer"], 1))
def test_an_exercise_that_there_is_not_is_said_to_be_none(opened: opened_lessons.OpenedLesson, name: str) -> None:
    reply = getattr(opened, name)("3.21")
    assert reply.heading == "Not an exercise of this lesson"
    assert "did you mean 3." in reply.said[0]


def test_a_table_or_chart_that_there_is_not_is_said_to_be_none(opened: opened_lessons.OpenedLesson) -> None:
    assert repr(opened.table(99)).startswith("The lesson has no table 99")
    assert "It has none." in repr(
        opened_lessons.OpenedLesson(lesson_building.bundled("audit"), opened._evidence).figure(1)
    )


def test_what_was_answered_can_be_seen_again(opened: opened_lessons.OpenedLesson) -> None:
    assert "not tried" in opened.answer("3.6").heading
    opened.check("3.6", "They agree on what is\nno yes, and hardly ever on what is one.")
    assert opened.answer("3.6").said == ("They agree on what is no yes, and hardly ever on what is one.",)


# --- coding, a partner, a class


def test_codings_of_both_rounds_are_handed_in_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answers = RIGHT["01-code-the-passages"] | {"pseudonym": "pseudonym = 'robin'"}
    given = shown(STORED[0], answers)
    assert given["hand-in-first"].heading == given["hand-in-second"].heading == "Handed in"
    assert {file.as_posix() for file in Path("codings").rglob("*.csv")} == {
        "codings/first/robin.csv", "codings/second/robin.csv",
    }  # fmt: skip
    first, second = (given[f"compare-{which}"].sheets[0].table for which in ("first", "second"))
    assert list(first.index) == ["first time, with the record"]
    assert list(second.index) == ["first time, with the record", "second time, with the record"]
    assert given["class"].sheets[0].caption == "Handed in"
    alone = shown(STORED[0], RIGHT["01-code-the-passages"])
    assert alone["hand-in-first"].heading == "Nothing handed in yet"


def test_codes_are_handed_in_whether_or_not_the_words_that_decide_are_given(
    study: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lesson = opened_lessons.OpenedLesson(lesson_building.bundled("coding", study), study)
    lesson.check("1.2", {"T01": {"code": "initiation", "words": "the bid", "reason": ""}, "T02": "not-stated"})
    assert lesson.hand_in("robin").heading == "Handed in"
    written = Path("codings/first/robin.csv").read_text(encoding="utf-8")
    assert [line.split(",")[:3] for line in written.splitlines()[1:]] == [
        ["T01", "stage", "initiation"],
        ["T02", "stage", "not-stated"],
    ]


def test_the_first_coding_tells_how_many_agree_and_keeps_the_record_back() -> None:
    given = shown(STORED[0], RIGHT["01-code-the-passages"])
    first, second = given["stage-answer"], given["stage-again-answer"]
    assert "agree on" in first.said[0]
    assert first.sheets == ()
    assert "a second time" in first.said[1]
    assert {"You", "Record", "Also allowed", "Why"} <= set(second.sheets[0].table.columns)


def test_the_rule_is_repeated_before_the_second_coding() -> None:
    given = shown(STORED[0], RIGHT["01-code-the-passages"])
    for name in ("stage-again-rule", "power-again-rule"):
        assert given[name].said[0].startswith("A passage is initiation when it names a bid")


@pytest.mark.slow
def test_an_executed_notebook_shows_gists_and_never_private_wording(executed: Path) -> None:
    files = list(executed.glob("*.ipynb"))
    assert len(files) == len(RUN) > 0
    for file in files:
        assert "restored from a copy" not in file.read_text(encoding="utf-8")


def test_nothing_of_a_record_is_told_by_what_is_shown_before_coding(study: Evidence) -> None:
    """The codebook to code power from has no boundary cases: they name passages with their codes."""
    setting = Setting(study)
    for level in ("dimension", "second-order"):
        assert not re.search(r"\b[TF]\d\d\b", repr(codebook(setting, {"facet": "power", "level": level})))
    assert not re.search(r"\b[TF]\d\d\b", repr(codebook(setting, {"facet": "stage"})))
    blind = study.extracts.set_index("extract_id")["blind_gist"]
    for name in ("stage", "power", "stage_again", "power_again"):
        items = exercises(study, "01-code-the-passages")[name].items()
        assert items == {key: blind[key] for key in items}


def test_the_twelve_are_from_twelve_sources_and_spread_over_stages_and_powers(study: Evidence) -> None:
    coding = exercises(study, "01-code-the-passages")
    stage, power = coding["stage"], coding["power"]
    assert isinstance(stage, Comparison)
    assert isinstance(power, Comparison)
    twelve = list(stage.record)
    extracts = study.extracts.set_index("extract_id").loc[twelve]
    assert extracts["source_id"].nunique() == len(twelve) == 12
    assert study.passages.set_index("extract_id").loc[twelve, "interviewee"].notna().all()
    rows = study.record[study.record["extract_id"].isin(twelve)]
    primary = rows[rows["role"] == "primary"]
    stages = primary[primary["facet"] == "stage"]
    assert stages["code_id"].value_counts().min() >= 2
    assert stages["code_id"].nunique() == 4
    assert set(stages["basis"]) <= {"wording", "none"}
    dimension = [judged.taken for judged in power.record.values()]
    assert {dimension.count(one) for one in dimension} == {3}
    open_to_more = rows[rows["role"] == "alternative"].groupby("facet")["extract_id"].agg(set)
    countering = set(primary.loc[primary["stance"] == "counters", "extract_id"])
    assert len(open_to_more["stage"]) >= 5
    assert len(open_to_more["power"]) >= 3
    explained = {*stage.divides, *power.divides}
    assert len(countering) == 1
    assert countering < explained
    assert explained <= open_to_more["stage"] | open_to_more["power"] | countering


def test_claims_to_judge_need_every_verdict_and_each_is_explained(study: Evidence) -> None:
    from analysis.reanalysis import claims

    audit = exercises(study, "05-auditing-a-claim")
    judged = audit["verdicts"]
    assert isinstance(judged, Comparison)
    verdicts = {key: one.taken for key, one in judged.record.items()}
    assert set(verdicts.values()) == set(claims.verdicts(study)["verdict"])
    assert {one.value for one in judged.choices} == set(claims.VERDICTS)
    assert set(judged.divides) == set(verdicts)
    text = "".join("".join(cell["source"]) for cell in cells(STORED[4]))
    assert all(f"| {verdict} | " in text for verdict in claims.VERDICTS)
    assert verdicts["C48"] == claims.NO_PASSAGE
    assert verdicts["C58"] == claims.DEPENDS
    ledger = claims.ledger(study)
    assert ledger.linked("C72", "counters")
    assert ledger.linked("C48", "context")


def test_passages_to_hold_against_their_labels_are_as_often_in_doubt_as_not(study: Evidence) -> None:
    fit = exercises(study, "02-from-quotes-to-dimensions")["fit"]
    assert isinstance(fit, Comparison)
    taken = [judged.taken for judged in fit.record.values()]
    assert taken.count("another") == taken.count("fits") == 2


def test_the_words_of_a_private_copy_are_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened_lessons.open_lesson("dimensions")
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(passage_texts, "note", lambda _: "You see the wording of the passages.")
    opened_lessons.open_lesson("dimensions")
    assert capsys.readouterr().out == "You see the wording of the passages.\n"
