"""The commands that make documents of the re-analysis: notebooks, article and site."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import from_checkout, need_checkout
from analysis.support import formatting, paths
from analysis.support.atomic_writes import write_text
from analysis.support.errors import CompendiumError
from analysis.support.terminal import say, say_lines

#: What the site takes in, and where it is made.
_DOCUMENTS = {"notebooks": paths.EXECUTED_NOTEBOOKS, "article": paths.RENDERED_ARTICLE}


def notebooks() -> None:
    """Run the notebooks into build/notebooks.

    Each is written as a notebook and as a web page.
    """
    need_checkout("notebooks")
    from analysis.rendering import notebooks

    try:
        written = notebooks.execute(tell=say)
    except notebooks.NotebookError as error:
        raise _failed(error) from None
    say(f"{len(written)} files written to {paths.shown(paths.EXECUTED_NOTEBOOKS)}.")


class Renderer(Enum):
    """Who can render the article."""

    auto = "auto"
    quarto = "quarto"
    embedded = "embedded"


ChosenRenderer = Annotated[
    Renderer,
    typer.Option(help="Who renders: auto takes Quarto if it is on the PATH and works.", envvar="ARTICLE_RENDERER"),
]


def article(
    source: Annotated[
        Path,
        typer.Option(
            help="The article; a supplement.qmd beside it, too.",
            show_default="paper/article.qmd",
            callback=from_checkout,
        ),
    ] = paths.ARTICLE,
    into: Annotated[
        Path, typer.Option(help="Folder of what is written.", show_default="build/article")
    ] = paths.RENDERED_ARTICLE,
    renderer: ChosenRenderer = Renderer.auto,
) -> None:
    """Render the article and its supplement into build/article.

    Written are HTML, PDF, DOCX and JATS XML.
    """
    from analysis import rendering

    try:
        rendered = rendering.render(source, into, renderer.value, tell=say)
    except CompendiumError as error:
        raise _failed(error) from None
    for name in rendered.files:
        say(paths.shown(into / name))
    say(f"Rendered by the {rendered.renderer} renderer ({rendered.version}) in {rendered.seconds:.1f} s.")


def reproduce(
    renderer: ChosenRenderer = Renderer.auto,
    everything: Annotated[bool, typer.Option("--all", help="Make everything again, changed or not.")] = False,
) -> None:
    """Make notebooks, article and site, side by side.

    The evidence is taken as it is: 'verify' comes before. What has not changed since an earlier run is kept.
    """
    need_checkout("reproduce")
    from analysis.support import made_before

    machine = made_before.machine()
    renderers = renderer.value, str(shutil.which("quarto"))
    of_documents = made_before.digest(made_before.sources("docs", "tests"), *renderers, *machine)
    of_pages = made_before.digest(made_before.sources(), *machine)
    kept = [] if everything else _kept(renderer, of_documents, of_pages)
    write_text(paths.BUILD / "kept.json", json.dumps({"kept": kept}) + "\n")  # for the summary of the main job
    if kept:
        named = formatting.listed(kept)
        say(f"Kept from an earlier run: {named}. Nothing that they depend on has changed; '--all' makes all again.")
    behind = ("nice",) if shutil.which("nice") else ()  # the article takes longer
    commands = {"notebooks": ((), behind), "article": (("--renderer", renderer.value), ())}
    started = {
        name: _started(name, *more, before=first) for name, (more, first) in commands.items() if name not in kept
    }

    def ready() -> None:
        if failed := [name for name, program in started.items() if program.wait() != 0]:
            what = " and the ".join(failed)
            raise CompendiumError(f"The site is not built without the {what}. Correct what is said above.")
        for name in started:
            made_before.keep(name, of_documents, _DOCUMENTS[name])

    try:
        if "site" not in kept:
            files = _built(ready)
            made_before.keep("site", made_before.digest(_DOCUMENTS.values(), of_pages), paths.SITE)
            say(f"{files} files written to {paths.shown(paths.SITE)}.")
    except CompendiumError as error:
        raise _failed(error) from None
    finally:
        for program in started.values():
            program.wait()


def _kept(renderer: Renderer, of_documents: str, of_pages: str) -> list[str]:
    """Return what need not be made again, given the digests of what documents and pages are made from."""
    from analysis.support import made_before

    by_quarto = renderer is not Renderer.embedded and shutil.which("quarto")  # which depends on more than we can see
    asked = ["notebooks"] if by_quarto else [*_DOCUMENTS]
    kept = [name for name in asked if made_before.stands(name, of_documents, _DOCUMENTS[name])]
    whole = made_before.digest(_DOCUMENTS.values(), of_pages)
    return [*kept, "site"] if kept == [*_DOCUMENTS] and made_before.stands("site", whole, paths.SITE) else kept


def _built(ready: Callable[[], None] = lambda: None) -> int:
    """Build the site in two processes, and return the number of its files."""
    from analysis.site.building import second_process

    with second_process.making() as made:
        from analysis.site.building import mkdocs_build  # takes seconds, in which the others run

        return mkdocs_build.build(ready=ready, made=made)


def _started(*command: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """Start another command of this program, `before` what starts it; what it says is seen as it comes."""
    return subprocess.Popen([*before, sys.executable, "-m", "analysis", *command])  # noqa: S603


def site(
    serve: Annotated[bool, typer.Option("--serve", help="Serve it here, and build it again on every change.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it is served on this machine.")] = 8000,
) -> None:
    """Build the documentation site in build/site."""
    need_checkout("site")
    start = time.perf_counter()
    try:
        if serve:
            from analysis.site.building import serving

            serving.serve(port)
            return
        say("Building the site from docs and data ...")
        files = _built()
    except CompendiumError as error:
        raise _failed(error) from None
    say(f"{files} files written to {paths.shown(paths.SITE)} in {time.perf_counter() - start:.1f} s.")


def _failed(error: CompendiumError) -> typer.Exit:
    """Report why a document cannot be made; return what ends the command with 1."""
    say_lines(f"analysis: {error}", err=True)
    return typer.Exit(1)
