"""Make everything again from the commit that is checked out, in a clone of its own, and pack it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.deposit import checked_archive, packed_archive, stated_facts
from analysis.deposit.stated_facts import DepositError
from analysis.support import atomic_writes, paths, provenance
from analysis.support.errors import Fault

ARCHIVES = paths.BUILD / "archive"
_COMMANDS = (("verify",), ("reproduce", "--renderer", "embedded"))
_OF_ONE_PLACE = ("SITE_URL", "REPO_URL", "ARTICLE_RENDERER")  # settings that make other pages of the same commit


def make(root: Path, into: Path, tell: Callable[[str], None]) -> Path:
    """Make the archive of the commit that is checked out in a clone, and write it into a folder.

    Nothing is written if a file is changed or not committed, if files contradict each other, or if a part cannot be
    made.
    """
    ready(root)
    with clone(root) as copy:
        return write(made(copy, tell), into)


def ready(root: Path) -> None:
    """Raise DepositError unless a folder is a clone in which everything is committed and nothing contradicts."""
    if not provenance.head(root):
        raise DepositError(Fault(root, "is not a clone of the repository", "Change to one, with git installed."))
    if changed := provenance.uncommitted(root):
        remedy = "Commit it, or put it away with 'git stash'; the archive is made from what is committed."
        raise DepositError(*(Fault(root / one, "was changed and is not committed", remedy) for one in changed))
    stated_facts.facts(root)


@contextmanager
def clone(root: Path) -> Iterator[Path]:
    """Give a clone of the commit that is checked out, in a folder that is there for as long as it is used."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / packed_archive.NAME
        git(root, "clone", "--quiet", "--no-hardlinks", ".", str(copy))
        yield copy


def made(copy: Path, tell: Callable[[str], None]) -> bytes:
    """Make everything in a clone, and return the archive."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_ONE_PLACE}
    environment |= {"PYTHONPATH": str(copy), "PYTHONHASHSEED": "0", paths.GISTS_ONLY: "1"}
    for command in _COMMANDS:
        tell(f"In a clone of its own: python -m analysis {' '.join(command)}")
        program = [sys.executable, "-m", "analysis", *command]
        if subprocess.run(program, cwd=copy, env=environment, check=False).returncode:  # noqa: S603, ourselves
            remedy = "Correct what is said above, and commit it."
            raise DepositError(Fault(f"python -m analysis {command[0]}", "failed, so that nothing is archived", remedy))
    return packed_archive.packed(copy, copy / "build")


def write(archive: bytes, into: Path) -> Path:
    """Write an archive into a folder, once it has been found as it should be; return its file."""
    checked = checked_archive.check_bytes(archive)
    file = into / f"{checked.folder}.zip"
    with atomic_writes.replacing(file) as beside:
        beside.write_bytes(archive)
    return file


def git(root: Path, *command: str) -> str:
    """Run git in a folder and return what it says; raise DepositError with its reason where it fails."""
    program = ["git", "-C", str(root), *command]
    try:
        ran = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603, fixed commands
    except OSError:
        raise DepositError(Fault("git", "is not installed", "Install it.")) from None
    if ran.returncode:
        reason = " ".join(ran.stderr.split())
        raise DepositError(Fault(f"git {command[0]}", f"failed: {reason}", "Correct that, and try again."))
    return ran.stdout
