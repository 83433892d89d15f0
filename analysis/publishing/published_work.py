"""A study as a work that others cite: its title, who made it, its licence and version, from its `datapackage.json`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.study import package
from analysis.study.loading import DESCRIPTION
from analysis.support import safe_files, strict_json
from analysis.support.errors import CompendiumError, Fault, raise_if_any

_NAMED = {"\\": "backslash", "~": "asciitilde", "^": "asciicircum"}
_TEX = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {sign: f"\\text{_NAMED[sign]}{{}}" for sign in _NAMED})


class PublishingError(CompendiumError):
    """A study that cannot be published as it is, or not there."""


@dataclass(frozen=True)
class Author:
    """Who made a study: one name, or a family name and given names."""

    name: str
    family: str = ""
    given: str = ""

    @property
    def listed(self) -> str:
        """The name as a list of references begins with it."""
        return f"{self.family}, {self.given}" if self.family and self.given else self.name


@dataclass(frozen=True)
class Work:
    """What is cited: `licence` is its name, `licence_path` where it can be read, if that is said."""

    title: str
    description: str
    authors: tuple[Author, ...]
    licence: str
    licence_path: str
    version: str
    year: str
    simulated: bool

    @property
    def kind(self) -> str:
        """What kind of work it is."""
        return "Simulated coded study" if self.simulated else "Coded study"

    @property
    def citation(self) -> str:
        """The citation for a list of references."""
        names = [author.listed for author in self.authors]
        authors = names[0] if len(names) == 1 else f"{'; '.join(names[:-1])}, & {names[-1]}"
        return f"{authors} ({self.year or 'n.d.'}). {self.title} (version {self.version}) [{self.kind}]."


def read(folder: Path, simulated: bool) -> Work:
    """Return the work that a study is; raise PublishingError that names everything that is missing.

    The study has to be loaded before, so that its description can be read.
    """
    file = folder / DESCRIPTION
    said: dict[str, Any] = strict_json.parsed(safe_files.text(file))
    raise_if_any(PublishingError, _missing(file, said))
    licence = said["licenses"][0]
    created = re.match(r"[0-9]{4}", str(said.get("created", "")))
    return Work(
        title=_line(said["title"]),
        description=str(said.get("description", "")),
        authors=tuple(map(_author, said["contributors"])),
        licence=_line(licence.get("title") or licence["name"]),
        licence_path=str(licence.get("path", "")),
        version=_line(said["version"]),
        year=created[0] if created else "",
        simulated=simulated,
    )


def _missing(file: Path, said: Mapping[str, Any]) -> Iterator[Fault]:
    if not _is_text(said.get("title")) or said["title"] == package.UNTITLED:
        yield Fault(
            file, "the study has no title", 'Write one: "title": "How readers see their library".', field="title"
        )
    if not _all(said.get("contributors"), "title"):
        remedy = 'Name each author: "contributors": [{"title": "Ada Example", "familyName": "Example", …}].'
        yield Fault(file, "it is not said who made the study", remedy, field="contributors")
    if not _all(said.get("licenses"), "name"):
        remedy = (
            'Say what others may do: "licenses": [{"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": "https://…"}].'
        )
        yield Fault(file, "the study has no licence", remedy, field="licenses")
    if not _is_text(said.get("version")):
        yield Fault(file, "the study has no version", 'Number it: "version": "1.0.0".', field="version")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _all(listed: Any, member: str) -> bool:
    """Tell whether something is a list of objects, each of which has a text."""
    return isinstance(listed, list) and bool(listed) and all(
        isinstance(one, dict) and _is_text(one.get(member)) for one in listed
    )  # fmt: skip


def _author(said: Mapping[str, Any]) -> Author:
    family, given = (_line(str(said.get(name, ""))) for name in ("familyName", "givenName"))
    return Author(_line(said["title"]), family, given)


def _line(text: str) -> str:
    """Return a text in one line: in a list of references, a further one would begin another entry."""
    return " ".join(text.split())


def files(work: Work) -> Iterator[tuple[str, bytes]]:
    """Yield the citation in the formats that programs for references read: name and content."""
    yield "citation.txt", f"{work.citation}\n".encode()
    yield "citation.bib", bibtex(work).encode()
    yield "citation.csl.json", _csl(work).encode()
    yield "citation.ris", _ris(work).encode()


def bibtex(work: Work) -> str:
    """Return the citation as BibTeX."""
    names = [_tex(author.listed) if author.family else f"{{{_tex(author.name)}}}" for author in work.authors]
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_tex(work.title)}}}",
        "year": work.year or "n.d.",
        "note": f"{work.kind}, version {_tex(work.version)}",
    }
    return "\n".join(["@misc{study,", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}\n"])


def _tex(text: str) -> str:
    r"""Return a text as LaTeX has to be given it.

    >>> _tex("R&D, 50% of {all}")
    'R\\&D, 50\\% of \\{all\\}'
    """
    return text.translate(_TEX)


def _csl(work: Work) -> str:
    authors = [
        {"family": author.family, "given": author.given} if author.family else {"literal": author.name}
        for author in work.authors
    ]
    issued = {"issued": {"date-parts": [[int(work.year)]]}} if work.year else {}
    entry = {
        "id": "study",
        "type": "dataset",
        "title": work.title,
        "author": authors,
        "version": work.version,
        **issued,
    }
    return json.dumps([entry | {"genre": work.kind}], ensure_ascii=False, indent=2) + "\n"


def _ris(work: Work) -> str:
    entry = [("TY", "DATA"), *(("AU", author.listed) for author in work.authors), ("TI", work.title)]
    entry += [("PY", work.year)] * bool(work.year) + [("ET", f"version {work.version}"), ("M3", work.kind), ("ER", "")]
    return "".join(f"{tag}  - {value}\n" for tag, value in entry)
