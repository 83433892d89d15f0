"""The explorer of the published passages: what it says of them beyond what every study says of its own."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from analysis.publishing import explorer as any_explorer
from analysis.publishing.explorer import Explorer
from analysis.publishing.explorer_facts import Chart
from analysis.reanalysis import claims
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.pages.passage_list import citation
from analysis.study.evidence import Evidence

CHART = Chart("power", "stage")
_LABELS = {"power": "Kind of power", "response": "Researchers’ response"}
_WAYS = {"illustrates": "Illustrates", "counted": "Counted for", "counters": "Against"}
_CONTEXT = {"context": "Context for"}


def explorer(evidence: Evidence, here: str) -> str:
    """Return the explorer as HTML for the page `here`."""
    return any_explorer.explorer(EvidenceExplorer(evidence, here))


class EvidenceExplorer(Explorer):
    """The explorer of what the article cites: kind of power by stage, with the claims on which a passage bears."""

    everything = "Every kind of power"
    axes = ("Power", "stage")
    caption = "Passages that support a kind of power, by stage"
    forms: Mapping[str, str] = {"table": "in the table", "block": "as a block", "inline": "in a sentence"}
    bases: Mapping[str, str] = {
        "wording": "its own words",
        "lead-in": "the article’s sentence before it",
        "label": "the row of the article’s table",
        "none": "nothing, as no stage is stated",
    }
    #: A row does not say of its passage that no response is reported, since it says nothing else of it.
    unsaid = frozenset({"not-reported"})
    first_order = "as in the article"
    form, stance, basis = "Printed", "Stance", "Stage rests on"
    sought, example = "Words, passage or claim", "money, F06, C71"

    def __init__(self, evidence: Evidence, here: str) -> None:
        facets = evidence.facets["facet"]
        super().__init__(evidence, CHART, {facet: _LABELS.get(facet, facet.capitalize()) for facet in facets})
        self.names = Names(evidence, here)

    def link(self, facet: str, code: str) -> str:
        """Return a link to a code in the codebook."""
        del facet
        return self.names.to(code)

    def passage(self, key: str) -> str:
        """Return the address of a passage in the list of all."""
        return f"{permalinks.PASSAGES.rpartition('/')[2]}#{key}"

    def citation(self, passage: Mapping[Any, Any]) -> str:
        """Return how a passage is cited, and where its wording is."""
        return citation(self.evidence, passage)

    def bearing(self, key: str, in_context: bool) -> str:
        """Return the claims on which a passage bears."""
        by_way, ways = self._bearing.get(key, {}), _CONTEXT if in_context else _WAYS
        shown = [
            f"<span>{said} {' '.join(self.names.to(claim) for claim in by_way[way])}</span>"
            for way, said in ways.items()
            if way in by_way
        ]
        return f'<p class="explorer-claims">{" ".join(shown)}</p>' if shown else ""

    @cached_property
    def _bearing(self) -> dict[str, dict[str, dict[str, None]]]:
        """By passage, the claims that it bears on, apart by how: linked in the ledger, or counted by a check."""
        evidence, found = self.evidence, dict[str, dict[str, dict[str, None]]]()
        if evidence.claims.empty:
            return found

        def add(extract: str, how: str, claim: str) -> None:
            found.setdefault(extract, {}).setdefault(how, {})[claim] = None

        links = evidence.claim_evidence[["claim_id", "extract_id", "bearing"]]
        for claim, extract, how in links.itertuples(index=False):
            add(extract, how, claim)
        for claim, assessed in claims.find(evidence).items():
            for extract in assessed.passages:
                if claim not in found.get(extract, {}).get("illustrates", {}):
                    add(extract, "counted", claim)
            for extract in assessed.against:
                add(extract, "counters", claim)
        return found
