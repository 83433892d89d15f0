"""The working copy keeps what learners wrote; the requirements for a JupyterHub are those of the lock."""

import re
import tomllib
from pathlib import Path

import pytest

from analysis.support import paths
from analysis.teaching import requirements, working_copy
from analysis.teaching.working_copy import WorkingCopyError


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with one original notebook, and a place for the working copy."""
    originals, into = tmp_path / "originals", tmp_path / "working"
    originals.mkdir()
    (originals / "one.ipynb").write_text("first", encoding="utf-8")
    return originals, into


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))


def test_new_notebooks_are_added_and_brought_only_once(places: tuple[Path, Path]) -> None:
    originals, into = places
    assert working_copy.bring(*places) == ["one.ipynb: new"]
    assert working_copy.bring(*places) == []
    (originals / "two.ipynb").write_text("second", encoding="utf-8")
    assert working_copy.bring(*places) == ["two.ipynb: new"]
    assert names(into) == ["one.ipynb", "two.ipynb"]


def test_tasks_in_code_come_with_their_data_and_without_what_is_worked_out(places: tuple[Path, Path]) -> None:
    for name in ("code/a.R", "code/a-pandas.ipynb", "code/data/a.csv", "code/worked/a.R"):
        (places[0] / name).parent.mkdir(parents=True, exist_ok=True)
        (places[0] / name).write_text("first", encoding="utf-8")
    brought = ["one.ipynb: new", "code/a-pandas.ipynb: new", "code/a.R: new", "code/data/a.csv: new"]
    assert working_copy.bring(*places) == brought
    assert not (places[1] / "code" / "worked").exists()
    (places[1] / "code" / "a.R").write_text("mine", encoding="utf-8")
    assert working_copy.bring(*places) == []


def test_what_a_learner_wrote_stays_while_the_original_stays(places: tuple[Path, Path]) -> None:
    working_copy.bring(*places)
    (places[1] / "one.ipynb").write_text("mine", encoding="utf-8")
    assert working_copy.bring(*places) == []
    assert (places[1] / "one.ipynb").read_text(encoding="utf-8") == "mine"
    assert (places[0] / "one.ipynb").read_text(encoding="utf-8") == "first", "the original stays clean"


def test_an_untouched_copy_follows_its_original(places: tuple[Path, Path]) -> None:
    working_copy.bring(*places)
    (places[0] / "one.ipynb").write_text("better", encoding="utf-8")
    assert "brought up to date" in working_copy.bring(*places)[0]
    assert (places[1] / "one.ipynb").read_text(encoding="utf-8") == "better"


def test_a_changed_original_comes_beside_what_a_learner_wrote_and_nothing_is_overwritten(
    places: tuple[Path, Path],
) -> None:
    working_copy.bring(*places)
    (places[1] / "one.ipynb").write_text("mine", encoding="utf-8")
    for text in ("better", "better still"):
        (places[0] / "one.ipynb").write_text(text, encoding="utf-8")
        (line,) = working_copy.bring(*places)
        assert "left as it is" in line
    assert working_copy.bring(*places) == []
    held = {name: (places[1] / name).read_text(encoding="utf-8") for name in names(places[1])}
    assert held == {"one.ipynb": "mine", "one-new.ipynb": "better", "one-new-2.ipynb": "better still"}


def test_a_notebook_that_was_there_before_any_copy_is_a_learners(places: tuple[Path, Path]) -> None:
    places[1].mkdir()
    (places[1] / "one.ipynb").write_bytes(b"mine \xff")
    assert "left as it is" in working_copy.bring(*places)[0]
    assert (places[1] / "one.ipynb").read_bytes() == b"mine \xff"


def test_missing_originals_are_told(tmp_path: Path) -> None:
    with pytest.raises(WorkingCopyError, match="there are no teaching notebooks"):
        working_copy.bring(tmp_path, tmp_path / "working")


def test_the_requirements_are_those_that_the_lock_gives() -> None:
    lock = requirements.LOCK.read_text(encoding="utf-8")
    stored = requirements.FILE.read_text(encoding="utf-8")
    assert stored == requirements.at_run_time(lock), "write them with: python -m analysis.teaching.requirements"
    assert "hash" not in stored.removeprefix(requirements.HEADER)
    assert "://" not in stored


def test_the_requirements_have_everything_the_project_asks_for_and_none_of_its_tools() -> None:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = set(re.findall(r"^([a-z0-9-]+)==", requirements.FILE.read_text(encoding="utf-8"), re.M))
    assert {re.split(r"[<>=\[;]", one)[0] for one in project["dependencies"]} <= found
    assert not {"pytest", "ruff", "mypy", "jupyterlab", "krippendorff"} & found


def test_a_package_that_only_a_tool_asks_for_is_left_out_and_every_pinned_version_is_kept() -> None:
    lock = (
        "a==1 \\\n    --hash=sha256:0\n    # via study (pyproject.toml)\nb==2 ; python_version < '3.12' \\\n    # via "
        "a\nb==3 ; python_version >= '3.12' \\\n    # via\n    #   a\n    #   d\nc==4 \\\n    # via d\nd==5 \\\n    # "
        "via study (pyproject.toml:tests)\n"
    )
    lines = requirements.at_run_time(lock).removeprefix(requirements.HEADER).splitlines()
    assert lines == ["a==1", "b==2 ; python_version < '3.12'", "b==3 ; python_version >= '3.12'"]
