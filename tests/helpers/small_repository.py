"""A small clone to archive and release: the files that state what the compendium is, and something made from them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.deposit.fresh_build import git
from analysis.support import paths

STATING = (
    "CITATION.cff", "pyproject.toml", "LICENSE", "LICENSE-DATA", "CHANGELOG.md", "README.md", "noxfile.py",
    "requirements.txt", ".gitignore", "paper/_quarto.yml", "analysis/__main__.py", "data/datapackage.json",
    "data/evidence", "data/derived", "data/readings/README.md", "notebooks/01-evidence.ipynb", "docs/index.md",
)  # fmt: skip
MADE = {
    "report.html": "<p>An invented report",
    "verification.json": "{}",
    "notebooks/01-evidence.html": "<p>An invented notebook",
    "article/article.html": "<p>An invented article",
    "article/rendering.json": '{"renderer": "embedded", "version": "invented 1.0"}',
    "site/index.html": "<p>An invented site",
}


def made(root: Path) -> Path:
    """Make the repository in a new folder, with one commit."""
    for name in STATING:
        into = root / name
        into.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (paths.ROOT / name).is_dir() else shutil.copy
        copy(paths.ROOT / name, into)
    (root / "noxfile.py").chmod(0o755)
    make(root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "config", "user.name", "A test")
    git(root, "config", "user.email", "test@example.org")
    commit(root, "Begin")
    return root


def make(root: Path) -> Path:
    """Put into build/ what a run would make, in few words; return the folder."""
    for name, text in MADE.items():
        file = root / "build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root / "build"


def commit(root: Path, subject: str = "Change something") -> None:
    """Commit everything."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", subject)


def replace(file: Path, before: str, after: str) -> None:
    """Replace words of a file, which has to have them."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8", newline="")


def validated(archive: Path, tools: Path) -> dict[str, list[str]]:
    """Return the faults of each description in an unpacked archive, as the validators in build/ find them."""
    python = tools / "deposit" / "bin" / "python"
    context = tools / "node_modules" / "ro-crate" / "lib" / "context.json"
    if not (python.exists() and context.exists()):
        pytest.skip("the validators are not in build/deposit and build/node_modules: .ci/run says how to install them")
    script = paths.ROOT / "tests" / "tools" / "validate_deposit.py"
    command = [str(python), str(script), str(archive), str(context)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = json.loads(ran.stdout.splitlines()[-1])
    return found
