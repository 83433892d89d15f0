"""Responses to the project: what authors, interviewees and readers wrote, and what was answered."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from analysis.display.html_elements import heading, paragraph, text
from analysis.site.files import stored_files
from analysis.site.html import permalinks
from analysis.site.html.naming import Names
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import formatting, paths
from analysis.support.errors import Fault

FILE = paths.ROOT / "docs" / "cite" / "responses.yml"
PAGE = "cite/respond.html"
KINDS = {
    "author": "an author of the article",
    "interviewee": "an interviewee",
    "reader": "a reader",
    "coder": "a coder",
}


@dataclass(frozen=True)
class Response:
    """A response: its number, counted from 1, its day, who wrote it, what it is about, its words and our answer."""

    number: int
    date: datetime.date
    kind: str
    name: str
    about: tuple[str, ...]
    words: str
    answer: str

    @property
    def title(self) -> str:
        """What it is called on the page and in the feed."""
        about = f" on {formatting.listed(self.about)}" if self.about else ""
        return f"{self.date:%d %B %Y}: {self.name}, {KINDS[self.kind]},{about}".removesuffix(",").lstrip("0")

    @property
    def place(self) -> str:
        """Where the site shows it."""
        return f"{PAGE}#response-{self.number}"


def responses(evidence: Evidence, here: str, file: Path = FILE) -> str:
    """Return how many responses there are, and a section for each."""
    found = all_responses(evidence, file)
    if not found:
        return "No response has come in yet."
    names = Names(evidence, here)
    count = f"There {'is 1 response' if len(found) == 1 else f'are {len(found)} responses'}."
    return count + "".join(_section(names, one) for one in found)


def _section(names: Names, response: Response) -> str:
    about = f"<p>About {names.each(response.about)}.</p>" if response.about else ""
    answered = f"<p><strong>Our answer</strong></p>{_paragraphs(response.answer)}"
    answer = answered if response.answer else paragraph("We have not answered yet.")
    title = heading(3, response.title, f"response-{response.number}")
    return f"{title}{about}<blockquote>{_paragraphs(response.words)}</blockquote>{answer}"


def _paragraphs(words: str) -> str:
    return "".join(f"<p>{text(one.strip())}</p>" for one in words.split("\n\n"))


@lru_cache(maxsize=4)  # every claim asks for its own
def all_responses(evidence: Evidence, file: Path = FILE) -> list[Response]:
    """Return every response; raise SiteError for an entry that is not as the file itself describes."""
    try:
        listed = yaml.safe_load(stored_files.text(file))
        return [_response(evidence, number, entry) for number, entry in enumerate(listed, 1)]
    except (yaml.YAMLError, TypeError, AttributeError, KeyError, ValueError) as fault:
        remedy = "Write it as the first lines of the file describe."
        raise SiteError(Fault(file, f"a response cannot be read ({fault})", remedy)) from None


def _response(evidence: Evidence, number: int, entry: dict[str, object]) -> Response:
    kind, about = str(entry["from"]), tuple(map(str, entry.get("about") or ()))  # type: ignore[call-overload]
    if kind not in KINDS or not isinstance(entry["date"], datetime.date):
        raise ValueError(f"response {number} has no day, or is from {kind!r}; expected one of {', '.join(KINDS)}")
    for name in about:
        permalinks.address(evidence, name)  # raises SiteError where there is none
    words = str(entry["words"]).strip()
    answer = str(entry.get("answer") or "").strip()
    return Response(number, entry["date"], kind, str(entry["name"]), about, words, answer)
