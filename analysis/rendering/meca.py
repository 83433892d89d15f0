"""An article as a bundle for journals and preprint servers: MECA, as NISO RP-30 and Quarto's manuscripts have it."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from analysis.support.deterministic_zip import archive

NAME = "article-meca.zip"
_SOURCE = "source"
_XLINK = "http://www.w3.org/1999/xlink"
_MECA = "https://manuscriptexchange.org/schema/manifest"
# What the manifest calls a file of the article or its supplement, by its name; the rest supports the manuscript.
_TYPES = {"article.xml": "article-metadata", "article.pdf": "manuscript", "article.docx": "manuscript"}
_TYPES |= dict.fromkeys(("supplement.pdf", "supplement.docx", "supplement.xml"), "supplemental")  # as eLife has it
_SUPPORTING = "manuscript-supporting-file"
_MEDIA = {
    ".bib": "text/x-bibtex",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ipynb": "application/x-ipynb+json",
    ".qmd": "text/markdown",
    ".xml": "application/xml",
    ".yml": "application/yaml",
}


def bundle(files: Mapping[str, str | bytes], source: Mapping[str, bytes]) -> bytes:
    """Return the bundle (ZIP) of the files that were rendered and of the files that they were rendered from.

    It has the members that Quarto gives a manuscript: the manifest, JATS as the article's metadata, PDF and DOCX,
    those of its supplement, what these need, and the source. Web pages are left out, as they are there.
    """
    rendered = {name: _bytes(content) for name, content in files.items() if not name.endswith(".html")}
    first = [name for name in _TYPES if name in rendered]
    items = [(_TYPES.get(name, _SUPPORTING), name) for name in [*first, *sorted(rendered.keys() - set(first))]]
    sources = {f"{_SOURCE}/{name}": content for name, content in source.items()}
    items += [("article-source", name) for name in sources]
    return archive({"manifest.xml": _manifest(items), **rendered, **sources})


def _manifest(items: list[tuple[str, str]]) -> bytes:
    ElementTree.register_namespace("", _MECA)
    ElementTree.register_namespace("xlink", _XLINK)
    manifest = ElementTree.Element(f"{{{_MECA}}}manifest", {"manifest-version": "1"})
    for kind, name in items:
        _item(manifest, kind, name, _media(name))
    _item(manifest, "article-source-directory", _SOURCE, "application/x-directory")
    ElementTree.indent(manifest)
    written: bytes = ElementTree.tostring(manifest, encoding="utf-8", xml_declaration=True)
    doctype = b'<!DOCTYPE manifest PUBLIC "-//MECA//DTD Manifest v1.0//en" "MECA_manifest.dtd">\n'
    declaration, _, rest = written.partition(b"\n")
    return declaration + b"\n" + doctype + rest + b"\n"


def _item(manifest: ElementTree.Element, kind: str, name: str, media: str) -> None:
    item = ElementTree.SubElement(manifest, f"{{{_MECA}}}item", {"item-type": kind})
    ElementTree.SubElement(item, f"{{{_MECA}}}instance", {"media-type": media, f"{{{_XLINK}}}href": name})


def _media(name: str) -> str:
    """Return the media type of a file; the system's own table, which differs between machines, is not asked."""
    ending = Path(name).suffix
    return _MEDIA.get(ending) or mimetypes.MimeTypes().types_map[True].get(ending, "application/octet-stream")


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
