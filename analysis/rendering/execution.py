"""Running an article's cells and expressions, once for all formats, and setting what they give into its Markdown."""

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.rendering import kernel
from analysis.rendering.article_source import Cell, Inline, Piece, Prose, Source, StoredCell
from analysis.rendering.render_error import ArticleError

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What Quarto escapes in the text of an inline value.
_ESCAPED = re.compile(r"([\\`*_{}\[\]()>#+\-,.!])")
#: The class of a number that has an origin, which web pages link.
ORIGIN = "origin"
# A passage or claim; such a name may become a link of its own, in which there can be no other.
_KEY = re.compile(r"\b[A-Z]\d{2,}\b")
IMAGES = {"image/svg+xml": "svg", "image/png": "png"}
# The last cell, which leaves no name behind that the article could have used.
_REPORT = "print(__import__('importlib').import_module('analysis.support.traced_values').report({codes!r}, globals()))"
_FENCE = ":" * 12  # longer than any that is written by hand


@dataclass(frozen=True)
class Executed:
    """An article whose cells have run.

    `outputs` and `functions` have an entry for each piece of its source, empty for prose; `functions` are those that
    a piece names, as `traced_values.report` describes them.
    """

    source: Source
    outputs: tuple[list["NotebookNode"], ...]
    functions: tuple[list[dict[str, Any]], ...]


@dataclass(frozen=True)
class Markdown:
    """The article as plain Markdown, every value in its place; for each of its lines the line of the source."""

    source: Source
    text: str
    lines: tuple[int, ...]

    def line_of(self, pattern: str) -> int:
        """Return the line of the source at which a pattern is first found; the first line if it is nowhere."""
        found = re.search(pattern, self.text)
        return self.lines[self.text.count("\n", 0, found.start())] if found else 1

    def fault(self, pattern: str, problem: str, remedy: str) -> ArticleError:
        """Return an error about the place where a pattern is found."""
        return self.source.fault(self.line_of(pattern), problem, remedy)


def execute(source: Source, folder: Path) -> Executed:
    """Run all cells and inline expressions in `folder`, in the order of the source.

    Raises ArticleError for a cell that fails.
    """
    ran = iter(_ran(source, folder))
    results = [_of_piece(piece, ran) for piece in source.pieces]
    return Executed(source, tuple(one.outputs for one in results), tuple(one.functions for one in results))


def _of_piece(piece: Piece, ran: Iterator["_Result"]) -> "_Result":
    """Return the result of a piece: a stored one, none, or the next of those that ran."""
    if isinstance(piece, StoredCell):
        return _Result(list(piece.outputs), [])
    return _Result([], []) if isinstance(piece, Prose) else next(ran)


def markdown(executed: Executed, folder: Path) -> Markdown:
    """Compose the Markdown of an article with what its cells show; pictures that they display go below `folder`.

    Raises ArticleError for a cell that warns, and for an output that cannot go into every format.
    """
    source = executed.source
    shown = []
    for n, (piece, outputs) in enumerate(zip(source.pieces, executed.outputs, strict=True)):
        if isinstance(piece, Prose):
            shown.append(piece.text)
        elif isinstance(piece, Inline):
            shown.append(marked(source, piece, outputs))
        else:
            shown.append(_shown(source, piece, outputs, folder, n))
    return _composed(source, shown)


def _composed(source: Source, shown: list[str]) -> Markdown:
    """Return what the pieces of a source show as one text that keeps account of lines."""
    lines = [1]
    before = "\n"
    for piece, text in zip(source.pieces, shown, strict=True):
        if before.endswith("\n"):
            lines[-1] = piece.line
        # Each line of prose is a further line of the source; all that a cell shows is of the cell's.
        moving = isinstance(piece, Prose)
        lines += [piece.line + n if moving else piece.line for n in range(1, text.count("\n") + 1)]
        before = text or before
    return Markdown(source, "".join(shown), tuple(lines))


class _Result(NamedTuple):
    outputs: list["NotebookNode"]
    functions: list[dict[str, Any]]


