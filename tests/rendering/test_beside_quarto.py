"""What Quarto finds beside an article: the reference document of Word, and the front matter for its templates."""

import json
import zipfile
from pathlib import Path

import pytest
from articles import written

from analysis.rendering import beside_quarto

AUTHOR = "author:\n  - name: Ann Author\n    affiliation: Somewhere & Co.\nkeywords: [power]\n"


def test_both_files_are_written_beside_the_article(tmp_path: Path) -> None:
    beside_quarto.write_for(written(tmp_path, "Words.\n", AUTHOR))
    front = json.loads((tmp_path / "article.front.json").read_text(encoding="utf-8"))
    assert front["byline"][0]["name"] == "Ann Author"
    assert front["byline"][0]["lines"][0]["pieces"][0]["text"] == "Somewhere & Co."
    with zipfile.ZipFile(tmp_path / "reference.docx") as archive:
        assert b"TableText" in archive.read("word/styles.xml")


def test_files_that_would_be_the_same_are_left_alone(tmp_path: Path) -> None:
    """A preview renders again what changes."""
    source = written(tmp_path, "Words.\n", AUTHOR)
    times = []
    for _ in range(2):
        beside_quarto.write_for(source)
        times.append([(tmp_path / name).stat().st_mtime_ns for name in ("article.front.json", "reference.docx")])
    assert times[0] == times[1]


def test_an_article_outside_the_subset_is_left_to_quarto_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside_quarto.write_for(written(tmp_path, "Words.\n", AUTHOR))
    beside_quarto.write_for(written(tmp_path, "Words.\n", "thanks: to all\n"))
    assert not (tmp_path / "article.front.json").exists()
    assert (tmp_path / "reference.docx").is_file()
    assert "'thanks' is outside the subset" in capsys.readouterr().out


def test_where_there_is_no_article_nothing_is_written(tmp_path: Path) -> None:
    """As in the copy of its folder where Quarto is given the executed notebook."""
    beside_quarto.write_for(tmp_path / "article.qmd")
    assert list(tmp_path.iterdir()) == []
