"""The archive of this commit, unpacked on a bare environment: README's first command makes the same files again."""

import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from analysis.cli import evidence_commands
from analysis.deposit import checked_archive, packed_archive
from analysis.support import paths, provenance

#: Settings of the environment that the tests run in, and which a machine of a stranger has not.
OURS = ("PYTHON", "VIRTUAL_ENV", "NOX", "JUPYTER", "IPYTHON", "PYTEST", "SITE_URL", "REPO_URL", "ARTICLE_RENDERER")


@pytest.mark.thorough
@pytest.mark.skipif(not provenance.head(paths.ROOT), reason="an archive is made in a clone")
def test_the_first_command_of_readme_makes_the_same_again(
    site: Path, rendered_article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if provenance.uncommitted(paths.ROOT):
        pytest.skip("there are changes that are not committed, and an archive is made from a commit")
    build = tmp_path / "build"
    build.mkdir()
    for name, made in (("site", site), ("article", rendered_article), ("notebooks", paths.EXECUTED_NOTEBOOKS)):
        (build / name).symlink_to(made)
    monkeypatch.setattr(paths, "BUILD", build)
    (tmp_path / "data").symlink_to(paths.DATA)
    evidence_commands.verify(tmp_path / "data")
    with zipfile.ZipFile(BytesIO(packed_archive.packed(paths.ROOT, build))) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.glob(f"{packed_archive.NAME}-*")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "bare"], check=True)
    first = re.search(r"<!-- ci: .*?-->\n```sh\n(.+)\n", (folder / "README.md").read_text(encoding="utf-8"))
    assert first
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment["PATH"] = f"{tmp_path / 'bare' / 'bin'}{os.pathsep}{environment['PATH']}"
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", first[1]], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    assert "Reproduced." in ran.stdout
    assert checked_archive.check(folder).commit == provenance.head(paths.ROOT)
