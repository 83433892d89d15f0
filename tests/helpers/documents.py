"""Reading HTML, PDF, DOCX and JATS into the same parts, so that renderings of one article can be compared."""

import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree
from pypdf import PdfReader
from tagged_pdf import structure

Node = Any  # an lxml element; lxml brings no types

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = {
    "w": W,
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "xml": "http://www.w3.org/XML/1998/namespace",
}


@dataclass(frozen=True)
class Table:
    """The texts of a table's cells, row by row, and how many rows at its top are marked as its header."""

    rows: tuple[tuple[str, ...], ...]
    header_rows: int


@dataclass(frozen=True)
class Document:
    """What a reader is given by one rendering of an article, in reading order.

    `headings` and `captions` start with their numbers; `pictures` are alternative texts,
    empty where there is none; `entries` are those of the bibliography; `references` are the texts, sorted, of links
    within the document (to figures, tables, sections, entries) but those of contents and notes. `body` is the running
    text from the first heading on, without headings, tables, captions, notes, formulas and bibliography; `text` is
    everything.
    """

    title: str
    language: str
    headings: tuple[str, ...]
    captions: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[str, ...]
    notes: tuple[str, ...]
    entries: tuple[str, ...]
    references: tuple[str, ...]
    body: str
    text: str


def read(file: Path) -> Document:
    """Read a rendering by the reader for its kind."""
    return READERS[file.suffix](file)


def plain(text: str) -> str:
    """Return a text without what only its layout needs: soft hyphens, joiners, kinds and runs of spaces."""
    return " ".join(re.sub("[\xad\u200b\u2060]", "", text).split())


def numbers(texts: Iterable[str]) -> list[str]:
    """Return every figure in some texts, in order."""
    return [found for text in texts for found in re.findall(r"\d+(?:[.,]\d+)*", text)]


# What does not end a word, in any of the formats; elsewhere a space stands between two elements.
INLINE = {
    *("a", "abbr", "b", "cite", "code", "em", "i", "q", "s", "small", "span", "strong", "sub", "sup", "u"),  # HTML
    *("bold", "ext-link", "italic", "monospace", "named-content", "sc", "styled-content", "underline", "xref"),  # JATS
    *("Code", "Em", "Lbl", "Link", "Quote", "Reference", "Span", "Strong"),  # PDF
}


def _tag(node: Node) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _said(node: Node, left_out: Callable[[Node], bool] = lambda node: False) -> str:
    """Return the text of a node and all below it, but for nodes that are left out."""
    if not _tag(node) or left_out(node):
        return ""
    inner = (node.text or "") + "".join(_said(child, left_out) + (child.tail or "") for child in node)
    return inner if _tag(node) in INLINE else f" {inner} "


def _texts(nodes: Iterable[Node], left_out: Callable[[Node], bool] = lambda node: False) -> tuple[str, ...]:
    return tuple(plain(_said(node, left_out)) for node in nodes)


