"""Cells run once, in their order; what they show goes into every format, and what fails is told with its line."""

import re
from pathlib import Path

import pytest
from articles import LINES_BEFORE, rendered, written
from example_counts import some

from analysis import rendering
from analysis.rendering import ArticleError
from analysis.rendering.article_source import read
from analysis.rendering.execution import execute, markdown

MARKDOWN = "```{python}\n#| include: false\nfrom IPython.display import Markdown, SVG, HTML, Image, display\n```\n"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def composed(folder: Path, body: str, more: str = "") -> str:
    """Return the Markdown of an article with its cells run."""
    return markdown(execute(read(written(folder, body, more)), folder), folder).text


def test_values_are_set_where_they_stand_after_the_cells_before_them(tmp_path: Path) -> None:
    body = (
        "```{python}\n#| include: false\nx = 1\n```\nFirst `{python} x`.\n\n"
        "```{python}\n#| include: false\nx = x + 1\n```\n\n## Then `{python} x`\n"
    )
    text = composed(tmp_path, body)
    assert "First [1]{#n1 .origin}." in text
    assert "## Then 2" in text


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The Markdown of a few inline values, a line each."""
    expressions = (
        *("'*stars* [and] (more)_#.'", '"it\'s"', "3.5", "-2", "Markdown('*set*')", "None or 'x'"),
        "'a, b & c < d'",
    )
    body = MARKDOWN + "".join(f"\nValue `{{python}} {expression}`\n" for expression in expressions)
    text = composed(tmp_path_factory.mktemp("values"), body)
    lines = [line.removeprefix("Value ") for line in text.splitlines() if line.startswith("Value ")]
    return [re.sub(r"^\[(.*)\]\{#n\d \.origin\}$", r"\1", line) for line in lines]


def test_a_string_is_escaped_as_quarto_escapes_it_and_anything_else_set_as_it_prints(values: list[str]) -> None:
    assert values == [
        r"\*stars\* \[and\] \(more\)\_\#\.",
        "it's",
        "3.5",
        "-2",
        "*set*",
        "x",
        r"a\, b & c < d",
    ]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Markdown of cells with all kinds of outputs and options."""
    body = MARKDOWN + "\n".join(
        f"```{{python}}\n{cell}\n```\n"
        for cell in (
            "print('as code')",
            "#| output: asis\nprint('*as Markdown*')",
            "#| output: false\nprint('output that is hidden')",
            "#| include: false\nprint('a cell that is hidden')",
            "#| echo: true\ny = 'code that is echoed'",
            "6 * 7",
            "Markdown('*displayed*')",
            "#| warning: false\nimport warnings\nwarnings.warn('silenced')",
            "print('```')",
        )
    )
    return composed(tmp_path_factory.mktemp("shown"), body, "execute:\n  echo: false\n")


def test_what_a_cell_shows_is_set_by_its_kind_and_its_options(shown: str) -> None:
    assert "```\nas code\n```" in shown
    assert "\n*as Markdown*\n" in shown
    assert "hidden" not in shown
    assert "```{.python .cell-code}\ny = 'code that is echoed'\n```" in shown
    assert "```\n42\n```" in shown
    assert "\n*displayed*\n" in shown
    assert "silenced" not in shown
    assert "````\n```\n````" in shown, "a fence is longer than any in the text"


def test_a_picture_that_is_displayed_becomes_a_figure_with_its_files(tmp_path: Path) -> None:
    cell = (
        '```{python}\n#| label: fig-x\n#| fig-cap: "A *caption*."\n#| fig-alt: "Said \\"so\\""\n'
        f"display({{'image/svg+xml': '<svg/>', 'image/png': '{PIXEL}'}}, raw=True)\n```\n"
    )
    text = composed(tmp_path, MARKDOWN + cell, "execute:\n  echo: false\n")
    assert '![A *caption*.](figures/fig-x-1){#fig-x fig-alt="Said \\"so\\""}' in text
    assert (tmp_path / "figures" / "fig-x-1.svg").read_text() == "<svg/>"
    assert (tmp_path / "figures" / "fig-x-1.png").read_bytes().startswith(b"\x89PNG")


