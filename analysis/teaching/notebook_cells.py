"""The cells of a Jupyter notebook that is made by a program, and its file, without outputs: same cells, same bytes."""

import json
from collections.abc import Iterable
from typing import Any

Cell = dict[str, Any]

_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def markdown(cell_id: str, text: str) -> Cell:
    """Return a cell of text in Markdown."""
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": _lines(text)}


def code(cell_id: str, source: str, *, tags: Iterable[str] = (), folded: bool = False) -> Cell:
    """Return a cell of code; if it is `folded`, JupyterLab shows it in one line until it is opened."""
    metadata: dict[str, Any] = {"jupyter": {"source_hidden": True}} if folded else {}
    if listed := list(tags):
        metadata["tags"] = listed
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": metadata,
        "outputs": [],
        "source": _lines(source),
    }


def notebook(title: str, cells: Iterable[Cell]) -> str:
    """Return the content of the file of a notebook."""
    content = {"cells": list(cells), "metadata": _KERNEL | {"title": title}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _lines(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)
