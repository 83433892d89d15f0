"""The whole compendium as one archive: the committed files of the commit that the site is built from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from analysis.support import deterministic_zip, paths, provenance

PLACE = "data/power-in-co-production.zip"
FOLDER = "power-in-co-production"
_ORIGIN = """# Where this archive comes from

Power in co-production, version {version}, commit {commit} of {day}.

It holds every file of that commit and no history. The wording of the article's passages is not in the repository, and
so it is not here. The site that offers this archive was built from the same commit. README.md says how to run it all.

In a clone of the repository, `git archive {commit}` gives the same files.
"""


def files(version: str, root: Path = paths.ROOT) -> Iterator[tuple[str, bytes]]:
    """Yield the archive, its place and content; nothing where there is no clone of the repository to make it from."""
    if content := archive(version, root):
        yield PLACE, content


def archive(version: str, root: Path = paths.ROOT) -> bytes:
    """Return the archive (ZIP), with a file ORIGIN.md that says version, commit and day; empty without a clone."""
    files = provenance.committed(root)
    if files is None:
        return b""
    commit = provenance.commit(root).partition(",")[0]
    files |= {provenance.ORIGIN: _ORIGIN.format(version=version, commit=commit, day=day(root)).encode()}
    placed = {f"{FOLDER}/{place}": files[place] for place in sorted(files)}
    return deterministic_zip.archive(placed, provenance.commit_time(root))


def day(root: Path = paths.ROOT) -> str:
    """Return the day of the commit, as ISO 8601 has it."""
    return datetime.fromtimestamp(provenance.commit_time(root), UTC).date().isoformat()
