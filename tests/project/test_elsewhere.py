"""What runs the compendium elsewhere can be read by what will read it, and installs the lock."""

import re
import shutil
import subprocess
from pathlib import Path

import build_in_root
import pytest

from analysis.site.pages import elsewhere
from analysis.support import paths

REPO2DOCKER = shutil.which("repo2docker")


def test_the_container_installs_the_lock_with_every_hash_checked() -> None:
    steps = build_in_root.steps((paths.ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert {name for name, _ in steps} <= {"FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "CMD"}
    assert ("COPY", "requirements.txt /tmp/requirements.txt") in steps
    (installing,) = [given for name, given in steps if name == "RUN" and "pip install" in given]
    assert "--require-hashes -r /tmp/requirements.txt" in installing
    stages = {given.rpartition(" AS ")[2] for name, given in steps if name == "FROM"}
    opened = (paths.ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    assert re.findall(r'"target": "(\w+)"', opened) == ["environment"]
    assert "environment" in stages


def test_binder_installs_the_lock() -> None:
    folder = paths.ROOT / ".binder"
    (named,) = re.findall(r"^-r (\S+)$", (folder / "requirements.txt").read_text(encoding="utf-8"), re.M)
    assert (folder / named).resolve() == paths.ROOT / "requirements.txt"


@pytest.mark.skipif(REPO2DOCKER is None, reason="repo2docker is not installed")
def test_repo2docker_reads_what_binder_gets(tmp_path: Path) -> None:
    shutil.copytree(paths.ROOT / ".binder", tmp_path / ".binder")
    command = [str(REPO2DOCKER), "--no-build", "--debug", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert 'pip install --no-cache-dir -r ".binder/requirements.txt"' in told.stdout + told.stderr


def test_links_need_an_address() -> None:
    assert "<a " not in elsewhere.start_links("")
    on_github = elsewhere.start_links("https://github.com/someone/power/")
    assert on_github.count("<a ") == 3
    assert 'href="https://mybinder.org/v2/gh/someone/power/HEAD?urlpath=lab/tree/notebooks"' in on_github
    assert (paths.ROOT / elsewhere.NOTEBOOK).is_file()


def test_other_hosts_have_what_takes_them() -> None:
    assert list(elsewhere.addresses("https://gitlab.com/some/group/power.git").values()) == [
        "https://mybinder.org/v2/gl/some%2Fgroup%2Fpower/HEAD?urlpath=lab/tree/notebooks"
    ]
    (other,) = elsewhere.addresses("https://example.org/power").values()
    assert other.startswith("https://mybinder.org/v2/git/https%3A%2F%2Fexample.org%2Fpower/HEAD")
