"""HTML that was made elsewhere (the rendered article, outputs of notebooks), brought into pages of the site.

Headings become Markdown, so that the contents of the page list them and links can lead to them. Everything else stays
HTML: pictures become files beside the page, tables scroll by themselves, and passages and claims that the text names
become links.
"""

import base64
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote_to_bytes

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from analysis.display.captioned_tables import CaptionedTable
from analysis.site.html.naming import KEYS, Names
from analysis.site.site_error import SiteError
from analysis.support.errors import Fault

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_NOT_LINKED = {"a", "code", "pre", "svg", *_HEADINGS}
_KEPT = {"id", "href", "src", "alt", "width", "height", "loading", "colspan", "rowspan", "scope", "tabindex", "role"}
_KEPT |= {"aria-label", "class", "media", "srcset", "start"}
_ENDINGS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
_SIZE = re.compile(rb'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')


def parsed(html: str) -> BeautifulSoup:
    """Return a piece of HTML without its scripts and styles; a drawing keeps its font."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup(["script", "style"]):
        if element.find_parent("svg") is None:
            element.decompose()
    return soup


def has_images(html: str) -> bool:
    """Tell whether HTML has images, so that it has to be parsed for pictures; drawings are no images."""
    return re.search(r"<(?:img|source)\b", html, re.IGNORECASE) is not None


def pictures(root: Tag, stem: str, place: str) -> Iterator[tuple[str, bytes]]:
    """Yield each picture that is written into the HTML: the name of its file, `stem` with a number, and its content.

    `place` is where the HTML comes from, for messages.
    """
    for number, (image, kind, content) in enumerate(_inlined(root), 1):
        if kind not in _ENDINGS:
            problem = f"the picture {image.get('alt', '')!r} is of kind {kind}"
            raise SiteError(Fault(place, problem, "Give it as SVG, PNG or JPEG."))
        yield f"{stem}-{number}.{_ENDINGS[kind]}", content


def sheet(shown: CaptionedTable, names: Names) -> str:
    """Return a table with its caption as Markdown of a page."""
    return as_markdown(parsed(shown._repr_html_()), "picture", names, shown.caption)


def as_markdown(root: Tag, stem: str, names: Names, place: str, beside: Collection[str] = ()) -> str:
    """Return HTML as Markdown of a page; `root` is changed on the way.

    `stem` begins the names of its pictures (see `pictures`), as links on the page. `place` is where the HTML comes
    from, for messages. Raises SiteError for a link to a file that the site would not have; it has those `beside`.
    """
    files = list(pictures(root, stem, place))
    for (image, _, _), (name, content) in zip(list(_inlined(root)), files, strict=True):
        _point_to_file(image, name, content)
    _check_links(root, place, beside)
    _link_keys(root, names)
    for table in root("table"):
        _scrolling(table)
    drawn = {id(element) for svg in root("svg") for element in (svg, *svg(True))}
    for element in root(True):
        if id(element) in drawn:
            continue
        element.attrs = {name: value for name, value in element.attrs.items() if name in _KEPT or element.name == "col"}
    return "\n\n".join(_blocks(root))


def _inlined(root: Tag) -> Iterator[tuple[Tag, str, bytes]]:
    for image in root(["img", "source"]):
        source = str(image.get(_address(image), ""))
        if source.startswith("data:"):
            head, _, data = source.removeprefix("data:").partition(",")
            content = base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)
            yield image, head.split(";")[0], content


def _address(image: Tag) -> str:
    """Return the attribute that holds the address of an image, or of another drawing of it for some screens."""
    return "srcset" if image.name == "source" else "src"


def _point_to_file(image: Tag, name: str, content: bytes) -> None:
    if image.name == "source":
        image["srcset"] = name
        return
    image.attrs = {"src": name, "alt": str(image.get("alt", "")), "loading": "lazy"}
    size = _SIZE.search(content)
    if size:  # known before the picture is there, so that the text does not jump
        image.attrs |= {"width": size[1].decode(), "height": size[2].decode()}
    figure = image.find_parent("figure")
    if figure is not None:
        figure["tabindex"] = "0"  # a wide picture scrolls by itself


def _check_links(root: Tag, place: str, beside: Collection[str]) -> None:
    for element in root("a", href=True):
        target = str(element["href"])
        if not re.match(r"#|https?:|mailto:", target) and target.partition("#")[0] not in beside:
            remedy = "Link to an address, or name the file without a link."
            raise SiteError(Fault(place, f"links to {target}, a file that the site does not have", remedy))


def _link_keys(root: Tag, names: Names) -> None:
    for text in list(root.find_all(string=KEYS)):
        if not any(parent.name in _NOT_LINKED for parent in text.parents):
            text.replace_with(*list(parsed(names.within(str(text))).contents))


def _scrolling(table: Tag) -> None:
    """Give a table a box to scroll in that can be reached by keyboard, and heads to cells that lack their scope."""
    for head in table("th"):
        if head.get_text(strip=True):
            head["scope"] = "row" if head.find_parent("tbody") else "col"
        else:
            head.name = "td"
    table["class"] = "read"
    box = next((parent for parent in table.parents if parent.name == "div" and parent.has_attr("tabindex")), None)
    if box is None:
        box = table.wrap(_element("div", ""))
    figure = table.find_parent("figure")
    caption = table.find("caption") or (figure.find("figcaption") if figure else None)
    name = caption.get_text(" ", strip=True) if caption else "Table"
    # A group and no region: there are many tables, and not each is a landmark of the page.
    box.attrs = {"class": "wide", "tabindex": "0", "role": "group", "aria-label": name}


def _blocks(root: Tag) -> Iterator[str]:
    """Yield the blocks of a page: headings as Markdown, sections by what is in them, anything else as HTML."""
    for child in root.children:
        if isinstance(child, NavigableString):
            if child.strip():
                yield f"<p>{child.output_ready()}</p>"
        elif isinstance(child, Tag):
            yield from _block(child)


def _block(element: Tag) -> Iterator[str]:
    if element.name in _HEADINGS:
        yield _heading(element)
    elif element.name == "section":
        first = element.find(True, recursive=False)
        if isinstance(first, Tag) and first.name in _HEADINGS and element.get("id"):
            first["id"] = element["id"]
        yield from _blocks(element)
    elif element.name == "div" and element.find(_HEADINGS):
        yield '<div class="exhibit" markdown="1">'
        yield from _blocks(element)
        yield "</div>"
    else:
        # A blank line would end a block of HTML for Markdown.
        yield re.sub(r"\n\s*\n", "\n", str(element)) if not element.find_all("pre") else str(element)


def _heading(element: Tag) -> str:
    """Return a heading as Markdown that shows its words as they are, under its identifier."""
    words = re.sub(r"([\\`*_{}\[\]<>&])", r"\\\1", element.get_text(" ", strip=True))
    identifier = f" {{: #{element['id']} }}" if element.get("id") else ""
    return f"{'#' * int(element.name[1])} {' '.join(words.split())}{identifier}"


def _element(name: str, text: str, **attributes: str) -> Tag:
    made = Tag(name=name, attrs=dict(attributes))
    if text:
        made.string = text
    return made
