"""What the main job keeps of an earlier run, and what it makes again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_once
import pytest

from analysis.cli import document_commands
from analysis.cli.document_commands import Renderer, reproduce
from analysis.support import made_before, paths, provenance

Run = Callable[..., list[str]]


class Ended:
    """A program that has ended well."""

    def wait(self) -> int:
        return 0


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of the main job in a small checkout, of which only the making is left out; it gives what was made."""
    (root := tmp_path / "checkout").mkdir()
    for file in ("paper/article.qmd", "docs/index.md", "tests/test_it.py", "data/private/wording.csv"):
        (root / file).parent.mkdir(parents=True)
        (root / file).write_text("as it was")
    folders = {name: root / "build" / name for name in ("notebooks", "article", "site")}
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setattr(paths, "BUILD", root / "build")
    monkeypatch.setattr(paths, "SITE", folders["site"])
    monkeypatch.setattr(document_commands, "_DOCUMENTS", {name: folders[name] for name in ("notebooks", "article")})
    monkeypatch.setattr(shutil, "which", lambda name: None)
    made: list[str] = []

    def make(name: str, *_: str, **__: object) -> Any:
        made.append(name)
        folders[name].mkdir(parents=True, exist_ok=True)
        (folders[name] / "made").write_text(name)
        return Ended()

    def build(ready: Callable[[], None]) -> int:
        ready()
        make("site")
        return 1

    monkeypatch.setattr(document_commands, "_started", make)
    monkeypatch.setattr(document_commands, "_built", build)

    def again(renderer: Renderer = Renderer.auto, everything: bool = False) -> list[str]:
        made.clear()
        reproduce(renderer, everything)
        return [*made]

    assert again() == ["notebooks", "article", "site"]
    return again


def test_what_nothing_has_changed_for_is_kept_and_named(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run() == []
    said = "Kept from an earlier run: notebooks, article and site. Nothing that they depend on has changed; '--all' "
    assert capsys.readouterr().out == f"{said}makes all again.\n"
    assert run(everything=True) == ["notebooks", "article", "site"]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("paper/article.qmd", ["notebooks", "article", "site"]),
        ("data/private/wording.csv", ["notebooks", "article", "site"]),
        ("docs/index.md", ["site"]),
        ("tests/test_it.py", ["site"]),
        ("build/article/made", ["article", "site"]),
        ("build/site/made", ["site"]),
        ("build/site/more", ["site"]),
        ("build/made-from/notebooks", ["notebooks", "site"]),
        ("paper/__pycache__/it.pyc", []),
        (".nox/note", []),
    ],
)
def test_a_byte_that_changes_has_made_again_what_depends_on_it(changed: str, again: list[str], run: Run) -> None:
    (paths.ROOT / changed).parent.mkdir(exist_ok=True)
    (paths.ROOT / changed).write_text("as it is")
    assert run() == again
    assert run() == []


def test_another_environment_or_renderer_has_all_made_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    assert run() == ["notebooks", "article", "site"]
    monkeypatch.setattr(provenance, "commit", lambda root: "another")
    assert run() == ["notebooks", "article", "site"]
    assert run(Renderer.embedded) == ["notebooks", "article", "site"]
    monkeypatch.setattr(made_before, "machine", lambda: ("another",))
    assert run(Renderer.embedded) == ["notebooks", "article", "site"]


def test_an_article_that_quarto_is_to_render_is_made_each_time(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "quarto" else None)
    assert run() == ["notebooks", "article", "site"]
    for _ in range(2):
        assert run() == ["article", "site"]


def test_what_failed_is_made_in_the_next_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (paths.ROOT / "paper" / "article.qmd").write_text("as it is")
    with monkeypatch.context() as broken:
        broken.setattr(Ended, "wait", lambda self: 1)
        with pytest.raises(Exception, match=r"^1$"):
            run()
    assert run() == ["notebooks", "article", "site"]


@pytest.mark.thorough
def test_notebooks_and_article_are_the_same_where_there_are_neither_pages_nor_tests(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    left_out = shutil.ignore_patterns("docs", "tests", "build", ".*", "__pycache__")
    shutil.copytree(paths.ROOT, copy, ignore=left_out)
    for command, made, page in (
        (("notebooks",), made_once.notebooks(), "04-claims.html"),
        (("article", "--renderer", "embedded"), made_once.article(), "article.html"),
    ):
        env = os.environ | {"PYTHONPATH": str(copy)}
        subprocess.run([sys.executable, "-m", "analysis", *command], cwd=copy, env=env, check=True)
        assert (copy / made.relative_to(paths.ROOT) / page).read_bytes() == (made / page).read_bytes()
