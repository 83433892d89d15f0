"""Hooks of MkDocs: files made from the data, front matter that is checked, and descriptions of pages."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import YAML_RE
from mkdocs.utils.templates import TemplateContext

from analysis.site.building import generated_files, moved_pages
from analysis.site.building.macros import is_late, study
from analysis.site.files import social_cards, stored_files
from analysis.site.pages import citing, glossary, lesson_page, metadata
from analysis.site.site_error import SiteError
from analysis.support import chart_fonts
from analysis.support.errors import Fault

# Among the extra settings of MkDocs: what returns once the article and the notebooks are there, and the order of pages.
READY, ORDER = "ready", "order"
# Also among them: addresses of earlier versions, and that of the repository, where there is one.
MOVED, REPOSITORY = "moved", "repository"
REFERENCE_STYLE = "assets/_mkdocstrings.css"  # only the reference of the package needs it, and names it itself


@event_priority(100)  # before the macros are defined, so that they and the files come from the same evidence
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the evidence, and give templates what they cite."""
    study()
    cited = citing.citation()
    config.extra["catalogue_metadata"] = {
        "title": cited["title"],
        "version": cited["version"],
        "date": f"{cited['date-released'].day} {cited['date-released']:%B %Y}",
        "authors": [metadata.name(author) for author in cited["authors"]],
        "licences": [metadata.LICENCES + licence for licence in cited["license"]],
        "sources": [metadata.RESOLVER + work["doi"] for work in cited["references"]],
        "linked_data": metadata.linked_data(cited, config.site_description or "", config.site_url or ""),
    }
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files that are made from the data to those in the folder of pages; drop a style that few pages need.

    Pages that show the article and the notebooks, which may be in the making, are put behind all others, and those that
    show what a second process makes before them.
    """
    config.extra_css.remove(REFERENCE_STYLE)
    fonts = ((f"styles/fonts/{font.name}", font.read_bytes()) for font in chart_fonts.for_browsers())
    old_addresses = moved_pages.files(config.extra.pop(MOVED, {}))
    addressed = generated_files.with_address(study(), config.site_url or "")
    _add(files, config, (*generated_files.files(study()), *addressed, *old_addresses, *fonts))
    config.extra[ORDER] = pages = [file for file in files if file.is_documentation_page()]
    _put(files, sorted(pages, key=_wait))
    return files


def _wait(file: File) -> int:
    """Return how long the making of a page should wait for what it shows: 2 is longest."""
    return 2 if _of_documents(file) else int(is_late(stored_files.text(Path(file.abs_src_path or file.src_uri))))


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Wait for the article and the notebooks before the first page that shows them, and add what goes with them."""
    if _of_documents(page.file):
        _add_documents(files, config)
    return page


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Put the pages back into their order, in which the search has them, and add what shows their titles."""
    _add_documents(files, config)  # on a site without their pages
    pages = config.extra.pop(ORDER)
    _put(files, pages)
    if config.site_url:  # pictures of links are asked for under the whole address
        for page in (file.page for file in pages if file.page):
            page.meta["card"] = place = social_cards.place(page.url)
            part = page.ancestors[-1].title if page.ancestors else ""
            card = social_cards.card(config.site_name, part, page.title)
            files.append(File.generated(config, place, content=card))
    return env


def _of_documents(file: File) -> bool:
    return file.src_uri.startswith(tuple(f"{folder}/" for folder in generated_files.OF_DOCUMENTS))


def _put(files: Files, pages: list[File]) -> None:
    """Put pages behind all other files, in the order given."""
    for page in pages:
        files.remove(page)
        files.append(page)


def _add_documents(files: Files, config: MkDocsConfig) -> None:
    """Add the files of the article and the notebooks, once; a build that has to wait for them does so here."""
    if ready := config.extra.pop(READY, None):
        ready()
        _add(files, config, generated_files.of_documents())


def _add(files: Files, config: MkDocsConfig, made: Iterable[tuple[str, bytes]]) -> None:
    for place, content in made:
        files.append(File.generated(config, place, content=content, inclusion=InclusionLevel.INCLUDED))


def on_page_read_source(page: Page, config: MkDocsConfig) -> None:  # noqa: ARG001, as MkDocs calls it
    """Stop at front matter that is not YAML, which MkDocs would show as text of the page."""
    place = f"docs/{page.file.src_uri}"
    found = YAML_RE.match(stored_files.text(Path(page.file.abs_src_path or place)))
    try:
        meta = yaml.safe_load(found[1]) if found else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        problem = f"the front matter is not YAML: {error.problem}"
        raise SiteError(Fault(place, problem, "Correct it.", line=line)) from None
    if not isinstance(meta, dict):
        problem = "the front matter does not consist of names and values"
        raise SiteError(Fault(place, problem, "Correct it.", line=1))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001, as MkDocs calls it
    """Give a page with a lesson, which its front matter names (`lesson: coding`), the scripts that all of them have."""
    if page.meta.get("lesson"):
        page.meta.update(lesson_page.FRONT_MATTER)
    return markdown


def on_page_context(context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:  # noqa: ARG001
    """Have the search find a page by its keywords; list only sections in its contents where it says `toc: sections`.

    The search has all headings. It is called before this hook, so that its entries are there.
    """
    if page.meta.get("toc") == "sections":
        for title in page.toc.items:
            for section in title.children:
                section.children = []
    if keywords := page.meta.get("keywords"):
        at = keywords if isinstance(keywords, dict) else {"": keywords}
        _add_keywords(config, page, {f"{page.url}#{place}" if place else page.url: at[place] for place in at})
    return context


def _add_keywords(config: MkDocsConfig, page: Page, wanted: dict[str, list[str]]) -> None:
    """Give entries of the search keywords, which it shows with what it found; `wanted` has them by place on the site.

    In front matter they are a list for the page, or lists by the places on it (`F03: [tokenism]`; "" is the page).
    """
    search: Any = config.plugins["material/search"]
    for entry in search.search_index.entries:
        if words := wanted.pop(entry["location"], None):
            entry["tags"] = words
    if wanted:
        problem = f"keywords for places that the search does not know: {', '.join(wanted)}"
        raise SiteError(Fault(f"docs/{page.file.src_uri}", problem, "Correct them."))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001, as MkDocs calls it
    """Describe a page by its first words, where it does not say itself what it is about; explain terms in its text."""
    if not page.is_homepage and (about := metadata.description(html)):
        page.meta.setdefault("description", escape(about))  # templates put it into an attribute as it is
    if repository := config.extra.get(REPOSITORY):
        page.edit_url = f"{repository.rstrip('/')}/edit/main/docs/{page.file.src_uri}"
    return html if page.meta.get("explain_terms") is False else glossary.explained(study(), page.url, html)
