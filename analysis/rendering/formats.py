"""What the writers of all formats share: an article ready to be written, its pictures, its front matter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.rendering import tree
from analysis.rendering.cross_references import Document
from analysis.rendering.execution import ORIGIN, Executed, Markdown
from analysis.rendering.front_matter import front_matter
from analysis.rendering.pandoc import pandoc
from analysis.rendering.render_error import ArticleError
from analysis.rendering.tree import Element
from analysis.support.errors import Fault

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Article:
    """An article ready to be written in any format.

    `executed` has the outputs of its cells; `folder` is the staged copy of its own folder, with the pictures that
    its cells drew; `epoch` the time that stands in files as the time of their making; `stem` is what the names of its
    files begin with.
    """

    document: Document
    markdown: Markdown
    executed: Executed
    folder: Path
    epoch: int
    stem: str

    @property
    def settings(self) -> dict[str, Any]:
        """Return the settings of its source."""
        return self.markdown.source.settings

    @property
    def front(self) -> dict[str, Any]:
        """Return what stands before its text, beside title, abstract and keywords."""
        return front_matter(self.settings, tree.text(self.document.tree["meta"]["title"]))

    def error(self, problem: str, remedy: str) -> ArticleError:
        """Return an error about the article as a whole."""
        return ArticleError(Fault(self.markdown.source.file, problem, remedy))

    def written(self, content: dict[str, Any], form: str, *options: str) -> str:
        """Return a document tree in a format, whole, with its citations and its list of references."""
        numbering = ["--number-sections"] if self.settings["number-sections"] else []
        notes, linking = (f"--lua-filter={TEMPLATES / name}" for name in ("evidence-notes.lua", "two-documents.lua"))
        whole = (f"--to={form}", "--standalone", notes, "--citeproc", linking)
        return pandoc(self.folder, self.epoch, content, *whole, *numbering, *options)


def with_pictures(article: Article, ending: str, marked: bool = False) -> dict[str, Any]:
    """Return the document with the pictures of one format: `ending` completes a name without one.

    Numbers are plain text unless they are to be `marked` as having an origin.
    """

    def change(element: Element) -> Element | list[Element]:
        if element["t"] == "Span" and ORIGIN in tree.attributes(element)[1] and not marked:
            inlines: list[Element] = element["c"][1]
            return inlines
        if element["t"] != "Image":
            return element
        attributes, alt, (target, title) = element["c"]
        file = target if Path(target).suffix else f"{target}.{ending}"
        if not (article.folder / file).is_file():
            remedy = (
                "Save the picture in the cell, under this name: as .svg for HTML and PDF, as .png for DOCX and JATS."
            )
            raise article.markdown.fault(rf"{target}\b", f"there is no picture '{file}'", remedy)
        return {"t": "Image", "c": [attributes, alt, [file, title]]}

    whole: dict[str, Any] = tree.replaced(article.document.tree, change)
    return whole


def pictures(content: dict[str, Any]) -> list[str]:
    """Return the names of all pictures of a document."""
    return sorted({element["c"][2][0] for element in tree.elements(content) if element["t"] == "Image"})


def with_metadata(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a document with more metadata."""
    return content | {"meta": content["meta"] | more}


def as_metadata(value: Any, address: Callable[[str], dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return texts, lists and mappings as metadata; an `address` may need another form than text."""
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {key: _entry(key, inner, address) for key, inner in value.items()}}
    if isinstance(value, list):
        return several([as_metadata(inner, address) for inner in value])
    return {"t": "MetaBool", "c": value} if isinstance(value, bool) else words(value)


def _entry(key: str, value: Any, address: Callable[[str], dict[str, Any]] | None) -> dict[str, Any]:
    return address(value) if key == "address" and address else as_metadata(value, address)


def words(text: str) -> dict[str, Any]:
    """Return metadata of plain text."""
    return {"t": "MetaString", "c": text}


def several(values: list[dict[str, Any]]) -> dict[str, Any]:
    """Return metadata that is a list."""
    return {"t": "MetaList", "c": values}


def is_callout(element: Element) -> bool:
    """Tell whether an element is a callout, whose first part is then its title."""
    return element["t"] == "Div" and "callout" in element["c"][0][1]
