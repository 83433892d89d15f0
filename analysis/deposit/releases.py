"""A release: a version in every file that states it, a commit, a tag and an archive, all of them or none."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.deposit import count_changes, fresh_build, stated_facts
from analysis.deposit.count_changes import MAJOR, MINOR, PATCH
from analysis.deposit.stated_facts import CHANGELOG, CITATION, PACKAGE, PAPER, UNRELEASED, DepositError
from analysis.support.errors import Fault

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_DERIVED = "data/derived"
#: Where the version and the day are written, each as the text before it, what it is, and the text after it.
_PLACES = (
    (CITATION, r"(?m)^(version: )\S+()$", "version"),
    (CITATION, r"(?m)^(date-released: )[\d-]+()", "day"),
    (PAPER, r"(?m)^(date: )[\d-]+()", "day"),
    (PACKAGE, r'(?m)^(  "version": ")[^"]*(",)$', "version"),
    (CHANGELOG, rf"(?m)^(## ){UNRELEASED}()$", "head"),
)


@dataclass(frozen=True)
class Release:
    """What was released: tag, commit, archive, and the part of the version that had to rise."""

    tag: str
    commit: str
    archive: Path
    part: str


def release(root: Path, version: str, today: datetime.date, into: Path, tell: Callable[[str], None]) -> Release:
    """Release the commit that is checked out, as a version that is higher than the last one; push nothing.

    Everything is made in a clone of its own. The commit of the version and its tag come into this repository, and the
    archive into a folder, only if all of it could be made there. Raises DepositError where something is not committed,
    the version is not higher or not high enough for what changed in the counts, its tag is there, the changelog has
    nothing unreleased, or `verify` finds a difference.
    """
    fresh_build.ready(root)
    part = checked(root, version)
    tag = f"v{version}"
    with fresh_build.clone(root) as copy:
        for file, content in stated(copy, version, today).items():
            (copy / file).write_text(content, encoding="utf-8", newline="")
        _take_over_identity(root, copy)
        fresh_build.git(copy, "commit", "--quiet", "--all", "--message", f"Release {version}")
        fresh_build.git(copy, "tag", "--annotate", tag, "--message", f"Version {version}")
        archive = fresh_build.write(fresh_build.made(copy, tell), into)
        try:
            fresh_build.git(root, "fetch", "--quiet", "--no-tags", str(copy), f"refs/tags/{tag}:refs/tags/{tag}")
            fresh_build.git(root, "merge", "--quiet", "--ff-only", tag)
        except BaseException:
            archive.unlink()
            fresh_build.git(root, "tag", "--delete", tag)
            raise
    return Release(tag, fresh_build.git(root, "rev-parse", f"{tag}^{{commit}}").strip(), archive, part)


def checked(root: Path, version: str) -> str:
    """Return the part of the version that has to rise; raise DepositError where a version cannot be the next one."""
    if not _VERSION.fullmatch(version):
        raise DepositError(Fault("the version", "is not three numbers", "Write it as 1.0.0.", value=version))
    before = stated_facts.facts(root).version
    released = {tag.removeprefix("v"): tag for tag in fresh_build.git(root, "tag", "--list", "v*").split()}
    if version in released:
        raise DepositError(Fault(f"the tag v{version}", "is there already", "Choose a higher version."))
    if _numbers(version) < _numbers(before) or (_numbers(version) == _numbers(before) and released):
        raise DepositError(
            Fault(CITATION, f"has version {before}: {version} is not higher", "Choose a higher version.")
        )
    if stated_facts.changelog_head(root) != UNRELEASED:
        problem = f"does not begin with a section '## {UNRELEASED}'"
        raise DepositError(Fault(CHANGELOG, problem, "Say there what changed since the last version."))
    return _part(root, version, released)


def _part(root: Path, version: str, released: dict[str, str]) -> str:
    last = max((one for one in released if _VERSION.fullmatch(one)), key=_numbers, default=None)
    if last is None:
        return MAJOR
    part, tables = count_changes.least_part(_derived(root, released[last]), _derived(root, "HEAD"))
    major, minor, patch = _numbers(last)
    least = {MAJOR: (major + 1, 0, 0), MINOR: (major, minor + 1, 0), PATCH: (major, minor, patch + 1)}[part]
    if _numbers(version) < least:
        changed = "counts or verdicts changed" if part == MAJOR else "results were added"
        problem = f"{changed} since {last} ({', '.join(tables)}), so that {version} is too low"
        remedy = f"Release it as {'.'.join(map(str, least))} or higher."
        raise DepositError(Fault(_DERIVED, problem, remedy))
    return part


def _derived(root: Path, commit: str) -> dict[str, str]:
    """Return the derived tables of a commit: name and content."""
    files = fresh_build.git(root, "ls-tree", "-r", "--name-only", commit, f"{_DERIVED}/").split("\n")
    return {Path(one).stem: fresh_build.git(root, "show", f"{commit}:{one}") for one in files if one.endswith(".csv")}


def stated(root: Path, version: str, today: datetime.date) -> dict[str, str]:
    """Return the files that state a version or its day, with new ones."""
    written = {"version": version, "day": today.isoformat(), "head": f"{version} ({today.isoformat()})"}
    texts = {file: (root / file).read_text(encoding="utf-8") for file, *_ in _PLACES}
    for file, place, what in _PLACES:
        new = written[what]
        texts[file], times = re.subn(place, lambda found, new=new: f"{found[1]}{new}{found[2]}", texts[file])  # type: ignore[misc]
        if times != 1:
            raise DepositError(Fault(file, f"states its {what} {times} times, and not once", "Correct it."))
    return texts


def _take_over_identity(root: Path, copy: Path) -> None:
    """Have the clone commit in the name that the repository commits in."""
    for name in ("user.name", "user.email"):
        if value := fresh_build.git(root, "config", "--default", "", "--get", name).strip():
            fresh_build.git(copy, "config", name, value)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
