"""What the site says to catalogues, search engines and reference managers about itself, out of CITATION.cff."""

import html
import json
import re
from typing import Any

from analysis.display import html_elements

LONGEST = 200  # characters of a description; search engines show fewer
LICENCES = "https://spdx.org/licenses/"
RESOLVER = "https://doi.org/"

_PARAGRAPH = re.compile(r"<p>(.+?)</p>", re.S)
_TAG = re.compile(r"<[^>]+>")
_SENTENCES = re.compile(r".+[.!?](?=\s)", re.S)


def description(content: str) -> str:
    """Return what a page is about: the first sentences of its first paragraph, as many as a description takes.

    >>> description("<h1>Claims</h1><p>Every <em>claim</em> has a verdict.</p>")
    'Every claim has a verdict.'
    """
    found = _PARAGRAPH.search(content)
    text = " ".join(html.unescape(_TAG.sub("", found[1])).split()) if found else ""
    if len(text) <= LONGEST:
        return text
    sentences = _SENTENCES.match(text[:LONGEST])
    return sentences[0] if sentences else text[: text.rindex(" ", 0, LONGEST)] + " …"


def name(author: dict[str, str]) -> str:
    """Return the name of a person or group as CITATION.cff has it.

    >>> name({"family-names": "Croft", "given-names": "Charlotte"})
    'Charlotte Croft'
    """
    return author.get("name") or f"{author['given-names']} {author['family-names']}"


def linked_data(cited: dict[str, Any], about: str, site_url: str) -> str:
    """Return the compendium as a data set of schema.org, in JSON-LD, with its address where it has one."""
    article = cited["references"][0]
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": cited["title"],
        "description": about,
        "version": cited["version"],
        "creator": [_author(author) for author in cited["authors"]],
        "license": [LICENCES + licence for licence in cited["license"]],
        "keywords": cited["keywords"],
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "isBasedOn": {
            "@type": "ScholarlyArticle",
            "@id": RESOLVER + article["doi"],
            "name": article["title"],
            "author": [_author(author) for author in article["authors"]],
            "datePublished": str(article["year"]),
            "isPartOf": {"@type": "Periodical", "name": article["journal"]},
        },
    }
    if site_url:
        described["url"] = site_url
    return html_elements.json_without_markup(json.dumps(described, ensure_ascii=False, indent=1))


def _author(author: dict[str, str]) -> dict[str, str]:
    return {"@type": "Organization" if "name" in author else "Person", "name": name(author)}
