"""What every rendering has to hold, whatever its article says. Each check returns what it found wrong, in words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import lxml.html
from documents import NAMES, Document, Table, W, part, read
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from tagged_pdf import structure

from analysis.rendering.formats import TEMPLATES

# What renderers leave in a text where they could not resolve or evaluate something, and Markdown that was not read.
UNRESOLVED = re.compile(
    r"\?@[\w-]*|\([\w:.-]+\?\)|Unable to resolve|\?\?|\{python\}|@(?:fig|tbl|sec|eq)-[\w-]*|\{\{<|\{[#.][\w-]+|:::|fig-alt=|\ufffd"
)


def common(file: Path) -> list[str]:
    """Check what holds in every format."""
    document = read(file)
    found = [f"left unresolved: {piece}" for piece in UNRESOLVED.findall(document.text)]
    found += [f"picture {n} has no alternative text" for n, said in enumerate(document.pictures, 1) if not said]
    found += [f"table {n} has no header row" for n, table in enumerate(document.tables, 1) if not table.header_rows]
    found += [f"there is no {name}" for name in ("title", "language", "body") if not getattr(document, name)]
    return [*found, *_caption_faults(document)]


def _caption_faults(document: Document) -> Iterator[str]:
    """Yield captions without label or text, gaps in the numbers, and pictures and tables without a caption."""
    labels: Counter[str] = Counter()
    for caption in document.captions:
        label = re.match(r"(Figure|Table) (\d+): (?!\1)\S", caption)
        if label is None:
            yield f"not a numbered caption: {caption!r}"
        else:
            labels[label[1]] += 1
            if int(label[2]) != labels[label[1]]:
                yield f"{label[1]} {label[2]} stands where number {labels[label[1]]} is due"
    for kind, things in (("Figure", document.pictures), ("Table", document.tables)):
        if len(things) != labels[kind]:
            yield f"{len(things)} of kind {kind.lower()}, but {labels[kind]} captions"


def differences(one: Document, other: Document, name: str) -> list[str]:
    """Return where one part of two renderings of the same article differs."""
    left, right = _pieces(getattr(one, name)), _pieces(getattr(other, name))
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [f"{name}: {left[a:b]} against {right[c:d]}" for step, a, b, c, d in steps if step != "equal"]


def _pieces(value: Any) -> Sequence[Any]:
    """Return the words of a text, the rows of tables, or the texts of a list."""
    if isinstance(value, str):
        return value.split()
    if all(isinstance(table, Table) for table in value):
        return [row for table in value for row in (f"a table with {table.header_rows} header rows", *table.rows)]
    return list(value)


# HTML -----------------------------------------------------------------------------------------------------------------


def page_faults(file: Path) -> list[str]:
    """Check a web page without opening it: outline, links, header cells, regions.

    It fetches nothing, and runs nothing but what opens notes.
    """
    root = lxml.html.parse(str(file), lxml.html.HTMLParser(encoding="utf-8")).getroot()
    ids = Counter(root.xpath("//@id"))
    found = [f"the id {name} stands twice" for name, times in ids.items() if times > 1]
    if (main_headings := len(root.xpath("//h1"))) != 1:
        found.append(f"{main_headings} headings of the first level")
    levels = [int(node.tag[1]) for node in root.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    found += [f"a heading of level {b} follows one of level {a}" for a, b in pairwise(levels) if b > a + 1]
    found += [f"a header cell without scope: {th.text_content()!r}" for th in root.xpath("//th[not(@scope)]")]
    found += [
        f"a link to nothing: {a.get('href')}"
        for a in root.xpath("//a[starts-with(@href, '#')]")
        if a.get("href")[1:] not in ids
    ]
    found += [
        f"no meta {name}"
        for name in ("viewport", "description", "author")
        if not root.xpath(f"//meta[@name='{name}']/@content")
    ]
    ours = (TEMPLATES / "evidence-notes.js").read_text(encoding="utf-8").strip()
    scripts = [script for script in root.iter("script") if script.attrib or (script.text or "").strip() != ours]
    found += [f"a script: {etree.tostring(script)[:60]!r}" for script in scripts]
    # A wide table scrolls by itself, and has to be reached by keyboard to do so.
    region = "ancestor::*[@role='region' and @aria-label and @tabindex='0']"
    found += [f"the table {table.get('id')} is in no region" for table in root.xpath(f"//table[not({region})]")]
    return [*found, *(f"fetches {address}" for address in _fetched(root))]


def _fetched(root: Any) -> Iterator[str]:
    """Yield every address that a browser would ask for when it shows a page."""
    addresses = root.xpath("//@src|//@srcset|//@poster|//object/@data|//link/@href|//use/@href|//image/@href")
    styles = [*root.xpath("//style/text()"), *root.xpath("//@style")]
    addresses += [address for style in styles for address in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", style)]
    yield from (address[:80] for address in addresses if not address.startswith(("data:", "#")))


# PDF ------------------------------------------------------------------------------------------------------------------

FONTS = ("LibertinusSerif", "PowerSans", "DejaVuSans")  # of text, charts and code, each with its kin (bold, mono)


def pdf_faults(file: Path) -> list[str]:
    """Check a PDF's tags, marks, properties, bookmarks, links, fonts and pages."""
    reader, root, document = PdfReader(file), structure(file), read(file)
    described: Mapping[str, Any] = reader.metadata or {}
    texts = [page.extract_text().strip() for page in reader.pages]
    found = [f"page {n} holds no text" for n, text in enumerate(texts, 1) if not text]
    if not reader.root_object.get("/MarkInfo", {}).get("/Marked") or root.tag == "Untagged":
        found.append("the file is not tagged")
    if b"<pdfuaid:part>1</pdfuaid:part>" not in cast(Any, reader.root_object["/Metadata"]).get_data():
        found.append("the file is not marked as PDF/UA-1")
    found += [
        f"no {name} among the properties" for name in ("/Title", "/Author", "/Keywords") if not described.get(name)
    ]
    found += [
        f"page {n} of {len(texts)} has no running head"
        for n, text in enumerate(texts, 1)
        if n > 1 and not text.startswith(document.title[:20])
    ]
    bookmarks = list(_bookmarks(reader.outline))
    if bookmarks != list(document.headings):
        found.append(f"the bookmarks are not the headings: {bookmarks} against {list(document.headings)}")
    found += [f"a header cell without scope: {th.text}" for th in root.iter("TH") if "scope" not in th.attrib]
    found += [f"a link to nothing: {''.join(a.itertext())}" for a in root.iter("Link") if a.get("target") == "nowhere"]
    return [*found, *_font_faults(reader)]


