"""Numbers and worked examples in the prose of pages, by their names."""

from analysis.site import foreign
from analysis.site.faults import SiteError
from analysis.site.foreign import Link
from analysis.tables import Sheet


def shown(of: object, name: str, given: tuple[str, ...], link: Link) -> str:
    """Return what a page asks for by name: tables as HTML, passages and claims as links.

    `of` has it as a public member (`analysis.article.Reported`, for the numbers that the article reports), `given` is what
    it is asked for. Raises SiteError for another name, and for more or less than it takes.
    """
    if name.startswith("_") or not hasattr(type(of), name):
        known = ", ".join(known for known in vars(type(of)) if not known.startswith("_"))
        raise SiteError(f"There is no number or example {name!r} to show. Choose one of: {known}.")
    found = getattr(of, name)
    try:
        answer = found(*given) if callable(found) else found
    except TypeError:
        raise SiteError(f"{name!r} was asked of {list(given)}, which is more or less than it takes.") from None
    return foreign.sheet(answer, link) if isinstance(answer, Sheet) else foreign.linked(str(answer), link)
