"""Files and folders are replaced as a whole, or stay as they were."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import paths, writing
from analysis.writing import WritingError

OLD = {f"{n}.csv": f"old {n}\n" for n in range(40)}
NEW = {f"{n}.csv": f"new {n}\n" for n in range(30)}


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_folder_is_replaced_with_all_that_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    writing.replace_folder(folder, OLD)
    writing.replace_folder(folder, NEW)
    assert contents(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["derived"], "nothing is left beside it"


def test_a_folder_may_hold_bytes_and_sub_folders(tmp_path: Path) -> None:
    folder = tmp_path / "article"
    writing.replace_folder(folder, OLD)
    writing.replace_folder(folder, {"article.xml": "é\n", "figures/one.png": b"\x89PNG\r\n"})
    assert (folder / "article.xml").read_bytes() == b"\xc3\xa9\n"
    assert (folder / "figures" / "one.png").read_bytes() == b"\x89PNG\r\n"
    writing.replace_folder(folder, NEW)
    assert contents(folder) == NEW, "sub-folders go with the rest"


def test_a_failure_half_way_leaves_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    writing.replace_folder(folder, OLD)
    with pytest.raises(WritingError, match="cannot be written"):
        writing.replace_folder(folder, NEW | {"0.csv/below.csv": ""})
    assert contents(folder) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_a_link_stays_a_link_and_a_file_is_refused(tmp_path: Path) -> None:
    writing.replace_folder(tmp_path / "real", OLD)
    (tmp_path / "derived").symlink_to(tmp_path / "real")
    writing.replace_folder(tmp_path / "derived", NEW)
    assert (tmp_path / "derived").is_symlink()
    assert contents(tmp_path / "real") == NEW
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WritingError, match="a file and not a folder"):
        writing.replace_folder(tmp_path / "file", NEW)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_write_protected_folder_is_replaced_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    writing.replace_folder(folder, OLD)
    folder.chmod(0o555)
    writing.replace_folder(folder, NEW)
    assert contents(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_where_folders_cannot_be_exchanged_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_exchange", lambda one, other: False)
    folder = tmp_path / "derived"
    writing.replace_folder(folder, OLD)
    writing.replace_folder(folder, NEW)
    assert contents(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_killed_between_two_renames_the_old_folder_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    writing.replace_folder(folder, OLD)
    folder.rename(tmp_path / ".derived.previous")  # what a process killed at that moment leaves
    writing.recover(folder)
    assert contents(folder) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal that cannot be caught")
def test_killed_at_any_moment_a_process_leaves_the_old_or_the_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    writing.replace_folder(folder, OLD)
    program = (
        "import sys, pathlib; sys.path.insert(0, 'tests')\n"
        "from analysis import writing; from test_writing import OLD, NEW\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for files in (NEW, OLD): writing.replace_folder(pathlib.Path(sys.argv[1]), files)\n"
    )
    found = []
    for attempt in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], cwd=paths.ROOT, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(paths.ROOT)},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.01 + 0.0037 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if sys.platform == "linux":
            assert contents(folder) in (OLD, NEW), "folders are exchanged in one step, and nothing needs to recover"
        writing.recover(folder)
        found.append(contents(folder))
    assert all(files in (OLD, NEW) for files in found)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WritingError, match="Check the permissions"):
        writing.replace_folder(tmp_path / "derived", NEW)
    tmp_path.chmod(0o700)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "file.txt"
    writing.write_text(file, "old")
    writing.write_text(file, "new")
    assert file.read_text(encoding="utf-8") == "new"
    assert [path.name for path in file.parent.iterdir()] == ["file.txt"]
    with pytest.raises(WritingError, match="cannot be written"):
        writing.write_text(file / "below", "nothing goes below a file")
