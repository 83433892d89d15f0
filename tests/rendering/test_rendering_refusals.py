"""What is outside the subset of Quarto Markdown is refused, with its line, and nothing is written."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from articles import FRONT, LINES_BEFORE, REFERENCES, rendered, written

from analysis import rendering
from analysis.rendering import ArticleError
from analysis.rendering.pandoc import pandoc
from analysis.support import paths

# Each stands on the third line after the front matter; what is refused of it is there, or on the line named in LATER.
REFUSED = {
    "{{< video other.mp4 >}}": "the shortcode {{< video other.mp4 >}}",
    "Words {{< include other.qmd >}}": "the shortcode {{< include other.qmd >}}",
    "Some <b>bold</b> words.": "raw HTML (<b>)",
    "<div>\nwords\n</div>": "raw HTML (<div>)",
    "A `word`{=html}.": "raw HTML (word)",
    "```{=typst}\n#line()\n```": "the raw block {=typst}",
    "\\newpage": "raw TEX (\\newpage)",
    "```{r}\n1\n```": "the block {r}",
    "```{mermaid}\nx\n```": "the block {mermaid}",
    "```{python echo=true}\n1\n```": "the block {python echo=true}",
    "   ```{python}\n   1\n   ```": "an indented cell",
    "```{python}\n1": "no closing fence",
    "Value `{r} 1`.": "an inline expression in r",
    "Value `{python} 1 +`.": "'1 +' is not a Python expression",
    "::: {.panel-tabset}\n## A\nwords\n:::": "the class .panel-tabset on a div",
    "::: {.column-margin}\nwords\n:::": "the class .column-margin on a div",
    ":::: {layout-ncol=2}\nwords\n::::": "the attribute 'layout-ncol' on a div",
    '::: {.content-visible when-format="html"}\nwords\n:::': "the class .content-visible on a div",
    "::: {#fig-both}\nwords\n:::": "a division with the label 'fig-both'",
    "::: {#thm-one}\nwords\n:::": "the label 'thm-one' is of a kind outside the subset",
    '::: {.callout-note collapse="true"}\nwords\n:::': "the attribute 'collapse' on a div",
    "::: {.callout-note #mine}\nwords\n:::": "the label 'mine' on a callout",
    "A [word]{.aside}.": "the class .aside on a span",
    "![words](https://example.org/a.png)": "is not a file of the article",
    "[data](data.csv)": "the link to data.csv leads nowhere from the outputs",
    "[there](#nowhere)": "the link to #nowhere leads nowhere",
    "A footnote.[^lost]": "the footnote [^lost] has no text",
    "```python\nx = 1  # <1>\n```": "an annotation of code",
    "@tbl-x. Words.": "begins with a reference and a full stop",
    "See @thm-one.": "'@thm-one' is a reference outside the subset",
    "See @fig-none.": "'@fig-none' refers to nothing",
    "See @nobody2020.": "'@nobody2020' is in no bibliography",
    "See @sec-x [@lukes2005].": "a reference together with a citation",
    "See [Fig. @sec-x].": "a reference together with a citation or other words",
    "![Caption](figures/x){#fig-x}": "the figure figures/x has no alternative text",
    '![](figures/x){#fig-x fig-alt="alt"}': "'fig-x' has no caption",
    '![Caption](figures/x){#fig-x fig-alt="alt"}': "there is no picture 'figures/x.svg'",
    '![Caption](figures/x) {#fig-x fig-alt="alt"}': "the label {#fig-x is not on anything",
    '![Caption](figures/x){#tbl-x fig-alt="alt"}': "the label 'tbl-x' is on a figure",
    '![Caption](figures/x){#fig-x fig-alt="alt" width=50%}': "the attribute 'width' on a image",
    "| a |\n|---|\n| b |\n\n: Caption {#fig-x}": "the label 'fig-x' is on a table",
    "| a |\n|---|\n| b |\n\n: {#tbl-x}": "'tbl-x' has no caption",
    "::: {#tbl-x}\nNo table.\n:::": "'tbl-x' is not one table with a caption",
    "::: {#tbl-x}\n| a |\n|---|\n| b |\n:::": "'tbl-x' is not one table with a caption",
    "#### Deep": "the highest heading is of level 3 or less",
    "::: {.callout-note}\nwords": "unclosed",
    "```{python}\n#| fig-width: 5\n1\n```": "'fig-width' is outside the subset",
    "```{python}\n#| output: sideways\n1\n```": "'output' has to be true or false or asis (found 'sideways')",
    '```{python}\n#| tbl-cap: "Words"\n1\n```': "'tbl-cap' without a label 'tbl-…'",
    "```{python}\n#| label: tbl-x\n1\n```": "the cell 'tbl-x' has no 'tbl-cap'",
    "```{python}\n#| label: fig-x\n#| fig-cap: Words\n1\n```": "the cell 'fig-x' has no 'fig-alt'",
    '```{python}\n#| label: tbl-x\n#| tbl-cap: "`{python} 1`"\n1\n```': "the option 'tbl-cap' holds an inline expression",
    "```{python}\n#| label: lst-x\n1\n```": "the label 'lst-x' is of a kind outside the subset",
}
LATER = {"<1>": 1, "fig-width": 1, "sideways": 1, ": Caption {#fig-x}": 4, "\n: {#tbl-x}": 4}


@pytest.mark.parametrize("construct", REFUSED)
def test_a_construct_is_refused_with_its_line(construct: str, tmp_path: Path) -> None:
    source = written(tmp_path / "paper", f"Words.\n\n{construct}\n")
    with pytest.raises(ArticleError) as refused:
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)
    told = str(refused.value)
    later = sum(lines for part, lines in LATER.items() if part in construct)
    assert told.startswith(f"{source}, line {LINES_BEFORE + 3 + later}: ")
    assert REFUSED[construct] in told
    assert not (tmp_path / "out").exists()


SETTINGS = {
    "theme: cosmo": "line 7: 'theme' is outside the subset",
    "format:\n  html:\n    code-fold: hide": "line 9: 'format.html.code-fold' has to be true or false or show",
    "format:\n  html:\n    toc-depth: true": "line 9: 'format.html.toc-depth' has to be 1 or 2 or 3 or 4 or 5 or 6",
    "format: html": "line 7: 'format' has to be a mapping of html, docx, typst, jats (found 'html')",
    "format:\n  html:\n    toc: true": "line 1: 'format' does not name html, docx, typst and jats",
    "format:\n  pdf: default": "line 8: 'format.pdf' is outside the subset",
    "author:\n  - name: Ann\n    fax: 1": "line 9: 'author.fax' is outside the subset",
    "license: WTFPL": "line 7: 'license' has to be CC BY (found 'WTFPL')",
    "subtitle: [": "this is not YAML",
    "csl: '\\0.csl'": "line 7: 'csl' has to be the name of a file beside the article",
    "format:\n  html: {}\n  docx: {}\n  jats: {}\n  typst:\n    margin: {x: 5, y: '#f()'}": "has to be a length, say 25mm",
    "lang: de": "line 7: 'lang' is set twice",
    "keywords:\n- &one [a]\n- *one": "line 9: this is not YAML (the alias *one is not read",
    f"keywords: {'[' * 3000}": "line 7: this is not YAML (more than 20 lists and mappings are within each other)",
    "toc-depth: 3": "line 7: 'toc-depth' is outside the subset",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_that_both_renderers_do_not_honour_is_refused_with_its_line(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleError) as refused:
        rendered(tmp_path, "Words.\n", f"{setting}\n")
    assert SETTINGS[setting] in str(refused.value)
    assert "article.qmd, line " in str(refused.value)


@pytest.mark.parametrize("name", ["/etc/hosts", "../references.bib", ".", "a\0.bib", "references"])
def test_a_bibliography_has_to_be_a_file_beside_the_article(name: str, tmp_path: Path) -> None:
    source = written(tmp_path, "Words.\n")
    text = source.read_text(encoding="utf-8").replace("references.bib", json.dumps(name))
    source.write_text(text, encoding="utf-8")
    with pytest.raises(ArticleError, match="line 4: 'bibliography' has to be the name of a file beside the article"):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)


def test_what_is_too_deep_or_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ArticleError, match=r"line 1: too many lists, quotations or brackets are within each other"):
        rendered(tmp_path, f"{'> ' * 300}Words.\n")
    monkeypatch.setattr("analysis.rendering.pandoc.SECONDS", 1)
    with pytest.raises(ArticleError, match="pandoc did not end within 1 seconds; look for brackets"):
        pandoc(tmp_path, 0, f"{'[' * 5000}Words{']' * 5000}\n", "--to=json")


def test_a_setting_of_the_project_is_refused_with_its_own_file(tmp_path: Path) -> None:
    source = written(tmp_path, "Words.\n")
    (tmp_path / "_quarto.yml").write_text("project:\n  type: website\n", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"_quarto\.yml, line 2: 'project\.type' has to be default or manuscript"):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(ArticleError) as refused:
        rendered(tmp_path, "A <b>bold</b> word.\n\n[lost](#nowhere)\n")
    assert [fault.line for fault in refused.value.faults] == [LINES_BEFORE + 1, LINES_BEFORE + 1, LINES_BEFORE + 3]


def test_an_article_needs_front_matter_and_a_title_and_has_to_be_there(tmp_path: Path) -> None:
    source = tmp_path / "article.qmd"
    for text, told in (
        ("Words.\n", "line 1: there is no YAML front matter"),
        ("---\nlang: en\n---\n\nWords.\n", "line 1: there is no title"),
        (FRONT.format(more="").replace("references.bib", "lost.bib"), "lost.bib: there is no such file"),
    ):
        source.write_text(text, encoding="utf-8")
        with pytest.raises(ArticleError, match=told):
            rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)
    with pytest.raises(ArticleError, match="there is no such file"):
        rendering.render(tmp_path / "other.qmd", tmp_path / "out", "embedded", tell=lambda _: None)
    source.write_bytes(b"\xff\xfe")
    with pytest.raises(ArticleError, match="not UTF-8"):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)


def test_headings_may_begin_with_the_words_of_another_kind_of_label(tmp_path: Path) -> None:
    assert (rendered(tmp_path, "# Tip of the iceberg\n\nWords.\n") / "article.pdf").is_file()


@pytest.mark.parametrize("renderer", ["embedded", "quarto"])
@pytest.mark.parametrize(
    ("bibliography", "told"),
    [
        ("% Köln\n".encode("latin-1"), r"references\.bib, line 1: this is not UTF-8 text\. Save it as UTF-8"),
        (REFERENCES.encode() * 2, r"references\.bib, line 4: the key 'lukes2005' is given twice\. Give each entry"),
        (b"@article{a, title = {One}\n@article{", r"references\.bib: this is not BibTeX"),
    ],
)
def test_a_bibliography_that_cannot_be_used_is_refused_by_both_renderers(
    renderer: str, bibliography: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.rendering.quarto.version", lambda: "1.9.38")
    source = written(tmp_path / "paper", "Words.\n")
    source.with_name("references.bib").write_bytes(bibliography)
    with pytest.raises(ArticleError, match=told) as refused:
        rendering.render(source, tmp_path / "out", renderer, tell=lambda _: None)
    assert str(refused.value).count("\n") == 0


def test_a_bibliography_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "Words.\n")
    source.with_name("references.bib").unlink()
    source.with_name("references.bib").mkdir()
    with pytest.raises(ArticleError, match=r"references\.bib: cannot be read: Is a directory\. Name a file"):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)


def test_a_bibliography_may_begin_with_a_byte_order_mark_and_have_keys_in_comments(tmp_path: Path) -> None:
    source = written(tmp_path / "paper", "As @lukes2005 says.\n")
    source.with_name("references.bib").write_bytes(b"\xef\xbb\xbf% @article{lukes2005, old}\n" + REFERENCES.encode())
    assert rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None).files


@pytest.mark.parametrize("content", [b"lang: \xe9", b"lang: '\x01'", b"lang: [", b"- a"])
def test_settings_of_the_project_that_cannot_be_read_are_refused(content: bytes, tmp_path: Path) -> None:
    source = written(tmp_path, "Words.\n")
    (tmp_path / "_quarto.yml").write_bytes(content)
    with pytest.raises(ArticleError, match=r"_quarto\.yml.*: "):
        rendering.render(source, tmp_path / "out", "embedded", tell=lambda _: None)


@pytest.mark.parametrize("given", ["today", "-1", "99999999999", "9" * 5000])
def test_a_time_for_the_files_that_is_no_number_is_refused(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(ArticleError, match=rf"SOURCE_DATE_EPOCH: .* whole number \(found '{given[:9]}"):
        rendered(tmp_path, "Words.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there the locale is not in the environment")
def test_names_of_folders_may_have_any_letters_in_any_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The templates of the formats lie in the checkout, whose own folder may be called anything."""
    checkout = tmp_path / "Universität Köln"
    shutil.copytree(paths.ROOT / "analysis" / "rendering" / "templates", checkout)
    monkeypatch.setenv("LC_ALL", "C")
    template = f"--template={checkout / 'article.html'}"
    assert "<html" in pandoc(tmp_path, 0, "Words.\n", "--to=html", template, "--metadata=title:A study")
