"""The project's own files agree with each other."""

import re
import subprocess
import tomllib

import pytest
import yaml

from analysis.support import paths

needs_git = pytest.mark.skipif(not (paths.ROOT / ".git").exists(), reason="not a git checkout")

PROJECT = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (paths.ROOT / "requirements.txt").read_text(encoding="utf-8")
README = (paths.ROOT / "README.md").read_text(encoding="utf-8")


def test_every_package_of_every_group_is_locked_with_hashes() -> None:
    wanted = [
        *PROJECT["project"]["dependencies"],
        *(p for group in PROJECT["dependency-groups"].values() for p in group if isinstance(p, str)),
    ]
    names = {re.split(r"[<>=\[;]", requirement)[0].strip() for requirement in wanted}
    locked = {match[1] for match in re.finditer(r"^([a-z0-9-]+)==", LOCK, re.M)}
    assert names <= locked
    for entry in re.split(r"\n(?=[a-z0-9])", LOCK.strip()):
        assert "--hash=sha256:" in entry


def test_the_lock_holds_no_address() -> None:
    assert "://" not in LOCK
    assert "index-url" not in LOCK
    assert "find-links" not in LOCK


def test_the_lock_can_be_installed_with_every_hash_checked() -> None:
    # uv adds the constraints of a project to what is asked for inside it, and refuses them for having no hashes.
    asked_besides = {"constraint-dependencies", "override-dependencies", "build-constraint-dependencies"}
    assert not asked_besides & PROJECT["tool"].get("uv", {}).keys()


@needs_git
def test_readme_names_every_task_and_every_folder() -> None:
    noxfile = (paths.ROOT / "noxfile.py").read_text(encoding="utf-8")
    sessions = set(re.findall(r"@nox\.session.*\ndef (\w+)", noxfile))
    assert sessions
    for session in sessions - {"reproduce"}:
        assert f"`nox -s {session}" in README
    listed = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    folders = {line.split("/")[0] for line in listed.splitlines() if "/" in line}
    for folder in folders - {".ci", ".github"}:
        assert f"`{folder}/" in README


def test_readme_and_noxfile_pin_the_same_nox() -> None:
    pins = re.findall(r"nox\[uv\]==([\d.]+)", README + (paths.ROOT / "noxfile.py").read_text(encoding="utf-8"))
    assert len(pins) == 2
    assert len(set(pins)) == 1


@needs_git
def test_private_wording_is_never_committed() -> None:
    ran = subprocess.run(
        ["git", "check-ignore", "data/private/wording.csv"], cwd=paths.ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0
    kept = subprocess.run(
        ["git", "ls-files", "data/private"], cwd=paths.ROOT, capture_output=True, text=True, check=True
    )
    assert kept.stdout == ""


@needs_git
@pytest.mark.parametrize(
    "left",
    [
        *("paper/article.html", "paper/supplement.tex", "paper/article.quarto_ipynb", "paper/.quarto/x"),
        *("paper/_environment.local", ".quarto/x"),
    ],
)
def test_what_quarto_leaves_where_it_is_run_by_hand_is_never_committed(left: str) -> None:
    ran = subprocess.run(["git", "check-ignore", left], cwd=paths.ROOT, capture_output=True, check=False)
    assert ran.returncode == 0


def test_quarto_finds_the_lines_that_it_would_add_to_gitignore() -> None:
    lines = (paths.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/.quarto/", "**/*.quarto_ipynb"} <= set(lines)


def test_hooks_before_a_commit_have_the_versions_of_the_lock() -> None:
    hooks = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", (paths.ROOT / "requirements.txt").read_text(), re.MULTILINE))
    of_hook = {
        "ruff-pre-commit": "ruff",
        "codespell": "codespell",
        "nbstripout": "nbstripout",
        "zizmor-pre-commit": "zizmor",
    }
    found = {repo["repo"].rpartition("/")[2]: repo.get("rev", "").removeprefix("v") for repo in hooks["repos"]}
    assert {hook: found[hook] for hook in of_hook} == {hook: locked[package] for hook, package in of_hook.items()}


def test_the_workflows_test_every_python_that_the_noxfile_does() -> None:
    checks = yaml.safe_load((paths.ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8"))
    pythons = re.search(r"PYTHONS = sorted\(\{(.*?), f", (paths.ROOT / "noxfile.py").read_text(encoding="utf-8"))
    assert pythons is not None
    assert checks["jobs"]["tests"]["strategy"]["matrix"]["python"] == re.findall(r"[\d.]+", pythons[1])
