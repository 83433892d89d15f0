"""Notebooks that run in one kernel, one after another, which saves the time that each kernel takes to start and load."""

import asyncio
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.rendering import kernel, notebooks

# Each notebook begins without the names of those before it, and its cells count from 1.
_BEGIN = "%reset -f\nget_ipython().execution_count = 1"


def execute(folder: Path, into: Path) -> None:
    """Execute the notebooks of a folder as `notebooks.execute` does, in one kernel instead of one each."""
    cells = []
    for file in sorted(folder.glob("*.ipynb")):
        cells += [_BEGIN, *(cell.source for cell in code(nbformat.read(file, as_version=4)))]
    ran = new_notebook(cells=[new_code_cell(source) for source in cells])
    asyncio.run(kernel.run(ran, folder))
    every = iter(ran.cells)

    async def ran_already(notebook: nbformat.NotebookNode, *_: object) -> None:
        assert next(every).source == _BEGIN
        for number, cell in enumerate(code(notebook), 1):
            one = next(every)
            assert cell.source == one.source
            cell.outputs, cell.execution_count = one.outputs, number

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "run", ran_already)
        notebooks.execute(folder, into, tell=lambda _: None)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the cells of a notebook that run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