def _ran(source: Source, folder: Path) -> list[_Result]:
    """Run what runs; return what each piece gives, with the functions that it names as the kernel knows them."""
    from nbformat.v4 import new_code_cell, new_notebook

    if not (ran := source.ran):
        return []
    codes = [piece.code if isinstance(piece, Cell) else f"({piece.expression}\n)" for piece in ran]
    notebook = new_notebook(cells=[new_code_cell(code) for code in [*codes, _REPORT.format(codes=codes)]])
    try:
        asyncio.run(kernel.run(notebook, folder))
    except kernel.CellFailure as failure:
        raise _failure(source, ran[min(failure.cell, len(ran) - 1)], failure) from None
    *outputs, report = (cell["outputs"] for cell in notebook["cells"])
    return [_Result(*both) for both in zip(outputs, json.loads(report[-1]["text"].splitlines()[-1]), strict=True)]


def _failure(source: Source, piece: Cell | Inline, failure: kernel.CellFailure) -> ArticleError:
    if isinstance(piece, Inline):
        return source.fault(piece.line, f"`{piece.expression}` failed: {failure.message}", "Correct the expression.")
    line = piece.line if failure.line is None else piece.first + failure.line - 1
    label = piece.options.get("label")
    name = f"the cell '{label}'" if label else f"the cell of line {piece.line}"
    return source.fault(line, f"{name} failed: {failure.message}", "Correct the cell, or what it calls.")


def value(source: Source, piece: Inline, outputs: list["NotebookNode"]) -> str:
    """Return the Markdown for an inline value, as Quarto does: a string escaped, anything else as it prints."""
    kinds = [output["output_type"] for output in outputs]
    if kinds != ["execute_result"]:
        what = "gives no value" if not kinds else "prints or warns"
        raise source.fault(piece.line, f"`{piece.expression}` {what}", "An expression has to give one value, quietly.")
    data = outputs[0]["data"]
    if "text/markdown" in data:
        return str(data["text/markdown"])
    plain = str(data["text/plain"])
    if "text/html" in data or any(kind in data for kind in IMAGES) or "\n" in plain:
        raise source.fault(piece.line, f"`{piece.expression}` is not text", "Show it from a cell.")
    if plain[0] not in "\"'":
        return plain
    if "\\" in plain:
        problem = f"`{piece.expression}` gives text with line ends, backslashes or both kinds of quotation marks"
        raise source.fault(piece.line, problem, "Give it as Markdown(...).")
    return _ESCAPED.sub(r"\\\1", plain[1:-1])


def marked(source: Source, piece: Inline, outputs: list["NotebookNode"]) -> str:
    """Return the Markdown for an inline value, marked as having an origin where the mark can be a link.

    A text that names passages or claims has the mark behind it.
    """
    shown = value(source, piece, outputs)
    if not piece.open or "text/markdown" in outputs[0]["data"] or set("[]`<>\n") & set(re.sub(r"\\.", "", shown)):
        return shown
    mark = f"{{#{piece.identifier} .{ORIGIN}}}"
    return f"{shown}[]{mark}" if _KEY.search(shown) else f"[{shown}]{mark}"


def _shown(source: Source, cell: Cell, outputs: list["NotebookNode"], folder: Path, n: int) -> str:
    """Return the Markdown of a cell: its code if it is echoed, and its outputs."""
    settings = source.settings["execute"] | cell.options
    asis = settings.get("output") == "asis"
    label = cell.options.get("label", "")
    kept = [output for output in outputs if not _silent(source, cell, output, settings["warning"])]
    if not settings.get("include", True):
        return "\n"
    if label.startswith("fig-") and [_kind(output) for output in kept] != ["picture"]:
        raise source.fault(cell.line, f"the cell '{label}' does not show one picture", "Show it, and nothing else.")
    code, shown = [], []
    if settings["echo"] and cell.code.strip():
        fold = f' code-fold="{str(cell.options["code-fold"]).lower()}"' if "code-fold" in cell.options else ""
        code.append(_code(cell.code.strip("\n"), f"{{.python .cell-code{fold}}}"))
    if settings.get("output", True) is not False:
        shown += [
            _output(source, cell, output, asis, f"{name(cell, n)}-{place}", folder)
            for place, output in enumerate(kept, 1)
        ]
    if label.startswith("tbl-"):
        return "\n\n".join(["", *code, _table(cell, shown)])
    return _enclosed("\n\n".join(code + shown), asis)