def test_the_code_of_a_table_stands_above_its_division(tmp_path: Path) -> None:
    cell = "#| label: tbl-x\n#| tbl-cap: A caption\nMarkdown('| a |\\n|---|\\n| 1 |')"
    text = composed(tmp_path, f"{MARKDOWN}```{{python}}\n{cell}\n```\n", "execute:\n  echo: true\n")
    code, table = text.split("{#tbl-x .cell}")
    assert ".cell-code}" in code
    assert "```" not in table
    assert table.index("| 1 |") < table.index("A caption")


FAILING = {
    "```{python}\nx = 1\n\nraise ValueError('no luck')\n```": (4, "failed: ValueError: no luck"),
    "```{python}\n#| label: broken\n#| echo: false\nx = 1\n1 / 0\n```": (
        5,
        "the cell 'broken' failed: ZeroDivisionError",
    ),
    "Words\nand `{python} undefined_name`.": (2, "`undefined_name` failed: NameError"),
    "```{python}\nimport sys; print('mind', file=sys.stderr)\n```": (1, "the cell warns: mind"),
    "```{python}\nimport warnings; warnings.warn('mind this')\n```": (1, "UserWarning: mind this"),
    "Words `{python} print('x')`.": (1, "`print('x')` prints or warns"),
    "Words `{python} None`.": (1, "`None` gives no value"),
    "Words `{python} 'a\\\\b'`.": (1, "gives text with line ends, backslashes"),
    "Words `{python} HTML('<b>')`.": (1, "`HTML('<b>')` is not text"),
    "```{python}\nHTML('<b>x</b>')\n```": (1, "the cell shows text/html"),
    "```{python}\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')\n```": (1, "shows an SVG alone"),
    '```{python}\n#| label: fig-x\n#| fig-cap: "c"\n#| fig-alt: "a"\nprint(1)\n```': (1, "does not show one picture"),
    '```{python}\n#| label: tbl-x\n#| tbl-cap: "c"\nprint(1)\n```': (1, "'tbl-x' is not one table with a caption"),
    "```{python}\n#| label: x\n1\n```\n\n```{python}\n#| label: x\n2\n```": (6, "the label 'x' is given twice"),
}


@pytest.mark.parametrize("body", some(FAILING, 5))
def test_what_fails_is_told_with_its_line_and_leaves_the_earlier_files(body: str, tmp_path: Path) -> None:
    line, told = FAILING[body]
    source = written(tmp_path / "paper", f"{MARKDOWN}{body}\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "article.html").write_text("earlier")
    with pytest.raises(ArticleError) as failed:
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)
    assert f"article.qmd, line {LINES_BEFORE + MARKDOWN.count(chr(10)) + line}: " in str(failed.value)
    assert told in str(failed.value)
    assert [(file.name, file.read_text()) for file in (tmp_path / "out").iterdir()] == [("article.html", "earlier")]


def test_cells_run_in_a_copy_of_the_articles_folder(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "```{python}\nfrom pathlib import Path\nprint(Path('data.txt').read_text())\n"
                     "_ = Path('made.txt').write_text('made')\n```\n")  # fmt: skip
    (tmp_path / "paper" / "data.txt").write_text("what lies beside the article")
    rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)
    assert "what lies beside the article" in (tmp_path / "out" / "article.html").read_text(encoding="utf-8")
    assert sorted(file.name for file in (tmp_path / "paper").iterdir()) == ["article.qmd", "data.txt", "references.bib"]


def test_an_article_without_cells_needs_no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.rendering.kernel.run", None)
    assert (rendered(tmp_path, "Words.\n") / "article.html").is_file()
