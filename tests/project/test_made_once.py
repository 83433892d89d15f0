"""Tests of the site are about today's sources: what an earlier run or another renderer left is not taken for them."""

import json
import os
import platform
from collections.abc import Callable
from pathlib import Path

import made_once
import pytest
from made_once import embedded, newer, once

from analysis.support import paths, provenance


def test_what_is_missing_empty_or_older_than_a_source_is_not_newer(tmp_path: Path) -> None:
    source, made = tmp_path / "source", tmp_path / "made"
    source.mkdir()
    (source / "text").write_text("words")
    assert not newer(made, source)
    made.mkdir()
    assert not newer(made, source)
    (made / "page").write_text("words")
    os.utime(source / "text", (1, 1))
    assert newer(made, source)
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "text.pyc").write_text("compiled later")
    assert newer(made, source)
    os.utime(made / "page", (0, 0))
    assert not newer(made, source)


@pytest.mark.parametrize(
    ("note", "taken"), [(json.dumps({"renderer": "embedded"}), True), (json.dumps({"renderer": "quarto"}), False),
                        ("{", False), ("null", False), ("{}", False)]
)  # fmt: skip
def test_only_an_article_of_the_embedded_renderer_is_taken(note: str, taken: bool, tmp_path: Path) -> None:
    assert not embedded(tmp_path)
    (tmp_path / "rendering.json").write_text(note)
    assert embedded(tmp_path) is taken


def spoil(page: Path) -> None:
    page.write_text(page.read_text().replace(platform.python_version(), "2.7"))


@pytest.mark.parametrize(
    ("change", "taken"), [(lambda page: None, True), (spoil, False), (lambda page: os.utime(page, (0, 0)), False),
                          (lambda page: (page.parents[1] / "sitemap.xml").touch(), False), (Path.unlink, False)],
    ids=["as it was built", "by another Python", "older than a source", "with an address", "without a colophon"],
)  # fmt: skip
def test_a_site_is_taken_where_it_is_made_from_what_is_there_now(
    change: Callable[[Path], None], taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "built" / "cite" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<td>{provenance.commit(paths.ROOT)}</td><td>{platform.python_version()}</td>")
    change(page)
    monkeypatch.setattr(paths, "SITE", tmp_path / "built")
    for made in ("notebooks", "article"):
        monkeypatch.setattr(made_once, made, lambda: tmp_path / "nothing")
    monkeypatch.setattr("made_once.mkdocs_build.build", lambda into: into.mkdir())
    made_once.site(tmp_path / "site")
    assert (tmp_path / "site" / "cite").exists() is taken


def test_what_was_made_once_is_not_made_again_but_after_a_failure(tmp_path_factory: pytest.TempPathFactory) -> None:
    made: list[Path] = []

    def fail(folder: Path) -> None:
        made.append(folder)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        once(tmp_path_factory, "of this test", fail)
    for _ in range(2):
        once(tmp_path_factory, "of this test", made.append)
    assert len(made) == 2
