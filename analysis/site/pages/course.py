"""The course of six sessions: its readings, and the page on paper."""

import re

from analysis.rendering import typst_markup
from analysis.site.files import stored_files
from analysis.site.pages import literature
from analysis.support import paths
from analysis.teaching import lesson_papers

PAGE = paths.ROOT / "docs" / "teaching" / "course.md"
_CITED = re.compile(r'\{\{ cited\("(\w+)"\) \}\}')
_READINGS = "{{ course_readings() }}"


def course_readings() -> str:
    """Return every work that the page names, in full."""
    return literature.references(_CITED.findall(stored_files.text(PAGE)))


def pdf() -> bytes:
    """Return the course as a paper, without links to pages, which lead nowhere on paper."""
    _, _, text = stored_files.text(PAGE).split("---\n", 2)
    text = _CITED.sub(lambda found: literature.cited(found[1]), text.replace(_READINGS, course_readings()))
    text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", re.sub(r" \{: #\w+ \}", "", text))
    title, _, body = text.strip().partition("\n")
    opening = lesson_papers.opening(title.removeprefix("# "), "Power in co-production", "en", ("CC BY 4.0",))
    return lesson_papers.typeset(opening + typst_markup.from_markdown(body))
