"""How a page names passages, claims and codes: always as a link to where each is explained."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from analysis.display.html_elements import text
from analysis.site.html import permalinks
from analysis.study import code_tree
from analysis.study.evidence import Evidence
from analysis.support import formatting

KEYS = re.compile(r"\b[TFC][0-9]{2,3}\b")


@dataclass(frozen=True)
class Names:
    """Names of a study as the page `here` shows them (its place, counted from the root of the site)."""

    evidence: Evidence
    here: str

    def to(self, name: str, shown: str | None = None) -> str:
        """Return a link to a passage, claim or code, which shows its key, or for a code its name."""
        address = text(permalinks.on_page(self.evidence, self.here, name))
        return f'<a href="{address}">{text(shown or self.of_code(name))}</a>'

    def at(self, target: str) -> str:
        """Return a place on the site as this page links to it, for an attribute."""
        return text(permalinks.from_page(self.here, target))

    def each(self, names: Iterable[str], none: str = "none") -> str:
        """Return links to several, as a list in prose."""
        return formatting.listed([self.to(name) for name in names], none)

    def within(self, prose: str) -> str:
        """Return prose as HTML in which keys of passages and claims are links."""
        return self.linked(text(prose))

    def linked(self, marked_up: str) -> str:
        """Return HTML or Markdown in which keys of passages and claims are links; it may have none of its own."""
        known = permalinks.addresses(self.evidence)
        return KEYS.sub(lambda key: self.to(key[0]) if key[0] in known else key[0], marked_up)

    def with_gist(self, extract: str, aside: str) -> str:
        """Return a link to a passage, its gist, and an aside of HTML."""
        return f"{self.to(extract)} {text(_gists(self.evidence)[extract])} <small>{aside}</small>"

    def of_code(self, name: str) -> str:
        """Return the name of a code; any other name as it is."""
        return _code_names(self.evidence).get(name, name)


def link(evidence: Evidence, here: str, name: str, shown: str | None = None) -> str:
    """Return a link to a passage, claim or code by its name, for the prose of a page."""
    return Names(evidence, here).to(name, shown)


@lru_cache(maxsize=4)
def _gists(evidence: Evidence) -> dict[str, str]:
    return dict(zip(evidence.extracts["extract_id"], evidence.extracts["gist"], strict=True))


@lru_cache(maxsize=4)
def _code_names(evidence: Evidence) -> dict[str, str]:
    return {
        code: name
        for facet in evidence.facets["facet"]
        for code, name in code_tree.names(evidence.codes, facet).items()
    }
