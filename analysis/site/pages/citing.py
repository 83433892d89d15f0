"""How to cite the compendium and the article whose evidence it holds, who made it, and with what."""

import json
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
BIBTEX, CSL, RIS = (f"power-in-co-production.{kind}" for kind in ("bib", "csl.json", "ris"))


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


def csl() -> str:
    """Return both citations as CSL-JSON, which Zotero, Pandoc and others read."""
    ours, theirs = citation(), article()
    released = [int(part) for part in str(ours["date-released"]).split("-")]
    entries = [
        {
            "id": "powerincoproduction",
            "type": "dataset",
            "title": ours["title"],
            "author": [{"literal": _authors(ours)}],
            "version": str(ours["version"]),
            "issued": {"date-parts": [released]},
        },
        {
            "id": f"chen{theirs['year']}",
            "type": "article-journal",
            "title": theirs["title"],
            "author": [{"family": one["family-names"], "given": one["given-names"]} for one in theirs["authors"]],
            "container-title": theirs["journal"],
            "volume": str(theirs["volume"]),
            "issue": str(theirs["issue"]),
            "page": f"{theirs['start']}-{theirs['end']}",
            "issued": {"date-parts": [[theirs["year"]]]},
            "DOI": theirs["doi"],
        },
    ]
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def ris() -> str:
    """Return both citations as RIS, which EndNote, Mendeley and others read."""
    ours, theirs = citation(), article()
    day = str(ours["date-released"])
    of_data = [("AU", _authors(ours)), ("TI", ours["title"]), ("PY", day[:4]), ("DA", day.replace("-", "/"))]
    of_article = [
        *(("AU", f"{one['family-names']}, {one['given-names']}") for one in theirs["authors"]),
        *(("TI", theirs["title"]), ("JO", theirs["journal"]), ("PY", theirs["year"])),
        *(("VL", theirs["volume"]), ("IS", theirs["issue"]), ("SP", theirs["start"]), ("EP", theirs["end"])),
        ("DO", theirs["doi"]),
    ]
    entries = [
        [("TY", "DATA"), *of_data, ("ET", f"version {ours['version']}")],
        [("TY", "JOUR"), *of_article],
    ]
    return "".join(f"{tag}  - {value}\n" for entry in entries for tag, value in [*entry, ("ER", "")])


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
    yield f"{FOLDER}/{CSL}", csl().encode()
    yield f"{FOLDER}/{RIS}", ris().encode()


def _authors(cited: dict[str, Any]) -> str:
    """Return authors as a list of references gives them: initials behind, a group by its name."""
    names = [
        one["name"] if "name" in one else f"{one['family-names']}, {one['given-names'][0]}." for one in cited["authors"]
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


@cache
def citation(file: Path = CITATION) -> dict[str, Any]:
    """Return what CITATION.cff says, as `read_citation` does, and read it once."""
    return read_citation(file)


def read_citation(file: Path) -> dict[str, Any]:
    """Return what CITATION.cff says; raise SiteError where it is not YAML or leaves out what the site needs."""
    try:
        cited = yaml.safe_load(stored_files.text(file))
    except (yaml.YAMLError, ValueError) as fault:  # the latter for a day that no month has
        raise SiteError(Fault(file, f"is not YAML: {fault}", stored_files.RESTORE)) from None
    if left_out := [name for name in NEEDED if not (isinstance(cited, dict) and cited.get(name))]:
        raise SiteError(Fault(file, f"does not say: {', '.join(left_out)}", "Add it."))
    found: dict[str, Any] = cited
    return found


def article() -> dict[str, Any]:
    """Return what CITATION.cff says of the one work that it refers to, the article."""
    found: dict[str, Any] = citation()["references"][0]
    return found
