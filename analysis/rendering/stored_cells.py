"""Cells of notebooks that an article embeds, with the outputs that are stored there."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.rendering import notebooks
from analysis.rendering.notebooks import NotebookError
from analysis.rendering.render_error import ArticleError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FOLDER = "notebooks"  # beside the article's folder


def find(name: str, wanted: str, article: Path, fault: Callable[[str, str], ArticleError]) -> "NotebookNode":
    """Return the cell of a notebook that has a label, an identifier or a tag, with outputs.

    Raises what `fault` makes of a problem and its remedy: a notebook that is elsewhere than in the article's folder
    or in `../notebooks`, or is none; and a cell that is not there once, or has no outputs, or an error among them.
    """
    file, folder = (article.parent / name).resolve(), article.parent.resolve()
    if not any(file.is_relative_to(allowed) for allowed in (folder, folder.parent / _FOLDER)):
        raise fault(f"'{name}' is neither in the article's folder nor in ../{_FOLDER}", "Move the notebook there.")
    if not file.is_file():
        raise fault(f"there is no notebook '{name}'", "Write it, or correct its name.")
    try:
        cells = notebooks.read(file).cells
    except NotebookError as error:
        raise fault(f"'{name}' is not a notebook ({error})", "Correct it.") from None
    found = [cell for cell in cells if cell.cell_type == "code" and wanted in _names(cell)]
    if len(found) != 1:
        remedy = f"Give one code cell the label, as a line '#| label: {wanted}'."
        raise fault(f"{len(found) or 'no'} cells of '{name}' have the label, id or tag '{wanted}'", remedy)
    kinds = [output.output_type for output in found[0].outputs]
    if not kinds or "error" in kinds:
        problem = f"the cell '{wanted}' of '{name}' is stored {'with an error' if kinds else 'without outputs'}"
        raise fault(problem, "Run the notebook and save it with its outputs, or compute this in a cell of the article.")
    cell: NotebookNode = found[0]
    return cell


def _names(cell: "NotebookNode") -> set[str]:
    labels = [line.split(":", 1)[1].strip().strip("\"'") for line in cell.source.split("\n") if _is_label(line)]
    return {*labels, cell.get("id", ""), *cell.metadata.get("tags", [])}


def _is_label(line: str) -> bool:
    return line.startswith("#|") and line[2:].strip().startswith("label:")
