"""The commands for a class: the teaching notebooks to work in, and what a class handed in."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import Data, need_checkout
from analysis.support import paths
from analysis.support.terminal import say, say_lines


def teach() -> None:
    """Copy the teaching notebooks into build/teaching.

    Learners write there. Nothing that they wrote is overwritten.
    """
    need_checkout("teach")
    from analysis.teaching import working_copy

    for line in working_copy.bring():
        say(line)
    say(f"The notebooks to work in are in {paths.shown(paths.WORKING_COPY)}. The originals stay as they are.")


def in_class(
    folder: Annotated[Path, typer.Argument(help="A CSV file of each learner, named by pseudonym.", show_default=False)],
    facet: Annotated[str, typer.Option(help="What was coded.")] = "stage",
    level: Annotated[str | None, typer.Option(help="Level that codes are compared at.", show_default="its top")] = None,
    data: Data = paths.DATA,
) -> None:
    """Compare the codings of a class.

    Shown are what was handed in and the agreement, by passage and by code.
    """
    from analysis.study import loading
    from analysis.teaching import classroom

    loaded = loading.load(data)
    everybody = classroom.read(folder, loaded)
    say_lines(repr(classroom.handed_in_table(everybody)))
    for sheet in classroom.results(everybody, loaded, facet, level):
        say_lines(repr(sheet))
    if everybody.notes:
        for line in ("Handed in more than once:", *everybody.notes, ""):
            say(line)
    if problems := classroom.problems(everybody):
        for line in ("Not used:", *problems):
            say(line)
        raise typer.Exit(1)
