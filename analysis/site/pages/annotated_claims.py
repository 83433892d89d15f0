"""The claims as annotations on the article, as the site offers them: without quotations."""

import json
from collections.abc import Iterator
from urllib.parse import urljoin

from analysis.reanalysis import claim_annotations
from analysis.site.html import permalinks
from analysis.site.pages import citing, metadata
from analysis.study.evidence import Evidence

PLACE = "claims/annotations.jsonld"


def annotations_counted(evidence: Evidence) -> str:
    """Say how many annotations there are, and how many of them a reader's own file puts on the wording of passages."""
    made = claim_annotations.collection(evidence)["first"]["items"]
    on_wording = sum(claim_annotations.names_passages(evidence, one) for one in made)
    return f"{len(made)} annotations, of which {on_wording} name passages"


def files(evidence: Evidence, site_url: str) -> Iterator[tuple[str, bytes]]:
    """Yield the annotations: place and content. Each links to its claim where the site has an address."""
    cited = citing.citation()
    described = {
        "creator": [{"type": "Organization", "name": metadata.name(one)} for one in cited["authors"]],
        "rights": metadata.LICENCES + cited["license"][-1],
        "schema:version": cited["version"],
    }
    claims = evidence.claims["claim_id"].tolist() if site_url else []
    addresses = {claim: urljoin(site_url, permalinks.address(evidence, claim)) for claim in claims}
    made = claim_annotations.collection(evidence, described, addresses)
    yield PLACE, (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()
