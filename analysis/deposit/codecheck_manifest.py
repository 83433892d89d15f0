"""The certificate as CODECHECK takes it: `codecheck.yml`, as its community specification 1.0 asks.

The specification (codecheck.org.uk/spec/config/1.0) has no schema. Its register states the rules, by number, in
`rules-1.0.yml`; the tests hold what is written here to them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from analysis.support.errors import CompendiumError

VERSION = "https://codecheck.org.uk/spec/config/1.0"
NAME = "codecheck.yml"

#: What only a person can state, and what that is.
LEFT_TO_A_PERSON = {
    "codechecker": "a list with the name and ORCID of the person who checked",
    "certificate": "the number that the CODECHECK register gave, as 2026-001",
    "report": "the DOI of the certificate, as https://doi.org/...",
}
_COMMENTS = {
    "data/derived": "recomputed table of results",
    "article": "the article or its supplement, or what belongs to them",
    "notebooks": "executed notebook",
    "report.html": "every claim with its verdict",
}


class StatementError(CompendiumError):
    """Something that a person states about the check and that cannot be so."""


@dataclass(frozen=True)
class Statement:
    """What a person says about a check: who checked, and what the register gave."""

    name: str = ""
    orcid: str = ""
    certificate: str = ""
    report: str = ""

    def check(self) -> None:
        """Raise StatementError for an identifier that none can have."""
        if self.orcid and not (self.name and is_orcid(self.orcid)):
            wrong = "is not an ORCID (four groups of four, the last character fits the others)"
            raise StatementError(f"--orcid: {self.orcid!r} {wrong if self.name else 'needs --by, the name with it'}.")
        if self.certificate and not re.fullmatch(r"\d{4}-\d{3}", self.certificate):
            raise StatementError(f"--certificate: {self.certificate!r} is not a number of the register, as 2026-001.")
        if self.report and not re.fullmatch(r"https://doi\.org/10\.\d{4,9}/\S+", self.report):
            raise StatementError(f"--report: {self.report!r} is not a DOI. Give it as https://doi.org/10...")


def is_orcid(text: str) -> bool:
    """Tell whether a text is an ORCID whose last character fits the others (ISO 7064, MOD 11-2).

    >>> is_orcid("0000-0002-1825-0097"), is_orcid("0000-0002-1825-0098")
    (True, False)
    """
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", text):
        return False
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == text[-1]


def lacking(stated: Statement) -> dict[str, str]:
    """Return what a person still has to fill in, with what it is."""
    given = {"codechecker": stated.name, "certificate": stated.certificate, "report": stated.report}
    return {field: what for field, what in LEFT_TO_A_PERSON.items() if not given[field]}


def manifest(
    cited: Mapping[str, Any], files: Iterable[str], summary: str, when: str, stated: Statement, repository: str = ""
) -> str:
    """Return the manifest; `cited` is what CITATION.cff says, `files` are places beside it.

    Fields that only a person can fill in are left out, never filled with a stand-in, and named in a comment.
    """
    stated.check()
    checker = {"name": stated.name} | ({"ORCID": stated.orcid} if stated.orcid else {})
    address = f"https://doi.org/{cited['doi']}" if cited.get("doi") else cited.get("url") or repository
    paper = {"title": cited["title"], "authors": [_author(one) for one in cited["authors"]], "reference": address}
    said = {
        "version": VERSION,
        "paper": {field: value for field, value in paper.items() if value},
        "manifest": [{"file": file, "comment": _comment(file)} for file in files],
        "codechecker": [checker] if stated.name else None,
        "summary": summary,
        "repository": repository,
        "check_time": when,
        "certificate": stated.certificate,
        "report": stated.report,
    }
    there = {field: value for field, value in said.items() if value}
    written: str = yaml.safe_dump(there, explicit_start=True, sort_keys=False, allow_unicode=True, width=100)
    notes = [f"# Left for the person who signs, {field}: {what}\n" for field, what in lacking(stated).items()]
    return written + "".join(notes)


def _author(one: Mapping[str, str]) -> dict[str, str]:
    name = one.get("name") or f"{one['given-names']} {one['family-names']}"
    return {"name": name} | ({"ORCID": one["orcid"].rpartition("/")[2]} if one.get("orcid") else {})


def _comment(file: str) -> str:
    return next(comment for start, comment in _COMMENTS.items() if file.startswith(start))
