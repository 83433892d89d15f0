"""The tracks in pandas and in R give the figures of the lessons, and what students get of them gives none."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import page_scripts
import pandas as pd
import pytest
from browser import Browser
from example_counts import some

from analysis import agreement
from analysis.agreement import readers
from analysis.counting import crosstabs, readings
from analysis.counting.crosstabs import Axis
from analysis.statistics import association
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.teaching import (
    lesson_building,
    lesson_files,
    lesson_notebooks,
    simulated_studies,
    track_data,
    tracks,
    trials,
)
from analysis.teaching.exercises import Exercise, Figures, Number
from analysis.teaching.lesson_pages import student_data
from analysis.teaching.made_up_tables import made_up
from analysis.teaching.tracks import TrackError

NAMES = ("dimensions", "agreement", "counting", "audit")
POWER, STAGE = Axis("power"), Axis("stage", basis="lead-in")
RSCRIPT = shutil.which("Rscript")
LANGUAGES = {
    "pandas": [sys.executable, ".py"],
    "R": [RSCRIPT or "Rscript", ".R"],
}
in_each_language = pytest.mark.parametrize(
    "language",
    [
        "pandas",
        pytest.param("R", marks=pytest.mark.skipif(not RSCRIPT, reason="needs R: Rscript is not on the PATH")),
    ],
)

Computed = dict[str, float]


def exercises(name: str) -> Mapping[str, Exercise]:
    return lesson_building.bundled(name).exercises()


@cache
def printed(script: Path) -> str:
    """Return what a script of a track prints, run in the folder that students have."""
    program = next(program for program, suffix in LANGUAGES.values() if suffix == script.suffix)
    done = subprocess.run([program, script], cwd=tracks.FOLDER, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def figures(text: str) -> dict[str, str]:
    """Return the figures in what a script prints, under the number of the exercise and their name."""
    found = re.findall(r"^(\d\.\d+|[a-z]+(?:-[\w]+)?) (\S+) (to do|-?[\d.]+(?:e-?\d+)?)$", text, re.MULTILINE)
    assert len({(exercise, name) for exercise, name, _ in found}) == len(found), "a figure is printed once"
    return {f"{exercise} {name}": value for exercise, name, value in found}


# --- what the lessons compute


def of_exercises(name: str) -> Computed:
    """Return the right answers of the exercises of a lesson that ask for numbers."""
    found: Computed = {}
    for number, exercise in exercises(name).items():
        if isinstance(exercise, Number):
            found[f"{number} answer"] = exercise.right
        elif isinstance(exercise, Figures):
            found |= {f"{number} {key}": one.right for key, one in exercise.figures.items()}
    return found


COEFFICIENTS = {
    "percent": "percent-agreement", "kappa": "cohen-kappa", "ac1": "gwet-ac", "alpha": "krippendorff-alpha",
}  # fmt: skip


def of_agreement(study: Evidence) -> Iterator[tuple[str, float]]:
    made = lesson_files.read(lesson_files.bundled()["agreement"]).data["tables"]
    given = {f"table-{name}": made_up(name, made[name]).ratings() for name in "ABD"}
    given["readers"] = readers.chosen(study, "stage", ("reader-a", "reader-b"))
    for of, ratings in given.items():
        values = agreement.estimates(ratings).set_index("coefficient")["value"]
        yield from ((f"{of} {short}", values[name]) for short, name in COEFFICIENTS.items())


def of_counting(study: Evidence) -> Iterator[tuple[str, float]]:
    for unit in ("passage", "statement", "interviewee"):
        table = crosstabs.crosstab(study, POWER, STAGE, unit)
        for cell in table[~table["row"].isin(["all", "uncoded"])].to_dict("records"):
            if cell["column"] not in ("all", "uncoded", "counters", "context"):
                for end in ("count", "lowest", "highest"):
                    yield f"table-{unit} {cell['row']}.{cell['column']}.{end}", cell[end]
    for short, name in {"collected": "collected", "chance": "by chance", "liked": "with a story"}.items():
        cases = crosstabs.cases(simulated_studies.study(name), *trials.AXES)
        yield f"cramers-v {short}", association.association(association.contingency(cases)).v
    allowed = readings.allowed_readings(study, POWER, STAGE)
    compared = lesson_files.read(lesson_files.bundled()["counting"]).data["values"]["compared"]["of"]
    for key, one in compared.items():
        first, second = ([(row, column) for row, column in one[side]] for side in ("first", "second"))
        difference = readings.compare(allowed, first, second, one.get("unit", "passage")).difference
        yield f"4.9 {key}.lowest", difference.lowest
        yield f"4.9 {key}.highest", difference.highest


def of_audit(study: Evidence) -> Iterator[tuple[str, float]]:
    table = crosstabs.crosstab(study, POWER, STAGE).set_index(["row", "column"])
    yield "5.4 there", float(str(table.at[("resource", "initiation"), "count"]))
    possible = exercises("audit")["5.4"].right  # type: ignore[attr-defined]
    yield "5.4 possible", len(possible)


FURTHER = {"agreement": of_agreement, "counting": of_counting, "audit": of_audit, "dimensions": lambda _: iter(())}


@in_each_language
@pytest.mark.parametrize("name", some(NAMES, 1))
def test_a_track_gives_every_figure_of_its_lesson(study: Evidence, name: str, language: str) -> None:
    computed = of_exercises(name) | dict(FURTHER[name](study))
    given = figures(printed(tracks.WORKED / f"{name}{LANGUAGES[language][1]}"))
    assert sorted(given) == sorted(computed)
    for figure, value in computed.items():
        assert float(given[figure]) == pytest.approx(float(value), rel=1e-9, abs=1e-12), figure


JUDGING = ["sha256.js", "lesson/typed-numbers.js", "lesson/judging.js"]
JUDGED = """(lessons) => lessons.flatMap(([lesson, values]) => lesson.exercises.filter(({ number }) => values[number]).map(
  (exercise) => [exercise.number, compendium.lessons.judge(exercise, values[exercise.number], lesson.words).state]))"""


@in_each_language
def test_what_a_track_prints_is_right_on_the_page_of_the_lesson(
    chromium: Browser, tmp_path: Path, language: str
) -> None:
    asked = []
    for name in NAMES:
        values: dict[str, dict[str, str]] = {}
        for figure, value in figures(printed(tracks.WORKED / f"{name}{LANGUAGES[language][1]}")).items():
            number, key = figure.split()
            if figure in of_exercises(name):
                values.setdefault(number, {})[key] = value
        asked.append([student_data.data(lesson_building.bundled(name)), values])
    states = page_scripts.answer(chromium, tmp_path, JUDGING, JUDGED, asked)
    numbers = {figure.split()[0] for name in NAMES for figure in of_exercises(name)}
    assert {tuple(one) for one in states} == {(number, "yes") for number in numbers}


def test_every_exercise_that_asks_for_numbers_is_in_both_tracks_of_its_lesson() -> None:
    for name in lesson_notebooks.STEMS:
        asked = {figure.split()[0] for figure in of_exercises(name)}
        for suffix in (".py", ".R"):
            worked = tracks.WORKED / f"{name}{suffix}"
            assert asked <= set(tracks.numbers(worked.read_text(encoding="utf-8")) if worked.is_file() else ())


# --- what students get


@in_each_language
@pytest.mark.parametrize("name", some(NAMES, 1))
def test_what_students_get_runs_and_says_of_every_figure_that_it_is_to_do(
    name: str, language: str, tmp_path: Path
) -> None:
    if language == "pandas":
        cells = json.loads((tracks.FOLDER / f"{name}-pandas.ipynb").read_text(encoding="utf-8"))["cells"]
        script = tmp_path / "students.py"
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        script.write_text("\n\n".join(code), encoding="utf-8")
    else:
        script = tracks.FOLDER / f"{name}.R"
    given, worked = figures(printed(script)), figures(printed(tracks.WORKED / f"{name}{LANGUAGES[language][1]}"))
    assert set(given.values()) == {"to do"}
    assert given.keys() <= worked.keys()


def students(name: str) -> list[Path]:
    return [tracks.FOLDER / f"{name}-pandas.ipynb", tracks.FOLDER / f"{name}.R"]


@pytest.mark.parametrize("name", NAMES)
def test_students_get_the_tasks_and_none_of_what_they_write_themselves(name: str) -> None:
    for file in students(name):
        text = file.read_text(encoding="utf-8")
        worked = (tracks.WORKED / f"{name}{'.R' if file.suffix == '.R' else '.py'}").read_text(encoding="utf-8")
        gaps = re.findall(r"# >>> your turn\n(.*?)^ *# <<< ", worked, re.MULTILINE | re.DOTALL)
        assert len(gaps) == text.count("# Your turn.") > 0
        for line in (line.strip() for gap in gaps for line in gap.splitlines()):
            assert len(line) < 25 or json.dumps(line)[1:-1] not in text
            assert len(line) < 25 or line not in text
        for number in tracks.numbers(worked):
            assert f"## {number} {exercises(name)[number].title}" in text


def test_data_of_published_passages_have_no_key_and_no_gist_and_no_name_of_a_code_of_the_tree(study: Evidence) -> None:
    keys = set(study.extracts["extract_id"]) | set(study.sources["source_id"])
    finer = set(study.codes.query("facet == 'power' and level != 'dimension'")["code_id"])
    for name, table in track_data.tables(study).items():
        words = {str(value) for column in table for value in table[column]}
        assert not words & (keys | finer), name
        assert name.startswith(("made-up-", "simulated-", "published-"))


def test_published_passages_are_numbered_in_another_order_than_the_evidence(study: Evidence) -> None:
    table = track_data.tables(study)
    in_order = crosstabs.options(study, STAGE).query("primary")["code"].tolist()
    drawn = table["published-stages"].query("role == 'primary'")["stage"].tolist()
    assert sorted(in_order) == sorted(drawn)
    assert in_order != drawn
    pd.testing.assert_frame_equal(table["published-stages"], track_data.tables(loading.load())["published-stages"])


# --- scripts that do not fit


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("# %% [3.99]\n", "the lesson has no exercise 3.99"),
        ("# %%\n# >>> your turn\nx = 1\n", "has no line '# <<<' after it"),
        ("# %%\n# <<< x = ...\n", "has no line '# <<<' after it"),
    ],
)
def test_a_worked_script_whose_marks_do_not_fit_is_refused(script: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "agreement.py"
    file.write_text(script, encoding="utf-8")
    with pytest.raises(TrackError, match=re.escape(problem)):
        tracks.for_students(file, exercises("agreement"))


@in_each_language
def test_a_script_without_its_data_says_what_to_do(language: str, tmp_path: Path) -> None:
    program, suffix = LANGUAGES[language]
    worked = tracks.WORKED / f"dimensions{suffix}"
    done = subprocess.run([program, worked], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode != 0
    assert "The folder data has to be" in done.stderr