def _bookmarks(outline: list[Any]) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _bookmarks(entry)
        else:
            yield " ".join(str(entry.title).split())


def _font_faults(reader: PdfReader) -> Iterator[str]:
    """Yield fonts other than the expected ones, and those that are not in the file."""
    for name, font in _fonts(reader):
        if not name.startswith(FONTS):
            yield f"an unexpected font: {name}"
        described = font["/DescendantFonts"][0]["/FontDescriptor"] if "/DescendantFonts" in font else {}
        if not {"/FontFile2", "/FontFile3"} & set(described):
            yield f"a font that is not in the file: {name}"


def _fonts(reader: PdfReader) -> Iterator[tuple[str, Any]]:
    for page in reader.pages:
        for font in cast(DictionaryObject, page["/Resources"]).get("/Font", {}).values():
            yield font["/BaseFont"].split("+")[-1].lstrip("/"), font


def fonts(file: Path) -> set[str]:
    """Return the names of the fonts that a PDF is set in."""
    return {name for name, _ in _fonts(PdfReader(file))}


# DOCX -----------------------------------------------------------------------------------------------------------------


def word_faults(file: Path) -> list[str]:
    """Check a Word file's properties, its language, its links, its tables and that the styles it uses exist."""
    body, styles, core = part(file, "word/document.xml"), part(file, "word/styles.xml"), part(file, "docProps/core.xml")
    found = [
        f"no {name} among the properties"
        for name in ("title", "creator", "language")
        if not core.findtext(f"dc:{name}", "", NAMES).strip()
    ]
    spoken = {
        *styles.xpath("//w:docDefaults//w:lang/@w:val", namespaces=NAMES),
        core.findtext("dc:language", "", NAMES),
    }
    if len(spoken) != 1:
        found.append(f"the languages of text and properties differ: {sorted(spoken)}")
    targets = set(body.xpath("//w:bookmarkStart/@w:name", namespaces=NAMES))
    found += [
        f"a link to nothing: {name}"
        for name in body.xpath("//w:hyperlink/@w:anchor", namespaces=NAMES)
        if name not in targets
    ]
    defined = set(styles.xpath("//w:style/@w:styleId", namespaces=NAMES))
    used = set(body.xpath("//w:pStyle/@w:val|//w:rStyle/@w:val|//w:tblStyle/@w:val", namespaces=NAMES))
    found += [f"a style that is not defined: {name}" for name in sorted(used - defined)]
    return [
        *found,
        *(fault for n, table in enumerate(body.iter(f"{{{W}}}tbl"), 1) for fault in _word_table_faults(table, n)),
    ]


