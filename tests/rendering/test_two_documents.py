"""An article and its supplement are rendered together or not at all, and links lead from one to the other."""

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from articles import written
from bs4 import BeautifulSoup
from documents import part

from analysis import rendering
from analysis.rendering import ArticleError

TO_SUPPLEMENT = "## One {#sec-one}\n\nSee the [supplement](supplement.qmd#sec-two) and [all of it](supplement.qmd).\n"
TO_ARTICLE = "---\ntitle: More\n---\n\n## Two {#sec-two}\n\nBack to the [article](article.qmd#sec-one).\n"
DRAWN = """
```{{python}}
#| label: fig-{label}
#| fig-cap: Drawn
#| fig-alt: A picture
from IPython.display import Image
Image(data=bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"))
```
"""


def rendered(folder: Path, body: str, supplement: str) -> Path:
    """Render an article with a supplement; return the folder of what came out."""
    source = written(folder / "paper", body)
    (folder / "paper" / "supplement.qmd").write_text(supplement, encoding="utf-8")
    rendering.render(source, folder / "out", "embedded", tell=lambda _: None)
    return folder / "out"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small article and its supplement, rendered."""
    return rendered(tmp_path_factory.mktemp("both"), TO_SUPPLEMENT, TO_ARTICLE)


def test_a_link_leads_to_the_same_format_of_the_other_document(both: Path) -> None:
    page = BeautifulSoup((both / "article.html").read_text(encoding="utf-8"), "html.parser")
    assert [link["href"] for link in page.select("main a")] == ["supplement.html#sec-two", "supplement.html"]
    back = BeautifulSoup((both / "supplement.html").read_text(encoding="utf-8"), "html.parser")
    assert [link["href"] for link in back.select("main a")] == ["article.html#sec-one"]
    relations = part(both / "article.docx", "word/_rels/document.xml.rels")
    assert {"supplement.docx#sec-two", "supplement.docx"} <= set(relations.xpath("//@Target"))
    assert b"(supplement.pdf#sec-two)" in (both / "article.pdf").read_bytes()
    assert 'xlink:href="supplement.pdf#sec-two"' in (both / "article.xml").read_text(encoding="utf-8")


def test_each_has_its_notebook_and_the_code_of_its_own_cells(both: Path) -> None:
    for stem, title in (("article", "A study"), ("supplement", "More")):
        cells = json.loads((both / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
        assert f"title: {title}" in "".join(cells[0]["source"])
        assert f'href="{stem}.ipynb"' in (both / f"{stem}-code.html").read_text(encoding="utf-8")


def test_the_bundle_for_journals_has_the_supplement_as_supplemental(both: Path) -> None:
    with zipfile.ZipFile(both / "article-meca.zip") as bundle:
        items = ElementTree.fromstring(bundle.read("manifest.xml"))  # noqa: S314, our own
        names = bundle.namelist()
    parts = {item[0].attrib["{http://www.w3.org/1999/xlink}href"]: item.attrib["item-type"] for item in items}
    assert {name: kind for name, kind in parts.items() if name.startswith("supplement.")} == {
        "supplement.pdf": "supplemental",
        "supplement.docx": "supplemental",
        "supplement.xml": "supplemental",
        "supplement.ipynb": "manuscript-supporting-file",
    }
    assert parts["source/supplement.qmd"] == "article-source"
    assert len(names) == len(set(names))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "supplement", "fault"),
    [
        (
            TO_SUPPLEMENT.replace("sec-two", "sec-none"),
            TO_ARTICLE,
            r"article\.qmd, line \d+: the link to supplement\.qmd#sec-none leads nowhere",
        ),
        (TO_SUPPLEMENT, TO_ARTICLE.replace("sec-one", "sec-none"), r"supplement\.qmd, line \d+: the link to article"),
        (TO_SUPPLEMENT.replace("supplement.qmd", "other.qmd"), TO_ARTICLE, r"the link to other\.qmd#sec-two leads"),
        (TO_SUPPLEMENT, TO_ARTICLE + "\n```{python}\n1 / 0\n```\n", r"supplement\.qmd, line \d+: .*division by zero"),
        (
            TO_SUPPLEMENT + DRAWN.format(label="one"),
            TO_ARTICLE + DRAWN.format(label="one"),
            r"both have figures/fig-one-1\.png\. Give one of the two cells another label",
        ),
    ],
)
def test_a_fault_in_either_leaves_the_earlier_files_of_both(
    body: str, supplement: str, fault: str, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "article.html").write_text("earlier")
    with pytest.raises(ArticleError, match=fault):
        rendered(tmp_path, body, supplement)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["article.html"]


def test_without_a_supplement_a_link_to_it_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", TO_SUPPLEMENT)
    with pytest.raises(ArticleError, match=r"the link to supplement\.qmd#sec-two leads nowhere"):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)
