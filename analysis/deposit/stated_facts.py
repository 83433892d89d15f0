"""What the compendium says of itself, stated once in CITATION.cff, and the files that say otherwise."""

import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from analysis.site.pages import citing
from analysis.support import safe_files, strict_json
from analysis.support.errors import CompendiumError, Fault, raise_if_any

CITATION, PROJECT, PACKAGE, PAPER = "CITATION.cff", "pyproject.toml", "data/datapackage.json", "paper/_quarto.yml"
CHANGELOG, UNRELEASED = "CHANGELOG.md", "Unreleased"
#: The file of each licence that CITATION.cff may name, its name, what is under it, and words that only its file has.
LICENCES = {
    "MIT": ("LICENSE", "MIT License", "code", "MIT License"),
    "CC-BY-4.0": (
        "LICENSE-DATA",
        "Creative Commons Attribution 4.0 International",
        "data and text",
        "SPDX-License-Identifier: CC-BY-4.0",
    ),
}
SPDX = "https://spdx.org/licenses/"
_HEAD = re.compile(r"^## (.+)$", re.M)


class DepositError(CompendiumError):
    """What cannot be archived or released, or an archive that is not as it was made."""


@dataclass(frozen=True)
class Facts:
    """What CITATION.cff, and of the software pyproject.toml, say."""

    cited: dict[str, Any]
    project: dict[str, Any]

    @property
    def version(self) -> str:
        """The version of data, code and text."""
        return str(self.cited["version"])

    @property
    def day(self) -> str:
        """The day of the version, as ISO 8601 has it."""
        return str(self.cited["date-released"])

    @property
    def article(self) -> dict[str, Any]:
        """The article whose evidence this is."""
        found: dict[str, Any] = self.cited["references"][0]
        return found

    @property
    def abstract(self) -> str:
        """What this is, in a few sentences."""
        return " ".join(self.cited["abstract"].split())


def facts(root: Path) -> Facts:
    """Return what the files in a folder state; raise DepositError with every contradiction between them."""
    raise_if_any(DepositError, faults(root))
    return Facts(citing.read_citation(root / CITATION), tomllib.loads(_text(root, PROJECT))["project"])


def faults(root: Path) -> list[Fault]:
    """Return what is missing in a folder, and each place that contradicts CITATION.cff."""
    cited = citing.read_citation(root / CITATION)
    if not (isinstance(cited["date-released"], datetime.date) and isinstance(cited["version"], str)):
        remedy = "Write a day as 2026-11-30 and a version of three numbers as 1.0.0."
        return [Fault(CITATION, "date-released is not a day, or version is not one", remedy)]
    if "abstract" not in cited:
        return [Fault(CITATION, "does not say: abstract", "Add it.")]
    return [*_licences(root, cited), *_project(root, cited), *_package(root, cited), *_paper(root, cited)]


def _licences(root: Path, cited: dict[str, Any]) -> Iterator[Fault]:
    for name in cited["license"]:
        if name not in LICENCES:
            known = " or ".join(LICENCES)
            yield Fault(CITATION, f"names a licence that has no file here: {name}", f"Name {known}.")
            continue
        file, _, of_what, words = LICENCES[name]
        if not (root / file).is_file():
            yield Fault(file, f"is missing: it is the licence of {of_what} ({name})", "Restore it.")
        elif words not in _text(root, file):
            yield Fault(file, f"does not say {words!r}, and {CITATION} names {name}", "Correct one of them.")


def _project(root: Path, cited: dict[str, Any]) -> Iterator[Fault]:
    licence = tomllib.loads(_text(root, PROJECT))["project"]["license"]
    if licence not in cited["license"]:
        yield _contradiction(PROJECT, "license", licence, cited["license"])


def _package(root: Path, cited: dict[str, Any]) -> Iterator[Fault]:
    described = strict_json.parsed(_text(root, PACKAGE))
    article = cited["references"][0]
    theirs = {name: article[name] for name in ("title", "journal", "year", "volume", "issue", "doi")}
    theirs["authors"] = [f"{one['given-names']} {one['family-names']}" for one in article["authors"]]
    theirs["pages"] = f"{article['start']}–{article['end']}"
    differs = partial(_differing, PACKAGE)
    yield from differs("version", described.get("version"), cited["version"])
    authors = [one.get("title") for one in described.get("contributors", [])]
    yield from differs("contributors", authors, _names(cited["authors"]))
    if not {one.get("name") for one in described.get("licenses", [])} <= set(cited["license"]):
        yield _contradiction(PACKAGE, "licenses", described["licenses"], cited["license"])
    said = described.get("study", {}).get("article", {})
    for name, value in theirs.items():
        yield from differs(f"study.article.{name}", said.get(name), value)


def _paper(root: Path, cited: dict[str, Any]) -> Iterator[Fault]:
    paper = yaml.safe_load(_text(root, PAPER))
    differs = partial(_differing, PAPER)
    yield from differs("date", paper["date"], cited["date-released"])
    yield from differs("citation.container-title", paper["citation"]["container-title"], cited["title"])
    yield from differs("author", _names(paper["author"]), _names(cited["authors"]))


def _names(people: list[dict[str, str]]) -> list[str]:
    return [one.get("name") or f"{one['given-names']} {one['family-names']}" for one in people]


def _differing(file: str, field: str, here: object, there: object) -> Iterator[Fault]:
    if here != there:
        yield _contradiction(file, field, here, there)


def _contradiction(file: str, field: str, here: object, there: object) -> Fault:
    said = there if isinstance(there, str) else json.dumps(there, default=str, ensure_ascii=False)
    remedy = "Correct the one that is wrong."
    return Fault(file, f"contradicts {CITATION}, which says {said}", remedy, field=field, value=str(here))


def changelog_head(root: Path) -> str:
    """Return the first heading of the changelog: `Unreleased`, or the latest version with its day."""
    found = _HEAD.search(_text(root, CHANGELOG))
    return found[1] if found else ""


def _text(root: Path, name: str) -> str:
    try:
        return safe_files.text(root / name)
    except OSError as fault:
        raise DepositError(Fault(name, f"cannot be read: {fault.strerror}", safe_files.advice(fault))) from None
