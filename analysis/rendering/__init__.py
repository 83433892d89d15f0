"""Rendering the article: one Quarto Markdown source to HTML, PDF, DOCX and JATS XML.

With `quarto` on the PATH Quarto renders it. Otherwise, or where that Quarto is too old, broken or fails, the
embedded renderer does: pandoc and Typst write the formats. In either case nbclient runs the cells, once for all
formats, and Quarto is given the executed notebook, so that both give the same numbers, tables, captions and
references. The embedded renderer takes the subset of Quarto Markdown described here and refuses the rest with file,
line and construct; of an article outside the subset Quarto runs the cells itself, after a warning.

Also here: the execution of notebooks and the kernel that runs their cells. What an article says belongs to
`reanalysis`. May import: `display`, `support`.

Settings
    In the front matter, or in `_quarto.yml` beside the article, which it outranks. `title` is needed.
    Of the article: `subtitle`, `date` (a day, as 2026-11-30), `abstract`, `keywords`, `doi`; `author` (a name, or
    `name`, `orcid`, `email`, `corresponding`, `roles`, of which those of CRediT are marked as such, and `affiliation`
    or `affiliations`: text, `ref`, or `name`, `department`, `city`, `region`, `country`, `url`, `id`); `affiliations`
    that several authors refer to; `funding` (text, or a `statement` and `awards` with `id`, `source`, `recipient`);
    `citation` (true, or `type`, `container-title`, `volume`, `issue`, `page`, `publisher`, `issn`, `url`, `doi`).
    Of how it is set: `lang`, `license: CC BY`, `bibliography` (one BibTeX file) and `csl` (both beside the article),
    `jupyter: python3`, `citeproc: true`, `link-citations`, `number-sections`, `execute` (`echo`, `warning`), and
    `format`: `html` (`embed-resources: true`, `default-image-extension: svg`, `html-math-method: mathml`, `code-fold`,
    `toc`, `toc-depth`), `typst` (`default-image-extension: svg`, `papersize: a4`, `margin` with `x` and `y`), `docx`
    and `jats` (`default-image-extension: png`); for Quarto alone `fig-format`, the one of two pictures that a format
    shows. `format` in the front matter names all four. In `_quarto.yml` also `project` with `type: default` or
    `manuscript` (both renderers write what a manuscript has besides), `render`, `manuscript`, and what Quarto alone
    needs to write as the embedded renderer does: `FOR_QUARTO` in `article_settings` lists it. It names filters and
    templates of `analysis/rendering/templates`, some of which both renderers use.

Cells
    ```` ```{python} ```` at the margin, with options as lines `#| key: value`: `label`, `fig-cap`, `fig-alt`,
    `tbl-cap`, `tbl-colwidths` (whole percentages), `echo`, `code-fold`, `include`, `output` (true, false, asis),
    `warning`. What they show: Markdown, which is set in place; a picture as SVG and PNG (of our charts,
    `.picture`), or as PNG alone; printed text, as code or, with `output: asis`, as Markdown; plain text, as code.
    A cell with a label `fig-…` has a caption and alternative text and shows one picture, one with `tbl-…` has a
    caption and shows one table. A warning is a fault unless it is silenced. Cells run in a copy of the article's folder
    without its `figures`, which they draw.

A supplement
    A `supplement.qmd` beside the article is a document of its own, in the same subset, with settings of its own over
    those of `_quarto.yml`. It is rendered with the article. `[words](supplement.qmd#sec-x)` in the article, and
    `[words](article.qmd#sec-x)` in the supplement, lead to the other document in the same format, and have to lead to
    a place that is there. In a PDF, other documents can lead to headings only.

Other files
    Each on a line of its own. `{{< include part.qmd >}}` takes in a file of the article's folder that has no front
    matter, with its cells; its faults name it. A name that begins with `_` keeps Quarto from rendering it by itself.
    `{{< embed one.ipynb#cell >}}` shows what a cell of a notebook shows, without running it: of a notebook in the
    article's folder or in `../notebooks`, the one cell with this label, identifier or tag, as it is stored, outputs
    and options; `echo=true` shows its code, too.

Inline values
    `` `{python} expression` `` in prose, headings, captions, table cells and attributes, evaluated after the
    cells before it. A string is set as text, its Markdown characters escaped as Quarto escapes them;
    `Markdown(...)` as Markdown; a number as it prints.

Origins
    Each inline value, and each figure and table that a cell shows, has an entry in `article-code.html` and a row in
    `article-origins.csv`: its place, expression and functions, and, of a value that is `traced_values.Traced`
    and a function that is decorated with `traced_values.drawn_from`, the rows or tables of data and what to trace. On
    the web page a value is a link to its entry, except in headings, links, attributes, math and narrow tables; one that
    names passages or claims, which may be links themselves, has the link behind it.

Prose
    Pandoc's Markdown: headings from `#` or `##` on, with `{#sec-…}`, `.unnumbered`, `.unlisted`; paragraphs,
    emphasis, lists, definition lists, block quotes, footnotes, code, links to web addresses and to places of
    the article or its supplement, pipe and grid tables, TeX math, `[words]{.smallcaps}`, `{.underline}`, HTML comments.
    Figures: `![caption](figures/name){#fig-name fig-alt="…"}` alone in a paragraph; a name without an ending
    stands for an SVG in HTML and PDF and a PNG in DOCX and JATS. Tables: `: caption {#tbl-name
    tbl-colwidths="[30,70]"}`, or a division `::: {#tbl-name}` that holds the table and the caption after it.
    Equations: `$$…$$ {#eq-name}`. Divisions: `.callout-note`, `-tip`, `-warning`, `-important`, `-caution`
    with a heading or `title="…"`; `#refs`, where the references are set; and divisions that have nothing
    but an identifier.

References and citations
    `@fig-x`, `@tbl-x`, `@sec-x`, `@eq-x`, also `[@fig-x; @tbl-y]` and `[-@fig-x]` for the number alone.
    Citations `[@key, p. 3]`, `@key`, `[-@key]`. Every label and every key has to be there, and what is
    labelled has a caption; nothing unresolved reaches an output.

Notes on keys
    A division `#evidence-notes`, which the last cell prints, with a heading and divisions `#note-F06`. Each word of the
    text that is the key of a note becomes a link, except in headings, links, code and the first columns of tables. In
    HTML it leads to the note, which opens beside the line; in DOCX to `supplement.docx#F06`, and in PDF to the section
    of `supplement.pdf` that has it. HTML ends with the notes that are named; other formats have none. A word that
    looks like a key and has no note is refused.

Refused, among others
    Other shortcodes, raw HTML, TeX and other raw code, other languages, tabsets, columns and other layouts,
    conditional content, subfigures, other kinds of cross-reference, annotations of code, pictures
    and links that are elsewhere than in the article's folder or on the web.
"""

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.rendering import two_documents
from analysis.rendering.render_error import ArticleError
from analysis.support import paths, provenance
from analysis.support.atomic_writes import replace_folder
from analysis.support.errors import Fault
from analysis.support.safe_files import advice, opened

