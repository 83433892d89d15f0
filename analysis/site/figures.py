"""Numbers in the prose of pages, by the same names as in the article."""

from functools import lru_cache

from analysis.article import Reported
from analysis.evidence import Evidence
from analysis.site.faults import SiteError


def reported(evidence: Evidence, name: str, *of: str) -> str:
    """Return a number as the article reports it: `reported("observed", "cited-passages")`.

    `name` is a public name of `analysis.article.Reported`, `of` what it is asked for. Raises SiteError for any other.
    """
    if name.startswith("_") or not hasattr(Reported, name):
        known = ", ".join(known for known in vars(Reported) if not known.startswith("_"))
        raise SiteError(f"The article reports nothing by the name {name!r}. Choose one of: {known}.")
    found = getattr(_article(evidence), name)
    try:
        return str(found(*of) if callable(found) else found)
    except TypeError:
        raise SiteError(f"{name!r} was asked of {list(of)}, which is more or less than it takes.") from None


@lru_cache(maxsize=2)  # it remembers what it has computed
def _article(evidence: Evidence) -> Reported:
    return Reported(evidence)
