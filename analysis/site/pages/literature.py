"""Citations of the literature on pages: author and year, linked, from the bibliography of the article."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from analysis.site.files import stored_files
from analysis.site.site_error import SiteError
from analysis.support import formatting, paths
from analysis.support.errors import Fault

BIBLIOGRAPHY = paths.ARTICLE.with_name("references.bib")
_ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.M | re.S)
_FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", re.M)
NAMED = 2  # authors; of more, the first stands for all


_MARKUP = {"\\&": "&", "--": "–", "{": "", "}": ""}


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
    address = _address(entry)
    year = entry.get("date", "n.d.")[:4]
    return f"{_authors(entry['author'])} ({f'[{year}]({address})' if address else year})"


def references(keys: Iterable[str]) -> str:
    """Return a list of references in full, by author and year, each with its DOI or address.

    >>> print(references(["maxwell2010"]))
    - Maxwell, J. A. (2010). Using numbers in qualitative research. *Qualitative Inquiry*, 16(6), 475–482. <https://doi.org/10.1177/1077800410364740>
    """
    entries = [_bibliography()[key] for key in dict.fromkeys(keys)]
    return "\n".join(f"- {_in_full(entry)}" for entry in sorted(entries, key=lambda one: (one["author"], one["date"])))


def _in_full(entry: dict[str, str]) -> str:
    names = [_plain(name) for name in entry["author"].split(" and ")]
    listed = names[0] if len(names) == 1 else f"{'; '.join(names[:-1])}; and {names[-1]}"
    end = "" if entry["title"].endswith(("?", "!")) else "."
    title = f"{_plain(entry['title'])}{end}"
    if "journaltitle" in entry:
        issue = f"({entry['number']})" if "number" in entry else ""
        volume = [f"{entry['volume']}{issue}"] if "volume" in entry else []
        pages = [_plain(entry["pages"])] if "pages" in entry else []
        journal = f"*{_plain(entry['journaltitle'])}*"
        where = f"{title} {', '.join([journal, *volume, *pages])}"
    else:
        where = f"*{title}* {_plain(entry['publisher'])}"
    return f"{listed} ({entry['date'][:4]}). {where}. <{_address(entry)}>"


def _plain(text: str) -> str:
    for mark, sign in _MARKUP.items():
        text = text.replace(mark, sign)
    return text


def _address(entry: dict[str, str]) -> str:
    return f"https://doi.org/{entry['doi']}" if "doi" in entry else entry.get("url", "")


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
