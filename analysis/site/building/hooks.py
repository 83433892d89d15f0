"""Hooks of MkDocs: files made from the data, front matter that is checked, and descriptions of pages."""

from html import escape
from pathlib import Path

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import YAML_RE

from analysis.site.building import generated_files
from analysis.site.building.macros import study
from analysis.site.files import stored_files
from analysis.site.pages import citing, metadata
from analysis.site.site_error import SiteError
from analysis.support.errors import Fault

REFERENCE_STYLE = "assets/_mkdocstrings.css"  # only the reference of the package needs it, and names it itself


@event_priority(100)  # before the macros are defined, so that they and the files come from the same evidence
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the evidence, and give templates what they cite."""
    study()
    cited = citing.citation()
    config.extra["catalogue_metadata"] = {
        "title": cited["title"],
        "authors": [metadata.name(author) for author in cited["authors"]],
        "licences": [metadata.LICENCES + licence for licence in cited["license"]],
        "sources": [metadata.RESOLVER + work["doi"] for work in cited["references"]],
        "linked_data": metadata.linked_data(cited, config.site_description or "", config.site_url or ""),
    }
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files that are made from the data to those in the folder of pages; drop a style that few pages need."""
    config.extra_css.remove(REFERENCE_STYLE)
    for place, content in generated_files.files(study(), config.extra.get(generated_files.READY)):
        files.append(File.generated(config, place, content=content))
    return files


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


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001, as MkDocs calls it
    """Describe a page by its first words, where it does not say itself what it is about."""
    if not page.is_homepage and (about := metadata.description(html)):
        page.meta.setdefault("description", escape(about))  # templates put it into an attribute as it is
    return html
