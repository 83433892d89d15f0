"""An archive, packed or unpacked, looked at: every file has to be there as it was, and its descriptions to agree."""

import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Protocol

from analysis.deposit import catalogue_records, research_object, stated_facts
from analysis.deposit.stated_facts import DepositError
from analysis.support import provenance, safe_files
from analysis.support.errors import Fault, raise_if_any, unreadable

AGAIN = "Download the archive again, or make it again with 'nox -s archive'."
_STATED = (
    *(stated_facts.CITATION, stated_facts.PROJECT, stated_facts.PACKAGE, stated_facts.PAPER, stated_facts.CHANGELOG),
    *(file for file, *_ in stated_facts.LICENCES.values()),
)


@dataclass(frozen=True)
class Checked:
    """What was found: the folder's name, version and commit, and how many files it has."""

    folder: str
    version: str
    commit: str
    files: int


class _Contents(Protocol):
    """The files of an archive, by their places below its folder."""

    name: str

    def places(self) -> set[str]: ...
    def read(self, place: str) -> bytes: ...


class _Folder:
    """An archive that was unpacked; what else is in the folder does not matter."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, folder.resolve().name

    def places(self) -> set[str]:
        listed = provenance.sums(safe_files.text(self.folder / provenance.SUMS))
        return {place for place in (*listed, provenance.SUMS) if (self.folder / place).is_file()}

    def read(self, place: str) -> bytes:
        return safe_files.content(self.folder / place)


class _Packed:
    """An archive as it is deposited."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self.opened = opened
        self.files = [one.filename for one in opened.infolist() if not one.is_dir()]
        tops = {one.partition("/")[0] for one in self.files}
        if len(tops) != 1 or len(set(self.files)) < len(self.files):
            raise DepositError(Fault("the archive", "does not hold one folder with each file once", AGAIN))
        (self.name,) = tops

    def places(self) -> set[str]:
        return {one.partition("/")[2] for one in self.files}

    def read(self, place: str) -> bytes:
        return self.opened.read(f"{self.name}/{place}")


def check(place: Path) -> Checked:
    """Look at an archive, or at the folder that it was unpacked into; raise DepositError with what is wrong."""
    try:
        return _checked(_Folder(place)) if place.is_dir() else check_bytes(safe_files.content(place))
    except OSError as fault:
        raise DepositError(unreadable(Path(fault.filename or place), fault)) from None


def check_bytes(archive: bytes) -> Checked:
    """Look at an archive as `check` does."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return _checked(_Packed(opened))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise DepositError(Fault("the archive", "is not a ZIP archive, or is damaged", AGAIN)) from None


def _checked(contents: _Contents) -> Checked:
    there = contents.places()
    if lacking := sorted({*provenance.ADDED, *_STATED} - there):
        raise DepositError(*(Fault(one, "is not in the archive", AGAIN) for one in lacking))
    listed = provenance.sums(contents.read(provenance.SUMS).decode())
    raise_if_any(DepositError, _of_files(contents, there, listed))
    with tempfile.TemporaryDirectory() as folder:
        for place in _STATED:
            into = Path(folder) / place
            into.parent.mkdir(parents=True, exist_ok=True)
            into.write_bytes(contents.read(place))
        facts = stated_facts.facts(Path(folder))
    raise_if_any(DepositError, [*_of_records(contents, facts), *_of_crate(contents, facts, there)])
    commit = provenance.stated_commit(contents.read(provenance.ORIGIN).decode())
    if not commit:
        raise DepositError(Fault(provenance.ORIGIN, "does not say the commit and its time", AGAIN))
    return Checked(contents.name, facts.version, commit[0], len(listed) + 1)


def _of_files(contents: _Contents, there: set[str], listed: Mapping[str, str]) -> Iterator[Fault]:
    for place in sorted(listed.keys() - there):
        yield Fault(place, f"is in {provenance.SUMS} and not in the archive", AGAIN)
    for place in sorted(there - listed.keys() - {provenance.SUMS}):
        yield Fault(place, f"is in the archive and not in {provenance.SUMS}", AGAIN)
    for place in sorted(there & listed.keys()):
        if sha256(contents.read(place)).hexdigest() != listed[place]:
            yield Fault(place, f"is not as it was packed: its SHA-256 is another than in {provenance.SUMS}", AGAIN)


def _of_records(contents: _Contents, facts: stated_facts.Facts) -> Iterator[Fault]:
    for name, record in catalogue_records.records(facts).items():
        if contents.read(name) != record:
            yield Fault(name, f"does not say what {stated_facts.CITATION} and {stated_facts.PROJECT} say", AGAIN)


def _of_crate(contents: _Contents, facts: stated_facts.Facts, there: set[str]) -> Iterator[Fault]:
    entities = {one["@id"]: one for one in json.loads(contents.read(research_object.NAME))["@graph"]}
    root = entities["./"]
    stated = {"name": facts.cited["title"], "version": facts.version, "datePublished": facts.day}
    for field, value in stated.items():
        if root.get(field) != value:
            problem = f"contradicts {stated_facts.CITATION}, which says {value}"
            yield Fault(research_object.NAME, problem, AGAIN, field=field, value=str(root.get(field)))
    folders = {f"{above}/" for one in there for above in PurePosixPath(one).parents}
    for part in root["hasPart"]:
        if part["@id"] not in there | folders:
            yield Fault(research_object.NAME, f"describes {part['@id']}, which is not in the archive", AGAIN)
