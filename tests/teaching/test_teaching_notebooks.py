"""Teaching notebooks run through with nothing filled in, with right answers and with wrong ones."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import one_kernel
import pytest
from teaching import RIGHT, STORED, WRONG, cells, shown

from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.teaching import (
    agreement_lesson,
    audit_lesson,
    coding_lesson,
    counting_lesson,
    dimensions_lesson,
    passage_texts,
)
from analysis.teaching.exercises import Exercise
from analysis.teaching.replies import Outcome, Reply

MADE_BY = {
    "01-code-the-passages": coding_lesson.exercises,
    "02-from-quotes-to-dimensions": dimensions_lesson.exercises,
    "03-agreement": agreement_lesson.exercises,
    "04-counting-without-over-claiming": counting_lesson.exercises,
    "05-auditing-a-claim": audit_lesson.exercises,
}
OURS = [file for file in STORED if file.stem in MADE_BY]

#: How a line loses its `#`. JupyterLab's Ctrl and / takes a blank away with it, and puts one in when it is pressed again.
WAYS: dict[str, Callable[[str], str]] = {
    "Delete": lambda line: line.removeprefix("#"),
    "Ctrl and /": lambda line: re.sub("^# ?", "", line),
    "Ctrl and / twice, then Delete": lambda line: re.sub("^# ?", " ", line),
}

ANSWERED = {"right": (RIGHT, Outcome.YES), "wrong": (WRONG, Outcome.NOT_YET)}


def exercises(study: Evidence, notebook: str) -> dict[str, Exercise]:
    return vars(MADE_BY[notebook](study))


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every teaching notebook executed by a kernel, nothing filled in."""
    folder = tmp_path_factory.mktemp("teaching") / "executed"
    one_kernel.execute(paths.TEACHING, folder)
    return folder


@pytest.mark.once
@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_a_kernel_runs_an_untouched_notebook_through_and_every_exercise_says_that_it_was_not_tried(
    executed: Path, study: Evidence, file: Path
) -> None:
    outputs = [output for cell in cells(executed / file.name) for output in cell.get("outputs", [])]
    said = " ".join("".join(output.get("data", {}).get("text/plain", "")) for output in outputs)
    for exercise in exercises(study, file.stem).values():
        assert f"{exercise.name}: {Outcome.NOT_TRIED.value}" in said


@pytest.mark.parametrize(
    "file",
    [pytest.param(file, marks=[pytest.mark.slow] * file.stem.startswith("04"), id=file.stem) for file in OURS],
)
@pytest.mark.parametrize("how", ANSWERED)
def test_every_exercise_of_an_answered_notebook_says_how_far_it_has_come(study: Evidence, file: Path, how: str) -> None:
    answers, outcome = ANSWERED[how]
    said = " ".join(map(repr, shown(file, answers[file.stem]).values()))
    for exercise in exercises(study, file.stem).values():
        assert f"{exercise.name}: {outcome.value}" in said


@pytest.mark.once
def test_an_executed_notebook_shows_gists_and_never_private_wording(executed: Path) -> None:
    files = list(executed.glob("*.ipynb"))
    assert len(files) == len(OURS) > 0
    for file in files:
        assert "You see gists" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_every_exercise_is_asked_answered_checked_and_can_be_given_up(study: Evidence, file: Path) -> None:
    code = {cell["id"]: "".join(cell["source"]) for cell in cells(file) if cell["cell_type"] == "code"}
    everything = "\n".join(code.values())
    for name in exercises(study, file.stem):
        assert f"\nexercise.{name}\n" in f"\n{everything}\n"
        for method in ("check(", "hint()", "solution()"):
            assert f"exercise.{name}.{method}" in everything


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_answers_are_to_be_filled_into_tagged_cells_and_nowhere_else(file: Path) -> None:
    tagged = {cell["id"] for cell in cells(file) if "answer" in cell["metadata"].get("tags", [])}
    assert tagged == {cell["id"] for cell in cells(file) if cell["id"].endswith("-answer")}
    assert tagged - {"hand-in-answer"} == set(RIGHT[file.stem]) == set(WRONG[file.stem])


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_answer_cells_list_just_what_their_exercise_asks_for(study: Evidence, file: Path) -> None:
    """Somebody who fills in every blank has answered in full."""
    for exercise in exercises(study, file.stem).values():
        wanted = getattr(exercise, "record", None) or getattr(exercise, "situations", None)
        if not isinstance(wanted, dict) or getattr(exercise, "left_out", ""):
            continue
        lists = [set(re.findall(r'"([\w-]+)": ""', "".join(cell["source"]))) for cell in cells(file)]
        assert set(wanted) in lists


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_a_notebook_states_what_is_learnt_and_how_long_it_takes(file: Path) -> None:
    first = "".join(cells(file)[0]["source"])
    assert "**Afterwards you can**" in first
    assert re.search(r"\*\*Time:\*\* 50 minutes .*90 minutes", first)


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_hints_come_one_by_one_and_solutions_are_accepted(study: Evidence, file: Path) -> None:
    for exercise in exercises(study, file.stem).values():
        given = [exercise.hint() for _ in range(len(exercise.hints) + 1)]
        assert [reply.said[0] for reply in given[:-1]] == list(exercise.hints)
        assert given[-1].points == tuple(exercise.hints)
        assert len(exercise.hints) >= 2
        assert isinstance(exercise.solution(), Reply)


