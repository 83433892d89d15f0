"""Tests of the site are about today's sources: what an earlier run or another renderer left is not taken for them."""

import json
import os
from pathlib import Path

import pytest
from made_once import embedded, newer, once


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
