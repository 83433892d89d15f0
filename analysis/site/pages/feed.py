"""The feed of the site, in Atom: responses that came in, and what changed, by the sections of CHANGELOG.md."""

import datetime
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from analysis.display.html_elements import slug
from analysis.site.files import markdown_excerpts, stored_files
from analysis.site.pages import citing, metadata, responses
from analysis.study.evidence import Evidence

PLACE = "feed.xml"
CHANGELOG_PAGE = "cite/changelog.html"
_ATOM = "http://www.w3.org/2005/Atom"
_SECTION = re.compile(r"^(#{2,3}) (.+)\n((?:(?!^#{2,3} ).*\n?)*)", re.M)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*`]")


@dataclass(frozen=True)
class Entry:
    """An entry of the feed: what it is called, where on the site it is, its day, and its first words."""

    title: str
    place: str
    day: datetime.date
    summary: str


def files(evidence: Evidence, site_url: str) -> Iterator[tuple[str, bytes]]:
    """Yield the feed: its place and its content. Its links are absolute where the site has an address."""
    yield PLACE, atom(entries(evidence), site_url)


def entries(evidence: Evidence) -> list[Entry]:
    """Return responses and changes, the latest first; of one day, responses come first."""
    found = [Entry(one.title, one.place, one.date, one.words) for one in responses.all_responses(evidence)]
    found += changes(stored_files.text(markdown_excerpts.CHANGELOG))
    return sorted(found, key=lambda one: one.day, reverse=True)


def changes(changelog: str) -> list[Entry]:
    """Return an entry for each section of a changelog.

    Its day is that in the heading of its version, such as `## 0.2.0 (2027-01-15)`; what is not released has the day of
    CITATION.cff, so that the same changelog gives the same feed.
    """
    found, version, day, before = [], "", _released(), Counter[str]()
    for level, title, text in _SECTION.findall(changelog):
        if level == "##":
            version = title
            day = datetime.date.fromisoformat(dated[0]) if (dated := _DAY.search(title)) else _released()
        else:
            number = before[title]
            before[title] += 1
            place = slug(title) + (f"_{number}" if number else "")  # as the table of contents numbers equal headings
            found.append(Entry(f"{version}: {title}", f"{CHANGELOG_PAGE}#{place}", day, _first_paragraph(text)))
    return found


def _released() -> datetime.date:
    day: datetime.date = citing.citation()["date-released"]
    return day


def _first_paragraph(text: str) -> str:
    first = text.strip().split("\n\n")[0].removeprefix("- ").split("\n- ")[0]
    return metadata.description(f"<p>{_MARKS.sub(lambda found: found[1] or '', first)}</p>")


def atom(shown: list[Entry], site_url: str) -> bytes:
    """Return entries as an Atom document, the same for the same entries."""
    ElementTree.register_namespace("", _ATOM)
    cited = citing.citation()
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _identifier(PLACE))
    _add(feed, "title", f"{cited['title']}: responses and changes")
    _add(feed, "updated", _moment(max((one.day for one in shown), default=_released())))
    for author in cited["authors"]:
        _add(_add(feed, "author"), "name", metadata.name(author))
    _add(feed, "link", rel="alternate", type="text/html", href=f"{site_url}index.html")
    if site_url:
        _add(feed, "link", rel="self", type="application/atom+xml", href=f"{site_url}{PLACE}")
    for one in shown:
        entry = _add(feed, "entry")
        _add(entry, "id", _identifier(f"{one.place} {one.title}"))
        _add(entry, "title", one.title)
        _add(entry, "updated", _moment(one.day))
        _add(entry, "link", rel="alternate", type="text/html", href=site_url + one.place)
        _add(entry, "summary", one.summary)
    ElementTree.indent(feed)
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    added = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    added.text = text or None
    return added


def _identifier(name: str) -> str:
    """Return an identifier that stays, wherever the site is."""
    about = f"{metadata.RESOLVER}{citing.article()['doi']}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{about}#power-in-co-production/{name}").urn


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
