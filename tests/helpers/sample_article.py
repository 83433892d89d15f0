"""One small article written by hand in four formats, without a fault: what tests of the checks spoil."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst

Change = Callable[[str], str]

HTML = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>A small article</title>
<meta name="viewport" content="width=device-width"><meta name="author" content="A. Person">
<meta name="description" content="Small.">
<style>p { margin: 0 }</style></head>
<body><header><h1>A small article</h1><p>A. Person</p></header>
<nav><a href="#sec-bars"><span>1</span> Bars</a></nav>
<main><section id="sec-bars"><h2><span>1</span> Bars</h2>
<p>There is <a href="#fig-bars">Figure 1</a>, and there is <a href="#tbl-bars">Table 1</a> (<a href="#ref-one">One 2001</a>).<a
href="#fn1" role="doc-noteref"><sup>1</sup></a></p>
<figure id="fig-bars"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="Bars, 2 and 3 high"><figcaption>Figure 1: Two
bars</figcaption></figure>
<div role="region" tabindex="0" aria-label="Table 1"><table id="tbl-bars"><caption>Table 1: Their heights</caption><thead><tr><th scope="col">bar</th><th scope="col">height</th></tr></thead>
<tbody><tr><td>left</td><td>2</td></tr><tr><td>right</td><td>3</td></tr></tbody></table></div>
</section>
<section><h2 id="references">References</h2><div id="refs"><div id="ref-one">One, A. 2001. <em>A Work</em>.</div></div></section>
<section role="doc-endnotes"><ol><li id="fn1"><p>They stand. <a href="#top" role="doc-backlink" id="top">back</a></p></li></ol></section>
</main></body></html>
"""

JATS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.2 20190208//EN"
                  "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" dtd-version="1.2" xml:lang="en-GB">
<front><article-meta><title-group><article-title>A small article</article-title></title-group>
<contrib-group><contrib contrib-type="author"><string-name>A. Person</string-name></contrib></contrib-group>
<permissions><license><license-p>CC BY 4.0</license-p></license></permissions>
<abstract><p>Small.</p></abstract><kwd-group><kwd>bars</kwd></kwd-group></article-meta></front>
<body><sec id="sec-bars"><label>1</label><title>Bars</title>
<p>There is <xref ref-type="fig" rid="fig-bars">Figure 1</xref>, and there is <xref ref-type="table" rid="tbl-bars">Table 1</xref>
(<xref ref-type="bibr" rid="ref-one">One 2001</xref>).<xref ref-type="fn" rid="fn1">1</xref></p>
<fig id="fig-bars"><label>Figure 1</label><caption><p>Two bars</p></caption>
<alt-text>Bars, 2 and 3 high</alt-text><graphic xlink:href="bars.png"/></fig>
<table-wrap id="tbl-bars"><label>Table 1</label><caption><p>Their heights</p></caption>
<table><thead><tr><th>bar</th><th>height</th></tr></thead>
<tbody><tr><td>left</td><td>2</td></tr><tr><td>right</td><td>3</td></tr></tbody></table></table-wrap></sec></body>
<back><ref-list><title>References</title><ref id="ref-one"><mixed-citation>One, A. 2001. <italic>A Work</italic>.</mixed-citation></ref></ref-list>
<fn-group><fn id="fn1"><label>1</label><p>They stand.</p></fn></fn-group></back></article>
"""

WORD = """<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>
<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>A small article</w:t></w:r></w:p>
<w:bookmarkStart w:id="1" w:name="sec-bars"/>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>1</w:t><w:tab/><w:t>Bars</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">There is </w:t></w:r><w:hyperlink w:anchor="fig-bars"><w:r><w:t>Figure 1</w:t></w:r></w:hyperlink><w:r><w:t
xml:space="preserve">, and there is </w:t></w:r><w:hyperlink w:anchor="tbl-bars"><w:r><w:t>Table 1</w:t></w:r></w:hyperlink><w:r><w:t
xml:space="preserve"> (</w:t></w:r><w:hyperlink w:anchor="ref-one"><w:r><w:t>One 2001</w:t></w:r></w:hyperlink><w:r><w:t>).</w:t></w:r></w:p>
<w:bookmarkStart w:id="2" w:name="fig-bars"/>
<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="bars" descr="Bars, 2 and 3 high"/></wp:inline></w:drawing></w:r></w:p>
<w:p><w:pPr><w:pStyle w:val="ImageCaption"/></w:pPr><w:r><w:t>Figure 1: Two bars</w:t></w:r></w:p>
<w:bookmarkStart w:id="3" w:name="tbl-bars"/>
<w:p><w:pPr><w:pStyle w:val="TableCaption"/></w:pPr><w:r><w:t>Table 1: Their heights</w:t></w:r></w:p>
<w:tbl><w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="3000"/></w:tblGrid>
<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>bar</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>height</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr><w:r><w:t>left</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:p><w:r><w:t>right</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>References</w:t></w:r></w:p>
<w:bookmarkStart w:id="4" w:name="ref-one"/>
<w:p><w:pPr><w:pStyle w:val="Bibliography"/></w:pPr><w:r><w:t>One, A. 2001. A Work.</w:t></w:r></w:p>
</w:body></w:document>
"""
WORD_STYLES = """<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:styleId="Title"/><w:style w:styleId="Heading1"/><w:style w:styleId="ImageCaption"/><w:style w:styleId="TableCaption"/>
<w:style w:styleId="Bibliography"/><w:style w:styleId="TableText"/></w:styles>
"""
WORD_NOTES = """<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:type="separator" w:id="0"/>
<w:footnote w:id="1"><w:p><w:r><w:t>They stand.</w:t></w:r></w:p></w:footnote></w:footnotes>
"""
WORD_PROPERTIES = """<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A small article</dc:title><dc:creator>A. Person</dc:creator>
<dc:language>en-GB</dc:language></p>
"""
WORD_PARTS = {
    "word/document.xml": WORD,
    "word/styles.xml": WORD_STYLES,
    "word/footnotes.xml": WORD_NOTES,
    "docProps/core.xml": WORD_PROPERTIES,
}

TYPST = """#set document(title: "A small article", author: "A. Person", keywords: "bars")
#set text(lang: "en", region: "GB", font: "Libertinus Serif")
#set heading(numbering: "1")
#title()
= Bars <sec-bars>
There is @fig-bars, and there is @tbl-bars (#link(<ref-one>)[One 2001]).#footnote[They stand.]
#figure(rect(), alt: "Bars, 2 and 3 high", caption: [Two bars]) <fig-bars>
#figure(table(columns: 2, table.header([bar], [height]), [left], [2], [right], [3]), caption: [Their heights]) <tbl-bars>
#heading(numbering: none)[References]
One, A. 2001. _A Work_. <ref-one>
"""


def unchanged(text: str) -> str:
    """Return a text as it is."""
    return text


def write(file: Path, change: Change = unchanged) -> Path:
    """Write the article in the format of a file name, its source changed first."""
    if file.suffix == ".pdf":
        source: Any = change(TYPST).encode()  # the types of Typst know no bytes
        try:
            typst.compile(source, output=str(file), ignore_system_fonts=True, pdf_standards="ua-1")
        except typst.TypstError:  # a spoiled one, which Typst would not mark
            typst.compile(source, output=str(file), ignore_system_fonts=True)
    elif file.suffix == ".docx":
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in WORD_PARTS.items():
                archive.writestr(name, change(content))
    else:
        file.write_text(change(HTML if file.suffix == ".html" else JATS), encoding="utf-8")
        file.with_name("bars.png").touch()
    return file
