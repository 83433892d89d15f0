"""What tests share although each worker of pytest-xdist is a process of its own: the worker that comes first makes it."""

import contextlib
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis.rendering import notebooks as execution
from analysis.rendering import render
from analysis.site.building import mkdocs_build
from analysis.support import paths, provenance
from analysis.support.made_before import files

# What notebooks and article are made from, beside their own folders.
SOURCES = (paths.ROOT / "analysis", paths.DATA, paths.ROOT / "requirements.txt")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of this run that `make` fills, once for all workers."""
    run = factory.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "made-once" / name
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder.with_name(f"{name}.lock")):
        done = folder.with_name(f"{name}.done")
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def notebooks() -> Path:
    """Return the folder of the executed notebooks in build/, where they are made from what is there now.

    What an earlier run left there is made again: tests are about today's sources.
    """
    paths.BUILD.mkdir(exist_ok=True)
    with alone(paths.BUILD / ".notebooks-made-by-tests.lock"):
        if not newer(paths.EXECUTED_NOTEBOOKS, *SOURCES, paths.NOTEBOOKS):
            execution.execute(tell=lambda _: None)
    return paths.EXECUTED_NOTEBOOKS


def article() -> Path:
    """Return the folder of article and supplement in build/, rendered by the embedded renderer from what is there now.

    The supplement names the commit and the Python, so that what was rendered with others is rendered again, too.
    """
    paths.BUILD.mkdir(exist_ok=True)
    page = paths.RENDERED_ARTICLE / "supplement.html"  # which has the colophon
    with alone(paths.BUILD / ".article-made-by-tests.lock"):
        made = newer(paths.RENDERED_ARTICLE, *SOURCES, paths.ARTICLE.parent) and embedded(paths.RENDERED_ARTICLE)
        if not (made and made_here(page)):
            render(paths.ARTICLE, paths.RENDERED_ARTICLE, renderer="embedded", tell=lambda _: None)
    return paths.RENDERED_ARTICLE


def site(into: Path) -> None:
    """Put the site into a folder: the one in build/, where it is made from what is there now, or a new one.

    One that was built with an address is no such site: it has a map, and its pages name the address.
    """
    none_of_it = ("build", "tests", "__pycache__")
    made_from = [one for one in paths.ROOT.iterdir() if one.name not in none_of_it and not one.name.startswith(".")]
    made = newer(paths.SITE, *made_from, notebooks(), article()) and made_here(paths.SITE / "cite" / "index.html")
    if made and not list(paths.SITE.glob("sitemap*")):
        shutil.copytree(paths.SITE, into)
    else:
        mkdocs_build.build(into)


def made_here(page: Path) -> bool:
    """Tell whether a page names the commit that is checked out, and the Python that runs."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return all(f">{one}<" in text for one in (provenance.commit(paths.ROOT), platform.python_version()))


def newer(made: Path, *sources: Path) -> bool:
    """Tell whether every file of a folder was written after everything that it is made from."""
    written = [file.stat().st_mtime_ns for file in files(made)]
    return bool(written) and min(written) > max(file.stat().st_mtime_ns for source in sources for file in files(source))


def embedded(rendered: Path) -> bool:
    """Tell whether an article was rendered by the embedded renderer."""
    note = rendered / "rendering.json"
    with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
        return bool(json.loads(note.read_text(encoding="utf-8"))["renderer"] == "embedded")
    return False


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """Keep other processes that ask for the same file waiting; the system ends this with the process."""
    with file.open("a", encoding="utf-8") as held:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):
                    msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
                    break
                time.sleep(0.2)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield
