"""Where on the site every passage, code and claim is: the addresses that others may cite."""

import posixpath

from analysis import structure
from analysis.evidence import Evidence
from analysis.site.faults import SiteError

PASSAGES, CLAIMS, EXPLORER = "evidence/passages.html", "claims/index.html", "evidence/index.html"


def address(evidence: Evidence, name: str) -> str:
    """Return the page and fragment of a passage (`F14`), claim (`C58`) or code (`holding-accountable`).

    Counted from the root of the site, where no facet and code share a name. Raises SiteError for any other name.
    """
    if name in set(evidence.extracts["extract_id"]):
        return f"{PASSAGES}#{name}"
    if name in set(evidence.claims["claim_id"]):
        return f"{CLAIMS}#{name}"
    facets = evidence.codes.set_index("code_id")["facet"]
    if name not in facets.index:
        raise SiteError(f"There is no passage, claim or code {name!r} to link to. Look at its spelling.")
    return f"{code_page(evidence, str(facets[name]), name)}#{name}"


def code_page(evidence: Evidence, facet: str, code: str) -> str:
    """Return the page of a code: that of its top-level code in a facet with a tree, else that of its facet."""
    levels = structure.levels(evidence.codes, facet)
    top = structure.rolled_up(evidence.codes, facet, levels[0])[code]
    return f"codebook/{top if len(levels) > 1 else facet}.html"


def from_page(page: str, target: str) -> str:
    """Return a target, counted from the root of the site, as a link on a page.

    >>> from_page("codebook/stage.html", "evidence/passages.html#F14")
    '../evidence/passages.html#F14'
    >>> from_page("index.html", "codebook/stage.html")
    'codebook/stage.html'
    """
    place, mark, fragment = target.partition("#")
    return posixpath.relpath(place, posixpath.dirname(page) or ".") + mark + fragment
