"""The macros that pages call, by name: what each shows is made by another module of this package."""

import inspect
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from jinja2 import TemplateSyntaxError
from mkdocs.structure.pages import Page
from mkdocs_macros.errors import format_error

from analysis.site.building import completeness
from analysis.site.files import markdown_excerpts
from analysis.site.html import naming
from analysis.site.pages import (
    annotated_claims,
    citing,
    code_it_yourself,
    codebook,
    course,
    data_dictionary,
    download_tables,
    elsewhere,
    evidence_explorer,
    executed_notebooks,
    fair_and_reporting,
    glossary,
    home,
    independent_readers,
    large_archives,
    ledger,
    lesson_class,
    lesson_page,
    lesson_releases,
    literature,
    model_steps,
    numbers_in_prose,
    offered_interviews,
    own_copy,
    package_plan,
    passage_list,
    rendered_article,
    reread_material,
    responses,
    verdict_filters,
    verdict_list,
)
from analysis.site.site_error import SiteError
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support.errors import CompendiumError
from analysis.teaching import lesson_reference, passage_texts

#: Macros by the names that pages call; parameters `evidence` and `here` (the place of the page) are filled in for them.
MACROS: Mapping[str, Callable[..., str]] = {
    "about_blind_gists": passage_texts.about_blind_gists,
    "all_claims": verdict_list.all_claims,
    "all_passages": passage_list.all_passages,
    "annotations_counted": annotated_claims.annotations_counted,
    "article_text": rendered_article.article,
    "assessed_by_program": fair_and_reporting.assessed,
    "bibtex": citing.bibtex,
    "changelog": markdown_excerpts.changelog,
    "choices": verdict_filters.choices,
    "cited": literature.cited,
    "claim_ranges": home.claim_ranges,
    "claimed_model": model_steps.claimed_model,
    "code_tree": codebook.code_tree_list,
    "coders": citing.coders,
    "codes_of": codebook.codes_of,
    "coding_choices": code_it_yourself.choices,
    "coding_log": markdown_excerpts.coding_log,
    "coding_material": code_it_yourself.embedded,
    "coding_sizes": code_it_yourself.sizes,
    "commands": markdown_excerpts.commands,
    "copy_citation": citing.copy_citation,
    "copy_material": own_copy.embedded,
    "course_readings": course.course_readings,
    "decisions": markdown_excerpts.decisions,
    "downloads_offered": download_tables.offered,
    "downloads_where_from": download_tables.where_from,
    "derived_tables": data_dictionary.derived_tables,
    "explorer": evidence_explorer.explorer,
    "findings_hold": home.findings_hold,
    "glossary": glossary.glossary,
    "floor_plan": package_plan.floor_plan,
    "how_far_readers_agree": independent_readers.how_far_readers_agree,
    "interview_opening": offered_interviews.opening,
    "interviews_counted": offered_interviews.counted,
    "interviews_for_instructors": offered_interviews.for_instructors,
    "interviews_offered": offered_interviews.offered,
    "large_archives": large_archives.measured,
    "lesson_class": lesson_class.lesson_class,
    "lesson_figures": lesson_reference.lesson_figures,
    "lesson_guide": lesson_releases.guide,
    "lesson_keys": lesson_reference.lesson_keys_of,
    "lesson_measures": lesson_reference.lesson_measures,
    "lesson_page": lesson_page.lesson,
    "lesson_tables": lesson_reference.lesson_tables,
    "lessons_offered": lesson_releases.offered,
    "link": naming.link,
    "made_with": citing.made_with,
    "model": model_steps.model,
    "model_steps": model_steps.model_steps,
    "notebook": executed_notebooks.as_markdown,
    "of_article": citing.of_article,
    "of_compendium": citing.of_compendium,
    "plain_language": markdown_excerpts.plain_language,
    "public_names": package_plan.public_names,
    "reference_agreement": offered_interviews.agreement,
    "reference_of": package_plan.reference_of,
    "reporting_counted": fair_and_reporting.reporting_counted,
    "reported": numbers_in_prose.reported,
    "reread_material": reread_material.embedded,
    "responses": responses.responses,
    "settled_against_readers": independent_readers.settled_against_readers,
    "stage_grid": model_steps.stage_grid,
    "stage_ranges": home.stage_ranges,
    "standard": fair_and_reporting.standard,
    "standard_counted": fair_and_reporting.standard_counted,
    "start_links": elsewhere.start_links,
    "table_of_packages": package_plan.table_of_packages,
    "summary_of_verdicts": verdict_list.summary_of_verdicts,
    "supplement_text": rendered_article.supplement,
    "tables_compared": home.tables_compared,
    "tables_of_evidence": data_dictionary.tables_of_evidence,
    "tables_to_download": download_tables.tables_to_download,
    "verdict_bar": home.verdict_bar,
    "verdict_meanings": ledger.verdict_meanings,
    "what_counts": codebook.what_counts,
    "where_readers_differ": independent_readers.where_readers_differ,
    "who_coded": independent_readers.who_coded,
    "workbench_interviews": offered_interviews.workbench_interviews,
    "worked": numbers_in_prose.worked,
}


