"""Rendering the article: one Quarto Markdown source to HTML, PDF, DOCX and JATS XML."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis import paths
from analysis.faults import Fault
from analysis.rendering.faults import ArticleError
from analysis.writing import replace_folder

__all__ = ["ArticleError", "Rendered", "render"]

UNDATED = 1_704_067_200  # the time in files made outside a git checkout: 2024, the year of the study's article


@dataclass(frozen=True)
class Rendered:
    """What rendering an article came to: by what it was done, the files written, and how long it took."""

    renderer: str
    version: str
    files: tuple[str, ...]
    seconds: float


def render(
    source: Path = paths.ARTICLE,
    into: Path = paths.RENDERED_ARTICLE,
    renderer: str = "auto",
    tell: Callable[[str], None] = print,
) -> Rendered:
    """Render an article to HTML, PDF, DOCX and JATS XML, all together or not at all.

    The folder of the source is copied, its cells run in the copy. `renderer` is `quarto`, `embedded`, or
    `auto`: Quarto where it is on the PATH. `tell` hears of each step. The same commit gives the same bytes.
    Raises ArticleError for an article that cannot be rendered, and then leaves the earlier files as they were.
    """
    from analysis.rendering import embedded, quarto

    start = time.perf_counter()
    chosen = renderer if renderer != "auto" else "quarto" if quarto.found() else "embedded"
    by = {"quarto": quarto, "embedded": embedded}[chosen]
    version = by.version()
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder).resolve() / "paper"
        _copy(source, staged)
        files = by.files(source, staged, epoch(), tell)
    made = {"renderer": chosen, "version": version}
    replace_folder(into, files | {"rendering.json": json.dumps(made, indent=2) + "\n"})
    return Rendered(chosen, version, tuple(files), time.perf_counter() - start)


def _copy(source: Path, folder: Path) -> None:
    """Copy an article's folder, without what is hidden or was drawn by an earlier run."""
    if not source.is_file():
        raise ArticleError(Fault(paths.shown(source), "there is no such file", "Name the article's source."))
    ignored = shutil.ignore_patterns(".*", "__pycache__", "figures", "*_files")
    shutil.copytree(source.parent, folder, ignore=ignored)


def epoch() -> int:
    """Return the time that stands in the files as that of their making: that of the commit they are made from."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ("git", "log", "-1", "--format=%ct")
    try:
        ran = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return UNDATED
    return int(ran.stdout)
