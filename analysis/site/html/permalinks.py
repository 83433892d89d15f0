"""Where on the site every passage, code and claim is: the addresses that others may cite."""

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence

PASSAGES, CLAIMS, EXPLORER = "evidence/passages.html", "claims/index.html", "evidence/index.html"
MODEL, OWN_COPY = "claims/model.html", "evidence/your-copy.html"


def address(evidence: Evidence, name: str) -> str:
    """Return the page and fragment of a passage (`F14`), claim (`C58`) or code (`holding-accountable`).

    Counted from the root of the site, where no facet and code share a name. Raises SiteError for any other name.
    """
    found = addresses(evidence)
    if name not in found:
        raise SiteError(f"There is no passage, claim or code {name!r} to link to. Look at its spelling.")
    return found[name]


def on_page(evidence: Evidence, here: str, name: str) -> str:
    """Return the address of a passage, claim or code as a page links to it."""
    return from_page(here, address(evidence, name))


@lru_cache(maxsize=4)
def addresses(evidence: Evidence) -> dict[str, str]:
    """Return the address of every passage, claim and code, by its name."""
    return (
        {extract: f"{PASSAGES}#{extract}" for extract in evidence.extracts["extract_id"]}
        | {claim: f"{CLAIMS}#{claim}" for claim in evidence.claims.get("claim_id", [])}
        | {
            code: f"{code_page(facet)}#{code}"
            for code, facet in evidence.codes[["code_id", "facet"]].to_numpy().tolist()
        }
    )


def code_page(facet: str) -> str:
    """Return the page of the codebook that has the codes of a facet.

    >>> code_page("power")
    'codebook/power.html'
    """
    return f"codebook/{facet if facet == 'power' else 'stages-and-response'}.html"


def explorer(chosen: Mapping[str, str]) -> str:
    """Return the address of the explorer where it shows what was chosen.

    >>> explorer({"power": "resource", "stage": "initiation"})
    'evidence/index.html?power=resource&stage=initiation'
    """
    return f"{EXPLORER}?{urlencode(chosen)}"


def from_page(page: str, target: str) -> str:
    """Return a target, counted from the root of the site, as a link on a page.

    >>> from_page("codebook/power.html", "evidence/passages.html#F14")
    '../evidence/passages.html#F14'
    >>> from_page("index.html", "codebook/power.html")
    'codebook/power.html'
    """
    place, mark, fragment = target.partition("#")
    return posixpath.relpath(place, posixpath.dirname(page) or ".") + mark + fragment
