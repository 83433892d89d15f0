"""The article as a Word document, in styles of the house."""

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from analysis.rendering import tree
from analysis.rendering.formats import TEMPLATES, Article, is_callout, several, with_metadata, with_pictures, words
from analysis.rendering.front_matter import as_list
from analysis.rendering.pandoc import program
from analysis.rendering.tree import Element
from analysis.support.deterministic_zip import archive

LICENCE = {"text": "CC BY 4.0", "address": "https://creativecommons.org/licenses/by/4.0/"}


def docx(article: Article) -> bytes:
    """Return the document."""
    content = tree.replaced(with_pictures(article, "png"), lambda element: _element(element, article))
    names = [words(author["name"]) for author in article.front["byline"]]
    content = _with_front(with_metadata(content, author=several(names)), article)
    (article.folder / "reference.docx").write_bytes(reference_document())
    article.written(content, "docx", "--reference-doc=reference.docx", "--output=article.docx")
    return with_whole_rows((article.folder / "article.docx").read_bytes())


def with_whole_rows(given: bytes, sizes: Sequence[float] = ()) -> bytes:
    """Return a document in which no row of a table is divided between pages, nor taller for an empty cell.

    No word joiner is left, and no picture stands off from the margin. `sizes` are those of the letters in each table,
    in points, if they are not to be as in the text.
    """
    return _changed(given, {"word/document.xml": lambda text: _with_sizes(_whole_rows(text), sizes)})


def _with_sizes(given: str, sizes: Sequence[float]) -> str:
    """Return a text whose tables have letters of these sizes; figures, which pandoc puts into tables, do not count."""
    left = list(sizes)

    def sized(table: re.Match[str]) -> str:
        if not left or 'w:val="FigureTable"' in table[0]:
            return table[0]
        size = f'<w:sz w:val="{round(2 * left.pop(0))}" /></w:rPr>'
        return table[0].replace("<w:r><w:t", "<w:r><w:rPr></w:rPr><w:t").replace("</w:rPr>", size)

    return re.sub(r"<w:tbl>.*?</w:tbl>", sized, given, flags=re.DOTALL)


def reference_document() -> bytes:
    """Return pandoc's own reference document with our styles, an A4 page and page numbers.

    It is made here, so that the repository holds readable styles and no binary that nobody can review.
    """
    command = [program(), "--print-default-data-file=reference.docx"]
    ran = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    changes = {
        "word/styles.xml": _styles,
        "word/document.xml": _page,
        "word/_rels/document.xml.rels": _relations,
        "[Content_Types].xml": _types,
    }
    return _changed(ran.stdout, changes, {"word/footer1.xml": (TEMPLATES / "footer.xml").read_text(encoding="utf-8")})


