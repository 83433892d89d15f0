"""Files and folders are replaced as a whole, or stay as they were."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.cli import quotation_commands
from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support import atomic_writes, paths
from analysis.support.atomic_writes import WritingError
from analysis.wording import fingerprints

OLD = {f"{n}.csv": f"old {n}\n" for n in range(40)}
NEW = {f"{n}.csv": f"new {n}\n" for n in range(30)}


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_folder_is_replaced_with_all_that_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, OLD)
    atomic_writes.replace_folder(folder, NEW)
    assert contents(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["derived"], "nothing is left beside it"


def test_a_folder_may_hold_bytes_and_sub_folders(tmp_path: Path) -> None:
    folder = tmp_path / "article"
    atomic_writes.replace_folder(folder, OLD)
    atomic_writes.replace_folder(folder, {"article.xml": "é\n", "figures/one.png": b"\x89PNG\r\n"})
    assert (folder / "article.xml").read_bytes() == b"\xc3\xa9\n"
    assert (folder / "figures" / "one.png").read_bytes() == b"\x89PNG\r\n"
    atomic_writes.replace_folder(folder, NEW)
    assert contents(folder) == NEW, "sub-folders go with the rest"


def test_a_failure_half_way_leaves_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, OLD)
    with pytest.raises(WritingError, match="cannot be written"):
        atomic_writes.replace_folder(folder, NEW | {"0.csv/below.csv": ""})
    assert contents(folder) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_a_link_stays_a_link_and_a_file_is_refused(tmp_path: Path) -> None:
    atomic_writes.replace_folder(tmp_path / "real", OLD)
    (tmp_path / "derived").symlink_to(tmp_path / "real")
    atomic_writes.replace_folder(tmp_path / "derived", NEW)
    assert (tmp_path / "derived").is_symlink()
    assert contents(tmp_path / "real") == NEW
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WritingError, match="a file and not a folder"):
        atomic_writes.replace_folder(tmp_path / "file", NEW)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_write_protected_folder_is_replaced_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, OLD)
    folder.chmod(0o555)
    atomic_writes.replace_folder(folder, NEW)
    assert contents(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_where_folders_cannot_be_exchanged_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_writes, "_exchange", lambda one, other: False)
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, OLD)
    atomic_writes.replace_folder(folder, NEW)
    assert contents(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_killed_between_two_renames_the_old_folder_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, OLD)
    folder.rename(tmp_path / ".derived.previous")  # what a process killed at that moment leaves
    atomic_writes.recover(folder)
    assert contents(folder) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal that cannot be caught")
def test_killed_at_any_moment_a_process_leaves_the_old_or_the_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, OLD)
    program = (
        "import sys, pathlib\n"
        "from analysis.support import atomic_writes\n"
        f"OLD, NEW = {OLD!r}, {NEW!r}\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for files in (NEW, OLD): atomic_writes.replace_folder(pathlib.Path(sys.argv[1]), files)\n"
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
        atomic_writes.recover(folder)
        found.append(contents(folder))
    assert all(files in (OLD, NEW) for files in found)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there says that another run is writing")
def test_two_runs_that_write_the_same_folder_at_once_both_succeed(tmp_path: Path) -> None:
    folder = tmp_path / "article"
    program = (
        "import sys, pathlib\n"
        "from analysis.support import atomic_writes\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "for _ in range(25): atomic_writes.replace_folder(pathlib.Path(sys.argv[1]), eval(sys.argv[2]))\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder), repr(files)], cwd=paths.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for files in (OLD, NEW)
    ]  # fmt: skip
    for run in runs:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin
        run.stdin.write("\n")
        run.stdin.flush()
    assert [run.communicate()[1] for run in runs] == ["", ""]
    assert contents(folder) in (OLD, NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["article"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WritingError, match="Check the permissions"):
        atomic_writes.replace_folder(tmp_path / "derived", NEW)
    tmp_path.chmod(0o700)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "file.txt"
    atomic_writes.write_text(file, "old")
    atomic_writes.write_text(file, "new")
    assert file.read_text(encoding="utf-8") == "new"
    assert [path.name for path in file.parent.iterdir()] == ["file.txt"]
    with pytest.raises(WritingError, match="cannot be written"):
        atomic_writes.write_text(file / "below", "nothing goes below a file")


# --- who may read what is written


UMASKS = (0o000, 0o022, 0o027, 0o077)
permissions = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


@pytest.fixture(params=UMASKS, ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(place: Path) -> int:
    return stat.S_IMODE(place.stat().st_mode)


@permissions
def test_an_ordinary_file_has_what_the_umask_allows(tmp_path: Path, umask: int) -> None:
    atomic_writes.write_text(tmp_path / "new" / "file.txt", "new")
    assert mode(tmp_path / "new" / "file.txt") == 0o666 & ~umask
    assert mode(tmp_path / "new") == 0o777 & ~umask


@permissions
@pytest.mark.parametrize("before", [0o600, 0o640, 0o644, 0o664])
def test_an_ordinary_file_keeps_the_permissions_of_the_one_it_replaces(tmp_path: Path, umask: int, before: int) -> None:
    file = tmp_path / "file.txt"
    file.write_text("old")
    file.chmod(before)
    atomic_writes.write_text(file, f"new, whatever the umask {umask} is")
    assert mode(file) == before


@permissions
@pytest.mark.parametrize("before", [None, 0o600, 0o644, 0o666])
def test_a_private_file_is_for_its_owner_alone_from_its_first_byte_on(
    tmp_path: Path, umask: int, before: int | None
) -> None:
    file = tmp_path / "new" / "private" / "wording.csv"
    if before is not None:
        file.parent.mkdir(parents=True)
        file.write_text(f"old, under the umask {umask}")
        file.chmod(before)
        file.parent.chmod(0o755)
    with atomic_writes.replacing(file, private=True) as beside:
        assert mode(beside) == 0o600
        beside.write_text("words")
        assert [mode(place) for place in file.parent.iterdir() if place != file] == [0o600]
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)


@permissions
def test_in_a_folder_that_is_written_what_is_private_is_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    (tmp_path / "kept.bin").write_bytes(b"kept")
    (tmp_path / "kept.bin").chmod(0o666)
    files = {"evidence/a.csv": "a", "private/wording.csv": "words", "private/project.qdpx": tmp_path / "kept.bin"}
    folder = tmp_path / "study"
    atomic_writes.replace_folder(folder, files)
    assert mode(folder / "evidence" / "a.csv") == 0o666 & ~umask
    assert mode(folder) == mode(folder / "evidence") == 0o777 & ~umask
    assert mode(folder / "private") == 0o700
    assert {mode(file) for file in (folder / "private").iterdir()} == {0o600}


@permissions
def test_a_folder_that_is_replaced_keeps_its_permissions_and_those_of_its_files(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "derived"
    atomic_writes.replace_folder(folder, {"a.csv": f"old, under the umask {umask}"})
    folder.chmod(0o750)
    (folder / "a.csv").chmod(0o640)
    atomic_writes.replace_folder(folder, {"a.csv": "new"})
    assert (mode(folder), mode(folder / "a.csv")) == (0o750, 0o640)


@permissions
def test_what_holds_private_wording_is_private(
    tmp_path: Path, umask: int, study: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = commands.read(paths.EXAMPLE_PROJECT)
    commands.import_study(imported, Choices(), tmp_path / "study", tell=lambda _: None)
    assert mode(tmp_path / "study" / "private") == 0o700
    assert {mode(file) for file in (tmp_path / "study" / "private").iterdir()} == {0o600}
    commands.export_study(tmp_path / "study", tmp_path / "out.qdpx", with_wording=True, tell=lambda _: None)
    assert mode(tmp_path / "out.qdpx") == 0o600
    commands.export_study(tmp_path / "study", tmp_path / "codes.qdc", with_wording=False, tell=lambda _: None)
    assert mode(tmp_path / "codes.qdc") == 0o666 & ~umask

    monkeypatch.setattr(fingerprints, "_search", lambda *_: [
        fingerprints.Match(owner, n, "found", 0, "some words") for owner, n in study.fragments[["owner_id", "n"]].to_numpy().tolist()
    ])  # fmt: skip
    fingerprints.restore(tmp_path / "copy.txt", study, tmp_path / "data" / "private" / "wording.csv")
    monkeypatch.setattr(loading, "load", lambda _: study)
    quotation_commands.annotate(tmp_path / "copy.txt", tmp_path / "data")
    assert {mode(file) for file in (tmp_path / "data" / "private").iterdir()} == {0o600}
    assert mode(tmp_path / "data" / "private") == 0o700


@permissions
def test_where_permissions_cannot_be_set_a_private_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)  # as on a disk that knows of no owners
    atomic_writes.write_text(tmp_path / "private" / "wording.csv", "words", private=True)
    assert (tmp_path / "private" / "wording.csv").read_text() == "words"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_nothing_but_a_file_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, said in (("pipe", "a device, pipe or socket"), ("folder", "Name a file, not a folder")):
        with pytest.raises(WritingError, match=said):
            atomic_writes.write_text(tmp_path / name, "new")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]


def test_a_long_name_is_written_and_one_too_long_is_said_to_be_so(tmp_path: Path) -> None:
    atomic_writes.write_text(tmp_path / f"{'n' * 250}.csv", "new")
    with pytest.raises(WritingError, match="shorter name"):
        atomic_writes.write_text(tmp_path / f"{'n' * 256}.csv", "new")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_no_question_of_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    for write in (
        lambda: atomic_writes.write_text(tmp_path / "a.csv", ""),
        lambda: atomic_writes.replace_folder(tmp_path / "d", {"a": ""}),
    ):
        with pytest.raises(WritingError, match=r"No space left on device\. Free some space"):
            write()
    assert not list(tmp_path.iterdir())
