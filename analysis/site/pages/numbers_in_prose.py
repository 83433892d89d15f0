"""Numbers and worked examples in the prose of pages, by their names."""

from functools import lru_cache

from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis.article_numbers import Reported
from analysis.site.html import imported_html
from analysis.site.html.naming import Names
from analysis.site.pages.worked_examples import Worked
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence


def reported(evidence: Evidence, here: str, name: str, *of: str) -> str:
    """Return a number as the article reports it: `reported("observed", "cited-passages")`.

    `name` is a public name of `analysis.reanalysis.article_numbers.Reported`, `of` what it is asked for. Passages and
    claims in the answer are links. Raises SiteError for another name, and for more or less than it takes.
    """
    return _shown(evidence, here, _reported(evidence), name, of)


def worked(evidence: Evidence, here: str, name: str, *of: str) -> str:
    """Return a worked example, or a figure of one, by its name in `Worked`; the rest is as in `reported`."""
    return _shown(evidence, here, _worked(evidence), name, of)


# Both remember what they have computed.
_reported = lru_cache(maxsize=2)(Reported)
_worked = lru_cache(maxsize=2)(Worked)


def _shown(evidence: Evidence, here: str, holder: Reported | Worked, name: str, of: tuple[str, ...]) -> str:
    known = [known for known in vars(type(holder)) if not known.startswith("_")]
    if name not in known:
        raise SiteError(f"There is no number or example {name!r} to show. Choose one of: {', '.join(known)}.")
    found = getattr(holder, name)
    try:
        answer = found(*of) if callable(found) else found
    except TypeError:
        raise SiteError(f"{name!r} was asked of {list(of)}, which is more or less than it takes.") from None
    names = Names(evidence, here)
    return imported_html.sheet(answer, names) if isinstance(answer, CaptionedTable) else names.within(str(answer))
