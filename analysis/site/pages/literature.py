"""Citations of the literature on pages: author and year, linked, from the bibliography of the article."""

import re
from collections import Counter
from functools import cache

from analysis.site.files import stored_files
from analysis.site.site_error import SiteError
from analysis.support import formatting, paths
from analysis.support.errors import Fault

BIBLIOGRAPHY = paths.ARTICLE.with_name("references.bib")
_ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.M | re.S)
_FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", re.M)
NAMED = 2  # authors; of more, the first stands for all


def cited(key: str) -> str:
    """Return a citation in running text, linked to its DOI or address.

    Raises SiteError where the bibliography has no such entry.

    >>> cited("steegen2016")
    'Steegen et al. ([2016](https://doi.org/10.1177/1745691616658637))'
    """
    entry = _bibliography().get(key)
    if entry is None:
        remedy = "Cite what is there, or add it once it was checked."
        raise SiteError(Fault(BIBLIOGRAPHY, f"has no entry {key!r}", remedy))
    address = f"https://doi.org/{entry['doi']}" if "doi" in entry else entry.get("url", "")
    year = entry.get("date", "n.d.")[:4]
    return f"{_authors(entry['author'])} ({f'[{year}]({address})' if address else year})"


@cache
def _bibliography() -> dict[str, dict[str, str]]:
    entries = _ENTRY.findall(stored_files.text(BIBLIOGRAPHY))
    for key, count in Counter(key for key, _ in entries).items():
        if count > 1:
            remedy = "Give each entry a key of its own, or delete one."
            raise SiteError(Fault(BIBLIOGRAPHY, f"the key {key!r} is given twice", remedy))
    return {key: dict(_FIELD.findall(fields)) for key, fields in entries}


def _authors(names: str) -> str:
    families = [name.split(",")[0].strip("{} ") for name in names.split(" and ")]
    return f"{families[0]} et al." if len(families) > NAMED else formatting.listed(families)
