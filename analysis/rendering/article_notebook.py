"""The article as an executed notebook: Quarto renders it, and readers see in it the code beside what it gives."""

from typing import TYPE_CHECKING, Any

import yaml

from analysis.rendering.article_source import Cell, Inline, Prose
from analysis.rendering.execution import IMAGES, Executed, marked, name, picture, value

if TYPE_CHECKING:
    from nbformat import NotebookNode


def as_notebook(executed: Executed, for_quarto: bool = False) -> str:
    """Return the notebook (version 4.5, JSON): front matter, prose with its values in place, cells with their outputs.

    With `for_quarto` a picture that is there as SVG and PNG is named and not held: Quarto would show the SVG in
    every format, and so looks for the file of its format, which `execution.markdown` has written. And values are
    marked as having an origin.
    Raises ArticleError for an inline value that cannot be set as text.
    """
    import nbformat
    from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell

    cells = [new_raw_cell(f"---\n{executed.source.front.strip()}\n---", id="front-matter")]
    prose: list[str] = []

    def end_prose() -> None:
        if text := "".join(prose).strip("\n"):
            cells.append(new_markdown_cell(text, id=f"prose-{len(cells)}"))
        prose.clear()

    count = 0
    for n, (piece, outputs) in enumerate(zip(executed.source.pieces, executed.outputs, strict=True)):
        match piece:
            case Prose():
                prose.append(piece.text)
            case Inline():
                prose.append((marked if for_quarto else value)(executed.source, piece, outputs))
            case Cell():
                end_prose()
                count += 1
                cells.append(_code_cell(piece, outputs, count, name(piece, n) if for_quarto else None))
    end_prose()
    # Not the version of this machine's Python, which would change the bytes.
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return str(nbformat.writes(new_notebook(cells=cells, metadata=metadata))) + "\n"


def _code_cell(cell: Cell, outputs: list["NotebookNode"], count: int, stem: str | None) -> "NotebookNode":
    """Return a cell with its options and outputs; warnings that it silences are left out.

    `stem` is what the names of its files begin with, if pictures are beside the notebook.
    """
    from nbformat.v4 import new_code_cell

    heard = [output for output in outputs if output.get("name") != "stderr"]
    kept = [_output(output, cell, stem and f"{stem}-{place}", count) for place, output in enumerate(heard, 1)]
    code = "\n".join([*_option_lines(cell.options), cell.code.rstrip("\n")])
    made: NotebookNode = new_code_cell(code, id=f"cell-{count}", outputs=kept, execution_count=count)
    return made


def _output(output: "NotebookNode", cell: Cell, file: str | None, count: int) -> "NotebookNode":
    from nbformat import NotebookNode

    if output["output_type"] == "stream":
        return output
    if file and IMAGES.keys() <= output["data"].keys() and "text/markdown" not in output["data"]:
        shown = {"text/markdown": picture(file, "", str(cell.options.get("fig-alt", "")))}
        output = NotebookNode(output, data=shown, metadata={})
    # Inline expressions ran in the same kernel, so that its own counts have gaps.
    return NotebookNode(output, execution_count=count) if output["output_type"] == "execute_result" else output


def _option_lines(options: dict[str, Any]) -> list[str]:
    """Return the options of a cell as the lines that Quarto reads."""
    if not options:
        return []
    written: str = yaml.safe_dump(options, sort_keys=False, allow_unicode=True, width=float("inf"))
    return [f"#| {line}" for line in written.splitlines()]