def _word_table_faults(table: Any, n: int) -> Iterator[str]:
    """Yield cells in other styles than those of tables, rows that may be divided, and columns narrower than a word."""
    styles = set(table.xpath(".//w:p/w:pPr/w:pStyle/@w:val", namespaces=NAMES))
    if strange := styles - {"TableHeading", "TableText"}:
        yield f"table {n} has cells in the styles {sorted(strange)}"
    rows = table.xpath("w:tr", namespaces=NAMES)
    if divided := sum(not row.xpath("w:trPr/w:cantSplit", namespaces=NAMES) for row in rows):
        yield f"table {n} has {divided} rows that may be divided between pages"
    widths = [int(width) for width in table.xpath("w:tblGrid/w:gridCol/@w:w", namespaces=NAMES)]
    for column, width in enumerate(widths, 1):
        cells = (row.xpath(f"string(w:tc[{column}])", namespaces=NAMES) for row in rows)
        longest = max((word for cell in cells for word in re.split(r"[\s\-–/]", cell)), key=len)
        # A letter takes a hundredth of the width at most; a word as long as a quarter of it may be divided.
        if width / sum(widths) < min(0.22, 0.01 * len(longest)):
            yield f"column {column} of table {n} is too narrow for the word {longest!r}"


# JATS -----------------------------------------------------------------------------------------------------------------

KINDS = {
    "fig": "fig",
    "table": "table-wrap",
    "sec": "sec",
    "bibr": "ref",
    "fn": "fn",
    "disp-formula": "disp-formula",
    "aff": "aff",
}

# What journals and archives look for in front of an article, and in each figure and table. `journal-meta` is not among
# it: the archiving tag set does without, and what has not appeared in a journal has no ISSN to give.
FRONT = (
    "article-meta/title-group/article-title",
    "article-meta/contrib-group/contrib[@contrib-type='author']/*[self::name or self::string-name]",
    "article-meta/abstract/p",
    "article-meta/kwd-group/kwd",
    "article-meta/permissions/license/license-p",
)
FLOATS = ("@id", "label", "caption/*")

# The file of a document type by its public identifier, as pandoc writes it: the name that pandoc gives is not the file's.
TYPES = {
    "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.2 20190208//EN": "1.2/JATS-journalpublishing1.dtd",
    "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.2 20190208//EN": "1.2/JATS-archivearticle1.dtd",
}


