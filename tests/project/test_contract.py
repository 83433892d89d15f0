"""Which package may import which: lint holds the contract, and sees what breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.support import paths

BROKEN = [
    (
        "study/evidence.py",
        "from analysis.counting import crosstabs",
        "analysis.study is not allowed to import analysis.counting",
    ),
    (
        "support/errors.py",
        "from analysis.study import rules",
        "analysis.support is not allowed to import analysis.study",
    ),
    (
        "study_report/about.py",
        "from analysis.reanalysis import claims",
        "analysis.study_report is not allowed to import analysis.reanalysis",
    ),
    (
        "statistics/association.py",
        "from analysis.agreement import sets",
        "analysis.statistics is not allowed to import analysis.agreement",
    ),
    (
        "site/files/stored_files.py",
        "from analysis.site.pages import citing",
        "No cycles are allowed in analysis.site.",
    ),
]


def contract(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=root, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root), "COLUMNS": "500"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its settings, which a test may spoil."""
    pytest.importorskip("importlinter")
    root = tmp_path_factory.mktemp("checkout")
    shutil.copytree(paths.ROOT / "analysis", root / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(paths.ROOT / "pyproject.toml", root)
    return root


@pytest.fixture(scope="module")
def of_broken(checkout: Path) -> subprocess.CompletedProcess[str]:
    """What is said of a copy in which every one of these lines was added; it is put right again."""
    before = {checkout / "analysis" / module: line for module, line, _ in BROKEN}
    texts = {file: file.read_text(encoding="utf-8") for file in before}
    for file, line in before.items():
        # Inside a function an import counts as well.
        file.write_text(f"{texts[file]}\n\ndef late() -> None:\n    {line}\n", encoding="utf-8")
    ran = contract(checkout)
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    return ran


@pytest.mark.slow
def test_the_contract_holds(checkout: Path) -> None:
    ran = contract(checkout)
    assert ran.returncode == 0, ran.stdout
    assert "0 broken" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize("said", [said for *_, said in BROKEN], ids=[module for module, *_ in BROKEN])
def test_an_import_from_a_floor_above_from_a_neighbour_or_back_again_breaks_it(
    of_broken: subprocess.CompletedProcess[str], said: str
) -> None:
    assert of_broken.returncode == 1
    assert said in of_broken.stdout


def test_every_package_says_what_it_may_import() -> None:
    packages = sorted(file.parent for file in (paths.ROOT / "analysis").glob("*/__init__.py"))
    assert len(packages) > 10
    for package in packages:
        text = (package / "__init__.py").read_text(encoding="utf-8")
        assert "May import:" in " ".join(text.split()), package.name


def test_nothing_is_flat_in_the_package() -> None:
    assert {file.name for file in (paths.ROOT / "analysis").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_base_names_do_not_recur_across_packages() -> None:
    modules = [file for file in (paths.ROOT / "analysis").rglob("*.py") if file.stem not in ("__init__", "__main__")]
    names: dict[str, set[str]] = {}
    for file in modules:
        names.setdefault(file.stem, set()).add(file.relative_to(paths.ROOT).parts[1])
    assert names
    assert {name: where for name, where in names.items() if len(where) > 1} == {}
