"""The compendium as catalogues of data and software describe it: DataCite, Zenodo and CodeMeta, out of CITATION.cff."""

import json
import re
from typing import Any

from analysis.deposit.stated_facts import LICENCES, SPDX, Facts
from analysis.site.pages import metadata

DATACITE, ZENODO, CODEMETA = "datacite.json", ".zenodo.json", "codemeta.json"
#: DataCite's own word for what is to be assigned: the repository that publishes the archive is not known before.
_TO_BE_ASSIGNED = ":tba"


def records(facts: Facts) -> dict[str, bytes]:
    """Return the record for each catalogue, by the name of its file."""
    made = {DATACITE: datacite(facts), ZENODO: zenodo(facts), CODEMETA: codemeta(facts)}
    return {name: as_json(record) for name, record in made.items()}


def as_json(value: object) -> bytes:
    """Return a value as JSON for people to read, the same for the same value."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def datacite(facts: Facts) -> dict[str, Any]:
    """Return the record that DataCite registers with a DOI, in its metadata schema 4.5."""
    rights = [
        {
            "rights": f"{LICENCES[name][1]} ({LICENCES[name][2]})",
            "rightsUri": f"{SPDX}{name}",
            "rightsIdentifier": name,
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": SPDX,
        }
        for name in facts.cited["license"]
    ]
    article = {
        "relatedIdentifier": facts.article["doi"],
        "relatedIdentifierType": "DOI",
        "relationType": "IsDerivedFrom",
        "resourceTypeGeneral": "JournalArticle",
    }
    return _identified(facts) | {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "creators": [_datacite_creator(one) for one in facts.cited["authors"]],
        "titles": [{"title": facts.cited["title"], "lang": "en"}],
        "publisher": {"name": _TO_BE_ASSIGNED},
        "publicationYear": facts.day[:4],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Research compendium"},
        "subjects": [{"subject": one} for one in facts.cited["keywords"]],
        "dates": [{"date": facts.day, "dateType": "Issued"}],
        "language": "en",
        "version": facts.version,
        "rightsList": rights,
        "descriptions": [{"description": facts.abstract, "descriptionType": "Abstract", "lang": "en"}],
        "relatedIdentifiers": [article],
    }


def _identified(facts: Facts) -> dict[str, Any]:
    return {"doi": facts.cited["doi"]} if "doi" in facts.cited else {}


def _datacite_creator(author: dict[str, str]) -> dict[str, Any]:
    if "name" in author:
        return {"name": author["name"], "nameType": "Organizational"}
    given, family = author["given-names"], author["family-names"]
    person = {"name": f"{family}, {given}", "nameType": "Personal", "givenName": given, "familyName": family}
    if "orcid" not in author:
        return person
    orcid = {"nameIdentifier": author["orcid"], "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}
    return person | {"nameIdentifiers": [orcid]}


def zenodo(facts: Facts) -> dict[str, Any]:
    """Return what Zenodo takes from a repository or with an upload. It knows one licence: that of data and text."""
    others = [
        f"{of_what.capitalize()}: {name} ({file})."
        for file, name, of_what, _ in (LICENCES[one] for one in facts.cited["license"])
    ]
    return _identified(facts) | {
        "upload_type": "dataset",
        "title": facts.cited["title"],
        "creators": [_zenodo_creator(one) for one in facts.cited["authors"]],
        "description": facts.abstract,
        "access_right": "open",
        "license": facts.cited["license"][-1],
        "notes": " ".join(others),
        "keywords": facts.cited["keywords"],
        "version": facts.version,
        "publication_date": facts.day,
        "language": "eng",
        "related_identifiers": [
            {
                "identifier": facts.article["doi"],
                "scheme": "doi",
                "relation": "isDerivedFrom",
                "resource_type": "publication-article",
            }
        ],
    }


def _zenodo_creator(author: dict[str, str]) -> dict[str, str]:
    orcid = {"orcid": author["orcid"].rpartition("/")[2]} if "orcid" in author else {}
    return {"name": author.get("name") or f"{author['family-names']}, {author['given-names']}"} | orcid


def codemeta(facts: Facts) -> dict[str, Any]:
    """Return the software as CodeMeta 3.0 describes it, which Software Heritage and others read."""
    named = {"identifier": f"{metadata.RESOLVER}{facts.cited['doi']}"} if "doi" in facts.cited else {}
    return named | {
        "@context": "https://w3id.org/codemeta/3.0",
        "type": "SoftwareSourceCode",
        "name": facts.project["name"],
        "description": facts.project["description"],
        "version": facts.version,
        "datePublished": facts.day,
        "author": [_codemeta_author(one) for one in facts.cited["authors"]],
        "license": SPDX + facts.project["license"],
        "keywords": facts.project["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {facts.project['requires-python']}",
        "softwareRequirements": [_requirement(one) for one in facts.project["dependencies"]],
        "readme": "README.md",
        "buildInstructions": "README.md",
        "releaseNotes": "CHANGELOG.md",
        "referencePublication": f"{metadata.RESOLVER}{facts.article['doi']}",
    }


def _requirement(asked: str) -> dict[str, str]:
    name = package_name(asked)
    return {"type": "SoftwareSourceCode", "name": name, "version": asked.removeprefix(name)}


def package_name(requirement: str) -> str:
    """Return the name of a package that pyproject.toml asks for.

    >>> package_name("pandas>=3.1,<4")
    'pandas'
    """
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _codemeta_author(author: dict[str, str]) -> dict[str, str]:
    if "name" in author:
        return {"type": "Organization", "name": author["name"]}
    named = {"id": author["orcid"]} if "orcid" in author else {}
    return named | {"type": "Person", "givenName": author["given-names"], "familyName": author["family-names"]}