if TYPE_CHECKING:
    from analysis.rendering.formats import Article

__all__ = ["ArticleError", "Rendered", "render"]

Made = TypeVar("Made")
Files = dict[str, str | bytes]
Documents = tuple[two_documents.Unrendered, ...]

UNDATED = 1_704_067_200  # the time in files made outside a git checkout: 2024, the year of the study's article


@dataclass(frozen=True)
class Rendered:
    """What rendering an article and its supplement came to: the renderer, the files written, and how long it took."""

    renderer: str
    version: str
    files: tuple[str, ...]
    seconds: float


def render(
    source: Path = paths.ARTICLE,
    into: Path = paths.RENDERED_ARTICLE,
    renderer: str = "auto",
    tell: Callable[[str], None] = print,
) -> Rendered:
    """Render an article to HTML, PDF, DOCX and JATS XML, all together or not at all.

    So is its supplement, where a `supplement.qmd` lies beside it. The folder of the source is copied for each of them,
    its cells run in the copy. `renderer` is `quarto`, `embedded`, or
    `auto`: Quarto where it is on the PATH, and the embedded renderer after all where that Quarto cannot be used
    or does not render the article; `tell` then hears why. It hears of each step. The same commit gives the same
    bytes. Raises ArticleError for an article that cannot be rendered, and then leaves the earlier files as they were.
    """
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        documents = two_documents.found(source, Path(folder).resolve())
        for one in documents:  # cells that run side by side must not draw into one folder
            _copy(source, one.folder, documents)
        chosen, version, files = _made(documents, renderer, tell)
    made = {"renderer": chosen, "version": version}
    replace_folder(into, files | {"rendering.json": json.dumps(made, indent=2) + "\n"})
    return Rendered(chosen, version, tuple(files), time.perf_counter() - start)


def _made(documents: Documents, renderer: str, tell: Callable[[str], None]) -> tuple[str, str, Files]:
    """Return the renderer that made the files, its version, and the files; cells run once in any case."""
    from analysis.rendering import embedded, quarto

    prepared: list[Article | None] = [None] * len(documents)
    own = sorted(file for file in documents[0].folder.rglob("*") if file.is_file())
    sources = {file.relative_to(documents[0].folder).as_posix(): file.read_bytes() for file in own}
    if renderer == "quarto" or (renderer == "auto" and quarto.found()):
        try:
            version = quarto.version()
            prepared = _prepared(documents, tell, refuse=False)
            written = _side_by_side(lambda one, article: quarto.files(one, epoch(), article, tell), documents, prepared)
            return "quarto", version, _accompanied(written, prepared, sources)
        except quarto.QuartoError as error:
            if renderer == "quarto":
                raise
            tell(f"Quarto is not used. {error.reason}. The embedded renderer takes over.")
    if None in prepared:
        prepared = _prepared(documents, tell, refuse=True)
    articles = [article for article in prepared if article is not None]
    written = _side_by_side(lambda article: embedded.files(article, tell), articles)
    return "embedded", embedded.version(), _accompanied(written, prepared, sources)


