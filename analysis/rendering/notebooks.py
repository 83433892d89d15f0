"""Executing the notebooks: into fresh copies beside web pages, the stored ones untouched."""

import asyncio
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.rendering import kernel
from analysis.support import paths, safe_files
from analysis.support.atomic_writes import replace_folder
from analysis.support.errors import CompendiumError, Fault, unreadable

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

    from analysis.rendering.forked_kernels import Forking


class NotebookError(CompendiumError):
    """A notebook that is missing or does not run through."""


def execute(
    folder: Path = paths.NOTEBOOKS, into: Path = paths.EXECUTED_NOTEBOOKS, tell: Callable[[str], None] = print
) -> list[str]:
    """Execute every notebook of a folder; write the executed copies and their web pages together.

    The same notebooks and data give the same bytes. `tell` hears of each notebook when it is done.
    Raises NotebookError for the first cell that fails, and then leaves the earlier copies as they were.
    """
    files = sorted(folder.glob("*.ipynb"))
    if not files:
        raise NotebookError(Fault(folder, "there are no notebooks", "Restore them with 'git checkout'."))
    executed = asyncio.run(_all_executed(files, tell))
    contents = {}
    for file, notebook in zip(files, executed, strict=True):
        contents[file.name] = _as_json(notebook)
        contents[file.with_suffix(".html").name] = _as_page(notebook, file.stem)
    replace_folder(into, contents)
    return list(contents)


async def _all_executed(files: list[Path], tell: Callable[[str], None]) -> list["NotebookNode"]:
    from analysis.rendering import forked_kernels

    at_once = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(file: Path) -> "NotebookNode":
        async with at_once:
            notebook = await _executed(file, forking)
            tell(f"{paths.shown(file)} ran through")
            return notebook

    with forked_kernels.forking(len(files), kernel.environment()) as forking:
        # All run to their end before a failure is reported, so that no kernel is torn down half-way.
        ended = await asyncio.gather(*(one(file) for file in files), return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in ended if not isinstance(outcome, BaseException)]


def read(file: Path) -> "NotebookNode":
    """Return a stored notebook; raises NotebookError where it does not follow the format."""
    import nbformat

    found: dict[str, Exception] = {}  # instead of a line in the log
    try:
        content = safe_files.text(file)
        notebook: NotebookNode = nbformat.reads(content, as_version=4, capture_validation_error=found)
        reason = next((str(fault).splitlines()[0] for fault in found.values()), "")
    except OSError as fault:
        raise NotebookError(unreadable(file, fault)) from None
    except (ValueError, nbformat.ValidationError) as fault:
        reason = (str(fault).splitlines() or [type(fault).__name__])[0]
    except (TypeError, AttributeError, KeyError, RecursionError):  # nbformat takes the shape of the JSON for granted
        reason = "its JSON has another shape than a notebook's"
    if reason:
        raise NotebookError(Fault(file, f"not a valid notebook ({reason})", "Restore it with 'git checkout'."))
    return notebook


async def _executed(file: Path, forking: "Forking | None") -> "NotebookNode":
    notebook = read(file)
    try:
        await kernel.run(notebook, file.parent, forking)
    except kernel.CellFailure as failure:
        number = sum(cell.cell_type == "code" for cell in notebook.cells[: failure.cell + 1])
        raise NotebookError(
            Fault(
                file,
                f"code cell {number} failed: {failure.message}",
                "Open the notebook with 'nox -s lab' and run it up to this cell.",
            )
        ) from None
    notebook.metadata["language_info"] = {"name": "python"}  # not the version of this machine's Python
    return notebook


def _as_json(notebook: "NotebookNode") -> str:
    import nbformat

    return str(nbformat.writes(notebook)) + "\n"


def _as_page(notebook: "NotebookNode", name: str) -> str:
    page, _ = _exporter().from_notebook_node(notebook, resources={"metadata": {"name": name}})
    return str(page)


@cache  # it compiles its templates
def _exporter() -> "HTMLExporter":
    from nbconvert import HTMLExporter

    # No script from another host; the notebooks use neither formulas nor diagrams.
    elsewhere = ("mathjax_url", "require_js_url", "jquery_url", "mermaid_js_url", "mermaid_layout_elk_js_url")
    return HTMLExporter(**dict.fromkeys(elsewhere, ""), language_code="en")
