"""Files that an article includes and cells of notebooks that it embeds are part of it, in every format."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from articles import LINES_BEFORE, rendered, written
from bs4 import BeautifulSoup
from documents import read as document
from example_counts import some
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis import rendering
from analysis.rendering import ArticleError
from analysis.rendering.article_source import read
from analysis.rendering.execution import execute, markdown

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><rect width="30" height="30"/></svg>'
PART = """## Included {#sec-in}

It is `{python} n + 1`.

```{python}
#| echo: false
print("from the included cell")
```

{{< include parts/_deep.qmd >}}
"""


def displayed(**data: str) -> Any:
    kinds = {"svg": "image/svg+xml", "png": "image/png", "text": "text/plain"}
    return new_output("display_data", {kinds[name]: content for name, content in data.items()})


def error() -> Any:
    return new_output("error", ename="ValueError", evalue="no luck", traceback=[])


def a_notebook(file: Path, *outputs: Any, source: str = "#| label: shown\n1 + 1", times: int = 1) -> Path:
    """Store a notebook with a cell that has a label and outputs, so many times."""
    cells = [new_code_cell(source, outputs=list(outputs), metadata={"tags": ["tagged"]}) for _ in range(times)]
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), file)
    return file


FIGURE = '#| label: fig-stored\n#| fig-cap: "A *stored* picture."\n#| fig-alt: "A square."\nshow()'
BODY = """```{python}
#| include: false
n = 41
```

{{< include _part.qmd >}}

See @sec-in and @fig-stored.

