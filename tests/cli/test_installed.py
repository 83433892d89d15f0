"""The package is built, installed in an environment of its own, and works on a study in any folder.

Nothing is fetched: the new environment sees the packages of this one, but not the checkout.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from documented import python_with_nox
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from analysis.support import paths

pytestmark = pytest.mark.once

CHOICES = ("--exclusive", "Attitude", "--record", "coder-a")
#: What a report says of the checkout that it was made in, which differs by design.
OF_CHECKOUT = re.compile(r"<tr>\s*<th[^>]*>(?:Commit|Lock)</th>.*?</tr>", re.S)


@dataclass(frozen=True)
class Installed:
    """An environment with the installed package, and a folder to work in that is outside of every checkout."""

    python: Path
    folder: Path

    def run(self, *command: str, by_module: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command as a user would, by its name or with `python -m analysis`."""
        program = [self.python, "-m", "analysis"] if by_module else [self.python.with_name(paths.PROGRAM)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [*program, *command], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(next(WheelBuilder(str(paths.ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")))))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The package in a new environment; the packages that it needs are those of the environment of the tests."""
    if shutil.which("uv"):
        uv = ["uv"]
    elif of_nox := python_with_nox():
        uv = [of_nox, "-m", "uv"]  # nox is installed with it
    else:
        pytest.skip("uv is not installed here: run the tests with 'nox -s tests'")
    place = tmp_path_factory.mktemp("elsewhere")
    python = place / "environment" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    for command in (["venv", "--python", sys.executable, place / "environment"],
                    ["pip", "install", "--no-deps", "--python", python, wheel]):  # fmt: skip
        subprocess.run([*uv, *command, "--quiet", "--offline"], check=True)
    libraries = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    beside = Path(libraries.stdout.strip()) / "packages-of-the-tests.pth"
    beside.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    folder = place / "a folder of mine"
    folder.mkdir()
    shutil.copy(paths.EXAMPLE_PROJECT, folder)
    return Installed(python, folder)


@pytest.fixture(scope="module")
def library(installed: Installed) -> Installed:
    """The same, with the made-up study imported into `library`."""
    ran = installed.run("study", "import", "library.qdpx", "library", *CHOICES)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "\nlibrary/evidence/codings.csv\n" in ran.stdout
    return installed


def test_the_wheel_has_the_package_with_its_templates_and_styles_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = paths.ROOT / "analysis"
    there = {file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert names == {file.relative_to(paths.ROOT).as_posix() for file in there}
    assert {
        "analysis/py.typed",
        "analysis/study_report/report.css",
        "analysis/rendering/templates/article.css",
    } <= names


def test_the_source_archive_is_what_the_package_is_built_from(tmp_path: Path) -> None:
    archive = Path(next(SdistBuilder(str(paths.ROOT)).build(directory=str(tmp_path))))
    shutil.unpack_archive(archive, tmp_path, filter="data")
    (unpacked,) = (folder for folder in tmp_path.iterdir() if folder.is_dir())
    assert {file.name for file in unpacked.iterdir()} == {
        "analysis", "CITATION.cff", "LICENSE", "README.md", "PKG-INFO", "pyproject.toml", ".gitignore"
    }  # fmt: skip
    assert next(WheelBuilder(str(unpacked)).build(directory=str(tmp_path)))


def test_the_package_that_runs_is_the_installed_one(installed: Installed) -> None:
    ran = subprocess.run(
        [installed.python, "-c", "import analysis; print(analysis.__file__)"], cwd=installed.folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(ran.stdout).is_relative_to(installed.python.parents[1])
    assert installed.run("--help").stdout.startswith(f"Usage: {paths.PROGRAM} ")


def test_a_study_is_checked_counted_and_compared_in_any_folder(library: Installed) -> None:
    checked = library.run("study", "check", "library")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith("library is valid, with one note.\n")
    assert "Opening hours" in library.run("counts", "--data", "library").stdout
    compared = library.run("agreement", "--data", "library", "--facet", "attitude")
    assert compared.returncode == 0, compared.stderr
    assert "Agreement of coder-a and coder-b on attitude" in compared.stdout
    found = library.run("disclosure", "library")
    assert found.returncode == 1
    assert "One finding in library." in found.stdout


def test_a_study_is_exported_to_where_the_user_says(library: Installed) -> None:
    ran = library.run("study", "export", "library", "out/coded.qdpx", "--with-wording", "--ignore-disclosure-findings")
    assert ran.returncode == 0, ran.stderr
    assert zipfile.is_zipfile(library.folder / "out" / "coded.qdpx")


def test_a_report_goes_into_the_current_folder_and_is_the_same_as_from_the_checkout(
    library: Installed, tmp_path: Path
) -> None:
    asked = ("study", "report", "library", "--ignore-disclosure-findings")
    ran = library.run(*asked, by_module=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("Report: study-reports/library-simulated.html\n")
    page = (library.folder / "study-reports" / "library-simulated.html").read_text(encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "analysis", *asked, "--into", tmp_path / "report.html"], cwd=library.folder,
        env=os.environ | {"PYTHONPATH": str(paths.ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    from_checkout = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "not made in a clone of the repository" in page
    assert OF_CHECKOUT.sub("", page) == OF_CHECKOUT.sub("", from_checkout)


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        ("verify", ", or give --data"),
        ("derive", ", or give --data"),
        ("counts", ", or give --data"),
        ("agreement", ", or give --data"),
        ("trace F14", ", or give --data"),
        ("class .", ", or give --data"),
        ("quotations verify library.qdpx", ", or give --data"),
        ("article", ", or give --source"),
        ("disclosure", ", or name a folder"),
        ("notebooks", ""),
        ("site", ""),
        ("teach", ""),
    ],
)
def test_a_command_that_needs_the_repository_says_so(command: str, instead: str, installed: Installed) -> None:
    before = sorted(installed.folder.iterdir())
    ran = installed.run(*command.split())
    assert (ran.returncode, ran.stdout) == (2, "")
    name = command.split(" F14")[0].split(" .")[0].split(" library")[0]
    assert ran.stderr == (
        f"analysis: {name}: this needs the files of the repository, and the current folder is not in a clone of it. "
        f"Change to a clone{instead}.\n"
    )
    assert sorted(installed.folder.iterdir()) == before


def test_in_a_clone_the_installed_command_uses_its_data(installed: Installed, tmp_path: Path) -> None:
    shutil.copy(paths.ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(paths.DATA, tmp_path / "data", ignore=shutil.ignore_patterns("private"))
    (tmp_path / "notes").mkdir()
    in_clone = Installed(installed.python, tmp_path / "notes")
    ran = in_clone.run("verify")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("Claims and verdicts: build/report.html\n")
