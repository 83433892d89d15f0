"""The macros that pages call: what they show is made by the other modules of this package."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from analysis import evidence as stored
from analysis.article import Reported
from analysis.evidence import Evidence
from analysis.faults import CompendiumError
from analysis.site import (
    citing,
    codebook,
    completeness,
    dictionary,
    downloads,
    embedding,
    executed_notebooks,
    figures,
    foreign,
    home,
    judges,
    ledger,
    literature,
    model_steps,
    own_copy,
    passages,
    pictures,
    places,
    practice,
    rendered_article,
    written,
)
from analysis.site.faults import SiteError
from analysis.site.naming import Names
from analysis.site.worked_examples import Worked

#: What takes the evidence and the place of the page, and after them what the page gives.
OF_THE_EVIDENCE: tuple[Callable[..., str], ...] = (
    codebook.code_alone, codebook.code_tree, codebook.codes_of, codebook.codes_under, codebook.what_counts,
    dictionary.derived_tables, dictionary.tables_of_evidence, downloads.tables_to_download,
    home.chart_as_table, home.way_down,
    judges.how_far_readers_agree, judges.settled_against_readers, judges.where_readers_differ, judges.who_coded,
    ledger.all_claims, ledger.choices, ledger.overview, ledger.verdict_meanings,
    model_steps.model_steps, passages.all_passages, pictures.picture, written.coding_log,
)  # fmt: skip

#: What the macros of this build gave, for messages about it.
calls: list[places.Call] = []


class Stopped(SystemExit):
    """The build stops: a macro cannot show what its page asks for. The macros plugin would swallow any other error."""

    def __init__(self, cause: CompendiumError) -> None:
        super().__init__(1)
        self.cause = cause


@cache
def study() -> Evidence:
    """Return the evidence, read once a build: what is computed from it is remembered with it."""
    found = stored.load()
    completeness.check(found)
    return found


def define_env(env: Any) -> None:
    """Give pages their macros; called by the macros plugin once a build."""
    evidence = stopping(study)()

    def macro(function: Callable[..., str]) -> None:
        told = stopping(remembered(function, env), lambda: places.calling(env.page))
        env.macro(told, function.__name__)

    def here() -> str:
        return str(env.page.url)

    def on_its_page(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def call(*given: Any) -> str:
            return function(evidence, here(), *given)

        return call

    def link(name: str, text: str | None = None) -> str:
        """Link to a passage, claim or code by its name."""
        return Names(evidence, here()).to(name, text)

    def code_title(code: str) -> str:
        """Return the name of a code as the title of its page."""
        return codebook.code_title(evidence, code)

    given_by_page: tuple[Callable[..., str], ...] = (link, code_title, contributing)
    for function in (*given_by_page, *map(on_its_page, OF_THE_EVIDENCE)):
        macro(function)

    def article_text() -> str:
        """Show the rendered article."""
        return rendered_article.as_markdown(evidence, here())

    def notebook(name: str) -> str:
        """Show an executed notebook."""
        return executed_notebooks.as_markdown(evidence, name, here())

    article, examples = Reported(evidence), Worked(evidence)

    def reported(name: str, *given: str) -> str:
        """Give a number as the article reports it: `reported("observed", "cited-passages")`."""
        return figures.shown(article, name, given, foreign.linker(evidence, here()))

    def worked(name: str, *given: str) -> str:
        """Show a worked example, or give a figure of one."""
        return figures.shown(examples, name, given, foreign.linker(evidence, here()))

    def made_with() -> str:
        """Show what made the site."""
        return foreign.sheet(citing.made_with(), foreign.linker(evidence, here()))

    def coders() -> str:
        """Show who coded."""
        return foreign.sheet(citing.coders(evidence), foreign.linker(evidence, here()))

    cites = (literature.cited, citing.of_article, citing.of_compendium, citing.bibtex)
    for reading in (article_text, notebook, reported, worked, made_with, coders, *cites):
        macro(reading)

    def coding_choices() -> str:
        """Return what a reader who codes may choose, with the rules."""
        return practice.choices(evidence)

    def coding_sizes() -> str:
        """Return how many passages a reader may code."""
        return practice.sizes(evidence)

    def coding_material() -> str:
        """Return the data of the page on which readers code."""
        return embedding.script("coding-material", practice.material(evidence, here()))

    def copy_material() -> str:
        """Return the data of the page that takes a reader's own copy."""
        return embedding.script("copy-material", own_copy.material(evidence, here()))

    for one in (coding_choices, coding_sizes, coding_material, copy_material):
        macro(one)


def contributing(title: str) -> str:
    """Return what CONTRIBUTING.md says under a heading."""
    return written.section(written.CONTRIBUTING, title)


def remembered(function: Callable[..., str], env: Any) -> Callable[..., str]:
    """Make a macro take down what it gives to which line."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> str:
        gave = function(*given, **named)
        calls.append(places.Call(env.page.file.src_uri, places.line_of_call(env.page), gave))
        return gave

    return call


def stopping(function: Callable[..., Any], where: Callable[[], str] | None = None) -> Callable[..., Any]:
    """Make errors that the user is to be told of stop the build; `where` says which page asked."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except CompendiumError as error:
            raise Stopped(error if where is None else SiteError(f"{where()}: {error}")) from error

    return call
