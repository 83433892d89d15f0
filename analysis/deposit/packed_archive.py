"""One archive (ZIP) of everything: the committed files, what a run of them made, and what describes both."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from analysis.deposit import catalogue_records, research_object, stated_facts
from analysis.deposit.stated_facts import DepositError, Facts
from analysis.support import deterministic_zip, provenance
from analysis.support.errors import Fault

NAME = "power-in-co-production"
#: What the archive takes of a run, by its places in build/; what is not needed to read or check it stays out.
MADE = ("report.html", "verification.json", "notebooks", "article", "site")
_ORIGIN = """# Where this archive comes from

Power in co-production, version {version}, commit {commit}
of {time}.

It holds every file of that commit, and in `build/` what the commands in README.md made from them. `{sums}` has the
SHA-256 of every file: `sha256sum --check {sums}` looks at them, and `python -m analysis archive check .` at the whole.
"""


def folder(facts: Facts) -> str:
    """Return the name of the archive, and of the one folder in it."""
    return f"{NAME}-{facts.version}"


def packed(root: Path, build: Path) -> bytes:
    """Return the archive of the commit that is checked out, with what was made from it.

    The same commit and the same things made give the same bytes. Raises DepositError where one of the things is not
    there, where no commit is known, or where files contradict each other.
    """
    commit, committed = provenance.head(root), provenance.committed(root)
    if not commit or committed is None:
        raise DepositError(Fault(root, "is not a clone of the repository", "Change to one, with git installed."))
    facts = stated_facts.facts(root)
    seconds = provenance.commit_time(root)
    time = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    origin = _ORIGIN.format(version=facts.version, commit=commit, time=time, sums=provenance.SUMS)
    files = committed | dict(_made(build)) | {provenance.ORIGIN: origin.encode()} | catalogue_records.records(facts)
    files = dict(sorted(files.items()))
    coders = csv.DictReader(io.StringIO(files["data/evidence/coders.csv"].decode()))
    files[research_object.NAME] = research_object.crate(facts, files, list(coders), _renderer(files))
    files[provenance.SUMS] = provenance.listed_sums(files)
    top = folder(facts)
    return deterministic_zip.archive({f"{top}/{place}": files[place] for place in sorted(files)}, seconds)


def _made(build: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a run made: place and content."""
    for name in MADE:
        place = build / name
        files = [place] if place.is_file() else sorted(one for one in place.rglob("*") if one.is_file())
        if not files:
            raise DepositError(
                Fault(place, "is not there, and belongs to the archive", "Make it with 'nox -s archive'.")
            )
        for one in files:
            yield f"build/{one.relative_to(build).as_posix()}", one.read_bytes()


def _renderer(files: Mapping[str, bytes]) -> str:
    said = json.loads(files["build/article/rendering.json"])
    return f"by the {said['renderer']} renderer: {said['version']}"