def displayed(source: str, names: dict[str, Exercise]) -> Reply | None:
    """Return what a kernel shows below a cell: the value of its last line, once the indent of the whole is removed."""
    from IPython.core.inputtransformer2 import TransformerManager

    body = ast.parse(TransformerManager().transform_cell(source)).body
    if not body or not isinstance(body[-1], ast.Expr):
        return None
    reply: Reply = eval(compile(ast.Expression(body[-1].value), "cell", "eval"), dict(names))  # noqa: S307 - our own notebooks
    return reply


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
@pytest.mark.parametrize("way", WAYS)
def test_hints_and_solutions_are_all_shown_in_order_however_the_number_sign_is_removed(
    study: Evidence, file: Path, way: str
) -> None:
    exercise = MADE_BY[file.stem](study)
    sources = ["".join(cell["source"]) for cell in cells(file) if cell["cell_type"] == "code"]
    commented = [source for source in sources if re.search("^# ?exercise", source, re.M)]
    freed = ["\n".join(map(WAYS[way], source.splitlines())) for source in commented]
    replies = [displayed(source, {"exercise": exercise}) for source in freed]
    headings = [reply.heading for reply in replies if reply]
    pairs = zip(headings[::2], headings[1::2], strict=True)
    for one, (hint, solution) in zip(vars(exercise).values(), pairs, strict=True):
        assert hint.startswith(f"{one.name}, hint 1")
        assert solution.startswith((f"{one.name}, solution", f"{one.name}, the record"))


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_the_first_cell_says_how_to_get_a_hint(file: Path) -> None:
    assert "Delete the `#` at the start of such a cell and run it" in " ".join(cells(file)[0]["source"])


def test_the_first_coding_tells_how_many_agree_and_keeps_the_record_back() -> None:
    given = shown(OURS[0], RIGHT["01-code-the-passages"])
    first, second = given["stage-check"], given["stage-again-check"]
    assert "agree on" in first.said[0]
    assert first.sheets == ()
    assert "a second time" in first.said[1]
    assert {"You", "Record", "Also allowed", "Why"} <= set(second.sheets[0].table.columns)


