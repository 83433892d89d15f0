"""What the page that takes a reader's own copy needs: fingerprints, gists, and their addresses."""

from typing import Any

from analysis.display import html_elements
from analysis.site.html import permalinks
from analysis.study.evidence import Evidence
from analysis.wording import copies, fingerprints


def embedded(evidence: Evidence, here: str) -> str:
    """Return the data of the page that takes a reader's own copy, as the page carries them."""
    return html_elements.script("copy-material", material(evidence, here))


def material(evidence: Evidence, here: str) -> dict[str, Any]:
    """Return the fragments to look for, what each owner is to a reader, and how a web page is turned into text."""
    return {
        "fragments": evidence.fragments[fingerprints.FRAGMENT_COLUMNS].to_dict("records"),
        "citedWithin": fingerprints.CITED_WITHIN,
        "blocks": copies.BLOCKS,
        "passages": _owners(evidence, here, "extracts", "extract_id", "gist"),
        "codes": _owners(evidence, here, "codes", "code_id", "name"),
    }


def _owners(evidence: Evidence, here: str, table: str, key: str, text: str) -> dict[str, dict[str, str]]:
    """Map the owners of fragments that are in a table to our text on them and an address."""
    rows = getattr(evidence, table)
    owners = rows[rows[key].isin(evidence.fragments["owner_id"])]
    return {
        owner: {"text": words, "address": permalinks.on_page(evidence, here, owner)}
        for owner, words in owners[[key, text]].to_numpy().tolist()
    }
