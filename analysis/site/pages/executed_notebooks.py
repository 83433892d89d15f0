"""The executed notebooks as pages of the site, and as files to download."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.site.files import stored_files
from analysis.site.html import imported_html
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import Fault

FOLDER = "notebooks"


def as_markdown(
    evidence: Evidence, here: str, name: str, executed: Path = paths.EXECUTED_NOTEBOOKS, stored: Path = paths.NOTEBOOKS
) -> str:
    """Return a notebook as Markdown of a page: its text, the code of each cell in a fold that is open, and outputs.

    Raises SiteError where it is missing or has not been executed.
    """
    file = executed / f"{name}.ipynb"
    cells = _cells(file, stored / file.name)
    names = Names(evidence, here)
    first, *blocks = [
        _code(text)
        if is_code
        else imported_html.as_markdown(imported_html.parsed(text), stem, names, paths.shown(file))
        for stem, text, is_code in _parts(cells, name)
    ]
    title, _, introduction = first.partition("\n\n")
    downloads = (
        f"Take it with you: [with outputs]({name}-executed.ipynb) · [as stored, without outputs]({name}.ipynb). "
        "The code above a table or picture can be folded away."
    )
    return "\n\n".join([title, downloads, introduction, *blocks])


def files(executed: Path = paths.EXECUTED_NOTEBOOKS, stored: Path = paths.NOTEBOOKS) -> Iterator[tuple[str, bytes]]:
    """Yield every notebook, with outputs and as stored, and its pictures: place and content."""
    for source in sorted(stored.glob("*.ipynb")):
        file = executed / source.name
        for stem, text, is_code in _parts(_cells(file, source), source.stem):
            if not is_code and imported_html.has_images(text):
                pictures = imported_html.pictures(imported_html.parsed(text), stem, paths.shown(file))
                yield from ((f"{FOLDER}/{name}", content) for name, content in pictures)
        yield f"{FOLDER}/{source.name}", source.read_bytes()
        yield f"{FOLDER}/{source.stem}-executed.ipynb", file.read_bytes()


def _cells(file: Path, stored: Path) -> list[dict[str, Any]]:
    """Return the cells of an executed notebook, which has to be executed from the stored one as it now is."""
    if not stored.is_file():
        raise SiteError(Fault(stored, "there is no such notebook", "Look at its name on the page."))
    if not file.is_file():
        raise SiteError(Fault(file, "the notebook has not been executed", "Run 'nox -s notebooks'."))
    cells, sources = _read(file), _read(stored)
    if [_text(cell["source"]) for cell in cells] != [_text(cell["source"]) for cell in sources]:
        fault = f"was executed from another version of {paths.shown(stored)}"
        raise SiteError(Fault(file, fault, "Run 'nox -s notebooks'."))
    return cells


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        cells = list(json.loads(stored_files.text(file))["cells"])
        if all({"cell_type", "source"} <= cell.keys() for cell in cells):
            return cells
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    remedy = "Restore it, or execute it again with 'nox -s notebooks'."
    raise SiteError(Fault(file, "is not a notebook", remedy))


def _parts(cells: list[dict[str, Any]], name: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the parts of a notebook, each with a stem for its pictures: HTML or code, and whether it is code."""
    for number, cell in enumerate(cells):
        source = _text(cell["source"])
        if cell["cell_type"] == "markdown":
            yield f"{name}-{number}", _from_markdown(source), False
        elif cell["cell_type"] == "code":
            yield f"{name}-{number}", source, True
            for place, output in enumerate(cell["outputs"]):
                yield f"{name}-{number}-{place}", _output(output), False


def _output(output: dict[str, Any]) -> str:
    """Return an output as HTML: the richest of its forms."""
    if output["output_type"] == "stream":
        return _preformatted(_text(output["text"]))
    data = output["data"]
    if "text/html" in data:
        return _text(data["text/html"])
    if "text/markdown" in data:
        return _from_markdown(_text(data["text/markdown"]))
    return _preformatted(_text(data["text/plain"]))


def _preformatted(text: str) -> str:
    made = imported_html.parsed("").new_tag("pre", attrs={"tabindex": "0"})
    made.string = text
    return str(made)


def _from_markdown(text: str) -> str:
    """Return HTML of Markdown as notebooks read it, which differs from that of the pages."""
    import mistune

    return str(mistune.create_markdown(escape=False, plugins=["table"])(text))


def _code(source: str) -> str:
    """Return code in an open fold, since the code is what is shown; readers who do not program can close it."""
    fence = "`" * 4
    lines = ['???+ quote "Code"', "", f"{fence} python", *source.splitlines(), fence]
    return "\n".join([lines[0], *(f"    {line}" if line else "" for line in lines[1:])])


def _text(source: str | list[str]) -> str:
    """Return text of a notebook, which may be stored as lines."""
    return source if isinstance(source, str) else "".join(source)