def test_nothing_of_a_record_is_told_by_what_is_shown_before_coding(
    study: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The codebook to code power from has no boundary cases: they name passages with their codes."""
    monkeypatch.setenv(paths.GISTS_ONLY, "1")  # whoever has restored the wording would be shown that
    for level in ("dimension", "second-order"):
        assert not re.search(r"\b[TF]\d\d\b", repr(coding_lesson.codebook(study, "power", level)))
    assert not re.search(r"\b[TF]\d\d\b", repr(coding_lesson.codebook(study, "stage")))
    shown = passage_texts.sheet_to_code(study, passage_texts.TWELVE, "Passages").table["Gist"]
    assert shown.tolist() == [study.extracts.set_index("extract_id").at[one, "blind_gist"] for one in shown.index]


@pytest.mark.parametrize("lesson", ["01-code-the-passages", "02-from-quotes-to-dimensions"])
def test_passages_to_code_are_never_shown_as_gists_with_words_of_their_codes(lesson: str) -> None:
    (file,) = (one for one in OURS if one.stem == lesson)
    code = "\n".join("".join(cell["source"]) for cell in cells(file) if cell["cell_type"] == "code")
    assert "passage_texts.sheet_to_code(" in code
    assert "passage_texts.sheet(" not in code


def test_the_twelve_are_from_twelve_sources_and_spread_over_stages_and_powers(study: Evidence) -> None:
    twelve = list(passage_texts.TWELVE)
    extracts = study.extracts.set_index("extract_id").loc[twelve]
    assert extracts["source_id"].nunique() == len(twelve) == 12
    assert study.passages.set_index("extract_id").loc[twelve, "interviewee"].notna().all()
    rows = study.record[study.record["extract_id"].isin(twelve)]
    primary = rows[rows["role"] == "primary"]
    stages = primary[primary["facet"] == "stage"]
    assert stages["code_id"].value_counts().min() >= 2
    assert stages["code_id"].nunique() == 4
    assert set(stages["basis"]) <= {"wording", "none"}
    dimension = [coding_lesson.judged(study, "power", extract).taken for extract in twelve]
    assert {dimension.count(one) for one in dimension} == {3}
    open_to_more = rows[rows["role"] == "alternative"].groupby("facet")["extract_id"].agg(set)
    countering = set(primary.loc[primary["stance"] == "counters", "extract_id"])
    assert len(open_to_more["stage"]) >= 5
    assert len(open_to_more["power"]) >= 3
    page = (paths.ROOT / "docs" / "teaching" / "01-code-the-passages.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| ([TF]\d\d) \|", page, re.MULTILINE))
    assert len(countering) == 1
    assert countering < explained
    assert explained <= open_to_more["stage"] | open_to_more["power"] | countering


def test_claims_to_judge_need_every_verdict_and_each_is_explained(study: Evidence) -> None:
    from analysis.reanalysis import claims

    verdicts = claims.verdicts(study).set_index("claim_id").loc[list(audit_lesson.TO_JUDGE), "verdict"]
    assert set(verdicts) == set(claims.verdicts(study)["verdict"])
    assert sorted(audit_lesson.MEANINGS) == sorted(claims.VERDICTS)
    assert verdicts[audit_lesson.SILENT] == claims.NO_PASSAGE
    assert verdicts[audit_lesson.TURNING] == claims.DEPENDS
    ledger = claims.ledger(study)
    assert ledger.linked(audit_lesson.SUPPORTED, "counters")
    assert ledger.linked(audit_lesson.SILENT, "context")


def test_passages_to_hold_against_their_labels_are_as_often_in_doubt_as_not(study: Evidence) -> None:
    fit = dimensions_lesson.exercises(study).fit
    taken = [judged.taken for judged in fit.record.values()]
    assert taken.count(dimensions_lesson.ANOTHER) == taken.count(dimensions_lesson.FITS) == 2


@pytest.mark.parametrize("notebook", MADE_BY)
def test_the_page_for_instructors_names_every_exercise_and_gives_both_plans(study: Evidence, notebook: str) -> None:
    page = (paths.ROOT / "docs" / "teaching" / f"{notebook}.md").read_text(encoding="utf-8")
    for exercise in exercises(study, notebook).values():
        assert f"| {exercise.number} |" in page
        assert exercise.title in page
    for heading in ("## In 50 minutes", "## In 90 minutes", "## To discuss", "## Pitfalls", "## Solutions"):
        assert heading in page


@pytest.mark.parametrize("notebook", MADE_BY)
def test_closed_solutions_on_the_page_for_instructors_are_those_of_the_exercises(
    study: Evidence, notebook: str
) -> None:
    """A solution that changes with the evidence cannot stay behind on the page."""
    page = (paths.ROOT / "docs" / "teaching" / f"{notebook}.md").read_text(encoding="utf-8")
    page = re.sub(r"<!--.*?-->", "", page)
    for exercise in exercises(study, notebook).values():
        heading = exercise.solution().heading
        if "solution: " in heading:
            assert f"**{exercise.number}** {heading.partition('solution: ')[2]}" in page


def test_the_index_names_every_teaching_notebook_with_its_page() -> None:
    index = (paths.ROOT / "docs" / "teaching" / "README.md").read_text(encoding="utf-8")
    for file in OURS:
        assert f"({file.stem}.md) | [notebook&nbsp;{int(file.stem[:2])}]({file.name}) |" in index
