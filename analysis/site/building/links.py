"""Links of the built site: that each leads somewhere, and that no page asks another host for anything."""

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from analysis.site.building import page_files
from analysis.site.building.macro_calls import Call
from analysis.support import paths
from analysis.support.errors import Fault

_SKIPPED = re.compile(r"<!--.*?-->|(<(script|style)\b[^>]*>).*?</\2>", re.S | re.I)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.S | re.I)
_TAG = re.compile(r"<([a-z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*/?>", re.I)
_ATTRIBUTE = re.compile(r"([^\s=>/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_URL = re.compile(r"url\(\s*[\"']?(.*?)[\"']?\s*\)|@import\s+[\"'](.*?)[\"']")
_FOLLOWED = {"a", "area", "form"}  # what a reader goes to; everything else is asked for as the page is opened
_TOLD = {"canonical", "prev", "next", "alternate"}  # relations of <link> that are addresses to know, not to ask for
# Servers show this page for addresses in any folder: with an address, all its links begin at the root of the host.
_AT_ANY_DEPTH = "404.html"
_NAMING = ("href", "xlink:href", "src", "poster", "action", "data")


@dataclass(frozen=True)
class Link:
    """An address in a page or style sheet; `asked` when it is asked for without the reader's doing."""

    target: str
    asked: bool


@dataclass(frozen=True)
class Page:
    """The text of a built file, by its place in the site."""

    place: str
    text: str

    @cached_property
    def _tags(self) -> list[tuple[str, dict[str, str]]]:
        bare = _SKIPPED.sub(lambda skipped: skipped[1] or "", self.text)
        return [
            (
                tag[1].lower(),
                {a[1].lower(): html.unescape(a[2] or a[3] or a[4] or "") for a in _ATTRIBUTE.finditer(tag[2])},
            )
            for tag in _TAG.finditer(bare)
            if tag[2]
        ]

    @cached_property
    def names(self) -> frozenset[str]:
        """What fragments of links to this page may name."""
        named = (said.get(name) for tag, said in self._tags for name in ("id", *(["name"] if tag == "a" else [])))
        return frozenset(name for name in named if name)

    def links(self) -> Iterator[Link]:
        """Yield every address in the page."""
        if self.place.endswith(".css"):
            yield from _in_style(self.text)
            return
        for style in _STYLE.finditer(self.text):
            yield from _in_style(style[1])
        for tag, said in self._tags:
            asked = tag not in _FOLLOWED and not (tag == "link" and said.get("rel", "").lower() in _TOLD)
            yield from (Link(said[name].strip(), asked) for name in _NAMING if name in said and _is_address(tag, name))
            yield from (Link(part.split()[0], True) for part in said.get("srcset", "").split(",") if part.strip())
            yield from _in_style(said.get("style", ""))


def _is_address(tag: str, name: str) -> bool:
    return name != "data" or tag == "object"


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
        return {
            place: Page(place, (self.folder / place).read_text(encoding="utf-8"))
            for place in sorted(self.files)
            if place.endswith((".html", ".css"))
        }

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
            return "it begins at the root of the host, and the site may stand in a folder"
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


def faults(folder: Path, calls: list[Call], path: str = "") -> list[Fault]:
    """Return a fault for each link of the site in a folder that leads nowhere or to where it must not.

    `path` is that of the site's address, such as `/power/`, where it has an address.
    """
    site = Site(folder, path)
    told = []
    for page in site.pages.values():
        for target, problem in {link.target: site.problem(page, link) for link in page.links()}.items():
            if problem:
                told.append(_fault(page, target, problem, calls))
    return told


def _fault(page: Page, target: str, problem: str, calls: list[Call]) -> Fault:
    """Return a fault at the place where the link was written: in the page's Markdown, or by a macro that it calls."""
    source = page_files.source_of(page.place)
    said = f"{target!r} on the page {page.place}: {problem}"
    if source is None:
        return Fault(page.place, f"{target!r} leads nowhere: {problem}", "Correct it in docs/theme or docs/styles.")
    written = re.sub(r"\.html\b", ".md", target)
    line = page_files.line_with(source.read_text(encoding="utf-8"), [target, written, posixpath.basename(written)])
    if line:
        return Fault(paths.shown(source), said, "Correct the link, or name the place it leads to.", line=line)
    here = source.relative_to(page_files.PAGES).as_posix()
    made = (call.line for call in calls if call.page == here and target in html.unescape(call.gave))
    return Fault(paths.shown(source), said, "Correct what the macro that is called there gives.", line=next(made, None))
