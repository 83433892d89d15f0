"""What goes with a rendered article: its executed notebook, the code of its figures and tables, a bundle for journals."""

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from articles import rendered
from bs4 import BeautifulSoup

from analysis.rendering import meca
from analysis.support import paths

BODY = """
```{python}
#| label: setup
#| include: false
from IPython.display import Markdown
n = 41
```

There are `{python} n` of *them*, see @tbl-one and @tbl-two.

```{python}
#| label: tbl-one
#| tbl-cap: "Counts of *things*: all"
#| tbl-colwidths: [75, 25]
Markdown("| What | Number |\\n|:--|--:|\\n| all | 41 |")
```

| Left |
|:-----|
| a    |

: By hand. {#tbl-two}

```{python}
#| warning: false
import warnings
warnings.warn("hush")
print(f"{n} said")
```
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small article, rendered."""
    return rendered(tmp_path_factory.mktemp("companions"), BODY, "execute:\n  echo: false\n")


@pytest.fixture(scope="module")
def notebook(made: Path) -> nbformat.NotebookNode:
    """The executed notebook of the small article."""
    return nbformat.read(made / "article.ipynb", as_version=nbformat.NO_CONVERT)


def test_the_notebook_is_valid_and_has_prose_with_its_values_and_cells_with_their_outputs(
    notebook: nbformat.NotebookNode,
) -> None:
    nbformat.validate(notebook)
    front, setup, prose, table, by_hand, said = notebook["cells"]
    assert front["cell_type"] == "raw"
    assert front["source"].startswith("---\ntitle: A study\n")
    assert prose["source"] == "There are 41 of *them*, see @tbl-one and @tbl-two."
    assert ": By hand. {#tbl-two}" in by_hand["source"]
    assert setup["source"].splitlines()[:2] == ["#| label: setup", "#| include: false"]
    assert table["outputs"][0]["data"]["text/markdown"].endswith("| all | 41 |")
    assert [output["text"] for output in said["outputs"]] == ["41 said\n"], "a silenced warning is left out"
    assert [cell["execution_count"] for cell in (setup, table, said)] == [1, 2, 3]


def test_options_are_stored_as_quarto_reads_them(notebook: nbformat.NotebookNode) -> None:
    assert notebook["cells"][3]["source"].splitlines()[:5] == [
        "#| label: tbl-one",
        "#| tbl-cap: 'Counts of *things*: all'",
        "#| tbl-colwidths:",
        "#| - 75",
        "#| - 25",
    ]


def test_each_caption_of_what_a_cell_shows_leads_to_its_code_and_back(made: Path) -> None:
    article, code = (
        BeautifulSoup((made / name).read_text(), "html.parser") for name in ("article.html", "article-code.html")
    )
    links = article.select("a.code-link")
    assert [(link["href"], link.find_parent("table")["id"]) for link in links] == [
        ("article-code.html#tbl-one", "tbl-one")
    ]
    section = code.find(id="tbl-one")
    assert section.find(re.compile("^h")).get_text() == "Table\xa01"
    assert "all | 41" in section.find("code").get_text()
    assert "#|" not in code.get_text()
    assert section.find("a")["href"] == "article.html#tbl-one"
    assert "n = 41" in code.get_text(), "what a figure builds on is there, too"


def test_the_bundle_names_each_of_its_files_once_with_its_part(made: Path) -> None:
    content = (made / "article-meca.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        names, manifest = bundle.namelist(), bundle.read("manifest.xml")
    items = ElementTree.fromstring(manifest)  # noqa: S314, our own
    parts = {}
    for item in items:
        (instance,) = item
        parts[instance.attrib["{http://www.w3.org/1999/xlink}href"]] = item.attrib["item-type"]
    assert parts.pop("source") == "article-source-directory"
    assert sorted(parts) == sorted({*names} - {"manifest.xml"})
    assert {name: parts[name] for name in ("article.xml", "article.pdf", "article.docx")} == {
        "article.xml": "article-metadata",
        "article.pdf": "manuscript",
        "article.docx": "manuscript",
    }
    assert parts["article.ipynb"] == "manuscript-supporting-file"
    assert parts["source/article.qmd"] == parts["source/references.bib"] == "article-source"


def test_the_same_files_give_the_same_bundle() -> None:
    one = meca.bundle({"article.xml": "<a/>", "article.html": "left out"}, {"article.qmd": b"x"})
    assert one == meca.bundle({"article.xml": b"<a/>"}, {"article.qmd": b"x"})


@pytest.mark.parametrize("source", [paths.ARTICLE, paths.SUPPLEMENT], ids=lambda file: file.stem)
def test_every_figure_and_table_that_a_cell_shows_has_its_code(rendered_article: Path, source: Path) -> None:
    cells = json.loads((rendered_article / f"{source.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    labels = re.findall(r"^#\| label: ((?:fig|tbl)-\S+)", "\n".join("".join(cell["source"]) for cell in cells), re.M)
    page = (rendered_article / f"{source.stem}.html").read_text(encoding="utf-8")
    assert re.findall(rf'class="code-link" href="{source.stem}-code\.html#([\w-]+)"', page) == labels
    assert len(labels) == len(re.findall(r"^#\| label: (?:fig|tbl)-", source.read_text(encoding="utf-8"), re.M)) > 7