def _sorted(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return the texts of nodes in an order that does not depend on where a format puts its notes."""
    return tuple(sorted(_texts(nodes)))


def _numbered(heading: str) -> str:
    """Return a heading with a space between its number, if it has one, and its words."""
    return re.sub(r"^(\d+(?:\.\d+)*)\.?\s*(?=\D)", r"\1 ", heading)


def _table(node: Node, row: str, header: str, cell: str) -> Table:
    """Return a table of a tree that has an element for each row and each cell."""
    rows = [[part for part in line if _tag(part) in (header, cell)] for line in node.iter(row)]
    marked = [all(_tag(part) == header for part in line) for line in rows]
    return Table(tuple(_texts(line) for line in rows), [*marked, False].index(False))


def _lies_before(root: Node, headings: list[Node]) -> Callable[[Node], bool]:
    """Return a test for nodes that lie before the first heading."""
    if not headings:
        return lambda node: False
    order = {node: place for place, node in enumerate(root.iter())}
    first = order[headings[0]]
    inside = set(headings[0].iterancestors())
    return lambda node: node not in inside and order[node] < first


# HTML -----------------------------------------------------------------------------------------------------------------


def read_html(file: Path) -> Document:
    """Read a web page; its furniture (navigation, links to code, scripts, styles, hidden words) is no part of it.

    Nor are notes on passages and claims, which only web pages have, and the links to them.
    """
    root = lxml.html.parse(str(file), lxml.html.HTMLParser(encoding="utf-8")).getroot()
    body = root.find("body")
    main = next(body.iter("main"), body)
    apart = "contains(@class, 'screen-reader-only') or @class = 'code-link'"
    for furniture in body.xpath(f".//*[@id='quarto-appendix' or @id='evidence-notes' or {apart}]"):
        furniture.drop_tree()
    unsaid = {"nav", "script", "style", "svg", "annotation"}  # a picture has its alternative text
    marks = {"doc-noteref", "doc-backlink"}
    skipped = {"header", "table", "figcaption", "math", "h1", "h2", "h3", "h4", "h5", "h6"}
    abstract = "contains(concat(' ', @class, ' '), ' abstract ')"
    headings = main.xpath(
        ".//*[self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
        f"[not(ancestor::header or ancestor::nav or ancestor::*[{abstract}])]"
    )
    notes = main.xpath(".//*[@role='doc-endnotes']//li")
    before = _lies_before(main, headings)

    def unread(node: Node) -> bool:
        return (
            node.tag in unsaid | skipped
            or node.get("role") in {"doc-endnotes", *marks}
            or node.get("id") == "refs"
            or before(node)
        )

    return Document(
        title=plain(root.findtext(".//title") or ""),
        language=root.get("lang") or "",
        headings=tuple(map(_numbered, _texts(headings))),
        captions=_texts(main.xpath(".//figcaption|.//caption")),
        tables=tuple(_table(node, "tr", "th", "td") for node in main.iter("table")),
        pictures=tuple(
            plain(node.get("alt") or node.get("aria-label") or "")
            for node in main.xpath(".//img|.//svg[not(ancestor::svg)]")
        ),
        notes=_texts(notes, lambda node: node.tag == "math" or node.get("role") in marks),
        entries=_texts(main.xpath(".//*[@id='refs']/*")),
        references=_sorted(
            a
            for a in main.xpath(".//a[starts-with(@href, '#')][not(ancestor::nav or @class = 'key')]")
            if a.get("role") not in marks
        ),
        body=plain(_said(main, unread)),
        text=plain(_said(body, lambda node: node.tag in unsaid)),
    )


# JATS -----------------------------------------------------------------------------------------------------------------


def read_jats(file: Path) -> Document:
    """Read JATS XML without its document type definition."""
    root = etree.parse(str(file), etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    skipped = {"fig", "table-wrap", "title", "label", "disp-formula", "inline-formula", "fn"}

    def captioned(node: Node) -> str:
        label, caption = (
            plain(_said(part)) if part is not None else "" for part in (node.find("label"), node.find("caption"))
        )
        return f"{label}: {caption}" if label else caption

    def unread(node: Node) -> bool:
        return _tag(node) in skipped or node.get("ref-type") == "fn"

    return Document(
        title=plain(_said(root.find("front/article-meta/title-group/article-title"))),
        language=root.get(f"{{{NAMES['xml']}}}lang") or "",
        headings=tuple(
            plain(f"{title.getparent().findtext('label', '')} {_said(title)}")
            for title in root.xpath("body//sec/title|back//sec/title|back/ref-list/title")
        ),
        captions=tuple(captioned(node) for node in root.xpath("//fig|//table-wrap[not(parent::fig)]")),
        tables=tuple(_table(node, "tr", "th", "td") for node in root.iter("table")),
        pictures=tuple(
            plain(next((_said(alt) for alt in node.xpath("alt-text|parent::fig/alt-text")), ""))
            for node in root.iter("graphic", "inline-graphic")
        ),
        notes=_texts(root.iter("fn"), lambda node: node.tag in {"label", "inline-formula"}),
        entries=_texts(root.xpath("back//ref-list/ref"), lambda node: node.tag == "label"),
        references=_sorted(root.xpath("//xref[not(@ref-type = 'fn' or @ref-type = 'aff')]")),
        body=plain(_said(root.find("body"), unread)),
        text=plain(_said(root, lambda node: _tag(node) in {"tex-math", "journal-meta"})),
    )


# DOCX -----------------------------------------------------------------------------------------------------------------


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def part(file: Path, name: str) -> Node:
    """Return one part of a Word file as a tree; an empty one where there is none."""
    with zipfile.ZipFile(file) as archive:
        return etree.fromstring(archive.read(name)) if name in archive.namelist() else etree.Element("none")


def _style(paragraph: Node) -> str:
    return next(iter(paragraph.xpath("w:pPr/w:pStyle/@w:val", namespaces=NAMES)), "")


def _written(paragraph: Node, formulas: bool = True) -> str:
    """Return the text of a paragraph or of anything below one; tabs and line breaks are spaces."""
    said = {_w("t"): None, _w("tab"): " ", _w("br"): " ", _w("noBreakHyphen"): "‑", _w("p"): " "}
    said |= {f"{{{NAMES['m']}}}t": None} if formulas else {}
    return plain("".join(said[node.tag] or node.text or "" for node in paragraph.iter() if node.tag in said))


def _is_layout(table: Node) -> bool:
    """Tell whether a table only places what is in it, as Quarto places figures, tables and callouts."""
    return table.find(f".//{_w('tbl')}") is not None or table.find(f".//{_w('drawing')}") is not None


def _is_running(paragraph: Node) -> bool:
    tables = (node for node in paragraph.iterancestors(_w("tbl")) if not _is_layout(node))
    return next(tables, None) is None


def _word_table(node: Node) -> Table:
    rows = node.findall(_w("tr"))
    marked = [row.find(f"{_w('trPr')}/{_w('tblHeader')}") is not None for row in rows]
    return Table(
        tuple(tuple(_written(cell) for cell in row.findall(_w("tc"))) for row in rows), [*marked, False].index(False)
    )


def read_docx(file: Path) -> Document:
    """Read a Word document: paragraphs by their styles, notes from their own part."""
    root, core = part(file, "word/document.xml"), part(file, "docProps/core.xml")
    paragraphs = list(root.iter(_w("p")))
    heading = [bool(re.fullmatch(r"Heading\d", _style(p))) for p in paragraphs]
    notes = part(file, "word/footnotes.xml").xpath("//w:footnote[not(@w:type)]", namespaces=NAMES)
    skipped = re.compile(r"Heading\d|\w*Caption|Bibliography|TOC\w*")
    running = [
        p
        for p in paragraphs[heading.index(True) if True in heading else 0 :]
        if not skipped.fullmatch(_style(p)) and _is_running(p)
    ]
    links = [a for place in (root, *notes) for a in place.xpath(".//w:hyperlink[@w:anchor]", namespaces=NAMES)]
    languages = part(file, "word/styles.xml").xpath("//w:docDefaults//w:lang/@w:val", namespaces=NAMES)
    return Document(
        title=plain(core.findtext("dc:title", "", NAMES)),
        language=next(iter(languages), ""),
        headings=tuple(_numbered(_written(p)) for p, is_one in zip(paragraphs, heading, strict=True) if is_one),
        captions=tuple(_written(p) for p in paragraphs if re.fullmatch(r"\w*Caption", _style(p))),
        tables=tuple(_word_table(node) for node in root.iter(_w("tbl")) if not _is_layout(node)),
        pictures=tuple(plain(node.get("descr") or "") for node in root.xpath("//wp:docPr", namespaces=NAMES)),
        notes=tuple(_written(note, formulas=False) for note in notes),
        entries=tuple(_written(p) for p in paragraphs if _style(p) == "Bibliography"),
        references=tuple(
            sorted(_written(a) for a in links if not _style(next(a.iterancestors(_w("p")))).startswith("TOC"))
        ),
        body=plain(" ".join(_written(p, formulas=False) for p in running)),
        text=" ".join(_written(p) for p in [*paragraphs, *notes]),
    )


# PDF ------------------------------------------------------------------------------------------------------------------


def read_pdf(file: Path) -> Document:
    """Read a PDF by its tags, what a screen reader reads; one without tags holds nothing."""
    reader, root = PdfReader(file), structure(file)
    headings = root.xpath(".//*[starts-with(name(), 'H') and string-length(name()) = 2]")
    skipped = {"TOC", "Table", "Caption", "Note", "Formula", "Figure", "Lbl"}
    before = _lies_before(root, headings)
    last = _below_the_last(headings)

    def unread(node: Node) -> bool:
        return node.tag in skipped or node in headings or node in last or before(node)

    links = root.xpath(".//Link[@target][not(ancestor::TOC or ancestor::Lbl)]")
    return Document(
        title=plain(str(reader.metadata.title or "") if reader.metadata else ""),
        language=str(reader.root_object.get("/Lang", "")),
        headings=tuple(map(_numbered, _texts(headings))),
        captions=_texts(root.iter("Caption")),
        tables=tuple(_table(node, "TR", "TH", "TD") for node in root.iter("Table")),
        pictures=tuple(plain(node.get("alt") or "") for node in root.iter("Figure")),
        notes=_texts(root.iter("Note"), lambda node: node.tag in {"Lbl", "Formula"}),
        entries=tuple(said for said in _texts(last) if not said.startswith("©")),
        references=_sorted(links),
        body=plain(_said(root, unread)),
        text=plain(_said(root)),
    )


def _below_the_last(headings: list[Node]) -> list[Node]:
    """Return the paragraphs below the last heading: those of the bibliography, and a line about the licence."""
    return list(headings[-1].itersiblings("P")) if headings else []


READERS = {".html": read_html, ".xml": read_jats, ".docx": read_docx, ".pdf": read_pdf}
