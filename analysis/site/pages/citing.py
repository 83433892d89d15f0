"""How to cite the compendium and the article whose evidence it holds, who made it, and with what."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from analysis.display.captioned_tables import CaptionedTable
from analysis.site.files import stored_files
from analysis.site.html import imported_html
from analysis.site.html.copying import copy_button
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths, provenance
from analysis.support.errors import Fault

CITATION = paths.ROOT / "CITATION.cff"
NEEDED = ("title", "version", "date-released", "authors", "license", "keywords", "references")
FOLDER = "cite"
SITE_PACKAGES = ("mkdocs", "mkdocs-material", "mkdocs-macros-plugin", "mkdocstrings")
BIBTEX = "power-in-co-production.bib"


def of_compendium() -> str:
    """Return the citation of the compendium for a list of references."""
    cited = citation()
    return f"{_authors(cited)} ({_year(cited)}). *{cited['title']}* (version {cited['version']}) [Data set]."


def of_article() -> str:
    """Return the citation of the article for a list of references, with its DOI as a link."""
    cited = article()
    place = f"*{cited['journal']}*, *{cited['volume']}*({cited['issue']}), {cited['start']}–{cited['end']}"
    address = f"https://doi.org/{cited['doi']}"
    return f"{_authors(cited)} ({cited['year']}). {cited['title']}. {place}. [{address}]({address})"


def copy_citation(work: str) -> str:
    """Return buttons that copy the citation of the `article` or the `compendium`: as text, and as BibTeX."""
    cited = {"article": of_article, "compendium": of_compendium}[work]()
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cited).replace("*", "")
    return f"{copy_button('Copy the citation', plain)} {copy_button('Copy BibTeX', bibtex_entries()[work])}"


def bibtex() -> str:
    """Return both citations as BibTeX."""
    return "\n".join(bibtex_entries().values())


def bibtex_entries() -> dict[str, str]:
    """Return each citation as an entry of BibTeX: that of the `compendium`, and that of the `article`."""
    ours, theirs = citation(), article()
    of_compendium = {
        "author": f"{{{_authors(ours)}}}",
        "title": ours["title"],
        "year": _year(ours),
        "note": f"Data set, version {ours['version']}",
    }
    of_article = {
        "author": " and ".join(f"{one['family-names']}, {one['given-names']}" for one in theirs["authors"]),
        "title": theirs["title"],
        "journal": theirs["journal"],
        "year": theirs["year"],
        "volume": theirs["volume"],
        "number": theirs["issue"],
        "pages": f"{theirs['start']}--{theirs['end']}",
        "doi": theirs["doi"],
    }
    return {
        "compendium": _entry("misc{powerincoproduction", of_compendium),
        "article": _entry(f"article{{chen{theirs['year']}", of_article),
    }


def _entry(head: str, fields: dict[str, Any]) -> str:
    return "\n".join([f"@{head},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}\n"])


def _year(cited: dict[str, Any]) -> str:
    return str(cited["date-released"])[:4]


def made_with(evidence: Evidence, here: str) -> str:
    """Show what made the site: commit, lock and versions."""
    table = provenance.colophon()
    table.loc["Site"] = ", ".join(f"{name} {version(name)}" for name in SITE_PACKAGES)
    return imported_html.sheet(CaptionedTable(table, "Commit, lock and versions"), Names(evidence, here))


def coders(evidence: Evidence, here: str) -> str:
    """Show who coded, and what each of them is."""
    table = evidence.coders.set_index("coder_id").rename_axis("Coder").set_axis(["Kind", "Who"], axis=1)
    return imported_html.sheet(CaptionedTable(table, "Who coded"), Names(evidence, here))


def files() -> Iterator[tuple[str, bytes]]:
    """Yield the citations as files: place and content."""
    yield f"{FOLDER}/{CITATION.name}", stored_files.content(CITATION)
    yield f"{FOLDER}/{BIBTEX}", bibtex().encode()


def _authors(cited: dict[str, Any]) -> str:
    """Return authors as a list of references gives them: initials behind, a group by its name."""
    names = [
        one["name"] if "name" in one else f"{one['family-names']}, {one['given-names'][0]}." for one in cited["authors"]
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


@cache
def citation(file: Path = CITATION) -> dict[str, Any]:
    """Return what CITATION.cff says; raise SiteError where it is not YAML or leaves out what the site needs."""
    try:
        cited = yaml.safe_load(stored_files.text(file))
    except yaml.YAMLError as fault:
        raise SiteError(Fault(file, f"is not YAML: {fault}", stored_files.RESTORE)) from None
    if left_out := [name for name in NEEDED if not (isinstance(cited, dict) and cited.get(name))]:
        raise SiteError(Fault(file, f"does not say: {', '.join(left_out)}", "Add it."))
    found: dict[str, Any] = cited
    return found


def article() -> dict[str, Any]:
    """Return what CITATION.cff says of the one work that it refers to, the article."""
    found: dict[str, Any] = citation()["references"][0]
    return found
