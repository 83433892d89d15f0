"""Links of the built site: that each leads somewhere, and that no page asks another host for anything."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from analysis.support import paths
from analysis.support.errors import Fault

SOURCES = paths.ROOT / "docs"
_URL = re.compile(r"url\(\s*[\"']?(.*?)[\"']?\s*\)|@import\s+[\"'](.*?)[\"']")
_FOLLOWED = {"a", "area", "form"}  # what a reader goes to; everything else is asked for as the page is opened
_NOT_ASKED = {"canonical", "prev", "next", "alternate"}  # relations of <link> that are addresses to know
# Servers show this page for addresses in any folder: with an address, all its links begin at the root of the host.
_AT_ANY_DEPTH = "404.html"
_NAMING = ("href", "xlink:href", "src", "poster", "action")


@dataclass(frozen=True)
class Link:
    """An address in a page or style sheet; `asked` when it is asked for without the reader's doing."""

    target: str
    asked: bool


@dataclass
class Page:
    """A built file by its place in the site: its links, and the names that fragments of links to it may have."""

    place: str
    links: list[Link] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def _collect(page: Page, html: bytes) -> None:
    """Collect the links and names of a page; comments and scripts are passed over."""
    for element in etree.HTML(html, etree.HTMLParser(encoding="utf-8", huge_tree=True)).iter(etree.Element):
        tag, given = element.tag, dict(element.attrib)
        if tag == "style":
            page.links += _in_style(element.text or "")
        if not given:
            continue
        page.names |= {given[name] for name in ("id", *(["name"] if tag == "a" else [])) if given.get(name)}
        asked = tag not in _FOLLOWED and not (tag == "link" and given.get("rel", "").lower() in _NOT_ASKED)
        naming = (*_NAMING, "data") if tag == "object" else _NAMING
        page.links += [Link(given[name].strip(), asked) for name in naming if name in given]
        page.links += [Link(part.split()[0], True) for part in re.split(r",\s+", given.get("srcset", "")) if part]
        page.links += _in_style(given.get("style", ""))


def _in_style(text: str) -> Iterator[Link]:
    return (Link(found[1] or found[2] or "", True) for found in _URL.finditer(text))


@dataclass(frozen=True)
class Site:
    """The files of a built site, and the path of its address, where it has one."""

    folder: Path
    path: str = ""

    @cached_property
    def files(self) -> frozenset[str]:
        """The place of every file."""
        return frozenset(file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file())

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages and style sheets by their places."""
        return {place: self._read(place) for place in sorted(self.files) if place.endswith((".html", ".css"))}

    def _read(self, place: str) -> Page:
        page, content = Page(place), (self.folder / place).read_bytes()
        if place.endswith(".css"):
            page.links += _in_style(content.decode())
        else:
            _collect(page, content)
        return page

    def problem(self, page: Page, link: Link) -> str | None:
        """Return what is wrong with a link, or None."""
        parts = urlsplit(link.target)
        if parts.scheme in {"data", "mailto", "blob"}:
            return None
        if parts.scheme or parts.netloc:
            return "it would be asked of another host, and pages bring along what they need" if link.asked else None
        path = parts.path
        if page.place == _AT_ANY_DEPTH and self.path and path.startswith(self.path):
            path = path.removeprefix(self.path) or "index.html"
        if path.startswith("/"):
            return "it begins at the root of the host, and the site may be in a folder"
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page.place), unquote(path)))
        target = place if parts.path else page.place
        if target not in self.files:
            return "it leads to a folder, not to a page" if (self.folder / target).is_dir() else "there is no such file"
        return self._unnamed(target, unquote(parts.fragment))

    def _unnamed(self, target: str, fragment: str) -> str | None:
        # A fragment with "=" is a view of a page, which its script reads; no element is named so.
        if not fragment or "=" in fragment or not target.endswith(".html") or fragment in self.pages[target].names:
            return None
        return f"there is no place {fragment!r} on {target}"


def faults(folder: Path, path: str = "") -> list[Fault]:
    """Return a fault for each link of the site in a folder that leads nowhere or to where it must not.

    `path` is that of the site's address, such as `/power/`, where it has an address.
    """
    site = Site(folder, path)
    return [
        _fault(page, target, problem)
        for page in site.pages.values()
        for target, problem in {link.target: site.problem(page, link) for link in page.links}.items()
        if problem
    ]


def _fault(page: Page, target: str, problem: str) -> Fault:
    """Return a fault of the page's Markdown, at the line where the link is written if it does not come from a macro."""
    place = PurePosixPath(page.place)
    sources = [SOURCES / place.with_suffix(".md"), SOURCES / place.with_name("README.md")]
    source = next((file for file in sources if file.is_file()), None)
    if source is None:
        return Fault(page.place, f"{target!r} leads nowhere: {problem}", "Correct it in docs/theme or docs/styles.")
    pieces = [target, re.sub(r"\.html\b", ".md", target)]
    lines = source.read_text(encoding="utf-8").splitlines()
    found = (number for number, line in enumerate(lines, 1) if any(piece in line for piece in pieces))
    problem = f"{target!r} on the page {page.place}: {problem}"
    return Fault(source, problem, "Correct the link, or what a macro gives.", line=next(found, None))
