"""The commands that archive and release the compendium, and that look at an archive."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import need_checkout
from analysis.support import paths
from analysis.support.terminal import say


def make() -> None:
    """Make the archive to deposit, in build/archive.

    All is made again from the commit that is checked out, in a clone of its own. Needs git, and that everything is
    committed.
    """
    need_checkout("archive make")
    from analysis.deposit import fresh_build

    file = fresh_build.make(paths.ROOT, fresh_build.ARCHIVES, tell=say)
    _say_archive(file)


def check(
    place: Annotated[Path, typer.Argument(metavar="FILE", help="An archive, or the folder that it was unpacked into.")],
) -> None:
    """Check an archive.

    Every file has to be there as it was packed, and its descriptions have to agree.
    """
    from analysis.deposit import checked_archive

    found = checked_archive.check(place)
    say(
        f"{found.folder}: version {found.version}, commit {found.commit}. All {found.files:,} files are as they were "
        "packed, and their descriptions agree."
    )


def release(
    version: Annotated[str, typer.Argument(help="Three numbers, such as 1.0.0.", show_default=False)],
) -> None:
    """Release a version: its number in every file, a commit, a tag and an archive.

    Nothing is pushed, and nothing is written unless all of it can be made.
    """
    need_checkout("archive release")
    from analysis.deposit import fresh_build, releases

    today = datetime.datetime.now(tz=datetime.UTC).date()
    made = releases.release(paths.ROOT, version, today, fresh_build.ARCHIVES, tell=say)
    say(
        f"Released {made.tag}, commit {made.commit}. What changed asks for a {made.part} version at least. "
        "Nothing was pushed: 'git push --follow-tags' does it."
    )
    _say_archive(made.archive)


def _say_archive(file: Path) -> None:
    from analysis.support import provenance

    say(f"{paths.shown(file)}: {file.stat().st_size / 1e6:.1f} MB, SHA-256 {provenance.sha256(file)}")
