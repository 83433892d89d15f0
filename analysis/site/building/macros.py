"""The macros that pages call, by name: what each shows is made by another module of this package."""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any

from analysis.site.building import completeness, macro_calls
from analysis.site.files import downloads, still_charts
from analysis.site.html import naming
from analysis.site.pages import (
    citing,
    codebook,
    dictionary,
    executed_notebooks,
    explorer,
    home,
    independent_readers,
    ledger,
    literature,
    model_steps,
    numbers_in_prose,
    own_copy,
    passage_list,
    practice,
    rendered_article,
    written,
)
from analysis.site.site_error import SiteError
from analysis.study import loading
from analysis.study.evidence import Evidence
from analysis.support.errors import CompendiumError

#: Macros that are given the evidence, the place of their page, and then what the page gives them.
ON_ITS_PAGE: Mapping[str, Callable[..., str]] = {
    "all_claims": ledger.all_claims,
    "all_passages": passage_list.all_passages,
    "article_text": rendered_article.as_markdown,
    "chart_as_table": home.chart_as_table,
    "choices": ledger.choices,
    "code_alone": codebook.code_alone,
    "code_tree": codebook.code_tree_list,
    "coders": citing.coders,
    "codes_of": codebook.codes_of,
    "codes_under": codebook.codes_under,
    "coding_log": written.coding_log,
    "coding_material": practice.embedded,
    "copy_material": own_copy.embedded,
    "derived_tables": dictionary.derived_tables,
    "explorer": explorer.explorer,
    "how_far_readers_agree": independent_readers.how_far_readers_agree,
    "link": naming.link,
    "made_with": citing.made_with,
    "model_steps": model_steps.model_steps,
    "notebook": executed_notebooks.as_markdown,
    "overview": ledger.overview,
    "picture": still_charts.picture,
    "reported": numbers_in_prose.reported,
    "settled_against_readers": independent_readers.settled_against_readers,
    "tables_of_evidence": dictionary.tables_of_evidence,
    "tables_to_download": downloads.tables_to_download,
    "verdict_meanings": ledger.verdict_meanings,
    "way_down": home.claim_to_passage_example,
    "what_counts": codebook.what_counts,
    "where_readers_differ": independent_readers.where_readers_differ,
    "who_coded": independent_readers.who_coded,
    "worked": numbers_in_prose.worked,
}
#: Macros whose answer is the same on every page.
OF_THE_EVIDENCE: Mapping[str, Callable[..., str]] = {
    "code_title": codebook.code_title,
    "coding_choices": practice.choices,
    "coding_sizes": practice.sizes,
}
#: Macros that tell of the compendium and not of its evidence.
OF_THE_COMPENDIUM: Mapping[str, Callable[..., str]] = {
    "bibtex": citing.bibtex,
    "cited": literature.cited,
    "commands": written.commands,
    "contributing": written.contributing,
    "of_article": citing.of_article,
    "of_compendium": citing.of_compendium,
}

#: What the macros of this build gave, for messages about it.
calls: list[macro_calls.Call] = []


class Stopped(SystemExit):
    """The build stops: a macro cannot show what its page asks for. The macros plugin would swallow any other error."""

    def __init__(self, cause: CompendiumError) -> None:
        super().__init__(1)
        self.cause = cause


@cache
def study() -> Evidence:
    """Return the evidence, read once a build: what is computed from it is remembered with it."""
    found = loading.load()
    completeness.check(found)
    return found


def define_env(env: Any) -> None:
    """Give pages their macros; called by the macros plugin once a build."""
    evidence = stop_build_on_error(study)()

    def on_its_page(function: Callable[..., str]) -> Callable[..., str]:
        return lambda *given: function(evidence, str(env.page.url), *given)

    def of_the_evidence(function: Callable[..., str]) -> Callable[..., str]:
        return lambda *given: function(evidence, *given)

    macros = {
        **{name: on_its_page(function) for name, function in ON_ITS_PAGE.items()},
        **{name: of_the_evidence(function) for name, function in OF_THE_EVIDENCE.items()},
        **OF_THE_COMPENDIUM,
    }
    for name, function in macros.items():
        env.macro(stop_build_on_error(record_call(function, env), lambda: macro_calls.calling(env.page)), name)


def record_call(function: Callable[..., str], env: Any) -> Callable[..., str]:
    """Make a macro take down what it gives to which line."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> str:
        gave = function(*given, **named)
        calls.append(macro_calls.Call(env.page.file.src_uri, macro_calls.line_of_call(env.page), gave))
        return gave

    return call


def stop_build_on_error(function: Callable[..., Any], where: Callable[[], str] | None = None) -> Callable[..., Any]:
    """Make errors that the user is to be told of stop the build; `where` says which page asked."""

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except CompendiumError as error:
            raise Stopped(error if where is None else SiteError(f"{where()}: {error}")) from error

    return call
