"""Validates the descriptions in an archive by the schemas of those who read them; prints the faults of each, as JSON.

Run by the Python of the environment that `.ci/deposit.txt` describes, without a network: the context of RO-Crate comes
from the npm package `ro-crate`. `validate_deposit.py FOLDER CONTEXT`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import requests
from datacite import schema45
from pydantic import ValidationError
from pydantic_codemeta import CodeMetaV3
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
#: The second is written for RO-Crate 1.1 in the validator, and looks for that number.
PROFILES = {"ro-crate-1.2": "https://w3id.org/ro/crate/1.2", "workflow-run-crate": "https://w3id.org/ro/crate/1.1"}


class Stored:
    """Answers the one request that the validator has to make, from a file."""

    def __init__(self, context: Path) -> None:
        self.context = context

    def get(self, url: str, **_: Any) -> requests.Response:
        answer = requests.Response()
        answer.url, answer.status_code = url, 200 if url == CONTEXT else 404
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = self.context.read_bytes() if url == CONTEXT else b""
        return answer


def crate_faults(crate: dict[str, Any], profile: str, folder: Path) -> list[str]:
    """Return what a crate lacks of what a profile requires."""
    descriptor = next(one for one in crate["@graph"] if one["@id"] == "ro-crate-metadata.json")
    descriptor["conformsTo"] = {"@id": PROFILES[profile]}
    settings = services.ValidationSettings(
        rocrate_uri=str(folder), profile_identifier=profile, requirement_severity=models.Severity.REQUIRED,
        metadata_only=True, no_cache=True, skip_availability_check=True,
    )  # fmt: skip
    found = services.validate_metadata_as_dict(crate, settings)
    assert found.passed() == (not found.get_issues())
    return [f"{one.check.identifier}: {one.message}" for one in found.get_issues()]


def codemeta_faults(record: dict[str, Any]) -> list[str]:
    """Return what is wrong with a record of CodeMeta, and its terms that CodeMeta does not have."""
    try:
        read = CodeMetaV3.model_validate(record)
    except ValidationError as fault:
        return str(fault).splitlines()
    return [f"no term of CodeMeta: {term}" for term in read.model_extra or {}]


def main() -> None:
    """Print the faults of each description."""
    folder, context = map(Path, sys.argv[1:3])
    HttpRequester.__initialize_session__ = lambda self, *_, **__: setattr(self, "session", Stored(context))
    codemeta, datacite, crate = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("codemeta.json", "datacite.json", "ro-crate-metadata.json")
    )
    faults = {"codemeta.json": codemeta_faults(codemeta)}
    faults["datacite.json"] = [one.message for one in schema45.validator.iter_errors(datacite)]
    faults |= {profile: crate_faults(crate, profile, folder) for profile in PROFILES}
    print(json.dumps(faults))


if __name__ == "__main__":
    main()
