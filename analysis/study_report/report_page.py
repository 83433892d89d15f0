"""The frame of a report: title, marks, contents, sections, and numbered captions; nothing from elsewhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.display.html_elements import text
from analysis.study import simulated_label
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked
from analysis.support import paths

_STYLES = (paths.ARTICLE_STYLE, Path(__file__).parent / "report.css")


class Section(NamedTuple):
    """A part of a report: its id, its title, and what it says in HTML."""

    key: str
    title: str
    body: str


def page(evidence: Evidence, asked: Asked, sections: Sequence[Section]) -> str:
    """Return the page."""
    title = evidence.study.title or "A coded study"
    style = "\n".join(file.read_text(encoding="utf-8") for file in _STYLES)
    contents = "".join(f'<li><a href="#{section.key}">{text(section.title)}</a></li>' for section in sections)
    body = "".join(
        f'<section aria-labelledby="{section.key}"><h2 id="{section.key}">{text(section.title)}</h2>'
        f"{section.body}</section>\n"
        for section in sections
    )
    return _numbered(f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{text(f"{_mark(evidence, asked)}Report: {title}")}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#page-main">Skip to the report</a>
<header>
<h1>{text(title)}</h1>
<p class="subtitle">Report on a coded study</p>
{_notes(evidence, asked)}</header>
<nav aria-labelledby="page-contents">
<h2 id="page-contents">Contents</h2>
<ul>{contents}</ul>
</nav>
<main id="page-main" tabindex="-1">
{body}</main>
</body>
</html>
""")


def _mark(evidence: Evidence, asked: Asked) -> str:
    marks = [simulated_label.MARK] * evidence.study.simulated + ["Private"] * (asked.wording is not None)
    return "".join(f"{mark}. " for mark in marks)


def _notes(evidence: Evidence, asked: Asked) -> str:
    """Return the warnings at the head of the page."""
    notes = []
    if evidence.study.simulated:
        notes.append(f"<strong>{simulated_label.MARK}.</strong> Made up, for teaching and trials. It is not evidence.")
    if asked.wording is not None:
        notes.append(
            "<strong>Private.</strong> This report holds the wording of passages. Keep it with the transcripts, and "
            "do not share or publish it."
        )
    return "".join(f'<div class="callout callout-warning" role="note"><p>{note}</p></div>\n' for note in notes)


def _numbered(page: str) -> str:
    """Number tables and figures in the order of the page, so that others can refer to them."""
    for tag, label in (("caption", "Table"), ("figcaption", "Figure")):
        first, *rest = page.split(f"<{tag}>")
        page = first + "".join(
            f'<{tag}><span class="caption-label">{label} {n}.</span> {part}' for n, part in enumerate(rest, start=1)
        )
    return page