def jats_faults(file: Path) -> list[str]:
    """Check that a JATS file has what journals and archives look for, and that its references fit."""
    root = etree.parse(str(file), etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    found = [f"article has no {name}" for name in ("article-type", "dtd-version") if not root.get(name)]
    found += [f"front has no {path}" for path in FRONT if not root.xpath(f"front/{path}")]
    found += [
        f"an empty {node.tag} in front"
        for node in root.xpath("front//*[not(*) and not(normalize-space()) and not(@*)]")
    ]
    found += [
        f"a {node.tag} has no {path}"
        for node in root.iter("fig", "table-wrap")
        for path in FLOATS
        if not node.xpath(path)
    ]
    found += [
        f"the table {node.get('id')} has no {path}"
        for node in root.iter("table-wrap")
        for path in ("table/thead", "table/tbody")
        if not node.xpath(path)
    ]
    found += [
        f"a {node.tag} of {node.getparent().get('id')} lies outside a table-wrap"
        for node in root.xpath("//table[not(ancestor::table-wrap)]")
    ]
    found += [
        f"a section has no {path}"
        for node in root.xpath("body//sec")
        for path in ("@id", "title")
        if not node.xpath(path)
    ]
    found += [
        f"the picture {name} is not there"
        for name in root.xpath("//graphic/@xlink:href", namespaces=NAMES)
        if not (file.parent / name).is_file()
    ]
    return [*found, *_cross_reference_faults(root)]


def _cross_reference_faults(root: Any) -> Iterator[str]:
    """Yield cross-references to nothing or to another kind of thing, and references that are not cited."""
    kinds = {node.get("id"): node.tag for node in root.xpath("//*[@id]")}
    for node in root.iter("xref"):
        target, kind = node.get("rid"), node.get("ref-type")
        if target not in kinds:
            yield f"a cross-reference to nothing: {target}"
        elif kind not in KINDS or kinds[target] != KINDS[kind]:
            yield f"a cross-reference of type {kind} to the {kinds[target]} {target}"
    cited = set(root.xpath("//xref[@ref-type='bibr']/@rid"))
    yield from (f"not cited: {node.get('id')}" for node in root.iter("ref") if node.get("id") not in cited)
    yield from (
        f"an empty reference: {node.get('id')}" for node in root.iter("ref") if not "".join(node.itertext()).strip()
    )


def reference_faults(file: Path, entries: Iterable[str]) -> list[str]:
    """Check that each reference of a JATS file, taken apart or not, is one entry of a bibliography, and each entry one."""
    root = etree.parse(str(file), etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    left = list(entries)
    found = []
    for reference in root.iter("ref"):
        wanted = [_bare(piece) for path in STANDING for piece in [reference.xpath(path)]]
        wanted = [piece for piece in wanted if piece] or [_bare("".join(reference.itertext()))]
        fitting = [entry for entry in left if all(piece in _bare(entry) for piece in wanted)]
        if len(fitting) == 1:
            left.remove(fitting[0])
        else:
            found.append(f"{len(fitting)} entries fit the reference {reference.get('id')}: {wanted}")
    return found + [f"no reference for the entry {entry!r}" for entry in left]


# What every citation style prints of a work; of several authors at least the first.
STANDING = (
    "string((.//surname)[1])",
    *(f"string(.//{part})" for part in ("article-title", "chapter-title", "source", "year", "volume", "pub-id")),
)


def _bare(text: str) -> str:
    """Return the letters and figures of a text: styles differ in capitals and punctuation."""
    return "".join(re.findall(r"[^\W_]", text.casefold()))


def type_faults(file: Path, types: Path) -> list[str]:
    """Check a JATS file against the document type definition that it names, from a folder of definitions."""
    document = etree.parse(str(file), etree.XMLParser(load_dtd=False, no_network=True))
    name = document.docinfo.public_id
    if name not in TYPES:
        return [f"an unknown document type: {name}"]
    definition = etree.DTD(str(types / TYPES[name]))
    definition.validate(document)
    return [f"line {fault.line}: {fault.message}" for fault in definition.error_log]
