"""The archive: the same commit gives the same bytes, and a file that is missing, changed or contradicted is named."""

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import small_repository
from command_line import run

from analysis.deposit import checked_archive, fresh_build, packed_archive
from analysis.deposit.stated_facts import DepositError
from analysis.support import deterministic_zip, paths, provenance


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_repository.made(tmp_path_factory.mktemp("small") / "repository")


@pytest.fixture(scope="module")
def archive(repository: Path) -> bytes:
    return packed_archive.packed(repository, repository / "build")


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """A copy of the repository that a test may change."""
    return Path(shutil.copytree(repository, tmp_path / "copy"))


@pytest.fixture(scope="module")
def unpacked(archive: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
        for one in opened.infolist():  # which the module leaves to its users
            (folder / one.filename).chmod(one.external_attr >> 16)
    (top,) = folder.iterdir()
    return top


def test_the_same_commit_gives_the_same_bytes_in_another_clone(
    archive: bytes, repository: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    fresh_build.git(repository, "clone", "--quiet", ".", str(clone))
    assert packed_archive.packed(clone, small_repository.make(clone)) == archive


def test_it_holds_the_commit_what_was_made_and_their_descriptions(archive: bytes, repository: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        entries = {one.filename.partition("/")[2]: one for one in opened.infolist()}
    committed = set(fresh_build.git(repository, "ls-files").split())
    made = {f"build/{name}" for name in small_repository.MADE}
    assert set(entries) == committed | made | set(provenance.ADDED)
    assert list(entries) == sorted(entries)
    time = datetime.fromtimestamp(provenance.commit_time(repository), UTC)
    seconds = time.second - time.second % 2  # the format knows even ones only
    assert {one.date_time for one in entries.values()} == {(*time.timetuple()[:5], seconds)}
    assert stat.S_IMODE(entries["noxfile.py"].external_attr >> 16) == 0o755
    assert stat.S_IMODE(entries["README.md"].external_attr >> 16) == 0o644


def test_one_that_was_unpacked_knows_its_commit_and_what_was_changed(unpacked: Path, repository: Path) -> None:
    assert provenance.commit(unpacked) == provenance.head(repository)
    assert provenance.commit_time(unpacked) == provenance.commit_time(repository)
    assert provenance.committed(unpacked) == provenance.committed(repository)
    readme = (unpacked / "README.md").read_bytes()
    (unpacked / "README.md").write_text("Changed.", encoding="utf-8")
    assert provenance.commit(unpacked) == f"{provenance.head(repository)}, with changes since it was archived"
    assert provenance.committed(unpacked) is None
    (unpacked / "README.md").write_bytes(readme)


def test_the_command_checks_a_file_and_a_folder(archive: bytes, unpacked: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.zip"
    file.write_bytes(archive)
    for place in (file, unpacked):
        ran = run("archive", "check", str(place))
        assert ran.returncode == 0, ran.stderr
        assert "files are as they were packed, and their descriptions agree." in ran.stdout
    file.write_bytes(archive[:-30])
    ran = run("archive", "check", str(file))
    assert ran.returncode == 2
    assert "the archive: is not a ZIP archive, or is damaged. Download the archive again" in ran.stderr


def files_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def listed_again(files: dict[str, bytes], top: str) -> None:
    """Let the list of digests agree with the files."""
    below = {name.removeprefix(top): content for name, content in files.items() if not name.endswith(provenance.SUMS)}
    files[f"{top}{provenance.SUMS}"] = provenance.listed_sums(below)


def contradicting(files: dict[str, bytes], top: str) -> None:
    files[f"{top}CITATION.cff"] = files[f"{top}CITATION.cff"].replace(b'title: "Power', b'title: "Might')
    listed_again(files, top)


def of_another_version(files: dict[str, bytes], top: str) -> None:
    record = json.loads(files[f"{top}datacite.json"]) | {"version": "9.9.9"}
    files[f"{top}datacite.json"] = json.dumps(record).encode()
    listed_again(files, top)


def describing_more(files: dict[str, bytes], top: str) -> None:
    files[f"{top}ro-crate-metadata.json"] = files[f"{top}ro-crate-metadata.json"].replace(b"LICENSE-DATA", b"LICENSE-X")
    listed_again(files, top)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda files, top: files.pop(f"{top}data/evidence/codings.csv"), r"data/evidence/codings.csv: is in SHA256SUMS and"),
        (lambda files, top: files.pop(f"{top}LICENSE"), r"LICENSE: is not in the archive. Download the archive again"),
        (lambda files, top: files.update({f"{top}noxfile.py": b"x"}), r"noxfile.py: is not as it was packed"),
        (lambda files, top: files.update({f"{top}more.txt": b"x"}), r"more.txt: is in the archive and not in SHA256SUMS"),
        (lambda files, top: files.update({"elsewhere/x": b"x"}), r"does not hold one folder with each file once"),
        (contradicting, r"paper/_quarto.yml, field citation.container-title: contradicts CITATION.cff"),
        (of_another_version, r"datacite.json: does not say what CITATION.cff and pyproject.toml say"),
        (describing_more, r"ro-crate-metadata.json: describes LICENSE-X, which is not in the archive"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_archive_is_named(
    archive: bytes, spoil: Callable[[dict[str, bytes], str], object], said: str
) -> None:
    files = files_of(archive)
    spoil(files, next(iter(files)).partition("/")[0] + "/")
    with pytest.raises(DepositError, match=said):
        checked_archive.check_bytes(deterministic_zip.archive(files))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("README.md", r"README.md: was changed and is not committed. Commit it, or put it away"),
        ("new.txt", r"new.txt: was changed and is not committed"),
    ],
)
def test_nothing_is_made_of_what_is_not_committed(copy: Path, name: str, said: str) -> None:
    (copy / name).write_text("Changed.", encoding="utf-8")
    into = copy / "build" / "archive"
    with pytest.raises(DepositError, match=said):
        fresh_build.make(copy, into, tell=print)
    assert not into.exists()


def test_nothing_is_written_if_a_part_cannot_be_made(copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    into = copy / "build" / "archive"
    small_repository.replace(copy / "analysis" / "__main__.py", '"""', 'raise SystemExit("An invented failure.")\n"""')
    (copy / "analysis" / "__init__.py").touch()
    small_repository.commit(copy)
    with pytest.raises(DepositError, match=r"python -m analysis verify: failed, so that nothing is archived"):
        fresh_build.make(copy, into, tell=print)
    assert not into.exists()
    assert "An invented failure." in capfd.readouterr().err


def test_a_part_that_was_not_made_and_a_folder_that_is_no_clone_are_named(copy: Path, tmp_path: Path) -> None:
    (copy / "build" / "report.html").unlink()
    with pytest.raises(DepositError, match=r"report.html: is not there, and belongs to the archive. Make it with"):
        packed_archive.packed(copy, copy / "build")
    with pytest.raises(DepositError, match=r"is not a clone of the repository"):
        fresh_build.make(tmp_path, tmp_path, tell=print)


@pytest.mark.thorough
def test_every_description_is_valid_by_the_schema_of_its_readers(unpacked: Path) -> None:
    validated = small_repository.validated(unpacked, paths.BUILD)
    assert validated == {"codemeta.json": [], "datacite.json": [], "ro-crate-1.2": [], "workflow-run-crate": []}
