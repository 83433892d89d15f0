"""Small Word documents (DOCX) for print, with room for notes; the same bytes each time.

References
----------
ECMA-376, Office Open XML file formats, part 1, https://ecma-international.org/publications-and-standards/standards/ecma-376/
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from analysis.support import deterministic_zip

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OF_PROPERTIES = f"{_PACKAGE}/relationships/metadata/core-properties"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = ("styles", "settings", "header", "footer")
# Twentieths of a point. A4; the right margin is for notes in pencil.
_WIDTH, _HEIGHT, _MARGIN, _FOR_NOTES = 11906, 16838, 1304, 3686
_NUMBERED = 5  # of so many lines, the last has its number beside it; counted through the document
_FONT = "Georgia"


@dataclass(frozen=True)
class Document:
    """A document: title, language, what stands at the head of each page, content, and whether lines are numbered.

    `blocks` are what the functions of this module return. With `for_notes` the margin on the right is wide.
    """

    title: str
    language: str
    head: str
    blocks: Sequence[str]
    for_notes: bool = False


def heading(level: int, title: str) -> str:
    """Return a heading, beside which lines have no numbers."""
    return f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>{_run(title)}</w:p>'


def paragraph(text: str, lead: str = "", style: str = "Normal") -> str:
    """Return a paragraph of a style (`Normal`, `Note`), which may begin with words in bold."""
    bold = _run(lead, "<w:b/>") + _run(" ") if lead else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{bold}{_run(text)}</w:p>'


def empty_table(heads: Iterable[tuple[str, int]], rows: int) -> str:
    """Return a table to write into: the heads of its columns with their widths (twentieths of a point), empty rows."""
    columns = [*heads]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for _, width in columns)
    head = "".join(_cell(width, _run(name, "<w:b/>")) for name, width in columns)
    empty = "".join(_cell(width, "") for _, width in columns)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    height = '<w:trPr><w:cantSplit/><w:trHeight w:val="850"/></w:trPr>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(width for _, width in columns)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
        f"{f'<w:tr>{height}{empty}</w:tr>' * rows}</w:tbl>"
    )


def written(document: Document) -> bytes:
    """Return a document as the content of a file."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"word/document.xml": f"{_R}/officeDocument", "docProps/core.xml": _OF_PROPERTIES}),
        "docProps/core.xml": _properties(document),
        "word/document.xml": _body(document),
        "word/_rels/document.xml.rels": _relations({f"{name}.xml": f"{_R}/{name}" for name in _PARTS}),
        "word/styles.xml": _styles(document.language),
        "word/settings.xml": f'<w:settings xmlns:w="{_W}"><w:defaultTabStop w:val="708"/></w:settings>',
        "word/header.xml": f'<w:hdr xmlns:w="{_W}">{paragraph(document.head, style="Note")}</w:hdr>',
        "word/footer.xml": f'<w:ftr xmlns:w="{_W}">{_footer(document)}</w:ftr>',
    }
    return deterministic_zip.archive({name: f"{_XML}{part}".encode() for name, part in parts.items()})


def _run(text: str, properties: str = "") -> str:
    formatted = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{formatted}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _cell(width: int, content: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr>{content}</w:p></w:tc>'
    )


def _body(document: Document) -> str:
    right = _FOR_NOTES if document.for_notes else _MARGIN
    numbers = f'<w:lnNumType w:countBy="{_NUMBERED}" w:restart="continuous"/>' if document.for_notes else ""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header"/>'
        '<w:footerReference w:type="default" r:id="footer"/>'
        f'<w:pgSz w:w="{_WIDTH}" w:h="{_HEIGHT}"/><w:pgMar w:top="1418" w:right="{right}" w:bottom="1304" '
        f'w:left="{_MARGIN}" w:header="624" w:footer="567" w:gutter="0"/>{numbers}</w:sectPr>'
    )
    return (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{"".join(document.blocks)}{section}</w:body></w:document>'
    )


def _footer(document: Document) -> str:
    number = f'<w:fldSimple w:instr="PAGE">{_run("1")}</w:fldSimple>'
    return f'<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr>{_run(f"{document.title}, page ")}{number}</w:p>'


def _content_types() -> str:
    kinds = {f"word/{name}.xml": f"{_KIND}.{name}+xml" for name in _PARTS} | {
        "word/document.xml": f"{_KIND}.document.main+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(related: Mapping[str, str]) -> str:
    """Return the relations of a part: what each file is, by its place."""
    listed = "".join(
        f'<Relationship Id="{Path(place).stem}" Type="{kind}" Target="{place}"/>' for place, kind in related.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _properties(document: Document) -> str:
    core, terms = f"{_PACKAGE}/metadata/core-properties", "http://purl.org/dc/elements/1.1/"
    return (
        f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="{terms}"><dc:title>{escape(document.title)}</dc:title>'
        f"<dc:description>{escape(document.head)}</dc:description><dc:language>{escape(document.language)}</dc:language>"
        "</cp:coreProperties>"
    )


def _styles(language: str) -> str:
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}"/><w:sz w:val="21"/>'
        f'<w:lang w:val="{escape(language)}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    of_head = '<w:keepNext/><w:suppressLineNumbers/><w:spacing w:before="{}" w:after="{}"/><w:outlineLvl w:val="{}"/>'
    styles = (
        _style("Normal", "Normal", '<w:spacing w:after="160" w:line="340" w:lineRule="auto"/>'),
        _style("Heading1", "heading 1", of_head.format(0, 120, 0), 32, bold=True),
        _style("Heading2", "heading 2", of_head.format(240, 80, 1), 25, bold=True),
        _style("Note", "Note", '<w:suppressLineNumbers/><w:spacing w:after="120"/>', 17),
        _style("Cell", "Cell", '<w:suppressLineNumbers/><w:spacing w:before="40" w:after="40"/>', 19),
    )
    return f'<w:styles xmlns:w="{_W}">{defaults}{"".join(styles)}</w:styles>'


def _style(key: str, name: str, properties: str, size: int = 0, *, bold: bool = False) -> str:
    default = ' w:default="1"' if key == "Normal" else ""
    based = "" if default else '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'
    look = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{size}"/>' if size else "")
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"{default}><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{properties}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
    )
