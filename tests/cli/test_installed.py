"""The package is built, installed in an environment of its own, and works on a study in any folder.

Nothing is fetched: the new environment sees the packages of this one, but not the checkout.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import run
from documented import python_with_nox
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from analysis.support import paths

pytestmark = pytest.mark.slow

CHOICES = ("--exclusive", "Attitude", "--record", "coder-a")
#: What a report says of the checkout that it was made in, which differs by design.
OF_CHECKOUT = re.compile(r"<tr>\s*<th[^>]*>(?:Commit|Lock)</th>.*?</tr>", re.S)
#: The installed program for several commands, one after another: a process for each would take its time to load pandas.
SEVERAL = """
import contextlib, io, json, sys
name, commands = sys.argv[1], json.loads(sys.argv[2])
sys.argv = [name]
from analysis.cli.app import main
ran = []
for command in commands:
    sys.argv, said = [name, *command], [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    code = 0
    with contextlib.redirect_stdout(said[0]), contextlib.redirect_stderr(said[1]):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    for stream in said:
        stream.seek(0)
    ran.append([code, *(stream.read() for stream in said)])
print(json.dumps(ran))
"""


@dataclass(frozen=True)
class Installed:
    """An environment with the installed package, and a folder to work in that is outside of every checkout."""

    python: Path
    folder: Path

    def run(self, *command: str, by_module: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command as a user would, by its name or with `python -m analysis`."""
        program = [self.python, "-m", "analysis"] if by_module else [self.python.with_name(paths.PROGRAM)]
        return self.ran(*program, *command)

    def run_one_by_one(self, *commands: Sequence[str]) -> list[subprocess.CompletedProcess[str]]:
        """Run several commands in one process, and return what came of each."""
        program = self.python.with_name(paths.PROGRAM)
        ran = self.ran(self.python, "-c", SEVERAL, program, json.dumps(commands))
        assert ran.returncode == 0, ran.stderr
        found = zip(commands, json.loads(ran.stdout), strict=True)
        return [subprocess.CompletedProcess([*command], *came) for command, came in found]

    def ran(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
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


def brought_along() -> Iterator[str]:
    """Yield the places in the wheel of what it has from elsewhere: what lessons have in common with the site."""
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for source, target in project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].items():
        place = paths.ROOT / source
        for file in place.rglob("*") if place.is_dir() else [place]:
            if file.is_file():
                yield f"{target}/{file.relative_to(place).as_posix()}" if place.is_dir() else target


def test_the_wheel_has_the_package_with_its_templates_and_styles_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = paths.ROOT / "analysis"
    there = {file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert names == {file.relative_to(paths.ROOT).as_posix() for file in there} | set(brought_along())
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
        "analysis", "docs", "CITATION.cff", "LICENSE", "README.md", "PKG-INFO", "pyproject.toml", ".gitignore"
    }  # fmt: skip
    assert next(WheelBuilder(str(unpacked)).build(directory=str(tmp_path)))


def test_the_package_that_runs_is_the_installed_one(installed: Installed) -> None:
    ran = installed.ran(installed.python, "-c", "import analysis; print(analysis.__file__)")
    assert Path(ran.stdout).is_relative_to(installed.python.parents[1])
    assert installed.run("--help").stdout.startswith(f"Usage: {paths.PROGRAM} ")


@pytest.mark.thorough
def test_a_lesson_is_built_from_the_installed_package_in_any_folder(installed: Installed) -> None:
    lesson = (paths.ROOT / "examples" / "lessons" / "library.toml").read_text(encoding="utf-8")
    here = lesson.replace('study = "../made-up-library/library.qdpx"', 'study = "library.qdpx"')
    (installed.folder / "my-lesson.toml").write_text(here, encoding="utf-8")
    ran = installed.run("lesson", "build", "my-lesson.toml", "--to", "my lesson")
    assert (ran.returncode, ran.stderr) == (0, "")
    for name in ("students/library.html", "students/paper/glossary.pdf", "instructors/slides.pdf"):
        assert (installed.folder / "my lesson" / name).stat().st_size > 1000
    again = installed.run("lesson", "build", "coding", "--to", "of the compendium")
    assert again.returncode == 2, "its study is in the checkout alone"
    assert "datapackage.json" in again.stderr


def test_a_study_is_checked_counted_compared_and_exported_in_any_folder(library: Installed) -> None:
    shutil.copytree(paths.EXAMPLE_STUDY, library.folder / "completed")
    checked, counts, compared, found, exported, published = library.run_one_by_one(
        ("study", "check", "library"),
        ("counts", "--data", "library"),
        ("agreement", "--data", "library", "--facet", "attitude"),
        ("disclosure", "library"),
        ("study", "export", "library", "out/coded.qdpx", "--with-wording", "--ignore-disclosure-findings"),
        ("study", "publish", "completed"),
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith("library is valid, with one note.\n")
    assert "Opening hours" in counts.stdout
    assert compared.returncode == 0, compared.stderr
    assert "Agreement of coder-a and coder-b on attitude" in compared.stdout
    assert found.returncode == 1
    assert "One finding in library." in found.stdout
    assert exported.returncode == 0, exported.stderr
    assert zipfile.is_zipfile(library.folder / "out" / "coded.qdpx")
    assert published.returncode == 0, published.stderr
    assert published.stdout.endswith("Published: published-studies/completed-simulated/index.html\n")
    assert (library.folder / "published-studies" / "completed-simulated" / "assets" / "explorer.js").is_file()


@pytest.mark.thorough
def test_a_report_goes_into_the_current_folder_and_is_the_same_as_from_the_checkout(
    library: Installed, tmp_path: Path
) -> None:
    asked = ("study", "report", "library", "--ignore-disclosure-findings")
    ran = library.run(*asked, by_module=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("Report: study-reports/library-simulated.html\n")
    page = (library.folder / "study-reports" / "library-simulated.html").read_text(encoding="utf-8")
    assert run(*asked, "--into", tmp_path / "report.html", folder=library.folder).returncode == 0
    from_checkout = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "not made in a clone of the repository" in page
    assert OF_CHECKOUT.sub("", page) == OF_CHECKOUT.sub("", from_checkout)


def test_a_command_that_needs_the_repository_says_so(installed: Installed) -> None:
    commands = {
        "verify": ", or give --data",
        "derive": ", or give --data",
        "counts": ", or give --data",
        "agreement": ", or give --data",
        "trace F14": ", or give --data",
        "class .": ", or give --data",
        "quotations verify library.qdpx": ", or give --data",
        "article": ", or give --source",
        "disclosure": ", or name a folder",
        "notebooks": "",
        "site": "",
        "teach": "",
    }
    before = sorted(installed.folder.iterdir())
    found = installed.run_one_by_one(*(command.split() for command in commands))
    for (command, instead), ran in zip(commands.items(), found, strict=True):
        assert (ran.returncode, ran.stdout) == (2, "")
        name = command.split(" F14")[0].split(" .")[0].split(" library")[0]
        assert ran.stderr == (
            f"analysis: {name}: this needs the files of the repository, and the current folder is not in a clone of it. "
            f"Change to a clone{instead}.\n"
        )
    assert sorted(installed.folder.iterdir()) == before


@pytest.mark.thorough
def test_in_a_clone_the_installed_command_uses_its_data(installed: Installed, tmp_path: Path) -> None:
    shutil.copy(paths.ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(paths.DATA, tmp_path / "data", ignore=shutil.ignore_patterns("private"))
    (tmp_path / "notes").mkdir()
    in_clone = Installed(installed.python, tmp_path / "notes")
    ran = in_clone.run("verify")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("Claims and verdicts: build/report.html\n")