#: Macros that take long, with all that pages give them: a second process calls them, and their pages come late.
BESIDE = (
    *(("lesson_page", name) for name in lesson_releases.PAGES),
    *(("lesson_guide", name) for name in lesson_releases.PAGES),
    ("lessons_offered",),
    ("lesson_class",),
    ("floor_plan",),
    ("table_of_packages",),
)
#: Among the extra settings of MkDocs: the `Made` of the second process, or what makes the same here.
MADE = "made"
#: Macros that have to wait for the second process: for what it makes of them, or for files to download.
_LATE = {name for name, *_ in BESIDE} | {
    name for name, function in MACROS.items() if "to_download" in inspect.signature(function).parameters
}


def is_late(markdown: str) -> bool:
    """Tell whether a page shows what the second process makes."""
    return any(f"{{{{ {name}(" in markdown for name in _LATE)


def beside() -> dict[tuple[str, ...], str]:
    """Return what the macros of BESIDE give; one that fails is left out, so that its page reports the fault."""
    found: dict[tuple[str, ...], str] = {}
    for name, *given in BESIDE:
        with suppress(CompendiumError):
            found[name, *given] = _called(name, {"evidence": study}, given)
    return found


def _called(name: str, known: Mapping[str, Callable[[], Any]], given: Iterable[Any]) -> str:
    parameters = inspect.signature(MACROS[name]).parameters
    return MACROS[name](*(value() for parameter, value in known.items() if parameter in parameters), *given)


@cache
def study() -> Evidence:
    """Return the evidence, read and checked once a build."""
    found = loading.load()
    completeness.check(found)
    return found


def define_env(env: Any) -> None:
    """Give pages their macros; called by the macros plugin once a build."""
    known: dict[str, Callable[[], Any]] = {
        "evidence": study,
        "here": lambda: str(env.page.url),
        "to_download": lambda: env.conf.extra[MADE].to_download,
    }

    def macro(name: str) -> Callable[..., str]:
        def call(*given: Any) -> str:
            made = env.conf.extra[MADE].texts if (name, *given) in BESIDE else {}
            return made.get((name, *given)) or _called(name, known, given)

        return call

    for name in MACROS:
        env.macro(macro(name), name)


@format_error.register(TemplateSyntaxError)  # the plugin itself has a function for each of the two
@format_error.register(Exception)
def stop_build_on_error(error: Exception, markdown: str, page: Page) -> str:
    """Stop at a macro that fails and name page and line; called by the plugin, which would log the error at length."""
    _, line = template_line(error)
    if line is not None:  # what front matter takes up is not part of the template
        line += (page.file.content_string or "").removesuffix(markdown).count("\n")
    place = f"docs/{page.file.src_uri}" + (f", line {line}" if line else "")
    raise SiteError(f"{place}: {error}") from error


def template_line(error: Exception) -> tuple[str | None, int | None]:
    """Return the file and line of the template in which an error arose, as far as Jinja says them."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    found = [frame for frame in frames if frame.filename.endswith(("<template>", ".html", ".xml"))]
    return (found[-1].filename, found[-1].lineno) if found else (None, None)