def _kind(output: "NotebookNode") -> str:
    """Return what an output is set as: text as it was printed, Markdown, a picture, or plain text."""
    if output["output_type"] == "stream":
        return "stream"
    if "text/markdown" in output["data"]:
        return "markdown"
    return "picture" if any(kind in output["data"] for kind in IMAGES) else "plain"


def _table(cell: Cell, shown: list[str]) -> str:
    """Return the table that a cell shows as a division with its label and caption."""
    widths = cell.options.get("tbl-colwidths")
    attribute = f' tbl-colwidths="{widths}"' if widths else ""
    content = "\n\n".join([*shown, str(cell.options.get("tbl-cap", ""))])
    return f"{_FENCE} {{#{cell.options['label']} .cell{attribute}}}\n{content}\n\n{_FENCE}\n"


def _enclosed(shown: str, asis: bool) -> str:
    """Return what a cell shows as a division, or bare for `asis`."""
    if asis or not shown:
        return f"\n{shown}\n"
    return f"\n\n{_FENCE} {{.cell}}\n{shown}\n\n{_FENCE}\n"


def _silent(source: Source, cell: Cell, output: "NotebookNode", warning: bool) -> bool:
    """Tell whether an output is a warning that is not to be shown; refuse one that nobody silenced."""
    if output["output_type"] != "stream" or output["name"] != "stderr":
        return False
    if warning:
        lines = str(output["text"]).strip().splitlines()
        raise source.fault(
            cell.line,
            f"the cell warns: {next((line for line in lines if 'Warning' in line), lines[-1] if lines else '')}",
            "Correct what it warns of, or set '#| warning: false'.",
        )
    return True


def _output(source: Source, cell: Cell, output: "NotebookNode", asis: bool, name: str, folder: Path) -> str:
    """Return one output as Markdown: Markdown before pictures before plain text."""
    kind = _kind(output)
    if kind == "stream":
        return str(output["text"]) if asis else _code(output["text"])
    data = output["data"]
    if kind == "markdown":
        return str(data["text/markdown"])
    if kind == "picture":
        return _picture(source, cell, {kind: data[kind] for kind in IMAGES if kind in data}, name, folder)
    if others := sorted(set(data) - {"text/plain"}):
        remedy = "Give Markdown(...), a picture as SVG and PNG, or text: these go into every format."
        raise source.fault(cell.line, f"the cell shows {', '.join(others)}", remedy)
    return _code(data["text/plain"])


def _picture(source: Source, cell: Cell, data: dict[str, Any], name: str, folder: Path) -> str:
    """Write a picture below `folder` and return the Markdown that shows it."""
    label = cell.options.get("label", "")
    stem = f"figures/{name}"
    (folder / "figures").mkdir(exist_ok=True)
    for kind, content in data.items():
        raw = str(content).encode() if kind == "image/svg+xml" else base64.b64decode(content)
        (folder / f"{stem}.{IMAGES[kind]}").write_bytes(raw)
    if "image/png" not in data:
        raise source.fault(cell.line, "the cell shows an SVG alone", "DOCX needs a PNG beside it: give both.")
    target = stem if len(data) > 1 else f"{stem}.png"
    identifier = f"#{label} " if label.startswith("fig-") else ""
    alt = str(cell.options.get("fig-alt", ""))
    return picture(target.removeprefix("figures/"), str(cell.options.get("fig-cap", "")), alt, identifier)


def picture(name: str, caption: str, alt: str, identifier: str = "") -> str:
    """Return the Markdown that shows a picture which is stored below `figures`."""
    alt = alt.replace("\\", "\\\\").replace('"', '\\"')
    return f'![{caption}](figures/{name}){{{identifier}fig-alt="{alt}"}}'


def name(cell: Cell, n: int) -> str:
    """Return how the files of a cell are called: by its label, else by its place among the pieces of the source."""
    return str(cell.options.get("label", f"cell-{n}"))


def _code(text: str, attributes: str = "") -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{attributes}\n{text.rstrip()}\n{ticks}"