def _prepared(documents: Documents, tell: Callable[[str], None], refuse: bool) -> "list[Article | None]":
    """Return the documents ready to be written, in their order; None for one outside the subset, unless to `refuse`."""
    from analysis.rendering.preparation import prepare

    def one(given: two_documents.Unrendered) -> "Article | None":
        try:
            return prepare(given, epoch(), tell)
        except ArticleError as refused:
            if refuse or not refused.outside_subset:
                raise
            for line in str(refused).splitlines():
                tell(line)
            lost = "and the first page will name the authors only"
            tell(f"Quarto may know this: it runs the cells itself, once for each format, {lost}.")
            return None

    prepared = _side_by_side(one, documents)
    two_documents.check_links(article for article in prepared if article is not None)
    return prepared


def _side_by_side(make: Callable[..., Made], *given: Iterable[Any]) -> list[Made]:
    """Return what is made of each document; all come to their end before a failure is reported."""
    with ThreadPoolExecutor() as at_once:
        return list(at_once.map(make, *given))


def _accompanied(written: list[Files], prepared: "list[Article | None]", sources: dict[str, bytes]) -> Files:
    """Return the files of all documents and what goes with them: notebooks, maps, and a bundle for journals.

    The map says what made each number, figure and table, as a page and as a table. Where Quarto ran the cells, there is
    no executed notebook and so no map.
    """
    from analysis.rendering import meca
    from analysis.rendering.article_notebook import as_notebook
    from analysis.rendering.code_page import notebook, with_origins
    from analysis.support.chart_fonts import font_once

    files: Files = {}
    for those, article in zip(written, prepared, strict=True):
        if twice := files.keys() & those.keys():
            problem = f"the article and its supplement both have {', '.join(sorted(twice))}"
            raise ArticleError(f"{problem}. Give one of the two cells another label.")
        files |= those
        if article is not None:
            page = files[f"{article.stem}.html"]
            origins = with_origins(font_once(page.decode() if isinstance(page, bytes) else page), article)
            files |= {notebook(article): as_notebook(article.executed), **origins}
    return files | {meca.NAME: meca.bundle(files, sources)}


def _copy(source: Path, folder: Path, documents: Documents) -> None:
    """Copy an article's folder, without what is hidden, is of this machine alone or was written by an earlier run."""
    from analysis.rendering.beside_quarto import FRONT, REFERENCE

    if not source.is_file():
        raise ArticleError(Fault(source, "there is no such file", "Name the article's source."))
    endings = ("html", "pdf", "typ", "tex", "docx", "xml")
    written = [f"{one.file.stem}.{ending}" for one in documents for ending in endings]
    here = (".*", "_*.local", "__pycache__")
    ignored = shutil.ignore_patterns(*here, "figures", "*_files", f"*.{FRONT}", REFERENCE, *written)
    try:
        shutil.copytree(source.parent, folder, ignore=ignored, copy_function=_copy_file)
    except shutil.Error as faults:
        file, _, why = faults.args[0][0]
        remedy = "Take it out of the article's folder, or correct it."
        raise ArticleError(Fault(Path(file), f"cannot be copied: {why}", remedy)) from None
    except OSError as fault:
        problem = f"its folder cannot be copied: {fault.strerror}"
        raise ArticleError(Fault(source, problem, advice(fault))) from None


def _copy_file(source: str, target: str) -> None:
    """Copy a regular file; a link to a device would be copied without end."""
    try:
        with opened(Path(source)) as stream, Path(target).open("wb") as copy:
            shutil.copyfileobj(stream, copy)
    except OSError as fault:
        if str(fault.filename) == source:
            raise shutil.Error([(source, target, fault.strerror)]) from None
        problem = f"the copy of the article cannot be written: {fault.strerror}"
        raise ArticleError(Fault(Path(tempfile.gettempdir()), problem, advice(fault))) from None


def epoch() -> int:
    """Return the time that files give as that of their making: the time of the commit they are made from.

    Raises ArticleError where SOURCE_DATE_EPOCH, which outranks it, is not a whole number of at most ten digits.
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        if not re.fullmatch(r"[0-9]{1,10}", given):  # until the year 2286
            problem = "the environment variable has to be seconds since 1970, a whole number"
            raise ArticleError(Fault("SOURCE_DATE_EPOCH", problem, "Set it so, or unset it.", value=given))
        return int(given)
    return provenance.commit_time(paths.ROOT) or UNDATED