{{< embed ../notebooks/one.ipynb#fig-stored >}}

{{< embed here.ipynb#tagged echo=true >}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    (folder / "paper" / "parts").mkdir(parents=True)
    (folder / "paper" / "_part.qmd").write_text(PART, encoding="utf-8")
    (folder / "paper" / "parts" / "_deep.qmd").write_text("From deep down.", encoding="utf-8")
    a_notebook(folder / "notebooks" / "one.ipynb", displayed(svg=SVG, png=PIXEL, text="x"), source=FIGURE)
    a_notebook(folder / "paper" / "here.ipynb", displayed(text="'stored result'"))
    return rendered(folder, BODY)


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    forms = {"html": "html", "jats": "xml", "docx": "docx", "pdf": "pdf"}
    return {form: document(folder / f"article.{ending}").text for form, ending in forms.items()}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["html", "jats", "docx", "pdf"])
@pytest.mark.parametrize(
    "said",
    [
        *("It is 42.", "from the included cell", "From deep down.", "See Section 1 and Figure 1.", "A stored picture."),
        *("stored result", "1 + 1"),
    ],
)
def test_every_format_holds_what_is_included_and_embedded(form: str, said: str, texts: dict[str, str]) -> None:
    assert said in texts[form]


def test_the_code_of_an_embedded_cell_is_shown_where_that_is_asked_for(texts: dict[str, str]) -> None:
    assert "show()" not in texts["html"]
    assert "label: shown" not in texts["html"]


def test_an_embedded_picture_has_its_alternative_text(folder: Path) -> None:
    page = BeautifulSoup((folder / "article.html").read_text(encoding="utf-8"), "html.parser")
    assert [tag["alt"] for tag in page("img")] == ["A square."]
    assert (folder / "figures" / "fig-stored-1.png").is_file()


INCLUDED = {
    "```qmd\n{{< include lost.qmd >}}\n```\n": "_part.qmd, line 2: the shortcode {{< include lost.qmd >}}",
    "Words.\n\nA <b>bold</b> word.\n": "_part.qmd, line 3: raw HTML (<b>)",
    "`{python} 1 +`\n": "_part.qmd, line 1: '1 +' is not a Python expression",
    "Words.\n\n```{python}\n#| label: x\n1 / 0\n```\n": "_part.qmd, line 5: the cell 'x' failed: ZeroDivisionError",
    "```{python}\n#| label: x\n#| fig-width: 3\n1\n```\n": "_part.qmd, line 3: 'fig-width' is outside the subset",
    "```{python}\n1\n": "_part.qmd, line 1: this cell has no closing fence",
    "See @fig-none.": "_part.qmd, line 1: '@fig-none' refers to nothing",
    "---\ntitle: Mine\n---\n\nWords.\n": "_part.qmd, line 1: an included file has no settings of its own",
    "Words.\n\n{{< include _part.qmd >}}\n": "_part.qmd, line 3: '_part.qmd' includes itself",
    "{{< include article.qmd >}}\n": "_part.qmd, line 1: 'article.qmd' includes itself",
    "{{< include ../secret.qmd >}}\n": "_part.qmd, line 1: '../secret.qmd' is outside the article's folder",
    "{{< include lost.qmd >}}\n": "_part.qmd, line 1: there is no file 'lost.qmd' to include",
    "{{< embed lost.ipynb#x >}}\n": "_part.qmd, line 1: there is no notebook 'lost.ipynb'",
}


@pytest.mark.parametrize("part", some(INCLUDED, 4))
def test_a_fault_in_an_included_file_is_told_with_that_file_and_its_line(part: str, tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "Before.\n\n{{< include _part.qmd >}}\n\nAfter.\n")
    source.with_name("_part.qmd").write_text(part, encoding="utf-8")
    (tmp_path / "secret.qmd").write_text("Words.\n", encoding="utf-8")
    with pytest.raises(ArticleError) as failed:
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)
    assert f"{tmp_path / 'paper' / INCLUDED[part]}" in str(failed.value)
    assert not (tmp_path / "out").exists()


def test_lines_after_an_included_file_keep_their_numbers(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "{{< include _part.qmd >}}\n\nA <b>bold</b> word.\n")
    source.with_name("_part.qmd").write_text("One.\n\nTwo.\n\nThree.\n", encoding="utf-8")
    with pytest.raises(ArticleError, match=rf"article\.qmd, line {LINES_BEFORE + 3}: raw HTML \(<b>\)"):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)


@pytest.mark.parametrize(
    ("place", "outputs", "asked", "told"),
    [
        (
            "paper/a.ipynb",
            [],
            "a.ipynb#shown",
            "the cell 'shown' of 'a.ipynb' is stored without outputs. Run the notebook",
        ),
        ("paper/a.ipynb", [error()], "a.ipynb#shown", "the cell 'shown' of 'a.ipynb' is stored with an error"),
        ("paper/a.ipynb", [], "a.ipynb#other", "no cells of 'a.ipynb' have the label, id or tag 'other'"),
        (
            "a.ipynb",
            [displayed(text="1")],
            "../a.ipynb#shown",
            "is neither in the article's folder nor in ../notebooks",
        ),
        ("paper/a.ipynb", [displayed(svg=SVG)], "a.ipynb#shown", "the cell shows an SVG alone"),
    ],
)
def test_a_cell_that_cannot_be_embedded_is_refused(
    place: str, outputs: list[Any], asked: str, told: str, tmp_path: Path
) -> None:
    a_notebook(tmp_path / place, *outputs)
    with pytest.raises(ArticleError) as failed:
        rendered(tmp_path, f"Words.\n\n{{{{< embed {asked} >}}}}\n")
    assert f"article.qmd, line {LINES_BEFORE + 3}: " in str(failed.value)
    assert told in str(failed.value)


def test_two_cells_with_one_name_and_files_that_are_no_notebooks_are_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "{{< embed a.ipynb#shown >}}\n")
    a_notebook(tmp_path / "paper" / "a.ipynb", displayed(text="1"), times=2)
    with pytest.raises(ArticleError, match=r"2 cells of 'a\.ipynb' have the label, id or tag 'shown'"):
        read(source)
    source.with_name("a.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"line \d+: 'a\.ipynb' is not a notebook"):
        read(source)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "cells"),
    some([("false", {"": None, "#| code-fold: show\n": True}), ("true", {"": False, "#| code-fold: false\n": None}),
     ("show", {"": True})], 1),
)  # fmt: skip
def test_code_folds_as_the_format_or_the_cell_says(setting: str, cells: dict[str, bool | None], tmp_path: Path) -> None:
    forms = "".join(f"  {form}: {{}}\n" for form in ("docx", "typst", "jats"))
    more = f"format:\n  html:\n    code-fold: {setting}\n{forms}"
    out = rendered(tmp_path, "\n".join(f"```{{python}}\n{option}x = 1\n```\n" for option in cells), more)
    page = BeautifulSoup((out / "article.html").read_text(encoding="utf-8"), "html.parser")
    for code, opened in zip(page("pre"), cells.values(), strict=True):
        assert code.get_text(strip=True) == "x = 1"
        folded = code.find_parent("details")
        assert (folded and folded.has_attr("open")) == opened
        assert folded is None or folded.summary.get_text() == "Code"
    assert "code-fold" not in (out / "article.xml").read_text(encoding="utf-8")


def test_stored_cells_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.rendering.kernel.run", None)
    a_notebook(tmp_path / "a.ipynb", displayed(text="7"), source="#| label: shown\n1 / 0")
    source = written(tmp_path, "{{< embed a.ipynb#shown >}}\n")
    assert "7" in markdown(execute(read(source), tmp_path), tmp_path).text
