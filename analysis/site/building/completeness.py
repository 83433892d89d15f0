"""What the site asks of the evidence beyond what the study does, so that no page or link is missing."""

from collections.abc import Iterator
from pathlib import Path

from analysis.site.files import stored_files
from analysis.site.html import permalinks
from analysis.site.pages.ledger import SECTIONS
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import Fault, raise_if_any

PAGES = paths.ROOT / "docs"
FACETS, CLAIMS = "data/evidence/facets.csv", "data/evidence/claims.csv"
#: Checks whose verdict is about the passages that the ledger links to a claim.
OF_LINKED_PASSAGES = ("illustrated",)


def check(study: Evidence, pages: Path = PAGES) -> None:
    """Raise SiteError for a claim or facet that the pages could not show whole: file, row and remedy."""
    raise_if_any(SiteError, _claims_at_no_passage(study))
    raise_if_any(SiteError, _claims_of_no_section(study))
    raise_if_any(SiteError, _facets_without_page(study, pages))


def _claims_at_no_passage(study: Evidence) -> Iterator[Fault]:
    """Yield claims that are to be judged by passages linked to them and have not even one that gives context."""
    linked = set(study.claim_evidence["claim_id"])
    for row, (claim, check) in enumerate(zip(study.claims["claim_id"], study.claims["check"], strict=True), 2):
        if check in OF_LINKED_PASSAGES and claim not in linked:
            remedy = "Link it in claim_evidence.csv, as context at least, or give it another check (beyond_print)."
            yield Fault(CLAIMS, "no passage is linked to this claim", remedy, row, "claim_id", claim)


def _claims_of_no_section(study: Evidence) -> Iterator[Fault]:
    """Yield claims whose first section is none of the article's, which would be nowhere on their page."""
    for row, sections in enumerate(study.claims["section"], 2):
        if sections.split("; ")[0] not in SECTIONS:
            remedy = f"Name first one of: {', '.join(SECTIONS)}."
            yield Fault(CLAIMS, "the article has no such section", remedy, row, "section", sections)


def _facets_without_page(study: Evidence, pages: Path) -> Iterator[Fault]:
    """Yield facets whose codes no page of the codebook shows, so that links to them would lead nowhere."""
    for row, facet in enumerate(study.facets["facet"], 2):
        source = pages / permalinks.code_page(facet).replace(".html", ".md")
        if f'codes_of("{facet}"' not in stored_files.text(source):
            remedy = f"Show it in {paths.shown(source)} by the macro codes_of, as its neighbours are."
            yield Fault(FACETS, "the codebook does not show the codes of this facet", remedy, row, "facet", facet)
