"""What is installed is what the lock says: a package that it does not have, or has otherwise, is named and not installed."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from documented import python_with_nox

from analysis.support import paths

LOCK = """anyio==4.16.0 \\
    --hash=sha256:0
    # via study (pyproject.toml)
Scipy_Tools==1.2.0 ; python_full_version < '3.12' \\
    --hash=sha256:1
    # via anyio
scipy-tools==1.3.0rc1 ; python_full_version >= '3.12' \\
    --hash=sha256:2
"""
CALL = """
import importlib.util, json, pathlib, sys
spec = importlib.util.spec_from_file_location("noxfile", sys.argv[1])
noxfile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(noxfile)
project, lock, environment = json.load(sys.stdin)
entries = noxfile.lock_entries(lock)
there = noxfile.installed(pathlib.Path(environment))
print(json.dumps([noxfile.lock_faults(project, entries), entries, sorted(there), noxfile.extra(there, entries)]))
"""


def asked(project: dict[str, Any], lock: str = LOCK, environment: str = "nowhere") -> list[Any]:
    """Return what the noxfile finds wrong with a lock, its entries, and what is in an environment."""
    python = python_with_nox()
    if python is None:
        pytest.skip("nox is not installed here: run the tests with 'nox -s tests'")
    given = json.dumps([project, lock, environment])
    command = [python, "-c", CALL, str(paths.ROOT / "noxfile.py")]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(ran.stdout)
    return found


def test_a_lock_that_has_everything_has_no_faults() -> None:
    project = {
        "project": {"dependencies": ["anyio>=4,<5", "scipy.tools[fast]>=1.2 ; python_version < '3.12'"]},
        "dependency-groups": {"tests": ["SciPy-Tools>=1.3.0rc1", {"include-group": "lint"}], "lint": []},
    }
    assert asked(project)[0] == []


def test_what_the_lock_lacks_or_has_in_another_version_is_named_with_the_remedy() -> None:
    project = {
        "project": {"dependencies": ["anyio>=5", "left-out"]},
        "dependency-groups": {"tests": ["scipy-tools==2"]},
    }
    relock = "Run 'nox -s lock', look at what changed, and commit both files."
    assert asked(project)[0] == [
        f"pyproject.toml asks for anyio>=5, and requirements.txt has 4.16.0. {relock}",
        f"left-out is in pyproject.toml and not in requirements.txt. {relock}",
        f"pyproject.toml asks for scipy-tools==2, and requirements.txt has 1.2.0 or 1.3.0rc1. {relock}",
    ]


def test_entries_of_a_lock_keep_their_hashes_and_conditions() -> None:
    entries = asked({"project": {}})[1]
    assert list(entries) == ["anyio==4.16.0", "scipy-tools==1.2.0", "scipy-tools==1.3.0rc1"]
    assert "python_full_version < '3.12'" in entries["scipy-tools==1.2.0"]
    assert all("--hash=sha256:" in entry for entry in entries.values())


def test_what_is_in_an_environment_is_read_from_what_was_installed(tmp_path: Path) -> None:
    for name in ("anyio-4.16.0", "Scipy_Tools-1.2.0", "left_over-1.0", "pip-26.0"):
        (tmp_path / "lib" / "python3.11" / "site-packages" / f"{name}.dist-info").mkdir(parents=True)
    _, _, there, more = asked({"project": {}}, environment=str(tmp_path))
    assert there == ["anyio==4.16.0", "left-over==1.0", "pip==26.0", "scipy-tools==1.2.0"]
    assert more == ["left-over==1.0"]


def test_the_lock_of_this_project_has_what_it_asks_for() -> None:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (paths.ROOT / "requirements.txt").read_text(encoding="utf-8")
    faults, entries, *_ = asked(project, lock)
    assert faults == []
    assert all("--hash=sha256:" in entry for entry in entries.values())
    assert len(entries) > 100


def test_what_the_tests_take_besides_is_locked_with_hashes_and_without_addresses() -> None:
    tools = paths.ROOT / ".ci"
    run = (tools / "run").read_text(encoding="utf-8")
    wanted = [line for line in (tools / "taguette.in").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    taguette = (tools / "taguette.txt").read_text(encoding="utf-8")
    faults, entries, *_ = asked({"project": {"dependencies": [line.partition(" #")[0] for line in wanted]}}, taguette)
    assert faults == []
    assert all("--hash=sha256:" in entry for entry in entries.values())
    assert "--require-hashes" in run
    wanted_of_npm = json.loads((tools / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    (asked_for, *found) = json.loads((tools / "package-lock.json").read_text(encoding="utf-8"))["packages"].values()
    assert asked_for["devDependencies"] == wanted_of_npm
    assert len(found) >= len(wanted_of_npm)
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in found)
    assert "npm ci " in run
    assert "npm install" not in run
    assert "://" not in taguette