def _changed(
    given: bytes, changes: Mapping[str, Callable[[str], str]], more: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """Return an Office file with some of its parts changed and some added; none says when it was put in."""
    with zipfile.ZipFile(io.BytesIO(given)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    parts |= {name: change(parts[name].decode()).encode() for name, change in changes.items()}
    return archive(parts | {name: text.encode() for name, text in more.items()})


def _whole_rows(given: str) -> str:
    """Return a text in which no row of a table is divided between pages; pandoc marks head rows only.

    Without word joiners, for which Word shows an empty box in many fonts. Pandoc gives empty cells no style, and
    pictures no distance to the text, for which LibreOffice then takes an eighth of an inch.
    """
    marked = given.replace("\u2060", "").replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>")
    marked = marked.replace("<w:trPr><w:tblHeader", "<w:trPr><w:cantSplit/><w:tblHeader")
    styled = marked.replace("<w:p /></w:tc>", '<w:p><w:pPr><w:pStyle w:val="TableText" /></w:pPr></w:p></w:tc>')
    return styled.replace("<wp:inline>", '<wp:inline distT="0" distB="0" distL="0" distR="0">')


def _styles(given: str) -> str:
    """Return styles in which ours take the place of those with the same name."""
    ours = (TEMPLATES / "styles.xml").read_text(encoding="utf-8")
    for style in re.findall(r'<w:style [^>]*w:styleId="(\w+)"', ours):
        given = re.sub(rf'<w:style [^>]*w:styleId="{style}".*?</w:style>', "", given, flags=re.DOTALL)
    found = re.search(r"<w:docDefaults>.*?</w:docDefaults>", ours, re.DOTALL)
    styles = re.findall(r"<w:style .*?</w:style>", ours, re.DOTALL)
    if found:
        given = re.sub(r"<w:docDefaults>.*?</w:docDefaults>", found[0], given, flags=re.DOTALL)
    return given.replace("</w:styles>", "\n".join([*styles, "</w:styles>"]))


def _page(given: str) -> str:
    margins = " ".join(f'w:{side}="1418"' for side in ("top", "right", "bottom", "left"))
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/><w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar {margins} w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )
    return re.sub(r"<w:sectPr>.*?</w:sectPr>", section, given, flags=re.DOTALL)


def _relations(given: str) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
    return given.replace(
        "</Relationships>", f'<Relationship Id="rIdFooter" Type="{kind}" Target="footer1.xml"/></Relationships>'
    )


def _types(given: str) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    return given.replace("</Types>", f'<Override PartName="/word/footer1.xml" ContentType="{kind}"/></Types>')


def _with_front(content: dict[str, Any], article: Article) -> dict[str, Any]:
    """Return a document whose affiliations, abstract, keywords, details and licence are styled paragraphs."""
    known = article.front
    front = [_of_author(author, alone=len(known["byline"]) == 1) for author in known["byline"] if author["lines"]]
    if known["date"]:
        front.append(_styled("Date", [{"t": "Para", "c": [tree.string(known["date"])]}]))
    if abstract := content["meta"].get("abstract", {}).get("c"):
        title = {"t": "Para", "c": [tree.string("Abstract")]}
        front += [_styled("Abstract Title", [title]), _styled("Abstract", abstract)]
    if keywords := "; ".join(as_list(article.settings.get("keywords"))):
        front.append(_labelled("Keywords", "Keywords", [{"text": keywords}]))
    front += [_labelled("Details", one["label"], one["pieces"]) for one in known["details"]]
    if "license" in article.settings:
        front.append(_labelled("Details", "Licence", [LICENCE]))
    kept = {key: value for key, value in content["meta"].items() if key != "abstract"}
    return content | {"meta": kept, "blocks": [*front, *content["blocks"]]}


def _of_author(author: dict[str, Any], alone: bool) -> Element:
    """Return where an author works and is reached; with the name, as all authors stand above."""
    pieces = [piece for line in author["lines"] for piece in line["pieces"]]
    name = [] if alone else [tree.string(f"{author['name']}: ")]
    return _styled("Affiliation", [{"t": "Para", "c": [*name, *_line(pieces, "; ")]}])


def _labelled(style: str, label: str, pieces: list[dict[str, str]]) -> Element:
    return _styled(style, [{"t": "Para", "c": [_strong(label), {"t": "Space"}, *_line(pieces, " ")]}])


def _line(pieces: list[dict[str, str]], between: str) -> list[Element]:
    """Return the pieces of a line, those with an address as links."""
    line: list[Element] = []
    for piece in pieces:
        text = [tree.string(piece["text"])]
        link = {"t": "Link", "c": [["", [], []], text, [piece.get("address", ""), ""]]}
        line += [*([tree.string(between)] if line else []), *([link] if "address" in piece else text)]
    return line


def _element(element: Element, article: Article) -> Element | list[Element]:
    match element:
        case {"t": "Table", "c": [attributes, caption, columns, head, bodies, foot]}:
            head = [head[0], _rows(head[1], "Table Heading")]
            bodies = [
                [a, count, _rows(inner, "Table Text"), _rows(rows, "Table Text")] for a, count, inner, rows in bodies
            ]
            return {"t": "Table", "c": [attributes, caption, columns, head, bodies, foot]}
        case {"t": "Span", "c": [[_, ["caption-label"], _], label]}:
            return {"t": "Strong", "c": label}
        case {"t": "Span", "c": [[label, ["equation"], _], [{"t": "Math", "c": [kind, tex]}]]}:
            number = article.document.targets[label].number
            return tree.span([], [{"t": "Math", "c": [kind, rf"{tex.strip()} \qquad({number})"]}], label)
        case {"t": "Div", "c": [_, [title, *blocks]]} if is_callout(element):
            return [_styled("Callout Title", [title]), _styled("Callout", blocks)]
    return element


def _rows(rows: list[Any], style: str) -> list[Any]:
    """Return rows of a table whose cells are in a style."""
    return [[row, [[*cell, [_styled(style, _paragraphs(blocks))]] for *cell, blocks in cells]] for row, cells in rows]


def _paragraphs(blocks: list[Element]) -> list[Element]:
    """Return the blocks of a cell as paragraphs: those take a style, and an empty cell needs one."""
    return [block | {"t": "Para"} if block["t"] == "Plain" else block for block in blocks] or [{"t": "Para", "c": []}]


def _styled(style: str, blocks: list[Element]) -> Element:
    return tree.div([], blocks, **{"custom-style": style})


def _strong(text: str) -> Element:
    return {"t": "Strong", "c": [tree.string(text)]}
